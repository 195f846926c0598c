//! What a schema's generator brings, and what the engine tells the one who watches.

use async_trait::async_trait;
use catalog::Dialect;
use chrono::{NaiveDate, NaiveDateTime};
use sea_orm::DatabaseTransaction;
use sea_orm::sea_query::UpdateStatement;

use crate::error::Error;
use crate::generate::Load;
use crate::option::{OptionSpec, Scenario, Settings};
use crate::plan::{Operation, Plan, Survey};
use crate::table::Seeded;
use crate::verify::Check;

/// A schema's generator.
#[async_trait]
pub trait Seeder: Send + Sync {
    /// The schema's name.
    fn name(&self) -> &'static str;

    /// Its version: one more whenever a value changes for the same seed and options.
    fn version(&self) -> u32;

    /// Its options; command line, configuration file and help follow the list.
    fn options(&self) -> &'static [OptionSpec];

    /// Its scenarios, the default one first.
    fn scenarios(&self) -> &'static [Scenario];

    /// Names of scenarios that are known and not in this build: whoever asks for one is told so.
    fn scenarios_elsewhere(&self) -> &'static [&'static str] {
        &[]
    }

    /// Its tables, parents first.
    fn tables(&self) -> Vec<Box<dyn Seeded>>;

    /// First and last day of the events that `settings` ask for, if it has any.
    fn range(&self, settings: &Settings) -> Result<Option<(NaiveDate, NaiveDate)>, Error>;

    /// The rows that fill empty tables, parents first. Pure.
    fn fill(&self, settings: &Settings) -> Result<Vec<Load>, Error>;

    /// The settings with what follows from them: nothing but the options' values has a say in a row.
    fn settled(&self, settings: &Settings) -> Settings {
        settings.clone()
    }

    /// The settings of an append that goes on where the run of the plan `before` ended.
    ///
    /// The seed goes on by itself; what else does is the schema's.
    fn continued(&self, settings: &Settings, before: &Plan) -> Settings {
        let _ = before;
        settings.clone()
    }

    /// What adds the dates of `settings` to the rows that are there. Only reads.
    async fn append(&self, settings: &Settings, db: &DatabaseTransaction, survey: &Survey) -> Result<Addition, Error>;

    /// Whether an append can fill days that another one has left out.
    fn fills_gaps(&self) -> bool {
        true
    }

    /// What must hold of the data that `made` says is this seeder's.
    fn checks(&self, dialect: Dialect, made: &Made) -> Vec<Check>;

    /// What a summary shows of the data.
    fn figures(&self) -> &'static [Figure];

    /// What a plot shows of the data.
    fn plots(&self) -> &'static [Plot];
}

/// What an append does.
#[derive(Default)]
pub struct Addition {
    /// The rows it adds, parents first.
    pub loads: Vec<Load>,
    /// The rows it changes before.
    pub edits: Vec<Edit>,
}

/// A change of rows that are there.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The table.
    pub table: &'static str,
    /// The change.
    pub update: UpdateStatement,
    /// How many rows it changes; another number is an error.
    pub rows: u64,
}

/// Which rows of the tables are a seeder's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// Whether it made every row; otherwise it added to rows that were there.
    pub is_whole: bool,
    /// The plan of the run that filled the tables, where one did.
    pub filled: Option<Plan>,
    /// First and last day of each run whose rows are there.
    pub ranges: Vec<(NaiveDate, NaiveDate)>,
}

/// A few numbers that tell whether data looks right: labels, and one or more measures each.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its title.
    pub title: &'static str,
    /// What the labels are, and the query's text column.
    pub label: &'static str,
    /// The measures, named as the query's other columns.
    pub measures: &'static [(&'static str, Measure)],
    /// The query, ordered by label.
    pub sql: fn(Dialect) -> String,
}

/// A figure and how it is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    /// The numbers. A title may have what [`Plot::names`] gives: `{product}`.
    pub figure: Figure,
    /// How they are drawn.
    pub style: Style,
    /// What the numbers count, and of how long: "units a day".
    pub unit: &'static str,
    /// The names that the title has.
    pub names: Option<Names>,
}

/// Names of what is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// The query's text columns.
    pub columns: &'static [&'static str],
    /// The query, of one row.
    pub sql: fn(Dialect) -> String,
}

/// How a figure is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Its first measure, a bar a label.
    Bars,
    /// A line a measure; a measure of yes and no shades the labels behind them.
    Lines,
}

/// What kind of number a measure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A 64-bit whole number.
    Count,
    /// Dollars, a 64-bit floating point number.
    Dollars,
    /// A share of a hundred, a 64-bit floating point number.
    Percent,
    /// Yes or no, a 64-bit whole number that is 1 or 0.
    Flag,
}

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to do to the tables.
    pub operation: Operation,
    /// What it goes by.
    pub settings: Settings,
    /// The plan that whoever asks has agreed to. A run that finds more to delete refuses; one that appends does
    /// not compare again what was compared for that plan.
    pub agreed: Option<Plan>,
    /// The current time in UTC: the engine has no clock of its own.
    pub clock: fn() -> NaiveDateTime,
}

/// Whoever watches a run: a progress bar, or nobody.
pub trait Observer: Send + Sync {
    /// `table` is going to get `rows` rows.
    fn started(&self, table: &str, rows: u64);
    /// `rows` more of them are written.
    fn advanced(&self, table: &str, rows: u64);
    /// All of them are.
    fn finished(&self, table: &str);
    /// What is done now takes a while and has no rows to count: "checking foreign keys".
    fn working(&self, what: &str) {
        let _ = what;
    }
}
