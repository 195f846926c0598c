//! The migrator's own history table, read and written as sea-orm-migration does.

use chrono::Utc;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoIden, Query};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, DynIden, Iterable, Schema as Ddl};
use sea_orm_migration::seaql_migrations::{Column, Entity};

use crate::error::Error;
use crate::schema::Migrator;

/// Makes the history table unless it is there, exactly as sea-orm-migration would.
pub(crate) async fn install(db: &impl ConnectionTrait, migrator: Migrator) -> Result<(), DbErr> {
    let mut statement = Ddl::new(db.get_database_backend()).create_table_from_entity(Entity);
    db.execute(statement.table(table(migrator)).if_not_exists()).await.map(drop)
}

/// The versions in the history, oldest name first; none without a history table.
pub(crate) async fn read(db: &DatabaseConnection, migrator: Migrator) -> Result<Vec<String>, Error> {
    let failed = || Error::database("reading the history");
    let tables = catalog::table_names(db).await.map_err(failed())?;
    if !tables.contains(&migrator.history_table()) {
        return Ok(Vec::new());
    }
    read_table(db, &migrator.history_table()).await.map_err(failed())
}

async fn read_table(db: &DatabaseConnection, table: &str) -> Result<Vec<String>, DbErr> {
    let select = Query::select()
        .column(Column::Version)
        .from(Alias::new(table))
        .order_by(Column::Version, sea_orm::sea_query::Order::Asc)
        .to_owned();
    db.query_all(&select).await?.iter().map(|row| row.try_get("", "version")).collect()
}

/// Adds a version.
pub(crate) async fn add(db: &impl ConnectionTrait, migrator: Migrator, version: &str) -> Result<(), DbErr> {
    let insert = Query::insert()
        .into_table(table(migrator))
        .columns(Column::iter().map(IntoIden::into_iden))
        .values_panic([version.into(), Utc::now().timestamp().into()])
        .to_owned();
    db.execute(&insert).await.map(drop)
}

/// Takes a version out.
pub(crate) async fn remove(db: &impl ConnectionTrait, migrator: Migrator, version: &str) -> Result<(), DbErr> {
    let delete =
        Query::delete().from_table(table(migrator)).and_where(Expr::col(Column::Version).eq(version)).to_owned();
    db.execute(&delete).await.map(drop)
}

fn table(migrator: Migrator) -> DynIden {
    (migrator.history_table)()
}
