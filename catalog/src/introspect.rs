//! Reading a live namespace: one file an engine, one round trip a kind of object.
//!
//! `twin.rs` makes something to read, for a moment: how the server renders what is wanted.

mod fingerprint;
mod mysql;
mod object;
mod postgres;
mod role;
pub(crate) mod sql_text;
mod sqlite;
mod twin;

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

pub use fingerprint::fingerprint;
pub use object::{Object, dependents, is_spent, materialized_views, objects};
pub use role::{Role, role};
pub use twin::{TWIN, render_index, render_table};

use crate::{Catalog, Dialect, Table, View};

/// Reads what `namespace` holds: a PostgreSQL schema, a MariaDB database, or `main` on SQLite.
///
/// Only selects. A namespace that is not there reads as one without tables.
pub async fn introspect(db: &impl ConnectionTrait, namespace: &str) -> Result<Catalog, DbErr> {
    match Dialect::of(db.get_database_backend()) {
        Dialect::Sqlite => sqlite::catalog(db, namespace).await,
        Dialect::Postgres => postgres::catalog(db, namespace).await,
        Dialect::MariaDb => mysql::catalog(db, namespace).await,
    }
}

/// Reads what `namespace` and those `beside` it hold, the latter under qualified names.
pub async fn introspect_all(db: &impl ConnectionTrait, namespace: &str, beside: &[&str]) -> Result<Catalog, DbErr> {
    let mut catalog = introspect(db, namespace).await?;
    for other in beside {
        catalog = catalog.and(other, introspect(db, other).await?);
    }
    Ok(catalog)
}

/// Reads what each of these namespaces holds, everything under qualified names.
pub async fn introspect_each(db: &impl ConnectionTrait, namespaces: &[String]) -> Result<Catalog, DbErr> {
    let mut catalog = Catalog::empty(Dialect::of(db.get_database_backend()));
    for namespace in namespaces {
        catalog = catalog.and(namespace, introspect(db, namespace).await?);
    }
    Ok(catalog)
}

/// Lets PostgreSQL write names with their namespace, and constants in one way, until the transaction ends,
/// whatever the settings of the database or the role are; none of the queries is worth compiling.
///
/// Elsewhere it does nothing: SQLite has no such settings, and MariaDB's rendering hears on none that differ
/// between a connection and the next.
pub async fn pin_rendering(transaction: &impl ConnectionTrait) -> Result<(), DbErr> {
    if Dialect::of(transaction.get_database_backend()) == Dialect::Postgres {
        let settings = "SET LOCAL search_path TO ''; SET LOCAL quote_all_identifiers TO off; \
                        SET LOCAL standard_conforming_strings TO on; SET LOCAL bytea_output TO hex; \
                        SET LOCAL DateStyle TO 'ISO, MDY'; SET LOCAL IntervalStyle TO postgres; \
                        SET LOCAL TimeZone TO 'UTC'; SET LOCAL extra_float_digits TO 1; SET LOCAL xmloption TO content; \
                        SET LOCAL jit TO off";
        transaction.execute_unprepared(settings).await?;
    }
    Ok(())
}

/// The PostgreSQL schemas of the database that are neither the system's nor an extension's, in order.
pub async fn namespaces(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT n.nspname::text AS name FROM pg_namespace n \
               WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT 1 FROM pg_depend e \
               WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e') ORDER BY n.nspname";
    select(db, sql, []).await?.iter().map(|row| row.try_get("", "name")).collect()
}

/// The names of the base tables in the connection's own namespace.
pub async fn table_names(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    match current_namespace(db).await? {
        Some(namespace) => table_names_in(db, &namespace).await,
        None => Ok(Vec::new()),
    }
}

/// The names of the tables in `namespace`, in order, whatever the connection looks names up in.
pub async fn table_names_in(db: &impl ConnectionTrait, namespace: &str) -> Result<Vec<String>, DbErr> {
    let rows = match Dialect::of(db.get_database_backend()) {
        Dialect::Sqlite => select(db, &sqlite::base_tables(namespace), []).await?,
        Dialect::Postgres => select(db, postgres::TABLES, [namespace]).await?,
        Dialect::MariaDb => select(db, mysql::TABLES, [namespace]).await?,
    };
    rows.iter().map(|row| row.try_get("", "table_name")).collect()
}

/// The namespace in which unqualified names of this connection are made, if there is one.
pub async fn current_namespace(db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    let sql = match Dialect::of(db.get_database_backend()) {
        Dialect::Sqlite => return Ok(Some("main".to_owned())),
        Dialect::Postgres => "SELECT current_schema()::text AS namespace",
        Dialect::MariaDb => "SELECT database() AS namespace",
    };
    match select(db, sql, []).await?.first() {
        Some(row) => row.try_get("", "namespace"),
        None => Ok(None),
    }
}

/// The rows of a query with its values bound. It is marked as one that only looks, whoever runs it.
async fn select<const N: usize>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: [&str; N],
) -> Result<Vec<QueryResult>, DbErr> {
    let values = values.map(Value::from);
    let sql = format!("{TWIN}{}", sql.trim_start());
    db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await
}

/// Tables while they are read: every later query finds its table here.
type Tables = BTreeMap<String, Table>;

/// Views while they are read.
type Views = BTreeMap<String, View>;

/// The table that a row of a later query belongs to.
///
/// None when the table came into being between the two queries: it is not in this reading.
fn owner<'a>(tables: &'a mut Tables, row: &QueryResult) -> Result<Option<&'a mut Table>, DbErr> {
    let name: String = row.try_get("", "table_name")?;
    Ok(tables.get_mut(&name))
}

/// The name that occurs most often, the first of them in order where several do.
fn commonest<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(name, _)| name.to_owned())
}
