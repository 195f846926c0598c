//! Keys, indexes and CHECKs.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::{Source, text};
use crate::{Catalog, Check, Dialect, Index, Key, Rendered, Table};

const INDEXES: &str = "
SELECT TABLE_NAME AS table_name, INDEX_NAME AS name, NON_UNIQUE = 0 AS is_unique, COLUMN_NAME AS column_name,
       SUB_PART AS prefix, COLLATION AS direction, INDEX_TYPE AS method, INDEX_COMMENT AS comment,
       IGNORED = 'YES' AS ignored
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX";

const CHECKS: &str = "
SELECT TABLE_NAME AS table_name, CONSTRAINT_NAME AS name, CHECK_CLAUSE AS expression, LEVEL = 'Column' AS of_column
FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ? ORDER BY TABLE_NAME, CONSTRAINT_NAME";

pub(super) async fn read(source: &Source<'_, impl ConnectionTrait>, catalog: &mut Catalog) -> Result<(), DbErr> {
    for row in source.all(INDEXES).await? {
        if let Some(table) = super::owner(&mut catalog.tables, &row)? {
            add_index_column(table, &row)?;
        }
    }
    for row in source.all(CHECKS).await? {
        if let Some(table) = super::owner(&mut catalog.tables, &row)? {
            table.checks.push(check(&row)?);
        }
    }
    Ok(())
}

/// Adds one column of an index. Rows of an index stand together, its columns in order.
fn add_index_column(table: &mut Table, row: &QueryResult) -> Result<(), DbErr> {
    let name: String = row.try_get("", "name")?;
    let method: String = row.try_get("", "method")?;
    let column: String = row.try_get("", "column_name")?;
    let prefix: Option<i64> = row.try_get("", "prefix")?;
    let mut part = match prefix {
        // A spatial index is over a box of four numbers, whatever is asked for.
        Some(length) if method != "SPATIAL" => format!("{column}({length})"),
        _ => column,
    };
    if text(row, "direction")?.as_deref() == Some("D") {
        part.push_str(" DESC");
    }
    // Every primary key of MariaDB is called PRIMARY, so the name says nothing.
    let is_primary = name == "PRIMARY";
    let place = if is_primary { "primary key".to_owned() } else { format!("index {name}") };
    table.about.comments.extend(text(row, "comment")?.map(|comment| (place, comment)));
    let ignored: bool = row.try_get("", "ignored")?;
    let ignored = ignored.then(|| "IGNORED".to_owned());
    let unique: bool = row.try_get("", "is_unique")?;
    if is_primary || unique {
        let keys = &mut table.uniques;
        let key = if is_primary {
            table.primary_key.get_or_insert_default()
        } else {
            if keys.last().is_none_or(|last| last.name.as_ref() != Some(&name)) {
                keys.push(Key { name: Some(name), ..Key::default() });
            }
            keys.last_mut().expect("one was pushed where there was none")
        };
        key.columns.push(part);
        let method = (method != "BTREE").then(|| format!("USING {method}"));
        key.modifiers = method.into_iter().chain(ignored).collect::<Vec<_>>().join(" ");
    } else {
        if table.indexes.last().is_none_or(|last| last.name != name) {
            let modifiers = ignored.unwrap_or_default();
            table.indexes.push(Index { name, method: Some(method), modifiers, ..Index::default() });
        }
        table.indexes.last_mut().expect("one was pushed where there was none").keys.push(part);
    }
    Ok(())
}

fn check(row: &QueryResult) -> Result<Check, DbErr> {
    let name: String = row.try_get("", "name")?;
    let expression: String = row.try_get("", "expression")?;
    let of_column: bool = row.try_get("", "of_column")?;
    // The check of a column goes with every new definition of it, so mending has to know.
    let constraint = if of_column { String::new() } else { format!("CONSTRAINT {} ", Dialect::MariaDb.quote(&name)) };
    let sql = Rendered(format!("{constraint}CHECK ({expression})"));
    Ok(Check { name: Some(name), expression, sql, ..Check::default() })
}
