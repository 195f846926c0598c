//! Mending on SQLite, from the text that it keeps of everything.
//!
//! What ALTER TABLE can do is done so; all else of a table by making it anew, as SQLite's documentation
//! says in twelve steps.

mod column;
mod object;
mod rebuild;

use super::effect::{Also, Part};
use super::{Mend, Sides};
use crate::{Dialect, Drift, Kind};

pub(super) fn mend(sides: Sides<'_>, drift: &Drift) -> Mend {
    let (owner, part) = (drift.spot.owner.as_str(), drift.spot.part.as_str());
    match drift.kind {
        Kind::MissingTable => object::missing_table(sides, owner),
        Kind::ExtraTable => object::extra_table(sides, owner),
        Kind::MissingColumn => column::missing(sides, owner, part),
        Kind::ExtraColumn => column::extra(sides, owner, part),
        // SQLite changes no table while a view or trigger names what is not there: they go first, and are made last.
        Kind::ViewDiffers if sides.declared.views.get(owner).is_some_and(|view| !view.sql.0.is_empty()) => {
            Mend::by([object::drop("VIEW", owner)]).changing([Also::dropped(owner, Part::View)]).partly()
        }
        Kind::TriggerDiffers if object::has_text(sides.declared, part) => {
            let dropped = Also::dropped(owner, Part::Trigger(part.to_owned()));
            Mend::by([object::drop("TRIGGER", part)]).changing([dropped]).partly()
        }
        Kind::MissingIndex | Kind::IndexDiffers => object::index(sides, part),
        Kind::ExtraIndex => object::extra_index(sides, part),
        Kind::MissingTrigger | Kind::TriggerDiffers => object::trigger(sides, part),
        Kind::ExtraTrigger => object::extra_trigger(sides, part),
        Kind::MissingView | Kind::ViewDiffers => object::view(sides, owner),
        Kind::ExtraView => Mend::by([object::drop("VIEW", owner)]),
        Kind::MissingObject | Kind::ObjectDiffers => object::virtual_table(sides, owner),
        Kind::ExtraObject => object::extra_virtual_table(owner),
        Kind::SequencePosition => position(sides, owner),
        Kind::TableDiffers
        | Kind::ColumnType
        | Kind::ColumnNullability
        | Kind::ColumnDefault
        | Kind::ColumnIdentity
        | Kind::ColumnGenerated
        | Kind::ColumnModifiers
        | Kind::ColumnOrder
        | Kind::MissingPrimaryKey
        | Kind::ExtraPrimaryKey
        | Kind::PrimaryKeyDiffers
        | Kind::MissingUnique
        | Kind::ExtraUnique
        | Kind::UniqueDiffers
        | Kind::MissingForeignKey
        | Kind::ExtraForeignKey
        | Kind::ForeignKeyDiffers
        | Kind::MissingCheck
        | Kind::ExtraCheck
        | Kind::CheckDiffers => rebuild::rebuild(sides, owner),
        kind => Mend::by_hand(format!("{} has nothing of the kind {kind}", Dialect::Sqlite)),
    }
}

/// Puts the generator of a table's numbers where it was declared to be.
fn position(sides: Sides<'_>, table: &str) -> Mend {
    let next = |side: &crate::Catalog| side.tables.get(table).and_then(|table| table.position);
    let name = literal(table);
    let statement = match (next(sides.declared), next(sides.actual)) {
        (None, _) => format!("DELETE FROM sqlite_sequence WHERE name = {name}"),
        (Some(next), None) => format!("INSERT INTO sqlite_sequence (name, seq) VALUES ({name}, {})", next - 1),
        (Some(next), Some(_)) => format!("UPDATE sqlite_sequence SET seq = {} WHERE name = {name}", next - 1),
    };
    Mend::by([statement]).with("a lower number gives the ids of deleted rows again")
}

fn quote(name: &str) -> String {
    Dialect::Sqlite.quote(name)
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Whether two names are one to SQLite.
fn is_same(one: &str, other: &str) -> bool {
    Dialect::Sqlite.is_same_name(one, other)
}

#[cfg(test)]
mod tests;
