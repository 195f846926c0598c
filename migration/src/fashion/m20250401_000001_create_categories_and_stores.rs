//! What is sold and where: categories, clusters and stores.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("categories")
                    .col(ColumnDef::new("category_id").string_len(50).not_null().primary_key())
                    .col(ColumnDef::new("category_name").string_len(255).not_null())
                    .col(ColumnDef::new("season_start_date").date().not_null())
                    .col(ColumnDef::new("season_end_date").date().not_null())
                    .col(ColumnDef::new("season_length_weeks").integer().not_null())
                    .col(ColumnDef::new("archetype").string_len(255).not_null().default("FASHION_RETAIL"))
                    .col(ColumnDef::new("description").text())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .check((
                        "check_archetype",
                        Expr::col("archetype").is_in(["FASHION_RETAIL", "STABLE_CATALOG", "CONTINUOUS"]),
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("store_clusters")
                    .col(ColumnDef::new("cluster_id").string_len(50).not_null().primary_key())
                    .col(ColumnDef::new("cluster_name").string_len(255).not_null())
                    .col(ColumnDef::new("fashion_tier").string_len(255).not_null())
                    .col(ColumnDef::new("description").text())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .check(("check_fashion_tier", Expr::col("fashion_tier").is_in(["PREMIUM", "MAINSTREAM", "VALUE"])))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("stores")
                    .col(ColumnDef::new("store_id").string_len(50).not_null().primary_key())
                    .col(ColumnDef::new("store_name").string_len(100).not_null())
                    .col(ColumnDef::new("cluster_id").string_len(50).not_null())
                    .col(ColumnDef::new("store_size_sqft").integer().not_null())
                    .col(ColumnDef::new("location_tier").string_len(20).not_null())
                    .col(ColumnDef::new("median_income").integer().not_null())
                    .col(ColumnDef::new("store_format").string_len(50).not_null())
                    .col(ColumnDef::new("region").string_len(50).not_null())
                    .col(ColumnDef::new("avg_weekly_sales_12mo").double().not_null())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .foreign_key(ForeignKey::create().from("stores", "cluster_id").to("store_clusters", "cluster_id"))
                    .check(("check_location_tier", Expr::col("location_tier").is_in(["A", "B", "C"])))
                    .check((
                        "check_store_format",
                        Expr::col("store_format").is_in(["MALL", "STANDALONE", "SHOPPING_CENTER", "OUTLET"]),
                    ))
                    .check(("check_region", Expr::col("region").is_in(["NORTHEAST", "SOUTHEAST", "MIDWEST", "WEST"])))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("stores").to_owned()).await?;
        manager.drop_table(Table::drop().table("store_clusters").to_owned()).await?;
        manager.drop_table(Table::drop().table("categories").to_owned()).await
    }
}
