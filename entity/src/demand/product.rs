//! `product`: what is sold.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A product; price and cost in dollars before any change or promotion.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(column_type = "String(StringLen::N(50))", unique)]
    pub sku: String,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub name: String,
    #[sea_orm(column_type = "String(StringLen::N(100))", nullable)]
    pub category: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(100))", nullable)]
    pub brand: Option<String>,
    #[sea_orm(column_type = "Decimal(Some((10, 2)))", nullable)]
    pub base_price: Option<Decimal>,
    #[sea_orm(column_type = "Decimal(Some((10, 2)))", nullable)]
    pub base_cost: Option<Decimal>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: DateTime,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub updated_at: DateTime,
    #[sea_orm(has_many)]
    pub sales: HasMany<super::sales_daily::Entity>,
    #[sea_orm(has_many)]
    pub prices: HasMany<super::price_history::Entity>,
    #[sea_orm(has_many)]
    pub promotions: HasMany<super::promotion::Entity>,
    #[sea_orm(has_many)]
    pub inventory_snapshots: HasMany<super::inventory_snapshot_daily::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
