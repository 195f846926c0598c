//! `store_clusters`: stores that sell alike.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// How much of a fashion store a cluster is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FashionTier {
    Premium,
    Mainstream,
    Value,
}

/// A cluster of stores.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "store_clusters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(50))")]
    pub cluster_id: String,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub cluster_name: String,
    pub fashion_tier: FashionTier,
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(has_many)]
    pub stores: HasMany<super::store::Entity>,
    #[sea_orm(has_many)]
    pub distributions: HasMany<super::forecast_cluster_distribution::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
