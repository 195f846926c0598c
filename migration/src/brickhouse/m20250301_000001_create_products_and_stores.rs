//! What is sold, and where.

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
                    .table("products")
                    .col(key(manager, "product_id"))
                    .col(ColumnDef::new("product_name").string_len(255).not_null())
                    .col(ColumnDef::new("brand").string_len(100).not_null())
                    .col(ColumnDef::new("category").string_len(50).not_null())
                    .col(ColumnDef::new("package_size").string_len(50).not_null())
                    .col(ColumnDef::new("unit_price").decimal_len(10, 2).not_null())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("stores")
                    .col(key(manager, "store_id"))
                    .col(ColumnDef::new("store_name").string_len(255).not_null())
                    .col(ColumnDef::new("store_code").string_len(20).unique_key().not_null())
                    .col(ColumnDef::new("address").text().not_null())
                    .col(ColumnDef::new("city").string_len(100).not_null())
                    .col(ColumnDef::new("state").string_len(2).not_null())
                    .col(ColumnDef::new("zip_code").string_len(10).not_null())
                    .col(ColumnDef::new("region").string_len(50).not_null())
                    .col(ColumnDef::new("store_type").string_len(50).not_null())
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("stores").to_owned()).await?;
        manager.drop_table(Table::drop().table("products").to_owned()).await
    }
}
