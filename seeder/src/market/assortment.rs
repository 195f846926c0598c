//! Products: each client offers what its branch is known for, at prices of its own.

use entity::market::product;

use super::catalogue::{CATEGORIES, Category};
use super::company::branch;
use super::{VERSION, id};
use crate::dist::below;
use crate::generate::Load;
use crate::option::Settings;
use crate::rng::Purpose;

/// What a client offers, found by the product's number alone.
#[derive(Clone, Debug)]
pub(super) struct Assortment {
    rng_seed: u64,
    clients: u64,
    order: Purpose,
    price: Purpose,
}

/// A product before it is a row.
pub(super) struct Offer {
    pub(super) category: &'static Category,
    pub(super) brand: &'static str,
    pub(super) name: String,
    /// The client's price, in cents.
    pub(super) cents: u64,
}

impl Assortment {
    pub(super) fn new(settings: &Settings) -> Self {
        let purpose = |name| Purpose::new(VERSION, settings.rng_seed, "products", name);
        Self {
            rng_seed: settings.rng_seed,
            clients: settings.options.count("clients"),
            order: purpose("order"),
            price: purpose("price"),
        }
    }

    /// The number of the client that offers product `number`.
    pub(super) fn client(&self, number: u64) -> u64 {
        number % self.clients
    }

    /// Product `number`.
    pub(super) fn offer(&self, number: u64) -> Offer {
        let (client, turn) = (self.client(number), number / self.clients);
        let tenths = branch(self.rng_seed, client).tenths;
        let (index, turn) = turn_in_category(tenths, turn);
        let category = &CATEGORIES[index];
        // A client walks through the catalogue from a place of its own, so it offers nothing twice
        // before it has offered everything; then it offers the variants.
        let length = category.items.len() as u64;
        let start = below(&mut self.order.at(client, u32::try_from(index).expect("three categories")), length);
        let at = usize::try_from((start + turn * STRIDE) % length).expect("an index below a length fits");
        let item = &category.items[at];
        let name = match turn / length {
            0 => format!("{} {}", item.brand, item.name),
            round => format!("{} {} {}", item.brand, item.name, category.variant(round)),
        };
        Offer { category, brand: item.brand, name, cents: self.cents(number, category, item.dollars) }
    }

    /// A price within a tenth of the usual one and the category's range, a cent below a dollar.
    fn cents(&self, number: u64, category: &Category, usual_dollars: u64) -> u64 {
        let percent = 90 + below(&mut self.price.at(number, 0), 21);
        let (least, most) = category.dollars;
        (usual_dollars * percent / 100).clamp(least + 1, most) * 100 - 1
    }
}

/// Shares no factor with the length of any category, so walking in such steps reaches every item.
const STRIDE: u64 = 29;

/// The category of a client's product and its number within that category: of every ten products
/// as many are of a category as its tenths say, spread out among the others.
fn turn_in_category(tenths: [u64; 3], turn: u64) -> (usize, u64) {
    // In steps of 3 the ten places are visited in an order that mixes the categories.
    let category_at = |place: u64| {
        let spread = place * 3 % 10;
        let mut until = 0;
        tenths.iter().position(|tenths| {
            until += tenths;
            spread < until
        })
    };
    let place = turn % 10;
    let category = category_at(place).expect("tenths sum up to ten");
    let before = (0..place).filter(|earlier| category_at(*earlier) == Some(category)).count() as u64;
    (category, turn / 10 * tenths[category] + before)
}

/// The products.
pub(super) fn products(settings: &Settings) -> Load {
    let assortment = Assortment::new(settings);
    Load::of::<product::Entity>(settings.options.count("products"), move |number| {
        let offer = assortment.offer(number);
        product::Model {
            product_id: id(number),
            client_id: id(assortment.client(number)),
            product_name: offer.name,
            category: offer.category.name.to_owned(),
            brand: offer.brand.to_owned(),
            price: dollars(offer.cents),
        }
    })
}

/// Cents as the double nearest to the dollars.
pub(super) fn dollars(cents: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "the amounts stay far below 2^53 cents")]
    let cents = cents as f64;
    cents / 100.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Assortment, CATEGORIES, STRIDE, turn_in_category};
    use crate::option::Settings;
    use crate::seeder::Seeder;

    #[test]
    fn the_stride_reaches_every_item_of_a_category() {
        for category in CATEGORIES {
            let length = category.items.len() as u64;
            let reached: BTreeSet<u64> = (0..length).map(|turn| turn * STRIDE % length).collect();
            assert_eq!(reached.len() as u64, length, "{}", category.name);
        }
    }

    #[test]
    fn every_ten_products_have_the_tenths_of_their_branch_and_numbers_without_gaps() {
        let mut numbers = [Vec::new(), Vec::new(), Vec::new()];
        for turn in 0..30 {
            let (category, number) = turn_in_category([3, 5, 2], turn);
            numbers[category].push(number);
        }
        for (numbers, tenths) in numbers.iter().zip([3, 5, 2]) {
            assert_eq!(*numbers, (0..3 * tenths).collect::<Vec<u64>>());
        }
    }

    #[test]
    fn no_client_offers_a_name_twice_and_prices_stay_in_range() {
        let layer = crate::Layer { values: [("products".to_owned(), "20000".into())].into(), ..Default::default() };
        let settings = Settings::resolve(super::super::Market.options(), &[layer]).unwrap();
        let assortment = Assortment::new(&settings);
        let mut names = BTreeSet::new();
        for number in 0..20_000 {
            let offer = assortment.offer(number);
            let (least, most) = offer.category.dollars;
            assert!(least * 100 <= offer.cents && offer.cents <= most * 100, "{}: {}", offer.name, offer.cents);
            assert!(names.insert((assortment.client(number), offer.name.clone())), "{} twice", offer.name);
        }
    }
}
