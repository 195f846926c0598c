//! What a live database holds, as plain data, and the difference of two such values.
//!
//! [`introspect`] reads a namespace of SQLite, PostgreSQL or MariaDB into a [`Catalog`]; [`diff`]
//! compares two of them; [`promise`] compares one with what SeaORM entities promise the program.
//! Reading asks the engine's own catalogs and changes nothing; only [`render_table`] and
//! [`render_index`] make something, for a moment.

mod dialect;
mod diff;
mod entity;
mod family;
mod introspect;
mod kind;
mod model;

pub use dialect::Dialect;
pub use diff::{Drift, diff};
pub use entity::{Promise, Promises, promise};
pub use family::Family;
pub use introspect::{
    Object, Role, TWIN, current_namespace, dependents, fingerprint, introspect, introspect_all, is_spent,
    materialized_views, objects, render_index, render_table, role, table_names,
};
pub use kind::{Kind, Severity};
pub use model::{Action, Catalog, Check, Column, ForeignKey, Index, Key, Table, View};
