//! What the server keeps as a statement: triggers, views, routines, packages, events; and sequences.

use super::Mend;
use super::place::{Place, literal, quoted};
use crate::mend::effect::{Also, Part};
use crate::{Definition, Sequence, Table};

/// Modes that change how a statement is read, so that they have to stand before it.
const READING: [&str; 4] = ["ANSI_QUOTES", "ORACLE", "NO_BACKSLASH_ESCAPES", "HIGH_NOT_PRECEDENCE"];

/// The statements that make something under the settings it was made under.
pub(super) fn made(definition: &Definition) -> Vec<String> {
    under(&definition.modifiers, &definition.sql.0)
}

/// The statements that run one under these settings.
pub(super) fn under(settings: &str, sql: &str) -> Vec<String> {
    if settings.is_empty() {
        return vec![sql.to_owned()];
    }
    if READING.iter().all(|mode| !settings.contains(mode)) {
        return vec![format!("SET STATEMENT {settings} FOR {sql}")];
    }
    let keep = "@kiln_sql_mode = @@sql_mode, @kiln_time_zone = @@time_zone";
    let restore = "SET sql_mode = @kiln_sql_mode, time_zone = @kiln_time_zone";
    vec![format!("SET {keep}"), format!("SET {settings}"), sql.to_owned(), restore.to_owned()]
}

pub(super) fn trigger(place: &Place<'_>, name: &str) -> Mend {
    let drop = format!("DROP TRIGGER IF EXISTS {}", place.qualified(name));
    let is_elsewhere = |(table, one): (&String, &Table)| table != place.owner && one.triggers.contains_key(name);
    let Some(declared) = place.declared.filter(|table| table.triggers.contains_key(name)) else {
        // Triggers share their names: one that another table should have goes there.
        let is_there = |table: &str| place.sides.actual.tables.contains_key(table);
        let mut tables = place.sides.declared.tables.iter();
        let home = tables.find(|(table, one)| is_there(table) && one.triggers.contains_key(name));
        let there = home.into_iter().flat_map(|(_, table)| made(&table.triggers[name]));
        return Mend::by([drop].into_iter().chain(there));
    };
    let mut statements = Vec::new();
    if place.sides.actual.tables.iter().any(is_elsewhere) {
        statements.push(drop);
    }
    let is_there = |other: &str| place.actual.is_some_and(|table| table.triggers.contains_key(other));
    let chain = chain(declared, name);
    let missing = chain.iter().filter(|other| **other == name || !is_there(other));
    let mut also = Vec::new();
    for other in missing {
        let trigger = &declared.triggers[*other];
        statements.extend(under(&trigger.modifiers, &ordered(place, trigger, other)));
        also.push(Also::made(place.owner, Part::Trigger((*other).to_owned())));
    }
    Mend::by(statements).changing(also)
}

/// What every trigger says before its order and its body.
const EACH: &str = " FOR EACH ROW ";

/// The first of the triggers that are there and fire when one does, itself aside.
fn first<'a>(place: &Place<'a>, trigger: &Definition, name: &str) -> Option<&'a str> {
    let moment = |trigger: &Definition| trigger.definition.split_once(EACH).map(|(moment, _)| moment.to_owned());
    let table = place.actual?;
    let others = table.triggers.iter().filter(|(other, one)| *other != name && moment(one) == moment(trigger));
    others.map(|(other, _)| other.as_str()).min_by_key(|other| chain(table, other).len())
}

/// The statement of a trigger, before all that are there unless it follows one: it would come last.
pub(super) fn ordered(place: &Place<'_>, trigger: &Definition, name: &str) -> String {
    let sql = &trigger.sql.0;
    match first(place, trigger, name) {
        Some(first) if !sql.contains(" FOR EACH ROW FOLLOWS `") => {
            sql.replacen(EACH, &format!("{EACH}PRECEDES {} ", quoted(first)), 1)
        }
        _ => sql.clone(),
    }
}

/// The statements of all triggers of a table, each after the one that it follows.
pub(super) fn triggers(place: &Place<'_>, table: &Table) -> Vec<String> {
    let mut names: Vec<&str> = table.triggers.keys().map(String::as_str).collect();
    names.sort_by_key(|name| chain(table, name).len());
    let is_elsewhere = |name: &str| place.sides.actual.tables.values().any(|other| other.triggers.contains_key(name));
    names.retain(|name| !is_elsewhere(name));
    names.into_iter().flat_map(|name| made(&table.triggers[name])).collect()
}

/// The triggers that one follows, first to last, and itself.
fn chain<'a>(table: &'a Table, name: &'a str) -> Vec<&'a str> {
    let mut chain = vec![name];
    while let Some(last) = chain.last() {
        let followed = table.triggers.get(*last).and_then(|trigger| {
            let (_, rest) = trigger.definition.split_once(" FOR EACH ROW FOLLOWS `")?;
            let followed = rest.split('`').next()?;
            table.triggers.get_key_value(followed).map(|(name, _)| name.as_str())
        });
        match followed.filter(|followed| !chain.contains(followed)) {
            Some(followed) => chain.push(followed),
            None => break,
        }
    }
    chain.reverse();
    chain
}

pub(super) fn view(place: &Place<'_>) -> Option<Mend> {
    let (declared, actual) = (place.sides.declared.views.get(place.owner), place.sides.actual.views.get(place.owner));
    let Some(view) = declared else {
        return Some(Mend::by([format!("DROP VIEW IF EXISTS {}", place.name())]));
    };
    if view.definition.is_empty() {
        return None;
    }
    let is_same = |actual: &&crate::View| actual.definition == view.definition && actual.modifiers == view.modifiers;
    if actual.as_ref().is_some_and(is_same) {
        return Some(Mend::by_hand("goes with the tables that the view reads"));
    }
    let mend = Mend::by([view.sql.0.clone()]);
    Some(if place.actual.is_some() { mend.with("fails while a table has its name") } else { mend })
}

/// The kind and name that a statement is about: `FUNCTION`, and the name as SQL writes it.
pub(super) fn head(definition: &Definition) -> Option<(&str, &str)> {
    let rest = definition.sql.0.strip_prefix("CREATE OR REPLACE ")?.trim_start_matches("AGGREGATE ");
    let at = rest.find(" `")?;
    let name = &rest[at + 1..];
    let end = name.find(['(', ' ']).unwrap_or(name.len());
    Some((&rest[..at], &name[..end]))
}

pub(super) fn routine(place: &Place<'_>) -> Option<Mend> {
    let [declared, actual] = [place.sides.declared, place.sides.actual].map(|side| side.routines.get(place.owner));
    if let Some(definition) = declared {
        return stored(definition);
    }
    let (kind, name) = head(actual?)?;
    // One of other arguments is the same to the server: it is replaced, not dropped.
    let mut all = place.sides.declared.routines.values();
    match all.find(|other| head(other) == Some((kind, name))) {
        Some(other) => stored(other),
        None => Some(Mend::by([format!("DROP {kind} {name}")])),
    }
}

pub(super) fn other(place: &Place<'_>) -> Option<Mend> {
    let [declared, actual] = [place.sides.declared, place.sides.actual].map(|side| side.others.get(place.owner));
    let Some(declared) = declared else {
        let (kind, name) = head(actual?)?;
        let sql = format!("DROP {kind} {name}");
        // Only in the mode of packages does the server know the word.
        return Some(Mend::by(if kind.starts_with("PACKAGE") { under(&actual?.modifiers, &sql) } else { vec![sql] }));
    };
    // A body needs its package.
    let package = place.owner.strip_prefix("package body ").map(|name| format!("package {name}"));
    let package = package.filter(|package| !place.sides.actual.others.contains_key(package));
    let package = package.and_then(|package| place.sides.declared.others.get(&package));
    let before: Vec<String> = package.map(made).unwrap_or_default();
    let mut mend = stored(declared)?;
    mend.statements.splice(0..0, before);
    Some(mend)
}

/// None without a body: there is nothing to make it from.
fn stored(definition: &Definition) -> Option<Mend> {
    (!definition.sql.0.ends_with(' ')).then(|| Mend::by(made(definition)))
}

pub(super) fn sequence(place: &Place<'_>) -> Option<Mend> {
    let [declared, actual] = [place.sides.declared, place.sides.actual].map(|side| side.sequences.get(place.owner));
    let name = place.name();
    let Some(declared) = declared else {
        let caution = "loses the numbers that it has given; a default that asks it then fails";
        return Some(Mend::by([format!("DROP SEQUENCE {name}")]).with(caution));
    };
    if declared.definition.is_empty() {
        return None;
    }
    let (rest, engine) = apart(declared);
    match actual {
        None => {
            let comment = declared.about.comments.get("");
            let comment = comment.map(|comment| format!(" COMMENT={}", literal(comment))).unwrap_or_default();
            Some(Mend::by([format!("CREATE SEQUENCE {name} {}{comment}", declared.definition)]))
        }
        Some(actual) => {
            let engine = (engine != apart(actual).1).then(|| format!("ALTER TABLE {name} ENGINE={engine}"));
            Some(Mend::by([format!("ALTER SEQUENCE {name} {rest}")].into_iter().chain(engine)))
        }
    }
}

/// What a sequence can be told to be, and the engine that keeps it.
fn apart(sequence: &Sequence) -> (&str, &str) {
    sequence.definition.split_once(" ENGINE=").unwrap_or((&sequence.definition, "InnoDB"))
}

/// The statement that makes something, with the one whose rights it has.
pub(super) fn owned(definition: &str, owner: Option<&String>) -> String {
    let Some((user, host)) = owner.and_then(|owner| owner.rsplit_once('@')) else { return definition.to_owned() };
    let owner = if host.is_empty() { quoted(user) } else { format!("{}@{}", quoted(user), quoted(host)) };
    definition.replacen("CREATE OR REPLACE ", &format!("CREATE OR REPLACE DEFINER={owner} "), 1)
}
