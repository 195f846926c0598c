//! A table while it is read: what its text says, and what the PRAGMAs have told so far.

use sea_orm::{DbErr, QueryResult};

use super::sql_text::{self, Scope, Written};
use super::{Entry, Listed, key};
use crate::{Check, Column, Index, Key, Rendered, Table};

/// A table while it is read.
pub(super) struct Draft<'a> {
    pub(super) table: Table,
    name: &'a str,
    written: Written<'a>,
    scope: Scope<'static>,
    /// The columns of the primary key as the columns tell them, and as its index does if it has one.
    key_columns: Vec<String>,
    key_index: Vec<String>,
    /// What backs the unique constraints: the name of each index and its columns with their collations.
    uniques: Vec<(String, Vec<key::Part>)>,
    /// The keys of the index at hand as they are written.
    written_keys: Vec<String>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(entry: &'a Entry, listed: Option<&Listed>) -> Self {
        let properties = listed.map(|listed| [(listed.without_rowid, "WITHOUT ROWID"), (listed.strict, "STRICT")]);
        let properties = properties.into_iter().flatten().filter(|(is_so, _)| *is_so);
        Self {
            table: Table {
                properties: properties.map(|(_, property)| property.to_owned()).collect(),
                sql: Rendered(entry.sql.clone()),
                ..Table::default()
            },
            name: &entry.name,
            written: Written::of(&entry.sql),
            scope: Scope::default(),
            key_columns: Vec::new(),
            key_index: Vec::new(),
            uniques: Vec::new(),
            written_keys: Vec::new(),
        }
    }

    pub(super) fn add_column(&mut self, row: &QueryResult) -> Result<(), DbErr> {
        let name: String = row.try_get("", "name")?;
        let position: i64 = row.try_get("", "key_position")?;
        if let Ok(position @ 1..) = usize::try_from(position) {
            self.key_columns.resize(self.key_columns.len().max(position), String::new());
            self.key_columns[position - 1].clone_from(&name);
        }
        let not_null: bool = row.try_get("", "not_null")?;
        let hidden: i64 = row.try_get("", "hidden")?;
        let data_type: String = row.try_get("", "data_type")?;
        let default: Option<String> = row.try_get("", "default_value")?;
        let collation = self.collation(&name);
        let mut data_type = sql_text::data_type(&data_type);
        if collation != BINARY {
            data_type.extend([" collate ", &collation]);
        }
        let on_null = self.written.column(&name).and_then(|column| column.on_null.as_ref());
        self.table.columns.push(Column {
            data_type,
            nullable: !not_null,
            default: default.as_deref().and_then(sql_text::default),
            generated: match hidden {
                2 => Some("VIRTUAL".to_owned()),
                3 => Some("STORED".to_owned()),
                _ => None,
            },
            modifiers: on_null.map(|action| format!("NOT NULL ON CONFLICT {action}")).unwrap_or_default(),
            name,
            ..Column::default()
        });
        Ok(())
    }

    /// The collation of a column, in small letters.
    fn collation(&self, column: &str) -> String {
        let collation = self.written.column(column).and_then(|column| column.collation.as_ref());
        collation.map_or(BINARY.to_owned(), |collation| collation.to_ascii_lowercase())
    }

    /// Takes the columns that are there for the names that expressions can mean.
    pub(super) fn settle_scope(&mut self) {
        self.scope = Scope::of_table(self.name, self.table.columns.iter().map(|column| column.name.as_str()));
    }

    /// Adds one key of an index. Rows of an index stand together, its keys in order.
    pub(super) fn add_index_key(&mut self, row: &QueryResult) -> Result<(), DbErr> {
        let name: String = row.try_get("", "name")?;
        let origin: String = row.try_get("", "origin")?;
        let position: i64 = row.try_get("", "position")?;
        let column: Option<String> = row.try_get("", "column_name")?;
        let collation: Option<String> = row.try_get("", "collation")?;
        let part = key::Part {
            own_collation: column.as_ref().map_or(BINARY.to_owned(), |column| self.collation(column)),
            column,
            collation: collation.map_or(BINARY.to_owned(), |collation| collation.to_ascii_lowercase()),
            descending: row.try_get("", "descending")?,
        };
        match origin.as_str() {
            "pk" => self.key_index.push(part.words("")),
            "u" if position == 0 => self.uniques.push((name, vec![part])),
            "u" => {
                if let Some((_, parts)) = self.uniques.last_mut() {
                    parts.push(part);
                }
            }
            _ => {
                if position == 0 {
                    let sql: Option<String> = row.try_get("", "sql")?;
                    let sql = sql.unwrap_or_default();
                    let (keys, predicate) = sql_text::index_parts(&sql, &self.scope);
                    self.written_keys = keys;
                    let unique = row.try_get("", "is_unique")?;
                    self.table.indexes.push(Index { name, unique, predicate, sql: Rendered(sql), ..Index::default() });
                }
                // A key that is an expression has no column name; its text stands in the index's SQL alone.
                let written = usize::try_from(position).ok().and_then(|position| self.written_keys.get(position));
                let words = part.words(written.map_or("", String::as_str));
                if let Some(index) = self.table.indexes.last_mut() {
                    index.keys.push(words);
                }
            }
        }
        Ok(())
    }

    /// Adds one column of a foreign key. Rows of a foreign key stand together, its columns in order.
    pub(super) fn add_foreign_key_column(&mut self, row: &QueryResult) -> Result<(), DbErr> {
        let position: i64 = row.try_get("", "position")?;
        if position == 0 {
            self.table.foreign_keys.push(key::foreign_key(row)?);
        }
        let column: String = row.try_get("", "column_name")?;
        // Without a column named, the target is the other table's primary key.
        let target: Option<String> = row.try_get("", "target_column")?;
        if let Some(foreign_key) = self.table.foreign_keys.last_mut() {
            foreign_key.columns.push(column);
            foreign_key.target_columns.extend(target);
        }
        Ok(())
    }

    /// The table, once all is read.
    pub(super) fn finished(mut self) -> Table {
        self.settle_primary_key();
        self.table.uniques = key::uniques(std::mem::take(&mut self.uniques), &self.written.uniques);
        key::settle_foreign_keys(&mut self.table.foreign_keys, &self.written.references);
        let checks = self.written.checks.iter().map(|(name, condition)| Check {
            name: name.clone(),
            expression: sql_text::render(condition, &self.scope),
            ..Check::default()
        });
        self.table.checks = checks.collect();
        for column in &mut self.table.columns {
            let written = self.written.column(&column.name).and_then(|column| column.generated.as_ref());
            if let (Some(kind), Some(expression)) = (&mut column.generated, written) {
                *kind = format!("({}) {kind}", sql_text::render(expression, &self.scope));
            }
        }
        self.table
    }

    fn settle_primary_key(&mut self) {
        if self.key_columns.is_empty() {
            return;
        }
        if self.key_index.is_empty() {
            // A sole key of type INTEGER is the rowid by another name: never NULL, whether or not it says so.
            for column in self.table.columns.iter_mut().filter(|column| self.key_columns.contains(&column.name)) {
                column.nullable = false;
                column.identity = self.written.autoincrement.as_ref().map(|_| "AUTOINCREMENT".to_owned());
            }
        }
        let is_alias = self.key_index.is_empty();
        let written = self.written.primary_key.take().unwrap_or_default();
        self.table.primary_key = Some(Key {
            name: written.name,
            columns: std::mem::take(if is_alias { &mut self.key_columns } else { &mut self.key_index }),
            modifiers: key::conflict(written.on_conflict.as_ref()),
            ..Key::default()
        });
    }
}

/// The collation that says nothing.
const BINARY: &str = "binary";
