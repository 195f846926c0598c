//! What stands by itself, or is made and dropped by itself: dropped, and made from its kept text.

use super::{is_same, quote, rebuild};
use crate::mend::effect::{Also, Part};
use crate::mend::{Mend, Sides};
use crate::{Catalog, Definition, Index, Table};

/// What the key of a virtual table has before its name.
const VIRTUAL: &str = "virtual table ";

/// The statement that drops something, if it is there.
pub(super) fn drop(kind: &str, name: &str) -> String {
    format!("DROP {kind} IF EXISTS {}", quote(name))
}

/// A name under which something is kept and its text is not: a catalog read from a file has none.
pub(super) fn without_text(name: &str) -> Mend {
    Mend::by_hand(format!("how {name} was made is not known here"))
}

pub(super) fn missing_table(sides: Sides<'_>, name: &str) -> Mend {
    let Some(table) = sides.declared.tables.get(name).filter(|table| !table.sql.0.is_empty()) else {
        return without_text(name);
    };
    if let Some(other) = sides.actual.tables.keys().find(|other| is_same(other, name)) {
        return renamed(sides, other, name);
    }
    let in_its_way = in_the_way(sides.actual, name);
    let mend = Mend::by(in_its_way.iter().cloned().chain([table.sql.0.clone()]).chain(belongings(sides, name, table)));
    if in_its_way.iter().any(|statement| statement.starts_with("DROP TABLE")) {
        return mend.with("drops what has its name now, with all that it holds");
    }
    mend
}

pub(super) fn extra_table(sides: Sides<'_>, name: &str) -> Mend {
    if let Some(other) = sides.declared.tables.keys().find(|other| is_same(other, name)) {
        return renamed(sides, name, other);
    }
    let points_here = |table: &Table| table.foreign_keys.iter().any(|key| is_same(&key.target, name));
    let children = sides.actual.tables.iter().filter(|(child, table)| *child != name && points_here(table));
    let children: Vec<&str> = children.map(|(child, _)| child.as_str()).collect();
    let caution = match children.as_slice() {
        [] => "loses the rows of the table".to_owned(),
        children => format!("loses the rows of the table; fails while rows of {} point to one", children.join(", ")),
    };
    Mend::by([drop("TABLE", name)]).with(caution)
}

/// A table whose name differs in letter case alone, which is one name to SQLite.
fn renamed(sides: Sides<'_>, actual: &str, declared: &str) -> Mend {
    let interim = rebuild::interim_name(sides, declared);
    Mend::by([
        format!("ALTER TABLE {} RENAME TO {}", quote(actual), quote(&interim)),
        format!("ALTER TABLE {} RENAME TO {}", quote(&interim), quote(declared)),
    ])
    .with("renames the table: its name differs in letter case alone")
    .changing([Also::made(actual, Part::RenamedTable(declared.to_owned()))])
    .partly()
}

/// The indexes and triggers of a declared table, made after it; those of an actual one of its name went with that.
pub(super) fn belongings(sides: Sides<'_>, name: &str, table: &Table) -> Vec<String> {
    let indexes = table.indexes.iter().flat_map(|index| index_anew(sides.actual, index, name));
    let triggers = table.triggers.iter().flat_map(|(trigger, one)| trigger_anew(sides.actual, trigger, one, name));
    indexes.chain(triggers).collect()
}

/// Makes an index, once the one of its name is dropped, if there is one on anything but `gone`.
fn index_anew(actual: &Catalog, index: &Index, gone: &str) -> Vec<String> {
    let left = actual.tables.iter().filter(|(table, _)| *table != gone).flat_map(|(_, table)| &table.indexes);
    let drop = left.filter(|other| is_same(&other.name, &index.name)).map(|other| drop("INDEX", &other.name));
    drop.chain([index.sql.0.clone()]).collect()
}

/// Makes a trigger, once the one of its name is dropped, if there is one on anything but `gone`.
fn trigger_anew(actual: &Catalog, name: &str, trigger: &Definition, gone: &str) -> Vec<String> {
    let left = triggers(actual).filter(|(owner, other, _)| *owner != gone && is_same(other, name));
    left.map(|(_, other, _)| drop("TRIGGER", other)).chain([trigger.sql.0.clone()]).collect()
}

/// Every trigger, with what it is on and its name.
fn triggers(catalog: &Catalog) -> impl Iterator<Item = (&String, &String, &Definition)> {
    let of_tables = catalog.tables.iter().map(|(owner, table)| (owner, &table.triggers));
    let of_views = catalog.views.iter().map(|(owner, view)| (owner, &view.triggers));
    of_tables.chain(of_views).flat_map(|(owner, triggers)| triggers.iter().map(move |(name, one)| (owner, name, one)))
}

/// Makes an index as it was declared.
pub(super) fn index(sides: Sides<'_>, name: &str) -> Mend {
    let index = sides.declared.tables.values().find_map(|table| table.index(name));
    match index.filter(|index| !index.sql.0.is_empty()) {
        Some(index) => Mend::by(index_anew(sides.actual, &index, "")),
        None => without_text(name),
    }
}

/// Drops an index, or puts it where it was declared to be: its name is one in the whole database.
pub(super) fn extra_index(sides: Sides<'_>, name: &str) -> Mend {
    // Where its table is still missing, it is made with that.
    let is_declared = sides
        .declared
        .tables
        .iter()
        .any(|(owner, table)| sides.actual.tables.contains_key(owner) && table.index(name).is_some());
    if is_declared { index(sides, name) } else { Mend::by([drop("INDEX", name)]) }
}

/// Whether it is known how a trigger was made.
pub(super) fn has_text(catalog: &Catalog, trigger: &str) -> bool {
    triggers(catalog).any(|(_, name, one)| name == trigger && !one.sql.0.is_empty())
}

/// Makes a trigger as it was declared.
pub(super) fn trigger(sides: Sides<'_>, name: &str) -> Mend {
    match triggers(sides.declared).find(|(_, other, trigger)| *other == name && !trigger.sql.0.is_empty()) {
        Some((_, name, trigger)) => Mend::by(trigger_anew(sides.actual, name, trigger, "")),
        None => without_text(name),
    }
}

/// Drops a trigger, or puts it where it was declared to be: its name is one in the whole database.
pub(super) fn extra_trigger(sides: Sides<'_>, name: &str) -> Mend {
    let is_there = |owner: &str| sides.actual.tables.contains_key(owner) || sides.actual.views.contains_key(owner);
    let is_declared = triggers(sides.declared).any(|(owner, other, _)| other == name && is_there(owner));
    if is_declared { trigger(sides, name) } else { Mend::by([drop("TRIGGER", name)]) }
}

/// Makes a view as it was declared, with its triggers.
pub(super) fn view(sides: Sides<'_>, name: &str) -> Mend {
    let Some(view) = sides.declared.views.get(name).filter(|view| !view.sql.0.is_empty()) else {
        return without_text(name);
    };
    let in_its_way = in_the_way(sides.actual, name);
    let triggers = view.triggers.iter().flat_map(|(trigger, one)| trigger_anew(sides.actual, trigger, one, name));
    let mend = Mend::by(in_its_way.iter().cloned().chain([view.sql.0.clone()]).chain(triggers));
    if in_its_way.iter().any(|statement| statement.starts_with("DROP TABLE")) {
        return mend.with("drops the table that has its name now, with all that it holds");
    }
    mend
}

/// Drops what has the name that something is to have: tables, views and virtual tables share theirs.
fn in_the_way(actual: &Catalog, name: &str) -> Vec<String> {
    let tables = actual.tables.keys().map(|table| ("TABLE", table.as_str()));
    let views = actual.views.keys().map(|view| ("VIEW", view.as_str()));
    let others = actual.others.keys().filter_map(|other| other.strip_prefix(VIRTUAL)).map(|other| ("TABLE", other));
    let there = tables.chain(views).chain(others).filter(|(_, other)| is_same(other, name));
    there.map(|(kind, other)| drop(kind, other)).collect()
}

/// Makes a virtual table as it was declared.
pub(super) fn virtual_table(sides: Sides<'_>, key: &str) -> Mend {
    let name = key.strip_prefix(VIRTUAL).unwrap_or(key);
    let Some(table) = sides.declared.others.get(key).filter(|table| !table.sql.0.is_empty()) else {
        return without_text(name);
    };
    let in_its_way = in_the_way(sides.actual, name);
    let caution = if in_its_way.is_empty() {
        "the virtual table is made empty and has to be filled"
    } else {
        "loses what has its name now with all that it holds; the virtual table is made empty and has to be filled"
    };
    Mend::by(in_its_way.into_iter().chain([table.sql.0.clone()])).with(caution)
}

pub(super) fn extra_virtual_table(key: &str) -> Mend {
    let name = key.strip_prefix(VIRTUAL).unwrap_or(key);
    Mend::by([drop("TABLE", name)]).with("loses what the virtual table keeps")
}
