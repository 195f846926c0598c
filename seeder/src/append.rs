//! What every append goes by: rows that are as the last run left them, and days that follow theirs.

use chrono::{Days, NaiveDate};
use sea_orm::DatabaseTransaction;

use crate::engine::read_back;
use crate::error::Error;
use crate::ledger;
use crate::plan::{Found, Gap, Operation, Scope, Survey};
use crate::seeder::{Observer, Seeder};
use crate::verify::as_left;
use crate::words::counted_rows;

/// Refuses to go on from tables that hold other numbers of rows than the last run left.
///
/// Rows that somebody added to a table that holds no events stand in no append's way.
pub(crate) fn refuse_other_counts(seeder: &dyn Seeder, survey: &Survey) -> Result<(), Error> {
    let Some(last) = survey.open().last() else { return Ok(()) };
    let counted = ledger::tables(last);
    let other = survey.tables.iter().filter_map(|found| {
        let left = counted.get(&found.table)?.rows;
        let is_other = found.rows < left || (found.rows > left && found.scope == Scope::Facts);
        is_other.then(|| format!("{} holds {}, the runs left {left}", found.table, counted_rows(found.rows)))
    });
    refuse(seeder, &other.collect::<Vec<_>>())
}

/// Refuses to go on from tables that hold other values than the last run left. Reads each of them.
///
/// Rows that kiln did not make, and tables to which somebody added some, are used as they are.
pub(crate) async fn refuse_other_values(
    transaction: &DatabaseTransaction,
    seeder: &dyn Seeder,
    survey: &Survey,
    observer: &dyn Observer,
) -> Result<(), Error> {
    let (Some(first), Some(last)) = (survey.open().first(), survey.open().last()) else { return Ok(()) };
    let is_filled = [Operation::Fill, Operation::FullNew].iter().any(|fill| fill.name() == first.operation);
    let counted = ledger::tables(last);
    let is_compared = |found: &Found| {
        (is_filled || found.scope == Scope::Facts)
            && counted.get(&found.table).is_some_and(|left| left.rows == found.rows)
    };
    let mut digests = Vec::new();
    for (table, found) in seeder.tables().iter().zip(&survey.tables).filter(|(_, found)| is_compared(found)) {
        digests.push((found.table.clone(), read_back(transaction, table.as_ref(), found.rows, observer).await?));
    }
    let compared = as_left(survey, &digests).into_iter().zip(digests);
    let other = compared.filter(|(check, _)| !check.holds);
    let other = other.map(|(_, (table, _))| format!("{table} holds other values than run {} left", last.id));
    refuse(seeder, &other.collect::<Vec<_>>())
}

fn refuse(seeder: &dyn Seeder, changes: &[String]) -> Result<(), Error> {
    if changes.is_empty() {
        return Ok(());
    }
    let name = seeder.name();
    Err(Error::Refused(format!(
        "the rows of {name} were changed since they were made, so no append can go on from them: {}; put the rows \
         back, or make all anew by the commands of `kiln seed {name} --status`",
        changes.join(", ")
    )))
}

/// The days between those of the runs before and those of `range`, where the two do not touch.
pub(crate) fn gap(seeder: &dyn Seeder, survey: &Survey, range: (NaiveDate, NaiveDate)) -> Option<Gap> {
    let before = survey.standing().into_iter().filter_map(|entry| Some((entry.range_start?, entry.range_end?)));
    let (first, last) = between(&before.collect::<Vec<_>>(), range)?;
    Some(Gap { first, last, can_be_filled: seeder.fills_gaps() })
}

fn between(before: &[(NaiveDate, NaiveDate)], (start, end): (NaiveDate, NaiveDate)) -> Option<(NaiveDate, NaiveDate)> {
    let first = before.iter().map(|(first, _)| *first).min()?;
    let last = before.iter().map(|(_, last)| *last).max()?;
    let day = Days::new(1);
    let gaps = [(last + day, start - day), (end + day, first - day)];
    gaps.into_iter().find(|(first, last)| first <= last)
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn a_gap_is_what_lies_between_days_that_do_not_touch() {
        let day = |text: &str| text.parse().unwrap();
        let range = |(start, end): (&str, &str)| (day(start), day(end));
        let before = [("2024-02-01", "2024-02-10"), ("2024-02-20", "2024-02-29")].map(range);
        for (appended, expected) in [
            (("2024-03-01", "2024-03-31"), None),
            (("2024-02-25", "2024-03-31"), None),
            (("2024-02-12", "2024-02-15"), None),
            (("2024-01-01", "2024-01-31"), None),
            (("2024-03-02", "2024-03-31"), Some(("2024-03-01", "2024-03-01"))),
            (("2024-04-01", "2024-04-30"), Some(("2024-03-01", "2024-03-31"))),
            (("2023-12-01", "2023-12-31"), Some(("2024-01-01", "2024-01-31"))),
        ] {
            assert_eq!(between(&before, range(appended)), expected.map(range), "{appended:?}");
        }
        assert_eq!(between(&[], range(("2024-03-01", "2024-03-31"))), None);
    }
}
