//! Sales: which product, where, when, how many.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use entity::market::{product, sale};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::assortment::{Assortment, dollars};
use super::season::{Season, is_peak};
use super::{VERSION, id};
use crate::dist::{Cumulative, below, chance, pick};
use crate::error::Error;
use crate::generate::Load;
use crate::option::Settings;
use crate::plan::{Operation, Survey};
use crate::rng::Purpose;

pub(super) const REGIONS: &[&str] = &["North", "South", "East", "West"];

/// A product as its sales see it.
#[derive(Clone, Debug)]
struct Sold {
    product_id: i32,
    client_id: i32,
    /// Its list price, in dollars.
    price: f64,
}

/// How well a product sells, from slow to fast: a few make most of the sales.
const VELOCITIES: &[u64] = &[1, 2, 3, 5, 8, 13];

/// The sales of a fill: over the whole range of the settings.
pub(super) fn fill(settings: &Settings) -> Load {
    let assortment = Assortment::new(settings);
    let products = (0..settings.options.count("products")).map(|number| Sold {
        product_id: id(number),
        client_id: id(assortment.client(number)),
        price: dollars(assortment.offer(number).cents),
    });
    let season = Season::between(settings.options.date("start-date"), settings.options.date("end-date"));
    load(settings, products.collect(), season, settings.options.count("sales"), 0)
}

/// The sales of an append: on the days of its range that have none, by the products that are there.
pub(super) async fn append(settings: &Settings, db: &DatabaseTransaction, survey: &Survey) -> Result<Load, Error> {
    let failed = || Error::database("reading what is there to append to");
    let products = product::Entity::find().order_by_asc(product::Column::ProductId).all(db).await.map_err(failed())?;
    if products.is_empty() {
        return Err(Error::Refused("products holds no rows to sell; run `kiln seed market` first".to_owned()));
    }
    let products = products.into_iter().map(|product| Sold {
        product_id: product.product_id,
        client_id: product.client_id,
        price: product.price,
    });

    let (start, end) = (settings.options.date("start-date"), settings.options.date("end-date"));
    let sold: Vec<NaiveDate> = sale::Entity::find()
        .select_only()
        .column(sale::Column::Date)
        .distinct()
        .filter(sale::Column::Date.between(start, end))
        .into_tuple()
        .all(db)
        .await
        .map_err(failed())?;
    let sold: BTreeSet<NaiveDate> = sold.into_iter().collect();
    let filled: Vec<_> =
        survey.counting().iter().filter_map(|entry| Some((entry.range_start?, entry.range_end?))).collect();
    let is_new =
        |day: &NaiveDate| !sold.contains(day) && !filled.iter().any(|(first, last)| (first..=last).contains(&day));
    let season = Season::of(start.iter_days().take_while(|day| *day <= end).filter(is_new));

    let last: Option<Option<i32>> = sale::Entity::find()
        .select_only()
        .column_as(sale::Column::SaleId.max(), "last")
        .into_tuple()
        .one(db)
        .await
        .map_err(failed())?;
    let first_id = u64::try_from(last.flatten().unwrap_or(0)).unwrap_or(0);
    let count = match season.weight() {
        0 => 0,
        _ if settings.given.iter().any(|given| given == "sales") => settings.options.count("sales"),
        weight => as_dense(survey, weight),
    };
    if i32::try_from(first_id + count).is_err() {
        return Err(Error::Request(format!("{count} sales more do not fit: their ids are 32-bit")));
    }
    Ok(load(settings, products.collect(), season, count, first_id))
}

/// As many sales on days of `weight` as the last fill has on as much of its own days; the default
/// run's density where no fill counts.
fn as_dense(survey: &Survey, weight: u64) -> u64 {
    // An append may have filled fewer days than it was asked for; a fill has filled them all.
    let mut fills = survey.counting().iter().rev().filter(|entry| entry.operation != Operation::Append.name());
    let fill = fills.find_map(|entry| {
        let sales = crate::ledger::tables(entry).get("sales")?.inserted;
        Some((sales, Season::between(entry.range_start?, entry.range_end?).weight()))
    });
    let (sales, over) = fill.filter(|(_, over)| *over > 0).unwrap_or_else(|| {
        let defaults = Settings::resolve(super::OPTIONS, &[]).expect("defaults satisfy their own options");
        let season = Season::between(defaults.options.date("start-date"), defaults.options.date("end-date"));
        (defaults.options.count("sales"), season.weight())
    });
    (2 * sales * weight + over) / (2 * over)
}

/// `count` sales of `products` over `season`, numbered on after `first_id`.
fn load(settings: &Settings, products: Vec<Sold>, season: Season, count: u64, first_id: u64) -> Load {
    let purpose = |name| Purpose::new(VERSION, settings.rng_seed, "sales", name);
    let velocities = purpose("velocity");
    let weights = products.iter().map(|product| {
        let number = u64::from(product.product_id.unsigned_abs());
        *pick(&mut velocities.at(number, 0), VELOCITIES)
    });
    let weights = Cumulative::new(weights);
    // A sale's address is its number among those of its run and the run's first day.
    let run = season.first().map_or(0, |day| day.num_days_from_ce().unsigned_abs());
    let (days, chosen, regions, quantities) =
        (purpose("date"), purpose("product"), purpose("region"), purpose("quantity"));
    let products = Arc::new(products);
    Load::of::<sale::Entity>(count, move |number| {
        let date = season.day(&mut days.at(number, run), number, count);
        let at = below(&mut chosen.at(number, run), weights.total());
        let product = &products[weights.index(at)];
        let mut draws = quantities.at(number, run);
        let mut quantity = 1 + below(&mut draws, usual_most(product.price));
        let is_boosted = chance(&mut draws, 1, 2);
        if is_peak(date) && is_boosted {
            // Half as much again, rounded up from the half.
            quantity = (3 * quantity).div_ceil(2);
        }
        let quantity = i32::try_from(quantity).expect("a sale is of a few dozen at most");
        sale::Model {
            sale_id: id(first_id + number),
            client_id: product.client_id,
            product_id: product.product_id,
            region: (*pick(&mut regions.at(number, run), REGIONS)).to_owned(),
            date,
            quantity,
            revenue: (f64::from(quantity) * product.price * 100.0).round() / 100.0,
        }
    })
}

/// The most that a sale usually has of a product: few of what is dear, many of what is cheap.
fn usual_most(dollars: f64) -> u64 {
    match dollars {
        ..100.0 => 40,
        ..500.0 => 20,
        _ => 8,
    }
}
