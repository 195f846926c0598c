//! Who orders, and who approves.

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
                    .table("users")
                    .col(key(manager, "user_id"))
                    .col(ColumnDef::new("username").string_len(100).unique_key().not_null())
                    .col(ColumnDef::new("email").string_len(255).unique_key().not_null())
                    .col(ColumnDef::new("first_name").string_len(100).not_null())
                    .col(ColumnDef::new("last_name").string_len(100).not_null())
                    .col(
                        ColumnDef::new("role")
                            .string_len(50)
                            .not_null()
                            .check(Expr::col("role").is_in(["store_manager", "regional_manager"])),
                    )
                    .col(ColumnDef::new("store_id").integer())
                    .col(ColumnDef::new("region").string_len(50))
                    .col(ColumnDef::new("avatar_url").string_len(500))
                    .col(ColumnDef::new("created_at").date_time().default(Expr::current_timestamp()))
                    .foreign_key(ForeignKey::create().from("users", "store_id").to("stores", "store_id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("users").to_owned()).await
    }
}
