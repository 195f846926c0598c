//! `products`: what a client offers.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// An offer of one client at its list price, in dollars.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub product_id: i32,
    pub client_id: i32,
    #[sea_orm(column_type = "Text")]
    pub product_name: String,
    // Indexed, so MariaDB needs a length and has one; the other two have none to promise.
    pub category: String,
    #[sea_orm(column_type = "Text")]
    pub brand: String,
    #[sea_orm(column_type = "Double")]
    pub price: f64,
    #[sea_orm(belongs_to, from = "client_id", to = "client_id")]
    pub client: BelongsTo<super::client::Entity>,
    #[sea_orm(has_many)]
    pub sales: HasMany<super::sale::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
