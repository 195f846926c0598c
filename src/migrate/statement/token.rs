//! The tokens of SQL, as each dialect reads them.

use catalog::Dialect;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A name, keyword, number or parameter.
    Word,
    /// A string, a quoted name or a dollar-quoted text, with its quotes.
    Quoted,
    /// What the server skips.
    Comment,
    /// White space.
    Space,
    /// One letter of whatever else.
    Symbol,
    /// Where text that only MariaDB reads begins or ends: `/*!50100`, `/*M!`, `/*+` and their `*/`.
    Hint,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) form: Form,
    pub(super) text: &'a str,
    /// Where it starts in the text, in bytes.
    pub(super) start: usize,
}

impl<'a> Token<'a> {
    /// The tag and the body of a dollar-quoted text that has its end.
    pub(super) fn dollar_quoted(&self) -> Option<(&'a str, &'a str)> {
        let tag = dollar_tag(self.text).filter(|_| self.form == Form::Quoted)?;
        let body = self.text.get(tag.len()..self.text.len().checked_sub(tag.len())?)?;
        self.text.ends_with(tag).then_some((tag, body))
    }
}

/// The tokens of a text. Together they are the text: nothing is left out and nothing is refused.
#[derive(Clone, Debug)]
pub(super) struct Tokens<'a> {
    dialect: Dialect,
    text: &'a str,
    start: usize,
    is_body: bool,
    is_in_hint: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(dialect: Dialect, text: &'a str) -> Self {
        Self { dialect, text, start: 0, is_body: false, is_in_hint: false }
    }

    /// The tokens of a dollar-quoted body. What is dollar-quoted in it is code like the rest.
    pub(super) fn of_body(dialect: Dialect, body: &'a str) -> Self {
        Self { is_body: true, ..Self::of(dialect, body) }
    }

    /// The form and the length in bytes of the token that `rest` starts with.
    fn measure(&self, rest: &str, first: char) -> (Form, usize) {
        let is = |dialect| self.dialect == dialect;
        let (maria, postgres, sqlite) = (is(Dialect::MariaDb), is(Dialect::Postgres), is(Dialect::Sqlite));
        match first {
            _ if is_space(first) => (Form::Space, length_while(rest, is_space)),
            '-' if rest.starts_with("--") && (!maria || !rest[2..].starts_with(is_ink)) => {
                (Form::Comment, line_length(rest, self.dialect))
            }
            '#' if maria => (Form::Comment, line_length(rest, self.dialect)),
            '*' if self.is_in_hint && rest.starts_with("*/") => (Form::Hint, 2),
            '/' if rest.starts_with("/*") => {
                match ["/*!", "/*M!", "/*+"].iter().find(|hint| rest.starts_with(**hint)) {
                    Some(hint) if maria => {
                        (Form::Hint, hint.len() + length_while(&rest[hint.len()..], |letter| letter.is_ascii_digit()))
                    }
                    _ => (Form::Comment, comment_length(rest, postgres)),
                }
            }
            '\'' | '"' => (Form::Quoted, quoted_length(rest, first, maria)),
            '`' if !postgres => (Form::Quoted, quoted_length(rest, first, false)),
            '[' if sqlite => (Form::Quoted, rest.find(']').map_or(rest.len(), |end| end + 1)),
            '$' if postgres && let Some(tag) = dollar_tag(rest) => {
                if self.is_body {
                    (Form::Word, tag.len())
                } else {
                    (Form::Quoted, dollar_length(rest, tag))
                }
            }
            'U' | 'u' if postgres && rest[1..].starts_with("&'") => {
                (Form::Quoted, 2 + quoted_length(&rest[2..], '\'', false))
            }
            'U' | 'u' if postgres && rest[1..].starts_with("&\"") => {
                (Form::Quoted, 2 + quoted_length(&rest[2..], '"', false))
            }
            'E' | 'e' | 'N' | 'n' | 'X' | 'x' | 'B' | 'b' if rest[1..].starts_with('\'') => {
                let has_escapes = maria || (postgres && first.eq_ignore_ascii_case(&'e'));
                (Form::Quoted, 1 + quoted_length(&rest[1..], '\'', has_escapes))
            }
            _ if is_word(first) => (Form::Word, length_while(rest, is_word)),
            _ => (Form::Symbol, first.len_utf8()),
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let start = self.start;
        let rest = &self.text[start..];
        let (form, length) = self.measure(rest, rest.chars().next()?);
        self.start += length;
        let token = Token { form, text: &rest[..length], start };
        if form == Form::Hint {
            self.is_in_hint = token.text != "*/";
        }
        Some(token)
    }
}

fn is_space(letter: char) -> bool {
    letter.is_ascii_whitespace() || letter == '\u{b}'
}

/// Whether two dashes before `letter` are no comment to MariaDB.
fn is_ink(letter: char) -> bool {
    !is_space(letter) && !letter.is_ascii_control()
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$' || !letter.is_ascii()
}

fn length_while(text: &str, is_inside: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !is_inside(letter)).unwrap_or(text.len())
}

/// The length of a comment that ends with its line. To PostgreSQL a carriage return ends one too.
fn line_length(text: &str, dialect: Dialect) -> usize {
    length_while(text, |letter| letter != '\n' && (letter != '\r' || dialect != Dialect::Postgres))
}

fn comment_length(text: &str, nests: bool) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (1_usize, 2);
    while depth > 0 && at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            Some(b"/*") if nests => (depth, at) = (depth + 1, at + 2),
            _ => at += 1,
        }
    }
    at
}

/// The length of the quoted text that `text` starts with; a doubled quote stays inside.
fn quoted_length(text: &str, quote: char, has_escapes: bool) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' && has_escapes {
            letters.next();
        } else if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return at + quote.len_utf8();
        }
    }
    text.len()
}

/// The length of the dollar-quoted text that `text` starts with.
fn dollar_length(text: &str, tag: &str) -> usize {
    text[tag.len()..].find(tag).map_or(text.len(), |end| tag.len() + end + tag.len())
}

/// The tag that opens a dollar-quoted text: `$$` or `$name$`.
fn dollar_tag(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?;
    let length = length_while(name, |letter| is_word(letter) && letter != '$');
    let is_tag = name[length..].starts_with('$') && !name.starts_with(|letter: char| letter.is_ascii_digit());
    is_tag.then(|| &text[..length + 2])
}

#[cfg(test)]
mod tests {
    use catalog::Dialect;
    use proptest::prelude::*;

    use super::{Form, Tokens};

    /// The tokens that are neither space nor symbols.
    fn tokens(dialect: Dialect, text: &str) -> Vec<(Form, &str)> {
        let all = Tokens::of(dialect, text).map(|token| (token.form, token.text));
        all.filter(|(form, _)| !matches!(form, Form::Space | Form::Symbol)).collect()
    }

    #[test]
    fn each_dialect_reads_quotes_of_its_own() {
        assert_eq!(tokens(Dialect::Sqlite, "[a b]"), [(Form::Quoted, "[a b]")]);
        assert_eq!(tokens(Dialect::Postgres, "[a]"), [(Form::Word, "a")]);
        assert_eq!(tokens(Dialect::Postgres, "$x$ ' $x$"), [(Form::Quoted, "$x$ ' $x$")]);
        assert_eq!(tokens(Dialect::Postgres, "a$1$ $1"), [(Form::Word, "a$1$"), (Form::Word, "$1")]);
        assert_eq!(tokens(Dialect::MariaDb, r#""a\" b""#), [(Form::Quoted, r#""a\" b""#)]);
        assert_eq!(tokens(Dialect::Postgres, r#""a\" b"#), [(Form::Quoted, r#""a\""#), (Form::Word, "b")]);
    }

    #[test]
    fn a_quote_without_its_end_reaches_to_the_end() {
        for text in ["'a ; b", "$x$ a $y$", "/* a /* b */", "\"a\"\""] {
            assert_eq!(tokens(Dialect::Postgres, text).len(), 1, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_tokens_together_are_the_text(text in ".{0,60}|[-'\"`$a/*!+#\\\\\\[\\] \\n]{0,30}") {
            for dialect in Dialect::ALL {
                for tokens in [Tokens::of(dialect, &text), Tokens::of_body(dialect, &text)] {
                    prop_assert_eq!(&tokens.map(|token| token.text).collect::<String>(), &text);
                }
            }
        }
    }
}
