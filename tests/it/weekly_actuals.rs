//! The acceptance criteria of document 004 that speak of the database, each under what it asserts.
//!
//! `docs/schemas/fashion.md` says which test holds which criterion, and has the DDL that they use.

use std::sync::LazyLock;

use crate::OnBackend;
use crate::backend::{Backend, Home, Said};

pub const TESTS: &[OnBackend] = &[
    ("each_required_table_that_is_missing_is_named", each_required_table_that_is_missing_is_named),
    ("the_command_that_is_named_makes_what_is_missing", the_command_that_is_named_makes_what_is_missing),
    ("the_table_is_made_where_there_is_none", the_table_is_made_where_there_is_none),
    ("made_by_hand_it_is_recorded_and_left_alone", made_by_hand_it_is_recorded_and_left_alone),
    ("its_checksum_is_one_whatever_was_there_when_it_ran", its_checksum_is_one_whatever_was_there_when_it_ran),
    ("made_by_hand_without_an_index_it_gets_the_index", made_by_hand_without_an_index_it_gets_the_index),
    ("made_otherwise_it_is_refused_with_both_sides", made_otherwise_it_is_refused_with_both_sides),
    (
        "run_again_after_its_history_was_lost_it_changes_nothing",
        run_again_after_its_history_was_lost_it_changes_nothing,
    ),
    (
        "rows_go_with_the_workflow_store_or_category_that_they_are_of",
        rows_go_with_the_workflow_store_or_category_that_they_are_of,
    ),
    (
        "a_probe_is_inserted_and_selected_and_nothing_of_it_is_left",
        a_probe_is_inserted_and_selected_and_nothing_of_it_is_left,
    ),
    ("the_rows_of_each_table_are_logged", the_rows_of_each_table_are_logged),
    ("down_succeeds_when_the_table_is_gone_already", down_succeeds_when_the_table_is_gone_already),
];

const VERSION: &str = "m20250401_000007_create_weekly_actuals";

/// A fashion home with everything but `weekly_actuals`.
fn before(home: &Home) -> Home {
    let home = Home::of(home.backend, "fashion");
    home.kiln("migrate up fashion --to m20250401_000006", 0);
    home
}

/// The statements of the page about fashion: the table, then its indexes.
static DDL: LazyLock<Vec<String>> = LazyLock::new(|| {
    let page = include_str!("../../docs/schemas/fashion.md");
    let block = page.split("```sql\nCREATE TABLE").nth(1).and_then(|rest| rest.split("```").next());
    let script = format!("CREATE TABLE{}", block.expect("the page has the DDL"));
    let statements = script.split(';').map(str::trim).filter(|statement| !statement.is_empty());
    statements.map(str::to_owned).collect()
});

/// The document's table as it stands, its key in the words of each database.
fn by_hand(backend: Backend) -> String {
    let id = match backend {
        Backend::Sqlite => "INTEGER PRIMARY KEY AUTOINCREMENT",
        Backend::Postgres => "SERIAL PRIMARY KEY",
        Backend::MariaDb => "INTEGER PRIMARY KEY AUTO_INCREMENT",
    };
    DDL[0].replace("INTEGER PRIMARY KEY AUTOINCREMENT", id)
}

/// Each index: its name, and the document's statement.
fn indexes() -> Vec<(&'static str, &'static str)> {
    let name = |statement: &'static str| statement.split_whitespace().nth(5).expect("CREATE INDEX IF NOT EXISTS name");
    DDL[1..].iter().map(|statement| (name(statement), statement.as_str())).collect()
}

/// A row with all that it hangs on.
const ROW: [&str; 5] = [
    "INSERT INTO categories (category_id, category_name, season_start_date, season_end_date, season_length_weeks) \
     VALUES ('womens_dresses', 'Dresses', '2025-03-01', '2025-05-23', 12)",
    "INSERT INTO store_clusters (cluster_id, cluster_name, fashion_tier) VALUES ('c1', 'Fashion_Forward', 'PREMIUM')",
    "INSERT INTO stores (store_id, store_name, cluster_id, store_size_sqft, location_tier, median_income, store_format, \
     region, avg_weekly_sales_12mo) VALUES ('S001', 'One', 'c1', 9000, 'A', 60000, 'MALL', 'WEST', 120.5)",
    "INSERT INTO workflows (workflow_id, workflow_type, status) VALUES ('w1', 'forecast', 'running')",
    "INSERT INTO weekly_actuals (workflow_id, week_number, week_start_date, week_end_date, store_id, category_id, \
     actual_units_sold) VALUES ('w1', 1, '2025-03-01', '2025-03-07', 'S001', 'womens_dresses', 150)",
];

/// Drops a table though others point to it.
fn drop_table(home: &Home, table: &str) {
    match home.backend {
        Backend::Sqlite => home.sql(&["PRAGMA foreign_keys = OFF", &format!("DROP TABLE {table}")]),
        Backend::Postgres => home.sql(&[&format!("DROP TABLE {table} CASCADE")]),
        Backend::MariaDb => home.sql(&["SET foreign_key_checks = 0", &format!("DROP TABLE {table}")]),
    }
}

fn status(home: &Home) -> String {
    home.kiln("migrate status fashion", 0).out
}

fn each_required_table_that_is_missing_is_named(home: &Home) {
    let home = before(home);
    let mut missing = Vec::new();
    for table in ["workflows", "historical_sales", "stores", "categories"] {
        drop_table(&home, table);
        missing.push(table);
        let said = home.kiln("migrate up fashion", 3);
        for table in &missing {
            assert!(said.err.contains(table), "{table}: {}", said.err);
        }
        assert!(said.err.contains("required and missing; run `kiln migrate fresh fashion`"), "{}", said.err);
        assert!(!home.catalog().tables.contains_key("weekly_actuals"));
    }
}

fn the_command_that_is_named_makes_what_is_missing(home: &Home) {
    let home = before(home);
    let whole = home.catalog();
    drop_table(&home, "workflows");
    let said = home.kiln("migrate up fashion", 3);
    assert!(said.err.contains("run `kiln migrate fresh fashion`"), "{}", said.err);
    home.kiln("migrate fresh fashion", 0);
    home.kiln("migrate down fashion", 0);
    assert_eq!(home.catalog(), whole);
}

fn the_table_is_made_where_there_is_none(home: &Home) {
    let home = before(home);
    let said = home.kiln("migrate up fashion -v", 0);
    assert!(said.err.contains("table weekly_actuals was missing: added"), "{}", said.err);
    for (index, _) in indexes() {
        assert!(said.err.contains(&format!("index {index} was missing: added")), "{}", said.err);
    }
    assert!(home.catalog().tables.contains_key("weekly_actuals"));
}

fn made_by_hand_it_is_recorded_and_left_alone(home: &Home) {
    let home = before(home);
    assert_eq!(indexes().len(), 3);
    home.sql(&[&by_hand(home.backend), indexes()[0].1, indexes()[1].1, indexes()[2].1]);
    home.sql(&ROW);
    let made = home.catalog();
    let said = home.kiln("migrate up fashion -v", 0);
    assert!(said.err.contains("table weekly_actuals is there as wanted: left alone"), "{}", said.err);
    for (index, _) in indexes() {
        assert!(said.err.contains(&format!("index {index} is there as wanted: left alone")), "{}", said.err);
    }
    assert_eq!(home.catalog(), made);
    assert!(status(&home).contains(&format!("applied  {VERSION}")));
    assert_eq!(home.number("SELECT count(*) AS n FROM weekly_actuals WHERE actual_units_sold = 150"), 1);
    if home.backend != Backend::MariaDb {
        home.kiln("check fashion --strict", 0);
        return;
    }
    // What kiln makes itself is wider there, and a check says what that means.
    let said = home.kiln("check fashion", 1);
    assert!(said.out.contains("column-type  weekly_actuals.uploaded_at"), "{}", said.out);
    assert!(said.out.contains("values change: the column holds 32 bits, the field 64"), "{}", said.out);
    assert!(said.out.contains("fashion: 3 drift findings"), "{}", said.out);
}

fn its_checksum_is_one_whatever_was_there_when_it_ran(home: &Home) {
    let checksums = |made: &[&str]| {
        let home = before(home);
        home.sql(made);
        home.kiln("migrate up fashion", 0);
        home.kiln("migrate status fashion --exit-code", 0);
        let checksums = home.texts("SELECT checksum AS t FROM kiln_history ORDER BY version");
        assert_eq!(checksums.len(), 7);
        checksums
    };
    let by_hand = by_hand(home.backend);
    let on_nothing = checksums(&[]);
    assert_eq!(checksums(&[&by_hand]), on_nothing);
    assert_eq!(checksums(&[&by_hand, indexes()[0].1, indexes()[1].1, indexes()[2].1]), on_nothing);
}

fn made_by_hand_without_an_index_it_gets_the_index(home: &Home) {
    for (left_out, _) in indexes() {
        let home = before(home);
        home.sql(&[&by_hand(home.backend)]);
        for (index, statement) in indexes() {
            if index != left_out {
                home.sql(&[statement]);
            }
        }
        let said = home.kiln("migrate up fashion -v", 0);
        assert!(said.err.contains(&format!("index {left_out} was missing: added")), "{}", said.err);
        assert!(home.catalog().tables["weekly_actuals"].index(left_out).is_some());
        if home.backend != Backend::MariaDb {
            home.kiln("check fashion --strict", 0);
        }
    }
}

/// Each change of the document's DDL, and what the refusal shows of both sides.
const CHANGES: &[(&str, &str, [&str; 2])] = &[
    (
        "stores(store_id) ON DELETE CASCADE",
        "stores(store_id)",
        [
            "wanted    (store_id) -> stores(store_id) on delete CASCADE",
            "there is  (store_id) -> stores(store_id) on delete ",
        ],
    ),
    ("workflow_id VARCHAR(50)", "workflow_id VARCHAR(40)", ["(50)", "(40)"]),
    ("actual_units_sold INTEGER NOT NULL", "actual_units_sold INTEGER", ["wanted    NOT NULL", "there is  NULL"]),
    ("DEFAULT CURRENT_TIMESTAMP", "DEFAULT NULL", ["column-default", "wanted "]),
    ("variance_pct FLOAT,", "", ["missing-column  weekly_actuals.variance_pct", "there is  nothing"]),
    (
        "variance_pct FLOAT,",
        "variance_pct FLOAT, remark TEXT,",
        ["extra-column  weekly_actuals.remark", "wanted    nothing"],
    ),
    (
        "UNIQUE (workflow_id, week_number, store_id)",
        "UNIQUE (workflow_id, week_number)",
        ["week_number, store_id)", "week_number)"],
    ),
    ("UNIQUE (workflow_id, week_number, store_id)", "CHECK (week_number > 0)", ["unique", "check"]),
];

fn made_otherwise_it_is_refused_with_both_sides(home: &Home) {
    for (document, other, sides) in CHANGES {
        let home = before(home);
        let statement = by_hand(home.backend).replace(document, other);
        assert_ne!(statement, by_hand(home.backend), "{document} is of the document");
        home.sql(&[&statement]);
        let (made, standing) = (home.catalog(), status(&home));
        let said: Said = home.kiln("migrate up fashion", 3);
        assert!(said.err.contains("table weekly_actuals is there and differs\n"), "{}", said.err);
        for side in sides {
            assert!(said.err.contains(side), "{document} as {other} should show {side}: {}", said.err);
        }
        // Also on MariaDB: what differs is found before anything is changed.
        assert_eq!((home.catalog(), status(&home)), (made, standing));
    }
}

fn run_again_after_its_history_was_lost_it_changes_nothing(home: &Home) {
    let home = before(home);
    home.kiln("migrate up fashion", 0);
    home.sql(&ROW);
    let made = home.catalog();
    home.sql(&[&format!("DELETE FROM seaql_migrations WHERE version = '{VERSION}'")]);
    home.kiln("migrate up fashion", 0);
    assert_eq!(home.catalog(), made);
    assert_eq!(home.number("SELECT count(*) AS n FROM weekly_actuals"), 1);
    home.kiln("check fashion --strict", 0);
}

fn rows_go_with_the_workflow_store_or_category_that_they_are_of(home: &Home) {
    let home = before(home);
    home.kiln("migrate up fashion", 0);
    for parent in ["workflows", "stores", "categories"] {
        home.sql(&ROW);
        home.sql(&[&format!("DELETE FROM {parent}")]);
        assert_eq!(home.number("SELECT count(*) AS n FROM weekly_actuals"), 0, "{parent}");
        for table in ["workflows", "stores", "store_clusters", "categories"] {
            home.sql(&[&format!("DELETE FROM {table}")]);
        }
    }
}

fn a_probe_is_inserted_and_selected_and_nothing_of_it_is_left(home: &Home) {
    let home = before(home);
    let said = home.kiln("migrate up fashion -v", 0);
    assert!(
        said.err.contains("a probe row was inserted into weekly_actuals, read back and taken back"),
        "{}",
        said.err
    );
    for table in ["weekly_actuals", "workflows", "stores", "store_clusters", "categories"] {
        assert_eq!(home.number(&format!("SELECT count(*) AS n FROM {table}")), 0, "{table}");
    }
    // Nor is a number used up: the first row is number 1.
    home.sql(&ROW);
    assert_eq!(
        home.number("SELECT CAST(max(id) AS DECIMAL(9)) + 0 AS m, count(*) AS n FROM weekly_actuals WHERE id = 1"),
        1
    );
    // A table in which the probe fails is refused, with what the database said.
    let other = before(&home);
    match other.backend {
        Backend::Sqlite => other.sql(&[
            "CREATE TRIGGER no_workflows BEFORE INSERT ON workflows BEGIN SELECT raise(ABORT, 'closed today'); END",
        ]),
        Backend::Postgres => other.sql(&[
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'closed today'; END $$",
            "CREATE TRIGGER no_workflows BEFORE INSERT ON workflows FOR EACH ROW EXECUTE FUNCTION refuse()",
        ]),
        Backend::MariaDb => other.sql(&[
            "CREATE TRIGGER no_workflows BEFORE INSERT ON workflows FOR EACH ROW \
             SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'closed today'",
        ]),
    }
    let said = other.kiln("migrate up fashion", 4);
    assert!(said.err.contains("closed today"), "{}", said.err);
}

fn the_rows_of_each_table_are_logged(home: &Home) {
    let home = before(home);
    home.sql(&ROW[..4]);
    let said = home.kiln("migrate up fashion -v", 0);
    for (table, rows) in
        [("historical_sales", 0), ("stores", 1), ("categories", 1), ("workflows", 1), ("weekly_actuals", 0)]
    {
        assert!(said.err.contains(&format!("{table} rows={rows}")), "{table}: {}", said.err);
    }
}

fn down_succeeds_when_the_table_is_gone_already(home: &Home) {
    let home = before(home);
    let bare = home.catalog();
    home.kiln("migrate up fashion", 0);
    home.sql(&["DROP TABLE weekly_actuals"]);
    home.kiln("migrate down fashion", 0);
    assert_eq!(home.catalog(), bare);
    assert!(status(&home).contains(&format!("pending  {VERSION}")));
}
