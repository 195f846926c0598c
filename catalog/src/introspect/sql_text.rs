//! What only the text of DDL says.
//!
//! SQLite keeps the text of its DDL, and of a statement yet to be run there is nothing else. Here is
//! the scan that finds the CHECKs of a CREATE TABLE of any engine, and never a parser: its strings are
//! closed and its parentheses balance. The rooms below read what SQLite keeps.

mod bracket;
mod cursor;
mod render;
mod statement;
mod token;
mod word;
mod written;

pub(crate) use render::{Scope, render};
pub(crate) use statement::{
    data_type, default, index_parts, names_itself, names_of_virtual_table, trigger, under_name, view, virtual_table,
};
pub(crate) use token::{Token, tokens};
pub(crate) use written::{DefaultForm, Written, WrittenColumn, WrittenKey, WrittenReference};

/// How a quote is written inside a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    /// Twice, as the standard has it.
    Doubled,
    /// Behind a backslash, as MariaDB has it too.
    Escaped,
}

/// The CHECK constraints of a CREATE TABLE, their conditions as they are written.
pub(super) fn written_checks(sql: &str, quotes: Quotes) -> Vec<(Option<String>, &str)> {
    let tokens = tokens_of(sql, quotes);
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for (position, token) in tokens.iter().enumerate() {
        match *token {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            word if depth == 1 && word.eq_ignore_ascii_case("CHECK") && tokens.get(position + 1) == Some(&"(") => {
                let is_named = position >= 2 && tokens[position - 2].eq_ignore_ascii_case("CONSTRAINT");
                let name = is_named.then(|| unquoted(tokens[position - 1]));
                found.push((name, parenthesised(sql, &tokens[position + 1..])));
            }
            _ => {}
        }
    }
    found
}

/// What `sql` has between the parenthesis that opens `tokens`, which are of it, and the one that closes it.
fn parenthesised<'a>(sql: &'a str, tokens: &[&'a str]) -> &'a str {
    let mut depth = 0_usize;
    let inside = tokens.iter().take_while(|token| {
        match **token {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 0
    });
    let last = inside.last().copied().unwrap_or_default();
    let at = |token: &str| token.as_ptr().addr() - sql.as_ptr().addr();
    match tokens.first() {
        Some(open) if at(last) > at(open) => sql[at(open) + open.len()..at(last) + last.len()].trim(),
        _ => "",
    }
}

/// A name without its quotes.
fn unquoted(token: &str) -> String {
    let quoted = |open: char, close: char| token.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    quoted('"', '"')
        .map(|name| name.replace("\"\"", "\""))
        .or_else(|| quoted('`', '`').map(|name| name.replace("``", "`")))
        .or_else(|| quoted('[', ']').map(str::to_owned))
        .unwrap_or_else(|| token.to_owned())
}

fn tokens_of(sql: &str, quotes: Quotes) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '\'' | '"' => quoted_length(rest, first, quotes),
            '`' => quoted_length(rest, first, Quotes::Doubled),
            '#' if quotes == Quotes::Escaped => rest.find('\n').unwrap_or(rest.len()),
            '$' if dollar_length(rest).is_some() => dollar_length(rest).unwrap_or(rest.len()),
            // PostgreSQL's strings with backslashes.
            'E' | 'e' if rest[1..].starts_with('\'') => 1 + quoted_length(&rest[1..], '\'', Quotes::Escaped),
            '[' => rest.find(']').map_or(rest.len(), |end| end + 1),
            _ if is_word(first) => rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()),
            _ if OPERATORS.contains(first) => rest.find(|letter| !OPERATORS.contains(letter)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        if !token.starts_with("--") && !token.starts_with("/*") && !token.starts_with('#') {
            tokens.push(token);
        }
        rest = after.trim_start();
    }
    tokens
}

/// The length of the quoted text that `text` starts with; a doubled quote stays inside.
fn quoted_length(text: &str, quote: char, quotes: Quotes) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' && quotes == Quotes::Escaped {
            letters.next();
            continue;
        }
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return at + quote.len_utf8();
        }
    }
    text.len()
}

/// The length of the dollar-quoted text of PostgreSQL that `text` starts with, if it does: `$tag$...$tag$`.
fn dollar_length(text: &str) -> Option<usize> {
    let tag = &text[..2 + text[1..].find('$')?];
    let is_tag = tag[1..tag.len() - 1].chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    let end = text[tag.len()..].find(tag).filter(|_| is_tag)?;
    Some(tag.len() + end + tag.len())
}

/// Letters that stand together in one operator: `<=`, `||`, `<>`.
const OPERATORS: &str = "<>=!|&";

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$' || letter == '.'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Quotes, written_checks};

    #[test]
    fn checks_are_found_with_and_without_a_name() {
        let sql = r#"CREATE TABLE "t" (a int CHECK (a > 0), b text /* CHECK (b) */ DEFAULT ')',
            CONSTRAINT "ck ""b""" CHECK(b  IN ('x', '(it''s)')), -- CHECK (c)
            "CHECK" int)"#;
        assert_eq!(
            written_checks(sql, Quotes::Doubled),
            [(None, "a > 0"), (Some("ck \"b\"".to_owned()), "b  IN ('x', '(it''s)')")]
        );
    }

    #[test]
    fn a_quote_in_a_string_does_not_end_it_however_it_is_written() {
        let found = |sql, quotes| written_checks(sql, quotes).into_iter().map(|(_, check)| check).collect::<Vec<_>>();
        assert_eq!(found(r"CREATE TABLE t (CHECK (a = 'it\'s)'), CHECK (b))", Quotes::Escaped), [r"a = 'it\'s)'", "b"]);
        assert_eq!(
            found(r"CREATE TABLE t (CHECK (a = E'it\'s)'), CHECK (b))", Quotes::Doubled),
            [r"a = E'it\'s)'", "b"]
        );
        assert_eq!(
            found(r"CREATE TABLE t (CHECK (a = e'it\'s)'), CHECK (b))", Quotes::Doubled),
            [r"a = e'it\'s)'", "b"]
        );
        let dollar = "CREATE TABLE t (CHECK (a = $x$)$x$), CHECK (b = $$($$), CHECK ($1 > 0))";
        assert_eq!(found(dollar, Quotes::Doubled), ["a = $x$)$x$", "b = $$($$", "$1 > 0"]);
        let hash = "CREATE TABLE t (CHECK (a = \"it\\\")\"), # )\n CHECK (b))";
        assert_eq!(found(hash, Quotes::Escaped), ["a = \"it\\\")\"", "b"]);
        assert_eq!(found(r"CREATE TABLE t (CHECK (a = 'c:\'), CHECK (b))", Quotes::Doubled), [r"a = 'c:\'", "b"]);
    }

    #[test]
    fn a_condition_comes_back_as_it_is_written() {
        for condition in ["a ~* '^[a-z]+$'", "a::text <> 'x'", "a > 1e-5", "a ->> '$.b' <> x'41'", "(a)  IN (1,2)"] {
            let sql = format!("CREATE TABLE t (a text, CONSTRAINT c CHECK ( {condition} ), b text)");
            assert_eq!(written_checks(&sql, Quotes::Escaped), [(Some("c".to_owned()), condition)]);
        }
        assert_eq!(written_checks("CREATE TABLE t (CHECK ())", Quotes::Doubled), [(None, "")]);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_scan(sql in "[ -~\\n]{0,80}") {
            for quotes in [Quotes::Doubled, Quotes::Escaped] {
                let _ = written_checks(&sql, quotes);
            }
        }
    }
}
