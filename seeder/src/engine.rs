//! A run from request to report: plan, write, verify, record, all in one transaction.

use std::collections::BTreeMap;

use catalog::Dialect;
use chrono::NaiveDateTime;
use sea_orm::{AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, IsolationLevel, TransactionTrait};
use serde::Serialize;

use crate::append;
use crate::error::Error;
use crate::generate::Load;
use crate::ledger::{self, TableEntry};
use crate::option::Settings;
use crate::plan::{Decision, Operation, Plan, Scope, Survey, decide};
use crate::seeder::{Addition, Made, Observer, Request, Seeder};
use crate::sink::{self, Sink};
use crate::table::{self, Seeded};
use crate::verify::{self, Checked};
use crate::words::counted_rows;

/// How a run ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The tables already hold what the run would make; nothing changed.
    Unchanged(Plan),
    /// It is done, verified and recorded.
    Applied(Applied),
}

/// What a run did.
#[derive(Clone, Debug, Serialize)]
pub struct Applied {
    /// What it was going to do, and did.
    pub plan: Plan,
    /// What each table got and holds now.
    pub tables: BTreeMap<String, TableEntry>,
    /// The checks of the data, all of which hold.
    pub checks: Vec<Checked>,
}

/// What the database holds of a seeder's rows, all as of one moment.
#[derive(Clone, Debug)]
pub struct Live {
    /// Rows and ledger.
    pub survey: Survey,
    /// The checks of the data.
    pub checks: Vec<Checked>,
    /// The digest of every table, in order.
    pub digests: Vec<(String, String)>,
}

/// Begins to read: every query sees what the first one sees, whatever others commit meanwhile.
async fn begin_reading(db: &DatabaseConnection) -> Result<DatabaseTransaction, Error> {
    // On SQLite every transaction does, and SeaORM warns that it has no levels.
    let has_levels = Dialect::of(db.get_database_backend()) != Dialect::Sqlite;
    let level = has_levels.then_some(IsolationLevel::RepeatableRead);
    let access = has_levels.then_some(AccessMode::ReadOnly);
    db.begin_with_config(level, access).await.map_err(Error::database("beginning to read"))
}

/// What there is of the seeder's rows, and which runs made them. Only reads.
pub async fn survey(db: &DatabaseConnection, seeder: &dyn Seeder) -> Result<Survey, Error> {
    Survey::of(&begin_reading(db).await?, seeder).await
}

/// The plan of `request` on what the database holds now. Only reads.
///
/// A request that [`run`] would refuse is refused here with the same words.
pub async fn plan(
    db: &DatabaseConnection,
    seeder: &dyn Seeder,
    request: &Request,
    observer: &dyn Observer,
) -> Result<Plan, Error> {
    let transaction = begin_reading(db).await?;
    let survey = Survey::of(&transaction, seeder).await?;
    let (_, plan, _) = prepare(&transaction, seeder, request, &survey, observer).await?;
    Ok(plan)
}

/// Does what `request` asks. On an error before the commit the database is as it was before; after
/// it only the planner's statistics can be missing, and the error says so.
///
/// `db` must be a pool of one connection: rows, ledger and verification share it.
pub async fn run(
    db: &DatabaseConnection,
    seeder: &dyn Seeder,
    request: &Request,
    observer: &dyn Observer,
) -> Result<Outcome, Error> {
    let dialect = Dialect::of(db.get_database_backend());
    let started_at = (request.clock)();
    // Before anything that commits by itself: a schema that is not there is refused untouched.
    survey(db, seeder).await?;
    if !dialect.transactional_ddl() {
        ledger::install(db).await.map_err(Error::database("making the ledger"))?;
    }
    let mut sink = sink::open(db, seeder, request.operation).await?;
    let applied = match fill(sink.as_mut(), seeder, request, started_at, observer).await {
        Ok(Outcome::Applied(applied)) => applied,
        ended => {
            let undone = sink.abandon().await;
            return ended.and_then(|outcome| undone.map(|()| outcome));
        }
    };
    sink.finish().await?;
    // There it would commit.
    if !dialect.transactional_ddl() {
        analyze(db, seeder, "the rows are committed, but not the planner's statistics of", observer).await?;
    }
    Ok(Outcome::Applied(applied))
}

/// Has the planner look at the tables as they are now.
async fn analyze(
    db: &impl ConnectionTrait,
    seeder: &dyn Seeder,
    failing: &str,
    observer: &dyn Observer,
) -> Result<(), Error> {
    let dialect = Dialect::of(db.get_database_backend());
    for table in seeder.tables() {
        let failed = Error::database(format!("{failing} {}", table.name()));
        observer.working(&format!("renewing the statistics of {}", table.name()));
        db.execute_unprepared(&dialect.analyze(table.name())).await.map_err(failed)?;
    }
    Ok(())
}

/// All of a run that its transaction holds.
async fn fill(
    sink: &mut dyn Sink,
    seeder: &dyn Seeder,
    request: &Request,
    started_at: NaiveDateTime,
    observer: &dyn Observer,
) -> Result<Outcome, Error> {
    let survey = Survey::of(sink.db(), seeder).await?;
    let (decision, plan, addition) = prepare(sink.db(), seeder, request, &survey, observer).await?;
    if decision == Decision::AlreadyThere || plan.is_empty() {
        return Ok(Outcome::Unchanged(plan));
    }
    if let Some(agreed) = &request.agreed {
        refuse_more_than(agreed, &plan)?;
    }
    write(sink, seeder, &request.settings, &plan, &addition, observer).await?;

    let db = sink.db();
    // Before the checks: a planner that takes a table for small joins it row by row with all of another.
    if Dialect::of(db.get_database_backend()).transactional_ddl() {
        analyze(db, seeder, "renewing the statistics of", observer).await?;
    }
    let made = made_after(&survey, &plan);
    let planned: Vec<_> = plan.tables.iter().map(|table| (table.table.clone(), table.after())).collect();
    let checks = check(db, seeder, &planned, &made, observer).await?;
    let failed: Vec<_> = checks.iter().filter(|check| !check.holds).collect();
    if !failed.is_empty() {
        let failed = failed.iter().map(|check| format!("{}: {}", check.name, check.figure)).collect();
        return Err(Error::Unverified { failed, total: checks.len() });
    }
    let tables = entries(db, seeder, &plan, observer).await?;
    if Dialect::of(db.get_database_backend()).transactional_ddl() {
        ledger::install(db).await.map_err(Error::database("making the ledger"))?;
    }
    let adds = plan.operation == Operation::Append && !survey.standing().is_empty();
    ledger::record(db, &plan, &tables, adds, (started_at, (request.clock)()))
        .await
        .map_err(Error::database("writing the ledger"))?;
    Ok(Outcome::Applied(Applied { plan, tables, checks }))
}

/// Runs the checks of the generated data on what the database holds now, and digests it. Only reads.
pub async fn verify_live(db: &DatabaseConnection, seeder: &dyn Seeder, observer: &dyn Observer) -> Result<Live, Error> {
    let transaction = begin_reading(db).await?;
    let survey = Survey::of(&transaction, seeder).await?;
    let checks = check(&transaction, seeder, &verify::planned(&survey), &made_by(survey.open()), observer).await?;
    let mut digests = Vec::new();
    for (table, found) in seeder.tables().iter().zip(&survey.tables) {
        let digest = read_back(&transaction, table.as_ref(), found.rows, observer).await?;
        digests.push((table.name().to_owned(), digest));
    }
    Ok(Live { survey, checks, digests })
}

/// The digest of a table of so many rows.
pub(crate) async fn read_back(
    transaction: &DatabaseTransaction,
    table: &dyn Seeded,
    rows: u64,
    observer: &dyn Observer,
) -> Result<String, Error> {
    let doing = format!("reading back {}", table.name());
    observer.started(&doing, rows);
    let read = |rows| observer.advanced(&doing, rows);
    let digest = table.digest(transaction, &read).await.map_err(Error::database(doing.clone()))?;
    observer.finished(&doing);
    Ok(digest)
}

/// What is asked, on what is there: whether to go, and with which rows.
async fn prepare(
    transaction: &DatabaseTransaction,
    seeder: &dyn Seeder,
    request: &Request,
    survey: &Survey,
    observer: &dyn Observer,
) -> Result<(Decision, Plan, Addition), Error> {
    let Request { operation, .. } = request;
    let settings = &settings_of(request, seeder, survey);
    let decision = decide(seeder, *operation, settings, survey)?;
    let makes_rows = decision == Decision::Go;
    let (addition, range) = match operation {
        Operation::Fill | Operation::FullNew if makes_rows => {
            (Addition { loads: seeder.fill(settings)?, edits: Vec::new() }, seeder.range(settings)?)
        }
        Operation::Append if makes_rows => {
            append::refuse_other_counts(seeder, survey)?;
            let addition = seeder.append(settings, transaction, survey).await?;
            // What was agreed to has been compared already, and reading every row takes a while.
            if request.agreed.is_none() {
                append::refuse_other_values(transaction, seeder, survey, observer).await?;
            }
            (addition, seeder.range(settings)?)
        }
        _ => (Addition::default(), None),
    };
    let mut plan = Plan::new(seeder, *operation, settings, survey, &addition, range);
    if *operation == Operation::Append && !plan.is_empty() {
        plan.gap = plan.range.and_then(|range| append::gap(seeder, survey, range));
    }
    Ok((decision, plan, addition))
}

/// The settings of a request; an append that names no seed goes on with that of the rows there, and
/// with whatever else the seeder says.
fn settings_of(request: &Request, seeder: &dyn Seeder, survey: &Survey) -> Settings {
    let mut settings = seeder.settled(&request.settings);
    if request.operation != Operation::Append {
        return settings;
    }
    let is_named = settings.given.iter().any(|given| given == "seed");
    let Some((first_seed, before)) = survey.inherited() else { return settings };
    if !is_named {
        settings.rng_seed = first_seed;
    }
    seeder.continued(&settings, &before)
}

async fn write(
    sink: &mut dyn Sink,
    seeder: &dyn Seeder,
    settings: &Settings,
    plan: &Plan,
    addition: &Addition,
    observer: &dyn Observer,
) -> Result<(), Error> {
    let tables = seeder.tables();
    let cyclic = table::cyclic(&tables, Dialect::of(sink.db().get_database_backend()));
    for table in tables.iter().rev() {
        if plan.operation.removes(table.scope()) {
            let rows = plan.tables.iter().find(|planned| planned.table == table.name()).map_or(0, |found| found.delete);
            observer.working(&format!("deleting the rows of {}", table.name()));
            sink.clear(table.as_ref(), rows, &cyclic).await?;
        }
    }
    for edit in &addition.edits {
        sink::change(sink.db(), edit).await?;
    }
    sink.prepare(&sink::bulk(plan, &cyclic)).await?;
    let mut numbered = Vec::new();
    for table in &tables {
        let Some(column) = table.numbered() else { continue };
        let failed = Error::database(format!("reading how {}.{column} is numbered", table.name()));
        if sink::takes_ids(sink.db(), table.name(), column).await.map_err(failed)? {
            numbered.push((table.name(), column));
        }
    }
    for load in with_ids(plan.operation, &numbered, &addition.loads) {
        observer.started(load.table(), load.rows());
        sink.load(&load, settings, observer).await?;
        observer.finished(load.table());
    }
    sink.settle(observer).await?;
    for table in &tables {
        sink::advance(sink.db(), table.as_ref()).await?;
    }
    Ok(())
}

/// The loads of a run, with ids from 1 on for rows that bring none where a run makes every row: the database's own
/// numbers go on after the rows that were there before. `tables` are those that take ids, each with their column.
fn with_ids(operation: Operation, tables: &[(&'static str, &'static str)], loads: &[Load]) -> Vec<Load> {
    if !matches!(operation, Operation::Fill | Operation::FullNew) {
        return loads.to_vec();
    }
    let mut next: BTreeMap<&str, u64> = BTreeMap::new();
    let numbered = loads.iter().map(|load| {
        let next = next.entry(load.table()).or_insert(1);
        let first = *next;
        *next += load.rows();
        match tables.iter().find(|(table, _)| *table == load.table()) {
            Some((_, column)) => load.clone().numbered(column, first),
            None => load.clone(),
        }
    });
    numbered.collect()
}

async fn check(
    transaction: &DatabaseTransaction,
    seeder: &dyn Seeder,
    planned: &[(String, u64)],
    made: &Made,
    observer: &dyn Observer,
) -> Result<Vec<Checked>, Error> {
    let dialect = Dialect::of(transaction.get_database_backend());
    let mut checks = verify::common(dialect, &seeder.tables(), planned);
    checks.extend(seeder.checks(dialect, made));
    verify::run(transaction, &checks, observer).await
}

/// What the ledger says of each table after the run.
async fn entries(
    transaction: &DatabaseTransaction,
    seeder: &dyn Seeder,
    plan: &Plan,
    observer: &dyn Observer,
) -> Result<BTreeMap<String, TableEntry>, Error> {
    let mut entries = BTreeMap::new();
    for (table, planned) in seeder.tables().iter().zip(&plan.tables) {
        let digest = read_back(transaction, table.as_ref(), planned.after(), observer).await?;
        let entry = TableEntry { inserted: planned.insert, deleted: planned.delete, rows: planned.after(), digest };
        entries.insert(planned.table.clone(), entry);
    }
    Ok(entries)
}

/// Refuses a plan that deletes rows which were not there when its like was agreed to.
fn refuse_more_than(agreed: &Plan, plan: &Plan) -> Result<(), Error> {
    for (agreed, table) in agreed.tables.iter().zip(&plan.tables) {
        if table.delete > agreed.delete {
            return Err(Error::Refused(format!(
                "{} came into {} meanwhile, and nobody agreed to delete them; nothing is changed, run this again",
                counted_rows(table.delete - agreed.delete),
                table.table
            )));
        }
    }
    Ok(())
}

/// What the tables hold of the seeder's own, as these entries say; everything where there is none.
fn made_by(entries: &[ledger::Model]) -> Made {
    let is_fill = |entry: &ledger::Model| matches!(entry.operation.as_str(), "fill" | "full-new");
    let is_whole = entries.first().is_none_or(is_fill);
    let filled = entries.first().filter(|first| is_fill(first)).and_then(ledger::Model::plan);
    let ranges = entries.iter().filter_map(|entry| Some((entry.range_start?, entry.range_end?))).collect();
    Made { is_whole, filled, ranges }
}

/// The same after `plan`; rows that no ledger entry counts are somebody else's.
fn made_after(survey: &Survey, plan: &Plan) -> Made {
    let is_ours = !survey.counting().is_empty();
    let mut made = match plan.operation {
        Operation::Fill | Operation::FullNew => Made { is_whole: true, filled: Some(plan.clone()), ranges: Vec::new() },
        Operation::Delete(Scope::All) => Made { is_whole: true, filled: None, ranges: Vec::new() },
        _ if !is_ours => Made { is_whole: false, filled: None, ranges: Vec::new() },
        Operation::Append => made_by(survey.counting()),
        Operation::Delete(_) => Made { ranges: Vec::new(), ..made_by(survey.counting()) },
    };
    made.ranges.extend(plan.range);
    made
}
