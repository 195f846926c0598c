//! Running migrations: each with its history row, in one transaction where the engine has one.

use std::fmt;
use std::time::{Duration, Instant};

use catalog::Dialect;
use chrono::Utc;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigrationTrait, SchemaManager};
use serde::Serialize;

use super::history;
use super::plan::{Direction, Plan};
use crate::error::words;
use crate::schema::Migrator;

/// A migration that ran.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Its version.
    pub version: String,
    /// How long it took, in milliseconds.
    #[serde(rename = "milliseconds", serialize_with = "milliseconds")]
    pub duration: Duration,
}

fn milliseconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

/// A migration that failed, with what was done before it.
#[derive(Debug)]
pub struct Failed {
    /// The schema's name.
    pub schema: String,
    /// What ran before it, and stays.
    pub done: Vec<Step>,
    /// The version that failed.
    pub version: String,
    /// Whether what it did before it failed is rolled back.
    pub is_rolled_back: bool,
    /// What the database said.
    pub source: DbErr,
    direction: Direction,
}

impl Failed {
    /// Whether the migration itself refused to go on, and not the database.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self.source, DbErr::Migration(_))
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, command) = match self.direction {
            Direction::Up => ("applied", "up"),
            Direction::Down => ("rolled back", "down"),
        };
        write!(f, "{} could not be {verb}: {}", self.version, words(&self.source))?;
        match self.done.len() {
            0 => {}
            1 => write!(f, "; one migration before it is {verb}")?,
            count => write!(f, "; the {count} migrations before it are {verb}")?,
        }
        if self.is_rolled_back {
            f.write_str("; the migration is rolled back")?;
        } else {
            f.write_str("; what the migration had done by then is left")?;
        }
        write!(f, "; mend the cause and run `kiln migrate {command} {}` again", self.schema)
    }
}

/// Whether a run writes the history: a replay on a scratch place does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    History,
    Nothing,
}

/// Runs the migrations of `plan`, one after the other.
pub(crate) async fn apply(
    db: &DatabaseConnection,
    schema: &str,
    migrator: Migrator,
    plan: &Plan,
    record: Record,
) -> Result<Vec<Step>, Box<Failed>> {
    let migrations = (migrator.migrations)();
    let mut done = Vec::new();
    for version in &plan.versions {
        let migration = migrations.iter().find(|migration| migration.name() == version);
        let migration = migration.expect("a plan holds versions of its own migrator");
        let start = Instant::now();
        tracing::info!(schema, version, direction = ?plan.direction, "migrate.started");
        let step = step(db, migrator, migration.as_ref(), plan.direction, record).await;
        match step {
            Ok(()) => done.push(Step { version: version.clone(), duration: start.elapsed() }),
            Err(source) => {
                return Err(Box::new(Failed {
                    schema: schema.to_owned(),
                    done,
                    version: version.clone(),
                    is_rolled_back: rolls_back(db, migration.as_ref()),
                    source,
                    direction: plan.direction,
                }));
            }
        }
        tracing::info!(schema, version, elapsed = ?start.elapsed(), "migrate.done");
    }
    Ok(done)
}

/// Whether a migration and its history row are one transaction: what the migration says, or else
/// whether the engine can roll its changes back.
fn in_transaction(db: &DatabaseConnection, migration: &dyn MigrationTrait) -> bool {
    migration.use_transaction().unwrap_or_else(|| Dialect::of(db.get_database_backend()).transactional_ddl())
}

/// Whether a migration that fails leaves nothing behind.
fn rolls_back(db: &DatabaseConnection, migration: &dyn MigrationTrait) -> bool {
    in_transaction(db, migration) && Dialect::of(db.get_database_backend()).transactional_ddl()
}

async fn step(
    db: &DatabaseConnection,
    migrator: Migrator,
    migration: &dyn MigrationTrait,
    direction: Direction,
    record: Record,
) -> Result<(), DbErr> {
    if !in_transaction(db, migration) {
        body(&SchemaManager::new(db), migration, direction).await?;
        return note(db, migrator, migration, direction, record).await;
    }
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    let transaction = db.begin_with_options(options).await?;
    body(&SchemaManager::new(&transaction), migration, direction).await?;
    if Dialect::of(db.get_database_backend()).rebuilds_tables() {
        check_foreign_keys(&transaction).await?;
    }
    note(&transaction, migrator, migration, direction, record).await?;
    transaction.commit().await
}

async fn body(manager: &SchemaManager<'_>, migration: &dyn MigrationTrait, direction: Direction) -> Result<(), DbErr> {
    match direction {
        Direction::Up => migration.up(manager).await,
        Direction::Down => migration.down(manager).await,
    }
}

async fn note(
    db: &impl ConnectionTrait,
    migrator: Migrator,
    migration: &dyn MigrationTrait,
    direction: Direction,
    record: Record,
) -> Result<(), DbErr> {
    match (record, direction) {
        (Record::Nothing, _) => Ok(()),
        (Record::History, Direction::Up) => history::add(db, migrator, migration.name()).await,
        (Record::History, Direction::Down) => {
            history::remove(db, migrator, migration.name()).await?;
            close_ledger(db).await
        }
    }
}

/// Closes the ledger's entries when a table that they counted is gone.
async fn close_ledger(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let tables = catalog::table_names(db).await?;
    if !tables.iter().any(|name| name == seeder::ledger::TABLE) {
        return Ok(());
    }
    let entries = seeder::ledger::open(db).await?;
    let is_gone = |name: &String| !tables.contains(name);
    if entries.iter().any(|entry| seeder::ledger::tables(entry).keys().any(is_gone)) {
        seeder::ledger::close(db, Utc::now().naive_utc()).await?;
    }
    Ok(())
}

/// Fails when a row points nowhere: SQLite does not look while enforcement is off.
async fn check_foreign_keys(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), "PRAGMA foreign_key_check")).await?;
    match rows.first() {
        None => Ok(()),
        Some(row) => {
            let (table, parent): (String, String) = (row.try_get("", "table")?, row.try_get("", "parent")?);
            let count = rows.len();
            Err(DbErr::Custom(format!(
                "{count} foreign keys would point nowhere, the first of them from a row of {table} to {parent}; \
                 `PRAGMA foreign_key_check` in an sqlite3 shell lists those that do so already"
            )))
        }
    }
}
