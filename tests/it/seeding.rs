//! Filling tables: the same rows everywhere, all or nothing, and never unasked.

use std::collections::BTreeMap;
use std::time::Duration;

use entity::market::{client, customer_segment, product, sale};
use sea_orm::{ActiveModelTrait as _, Schema, Set};

use crate::OnBackend;
use crate::backend::{Backend, Home, Said, runtime};
use crate::terminal::on_terminal;

pub const TESTS: &[OnBackend] = &[
    ("the_default_run_has_the_published_digests", the_default_run_has_the_published_digests),
    ("jobs_and_batch_size_change_no_value", jobs_and_batch_size_change_no_value),
    ("seeding_again_changes_nothing_and_says_so", seeding_again_changes_nothing_and_says_so),
    ("another_seed_gives_other_rows", another_seed_gives_other_rows),
    ("after_down_and_up_the_rows_come_back", after_down_and_up_the_rows_come_back),
    ("a_plain_insert_without_an_id_works_afterwards", a_plain_insert_without_an_id_works_afterwards),
    ("rows_that_changed_since_are_not_taken_for_ours", rows_that_changed_since_are_not_taken_for_ours),
    ("full_new_needs_consent_and_can_keep_a_copy", full_new_needs_consent_and_can_keep_a_copy),
    ("append_adds_days_once_and_moves_no_old_row", append_adds_days_once_and_moves_no_old_row),
    ("append_goes_on_with_the_seed_of_the_rows_there", append_goes_on_with_the_seed_of_the_rows_there),
    ("append_refuses_rows_that_were_deleted_or_changed", append_refuses_rows_that_were_deleted_or_changed),
    ("append_that_leaves_days_out_asks", append_that_leaves_days_out_asks),
    ("a_backup_can_be_put_back_as_it_says", a_backup_can_be_put_back_as_it_says),
    ("append_to_foreign_dimension_rows_works", append_to_foreign_dimension_rows_works),
    ("delete_goes_by_scope_and_keeps_facts_from_dangling", delete_goes_by_scope_and_keeps_facts_from_dangling),
    ("a_dry_run_tells_everything_and_writes_nothing", a_dry_run_tells_everything_and_writes_nothing),
    ("production_refuses_every_write", production_refuses_every_write),
    ("verify_finds_a_row_that_does_not_add_up", verify_finds_a_row_that_does_not_add_up),
    ("status_shows_the_command_that_makes_the_rows_again", status_shows_the_command_that_makes_the_rows_again),
    (
        "options_come_from_flag_file_scenario_environment_in_that_order",
        options_come_from_flag_file_scenario_environment_in_that_order,
    ),
    ("a_killed_run_leaves_what_was_there", a_killed_run_leaves_what_was_there),
    (
        "a_missing_table_is_refused_with_the_command_that_makes_it",
        a_missing_table_is_refused_with_the_command_that_makes_it,
    ),
    ("two_runs_at_once_fill_the_tables_once", two_runs_at_once_fill_the_tables_once),
];

/// Not on SQLite, where nobody commits while another reads.
pub const ON_SERVERS: &[(&str, Backend, fn())] = &[
    ("a_reader_sees_every_table_as_of_one_moment", Backend::Postgres, || {
        a_reader_sees_every_table_as_of_one_moment(Backend::Postgres);
    }),
    ("a_reader_sees_every_table_as_of_one_moment", Backend::MariaDb, || {
        a_reader_sees_every_table_as_of_one_moment(Backend::MariaDb);
    }),
    (
        "a_ledger_that_is_rebuilt_meanwhile_is_not_taken_for_a_new_one",
        Backend::MariaDb,
        a_ledger_that_is_rebuilt_meanwhile_is_not_taken_for_a_new_one,
    ),
];

type Digests = BTreeMap<String, String>;

fn digests(home: &Home) -> Digests {
    let json = home.kiln("seed market --verify --format json", 0).json();
    let digests: Vec<(String, String)> =
        serde_json::from_value(json["results"][0]["digests"].clone()).expect("digests by table");
    assert_eq!(digests.len(), 4);
    digests.into_iter().collect()
}

/// The digests of the default run, kept where anyone can compare theirs.
fn golden() -> Digests {
    serde_json::from_str(include_str!("../golden/market.json")).expect("the golden digests are JSON")
}

fn the_default_run_has_the_published_digests(home: &Home) {
    let said = home.kiln("migrate up market --seed", 0);
    assert_eq!(digests(home), golden());
    for part in ["Quarterly sales", "foreign-key integrity: 4 of 4 keys without an orphan", "market is at "] {
        assert!(said.out.contains(part), "{}", said.out);
    }
    assert_eq!(home.number("SELECT count(*) AS n FROM sales"), 2000);
    assert_eq!(home.number("SELECT count(DISTINCT region) AS n FROM sales"), 4);
}

fn jobs_and_batch_size_change_no_value(home: &Home) {
    home.migrated();
    for options in ["--jobs 1", "--jobs 7 --batch-size 1", "--batch-size 100000"] {
        home.kiln(&format!("seed market --full-new --confirm {options}"), 0);
        assert_eq!(digests(home), golden(), "{options}");
    }
}

fn seeding_again_changes_nothing_and_says_so(home: &Home) {
    home.migrated().kiln("seed market", 0);
    let runs = home.number("SELECT count(*) AS n FROM kiln_seed_runs");
    let said = home.kiln("seed market", 0);
    assert!(said.out.starts_with("market: these rows are there already, nothing changed"), "{}", said.out);
    assert_eq!(digests(home), golden());
    assert_eq!(home.number("SELECT count(*) AS n FROM kiln_seed_runs"), runs);
    home.kiln("migrate up market --seed", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM kiln_seed_runs"), runs);
}

fn another_seed_gives_other_rows(home: &Home) {
    home.migrated().kiln("seed market --seed 7", 0);
    let others = digests(home);
    for (table, digest) in golden() {
        assert_ne!(others[&table], digest, "{table}");
    }
    let said = home.kiln("seed market", 3);
    for choice in ["--full-new --confirm", "--append", "--delete --confirm", "sales holds 2,000 rows"] {
        assert!(said.err.contains(choice), "{}", said.err);
    }
    assert_eq!(digests(home), others);
}

fn after_down_and_up_the_rows_come_back(home: &Home) {
    home.migrated().kiln("seed market", 0);
    home.kiln("migrate down market --all --confirm", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM kiln_seed_runs WHERE closed_at IS NULL"), 0);
    home.kiln("migrate up market", 0);
    home.kiln("seed market", 0);
    assert_eq!(digests(home), golden());
}

fn a_plain_insert_without_an_id_works_afterwards(home: &Home) {
    home.migrated().kiln("seed market", 0);
    runtime().block_on(async {
        let db = home.connect().await;
        let client = client::ActiveModel {
            client_name: Set("New Client".to_owned()),
            industry: Set("Footwear".to_owned()),
            ..Default::default()
        };
        let client = client.insert(&db).await.expect("a client without an id");
        assert_eq!(client.client_id, 11);
        let product = product::ActiveModel {
            client_id: Set(client.client_id),
            product_name: Set("Shoe".to_owned()),
            category: Set("Apparel".to_owned()),
            brand: Set("Brand".to_owned()),
            price: Set(49.99),
            ..Default::default()
        };
        let product = product.insert(&db).await.expect("a product without an id");
        assert_eq!(product.product_id, 201);
        let sale = sale::ActiveModel {
            client_id: Set(client.client_id),
            product_id: Set(product.product_id),
            region: Set("North".to_owned()),
            date: Set("2024-12-31".parse().expect("a day")),
            quantity: Set(1),
            revenue: Set(49.99),
            ..Default::default()
        };
        assert_eq!(sale.insert(&db).await.expect("a sale without an id").sale_id, 2001);
        let segment = customer_segment::ActiveModel {
            client_id: Set(client.client_id),
            segment_name: Set("Premium".to_owned()),
            ..Default::default()
        };
        assert_eq!(segment.insert(&db).await.expect("a segment without an id").segment_id, 31);
        db.close().await.expect("a connection closes");
    });
}

fn rows_that_changed_since_are_not_taken_for_ours(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke", 0);
    home.sql(&["DELETE FROM sales WHERE sale_id = 1"]);
    let said = home.kiln("seed market --scenario smoke", 3);
    assert!(said.err.contains("sales holds 99 rows"), "{}", said.err);
}

fn full_new_needs_consent_and_can_keep_a_copy(home: &Home) {
    home.migrated().kiln("seed market --seed 7", 0);
    let before = digests(home);
    let said = home.kiln("seed market --full-new", 3);
    assert!(said.err.contains("give --confirm to do it, --backup FILE to keep a copy"), "{}", said.err);
    assert_eq!(digests(home), before);

    let said = home.kiln("seed market --full-new --confirm --backup before.bak", 0);
    assert!(said.out.contains("what was there before is in before.bak"), "{}", said.out);
    assert_eq!(digests(home), golden());
    let copy = std::fs::read(home.path("before.bak")).expect("the copy is there");
    assert!(copy.len() > 50_000, "{} bytes hold no 2,000 sales", copy.len());
    // A copy is never written over.
    home.kiln("seed market --full-new --confirm --seed 8 --backup before.bak", 2);
    assert_eq!(digests(home), golden());
    // The waiver works, but not in production.
    let mut waived = home.command("seed market --full-new --seed 7");
    Said::by(waived.env("SEEDER_REQUIRE_CONFIRM", "false"), 0);
    assert_eq!(digests(home), before);
}

fn append_adds_days_once_and_moves_no_old_row(home: &Home) {
    let old = "SELECT count(*) AS n FROM sales WHERE date <= '2024-12-31'";
    let new = "SELECT count(*) AS n FROM sales WHERE date > '2024-12-31'";
    home.migrated().kiln("seed market", 0);
    let said = home.kiln("seed market --append", 2);
    assert!(said.err.contains("--append needs --start-date"), "{}", said.err);
    home.kiln("seed market --append --start-date 2025-01-01 --end-date 2025-06-30", 0);
    let appended = digests(home);
    assert_eq!(home.number(old), 2000);
    // 181 days as dense as 2,000 sales on 767.8 days of weight.
    assert_eq!(home.number(new), 471);
    assert_eq!(appended["products"], golden()["products"]);

    let said = home.kiln("seed market --append --start-date 2025-01-01 --end-date 2025-06-30", 0);
    assert!(said.out.contains("nothing changed"), "{}", said.out);
    // A range that overlaps only adds the days that are missing.
    home.kiln("seed market --append --start-date 2025-04-01 --end-date 2025-07-31", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales WHERE date BETWEEN '2025-01-01' AND '2025-06-30'"), 471);
    let july = home.number("SELECT count(*) AS n FROM sales WHERE date >= '2025-07-01'");
    assert_eq!(july, 81);
    // And the next month is as dense as the first run, not as that append was over its whole range.
    home.kiln("seed market --append --start-date 2025-08-01 --end-date 2025-08-31", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales WHERE date >= '2025-08-01'"), july);
    // The first run's rows still count as seeded.
    home.kiln("seed market", 0);
    home.kiln("seed market --verify", 0);
}

fn append_goes_on_with_the_seed_of_the_rows_there(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke --seed 7", 0);
    let said = home.kiln("seed market --append --start-date 2025-01-01 --end-date 2025-03-31", 0);
    assert!(said.out.contains("rows appended with seed 7"), "{}", said.out);
    let said = home.kiln("seed market --append --start-date 2025-01-01 --end-date 2025-03-31 --seed 9", 0);
    assert!(said.out.contains("every one of these days is filled, nothing changed"), "{}", said.out);
    home.kiln("seed market --append --start-date 2025-04-01 --end-date 2025-04-30 --seed 9", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM kiln_seed_runs WHERE seed = 9"), 1);
}

fn append_refuses_rows_that_were_deleted_or_changed(home: &Home) {
    let append = "seed market --append --start-date 2025-01-01 --end-date 2025-01-31";
    let next = "put the rows back, or make all anew by the commands of `kiln seed market --status`";
    for (change, words) in [
        ("DELETE FROM sales WHERE sale_id = 7", "sales holds 99 rows, the runs left 100"),
        ("UPDATE sales SET quantity = quantity + 1 WHERE sale_id = 7", "sales holds other values than run 1 left"),
        ("UPDATE products SET price = price + 1 WHERE product_id = 3", "products holds other values than run 1 left"),
        ("DELETE FROM customer_segments WHERE segment_id = 2", "customer_segments holds 8 rows, the runs left 9"),
    ] {
        let home = &Home::new(home.backend);
        home.migrated().kiln("seed market --scenario smoke", 0);
        home.sql(&[change]);
        for run in [append, &format!("{append} --dry-run")] {
            let said = home.kiln(run, 3);
            assert!(said.err.contains(&format!("{words}; {next}")), "{change}: {}", said.err);
        }
        assert_eq!(home.number("SELECT count(*) AS n FROM sales WHERE date > '2024-12-31'"), 0);
        assert_eq!(home.number("SELECT count(*) AS n FROM kiln_seed_runs"), 1);
    }
    // A client that somebody added is one more to sell for.
    home.migrated().kiln("seed market --scenario smoke", 0);
    home.sql(&["INSERT INTO clients (client_name, industry) VALUES ('By hand', 'Footwear')"]);
    home.kiln(append, 0);
}

fn append_that_leaves_days_out_asks(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke", 0);
    let before = digests(home);
    let march = "seed market --append --start-date 2025-03-01 --end-date 2025-03-31";
    let gap = "the 59 days from 2025-01-01 to 2025-02-28 stay without rows until an append fills them";
    let said = home.kiln(march, 3);
    let refusal = format!("{gap}; append these days first, or give --confirm to leave them out");
    assert!(said.err.contains(&refusal), "{}", said.err);
    let (shown, code) = on_terminal(&mut home.command(march), "n\n");
    assert_eq!((code, shown.matches(gap).count()), (Some(3), 1), "{shown}");
    assert_eq!(digests(home), before);

    let said = home.kiln(&format!("{march} --confirm"), 0);
    assert_eq!(said.err.matches("without rows").count(), 1, "{}", said.err);
    // The days between are no gap of their own, nor are those before the first.
    for days in ["--start-date 2025-01-20 --end-date 2025-02-10", "--start-date 2022-12-01 --end-date 2022-12-31"] {
        assert!(!home.kiln(&format!("seed market --append {days}"), 0).err.contains("without rows"));
    }
    let said = home.kiln("seed market --append --start-date 2022-11-01 --end-date 2022-11-29", 3);
    assert!(said.err.contains("the day 2022-11-30 stays without rows until"), "{}", said.err);
    home.kiln("seed market --verify", 0);
}

/// The command that is shown with a backup makes the database what it was.
fn a_backup_can_be_put_back_as_it_says(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke --seed 7", 0);
    let before = digests(home);
    let said = home.kiln("seed market --full-new --confirm --backup before.bak", 0);
    let command = said.out.split("put it back with `").nth(1).and_then(|rest| rest.split('`').next());
    let command = command.expect("the command is shown").to_owned();
    // Pasted as it is, it leads to the server and the role that the copy is of.
    let mut shell = home.program("sh", "-c");
    shell.arg(command);
    Said::by(&mut shell, 0);
    assert_eq!(digests(home), before);
    home.kiln("check market", 0);
    home.kiln("seed market --scenario smoke --seed 7", 0);
}

fn append_to_foreign_dimension_rows_works(home: &Home) {
    home.migrated().sql(&[
        "INSERT INTO clients (client_name, industry) VALUES ('By hand', 'Footwear')",
        "INSERT INTO products (client_id, product_name, category, brand, price) VALUES (1, 'Shoe', 'Apparel', 'B', 49.99)",
    ]);
    home.sql(&["UPDATE products SET price = 0.333"]);
    home.kiln("seed market --append --start-date 2025-01-01 --end-date 2025-01-31 --sales 40", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales WHERE product_id = 1 AND client_id = 1"), 40);
    home.kiln("seed market --verify", 0);
    home.kiln("seed market --delete --scope facts --confirm", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM products"), 1);
}

fn delete_goes_by_scope_and_keeps_facts_from_dangling(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke", 0);
    home.kiln("seed market --delete", 3);
    home.kiln("seed market --full-new --scope facts --confirm", 2);
    let said = home.kiln("seed market --delete --scope dimensions --confirm", 3);
    assert!(said.err.contains("sales holds 100 rows"), "{}", said.err);
    home.kiln("seed market --delete --scope facts --confirm", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales"), 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM clients"), 3);
    home.kiln("seed market --delete --scope dimensions --confirm", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM clients"), 0);
    home.kiln("seed market --scenario smoke", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales"), 100);
}

fn a_dry_run_tells_everything_and_writes_nothing(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke", 0);
    let before = digests(home);
    for command in ["--full-new", "--delete", "--append --start-date 2025-01-01 --end-date 2025-01-31"] {
        let mut command = home.command(&format!("seed market {command} --dry-run --format json"));
        let json = Said::by(command.env("APP_ENV", "production"), 0).json();
        let result = &json["results"][0];
        assert!(result["server"].as_str().expect("a server").starts_with(home.backend.dialect().name()));
        assert_eq!(result["lacks"].as_array().map(Vec::len), Some(0), "{result}");
        assert_eq!(result["plan"]["tables"].as_array().map(Vec::len), Some(4));
    }
    assert_eq!(digests(home), before);
    assert_eq!(home.number("SELECT count(*) AS n FROM kiln_seed_runs"), 1);
}

fn production_refuses_every_write(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke", 0);
    let before = digests(home);
    for operation in
        ["--full-new --confirm", "--delete --confirm", "--append --start-date 2025-01-01 --end-date 2025-01-02"]
    {
        let mut command = home.command(&format!("seed market {operation}"));
        let said = Said::by(command.env("APP_ENV", "production").env("SEEDER_REQUIRE_CONFIRM", "false"), 3);
        assert!(said.err.contains("APP_ENV is production"), "{}", said.err);
    }
    for name in ["production", " Production ", "prod"] {
        Said::by(home.command("migrate up market --seed").env("APP_ENV", name), 3);
    }
    assert_eq!(digests(home), before);
    let mut allowed = home.command("seed market --full-new --confirm");
    Said::by(allowed.env("APP_ENV", "production").env("SEEDER_ALLOW_PRODUCTION", "true"), 0);
    assert_eq!(digests(home), golden());
}

fn verify_finds_a_row_that_does_not_add_up(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke", 0);
    home.sql(&[
        "UPDATE sales SET revenue = revenue + 1 WHERE sale_id = 5",
        "UPDATE products SET price = 5000 WHERE product_id = 2",
    ]);
    let said = home.kiln("seed market --verify", 1);
    assert!(said.out.contains("FAILS  every revenue is quantity times price"), "{}", said.out);
    assert!(said.out.contains("FAILS  every price is in its category's range"), "{}", said.out);
    assert!(said.out.contains("holds  sales has the planned rows"), "{}", said.out);
    home.sql(&["DELETE FROM sales WHERE sale_id > 40"]);
    let said = home.kiln("seed market --verify", 1);
    assert!(said.out.contains("FAILS  sales has the planned rows"), "{}", said.out);
    assert!(home.kiln("seed market --status", 0).out.contains("  changed   "));
}

fn status_shows_the_command_that_makes_the_rows_again(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke --seed 9", 0);
    let before = digests(home);
    let json = home.kiln("seed market --status --format json", 0).json();
    let command = json["results"][0]["runs"][0]["command"].as_str().expect("a command").to_owned();
    assert_eq!(command, "kiln seed market --full-new --confirm --seed 9 --clients 3 --products 30 --sales 100");
    home.kiln("seed market --full-new --confirm", 0);
    home.kiln(command.strip_prefix("kiln ").expect("a command of kiln"), 0);
    assert_eq!(digests(home), before);
}

fn options_come_from_flag_file_scenario_environment_in_that_order(home: &Home) {
    std::fs::write(home.path("shop.yaml"), "products: 20\nclients: 4\n").expect("a file");
    let mut command = home.migrated().command("seed market --config shop.yaml --scenario smoke --clients 2");
    Said::by(command.env("SEEDER_DEFAULT_SEED", "5"), 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM clients"), 2);
    assert_eq!(home.number("SELECT count(*) AS n FROM products"), 20);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales"), 100);
    assert_eq!(home.number("SELECT seed AS n FROM kiln_seed_runs"), 5);
    std::fs::write(home.path("shop.yaml"), "clients: 3\nclint: 1\n").expect("a file");
    let said = home.kiln("seed market --config shop.yaml", 2);
    assert!(said.err.contains("shop.yaml:2:1: unknown key `clint`; did you mean `clients`?"), "{}", said.err);
    let said = home.kiln("seed market --set clint=3", 2);
    assert!(said.err.contains("--set clint=3: unknown key `clint`; did you mean `clients`?"), "{}", said.err);
    let said = home.kiln("seed market --set start_date=2023-02-01 --start-date 2023-02-01", 2);
    assert!(said.err.contains("--start-date and --set start_date give the same option; give one"), "{}", said.err);
    std::fs::write(home.path("shop.yaml"), "clients: 3\n").expect("a file");
    let said = home.kiln("seed market --full-new --dry-run --config shop.yaml --set clients=5 --set batch_size=10", 0);
    assert!(said.out.contains("clients 5") && said.out.contains("of 10 rows"), "{}", said.out);
}

fn a_killed_run_leaves_what_was_there(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke", 0);
    let before = digests(home);
    for milliseconds in [150, 400, 900] {
        let mut run = home.command("seed market --full-new --confirm --scenario large").spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(milliseconds));
        run.kill().expect("it is still at it: a million sales take longer");
        assert!(!run.wait().expect("it ends").success());
        assert_eq!(digests(home), before, "killed after {milliseconds} ms");
    }
}

fn a_missing_table_is_refused_with_the_command_that_makes_it(home: &Home) {
    home.kiln("migrate up market -n 1", 0);
    let said = home.kiln("seed market", 3);
    assert!(said.err.contains("run `kiln migrate up market --seed`"), "{}", said.err);
    home.kiln("migrate up market", 0);
    home.sql(&["DROP TABLE customer_segments"]);
    let said = home.kiln("seed market", 3);
    assert!(said.err.contains("market has no table customer_segments"), "{}", said.err);
}

fn two_runs_at_once_fill_the_tables_once(home: &Home) {
    home.migrated();
    std::thread::scope(|runs| {
        for _ in 0..4 {
            runs.spawn(|| home.kiln("seed market", 0));
        }
    });
    assert_eq!(digests(home), golden());
    assert_eq!(home.number("SELECT count(*) AS n FROM kiln_seed_runs"), 1);
}

/// Runs `kiln seed market` so that all this happens between two of its counts.
fn while_it_counts(home: &Home, arguments: &str, code: i32, meanwhile: &[&str]) -> Said {
    let lock = match home.backend {
        Backend::Postgres => ("BEGIN; LOCK TABLE sales", "COMMIT"),
        _ => ("LOCK TABLES sales WRITE", "UNLOCK TABLES"),
    };
    home.kiln_that_waits(&format!("seed market {arguments}"), code, lock, meanwhile)
}

/// The first run's ledger, and a row of a table that is not counted yet.
fn a_reader_sees_every_table_as_of_one_moment(backend: Backend) {
    let home = Home::new(backend);
    home.migrated().sql(&["INSERT INTO clients (client_id, client_name, industry) VALUES (1, 'Early', 'Footwear')"]);
    let dialect = backend.dialect().backend();
    let ledger = dialect.build(&Schema::new(dialect).create_table_from_entity(seeder::ledger::Entity)).to_string();
    let row = "INSERT INTO customer_segments (client_id, segment_name) VALUES (1, 'Late')";
    let json = while_it_counts(&home, "--status --format json", 0, &[&ledger, row]).json();
    let status = &json["results"][0];
    let tables = serde_json::json!([["clients", 1], ["products", 0], ["sales", 0], ["customer_segments", 0]]);
    assert_eq!((&status["tables"], &status["runs"]), (&tables, &serde_json::json!([])));
}

fn a_ledger_that_is_rebuilt_meanwhile_is_not_taken_for_a_new_one() {
    let home = Home::new(Backend::MariaDb);
    home.migrated().kiln("seed market", 0);
    let said = while_it_counts(&home, "--status", 4, &["ALTER TABLE kiln_seed_runs ENGINE = InnoDB"]);
    assert!(said.err.contains("Table definition has changed, please retry transaction"), "{}", said.err);
    let said = home.kiln("seed market --status", 0);
    assert!(said.out.contains("kiln seed market --full-new --confirm --seed 42"), "{}", said.out);
}
