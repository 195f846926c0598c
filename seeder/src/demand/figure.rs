//! Which figures show that demand's data is like a shop's.

use catalog::Dialect;

use crate::seeder::{Figure, Measure, Names, Plot, Style};

pub(super) const FIGURES: &[Figure] = &[
    Figure {
        title: "Sales by month",
        label: "month",
        measures: &[("units", Measure::Count), ("amount", Measure::Dollars)],
        sql: |dialect| {
            let month = dialect.year_month("date");
            format!(
                "SELECT {month} AS month, {} AS units, {} AS amount FROM sales_daily GROUP BY 1 ORDER BY 1",
                dialect.whole("sum(quantity)"),
                dialect.double("sum(total_amount)")
            )
        },
    },
    Figure {
        title: "Days of a product in a store",
        label: "which",
        measures: &[("days", Measure::Count), ("share", Measure::Percent)],
        sql: |dialect| {
            let share =
                |sum: &str| dialect.double(&format!("100.0 * {sum} / (SELECT count(*) FROM inventory_snapshot_daily)"));
            let out = "(SELECT count(*) FROM inventory_snapshot_daily WHERE is_stockout)";
            // From each promotion's days to the stock of each store by its whole key: SQLite keeps the order of
            // CROSS JOIN, whatever it knows of the tables.
            let promoted_in = |stores: &str| {
                format!(
                    "(SELECT count(*) FROM promotion p CROSS JOIN calendar d CROSS JOIN store s \
                     CROSS JOIN inventory_snapshot_daily i WHERE d.date BETWEEN p.start_date AND p.end_date \
                     AND {stores} AND i.date = d.date AND i.store_id = s.id AND i.product_id = p.product_id)"
                )
            };
            let promoted = format!("({} + {})", promoted_in("p.store_id IS NULL"), promoted_in("p.store_id = s.id"));
            let line = |which: &str, count: &str| {
                format!(
                    "SELECT '{which}' AS which, {count} AS days, {} AS share FROM (SELECT 1 AS one) o WHERE EXISTS (SELECT 1 FROM inventory_snapshot_daily)",
                    share(count)
                )
            };
            format!("{} UNION ALL {}", line("without stock at its end", out), line("promoted", &promoted))
        },
    },
];

/// The store and the product that sold most there.
const BEST: &str = "SELECT store_id, product_id FROM sales_daily GROUP BY store_id, product_id \
                    ORDER BY sum(quantity) DESC, store_id, product_id LIMIT 1";

const UNITS: &[(&str, Measure)] = &[("units", Measure::Count)];

pub(super) const PLOTS: &[Plot] = &[
    Plot {
        style: Style::Lines,
        unit: "units a day",
        names: None,
        figure: Figure {
            title: "Units sold by day",
            label: "day",
            measures: UNITS,
            sql: |dialect| by(dialect, &dialect.text("date")),
        },
    },
    Plot {
        style: Style::Bars,
        unit: "units a day",
        names: None,
        figure: Figure {
            title: "Units sold on an average day of the week",
            label: "weekday",
            measures: UNITS,
            sql: |dialect| {
                let weekday = dialect.weekday("date");
                let units = dialect.whole("1.0 * sum(quantity) / count(DISTINCT date)");
                format!(
                    "SELECT CASE {weekday} WHEN 0 THEN 'Monday' WHEN 1 THEN 'Tuesday' WHEN 2 THEN 'Wednesday' \
                     WHEN 3 THEN 'Thursday' WHEN 4 THEN 'Friday' WHEN 5 THEN 'Saturday' ELSE 'Sunday' END AS weekday, \
                     {units} AS units FROM sales_daily GROUP BY {weekday} ORDER BY {weekday}"
                )
            },
        },
    },
    Plot {
        style: Style::Bars,
        unit: "units a month",
        names: None,
        figure: Figure {
            title: "Units sold by month",
            label: "month",
            measures: UNITS,
            sql: |dialect| {
                let month = dialect.year_month("date");
                let units = dialect.whole("sum(quantity)");
                format!("SELECT {month} AS month, {units} AS units FROM sales_daily GROUP BY 1 ORDER BY 1")
            },
        },
    },
    Plot {
        style: Style::Lines,
        unit: "units",
        names: Some(Names {
            columns: &["product", "sku", "store", "code"],
            sql: |_| {
                format!(
                    "SELECT p.name AS product, p.sku AS sku, s.name AS store, s.code AS code FROM ({BEST}) best \
                     JOIN product p ON p.id = best.product_id JOIN store s ON s.id = best.store_id"
                )
            },
        }),
        figure: Figure {
            title: "{product} ({sku}) in {store} ({code})",
            label: "day",
            measures: &[("sold", Measure::Count), ("on_hand", Measure::Count), ("promoted", Measure::Flag)],
            sql: |dialect| {
                let promoted = "EXISTS (SELECT 1 FROM promotion p WHERE p.product_id = i.product_id \
                                AND (p.store_id IS NULL OR p.store_id = i.store_id) \
                                AND i.date BETWEEN p.start_date AND p.end_date)";
                format!(
                    "SELECT {} AS day, {} AS sold, {} AS on_hand, {} AS promoted FROM inventory_snapshot_daily i \
                     LEFT JOIN sales_daily s ON s.date = i.date AND s.store_id = i.store_id \
                     AND s.product_id = i.product_id JOIN ({BEST}) best \
                     ON best.store_id = i.store_id AND best.product_id = i.product_id ORDER BY 1",
                    dialect.text("i.date"),
                    dialect.whole("coalesce(s.quantity, 0)"),
                    dialect.whole("i.on_hand_qty"),
                    dialect.whole(&format!("CASE WHEN {promoted} THEN 1 ELSE 0 END")),
                )
            },
        },
    },
];

/// Units sold by a text of the day, which is in order.
fn by(dialect: Dialect, label: &str) -> String {
    let units = dialect.whole("sum(quantity)");
    format!("SELECT {label} AS day, {units} AS units FROM sales_daily GROUP BY 1 ORDER BY 1")
}
