//! A table made anew, in the steps that SQLite's documentation gives for what ALTER TABLE cannot do.

use super::object::{self, belongings};
use super::{is_same, literal, quote};
use crate::introspect::sql_text;
use crate::mend::effect::{Also, Part};
use crate::mend::{Mend, Sides};
use crate::{Column, Table};

/// Makes a table as it was declared, with its indexes and triggers, and takes its rows along.
///
/// Whatever a row has that the declared table refuses makes a statement fail, also where the table itself
/// would put up with it (`ON CONFLICT REPLACE`): nothing is invented and nothing left out. A shell goes on after
/// a failure, so every failure is a rollback, after which there is nothing of the name that is dropped.
pub(super) fn rebuild(sides: Sides<'_>, name: &str) -> Mend {
    let (Some(declared), Some(actual)) = (sides.declared.tables.get(name), sides.actual.tables.get(name)) else {
        return Mend::by_hand(format!("the table {name} is not on both sides"));
    };
    let interim = interim_name(sides, name);
    let Some(create) = sql_text::under_name(&declared.sql.0, name) else { return object::without_text(name) };
    if sql_text::names_itself(&actual.sql.0, name) {
        return Mend::by_hand(format!(
            "the text of {name} names its columns by the table's own name, so it cannot be set aside: make it anew by \
             SQLite's own procedure"
        ));
    }
    let (old, new) = (quote(&interim), quote(name));
    let in_the_way = actual.indexes.iter().filter(|index| sql_text::names_itself(&index.sql.0, name));
    let mut statements = vec![
        "PRAGMA foreign_keys = OFF".to_owned(),
        // Views, triggers and foreign keys that name the table keep naming it.
        "PRAGMA legacy_alter_table = ON".to_owned(),
        "BEGIN IMMEDIATE".to_owned(),
    ];
    statements.extend(in_the_way.map(|index| object::drop("INDEX", &index.name)));
    statements.extend([format!("ALTER TABLE {new} RENAME TO {old}"), create, copy(declared, actual, &old, &new)]);
    if [declared, actual].iter().all(|table| is_numbered(table)) {
        let (old, new) = (literal(&interim), literal(name));
        let number = format!("FROM sqlite_sequence WHERE name = {old}");
        statements.push(format!("DELETE FROM sqlite_sequence WHERE name = {new} AND EXISTS (SELECT 1 {number})"));
        statements.push(format!("INSERT INTO sqlite_sequence (name, seq) SELECT {new}, seq {number}"));
    }
    statements.extend(checked(sides, name, &old, &new));
    statements.push(format!("DROP TABLE {old}"));
    statements.extend(belongings(sides, name, declared));
    statements.extend(["COMMIT", "PRAGMA legacy_alter_table = OFF", "PRAGMA foreign_keys = ON"].map(str::to_owned));
    Mend::by(statements).with(caution(declared, actual)).changing([Also::made(name, Part::Table)])
}

/// A name that nothing has.
pub(super) fn interim_name(sides: Sides<'_>, name: &str) -> String {
    let mut interim = format!("kiln_old_{name}");
    let is_taken = |interim: &str| {
        [sides.declared, sides.actual].iter().any(|side| {
            let others = side.others.keys().filter_map(|key| key.rsplit(' ').next());
            let indexes = side.tables.values().flat_map(|table| &table.indexes).map(|index| index.name.as_str());
            let names = side.tables.keys().chain(side.views.keys()).map(String::as_str);
            names.chain(others).chain(indexes).any(|other| is_same(other, interim))
        })
    };
    while is_taken(&interim) {
        interim.push('_');
    }
    interim
}

/// The columns that are on both sides and can be written to, each with its name on either side.
fn shared<'a>(declared: &'a Table, actual: &'a Table) -> Vec<(&'a str, &'a str)> {
    let counterpart = |column: &'a Column| {
        let other = actual.columns.iter().find(|other| is_same(&other.name, &column.name))?;
        Some((column.name.as_str(), other.name.as_str()))
    };
    declared.columns.iter().filter(|column| column.generated.is_none()).filter_map(counterpart).collect()
}

/// Takes the rows over, and their rowids where no column holds them: other tables may know rows by those.
fn copy(declared: &Table, actual: &Table, old: &str, new: &str) -> String {
    let columns = shared(declared, actual);
    let is_shared = |column: &str| columns.iter().any(|(declared, _)| *declared == column);
    let has_rowid = [declared, actual].iter().all(|table| !table.properties.iter().any(|one| one == "WITHOUT ROWID"));
    let is_copied = has_rowid && !rowid_column(declared).is_some_and(is_shared);
    let is_free = |name: &&str| {
        [declared, actual].iter().all(|table| !table.columns.iter().any(|column| is_same(&column.name, name)))
    };
    let rowid = ["rowid", "_rowid_", "oid"].into_iter().find(is_free).filter(|_| is_copied);
    let list = |side: fn(&(&str, &str)) -> String| {
        rowid.map(str::to_owned).into_iter().chain(columns.iter().map(side)).collect::<Vec<_>>().join(", ")
    };
    let (into, from) = (list(|(declared, _)| quote(declared)), list(|(_, actual)| quote(actual)));
    format!("INSERT OR ROLLBACK INTO {new} ({into}) SELECT {from} FROM {old}")
}

/// The column that is the rowid by another name.
fn rowid_column(table: &Table) -> Option<&str> {
    let [key] = table.primary_key.as_ref()?.columns.as_slice() else { return None };
    let column = table.column(key)?;
    let is_integer = column.data_type.split(" collate ").next() == Some("integer");
    is_integer.then_some(column.name.as_str())
}

fn is_numbered(table: &Table) -> bool {
    table.columns.iter().any(|column| column.identity.is_some())
}

/// Whether rows that are there cannot have anything in a column that they are to have: not even a number.
pub(super) fn is_unfillable(table: &Table, column: &Column) -> bool {
    let is_filled = column.nullable || column.default.is_some() || column.generated.is_some();
    !is_filled && rowid_column(table) != Some(column.name.as_str())
}

/// Rolls back where the new table is not there, has not all rows, or where a row of it, or of a table that points
/// to it, points to nothing.
fn checked(sides: Sides<'_>, name: &str, old: &str, new: &str) -> Vec<String> {
    let points = |table: &Table| table.foreign_keys.iter().any(|key| is_same(&key.target, name));
    let children = sides.declared.tables.iter().filter(|(child, table)| {
        if *child == name {
            !table.foreign_keys.is_empty()
        } else {
            points(table) && sides.actual.tables.contains_key(*child)
        }
    });
    let orphans =
        children.map(|(child, _)| format!("SELECT count(*) FROM pragma_foreign_key_check({})", literal(child)));
    // Counted first: a query of a table that is not there is an error, and no rollback.
    let is_there = format!(
        "SELECT count(*) - 1 FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower({})",
        literal(name)
    );
    let are_all = format!("SELECT (SELECT count(*) FROM {old}) - (SELECT count(*) FROM {new})");
    let counts = [is_there, are_all].into_iter().chain(orphans);
    let mut statements =
        vec!["CREATE TEMP TABLE kiln_check (problems INTEGER NOT NULL CHECK (problems = 0))".to_owned()];
    statements.extend(counts.map(|count| format!("INSERT OR ROLLBACK INTO temp.kiln_check {count}")));
    statements.push("DROP TABLE temp.kiln_check".to_owned());
    statements
}

fn caution(declared: &Table, actual: &Table) -> String {
    let names =
        |columns: Vec<&Column>| columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
    let is_in = |table: &Table, column: &Column| table.columns.iter().any(|other| is_same(&other.name, &column.name));
    let is_computed = |column: &Column| {
        let other = declared.columns.iter().find(|other| is_same(&other.name, &column.name));
        column.generated.is_none() && other.is_some_and(|other| other.generated.is_some())
    };
    let lost = actual.columns.iter().filter(|column| !is_in(declared, column) || is_computed(column));
    let lost: Vec<&Column> = lost.collect();
    let unknown = declared.columns.iter().filter(|column| !is_in(actual, column) && is_unfillable(declared, column));
    let unknown: Vec<&Column> = unknown.collect();
    let lost = (!lost.is_empty()).then(|| format!("; loses the values of {}", names(lost)));
    let unknown = (!unknown.is_empty())
        .then(|| format!("; fails if there are rows, since nothing says what they have in {}", names(unknown)));
    [
        "makes the whole table as declared, on one connection and outside of a transaction; where a row breaks what \
         is declared it is rolled back",
        lost.as_deref().unwrap_or_default(),
        unknown.as_deref().unwrap_or_default(),
    ]
    .concat()
}
