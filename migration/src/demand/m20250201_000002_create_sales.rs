//! What each store sold of each product, day by day.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("sales_daily")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("date").date().not_null())
                    .col(ColumnDef::new("store_id").integer().not_null())
                    .col(ColumnDef::new("product_id").integer().not_null())
                    .col(ColumnDef::new("quantity").integer().not_null())
                    .col(ColumnDef::new("unit_price").decimal_len(10, 2).not_null())
                    .col(ColumnDef::new("total_amount").decimal_len(12, 2).not_null())
                    .col(ColumnDef::new("created_at").date_time().not_null().default(Expr::current_timestamp()))
                    .col(ColumnDef::new("updated_at").date_time().not_null().default(Expr::current_timestamp()))
                    .index(
                        Index::create()
                            .name("uq_sales_daily_grain")
                            .unique()
                            .col("date")
                            .col("store_id")
                            .col("product_id"),
                    )
                    .foreign_key(ForeignKey::create().from("sales_daily", "date").to("calendar", "date"))
                    .foreign_key(ForeignKey::create().from("sales_daily", "store_id").to("store", "id"))
                    .foreign_key(ForeignKey::create().from("sales_daily", "product_id").to("product", "id"))
                    .check(("ck_sales_daily_quantity_positive", Expr::col("quantity").gte(0)))
                    .check(("ck_sales_daily_price_positive", Expr::col("unit_price").gte(0)))
                    .check(("ck_sales_daily_amount_positive", Expr::col("total_amount").gte(0)))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_sales_daily_store_id").table("sales_daily").col("store_id").to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_sales_daily_product_id").table("sales_daily").col("product_id").to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_sales_daily_date_store")
                    .table("sales_daily")
                    .col("date")
                    .col("store_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_sales_daily_date_product")
                    .table("sales_daily")
                    .col("date")
                    .col("product_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("sales_daily").to_owned()).await
    }
}
