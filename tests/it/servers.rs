//! What only a server has: roles, passwords, several homes in one database.

use sea_orm::ConnectionTrait as _;

use crate::backend::{Backend, Home, Said, example, runtime};

pub const TESTS: &[(&str, Backend, fn())] = &[
    ("a_second_home_beside_public_is_refused", Backend::Postgres, a_second_home_beside_public_is_refused),
    ("another_projects_history_in_public_is_no_home", Backend::Postgres, another_projects_history_in_public_is_no_home),
    ("the_parts_of_a_place_make_a_url", Backend::Postgres, the_parts_of_a_place_make_a_url),
    (
        "what_a_url_leaves_out_is_taken_as_psql_takes_it",
        Backend::Postgres,
        what_a_url_leaves_out_is_taken_as_psql_takes_it,
    ),
    (
        "a_url_with_a_placeholder_names_a_database_each",
        Backend::Postgres,
        a_url_with_a_placeholder_names_a_database_each,
    ),
    ("a_role_that_may_make_no_database_is_told", Backend::Postgres, a_role_that_may_make_no_database_is_told),
    (
        "a_dry_run_says_what_the_role_lacks_on_postgres",
        Backend::Postgres,
        a_dry_run_says_what_the_role_lacks_on_postgres,
    ),
    ("a_role_that_may_only_insert_can_fill", Backend::Postgres, a_role_that_may_only_insert_can_fill),
    (
        "a_search_path_of_several_schemas_is_kept_in_the_replay",
        Backend::Postgres,
        a_search_path_of_several_schemas_is_kept_in_the_replay,
    ),
    (
        "a_run_that_fails_leaves_the_sequences_ahead_of_the_rows",
        Backend::Postgres,
        a_run_that_fails_leaves_the_sequences_ahead_of_the_rows,
    ),
    (
        "rows_that_come_in_meanwhile_are_not_deleted_unasked",
        Backend::Postgres,
        rows_that_come_in_meanwhile_are_not_deleted_unasked,
    ),
    (
        "a_missing_database_is_made_with_exact_collation",
        Backend::MariaDb,
        a_missing_database_is_made_with_exact_collation,
    ),
    ("a_wrong_password_is_told_without_it", Backend::MariaDb, a_wrong_password_is_told_without_it),
    ("a_dry_run_says_what_the_role_lacks_on_mariadb", Backend::MariaDb, a_dry_run_says_what_the_role_lacks_on_mariadb),
    ("a_url_without_a_database_says_what_to_write", Backend::MariaDb, a_url_without_a_database_says_what_to_write),
];

fn a_second_home_beside_public_is_refused() {
    let home = Home::new(Backend::Postgres);
    home.kiln("migrate up market --database-schema public", 0);
    for command in ["migrate up", "migrate up market", "migrate status market", "check market", "seed market"] {
        let said = home.kiln(command, 3);
        let told = if command == "migrate up" { said.out } else { said.err };
        assert!(told.contains("--database-schema public"), "{command}: {told}");
    }
    // A list of all that there is says so and goes on.
    let said = home.kiln("schemas", 0);
    assert!(said.out.contains("market: market is already migrated in the PostgreSQL schema public"), "{}", said.out);
    assert!(said.out.contains("fashion"), "{}", said.out);
    assert_eq!(home.number("SELECT count(*) AS n FROM pg_namespace WHERE nspname = 'market'"), 0);
    home.kiln("check market --database-schema public", 0);
    let mut by_variable = home.command("seed market");
    Said::by(by_variable.env("DB_SCHEMA", "public"), 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM public.sales"), 2000);
}

fn another_projects_history_in_public_is_no_home() {
    let home = Home::new(Backend::Postgres);
    home.sql(&[
        "CREATE TABLE public.seaql_migrations (version varchar PRIMARY KEY, applied_at bigint NOT NULL)",
        "INSERT INTO public.seaql_migrations VALUES ('m20200101_000001_of_somebody_else', 1)",
    ]);
    home.kiln("migrate up market", 0);
    home.kiln("check market", 0);
}

fn the_parts_of_a_place_make_a_url() {
    let home = Home::new(Backend::Postgres);
    let url = url::Url::parse(&home.url()).expect("a URL");
    let mut command = home.command(&format!("migrate up market --database {}", home.database));
    command.env_remove("DATABASE_URL").env("DB_HOST", url.host_str().expect("a host")).env("DB_USER", url.username());
    command.env("DB_PORT", url.port().unwrap_or(5432).to_string());
    command.env("DB_PASSWORD", url.password().unwrap_or_default());
    let said = Said::by(&mut command, 0);
    assert!(said.out.contains(&format!("/{}, schema market", home.database)), "{}", said.out);
}

fn what_a_url_leaves_out_is_taken_as_psql_takes_it() {
    let home = Home::new(Backend::Postgres);
    let url = url::Url::parse(&home.url()).expect("a URL");
    let (host, port) = (url.host_str().expect("a host"), url.port().unwrap_or(5432).to_string());
    let run = |url: &str, variables: &[(&str, &str)]| {
        let mut command = home.command("migrate up market");
        command.env("DATABASE_URL", url).envs(variables.iter().copied());
        command.output().expect("the program runs")
    };
    let user = ("PGUSER", url.username());
    let without_user = format!("postgres://{host}:{port}/{}", home.database);
    assert!(run(&without_user, &[user]).status.success());
    let without_host = format!("postgres:///{}", home.database);
    assert!(run(&without_host, &[user, ("PGHOST", host), ("PGPORT", &port)]).status.success());
    // Without a variable it is the user of this system, whether the server knows that one or not.
    let output = run(&without_user, &[]);
    let (said, own) = (String::from_utf8_lossy(&output.stderr).into_owned(), whoami::username().expect("a user"));
    assert!(output.status.success() || said.contains(&format!("\"{own}\"")), "{said}");
}

/// The database of each schema holds it where the connection's own search path points.
fn a_url_with_a_placeholder_names_a_database_each() {
    let home = Home::new(Backend::Postgres);
    let with_placeholder = home.url().replace("kiln_test_", "{schema}_kiln_test_");
    let database = format!("market_{}", home.database);
    home.sql(&[&format!("CREATE DATABASE {database}")]);
    let mut up = home.command("migrate up market");
    Said::by(up.env("DATABASE_URL", &with_placeholder), 0);
    let mut check = home.command("check market");
    let said = Said::by(check.env("DATABASE_URL", &with_placeholder), 0);
    home.sql(&[&format!("DROP DATABASE {database}")]);
    assert!(said.out.contains("no drift"), "{}", said.out);
}

/// Makes a role of this name that may log in, and gives the URL it uses; both go with the guard.
pub struct RoleGuard<'a> {
    home: &'a Home,
    name: String,
}

impl<'a> RoleGuard<'a> {
    pub fn new(home: &'a Home, grants: &[&str]) -> Self {
        let name = format!("r_{}", home.database);
        let mut statements = vec![match home.backend {
            Backend::MariaDb => format!("CREATE USER '{name}'@'%' IDENTIFIED BY 'right-horse'"),
            _ => format!("CREATE ROLE {name} LOGIN PASSWORD 'right-horse'"),
        }];
        statements.extend(grants.iter().map(|grant| grant.replace("ROLE", &name).replace("DATABASE", &home.database)));
        home.sql(&statements.iter().map(String::as_str).collect::<Vec<_>>());
        Self { home, name }
    }

    pub fn url(&self, password: &str) -> String {
        let mut url = url::Url::parse(&self.home.url()).expect("a URL");
        url.set_username(&self.name).expect("a user");
        url.set_password(Some(password)).expect("a password");
        url.into()
    }
}

impl Drop for RoleGuard<'_> {
    fn drop(&mut self) {
        match self.home.backend {
            Backend::MariaDb => self.home.sql(&[&format!("DROP USER '{}'@'%'", self.name)]),
            _ => self.home.sql(&[&format!("DROP OWNED BY {}", self.name), &format!("DROP ROLE {}", self.name)]),
        }
    }
}

fn a_role_that_may_make_no_database_is_told() {
    let home = Home::new(Backend::Postgres);
    let role = RoleGuard::new(
        home.migrated(),
        &["GRANT USAGE ON SCHEMA market TO ROLE", "GRANT SELECT ON ALL TABLES IN SCHEMA market TO ROLE"],
    );
    let mut check = home.command("check market");
    let said = Said::by(check.env("DATABASE_URL", role.url("right-horse")), 4);
    let line = "structure not compared: no scratch database can be made to replay the migrations in: permission denied";
    assert!(said.out.contains(line), "{}", said.out);
    assert!(!said.err.contains("right-horse") && !said.out.contains("right-horse"), "{}", said.err);
}

/// Filling empty tables needs no right to delete, nor to lock others out.
fn a_role_that_may_only_insert_can_fill() {
    let home = Home::new(Backend::Postgres);
    let role = RoleGuard::new(
        home.migrated(),
        &[
            "GRANT USAGE, CREATE ON SCHEMA market TO ROLE",
            "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA market TO ROLE",
            "GRANT ALL ON ALL SEQUENCES IN SCHEMA market TO ROLE",
        ],
    );
    let mut seed = home.command("seed market");
    Said::by(seed.env("DATABASE_URL", role.url("right-horse")), 0);
    let mut replace = home.command("seed market --full-new --confirm");
    let said = Said::by(replace.env("DATABASE_URL", role.url("right-horse")), 4);
    assert!(said.err.contains("permission denied"), "{}", said.err);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales"), 2000);
}

fn a_dry_run_says_what_the_role_lacks_on_postgres() {
    let home = Home::new(Backend::Postgres);
    let role = RoleGuard::new(
        home.migrated(),
        &["GRANT USAGE ON SCHEMA market TO ROLE", "GRANT SELECT ON ALL TABLES IN SCHEMA market TO ROLE"],
    );
    let mut dry_run = home.command("seed market --dry-run");
    let said = Said::by(dry_run.env("DATABASE_URL", role.url("right-horse")), 0);
    for part in ["INSERT on sales", "DELETE on clients", "CREATE on schema market", role.name.as_str()] {
        assert!(said.out.contains(part), "{}", said.out);
    }
    let mut seed = home.command("seed market");
    let said = Said::by(seed.env("DATABASE_URL", role.url("right-horse")), 4);
    assert!(said.err.contains("permission denied"), "{}", said.err);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales"), 0);
}

/// What is live is looked up along the whole search path, and so it is in the replay.
fn a_search_path_of_several_schemas_is_kept_in_the_replay() {
    let home = Home::new(Backend::Postgres);
    home.sql(&["CREATE SCHEMA app", &format!("ALTER DATABASE {} SET search_path = app, public", home.database)]);
    let blog = |arguments: &str, code| Said::by(&mut home.program(example("bring_your_own"), arguments), code);
    blog("migrate up", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM app.blog_migrations"), 2);
    assert!(blog("check --strict", 0).out.contains("no drift"));
    // Another path later on: what is migrated elsewhere is not built a second time.
    home.sql(&[&format!("ALTER DATABASE {} SET search_path = app2, public", home.database), "CREATE SCHEMA app2"]);
    home.sql(&["ALTER SCHEMA public RENAME TO old_public", "ALTER SCHEMA app RENAME TO public"]);
    let said = blog("migrate up", 3);
    assert!(said.err.contains("--database-schema public"), "{}", said.err);
}

/// PostgreSQL's sequences do not roll back: a run that fails must not have lowered one.
fn a_run_that_fails_leaves_the_sequences_ahead_of_the_rows() {
    let home = Home::new(Backend::Postgres);
    home.migrated().kiln("seed market", 0);
    home.sql(&[
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.revenue := NEW.revenue + 5; RETURN NEW; END'",
        "CREATE TRIGGER spoil BEFORE INSERT ON sales FOR EACH ROW EXECUTE FUNCTION spoil()",
    ]);
    let said = home.kiln("seed market --full-new --confirm --sales 100", 1);
    assert!(said.err.contains("every revenue is quantity times price"), "{}", said.err);
    home.sql(&["INSERT INTO sales (client_id, product_id, region, date, quantity, revenue) VALUES (1, 1, 'North', '2024-01-01', 1, 1)"]);
    assert_eq!(home.number("SELECT count(*) AS n FROM sales"), 2001);
}

/// Rows that another session commits while the run waits for its lock are nobody's to delete.
fn rows_that_come_in_meanwhile_are_not_deleted_unasked() {
    let home = Home::new(Backend::Postgres);
    home.migrated();
    // It has made its plan on empty tables once it waits for the lock.
    let lock = "BEGIN; LOCK TABLE sales IN EXCLUSIVE MODE; \
                INSERT INTO clients (client_name, industry) VALUES ('Late', 'Footwear')";
    let said = home.kiln_that_waits("seed market --full-new", 3, (lock, "COMMIT"), &[]);
    assert!(said.err.contains("1 row came into clients meanwhile"), "{}", said.err);
    assert_eq!(home.number("SELECT count(*) AS n FROM clients WHERE client_name = 'Late'"), 1);
}

fn a_missing_database_is_made_with_exact_collation() {
    let home = Home::new(Backend::MariaDb);
    home.sql(&[&format!("DROP DATABASE {}", home.database)]);
    home.kiln("migrate up market", 0);
    let collation = "SELECT count(*) AS n FROM information_schema.SCHEMATA \
                     WHERE SCHEMA_NAME = database() AND DEFAULT_COLLATION_NAME = 'utf8mb4_nopad_bin'";
    assert_eq!(home.number(collation), 1);
    home.sql(&["INSERT INTO clients (client_name, industry) VALUES ('x', 'y')"]);
    assert_eq!(home.number("SELECT count(*) AS n FROM clients WHERE client_name = 'X'"), 0);
}

fn a_wrong_password_is_told_without_it() {
    let home = Home::new(Backend::MariaDb);
    let role = RoleGuard::new(&home, &["GRANT ALL ON DATABASE.* TO 'ROLE'@'%'"]);
    let mut wrong = home.command("migrate up market -vv");
    let said = Said::by(wrong.env("DATABASE_URL", role.url("wrong-horse")), 4);
    assert!(said.err.contains("cannot connect to MariaDB ") && said.err.contains("Access denied"), "{}", said.err);
    assert!(!said.err.contains("wrong-horse"), "{}", said.err);
    let mut right = home.command("migrate up market -vv");
    let said = Said::by(right.env("DATABASE_URL", role.url("right-horse")), 0);
    assert!(!said.err.contains("right-horse") && !said.out.contains("right-horse"));
    assert!(said.err.to_lowercase().contains("create table"), "-vv shows each statement: {}", said.err);
}

fn a_dry_run_says_what_the_role_lacks_on_mariadb() {
    let home = Home::new(Backend::MariaDb);
    let role = RoleGuard::new(home.migrated(), &["GRANT SELECT, INSERT ON DATABASE.* TO 'ROLE'@'%'"]);
    let mut dry_run = home.command("seed market --dry-run --format json");
    let json = Said::by(dry_run.env("DATABASE_URL", role.url("right-horse")), 0).json();
    let lacks = [format!("CREATE on {}", home.database), format!("DELETE on {}", home.database)];
    let mut said: Vec<String> = serde_json::from_value(json["results"][0]["lacks"].clone()).expect("a list");
    said.sort();
    assert_eq!(said, lacks);
}

fn a_url_without_a_database_says_what_to_write() {
    let home = Home::new(Backend::MariaDb);
    let mut command = home.command("migrate up market");
    let said = Said::by(command.env("DATABASE_URL", Backend::MariaDb.url("")), 2);
    assert!(said.err.contains("/{schema}"), "{}", said.err);
    runtime().block_on(async {
        let db = home.connect().await;
        db.execute_unprepared("SELECT 1").await.expect("the home stands");
        db.close().await.expect("a connection closes");
    });
}
