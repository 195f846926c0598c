//! A condition as a list of tokens, and its parts.

use crate::Dialect;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Comma,
    /// A string, without its quotes.
    Text(String),
    /// A quoted name, without its quotes.
    Name(String),
    /// A keyword, a name or a number.
    Word(String),
    /// An operator.
    Sign(String),
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(other) if other.eq_ignore_ascii_case(word))
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn depth(&self) -> i32 {
        match self {
            Self::Open => 1,
            Self::Close => -1,
            _ if self.is_word("CASE") => 1,
            _ if self.is_word("END") => -1,
            _ => 0,
        }
    }
}

/// The tokens of a condition as a server writes it; an array's brackets are parentheses here.
pub(super) fn tokens(dialect: Dialect, sql: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '\'' => {
                let (text, length) = quoted(rest, '\'', dialect == Dialect::MariaDb);
                (Token::Text(text), length)
            }
            'E' | 'e' if rest[1..].starts_with('\'') && dialect == Dialect::Postgres => {
                let (text, length) = quoted(&rest[1..], '\'', true);
                (Token::Text(text), length + 1)
            }
            '"' | '`' => {
                let (name, length) = quoted(rest, first, false);
                (Token::Name(name), length)
            }
            '[' if dialect == Dialect::Sqlite => {
                let length = rest.find(']').map_or(rest.len(), |end| end + 1);
                (Token::Name(rest[1..length].trim_end_matches(']').to_owned()), length)
            }
            '(' | '[' => (Token::Open, 1),
            ')' | ']' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            _ if is_word(first) => {
                let length = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
                (Token::Word(rest[..length].to_owned()), length)
            }
            _ => {
                let is_sign = |letter: char| "<>=!|&:~".contains(letter);
                let length = rest.find(|letter| !is_sign(letter)).filter(|length| *length > 0);
                let length = length.unwrap_or(if is_sign(first) { rest.len() } else { first.len_utf8() });
                (Token::Sign(rest[..length].to_owned()), length)
            }
        };
        found.push(token);
        rest = rest[length..].trim_start();
    }
    found
}

/// The text inside the quotes that `text` starts with, and the length with them.
fn quoted(text: &str, quote: char, has_escapes: bool) -> (String, usize) {
    let mut inside = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' && has_escapes {
            inside.extend(letters.next().map(|(_, escaped)| escaped));
        } else if letter != quote {
            inside.push(letter);
        } else if letters.next_if(|(_, next)| *next == quote).is_some() {
            inside.push(quote);
        } else {
            return (inside, at + quote.len_utf8());
        }
    }
    (inside, text.len())
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$' || letter == '.'
}

/// An operand without the parentheses around it and the casts behind it.
pub(super) fn plain(tokens: &[Token]) -> &[Token] {
    let mut tokens = unwrapped(tokens);
    while let Some(at) = top_level(tokens).find(|at| matches!(&tokens[*at], Token::Sign(sign) if sign == "::")) {
        tokens = unwrapped(&tokens[..at]);
    }
    tokens
}

/// Tokens without the parentheses that are around all of them.
pub(super) fn unwrapped(mut tokens: &[Token]) -> &[Token] {
    while let [Token::Open, inner @ .., Token::Close] = tokens {
        let mut depth = 0_i32;
        let is_one = inner.iter().all(|token| {
            depth += token.depth();
            depth >= 0
        });
        if !is_one {
            break;
        }
        tokens = inner;
    }
    tokens
}

/// The places of the tokens that stand in no parentheses and in no CASE.
pub(super) fn top_level(tokens: &[Token]) -> impl Iterator<Item = usize> + '_ {
    let mut depth = 0_i32;
    tokens.iter().enumerate().filter_map(move |(at, token)| {
        let is_top = depth == 0 && token.depth() >= 0;
        depth += token.depth();
        is_top.then_some(at)
    })
}

/// The parts between separators; the AND of BETWEEN is none.
pub(super) fn split(tokens: &[Token], is_separator: impl Fn(&Token) -> bool, is_condition: bool) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let (mut start, mut is_between) = (0, false);
    for at in top_level(tokens) {
        let token = &tokens[at];
        is_between |= is_condition && token.is_word("BETWEEN");
        if is_between && token.is_word("AND") {
            is_between = false;
        } else if is_separator(token) {
            parts.push(&tokens[start..at]);
            start = at + 1;
        }
    }
    parts.push(&tokens[start..]);
    parts
}
