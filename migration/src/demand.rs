//! The migrations of `demand`, in order.

use sea_orm_migration::prelude::*;

mod m20250201_000001_create_dimensions;
mod m20250201_000002_create_sales;
mod m20250201_000003_create_prices_and_promotions;
mod m20250201_000004_create_inventory;

/// Brings `demand` from nothing to what its entities describe.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20250201_000001_create_dimensions::Migration),
            Box::new(m20250201_000002_create_sales::Migration),
            Box::new(m20250201_000003_create_prices_and_promotions::Migration),
            Box::new(m20250201_000004_create_inventory::Migration),
        ]
    }
}
