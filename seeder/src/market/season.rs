//! When sales happen: evenly over the days, and more of them before Christmas.

use chrono::{Datelike, NaiveDate};

use crate::dist::Cumulative;
use crate::rng::Draws;

/// Days in order, each with its weight.
#[derive(Clone, Debug)]
pub(super) struct Season {
    days: Vec<NaiveDate>,
    weights: Cumulative,
}

/// Whether a day is in October, November or December.
pub(super) fn is_peak(day: NaiveDate) -> bool {
    day.month() >= 10
}

/// A day's weight: 1.2 in the peak quarter, in tenths.
fn weight(day: NaiveDate) -> u64 {
    if is_peak(day) { 12 } else { 10 }
}

impl Season {
    /// The season over these days, which are in order.
    pub(super) fn of(days: impl IntoIterator<Item = NaiveDate>) -> Self {
        let days: Vec<NaiveDate> = days.into_iter().collect();
        let weights = Cumulative::new(days.iter().copied().map(weight));
        Self { days, weights }
    }

    /// The season of every day from `start` to `end`, both included.
    pub(super) fn between(start: NaiveDate, end: NaiveDate) -> Self {
        Self::of(start.iter_days().take_while(|day| *day <= end))
    }

    /// The sum of the weights.
    pub(super) fn weight(&self) -> u64 {
        self.weights.total()
    }

    /// The first day, if there is one.
    pub(super) fn first(&self) -> Option<NaiveDate> {
        self.days.first().copied()
    }

    /// The day of event `number` of `count`.
    ///
    /// Each event has an equal share of the weight for itself and falls anywhere in it. So events
    /// come in order of their days, there are exactly `count`, and each is found without the others.
    pub(super) fn day(&self, draws: &mut Draws, number: u64, count: u64) -> NaiveDate {
        let within = (u128::from(number) << 32) + u128::from(draws.bits32());
        let position = (within * u128::from(self.weight())) / (u128::from(count) << 32);
        let position = u64::try_from(position).expect("a share of the weight is at most the weight");
        self.days[self.weights.index(position)]
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Season, is_peak};
    use crate::rng::Purpose;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn events_come_in_order_within_the_range_and_the_peak_has_its_weight() {
        let season = Season::between(date("2023-01-01"), date("2024-12-31"));
        let purpose = Purpose::new(1, 42, "test", "day");
        let days: Vec<_> = (0..20_000).map(|number| season.day(&mut purpose.at(number, 0), number, 20_000)).collect();
        assert!(days.is_sorted());
        assert!(days[0] >= date("2023-01-01") && days[19_999] <= date("2024-12-31"));
        // 184 peak days of weight 1.2 and 547 others: 28.76 % of the events.
        let peak = days.iter().filter(|day| is_peak(**day)).count();
        assert!(peak.abs_diff(5_752) <= 4, "{peak}");
    }

    #[test]
    fn one_event_on_one_day_is_on_that_day() {
        let day = date("2024-02-29");
        let season = Season::between(day, day);
        assert_eq!(season.day(&mut Purpose::new(1, 1, "test", "day").at(0, 0), 0, 1), day);
    }
}
