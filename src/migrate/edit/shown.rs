//! How an edited statement is shown: what differs of it, with the words around that.

use std::time::{Duration, Instant};

use catalog::Dialect;
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::super::history::own::Text;
use super::super::statement::{Piece, pieces};

/// A pair of statements that are both no longer than this, in letters, is shown whole.
const WHOLE: usize = 160;

/// How many pieces that did not change are shown on each side of one that did.
const AROUND: usize = 6;

/// The most letters of one line.
const LINE: usize = 400;

/// How long two texts are compared at most; what is not compared by then counts as changed.
const DEADLINE: Duration = Duration::from_millis(500);

/// A changed statement: before, after, or both, a line each.
pub(super) fn lines(dialect: Dialect, was: Option<&Text>, now: Option<&Text>) -> Vec<String> {
    let read = |text: Option<&Text>| text.map(|text| pieces(dialect, &text.sql)).unwrap_or_default();
    let (old, new) = (read(was), read(now));
    let (Some(was), Some(now)) = (was, now) else {
        let one =
            |sign, text: Option<&Text>, pieces: &[Piece]| text.map(|text| line(sign, &cut(&plain(pieces)), text.times));
        return one("-", was, &old).into_iter().chain(one("+", now, &new)).collect();
    };
    let texts = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.clone()).collect::<Vec<_>>();
    let (old_texts, new_texts) = (texts(&old), texts(&new));
    let deadline = Instant::now() + DEADLINE;
    let changes = capture_diff_slices_deadline(Algorithm::Myers, &old_texts, &new_texts, Some(deadline));
    let (old_plain, new_plain) = (plain(&old), plain(&new));
    let is_short = old_plain.chars().count() <= WHOLE && new_plain.chars().count() <= WHOLE;
    let is_space = changes.iter().any(|change| {
        !matches!(change, DiffOp::Equal { .. })
            && [&old_texts[change.old_range()], &new_texts[change.new_range()]].concat().concat().trim().is_empty()
    });
    if is_short && !is_space {
        return vec![line("-", &old_plain, was.times), line("+", &new_plain, now.times)];
    }
    let marked = |pieces: &[Piece], is_old: bool| cut(&excerpt(pieces, &changes, is_old));
    vec![line("-", &marked(&old, true), was.times), line("+", &marked(&new, false), now.times)]
}

fn line(sign: &str, text: &str, times: usize) -> String {
    let times = if times > 1 { format!(" ({times} times)") } else { String::new() };
    format!("  {sign} {text}{times}")
}

/// The pieces as one line.
fn plain(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        if piece.is_spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&piece.text.replace('\n', "↵"));
    }
    text
}

/// One side of a comparison: what changed in marks, its white space to be seen, and little around it.
fn excerpt(pieces: &[Piece], changes: &[DiffOp], is_old: bool) -> String {
    let (open, close) = if is_old { ("[-", "-]") } else { ("{+", "+}") };
    let mut text = String::new();
    for (at, change) in changes.iter().enumerate() {
        let here = &pieces[if is_old { change.old_range() } else { change.new_range() }];
        if here.is_empty() {
            continue;
        }
        if !matches!(change, DiffOp::Equal { .. }) {
            if here.first().is_some_and(|piece| piece.is_spaced) && !text.is_empty() {
                text.push(' ');
            }
            let seen = plain(here).replace('\t', "⇥");
            let is_space = here.iter().all(|piece| piece.text.trim().is_empty());
            text.extend([open, &if is_space { seen.replace(' ', "·") } else { seen }, close]);
            continue;
        }
        let (is_first, is_last) = (at == 0, at + 1 == changes.len());
        let before = if is_first { 0 } else { AROUND };
        let after = if is_last { 0 } else { AROUND };
        if here.len() <= before + after {
            push(&mut text, here);
            continue;
        }
        push(&mut text, &here[..before]);
        text.push_str(if is_first { "... " } else { " ..." });
        if !is_first && !is_last {
            text.push(' ');
        }
        push(&mut text, &here[here.len() - after..]);
    }
    text
}

/// Adds pieces with the space before them.
fn push(text: &mut String, pieces: &[Piece]) {
    if pieces.first().is_some_and(|piece| piece.is_spaced) && !text.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
    text.push_str(&plain(pieces));
}

/// A line that is not longer than a person reads.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LINE) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use catalog::Dialect;

    use super::{Text, lines};

    fn shown(was: &str, now: &str) -> Vec<String> {
        let text = |sql: &str| Text { sql: sql.to_owned(), times: 1 };
        lines(Dialect::Sqlite, Some(&text(was)), Some(&text(now)))
    }

    #[test]
    fn white_space_in_a_literal_is_seen() {
        let lines = shown("INSERT INTO a VALUES ('x y')", "INSERT INTO a VALUES ('x  y')");
        assert_eq!(lines, ["  - ... INTO a VALUES ('x y')", "  + ... INTO a VALUES ('x {+·+}y')"]);
        let lines = shown("INSERT INTO a VALUES ('x y')", "INSERT INTO a VALUES ('x\ty')");
        assert_eq!(lines, ["  - INSERT INTO a VALUES ('x[-·-]y')", "  + INSERT INTO a VALUES ('x{+⇥+}y')"]);
    }

    #[test]
    fn of_a_long_statement_the_words_that_differ_are_shown() {
        let long = |data_type: &str| {
            let columns = (0..100).map(|at| format!("c{at} {}", if at == 50 { data_type } else { "integer" }));
            format!("CREATE TABLE a ({})", columns.collect::<Vec<_>>().join(", "))
        };
        let lines = shown(&long("integer"), &long("text"));
        assert_eq!(lines[0], "  - ... integer, c49 integer, c50 [-integer-], c51 integer, c52 integer ...");
        assert_eq!(lines[1], "  + ... integer, c49 integer, c50 {+text+}, c51 integer, c52 integer ...");
    }

    #[test]
    fn a_short_statement_is_shown_whole() {
        let lines = shown("CREATE TABLE a (id integer) -- one", "CREATE TABLE a (id bigint)");
        assert_eq!(lines, ["  - CREATE TABLE a (id integer)", "  + CREATE TABLE a (id bigint)"]);
    }
}
