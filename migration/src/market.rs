//! The migrations of `market`, in order.

use sea_orm_migration::prelude::*;

mod m20250101_000001_create_clients_and_products;
mod m20250101_000002_create_sales_and_segments;

/// Brings `market` from nothing to what its entities describe.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20250101_000001_create_clients_and_products::Migration),
            Box::new(m20250101_000002_create_sales_and_segments::Migration),
        ]
    }
}
