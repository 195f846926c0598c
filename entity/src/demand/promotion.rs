//! `promotion`: what is sold for less, where and when.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A promotion of one store or, without one, of the whole chain; the discount is a share or an amount in dollars.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promotion")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub product_id: i32,
    pub store_id: Option<i32>,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub name: String,
    #[sea_orm(column_type = "Decimal(Some((5, 4)))", nullable)]
    pub discount_pct: Option<Decimal>,
    #[sea_orm(column_type = "Decimal(Some((10, 2)))", nullable)]
    pub discount_amount: Option<Decimal>,
    pub start_date: Date,
    pub end_date: Date,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: DateTime,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub updated_at: DateTime,
    #[sea_orm(belongs_to, from = "product_id", to = "id")]
    pub product: BelongsTo<super::product::Entity>,
    #[sea_orm(belongs_to, from = "store_id", to = "id")]
    pub store: BelongsTo<Option<super::store::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
