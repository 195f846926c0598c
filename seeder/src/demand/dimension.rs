//! Stores and products: their rows, and what the model makes of a row, whoever made it.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use entity::demand::{product, store};

use super::timeline::Timeline;
use super::{CLOCK, Day, VERSION, cents, day_of, decimal, id};
use crate::dist::{Zipf, below, fraction, normal, normal_quantile, pick, uniform};
use crate::option::Settings;
use crate::rng::Purpose;

const TOWNS: &[&str] = &[
    "Alderbrook",
    "Birchfield",
    "Cedar Point",
    "Dunmore",
    "Eastvale",
    "Fairhaven",
    "Glenwood",
    "Harborview",
    "Ironbridge",
    "Juniper Hills",
    "Kingsford",
    "Lakemont",
    "Maplewood",
    "Northgate",
    "Oakridge",
    "Pinecrest",
    "Quarry Bay",
    "Riverbend",
    "Stonefield",
    "Thornbury",
    "Upland",
    "Valley Springs",
    "Westbrook",
    "Yarrow",
];

const PACKS: &[&str] = &["Single", "Twin Pack", "Small", "Large", "Family Size", "Multipack", "Mini", "Value Size"];

/// A category that is well known: what is in it, and its median price in cents.
struct Assortment {
    category: &'static str,
    median: f64,
    goods: &'static [&'static str],
}

const ASSORTMENTS: &[Assortment] = &[
    Assortment {
        category: "Beverage",
        median: 229.0,
        goods: &[
            "Cola",
            "Orange Juice",
            "Sparkling Water",
            "Iced Tea",
            "Lemonade",
            "Cold Brew",
            "Apple Cider",
            "Tonic",
        ],
    },
    Assortment {
        category: "Snack",
        median: 299.0,
        goods: &[
            "Sea Salt Chips",
            "Pretzels",
            "Trail Mix",
            "Granola Bar",
            "Popcorn",
            "Rice Crackers",
            "Dark Chocolate",
            "Cashews",
        ],
    },
    Assortment {
        category: "Dairy",
        median: 339.0,
        goods: &[
            "Whole Milk",
            "Greek Yogurt",
            "Cheddar",
            "Butter",
            "Cottage Cheese",
            "Oat Drink",
            "Mozzarella",
            "Sour Cream",
        ],
    },
    Assortment {
        category: "Frozen",
        median: 549.0,
        goods: &[
            "Margherita Pizza",
            "Mixed Berries",
            "Vanilla Ice Cream",
            "Garden Peas",
            "Fish Fillets",
            "French Fries",
            "Dumplings",
            "Waffles",
        ],
    },
    Assortment {
        category: "Gift",
        median: 1_899.0,
        goods: &[
            "Candle Set",
            "Chocolate Box",
            "Picture Frame",
            "Tea Sampler",
            "Photo Album",
            "Wool Scarf",
            "Puzzle",
            "Mug Pair",
        ],
    },
    Assortment {
        category: "Seasonal",
        median: 899.0,
        goods: &[
            "String Lights",
            "Gingerbread",
            "Garland",
            "Roasting Tin",
            "Advent Calendar",
            "Ornaments",
            "Wrapping Paper",
            "Wreath",
        ],
    },
];

/// What a category that is not listed has.
const OTHER: Assortment = Assortment {
    category: "",
    median: 699.0,
    goods: &["Classic", "Family Pack", "Select", "Everyday", "Premium", "Light", "Original", "Value Pack"],
};

fn assortment(category: &str) -> &'static Assortment {
    ASSORTMENTS.iter().find(|known| known.category == category).unwrap_or(&OTHER)
}

/// Store `number`.
pub(super) fn store(settings: &Settings, number: u64) -> store::Model {
    let draws = |name| Purpose::new(VERSION, settings.rng_seed, "store", name).at(number, 0);
    let town = *pick(&mut draws("city"), TOWNS);
    let kind = pick(&mut draws("type"), settings.options.words("dimensions.stores.types"));
    store::Model {
        id: id(number),
        code: format!("S{:04}", number + 1),
        name: format!("{town} {}", capitalized(kind)),
        region: Some(pick(&mut draws("region"), settings.options.words("dimensions.stores.regions")).clone()),
        city: Some(town.to_owned()),
        store_type: Some(kind.chars().take(30).collect()),
        created_at: CLOCK,
        updated_at: CLOCK,
    }
}

/// Product `number`.
pub(super) fn product(settings: &Settings, number: u64) -> product::Model {
    let draws = |name| Purpose::new(VERSION, settings.rng_seed, "product", name).at(number, 0);
    let category = pick(&mut draws("category"), settings.options.words("dimensions.products.categories"));
    let brands = settings.options.words("dimensions.products.brands");
    let brand = &brands[Zipf::new(brands.len(), 0.5).rank(&mut draws("brand"))];
    let assortment = assortment(category);
    let good = *pick(&mut draws("name"), assortment.goods);
    // Two thirds of the prices are within half and double of the median.
    let price = charm(assortment.median * libm::exp(0.5 * normal(&mut draws("price")).clamp(-2.5, 2.5)));
    let cost_percent = 55 + i64::try_from(below(&mut draws("cost"), 21)).expect("a percentage");
    product::Model {
        id: id(number),
        sku: format!("SKU-{:05}", number + 1),
        name: format!("{brand} {good} {}", pick(&mut draws("pack"), PACKS)),
        category: Some(category.clone()),
        brand: Some(brand.clone()),
        base_price: Some(decimal(price)),
        base_cost: Some(decimal(price * cost_percent / 100)),
        created_at: CLOCK,
        updated_at: CLOCK,
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The price next to so many cents that ends in nine.
pub(super) fn charm(cents: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "prices are far below 2^53 cents")]
    let tens = libm::floor((cents + 1.0) / 10.0 + 0.5) as i64;
    (tens * 10 - 1).max(9)
}

/// A store as the model sees it.
#[derive(Clone, Debug)]
pub(super) struct Shop {
    pub(super) id: i32,
    /// What it sells as a multiple of an average store.
    pub(super) size: f64,
    /// The day on which it opens, if that is in the first calendar year.
    pub(super) opens: Option<Day>,
    pub(super) has_competitor: bool,
}

/// A product as the model sees it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: i32,
    pub(super) category: String,
    /// Its price before any change, in cents.
    pub(super) base_cents: i64,
    /// What it sells as a multiple of an average product.
    pub(super) velocity: f64,
    /// The day on which it is launched, if that is in the first calendar year.
    pub(super) launched: Option<Day>,
    /// The last day on which it is sold, if that is in the first calendar year.
    pub(super) given_up: Option<Day>,
}

/// The deviation of the logarithms of what stores of a kind sell.
const SIZE_SIGMA: f64 = 0.25;

/// The same of products: the fastest fifth makes four fifths of the sales.
const VELOCITY_SIGMA: f64 = 1.75;

/// No product is faster than one of a hundred, in deviations: a single one would make most of the sales.
const FASTEST: f64 = 2.326;

impl Shop {
    pub(super) fn new(rng_seed: u64, timeline: &Timeline, store: &store::Model) -> Self {
        let number = u64::from(store.id.unsigned_abs());
        let draws = |name| Purpose::new(VERSION, rng_seed, "store", name).at(number, 0);
        let usual = match store.store_type.as_deref() {
            Some("supermarket") => 1.25,
            Some("express") => 0.6,
            _ => 1.0,
        };
        let params = &timeline.first().params;
        Self {
            id: store.id,
            size: usual * log_normal(normal(&mut draws("size")), SIZE_SIGMA),
            opens: in_first_year(timeline, params.new_store_share, draws("opening")),
            has_competitor: uniform(&mut draws("competitor")) < params.competitor_share,
        }
    }
}

impl Item {
    pub(super) fn new(rng_seed: u64, timeline: &Timeline, product: &product::Model) -> Self {
        let number = u64::from(product.id.unsigned_abs());
        let purpose = |name| Purpose::new(VERSION, rng_seed, "product", name);
        let category = product.category.clone().unwrap_or_default();
        let drawn_price = || charm(assortment(&category).median);
        let params = &timeline.first().params;
        let launched = in_first_year(timeline, params.new_product_share, purpose("launch").at(number, 0));
        let given_up = in_first_year(timeline, params.discontinued_share, purpose("end").at(number, 0));
        // In steps of the golden ratio the products spread evenly over the distribution, however many
        // there are, so that ten of them already have fast and slow ones.
        let place = purpose("velocity").at(0, 0).bits64().wrapping_add(number.wrapping_mul(GOLDEN));
        Self {
            id: product.id,
            base_cents: product.base_price.map_or_else(drawn_price, cents),
            velocity: log_normal(normal_quantile(fraction(place)).min(FASTEST), VELOCITY_SIGMA),
            given_up: given_up.filter(|_| launched.is_none()),
            launched,
            category,
        }
    }
}

impl Item {
    /// The days on which the chain sells it.
    pub(super) fn life(&self) -> RangeInclusive<Day> {
        self.launched.unwrap_or(Day::MIN)..=self.given_up.unwrap_or(Day::MAX)
    }
}

/// 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A log-normal number of mean 1.
pub(super) fn log_normal(z: f64, sigma: f64) -> f64 {
    libm::exp(sigma * z - sigma * sigma / 2.0)
}

/// A day of the calendar year of the first day, for a share of those that ask.
fn in_first_year(timeline: &Timeline, share: f64, mut draws: crate::rng::Draws) -> Option<Day> {
    let is_chosen = uniform(&mut draws) < share;
    let of_year = i32::try_from(below(&mut draws, 330)).expect("a day of a year");
    let year = super::date_of(timeline.first().start).year();
    let new_year = NaiveDate::from_ymd_opt(year, 1, 1).expect("a year of a date");
    is_chosen.then(|| day_of(new_year) + 15 + of_year)
}
