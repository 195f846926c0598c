//! The data against bands from published figures of retail, on three seeds.

use std::collections::BTreeMap;

use chrono::Datelike as _;

use super::super::promotion::{self, Discount, Promotion};
use super::super::{Day, date_of};
use super::{Run, SEEDS, mean, median, number, settings, slope, standard, variance};

#[track_caller]
fn within(what: &str, rng_seed: u64, figure: f64, (least, most): (f64, f64)) {
    assert!(least <= figure && figure <= most, "{what} of seed {rng_seed} is {figure:.3}, not {least} to {most}");
}

/// The autocorrelation of a series of days.
fn autocorrelation(values: &[f64], lag: usize) -> f64 {
    let mean = mean(values);
    let product: f64 = values.iter().zip(&values[lag..]).map(|(one, other)| (one - mean) * (other - mean)).sum();
    product / (variance(values) * number(values.len()))
}

#[test]
fn weekends_sell_more_and_a_week_later_is_like_today() {
    for rng_seed in SEEDS {
        let run = standard(rng_seed);
        let total = run.total();
        let of = |is_weekend: bool| {
            let days = run.days().into_iter().zip(&total);
            let chosen = days.filter(|(day, _)| (date_of(*day).weekday().num_days_from_monday() >= 5) == is_weekend);
            mean(&chosen.map(|(_, units)| *units).collect::<Vec<f64>>())
        };
        within("weekend over weekday", rng_seed, of(true) / of(false), (1.15, 1.45));
        let at_seven = autocorrelation(&total, 7);
        within("autocorrelation at lag 7", rng_seed, at_seven, (0.6, 0.9));
        for lag in [3, 6] {
            assert!(at_seven > autocorrelation(&total, lag), "lag {lag} of seed {rng_seed}");
        }
    }
}

#[test]
fn counts_vary_more_than_chance_and_more_where_more_is_sold() {
    for rng_seed in SEEDS {
        let run = standard(rng_seed);
        let moments = run.series.iter().map(|(_, days)| {
            let sold: Vec<f64> = days.iter().flatten().map(|(_, moved)| f64::from(moved.sold)).collect();
            (mean(&sold), variance(&sold))
        });
        let moments: Vec<(f64, f64)> = moments.filter(|(mean, _)| *mean > 0.0).collect();
        let ratios: Vec<f64> = moments.iter().map(|(mean, variance)| variance / mean).collect();
        let above = number(ratios.iter().filter(|ratio| **ratio > 1.0).count()) / number(ratios.len());
        within("share of series with variance above mean", rng_seed, above, (0.95, 1.0));
        within("median of variance over mean", rng_seed, median(ratios), (1.5, 5.0));
        let logarithms: Vec<_> = moments.iter().map(|(mean, variance)| (mean.ln(), variance.ln())).collect();
        within("Taylor's slope", rng_seed, slope(&logarithms), (1.3, 1.8));
    }
}

#[test]
fn a_fifth_of_the_products_makes_most_of_the_sales() {
    for rng_seed in SEEDS {
        let run = standard(rng_seed);
        let mut by_product = BTreeMap::new();
        for (series, days) in &run.series {
            let sold: u32 = days.iter().flatten().map(|(_, moved)| moved.sold).sum();
            *by_product.entry(series.product_id).or_insert(0.0) += f64::from(sold);
        }
        let mut units: Vec<f64> = by_product.into_values().collect();
        units.sort_by(f64::total_cmp);
        let top: f64 = units.iter().rev().take(units.len() / 5).sum();
        within("share of the top fifth", rng_seed, top / units.iter().sum::<f64>(), (0.60, 0.85));
    }
}

#[test]
fn with_no_seed_one_product_makes_most_of_the_sales() {
    for rng_seed in 0..60 {
        let settings = super::settings(rng_seed, "retail_standard", &["date_range.end=2024-01-01"]);
        let (start, end) = super::super::params::range(&settings.options).unwrap();
        let model = super::super::whole(&settings, start, end);
        let mut levels = vec![0.0; model.items.len()];
        for series in (0..model.listed.len()).map(|number| model.series(number)) {
            levels[series.item] += series.level;
        }
        levels.sort_by(f64::total_cmp);
        let share = |count| levels.iter().rev().take(count).sum::<f64>() / levels.iter().sum::<f64>();
        within("share of the top product", rng_seed, share(1), (0.05, 0.33));
        within("share of the top fifth", rng_seed, share(levels.len() / 5), (0.60, 0.85));
    }
}

#[test]
fn as_many_days_end_without_stock_as_the_band_says() {
    for rng_seed in SEEDS {
        let run = standard(rng_seed);
        let (mut out, mut all) = (0, 0);
        for (_, moved) in run.series.iter().flat_map(|(_, days)| days.iter().flatten()) {
            all += 1;
            out += usize::from(moved.on_hand == 0);
        }
        within("share of days without stock", rng_seed, number(out) / number(all), (0.04, 0.10));
    }
}

/// A promotion as an analyst finds it: what was sold in it, in the week after, and what is usual.
struct Measured {
    percent: Option<i64>,
    days: f64,
    sold: f64,
    after: f64,
    /// Units a day in the two weeks before.
    usual: f64,
}

/// Every promotion of a run with two quiet weeks before and one after.
fn promotions(run: &Run) -> Vec<Measured> {
    let first = run.model.timeline.first().start;
    let mut measured = Vec::new();
    for (series, days) in &run.series {
        let chain = &run.model.prices[series.item];
        let pair = (series.store_id, series.product_id);
        let slots = promotion::slot(pair.1, first)..promotion::slot(pair.1, first + 360);
        let found: Vec<Promotion> =
            slots.filter_map(|slot| promotion::of_either(&run.model.timeline, chain, series, slot)).collect();
        let sold = |from: Day, to: Day| -> Option<f64> {
            let at = |day: Day| usize::try_from(day - first).ok();
            let days = days.get(at(from)?..=at(to)?)?;
            Some(days.iter().flatten().map(|(_, moved)| f64::from(moved.sold)).sum())
        };
        let is_quiet = |one: &Promotion, from: Day, to: Day| {
            // A promotion's week of emptier carts is not quiet either.
            found.iter().filter(|other| other.start != one.start).all(|other| other.end + 7 < from || other.start > to)
        };
        for one in found.iter().filter(|one| is_quiet(one, one.start - 14, one.end + 7)) {
            let parts = (sold(one.start, one.end), sold(one.end + 1, one.end + 7), sold(one.start - 14, one.start - 1));
            let (Some(sold), Some(after), Some(before)) = parts else { continue };
            let percent = match one.discount {
                Discount::Percent(percent) => Some(percent),
                Discount::Cents(_) => None,
            };
            measured.push(Measured {
                percent,
                days: f64::from(one.end - one.start + 1),
                sold,
                after,
                usual: before / 14.0,
            });
        }
    }
    measured
}

#[test]
fn promotions_lift_sales_more_the_deeper_they_are_and_are_followed_by_a_dip() {
    for rng_seed in SEEDS {
        let measured = promotions(standard(rng_seed));
        assert!(measured.len() > 500, "{}", measured.len());
        let lift = |chosen: &dyn Fn(&&Measured) -> bool| {
            let chosen: Vec<&Measured> = measured.iter().filter(chosen).collect();
            let sold: f64 = chosen.iter().map(|one| one.sold).sum();
            sold / chosen.iter().map(|one| one.usual * one.days).sum::<f64>()
        };
        let mut before = 1.0;
        for percents in [10..=15, 20..=25, 30..=40] {
            let now = lift(&|one| one.percent.is_some_and(|percent| percents.contains(&percent)));
            within(&format!("lift of {percents:?} percent"), rng_seed, now, (1.3, 8.0));
            assert!(now > before, "{percents:?} percent of seed {rng_seed} lift by {now}, less by {before}");
            before = now;
        }
        let gain: f64 = measured.iter().map(|one| one.sold - one.usual * one.days).sum();
        let missing: f64 = measured.iter().map(|one| one.usual * 7.0 - one.after).sum();
        within("dip over gain", rng_seed, missing / gain, (0.04, 0.25));
    }
}

#[test]
fn december_sells_what_is_configured() {
    for rng_seed in SEEDS {
        let december = |run: &Run| -> f64 {
            let days = run.days().into_iter().zip(run.total());
            days.filter(|(day, _)| date_of(*day).month() == 12).map(|(_, units)| units).sum()
        };
        let rich = Run::of(&settings(rng_seed, "retail_standard", &["time_series.monthly_seasonality={12: 1.5}"]));
        within("December's factor", rng_seed, december(&rich) / december(standard(rng_seed)), (1.45, 1.55));
    }
}

/// The elasticity that a regression finds: logarithms of units on logarithms of prices, without what
/// is particular to a series or to a day, on days with stock and far from promotions.
fn elasticity(run: &Run) -> f64 {
    let mut cells: Vec<(usize, usize, f64, f64)> = Vec::new();
    let first = run.model.timeline.first().start;
    for (at, (series, days)) in run.series.iter().enumerate() {
        let sold: Vec<f64> = days.iter().flatten().map(|(_, moved)| f64::from(moved.sold)).collect();
        // The logarithm of a small count is not that of its mean.
        if mean(&sold) < 25.0 {
            continue;
        }
        let chain = &run.model.prices[series.item];
        let pair = (series.store_id, series.product_id);
        for (turn, (cell, moved)) in days.iter().enumerate().filter_map(|(turn, day)| Some((turn, day.as_ref()?))) {
            let day = first + i32::try_from(turn).unwrap();
            let slot = promotion::slot(pair.1, day);
            let found = [slot - 1, slot]
                .into_iter()
                .filter_map(|slot| promotion::of_either(&run.model.timeline, chain, series, slot));
            let is_near = found.into_iter().any(|one| one.start <= day && day <= one.end + 7);
            if !is_near && moved.on_hand > 0 && moved.sold > 0 {
                #[expect(clippy::cast_precision_loss, reason = "prices are small")]
                cells.push((at, turn, (cell.cents as f64).ln(), f64::from(moved.sold).ln()));
            }
        }
    }
    // Means of series and of days go in turns until nothing is left of either.
    for _ in 0..30 {
        for key in [|cell: &(usize, usize, f64, f64)| cell.0, |cell: &(usize, usize, f64, f64)| cell.1] {
            let mut sums: BTreeMap<usize, (f64, f64, f64)> = BTreeMap::new();
            for cell in &cells {
                let sum = sums.entry(key(cell)).or_default();
                *sum = (sum.0 + 1.0, sum.1 + cell.2, sum.2 + cell.3);
            }
            for cell in &mut cells {
                let (count, x, y) = sums[&key(cell)];
                (cell.2, cell.3) = (cell.2 - x / count, cell.3 - y / count);
            }
        }
    }
    slope(&cells.into_iter().map(|(_, _, x, y)| (x, y)).collect::<Vec<_>>())
}

#[test]
fn a_regression_finds_the_configured_elasticity() {
    for rng_seed in SEEDS {
        let found = elasticity(standard(rng_seed));
        within("elasticity", rng_seed, found, (-0.5 * 1.15, -0.5 * 0.85));
    }
    let steep = Run::of(&settings(42, "retail_standard", &["retail.price_elasticity=-1.4"]));
    within("steep elasticity", 42, elasticity(&steep), (-1.4 * 1.15, -1.4 * 0.85));
}
