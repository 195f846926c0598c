//! PostgreSQL, read from `pg_catalog`: `information_schema` hides what the role does not own.
//!
//! What extensions brought is theirs, and not read. Names in types and expressions are as the
//! connection's search path sees them; with an empty one, all that is not the system's is qualified.

mod constraint;
mod note;
mod object;
mod part;
mod spelling;

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::{Tables, Views, select};
use crate::texts;
use crate::{Catalog, Column, Dialect, Table, View};

pub(super) const TABLES: &str = "
SELECT c.relname::text AS table_name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')";

// The properties of a table are in the words of CREATE and ALTER TABLE.
const RELATIONS: &str = "
SELECT c.relname::text AS name, c.relkind::text AS kind,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
       CASE WHEN c.relkind = 'v' THEN array_to_string(c.reloptions, ', ')
            WHEN c.relkind = 'm' AND NOT c.relispopulated THEN 'WITH NO DATA' END AS options,
       array_to_json(array_remove(ARRAY[
         CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' WHEN 't' THEN 'TEMPORARY' END,
         CASE WHEN c.relkind = 'p' THEN 'PARTITION BY ' || pg_get_partkeydef(c.oid) END,
         (SELECT CASE WHEN c.relispartition THEN format('PARTITION OF %s %s', i.parents, pg_get_expr(c.relpartbound, c.oid))
                      ELSE format('INHERITS (%s)', i.parents) END
          FROM (SELECT string_agg(CASE WHEN p.relnamespace = c.relnamespace THEN quote_ident(p.relname)
                                       ELSE format('%I.%I', pn.nspname, p.relname) END, ', ' ORDER BY h.inhseqno) AS parents
                FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
                WHERE h.inhrelid = c.oid) i WHERE i.parents IS NOT NULL),
         CASE WHEN c.reloftype <> 0 THEN 'OF ' || format_type(c.reloftype, NULL) END,
         (SELECT format('SERVER %I', s.srvname) || coalesce((SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                                                                                         ORDER BY o.option_name) || ')'
                                                         FROM pg_options_to_table(f.ftoptions) o), '')
          FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid),
         CASE WHEN c.relrowsecurity THEN 'ROW LEVEL SECURITY' END,
         CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END,
         CASE CASE WHEN c.relkind <> 'f' THEN c.relreplident END WHEN 'f' THEN 'REPLICA IDENTITY FULL' WHEN 'n' THEN 'REPLICA IDENTITY NOTHING'
           WHEN 'i' THEN 'REPLICA IDENTITY USING INDEX ' ||
             (SELECT quote_ident(i.relname) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
              WHERE x.indrelid = c.oid AND x.indisreplident) END
       ], NULL))::text AS properties
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
  AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')";

// A column is LOCAL if its table defines it, beside the parents that it is inherited from.
const COLUMNS: &str = "
SELECT c.relname::text AS owner, c.relkind::text AS kind, a.attname::text AS name, format_type(a.atttypid, a.atttypmod)
         || coalesce((SELECT ' collate ' || quote_ident(l.collname) FROM pg_collation l JOIN pg_type t ON t.oid = a.atttypid
                      WHERE l.oid = a.attcollation AND l.oid <> t.typcollation), '') AS data_type,
       NOT a.attnotnull AS nullable, pg_get_expr(d.adbin, d.adrelid) AS default_value, a.attidentity::text AS identity,
       a.attgenerated::text AS generated,
       EXISTS (SELECT 1 FROM pg_type t WHERE t.oid = a.atttypid AND t.typtype = 'd') AS is_domain,
       concat_ws(' ', CASE WHEN a.attinhcount > 0 AND a.attislocal THEN 'LOCAL' END,
                 (SELECT 'OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', ' ORDER BY o.option_name) || ')'
                  FROM pg_options_to_table(a.attfdwoptions) o HAVING count(*) > 0)) AS modifiers
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum";

/// The attributes of composite types by the type's name.
type Attributes = BTreeMap<String, Vec<String>>;

pub(super) async fn catalog(db: &impl ConnectionTrait, namespace: &str) -> Result<Catalog, DbErr> {
    let mut catalog = Catalog::empty(Dialect::Postgres);
    for row in select(db, RELATIONS, [namespace]).await? {
        let (name, kind): (String, String) = (row.try_get("", "name")?, row.try_get("", "kind")?);
        if matches!(kind.as_str(), "v" | "m") {
            let options: Option<String> = row.try_get("", "options")?;
            let (materialized, definition) = (kind == "m", timed(&row.try_get::<String>("", "definition")?));
            let modifiers = options.as_deref().map(storage_options).unwrap_or_default();
            let view = View { materialized, definition, modifiers, ..View::default() };
            catalog.views.insert(name, view);
        } else {
            catalog.tables.insert(name, Table { properties: list(&row, "properties")?, ..Table::default() });
        }
    }
    let attributes = columns(db, namespace, &mut catalog.tables, &mut catalog.views).await?;
    constraint::read(db, namespace, &mut catalog).await?;
    part::read(db, namespace, &mut catalog).await?;
    object::read(db, namespace, attributes, &mut catalog).await?;
    note::read(db, namespace, &mut catalog).await?;
    texts::change(&mut catalog, &spelling::settle, false);
    Ok(catalog)
}

async fn columns(
    db: &impl ConnectionTrait,
    namespace: &str,
    tables: &mut Tables,
    views: &mut Views,
) -> Result<Attributes, DbErr> {
    let mut attributes = Attributes::new();
    for row in select(db, COLUMNS, [namespace]).await? {
        let (owner, kind): (String, String) = (row.try_get("", "owner")?, row.try_get("", "kind")?);
        let column = column(&row)?;
        let words = || match &column.default {
            Some(default) => format!("{} {} DEFAULT {default}", column.name, column.data_type),
            None => format!("{} {}", column.name, column.data_type),
        };
        if kind == "c" {
            attributes.entry(owner).or_default().push(words());
        } else if let Some(view) = views.get_mut(&owner) {
            view.columns.push(words());
        } else if let Some(table) = tables.get_mut(&owner) {
            table.columns.push(column);
        }
    }
    Ok(attributes)
}

fn column(row: &QueryResult) -> Result<Column, DbErr> {
    let identity: String = row.try_get("", "identity")?;
    let expression: Option<String> = row.try_get("", "default_value")?;
    let expression = expression.as_deref().map(timed);
    let (generated, is_domain): (String, bool) = (row.try_get("", "generated")?, row.try_get("", "is_domain")?);
    let (default, generated) = match generated.as_str() {
        "" => (expression.and_then(|expression| default(expression, is_domain)), None),
        "v" => (None, expression.map(|expression| format!("({expression}) VIRTUAL"))),
        _ => (None, expression.map(|expression| format!("({expression}) STORED"))),
    };
    Ok(Column {
        name: row.try_get("", "name")?,
        data_type: row.try_get("", "data_type")?,
        modifiers: row.try_get("", "modifiers")?,
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

/// A default, of which there is none where it is `NULL`, with a cast for types that have a length; over a domain
/// that stands in the way of the domain's own.
fn default(expression: String, is_domain: bool) -> Option<String> {
    let is_none = expression.starts_with("NULL::") && !is_domain;
    Some(expression).filter(|_| !is_none)
}

/// An expression with the time under its one name: the server keeps `now()` beside `CURRENT_TIMESTAMP`, which it is.
///
/// Literals and quoted names stay as they are, and so do other functions of the name, which are qualified.
fn timed(expression: &str) -> String {
    const NOW: &str = "now()";
    let mut timed = String::with_capacity(expression.len());
    let mut open = None;
    let mut before = ' ';
    let mut rest = expression;
    while let Some(letter) = rest.chars().next() {
        let is_name = before.is_alphanumeric() || matches!(before, '_' | '.' | '"' | '$');
        if open.is_none() && !is_name && rest.starts_with(NOW) {
            timed.push_str("CURRENT_TIMESTAMP");
            rest = &rest[NOW.len()..];
            before = ')';
            continue;
        }
        open = match open {
            Some(quote) => Some(quote).filter(|quote| *quote != letter),
            None => Some(letter).filter(|letter| matches!(letter, '"' | '\'')),
        };
        timed.push(letter);
        rest = &rest[letter.len_utf8()..];
        before = letter;
    }
    timed
}

/// Storage options that are true or false, in whatever words.
const SWITCHES: [&str; 10] = [
    "security_barrier",
    "security_invoker",
    "fastupdate",
    "autosummarize",
    "deduplicate_items",
    "autovacuum_enabled",
    "toast.autovacuum_enabled",
    "vacuum_truncate",
    "toast.vacuum_truncate",
    "user_catalog_table",
];

/// The options of a table, index or view in one order and spelling, before what else is said beside them.
fn storage_options(said: &str) -> String {
    let (options, others): (Vec<&str>, Vec<&str>) = said.split(", ").partition(|piece| piece.contains('='));
    let mut options: Vec<String> = options.into_iter().map(storage_option).collect();
    options.sort();
    options.into_iter().chain(others.into_iter().map(str::to_owned)).collect::<Vec<_>>().join(", ")
}

fn storage_option(option: &str) -> String {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    // The server takes any beginning of these that can be no other.
    let lower = value.to_ascii_lowercase();
    let is_word = |word: &str, letters: usize| lower.len() >= letters && word.starts_with(&lower);
    let value = match SWITCHES.contains(&name) {
        true if is_word("true", 1) || is_word("yes", 1) || is_word("on", 2) || lower == "1" => "true",
        true if is_word("false", 1) || is_word("no", 1) || is_word("off", 2) || lower == "0" => "false",
        _ => value,
    };
    format!("{name}={value}")
}

/// A list of texts that the query aggregated as JSON.
fn list(row: &QueryResult, column: &str) -> Result<Vec<String>, DbErr> {
    let text: Option<String> = row.try_get("", column)?;
    let text = text.unwrap_or_else(|| "[]".to_owned());
    serde_json::from_str(&text).map_err(|error| DbErr::Json(format!("{column}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::{storage_options, timed};

    #[test]
    fn the_time_has_one_name_outside_of_quotes() {
        for (expression, expected) in [
            ("now()", "CURRENT_TIMESTAMP"),
            ("(now() + '1 day'::interval)", "(CURRENT_TIMESTAMP + '1 day'::interval)"),
            ("'now()'::text", "'now()'::text"),
            ("'it''s now()'::text < now()", "'it''s now()'::text < CURRENT_TIMESTAMP"),
            ("\"now()\" = 1", "\"now()\" = 1"),
            ("shop.now() > known()", "shop.now() > known()"),
            ("\"a shop\".now()", "\"a shop\".now()"),
            ("CURRENT_TIMESTAMP(3)", "CURRENT_TIMESTAMP(3)"),
        ] {
            assert_eq!(timed(expression), expected);
        }
    }

    #[test]
    fn storage_options_have_one_order_and_spelling() {
        let one = "fillfactor=70, autovacuum_enabled=OFF, toast.autovacuum_enabled=n, CLUSTER";
        assert_eq!(
            storage_options(one),
            "autovacuum_enabled=false, fillfactor=70, toast.autovacuum_enabled=false, CLUSTER"
        );
        assert_eq!(storage_options("security_barrier=1"), "security_barrier=true");
        assert_eq!(storage_options("buffering=on"), "buffering=on");
        assert_eq!(storage_options("USING hash"), "USING hash");
    }
}
