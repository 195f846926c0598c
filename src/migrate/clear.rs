//! Dropping everything that a schema's namespaces hold, and nothing outside of them.

use catalog::{Dialect, Object};
use sea_orm::{ConnectionTrait, DbErr};

use crate::connect::Opened;
use crate::error::Error;

/// Refuses when something outside hangs on what would be dropped: it would go too, or point nowhere.
pub(crate) async fn refuse_dependents(opened: &Opened, beside: &[&str]) -> Result<(), Error> {
    let namespaces = namespaces(opened, beside);
    let failed = || Error::database("looking for what depends on the namespace");
    let transaction = opened.begin().await.map_err(failed())?;
    let dependents = catalog::dependents(&transaction, &namespaces).await.map_err(failed())?;
    transaction.rollback().await.map_err(failed())?;
    if dependents.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "outside of {} there is what depends on it: {}; drop that first",
        namespaces.join(" and "),
        dependents.join(", ")
    )))
}

/// Refuses what stands in the namespaces beside a schema that has never been migrated here.
pub(crate) async fn refuse_others(opened: &Opened, schema: &str, beside: &[&str]) -> Result<(), Error> {
    for namespace in beside {
        let failed = || Error::database(format!("reading what is in {namespace}"));
        let transaction = opened.begin().await.map_err(failed())?;
        let objects = catalog::objects(&transaction, namespace).await.map_err(failed())?;
        transaction.rollback().await.map_err(failed())?;
        if !objects.is_empty() {
            let names: Vec<&str> = objects.iter().map(|object| object.name.as_str()).collect();
            return Err(Error::Refused(format!(
                "{schema} owns {namespace}, and has not made what is in it: {}; give --confirm to drop that too",
                names.join(", ")
            )));
        }
    }
    Ok(())
}

/// Drops every object of the namespace and of those beside it, and the latter when nothing is left in them.
///
/// One transaction where the engine can roll structure back. MariaDB drops one by one: what a
/// killed run left, the next one drops.
pub(crate) async fn clear(opened: &Opened, beside: &[&str]) -> Result<Vec<Object>, Error> {
    let failed = || Error::database("dropping what is there");
    let dialect = Dialect::of(opened.db.get_database_backend());
    if dialect.transactional_ddl() {
        let transaction = opened.begin_writing().await.map_err(failed())?;
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
    // What stays there is an extension's, and a schema that another role made is not ours to drop.
    for namespace in beside {
        if catalog::is_spent(db, namespace).await? {
            let schema = Object { kind: "schema".to_owned(), name: dialect.quote(namespace) };
            db.execute_unprepared(&format!("DROP SCHEMA {}", schema.name)).await?;
            dropped.push(schema);
        }
    }
    Ok(dropped)
}

fn namespaces<'a>(opened: &'a Opened, beside: &[&'a str]) -> Vec<&'a str> {
    std::iter::once(opened.namespace.as_str()).chain(beside.iter().copied()).collect()
}
