//! Samplers: from random bits to values, in integers, each in a fixed number of draws.

use crate::rng::Draws;

/// A number from 0 up to and without `limit`, each as likely. One draw of 64 bits.
///
/// The product's high half is off by at most `limit` in 2^64, which no sample can show.
///
/// # Panics
///
/// When `limit` is zero: there is no such number.
pub fn below(draws: &mut Draws, limit: u64) -> u64 {
    assert!(limit > 0, "nothing is below zero");
    let product = u128::from(draws.bits64()) * u128::from(limit);
    u64::try_from(product >> 64).expect("the high half of 128 bits")
}

/// One of `choices`, each as likely. One draw of 64 bits.
///
/// # Panics
///
/// When there is nothing to choose from.
pub fn pick<'a, T>(draws: &mut Draws, choices: &'a [T]) -> &'a T {
    let at = below(draws, choices.len() as u64);
    &choices[usize::try_from(at).expect("an index below a length fits")]
}

/// True `numerator` times in `denominator`. One draw of 64 bits.
pub fn chance(draws: &mut Draws, numerator: u64, denominator: u64) -> bool {
    below(draws, denominator) < numerator
}

/// Weights summed up, so that a position on their sum finds its index in a binary search.
#[derive(Clone, Debug)]
pub struct Cumulative {
    sums: Vec<u64>,
}

impl Cumulative {
    /// The running sums of `weights`.
    pub fn new(weights: impl IntoIterator<Item = u64>) -> Self {
        let sums = weights.into_iter().scan(0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        });
        Self { sums: sums.collect() }
    }

    /// The sum of all weights.
    pub fn total(&self) -> u64 {
        self.sums.last().copied().unwrap_or(0)
    }

    /// The index whose weight covers `position`, which is below [`Self::total`].
    pub fn index(&self, position: u64) -> usize {
        self.sums.partition_point(|sum| *sum <= position)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cumulative, below, chance};
    use crate::rng::Purpose;

    /// The chi-squared statistic of `counts` against `expected`.
    fn chi_squared(counts: &[u32], expected: &[f64]) -> f64 {
        counts.iter().zip(expected).map(|(count, expected)| (f64::from(*count) - expected).powi(2) / expected).sum()
    }

    #[test]
    fn below_is_uniform() {
        let purpose = Purpose::new(1, 1, "test", "below");
        let mut counts = [0_u32; 10];
        for entity in 0..100_000 {
            counts[usize::try_from(below(&mut purpose.at(entity, 0), 10)).unwrap()] += 1;
        }
        // 9 degrees of freedom: 27.9 is passed once in a thousand.
        assert!(chi_squared(&counts, &[10_000.0; 10]) < 27.9, "{counts:?}");
    }

    #[test]
    fn chance_is_as_frequent_as_it_says() {
        let purpose = Purpose::new(1, 1, "test", "chance");
        let hits = (0..100_000).filter(|entity| chance(&mut purpose.at(*entity, 0), 3, 10)).count();
        // Three standard errors of a share of 0.3 in 100,000.
        assert!(hits.abs_diff(30_000) < 435, "{hits}");
    }

    proptest! {
        #[test]
        fn below_stays_below(limit in 1_u64.., entity: u64) {
            prop_assert!(below(&mut Purpose::new(1, 1, "test", "limit").at(entity, 0), limit) < limit);
        }

        #[test]
        fn a_position_finds_the_weight_that_covers_it(weights in prop::collection::vec(0_u64..9, 1..50), at: u64) {
            let cumulative = Cumulative::new(weights.iter().copied());
            prop_assume!(cumulative.total() > 0);
            let position = at % cumulative.total();
            let index = cumulative.index(position);
            let before: u64 = weights[..index].iter().sum();
            prop_assert!(before <= position && position < before + weights[index]);
        }
    }
}
