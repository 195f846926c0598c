//! Which combinations of store and product are not sold.
//!
//! Each combination is decided by its address alone, so that more stores or products move none, and yet the
//! missing ones of every grid are the share. In one store they lie an even distance apart; where they begin is
//! spread evenly over the stores by van der Corput's sequence. `docs/seeding.md` states how exact that is.

use super::VERSION;
use crate::rng::Purpose;

/// Parts that a share is counted in: it has nine digits after the point.
const PARTS: u64 = 1_000_000_000;

/// Which combinations are missing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sparsity {
    /// So many are missing ...
    missing: u64,
    /// ... of so many neighbouring products, in lowest terms.
    of: u64,
    flips: Purpose,
}

impl Sparsity {
    /// A `share` of all combinations, between 0 and 1.
    pub(super) fn new(rng_seed: u64, share: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and PARTS")]
        #[expect(clippy::cast_precision_loss, reason = "PARTS is far below 2^53")]
        let missing = libm::round(share * PARTS as f64) as u64;
        let divisor = common_divisor(missing, PARTS);
        let flips = Purpose::new(VERSION, rng_seed, "sales_daily", "listed");
        Self { missing: missing / divisor, of: PARTS / divisor, flips }
    }

    /// Whether the store of this id does not sell the product of this id.
    pub(super) fn is_missing(&self, store: i32, product: i32) -> bool {
        if self.missing == 0 {
            return false;
        }
        let [store, product] = [store, product].map(|id| id.unsigned_abs().saturating_sub(1));
        let (block, turn) = (u64::from(product) / self.of, u64::from(product) % self.of);
        // From product to product the place moves on by the share; one that passes the end is missing.
        let first = (u64::from(self.place(store, block)) * self.of) >> u32::BITS;
        (first + turn * self.missing) % self.of >= self.of - self.missing
    }

    /// Where a store's places begin in a block of products, as a fraction of 2^32.
    ///
    /// The digits of van der Corput's sequence are the store's bits in reverse. One digit of each pair is
    /// flipped, which halves the distance from evenness (Kritzer, Larcher and Pillichshammer, "A thorough
    /// analysis of the discrepancy of shifted Hammersley and van der Corput point sets", 2007). Which one it is
    /// depends on the bits above the pair alone, so any 2^k stores from a multiple of 2^k on still lie evenly.
    fn place(&self, store: u32, block: u64) -> u32 {
        (0..u32::BITS / 2).fold(store.reverse_bits(), |place, pair| {
            let above = u64::from(store) >> (2 * pair + 2);
            let is_first = self.flips.at(block << 32 | above, pair).bits32() & 1 == 0;
            place ^ (if is_first { 0b10 } else { 0b01 }) << (u32::BITS - 2 - 2 * pair)
        })
    }

    /// The least and the most combinations that are missing when `share` of them is to be.
    pub(super) fn expected(share: f64, stores: u64, products: u64) -> (u64, u64) {
        #[expect(clippy::cast_precision_loss, reason = "a run takes a few million combinations")]
        let all = (stores * products) as f64;
        let (missing, tolerance) = (share * all, if share > 0.0 && share < 1.0 { tolerance(stores) } else { 0.0 });
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and all")]
        let count = |combinations: f64| combinations.clamp(0.0, all) as u64;
        (count(libm::ceil(missing - tolerance)), count(libm::floor(missing + tolerance)))
    }
}

/// How far the missing combinations of so many stores can be from their share: a bound for every sequence
/// of this kind (Kritzer, "A new upper bound on the star discrepancy of (0,1)-sequences", 2005).
fn tolerance(stores: u64) -> f64 {
    1.0 + f64::from(stores.max(1).ilog2() + 1) / 3.0
}

/// The greatest number that divides both, of which the second is not zero.
fn common_divisor(one: u64, other: u64) -> u64 {
    if one == 0 { other } else { common_divisor(other % one, one) }
}

#[cfg(test)]
mod tests {
    use super::{Sparsity, tolerance};

    /// How far the missing combinations are from their share, for every grid up to so many stores and products.
    fn distances(rng_seed: u64, share: f64, stores: i32, products: i32) -> Vec<Vec<f64>> {
        let sparsity = Sparsity::new(rng_seed, share);
        let mut of_columns = vec![0_u32; usize::try_from(products).unwrap()];
        let rows = (1..=stores).map(|store| {
            let mut missing = 0;
            let row = (1..=products).zip(&mut of_columns).map(|(product, above)| {
                *above += u32::from(sparsity.is_missing(store, product));
                missing += *above;
                f64::from(missing) - share * f64::from(store) * f64::from(product)
            });
            row.collect()
        });
        rows.collect()
    }

    const SHARES: [f64; 12] = [0.01, 0.05, 0.1, 0.123, 0.25, 0.3, 1.0 / 3.0, 0.5, 0.618_034, 0.75, 0.9, 0.99];

    #[test]
    fn the_missing_combinations_of_every_grid_are_the_share() {
        let (mut grids, mut beyond_one) = (0, 0);
        for share in SHARES {
            for rng_seed in 0..8 {
                for (row, stores) in distances(rng_seed, share, 64, 120).iter().zip(1_u64..) {
                    // What `docs/seeding.md` states.
                    let stated = match stores {
                        1..=3 => 1.0,
                        4..=10 => 1.4,
                        _ => 2.0,
                    };
                    assert!(stated < tolerance(stores));
                    let worst = row.iter().fold(0.0, |worst: f64, distance| worst.max(distance.abs()));
                    assert!(worst <= stated + 1e-6, "{share} of {stores} stores, seed {rng_seed}: {worst}");
                    grids += row.len();
                    beyond_one += row.iter().filter(|distance| distance.abs() > 1.0 + 1e-6).count();
                }
            }
        }
        assert!(grids / beyond_one.max(1) >= 50, "{beyond_one} of {grids} grids are off by more than one");
    }

    #[test]
    fn large_grids_stay_within_the_bound() {
        let sparsity = Sparsity::new(42, 0.37);
        let mut missing = 0_u32;
        for store in 1..=100_000 {
            missing += (1..=3).map(|product| u32::from(sparsity.is_missing(store, product))).sum::<u32>();
            let distance = f64::from(missing) - 0.37 * 3.0 * f64::from(store);
            assert!(distance.abs() <= tolerance(store.unsigned_abs().into()), "{store} stores: {distance}");
        }
    }

    #[test]
    fn a_grid_that_ends_with_a_whole_block_of_products_is_exact() {
        for (share, block) in [(0.5, 2), (0.3, 10), (0.25, 4), (0.05, 20), (0.01, 100)] {
            for rng_seed in 0..4 {
                for row in distances(rng_seed, share, 23, 300) {
                    let ends = row.iter().skip(block - 1).step_by(block);
                    assert!(ends.copied().all(|distance| distance.abs() < 1e-6), "{share}");
                }
            }
        }
    }

    #[test]
    fn each_store_and_each_product_lacks_the_share() {
        for share in SHARES {
            let sparsity = Sparsity::new(7, share);
            let lacks = |pairs: &mut dyn Iterator<Item = (i32, i32)>| {
                pairs.map(|(store, product)| i32::from(sparsity.is_missing(store, product))).sum::<i32>()
            };
            for number in 1..=100 {
                let of_store = lacks(&mut (1..=100).map(|product| (number, product)));
                assert!((f64::from(of_store) - 100.0 * share).abs() < 1.0 + 1e-6, "store {number}: {of_store}");
                let of_product = lacks(&mut (1..=100).map(|store| (store, number)));
                assert!((f64::from(of_product) - 100.0 * share).abs() < 4.0, "product {number}: {of_product}");
            }
        }
    }

    #[test]
    fn what_is_missing_is_no_stripe_and_another_with_another_seed() {
        let row = |rng_seed, store| {
            let sparsity = Sparsity::new(rng_seed, 0.5);
            (1..=40).map(|product| sparsity.is_missing(store, product)).collect::<Vec<_>>()
        };
        let rows: std::collections::BTreeSet<_> = (1..=32).map(|store| row(42, store)).collect();
        assert!(rows.len() >= 12, "{} assortments in 32 stores", rows.len());
        assert_ne!(row(42, 1), row(43, 1));
    }

    #[test]
    fn what_is_expected_is_the_share_give_or_take_the_bound() {
        assert_eq!(Sparsity::expected(0.0, 10, 50), (0, 0));
        assert_eq!(Sparsity::expected(1.0, 10, 50), (500, 500));
        // Ten stores: 150 give or take 1 and four thirds.
        assert_eq!(Sparsity::expected(0.3, 10, 50), (148, 152));
        assert_eq!(Sparsity::expected(0.5, 1, 1), (0, 1));
    }

    #[test]
    fn nothing_and_everything_can_be_missing() {
        for (share, expected) in [(0.0, false), (1.0, true)] {
            let sparsity = Sparsity::new(1, share);
            assert!((1..50).all(|number| sparsity.is_missing(number, 50 - number) == expected));
        }
    }
}
