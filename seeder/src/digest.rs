//! A SHA-256 of what a table holds, read back from the database in one canonical text.
//!
//! A row is its columns, a tab after each, and a line end; a null is `\N`; floating point is the
//! shortest text that reads back as the same number; a decimal has the digits of its column's scale;
//! text has its tabs, line ends and backslashes escaped. Rows come in the order of the natural key, text bytewise, nulls first. So the digests
//! of equal tables are equal on every database.

use std::fmt::Write as _;

use futures_util::TryStreamExt;
use sea_orm::sea_query::{Expr, NullOrdering};
use sea_orm::{
    ColumnTrait, ColumnType, DatabaseTransaction, DbErr, EntityTrait, IdenStatic, ModelTrait, Order, QueryOrder, Value,
};
use sha2::{Digest, Sha256};

/// Rows between two words of progress.
const PROGRESS: u64 = 10_000;

/// The digest of `columns` over all rows of `E`, ordered by the expressions of `order`, of which each
/// says whether it can be null. `read` is told of every so many rows that are read.
pub(crate) async fn of_table<E: EntityTrait>(
    db: &DatabaseTransaction,
    columns: &[E::Column],
    order: Vec<(String, bool)>,
    read: &(dyn Fn(u64) + Sync),
) -> Result<String, DbErr> {
    let mut hash = Sha256::new();
    // Where no null can be, none is spoken of: an index in that order then serves.
    let ordered = order.into_iter().fold(E::find(), |select, (expression, is_nullable)| {
        if is_nullable {
            select.order_by_with_nulls(Expr::cust(expression), Order::Asc, NullOrdering::First)
        } else {
            select.order_by(Expr::cust(expression), Order::Asc)
        }
    });
    let columns: Vec<(E::Column, u32)> = columns.iter().map(|column| (*column, scale(column))).collect();
    let mut rows = ordered.stream(db).await?;
    let (mut line, mut count) = (String::new(), 0);
    while let Some(row) = rows.try_next().await? {
        line.clear();
        for (column, scale) in &columns {
            write_value(&mut line, &row.get(*column), *scale)
                .ok_or_else(|| DbErr::Type(format!("column {} has no canonical text", column.as_str())))?;
            line.push('\t');
        }
        line.push('\n');
        hash.update(line.as_bytes());
        count += 1;
        if count == PROGRESS {
            read(std::mem::take(&mut count));
        }
    }
    read(count);
    Ok(format!("{:x}", hash.finalize()))
}

/// The digits after the point of a decimal column.
fn scale(column: &impl ColumnTrait) -> u32 {
    match column.def().get_column_type() {
        ColumnType::Decimal(Some((_, scale))) => *scale,
        _ => 0,
    }
}

/// Appends the canonical text of `value`, a decimal with so many digits after the point; none for a
/// kind of value that has none yet.
fn write_value(line: &mut String, value: &Value, scale: u32) -> Option<()> {
    let written = match value {
        // SQLite keeps decimals as floating point: rounded to their scale they are what was written.
        Value::Decimal(Some(value)) => {
            let digits = usize::try_from(scale).expect("a scale is small");
            write!(line, "{:.digits$}", value.round_dp(scale))
        }
        Value::Bool(Some(value)) => write!(line, "{value}"),
        Value::TinyInt(Some(value)) => write!(line, "{value}"),
        Value::SmallInt(Some(value)) => write!(line, "{value}"),
        Value::Int(Some(value)) => write!(line, "{value}"),
        Value::BigInt(Some(value)) => write!(line, "{value}"),
        Value::Double(Some(value)) => write!(line, "{value}"),
        Value::ChronoDate(Some(value)) => write!(line, "{value}"),
        Value::ChronoDateTime(Some(value)) => write!(line, "{}", value.format("%Y-%m-%dT%H:%M:%S%.6f")),
        Value::String(Some(value)) => {
            for letter in value.chars() {
                match letter {
                    '\t' => line.push_str("\\t"),
                    '\n' => line.push_str("\\n"),
                    '\\' => line.push_str("\\\\"),
                    letter => line.push(letter),
                }
            }
            Ok(())
        }
        Value::Bool(None)
        | Value::TinyInt(None)
        | Value::SmallInt(None)
        | Value::Int(None)
        | Value::BigInt(None)
        | Value::Double(None)
        | Value::Decimal(None)
        | Value::ChronoDate(None)
        | Value::ChronoDateTime(None)
        | Value::String(None) => {
            line.push_str("\\N");
            Ok(())
        }
        _ => return None,
    };
    written.ok()
}

#[cfg(test)]
mod tests {
    use sea_orm::Value;

    use super::write_value;

    fn text(value: impl Into<Value>) -> String {
        let mut line = String::new();
        write_value(&mut line, &value.into(), 2).unwrap();
        line
    }

    #[test]
    fn the_canonical_text_is_the_documented_one() {
        assert_eq!(text(1.10_f64), "1.1");
        assert_eq!(text(1e21_f64), "1000000000000000000000");
        assert_eq!(text(sea_orm::prelude::Decimal::new(11, 1)), "1.10");
        assert_eq!(text("a\tb\\c\nd"), "a\\tb\\\\c\\nd");
        assert_eq!(text(None::<String>), "\\N");
        assert_eq!(text("\\N"), "\\\\N");
        assert_eq!(text(chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()), "2024-02-29");
    }
}
