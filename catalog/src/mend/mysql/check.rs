//! CHECKs, of tables and of columns.

use super::Mend;
use super::place::{Place, quoted};
use crate::mend::effect::{Also, Part};
use crate::{Check, Table};

/// A check of a column is a part of its definition, and comes and goes with that.
pub(super) fn mend(place: &Place<'_>, name: &str) -> Option<Mend> {
    let (declared, actual) = place.tables()?;
    let find = |table: &'_ Table| table.checks.iter().find(|check| check.name.as_deref() == Some(name)).cloned();
    let (wanted, live) = (find(declared), find(actual));
    let of_table = |check: &Option<Check>| check.as_ref().is_some_and(|check| check.sql.0.starts_with("CONSTRAINT "));
    let mut clauses = Vec::new();
    if of_table(&live) {
        clauses.push(format!("DROP CONSTRAINT {}", quoted(name)));
    }
    if of_table(&wanted) {
        clauses.extend(wanted.as_ref().map(|check| format!("ADD {}", check.sql.0)));
    }
    let is_of_column = |check: &Option<Check>| check.is_some() && !of_table(check);
    let is_whole = is_of_column(&wanted) || is_of_column(&live);
    if is_whole {
        let without = Table { checks: Vec::new(), ..actual.clone() };
        let (table, column) = match declared.column(name) {
            Some(column) => (declared, column),
            None => (&without, without.column(name)?),
        };
        clauses.push(format!("MODIFY COLUMN {}", place.definition(table, column)));
    }
    let column = declared.column(name).map(|_| Also::made(place.owner, Part::Column(name.to_owned())));
    let mend = Mend::by([place.alter(&clauses)]).changing(column.filter(|_| is_whole));
    Some(if wanted.is_some() { mend.with("fails where rows do not keep it") } else { mend })
}
