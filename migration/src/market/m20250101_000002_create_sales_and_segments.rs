//! What was sold, and to whom clients sell.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("sales")
                    .col(ColumnDef::new("sale_id").integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("client_id").integer().not_null())
                    .col(ColumnDef::new("product_id").integer().not_null())
                    .col(ColumnDef::new("region").text().not_null())
                    .col(ColumnDef::new("date").date().not_null())
                    .col(ColumnDef::new("quantity").integer().not_null())
                    .col(ColumnDef::new("revenue").double().not_null())
                    .foreign_key(ForeignKey::create().from("sales", "client_id").to("clients", "client_id"))
                    .foreign_key(ForeignKey::create().from("sales", "product_id").to("products", "product_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("customer_segments")
                    .col(ColumnDef::new("segment_id").integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("client_id").integer().not_null())
                    .col(ColumnDef::new("segment_name").text().not_null())
                    .col(ColumnDef::new("demographics").text())
                    .foreign_key(ForeignKey::create().from("customer_segments", "client_id").to("clients", "client_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("idx_sales_client_date").table("sales").col("client_id").col("date").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("customer_segments").to_owned()).await?;
        manager.drop_table(Table::drop().table("sales").to_owned()).await
    }
}
