//! `calendar`: the days, and what is particular about each.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A day; `day_of_week` counts from 0, which is Monday.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub date: Date,
    pub day_of_week: i32,
    pub month: i32,
    pub quarter: i32,
    pub year: i32,
    #[sea_orm(default_value = false)]
    pub is_holiday: bool,
    #[sea_orm(column_type = "String(StringLen::N(100))", nullable)]
    pub holiday_name: Option<String>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: DateTime,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub updated_at: DateTime,
    #[sea_orm(has_many)]
    pub sales: HasMany<super::sales_daily::Entity>,
    #[sea_orm(has_many)]
    pub inventory_snapshots: HasMany<super::inventory_snapshot_daily::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
