//! Mending on MariaDB.
//!
//! A statement takes a column, an index or a trigger as a whole from what is declared, since MariaDB
//! changes none of them by halves.

mod check;
mod column;
mod key;
mod note;
mod place;
mod reference;
mod stored;
mod table;

use super::{Mend, Sides, mentions};
use crate::diff::Spot;
use crate::{Drift, Kind};
use place::Place;

/// What rebuilding a table costs.
const COPIES: &str = "copies the table and locks writes meanwhile";

pub(super) fn mend(sides: Sides<'_>, drift: &Drift) -> Mend {
    let place = Place::of(sides, &drift.spot.owner);
    let part = drift.spot.part.as_str();
    let mut mended = match drift.kind {
        Kind::MissingTable => table::create(&place),
        Kind::ExtraTable => Some(table::drop(&place)),
        Kind::TableDiffers => table::differs(&place),
        Kind::MissingColumn => column::add(&place, part),
        Kind::ExtraColumn => column::drop(&place, part),
        Kind::ColumnIdentity => column::number(&place, part),
        Kind::ColumnGenerated => column::compute(&place, part),
        Kind::ColumnOrder => column::order(&place),
        Kind::ColumnType | Kind::ColumnNullability | Kind::ColumnDefault | Kind::ColumnModifiers => {
            column::modify(&place, part, drift.kind)
        }
        Kind::MissingPrimaryKey | Kind::ExtraPrimaryKey | Kind::PrimaryKeyDiffers => key::primary(&place),
        Kind::MissingUnique
        | Kind::ExtraUnique
        | Kind::UniqueDiffers
        | Kind::MissingIndex
        | Kind::ExtraIndex
        | Kind::IndexDiffers => key::index(&place, part),
        Kind::MissingForeignKey | Kind::ExtraForeignKey | Kind::ForeignKeyDiffers => reference::mend(&place, part),
        Kind::MissingCheck | Kind::ExtraCheck | Kind::CheckDiffers => check::mend(&place, part),
        Kind::MissingTrigger | Kind::ExtraTrigger | Kind::TriggerDiffers => Some(stored::trigger(&place, part)),
        Kind::MissingView | Kind::ExtraView | Kind::ViewDiffers => stored::view(&place),
        Kind::MissingRoutine | Kind::ExtraRoutine | Kind::RoutineDiffers => stored::routine(&place),
        Kind::MissingObject | Kind::ExtraObject | Kind::ObjectDiffers => stored::other(&place),
        Kind::MissingSequence | Kind::ExtraSequence | Kind::SequenceDiffers => stored::sequence(&place),
        Kind::OwnerDiffers => note::owner(&place, part),
        Kind::CommentDiffers => note::comment(&place, part),
        Kind::GrantsDiffer => note::grants(&place, part),
        Kind::StorageDiffers => note::storage(&place, part),
        Kind::SequencePosition => note::position(&place),
        _ => Some(Mend::by_hand("MariaDB has nothing of this kind")),
    };
    if let (Kind::ColumnType | Kind::TableDiffers, Some(mend)) = (drift.kind, &mut mended) {
        // What is not said of a text is what the database says, and that comes first.
        let (also, statement) = note::collation(&place).unzip();
        mend.statements.splice(0..0, statement);
        mend.also.extend(also);
    }
    mended.unwrap_or_else(|| unread(sides, &drift.spot))
}

/// What is said where the catalogs do not hold what a difference is in: what the role could not see, if that is it.
fn unread(sides: Sides<'_>, spot: &Spot) -> Mend {
    let unseen = [sides.declared, sides.actual].into_iter().flat_map(|side| &side.unseen);
    let lines: Vec<&str> = unseen.filter(|line| mentions(line, &spot.owner)).map(String::as_str).collect();
    Mend::by_hand(match lines.as_slice() {
        [] => {
            format!("kiln could not read how {} is made; SHOW CREATE shows it to a role with more rights", spot.owner)
        }
        lines => format!("the role could not see {}", lines.join("; ")),
    })
}

#[cfg(test)]
mod tests;
