//! Where, what and when: stores, products and days.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("store")
                    .col(ColumnDef::new("id").integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("code").string_len(20).not_null().unique_key())
                    .col(ColumnDef::new("name").string_len(100).not_null())
                    .col(ColumnDef::new("region").string_len(50))
                    .col(ColumnDef::new("city").string_len(50))
                    .col(ColumnDef::new("store_type").string_len(30))
                    .col(ColumnDef::new("created_at").date_time().not_null().default(Expr::current_timestamp()))
                    .col(ColumnDef::new("updated_at").date_time().not_null().default(Expr::current_timestamp()))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("product")
                    .col(ColumnDef::new("id").integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("sku").string_len(50).not_null().unique_key())
                    .col(ColumnDef::new("name").string_len(200).not_null())
                    .col(ColumnDef::new("category").string_len(100))
                    .col(ColumnDef::new("brand").string_len(100))
                    .col(ColumnDef::new("base_price").decimal_len(10, 2))
                    .col(ColumnDef::new("base_cost").decimal_len(10, 2))
                    .col(ColumnDef::new("created_at").date_time().not_null().default(Expr::current_timestamp()))
                    .col(ColumnDef::new("updated_at").date_time().not_null().default(Expr::current_timestamp()))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_product_category").table("product").col("category").to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("calendar")
                    .col(ColumnDef::new("date").date().not_null().primary_key())
                    .col(ColumnDef::new("day_of_week").integer().not_null())
                    .col(ColumnDef::new("month").integer().not_null())
                    .col(ColumnDef::new("quarter").integer().not_null())
                    .col(ColumnDef::new("year").integer().not_null())
                    .col(ColumnDef::new("is_holiday").boolean().not_null().default(false))
                    .col(ColumnDef::new("holiday_name").string_len(100))
                    .col(ColumnDef::new("created_at").date_time().not_null().default(Expr::current_timestamp()))
                    .col(ColumnDef::new("updated_at").date_time().not_null().default(Expr::current_timestamp()))
                    .check(("ck_calendar_day_of_week", Expr::col("day_of_week").between(0, 6)))
                    .check(("ck_calendar_month", Expr::col("month").between(1, 12)))
                    .check(("ck_calendar_quarter", Expr::col("quarter").between(1, 4)))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("ix_calendar_year").table("calendar").col("year").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("calendar").to_owned()).await?;
        manager.drop_table(Table::drop().table("product").to_owned()).await?;
        manager.drop_table(Table::drop().table("store").to_owned()).await
    }
}
