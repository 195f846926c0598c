//! What namespaces hold, as one value: equal fingerprints, equal structure.

use sea_orm::{ConnectionTrait, DbErr};
use sha2::{Digest, Sha256};

use super::{introspect_all, objects, select};
use crate::{Catalog, Dialect};

// As the engine tells it, whatever the catalog makes of it, a line an object.
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
FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = database()
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

impl Catalog {
    /// SHA-256 of the structure, in hex: equal fingerprints, equal structure.
    ///
    /// Whose the objects are, who may do what with them, and how far generators of numbers have come is no
    /// part of it, nor is what its namespace is called, if names are qualified.
    pub fn fingerprint(&self, namespace: &str) -> String {
        let mut catalog = self
            .clone()
            .with_collations_written()
            .without_positions()
            .with_bare_namespaces()
            .renamed(namespace, "namespace");
        catalog.owner = None;
        let abouts = (catalog.tables.values_mut().map(|table| &mut table.about))
            .chain(catalog.views.values_mut().map(|view| &mut view.about))
            .chain(catalog.types.values_mut().map(|one| &mut one.about))
            .chain(catalog.sequences.values_mut().map(|sequence| &mut sequence.about))
            .chain(catalog.routines.values_mut().map(|routine| &mut routine.about))
            .chain(catalog.extensions.values_mut().map(|extension| &mut extension.about))
            .chain(catalog.others.values_mut().map(|other| &mut other.about));
        for about in abouts {
            about.owners.clear();
            about.grants.clear();
        }
        let json = serde_json::to_string(&catalog).expect("a catalog is plain data");
        format!("{:x}", Sha256::digest(json))
    }
}

/// SHA-256 of the structure of `namespace` and of those `beside` it, in hex.
///
/// Takes in the catalog, the names of all other objects, and what the engine tells of triggers,
/// routines, comments and storage, so that whatever a schema change does changes it, and no row does.
pub async fn fingerprint(db: &impl ConnectionTrait, namespace: &str, beside: &[&str]) -> Result<String, DbErr> {
    let dialect = Dialect::of(db.get_database_backend());
    let mut catalog = introspect_all(db, namespace, beside).await?.without_positions();
    // What the namespaces themselves are like is nobody's structure.
    catalog.namespaces.clear();
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
