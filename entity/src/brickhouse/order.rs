//! `orders`: who asked for what, and what became of it.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))", rename_all = "snake_case")]
pub enum OrderStatus {
    PendingReview,
    Approved,
    Fulfilled,
    Cancelled,
}

/// An order of one product for one store; without `from_store_id` it is delivered directly.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub order_id: i32,
    #[sea_orm(column_type = "String(StringLen::N(50))", unique)]
    pub order_number: String,
    pub from_store_id: Option<i32>,
    pub to_store_id: i32,
    pub product_id: i32,
    pub quantity_cases: i32,
    #[sea_orm(default_value = "pending_review")]
    pub order_status: OrderStatus,
    pub requested_by: i32,
    pub approved_by: Option<i32>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub order_date: Option<DateTime>,
    pub approved_date: Option<DateTime>,
    pub fulfilled_date: Option<DateTime>,
    #[sea_orm(column_type = "Text", nullable)]
    pub notes: Option<String>,
    #[sea_orm(default_value = 1)]
    pub version: Option<i32>,
    #[sea_orm(belongs_to, relation_enum = "FromStore", from = "from_store_id", to = "store_id")]
    pub from_store: BelongsTo<Option<super::store::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "ToStore", from = "to_store_id", to = "store_id")]
    pub to_store: BelongsTo<super::store::Entity>,
    #[sea_orm(belongs_to, from = "product_id", to = "product_id")]
    pub product: BelongsTo<super::product::Entity>,
    #[sea_orm(belongs_to, relation_enum = "RequestedBy", from = "requested_by", to = "user_id")]
    pub requester: BelongsTo<super::user::Entity>,
    #[sea_orm(belongs_to, relation_enum = "ApprovedBy", from = "approved_by", to = "user_id")]
    pub approver: BelongsTo<Option<super::user::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
