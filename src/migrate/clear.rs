//! Dropping everything that a schema's namespaces hold, and nothing outside of them.

use catalog::{Dialect, Object};
use sea_orm::{ConnectionTrait, DbErr, TransactionTrait};

use crate::connect::Opened;
use crate::error::Error;

/// Refuses when something outside hangs on what would be dropped: it would go too, or point nowhere.
pub(crate) async fn refuse_dependents(opened: &Opened, beside: &[&str]) -> Result<(), Error> {
    let namespaces = namespaces(opened, beside);
    let failed = Error::database("looking for what depends on the namespace");
    let dependents = catalog::dependents(&opened.db, &namespaces).await.map_err(failed)?;
    if dependents.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "outside of {} there is what depends on it: {}; drop that first",
        namespaces.join(" and "),
        dependents.join(", ")
    )))
}

/// Drops every object of the namespace and, with all that is in them, those beside it.
///
/// One transaction where the engine can roll structure back. MariaDB drops one by one: what a
/// killed run left, the next one drops.
pub(crate) async fn clear(opened: &Opened, beside: &[&str]) -> Result<Vec<Object>, Error> {
    let failed = || Error::database("dropping what is there");
    let dialect = Dialect::of(opened.db.get_database_backend());
    if dialect.transactional_ddl() {
        let transaction = opened.db.begin().await.map_err(failed())?;
        let dropped = drop_all(&transaction, dialect, opened, beside).await.map_err(failed())?;
        transaction.commit().await.map_err(failed())?;
        return Ok(dropped);
    }
    if let Some(statement) = dialect.foreign_keys(false) {
        opened.db.execute_unprepared(statement).await.map_err(failed())?;
    }
    let dropped = drop_all(&opened.db, dialect, opened, beside).await.map_err(failed())?;
    if let Some(statement) = dialect.foreign_keys(true) {
        opened.db.execute_unprepared(statement).await.map_err(failed())?;
    }
    Ok(dropped)
}

async fn drop_all(
    db: &impl ConnectionTrait,
    dialect: Dialect,
    opened: &Opened,
    beside: &[&str],
) -> Result<Vec<Object>, DbErr> {
    let mut dropped = Vec::new();
    for namespace in namespaces(opened, beside) {
        for object in catalog::objects(db, namespace).await? {
            db.execute_unprepared(&object.drop_statement(dialect)).await?;
            dropped.push(object);
        }
    }
    for namespace in beside {
        let schema = Object { kind: "schema".to_owned(), name: dialect.quote(namespace) };
        db.execute_unprepared(&schema.drop_statement(dialect)).await?;
        dropped.push(schema);
    }
    Ok(dropped)
}

fn namespaces<'a>(opened: &'a Opened, beside: &[&'a str]) -> Vec<&'a str> {
    std::iter::once(opened.namespace.as_str()).chain(beside.iter().copied()).collect()
}
