//! Whether a statement that the server has refused may have done something all the same.
//!
//! Most statements are atomic. A routine, a block and a statement about several accounts are not: what
//! they did before the error stays, and shows nowhere. There the server's code decides, where it can
//! only come from before the first effect.

use catalog::Dialect;
use sea_orm::DbErr;
#[cfg(feature = "mysql")]
use sea_orm::{RuntimeErr, sqlx};

use crate::error::is_of_server;
use crate::migrate::statement;

/// MariaDB's codes for a statement that it does not run: no privilege (1044, 1045, 1142, 1143, 1227,
/// 1290, 1698), no text of SQL (1064), no database (1046, 1049).
const BEFORE_ALL: [u16; 10] = [1044, 1045, 1046, 1049, 1064, 1142, 1143, 1227, 1290, 1698];

/// MariaDB's codes for a routine that is not run: it does not exist (1305), its arguments are too
/// many or too few (1318), no privilege to run it (1370). Each message names the routine.
const OF_ROUTINE: [u16; 3] = [1305, 1318, 1370];

/// Whether the server has refused a statement without doing any of it.
pub(super) fn did_nothing(dialect: Dialect, sql: &str, error: &DbErr) -> bool {
    if !is_of_server(error) {
        return false;
    }
    if statement::is_atomic(dialect, sql) {
        return true;
    }
    let Some((code, message)) = said(error) else { return false };
    match statement::called(dialect, sql) {
        // The same codes come from inside a routine, about what it uses: the message tells which.
        Some(routine) => OF_ROUTINE.contains(&code) && is_about(&message, &routine),
        None => statement::is_of_accounts(dialect, sql) && BEFORE_ALL.contains(&code),
    }
}

/// Whether a message is about the routine of this name: `PROCEDURE shop.fill does not exist`,
/// `for routine 'shop.fill'`.
fn is_about(message: &str, routine: &str) -> bool {
    let mut words = message.split(|letter: char| letter.is_whitespace() || "'`\";".contains(letter));
    words.any(|word| {
        word.eq_ignore_ascii_case(routine)
            || word.rsplit_once('.').is_some_and(|(_, name)| name.eq_ignore_ascii_case(routine))
    })
}

/// MariaDB's number and message of an error.
#[cfg(feature = "mysql")]
fn said(error: &DbErr) -> Option<(u16, String)> {
    let (DbErr::Exec(RuntimeErr::SqlxError(driver)) | DbErr::Query(RuntimeErr::SqlxError(driver))) = error else {
        return None;
    };
    let sqlx::Error::Database(said) = driver.as_ref() else { return None };
    let said = said.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()?;
    Some((said.number(), said.message().to_owned()))
}

#[cfg(not(feature = "mysql"))]
fn said(_: &DbErr) -> Option<(u16, String)> {
    None
}

#[cfg(test)]
mod tests {
    use super::is_about;

    #[test]
    fn a_message_is_about_the_routine_that_it_names() {
        assert!(is_about("PROCEDURE shop.fill does not exist", "fill"));
        assert!(is_about("execute command denied to user 'a'@'b' for routine 'shop.fill'", "FILL"));
        assert!(is_about("Incorrect number of arguments for PROCEDURE shop.fill; expected 1, got 0", "fill"));
        assert!(!is_about("PROCEDURE shop.refill does not exist", "fill"));
    }
}
