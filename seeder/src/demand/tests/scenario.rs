//! Each scenario shows what it promises, in a number.

use chrono::Datelike as _;

use super::super::date_of;
use super::{Run, SEEDS, mean, median, number, settings, standard, variance};
use crate::seeder::Seeder as _;

fn run(rng_seed: u64, scenario: &str) -> Run {
    Run::of(&settings(rng_seed, scenario, &[]))
}

/// The mean of a day's units over the days of some months.
fn of_months(run: &Run, units: &[f64], months: &[u32]) -> f64 {
    let days = run.days().into_iter().zip(units);
    let chosen: Vec<f64> =
        days.filter(|(day, _)| months.contains(&date_of(*day).month())).map(|(_, units)| *units).collect();
    mean(&chosen)
}

fn stockout_share(run: &Run) -> f64 {
    let moved: Vec<bool> =
        run.series.iter().flat_map(|(_, days)| days.iter().flatten()).map(|(_, moved)| moved.on_hand == 0).collect();
    number(moved.iter().filter(|is_out| **is_out).count()) / number(moved.len())
}

fn median_ratio(run: &Run) -> f64 {
    let ratios = run.series.iter().map(|(_, days)| {
        let sold: Vec<f64> = days.iter().flatten().map(|(_, moved)| f64::from(moved.sold)).collect();
        variance(&sold) / mean(&sold)
    });
    median(ratios.filter(|ratio| ratio.is_finite()).collect())
}

#[test]
fn every_scenario_of_the_documents_is_there() {
    let names: Vec<&str> = super::Demand.scenarios().iter().map(|scenario| scenario.name).collect();
    for name in [
        "retail_standard",
        "holiday_rush",
        "high_variance",
        "stockout_heavy",
        "new_launches",
        "sparse",
        "summer_slowdown",
        "new_store_opening",
        "competitor_entry",
    ] {
        assert!(names.contains(&name), "{name}");
    }
}

#[test]
fn holiday_rush_sells_much_more_in_december_than_in_october() {
    for rng_seed in SEEDS {
        let run = run(rng_seed, "holiday_rush");
        let total = run.total();
        let rush = of_months(&run, &total, &[12]) / of_months(&run, &total, &[10]);
        assert!((1.6..2.2).contains(&rush), "{rush}");
    }
}

#[test]
fn high_variance_varies_several_times_as_much() {
    for rng_seed in SEEDS {
        let (high, standard) = (median_ratio(&run(rng_seed, "high_variance")), median_ratio(standard(rng_seed)));
        assert!(high > 2.0 * standard, "{high} and {standard}");
    }
}

#[test]
fn stockout_heavy_ends_a_quarter_of_its_days_without_stock() {
    for rng_seed in SEEDS {
        let share = stockout_share(&run(rng_seed, "stockout_heavy"));
        assert!((0.20..0.30).contains(&share), "{share}");
    }
}

#[test]
fn new_launches_begin_within_the_year_and_grow_into_it() {
    for rng_seed in SEEDS {
        let run = run(rng_seed, "new_launches");
        let launched = run.model.items.iter().filter(|item| item.launched.is_some()).count();
        // 40 % of 50 products: 20, and three standard errors of 3.5.
        assert!(launched.abs_diff(20) <= 10, "{launched}");
        let (mut early, mut full) = (0.0, 0.0);
        for (series, days) in run.series.iter().filter(|(series, _)| run.model.items[series.item].launched.is_some()) {
            let first = usize::try_from(series.first - run.model.timeline.first().start).unwrap();
            assert!(days[..first].iter().all(Option::is_none), "a row before the launch");
            let sold = |from: usize, to: usize| -> Option<f64> {
                Some(days.get(first + from..first + to)?.iter().flatten().map(|(_, moved)| f64::from(moved.sold)).sum())
            };
            if let (Some(first_days), Some(later)) = (sold(0, 14), sold(46, 60)) {
                (early, full) = (early + first_days, full + later);
            }
        }
        // The first fourteen of 45 days of a ramp have a sixth of what is full.
        assert!((0.08..0.30).contains(&(early / full)), "{}", early / full);
    }
}

#[test]
fn sparse_lacks_half_of_the_combinations_and_has_gaps() {
    for rng_seed in SEEDS {
        let run = run(rng_seed, "sparse");
        assert_eq!(run.model.listed.len(), 250);
        let cells: Vec<bool> =
            run.series.iter().flat_map(|(_, days)| days.iter().flatten()).map(|(cell, _)| cell.is_off_shelf).collect();
        let off = number(cells.iter().filter(|is_off| **is_off).count()) / number(cells.len());
        // Three gaps of 8.5 days in a year are 7 %.
        assert!((0.05..0.085).contains(&off), "{off}");
    }
}

#[test]
fn as_many_combinations_are_missing_as_are_configured() {
    for (share, stores, products, missing) in [("0.5", 2, 3, 3), ("0.3", 10, 50, 150), ("0.9", 10, 10, 90)] {
        for rng_seed in SEEDS {
            let grid = [format!("dimensions.stores.count={stores}"), format!("dimensions.products.count={products}")];
            let sparsity = format!("sparsity.missing_combinations_pct={share}");
            let settings = settings(rng_seed, "retail_standard", &[&grid[0], &grid[1], &sparsity]);
            let (start, end) = crate::demand::params::range(&settings.options).unwrap();
            let listed = crate::demand::whole(&settings, start, end).listed.len();
            let found = stores * products - listed;
            assert!(found.abs_diff(missing) <= 1, "{share} of {stores} x {products}, seed {rng_seed}: {found}");
        }
    }
}

#[test]
fn summer_slowdown_slows_the_categories_it_names_and_no_other() {
    for rng_seed in SEEDS {
        let (slow, usual) = (run(rng_seed, "summer_slowdown"), standard(rng_seed));
        for (category, expected) in [("Snack", 0.6), ("Dairy", 0.7), ("Beverage", 1.0), ("Frozen", 1.0)] {
            let july = |run: &Run| {
                let units = run.sum(|series| run.model.items[series.item].category == category);
                of_months(run, &units, &[7])
            };
            let ratio = july(&slow) / july(usual);
            assert!((ratio - expected).abs() < 0.05, "{category} of seed {rng_seed}: {ratio}");
        }
    }
}

#[test]
fn new_store_opening_opens_stores_that_grow() {
    for rng_seed in SEEDS {
        let run = Run::of(&settings(
            rng_seed,
            "new_store_opening",
            &["dimensions.stores.count=30", "dimensions.products.count=10"],
        ));
        let opened: Vec<usize> =
            (0..run.model.shops.len()).filter(|shop| run.model.shops[*shop].opens.is_some()).collect();
        // 30 % of 30 stores: 9, and three standard errors of 2.5.
        assert!(opened.len().abs_diff(9) <= 7, "{}", opened.len());
        let (mut early, mut full) = (0.0, 0.0);
        for shop in opened {
            let units = run.sum(|series| series.shop == shop);
            let first =
                usize::try_from(run.model.shops[shop].opens.unwrap() - run.model.timeline.first().start).unwrap();
            assert!(units[..first].iter().all(|units| *units == 0.0), "a sale before the opening");
            if let (Some(begin), Some(later)) = (units.get(first..first + 28), units.get(first + 120..first + 148)) {
                (early, full) = (early + begin.iter().sum::<f64>(), full + later.iter().sum::<f64>());
            }
        }
        // The first 28 of 120 days of a ramp have an eighth of what is full.
        assert!((0.05..0.25).contains(&(early / full)), "{}", early / full);
    }
}

#[test]
fn competitor_entry_shifts_the_level_of_the_stores_beside_it_on_its_day() {
    for rng_seed in SEEDS {
        let (hit, usual) = (run(rng_seed, "competitor_entry"), standard(rng_seed));
        let ratio = |is_beside: bool, months: &[u32]| {
            let units = |run: &Run| run.sum(|series| run.model.shops[series.shop].has_competitor == is_beside);
            of_months(&hit, &units(&hit), months) / of_months(usual, &units(usual), months)
        };
        assert!((ratio(true, &[6]) - 1.0).abs() < 1e-9, "before its day nothing changes");
        assert!((ratio(true, &[7, 8]) - 0.67).abs() < 0.04, "{}", ratio(true, &[7, 8]));
        assert!((ratio(false, &[7, 8]) - 1.0).abs() < 1e-9, "no other store changes");
    }
}

#[test]
fn as_many_days_end_without_stock_as_are_configured() {
    for (text, share) in [("0.01", 0.01), ("0.1", 0.1), ("0.15", 0.15), ("0.4", 0.4)] {
        let reached = stockout_share(&Run::of(&settings(
            7,
            "retail_standard",
            &[&format!("retail.stockout_probability={text}")],
        )));
        assert!((reached / share - 1.0_f64).abs() < 0.12, "{text}: {reached}");
    }
}

#[test]
fn months_of_a_category_that_no_product_is_of_are_refused() {
    let refused = |months: &str| {
        let settings = super::settings(1, "retail_standard", &[&format!("time_series.category_seasonality={months}")]);
        crate::demand::params::range(&settings.options).unwrap_err().to_string()
    };
    let key = "time_series.category_seasonality names the category";
    assert_eq!(
        refused("{Snack: {7: 0.5}, Snak: {7: 0.5}}"),
        format!("{key} `Snak`, which no product is of; did you mean `Snack`?")
    );
    let other = refused("{Xylophones: {7: 0.5}}");
    assert!(other.starts_with(&format!("{key} `Xylophones`, which no product is of; the categories are ")), "{other}");
}
