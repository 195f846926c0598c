//! The migrations of `fashion`, in order.

use sea_orm_migration::prelude::*;

mod m20250401_000001_create_categories_and_stores;
mod m20250401_000002_create_forecasts;
mod m20250401_000003_create_allocations_and_markdowns;
mod m20250401_000004_create_sales_and_logs;
mod m20250401_000005_create_season_parameters;
mod m20250401_000006_create_workflows;
mod m20250401_000007_create_weekly_actuals;

/// Brings `fashion` from nothing to what its entities describe.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20250401_000001_create_categories_and_stores::Migration),
            Box::new(m20250401_000002_create_forecasts::Migration),
            Box::new(m20250401_000003_create_allocations_and_markdowns::Migration),
            Box::new(m20250401_000004_create_sales_and_logs::Migration),
            Box::new(m20250401_000005_create_season_parameters::Migration),
            Box::new(m20250401_000006_create_workflows::Migration),
            Box::new(m20250401_000007_create_weekly_actuals::Migration),
        ]
    }
}
