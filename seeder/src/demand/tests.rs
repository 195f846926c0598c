//! What the model promises, tried on whole runs without a database.

use std::sync::{Arc, LazyLock};

use super::Demand;
use super::load::Lane;
use super::model::{Cell, Model, Series};
use super::stock::Moved;
use super::{Day, whole};
use crate::config::{Layer, of_assignments, of_scenario};
use crate::option::Settings;
use crate::seeder::Seeder as _;

mod address;
mod realism;
mod scenario;

/// The seeds that realism and scenarios are tried on.
const SEEDS: [u64; 3] = [42, 7, 2024];

/// The settings of a scenario and of assignments as `--set` takes them.
fn settings(rng_seed: u64, scenario: &str, assignments: &[&str]) -> Settings {
    let assignments: Vec<String> = assignments.iter().map(|one| (*one).to_owned()).collect();
    let seed = Layer {
        source: "a test".to_owned(),
        values: [("seed".to_owned(), rng_seed.to_string().into())].into(),
        ..Layer::default()
    };
    let layers =
        [seed, of_assignments(&assignments, Demand.options()).unwrap(), of_scenario(&Demand, scenario).unwrap()];
    Settings::resolve(Demand.options(), &layers).unwrap()
}

/// The days of a series, none where the store does not have the product.
type Days = Vec<Option<(Cell, Moved)>>;

/// A whole run: each series with each of its days, in order.
struct Run {
    model: Arc<Model>,
    series: Vec<(Series, Days)>,
}

/// The default run of one of the seeds, made once.
fn standard(rng_seed: u64) -> &'static Run {
    static RUNS: LazyLock<[Run; 3]> =
        LazyLock::new(|| SEEDS.map(|rng_seed| Run::of(&settings(rng_seed, "retail_standard", &[]))));
    let at = SEEDS.iter().position(|seed| *seed == rng_seed).expect("one of the seeds");
    &RUNS[at]
}

impl Run {
    fn of(settings: &Settings) -> Self {
        let (start, end) = super::params::range(&settings.options).unwrap();
        let model = Arc::new(whole(settings, start, end));
        let series = (0..model.listed.len()).map(|number| {
            let mut lane = Lane::new(&model, number);
            let days = model.timeline.days().map(|day| lane.pass(day)).collect();
            (lane.series, days)
        });
        Self { series: series.collect(), model }
    }

    fn days(&self) -> Vec<Day> {
        self.model.timeline.days().collect()
    }

    /// Units sold by all series on each day.
    fn total(&self) -> Vec<f64> {
        self.sum(|_| true)
    }

    /// Units sold by some series on each day.
    fn sum(&self, is_counted: impl Fn(&Series) -> bool) -> Vec<f64> {
        let mut total = vec![0.0; self.days().len()];
        for (_, days) in self.series.iter().filter(|(series, _)| is_counted(series)) {
            for (sum, day) in total.iter_mut().zip(days) {
                *sum += day.map_or(0.0, |(_, moved)| f64::from(moved.sold));
            }
        }
        total
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / number(values.len())
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / number(values.len())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The slope of the least-squares line through the points.
fn slope(points: &[(f64, f64)]) -> f64 {
    let (xs, ys): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let (x, y) = (mean(&xs), mean(&ys));
    let covariance: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    covariance / points.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>()
}
