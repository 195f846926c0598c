//! A column under another name: one missing and one extra, of one type, in one table.

use super::effect::{Also, Part};
use super::{Mend, Sides, children, mentions, replaced};
use crate::{Catalog, Column, Dialect, Drift, Kind, Table};

/// The rename that makes a missing column of an extra one, where one fits.
///
/// Nothing says that the two are one column, so the other way is named beside it.
pub(super) fn fix(sides: Sides<'_>, drift: &Drift) -> Option<Mend> {
    let owner = drift.spot.owner.as_str();
    let (wanted, live) = (sides.declared.tables.get(owner)?, sides.actual.tables.get(owner)?);
    let (from, to) = pair(sides, wanted, live)?;
    let is_it = match drift.kind {
        Kind::MissingColumn => drift.spot.part == to.name,
        Kind::ExtraColumn => drift.spot.part == from.name,
        _ => false,
    };
    if !is_it || is_bound(sides.declared.dialect, live, &from.name) {
        return None;
    }
    let quote = |name: &str| sides.declared.dialect.quote(name);
    let table = super::qualified(sides, owner);
    let rename = format!("ALTER TABLE {table} RENAME COLUMN {} TO {}", quote(&from.name), quote(&to.name));
    let also = vec![Also::made(owner, Part::Renamed { from: from.name.clone(), to: to.name.clone() })];
    let hazard = format!(
        "keeps the values of {0} as those of {1}, which has its type; if they are two columns, add {1} and drop {0} \
         instead, which loses its values: ALTER TABLE {table} DROP COLUMN {2}",
        from.name,
        to.name,
        quote(&from.name),
    );
    Some(Mend::by([rename]).with(hazard).changing(also).partly())
}

/// The live column and the declared one, where each is the only one that the other side lacks.
fn pair<'a>(sides: Sides<'_>, wanted: &'a Table, live: &'a Table) -> Option<(&'a Column, &'a Column)> {
    let dialect = sides.declared.dialect;
    let lacks = |table: &Table, column: &Column| {
        !table.columns.iter().any(|other| dialect.is_same_column(&other.name, &column.name))
    };
    let mut extra = live.columns.iter().filter(|column| lacks(wanted, column));
    let mut missing = wanted.columns.iter().filter(|column| lacks(live, column));
    let (from, to) = (extra.next()?, missing.next()?);
    let is_only = extra.next().is_none() && missing.next().is_none();
    (is_only && from.data_type == to.data_type && from.generated == to.generated).then_some((from, to))
}

/// Whether the server keeps a column's name in a text that a rename does not follow.
fn is_bound(dialect: Dialect, live: &Table, column: &str) -> bool {
    let generated = live.columns.iter().filter_map(|one| one.generated.as_ref());
    let mut texts = generated.chain(live.checks.iter().map(|check| &check.expression));
    dialect == Dialect::MariaDb
        && (live.properties.iter().any(|property| property == "WITH SYSTEM VERSIONING")
            || texts.any(|text| mentions(text, column))
            || live.properties.iter().any(|text| mentions(text, column)))
}

/// Renames a column in a catalog, with whatever of its table names it.
pub(super) fn apply(current: &mut Catalog, owner: &str, from: &str, to: &str) {
    let dialect = current.dialect;
    let descendants = children::descendants(current, owner);
    for (name, table) in &mut current.tables {
        for key in table.foreign_keys.iter_mut().filter(|key| key.target == owner) {
            rename_all(&mut key.target_columns, from, to);
            key.sql.0 = replaced(&key.sql.0, from, to);
        }
        if name == owner || dialect == Dialect::Postgres && descendants.contains(name) {
            rename_in(table, dialect, from, to);
        }
    }
    let old = format!("{owner}.{from}");
    let owned = current.sequences.values_mut().filter_map(|sequence| sequence.owned_by.as_mut());
    owned.filter(|column| **column == old).for_each(|column| *column = format!("{owner}.{to}"));
}

fn rename_in(table: &mut Table, dialect: Dialect, from: &str, to: &str) {
    let text = |text: &mut String| *text = replaced(text, from, to);
    for column in &mut table.columns {
        if column.name == from {
            to.clone_into(&mut column.name);
        }
        column.generated.as_mut().map(text);
    }
    for key in table.primary_key.iter_mut().chain(&mut table.uniques) {
        key.columns.iter_mut().for_each(text);
        text(&mut key.sql.0);
    }
    for key in &mut table.foreign_keys {
        rename_all(&mut key.columns, from, to);
        text(&mut key.sql.0);
    }
    for index in &mut table.indexes {
        index.keys.iter_mut().for_each(text);
        index.predicate.as_mut().map(text);
        text(&mut index.modifiers);
        text(&mut index.sql.0);
    }
    for check in table.checks.iter_mut().chain(&mut table.exclusions) {
        text(&mut check.expression);
        text(&mut check.sql.0);
    }
    for about in [&mut table.about.comments, &mut table.about.grants, &mut table.about.storage] {
        if let Some(said) = about.remove(&format!("column {from}")) {
            about.insert(format!("column {to}"), said);
        }
    }
    text(&mut table.sql.0);
    if dialect != Dialect::MariaDb {
        let policies = table.policies.values_mut().chain(table.rules.values_mut());
        for definition in table.triggers.values_mut().chain(policies) {
            text(&mut definition.definition);
            text(&mut definition.sql.0);
        }
    }
}

fn rename_all(columns: &mut [String], from: &str, to: &str) {
    columns.iter_mut().filter(|column| *column == from).for_each(|column| to.clone_into(column));
}
