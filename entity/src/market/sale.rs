//! `sales`: what a client sold of a product, where and when.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// One sale; `revenue` is in dollars.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sales")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub sale_id: i32,
    pub client_id: i32,
    pub product_id: i32,
    #[sea_orm(column_type = "Text")]
    pub region: String,
    pub date: Date,
    pub quantity: i32,
    #[sea_orm(column_type = "Double")]
    pub revenue: f64,
    #[sea_orm(belongs_to, from = "client_id", to = "client_id")]
    pub client: BelongsTo<super::client::Entity>,
    #[sea_orm(belongs_to, from = "product_id", to = "product_id")]
    pub product: BelongsTo<super::product::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
