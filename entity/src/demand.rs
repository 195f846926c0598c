//! Daily demand for forecasting: what each store sold, held, priced and promoted, day by day.

pub mod calendar;
pub mod inventory_snapshot_daily;
pub mod price_history;
pub mod product;
pub mod promotion;
pub mod sales_daily;
pub mod store;

/// Every entity of the schema, parents first.
pub type All = (
    store::Entity,
    product::Entity,
    calendar::Entity,
    sales_daily::Entity,
    price_history::Entity,
    promotion::Entity,
    inventory_snapshot_daily::Entity,
);
