//! What namespaces hold, as one value: equal fingerprints, equal structure.

use sea_orm::{ConnectionTrait, DbErr};
use sha2::{Digest, Sha256};

use super::{introspect_all, objects, select};
use crate::Dialect;

// What the catalog does not read yet, a line an object.
const SQLITE: &str =
    "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_schema ORDER BY type, name";

const POSTGRES: &str = "
SELECT pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text AS line FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND NOT t.tgisinternal
UNION ALL SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = $1 AND p.prokind IN ('f', 'p')
UNION ALL SELECT concat_ws(' ', d.objoid::regclass, d.objsubid, d.description) FROM pg_description d
JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1
ORDER BY line";

const MARIADB: &str = "
SELECT concat_ws(' ', TABLE_NAME, ENGINE, ROW_FORMAT, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT) AS line
FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'TEMPORARY'
UNION ALL SELECT concat_ws(' ', TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_TYPE, COLLATION_NAME, COLUMN_COMMENT)
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = database()
UNION ALL SELECT concat_ws(' ', TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT)
FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = database()
UNION ALL SELECT concat_ws(' ', ROUTINE_TYPE, ROUTINE_NAME, DTD_IDENTIFIER, ROUTINE_DEFINITION, ROUTINE_COMMENT)
FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = database()
UNION ALL SELECT concat_ws(' ', EVENT_NAME, EVENT_DEFINITION, INTERVAL_VALUE, INTERVAL_FIELD, STATUS)
FROM information_schema.EVENTS WHERE EVENT_SCHEMA = database()
UNION ALL SELECT concat_ws(' ', TABLE_NAME, PARTITION_NAME, SUBPARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION,
                           PARTITION_DESCRIPTION)
FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = database() AND PARTITION_NAME IS NOT NULL
UNION ALL SELECT concat_ws(' ', DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME)
FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = database()
ORDER BY line";

/// SHA-256 of the structure of `namespace` and of those `beside` it, in hex.
///
/// Takes in the catalog, the names of all other objects, and what the engine tells of triggers,
/// routines, comments and storage, so that whatever a schema change does changes it.
pub async fn fingerprint(db: &impl ConnectionTrait, namespace: &str, beside: &[&str]) -> Result<String, DbErr> {
    let dialect = Dialect::of(db.get_database_backend());
    let catalog = introspect_all(db, namespace, beside).await?;
    let mut hash = Sha256::new();
    hash.update(serde_json::to_string(&catalog).map_err(|error| DbErr::Json(error.to_string()))?);
    for namespace in std::iter::once(namespace).chain(beside.iter().copied()) {
        for object in objects(db, namespace).await? {
            hash.update(format!("\n{} {}", object.kind, object.name));
        }
        let rows = match dialect {
            Dialect::Sqlite => select(db, SQLITE, []).await?,
            Dialect::Postgres => select(db, POSTGRES, [namespace]).await?,
            Dialect::MariaDb => select(db, MARIADB, [namespace]).await?,
        };
        for row in rows {
            let line: Option<String> = row.try_get("", "line")?;
            hash.update(format!("\n{}", line.unwrap_or_default()));
        }
    }
    Ok(format!("{:x}", hash.finalize()))
}
