//! The tokens of a statement of SQLite, without white space and comments.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A keyword, or a name without quotes.
    Word,
    /// A name in quotes: `"a"`, which where no such name is known is a string, `` `a` `` or `[a]`.
    Name,
    /// A string.
    Text,
    /// A number, or bytes: `x'41'`.
    Literal,
    /// An operator or a sign.
    Sign,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) form: Form,
    /// As it is written, quotes and all.
    pub(crate) text: &'a str,
    /// The byte of the statement that it starts at.
    pub(crate) at: usize,
}

impl<'a> Token<'a> {
    /// A keyword that a statement leaves out.
    pub(super) fn silent(keyword: &'a str) -> Self {
        Self { form: Form::Word, text: keyword, at: 0 }
    }

    /// The byte of the statement after it.
    pub(crate) fn end(self) -> usize {
        self.at + self.text.len()
    }

    /// Whether it is this keyword.
    pub(crate) fn is(self, keyword: &str) -> bool {
        self.form == Form::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is one of these keywords.
    pub(crate) fn is_any(self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(keyword))
    }

    /// Whether it is this sign.
    pub(crate) fn is_sign(self, sign: &str) -> bool {
        self.form == Form::Sign && self.text == sign
    }

    /// Whether something can have it for a name. SQLite takes strings too.
    pub(crate) fn can_name(self) -> bool {
        matches!(self.form, Form::Word | Form::Name | Form::Text)
    }

    /// The name that it is, without its quotes.
    pub(crate) fn name(self) -> String {
        let inside = |open: char, close: char| self.text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        for quote in ['"', '`', '\''] {
            if let Some(name) = inside(quote, quote) {
                return name.replace(&format!("{quote}{quote}"), &quote.to_string());
            }
        }
        inside('[', ']').unwrap_or(self.text).to_owned()
    }
}

/// The signs of more than one letter, each before those that it starts with.
const SIGNS: [&str; 10] = ["->>", "->", "||", "<<", ">>", "<=", "<>", ">=", "==", "!="];

/// The tokens of `sql`. Total: a quote or comment that is never closed ends where the text does.
pub(crate) fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = sql[at..].chars().next() {
        let rest = &sql[at..];
        let length = |form: Option<Form>, length: usize| (form, length);
        let (form, length) = match first {
            _ if first.is_ascii_whitespace() => length(None, 1),
            '-' if rest.starts_with("--") => length(None, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => length(None, rest[2..].find("*/").map_or(rest.len(), |end| end + 4)),
            '\'' => length(Some(Form::Text), quoted_length(rest, '\'')),
            '"' | '`' => length(Some(Form::Name), quoted_length(rest, first)),
            '[' => length(Some(Form::Name), rest.find(']').map_or(rest.len(), |end| end + 1)),
            'x' | 'X' if rest[1..].starts_with('\'') => {
                length(Some(Form::Literal), 1 + quoted_length(&rest[1..], '\''))
            }
            '0'..='9' => length(Some(Form::Literal), number_length(rest)),
            '.' if rest[1..].starts_with(|next: char| next.is_ascii_digit()) => {
                length(Some(Form::Literal), number_length(rest))
            }
            _ if starts_word(first) => {
                length(Some(Form::Word), rest.find(|letter| !continues_word(letter)).unwrap_or(rest.len()))
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                length(Some(Form::Sign), sign.map_or(first.len_utf8(), |sign| sign.len()))
            }
        };
        tokens.extend(form.map(|form| Token { form, text: &rest[..length], at }));
        at += length;
    }
    tokens
}

/// The length of the quoted text that `text` starts with; a doubled quote stays inside.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return at + quote.len_utf8();
        }
    }
    text.len()
}

/// The length of the number that `text` starts with: `12`, `1_000`, `.5`, `1e-5`, `0x1F`.
fn number_length(text: &str) -> usize {
    let is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let mut last = ' ';
    let ends = |letter: char| {
        let is_exponent = !is_hexadecimal && last.eq_ignore_ascii_case(&'e') && matches!(letter, '+' | '-');
        last = letter;
        !(is_exponent || letter == '.' || continues_word(letter))
    };
    text.find(ends).unwrap_or(text.len())
}

fn starts_word(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_' || !letter.is_ascii()
}

fn continues_word(letter: char) -> bool {
    starts_word(letter) || letter.is_ascii_digit() || letter == '$'
}

/// Whether a name needs no quotes for its letters' sake.
pub(super) fn is_plain(name: &str) -> bool {
    name.starts_with(starts_word) && name.chars().all(continues_word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Token, tokens};

    fn texts(sql: &str) -> Vec<&str> {
        tokens(sql).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn white_space_and_comments_are_left_out() {
        assert_eq!(texts("a -- b '\n /* c \" */ d/**/e/*"), ["a", "d", "e"]);
    }

    #[test]
    fn names_strings_and_bytes_are_one_token_each_whatever_is_in_them() {
        assert_eq!(
            texts(r#""a ""b""" [c d] `e``f` 'it''s' x'41' X'' xa'b'"#),
            [r#""a ""b""""#, "[c d]", "`e``f`", "'it''s'", "x'41'", "X''", "xa", "'b'"]
        );
    }

    #[test]
    fn a_dot_is_part_of_a_number_and_no_part_of_a_name() {
        assert_eq!(texts("t.a=.5+1.e-3-0xE-1"), ["t", ".", "a", "=", ".5", "+", "1.e-3", "-", "0xE", "-", "1"]);
    }

    #[test]
    fn signs_are_as_long_as_they_can_be() {
        assert_eq!(texts("a->>'$.b'<>c||d<=-e"), ["a", "->>", "'$.b'", "<>", "c", "||", "d", "<=", "-", "e"]);
    }

    #[test]
    fn a_name_is_told_without_its_quotes() {
        let names = tokens(r#""a""b" `a``b` [a b] 'a''b' Ab"#).into_iter().map(Token::name);
        assert_eq!(names.collect::<Vec<_>>(), ["a\"b", "a`b", "a b", "a'b", "Ab"]);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_scan(sql in "\\PC{0,60}|[ -~\\n]{0,80}") {
            for token in tokens(&sql) {
                prop_assert_eq!(&sql[token.at..token.end()], token.text);
                let _ = token.name();
            }
        }
    }
}
