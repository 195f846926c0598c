//! SQLite: foreign keys by their targets, views and triggers by having the engine compile what uses them.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};

use super::References;
use crate::Dialect;

/// The columns of a foreign key, and of the key that it points to; none where that is the primary key.
struct Key {
    columns: Vec<String>,
    parent: String,
    target: Option<Vec<String>>,
}

pub(super) async fn references(db: &impl ConnectionTrait, namespace: &str) -> Result<References, DbErr> {
    let mut references = References::new();
    let unique = unique_keys(db, namespace).await?;
    for (table, keys) in foreign_keys(db, namespace).await? {
        for key in keys {
            let name = format!("{table} ({})", key.columns.join(", "));
            // Two keys may be over the same columns: one that points to nothing is enough.
            let seen = references.get(&name).cloned().flatten();
            references.insert(name, seen.or_else(|| missed(&key, &unique)));
        }
    }
    for (kind, name) in compiled(db, namespace).await? {
        let quoted = format!("{}.{}", Dialect::Sqlite.quote(namespace), Dialect::Sqlite.quote(&name));
        if kind == "view" {
            references.insert(format!("view {name}"), refused(db, &format!("SELECT * FROM {quoted}")).await);
        }
        // The columns of a view that cannot be read are not known: the view itself is what is broken.
        for (event, sql) in writes(db, namespace, &name, &quoted).await.unwrap_or_default() {
            references.insert(format!("{event} of {name}"), refused(db, &sql).await);
        }
    }
    Ok(references)
}

/// What is missing under a foreign key: its table, or a key over the columns that it points to.
fn missed(key: &Key, unique: &BTreeMap<String, BTreeSet<Vec<String>>>) -> Option<String> {
    let Some(keys) = unique.get(&key.parent.to_lowercase()) else { return Some(format!("no table {}", key.parent)) };
    let folded = |columns: &[String]| {
        let mut columns: Vec<String> = columns.iter().map(|column| column.to_lowercase()).collect();
        columns.sort();
        columns
    };
    let is_key = match &key.target {
        Some(target) => keys.contains(&folded(target)),
        None => keys.iter().any(|columns| columns.len() == key.columns.len()),
    };
    let target = key.target.as_ref().map_or_else(|| "primary key".to_owned(), |target| target.join(", "));
    (!is_key).then(|| format!("no unique key {} ({target})", key.parent))
}

async fn foreign_keys(db: &impl ConnectionTrait, namespace: &str) -> Result<BTreeMap<String, Vec<Key>>, DbErr> {
    let sql = format!(
        "SELECT m.name AS child, f.id, f.\"table\" AS parent, f.\"from\" AS of, f.\"to\" AS target \
         FROM {}.sqlite_schema m, pragma_foreign_key_list(m.name, '{namespace}') f WHERE m.type = 'table' \
         ORDER BY m.name, f.id, f.seq",
        Dialect::Sqlite.quote(namespace)
    );
    let mut found: BTreeMap<(String, i64), Key> = BTreeMap::new();
    for row in all(db, sql).await? {
        let id = (row.try_get("", "child")?, row.try_get("", "id")?);
        let parent: String = row.try_get("", "parent")?;
        let key = found.entry(id).or_insert_with(|| Key { columns: Vec::new(), parent, target: None });
        key.columns.push(row.try_get("", "of")?);
        if let Some(target) = row.try_get("", "target")? {
            key.target.get_or_insert_default().push(target);
        }
    }
    let mut keys: BTreeMap<String, Vec<Key>> = BTreeMap::new();
    for ((child, _), key) in found {
        keys.entry(child).or_default().push(key);
    }
    Ok(keys)
}

/// The keys of each table that a foreign key may point to, all in small letters, columns in order of name.
async fn unique_keys(
    db: &impl ConnectionTrait,
    namespace: &str,
) -> Result<BTreeMap<String, BTreeSet<Vec<String>>>, DbErr> {
    let schema = Dialect::Sqlite.quote(namespace);
    // A column of an index over an expression has no name, and no key may point there.
    let sql = format!(
        "SELECT m.name AS owner, '' AS index_name, c.name AS column_name \
         FROM {schema}.sqlite_schema m, pragma_table_info(m.name, '{namespace}') c \
         WHERE m.type = 'table' AND c.pk > 0 AND m.sql NOT LIKE 'CREATE VIRTUAL%' \
         UNION ALL SELECT m.name, i.name, coalesce(k.name, '') \
         FROM {schema}.sqlite_schema m, pragma_index_list(m.name, '{namespace}') i, \
         pragma_index_info(i.name, '{namespace}') k \
         WHERE m.type = 'table' AND i.\"unique\" = 1 AND i.partial = 0 AND m.sql NOT LIKE 'CREATE VIRTUAL%'"
    );
    let tables = format!("SELECT name AS owner FROM {schema}.sqlite_schema WHERE type = 'table'");
    let mut columns: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in all(db, sql).await? {
        let (owner, index, column): (String, String, String) =
            (row.try_get("", "owner")?, row.try_get("", "index_name")?, row.try_get("", "column_name")?);
        columns.entry((owner.to_lowercase(), index)).or_default().push(column.to_lowercase());
    }
    let mut keys: BTreeMap<String, BTreeSet<Vec<String>>> = BTreeMap::new();
    for row in all(db, tables).await? {
        keys.insert(row.try_get::<String>("", "owner")?.to_lowercase(), BTreeSet::new());
    }
    for ((owner, _), mut key) in columns {
        key.sort();
        keys.entry(owner).or_default().insert(key);
    }
    Ok(keys)
}

/// The views, and the tables that have triggers.
async fn compiled(db: &impl ConnectionTrait, namespace: &str) -> Result<Vec<(String, String)>, DbErr> {
    let schema = Dialect::Sqlite.quote(namespace);
    let sql = format!(
        "SELECT type AS kind, name FROM {schema}.sqlite_schema WHERE type = 'view' \
         OR type = 'table' AND name IN (SELECT tbl_name FROM {schema}.sqlite_schema WHERE type = 'trigger') ORDER BY 2"
    );
    let rows = all(db, sql).await?;
    rows.iter().map(|row| Ok((row.try_get("", "kind")?, row.try_get("", "name")?))).collect()
}

/// A write of each kind to a table or view with triggers, by the word for these triggers.
async fn writes(
    db: &impl ConnectionTrait,
    namespace: &str,
    name: &str,
    quoted: &str,
) -> Result<Vec<(&'static str, String)>, DbErr> {
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let sql = format!(
        "SELECT c.name FROM pragma_table_xinfo({}, '{namespace}') c WHERE c.hidden = 0 \
         AND EXISTS (SELECT 1 FROM {}.sqlite_schema WHERE type = 'trigger' AND tbl_name = {0})",
        literal(name),
        Dialect::Sqlite.quote(namespace)
    );
    let mut columns = Vec::new();
    for row in all(db, sql).await? {
        columns.push(Dialect::Sqlite.quote(&row.try_get::<String>("", "name")?));
    }
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let same: Vec<String> = columns.iter().map(|column| format!("{column} = {column}")).collect();
    let nothing = vec!["NULL"; columns.len()].join(", ");
    Ok(vec![
        ("insert triggers", format!("INSERT INTO {quoted} ({}) VALUES ({nothing})", columns.join(", "))),
        ("update triggers", format!("UPDATE {quoted} SET {}", same.join(", "))),
        ("delete triggers", format!("DELETE FROM {quoted}")),
    ])
}

/// What a statement misses when the engine compiles it. Any other error is no missing reference.
async fn refused(db: &impl ConnectionTrait, sql: &str) -> Option<String> {
    // The plan, and not the code: listing that of a trigger that fires itself crashes SQLite 3.51.
    let explained = Statement::from_string(db.get_database_backend(), format!("EXPLAIN QUERY PLAN {sql}"));
    let said = db.query_all_raw(explained).await.err()?.to_string();
    said.find("no such ").map(|at| said[at..].replacen("no such", "no", 1))
}

async fn all(db: &impl ConnectionTrait, sql: String) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await
}
