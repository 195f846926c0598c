//! PostgreSQL, read from `pg_catalog`: `information_schema` hides what the role does not own.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::{Views, named, owner, select};
use crate::{Action, Catalog, Check, Column, Dialect, ForeignKey, Index, Key, Table, View};

pub(super) const TABLES: &str = "
SELECT c.relname::text AS table_name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')";

const COLUMNS: &str = "
SELECT c.relname::text AS table_name, a.attname::text AS name, format_type(a.atttypid, a.atttypmod)
         || coalesce((SELECT ' collate ' || quote_ident(l.collname) FROM pg_collation l JOIN pg_type t ON t.oid = a.atttypid
                      WHERE l.oid = a.attcollation AND l.oid <> t.typcollation), '') AS data_type,
       NOT a.attnotnull AS nullable, pg_get_expr(d.adbin, d.adrelid) AS default_value, a.attidentity::text AS identity,
       a.attgenerated::text AS generated
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum";

const CONSTRAINTS: &str = "
SELECT c.relname::text AS table_name, k.conname::text AS name, k.contype::text AS kind,
       (SELECT json_agg(a.attname ORDER BY u.position) FROM unnest(k.conkey) WITH ORDINALITY u(number, position)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number)::text AS columns,
       CASE WHEN t.relnamespace = c.relnamespace THEN t.relname::text ELSE format('%s.%s', tn.nspname, t.relname) END AS target,
       (SELECT json_agg(a.attname ORDER BY u.position) FROM unnest(k.confkey) WITH ORDINALITY u(number, position)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number)::text AS target_columns,
       k.confdeltype::text AS on_delete, k.confupdtype::text AS on_update,
       pg_get_expr(k.conbin, k.conrelid) AS expression,
       concat_ws(' ', CASE k.confmatchtype WHEN 'f' THEN 'MATCH FULL' END,
                 CASE WHEN x.indnullsnotdistinct THEN 'NULLS NOT DISTINCT' END,
                 CASE WHEN x.indnatts > x.indnkeyatts THEN
                   (SELECT 'INCLUDE (' || string_agg(pg_get_indexdef(x.indexrelid, n, false), ', ' ORDER BY n) || ')'
                    FROM generate_series(x.indnkeyatts + 1, x.indnatts) n) END,
                 CASE WHEN k.condeferrable THEN 'DEFERRABLE' END, CASE WHEN k.condeferred THEN 'INITIALLY DEFERRED' END,
                 CASE WHEN k.contype = 'c' AND k.connoinherit THEN 'NO INHERIT' END,
                 CASE WHEN NOT k.convalidated THEN 'NOT VALID' END) AS modifiers
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class t ON t.oid = k.confrelid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_index x ON x.indexrelid = k.conindid AND k.contype IN ('p', 'u')
WHERE n.nspname = $1 AND k.contype IN ('p', 'u', 'f', 'c')
ORDER BY c.relname, k.conname";

// indoption: bit 1 is descending, bit 2 is nulls first (the default of a descending key).
const INDEXES: &str = "
SELECT c.relname::text AS table_name, i.relname::text AS name, x.indisunique AS is_unique, m.amname::text AS method,
       concat_ws(' ', CASE WHEN x.indnullsnotdistinct THEN 'NULLS NOT DISTINCT' END,
                 CASE WHEN x.indnatts > x.indnkeyatts THEN
                   (SELECT 'INCLUDE (' || string_agg(pg_get_indexdef(x.indexrelid, k, false), ', ' ORDER BY k) || ')'
                    FROM generate_series(x.indnkeyatts + 1, x.indnatts) k) END,
                 CASE WHEN NOT x.indisvalid THEN 'INVALID' END) AS modifiers,
       (SELECT json_agg(pg_get_indexdef(x.indexrelid, k, false)
                        || coalesce((SELECT ' COLLATE ' || quote_ident(l.collname) FROM pg_collation l, pg_attribute a
                                     WHERE l.oid = x.indcollation[k - 1] AND a.attrelid = x.indrelid
                                       AND a.attnum = x.indkey[k - 1] AND a.attcollation <> l.oid), '')
                        || coalesce((SELECT ' ' || quote_ident(o.opcname) FROM pg_opclass o
                                     WHERE o.oid = x.indclass[k - 1] AND NOT o.opcdefault), '')
                        || CASE x.indoption[k - 1] & 3 WHEN 1 THEN ' DESC NULLS LAST' WHEN 2 THEN ' NULLS FIRST'
                                                      WHEN 3 THEN ' DESC' ELSE '' END ORDER BY k)
        FROM generate_series(1, x.indnkeyatts) k)::text AS keys,
       pg_get_expr(x.indpred, x.indrelid) AS predicate
FROM pg_index x
JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_am m ON m.oid = i.relam
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'm')
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY c.relname, i.relname";

const VIEWS: &str = "
SELECT c.relname::text AS name, c.relkind = 'm' AS materialized, pg_get_viewdef(c.oid) AS definition
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('v', 'm')";

pub(super) async fn catalog(db: &impl ConnectionTrait, namespace: &str) -> Result<Catalog, DbErr> {
    let mut tables = named(db, TABLES, namespace).await?;
    for row in select(db, COLUMNS, [namespace]).await? {
        if let Some(table) = owner(&mut tables, &row)? {
            table.columns.push(column(&row)?);
        }
    }
    for row in select(db, CONSTRAINTS, [namespace]).await? {
        if let Some(table) = owner(&mut tables, &row)? {
            add_constraint(table, &row)?;
        }
    }
    let mut views = Views::new();
    for row in select(db, VIEWS, [namespace]).await? {
        let (materialized, definition) = (row.try_get("", "materialized")?, row.try_get("", "definition")?);
        views.insert(row.try_get("", "name")?, View { materialized, definition, indexes: Vec::new() });
    }
    for row in select(db, INDEXES, [namespace]).await? {
        let owner: String = row.try_get("", "table_name")?;
        let indexes = match (tables.get_mut(&owner), views.get_mut(&owner)) {
            (Some(table), _) => &mut table.indexes,
            (None, Some(view)) => &mut view.indexes,
            (None, None) => continue,
        };
        indexes.push(Index {
            name: row.try_get("", "name")?,
            unique: row.try_get("", "is_unique")?,
            method: row.try_get("", "method")?,
            keys: names(&row, "keys")?,
            predicate: row.try_get("", "predicate")?,
            modifiers: row.try_get("", "modifiers")?,
        });
    }
    Ok(Catalog { dialect: Dialect::Postgres, tables, views })
}

fn column(row: &QueryResult) -> Result<Column, DbErr> {
    let identity: String = row.try_get("", "identity")?;
    let expression: Option<String> = row.try_get("", "default_value")?;
    let generated: String = row.try_get("", "generated")?;
    let (default, generated) = match generated.as_str() {
        "" => (expression, None),
        _ => (None, expression.map(|expression| format!("({expression}) STORED"))),
    };
    Ok(Column {
        name: row.try_get("", "name")?,
        data_type: row.try_get("", "data_type")?,
        nullable: row.try_get("", "nullable")?,
        default,
        generated,
        identity: match identity.as_str() {
            "a" => Some("GENERATED ALWAYS AS IDENTITY".to_owned()),
            "d" => Some("GENERATED BY DEFAULT AS IDENTITY".to_owned()),
            _ => None,
        },
    })
}

fn add_constraint(table: &mut Table, row: &QueryResult) -> Result<(), DbErr> {
    let name: Option<String> = row.try_get("", "name")?;
    let (kind, modifiers): (String, String) = (row.try_get("", "kind")?, row.try_get("", "modifiers")?);
    match kind.as_str() {
        "p" => table.primary_key = Some(Key { name, columns: names(row, "columns")?, modifiers }),
        "u" => table.uniques.push(Key { name, columns: names(row, "columns")?, modifiers }),
        "f" => table.foreign_keys.push(ForeignKey {
            name,
            columns: names(row, "columns")?,
            target: row.try_get("", "target")?,
            target_columns: names(row, "target_columns")?,
            on_delete: action(row, "on_delete")?,
            on_update: action(row, "on_update")?,
            modifiers,
        }),
        _ => table.checks.push(Check { name, expression: row.try_get("", "expression")?, modifiers }),
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

/// A list of names that the query aggregated as JSON text.
fn names(row: &QueryResult, column: &str) -> Result<Vec<String>, DbErr> {
    let text: Option<String> = row.try_get("", column)?;
    let text = text.unwrap_or_else(|| "[]".to_owned());
    serde_json::from_str(&text).map_err(|error| DbErr::Json(format!("{column}: {error}")))
}
