//! What is uploaded week by week, on databases where somebody may have made the table already.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, TransactionTrait as _};

use crate::idempotent::{ensure_index, ensure_table, require_tables};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Earlier migrations make them, so one that is missing was dropped, and `up` would not make it again.
        let required = ["historical_sales", "stores", "categories", "workflows"];
        require_tables(manager, &required, "kiln migrate fresh fashion").await?;
        let backend = manager.get_database_backend();
        let own = table(backend, Types::OURS);
        let documented = table(backend, Types::DOCUMENTED);
        ensure_table(manager, &[own, documented]).await?;
        for (name, columns) in [
            ("idx_weekly_actuals_workflow", &["workflow_id", "week_number"][..]),
            ("idx_weekly_actuals_store", &["store_id"]),
            ("idx_weekly_actuals_date", &["week_start_date"]),
        ] {
            let mut index = Index::create().name(name).take();
            for column in columns {
                index.col(*column);
            }
            ensure_index(manager, "weekly_actuals", &index).await?;
        }
        probe(manager).await?;
        log_row_counts(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("weekly_actuals").if_exists().to_owned()).await
    }
}

/// The types in which MariaDB's form of the table and the document's differ.
struct Types {
    share: &'static str,
    timestamp: &'static str,
}

impl Types {
    /// 64-bit floats, and timestamps that no time zone moves and no year 2038 ends.
    const OURS: Self = Self { share: "double", timestamp: "datetime" };
    const DOCUMENTED: Self = Self { share: "float", timestamp: "timestamp" };
}

fn table(backend: DbBackend, types: Types) -> TableCreateStatement {
    // SQLite and PostgreSQL take the document's types as they stand: FLOAT is 64-bit in both.
    let Types { share, timestamp } = if backend == DbBackend::MySql { types } else { Types::DOCUMENTED };
    let mut id = ColumnDef::new("id");
    match backend {
        DbBackend::Postgres => id.custom("serial"),
        _ => id.integer().auto_increment(),
    };
    Table::create()
        .table("weekly_actuals")
        .col(id.primary_key())
        .col(ColumnDef::new("workflow_id").string_len(50).not_null())
        .col(ColumnDef::new("week_number").integer().not_null())
        .col(ColumnDef::new("week_start_date").custom("date").not_null())
        .col(ColumnDef::new("week_end_date").custom("date").not_null())
        .col(ColumnDef::new("store_id").string_len(50).not_null())
        .col(ColumnDef::new("category_id").string_len(50).not_null())
        .col(ColumnDef::new("actual_units_sold").integer().not_null())
        .col(ColumnDef::new("forecast_units_sold").integer())
        .col(ColumnDef::new("variance_pct").custom(share))
        .col(ColumnDef::new("uploaded_at").custom(timestamp).default(Expr::current_timestamp()))
        .index(
            Index::create()
                .name("unique_workflow_week_store")
                .unique()
                .col("workflow_id")
                .col("week_number")
                .col("store_id"),
        )
        .foreign_key(&mut cascading("workflow_id", "workflows"))
        .foreign_key(&mut cascading("store_id", "stores"))
        .foreign_key(&mut cascading("category_id", "categories"))
        .take()
}

fn cascading(column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from("weekly_actuals", column).to(target, column).on_delete(ForeignKeyAction::Cascade).take()
}

/// What the probe's rows are called.
const PROBE: &str = "kiln probe";

/// Tries an insert, with parents of its own, and a select, and takes all of it back.
///
/// The key is given, since a sequence would not go back with the row.
async fn probe(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let transaction = manager.get_connection().begin().await?;
    for statement in [
        "INSERT INTO categories (category_id, category_name, season_start_date, season_end_date, season_length_weeks, \
         archetype) VALUES ('kiln probe', 'probe', '2025-01-01', '2025-03-26', 12, 'FASHION_RETAIL')",
        "INSERT INTO store_clusters (cluster_id, cluster_name, fashion_tier) VALUES ('kiln probe', 'probe', 'VALUE')",
        "INSERT INTO stores (store_id, store_name, cluster_id, store_size_sqft, location_tier, median_income, \
         store_format, region, avg_weekly_sales_12mo) \
         VALUES ('kiln probe', 'probe', 'kiln probe', 1000, 'A', 50000, 'MALL', 'WEST', 1.5)",
        "INSERT INTO workflows (workflow_id, workflow_type, status, progress_pct) \
         VALUES ('kiln probe', 'forecast', 'pending', 0)",
        "INSERT INTO weekly_actuals (id, workflow_id, week_number, week_start_date, week_end_date, store_id, \
         category_id, actual_units_sold, forecast_units_sold, variance_pct) \
         VALUES (-1, 'kiln probe', 1, '2025-01-01', '2025-01-07', 'kiln probe', 'kiln probe', 150, 140, 0.071)",
    ] {
        transaction.execute_unprepared(statement).await?;
    }
    let select = Query::select()
        .column("actual_units_sold")
        .from("weekly_actuals")
        .and_where(Expr::col("workflow_id").eq(PROBE))
        .take();
    let row = transaction.query_one(&select).await?;
    let units: Option<i32> = row.map(|row| row.try_get("", "actual_units_sold")).transpose()?;
    transaction.rollback().await?;
    if units != Some(150) {
        return Err(DbErr::Migration(format!("a probe row of weekly_actuals with 150 units reads back as {units:?}")));
    }
    tracing::info!("a probe row was inserted into weekly_actuals, read back and taken back");
    Ok(())
}

async fn log_row_counts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for table in ["historical_sales", "stores", "categories", "workflows", "weekly_actuals"] {
        let select = Query::select().expr_as(Expr::col(Asterisk).count(), "n").from(table).take();
        let row = manager.get_connection().query_one(&select).await?;
        let rows: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
        tracing::info!(rows, "{table}");
    }
    Ok(())
}
