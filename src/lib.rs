//! Versioned migrations, drift detection and reproducible data for SeaORM projects.
//!
//! A project is a list of [`Schema`]s; [`main`] gives it the whole command line:
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! fn main() -> ExitCode {
//!     kiln::main([kiln::Schema::new("shop")])
//! }
//! ```
//!
//! `examples/bring_your_own.rs` is a complete one, with entities and a migrator.

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!("kiln needs a database to talk to: enable the feature `sqlite`, `postgres` or `mysql`");

mod check;
mod cli;
mod config;
mod connect;
mod diff;
mod error;
mod guard;
mod migrate;
mod place;
mod probe;
mod redact;
mod replay;
mod report;
#[cfg(feature = "retail")]
pub mod retail;
mod schema;
mod scratch;
mod seed;

pub use catalog;
pub use error::{Error, Exit};
pub use migrate::{Failed, Remains, Step};
pub use migration::idempotent;
pub use schema::Schema;
pub use seeder;

use std::process::ExitCode;

/// Runs the command line over `schemas` and says how it ended.
///
/// Reads the program's arguments, the environment and `.env`; prints the result to standard output
/// and everything else to standard error.
pub fn main(schemas: impl IntoIterator<Item = Schema>) -> ExitCode {
    cli::run(schemas.into_iter().collect(), std::env::args_os())
}

/// A connection to where `schema` lives, as the environment and `.env` configure it.
///
/// Creates nothing: a place that is not there yet is an error that names the command that makes it.
/// On PostgreSQL the schema's namespace is the search path: the one it names; or the one of its own
/// name, if it has been migrated there; or else what the connection's own search path gives. On
/// SQLite foreign keys are enforced.
pub async fn connect(schema: &Schema) -> Result<sea_orm::DatabaseConnection, Error> {
    let settings = config::Settings::from_environment()?;
    let place = settings.place(schema, false)?;
    if let Some(opened) = connect::open(&place, &settings.link(), connect::Purpose::Serve).await? {
        let is_home = match schema.own_migrator() {
            Some(migrator) => !migrate::history::look(&opened, migrator).await?.applied.is_empty(),
            None => true,
        };
        if is_home {
            return Ok(opened.db);
        }
        opened.db.close().await.map_err(Error::database("closing a connection"))?;
    }
    let place = settings.place(schema, true)?;
    let opened = connect::open(&place, &settings.link(), connect::Purpose::Serve).await?;
    opened.map(|opened| opened.db).ok_or_else(|| place.not_there(schema.name()))
}
