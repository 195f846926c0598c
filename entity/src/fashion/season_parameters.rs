//! `season_parameters`: by which rules a season is planned.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// How often stores are replenished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))", rename_all = "kebab-case")]
pub enum ReplenishmentStrategy {
    None,
    Weekly,
    #[sea_orm(string_value = "bi-weekly")]
    BiWeekly,
}

/// How sure the reading of the parameters is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))", rename_all = "snake_case")]
pub enum ExtractionConfidence {
    High,
    Medium,
    Low,
}

/// The parameters of one category's season, as they were read from a planner's words.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "season_parameters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(255))")]
    pub parameter_id: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub category_id: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub season: String,
    pub forecast_horizon_weeks: i32,
    pub season_start_date: Date,
    pub season_end_date: Date,
    pub replenishment_strategy: ReplenishmentStrategy,
    #[sea_orm(column_type = "Double")]
    pub dc_holdback_percentage: f64,
    pub markdown_checkpoint_week: Option<i32>,
    #[sea_orm(column_type = "Double", nullable)]
    pub markdown_threshold: Option<f64>,
    pub extraction_confidence: ExtractionConfidence,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(belongs_to, from = "category_id", to = "category_id")]
    pub category: BelongsTo<super::category::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
