//! The seeder of `market`: invented retailers, what they offer, and two years of what they sold.

use async_trait::async_trait;
use catalog::Dialect;
use chrono::NaiveDate;
use entity::market::{client, customer_segment, product, sale};
use sea_orm::DatabaseTransaction;

use crate::error::Error;
use crate::generate::Load;
use crate::kind::OptionKind;
use crate::option::{OptionSpec, Scenario, Settings};
use crate::plan::{Survey, refuse_unsaid_days};
use crate::seeder::{Addition, Figure, Made, Plot, Seeder};
use crate::table::{Seeded, SeededTable};
use crate::verify::Check;

mod assortment;
mod catalogue;
mod company;
mod quality;
mod sales;
mod season;

/// The seeder of `market`.
#[derive(Clone, Copy, Debug)]
pub struct Market;

/// One more whenever a value changes for the same seed and options.
const VERSION: u32 = 1;

const OPTIONS: &[OptionSpec] = &[
    OptionSpec::flag(
        "clients",
        "clients",
        OptionKind::Count { min: 1, max: 100_000 },
        "10",
        "Retail companies, each with three customer segments",
    ),
    OptionSpec::flag(
        "products",
        "products",
        OptionKind::Count { min: 1, max: 1_000_000 },
        "200",
        "Products, dealt out evenly to the clients",
    ),
    OptionSpec::flag(
        "sales",
        "sales",
        // Their ids are 32-bit.
        OptionKind::Count { min: 0, max: 2_000_000_000 },
        "2000",
        "Sales over the whole range; with --append, without it: as dense as those before",
    ),
    OptionSpec::flag("start-date", "start_date", OptionKind::Date, "2023-01-01", "First day of the sales"),
    OptionSpec::flag("end-date", "end_date", OptionKind::Date, "2024-12-31", "Last day of the sales"),
];

const SCENARIOS: &[Scenario] = &[
    Scenario { name: "standard", help: "Ten retailers over two years: the demo database", options: &[] },
    Scenario {
        name: "smoke",
        help: "Three retailers and a hundred sales, for a test that needs rows and no story",
        options: &[("clients", "3"), ("products", "30"), ("sales", "100")],
    },
    Scenario {
        name: "large",
        help: "Fifty retailers and a million sales, for looking at query plans",
        options: &[("clients", "50"), ("products", "2000"), ("sales", "1000000")],
    },
];

#[async_trait]
impl Seeder for Market {
    fn name(&self) -> &'static str {
        "market"
    }

    fn version(&self) -> u32 {
        VERSION
    }

    fn options(&self) -> &'static [OptionSpec] {
        OPTIONS
    }

    fn scenarios(&self) -> &'static [Scenario] {
        SCENARIOS
    }

    fn tables(&self) -> Vec<Box<dyn Seeded>> {
        vec![
            Box::new(SeededTable::<client::Entity>::dimension()),
            Box::new(SeededTable::<product::Entity>::dimension()),
            Box::new(SeededTable::<sale::Entity>::fact()),
            Box::new(SeededTable::<customer_segment::Entity>::dimension()),
        ]
    }

    fn range(&self, settings: &Settings) -> Result<Option<(NaiveDate, NaiveDate)>, Error> {
        let (start, end) = (settings.options.date("start-date"), settings.options.date("end-date"));
        if end < start {
            return Err(Error::Request(format!("end-date {end} is before start-date {start}")));
        }
        Ok(Some((start, end)))
    }

    fn fill(&self, settings: &Settings) -> Result<Vec<Load>, Error> {
        self.range(settings)?;
        Ok(vec![
            company::clients(settings),
            assortment::products(settings),
            sales::fill(settings),
            company::segments(settings),
        ])
    }

    async fn append(&self, settings: &Settings, db: &DatabaseTransaction, survey: &Survey) -> Result<Addition, Error> {
        refuse_unsaid_days(settings)?;
        self.range(settings)?;
        Ok(Addition { loads: vec![sales::append(settings, db, survey).await?], edits: Vec::new() })
    }

    fn checks(&self, dialect: Dialect, made: &Made) -> Vec<Check> {
        quality::checks(dialect, made)
    }

    fn figures(&self) -> &'static [Figure] {
        quality::FIGURES
    }

    fn plots(&self) -> &'static [Plot] {
        quality::PLOTS
    }
}

/// A row number as an id, which counts from one.
fn id(number: u64) -> i32 {
    i32::try_from(number + 1).expect("the options keep every id within 32 bits")
}
