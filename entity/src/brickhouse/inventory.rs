//! `inventory`: what a location holds of a product.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// Stock in cases; `reserved_cases` of them are promised to approved orders.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inventory")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub inventory_id: i32,
    #[sea_orm(unique_key = "product_store")]
    pub product_id: i32,
    #[sea_orm(unique_key = "product_store")]
    pub store_id: Option<i32>,
    #[sea_orm(default_value = 0)]
    pub quantity_cases: i32,
    #[sea_orm(default_value = 0)]
    pub reserved_cases: i32,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub last_updated: Option<DateTime>,
    #[sea_orm(default_value = 1)]
    pub version: Option<i32>,
    #[sea_orm(belongs_to, from = "product_id", to = "product_id")]
    pub product: BelongsTo<super::product::Entity>,
    #[sea_orm(belongs_to, from = "store_id", to = "store_id")]
    pub store: BelongsTo<Option<super::store::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
