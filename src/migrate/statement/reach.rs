//! What a text reaches: its client, other databases, namespaces by their names.

use catalog::Dialect;

use super::token::{Form, Token, Tokens};
use super::{capitals, is_name, significant};

/// The commands of a text that are its client's and none of the server, each to the end of its line.
pub(crate) fn client_commands(dialect: Dialect, text: &str) -> Vec<String> {
    let starts = Tokens::of(dialect, text).filter(|token| token.form == Form::Symbol && token.text == "\\");
    starts.map(|token| text[token.start..].lines().next().unwrap_or_default().trim_end().to_owned()).collect()
}

/// The name of the table or view that a statement makes, without quotes.
pub(crate) fn made(dialect: Dialect, text: &str) -> Option<String> {
    let tokens: Vec<Token<'_>> = significant(Tokens::of(dialect, text)).collect();
    let is = |token: &Token<'_>, word: &str| token.form == Form::Word && token.text.eq_ignore_ascii_case(word);
    tokens.first().filter(|token| is(token, "CREATE"))?;
    let kind = tokens.iter().position(|token| is(token, "TABLE") || is(token, "VIEW"))?;
    let mut names = tokens[kind + 1..].iter();
    let name = names.find(|token| !["IF", "NOT", "EXISTS"].iter().any(|word| is(token, word)))?;
    Some(name.text.trim_matches(['`', '"']).to_owned())
}

/// The name of the table that a statement makes to stay, as the engine keeps it.
pub(crate) fn made_table(dialect: Dialect, text: &str) -> Option<String> {
    let tokens: Vec<Token<'_>> = significant(Tokens::of(dialect, text)).collect();
    let is = |token: &Token<'_>, word: &str| token.form == Form::Word && token.text.eq_ignore_ascii_case(word);
    tokens.first().filter(|token| is(token, "CREATE"))?;
    // What stands between the two words says how the table is kept.
    let kind = tokens.iter().take(4).position(|token| is(token, "TABLE"))?;
    if tokens[..kind].iter().any(|token| is(token, "TEMP") || is(token, "TEMPORARY")) {
        return None;
    }
    let name = kind
        + 1
        + tokens[kind + 1..].iter().position(|token| !["IF", "NOT", "EXISTS"].iter().any(|word| is(token, word)))?;
    let is_qualified = tokens.get(name + 1).is_some_and(|token| token.text == ".");
    unquoted(dialect, tokens.get(if is_qualified { name + 2 } else { name })?)
}

/// A name as the engine keeps it: PostgreSQL in small letters where it stands without quotes.
fn unquoted(dialect: Dialect, token: &Token<'_>) -> Option<String> {
    if token.form == Form::Word {
        return Some(if dialect == Dialect::Postgres { token.text.to_lowercase() } else { token.text.to_owned() });
    }
    let mut letters = token.text.chars();
    let quote = letters.next()?;
    let close = if quote == '[' { ']' } else { letters.next_back()? };
    let inside = letters.as_str().trim_end_matches(if quote == '[' { "]" } else { "" });
    Some(inside.replace(&format!("{close}{close}"), &close.to_string()))
}

/// Whether a statement is about other databases, accounts, or the server and its files, as far as its text tells.
pub(crate) fn leaves_database(dialect: Dialect, text: &str) -> bool {
    let tokens = capitals(dialect, text);
    let word = |at: usize| tokens.get(at).map(String::as_str).unwrap_or_default();
    let is_ddl = matches!(word(0), "CREATE" | "ALTER" | "DROP" | "RENAME");
    let outer: &[&str] = match dialect {
        Dialect::Postgres => &["DATABASE", "ROLE", "USER", "GROUP", "TABLESPACE", "SYSTEM", "SUBSCRIPTION"],
        _ => &["DATABASE", "SCHEMA", "USER", "ROLE", "SERVER"],
    };
    match (word(0), word(1)) {
        ("USE", _) => dialect == Dialect::MariaDb,
        ("COPY", _) => tokens.iter().any(|token| token == "PROGRAM"),
        (_, "USER") if word(2) == "MAPPING" => false,
        (_, second) => is_ddl && outer.contains(&second),
    }
}

/// Whether a statement mentions the namespace `name`: before a dot, or in a string that is a qualified name.
pub(crate) fn reaches_into(dialect: Dialect, text: &str, name: &str) -> bool {
    let starts_so = |token: Token<'_>| {
        let inside = token.text.trim_start_matches(['\'', '"']);
        token.form == Form::Quoted
            && inside.strip_prefix(name).is_some_and(|rest| rest.trim_start_matches('"').starts_with('.'))
    };
    qualifies(dialect, text, name) || significant(Tokens::of(dialect, text)).any(starts_so)
}

/// Whether a statement has `name` before a dot.
pub(crate) fn qualifies(dialect: Dialect, text: &str, name: &str) -> bool {
    let tokens: Vec<Token<'_>> = significant(Tokens::of(dialect, text)).collect();
    tokens.windows(2).any(|pair| is_name(dialect, &pair[0], name) && pair[1].text == ".")
}
