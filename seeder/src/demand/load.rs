//! The rows of each table.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use entity::demand::{
    calendar, inventory_snapshot_daily, price_history, product, promotion as promotions, sales_daily, store,
};
use sea_orm::prelude::Decimal;
use sea_orm::sea_query::Query;

use super::model::{Cell, Model, Series};
use super::promotion::{self, Discount, Promotion};
use super::stock::{Moved, Stock};
use super::{CLOCK, Day, date_of, day_of, decimal, dimension, price, table};
use crate::generate::Load;
use crate::option::Settings;
use crate::seeder::{Addition, Edit};

/// Rows that are there already on the days and for the combinations that are made now.
#[derive(Clone, Debug, Default)]
pub(super) struct Overlap {
    pub(super) sales: BTreeSet<(Day, i32, i32)>,
    pub(super) stock: BTreeSet<(Day, i32, i32)>,
    /// Products whose price is there already.
    pub(super) priced: BTreeSet<i32>,
}

pub(super) fn stores(settings: &Settings) -> Load {
    use store::Column::{CreatedAt, UpdatedAt};
    let (rows, settings) = (settings.options.count("stores"), settings.clone());
    Load::without::<store::Entity>(&[CreatedAt, UpdatedAt], rows, move |number| dimension::store(&settings, number))
}

pub(super) fn products(settings: &Settings) -> Load {
    use product::Column::{CreatedAt, UpdatedAt};
    let (rows, settings) = (settings.options.count("products"), settings.clone());
    Load::without::<product::Entity>(&[CreatedAt, UpdatedAt], rows, move |number| dimension::product(&settings, number))
}

/// The rows of these days.
pub(super) fn calendar(model: &Arc<Model>, dates: Vec<NaiveDate>) -> Load {
    use calendar::Column::{CreatedAt, UpdatedAt};
    let model = model.clone();
    Load::without::<calendar::Entity>(&[CreatedAt, UpdatedAt], dates.len() as u64, move |number| {
        let date = dates[usize::try_from(number).expect("a row of a list")];
        let holiday = model.timeline.of(day_of(date)).params.holiday(date).map(|(name, _)| name.to_owned());
        let number = |number: u32| i32::try_from(number).expect("a part of a date");
        calendar::Model {
            date,
            day_of_week: number(date.weekday().num_days_from_monday()),
            month: number(date.month()),
            quarter: number(date.quarter()),
            year: date.year(),
            is_holiday: holiday.is_some(),
            holiday_name: holiday,
            created_at: CLOCK,
            updated_at: CLOCK,
        }
    })
}

/// The facts of the segment that is made now.
pub(super) fn facts(model: &Arc<Model>, overlap: &Overlap) -> Addition {
    let (prices, edits) = prices(model, overlap);
    let loads =
        vec![prices, own_prices(model), promotions(model), sales(model, &overlap.sales), stock(model, &overlap.stock)];
    Addition { loads, edits }
}

/// What the chain asks: a window from each change to the next, and the last one open until the product is
/// given up. The window that was open before is closed where a change or the end comes.
fn prices(model: &Arc<Model>, overlap: &Overlap) -> (Load, Vec<Edit>) {
    let before = model.timeline.segments().iter().rev().nth(1).map(|segment| segment.end);
    let is_reached = |day: Day| day <= model.timeline.last().end;
    let is_new = |day: Day| is_reached(day) && before.is_none_or(|before| day > before);
    let (mut rows, mut edits) = (Vec::new(), Vec::new());
    let offered = model.items.iter().zip(&model.prices).zip(&model.is_offered).filter(|(_, is_offered)| **is_offered);
    for ((item, prices), _) in offered {
        let (changes, end) = (prices.changes(), prices.end().filter(|end| is_reached(*end)));
        if end.is_some_and(|end| end < changes[0].0) {
            // Given up before the first day.
            continue;
        }
        let is_found = before.is_none() && overlap.priced.contains(&item.id);
        let new: Vec<usize> = (usize::from(is_found)..changes.len()).filter(|at| is_new(changes[*at].0)).collect();
        let closed = match new.first() {
            Some(first) => (*first > 0).then(|| changes[*first].0 - 1),
            None => end.filter(|end| is_new(*end)),
        };
        edits.extend(closed.map(|day| closing(item.id, day)));
        for at in new {
            rows.push((item.id, changes[at], changes.get(at + 1).map(|next| next.0 - 1).or(end)));
        }
    }
    let left_out = &[price_history::Column::Id, price_history::Column::CreatedAt, price_history::Column::UpdatedAt];
    let load = Load::without::<price_history::Entity>(left_out, rows.len() as u64, move |number| {
        let (product_id, (from, cents), to) = rows[usize::try_from(number).expect("a row of a list")];
        price_row(product_id, None, cents, from, to)
    });
    (load, edits)
}

/// Closes the open price of a product.
fn closing(product_id: i32, to: Day) -> Edit {
    use price_history::Column;
    use sea_orm::ColumnTrait as _;
    let update = Query::update()
        .table(price_history::Entity)
        .value(Column::ValidTo, date_of(to))
        .and_where(Column::ProductId.eq(product_id))
        .and_where(Column::StoreId.is_null())
        .and_where(Column::ValidTo.is_null())
        .to_owned();
    Edit { table: table::<price_history::Entity>(), update, rows: 1 }
}

fn price_row(product_id: i32, store_id: Option<i32>, cents: i64, from: Day, to: Option<Day>) -> price_history::Model {
    price_history::Model {
        id: 0,
        product_id,
        store_id,
        price: decimal(cents),
        valid_from: date_of(from),
        valid_to: to.map(date_of),
        created_at: CLOCK,
        updated_at: CLOCK,
    }
}

/// What single stores ask for some weeks.
fn own_prices(model: &Arc<Model>) -> Load {
    let left_out = &[price_history::Column::Id, price_history::Column::CreatedAt, price_history::Column::UpdatedAt];
    let new = |model: &Model, series: &Series, turn: u64| {
        let (store, product) = (series.store_id, series.product_id);
        let slot = price::slot(store, product, model.timeline.last().start) + i32::try_from(turn).expect("few slots");
        let own = price::own(&model.timeline, &model.prices[series.item], series, slot);
        own.filter(|own| model.timeline.is_new(own.from, own.to))
    };
    let turns = slots(model, price::SLOT);
    let lanes = model.listed.len() as u64;
    let rows = (0..model.listed.len()).map(|at| model.series(at));
    let rows = rows.map(|series| (0..turns).filter(|turn| new(model, &series, *turn).is_some()).count() as u64).sum();
    let (of_lane, of_row) = (model.clone(), model.clone());
    Load::folded::<price_history::Entity, _>(
        left_out,
        rows,
        (lanes, turns),
        move |lane| of_lane.series(usize::try_from(lane).expect("a lane of a list")),
        move |series, turn| {
            let own = new(&of_row, series, turn)?;
            Some(price_row(series.product_id, Some(series.store_id), own.cents, own.from, Some(own.to)))
        },
    )
}

/// As many slots of so many days as the segment that is made now can touch.
fn slots(model: &Model, days: i32) -> u64 {
    let last = model.timeline.last();
    u64::try_from((last.end - last.start) / days + 2).expect("days in order")
}

/// Whose promotion it is: the chain's of a product, or a store's of a series.
enum Promoter {
    Chain(usize),
    Store(Series),
}

/// Promotions of the chain, product by product, and of stores, series by series.
fn promotions(model: &Arc<Model>) -> Load {
    let left_out = &[promotions::Column::Id, promotions::Column::CreatedAt, promotions::Column::UpdatedAt];
    let turns = slots(model, promotion::SLOT);
    let lanes = (model.items.len() + model.listed.len()) as u64;
    let promoter = |model: &Model, lane: u64| {
        let lane = usize::try_from(lane).expect("a lane of a list");
        match lane.checked_sub(model.items.len()) {
            None => Promoter::Chain(lane),
            Some(series) => Promoter::Store(model.series(series)),
        }
    };
    let rows = (0..lanes).map(|lane| {
        let promoter = promoter(model, lane);
        (0..turns).filter(|turn| promoted(model, &promoter, *turn).is_some()).count() as u64
    });
    let rows = rows.sum();
    let (of_lane, of_row) = (model.clone(), model.clone());
    Load::folded::<promotions::Entity, _>(
        left_out,
        rows,
        (lanes, turns),
        move |lane| promoter(&of_lane, lane),
        move |promoter, turn| promoted(&of_row, promoter, turn),
    )
}

fn promoted(model: &Model, promoter: &Promoter, turn: u64) -> Option<promotions::Model> {
    let turn = i32::try_from(turn).expect("few slots");
    let (timeline, start) = (&model.timeline, model.timeline.last().start);
    let (product_id, store_id, found) = match promoter {
        Promoter::Chain(item) if !model.is_offered[*item] => return None,
        Promoter::Chain(item) => {
            let product = model.items[*item].id;
            let slot = promotion::slot(product, start) + turn;
            (product, None, promotion::of_chain(timeline, &model.prices[*item], product, slot))
        }
        Promoter::Store(series) => {
            let (store, product) = (series.store_id, series.product_id);
            let slot = promotion::slot(product, start) + turn;
            (product, Some(store), promotion::own(timeline, &model.prices[series.item], series, slot))
        }
    };
    let promotion: Promotion = found.filter(|found| timeline.is_new(found.start, found.end))?;
    let (discount_pct, discount_amount) = match promotion.discount {
        Discount::Percent(percent) => (Some(Decimal::new(percent * 100, 4)), None),
        Discount::Cents(cents) => (None, Some(decimal(cents))),
    };
    Some(promotions::Model {
        id: 0,
        product_id,
        store_id,
        name: promotion.name(),
        discount_pct,
        discount_amount,
        start_date: date_of(promotion.start),
        end_date: date_of(promotion.end),
        created_at: CLOCK,
        updated_at: CLOCK,
    })
}

/// A series on its way through the days, with its stock.
pub(super) struct Lane {
    model: Arc<Model>,
    pub(super) series: Series,
    stock: Option<Stock>,
}

impl Lane {
    /// The series of this number at the beginning of its history.
    pub(super) fn new(model: &Arc<Model>, number: usize) -> Self {
        Self { model: model.clone(), series: model.series(number), stock: None }
    }

    /// The same on the evening before the segment that is made now.
    fn at_seam(model: &Arc<Model>, number: u64) -> Self {
        let mut lane = Self::new(model, usize::try_from(number).expect("a lane of a list"));
        let start = model.timeline.last().start;
        for day in model.timeline.days().take_while(|day| *day < start) {
            lane.pass(day);
        }
        lane
    }

    /// The next day; none while the store does not have the product.
    pub(super) fn pass(&mut self, day: Day) -> Option<(Cell, Moved)> {
        if !self.series.is_sold(day) {
            return None;
        }
        let (model, series) = (&self.model, &self.series);
        let stock = self.stock.get_or_insert_with(|| Stock::new(model, series, day));
        let cell = model.cell(series, day);
        let moved = stock.pass(day, &cell, model.timeline.of(day).params.has_backlog);
        Some((cell, moved))
    }

    /// The next day's sale, if it has a row.
    fn sale(&mut self, day: Day) -> Option<sales_daily::Model> {
        let (cell, moved) = self.pass(day)?;
        let leaves_out = moved.sold == 0 && self.model.timeline.of(day).params.leaves_out_zeros;
        if cell.is_off_shelf || leaves_out {
            return None;
        }
        Some(sales_daily::Model {
            id: 0,
            date: date_of(day),
            store_id: self.series.store_id,
            product_id: self.series.product_id,
            quantity: count(moved.sold),
            unit_price: decimal(cell.cents),
            total_amount: decimal(cell.cents * i64::from(moved.sold)),
            created_at: CLOCK,
            updated_at: CLOCK,
        })
    }

    /// The next day's stock, if the store has the product.
    fn snapshot(&mut self, day: Day) -> Option<inventory_snapshot_daily::Model> {
        let (_, moved) = self.pass(day)?;
        Some(inventory_snapshot_daily::Model {
            id: 0,
            date: date_of(day),
            store_id: self.series.store_id,
            product_id: self.series.product_id,
            on_hand_qty: count(moved.on_hand),
            on_order_qty: count(moved.on_order),
            is_stockout: moved.on_hand == 0,
            created_at: CLOCK,
            updated_at: CLOCK,
        })
    }
}

fn count(units: u32) -> i32 {
    i32::try_from(units).unwrap_or(i32::MAX)
}

const GRAIN: &[&str] = &["date", "store_id", "product_id"];

fn sales(model: &Arc<Model>, there: &BTreeSet<(Day, i32, i32)>) -> Load {
    use sales_daily::Column::{CreatedAt, Id, UpdatedAt};
    let of_series = |at: usize| {
        let params = &model.timeline.last().params;
        // Only what is sold says whether a zero is left out; all else is known without the days before.
        let mut lane = if params.leaves_out_zeros { Lane::at_seam(model, at as u64) } else { Lane::new(model, at) };
        let is_made = move |day: Day| {
            if params.leaves_out_zeros {
                lane.sale(day).is_some()
            } else {
                lane.series.is_sold(day) && !lane.series.is_off_shelf(day)
            }
        };
        days_made(model, at, there, is_made)
    };
    let (rows, replaced) = sum((0..model.listed.len()).map(of_series));
    let load = by_days::<sales_daily::Entity>(model, &[Id, CreatedAt, UpdatedAt], rows, Lane::sale);
    if there.is_empty() { load } else { load.upsert(GRAIN, replaced) }
}

fn stock(model: &Arc<Model>, there: &BTreeSet<(Day, i32, i32)>) -> Load {
    use inventory_snapshot_daily::Column::{CreatedAt, Id, UpdatedAt};
    let of_series = |at: usize| {
        let series = model.series(at);
        days_made(model, at, there, move |day| series.is_sold(day))
    };
    let (rows, replaced) = sum((0..model.listed.len()).map(of_series));
    let load = by_days::<inventory_snapshot_daily::Entity>(model, &[Id, CreatedAt, UpdatedAt], rows, Lane::snapshot);
    if there.is_empty() { load } else { load.upsert(GRAIN, replaced) }
}

/// On how many days a series has a row, and on how many of them one is there already.
fn days_made(
    model: &Model,
    at: usize,
    there: &BTreeSet<(Day, i32, i32)>,
    mut is_made: impl FnMut(Day) -> bool,
) -> (u64, u64) {
    let (shop, item) = model.listed[at];
    let (store, product) = (model.shops[shop].id, model.items[item].id);
    let days = (model.timeline.last().start..=model.timeline.last().end).filter(|day| is_made(*day));
    sum(days.map(|day| (1, u64::from(there.contains(&(day, store, product))))))
}

fn sum(pairs: impl Iterator<Item = (u64, u64)>) -> (u64, u64) {
    pairs.fold((0, 0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1))
}

/// A row of each series and day that has one, day by day, store by store, product by product.
fn by_days<E>(
    model: &Arc<Model>,
    left_out: &[E::Column],
    rows: u64,
    row: fn(&mut Lane, Day) -> Option<E::Model>,
) -> Load
where
    E: sea_orm::EntityTrait + Default,
    E::Column: Send + Sync,
{
    let last = model.timeline.last();
    let (start, days) = (last.start, u64::try_from(last.end - last.start + 1).expect("days in order"));
    let model = model.clone();
    Load::folded::<E, _>(
        left_out,
        rows,
        (model.listed.len() as u64, days),
        move |lane| Lane::at_seam(&model, lane),
        move |lane, turn| row(lane, start + i32::try_from(turn).expect("a day of the range")),
    )
}
