//! The options of a run as the numbers that the model works with.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::Day;
use crate::calendar;
use crate::config::nearest;
use crate::error::Error;
use crate::option::{Options, Settings};
use crate::value::OptionValue;

/// How the level goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trend {
    None,
    Linear,
    Exponential,
    Step,
}

/// Days that a step of the step trend lasts.
const STEP_DAYS: i32 = 90;

/// The option that has the weekly curve.
const WEEKLY: &str = "time_series.weekly_seasonality";

/// The weekends' multiple that the default weekly curve has in it already.
const WEEKEND_IN_CURVE: f64 = 1.2;

/// What the model works with.
#[derive(Clone, Debug)]
pub(super) struct Params {
    pub(super) base_demand: f64,
    trend: Trend,
    /// Part of the level that a day adds.
    slope: f64,
    /// From Monday.
    weekly: [f64; 7],
    /// From January.
    monthly: [f64; 12],
    by_category: BTreeMap<String, [f64; 12]>,
    holidays: BTreeMap<NaiveDate, (String, f64)>,
    pub(super) noise_sigma: f64,
    pub(super) anomaly_probability: f64,
    pub(super) anomaly_magnitude: f64,
    pub(super) promotion_probability: f64,
    pub(super) promotion_lift: f64,
    pub(super) price_elasticity: f64,
    pub(super) stockout_probability: f64,
    pub(super) has_backlog: bool,
    pub(super) new_product_share: f64,
    pub(super) new_product_ramp: u64,
    pub(super) discontinued_share: f64,
    pub(super) discontinued_decline: u64,
    pub(super) new_store_share: f64,
    pub(super) new_store_ramp: u64,
    pub(super) competitor_day: Day,
    pub(super) competitor_effect: f64,
    pub(super) competitor_share: f64,
    pub(super) missing_share: f64,
    pub(super) gaps_a_year: u64,
    pub(super) leaves_out_zeros: bool,
}

impl Params {
    /// The parameters of `options`.
    pub(super) fn new(options: &Options) -> Self {
        let number = |name: &str| options.number(name);
        Self {
            base_demand: number("time_series.base_demand"),
            trend: match options.word("time_series.trend") {
                "linear" => Trend::Linear,
                "exponential" => Trend::Exponential,
                "step" => Trend::Step,
                _ => Trend::None,
            },
            slope: number("time_series.trend_slope") / 100.0,
            weekly: weekly(options),
            monthly: by_month(&options.months("time_series.monthly_seasonality")),
            by_category: options
                .months_of("time_series.category_seasonality")
                .into_iter()
                .map(|(category, months)| (category, by_month(&months)))
                .collect(),
            holidays: options
                .holidays("holidays")
                .into_iter()
                .map(|holiday| (holiday.date, (holiday.name, holiday.multiplier)))
                .collect(),
            noise_sigma: number("time_series.noise_sigma"),
            anomaly_probability: number("time_series.anomaly_probability"),
            anomaly_magnitude: number("time_series.anomaly_magnitude"),
            promotion_probability: number("retail.promotion_probability"),
            promotion_lift: number("retail.promotion_lift"),
            price_elasticity: number("retail.price_elasticity"),
            stockout_probability: number("retail.stockout_probability"),
            has_backlog: options.word("retail.stockout_behavior") == "backlog",
            new_product_share: number("retail.new_product_pct"),
            new_product_ramp: options.count("retail.new_product_ramp_days"),
            discontinued_share: number("retail.discontinued_pct"),
            discontinued_decline: options.count("retail.discontinued_decline_days"),
            new_store_share: number("retail.new_store_pct"),
            new_store_ramp: options.count("retail.new_store_ramp_days"),
            competitor_day: options.date("retail.competitor_date").num_days_from_ce(),
            competitor_effect: number("retail.competitor_effect"),
            competitor_share: number("retail.competitor_stores_pct"),
            missing_share: number("sparsity"),
            gaps_a_year: options.count("sparsity.random_gaps_per_series"),
            leaves_out_zeros: options.is("sparsity.leave_out_zeros"),
        }
    }

    /// What the trend multiplies by after so many days.
    pub(super) fn trend(&self, days: i32) -> f64 {
        let factor = match self.trend {
            Trend::None => 1.0,
            Trend::Linear => 1.0 + self.slope * f64::from(days),
            Trend::Step => 1.0 + self.slope * f64::from(days / STEP_DAYS * STEP_DAYS),
            Trend::Exponential => libm::pow(1.0 + self.slope, f64::from(days)),
        };
        // A falling line ends at the ground, a compounded one at a thousandfold.
        factor.clamp(0.0, 1_000.0)
    }

    /// What the day of the week and the month multiply by.
    pub(super) fn season(&self, date: NaiveDate) -> f64 {
        self.weekly[date.weekday().num_days_from_monday() as usize] * self.monthly[date.month0() as usize]
    }

    /// What the month multiplies one category by.
    pub(super) fn category_season(&self, category: &str, date: NaiveDate) -> f64 {
        self.by_category.get(category).map_or(1.0, |months| months[date.month0() as usize])
    }

    /// The weekly curve's mean times the month: what a plan for some days ahead goes by.
    pub(super) fn season_of_a_week(&self, date: NaiveDate) -> f64 {
        self.weekly.iter().sum::<f64>() / 7.0 * self.monthly[date.month0() as usize]
    }

    /// The name of the holiday that `date` is and what it multiplies by: a configured one, or else
    /// one of the rules.
    pub(super) fn holiday(&self, date: NaiveDate) -> Option<(&str, f64)> {
        let usual = || calendar::holiday(date).map(|holiday| (holiday.name, holiday.multiplier));
        self.holidays.get(&date).map(|(name, multiplier)| (name.as_str(), *multiplier)).or_else(usual)
    }
}

fn weekly(options: &Options) -> [f64; 7] {
    options.numbers(WEEKLY).try_into().expect("the option has seven numbers")
}

/// The settings with the weekly curve that they come to: where none is given, the usual one with the
/// weekends' multiple in it. Whoever gives that curve has the same rows.
pub(super) fn with_weekends(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    let is_given = |name: &str| settings.given.iter().any(|given| given == name);
    if is_given(WEEKLY) || !is_given("retail.weekend_spike") {
        return settings;
    }
    let spike = settings.options.number("retail.weekend_spike") / WEEKEND_IN_CURVE;
    let mut curve = weekly(&settings.options);
    curve[5..].iter_mut().for_each(|day| *day *= spike);
    settings.options.set(WEEKLY, OptionValue::Numbers(curve.to_vec()));
    settings.given.push(WEEKLY.to_owned());
    settings
}

fn by_month(months: &BTreeMap<u32, f64>) -> [f64; 12] {
    let mut factors = [1.0; 12];
    for (month, factor) in months {
        factors[*month as usize - 1] = *factor;
    }
    factors
}

/// Each combination keeps its stock in memory while days pass, in a few hundred bytes.
const MOST_COMBINATIONS: u64 = 5_000_000;

/// First and last day of `options`.
pub(super) fn range(options: &Options) -> Result<(NaiveDate, NaiveDate), Error> {
    let (start, end) = (options.date("start-date"), options.date("end-date"));
    if end < start {
        return Err(Error::Request(format!("end-date {end} is before start-date {start}")));
    }
    refuse_unknown_categories(options)?;
    let combinations = options.count("stores") * options.count("products");
    if combinations > MOST_COMBINATIONS {
        return Err(Error::Request(format!(
            "{combinations} combinations of stores and products are more than the {MOST_COMBINATIONS} that a run takes"
        )));
    }
    Ok((start, end))
}

/// Refuses months of a category that no product is of: they would change nothing, and nobody would see why.
fn refuse_unknown_categories(options: &Options) -> Result<(), Error> {
    const KEY: &str = "time_series.category_seasonality";
    let known = options.words("dimensions.products.categories");
    let months = options.months_of(KEY);
    let Some(unknown) = months.keys().find(|category| !known.contains(category)) else { return Ok(()) };
    let hint = match nearest(unknown, known.iter().map(String::as_str)) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("the categories are {}", known.join(", ")),
    };
    Err(Error::Request(format!("{KEY} names the category `{unknown}`, which no product is of; {hint}")))
}
