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
          WHERE ROUTINE_SCHEMA = database() AND ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION', 'PACKAGE')
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

// Inside is what stands in the namespaces, and what is a part of that (deptype a, i, P, S) and stands in no
// other: the rules of a view, the constraints of a table, but no partition elsewhere. Whatever else depends
// on something inside is outside; a cast stands nowhere, and goes with its types.
const POSTGRES_DEPENDENTS: &str = "
WITH RECURSIVE inside (class, oid) AS (
  SELECT d.classid, d.objid FROM pg_depend d
  WHERE d.refclassid = 'pg_namespace'::regclass
    AND d.refobjid IN (SELECT oid FROM pg_namespace WHERE nspname IN (SELECT json_array_elements_text($1::json)))
    AND d.classid NOT IN ('pg_extension'::regclass, 'pg_default_acl'::regclass)
    AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e')
  UNION
  SELECT d.classid, d.objid
  FROM pg_depend d JOIN inside i ON i.class = d.refclassid AND i.oid = d.refobjid,
       pg_identify_object(d.classid, d.objid, 0) o
  WHERE d.deptype IN ('a', 'i', 'P', 'S')
    AND (o.schema IS NULL OR left(o.schema, 8) = 'pg_toast'
         OR o.schema IN (SELECT quote_ident(t.name) FROM json_array_elements_text($1::json) t(name)))
)
SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS name
FROM pg_depend d JOIN inside i ON i.class = d.refclassid AND i.oid = d.refobjid
WHERE NOT EXISTS (SELECT 1 FROM inside o WHERE o.class = d.classid AND o.oid = d.objid)
  AND NOT EXISTS (SELECT 1 FROM pg_cast c JOIN inside t ON t.oid IN (c.castsource, c.casttarget)
                  WHERE d.classid = 'pg_cast'::regclass AND c.oid = d.objid AND t.class = 'pg_type'::regclass)
ORDER BY 1";

const MARIADB_DEPENDENTS: &str = "
SELECT DISTINCT concat('foreign key ', CONSTRAINT_NAME, ' of ', TABLE_SCHEMA, '.', TABLE_NAME) AS name
FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = ? AND TABLE_SCHEMA <> REFERENCED_TABLE_SCHEMA
UNION SELECT concat('view ', TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.VIEWS
      WHERE TABLE_SCHEMA <> database() AND instr(VIEW_DEFINITION, concat('`', replace(database(), '`', '``'), '`.')) > 0
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

// Depth counts the materialized views on the longest way down, also through plain ones.
const MATERIALIZED: &str = "
WITH RECURSIVE reads AS (
  SELECT DISTINCT r.ev_class AS reader, d.refobjid AS source
  FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
  WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
), depth AS (
  SELECT oid, 0 AS depth FROM pg_class WHERE relkind = 'm'
  UNION SELECT r.reader, depth.depth + 1 FROM depth JOIN reads r ON r.source = depth.oid
)
SELECT format('%I.%I', n.nspname, c.relname) AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN depth ON depth.oid = c.oid
WHERE c.relkind = 'm' AND n.nspname IN (SELECT json_array_elements_text($1::json))
GROUP BY c.oid, n.nspname, c.relname ORDER BY max(depth.depth), c.oid";

/// The materialized views of `namespaces`, as SQL writes their names, each after those that it reads.
pub async fn materialized_views(db: &impl ConnectionTrait, namespaces: &[&str]) -> Result<Vec<String>, DbErr> {
    if Dialect::of(db.get_database_backend()) != Dialect::Postgres {
        return Ok(Vec::new());
    }
    let names = serde_json::to_string(namespaces).map_err(|error| DbErr::Json(error.to_string()))?;
    let rows = select(db, MATERIALIZED, [&names]).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}

// Default privileges are of the schema, and go with it.
const SPENT: &str = "
SELECT 1 FROM pg_namespace n WHERE n.nspname = $1 AND pg_has_role(n.nspowner, 'USAGE') AND NOT EXISTS
  (SELECT 1 FROM pg_depend d WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
   AND d.classid <> 'pg_default_acl'::regclass)";

/// Whether a PostgreSQL schema holds nothing any more and is this role's to drop.
pub async fn is_spent(db: &impl ConnectionTrait, namespace: &str) -> Result<bool, DbErr> {
    Ok(!select(db, SPENT, [namespace]).await?.is_empty())
}
