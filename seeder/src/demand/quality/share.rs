//! The share of combinations that are not sold, as the stock of the last day has it.

use chrono::NaiveDate;

use crate::demand::sparsity::Sparsity;
use crate::demand::{VERSION, day_of, whole};
use crate::option::Settings;
use crate::plan::Plan;
use crate::verify::{Check, Expect, Subject};

/// Whether the combinations without stock on `last` are the share of the run that filled the tables.
///
/// Products and stores that are not on sale on that day are left out. Nothing is checked of another version's
/// rows: when those are on sale, only their generator knows.
pub(super) fn missing(filled: &Plan, last: NaiveDate) -> Option<Check> {
    let (start, _) = filled.range.filter(|_| filled.generator_version == VERSION)?;
    let settings =
        Settings { rng_seed: filled.seed, batch_size: 1, jobs: 1, options: filled.options.clone(), given: Vec::new() };
    let (stores, products) = (settings.options.count("stores"), settings.options.count("products"));
    let model = whole(&settings, start, last);
    let is_absent = |number: &usize| !model.series(*number).is_sold(day_of(last));
    let absent = (0..model.listed.len()).filter(is_absent).count() as u64;
    let (least, most) = Sparsity::expected(model.timeline.first().params.missing_share, stores, products);
    Some(Check {
        subject: Subject::Values,
        name: "as many combinations of store and product are missing as sparsity says".to_owned(),
        sql: vec![format!(
            "SELECT {} - count(*) AS n FROM inventory_snapshot_daily WHERE date = '{last}' AND store_id <= {stores} \
             AND product_id <= {products}",
            stores * products - absent
        )],
        expect: Expect::Between(least, most),
    })
}
