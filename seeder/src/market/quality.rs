//! What must hold of market's data, and which figures show that it is like a shop's.

use catalog::Dialect;
use chrono::{Datelike, NaiveDate};

use super::catalogue::CATEGORIES;
use super::sales::REGIONS;
use crate::seeder::{Figure, Measure};
use crate::verify::{Check, Expect};

pub(super) const FIGURES: &[Figure] = &[Figure {
    title: "Quarterly sales",
    label: "quarter",
    measures: &[("sales", Measure::Count), ("revenue", Measure::Dollars)],
    sql: |dialect| {
        let quarter = dialect.quarter("date");
        format!(
            "SELECT CASE {quarter} WHEN 1 THEN 'Q1' WHEN 2 THEN 'Q2' WHEN 3 THEN 'Q3' ELSE 'Q4' END AS quarter, \
             count(*) AS sales, sum(revenue) AS revenue FROM sales GROUP BY 1 ORDER BY 1"
        )
    },
}];

pub(super) const PLOTS: &[Figure] = &[Figure {
    title: "Sales by month",
    label: "month",
    measures: &[("sales", Measure::Count)],
    sql: |dialect| {
        let month = dialect.year_month("date");
        format!("SELECT {month} AS month, count(*) AS sales FROM sales GROUP BY 1 ORDER BY 1")
    },
}];

pub(super) fn checks(dialect: Dialect, ranges: &[(NaiveDate, NaiveDate)]) -> Vec<Check> {
    let none = |name: &str, sql: String| Check { name: name.to_owned(), sql, expect: Expect::NoViolation };
    let mut checks = vec![
        none(
            "every sale is of its client's own product",
            "SELECT count(*) AS n FROM sales s JOIN products p ON p.product_id = s.product_id \
             WHERE p.client_id <> s.client_id"
                .to_owned(),
        ),
        none(
            "every revenue is quantity times price",
            "SELECT count(*) AS n FROM sales s JOIN products p ON p.product_id = s.product_id \
             WHERE abs(s.revenue - s.quantity * p.price) > 0.005"
                .to_owned(),
        ),
        none("every price is in its category's range", prices_out_of_range()),
        none(
            "every client has the three segments once",
            "SELECT count(*) AS n FROM (SELECT c.client_id FROM clients c LEFT JOIN customer_segments s \
             ON s.client_id = c.client_id AND s.segment_name IN ('Premium', 'Standard', 'Budget') \
             GROUP BY c.client_id HAVING count(DISTINCT s.segment_name) <> 3 OR count(s.segment_id) <> 3) t"
                .to_owned(),
        ),
        none(
            "every region is one of the four",
            format!("SELECT count(*) AS n FROM sales WHERE region NOT IN ('{}')", REGIONS.join("', '")),
        ),
    ];
    if !ranges.is_empty() {
        let within = ranges.iter().map(|(first, last)| {
            let column = dialect.quote("date");
            format!("{column} BETWEEN '{first}' AND '{last}'")
        });
        let within = within.collect::<Vec<_>>().join(" OR ");
        checks.push(none("every sale is on a planned day", format!("SELECT count(*) AS n FROM sales WHERE NOT ({within})")));
    }
    if covers_whole_years(ranges) {
        let quarter = dialect.quarter("date");
        checks.push(none(
            "no quarter has more sales than the fourth, from 100 sales a year",
            format!(
                "SELECT count(*) AS n FROM (SELECT {quarter} AS quarter, count(*) AS sales FROM sales GROUP BY 1) q \
                 WHERE q.sales > (SELECT count(*) FROM sales WHERE {quarter} = 4) \
                 AND (SELECT count(*) FROM sales) >= {}",
                100 * years(ranges)
            ),
        ));
    }
    checks
}

fn prices_out_of_range() -> String {
    let inside = CATEGORIES.iter().map(|category| {
        let (least, most) = category.dollars;
        format!("(category = '{}' AND price BETWEEN {least} AND {most})", category.name)
    });
    format!("SELECT count(*) AS n FROM products WHERE NOT ({})", inside.collect::<Vec<_>>().join(" OR "))
}

/// How many years the ranges touch.
fn years(ranges: &[(NaiveDate, NaiveDate)]) -> i32 {
    ranges.iter().map(|(first, last)| last.year() - first.year() + 1).sum()
}

/// Whether the quarters have about as many days each, so that their sales can be compared.
fn covers_whole_years(ranges: &[(NaiveDate, NaiveDate)]) -> bool {
    let is_whole =
        |(first, last): &(NaiveDate, NaiveDate)| first.ordinal() == 1 && last.month() == 12 && last.day() == 31;
    !ranges.is_empty() && ranges.iter().all(is_whole)
}
