//! Which values a column takes, where its type or its checks list them.

use super::condition::{Meaning, Scan};
use super::token::{Token, tokens};
use crate::{Catalog, Check, Column, Dialect, Form, Table};

/// The values that a column takes beside NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) values: Vec<String>,
    /// Whether each of them is taken for sure; if not, something else may refuse some.
    pub(super) takes_all: bool,
}

/// The values that a column of `table` takes, as texts; none where nothing lists them.
pub(super) fn values(catalog: &Catalog, table: &Table, column: &Column) -> Option<Allowed> {
    let of_type = of_type(catalog, column).map(|values| Meaning::Values { values, takes_all: true });
    let scan = Scan { dialect: catalog.dialect, column: &column.name };
    let of_domain = Scan { column: "VALUE", ..scan };
    let meaning = |scan: Scan, check: &Check| scan.condition(&tokens(catalog.dialect, &check.expression));
    let of_checks = table.checks.iter().map(|check| meaning(scan, check));
    let of_domain = domain_checks(catalog, column).iter().map(|check| meaning(of_domain, check));
    match of_type.into_iter().chain(of_checks).chain(of_domain).fold(Meaning::Elsewhere, Meaning::and) {
        Meaning::Values { values, takes_all } => Some(Allowed { values, takes_all }),
        Meaning::Elsewhere | Meaning::Unknown => None,
    }
}

/// The values that a column takes as its type or its checks list them, and perhaps fewer; none where nothing does.
pub fn allowed_values(catalog: &Catalog, table: &Table, column: &Column) -> Option<Vec<String>> {
    values(catalog, table, column).map(|allowed| allowed.values)
}

/// The values of a type that is a list of them.
fn of_type(catalog: &Catalog, column: &Column) -> Option<Vec<String>> {
    match catalog.dialect {
        Dialect::Sqlite => None,
        Dialect::Postgres => enum_of(catalog, column).map(|(_, values)| values.to_vec()),
        Dialect::MariaDb => {
            let list = column.data_type.strip_prefix("enum(")?;
            let list = &list[..list.rfind(')')?];
            // Inside a type MariaDB writes a quote twice and nothing behind a backslash.
            let tokens = tokens(Dialect::Sqlite, list);
            Some(tokens.iter().filter_map(Token::text).map(str::to_owned).collect())
        }
    }
}

/// The enum that a column is of, by its bare name, and its values.
pub(super) fn enum_of<'a>(catalog: &'a Catalog, column: &Column) -> Option<(&'a str, &'a [String])> {
    made_types(catalog, column).find_map(|(name, form)| match form {
        Form::Enum(values) => Some((name.rsplit('.').next().unwrap_or(name), values.as_slice())),
        Form::Domain { .. } | Form::Composite(_) | Form::Range(_) => None,
    })
}

/// The conditions of the domain that a column is of; they call its value VALUE.
pub fn domain_checks<'a>(catalog: &'a Catalog, column: &Column) -> &'a [Check] {
    let checks = made_types(catalog, column).find_map(|(_, form)| match form {
        Form::Domain { checks, .. } => Some(checks.as_slice()),
        Form::Enum(_) | Form::Composite(_) | Form::Range(_) => None,
    });
    checks.unwrap_or_default()
}

/// The types that somebody made and that a column's may be: more than one where namespaces have the same name.
fn made_types<'a>(catalog: &'a Catalog, column: &Column) -> impl Iterator<Item = (&'a String, &'a Form)> {
    // A type is written in full, and in quotes, where its bare name would not do.
    let written = column.data_type.replace('"', "");
    let is_it = move |name: &str| written == name || written.ends_with(&format!(".{name}"));
    catalog.types.iter().filter(move |(name, _)| is_it(name)).map(|(name, made)| (name, &made.form))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::token::tokens;
    use super::{Allowed, values};
    use crate::{About, Catalog, Check, Column, Dialect, Form, Table, Type};

    fn of(dialect: Dialect, data_type: &str, checks: &[&str]) -> Option<Allowed> {
        let column = Column { name: "a".to_owned(), data_type: data_type.to_owned(), ..Column::default() };
        let checks = checks.iter().map(|expression| Check { expression: (*expression).to_owned(), ..Check::default() });
        let table = Table { columns: vec![column.clone()], checks: checks.collect(), ..Table::default() };
        values(&Catalog::empty(dialect), &table, &column)
    }

    fn listed(dialect: Dialect, data_type: &str, check: &str) -> Vec<String> {
        let allowed = of(dialect, data_type, &[check]).unwrap_or_else(|| panic!("{check} lists values"));
        assert!(allowed.takes_all, "{check}");
        allowed.values
    }

    #[test]
    fn every_servers_list_of_values_is_read() {
        for (dialect, check, values) in [
            (Dialect::Sqlite, "a IN ( 'x' , 'y''z' )", &["x", "y'z"][..]),
            (Dialect::Sqlite, "\"A\" in ('x')", &["x"]),
            (Dialect::Sqlite, "a = 'x' OR a == 'y'", &["x", "y"]),
            (Dialect::Sqlite, "a IN (1, -2)", &["1", "-2"]),
            (Dialect::MariaDb, r"`a` in ('x','y\'z','b\\c')", &["x", "y'z", r"b\c"]),
            (Dialect::MariaDb, "`a` is null or `a` in ('p','q')", &["p", "q"]),
            (Dialect::MariaDb, "_utf8mb4'x' = `a`", &["x"]),
            (
                Dialect::Postgres,
                "((a)::text = ANY ((ARRAY['x'::character varying, 'y''z'::character varying])::text[]))",
                &["x", "y'z"],
            ),
            (Dialect::Postgres, "(a = 'abc'::bpchar)", &["abc"]),
            (Dialect::Postgres, "(a = ANY (ARRAY[1, 2, '-3'::integer]))", &["1", "2", "-3"]),
            (Dialect::Postgres, "(a = ANY (ARRAY[(1)::bigint, (2)::bigint]))", &["1", "2"]),
            (Dialect::Postgres, "((a IS NULL) OR (a = ANY (ARRAY['p'::text, 'q'::text])))", &["p", "q"]),
            (Dialect::Postgres, "(a = ANY ('{a,\"b c\"}'::text[]))", &["a", "b c"]),
            (Dialect::Postgres, "((b > 0) AND (a = 'p'::text))", &["p"]),
        ] {
            assert_eq!(listed(dialect, "text", check), values, "{check}");
        }
    }

    #[test]
    fn what_is_not_understood_limits_nothing() {
        for (dialect, check) in [
            (Dialect::Postgres, "(lower((a)::text) = 'x'::text)"),
            (Dialect::Postgres, "(NOT (a = ANY (ARRAY['a'::text])))"),
            (Dialect::Postgres, "((b = 'm'::text) OR (a = 'n'::text))"),
            (Dialect::Postgres, "(a = ANY (ARRAY[NULL::text, 'a'::text]))"),
            (Dialect::Postgres, "(a = ANY ('{a,NULL}'::text[]))"),
            (Dialect::Postgres, "(b = ANY (ARRAY['a'::text]))"),
            (Dialect::MariaDb, "`a` not in ('x')"),
            (Dialect::MariaDb, "`a` between 'x' and 'y'"),
            (Dialect::Sqlite, "CASE WHEN b = 1 AND a = 'x' THEN 1 ELSE 0 END"),
            (Dialect::Sqlite, "a IS NOT NULL"),
            (Dialect::Sqlite, "a IN ( SELECT b FROM c )"),
            (Dialect::Sqlite, "a"),
            (Dialect::Sqlite, ""),
        ] {
            assert_eq!(of(dialect, "text", &[check]), None, "{check}");
        }
    }

    #[test]
    fn a_condition_that_is_not_understood_may_refuse_some_of_a_list() {
        let allowed = of(Dialect::Postgres, "text", &["((a = ANY (ARRAY['x', 'y'])) AND (length(a) > 0))"]);
        assert_eq!(allowed, Some(Allowed { values: vec!["x".to_owned(), "y".to_owned()], takes_all: false }));
        let allowed = of(Dialect::Sqlite, "text", &["a IN ('x', 'y')", "a IN ('y', 'z')"]);
        assert_eq!(allowed, Some(Allowed { values: vec!["y".to_owned()], takes_all: true }));
    }

    #[test]
    fn an_enum_of_mariadb_lists_its_values() {
        let allowed = of(Dialect::MariaDb, "enum('a','b''c','d,e)') collate latin1_bin", &[]);
        assert_eq!(
            allowed.map(|allowed| allowed.values),
            Some(vec!["a".to_owned(), "b'c".to_owned(), "d,e)".to_owned()])
        );
        assert_eq!(of(Dialect::MariaDb, "set('a')", &[]), None);
    }

    #[test]
    fn a_domain_lists_the_values_of_its_conditions() {
        let expression = "(VALUE = ANY (ARRAY['a'::text, 'b'::text]))".to_owned();
        let checks = vec![Check { expression, ..Check::default() }];
        let form = Form::Domain { base: "text".to_owned(), nullable: true, default: None, checks };
        let mut catalog = Catalog::empty(Dialect::Postgres);
        catalog.types.insert("letter".to_owned(), Type { form, about: About::default() });
        let column = Column { data_type: "market.letter".to_owned(), ..Column::default() };
        let allowed = values(&catalog, &Table::default(), &column);
        assert_eq!(allowed.map(|allowed| allowed.values), Some(vec!["a".to_owned(), "b".to_owned()]));
    }

    #[test]
    fn an_enum_of_postgresql_is_found_under_each_of_its_names() {
        let mood = Type { form: Form::Enum(vec!["sad".to_owned(), "fine".to_owned()]), about: About::default() };
        let mut catalog = Catalog::empty(Dialect::Postgres);
        catalog.types.insert("Mood".to_owned(), mood);
        for (data_type, is_it) in
            [("\"Mood\"", true), ("market.\"Mood\"", true), ("\"Mood\"[]", false), ("mood", false)]
        {
            let column = Column { data_type: data_type.to_owned(), ..Column::default() };
            let values = values(&catalog, &Table::default(), &column).map(|allowed| allowed.values.len());
            assert_eq!(values, is_it.then_some(2), "{data_type}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_read(sql in "[ -~é]{0,60}") {
            for dialect in Dialect::ALL {
                tokens(dialect, &sql);
                of(dialect, &sql, &[&sql]);
            }
        }
    }
}
