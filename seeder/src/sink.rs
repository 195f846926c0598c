//! The way into tables: multi-row INSERTs inside the run's one transaction.

use catalog::Dialect;
use sea_orm::sea_query::{Alias, Expr, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::error::Error;
use crate::generate::Load;
use crate::option::Settings;
use crate::seeder::{Edit, Observer};
use crate::table::Seeded;

/// Deletes every row of `table`.
pub(crate) async fn clear(db: &DatabaseTransaction, table: &dyn Seeded) -> Result<(), Error> {
    let delete = Query::delete().from_table(Alias::new(table.name())).to_owned();
    db.execute(&delete).await.map(drop).map_err(Error::database(format!("deleting the rows of {}", table.name())))
}

/// Changes rows that are there, as many as the edit says.
pub(crate) async fn change(db: &DatabaseTransaction, edit: &Edit) -> Result<(), Error> {
    let failed = || Error::database(format!("changing rows of {}", edit.table));
    let changed = db.execute(&edit.update).await.map_err(failed())?.rows_affected();
    if changed == edit.rows {
        return Ok(());
    }
    Err(failed()(DbErr::Custom(format!("{changed} rows changed instead of {}; nothing is kept", edit.rows))))
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
    let mut generated = load.generate(settings.jobs);
    while let Some(rows) = generated.next(rows_a_statement).await {
        let count = rows.len() as u64;
        let mut insert = Query::insert();
        insert.into_table(Alias::new(load.table())).columns(columns.iter().map(|name| Alias::new(*name)));
        for row in rows {
            insert.values_panic(row.into_iter().map(Expr::value));
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

/// Puts the generator of the table's ids past its highest id.
pub(crate) async fn advance(db: &DatabaseTransaction, table: &dyn Seeded) -> Result<(), Error> {
    let Some(column) = table.numbered() else { return Ok(()) };
    let dialect = Dialect::of(db.get_database_backend());
    let Some(sql) = dialect.advance_sequence(table.name(), column) else { return Ok(()) };
    let failed = Error::database(format!("moving the sequence of {}.{column}", table.name()));
    db.execute_unprepared(&sql).await.map(drop).map_err(failed)
}
