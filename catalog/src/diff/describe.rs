//! What is compared of each part of a table, in one line: name and description.

use super::Described;
use crate::{Check, Column, ForeignKey, Form, Index, Key};

/// Parts of one kind by name. Unnamed ones that are alike are told apart by a number.
pub(super) fn all<T>(parts: &[T], describe: fn(&T) -> (String, String)) -> Described {
    let mut described = Described::new();
    for (name, description) in parts.iter().map(describe) {
        let mut unique = name.clone();
        let mut number = 1;
        while described.contains_key(&unique) {
            number += 1;
            unique = format!("{name} #{number}");
        }
        described.insert(unique, description);
    }
    described
}

/// A description with what else the engine says of the object.
pub(crate) fn with(mut description: String, modifiers: &str) -> String {
    if !modifiers.is_empty() {
        description.push(' ');
        description.push_str(modifiers);
    }
    description
}

/// A column as its definition would read.
pub(super) fn column(column: &Column) -> String {
    let mut sql = format!("{} {}", column.data_type, if column.nullable { "NULL" } else { "NOT NULL" });
    if let Some(default) = &column.default {
        sql.push_str(" DEFAULT ");
        sql.push_str(default);
    }
    if let Some(identity) = &column.identity {
        sql.push(' ');
        sql.push_str(identity);
    }
    if let Some(generated) = &column.generated {
        sql.push_str(" GENERATED ALWAYS AS ");
        sql.push_str(generated);
    }
    with(sql, &column.modifiers)
}

pub(super) fn primary_key(key: &Key) -> (String, String) {
    let columns = with(list(&key.columns), &key.modifiers);
    let description = match &key.name {
        Some(name) => format!("{name} {columns}"),
        None => columns,
    };
    ("primary key".to_owned(), description)
}

/// SQLite names its unnamed uniques by their position, which says nothing: those go by columns.
pub(super) fn unique_key(key: &Key) -> (String, String) {
    let columns = list(&key.columns);
    let description = with(columns.clone(), &key.modifiers);
    match key.name.as_ref().filter(|name| !name.starts_with("sqlite_autoindex_")) {
        Some(name) => (name.clone(), description),
        None => (format!("unique {columns}"), description),
    }
}

pub(super) fn foreign_key(key: &ForeignKey) -> (String, String) {
    let columns = list(&key.columns);
    let description = format!(
        "{columns} -> {}{} on delete {} on update {}",
        key.target,
        list(&key.target_columns),
        key.on_delete.sql(),
        key.on_update.sql()
    );
    (key.name.clone().unwrap_or_else(|| format!("foreign key {columns}")), with(description, &key.modifiers))
}

pub(super) fn index(index: &Index) -> (String, String) {
    let mut description = list(&index.keys);
    if index.unique {
        description.insert_str(0, "unique ");
    }
    if let Some(method) = &index.method {
        description.push_str(" using ");
        description.push_str(method);
    }
    if let Some(predicate) = &index.predicate {
        description.push_str(" where ");
        description.push_str(predicate);
    }
    (index.name.clone(), with(description, &index.modifiers))
}

pub(super) fn check(check: &Check) -> (String, String) {
    let name = check.name.clone().unwrap_or_else(|| format!("check ({})", check.expression));
    (name, with(check.expression.clone(), &check.modifiers))
}

/// A type as the statement that makes it would read.
pub(super) fn type_form(form: &Form) -> String {
    match form {
        Form::Enum(values) => {
            let values: Vec<String> = values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
            format!("enum {}", list(&values))
        }
        Form::Domain { base, nullable, default, checks } => {
            let mut sql = format!("domain {base} {}", if *nullable { "NULL" } else { "NOT NULL" });
            if let Some(default) = default {
                sql.push_str(" DEFAULT ");
                sql.push_str(default);
            }
            let checks = all(checks, check).into_iter();
            let checks = checks.map(|(name, condition)| format!("CONSTRAINT {name} CHECK ({condition})"));
            std::iter::once(sql).chain(checks).collect::<Vec<_>>().join(" ")
        }
        Form::Composite(attributes) => format!("composite {}", list(attributes)),
        Form::Range(words) => format!("range ({words})"),
    }
}

fn list(words: &[String]) -> String {
    format!("({})", words.join(", "))
}
