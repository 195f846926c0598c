//! Option values from outside the command line, each source a layer of text.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_saphyr::Spanned;

use crate::error::Error;
use crate::option::{COMMON, OptionSpec};
use crate::seeder::Seeder;

/// The values that one source gives, by key.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// What a message calls the source: a flag, a file, a variable.
    pub source: String,
    /// Values as text, by the option's key.
    pub values: BTreeMap<String, String>,
}

/// Reads a configuration file: one YAML mapping of the keys in `specs` and of the common ones.
///
/// An error names the file, the line, the column and, for an unknown key, the nearest known one.
pub fn from_yaml(file: &str, text: &str, specs: &[OptionSpec]) -> Result<Layer, Error> {
    let Mapping(entries) = serde_saphyr::from_str(text).map_err(|error| {
        let at = error.location().map(|at| format!(":{}:{}", at.line(), at.column())).unwrap_or_default();
        Error::Request(format!("{file}{at}: {}", plain(&error.without_snippet().to_string())))
    })?;
    let mut values = BTreeMap::new();
    for (key, value) in entries {
        let wrong = |at: serde_saphyr::Location, what: String| {
            Error::Request(format!("{file}:{}:{}: {what}", at.line(), at.column()))
        };
        let known = COMMON.iter().chain(specs);
        let Some(spec) = known.clone().find(|spec| spec.key() == key.value.replace('-', "_")) else {
            let keys: Vec<String> = known.map(OptionSpec::key).collect();
            let hint = match nearest(&key.value, keys.iter().map(String::as_str)) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("the keys are {}", keys.join(", ")),
            };
            return Err(wrong(key.referenced, format!("unknown key `{}`; {hint}", key.value)));
        };
        spec.parse(&value.value).map_err(|error| wrong(value.referenced, error))?;
        values.insert(spec.key(), value.value);
    }
    Ok(Layer { source: file.to_owned(), values })
}

/// The options that a scenario sets.
pub fn of_scenario(seeder: &dyn Seeder, name: &str) -> Result<Layer, Error> {
    let scenarios = seeder.scenarios();
    let Some(scenario) = scenarios.iter().find(|scenario| scenario.name == name) else {
        let hint = match nearest(name, scenarios.iter().map(|scenario| scenario.name)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "`--scenario list` prints them".to_owned(),
        };
        return Err(Error::Request(format!("{} has no scenario `{name}`; {hint}", seeder.name())));
    };
    let values = scenario.options.iter().map(|(name, value)| (name.replace('-', "_"), (*value).to_owned()));
    Ok(Layer { source: format!("scenario {name}"), values: values.collect() })
}

/// The parser's message without the position, which stands before it already.
fn plain(message: &str) -> String {
    let message = message.lines().next().and_then(|line| line.split(" at line ").next()).unwrap_or_default();
    let message = message.split(", set DuplicateKeyPolicy").next().unwrap_or_default();
    message
        .replace("expected string scalar", "expected a single value")
        .replace("expected mapping start", "expected `key: value` lines")
}

/// The candidate that `word` was probably meant to be.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

/// A YAML mapping in the order of its file, with the place of every key and value.
struct Mapping(Vec<(Spanned<String>, Spanned<String>)>);

impl<'de> Deserialize<'de> for Mapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Mapping;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping of option keys to values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Mapping, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Mapping(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::from_yaml;
    use crate::option::{OptionKind, OptionSpec};

    const SPECS: &[OptionSpec] = &[
        OptionSpec { name: "clients", kind: OptionKind::Count { min: 1, max: 9 }, default: "3", help: "" },
        OptionSpec { name: "start-date", kind: OptionKind::Date, default: "2024-01-01", help: "" },
    ];

    fn error(text: &str) -> String {
        from_yaml("shop.yaml", text, SPECS).unwrap_err().to_string()
    }

    #[test]
    fn a_key_may_be_written_as_on_the_command_line() {
        let layer = from_yaml("shop.yaml", "start-date: 2024-02-01\n", SPECS).unwrap();
        assert_eq!(layer.values["start_date"], "2024-02-01");
    }

    #[test]
    fn keys_and_values_are_read_with_comments_and_quotes() {
        let layer = from_yaml("shop.yaml", "# shop\nclients: 5\nstart_date: \"2024-02-01\"\nseed: 7\n", SPECS).unwrap();
        assert_eq!(layer.values["clients"], "5");
        assert_eq!(layer.values["start_date"], "2024-02-01");
        assert_eq!(layer.values["seed"], "7");
        assert!(from_yaml("shop.yaml", "# nothing yet\n", SPECS).unwrap().values.is_empty());
    }

    #[test]
    fn an_unknown_key_names_its_place_and_the_nearest_key() {
        assert_eq!(error("seed: 1\n\nclient: 5\n"), "shop.yaml:3:1: unknown key `client`; did you mean `clients`?");
    }

    #[test]
    fn a_wrong_value_names_its_place_and_what_is_taken() {
        assert_eq!(error("clients: many\n"), "shop.yaml:1:10: clients takes a whole number from 1 to 9, not `many`");
    }

    #[test]
    fn what_is_no_mapping_of_scalars_is_refused_with_its_place() {
        assert_eq!(error("clients: [1, 2]\n"), "shop.yaml:1:10: expected a single value");
        assert!(error("clients: 1\nclients: 2\n").starts_with("shop.yaml:2:1: duplicate mapping key: clients"));
        assert!(error("- 1\n").starts_with("shop.yaml:1:1: "), "{}", error("- 1\n"));
    }
}
