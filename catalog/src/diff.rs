//! The difference of two catalogs of one engine.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{Catalog, Check, Column, ForeignKey, Index, Key, Kind, Severity, Table, View};

/// One way in which a database differs from what its migrations declare or its entities promise.
///
/// Named from the database's side: `MissingColumn` means declared and not there. A renamed column
/// shows as one missing and one extra, since nothing says they are the same; both are reported and
/// nothing is guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// What kind of difference it is.
    #[serde(rename = "code")]
    pub kind: Kind,
    /// Whether it makes a check fail.
    pub severity: Severity,
    /// The object, from its table inwards: `sales.quantity`.
    pub object: String,
    /// The entity field that the object breaks a promise to: `market::Sale::quantity`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was declared or promised, where there was something.
    pub declared: Option<String>,
    /// What the database has, where there is something.
    pub actual: Option<String>,
    /// What the program will suffer, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequence: Option<String>,
}

impl Drift {
    pub(crate) fn new(kind: Kind, object: String, declared: Option<String>, actual: Option<String>) -> Self {
        Self { kind, severity: kind.severity(), object, field: None, declared, actual, consequence: None }
    }
}

/// Every difference between `declared` and `actual`, ordered by table, then by kind of object.
///
/// Both sides must be of one engine. Total: whatever the catalogs hold, it answers.
pub fn diff(declared: &Catalog, actual: &Catalog) -> Vec<Drift> {
    let mut found = Vec::new();
    for name in names(&declared.tables, &actual.tables) {
        match (declared.tables.get(name), actual.tables.get(name)) {
            (Some(declared), Some(actual)) => diff_table(name, declared, actual, &mut found),
            (Some(declared), None) => {
                found.push(Drift::new(Kind::MissingTable, name.clone(), Some(column_list(declared)), None));
            }
            (None, Some(actual)) => {
                found.push(Drift::new(Kind::ExtraTable, name.clone(), None, Some(column_list(actual))));
            }
            (None, None) => {}
        }
    }
    for name in names(&declared.views, &actual.views) {
        diff_view(name, declared.views.get(name), actual.views.get(name), &mut found);
    }
    found
}

/// The names on either side, each once and in order.
fn names<'a, T>(declared: &'a BTreeMap<String, T>, actual: &'a BTreeMap<String, T>) -> BTreeSet<&'a String> {
    declared.keys().chain(actual.keys()).collect()
}

fn diff_view(name: &str, declared: Option<&View>, actual: Option<&View>, found: &mut Vec<Drift>) {
    let query = |view: Option<&View>| {
        let kind = |view: &View| if view.materialized { "materialized" } else { "view" };
        view.map(|view| format!("{}: {}", kind(view), view.definition.trim()))
    };
    let (one, other) = (query(declared), query(actual));
    let kind = match (declared, actual) {
        (Some(_), None) => Kind::MissingView,
        (None, Some(_)) => Kind::ExtraView,
        _ => Kind::ViewDiffers,
    };
    if one != other {
        found.push(Drift::new(kind, name.to_owned(), one, other));
    }
    if let (Some(declared), Some(actual)) = (declared, actual) {
        let kinds = [Kind::MissingIndex, Kind::ExtraIndex, Kind::IndexDiffers];
        diff_named(name, kinds, &described(&declared.indexes, index), &described(&actual.indexes, index), found);
    }
}

fn diff_table(table: &str, declared: &Table, actual: &Table, found: &mut Vec<Drift>) {
    diff_columns(table, &declared.columns, &actual.columns, found);
    let primary_key =
        |table: &Table| table.primary_key.iter().map(|key| ("primary key".to_owned(), named_key(key))).collect();
    for (kinds, declared, actual) in [
        (
            [Kind::MissingPrimaryKey, Kind::ExtraPrimaryKey, Kind::PrimaryKeyDiffers],
            primary_key(declared),
            primary_key(actual),
        ),
        (
            [Kind::MissingUnique, Kind::ExtraUnique, Kind::UniqueDiffers],
            described(&declared.uniques, unique_key),
            described(&actual.uniques, unique_key),
        ),
        (
            [Kind::MissingForeignKey, Kind::ExtraForeignKey, Kind::ForeignKeyDiffers],
            described(&declared.foreign_keys, foreign_key),
            described(&actual.foreign_keys, foreign_key),
        ),
        (
            [Kind::MissingIndex, Kind::ExtraIndex, Kind::IndexDiffers],
            described(&declared.indexes, index),
            described(&actual.indexes, index),
        ),
        (
            [Kind::MissingCheck, Kind::ExtraCheck, Kind::CheckDiffers],
            described(&declared.checks, check),
            described(&actual.checks, check),
        ),
    ] {
        diff_named(table, kinds, &declared, &actual, found);
    }
}

/// Objects of one kind by the name they are known under, each with its description. Unnamed
/// objects that are alike are told apart by a number.
type Described = BTreeMap<String, String>;

fn described<T>(objects: &[T], describe: fn(&T) -> (String, String)) -> Described {
    let mut described = Described::new();
    for (name, description) in objects.iter().map(describe) {
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

fn diff_named(
    table: &str,
    [missing, extra, differs]: [Kind; 3],
    declared: &Described,
    actual: &Described,
    found: &mut Vec<Drift>,
) {
    for (name, one) in declared {
        let object = format!("{table}.{name}");
        match actual.get(name) {
            None => found.push(Drift::new(missing, object, Some(one.clone()), None)),
            Some(other) if other != one => {
                found.push(Drift::new(differs, object, Some(one.clone()), Some(other.clone())));
            }
            Some(_) => {}
        }
    }
    for (name, other) in actual.iter().filter(|(name, _)| !declared.contains_key(*name)) {
        found.push(Drift::new(extra, format!("{table}.{name}"), None, Some(other.clone())));
    }
}

fn diff_columns(table: &str, declared: &[Column], actual: &[Column], found: &mut Vec<Drift>) {
    let named = |columns: &[Column], name: &str| columns.iter().find(|column| column.name == name).cloned();
    for one in declared {
        let object = format!("{table}.{}", one.name);
        match named(actual, &one.name) {
            None => found.push(Drift::new(Kind::MissingColumn, object, Some(definition(one)), None)),
            Some(other) => diff_column(&object, one, &other, found),
        }
    }
    for other in actual.iter().filter(|other| named(declared, &other.name).is_none()) {
        found.push(Drift::new(Kind::ExtraColumn, format!("{table}.{}", other.name), None, Some(definition(other))));
    }
    let shared = |columns: &[Column], others: &[Column]| {
        let shared = columns.iter().filter(|column| named(others, &column.name).is_some());
        shared.map(|column| column.name.clone()).collect::<Vec<_>>()
    };
    let (order, actual_order) = (shared(declared, actual), shared(actual, declared));
    if order != actual_order {
        found.push(Drift::new(
            Kind::ColumnOrder,
            table.to_owned(),
            Some(order.join(", ")),
            Some(actual_order.join(", ")),
        ));
    }
}

fn diff_column(object: &str, declared: &Column, actual: &Column, found: &mut Vec<Drift>) {
    let nullability = |column: &Column| Some(if column.nullable { "NULL" } else { "NOT NULL" }.to_owned());
    for (kind, one, other) in [
        (Kind::ColumnType, Some(declared.data_type.clone()), Some(actual.data_type.clone())),
        (Kind::ColumnNullability, nullability(declared), nullability(actual)),
        (Kind::ColumnDefault, declared.default.clone(), actual.default.clone()),
        (Kind::ColumnIdentity, declared.identity.clone(), actual.identity.clone()),
        (Kind::ColumnGenerated, declared.generated.clone(), actual.generated.clone()),
    ] {
        if one != other {
            found.push(Drift::new(kind, object.to_owned(), one, other));
        }
    }
}

fn column_list(table: &Table) -> String {
    table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// A column as its definition would read.
fn definition(column: &Column) -> String {
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
    sql
}

fn list(columns: &[String]) -> String {
    format!("({})", columns.join(", "))
}

/// A description with what else the engine says of the object.
fn with(mut description: String, modifiers: &str) -> String {
    if !modifiers.is_empty() {
        description.push(' ');
        description.push_str(modifiers);
    }
    description
}

fn named_key(key: &Key) -> String {
    let columns = with(list(&key.columns), &key.modifiers);
    match &key.name {
        Some(name) => format!("{name} {columns}"),
        None => columns,
    }
}

/// SQLite names its unnamed uniques by their position, which says nothing: those go by columns.
fn unique_key(key: &Key) -> (String, String) {
    let columns = list(&key.columns);
    let description = with(columns.clone(), &key.modifiers);
    match key.name.as_ref().filter(|name| !name.starts_with("sqlite_autoindex_")) {
        Some(name) => (name.clone(), description),
        None => (format!("unique {columns}"), description),
    }
}

fn foreign_key(key: &ForeignKey) -> (String, String) {
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

fn index(index: &Index) -> (String, String) {
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

fn check(check: &Check) -> (String, String) {
    let name = check.name.clone().unwrap_or_else(|| format!("check ({})", check.expression));
    (name, with(check.expression.clone(), &check.modifiers))
}

#[cfg(test)]
mod tests {
    use super::diff;
    use crate::{Action, Catalog, Check, Column, Dialect, ForeignKey, Index, Key, Kind, Severity, Table, View};

    fn column(name: &str, data_type: &str) -> Column {
        Column {
            name: name.to_owned(),
            data_type: data_type.to_owned(),
            nullable: false,
            default: None,
            identity: None,
            generated: None,
        }
    }

    fn orders() -> Table {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        Table {
            columns: vec![column("id", "integer"), column("shop", "integer"), column("total", "numeric(10,2)")],
            primary_key: Some(Key { name: Some("orders_pkey".to_owned()), columns: names(&["id"]), ..Key::default() }),
            uniques: vec![Key {
                name: Some("sqlite_autoindex_orders_1".to_owned()),
                columns: names(&["shop", "total"]),
                ..Key::default()
            }],
            foreign_keys: vec![ForeignKey {
                columns: names(&["shop"]),
                target: "shops".to_owned(),
                target_columns: names(&["id"]),
                ..ForeignKey::default()
            }],
            indexes: vec![Index { name: "ix_orders_shop".to_owned(), keys: names(&["shop"]), ..Index::default() }],
            checks: vec![Check {
                name: Some("ck_total".to_owned()),
                expression: "total > 0".to_owned(),
                ..Check::default()
            }],
        }
    }

    fn catalog(table: Table) -> Catalog {
        Catalog { tables: [("orders".to_owned(), table)].into(), ..Catalog::empty(Dialect::Sqlite) }
    }

    /// What is found when the database's table is changed so: kind and object of each.
    fn found(change: impl FnOnce(&mut Table)) -> Vec<(Kind, String)> {
        let mut actual = orders();
        change(&mut actual);
        let found = diff(&catalog(orders()), &catalog(actual));
        found.into_iter().map(|drift| (drift.kind, drift.object)).collect()
    }

    #[test]
    fn equal_catalogs_do_not_differ() {
        assert_eq!(found(|_| {}), []);
    }

    #[test]
    fn a_renamed_column_is_one_missing_and_one_extra() {
        let found = found(|table| table.columns[2].name = "sum".to_owned());
        let expected = [(Kind::MissingColumn, "orders.total"), (Kind::ExtraColumn, "orders.sum")];
        assert_eq!(found, expected.map(|(kind, object)| (kind, object.to_owned())));
    }

    #[test]
    fn another_order_of_the_same_columns_is_a_note() {
        let mut actual = orders();
        actual.columns.swap(0, 2);
        let found = diff(&catalog(orders()), &catalog(actual));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kind, found[0].severity), (Kind::ColumnOrder, Severity::Note));
    }

    #[test]
    fn every_part_of_a_table_is_compared() {
        let one = |kind: Kind, object: &str| vec![(kind, object.to_owned())];
        for (expected, found) in [
            (one(Kind::ColumnType, "orders.total"), found(|table| table.columns[2].data_type.push('x'))),
            (one(Kind::ColumnNullability, "orders.total"), found(|table| table.columns[2].nullable = true)),
            (one(Kind::ColumnDefault, "orders.total"), found(|table| table.columns[2].default = Some("0".to_owned()))),
            (one(Kind::ColumnIdentity, "orders.id"), found(|table| table.columns[0].identity = Some("x".to_owned()))),
            (
                one(Kind::ColumnGenerated, "orders.shop"),
                found(|table| table.columns[1].generated = Some("x".to_owned())),
            ),
            (one(Kind::MissingPrimaryKey, "orders.primary key"), found(|table| table.primary_key = None)),
            (one(Kind::MissingUnique, "orders.unique (shop, total)"), found(|table| table.uniques.clear())),
            (
                one(Kind::ForeignKeyDiffers, "orders.foreign key (shop)"),
                found(|table| table.foreign_keys[0].on_delete = Action::Cascade),
            ),
            (one(Kind::IndexDiffers, "orders.ix_orders_shop"), found(|table| table.indexes[0].unique = true)),
            (one(Kind::CheckDiffers, "orders.ck_total"), found(|table| table.checks[0].expression.push('1'))),
            (one(Kind::MissingCheck, "orders.ck_total"), found(|table| table.checks.clear())),
            (one(Kind::CheckDiffers, "orders.ck_total"), found(|table| table.checks[0].modifiers.push('x'))),
            (one(Kind::IndexDiffers, "orders.ix_orders_shop"), found(|table| table.indexes[0].modifiers.push('x'))),
            (
                one(Kind::UniqueDiffers, "orders.unique (shop, total)"),
                found(|table| table.uniques[0].modifiers.push('x')),
            ),
            (
                one(Kind::ForeignKeyDiffers, "orders.foreign key (shop)"),
                found(|table| table.foreign_keys[0].modifiers.push('x')),
            ),
        ] {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_named_unique_over_other_columns_differs_and_a_key_nobody_declared_is_extra() {
        let mut declared = orders();
        declared.uniques[0].name = Some("uq_orders".to_owned());
        let mut actual = declared.clone();
        actual.uniques[0].columns.pop();
        declared.primary_key = None;
        let found = diff(&catalog(declared), &catalog(actual));
        let kinds: Vec<Kind> = found.iter().map(|drift| drift.kind).collect();
        assert_eq!(kinds, [Kind::ExtraPrimaryKey, Kind::UniqueDiffers]);
    }

    #[test]
    fn unnamed_objects_that_are_alike_are_counted() {
        let twice = |table: &mut Table| {
            let again = table.foreign_keys[0].clone();
            table.foreign_keys.push(again);
        };
        assert_eq!(found(twice), [(Kind::ExtraForeignKey, "orders.foreign key (shop) #2".to_owned())]);
    }

    #[test]
    fn views_are_compared_by_kind_query_and_indexes() {
        let view = View { materialized: true, definition: "SELECT 1".to_owned(), indexes: orders().indexes };
        let with = |view: Option<View>| Catalog {
            views: view.into_iter().map(|view| ("totals".to_owned(), view)).collect(),
            ..Catalog::empty(Dialect::Postgres)
        };
        let kinds = |declared: Option<View>, actual: Option<View>| -> Vec<Kind> {
            diff(&with(declared), &with(actual)).iter().map(|drift| drift.kind).collect()
        };
        assert_eq!(kinds(Some(view.clone()), Some(view.clone())), []);
        assert_eq!(kinds(Some(view.clone()), None), [Kind::MissingView]);
        assert_eq!(kinds(None, Some(view.clone())), [Kind::ExtraView]);
        let plain = View { materialized: false, indexes: Vec::new(), ..view.clone() };
        assert_eq!(kinds(Some(view.clone()), Some(plain)), [Kind::ViewDiffers, Kind::MissingIndex]);
        let other = View { definition: "SELECT 2".to_owned(), ..view.clone() };
        assert_eq!(kinds(Some(view), Some(other)), [Kind::ViewDiffers]);
    }

    #[test]
    fn a_missing_table_is_one_finding_and_not_one_a_column() {
        let found = diff(&catalog(orders()), &Catalog::empty(Dialect::Sqlite));
        assert_eq!(found.iter().map(|drift| drift.kind).collect::<Vec<_>>(), [Kind::MissingTable]);
        let found = diff(&Catalog::empty(Dialect::Sqlite), &catalog(orders()));
        assert_eq!(found.iter().map(|drift| drift.kind).collect::<Vec<_>>(), [Kind::ExtraTable]);
    }
}
