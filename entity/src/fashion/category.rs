//! `categories`: what a season is planned for.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// How demand for a category behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Archetype {
    FashionRetail,
    StableCatalog,
    Continuous,
}

/// A category and its season.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "categories")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(50))")]
    pub category_id: String,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub category_name: String,
    pub season_start_date: Date,
    pub season_end_date: Date,
    pub season_length_weeks: i32,
    #[sea_orm(default_value = "FASHION_RETAIL")]
    pub archetype: Archetype,
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(has_many)]
    pub forecasts: HasMany<super::forecast::Entity>,
    #[sea_orm(has_many)]
    pub historical_sales: HasMany<super::historical_sales::Entity>,
    #[sea_orm(has_many)]
    pub season_parameters: HasMany<super::season_parameters::Entity>,
    #[sea_orm(has_many)]
    pub workflows: HasMany<super::workflow::Entity>,
    #[sea_orm(has_many)]
    pub weekly_actuals: HasMany<super::weekly_actuals::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
