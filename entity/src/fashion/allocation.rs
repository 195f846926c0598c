//! `allocations`: what is made of a forecast, and which store gets how much of it.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What each store gets, as the column `store_allocations` keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct StoreAllocations(pub Vec<StoreAllocation>);

/// What one store gets, in units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreAllocation {
    pub store_id: String,
    /// Sent before the season.
    pub initial: i32,
    /// Kept back for it.
    pub holdback: i32,
}

/// An allocation; the stores' parts sum to its totals.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "allocations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(255))")]
    pub allocation_id: String,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub forecast_id: String,
    pub manufacturing_qty: i32,
    #[sea_orm(column_type = "Double", default_value = 0.20)]
    pub safety_stock_percentage: f64,
    pub initial_allocation_total: i32,
    pub holdback_total: i32,
    pub store_allocations: StoreAllocations,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(belongs_to, from = "forecast_id", to = "forecast_id")]
    pub forecast: BelongsTo<super::forecast::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
