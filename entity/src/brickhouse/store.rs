//! `stores`: the warehouse and the retail stores.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A location.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stores")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub store_id: i32,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub store_name: String,
    #[sea_orm(column_type = "String(StringLen::N(20))", unique)]
    pub store_code: String,
    #[sea_orm(column_type = "Text")]
    pub address: String,
    #[sea_orm(column_type = "String(StringLen::N(100))")]
    pub city: String,
    #[sea_orm(column_type = "String(StringLen::N(2))")]
    pub state: String,
    #[sea_orm(column_type = "String(StringLen::N(10))")]
    pub zip_code: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub region: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub store_type: String,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(has_many)]
    pub users: HasMany<super::user::Entity>,
    #[sea_orm(has_many)]
    pub inventory: HasMany<super::inventory::Entity>,
    #[sea_orm(has_many, relation_enum = "OutgoingOrder", via_rel = "FromStore")]
    pub outgoing_orders: HasMany<super::order::Entity>,
    #[sea_orm(has_many, relation_enum = "IncomingOrder", via_rel = "ToStore")]
    pub incoming_orders: HasMany<super::order::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
