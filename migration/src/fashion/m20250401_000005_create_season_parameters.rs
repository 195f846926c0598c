//! By which rules a season is planned.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("season_parameters")
                    .col(ColumnDef::new("parameter_id").string_len(255).not_null().primary_key())
                    .col(ColumnDef::new("category_id").string_len(50).not_null())
                    .col(ColumnDef::new("season").string_len(50).not_null())
                    .col(ColumnDef::new("forecast_horizon_weeks").integer().not_null())
                    .col(ColumnDef::new("season_start_date").date().not_null())
                    .col(ColumnDef::new("season_end_date").date().not_null())
                    .col(ColumnDef::new("replenishment_strategy").string_len(255).not_null())
                    .col(ColumnDef::new("dc_holdback_percentage").double().not_null())
                    .col(ColumnDef::new("markdown_checkpoint_week").integer())
                    .col(ColumnDef::new("markdown_threshold").double())
                    .col(ColumnDef::new("extraction_confidence").string_len(255).not_null())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .foreign_key(
                        ForeignKey::create().from("season_parameters", "category_id").to("categories", "category_id"),
                    )
                    .check(("check_forecast_horizon", Expr::col("forecast_horizon_weeks").between(1, 52)))
                    .check(("check_season_dates", Expr::col("season_end_date").gte(Expr::col("season_start_date"))))
                    .check((
                        "check_replenishment_strategy",
                        Expr::col("replenishment_strategy").is_in(["none", "weekly", "bi-weekly"]),
                    ))
                    .check(("check_dc_holdback", Expr::col("dc_holdback_percentage").between(0, 1)))
                    .check(("check_markdown_threshold", Expr::col("markdown_threshold").between(0, 1)))
                    .check((
                        "check_extraction_confidence",
                        Expr::col("extraction_confidence").is_in(["high", "medium", "low"]),
                    ))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("season_parameters").to_owned()).await
    }
}
