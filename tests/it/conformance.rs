//! What every backend does alike: migrating up and down, and saying so.

use crate::OnBackend;
use crate::backend::{Backend, Home, Said};

pub const TESTS: &[OnBackend] = &[
    ("up_down_up_leaves_the_same_schema", up_down_up_leaves_the_same_schema),
    ("up_again_does_nothing_and_says_so", up_again_does_nothing_and_says_so),
    ("one_step_at_a_time_reaches_the_same_schema", one_step_at_a_time_reaches_the_same_schema),
    ("status_tells_applied_from_pending", status_tells_applied_from_pending),
    (
        "a_version_of_another_build_stops_everything_that_changes",
        a_version_of_another_build_stops_everything_that_changes,
    ),
    ("looking_creates_nothing", looking_creates_nothing),
    ("a_wrong_version_creates_nothing", a_wrong_version_creates_nothing),
    ("down_does_not_lose_rows_unasked", down_does_not_lose_rows_unasked),
    ("production_refuses_down", production_refuses_down),
    ("the_history_is_sea_orm_migrations_own", the_history_is_sea_orm_migrations_own),
    ("down_asks_nothing_about_tables_of_others", down_asks_nothing_about_tables_of_others),
    ("schemas_live_side_by_side_and_fresh_reaches_one", schemas_live_side_by_side_and_fresh_reaches_one),
    ("fresh_asks_before_rows_go", fresh_asks_before_rows_go),
    ("fresh_drops_whatever_there_is", fresh_drops_whatever_there_is),
    ("fresh_does_not_reach_outside", fresh_does_not_reach_outside),
    ("the_place_of_another_schema_is_refused", the_place_of_another_schema_is_refused),
    ("a_command_over_all_goes_on_past_one_that_is_refused", a_command_over_all_goes_on_past_one_that_is_refused),
    (
        "a_row_that_pointed_nowhere_before_stops_no_migration_on_sqlite",
        a_row_that_pointed_nowhere_before_stops_no_migration_on_sqlite,
    ),
    ("tables_without_their_history_are_a_finding", tables_without_their_history_are_a_finding),
    ("a_check_leaves_nothing_behind", a_check_leaves_nothing_behind),
    ("what_a_killed_check_leaves_is_swept_by_the_next", what_a_killed_check_leaves_is_swept_by_the_next),
    ("a_failed_command_is_one_json_document_too", a_failed_command_is_one_json_document_too),
];

const FIRST: &str = "m20250101_000001_create_clients_and_products";
const SECOND: &str = "m20250101_000002_create_sales_and_segments";

fn up_down_up_leaves_the_same_schema(home: &Home) {
    home.kiln("migrate up market", 0);
    let before = home.catalog();
    assert_eq!(before.tables.len(), 5, "four tables and the history: {:?}", before.tables.keys());
    home.kiln("migrate down market --all --confirm", 0);
    assert_eq!(home.catalog().tables.keys().collect::<Vec<_>>(), ["seaql_migrations"]);
    home.kiln("migrate up market", 0);
    assert_eq!(home.catalog(), before);
    home.kiln("check market", 0);
}

fn up_again_does_nothing_and_says_so(home: &Home) {
    home.migrated();
    let before = home.catalog();
    let said = home.kiln("migrate up market", 0);
    assert!(said.out.contains("market: nothing to apply, 2 of 2 migrations are applied"), "{}", said.out);
    assert_eq!(home.catalog(), before);
}

fn one_step_at_a_time_reaches_the_same_schema(home: &Home) {
    home.kiln("migrate up market -n 1", 0);
    let halfway = home.catalog();
    assert!(halfway.tables.contains_key("products") && !halfway.tables.contains_key("sales"));
    home.kiln(&format!("migrate up market --to {SECOND}"), 0);
    home.kiln("check market", 0);
    home.kiln("migrate down market --to m20250101_000001", 0);
    assert_eq!(home.catalog(), halfway);
    home.kiln("migrate down market", 0);
    home.kiln("migrate up market --to m20250101_000001", 0);
    assert_eq!(home.catalog(), halfway);
}

fn status_tells_applied_from_pending(home: &Home) {
    let standing = |said: &Said| -> Vec<String> {
        let json = said.json();
        let migrations = json["results"][0]["migrations"].as_array().expect("migrations").clone();
        migrations.iter().map(|migration| migration["state"].as_str().expect("a state").to_owned()).collect()
    };
    assert_eq!(standing(&home.kiln("migrate status market --format json", 0)), ["pending", "pending"]);
    home.kiln("migrate up market -n 1", 0);
    assert_eq!(standing(&home.kiln("migrate status market --format json --exit-code", 1)), ["applied", "pending"]);
    home.kiln("migrate up market", 0);
    assert_eq!(standing(&home.kiln("migrate status market --format json --exit-code", 0)), ["applied", "applied"]);
}

fn a_version_of_another_build_stops_everything_that_changes(home: &Home) {
    home.migrated().sql(&["INSERT INTO seaql_migrations VALUES ('m20990101_000001_later', 1)"]);
    for command in ["migrate up market", "migrate down market --confirm", "seed market"] {
        let said = home.kiln(command, 3);
        assert!(said.err.contains("m20990101_000001_later, which this build does not know"), "{}", said.err);
    }
    let said = home.kiln("migrate status market --exit-code", 1);
    assert!(said.out.contains("missing  m20990101_000001_later"), "{}", said.out);
    let said = home.kiln("check market", 1);
    assert!(said.out.contains("missing-migration  m20990101_000001_later"), "{}", said.out);
}

fn looking_creates_nothing(home: &Home) {
    for (command, code) in [
        ("schemas", 0),
        ("migrate status", 0),
        ("check", 0),
        ("check market", 1),
        ("migrate down market", 0),
        ("seed market", 3),
        ("seed market --dry-run", 3),
        ("seed market --status", 3),
    ] {
        home.each(command, code);
    }
    match home.backend {
        Backend::Sqlite => assert!(!home.path("market.db").exists()),
        Backend::Postgres => {
            assert_eq!(home.number("SELECT count(*) AS n FROM pg_namespace WHERE nspname = 'market'"), 0);
        }
        Backend::MariaDb => {
            let sql = "SELECT count(*) AS n FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE concat(database(), '\\_%')";
            assert_eq!(home.number(sql), 0);
        }
    }
}

fn a_wrong_version_creates_nothing(home: &Home) {
    let said = home.kiln("migrate up market --to m2025010_1", 2);
    assert!(said.err.contains("market has no migration m2025010_1; did you mean m2025"), "{}", said.err);
    assert!(home.catalog().tables.is_empty());
}

fn down_does_not_lose_rows_unasked(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke", 0);
    let before = home.catalog();
    let said = home.kiln("migrate down market", 3);
    let losses = "would lose table customer_segments (9 rows), table sales (100 rows); give --confirm to do it";
    assert!(said.err.contains(losses), "{}", said.err);
    assert_eq!(home.catalog(), before);
    home.kiln("migrate down market --confirm", 0);
    assert!(!home.catalog().tables.contains_key("sales"));
}

fn production_refuses_down(home: &Home) {
    home.migrated();
    let before = home.catalog();
    let said = Said::by(home.command("migrate down market --confirm").env("APP_ENV", "production"), 3);
    assert!(said.err.contains("APP_ENV is production"), "{}", said.err);
    assert_eq!(home.catalog(), before);
    let mut allowed = home.command("migrate down market --confirm");
    Said::by(allowed.env("APP_ENV", "production").env("SEEDER_ALLOW_PRODUCTION", "true"), 0);
}

/// Has sea-orm-migration itself do what kiln would do next, both ways.
fn the_history_is_sea_orm_migrations_own(home: &Home) {
    use migration::market::Migrator;
    use sea_orm_migration::MigratorTrait;

    home.kiln("migrate up market -n 1", 0);
    crate::backend::runtime().block_on(async {
        let db = home.connect().await;
        let pending = Migrator::get_pending_migrations_read_only(&db).await.expect("it reads kiln's history");
        assert_eq!(pending.iter().map(sea_orm_migration::Migration::name).collect::<Vec<_>>(), [SECOND]);
        Migrator::up(&db, None).await.expect("it goes on where kiln stopped");
        db.close().await.expect("a connection closes");
    });
    let said = home.kiln("migrate status market", 0);
    assert!(said.out.contains("market: 2 applied, 0 pending, 0 missing"), "{}", said.out);
    assert!(said.out.contains(FIRST));
    home.kiln("check market", 0);
}

fn a_check_leaves_nothing_behind(home: &Home) {
    home.migrated();
    // What a killed run leaves: a database of which nobody holds the lock.
    match home.backend {
        Backend::Sqlite => {}
        Backend::Postgres => {
            let oid = home.number("SELECT oid::bigint AS n FROM pg_database WHERE datname = current_database()");
            home.sql(&[&format!("CREATE DATABASE kiln_scratch_{oid}_1_1_0")]);
        }
        Backend::MariaDb => home.sql(&["CREATE DATABASE IF NOT EXISTS kiln_scratch_1_1_0"]),
    }
    let mut check = home.command("check market").stdout(std::process::Stdio::null()).spawn().expect("it starts");
    let process = check.id();
    assert!(check.wait().expect("it ends").success());
    assert_eq!(scratch_databases(home, &[process]), 0);
}

/// Killed at moments that are spread over the time that a check takes, with its replay in the middle.
fn what_a_killed_check_leaves_is_swept_by_the_next(home: &Home) {
    const KILLED: u32 = 8;
    let home = Home::of(home.backend, "demand");
    home.migrated();
    let start = std::time::Instant::now();
    home.kiln("check demand", 0);
    let whole = start.elapsed();
    let mut processes = Vec::new();
    for part in 1..=KILLED {
        let mut check = home.command("check demand").stdout(std::process::Stdio::null()).spawn().expect("it starts");
        processes.push(check.id());
        std::thread::sleep(whole * part / (KILLED + 1));
        check.kill().expect("it can be killed");
        check.wait().expect("it ends");
    }
    until_they_are_gone(&home, &processes);
    let mut last =
        home.command("check demand --strict").stdout(std::process::Stdio::null()).spawn().expect("it starts");
    processes.push(last.id());
    assert!(last.wait().expect("it ends").success());
    assert_eq!(scratch_databases(&home, &processes), 0);
}

/// Waits until the server has ended what killed programs asked for last: a database appears when it is made.
fn until_they_are_gone(home: &Home, processes: &[u32]) {
    let at_work = match home.backend {
        Backend::Sqlite => return,
        Backend::Postgres => "SELECT count(*) AS n FROM pg_stat_activity \
                              WHERE datname = current_database() AND pid <> pg_backend_pid()"
            .to_owned(),
        // The connections that make a scratch database and hold its lock are in no database.
        Backend::MariaDb => {
            let any = |column: &str| {
                let of = |process: &u32| format!("{column} LIKE '%kiln\\_scratch\\_{process:x}\\_%'");
                processes.iter().map(of).collect::<Vec<_>>().join(" OR ")
            };
            format!(
                "SELECT (SELECT count(*) FROM information_schema.PROCESSLIST WHERE ID <> connection_id() AND ({})) \
                 + (SELECT count(*) FROM information_schema.SCHEMATA WHERE ({}) \
                    AND IS_USED_LOCK(SCHEMA_NAME) IS NOT NULL) AS n",
                any("INFO"),
                any("SCHEMA_NAME")
            )
        }
    };
    let start = std::time::Instant::now();
    while home.number(&at_work) > 0 {
        assert!(start.elapsed() < std::time::Duration::from_mins(1), "a killed program is still at work");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// How many scratch databases there are of this home, or of these processes where a name does not tell the home.
pub fn scratch_databases(home: &Home, processes: &[u32]) -> i64 {
    match home.backend {
        Backend::Sqlite => 0,
        Backend::Postgres => home.number(
            "SELECT count(*) AS n FROM pg_database WHERE datname LIKE 'kiln\\_scratch\\_' || \
             (SELECT oid::text FROM pg_database WHERE datname = current_database()) || '\\_%'",
        ),
        Backend::MariaDb => {
            let of = |process: &u32| format!("OR SCHEMA_NAME LIKE 'kiln\\_scratch\\_{process:x}\\_%'");
            home.number(&format!(
                "SELECT count(*) AS n FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'kiln_scratch_1_1_0' {}",
                processes.iter().map(of).collect::<String>()
            ))
        }
    }
}

/// Tables that no migration made are nobody's to lose.
fn down_asks_nothing_about_tables_of_others(home: &Home) {
    home.migrated().sql(&["CREATE TABLE of_others (id integer)", "INSERT INTO of_others VALUES (1)"]);
    home.kiln("migrate down market --all", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM of_others"), 1);
}

fn a_failed_command_is_one_json_document_too(home: &Home) {
    let said = home.kiln("seed market --format json", 3);
    let json = said.json();
    assert_eq!(json["version"], 1);
    assert_eq!(json["command"], "seed market");
    assert_eq!(json["exit_code"], 3);
    assert!(json["error"].as_str().expect("an error").contains("kiln migrate up market --seed"));
}

fn schemas_live_side_by_side_and_fresh_reaches_one(home: &Home) {
    home.each("migrate up", 0);
    home.each("check --strict", 0);
    let insert = [
        ("market", "INSERT INTO clients (client_name, industry) VALUES ('x', 'y')"),
        ("demand", "INSERT INTO store (code, name) VALUES ('x', 'y')"),
        (
            "brickhouse",
            "INSERT INTO products (product_name, brand, category, package_size, unit_price) VALUES ('x', 'x', 'x', 'x', 1)",
        ),
        ("fashion", "INSERT INTO store_clusters (cluster_id, cluster_name, fashion_tier) VALUES ('x', 'x', 'VALUE')"),
    ];
    let before: Vec<_> = insert
        .iter()
        .map(|(schema, statement)| {
            home.sql_of(schema, statement);
            (*schema, home.catalog_of(schema))
        })
        .collect();
    let said = home.each("migrate fresh demand", 3);
    assert!(said.err.contains("would lose table store (1 row); give --confirm"), "{}", said.err);
    home.each("migrate fresh demand --confirm", 0);
    let said = home.each("migrate fresh brickhouse --confirm --seed", 0);
    assert!(said.err.contains("brickhouse has no seeder, so it is not seeded"), "{}", said.err);
    for (schema, before) in before {
        assert_eq!(home.catalog_of(schema), before, "{schema}");
    }
    let rows: Vec<_> = home.each("schemas --format json", 0).json()["results"][0]
        .as_array()
        .expect("a list")
        .iter()
        .map(|known| (known["schema"].as_str().expect("a name").to_owned(), known["rows"].as_i64()))
        .collect();
    let expected = [("market", 1), ("demand", 0), ("brickhouse", 0), ("fashion", 1)];
    assert_eq!(rows, expected.map(|(schema, rows)| (schema.to_owned(), Some(rows))));
    home.each("check", 0);
}

fn fresh_asks_before_rows_go(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke", 0);
    home.sql(&["CREATE TABLE of_nobody (id integer)", "INSERT INTO of_nobody VALUES (1)"]);
    let before = home.catalog();
    let said = home.kiln("migrate fresh market", 3);
    assert!(
        said.err.contains("table of_nobody (1 row)") && said.err.contains("table sales (100 rows)"),
        "{}",
        said.err
    );
    let mut production = home.command("migrate fresh market --confirm");
    Said::by(production.env("APP_ENV", "production"), 3);
    assert_eq!(home.catalog(), before);
    let said = home.kiln("migrate fresh market --confirm --seed", 0);
    assert!(said.out.contains("2 of 2 migrations are applied") && said.out.contains("Quarterly sales"), "{}", said.out);
    assert!(!home.catalog().tables.contains_key("of_nobody"));
    home.kiln("seed market --verify", 0);
}

/// What others have built on top of market: how, how it is named, and what takes it away.
type Outside = (&'static [&'static str], &'static str, &'static [&'static str]);

fn outside(backend: Backend) -> &'static [Outside] {
    match backend {
        Backend::Sqlite => &[],
        Backend::Postgres => &[
            (&["CREATE VIEW others.v AS SELECT * FROM clients"], "view others.v", &["DROP VIEW others.v"]),
            (
                &["CREATE TABLE others.t (id integer REFERENCES clients)"],
                "constraint t_id_fkey on table others.t",
                &["DROP TABLE others.t"],
            ),
            (
                &["CREATE COLLATION german (locale = 'C')", "CREATE TABLE others.t (name text COLLATE german)"],
                "column name of table others.t",
                &["DROP TABLE others.t"],
            ),
            (
                &[
                    "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
                    "CREATE EVENT TRIGGER watching ON sql_drop EXECUTE FUNCTION watch()",
                ],
                "event trigger watching",
                &["DROP EVENT TRIGGER watching"],
            ),
            (
                &[
                    "CREATE FUNCTION same(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                    "CREATE OPERATOR others.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = same)",
                ],
                "operator others.===(integer,integer)",
                &["DROP OPERATOR others.=== (integer, integer)"],
            ),
            (
                &[
                    "CREATE TABLE parts (id integer) PARTITION BY LIST (id)",
                    "CREATE TABLE others.t PARTITION OF parts FOR VALUES IN (1)",
                ],
                "table others.t",
                &["DROP TABLE others.t"],
            ),
            (
                &["CREATE STATISTICS others.s ON client_name, industry FROM clients"],
                "statistics object others.s",
                &["DROP STATISTICS others.s"],
            ),
            (
                &[
                    "CREATE TYPE others.a AS (x integer)",
                    "CREATE FUNCTION number(others.a) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                    "CREATE CAST (others.a AS integer) WITH FUNCTION number(others.a)",
                ],
                "cast from others.a to integer",
                &["DROP CAST (others.a AS integer)"],
            ),
            (
                &["CREATE SEQUENCE numbers", "CREATE TABLE others.t (id bigint DEFAULT nextval('numbers'))"],
                "default value for column id of table others.t",
                &["DROP TABLE others.t"],
            ),
        ],
        Backend::MariaDb => &[
            (
                &["CREATE TABLE OTHERS.t (id integer, FOREIGN KEY (id) REFERENCES HERE.clients (client_id))"],
                "foreign key t_ibfk_1 of OTHERS.t",
                &["DROP TABLE OTHERS.t"],
            ),
            (&["CREATE VIEW OTHERS.v AS SELECT * FROM HERE.clients"], "view OTHERS.v", &["DROP VIEW OTHERS.v"]),
        ],
    }
}

/// It is not fresh's to drop, nor to leave pointing nowhere.
fn fresh_does_not_reach_outside(home: &Home) {
    home.migrated();
    let others = format!("{}_demand", home.database);
    let placed = |text: &&str| text.replace("OTHERS", &others).replace("HERE", &home.database);
    let run = |statements: &[&str]| {
        let statements: Vec<String> = statements.iter().map(placed).collect();
        home.sql(&statements.iter().map(String::as_str).collect::<Vec<_>>());
    };
    match home.backend {
        Backend::Sqlite => {}
        Backend::Postgres => run(&["CREATE SCHEMA others"]),
        Backend::MariaDb => run(&["CREATE DATABASE OTHERS"]),
    }
    for (make, named, remove) in outside(home.backend) {
        let clean = home.catalog();
        run(make);
        let before = home.catalog();
        let said = home.kiln("migrate fresh market --confirm", 3);
        assert!(said.err.contains(&placed(named)) && said.err.contains("drop that first"), "{named}: {}", said.err);
        assert_eq!(home.catalog(), before);
        run(remove);
        home.kiln("migrate fresh market --confirm", 0);
        assert_eq!(home.catalog(), clean);
    }
}

/// Objects of every kind that a namespace can hold, in circles and on top of each other.
fn whatever(backend: Backend) -> &'static [&'static str] {
    match backend {
        Backend::Sqlite => &[
            "CREATE VIRTUAL TABLE words USING fts5(word)",
            "CREATE VIEW seen AS SELECT * FROM clients",
            "CREATE VIEW seen_again AS SELECT * FROM seen",
            "CREATE TRIGGER closed INSTEAD OF INSERT ON seen BEGIN SELECT 1; END",
            "CREATE TABLE hens (id integer PRIMARY KEY, egg integer REFERENCES eggs (id))",
            "CREATE TABLE eggs (id integer PRIMARY KEY, hen integer REFERENCES hens (id))",
            "CREATE TABLE \"odd \"\"name\" (id integer)",
            "ANALYZE",
        ],
        Backend::Postgres => &[
            "CREATE TYPE mood AS ENUM ('calm', 'wild')",
            "CREATE DOMAIN positive AS integer CHECK (value > 0)",
            "CREATE TYPE pair AS (a integer, b text)",
            "CREATE FUNCTION number(pair) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            "CREATE CAST (pair AS integer) WITH FUNCTION number(pair)",
            "CREATE TYPE span AS RANGE (subtype = float8)",
            "CREATE SEQUENCE numbers",
            "CREATE TABLE \"odd \"\"name\" (id integer DEFAULT nextval('numbers'), a mood, b positive, c pair, d span)",
            "CREATE TABLE parts (id integer, day date) PARTITION BY RANGE (day)",
            "CREATE TABLE parts_2020 PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
            "CREATE FUNCTION all_clients() RETURNS SETOF clients LANGUAGE sql AS 'SELECT * FROM market.clients'",
            "CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1'",
            "CREATE AGGREGATE total(integer) (sfunc = int4pl, stype = integer)",
            "CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'",
            "CREATE TRIGGER passing BEFORE INSERT ON clients FOR EACH ROW EXECUTE FUNCTION pass()",
            "CREATE VIEW seen AS SELECT * FROM clients",
            "CREATE MATERIALIZED VIEW kept AS SELECT * FROM seen",
            "CREATE VIEW seen_again AS SELECT * FROM kept",
            "CREATE TABLE hens (id integer PRIMARY KEY, egg integer)",
            "CREATE TABLE eggs (id integer PRIMARY KEY, hen integer REFERENCES hens)",
            "ALTER TABLE hens ADD FOREIGN KEY (egg) REFERENCES eggs",
            "CREATE COLLATION plain (locale = 'C')",
            "CREATE STATISTICS both_columns ON region, date FROM sales",
            "CREATE POLICY all_rows ON sales",
            "CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq)",
            "CREATE TEXT SEARCH CONFIGURATION words (COPY = english)",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA market GRANT SELECT ON TABLES TO PUBLIC",
        ],
        Backend::MariaDb => &[
            "CREATE TABLE hens (id integer PRIMARY KEY, egg integer)",
            "CREATE TABLE eggs (id integer PRIMARY KEY, hen integer, FOREIGN KEY (hen) REFERENCES hens (id))",
            "ALTER TABLE hens ADD FOREIGN KEY (egg) REFERENCES eggs (id)",
            "CREATE SEQUENCE numbers",
            "CREATE TABLE `odd ``name` (id integer DEFAULT nextval(numbers))",
            "CREATE PROCEDURE nothing() SELECT 1",
            "CREATE FUNCTION one() RETURNS integer RETURN 1",
            "CREATE VIEW seen AS SELECT one()",
            "CREATE VIEW seen_again AS SELECT * FROM seen",
            "CREATE EVENT daily ON SCHEDULE EVERY 1 DAY DO SELECT 1",
            "CREATE TABLE remembered (id integer) WITH SYSTEM VERSIONING",
            "CREATE TRIGGER passing BEFORE INSERT ON hens FOR EACH ROW SET new.egg = NULL",
        ],
    }
}

fn fresh_drops_whatever_there_is(home: &Home) {
    let before = home.migrated().objects();
    home.sql(whatever(home.backend));
    home.kiln("check market", 1);
    home.kiln("migrate fresh market --confirm", 0);
    assert_eq!(home.objects(), before);
    home.kiln("check market --strict", 0);
}

fn the_place_of_another_schema_is_refused(home: &Home) {
    let url = home.url();
    // On PostgreSQL two schemas share a database, so a place is a PostgreSQL schema there.
    let schema = if home.backend == Backend::Postgres { " --database-schema market" } else { "" };
    home.migrated();
    let before = home.catalog();
    for command in
        ["migrate up fashion", "migrate fresh fashion --confirm", "migrate down fashion --all", "check fashion"]
    {
        let said = home.kiln(&format!("{command} --database-url {url}{schema}"), 3);
        assert!(said.err.contains("is the place of market, as its history says, and not of fashion"), "{}", said.err);
        assert_eq!(home.catalog(), before);
    }
    home.sql(&["INSERT INTO seaql_migrations VALUES ('m20990101_000001_later', 1)"]);
    let said = home.kiln("migrate fresh market", 3);
    assert!(
        said.err.contains("has m20990101_000001_later, which this build does not know; give --confirm"),
        "{}",
        said.err
    );
    home.kiln("migrate fresh market --confirm", 0);
    assert_eq!(home.catalog(), before);
}

fn a_command_over_all_goes_on_past_one_that_is_refused(home: &Home) {
    // market's place holds demand.
    let [market, demand] = ["market", "demand"].map(|schema| home.url_of_each().replace("{schema}", schema));
    assert!(home.backend == Backend::Postgres || market != demand);
    let schema = if home.backend == Backend::Postgres { " --database-schema market" } else { "" };
    home.kiln(&format!("migrate up demand --database-url {market}{schema}"), 0);
    let said = home.each("migrate up", 3);
    assert!(said.out.contains("market: left out: ") && said.out.contains("is the place of demand"), "{}", said.out);
    assert!(said.out.contains("fashion: 7 of 7 migrations are applied"), "{}", said.out);
    let said = home.each("check --format json", 3).json();
    assert_eq!(said["results"].as_array().map(Vec::len), Some(4));
    assert!(said["results"][0]["refused"].is_string());
    assert_eq!(said["results"][3]["holds"], true);
    let said = home.each("migrate status", 3);
    assert!(said.out.contains("fashion: 7 applied"), "{}", said.out);
}

fn tables_without_their_history_are_a_finding(home: &Home) {
    home.each("migrate up market demand", 0);
    home.each("check", 0);
    home.sql_of("market", "DELETE FROM seaql_migrations");
    for command in ["check", "check market"] {
        let said = home.each(command, 1);
        assert!(said.out.contains("market: 4 of its tables are there, and no history of them"), "{}", said.out);
    }
}

/// A migration answers for what it breaks itself; the other engines enforce their keys at all times.
fn a_row_that_pointed_nowhere_before_stops_no_migration_on_sqlite(home: &Home) {
    if home.backend != Backend::Sqlite {
        return;
    }
    home.kiln("migrate up market -n 1", 0);
    home.sql(&[
        "PRAGMA foreign_keys = OFF",
        "INSERT INTO products (client_id, product_name, category, brand, price) VALUES (7, 'p', 'c', 'b', 1)",
    ]);
    home.kiln("migrate up market", 0);
    home.kiln("check market", 0);
}
