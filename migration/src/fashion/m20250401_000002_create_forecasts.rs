//! What is expected to sell, and how it spreads over the clusters.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("forecasts")
                    .col(ColumnDef::new("forecast_id").string_len(255).not_null().primary_key())
                    .col(ColumnDef::new("category_id").string_len(50).not_null())
                    .col(ColumnDef::new("season").string_len(255).not_null())
                    .col(ColumnDef::new("forecast_horizon_weeks").integer().not_null())
                    .col(ColumnDef::new("total_season_demand").integer().not_null())
                    .col(ColumnDef::new("weekly_demand_curve").json().not_null())
                    .col(ColumnDef::new("peak_week").integer().not_null())
                    .col(
                        ColumnDef::new("forecasting_method")
                            .string_len(255)
                            .not_null()
                            .default("ensemble_prophet_arima"),
                    )
                    .col(ColumnDef::new("models_used").json().not_null())
                    .col(ColumnDef::new("prophet_forecast").integer())
                    .col(ColumnDef::new("arima_forecast").integer())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .foreign_key(ForeignKey::create().from("forecasts", "category_id").to("categories", "category_id"))
                    .check(("check_total_demand", Expr::col("total_season_demand").gte(0)))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("forecast_cluster_distribution")
                    .col(ColumnDef::new("distribution_id").string_len(255).not_null().primary_key())
                    .col(ColumnDef::new("forecast_id").string_len(255).not_null())
                    .col(ColumnDef::new("cluster_id").string_len(50).not_null())
                    .col(ColumnDef::new("allocation_percentage").double().not_null())
                    .col(ColumnDef::new("total_units").integer().not_null())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .foreign_key(
                        ForeignKey::create()
                            .from("forecast_cluster_distribution", "forecast_id")
                            .to("forecasts", "forecast_id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("forecast_cluster_distribution", "cluster_id")
                            .to("store_clusters", "cluster_id"),
                    )
                    .check((
                        "check_allocation_pct",
                        Expr::col("allocation_percentage").gte(0).and(Expr::col("allocation_percentage").lte(1)),
                    ))
                    .check(("check_total_units", Expr::col("total_units").gte(0)))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("forecast_cluster_distribution").to_owned()).await?;
        manager.drop_table(Table::drop().table("forecasts").to_owned()).await
    }
}
