//! Ctrl-C: what is said of what was under way, and what is left of it.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::backend::{Backend, Home, Said};
use crate::script::{self, Migration, migration};
use crate::{OnBackend, OnServer};

pub const TESTS: &[OnBackend] =
    &[("whenever_ctrl_c_comes_no_scratch_database_stays", whenever_ctrl_c_comes_no_scratch_database_stays)];

/// Those that ask a server what it is at work on.
pub const ON_SERVERS: &[OnServer] = &[
    ("what_only_looks_changes_and_leaves_nothing_when_it_is_interrupted", Backend::Postgres, || {
        what_only_looks_changes_and_leaves_nothing(&Home::of(Backend::Postgres, "public"));
    }),
    ("what_only_looks_changes_and_leaves_nothing_when_it_is_interrupted", Backend::MariaDb, || {
        what_only_looks_changes_and_leaves_nothing(&Home::of(Backend::MariaDb, "public"));
    }),
    ("an_interrupted_migration_says_what_may_stay", Backend::Postgres, || {
        an_interrupted_migration_says_what_may_stay(&Home::of(Backend::Postgres, "public"));
    }),
    ("an_interrupted_migration_says_what_may_stay", Backend::MariaDb, || {
        an_interrupted_migration_says_what_may_stay(&Home::of(Backend::MariaDb, "public"));
    }),
];

/// How long a run may take to come to what it is interrupted in.
const LIMIT: Duration = Duration::from_mins(1);

fn what_only_looks_changes_and_leaves_nothing(home: &Home) {
    let url = home.url();
    let migrations = [slow(home.backend)];
    home.sql(&[
        "CREATE TABLE seaql_migrations (version varchar(255) NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)",
        "CREATE TABLE a (id integer)",
    ]);
    for arguments in ["migrate verify", "migrate up --dry-run", &format!("diff script {url}"), "check"] {
        if arguments == "check" {
            home.sql(&["INSERT INTO seaql_migrations VALUES ('m1_slow', 0)"]);
        }
        let before = home.fingerprint();
        let run = start(&mut script::command(home, &migrations, arguments));
        let process = run.id();
        wait(arguments, || is_at_work(home, process));
        assert_eq!(interrupt(run).err, "error: interrupted: nothing is changed\n", "{arguments}");
        assert_eq!(scratch_databases(home, process), 0, "{arguments}");
        assert_eq!(home.fingerprint(), before, "{arguments}");
    }
}

fn an_interrupted_migration_says_what_may_stay(home: &Home) {
    let run = start(&mut script::command(home, &[slow(home.backend)], "migrate up"));
    let process = run.id();
    wait("migrate up", || is_at_work(home, process));
    let said = interrupt(run).err;
    let expected = match home.backend {
        Backend::MariaDb => "interrupted: the migration under way may be half applied, for MariaDB commits",
        _ => "interrupted: what was under way is rolled back; a migration that runs outside of a transaction",
    };
    assert!(said.contains(expected), "{said}");
    assert_eq!(scratch_databases(home, process), 0);
}

/// Also while the database is being made, and while it is being dropped.
fn whenever_ctrl_c_comes_no_scratch_database_stays(home: &Home) {
    let quick = [migration("m1_a", &["CREATE TABLE a (id integer)"], &["DROP TABLE a"])];
    let mut interrupted = 0;
    for milliseconds in (0..400).step_by(20) {
        let run = start(&mut script::command(home, &quick, "migrate verify"));
        let process = run.id();
        thread::sleep(Duration::from_millis(milliseconds));
        signal(process);
        let output = run.wait_with_output().expect("it ends");
        interrupted += usize::from(output.status.code() == Some(130));
        assert_eq!(scratch_databases(home, process), 0, "after {milliseconds} ms");
    }
    assert!(interrupted > 0, "no run was interrupted");
}

/// A migration that a server is at work on for a while.
fn slow(backend: Backend) -> Migration {
    let wait = match backend {
        Backend::Sqlite => unreachable!("SQLite has no server"),
        Backend::Postgres => "SELECT pg_sleep(60)",
        Backend::MariaDb => "DO SLEEP(60)",
    };
    migration("m1_slow", &["CREATE TABLE a (id integer)", wait], &["DROP TABLE a"])
}

/// Whether a server is at work on [`slow`], in the home or in a scratch database of the process.
fn is_at_work(home: &Home, process: u32) -> bool {
    let sql = match home.backend {
        Backend::Sqlite => unreachable!("SQLite has no server"),
        Backend::Postgres => format!(
            "SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active' \
             AND (datname = current_database() OR datname ~ '^kiln_scratch_[0-9]+_{process:x}_')"
        ),
        Backend::MariaDb => format!(
            "SELECT count(*) AS n FROM information_schema.PROCESSLIST WHERE INFO LIKE 'DO SLEEP%' \
             AND (DB = database() OR DB LIKE 'kiln\\_scratch\\_{process:x}\\_%')"
        ),
    };
    home.number(&sql) > 0
}

/// How many scratch databases of a process there are.
fn scratch_databases(home: &Home, process: u32) -> i64 {
    match home.backend {
        Backend::Sqlite => 0,
        Backend::Postgres => home.number(&format!(
            "SELECT count(*) AS n FROM pg_database WHERE datname ~ '^kiln_scratch_[0-9]+_{process:x}_'"
        )),
        Backend::MariaDb => home.number(&format!(
            "SELECT count(*) AS n FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'kiln\\_scratch\\_{process:x}\\_%'"
        )),
    }
}

fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs")
}

fn signal(process: u32) {
    Command::new("kill").args(["-INT", &process.to_string()]).status().expect("kill runs");
}

/// Presses Ctrl-C, and gives what the run said.
fn interrupt(run: Child) -> Said {
    signal(run.id());
    let output = run.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("programs speak UTF-8");
    let said = Said { out: text(output.stdout), err: text(output.stderr) };
    assert_eq!(output.status.code(), Some(130), "{}", said.err);
    said
}

fn wait(arguments: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LIMIT, "{arguments} never came to its migration");
        thread::sleep(Duration::from_millis(20));
    }
}
