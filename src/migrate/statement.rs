//! What the text of an SQL statement says about itself: where it ends, what it does, whether two say the same.
//!
//! A scan over tokens, never a parser, and pure. What the text does not show is not known here: a function with
//! effects that a SELECT calls, a setting that changes how strings are quoted (`NO_BACKSLASH_ESCAPES`).

mod extent;
mod layout;
mod look;
mod reach;
mod token;

use catalog::Dialect;
use sha2::{Digest, Sha256};

use extent::Extent;
pub(crate) use layout::laid_out;
pub(crate) use look::looks_at_structure;
pub(crate) use reach::{client_commands, leaves_database, made, made_table, qualifies, reaches_into};
use token::{Form, Token, Tokens};

/// What a statement does, as far as its text tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It sets up the connection, as SET, USE, PRAGMA and LOCK TABLES do, and must be run again on a new one.
    Session,
    /// It begins or ends a transaction or a savepoint.
    Transaction,
    /// It gives rows and changes none: SELECT, SHOW, EXPLAIN, DESCRIBE, VALUES, TABLE.
    Read,
    /// It changes rows: INSERT, UPDATE, DELETE, REPLACE, MERGE, COPY, LOAD DATA.
    Rows,
    /// Whatever else: CREATE, ALTER, DROP, TRUNCATE, GRANT, and what may do anything, such as CALL and DO.
    Structure,
}

/// What a statement does.
///
/// A SELECT is a read, whatever functions it calls, unless it makes a table (INTO on PostgreSQL) or sets variables
/// (INTO @name on MariaDB). A WITH, and an EXPLAIN that runs what it explains, do what is done anywhere in them.
pub(crate) fn kind(dialect: Dialect, text: &str) -> Kind {
    let tokens = capitals(dialect, text);
    let mut tokens: &[String] = &tokens;
    // MariaDB's settings for the time of one statement.
    while let [set, statement, rest @ ..] = tokens
        && (set.as_str(), statement.as_str()) == ("SET", "STATEMENT")
    {
        let end = rest.iter().position(|token| token == "FOR").map_or(rest.len(), |at| at + 1);
        tokens = &rest[end..];
    }
    let word = |at: usize| tokens.get(at).map(String::as_str).unwrap_or_default();
    match (word(0), word(1)) {
        ("BEGIN", "NOT") => Kind::Structure,
        ("BEGIN" | "COMMIT" | "END" | "ROLLBACK" | "ABORT" | "SAVEPOINT" | "RELEASE" | "XA", _)
        | ("START" | "PREPARE", "TRANSACTION") => Kind::Transaction,
        (first, _) if is_of_connection(first) => Kind::Session,
        ("INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "MERGE" | "COPY", _) | ("LOAD", "DATA" | "XML") => Kind::Rows,
        ("SHOW" | "DESCRIBE" | "DESC" | "VALUES" | "TABLE", _) => Kind::Read,
        ("EXPLAIN", _) if !tokens.iter().any(|token| token == "ANALYZE") => Kind::Read,
        ("SELECT", _) if sets_config(dialect, tokens) => Kind::Session,
        ("SELECT", _) => into(dialect, tokens).unwrap_or(Kind::Read),
        ("WITH" | "EXPLAIN", _) => {
            into(dialect, tokens).unwrap_or(if changes_rows(tokens) { Kind::Rows } else { Kind::Read })
        }
        _ => Kind::Structure,
    }
}

/// Whether a statement that begins with `word` is about the connection alone.
fn is_of_connection(word: &str) -> bool {
    matches!(word, "SET" | "RESET" | "USE" | "PRAGMA" | "LOCK" | "UNLOCK" | "DISCARD" | "LISTEN" | "UNLISTEN")
        || matches!(word, "ATTACH" | "DETACH" | "PREPARE" | "DEALLOCATE")
}

/// Whether a query is a SET in the form of a function, as PostgreSQL's dumps have it.
fn sets_config(dialect: Dialect, tokens: &[String]) -> bool {
    dialect == Dialect::Postgres && tokens.iter().any(|token| token == "SET_CONFIG")
}

/// What the INTO of a query makes of it, where it has one that is not the INTO of an INSERT.
fn into(dialect: Dialect, tokens: &[String]) -> Option<Kind> {
    tokens.windows(3).find_map(|window| match [&*window[0], &*window[1], &*window[2]] {
        ["INSERT" | "MERGE" | "." | "AS", "INTO", _] => None,
        [_, "INTO", _] if dialect == Dialect::Postgres => Some(Kind::Structure),
        [_, "INTO", "@"] if dialect == Dialect::MariaDb => Some(Kind::Session),
        _ => None,
    })
}

/// Whether some part of a statement changes rows. FOR UPDATE locks them, and `replace(..)` is a function.
fn changes_rows(tokens: &[String]) -> bool {
    tokens.windows(3).any(|window| {
        matches!(&*window[1], "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "MERGE")
            && !matches!(&*window[0], "FOR" | "KEY" | "." | "AS")
            && window[2] != "("
    })
}

/// The tokens of a statement from its first word on, words in capitals, without space and comments.
fn capitals(dialect: Dialect, text: &str) -> Vec<String> {
    let tokens = significant(Tokens::of(dialect, text)).filter(|token| token.form != Form::Hint);
    let tokens = tokens.skip_while(|token| matches!(token.text, "(" | ";"));
    let capital = |token: Token| match token.form {
        Form::Word => token.text.to_ascii_uppercase(),
        _ => token.text.to_owned(),
    };
    tokens.map(capital).collect()
}

/// The tokens that are neither space nor comments.
fn significant(tokens: Tokens<'_>) -> impl Iterator<Item = Token<'_>> {
    tokens.filter(|token| !matches!(token.form, Form::Space | Form::Comment))
}

/// The text without comments and with one space between each two tokens.
///
/// Two statements that differ only in white space, line ends and comments have one normal form. In quotes all counts
/// but the carriage return of a line end. The dollar-quoted body of a PostgreSQL function or DO is code, whatever its
/// language: its white space and comments do not count either. Other dollar-quoted text is data.
pub(crate) fn normal_form(dialect: Dialect, text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    let (mut last, mut last_but_one) = ("", "");
    for token in significant(Tokens::of(dialect, text)) {
        let is_code = ["AS", "DO"].iter().any(|word| last.eq_ignore_ascii_case(word))
            || last_but_one.eq_ignore_ascii_case("LANGUAGE");
        match token.dollar_quoted().filter(|_| is_code) {
            Some((tag, body)) => {
                push(&mut form, tag);
                significant(Tokens::of_body(dialect, body)).for_each(|token| push(&mut form, token.text));
                push(&mut form, tag);
            }
            None => push(&mut form, token.text),
        }
        (last_but_one, last) = (last, token.text);
    }
    form
}

/// Adds a token after a space, its line ends as `\n`.
fn push(form: &mut String, token: &str) {
    if !form.is_empty() {
        form.push(' ');
    }
    for line in token.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some(line) => form.extend([line.trim_end_matches('\r'), "\n"]),
            None => form.push_str(line),
        }
    }
}

/// A part of a statement that counts: a token, or a word or a single white space within quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    /// Whether white space or a comment stands before it.
    pub(crate) is_spaced: bool,
}

/// The parts of a statement that count, in order, with what is in quotes in words.
pub(crate) fn pieces(dialect: Dialect, text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut is_spaced = false;
    for token in Tokens::of(dialect, text) {
        match token.form {
            Form::Space | Form::Comment => is_spaced = true,
            _ => {
                let words = token.text.split_inclusive(char::is_whitespace).flat_map(|word| {
                    let bare = word.trim_end_matches(char::is_whitespace);
                    [bare, &word[bare.len()..]]
                });
                for word in words.filter(|word| !word.is_empty()) {
                    pieces.push(Piece { text: word.to_owned(), is_spaced: std::mem::take(&mut is_spaced) });
                }
            }
        }
    }
    pieces
}

/// The SHA-256 over the normal forms of `texts`, in hex; their order and number count.
pub(crate) fn checksum(dialect: Dialect, texts: &[String]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        let form = normal_form(dialect, text);
        // The length keeps two texts apart from one that holds both.
        hash.update(form.len().to_string());
        hash.update(":");
        hash.update(form);
    }
    format!("{:x}", hash.finalize())
}

/// The single statements of a text that may hold several, without semicolons and the comments around them.
///
/// A semicolon in quotes, comments, parentheses or the body of a trigger or routine ends nothing. `DELIMITER` is a
/// command of MariaDB's client and none of the server; bodies in Oracle's syntax are not understood.
pub(crate) fn split(dialect: Dialect, text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut extent = Extent::default();
    let mut span: Option<(usize, usize)> = None;
    for token in significant(Tokens::of(dialect, text)) {
        if token.text == ";" && extent.is_whole() {
            found.extend(span.take());
            extent = Extent::default();
            continue;
        }
        extent.take(token);
        let start = span.map_or(token.start, |(start, _)| start);
        span = Some((start, token.start + token.text.len()));
    }
    found.extend(span);
    found.into_iter().map(|(start, end)| &text[start..end]).collect()
}

/// Whether a transaction is open after a statement that begins or ends one or a savepoint.
pub(crate) fn opens_transaction(dialect: Dialect, text: &str) -> bool {
    let tokens = capitals(dialect, text);
    let word = |at: usize| tokens.get(at).map(String::as_str).unwrap_or_default();
    match word(0) {
        "BEGIN" | "START" | "SAVEPOINT" | "RELEASE" => true,
        "ROLLBACK" => tokens.iter().any(|token| token == "TO"),
        _ => false,
    }
}

/// Whether a statement is about a savepoint, which ends no transaction.
pub(crate) fn is_savepoint(dialect: Dialect, text: &str) -> bool {
    let tokens = capitals(dialect, text);
    let word = |at: usize| tokens.get(at).map(String::as_str).unwrap_or_default();
    matches!(word(0), "SAVEPOINT" | "RELEASE") || word(0) == "ROLLBACK" && tokens.iter().any(|token| token == "TO")
}

/// Whether a statement makes or drops what goes with the connection.
pub(crate) fn is_temporary(dialect: Dialect, text: &str) -> bool {
    let tokens = capitals(dialect, text);
    let is_kind = tokens.first().is_some_and(|word| matches!(word.as_str(), "CREATE" | "DROP"));
    is_kind && tokens.iter().take(4).any(|word| matches!(word.as_str(), "TEMPORARY" | "TEMP"))
}

/// Whether a setting takes its value from rows: made again, it may take another one.
pub(crate) fn reads_into_setting(dialect: Dialect, text: &str) -> bool {
    let tokens = capitals(dialect, text);
    let is_constant = sets_config(dialect, &tokens) && !tokens.iter().any(|token| token == "FROM");
    !is_constant && tokens.iter().any(|token| matches!(token.as_str(), "SELECT" | "INTO"))
}

/// Whether the structure tells that a statement was done, or else it may be run again: not so what may do
/// anything, what is about accounts, and several tables that swap their names.
pub(crate) fn shows_in_structure(dialect: Dialect, text: &str) -> bool {
    let tokens = capitals(dialect, text);
    let word = |at: usize| tokens.get(at).map(String::as_str).unwrap_or_default();
    match (word(0), word(1)) {
        ("CALL" | "EXECUTE" | "DO" | "BEGIN", _) | ("CREATE" | "ALTER" | "DROP" | "RENAME", "USER" | "ROLE") => false,
        ("RENAME", _) => !tokens.iter().any(|token| token == ","),
        ("ALTER", _) => {
            let count = |word: &str| tokens.iter().filter(|token| *token == word).count();
            count("EXCHANGE") == 0 && count("RENAME") < 2
        }
        _ => true,
    }
}

/// Whether a statement does all or nothing when the server refuses it: not so what may do anything, and
/// what is about several accounts.
pub(crate) fn is_atomic(dialect: Dialect, text: &str) -> bool {
    let tokens = capitals(dialect, text);
    match tokens.first().map(String::as_str).unwrap_or_default() {
        "CALL" | "EXECUTE" | "DO" | "BEGIN" => false,
        _ => !is_of_accounts(dialect, text) || !tokens.iter().any(|token| token == ","),
    }
}

/// Whether a statement makes, changes or drops accounts.
pub(crate) fn is_of_accounts(dialect: Dialect, text: &str) -> bool {
    let tokens = capitals(dialect, text);
    let is_verb = |word: &str| matches!(word, "CREATE" | "ALTER" | "DROP" | "RENAME");
    let mut words = tokens.iter().map(String::as_str).filter(|word| !matches!(*word, "OR" | "REPLACE"));
    words.next().is_some_and(is_verb) && matches!(words.next(), Some("USER" | "ROLE"))
}

/// The name of the routine that a CALL runs, without its schema and quotes.
pub(crate) fn called(dialect: Dialect, text: &str) -> Option<String> {
    let mut tokens = significant(Tokens::of(dialect, text));
    tokens.next().filter(|token| token.text.eq_ignore_ascii_case("CALL"))?;
    let name = tokens.take_while(|token| !matches!(token.text, "(" | ";")).last()?;
    Some(name.text.trim_matches(['`', '"']).to_owned())
}

/// Whether a statement mentions `name`, in quotes or without.
pub(crate) fn names(dialect: Dialect, text: &str, name: &str) -> bool {
    significant(Tokens::of(dialect, text)).any(|token| is_name(dialect, &token, name))
}

/// Whether a token is `name`, in quotes or without.
fn is_name(dialect: Dialect, token: &Token<'_>, name: &str) -> bool {
    match token.form {
        Form::Word => token.text.eq_ignore_ascii_case(name),
        Form::Quoted => token.text == dialect.quote(name),
        _ => false,
    }
}

/// Whether a statement has semicolons of its own: the body of a trigger or routine.
fn has_body(dialect: Dialect, text: &str) -> bool {
    significant(Tokens::of(dialect, text)).any(|token| token.form == Form::Symbol && token.text == ";")
}

/// A statement as it stands in a script for the engine's client.
pub(crate) fn ended(dialect: Dialect, statement: &str) -> String {
    let statement = statement.trim().trim_end_matches(';');
    // MariaDB's client ends a statement at each semicolon, also within the body of a trigger.
    if dialect == Dialect::MariaDb && has_body(dialect, statement) {
        return format!("DELIMITER $$\n{statement}$$\nDELIMITER ;");
    }
    // A comment at its end would take the semicolon for its own.
    let last = statement.lines().last().unwrap_or_default();
    let is_comment = last.contains("--") || (dialect == Dialect::MariaDb && last.contains('#'));
    if is_comment { format!("{statement}\n;") } else { format!("{statement};") }
}

#[cfg(test)]
mod tests {
    use catalog::Dialect::{self, MariaDb, Postgres, Sqlite};
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::{Form, Kind, Token, Tokens, checksum, kind, normal_form, significant, split};

    #[track_caller]
    fn all_are(wanted: Kind, dialect: Dialect, texts: &[&str]) {
        for text in texts {
            assert_eq!(kind(dialect, text), wanted, "{text}");
        }
    }

    #[test]
    fn a_statement_is_known_by_its_first_word() {
        for dialect in Dialect::ALL {
            all_are(
                Kind::Session,
                dialect,
                &["set x = 1", "PRAGMA foreign_keys = ON", "LOCK TABLES a WRITE", "USE shop"],
            );
            all_are(
                Kind::Transaction,
                dialect,
                &["BEGIN", "START TRANSACTION", "-- now\ncommit", "SAVEPOINT a", "END;"],
            );
            all_are(Kind::Read, dialect, &["SELECT 1", "((SELECT 1) UNION SELECT 2)", "/* a */ VALUES (1)", "SHOW a"]);
            all_are(Kind::Rows, dialect, &["INSERT INTO a SELECT 1", "\n\tdelete from a", "REPLACE INTO a VALUES (1)"]);
            all_are(Kind::Structure, dialect, &["CREATE TABLE a (b int)", "TRUNCATE a", "CALL a()", "", "'SELECT'"]);
        }
    }

    #[test]
    fn a_with_does_what_is_done_anywhere_in_it() {
        let reads = [
            "WITH a AS (SELECT 'DELETE') SELECT * FROM a FOR UPDATE",
            "WITH a AS (SELECT 1) SELECT replace(b, 'x', c)",
        ];
        all_are(Kind::Read, Postgres, &reads);
        let writes =
            ["WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a", "WITH a AS (SELECT 1) INSERT INTO b SELECT 2"];
        all_are(Kind::Rows, Postgres, &writes);
        all_are(Kind::Structure, Postgres, &["WITH a AS (SELECT 1) SELECT * INTO b FROM a"]);
    }

    #[test]
    fn an_explain_reads_unless_it_runs_what_it_explains() {
        all_are(Kind::Read, Postgres, &["EXPLAIN DELETE FROM a", "EXPLAIN ANALYZE SELECT 1"]);
        all_are(Kind::Rows, Postgres, &["EXPLAIN (ANALYZE, BUFFERS) DELETE FROM a"]);
    }

    #[test]
    fn a_select_into_makes_a_table_or_sets_a_variable() {
        all_are(Kind::Structure, Postgres, &["SELECT a, b INTO c FROM d"]);
        all_are(Kind::Session, MariaDb, &["SELECT max(a) INTO @b FROM d"]);
        all_are(Kind::Session, Postgres, &["SELECT pg_catalog.set_config('search_path', '', false)"]);
        all_are(Kind::Read, Sqlite, &["SELECT set_config FROM a"]);
        all_are(Kind::Read, Postgres, &["SELECT \"into\", 'INTO' FROM d", "SELECT a FROM b FOR NO KEY UPDATE"]);
    }

    #[test]
    fn what_mariadb_wraps_around_a_statement_does_not_hide_it() {
        all_are(Kind::Session, MariaDb, &["/*!40101 SET NAMES utf8 */"]);
        all_are(Kind::Rows, MariaDb, &["SET STATEMENT max_statement_time=1 FOR DELETE FROM a", "# b\nDELETE FROM a"]);
        all_are(Kind::Structure, MariaDb, &["BEGIN NOT ATOMIC DROP TABLE a; END"]);
    }

    #[test]
    fn white_space_and_comments_do_not_count() {
        let wanted = "CREATE TABLE t ( a int )";
        for text in
            ["CREATE TABLE t(a int)", "CREATE  TABLE\r\n\tt ( a int ) ", "CREATE/* x */TABLE t -- y\n(a int)--z"]
        {
            for dialect in [Sqlite, Postgres] {
                assert_eq!(normal_form(dialect, text), wanted, "{text}");
            }
        }
        assert_eq!(normal_form(Postgres, "a /* b /* c */ d */ e"), "a e");
        assert_eq!(normal_form(Sqlite, "a /* b /* c */ d"), "a d");
        assert_eq!(normal_form(MariaDb, "a # b\n c -- d\n"), "a c");
    }

    #[test]
    fn two_signs_are_not_made_a_comment_nor_a_comment_two_signs() {
        assert_eq!(normal_form(Postgres, "a - -1"), "a - - 1");
        assert_eq!(normal_form(Postgres, "a --1"), "a");
        assert_eq!(normal_form(MariaDb, "a --1"), "a - - 1");
    }

    #[test]
    fn white_space_in_quotes_counts_but_not_the_kind_of_its_line_ends() {
        for text in ["'a  b'", "\"a  b\"", "'a -- b'", "'it''s /* no */'"] {
            assert_eq!(normal_form(Postgres, text), text);
        }
        assert_eq!(normal_form(MariaDb, "`a  b`"), "`a  b`");
        assert_eq!(normal_form(Sqlite, "[a  b]"), "[a  b]");
        assert_eq!(normal_form(Postgres, "'a\r\nb'"), "'a\nb'");
        assert_ne!(normal_form(Sqlite, "SELECT x'41'"), normal_form(Sqlite, "SELECT x '41'"));
    }

    #[test]
    fn a_backslash_escapes_where_the_dialect_says_so() {
        assert_eq!(normal_form(MariaDb, r"'it\'s  a'  b"), r"'it\'s  a' b");
        assert_eq!(normal_form(Postgres, r"e'it\'s  a'  b"), r"e'it\'s  a' b");
        assert_eq!(normal_form(Postgres, r"'c:\'  b"), r"'c:\' b");
        assert_eq!(normal_form(Sqlite, r"'c:\'  b"), r"'c:\' b");
    }

    #[test]
    fn a_dollar_quoted_body_is_code_and_other_dollar_quoted_text_is_data() {
        assert_eq!(normal_form(Postgres, "DO $x$BEGIN\n  a; -- b\nEND$x$"), "DO $x$ BEGIN a ; END $x$");
        assert_eq!(normal_form(Postgres, "DO LANGUAGE plpgsql $$  a  $$"), "DO LANGUAGE plpgsql $$ a $$");
        assert_eq!(normal_form(Postgres, "f() AS $$ $q$ a  b $q$ $$"), "f ( ) AS $$ $q$ a b $q$ $$");
        assert_eq!(normal_form(Postgres, "SELECT $$a  b$$, $1"), "SELECT $$a  b$$ , $1");
    }

    #[test]
    fn a_comment_that_mariadb_runs_is_none() {
        assert_eq!(normal_form(MariaDb, "a /*!50100  b */ c/*+ d */ /* e */"), "a /*!50100 b */ c /*+ d */");
        assert_eq!(normal_form(Postgres, "a /*!50100  b */ c"), "a c");
    }

    #[test]
    fn order_and_number_of_statements_count_in_a_checksum() {
        let sum = |texts: &[&str]| checksum(Sqlite, &texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
        assert_eq!(sum(&[]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(sum(&["a(b)", "c"]), sum(&["a ( b ) -- d", "\nc"]));
        for other in [&["c", "a"][..], &["a c"], &["a"], &["a", "c", ""], &["a", "C"]] {
            assert_ne!(sum(&["a", "c"]), sum(other), "{other:?}");
        }
    }

    #[test]
    fn a_text_is_split_where_its_statements_end() {
        assert_eq!(split(Sqlite, " a; ;/* b; */ c 'd;' \"e;\" [f;] -- g;\n; -- h"), ["a", "c 'd;' \"e;\" [f;]"]);
        assert_eq!(split(Postgres, "DO $x$ a; $$;$$ $x$; b E'\\';'; c"), ["DO $x$ a; $$;$$ $x$", "b E'\\';'", "c"]);
        assert_eq!(split(MariaDb, "a '\\';' # b;\n; c"), ["a '\\';'", "c"]);
        assert_eq!(split(Postgres, "CREATE RULE a AS ON INSERT TO b DO (c; d); e").len(), 2);
    }

    /// Any text, and texts out of the pieces that scanners stumble over.
    fn text() -> impl Strategy<Value = String> {
        let signs = "' \" ` [ ] $ $$ $a$ -- /* */ /*!5 /*+ # \\ \r ; ( ) . , E' u&'";
        let words = "AS DO a table 1 é BEGIN END CASE IF CREATE TRIGGER";
        let pieces: Vec<&str> = signs.split(' ').chain(words.split(' ')).chain([" ", "\n", "\r\n"]).collect();
        prop_oneof![".{0,40}", prop::collection::vec(prop::sample::select(pieces), 0..30).prop_map(|all| all.concat())]
    }

    fn dialect() -> impl Strategy<Value = Dialect> {
        prop::sample::select(&Dialect::ALL[..])
    }

    proptest! {
        #[test]
        fn a_normal_form_is_its_own_normal_form(dialect in dialect(), text in text()) {
            let form = normal_form(dialect, &text);
            prop_assert_eq!(normal_form(dialect, &form), form);
        }

        #[test]
        fn nothing_but_semicolons_space_and_comments_is_lost_by_a_split(dialect in dialect(), text in text()) {
            let tokens: Vec<Token> = significant(Tokens::of(dialect, &text)).collect();
            let at = |piece: &str| piece.as_ptr().addr() - text.as_ptr().addr();
            let pieces = split(dialect, &text);
            let spans: Vec<_> = pieces.iter().map(|piece| at(piece)..at(piece) + piece.len()).collect();
            let is_kept = |token: &Token| spans.iter().any(|span| span.contains(&token.start));
            prop_assert!(tokens.iter().all(|token| token.text == ";" || is_kept(token)), "{spans:?}");
            prop_assert!(spans.iter().all(|span| tokens.iter().any(|token| token.start == span.start)), "{spans:?}");
            prop_assert!(spans.is_sorted_by(|one, other| one.end < other.start), "{spans:?}");
        }

        #[test]
        fn space_and_comments_between_tokens_never_matter(dialect in dialect(), text in text()) {
            let tokens: Vec<&str> = significant(Tokens::of(dialect, &text)).map(|token| token.text).collect();
            let spread = tokens.join(" \r\n\t/* more */ -- remark\n ");
            prop_assert_eq!(normal_form(dialect, &spread), normal_form(dialect, &text));
        }

        #[test]
        fn another_letter_in_a_word_always_matters(dialect in dialect(), text in text(), at in any::<Index>()) {
            let text = format!("shop {text}");
            let is_low = |letter: char| letter.is_ascii_lowercase() && letter != 'z';
            let is_plain = |token: &Token| token.form == Form::Word && token.text.starts_with(is_low);
            let words: Vec<usize> = Tokens::of(dialect, &text).filter(is_plain).map(|token| token.start).collect();
            let at = words[at.index(words.len())];
            let edited = format!("{}z{}", &text[..at], &text[at + 1..]);
            prop_assert_ne!(normal_form(dialect, &edited), normal_form(dialect, &text));
        }
    }
}
