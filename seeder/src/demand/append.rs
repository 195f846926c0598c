//! Going on where the rows that are there end: with prices, promotions and stock as they stood.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use entity::demand::{
    calendar, inventory_snapshot_daily, price_history, product, promotion as promotions, sales_daily, store,
};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait as _, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::load::{self, Lane, Overlap};
use super::model::{Known, Model};
use super::params::{self, Params};
use super::stock::Found;
use super::timeline::{Segment, Timeline};
use super::{Day, cents, date_of, day_of, table};
use crate::error::Error;
use crate::generate::Load;
use crate::ledger;
use crate::option::{Options, Settings};
use crate::plan::{Operation, Scope, Survey, refuse_unsaid_days};
use crate::seeder::Addition;

/// Series that a refusal names before it says how many more there are.
const NAMED: usize = 5;

pub(super) async fn append(settings: &Settings, db: &DatabaseTransaction, survey: &Survey) -> Result<Addition, Error> {
    refuse_unsaid_days(settings)?;
    let (start, end) = params::range(&settings.options)?;
    let before = segments(survey);
    let Some(start) = first_new_day(&before, start, end)? else { return Ok(Addition::default()) };

    let stores = store::Entity::find().order_by_asc(store::Column::Id).all(db).await.map_err(failed())?;
    let products = product::Entity::find().order_by_asc(product::Column::Id).all(db).await.map_err(failed())?;
    for (name, is_empty) in [("store", stores.is_empty()), ("product", products.is_empty())] {
        if is_empty {
            return Err(Error::Refused(format!("{name} holds no rows to go on with; run `kiln seed demand` first")));
        }
    }
    let continues = !before.is_empty();
    refuse_lost_count(survey)?;
    refuse_other_beginning(settings, survey)?;
    let rng_seed = before.first().map_or(settings.rng_seed, |(rng_seed, _)| *rng_seed);
    let this = Segment::new(settings.rng_seed, Params::new(&settings.options), start, end);
    let segments: Vec<Segment> = before.into_iter().map(|(_, segment)| segment).chain([this]).collect();
    let first = date_of(segments[0].start);
    let is_ours = survey.continued().first().is_some_and(|entry| entry.operation != Operation::Append.name());
    let known = if is_ours { made_before(survey) } else { known_before(db, first).await? };
    if !continues {
        refuse_foreign_events(db, start).await?;
    }
    let priced = known.prices.keys().copied().collect();
    if let Some(eve) = segments.iter().rev().nth(1).map(|before| before.end).filter(|eve| *eve + 1 < day_of(start)) {
        tracing::warn!(
            "the days from {} to {} stay without sales, and no later append can fill them",
            date_of(eve + 1),
            date_of(day_of(start) - 1)
        );
    }
    // Where nobody has events before the first day, nobody's are contradicted.
    let is_alone = known.listed.is_none() && known.stock.is_empty() && known.prices.is_empty();
    let timeline = if is_ours || is_alone { Timeline::new(segments) } else { Timeline::after_others(segments) };
    let model = Arc::new(Model::new(rng_seed, timeline, &stores, &products, known));
    if continues {
        refuse_other_stock(&model, db, &stores, &products).await?;
    }
    let overlap =
        if continues { Overlap { priced, ..Overlap::default() } } else { overlap(db, start, end, priced).await? };

    let there = dates_between(db, start, end).await?;
    let missing = start.iter_days().take_while(|day| *day <= end).filter(|day| !there.contains(day));
    let mut addition = load::facts(&model, &overlap);
    refuse_rows_in_the_way(&addition, &overlap)?;
    addition.loads.insert(0, load::calendar(&model, missing.collect()));
    Ok(addition)
}

fn failed() -> impl FnOnce(DbErr) -> Error {
    Error::database("reading what is there to append to")
}

/// The runs whose rows are there, each with its seed.
fn segments(survey: &Survey) -> Vec<(u64, Segment)> {
    let segments = survey.continued().into_iter().filter_map(|entry: &ledger::Model| {
        let plan = entry.plan()?;
        let (start, end) = plan.range?;
        // An append begins where the days before it end, whatever it was asked for.
        Some((plan.seed, Segment::new(plan.seed, Params::new(&plan.options), start, end)))
    });
    let mut joined: Vec<(u64, Segment)> = Vec::new();
    for (rng_seed, mut segment) in segments {
        if let Some((_, before)) = joined.last() {
            segment.start = segment.start.max(before.end + 1);
        }
        if segment.start <= segment.end {
            joined.push((rng_seed, segment));
        }
    }
    joined
}

/// What a first run of kiln's own says of the combinations: they are of the stores and products it made,
/// and rows that somebody added since are sold by nobody.
fn made_before(survey: &Survey) -> Known {
    let plan = survey.continued().first().and_then(|entry| entry.plan());
    let count = |name: &str| plan.as_ref().map(|plan| i32::try_from(plan.options.count(name)).unwrap_or(i32::MAX));
    Known { made: count("stores").zip(count("products")), ..Known::default() }
}

/// Refuses to take rows for somebody else's that runs have made and that were changed since.
fn refuse_lost_count(survey: &Survey) -> Result<(), Error> {
    let Some(last) = survey.open().last() else { return Ok(()) };
    let counted = ledger::tables(last);
    let other = survey.tables.iter().filter(|found| found.scope == Scope::Facts).find_map(|found| {
        let counted = counted.get(&found.table)?.rows;
        (counted != found.rows).then(|| format!("{} holds {} rows, the runs left {counted}", found.table, found.rows))
    });
    match other {
        None => Ok(()),
        Some(other) => Err(Error::Refused(format!(
            "the rows of demand were changed since they were made, so no append can go on from them: {other}; \
             put the rows back, or make all anew by the commands of `kiln seed demand --status`"
        ))),
    }
}

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
fn refuse_other_beginning(settings: &Settings, survey: &Survey) -> Result<(), Error> {
    let Some(first) = survey.continued().first().and_then(|entry| entry.plan()) else { return Ok(()) };
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
fn refuse_rows_in_the_way(addition: &Addition, overlap: &Overlap) -> Result<(), Error> {
    let there = [
        (table::<sales_daily::Entity>(), overlap.sales.len()),
        (table::<inventory_snapshot_daily::Entity>(), overlap.stock.len()),
    ];
    for (name, rows) in there {
        let replaced: u64 = addition.loads.iter().filter(|load| load.table() == name).map(Load::replaced).sum();
        if rows as u64 > replaced {
            return Err(Error::Refused(format!(
                "{name} holds {} rows on these days for which none is made, so they would contradict the others; \
                 delete them, or append later days",
                rows as u64 - replaced
            )));
        }
    }
    Ok(())
}

/// The first of the days that is not there yet; none when all are. Days before those that are there
/// are refused: the stock of every later day would follow from theirs.
fn first_new_day(before: &[(u64, Segment)], start: NaiveDate, end: NaiveDate) -> Result<Option<NaiveDate>, Error> {
    let Some((_, last)) = before.last() else { return Ok(Some(start)) };
    let is_there = |day: Day| before.iter().any(|(_, segment)| (segment.start..=segment.end).contains(&day));
    let mut early = (day_of(start)..=day_of(end).min(last.end)).filter(|day| !is_there(*day));
    if let Some(day) = early.next() {
        return Err(Error::Refused(format!(
            "{} is before days that are there already, whose stock follows from the days before them; \
             --append goes on from {} on",
            date_of(day),
            date_of(last.end + 1)
        )));
    }
    Ok((day_of(end) > last.end).then(|| start.max(date_of(last.end + 1))))
}

/// What somebody else's rows say of the time before `first`.
async fn known_before(db: &DatabaseTransaction, first: NaiveDate) -> Result<Known, Error> {
    use inventory_snapshot_daily::Column as Stock;
    use price_history::Column as Price;
    let prices = price_history::Entity::find()
        .filter(Price::StoreId.is_null())
        .filter(Price::ValidFrom.lt(first))
        .filter(Condition::any().add(Price::ValidTo.is_null()).add(Price::ValidTo.gte(first)))
        .order_by_asc(Price::ValidFrom)
        .all(db)
        .await
        .map_err(failed())?;
    let listed: Vec<(i32, i32)> = sales_daily::Entity::find()
        .select_only()
        .columns([sales_daily::Column::StoreId, sales_daily::Column::ProductId])
        .distinct()
        .filter(sales_daily::Column::Date.lt(first))
        .into_tuple()
        .all(db)
        .await
        .map_err(failed())?;
    // Each series has a last evening of its own.
    let last = format!(
        "date = (SELECT max(j.date) FROM {0} j WHERE j.store_id = {0}.store_id AND j.product_id = {0}.product_id \
         AND j.date < '{first}')",
        table::<inventory_snapshot_daily::Entity>()
    );
    let stock = inventory_snapshot_daily::Entity::find().filter(Stock::Date.lt(first)).filter(Expr::cust(last));
    let stock = stock.all(db).await.map_err(failed())?;
    Ok(Known {
        prices: prices.into_iter().map(|price| (price.product_id, cents(price.price))).collect(),
        listed: (!listed.is_empty()).then(|| listed.into_iter().collect()),
        stock: stock
            .into_iter()
            .map(|row| ((row.store_id, row.product_id), Found { on_hand: row.on_hand_qty, on_order: row.on_order_qty }))
            .collect(),
        made: None,
    })
}

type Snapshots = BTreeMap<(i32, i32), inventory_snapshot_daily::Model>;

/// The stock of every series on the evening of a day.
async fn snapshots(db: &DatabaseTransaction, day: NaiveDate) -> Result<Snapshots, Error> {
    let rows = inventory_snapshot_daily::Entity::find().filter(inventory_snapshot_daily::Column::Date.eq(day));
    let rows = rows.all(db).await.map_err(failed())?;
    Ok(rows.into_iter().map(|row| ((row.store_id, row.product_id), row)).collect())
}

/// Refuses promotions and prices on the new days that are not kiln's: sales would not go by them.
async fn refuse_foreign_events(db: &DatabaseTransaction, start: NaiveDate) -> Result<(), Error> {
    use price_history::Column as Price;
    let reaches = Condition::any().add(Price::ValidTo.gte(start)).add(
        Condition::all()
            .add(Price::ValidTo.is_null())
            .add(Condition::any().add(Price::StoreId.is_not_null()).add(Price::ValidFrom.gte(start))),
    );
    let prices = price_history::Entity::find().filter(reaches).count(db).await.map_err(failed())?;
    let promoted = promotions::Entity::find().filter(promotions::Column::EndDate.gte(start));
    let promoted = promoted.count(db).await.map_err(failed())?;
    for (name, rows) in [(table::<price_history::Entity>(), prices), (table::<promotions::Entity>(), promoted)] {
        if rows > 0 {
            return Err(Error::Refused(format!(
                "{name} holds {rows} rows that say something of {start} or later and that kiln did not make, so \
                 sales could not agree with them; append later days, or end those \
                 rows before"
            )));
        }
    }
    Ok(())
}

/// Refuses to go on from stock that is not what the runs left.
async fn refuse_other_stock(
    model: &Arc<Model>,
    db: &DatabaseTransaction,
    stores: &[store::Model],
    products: &[product::Model],
) -> Result<(), Error> {
    let start = model.timeline.last().start;
    let days: Vec<Day> = model.timeline.days().take_while(|day| *day < start).collect();
    let Some(eve) = days.last().copied() else { return Ok(()) };
    let mut there = snapshots(db, date_of(eve)).await?;
    let mut wrong = Vec::new();
    for number in 0..model.listed.len() {
        let mut lane = Lane::new(model, number);
        let last = days.iter().fold(None, |_, day| lane.pass(*day));
        let left = last.map(|(_, moved)| (moved.on_hand, moved.on_order));
        let pair = (lane.series.store_id, lane.series.product_id);
        let found = there.remove(&pair).map(|row| (row.on_hand_qty, row.on_order_qty, row.is_stockout));
        let is_same = match (left, found) {
            (Some((on_hand, on_order)), Some(found)) => {
                (i64::from(on_hand), i64::from(on_order), on_hand == 0)
                    == (i64::from(found.0), i64::from(found.1), found.2)
            }
            (left, found) => left.is_none() && found.is_none(),
        };
        if !is_same {
            wrong.push((pair, left, found));
        }
    }
    wrong.extend(
        there.into_iter().map(|(pair, row)| (pair, None, Some((row.on_hand_qty, row.on_order_qty, row.is_stockout)))),
    );
    if wrong.is_empty() {
        return Ok(());
    }
    let code =
        |id: i32| stores.iter().find(|store| store.id == id).map_or_else(|| id.to_string(), |store| store.code.clone());
    let sku = |id: i32| products.iter().find(|one| one.id == id).map_or_else(|| id.to_string(), |one| one.sku.clone());
    let words = wrong.iter().take(NAMED).map(|(pair, left, found)| {
        let left = left.map_or("no row".to_owned(), |(hand, order)| format!("{hand} on hand, {order} on order"));
        let found = found.map_or("no row".to_owned(), |(hand, order, is_out)| {
            let out = if is_out == (hand == 0) { "" } else { ", is_stockout wrong" };
            format!("{hand} on hand, {order} on order{out}")
        });
        format!("store {} product {} has {found}, the run left {left}", code(pair.0), sku(pair.1))
    });
    let words: Vec<String> = words.collect();
    let more = wrong.len() - words.len();
    let more = if more > 0 { format!("; and {more} series more") } else { String::new() };
    Err(Error::Refused(format!(
        "the stock of {} was changed since it was made, so no append can go on from it: {}{more}; put the rows back, \
         or make all anew by the commands of `kiln seed demand --status`",
        date_of(eve),
        words.join("; ")
    )))
}

/// The rows of these days that are there already.
async fn overlap(
    db: &DatabaseTransaction,
    start: NaiveDate,
    end: NaiveDate,
    priced: BTreeSet<i32>,
) -> Result<Overlap, Error> {
    use inventory_snapshot_daily::Column as Stock;
    use sales_daily::Column as Sale;
    let sales: Vec<(NaiveDate, i32, i32)> = sales_daily::Entity::find()
        .select_only()
        .columns([Sale::Date, Sale::StoreId, Sale::ProductId])
        .filter(Sale::Date.between(start, end))
        .into_tuple()
        .all(db)
        .await
        .map_err(failed())?;
    let stock: Vec<(NaiveDate, i32, i32)> = inventory_snapshot_daily::Entity::find()
        .select_only()
        .columns([Stock::Date, Stock::StoreId, Stock::ProductId])
        .filter(Stock::Date.between(start, end))
        .into_tuple()
        .all(db)
        .await
        .map_err(failed())?;
    let days = |rows: Vec<(NaiveDate, i32, i32)>| {
        rows.into_iter().map(|(date, store, product)| (day_of(date), store, product)).collect()
    };
    Ok(Overlap { sales: days(sales), stock: days(stock), priced })
}

/// The days of the calendar that are there already.
async fn dates_between(
    db: &DatabaseTransaction,
    start: NaiveDate,
    end: NaiveDate,
) -> Result<BTreeSet<NaiveDate>, Error> {
    let dates: Vec<NaiveDate> = calendar::Entity::find()
        .select_only()
        .column(calendar::Column::Date)
        .filter(calendar::Column::Date.between(start, end))
        .into_tuple()
        .all(db)
        .await
        .map_err(failed())?;
    Ok(dates.into_iter().collect())
}
