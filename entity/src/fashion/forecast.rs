//! `forecasts`: what a category is expected to sell in a season.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Demand week by week, as the column `weekly_demand_curve` keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct WeeklyDemandCurve(pub Vec<WeekDemand>);

/// What one week of a season is expected to sell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekDemand {
    /// Counts from 1.
    pub week_number: i32,
    pub demand_units: i32,
}

/// The names of the models behind a forecast, as the column `models_used` keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct ModelsUsed(pub Vec<String>);

/// A forecast; its weekly curve sums to the season's demand.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "forecasts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(255))")]
    pub forecast_id: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub category_id: String,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub season: String,
    pub forecast_horizon_weeks: i32,
    pub total_season_demand: i32,
    pub weekly_demand_curve: WeeklyDemandCurve,
    pub peak_week: i32,
    #[sea_orm(column_type = "String(StringLen::N(255))", default_value = "ensemble_prophet_arima")]
    pub forecasting_method: String,
    pub models_used: ModelsUsed,
    pub prophet_forecast: Option<i32>,
    pub arima_forecast: Option<i32>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(belongs_to, from = "category_id", to = "category_id")]
    pub category: BelongsTo<super::category::Entity>,
    #[sea_orm(has_many)]
    pub distributions: HasMany<super::forecast_cluster_distribution::Entity>,
    #[sea_orm(has_many)]
    pub allocations: HasMany<super::allocation::Entity>,
    #[sea_orm(has_many)]
    pub markdowns: HasMany<super::markdown::Entity>,
    #[sea_orm(has_many)]
    pub actual_sales: HasMany<super::actual_sales::Entity>,
    #[sea_orm(has_many)]
    pub workflows: HasMany<super::workflow::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
