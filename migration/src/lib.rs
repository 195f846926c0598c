//! How the retail tables came to be: one migrator a schema, its migrations frozen once released.
//!
//! A migration never names today's entity: it would change meaning when the entity changes.

#[cfg(feature = "retail")]
pub mod brickhouse;
#[cfg(feature = "retail")]
pub mod demand;
#[cfg(feature = "retail")]
pub mod fashion;
pub mod idempotent;
#[cfg(feature = "retail")]
pub mod market;
