//! The way into tables: one connection, one transaction, and what each database does to load fast.
//!
//! Where a table gets many rows, keys are not validated row by row but all at once by the server,
//! before the commit. A sink that is dropped leaves the database and its connection as they were.

mod mysql;
mod postgres;
mod sequence;
mod sqlite;

use async_trait::async_trait;
use catalog::Dialect;
use futures_util::FutureExt;
use sea_orm::sea_query::{Alias, Expr, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, Statement, Value};
use tokio::runtime::Handle;

use crate::error::Error;
use crate::generate::Load;
use crate::option::Settings;
use crate::plan::{Operation, Plan, TablePlan};
use crate::seeder::{Edit, Observer, Seeder};
use crate::table::Seeded;
use crate::words::counted_rows;

/// The fewest rows for which a table's keys are taken off: below, validating them one by one costs less than
/// the statements do.
const MANY_ROWS: u64 = 1_000;

/// A run's one connection with its one transaction, and the way to load rows through it.
#[async_trait]
pub(crate) trait Sink: Send + Sync {
    /// The transaction: what is read and written through it is part of the run.
    fn db(&self) -> &DatabaseTransaction;

    /// Readies these tables, which get many rows, for them; some may be ready already.
    async fn prepare(&mut self, tables: &[&str]) -> Result<(), Error>;
    /// Deletes every row of `table`, of which there are so many; the foreign keys of `cyclic` tables lead back to them.
    async fn clear(&mut self, table: &dyn Seeded, rows: u64, cyclic: &[&str]) -> Result<(), Error>;

    /// Generates the rows of `load` and writes them in order.
    async fn load(&mut self, load: &Load, settings: &Settings, observer: &dyn Observer) -> Result<(), Error>;

    /// Puts back what was taken off, and has the server validate what it has not.
    async fn settle(&mut self, observer: &dyn Observer) -> Result<(), Error>;

    /// Commits.
    async fn finish(self: Box<Self>) -> Result<(), Error>;

    /// Rolls back.
    async fn abandon(self: Box<Self>) -> Result<(), Error>;
}

/// Begins a run's transaction on the one connection of `db`, once no other run is at work there. One that
/// removes rows keeps every other writer out of the tables too, so that it removes none that it has not counted.
pub(crate) async fn open(
    db: &DatabaseConnection,
    seeder: &dyn Seeder,
    operation: Operation,
) -> Result<Box<dyn Sink>, Error> {
    let tables = seeder.tables();
    let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
    Ok(match Dialect::of(db.get_database_backend()) {
        Dialect::Sqlite => Box::new(sqlite::Sqlite::open(db, &names, operation).await?),
        Dialect::Postgres => Box::new(postgres::Postgres::open(db, &names, operation).await?),
        Dialect::MariaDb => Box::new(mysql::MariaDb::open(db, &names, operation).await?),
    })
}

/// The tables of `plan` that get many more rows than they hold, and those of `cyclic` that get any: their rows may
/// point to rows that come after them.
pub(crate) fn bulk<'a>(plan: &'a Plan, cyclic: &[&str]) -> Vec<&'a str> {
    let is_bulk = |insert, stay| insert >= MANY_ROWS && insert >= stay;
    let is_cyclic = |table: &TablePlan| table.insert > 0 && cyclic.contains(&table.table.as_str());
    let tables =
        plan.tables.iter().filter(|table| is_bulk(table.insert, table.before - table.delete) || is_cyclic(table));
    tables.map(|table| table.table.as_str()).collect()
}

/// Deletes every row of `table`, of which there are so many.
async fn clear(db: &DatabaseTransaction, table: &dyn Seeded, rows: u64) -> Result<(), Error> {
    let delete = Query::delete().from_table(Alias::new(table.name())).to_owned();
    let failed = Error::database(format!("deleting the rows of {}", table.name()));
    let deleted = db.execute(&delete).await.map_err(failed)?.rows_affected();
    if deleted == rows {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "{} held {} when they were counted and {deleted} when they were deleted; nothing is changed, run this again",
        table.name(),
        counted_rows(rows)
    )))
}

/// Changes rows that are there, as many as the edit says.
pub(crate) async fn change(db: &DatabaseTransaction, edit: &Edit) -> Result<(), Error> {
    let failed = || Error::database(format!("changing rows of {}", edit.table));
    let changed = db.execute(&edit.update).await.map_err(failed())?.rows_affected();
    if changed == edit.rows {
        return Ok(());
    }
    Err(failed()(DbErr::Custom(format!("{} changed instead of {}; nothing is kept", counted_rows(changed), edit.rows))))
}

/// Whether a row may bring its id: PostgreSQL refuses one that is always the database's to give.
pub(crate) async fn takes_ids(db: &DatabaseTransaction, table: &str, column: &str) -> Result<bool, DbErr> {
    if Dialect::of(db.get_database_backend()) != Dialect::Postgres {
        return Ok(true);
    }
    let sql = "SELECT count(*) AS n FROM pg_catalog.pg_attribute a \
               JOIN pg_catalog.pg_class t ON t.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace \
               WHERE n.nspname = current_schema() AND t.relname = $1 AND a.attname = $2 AND a.attidentity = 'a'";
    let query = Statement::from_sql_and_values(db.get_database_backend(), sql, [table.into(), column.into()]);
    let row = db.query_one_raw(query).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get::<i64>("", "n"))? == 0)
}

/// Puts the generator of the table's ids past those that are there.
pub(crate) async fn advance(db: &DatabaseTransaction, table: &dyn Seeded) -> Result<(), Error> {
    let Some(column) = table.numbered() else { return Ok(()) };
    let failed = Error::database(format!("moving the sequence of {}.{column}", table.name()));
    sequence::advance(db, table.name(), column).await.map_err(failed)
}

/// Writes the rows of `load` by multi-row INSERTs of at most so many rows.
async fn insert(
    db: &DatabaseTransaction,
    load: &Load,
    jobs: usize,
    most_rows: usize,
    observer: &dyn Observer,
) -> Result<(), Error> {
    let columns: Vec<&str> = load.columns().iter().copied().chain(load.ids().map(|ids| ids.column)).collect();
    // A table may have no column but its id, which the database gives.
    let most_bound = Dialect::of(db.get_database_backend()).max_binds() / columns.len().max(1);
    let mut generated = load.generate(jobs);
    let mut ids = load.ids().map(|ids| ids.first..);
    while let Some(rows) = generated.next(most_rows.min(most_bound)).await {
        let count = rows.len() as u64;
        let mut insert = Query::insert();
        insert.into_table(Alias::new(load.table())).columns(columns.iter().map(|name| Alias::new(*name)));
        for row in rows {
            let id = ids
                .as_mut()
                .and_then(Iterator::next)
                .map(|id| Value::from(i64::try_from(id).expect("a database counts its rows in 63 bits")));
            insert.values_panic(load.written(row).chain(id.map(Expr::value)));
        }
        if let Some(upsert) = load.upserts() {
            let others = columns.iter().filter(|column| !upsert.key.contains(column));
            let mut replace = OnConflict::columns(upsert.key.iter().copied());
            insert.on_conflict(replace.update_columns(others.copied()).to_owned());
        }
        db.execute(&insert).await.map_err(Error::database(format!("inserting into {}", load.table())))?;
        observer.advanced(load.table(), count);
    }
    Ok(())
}

/// A setting of the connection that is other for the run, and goes back however the run ends.
///
/// A sink has it after its transaction: rolled back comes before put back, as SQLite needs it.
struct Changed {
    db: DatabaseConnection,
    back: Option<&'static str>,
}

impl Changed {
    /// A setting that the statement `back` puts back.
    fn new(db: &DatabaseConnection, back: &'static str) -> Self {
        Self { db: db.clone(), back: Some(back) }
    }

    /// It is back already.
    fn forget(mut self) {
        self.back = None;
    }

    /// Puts it back, once the transaction has ended.
    async fn restore(mut self) -> Result<(), DbErr> {
        let Some(back) = self.back.take() else { return Ok(()) };
        self.db.execute_unprepared(back).await.map(drop)
    }
}

impl Drop for Changed {
    /// Where nobody waits for the end, the statement stands in line for the connection before whoever asks next.
    fn drop(&mut self) {
        let (Some(back), Ok(runtime)) = (self.back.take(), Handle::try_current()) else { return };
        let db = self.db.clone();
        let mut restoring = Box::pin(async move {
            if let Err(error) = db.execute_unprepared(back).await {
                tracing::warn!(%error, "seed.setting_not_restored");
            }
        });
        // Asked once, it is in the line.
        if (&mut restoring).now_or_never().is_none() {
            runtime.spawn(restoring);
        }
    }
}

/// Commits `transaction`, then puts `changed` back.
async fn commit(transaction: DatabaseTransaction, changed: Option<Changed>) -> Result<(), Error> {
    transaction.commit().await.map_err(Error::database("committing the rows"))?;
    restore(changed, "the rows are committed, but the connection does not enforce foreign keys again; open another")
        .await
}

/// Rolls `transaction` back, then puts `changed` back.
async fn roll_back(transaction: DatabaseTransaction, changed: Option<Changed>) -> Result<(), Error> {
    transaction.rollback().await.map_err(Error::database("rolling back"))?;
    restore(changed, "nothing is changed, but the connection does not enforce foreign keys again; open another").await
}

async fn restore(changed: Option<Changed>, failed: &str) -> Result<(), Error> {
    let Some(changed) = changed else { return Ok(()) };
    changed.restore().await.map_err(Error::database(failed))
}

#[cfg(test)]
mod tests {
    use super::bulk;
    use crate::plan::{Operation, Plan, TablePlan};

    #[test]
    fn a_load_is_bulk_where_it_outweighs_the_rows_that_stay() {
        let table = |before, delete, insert| TablePlan {
            table: format!("{before} {delete} {insert}"),
            before,
            delete,
            replace: 0,
            insert,
        };
        let plan = Plan {
            generator: "shop".to_owned(),
            generator_version: 1,
            operation: Operation::Append,
            seed: 1,
            options: crate::Options::default(),
            given: Vec::new(),
            range: None,
            gap: None,
            tables: vec![
                table(0, 0, 999),
                table(0, 0, 1_000),
                table(1_001, 0, 1_000),
                table(5_000, 4_000, 1_000),
                table(9, 9, 0),
            ],
        };
        assert_eq!(bulk(&plan, &[]), ["0 0 1000", "5000 4000 1000"]);
        assert_eq!(bulk(&plan, &["0 0 999", "9 9 0"]), ["0 0 999", "0 0 1000", "5000 4000 1000"]);
    }
}
