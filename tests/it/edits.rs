//! Migrations that are edited after they were applied, come late, or are not known any more.

use crate::OnBackend;
use crate::backend::{Backend, Home, Said};
use crate::script::{self, Do, Migration, migration};

pub const TESTS: &[OnBackend] = &[
    ("one_word_of_an_applied_migration_is_noticed_and_shown", one_word_of_an_applied_migration_is_noticed_and_shown),
    ("white_space_line_ends_and_bound_values_are_no_edit", white_space_line_ends_and_bound_values_are_no_edit),
    ("repair_accepts_an_edited_migration_and_says_so", repair_accepts_an_edited_migration_and_says_so),
    ("a_migration_that_is_run_again_may_be_edited", a_migration_that_is_run_again_may_be_edited),
    ("a_migration_that_asks_the_database_has_a_checksum_too", a_migration_that_asks_the_database_has_a_checksum_too),
    ("the_time_of_day_in_a_migration_is_no_edit", the_time_of_day_in_a_migration_is_no_edit),
    ("an_older_pending_migration_is_refused_with_both_names", an_older_pending_migration_is_refused_with_both_names),
    ("an_unknown_applied_version_is_missing", an_unknown_applied_version_is_missing),
    ("what_another_program_applied_is_taken_over", what_another_program_applied_is_taken_over),
];

/// A migration with a text, and one with a bound value.
fn migrations(text: &str, value: i32) -> Vec<Migration> {
    let mut second = migration("m2_b", &[], &["DELETE FROM a"]);
    second.up = vec![Do::Bound("INSERT INTO a VALUES (?)".to_owned(), vec![value])];
    vec![migration("m1_a", &[text], &["DROP TABLE a"]), second]
}

const TEXT: &str = "CREATE TABLE a (id integer NOT NULL)";

fn one_word_of_an_applied_migration_is_noticed_and_shown(home: &Home) {
    script::run(home, &migrations(TEXT, 1), "migrate up", 0);
    script::run(home, &migrations(TEXT, 1), "migrate status --exit-code", 0);
    let edited = migrations("CREATE TABLE a (id bigint NOT NULL)", 1);
    let shown = "  - CREATE TABLE a (id integer NOT NULL)\n  + CREATE TABLE a (id bigint NOT NULL)";
    let said = script::run(home, &edited, "migrate status --exit-code", 1);
    assert!(said.out.contains("edited   m1_a"), "{}", said.out);
    assert!(said.out.contains("m1_a was edited after it was applied") && said.out.contains(shown), "{}", said.out);
    script::run(home, &edited, "migrate status", 0);
    for command in ["migrate up", "migrate up --dry-run"] {
        let said = script::run(home, &edited, command, 3);
        assert!(said.err.contains("m1_a was edited after it was applied to script"), "{}", said.err);
        assert!(said.err.contains(shown) && said.err.contains("kiln migrate repair script"), "{}", said.err);
    }
    let json = script::run(home, &edited, "migrate status --format json", 0).json();
    assert_eq!(json["results"][0]["edited"][0]["now"][0]["sql"], "CREATE TABLE a (id bigint NOT NULL)");
    let said = script::run(home, &edited, "check", 1);
    assert!(said.out.contains("edited-migration  m1_a"), "{}", said.out);
}

fn white_space_line_ends_and_bound_values_are_no_edit(home: &Home) {
    script::run(home, &migrations(TEXT, 1), "migrate up", 0);
    let spaced = migrations("CREATE  TABLE a(\r\n\tid integer -- a number\r\n\tNOT NULL )", 2);
    script::run(home, &spaced, "migrate status --exit-code", 0);
    script::run(home, &spaced, "migrate up", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM a WHERE id = 1"), 1);
}

fn repair_accepts_an_edited_migration_and_says_so(home: &Home) {
    script::run(home, &migrations(TEXT, 1), "migrate up", 0);
    let edited = migrations("CREATE TABLE a (id bigint NOT NULL)", 1);
    let said = script::run(home, &edited, "migrate repair script", 0);
    assert!(said.out.contains("accepted  m1_a as it is now"), "{}", said.out);
    assert!(said.out.contains("+ CREATE TABLE a (id bigint NOT NULL)"), "{}", said.out);
    script::run(home, &edited, "migrate status --exit-code", 0);
    script::run(home, &edited, "migrate up", 0);
    script::run(home, &migrations(TEXT, 1), "migrate up", 3);
}

/// The way of working while a migration is being written.
fn a_migration_that_is_run_again_may_be_edited(home: &Home) {
    let first = migration("m0", &["CREATE TABLE z (id integer)"], &["DROP TABLE z"]);
    let of = |text: &str| vec![first.clone(), migration("m1_a", &[text], &["DROP TABLE a"])];
    script::run(home, &of(TEXT), "migrate up", 0);
    let edited = of("CREATE TABLE a (id integer NOT NULL, more integer)");
    script::run(home, &edited, "migrate redo script", 0);
    script::run(home, &edited, "migrate status --exit-code", 0);
    assert!(home.catalog().tables["a"].column("more").is_some());
    // What is not run again may not.
    let mut other = edited;
    other[0] = migration("m0", &["CREATE TABLE z (id bigint)"], &["DROP TABLE z"]);
    script::run(home, &other, "migrate redo script", 3);
    script::run(home, &other, "migrate refresh script", 0);
    script::run(home, &other, "migrate status --exit-code", 0);
}

/// What it emits depends on what is there, so it is replayed where nothing is.
fn a_migration_that_asks_the_database_has_a_checksum_too(home: &Home) {
    let guarded = |text: &str| {
        let mut migration = migration("m1_a", &[], &["DROP TABLE a"]);
        migration.up = vec![Do::Unless("a".to_owned(), vec![Do::Sql(text.to_owned())])];
        vec![migration]
    };
    home.sql(&[TEXT]);
    script::run(home, &guarded(TEXT), "migrate up", 0);
    script::run(home, &guarded(TEXT), "migrate status --exit-code", 0);
    let said = script::run(home, &guarded("CREATE TABLE a (id bigint)"), "migrate up", 3);
    assert!(said.err.contains("+ CREATE TABLE a (id bigint)"), "{}", said.err);
}

fn the_time_of_day_in_a_migration_is_no_edit(home: &Home) {
    let mut stamped = migrations(TEXT, 1);
    stamped[1].up = vec![Do::Stamped("INSERT INTO a VALUES (NOW)".to_owned())];
    script::run(home, &stamped, "migrate up", 0);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let said = script::run(home, &stamped, "migrate status --exit-code", 0);
    assert!(said.out.contains("not checksummable: two replays differ"), "{}", said.out);
    script::run(home, &stamped, "migrate up", 0);
}

fn an_older_pending_migration_is_refused_with_both_names(home: &Home) {
    let all = |names: &[&str]| -> Vec<Migration> {
        names.iter().map(|name| migration(name, &[&format!("CREATE TABLE t{name} (id integer)")], &[])).collect()
    };
    script::run(home, &all(&["m1", "m3"]), "migrate up", 0);
    let said = script::run(home, &all(&["m1", "m2", "m3"]), "migrate up", 3);
    assert!(said.err.contains("m2 is pending and comes before m3"), "{}", said.err);
    assert!(!home.catalog().tables.contains_key("tm2"));
    script::run(home, &all(&["m1", "m2", "m3"]), "migrate up --out-of-order", 0);
    assert!(home.catalog().tables.contains_key("tm2"));
    script::run(home, &all(&["m1", "m2", "m3"]), "migrate status --exit-code", 0);
}

fn an_unknown_applied_version_is_missing(home: &Home) {
    let all = [migration("m1", &["CREATE TABLE a (id integer)"], &["DROP TABLE a"]), migration("m2", &[], &[])];
    script::run(home, &all, "migrate up", 0);
    let said = script::run(home, &all[..1], "migrate status --exit-code", 1);
    assert!(said.out.contains("missing  m2"), "{}", said.out);
    let said = script::run(home, &all[..1], "migrate up", 3);
    assert!(said.err.contains("m2, which this build does not know"), "{}", said.err);
    let said = script::run(home, &all[..1], "migrate down script --confirm", 3);
    assert!(
        said.err.contains("m1 of script lies under m2") && said.err.contains("roll it back there first"),
        "{}",
        said.err
    );
    // An older one is not in the way.
    script::run(home, &all[1..], "migrate down script", 0);
}

/// sea-orm-migration itself applies, rolls back, and reads kiln's history, and kiln its.
fn what_another_program_applied_is_taken_over(home: &Home) {
    use migration::market::Migrator;
    use sea_orm_migration::MigratorTrait;

    let by_itself = |up: bool| {
        crate::backend::runtime().block_on(async {
            let db = home.connect().await;
            if up { Migrator::up(&db, None).await } else { Migrator::down(&db, Some(1)).await }.expect("it runs");
            db.close().await.expect("a connection closes");
        });
    };
    let kiln = |arguments: &str, code| match home.backend {
        Backend::Postgres => home.kiln(&format!("{arguments} --database-schema public"), code),
        _ => home.kiln(arguments, code),
    };
    let own = || home.number("SELECT count(*) AS n FROM kiln_history");
    by_itself(true);
    let said = kiln("migrate status market --exit-code", 0);
    assert!(said.out.contains("by another program"), "{}", said.out);
    kiln("migrate up market", 0);
    kiln("check market", 0);
    kiln("migrate redo market", 0);
    assert_eq!(own(), 2);
    let states = home.texts("SELECT state AS t FROM kiln_history ORDER BY version");
    assert_eq!(states, ["external", "applied"]);
    by_itself(false);
    let said = kiln("migrate status market", 0);
    assert!(said.out.contains("1 applied, 1 pending"), "{}", said.out);
    kiln("migrate up market", 0);
    kiln("migrate status market --exit-code", 0);
    by_itself(false);
    by_itself(true);
    let said: Said = kiln("migrate repair market", 0);
    assert!(said.out.contains("market: nothing to repair"), "the row of kiln's own run stands: {}", said.out);
    kiln("check market", 0);
}
