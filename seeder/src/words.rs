//! Phrases that messages share.

/// "1 row", "2 rows".
pub fn counted_rows(count: u64) -> String {
    format!("{count} {}", if count == 1 { "row" } else { "rows" })
}
