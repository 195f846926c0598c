//! A fresh database a test, on whichever backends are here.
//!
//! SQLite copies a file, PostgreSQL copies a template database, MariaDB runs the DDL of one replay
//! again. What a killed run left is swept by the next: each run holds a lock of its name.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use catalog::{Catalog, Dialect};
use sea_orm::sqlx::postgres::PgSslMode;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use tempfile::TempDir;

/// A database engine under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Backend {
    Sqlite,
    Postgres,
    MariaDb,
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::MariaDb => "mariadb",
        })
    }
}

impl Backend {
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::MariaDb];

    /// The variable that names its server.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Sqlite => "nothing",
            Self::Postgres => "TEST_POSTGRES_URL",
            Self::MariaDb => "TEST_MARIADB_URL",
        }
    }

    pub fn dialect(self) -> Dialect {
        match self {
            Self::Sqlite => Dialect::Sqlite,
            Self::Postgres => Dialect::Postgres,
            Self::MariaDb => Dialect::MariaDb,
        }
    }

    pub fn is_here(self) -> bool {
        self == Self::Sqlite || self.server().is_some()
    }

    /// The URL of its server, without a database and without a slash at its end.
    #[expect(clippy::disallowed_methods, reason = "tests have an environment of their own")]
    fn server(self) -> Option<String> {
        let url = std::env::var(self.variable()).ok().filter(|url| !url.is_empty())?;
        let mut url = url::Url::parse(&url).expect("the test server's URL is one");
        url.set_path("");
        Some(url.as_str().trim_end_matches('/').to_owned())
    }

    /// The URL of a database of its server.
    pub fn url(self, database: &str) -> String {
        format!("{}/{database}", self.server().expect("only backends that are here are asked"))
    }

    /// The database of its server that is always there.
    fn lobby(self) -> String {
        self.url(if self == Self::Postgres { "postgres" } else { "" })
    }
}

/// Whether the long forms are wanted, which `.ci/nightly` runs.
#[expect(clippy::disallowed_methods, reason = "tests have an environment of their own")]
pub fn is_night() -> bool {
    std::env::var("KILN_NIGHTLY").is_ok_and(|value| value == "1")
}

/// A place of a test's own: an empty folder, and on a server an empty database.
pub struct Home {
    pub backend: Backend,
    /// The schema that lives in it.
    pub schema: &'static str,
    folder: TempDir,
    /// The database's name on a server.
    pub database: String,
}

impl Home {
    /// A home for market, with nothing in it.
    pub fn new(backend: Backend) -> Self {
        Self::of(backend, "market")
    }

    /// A home for this schema, with nothing in it.
    pub fn of(backend: Backend, schema: &'static str) -> Self {
        let home =
            Self { backend, schema, folder: tempfile::tempdir().expect("a temporary folder"), database: new_name() };
        match backend {
            Backend::Sqlite => {}
            Backend::Postgres => {
                on_server(backend, &format!("CREATE DATABASE {}", home.database));
                // Tests kill programs, not servers: nothing of theirs has to reach the disk.
                on_server(backend, &format!("ALTER DATABASE {} SET synchronous_commit TO off", home.database));
            }
            Backend::MariaDb => on_server(
                backend,
                &format!("CREATE DATABASE {} CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin", home.database),
            ),
        }
        home
    }

    /// Puts the schema's tables in; market's, which most tests use, without running a migration again.
    pub fn migrated(&self) -> &Self {
        match self.backend {
            _ if self.schema != "market" => {
                self.kiln(&format!("migrate up {}", self.schema), 0);
            }
            Backend::Sqlite => {
                std::fs::copy(sqlite_template(), self.path("test.db")).expect("the template can be copied");
            }
            Backend::Postgres => {
                on_server(self.backend, &format!("DROP DATABASE {}", self.database));
                on_server(self.backend, &format!("CREATE DATABASE {} TEMPLATE {}", self.database, postgres_template()));
            }
            Backend::MariaDb => {
                let statements = mariadb_template();
                runtime().block_on(async {
                    let db = self.connect().await;
                    for statement in statements {
                        db.execute_unprepared(statement).await.expect("the template's DDL runs again");
                    }
                    db.close().await.expect("a connection closes");
                });
            }
        }
        self
    }

    /// Drops whatever is in it, for another turn of the same test.
    pub fn clear(&self) {
        match self.backend {
            Backend::Sqlite => std::fs::remove_file(self.path("test.db")).unwrap_or_default(),
            Backend::Postgres => {
                self.sql(&[&format!("DROP SCHEMA {0} CASCADE; CREATE SCHEMA {0}", self.namespace())]);
            }
            Backend::MariaDb => {
                let tables: Vec<String> =
                    self.catalog().tables.into_keys().chain(["kiln_history".to_owned()]).collect();
                self.sql(&[&format!("DROP TABLE IF EXISTS {}", tables.join(", "))]);
            }
        }
    }

    /// A path in the home's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the schema lives: the URL that the program gets.
    pub fn url(&self) -> String {
        match self.backend {
            Backend::Sqlite => "sqlite:test.db".to_owned(),
            backend => backend.url(&self.database),
        }
    }

    /// A URL at which every schema has a place of its own.
    pub fn url_of_each(&self) -> String {
        match self.backend {
            Backend::Sqlite => "sqlite:{schema}.db".to_owned(),
            Backend::Postgres => self.url(),
            Backend::MariaDb => self.backend.url(&format!("{}_{{schema}}", self.database)),
        }
    }

    /// Runs `kiln` where every schema has a place of its own, and expects this exit code.
    pub fn each(&self, arguments: &str, code: i32) -> Said {
        Said::by(self.command(arguments).env("DATABASE_URL", self.url_of_each()), code)
    }

    /// The namespace that the schema's tables are in.
    pub fn namespace(&self) -> &str {
        match self.backend {
            Backend::Sqlite => "main",
            Backend::Postgres => self.schema,
            Backend::MariaDb => &self.database,
        }
    }

    /// `kiln` with these words, ready to be changed or run.
    pub fn command(&self, arguments: &str) -> Command {
        self.program(env!("CARGO_BIN_EXE_kiln"), arguments)
    }

    /// Any program over this home's database; nothing of the environment reaches it.
    pub fn program(&self, program: impl AsRef<Path>, arguments: &str) -> Command {
        let mut command = program_in(self.folder.path(), program.as_ref(), arguments);
        command.env("DATABASE_URL", self.url());
        command
    }

    /// Runs `kiln` and expects this exit code.
    pub fn kiln(&self, arguments: &str, code: i32) -> Said {
        Said::by(&mut self.command(arguments), code)
    }

    /// Runs SQL on the namespace of the schema's tables, as a person with a shell would.
    pub fn sql(&self, statements: &[&str]) {
        runtime().block_on(async {
            let db = self.connect().await;
            for statement in statements {
                db.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
            }
            db.close().await.expect("a connection closes");
        });
    }

    /// Runs a text of several statements in one call, as a client does that enforces no keys on SQLite.
    pub fn text(&self, text: &str) {
        match self.backend {
            Backend::Sqlite => self.sql(&["PRAGMA foreign_keys = OFF", text]),
            _ => self.sql(&[text]),
        }
    }

    /// The same, of which the database may refuse a part.
    pub fn takes_text(&self, text: &str) {
        match self.backend {
            Backend::Sqlite => drop(self.takes(&format!("PRAGMA foreign_keys = OFF; {text}"))),
            _ => drop(self.takes(text)),
        }
    }

    /// The whole place, in the words of `kiln diff`.
    pub fn place(&self) -> String {
        match self.backend {
            Backend::Sqlite => format!("sqlite:{}", self.path("test.db").display()),
            Backend::Postgres => format!("{}?schema={}", self.url(), self.schema),
            Backend::MariaDb => self.url(),
        }
    }

    /// A home with all that is in this one, which `schema` has made, and a migrator's history.
    pub fn copy(&self, schema: &str) -> Self {
        let copy = Self {
            backend: self.backend,
            schema: self.schema,
            folder: tempfile::tempdir().expect("a temporary folder"),
            database: new_name(),
        };
        match self.backend {
            Backend::Sqlite => {
                std::fs::copy(self.path("test.db"), copy.path("test.db")).expect("a file can be copied");
            }
            Backend::Postgres => {
                on_server(self.backend, &format!("CREATE DATABASE {} TEMPLATE {}", copy.database, self.database));
            }
            Backend::MariaDb => {
                let create =
                    format!("CREATE DATABASE {} CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin", copy.database);
                on_server(self.backend, &create);
                copy.text(schema);
                for table in ["seaql_migrations", "kiln_history"] {
                    let from = &self.database;
                    copy.text(&format!(
                        "CREATE TABLE {table} LIKE {from}.{table}; INSERT INTO {table} SELECT * FROM {from}.{table}"
                    ));
                }
            }
        }
        copy
    }

    /// Takes back what outlives a database: MariaDB keeps grants on objects that are gone.
    pub fn forget(&self, text: &str) {
        if self.backend == Backend::MariaDb && text.contains("GRANT ") {
            self.takes(&text.replace("GRANT ", "REVOKE ").replace(" TO ", " FROM "));
        }
    }

    /// Whether the database takes this statement.
    pub fn takes(&self, statement: &str) -> bool {
        runtime().block_on(async {
            let db = self.connect().await;
            let outcome = db.execute_unprepared(statement).await;
            db.close().await.expect("a connection closes");
            outcome.is_ok()
        })
    }

    /// Runs statements on one connection, those that the database refuses too; on SQLite without enforced keys.
    pub fn takes_each(&self, statements: &[String]) {
        runtime().block_on(async {
            let db = self.connect().await;
            if self.backend == Backend::Sqlite {
                db.execute_unprepared("PRAGMA foreign_keys = OFF").await.expect("keys can be left unenforced");
            }
            for statement in statements {
                // A refused statement in a transaction leaves it open.
                if db.execute_unprepared(statement).await.is_err() && self.backend == Backend::Sqlite {
                    db.execute_unprepared("ROLLBACK").await.ok();
                }
            }
            db.close().await.expect("a connection closes");
        });
    }

    /// Runs statements on one connection as a shell does that goes on after a failure.
    pub fn goes_through<'a>(&self, statements: impl Iterator<Item = &'a str>) {
        runtime().block_on(async {
            let db = self.connect().await;
            for statement in statements {
                db.execute_unprepared(statement).await.ok();
            }
            db.close().await.expect("a connection closes");
        });
    }

    /// The one whole number that a query gives.
    pub fn number(&self, sql: &str) -> i64 {
        runtime().block_on(async {
            let db = self.connect().await;
            let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await;
            let row = row.unwrap_or_else(|error| panic!("{sql}: {error}")).expect("a query with a row");
            db.close().await.expect("a connection closes");
            row.try_get("", "n").expect("a whole number n")
        })
    }

    /// Runs `kiln` while another session holds a lock, which it takes and lets go by these statements; once it
    /// waits for that, runs all of `meanwhile`.
    pub fn kiln_that_waits(
        &self,
        arguments: &str,
        code: i32,
        (lock, unlock): (&str, &str),
        meanwhile: &[&str],
    ) -> Said {
        let waiting = match self.backend {
            Backend::Sqlite => unreachable!("SQLite has no server to ask who waits"),
            Backend::Postgres => {
                "SELECT count(*) AS n FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                 WHERE d.datname = current_database() AND NOT l.granted"
            }
            Backend::MariaDb => {
                "SELECT count(*) AS n FROM information_schema.PROCESSLIST \
                 WHERE DB = database() AND STATE = 'Waiting for table metadata lock'"
            }
        };
        let runtime = runtime();
        let locker = runtime.block_on(self.connect());
        runtime.block_on(locker.execute_unprepared(lock)).expect("a lock");
        std::thread::scope(|scope| {
            let run = scope.spawn(|| self.kiln(arguments, code));
            let start = Instant::now();
            while self.number(waiting) == 0 && start.elapsed() < Duration::from_mins(1) {
                std::thread::sleep(Duration::from_millis(20));
            }
            self.sql(meanwhile);
            let waits = self.number(waiting);
            runtime.block_on(locker.execute_unprepared(unlock)).expect("an unlock");
            runtime.block_on(locker.close()).expect("a connection closes");
            let said = run.join().expect("it ends as expected");
            assert_eq!(waits, 1, "it never came to the lock");
            said
        })
    }

    /// The PostgreSQL schemas beside its namespace that the schema owns.
    pub fn beside(&self) -> &'static [&'static str] {
        if self.backend == Backend::Postgres && self.schema == "brickhouse" { &["analytics"] } else { &[] }
    }

    /// Whatever there is, in words: in the namespace and those beside it, and on PostgreSQL the schemas.
    pub fn objects(&self) -> Vec<String> {
        runtime().block_on(async {
            let db = self.connect().await;
            let mut found = Vec::new();
            for namespace in std::iter::once(self.namespace()).chain(self.beside().iter().copied()) {
                for object in catalog::objects(&db, namespace).await.expect("objects can be listed") {
                    let name = object.name.replace(['"', '`'], "");
                    let name = name.strip_prefix(&format!("{namespace}.")).map(str::to_owned).unwrap_or(name);
                    found.push(format!("{} {name}", object.kind));
                }
            }
            if self.backend == Backend::Postgres {
                let sql = "SELECT nspname::text AS name FROM pg_namespace WHERE nspname !~ '^pg_' \
                           AND nspname NOT IN ('public', 'information_schema', current_schema())";
                let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await;
                for row in rows.expect("schemas can be listed") {
                    found.push(format!("schema {}", row.try_get::<String>("", "name").expect("a name")));
                }
            }
            db.close().await.expect("a connection closes");
            found
        })
    }

    /// What is there now, less what kiln knows of its migrations, and how many numbers were given.
    pub fn catalog(&self) -> Catalog {
        runtime().block_on(async {
            let db = self.connect().await;
            let catalog = catalog::introspect_all(&db, self.namespace(), self.beside()).await;
            let catalog = catalog.expect("a catalog can be read").without(&["kiln_history"]).without_positions();
            db.close().await.expect("a connection closes");
            catalog
        })
    }

    /// Runs a statement where [`Self::each`] has put this schema.
    pub fn sql_of(&self, schema: &str, statement: &str) {
        runtime().block_on(async {
            let db = self.connect_to(&self.url_of_each().replace("{schema}", schema), schema).await;
            db.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
            db.close().await.expect("a connection closes");
        });
    }

    /// What is there now where [`Self::each`] has put this schema, likewise.
    pub fn catalog_of(&self, schema: &str) -> Catalog {
        runtime().block_on(async {
            let db = self.connect_to(&self.url_of_each().replace("{schema}", schema), schema).await;
            let namespace = catalog::current_namespace(&db).await.expect("a namespace can be read");
            let namespace = namespace.expect("the schema is there");
            let owns_more = self.backend == Backend::Postgres && schema == "brickhouse";
            let beside: &[&str] = if owns_more { &["analytics"] } else { &[] };
            let catalog = catalog::introspect_all(&db, &namespace, beside).await.expect("a catalog can be read");
            db.close().await.expect("a connection closes");
            catalog.without(&["kiln_history"]).without_positions()
        })
    }

    /// What structure there is, with the history tables, as one value.
    pub fn fingerprint(&self) -> String {
        runtime().block_on(async {
            let db = self.connect().await;
            let namespace = catalog::current_namespace(&db).await.expect("a namespace can be read");
            let fingerprint = catalog::fingerprint(&db, &namespace.expect("there is one"), &[]).await;
            db.close().await.expect("a connection closes");
            fingerprint.expect("a fingerprint can be taken")
        })
    }

    /// The texts that a query gives in its column t, in order.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        runtime().block_on(async {
            let db = self.connect().await;
            let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await;
            let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
            let texts = rows.iter().map(|row| row.try_get("", "t").expect("a text t")).collect();
            db.close().await.expect("a connection closes");
            texts
        })
    }

    /// A connection to the schema's tables.
    pub async fn connect(&self) -> DatabaseConnection {
        self.connect_to(&self.url(), self.schema).await
    }

    async fn connect_to(&self, url: &str, search_path: &str) -> DatabaseConnection {
        let url = match self.backend {
            Backend::Sqlite => format!("sqlite:{}?mode=rwc", self.path(&url["sqlite:".len()..]).display()),
            Backend::MariaDb => url.replacen("mariadb:", "mysql:", 1),
            Backend::Postgres => url.to_owned(),
        };
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        if self.backend == Backend::Postgres {
            options.set_schema_search_path(search_path);
        }
        plain_at_home(&mut options);
        Database::connect(options).await.expect("a test can connect to its own home")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        drop_database(self.backend, &self.database);
        if self.backend == Backend::MariaDb {
            for schema in kiln::retail::schemas() {
                drop_database(self.backend, &format!("{}_{}", self.database, schema.name()));
            }
        }
    }
}

/// `program` with these words in `folder`; nothing of the environment reaches it.
pub fn program_in(folder: &Path, program: &Path, arguments: &str) -> Command {
    let mut command = Command::new(program);
    command.args(arguments.split_whitespace()).current_dir(folder).env_clear();
    #[expect(clippy::disallowed_methods, reason = "dump clients are found on the path")]
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// The built example of this name: `cargo test` builds examples before it runs tests.
pub fn example(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().expect("a test has a path");
    path.pop();
    path.pop();
    path.push("examples");
    path.push(name);
    assert!(path.exists(), "{} is not built; run `cargo build --examples`", path.display());
    path
}

/// What a program said, and how it ended.
pub struct Said {
    pub out: String,
    pub err: String,
}

impl Said {
    /// Runs `command` and expects this exit code.
    pub fn by(command: &mut Command, code: i32) -> Self {
        let Output { status, stdout, stderr } = command.output().expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("programs speak UTF-8");
        let said = Self { out: text(stdout), err: text(stderr) };
        assert_eq!(status.code(), Some(code), "{command:?}\n--- out\n{}\n--- err\n{}", said.out, said.err);
        assert!(!said.err.contains("panicked"), "{}", said.err);
        said
    }

    /// Its standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// A runtime for a test's own queries.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

pub fn on_server(backend: Backend, statement: &str) {
    runtime().block_on(async {
        let db = lobby(backend).await;
        db.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        db.close().await.expect("a connection closes");
    });
}

/// A connection to the database of its server that is always there.
pub async fn lobby(backend: Backend) -> DatabaseConnection {
    let mut options = ConnectOptions::new(backend.lobby().replacen("mariadb:", "mysql:", 1));
    options.max_connections(1).sqlx_logging(false);
    plain_at_home(&mut options);
    Database::connect(options).await.expect("the test server answers")
}

/// Leaves TLS out on this machine, where every handshake waits for two delayed answers.
fn plain_at_home(options: &mut ConnectOptions) {
    options.map_sqlx_postgres_opts(|postgres| {
        let is_at_home = ["127.0.0.1", "::1", "localhost"].contains(&postgres.get_host());
        if is_at_home { postgres.ssl_mode(PgSslMode::Disable) } else { postgres }
    });
}

fn drop_database(backend: Backend, name: &str) {
    match backend {
        Backend::Sqlite => {}
        Backend::Postgres => on_server(backend, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")),
        Backend::MariaDb => on_server(backend, &format!("DROP DATABASE IF EXISTS {name}")),
    }
}

/// This run's part of its databases' names.
static RUN: LazyLock<String> = LazyLock::new(|| {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_nanos();
    format!("kiln_test_{:x}_{:x}", std::process::id(), now & 0xffff_ffff)
});

fn new_name() -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    claim();
    format!("{}_{}", *RUN, MADE.fetch_add(1, Ordering::Relaxed))
}

/// Takes this run's lock on every server and sweeps what runs left that hold theirs no more.
fn claim() {
    static CLAIMED: OnceLock<Vec<(tokio::runtime::Runtime, DatabaseConnection)>> = OnceLock::new();
    CLAIMED.get_or_init(|| {
        let servers = [Backend::Postgres, Backend::MariaDb].into_iter().filter(|backend| backend.is_here());
        let claims = servers.map(|backend| {
            let runtime = runtime();
            let db = runtime.block_on(async {
                let db = lobby(backend).await;
                assert!(lock(&db, backend, &RUN).await, "this run's name is its own");
                sweep(&db, backend).await;
                db
            });
            (runtime, db)
        });
        claims.collect()
    });
}

async fn lock(db: &DatabaseConnection, backend: Backend, run: &str) -> bool {
    let sql = match backend {
        Backend::Postgres => format!("SELECT pg_try_advisory_lock(hashtext('{run}'))::int::bigint AS got"),
        _ => format!("SELECT GET_LOCK('{run}', 0) AS got"),
    };
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    let got: i64 = row.expect("a lock can be asked for").expect("a row").try_get("", "got").expect("an answer");
    got == 1
}

async fn sweep(db: &DatabaseConnection, backend: Backend) {
    let sql = match backend {
        Backend::Postgres => "SELECT datname::text AS name FROM pg_database WHERE datname LIKE 'kiln\\_test\\_%'",
        _ => "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'kiln\\_test\\_%'",
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    let mut runs = BTreeMap::new();
    for row in rows.expect("databases can be listed") {
        let name: String = row.try_get("", "name").expect("a name");
        let run = name.split('_').take(4).collect::<Vec<_>>().join("_");
        if run == *RUN {
            continue;
        }
        let is_abandoned = match runs.get(&run) {
            Some(is_abandoned) => *is_abandoned,
            None => lock(db, backend, &run).await,
        };
        runs.insert(run, is_abandoned);
        if is_abandoned {
            let force = if backend == Backend::Postgres { " WITH (FORCE)" } else { "" };
            db.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}{force}")).await.expect("leftovers go");
        }
    }
}

/// Drops what outlives single tests: the templates.
pub fn sweep_own() {
    for (backend, name) in OWN.lock().expect("no test panics here").drain(..) {
        drop_database(backend, &name);
    }
}

static OWN: Mutex<Vec<(Backend, String)>> = Mutex::new(Vec::new());

/// A home in which `kiln migrate up` has run once.
fn migrate_once(backend: Backend) -> Home {
    let home = Home::new(backend);
    home.kiln("migrate up market", 0);
    home
}

fn sqlite_template() -> &'static Path {
    static TEMPLATE: OnceLock<Home> = OnceLock::new();
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| TEMPLATE.get_or_init(|| migrate_once(Backend::Sqlite)).path("test.db"))
}

fn postgres_template() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let home = std::mem::ManuallyDrop::new(migrate_once(Backend::Postgres));
        OWN.lock().expect("no test panics here").push((Backend::Postgres, home.database.clone()));
        home.database.clone()
    })
}

fn mariadb_template() -> &'static [String] {
    static STATEMENTS: OnceLock<Vec<String>> = OnceLock::new();
    STATEMENTS.get_or_init(|| {
        let home = migrate_once(Backend::MariaDb);
        runtime().block_on(async {
            let db = home.connect().await;
            let mut statements = vec!["SET foreign_key_checks = 0".to_owned()];
            for table in catalog::table_names(&db).await.expect("tables can be listed") {
                let sql = format!("SHOW CREATE TABLE `{table}`");
                let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await;
                let row = row.expect("DDL can be shown").expect("a row");
                statements.push(row.try_get("", "Create Table").expect("DDL"));
            }
            let rows = db
                .query_all_raw(Statement::from_string(
                    db.get_database_backend(),
                    "SELECT version, applied_at FROM seaql_migrations",
                ))
                .await
                .expect("the history can be read");
            for row in rows {
                let (version, at): (String, i64) =
                    (row.try_get("", "version").expect("a version"), row.try_get("", "applied_at").expect("a time"));
                statements.push(format!("INSERT INTO seaql_migrations VALUES ('{version}', {at})"));
            }
            statements.push("SET foreign_key_checks = 1".to_owned());
            db.close().await.expect("a connection closes");
            statements
        })
    })
}
