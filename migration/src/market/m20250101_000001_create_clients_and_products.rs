//! Clients and what they offer.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("clients")
                    .col(ColumnDef::new("client_id").integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("client_name").text().not_null())
                    .col(ColumnDef::new("industry").text().not_null())
                    .to_owned(),
            )
            .await?;

        // MariaDB cannot index text without a length.
        let mut category = ColumnDef::new("category");
        if manager.get_database_backend() == DbBackend::MySql {
            category.string_len(255);
        } else {
            category.text();
        }
        manager
            .create_table(
                Table::create()
                    .table("products")
                    .col(ColumnDef::new("product_id").integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("client_id").integer().not_null())
                    .col(ColumnDef::new("product_name").text().not_null())
                    .col(category.not_null())
                    .col(ColumnDef::new("brand").text().not_null())
                    .col(ColumnDef::new("price").double().not_null())
                    .foreign_key(ForeignKey::create().from("products", "client_id").to("clients", "client_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx_products_client_category")
                    .table("products")
                    .col("client_id")
                    .col("category")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("products").to_owned()).await?;
        manager.drop_table(Table::drop().table("clients").to_owned()).await
    }
}
