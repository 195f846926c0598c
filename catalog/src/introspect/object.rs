//! Whatever a namespace holds, by name: what `fresh` drops, and what outside hangs on it.

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;

use super::select;
use crate::Dialect;

/// Something that stands in a namespace by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Object {
    /// Its kind in words: `table`, `materialized view`.
    pub kind: String,
    /// Its name as SQL writes it, qualified on PostgreSQL.
    pub name: String,
}

impl Object {
    /// The statement that drops it, if it is there.
    ///
    /// With CASCADE on PostgreSQL, so that the order in a namespace does not matter; what outside
    /// hangs on it is for [`dependents`] to say before.
    pub fn drop_statement(&self, dialect: Dialect) -> String {
        let kind = match self.kind.as_str() {
            "composite type" => "type",
            "statistics object" => "statistics",
            kind => kind,
        };
        let cascade = if dialect == Dialect::Postgres { " CASCADE" } else { "" };
        format!("DROP {} IF EXISTS {}{cascade}", kind.to_ascii_uppercase(), self.name)
    }
}

// Views before what they read; virtual tables before the tables in which they keep their rows.
const SQLITE: &str = "
SELECT type AS kind, name FROM sqlite_schema
WHERE type IN ('view', 'table') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY type DESC, sql NOT LIKE 'CREATE VIRTUAL TABLE%', name";

// Whatever depends on the namespace itself, less extensions and what they brought, default privileges, and
// what is part of something else and goes with it, such as a column's sequence.
const POSTGRES: &str = "
SELECT i.type AS kind, i.identity AS name
FROM pg_depend d
JOIN pg_namespace n ON n.oid = d.refobjid,
     pg_identify_object(d.classid, d.objid, 0) i
WHERE d.refclassid = 'pg_namespace'::regclass AND n.nspname = $1
  AND i.type NOT IN ('extension', 'default acl', 'publication namespace')
  AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid
                  AND (e.refclassid, e.refobjid) IS DISTINCT FROM (e.classid, e.objid)
                  AND (e.deptype IN ('e', 'i') OR e.deptype = 'a' AND i.type = 'sequence'))
ORDER BY d.classid, d.objid";

const MARIADB: &str = "
SELECT CASE TABLE_TYPE WHEN 'VIEW' THEN 'view' WHEN 'SEQUENCE' THEN 'sequence' ELSE 'table' END AS kind,
       TABLE_NAME AS name
FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'TEMPORARY'
UNION ALL SELECT lower(ROUTINE_TYPE), ROUTINE_NAME FROM information_schema.ROUTINES
          WHERE ROUTINE_SCHEMA = database() AND ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION')
UNION ALL SELECT 'event', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = database()
ORDER BY kind DESC, name";

/// Everything that `namespace` holds; on SQLite and MariaDB the connection's own.
pub async fn objects(db: &impl ConnectionTrait, namespace: &str) -> Result<Vec<Object>, DbErr> {
    let dialect = Dialect::of(db.get_database_backend());
    let rows = match dialect {
        Dialect::Sqlite => select(db, SQLITE, []).await?,
        Dialect::Postgres => select(db, POSTGRES, [namespace]).await?,
        Dialect::MariaDb => select(db, MARIADB, [namespace]).await?,
    };
    let object = |row: &sea_orm::QueryResult| {
        let name: String = row.try_get("", "name")?;
        // PostgreSQL gives identities, which are quoted already.
        let name = if dialect == Dialect::Postgres { name } else { dialect.quote(&name) };
        Ok(Object { kind: row.try_get("", "kind")?, name })
    };
    rows.iter().map(object).collect()
}

// The namespace of a dependent is that of the table it is part of, where it is a part of one.
const POSTGRES_DEPENDENTS: &str = "
WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname IN (SELECT json_array_elements_text($1::json))),
inside AS (
  SELECT 'pg_class'::regclass AS class, oid FROM pg_class WHERE relnamespace IN (SELECT oid FROM ours)
  UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type WHERE typnamespace IN (SELECT oid FROM ours)
  UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace IN (SELECT oid FROM ours)
), dependent AS (
  SELECT d.classid, d.objid, d.objsubid,
    CASE d.classid
      WHEN 'pg_class'::regclass THEN (SELECT relnamespace FROM pg_class WHERE oid = d.objid)
      WHEN 'pg_type'::regclass THEN (SELECT typnamespace FROM pg_type WHERE oid = d.objid)
      WHEN 'pg_proc'::regclass THEN (SELECT pronamespace FROM pg_proc WHERE oid = d.objid)
      WHEN 'pg_constraint'::regclass THEN (SELECT connamespace FROM pg_constraint WHERE oid = d.objid)
      WHEN 'pg_rewrite'::regclass THEN
        (SELECT relnamespace FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE r.oid = d.objid)
      WHEN 'pg_attrdef'::regclass THEN
        (SELECT relnamespace FROM pg_attrdef a JOIN pg_class c ON c.oid = a.adrelid WHERE a.oid = d.objid)
      WHEN 'pg_trigger'::regclass THEN
        (SELECT relnamespace FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.oid = d.objid)
      WHEN 'pg_policy'::regclass THEN
        (SELECT relnamespace FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE p.oid = d.objid)
    END AS namespace
  FROM pg_depend d JOIN inside i ON i.class = d.refclassid AND i.oid = d.refobjid
  WHERE d.deptype IN ('n', 'a')
)
SELECT DISTINCT pg_describe_object(classid, objid, objsubid) AS name
FROM dependent WHERE namespace IS NOT NULL AND namespace NOT IN (SELECT oid FROM ours) ORDER BY 1";

const MARIADB_DEPENDENTS: &str = "
SELECT DISTINCT concat('foreign key ', CONSTRAINT_NAME, ' of ', TABLE_SCHEMA, '.', TABLE_NAME) AS name
FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = ? AND TABLE_SCHEMA <> REFERENCED_TABLE_SCHEMA
ORDER BY name";

/// What outside of `namespaces` would go, or point nowhere, if everything in them were dropped.
pub async fn dependents(db: &impl ConnectionTrait, namespaces: &[&str]) -> Result<Vec<String>, DbErr> {
    let rows = match Dialect::of(db.get_database_backend()) {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres => {
            let names = serde_json::to_string(namespaces).map_err(|error| DbErr::Json(error.to_string()))?;
            select(db, POSTGRES_DEPENDENTS, [&names]).await?
        }
        Dialect::MariaDb => select(db, MARIADB_DEPENDENTS, [namespaces.first().copied().unwrap_or_default()]).await?,
    };
    rows.iter().map(|row| row.try_get("", "name")).collect()
}

// A view is never older than one that it reads.
const MATERIALIZED: &str = "
SELECT format('%I.%I', n.nspname, c.relname) AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'm' AND n.nspname IN (SELECT json_array_elements_text($1::json)) ORDER BY c.oid";

/// The materialized views of `namespaces`, as SQL writes their names, each after those that it reads.
pub async fn materialized_views(db: &impl ConnectionTrait, namespaces: &[&str]) -> Result<Vec<String>, DbErr> {
    if Dialect::of(db.get_database_backend()) != Dialect::Postgres {
        return Ok(Vec::new());
    }
    let names = serde_json::to_string(namespaces).map_err(|error| DbErr::Json(error.to_string()))?;
    let rows = select(db, MATERIALIZED, [&names]).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}
