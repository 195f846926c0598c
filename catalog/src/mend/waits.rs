//! Which fixes have to wait for another one.

use super::children::{is_child, is_partition};
use super::effect::can_point;
use super::{Sides, mentions};
use crate::{Check, Dialect, Drift, Key, Kind, Table};

/// Whether the fix of a difference has to wait, and for what: what it is over is not there yet.
pub(super) fn reason(sides: Sides<'_>, drift: &Drift) -> Option<String> {
    let (owner, part) = (drift.spot.owner.as_str(), drift.spot.part.as_str());
    if let (Some(wanted), Some(live)) = (sides.declared.views.get(owner), sides.actual.views.get(owner)) {
        return (!part.is_empty() && wanted.materialized != live.materialized)
            .then(|| format!("the view {owner} has to be made first"));
    }
    if let Some(parent) = inherited_from(sides, drift) {
        return Some(format!("it goes with that of {parent}"));
    }
    let (wanted, live) = (sides.declared.tables.get(owner)?, sides.actual.tables.get(owner)?);
    let is_there =
        |column: &str| live.columns.iter().any(|one| sides.declared.dialect.is_same_column(&one.name, column));
    // The column or expression of a part of a key; only columns of the table count.
    let missing = |columns: &[String]| {
        columns.iter().filter(|column| wanted.column(column).is_some()).find(|column| !is_there(column)).cloned()
    };
    let mentioned = |text: &str| {
        let names = wanted.columns.iter().map(|column| &column.name);
        names.filter(|name| !is_there(name)).find(|name| mentions(text, name)).cloned()
    };
    let named = |name: &Option<String>| name.as_deref() == Some(part);
    let column = match drift.kind {
        Kind::MissingPrimaryKey | Kind::PrimaryKeyDiffers => {
            wanted.primary_key.as_ref().and_then(|key| missing(&key.columns))
        }
        Kind::MissingUnique | Kind::UniqueDiffers | Kind::MissingIndex | Kind::IndexDiffers => {
            let index = wanted.index(part)?;
            missing(&index.keys)
                .or_else(|| mentioned(&index.keys.join(" ")))
                .or_else(|| mentioned(&index.predicate.unwrap_or_default()))
        }
        Kind::MissingForeignKey | Kind::ForeignKeyDiffers => {
            let key = wanted.foreign_keys.iter().find(|key| named(&key.name))?;
            let column = missing(&key.columns);
            if column.is_none()
                && !can_point(sides.actual, sides.declared, owner, key)
                && sides.declared.dialect == Dialect::Postgres
            {
                return Some(format!("the key of {} that it points to has to be there first", key.target));
            }
            column
        }
        Kind::MissingCheck | Kind::CheckDiffers => {
            wanted.checks.iter().find(|check| named(&check.name)).and_then(|check| mentioned(&check.expression))
        }
        Kind::MissingTrigger | Kind::TriggerDiffers => {
            wanted.triggers.get(part).and_then(|one| mentioned(&one.definition))
        }
        _ => None,
    };
    column.map(|column| format!("{owner}.{column} has to be there first"))
}

/// The table that something extra is inherited from, which has to be dropped there.
fn inherited_from<'a>(sides: Sides<'a>, drift: &Drift) -> Option<&'a str> {
    let (owner, part) = (drift.spot.owner.as_str(), drift.spot.part.as_str());
    let live = sides.actual.tables.get(owner)?;
    let has = |table: &Table| match drift.kind {
        Kind::ExtraTrigger => is_partition(live) && table.triggers.contains_key(part),
        Kind::ExtraPrimaryKey => is_partition(live) && table.primary_key.is_some(),
        Kind::ExtraCheck => {
            let is_own = |check: &&Check| check.name.as_deref() == Some(part) && check.modifiers.contains("LOCAL");
            !live.checks.iter().any(|check| is_own(&check))
                && table
                    .checks
                    .iter()
                    .any(|check| check.name.as_deref() == Some(part) && !check.modifiers.contains("NO INHERIT"))
        }
        Kind::ExtraUnique => {
            let columns = |key: &&Key| key.name.as_deref() == Some(part);
            let own = live.uniques.iter().find(columns);
            is_partition(live) && own.is_some_and(|own| table.uniques.iter().any(|key| key.columns == own.columns))
        }
        Kind::ExtraForeignKey => {
            let own = live.foreign_keys.iter().find(|key| key.name.as_deref() == Some(part));
            is_partition(live) && own.is_some_and(|own| table.foreign_keys.iter().any(|key| key.columns == own.columns))
        }
        Kind::ExtraColumn => table.column(part).is_some(),
        _ => false,
    };
    let mut parents = sides.actual.tables.iter().filter(|(parent, _)| is_child(sides.actual, owner, parent));
    parents.find(|(_, parent)| has(parent)).map(|(name, _)| name.as_str())
}
