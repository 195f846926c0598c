//! What a CREATE TABLE of SQLite says and its PRAGMAs do not.
//!
//! A reader of SQLite's own grammar. SQLite accepted the statement, so only text that it would have
//! refused can be read wrongly; none is too odd to be read.

use super::bracket::bare;
use super::cursor::{Cursor, split};
use super::token::{Token, tokens};

/// A CREATE TABLE as it is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written<'a> {
    pub(crate) columns: Vec<WrittenColumn<'a>>,
    pub(crate) primary_key: Option<WrittenKey>,
    pub(crate) uniques: Vec<WrittenKey>,
    /// Names and conditions.
    pub(crate) checks: Vec<(Option<String>, Vec<Token<'a>>)>,
    pub(crate) references: Vec<WrittenReference>,
    /// The column whose ids are never used again.
    pub(crate) autoincrement: Option<String>,
}

/// A column as it is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct WrittenColumn<'a> {
    pub(crate) name: String,
    /// Its tokens, those of its constraints too.
    pub(crate) tokens: Vec<Token<'a>>,
    pub(crate) collation: Option<String>,
    pub(crate) default: DefaultForm,
    pub(crate) generated: Option<Vec<Token<'a>>>,
    /// What becomes of a NULL where it is not the statement that fails: `REPLACE`.
    pub(crate) on_null: Option<String>,
    pub(crate) is_stored: bool,
    pub(crate) is_key: bool,
    pub(crate) is_reference: bool,
}

/// What a column has for a default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DefaultForm {
    #[default]
    Nothing,
    /// A value that is the same at any time.
    Literal,
    Expression,
}

/// A primary key or unique constraint as it is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct WrittenKey {
    pub(crate) name: Option<String>,
    /// Names, each with the collation that it is given.
    pub(crate) columns: Vec<(String, Option<String>)>,
    /// What becomes of a duplicate where it is not the statement that fails: `IGNORE`.
    pub(crate) on_conflict: Option<String>,
}

/// A foreign key as it is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct WrittenReference {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) target: String,
    pub(crate) matching: Option<String>,
    pub(crate) is_deferred: bool,
}

/// The keywords that start a constraint of a table, and no column.
const TABLE_CONSTRAINTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// The keywords that end the type of a column.
const COLUMN_CONSTRAINTS: &[&str] = &[
    "CONSTRAINT",
    "PRIMARY",
    "UNIQUE",
    "CHECK",
    "REFERENCES",
    "NOT",
    "NULL",
    "DEFAULT",
    "COLLATE",
    "AS",
    "DEFERRABLE",
];

impl<'a> Written<'a> {
    /// What `sql` says.
    pub(crate) fn of(sql: &'a str) -> Self {
        let tokens = tokens(sql);
        let mut written = Self::default();
        let Some(open) = tokens.iter().position(|token| token.is_sign("(")) else { return written };
        let Some(inside) = Cursor::new(&tokens[open..]).group() else { return written };
        for part in split(inside) {
            match part.first() {
                Some(first) if first.is_any(TABLE_CONSTRAINTS) => written.read_constraints(part),
                Some(_) => written.read_column(part),
                None => {}
            }
        }
        written
    }

    /// The column of this name, whatever its letter case.
    pub(crate) fn column(&self, name: &str) -> Option<&WrittenColumn<'a>> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    fn read_column(&mut self, tokens: &[Token<'a>]) {
        let mut cursor = Cursor::new(tokens);
        let Some(name) = cursor.name() else { return };
        let mut column = WrittenColumn { name: name.clone(), tokens: tokens.to_vec(), ..WrittenColumn::default() };
        let mut constraint = None;
        while cursor.peek().is_some_and(|token| !token.is_any(COLUMN_CONSTRAINTS)) {
            // GENERATED ALWAYS says nothing that AS does not.
            cursor.next();
        }
        while let Some(token) = cursor.next() {
            let named = constraint.take();
            if token.is("CONSTRAINT") {
                constraint = cursor.name();
            } else if token.is("PRIMARY") {
                column.is_key = true;
                cursor.takes(&["KEY"]);
                let _ = cursor.takes(&["ASC"]) || cursor.takes(&["DESC"]);
                let on_conflict = on_conflict(&mut cursor);
                self.primary_key = Some(WrittenKey { name: named, columns: vec![(name.clone(), None)], on_conflict });
                if cursor.takes(&["AUTOINCREMENT"]) {
                    self.autoincrement = Some(name.clone());
                }
            } else if token.is("UNIQUE") {
                column.is_key = true;
                let on_conflict = on_conflict(&mut cursor);
                self.uniques.push(WrittenKey { name: named, columns: vec![(name.clone(), None)], on_conflict });
            } else if token.is("CHECK") {
                self.read_check(named, &mut cursor);
            } else if token.is("REFERENCES") {
                column.is_reference = true;
                self.read_reference(named, vec![name.clone()], &mut cursor);
            } else if token.is("NOT") && cursor.takes(&["NULL"]) {
                column.on_null = on_conflict(&mut cursor);
            } else if token.is("DEFAULT") {
                column.default = read_default(&mut cursor);
            } else if token.is("COLLATE") {
                column.collation = cursor.name();
            } else if token.is("AS") {
                column.generated = cursor.group().map(|inside| bare(inside));
                column.is_stored = cursor.takes(&["STORED"]);
            }
        }
        self.columns.push(column);
    }

    /// Reads constraints of the table; SQLite takes them without commas between them too.
    fn read_constraints(&mut self, tokens: &[Token<'a>]) {
        let mut cursor = Cursor::new(tokens);
        let mut constraint = None;
        while let Some(token) = cursor.next() {
            let named = constraint.take();
            if token.is("CONSTRAINT") {
                constraint = cursor.name();
            } else if token.is("PRIMARY") && cursor.takes(&["KEY"]) {
                let columns = cursor.group().unwrap_or_default();
                if columns.last().is_some_and(|last| last.is("AUTOINCREMENT")) {
                    self.autoincrement = columns.first().map(|column| column.name());
                }
                let columns = key_columns(columns);
                self.primary_key = Some(WrittenKey { name: named, columns, on_conflict: on_conflict(&mut cursor) });
            } else if token.is("UNIQUE") {
                let columns = key_columns(cursor.group().unwrap_or_default());
                self.uniques.push(WrittenKey { name: named, columns, on_conflict: on_conflict(&mut cursor) });
            } else if token.is("CHECK") {
                self.read_check(named, &mut cursor);
            } else if token.is("FOREIGN") && cursor.takes(&["KEY"]) {
                let columns = split(cursor.group().unwrap_or_default());
                let columns = columns.iter().filter_map(|column| Cursor::new(column).name()).collect();
                if cursor.takes(&["REFERENCES"]) {
                    self.read_reference(named, columns, &mut cursor);
                }
            }
        }
    }

    fn read_check(&mut self, name: Option<String>, cursor: &mut Cursor<'_, 'a>) {
        if let Some(condition) = cursor.group() {
            self.checks.push((name, bare(condition)));
        }
    }

    fn read_reference(&mut self, name: Option<String>, columns: Vec<String>, cursor: &mut Cursor<'_, 'a>) {
        let mut reference = WrittenReference {
            name,
            columns,
            target: cursor.name().unwrap_or_default(),
            ..WrittenReference::default()
        };
        cursor.group();
        loop {
            if cursor.takes(&["ON"]) {
                cursor.next();
                // An action has one word or two.
                let _ = cursor.takes(&["SET"]) || cursor.takes(&["NO"]);
                cursor.next();
            } else if cursor.takes(&["MATCH"]) {
                reference.matching = cursor.name();
            } else if cursor.takes(&["NOT", "DEFERRABLE"]) {
                let _ = cursor.takes(&["INITIALLY", "DEFERRED"]) || cursor.takes(&["INITIALLY", "IMMEDIATE"]);
            } else if cursor.takes(&["DEFERRABLE"]) {
                reference.is_deferred = cursor.takes(&["INITIALLY", "DEFERRED"]);
                cursor.takes(&["INITIALLY", "IMMEDIATE"]);
            } else {
                break;
            }
        }
        self.references.push(reference);
    }
}

fn read_default(cursor: &mut Cursor<'_, '_>) -> DefaultForm {
    if cursor.group().is_some() {
        return DefaultForm::Expression;
    }
    let _ = cursor.takes_sign("-") || cursor.takes_sign("+");
    let is_time = |token: Token<'_>| token.is_any(&["CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"]);
    if cursor.next().is_some_and(is_time) { DefaultForm::Expression } else { DefaultForm::Literal }
}

/// Reads an ON CONFLICT; ABORT is what happens without one.
fn on_conflict(cursor: &mut Cursor<'_, '_>) -> Option<String> {
    if !cursor.takes(&["ON", "CONFLICT"]) {
        return None;
    }
    let action = cursor.name()?.to_ascii_uppercase();
    (action != "ABORT").then_some(action)
}

fn key_columns(tokens: &[Token<'_>]) -> Vec<(String, Option<String>)> {
    let column = |tokens: &[Token<'_>]| {
        let mut cursor = Cursor::new(tokens);
        let name = cursor.name()?;
        let collation = cursor.takes(&["COLLATE"]).then(|| cursor.name()).flatten();
        Some((name, collation))
    };
    split(tokens).into_iter().filter_map(column).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DefaultForm, Written, WrittenKey};
    use crate::introspect::sql_text::render::{Scope, render};

    /// Checks, keys and foreign keys of a table, a line each.
    fn lines(sql: &str) -> Vec<String> {
        let written = Written::of(sql);
        let scope = Scope::of_table("t", written.columns.iter().map(|column| column.name.as_str()));
        let checks = written.checks.iter().map(|(name, check)| format!("check {name:?} {}", render(check, &scope)));
        let key =
            |kind: &str, key: &WrittenKey| format!("{kind} {:?} {:?} {:?}", key.name, key.columns, key.on_conflict);
        let keys = written.primary_key.iter().map(|one| key("primary", one));
        let uniques = written.uniques.iter().map(|one| key("unique", one));
        let references = written.references.iter().map(|one| {
            format!("{:?} {:?} {} {:?} {}", one.name, one.columns, one.target, one.matching, one.is_deferred)
        });
        keys.chain(uniques).chain(checks).chain(references).collect()
    }

    #[test]
    fn constraints_of_columns_and_of_the_table_read_alike() {
        let inline = "CREATE TABLE t (a int CONSTRAINT pk PRIMARY KEY ON CONFLICT replace, \
             b text CONSTRAINT uq UNIQUE CONSTRAINT ck CHECK (b <> ')'), \
             c int CONSTRAINT fk REFERENCES \"o\" (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED)";
        let apart = "create table t(a int,b text,c int,constraint[pk]primary key(a)on conflict REPLACE,\
             CONSTRAINT uq UNIQUE (b) CONSTRAINT ck CHECK((b<>')')) -- no comma before\n, \
             CONSTRAINT fk FOREIGN KEY (c) REFERENCES o ON UPDATE NO ACTION ON DELETE SET NULL MATCH simple \
             DEFERRABLE INITIALLY DEFERRED)";
        let expected = [
            "primary Some(\"pk\") [(\"a\", None)] Some(\"REPLACE\")",
            "unique Some(\"uq\") [(\"b\", None)] None",
            "check Some(\"ck\") b <> ')'",
        ];
        assert_eq!(lines(inline)[..3], expected);
        assert_eq!(lines(apart)[..3], expected);
        assert_eq!(lines(inline)[3], "Some(\"fk\") [\"c\"] o None true");
        assert_eq!(lines(apart)[3], "Some(\"fk\") [\"c\"] o Some(\"simple\") true");
    }

    #[test]
    fn a_constraint_that_waits_for_nothing_is_not_deferred() {
        for wait in ["", "DEFERRABLE", "DEFERRABLE INITIALLY IMMEDIATE", "NOT DEFERRABLE INITIALLY DEFERRED"] {
            let sql = format!("CREATE TABLE t (a int REFERENCES o {wait} NOT NULL ON CONFLICT FAIL)");
            let written = Written::of(&sql);
            assert!(!written.references[0].is_deferred, "{wait}");
            assert_eq!(written.columns[0].on_null.as_deref(), Some("FAIL"), "{wait}");
        }
    }

    #[test]
    fn columns_are_read_with_their_collation_default_and_expression() {
        let sql = "CREATE TABLE t (a varchar ( 20 ) COLLATE NoCase DEFAULT (upper('x')) NOT NULL, \
             'b c' GENERATED ALWAYS AS ((a || 'y')) STORED, d double precision DEFAULT -1, e AS (d))";
        let written = Written::of(sql);
        let names: Vec<&str> = written.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["a", "b c", "d", "e"]);
        assert_eq!(written.columns[0].collation.as_deref(), Some("NoCase"));
        let defaults: Vec<DefaultForm> = written.columns.iter().map(|column| column.default).collect();
        assert_eq!(
            defaults,
            [DefaultForm::Expression, DefaultForm::Nothing, DefaultForm::Literal, DefaultForm::Nothing]
        );
        assert_eq!(written.columns[1].generated.as_ref().map(Vec::len), Some(3));
        assert!(written.columns[1].is_stored && !written.columns[3].is_stored);
    }

    #[test]
    fn ids_that_are_never_used_again_are_told_and_the_word_in_a_string_is_not() {
        let column = |sql| Written::of(sql).autoincrement;
        assert_eq!(column("CREATE TABLE t (a integer PRIMARY KEY ASC autoincrement)").as_deref(), Some("a"));
        assert_eq!(column("CREATE TABLE t (a integer, PRIMARY KEY (a AUTOINCREMENT))").as_deref(), Some("a"));
        assert_eq!(column("CREATE TABLE t (a text DEFAULT 'AUTOINCREMENT', b CHECK (b <> 'AUTOINCREMENT'))"), None);
    }

    #[test]
    fn the_collation_of_a_key_is_told() {
        let written = Written::of("CREATE TABLE t (a, b, UNIQUE (a COLLATE nocase DESC, \"b\") ON CONFLICT ABORT)");
        let columns = [("a".to_owned(), Some("nocase".to_owned())), ("b".to_owned(), None)];
        assert_eq!(written.uniques[0].columns, columns);
        assert_eq!(written.uniques[0].on_conflict, None);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_read(sql in "[ -~\\n]{0,80}") {
            let _ = lines(&sql);
            let _ = lines(&format!("CREATE TABLE t ({sql})"));
        }

        #[test]
        fn no_row_of_keywords_is_too_odd_to_read(words in prop::collection::vec(prop::sample::select(vec![
            "CONSTRAINT", "PRIMARY", "KEY", "UNIQUE", "CHECK", "REFERENCES", "FOREIGN", "NOT", "NULL", "DEFAULT", "AS",
            "COLLATE", "DEFERRABLE", "INITIALLY", "DEFERRED", "ON", "CONFLICT", "MATCH", "a", "'b'", "(", ")", ",", "-",
        ]), 0..20)) {
            let _ = lines(&format!("CREATE TABLE t ({})", words.join(" ")));
        }
    }
}
