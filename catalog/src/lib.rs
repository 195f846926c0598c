//! What a live database holds, as plain data, and the difference of two such values.
//!
//! [`introspect`] reads a namespace of SQLite, PostgreSQL or MariaDB into a [`Catalog`]; [`diff`]
//! compares two of them; [`promise`] compares one with what SeaORM entities promise the program.
//! Reading asks the engine's own catalogs and changes nothing; only [`render_table`] and
//! [`render_index`] make something, for a moment.
//!
//! ```no_run
//! # async fn compare(declared: sea_orm::DatabaseConnection, actual: sea_orm::DatabaseConnection)
//! # -> Result<(), sea_orm::DbErr> {
//! let declared = kiln_catalog::introspect(&declared, "public").await?;
//! let actual = kiln_catalog::introspect(&actual, "public").await?;
//! for drift in kiln_catalog::diff(&declared, &actual) {
//!     println!("{} {}: {:?}, not {:?}", drift.kind, drift.object, drift.actual, drift.declared);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A catalog is plain data, so it can be kept and compared without a database:
//!
//! ```
//! use kiln_catalog::{Catalog, Column, Dialect, Kind, Table, diff, mend};
//!
//! let table = |columns: &[&str]| Table {
//!     columns: columns.iter().map(|name| Column { name: (*name).into(), data_type: "integer".into(), ..Column::default() }).collect(),
//!     ..Table::default()
//! };
//! let catalog = |table: Table| Catalog { tables: [("sales".into(), table)].into(), ..Catalog::empty(Dialect::Postgres) };
//! let (declared, actual) = (catalog(table(&["id"])), catalog(table(&["id", "note"])));
//!
//! let mut found = diff(&declared, &actual);
//! mend(&declared, &actual, "public", &mut found);
//! assert_eq!((found[0].kind, found[0].object.as_str()), (Kind::ExtraColumn, "sales.note"));
//! let how = found[0].mend.as_ref().expect("every difference says how it is mended");
//! assert_eq!(how.statements, [r#"ALTER TABLE "public"."sales" DROP COLUMN "note""#]);
//! assert_eq!(how.caution.as_deref(), Some("loses its values"));
//! ```

mod collation;
mod dangling;
mod dialect;
mod diff;
mod entity;
mod family;
mod introspect;
mod kind;
mod lasting;
mod mend;
mod model;
mod rename;
mod texts;
mod words;

pub use dangling::{References, broken_references, dangling, references};
pub use dialect::Dialect;
pub use diff::{Drift, diff};
pub use entity::{
    Enums, Field, Promise, Promises, Reference, Row, Trip, ValueSource, Way, allowed_values, broken, domain_checks,
    literals, mentions, promise, value_of_text,
};
pub use family::Family;
pub use introspect::{
    Object, Role, TWIN, current_namespace, dependents, fingerprint, introspect, introspect_all, introspect_each,
    is_spent, materialized_views, namespaces, objects, pin_rendering, render_index, render_table, role, table_names,
    table_names_in,
};
pub use kind::{Kind, Severity};
pub use lasting::{Lasting, lasting};
pub use mend::{FixScript, FixStep, Mend, mend};
pub use model::{
    About, Action, Catalog, Check, Column, Definition, ForeignKey, Form, Index, Key, Rendered, Sequence, Table, Type,
    View,
};
pub use words::{counted, is_or_are, thousands};
