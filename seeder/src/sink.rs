//! The way into tables: multi-row INSERTs inside the run's one transaction.

use catalog::Dialect;
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::error::Error;
use crate::generate::Load;
use crate::option::Settings;
use crate::seeder::Observer;
use crate::table::Seeded;

/// Deletes every row of `table`.
pub(crate) async fn clear(db: &DatabaseTransaction, table: &dyn Seeded) -> Result<(), Error> {
    let delete = Query::delete().from_table(Alias::new(table.name())).to_owned();
    db.execute(&delete).await.map(drop).map_err(Error::database(format!("deleting the rows of {}", table.name())))
}

/// Generates the rows of `load` and inserts them in order.
pub(crate) async fn insert(
    db: &DatabaseTransaction,
    load: &Load,
    settings: &Settings,
    observer: &dyn Observer,
) -> Result<(), Error> {
    let dialect = Dialect::of(db.get_database_backend());
    let columns = load.columns();
    let rows_a_statement = settings.batch_size.min(dialect.max_binds() / columns.len());
    let mut batches = load.generate(settings.jobs, rows_a_statement);
    while let Some(rows) = batches.next().await {
        let count = rows.len() as u64;
        let mut insert = Query::insert();
        insert.into_table(Alias::new(load.table())).columns(columns.iter().map(|name| Alias::new(*name)));
        for row in rows {
            insert.values_panic(row.into_iter().map(Expr::value));
        }
        db.execute(&insert).await.map_err(Error::database(format!("inserting into {}", load.table())))?;
        observer.advanced(load.table(), count);
    }
    Ok(())
}

/// Puts the generator of the table's ids past its highest id.
pub(crate) async fn advance(db: &DatabaseTransaction, table: &dyn Seeded) -> Result<(), Error> {
    let Some(column) = table.numbered() else { return Ok(()) };
    let dialect = Dialect::of(db.get_database_backend());
    let Some(sql) = dialect.advance_sequence(table.name(), column) else { return Ok(()) };
    let failed = Error::database(format!("moving the sequence of {}.{column}", table.name()));
    db.execute_unprepared(&sql).await.map(drop).map_err(failed)
}
