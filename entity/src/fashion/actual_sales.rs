//! `actual_sales`: what a season sells while it runs.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A week's sales of one store under one forecast.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "actual_sales")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(255))")]
    pub actual_id: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub store_id: String,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub forecast_id: String,
    pub week_number: i32,
    pub units_sold: i32,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(belongs_to, from = "store_id", to = "store_id")]
    pub store: BelongsTo<super::store::Entity>,
    #[sea_orm(belongs_to, from = "forecast_id", to = "forecast_id")]
    pub forecast: BelongsTo<super::forecast::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
