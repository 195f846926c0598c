//! Option values from outside the list of defaults, each source a layer.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::node::{Key, Node, Place, Tree, Wrong};
use crate::option::{COMMON, OptionSpec};
use crate::seeder::Seeder;

/// The values that one source gives, by the option's name.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// What a message calls the source: a flag, a file, a variable.
    pub source: String,
    /// Values as they are written, by the option's name.
    pub values: BTreeMap<String, Node>,
    /// Whether its values are defaults, which a run does not count as given.
    pub is_default: bool,
}

/// Reads a configuration file: one YAML mapping of the keys in `specs` and of the common ones.
///
/// An error names the file, the line, the column and, for an unknown key, the nearest known one.
pub fn from_yaml(file: &str, text: &str, specs: &[OptionSpec]) -> Result<Layer, Error> {
    let read = || {
        let mut reader = Reader { specs, values: BTreeMap::new() };
        let root = Node::read(text)?;
        reader.section("", &root)?;
        Ok(reader.values)
    };
    let values = read().map_err(|wrong: Wrong| Error::Request(wrong.within(file)))?;
    Ok(Layer { source: file.to_owned(), values, is_default: false })
}

/// Reads `KEY=VALUE` of the command line: a key as in a configuration file, a value as YAML.
///
/// An error repeats what was given; a key that is given twice is one.
pub fn of_assignments(assignments: &[String], specs: &[OptionSpec]) -> Result<Layer, Error> {
    let mut reader = Reader { specs, values: BTreeMap::new() };
    for assignment in assignments {
        let wrong = |wrong: Wrong| Error::Request(format!("--set {assignment}: {}", wrong.message));
        let (path, value) =
            assignment.split_once('=').ok_or_else(|| wrong(Wrong::new(None, "give a key and a value, KEY=VALUE")))?;
        let value = Node::read_unplaced(value).map_err(wrong)?;
        let path = normal(path.trim());
        let (section, key) = path.rsplit_once('.').unwrap_or(("", &path));
        reader.entry(section, &Key { text: key.to_owned(), place: None }, &value).map_err(wrong)?;
    }
    Ok(Layer { source: "the command line".to_owned(), values: reader.values, is_default: false })
}

/// The options that a scenario sets.
pub fn of_scenario(seeder: &dyn Seeder, name: &str) -> Result<Layer, Error> {
    let scenarios = seeder.scenarios();
    if seeder.scenarios_elsewhere().contains(&name) {
        return Err(Error::Request(format!(
            "scenario `{name}` of {} is not in this build; `--scenario list` prints those that are",
            seeder.name()
        )));
    }
    let Some(scenario) = scenarios.iter().find(|scenario| scenario.name == name) else {
        let hint = match nearest(name, scenarios.iter().map(|scenario| scenario.name)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "`--scenario list` prints them".to_owned(),
        };
        return Err(Error::Request(format!("{} has no scenario `{name}`; {hint}", seeder.name())));
    };
    let source = format!("scenario {name}");
    let read = |(name, value): &(&str, &str)| {
        let node = Node::read_unplaced(value).map_err(|wrong| Error::Request(wrong.within(&source)))?;
        Ok(((*name).to_owned(), node))
    };
    let values = scenario.options.iter().map(read).collect::<Result<_, Error>>()?;
    Ok(Layer { source, values, is_default: false })
}

/// Words more alike than this, from 0 to 1, may be a slip of the finger apart.
const ALIKE: f64 = 0.7;

/// What a key of the same section has ahead of one of another.
const OWN_SECTION: f64 = 0.1;

/// The candidate that `word` was probably meant to be.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

/// Puts what is written under the names of options.
struct Reader<'a> {
    specs: &'a [OptionSpec],
    values: BTreeMap<String, Node>,
}

impl<'a> Reader<'a> {
    /// Reads the keys of a section; the whole file has the empty path.
    fn section(&mut self, path: &str, node: &Node) -> Result<(), Wrong> {
        match &node.value {
            Tree::Map(entries) => entries.iter().try_for_each(|(key, value)| self.entry(path, key, value)),
            _ if node.is_nothing() => Ok(()),
            _ if path.is_empty() => Err(Wrong::new(node.place, format!("expected `key: value` lines, not {node}"))),
            _ => {
                let keys = self.keys(path).join(", ");
                Err(Wrong::new(node.place, format!("{path} takes a mapping of its keys, {keys}, not {node}")))
            }
        }
    }

    /// Reads what the section `path` has under `key`: an option, or a section in it.
    fn entry(&mut self, path: &str, key: &Key, node: &Node) -> Result<(), Wrong> {
        let full = join(path, &normal(&key.text));
        if let Some(spec) = self.known().find(|spec| spec.key == full) {
            spec.parse(node)?;
            return match self.values.insert(spec.name.to_owned(), node.clone()) {
                Some(_) => Err(Wrong::new(key.place, format!("{full} is given twice"))),
                None => Ok(()),
            };
        }
        if self.known().any(|spec| is_under(spec.key, &full)) {
            return self.section(&full, node);
        }
        Err(self.unknown(path, &key.text, key.place))
    }

    fn known(&self) -> impl Iterator<Item = &'a OptionSpec> + use<'a> {
        COMMON.iter().chain(self.specs)
    }

    /// The keys of a section, in the order of the options.
    fn keys(&self, path: &str) -> Vec<&'a str> {
        let mut seen = BTreeSet::new();
        let under = self.known().filter(|spec| path.is_empty() || is_under(spec.key, path));
        let rest = under.map(|spec| spec.key[path.len()..].trim_start_matches('.'));
        rest.map(|rest| rest.split('.').next().unwrap_or(rest)).filter(|key| seen.insert(*key)).collect()
    }

    fn unknown(&self, path: &str, key: &str, place: Option<Place>) -> Wrong {
        let keys = self.keys(path);
        let hint = match self.meant(path, &normal(key)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if path.is_empty() || keys.is_empty() => format!("the keys are {}", self.keys("").join(", ")),
            None => format!("the keys of {path} are {}", keys.join(", ")),
        };
        Wrong::new(place, format!("unknown key `{}`; {hint}", join(path, key)))
    }

    /// The path that a key of the section `path` was probably meant to be: one of the same section, unless a key
    /// of another is much more like it.
    fn meant(&self, path: &str, key: &str) -> Option<&'a str> {
        let paths: BTreeSet<&str> = self.known().flat_map(|spec| prefixes(spec.key)).collect();
        let likeness = |candidate: &str| strsim::jaro_winkler(key, last(candidate));
        let near = |candidate: &str| if section_of(candidate) == path { OWN_SECTION } else { 0.0 };
        let score = |candidate: &str| likeness(candidate) + near(candidate);
        let alike = paths.into_iter().filter(|candidate| likeness(candidate) > ALIKE);
        alike.max_by(|one, other| score(one).total_cmp(&score(other)))
    }
}

/// A key may be written as on the command line.
fn normal(key: &str) -> String {
    key.replace('-', "_")
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn is_under(key: &str, path: &str) -> bool {
    key.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
}

fn section_of(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(section, _)| section)
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The sections that a key is in, and the key.
fn prefixes(key: &str) -> impl Iterator<Item = &str> {
    key.match_indices('.').map(|(at, _)| &key[..at]).chain([key])
}

#[cfg(test)]
mod tests {
    use super::{from_yaml, of_assignments};
    use crate::kind::OptionKind;
    use crate::option::{OptionSpec, Options, Settings};

    const SPECS: &[OptionSpec] = &[
        OptionSpec::flag("clients", "clients", OptionKind::Count { min: 1, max: 9 }, "3", ""),
        OptionSpec::flag("start-date", "start_date", OptionKind::Date, "2024-01-01", ""),
    ];

    const COUNT: OptionKind = OptionKind::Count { min: 1, max: 1000 };

    const DEMAND: &[OptionSpec] = &[
        OptionSpec::flag("stores", "dimensions.stores.count", COUNT, "10", ""),
        OptionSpec::key("dimensions.stores.regions", OptionKind::Words, "[North]", ""),
        OptionSpec::flag("products", "dimensions.products.count", COUNT, "50", ""),
        OptionSpec::key("dimensions.products.categories", OptionKind::Words, "[Snack]", ""),
        OptionSpec::flag("start-date", "date_range.start", OptionKind::Date, "2024-01-01", ""),
        OptionSpec::flag("end-date", "date_range.end", OptionKind::Date, "2024-12-31", ""),
        OptionSpec::key("time_series.base_demand", OptionKind::Number { min: 0.0, max: 1e6 }, "100", ""),
        OptionSpec::key("time_series.trend", OptionKind::Choice(&["linear", "exponential"]), "linear", ""),
        OptionSpec::key("time_series.trend_slope", OptionKind::Number { min: -1.0, max: 1.0 }, "0.1", ""),
        OptionSpec::key(
            "time_series.weekly_seasonality",
            OptionKind::Numbers { len: 7, min: 0.0, max: 10.0 },
            "[1, 1, 1, 1, 1, 1, 1]",
            "",
        ),
        OptionSpec::key("time_series.monthly_seasonality", OptionKind::Months { min: 0.0, max: 10.0 }, "{}", ""),
        OptionSpec::key("holidays", OptionKind::Holidays, "[]", ""),
    ];

    const FILE: &str = r#"dimensions:
  stores:
    count: 15
    regions: ["North", "South", "East", "West", "Central"]
  products:
    count: 100
    categories: ["Beverage", "Snack"]
date_range:
  start: "2024-10-01"
  end: "2024-12-31"
time_series:
  base_demand: 80
  trend: "exponential"
  trend_slope: 0.02
  weekly_seasonality: [0.8, 0.9, 1.0, 1.0, 1.1, 1.3, 1.2]
  monthly_seasonality:
    10: 1.0   # October baseline
    12: 1.8
holidays:
  - date: "2024-11-28"
    name: "Thanksgiving"
    multiplier: 2.0
seed: 2024
"#;

    fn error(text: &str) -> String {
        from_yaml("shop.yaml", text, SPECS).unwrap_err().to_string()
    }

    fn nested(text: &str) -> String {
        from_yaml("demand.yaml", text, DEMAND).unwrap_err().to_string()
    }

    fn set(assignments: &[&str]) -> Result<Options, String> {
        let assignments: Vec<String> = assignments.iter().map(|text| (*text).to_owned()).collect();
        let layer = of_assignments(&assignments, DEMAND).map_err(|error| error.to_string())?;
        Ok(Settings::resolve(DEMAND, &[layer]).unwrap().options)
    }

    #[test]
    fn a_key_may_be_written_as_on_the_command_line() {
        let layer = from_yaml("shop.yaml", "start-date: 2024-02-01\n", SPECS).unwrap();
        assert_eq!(layer.values["start-date"].to_string(), "`2024-02-01`");
    }

    #[test]
    fn keys_and_values_are_read_with_comments_and_quotes() {
        let layer = from_yaml("shop.yaml", "# shop\nclients: 5\nstart_date: \"2024-02-01\"\nseed: 7\n", SPECS).unwrap();
        let shown: Vec<String> = layer.values.iter().map(|(name, node)| format!("{name} {node}")).collect();
        assert_eq!(shown, ["clients `5`", "seed `7`", "start-date `2024-02-01`"]);
        assert!(from_yaml("shop.yaml", "# nothing yet\n", SPECS).unwrap().values.is_empty());
    }

    #[test]
    fn an_unknown_key_names_its_place_and_the_nearest_key() {
        assert_eq!(error("seed: 1\n\nclient: 5\n"), "shop.yaml:3:1: unknown key `client`; did you mean `clients`?");
        assert_eq!(
            error("qqq: 5\n"),
            "shop.yaml:1:1: unknown key `qqq`; the keys are seed, batch_size, jobs, clients, start_date"
        );
    }

    #[test]
    fn a_wrong_value_names_its_place_and_what_is_taken() {
        assert_eq!(error("clients: many\n"), "shop.yaml:1:10: clients takes a whole number from 1 to 9, not `many`");
        assert_eq!(error("clients: [1, 2]\n"), "shop.yaml:1:10: clients takes a whole number from 1 to 9, not a list");
    }

    #[test]
    fn what_is_no_mapping_is_refused_with_its_place() {
        assert_eq!(error("clients: 1\nclients: 2\n"), "shop.yaml:2:1: duplicate mapping key: clients");
        assert_eq!(
            error("start-date: 2024-01-01\nstart_date: 2024-01-02\n"),
            "shop.yaml:2:1: start_date is given twice"
        );
        assert_eq!(error("- 1\n"), "shop.yaml:1:1: expected `key: value` lines, not a list");
    }

    #[test]
    fn a_nested_file_reaches_every_option() {
        let layer = from_yaml("demand.yaml", FILE, DEMAND).unwrap();
        let settings = Settings::resolve(DEMAND, &[layer]).unwrap();
        let options = &settings.options;
        assert_eq!((settings.rng_seed, options.count("stores"), options.count("products")), (2024, 15, 100));
        assert_eq!(options.words("dimensions.stores.regions").len(), 5);
        assert_eq!(options.words("dimensions.products.categories"), ["Beverage", "Snack"]);
        assert_eq!(options.date("end-date").to_string(), "2024-12-31");
        assert_eq!(options.word("time_series.trend"), "exponential");
        let shown: Vec<String> = options.iter().map(|(_, value)| value.to_string()).collect();
        assert!(shown.contains(&"[0.8, 0.9, 1, 1, 1.1, 1.3, 1.2]".to_owned()), "{shown:?}");
        assert!(shown.contains(&"{10: 1, 12: 1.8}".to_owned()), "{shown:?}");
        assert_eq!(options.holidays("holidays")[0].name, "Thanksgiving");
        assert_eq!(settings.given.len(), DEMAND.len() + 1);
    }

    #[test]
    fn an_unknown_key_proposes_its_own_section_first_and_any_other_then() {
        let unknown = "demand.yaml:2:3: unknown key `time_series.base_demnd`; did you mean `time_series.base_demand`?";
        assert_eq!(nested("time_series:\n  base_demnd: 1\n"), unknown);
        for (text, expected) in [
            ("base_demand: 1\n", "`base_demand`; did you mean `time_series.base_demand`?"),
            ("base_demnd: 1\n", "`base_demnd`; did you mean `time_series.base_demand`?"),
            ("stores: {count: 1}\n", "`stores`; did you mean `dimensions.stores`?"),
            ("dimension: {}\n", "`dimension`; did you mean `dimensions`?"),
        ] {
            assert_eq!(nested(text), format!("demand.yaml:1:1: unknown key {expected}"));
        }
        assert_eq!(
            nested("dimensions:\n  stores: {zzz: 1}\n"),
            "demand.yaml:2:12: unknown key `dimensions.stores.zzz`; the keys of dimensions.stores are count, regions"
        );
    }

    #[test]
    fn a_section_is_no_value_and_a_value_no_section() {
        for (text, expected) in [
            ("dimensions: 5\n", "1:13: dimensions takes a mapping of its keys, stores, products, not `5`"),
            ("date_range: [a]\n", "1:13: date_range takes a mapping of its keys, start, end, not a list"),
            (
                "date_range: {start: {a: 1}}\n",
                "1:21: start-date takes a day as YYYY-MM-DD between 1900 and 2999, not a mapping",
            ),
            ("dimensions:\n  stores:\n    count:\n", "3:10: stores takes a whole number from 1 to 1000, not nothing"),
            ("date_range: {start: 2024-01-01, start: 2024-01-01}\n", "1:33: duplicate mapping key: start"),
            (
                "time_series:\n  weekly_seasonality: [1, 1, x, 1, 1, 1, 1]\n",
                "2:30: number 3 of time_series.weekly_seasonality takes a number from 0 to 10, not `x`",
            ),
            (
                "time_series:\n  monthly_seasonality:\n    13: 1\n",
                "3:5: a month of time_series.monthly_seasonality is from 1 to 12, not `13`",
            ),
        ] {
            assert_eq!(nested(text), format!("demand.yaml:{expected}"), "{text}");
        }
        assert!(
            from_yaml("demand.yaml", "dimensions:\n  stores:\ndate_range: {}\n", DEMAND).unwrap().values.is_empty()
        );
    }

    #[test]
    fn an_assignment_reaches_every_key_and_a_whole_section() {
        let options = set(&[
            "time_series.trend=\"exponential\"",
            "time_series.monthly_seasonality={11: 1.3}",
            "dimensions.stores={count: 5, regions: [a, b]}",
            "date-range.start=2024-02-01",
        ])
        .unwrap();
        assert_eq!((options.word("time_series.trend"), options.count("stores")), ("exponential", 5));
        assert_eq!(options.words("dimensions.stores.regions"), ["a", "b"]);
        assert_eq!(options.months("time_series.monthly_seasonality").len(), 1);
        assert_eq!(options.date("start-date").to_string(), "2024-02-01");
    }

    #[test]
    fn a_wrong_assignment_is_repeated_with_what_is_wrong() {
        for (assignment, expected) in [
            ("time_series.trnd=x", "unknown key `time_series.trnd`; did you mean `time_series.trend`?"),
            ("time_series.trend=x", "time_series.trend takes one of linear, exponential, not `x`"),
            ("time_series.trend", "give a key and a value, KEY=VALUE"),
            ("dimensions=5", "dimensions takes a mapping of its keys, stores, products, not `5`"),
            ("dimensions.stores.count=", "stores takes a whole number from 1 to 1000, not ``"),
        ] {
            assert_eq!(set(&[assignment]).unwrap_err(), format!("--set {assignment}: {expected}"));
        }
        assert!(set(&["holidays=[{"]).unwrap_err().starts_with("--set holidays=[{: "));
        assert_eq!(set(&["seed=1", "seed=2"]).unwrap_err(), "--set seed=2: seed is given twice");
    }
}
