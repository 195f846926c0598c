//! The runs whose days make one history: which seed and options a day goes by.

use chrono::NaiveDate;

use super::params::Params;
use super::{Day, VERSION, date_of, day_of};
use crate::rng::Purpose;

/// The days of one run, and what they are made with.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) start: Day,
    pub(super) end: Day,
    pub(super) params: Params,
    pub(super) draws: Purposes,
}

impl Segment {
    pub(super) fn new(rng_seed: u64, params: Params, start: NaiveDate, end: NaiveDate) -> Self {
        Self { start: day_of(start), end: day_of(end), params, draws: Purposes::new(rng_seed) }
    }
}

/// What is drawn for days, each under a name of its own.
#[derive(Clone, Debug)]
pub(super) struct Purposes {
    pub(super) weather: Purpose,
    pub(super) noise: Purpose,
    pub(super) anomaly: Purpose,
    pub(super) drift: Purpose,
    pub(super) demand: Purpose,
    pub(super) gap: Purpose,
    pub(super) chain_price: Purpose,
    pub(super) own_price: Purpose,
    pub(super) promotion_kind: Purpose,
    pub(super) chain_promotion: Purpose,
    pub(super) own_promotion: Purpose,
}

impl Purposes {
    fn new(rng_seed: u64) -> Self {
        let of = |table, name| Purpose::new(VERSION, rng_seed, table, name);
        Self {
            weather: of("sales_daily", "weather"),
            noise: of("sales_daily", "noise"),
            anomaly: of("sales_daily", "anomaly"),
            drift: of("sales_daily", "drift"),
            demand: of("sales_daily", "demand"),
            gap: of("sales_daily", "gap"),
            chain_price: of("price_history", "chain"),
            own_price: of("price_history", "own"),
            promotion_kind: of("promotion", "kind"),
            chain_promotion: of("promotion", "chain"),
            own_promotion: of("promotion", "own"),
        }
    }
}

/// Segments in the order of their days, which never overlap. There is at least one.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    segments: Vec<Segment>,
    /// Whether the days before the first are somebody else's, on which nothing of ours begins.
    follows_others: bool,
}

impl Timeline {
    /// # Panics
    ///
    /// When there is no segment.
    pub(super) fn new(segments: Vec<Segment>) -> Self {
        assert!(!segments.is_empty(), "a history has days");
        Self { segments, follows_others: false }
    }

    /// The same after days that are somebody else's.
    pub(super) fn after_others(segments: Vec<Segment>) -> Self {
        Self { follows_others: true, ..Self::new(segments) }
    }

    /// Whether an event of ours may begin on `day`.
    pub(super) fn may_begin(&self, day: Day) -> bool {
        !self.follows_others || day >= self.first().start
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The first segment: what is made once and for all goes by it.
    pub(super) fn first(&self) -> &Segment {
        &self.segments[0]
    }

    /// The segment that is made now.
    pub(super) fn last(&self) -> &Segment {
        &self.segments[self.segments.len() - 1]
    }

    /// The segment that `day` goes by: the first that ends no earlier, or the last.
    ///
    /// So a day between two segments goes by the later one, and a day before all by the first.
    pub(super) fn of(&self, day: Day) -> &Segment {
        let at = self.segments.partition_point(|segment| segment.end < day);
        &self.segments[at.min(self.segments.len() - 1)]
    }

    /// Whether `segment` is the one that `day` goes by.
    pub(super) fn goes_by(&self, day: Day, segment: &Segment) -> bool {
        self.of(day).start == segment.start
    }

    /// Every day of every segment, in order.
    pub(super) fn days(&self) -> impl Iterator<Item = Day> {
        self.segments.iter().flat_map(|segment| segment.start..=segment.end)
    }

    /// Whether an event from `start` to `end` belongs to the segment that is made now: it reaches
    /// into that one and into none before it.
    pub(super) fn is_new(&self, start: Day, end: Day) -> bool {
        let (last, before) = self.segments.split_last().expect("a timeline has a segment");
        let reaches = |segment: &Segment| start <= segment.end && end >= segment.start;
        reaches(last) && !before.iter().any(reaches)
    }

    /// The calendar years of the history, and the one before: an event may reach over New Year.
    pub(super) fn years(&self) -> std::ops::RangeInclusive<i32> {
        use chrono::Datelike as _;
        date_of(self.first().start).year() - 1..=date_of(self.last().end).year()
    }
}
