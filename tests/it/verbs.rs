//! The verbs of `kiln migrate` besides `up` and `down`, and what each asks before something is lost.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::OnBackend;
use crate::backend::{Backend, Home, Said};
use crate::script::{self, Do, Migration, migration};
use crate::terminal::on_terminal;

pub const TESTS: &[OnBackend] = &[
    ("one_is_one", one_is_one),
    ("up_and_status_say_the_same_of_how_long_it_took", up_and_status_say_the_same_of_how_long_it_took),
    ("redo_refresh_and_reset_are_ways_down_and_up", redo_refresh_and_reset_are_ways_down_and_up),
    ("every_verb_asks_before_values_are_lost", every_verb_asks_before_values_are_lost),
    ("a_way_down_that_is_not_there_is_not_begun", a_way_down_that_is_not_there_is_not_begun),
    ("what_is_no_request_is_refused", what_is_no_request_is_refused),
    ("a_column_that_goes_is_counted", a_column_that_goes_is_counted),
    ("a_terminal_is_asked", a_terminal_is_asked),
    ("production_refuses_what_can_lose_values", production_refuses_what_can_lose_values),
    ("a_dry_run_is_a_script_for_the_engines_own_client", a_dry_run_is_a_script_for_the_engines_own_client),
    ("a_script_stops_at_its_first_error", a_script_stops_at_its_first_error),
    ("a_statement_stands_in_a_script_once", a_statement_stands_in_a_script_once),
    ("the_statements_alone_are_laid_out", the_statements_alone_are_laid_out),
    ("a_dry_run_says_what_depends_on_data", a_dry_run_says_what_depends_on_data),
    ("a_rebuilt_parent_keeps_its_childrens_rows", a_rebuilt_parent_keeps_its_childrens_rows),
    ("verify_proves_each_migration", verify_proves_each_migration),
    ("a_baseline_adopts_what_is_there_and_nothing_else", a_baseline_adopts_what_is_there_and_nothing_else),
    ("a_run_is_told_with_its_statements", a_run_is_told_with_its_statements),
];

pub const ON_SERVERS: &[(&str, Backend, fn())] = &[(
    "brickhouse_is_adopted_as_its_document_makes_it",
    Backend::Postgres,
    brickhouse_is_adopted_as_its_document_makes_it,
)];

/// Two migrations; the second adds a column, and makes a table.
fn up_and_status_say_the_same_of_how_long_it_took(home: &Home) {
    let migrations: Vec<_> =
        (1..=9).map(|at| migration(&format!("m{at}"), &[&format!("CREATE TABLE t{at} (id integer)")], &[])).collect();
    let up = script::run(home, &migrations, "migrate up --format json", 0).json();
    let status = script::run(home, &migrations, "migrate status --format json", 0).json();
    let took = |list: &serde_json::Value| -> Vec<(String, u64)> {
        let of = |one: &serde_json::Value| Some((one["version"].as_str()?.to_owned(), one["milliseconds"].as_u64()?));
        list.as_array().expect("a list").iter().filter_map(of).collect()
    };
    let ran = took(&up["results"][0]["steps"]);
    assert_eq!(ran.len(), 9, "{up}");
    assert_eq!(took(&status["results"][0]["migrations"]), ran);
    let status = script::run(home, &migrations, "migrate status", 0).out;
    for (version, milliseconds) in ran {
        let line = status.lines().find(|line| line.contains(&version)).expect("a line a migration");
        assert!(line.ends_with(&format!(" {milliseconds} ms")), "{line}");
    }
}

fn one_is_one(home: &Home) {
    let one = [migration("m1", &["CREATE TABLE t (id integer)"], &["DROP TABLE t"])];
    for (arguments, code, expected) in [
        ("migrate up", 0, "script: 1 of 1 migration is applied\n"),
        ("migrate up", 0, "script: nothing to apply, 1 of 1 migration is applied\n"),
        ("check", 0, "script: no drift (1 table, 1 column, 0 keys, "),
        ("migrate verify", 0, "script: 1 of 1 migration is reversible\n"),
        ("migrate down", 0, "script: 0 of 1 migration is applied\n"),
        ("migrate baseline --to head", 1, "script: not adopted, 1 difference; "),
        ("migrate up", 0, "script: 1 of 1 migration is applied\n"),
    ] {
        let said = script::run(home, &one, arguments, code);
        assert!(said.out.contains(expected), "{arguments}: {}", said.out);
    }
    home.sql(&["DROP TABLE t"]);
    assert!(script::run(home, &one, "check", 1).out.contains("script: 1 drift finding ("));
}

fn two() -> Vec<Migration> {
    vec![
        migration("m1_a", &["CREATE TABLE a (id integer)"], &["DROP TABLE a"]),
        migration(
            "m2_b",
            &["ALTER TABLE a ADD COLUMN m integer", "CREATE TABLE b (id integer)"],
            &["DROP TABLE b", "ALTER TABLE a DROP COLUMN m"],
        ),
    ]
}

fn redo_refresh_and_reset_are_ways_down_and_up(home: &Home) {
    script::run(home, &two(), "migrate up", 0);
    let before = home.fingerprint();
    let said = script::run(home, &two(), "migrate redo script", 0);
    let words: Vec<&str> = said.out.lines().skip(1).map(str::trim).collect();
    assert!(words[0].starts_with("rolled back  m2_b") && words[1].starts_with("applied      m2_b"), "{}", said.out);
    let said = script::run(home, &two(), "migrate refresh script", 0);
    assert_eq!(said.out.matches("rolled back").count(), 2, "{}", said.out);
    let applied = said.out.lines().filter(|line| line.trim().starts_with("applied ")).count();
    assert_eq!(applied, 2, "{}", said.out);
    assert_eq!(home.fingerprint(), before);
    let said = script::run(home, &two(), "migrate reset script", 0);
    assert!(said.out.contains("0 of 2 migrations are applied"), "{}", said.out);
    assert_eq!(home.objects(), ["table seaql_migrations"]);
    let said = script::run(home, &two(), "migrate redo script", 0);
    assert!(said.out.contains("nothing to apply, 0 of 2"), "{}", said.out);
    script::run(home, &two(), "migrate refresh script", 0);
    assert_eq!(home.fingerprint(), before);
}

fn every_verb_asks_before_values_are_lost(home: &Home) {
    script::run(home, &two(), "migrate up", 0);
    home.sql(&["INSERT INTO a VALUES (1, 5), (2, NULL)", "INSERT INTO b VALUES (1)"]);
    let before = home.fingerprint();
    for (verb, losses) in [
        ("down", "rolling back m2_b would lose column a.m (1 value), table b (1 row)"),
        ("redo", "rolling back m2_b would lose column a.m (1 value), table b (1 row)"),
        ("reset", "rolling back m2_b, m1_a would lose table a (2 rows), table b (1 row)"),
        ("refresh", "rolling back m2_b, m1_a would lose table a (2 rows), table b (1 row)"),
        ("fresh", "making script anew would lose table a (2 rows), table b (1 row)"),
    ] {
        let said = script::run(home, &two(), &format!("migrate {verb} script"), 3);
        assert!(said.err.contains(losses) && said.err.contains("give --confirm"), "{verb}: {}", said.err);
    }
    assert_eq!(home.fingerprint(), before);
    for verb in ["redo", "refresh", "fresh", "reset"] {
        script::run(home, &two(), &format!("migrate {verb} script --confirm"), 0);
    }
}

fn a_way_down_that_is_not_there_is_not_begun(home: &Home) {
    let mut all = two();
    all[0].down = None;
    script::run(home, &all, "migrate up", 0);
    let before = home.fingerprint();
    for verb in ["refresh", "reset", "down -n 2"] {
        let (verb, rest) = verb.split_once(' ').unwrap_or((verb, ""));
        let said = script::run(home, &all, &format!("migrate {verb} {rest} --confirm"), 3);
        assert!(said.err.contains("m1_a cannot be rolled back: We Don't Do That Here; give it a down"), "{}", said.err);
        assert_eq!(home.fingerprint(), before);
    }
    script::run(home, &all, "migrate redo", 0);
}

fn what_is_no_request_is_refused(home: &Home) {
    let said = script::run(home, &two(), "migrate up -n 0", 2);
    assert!(said.err.contains("give 1 or more"), "{}", said.err);
    let twins = [two().remove(0), two().remove(0)];
    let said = script::run(home, &twins, "migrate up", 2);
    assert!(said.err.contains("two migrations of script are called m1_a"), "{}", said.err);
    assert!(home.objects().is_empty());
}

fn a_column_that_goes_is_counted(home: &Home) {
    let all = vec![
        migration("m1_a", &["CREATE TABLE a (id integer)"], &["DROP TABLE a"]),
        migration("m2_b", &["ALTER TABLE a ADD COLUMN m integer"], &["ALTER TABLE a DROP COLUMN m"]),
    ];
    script::run(home, &all, "migrate up", 0);
    home.sql(&["INSERT INTO a VALUES (1, NULL)"]);
    script::run(home, &all, "migrate redo script", 0);
    home.sql(&["INSERT INTO a VALUES (2, 7)"]);
    let said = script::run(home, &all, "migrate down script", 3);
    assert!(said.err.contains("would lose column a.m (1 value)"), "{}", said.err);
}

fn a_terminal_is_asked(home: &Home) {
    script::run(home, &two(), "migrate up", 0);
    home.sql(&["INSERT INTO b VALUES (1)"]);
    let ask = |answers: &str| on_terminal(&mut script::command(home, &two(), "migrate down script"), answers);
    for answer in ["n\n", "\n", "what\nno\n"] {
        let (shown, code) = ask(answer);
        assert!(shown.contains("rolling back m2_b would lose") && shown.contains("  table b (1 row)"), "{shown}");
        assert!(shown.contains("nothing is changed"), "{shown}");
        assert_eq!(code, Some(3), "{shown}");
        assert_eq!(home.number("SELECT count(*) AS n FROM b"), 1);
    }
    let (shown, code) = ask("b\n");
    assert!(shown.contains("a copy is in script-"), "{shown}");
    assert_eq!(code, Some(0), "{shown}");
    assert!(!home.catalog().tables.contains_key("b"));
    let copies = std::fs::read_dir(home.path("")).expect("the home's folder");
    let copy = copies.filter_map(Result::ok).find(|entry| entry.file_name().to_string_lossy().starts_with("script-"));
    assert!(copy.expect("a copy is there").metadata().expect("a file").len() > 0);
    script::run(home, &two(), "migrate up", 0);
    home.sql(&["INSERT INTO b VALUES (1)"]);
    assert_eq!(ask("y\n").1, Some(0));
    // A document is for programs: nobody is asked.
    script::run(home, &two(), "migrate up", 0);
    home.sql(&["INSERT INTO b VALUES (1)"]);
    let mut command = script::command(home, &two(), "migrate down script --format json");
    assert_eq!(on_terminal(&mut command, "y\n").1, Some(3));
}

fn production_refuses_what_can_lose_values(home: &Home) {
    script::run(home, &two(), "migrate up", 0);
    for verb in ["down", "redo", "refresh", "reset", "fresh"] {
        let mut command = script::command(home, &two(), &format!("migrate {verb} script --confirm"));
        let said = Said::by(command.env("APP_ENV", "production"), 3);
        assert!(said.err.contains("APP_ENV is production") && said.err.contains(verb), "{}", said.err);
    }
    let mut dry_run = script::command(home, &two(), "migrate down script --dry-run");
    Said::by(dry_run.env("APP_ENV", "production"), 0);
    let mut up = script::command(home, &two(), "migrate up");
    Said::by(up.env("APP_ENV", "production"), 0);
}

/// The engine's client, reading a script.
pub fn client(home: &Home) -> Command {
    match home.backend {
        Backend::Sqlite => {
            let mut command = Command::new("sqlite3");
            command.arg("test.db").current_dir(home.path(""));
            command
        }
        Backend::Postgres => {
            let mut command = Command::new("psql");
            command.args(["-Xq", &home.url()]);
            command
        }
        Backend::MariaDb => {
            let url = url::Url::parse(&home.url()).expect("a URL");
            let mut command = Command::new("mariadb");
            command.args(["-h", url.host_str().unwrap_or("localhost"), "-u", url.username()]);
            command.arg(format!("-P{}", url.port().unwrap_or(3306))).arg(&home.database);
            command
        }
    }
}

fn pipe(home: &Home, script: &str) {
    assert!(is_taken(home, script), "{script}");
}

/// Whether the engine's client runs a script to its end.
fn is_taken(home: &Home, script: &str) -> bool {
    let mut client = client(home);
    client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = client.spawn() else {
        assert_eq!(home.backend, Backend::Sqlite, "the servers' clients are installed where the servers are");
        // Without the shell the library reads it: neither knows more than the other.
        let sql: Vec<&str> = script.lines().filter(|line| !line.starts_with('.')).collect();
        return home.takes(&sql.join("\n"));
    };
    child.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let is_taken = output.status.success();
    assert!(is_taken != output.stderr.windows(5).any(|word| word.eq_ignore_ascii_case(b"error")), "{output:?}");
    is_taken
}

/// Structure and both histories, times left out.
fn recorded(home: &Home) -> (String, Vec<String>) {
    let mut versions = home.texts("SELECT version AS t FROM seaql_migrations ORDER BY version");
    let own = "SELECT concat(version, ' ', state, ' ', checksum) AS t FROM kiln_history ORDER BY version";
    versions.extend(home.texts(own));
    // MariaDB's views name their database.
    let structure = serde_json::to_string(&home.catalog()).expect("a catalog is plain data");
    (structure.replace(&home.database, "here"), versions)
}

fn a_dry_run_is_a_script_for_the_engines_own_client(home: &Home) {
    for schema in ["market", "demand", "brickhouse", "fashion"] {
        let [real, dry] = [(); 2].map(|()| Home::of(home.backend, schema));
        real.kiln(&format!("migrate up {schema}"), 0);
        let script = dry.kiln(&format!("migrate up {schema} --dry-run"), 0).out;
        assert_eq!(dry.objects(), Vec::<String>::new(), "a dry run writes nothing");
        pipe(&dry, &script);
        assert_eq!(recorded(&dry), recorded(&real), "{schema}");
        dry.kiln(&format!("migrate status {schema} --exit-code"), 0);
        dry.kiln(&format!("check {schema} --strict"), 0);

        let down = format!("migrate down {schema} --to {}", first(&dry));
        let script = dry.kiln(&format!("{down} --dry-run"), 0).out;
        real.kiln(&down, 0);
        pipe(&dry, &script);
        assert_eq!(recorded(&dry), recorded(&real), "{schema}, down");
        let script = dry.kiln(&format!("migrate up {schema} --dry-run"), 0).out;
        pipe(&dry, &script);
        real.kiln(&format!("migrate up {schema}"), 0);
        assert_eq!(recorded(&dry), recorded(&real), "{schema}, up again");
        let script = dry.kiln(&format!("migrate down {schema} --all --dry-run"), 0).out;
        pipe(&dry, &script);
        assert_eq!(dry.objects(), ["table seaql_migrations"], "{schema}");
    }
}

/// A script leaves the texts of what it runs out of the history: they stand in it once, and the next run adds them.
fn a_statement_stands_in_a_script_once(home: &Home) {
    let script = script::run(home, &two(), "migrate up --dry-run", 0).out;
    assert_eq!(script.matches("ALTER TABLE a ADD COLUMN m integer").count(), 1, "{script}");
    pipe(home, &script);
    script::run(home, &two(), "migrate status --exit-code", 0);
    script::run(home, &two(), "migrate redo script --confirm", 0);
    let kept = "SELECT concat(kiln_history.sql, '') AS t FROM kiln_history WHERE version = 'm1_a' AND position = 0";
    assert!(home.texts(kept)[0].contains("CREATE TABLE a"));
    let mut edited = two();
    edited[0].up = vec![Do::Sql("CREATE TABLE a (id bigint)".to_owned())];
    let said = script::run(home, &edited, "migrate status", 0);
    assert!(said.out.contains("edited"), "{}", said.out);
}

fn the_statements_alone_are_laid_out(home: &Home) {
    let all = [migration(
        "m1_wide",
        &["CREATE TABLE wide (id integer, n decimal(10, 2), t varchar(20) DEFAULT 'a, b')"],
        &["DROP TABLE wide"],
    )];
    let read = script::run(home, &all, "migrate up --dry-run --sql", 0).out;
    let expected =
        "-- m1_wide\nCREATE TABLE wide (\n    id integer,\n    n decimal(10, 2),\n    t varchar(20) DEFAULT 'a, b'\n);";
    assert!(read.contains(expected) && !read.contains("kiln_history"), "{read}");
    script::run(home, &all, "migrate up", 0);
    let down = script::run(home, &all, "migrate down script --dry-run --sql", 0).out;
    assert!(down.ends_with("-- m1_wide, rolled back\nDROP TABLE wide;\n"), "{down}");
    script::run(home, &all, "migrate up --sql", 2);
}

fn first(home: &Home) -> String {
    home.texts("SELECT version AS t FROM seaql_migrations ORDER BY version").remove(0)
}

/// A client that went on after an error would record what has failed.
fn a_script_stops_at_its_first_error(home: &Home) {
    let script = script::run(home, &two(), "migrate up --dry-run", 0).out;
    home.sql(&["CREATE TABLE a (id integer)"]);
    assert!(!is_taken(home, &script));
    let said = script::run(home, &two(), "migrate status", 0);
    assert!(said.out.contains("script: 0 applied, 2 pending"), "{}", said.out);
}

fn a_dry_run_says_what_depends_on_data(home: &Home) {
    let mut all = two();
    all[1].up.push(Do::Read("SELECT count(*) AS n FROM a".to_owned(), "INSERT INTO b VALUES (?)".to_owned()));
    let said = script::run(home, &all, "migrate up --dry-run", 0);
    let (first, second) = said.out.split_once("-- m2_b\n").expect("both are there");
    assert!(!first.contains("depends on data") && second.starts_with("-- depends on data"), "{}", said.out);
    assert!(second.contains("INSERT INTO b VALUES (0);"), "values are written out: {}", said.out);
    let said = script::run(home, &all, "migrate up --dry-run --format json", 0);
    let json = said.json();
    assert_eq!(json["results"][0]["plan"]["steps"][0]["version"], "m1_a");
    script::run(home, &all, "migrate up", 0);
    assert_eq!(script::run(home, &all, "migrate up --dry-run", 0).out, "-- script: nothing to do\n");
}

/// As SQLite's own procedure for changing a table has it; the others change tables in place.
fn a_rebuilt_parent_keeps_its_childrens_rows(home: &Home) {
    if home.backend != Backend::Sqlite {
        return;
    }
    let parent = "(id integer PRIMARY KEY, name text)";
    let all = vec![
        migration(
            "m1_tables",
            &[
                &format!("CREATE TABLE parent {parent}"),
                "CREATE TABLE child (id integer PRIMARY KEY, parent_id integer NOT NULL REFERENCES parent (id) ON DELETE CASCADE)",
            ],
            &["DROP TABLE child", "DROP TABLE parent"],
        ),
        migration(
            "m2_rebuild",
            &[
                "CREATE TABLE new_parent (id integer PRIMARY KEY, name text NOT NULL DEFAULT '')",
                "INSERT INTO new_parent SELECT id, coalesce(name, '') FROM parent",
                "DROP TABLE parent",
                "ALTER TABLE new_parent RENAME TO parent",
            ],
            &["SELECT 1"],
        ),
    ];
    script::run(home, &all[..1], "migrate up", 0);
    home.sql(&["INSERT INTO parent VALUES (1, 'x'), (2, NULL)", "INSERT INTO child VALUES (1, 1), (2, 2)"]);
    script::run(home, &all, "migrate up", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM child JOIN parent ON parent.id = child.parent_id"), 2);
    assert!(!home.takes("INSERT INTO child VALUES (3, 9)"), "the key still holds");
}

fn verify_proves_each_migration(home: &Home) {
    let said = home.kiln("migrate verify market", 0);
    assert!(said.out.contains("down loses table customer_segments (9 rows), table sales (100 rows)"), "{}", said.out);
    let drop_index = if home.backend == Backend::MariaDb { "DROP INDEX ix_a_id ON a" } else { "DROP INDEX ix_a_id" };
    let mut all = vec![
        migration("m1_a", &["CREATE TABLE a (id integer)", "INSERT INTO a VALUES (1), (2)"], &["DROP TABLE a"]),
        migration("m2_ix", &["CREATE INDEX ix_a_id ON a (id)"], &[drop_index]),
        migration(
            "m3_m",
            &["ALTER TABLE a ADD COLUMN m integer", "UPDATE a SET m = id"],
            &["ALTER TABLE a DROP COLUMN m"],
        ),
    ];
    let said = script::run(home, &all, "migrate verify", 0);
    assert!(said.out.contains("reversible  m3_m   down loses column a.m (2 values)"), "{}", said.out);
    assert!(said.out.contains("script: 3 of 3 migrations are reversible"), "{}", said.out);
    assert!(home.objects().is_empty(), "nothing is made live");

    all[1].down = Some(Vec::new());
    let said = script::run(home, &all, "migrate verify", 1);
    assert!(said.out.contains("unfaithful  m2_ix"), "{}", said.out);
    assert!(said.out.contains("extra-index  a.ix_a_id"), "{}", said.out);
    assert!(said.out.contains("reversible  m1_a"), "what lies under it is looked at all the same: {}", said.out);

    all[1].down = None;
    let said = script::run(home, &all, "migrate verify", 1);
    assert!(said.out.contains("irreversible  m2_ix") && said.out.contains("2 of 3 migrations"), "{}", said.out);

    all[1] = migration("m2_ix", &["CREATE INDEX ix_a_id ON a (id)"], &["DROP TABLE nowhere"]);
    let said = script::run(home, &all, "migrate verify", 1);
    assert!(said.out.contains("m2_ix is failing: ") && said.out.contains("nowhere"), "{}", said.out);
    let broken =
        [all.clone(), vec![migration("m4_x", &["CREATE TABLE a (id integer)"], &[]), migration("m5_y", &[], &[])]];
    let said = script::run(home, &broken.concat(), "migrate verify", 1);
    assert!(said.out.contains("m4_x is failing: ") && said.out.contains("unreached   m5_y"), "{}", said.out);
    let json = script::run(home, &all, "migrate verify --format json", 1).json();
    assert_eq!(json["results"][0]["migrations"][1]["verdict"], "failing");
}

fn a_baseline_adopts_what_is_there_and_nothing_else(home: &Home) {
    let by_hand = ["CREATE TABLE a (id integer)", "ALTER TABLE a ADD COLUMN m integer", "CREATE TABLE b (id integer)"];
    home.sql(&by_hand[..1]);
    let said = script::run(home, &two(), "migrate baseline script --to m2", 1);
    assert!(said.out.contains("missing-table  b") && said.out.contains("missing-column  a.m"), "{}", said.out);
    assert!(said.out.contains("script: not adopted, 2 differences"), "{}", said.out);
    assert_eq!(home.objects(), ["table a"], "nothing is recorded");
    script::run(home, &two(), "migrate baseline script --to m1", 0);
    script::run(home, &two(), "migrate up", 0);
    let said = script::run(home, &two(), "migrate status --exit-code", 0);
    assert!(said.out.contains("by baseline"), "{}", said.out);
    let said = script::run(home, &two(), "migrate baseline script --to m2", 3);
    assert!(said.err.contains("has a history"), "{}", said.err);
    let forced = Home::of(home.backend, "public");
    forced.sql(&by_hand[..1]);
    let said = script::run(&forced, &two(), "migrate baseline script --to m2 --force-record", 0);
    assert!(said.out.contains("adopted with 2 differences, 2 migrations are recorded"), "{}", said.out);
    let said = script::run(&forced, &two(), "migrate baseline script --to m7", 2);
    assert!(said.err.contains("script has no migration m7"), "{}", said.err);
}

fn brickhouse_is_adopted_as_its_document_makes_it() {
    let ddl = include_str!("documents/brickhouse_ddl.sql");
    let to = "migrate baseline brickhouse --to m20250301_000004 --database-schema public";
    for (more, code) in [("", 0), ("ALTER TABLE users DROP COLUMN avatar_url", 1)] {
        let home = Home::of(Backend::Postgres, "public");
        pipe(&home, &format!("CREATE SCHEMA analytics;\n{ddl}\n{more};"));
        let said = home.kiln(to, code);
        if code == 0 {
            assert!(said.out.contains("brickhouse: adopted, 4 migrations are recorded"), "{}", said.out);
            home.kiln("check brickhouse --database-schema public --strict", 0);
            home.kiln("migrate status brickhouse --database-schema public --exit-code", 0);
            home.kiln("migrate redo brickhouse --database-schema public", 0);
        } else {
            assert!(said.out.contains("missing-column  users.avatar_url"), "{}", said.out);
            assert!(!home.catalog().tables.contains_key("seaql_migrations"));
        }
    }
}

fn a_run_is_told_with_its_statements(home: &Home) {
    let json = script::run(home, &two(), "migrate up --format json", 0).json();
    let step = &json["results"][0]["steps"][1];
    assert_eq!((step["version"].as_str(), step["direction"].as_str()), (Some("m2_b"), Some("up")));
    assert_eq!(step["statements"][0]["sql"], "ALTER TABLE a ADD COLUMN m integer");
    assert!(step["milliseconds"].is_u64());
    let json = script::run(home, &two(), "migrate status --format json", 0).json();
    let migration = &json["results"][0]["migrations"][0];
    assert_eq!(migration["state"], "applied");
    assert!(migration["applied_at"].as_str().is_some_and(|at| at.ends_with('Z')) && migration["milliseconds"].is_u64());
}
