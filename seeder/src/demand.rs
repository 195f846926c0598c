//! The seeder of `demand`: a retail chain's days, in which prices, promotions, sales and stock tell
//! one story.
//!
//! `docs/seeding.md` has the model as a formula. A day's demand is a function of where it stands;
//! stock alone is a fold, over the days of its own series.

use std::sync::Arc;

use async_trait::async_trait;
use catalog::Dialect;
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use entity::demand::{
    calendar, inventory_snapshot_daily, price_history, product, promotion as promotions, sales_daily, store,
};
use sea_orm::prelude::Decimal;
use sea_orm::{DatabaseTransaction, EntityTrait};

use crate::error::Error;
use crate::generate::Load;
use crate::option::{OptionSpec, Scenario, Settings};
use crate::plan::{Plan, Survey};
use crate::seeder::{Addition, Figure, Made, Plot, Seeder};
use crate::table::{Seeded, SeededTable};
use crate::verify::Check;

mod append;
mod dimension;
mod figure;
mod load;
mod model;
mod option;
mod params;
mod price;
mod promotion;
mod quality;
mod sparsity;
mod stock;
mod timeline;

use model::{Known, Model};
use params::Params;
use timeline::{Segment, Timeline};

/// The seeder of `demand`.
#[derive(Clone, Copy, Debug)]
pub struct Demand;

/// One more whenever a value changes for the same seed and options.
const VERSION: u32 = 2;

/// A day, counted from the first of the year one.
type Day = i32;

/// Stands for the database's clock in rows; such columns are never written.
const CLOCK: NaiveDateTime = chrono::DateTime::UNIX_EPOCH.naive_utc();

#[async_trait]
impl Seeder for Demand {
    fn name(&self) -> &'static str {
        "demand"
    }

    fn version(&self) -> u32 {
        VERSION
    }

    fn options(&self) -> &'static [OptionSpec] {
        option::OPTIONS
    }

    fn scenarios(&self) -> &'static [Scenario] {
        option::SCENARIOS
    }

    fn scenarios_elsewhere(&self) -> &'static [&'static str] {
        option::SCENARIOS_ELSEWHERE
    }

    fn tables(&self) -> Vec<Box<dyn Seeded>> {
        macro_rules! dimension {
            ($entity:ident) => {
                SeededTable::<$entity::Entity>::dimension()
                    .by_clock([$entity::Column::CreatedAt, $entity::Column::UpdatedAt])
            };
        }
        macro_rules! fact {
            ($entity:ident) => {
                SeededTable::<$entity::Entity>::fact()
                    .by_clock([$entity::Column::CreatedAt, $entity::Column::UpdatedAt])
            };
        }
        use inventory_snapshot_daily::Column as Inventory;
        use sales_daily::Column as Sales;
        vec![
            Box::new(dimension!(store)),
            Box::new(dimension!(product)),
            Box::new(dimension!(calendar)),
            Box::new(fact!(price_history)),
            Box::new(fact!(promotions)),
            Box::new(fact!(sales_daily).grain([Sales::Date, Sales::StoreId, Sales::ProductId])),
            Box::new(fact!(inventory_snapshot_daily).grain([
                Inventory::Date,
                Inventory::StoreId,
                Inventory::ProductId,
            ])),
        ]
    }

    fn range(&self, settings: &Settings) -> Result<Option<(NaiveDate, NaiveDate)>, Error> {
        params::range(&settings.options).map(Some)
    }

    fn fill(&self, settings: &Settings) -> Result<Vec<Load>, Error> {
        let (start, end) = params::range(&settings.options)?;
        let model = Arc::new(whole(settings, start, end));
        let mut loads = vec![load::stores(settings), load::products(settings)];
        loads.push(load::calendar(&model, start.iter_days().take_while(|day| *day <= end).collect()));
        loads.extend(load::facts(&model, &load::Overlap::default()).loads);
        Ok(loads)
    }

    fn settled(&self, settings: &Settings) -> Settings {
        params::with_weekends(settings)
    }

    fn continued(&self, settings: &Settings, before: &Plan) -> Settings {
        let mut settings = settings.clone();
        // Which days to add is always said anew.
        let own = settings.given.iter().cloned().chain(["start-date", "end-date"].map(str::to_owned));
        settings.options = settings.options.replaced_by(&before.options, &own.collect::<Vec<_>>());
        settings
    }

    async fn append(&self, settings: &Settings, db: &DatabaseTransaction, survey: &Survey) -> Result<Addition, Error> {
        append::append(settings, db, survey).await
    }

    fn fills_gaps(&self) -> bool {
        // The stock of every later day follows from the days before it.
        false
    }

    fn checks(&self, dialect: Dialect, made: &Made) -> Vec<Check> {
        quality::checks(dialect, made)
    }

    fn figures(&self) -> &'static [Figure] {
        figure::FIGURES
    }

    fn plots(&self) -> &'static [Plot] {
        figure::PLOTS
    }
}

/// The model of a fill.
fn whole(settings: &Settings, start: NaiveDate, end: NaiveDate) -> Model {
    let params = Params::new(&settings.options);
    let timeline = Timeline::new(vec![Segment::new(settings.rng_seed, params, start, end)]);
    let stores: Vec<_> =
        (0..settings.options.count("stores")).map(|number| dimension::store(settings, number)).collect();
    let products: Vec<_> =
        (0..settings.options.count("products")).map(|number| dimension::product(settings, number)).collect();
    Model::new(settings.rng_seed, timeline, &stores, &products, Known::default())
}

/// The name of an entity's table.
fn table<E: EntityTrait + Default>() -> &'static str {
    E::default().as_str()
}

/// A row number as an id, which counts from one.
fn id(number: u64) -> i32 {
    i32::try_from(number + 1).expect("the options keep every id within 32 bits")
}

/// The address of a store and a product.
fn key(store: i32, product: i32) -> u64 {
    u64::from(store.unsigned_abs()) << 32 | u64::from(product.unsigned_abs())
}

fn day_of(date: NaiveDate) -> Day {
    date.num_days_from_ce()
}

fn date_of(day: Day) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day).expect("a day of the years that options allow")
}

/// So many cents as dollars.
fn decimal(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// Dollars as whole cents.
fn cents(dollars: Decimal) -> i64 {
    i64::try_from((dollars * Decimal::ONE_HUNDRED).round()).expect("the column holds ten digits")
}

#[cfg(test)]
mod tests;
