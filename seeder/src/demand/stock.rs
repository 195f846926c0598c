//! Stock: what is on hand and on its way, day after day of one series.
//!
//! A store orders when what it has falls to a point that follows from the share of days which may
//! end without stock; one order is on its way at a time, and arrives whole in the morning.

use super::model::{Cell, DISPERSION, Model, Series};
use super::{Day, VERSION, key};
use crate::dist::{below, normal_probability, uniform};
use crate::rng::Purpose;

/// The least days from an order to its arrival, and how many more there can be.
const LEAD_DAYS: (i32, u64) = (2, 4);
/// The least days that an order should last, and how many more there can be.
const COVER_DAYS: (i32, u64) = (7, 8);
/// The part of what is expected that a plan is off by, besides counts and noise.
const UNCERTAINTY: f64 = 0.25;
/// Days that an order lasts beyond those it is for: the shelf is empty before it comes.
const BEYOND_COVER: f64 = 1.5;

/// What a series had in stock on the day before the first, as somebody else wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) on_hand: i32,
    pub(super) on_order: i32,
}

/// The stock of a series at the end of a day.
#[derive(Clone, Debug)]
pub(super) struct Stock {
    on_hand: u32,
    on_order: u32,
    arrives: Day,
    /// Demand that waits for the next delivery.
    backlog: u32,
    /// Units that the plan counts as missed since the shelf is empty.
    missed: f64,
    lead: i32,
    cover: f64,
    /// Deviations between what is expected until a delivery and the point of ordering.
    safety: f64,
    noise: f64,
}

/// What a day did to a stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) sold: u32,
    pub(super) on_hand: u32,
    pub(super) on_order: u32,
}

impl Stock {
    /// The stock with which a series begins on `day`: what was found there, or a part of an order
    /// above the point of ordering.
    pub(super) fn new(model: &Model, series: &Series, day: Day) -> Self {
        let draws = |name| {
            let purpose = Purpose::new(VERSION, model.rng_seed, "inventory_snapshot_daily", name);
            purpose.at(key(series.store_id, series.product_id), 0)
        };
        let days = |(least, more): (i32, u64), name| {
            least + i32::try_from(below(&mut draws(name), more + 1)).expect("a few days")
        };
        let (lead, cover) = (days(LEAD_DAYS, "lead"), f64::from(days(COVER_DAYS, "cover")));
        let params = &model.timeline.first().params;
        let expected = model.cell(series, day).planned;
        let mut stock = Self {
            on_hand: 0,
            on_order: 0,
            arrives: day,
            backlog: 0,
            missed: 0.0,
            lead,
            cover,
            safety: 0.0,
            noise: params.noise_sigma,
        };
        // What no single day has a say in, so that a quiet first day moves no point of ordering.
        stock.safety = stock.safety_for(params.stockout_probability, params.base_demand * series.level);
        if let Some(found) = model.found.get(&(series.store_id, series.product_id)) {
            stock.on_hand = found.on_hand.unsigned_abs();
            stock.on_order = found.on_order.unsigned_abs();
            stock.arrives = day + lead - 1;
        } else {
            let above = uniform(&mut draws("opening")) * cover * expected;
            stock.on_hand = units(stock.point(expected).max(0.0) + above).max(1);
        }
        stock
    }

    /// The deviations of safety with which `share` of the days end without stock.
    ///
    /// Of the days between two deliveries that share has to be missed; the normal loss function says
    /// at which safety so much demand is.
    fn safety_for(&self, share: f64, expected: f64) -> f64 {
        let missed_days = (share * (self.cover + BEYOND_COVER) / (1.0 - share)).max(1e-6);
        let target = missed_days * expected / self.deviation(expected).max(1e-9);
        let loss = |z: f64| {
            let density = libm::exp(-z * z / 2.0) / libm::sqrt(2.0 * core::f64::consts::PI);
            density - z * (1.0 - normal_probability(z))
        };
        let (mut low, mut high) = (-200.0, 8.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if loss(middle) > target { low = middle } else { high = middle }
        }
        f64::midpoint(low, high)
    }

    /// The deviation of what is sold from an order to its arrival, when a day is expected to sell so much.
    fn deviation(&self, expected: f64) -> f64 {
        let until = expected * f64::from(self.lead);
        let relative = UNCERTAINTY * UNCERTAINTY + self.noise * self.noise / f64::from(self.lead);
        libm::sqrt(until * DISPERSION + relative * until * until)
    }

    /// The stock at which to order, when a day is expected to sell so much; below zero it is demand
    /// to miss before.
    fn point(&self, expected: f64) -> f64 {
        expected * f64::from(self.lead) + self.safety * self.deviation(expected)
    }

    /// A day: a delivery in the morning, sales, an order at night.
    pub(super) fn pass(&mut self, day: Day, cell: &Cell, has_backlog: bool) -> Moved {
        if self.on_order > 0 && day >= self.arrives {
            self.on_hand += self.on_order;
            self.on_order = 0;
            self.missed = 0.0;
        }
        let wanted = cell.demand + self.backlog;
        let sold = if cell.is_off_shelf { 0 } else { wanted.min(self.on_hand) };
        self.on_hand -= sold;
        self.backlog = if has_backlog { wanted - sold } else { 0 };
        if self.on_hand == 0 {
            self.missed += cell.planned;
        }
        if self.on_order == 0 {
            let point = self.point(cell.planned);
            let position = f64::from(self.on_hand) - self.missed;
            if position <= point && cell.planned > 0.0 {
                let lasting = self.cover * cell.planned + (point.max(0.0) - f64::from(self.on_hand)).max(0.0);
                self.on_order = units(lasting).max(1) + self.backlog;
                self.arrives = day + self.lead;
            }
        }
        Moved { sold, on_hand: self.on_hand, on_order: self.on_order }
    }
}

/// So many whole units.
fn units(amount: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float's cast saturates")]
    let units = libm::round(amount) as u32;
    units
}
