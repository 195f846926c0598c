//! Whether a statement only looks at what structure there is.

use std::collections::BTreeSet;

use catalog::Dialect;

use super::{Kind, capitals, kind};

/// SQLite's pragmas that list what there is.
const PRAGMAS: [&str; 8] = [
    "TABLE_LIST",
    "TABLE_INFO",
    "TABLE_XINFO",
    "INDEX_LIST",
    "INDEX_INFO",
    "INDEX_XINFO",
    "FOREIGN_KEY_LIST",
    "DATABASE_LIST",
];

/// Functions that make rows of their arguments, as reads of a catalog use them.
const ROW_MAKERS: [&str; 5] =
    ["UNNEST", "GENERATE_SERIES", "GENERATE_SUBSCRIPTS", "JSON_EACH", "JSON_ARRAY_ELEMENTS_TEXT"];

/// Functions that say where the connection is, or whether a name is taken.
const PLACES: [&str; 6] =
    ["CURRENT_SCHEMA", "CURRENT_SCHEMAS", "CURRENT_DATABASE", "DATABASE", "SCHEMA", "TO_REGCLASS"];

/// Whether a statement only looks at what structure there is, in the engine's own catalogs.
///
/// That is how guards such as `has_table` ask, and no part of what a migration does. Each relation that it reads
/// must be one of a catalog; without relations it must ask for the current schema or database and nothing else.
/// When in doubt the answer is no. As with [`kind`], functions with effects are not seen beside a catalog.
pub(crate) fn looks_at_structure(dialect: Dialect, text: &str) -> bool {
    let tokens = capitals(dialect, text);
    let word = |at: usize| tokens.get(at).map(String::as_str).unwrap_or_default();
    match word(0) {
        "SHOW" | "DESCRIBE" | "DESC" => true,
        "PRAGMA" => PRAGMAS.contains(&word(if word(2) == "." { 3 } else { 1 })),
        "SELECT" | "WITH" if kind(dialect, text) == Kind::Read => {
            let relations = relations(&tokens);
            if relations.is_empty() {
                return asks_where_it_is(&tokens);
            }
            let made = named_by_with(&tokens);
            let is_neutral =
                |name: &[String]| matches!(name, [name] if made.contains(name) || ROW_MAKERS.contains(&name.as_str()));
            relations.iter().any(|name| is_of_catalog(dialect, name))
                && relations.iter().all(|name| is_of_catalog(dialect, name) || is_neutral(name))
        }
        _ => false,
    }
}

/// Whether a query without relations calls functions of [`PLACES`] and no others.
fn asks_where_it_is(tokens: &[String]) -> bool {
    let is_name = |token: &str| token.starts_with(|letter: char| letter.is_alphabetic() || "_\"`".contains(letter));
    let mut calls = tokens.windows(2).filter(|pair| pair[1] == "(" && is_name(&pair[0])).map(|pair| pair[0].as_str());
    tokens.iter().any(|token| PLACES.contains(&token.as_str())) && calls.all(|call| PLACES.contains(&call))
}

/// The names that a WITH gives to queries.
fn named_by_with(tokens: &[String]) -> BTreeSet<String> {
    let is_named = |window: &&[String]| window[1] == "AS" && window[2] == "(";
    tokens.windows(3).filter(is_named).map(|window| bare(&window[0])).collect()
}

/// Whether a relation, given by the parts of its name in capitals, is one of the engine's catalogs.
fn is_of_catalog(dialect: Dialect, name: &[String]) -> bool {
    let (schema, name) = match name {
        [] => return false,
        [name] => (None, name.as_str()),
        [.., schema, name] => (Some(schema.as_str()), name.as_str()),
    };
    match (dialect, schema) {
        (Dialect::Sqlite, _) => {
            name.starts_with("PRAGMA_")
                || ["SQLITE_SCHEMA", "SQLITE_MASTER", "SQLITE_TEMP_SCHEMA", "SQLITE_TEMP_MASTER"].contains(&name)
        }
        (Dialect::Postgres, None) => name.starts_with("PG_"),
        (Dialect::Postgres, Some(schema)) => ["INFORMATION_SCHEMA", "PG_CATALOG"].contains(&schema),
        (Dialect::MariaDb, None) => false,
        (Dialect::MariaDb, Some(schema)) => {
            ["INFORMATION_SCHEMA", "PERFORMANCE_SCHEMA", "MYSQL", "SYS"].contains(&schema)
        }
    }
}

/// The relations that a query reads, each as the parts of its name in capitals.
fn relations(tokens: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    // Whether a comma is followed by a relation, in the innermost parenthesis and, last first, in those around it.
    let (mut is_list, mut around) = (false, Vec::new());
    let mut is_next = false;
    for (at, token) in tokens.iter().enumerate() {
        let is_relation = std::mem::take(&mut is_next);
        match token.as_str() {
            "(" => {
                around.push(std::mem::replace(&mut is_list, is_relation));
                is_next = is_relation;
            }
            ")" => is_list = around.pop().unwrap_or_default(),
            "," => is_next = is_list,
            "FROM" if at > 0 && tokens[at - 1] == "DISTINCT" => {}
            "FROM" | "JOIN" | "STRAIGHT_JOIN" | "TABLE" => (is_list, is_next) = (true, true),
            "LATERAL" | "ONLY" if is_relation => is_next = true,
            "WITH" | "VALUES" if is_relation => is_list = false,
            "SELECT" | "WHERE" | "GROUP" | "HAVING" | "ORDER" | "LIMIT" | "UNION" | "EXCEPT" | "INTERSECT" => {
                is_list = false;
            }
            _ if is_relation => {
                let more = tokens[at + 1..].chunks_exact(2).take_while(|pair| pair[0] == ".").map(|pair| &pair[1]);
                found.push(std::iter::once(token).chain(more).map(|part| bare(part)).collect());
            }
            _ => {}
        }
    }
    found
}

/// A name in capitals and without its quotes.
fn bare(name: &str) -> String {
    name.trim_matches(['"', '`', '[', ']']).to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use catalog::Dialect::{self, MariaDb, Postgres, Sqlite};
    use proptest::prelude::*;

    use super::looks_at_structure;

    #[track_caller]
    fn all_say(wanted: bool, dialect: Dialect, texts: &[&str]) {
        for text in texts {
            assert_eq!(looks_at_structure(dialect, text), wanted, "{text}");
        }
    }

    #[test]
    fn the_guards_of_sea_orm_look_at_structure() {
        let tables = "SELECT COUNT(*) > 0 AS \"has_table\" FROM (SELECT \"table_name\" FROM \
            \"information_schema\".\"tables\" WHERE \"table_schema\" = CURRENT_SCHEMA()) AS \"subquery\"";
        let types = "SELECT typname FROM \"pg_type\" LEFT JOIN \"pg_namespace\" ON a = b WHERE c = CURRENT_SCHEMA()";
        all_say(true, Postgres, &[tables, types]);
        let column = "SELECT COUNT(*) > 0 AS `has_column` FROM `information_schema`.`columns` WHERE DATABASE() = ?";
        all_say(true, MariaDb, &[column, "SHOW TABLES", "SELECT database()", "DESCRIBE a"]);
        let column = "SELECT COUNT(*) > 0 AS \"has_column\" FROM pragma_table_info(?) WHERE \"name\" = ?";
        all_say(true, Sqlite, &[column, "SELECT 1 FROM main.sqlite_schema", "PRAGMA main.table_info(a)"]);
    }

    #[test]
    fn every_relation_must_be_of_a_catalog() {
        let of_catalogs = [
            "SELECT 1 FROM pg_class c, pg_catalog.pg_namespace n WHERE c.oid IN (SELECT 1 FROM pg_index)",
            "SELECT 1 FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(a, b), pg_am",
            "WITH a AS (SELECT oid FROM pg_class) SELECT * FROM a",
            "SELECT EXISTS (SELECT 1 FROM (pg_class a JOIN pg_am b ON a.c IS DISTINCT FROM b.d))",
        ];
        all_say(true, Postgres, &of_catalogs);
        let of_others = [
            "SELECT 1 FROM pg_class, users",
            "SELECT 1 FROM pg_class c JOIN users u ON true",
            "SELECT (SELECT max(id) FROM users) FROM pg_class",
            "SELECT 1 FROM (pg_class JOIN users ON true)",
            "SELECT 1 FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(a, b), users",
            "SELECT 1 FROM public.pg_notes",
            "SELECT 'pg_class', \"pg_class\" FROM users",
        ];
        all_say(false, Postgres, &of_others);
        all_say(false, MariaDb, &["SELECT 1 FROM tables", "SELECT 1 FROM information_schema_copy"]);
    }

    #[test]
    fn without_relations_only_the_place_may_be_asked_for() {
        all_say(true, Postgres, &["SELECT current_schema() AS a", "SELECT to_regclass('a') IS NOT NULL"]);
        all_say(
            false,
            Postgres,
            &["SELECT 1", "SELECT setval('a', 1)", "SELECT f(current_schema())", "SELECT 'database'"],
        );
    }

    #[test]
    fn what_changes_something_does_not_only_look() {
        let changes = ["SELECT * INTO a FROM pg_class", "INSERT INTO a SELECT 1 FROM pg_class", "CREATE TABLE pg_a ()"];
        all_say(false, Postgres, &changes);
        all_say(false, Sqlite, &["PRAGMA foreign_keys = ON", "PRAGMA user_version"]);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_asked(text in "(SELECT |WITH )?([(),.;'\"$]|FROM |JOIN |pg_a |a |\\PC){0,30}") {
            for dialect in Dialect::ALL {
                let _ = looks_at_structure(dialect, &text);
            }
        }
    }
}
