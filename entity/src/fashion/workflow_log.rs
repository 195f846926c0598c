//! `workflow_logs`: what the agents of a workflow did.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// How a step ended, if it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))", rename_all = "snake_case")]
pub enum LogStatus {
    Started,
    Completed,
    Failed,
}

/// A step of a workflow; no key ties it to `workflows`, so that logs outlive them.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "workflow_logs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(255))")]
    pub log_id: String,
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub workflow_id: String,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub agent_name: String,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub action: String,
    pub input_data: Option<Json>,
    pub output_data: Option<Json>,
    #[sea_orm(column_type = "Double", nullable)]
    pub duration_seconds: Option<f64>,
    pub status: LogStatus,
    #[sea_orm(column_type = "Text", nullable)]
    pub error_message: Option<String>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
}

impl ActiveModelBehavior for ActiveModel {}
