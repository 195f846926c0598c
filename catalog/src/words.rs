//! Words of messages and reports: counts with their nouns.

/// `1234567` as `1,234,567`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count with commas between its thousands, and its noun: "1 row", "2,000 rows", "3 entities".
pub fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    if count == 1 { format!("1 {noun}") } else { format!("{} {}", thousands(count), plural(noun)) }
}

/// The verb of so many things: "is", "are".
pub fn is_or_are(count: impl TryInto<u64>) -> &'static str {
    if matches!(count.try_into(), Ok(1)) { "is" } else { "are" }
}

/// A noun for several: of the ends that English treats otherwise, those that nouns of messages have.
fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x']) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{counted, is_or_are, thousands};

    #[test]
    fn numbers_are_grouped_from_the_right() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn one_is_one_and_everything_else_is_many() {
        for (count, expected) in [(0, "0 rows"), (1, "1 row"), (999, "999 rows"), (2_000, "2,000 rows")] {
            assert_eq!(counted(count, "row"), expected);
        }
        for (noun, expected) in [
            ("entity", "2 entities"),
            ("policy", "2 policies"),
            ("foreign key", "2 foreign keys"),
            ("index", "2 indexes"),
            ("check", "2 checks"),
            ("materialized view", "2 materialized views"),
        ] {
            assert_eq!(counted(2, noun), expected);
            assert_eq!(counted(1, noun), format!("1 {noun}"));
        }
        assert_eq!([0, 1, 2].map(is_or_are), ["are", "is", "are"]);
    }
}
