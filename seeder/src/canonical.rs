//! The canonical text of a value: one text for equal values, whichever database they come from.
//!
//! Numbers have no exponent and no needless digit, floating point is the shortest text that reads back
//! as the same number, times have six digits after the second, those with a time zone are in UTC,
//! bytes are hexadecimal, JSON has its keys sorted and no white space. A null is `\N`.

use std::fmt::Write as _;

use chrono::{DateTime, TimeZone, Utc};
use sea_orm::prelude::{Decimal, TimeTime};
use sea_orm::sea_query::{Expr, OptionEnum, PostgresQueryBuilder, Query};
use sea_orm::{ColumnTrait, ColumnType, Value};

/// The digits after the point of a decimal column; none where its type does not say.
pub(crate) fn scale(column: &impl ColumnTrait) -> Option<u32> {
    match column.def().get_column_type() {
        ColumnType::Decimal(Some((_, scale))) | ColumnType::Money(Some((_, scale))) => Some(*scale),
        _ => None,
    }
}

/// Whether every database puts the values of a column in one order.
///
/// The engines differ on the order of enums and JSON, PostgreSQL has none for JSON, SQLite keeps a
/// time zone's offset in the text, and MariaDB looks at the first 1,024 bytes of a blob.
pub(crate) fn is_ordered(column: &impl ColumnTrait) -> bool {
    !matches!(
        column.def().get_column_type(),
        ColumnType::Json
            | ColumnType::JsonBinary
            | ColumnType::Enum { .. }
            | ColumnType::Array(_)
            | ColumnType::Vector(_)
            | ColumnType::Binary(_)
            | ColumnType::VarBinary(_)
            | ColumnType::Blob
            | ColumnType::TimestampWithTimeZone
            | ColumnType::Interval(..)
            | ColumnType::Bit(_)
            | ColumnType::VarBit(_)
            | ColumnType::Custom(_)
    )
}

/// Appends the canonical text of `value`, a decimal with so many digits after the point.
pub(crate) fn write(line: &mut String, value: &Value, scale: Option<u32>) {
    if *value == value.as_null() {
        line.push_str("\\N");
        return;
    }
    let written = match value {
        // SQLite keeps decimals as floating point: rounded to their scale they are what was written.
        Value::Decimal(Some(value)) => match scale {
            Some(scale) => {
                let digits = usize::try_from(scale).expect("a scale is small");
                // As PostgreSQL and MariaDB round what they store.
                write!(line, "{:.digits$}", rounded(*value, scale))
            }
            None => write!(line, "{}", value.normalize()),
        },
        Value::Bool(Some(value)) => write!(line, "{value}"),
        Value::TinyInt(Some(value)) => write!(line, "{value}"),
        Value::SmallInt(Some(value)) => write!(line, "{value}"),
        Value::Int(Some(value)) => write!(line, "{value}"),
        Value::BigInt(Some(value)) => write!(line, "{value}"),
        Value::TinyUnsigned(Some(value)) => write!(line, "{value}"),
        Value::SmallUnsigned(Some(value)) => write!(line, "{value}"),
        Value::Unsigned(Some(value)) => write!(line, "{value}"),
        Value::BigUnsigned(Some(value)) => write!(line, "{value}"),
        // Adding zero makes a zero of a negative one.
        Value::Float(Some(value)) => write!(line, "{}", value + 0.0),
        Value::Double(Some(value)) => write!(line, "{}", value + 0.0),
        Value::ChronoDate(Some(value)) => write!(line, "{value}"),
        Value::ChronoTime(Some(value)) => write!(line, "{}", value.format("%H:%M:%S%.6f")),
        Value::ChronoDateTime(Some(value)) => write!(line, "{}", value.format("%Y-%m-%dT%H:%M:%S%.6f")),
        Value::ChronoDateTimeUtc(Some(value)) => write!(line, "{}", in_utc(value)),
        Value::ChronoDateTimeLocal(Some(value)) => write!(line, "{}", in_utc(value)),
        Value::ChronoDateTimeWithTimeZone(Some(value)) => write!(line, "{}", in_utc(value)),
        Value::TimeDate(Some(value)) => write!(line, "{value}"),
        Value::TimeTime(Some(value)) => write!(line, "{}", clock(*value)),
        Value::TimeDateTime(Some(value)) => write!(line, "{}T{}", value.date(), clock(value.time())),
        Value::TimeDateTimeWithTimeZone(Some(value)) => {
            let micros = i64::try_from(value.unix_timestamp_nanos().div_euclid(1_000)).unwrap_or(i64::MAX);
            write!(line, "{}", in_utc(&DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::<Utc>::MAX_UTC)))
        }
        Value::Uuid(Some(value)) => write!(line, "{}", value.hyphenated()),
        Value::Bytes(Some(value)) => value.iter().try_for_each(|byte| write!(line, "{byte:02x}")),
        Value::String(Some(value)) => return escape(line, value),
        Value::Char(Some(value)) => return escape(line, value.encode_utf8(&mut [0; 4])),
        Value::Enum(OptionEnum::Some(value)) => return escape(line, &value.value),
        Value::Json(Some(value)) => return escape(line, &json(value)),
        Value::Array(_, Some(values)) => return array(line, values, scale),
        // Types that one engine alone has: as its own SQL writes them.
        other => return escape(line, &literal(other)),
    };
    written.expect("a String takes everything");
}

/// A decimal with so many digits, halves away from zero.
fn rounded(value: Decimal, scale: u32) -> Decimal {
    let half = Decimal::new(if value.is_sign_negative() { -5 } else { 5 }, scale + 1);
    value.checked_add(half).unwrap_or(value).trunc_with_scale(scale)
}

/// A moment in UTC.
fn in_utc<Z: TimeZone>(value: &DateTime<Z>) -> String {
    value.with_timezone(&Utc).format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// A time of day.
fn clock(time: TimeTime) -> String {
    let (hour, minute, second, micros) = time.as_hms_micro();
    format!("{hour:02}:{minute:02}:{second:02}.{micros:06}")
}

/// Appends text with what ends a value, a row or an escape in it escaped.
fn escape(line: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\\' => line.push_str("\\\\"),
            letter => line.push(letter),
        }
    }
}

/// JSON with sorted keys and no white space, each number in one form: PostgreSQL reads `1e2` as `100`.
fn json(value: &serde_json::Value) -> String {
    use serde_json::Value as Json;
    match value {
        Json::Number(number) => match number.as_f64() {
            // Below 2^53 a floating point number has every whole number exactly.
            Some(float) if !number.is_i64() && !number.is_u64() => format!("{float}"),
            _ => number.to_string(),
        },
        Json::Array(values) => format!("[{}]", values.iter().map(json).collect::<Vec<_>>().join(",")),
        Json::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            let fields = fields.iter().map(|(name, value)| format!("{}:{}", Json::from(name.as_str()), json(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Json::Null | Json::Bool(_) | Json::String(_) => value.to_string(),
    }
}

/// Appends the texts of an array's values.
fn array(line: &mut String, values: &[Value], scale: Option<u32>) {
    line.push('[');
    for value in values {
        let mut text = String::new();
        write(&mut text, value, scale);
        for letter in text.chars() {
            if matches!(letter, ',' | '[' | ']') && !matches!(value, Value::Array(..) | Value::Json(_)) {
                line.push('\\');
            }
            line.push(letter);
        }
        // Behind each, so that no value and an empty one are two texts.
        line.push(',');
    }
    line.push(']');
}

/// A value as PostgreSQL's SQL writes it.
fn literal(value: &Value) -> String {
    let select = Query::select().expr(Expr::value(value.clone())).to_string(PostgresQueryBuilder);
    select.strip_prefix("SELECT ").unwrap_or(&select).to_owned()
}

#[cfg(test)]
mod tests {
    use sea_orm::Value;
    use sea_orm::prelude::{Decimal, Json, TimeDate, TimeDateTime, TimeDateTimeWithTimeZone, TimeTime, Uuid};

    use super::write;

    fn with_scale(value: impl Into<Value>, scale: Option<u32>) -> String {
        let mut line = String::new();
        write(&mut line, &value.into(), scale);
        line
    }

    fn text(value: impl Into<Value>) -> String {
        with_scale(value, None)
    }

    fn date() -> chrono::NaiveDate {
        chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()
    }

    #[test]
    fn the_canonical_text_is_the_documented_one() {
        assert_eq!(text(1.10_f64), "1.1");
        assert_eq!(text(0.1_f32), "0.1");
        assert_eq!(text(1e21_f64), "1000000000000000000000");
        assert_eq!(text(u64::MAX), "18446744073709551615");
        assert_eq!(with_scale(Decimal::new(11, 1), Some(2)), "1.10");
        assert_eq!(text(Decimal::new(1100, 3)), "1.1");
        assert_eq!(with_scale(Decimal::new(125, 3), Some(2)), "0.13");
        assert_eq!(text(-0.0_f64), "0");
        assert_eq!(text("a\tb\\c\nd"), "a\\tb\\\\c\\nd");
        assert_eq!(text('\\'), "\\\\");
        assert_eq!(text("\\N"), "\\\\N");
        assert_eq!(text(date()), "2024-02-29");
        assert_eq!(text(vec![0_u8, 255]), "00ff");
        assert_eq!(text(Uuid::from_u128(10)), "00000000-0000-0000-0000-00000000000a");
    }

    #[test]
    fn every_kind_of_null_is_one_text() {
        for null in [
            Value::from(None::<String>),
            None::<u8>.into(),
            None::<Vec<u8>>.into(),
            None::<Json>.into(),
            None::<Uuid>.into(),
            None::<chrono::DateTime<chrono::Utc>>.into(),
            None::<TimeDateTimeWithTimeZone>.into(),
        ] {
            assert_eq!(text(null), "\\N");
        }
    }

    #[test]
    fn a_moment_is_one_text_in_every_time_zone_and_library() {
        let naive = date().and_hms_micro_opt(1, 2, 3, 45).unwrap();
        let east = chrono::FixedOffset::east_opt(2 * 3_600).unwrap();
        let utc = naive.and_utc();
        let wanted = "2024-02-29T01:02:03.000045Z";
        assert_eq!(text(utc), wanted);
        assert_eq!(text(utc.with_timezone(&east)), wanted);
        assert_eq!(text(utc.with_timezone(&chrono::Local)), wanted);
        let day = TimeDate::from_ordinal_date(2024, 60).unwrap();
        let clock = TimeTime::from_hms_micro(1, 2, 3, 45).unwrap();
        assert_eq!(text(TimeDateTime::new(day, clock).assume_utc()), wanted);
        assert_eq!(text(naive), "2024-02-29T01:02:03.000045");
        assert_eq!(text(TimeDateTime::new(day, clock)), "2024-02-29T01:02:03.000045");
        assert_eq!(text(naive.time()), "01:02:03.000045");
        assert_eq!(text(clock), "01:02:03.000045");
        assert_eq!(text(day), "2024-02-29");
    }

    #[test]
    fn json_is_one_text_whatever_its_order_and_spelling() {
        let json = |text: &str| serde_json::from_str::<Json>(text).unwrap();
        let wanted = r#"{"a":[1,1.5,null,"x"],"b":{"c":100,"d":true}}"#;
        assert_eq!(text(json(r#"{"b": {"d": true, "c": 1e2}, "a": [1.0, 1.50, null, "x"]}"#)), wanted);
        assert_eq!(text(json(r#""a\nb""#)), r#""a\\nb""#);
    }

    #[test]
    fn an_array_tells_its_values_apart() {
        assert_eq!(text(vec![1, 2]), "[1,2,]");
        assert_eq!(text(vec!["a,b".to_owned(), "c".to_owned()]), "[a\\,b,c,]");
        assert_ne!(text(Vec::<String>::new()), text(vec![String::new()]));
        assert_ne!(text(vec!["a,b".to_owned()]), text(vec!["a".to_owned(), "b".to_owned()]));
    }
}
