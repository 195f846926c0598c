//! What a run of demand can be told: every key of its configuration file, and its scenarios.

use crate::kind::OptionKind;
use crate::option::{OptionSpec, Scenario};

/// A share, from nothing to everything.
const SHARE: OptionKind = OptionKind::Number { min: 0.0, max: 1.0 };
/// What something is multiplied by.
const FACTOR: OptionKind = OptionKind::Number { min: 0.0, max: 20.0 };

pub(super) const OPTIONS: &[OptionSpec] = &[
    OptionSpec::flag(
        "stores",
        "dimensions.stores.count",
        OptionKind::Count { min: 1, max: 100_000 },
        "10",
        "Stores to make",
    ),
    OptionSpec::flag(
        "products",
        "dimensions.products.count",
        OptionKind::Count { min: 1, max: 100_000 },
        "50",
        "Products to make",
    ),
    OptionSpec::flag("start-date", "date_range.start", OptionKind::Date, "2024-01-01", "First day"),
    OptionSpec::flag("end-date", "date_range.end", OptionKind::Date, "2024-12-31", "Last day"),
    OptionSpec::flag(
        "sparsity",
        "sparsity.missing_combinations_pct",
        SHARE,
        "0",
        "Share of the combinations of store and product that are not sold",
    ),
    OptionSpec::key(
        "dimensions.stores.regions",
        OptionKind::Words,
        "[North, South, East, West]",
        "Regions that stores are in",
    ),
    OptionSpec::key(
        "dimensions.stores.types",
        OptionKind::Words,
        "[supermarket, express, warehouse]",
        "Types of store; an express sells less, a supermarket more",
    ),
    OptionSpec::key(
        "dimensions.products.categories",
        OptionKind::Words,
        "[Beverage, Snack, Dairy, Frozen]",
        "Categories of products",
    ),
    OptionSpec::key(
        "dimensions.products.brands",
        OptionKind::Words,
        "[BrandA, BrandB, Generic]",
        "Brands, the most frequent first",
    ),
    OptionSpec::key(
        "time_series.base_demand",
        OptionKind::Number { min: 0.0, max: 100_000.0 },
        "100",
        "Units a day that a product sells in a store, the mean over very many of both",
    ),
    OptionSpec::key(
        "time_series.trend",
        OptionKind::Choice(&["none", "linear", "exponential", "step"]),
        "linear",
        "How the level goes on: none, linear, exponential, or step, which is linear in steps of 90 days",
    ),
    OptionSpec::key(
        "time_series.trend_slope",
        OptionKind::Number { min: -10.0, max: 10.0 },
        "0.1",
        "Percent of the level that a day adds",
    ),
    OptionSpec::key(
        "time_series.weekly_seasonality",
        OptionKind::Numbers { len: 7, min: 0.0, max: 20.0 },
        "[0.8, 0.9, 1.0, 1.0, 1.1, 1.3, 1.2]",
        "What the days from Monday to Sunday sell, as multiples",
    ),
    OptionSpec::key(
        "time_series.monthly_seasonality",
        OptionKind::Months { min: 0.0, max: 20.0 },
        "{}",
        "What months sell, as multiples: `{12: 1.5}`",
    ),
    OptionSpec::key(
        "time_series.category_seasonality",
        OptionKind::MonthsOf { min: 0.0, max: 20.0 },
        "{}",
        "The same for one category alone: `{Frozen: {7: 1.4}}`",
    ),
    OptionSpec::key(
        "time_series.noise_sigma",
        OptionKind::Number { min: 0.0, max: 2.0 },
        "0.1",
        "Deviation of the Gaussian factor of a day, part of it the whole chain's",
    ),
    OptionSpec::key("time_series.anomaly_probability", SHARE, "0.01", "Share of days that are a spike or a dip"),
    OptionSpec::key(
        "time_series.anomaly_magnitude",
        OptionKind::Number { min: 1.0, max: 20.0 },
        "2.0",
        "What a spike multiplies by, and a dip divides by",
    ),
    OptionSpec::key("retail.promotion_probability", SHARE, "0.1", "Share of days on which a product is promoted"),
    OptionSpec::key(
        "retail.promotion_lift",
        OptionKind::Number { min: 1.0, max: 20.0 },
        "1.3",
        "What a discount of 10 % multiplies sales by, besides the price's own effect; deeper ones lift in proportion",
    ),
    OptionSpec::key(
        "retail.price_elasticity",
        OptionKind::Number { min: -10.0, max: 0.0 },
        "-0.5",
        "Percent of demand that a percent of the price adds",
    ),
    OptionSpec::key(
        "retail.stockout_probability",
        OptionKind::Number { min: 0.0, max: 0.9 },
        "0.05",
        "Share of days that end without stock; reorder points follow from it",
    ),
    OptionSpec::key(
        "retail.stockout_behavior",
        OptionKind::Choice(&["zero", "backlog"]),
        "zero",
        "What becomes of demand that finds no stock: zero, it is lost; backlog, it comes back with the next delivery",
    ),
    OptionSpec::key(
        "retail.weekend_spike",
        FACTOR,
        "1.2",
        "What weekends multiply by, where weekly_seasonality is not given; 1.2 is in its default already",
    ),
    OptionSpec::key(
        "retail.new_product_pct",
        SHARE,
        "0",
        "Share of products that are launched in the calendar year of the first day",
    ),
    OptionSpec::key(
        "retail.new_product_ramp_days",
        OptionKind::Count { min: 1, max: 1_000 },
        "30",
        "Days until a new product sells in full",
    ),
    OptionSpec::key(
        "retail.discontinued_pct",
        SHARE,
        "0",
        "Share of products that are given up in the calendar year of the first day",
    ),
    OptionSpec::key(
        "retail.discontinued_decline_days",
        OptionKind::Count { min: 1, max: 1_000 },
        "60",
        "Days over which such a product declines",
    ),
    OptionSpec::key(
        "retail.new_store_pct",
        SHARE,
        "0",
        "Share of stores that open in the calendar year of the first day",
    ),
    OptionSpec::key(
        "retail.new_store_ramp_days",
        OptionKind::Count { min: 1, max: 1_000 },
        "90",
        "Days until a new store sells in full",
    ),
    OptionSpec::key(
        "retail.competitor_date",
        OptionKind::Date,
        "2024-07-01",
        "The day on which a competitor opens; it matters where competitor_effect is not 1",
    ),
    OptionSpec::key(
        "retail.competitor_effect",
        FACTOR,
        "1",
        "What that multiplies the demand of a store beside it by, from that day on",
    ),
    OptionSpec::key("retail.competitor_stores_pct", SHARE, "0.5", "Share of stores that it opens beside"),
    OptionSpec::key(
        "sparsity.random_gaps_per_series",
        OptionKind::Count { min: 0, max: 50 },
        "0",
        "Times a year that a product is off the shelf of a store for 3 to 14 days, without rows of sales",
    ),
    OptionSpec::key(
        "sparsity.leave_out_zeros",
        OptionKind::Flag,
        "false",
        "Whether a day that sells nothing has no row",
    ),
    OptionSpec::key(
        "holidays",
        OptionKind::Holidays,
        "[]",
        "Days of your own beside the usual ones, or instead of them: `[{date: 2024-11-28, name: Feast, multiplier: 2}]`",
    ),
];

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario { name: "retail_standard", help: "A year of an ordinary chain: the defaults", options: &[] },
    Scenario {
        name: "holiday_rush",
        help: "A fourth quarter that grows towards Christmas, with more promotions and emptier shelves",
        options: &[
            ("time_series.monthly_seasonality", "{10: 1.0, 11: 1.3, 12: 1.8}"),
            ("retail.promotion_probability", "0.25"),
            ("retail.stockout_probability", "0.1"),
        ],
    },
    Scenario {
        name: "high_variance",
        help: "Noisy days and many anomalies, for models that should bear them",
        options: &[
            ("time_series.noise_sigma", "0.4"),
            ("time_series.anomaly_probability", "0.05"),
            ("time_series.anomaly_magnitude", "3.0"),
        ],
    },
    Scenario {
        name: "stockout_heavy",
        help: "A quarter of all days end without stock, for models of what was not sold",
        options: &[("retail.stockout_probability", "0.25")],
    },
    Scenario {
        name: "new_launches",
        help: "Four products of ten are launched within the year, each with its ramp",
        options: &[("retail.new_product_pct", "0.4"), ("retail.new_product_ramp_days", "45")],
    },
    Scenario {
        name: "sparse",
        help: "Half of the combinations are not sold, the rest have gaps",
        options: &[("sparsity", "0.5"), ("sparsity.random_gaps_per_series", "3")],
    },
    Scenario {
        name: "summer_slowdown",
        help: "Three months in which half of the categories sell less",
        options: &[(
            "time_series.category_seasonality",
            "{Snack: {6: 0.75, 7: 0.6, 8: 0.65}, Dairy: {6: 0.8, 7: 0.7, 8: 0.7}}",
        )],
    },
    Scenario {
        name: "new_store_opening",
        help: "Three stores of ten open within the year and grow for four months",
        options: &[("retail.new_store_pct", "0.3"), ("retail.new_store_ramp_days", "120")],
    },
    Scenario {
        name: "competitor_entry",
        help: "From 2024-07-01 half of the stores lose a third of their demand to a competitor",
        options: &[("retail.competitor_date", "2024-07-01"), ("retail.competitor_effect", "0.67")],
    },
    Scenario {
        name: "smoke",
        help: "Two stores, three products and two weeks, for a test that needs rows and no story",
        options: &[("stores", "2"), ("products", "3"), ("end-date", "2024-01-14")],
    },
];

/// Scenarios of the documents that need more than a database: `rag-agent` calls models and services.
pub(super) const SCENARIOS_ELSEWHERE: &[&str] = &["rag-agent"];
