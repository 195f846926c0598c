//! What is recorded at a place: the migrator's own history table, read and written as
//! sea-orm-migration does, and beside it what kiln knows.

pub(crate) mod own;
mod pieces;

use std::collections::BTreeMap;

use catalog::Dialect;
use chrono::Utc;
use sea_orm::sea_query::{
    Alias, DeleteStatement, Expr, ExprTrait, InsertStatement, IntoIden, IntoTableRef, Order, Query,
    TableCreateStatement, TableRef,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Iterable, Schema as Ddl};
use sea_orm_migration::seaql_migrations::{Column, Entity};

use crate::connect::Opened;
use crate::error::Error;
use crate::schema::Migrator;
use own::Known;

/// What is recorded of a schema's migrations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// The versions in the migrator's own table, by name, with when they were applied: seconds since 1970, UTC.
    pub(crate) applied: BTreeMap<String, i64>,
    /// What kiln knows of them. One that is not applied is half done, or was rolled back by another program.
    pub(crate) own: BTreeMap<String, Known>,
}

impl History {
    /// The versions that are applied, by name.
    pub(crate) fn versions(&self) -> Vec<String> {
        self.applied.keys().cloned().collect()
    }

    /// The migration that is half done, if one is.
    pub(crate) fn half(&self) -> Option<super::plan::Half> {
        self.own.iter().find_map(|(version, known)| {
            Some(super::plan::Half { version: version.clone(), direction: known.origin.half()? })
        })
    }
}

/// Makes both tables unless they are there.
pub(crate) async fn install(db: &impl ConnectionTrait, namespace: &str, migrator: Migrator) -> Result<(), DbErr> {
    db.execute(&creation(db.get_database_backend(), namespace, migrator)).await?;
    db.execute_unprepared(&own::create(Dialect::of(db.get_database_backend()), namespace)).await.map(drop)
}

/// The statement that makes the history table, exactly as sea-orm-migration would.
pub(crate) fn creation(backend: DbBackend, namespace: &str, migrator: Migrator) -> TableCreateStatement {
    let mut statement = Ddl::new(backend).create_table_from_entity(Entity);
    statement.table(table(namespace, migrator)).if_not_exists().take()
}

/// What is recorded at a place; nothing without a history table.
pub(crate) async fn look(opened: &Opened, migrator: Migrator) -> Result<History, Error> {
    let failed = || Error::database("reading the history");
    let transaction = opened.begin().await.map_err(failed())?;
    let history = read(&transaction, &opened.namespace, migrator).await.map_err(failed())?;
    transaction.rollback().await.map_err(failed())?;
    Ok(history)
}

/// As [`look`], in a transaction that is open already.
pub(crate) async fn read(db: &impl ConnectionTrait, namespace: &str, migrator: Migrator) -> Result<History, DbErr> {
    let tables = catalog::table_names_in(db, namespace).await?;
    let mut history = History::default();
    if tables.contains(&migrator.history_table()) {
        let select = Query::select()
            .columns([Column::Version, Column::AppliedAt])
            .from(table(namespace, migrator))
            .order_by(Column::Version, Order::Asc)
            .take();
        for row in db.query_all(&select).await? {
            history.applied.insert(row.try_get("", "version")?, row.try_get("", "applied_at")?);
        }
    }
    if tables.iter().any(|name| name == own::TABLE) {
        history.own = own::read(db, namespace).await?;
    }
    Ok(history)
}

/// The statement that adds a version.
pub(crate) fn addition(namespace: &str, migrator: Migrator, version: &str) -> InsertStatement {
    Query::insert()
        .into_table(table(namespace, migrator))
        .columns(Column::iter().map(IntoIden::into_iden))
        .values_panic([version.into(), Utc::now().timestamp().into()])
        .take()
}

/// The statement that takes a version out.
pub(crate) fn removal(namespace: &str, migrator: Migrator, version: &str) -> DeleteStatement {
    Query::delete().from_table(table(namespace, migrator)).and_where(Expr::col(Column::Version).eq(version)).take()
}

/// The migrator's table by its qualified name: what the session looks names up in has no say.
fn table(namespace: &str, migrator: Migrator) -> TableRef {
    (Alias::new(namespace), (migrator.history_table)()).into_table_ref()
}
