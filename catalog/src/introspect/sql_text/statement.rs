//! What a CREATE INDEX, VIEW, TRIGGER or VIRTUAL TABLE of SQLite says.

use super::bracket::bare;
use super::cursor::{Cursor, split};
use super::render::{Scope, quoted_where_needed, render, verbatim};
use super::token::{Form, Token, tokens};

/// The keys of a CREATE INDEX, each without its collation and direction, and its condition if it has one.
pub(crate) fn index_parts(sql: &str, scope: &Scope<'_>) -> (Vec<String>, Option<String>) {
    let tokens = tokens(sql);
    let open = tokens.iter().position(|token| token.is_sign("(")).unwrap_or(tokens.len());
    let mut cursor = Cursor::new(&tokens[open..]);
    let keys = split(cursor.group().unwrap_or_default())
        .into_iter()
        .map(|key| render(&bare(key_alone(&bare(key_alone(key)))), scope));
    let predicate = cursor.takes(&["WHERE"]).then(|| render(&bare(without_end(cursor.rest)), scope));
    (keys.collect(), predicate)
}

fn key_alone<'t, 'a>(mut key: &'t [Token<'a>]) -> &'t [Token<'a>] {
    if let [rest @ .., direction] = key
        && direction.is_any(&["ASC", "DESC"])
    {
        key = rest;
    }
    match key {
        [rest @ .., collate, _] if collate.is("COLLATE") => rest,
        key => key,
    }
}

fn without_end<'t, 'a>(mut tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    while let [rest @ .., end] = tokens {
        if !end.is_sign(";") {
            break;
        }
        tokens = rest;
    }
    tokens
}

/// What a CREATE VIEW says of the view, in one spelling.
pub(crate) fn view(sql: &str, scope: &Scope<'_>) -> String {
    let tokens = tokens(sql);
    let scope = Scope::of_statement(&tokens, scope);
    let query = tokens.iter().position(|token| token.is("AS")).unwrap_or(tokens.len());
    let (head, query) = tokens.split_at(query);
    // The names that it gives its columns keep their letter case: programs read them by it.
    let columns = head.iter().position(|token| token.is_sign("(")).map(|open| split(&head[open + 1..]));
    let columns = columns.map(|columns| {
        let names =
            columns.iter().filter_map(|column| column.first()).map(|column| quoted_where_needed(&column.name()));
        format!("({}) ", names.collect::<Vec<_>>().join(", "))
    });
    format!("{}{}", columns.unwrap_or_default(), render(without_end(query), &scope))
}

/// What a CREATE TRIGGER says of the trigger, in one spelling: with the BEFORE that it leaves out, without FOR EACH ROW, which all have.
pub(crate) fn trigger(sql: &str, scope: &Scope<'_>) -> String {
    let tokens = tokens(sql);
    let scope = Scope::of_statement(&tokens, scope);
    let name = tokens.iter().position(|token| token.is("TRIGGER")).map_or(0, |keyword| keyword + 2);
    let mut spelt = Vec::new();
    let mut rest = Cursor::new(tokens.get(name..).unwrap_or_default());
    if !rest.peek().is_some_and(|token| token.is_any(&["BEFORE", "AFTER", "INSTEAD"])) {
        spelt.push(Token::silent("BEFORE"));
    }
    while let Some(token) = rest.peek().filter(|token| !token.is("BEGIN")) {
        if rest.takes(&["FOR", "EACH", "ROW"]) {
            continue;
        }
        rest.next();
        spelt.push(token);
        if token.is("WHEN") {
            let end = rest.rest.iter().position(|token| token.is("BEGIN")).unwrap_or(rest.rest.len());
            let (condition, body) = rest.rest.split_at(end);
            spelt.extend(bare(condition));
            rest = Cursor::new(body);
        }
    }
    spelt.extend(without_end(rest.rest));
    render(&spelt, &scope)
}

/// A CREATE VIRTUAL TABLE: its module, and its arguments as they are written.
pub(crate) fn virtual_table(sql: &str) -> String {
    let tokens = tokens(sql);
    let module = tokens.iter().position(|token| token.is("USING")).map_or(tokens.len(), |using| using + 1);
    let mut rest = Cursor::new(&tokens[module..]);
    let module = rest.name().unwrap_or_default().to_ascii_lowercase();
    format!("{module}{}", verbatim(without_end(rest.rest)))
}

/// The names that a CREATE VIRTUAL TABLE mentions, its columns among them, in small letters.
pub(crate) fn names_of_virtual_table(sql: &str) -> Vec<String> {
    tokens(sql).into_iter().filter(|token| token.can_name()).map(|token| token.name().to_ascii_lowercase()).collect()
}

/// A default in one spelling; none where it is NULL. No name can stand in it: what looks like one is a string.
pub(crate) fn default(sql: &str) -> Option<String> {
    let tokens = tokens(sql);
    let scope = Scope::of_default();
    match bare(&tokens).as_slice() {
        [null] if null.is("NULL") => None,
        [one] if one.is("TRUE") => Some("1".to_owned()),
        [zero] if zero.is("FALSE") => Some("0".to_owned()),
        [word] if word.form == Form::Name || word.form == Form::Word && !word.is_any(LITERALS) => {
            Some(format!("'{}'", word.name().replace('\'', "''")))
        }
        expression => Some(render(expression, &scope)),
    }
}

/// Words that are values by themselves.
const LITERALS: &[&str] = &["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"];

/// A type in one spelling: `VARCHAR ( 20 )` is `varchar(20)`.
pub(crate) fn data_type(sql: &str) -> String {
    let mut text = String::new();
    let mut last = None;
    for token in tokens(sql) {
        let is_next = ["(", ")", ","].iter().any(|sign| token.is_sign(sign));
        let is_number = last.is_some_and(|last: Token<'_>| ["(", "-", "+"].iter().any(|sign| last.is_sign(sign)));
        if last.is_some() && !is_next && !is_number {
            text.push(' ');
        }
        text.push_str(&if token.can_name() { token.name() } else { token.text.to_owned() }.to_ascii_lowercase());
        last = Some(token);
    }
    text
}

/// A CREATE TABLE under another name, without the old one before its own columns; nothing where it has no name.
pub(crate) fn under_name(sql: &str, name: &str) -> Option<String> {
    let tokens = tokens(sql);
    let mut cursor = Cursor::new(&tokens);
    cursor.takes(&["CREATE"]);
    let _ = cursor.takes(&["TEMP"]) || cursor.takes(&["TEMPORARY"]);
    if !cursor.takes(&["TABLE"]) {
        return None;
    }
    cursor.takes(&["IF", "NOT", "EXISTS"]);
    let old = cursor.peek()?;
    let own = cursor.name()?;
    let mut renamed = format!("{}\"{}\"", &sql[..old.at], name.replace('"', "\"\""));
    let mut kept = old.end();
    while let Some(token) = cursor.next() {
        let is_own = matches!(token.form, Form::Word | Form::Name) && token.name().eq_ignore_ascii_case(&own);
        if is_own && cursor.takes_sign(".") {
            renamed.push_str(&sql[kept..token.at]);
            kept = cursor.peek().map_or(sql.len(), |next| next.at);
        }
    }
    renamed.push_str(&sql[kept..]);
    Some(renamed)
}

/// Whether the text of a table or of its index names a column by the table's own name: `sales.region`.
pub(crate) fn names_itself(sql: &str, name: &str) -> bool {
    let tokens = tokens(sql);
    let is_own =
        |token: &Token<'_>| matches!(token.form, Form::Word | Form::Name) && token.name().eq_ignore_ascii_case(name);
    tokens.windows(2).any(|pair| is_own(&pair[0]) && pair[1].is_sign("."))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{data_type, default, index_parts, trigger, under_name, view, virtual_table};
    use crate::introspect::sql_text::render::Scope;

    fn scope() -> Scope<'static> {
        Scope::of_names(&["t", "a", "b", "v", "log"])
    }

    #[test]
    fn the_keys_of_an_index_are_split_at_its_own_commas_and_its_predicate_follows_them() {
        let scope = Scope::of_table("t", ["a", "b"]);
        let (keys, predicate) = index_parts(
            "CREATE UNIQUE INDEX \"where\" ON t (A, (coalesce(\"b\", ',')) COLLATE nocase DESC, t.a ASC) WHERE a  IN (1,2);",
            &scope,
        );
        assert_eq!(keys, ["a", "coalesce(b, ',')", "a"]);
        assert_eq!(predicate.as_deref(), Some("a IN (1, 2)"));
        assert_eq!(index_parts("CREATE INDEX \"where\" ON t (a)", &scope).1, None);
    }

    #[test]
    fn a_trigger_reads_equal_with_and_without_what_goes_without_saying() {
        let short = "CREATE TRIGGER x UPDATE OF a ON t WHEN new.a>1 BEGIN INSERT INTO log VALUES(new.a); END";
        let long = "create trigger \"x\" before update of \"a\" on [t] for each row when (NEW.\"a\" > 1) begin \
                    insert into \"log\" values (NEW.a); end;";
        let expected = "BEFORE UPDATE OF a ON t WHEN new.a > 1 BEGIN INSERT INTO log VALUES (new.a); END";
        assert_eq!(trigger(short, &scope()), expected);
        assert_eq!(trigger(long, &scope()), expected);
        assert_ne!(trigger(&short.replace("UPDATE", "AFTER UPDATE"), &scope()), expected);
    }

    #[test]
    fn a_view_is_its_query_and_the_names_that_it_gives() {
        assert_eq!(view("CREATE VIEW \"v\" AS select \"a\" As \"X\" from T", &scope()), "AS SELECT a AS X FROM t");
        assert_eq!(view("CREATE VIEW v(\"X\", y) as SELECT a, b FROM t;", &scope()), "(X, y) AS SELECT a, b FROM t");
    }

    #[test]
    fn a_virtual_table_is_its_module_and_arguments() {
        assert_eq!(virtual_table("CREATE VIRTUAL TABLE d USING FTS5(Title,content='')"), "fts5(Title, content = '')");
        assert_eq!(virtual_table("CREATE VIRTUAL TABLE d USING dbstat"), "dbstat");
    }

    #[test]
    fn a_default_has_one_spelling_and_null_is_none() {
        for (written, one) in [
            ("NULL", None),
            ("( null )", None),
            ("0", Some("0")),
            ("((0))", Some("0")),
            ("- 1", Some("-1")),
            ("current_timestamp", Some("CURRENT_TIMESTAMP")),
            ("True", Some("1")),
            ("\"it's\"", Some("'it''s'")),
            ("open", Some("'open'")),
            ("'Open'", Some("'Open'")),
            ("DATETIME('now','localtime')", Some("datetime('now', 'localtime')")),
            ("X'0F'", Some("x'0f'")),
        ] {
            assert_eq!(default(written).as_deref(), one, "{written}");
        }
    }

    #[test]
    fn a_type_has_one_spelling() {
        assert_eq!(data_type("VARCHAR ( 20 )"), "varchar(20)");
        assert_eq!(data_type("Double /* c */ \"Precision\""), "double precision");
        assert_eq!(data_type("real(10,2)"), "real(10, 2)");
        assert_eq!(data_type("numeric(10,-2)"), "numeric(10, -2)");
        assert_eq!(data_type(""), "");
    }

    #[test]
    fn a_table_is_written_under_another_name() {
        let sql =
            "CREATE TABLE \"t\" (a int CHECK (\"t\".a > 0), t text DEFAULT 't.a' REFERENCES t (a), CHECK (T.t <> x))";
        let renamed =
            "CREATE TABLE \"n\"\"w\" (a int CHECK (a > 0), t text DEFAULT 't.a' REFERENCES t (a), CHECK (t <> x))";
        assert_eq!(under_name(sql, "n\"w").as_deref(), Some(renamed));
        assert_eq!(under_name("CREATE VIEW v AS SELECT 1", "w"), None);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(sql in "[ -~\\n]{0,80}") {
            for sql in [sql.clone(), format!("CREATE TRIGGER {sql}"), format!("CREATE TABLE {sql}"), format!("CREATE INDEX i ON t {sql}")] {
                let _ = (index_parts(&sql, &scope()), trigger(&sql, &scope()), view(&sql, &scope()));
                let _ = (virtual_table(&sql), default(&sql), data_type(&sql), under_name(&sql, "n"));
            }
        }
    }
}
