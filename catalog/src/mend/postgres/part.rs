//! Constraints, indexes, triggers, policies and rules.

use super::{gone, name, namespace, quote, tables};
use crate::mend::{Mend, Sides};
use crate::{Definition, ForeignKey, Index, Table};

/// A constraint in a CREATE or behind an ADD.
pub(super) fn clause(name: Option<&String>, sql: &str) -> String {
    name.map_or_else(|| sql.to_owned(), |name| format!("CONSTRAINT {} {sql}", quote(name)))
}

/// A constraint of a table: name, definition, and its columns if it is a key.
struct Found<'a> {
    name: &'a str,
    sql: &'a str,
    key: Option<&'a [String]>,
    modifiers: &'a str,
}

fn find<'a>(table: &'a Table, part: &str) -> Option<Found<'a>> {
    let keys = table.primary_key.iter().filter(|_| part == "primary key");
    let keys = keys.chain(table.uniques.iter().filter(|key| key.name.as_deref() == Some(part)));
    let keys = keys.map(|key| (&key.name, &key.sql, Some(key.columns.as_slice()), &key.modifiers));
    let foreign = table.foreign_keys.iter().map(|key| (&key.name, &key.sql, None, &key.modifiers));
    let checks = table.checks.iter().chain(&table.exclusions);
    let checks = checks.map(|check| (&check.name, &check.sql, None, &check.modifiers));
    let mut named = keys.chain(foreign.chain(checks).filter(|(name, ..)| name.as_deref() == Some(part)));
    let (name, sql, key, modifiers) = named.next()?;
    Some(Found { name: name.as_deref().unwrap_or_default(), sql: &sql.0, key, modifiers })
}

pub(super) fn constraint(sides: Sides<'_>, key: &str, part: &str) -> Mend {
    let [Some(table), Some(live)] = tables(sides, key) else { return gone() };
    let target = name(sides, key);
    let (declared, actual) = (find(table, part), find(live, part));
    if let (Some(declared), Some(actual)) = (&declared, &actual)
        && declared.modifiers.replace("NOT VALID", "") == actual.modifiers.replace("NOT VALID", "")
        && actual.sql == format!("{} NOT VALID", declared.sql)
    {
        return Mend::by([format!("ALTER TABLE {target} VALIDATE CONSTRAINT {}", quote(declared.name))])
            .with("reads every row; fails where one breaks it");
    }
    // What a table's parents have too becomes its own by being added, and stays so.
    let is_local = |found: &Option<Found<'_>>| found.as_ref().is_some_and(|found| found.modifiers.contains("LOCAL"));
    if let (Some(declared), Some(_)) = (&declared, &actual)
        && is_local(&find(table, part)) != is_local(&actual)
    {
        return if is_local(&actual) {
            Mend::by_hand("whether a CHECK is a table's own or its parents' alone is said when the table is made")
        } else {
            let name = declared.name.to_owned();
            Mend::by([format!("ALTER TABLE {target} ADD {}", clause(Some(&name), declared.sql))])
        };
    }
    // Foreign keys that point to a key stand in its way.
    let pointing = actual.as_ref().and_then(|actual| actual.key).map(|columns| pointing(sides, key, columns));
    let pointing = pointing.unwrap_or_default();
    if let (Some(declared), Some(actual), []) = (&declared, &actual, pointing.as_slice()) {
        // One statement, so that the old one stays where the new one cannot be.
        let add = clause(Some(&declared.name.to_owned()), declared.sql);
        let drop = drop_constraint(&target, Some(actual.name));
        return Mend::by([format!("{drop}, ADD {add}")]).with(READS);
    }
    let off = pointing.iter().map(|(from, one)| drop_constraint(&name(sides, from), one.name.as_deref()));
    let drop = actual.as_ref().map(|actual| drop_constraint(&target, Some(actual.name)));
    let add = declared
        .as_ref()
        .map(|declared| format!("ALTER TABLE {target} ADD {}", clause(Some(&declared.name.to_owned()), declared.sql)));
    let on = pointing
        .iter()
        .map(|(from, one)| format!("ALTER TABLE {} ADD {}", name(sides, from), clause(one.name.as_ref(), &one.sql.0)));
    let adds = add.is_some();
    let mend = Mend::by(off.chain(drop).chain(add).chain(on));
    match (adds, actual.is_some()) {
        (true, true) => mend.with(format!("{READS}, and then the old one is gone: in one transaction")),
        (true, false) => mend.with(READS),
        _ => mend,
    }
}

const READS: &str = "reads every row under a lock; fails where one breaks it";

fn drop_constraint(target: &str, name: Option<&str>) -> String {
    format!("ALTER TABLE {target} DROP CONSTRAINT {}", quote(name.unwrap_or_default()))
}

/// The live foreign keys that point to these columns of a table.
fn pointing<'a>(sides: Sides<'a>, key: &str, columns: &[String]) -> Vec<(&'a str, &'a ForeignKey)> {
    let points = |one: &ForeignKey| {
        let mut wanted: Vec<&String> = columns.iter().collect();
        let mut target: Vec<&String> = one.target_columns.iter().collect();
        wanted.sort();
        target.sort();
        one.target == key && wanted == target
    };
    let tables = sides.actual.tables.iter();
    tables
        .flat_map(|(from, table)| table.foreign_keys.iter().map(move |one| (from.as_str(), one)))
        .filter(|(_, one)| points(one))
        .collect()
}

pub(super) fn index(sides: Sides<'_>, key: &str, part: &str) -> Mend {
    let [declared, actual] = [sides.declared, sides.actual].map(|catalog| {
        let of_table = catalog.tables.get(key).map(|table| &table.indexes);
        let indexes: &Vec<Index> = of_table.or(catalog.views.get(key).map(|view| &view.indexes))?;
        indexes.iter().find(|index| index.name == part)
    });
    let target = format!("{}.{}", quote(namespace(sides, key)), quote(part));
    let has = |word: &str| {
        let [declared, _] = tables(sides, key);
        declared.is_some_and(|table| table.properties.iter().any(|property| property.starts_with(word)))
    };
    if has("PARTITION OF ") {
        return Mend::by_hand("it goes with an index of the partitioned table, or is attached to one");
    }
    // Of a partitioned table the server writes the index alone, without those of its partitions.
    let whole = |sql: &str| if has("PARTITION BY ") { sql.replacen(" ON ONLY ", " ON ", 1) } else { sql.to_owned() };
    if let (Some(declared), Some(actual)) = (declared, actual)
        && declared.sql.0 == actual.sql.0
        && !has("PARTITION BY ")
    {
        return Mend::by([format!("REINDEX INDEX {target}")]).with("locks writes to the table while it is built");
    }
    let drop = actual.map(|_| format!("DROP INDEX {target}"));
    let make = declared.map(|declared| whole(&declared.sql.0));
    let makes = make.is_some();
    let mend = Mend::by(drop.into_iter().chain(make));
    match actual {
        Some(_) if declared.is_some_and(|declared| declared.unique) => mend.with(
            "locks writes to the table while it is built; where rows break it the old one is gone: in one transaction",
        ),
        _ if makes => mend.with("locks writes to the table while it is built"),
        _ => mend,
    }
}

fn definitions<'a>(
    sides: Sides<'a>,
    key: &str,
    part: &str,
    of_table: fn(&'a Table) -> &'a std::collections::BTreeMap<String, Definition>,
    of_view: fn(&'a crate::View) -> Option<&'a std::collections::BTreeMap<String, Definition>>,
) -> [Option<&'a Definition>; 2] {
    [sides.declared, sides.actual].map(|catalog| {
        let parts = catalog.tables.get(key).map(of_table);
        parts.or_else(|| catalog.views.get(key).and_then(of_view))?.get(part)
    })
}

pub(super) fn trigger(sides: Sides<'_>, key: &str, part: &str) -> Mend {
    let sides_of = definitions(sides, key, part, |table| &table.triggers, |view| Some(&view.triggers));
    let target = name(sides, key);
    match sides_of {
        [Some(declared), Some(actual)] if declared.definition == actual.definition => {
            Mend::by([switched(&target, "TRIGGER", part, &declared.modifiers)])
        }
        [declared, actual] => {
            let drop = actual.map(|_| format!("DROP TRIGGER {} ON {target}", quote(part)));
            let make = declared.map(|declared| made_trigger(&target, part, declared)).unwrap_or_default();
            Mend::by(drop.into_iter().chain(make))
        }
    }
}

/// The statements that make a trigger such that it fires when it should.
pub(super) fn made_trigger(target: &str, name: &str, trigger: &Definition) -> Vec<String> {
    let switch = (!trigger.modifiers.is_empty()).then(|| switched(target, "TRIGGER", name, &trigger.modifiers));
    [trigger.sql.0.clone()].into_iter().chain(switch).collect()
}

/// The statement that switches a trigger or rule on or off; without modifiers it fires as most do.
fn switched(target: &str, kind: &str, name: &str, modifiers: &str) -> String {
    let how = match modifiers {
        "" => "ENABLE",
        "DISABLED" => "DISABLE",
        "ENABLED REPLICA" => "ENABLE REPLICA",
        _ => "ENABLE ALWAYS",
    };
    format!("ALTER TABLE {target} {how} {kind} {}", quote(name))
}

pub(super) fn policy(sides: Sides<'_>, key: &str, part: &str) -> Mend {
    let [declared, actual] = definitions(sides, key, part, |table| &table.policies, |_| None);
    let drop = actual.map(|_| format!("DROP POLICY {} ON {}", quote(part), name(sides, key)));
    let make = declared.map(|declared| declared.sql.0.clone());
    Mend::by(drop.into_iter().chain(make)).with("in one transaction, or rows are hidden or shown in between")
}

pub(super) fn rule(sides: Sides<'_>, key: &str, part: &str) -> Mend {
    let [declared, actual] = definitions(sides, key, part, |table| &table.rules, |view| Some(&view.rules));
    let target = name(sides, key);
    let drop = actual.map(|_| format!("DROP RULE {} ON {target}", quote(part)));
    let make = declared.map(|declared| declared.sql.0.trim_end_matches(';').to_owned());
    let switch = declared.filter(|declared| !declared.modifiers.is_empty());
    let switch = switch.map(|declared| switched(&target, "RULE", part, &declared.modifiers));
    Mend::by(drop.into_iter().chain(make).chain(switch))
}
