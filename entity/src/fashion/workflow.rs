//! `workflows`: runs of the planning agents.
#![allow(missing_docs, reason = "the derive makes public items that nobody writes by hand")]

use sea_orm::entity::prelude::*;

/// What a workflow is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))", rename_all = "snake_case")]
pub enum WorkflowType {
    Forecast,
    Reforecast,
}

/// How far a workflow is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))", rename_all = "snake_case")]
pub enum WorkflowStatus {
    Pending,
    Running,
    Completed,
    Failed,
    AwaitingApproval,
}

/// A run that forecasts a category, or forecasts it again.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "workflows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(50))")]
    pub workflow_id: String,
    pub workflow_type: WorkflowType,
    #[sea_orm(column_type = "String(StringLen::N(255))", nullable)]
    pub forecast_id: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(50))", nullable)]
    pub category_id: Option<String>,
    pub status: WorkflowStatus,
    #[sea_orm(column_type = "String(StringLen::N(100))", nullable)]
    pub current_agent: Option<String>,
    #[sea_orm(default_value = 0)]
    pub progress_pct: i32,
    pub input_data: Option<Json>,
    pub output_data: Option<Json>,
    #[sea_orm(column_type = "Text", nullable)]
    pub error_message: Option<String>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: Option<DateTime>,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub updated_at: Option<DateTime>,
    pub started_at: Option<DateTime>,
    pub completed_at: Option<DateTime>,
    #[sea_orm(belongs_to, from = "forecast_id", to = "forecast_id")]
    pub forecast: BelongsTo<Option<super::forecast::Entity>>,
    #[sea_orm(belongs_to, from = "category_id", to = "category_id")]
    pub category: BelongsTo<Option<super::category::Entity>>,
    #[sea_orm(has_many)]
    pub weekly_actuals: HasMany<super::weekly_actuals::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
