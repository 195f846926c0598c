//! `historical_sales`: what past seasons sold.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A week's sales of one category in one store.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "historical_sales")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(100))")]
    pub sale_id: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub store_id: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub category_id: String,
    pub week_start_date: Date,
    pub units_sold: i32,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(belongs_to, from = "store_id", to = "store_id")]
    pub store: BelongsTo<super::store::Entity>,
    #[sea_orm(belongs_to, from = "category_id", to = "category_id")]
    pub category: BelongsTo<super::category::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
