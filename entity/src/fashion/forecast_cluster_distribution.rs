//! `forecast_cluster_distribution`: how a forecast spreads over the clusters.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A cluster's share of a forecast; the shares of one forecast sum to 1.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "forecast_cluster_distribution")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(255))")]
    pub distribution_id: String,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub forecast_id: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub cluster_id: String,
    #[sea_orm(column_type = "Double")]
    pub allocation_percentage: f64,
    pub total_units: i32,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(belongs_to, from = "forecast_id", to = "forecast_id")]
    pub forecast: BelongsTo<super::forecast::Entity>,
    #[sea_orm(belongs_to, from = "cluster_id", to = "cluster_id")]
    pub cluster: BelongsTo<super::store_cluster::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
