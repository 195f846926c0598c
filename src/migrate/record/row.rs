//! Rows that a migration has read, kept so that it reads them again when it is resumed.
//!
//! Each cell is kept as a value of the Rust type that its column's type stands for, and given back
//! by a query that selects that value. A row with a type that is not listed here is not kept.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use sea_orm::prelude::Decimal;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};
use serde::{Deserialize, Serialize};

use catalog::Dialect;

/// A cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Cell {
    Null,
    Bool(bool),
    Int16(i16),
    Int32(i32),
    Int64(i64),
    Unsigned(u64),
    Float(f32),
    Double(f64),
    Decimal(Decimal),
    Text(String),
    Bytes(Vec<u8>),
    Date(NaiveDate),
    Time(NaiveTime),
    DateTime(NaiveDateTime),
    Instant(DateTime<FixedOffset>),
    Json(serde_json::Value),
}

impl Cell {
    fn value(self) -> Value {
        match self {
            Self::Null => Value::String(None),
            Self::Bool(value) => value.into(),
            Self::Int16(value) => value.into(),
            Self::Int32(value) => value.into(),
            Self::Int64(value) => value.into(),
            Self::Unsigned(value) => value.into(),
            Self::Float(value) => value.into(),
            Self::Double(value) => value.into(),
            Self::Decimal(value) => value.into(),
            Self::Text(value) => value.into(),
            Self::Bytes(value) => value.into(),
            Self::Date(value) => value.into(),
            Self::Time(value) => value.into(),
            Self::DateTime(value) => value.into(),
            Self::Instant(value) => value.into(),
            Self::Json(value) => value.into(),
        }
    }
}

/// `rows` as text; none where a type is not listed here.
pub(super) fn freeze(rows: &[QueryResult]) -> Option<String> {
    let rows: Option<Vec<Vec<(String, Cell)>>> = rows.iter().map(cells).collect();
    serde_json::to_string(&rows?).ok()
}

/// The rows that [`freeze`] kept.
pub(super) async fn thaw(db: &impl ConnectionTrait, frozen: &str) -> Result<Vec<QueryResult>, DbErr> {
    let rows: Vec<Vec<(String, Cell)>> =
        serde_json::from_str(frozen).map_err(|error| DbErr::Custom(format!("a kept row cannot be read: {error}")))?;
    let dialect = Dialect::of(db.get_database_backend());
    let mut thawed = Vec::new();
    for row in rows {
        let placeholder =
            |at: usize| if dialect == Dialect::Postgres { format!("${}", at + 1) } else { "?".to_owned() };
        let columns = row.iter().enumerate();
        let columns: Vec<String> =
            columns.map(|(at, (name, _))| format!("{} AS {}", placeholder(at), dialect.quote(name))).collect();
        let values = row.into_iter().map(|(_, cell)| cell.value());
        let sql = format!("SELECT {}", columns.join(", "));
        thawed.extend(db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?);
    }
    Ok(thawed)
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
fn cells(row: &QueryResult) -> Option<Vec<(String, Cell)>> {
    use sea_orm::sqlx::{Column as _, Row as _, TypeInfo as _, ValueRef as _};

    /// The columns of a driver's row: name, type, whether there is a value.
    macro_rules! columns {
        ($row:expr) => {
            $row.columns()
                .iter()
                .enumerate()
                .map(|(at, column)| {
                    let raw = $row.try_get_raw(at).ok()?;
                    // SQLite's values have types of their own.
                    let data_type = if raw.is_null() {
                        column.type_info().name().to_owned()
                    } else {
                        raw.type_info().name().to_owned()
                    };
                    Some((column.name().to_owned(), data_type, raw.is_null()))
                })
                .collect::<Option<Vec<_>>>()
        };
    }
    let mut columns: Option<Vec<(String, String, bool)>> = None;
    #[cfg(feature = "sqlite")]
    if let Some(row) = row.try_as_sqlite_row() {
        columns = columns!(row);
    }
    #[cfg(feature = "postgres")]
    if let Some(row) = row.try_as_pg_row() {
        columns = columns!(row);
    }
    #[cfg(feature = "mysql")]
    if let Some(row) = row.try_as_mysql_row() {
        columns = columns!(row);
    }
    let cell = |(at, (name, data_type, is_null)): (usize, (String, String, bool))| {
        let cell = if is_null { Cell::Null } else { cell(row, at, &data_type)? };
        Some((name, cell))
    };
    columns?.into_iter().enumerate().map(cell).collect()
}

/// The cell of a column of this type, by the drivers' names of types.
fn cell(row: &QueryResult, at: usize, data_type: &str) -> Option<Cell> {
    Some(match data_type {
        "BOOL" => Cell::Bool(row.try_get_by(at).ok()?),
        "INT2" | "SMALLINT" => Cell::Int16(row.try_get_by(at).ok()?),
        "INT4" | "INT" | "MEDIUMINT" => Cell::Int32(row.try_get_by(at).ok()?),
        "INT8" | "BIGINT" | "INTEGER" => Cell::Int64(row.try_get_by(at).ok()?),
        // MariaDB's is a number of one byte, SQLite's whatever was put in.
        "BOOLEAN" => match row.try_get_by(at) {
            Ok(value) => Cell::Int64(value),
            Err(_) => Cell::Bool(row.try_get_by(at).ok()?),
        },
        "TINYINT" => Cell::Int16(row.try_get_by::<i8, _>(at).ok()?.into()),
        "TINYINT UNSIGNED" => Cell::Unsigned(row.try_get_by::<u8, _>(at).ok()?.into()),
        "SMALLINT UNSIGNED" => Cell::Unsigned(row.try_get_by::<u16, _>(at).ok()?.into()),
        "INT UNSIGNED" | "MEDIUMINT UNSIGNED" => Cell::Unsigned(row.try_get_by::<u32, _>(at).ok()?.into()),
        "BIGINT UNSIGNED" => Cell::Unsigned(row.try_get_by(at).ok()?),
        "FLOAT4" | "FLOAT" => Cell::Float(row.try_get_by(at).ok()?),
        "FLOAT8" | "DOUBLE" | "REAL" => Cell::Double(row.try_get_by(at).ok()?),
        "NUMERIC" | "DECIMAL" => Cell::Decimal(row.try_get_by(at).ok()?),
        "TEXT" | "VARCHAR" | "NAME" | "CHAR" | "TINYTEXT" | "MEDIUMTEXT" | "LONGTEXT" | "BPCHAR" | "ENUM" => {
            Cell::Text(row.try_get_by(at).ok()?)
        }
        "BYTEA" | "BLOB" | "BINARY" | "VARBINARY" | "TINYBLOB" | "MEDIUMBLOB" | "LONGBLOB" => {
            Cell::Bytes(row.try_get_by(at).ok()?)
        }
        "DATE" => Cell::Date(row.try_get_by(at).ok()?),
        "TIME" => Cell::Time(row.try_get_by(at).ok()?),
        "DATETIME" => Cell::DateTime(row.try_get_by(at).ok()?),
        "TIMESTAMP" => match row.try_get_by(at) {
            Ok(value) => Cell::DateTime(value),
            Err(_) => Cell::Instant(row.try_get_by(at).ok()?),
        },
        "TIMESTAMPTZ" => Cell::Instant(row.try_get_by(at).ok()?),
        "JSON" | "JSONB" => Cell::Json(row.try_get_by(at).ok()?),
        _ => return None,
    })
}
