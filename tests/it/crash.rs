//! Runs that are killed or fail in the middle, and what the next one makes of it.

use crate::OnBackend;
use crate::backend::{Backend, Home};
use crate::proxy::{Moment, Proxy};
use crate::script::{self, Do, Migration, migration};

pub const TESTS: &[OnBackend] = &[
    (
        "killed_between_any_two_steps_the_next_run_ends_the_same",
        killed_between_any_two_steps_the_next_run_ends_the_same,
    ),
    ("killed_at_any_statement_the_next_run_ends_the_same", killed_at_any_statement_the_next_run_ends_the_same),
    ("killed_on_the_way_down_the_next_run_ends_the_same", killed_on_the_way_down_the_next_run_ends_the_same),
    (
        "a_migration_that_fails_is_rolled_back_or_goes_on_when_mended",
        a_migration_that_fails_is_rolled_back_or_goes_on_when_mended,
    ),
    ("what_was_read_before_a_failure_is_read_again", what_was_read_before_a_failure_is_read_again),
    ("what_was_read_before_a_kill_is_given_back", what_was_read_before_a_kill_is_given_back),
    ("several_statements_in_a_text_are_each_done_once", several_statements_in_a_text_are_each_done_once),
    ("what_cannot_be_told_is_refused", what_cannot_be_told_is_refused),
    ("a_migration_may_not_end_the_transaction_that_it_is_in", a_migration_may_not_end_the_transaction_that_it_is_in),
    ("a_migration_that_panics_is_one_that_fails", a_migration_that_panics_is_one_that_fails),
    ("a_half_applied_migration_stops_everything_else", a_half_applied_migration_stops_everything_else),
    ("repair_forgets_what_is_half_done", repair_forgets_what_is_half_done),
    (
        "a_half_applied_migration_that_reads_otherwise_is_refused",
        a_half_applied_migration_that_reads_otherwise_is_refused,
    ),
];

/// As [`migrations`], without a question to the database: none of its runs needs a scratch place, so that all of
/// them take minutes and not an hour.
fn unasking() -> Vec<Migration> {
    let mut migrations = migrations();
    migrations[1].up[0] = Do::Sql("CREATE TABLE b (id integer PRIMARY KEY, n integer)".to_owned());
    migrations[1].up[1] = Do::Bound("INSERT INTO b VALUES (1, ?)".to_owned(), vec![2]);
    migrations[1].up[5] = Do::Bound("INSERT INTO c VALUES (?)".to_owned(), vec![2]);
    migrations
}

/// Three migrations with structure and data, reads, a guard, transactions of their own, several statements in a text.
fn migrations() -> Vec<Migration> {
    let sql = |text: &str| Do::Sql(text.to_owned());
    let first = migration(
        "m1_a",
        &[
            "CREATE TABLE a (id integer PRIMARY KEY, n integer)",
            "INSERT INTO a VALUES (1, 10), (2, 20)",
            "CREATE INDEX ix_a_n ON a (n)",
        ],
        &["DROP TABLE a"],
    );
    let second = Migration {
        version: "m2_b".to_owned(),
        up: vec![
            Do::Unless("b".to_owned(), vec![sql("CREATE TABLE b (id integer PRIMARY KEY, n integer)")]),
            Do::Read("SELECT count(*) AS n FROM a".to_owned(), "INSERT INTO b VALUES (1, ?)".to_owned()),
            Do::Within(vec![
                Do::Bound("INSERT INTO b VALUES (?, ?)".to_owned(), vec![2, 5]),
                sql("CREATE TABLE w (id integer)"),
                sql("UPDATE a SET n = n + 1"),
            ]),
            sql("ALTER TABLE a ADD COLUMN m integer"),
            sql("UPDATE a SET m = n * 2; CREATE INDEX ix_a_m ON a (m); CREATE TABLE c (id integer PRIMARY KEY)"),
            Do::Read("SELECT count(*) AS n FROM b".to_owned(), "INSERT INTO c VALUES (?)".to_owned()),
        ],
        down: Some(vec![
            sql("DROP TABLE c"),
            sql("DROP TABLE w"),
            sql("UPDATE a SET n = n - 1"),
            sql("DROP TABLE b"),
            Do::Sql("CREATE TABLE d (id integer)".to_owned()),
        ]),
        transaction: Some(false),
    };
    let third = migration("m3_e", &["CREATE TABLE e (id integer)", "INSERT INTO e VALUES (7)"], &["DROP TABLE e"]);
    vec![first, second, third]
}

/// Whatever there is: structure, rows, and what is recorded.
fn everything(home: &Home) -> (String, Vec<String>) {
    let text = |number: &str| match home.backend {
        Backend::MariaDb => format!("cast({number} AS char)"),
        _ => format!("cast({number} AS text)"),
    };
    let tables = home.catalog().tables;
    let mut rows = home.texts("SELECT version AS t FROM seaql_migrations ORDER BY version");
    let own = "SELECT concat(version, ' ', state, ' ', coalesce(checksum, 'none')) AS t FROM kiln_history ORDER BY version, position";
    rows.extend(home.texts(own));
    for table in ["a", "b", "c", "e"].iter().filter(|table| tables.contains_key(**table)) {
        let columns = tables[*table].columns.iter().map(|column| format!("coalesce({}, 'null')", text(&column.name)));
        let columns = columns.collect::<Vec<_>>().join(", ' ', ");
        rows.extend(home.texts(&format!("SELECT concat('{table} ', {columns}, '') AS t FROM {table} ORDER BY 1")));
    }
    (home.fingerprint(), rows)
}

/// What is there after a run that nobody disturbs.
fn undisturbed(backend: Backend, migrations: &[Migration], arguments: &[&str]) -> (String, Vec<String>) {
    let home = Home::of(backend, "public");
    for arguments in arguments {
        script::run(&home, migrations, arguments, 0);
    }
    let there = everything(&home);
    assert!(!there.1.is_empty());
    there
}

fn killed_between_any_two_steps_the_next_run_ends_the_same(home: &Home) {
    let migrations = affordable(home.backend);
    let expected = undisturbed(home.backend, &migrations, &["migrate up"]);
    let mut killed = 0;
    for step in 1.. {
        home.clear();
        if !script::is_killed_at(home, &migrations, "migrate up", step) {
            break;
        }
        killed += 1;
        script::run(home, &migrations, "migrate up", 0);
        assert_eq!(everything(home), expected, "killed before step {step}");
    }
    assert!(killed >= 20, "{killed}");
}

/// On the wire, each statement that changes something: before it reaches the server, and when the server has done
/// it and has not said so. That is also the moment between MariaDB's own commit and the journal.
fn killed_at_any_statement_the_next_run_ends_the_same(home: &Home) {
    if home.backend == Backend::Sqlite {
        return;
    }
    let migrations = affordable(home.backend);
    let expected = undisturbed(home.backend, &migrations, &["migrate up"]);
    let killed = kill_at_each(home, &migrations, &[], "migrate up", &expected);
    assert!(killed >= 50, "{killed}");
}

fn killed_on_the_way_down_the_next_run_ends_the_same(home: &Home) {
    let down = "migrate down script -n 2 --confirm";
    let migrations = affordable(home.backend);
    let expected = undisturbed(home.backend, &migrations, &["migrate up", down]);
    if home.backend != Backend::Sqlite {
        let killed = kill_at_each(home, &migrations, &["migrate up"], down, &expected);
        assert!(killed >= 15, "{killed}");
        return;
    }
    for step in 1.. {
        let home = Home::of(home.backend, "public");
        script::run(&home, &migrations, "migrate up", 0);
        if !script::is_killed_at(&home, &migrations, down, step) {
            assert!(step > 4, "{step}");
            break;
        }
        script::run(&home, &migrations, "migrate down script --to m1 --confirm", 0);
        assert_eq!(everything(&home), expected, "killed before step {step}");
    }
}

/// What a test can afford to run a hundred times: a scratch database costs PostgreSQL half a second.
fn affordable(backend: Backend) -> Vec<Migration> {
    if backend == Backend::MariaDb { migrations() } else { unasking() }
}

/// Kills `arguments` at each statement in turn, runs it again to its end, and compares; gives how often it was killed.
fn kill_at_each(
    home: &Home,
    migrations: &[Migration],
    before: &[&str],
    arguments: &str,
    expected: &(String, Vec<String>),
) -> usize {
    let again = arguments.replace("-n 2", "--to m1");
    let proxy = Proxy::start(home.backend, &home.database);
    let mut killed = 0;
    for moment in [Moment::Before, Moment::After] {
        for n in 1.. {
            home.clear();
            for arguments in before {
                script::run(home, migrations, arguments, 0);
            }
            let mut command = script::command(home, migrations, arguments);
            command.env("DATABASE_URL", proxy.url(&home.database));
            if !proxy.run_and_kill(&mut command, changes_something, n, moment) {
                break;
            }
            killed += 1;
            script::run(home, migrations, &again, 0);
            assert_eq!(everything(home), *expected, "{moment:?} statement {n}");
        }
    }
    killed
}

/// Reads, settings and the beginning of a transaction change nothing, so a kill there is one before the next statement.
fn changes_something(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).trim_start().to_ascii_lowercase();
    let words = ["select", "set ", "show", "savepoint", "release", "begin", "start", "rollback", "deallocate"];
    !words.iter().any(|word| text.starts_with(word))
}

/// A migration whose second statement fails as long as the table `gone` is not there.
fn failing() -> Vec<Migration> {
    vec![
        migration("m1_a", &["CREATE TABLE a (id integer)"], &["DROP TABLE a"]),
        migration(
            "m2_b",
            &["CREATE TABLE b (id integer)", "INSERT INTO gone VALUES (1)", "CREATE TABLE c (id integer)"],
            &["DROP TABLE c", "DROP TABLE b"],
        ),
    ]
}

fn a_migration_that_fails_is_rolled_back_or_goes_on_when_mended(home: &Home) {
    let said = script::run(home, &failing(), "migrate up", 4);
    assert!(said.out.contains("applied  m1_a"), "{}", said.out);
    assert!(said.err.contains("error: m2_b could not be applied: ") && said.err.contains("gone"), "{}", said.err);
    assert!(said.err.contains("its statement 2: INSERT INTO gone VALUES (1)"), "{}", said.err);
    assert!(said.err.contains("1 migration was applied before it and stays applied"), "{}", said.err);
    assert!(said.err.contains("fix the cause and run `kiln migrate up script` again"), "{}", said.err);
    let is_left = home.catalog().tables.contains_key("b");
    assert_eq!(is_left, home.backend == Backend::MariaDb);
    let left = if is_left { "; 1 statement of m2_b is done and stays" } else { "nothing of m2_b stays, it is pending" };
    assert!(said.err.contains(left), "{}", said.err);
    let standing = script::run(home, &failing(), "migrate status --exit-code", 1).out;
    assert_eq!(standing.contains("half applied  m2_b"), is_left, "{standing}");

    home.sql(&["CREATE TABLE gone (id integer)"]);
    let said = script::run(home, &failing(), "migrate up", 0);
    assert_eq!(said.out.contains("resumed after statement 1"), is_left, "{}", said.out);
    assert_eq!(home.number("SELECT count(*) AS n FROM gone"), 1);
    script::run(home, &failing(), "migrate status --exit-code", 0);
}

fn what_was_read_before_a_failure_is_read_again(home: &Home) {
    let guarded = vec![
        migration("m1_a", &["CREATE TABLE a (id integer)"], &["DROP TABLE a"]),
        Migration {
            version: "m2_b".to_owned(),
            up: vec![
                Do::Sql("CREATE TABLE b (id integer)".to_owned()),
                Do::Unless("wanted".to_owned(), vec![Do::Refuse("the table wanted is missing; make it".to_owned())]),
                Do::Sql("CREATE TABLE c (id integer)".to_owned()),
            ],
            down: None,
            transaction: None,
        },
    ];
    let said = script::run(home, &guarded, "migrate up", 3);
    assert!(said.err.contains("m2_b could not be applied: the table wanted is missing; make it"), "{}", said.err);
    home.sql(&["CREATE TABLE wanted (id integer)"]);
    script::run(home, &guarded, "migrate up", 0);
    assert!(home.catalog().tables.contains_key("c"));
}

/// The rows have changed meanwhile; what the migration decided on them has not.
fn what_was_read_before_a_kill_is_given_back(home: &Home) {
    let all = |last: &str| {
        vec![
            migration("m1_a", &["CREATE TABLE a (id integer)", "INSERT INTO a VALUES (1), (2)"], &[]),
            Migration {
                version: "m2_b".to_owned(),
                up: vec![
                    Do::Unless("b".to_owned(), vec![Do::Sql("CREATE TABLE b (id integer)".to_owned())]),
                    Do::Read("SELECT count(*) AS n FROM a".to_owned(), "INSERT INTO b VALUES (?)".to_owned()),
                    Do::Read("SELECT count(*) - 1 AS n FROM a".to_owned(), "INSERT INTO b VALUES (?)".to_owned()),
                    Do::Sql(last.to_owned()),
                ],
                down: None,
                transaction: Some(false),
            },
        ]
    };
    script::run(home, &all("INSERT INTO gone VALUES (1)"), "migrate up", 4);
    home.sql(&["DELETE FROM a"]);
    let said = script::run(home, &all("INSERT INTO b VALUES (9)"), "migrate up", 0);
    assert!(said.out.contains("resumed after statement"), "{}", said.out);
    assert_eq!(home.number("SELECT count(*) AS n FROM b WHERE id IN (2, 1, 9)"), 3);
}

/// The first word of a text says nothing of the others.
fn several_statements_in_a_text_are_each_done_once(home: &Home) {
    let setting = match home.backend {
        Backend::Sqlite => "PRAGMA foreign_keys = OFF",
        Backend::Postgres => "SET statement_timeout = 0",
        Backend::MariaDb => "SET @x = 1",
    };
    let last_id = match home.backend {
        Backend::MariaDb => "INSERT INTO a VALUES (last_insert_id())",
        _ => "INSERT INTO a VALUES (1)",
    };
    let key = if home.backend == Backend::MariaDb { "integer AUTO_INCREMENT PRIMARY KEY" } else { "integer" };
    let all = |last: &str| {
        let mut only = migration("m1_a", &[], &[]);
        only.transaction = Some(false);
        only.up = vec![
            Do::Sql("CREATE TABLE a (id integer)".to_owned()),
            Do::Sql(format!("{setting}; INSERT INTO a VALUES (1); {setting};")),
            Do::Sql("BEGIN; INSERT INTO a VALUES (2); COMMIT".to_owned()),
            Do::Sql(format!("CREATE TABLE k (id {key}, n integer)")),
            Do::Sql("INSERT INTO k (n) VALUES (1)".to_owned()),
            Do::Sql("INSERT INTO k (id, n) VALUES (7, 1)".to_owned()),
            Do::Sql(last.to_owned()),
        ];
        vec![only]
    };
    script::run(home, &all("INSERT INTO gone VALUES (1)"), "migrate up", 4);
    script::run(home, &all(last_id), "migrate up", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM a"), 3);
    assert_eq!(home.number("SELECT count(*) AS n FROM a WHERE id = 1"), 2, "the id that the engine gave, not 7");
}

/// A procedure that failed in the middle, a variable from rows that have changed: nothing is guessed.
fn what_cannot_be_told_is_refused(home: &Home) {
    if home.backend != Backend::MariaDb {
        return;
    }
    let calls = [migration(
        "m1_a",
        &[
            "CREATE TABLE t (a int)",
            "CREATE TABLE u (a int PRIMARY KEY)",
            "INSERT INTO u VALUES (1)",
            "CREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (1); INSERT INTO u VALUES (1); END",
            "CALL p()",
        ],
        &[],
    )];
    script::run(home, &calls, "migrate up", 4);
    home.sql(&["DELETE FROM u"]);
    let said = script::run(home, &calls, "migrate up", 3);
    assert!(said.err.contains("cannot be told: CALL p()"), "{}", said.err);
    assert_eq!(home.number("SELECT count(*) AS n FROM t"), 1);

    let sets = |last: &str| {
        let texts = [
            "CREATE TABLE v (a int)",
            "INSERT INTO v VALUES (1)",
            "SET @m = (SELECT max(a) FROM v)",
            "INSERT INTO v VALUES (@m + 10)",
            last,
        ];
        [migration("m1_v", &texts, &[])]
    };
    let home = Home::of(home.backend, "public");
    script::run(&home, &sets("INSERT INTO gone VALUES (1)"), "migrate up", 4);
    let said = script::run(&home, &sets("INSERT INTO v VALUES (@m + 20)"), "migrate up", 3);
    assert!(said.err.contains("it cannot be resumed") && said.err.contains("SET @m"), "{}", said.err);
}

/// On MariaDB there is none to end.
fn a_migration_may_not_end_the_transaction_that_it_is_in(home: &Home) {
    if home.backend == Backend::MariaDb {
        return;
    }
    let all = [migration("m1_a", &["CREATE TABLE a (id integer)", "COMMIT", "CREATE TABLE b (id integer)"], &[])];
    let said = script::run(home, &all, "migrate up", 3);
    assert!(said.err.contains("it says COMMIT, and is one transaction with its history row"), "{}", said.err);
    assert!(!home.catalog().tables.contains_key("a"));
}

fn a_migration_that_panics_is_one_that_fails(home: &Home) {
    let mut all = failing();
    all[1].up[1] = Do::Panic;
    let output = script::command(home, &all, "migrate up").output().expect("it runs");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains("m2_b could not be applied: it panicked at tests/it/script.rs:"), "{err}");
    assert_eq!(home.number("SELECT count(*) AS n FROM seaql_migrations"), 1);
}

/// Stops after the first statement on every engine: the migration opts out of transactions.
fn half_applied(home: &Home) -> Vec<Migration> {
    let mut migrations = failing();
    migrations[1].transaction = Some(false);
    script::run(home, &migrations, "migrate up", 4);
    migrations
}

fn a_half_applied_migration_stops_everything_else(home: &Home) {
    let migrations = half_applied(home);
    for command in ["migrate down script --confirm", "migrate redo script --confirm", "migrate up --to m1"] {
        let said = script::run(home, &migrations, command, 4);
        assert!(
            said.err.contains("m2_b is half applied; run `kiln migrate up script` first"),
            "{command}: {}",
            said.err
        );
    }
    let said = script::run(home, &migrations, "check", 1);
    assert!(said.out.contains("half-done-migration  m2_b"), "{}", said.out);
    let said = script::run(home, &migrations, "migrate fresh script --confirm", 3);
    assert!(said.err.contains("nothing was dropped or rolled back"), "{}", said.err);
    let mut fixed = migrations;
    fixed[1].up.truncate(1);
    script::run(home, &fixed, "migrate fresh script --confirm", 0);
    script::run(home, &fixed, "migrate status --exit-code", 0);
}

fn repair_forgets_what_is_half_done(home: &Home) {
    let migrations = half_applied(home);
    home.sql(&["DROP TABLE b", "CREATE TABLE gone (id integer)"]);
    let said = script::run(home, &migrations, "migrate repair script", 0);
    assert!(said.out.contains("cleared   m2_b, which was half applied (1 statement of it is done"), "{}", said.out);
    script::run(home, &migrations, "migrate up", 0);
    assert!(home.catalog().tables.contains_key("b"));
    let said = script::run(home, &migrations, "migrate repair script", 0);
    assert!(said.out.contains("script: nothing to repair"), "{}", said.out);
}

fn a_half_applied_migration_that_reads_otherwise_is_refused(home: &Home) {
    let mut migrations = half_applied(home);
    migrations[1].up[0] = Do::Sql("CREATE TABLE other (id integer)".to_owned());
    let said = script::run(home, &migrations, "migrate up", 3);
    assert!(
        said.err.contains("its statement 1 was run before it was interrupted, and now reads otherwise"),
        "{}",
        said.err
    );
    assert!(said.err.contains("was   CREATE TABLE b") && said.err.contains("now   CREATE TABLE other"), "{}", said.err);
    // What comes after it may be mended.
    migrations = failing();
    migrations[1].transaction = Some(false);
    migrations[1].up[1] = Do::Sql("INSERT INTO a VALUES (1)".to_owned());
    script::run(home, &migrations, "migrate up", 0);
}
