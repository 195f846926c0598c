//! Mending on PostgreSQL.

mod note;
mod object;
mod part;
mod table;

use super::{Mend, Sides, mentions};

use crate::{Catalog, Dialect, Drift, Kind, Table};

pub(super) fn mend(sides: Sides<'_>, drift: &Drift) -> Mend {
    let (owner, part) = (drift.spot.owner.as_str(), drift.spot.part.as_str());
    match drift.kind {
        Kind::MissingTable => match sides.declared.tables.get(owner) {
            Some(table) => table::create(sides, owner, table),
            None => gone(),
        },
        Kind::ExtraTable => table::drop(sides, owner),
        Kind::TableDiffers => table::properties(sides, owner),
        Kind::ColumnOrder => Mend::by_hand("PostgreSQL adds columns at the end: the table has to be made anew"),
        Kind::MissingColumn
        | Kind::ExtraColumn
        | Kind::ColumnType
        | Kind::ColumnNullability
        | Kind::ColumnDefault
        | Kind::ColumnIdentity
        | Kind::ColumnModifiers
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
pub(super) fn name(sides: Sides<'_>, key: &str) -> String {
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

/// The pieces of a list that SQL writes, as they stand between its commas.
fn listed(list: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = list;
    while let Some(at) = outside_quotes(rest, ',') {
        pieces.push(rest[..at].trim());
        rest = &rest[at + 1..];
    }
    pieces.push(rest.trim());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// A text that begins with a name as SQL writes it: the name, and what follows it.
fn first(text: &str) -> (&str, &str) {
    outside_quotes(text, ' ').map_or((text, ""), |at| (&text[..at], &text[at + 1..]))
}

fn outside_quotes(text: &str, wanted: char) -> Option<usize> {
    let mut open = None;
    text.char_indices().find_map(|(at, letter)| match open {
        Some(quote) => {
            open = open.filter(|_| letter != quote);
            None
        }
        None if letter == wanted => Some(at),
        None => {
            open = Some(letter).filter(|letter| matches!(letter, '"' | '\''));
            None
        }
    })
}

/// A name as SQL writes it, which has a namespace unless that is the one of `key`: qualified.
fn qualified(sides: Sides<'_>, key: &str, written: &str) -> String {
    match outside_quotes(written, '.') {
        Some(_) => written.to_owned(),
        None => format!("{}.{written}", quote(namespace(sides, key))),
    }
}

/// The key in a catalog of what is written beside `key` under this name.
fn key_of(sides: Sides<'_>, key: &str, written: &str) -> String {
    let plain = |part: &str| match part.strip_prefix('"').and_then(|part| part.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\"\"", "\""),
        None => part.to_owned(),
    };
    match outside_quotes(written, '.') {
        Some(at) => format!("{}.{}", plain(&written[..at]), plain(&written[at + 1..])),
        None => format!("{}{}", &key[..key.len() - split(sides, key).1.len()], plain(written)),
    }
}

/// Whether the server binds a trigger to a column: of its definition the columns and the condition count, which
/// stand before what it runs.
pub(super) fn binds(trigger: &str, column: &str) -> bool {
    let head = trigger.rsplit_once(" EXECUTE ").map_or(trigger, |(head, _)| head);
    let (events, condition) = head.split_once(" WHEN (").unwrap_or((head, ""));
    let columns = events.split_once(" UPDATE OF ").and_then(|(_, columns)| columns.split(" ON ").next());
    mentions(condition, column) || columns.is_some_and(|columns| mentions(columns, column))
}
