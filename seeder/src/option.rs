//! What a run can be told, as lists: the command line, configuration files and help follow them.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::config::Layer;
use crate::error::Error;

/// One option of a seeder.
#[derive(Clone, Copy, Debug)]
pub struct OptionSpec {
    /// Its name on the command line; `-` becomes `_` in a configuration file.
    pub name: &'static str,
    /// What values it takes.
    pub kind: OptionKind,
    /// Its value when nothing gives another.
    pub default: &'static str,
    /// One line of help.
    pub help: &'static str,
}

/// The years that a day may be in.
const YEARS: RangeInclusive<i32> = 1900..=2999;

/// The options that every seeder has.
pub const COMMON: &[OptionSpec] = &[
    OptionSpec {
        name: "seed",
        // Ledgers keep it as a signed 64-bit number.
        kind: OptionKind::Count { min: 0, max: i64::MAX as u64 },
        default: "42",
        help: "The number that every random value follows from",
    },
    OptionSpec {
        name: "batch-size",
        kind: OptionKind::Count { min: 1, max: 1_000_000 },
        default: "1000",
        help: "Rows to generate and write at a time; changes no value",
    },
    OptionSpec {
        name: "jobs",
        kind: OptionKind::Count { min: 1, max: 256 },
        default: "2",
        help: "Threads that generate rows; changes no value",
    },
];

/// What values an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// A whole number, bounds included.
    Count {
        /// The least.
        min: u64,
        /// The greatest.
        max: u64,
    },
    /// A day, `YYYY-MM-DD`.
    Date,
}

impl OptionKind {
    /// The word that stands for a value in help.
    pub fn placeholder(self) -> &'static str {
        match self {
            Self::Count { .. } => "N",
            Self::Date => "DATE",
        }
    }
}

impl OptionSpec {
    /// The option's key in a configuration file.
    pub fn key(&self) -> String {
        self.name.replace('-', "_")
    }

    /// The value that `text` gives, or what is wrong with it.
    pub fn parse(&self, text: &str) -> Result<OptionValue, String> {
        match self.kind {
            OptionKind::Count { min, max } => match text.trim().parse::<u64>() {
                Ok(count) if (min..=max).contains(&count) => Ok(OptionValue::Count(count)),
                _ => Err(format!("{} takes a whole number from {min} to {max}, not `{text}`", self.name)),
            },
            OptionKind::Date => {
                let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok();
                // The parser takes `24-1-1` for a day of the year 24.
                let day = day.filter(|day| day.to_string() == text.trim() && YEARS.contains(&day.year()));
                day.map(OptionValue::Date).ok_or_else(|| {
                    format!("{} takes a day as YYYY-MM-DD between 1900 and 2999, not `{text}`", self.name)
                })
            }
        }
    }
}

/// The value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OptionValue {
    /// A whole number.
    Count(u64),
    /// A day.
    Date(NaiveDate),
}

impl fmt::Display for OptionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Date(date) => date.fmt(f),
        }
    }
}

/// A named set of option values.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// What it is for, in one line.
    pub help: &'static str,
    /// The options it sets, by name.
    pub options: &'static [(&'static str, &'static str)],
}

/// Every option of a run with its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options(BTreeMap<String, OptionValue>);

impl Options {
    /// The count of this name.
    ///
    /// # Panics
    ///
    /// When the seeder's own list has no such count.
    pub fn count(&self, name: &str) -> u64 {
        match self.0.get(name) {
            Some(OptionValue::Count(count)) => *count,
            other => panic!("a seeder asks for the counts of its own list, not for {name}: {other:?}"),
        }
    }

    /// The day of this name.
    ///
    /// # Panics
    ///
    /// When the seeder's own list has no such day.
    pub fn date(&self, name: &str) -> NaiveDate {
        match self.0.get(name) {
            Some(OptionValue::Date(date)) => *date,
            other => panic!("a seeder asks for the days of its own list, not for {name}: {other:?}"),
        }
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &OptionValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// What a run goes by, from every source resolved.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The number that every random value follows from.
    pub rng_seed: u64,
    /// Rows generated and written at a time.
    pub batch_size: usize,
    /// Threads that generate.
    pub jobs: usize,
    /// The seeder's own options.
    pub options: Options,
    /// The names of the options that a source gave, so that a default is known as one.
    pub given: Vec<String>,
}

impl Settings {
    /// Resolves the options of `specs` and the common ones from `layers`, strongest first.
    pub fn resolve(specs: &[OptionSpec], layers: &[Layer]) -> Result<Self, Error> {
        let mut given = Vec::new();
        let mut value_of = |spec: &OptionSpec| -> Result<OptionValue, Error> {
            let found = layers.iter().find_map(|layer| Some((layer, layer.values.get(&spec.key())?)));
            match found {
                Some((layer, text)) => {
                    given.push(spec.name.to_owned());
                    spec.parse(text).map_err(|error| Error::Request(format!("{}: {error}", layer.source)))
                }
                None => Ok(spec.parse(spec.default).expect("a default satisfies its own option")),
            }
        };
        let [rng_seed, batch_size, jobs] = COMMON else { unreachable!("the common options are these three") };
        let mut count_of = |spec: &OptionSpec| match value_of(spec)? {
            OptionValue::Count(count) => Ok(count),
            OptionValue::Date(_) => unreachable!("the common options are counts"),
        };
        let (rng_seed, batch_size, jobs) = (count_of(rng_seed)?, count_of(batch_size)?, count_of(jobs)?);
        let mut options = BTreeMap::new();
        for spec in specs {
            options.insert(spec.name.to_owned(), value_of(spec)?);
        }
        Ok(Self {
            rng_seed,
            batch_size: usize::try_from(batch_size).expect("bounded by its option"),
            jobs: usize::try_from(jobs).expect("bounded by its option"),
            options: Options(options),
            given,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{COMMON, OptionKind, OptionSpec, OptionValue, Settings};
    use crate::config::Layer;

    const SPECS: &[OptionSpec] = &[
        OptionSpec { name: "rows", kind: OptionKind::Count { min: 1, max: 9 }, default: "3", help: "" },
        OptionSpec { name: "start-date", kind: OptionKind::Date, default: "2024-01-01", help: "" },
    ];

    fn layer(source: &str, values: &[(&str, &str)]) -> Layer {
        let values = values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Layer { source: source.to_owned(), values: values.collect() }
    }

    #[test]
    fn the_strongest_layer_wins_and_defaults_fill_up() {
        let settings = Settings::resolve(
            SPECS,
            &[layer("flag", &[("rows", "5")]), layer("file", &[("rows", "6"), ("seed", "7")])],
        );
        let settings = settings.unwrap();
        assert_eq!(settings.options.count("rows"), 5);
        assert_eq!(settings.rng_seed, 7);
        assert_eq!(settings.options.date("start-date").to_string(), "2024-01-01");
        assert_eq!(settings.given, ["seed", "rows"]);
    }

    #[test]
    fn a_value_out_of_bounds_names_its_source_and_its_bounds() {
        let error = Settings::resolve(SPECS, &[layer("--rows", &[("rows", "10")])]).unwrap_err();
        assert_eq!(error.to_string(), "--rows: rows takes a whole number from 1 to 9, not `10`");
    }

    #[test]
    fn a_day_that_is_none_is_refused() {
        for wrong in ["2024-02-30", "24-1-1", "2024-1-1", "+99999-01-01", "0024-01-01", ""] {
            assert!(SPECS[1].parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(SPECS[1].parse("2024-02-29").unwrap(), OptionValue::Date("2024-02-29".parse().unwrap()));
    }

    #[test]
    fn every_common_default_satisfies_its_option() {
        for spec in COMMON {
            spec.parse(spec.default).unwrap();
        }
    }
}
