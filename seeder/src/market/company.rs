//! Clients with their segments: invented companies, in branches of retail.

use entity::market::{client, customer_segment};
use fake::Fake;
use fake::faker::company::en::CompanyName;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::{VERSION, id};
use crate::dist::pick;
use crate::generate::Load;
use crate::option::Settings;
use crate::rng::{Draws, Purpose};

/// A branch of retail and how its assortment is made up, in tenths: electronics, apparel, home.
pub(super) struct Branch {
    pub(super) name: &'static str,
    pub(super) tenths: [u64; 3],
}

const BRANCHES: &[Branch] = &[
    Branch { name: "Consumer Electronics", tenths: [8, 0, 2] },
    Branch { name: "Fashion Retail", tenths: [0, 9, 1] },
    Branch { name: "Home Improvement", tenths: [2, 0, 8] },
    Branch { name: "Department Stores", tenths: [3, 4, 3] },
    Branch { name: "Sporting Goods", tenths: [2, 7, 1] },
    Branch { name: "Online Marketplace", tenths: [4, 3, 3] },
    Branch { name: "Discount Retail", tenths: [3, 3, 4] },
    Branch { name: "Furniture and Decor", tenths: [1, 0, 9] },
    Branch { name: "Footwear", tenths: [0, 10, 0] },
    Branch { name: "Home Appliances", tenths: [4, 0, 6] },
    Branch { name: "Specialty Retail", tenths: [4, 4, 2] },
    Branch { name: "Outdoor Retail", tenths: [3, 6, 1] },
];

/// The branch of a client: dealt out in turn from a place that the seed chooses, so that ten
/// clients are in ten branches.
pub(super) fn branch(rng_seed: u64, client: u64) -> &'static Branch {
    let first =
        crate::dist::below(&mut Purpose::new(VERSION, rng_seed, "clients", "branch").at(0, 0), BRANCHES.len() as u64);
    let at = (first + client) % BRANCHES.len() as u64;
    &BRANCHES[usize::try_from(at).expect("an index below a length fits")]
}

/// The clients.
pub(super) fn clients(settings: &Settings) -> Load {
    let rng_seed = settings.rng_seed;
    let names = Purpose::new(VERSION, rng_seed, "clients", "client_name");
    Load::of::<client::Entity>(settings.options.count("clients"), move |number| client::Model {
        client_id: id(number),
        client_name: company_name(&mut names.at(number, 0)),
        industry: branch(rng_seed, number).name.to_owned(),
    })
}

/// A company's name from a stream of words of its own.
fn company_name(draws: &mut Draws) -> String {
    let mut seed = [0; 32];
    for word in seed.chunks_exact_mut(4) {
        word.copy_from_slice(&draws.bits32().to_le_bytes());
    }
    CompanyName().fake_with_rng(&mut ChaCha8Rng::from_seed(seed))
}

/// A segment and what its people are like.
struct Segment {
    name: &'static str,
    ages: &'static [&'static str],
    incomes: &'static [&'static str],
    homes: &'static [&'static str],
    values: &'static [&'static str],
}

const SEGMENTS: [Segment; 3] = [
    Segment {
        name: "Premium",
        ages: &["30-44", "35-54", "40-59", "45-64"],
        incomes: &["$120k-$180k", "$150k-$250k", "$180k and above"],
        homes: &["urban homeowners", "affluent suburbs", "city centre professionals"],
        values: &["value quality and service", "buy new releases first", "are loyal to brands", "pay for convenience"],
    },
    Segment {
        name: "Standard",
        ages: &["25-44", "30-49", "35-54", "28-50"],
        incomes: &["$55k-$85k", "$60k-$95k", "$70k-$110k"],
        homes: &["suburban families", "dual-income households", "urban renters", "first-time homeowners"],
        values: &[
            "compare before they buy",
            "look for proven products",
            "shop around the holidays",
            "weigh price and quality",
        ],
    },
    Segment {
        name: "Budget",
        ages: &["18-29", "18-34", "22-39", "19-36"],
        incomes: &["under $35k", "$20k-$40k", "$30k-$50k"],
        homes: &["students and young renters", "young families", "first-job starters", "shared households"],
        values: &["wait for promotions", "buy store brands", "shop on clearance", "use coupons"],
    },
];

/// The segments, three a client.
pub(super) fn segments(settings: &Settings) -> Load {
    let demographics = Purpose::new(VERSION, settings.rng_seed, "customer_segments", "demographics");
    let each = SEGMENTS.len() as u64;
    Load::of::<customer_segment::Entity>(settings.options.count("clients") * each, move |number| {
        let segment = &SEGMENTS[usize::try_from(number % each).expect("below three")];
        let mut draws = demographics.at(number, 0);
        let age = pick(&mut draws, segment.ages);
        let income = pick(&mut draws, segment.incomes);
        let home = pick(&mut draws, segment.homes);
        let values = pick(&mut draws, segment.values);
        customer_segment::Model {
            segment_id: id(number),
            client_id: id(number / each),
            segment_name: segment.name.to_owned(),
            demographics: Some(format!("Age {age}, household income {income}, {home} who {values}")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::BRANCHES;

    #[test]
    fn every_assortment_is_ten_tenths() {
        for branch in BRANCHES {
            assert_eq!(branch.tenths.iter().sum::<u64>(), 10, "{}", branch.name);
        }
    }
}
