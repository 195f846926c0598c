//! Going on where the rows that are there end: with prices, promotions and stock as they stood.

mod refuse;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use entity::demand::{calendar, inventory_snapshot_daily, price_history, product, sales_daily, store};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::load::{self, Overlap};
use super::model::{Known, Model};
use super::params::{self, Params};
use super::stock::Found;
use super::timeline::{Segment, Timeline};
use super::{Day, cents, date_of, day_of, table};
use crate::error::Error;
use crate::ledger;
use crate::option::Settings;
use crate::plan::{Operation, Survey, refuse_unsaid_days};
use crate::seeder::Addition;

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
    refuse::other_beginning(settings, survey)?;
    let rng_seed = before.first().map_or(settings.rng_seed, |(rng_seed, _)| *rng_seed);
    let this = Segment::new(settings.rng_seed, Params::new(&settings.options), start, end);
    let segments: Vec<Segment> = before.into_iter().map(|(_, segment)| segment).chain([this]).collect();
    let first = date_of(segments[0].start);
    let is_ours = survey.standing().first().is_some_and(|entry| entry.operation != Operation::Append.name());
    let known = if is_ours { made_before(survey) } else { known_before(db, first).await? };
    if !continues {
        refuse::foreign_events(db, start).await?;
    }
    let priced = known.prices.keys().copied().collect();
    // Where nobody has events before the first day, nobody's are contradicted.
    let is_alone = known.listed.is_none() && known.stock.is_empty() && known.prices.is_empty();
    let timeline = if is_ours || is_alone { Timeline::new(segments) } else { Timeline::after_others(segments) };
    let model = Arc::new(Model::new(rng_seed, timeline, &stores, &products, known));
    if continues {
        refuse::other_stock(&model, db, &stores, &products).await?;
    }
    let overlap =
        if continues { Overlap { priced, ..Overlap::default() } } else { overlap(db, start, end, priced).await? };

    let there = dates_between(db, start, end).await?;
    let missing = start.iter_days().take_while(|day| *day <= end).filter(|day| !there.contains(day));
    let mut addition = load::facts(&model, &overlap);
    refuse::rows_in_the_way(&addition, &overlap)?;
    addition.loads.insert(0, load::calendar(&model, missing.collect()));
    Ok(addition)
}

fn failed() -> impl FnOnce(DbErr) -> Error {
    Error::database("reading what is there to append to")
}

/// The runs whose rows are there, each with its seed.
fn segments(survey: &Survey) -> Vec<(u64, Segment)> {
    let segments = survey.standing().into_iter().filter_map(|entry: &ledger::Model| {
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
    let plan = survey.standing().first().and_then(|entry| entry.plan());
    let count = |name: &str| plan.as_ref().map(|plan| i32::try_from(plan.options.count(name)).unwrap_or(i32::MAX));
    Known { made: count("stores").zip(count("products")), ..Known::default() }
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

/// The rows of these days that are there already.
async fn overlap(
    db: &DatabaseTransaction,
    start: NaiveDate,
    end: NaiveDate,
    priced: BTreeSet<i32>,
) -> Result<Overlap, Error> {
    use inventory_snapshot_daily::Column as Stock;
    use sales_daily::Column as Sale;
    let sales = sales_daily::Entity::find().filter(Sale::Date.between(start, end));
    let stock = inventory_snapshot_daily::Entity::find().filter(Stock::Date.between(start, end));
    Ok(Overlap {
        sales: grains(db, sales, [Sale::Date, Sale::StoreId, Sale::ProductId]).await?,
        stock: grains(db, stock, [Stock::Date, Stock::StoreId, Stock::ProductId]).await?,
        priced,
    })
}

/// Day, store and product of each of the rows.
async fn grains<E: EntityTrait>(
    db: &DatabaseTransaction,
    rows: Select<E>,
    columns: [E::Column; 3],
) -> Result<BTreeSet<(Day, i32, i32)>, Error> {
    let rows: Vec<(NaiveDate, i32, i32)> =
        rows.select_only().columns(columns).into_tuple().all(db).await.map_err(failed())?;
    Ok(rows.into_iter().map(|(date, store, product)| (day_of(date), store, product)).collect())
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
