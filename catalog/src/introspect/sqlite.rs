//! SQLite, read through its PRAGMA functions, and from the stored SQL where those are silent.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::{Tables, owner, select, sql_text};
use crate::{Action, Catalog, Check, Column, Dialect, ForeignKey, Index, Key, Table, View};

/// The base tables of a database of the connection: `main`, or `temp`.
///
/// A virtual table is its module's business, and asking about one whose module is not here fails.
pub(super) fn base_tables(namespace: &str) -> String {
    format!(
        "SELECT name AS table_name, sql FROM {namespace}.sqlite_schema WHERE type = 'table' \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL TABLE%'"
    )
}

// hidden: 1 is a column that only a module sees, 2 a virtual and 3 a stored generated column.
fn columns(namespace: &str) -> String {
    format!(
        "SELECT m.table_name, c.name AS name, lower(c.type) AS data_type, c.\"notnull\" AS not_null, \
         c.dflt_value AS default_value, c.pk AS key_position, c.hidden AS hidden \
         FROM ({}) m JOIN pragma_table_xinfo(m.table_name, '{namespace}') c \
         WHERE c.hidden <> 1 ORDER BY m.table_name, c.cid",
        base_tables(namespace)
    )
}

// origin: c is CREATE INDEX, u a unique constraint, pk the primary key.
fn indexes(namespace: &str) -> String {
    format!(
        "SELECT m.table_name, l.name AS name, l.\"unique\" AS is_unique, l.origin AS origin, \
         i.seqno AS position, i.name AS column_name, i.\"desc\" AS descending, x.sql AS sql \
         FROM ({}) m JOIN pragma_index_list(m.table_name, '{namespace}') l \
         JOIN pragma_index_xinfo(l.name, '{namespace}') i \
         LEFT JOIN {namespace}.sqlite_schema x ON x.type = 'index' AND x.name = l.name \
         WHERE i.key = 1 ORDER BY m.table_name, l.name, i.seqno",
        base_tables(namespace)
    )
}

fn foreign_keys(namespace: &str) -> String {
    format!(
        "SELECT m.table_name, f.id AS id, f.\"from\" AS column_name, f.\"table\" AS target, f.\"to\" AS target_column, \
         f.on_delete AS on_delete, f.on_update AS on_update \
         FROM ({}) m JOIN pragma_foreign_key_list(m.table_name, '{namespace}') f \
         ORDER BY m.table_name, f.id DESC, f.seq",
        base_tables(namespace)
    )
}

pub(super) async fn catalog(db: &impl ConnectionTrait, namespace: &str) -> Result<Catalog, DbErr> {
    let tables = tables(db, namespace).await?;
    let sql = format!("SELECT name, sql FROM {namespace}.sqlite_schema WHERE type = 'view'");
    let view = |row: QueryResult| {
        let sql: String = row.try_get("", "sql")?;
        let definition = sql_text::tokens(&sql).join(" ");
        Ok((row.try_get("", "name")?, View { materialized: false, definition, indexes: Vec::new() }))
    };
    let views = select(db, &sql, []).await?.into_iter().map(view).collect::<Result<_, DbErr>>()?;
    Ok(Catalog { dialect: Dialect::Sqlite, tables, views })
}

async fn tables(db: &impl ConnectionTrait, namespace: &str) -> Result<Tables, DbErr> {
    let mut tables = Tables::new();
    let mut numbered = Vec::new();
    for row in select(db, &base_tables(namespace), []).await? {
        let name: String = row.try_get("", "table_name")?;
        let sql: String = row.try_get("", "sql")?;
        let checks = sql_text::checks(&sql)
            .into_iter()
            .map(|(name, expression)| Check { name, expression, ..Check::default() })
            .collect();
        if sql_text::autoincrement(&sql) {
            numbered.push(name.clone());
        }
        tables.insert(name, Table { checks, ..Table::default() });
    }
    for row in select(db, &columns(namespace), []).await? {
        if let Some(table) = owner(&mut tables, &row)? {
            add_column(table, &row)?;
        }
    }
    for table in tables.values_mut() {
        settle_rowid(table);
    }
    for name in numbered {
        let table = tables.get_mut(&name).expect("only names of tables were pushed");
        let key = table.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
        for column in table.columns.iter_mut().filter(|column| key.contains(&column.name)) {
            column.identity = Some("AUTOINCREMENT".to_owned());
        }
    }
    for row in select(db, &indexes(namespace), []).await? {
        if let Some(table) = owner(&mut tables, &row)? {
            add_index_column(table, &row)?;
        }
    }
    let mut last = None;
    for row in select(db, &foreign_keys(namespace), []).await? {
        let id: (String, i64) = (row.try_get("", "table_name")?, row.try_get("", "id")?);
        if let Some(table) = owner(&mut tables, &row)? {
            add_foreign_key_column(table, &row, last.as_ref() != Some(&id))?;
        }
        last = Some(id);
    }
    name_targets(&mut tables);
    Ok(tables)
}

/// A foreign key that names no column of its target points to its primary key.
fn name_targets(tables: &mut Tables) {
    let keys: Vec<(String, Vec<String>)> = tables
        .iter()
        .filter_map(|(name, table)| Some((name.clone(), table.primary_key.as_ref()?.columns.clone())))
        .collect();
    for foreign_key in tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
        let target = keys.iter().find(|(name, _)| name.eq_ignore_ascii_case(&foreign_key.target));
        if let (true, Some((_, columns))) = (foreign_key.target_columns.is_empty(), target) {
            foreign_key.target_columns.clone_from(columns);
        }
    }
}

fn add_column(table: &mut Table, row: &QueryResult) -> Result<(), DbErr> {
    let name: String = row.try_get("", "name")?;
    let position: i64 = row.try_get("", "key_position")?;
    if let Ok(position @ 1..) = usize::try_from(position) {
        let key = table.primary_key.get_or_insert_default();
        key.columns.resize(key.columns.len().max(position), String::new());
        key.columns[position - 1].clone_from(&name);
    }
    let not_null: bool = row.try_get("", "not_null")?;
    let hidden: i64 = row.try_get("", "hidden")?;
    table.columns.push(Column {
        name,
        data_type: row.try_get("", "data_type")?,
        nullable: !not_null,
        default: default(row.try_get("", "default_value")?),
        identity: None,
        generated: match hidden {
            2 => Some("VIRTUAL".to_owned()),
            3 => Some("STORED".to_owned()),
            _ => None,
        },
    });
    Ok(())
}

/// A default as it is written, its keyword in capitals; NULL is none.
fn default(written: Option<String>) -> Option<String> {
    const KEYWORDS: [&str; 6] = ["NULL", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "TRUE", "FALSE"];
    let written = written?;
    match KEYWORDS.iter().find(|keyword| keyword.eq_ignore_ascii_case(&written)) {
        Some(&"NULL") => None,
        Some(keyword) => Some((*keyword).to_owned()),
        None => Some(written),
    }
}

/// A sole key of type INTEGER is the rowid by another name: never NULL, whether or not it says so.
fn settle_rowid(table: &mut Table) {
    let Some([key]) = table.primary_key.as_ref().map(|key| key.columns.as_slice()) else { return };
    let is_rowid = |column: &&mut Column| column.name == *key && column.data_type == "integer";
    if let Some(column) = table.columns.iter_mut().find(is_rowid) {
        column.nullable = false;
    }
}

/// Adds one column of an index. Rows of an index stand together, its columns in order.
fn add_index_column(table: &mut Table, row: &QueryResult) -> Result<(), DbErr> {
    let name: String = row.try_get("", "name")?;
    let origin: String = row.try_get("", "origin")?;
    let sql: Option<String> = row.try_get("", "sql")?;
    // A key that is an expression has no column name; its text stands in the index's SQL alone.
    let column: Option<String> = row.try_get("", "column_name")?;
    let descending: bool = row.try_get("", "descending")?;
    let key = match column {
        Some(column) if descending => format!("{column} DESC"),
        Some(column) => column,
        None => {
            let position: i64 = row.try_get("", "position")?;
            let written = sql_text::index_keys(sql.as_deref().unwrap_or_default());
            usize::try_from(position).ok().and_then(|position| written.get(position).cloned()).unwrap_or_default()
        }
    };
    match origin.as_str() {
        "pk" => {}
        "u" => match table.uniques.last_mut().filter(|unique| unique.name.as_ref() == Some(&name)) {
            Some(unique) => unique.columns.push(key),
            None => table.uniques.push(Key { name: Some(name), columns: vec![key], ..Key::default() }),
        },
        _ => match table.indexes.last_mut().filter(|index| index.name == name) {
            Some(index) => index.keys.push(key),
            None => table.indexes.push(Index {
                name,
                unique: row.try_get("", "is_unique")?,
                keys: vec![key],
                predicate: sql.as_deref().and_then(sql_text::predicate),
                ..Index::default()
            }),
        },
    }
    Ok(())
}

/// Adds one column of a foreign key. Rows of a foreign key stand together, its columns in order.
fn add_foreign_key_column(table: &mut Table, row: &QueryResult, is_first: bool) -> Result<(), DbErr> {
    if is_first {
        let (on_delete, on_update): (String, String) = (row.try_get("", "on_delete")?, row.try_get("", "on_update")?);
        table.foreign_keys.push(ForeignKey {
            target: row.try_get("", "target")?,
            on_delete: Action::of(&on_delete),
            on_update: Action::of(&on_update),
            ..ForeignKey::default()
        });
    }
    let foreign_key = table.foreign_keys.last_mut().expect("a foreign key starts with its first column");
    foreign_key.columns.push(row.try_get("", "column_name")?);
    // Without a column named, the target is the other table's primary key.
    let target: Option<String> = row.try_get("", "target_column")?;
    foreign_key.target_columns.extend(target);
    Ok(())
}
