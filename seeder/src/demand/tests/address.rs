//! Values by address: anything made alone is what it is among all others.

use std::collections::{BTreeMap, BTreeSet};

use super::super::model::{Known, Model};
use super::super::params::{self, Params};
use super::super::timeline::{Segment, Timeline};
use super::super::{Demand, dimension};
use super::{Lane, Run, settings};
use crate::dist::below;
use crate::generate::Load;
use crate::option::Settings;
use crate::rng::Purpose;
use crate::seeder::Seeder as _;
use crate::value::OptionValue;

/// The model of one store and one product alone, for the days up to `days` after the first.
fn alone(settings: &Settings, store: u64, product: u64, days: u64) -> Model {
    let (start, _) = params::range(&settings.options).unwrap();
    let end = start + chrono::Days::new(days);
    let segment = Segment::new(settings.rng_seed, Params::new(&settings.options), start, end);
    let (store, product) = (dimension::store(settings, store), dimension::product(settings, product));
    Model::new(settings.rng_seed, Timeline::new(vec![segment]), &[store], &[product], Known::default())
}

/// Every kind of thing that can happen to a series happens in this run.
fn eventful() -> Settings {
    settings(
        42,
        "retail_standard",
        &[
            "sparsity.random_gaps_per_series=2",
            "retail.new_product_pct=0.2",
            "retail.discontinued_pct=0.2",
            "retail.new_store_pct=0.2",
            "retail.competitor_effect=0.7",
            "retail.stockout_behavior=backlog",
            "time_series.category_seasonality={Snack: {7: 0.5}}",
        ],
    )
}

#[test]
fn ten_thousand_cells_made_alone_are_those_of_the_whole_run() {
    let settings = eventful();
    let run = Run::of(&settings);
    let mut draws = Purpose::new(1, 1, "test", "cells").at(0, 0);
    let mut compared = 0;
    for _ in 0..10_000 {
        let (store, product, day) = (below(&mut draws, 10), below(&mut draws, 50), below(&mut draws, 366));
        let alone = alone(&settings, store, product, day);
        let series = alone.series(0);
        let among = &run.series[usize::try_from(store * 50 + product).unwrap()];
        assert_eq!((among.0.store_id, among.0.product_id), (series.store_id, series.product_id));
        if let Some((cell, _)) = among.1[usize::try_from(day).unwrap()] {
            assert_eq!(
                alone.cell(&series, alone.timeline.last().end),
                cell,
                "store {store}, product {product}, day {day}"
            );
            compared += 1;
        } else {
            assert!(!series.is_sold(alone.timeline.last().end));
        }
    }
    assert!(compared > 7_000, "{compared}");
}

/// The rows of a table, as text, in order.
fn rows(load: &Load, jobs: usize) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (mut rows, mut generated) = (Vec::new(), load.generate(jobs));
        while let Some(batch) = generated.next(777).await {
            rows.extend(batch.into_iter().map(|row| format!("{row:?}")));
        }
        assert_eq!(rows.len() as u64, load.rows(), "{} has the rows it announces", load.table());
        rows
    })
}

/// The rows of every table of a run, by its name.
fn tables(settings: &Settings, jobs: usize) -> BTreeMap<&'static str, Vec<String>> {
    let mut tables: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for load in Demand.fill(settings).unwrap() {
        tables.entry(load.table()).or_default().extend(rows(&load, jobs));
    }
    assert_eq!(tables.len(), 7);
    tables
}

#[test]
fn two_hundred_series_made_alone_with_their_stock_are_those_of_the_whole_run() {
    let settings = eventful();
    let tables = tables(&settings, 2);
    let (start, end) = params::range(&settings.options).unwrap();
    let mut draws = Purpose::new(1, 1, "test", "series").at(0, 0);
    let mut rows = 0;
    for _ in 0..200 {
        let (store, product) = (below(&mut draws, 10), below(&mut draws, 50));
        let days = u64::try_from((end - start).num_days()).unwrap();
        let model = std::sync::Arc::new(alone(&settings, store, product, days));
        let of_series = format!("Int(Some({})), Int(Some({})), ", store + 1, product + 1);
        let is_of_series = |row: &str| row.split_once(", ").is_some_and(|(_, rest)| rest.starts_with(&of_series));
        for load in super::super::load::facts(&model, &super::super::load::Overlap::default()).loads {
            if !load.table().ends_with("_daily") {
                continue;
            }
            let among: Vec<&String> = tables[load.table()].iter().filter(|row| is_of_series(row)).collect();
            let made = self::rows(&load, 1);
            assert_eq!(made.iter().collect::<Vec<_>>(), among, "{} of {of_series}", load.table());
            rows += made.len();
        }
    }
    assert!(rows > 100_000, "{rows}");
}

#[test]
fn threads_change_no_row() {
    let settings = eventful();
    let one = tables(&settings, 1);
    for jobs in [2, 7] {
        assert!(tables(&settings, jobs) == one, "{jobs} threads");
    }
}

#[test]
fn a_longer_horizon_more_stores_and_more_products_keep_every_row() {
    let sparse = || {
        let mut settings = eventful();
        settings.options.set("sparsity", OptionValue::Number(0.35));
        settings
    };
    let small = tables(&sparse(), 2);
    let with = |assignment: &str| {
        let mut settings = sparse();
        let more = settings_of(assignment);
        settings.options = settings.options.replaced_by(&more.options, &others(&settings, assignment));
        tables(&settings, 2)
    };
    for assignment in ["date_range.end=2025-03-31", "dimensions.stores.count=14", "dimensions.products.count=70"] {
        let large = with(assignment);
        for (table, rows) in &small {
            let there: BTreeSet<&String> = large[table].iter().collect();
            // A price that was open is closed by a later change.
            let is_open = |row: &str| *table == "price_history" && row.ends_with("ChronoDate(None)]");
            let gone: Vec<&String> = rows.iter().filter(|row| !is_open(row) && !there.contains(row)).collect();
            assert!(gone.is_empty(), "{assignment} changes {} rows of {table}: {:?}", gone.len(), &gone[..1]);
            let least = if *table == "price_history" { rows.len() / 2 } else { rows.len() };
            assert!(large[table].len() >= least, "{table}");
        }
        assert!(large["sales_daily"].len() > small["sales_daily"].len(), "{assignment}");
    }
}

fn settings_of(assignment: &str) -> Settings {
    settings(42, "retail_standard", &[assignment])
}

/// The names of the options that an assignment leaves alone.
fn others(settings: &Settings, assignment: &str) -> Vec<String> {
    let key = assignment.split('=').next().unwrap();
    let name = Demand.options().iter().find(|spec| spec.key == key).unwrap().name;
    settings.options.iter().map(|(other, _)| other.to_owned()).filter(|other| other != name).collect()
}

#[test]
fn what_one_column_draws_from_moves_no_value_of_another() {
    let base = tables(&eventful(), 2);
    for (assignment, changed) in [
        ("dimensions.stores.regions=[A, B, C, D, E, F, G]", "store"),
        ("dimensions.products.brands=[One, Two, Three, Four, Five]", "product"),
    ] {
        let mut settings = eventful();
        let other = settings_of(assignment);
        settings.options = settings.options.replaced_by(&other.options, &others(&settings, assignment));
        let tables = tables(&settings, 2);
        for (table, rows) in &base {
            assert_eq!(tables[table] == *rows, *table != changed, "{assignment}: {table}");
        }
    }
    // And within the table, no other column: the store's draw for a region is its own.
    let (mut first, mut other) = (eventful(), settings_of("dimensions.stores.regions=[A, B]"));
    let keep = others(&first, "dimensions.stores.regions=");
    other.options = first.options.replaced_by(&other.options, &keep);
    first.given.clear();
    for number in 0..10 {
        let (one, two) = (dimension::store(&first, number), dimension::store(&other, number));
        assert_ne!(one.region, two.region);
        assert_eq!((one.code, one.name, one.city, one.store_type), (two.code, two.name, two.city, two.store_type));
    }
}

#[test]
fn a_lane_is_a_fold_over_its_own_days_whoever_else_is_there() {
    let settings = eventful();
    let run = Run::of(&settings);
    let model = std::sync::Arc::new(alone(&settings, 3, 17, 365));
    let mut lane = Lane::new(&model, 0);
    let days: Vec<_> = model.timeline.days().map(|day| lane.pass(day)).collect();
    assert_eq!(days, run.series[3 * 50 + 17].1);
}
