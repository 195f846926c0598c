//! What a run is going to do, as data: made from what is asked and what is there, before any write.

use std::fmt;

use catalog::Dialect;
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::generate::Load;
use crate::option::{OptionSpec, Options, Settings};
use crate::seeder::Addition;
use crate::table::Seeded;
use crate::value::OptionValue;
use crate::words::counted_rows;
use crate::{Error, Seeder, ledger};

/// What a run does to the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Fill empty tables.
    Fill,
    /// Replace everything.
    FullNew,
    /// Add dates to what is there.
    Append,
    /// Delete rows.
    Delete(Scope),
}

impl Operation {
    /// The operation's word, as the command line and the ledger spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::FullNew => "full-new",
            Self::Append => "append",
            Self::Delete(_) => "delete",
        }
    }

    /// Whether it takes the rows of a table of `scope` away.
    pub fn removes(self, scope: Scope) -> bool {
        match self {
            Self::Fill | Self::Append => false,
            Self::FullNew | Self::Delete(Scope::All) => true,
            Self::Delete(chosen) => chosen == scope,
        }
    }
}

/// Which tables of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Every table.
    All,
    /// The tables that hold events.
    Facts,
    /// The rest.
    Dimensions,
}

/// What a run does, table by table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The seeder's name.
    pub generator: String,
    /// The version of its generator.
    pub generator_version: u32,
    /// What it does.
    pub operation: Operation,
    /// The number that every random value follows from.
    pub seed: u64,
    /// The seeder's options.
    pub options: Options,
    /// The names of those that were given and are no defaults.
    pub given: Vec<String>,
    /// First and last day of its events, where it has any.
    pub range: Option<(NaiveDate, NaiveDate)>,
    /// The days that an append leaves out between those that are there and its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
    /// Its tables, parents first.
    pub tables: Vec<TablePlan>,
}

/// Days without rows between those of two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The first of them.
    pub first: NaiveDate,
    /// The last of them.
    pub last: NaiveDate,
    /// Whether a later append can fill them.
    pub can_be_filled: bool,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last, can_be_filled } = self;
        if first == last {
            write!(f, "the day {first} stays without rows")?;
        } else {
            write!(f, "the {} days from {first} to {last} stay without rows", (*last - *first).num_days() + 1)?;
        }
        if *can_be_filled {
            f.write_str(" until an append fills them")
        } else {
            f.write_str(", and no later append can fill them")
        }
    }
}

/// What a run does to one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TablePlan {
    /// The table's name.
    pub table: String,
    /// Rows that it holds before.
    pub before: u64,
    /// Rows that are deleted.
    pub delete: u64,
    /// Rows that stay and get other values.
    #[serde(default)]
    pub replace: u64,
    /// Rows that are inserted.
    pub insert: u64,
}

impl TablePlan {
    /// Rows that the table holds afterwards.
    pub fn after(&self) -> u64 {
        self.before - self.delete + self.insert
    }
}

impl Plan {
    /// The plan of `operation` on what `survey` found.
    pub(crate) fn new(
        seeder: &dyn Seeder,
        operation: Operation,
        settings: &Settings,
        survey: &Survey,
        addition: &Addition,
        range: Option<(NaiveDate, NaiveDate)>,
    ) -> Self {
        let of_table = |found: &Found| {
            let name = found.table.clone();
            addition.loads.iter().filter(move |load| load.table() == name)
        };
        let tables = survey.tables.iter().map(|found| TablePlan {
            table: found.table.clone(),
            before: found.rows,
            delete: if operation.removes(found.scope) { found.rows } else { 0 },
            replace: {
                let edits = addition.edits.iter().filter(|edit| edit.table == found.table).map(|edit| edit.rows);
                edits.sum::<u64>() + of_table(found).map(Load::replaced).sum::<u64>()
            },
            insert: of_table(found).map(|load| load.rows() - load.replaced()).sum(),
        });
        Self {
            generator: seeder.name().to_owned(),
            generator_version: seeder.version(),
            operation,
            seed: settings.rng_seed,
            options: settings.options.clone(),
            given: settings.given.clone(),
            range,
            gap: None,
            tables: tables.collect(),
        }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.tables.iter().all(|table| table.insert == 0 && table.delete == 0 && table.replace == 0)
    }

    /// The hash of what the rows follow from: generator, version, seed and options.
    pub fn hash(&self) -> String {
        hash(&self.generator, self.generator_version, self.seed, &self.options)
    }
}

pub(crate) fn hash(generator: &str, version: u32, rng_seed: u64, options: &Options) -> String {
    let json = serde_json::json!([generator, version, rng_seed, options]);
    format!("{:x}", Sha256::digest(json.to_string().as_bytes()))
}

/// What is there before a run.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The seeder's tables, parents first.
    pub tables: Vec<Found>,
    /// Every entry of the ledger, oldest first.
    pub ledger: Vec<ledger::Model>,
}

/// What one table holds.
#[derive(Clone, Debug)]
pub struct Found {
    /// The table's name.
    pub table: String,
    /// Whether it holds events or the rest.
    pub scope: Scope,
    /// Its rows.
    pub rows: u64,
}

impl Survey {
    /// Counts the rows of the seeder's tables and reads the ledger.
    ///
    /// A table that is missing is a refusal that names the command that makes it.
    pub(crate) async fn of(db: &impl ConnectionTrait, seeder: &dyn Seeder) -> Result<Self, Error> {
        let failed = || Error::database("reading what the tables hold");
        let has = |names: &[String], table: &str| names.iter().any(|name| name == table);
        let names = catalog::table_names(db).await.map_err(failed())?;
        let tables = seeder.tables();
        let missing: Vec<&str> = tables.iter().map(|table| table.name()).filter(|name| !has(&names, name)).collect();
        if !missing.is_empty() {
            return Err(Error::Refused(format!(
                "{} has no table {}; run `kiln migrate up {0} --seed`",
                seeder.name(),
                missing.join(", ")
            )));
        }
        let had_ledger = has(&names, ledger::TABLE);
        let mut found = Vec::new();
        for table in &tables {
            let rows = count(db, table.as_ref()).await.map_err(failed())?;
            found.push(Found { table: table.name().to_owned(), scope: table.scope(), rows });
        }
        // Only now: counting may have waited for the run that made both the rows and the ledger.
        let names = catalog::table_names(db).await.map_err(failed())?;
        if !has(&names, ledger::TABLE) {
            return Ok(Self { tables: found, ledger: Vec::new() });
        }
        let dialect = Dialect::of(db.get_database_backend());
        let ledger = match ledger::read(db, seeder.name()).await {
            // The first run has made it meanwhile, and none of its rows are among those counted.
            Err(error) if !had_ledger && dialect.is_newer_than_snapshot(&error) => Vec::new(),
            read => read.map_err(failed())?,
        };
        Ok(Self { tables: found, ledger })
    }

    /// Rows of all tables of `scope`.
    pub fn rows(&self, scope: Scope) -> u64 {
        self.tables.iter().filter(|found| scope == Scope::All || found.scope == scope).map(|found| found.rows).sum()
    }

    /// The entries that nothing has closed: what the tables should hold.
    pub fn open(&self) -> &[ledger::Model] {
        let closed = self.ledger.iter().rposition(|entry| entry.closed_at.is_some());
        &self.ledger[closed.map_or(0, |at| at + 1)..]
    }

    /// The entries that count: open, and the tables hold what the last of them counted.
    pub fn counting(&self) -> &[ledger::Model] {
        let open = self.open();
        let Some(last) = open.last() else { return &[] };
        let counted = ledger::tables(last);
        let holds = |found: &Found| counted.get(&found.table).is_some_and(|entry| entry.rows == found.rows);
        if self.tables.iter().all(holds) { open } else { &[] }
    }

    /// The runs whose events an append goes on from: open, and the tables of events hold what the last of
    /// them counted. Rows that somebody added to the other tables stand in no run's way.
    pub fn standing(&self) -> Vec<&ledger::Model> {
        let open = self.open();
        let Some(last) = open.last() else { return Vec::new() };
        let counted = ledger::tables(last);
        let holds = |found: &Found| counted.get(&found.table).is_some_and(|entry| entry.rows == found.rows);
        if !self.tables.iter().filter(|found| found.scope == Scope::Facts).all(holds) {
            return Vec::new();
        }
        open.iter().filter(|entry| entry.operation != "delete").collect()
    }

    /// The run whose seed and options an append takes: the last that it goes on from, or else the last before
    /// events alone were deleted.
    pub(crate) fn inherited(&self) -> Option<(u64, Plan)> {
        let seed_of = |run: &ledger::Model| u64::try_from(run.seed).ok();
        let runs = self.standing();
        if let (Some(first), Some(last)) = (runs.first(), runs.last()) {
            return Some((seed_of(first)?, last.plan()?));
        }
        let is_of_facts =
            |run: &ledger::Model| run.plan().is_some_and(|plan| plan.operation == Operation::Delete(Scope::Facts));
        if !self.open().last().is_some_and(is_of_facts) {
            return None;
        }
        let before = self.ledger.iter().rev().find(|run| !matches!(run.operation.as_str(), "delete" | "append"))?;
        Some((seed_of(before)?, before.plan()?))
    }

    /// Tables that hold rows, in words: "clients holds 10 rows, sales holds 2000 rows".
    pub(crate) fn occupied(&self, scope: Scope) -> String {
        let held = self.tables.iter().filter(|found| found.rows > 0 && (scope == Scope::All || found.scope == scope));
        held.map(|found| format!("{} holds {}", found.table, counted_rows(found.rows))).collect::<Vec<_>>().join(", ")
    }
}

async fn count(db: &impl ConnectionTrait, table: &dyn Seeded) -> Result<u64, DbErr> {
    let dialect = Dialect::of(db.get_database_backend());
    let rows = crate::verify::number(db, &format!("SELECT count(*) AS n FROM {}", dialect.quote(table.name()))).await?;
    u64::try_from(rows).map_err(|_| DbErr::Custom(format!("{} counts {rows}", table.name())))
}

/// The command that makes the rows of a ledger entry again.
pub fn command_of(seeder: &dyn Seeder, entry: &ledger::Model) -> String {
    let mut words = vec![format!("kiln seed {}", seeder.name())];
    let plan: Option<Plan> = serde_json::from_value(entry.plan.clone()).ok();
    match plan.as_ref().map(|plan| plan.operation) {
        Some(Operation::FullNew | Operation::Fill) => words.push("--full-new --confirm".to_owned()),
        Some(Operation::Append) => {
            words.push("--append".to_owned());
            words.extend(plan.as_ref().and_then(|plan| plan.gap).map(|_| "--confirm".to_owned()));
        }
        Some(Operation::Delete(scope)) => {
            let scope = match scope {
                Scope::All => "all",
                Scope::Facts => "facts",
                Scope::Dimensions => "dimensions",
            };
            words.push(format!("--delete --scope {scope} --confirm"));
            return words.join(" ");
        }
        None => {}
    }
    words.push(format!("--seed {}", entry.seed));
    if let Some(plan) = &plan {
        words.extend(plan.options.iter().filter_map(|(name, value)| word_of(seeder.options(), plan, name, value)));
    }
    words.join(" ")
}

/// Refuses an append that does not say which days: the defaults are those of a fill.
pub fn refuse_unsaid_days(settings: &Settings) -> Result<(), Error> {
    for needed in ["start-date", "end-date"] {
        if !settings.given.iter().any(|given| given == needed) {
            return Err(Error::Request(format!("--append needs --{needed}: which days to add")));
        }
    }
    Ok(())
}

/// What the command line says to give an option of `plan` its value; nothing for a default.
fn word_of(specs: &[OptionSpec], plan: &Plan, name: &str, value: &OptionValue) -> Option<String> {
    let spec = specs.iter().find(|spec| spec.name == name);
    // As text: JSON may have given the same value back as another kind.
    let value = value.to_string();
    let is_default = spec.is_some_and(|spec| spec.default_value().to_string() == value);
    match spec {
        Some(spec) if !spec.is_flag => (!is_default).then(|| format!("--set {}", quoted(&format!("{name}={value}")))),
        _ => (!is_default || plan.given.iter().any(|given| given == name))
            .then(|| format!("--{name} {}", quoted(&value))),
    }
}

/// The word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_.,:=/-".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// What to do about a run, given what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Do it.
    Go,
    /// The same rows are there already.
    AlreadyThere,
}

/// Whether `operation` may run; a refusal names the choices.
pub(crate) fn decide(
    seeder: &dyn Seeder,
    operation: Operation,
    settings: &Settings,
    survey: &Survey,
) -> Result<Decision, Error> {
    let name = seeder.name();
    match operation {
        Operation::Fill if survey.rows(Scope::All) == 0 => Ok(Decision::Go),
        Operation::Fill => {
            let hash = hash(name, seeder.version(), settings.rng_seed, &settings.options);
            let is_same = |entry: &ledger::Model| {
                entry.plan_hash == hash && matches!(entry.operation.as_str(), "fill" | "full-new")
            };
            if survey.counting().iter().any(is_same) {
                return Ok(Decision::AlreadyThere);
            }
            Err(Error::Refused(format!(
                "{name} is not empty: {}; `--full-new --confirm` replaces the rows, `--append` adds dates, \
                 `--delete --confirm` empties the tables",
                survey.occupied(Scope::All)
            )))
        }
        Operation::Append => match survey.standing().last() {
            Some(last) if i64::from(last.generator_version) != i64::from(seeder.version()) => {
                Err(Error::Refused(format!(
                    "the rows of {name} are from generator version {}, this build has {}; \
                     `--full-new --confirm` makes them anew",
                    last.generator_version,
                    seeder.version()
                )))
            }
            _ => Ok(Decision::Go),
        },
        Operation::Delete(Scope::Dimensions) if survey.rows(Scope::Facts) > 0 => Err(Error::Refused(format!(
            "the facts of {name} point to its dimensions: {}; delete `--scope facts` first, or `--scope all`",
            survey.occupied(Scope::Facts)
        ))),
        Operation::FullNew | Operation::Delete(_) => Ok(Decision::Go),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Operation, Plan, hash, quoted, word_of};
    use crate::kind::OptionKind;
    use crate::option::{OptionSpec, Options, Settings};
    use crate::value::OptionValue;

    const SPECS: &[OptionSpec] = &[
        OptionSpec::flag("rows", "rows", OptionKind::Count { min: 1, max: 9 }, "3", ""),
        OptionSpec::flag("start-date", "start_date", OptionKind::Date, "2024-01-01", ""),
        OptionSpec::key("demand.base", OptionKind::Number { min: 0.0, max: 9.0 }, "2.0", ""),
        OptionSpec::key("demand.regions", OptionKind::Words, "[North]", ""),
    ];

    fn words(options: &str, given: &[&str]) -> Vec<String> {
        let plan = Plan {
            generator: "shop".to_owned(),
            generator_version: 1,
            operation: Operation::Fill,
            seed: 1,
            options: serde_json::from_str(options).unwrap(),
            given: given.iter().map(|name| (*name).to_owned()).collect(),
            range: None::<(NaiveDate, NaiveDate)>,
            gap: None,
            tables: Vec::new(),
        };
        plan.options.iter().filter_map(|(name, value)| word_of(SPECS, &plan, name, value)).collect()
    }

    #[test]
    fn a_command_says_what_is_no_default_and_quotes_it_for_a_shell() {
        assert_eq!(
            words(r#"{"rows": 4, "demand.base": 2.5, "demand.regions": ["East", "l'Est"]}"#, &[]),
            ["--set demand.base=2.5", r#"--set 'demand.regions=[East, "l'\''Est"]'"#, "--rows 4"]
        );
        assert_eq!(words(r#"{"rows": 3, "demand.base": 2, "start-date": "2024-01-01"}"#, &["rows"]), ["--rows 3"]);
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn the_hash_of_counts_and_days_is_the_one_of_older_ledgers() {
        let options: Options = serde_json::from_str(r#"{"rows": 4, "start-date": "2024-01-01"}"#).unwrap();
        assert!(matches!(options.iter().next(), Some(("rows", OptionValue::Count(4)))));
        let resolved = Settings::resolve(&SPECS[..2], &[]).unwrap().options;
        let json = r#"["shop",1,42,{"rows":3,"start-date":"2024-01-01"}]"#;
        assert_eq!(serde_json::json!(["shop", 1, 42, resolved]).to_string(), json);
        assert_ne!(hash("shop", 1, 42, &options), hash("shop", 1, 42, &resolved));
    }
}
