//! `products`: the beverages.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A beverage in one package size; its price is of a case, in dollars.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub product_id: i32,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub product_name: String,
    #[sea_orm(column_type = "String(StringLen::N(100))")]
    pub brand: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub category: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub package_size: String,
    #[sea_orm(column_type = "Decimal(Some((10, 2)))")]
    pub unit_price: Decimal,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(has_many)]
    pub inventory: HasMany<super::inventory::Entity>,
    #[sea_orm(has_many)]
    pub orders: HasMany<super::order::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
