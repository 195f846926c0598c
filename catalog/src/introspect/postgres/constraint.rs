//! Keys, CHECKs, exclusions and indexes.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::{list, timed};
use crate::introspect::{owner, select};
use crate::{Action, Catalog, Check, ForeignKey, Index, Key, Rendered, Table};

// Of a partitioned table's foreign key the server makes one for each partition, which goes with it.
// A CHECK is LOCAL if its table defines it, beside the parents that it is inherited from.
// A foreign key works through triggers of its own; those of a superuser's making may be switched off.
// A later PostgreSQL has a column for it: asked through JSON, so that an earlier one need not know it.
const CONSTRAINTS: &str = "
SELECT c.relname::text AS table_name, k.conname::text AS name, k.contype::text AS kind,
       (SELECT json_agg(a.attname ORDER BY u.position) FROM unnest(k.conkey) WITH ORDINALITY u(number, position)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number)::text AS columns,
       CASE WHEN t.relnamespace = c.relnamespace THEN t.relname::text ELSE format('%s.%s', tn.nspname, t.relname) END AS target,
       (SELECT json_agg(a.attname ORDER BY u.position) FROM unnest(k.confkey) WITH ORDINALITY u(number, position)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number)::text AS target_columns,
       k.confdeltype::text AS on_delete, k.confupdtype::text AS on_update,
       pg_get_expr(k.conbin, k.conrelid) AS expression, pg_get_constraintdef(k.oid) AS sql,
       concat_ws(' ', CASE k.confmatchtype WHEN 'f' THEN 'MATCH FULL' END,
                 (SELECT 'ON DELETE ONLY (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
                  FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.confdelsetcols)),
                 CASE WHEN x.indnullsnotdistinct THEN 'NULLS NOT DISTINCT' END,
                 CASE WHEN x.indnatts > x.indnkeyatts THEN
                   (SELECT 'INCLUDE (' || string_agg(pg_get_indexdef(x.indexrelid, n, false), ', ' ORDER BY n) || ')'
                    FROM generate_series(x.indnkeyatts + 1, x.indnatts) n) END,
                 CASE WHEN k.condeferrable THEN 'DEFERRABLE' END, CASE WHEN k.condeferred THEN 'INITIALLY DEFERRED' END,
                 CASE WHEN k.contype = 'c' AND k.connoinherit THEN 'NO INHERIT' END,
                 CASE WHEN k.contype = 'c' AND k.conislocal AND k.coninhcount > 0 THEN 'LOCAL' END,
                 CASE WHEN NOT k.convalidated THEN 'NOT VALID' END,
                 CASE WHEN to_jsonb(k) ->> 'conenforced' = 'false' OR k.contype = 'f' AND EXISTS
                        (SELECT 1 FROM pg_trigger g WHERE g.tgconstraint = k.oid AND g.tgenabled <> 'O')
                      THEN 'NOT ENFORCED' END,
                 CASE WHEN NOT x.indisvalid THEN 'INVALID' END) AS modifiers
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class t ON t.oid = k.confrelid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_index x ON x.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
WHERE n.nspname = $1 AND (k.contype IN ('p', 'u', 'c', 'x') OR k.contype = 'f' AND k.conparentid = 0)
ORDER BY c.relname, k.conname";

// indoption: bit 1 is descending, bit 2 is nulls first (the default of a descending key). A key's collation is
// told where it is not that of its column, or of an expression's type.
const INDEXES: &str = "
SELECT c.relname::text AS table_name, i.relname::text AS name, x.indisunique AS is_unique, m.amname::text AS method,
       concat_ws(' ', CASE WHEN x.indnullsnotdistinct THEN 'NULLS NOT DISTINCT' END,
                 CASE WHEN x.indnatts > x.indnkeyatts THEN
                   (SELECT 'INCLUDE (' || string_agg(pg_get_indexdef(x.indexrelid, k, false), ', ' ORDER BY k) || ')'
                    FROM generate_series(x.indnkeyatts + 1, x.indnatts) k) END,
                 CASE WHEN NOT x.indisvalid OR NOT x.indisready THEN 'INVALID' END) AS modifiers,
       (SELECT json_agg(pg_get_indexdef(x.indexrelid, k, false)
                        || coalesce((SELECT ' COLLATE ' || quote_ident(l.collname) FROM pg_collation l, pg_attribute a
                                     WHERE l.oid = x.indcollation[k - 1] AND a.attrelid = x.indrelid
                                       AND a.attnum = x.indkey[k - 1] AND a.attcollation <> l.oid
                                     UNION ALL
                                     SELECT ' COLLATE ' || quote_ident(l.collname)
                                     FROM pg_collation l, pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                                     WHERE x.indkey[k - 1] = 0 AND l.oid = x.indcollation[k - 1]
                                       AND a.attrelid = x.indexrelid AND a.attnum = k AND t.typcollation <> l.oid), '')
                        || coalesce((SELECT ' ' || quote_ident(o.opcname) FROM pg_opclass o
                                     WHERE o.oid = x.indclass[k - 1] AND NOT o.opcdefault), '')
                        || coalesce((SELECT '(' || string_agg(o, ', ') || ')' FROM pg_attribute a, unnest(a.attoptions) o
                                     WHERE a.attrelid = x.indexrelid AND a.attnum = k AND o NOT LIKE 'pg\\_%'), '')
                        || CASE x.indoption[k - 1] & 3 WHEN 1 THEN ' DESC NULLS LAST' WHEN 2 THEN ' NULLS FIRST'
                                                      WHEN 3 THEN ' DESC' ELSE '' END ORDER BY k)
        FROM generate_series(1, x.indnkeyatts) k)::text AS keys,
       pg_get_expr(x.indpred, x.indrelid) AS predicate, pg_get_indexdef(x.indexrelid) AS sql
FROM pg_index x
JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_am m ON m.oid = i.relam
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'm')
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY c.relname, i.relname";

pub(super) async fn read(db: &impl ConnectionTrait, namespace: &str, catalog: &mut Catalog) -> Result<(), DbErr> {
    for row in select(db, CONSTRAINTS, [namespace]).await? {
        if let Some(table) = owner(&mut catalog.tables, &row)? {
            add_constraint(table, &row)?;
        }
    }
    for row in select(db, INDEXES, [namespace]).await? {
        let owner: String = row.try_get("", "table_name")?;
        let indexes = match (catalog.tables.get_mut(&owner), catalog.views.get_mut(&owner)) {
            (Some(table), _) => &mut table.indexes,
            (None, Some(view)) => &mut view.indexes,
            (None, None) => continue,
        };
        indexes.push(Index {
            name: row.try_get("", "name")?,
            unique: row.try_get("", "is_unique")?,
            method: row.try_get("", "method")?,
            keys: list(&row, "keys")?.iter().map(|key| timed(key)).collect(),
            predicate: row.try_get::<Option<String>>("", "predicate")?.as_deref().map(timed),
            modifiers: row.try_get("", "modifiers")?,
            sql: Rendered(row.try_get("", "sql")?),
        });
    }
    Ok(())
}

fn add_constraint(table: &mut Table, row: &QueryResult) -> Result<(), DbErr> {
    let name: Option<String> = row.try_get("", "name")?;
    let (kind, modifiers): (String, String) = (row.try_get("", "kind")?, row.try_get("", "modifiers")?);
    let written: String = row.try_get("", "sql")?;
    let sql = Rendered(written.clone());
    match kind.as_str() {
        "p" => table.primary_key = Some(Key { name, columns: list(row, "columns")?, modifiers, sql }),
        "u" => table.uniques.push(Key { name, columns: list(row, "columns")?, modifiers, sql }),
        "f" => table.foreign_keys.push(ForeignKey {
            name,
            columns: list(row, "columns")?,
            target: row.try_get("", "target")?,
            target_columns: list(row, "target_columns")?,
            on_delete: action(row, "on_delete")?,
            on_update: action(row, "on_update")?,
            modifiers,
            sql,
        }),
        // What an exclusion excludes is told by its whole definition alone.
        "x" => table.exclusions.push(Check { name, expression: timed(&written), sql, ..Check::default() }),
        _ => {
            let expression = timed(&row.try_get::<String>("", "expression")?);
            table.checks.push(Check { name, expression, modifiers, sql });
        }
    }
    Ok(())
}

fn action(row: &QueryResult, column: &str) -> Result<Action, DbErr> {
    let code: String = row.try_get("", column)?;
    Ok(match code.as_str() {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    })
}
