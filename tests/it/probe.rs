//! `check --probe`: what only a row shows that goes in and comes back.

use std::process::Stdio;
use std::time::{Duration, Instant};

use catalog::Kind;

use crate::backend::{Backend, Home, Said};
use crate::{OnBackend, OnSchema, promises};

pub const OF_SCHEMAS: &[OnSchema] = &[("a_row_goes_through_every_entity", a_row_goes_through_every_entity)];

pub const ON_MARKET: &[OnBackend] =
    &[("seeded_tables_keep_their_rows_and_get_no_other", seeded_tables_keep_their_rows_and_get_no_other)];

pub const TESTS: &[OnBackend] = &[
    ("rows_of_triggers_go_too", rows_of_triggers_go_too),
    ("a_value_that_is_changed_is_named_with_both_sides", a_value_that_is_changed_is_named_with_both_sides),
    ("a_default_masks_nothing", a_default_masks_nothing),
    ("a_row_that_does_not_decode_is_found", a_row_that_does_not_decode_is_found),
    ("a_refusal_is_told_in_the_servers_words", a_refusal_is_told_in_the_servers_words),
    ("a_condition_that_no_row_meets_is_no_failure", a_condition_that_no_row_meets_is_no_failure),
    ("a_parent_that_nobody_can_make_is_told", a_parent_that_nobody_can_make_is_told),
    ("what_a_rollback_would_leave_is_not_touched", what_a_rollback_would_leave_is_not_touched),
    ("a_killed_probe_leaves_nothing", a_killed_probe_leaves_nothing),
    ("production_is_not_probed", production_is_not_probed),
    ("every_kind_of_value_goes_in_and_comes_back", every_kind_of_value_goes_in_and_comes_back),
    ("the_truth_comes_back_too", the_truth_comes_back_too),
    ("a_domain_and_a_strange_type_are_understood_or_told", a_domain_and_a_strange_type_are_understood_or_told),
];

/// What the tests below find.
pub const PROVOKED: &[Kind] = &[Kind::ProbeRefused, Kind::ProbeUnreadable, Kind::ProbeDiffers];

fn count(home: &Home, table: &str) -> i64 {
    let cast = if home.backend == Backend::MariaDb { "SIGNED" } else { "bigint" };
    home.number(&format!("SELECT CAST(count(*) AS {cast}) AS n FROM {table}"))
}

fn counts(home: &Home) -> Vec<(String, i64)> {
    let tables: Vec<String> = home.catalog().tables.into_keys().collect();
    assert!(tables.len() > 4, "few tables say little: {tables:?}");
    tables.into_iter().map(|table| (table.clone(), count(home, &table))).collect()
}

fn a_row_goes_through_every_entity(home: &Home) {
    let before = counts(home.migrated());
    let json = home.kiln(&format!("check {} --probe --format json", home.schema), 0).json();
    let probe = &json["results"][0]["probe"];
    assert_eq!(probe["not_probed"], serde_json::json!([]), "{probe:#}");
    assert_eq!(probe["findings"], serde_json::json!([]));
    assert_eq!(probe["probed"], promised(home), "{probe:#}");
    assert_eq!(counts(home), before);
    let said = home.kiln(&format!("check {} --probe", home.schema), 0);
    assert!(said.out.ends_with(&format!("entities, probed {} tables)\n", promised(home))), "{}", said.out);
}

fn promised(home: &Home) -> usize {
    crate::retail::promises(home.schema, home.backend).len()
}

fn seeded_tables_keep_their_rows_and_get_no_other(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke", 0);
    let before = counts(home);
    let said = home.kiln("check market --probe", 0);
    assert!(said.out.ends_with("4 entities, probed 4 tables)\n"), "{}", said.out);
    assert_eq!(counts(home), before);
}

/// Two tables and the entities over them: `thing` and its `part`.
fn made(home: &Home) {
    let id = promises::id(home.backend);
    home.sql(&[
        &format!(
            "CREATE TABLE things ({id}, name varchar(50) NOT NULL UNIQUE, tier integer NOT NULL DEFAULT 1, \
             price decimal(10, 2) NOT NULL CHECK (price > 0), mood varchar(20), starts date NOT NULL, \
             ends date NOT NULL, CHECK (ends > starts))"
        ),
        &format!(
            "CREATE TABLE parts ({id}, thing_id integer NOT NULL, share double precision NOT NULL \
             CHECK (share >= 0 AND share <= 1), FOREIGN KEY (thing_id) REFERENCES things (id))"
        ),
    ]);
}

fn probe(home: &Home, code: i32) -> Said {
    promises::run(home, "probe", "check --probe", code)
}

/// What a trigger does to a new row of `things`: sets a column, or runs a statement.
fn trigger(home: &Home, set: Option<(&str, &str)>, statement: &str) {
    let set = |assigns: &str| set.map(|(column, value)| format!("NEW.{column} {assigns} {value};")).unwrap_or_default();
    let all = |set: String| format!("BEGIN {set} {statement} ");
    match home.backend {
        Backend::Sqlite => {
            let set = set("=").replace("NEW.", "");
            let set = if set.is_empty() {
                set
            } else {
                format!("UPDATE things SET {} WHERE id = NEW.id;", set.trim_end_matches(';'))
            };
            home.sql(&[&format!("CREATE TRIGGER meddler AFTER INSERT ON things {} END", all(set))]);
        }
        Backend::Postgres => home.sql(&[
            &format!(
                "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ {} RETURN NEW; END $$",
                all(set(":="))
            ),
            "CREATE TRIGGER meddler BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION meddle()",
        ]),
        Backend::MariaDb => home.sql(&[&format!(
            "CREATE TRIGGER meddler BEFORE INSERT ON things FOR EACH ROW {} END",
            all(if set("=").is_empty() { String::new() } else { format!("SET {}", set("=")) })
        )]),
    }
}

fn rows_of_triggers_go_too(home: &Home) {
    made(home);
    home.sql(&["CREATE TABLE notes_of_things (note varchar(50))"]);
    trigger(home, None, "INSERT INTO notes_of_things (note) VALUES (NEW.name);");
    let said = probe(home, 0);
    assert_eq!(said.out, "promises: no drift (2 entities, probed 2 tables)\n");
    for table in ["things", "parts", "notes_of_things"] {
        assert_eq!(count(home, table), 0, "{table}");
    }
}

fn a_value_that_is_changed_is_named_with_both_sides(home: &Home) {
    made(home);
    let name = if home.backend == Backend::Sqlite { "upper(name)" } else { "upper(NEW.name)" };
    trigger(home, Some(("name", name)), "");
    let said = probe(home, 1);
    assert!(said.out.contains("probe-differs  things.name  thing::Truth::name"), "{}", said.out);
    let side = |word: &str| {
        let line = said.out.lines().find(|line| line.trim_start().starts_with(word)).expect("a side");
        line.split('\'').nth(1).expect("a text").to_owned()
    };
    assert_ne!(side("promised"), side("actual"));
    assert_eq!(side("promised").to_uppercase(), side("actual"));
    assert!(said.out.contains("what the program writes is not what it reads"), "{}", said.out);
    assert_eq!(count(home, "things"), 0);
}

fn a_default_masks_nothing(home: &Home) {
    made(home);
    trigger(home, Some(("tier", "1")), "");
    let said = probe(home, 1);
    assert!(said.out.contains("probe-differs  things.tier  thing::Truth::tier"), "{}", said.out);
}

fn a_row_that_does_not_decode_is_found(home: &Home) {
    made(home);
    trigger(home, Some(("mood", "'odd'")), "");
    let said = probe(home, 1);
    assert!(said.out.contains("probe-unreadable  things"), "{}", said.out);
    assert!(said.out.contains("not probed  parts: it needs a row of things"), "{}", said.out);
}

fn a_refusal_is_told_in_the_servers_words(home: &Home) {
    made(home);
    trigger(home, None, "INSERT INTO nowhere (note) VALUES (NEW.name);");
    let said = probe(home, 1);
    assert!(said.out.contains("probe-refused  things  thing::Truth"), "{}", said.out);
    assert!(said.out.contains("nowhere"), "{}", said.out);
    assert_eq!(count(home, "things"), 0);
}

fn a_condition_that_no_row_meets_is_no_failure(home: &Home) {
    made(home);
    home.sql(&["DROP TABLE parts"]);
    let id = promises::id(home.backend);
    home.sql(&[&format!(
        "CREATE TABLE parts ({id}, thing_id integer NOT NULL, share double precision NOT NULL, \
         CONSTRAINT odd CHECK (share * share = 17 + thing_id * 0), FOREIGN KEY (thing_id) REFERENCES things (id))"
    )]);
    let said = probe(home, 0);
    assert!(said.out.contains("  not probed  parts: no row that was tried satisfies it: "), "{}", said.out);
    assert!(said.out.ends_with("promises: no drift (2 entities, probed 1 table)\n"), "{}", said.out);
    let json = promises::run(home, "probe", "check --probe --format json", 0).json();
    assert_eq!(json["results"][0]["probe"]["not_probed"][0]["table"], "parts");
}

fn a_parent_that_nobody_can_make_is_told(home: &Home) {
    made(home);
    let id = promises::id(home.backend);
    home.sql(&[
        "DROP TABLE parts",
        &format!("CREATE TABLE strangers ({id})"),
        &format!(
            "CREATE TABLE parts ({id}, thing_id integer NOT NULL, share double precision NOT NULL, \
             FOREIGN KEY (thing_id) REFERENCES things (id), FOREIGN KEY (thing_id) REFERENCES strangers (id))"
        ),
    ]);
    let said = probe(home, 0);
    let reason = "not probed  parts: it needs a row of strangers, which no entity can make before it";
    assert!(said.out.contains(reason), "{}", said.out);
}

fn what_a_rollback_would_leave_is_not_touched(home: &Home) {
    if home.backend != Backend::MariaDb {
        return;
    }
    made(home);
    home.sql(&["CREATE TABLE log_of_things (note varchar(50)) ENGINE=MyISAM"]);
    assert!(!probe(home, 0).out.contains("not probed"));
    trigger(home, None, "INSERT INTO log_of_things (note) VALUES (NEW.name);");
    let said = probe(home, 0);
    assert!(
        said.out.contains("not probed  things: its triggers may write to log_of_things, whose engine MyISAM"),
        "{}",
        said.out
    );
    home.sql(&["DROP TRIGGER meddler", "DROP TABLE parts", "ALTER TABLE things ENGINE=Aria"]);
    made_parts_without_a_key(home);
    let said = probe(home, 1);
    assert!(said.out.contains("not probed  things: its engine Aria keeps what is rolled back"), "{}", said.out);
    for table in ["things", "parts", "log_of_things"] {
        assert_eq!(count(home, table), 0, "{table}");
    }
}

fn made_parts_without_a_key(home: &Home) {
    let id = promises::id(home.backend);
    home.sql(&[&format!("CREATE TABLE parts ({id}, thing_id integer NOT NULL, share double precision NOT NULL)")]);
}

fn a_killed_probe_leaves_nothing(home: &Home) {
    let nap = match home.backend {
        // Nothing sleeps in it.
        Backend::Sqlite => return,
        Backend::Postgres => "PERFORM pg_sleep(20);",
        Backend::MariaDb => "DO sleep(20);",
    };
    made(home);
    let id = promises::id(home.backend);
    home.sql(&[&format!("CREATE TABLE sleepers ({id})")]);
    trigger(
        home,
        None,
        &format!("INSERT INTO sleepers VALUES (NULL); {nap}").replace(
            "VALUES (NULL)",
            if home.backend == Backend::Postgres { "DEFAULT VALUES" } else { "VALUES (NULL)" },
        ),
    );
    let mut command = promises::command(home, "probe", "check --probe");
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs");
    let asleep = match home.backend {
        Backend::Postgres => {
            "SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
        }
        _ => {
            "SELECT CAST(count(*) AS SIGNED) AS n FROM information_schema.PROCESSLIST \
             WHERE DB = database() AND STATE = 'User sleep'"
        }
    };
    let start = Instant::now();
    while home.number(asleep) == 0 {
        assert!(start.elapsed() < Duration::from_mins(1), "the probe gets to its trigger");
        std::thread::sleep(Duration::from_millis(50));
    }
    running.kill().expect("it can be killed");
    running.wait().expect("it ends");
    for table in ["things", "sleepers"] {
        assert_eq!(count(home, table), 0, "{table}");
    }
}

fn production_is_not_probed(home: &Home) {
    made(home);
    let mut command = promises::command(home, "probe", "check --probe");
    let said = Said::by(command.env("APP_ENV", "production"), 3);
    assert!(said.err.contains("APP_ENV is production, and --probe inserts rows"), "{}", said.err);
}

fn every_kind_of_value_goes_in_and_comes_back(home: &Home) {
    promises::made_of_kinds(home);
    let said = promises::run(home, "kinds", "check --probe", 0);
    assert_eq!(said.out, "promises: no drift (1 entity, probed 1 table)\n");
    // Its key is a day, of which there are few.
    for _ in 0..5 {
        promises::run(home, "kinds", "check --probe", 0);
    }
    assert_eq!(count(home, "kinds"), 0);
}

fn the_truth_comes_back_too(home: &Home) {
    promises::made(home);
    let json = promises::run(home, "truth", "check --probe --format json", 0).json();
    let probe = &json["results"][0]["probe"];
    assert_eq!(probe["not_probed"], serde_json::json!([{ "table": "seen_notes", "reason": "it is a view" }]));
    assert_eq!(probe["probed"], 18);
}

fn a_domain_and_a_strange_type_are_understood_or_told(home: &Home) {
    made(home);
    match home.backend {
        Backend::Sqlite => {}
        Backend::Postgres => {
            home.sql(&[
                "CREATE DOMAIN percent AS double precision CHECK (VALUE > 41.5 AND VALUE <= 42)",
                "ALTER TABLE parts DROP COLUMN share",
                "ALTER TABLE parts ADD COLUMN share percent NOT NULL",
            ]);
            assert_eq!(probe(home, 0).out, "promises: no drift (2 entities, probed 2 tables)\n");
            home.sql(&["ALTER TABLE things ALTER COLUMN mood TYPE inet USING NULL"]);
            let said = probe(home, 1);
            assert!(said.out.contains("probe-refused  things.mood  thing::Truth::mood"), "{}", said.out);
        }
        Backend::MariaDb => {
            home.sql(&["ALTER TABLE things MODIFY mood set('a', 'b') NOT NULL DEFAULT 'a'"]);
            let said = probe(home, 1);
            let reason = "not probed  things: no value of the type set('a','b') is known: ";
            assert!(said.out.contains(reason), "{}", said.out);
        }
    }
}
