//! MariaDB, read from `information_schema`.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::{Tables, named, owner, select};
use crate::{Action, Catalog, Check, Column, Dialect, ForeignKey, Index, Key, Table, View};

pub(super) const TABLES: &str = "
SELECT TABLE_NAME AS table_name FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')";

const COLUMNS: &str = "
SELECT TABLE_NAME AS table_name, COLUMN_NAME AS name, IS_NULLABLE = 'YES' AS nullable,
       concat(COLUMN_TYPE, if(COLLATION_NAME <> DEFAULT_COLLATION_NAME, concat(' collate ', COLLATION_NAME), '')) AS data_type,
       COLUMN_DEFAULT AS default_value, EXTRA AS extra, GENERATION_EXPRESSION AS expression
FROM information_schema.COLUMNS JOIN information_schema.SCHEMATA ON SCHEMA_NAME = TABLE_SCHEMA
WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION";

const KEYS: &str = "
SELECT TABLE_NAME AS table_name, INDEX_NAME AS name, NON_UNIQUE = 0 AS is_unique, COLUMN_NAME AS column_name,
       SUB_PART AS prefix, COLLATION AS direction, INDEX_TYPE AS method
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX";

const FOREIGN_KEYS: &str = "
SELECT k.TABLE_NAME AS table_name, k.CONSTRAINT_NAME AS name, k.COLUMN_NAME AS column_name,
       IF(k.REFERENCED_TABLE_SCHEMA = k.TABLE_SCHEMA, k.REFERENCED_TABLE_NAME,
          CONCAT(k.REFERENCED_TABLE_SCHEMA, '.', k.REFERENCED_TABLE_NAME)) AS target,
       k.REFERENCED_COLUMN_NAME AS target_column, r.DELETE_RULE AS on_delete, r.UPDATE_RULE AS on_update
FROM information_schema.KEY_COLUMN_USAGE k
JOIN information_schema.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.TABLE_NAME = k.TABLE_NAME AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
WHERE k.TABLE_SCHEMA = ? AND k.REFERENCED_TABLE_NAME IS NOT NULL
ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION";

const CHECKS: &str = "
SELECT TABLE_NAME AS table_name, CONSTRAINT_NAME AS name, CHECK_CLAUSE AS expression
FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ? ORDER BY TABLE_NAME, CONSTRAINT_NAME";

const VIEWS: &str = "
SELECT TABLE_NAME AS name, VIEW_DEFINITION AS definition FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?";

pub(super) async fn catalog(db: &impl ConnectionTrait, namespace: &str) -> Result<Catalog, DbErr> {
    let tables = tables(db, namespace).await?;
    let view = |row: QueryResult| {
        let definition = row.try_get("", "definition")?;
        Ok((row.try_get("", "name")?, View { materialized: false, definition, indexes: Vec::new() }))
    };
    let views = select(db, VIEWS, [namespace]).await?.into_iter().map(view).collect::<Result<_, DbErr>>()?;
    Ok(Catalog { dialect: Dialect::MariaDb, tables, views })
}

async fn tables(db: &impl ConnectionTrait, namespace: &str) -> Result<Tables, DbErr> {
    let mut tables = named(db, TABLES, namespace).await?;
    for row in select(db, COLUMNS, [namespace]).await? {
        if let Some(table) = owner(&mut tables, &row)? {
            table.columns.push(column(&row)?);
        }
    }
    for row in select(db, KEYS, [namespace]).await? {
        if let Some(table) = owner(&mut tables, &row)? {
            add_key_column(table, &row)?;
        }
    }
    for row in select(db, FOREIGN_KEYS, [namespace]).await? {
        if let Some(table) = owner(&mut tables, &row)? {
            add_foreign_key_column(table, &row)?;
        }
    }
    for row in select(db, CHECKS, [namespace]).await? {
        if let Some(table) = owner(&mut tables, &row)? {
            let (name, expression) = (row.try_get("", "name")?, row.try_get("", "expression")?);
            table.checks.push(Check { name, expression, ..Check::default() });
        }
    }
    Ok(tables)
}

fn column(row: &QueryResult) -> Result<Column, DbErr> {
    let nullable: bool = row.try_get("", "nullable")?;
    let default: Option<String> = row.try_get("", "default_value")?;
    let extra: String = row.try_get("", "extra")?;
    let expression: Option<String> = row.try_get("", "expression")?;
    let kind = if extra.contains("STORED") { "STORED" } else { "VIRTUAL" };
    Ok(Column {
        name: row.try_get("", "name")?,
        data_type: row.try_get("", "data_type")?,
        nullable,
        // The word NULL is what MariaDB shows for a nullable column without a default.
        default: default.filter(|text| text != "NULL"),
        identity: extra.contains("auto_increment").then(|| "AUTO_INCREMENT".to_owned()),
        generated: expression.filter(|text| !text.is_empty()).map(|text| format!("({text}) {kind}")),
    })
}

/// Adds one column of a key. Rows of a key stand together, its columns in order.
fn add_key_column(table: &mut Table, row: &QueryResult) -> Result<(), DbErr> {
    let name: String = row.try_get("", "name")?;
    let column: String = row.try_get("", "column_name")?;
    let unique: bool = row.try_get("", "is_unique")?;
    let prefix: Option<i64> = row.try_get("", "prefix")?;
    let direction: Option<String> = row.try_get("", "direction")?;
    let key = match (prefix, direction.as_deref()) {
        (Some(length), _) => format!("{column}({length})"),
        (None, Some("D")) => format!("{column} DESC"),
        (None, _) => column,
    };
    if name == "PRIMARY" {
        // Every primary key of MariaDB is called PRIMARY, so the name says nothing.
        table.primary_key.get_or_insert_default().columns.push(key);
    } else if unique {
        match table.uniques.last_mut().filter(|unique| unique.name.as_ref() == Some(&name)) {
            Some(unique) => unique.columns.push(key),
            None => table.uniques.push(Key { name: Some(name), columns: vec![key], ..Key::default() }),
        }
    } else {
        match table.indexes.last_mut().filter(|index| index.name == name) {
            Some(index) => index.keys.push(key),
            None => table.indexes.push(Index {
                name,
                unique,
                method: row.try_get("", "method")?,
                keys: vec![key],
                ..Index::default()
            }),
        }
    }
    Ok(())
}

/// Adds one column of a foreign key. Rows of a foreign key stand together, its columns in order.
fn add_foreign_key_column(table: &mut Table, row: &QueryResult) -> Result<(), DbErr> {
    let name: Option<String> = row.try_get("", "name")?;
    if table.foreign_keys.last().is_none_or(|last| last.name != name) {
        let (on_delete, on_update): (String, String) = (row.try_get("", "on_delete")?, row.try_get("", "on_update")?);
        table.foreign_keys.push(ForeignKey {
            name,
            target: row.try_get("", "target")?,
            on_delete: Dialect::MariaDb.action(Action::of(&on_delete)),
            on_update: Dialect::MariaDb.action(Action::of(&on_update)),
            ..ForeignKey::default()
        });
    }
    let foreign_key = table.foreign_keys.last_mut().expect("one was pushed where there was none");
    foreign_key.columns.push(row.try_get("", "column_name")?);
    foreign_key.target_columns.push(row.try_get("", "target_column")?);
    Ok(())
}
