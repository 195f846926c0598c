//! Where a difference is: the object on both sides, and how its statements begin.

use super::Sides;
use crate::{Catalog, Column, Dialect, Table};

/// The object that a difference is in, or in a part of.
pub(super) struct Place<'a> {
    pub(super) sides: Sides<'a>,
    pub(super) owner: &'a str,
    pub(super) declared: Option<&'a Table>,
    pub(super) actual: Option<&'a Table>,
}

impl<'a> Place<'a> {
    pub(super) fn of(sides: Sides<'a>, owner: &'a str) -> Self {
        Self { sides, owner, declared: sides.declared.tables.get(owner), actual: sides.actual.tables.get(owner) }
    }

    /// The table on both sides.
    pub(super) fn tables(&self) -> Option<(&'a Table, &'a Table)> {
        self.declared.zip(self.actual)
    }

    /// A name of the database, as SQL writes it.
    pub(super) fn qualified(&self, name: &str) -> String {
        format!("{}.{}", quoted(self.sides.home), quoted(name))
    }

    /// The object's own name, as SQL writes it.
    pub(super) fn name(&self) -> String {
        self.qualified(self.owner)
    }

    /// The statement that changes the table so. One whose rows have a history keeps that as it was.
    pub(super) fn alter(&self, clauses: &[String]) -> String {
        let is_versioned = self.actual.is_some_and(|table| has(table, "WITH SYSTEM VERSIONING"));
        let keep = if is_versioned { "SET STATEMENT system_versioning_alter_history = 'KEEP' FOR " } else { "" };
        format!("{keep}ALTER TABLE {} {}", self.name(), clauses.join(", "))
    }

    /// The definition of a column as it is declared, for `ADD` and `MODIFY`.
    pub(super) fn definition(&self, table: &Table, column: &Column) -> String {
        let (data_type, collation) = match column.data_type.split_once(" collate ") {
            Some((data_type, collation)) => (data_type, Some(collation)),
            None => (column.data_type.as_str(), self.silent_collation(&column.data_type)),
        };
        let mut modifiers: Vec<&str> = column.modifiers.split(' ').filter(|word| !word.is_empty()).collect();
        let storage = table.about.storage.get(&format!("column {}", column.name));
        let mut sql = format!("{} {data_type}", quoted(&column.name));
        if let Some(storage) = storage {
            sql = format!("{sql} {storage}");
        }
        // A part of the type, which the server shows apart from it.
        if modifiers.first().is_some_and(|word| word.starts_with("REF_SYSTEM_ID=")) {
            sql = format!("{sql} {}", modifiers.remove(0));
        }
        let comment = table.about.comments.get(&format!("column {}", column.name));
        let check = table
            .checks
            .iter()
            .find(|check| check.name.as_ref() == Some(&column.name) && check.sql.0.starts_with("CHECK "));
        let null = if column.nullable { "NULL" } else { "NOT NULL" };
        let is_plain = column.generated.is_none();
        let parts = [
            collation.map(|collation| format!("COLLATE {collation}")),
            column.generated.as_ref().map(|generated| format!("GENERATED ALWAYS AS {generated}")),
            is_plain.then(|| null.to_owned()),
            column.default.as_ref().map(|default| format!("DEFAULT {default}")),
            column.identity.clone(),
            Some(modifiers.join(" ")).filter(|modifiers| !modifiers.is_empty()),
            comment.map(|comment| format!("COMMENT {}", literal(comment))),
            check.map(|check| check.sql.0.clone()),
        ];
        parts.into_iter().flatten().fold(sql, |sql, part| format!("{sql} {part}"))
    }

    /// The collation to name for a text whose type does not: none where the table gives the declared one.
    fn silent_collation(&self, data_type: &str) -> Option<&'a str> {
        const TEXTS: [&str; 8] = ["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"];
        let word = data_type.split(['(', ' ']).next().unwrap_or_default();
        let wanted = default_collation(self.sides.declared).filter(|_| TEXTS.contains(&word))?;
        let table = self.actual.or(self.declared)?;
        let given = property(table, "COLLATE=").or_else(|| default_collation(self.sides.actual));
        (given != Some(wanted)).then_some(wanted)
    }
}

/// The collation of a database for tables that have none of their own.
pub(super) fn default_collation(catalog: &Catalog) -> Option<&str> {
    catalog.namespaces.get("")?.storage.get("collation").map(String::as_str)
}

/// The rest of the property of a table that begins so.
pub(super) fn property<'a>(table: &'a Table, start: &str) -> Option<&'a str> {
    table.properties.iter().find_map(|property| property.strip_prefix(start))
}

pub(super) fn has(table: &Table, property: &str) -> bool {
    table.properties.iter().any(|one| one == property)
}

pub(super) fn quoted(name: &str) -> String {
    Dialect::MariaDb.quote(name)
}

pub(super) fn literal(words: &str) -> String {
    format!("'{}'", words.replace('\\', "\\\\").replace('\'', "''"))
}
