//! Tables as a whole.

use super::place::{Place, default_collation, has, property, quoted};
use super::{COPIES, Mend, column, key, stored};
use crate::mend::effect::{Also, Part};
use crate::{Column, Table};

/// Makes a table as the server shows that it is made, with its triggers.
pub(super) fn create(place: &Place<'_>) -> Option<Mend> {
    let declared = place.declared?;
    let rest = declared.sql.0.strip_prefix(&format!("CREATE TABLE {}", quoted(place.owner)))?;
    let text = without_position(&rest.replace('\n', " "));
    // Its foreign keys may point to tables that are made after it.
    let create = format!("SET STATEMENT foreign_key_checks = 0 FOR CREATE TABLE {}{text}", place.name());
    let view = place.sides.actual.views.get(place.owner).map(|_| format!("DROP VIEW {}", place.name()));
    Some(Mend::by(view.into_iter().chain([create]).chain(stored::triggers(place, declared))))
}

/// The statement of a table less the number that it would give next.
fn without_position(text: &str) -> String {
    let Some(options) = text.rfind(" AUTO_INCREMENT=") else { return text.to_owned() };
    let (before, rest) = text.split_at(options);
    let digits = rest.trim_start_matches(" AUTO_INCREMENT=");
    format!("{before}{}", digits.trim_start_matches(|digit: char| digit.is_ascii_digit()))
}

pub(super) fn drop(place: &Place<'_>) -> Mend {
    let points = |table: &Table| table.foreign_keys.iter().any(|key| key.target == place.owner);
    let mut others = place.sides.actual.tables.iter().filter(|(name, _)| *name != place.owner);
    let mend = Mend::by([format!("DROP TABLE {}", place.name())]);
    match others.find(|(_, table)| points(table)) {
        Some((other, _)) => mend.with(format!("loses its rows; fails while {other} points to it")),
        None => mend.with("loses its rows"),
    }
}

/// Mends what the server says of the table as a whole, a statement a property.
pub(super) fn differs(place: &Place<'_>) -> Option<Mend> {
    let (declared, actual) = place.tables()?;
    let mut statements = Vec::new();
    let (mut cautions, mut also) = (vec![COPIES], Vec::new());
    let (engine, live) = (property(declared, "ENGINE="), property(actual, "ENGINE="));
    let partitions = ["PARTITION BY "].map(|start| (property(declared, start), property(actual, start)));
    let [(partitions, live_partitions)] = partitions;
    if partitions.is_none() && live_partitions.is_some() {
        statements.push(place.alter(&["REMOVE PARTITIONING".to_owned()]));
    }
    if engine != live {
        statements.push(place.alter(&[format!("ENGINE={}", engine?)]));
    }
    if property(declared, "COLLATE=") != property(actual, "COLLATE=") {
        let collation = property(declared, "COLLATE=").or_else(|| default_collation(place.sides.declared))?;
        let (columns, clauses) = converted(place, declared, actual, collation);
        also.extend(columns.into_iter().map(|column| Also::made(place.owner, Part::Column(column))));
        statements.push(place.alter(&clauses));
    }
    let (versioned, is_versioned) = (has(declared, "WITH SYSTEM VERSIONING"), has(actual, "WITH SYSTEM VERSIONING"));
    if versioned != is_versioned {
        let of_history = |table: &'_ Table| -> Vec<String> {
            let columns = table.columns.iter().filter(|column| column::is_of_history(column));
            columns.map(|column| column.name.clone()).collect()
        };
        let columns = [of_history(declared), of_history(actual)].concat();
        also.extend(columns.into_iter().map(|column| Also::made(place.owner, Part::Column(column))));
        statements.push(place.alter(&versioning(place, declared, actual)));
        if !versioned {
            cautions.push("loses the history of the rows");
        }
    }
    let (keys, changes) = period(place, declared, actual);
    also.extend(keys.into_iter().map(|key| Also::made(place.owner, key::part_of(key.as_deref()))));
    statements.extend(changes);
    let times = [declared, actual].map(|table| property(table, "PERIOD FOR SYSTEM_TIME "));
    if versioned && is_versioned && times[0] != times[1] {
        return Some(Mend::by_hand("other columns of system time mean another history"));
    }
    if let Some(partitions) = partitions.filter(|partitions| Some(*partitions) != live_partitions) {
        statements.push(place.alter(&[format!("PARTITION BY {partitions}")]));
        cautions.push("fails where rows fit no partition");
    }
    Some(Mend::by(statements).with(cautions.join("; ")).changing(also))
}

/// The clauses that give a table its collation, and the columns that get theirs with it.
///
/// Where its texts have another one too, all of them are converted; CONVERT TO alone would give those that are
/// declared with a collation of their own the table's, and make longer types of short ones.
fn converted(place: &Place<'_>, declared: &Table, actual: &Table, collation: &str) -> (Vec<String>, Vec<String>) {
    const TEXTS: [&str; 8] = ["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"];
    let is_text = |column: &&Column| TEXTS.contains(&column.data_type.split(['(', ' ']).next().unwrap_or_default());
    let texts = declared
        .columns
        .iter()
        .filter(is_text)
        .filter(|column| actual.column(&column.name).is_some_and(|live| is_text(&live)));
    let texts: Vec<&Column> = texts.collect();
    let differs =
        |column: &&&Column| actual.column(&column.name).is_some_and(|live| live.data_type != column.data_type);
    let tables = place.sides.actual.tables.iter();
    let keys = tables.flat_map(|(name, table)| table.foreign_keys.iter().map(move |key| (name, key)));
    let tied: Vec<&String> = keys
        .flat_map(|(name, key)| {
            let own = (name == place.owner).then_some(&key.columns);
            let target = (key.target == place.owner).then_some(&key.target_columns);
            own.into_iter().chain(target).flatten()
        })
        .collect();
    if !texts.iter().any(|text| differs(&text)) || texts.iter().any(|text| tied.contains(&&text.name)) {
        return (Vec::new(), vec![format!("DEFAULT COLLATE={collation}")]);
    }
    let charset = collation.split('_').next().unwrap_or(collation);
    let convert = format!("CONVERT TO CHARACTER SET {charset} COLLATE {collation}");
    let modify = texts.iter().map(|column| format!("MODIFY COLUMN {}", place.definition(declared, column)));
    (texts.iter().map(|column| column.name.clone()).collect(), std::iter::once(convert).chain(modify).collect())
}

/// The clauses that begin or end a table's versioning, with the columns that tell its times.
fn versioning(place: &Place<'_>, declared: &Table, actual: &Table) -> Vec<String> {
    const PERIOD: &str = "PERIOD FOR SYSTEM_TIME ";
    let begins = has(declared, "WITH SYSTEM VERSIONING");
    let (verb, of) = if begins { ("ADD", declared) } else { ("DROP", actual) };
    let mut clauses = Vec::new();
    if let Some(columns) = property(of, PERIOD) {
        for column in of.columns.iter().filter(|column| column::is_of_history(column)) {
            let wanted = if begins { place.definition(of, column) } else { quoted(&column.name) };
            clauses.push(format!("{verb} COLUMN {wanted}"));
        }
        clauses.push(if begins { format!("ADD {PERIOD}{columns}") } else { format!("DROP {}", PERIOD.trim_end()) });
    }
    clauses.push(format!("{verb} SYSTEM VERSIONING"));
    clauses
}

/// The keys over the period of the table's own, and the statements that fix it with them.
fn period(place: &Place<'_>, declared: &Table, actual: &Table) -> (Vec<Option<String>>, Vec<String>) {
    let periods = |table: &'_ Table| -> Option<String> {
        let mut periods = table.properties.iter().filter_map(|property| property.strip_prefix("PERIOD FOR "));
        periods.find(|period| !period.starts_with("SYSTEM_TIME ")).map(str::to_owned)
    };
    let (wanted, live) = (periods(declared), periods(actual));
    if wanted == live {
        return (Vec::new(), Vec::new());
    }
    let is_over = |parts: &[String]| parts.iter().any(|part| part.ends_with(key::WITHOUT_OVERLAPS));
    let over = |table: &'_ Table| -> Vec<Option<String>> {
        let over = key::all(table).filter(|(_, parts)| is_over(parts));
        over.map(|(name, _)| name.map(str::to_owned)).collect()
    };
    let keys = over(declared);
    let is_there = |name: &Option<String>| key::all(actual).any(|(other, _)| other == name.as_deref());
    let mut gone = over(actual);
    gone.extend(keys.iter().filter(|name| is_there(name) && !over(actual).contains(name)).cloned());
    let mut first: Vec<String> = gone.iter().map(|name| key::remove(name.as_deref())).collect();
    first.extend(live.map(|live| format!("DROP PERIOD FOR {}", live.split(' ').next().unwrap_or_default())));
    let mut then: Vec<String> = wanted.map(|wanted| format!("ADD PERIOD FOR {wanted}")).into_iter().collect();
    then.extend(keys.iter().filter_map(|name| key::add(declared, name.as_deref())));
    let clauses = [first, then].into_iter().filter(|clauses| !clauses.is_empty());
    let statements = clauses.map(|clauses| place.alter(&clauses)).collect();
    gone.extend(keys);
    (gone, statements)
}
