//! Promotions: when a product costs less, in all stores or in one, and what that does to its sales.

use chrono::Datelike;

use super::model::Series;
use super::price::ChainPrices;
use super::timeline::Timeline;
use super::{Day, date_of, key};
use crate::dist::{below, chance, pick, uniform};

/// Days of a slot in which a product is promoted at most once, so that promotions never overlap.
pub(super) const SLOT: i32 = 28;

/// The usual least and most days of a promotion.
const DAYS: (i32, i32) = (5, 14);

/// Days after a promotion in which less is bought, for the cupboards are full.
const DIP_DAYS: i32 = 7;

/// The part of a promotion's gain that is missing afterwards.
const DIP_SHARE: f64 = 0.14;

/// What is taken off a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Discount {
    /// So many percent.
    Percent(i64),
    /// So many cents.
    Cents(i64),
}

impl Discount {
    /// What is left of a price, in cents, the half cent rounded up.
    pub(super) fn of(self, cents: i64) -> i64 {
        match self {
            Self::Percent(percent) => (cents * (100 - percent) + 50) / 100,
            Self::Cents(off) => (cents - off).max(0),
        }
    }
}

/// A promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Promotion {
    /// Whether it is one store's and not the chain's.
    pub(super) is_own: bool,
    pub(super) start: Day,
    pub(super) end: Day,
    pub(super) discount: Discount,
}

impl Promotion {
    /// Its name.
    pub(super) fn name(&self) -> String {
        let season = match date_of(self.start).month() {
            3..=5 => "Spring",
            6..=8 => "Summer",
            9..=11 => "Autumn",
            _ => "Winter",
        };
        if self.is_own { format!("{season} Store Special") } else { format!("{season} Savings") }
    }

    /// What it multiplies demand by, besides the price's own effect: `lift` at a tenth off, and in
    /// proportion to the share that is off a price of so many cents.
    pub(super) fn lift(&self, lift: f64, cents: i64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "prices are far below 2^53 cents")]
        let off = 1.0 - self.discount.of(cents) as f64 / cents.max(1) as f64;
        1.0 + (lift - 1.0) * off * 10.0
    }

    /// What is left of demand on `day` after a promotion that multiplied it by `gain`.
    pub(super) fn dip(&self, day: Day, gain: f64) -> f64 {
        let after = day - self.end;
        if !(1..=DIP_DAYS).contains(&after) {
            return 1.0;
        }
        // The missing days weigh 7, 6, ... 1 parts of 28.
        let part = f64::from(DIP_DAYS + 1 - after) / f64::from(DIP_DAYS * (DIP_DAYS + 1) / 2);
        let missing = DIP_SHARE * (gain - 1.0).max(0.0) * f64::from(self.end - self.start + 1) * part;
        1.0 - missing.min(0.7)
    }
}

/// The slot of a product that `day` is in.
pub(super) fn slot(product: i32, day: Day) -> i32 {
    (day + phase(product)).div_euclid(SLOT)
}

fn phase(product: i32) -> i32 {
    (product % SLOT * 11).rem_euclid(SLOT)
}

/// Whether the promotion of a product's slot is for the whole chain, and not each store's own.
pub(super) fn is_of_chain(timeline: &Timeline, product: i32, slot: i32) -> bool {
    let segment = timeline.of(slot * SLOT - phase(product));
    chance(&mut segment.draws.promotion_kind.at(u64::from(product.unsigned_abs()), slot.unsigned_abs()), 3, 5)
}

/// The chain's promotion in a product's slot, if there is one. The chain sells the product on all its days.
pub(super) fn of_chain(timeline: &Timeline, chain: &ChainPrices, product: i32, slot: i32) -> Option<Promotion> {
    if is_of_chain(timeline, product, slot) { drawn_by_chain(timeline, chain, product, slot) } else { None }
}

/// A store's own promotion in a product's slot, if there is one. The store has the product on all its days.
pub(super) fn own(timeline: &Timeline, chain: &ChainPrices, series: &Series, slot: i32) -> Option<Promotion> {
    if is_of_chain(timeline, series.product_id, slot) { None } else { drawn_by_store(timeline, chain, series, slot) }
}

/// What a store sells a product for less by in a slot, whoever decided it.
pub(super) fn of_either(timeline: &Timeline, chain: &ChainPrices, series: &Series, slot: i32) -> Option<Promotion> {
    if is_of_chain(timeline, series.product_id, slot) {
        drawn_by_chain(timeline, chain, series.product_id, slot)
    } else {
        drawn_by_store(timeline, chain, series, slot)
    }
}

fn drawn_by_chain(timeline: &Timeline, chain: &ChainPrices, product: i32, slot: i32) -> Option<Promotion> {
    drawn(timeline, chain, None, product, slot).filter(|one| chain.is_sold(one.start, one.end))
}

fn drawn_by_store(timeline: &Timeline, chain: &ChainPrices, series: &Series, slot: i32) -> Option<Promotion> {
    let promotion = drawn(timeline, chain, Some(series.store_id), series.product_id, slot);
    promotion.filter(|one| series.is_sold(one.start) && series.is_sold(one.end))
}

fn drawn(timeline: &Timeline, chain: &ChainPrices, store: Option<i32>, product: i32, slot: i32) -> Option<Promotion> {
    let first = slot * SLOT - phase(product);
    let segment = timeline.of(first);
    let mut draws = match store {
        None => segment.draws.chain_promotion.at(u64::from(product.unsigned_abs()), slot.unsigned_abs()),
        Some(store) => segment.draws.own_promotion.at(key(store, product), slot.unsigned_abs()),
    };
    let (is_there, days) = frequency(segment.params.promotion_probability);
    if uniform(&mut draws) >= is_there {
        return None;
    }
    let within = |draws: &mut _, days: i32| {
        let days = u64::try_from(days).expect("days of a slot");
        i32::try_from(below(draws, days)).expect("days of a slot")
    };
    let days = days.0 + within(&mut draws, days.1 - days.0 + 1);
    let start = first + within(&mut draws, SLOT - days + 1);
    if !timeline.may_begin(start) {
        return None;
    }
    let percent = *pick(&mut draws, &[10, 10, 10, 15, 15, 20, 20, 20, 25, 30, 30, 40]);
    let price = chain.on(start);
    let discount = if chance(&mut draws, 1, 5) && price >= 100 {
        // In steps of ten cents, as such offers are.
        Discount::Cents((price * percent / 1_000).max(1) * 10)
    } else {
        Discount::Percent(percent)
    };
    Some(Promotion { is_own: store.is_some(), start, end: start + days - 1, discount })
}

/// How often a slot has a promotion, and its least and most days, so that this share of all days is
/// promoted. When every slot has one, they get longer.
fn frequency(share: f64) -> (f64, (i32, i32)) {
    let usual = f64::from(DAYS.0 + DAYS.1) / 2.0;
    let is_there = share * f64::from(SLOT) / usual;
    if is_there <= 1.0 {
        return (is_there, DAYS);
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most the days of a slot")]
    let days = libm::round(share * f64::from(SLOT)) as i32;
    (1.0, (days, days))
}
