//! What stands beside tables: types, sequences, routines, extensions and the rarer kinds.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::{Attributes, list, timed};
use crate::introspect::select;
use crate::{About, Catalog, Check, Definition, Form, Rendered, Sequence, Type};

// Of composite types those that are no table's rows; of ranges not the multirange that comes with each.
const TYPES: &str = "
SELECT t.typname::text AS name, t.typtype::text AS kind,
       (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)::text AS labels,
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
         || coalesce((SELECT ' collate ' || quote_ident(l.collname) FROM pg_collation l JOIN pg_type b ON b.oid = t.typbasetype
                      WHERE l.oid = t.typcollation AND l.oid <> b.typcollation), '') END AS base,
       NOT t.typnotnull AS nullable, pg_get_expr(t.typdefaultbin, 0) AS default_value,
       (SELECT json_agg(json_build_array(k.conname, pg_get_expr(k.conbin, 0),
                                         CASE WHEN k.convalidated THEN '' ELSE 'NOT VALID' END) ORDER BY k.conname)
        FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')::text AS checks,
       (SELECT concat_ws(', ', 'subtype = ' || format_type(r.rngsubtype, NULL),
                         'subtype_opclass = ' || (SELECT quote_ident(o.opcname) FROM pg_opclass o WHERE o.oid = r.rngsubopc),
                         'collation = ' || (SELECT quote_ident(l.collname) FROM pg_collation l WHERE l.oid = r.rngcollation),
                         'canonical = ' || nullif(r.rngcanonical, 0)::regproc,
                         'subtype_diff = ' || nullif(r.rngsubdiff, 0)::regproc,
                         'multirange_type_name = ' || (SELECT quote_ident(m.typname) FROM pg_type m WHERE m.oid = r.rngmultitypid))
        FROM pg_range r WHERE r.rngtypid = t.oid) AS range
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE n.nspname = $1 AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
  AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')";

// deptype: a is a column's own sequence, i that of an identity. How far it is may be a secret.
const SEQUENCES: &str = "
SELECT c.relname::text AS name,
       CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END
         || format('AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s %s', format_type(s.seqtypid, NULL),
                   s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
                   CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END) AS definition,
       CASE WHEN o.relnamespace = c.relnamespace THEN format('%s.%s', o.relname, a.attname)
            ELSE format('%s.%s.%s', m.nspname, o.relname, a.attname) END AS owned_by,
       a.attnum IS NOT NULL AS is_owned, coalesce(d.deptype = 'i', false) AS is_identity,
       CASE WHEN has_sequence_privilege(c.oid, 'SELECT, USAGE') THEN pg_sequence_last_value(c.oid) END AS position
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                     AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class o ON o.oid = d.refobjid LEFT JOIN pg_namespace m ON m.oid = o.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE n.nspname = $1
  AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')";

// The types of its arguments tell a routine from others of its name; what the arguments are called does not.
// The constructors of a range come with it.
const ROUTINES: &str = "
SELECT format('%s(%s)', p.proname, oidvectortypes(p.proargtypes)) AS name,
       CASE WHEN p.prokind = 'a' THEN
         (SELECT format('CREATE AGGREGATE %I.%I(%s) (', n.nspname, p.proname, pg_get_function_arguments(p.oid))
                 || concat_ws(', ', 'SFUNC = ' || g.aggtransfn, 'STYPE = ' || format_type(g.aggtranstype, NULL),
                      'SSPACE = ' || nullif(g.aggtransspace, 0), 'FINALFUNC = ' || nullif(g.aggfinalfn, 0)::regproc,
                      CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
                      'FINALFUNC_MODIFY = ' || CASE g.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END,
                      'COMBINEFUNC = ' || nullif(g.aggcombinefn, 0)::regproc, 'SERIALFUNC = ' || nullif(g.aggserialfn, 0)::regproc,
                      'DESERIALFUNC = ' || nullif(g.aggdeserialfn, 0)::regproc, 'INITCOND = ' || quote_literal(g.agginitval),
                      'MSFUNC = ' || nullif(g.aggmtransfn, 0)::regproc, 'MINVFUNC = ' || nullif(g.aggminvtransfn, 0)::regproc,
                      CASE WHEN g.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(g.aggmtranstype, NULL) END,
                      'MSSPACE = ' || nullif(g.aggmtransspace, 0), 'MFINALFUNC = ' || nullif(g.aggmfinalfn, 0)::regproc,
                      CASE WHEN g.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
                      CASE WHEN g.aggmtranstype <> 0 THEN 'MFINALFUNC_MODIFY = ' || CASE g.aggmfinalmodify
                        WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
                      'MINITCOND = ' || quote_literal(g.aggminitval),
                      'SORTOP = ' || nullif(g.aggsortop, 0)::regoperator,
                      'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END,
                      CASE g.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END) || ')'
          FROM pg_aggregate g WHERE g.aggfnoid = p.oid)
       ELSE pg_get_functiondef(p.oid) END AS definition
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = $1
  AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))";

const EXTENSIONS: &str = "
SELECT e.extname::text AS name, 'version ' || e.extversion AS definition,
       format('CREATE EXTENSION %I SCHEMA %I VERSION %L', e.extname, n.nspname, e.extversion) AS sql
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE n.nspname = $1";

// Of the rarest kinds it is told that they are there: operators, text search configurations, conversions.
const OTHERS: &str = "
SELECT 'statistics ' || s.stxname AS name, pg_get_statisticsobjdef(s.oid) AS definition, pg_get_statisticsobjdef(s.oid) AS sql
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE n.nspname = $1
UNION ALL
SELECT 'collation ' || l.collname, l.words, format('CREATE COLLATION %I.%I (%s)', $1, l.collname, l.words)
FROM (SELECT l.collname, concat_ws(', ', 'provider = ' || CASE l.collprovider WHEN 'i' THEN 'icu' ELSE 'libc' END,
        CASE WHEN l.collcollate = l.collctype THEN 'locale = ' || quote_literal(l.collcollate) END,
        CASE WHEN l.collcollate <> l.collctype THEN 'lc_collate = ' || quote_literal(l.collcollate)
          || ', lc_ctype = ' || quote_literal(l.collctype) END,
        'locale = ' || quote_literal(coalesce(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale')),
        CASE WHEN NOT l.collisdeterministic THEN 'deterministic = false' END) AS words
      FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
      WHERE n.nspname = $1
        AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_collation'::regclass AND e.objid = l.oid AND e.deptype = 'e')
     ) l
UNION ALL
SELECT i.type || ' ' || i.identity, i.type, NULL
FROM pg_depend d JOIN pg_namespace n ON n.oid = d.refobjid, pg_identify_object(d.classid, d.objid, 0) i
WHERE d.refclassid = 'pg_namespace'::regclass AND n.nspname = $1 AND d.classid NOT IN
    ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_statistic_ext'::regclass, 'pg_collation'::regclass,
     'pg_extension'::regclass, 'pg_default_acl'::regclass, 'pg_publication_namespace'::regclass)
  AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype IN ('e', 'i'))";

pub(super) async fn read(
    db: &impl ConnectionTrait,
    namespace: &str,
    mut attributes: Attributes,
    catalog: &mut Catalog,
) -> Result<(), DbErr> {
    for row in select(db, TYPES, [namespace]).await? {
        let name: String = row.try_get("", "name")?;
        let form = form(&row, attributes.remove(&name))?;
        catalog.types.insert(name, Type { form, about: About::default() });
    }
    for row in select(db, SEQUENCES, [namespace]).await? {
        let is_owned: bool = row.try_get("", "is_owned")?;
        let owned_by: Option<String> = row.try_get("", "owned_by")?;
        let sequence = Sequence {
            definition: row.try_get("", "definition")?,
            owned_by: owned_by.filter(|_| is_owned),
            is_identity: row.try_get("", "is_identity")?,
            position: row.try_get("", "position")?,
            about: About::default(),
        };
        catalog.sequences.insert(row.try_get("", "name")?, sequence);
    }
    for row in select(db, ROUTINES, [namespace]).await? {
        let definition: String = row.try_get("", "definition")?;
        let sql = Rendered(definition.clone());
        catalog.routines.insert(row.try_get("", "name")?, Definition { definition, sql, ..Definition::default() });
    }
    catalog.extensions = definitions(db, EXTENSIONS, namespace).await?;
    catalog.others = definitions(db, OTHERS, namespace).await?;
    Ok(())
}

async fn definitions(
    db: &impl ConnectionTrait,
    sql: &str,
    namespace: &str,
) -> Result<BTreeMap<String, Definition>, DbErr> {
    let rows = select(db, sql, [namespace]).await?;
    let definition = |row: &QueryResult| {
        let sql: Option<String> = row.try_get("", "sql")?;
        let (definition, sql) = (row.try_get("", "definition")?, Rendered(sql.unwrap_or_default()));
        Ok((row.try_get("", "name")?, Definition { definition, sql, ..Definition::default() }))
    };
    rows.iter().map(definition).collect()
}

fn form(row: &QueryResult, attributes: Option<Vec<String>>) -> Result<Form, DbErr> {
    let kind: String = row.try_get("", "kind")?;
    Ok(match kind.as_str() {
        "e" => Form::Enum(list(row, "labels")?),
        "d" => {
            let checks: Option<String> = row.try_get("", "checks")?;
            let checks: Vec<(String, String, String)> = serde_json::from_str(checks.as_deref().unwrap_or("[]"))
                .map_err(|error| DbErr::Json(format!("checks: {error}")))?;
            let check = |(name, expression, modifiers): (String, String, String)| Check {
                name: Some(name),
                expression: timed(&expression),
                modifiers,
                ..Check::default()
            };
            Form::Domain {
                base: row.try_get("", "base")?,
                nullable: row.try_get("", "nullable")?,
                default: row.try_get::<Option<String>>("", "default_value")?.as_deref().map(timed),
                checks: checks.into_iter().map(check).collect(),
            }
        }
        "r" => Form::Range(row.try_get("", "range")?),
        _ => Form::Composite(attributes.unwrap_or_default()),
    })
}
