//! Whether a PostgreSQL schema may be the home of a migrator: no second one beside another.

use catalog::Dialect;
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::history;
use crate::connect::{self, Link, Purpose};
use crate::error::Error;
use crate::place::Server;
use crate::schema::Migrator;

/// Refuses a place that would be a second home of this migrator, or of what it owns beside its own.
pub(crate) async fn refuse_second(
    server: &Server,
    link: &Link,
    schema: &str,
    migrator: Migrator,
    known: &[String],
    beside: &[&str],
) -> Result<(), Error> {
    // The namespace need not be there yet.
    let db = connect::connect(server, link, Purpose::Look).await?;
    let failed = || Error::database("looking for other places of the schema");
    let transaction = connect::begin(&db, None).await.map_err(failed())?;
    let namespace = match &server.namespace {
        Some(namespace) => {
            let path = Dialect::Postgres.quote(namespace);
            transaction.execute_unprepared(&format!("SET LOCAL search_path TO {path}")).await.map_err(failed())?;
            Some(namespace.clone())
        }
        None => catalog::current_namespace(&transaction).await.map_err(failed())?,
    };
    if let Some(namespace) = namespace {
        refuse_second_copy(&transaction, schema, &namespace, migrator, known, beside).await?;
        refuse_second_home(&transaction, schema, &namespace, migrator, known).await?;
    }
    transaction.rollback().await.map_err(failed())?;
    db.close().await.map_err(Error::database("closing a connection"))
}

/// Refuses a PostgreSQL schema without this migrator's history when `public` has one.
///
/// Without it, a database that was migrated into `public` would be built a second time beside it.
async fn refuse_second_home(
    db: &impl ConnectionTrait,
    schema: &str,
    namespace: &str,
    migrator: Migrator,
    known: &[String],
) -> Result<(), Error> {
    let failed = || Error::database("looking for a history in public");
    if namespace == "public" || !history::read(db, namespace, migrator).await.map_err(failed())?.applied.is_empty() {
        return Ok(());
    }
    let table = migrator.history_table();
    let qualified = format!("public.{}", Dialect::Postgres.quote(&table));
    let sql = "SELECT coalesce(has_table_privilege(to_regclass($1), 'SELECT'), false) AS readable";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [qualified.as_str().into()]);
    let row = db.query_one_raw(statement).await.map_err(failed())?;
    let is_readable: bool = row.map_or(Ok(false), |row| row.try_get("", "readable")).map_err(failed())?;
    if !is_readable {
        return Ok(());
    }
    // Other tools may keep a table of this name: only versions of this migrator tell.
    if versions_in(db, "public", &table).await.map_err(failed())?.iter().any(|version| known.contains(version)) {
        return Err(Error::Refused(format!(
            "{schema} is already migrated in the PostgreSQL schema public, and {namespace} has no history of it; \
             go on there with `--database-schema public`"
        )));
    }
    Ok(())
}

/// Refuses a second copy of a schema in a PostgreSQL database where both would own `beside`.
///
/// Asked until everything is applied here: a copy that stopped half-way has a history too. Where this
/// role may not read another history, a view in `beside` that reads from there tells whose it is.
async fn refuse_second_copy(
    db: &impl ConnectionTrait,
    schema: &str,
    namespace: &str,
    migrator: Migrator,
    known: &[String],
    beside: &[&str],
) -> Result<(), Error> {
    if beside.is_empty() {
        return Ok(());
    }
    if beside.contains(&namespace) {
        return Err(Error::Usage(format!(
            "{schema} owns the PostgreSQL schema {namespace} beside its own; give another one"
        )));
    }
    let failed = || Error::database(format!("looking for another copy of {schema}"));
    let applied = history::read(db, namespace, migrator).await.map_err(failed())?.applied;
    if known.iter().all(|version| applied.contains_key(version)) {
        return Ok(());
    }
    let sql = "SELECT n.nspname::text AS namespace, \
               has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable \
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE c.relname = $1 AND n.nspname <> $2 AND c.relkind = 'r' ORDER BY n.nspname";
    let table = migrator.history_table();
    let values = [table.as_str().into(), namespace.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let mut unread = Vec::new();
    for row in db.query_all_raw(statement).await.map_err(failed())? {
        let other: String = row.try_get("", "namespace").map_err(failed())?;
        let is_readable: bool = row.try_get("", "readable").map_err(failed())?;
        if !is_readable {
            unread.push(other);
            continue;
        }
        if versions_in(db, &other, &table).await.map_err(failed())?.iter().any(|version| known.contains(version)) {
            return Err(Error::Refused(format!(
                "{schema} is already in the PostgreSQL schema {other} of this database, and a second copy in {namespace} \
                 would share {} with it; go on there with `--database-schema {other}`, or give this copy a database of \
                 its own",
                beside.join(" and ")
            )));
        }
    }
    if let Some((view, other)) = read_elsewhere(db, beside, &unread).await.map_err(failed())? {
        return Err(Error::Refused(format!(
            "{view} reads {other}, whose history this role may not read: another copy of {schema}, which a second one \
             would share it with; look with a role that may, or give this copy a database of its own"
        )));
    }
    Ok(())
}

/// A view in `beside` that reads one of the namespaces `others`, and which of them.
async fn read_elsewhere(
    db: &impl ConnectionTrait,
    beside: &[&str],
    others: &[String],
) -> Result<Option<(String, String)>, DbErr> {
    let sql = "SELECT format('%I.%I', n.nspname, c.relname) AS view, o.nspname::text AS other \
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               JOIN pg_rewrite r ON r.ev_class = c.oid \
               JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid \
               JOIN pg_class s ON d.refclassid = 'pg_class'::regclass AND s.oid = d.refobjid \
               JOIN pg_namespace o ON o.oid = s.relnamespace \
               WHERE n.nspname IN (SELECT json_array_elements_text($1::json)) \
               AND o.nspname IN (SELECT json_array_elements_text($2::json)) ORDER BY 1, 2 LIMIT 1";
    let names = |names: serde_json::Value| names.to_string().into();
    let values = [names(serde_json::json!(beside)), names(serde_json::json!(others))];
    let row = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    row.map(|row| Ok((row.try_get("", "view")?, row.try_get("", "other")?))).transpose()
}

/// The versions in a history table of another PostgreSQL schema.
async fn versions_in(db: &impl ConnectionTrait, namespace: &str, table: &str) -> Result<Vec<String>, DbErr> {
    let quote = |name| Dialect::Postgres.quote(name);
    let sql = format!("SELECT version FROM {}.{}", quote(namespace), quote(table));
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}
