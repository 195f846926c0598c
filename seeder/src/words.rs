//! Phrases that messages share.

use catalog::counted;

/// "1 row", "2,000 rows".
pub fn counted_rows(count: u64) -> String {
    counted(count, "row")
}
