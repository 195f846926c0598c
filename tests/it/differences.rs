//! `kiln diff` between any two places, and checks by roles that may not do everything.

use crate::backend::{Backend, Home, Said};
use crate::conformance::scratch_databases;
use crate::servers::RoleGuard;
use crate::{Alone, OnBackend, OnServer};

pub const TESTS: &[OnBackend] = &[
    ("two_places_differ_in_what_was_changed_in_one", two_places_differ_in_what_was_changed_in_one),
    ("a_dump_is_the_database_that_it_is_of", a_dump_is_the_database_that_it_is_of),
    ("a_migrated_place_is_what_its_schema_makes", a_migrated_place_is_what_its_schema_makes),
    ("a_script_is_run_on_what_is_like_the_other_side", a_script_is_run_on_what_is_like_the_other_side),
    ("a_script_that_leaves_its_scratch_database_is_refused", a_script_that_leaves_its_scratch_database_is_refused),
    ("what_a_killed_comparison_leaves_is_swept_by_the_next", what_a_killed_comparison_leaves_is_swept_by_the_next),
    ("equal_fingerprints_are_equal_structure", equal_fingerprints_are_equal_structure),
    ("what_cannot_be_compared_is_said", what_cannot_be_compared_is_said),
];

pub const ALONE: &[Alone] =
    &[("a_mend_that_fails_in_a_shell_loses_nothing", a_mend_that_fails_in_a_shell_loses_nothing)];

pub const ON_SERVERS: &[OnServer] = &[
    ("another_character_set_is_drift", Backend::MariaDb, another_character_set_is_drift),
    ("an_owner_without_databases_finds_the_same", Backend::Postgres, an_owner_without_databases_finds_the_same),
    ("a_reader_finds_the_same_on_a_scratch_server", Backend::Postgres, a_reader_finds_the_same_on_postgres),
    ("a_reader_finds_the_same_on_a_scratch_server", Backend::MariaDb, a_reader_finds_the_same_on_mariadb),
    ("brickhouse_is_compared_by_a_scratch_server", Backend::Postgres, brickhouse_is_compared_by_a_scratch_server),
    ("grants_by_hand_are_shown_and_no_drift", Backend::Postgres, grants_by_hand_are_shown_and_no_drift),
    ("a_scratch_server_of_another_engine_is_refused", Backend::Postgres, a_scratch_server_of_another_engine_is_refused),
];

fn diff(home: &Home, from: &str, to: &str, code: i32) -> Said {
    Said::by(home.command("diff").args([from, to]), code)
}

fn two_places_differ_in_what_was_changed_in_one(home: &Home) {
    let other = Home::of(home.backend, home.schema);
    home.migrated();
    other.migrated();
    let said = diff(home, &home.place(), &other.place(), 0);
    assert!(said.out.contains("no drift (4 tables, 20 columns, "), "{}", said.out);
    other.sql(&["ALTER TABLE clients ADD COLUMN remark text"]);
    let said = diff(home, &home.place(), &other.place(), 1);
    assert!(said.out.contains("extra-column  clients.remark"), "{}", said.out);
    assert!(said.out.contains("loses "), "{}", said.out);
    let said = diff(home, &other.place(), &home.place(), 1);
    assert!(said.out.contains("missing-column  clients.remark"), "{}", said.out);
    let shown = said.out.lines().find_map(|line| line.trim().strip_prefix("mend")).expect("a statement that mends");
    home.takes_each(&[shown.trim().to_owned()]);
    diff(home, &other.place(), &home.place(), 0);
}

/// A dump is a script for the engine's own client.
fn a_dump_is_the_database_that_it_is_of(home: &Home) {
    for schema in kiln::retail::schemas() {
        a_dump_is_the_database_of(&Home::of(home.backend, schema.name()));
    }
}

fn a_dump_is_the_database_of(home: &Home) {
    home.migrated();
    let place = home.place();
    let dump = home.path("dump.sql");
    let (client, arguments) = match home.backend {
        Backend::Sqlite => ("sqlite3", format!("{} .schema", home.path("test.db").display())),
        Backend::Postgres => ("pg_dump", format!("--schema-only --dbname={}", home.url())),
        Backend::MariaDb => {
            let url = url::Url::parse(&home.url()).expect("a URL");
            let (host, port) = (url.host_str().expect("a host"), url.port().unwrap_or(3306));
            let user = url.username();
            ("mariadb-dump", format!("--host={host} --port={port} --user={user} --no-data {}", home.database))
        }
    };
    let password = url::Url::parse(&home.url()).ok().and_then(|url| url.password().map(str::to_owned));
    let dumped = home.program(client, &arguments).envs(password.map(|password| ("MYSQL_PWD", password))).output();
    let Ok(dumped) = dumped else {
        crate::corpus::say(&format!("{client} is not here: nothing to dump with"));
        return;
    };
    // SQLite's own tables are made by whoever opens the file.
    let text = String::from_utf8(dumped.stdout).expect("a dump is text");
    let own = |line: &&str| !line.starts_with("CREATE TABLE sqlite_");
    std::fs::write(&dump, text.lines().filter(own).collect::<Vec<_>>().join("\n")).expect("a file can be written");
    let whole = if home.backend == Backend::Postgres { home.url() } else { place };
    let said = diff(home, &whole, "dump.sql", 0);
    assert!(said.out.contains("no drift ("), "{}", said.out);
    let table = home.catalog().tables.into_keys().next().expect("a table");
    home.sql(&[&format!("ALTER TABLE {table} ADD COLUMN remark varchar(20)")]);
    let said = diff(home, "dump.sql", &whole, 1);
    assert!(said.out.contains("extra-column"), "{}", said.out);
    std::fs::write(&dump, "CREATE TABEL t (a int);").expect("a file can be written");
    let said = diff(home, "dump.sql", &whole, 4);
    assert!(said.err.contains("could not run dump.sql"), "{}", said.err);
}

fn a_migrated_place_is_what_its_schema_makes(home: &Home) {
    for schema in kiln::retail::schemas() {
        let home = Home::of(home.backend, schema.name());
        home.migrated();
        let said = diff(&home, home.schema, &home.place(), 0);
        assert!(said.out.contains("no drift ("), "{}", said.out);
    }
    let engine = home.backend.to_string();
    let said = Said::by(home.command("diff market demand --engine").arg(engine), 1);
    assert!(said.out.contains("missing-table  clients") && said.out.contains("extra-table  calendar"), "{}", said.out);
}

/// Where text has another collation than kiln gives it, and tables another namespace.
fn a_script_is_run_on_what_is_like_the_other_side(home: &Home) {
    let script = "CREATE TABLE shelves (code varchar(20) PRIMARY KEY, remark text);";
    std::fs::write(home.path("shelves.sql"), script).expect("a file can be written");
    let place = home.place();
    match home.backend {
        Backend::Sqlite => home.sql(&[script]),
        Backend::Postgres => home.sql(&["CREATE SCHEMA market", &script.replace("shelves", "market.shelves")]),
        Backend::MariaDb => {
            let collation = "ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_swedish_ci";
            home.sql(&[collation, script]);
        }
    }
    let said = diff(home, "shelves.sql", &place, 0);
    assert!(said.out.contains("no drift (1 table, 2 columns, "), "{}", said.out);
    // What names its namespace is compared where it says.
    if home.backend == Backend::Postgres {
        let script = format!("CREATE SCHEMA market; {}", script.replace("shelves", "market.shelves"));
        std::fs::write(home.path("shelves.sql"), script).expect("a file can be written");
        diff(home, "shelves.sql", &place, 0);
    }
    // An empty script makes nothing, and a dump of SQLite has the statistics of a server's build.
    std::fs::write(home.path("empty.sql"), "").expect("a file can be written");
    diff(home, "empty.sql", &place, 1);
    if home.backend == Backend::Sqlite {
        std::fs::write(home.path("shelves.sql"), format!("{script}\nINSERT INTO sqlite_stat4 VALUES (1);\n"))
            .expect("a file can be written");
        diff(home, "shelves.sql", &place, 0);
    }
    let place = Home::of(home.backend, "demand");
    if home.backend == Backend::MariaDb {
        place.sql(&["ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"]);
    }
    place.migrated();
    diff(home, "demand", &place.place(), 0);
}

/// A shell goes on after a failure.
fn a_mend_that_fails_in_a_shell_loses_nothing() {
    let [declared, home] = [Home::new(Backend::Sqlite), Home::new(Backend::Sqlite)];
    let table = "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, x integer, f real)";
    declared.sql(&[&format!("{} STRICT", table.replace("x integer", "x integer NOT NULL"))]);
    home.sql(&[table, "INSERT INTO t VALUES (1, 1, 1), (2, NULL, 2), (7, 3, 'three')"]);
    let document = diff_json(&declared, &home);
    let found = document["results"][0]["found"].as_array().expect("a list of findings");
    for found in found.iter().filter(|found| found["severity"] == "drift") {
        let statements = found["mend"]["statements"].as_array().expect("a list of statements");
        home.goes_through(statements.iter().map(|statement| statement.as_str().expect("a text")));
        assert_eq!(home.number("SELECT count(*) AS n FROM t"), 3, "{found}");
        assert_eq!(home.number("SELECT seq AS n FROM sqlite_sequence WHERE name = 't'"), 7, "{found}");
        assert_eq!(home.number("SELECT count(*) AS n FROM sqlite_schema"), 2, "{found}");
    }
    home.sql(&["UPDATE t SET x = 2, f = 2"]);
    let document = diff_json(&declared, &home);
    let statements = document["results"][0]["found"][0]["mend"]["statements"].as_array().expect("statements").clone();
    home.goes_through(statements.iter().map(|statement| statement.as_str().expect("a text")));
    assert!(diff(&declared, &declared.place(), &home.place(), 0).out.contains("no drift"));
    assert_eq!(home.number("SELECT sum(id) AS n FROM t"), 10);
    assert_eq!(home.number("SELECT seq AS n FROM sqlite_sequence WHERE name = 't'"), 7);
}

fn diff_json(declared: &Home, actual: &Home) -> serde_json::Value {
    let mut command = declared.command("diff --format json");
    Said::by(command.args([declared.place(), actual.place()]), 1).json()
}

/// Of several databases, or of one by its name: as `mariadb-dump --databases` and `pg_dump --create` write it.
fn a_script_that_leaves_its_scratch_database_is_refused(home: &Home) {
    if home.backend == Backend::Postgres {
        home.sql(&["CREATE SCHEMA market"]);
    }
    home.sql(&["CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)"]);
    let script = match home.backend {
        Backend::Sqlite => format!("ATTACH '{}' AS live; DROP TABLE live.t;", home.path("test.db").display()),
        Backend::Postgres => format!("\\connect {}\nDROP TABLE market.t;", home.database),
        Backend::MariaDb => format!("USE `{}`;\nDROP TABLE t;", home.database),
    };
    std::fs::write(home.path("dump.sql"), script).expect("a file can be written");
    let said = diff(home, "dump.sql", &home.place(), if home.backend == Backend::Sqlite { 4 } else { 2 });
    assert!(said.err.contains("reaches out of the scratch database") || said.err.contains("safe mode"), "{}", said.err);
    assert_eq!(home.number("SELECT count(*) AS n FROM t"), 1);
}

/// Two databases whose text is kept in other ways.
fn another_character_set_is_drift() {
    let [declared, actual] = [Home::new(Backend::MariaDb), Home::new(Backend::MariaDb)];
    actual.sql(&["ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_swedish_ci"]);
    for home in [&declared, &actual] {
        home.sql(&["CREATE TABLE t (a varchar(10), b int)"]);
    }
    let said = diff(&declared, &declared.place(), &actual.place(), 1);
    assert!(said.out.contains("column-type  t.a\n"), "{}", said.out);
    assert!(said.out.contains("varchar(10) collate latin1_swedish_ci"), "{}", said.out);
    assert!(!said.out.contains("t.b"), "{}", said.out);
}

fn what_a_killed_comparison_leaves_is_swept_by_the_next(home: &Home) {
    home.migrated();
    let slow = match home.backend {
        Backend::Sqlite => {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000) SELECT max(i) FROM n;"
        }
        Backend::Postgres => "SELECT pg_sleep(10);",
        Backend::MariaDb => "DO sleep(10);",
    };
    std::fs::create_dir(home.path("tmp")).expect("a folder can be made");
    std::fs::write(home.path("slow.sql"), slow).expect("a file can be written");
    std::fs::write(home.path("quick.sql"), "CREATE TABLE a (id integer);").expect("a file can be written");
    let command = |script: &str| {
        let mut command = home.command("diff");
        command.args([script, &home.place()]).env("TMPDIR", home.path("tmp")).stdout(std::process::Stdio::null());
        command
    };
    let mut killed = command("slow.sql").spawn().expect("it starts");
    let there = |processes: &[u32]| match home.backend {
        Backend::Sqlite => std::fs::read_dir(home.path("tmp")).expect("a folder").count(),
        _ => usize::try_from(scratch_databases(home, processes)).expect("a small number"),
    };
    while there(&[killed.id()]) == 0 {
        assert!(killed.try_wait().expect("a child can be asked").is_none(), "it ended before it was killed");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    killed.kill().expect("it can be killed");
    killed.wait().expect("it ends");
    let mut next = command("quick.sql").spawn().expect("it starts");
    assert_eq!(next.wait().expect("it ends").code(), Some(1));
    assert_eq!(there(&[killed.id(), next.id()]), 0);
}

fn equal_fingerprints_are_equal_structure(home: &Home) {
    let other = Home::of(home.backend, home.schema);
    let taken = |home: &Home| home.kiln("check market --fingerprint", 0).out;
    home.migrated();
    other.kiln("migrate up market --seed", 0);
    let fingerprint = taken(home);
    assert!(fingerprint.starts_with("market: ") && fingerprint.trim().len() == 72, "{fingerprint}");
    assert_eq!(fingerprint, taken(&other));
    other.sql(&["ALTER TABLE clients ADD COLUMN remark text"]);
    assert_ne!(fingerprint, taken(&other));
    Home::of(home.backend, home.schema).kiln("check market --fingerprint", 1);
}

fn what_cannot_be_compared_is_said(home: &Home) {
    home.migrated();
    let other = match home.backend {
        Backend::Sqlite => "postgres://nobody@localhost/nothing",
        _ => "sqlite:other.db",
    };
    let said = diff(home, &home.place(), other, 2);
    assert!(said.err.contains("two engines cannot be compared"), "{}", said.err);
    let said = diff(home, "nothing.sql", &home.place(), 2);
    assert!(said.err.contains("nothing.sql is neither a schema (market, demand, brickhouse, fashion)"), "{}", said.err);
}

/// What a check finds, without the lines that name the place.
fn findings(said: &Said) -> serde_json::Value {
    let result = &said.json()["results"][0];
    serde_json::json!([result["structure"], result["promises"], result["pending"]])
}

/// What a person's script grants after the migrations, as document 002 has it.
fn grants_by_hand_are_shown_and_no_drift() {
    let home = Home::of(Backend::Postgres, "brickhouse");
    home.migrated();
    let role = RoleGuard::new(
        &home,
        &[
            "GRANT CONNECT ON database DATABASE TO ROLE",
            "GRANT USAGE ON SCHEMA brickhouse, analytics TO ROLE",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA brickhouse TO ROLE",
            "GRANT SELECT ON ALL TABLES IN SCHEMA analytics TO ROLE",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA brickhouse TO ROLE",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA brickhouse GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ROLE",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA brickhouse GRANT USAGE, SELECT ON SEQUENCES TO ROLE",
        ],
    );
    let said = home.kiln("check brickhouse", 0);
    // What default privileges give is how the place is set up; the rest is shown.
    assert!(said.out.contains("brickhouse: no drift, 3 notes (5 tables, "), "{}", said.out);
    assert!(said.out.contains("grants-differ  analytics.order_trends  (note)"), "{}", said.out);
    home.kiln("check brickhouse --strict", 1);
    drop(role);
}

const CHANGES: &[&str] = &["ALTER TABLE clients ADD COLUMN remark text", "ALTER TABLE sales DROP COLUMN region"];

fn an_owner_without_databases_finds_the_same() {
    let home = Home::new(Backend::Postgres);
    let owner = RoleGuard::new(&home, &["GRANT CREATE ON database DATABASE TO ROLE"]);
    let run = |arguments: &str, code: i32| {
        Said::by(home.command(arguments).env("DATABASE_URL", owner.url("right-horse")), code)
    };
    run("migrate up market", 0);
    let said = run("check market --strict", 0);
    assert!(said.out.starts_with("market: no drift (4 tables, 20 columns, "), "{}", said.out);
    home.sql(CHANGES);
    let by_owner = findings(&run("check market --format json", 1));
    let by_superuser = findings(&home.kiln("check market --format json", 1));
    assert_eq!(by_owner, by_superuser);
    assert_eq!(home.number("SELECT count(*) AS n FROM pg_namespace WHERE nspname LIKE 'kiln%'"), 0);
}

fn a_reader_finds_the_same(home: &Home, grants: &[&str]) {
    home.migrated().sql(CHANGES);
    let reader = RoleGuard::new(home, grants);
    let check = |arguments: &str, code: i32| {
        Said::by(home.command(arguments).env("DATABASE_URL", reader.url("right-horse")), code)
    };
    let said = check("check market", 4);
    assert!(said.out.contains("structure not compared: "), "{}", said.out);
    assert!(said.out.contains("give --scratch-url"), "{}", said.out);
    assert!(said.out.contains("promised-column  sales.region"), "{}", said.out);
    let scratch = home.url();
    let mut command = home.command("check market --format json --scratch-url");
    let by_reader = Said::by(command.arg(&scratch).env("DATABASE_URL", reader.url("right-horse")), 1);
    let by_superuser = home.kiln("check market --format json", 1);
    assert_eq!(findings(&by_reader), findings(&by_superuser));
    let mut command = home.command("check market --format json");
    let command = command.env("KILN_SCRATCH_URL", &scratch).env("DATABASE_URL", reader.url("right-horse"));
    assert_eq!(findings(&Said::by(command, 1)), findings(&by_superuser));
}

fn a_reader_finds_the_same_on_postgres() {
    let grants = ["GRANT USAGE ON SCHEMA market TO ROLE", "GRANT SELECT ON ALL TABLES IN SCHEMA market TO ROLE"];
    a_reader_finds_the_same(&Home::new(Backend::Postgres), &grants);
}

fn a_reader_finds_the_same_on_mariadb() {
    a_reader_finds_the_same(&Home::new(Backend::MariaDb), &["GRANT SELECT, SHOW VIEW ON DATABASE.* TO ROLE"]);
}

/// What it owns in `analytics` cannot be rehearsed beside the live one.
fn brickhouse_is_compared_by_a_scratch_server() {
    let home = Home::of(Backend::Postgres, "brickhouse");
    let owner = RoleGuard::new(&home, &["GRANT CREATE ON database DATABASE TO ROLE"]);
    let url = owner.url("right-horse");
    Said::by(home.command("migrate up brickhouse").env("DATABASE_URL", &url), 0);
    let said = Said::by(home.command("check brickhouse").env("DATABASE_URL", &url), 4);
    assert!(said.out.contains("structure not compared: "), "{}", said.out);
    let mut check = home.command("check brickhouse --strict --scratch-url");
    let said = Said::by(check.arg(home.url()).env("DATABASE_URL", &url), 0);
    assert!(said.out.starts_with("brickhouse: no drift ("), "{}", said.out);
}

fn a_scratch_server_of_another_engine_is_refused() {
    let home = Home::new(Backend::Postgres);
    let mut check = home.migrated().command("check market --scratch-url");
    let said = Said::by(check.arg("mysql://root@127.0.0.1:3306/x"), 2);
    assert!(said.err.contains("--scratch-url is of MariaDB, and the place is PostgreSQL"), "{}", said.err);
}
