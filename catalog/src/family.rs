//! Kinds of value, coarse enough to compare a Rust field with a column of any engine.

use std::fmt;

use sea_orm::ColumnType;
use sea_orm::sea_query::StringLen;

use crate::{Dialect, counted};

/// What kind of value a column holds or a field expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Family {
    /// Whole numbers of so many bits; none where the engine does not say.
    Integer(Option<u8>),
    /// Whole numbers of so many bits from zero, which MariaDB alone tells from the others.
    Unsigned(u8),
    /// Binary floating point of so many bits; none where the engine does not say.
    Float(Option<u8>),
    /// Decimal numbers of a precision and a scale; none where any fit.
    Decimal(Option<(u32, u32)>),
    /// Text of at most so many characters; none where the engine or the field sets no limit.
    Text(Option<u32>),
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and a time, without a time zone.
    DateTime,
    /// A point in time.
    Timestamp,
    /// A UUID.
    Uuid,
    /// A JSON document.
    Json,
    /// Bytes.
    Binary,
    /// Anything else, by its own name: compared with nothing.
    Other(String),
}

impl Family {
    /// The family of a column from its type as the engine renders it.
    pub fn of_column(dialect: Dialect, data_type: &str) -> Self {
        let lower = data_type.to_ascii_lowercase();
        let lower = lower.split(" collate ").next().unwrap_or_default();
        let (name, arguments) = match lower.split_once('(') {
            Some((name, rest)) => (name.trim(), rest.split(')').next().unwrap_or_default()),
            None => (lower, ""),
        };
        let zone = lower.ends_with("with time zone");
        let numbers: Vec<u32> = arguments.split(',').filter_map(|number| number.trim().parse().ok()).collect();
        let pair = numbers.first().map(|precision| (*precision, numbers.get(1).copied().unwrap_or(0)));
        let length = numbers.first().copied();
        let (name, is_unsigned) = match name.strip_suffix(" unsigned") {
            Some(name) => (name, true),
            None => (name, lower.ends_with("unsigned")),
        };
        let integer = |bits| if is_unsigned { Self::Unsigned(bits) } else { Self::Integer(Some(bits)) };
        match (dialect, name) {
            (Dialect::MariaDb, "tinyint") if length == Some(1) => Self::Boolean,
            // SQLite has one integer of up to 64 bits whatever the column is called, and SeaORM calls each
            // of its own `integer`: only who writes `bigint` says more.
            (Dialect::Sqlite, "integer" | "int" | "smallint" | "mediumint" | "tinyint") => Self::Integer(None),
            // SQLite has no decimals: sea-query calls them real with a precision.
            (Dialect::Sqlite, "real") if pair.is_some() => Self::Decimal(pair),
            (Dialect::Sqlite, "real" | "float" | "double" | "double precision") => Self::Float(None),
            (_, "tinyint") => integer(8),
            (_, "smallint") => integer(16),
            (_, "mediumint") => integer(24),
            (_, "int" | "integer") => integer(32),
            (_, "bigint") => integer(64),
            (_, "real" | "float") => Self::Float(Some(32)),
            (_, "double" | "double precision") => Self::Float(Some(64)),
            (_, "numeric" | "decimal") => Self::Decimal(pair),
            (_, "character varying" | "varchar" | "character" | "char" | "bpchar") => Self::Text(length),
            // MariaDB's JSON is longtext too, with a check; decoding either from it works.
            (_, "text" | "tinytext" | "mediumtext" | "longtext" | "enum_text") => Self::Text(None),
            (_, "boolean" | "bool") => Self::Boolean,
            (_, "date" | "date_text") => Self::Date,
            (_, "time" | "time without time zone" | "time_text") => Self::Time,
            (Dialect::MariaDb | Dialect::Sqlite, "timestamp") => Self::DateTime,
            (_, "timestamp" | "timestamp without time zone" | "datetime" | "datetime_text" | "timestamp_text")
                if !zone =>
            {
                Self::DateTime
            }
            (_, "timestamp with time zone" | "timestamp" | "timestamp_with_timezone_text") => Self::Timestamp,
            (_, "uuid" | "uuid_text") => Self::Uuid,
            (_, "json" | "jsonb" | "json_text" | "jsonb_text") => Self::Json,
            (_, "bytea" | "blob" | "tinyblob" | "mediumblob" | "longblob" | "binary" | "varbinary") => Self::Binary,
            _ => Self::Other(data_type.to_owned()),
        }
    }

    /// The family that a field of an entity expects.
    pub fn of_field(dialect: Dialect, column_type: &ColumnType) -> Self {
        let unsigned = |bits| match dialect {
            Dialect::MariaDb => Self::Unsigned(bits),
            Dialect::Sqlite | Dialect::Postgres => Self::Integer(Some(bits)),
        };
        match column_type {
            ColumnType::TinyInteger => Self::Integer(Some(8)),
            ColumnType::TinyUnsigned => unsigned(8),
            ColumnType::SmallInteger => Self::Integer(Some(16)),
            ColumnType::SmallUnsigned => unsigned(16),
            ColumnType::Integer => Self::Integer(Some(32)),
            ColumnType::Unsigned => unsigned(32),
            ColumnType::BigInteger => Self::Integer(Some(64)),
            ColumnType::BigUnsigned => unsigned(64),
            ColumnType::Float => Self::Float(Some(32)),
            ColumnType::Double => Self::Float(Some(64)),
            ColumnType::Decimal(pair) | ColumnType::Money(pair) => Self::Decimal(*pair),
            ColumnType::String(StringLen::N(length)) => Self::Text(Some(*length)),
            ColumnType::Char(length) => Self::Text(*length),
            ColumnType::String(_) | ColumnType::Text => Self::Text(None),
            ColumnType::Boolean => Self::Boolean,
            ColumnType::Date => Self::Date,
            ColumnType::Time => Self::Time,
            ColumnType::DateTime | ColumnType::Timestamp => Self::DateTime,
            ColumnType::TimestampWithTimeZone => Self::Timestamp,
            ColumnType::Uuid => Self::Uuid,
            ColumnType::Json | ColumnType::JsonBinary => Self::Json,
            ColumnType::Binary(_) | ColumnType::VarBinary(_) | ColumnType::Blob => Self::Binary,
            other => Self::Other(format!("{other:?}")),
        }
    }

    /// What a program suffers whose field is `self` over a column of `actual`; none where every
    /// value passes both ways.
    pub fn consequence(&self, dialect: Dialect, actual: &Self) -> Option<String> {
        let decode_fails = || Some("reading a row fails: the value does not decode into the field".to_owned());
        match (self, actual) {
            (Self::Other(_), _) | (_, Self::Other(_)) => None,
            (Self::Integer(Some(field)), Self::Integer(Some(column))) if field != column => match dialect {
                // sqlx decodes PostgreSQL's integers at their exact width only.
                Dialect::Postgres => decode_fails(),
                _ if field > column => {
                    Some(format!("an insert can fail: the column holds {column} bits, the field {field}"))
                }
                _ => Some(format!("reading a row can fail: the column holds {column} bits, the field {field}")),
            },
            (Self::Float(Some(field)), Self::Float(Some(column))) if field != column => match dialect {
                Dialect::Postgres => decode_fails(),
                _ => Some(format!("values change: the column holds {column} bits, the field {field}")),
            },
            (Self::Decimal(Some((precision, scale))), Self::Decimal(Some((held, kept))))
                if (precision, scale) != (held, kept) =>
            {
                let is_less = scale > kept || precision.saturating_sub(*scale) > held.saturating_sub(*kept);
                if dialect == Dialect::Sqlite {
                    return is_less.then(|| unenforced(&format!("decimal({held}, {kept})")));
                }
                Some(if scale > kept {
                    format!("values change: the column keeps {}, the field promises {scale}", counted(*kept, "decimal"))
                } else if precision.saturating_sub(*scale) > held.saturating_sub(*kept) {
                    format!(
                        "an insert can fail: the column holds {}, the field promises {precision}",
                        counted(*held, "digit")
                    )
                } else {
                    return None;
                })
            }
            (Self::Text(Some(field)), Self::Text(Some(column))) if field > column => match dialect {
                Dialect::Sqlite => Some(unenforced(&counted(*column, "character"))),
                _ => Some(format!(
                    "an insert can fail: the column holds {}, the field promises {field}",
                    counted(*column, "character")
                )),
            },
            (Self::Decimal(_), Self::Float(_)) if dialect == Dialect::Sqlite => {
                Some("values change: the column holds binary floating point".to_owned())
            }
            (Self::Json, Self::Text(None)) if dialect == Dialect::MariaDb => None,
            // Neither MariaDB nor SQLite has a type of its own for these two.
            (Self::Timestamp, Self::DateTime) | (Self::Uuid, Self::Binary) if dialect != Dialect::Postgres => None,
            // Their booleans are small numbers.
            (Self::Boolean, Self::Integer(_)) | (Self::Integer(_), Self::Boolean) if dialect != Dialect::Postgres => {
                None
            }
            // SQLite keeps all of these as text, and decimals as floating point, whatever it calls them.
            (Self::Date | Self::Time | Self::DateTime | Self::Timestamp | Self::Json, Self::Text(_))
            | (Self::Float(_), Self::Decimal(_))
                if dialect == Dialect::Sqlite =>
            {
                None
            }
            (field, column) if std::mem::discriminant(field) != std::mem::discriminant(column) => decode_fails(),
            _ => None,
        }
    }
}

/// SQLite keeps what a column is not declared for; whoever reads the declaration is misled.
fn unenforced(declared: &str) -> String {
    format!("values beyond {declared} are kept, which the column declares and SQLite does not enforce")
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(None) => f.write_str("integer"),
            Self::Integer(Some(bits)) => write!(f, "{bits}-bit integer"),
            Self::Unsigned(bits) => write!(f, "unsigned {bits}-bit integer"),
            Self::Float(None) => f.write_str("float"),
            Self::Float(Some(bits)) => write!(f, "{bits}-bit float"),
            Self::Decimal(None) => f.write_str("decimal"),
            Self::Decimal(Some((precision, scale))) => write!(f, "decimal({precision}, {scale})"),
            Self::Text(None) => f.write_str("text"),
            Self::Text(Some(length)) => write!(f, "text of {length}"),
            Self::Boolean => f.write_str("boolean"),
            Self::Date => f.write_str("date"),
            Self::Time => f.write_str("time"),
            Self::DateTime => f.write_str("date and time"),
            Self::Timestamp => f.write_str("timestamp with time zone"),
            Self::Uuid => f.write_str("uuid"),
            Self::Json => f.write_str("json"),
            Self::Binary => f.write_str("bytes"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Family;
    use crate::Dialect;

    #[test]
    fn every_engines_spelling_finds_its_family() {
        for (dialect, data_type, family) in [
            (Dialect::Postgres, "character varying(20)", Family::Text(Some(20))),
            (Dialect::Postgres, "numeric(10,2)", Family::Decimal(Some((10, 2)))),
            (Dialect::Postgres, "numeric", Family::Decimal(None)),
            (Dialect::Postgres, "timestamp(3) with time zone", Family::Timestamp),
            (Dialect::Postgres, "timestamp without time zone", Family::DateTime),
            (Dialect::Postgres, "double precision", Family::Float(Some(64))),
            (Dialect::MariaDb, "tinyint(1)", Family::Boolean),
            (Dialect::MariaDb, "bigint(20) unsigned", Family::Unsigned(64)),
            (Dialect::MariaDb, "longtext", Family::Text(None)),
            (Dialect::MariaDb, "timestamp", Family::DateTime),
            (Dialect::Postgres, "text collate \"C\"", Family::Text(None)),
            (Dialect::MariaDb, "varchar(20) collate latin1_bin", Family::Text(Some(20))),
            (Dialect::Sqlite, "INTEGER", Family::Integer(None)),
            (Dialect::Sqlite, "real(10, 2)", Family::Decimal(Some((10, 2)))),
            (Dialect::Sqlite, "double", Family::Float(None)),
            (Dialect::Sqlite, "date_text", Family::Date),
        ] {
            assert_eq!(Family::of_column(dialect, data_type), family, "{dialect}: {data_type}");
        }
    }

    #[test]
    fn values_that_pass_both_ways_have_no_consequence() {
        for (dialect, field, column) in [
            (Dialect::Postgres, Family::Text(Some(20)), Family::Text(Some(50))),
            (Dialect::Postgres, Family::Text(None), Family::Text(Some(50))),
            (Dialect::MariaDb, Family::Json, Family::Text(None)),
            (Dialect::MariaDb, Family::Timestamp, Family::DateTime),
            (Dialect::Sqlite, Family::Integer(Some(32)), Family::Integer(None)),
            (Dialect::Postgres, Family::Decimal(Some((8, 2))), Family::Decimal(Some((10, 2)))),
            (Dialect::Postgres, Family::Boolean, Family::Other("mood".to_owned())),
            (Dialect::Sqlite, Family::DateTime, Family::Text(None)),
            (Dialect::Sqlite, Family::Integer(Some(8)), Family::Boolean),
            (Dialect::MariaDb, Family::Boolean, Family::Integer(Some(8))),
        ] {
            assert_eq!(field.consequence(dialect, &column), None, "{field} over {column}");
        }
    }

    #[test]
    fn each_lie_has_its_consequence() {
        for (dialect, field, column, consequence) in [
            (Dialect::Postgres, Family::Integer(Some(32)), Family::Integer(Some(64)), "reading a row fails"),
            (Dialect::MariaDb, Family::Integer(Some(64)), Family::Integer(Some(32)), "an insert can fail"),
            (Dialect::MariaDb, Family::Integer(Some(32)), Family::Integer(Some(64)), "reading a row can fail"),
            (Dialect::Postgres, Family::Text(Some(50)), Family::Text(Some(20)), "an insert can fail"),
            (Dialect::Sqlite, Family::Decimal(Some((10, 2))), Family::Float(None), "values change"),
            (Dialect::MariaDb, Family::Decimal(Some((10, 4))), Family::Decimal(Some((10, 2))), "values change"),
            (Dialect::MariaDb, Family::Decimal(Some((12, 2))), Family::Decimal(Some((10, 2))), "an insert can fail"),
            (Dialect::Postgres, Family::Date, Family::Text(None), "reading a row fails"),
            (Dialect::MariaDb, Family::Integer(Some(32)), Family::Unsigned(32), "reading a row fails"),
        ] {
            let found = field.consequence(dialect, &column).unwrap_or_default();
            assert!(found.starts_with(consequence), "{field} over {column}: {found}");
        }
    }
}
