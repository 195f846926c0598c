//! What a run can be told, as lists: the command line, configuration files and help follow them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::config::{Layer, nearest};
use crate::error::Error;
use crate::kind::OptionKind;
use crate::node::{Node, Tree, Wrong};
use crate::value::{Holiday, OptionValue};

/// One option of a seeder.
#[derive(Clone, Copy, Debug)]
pub struct OptionSpec {
    /// How code asks for it; of a flag, its name on the command line.
    pub name: &'static str,
    /// Its path in a configuration file, with dots between the keys.
    pub key: &'static str,
    /// Whether the command line has a flag for it. `--set` and a configuration file reach every option.
    pub is_flag: bool,
    /// What values it takes.
    pub kind: OptionKind,
    /// Its value when nothing gives another, as YAML.
    pub default: &'static str,
    /// One line of help.
    pub help: &'static str,
}

/// The options that every seeder has.
pub const COMMON: &[OptionSpec] = &[
    OptionSpec::flag(
        "seed",
        "seed",
        // Ledgers keep it as a signed 64-bit number.
        OptionKind::Count { min: 0, max: i64::MAX as u64 },
        "42",
        "The number that every random value follows from",
    ),
    OptionSpec::flag(
        "batch-size",
        "batch_size",
        OptionKind::Count { min: 1, max: 1_000_000 },
        "1000",
        "Rows to generate and write at a time; changes no value",
    ),
    OptionSpec::flag(
        "jobs",
        "jobs",
        OptionKind::Count { min: 1, max: 256 },
        "2",
        "Threads that generate rows; changes no value",
    ),
];

impl OptionSpec {
    /// An option that the command line has a flag for, `--name`.
    pub const fn flag(
        name: &'static str,
        key: &'static str,
        kind: OptionKind,
        default: &'static str,
        help: &'static str,
    ) -> Self {
        Self { name, key, is_flag: true, kind, default, help }
    }

    /// An option of configuration files and `--set`, named as its key.
    pub const fn key(key: &'static str, kind: OptionKind, default: &'static str, help: &'static str) -> Self {
        Self { name: key, key, is_flag: false, kind, default, help }
    }

    /// The value that `node` gives, or what is wrong with it and where.
    ///
    /// A list or a mapping may also be one text of YAML, as on the command line.
    pub fn parse(&self, node: &Node) -> Result<OptionValue, Wrong> {
        match &node.value {
            Tree::Text(text) if self.kind.is_nested() && node.place.is_none() => {
                let node = Node::read_unplaced(text)
                    .map_err(|wrong| Wrong::new(None, format!("{}: {}", self.name, wrong.message)))?;
                self.kind.read(self.name, &node)
            }
            _ => self.kind.read(self.name, node),
        }
    }

    /// The value that a text gives, or what is wrong with it: for a flag.
    pub fn parse_text(&self, text: &str) -> Result<OptionValue, String> {
        self.parse(&Node::from(text)).map_err(|wrong| wrong.message)
    }

    /// The value when nothing gives another.
    pub fn default_value(&self) -> OptionValue {
        self.parse_text(self.default).expect("a default satisfies its own option")
    }
}

/// A named set of option values.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// What it is for, in one line.
    pub help: &'static str,
    /// The options it sets, each by name with its value as YAML.
    pub options: &'static [(&'static str, &'static str)],
}

/// Every option of a run with its value, by name.
///
/// Each getter panics when the seeder's own list has no option of that name and kind. Values that were in a
/// ledger may have come back as another kind of the same JSON; a getter takes that too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Options(BTreeMap<String, OptionValue>);

impl Options {
    /// The count of this name.
    pub fn count(&self, name: &str) -> u64 {
        match self.0.get(name) {
            Some(OptionValue::Count(count)) => *count,
            other => unlisted("counts", name, other),
        }
    }

    /// The number of this name.
    pub fn number(&self, name: &str) -> f64 {
        match self.0.get(name) {
            Some(OptionValue::Number(number)) => *number,
            #[expect(clippy::cast_precision_loss, reason = "it was a number without a fraction before JSON had it")]
            Some(OptionValue::Count(count)) => *count as f64,
            other => unlisted("numbers", name, other),
        }
    }

    /// Whether the flag of this name is true.
    pub fn is(&self, name: &str) -> bool {
        match self.0.get(name) {
            Some(OptionValue::Flag(flag)) => *flag,
            other => unlisted("flags", name, other),
        }
    }

    /// The day of this name.
    pub fn date(&self, name: &str) -> NaiveDate {
        match self.0.get(name) {
            Some(OptionValue::Date(date)) => *date,
            other => unlisted("days", name, other),
        }
    }

    /// The word of this name.
    pub fn word(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(OptionValue::Word(word)) => word,
            other => unlisted("words", name, other),
        }
    }

    /// The list of words of this name.
    pub fn words(&self, name: &str) -> &[String] {
        match self.0.get(name) {
            Some(OptionValue::Words(words)) => words,
            other => unlisted("lists of words", name, other),
        }
    }

    /// The list of numbers of this name.
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        match self.0.get(name) {
            Some(OptionValue::Numbers(numbers)) => numbers.clone(),
            Some(OptionValue::Words(words)) if words.is_empty() => Vec::new(),
            other => unlisted("lists of numbers", name, other),
        }
    }

    /// The months of this name.
    pub fn months(&self, name: &str) -> BTreeMap<u32, f64> {
        match self.0.get(name) {
            Some(OptionValue::Months(months)) => months.clone(),
            Some(OptionValue::MonthsOf(names)) if names.is_empty() => BTreeMap::new(),
            other => unlisted("months", name, other),
        }
    }

    /// The months of each name, of this name.
    pub fn months_of(&self, name: &str) -> BTreeMap<String, BTreeMap<u32, f64>> {
        match self.0.get(name) {
            Some(OptionValue::MonthsOf(names)) => names.clone(),
            Some(OptionValue::Months(months)) if months.is_empty() => BTreeMap::new(),
            other => unlisted("months by name", name, other),
        }
    }

    /// The holidays of this name.
    pub fn holidays(&self, name: &str) -> Vec<Holiday> {
        match self.0.get(name) {
            Some(OptionValue::Holidays(holidays)) => holidays.clone(),
            Some(OptionValue::Words(words)) if words.is_empty() => Vec::new(),
            other => unlisted("holidays", name, other),
        }
    }

    /// These options with the values of `others`, but for the names in `keep`; no name is added.
    ///
    /// So an append goes on with the options of the run before, where it was given none.
    pub fn replaced_by(&self, others: &Self, keep: &[String]) -> Self {
        let replaced = self.0.iter().map(|(name, value)| {
            let other = others.0.get(name).filter(|_| !keep.contains(name));
            (name.clone(), other.unwrap_or(value).clone())
        });
        Self(replaced.collect())
    }

    /// Gives the option of this name another value.
    pub fn set(&mut self, name: &str, value: OptionValue) {
        self.0.insert(name.to_owned(), value);
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &OptionValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

fn unlisted(kind: &str, name: &str, found: Option<&OptionValue>) -> ! {
    panic!("a seeder asks for the {kind} of its own list, not for {name}: {found:?}")
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
        // The environment's defaults reach every seeder of a schema's name, and a stranger's may have no such option.
        layers.iter().filter(|layer| !layer.is_default).try_for_each(|layer| refuse_unknown(specs, layer))?;
        let mut given = Vec::new();
        let mut value_of = |spec: &OptionSpec| -> Result<OptionValue, Error> {
            let found = layers.iter().find_map(|layer| Some((layer, layer.values.get(spec.name)?)));
            match found {
                Some((layer, node)) => {
                    if !layer.is_default {
                        given.push(spec.name.to_owned());
                    }
                    spec.parse(node).map_err(|wrong| Error::Request(wrong.within(&layer.source)))
                }
                None => Ok(spec.default_value()),
            }
        };
        let [rng_seed, batch_size, jobs] = COMMON else { unreachable!("the common options are these three") };
        let mut count_of = |spec: &OptionSpec| match value_of(spec)? {
            OptionValue::Count(count) => Ok(count),
            _ => unreachable!("the common options are counts"),
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

fn refuse_unknown(specs: &[OptionSpec], layer: &Layer) -> Result<(), Error> {
    let known = || COMMON.iter().chain(specs);
    let is_unknown = |name: &&String| !known().any(|spec| spec.name == name.as_str());
    let Some(unknown) = layer.values.keys().find(is_unknown) else { return Ok(()) };
    let by_key = known().find(|spec| spec.key == unknown).map(|spec| spec.name);
    let meant = by_key.or_else(|| nearest(unknown, known().map(|spec| spec.name)));
    let hint = meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    Err(Error::Request(format!("{} gives a value to `{unknown}`, which is no option{hint}", layer.source)))
}

#[cfg(test)]
mod tests {
    use super::{COMMON, OptionSpec, Options, Settings};
    use crate::config::Layer;
    use crate::kind::OptionKind;
    use crate::value::OptionValue;

    const SPECS: &[OptionSpec] = &[
        OptionSpec::flag("rows", "size.rows", OptionKind::Count { min: 1, max: 9 }, "3", ""),
        OptionSpec::flag("start-date", "start_date", OptionKind::Date, "2024-01-01", ""),
        OptionSpec::key("slope", OptionKind::Number { min: 0.0, max: 9.0 }, "0.5", ""),
        OptionSpec::key("year", OptionKind::Months { min: 0.0, max: 9.0 }, "{}", ""),
        OptionSpec::key("years", OptionKind::MonthsOf { min: 0.0, max: 9.0 }, "{}", ""),
        OptionSpec::key("week", OptionKind::Numbers { len: 0, min: 0.0, max: 9.0 }, "[]", ""),
        OptionSpec::key("regions", OptionKind::Words, "[North]", ""),
        OptionSpec::key("holidays", OptionKind::Holidays, "[]", ""),
        OptionSpec::key("trend", OptionKind::Choice(&["linear", "none"]), "none", ""),
        OptionSpec::key("noisy", OptionKind::Flag, "true", ""),
    ];

    fn layer(source: &str, values: &[(&str, &str)]) -> Layer {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).into()));
        Layer { source: source.to_owned(), values: values.collect(), ..Layer::default() }
    }

    fn options(values: &[(&str, &str)]) -> Options {
        Settings::resolve(SPECS, &[layer("test", values)]).unwrap().options
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
        let error = Settings::resolve(SPECS, &[layer("test", &[("year", "{1: x}")])]).unwrap_err();
        assert_eq!(error.to_string(), "test: month 1 of year takes a number from 0 to 9, not `x`");
    }

    #[test]
    fn a_value_for_no_option_is_refused_with_the_nearest_one() {
        for (unknown, hint) in
            [("start-dat", "; did you mean `start-date`?"), ("size.rows", "; did you mean `rows`?"), ("zzz", "")]
        {
            let error = Settings::resolve(SPECS, &[layer("test", &[(unknown, "1")])]).unwrap_err();
            assert_eq!(error.to_string(), format!("test gives a value to `{unknown}`, which is no option{hint}"));
        }
        let default = Layer { is_default: true, ..layer("VARIABLE", &[("stores", "1")]) };
        Settings::resolve(SPECS, &[default]).unwrap();
    }

    #[test]
    fn a_day_that_is_none_is_refused() {
        for wrong in ["2024-02-30", "24-1-1", "2024-1-1", "+99999-01-01", "0024-01-01", ""] {
            assert!(SPECS[1].parse_text(wrong).is_err(), "{wrong}");
        }
        assert_eq!(SPECS[1].parse_text("2024-02-29").unwrap(), OptionValue::Date("2024-02-29".parse().unwrap()));
    }

    #[test]
    fn every_common_default_satisfies_its_option() {
        for spec in COMMON {
            spec.parse_text(spec.default).unwrap();
        }
    }

    #[test]
    fn every_getter_takes_what_the_ledger_gives_back() {
        let whole = options(&[("slope", "2.0"), ("years", "{a: {}}")]);
        let read: Options = serde_json::from_str(&serde_json::to_string(&whole).unwrap().replace("2.0", "2")).unwrap();
        assert!((read.number("slope") - 2.0).abs() < f64::EPSILON);
        assert!(read.months("year").is_empty() && read.months_of("years")["a"].is_empty());
        assert!(read.numbers("week").is_empty() && read.holidays("holidays").is_empty() && read.is("noisy"));
        assert_eq!((read.words("regions"), read.word("trend")), (&["North".to_owned()][..], "none"));
        let none: Options = serde_json::from_str(r#"{"years": {}}"#).unwrap();
        assert!(none.months_of("years").is_empty());
    }

    #[test]
    fn a_run_goes_on_with_the_options_of_another_but_for_those_it_keeps() {
        let before = options(&[("rows", "5"), ("trend", "linear")]);
        let now = options(&[("rows", "7")]).replaced_by(&before, &["rows".to_owned()]);
        assert_eq!((now.count("rows"), now.word("trend")), (7, "linear"));
        assert_eq!(now.replaced_by(&Options::default(), &[]), now);
    }

    #[test]
    #[should_panic(expected = "a seeder asks for the counts of its own list, not for trend")]
    fn asking_for_another_kind_is_a_mistake_of_the_seeder() {
        options(&[]).count("trend");
    }
}
