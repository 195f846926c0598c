//! What follows from a forecast: what is made and sent where, and what is marked down.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("allocations")
                    .col(ColumnDef::new("allocation_id").string_len(255).not_null().primary_key())
                    .col(ColumnDef::new("forecast_id").string_len(255).not_null())
                    .col(ColumnDef::new("manufacturing_qty").integer().not_null())
                    .col(ColumnDef::new("safety_stock_percentage").double().not_null().default(0.20))
                    .col(ColumnDef::new("initial_allocation_total").integer().not_null())
                    .col(ColumnDef::new("holdback_total").integer().not_null())
                    .col(ColumnDef::new("store_allocations").json().not_null())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .foreign_key(ForeignKey::create().from("allocations", "forecast_id").to("forecasts", "forecast_id"))
                    .check(("check_manufacturing_qty", Expr::col("manufacturing_qty").gte(0)))
                    .check(("check_initial_allocation", Expr::col("initial_allocation_total").gte(0)))
                    .check(("check_holdback", Expr::col("holdback_total").gte(0)))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("markdowns")
                    .col(ColumnDef::new("markdown_id").string_len(255).not_null().primary_key())
                    .col(ColumnDef::new("forecast_id").string_len(255).not_null())
                    .col(ColumnDef::new("week_number").integer().not_null())
                    .col(ColumnDef::new("sell_through_pct").double().not_null())
                    .col(ColumnDef::new("target_sell_through_pct").double().not_null().default(0.60))
                    .col(ColumnDef::new("gap_pct").double().not_null())
                    .col(ColumnDef::new("recommended_markdown_pct").double().not_null())
                    .col(ColumnDef::new("elasticity_coefficient").double().not_null().default(2.0))
                    .col(ColumnDef::new("expected_demand_lift_pct").double())
                    .col(ColumnDef::new("status").string_len(255).not_null().default("pending"))
                    .col(ColumnDef::new("reasoning").text())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .foreign_key(ForeignKey::create().from("markdowns", "forecast_id").to("forecasts", "forecast_id"))
                    .check(("check_week_number", Expr::col("week_number").gte(1).and(Expr::col("week_number").lte(12))))
                    .check((
                        "check_sell_through",
                        Expr::col("sell_through_pct").gte(0).and(Expr::col("sell_through_pct").lte(1)),
                    ))
                    .check((
                        "check_markdown_pct",
                        Expr::col("recommended_markdown_pct")
                            .gte(0)
                            .and(Expr::col("recommended_markdown_pct").lte(0.40)),
                    ))
                    .check(("check_status", Expr::col("status").is_in(["pending", "approved", "applied"])))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("markdowns").to_owned()).await?;
        manager.drop_table(Table::drop().table("allocations").to_owned()).await
    }
}
