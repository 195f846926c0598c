//! What was sold, and what the agents did.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("historical_sales")
                    .col(ColumnDef::new("sale_id").string_len(100).not_null().primary_key())
                    .col(ColumnDef::new("store_id").string_len(50).not_null())
                    .col(ColumnDef::new("category_id").string_len(50).not_null())
                    .col(ColumnDef::new("week_start_date").date().not_null())
                    .col(ColumnDef::new("units_sold").integer().not_null())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .foreign_key(ForeignKey::create().from("historical_sales", "store_id").to("stores", "store_id"))
                    .foreign_key(
                        ForeignKey::create().from("historical_sales", "category_id").to("categories", "category_id"),
                    )
                    .check(("check_units_sold", Expr::col("units_sold").gte(0)))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx_historical_sales_store_category")
                    .table("historical_sales")
                    .col("store_id")
                    .col("category_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx_historical_sales_date")
                    .table("historical_sales")
                    .col("week_start_date")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("actual_sales")
                    .col(ColumnDef::new("actual_id").string_len(255).not_null().primary_key())
                    .col(ColumnDef::new("store_id").string_len(50).not_null())
                    .col(ColumnDef::new("forecast_id").string_len(255).not_null())
                    .col(ColumnDef::new("week_number").integer().not_null())
                    .col(ColumnDef::new("units_sold").integer().not_null())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .foreign_key(ForeignKey::create().from("actual_sales", "store_id").to("stores", "store_id"))
                    .foreign_key(
                        ForeignKey::create().from("actual_sales", "forecast_id").to("forecasts", "forecast_id"),
                    )
                    .check(("check_week_number", Expr::col("week_number").gte(1).and(Expr::col("week_number").lte(12))))
                    .check(("check_units_sold", Expr::col("units_sold").gte(0)))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx_actual_sales_forecast_week")
                    .table("actual_sales")
                    .col("forecast_id")
                    .col("week_number")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("workflow_logs")
                    .col(ColumnDef::new("log_id").string_len(255).not_null().primary_key())
                    .col(ColumnDef::new("workflow_id").string_len(50).not_null())
                    .col(ColumnDef::new("agent_name").string_len(255).not_null())
                    .col(ColumnDef::new("action").string_len(255).not_null())
                    .col(ColumnDef::new("input_data").json())
                    .col(ColumnDef::new("output_data").json())
                    .col(ColumnDef::new("duration_seconds").double())
                    .col(ColumnDef::new("status").string_len(255).not_null())
                    .col(ColumnDef::new("error_message").text())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .check(("check_status", Expr::col("status").is_in(["started", "completed", "failed"])))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("idx_workflow_logs_workflow").table("workflow_logs").col("workflow_id").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("workflow_logs").to_owned()).await?;
        manager.drop_table(Table::drop().table("actual_sales").to_owned()).await?;
        manager.drop_table(Table::drop().table("historical_sales").to_owned()).await
    }
}
