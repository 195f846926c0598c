//! What an append refuses to go on from: it would contradict what is there.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use entity::demand::{inventory_snapshot_daily, price_history, product, promotion as promotions, sales_daily, store};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait as _, QueryFilter};

use super::failed;
use crate::demand::load::{Lane, Overlap};
use crate::demand::model::Model;
use crate::demand::{Day, date_of, table};
use crate::error::Error;
use crate::generate::Load;
use crate::option::{Options, Settings};
use crate::plan::Survey;
use crate::seeder::Addition;
use crate::words::counted_rows;

/// Series that a refusal names before it says how many more there are.
const NAMED: usize = 5;

/// The options that only a first run has a say in.
const OF_BEGINNING: &[&str] = &[
    "stores",
    "products",
    "sparsity",
    "dimensions.stores.regions",
    "dimensions.stores.types",
    "dimensions.products.categories",
    "dimensions.products.brands",
    "retail.stockout_probability",
    "retail.new_product_pct",
    "retail.new_product_ramp_days",
    "retail.discontinued_pct",
    "retail.discontinued_decline_days",
    "retail.new_store_pct",
    "retail.new_store_ramp_days",
    "retail.competitor_stores_pct",
];

/// Refuses another value for what was settled when the first rows were made.
pub(super) fn other_beginning(settings: &Settings, survey: &Survey) -> Result<(), Error> {
    let Some(first) = survey.standing().first().and_then(|entry| entry.plan()) else { return Ok(()) };
    let text = |options: &Options, name: &str| {
        options.iter().find(|(other, _)| *other == name).map(|(_, value)| value.to_string())
    };
    for name in OF_BEGINNING {
        let (now, then) = (text(&settings.options, name), text(&first.options, name));
        if let (Some(now), Some(then), true) = (&now, &then, now != then) {
            return Err(Error::Request(format!(
                "{name} is {then} since the first run, and an append cannot make it {now}; leave it out, or make \
                 all rows anew with `--full-new --confirm` and this option"
            )));
        }
    }
    Ok(())
}

/// Refuses rows of the new days that would stay beside those that are made.
pub(super) fn rows_in_the_way(addition: &Addition, overlap: &Overlap) -> Result<(), Error> {
    let there = [
        (table::<sales_daily::Entity>(), overlap.sales.len()),
        (table::<inventory_snapshot_daily::Entity>(), overlap.stock.len()),
    ];
    for (name, held) in there {
        let replaced: u64 = addition.loads.iter().filter(|load| load.table() == name).map(Load::replaced).sum();
        if held as u64 > replaced {
            return Err(Error::Refused(format!(
                "{name} holds {} on these days of stores and products that sell nothing then; delete those rows, or \
                 append later days",
                counted_rows(held as u64 - replaced)
            )));
        }
    }
    Ok(())
}

/// Refuses promotions and prices on the new days that are not kiln's: sales would not go by them.
pub(super) async fn foreign_events(db: &DatabaseTransaction, start: NaiveDate) -> Result<(), Error> {
    use price_history::Column as Price;
    let reaches = Condition::any().add(Price::ValidTo.gte(start)).add(
        Condition::all()
            .add(Price::ValidTo.is_null())
            .add(Condition::any().add(Price::StoreId.is_not_null()).add(Price::ValidFrom.gte(start))),
    );
    let prices = price_history::Entity::find().filter(reaches).count(db).await.map_err(failed())?;
    let promoted = promotions::Entity::find().filter(promotions::Column::EndDate.gte(start));
    let promoted = promoted.count(db).await.map_err(failed())?;
    for (name, held) in [(table::<price_history::Entity>(), prices), (table::<promotions::Entity>(), promoted)] {
        if held > 0 {
            return Err(Error::Refused(format!(
                "{name} holds {} of {start} or later that kiln did not make and that sales would contradict; end such \
                 rows before {start}, or append days that they do not reach",
                counted_rows(held)
            )));
        }
    }
    Ok(())
}

/// What a series has on an evening: on hand, on order, and whether it is marked as out of stock.
type Evening = (i64, i64, bool);

/// A series whose evening is not what the runs left, by store and product.
struct Changed {
    pair: (i32, i32),
    left: Option<Evening>,
    found: Option<Evening>,
}

/// Refuses to go on from stock that is not what the runs left.
pub(super) async fn other_stock(
    model: &Arc<Model>,
    db: &DatabaseTransaction,
    stores: &[store::Model],
    products: &[product::Model],
) -> Result<(), Error> {
    let start = model.timeline.last().start;
    let days: Vec<Day> = model.timeline.days().take_while(|day| *day < start).collect();
    let Some(eve) = days.last().copied() else { return Ok(()) };
    let mut there = snapshots(db, date_of(eve)).await?;
    let mut changed = Vec::new();
    for number in 0..model.listed.len() {
        let mut lane = Lane::new(model, number);
        let last = days.iter().fold(None, |_, day| lane.pass(*day));
        let left = last.map(|(_, moved)| (i64::from(moved.on_hand), i64::from(moved.on_order), moved.on_hand == 0));
        let pair = (lane.series.store_id, lane.series.product_id);
        let found = there.remove(&pair);
        if left != found {
            changed.push(Changed { pair, left, found });
        }
    }
    changed.extend(there.into_iter().map(|(pair, found)| Changed { pair, left: None, found: Some(found) }));
    if changed.is_empty() {
        return Ok(());
    }
    let words: Vec<String> = changed.iter().take(NAMED).map(|one| one.words(stores, products)).collect();
    let more = changed.len() - words.len();
    let more = if more > 0 { format!("; and {more} series more") } else { String::new() };
    Err(Error::Refused(format!(
        "the stock of {} was changed since it was made, so no append can go on from it: {}{more}; put the rows back, \
         or make all anew by the commands of `kiln seed demand --status`",
        date_of(eve),
        words.join("; ")
    )))
}

/// The stock of every series on the evening of a day.
async fn snapshots(db: &DatabaseTransaction, day: NaiveDate) -> Result<BTreeMap<(i32, i32), Evening>, Error> {
    let rows = inventory_snapshot_daily::Entity::find().filter(inventory_snapshot_daily::Column::Date.eq(day));
    let rows = rows.all(db).await.map_err(failed())?;
    let evening = |row: &inventory_snapshot_daily::Model| {
        (i64::from(row.on_hand_qty), i64::from(row.on_order_qty), row.is_stockout)
    };
    Ok(rows.iter().map(|row| ((row.store_id, row.product_id), evening(row))).collect())
}

impl Changed {
    fn words(&self, stores: &[store::Model], products: &[product::Model]) -> String {
        let (store, product) = self.pair;
        let code = stores.iter().find(|one| one.id == store).map_or_else(|| store.to_string(), |one| one.code.clone());
        let sku = products.iter().find(|one| one.id == product);
        let sku = sku.map_or_else(|| product.to_string(), |one| one.sku.clone());
        let (found, left) = (in_words(self.found), in_words(self.left));
        format!("store {code} product {sku} has {found}, the run left {left}")
    }
}

fn in_words(evening: Option<Evening>) -> String {
    let Some((on_hand, on_order, is_out)) = evening else { return "no row".to_owned() };
    let wrong = if is_out == (on_hand == 0) { "" } else { ", is_stockout wrong" };
    format!("{on_hand} on hand, {on_order} on order{wrong}")
}
