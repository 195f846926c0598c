//! Columns.

use super::place::{Place, quoted};
use super::{COPIES, Mend, key, reference, table};
use crate::mend::effect::{Also, Part};
use crate::{Column, Kind, Table};

pub(super) fn add(place: &Place<'_>, name: &str) -> Option<Mend> {
    let (declared, actual) = place.tables()?;
    let column = declared.column(name)?;
    if is_of_history(column) {
        return table::differs(place);
    }
    if let Some(other) = same(actual, name) {
        return Some(rename(place, declared, column, &other.name));
    }
    let mut clauses =
        vec![format!("ADD COLUMN {}{}", place.definition(declared, column), after(declared, actual, name))];
    let (key, clause) = numbered(place, column).unzip();
    clauses.extend(clause);
    let also = key.map(|key| Also::made(place.owner, key::part_of(key)));
    let mend = Mend::by([place.alter(&clauses)]).changing(also);
    let is_given = column.nullable || column.default.is_some() || column.generated.is_some();
    Some(if is_given { mend } else { mend.with("existing rows get the empty value of the type") })
}

pub(super) fn drop(place: &Place<'_>, name: &str) -> Option<Mend> {
    let (declared, actual) = place.tables()?;
    if let Some(column) = same(declared, name) {
        return Some(rename(place, declared, column, name));
    }
    if actual.column(name).is_some_and(is_of_history) {
        return table::differs(place);
    }
    let is_in = |columns: &[String]| columns.iter().any(|column| column == name);
    let keys = actual.foreign_keys.iter().filter(|key| is_in(&key.columns)).filter_map(|key| key.name.as_ref());
    let mut statements: Vec<String> =
        keys.clone().map(|key| place.alter(&[format!("DROP FOREIGN KEY IF EXISTS {}", quoted(key))])).collect();
    let keys = keys.map(|key| Part::ForeignKey(key.clone()));
    let named = quoted(name);
    let checks = actual.checks.iter().filter(|check| check.sql.0.starts_with("CONSTRAINT "));
    let checks = checks.filter(|check| check.expression.contains(&named)).filter_map(|check| check.name.as_ref());
    let drops = checks.clone().map(|check| format!("DROP CONSTRAINT {}", quoted(check)));
    // The server takes no column out of a key that tells rows apart by others too: what is declared comes after.
    let tells_apart = |(key, parts): &(Option<&str>, &[String])| {
        let is_unique = key.is_none_or(|key| actual.uniques.iter().any(|one| one.name.as_deref() == Some(key)));
        is_unique && parts.len() > 1 && parts.iter().any(|part| key::column(actual, part) == name)
    };
    let wider: Vec<Option<&str>> = key::all(actual).filter(tells_apart).map(|(key, _)| key).collect();
    let keyless = wider.iter().map(|key| key::remove(*key));
    let clauses: Vec<String> = drops.chain(keyless).chain([format!("DROP COLUMN {named}")]).collect();
    statements.push(place.alter(&clauses));
    let wider = wider.iter().map(|key| key::part_of(*key));
    let also = keys.chain(checks.map(|check| Part::Check(check.clone()))).chain(wider);
    let also: Vec<Also> = also.map(|part| Also::dropped(place.owner, part)).collect();
    Some(Mend::by(statements).with("loses the values of the column").changing(also))
}

/// Whether a column tells from when on, or until when, a row was as it is.
pub(super) fn is_of_history(column: &Column) -> bool {
    column.generated.as_ref().is_some_and(|generated| generated.starts_with("ROW "))
}

/// The column of this name in other letters: to MariaDB they are one.
fn same<'a>(table: &'a Table, name: &str) -> Option<&'a Column> {
    table.columns.iter().find(|column| column.name != name && column.name.eq_ignore_ascii_case(name))
}

fn rename(place: &Place<'_>, declared: &Table, column: &Column, from: &str) -> Mend {
    Mend::by([place.alter(&[format!("CHANGE COLUMN {} {}", quoted(from), place.definition(declared, column))])])
        .changing([
            Also::made(place.owner, Part::Renamed { from: from.to_owned(), to: column.name.clone() }),
            Also::made(place.owner, Part::Column(column.name.clone())),
        ])
        .partly()
}

pub(super) fn modify(place: &Place<'_>, name: &str, kind: Kind) -> Option<Mend> {
    let (declared, actual) = place.tables()?;
    let (column, live) = (declared.column(name)?, actual.column(name)?);
    if is_of_history(column) || is_of_history(live) {
        return Some(Mend::by_hand("a column of system time comes and goes with the table's versioning"));
    }
    if column.generated.is_some() != live.generated.is_some() {
        return compute(place, name);
    }
    let alone = place.alter(&[format!("MODIFY COLUMN {}", place.definition(declared, column))]);
    let mend = match kind {
        Kind::ColumnType => reference::untied(place, name).unwrap_or_else(|| Mend::by([alone])),
        _ => Mend::by([alone]),
    };
    Some(match kind {
        Kind::ColumnType => mend.with(format!("{COPIES}; fails or loses digits where a value does not fit")),
        Kind::ColumnNullability if !column.nullable => mend.with("fails where rows have NULL"),
        _ => mend,
    })
}

/// Mends how a column numbers its rows, in one statement with the key that it needs.
pub(super) fn number(place: &Place<'_>, name: &str) -> Option<Mend> {
    let (declared, _) = place.tables()?;
    let column = declared.column(name)?;
    let (key, clause) = numbered(place, column).unzip();
    let modify = format!("MODIFY COLUMN {}", place.definition(declared, column));
    let clauses: Vec<String> = clause.into_iter().chain([modify]).collect();
    let also = key.map(|key| Also::made(place.owner, key::part_of(key)));
    Some(Mend::by([place.alter(&clauses)]).with(COPIES).changing(also))
}

/// The key without which a column cannot number its rows, unless one is there, and the clause that adds it.
fn numbered<'a>(place: &Place<'a>, column: &Column) -> Option<(Option<&'a str>, String)> {
    let (declared, actual) = place.tables().filter(|_| column.identity.is_some())?;
    let is_first = |columns: &[String]| columns.first() == Some(&column.name);
    let is_keyed = |table: &Table| key::all(table).any(|(_, columns)| is_first(columns));
    if is_keyed(actual) {
        return None;
    }
    let (name, _) = key::all(declared).find(|(_, columns)| is_first(columns))?;
    Some((name, key::add(declared, name)?))
}

/// What becomes of values that somebody wrote where the server is to compute them.
const COMPUTED_ANEW: &str = "loses the values of the column, which are computed anew";

/// Mends how a column is computed: in place where the server can, and else by making the column anew.
pub(super) fn compute(place: &Place<'_>, name: &str) -> Option<Mend> {
    let (declared, actual) = place.tables()?;
    let (column, live) = (declared.column(name)?, actual.column(name)?);
    let is_virtual =
        |column: &Column| column.generated.as_ref().is_some_and(|generated| generated.ends_with(" VIRTUAL"));
    let definition = place.definition(declared, column);
    // A stored one may be made plain, and a plain one stored; what has no values cannot be either.
    if is_virtual(column) == is_virtual(live) {
        let is_new = column.generated.is_some() && live.generated.is_none();
        let caution = if is_new { COMPUTED_ANEW } else { COPIES };
        return Some(Mend::by([place.alter(&[format!("MODIFY COLUMN {definition}")])]).with(caution));
    }
    let holds = |(key, columns): (Option<&'_ str>, &'_ [String])| {
        columns.iter().any(|part| key::column(actual, part) == name).then(|| key.map(str::to_owned))
    };
    let keys: Vec<Option<String>> = key::all(actual).filter_map(holds).collect();
    let mut clauses: Vec<String> = keys.iter().map(|key| key::remove(key.as_deref())).collect();
    clauses.push(format!("DROP COLUMN {}", quoted(name)));
    clauses.push(format!("ADD COLUMN {definition}{}", after(declared, actual, name)));
    clauses.extend(keys.iter().filter_map(|key| key::add(declared, key.as_deref())));
    let also = keys.iter().map(|key| Also::made(place.owner, key::part_of(key.as_deref())));
    let mend = Mend::by([place.alter(&clauses)]).changing(also.collect::<Vec<_>>());
    Some(match (&column.generated, &live.generated) {
        (Some(_), Some(_)) => mend.with(COPIES),
        (Some(_), None) => mend.with(COMPUTED_ANEW),
        (None, _) => mend.with("loses the values of the column"),
    })
}

/// The place of a column among those that are there.
fn after(declared: &Table, actual: &Table, name: &str) -> String {
    let before = declared.columns.iter().take_while(|column| column.name != name);
    let before = before.filter(|column| actual.column(&column.name).is_some()).last();
    before.map_or(" FIRST".to_owned(), |column| format!(" AFTER {}", quoted(&column.name)))
}

/// Moves each column that stands elsewhere than it should, one after the other.
pub(super) fn order(place: &Place<'_>) -> Option<Mend> {
    let (declared, actual) = place.tables()?;
    let is_shared = |column: &&Column| actual.column(&column.name).is_some();
    let wanted: Vec<&Column> = declared.columns.iter().filter(is_shared).collect();
    let mut order: Vec<&str> = actual.columns.iter().map(|column| column.name.as_str()).collect();
    order.retain(|name| declared.column(name).is_some());
    // Those that stand where they should, the longest row of them, need not move.
    let stays = longest_row(&wanted, &order);
    let mut clauses = Vec::new();
    for (position, column) in wanted.iter().enumerate().filter(|(_, column)| !stays.contains(&column.name.as_str())) {
        let before = position.checked_sub(1).map(|before| quoted(&wanted[before].name));
        let before = before.map_or("FIRST".to_owned(), |before| format!("AFTER {before}"));
        clauses.push(format!("MODIFY COLUMN {} {before}", place.definition(declared, column)));
    }
    Some(Mend::by([place.alter(&clauses)]).with(COPIES))
}

/// The most columns that stand in `order` as they are wanted.
fn longest_row<'a>(wanted: &[&'a Column], order: &[&str]) -> Vec<&'a str> {
    let mut best: Vec<Vec<&str>> = Vec::new();
    for column in wanted {
        let place = |name: &str| order.iter().position(|other| *other == name);
        let before = best.iter().filter(|row| row.last().and_then(|last| place(last)) < place(&column.name));
        let mut row = before.max_by_key(|row| row.len()).cloned().unwrap_or_default();
        row.push(&column.name);
        best.push(row);
    }
    best.into_iter().max_by_key(Vec::len).unwrap_or_default()
}
