//! Runs of the planning agents.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("workflows")
                    .col(ColumnDef::new("workflow_id").string_len(50).not_null().primary_key())
                    .col(ColumnDef::new("workflow_type").string_len(50).not_null())
                    .col(ColumnDef::new("forecast_id").string_len(255))
                    .col(ColumnDef::new("category_id").string_len(50))
                    .col(ColumnDef::new("status").string_len(255).not_null())
                    .col(ColumnDef::new("current_agent").string_len(100))
                    .col(ColumnDef::new("progress_pct").integer().not_null().default(0))
                    .col(ColumnDef::new("input_data").json())
                    .col(ColumnDef::new("output_data").json())
                    .col(ColumnDef::new("error_message").text())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .col(ColumnDef::new("updated_at").date_time().default(Expr::current_timestamp()))
                    .col(ColumnDef::new("started_at").date_time())
                    .col(ColumnDef::new("completed_at").date_time())
                    .foreign_key(ForeignKey::create().from("workflows", "forecast_id").to("forecasts", "forecast_id"))
                    .foreign_key(ForeignKey::create().from("workflows", "category_id").to("categories", "category_id"))
                    .check(("check_workflow_type", Expr::col("workflow_type").is_in(["forecast", "reforecast"])))
                    .check((
                        "check_workflow_status",
                        Expr::col("status").is_in(["pending", "running", "completed", "failed", "awaiting_approval"]),
                    ))
                    .check(("check_progress", Expr::col("progress_pct").between(0, 100)))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("workflows").to_owned()).await
    }
}
