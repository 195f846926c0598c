//! The migrations of `brickhouse`, in order.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

mod m20250301_000001_create_products_and_stores;
mod m20250301_000002_create_users;
mod m20250301_000003_create_inventory_and_orders;
mod m20250301_000004_create_analytics;

/// Brings `brickhouse` from nothing to what its entities describe, and its analytics relations.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20250301_000001_create_products_and_stores::Migration),
            Box::new(m20250301_000002_create_users::Migration),
            Box::new(m20250301_000003_create_inventory_and_orders::Migration),
            Box::new(m20250301_000004_create_analytics::Migration),
        ]
    }
}

/// A key that the database numbers: SERIAL on PostgreSQL, where clients name its sequence.
fn key(manager: &SchemaManager, name: &'static str) -> ColumnDef {
    let mut key = ColumnDef::new(name);
    match manager.get_database_backend() {
        DbBackend::Postgres => key.custom("serial"),
        _ => key.integer().auto_increment(),
    };
    key.not_null().primary_key().take()
}
