//! `stores`: where a season is sold.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// How good a location is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LocationTier {
    A,
    B,
    C,
}

/// What a store stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StoreFormat {
    Mall,
    Standalone,
    ShoppingCenter,
    Outlet,
}

/// Which part of the country a store is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))", rename_all = "UPPERCASE")]
pub enum Region {
    Northeast,
    Southeast,
    Midwest,
    West,
}

/// A store and the seven features that forecasts use.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stores")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(50))")]
    pub store_id: String,
    #[sea_orm(column_type = "String(StringLen::N(100))")]
    pub store_name: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub cluster_id: String,
    pub store_size_sqft: i32,
    pub location_tier: LocationTier,
    pub median_income: i32,
    pub store_format: StoreFormat,
    pub region: Region,
    #[sea_orm(column_type = "Double")]
    pub avg_weekly_sales_12mo: f64,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(belongs_to, from = "cluster_id", to = "cluster_id")]
    pub cluster: BelongsTo<super::store_cluster::Entity>,
    #[sea_orm(has_many)]
    pub historical_sales: HasMany<super::historical_sales::Entity>,
    #[sea_orm(has_many)]
    pub actual_sales: HasMany<super::actual_sales::Entity>,
    #[sea_orm(has_many)]
    pub weekly_actuals: HasMany<super::weekly_actuals::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
