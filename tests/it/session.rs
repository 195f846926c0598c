//! Sessions: what one migration leaves in its session does not reach the next.
//!
//! Each engine has a list of what a migration can leave. After each of them come probes, whose structure and
//! rows depend on the session: run in one command, in many, and by the printed script, up and down, all end alike.

use std::process::Stdio;

use crate::OnBackend;
use crate::backend::{Backend, Home, Said, is_night};
use crate::script::{self, Do, Migration};

pub const TESTS: &[OnBackend] = &[
    ("a_migration_begins_in_a_session_that_no_other_has_touched", a_migration_begins_in_a_session_of_its_own),
    ("children_outlive_the_rebuild_of_their_parent_whatever_was_set_before", children_outlive_a_rebuild),
    ("a_migration_may_set_what_it_wants_and_is_recorded_all_the_same", what_is_set_does_not_reach_the_history),
    ("a_transaction_that_a_migration_leaves_open_is_an_error", a_transaction_that_is_left_open_is_an_error),
];

/// What a migration can leave in its session.
fn leavings(backend: Backend) -> &'static [&'static str] {
    match backend {
        Backend::Sqlite => &[
            "PRAGMA foreign_keys = ON",
            "PRAGMA legacy_alter_table = ON",
            "PRAGMA ignore_check_constraints = ON",
            "PRAGMA recursive_triggers = ON",
            "PRAGMA reverse_unordered_selects = ON",
            "PRAGMA case_sensitive_like = ON",
            "PRAGMA full_column_names = ON; PRAGMA short_column_names = OFF",
            "PRAGMA writable_schema = ON",
            "PRAGMA trusted_schema = OFF",
            "PRAGMA locking_mode = EXCLUSIVE",
            "PRAGMA query_only = ON",
            "CREATE TEMP TABLE item (id integer, name text)",
            "CREATE TEMP TABLE probed (name text, value text)",
            "CREATE TEMP TABLE seaql_migrations (version text, applied_at integer)",
            "CREATE TEMP TABLE kiln_history (version text)",
            "CREATE TEMP VIEW part AS SELECT 1 AS id, 1 AS item_id",
            "CREATE TEMP TRIGGER guard BEFORE INSERT ON main.item BEGIN SELECT RAISE(ABORT, 'no more items'); END",
            "ATTACH ':memory:' AS other; CREATE TABLE other.elsewhere (id integer)",
            "PRAGMA cache_size = 10; PRAGMA temp_store = 2",
            "PRAGMA automatic_index = OFF; PRAGMA cell_size_check = ON",
        ],
        Backend::Postgres => &[
            "CREATE SCHEMA IF NOT EXISTS other; SET search_path TO other",
            "SELECT pg_catalog.set_config('search_path', '', false)",
            "SET search_path TO pg_catalog, public",
            "SET session_replication_role = replica",
            "SET ROLE pg_monitor",
            "SET SESSION AUTHORIZATION pg_monitor",
            "SET TimeZone TO 'Asia/Tokyo'",
            "SET DateStyle TO 'SQL, DMY'",
            "SET IntervalStyle TO 'iso_8601'",
            "SET standard_conforming_strings = off; SET escape_string_warning = off",
            "SET bytea_output = 'escape'; SET extra_float_digits = -15",
            "SET transform_null_equals = on; SET array_nulls = off",
            "SET statement_timeout = '1ms'",
            "SET default_transaction_read_only = on",
            "SET default_transaction_isolation = 'serializable'",
            "SET client_encoding TO 'LATIN1'",
            "SET row_security = off; SET check_function_bodies = off",
            "SET lc_monetary TO 'C'; SET xmloption TO document",
            "SET my.tenant = 'seven'",
            "CREATE TEMP TABLE item (id integer, name text)",
            "CREATE TEMP TABLE probed (name text, value text)",
            "CREATE TEMP TABLE seaql_migrations (version text, applied_at bigint)",
            "SELECT pg_advisory_lock(7)",
            "LISTEN news",
        ],
        Backend::MariaDb => &[
            "SET foreign_key_checks = 0",
            "SET unique_checks = 0; SET check_constraint_checks = 0",
            "USE mysql",
            "SET sql_mode = ''",
            "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
            "SET sql_mode = 'ORACLE'",
            "SET time_zone = '+05:00'",
            "SET timestamp = 86400",
            "SET NAMES latin1 COLLATE latin1_german2_ci",
            "SET autocommit = 0",
            "SET SESSION TRANSACTION READ ONLY",
            "SET sql_safe_updates = 1",
            "SET sql_select_limit = 1",
            "SET div_precision_increment = 0; SET group_concat_max_len = 4",
            "SET default_storage_engine = 'Aria'",
            "SET auto_increment_increment = 10, auto_increment_offset = 5",
            "SET lc_time_names = 'de_DE'; SET default_week_format = 3",
            "SET @seen = 'something'; SET insert_id = 77",
            "CREATE TEMPORARY TABLE item (id integer, name text)",
            "CREATE TEMPORARY TABLE probed (name text, value text)",
            "CREATE TEMPORARY TABLE seaql_migrations (version varchar(255), applied_at bigint)",
            "PREPARE kept FROM 'SELECT 1'",
            "SET max_statement_time = 0.001",
            "SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
        ],
    }
}

/// What a new schema begins with: a parent, its children, and what probes have seen.
fn base(backend: Backend) -> Migration {
    let id = match backend {
        Backend::MariaDb => "integer NOT NULL AUTO_INCREMENT PRIMARY KEY",
        Backend::Postgres => "integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        Backend::Sqlite => "integer PRIMARY KEY",
    };
    let up = [
        format!("CREATE TABLE item (id {id}, name varchar(40) NOT NULL CHECK (name <> ''))"),
        "CREATE TABLE part (id integer PRIMARY KEY, item_id integer NOT NULL, \
         FOREIGN KEY (item_id) REFERENCES item (id) ON DELETE CASCADE)"
            .to_owned(),
        "CREATE TABLE probed (name varchar(40) NOT NULL, value varchar(200))".to_owned(),
        "INSERT INTO item (name) VALUES ('one'), ('two')".to_owned(),
        "INSERT INTO part (id, item_id) VALUES (1, 1), (2, 2)".to_owned(),
    ];
    let up: Vec<&str> = up.iter().map(String::as_str).collect();
    script::migration("m000_base", &up, &["DROP TABLE probed", "DROP TABLE part", "DROP TABLE item"])
}

/// Statements of one migration, up and down; `#` is the number of the leaving that they follow.
type Probe = (&'static [&'static str], &'static [&'static str]);

/// Statements that come out otherwise in a session in which something was left: three migrations of them.
fn probes(backend: Backend) -> [Probe; 3] {
    match backend {
        Backend::Sqlite => ON_SQLITE,
        Backend::Postgres => ON_POSTGRES,
        Backend::MariaDb => ON_MARIADB,
    }
}

const ON_SQLITE: [Probe; 3] = [
    (
        &[
            "CREATE TABLE item_new (id integer PRIMARY KEY, name varchar(40) NOT NULL CHECK (name <> ''))",
            "INSERT INTO item_new SELECT id, name FROM item",
            "DROP TABLE item",
            "ALTER TABLE item_new RENAME TO item",
            "INSERT INTO item (name) VALUES ('probe #')",
            "INSERT INTO probed SELECT 'children #', count(*) FROM part",
        ],
        &[
            "CREATE TABLE item_old (id integer PRIMARY KEY, name varchar(40) NOT NULL CHECK (name <> ''))",
            "INSERT INTO item_old SELECT id, name FROM item WHERE name <> 'probe #'",
            "DROP TABLE item",
            "ALTER TABLE item_old RENAME TO item",
            "INSERT INTO probed SELECT 'children below #', count(*) FROM part",
        ],
    ),
    (
        &[
            "CREATE TABLE made_# (id integer PRIMARY KEY, name text CHECK (length(name) < 5))",
            "INSERT OR IGNORE INTO made_# VALUES (1, 'short'), (2, 'much too long'), (3, 'abc')",
            "INSERT INTO probed SELECT 'like #', 'ABC' LIKE 'abc'",
            "CREATE TABLE copied_# AS SELECT item.id, item.name FROM item",
            "INSERT INTO probed SELECT 'first #', name FROM made_# LIMIT 1",
        ],
        &["DROP TABLE copied_#", "DROP TABLE made_#", "INSERT INTO probed SELECT 'like below #', 'ABC' LIKE 'abc'"],
    ),
    (
        &[
            "CREATE TABLE level_# (n integer)",
            "CREATE VIEW deep_# AS SELECT n FROM level_#",
            "CREATE TRIGGER deeper_# AFTER INSERT ON level_# WHEN NEW.n < 3 \
                     BEGIN INSERT INTO level_# VALUES (NEW.n + 1); END",
            "INSERT INTO level_# VALUES (1)",
            "ALTER TABLE level_# RENAME TO depth_#",
            "INSERT INTO probed SELECT 'temporary #', count(*) FROM sqlite_temp_schema",
        ],
        &["DROP VIEW deep_#", "DROP TABLE depth_#"],
    ),
];

const ON_POSTGRES: [Probe; 3] = [
    (
        &[
            "CREATE TABLE made_# (id integer, at timestamptz DEFAULT '2024-03-04 05:06:07', owner name)",
            "INSERT INTO made_# (id, owner) SELECT 1, tableowner FROM pg_tables WHERE tablename = 'made_#'",
            "INSERT INTO item (name) VALUES ('probe #')",
            "INSERT INTO probed SELECT 'path #', current_setting('search_path')",
            "INSERT INTO probed SELECT 'who #', current_user || ' ' || session_user",
            "INSERT INTO probed SELECT 'seen #', coalesce(current_setting('my.tenant', true), '')",
        ],
        &["DELETE FROM item WHERE name = 'probe #'", "DROP TABLE made_#"],
    ),
    (
        &[
            "INSERT INTO probed SELECT 'times #', concat('2024-02-03 04:05:06+00'::timestamptz, ' ', \
                     '1/2/2024'::date, ' ', '1 day 2 hours'::interval)",
            "INSERT INTO probed SELECT 'texts #', concat(length('a\\\\b'), ' ', '\\x41'::bytea, ' ', 1.1::float8 / 3)",
            "INSERT INTO probed SELECT 'null #', coalesce((NULL = NULL)::text, 'unknown')",
            "INSERT INTO probed VALUES ('letter #', 'é')",
            "INSERT INTO probed SELECT 'left #', concat((SELECT count(*) FROM pg_listening_channels()), ' ', \
                     (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND pid = pg_backend_pid()), ' ', \
                     current_setting('statement_timeout'), ' ', current_setting('transaction_isolation'), ' ', \
                     current_setting('lc_monetary') = current_setting('lc_numeric'))",
            "SELECT pg_sleep(0.002)",
        ],
        &["INSERT INTO probed SELECT 'below #', '2024-02-03 04:05:06+00'::timestamptz"],
    ),
    (
        &[
            "DO $$ BEGIN INSERT INTO part VALUES (1000 + #, 999999); \
                     INSERT INTO probed VALUES ('orphan #', 'taken'); \
                     EXCEPTION WHEN foreign_key_violation THEN INSERT INTO probed VALUES ('orphan #', 'refused'); END $$",
            "CREATE VIEW seen_# AS SELECT id, name FROM item",
            "CREATE FUNCTION rows_#() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM part'",
            "INSERT INTO probed SELECT 'children #', rows_#()",
        ],
        &["DROP FUNCTION rows_#()", "DROP VIEW seen_#"],
    ),
];

const ON_MARIADB: [Probe; 3] = [
    (
        &[
            "CREATE TABLE made_# (id integer NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(20) \
                     CHECK (name <> 'x'))",
            "INSERT INTO made_# (name) VALUES ('a'), ('b')",
            "INSERT INTO item (name) VALUES ('probe #')",
            "INSERT INTO probed SELECT 'id #', concat((SELECT max(id) FROM made_#), ' ', database() = 'mysql')",
            "INSERT INTO probed SELECT 'seen #', coalesce(@seen, 'nothing')",
        ],
        &["DELETE FROM item WHERE name = 'probe #'", "DROP TABLE made_#"],
    ),
    (
        &[
            "INSERT INTO probed SELECT 'modes #', concat('7' || '0', ' ', \"it\", ' ', length('a\\\\b'))",
            "INSERT INTO probed SELECT 'times #', concat(from_unixtime(0), ' ', now() > '2001-01-01', ' ', \
                     date_format('2024-03-01', '%M'), ' ', week('2024-01-07'))",
            "INSERT INTO probed SELECT 'numbers #', concat(1 / 3, ' ', group_concat(name ORDER BY name)) \
                     FROM (SELECT 'abcdef' AS name UNION SELECT 'ghij') a",
            "INSERT INTO probed VALUES ('letter #', 'é')",
            "INSERT INTO probed SELECT 'checks #', concat_ws(' ', @@foreign_key_checks, @@unique_checks, \
                     @@check_constraint_checks, @@autocommit, @@tx_isolation, @@default_storage_engine)",
            "UPDATE probed SET value = value WHERE value = 'nowhere'",
            "INSERT INTO probed SELECT 'sleep #', sleep(0.002)",
        ],
        &["INSERT INTO probed SELECT 'below #', from_unixtime(0)"],
    ),
    (
        &[
            "INSERT IGNORE INTO part VALUES (1000 + #, 999999)",
            "CREATE VIEW seen_# AS SELECT concat('a' || 'b', name) AS n FROM item",
            "CREATE TRIGGER early_# BEFORE INSERT ON made_# FOR EACH ROW SET NEW.name = concat('1' || '2', NEW.name)",
            "INSERT INTO made_# (name) VALUES ('c')",
            "CREATE TABLE plain_# (a varchar(10))",
            "INSERT INTO probed SELECT 'children #', count(*) FROM part",
        ],
        &["DROP TABLE plain_#", "DROP TRIGGER early_#", "DROP VIEW seen_#"],
    ),
];

/// A base, and after each leaving its probes: a probe and what was left before it are a pair.
///
/// The probes are three migrations at night, which makes sixty pairs and more, and one by day.
fn all(backend: Backend, transaction: Option<bool>) -> Vec<Migration> {
    let mut migrations = vec![base(backend)];
    for (number, leaving) in leavings(backend).iter().enumerate() {
        // Nothing that a way down leaves reaches the next one either.
        let leaves = vec![Do::Sql((*leaving).to_owned())];
        let version = format!("m{:03}_leaves", number * 10 + 10);
        migrations.push(Migration { version, up: leaves.clone(), down: Some(leaves), transaction });
        let numbered = |texts: &[&str]| -> Vec<Do> {
            texts.iter().map(|text| Do::Sql(text.replace('#', &number.to_string()))).collect()
        };
        let mut probes = probes(backend).map(|(up, down)| (numbered(up), numbered(down))).to_vec();
        if !is_night() {
            let (up, mut down): (Vec<_>, Vec<_>) = probes.into_iter().unzip();
            down.reverse();
            probes = vec![(up.concat(), down.concat())];
        }
        for (at, (up, down)) in probes.into_iter().enumerate() {
            let version = format!("m{:03}_probes", number * 10 + 11 + at);
            migrations.push(Migration { version, up, down: Some(down), transaction });
        }
    }
    migrations
}

/// The versions that come in one command where each leaving has a command of its own.
fn commands(migrations: &[Migration]) -> Vec<&str> {
    let ends =
        migrations.windows(2).filter(|pair| pair[1].version.ends_with("leaves") || pair[0].version.ends_with("leaves"));
    let ends = ends.map(|pair| pair[0].version.as_str());
    ends.chain(migrations.last().map(|last| last.version.as_str())).collect()
}

/// Structure, rows of every table, and both histories.
fn state(home: &Home) -> String {
    let catalog = home.catalog();
    let mut state = serde_json::to_string(&catalog).expect("a catalog is plain data").replace(&home.database, "here");
    let own = ["seaql_migrations", "kiln_history"];
    for (name, table) in catalog.tables.iter().filter(|(name, _)| !own.contains(&name.as_str())) {
        let columns = table.columns.iter().map(|column| format!("coalesce(CAST({} AS char(200)), '-')", column.name));
        let columns = match home.backend {
            Backend::MariaDb => format!("concat_ws(' ', {})", columns.collect::<Vec<_>>().join(", ")),
            _ => columns.collect::<Vec<_>>().join(" || ' ' || "),
        };
        let columns = if home.backend == Backend::Postgres { columns.replace("char(200)", "text") } else { columns };
        let rows = home.texts(&format!("SELECT {columns} AS t FROM {name} ORDER BY 1"));
        state = format!("{state}\n{name}\n  {}", rows.join("\n  "));
    }
    let own = "SELECT concat(version, ' ', state, ' ', checksum) AS t FROM kiln_history ORDER BY version";
    let versions = home.texts("SELECT version AS t FROM seaql_migrations ORDER BY version");
    let own = if catalog_has_history(home) { home.texts(own) } else { Vec::new() };
    format!("{state}\n{}\n{}", versions.join("\n"), own.join("\n"))
}

fn catalog_has_history(home: &Home) -> bool {
    home.objects().iter().any(|object| object.contains("kiln_history"))
}

/// The engine's client under settings that are not those of a run, reading `script`.
fn pipe(home: &Home, script: &str) {
    let mut client = crate::verbs::client(home);
    match home.backend {
        Backend::Sqlite => client.args(["-cmd", "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON"]),
        Backend::Postgres => client.env("PGTZ", "Asia/Tokyo").env("PGDATESTYLE", "German"),
        Backend::MariaDb => client.arg("--init-command=SET time_zone = '+09:00', sql_mode = 'ANSI_QUOTES'"),
    };
    client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = client.spawn().expect("the engine's client is installed where the engine is tried");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), script.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.to_lowercase().contains("error"), "{said}\n{script}");
}

#[track_caller]
fn assert_alike(wanted: &str, found: &str, what: &str) {
    let differing: Vec<_> = wanted.lines().zip(found.lines()).filter(|(wanted, found)| wanted != found).collect();
    assert!(wanted == found, "{what}: {differing:#?}");
}

fn a_migration_begins_in_a_session_of_its_own(home: &Home) {
    let migrations = all(home.backend, Some(false).filter(|_| home.backend == Backend::Sqlite));
    assert!(leavings(home.backend).len() * probes(home.backend).len() >= 60, "sixty pairs at the least");
    let [many, printed] = [(); 2].map(|()| Home::of(home.backend, home.schema));
    let shell_is_here = std::process::Command::new("sqlite3").arg("--version").output().is_ok();
    let prints = home.backend != Backend::Sqlite || shell_is_here;

    script::run(home, &migrations, "migrate up", 0);
    for version in commands(&migrations) {
        script::run(&many, &migrations, &format!("migrate up --to {version}"), 0);
    }
    let up = state(home);
    assert_alike(&up, &state(&many), "up in many commands");
    if prints {
        let text = script::run(&printed, &migrations, "migrate up --dry-run", 0).out;
        pipe(&printed, &text);
        assert_alike(&up, &state(&printed), "up by the printed script");
    }
    let checked = script::run(home, &migrations, "check", 0);
    assert!(checked.out.contains("nothing") || checked.out.contains("script"), "{}", checked.out);

    let base = &migrations[0].version;
    script::run(home, &migrations, &format!("migrate down script --to {base} --confirm"), 0);
    let mut ends = commands(&migrations);
    ends.pop();
    for version in ends.into_iter().rev() {
        script::run(&many, &migrations, &format!("migrate down script --to {version} --confirm"), 0);
    }
    let down = state(home);
    assert_alike(&down, &state(&many), "down in many commands");
    if prints {
        let text = script::run(&printed, &migrations, &format!("migrate down script --to {base} --dry-run"), 0).out;
        pipe(&printed, &text);
        assert_alike(&down, &state(&printed), "down by the printed script");
    }
    script::run(home, &migrations, "migrate verify script", 0);
    if is_night() {
        script::run(home, &migrations, "migrate refresh script --confirm", 0);
        script::run(home, &migrations, "check", 0);
    }
}

/// The way in which SQLite's enforced keys take the children of a table that is rebuilt.
fn children_outlive_a_rebuild(home: &Home) {
    if home.backend != Backend::Sqlite {
        return;
    }
    let rebuild = |to: &str| {
        vec![
            format!("CREATE TABLE {to} (id integer PRIMARY KEY, name varchar(40))"),
            format!("INSERT INTO {to} SELECT id, name FROM item"),
            "DROP TABLE item".to_owned(),
            format!("ALTER TABLE {to} RENAME TO item"),
        ]
    };
    for (first, second, own_transaction) in
        [(false, None, false), (false, Some(false), false), (false, Some(true), false), (false, None, true)]
    {
        let steps = |to: &str| rebuild(to).into_iter().map(Do::Sql).collect::<Vec<_>>();
        let within = |steps| if own_transaction { vec![Do::Within(steps)] } else { steps };
        let leaving = vec![Do::Sql("PRAGMA foreign_keys = ON".to_owned())];
        let migrations = [
            base(home.backend),
            Migration {
                version: "m010_leaves".to_owned(),
                up: leaving.clone(),
                down: Some(leaving.clone()),
                transaction: Some(first),
            },
            Migration {
                version: "m020_rebuilds".to_owned(),
                up: within(steps("item_new")),
                down: Some(within(steps("item_old"))),
                transaction: second,
            },
            Migration {
                version: "m030_leaves".to_owned(),
                up: leaving.clone(),
                down: Some(leaving),
                transaction: Some(first),
            },
        ];
        let home = Home::of(home.backend, home.schema);
        for arguments in [
            "migrate up",
            "migrate down script -n 2",
            "migrate up",
            "migrate redo script",
            "migrate refresh script --confirm",
            "migrate fresh script --confirm",
            "migrate down script -n 3",
            "migrate up",
        ] {
            script::run(&home, &migrations, arguments, 0);
            assert_eq!(home.number("SELECT count(*) AS n FROM part"), 2, "{arguments}: {second:?} {own_transaction}");
        }
    }
}

fn what_is_set_does_not_reach_the_history(home: &Home) {
    for transaction in [None, Some(false)] {
        for (number, leaving) in leavings(home.backend).iter().enumerate() {
            if transaction.is_none() && home.backend == Backend::MariaDb {
                continue;
            }
            // A session in which each statement may take a millisecond leaves its own statements no time.
            let is_too_short = leaving.contains("statement_time");
            if transaction.is_some() && is_too_short {
                continue;
            }
            let home = Home::of(home.backend, home.schema);
            let sets = Migration {
                version: "m010_leaves".to_owned(),
                up: vec![Do::Sql((*leaving).to_owned())],
                down: Some(vec![Do::Sql((*leaving).to_owned())]),
                transaction,
            };
            let migrations = [base(home.backend), sets];
            let run = |arguments: &str| -> Said { script::run(&home, &migrations, arguments, 0) };
            run("migrate up");
            assert_eq!(
                home.texts("SELECT version AS t FROM seaql_migrations ORDER BY 1"),
                ["m000_base", "m010_leaves"],
                "{number}: {leaving}"
            );
            run("migrate status --exit-code");
            run("migrate redo script --confirm");
            run("migrate down script --all --confirm");
            let tables: Vec<String> = home.objects().into_iter().filter(|object| object.starts_with("table")).collect();
            assert_eq!(tables, ["table seaql_migrations"], "{leaving}");
        }
    }
}

fn a_transaction_that_is_left_open_is_an_error(home: &Home) {
    let open = Migration {
        version: "m010_opens".to_owned(),
        up: vec![Do::Sql("BEGIN".to_owned()), Do::Sql("INSERT INTO item (name) VALUES ('lost')".to_owned())],
        down: None,
        transaction: Some(false),
    };
    let said = script::run(home, &[base(home.backend), open], "migrate up", 3);
    assert!(said.err.contains("begins a transaction and does not end it"), "{}", said.err);
    assert_eq!(home.number("SELECT count(*) AS n FROM item"), 2);
    assert_eq!(home.texts("SELECT version AS t FROM seaql_migrations"), ["m000_base"]);
}
