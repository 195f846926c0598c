//! A promise beside the table it is about: is it there, its columns, their types.

use sea_orm::ColumnType;

use super::{Field, Promise, Reference, ValueSource, allowed, key, value};
use crate::{Catalog, Column, Dialect, Drift, Family, Kind, Table};

/// Every promise that `actual` does not keep, each naming the field and what the program suffers.
///
/// `namespace` is the one that the catalog was read from: an entity may name another.
pub fn promise(promised: &[Promise], actual: &Catalog, namespace: &str) -> Vec<Drift> {
    let mut found = Vec::new();
    let place = Place { actual, namespace };
    for promise in promised {
        match place.table(promise) {
            Found::Table(name, table) => Compared { promise, name, table, place, promised }.all(&mut found),
            // What a view gives follows from its query.
            Found::View => {}
            Found::Nothing(name) => found.push(broken(
                Kind::PromisedTable,
                name.clone(),
                promise.entity.clone(),
                (Some(name), None),
                "every query through the entity fails",
            )),
            Found::OutOfSight(name) => found.push(broken(
                Kind::PromisedTable,
                name.clone(),
                promise.entity.clone(),
                (Some(name), None),
                &format!("the entity looks beside `{namespace}`, where this schema is: nothing of it is compared"),
            )),
        }
    }
    found
}

/// A catalog and the namespace it was read from.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) actual: &'a Catalog,
    pub(super) namespace: &'a str,
}

impl Promise {
    /// The table's name in a catalog that was read from `namespace`.
    pub fn name_in(&self, actual: &Catalog, namespace: &str) -> String {
        Place { actual, namespace }.known_name(self.namespace.as_deref(), &self.table)
    }
}

impl Reference {
    /// The target's name in a catalog that was read from `namespace`.
    pub fn target_in(&self, actual: &Catalog, namespace: &str) -> String {
        Place { actual, namespace }.known_name(self.namespace.as_deref(), &self.target)
    }
}

enum Found<'a> {
    Table(&'a str, &'a Table),
    View,
    Nothing(String),
    OutOfSight(String),
}

impl<'a> Place<'a> {
    /// The name under which the catalog has a table that an entity or a relation names.
    pub(super) fn name(self, namespace: Option<&str>, table: &str) -> String {
        match namespace {
            Some(other) if !self.actual.dialect.is_same_name(other, self.namespace) => format!("{other}.{table}"),
            _ => table.to_owned(),
        }
    }

    /// As [`Self::name`], spelled as the catalog spells it where it has it.
    fn known_name(self, namespace: Option<&str>, table: &str) -> String {
        let name = self.name(namespace, table);
        let mut names = self.actual.tables.keys().chain(self.actual.views.keys());
        names.find(|other| self.actual.dialect.is_same_name(&name, other)).cloned().unwrap_or(name)
    }

    fn table(self, promise: &Promise) -> Found<'a> {
        let name = self.name(promise.namespace.as_deref(), &promise.table);
        let is_same = |other: &&String| self.actual.dialect.is_same_name(&name, other);
        let mut tables = self.actual.tables.iter();
        if let Some((name, table)) = tables.find(|(other, _)| is_same(other)) {
            return Found::Table(name, table);
        }
        if self.actual.views.keys().any(|other| is_same(&other)) {
            return Found::View;
        }
        // A namespace of which the catalog has nothing is not one that it was read from.
        let prefix = promise.namespace.as_ref().map(|namespace| format!("{namespace}."));
        let mut names = self.actual.tables.keys().chain(self.actual.views.keys());
        match prefix {
            Some(prefix) if name.starts_with(&prefix) && !names.any(|other| other.starts_with(&prefix)) => {
                Found::OutOfSight(name)
            }
            _ => Found::Nothing(name),
        }
    }
}

/// An entity's promise and the table that it is about.
#[derive(Clone, Copy)]
pub(super) struct Compared<'a> {
    pub(super) promise: &'a Promise,
    /// The table's name in the catalog.
    pub(super) name: &'a str,
    pub(super) table: &'a Table,
    pub(super) place: Place<'a>,
    /// Every promise, this one included.
    pub(super) promised: &'a [Promise],
}

impl<'a> Compared<'a> {
    pub(super) fn dialect(self) -> Dialect {
        self.place.actual.dialect
    }

    /// The table's column under the name that the entity gives it.
    pub(super) fn column(self, name: &str) -> Option<&'a Column> {
        self.table.columns.iter().find(|column| self.dialect().is_same_column(&column.name, name))
    }

    /// Whether both lists have the same columns, in whatever order.
    pub(super) fn is_same_set(self, one: &[String], other: &[String]) -> bool {
        let has = |list: &[String], name: &String| list.iter().any(|known| self.dialect().is_same_column(known, name));
        one.len() == other.len() && one.iter().all(|name| has(other, name)) && other.iter().all(|name| has(one, name))
    }

    /// Whether another of the entities' tables is missing, which is a finding of its own.
    pub(super) fn is_missing_too(self, target: &str) -> bool {
        let tables = self.promised.iter().filter(|promise| matches!(self.place.table(promise), Found::Nothing(_)));
        tables.map(|promise| self.place.name(promise.namespace.as_deref(), &promise.table)).any(|name| name == target)
    }

    fn all(self, found: &mut Vec<Drift>) {
        for field in &self.promise.fields {
            let object = format!("{}.{}", self.name, field.column);
            let name = self.promise.field_name(&field.column);
            match self.column(&field.column) {
                Some(column) => self.field(&object, &name, field, column, found),
                None => found.push(broken(
                    Kind::PromisedColumn,
                    object,
                    name,
                    (Some(field.family.to_string()), None),
                    "every query through the entity fails",
                )),
            }
        }
        self.unknown_columns(found);
        key::compare(self, found);
    }

    fn unknown_columns(self, found: &mut Vec<Drift>) {
        let is_field = |name: &str, field: &Field| self.dialect().is_same_column(&field.column, name);
        let unknown = |column: &&Column| !self.promise.fields.iter().any(|field| is_field(&column.name, field));
        for column in self.table.columns.iter().filter(unknown).filter(|column| !column.nullable && !is_filled(column))
        {
            found.push(broken(
                Kind::UnpromisedColumn,
                format!("{}.{}", self.name, column.name),
                self.promise.entity.clone(),
                (None, Some(format!("{} NOT NULL without default", column.data_type))),
                "every insert through the entity fails",
            ));
        }
    }

    fn field(self, object: &str, name: &str, field: &Field, column: &Column, found: &mut Vec<Drift>) {
        let broken =
            |kind, sides, consequence: &str| broken(kind, object.to_owned(), name.to_owned(), sides, consequence);
        if let Some(consequence) = self.of_type(field, column) {
            let promised = match &field.column_type {
                ColumnType::Enum { name, .. } => format!("enum {name}"),
                _ => field.family.to_string(),
            };
            let sides = (Some(promised), Some(column.data_type.clone()));
            found.push(broken(Kind::PromisedType, sides, &consequence));
        } else if let Some((sides, consequence)) = value::compare(self, field, column) {
            found.push(broken(Kind::PromisedValues, sides, &consequence));
        }
        // No insert gives None to a field that the database computes.
        let is_left_out = field.source == ValueSource::Database && column.generated.is_some();
        if column.nullable != field.nullable && (column.nullable || !is_left_out) {
            let consequence = if column.nullable {
                "reading a row with NULL fails: the field is not an Option"
            } else {
                "an insert of None fails: the field is an Option"
            };
            let words = |nullable: bool| Some(if nullable { "NULL" } else { "NOT NULL" }.to_owned());
            found.push(broken(Kind::PromisedNullability, (words(field.nullable), words(column.nullable)), consequence));
        }
        if let Some((sides, consequence)) = self.unwritable(field, column) {
            found.push(broken(Kind::PromisedWritable, sides, &consequence));
        }
        if field.is_numbered() && !is_filled(column) && !self.is_rowid(column) {
            let sides = (Some("numbered by the database".to_owned()), Some(column.data_type.clone()));
            found.push(broken(
                Kind::PromisedIdentity,
                sides,
                "an insert that leaves the number to the database fails: the column has no identity and no default",
            ));
        }
    }

    /// Which writes fail because the database alone gives the column its values.
    fn unwritable(self, field: &Field, column: &Column) -> Option<(Sides, String)> {
        if field.source != ValueSource::Program {
            return None;
        }
        let always = column.identity.as_ref().filter(|identity| identity.contains("ALWAYS"));
        let (actual, reason) = match (&column.generated, always) {
            (Some(expression), _) => (format!("GENERATED ALWAYS AS {expression}"), "computes"),
            (None, Some(identity)) => (identity.clone(), "numbers"),
            (None, None) => return None,
        };
        // SeaORM's updates never set a key.
        let is_key = self.promise.primary_key.iter().any(|key| self.dialect().is_same_column(key, &field.column));
        let writes = if is_key { "an insert that sets it fails" } else { "an insert or update that sets it fails" };
        let sides = (Some("written by the program".to_owned()), Some(actual));
        Some((sides, format!("{writes}: the database {reason} the column")))
    }

    /// What the program suffers from the column's type.
    fn of_type(self, field: &Field, column: &Column) -> Option<String> {
        let actual = Family::of_column(self.dialect(), &column.data_type);
        if self.dialect() != Dialect::Postgres {
            return if field.is_cast { None } else { field.family.consequence(self.dialect(), &actual) };
        }
        let types = &self.place.actual.types;
        match (&field.column_type, allowed::enum_of(self.place.actual, column)) {
            (ColumnType::Enum { name, .. }, Some((actual, _))) if name.to_string() != actual => {
                Some(format!("every insert through the entity fails: it casts the value to {name}"))
            }
            (ColumnType::Enum { name, .. }, None) if matches!(actual, Family::Text(_)) => {
                let is_there = types.keys().any(|known| known.rsplit('.').next() == Some(&name.to_string()));
                (!is_there).then(|| format!("every insert through the entity fails: there is no type {name}"))
            }
            // The driver knows an enum by its name alone.
            (_, Some(_)) if !field.is_cast && matches!(field.family, Family::Text(_)) => Some(
                "every insert through the entity fails, and a row does not decode: the column is an enum".to_owned(),
            ),
            _ if field.is_cast => None,
            _ => field.family.consequence(self.dialect(), &actual),
        }
    }

    /// Whether SQLite numbers the column though nothing says so: a sole key of type INTEGER is the rowid.
    fn is_rowid(self, column: &Column) -> bool {
        let key = self.table.primary_key.as_ref().map(|key| key.columns.as_slice());
        self.dialect() == Dialect::Sqlite
            && column.data_type.eq_ignore_ascii_case("integer")
            && matches!(key, Some([only]) if self.dialect().is_same_column(only, &column.name))
    }
}

/// Whether the database has a value for the column where an insert gives none.
fn is_filled(column: &Column) -> bool {
    column.default.is_some() || column.identity.is_some() || column.generated.is_some()
}

/// What was promised and what there is.
pub(super) type Sides = (Option<String>, Option<String>);

impl Drift {
    /// Whether no row at all can be written or read through the entity while it differs so.
    pub fn breaks_every_row(&self) -> bool {
        let words = self.consequence.as_deref().unwrap_or_default();
        words.starts_with("every ") || words.starts_with("reading a row fails")
    }
}

/// A promise that is not kept: the field, both sides, and what the program suffers.
pub fn broken(kind: Kind, object: String, field: String, sides: Sides, consequence: &str) -> Drift {
    let (declared, actual) = sides;
    Drift {
        field: Some(field),
        consequence: Some(consequence.to_owned()),
        ..Drift::new(kind, object, declared, actual)
    }
}
