//! Columns, by ALTER TABLE where that can do it.

use super::{is_same, quote, rebuild};
use crate::introspect::sql_text::{DefaultForm, Token, Written, WrittenColumn, tokens};
use crate::mend::effect::{Also, Part};
use crate::mend::{Mend, Sides};
use crate::{Catalog, Column, Table};

/// Whether two names of columns are one to SQLite.
fn named<'a>(table: &'a Table, name: &str) -> Option<&'a Column> {
    table.columns.iter().find(|column| is_same(&column.name, name))
}

pub(super) fn missing(sides: Sides<'_>, table: &str, name: &str) -> Mend {
    let (Some(declared), Some(actual)) = (sides.declared.tables.get(table), sides.actual.tables.get(table)) else {
        return Mend::by_hand(format!("the table {table} is not on both sides"));
    };
    if let Some(other) = named(actual, name) {
        return renamed(table, &other.name, name);
    }
    let Some(column) = declared.column(name) else {
        return Mend::by_hand(format!("{table} has no column {name} declared"));
    };
    if rebuild::is_unfillable(declared, column) {
        return Mend::by_hand(format!(
            "nothing says what the rows that are there have in {name}, which is NOT NULL without a default: \
             add it with a default, fill it, and mend what is found then"
        ));
    }
    let written = Written::of(&declared.sql.0);
    match written
        .column(name)
        .filter(|written| can_be_added(written, column))
        .and_then(|column| text(&declared.sql.0, column))
    {
        Some(text) => {
            let mend = Mend::by([format!("ALTER TABLE {} ADD COLUMN {text}", quote(table))]);
            let is_followed = declared
                .columns
                .iter()
                .skip_while(|other| other.name != name)
                .skip(1)
                .any(|other| named(actual, &other.name).is_some());
            if is_followed { mend.with("puts the column last, where another order was declared") } else { mend }
        }
        None => rebuild::rebuild(sides, table),
    }
}

/// A column's definition as it is written.
fn text<'a>(sql: &'a str, column: &WrittenColumn<'_>) -> Option<&'a str> {
    sql.get(column.tokens.first()?.at..column.tokens.last()?.end())
}

/// Whether ALTER TABLE adds such a column to a table with rows.
fn can_be_added(written: &WrittenColumn<'_>, column: &Column) -> bool {
    let has_value = column.default.is_some();
    !written.is_key
        && !written.is_stored
        && written.default != DefaultForm::Expression
        && (column.nullable || has_value || column.generated.is_some())
        && !(written.is_reference && has_value)
}

pub(super) fn extra(sides: Sides<'_>, table: &str, name: &str) -> Mend {
    let (Some(declared), Some(actual)) = (sides.declared.tables.get(table), sides.actual.tables.get(table)) else {
        return Mend::by_hand(format!("the table {table} is not on both sides"));
    };
    if let Some(other) = named(declared, name) {
        return renamed(table, name, &other.name);
    }
    if actual.columns.len() > 1 && can_be_dropped(sides.actual, actual, name) {
        let drop = format!("ALTER TABLE {} DROP COLUMN {}", quote(table), quote(name));
        return Mend::by([drop]).with(format!("loses the values of {name}"));
    }
    rebuild::rebuild(sides, table)
}

/// A column whose name differs in letter case alone, which is one name to SQLite.
fn renamed(table: &str, actual: &str, declared: &str) -> Mend {
    Mend::by([format!("ALTER TABLE {} RENAME COLUMN {} TO {}", quote(table), quote(actual), quote(declared))])
        .with("renames the column: its name differs in letter case alone")
        .changing([Also::made(table, Part::Renamed { from: actual.to_owned(), to: declared.to_owned() })])
        .partly()
}

/// Whether nothing but its own definition can mean a column: SQLite drops no other.
fn can_be_dropped(actual: &Catalog, table: &Table, name: &str) -> bool {
    let written = Written::of(&table.sql.0);
    let is_free = written.column(name).is_some_and(|column| !column.is_key && !column.is_reference);
    let own = written.column(name).map(|column| column.tokens.as_slice()).unwrap_or_default();
    let is_meant = |token: &Token<'_>| token.can_name() && is_same(&token.name(), name);
    let is_own = |token: &Token<'_>| own.iter().any(|own| own.at == token.at);
    let belongings = table.indexes.iter().map(|index| &index.sql.0);
    let triggers = actual.tables.values().flat_map(|table| table.triggers.values()).map(|trigger| &trigger.sql.0);
    let views = actual
        .views
        .values()
        .flat_map(|view| std::iter::once(&view.sql.0).chain(view.triggers.values().map(|trigger| &trigger.sql.0)));
    let in_table = tokens(&table.sql.0).iter().any(|token| is_meant(token) && !is_own(token));
    is_free && !in_table && !belongings.chain(triggers).chain(views).any(|sql| tokens(sql).iter().any(is_meant))
}
