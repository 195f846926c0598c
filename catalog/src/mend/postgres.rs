//! Mending on PostgreSQL.

mod note;
mod object;
mod part;
mod table;

use super::{Mend, Sides};
use crate::{Catalog, Dialect, Drift, Kind, Table};

pub(super) fn mend(sides: Sides<'_>, drift: &Drift) -> Mend {
    let (owner, part) = (drift.spot.owner.as_str(), drift.spot.part.as_str());
    match drift.kind {
        Kind::MissingTable => match sides.declared.tables.get(owner) {
            Some(table) => table::create(sides, owner, table),
            None => gone(),
        },
        Kind::ExtraTable => Mend::by([format!("DROP TABLE {}", name(sides, owner))]).with("loses its rows"),
        Kind::TableDiffers => table::properties(sides, owner),
        Kind::ColumnOrder => Mend::by_hand("PostgreSQL adds columns at the end: the table has to be made anew"),
        Kind::MissingColumn
        | Kind::ExtraColumn
        | Kind::ColumnType
        | Kind::ColumnNullability
        | Kind::ColumnDefault
        | Kind::ColumnIdentity
        | Kind::ColumnGenerated => table::column(sides, drift.kind, owner, part),
        Kind::MissingPrimaryKey
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
        | Kind::CheckDiffers
        | Kind::MissingExclusion
        | Kind::ExtraExclusion
        | Kind::ExclusionDiffers => part::constraint(sides, owner, part),
        Kind::MissingIndex | Kind::ExtraIndex | Kind::IndexDiffers => part::index(sides, owner, part),
        Kind::MissingTrigger | Kind::ExtraTrigger | Kind::TriggerDiffers => part::trigger(sides, owner, part),
        Kind::MissingPolicy | Kind::ExtraPolicy | Kind::PolicyDiffers => part::policy(sides, owner, part),
        Kind::MissingRule | Kind::ExtraRule | Kind::RuleDiffers => part::rule(sides, owner, part),
        Kind::MissingView | Kind::ExtraView | Kind::ViewDiffers => object::view(sides, owner),
        Kind::MissingType | Kind::ExtraType | Kind::TypeDiffers => object::type_of(sides, owner),
        Kind::MissingSequence | Kind::ExtraSequence | Kind::SequenceDiffers => object::sequence(sides, owner),
        Kind::MissingRoutine | Kind::ExtraRoutine | Kind::RoutineDiffers => object::routine(sides, owner),
        Kind::MissingExtension | Kind::ExtraExtension | Kind::ExtensionDiffers => object::extension(sides, owner),
        Kind::MissingObject | Kind::ExtraObject | Kind::ObjectDiffers => object::other(sides, owner),
        Kind::MissingNamespace => Mend::by([format!("CREATE SCHEMA {}", quote(owner))]),
        Kind::ExtraNamespace => Mend::by([format!("DROP SCHEMA {}", quote(owner))]),
        Kind::SequencePosition => object::position(sides, owner),
        Kind::OwnerDiffers => note::owner(sides, owner),
        Kind::CommentDiffers => note::comment(sides, owner, part),
        Kind::GrantsDiffer => note::grants(sides, owner, part),
        Kind::StorageDiffers => note::storage(sides, owner, part),
        _ => gone(),
    }
}

/// What cannot be: a difference of something that is on neither side, or that PostgreSQL does not have.
fn gone() -> Mend {
    Mend::by_hand("nothing is known that would mend it")
}

fn quote(name: &str) -> String {
    Dialect::Postgres.quote(name)
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A key of a catalog as SQL writes the name: qualified.
fn name(sides: Sides<'_>, key: &str) -> String {
    let (namespace, name) = split(sides, key);
    format!("{}.{}", quote(namespace), quote(name))
}

/// A key of a catalog as namespace and name.
fn split<'a>(sides: Sides<'a>, key: &'a str) -> (&'a str, &'a str) {
    let namespaces = sides.declared.namespaces.keys().chain(sides.actual.namespaces.keys());
    let mut owned = namespaces.filter(|namespace| !namespace.is_empty());
    let found = owned.find_map(|namespace| Some((namespace.as_str(), key.strip_prefix(namespace)?.strip_prefix('.')?)));
    found.unwrap_or((sides.home, key))
}

/// The namespace that a key of a catalog stands in.
fn namespace<'a>(sides: Sides<'a>, key: &'a str) -> &'a str {
    split(sides, key).0
}

fn tables<'a>(sides: Sides<'a>, key: &str) -> [Option<&'a Table>; 2] {
    [sides.declared, sides.actual].map(|catalog: &Catalog| catalog.tables.get(key))
}

/// Whether `text` has `word` in it as a whole name.
fn mentions(text: &str, word: &str) -> bool {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(is_name);
        let after = text[at + word.len()..].chars().next().is_some_and(is_name);
        !word.is_empty() && !before && !after
    })
}
