//! `clients`: the retail companies whose market is researched.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// A retail company.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clients")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub client_id: i32,
    #[sea_orm(column_type = "Text")]
    pub client_name: String,
    #[sea_orm(column_type = "Text")]
    pub industry: String,
    #[sea_orm(has_many)]
    pub products: HasMany<super::product::Entity>,
    #[sea_orm(has_many)]
    pub sales: HasMany<super::sale::Entity>,
    #[sea_orm(has_many)]
    pub customer_segments: HasMany<super::customer_segment::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
