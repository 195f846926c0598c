//! What must hold of demand's data, each a query that counts violations.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::iter;

use catalog::Dialect;
use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::calendar;
use crate::seeder::Made;
use crate::verify::{Check, Expect, Subject};

mod on_sale;
mod share;

pub(super) fn checks(dialect: Dialect, made: &Made) -> Vec<Check> {
    let Some(last) = made.ranges.iter().map(|(_, end)| *end).max() else { return Vec::new() };
    let sql = Sql { dialect, ranges: &made.ranges };
    let mut checks = vec![sql.every_day()];
    // Days of the calendar and prices that somebody else made are used as they are.
    if made.is_whole {
        checks.extend([sql.calendar(), sql.holidays(), open_price(last)]);
        checks.extend([on_sale::prices(&made.ranges), on_sale::promotions(&made.ranges)]);
        checks.extend(made.filled.as_ref().and_then(|filled| share::missing(filled, last)));
    }
    checks.extend([sql.grain("sales_daily"), sql.grain("inventory_snapshot_daily")]);
    checks.extend([sql.price(), sql.amount(), sql.balance(), sql.stockout()]);
    checks.extend([sql.stock_of_sales(), sql.promotions(), sql.price_windows()]);
    checks
}

/// The prices of each day of a month, the chain's or those of stores. DISTINCT has the server make them once,
/// with a key, instead of looking for the windows of every sale.
fn prices_by_day(store: &str, (first, last): (NaiveDate, NaiveDate)) -> String {
    format!(
        "(SELECT DISTINCT p.product_id, p.store_id, d.date, p.price FROM price_history p JOIN calendar d \
         ON d.date >= p.valid_from AND (p.valid_to IS NULL OR d.date <= p.valid_to) WHERE p.store_id {store} \
         AND p.valid_from <= '{last}' AND (p.valid_to IS NULL OR p.valid_to >= '{first}') \
         AND d.date BETWEEN '{first}' AND '{last}')"
    )
}

/// The promotions of each day of a month, likewise.
fn promotions_by_day(store: &str, (first, last): (NaiveDate, NaiveDate)) -> String {
    format!(
        "(SELECT DISTINCT p.product_id, p.store_id, d.date, p.discount_pct, p.discount_amount FROM promotion p \
         JOIN calendar d ON d.date BETWEEN p.start_date AND p.end_date WHERE p.store_id {store} \
         AND p.start_date <= '{last}' AND p.end_date >= '{first}' AND d.date BETWEEN '{first}' AND '{last}')"
    )
}

/// Each day's stock beside that of the day before, and what was sold on it.
const DAYS: &str = "(SELECT i.date, i.on_hand_qty, i.on_order_qty, coalesce(s.quantity, 0) AS sold, \
     lag(i.on_hand_qty) OVER w AS had, lag(i.on_order_qty) OVER w AS awaited \
     FROM inventory_snapshot_daily i LEFT JOIN sales_daily s ON s.date = i.date AND s.store_id = i.store_id \
     AND s.product_id = i.product_id WINDOW w AS (PARTITION BY i.store_id, i.product_id ORDER BY i.date)) d";

fn none(name: &str, sql: String) -> Check {
    none_of(name, vec![sql])
}

fn none_of(name: &str, sql: Vec<String>) -> Check {
    Check { subject: Subject::Values, name: name.to_owned(), sql, expect: Expect::NoViolation }
}

/// First and last day of every calendar month that the ranges touch, each once.
fn months(ranges: &[(NaiveDate, NaiveDate)]) -> BTreeSet<(NaiveDate, NaiveDate)> {
    let touched = ranges.iter().flat_map(|(start, end)| {
        let firsts = iter::successors(start.with_day(1), |first| first.checked_add_months(Months::new(1)));
        firsts.take_while(move |first| first <= end)
    });
    let month = |first: NaiveDate| (first, first + Months::new(1) - Days::new(1));
    touched.map(month).collect()
}

struct Sql<'a> {
    dialect: Dialect,
    ranges: &'a [(NaiveDate, NaiveDate)],
}

impl Sql<'_> {
    /// Whether a column of dates is on a day that was made.
    fn made(&self, column: &str) -> String {
        let ranges = self.ranges.iter().map(|(start, end)| format!("{column} BETWEEN '{start}' AND '{end}'"));
        format!("({})", ranges.collect::<Vec<_>>().join(" OR "))
    }

    fn calendar(&self) -> Check {
        let Self { dialect, .. } = self;
        let [weekday, month, quarter, year] =
            [dialect.weekday("date"), dialect.month("date"), dialect.quarter("date"), dialect.year("date")];
        none(
            "every day of the calendar has its weekday, month, quarter and year",
            format!(
                "SELECT count(*) AS n FROM calendar WHERE {} AND (day_of_week <> {weekday} OR month <> {month} \
                 OR quarter <> {quarter} OR year <> {year})",
                self.made("date")
            ),
        )
    }

    /// Configured holidays are added to the rules or rename them, so only what the rules say is known here.
    fn holidays(&self) -> Check {
        let mut days = String::new();
        for (start, end) in self.ranges {
            for day in start.iter_days().take_while(|day| day <= end).filter(|day| calendar::holiday(*day).is_some()) {
                let comma = if days.is_empty() { "" } else { ", " };
                let _ = write!(days, "{comma}'{day}'");
            }
        }
        let rules = if days.is_empty() { "1 = 0".to_owned() } else { format!("date IN ({days})") };
        none(
            "every holiday of the rules is one, and a day has a holiday's name when it is one",
            format!(
                "SELECT count(*) AS n FROM calendar WHERE {} AND ((({rules}) AND NOT is_holiday) \
                 OR (is_holiday AND holiday_name IS NULL) OR (NOT is_holiday AND holiday_name IS NOT NULL))",
                self.made("date")
            ),
        )
    }

    fn every_day(&self) -> Check {
        let days = self.ranges.iter().flat_map(|(start, end)| start.iter_days().take_while(|day| *day <= *end));
        let days = days.collect::<BTreeSet<NaiveDate>>().len() as u64;
        Check {
            subject: Subject::Rows,
            name: "the calendar has every planned day".to_owned(),
            sql: vec![format!("SELECT count(*) AS n FROM calendar WHERE {}", self.made("date"))],
            expect: Expect::Exactly(days),
        }
    }

    fn grain(&self, table: &str) -> Check {
        none(
            &format!("{table} has one row a day, store and product"),
            format!(
                "SELECT count(*) AS n FROM (SELECT 1 AS one FROM {table} WHERE {} GROUP BY date, store_id, product_id \
                 HAVING count(*) > 1) t",
                self.made("date")
            ),
        )
    }

    /// Month by month, so that the memory it takes does not grow with the days.
    fn price(&self) -> Check {
        none_of(
            "every unit_price is the price of that store, product and day, less its promotion",
            months(self.ranges).into_iter().map(|month| self.prices_that_differ(month)).collect(),
        )
    }

    /// A store's own price comes before the chain's; the promotion of the day is taken off, and the
    /// half cent is rounded up.
    fn prices_that_differ(&self, month: (NaiveDate, NaiveDate)) -> String {
        let Self { dialect, .. } = self;
        let cents = |column: &str| dialect.whole(&format!("{column} * 100"));
        let list = format!("coalesce({}, {})", cents("o.price"), cents("c.price"));
        let share = dialect.whole("coalesce(f.discount_pct, m.discount_pct) * 10000");
        let off = cents("coalesce(f.discount_amount, m.discount_amount)");
        let percent = dialect.divided(&format!("({list} * (10000 - coalesce({share}, 0)) + 5000)"), "10000");
        format!(
            "SELECT count(*) AS n FROM sales_daily s \
             LEFT JOIN {} c ON c.product_id = s.product_id AND c.date = s.date \
             LEFT JOIN {} o ON o.product_id = s.product_id AND o.store_id = s.store_id AND o.date = s.date \
             LEFT JOIN {} m ON m.product_id = s.product_id AND m.date = s.date \
             LEFT JOIN {} f ON f.product_id = s.product_id AND f.store_id = s.store_id AND f.date = s.date \
             WHERE s.date BETWEEN '{}' AND '{}' AND {} AND (coalesce(o.price, c.price) IS NULL OR {} <> CASE \
             WHEN {percent} > coalesce({off}, 0) THEN {percent} - coalesce({off}, 0) ELSE 0 END)",
            prices_by_day("IS NULL", month),
            prices_by_day("IS NOT NULL", month),
            promotions_by_day("IS NULL", month),
            promotions_by_day("IS NOT NULL", month),
            month.0,
            month.1,
            self.made("s.date"),
            cents("s.unit_price"),
        )
    }

    fn amount(&self) -> Check {
        let cents = |column: &str| self.dialect.whole(&format!("{column} * 100"));
        none(
            "every total_amount is quantity times unit_price",
            format!(
                "SELECT count(*) AS n FROM sales_daily WHERE {} AND {} <> quantity * {}",
                self.made("date"),
                cents("total_amount"),
                cents("unit_price")
            ),
        )
    }

    fn balance(&self) -> Check {
        none(
            "stock is that of the day before, plus nothing or the whole order, less what was sold of it",
            format!(
                "SELECT count(*) AS n FROM {DAYS} WHERE had IS NOT NULL AND {} AND (sold > had + awaited OR \
                 (on_hand_qty <> had - sold AND (on_hand_qty <> had + awaited - sold OR awaited = 0)))",
                self.made("date")
            ),
        )
    }

    fn stockout(&self) -> Check {
        none(
            "is_stockout says when a day ends without stock",
            format!(
                "SELECT count(*) AS n FROM inventory_snapshot_daily WHERE {} AND is_stockout <> (on_hand_qty = 0)",
                self.made("date")
            ),
        )
    }

    fn stock_of_sales(&self) -> Check {
        none(
            "every sale has the stock of its day beside it",
            format!(
                "SELECT count(*) AS n FROM sales_daily s LEFT JOIN inventory_snapshot_daily i ON i.date = s.date \
                 AND i.store_id = s.store_id AND i.product_id = s.product_id WHERE {} AND i.id IS NULL",
                self.made("s.date")
            ),
        )
    }

    /// Whether both of two windows reach into days that were made.
    fn both_reach(&self, start: &str, end: &str) -> String {
        let reaches = |which: &str| {
            let ranges = self.ranges.iter().map(|(first, last)| {
                format!("({which}.{start} <= '{last}' AND coalesce({which}.{end}, '{last}') >= '{first}')")
            });
            format!("({})", ranges.collect::<Vec<_>>().join(" OR "))
        };
        format!("{} AND {}", reaches("a"), reaches("b"))
    }

    fn promotions(&self) -> Check {
        none(
            "no two promotions of a product in a store overlap",
            format!(
                "SELECT count(*) AS n FROM promotion a JOIN promotion b ON a.product_id = b.product_id AND a.id < b.id \
                 AND (a.store_id IS NULL OR b.store_id IS NULL OR a.store_id = b.store_id) \
                 AND a.start_date <= b.end_date AND b.start_date <= a.end_date WHERE {}",
                self.both_reach("start_date", "end_date")
            ),
        )
    }

    fn price_windows(&self) -> Check {
        none(
            "no two prices of a product overlap, neither the chain's nor a store's",
            format!(
                "SELECT count(*) AS n FROM price_history a JOIN price_history b ON a.product_id = b.product_id \
                 AND a.id < b.id AND (a.store_id = b.store_id OR (a.store_id IS NULL AND b.store_id IS NULL)) \
                 AND (b.valid_to IS NULL OR a.valid_from <= b.valid_to) \
                 AND (a.valid_to IS NULL OR b.valid_from <= a.valid_to) WHERE {}",
                self.both_reach("valid_from", "valid_to")
            ),
        )
    }
}

/// A product whose stock ends before the last day is given up.
fn open_price(last: NaiveDate) -> Check {
    none(
        "every product with a price has one that is open, until it is given up",
        format!(
            "SELECT count(*) AS n FROM (SELECT product_id, sum(CASE WHEN valid_to IS NULL THEN 1 ELSE 0 END) AS opened \
             FROM price_history WHERE store_id IS NULL GROUP BY product_id) p JOIN (SELECT product_id, \
             max(date) AS ended FROM inventory_snapshot_daily GROUP BY product_id) s ON s.product_id = p.product_id \
             WHERE p.opened <> CASE WHEN s.ended = '{last}' THEN 1 ELSE 0 END"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::months;

    #[test]
    fn months_are_those_that_ranges_touch_each_once() {
        for (ranges, expected) in [
            (&[("2024-01-15", "2024-01-20")][..], "01-01..01-31"),
            (&[("2024-02-29", "2024-02-29")], "02-01..02-29"),
            (&[("2023-12-31", "2024-01-01")], "12-01..12-31 01-01..01-31"),
            (&[("2024-04-01", "2024-05-15"), ("2024-05-01", "2024-06-30")], "04-01..04-30 05-01..05-31 06-01..06-30"),
            (&[("2024-09-30", "2024-09-30"), ("2024-11-01", "2024-11-02")], "09-01..09-30 11-01..11-30"),
        ] {
            let day = |text: &str| text.parse().unwrap();
            let ranges: Vec<_> = ranges.iter().map(|(start, end)| (day(start), day(end))).collect();
            let months = months(&ranges).into_iter();
            let words: Vec<String> =
                months.map(|(first, last)| format!("{}..{}", first.format("%m-%d"), last.format("%m-%d"))).collect();
            assert_eq!(words.join(" "), expected);
        }
    }
}
