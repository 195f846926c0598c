//! brickhouse beyond its tables: the analytics relations, and document 002's queries, grants and roles.

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, Statement};

use crate::OnBackend;
use crate::backend::{Backend, Home, Said, lobby, runtime};

pub const TESTS: &[OnBackend] = &[
    ("the_relations_say_the_same_of_the_same_rows", the_relations_say_the_same_of_the_same_rows),
    ("refreshing_shows_what_has_come_in", refreshing_shows_what_has_come_in),
    ("refreshing_what_is_not_migrated_is_refused", refreshing_what_is_not_migrated_is_refused),
];

/// A test on one backend.
pub const ON_POSTGRES: &[(&str, Backend, fn())] = &[
    ("a_second_copy_in_one_database_is_refused", Backend::Postgres, a_second_copy_in_one_database_is_refused),
    ("a_second_copy_is_refused_whoever_asks", Backend::Postgres, a_second_copy_is_refused_whoever_asks),
    (
        "a_role_that_was_given_its_schemas_goes_up_and_down",
        Backend::Postgres,
        a_role_that_was_given_its_schemas_goes_up_and_down,
    ),
    (
        "views_are_refreshed_after_those_that_they_read",
        Backend::Postgres,
        views_are_refreshed_after_those_that_they_read,
    ),
    ("refreshing_says_what_is_not_there", Backend::Postgres, refreshing_says_what_is_not_there),
    ("what_others_keep_in_analytics_is_not_dropped", Backend::Postgres, what_others_keep_in_analytics_is_not_dropped),
    (
        "the_documents_queries_and_roles_work_as_they_stand",
        Backend::Postgres,
        the_documents_queries_and_roles_work_as_they_stand,
    ),
];

/// Two stores beside the warehouse, three products, stock of each severity, and orders of today and of long ago.
fn rows(backend: Backend) -> Vec<String> {
    let now = match backend {
        Backend::Sqlite => ["datetime('now', '-3 hours')", "datetime('now', '-90 minutes')"],
        Backend::Postgres => {
            ["(now() at time zone 'utc') - interval '3 hours'", "(now() at time zone 'utc') - interval '90 minutes'"]
        }
        Backend::MariaDb => ["utc_timestamp() - interval 3 hour", "utc_timestamp() - interval 90 minute"],
    };
    let store = |id: u8, name: &str, kind: &str, region: &str| {
        format!(
            "INSERT INTO stores (store_id, store_name, store_code, address, city, state, zip_code, region, store_type) \
             VALUES ({id}, '{name}', 'S{id}', '1 Road', 'X', 'GA', '30303', '{region}', '{kind}')"
        )
    };
    let product = |id: u8, brand: &str, price: &str| {
        format!(
            "INSERT INTO products (product_id, product_name, brand, category, package_size, unit_price) \
             VALUES ({id}, 'P{id}', '{brand}', 'Cola', '12oz', {price})"
        )
    };
    let stock = |product: u8, store: u8, cases: u8, reserved: u8| {
        format!(
            "INSERT INTO inventory (product_id, store_id, quantity_cases, reserved_cases) \
             VALUES ({product}, {store}, {cases}, {reserved})"
        )
    };
    let order = |number: u8, status: &str, at: &str, fulfilled: &str| {
        format!(
            "INSERT INTO orders (order_number, to_store_id, product_id, quantity_cases, order_status, requested_by, \
             order_date, fulfilled_date) VALUES ('O{number}', 2, 1, 10, '{status}', 1, {at}, {fulfilled})"
        )
    };
    vec![
        store(1, "Hub", "Warehouse", "Southeast"),
        store(2, "Beach", "Tourist", "Southeast"),
        store(3, "Loop", "Urban", "Midwest"),
        product(1, "Fizz", "10.50"),
        product(2, "Fizz", "4.25"),
        product(3, "Zing", "7"),
        "INSERT INTO users (user_id, username, email, first_name, last_name, role, store_id) \
         VALUES (1, 'ann', 'ann@example.com', 'Ann', 'Lee', 'store_manager', 2)"
            .to_owned(),
        stock(1, 1, 200, 0),
        stock(1, 2, 40, 35),
        stock(2, 2, 20, 0),
        stock(3, 2, 60, 30),
        stock(3, 3, 100, 0),
        order(1, "fulfilled", now[0], now[1]),
        order(2, "pending_review", now[0], "NULL"),
        order(3, "fulfilled", "'2020-01-01 00:00:00'", "'2020-01-02 00:00:00'"),
    ]
}

/// A brickhouse home with rows in it.
fn stocked(home: &Home) -> Home {
    let home = Home::of(home.backend, "brickhouse");
    let rows = rows(home.backend);
    home.migrated().sql(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    home
}

fn relation(home: &Home, name: &str) -> String {
    if home.backend == Backend::Postgres { format!("analytics.{name}") } else { format!("analytics_{name}") }
}

fn the_relations_say_the_same_of_the_same_rows(home: &Home) {
    let home = stocked(home);
    home.kiln("refresh-views brickhouse", 0);
    let number = |expression: &str, name: &str, condition: &str| {
        let cast = if home.backend == Backend::MariaDb { "SIGNED" } else { "bigint" };
        let from = relation(&home, name);
        home.number(&format!("SELECT CAST(({expression}) AS {cast}) AS n FROM {from} WHERE {condition}"))
    };
    let summary = |expression: &str, condition: &str| number(expression, "inventory_summary", condition);
    assert_eq!(summary("count(*)", "1 = 1"), 3, "a row for each store and brand, the warehouse left out");
    let beach = "store_name = 'Beach' AND brand = 'Fizz'";
    assert_eq!(summary("sum(total_cases)", beach), 60);
    assert_eq!(summary("sum(total_reserved)", beach), 35);
    assert_eq!(summary("sum(inventory_value * 100)", beach), 50_500);
    assert_eq!(summary("sum(product_count)", beach), 2);

    // A run around midnight sees the two orders of today on two days.
    let trends = |expression: &str| number(expression, "order_trends", "region = 'Southeast' AND category = 'Cola'");
    assert_eq!(trends("sum(order_count)"), 2, "what is older than thirty days is left out");
    assert_eq!(trends("sum(fulfilled_orders)"), 1);
    assert_eq!(trends("sum(total_cases_ordered)"), 20);
    assert_eq!(trends("sum(total_order_value)"), 210);
    assert_eq!(trends("round(max(avg_fulfillment_hours) * 100)"), 150);

    let alerts = |status: &str| number("count(*)", "low_stock_alerts", &format!("stock_status = '{status}'"));
    assert_eq!([alerts("CRITICAL"), alerts("LOW"), alerts("NORMAL")], [1, 1, 0]);
}

fn refreshing_shows_what_has_come_in(home: &Home) {
    let home = stocked(home);
    let count = |home: &Home| home.number(&format!("SELECT count(*) AS n FROM {}", relation(home, "low_stock_alerts")));
    let said = if home.backend == Backend::Postgres {
        assert_eq!(count(&home), 0, "a materialized view keeps what it had");
        home.kiln("refresh-views brickhouse", 0)
    } else {
        assert_eq!(count(&home), 2, "a plain view is always fresh");
        let said = home.kiln("refresh-views brickhouse", 0);
        assert!(said.out.contains("no materialized views here; plain ones are always fresh"), "{}", said.out);
        return;
    };
    assert_eq!(count(&home), 2);
    assert!(
        said.out.contains("analytics.low_stock_alerts") && said.out.contains("3 materialized views refreshed"),
        "{}",
        said.out
    );
    let json = home.kiln("refresh-views brickhouse --format json", 0).json();
    let views = json["results"][0]["views"].as_array().expect("views").clone();
    let rows: Vec<_> = views.iter().map(|view| (view["name"].as_str(), view["rows"].as_i64())).collect();
    assert_eq!(rows[0], (Some("analytics.inventory_summary"), Some(3)));
    assert_eq!(rows[2], (Some("analytics.low_stock_alerts"), Some(2)));
}

fn refreshing_what_is_not_migrated_is_refused(home: &Home) {
    let home = Home::of(home.backend, "brickhouse");
    let said = home.kiln("refresh-views brickhouse", 3);
    assert!(said.err.contains("kiln migrate up brickhouse"), "{}", said.err);
}

fn schemas(home: &Home) -> i64 {
    home.number("SELECT count(*) AS n FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'")
}

fn a_second_copy_in_one_database_is_refused() {
    for (first, second) in [("brickhouse", "other"), ("brickhouse", "public"), ("public", "brickhouse"), ("a", "b")] {
        let home = Home::of(Backend::Postgres, "brickhouse");
        home.kiln(&format!("migrate up brickhouse --database-schema {first}"), 0);
        let before = schemas(&home);
        for command in ["migrate up brickhouse", "migrate fresh brickhouse --confirm", "check brickhouse"] {
            let said = home.kiln(&format!("{command} --database-schema {second}"), 3);
            assert!(said.err.contains(&format!("`--database-schema {first}`")), "{}", said.err);
        }
        assert_eq!(schemas(&home), before);
        home.kiln(&format!("check brickhouse --database-schema {first}"), 0);
    }
    let home = Home::of(Backend::Postgres, "brickhouse");
    let said = home.kiln("migrate up brickhouse --database-schema analytics", 2);
    assert!(said.err.contains("brickhouse owns the PostgreSQL schema analytics beside its own"), "{}", said.err);
}

fn what_others_keep_in_analytics_is_not_dropped() {
    let home = Home::of(Backend::Postgres, "brickhouse");
    home.sql(&["CREATE SCHEMA analytics", "CREATE TABLE analytics.of_others (id integer)"]);
    let said = home.kiln("migrate fresh brickhouse", 0);
    assert!(!said.out.contains("dropped"), "the namespace was not there yet: {}", said.out);
    home.kiln("migrate down brickhouse --all", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM analytics.of_others"), 0, "down leaves it where it is");
    let said = home.kiln("migrate fresh brickhouse", 3);
    assert!(said.err.contains("has not made what is in it: analytics.of_others; give --confirm"), "{}", said.err);
    home.kiln("migrate up brickhouse", 0);
    home.sql(&["INSERT INTO analytics.of_others VALUES (1)"]);
    let said = home.kiln("migrate fresh brickhouse", 3);
    assert!(said.err.contains("table analytics.of_others (1 row)"), "{}", said.err);
    assert_eq!(home.number("SELECT count(*) AS n FROM analytics.of_others"), 1);
}

/// A role of this name that may log in, for as long as the guard lives.
struct Login<'a> {
    home: &'a Home,
    name: String,
}

impl<'a> Login<'a> {
    fn new(home: &'a Home, grants: &[&str]) -> Self {
        let name = format!("l_{}", home.database);
        home.sql(&[&format!("CREATE ROLE {name} LOGIN PASSWORD 'x'")]);
        let login = Self { home, name };
        for grant in grants {
            home.sql(&[&grant.replace("ROLE", &login.name).replace("HERE", &home.database)]);
        }
        login
    }

    fn kiln(&self, arguments: &str, code: i32) -> Said {
        let mut url = url::Url::parse(&self.home.url()).expect("a URL");
        url.set_username(&self.name).expect("a user");
        url.set_password(Some("x")).expect("a password");
        Said::by(self.home.command(arguments).env("DATABASE_URL", String::from(url)), code)
    }
}

impl Drop for Login<'_> {
    fn drop(&mut self) {
        self.home.sql(&[&format!("DROP OWNED BY {} CASCADE", self.name), &format!("DROP ROLE {}", self.name)]);
    }
}

/// Neither for a role that may not see the first one, nor where a second one stopped half-way.
fn a_second_copy_is_refused_whoever_asks() {
    let home = Home::of(Backend::Postgres, "brickhouse");
    home.kiln("migrate up brickhouse --database-schema first", 0);
    let login = Login::new(&home, &["GRANT CREATE ON DATABASE HERE TO ROLE"]);
    let said = login.kiln("migrate up brickhouse --database-schema second", 3);
    assert!(said.err.contains("reads first, whose history this role may not read"), "{}", said.err);
    assert_eq!(home.number("SELECT count(*) AS n FROM pg_namespace WHERE nspname = 'second'"), 0);
    // A copy that stopped before its views, by the hand of another tool.
    home.sql(&[
        "CREATE SCHEMA second",
        "CREATE TABLE second.seaql_migrations AS SELECT * FROM first.seaql_migrations WHERE version < 'm20250301_000004'",
    ]);
    for command in ["migrate up brickhouse", "migrate fresh brickhouse --confirm"] {
        let said = home.kiln(&format!("{command} --database-schema second"), 3);
        assert!(said.err.contains("brickhouse is already in the PostgreSQL schema first"), "{}", said.err);
    }
    home.kiln("check brickhouse --database-schema first", 0);
}

/// Whoever may not make schemas may have been given both.
fn a_role_that_was_given_its_schemas_goes_up_and_down() {
    let home = Home::of(Backend::Postgres, "brickhouse");
    home.sql(&["CREATE SCHEMA brickhouse", "CREATE SCHEMA analytics"]);
    let login = Login::new(&home, &["GRANT ALL ON SCHEMA brickhouse, analytics TO ROLE"]);
    let said = {
        login.kiln("migrate up brickhouse", 0);
        // What would be lost is told from a replay, for which it may make no database.
        login.kiln("migrate down brickhouse --all", 4)
    };
    assert!(said.err.contains("give --confirm to roll back without knowing"), "{}", said.err);
    // Histories that it may not read are no hindrance, nor is what others keep in there.
    home.kiln("migrate up market", 0);
    home.sql(&["CREATE TABLE analytics.of_others (id integer)"]);
    for command in ["migrate down --all --confirm", "migrate up", "refresh-views"] {
        let (verb, flags) =
            command.split_once(" --").map_or((command, String::new()), |(verb, flags)| (verb, format!(" --{flags}")));
        login.kiln(&format!("{verb} brickhouse{flags}"), 0);
    }
    assert_eq!(schemas(&home), 4, "public, brickhouse, analytics and market");
    home.sql(&["DROP TABLE analytics.of_others"]);
    login.kiln("migrate fresh brickhouse", 0);
    home.kiln("check brickhouse", 0);
}

/// Made later does not mean read later: a view in between can be replaced.
fn views_are_refreshed_after_those_that_they_read() {
    let home = Home::of(Backend::Postgres, "brickhouse");
    home.migrated().sql(&[
        "CREATE TABLE numbers AS SELECT 1 AS x",
        "CREATE VIEW between_them AS SELECT x FROM numbers",
        "CREATE MATERIALIZED VIEW upper_one AS SELECT x FROM between_them",
        "CREATE MATERIALIZED VIEW lower_one AS SELECT x FROM numbers",
        "CREATE OR REPLACE VIEW between_them AS SELECT x FROM lower_one",
        "UPDATE numbers SET x = 99",
    ]);
    home.kiln("refresh-views brickhouse", 0);
    assert_eq!(home.number("SELECT x::bigint AS n FROM upper_one"), 99);
}

fn refreshing_says_what_is_not_there() {
    let home = Home::of(Backend::Postgres, "brickhouse");
    home.kiln("migrate up brickhouse -n 3", 0);
    let said = home.kiln("refresh-views brickhouse", 3);
    assert!(said.err.contains("m20250301_000004_create_analytics; run `kiln migrate up brickhouse`"), "{}", said.err);
    home.kiln("migrate up brickhouse", 0);
    home.sql(&["DROP SCHEMA analytics CASCADE"]);
    let said = home.kiln("refresh-views brickhouse", 3);
    assert!(said.err.contains("no materialized view here, though it owns analytics"), "{}", said.err);
    // Down takes what is left, and up makes all of it again.
    home.kiln("migrate down brickhouse", 0);
    home.kiln("migrate up brickhouse", 0);
    home.kiln("check brickhouse", 0);
}

/// Document 002, Data Inspection and Data Refresh, to the letter.
const QUERIES: &str = include_str!("documents/brickhouse_queries.sql");

/// Document 002, Database User Management, to the letter.
const ROLES: &str = include_str!("documents/brickhouse_roles.sql");

/// The statements of a script.
fn statements(script: &str) -> Vec<&str> {
    script.split(';').map(str::trim).filter(|statement| !statement.is_empty()).collect()
}

/// The document's two roles, which are the whole server's: one test at a time has them, and only
/// roles that a test made are dropped.
struct Roles {
    runtime: tokio::runtime::Runtime,
    lobby: DatabaseConnection,
    home: Home,
}

const NAMES: [&str; 2] = ["api_service_account", "analytics_user"];

impl Roles {
    /// Runs the document's statements in `home`.
    fn of(home: Home) -> Self {
        let runtime = runtime();
        let lobby = runtime.block_on(async {
            let lobby = lobby(Backend::Postgres).await;
            lobby.execute_unprepared("SELECT pg_advisory_lock(hashtext('kiln_test_roles'))").await.expect("a lock");
            for name in NAMES {
                let sql = format!(
                    "SELECT coalesce(shobj_description(oid, 'pg_authid'), '') AS said FROM pg_roles WHERE rolname = '{name}'"
                );
                let row = lobby.query_one_raw(Statement::from_string(lobby.get_database_backend(), sql)).await;
                if let Some(row) = row.expect("roles can be listed") {
                    let said: String = row.try_get("", "said").expect("a comment");
                    assert_eq!(said, "made by a test", "this server has a role {name} of its own, which a test must not touch");
                    drop_role(&lobby, name).await;
                }
            }
            lobby
        });
        home.sql(&statements(ROLES));
        for name in NAMES {
            home.sql(&[&format!("COMMENT ON ROLE {name} IS 'made by a test'")]);
        }
        Self { runtime, lobby, home }
    }

    /// Whether the role, logged in with the document's password, can run this.
    fn can(&self, role: &str, statement: &str) -> bool {
        let mut url = url::Url::parse(&self.home.url()).expect("a URL");
        url.set_username(role).expect("a user");
        let password = if role == NAMES[0] { "SomeSecurePassword123" } else { "analytics_password" };
        url.set_password(Some(password)).expect("a password");
        self.runtime.block_on(async {
            let mut options = ConnectOptions::new(String::from(url));
            options.max_connections(1).sqlx_logging(false);
            let db = Database::connect(options).await.expect("the role may log in");
            let outcome = db.execute_unprepared(statement).await;
            db.close().await.expect("a connection closes");
            outcome.is_ok()
        })
    }
}

async fn drop_role(db: &DatabaseConnection, name: &str) {
    for statement in [format!("DROP OWNED BY {name}"), format!("DROP ROLE {name}")] {
        db.execute_unprepared(&statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

impl Drop for Roles {
    fn drop(&mut self) {
        for name in NAMES {
            self.home.sql(&[&format!("DROP OWNED BY {name}")]);
            self.runtime.block_on(drop_role(&self.lobby, name));
        }
    }
}

fn the_documents_queries_and_roles_work_as_they_stand() {
    // In the schema's own namespace once that is in the search path, and in public as they stand.
    let home = Home::of(Backend::Postgres, "brickhouse");
    home.migrated();
    for query in statements(QUERIES) {
        home.sql_of("brickhouse", query);
    }
    let home = Home::of(Backend::Postgres, "brickhouse");
    home.kiln("migrate up brickhouse --database-schema public", 0);
    for row in rows(Backend::Postgres) {
        home.sql_of("public", &row);
    }
    assert_eq!(statements(QUERIES).len(), 8);
    for query in statements(QUERIES) {
        home.sql_of("public", query);
    }
    home.kiln("check brickhouse --strict --database-schema public", 0);

    let roles = Roles::of(home);
    let service = |statement: &str| roles.can("api_service_account", statement);
    let insert = "INSERT INTO products (product_name, brand, category, package_size, unit_price) \
                  VALUES ('Cola', 'Fizz', 'Cola', '12oz', 1.25)";
    // The rows above brought their own keys; the sequence starts at 1 all the same.
    roles.home.sql(&["SELECT setval('public.products_product_id_seq', 100)"]);
    assert!(service(insert), "the service account writes, and numbers what it writes");
    assert!(service("UPDATE products SET unit_price = 2 WHERE brand = 'Fizz'"));
    assert!(service("DELETE FROM products WHERE product_id > 100"));
    assert!(service("SELECT * FROM orders"));
    assert!(!service("DROP TABLE orders"));

    let analyst = |statement: &str| roles.can("analytics_user", statement);
    for table in ["products", "stores", "users", "inventory", "orders"] {
        assert!(analyst(&format!("SELECT * FROM {table}")), "the analyst reads {table}");
        assert!(!analyst(&format!("DELETE FROM {table}")), "the analyst deletes from {table}");
    }
    for view in ["inventory_summary", "order_trends", "low_stock_alerts"] {
        assert!(analyst(&format!("SELECT * FROM analytics.{view}")), "the analyst reads {view}");
        assert!(!analyst(&format!("REFRESH MATERIALIZED VIEW analytics.{view}")));
    }
    assert!(!analyst(insert) && !analyst("UPDATE stores SET city = 'x'"));
    assert!(!analyst("CREATE TABLE public.t (id integer)") && !analyst("CREATE TABLE analytics.t (id integer)"));

    // kiln looks through the analyst's eyes too.
    let mut url = url::Url::parse(&roles.home.url()).expect("a URL");
    url.set_username("analytics_user").expect("a user");
    let mut look = roles.home.command("migrate status brickhouse --database-schema public");
    let said = Said::by(look.env("DATABASE_URL", String::from(url)), 0);
    assert!(said.out.contains("brickhouse: 4 applied"), "{}", said.out);
}
