//! Prices: what the chain asks, from change to change, and what one store asks for some weeks.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

use super::dimension::{Item, charm};
use super::model::Series;
use super::timeline::Timeline;
use super::{Day, day_of, key};
use crate::dist::{below, chance, pick};

/// Days of a slot in which a store asks its own price for a product at most once.
pub(super) const SLOT: i32 = 56;

/// A price for some days, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) cents: i64,
}

/// What the chain asks for a product while it sells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChainPrices {
    /// Each change's day and the price from then on, in order; the first is the opening price.
    changes: Vec<(Day, i64)>,
    /// The days on which the chain sells the product.
    life: RangeInclusive<Day>,
}

impl ChainPrices {
    /// The prices of `item`: from the history's first day or its launch on, at first `found` cents where a
    /// price was there before, or else its base price.
    ///
    /// In one month of six the price changes, to some tenths above or below the base price.
    pub(super) fn new(timeline: &Timeline, item: &Item, found: Option<i64>) -> Self {
        let number = u64::from(item.id.unsigned_abs());
        let (first, life) = (timeline.first().start, item.life());
        let opening = match found {
            Some(cents) => (first, cents),
            None => (first.max(*life.start()), item.base_cents),
        };
        let mut changes = vec![opening];
        for month in months(first, timeline.last().end) {
            let slot = month_number(month);
            for segment in timeline.segments() {
                let mut draws = segment.draws.chain_price.at(number, slot);
                let day = day_of(month) + i32::try_from(below(&mut draws, 28)).expect("a day of a month");
                let is_change = chance(&mut draws, 1, 6);
                let percent = *pick(&mut draws, &[82.0, 88.0, 94.0, 100.0, 106.0, 112.0, 118.0]);
                let is_within = opening.0 < day && day <= timeline.last().end && life.contains(&day);
                #[expect(clippy::cast_precision_loss, reason = "prices are far below 2^53 cents")]
                let cents = charm(item.base_cents as f64 * percent / 100.0);
                let is_other = changes.last().is_some_and(|(_, now)| *now != cents);
                if is_change && is_within && is_other && timeline.goes_by(day, segment) {
                    changes.push((day, cents));
                }
            }
        }
        Self { changes, life }
    }

    /// The price on `day`, in cents.
    pub(super) fn on(&self, day: Day) -> i64 {
        let after = self.changes.partition_point(|(from, _)| *from <= day);
        self.changes[after.saturating_sub(1)].1
    }

    /// Each change's day and price, the opening first.
    pub(super) fn changes(&self) -> &[(Day, i64)] {
        &self.changes
    }

    /// Whether the chain sells the product on all these days.
    pub(super) fn is_sold(&self, from: Day, to: Day) -> bool {
        self.life.contains(&from) && self.life.contains(&to)
    }

    /// The last day of its last price, where the chain gives the product up.
    pub(super) fn end(&self) -> Option<Day> {
        Some(*self.life.end()).filter(|end| *end < Day::MAX)
    }
}

/// The first days of the months from that of `first` to that of `last`.
fn months(first: Day, last: Day) -> impl Iterator<Item = NaiveDate> {
    let date = super::date_of(first);
    let start = date.with_day(1).expect("every month has a first day");
    let next = |month: &NaiveDate| month.checked_add_months(chrono::Months::new(1));
    std::iter::successors(Some(start), next).take_while(move |month| day_of(*month) <= last)
}

fn month_number(month: NaiveDate) -> u32 {
    month.year().unsigned_abs() * 12 + month.month0()
}

/// The slot of a store and product that `day` is in.
pub(super) fn slot(store: i32, product: i32, day: Day) -> i32 {
    (day + phase(store, product)).div_euclid(SLOT)
}

fn phase(store: i32, product: i32) -> i32 {
    (store % SLOT * 17 + product % SLOT * 29).rem_euclid(SLOT)
}

/// The weeks of `slot` in which the store asks its own price for the product, if there are any: one
/// slot of six, two to six weeks, a little above or below the chain's price at their beginning. The store
/// has the product on all of them.
pub(super) fn own(timeline: &Timeline, chain: &ChainPrices, series: &Series, slot: i32) -> Option<Window> {
    let (store, product) = (series.store_id, series.product_id);
    let first = slot * SLOT - phase(store, product);
    let segment = timeline.of(first);
    let mut draws = segment.draws.own_price.at(key(store, product), slot.unsigned_abs());
    if !chance(&mut draws, 1, 6) {
        return None;
    }
    let from = first + i32::try_from(below(&mut draws, 14)).expect("days of a slot");
    let to = from + 13 + i32::try_from(below(&mut draws, 29)).expect("days of a slot");
    if !timeline.may_begin(from) || !series.is_sold(from) || !series.is_sold(to) {
        return None;
    }
    let percent = *pick(&mut draws, &[90.0, 94.0, 97.0, 103.0, 106.0, 110.0]);
    #[expect(clippy::cast_precision_loss, reason = "prices are far below 2^53 cents")]
    let cents = charm(chain.on(from) as f64 * percent / 100.0);
    Some(Window { from, to, cents })
}
