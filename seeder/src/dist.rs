//! Samplers: from random bits to values, each in a fixed number of draws.
//!
//! In integers where that is enough; otherwise with the four operations, square roots and `libm`,
//! which give the same bits on every platform. Continuous and counted values are the quantile of
//! one uniform number, so that no sample costs more draws than another.

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

/// A number between 0 and 1, both left out, in steps of 2^-53. One draw of 64 bits.
pub fn uniform(draws: &mut Draws) -> f64 {
    fraction(draws.bits64())
}

/// The place of `bits` among all of their kind, between 0 and 1, both left out.
pub fn fraction(bits: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a double holds")]
    let bits = (bits >> 11) as f64;
    (bits + 0.5) / 9_007_199_254_740_992.0
}

/// A normal number of mean 0 and deviation 1. One draw of 64 bits.
pub fn normal(draws: &mut Draws) -> f64 {
    normal_quantile(uniform(draws))
}

/// The number that a normal one is below with this probability, which lies between 0 and 1.
///
/// Wichura's algorithm AS 241 (Applied Statistics 37, 1988), good to 16 digits.
pub fn normal_quantile(probability: f64) -> f64 {
    let central = probability - 0.5;
    if central.abs() <= 0.425 {
        let r = 0.180_625 - central * central;
        return central * polynomial(&CENTRAL.0, r) / polynomial(&CENTRAL.1, r);
    }
    let tail = if central < 0.0 { probability } else { 1.0 - probability };
    let r = libm::sqrt(-libm::log(tail));
    let (coefficients, r) = if r <= 5.0 { (&MIDDLE, r - 1.6) } else { (&FAR, r - 5.0) };
    let size = polynomial(&coefficients.0, r) / polynomial(&coefficients.1, r);
    if central < 0.0 { -size } else { size }
}

/// The probability that a normal number is below `z`.
pub fn normal_probability(z: f64) -> f64 {
    0.5 * libm::erfc(-z / core::f64::consts::SQRT_2)
}

fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// Numerator and denominator of AS 241 within 0.425 of the middle.
const CENTRAL: ([f64; 8], [f64; 8]) = (
    [
        3.387_132_872_796_366_6,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
);

/// The same for probabilities down to e^-25.
const MIDDLE: ([f64; 8], [f64; 8]) = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);

/// The same beyond.
const FAR: ([f64; 8], [f64; 8]) = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

/// A count of this mean whose variance is the mean. One draw of 64 bits.
pub fn poisson(draws: &mut Draws, mean: f64) -> u32 {
    negative_binomial(draws, mean, 1.0)
}

/// A count of this mean whose variance is `dispersion` times the mean; at 1 it is a Poisson count.
/// One draw of 64 bits.
pub fn negative_binomial(draws: &mut Draws, mean: f64, dispersion: f64) -> u32 {
    let probability = uniform(draws);
    if mean <= 0.0 {
        0
    } else if mean <= SUMMED_UP_TO {
        summed_quantile(probability, mean, dispersion)
    } else {
        expanded_quantile(probability, mean, dispersion)
    }
}

/// Means up to this one are inverted by summing probabilities, larger ones by an expansion.
const SUMMED_UP_TO: f64 = 128.0;

/// The least count that is reached with this probability, by summing up from zero.
fn summed_quantile(probability: f64, mean: f64, dispersion: f64) -> u32 {
    // As the dispersion comes near 1, successes / failures goes to the Poisson's mean / count.
    let excess = dispersion - 1.0;
    let is_poisson = excess < 1e-9;
    let size = if is_poisson { 0.0 } else { mean / excess };
    let log_none = if is_poisson { -mean } else { -size * libm::log(dispersion) };
    let mut at_count = libm::exp(log_none);
    let mut left = probability - at_count;
    let mut count = 0_u32;
    // Ten thousand is hundreds of deviations above any mean that comes here.
    while left > 0.0 && count < 10_000 {
        let step = if is_poisson { mean } else { (size + f64::from(count)) * excess / dispersion };
        count += 1;
        at_count *= step / f64::from(count);
        left -= at_count;
        if at_count < 1e-300 && f64::from(count) > mean {
            break;
        }
    }
    count
}

/// The same by Cornish and Fisher's expansion with the skewness, within a unit at these means.
fn expanded_quantile(probability: f64, mean: f64, dispersion: f64) -> u32 {
    let z = normal_quantile(probability);
    let deviation = libm::sqrt(mean * dispersion);
    let skewness = (2.0 * dispersion - 1.0) / deviation;
    let count = mean + deviation * (z + skewness * (z * z - 1.0) / 6.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float's cast saturates")]
    let count = libm::floor(count + 0.5) as u32;
    count
}

/// Ranks from 0, each `1 / (rank + 1)^exponent` as likely as the first.
#[derive(Clone, Debug)]
pub struct Zipf {
    weights: Cumulative,
}

impl Zipf {
    /// Over `ranks` ranks.
    pub fn new(ranks: usize, exponent: f64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "ranks stay far below 2^53")]
        let weight = |rank: usize| 1e12 / libm::pow((rank + 1) as f64, exponent);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 10^12, and positive")]
        let weights = (0..ranks).map(|rank| weight(rank) as u64 + 1);
        Self { weights: Cumulative::new(weights) }
    }

    /// A rank. One draw of 64 bits.
    ///
    /// # Panics
    ///
    /// When there are no ranks.
    pub fn rank(&self, draws: &mut Draws) -> usize {
        self.weights.index(below(draws, self.weights.total()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        Cumulative, Zipf, below, chance, expanded_quantile, negative_binomial, normal, normal_probability,
        normal_quantile, poisson, summed_quantile,
    };
    use crate::rng::Purpose;

    #[test]
    fn normal_quantiles_are_the_published_ones() {
        for (probability, quantile) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.25, -0.674_489_750_196_081_7),
            (1e-20, -9.262_340_089_798_408),
        ] {
            assert!((normal_quantile(probability) - quantile).abs() < 1e-13 * (1.0 + quantile.abs()), "{probability}");
        }
    }

    #[test]
    fn normal_numbers_fill_their_deciles_evenly() {
        let purpose = Purpose::new(1, 1, "test", "normal");
        let mut counts = [0_u32; 10];
        for entity in 0..100_000 {
            let probability = normal_probability(normal(&mut purpose.at(entity, 0)));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tenth")]
            let decile = (probability * 10.0) as usize;
            counts[decile] += 1;
        }
        assert!(chi_squared(&counts, &[10_000.0; 10]) < 27.9, "{counts:?}");
    }

    /// The chi-squared statistic of 100,000 samples against the exact probabilities, and its bins.
    fn against_exact(mean: f64, dispersion: f64) -> (f64, usize) {
        let purpose = Purpose::new(1, 1, "test", &format!("count {mean} {dispersion}"));
        let mut counts = vec![0_u32; 4_000];
        for entity in 0..100_000 {
            counts[negative_binomial(&mut purpose.at(entity, 0), mean, dispersion) as usize] += 1;
        }
        let excess = dispersion - 1.0;
        let mut at_count = if excess == 0.0 { (-mean).exp() } else { (-(mean / excess) * dispersion.ln()).exp() };
        let (mut bins, mut observed, mut expected) = (Vec::new(), 0, 0.0);
        for (count, found) in counts.iter().enumerate() {
            observed += found;
            expected += at_count * 100_000.0;
            if expected >= 50.0 {
                bins.push((observed, expected));
                (observed, expected) = (0, 0.0);
            }
            let count = f64::from(u32::try_from(count).unwrap());
            let step = if excess == 0.0 { mean } else { (mean / excess + count) * excess / dispersion };
            at_count *= step / (count + 1.0);
        }
        let last = bins.last_mut().unwrap();
        *last = (last.0 + observed, last.1 + expected);
        let (counts, expected): (Vec<u32>, Vec<f64>) = bins.into_iter().unzip();
        (chi_squared(&counts, &expected), counts.len() - 1)
    }

    #[test]
    fn counts_have_the_probabilities_of_their_distribution() {
        for (mean, dispersion) in [(0.3, 1.0), (4.0, 1.0), (90.0, 1.0), (0.3, 1.5), (12.0, 1.4), (90.0, 3.0)] {
            let (statistic, freedom) = against_exact(mean, dispersion);
            // Wilson and Hilferty's approximation of the quantile passed once in ten thousand.
            let freedom = f64::from(u32::try_from(freedom).unwrap());
            let spread = 2.0 / (9.0 * freedom);
            let limit = freedom * (1.0 - spread + 3.72 * spread.sqrt()).powi(3);
            assert!(statistic < limit, "mean {mean}, dispersion {dispersion}: {statistic} of {limit}");
        }
    }

    #[test]
    fn large_counts_have_their_mean_and_variance() {
        let purpose = Purpose::new(1, 1, "test", "large");
        let samples: Vec<f64> =
            (0..20_000).map(|entity| f64::from(negative_binomial(&mut purpose.at(entity, 0), 900.0, 2.0))).collect();
        let mean = samples.iter().sum::<f64>() / 20_000.0;
        let variance = samples.iter().map(|sample| (sample - mean).powi(2)).sum::<f64>() / 20_000.0;
        // Three standard errors: 3 * sqrt(1800 / 20000), and 3 % for the variance.
        assert!((mean - 900.0).abs() < 0.9, "{mean}");
        assert!((variance / 1800.0 - 1.0).abs() < 0.03, "{variance}");
    }

    #[test]
    fn the_two_ways_to_a_count_meet() {
        for percent in 1..100 {
            let probability = f64::from(percent) / 100.0;
            for dispersion in [1.0, 1.3, 2.0] {
                let (summed, expanded) = (
                    summed_quantile(probability, 128.0, dispersion),
                    expanded_quantile(probability, 128.0, dispersion),
                );
                assert!(summed.abs_diff(expanded) <= 1, "{probability} {dispersion}: {summed} and {expanded}");
            }
        }
    }

    #[test]
    fn nothing_is_expected_where_the_mean_is_zero_and_no_draw_runs_away() {
        let purpose = Purpose::new(1, 1, "test", "edges");
        assert_eq!(poisson(&mut purpose.at(0, 0), 0.0), 0);
        assert!(summed_quantile(1.0 - 1e-16, 128.0, 1.3) < 400);
        assert!(summed_quantile(1.0, 0.001, 1.0) < 200);
    }

    #[test]
    fn the_second_rank_of_zipf_is_half_as_likely_as_the_first() {
        let (zipf, purpose) = (Zipf::new(100, 1.0), Purpose::new(1, 1, "test", "zipf"));
        let mut counts = [0_u32; 100];
        for entity in 0..100_000 {
            counts[zipf.rank(&mut purpose.at(entity, 0))] += 1;
        }
        let sum: f64 = (1..=100).map(|rank| 1.0 / f64::from(rank)).sum();
        let expected: Vec<f64> = (1..=100).map(|rank| 100_000.0 / f64::from(rank) / sum).collect();
        // 99 degrees of freedom: 149 is passed once in a thousand.
        assert!(chi_squared(&counts, &expected) < 149.0, "{counts:?}");
    }

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
