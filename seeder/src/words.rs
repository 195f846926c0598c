//! Phrases that messages share.

/// A count with commas between its thousands, and its noun: "1 row", "2,000 rows".
pub fn counted(count: u64, noun: &str) -> String {
    let digits = count.to_string();
    let mut number = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            number.push(',');
        }
        number.push(digit);
    }
    format!("{number} {noun}{}", if count == 1 { "" } else { "s" })
}

/// "1 row", "2,000 rows".
pub fn counted_rows(count: u64) -> String {
    counted(count, "row")
}

#[cfg(test)]
mod tests {
    use super::{counted, counted_rows};

    #[test]
    fn thousands_are_set_apart_and_one_is_one() {
        for (count, expected) in
            [(0, "0 rows"), (1, "1 row"), (999, "999 rows"), (2_000, "2,000 rows"), (1_003_750, "1,003,750 rows")]
        {
            assert_eq!(counted_rows(count), expected);
        }
        assert_eq!(counted(12_345, "value"), "12,345 values");
    }
}
