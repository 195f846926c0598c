//! Values to try for a field, the likeliest first.
//!
//! They fit the promised and the actual length and precision, and differ from the column's default,
//! which would hide what an insert does not carry.

use std::hash::{BuildHasher as _, RandomState};

use catalog::{
    Catalog, Column, Family, Field, Promise, Table, allowed_values, domain_checks, literals, mentions, value_of_text,
};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use sea_orm::prelude::{Decimal, TimeDate, TimeDateTime, TimeTime, Uuid};
use sea_orm::sea_query::{ArrayType, StringLen};
use sea_orm::{ColumnType, DbBackend, Statement, Value};
use serde_json::json;

/// Numbers that nobody has drawn before.
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn new() -> Self {
        Self(RandomState::new().hash_one("probe"))
    }

    /// A number below `limit`, by `SplitMix64`.
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let below = (mixed ^ (mixed >> 31)) % u64::from(limit.max(1));
        u32::try_from(below).expect("a remainder is below what it is of")
    }

    /// As [`Self::below`], of a limit up to 255.
    fn small(&mut self, limit: u8) -> u8 {
        u8::try_from(self.below(u32::from(limit))).expect("a number below one of 8 bits has 8")
    }

    /// So many letters or digits of these.
    fn word(&mut self, letters: &str, length: usize) -> String {
        let letters: Vec<char> = letters.chars().collect();
        let most = u8::try_from(letters.len()).expect("an alphabet is short");
        (0..length).map(|_| letters[usize::from(self.small(most))]).collect()
    }
}

const LETTERS: &str = "abcdefghijkmnpqrstuvwxyz";

/// Where a field's values go.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) promise: &'a Promise,
    pub(super) field: &'a Field,
    pub(super) column: &'a Column,
    pub(super) table: &'a Table,
    pub(super) catalog: &'a Catalog,
}

impl Target<'_> {
    /// Values to try; why there are none.
    pub(super) fn values(self, draw: &mut Draw) -> Result<Vec<Value>, String> {
        let allowed = allowed_values(self.catalog, self.table, self.column).unwrap_or_default();
        let of_text = |text: &String| value_of_text(&self.field.kind, text);
        let mut values: Vec<Value> = match self.promise.known(self.field, &allowed) {
            Some(known) => {
                let fits = |word: &&String| allowed.is_empty() || allowed.contains(word);
                known.iter().filter(fits).filter_map(of_text).collect()
            }
            None if allowed.is_empty() => self.plain(draw),
            None => allowed.iter().filter_map(of_text).collect(),
        };
        values.extend(self.of_conditions());
        values.extend(
            self.promise.defaults().into_iter().filter(|(name, _)| *name == self.field.column).map(|(_, value)| value),
        );
        values.retain(|value| *value != value.as_null() && self.promise.takes(&self.field.column, value.clone()));
        if values.is_empty() {
            let advice = match self.field.kind {
                ArrayType::String | ArrayType::Char => "; name its enum with Schema::enums",
                _ => "",
            };
            return Err(format!("no value of {} is known{advice}", self.promise.field_name(&self.field.column)));
        }
        values.sort_by_key(|value| self.is_default(value));
        let null = values[0].as_null();
        if self.field.nullable && self.column.nullable {
            values.push(null);
        }
        let mut distinct: Vec<Value> = Vec::new();
        for value in values {
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        Ok(distinct)
    }

    /// Whether the column would have this value without an insert's saying so.
    fn is_default(self, value: &Value) -> bool {
        let Some(default) = &self.column.default else { return false };
        let shown = shown(value);
        let plain = shown.trim_matches('\'');
        let is_same = |text: &str| text.eq_ignore_ascii_case(plain) || text.eq_ignore_ascii_case(&shown);
        let is_one = match value {
            Value::Bool(Some(true)) => matches!(default.as_str(), "1" | "true" | "TRUE"),
            Value::Bool(Some(false)) => matches!(default.as_str(), "0" | "false" | "FALSE"),
            _ => false,
        };
        is_one || literals(self.catalog.dialect, default).iter().any(|text| is_same(text)) || is_same(default)
    }

    /// What stands in the conditions that are about the column, and its neighbours.
    fn of_conditions(self) -> Vec<Value> {
        let is_about = |expression: &&str| mentions(self.catalog.dialect, expression, &self.column.name);
        let of_table = self.table.checks.iter().map(|check| check.expression.as_str()).filter(is_about);
        let of_domain = domain_checks(self.catalog, self.column).iter().map(|check| check.expression.as_str());
        let expressions = of_table.chain(of_domain);
        let texts = expressions.flat_map(|expression| literals(self.catalog.dialect, expression));
        let values = texts.flat_map(|text| {
            let near: Vec<String> = match text.parse::<i64>() {
                Ok(number) => {
                    [number, number.saturating_add(1), number.saturating_sub(1)].map(|n| n.to_string()).into()
                }
                Err(_) => vec![text],
            };
            near.into_iter().filter_map(|text| number_or_text(&self.field.kind, &text))
        });
        values.collect()
    }

    /// How many characters fit, and whether the engine fills up what is shorter.
    fn length(self) -> (usize, bool) {
        let of = |family: &Family| if let Family::Text(length) = family { *length } else { None };
        let actual = Family::of_column(self.catalog.dialect, &self.column.data_type);
        let lengths = [of(&self.field.family), of(&actual)].into_iter().flatten().min();
        let is_filled = self.column.data_type.starts_with("char");
        let is_filled = is_filled && !self.column.data_type.starts_with("character varying");
        (lengths.map_or(40, |length| usize::try_from(length).unwrap_or(40)), is_filled)
    }

    /// Digits before and after the point.
    fn digits(self) -> (u32, u32) {
        let of = |family: &Family| match family {
            Family::Decimal(Some((precision, scale))) => Some((precision.saturating_sub(*scale), *scale)),
            _ => None,
        };
        let actual = Family::of_column(self.catalog.dialect, &self.column.data_type);
        let all: Vec<(u32, u32)> = [of(&self.field.family), of(&actual)].into_iter().flatten().collect();
        let least = |part: fn(&(u32, u32)) -> u32, none| all.iter().map(part).min().unwrap_or(none);
        (least(|digits| digits.0, 8).min(8), least(|digits| digits.1, 2).min(8))
    }

    fn whole_numbers(self, draw: &mut Draw) -> Vec<Value> {
        let first = if self.promise.is_unique(&self.field.column) {
            [1_000_000_000 + draw.below(1_000_000_000), 10_000 + draw.below(20_000), 20 + draw.below(100)]
        } else {
            [20 + draw.below(100), 3, 4]
        };
        let rest = [1, 0, 2, 5, 10, 50, 365, 1_000, 2_024, 100_000];
        let texts = first.into_iter().chain(rest).map(|number| number.to_string()).chain(["-1".to_owned()]);
        texts.filter_map(|text| value_of_text(&self.field.kind, &text)).collect()
    }

    fn texts(self, draw: &mut Draw) -> Vec<Value> {
        let (length, is_filled) = self.length();
        let long = draw.word(LETTERS, length.min(24));
        let (head, tail) = long.split_at(long.len().min(1));
        // Letters of both cases, so that whoever changes them shows.
        let mixed = format!("{}{}", head.to_uppercase(), tail);
        let digits = draw.word("123456789", length.min(10));
        let name = draw.word(LETTERS, 12);
        let others = [format!("{name}@example.org"), format!("https://example.org/{name}"), "2024-05-17".to_owned()];
        let texts = [mixed, long.clone(), long.to_uppercase(), digits].into_iter().chain(others);
        let filled = texts.map(|text| if is_filled { format!("{text:x<length$}") } else { text });
        let fitting = filled.filter(|text| text.len() <= length);
        fitting.map(|text| Value::String(Some(text))).collect()
    }

    /// Days, later ones for later columns: a start comes before its end.
    fn days(self, draw: &mut Draw) -> Vec<NaiveDate> {
        let position = self.table.columns.iter().position(|column| column.name == self.column.name);
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day of the calendar");
        // Days are few: one that is a key is drawn from many.
        let drawn = if self.promise.is_unique(&self.field.column) { draw.below(20_000) } else { 0 };
        let first = first + Days::new(u64::from(drawn));
        let base = first + Days::new(10 * u64::try_from(position.unwrap_or(0)).unwrap_or(0));
        let later = [0, 1, 6, 7, 30, 84, 365].map(|days| base + Days::new(days));
        let earlier = [1, 7, 400].map(|days| first - Days::new(days));
        later.into_iter().chain(earlier).collect()
    }

    fn moments(self, draw: &mut Draw) -> Vec<NaiveDateTime> {
        let noon = NaiveTime::from_hms_opt(10, 20, 30).expect("a time of day");
        self.days(draw).into_iter().map(|day| day.and_time(noon)).collect()
    }

    fn plain(self, draw: &mut Draw) -> Vec<Value> {
        use chrono::Datelike as _;
        let halves: [f32; 9] = [2.5 + f32::from(draw.small(40)), 0.5, 0.25, 1.0, 0.0, 50.0, 100.0, 1_000.5, -0.5];
        let time_of = |day: NaiveDate| TimeDate::from_ordinal_date(day.year(), u16::try_from(day.ordinal()).ok()?).ok();
        match &self.field.kind {
            ArrayType::Bool => vec![Value::Bool(Some(true)), Value::Bool(Some(false))],
            ArrayType::Float => halves.map(|half| Value::Float(Some(half))).into(),
            ArrayType::Double => halves.map(|half| Value::Double(Some(f64::from(half)))).into(),
            ArrayType::Decimal => {
                let (before, after) = self.digits();
                let one = 10_i64.pow(after);
                let most = 10_i64.pow(before) * one - 1;
                let drawn = i64::from(draw.small(9)) * one + one + one / 4;
                let all = [drawn, one / 2, one / 4, one, 0, 10 * one, 50 * one, 100 * one, -one / 2];
                all.into_iter()
                    .filter(|all| *all <= most)
                    .map(|all| Value::Decimal(Some(Decimal::new(all, after))))
                    .collect()
            }
            ArrayType::String => self.texts(draw),
            ArrayType::Char => ['K', 'x', '1'].map(|letter| Value::Char(Some(letter))).into(),
            ArrayType::Bytes => {
                let length = match self.field.column_type {
                    ColumnType::Binary(length) | ColumnType::VarBinary(StringLen::N(length)) => length.min(16),
                    _ => 12,
                };
                vec![Value::Bytes(Some((0..length).map(|_| 1 + draw.small(255)).collect()))]
            }
            ArrayType::Uuid => {
                let bits = (0..4).fold(0_u128, |bits, _| bits << 32 | u128::from(draw.below(u32::MAX)));
                // Version 4, variant 1, as RFC 9562 has it.
                let bits = bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
                vec![Value::Uuid(Some(Uuid::from_u128(bits)))]
            }
            ArrayType::Json => {
                let all = [json!({ "kiln": [1, "two"] }), json!([]), json!({}), json!("kiln"), json!(1), json!(true)];
                all.map(|value| Value::Json(Some(Box::new(value)))).into()
            }
            ArrayType::ChronoDate => self.days(draw).into_iter().map(|day| Value::ChronoDate(Some(day))).collect(),
            ArrayType::ChronoTime => {
                self.moments(draw).into_iter().take(1).map(|at| Value::ChronoTime(Some(at.time()))).collect()
            }
            ArrayType::ChronoDateTime => {
                self.moments(draw).into_iter().map(|at| Value::ChronoDateTime(Some(at))).collect()
            }
            ArrayType::ChronoDateTimeUtc => {
                self.moments(draw).into_iter().map(|at| Value::ChronoDateTimeUtc(Some(at.and_utc()))).collect()
            }
            ArrayType::ChronoDateTimeLocal => {
                self.moments(draw).into_iter().map(|at| Value::ChronoDateTimeLocal(Some(at.and_utc().into()))).collect()
            }
            ArrayType::ChronoDateTimeWithTimeZone => {
                let fixed = |at: NaiveDateTime| at.and_local_timezone(Utc).single().map(|at| at.fixed_offset());
                self.moments(draw).into_iter().map(|at| Value::ChronoDateTimeWithTimeZone(fixed(at))).collect()
            }
            ArrayType::TimeDate => self.days(draw).into_iter().map(|day| Value::TimeDate(time_of(day))).collect(),
            ArrayType::TimeTime => vec![Value::TimeTime(TimeTime::from_hms(10, 20, 30).ok())],
            ArrayType::TimeDateTime => {
                let at = |day| Some(TimeDateTime::new(time_of(day)?, TimeTime::from_hms(10, 20, 30).ok()?));
                self.days(draw).into_iter().map(|day| Value::TimeDateTime(at(day))).collect()
            }
            ArrayType::TimeDateTimeWithTimeZone => {
                let at =
                    |day| Some(TimeDateTime::new(time_of(day)?, TimeTime::from_hms(10, 20, 30).ok()?).assume_utc());
                self.days(draw).into_iter().map(|day| Value::TimeDateTimeWithTimeZone(at(day))).collect()
            }
            _ => self.whole_numbers(draw),
        }
    }
}

/// The value of a kind that a text of a condition stands for.
fn number_or_text(kind: &ArrayType, text: &str) -> Option<Value> {
    Some(match kind {
        ArrayType::Float => Value::Float(Some(text.parse().ok()?)),
        ArrayType::Double => Value::Double(Some(text.parse().ok()?)),
        ArrayType::Decimal => Value::Decimal(Some(text.parse().ok()?)),
        ArrayType::ChronoDate => Value::ChronoDate(Some(text.parse().ok()?)),
        _ => return value_of_text(kind, text),
    })
}

/// A value as SQL writes it.
pub(super) fn shown(value: &Value) -> String {
    Statement::from_sql_and_values(DbBackend::Sqlite, "?", [value.clone()]).to_string()
}

/// The object and the field that a server's words are about: one column, if they name one and no other.
pub(super) fn named_by(promise: &Promise, table: &str, said: &str) -> (String, String) {
    let is_named = |column: &str| {
        ['"', '\'', '`'].iter().any(|quote| said.contains(&format!("{quote}{column}{quote}")))
            || said.contains(&format!("{}.{column}", promise.table))
    };
    let named: Vec<&Field> = promise.fields().iter().filter(|field| is_named(&field.column)).collect();
    match named.as_slice() {
        [field] => (format!("{table}.{}", field.column), promise.field_name(&field.column)),
        _ => (table.to_owned(), promise.entity.clone()),
    }
}
