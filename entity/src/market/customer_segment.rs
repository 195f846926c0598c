//! `customer_segments`: to whom a client sells.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A part of a client's customers.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_segments")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub segment_id: i32,
    pub client_id: i32,
    #[sea_orm(column_type = "Text")]
    pub segment_name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub demographics: Option<String>,
    #[sea_orm(belongs_to, from = "client_id", to = "client_id")]
    pub client: BelongsTo<super::client::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
