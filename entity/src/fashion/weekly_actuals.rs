//! `weekly_actuals`: what was uploaded week by week, to be held against the forecast.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A week's sales of one store; `variance_pct` is (actual - forecast) / forecast.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "weekly_actuals")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(column_type = "String(StringLen::N(50))", unique_key = "workflow_week_store")]
    pub workflow_id: String,
    #[sea_orm(unique_key = "workflow_week_store")]
    pub week_number: i32,
    pub week_start_date: Date,
    pub week_end_date: Date,
    #[sea_orm(column_type = "String(StringLen::N(50))", unique_key = "workflow_week_store")]
    pub store_id: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub category_id: String,
    pub actual_units_sold: i32,
    pub forecast_units_sold: Option<i32>,
    #[sea_orm(column_type = "Double", nullable)]
    pub variance_pct: Option<f64>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub uploaded_at: Option<DateTime>,
    #[sea_orm(belongs_to, from = "workflow_id", to = "workflow_id", on_delete = "Cascade")]
    pub workflow: BelongsTo<super::workflow::Entity>,
    #[sea_orm(belongs_to, from = "store_id", to = "store_id", on_delete = "Cascade")]
    pub store: BelongsTo<super::store::Entity>,
    #[sea_orm(belongs_to, from = "category_id", to = "category_id", on_delete = "Cascade")]
    pub category: BelongsTo<super::category::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
