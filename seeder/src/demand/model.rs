//! What one store sells of one product on one day, from where that stands alone.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::demand::{product, store};

use super::dimension::{Item, Shop, log_normal};
use super::price::{self, ChainPrices};
use super::promotion::{self, Promotion};
use super::sparsity::Sparsity;
use super::stock::Found;
use super::timeline::Timeline;
use super::{Day, VERSION, date_of, day_of, key};
use crate::dist::{below, negative_binomial, normal, uniform};
use crate::rng::Purpose;

/// Variance over mean of the counts of a day, around the day's own mean.
pub(super) const DISPERSION: f64 = 1.2;

/// The deviation of the logarithms of what stores sell of a product, beyond their size.
const TASTE_SIGMA: f64 = 0.3;

/// Days between the knots of a level's slow drift, and the deviation of their logarithms.
const DRIFT_DAYS: i32 = 28;
const DRIFT_SIGMA: f64 = 0.06;

/// The part of the noise's variance that the whole chain shares: the weather of the day.
const SHARED_NOISE: f64 = 0.3;

/// No day's mean is beyond this, so that counts and amounts stay within their columns.
const MOST: f64 = 1_000_000.0;

/// Everything that the days of a history follow from.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) timeline: Timeline,
    pub(super) shops: Vec<Shop>,
    pub(super) items: Vec<Item>,
    /// What the chain asks for each item.
    pub(super) prices: Vec<ChainPrices>,
    /// The combinations that are sold, as indexes of shops and items, in their order.
    pub(super) listed: Vec<(usize, usize)>,
    /// Whether any store sells the item at any time.
    pub(super) is_offered: Vec<bool>,
    /// What was in stock on the day before the first, where somebody else had stock then.
    pub(super) found: Arc<std::collections::BTreeMap<(i32, i32), Found>>,
    pub(super) rng_seed: u64,
    days: Vec<DayFacts>,
}

/// What a day is to the whole chain.
#[derive(Clone, Copy, Debug)]
struct DayFacts {
    date: NaiveDate,
    /// Trend, weekday, month and holiday.
    factor: f64,
    /// Trend and month, and the mean of the weekdays.
    planned: f64,
    weather: f64,
}

/// What a model knows of rows that somebody else made.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Prices in cents that products have on the first day already, by id.
    pub(super) prices: std::collections::BTreeMap<i32, i64>,
    /// The last ids of the stores and products that the first run made, where later ones are not sold.
    pub(super) made: Option<(i32, i32)>,
    /// The combinations of store and product that are sold; none: as sparsity says.
    pub(super) listed: Option<std::collections::BTreeSet<(i32, i32)>>,
    /// What was in stock on the day before the first.
    pub(super) stock: std::collections::BTreeMap<(i32, i32), Found>,
}

/// One product in one store.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub(super) shop: usize,
    pub(super) item: usize,
    pub(super) store_id: i32,
    pub(super) product_id: i32,
    /// What it sells on an ordinary day, without the base demand.
    pub(super) level: f64,
    /// First and last day on which the store has the product.
    pub(super) first: Day,
    pub(super) last: Day,
    /// Days off the shelf.
    gaps: Vec<(Day, Day)>,
}

/// A day of a series before its stock has a say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cell {
    /// What a unit costs, in cents.
    pub(super) cents: i64,
    /// What would be sold, were there enough of it.
    pub(super) demand: u32,
    /// What a plan that knows season, price and promotions expects of such a day.
    pub(super) planned: f64,
    /// Whether the product is off the shelf, so that nothing is sold whatever there is.
    pub(super) is_off_shelf: bool,
}

impl Model {
    pub(super) fn new(
        rng_seed: u64,
        timeline: Timeline,
        stores: &[store::Model],
        products: &[product::Model],
        known: Known,
    ) -> Self {
        let shops: Vec<Shop> = stores.iter().map(|store| Shop::new(rng_seed, &timeline, store)).collect();
        let items: Vec<Item> = products.iter().map(|product| Item::new(rng_seed, &timeline, product)).collect();
        let found = |item: &Item| known.prices.get(&item.id).copied();
        let prices = items.iter().map(|item| ChainPrices::new(&timeline, item, found(item))).collect();
        let sparsity = Sparsity::new(rng_seed, timeline.first().params.missing_share);
        let is_made = |shop: &Shop, item: &Item| known.made.is_none_or(|made| shop.id <= made.0 && item.id <= made.1);
        let is_listed = |shop: &Shop, item: &Item| match &known.listed {
            _ if !is_made(shop, item) => false,
            Some(listed) => listed.contains(&(shop.id, item.id)),
            None => !sparsity.is_missing(shop.id, item.id),
        };
        let listed = shops.iter().enumerate().flat_map(|(at, shop)| {
            let items = items.iter().enumerate().filter(move |(_, item)| is_listed(shop, item));
            items.map(move |(item, _)| (at, item)).collect::<Vec<_>>()
        });
        let listed: Vec<(usize, usize)> = listed.collect();
        let mut is_offered = vec![false; items.len()];
        for (shop, item) in &listed {
            is_offered[*item] |= shops[*shop].opens.is_none_or(|opens| opens <= *items[*item].life().end());
        }
        let days = (timeline.first().start..=timeline.last().end).map(|day| DayFacts::new(&timeline, day)).collect();
        Self { timeline, shops, items, prices, listed, is_offered, found: Arc::new(known.stock), rng_seed, days }
    }

    /// The series of the listed combination of this number.
    pub(super) fn series(&self, number: usize) -> Series {
        let (shop, item) = self.listed[number];
        Series::new(self, shop, item)
    }

    fn facts(&self, day: Day) -> &DayFacts {
        &self.days[usize::try_from(day - self.timeline.first().start).expect("a day of the history")]
    }

    /// The price that a store asks for a product on a day, before promotions, in cents.
    pub(super) fn list_price(&self, series: &Series, day: Day) -> i64 {
        let (store, product, chain) = (series.store_id, series.product_id, &self.prices[series.item]);
        let own = price::own(&self.timeline, chain, series, price::slot(store, product, day));
        own.filter(|own| (own.from..=own.to).contains(&day)).map_or_else(|| chain.on(day), |own| own.cents)
    }

    /// What a promotion of the series and its price multiply demand by.
    fn gain(&self, series: &Series, promotion: &Promotion, list: i64, lift: f64, elasticity: f64) -> f64 {
        let base = self.items[series.item].base_cents;
        let priced = |cents| price_effect(cents, base, elasticity);
        promotion.lift(lift, list) * priced(promotion.discount.of(list)) / priced(list)
    }

    /// A day of a series.
    pub(super) fn cell(&self, series: &Series, day: Day) -> Cell {
        let segment = self.timeline.of(day);
        let (params, draws) = (&segment.params, &segment.draws);
        let (facts, item) = (self.facts(day), &self.items[series.item]);
        let list = self.list_price(series, day);
        let slot = promotion::slot(series.product_id, day);
        let promoted = |slot| promotion::of_either(&self.timeline, &self.prices[series.item], series, slot);
        let gain =
            |promotion: &Promotion| self.gain(series, promotion, list, params.promotion_lift, params.price_elasticity);
        let (cents, promotion_factor) = match promoted(slot) {
            Some(now) if (now.start..=now.end).contains(&day) => (now.discount.of(list), gain(&now)),
            Some(over) if over.end < day => (list, over.dip(day, gain(&over))),
            _ => (list, promoted(slot - 1).map_or(1.0, |over| over.dip(day, gain(&over)))),
        };
        let own = params.base_demand
            * series.level
            * price_effect(list, item.base_cents, params.price_elasticity)
            * params.category_season(&item.category, facts.date)
            * self.life(series, day);
        let planned = own * facts.planned * promotion_factor.max(1.0);
        let pair = key(series.store_id, series.product_id);
        let address = u32::try_from(day).expect("days count from the year one");
        let own_noise = normal(&mut draws.noise.at(pair, address));
        let z = libm::sqrt(SHARED_NOISE) * facts.weather + libm::sqrt(1.0 - SHARED_NOISE) * own_noise;
        let noise = (1.0 + params.noise_sigma * z).max(0.0);
        let mean = own * facts.factor * promotion_factor * drift(draws.drift, pair, day) * noise;
        let mean = mean * anomaly(params.anomaly_probability, params.anomaly_magnitude, draws.anomaly, pair, address);
        if series.is_off_shelf(day) {
            return Cell { cents, demand: 0, planned: 0.0, is_off_shelf: true };
        }
        let demand = negative_binomial(&mut draws.demand.at(pair, address), mean.min(MOST), DISPERSION);
        Cell { cents, demand, planned: planned.min(MOST), is_off_shelf: false }
    }

    /// Launch, end of life, a store's first months and a competitor.
    fn life(&self, series: &Series, day: Day) -> f64 {
        let (shop, item) = (&self.shops[series.shop], &self.items[series.item]);
        let first = &self.timeline.first().params;
        let ramp = |since: Option<Day>, days: u64| since.map_or(1.0, |since| part(day - since + 1, days));
        let launch = ramp(item.launched, first.new_product_ramp);
        let opening = ramp(shop.opens, first.new_store_ramp);
        let decline = item.given_up.map_or(1.0, |last| part(last - day + 1, first.discontinued_decline));
        let params = &self.timeline.of(day).params;
        let is_contested = shop.has_competitor && day >= params.competitor_day;
        launch * opening * decline * if is_contested { params.competitor_effect } else { 1.0 }
    }
}

/// So many days as a part of `whole`, between nothing and all of it.
fn part(days: i32, whole: u64) -> f64 {
    let whole = u32::try_from(whole).expect("bounded by its option");
    (f64::from(days) / f64::from(whole)).clamp(0.0, 1.0)
}

/// What a price multiplies demand by.
fn price_effect(cents: i64, base_cents: i64, elasticity: f64) -> f64 {
    if cents == base_cents {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "prices are far below 2^53 cents")]
    let ratio = cents.max(1) as f64 / base_cents.max(1) as f64;
    libm::pow(ratio, elasticity)
}

/// The slow drift of a level: a line from knot to knot, each drawn for itself.
fn drift(purpose: Purpose, pair: u64, day: Day) -> f64 {
    let knot = |slot: i32| normal(&mut purpose.at(pair, slot.unsigned_abs()));
    let (slot, within) = (day.div_euclid(DRIFT_DAYS), day.rem_euclid(DRIFT_DAYS));
    let part = f64::from(within) / f64::from(DRIFT_DAYS);
    log_normal(knot(slot) * (1.0 - part) + knot(slot + 1) * part, DRIFT_SIGMA)
}

/// A spike or a dip, each as likely, or nothing.
fn anomaly(probability: f64, magnitude: f64, purpose: Purpose, pair: u64, address: u32) -> f64 {
    let place = uniform(&mut purpose.at(pair, address));
    match () {
        () if place < probability / 2.0 => magnitude,
        () if place < probability => 1.0 / magnitude,
        () => 1.0,
    }
}

impl DayFacts {
    fn new(timeline: &Timeline, day: Day) -> Self {
        let segment = timeline.of(day);
        let (params, date) = (&segment.params, date_of(day));
        let trend = params.trend(day - timeline.first().start);
        let holiday = params.holiday(date).map_or(1.0, |(_, multiplier)| multiplier);
        let address = u32::try_from(day).expect("days count from the year one");
        Self {
            date,
            factor: trend * params.season(date) * holiday,
            planned: trend * params.season_of_a_week(date),
            weather: normal(&mut segment.draws.weather.at(0, address)),
        }
    }
}

impl Series {
    pub(super) fn new(model: &Model, shop: usize, item: usize) -> Self {
        let (of_shop, of_item) = (&model.shops[shop], &model.items[item]);
        let pair = key(of_shop.id, of_item.id);
        let taste = Purpose::new(VERSION, model.rng_seed, "sales_daily", "taste");
        let (launched, last) = of_item.life().into_inner();
        Self {
            shop,
            item,
            store_id: of_shop.id,
            product_id: of_item.id,
            level: of_item.velocity * of_shop.size * log_normal(normal(&mut taste.at(pair, 0)), TASTE_SIGMA),
            first: of_shop.opens.map_or(launched, |opens| opens.max(launched)),
            last,
            gaps: gaps(&model.timeline, pair),
        }
    }

    /// Whether the store has the product on `day`.
    pub(super) fn is_sold(&self, day: Day) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// Whether the product is off the shelf on `day`.
    pub(super) fn is_off_shelf(&self, day: Day) -> bool {
        self.gaps.iter().any(|(from, to)| (*from..=*to).contains(&day))
    }
}

/// The days off the shelf: so many times a calendar year, for 3 to 14 days.
fn gaps(timeline: &Timeline, pair: u64) -> Vec<(Day, Day)> {
    let mut gaps = Vec::new();
    for segment in timeline.segments().iter().filter(|segment| segment.params.gaps_a_year > 0) {
        for year in timeline.years() {
            let new_year = day_of(NaiveDate::from_ymd_opt(year, 1, 1).expect("a year of a date"));
            let mut draws = segment.draws.gap.at(pair, year.unsigned_abs());
            for _ in 0..segment.params.gaps_a_year {
                let from = new_year + i32::try_from(below(&mut draws, 365)).expect("a day of a year");
                let to = from + 2 + i32::try_from(below(&mut draws, 12)).expect("days of a gap");
                if timeline.goes_by(from, segment) {
                    gaps.push((from, to));
                }
            }
        }
    }
    gaps
}
