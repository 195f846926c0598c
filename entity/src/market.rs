//! Retail market research: clients, what they offer and to whom, and what they sold.

pub mod client;
pub mod customer_segment;
pub mod product;
pub mod sale;

/// Every entity of the schema, parents first.
pub type All = (client::Entity, product::Entity, sale::Entity, customer_segment::Entity);
