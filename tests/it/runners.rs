//! Several runners at once: nobody applies anything twice, nobody waits for ever.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::OnBackend;
use crate::backend::{Backend, Home, Said};
use crate::pooler::Pooler;
use crate::script::{self, Do, Migration, migration};

pub const TESTS: &[OnBackend] = &[
    ("twenty_at_once_apply_each_migration_once", twenty_at_once_apply_each_migration_once),
    ("a_runner_that_is_killed_frees_the_lock", a_runner_that_is_killed_frees_the_lock),
    ("waiting_ends_and_says_for_whom", waiting_ends_and_says_for_whom),
    (
        "a_statement_that_waits_in_vain_for_a_lock_is_tried_again",
        a_statement_that_waits_in_vain_for_a_lock_is_tried_again,
    ),
];

pub const ON_SERVERS: &[(&str, Backend, fn())] = &[
    (
        "schemas_of_one_database_do_not_wait_for_each_other",
        Backend::Postgres,
        schemas_of_one_database_do_not_wait_for_each_other,
    ),
    ("an_index_is_made_concurrently_while_another_runner_waits", Backend::Postgres, an_index_is_made_concurrently),
    ("a_killed_concurrent_index_is_made_anew", Backend::Postgres, a_killed_concurrent_index_is_made_anew),
    ("a_runner_that_loses_its_connection_does_not_go_on", Backend::MariaDb, || {
        a_runner_that_loses_its_connection_does_not_go_on(Backend::MariaDb);
    }),
    ("a_runner_that_loses_its_connection_does_not_go_on", Backend::Postgres, || {
        a_runner_that_loses_its_connection_does_not_go_on(Backend::Postgres);
    }),
    ("a_statement_that_works_too_long_is_ended", Backend::Postgres, || {
        a_statement_that_works_too_long_is_ended(Backend::Postgres);
    }),
    ("a_statement_that_works_too_long_is_ended", Backend::MariaDb, || {
        a_statement_that_works_too_long_is_ended(Backend::MariaDb);
    }),
];

/// Behind pgbouncer in transaction mode.
pub const POOLED: &[(&str, Backend, fn())] = &[
    ("a_pooler_does_not_open_the_lock", Backend::Postgres, a_pooler_does_not_open_the_lock),
    ("every_verb_works_behind_a_pooler", Backend::Postgres, every_verb_works_behind_a_pooler),
];

/// Rounds of runners, and runners a round: what must hold, holds for 200 processes.
const ROUNDS: usize = 10;
const RUNNERS: usize = 20;

fn sql(text: &str) -> Do {
    Do::Sql(text.to_owned())
}

/// Structure, and data that counts its runs.
fn counting() -> Vec<Migration> {
    let mut last = migration("m3_once", &[], &[]);
    last.up = vec![sql("INSERT INTO runs VALUES (3)")];
    vec![
        migration("m1_runs", &["CREATE TABLE runs (n integer)", "INSERT INTO runs VALUES (1)"], &["DROP TABLE runs"]),
        migration("m2_t", &["CREATE TABLE t (id integer)", "INSERT INTO runs VALUES (2)"], &["DROP TABLE t"]),
        last,
    ]
}

fn start(mut command: Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts")
}

/// Waits for all, expecting 0 of each.
fn all_end_well(children: Vec<Child>) {
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

fn twenty_at_once_apply_each_migration_once(home: &Home) {
    for round in 0..ROUNDS {
        let home = Home::of(home.backend, "public");
        let all = (0..RUNNERS).map(|_| start(script::command(&home, &counting(), "migrate up"))).collect();
        all_end_well(all);
        assert_eq!(home.number("SELECT count(*) AS n FROM runs"), 3, "round {round}");
        assert_eq!(home.number("SELECT count(*) AS n FROM seaql_migrations"), 3);
        assert_eq!(home.number("SELECT count(*) AS n FROM kiln_history"), 3);
    }
}

/// Waits until a query gives rows: something another process does.
fn until(home: &Home, query: &str) {
    let start = Instant::now();
    while home.number(query) == 0 {
        assert!(start.elapsed() < Duration::from_secs(30), "it never came to: {query}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A migration that is committed, and one that sleeps while it holds the lock.
fn sleeping(milliseconds: u64) -> Vec<Migration> {
    let mut second = migration("m2_b", &[], &["DROP TABLE b"]);
    second.up =
        vec![sql("CREATE TABLE b (id integer)"), Do::Sleep("INSERT INTO b VALUES (1)".to_owned(), milliseconds)];
    vec![migration("m1_a", &["CREATE TABLE a (id integer)"], &["DROP TABLE a"]), second]
}

const FIRST_IS_APPLIED: &str = "SELECT count(*) AS n FROM seaql_migrations";

/// A home with both history tables, so that a test can look whether the first migration is applied.
fn begun(home: &Home) {
    script::run(home, &[migration("m0", &[], &[])], "migrate up", 0);
    script::run(home, &[migration("m0", &[], &[])], "migrate down script", 0);
}

fn a_runner_that_is_killed_frees_the_lock(home: &Home) {
    begun(home);
    let mut first = start(script::command(home, &sleeping(60_000), "migrate up"));
    until(home, FIRST_IS_APPLIED);
    std::thread::sleep(Duration::from_millis(300));
    first.kill().expect("it can be killed");
    first.wait().expect("it is gone");
    let begin = Instant::now();
    script::run(home, &sleeping(0), "migrate up", 0);
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    assert_eq!(home.number("SELECT count(*) AS n FROM b"), 1);
}

fn waiting_ends_and_says_for_whom(home: &Home) {
    begun(home);
    let first = start(script::command(home, &sleeping(6_000), "migrate up"));
    until(home, FIRST_IS_APPLIED);
    std::thread::sleep(Duration::from_millis(300));
    let said = script::run(home, &sleeping(0), "migrate up --wait 500ms", 4);
    assert!(said.err.contains("another runner migrates here, and did not end within 500ms"), "{}", said.err);
    assert!(said.err.contains("give a longer --wait"), "{}", said.err);
    let holder = match home.backend {
        Backend::Sqlite => "SQLite does not tell which",
        Backend::Postgres => "kiln process ",
        Backend::MariaDb => "of user root",
    };
    assert!(said.err.contains(holder), "{}", said.err);
    let said = script::run(home, &sleeping(0), "migrate up --wait 30s", 0);
    assert!(said.out.contains("2 of 2 migrations are applied"), "{}", said.out);
    all_end_well(vec![first]);
    assert_eq!(home.number("SELECT count(*) AS n FROM b"), 1);
}

/// On SQLite there is no lock of a statement's own.
fn a_statement_that_waits_in_vain_for_a_lock_is_tried_again(home: &Home) {
    if home.backend == Backend::Sqlite {
        let said = script::run(home, &sleeping(0), "migrate up --lock-timeout 1s", 0);
        assert!(said.err.contains("--lock-timeout"), "{}", said.err);
        return;
    }
    let all = [
        migration("m1_a", &["CREATE TABLE a (id integer)"], &["DROP TABLE a"]),
        migration("m2_m", &["ALTER TABLE a ADD COLUMN m integer"], &[]),
    ];
    script::run(home, &all[..1], "migrate up", 0);
    crate::backend::runtime().block_on(async {
        use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
        let db = home.connect().await;
        let reader = db.begin().await.expect("a transaction");
        reader.execute_unprepared("INSERT INTO a VALUES (1)").await.expect("a row");
        let runner = start(script::command(home, &all, "migrate up --lock-timeout 1s --wait 30s"));
        tokio::time::sleep(Duration::from_secs(4)).await;
        reader.commit().await.expect("a commit");
        all_end_well(vec![runner]);
        db.close().await.expect("a connection closes");
    });
    assert!(home.catalog().tables["a"].column("m").is_some());
}

fn schemas_of_one_database_do_not_wait_for_each_other() {
    let home = Home::new(Backend::Postgres);
    let names = ["market", "demand", "brickhouse", "fashion"];
    let all = names.map(|name| start(home.command(&format!("migrate up {name}"))));
    for child in all {
        let output = child.wait_with_output().expect("it ends");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{err}");
        assert!(!err.contains("waiting"), "{err}");
    }
    home.kiln("check market demand brickhouse fashion --strict", 0);
}

/// A waiter inside of one statement would hold a snapshot that CREATE INDEX CONCURRENTLY waits for.
fn an_index_is_made_concurrently() {
    let home = Home::of(Backend::Postgres, "public");
    let mut second = migration("m2_ix", &["CREATE INDEX CONCURRENTLY ix_a_id ON a (id)"], &["DROP INDEX ix_a_id"]);
    second.up.insert(0, Do::Sleep("INSERT INTO a VALUES (1)".to_owned(), 2_000));
    second.transaction = Some(false);
    let all = [migration("m1_a", &["CREATE TABLE a (id integer)"], &["DROP TABLE a"]), second];
    begun(&home);
    let first = start(script::command(&home, &all, "migrate up"));
    until(&home, FIRST_IS_APPLIED);
    let others: Vec<Child> = (0..3).map(|_| start(script::command(&home, &all, "migrate up"))).collect();
    all_end_well(std::iter::once(first).chain(others).collect());
    let index = home.catalog().tables["a"].index("ix_a_id").expect("the index is there");
    assert_eq!(index.modifiers, "", "it is valid");
}

fn a_killed_concurrent_index_is_made_anew() {
    use crate::proxy::{Moment, Proxy};
    let mut second = migration("m2_ix", &["CREATE INDEX CONCURRENTLY ix_a_id ON a (id)"], &["DROP INDEX ix_a_id"]);
    second.transaction = Some(false);
    let all = [migration("m1_a", &["CREATE TABLE a (id integer)"], &["DROP TABLE a"]), second];
    for moment in [Moment::Before, Moment::After] {
        let home = Home::of(Backend::Postgres, "public");
        let proxy = Proxy::start(Backend::Postgres, &home.database);
        let mut command = script::command(&home, &all, "migrate up");
        command.env("DATABASE_URL", proxy.url(&home.database));
        let makes_index = |text: &[u8]| text.starts_with(b"CREATE INDEX CONCURRENTLY");
        assert!(proxy.run_and_kill(&mut command, makes_index, 1, moment));
        script::run(&home, &all, "migrate up", 0);
        assert_eq!(home.catalog().tables["a"].index("ix_a_id").expect("the index is there").modifiers, "");
    }
    // What a server that went down in the middle leaves: an index that nobody may use.
    let home = Home::of(Backend::Postgres, "public");
    script::run(&home, &all[..1], "migrate up", 0);
    home.sql(&["INSERT INTO a VALUES (1), (1)"]);
    let mut unique = all.to_vec();
    unique[1].up = vec![sql("CREATE UNIQUE INDEX CONCURRENTLY ix_a_id ON a (id)")];
    let said = script::run(&home, &unique, "migrate up", 4);
    assert!(said.err.contains("could not create unique index"), "{}", said.err);
    home.sql(&["DELETE FROM a"]);
    script::run(&home, &unique, "migrate up", 0);
    assert_eq!(home.catalog().tables["a"].index("ix_a_id").expect("the index is there").modifiers, "");
}

/// With its connection a runner loses its lock: another one takes over, and nothing is done twice.
fn a_runner_that_loses_its_connection_does_not_go_on(backend: Backend) {
    let home = Home::of(backend, "public");
    let mut second = sleeping(4_000).remove(1);
    second.transaction = Some(false);
    second.up.extend([sql("INSERT INTO b VALUES (2)"), sql("INSERT INTO b VALUES (3)")]);
    let all = [sleeping(0).remove(0), second];
    begun(&home);
    let first = start(script::command(&home, &all, "migrate up"));
    until(&home, FIRST_IS_APPLIED);
    until(&home, "SELECT count(*) AS n FROM kiln_history WHERE position = 2");
    let end = if backend == Backend::Postgres {
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()"
            .to_owned()
    } else {
        let holder = format!("SELECT IS_USED_LOCK('kiln.session.{}') AS n", home.database);
        format!("KILL {}", home.number(&holder))
    };
    home.sql(&[&end]);
    script::run(&home, &all, "migrate up", 0);
    let output = first.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(home.number("SELECT count(*) AS n FROM b"), 3);
    script::run(&home, &all, "migrate status --exit-code", 0);
    let states = home.texts("SELECT state AS t FROM kiln_history ORDER BY version");
    assert_eq!(states, ["applied", "applied"], "what the second one recorded stands");
}

fn a_statement_that_works_too_long_is_ended(backend: Backend) {
    let home = Home::of(backend, "public");
    let sleeps = if backend == Backend::Postgres {
        "DO $$ BEGIN PERFORM pg_sleep(20); END $$"
    } else {
        "INSERT INTO a SELECT count(*) FROM information_schema.columns x, information_schema.columns y, information_schema.columns z"
    };
    let all = [migration("m1_a", &["CREATE TABLE a (id integer)", sleeps], &[])];
    let begin = Instant::now();
    let said = script::run(&home, &all, "migrate up --statement-timeout 1s", 4);
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
    assert!(said.err.contains("its statement 2"), "{}", said.err);
}

fn a_pooler_does_not_open_the_lock() {
    let pooler = Pooler::start();
    for _ in 0..2 {
        let home = Home::of(Backend::Postgres, "public");
        let through = |arguments: &str| {
            let mut command = script::command(&home, &counting(), arguments);
            command.env("DATABASE_URL", pooler.url(&home.database));
            command
        };
        all_end_well((0..RUNNERS).map(|_| start(through("migrate up"))).collect());
        assert_eq!(home.number("SELECT count(*) AS n FROM runs"), 3);
        // A runner with a connection of its own and one behind the pooler see one lock.
        script::run(&home, &counting(), "migrate down script --all --confirm", 0);
        let mixed = (0..6).map(|at| {
            start(if at % 2 == 0 { through("migrate up") } else { script::command(&home, &counting(), "migrate up") })
        });
        all_end_well(mixed.collect());
        assert_eq!(home.number("SELECT count(*) AS n FROM runs"), 3);
    }
}

fn every_verb_works_behind_a_pooler() {
    let pooler = Pooler::start();
    let home = Home::new(Backend::Postgres);
    for arguments in [
        "migrate up",
        "migrate status --exit-code",
        "migrate redo market",
        "migrate refresh fashion",
        "migrate down brickhouse --all",
        "migrate up brickhouse --dry-run",
        "migrate up brickhouse",
        "migrate repair market",
        "migrate verify fashion",
        "check --strict",
    ] {
        let mut command = home.command(arguments);
        Said::by(command.env("DATABASE_URL", pooler.url(&home.database)), 0);
    }
    // No setting is left in a session that the pooler gives to the next client.
    let paths = "SELECT count(*) AS n FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = 'public' AND c.relkind = 'r'";
    assert_eq!(home.number(paths), 0);
}
