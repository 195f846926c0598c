//! The values that options have, as memory, YAML and the ledger's JSON hold them.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A day on which other things happen than on others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holiday {
    /// The day.
    pub date: NaiveDate,
    /// Its name.
    pub name: String,
    /// What the day's number is multiplied by.
    pub multiplier: f64,
}

/// The value of an option.
///
/// JSON has fewer kinds: a number without a fraction comes back as a count, an empty list as words and
/// an empty mapping as months. The getters of [`Options`](crate::Options) know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, try_from = "Value")]
pub enum OptionValue {
    /// A whole number.
    Count(u64),
    /// A number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A day.
    Date(NaiveDate),
    /// A word of a list.
    Word(String),
    /// Words.
    Words(Vec<String>),
    /// Numbers.
    Numbers(Vec<f64>),
    /// A number for each of some months.
    Months(BTreeMap<u32, f64>),
    /// Months for each of some names.
    MonthsOf(BTreeMap<String, BTreeMap<u32, f64>>),
    /// Days, in the order in which they are given.
    Holidays(Vec<Holiday>),
}

impl TryFrom<Value> for OptionValue {
    type Error = String;

    fn try_from(json: Value) -> Result<Self, String> {
        // serde's own untagged reading takes no number for the key of a mapping.
        let value = match &json {
            Value::Bool(flag) => Some(Self::Flag(*flag)),
            Value::Number(number) => number.as_u64().map(Self::Count).or_else(|| number.as_f64().map(Self::Number)),
            Value::String(text) => Some(text.parse().map_or_else(|_| Self::Word(text.clone()), Self::Date)),
            Value::Array(_) => of(&json).map(Self::Words).or_else(|| of(&json).map(Self::Numbers)),
            Value::Object(_) => of(&json).map(Self::Months).or_else(|| of(&json).map(Self::MonthsOf)),
            Value::Null => None,
        };
        let value = value.or_else(|| of(&json).map(Self::Holidays));
        value.ok_or_else(|| format!("no option has the value {json}"))
    }
}

/// What the JSON is, if it is a `T`.
fn of<T: for<'de> Deserialize<'de>>(json: &Value) -> Option<T> {
    T::deserialize(json).ok()
}

/// YAML on one line that reads back as the same value.
impl fmt::Display for OptionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Word(word) => f.write_str(&quoted(word)),
            Self::Words(words) => f.write_str(&list(words.iter().map(|word| quoted(word)))),
            Self::Numbers(numbers) => f.write_str(&list(numbers.iter().map(f64::to_string))),
            Self::Months(months) => f.write_str(&mapping(months)),
            Self::MonthsOf(names) => {
                let names = names.iter().map(|(name, months)| format!("{}: {}", quoted(name), mapping(months)));
                write!(f, "{{{}}}", joined(names))
            }
            Self::Holidays(days) => f.write_str(&list(days.iter().map(holiday))),
        }
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", joined(items))
}

fn mapping(months: &BTreeMap<u32, f64>) -> String {
    format!("{{{}}}", joined(months.iter().map(|(month, number)| format!("{month}: {number}"))))
}

fn holiday(day: &Holiday) -> String {
    format!("{{date: {}, name: {}, multiplier: {}}}", day.date, quoted(&day.name), day.multiplier)
}

/// Words that YAML takes for something else.
const TAKEN: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"];

/// The word as YAML, in quotes unless it is plainly one.
fn quoted(word: &str) -> String {
    let begins = word.chars().next().is_some_and(char::is_alphabetic);
    let goes_on = word.chars().all(|letter| letter.is_alphanumeric() || "_- ".contains(letter));
    let is_taken = TAKEN.contains(&word.to_lowercase().as_str());
    if begins && goes_on && !word.ends_with(' ') && !is_taken {
        return word.to_owned();
    }
    let escaped = word.chars().map(|letter| match letter {
        '"' | '\\' => format!("\\{letter}"),
        plain if plain.is_alphanumeric() || plain == ' ' || plain.is_ascii_graphic() => plain.to_string(),
        other => format!("\\U{:08X}", u32::from(other)),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Holiday, OptionValue, quoted};

    fn through_json(value: &OptionValue) -> OptionValue {
        let json = serde_json::to_string(value).unwrap();
        serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"))
    }

    #[test]
    fn every_kind_comes_back_from_the_ledger() {
        let day = "2024-11-28".parse().unwrap();
        let months = BTreeMap::from([(10, 1.0), (12, 1.8)]);
        for value in [
            OptionValue::Count(7),
            OptionValue::Number(0.02),
            OptionValue::Number(-2.0),
            OptionValue::Flag(true),
            OptionValue::Date(day),
            OptionValue::Word("linear".to_owned()),
            OptionValue::Words(vec!["North".to_owned(), "1".to_owned()]),
            OptionValue::Numbers(vec![1.0, 0.9]),
            OptionValue::Months(months.clone()),
            OptionValue::MonthsOf(BTreeMap::from([("Snack".to_owned(), months), ("1".to_owned(), BTreeMap::new())])),
            OptionValue::Holidays(vec![Holiday { date: day, name: "Thanksgiving".to_owned(), multiplier: 2.0 }]),
        ] {
            assert_eq!(through_json(&value), value);
        }
    }

    #[test]
    fn counts_and_days_are_plain_in_the_ledger() {
        assert_eq!(serde_json::to_string(&OptionValue::Count(7)).unwrap(), "7");
        let day = OptionValue::Date("2024-02-29".parse().unwrap());
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2024-02-29\"");
        serde_json::from_str::<OptionValue>("null").unwrap_err();
    }

    #[test]
    fn a_word_has_quotes_where_yaml_would_take_it_for_something_else() {
        for (word, expected) in [
            ("North", "North"),
            ("New York", "New York"),
            ("São-Paulo", "São-Paulo"),
            ("1st", "\"1st\""),
            ("yes", "\"yes\""),
            ("a, b: c", "\"a, b: c\""),
            ("the \"x\\\"", "\"the \\\"x\\\\\\\"\""),
            ("end ", "\"end \""),
            ("", "\"\""),
            ("a\u{2028}b", "\"a\\U00002028b\""),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
