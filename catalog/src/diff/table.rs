//! The difference of two tables of one name.

use super::describe::{self, check, foreign_key, index, primary_key, unique_key};
use super::{Drift, Spot, compare_parts, defined, note};
use crate::{Column, Kind, Table};

pub(super) fn compare(name: &str, declared: &Table, actual: &Table, found: &mut Vec<Drift>) {
    if declared.properties != actual.properties {
        let words = |table: &Table| Some(table.properties.join(", ")).filter(|words| !words.is_empty());
        found.push(Drift::at(Kind::TableDiffers, Spot::of(name), words(declared), words(actual)));
    }
    compare_columns(name, &declared.columns, &actual.columns, found);
    let [one, other] = [declared, actual].map(|table| {
        [
            table.primary_key.iter().map(primary_key).collect(),
            describe::all(&table.uniques, unique_key),
            describe::all(&table.foreign_keys, foreign_key),
            describe::all(&table.indexes, index),
            describe::all(&table.checks, check),
            describe::all(&table.exclusions, check),
            defined(&table.triggers),
            defined(&table.policies),
            defined(&table.rules),
        ]
    });
    let kinds = [
        [Kind::MissingPrimaryKey, Kind::ExtraPrimaryKey, Kind::PrimaryKeyDiffers],
        [Kind::MissingUnique, Kind::ExtraUnique, Kind::UniqueDiffers],
        [Kind::MissingForeignKey, Kind::ExtraForeignKey, Kind::ForeignKeyDiffers],
        [Kind::MissingIndex, Kind::ExtraIndex, Kind::IndexDiffers],
        [Kind::MissingCheck, Kind::ExtraCheck, Kind::CheckDiffers],
        [Kind::MissingExclusion, Kind::ExtraExclusion, Kind::ExclusionDiffers],
        [Kind::MissingTrigger, Kind::ExtraTrigger, Kind::TriggerDiffers],
        [Kind::MissingPolicy, Kind::ExtraPolicy, Kind::PolicyDiffers],
        [Kind::MissingRule, Kind::ExtraRule, Kind::RuleDiffers],
    ];
    for ((kinds, declared), actual) in kinds.into_iter().zip(&one).zip(&other) {
        compare_parts(name, kinds, declared, actual, found);
    }
    note::compare_position(name, [declared.position, actual.position], found);
    let is_shared = |part: &str| has_part(declared, part) && has_part(actual, part);
    note::compare(name, [Some(&declared.about), Some(&actual.about)], is_shared, found);
}

/// Whether a table has the part that something is said of: `column region`.
fn has_part(table: &Table, part: &str) -> bool {
    let Some((kind, name)) = part.split_once(' ') else { return true };
    let is_it = |named: Option<&String>| named.is_some_and(|named| named == name);
    match kind {
        "column" => table.column(name).is_some(),
        // A constraint has the name of the index behind it.
        "index" | "constraint" => {
            table.index(name).is_some()
                || table.primary_key.iter().chain(&table.uniques).any(|key| is_it(key.name.as_ref()))
                || table.foreign_keys.iter().any(|key| is_it(key.name.as_ref()))
                || table.checks.iter().chain(&table.exclusions).any(|check| is_it(check.name.as_ref()))
        }
        "trigger" => table.triggers.contains_key(name),
        "policy" => table.policies.contains_key(name),
        "rule" => table.rules.contains_key(name),
        _ => true,
    }
}

fn compare_columns(table: &str, declared: &[Column], actual: &[Column], found: &mut Vec<Drift>) {
    let named = |columns: &[Column], name: &str| columns.iter().find(|column| column.name == name).cloned();
    let definition = |column: &Column| Some(describe::column(column));
    for one in declared {
        let spot = Spot::part(table, &one.name);
        match named(actual, &one.name) {
            None => found.push(Drift::at(Kind::MissingColumn, spot, definition(one), None)),
            Some(other) => compare_column(&spot, one, &other, found),
        }
    }
    for other in actual.iter().filter(|other| named(declared, &other.name).is_none()) {
        found.push(Drift::at(Kind::ExtraColumn, Spot::part(table, &other.name), None, definition(other)));
    }
    let shared = |columns: &[Column], others: &[Column]| {
        let shared = columns.iter().filter(|column| named(others, &column.name).is_some());
        shared.map(|column| column.name.clone()).collect::<Vec<_>>()
    };
    let (order, actual_order) = (shared(declared, actual), shared(actual, declared));
    if order != actual_order {
        let sides = [order, actual_order].map(|order| Some(order.join(", ")));
        let [declared, actual] = sides;
        found.push(Drift::at(Kind::ColumnOrder, Spot::of(table), declared, actual));
    }
}

fn compare_column(spot: &Spot, declared: &Column, actual: &Column, found: &mut Vec<Drift>) {
    let nullability = |column: &Column| Some(if column.nullable { "NULL" } else { "NOT NULL" }.to_owned());
    let modifiers = |column: &Column| Some(column.modifiers.clone()).filter(|modifiers| !modifiers.is_empty());
    // What a serial draws from comes and goes with an identity in its place: one difference.
    let drawn = |column: &Column, other: &Column| {
        let default = column.default.clone().filter(|default| default.starts_with("nextval("));
        default.filter(|_| column.identity.is_none() && other.identity.is_some())
    };
    let [draws, other_draws] = [drawn(declared, actual), drawn(actual, declared)];
    let is_one = draws.is_some() || other_draws.is_some();
    let identity = |column: &Column, drawn: Option<String>| drawn.or_else(|| column.identity.clone());
    let default = |column: &Column| column.default.clone().filter(|_| !is_one);
    for (kind, one, other) in [
        (Kind::ColumnType, Some(declared.data_type.clone()), Some(actual.data_type.clone())),
        (Kind::ColumnNullability, nullability(declared), nullability(actual)),
        (Kind::ColumnDefault, default(declared), default(actual)),
        (Kind::ColumnIdentity, identity(declared, draws), identity(actual, other_draws)),
        (Kind::ColumnGenerated, declared.generated.clone(), actual.generated.clone()),
        (Kind::ColumnModifiers, modifiers(declared), modifiers(actual)),
    ] {
        if one != other {
            found.push(Drift::at(kind, spot.clone(), one, other));
        }
    }
}

pub(super) fn column_list(table: &Table) -> String {
    table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
}
