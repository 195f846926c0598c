//! What is in stock, and what is ordered.

use sea_orm_migration::prelude::*;

use super::key;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("inventory")
                    .col(key(manager, "inventory_id"))
                    .col(ColumnDef::new("product_id").integer().not_null())
                    .col(ColumnDef::new("store_id").integer())
                    .col(ColumnDef::new("quantity_cases").integer().not_null().default(0))
                    .col(ColumnDef::new("reserved_cases").integer().not_null().default(0))
                    .col(ColumnDef::new("last_updated").date_time().default(Expr::current_timestamp()))
                    .col(ColumnDef::new("version").integer().default(1))
                    .foreign_key(ForeignKey::create().from("inventory", "product_id").to("products", "product_id"))
                    .foreign_key(ForeignKey::create().from("inventory", "store_id").to("stores", "store_id"))
                    .index(Index::create().unique().col("product_id").col("store_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("orders")
                    .col(key(manager, "order_id"))
                    .col(ColumnDef::new("order_number").string_len(50).unique_key().not_null())
                    .col(ColumnDef::new("from_store_id").integer())
                    .col(ColumnDef::new("to_store_id").integer().not_null())
                    .col(ColumnDef::new("product_id").integer().not_null())
                    .col(ColumnDef::new("quantity_cases").integer().not_null())
                    .col(ColumnDef::new("order_status").string_len(50).not_null().default("pending_review").check(
                        Expr::col("order_status").is_in(["pending_review", "approved", "fulfilled", "cancelled"]),
                    ))
                    .col(ColumnDef::new("requested_by").integer().not_null())
                    .col(ColumnDef::new("approved_by").integer())
                    .col(ColumnDef::new("order_date").date_time().default(Expr::current_timestamp()))
                    .col(ColumnDef::new("approved_date").date_time())
                    .col(ColumnDef::new("fulfilled_date").date_time())
                    .col(ColumnDef::new("notes").text())
                    .col(ColumnDef::new("version").integer().default(1))
                    .foreign_key(ForeignKey::create().from("orders", "from_store_id").to("stores", "store_id"))
                    .foreign_key(ForeignKey::create().from("orders", "to_store_id").to("stores", "store_id"))
                    .foreign_key(ForeignKey::create().from("orders", "product_id").to("products", "product_id"))
                    .foreign_key(ForeignKey::create().from("orders", "requested_by").to("users", "user_id"))
                    .foreign_key(ForeignKey::create().from("orders", "approved_by").to("users", "user_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx_inventory_store_product")
                    .table("inventory")
                    .col("store_id")
                    .col("product_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("idx_orders_status").table("orders").col("order_status").to_owned())
            .await?;
        manager
            .create_index(Index::create().name("idx_orders_store").table("orders").col("to_store_id").to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("orders").to_owned()).await?;
        manager.drop_table(Table::drop().table("inventory").to_owned()).await
    }
}
