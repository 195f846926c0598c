//! What kinds of values options take, and how each is read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{Datelike as _, NaiveDate};

use crate::config::nearest;
use crate::node::{Key, Node, Tree, Wrong};
use crate::value::{Holiday, OptionValue};

/// What values an option takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OptionKind {
    /// A whole number, bounds included.
    Count {
        /// The least.
        min: u64,
        /// The greatest.
        max: u64,
    },
    /// A number, bounds included.
    Number {
        /// The least.
        min: f64,
        /// The greatest.
        max: f64,
    },
    /// A day, `YYYY-MM-DD`.
    Date,
    /// One word of a list.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A list of words, at least one, no two the same, each of 1 to 50 characters.
    Words,
    /// A list of numbers, bounds included.
    Numbers {
        /// How many.
        len: usize,
        /// The least.
        min: f64,
        /// The greatest.
        max: f64,
    },
    /// A mapping of months, 1 to 12, to numbers, bounds included.
    Months {
        /// The least.
        min: f64,
        /// The greatest.
        max: f64,
    },
    /// A mapping of names of 1 to 50 characters to such mappings of months.
    MonthsOf {
        /// The least.
        min: f64,
        /// The greatest.
        max: f64,
    },
    /// A list of mappings of `date`, `name` and `multiplier`; no two have the same date.
    ///
    /// The name has 1 to 100 characters, the multiplier is from 0 to 20 and 1 where it is not given.
    Holidays,
}

/// The years that a day may be in.
const YEARS: RangeInclusive<i32> = 1900..=2999;

/// Characters of a word at most.
const WORD: usize = 50;

/// Characters of a holiday's name at most.
const NAME: usize = 100;

/// What a holiday may multiply by.
const MULTIPLIER: RangeInclusive<f64> = 0.0..=20.0;

/// The keys of a holiday.
const HOLIDAY: [&str; 3] = ["date", "name", "multiplier"];

impl OptionKind {
    /// The word that stands for a value in help.
    pub fn placeholder(self) -> &'static str {
        match self {
            Self::Count { .. } => "N",
            Self::Number { .. } => "NUMBER",
            Self::Date => "DATE",
            Self::Choice(_) => "WORD",
            Self::Flag => "BOOL",
            Self::Words => "[WORD, ...]",
            Self::Numbers { .. } => "[NUMBER, ...]",
            Self::Months { .. } => "{MONTH: NUMBER, ...}",
            Self::MonthsOf { .. } => "{NAME: {MONTH: NUMBER, ...}, ...}",
            Self::Holidays => "[{date: DATE, name: NAME, multiplier: NUMBER}, ...]",
        }
    }

    /// The words that a value of it can be; empty where it is not one of some words.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::Choice(words) => words,
            Self::Flag => &["true", "false"],
            _ => &[],
        }
    }

    /// Whether a value of it is a list or a mapping.
    pub(crate) fn is_nested(self) -> bool {
        match self {
            Self::Count { .. } | Self::Number { .. } | Self::Date | Self::Choice(_) | Self::Flag => false,
            Self::Words | Self::Numbers { .. } | Self::Months { .. } | Self::MonthsOf { .. } | Self::Holidays => true,
        }
    }

    /// The value that `node` gives to what is called `what`.
    pub(crate) fn read(self, what: &str, node: &Node) -> Result<OptionValue, Wrong> {
        match self {
            Self::Count { min, max } => count(what, node, min, max).map(OptionValue::Count),
            Self::Number { min, max } => number(what, node, &(min..=max)).map(OptionValue::Number),
            Self::Date => date(what, node).map(OptionValue::Date),
            Self::Choice(words) => choice(what, node, words).map(OptionValue::Word),
            Self::Flag => flag(what, node).map(OptionValue::Flag),
            Self::Words => words(what, node).map(OptionValue::Words),
            Self::Numbers { len, min, max } => numbers(what, node, len, &(min..=max)).map(OptionValue::Numbers),
            Self::Months { min, max } => months(what, node, &(min..=max)).map(OptionValue::Months),
            Self::MonthsOf { min, max } => months_of(what, node, &(min..=max)).map(OptionValue::MonthsOf),
            Self::Holidays => holidays(what, node).map(OptionValue::Holidays),
        }
    }
}

/// `what` takes something else than what is there.
fn not(what: &str, node: &Node, takes: &str) -> Wrong {
    Wrong::new(node.place, format!("{what} takes {takes}, not {node}"))
}

fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Tree::Text(text) => Some(text.trim()),
        Tree::List(_) | Tree::Map(_) => None,
    }
}

fn count(what: &str, node: &Node, min: u64, max: u64) -> Result<u64, Wrong> {
    let count = text(node).and_then(|text| text.parse().ok()).filter(|count| (min..=max).contains(count));
    count.ok_or_else(|| not(what, node, &format!("a whole number from {min} to {max}")))
}

fn number(what: &str, node: &Node, bounds: &RangeInclusive<f64>) -> Result<f64, Wrong> {
    let number = text(node).and_then(|text| text.parse().ok());
    let number = number.filter(|number: &f64| number.is_finite() && bounds.contains(number));
    number.ok_or_else(|| not(what, node, &format!("a number from {} to {}", bounds.start(), bounds.end())))
}

fn date(what: &str, node: &Node) -> Result<NaiveDate, Wrong> {
    let day = text(node).and_then(|text| {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        // The parser takes `24-1-1` for a day of the year 24.
        (day.to_string() == text && YEARS.contains(&day.year())).then_some(day)
    });
    day.ok_or_else(|| not(what, node, "a day as YYYY-MM-DD between 1900 and 2999"))
}

fn choice(what: &str, node: &Node, words: &[&str]) -> Result<String, Wrong> {
    let word = text(node).filter(|text| words.contains(text));
    word.map(str::to_owned).ok_or_else(|| not(what, node, &format!("one of {}", words.join(", "))))
}

fn flag(what: &str, node: &Node) -> Result<bool, Wrong> {
    text(node).and_then(|text| text.parse().ok()).ok_or_else(|| not(what, node, "true or false"))
}

/// A text of 1 to `most` characters, as it is written.
fn word(what: &str, node: &Node, most: usize) -> Result<String, Wrong> {
    match &node.value {
        Tree::Text(text) if is_word(text, most) => Ok(text.clone()),
        _ => Err(not(what, node, &format!("1 to {most} characters on a line"))),
    }
}

fn is_word(text: &str, most: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= most && !text.contains(char::is_control)
}

fn list<'a>(what: &str, node: &'a Node, takes: &str) -> Result<&'a [Node], Wrong> {
    match &node.value {
        Tree::List(items) => Ok(items),
        Tree::Text(_) | Tree::Map(_) => Err(not(what, node, takes)),
    }
}

fn mapping<'a>(what: &str, node: &'a Node, takes: &str) -> Result<&'a [(Key, Node)], Wrong> {
    match &node.value {
        Tree::Map(entries) => Ok(entries),
        Tree::Text(_) | Tree::List(_) => Err(not(what, node, takes)),
    }
}

fn words(what: &str, node: &Node) -> Result<Vec<String>, Wrong> {
    let items = list(what, node, "a list of words")?;
    if items.is_empty() {
        return Err(Wrong::new(node.place, format!("{what} takes at least one word")));
    }
    let mut words = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let word = word(&format!("word {} of {what}", at + 1), item, WORD)?;
        if words.contains(&word) {
            return Err(Wrong::new(item.place, format!("{what} has `{word}` twice")));
        }
        words.push(word);
    }
    Ok(words)
}

fn numbers(what: &str, node: &Node, len: usize, bounds: &RangeInclusive<f64>) -> Result<Vec<f64>, Wrong> {
    let items = list(what, node, &format!("a list of {len} numbers"))?;
    if items.len() != len {
        return Err(Wrong::new(node.place, format!("{what} takes a list of {len} numbers, not of {}", items.len())));
    }
    let items = items.iter().enumerate();
    items.map(|(at, item)| number(&format!("number {} of {what}", at + 1), item, bounds)).collect()
}

fn months(what: &str, node: &Node, bounds: &RangeInclusive<f64>) -> Result<BTreeMap<u32, f64>, Wrong> {
    let mut months = BTreeMap::new();
    for (key, node) in mapping(what, node, "a mapping of months to numbers")? {
        let month = key.text.trim().parse().ok().filter(|month| (1..=12).contains(month));
        let Some(month) = month else {
            return Err(Wrong::new(key.place, format!("a month of {what} is from 1 to 12, not `{}`", key.text)));
        };
        if months.insert(month, number(&format!("month {month} of {what}"), node, bounds)?).is_some() {
            return Err(Wrong::new(key.place, format!("{what} has month {month} twice")));
        }
    }
    Ok(months)
}

fn months_of(
    what: &str,
    node: &Node,
    bounds: &RangeInclusive<f64>,
) -> Result<BTreeMap<String, BTreeMap<u32, f64>>, Wrong> {
    let mut names = BTreeMap::new();
    for (key, node) in mapping(what, node, "a mapping of names to months")? {
        let name =
            word(&format!("a name of {what}"), &Node { value: Tree::Text(key.text.clone()), place: key.place }, WORD)?;
        let months = months(&format!("{name} of {what}"), node, bounds)?;
        if names.insert(name, months).is_some() {
            return Err(Wrong::new(key.place, format!("{what} has `{}` twice", key.text)));
        }
    }
    Ok(names)
}

fn holidays(what: &str, node: &Node) -> Result<Vec<Holiday>, Wrong> {
    let (mut holidays, mut days) = (Vec::new(), BTreeSet::new());
    for (at, item) in list(what, node, "a list of holidays")?.iter().enumerate() {
        let what = format!("holiday {} of {what}", at + 1);
        let entries = mapping(&what, item, "a mapping of date, name and multiplier")?;
        let holiday = holiday(&what, item, entries)?;
        if !days.insert(holiday.date) {
            return Err(Wrong::new(
                place_of(entries, "date"),
                format!("{what} has the day of another, {}", holiday.date),
            ));
        }
        holidays.push(holiday);
    }
    Ok(holidays)
}

fn holiday(what: &str, node: &Node, entries: &[(Key, Node)]) -> Result<Holiday, Wrong> {
    if let Some((key, _)) = entries.iter().find(|(key, _)| !HOLIDAY.contains(&key.text.as_str())) {
        let hint = match nearest(&key.text, HOLIDAY.into_iter()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("its keys are {}", HOLIDAY.join(", ")),
        };
        return Err(Wrong::new(key.place, format!("{what} has the unknown key `{}`; {hint}", key.text)));
    }
    let given = |name: &str| entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node);
    let required =
        |name: &str| given(name).ok_or_else(|| Wrong::new(node.place, format!("{what} has no {name}; give one")));
    let multiplier = given("multiplier").map(|node| number(&format!("multiplier of {what}"), node, &MULTIPLIER));
    Ok(Holiday {
        date: date(&format!("date of {what}"), required("date")?)?,
        name: word(&format!("name of {what}"), required("name")?, NAME)?,
        multiplier: multiplier.transpose()?.unwrap_or(1.0),
    })
}

fn place_of(entries: &[(Key, Node)], name: &str) -> Option<crate::node::Place> {
    entries.iter().find(|(key, _)| key.text == name).and_then(|(_, node)| node.place)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::OptionKind::{self, Choice, Count, Date, Flag, Holidays, Months, MonthsOf, Number, Numbers, Words};
    use crate::node::{Node, Tree};
    use crate::value::OptionValue;

    const TREND: OptionKind = Choice(&["linear", "exponential"]);
    const WEEK: OptionKind = Numbers { len: 3, min: 0.0, max: 10.0 };
    const YEAR: OptionKind = Months { min: 0.0, max: 10.0 };
    const YEARS_OF: OptionKind = MonthsOf { min: 0.0, max: 10.0 };

    fn read(kind: OptionKind, yaml: &str) -> Result<OptionValue, String> {
        let node = Node::read(yaml).map_err(|wrong| wrong.to_string())?;
        kind.read("it", &node).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn every_kind_takes_its_values_and_shows_them_as_yaml_that_reads_back() {
        for (kind, yaml, shown) in [
            (Count { min: 1, max: 9 }, "9", "9"),
            (Count { min: 1, max: 9 }, "\"5\"", "5"),
            (Number { min: -1.0, max: 1.0 }, "0.020", "0.02"),
            (Number { min: -1.0, max: 1.0 }, "-1", "-1"),
            (Date, "2024-02-29", "2024-02-29"),
            (Date, "'2024-10-01'", "2024-10-01"),
            (TREND, "exponential", "exponential"),
            (Flag, "true", "true"),
            (Words, "[\"North\", South, 007, \"yes\", 'a: b']", "[North, South, \"007\", \"yes\", \"a: b\"]"),
            (WEEK, "[0.8, 1.0, 2]", "[0.8, 1, 2]"),
            (YEAR, "\n10: 1.0   # October baseline\n12: 1.8\n", "{10: 1, 12: 1.8}"),
            (YEAR, "{}", "{}"),
            (YEARS_OF, "{Snack: {12: 1.5}, \"1\": {}}", "{\"1\": {}, Snack: {12: 1.5}}"),
            (Holidays, "[]", "[]"),
            (
                Holidays,
                "- date: \"2024-11-28\"\n  name: \"Thanksgiving\"\n  multiplier: 2.0\n- {date: 2024-12-25, name: X mas}",
                "[{date: 2024-11-28, name: Thanksgiving, multiplier: 2}, {date: 2024-12-25, name: X mas, multiplier: 1}]",
            ),
        ] {
            let value = read(kind, yaml).unwrap_or_else(|wrong| panic!("{yaml}: {wrong}"));
            assert_eq!(value.to_string(), shown, "{yaml}");
            assert_eq!(read(kind, shown).unwrap(), value, "{yaml}");
        }
    }

    #[test]
    fn every_kind_refuses_what_it_does_not_take_and_points_to_it() {
        for (kind, yaml, expected) in [
            (Count { min: 1, max: 9 }, "10", "1:1: it takes a whole number from 1 to 9, not `10`"),
            (Count { min: 1, max: 9 }, "[1]", "1:1: it takes a whole number from 1 to 9, not a list"),
            (Number { min: 0.0, max: 1.5 }, "1.6", "1:1: it takes a number from 0 to 1.5, not `1.6`"),
            (Number { min: 0.0, max: 1.5 }, ".inf", "1:1: it takes a number from 0 to 1.5, not `.inf`"),
            (Number { min: 0.0, max: 1.5 }, "nan", "1:1: it takes a number from 0 to 1.5, not `nan`"),
            (Date, "2024-02-30", "1:1: it takes a day as YYYY-MM-DD between 1900 and 2999, not `2024-02-30`"),
            (TREND, "wild", "1:1: it takes one of linear, exponential, not `wild`"),
            (Flag, "yes", "1:1: it takes true or false, not `yes`"),
            (Words, "North", "1:1: it takes a list of words, not `North`"),
            (Words, "[]", "1:1: it takes at least one word"),
            (Words, "[a, b, a]", "1:8: it has `a` twice"),
            (Words, "[a, \"\"]", "1:5: word 2 of it takes 1 to 50 characters on a line, not nothing"),
            (Words, "[a, \"b\\nc\"]", "1:5: word 2 of it takes 1 to 50 characters on a line, not `b\nc`"),
            (Words, "[a, {b: 1}]", "1:5: word 2 of it takes 1 to 50 characters on a line, not a mapping"),
            (WEEK, "[1, 2]", "1:1: it takes a list of 3 numbers, not of 2"),
            (WEEK, "[1, 2, x]", "1:8: number 3 of it takes a number from 0 to 10, not `x`"),
            (YEAR, "[1]", "1:1: it takes a mapping of months to numbers, not a list"),
            (YEAR, "1: 1\n13: 1\n", "2:1: a month of it is from 1 to 12, not `13`"),
            (YEAR, "1: 11\n", "1:4: month 1 of it takes a number from 0 to 10, not `11`"),
            (YEAR, "1: 1\n\"01\": 2\n", "2:1: it has month 1 twice"),
            (YEARS_OF, "a: 1\n", "1:4: a of it takes a mapping of months to numbers, not `1`"),
            (YEARS_OF, "a:\n  1: x\n", "2:6: month 1 of a of it takes a number from 0 to 10, not `x`"),
            (YEARS_OF, "\" \": {}\n", "1:1: a name of it takes 1 to 50 characters on a line, not ` `"),
            (Holidays, "[x]", "1:2: holiday 1 of it takes a mapping of date, name and multiplier, not `x`"),
            (
                Holidays,
                "- date: 2024-01-01\n  name: a\n  multipler: 1\n",
                "3:3: holiday 1 of it has the unknown key `multipler`; did you mean `multiplier`?",
            ),
            (
                Holidays,
                "[{zz: 1}]",
                "1:3: holiday 1 of it has the unknown key `zz`; its keys are date, name, multiplier",
            ),
            (Holidays, "[{date: 2024-01-01}]", "1:2: holiday 1 of it has no name; give one"),
            (
                Holidays,
                "[{date: 2024-01-01, name: a, multiplier: 21}]",
                "1:42: multiplier of holiday 1 of it takes a number from 0 to 20, not `21`",
            ),
            (
                Holidays,
                "- {date: 2024-01-01, name: a}\n- {date: 2024-01-01, name: b}\n",
                "2:10: holiday 2 of it has the day of another, 2024-01-01",
            ),
        ] {
            assert_eq!(read(kind, yaml).unwrap_err(), expected, "{yaml}");
        }
    }

    #[test]
    fn a_word_may_have_fifty_characters_and_no_more() {
        for (length, is_taken) in [(50, true), (51, false)] {
            assert_eq!(read(Words, &format!("[{}]", "ß".repeat(length))).is_ok(), is_taken);
        }
    }

    #[test]
    fn a_text_is_a_scalar_as_it_stands() {
        let node = Node { value: Tree::Text(" 5 ".to_owned()), place: None };
        assert_eq!(Count { min: 1, max: 9 }.read("it", &node), Ok(OptionValue::Count(5)));
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(
            words in proptest::collection::btree_set("[^\\p{Cc}]{0,20}[^\\p{Cc}\\s]", 1..5),
            numbers in proptest::collection::vec(-1e9..1e9_f64, 3),
            months in proptest::collection::btree_map(1..=12_u32, -10.0..10.0_f64, 0..12),
        ) {
            let names: BTreeMap<_, _> = words.iter().map(|word| (word.clone(), months.clone())).collect();
            for (kind, value) in [
                (Words, OptionValue::Words(words.into_iter().collect())),
                (Numbers { len: 3, min: -1e9, max: 1e9 }, OptionValue::Numbers(numbers)),
                (Months { min: -10.0, max: 10.0 }, OptionValue::Months(months)),
                (MonthsOf { min: -10.0, max: 10.0 }, OptionValue::MonthsOf(names)),
            ] {
                prop_assert_eq!(read(kind, &value.to_string()), Ok(value));
            }
        }
    }
}
