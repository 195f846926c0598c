//! Which of several differences is fixed first.

use super::{Sides, children, mentions, rename};
use crate::{Dialect, Drift, Kind, Severity};

/// The difference to fix next.
///
/// What stands in the way goes first, then everything comes before what is built on it, and what nothing
/// uses any more goes last. Notes come after all drift.
pub(super) fn first<'a>(sides: Sides<'_>, left: &'a [Drift]) -> Option<&'a Drift> {
    let rank = |drift: &Drift| rank(sides, drift);
    let lowest = left.iter().map(rank).min()?;
    let candidates: Vec<&Drift> = left.iter().filter(|drift| rank(drift) == lowest).collect();
    let is_ready =
        |one: &&&Drift| !candidates.iter().any(|other| !std::ptr::eq(**one, *other) && follows(sides, one, other));
    candidates.iter().find(is_ready).or(candidates.first()).copied()
}

fn rank(sides: Sides<'_>, drift: &Drift) -> u8 {
    let dialect = sides.declared.dialect;
    match drift.kind {
        _ if drift.severity == Severity::Note => 90,
        Kind::ExtraTrigger | Kind::ExtraRule | Kind::ExtraPolicy => 10,
        // SQLite changes no table while a view or trigger names what is not there.
        Kind::TriggerDiffers if dialect == Dialect::Sqlite => 11,
        Kind::ViewDiffers if dialect == Dialect::Sqlite => 12,
        Kind::ExtraView => 12,
        // Before anything that would make the table anew, and lose the values.
        Kind::MissingColumn | Kind::ExtraColumn if rename::fix(sides, drift).is_some() => 15,
        // SQLite makes the whole table anew, once all that it points to is there, and drops no table that rows of
        // another one point to.
        Kind::ExtraForeignKey | Kind::ExtraCheck | Kind::ExtraUnique | Kind::ExtraPrimaryKey
            if dialect == Dialect::Sqlite =>
        {
            41
        }
        Kind::ExtraTable if dialect == Dialect::Sqlite => 47,
        Kind::ExtraForeignKey => 20,
        Kind::ExtraTable => 21,
        // Virtual tables share their names with tables on SQLite.
        Kind::ExtraObject if dialect == Dialect::Sqlite => 21,
        Kind::ExtraCheck | Kind::ExtraExclusion | Kind::ExtraIndex | Kind::ExtraUnique | Kind::ExtraPrimaryKey => 22,
        Kind::MissingNamespace | Kind::MissingExtension | Kind::ExtensionDiffers => 30,
        Kind::MissingType | Kind::TypeDiffers => 31,
        Kind::MissingObject | Kind::ObjectDiffers if drift.spot.owner.contains("collation ") => 31,
        Kind::MissingSequence | Kind::SequenceDiffers => 32,
        Kind::MissingRoutine | Kind::RoutineDiffers => 33,
        Kind::MissingTable => 40,
        Kind::TableDiffers => 41,
        Kind::MissingColumn => 42,
        Kind::ColumnType => 43,
        Kind::ColumnNullability
        | Kind::ColumnDefault
        | Kind::ColumnIdentity
        | Kind::ColumnModifiers
        | Kind::ColumnGenerated => 44,
        Kind::ExtraColumn => 46,
        Kind::MissingPrimaryKey | Kind::PrimaryKeyDiffers | Kind::MissingUnique | Kind::UniqueDiffers => 50,
        Kind::MissingIndex | Kind::IndexDiffers => 52,
        Kind::MissingCheck | Kind::CheckDiffers | Kind::MissingExclusion | Kind::ExclusionDiffers => 53,
        Kind::MissingForeignKey | Kind::ForeignKeyDiffers => 60,
        Kind::MissingView | Kind::ViewDiffers => 62,
        Kind::MissingObject | Kind::ObjectDiffers => 66,
        Kind::ExtraSequence => 72,
        Kind::ExtraRoutine => 74,
        Kind::ExtraType => 76,
        Kind::ExtraObject => 77,
        Kind::ExtraExtension => 78,
        Kind::ExtraNamespace => 79,
        _ => 64,
    }
}

/// Whether one of two differences of a rank has to be fixed after the other.
fn follows(sides: Sides<'_>, one: &Drift, other: &Drift) -> bool {
    let (name, before) = (one.spot.owner.as_str(), other.spot.owner.as_str());
    // What a table gives its partitions and children is fixed there first.
    if children::is_child(sides.declared, name, before) || children::is_child(sides.actual, name, before) {
        return one.kind != Kind::ExtraTable;
    }
    let bare = |key: &'_ str| key.split('(').next().unwrap_or(key).rsplit(['.', ' ']).next().unwrap_or(key).to_owned();
    match one.kind {
        Kind::MissingTable => sides.declared.tables.get(name).is_some_and(|table| {
            let points = table.foreign_keys.iter().any(|key| key.target == before);
            points || table.properties.iter().any(|property| mentions(property, &bare(before)))
        }),
        Kind::ExtraTable => sides.actual.tables.get(before).is_some_and(|table| {
            let points = table.foreign_keys.iter().any(|key| key.target == name);
            points || table.properties.iter().any(|property| mentions(property, &bare(name)))
        }),
        Kind::MissingView | Kind::ViewDiffers => {
            let view = sides.declared.views.get(name).filter(|_| other.kind != Kind::ExtraView);
            view.is_some_and(|view| name != before && mentions(&view.definition, &bare(before)))
        }
        Kind::ExtraView => {
            let view = sides.actual.views.get(before);
            view.is_some_and(|view| name != before && mentions(&view.definition, &bare(name)))
        }
        Kind::MissingRoutine | Kind::RoutineDiffers => {
            let routine = sides.declared.routines.get(name);
            routine.is_some_and(|routine| name != before && mentions(&routine.definition, &bare(before)))
        }
        // What is computed from a column comes after it, and goes before it.
        Kind::MissingColumn => {
            let column = |drift: &Drift| sides.declared.tables.get(&drift.spot.owner)?.column(&drift.spot.part);
            let generated = column(one).and_then(|column| column.generated.as_ref());
            name == before && generated.is_some_and(|generated| mentions(generated, &other.spot.part))
        }
        Kind::ExtraColumn => {
            let column = |drift: &Drift| sides.actual.tables.get(&drift.spot.owner)?.column(&drift.spot.part);
            let generated = column(other).and_then(|column| column.generated.as_ref());
            name == before && generated.is_some_and(|generated| mentions(generated, &one.spot.part))
        }
        // The body of a package needs the package.
        Kind::MissingObject | Kind::ObjectDiffers => {
            name.replace("package body ", "package ") == before && name != before
        }
        Kind::MissingType => type_text(sides.declared, name).is_some_and(|text| mentions(&text, &bare(before))),
        Kind::ExtraType => type_text(sides.actual, before).is_some_and(|text| mentions(&text, &bare(name))),
        _ => false,
    }
}

/// What a type is made of, as a text in which the names of other types stand.
fn type_text(catalog: &crate::Catalog, name: &str) -> Option<String> {
    match &catalog.types.get(name)?.form {
        crate::Form::Enum(_) => None,
        crate::Form::Domain { base, .. } => Some(base.clone()),
        crate::Form::Composite(attributes) => Some(attributes.join(", ")),
        crate::Form::Range(words) => Some(words.clone()),
    }
}
