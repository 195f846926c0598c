//! What dashboards read: materialized views in a schema of their own on PostgreSQL, plain views
//! beside the tables on SQLite and MariaDB.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// The relations, in the order in which they are made.
const RELATIONS: [&str; 3] = ["inventory_summary", "order_trends", "low_stock_alerts"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let db = manager.get_connection();
        if backend != DbBackend::Postgres {
            for name in RELATIONS {
                db.execute_unprepared(&format!("CREATE VIEW analytics_{name} AS {}", select(backend, name))).await?;
            }
            return Ok(());
        }
        // Asked first: whoever may not create schemas may have been given this one.
        let there = "SELECT 1 FROM pg_namespace WHERE nspname = 'analytics'";
        if db.query_one_raw(Statement::from_string(backend, there)).await?.is_none() {
            db.execute_unprepared("CREATE SCHEMA analytics").await?;
        }
        for name in RELATIONS {
            let select = select(backend, name);
            db.execute_unprepared(&format!("CREATE MATERIALIZED VIEW analytics.{name} AS {select}")).await?;
        }
        for index in [
            "CREATE INDEX idx_inventory_summary_region ON analytics.inventory_summary (region)",
            "CREATE INDEX idx_order_trends_day ON analytics.order_trends (order_day)",
            "CREATE INDEX idx_low_stock_status ON analytics.low_stock_alerts (stock_status)",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // One that somebody has dropped is down already; `up` then makes all of them again.
        for name in RELATIONS.iter().rev() {
            let statement = match manager.get_database_backend() {
                DbBackend::Postgres => format!("DROP MATERIALIZED VIEW IF EXISTS analytics.{name}"),
                _ => format!("DROP VIEW IF EXISTS analytics_{name}"),
            };
            db.execute_unprepared(&statement).await?;
        }
        // Not where somebody else keeps something in it, or where another role made it.
        if manager.get_database_backend() == DbBackend::Postgres && catalog::is_spent(db, "analytics").await? {
            db.execute_unprepared("DROP SCHEMA analytics").await?;
        }
        Ok(())
    }
}

/// The query behind a relation. The dialects differ in the parts of `order_trends` that calculate with time.
fn select(backend: DbBackend, name: &str) -> String {
    match name {
        "inventory_summary" => INVENTORY_SUMMARY.to_owned(),
        "order_trends" => {
            let [day, hours, month_ago] = match backend {
                DbBackend::Postgres => [
                    "DATE_TRUNC('day', o.order_date)",
                    "EXTRACT(EPOCH FROM (o.fulfilled_date - o.order_date))/3600",
                    "CURRENT_DATE - INTERVAL '30 days'",
                ],
                DbBackend::MySql => [
                    "CAST(CAST(o.order_date AS DATE) AS DATETIME)",
                    "TIMESTAMPDIFF(MICROSECOND, o.order_date, o.fulfilled_date) / 3600000000",
                    "UTC_DATE() - INTERVAL 30 DAY",
                ],
                _ => [
                    "strftime('%Y-%m-%d 00:00:00', o.order_date)",
                    "(strftime('%s', o.fulfilled_date) - strftime('%s', o.order_date)) / 3600.0",
                    "date('now', '-30 days')",
                ],
            };
            ORDER_TRENDS.replace("{day}", day).replace("{hours}", hours).replace("{month_ago}", month_ago)
        }
        _ => LOW_STOCK_ALERTS.to_owned(),
    }
}

const INVENTORY_SUMMARY: &str = "
SELECT
    s.region,
    s.store_name,
    p.brand,
    p.category,
    SUM(i.quantity_cases) as total_cases,
    SUM(i.reserved_cases) as total_reserved,
    SUM(i.quantity_cases * p.unit_price) as inventory_value,
    COUNT(DISTINCT p.product_id) as product_count
FROM inventory i
JOIN stores s ON i.store_id = s.store_id
JOIN products p ON i.product_id = p.product_id
WHERE s.store_type != 'Warehouse'
GROUP BY s.region, s.store_name, p.brand, p.category";

const ORDER_TRENDS: &str = "
SELECT
    {day} as order_day,
    s.region,
    p.category,
    COUNT(*) as order_count,
    SUM(o.quantity_cases) as total_cases_ordered,
    SUM(o.quantity_cases * p.unit_price) as total_order_value,
    COUNT(CASE WHEN o.order_status = 'fulfilled' THEN 1 END) as fulfilled_orders,
    AVG({hours}) as avg_fulfillment_hours
FROM orders o
JOIN stores s ON o.to_store_id = s.store_id
JOIN products p ON o.product_id = p.product_id
WHERE o.order_date >= {month_ago}
GROUP BY {day}, s.region, p.category";

const LOW_STOCK_ALERTS: &str = "
SELECT
    s.store_name,
    s.region,
    p.product_name,
    p.brand,
    i.quantity_cases,
    i.reserved_cases,
    (i.quantity_cases - i.reserved_cases) as available_cases,
    CASE
        WHEN (i.quantity_cases - i.reserved_cases) <= 10 THEN 'CRITICAL'
        WHEN (i.quantity_cases - i.reserved_cases) <= 25 THEN 'LOW'
        ELSE 'NORMAL'
    END as stock_status
FROM inventory i
JOIN stores s ON i.store_id = s.store_id
JOIN products p ON i.product_id = p.product_id
WHERE s.store_type != 'Warehouse'
AND (i.quantity_cases - i.reserved_cases) <= 25";
