//! What a condition says of one column, in the words of each server.
//!
//! It is read as far as lists of values go; what cannot be understood limits nothing.

use super::token::{Token, plain, split, tokens, top_level, unwrapped};
use crate::Dialect;

/// Whether a condition, as the server writes it, is about a column.
pub fn mentions(dialect: Dialect, expression: &str, column: &str) -> bool {
    let scan = Scan { dialect, column };
    tokens(dialect, expression).iter().any(|token| scan.is_column(token))
}

/// The texts and numbers that stand in a condition, in the order in which they do.
pub fn literals(dialect: Dialect, expression: &str) -> Vec<String> {
    let is_number = |word: &str| word.parse::<f64>().is_ok() && word.starts_with(|first: char| first.is_ascii_digit());
    let tokens = tokens(dialect, expression).into_iter();
    tokens
        .filter_map(|token| match token {
            Token::Text(text) => Some(text),
            Token::Word(word) if is_number(&word) => Some(word),
            _ => None,
        })
        .collect()
}

/// What a condition says of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It is about other columns.
    Elsewhere,
    /// No other value passes.
    Values { values: Vec<String>, takes_all: bool },
    /// It is about the column, and not understood.
    Unknown,
}

impl Meaning {
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Elsewhere, meaning) | (meaning, Self::Elsewhere) => meaning,
            (Self::Unknown, Self::Unknown) => Self::Unknown,
            (Self::Values { values, .. }, Self::Unknown) | (Self::Unknown, Self::Values { values, .. }) => {
                Self::Values { values, takes_all: false }
            }
            (Self::Values { values, takes_all }, Self::Values { values: others, takes_all: takes_all_others }) => {
                let values = values.into_iter().filter(|value| others.contains(value)).collect();
                Self::Values { values, takes_all: takes_all && takes_all_others }
            }
        }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Values { mut values, takes_all }, Self::Values { values: others, takes_all: takes_all_others }) => {
                values.extend(others);
                Self::Values { values, takes_all: takes_all && takes_all_others }
            }
            (Self::Elsewhere, Self::Elsewhere) => Self::Elsewhere,
            _ => Self::Unknown,
        }
    }
}

/// A search for one column in conditions of one engine.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    pub(super) dialect: Dialect,
    pub(super) column: &'a str,
}

impl Scan<'_> {
    pub(super) fn condition(self, tokens: &[Token]) -> Meaning {
        let tokens = unwrapped(tokens);
        for (word, combine) in [("OR", Meaning::or as fn(Meaning, Meaning) -> Meaning), ("AND", Meaning::and)] {
            let parts = split(tokens, |token| token.is_word(word), true);
            if parts.len() > 1 {
                let parts = parts.into_iter().map(|part| self.condition(part));
                return parts.reduce(combine).unwrap_or(Meaning::Unknown);
            }
        }
        if !tokens.iter().any(|token| self.is_column(token)) {
            return Meaning::Elsewhere;
        }
        match self.comparison(tokens) {
            Some(values) => Meaning::Values { values, takes_all: true },
            None => Meaning::Unknown,
        }
    }

    /// The values of `column IN (...)`, `column = value`, `column = ANY (ARRAY[...])` or `column IS NULL`.
    fn comparison(self, tokens: &[Token]) -> Option<Vec<String>> {
        let at = top_level(tokens).find(|at| {
            let token = &tokens[*at];
            token.is_word("IN")
                || token.is_word("IS")
                || matches!(token, Token::Sign(sign) if sign == "=" || sign == "==")
        })?;
        let (left, right) = (plain(&tokens[..at]), &tokens[at + 1..]);
        let is_column = |side: &[Token]| matches!(side, [only] if self.is_column(only));
        if tokens[at].is_word("IS") {
            return (is_column(left) && matches!(right, [null] if null.is_word("NULL"))).then(Vec::new);
        }
        if tokens[at].is_word("IN") {
            let is_wrapped = matches!(right.first(), Some(Token::Open)) && unwrapped(right).len() < right.len();
            return if is_column(left) && is_wrapped { list(unwrapped(right)) } else { None };
        }
        if !is_column(left) {
            return if is_column(plain(right)) { Some(vec![literal(left)?]) } else { None };
        }
        match right {
            [any, array @ ..] if any.is_word("ANY") => array_of(plain(array)),
            _ => Some(vec![literal(right)?]),
        }
    }

    fn is_column(self, token: &Token) -> bool {
        match token {
            Token::Name(name) => self.dialect.is_same_column(name, self.column),
            // Unquoted; PostgreSQL quotes what is not in small letters.
            Token::Word(word) => self.dialect.is_same_column(word, self.column),
            _ => false,
        }
    }
}

/// The values of `ARRAY[...]`, or of a text like `{a,"b c"}`.
fn array_of(tokens: &[Token]) -> Option<Vec<String>> {
    match tokens {
        [array, Token::Open, inner @ .., Token::Close] if array.is_word("ARRAY") => list(inner),
        [Token::Text(text)] => elements(text),
        _ => None,
    }
}

/// The values of a list; none unless each is a plain one: with NULL in it a CHECK takes anything.
fn list(tokens: &[Token]) -> Option<Vec<String>> {
    split(tokens, |token| matches!(token, Token::Comma), false).into_iter().map(literal).collect()
}

fn literal(tokens: &[Token]) -> Option<String> {
    match plain(tokens) {
        [Token::Text(text)] => Some(text.clone()),
        // MariaDB's strings with their character set.
        [Token::Word(word), Token::Text(text)] if word.starts_with('_') => Some(text.clone()),
        [Token::Word(word)] => Some(word.parse::<i64>().ok()?.to_string()),
        [Token::Sign(sign), number] if sign == "-" => Some(format!("-{}", literal(std::slice::from_ref(number))?)),
        _ => None,
    }
}

/// The elements of a text of PostgreSQL that stands for an array.
fn elements(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let (mut found, mut element, mut is_quoted, mut was_quoted) = (Vec::new(), String::new(), false, false);
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => element.push(letters.next()?),
            '"' => (is_quoted, was_quoted) = (!is_quoted, true),
            ',' if !is_quoted => found.push((std::mem::take(&mut element), std::mem::take(&mut was_quoted))),
            '{' | '}' if !is_quoted => return None,
            _ => element.push(letter),
        }
    }
    found.push((element, was_quoted));
    let is_null = |(element, was_quoted): &(String, bool)| !was_quoted && element.eq_ignore_ascii_case("NULL");
    if found.iter().any(is_null) { None } else { Some(found.into_iter().map(|(element, _)| element).collect()) }
}
