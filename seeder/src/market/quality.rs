//! What must hold of market's data, and which figures show that it is like a shop's.

use catalog::Dialect;
use chrono::{Datelike, NaiveDate};

use super::catalogue::CATEGORIES;
use super::sales::REGIONS;
use crate::seeder::{Figure, Made, Measure, Plot, Style};
use crate::verify::{Check, Expect, Subject};

pub(super) const FIGURES: &[Figure] = &[Figure {
    title: "Quarterly sales, all years together",
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

pub(super) const PLOTS: &[Plot] = &[Plot {
    style: Style::Bars,
    unit: "sales a month",
    names: None,
    figure: Figure {
        title: "Sales by month",
        label: "month",
        measures: &[("sales", Measure::Count)],
        sql: |dialect| {
            let month = dialect.year_month("date");
            format!("SELECT {month} AS month, count(*) AS sales FROM sales GROUP BY 1 ORDER BY 1")
        },
    },
}];

pub(super) fn checks(dialect: Dialect, made: &Made) -> Vec<Check> {
    let mut checks = checks_of_sales(dialect, made);
    if made.is_whole {
        checks.extend(checks_of_everything(dialect, made));
    }
    checks
}

fn none(name: &str, sql: String) -> Check {
    Check { subject: Subject::Values, name: name.to_owned(), sql: vec![sql], expect: Expect::NoViolation }
}

/// What holds of the sales on the days that were filled, whoever made the products.
fn checks_of_sales(dialect: Dialect, made: &Made) -> Vec<Check> {
    let own = match (made.is_whole, made.ranges.is_empty()) {
        (true, _) => "1 = 1".to_owned(),
        (false, true) => "1 = 0".to_owned(),
        (false, false) => within(dialect, &made.ranges),
    };
    let of_product = "SELECT count(*) AS n FROM sales s JOIN products p ON p.product_id = s.product_id WHERE";
    vec![
        none(
            "every sale is of its client's own product",
            format!("{of_product} p.client_id <> s.client_id AND ({own})"),
        ),
        none(
            "every revenue is quantity times price",
            format!("{of_product} abs(s.revenue - s.quantity * p.price) > 0.005 AND ({own})"),
        ),
        none(
            "every region is one of the four",
            format!("SELECT count(*) AS n FROM sales s WHERE s.region NOT IN ('{}') AND ({own})", REGIONS.join("', '")),
        ),
    ]
}

/// What holds when no row is anybody else's.
fn checks_of_everything(dialect: Dialect, made: &Made) -> Vec<Check> {
    let mut checks = vec![
        none("every price is in its category's range", prices_out_of_range()),
        none(
            "every client has the three segments once",
            "SELECT count(*) AS n FROM (SELECT c.client_id FROM clients c LEFT JOIN customer_segments s \
             ON s.client_id = c.client_id AND s.segment_name IN ('Premium', 'Standard', 'Budget') \
             GROUP BY c.client_id HAVING count(DISTINCT s.segment_name) <> 3 OR count(s.segment_id) <> 3) t"
                .to_owned(),
        ),
    ];
    if !made.ranges.is_empty() {
        let within = within(dialect, &made.ranges);
        checks.push(none(
            "every sale is on a planned day",
            format!("SELECT count(*) AS n FROM sales s WHERE NOT ({within})"),
        ));
    }
    if covers_whole_years(&made.ranges) {
        let quarter = dialect.quarter("date");
        checks.push(none(
            "no quarter has more sales than the fourth, from 100 sales a year",
            format!(
                "SELECT count(*) AS n FROM (SELECT {quarter} AS quarter, count(*) AS sales FROM sales GROUP BY 1) q \
                 WHERE q.sales > (SELECT count(*) FROM sales WHERE {quarter} = 4) \
                 AND (SELECT count(*) FROM sales) >= {}",
                100 * years(&made.ranges)
            ),
        ));
    }
    checks
}

/// The condition that a sale `s` is on one of these days.
fn within(dialect: Dialect, ranges: &[(NaiveDate, NaiveDate)]) -> String {
    let column = dialect.quote("date");
    let within = ranges.iter().map(|(first, last)| format!("s.{column} BETWEEN '{first}' AND '{last}'"));
    within.collect::<Vec<_>>().join(" OR ")
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
