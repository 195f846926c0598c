//! What the retail tables are today, as SeaORM 2.0 entities: one module a schema, one file a table.

pub mod brickhouse;
pub mod demand;
pub mod fashion;
pub mod market;
