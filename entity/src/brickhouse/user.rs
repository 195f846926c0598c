//! `users`: who orders and who approves.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// What a user may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))", rename_all = "snake_case")]
pub enum Role {
    StoreManager,
    RegionalManager,
}

/// A store's manager, or a region's.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub user_id: i32,
    #[sea_orm(column_type = "String(StringLen::N(100))", unique)]
    pub username: String,
    #[sea_orm(column_type = "String(StringLen::N(255))", unique)]
    pub email: String,
    #[sea_orm(column_type = "String(StringLen::N(100))")]
    pub first_name: String,
    #[sea_orm(column_type = "String(StringLen::N(100))")]
    pub last_name: String,
    pub role: Role,
    pub store_id: Option<i32>,
    #[sea_orm(column_type = "String(StringLen::N(50))", nullable)]
    pub region: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(500))", nullable)]
    pub avatar_url: Option<String>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(belongs_to, from = "store_id", to = "store_id")]
    pub store: BelongsTo<Option<super::store::Entity>>,
    #[sea_orm(has_many, relation_enum = "RequestedOrder", via_rel = "RequestedBy")]
    pub requested_orders: HasMany<super::order::Entity>,
    #[sea_orm(has_many, relation_enum = "ApprovedOrder", via_rel = "ApprovedBy")]
    pub approved_orders: HasMany<super::order::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
