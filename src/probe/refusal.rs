//! Why a server refused a row, by its own codes.

use sea_orm::sqlx::Error as Driver;
use sea_orm::{DbErr, RuntimeErr};

/// What stands behind a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A CHECK, or a trigger that raises: another row may pass.
    Condition,
    /// A row like it is there.
    Duplicate,
    /// This role may not insert here, or nobody may now.
    Forbidden,
    /// Somebody else holds a lock.
    Locked,
    /// A value that the column's type does not have.
    Value,
    /// Anything else: what the program would suffer.
    Other,
}

/// A refusal and its codes: MariaDB's numbers, PostgreSQL's states, SQLite's extended codes.
type Codes = (Refusal, &'static [u16], &'static [&'static str], &'static [&'static str]);

const CODES: &[Codes] = &[
    // CONSTRAINT failed, SIGNAL; check_violation, raise_exception; CHECK, TRIGGER.
    (Refusal::Condition, &[4025, 1644], &["23514", "P0001"], &["275", "1811"]),
    // Unique and exclusion constraints; PRIMARYKEY, UNIQUE, ROWID.
    (Refusal::Duplicate, &[1022, 1062, 1169, 1586], &["23505", "23P01"], &["1555", "2067", "2579"]),
    // Privileges, and servers and transactions that only read.
    (
        Refusal::Forbidden,
        &[1044, 1142, 1143, 1227, 1290, 1792],
        &["42501", "25006"],
        &["8", "264", "520", "776", "1032", "1288", "1544"],
    ),
    // Timeouts and deadlocks; BUSY, LOCKED.
    (Refusal::Locked, &[1205, 1213], &["55P03", "40P01"], &["5", "6", "261", "517"]),
    // Out of range, cut off, not of the type; of PostgreSQL's class 22 those of a value's form.
    (Refusal::Value, &[1264, 1265, 1292, 1366, 1406], &["22001", "22003", "22007", "22008", "22P02"], &[]),
];

/// The refusal behind an error.
pub(super) fn of(error: &DbErr) -> Refusal {
    let (DbErr::Exec(RuntimeErr::SqlxError(driver)) | DbErr::Query(RuntimeErr::SqlxError(driver))) = error else {
        return Refusal::Other;
    };
    let Driver::Database(said) = driver.as_ref() else { return Refusal::Other };
    let code = said.code().unwrap_or_default();
    let number = mariadb_number(said.as_ref());
    let is_it = |numbers: &[u16], states: &[&str], codes: &[&str]| match number {
        Some(number) => numbers.contains(&number),
        None => states.contains(&code.as_ref()) || codes.contains(&code.as_ref()),
    };
    let found = CODES.iter().find(|(_, numbers, states, codes)| is_it(numbers, states, codes));
    found.map_or(Refusal::Other, |(refusal, ..)| *refusal)
}

#[cfg(feature = "mysql")]
fn mariadb_number(said: &dyn sea_orm::sqlx::error::DatabaseError) -> Option<u16> {
    use sea_orm::sqlx::mysql::MySqlDatabaseError;
    said.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number)
}

#[cfg(not(feature = "mysql"))]
fn mariadb_number(_: &dyn sea_orm::sqlx::error::DatabaseError) -> Option<u16> {
    None
}
