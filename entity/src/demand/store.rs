//! `store`: where things are sold.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A store.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "store")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(column_type = "String(StringLen::N(20))", unique)]
    pub code: String,
    #[sea_orm(column_type = "String(StringLen::N(100))")]
    pub name: String,
    #[sea_orm(column_type = "String(StringLen::N(50))", nullable)]
    pub region: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(50))", nullable)]
    pub city: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(30))", nullable)]
    pub store_type: Option<String>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: DateTime,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub updated_at: DateTime,
    #[sea_orm(has_many)]
    pub sales: HasMany<super::sales_daily::Entity>,
    #[sea_orm(has_many)]
    pub prices: HasMany<super::price_history::Entity>,
    #[sea_orm(has_many)]
    pub promotions: HasMany<super::promotion::Entity>,
    #[sea_orm(has_many)]
    pub inventory_snapshots: HasMany<super::inventory_snapshot_daily::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
