//! Comments, owners, grants and storage of whatever was read.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};

use crate::introspect::{commonest, select};
use crate::{About, Catalog};

// Every object of the namespace with its oid: where it stands in the catalog, and as which part.
const PARTS: &str = "
parts (shelf, key, part, class, oid, sub) AS (
  SELECT 'relation', c.relname::text, '', 'pg_class'::regclass, c.oid, 0
  FROM pg_class c, home h WHERE c.relnamespace = h.oid AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
  UNION ALL
  SELECT 'relation', c.relname::text, 'column ' || a.attname, 'pg_class'::regclass, c.oid, a.attnum::int
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, home h
  WHERE c.relnamespace = h.oid AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT 'relation', t.relname::text, 'index ' || c.relname, 'pg_class'::regclass, c.oid, 0
  FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid, home h
  WHERE t.relnamespace = h.oid
  UNION ALL
  SELECT 'relation', c.relname::text, 'constraint ' || k.conname, 'pg_constraint'::regclass, k.oid, 0
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid, home h WHERE c.relnamespace = h.oid
  UNION ALL
  SELECT 'relation', c.relname::text, 'trigger ' || t.tgname, 'pg_trigger'::regclass, t.oid, 0
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid, home h WHERE c.relnamespace = h.oid AND NOT t.tgisinternal
  UNION ALL
  SELECT 'relation', c.relname::text, 'policy ' || p.polname, 'pg_policy'::regclass, p.oid, 0
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid, home h WHERE c.relnamespace = h.oid
  UNION ALL
  SELECT 'relation', c.relname::text, 'rule ' || r.rulename, 'pg_rewrite'::regclass, r.oid, 0
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class, home h WHERE c.relnamespace = h.oid AND r.rulename <> '_RETURN'
  UNION ALL
  SELECT 'type', t.typname::text, '', 'pg_type'::regclass, t.oid, 0 FROM pg_type t, home h WHERE t.typnamespace = h.oid
  UNION ALL
  SELECT 'type', t.typname::text, 'constraint ' || k.conname, 'pg_constraint'::regclass, k.oid, 0
  FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid, home h WHERE t.typnamespace = h.oid
  UNION ALL
  SELECT 'type', t.typname::text, 'attribute ' || a.attname, 'pg_class'::regclass, t.typrelid, a.attnum::int
  FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c' JOIN pg_attribute a ON a.attrelid = c.oid, home h
  WHERE t.typnamespace = h.oid
  UNION ALL
  SELECT 'routine', format('%s(%s)', p.proname, oidvectortypes(p.proargtypes)), '', 'pg_proc'::regclass, p.oid, 0
  FROM pg_proc p, home h WHERE p.pronamespace = h.oid
  UNION ALL
  SELECT 'extension', e.extname::text, '', 'pg_extension'::regclass, e.oid, 0
  FROM pg_extension e, home h WHERE e.extnamespace = h.oid
  UNION ALL
  SELECT 'other', 'statistics ' || s.stxname, '', 'pg_statistic_ext'::regclass, s.oid, 0
  FROM pg_statistic_ext s, home h WHERE s.stxnamespace = h.oid
  UNION ALL
  SELECT 'other', 'collation ' || l.collname, '', 'pg_collation'::regclass, l.oid, 0
  FROM pg_collation l, home h WHERE l.collnamespace = h.oid
  UNION ALL
  SELECT 'namespace', '', '', 'pg_namespace'::regclass, h.oid, 0 FROM home h
)";

// An extension's own comment comes with it.
const COMMENTS: &str = "
SELECT p.shelf, p.key, p.part, d.description AS said
FROM parts p JOIN pg_description d ON d.classoid = p.class AND d.objoid = p.oid AND d.objsubid = p.sub
WHERE p.shelf <> 'extension'";

const OWNERS: &str = "
SELECT p.shelf, p.key, p.part, pg_get_userbyid(o.owner)::text AS said
FROM parts p JOIN (
  SELECT 'pg_class'::regclass AS class, oid, relowner AS owner FROM pg_class WHERE relkind <> 'i'
  UNION ALL SELECT 'pg_type'::regclass, oid, typowner FROM pg_type
  UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc
  UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxowner FROM pg_statistic_ext
  UNION ALL SELECT 'pg_collation'::regclass, oid, collowner FROM pg_collation
  UNION ALL SELECT 'pg_namespace'::regclass, oid, nspowner FROM pg_namespace
) o ON o.class = p.class AND o.oid = p.oid AND p.part = ''";

// What differs from what the owner and everybody have by default, so that the owner's name does not matter, nor
// what the deployment's default privileges have given.
const GRANTS: &str = "
SELECT a.shelf, a.key, a.part, string_agg(a.words, '; ' ORDER BY a.words) AS said
FROM (
  SELECT e.shelf, e.key, e.part,
         CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END || ': '
           || CASE WHEN e.is_default THEN 'not ' ELSE '' END
           || string_agg(e.privilege, ', ' ORDER BY e.privilege) AS words
  FROM (
    SELECT a.shelf, a.key, a.part, x.grantee, false AS is_default,
           x.privilege_type || CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS privilege
    FROM acls a, aclexplode(a.acl) x
    WHERE NOT EXISTS (SELECT 1 FROM aclexplode(acldefault(a.kind, a.owner)) y
                      WHERE (y.grantee, y.privilege_type, y.is_grantable) = (x.grantee, x.privilege_type, x.is_grantable))
      AND NOT EXISTS (SELECT 1 FROM pg_default_acl d, home h, aclexplode(d.defaclacl) y
                      WHERE d.defaclrole = a.owner AND d.defaclnamespace IN (0, h.oid)
                        AND d.defaclobjtype = CASE a.kind WHEN 's' THEN 'S' ELSE a.kind END
                        AND (y.grantee, y.privilege_type, y.is_grantable) = (x.grantee, x.privilege_type, x.is_grantable))
    UNION ALL
    SELECT a.shelf, a.key, a.part, y.grantee, true, y.privilege_type
    FROM acls a, aclexplode(acldefault(a.kind, a.owner)) y
    WHERE NOT EXISTS (SELECT 1 FROM aclexplode(a.acl) x WHERE (y.grantee, y.privilege_type) = (x.grantee, x.privilege_type))
  ) e
  GROUP BY e.shelf, e.key, e.part, e.grantee, e.is_default
) a
GROUP BY a.shelf, a.key, a.part
UNION ALL
SELECT 'namespace', '', format('default %s of %s', CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
         WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' ELSE 'schemas' END, quote_ident(pg_get_userbyid(d.defaclrole))),
       array_to_string(d.defaclacl, ', ')
FROM pg_default_acl d, home h WHERE d.defaclnamespace = h.oid";

const ACLS: &str = "
acls (shelf, key, part, kind, owner, acl) AS (
  SELECT p.shelf, p.key, p.part, CASE c.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r' END, c.relowner, c.relacl
  FROM parts p JOIN pg_class c ON p.class = 'pg_class'::regclass AND c.oid = p.oid AND p.part = '' WHERE c.relacl IS NOT NULL
  UNION ALL
  SELECT p.shelf, p.key, p.part, 'c', c.relowner, a.attacl
  FROM parts p JOIN pg_attribute a ON p.class = 'pg_class'::regclass AND a.attrelid = p.oid AND a.attnum = p.sub
  JOIN pg_class c ON c.oid = p.oid WHERE p.sub > 0 AND a.attacl IS NOT NULL
  UNION ALL
  SELECT p.shelf, p.key, p.part, 'f', f.proowner, f.proacl
  FROM parts p JOIN pg_proc f ON p.class = 'pg_proc'::regclass AND f.oid = p.oid WHERE f.proacl IS NOT NULL
  UNION ALL
  SELECT p.shelf, p.key, p.part, 'T', t.typowner, t.typacl
  FROM parts p JOIN pg_type t ON p.class = 'pg_type'::regclass AND t.oid = p.oid WHERE t.typacl IS NOT NULL
  UNION ALL
  SELECT p.shelf, p.key, p.part, 'n', n.nspowner, n.nspacl
  FROM parts p JOIN pg_namespace n ON p.class = 'pg_namespace'::regclass AND n.oid = p.oid WHERE n.nspacl IS NOT NULL
)";

const STORAGE: &str = "
SELECT p.shelf, p.key, p.part, s.said
FROM parts p JOIN pg_class c ON c.oid = p.oid AND c.relkind NOT IN ('v', 'S') LEFT JOIN pg_class t ON t.oid = c.reltoastrelid,
LATERAL (SELECT concat_ws(', ', array_to_string(c.reloptions, ', '),
                          (SELECT string_agg('toast.' || o, ', ') FROM unnest(t.reloptions) o),
                          'TABLESPACE ' || (SELECT quote_ident(s.spcname) FROM pg_tablespace s WHERE s.oid = c.reltablespace),
                          'USING ' || (SELECT quote_ident(m.amname) FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'
                                       AND c.relkind NOT IN ('i', 'I')),
                          CASE WHEN c.relkind = 'i' THEN
                            (SELECT string_agg(format('STATISTICS %s FOR COLUMN %s', a.attstattarget, a.attnum), ', ' ORDER BY a.attnum)
                             FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0) END,
                          CASE WHEN EXISTS (SELECT 1 FROM pg_index x WHERE x.indexrelid = c.oid AND x.indisclustered)
                               THEN 'CLUSTER' END) AS said) s
WHERE p.class = 'pg_class'::regclass AND p.sub = 0 AND s.said <> ''
UNION ALL
SELECT p.shelf, p.key, p.part, s.said
FROM parts p JOIN pg_attribute a ON p.class = 'pg_class'::regclass AND a.attrelid = p.oid AND a.attnum = p.sub
JOIN pg_type t ON t.oid = a.atttypid,
LATERAL (SELECT concat_ws(', ', CASE WHEN a.attstorage <> t.typstorage THEN 'STORAGE ' || CASE a.attstorage
                            WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
                          CASE a.attcompression WHEN 'p' THEN 'COMPRESSION pglz' WHEN 'l' THEN 'COMPRESSION lz4' END,
                          CASE WHEN a.attstattarget >= 0 THEN 'STATISTICS ' || a.attstattarget END,
                          (SELECT string_agg(o, ', ') FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg\\_%')) AS said) s
WHERE p.sub > 0 AND s.said <> ''
UNION ALL
SELECT p.shelf, p.key, p.part, 'STATISTICS ' || e.stxstattarget
FROM parts p JOIN pg_statistic_ext e ON p.class = 'pg_statistic_ext'::regclass AND e.oid = p.oid WHERE e.stxstattarget >= 0";

pub(super) async fn read(db: &impl ConnectionTrait, namespace: &str, catalog: &mut Catalog) -> Result<(), DbErr> {
    catalog.namespaces.insert(String::new(), About::default());
    let home = "WITH home AS (SELECT oid FROM pg_namespace WHERE nspname = $1)";
    for (with, sql, map) in [
        ("", COMMENTS, (|about| &mut about.comments) as fn(&mut About) -> &mut BTreeMap<String, String>),
        ("", STORAGE, |about| &mut about.storage),
        (ACLS, GRANTS, |about| &mut about.grants),
    ] {
        let acls = if with.is_empty() { String::new() } else { format!(",{with}") };
        for row in select(db, &format!("{home},{PARTS}{acls}{sql}"), [namespace]).await? {
            let (part, mut said): (String, String) = (row.try_get("", "part")?, row.try_get("", "said")?);
            if sql == STORAGE {
                said = super::storage_options(&said);
            }
            if let Some(about) =
                shelf(catalog, &row.try_get::<String>("", "shelf")?, &row.try_get::<String>("", "key")?)
            {
                map(about).insert(part, said);
            }
        }
    }
    let mut owners = Vec::new();
    for row in select(db, &format!("{home},{PARTS}{OWNERS}"), [namespace]).await? {
        let (shelf, key): (String, String) = (row.try_get("", "shelf")?, row.try_get("", "key")?);
        owners.push((shelf, key, row.try_get::<String>("", "said")?));
    }
    let of_objects = owners.iter().filter(|(shelf, ..)| shelf != "namespace");
    catalog.owner = commonest(of_objects.map(|(.., owner)| owner.as_str()));
    for (on, key, owner) in owners {
        // Where there is no object, there is nobody whose the others are.
        let is_other = catalog.owner.as_ref().is_some_and(|commonest| *commonest != owner);
        if is_other && let Some(about) = shelf(catalog, &on, &key) {
            about.owners.insert(String::new(), owner);
        }
    }
    Ok(())
}

/// What is said of an object, by the map of the catalog that it is in.
fn shelf<'a>(catalog: &'a mut Catalog, shelf: &str, key: &str) -> Option<&'a mut About> {
    match shelf {
        "relation" => {
            let table = catalog.tables.get_mut(key).map(|table| &mut table.about);
            let view = catalog.views.get_mut(key).map(|view| &mut view.about);
            table.or(view).or(catalog.sequences.get_mut(key).map(|sequence| &mut sequence.about))
        }
        "type" => catalog.types.get_mut(key).map(|one| &mut one.about),
        "routine" => catalog.routines.get_mut(key).map(|routine| &mut routine.about),
        "extension" => catalog.extensions.get_mut(key).map(|extension| &mut extension.about),
        "other" => catalog.others.get_mut(key).map(|other| &mut other.about),
        _ => catalog.namespaces.get_mut(key),
    }
}
