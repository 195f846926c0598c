//! What can go wrong, and the code that the program ends with.

use std::process::ExitCode;

use sea_orm::DbErr;

use crate::migrate::Failed;

/// How a command ended. The numbers are part of the command line's contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done; for a check: everything holds.
    Done = 0,
    /// A check found something.
    Found = 1,
    /// The request is wrong.
    Usage = 2,
    /// A guard refused.
    Refused = 3,
    /// The database failed.
    Database = 4,
    /// Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is wrong: an option, a URL, a file.
    #[error("{0}")]
    Usage(String),
    /// A guard refused; nothing was changed.
    #[error("{0}")]
    Refused(String),
    /// The database failed, or what it needs is not there.
    #[error("{0}")]
    Database(String),
    /// No empty place can be made to replay migrations in.
    #[error("{0}")]
    NoScratch(String),
    /// A migration failed; says what was applied before it.
    #[error("{0}")]
    Migration(Box<Failed>),
    /// Generated rows did not pass their own checks and were rolled back.
    #[error("{0}")]
    Unverified(String),
    /// Ctrl-C; says what becomes of what was under way.
    #[error("interrupted: {0}")]
    Interrupted(&'static str),
}

impl Error {
    /// Puts what was being done before what the driver said.
    pub(crate) fn database(doing: impl Into<String>) -> impl FnOnce(DbErr) -> Self {
        let doing = doing.into();
        move |source| Self::Database(format!("{doing}: {}", words(&source)))
    }

    /// For a command that has `--scratch-url`: with what to do where no empty place can be made.
    pub(crate) fn or_elsewhere(self) -> Self {
        match self {
            Self::NoScratch(said) => {
                Self::NoScratch(format!("{said}; give --scratch-url, or use a role that may create databases"))
            }
            error => error,
        }
    }

    /// For a failed migration: with the verb that goes on where nothing of it stays.
    pub(crate) fn with_verb(self, verb: &'static str) -> Self {
        match self {
            Self::Migration(failed) => Self::Migration(Box::new(Failed { verb, ..*failed })),
            error => error,
        }
    }

    /// The code that the program ends with.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Refused(_) => Exit::Refused,
            Self::Migration(failed) if failed.is_refusal() => Exit::Refused,
            Self::Database(_) | Self::NoScratch(_) | Self::Migration(_) => Exit::Database,
            Self::Unverified(_) => Exit::Found,
            Self::Interrupted(_) => Exit::Interrupted,
        }
    }
}

impl From<seeder::Error> for Error {
    fn from(error: seeder::Error) -> Self {
        match error {
            seeder::Error::Request(message) => Self::Usage(message),
            seeder::Error::Refused(message) => Self::Refused(message),
            seeder::Error::Unverified { .. } => Self::Unverified(error.to_string()),
            seeder::Error::Database { doing, source } => Self::Database(format!("{doing}: {}", words(&source))),
        }
    }
}

/// What a statement failed of, where kiln can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It waited for a lock longer than it may.
    LockTimeout,
    /// It cannot be run inside a transaction.
    NotInTransaction,
}

/// What a statement failed of, by the server's code; none where that is no concern of ours.
pub(crate) fn fault(error: &DbErr) -> Option<Fault> {
    use sea_orm::RuntimeErr;
    use sea_orm::sqlx::Error as Driver;
    let (DbErr::Exec(RuntimeErr::SqlxError(driver)) | DbErr::Query(RuntimeErr::SqlxError(driver))) = error else {
        return None;
    };
    let Driver::Database(said) = driver.as_ref() else { return None };
    // PostgreSQL's and SQLite's codes; MariaDB has none of its own in the standard's class for it.
    match (said.code().as_deref(), said.message()) {
        (Some("55P03" | "5"), _) => Some(Fault::LockTimeout),
        (Some("HY000"), message) if message.starts_with("Lock wait timeout exceeded") => Some(Fault::LockTimeout),
        (Some("25001"), _) => Some(Fault::NotInTransaction),
        (Some("1"), message) if message.contains("within a transaction") => Some(Fault::NotInTransaction),
        _ => None,
    }
}

/// Why a statement wants to be outside of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotInTransaction {
    /// It cannot be run inside of one: CREATE INDEX CONCURRENTLY, VACUUM, CREATE DATABASE.
    Statement,
    /// It uses a value that was added to an enum in the same one.
    EnumValue,
}

impl NotInTransaction {
    /// What to do about it where the migration is one transaction.
    pub(crate) fn way_out(self) -> &'static str {
        match self {
            Self::Statement => {
                "let the migration opt out of the transaction that it is run in (`use_transaction() -> Some(false)`)"
            }
            Self::EnumValue => {
                "add the value in a migration before this one, or opt out of the transaction that this one is run in \
                 (`use_transaction() -> Some(false)`)"
            }
        }
    }
}

/// Whether a statement failed because it was in a transaction.
pub(crate) fn not_in_transaction(error: &DbErr) -> Option<NotInTransaction> {
    use sea_orm::RuntimeErr;
    use sea_orm::sqlx::Error as Driver;
    if fault(error) == Some(Fault::NotInTransaction) {
        return Some(NotInTransaction::Statement);
    }
    let (DbErr::Exec(RuntimeErr::SqlxError(driver)) | DbErr::Query(RuntimeErr::SqlxError(driver))) = error else {
        return None;
    };
    let Driver::Database(said) = driver.as_ref() else { return None };
    // PostgreSQL's "unsafe use of new value of enum type".
    (said.code().as_deref() == Some("55P04")).then_some(NotInTransaction::EnumValue)
}

/// Whether the server has refused a statement; otherwise nobody knows what became of it.
pub(crate) fn is_of_server(error: &DbErr) -> bool {
    use sea_orm::RuntimeErr;
    use sea_orm::sqlx::Error as Driver;
    matches!(
        error,
        DbErr::Exec(RuntimeErr::SqlxError(driver)) | DbErr::Query(RuntimeErr::SqlxError(driver))
            if matches!(driver.as_ref(), Driver::Database(_))
    )
}

/// What the server or the driver said, without the layers it came through.
pub(crate) fn words(error: &DbErr) -> String {
    let text = error.to_string();
    let mut words = text.as_str();
    for layer in [
        "Connection Error: ",
        "Execution Error: ",
        "Query Error: ",
        "Migration Error: ",
        "Custom Error: ",
        "error returned from database: ",
        "error communicating with database: ",
    ] {
        words = words.strip_prefix(layer).unwrap_or(words);
    }
    // PostgreSQL's driver ends with a line of the server's own source.
    let said = match words.rsplit_once(" at line ") {
        Some((said, line)) if line.bytes().all(|digit| digit.is_ascii_digit()) => said,
        _ => words,
    };
    match detail(error) {
        Some(detail) => format!("{said} ({detail})"),
        None => said.to_owned(),
    }
}

/// What PostgreSQL says beside its message: which objects depend on one, which row is in the way, and what
/// it advises.
#[cfg(feature = "postgres")]
fn detail(error: &DbErr) -> Option<String> {
    use sea_orm::RuntimeErr;
    use sea_orm::sqlx::{Error as Driver, postgres::PgDatabaseError};
    let (DbErr::Exec(RuntimeErr::SqlxError(driver)) | DbErr::Query(RuntimeErr::SqlxError(driver))) = error else {
        return None;
    };
    let Driver::Database(said) = driver.as_ref() else { return None };
    let said = said.try_downcast_ref::<PgDatabaseError>()?;
    let detail = said.detail().map(|detail| detail.lines().collect::<Vec<_>>().join("; "));
    let hint = said.hint().map(|hint| format!("hint: {}", hint.lines().collect::<Vec<_>>().join(" ")));
    let parts: Vec<String> = detail.into_iter().chain(hint).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

#[cfg(not(feature = "postgres"))]
fn detail(_: &DbErr) -> Option<String> {
    None
}
