//! What is said of a migration that fails: at which statement, what is left, what to do next.

use std::fmt::Write as _;

use crate::OnBackend;
use crate::backend::{Backend, Home, Said};
use crate::script::{self, Do, Migration, migration};

pub const TESTS: &[OnBackend] = &[
    ("every_failure_says_what_is_left_and_what_to_do", every_failure_says_what_is_left_and_what_to_do),
    ("looks_at_the_structure_are_not_counted_as_statements", looks_at_the_structure_are_not_counted_as_statements),
    ("a_panic_is_told_once_with_its_place", a_panic_is_told_once_with_its_place),
    ("a_statement_that_the_server_refused_is_run_again", a_statement_that_the_server_refused_is_run_again),
    ("an_edit_is_shown_by_the_words_that_differ", an_edit_is_shown_by_the_words_that_differ),
    ("what_postgres_advises_is_said", what_postgres_advises_is_said),
    ("what_cannot_be_in_a_transaction_says_how_to_opt_out", what_cannot_be_in_a_transaction_says_how_to_opt_out),
];

const FAILS: &str = "INSERT INTO gone VALUES (1)";

/// Fails where a row is there, and not in a replay.
const FAILS_LIVE: &str = "UPDATE a SET id = NULL";

/// Three migrations, the second with these statements.
fn three(up: &[&str], down: &[&str], transaction: Option<bool>) -> Vec<Migration> {
    let mut all = vec![
        migration("m1", &["CREATE TABLE a (id integer NOT NULL)"], &["DROP TABLE a"]),
        migration("m2", up, down),
        migration("m3", &["CREATE TABLE d (id integer)"], &["DROP TABLE d"]),
    ];
    all[1].transaction = transaction;
    all
}

const UP: [&str; 2] = ["CREATE TABLE b (id integer)", "CREATE TABLE c (id integer)"];
const DOWN: [&str; 2] = ["DROP TABLE c", "DROP TABLE b"];

/// `good` with a statement that fails at this place.
fn failing_at(good: [&'static str; 2], at: usize, fails: &'static str) -> Vec<&'static str> {
    let mut all = good.to_vec();
    all.insert(at, fails);
    all
}

/// What a program said of its failure, less what is another name each time.
fn failure(home: &Home, said: &Said) -> String {
    let from = said.err.find("error: ").unwrap_or_else(|| panic!("no error in {}", said.err));
    let mut said = said.err[from..].replace(&home.database, "DATABASE");
    if let Some(start) = said.find("kiln_scratch_") {
        let end = said[start..].find('.').map_or(said.len(), |length| start + length);
        said.replace_range(start..end, "SCRATCH");
    }
    said
}

/// One row: the command, what was there before it, what fails.
fn every_failure_says_what_is_left_and_what_to_do(home: &Home) {
    let mut table = String::new();
    for transaction in [None, Some(false)] {
        let good = three(&UP, &DOWN, transaction);
        let mut row = |name: &str, before: &[&str], bad: &[Migration], command: &str, code: i32| {
            home.clear();
            for before in before {
                script::run(home, &good, before, 0);
            }
            if !before.is_empty() {
                home.sql(&["INSERT INTO a VALUES (1)"]);
            }
            let said = script::run(home, bad, command, code);
            let mode = if transaction.is_none() { "as it comes" } else { "opted out" };
            writeln!(table, "# {command}: {name}, {mode}\n{}", failure(home, &said)).expect("a string takes all");
        };
        let up = |at| three(&failing_at(UP, at, FAILS), &DOWN, transaction);
        let up_live = |at| three(&failing_at(UP, at, FAILS_LIVE), &DOWN, transaction);
        let down = |at| three(&UP, &failing_at(DOWN, at, FAILS_LIVE), transaction);
        row("the first statement fails", &[], &up(0), "migrate up", 4);
        row("a statement in the middle fails", &[], &up(1), "migrate up", 4);
        row("the last statement fails", &[], &up(2), "migrate up --out-of-order", 4);
        let last = ["migrate up", "migrate down script -n 1 --confirm"];
        row("the first statement fails", &last, &down(0), "migrate down script -n 1 --confirm", 4);
        row("a statement in the middle fails", &["migrate up"], &down(1), "migrate down script --all --confirm", 4);
        row("its way down fails", &last, &down(1), "migrate redo script --confirm", 4);
        row("its way up fails", &last, &up_live(1), "migrate redo script --confirm", 4);
        row("a way down fails", &["migrate up"], &down(0), "migrate refresh script --confirm", 4);
        row("a way up cannot be replayed", &["migrate up"], &up(1), "migrate refresh script --confirm", 3);
        row("a way down fails", &["migrate up"], &down(0), "migrate reset script --confirm", 4);
        row("a way up cannot be replayed", &["migrate up"], &up(1), "migrate fresh script --confirm", 3);
        let mut refuses = three(&UP, &DOWN, transaction);
        refuses[1].up.push(Do::Refuse("the shop is open".to_owned()));
        row("the migration refuses", &[], &refuses, "migrate up", 3);
        // Where keys are looked at when all is done.
        let keyed = match home.backend {
            Backend::MariaDb => continue,
            _ => [
                "CREATE TABLE b (id integer PRIMARY KEY, up integer REFERENCES b DEFERRABLE INITIALLY DEFERRED)",
                "INSERT INTO b VALUES (1, 7)",
            ],
        };
        if transaction.is_none() {
            // SQLite's keys are looked at by kiln.
            let code = if home.backend == Backend::Sqlite { 3 } else { 4 };
            row("the commit fails", &[], &three(&keyed, &DOWN, transaction), "migrate up", code);
        }
    }
    // In full, for `.ci/run` looks for a snapshot that no test asserts.
    let snapshot = match home.backend {
        Backend::Sqlite => "failures_sqlite",
        Backend::Postgres => "failures_postgres",
        Backend::MariaDb => "failures_mariadb",
    };
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(snapshot, table);
    });
}

fn looks_at_the_structure_are_not_counted_as_statements(home: &Home) {
    let mut guarded = migration("m1", &[], &[]);
    let unless = |table: &str, sql: &str| Do::Unless(table.to_owned(), vec![Do::Sql(sql.to_owned())]);
    guarded.up = vec![
        unless("a", "CREATE TABLE a (id integer)"),
        Do::Sql("INSERT INTO a VALUES (1); INSERT INTO a VALUES (2)".to_owned()),
        unless("b", FAILS),
    ];
    for transaction in [None, Some(false)] {
        guarded.transaction = transaction;
        home.clear();
        let said = script::run(home, &[guarded.clone()], "migrate up", 4);
        assert!(said.err.contains("its statement 4: INSERT INTO gone VALUES (1)"), "{}", said.err);
        let is_left = home.backend == Backend::MariaDb || transaction.is_some();
        assert_eq!(said.err.contains("3 statements of m1 are done and stay"), is_left, "{}", said.err);
        if is_left {
            home.sql(&["CREATE TABLE gone (id integer)"]);
            let said = script::run(home, &[guarded.clone()], "migrate up", 0);
            assert!(said.out.contains("resumed after statement 3"), "{}", said.out);
            home.sql(&["DROP TABLE gone"]);
        }
    }
}

fn a_panic_is_told_once_with_its_place(home: &Home) {
    let mut panics = migration("m1", &["CREATE TABLE a (id integer)"], &[]);
    panics.up.push(Do::Panic);
    let output = script::command(home, &[panics], "migrate up").output().expect("the program runs");
    let err = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(4), "{err}");
    let error = &err[err.find("error: ").expect("an error")..];
    assert!(error.contains("m1 could not be applied: it panicked at tests/it/script.rs:"), "{err}");
    assert!(error.contains(": a mistake of the migration's own"), "{err}");
    assert_eq!(err.matches("a mistake of the migration's own").count(), 1, "{err}");
    assert!(!err.contains("thread '") && !err.contains("RUST_BACKTRACE"), "{err}");
}

/// What shows nowhere in the structure, and has done nothing: the server has refused it.
fn a_statement_that_the_server_refused_is_run_again(home: &Home) {
    if home.backend != Backend::MariaDb {
        return;
    }
    let refused = |sql: &str| vec![migration("m1", &["CREATE TABLE a (id integer)", sql], &["DROP TABLE a"])];
    let all = refused("CALL fill(1)");
    let said = script::run(home, &all, "migrate up", 4);
    assert!(said.err.contains("its statement 2: CALL fill(1)"), "{}", said.err);
    assert!(said.err.contains("\n1 statement of m1 is done and stays; fix the cause"), "{}", said.err);
    // It takes no argument yet: refused again, before anything was done.
    home.sql(&["CREATE PROCEDURE fill() INSERT INTO a VALUES (0)"]);
    script::run(home, &all, "migrate up", 4);
    home.sql(&["DROP PROCEDURE fill", "CREATE PROCEDURE fill(n integer) INSERT INTO a VALUES (n)"]);
    let said = script::run(home, &all, "migrate up", 0);
    assert!(said.out.contains("resumed after statement 1"), "{}", said.out);
    assert_eq!(home.number("SELECT count(*) AS n FROM a"), 1);

    // One account: it is there, or it is not.
    home.clear();
    let user = format!("{}_u", home.database);
    home.sql(&[&format!("CREATE USER {user}@localhost")]);
    let all = refused(&format!("CREATE USER {user}@localhost"));
    let said = script::run(home, &all, "migrate up", 4);
    assert!(said.err.contains("fix the cause and run `kiln migrate up script` again"), "{}", said.err);
    home.sql(&[&format!("DROP USER {user}@localhost")]);
    script::run(home, &all, "migrate up", 0);
    home.sql(&[&format!("DROP USER {user}@localhost")]);

    // A routine that fails half-way may have done anything.
    home.clear();
    home.sql(&["CREATE PROCEDURE half() BEGIN CREATE TABLE b (id integer); CALL nowhere(); END"]);
    let all = refused("CALL half()");
    let said = script::run(home, &all, "migrate up", 4);
    assert!(
        said.err.contains("how much of this one was done cannot be told; look at what it has changed"),
        "{}",
        said.err
    );
    assert!(said.err.contains("undo by hand all that is done, and run `kiln migrate repair script`"), "{}", said.err);
    home.sql(&["DROP TABLE a, b", "DROP PROCEDURE half"]);
    let said = script::run(home, &all, "migrate repair script", 0);
    assert!(said.out.contains("1 statement of it is done, and stays"), "{}", said.out);
    script::run(home, &refused("INSERT INTO a VALUES (1)"), "migrate up", 0);
}

fn an_edit_is_shown_by_the_words_that_differ(home: &Home) {
    let of = |inserted: &str, data_type: &str| {
        let columns = (0..60).map(|at| format!("column_{at} {}", if at == 30 { data_type } else { "integer" }));
        let long = format!("CREATE TABLE lengthy ({})", columns.collect::<Vec<_>>().join(", "));
        let insert = format!("INSERT INTO a VALUES ('{inserted}')");
        let create = "CREATE TABLE a (id varchar(20))";
        let same = "CREATE TABLE same (id integer)";
        vec![migration("m1", &[create, &insert, same, &long], &["DROP TABLE a"])]
    };
    script::run(home, &of("x y", "integer"), "migrate up", 0);
    let said = script::run(home, &of("x  y", "bigint"), "migrate up", 3);
    let shown = "  - ... INTO a VALUES ('x y')\n  + ... INTO a VALUES ('x {+·+}y')\n";
    assert!(said.err.contains(shown), "{}", said.err);
    let shown = "column_29 integer, column_30 [-integer-], column_31 integer, column_32 integer ...\n";
    assert!(said.err.contains(shown), "{}", said.err);
    assert!(!said.err.contains("same") && !said.err.contains("column_1 "), "{}", said.err);
}

fn what_postgres_advises_is_said(home: &Home) {
    if home.backend != Backend::Postgres {
        return;
    }
    let to = "ALTER TABLE a ALTER COLUMN b TYPE integer";
    let all = [migration("m1", &["CREATE TABLE a (b varchar(9))", to], &[])];
    let said = script::run(home, &all, "migrate up", 4);
    assert!(said.err.contains("(hint: You might need to specify \"USING b::integer\".)"), "{}", said.err);
    let drops = ["CREATE TABLE a (b integer PRIMARY KEY)", "CREATE TABLE c (b integer REFERENCES a)", "DROP TABLE a"];
    let said = script::run(home, &[migration("m1", &drops, &[])], "migrate up", 4);
    assert!(said.err.contains("on table c depends on table a; hint: Use DROP ... CASCADE"), "{}", said.err);
}

fn what_cannot_be_in_a_transaction_says_how_to_opt_out(home: &Home) {
    let texts: &[&[&str]] = match home.backend {
        Backend::MariaDb => return,
        Backend::Sqlite => &[&["CREATE TABLE a (b integer)", "VACUUM"]],
        Backend::Postgres => &[
            &["CREATE TABLE a (b integer)", "CREATE INDEX CONCURRENTLY ix ON a (b)"],
            &["CREATE TABLE a (b integer)", "VACUUM"],
            &["ALTER TYPE mood ADD VALUE 'glad'", "CREATE TABLE a (b mood DEFAULT 'glad')"],
        ],
    };
    if home.backend == Backend::Postgres {
        home.sql(&["CREATE TYPE mood AS ENUM ('sad')"]);
    }
    for texts in texts {
        let mut opted = migration("m1", texts, &["DROP TABLE a"]);
        let said = script::run(home, std::slice::from_ref(&opted), "migrate up", 4);
        assert!(said.err.contains("`use_transaction() -> Some(false)`"), "{}", said.err);
        assert!(said.err.contains("and run `kiln migrate up script` again"), "{}", said.err);
        opted.transaction = Some(false);
        script::run(home, std::slice::from_ref(&opted), "migrate up", 0);
        script::run(home, &[opted], "migrate down script --confirm", 0);
    }
}
