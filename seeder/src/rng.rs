//! Random values by address.
//!
//! Most generators draw from a stream, so row 1,000,000 exists only after the 999,999 before it.
//! Here a value is a function of where it stands: seed, table, purpose, row, day. Any part of a
//! table can be made alone, on any thread, in any order, and comes out the same.

use sha2::{Digest, Sha256};

/// What a value is drawn for: a column of a table, under one seed.
///
/// Names are hashed, never positions, so another column's draw moves no value of this one.
#[derive(Clone, Copy, Debug)]
pub struct Purpose {
    key: [u32; 2],
}

impl Purpose {
    /// The purpose of this name in `table`, for one version of a generator and one seed.
    pub fn new(generator_version: u32, rng_seed: u64, table: &str, purpose: &str) -> Self {
        let name = format!("{generator_version}\0{rng_seed}\0{table}\0{purpose}");
        let hash = Sha256::digest(name.as_bytes());
        let word = |at: usize| u32::from_le_bytes([hash[at], hash[at + 1], hash[at + 2], hash[at + 3]]);
        Self { key: [word(0), word(4)] }
    }

    /// The values at one address: an entity's number and a day, or zero where there is none.
    pub fn at(&self, entity: u64, day: u32) -> Draws {
        #[expect(clippy::cast_possible_truncation, reason = "the two halves of 64 bits")]
        let (low, high) = (entity as u32, (entity >> 32) as u32);
        Draws { key: self.key, counter: [0, day, low, high], block: [0; 4], used: 4 }
    }
}

/// The values at one address, in order. 2^34 of them differ; a row takes a handful.
#[derive(Clone, Debug)]
pub struct Draws {
    key: [u32; 2],
    /// First word: the block; then day and entity.
    counter: [u32; 4],
    block: [u32; 4],
    used: usize,
}

impl Draws {
    /// 32 random bits.
    pub fn bits32(&mut self) -> u32 {
        if self.used == self.block.len() {
            self.block = philox4x32_10(self.counter, self.key);
            self.counter[0] = self.counter[0].wrapping_add(1);
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }

    /// 64 random bits.
    pub fn bits64(&mut self) -> u64 {
        u64::from(self.bits32()) | u64::from(self.bits32()) << 32
    }
}

/// Philox4x32 with ten rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3", SC 2011): a bijection of the counter for each key.
fn philox4x32_10(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    /// The multipliers and Weyl increments of the paper.
    const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
    const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
    for _ in 0..10 {
        let product = |index: usize, word: u32| u64::from(MULTIPLIERS[index]) * u64::from(word);
        let (first, second) = (product(0, counter[0]), product(1, counter[2]));
        #[expect(clippy::cast_possible_truncation, reason = "the low half of 64 bits")]
        let low = |product: u64| product as u32;
        let high = |product: u64| low(product >> 32);
        counter = [high(second) ^ counter[1] ^ key[0], low(second), high(first) ^ counter[3] ^ key[1], low(first)];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::{Purpose, philox4x32_10};

    #[test]
    fn philox_gives_the_published_vectors() {
        // kat_vectors of Random123, philox4x32 10.
        for (counter, key, expected) in [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ] {
            assert_eq!(philox4x32_10(counter, key), expected);
        }
    }

    #[test]
    fn every_part_of_an_address_moves_the_value() {
        let first = |purpose: Purpose, entity, day| purpose.at(entity, day).bits64();
        let base = first(Purpose::new(1, 42, "sales", "date"), 7, 0);
        for (what, other) in [
            ("version", first(Purpose::new(2, 42, "sales", "date"), 7, 0)),
            ("seed", first(Purpose::new(1, 43, "sales", "date"), 7, 0)),
            ("table", first(Purpose::new(1, 42, "products", "date"), 7, 0)),
            ("purpose", first(Purpose::new(1, 42, "sales", "region"), 7, 0)),
            ("entity", first(Purpose::new(1, 42, "sales", "date"), 8, 0)),
            ("high half of the entity", first(Purpose::new(1, 42, "sales", "date"), 7 + (1 << 32), 0)),
            ("day", first(Purpose::new(1, 42, "sales", "date"), 7, 1)),
        ] {
            assert_ne!(base, other, "{what}");
        }
        assert_eq!(base, first(Purpose::new(1, 42, "sales", "date"), 7, 0));
    }
}
