//! Prices: what the chain asks, from change to change, and what one store asks for some weeks.

use chrono::{Datelike, NaiveDate};

use super::dimension::{Item, charm};
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

/// What the chain asks for a product: each change's day and the price from then on.
///
/// The first is from before all days; changes come in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChainPrices(Vec<(Day, i64)>);

impl ChainPrices {
    /// The prices of `item` from the history's first day, at which it costs `opening` cents.
    ///
    /// In one month of six the price changes, to some tenths above or below the base price.
    pub(super) fn new(timeline: &Timeline, item: &Item, opening: i64) -> Self {
        let number = u64::from(item.id.unsigned_abs());
        let first = timeline.first().start;
        let mut changes = vec![(first, opening)];
        for month in months(first, timeline.last().end) {
            let slot = month_number(month);
            for segment in timeline.segments() {
                let mut draws = segment.draws.chain_price.at(number, slot);
                let day = day_of(month) + i32::try_from(below(&mut draws, 28)).expect("a day of a month");
                let is_change = chance(&mut draws, 1, 6);
                let percent = *pick(&mut draws, &[82.0, 88.0, 94.0, 100.0, 106.0, 112.0, 118.0]);
                let is_within = first < day && day <= timeline.last().end && timeline.goes_by(day, segment);
                #[expect(clippy::cast_precision_loss, reason = "prices are far below 2^53 cents")]
                let cents = charm(item.base_cents as f64 * percent / 100.0);
                let is_other = changes.last().is_some_and(|(_, now)| *now != cents);
                if is_change && is_within && is_other {
                    changes.push((day, cents));
                }
            }
        }
        Self(changes)
    }

    /// The price on `day`, in cents.
    pub(super) fn on(&self, day: Day) -> i64 {
        let after = self.0.partition_point(|(from, _)| *from <= day);
        self.0[after.saturating_sub(1)].1
    }

    /// Each change's day and price, the opening first.
    pub(super) fn changes(&self) -> &[(Day, i64)] {
        &self.0
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
/// slot of six, two to six weeks, a little above or below the chain's price at their beginning.
pub(super) fn own(timeline: &Timeline, chain: &ChainPrices, store: i32, product: i32, slot: i32) -> Option<Window> {
    let first = slot * SLOT - phase(store, product);
    let segment = timeline.of(first);
    let mut draws = segment.draws.own_price.at(key(store, product), slot.unsigned_abs());
    if !chance(&mut draws, 1, 6) {
        return None;
    }
    let from = first + i32::try_from(below(&mut draws, 14)).expect("days of a slot");
    let to = from + 13 + i32::try_from(below(&mut draws, 29)).expect("days of a slot");
    if !timeline.may_begin(from) {
        return None;
    }
    let percent = *pick(&mut draws, &[90.0, 94.0, 97.0, 103.0, 106.0, 110.0]);
    #[expect(clippy::cast_precision_loss, reason = "prices are far below 2^53 cents")]
    let cents = charm(chain.on(from) as f64 * percent / 100.0);
    Some(Window { from, to, cents })
}
