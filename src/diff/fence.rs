//! What a script may not say: it is run on a scratch database, with the rights of whoever compares, and has to stay
//! there. No fence against malice: a dump of several databases, or one that connects to its own, is an accident.

use catalog::Dialect;

use crate::migrate::statement;

/// What in a script reaches out of the database that it is run on, where `others` are beside it; none where
/// nothing does.
pub(super) fn reaches_out(dialect: Dialect, script: &str, others: &[String]) -> Option<String> {
    let script = if dialect == Dialect::Postgres { without_rows(script) } else { script.to_owned() };
    if let Some(command) =
        statement::client_commands(dialect, &script).into_iter().find(|command| !is_harmless(command))
    {
        return Some(command);
    }
    let statements = statement::split(dialect, &script);
    let made: Vec<String> = statements.iter().filter_map(|text| statement::made(dialect, text)).collect();
    let is_made = |name: &String| made.iter().any(|other| other.eq_ignore_ascii_case(name));
    let others: Vec<&String> = others.iter().filter(|name| !is_made(name)).collect();
    let reaches = |text: &&str| {
        statement::leaves_database(dialect, text)
            || dialect == Dialect::MariaDb && others.iter().any(|other| statement::qualifies(dialect, text, other))
    };
    statements.into_iter().find(reaches).map(|text| text.lines().next().unwrap_or_default().to_owned())
}

/// What `pg_dump` and `mariadb-dump` write for their clients' own safety, and the end of rows.
fn is_harmless(command: &str) -> bool {
    [r"\restrict", r"\unrestrict", r"\-", r"\."].iter().any(|harmless| command.starts_with(harmless))
}

/// A script of PostgreSQL's without the rows that COPY takes from it: they are no SQL.
fn without_rows(script: &str) -> String {
    let mut is_row = false;
    let mut kept = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        let capitals = line.trim_end().to_ascii_uppercase();
        if is_row {
            is_row = capitals != r"\.";
            continue;
        }
        is_row = capitals.starts_with("COPY ") && capitals.ends_with("FROM STDIN;");
        kept.push_str(line);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_leaves_its_database_is_told_by_what_it_says() {
        let others = ["live".to_owned()];
        for (dialect, script, said) in [
            (Dialect::Postgres, "CREATE TABLE a (b int);\n\\connect live\nDROP TABLE a;", Some("\\connect live")),
            (Dialect::Postgres, "SELECT 1; \\! rm x", Some("\\! rm x")),
            (Dialect::Postgres, "create  database live;", Some("create  database live")),
            (Dialect::Postgres, "ALTER SYSTEM SET jit = off;", Some("ALTER SYSTEM SET jit = off")),
            (Dialect::Postgres, "COPY a FROM PROGRAM 'x';", Some("COPY a FROM PROGRAM 'x'")),
            (Dialect::Postgres, "CREATE USER MAPPING FOR a SERVER b;", None),
            (Dialect::Postgres, "\\restrict x\nCOPY a FROM stdin;\n\\N\tit's\n\\.\nSELECT 'a \\connect b';", None),
            (Dialect::Postgres, "CREATE FUNCTION f() RETURNS int AS $$ \\! $$ LANGUAGE sql;", None),
            (Dialect::MariaDb, "/*M!999999\\- enable the sandbox mode */ CREATE TABLE a (b int);", None),
            (Dialect::MariaDb, "USE `live`;\nDROP TABLE t;", Some("USE `live`")),
            (
                Dialect::MariaDb,
                "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `live`;",
                Some("CREATE DATABASE /*!32312 IF NOT EXISTS*/ `live`"),
            ),
            (Dialect::MariaDb, "DROP TABLE IF EXISTS live.t;", Some("DROP TABLE IF EXISTS live.t")),
            (Dialect::MariaDb, "CREATE TABLE live (a int); CREATE VIEW v AS SELECT live.a FROM live;", None),
            (Dialect::MariaDb, "CREATE USER x@y;", Some("CREATE USER x@y")),
            (Dialect::MariaDb, "INSERT INTO a VALUES ('USE live; \\\\u live');", None),
            (Dialect::MariaDb, "\\u live", Some("\\u live")),
        ] {
            assert_eq!(reaches_out(dialect, script, &others).as_deref(), said, "{script}");
        }
    }
}
