//! What each store held of each product, day by day.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("inventory_snapshot_daily")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("date").date().not_null())
                    .col(ColumnDef::new("store_id").integer().not_null())
                    .col(ColumnDef::new("product_id").integer().not_null())
                    .col(ColumnDef::new("on_hand_qty").integer().not_null())
                    .col(ColumnDef::new("on_order_qty").integer().not_null().default(0))
                    .col(ColumnDef::new("is_stockout").boolean().not_null().default(false))
                    .col(ColumnDef::new("created_at").date_time().not_null().default(Expr::current_timestamp()))
                    .col(ColumnDef::new("updated_at").date_time().not_null().default(Expr::current_timestamp()))
                    .index(
                        Index::create()
                            .name("uq_inventory_snapshot_daily_grain")
                            .unique()
                            .col("date")
                            .col("store_id")
                            .col("product_id"),
                    )
                    .foreign_key(ForeignKey::create().from("inventory_snapshot_daily", "date").to("calendar", "date"))
                    .foreign_key(ForeignKey::create().from("inventory_snapshot_daily", "store_id").to("store", "id"))
                    .foreign_key(
                        ForeignKey::create().from("inventory_snapshot_daily", "product_id").to("product", "id"),
                    )
                    .check(("ck_inventory_on_hand_positive", Expr::col("on_hand_qty").gte(0)))
                    .check(("ck_inventory_on_order_positive", Expr::col("on_order_qty").gte(0)))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_inventory_snapshot_date_store")
                    .table("inventory_snapshot_daily")
                    .col("date")
                    .col("store_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("inventory_snapshot_daily").to_owned()).await
    }
}
