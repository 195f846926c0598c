//! What products cost, and when they cost less.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("price_history")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("product_id").integer().not_null())
                    .col(ColumnDef::new("store_id").integer())
                    .col(ColumnDef::new("price").decimal_len(10, 2).not_null())
                    .col(ColumnDef::new("valid_from").date().not_null())
                    .col(ColumnDef::new("valid_to").date())
                    .col(ColumnDef::new("created_at").date_time().not_null().default(Expr::current_timestamp()))
                    .col(ColumnDef::new("updated_at").date_time().not_null().default(Expr::current_timestamp()))
                    .foreign_key(ForeignKey::create().from("price_history", "product_id").to("product", "id"))
                    .foreign_key(ForeignKey::create().from("price_history", "store_id").to("store", "id"))
                    .check(("ck_price_history_price_positive", Expr::col("price").gte(0)))
                    .check(("ck_price_history_valid_dates", Expr::col("valid_to").gte(Expr::col("valid_from"))))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_price_history_product_validity")
                    .table("price_history")
                    .col("product_id")
                    .col("valid_from")
                    .col("valid_to")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_price_history_store_id").table("price_history").col("store_id").to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_price_history_valid_from").table("price_history").col("valid_from").to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("promotion")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("product_id").integer().not_null())
                    .col(ColumnDef::new("store_id").integer())
                    .col(ColumnDef::new("name").string_len(200).not_null())
                    .col(ColumnDef::new("discount_pct").decimal_len(5, 4))
                    .col(ColumnDef::new("discount_amount").decimal_len(10, 2))
                    .col(ColumnDef::new("start_date").date().not_null())
                    .col(ColumnDef::new("end_date").date().not_null())
                    .col(ColumnDef::new("created_at").date_time().not_null().default(Expr::current_timestamp()))
                    .col(ColumnDef::new("updated_at").date_time().not_null().default(Expr::current_timestamp()))
                    .foreign_key(ForeignKey::create().from("promotion", "product_id").to("product", "id"))
                    .foreign_key(ForeignKey::create().from("promotion", "store_id").to("store", "id"))
                    .check(("ck_promotion_valid_dates", Expr::col("end_date").gte(Expr::col("start_date"))))
                    .check(("ck_promotion_discount_pct_range", Expr::col("discount_pct").between(0, 1)))
                    .check(("ck_promotion_discount_amount_positive", Expr::col("discount_amount").gte(0)))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_promotion_product_dates")
                    .table("promotion")
                    .col("product_id")
                    .col("start_date")
                    .col("end_date")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_promotion_store_id").table("promotion").col("store_id").to_owned())
            .await?;
        manager
            .create_index(
                Index::create().name("ix_promotion_start_date").table("promotion").col("start_date").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("promotion").to_owned()).await?;
        manager.drop_table(Table::drop().table("price_history").to_owned()).await
    }
}
