//! `markdowns`: what is reduced when it sells too slowly.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// How far a markdown is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))", rename_all = "snake_case")]
pub enum MarkdownStatus {
    Pending,
    Approved,
    Applied,
}

/// A recommended reduction in one week of a season; shares are between 0 and 1.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "markdowns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(255))")]
    pub markdown_id: String,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub forecast_id: String,
    pub week_number: i32,
    #[sea_orm(column_type = "Double")]
    pub sell_through_pct: f64,
    #[sea_orm(column_type = "Double", default_value = 0.60)]
    pub target_sell_through_pct: f64,
    #[sea_orm(column_type = "Double")]
    pub gap_pct: f64,
    #[sea_orm(column_type = "Double")]
    pub recommended_markdown_pct: f64,
    #[sea_orm(column_type = "Double", default_value = 2.0)]
    pub elasticity_coefficient: f64,
    #[sea_orm(column_type = "Double", nullable)]
    pub expected_demand_lift_pct: Option<f64>,
    #[sea_orm(default_value = "pending")]
    pub status: MarkdownStatus,
    #[sea_orm(column_type = "Text", nullable)]
    pub reasoning: Option<String>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(belongs_to, from = "forecast_id", to = "forecast_id")]
    pub forecast: BelongsTo<super::forecast::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
