//! Large loads: keys and indexes are off while rows come, and whatever happens they are back as they were.

use catalog::Catalog;
use chrono::NaiveDateTime;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use seeder::demand::Demand;
use seeder::{Layer, Observer, Operation, Request, Seeder as _, Settings};
use tokio::sync::Notify;

use crate::OnBackend;
use crate::backend::{Backend, Home, Said, runtime};
use crate::servers::RoleGuard;

pub const TESTS: &[OnBackend] = &[
    ("a_load_leaves_keys_and_indexes_as_they_were", a_load_leaves_keys_and_indexes_as_they_were),
    (
        "a_key_of_somebody_else_that_the_rows_break_stops_the_run",
        a_key_of_somebody_else_that_the_rows_break_stops_the_run,
    ),
    ("a_key_of_two_columns_that_the_rows_break_stops_the_run", a_key_of_two_columns_that_the_rows_break_stops_the_run),
    ("ids_begin_at_one_whenever_all_rows_are_new", ids_begin_at_one_whenever_all_rows_are_new),
    ("an_error_in_the_middle_leaves_everything_as_it_was", an_error_in_the_middle_leaves_everything_as_it_was),
    ("rows_that_point_to_replaced_ones_are_seen_to", rows_that_point_to_replaced_ones_are_seen_to),
    ("a_connection_enforces_keys_again_however_the_run_ends", a_connection_enforces_keys_again_however_the_run_ends),
];

pub const ON_POSTGRES: &[(&str, Backend, fn())] = &[
    (
        "only_keys_that_come_back_as_they_were_are_taken_off",
        Backend::Postgres,
        only_keys_that_come_back_as_they_were_are_taken_off,
    ),
    ("a_role_that_owns_no_table_loads_with_keys_on", Backend::Postgres, a_role_that_owns_no_table_loads_with_keys_on),
    ("a_reader_at_work_does_not_stop_a_load", Backend::Postgres, a_reader_at_work_does_not_stop_a_load),
];

/// 3,660 sales: more than it takes for keys to be taken off.
const SEED: &str = "seed demand --stores 2 --products 5";

/// What there is but the ledger.
fn structure(home: &Home) -> Catalog {
    home.catalog().without(&["kiln_seed_runs"])
}

fn rows(home: &Home) -> Vec<i64> {
    ["store", "product", "calendar", "price_history", "promotion", "sales_daily", "inventory_snapshot_daily"]
        .map(|table| home.number(&format!("SELECT count(*) AS n FROM {table}")))
        .to_vec()
}

fn ids_begin_at_one_whenever_all_rows_are_new(home: &Home) {
    let tables = ["store", "product", "price_history", "promotion", "sales_daily", "inventory_snapshot_daily"];
    let integer = if home.backend == Backend::MariaDb { "SIGNED" } else { "BIGINT" };
    let ids = |which: &str| {
        let sql = |table: &str| format!("SELECT CAST({which}(id) AS {integer}) AS n FROM {table}");
        tables.map(|table| home.number(&sql(table)))
    };
    home.migrated().kiln(SEED, 0);
    let (first, last) = (ids("min"), ids("max"));
    assert_eq!(first, [1; 6]);
    home.kiln(&format!("{SEED} --full-new --confirm"), 0);
    assert_eq!((ids("min"), ids("max")), (first, last));
    home.kiln("seed demand --delete --confirm", 0);
    home.kiln(SEED, 0);
    assert_eq!((ids("min"), ids("max")), (first, last));
    // An append and a program of somebody's own go on after them.
    home.kiln("seed demand --append --start-date 2025-01-01 --end-date 2025-01-31", 0);
    home.sql(&["INSERT INTO promotion (product_id, name, discount_pct, start_date, end_date) \
                VALUES (1, 'By hand', 0.1, '2030-01-01', '2030-01-02')"]);
    let grown = ids("max");
    assert!(grown[3] > last[3] && grown[4] > last[4] && grown[5] > last[5], "{last:?} {grown:?}");
}

fn a_load_leaves_keys_and_indexes_as_they_were(home: &Home) {
    let before = structure(home.migrated());
    let year = "--start-date 2025-01-01 --end-date 2025-12-31";
    for command in [SEED, &format!("seed demand --append {year}"), &format!("{SEED} --full-new --confirm --seed 7")] {
        home.kiln(command, 0);
        assert_eq!(structure(home), before, "{command}");
        home.kiln("check demand --strict", 0);
    }
    assert!(rows(home)[5] >= 1_000, "{:?}", rows(home));
}

/// Runs `command`, which must end with 4, and looks whether everything is as it was; gives what it said.
fn refused(home: &Home, command: &str) -> String {
    let (structure_before, rows_before) = (structure(home), rows(home));
    let said = home.kiln(command, 4);
    assert_eq!(structure(home), structure_before, "{}", said.err);
    assert_eq!(rows(home), rows_before, "{}", said.err);
    said.err
}

fn a_key_of_somebody_else_that_the_rows_break_stops_the_run(home: &Home) {
    home.migrated();
    home.sql(&["CREATE TABLE allowed (id INTEGER PRIMARY KEY)"]);
    home.text("ALTER TABLE sales_daily ADD COLUMN allowed INTEGER DEFAULT 7 REFERENCES allowed (id)");
    let told = refused(home, SEED);
    assert!(told.contains("allowed"), "{told}");
    home.sql(&["INSERT INTO allowed VALUES (7)"]);
    home.kiln(SEED, 0);
    home.sql(&["UPDATE sales_daily SET allowed = NULL", "DELETE FROM allowed"]);
    let told = refused(home, &format!("{SEED} --full-new --confirm"));
    assert!(told.contains("allowed"), "{told}");
}

fn a_key_of_two_columns_that_the_rows_break_stops_the_run(home: &Home) {
    home.migrated();
    home.sql(&["CREATE TABLE listed (store_id INTEGER NOT NULL, product_id INTEGER NOT NULL, PRIMARY KEY (store_id, product_id))"]);
    home.sql(&["INSERT INTO listed VALUES (1, 1), (1, 2)"]);
    if home.backend == Backend::Sqlite {
        let sql = "SELECT sql AS t FROM sqlite_master WHERE name = 'inventory_snapshot_daily'";
        let table = home.texts(sql).remove(0);
        let (head, _) = table.rsplit_once(')').expect("a table has columns");
        let indexes = home.texts(
            "SELECT sql AS t FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = 'inventory_snapshot_daily'",
        );
        let key = "FOREIGN KEY (store_id, product_id) REFERENCES listed (store_id, product_id))";
        home.text(&format!("DROP TABLE inventory_snapshot_daily; {head}, {key}; {}", indexes.join("; ")));
    } else {
        home.sql(&[
            "ALTER TABLE inventory_snapshot_daily ADD CONSTRAINT fk_listed FOREIGN KEY (store_id, product_id) \
                    REFERENCES listed (store_id, product_id)",
        ]);
    }
    let told = refused(home, SEED);
    assert!(told.contains("listed"), "{told}");
}

fn an_error_in_the_middle_leaves_everything_as_it_was(home: &Home) {
    home.migrated();
    // The last table that is filled cannot hold two stores.
    home.sql(&["CREATE UNIQUE INDEX one_store ON inventory_snapshot_daily (date, product_id)"]);
    refused(home, SEED);
    let drop = if home.backend == Backend::MariaDb { " ON inventory_snapshot_daily" } else { "" };
    home.sql(&[&format!("DROP INDEX one_store{drop}")]);
    let trigger = match home.backend {
        Backend::Sqlite => {
            "CREATE TRIGGER enough BEFORE INSERT ON sales_daily WHEN NEW.date = '2024-06-01' \
             BEGIN SELECT RAISE(ABORT, 'that is enough'); END"
        }
        Backend::Postgres => {
            "CREATE FUNCTION enough() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN \
             IF NEW.date = '2024-06-01' THEN RAISE 'that is enough'; END IF; RETURN NEW; END$$; \
             CREATE TRIGGER enough BEFORE INSERT ON sales_daily FOR EACH ROW EXECUTE FUNCTION enough()"
        }
        Backend::MariaDb => {
            "CREATE TRIGGER enough BEFORE INSERT ON sales_daily FOR EACH ROW IF NEW.date = '2024-06-01' \
             THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'that is enough'; END IF"
        }
    };
    home.sql(&[trigger]);
    let told = refused(home, SEED);
    assert!(told.contains("that is enough"), "{told}");
    let table = if home.backend == Backend::Postgres { " ON sales_daily" } else { "" };
    home.sql(&[&format!("DROP TRIGGER enough{table}")]);
    home.kiln(SEED, 0);
}

/// A table that is not the schema's and points to its rows goes with them, as its key says.
fn rows_that_point_to_replaced_ones_are_seen_to(home: &Home) {
    home.migrated().kiln(SEED, 0);
    home.sql(&[
        "CREATE TABLE note (sale BIGINT, FOREIGN KEY (sale) REFERENCES sales_daily (id) ON DELETE CASCADE)",
        "INSERT INTO note SELECT min(id) FROM sales_daily",
    ]);
    home.kiln(&format!("{SEED} --full-new --confirm --seed 7"), 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM note"), 0);
}

struct Silent;

impl Observer for Silent {
    fn started(&self, _: &str, _: u64) {}
    fn advanced(&self, _: &str, _: u64) {}
    fn finished(&self, _: &str) {}
}

/// Waits until a run tells of this.
struct UntilTold {
    moment: &'static str,
    told: Notify,
}

impl Observer for UntilTold {
    fn started(&self, doing: &str, _: u64) {
        self.working(doing);
    }
    fn advanced(&self, _: &str, _: u64) {}
    fn finished(&self, _: &str) {}
    fn working(&self, doing: &str) {
        if doing.starts_with(self.moment) {
            self.told.notify_one();
        }
    }
}

fn request(operation: Operation) -> Request {
    let values = [("stores".to_owned(), "2".to_owned().into()), ("products".to_owned(), "5".to_owned().into())].into();
    let layer = Layer { source: "the test".to_owned(), values, ..Layer::default() };
    let settings = Settings::resolve(Demand.options(), &[layer]).expect("options of demand");
    Request { operation, settings, agreed: None, clock: NaiveDateTime::default }
}

/// Whether the connection looks at foreign keys: what it says of itself, and what it does.
async fn enforces(db: &DatabaseConnection, backend: Backend) -> bool {
    let sql = match backend {
        Backend::Sqlite => "SELECT foreign_keys AS n FROM pragma_foreign_keys",
        Backend::Postgres => "SELECT 1::bigint AS n",
        Backend::MariaDb => "SELECT @@SESSION.foreign_key_checks AS n",
    };
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    let says: i64 = row.expect("a setting can be read").expect("a row").try_get("", "n").expect("a number");
    let dangling = "INSERT INTO price_history (product_id, price, valid_from) VALUES (9999, 1, '2024-01-01')";
    says == 1 && db.execute_unprepared(dangling).await.is_err()
}

fn a_connection_enforces_keys_again_however_the_run_ends(home: &Home) {
    home.migrated();
    runtime().block_on(async {
        let db = home.connect().await;
        let fill = request(Operation::Fill);
        // MariaDB's driver does not outlive being given up in the middle of an answer.
        let moments = ["calendar", "sales_daily", "checking that every sale has"];
        let moments = if home.backend == Backend::MariaDb { &[][..] } else { &moments };
        for &moment in moments {
            let patience = UntilTold { moment, told: Notify::new() };
            tokio::select! {
                _ = seeder::run(&db, &Demand, &fill, &patience) => panic!("it ended before {moment}"),
                () = patience.told.notified() => {}
            }
            assert!(enforces(&db, home.backend).await, "given up at {moment}");
        }
        db.execute_unprepared("CREATE UNIQUE INDEX one_store ON sales_daily (date, product_id)")
            .await
            .expect("an index");
        seeder::run(&db, &Demand, &fill, &Silent).await.expect_err("two stores sell");
        assert!(enforces(&db, home.backend).await, "failed");
        let table = if home.backend == Backend::MariaDb { " ON sales_daily" } else { "" };
        db.execute_unprepared(&format!("DROP INDEX one_store{table}")).await.expect("the index is there");
        seeder::run(&db, &Demand, &fill, &Silent).await.expect("the tables are empty");
        assert!(enforces(&db, home.backend).await, "done");
        seeder::run(&db, &Demand, &fill, &Silent).await.expect("nothing to do");
        assert!(enforces(&db, home.backend).await, "nothing to do");
        db.close().await.expect("a connection closes");
    });
}

/// The foreign keys of `sales_daily` by name, each with its number, which is another when it is made again.
fn keys(home: &Home) -> Vec<(String, String)> {
    let sql = "SELECT concat(conname, ' ', oid) AS t FROM pg_constraint \
               WHERE conrelid = 'sales_daily'::regclass AND contype = 'f' ORDER BY conname";
    let split = |text: String| text.split_once(' ').map(|(name, oid)| (name.to_owned(), oid.to_owned()));
    home.texts(sql).into_iter().filter_map(split).collect()
}

fn only_keys_that_come_back_as_they_were_are_taken_off() {
    let home = Home::of(Backend::Postgres, "demand");
    home.migrated().sql(&[
        "CREATE TABLE deferred (id INTEGER PRIMARY KEY)",
        "INSERT INTO deferred VALUES (1), (2)",
        "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY)",
        "INSERT INTO a VALUES (1), (2); INSERT INTO b SELECT * FROM a; INSERT INTO c SELECT * FROM a",
        "ALTER TABLE sales_daily ADD CONSTRAINT not_valid FOREIGN KEY (store_id) REFERENCES a NOT VALID",
        "ALTER TABLE sales_daily ADD CONSTRAINT noted FOREIGN KEY (store_id) REFERENCES b",
        "COMMENT ON CONSTRAINT noted ON sales_daily IS 'by hand'",
        "ALTER TABLE sales_daily ADD CONSTRAINT acting FOREIGN KEY (store_id) REFERENCES c ON UPDATE CASCADE ON DELETE SET NULL",
    ]);
    let (before, keys_before) = (structure(&home), keys(&home));
    home.kiln(SEED, 0);
    assert_eq!(structure(&home), before);
    let others: Vec<String> =
        keys(&home).into_iter().filter(|key| !keys_before.contains(key)).map(|(name, _)| name).collect();
    assert_eq!(others.len(), 4, "the three of the schema and `acting` were made again: {others:?}");
    assert!(!others.iter().any(|name| name == "not_valid" || name == "noted"), "{others:?}");
    // A key that waits for the commit keeps its table from being changed before.
    home.sql(&["ALTER TABLE sales_daily ADD CONSTRAINT late FOREIGN KEY (store_id) REFERENCES deferred \
                DEFERRABLE INITIALLY DEFERRED"]);
    let keys_before = keys(&home);
    home.kiln(&format!("{SEED} --full-new --confirm"), 0);
    assert_eq!(keys(&home), keys_before);
}

fn a_role_that_owns_no_table_loads_with_keys_on() {
    let home = Home::of(Backend::Postgres, "demand");
    let grants = [
        "GRANT USAGE, CREATE ON SCHEMA demand TO ROLE",
        "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA demand TO ROLE",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA demand TO ROLE",
    ];
    let role = RoleGuard::new(home.migrated(), &grants);
    let keys_before = keys(&home);
    let mut seed = home.command(SEED);
    Said::by(seed.env("DATABASE_URL", role.url("right-horse")), 0);
    assert_eq!(keys(&home), keys_before);
    assert!(rows(&home)[5] >= 1_000, "{:?}", rows(&home));
}

/// Taking keys off would wait for whoever reads the tables; the load goes on without it.
fn a_reader_at_work_does_not_stop_a_load() {
    let home = Home::of(Backend::Postgres, "demand");
    let keys_before = keys(home.migrated());
    runtime().block_on(async {
        let db = home.connect().await;
        db.execute_unprepared("BEGIN; SELECT count(*) FROM store").await.expect("a reader");
        home.kiln(SEED, 0);
        db.execute_unprepared("COMMIT").await.expect("a reader ends");
        db.close().await.expect("a connection closes");
    });
    let is_same = |key: &(String, String)| keys_before.contains(key);
    assert!(keys(&home).iter().any(is_same), "the key to store stayed on");
}
