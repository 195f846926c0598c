//! Long texts of `kiln_history`, kept in pieces: a row each, at a position below 0.
//!
//! A row must fit into what the server takes at once (MariaDB's `max_allowed_packet`), and the texts
//! of a migration, each of which fits, need not fit together.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait, InsertStatement, Query};
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::own::{self, Own};

/// The length of a piece in bytes: far below the lowest packet limit in use (1 MiB), also when it is
/// written as a literal with every letter escaped.
const LENGTH: usize = 256 * 1024;

/// The most pieces of one text: 512 MiB, half of what SQLite and PostgreSQL take in one value.
const MOST: i32 = 2_048;

/// The state of a row that holds a piece.
const STATE: &str = "piece";

/// Which text of a row is kept in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Sql,
    Result,
}

/// The pieces that were read, by version and position.
pub(super) type Pieces = BTreeMap<(String, i32), String>;

/// What the row at `owner` has in place of a text in `count` pieces.
fn mark(count: usize) -> String {
    format!("kept in {count} pieces")
}

/// How many pieces a row's text is kept in; none where it is the text itself.
fn count(text: &str) -> Option<usize> {
    text.strip_prefix("kept in ")?.strip_suffix(" pieces")?.parse().ok()
}

/// The first position below 0 of a row's pieces.
fn first(owner: i32, field: Field) -> Option<i32> {
    let offset = if field == Field::Sql { 1 } else { 1 + MOST };
    owner.checked_mul(2 * MOST)?.checked_add(offset)?.checked_neg()
}

/// The lowest position of the pieces of the rows up to `owner`.
pub(super) fn lowest(owner: i32) -> i32 {
    owner.saturating_add(1).saturating_mul(2 * MOST).saturating_neg()
}

/// `text` in pieces, each of whole letters.
fn split(mut text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    while !text.is_empty() {
        let (piece, rest) = text.split_at(text.floor_char_boundary(LENGTH));
        pieces.push(piece);
        text = rest;
    }
    pieces
}

/// What a row keeps of its text: the text, or a mark and the rows of its pieces.
///
/// None where it is longer than all pieces together.
pub(super) fn keep(
    namespace: &str,
    version: &str,
    owner: i32,
    field: Field,
    text: String,
) -> Option<(String, Vec<InsertStatement>)> {
    if text.len() <= LENGTH && count(&text).is_none() {
        return Some((text, Vec::new()));
    }
    let pieces = split(&text);
    if i32::try_from(pieces.len()).is_ok_and(|count| count <= MOST) && owner < i32::MAX / (2 * MOST) {
        let rows = pieces.iter().zip(0..).map(|(piece, at)| {
            let position = first(owner, field).unwrap_or(i32::MIN) - at;
            let nothing = Value::String(None);
            own::row(
                namespace,
                version,
                position,
                [STATE.into(), (*piece).into(), nothing.clone(), nothing, Value::BigInt(None)],
            )
        });
        return Some((mark(pieces.len()), rows.collect()));
    }
    None
}

/// Writes the pieces of a text of the journal in place of those that were there; gives what its row keeps.
pub(super) async fn write(
    db: &impl ConnectionTrait,
    namespace: &str,
    version: &str,
    owner: i32,
    field: Field,
    text: String,
) -> Result<String, DbErr> {
    let length = text.len();
    let Some((kept, pieces)) = keep(namespace, version, owner, field, text) else {
        return Err(DbErr::Custom(format!("a text of {length} bytes is too long for the journal of its statements")));
    };
    if let (Some(first), false) = (first(owner, field), pieces.is_empty()) {
        let delete = Query::delete()
            .from_table(own::table(namespace))
            .and_where(Expr::col(Own::Version).eq(version))
            .and_where(Expr::col(Own::Position).between(first - MOST + 1, first))
            .take();
        db.execute(&delete).await?;
        for piece in &pieces {
            db.execute(piece).await?;
        }
    }
    Ok(kept)
}

/// The pieces of the rows from `owners.0` to `owners.1`; of every version, or of one.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    namespace: &str,
    version: Option<&str>,
    owners: (i32, i32),
) -> Result<Pieces, DbErr> {
    let mut select = Query::select()
        .columns([Own::Version, Own::Position, Own::Sql])
        .from(own::table(namespace))
        .and_where(Expr::col(Own::Position).gte(lowest(owners.1)))
        .and_where(Expr::col(Own::Position).lt(if owners.0 == 0 { 0 } else { lowest(owners.0 - 1) }))
        .take();
    if let Some(version) = version {
        select.and_where(Expr::col(Own::Version).eq(version));
    }
    let mut pieces = Pieces::new();
    for row in db.query_all(&select).await? {
        let text: Option<String> = row.try_get("", "sql")?;
        pieces.insert((row.try_get("", "version")?, row.try_get("", "position")?), text.unwrap_or_default());
    }
    Ok(pieces)
}

/// The whole text of what a row keeps; none where a piece of it is missing.
pub(super) fn whole(pieces: &Pieces, version: &str, owner: i32, field: Field, kept: String) -> Option<String> {
    let Some(count) = count(&kept) else { return Some(kept) };
    let first = first(owner, field)?;
    let positions = (0..i32::try_from(count).ok()?).map(|at| first - at);
    positions.map(|position| pieces.get(&(version.to_owned(), position)).map(String::as_str)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Field, LENGTH, MOST, first, keep, lowest, split};

    #[test]
    fn pieces_are_whole_letters_and_together_the_text() {
        let text = "ä".repeat(LENGTH) + "x";
        let pieces = split(&text);
        assert_eq!(pieces.len(), 3);
        assert!(pieces.iter().all(|piece| piece.len() <= LENGTH));
        assert_eq!(pieces.concat(), text);
    }

    #[test]
    fn the_pieces_of_one_text_take_no_place_of_another() {
        for owner in 0..3 {
            let (sql, result) = (first(owner, Field::Sql), first(owner, Field::Result));
            let (sql, result) = (sql.expect("a position"), result.expect("a position"));
            assert_eq!(sql - MOST, result);
            assert_eq!(result - MOST + 1, lowest(owner));
            assert_eq!(first(owner + 1, Field::Sql), Some(lowest(owner) - 1));
        }
    }

    #[test]
    fn a_text_that_reads_like_a_mark_is_kept_as_a_piece() {
        let (kept, pieces) = keep("main", "m1", 0, Field::Sql, "kept in 7 pieces".to_owned()).expect("it is short");
        assert_eq!((kept.as_str(), pieces.len()), ("kept in 1 pieces", 1));
    }
}
