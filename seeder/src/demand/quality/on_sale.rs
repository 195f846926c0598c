//! Prices and promotions are of days on which their product is on sale.
//!
//! When that is, the stock says: a store has a row for each day on which it has the product. The first and
//! the last day of rows say nothing of launch and end.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::none;
use crate::verify::Check;

/// First and last day of each store's stock of a product; of a store's stock of anything; and of all stores'
/// stock of a product, with the day on which the first of them opened.
const ON_SALE: &str = "WITH life AS (SELECT store_id, product_id, min(date) AS began, max(date) AS ended \
     FROM inventory_snapshot_daily GROUP BY store_id, product_id), \
     opening AS (SELECT store_id, min(began) AS opened FROM life GROUP BY store_id), \
     on_sale AS (SELECT l.product_id, min(l.began) AS began, max(l.ended) AS ended, min(o.opened) AS opened \
     FROM life l JOIN opening o ON o.store_id = l.store_id GROUP BY l.product_id)";

pub(super) fn prices(ranges: &[(NaiveDate, NaiveDate)]) -> Check {
    let violations = violations("price_history", ("valid_from", "valid_to"), ranges);
    none("every price is of days on which its product is on sale", violations)
}

pub(super) fn promotions(ranges: &[(NaiveDate, NaiveDate)]) -> Check {
    let violations = violations("promotion", ("start_date", "end_date"), ranges);
    none("every promotion is of days on which its product is on sale", violations)
}

/// Counts the rows of `table` that begin before a product's first day or end after its last.
///
/// Of the chain's rows nothing is said where a store that has not opened yet may be the one that sells the
/// product.
fn violations(table: &str, (start, end): (&str, &str), ranges: &[(NaiveDate, NaiveDate)]) -> String {
    let (starts, ends): (Vec<NaiveDate>, Vec<NaiveDate>) = joined(ranges).into_iter().unzip();
    let (starts, ends) = (list(&starts), list(&ends));
    let early = |life: &str| format!("({life}.began NOT IN ({starts}) AND t.{start} < {life}.began)");
    let late =
        |life: &str| format!("({life}.ended NOT IN ({ends}) AND coalesce(t.{end}, '9999-12-31') > {life}.ended)");
    format!(
        "{ON_SALE} SELECT (SELECT count(*) FROM {table} t LEFT JOIN on_sale s ON s.product_id = t.product_id \
         WHERE t.store_id IS NULL AND ((s.began > s.opened AND {}) OR {} OR (s.began IS NULL AND NOT EXISTS \
         (SELECT 1 FROM store x WHERE NOT EXISTS (SELECT 1 FROM opening o WHERE o.store_id = x.id))))) \
         + (SELECT count(*) FROM {table} t LEFT JOIN life l ON l.product_id = t.product_id \
         AND l.store_id = t.store_id WHERE t.store_id IS NOT NULL AND ({} OR {} OR l.began IS NULL)) AS n",
        early("s"),
        late("s"),
        early("l"),
        late("l"),
    )
}

/// The ranges in order, of which those that overlap or follow each other are one.
fn joined(ranges: &[(NaiveDate, NaiveDate)]) -> Vec<(NaiveDate, NaiveDate)> {
    let mut joined: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (start, end) in ranges.iter().copied().collect::<BTreeSet<_>>() {
        match joined.last_mut() {
            Some(before) if start <= before.1 + Days::new(1) => before.1 = before.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    joined
}

fn list(days: &[NaiveDate]) -> String {
    days.iter().map(|day| format!("'{day}'")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn ranges_that_touch_are_one() {
        let day = |text: &str| text.parse().unwrap();
        let ranges =
            |texts: &[(&str, &str)]| texts.iter().map(|(start, end)| (day(start), day(end))).collect::<Vec<_>>();
        let appended = [("2024-01-01", "2024-01-31"), ("2024-03-01", "2024-03-31"), ("2024-01-15", "2024-02-10")];
        assert_eq!(joined(&ranges(&appended)), ranges(&[("2024-01-01", "2024-02-10"), ("2024-03-01", "2024-03-31")]));
        let following = [("2024-01-01", "2024-01-31"), ("2024-02-01", "2024-02-29")];
        assert_eq!(joined(&ranges(&following)), ranges(&[("2024-01-01", "2024-02-29")]));
    }
}
