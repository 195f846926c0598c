//! The difference of two catalogs of one engine.

mod describe;
mod note;
mod table;
mod unseen;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{About, Catalog, Definition, Kind, Mend, Sequence, Severity, Type, View};
pub(crate) use describe::with;
use describe::{index, type_form};

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
    /// How the database can be made what was declared; none of a promise, which a migration has to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<Mend>,
    /// Where [`crate::mend`] finds what differs in the catalogs.
    #[serde(skip)]
    pub(crate) spot: Spot,
}

/// Something in a catalog: the key of what stands by itself, and the name of a part of it, if it is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) owner: String,
    pub(crate) part: String,
}

impl Spot {
    fn of(owner: &str) -> Self {
        Self { owner: owner.to_owned(), part: String::new() }
    }

    fn part(owner: &str, part: &str) -> Self {
        Self { owner: owner.to_owned(), part: part.to_owned() }
    }

    /// In words: `sales.quantity`; the namespace itself where there is no name.
    fn words(&self) -> String {
        match (self.owner.as_str(), self.part.as_str()) {
            ("", _) => "the namespace".to_owned(),
            (owner, "") => owner.to_owned(),
            (owner, part) => format!("{owner}.{part}"),
        }
    }
}

impl Drift {
    pub(crate) fn new(kind: Kind, object: String, declared: Option<String>, actual: Option<String>) -> Self {
        Self {
            kind,
            severity: kind.severity(),
            object,
            field: None,
            declared,
            actual,
            consequence: None,
            mend: None,
            spot: Spot::default(),
        }
    }

    fn at(kind: Kind, spot: Spot, declared: Option<String>, actual: Option<String>) -> Self {
        let words = spot.words();
        Self { spot, ..Self::new(kind, words, declared, actual) }
    }
}

/// Every difference between `declared` and `actual`, ordered by object: tables, views, then the rest.
///
/// Both sides must be of one engine. Total: whatever the catalogs hold, it answers.
pub fn diff(declared: &Catalog, actual: &Catalog) -> Vec<Drift> {
    let mut found = Vec::new();
    for (name, one, other) in pairs(&declared.tables, &actual.tables) {
        match (one, other) {
            (Some(one), Some(other)) => table::compare(name, one, other, &mut found),
            (one, other) => {
                let kind = if one.is_some() { Kind::MissingTable } else { Kind::ExtraTable };
                let columns = [one, other].map(|table| table.map(table::column_list));
                found.push(side_by_side(kind, Spot::of(name), columns));
            }
        }
    }
    for (name, one, other) in pairs(&declared.views, &actual.views) {
        compare_view(name, one, other, &mut found);
    }
    for (name, one, other) in pairs(&declared.types, &actual.types) {
        let kinds = [Kind::MissingType, Kind::ExtraType, Kind::TypeDiffers];
        compare_whole(kinds, name, [one, other].map(|form| form.map(|form| type_form(&form.form))), &mut found);
        let abouts = [one, other].map(|form: Option<&Type>| form.map(|form| &form.about));
        note::compare(name, abouts, |_| true, &mut found);
    }
    for (name, one, other) in pairs(&declared.sequences, &actual.sequences) {
        compare_sequence(name, [one, other], [declared, actual], &mut found);
    }
    for (kinds, declared, actual) in [
        ([Kind::MissingRoutine, Kind::ExtraRoutine, Kind::RoutineDiffers], &declared.routines, &actual.routines),
        (
            [Kind::MissingExtension, Kind::ExtraExtension, Kind::ExtensionDiffers],
            &declared.extensions,
            &actual.extensions,
        ),
        ([Kind::MissingObject, Kind::ExtraObject, Kind::ObjectDiffers], &declared.others, &actual.others),
    ] {
        for (name, one, other) in pairs(declared, actual) {
            compare_whole(kinds, name, [one, other].map(|one| one.map(whole)), &mut found);
            note::compare(name, [one, other].map(|one| one.map(|one| &one.about)), |_| true, &mut found);
        }
    }
    // Nothing belongs to nobody.
    if declared.owner != actual.owner && declared.owner.is_some() && actual.owner.is_some() {
        let sides = [&declared.owner, &actual.owner].map(Clone::clone);
        found.push(side_by_side(Kind::OwnerDiffers, Spot::default(), sides));
    }
    for (name, one, other) in pairs(&declared.namespaces, &actual.namespaces) {
        match (one, other) {
            // Whose a namespace is, is told by whose its objects are: of one without any nothing is known.
            (Some(one), Some(other)) if [declared, actual].iter().any(|side| !holds_any(side, name)) => {
                let bare = |about: &About| About { owners: BTreeMap::new(), ..about.clone() };
                note::compare(name, [Some(&bare(one)), Some(&bare(other))], |_| true, &mut found);
            }
            (Some(_), Some(_)) => note::compare(name, [one, other], |_| true, &mut found),
            (one, _) => {
                let kind = if one.is_some() { Kind::MissingNamespace } else { Kind::ExtraNamespace };
                let sides = [one, other].map(|side| side.map(|_| name.to_owned()));
                found.push(side_by_side(kind, Spot::of(name), sides));
            }
        }
    }
    found.retain(|drift| ![declared, actual].iter().any(|side| unseen::hides(side, drift)));
    found
}

/// Whether anything stands in a namespace of a catalog, the unnamed one or one of those beside it.
fn holds_any(catalog: &Catalog, namespace: &str) -> bool {
    if namespace.is_empty() {
        return catalog.owner.is_some();
    }
    let mut keys = (catalog.tables.keys())
        .chain(catalog.views.keys())
        .chain(catalog.types.keys())
        .chain(catalog.sequences.keys())
        .chain(catalog.routines.keys())
        .chain(catalog.extensions.keys())
        .chain(catalog.others.keys());
    keys.any(|key| key.strip_prefix(namespace).is_some_and(|rest| rest.starts_with('.')))
}

/// What stands under each name of either side, in the order of the names.
fn pairs<'a, T>(
    declared: &'a BTreeMap<String, T>,
    actual: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a str, Option<&'a T>, Option<&'a T>)> {
    let names: BTreeSet<&'a String> = declared.keys().chain(actual.keys()).collect();
    names.into_iter().map(|name| (name.as_str(), declared.get(name), actual.get(name)))
}

fn side_by_side(kind: Kind, spot: Spot, [declared, actual]: [Option<String>; 2]) -> Drift {
    Drift::at(kind, spot, declared, actual)
}

/// Compares two descriptions of something that stands by itself.
fn compare_whole([missing, extra, differs]: [Kind; 3], name: &str, sides: [Option<String>; 2], found: &mut Vec<Drift>) {
    compare_spot([missing, extra, differs], Spot::of(name), sides, found);
}

fn compare_spot(
    [missing, extra, differs]: [Kind; 3],
    spot: Spot,
    [declared, actual]: [Option<String>; 2],
    found: &mut Vec<Drift>,
) {
    if declared != actual {
        let kind = match (&declared, &actual) {
            (Some(_), None) => missing,
            (None, Some(_)) => extra,
            _ => differs,
        };
        found.push(Drift::at(kind, spot, declared, actual));
    }
}

/// Parts of one kind by the name they are known under, each with its description.
type Described = BTreeMap<String, String>;

fn compare_parts(owner: &str, kinds: [Kind; 3], declared: &Described, actual: &Described, found: &mut Vec<Drift>) {
    // What is declared comes first, in its order; then what nothing declares.
    for (name, one) in declared {
        let sides = [Some(one.clone()), actual.get(name).cloned()];
        compare_spot(kinds, Spot::part(owner, name), sides, found);
    }
    for (name, other) in actual.iter().filter(|(name, _)| !declared.contains_key(*name)) {
        compare_spot(kinds, Spot::part(owner, name), [None, Some(other.clone())], found);
    }
}

/// Definitions that are parts of something, each with what else is said of it.
fn defined(definitions: &BTreeMap<String, Definition>) -> Described {
    definitions.iter().map(|(name, definition)| (name.clone(), whole(definition))).collect()
}

fn whole(definition: &Definition) -> String {
    describe::with(definition.definition.trim().to_owned(), &definition.modifiers)
}

fn compare_view(name: &str, declared: Option<&View>, actual: Option<&View>, found: &mut Vec<Drift>) {
    let query = |view: &View| {
        let kind = if view.materialized { "materialized" } else { "view" };
        describe::with(format!("{kind}: {}", view.definition.trim()), &view.modifiers)
    };
    let kinds = [Kind::MissingView, Kind::ExtraView, Kind::ViewDiffers];
    // A view that is made empty is filled by the first refresh.
    let is_filled = declared.is_some_and(|view| view.modifiers == crate::model::NO_DATA)
        && actual.is_some_and(|view| view.modifiers.is_empty());
    let query_of_declared = |view: &View| {
        query(&View { modifiers: if is_filled { String::new() } else { view.modifiers.clone() }, ..view.clone() })
    };
    let sides = [declared.map(query_of_declared), actual.map(query)];
    let is_said = sides[0] != sides[1];
    compare_whole(kinds, name, sides, found);
    let (Some(declared), Some(actual)) = (declared, actual) else { return };
    // `SELECT *` of a table that has changed since: the query reads the same, its columns do not.
    if !is_said && declared.columns != actual.columns {
        let sides = [declared, actual].map(|view| Some(view.columns.join(", ")));
        found.push(side_by_side(Kind::ViewDiffers, Spot::of(name), sides));
    }
    for (kinds, declared, actual) in [
        (
            [Kind::MissingIndex, Kind::ExtraIndex, Kind::IndexDiffers],
            describe::all(&declared.indexes, index),
            describe::all(&actual.indexes, index),
        ),
        (
            [Kind::MissingTrigger, Kind::ExtraTrigger, Kind::TriggerDiffers],
            defined(&declared.triggers),
            defined(&actual.triggers),
        ),
        ([Kind::MissingRule, Kind::ExtraRule, Kind::RuleDiffers], defined(&declared.rules), defined(&actual.rules)),
    ] {
        compare_parts(name, kinds, &declared, &actual, found);
    }
    let is_part = |view: &View, part: &str| {
        let (kind, name) = part.split_once(' ').unwrap_or_default();
        match kind {
            "index" => view.indexes.iter().any(|index| index.name == name),
            "trigger" => view.triggers.contains_key(name),
            "rule" => view.rules.contains_key(name),
            _ => true,
        }
    };
    let is_shared = |part: &str| is_part(declared, part) && is_part(actual, part);
    note::compare(name, [Some(&declared.about), Some(&actual.about)], is_shared, found);
}

/// Compares a sequence, unless its column tells already: it comes and goes with it.
fn compare_sequence(
    name: &str,
    [declared, actual]: [Option<&Sequence>; 2],
    catalogs: [&Catalog; 2],
    found: &mut Vec<Drift>,
) {
    let describe = |sequence: &Sequence| match &sequence.owned_by {
        Some(column) => format!("{} OWNED BY {column}", sequence.definition),
        None => sequence.definition.clone(),
    };
    if let (Some(only), None) | (None, Some(only)) = (declared, actual)
        && !stands_by_itself(only, catalogs)
    {
        return;
    }
    let kinds = [Kind::MissingSequence, Kind::ExtraSequence, Kind::SequenceDiffers];
    compare_whole(kinds, name, [declared, actual].map(|sequence| sequence.map(describe)), found);
    let (Some(declared), Some(actual)) = (declared, actual) else { return };
    note::compare_position(name, [declared.position, actual.position], found);
    note::compare(name, [Some(&declared.about), Some(&actual.about)], |_| true, found);
}

/// Whether the column of a sequence is on both sides and numbers its rows alike.
fn stands_by_itself(sequence: &Sequence, catalogs: [&Catalog; 2]) -> bool {
    let Some((table, column)) = sequence.owned_by.as_ref().and_then(|column| column.rsplit_once('.')) else {
        return true;
    };
    let [one, other] = catalogs.map(|catalog| catalog.tables.get(table).and_then(|table| table.column(column)));
    matches!((one, other), (Some(one), Some(other)) if one.identity == other.identity)
}

#[cfg(test)]
mod tests {
    use super::diff;
    use crate::{About, Action, Catalog, Check, Column, Dialect, ForeignKey, Index, Key, Kind, Severity, Table, View};

    fn column(name: &str, data_type: &str) -> Column {
        Column { name: name.to_owned(), data_type: data_type.to_owned(), ..Column::default() }
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
            ..Table::default()
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
    fn an_empty_namespace_has_no_owner_to_compare() {
        let owned = |owner: &str| About { owners: [(String::new(), owner.to_owned())].into(), ..About::default() };
        let namespaces = |about: About| [(String::new(), about)].into();
        let catalog = |owner: Option<&str>, about: About| Catalog {
            owner: owner.map(str::to_owned),
            namespaces: namespaces(about),
            ..Catalog::empty(Dialect::Postgres)
        };
        let full = catalog(Some("postgres"), owned("pg_database_owner"));
        let empty = catalog(None, About::default());
        assert_eq!(diff(&full, &empty), []);
        assert_eq!(diff(&empty, &full), []);
        assert_eq!(diff(&full, &catalog(Some("postgres"), About::default())).len(), 1);
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
        let view = View {
            materialized: true,
            definition: "SELECT 1".to_owned(),
            indexes: orders().indexes,
            ..View::default()
        };
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
