//! Primary keys, uniques and indexes.

use super::place::{Place, literal, quoted};
use super::{COPIES, Mend};
use crate::Table;
use crate::mend::effect::{Also, Part};

/// What ends the part of a key that is a period.
pub(super) const WITHOUT_OVERLAPS: &str = " WITHOUT OVERLAPS";

/// The keys of a table by their names, the primary one without a name, and their parts.
pub(super) fn all(table: &Table) -> impl Iterator<Item = (Option<&str>, &[String])> {
    let primary = table.primary_key.iter().map(|key| (None, key.columns.as_slice()));
    let uniques = table.uniques.iter().map(|key| (key.name.as_deref(), key.columns.as_slice()));
    let indexes = table.indexes.iter().map(|index| (Some(index.name.as_str()), index.keys.as_slice()));
    primary.chain(uniques).chain(indexes)
}

/// The clause that adds a key as a table has it.
pub(super) fn add(table: &Table, name: Option<&str>) -> Option<String> {
    let place = name.map_or("primary key".to_owned(), |name| format!("index {name}"));
    let unique = table.uniques.iter().find(|key| name.is_some() && key.name.as_deref() == name);
    let index = table.indexes.iter().find(|index| Some(index.name.as_str()) == name);
    let (kind, parts, options) = match (name, unique, index) {
        (None, ..) => {
            let key = table.primary_key.as_ref()?;
            ("PRIMARY KEY".to_owned(), &key.columns, key.modifiers.clone())
        }
        (Some(name), Some(key), _) => (format!("UNIQUE INDEX {}", quoted(name)), &key.columns, key.modifiers.clone()),
        (Some(name), None, index) => {
            let index = index?;
            let (kind, using) = match index.method.as_deref() {
                Some(kind @ ("FULLTEXT" | "SPATIAL" | "VECTOR")) => (format!("{kind} INDEX"), String::new()),
                method => ("INDEX".to_owned(), method.map(|method| format!("USING {method} ")).unwrap_or_default()),
            };
            (format!("{kind} {}", quoted(name)), &index.keys, using + &index.modifiers)
        }
    };
    let parts: Vec<String> = parts.iter().map(|text| part(table, text)).collect();
    let said = [
        Some(options.trim().to_owned()).filter(|options| !options.is_empty()),
        table.about.storage.get(&place).cloned(),
        table.about.comments.get(&place).map(|comment| format!("COMMENT {}", literal(comment))),
    ];
    let clause = format!("ADD {kind} ({})", parts.join(", "));
    Some(said.into_iter().flatten().fold(clause, |clause, option| format!("{clause} {option}")))
}

/// The clause that drops a key.
pub(super) fn remove(name: Option<&str>) -> String {
    name.map_or("DROP PRIMARY KEY".to_owned(), |name| format!("DROP INDEX {}", quoted(name)))
}

/// A part of a key as SQL writes it: `name`, `name(10) DESC`, `period WITHOUT OVERLAPS`.
fn part(table: &Table, text: &str) -> String {
    let name = column(table, text);
    format!("{}{}", quoted(name), &text[name.len()..])
}

/// The column, or period, that a part of a key is over.
pub(super) fn column<'a>(table: &Table, text: &'a str) -> &'a str {
    if table.column(text).is_some() {
        return text;
    }
    let text = text.strip_suffix(WITHOUT_OVERLAPS).unwrap_or(text);
    let text = text.strip_suffix(" DESC").unwrap_or(text);
    match text.rsplit_once('(') {
        Some((name, length)) if length.trim_end_matches(')').bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => text,
    }
}

/// Mends the primary key in one statement, with the column that numbers its rows and needs it.
pub(super) fn primary(place: &Place<'_>) -> Option<Mend> {
    let (declared, actual) = place.tables()?;
    let mut clauses: Vec<String> = actual.primary_key.iter().map(|_| remove(None)).collect();
    clauses.extend(add(declared, None));
    // Over a period and over its columns is the same to the server, within one statement.
    let is_over_period = [declared, actual].iter().any(|table| {
        table.primary_key.iter().any(|key| key.columns.iter().any(|part| part.ends_with(WITHOUT_OVERLAPS)))
    });
    let first = if is_over_period && clauses.len() > 1 { Some(place.alter(&[clauses.remove(0)])) } else { None };
    let renumbered = declared
        .columns
        .iter()
        .filter(|column| actual.column(&column.name).is_some_and(|live| live.identity != column.identity));
    let also: Vec<Also> =
        renumbered.clone().map(|column| Also::made(place.owner, Part::Column(column.name.clone()))).collect();
    clauses.extend(renumbered.map(|column| format!("MODIFY COLUMN {}", place.definition(declared, column))));
    let mend = Mend::by(first.into_iter().chain([place.alter(&clauses)])).changing(also);
    Some(match declared.primary_key {
        Some(_) => mend.with(format!("{COPIES}; fails where rows repeat or have NULL")),
        None => mend.with(COPIES),
    })
}

/// Mends a unique or an index: what is there of the name goes, what is declared comes, in one statement.
pub(super) fn index(place: &Place<'_>, name: &str) -> Option<Mend> {
    let (declared, actual) = place.tables()?;
    let is_there = all(actual).any(|(other, _)| other == Some(name));
    let new = add(declared, Some(name));
    let (mut clauses, mut also) = (Vec::new(), None);
    if let Some(clause) = ignored(declared, actual, name) {
        return Some(Mend::by([place.alter(&[clause])]));
    }
    if is_there {
        clauses.push(remove(Some(name)));
        if let Some(columns) = needing(place, name).filter(|_| new.is_none()) {
            let Some((other, clause)) = substitute(declared, actual, columns) else {
                return Some(Mend::by_hand(format!(
                    "a foreign key needs the index while nothing else begins with {}",
                    columns.join(", ")
                )));
            };
            clauses.push(clause);
            also = Some(Also::made(place.owner, part_of(other)));
        }
    }
    let is_unique = declared.uniques.iter().any(|key| key.name.as_deref() == Some(name));
    clauses.extend(new);
    let mend = Mend::by([place.alter(&clauses)]).changing(also);
    Some(if is_unique { mend.with("fails where rows repeat") } else { mend })
}

/// The clause that makes the server use an index again, or no longer, where nothing else differs.
fn ignored(declared: &Table, actual: &Table, name: &str) -> Option<String> {
    let (mut one, mut other) = (declared.index(name)?, actual.index(name)?);
    let strip = |modifiers: &mut String| match modifiers.find("IGNORED") {
        Some(at) => {
            modifiers.truncate(at);
            modifiers.truncate(modifiers.trim_end().len());
            true
        }
        None => false,
    };
    let (wanted, found) = (strip(&mut one.modifiers), strip(&mut other.modifiers));
    let not = if wanted { "" } else { "NOT " };
    (wanted != found && one == other).then(|| format!("ALTER INDEX {} {not}IGNORED", quoted(name)))
}

/// The columns of a foreign key, of the table or to it, that no other index than this one begins with.
fn needing<'a>(place: &Place<'a>, name: &str) -> Option<&'a [String]> {
    let (_, actual) = place.tables()?;
    let tables = place.sides.actual.tables.iter();
    let mut columns = tables.flat_map(|(table, one)| {
        one.foreign_keys.iter().flat_map(move |key| {
            let own = (table == place.owner).then_some(key.columns.as_slice());
            let target = (key.target == place.owner).then_some(key.target_columns.as_slice());
            own.into_iter().chain(target)
        })
    });
    columns.find(|columns| {
        let mut backing = all(actual).filter(|(_, parts)| parts.starts_with(columns));
        backing.next().is_some_and(|(other, _)| other == Some(name)) && backing.next().is_none()
    })
}

/// The declared index over these columns to add with a statement that drops another one.
fn substitute<'a>(declared: &'a Table, actual: &Table, columns: &[String]) -> Option<(Option<&'a str>, String)> {
    all(declared).find_map(|(other, parts)| {
        // A primary key takes the place of the one that is there.
        let is_there = all(actual).any(|(one, _)| one == other);
        (!is_there && parts.starts_with(columns)).then(|| Some((other, add(declared, other)?))).flatten()
    })
}

/// The declared index that a foreign key over these columns needs, where none is there.
pub(super) fn backing<'a>(
    declared: &'a Table,
    actual: &Table,
    columns: &[String],
) -> Option<(Option<&'a str>, String)> {
    if all(actual).any(|(_, parts)| parts.starts_with(columns)) {
        return None;
    }
    let (name, _) = all(declared).find(|(_, parts)| parts.starts_with(columns))?;
    Some((name, add(declared, name)?))
}

/// A key as what a fix changes.
pub(super) fn part_of(name: Option<&str>) -> Part {
    name.map_or(Part::PrimaryKey, |name| Part::Index(name.to_owned()))
}
