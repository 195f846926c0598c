//! Days of demand: one story in one run or in many, on any database, and nothing half told.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::backend::{Backend, Home, Said};
use crate::{Alone, OnBackend};

mod books;
mod options;
mod seams;

pub const ALONE: &[Alone] = &[("a_full_disk_leaves_the_old_rows", a_full_disk_leaves_the_old_rows)];

pub const TESTS: &[OnBackend] = &[
    ("the_default_year_has_the_published_digests", the_default_year_has_the_published_digests),
    ("jobs_batch_size_and_the_clock_change_no_digest", jobs_batch_size_and_the_clock_change_no_digest),
    ("a_year_in_parts_is_the_year_in_one", a_year_in_parts_is_the_year_in_one),
    ("the_last_append_again_changes_nothing_and_an_overlap_adds_what_is_new", again_and_overlapping),
    ("another_seed_goes_on_and_moves_no_old_row", another_seed_goes_on_and_moves_no_old_row),
    (
        "an_append_refuses_stock_that_was_edited_and_days_before_the_first",
        an_append_refuses_stock_that_was_edited_and_days_before_the_first,
    ),
    ("an_append_sells_what_others_list", an_append_sells_what_others_list),
    ("foreign_promotions_are_refused_and_foreign_sales_replaced_once", foreign_promotions_and_sales),
    ("a_dry_run_changes_no_row", a_dry_run_changes_no_row),
    ("delete_goes_by_scope_and_days_come_back", delete_goes_by_scope_and_days_come_back),
    ("a_killed_run_leaves_the_old_rows", a_killed_run_leaves_the_old_rows),
    ("an_error_after_some_rows_leaves_the_old_ones", an_error_after_some_rows_leaves_the_old_ones),
    ("the_books_add_up_when_they_are_recomputed", books::the_books_add_up_when_they_are_recomputed),
    ("verify_finds_each_kind_of_damage", books::verify_finds_each_kind_of_damage),
    ("the_files_of_the_documents_run_as_they_stand", options::the_files_of_the_documents_run_as_they_stand),
    ("a_wrong_option_names_itself_and_what_is_taken", options::a_wrong_option_names_itself_and_what_is_taken),
    ("the_scenarios_are_those_of_the_page", options::the_scenarios_are_those_of_the_page),
    ("status_shows_a_command_that_makes_the_days_again", options::status_shows_a_command_that_makes_the_days_again),
    ("append_takes_seed_and_options_of_the_rows_before", append_takes_seed_and_options_of_the_rows_before),
    ("what_only_the_first_run_settles_cannot_change", what_only_the_first_run_settles_cannot_change),
    ("rows_added_to_the_dimensions_stand_in_no_appends_way", rows_added_to_the_dimensions_stand_in_no_appends_way),
    ("a_drawing_names_what_it_is_of_and_hides_nothing", a_drawing_names_what_it_is_of_and_hides_nothing),
    ("a_weekend_spike_is_part_of_what_a_plan_is", a_weekend_spike_is_part_of_what_a_plan_is),
    ("an_append_refuses_rows_that_were_changed", seams::an_append_refuses_rows_that_were_changed),
    ("an_append_that_leaves_days_out_asks", seams::an_append_that_leaves_days_out_asks),
    ("verify_counts_the_missing_combinations", books::verify_counts_the_missing_combinations),
    ("verify_finds_rows_of_products_that_are_not_on_sale", books::verify_finds_rows_of_products_that_are_not_on_sale),
];

/// The colour behind the days of a promotion.
const SHADE: &str = "fill=\"#FAE0A0\"";

type Digests = BTreeMap<String, String>;

/// A chain that is small enough for a test.
const SMALL: &str = "--stores 2 --products 5";

fn digests(home: &Home) -> Digests {
    let json = home.kiln("seed demand --verify --format json", 0).json();
    let digests: Vec<(String, String)> =
        serde_json::from_value(json["results"][0]["digests"].clone()).expect("digests by table");
    assert_eq!(digests.len(), 7);
    assert!(home.number("SELECT count(*) AS n FROM sales_daily") > 0, "digests of empty tables are equal for nothing");
    digests.into_iter().collect()
}

fn a_drawing_names_what_it_is_of_and_hides_nothing(home: &Home) {
    home.migrated();
    home.kiln("seed demand --stores 1 --products 1", 0);
    home.sql(&["UPDATE product SET name = 'Salt & Pepper <new>'", "UPDATE store SET name = 'Corner'"]);
    home.kiln("seed demand --stores 1 --products 1 --plot drawing.svg", 0);
    let svg = std::fs::read_to_string(home.path("drawing.svg")).expect("a drawing");
    let lines: Vec<&str> = svg.lines().collect();
    let texts: Vec<&str> =
        lines.windows(2).filter(|pair| pair[0].starts_with("<text ")).map(|pair| pair[1].trim()).collect();
    for (text, times) in [
        ("Salt &amp; Pepper &lt;new&gt; (SKU-00001) in Corner (S0001)", 1),
        ("units a day", 2),
        ("units a month", 1),
        ("units", 1),
        ("day", 2),
        ("weekday", 1),
        ("month", 1),
        ("sold", 1),
        ("on hand", 1),
        ("promoted", 1),
    ] {
        assert_eq!(texts.iter().filter(|other| **other == text).count(), times, "{text}: {texts:?}");
    }
    let number = |line: &str, name: &str| -> i64 {
        let value = line.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} of {line}"))
    };
    // The first of the shades is the legend's own.
    let shades: Vec<&&str> = lines.iter().filter(|line| line.contains(SHADE)).collect();
    let top = shades[1..].iter().map(|line| number(line, "y")).min().expect("there are promotions");
    let legend = number(shades[0], "y") + number(shades[0], "height");
    assert!(legend < top, "the legend ends at {legend}, and what it explains begins at {top}");
}

/// The digests after a run that begins anew.
fn anew(home: &Home, options: &str) -> Digests {
    home.kiln(&format!("seed demand --full-new --confirm {options}"), 0);
    digests(home)
}

/// A table's lines with one space between their words.
fn words(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n");
    lines.collect()
}

fn append(home: &Home, start: &str, end: &str) -> Said {
    home.kiln(&format!("seed demand --append --start-date {start} --end-date {end}"), 0)
}

fn runs(home: &Home) -> i64 {
    home.number("SELECT count(*) AS n FROM kiln_seed_runs")
}

/// `KILN_UPDATE=1` writes the published digests anew; they change only with the generator's version.
#[expect(clippy::disallowed_methods, reason = "tests have an environment of their own")]
fn the_default_year_has_the_published_digests(home: &Home) {
    home.migrated();
    let of_seed =
        |rng_seed| format!("--seed {rng_seed} --stores 10 --products 50 --start-date 2024-01-01 --end-date 2024-12-31");
    let digests = anew(home, &of_seed(42));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/demand.json");
    if std::env::var_os("KILN_UPDATE").is_some() && home.backend == Backend::Sqlite {
        let json = serde_json::to_string_pretty(&digests).expect("digests are JSON");
        std::fs::write(path, json + "\n").expect("the digests can be written");
    }
    let golden = std::fs::read_to_string(path).expect("the digests are published");
    let golden: Digests = serde_json::from_str(&golden).expect("the golden digests are JSON");
    assert_eq!(digests, golden);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales_daily"), 10 * 50 * 366);
}

fn jobs_batch_size_and_the_clock_change_no_digest(home: &Home) {
    home.migrated();
    let small = format!("{SMALL} --end-date 2024-02-29");
    let one = anew(home, &small);
    for options in ["--jobs 1", "--jobs 2", "--jobs 7", "--batch-size 1", "--batch-size 1000", "--batch-size 100000"] {
        assert_eq!(anew(home, &format!("{small} {options}")), one, "{options}");
    }
    for table in one.keys() {
        home.sql(&[&format!("UPDATE {table} SET created_at = '2031-05-06 07:08:09', updated_at = created_at")]);
    }
    assert_eq!(digests(home), one);
    assert_ne!(anew(home, &format!("{small} --seed 43")), one);
}

fn a_year_in_parts_is_the_year_in_one(home: &Home) {
    home.migrated();
    let parts: &[&[(&str, &str)]] = &[
        &[("2024-07-01", "2024-12-31")],
        &[("2024-07-01", "2024-08-15"), ("2024-08-16", "2024-11-28"), ("2024-11-29", "2024-12-31")],
    ];
    for told in [
        "",
        "--scenario sparse",
        "--scenario new_launches --set retail.stockout_behavior=backlog",
        "--set retail.discontinued_pct=0.9 --set retail.new_store_pct=0.5",
    ] {
        let whole = anew(home, &format!("{SMALL} {told}"));
        for parts in parts {
            let half = anew(home, &format!("{SMALL} {told} --end-date 2024-06-30"));
            assert_ne!(half, whole);
            for (start, end) in *parts {
                append(home, start, end);
            }
            assert_eq!(digests(home), whole, "`{told}` in {parts:?}");
        }
    }
    let whole = anew(home, &format!("{SMALL} --seed 7"));
    anew(home, &format!("{SMALL} --seed 7 --end-date 2024-06-30"));
    home.kiln("seed demand --append --seed 7 --start-date 2024-07-01 --end-date 2024-12-31", 0);
    assert_eq!(digests(home), whole);
}

fn again_and_overlapping(home: &Home) {
    home.migrated();
    let whole = anew(home, &format!("{SMALL} --end-date 2024-06-30"));
    anew(home, &format!("{SMALL} --end-date 2024-03-31"));
    append(home, "2024-04-01", "2024-05-15");
    let (before, entries) = (digests(home), runs(home));
    let said = append(home, "2024-04-01", "2024-05-15");
    assert!(said.out.contains("nothing changed"), "{}", said.out);
    assert_eq!((digests(home), runs(home)), (before, entries));
    append(home, "2024-05-01", "2024-06-30");
    assert_eq!(digests(home), whole);
    // A day of both runs counts once.
    home.sql(&["UPDATE sales_daily SET unit_price = unit_price + 1, total_amount = total_amount + quantity \
                WHERE date = '2024-05-10' AND store_id = 1 AND product_id = 1"]);
    let said = home.kiln("seed demand --verify", 1);
    assert!(words(&said.out).contains("less its promotion 1 violation\n"), "{}", said.out);
}

/// Every row of the days before, as text; when a price was closed is left out, for that may change.
fn rows_before(home: &Home, day: &str) -> Vec<String> {
    let columns = [
        ("sales_daily", "date", vec!["date", "store_id", "product_id", "quantity", "unit_price", "total_amount"]),
        ("inventory_snapshot_daily", "date", vec!["date", "store_id", "product_id", "on_hand_qty", "on_order_qty"]),
        ("promotion", "start_date", vec!["start_date", "end_date", "product_id", "name"]),
        ("price_history", "valid_from", vec!["valid_from", "product_id", "price"]),
        ("calendar", "date", vec!["date", "day_of_week"]),
    ];
    let kind = if home.backend == Backend::MariaDb { "char" } else { "text" };
    let rows = columns.into_iter().flat_map(|(table, date, columns)| {
        let parts: Vec<String> = columns.iter().map(|column| format!("CAST({column} AS {kind})")).collect();
        let row = match home.backend {
            Backend::MariaDb => format!("concat_ws(' ', {})", parts.join(", ")),
            _ => parts.join(" || ' ' || "),
        };
        let order = if table == "calendar" { "date" } else { "id" };
        let rows = home.texts(&format!("SELECT {row} AS t FROM {table} WHERE {date} < '{day}' ORDER BY {order}"));
        assert!(!rows.is_empty(), "{table} has no row before {day}");
        rows
    });
    rows.collect()
}

fn another_seed_goes_on_and_moves_no_old_row(home: &Home) {
    home.migrated();
    let whole = anew(home, &format!("{SMALL} --end-date 2024-06-30"));
    anew(home, &format!("{SMALL} --end-date 2024-03-31"));
    let before = rows_before(home, "2024-04-01");
    home.kiln("seed demand --append --seed 43 --start-date 2024-04-01 --end-date 2024-06-30", 0);
    assert_eq!(rows_before(home, "2024-04-01"), before);
    assert_ne!(digests(home)["sales_daily"], whole["sales_daily"]);
    assert_eq!(home.number("SELECT count(*) AS n FROM kiln_seed_runs WHERE seed = 43"), 1);
    home.kiln("seed demand --verify", 0);
    // And what goes on from there holds too.
    append(home, "2024-07-01", "2024-07-31");
}

fn an_append_refuses_stock_that_was_edited_and_days_before_the_first(home: &Home) {
    home.migrated();
    let before = anew(home, &format!("{SMALL} --end-date 2024-01-31"));
    for range in ["--start-date 2023-12-01 --end-date 2023-12-31", "--start-date 2023-12-01 --end-date 2024-02-29"] {
        let said = home.kiln(&format!("seed demand --append {range}"), 3);
        assert!(said.err.contains("2023-12-01 is before days that are there already"), "{}", said.err);
    }
    let of_series = "inventory_snapshot_daily SET on_hand_qty = on_hand_qty {by} \
                     WHERE date = '2024-01-31' AND store_id = 2 AND product_id = 3";
    home.sql(&[&format!("UPDATE {}", of_series.replace("{by}", "+ 1"))]);
    let said = home.kiln("seed demand --append --start-date 2024-02-01 --end-date 2024-02-29", 3);
    for part in ["store S0002 product SKU-00003", "2024-01-31"] {
        assert!(said.err.contains(part), "{}", said.err);
    }
    assert!(!said.err.contains("S0001"), "{}", said.err);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales_daily WHERE date > '2024-01-31'"), 0);
    home.sql(&[&format!("UPDATE {}", of_series.replace("{by}", "- 1"))]);
    assert_eq!(digests(home), before);
    append(home, "2024-02-01", "2024-02-29");
}

/// Two stores and three products by hand; one product has no price.
fn by_hand(home: &Home) {
    home.migrated().sql(&[
        "INSERT INTO store (code, name, store_type) VALUES ('A', 'Corner', 'express'), ('B', 'Mall', NULL)",
        "INSERT INTO product (sku, name, category, base_price) VALUES ('X', 'Tea', 'Beverage', 3.49), \
         ('Y', 'Nuts', 'Snack', 5), ('Z', 'Thing', NULL, NULL)",
    ]);
}

fn an_append_sells_what_others_list(home: &Home) {
    by_hand(home);
    append(home, "2024-03-01", "2024-03-31");
    assert_eq!(home.number("SELECT count(*) AS n FROM sales_daily"), 2 * 3 * 31);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales_daily WHERE unit_price <= 0"), 0);
    let before = (digests(home), runs(home));
    let said = append(home, "2024-03-01", "2024-03-31");
    assert!(said.out.contains("nothing changed"), "{}", said.out);
    assert_eq!((digests(home), runs(home)), before);
    append(home, "2024-04-01", "2024-04-30");
    let in_parts = digests(home);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales_daily"), 2 * 3 * 61);
    home.kiln("seed demand --delete --scope facts --confirm", 0);
    append(home, "2024-03-01", "2024-04-30");
    assert_eq!(digests(home), in_parts);
}

fn foreign_promotions_and_sales(home: &Home) {
    by_hand(home);
    home.sql(&[
        "INSERT INTO promotion (product_id, name, discount_pct, start_date, end_date) \
         VALUES (1, 'By hand', 0.25, '2024-02-20', '2024-03-05')",
        "INSERT INTO calendar (date, day_of_week, month, quarter, year) VALUES ('2024-03-02', 5, 3, 1, 2024)",
        "INSERT INTO sales_daily (date, store_id, product_id, quantity, unit_price, total_amount) \
         VALUES ('2024-03-02', 1, 1, 7777, 1, 7777)",
    ]);
    let said = home.kiln("seed demand --append --start-date 2024-03-01 --end-date 2024-03-10", 3);
    assert!(said.err.contains("promotion holds 1 row of 2024-03-01 or later that kiln did not make"), "{}", said.err);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales_daily"), 1);
    home.sql(&["UPDATE promotion SET end_date = '2024-02-29'"]);
    append(home, "2024-03-01", "2024-03-10");
    assert_eq!(home.number("SELECT count(*) AS n FROM sales_daily"), 2 * 3 * 10);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales_daily WHERE quantity = 7777"), 0);
    let said = append(home, "2024-03-01", "2024-03-10");
    assert!(said.out.contains("nothing changed"), "{}", said.out);
}

fn a_dry_run_changes_no_row(home: &Home) {
    home.migrated();
    let before = anew(home, &format!("{SMALL} --end-date 2024-01-31"));
    let days = "--start-date 2024-02-01 --end-date 2024-02-29";
    for operation in ["--delete", "--full-new --seed 7", &format!("--append {days}")] {
        let said = home.kiln(&format!("seed demand {operation} --dry-run"), 0);
        assert!(said.out.contains("sales_daily"), "{}", said.out);
        assert_eq!(digests(home), before, "{operation}");
    }
    for operation in ["--delete", "--full-new"] {
        let said = home.kiln(&format!("seed demand {operation}"), 3);
        assert!(said.err.contains("sales_daily (310 rows)") && said.err.contains("--confirm"), "{}", said.err);
        assert_eq!(digests(home), before, "{operation}");
    }
}

fn delete_goes_by_scope_and_days_come_back(home: &Home) {
    home.migrated();
    let before = anew(home, &format!("{SMALL} --end-date 2024-01-31"));
    let said = home.kiln("seed demand --delete --scope dimensions --confirm", 3);
    assert!(said.err.contains("sales_daily holds 310 rows"), "{}", said.err);
    assert_eq!(digests(home), before);
    home.kiln("seed demand --delete --scope facts --confirm", 0);
    for (table, rows) in [("store", 2), ("product", 5), ("calendar", 31), ("sales_daily", 0), ("price_history", 0)] {
        assert_eq!(home.number(&format!("SELECT count(*) AS n FROM {table}")), rows, "{table}");
    }
    append(home, "2024-01-01", "2024-01-31");
    assert_eq!(home.number("SELECT count(*) AS n FROM sales_daily"), 310);
    home.kiln("seed demand --verify", 0);
    home.kiln("seed demand --delete --confirm", 0);
    assert_eq!(anew(home, &format!("{SMALL} --end-date 2024-01-31")), before);
}

/// Takes many times as long as a test waits before it kills it.
const LONG: &str = "seed demand --full-new --confirm --seed 7 --stores 40 --products 100";

fn a_killed_run_leaves_the_old_rows(home: &Home) {
    home.migrated();
    let before = anew(home, &format!("{SMALL} --end-date 2024-01-31"));
    for milliseconds in [30, 90, 170, 260, 390, 540, 710, 930, 1180, 1490] {
        let mut run = home.command(LONG).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(milliseconds));
        assert!(run.try_wait().expect("it can be asked").is_none(), "it is over after {milliseconds} ms");
        run.kill().expect("it is still at it");
        assert!(!run.wait().expect("it ends").success());
        assert_eq!(digests(home), before, "killed after {milliseconds} ms");
    }
    // What was killed holds no lock for long.
    let since = Instant::now();
    anew(home, &format!("{SMALL} --end-date 2024-01-02"));
    assert!(since.elapsed() < Duration::from_secs(50), "{:?}", since.elapsed());
}

fn an_error_after_some_rows_leaves_the_old_ones(home: &Home) {
    home.migrated();
    let before = anew(home, &format!("{SMALL} --end-date 2024-01-31"));
    let trigger: &[&str] = match home.backend {
        Backend::Sqlite => &["CREATE TRIGGER no_more BEFORE INSERT ON sales_daily \
                              WHEN NEW.date = '2024-01-20' BEGIN SELECT raise(ABORT, 'closed today'); END"],
        Backend::Postgres => &[
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             RAISE EXCEPTION 'closed today'; END $$",
            "CREATE TRIGGER no_more BEFORE INSERT ON sales_daily FOR EACH ROW WHEN (NEW.date = '2024-01-20') \
             EXECUTE FUNCTION refuse()",
        ],
        Backend::MariaDb => &["CREATE TRIGGER no_more BEFORE INSERT ON sales_daily FOR EACH ROW \
                               IF NEW.date = '2024-01-20' THEN SIGNAL SQLSTATE '45000' \
                               SET MESSAGE_TEXT = 'closed today'; END IF"],
    };
    home.sql(trigger);
    let said = home.kiln(&format!("seed demand --full-new --confirm {SMALL} --seed 7 --batch-size 50"), 4);
    assert!(said.err.contains("closed today"), "{}", said.err);
    assert_eq!(digests(home), before);
    assert_eq!(runs(home), 1);
    home.sql(&[if home.backend == Backend::Postgres {
        "DROP TRIGGER no_more ON sales_daily"
    } else {
        "DROP TRIGGER no_more"
    }]);
    assert_ne!(anew(home, &format!("{SMALL} --seed 7")), before);
}

/// A file that may not grow stands for a disk that is full; a server's disk is not a test's to fill.
/// A server's disk is not a test's to fill; there an error is injected.
fn a_full_disk_leaves_the_old_rows() {
    let home = &Home::of(Backend::Sqlite, "demand");
    home.migrated();
    let before = anew(home, &format!("{SMALL} --end-date 2024-01-31"));
    // RLIMIT_FSIZE, by the shell: a write past the limit fails as on a full disk.
    let line = format!("ulimit -f 1024; trap '' XFSZ; exec {} {LONG}", env!("CARGO_BIN_EXE_kiln"));
    let said = Said::by(home.program("sh", "-c").arg(line), 4);
    assert!(said.err.starts_with("error: "), "{}", said.err);
    assert_eq!(digests(home), before);
}

/// Neither a default of the environment nor a deletion of the events changes what an append goes on with.
fn append_takes_seed_and_options_of_the_rows_before(home: &Home) {
    home.migrated();
    let whole = anew(home, "--stores 2 --products 4 --seed 7 --set time_series.base_demand=300 --end-date 2024-03-31");
    home.kiln("seed demand --full-new --confirm --stores 2 --products 4 --seed 7 --set time_series.base_demand=300 --end-date 2024-02-29", 0);
    let mut command = home.command("seed demand --append --start-date 2024-03-01 --end-date 2024-03-31");
    let command = command.env("SEEDER_DEFAULT_SEED", "42").env("SEEDER_DEFAULT_STORES", "5");
    let said = Said::by(command, 0);
    assert!(said.out.contains("rows appended with seed 7"), "{}", said.out);
    assert_eq!(digests(home), whole);

    home.kiln("seed demand --delete --scope facts --confirm", 0);
    let said = home.kiln("seed demand --append --start-date 2024-01-01 --end-date 2024-01-31", 0);
    assert!(said.out.contains("rows appended with seed 7"), "{}", said.out);
    home.kiln("seed demand --append --start-date 2024-02-01 --end-date 2024-03-31", 0);
    assert_eq!(digests(home), whole);
    let said = home.kiln("seed demand --append", 2);
    assert!(said.err.contains("--append needs --start-date"), "{}", said.err);
}

fn what_only_the_first_run_settles_cannot_change(home: &Home) {
    home.migrated();
    anew(home, "--stores 2 --products 3 --end-date 2024-01-31");
    let append = "seed demand --append --start-date 2024-02-01 --end-date 2024-02-29";
    for (other, words) in [
        ("--stores 5", "stores is 2 since the first run"),
        ("--scenario stockout_heavy", "retail.stockout_probability is 0.05 since the first run"),
    ] {
        let said = home.kiln(&format!("{append} {other}"), 2);
        assert!(said.err.contains(words), "{}", said.err);
    }
    home.kiln(&format!("{append} --scenario high_variance"), 0);
    home.kiln("seed demand --verify", 0);
}

fn rows_added_to_the_dimensions_stand_in_no_appends_way(home: &Home) {
    home.migrated();
    let small = "--stores 2 --products 3 --seed 7";
    let whole = anew(home, &format!("{small} --end-date 2024-02-29"));
    home.kiln(&format!("seed demand --full-new --confirm {small} --end-date 2024-01-31"), 0);
    home.sql(&["INSERT INTO product (sku, name, base_price) VALUES ('HAND-1', 'By hand', 4.99)"]);
    let said = home.kiln("seed demand --append --start-date 2024-02-01 --end-date 2024-02-29", 0);
    assert!(said.out.contains("rows appended with seed 7"), "{}", said.out);
    assert_eq!(digests(home)["sales_daily"], whole["sales_daily"]);
    // Whereas events that are gone cannot be gone on from.
    home.sql(&["DELETE FROM promotion"]);
    let said = home.kiln("seed demand --append --start-date 2024-03-01 --end-date 2024-03-31", 3);
    assert!(said.err.contains("promotion holds 0 rows, the runs left "), "{}", said.err);
}

fn a_weekend_spike_is_part_of_what_a_plan_is(home: &Home) {
    home.migrated();
    let small = "--stores 2 --products 3 --end-date 2024-01-31";
    let spiked = anew(home, &format!("{small} --set retail.weekend_spike=2"));
    let json = home.kiln("seed demand --status --format json", 0).json();
    let command = json["results"][0]["runs"][0]["command"].as_str().expect("a command").to_owned();
    assert_ne!(anew(home, small), spiked);
    // A value with spaces stands in quotes that a shell takes off.
    let command = command.strip_prefix("kiln ").expect("a command of kiln").replace('\'', "");
    let (before, curve) = command.split_once("time_series.weekly_seasonality=[").expect("the curve is in it");
    let (curve, after) = curve.split_once(']').expect("a list ends");
    let command = format!("{before}time_series.weekly_seasonality=[{}]{after}", curve.replace(' ', ""));
    home.kiln(&command, 0);
    assert_eq!(digests(home), spiked);
}
