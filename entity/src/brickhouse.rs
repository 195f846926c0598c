//! Beverage distribution: products, stores, who orders what for which store, and what is in stock.

pub mod inventory;
pub mod order;
pub mod product;
pub mod store;
pub mod user;

/// Every entity of the schema, parents first.
pub type All = (product::Entity, store::Entity, user::Entity, inventory::Entity, order::Entity);

/// Every enum of the schema that is stored as text.
pub type Enums = (order::OrderStatus, user::Role);
