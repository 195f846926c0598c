//! Why seeding did not happen.

use sea_orm::DbErr;

/// Why an operation of the engine did not happen. The database is as it was, unless the message says
/// that the rows are committed and only the planner's statistics are not.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is wrong: an option, a date, a configuration file.
    #[error("{0}")]
    Request(String),
    /// A guard refused: tables that hold rows, a schema that is not migrated.
    #[error("{0}")]
    Refused(String),
    /// What was generated does not satisfy its own checks; it was rolled back.
    #[error("{} of {} checks of the generated data failed: {}", failed.len(), total, failed.join("; "))]
    Unverified {
        /// The checks that failed, each with its figure.
        failed: Vec<String>,
        /// How many there were.
        total: usize,
    },
    /// The database refused a statement or went away.
    #[error("{doing}: {source}")]
    Database {
        /// What was being done.
        doing: String,
        /// What the driver said.
        source: DbErr,
    },
}

impl Error {
    /// Puts what was being done before what the driver said.
    pub(crate) fn database(doing: impl Into<String>) -> impl FnOnce(DbErr) -> Self {
        let doing = doing.into();
        move |source| Self::Database { doing, source }
    }
}
