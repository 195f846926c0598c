//! Statements that are longer than what the server takes: refused by name, before they are sent.
//!
//! MariaDB answers one by closing the connection, and what was lost with it does not say why.

use catalog::Dialect;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};

/// The length in bytes from which on MariaDB is asked for its limit: the protocol's usual lowest is 1 MiB.
const ASKED_FROM: usize = 256 * 1024;

/// Refuses a statement that the server does not take.
pub(super) async fn refuse_too_long(statement: &Statement, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let length = length(statement);
    if length < ASKED_FROM {
        return Ok(());
    }
    let dialect = Dialect::of(db.get_database_backend());
    let limit = match dialect {
        Dialect::MariaDb => {
            let sql = "SELECT CAST(@@max_allowed_packet AS UNSIGNED) AS bytes";
            let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
            row.map_or(Ok(None), |row| row.try_get::<u64>("", "bytes").map(Some))?
        }
        Dialect::Sqlite | Dialect::Postgres => dialect.longest_statement(),
    };
    match limit {
        // The packet has a byte for the command before the text.
        Some(limit) if length as u64 + 1 > limit => Err(DbErr::Custom(too_long(dialect, length, limit))),
        _ => Ok(()),
    }
}

/// What to say of a statement that is too long.
fn too_long(dialect: Dialect, length: usize, limit: u64) -> String {
    let next = match dialect {
        Dialect::MariaDb => {
            // The server keeps multiples of 1,024, and takes 1 GiB at most.
            let wanted = (length as u64 + 1).next_power_of_two();
            format!("; run it in parts, or raise the limit with `SET GLOBAL max_allowed_packet = {wanted}`")
        }
        Dialect::Sqlite | Dialect::Postgres => "; run it in parts".to_owned(),
    };
    let of = if dialect == Dialect::MariaDb { " (max_allowed_packet)" } else { "" };
    format!("the statement is {length} bytes long, and {} takes {limit}{of} at once{next}", dialect.name())
}

/// How long a statement or the values that it binds are on their way, in bytes.
fn length(statement: &Statement) -> usize {
    let values = statement.values.iter().flat_map(|values| &values.0).map(|value| match value {
        Value::String(Some(text)) => text.len(),
        Value::Bytes(Some(bytes)) => bytes.len(),
        Value::Json(Some(json)) => json.to_string().len(),
        _ => size_of::<u64>(),
    });
    statement.sql.len().max(values.sum())
}
