//! References to what is gone: refused before they are committed, and found where they are left.

use catalog::Kind;

use crate::OnBackend;
use crate::backend::{Backend, Home};
use crate::script::{self, Migration, migration};

pub const TESTS: &[OnBackend] = &[
    ("a_migration_that_leaves_a_reference_to_nothing_is_refused", what_points_to_nothing_is_refused),
    ("a_reference_to_what_comes_later_is_legal", a_reference_to_what_comes_later_is_legal),
    ("what_was_broken_before_is_not_blamed_on_a_migration", what_was_broken_before_is_not_blamed),
    ("a_check_finds_what_points_to_nothing", a_check_finds_what_points_to_nothing),
    ("a_table_may_be_rebuilt_under_its_references", a_table_may_be_rebuilt),
    ("a_trigger_that_fires_itself_is_looked_at", a_trigger_that_fires_itself_is_looked_at),
];

/// What these tests provoke.
pub const PROVOKED: &[Kind] = &[Kind::DanglingReference];

/// A parent, a child of it without rows, a view, and on SQLite a trigger.
fn base(backend: Backend) -> Migration {
    let mut up = vec![
        "CREATE TABLE p (id integer PRIMARY KEY, code varchar(10) UNIQUE)",
        "CREATE TABLE c (id integer PRIMARY KEY, p_id integer, FOREIGN KEY (p_id) REFERENCES p (id))",
        "CREATE TABLE log (n integer)",
        "CREATE TABLE t (id integer PRIMARY KEY)",
        "CREATE VIEW v AS SELECT n FROM log",
        "CREATE VIEW w AS SELECT n FROM v",
    ];
    if backend == Backend::Sqlite {
        up.push("CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.id); END");
    }
    let down = ["DROP VIEW w", "DROP VIEW v", "DROP TABLE t", "DROP TABLE log", "DROP TABLE c", "DROP TABLE p"];
    migration("m1_base", &up, &down)
}

/// Migrations that leave something pointing to nothing, and a word of what is refused.
fn breaking(backend: Backend) -> &'static [(&'static [&'static str], &'static str)] {
    match backend {
        Backend::Sqlite => &[
            (
                &[
                    "ALTER TABLE p RENAME TO o",
                    "CREATE TABLE p (id integer PRIMARY KEY, code varchar(10) UNIQUE)",
                    "INSERT INTO p SELECT id, code FROM o",
                    "DROP TABLE o",
                ],
                "c (p_id): no table o",
            ),
            (&["DROP TABLE p"], "c (p_id): no table p"),
            (&["CREATE TABLE q (id integer)", "DROP TABLE p", "ALTER TABLE q RENAME TO P"], "no unique key p (id)"),
            (&["DROP TABLE log"], "view v: no table: main.log"),
            (&["DROP TABLE log"], "view w: no table: main.log"),
            (&["DROP TABLE log", "DROP VIEW v", "DROP VIEW w"], "insert triggers of t: no table: main.log"),
            (&["DROP VIEW v"], "view w: no table: main.v"),
        ],
        Backend::MariaDb => &[
            (&["SET foreign_key_checks = 0", "DROP TABLE p"], "c (p_id): no table p"),
            (&["DROP TABLE log"], "view v: no table, column or function"),
            (&["ALTER TABLE log DROP COLUMN n, ADD COLUMN m integer"], "view v: no table, column or function"),
        ],
        // PostgreSQL refuses each of these itself.
        Backend::Postgres => &[(&["DROP TABLE p"], "depend"), (&["DROP TABLE log"], "depend")],
    }
}

fn what_points_to_nothing_is_refused(home: &Home) {
    for (statements, said) in breaking(home.backend) {
        for transaction in [None, Some(false)] {
            let home = Home::of(home.backend, home.schema);
            let breaks = Migration { transaction, ..migration("m2_breaks", statements, &[]) };
            let migrations = [base(home.backend), breaks];
            script::run(&home, &migrations[..1], "migrate up", 0);
            let before = home.fingerprint();
            let failed = script::run(&home, &migrations, "migrate up", if said == &"depend" { 4 } else { 3 });
            assert!(failed.err.contains(said), "{}", failed.err);
            assert_eq!(home.texts("SELECT version AS t FROM seaql_migrations"), ["m1_base"]);
            if home.backend == Backend::Sqlite && transaction.is_none() {
                assert_eq!(home.fingerprint(), before, "nothing of it is committed");
            }
            // A replay refuses what a run refuses.
            let verified = script::run(&Home::of(home.backend, home.schema), &migrations, "migrate verify script", 1);
            assert!(verified.out.contains("failing") && verified.out.contains(said), "{}", verified.out);
        }
    }
    // The way down is watched too.
    if home.backend == Backend::Sqlite {
        let half = migration("m1_half", &["CREATE TABLE p (id integer PRIMARY KEY)"], &["DROP TABLE p"]);
        let child =
            migration("m0_child", &["CREATE TABLE c (id integer PRIMARY KEY, p_id integer REFERENCES p (id))"], &[]);
        let migrations = [child, half];
        script::run(home, &migrations, "migrate up", 0);
        let failed = script::run(home, &migrations, "migrate down script", 3);
        assert!(failed.err.contains("c (p_id): no table p"), "{}", failed.err);
        assert!(home.catalog().tables.contains_key("p"));
    }
}

fn a_reference_to_what_comes_later_is_legal(home: &Home) {
    let child = match home.backend {
        Backend::Sqlite => "CREATE TABLE c (id integer PRIMARY KEY, p_id integer REFERENCES p (id))",
        // The servers make a foreign key only to what is there, unless they are told not to look.
        Backend::MariaDb => {
            "SET foreign_key_checks = 0; CREATE TABLE c (id integer PRIMARY KEY, p_id integer, \
             FOREIGN KEY (p_id) REFERENCES p (id))"
        }
        Backend::Postgres => return,
    };
    let migrations = [
        migration("m1_child", &[child], &["DROP TABLE c"]),
        migration("m2_parent", &["CREATE TABLE p (id integer PRIMARY KEY)"], &[]),
    ];
    script::run(home, &migrations, "migrate up", 0);
    script::run(home, &migrations, "check", 0);
}

fn what_was_broken_before_is_not_blamed(home: &Home) {
    let other = migration("m2_other", &["CREATE TABLE other (id integer)"], &["DROP TABLE other"]);
    let migrations = [base(home.backend), other];
    script::run(home, &migrations[..1], "migrate up", 0);
    match home.backend {
        Backend::Sqlite => home.sql(&[
            "PRAGMA foreign_keys = OFF",
            "INSERT INTO c VALUES (1, 77), (2, 78)",
            "CREATE TABLE lost (id integer, p_id integer REFERENCES nowhere (id))",
            "INSERT INTO lost VALUES (1, 1)",
            "CREATE TABLE askew (code varchar(10) REFERENCES log (n))",
            "INSERT INTO askew VALUES (1)",
            "CREATE VIEW broken AS SELECT * FROM missing",
        ]),
        Backend::MariaDb => home.sql(&["SET foreign_key_checks = 0", "INSERT INTO c VALUES (1, 77)", "DROP TABLE log"]),
        Backend::Postgres => return,
    }
    script::run(home, &migrations, "migrate up", 0);
    script::run(home, &migrations, "migrate down script", 0);
    if home.backend == Backend::Sqlite {
        let more = migration("m2_other", &["INSERT INTO c VALUES (3, 79)"], &[]);
        let failed = script::run(home, &[base(home.backend), more], "migrate up", 3);
        assert!(failed.err.contains("it leaves 1 row of c that points to no row of p"), "{}", failed.err);
    }
}

fn a_check_finds_what_points_to_nothing(home: &Home) {
    let migrations = [base(home.backend)];
    script::run(home, &migrations, "migrate up", 0);
    let expected = match home.backend {
        Backend::Sqlite => {
            home.sql(&[
                "PRAGMA foreign_keys = OFF",
                "PRAGMA legacy_alter_table = ON",
                "DROP TABLE p",
                "DROP TABLE log",
            ]);
            &["c (p_id)", "insert triggers of t", "view v", "view w"][..]
        }
        Backend::MariaDb => {
            home.sql(&["SET foreign_key_checks = 0", "DROP TABLE p", "DROP TABLE log"]);
            &["c (p_id)", "view v", "view w"]
        }
        Backend::Postgres => return,
    };
    let json = script::run(home, &migrations, "check --format json", 1).json();
    let found = json["results"][0]["structure"].as_array().expect("what differs");
    let found: Vec<&str> = found
        .iter()
        .filter(|finding| finding["code"] == "dangling-reference")
        .map(|finding| finding["object"].as_str().expect("an object"))
        .collect();
    assert_eq!(found, expected);
}

fn a_table_may_be_rebuilt(home: &Home) {
    if home.backend != Backend::Sqlite {
        return;
    }
    let steps = [
        "CREATE TABLE p_new (id integer PRIMARY KEY, code varchar(20) UNIQUE)",
        "INSERT INTO p_new SELECT id, code FROM p",
        "DROP TABLE p",
        "ALTER TABLE p_new RENAME TO p",
    ];
    for transaction in [None, Some(false)] {
        let home = Home::of(home.backend, home.schema);
        let migrations = [base(home.backend), Migration { transaction, ..migration("m2_rebuilt", &steps, &steps) }];
        script::run(&home, &migrations, "migrate up", 0);
        home.sql(&["INSERT INTO p VALUES (1, 'a')", "INSERT INTO c VALUES (1, 1)"]);
        script::run(&home, &migrations, "migrate redo script", 0);
        assert_eq!(home.number("SELECT count(*) AS n FROM c"), 1);
    }
}

fn a_trigger_that_fires_itself_is_looked_at(home: &Home) {
    if home.backend != Backend::Sqlite {
        return;
    }
    let deeper = [
        "PRAGMA recursive_triggers = ON",
        "CREATE TABLE level (n integer)",
        "CREATE TRIGGER deeper AFTER INSERT ON level WHEN NEW.n < 3 BEGIN INSERT INTO level VALUES (NEW.n + 1); END",
        "INSERT INTO level VALUES (1)",
    ];
    let migrations =
        [base(home.backend), migration("m2_level", &deeper, &["PRAGMA recursive_triggers = ON", "DROP TABLE level"])];
    script::run(home, &migrations, "migrate up", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM level"), 3);
    script::run(home, &migrations, "migrate verify script", 0);
    script::run(home, &migrations, "check", 0);
}
