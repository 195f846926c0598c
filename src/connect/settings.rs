//! The settings that a session of kiln's has, as statements that give another client's session the same.
//!
//! Only what changes what SQL means or makes: how strings, times and numbers are read, which modes the engine is
//! in, which checks it makes. They are read from a session that has just begun, so that they are what a run has.

use catalog::Dialect;
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::Opened;

/// MariaDB's variables with texts that change what a statement does.
const MARIADB_TEXTS: [&str; 5] =
    ["character_set_client", "collation_connection", "sql_mode", "time_zone", "tx_isolation"];

/// MariaDB's switches that change what a statement does.
const MARIADB_SWITCHES: [&str; 6] = [
    "autocommit",
    "check_constraint_checks",
    "foreign_key_checks",
    "sql_auto_is_null",
    "sql_safe_updates",
    "unique_checks",
];

/// PostgreSQL's settings that change what a statement does.
const POSTGRES: [&str; 6] =
    ["client_encoding", "DateStyle", "IntervalStyle", "TimeZone", "standard_conforming_strings", "extra_float_digits"];

/// SQLite's pragmas that change what a statement does.
const SQLITE: [&str; 11] = [
    "foreign_keys",
    "full_column_names",
    "short_column_names",
    "defer_foreign_keys",
    "ignore_check_constraints",
    "legacy_alter_table",
    "recursive_triggers",
    "reverse_unordered_selects",
    "writable_schema",
    "query_only",
    "trusted_schema",
];

/// The statements that give a session the settings which `opened` has.
pub(crate) async fn of_session(opened: &Opened) -> Result<Vec<String>, DbErr> {
    match opened.dialect() {
        Dialect::Sqlite => sqlite(opened).await,
        Dialect::Postgres => postgres(opened).await,
        Dialect::MariaDb => mariadb(opened).await,
    }
}

async fn sqlite(opened: &Opened) -> Result<Vec<String>, DbErr> {
    let mut statements = Vec::new();
    for pragma in SQLITE {
        if let Some(value) = number(opened, &format!("PRAGMA {pragma}")).await? {
            statements.push(format!("PRAGMA {pragma} = {value}"));
        }
    }
    // It tells nobody whether it is on; no driver's session begins so.
    statements.push("PRAGMA case_sensitive_like = OFF".to_owned());
    Ok(statements)
}

/// The one number that a pragma answers with; none where it answers nothing.
async fn number(opened: &Opened, pragma: &str) -> Result<Option<i64>, DbErr> {
    let statement = Statement::from_string(opened.db.get_database_backend(), pragma);
    opened.db.query_one_raw(statement).await?.map_or(Ok(None), |row| row.try_get_by(0).map(Some))
}

async fn postgres(opened: &Opened) -> Result<Vec<String>, DbErr> {
    let transaction = opened.begin_fresh().await?;
    let mut settings = Vec::new();
    for name in POSTGRES {
        let sql = format!("SELECT pg_catalog.quote_literal(pg_catalog.current_setting('{name}')) AS value");
        let row = transaction.query_one_raw(Statement::from_string(transaction.get_database_backend(), sql)).await?;
        if let Some(row) = row {
            settings.push(format!("SET {name} TO {}", row.try_get::<String>("", "value")?));
        }
    }
    transaction.rollback().await?;
    Ok(settings)
}

async fn mariadb(opened: &Opened) -> Result<Vec<String>, DbErr> {
    let texts = MARIADB_TEXTS.map(|name| format!("quote(@@SESSION.{name}) AS {name}"));
    let switches = MARIADB_SWITCHES.map(|name| format!("CAST(@@SESSION.{name} AS CHAR) AS {name}"));
    let sql = format!("SELECT {}, {}", texts.join(", "), switches.join(", "));
    let row = opened.db.query_one_raw(Statement::from_string(opened.db.get_database_backend(), sql)).await?;
    let Some(row) = row else { return Ok(Vec::new()) };
    let value = |name: &str| row.try_get::<String>("", name);
    let names = format!("SET NAMES {} COLLATE {}", value(MARIADB_TEXTS[0])?, value(MARIADB_TEXTS[1])?);
    let mut settings = Vec::new();
    for name in MARIADB_TEXTS[2..].iter().chain(&MARIADB_SWITCHES) {
        settings.push(format!("{name} = {}", value(name)?));
    }
    Ok(vec![names, format!("SET {}", settings.join(", "))])
}
