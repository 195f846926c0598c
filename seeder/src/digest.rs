//! A SHA-256 of what a table holds, read back from the database in one canonical text.
//!
//! A row is its columns, a tab after each, and a line end; [`canonical`](crate::canonical) has the text
//! of a value. Rows come in the order of the natural key, text bytewise, nulls first; rows that are
//! equal in all that every database puts in one order come in the order of their own texts. So the
//! digests of equal tables are equal on every database.

use futures_util::TryStreamExt;
use sea_orm::sea_query::{Expr, NullOrdering};
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait, ModelTrait, Order, QueryOrder};
use sha2::{Digest, Sha256};

use crate::canonical;

/// Rows between two words of progress.
const PROGRESS: u64 = 10_000;

/// What a table is digested by.
pub(crate) struct Digested<C> {
    /// The columns.
    pub(crate) columns: Vec<C>,
    /// What the database orders the rows by.
    pub(crate) order: Vec<OrderedBy<C>>,
    /// Whether that tells all rows apart, or leaves none but equal ones together.
    pub(crate) is_total: bool,
}

/// A column that a database orders rows by.
pub(crate) struct OrderedBy<C> {
    pub(crate) column: C,
    /// The expression that gives the same order on every database.
    pub(crate) sql: String,
    /// Whether it can be null.
    pub(crate) is_nullable: bool,
}

/// The digest of all rows of `E`. `read` is told of every so many rows that are read.
pub(crate) async fn of_table<E: EntityTrait>(
    db: &DatabaseTransaction,
    digested: &Digested<E::Column>,
    read: &(dyn Fn(u64) + Sync),
) -> Result<String, DbErr> {
    let mut hash = Sha256::new();
    // Where no null can be, none is spoken of: an index in that order then serves.
    let ordered = digested.order.iter().fold(E::find(), |select, by| {
        if by.is_nullable {
            select.order_by_with_nulls(Expr::cust(by.sql.clone()), Order::Asc, NullOrdering::First)
        } else {
            select.order_by(Expr::cust(by.sql.clone()), Order::Asc)
        }
    });
    let columns: Vec<_> = digested.columns.iter().map(|column| (*column, canonical::scale(column))).collect();
    let mut rows = ordered.stream(db).await?;
    let (mut group, mut place, mut line, mut count) = (Group::default(), String::new(), String::new(), 0);
    while let Some(row) = rows.try_next().await? {
        line.clear();
        for (column, scale) in &columns {
            canonical::write(&mut line, &row.get(*column), *scale);
            line.push('\t');
        }
        line.push('\n');
        if digested.is_total {
            hash.update(line.as_bytes());
        } else {
            place.clear();
            for by in &digested.order {
                canonical::write(&mut place, &row.get(by.column), canonical::scale(&by.column));
                place.push('\t');
            }
            group.add(&place, std::mem::take(&mut line), &mut hash);
        }
        count += 1;
        if count == PROGRESS {
            read(std::mem::take(&mut count));
        }
    }
    group.end(&mut hash);
    read(count);
    Ok(format!("{:x}", hash.finalize()))
}

/// Rows that the database has in no order among themselves.
#[derive(Default)]
struct Group {
    /// The text of what they are ordered by.
    place: String,
    lines: Vec<String>,
}

impl Group {
    /// Adds a row, and ends the group first where the row is of the next one.
    fn add(&mut self, place: &str, line: String, hash: &mut Sha256) {
        if self.place != place {
            self.end(hash);
            place.clone_into(&mut self.place);
        }
        self.lines.push(line);
    }

    fn end(&mut self, hash: &mut Sha256) {
        self.lines.sort_unstable();
        self.lines.drain(..).for_each(|line| hash.update(line.as_bytes()));
    }
}
