//! Fashion season planning: what is forecast, made, allocated, marked down and sold, week by week.

pub mod actual_sales;
pub mod allocation;
pub mod category;
pub mod forecast;
pub mod forecast_cluster_distribution;
pub mod historical_sales;
pub mod markdown;
pub mod season_parameters;
pub mod store;
pub mod store_cluster;
pub mod weekly_actuals;
pub mod workflow;
pub mod workflow_log;

/// Every entity of the schema, parents first.
pub type All = (
    category::Entity,
    store_cluster::Entity,
    store::Entity,
    forecast::Entity,
    forecast_cluster_distribution::Entity,
    allocation::Entity,
    markdown::Entity,
    historical_sales::Entity,
    actual_sales::Entity,
    workflow_log::Entity,
    season_parameters::Entity,
    workflow::Entity,
    weekly_actuals::Entity,
);

/// Every enum of the schema that is stored as text.
pub type Enums = (
    category::Archetype,
    store_cluster::FashionTier,
    store::LocationTier,
    store::StoreFormat,
    store::Region,
    markdown::MarkdownStatus,
    workflow_log::LogStatus,
    season_parameters::ReplenishmentStrategy,
    season_parameters::ExtractionConfidence,
    workflow::WorkflowType,
    workflow::WorkflowStatus,
);
