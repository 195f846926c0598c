//! Connections to places, one function a driver behind its feature.

mod server;
pub(crate) mod settings;

use std::path::Path;
use std::time::Duration;

use catalog::Dialect;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};

use crate::error::Error;
use crate::place::{Access, File, Place, Server};

/// How to connect, wherever.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) max_connections: u32,
    pub(crate) timeout: Duration,
    /// Whether each statement goes to the log.
    pub(crate) logs_statements: bool,
    /// How long to wait for another one at work in the same place.
    pub(crate) wait: Duration,
}

/// How long a server may wait for a lock, and work on a statement; its own settings where none is given.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) lock: Option<Duration>,
    pub(crate) statement: Option<Duration>,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Only reading what is recorded and what structure there is; creates nothing, not even a file.
    Look,
    /// Rows: foreign keys are enforced; creates nothing.
    Rows,
    /// A program's own work: as rows, with as many connections as it may hold.
    Serve,
    /// Structure: creates the place, and leaves SQLite's foreign keys unenforced, as its own
    /// procedure for changing tables asks.
    Structure,
}

impl Purpose {
    /// Whether PostgreSQL's settings are those of each transaction, and not the connection's.
    fn sets_per_transaction(self) -> bool {
        matches!(self, Self::Look | Self::Structure)
    }
}

/// A connection to a place that is there.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) db: DatabaseConnection,
    /// The PostgreSQL schema, MariaDB database, or `main`.
    pub(crate) namespace: String,
    /// Where PostgreSQL looks names up, as SQL writes it; none where the connection knows by itself.
    pub(crate) search_path: Option<String>,
    pub(crate) limits: Limits,
}

impl Opened {
    /// A connection that knows by itself where names are looked up.
    pub(crate) fn new(db: DatabaseConnection, namespace: impl Into<String>) -> Self {
        Self { db, namespace: namespace.into(), search_path: None, limits: Limits::default() }
    }

    /// Begins a transaction in which names are looked up in the namespace.
    ///
    /// On PostgreSQL the settings are the transaction's own: behind a pooler a connection's settings
    /// would be those of whoever is given it next.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.begin_as(None).await
    }

    /// As [`Self::begin`]; on SQLite nobody else writes from the start of it.
    pub(crate) async fn begin_writing(&self) -> Result<DatabaseTransaction, DbErr> {
        self.begin_as(Some(SqliteTransactionMode::Immediate)).await
    }

    async fn begin_as(&self, mode: Option<SqliteTransactionMode>) -> Result<DatabaseTransaction, DbErr> {
        let transaction = begin(&self.db, mode).await?;
        self.set_up(&transaction).await?;
        Ok(transaction)
    }

    /// As [`Self::begin_writing`], in a session like a new one, whoever had it before behind a pooler.
    pub(crate) async fn begin_fresh(&self) -> Result<DatabaseTransaction, DbErr> {
        let transaction = begin(&self.db, Some(SqliteTransactionMode::Immediate)).await?;
        if let Some(reset) = self.dialect().reset_in_transaction() {
            transaction.execute_unprepared(reset).await?;
        }
        self.take_back(&transaction).await?;
        Ok(transaction)
    }

    /// Takes the session back from a migration whose transaction is open still: its role and its settings
    /// are not those of the statements that record it.
    pub(crate) async fn take_back(&self, transaction: &impl ConnectionTrait) -> Result<(), DbErr> {
        for setting in self.dialect().own_settings() {
            transaction.execute_unprepared(setting).await?;
        }
        self.set_up(transaction).await
    }

    /// Makes the settings of a transaction that has begun.
    pub(crate) async fn set_up(&self, transaction: &impl ConnectionTrait) -> Result<(), DbErr> {
        if self.dialect() == Dialect::Postgres {
            let path = self.search_path.iter().map(|path| format!("search_path TO {path}"));
            let limit = |name: &str, limit: Option<Duration>| Some(format!("{name} = {}", limit?.as_millis()));
            let limits = [limit("lock_timeout", self.limits.lock), limit("statement_timeout", self.limits.statement)];
            for setting in path.chain(limits.into_iter().flatten()) {
                transaction.execute_unprepared(&format!("SET LOCAL {setting}")).await?;
            }
        }
        Ok(())
    }

    fn dialect(&self) -> Dialect {
        Dialect::of(self.db.get_database_backend())
    }

    /// Another connection to `place`, where this one is to, with the same limits: a session that nothing
    /// has touched.
    pub(crate) async fn again(&self, place: &Place, link: &Link) -> Result<Self, Error> {
        let db = match place {
            Place::File(file) => {
                let opened = open_file(file, link, Purpose::Structure).await?;
                opened.expect("a file is opened or refused").db
            }
            Place::Server(server) => connect(server, link, Purpose::Structure).await?,
        };
        let mut again = Self { db, ..self.clone() };
        again.limit(self.limits).await.map_err(Error::database("setting the limits of the run"))?;
        Ok(again)
    }

    /// Ends the session and begins another: nothing that was left in it reaches what comes next.
    ///
    /// The old one goes first, for it may have an SQLite file to itself.
    pub(crate) async fn renew(&mut self, place: &Place, link: &Link) -> Result<(), Error> {
        self.db.clone().close().await.map_err(Error::database("closing a connection"))?;
        *self = self.again(place, link).await?;
        Ok(())
    }

    /// Sets limits for what follows: on PostgreSQL for each transaction, on MariaDB for the connection.
    pub(crate) async fn limit(&mut self, limits: Limits) -> Result<(), DbErr> {
        self.limits = limits;
        if self.dialect() == Dialect::MariaDb {
            for setting in Dialect::MariaDb.limits(limits.lock, limits.statement) {
                self.db.execute_unprepared(&setting).await?;
            }
        }
        Ok(())
    }
}

/// Begins a transaction on a connection that keeps no settings.
///
/// Behind a pooler, a PostgreSQL session has the prepared statements of whoever had it before, under
/// the names that the driver gives ours.
pub(crate) async fn begin(
    db: &DatabaseConnection,
    mode: Option<SqliteTransactionMode>,
) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
    let transaction = db.begin_with_options(options).await?;
    if Dialect::of(db.get_database_backend()) == Dialect::Postgres {
        transaction.execute_unprepared("DEALLOCATE ALL").await?;
    }
    Ok(transaction)
}

/// Connects to `place`; none when it is not there and `purpose` does not create it.
pub(crate) async fn open(place: &Place, link: &Link, purpose: Purpose) -> Result<Option<Opened>, Error> {
    refuse_missing_driver(place.dialect())?;
    match place {
        Place::File(file) => open_file(file, link, purpose).await,
        Place::Server(server) if server.dialect == Dialect::MariaDb => open_mariadb(server, link, purpose).await,
        Place::Server(server) => open_postgres(server, link, purpose).await,
    }
}

/// A database in memory that nobody else has, and the first connection to it.
pub(crate) async fn open_memory(name: &str, link: &Link) -> Result<(Place, Opened), Error> {
    refuse_missing_driver(Dialect::Sqlite)?;
    // The leading slash makes it one database for all connections of this process.
    let file = File { path: format!("/{name}").into(), access: Access::Memory };
    let opened = open_file(&file, link, Purpose::Structure).await?;
    Ok((Place::File(file), opened.expect("a database in memory is made")))
}

async fn open_file(file: &File, link: &Link, purpose: Purpose) -> Result<Option<Opened>, Error> {
    let creates = purpose == Purpose::Structure && file.access == Access::Create;
    if file.access != Access::Memory && !file.path.exists() {
        if !creates {
            return match purpose {
                Purpose::Structure => Err(Error::Database(format!(
                    "{} is not there, and its URL forbids to create it",
                    file.path.display()
                ))),
                _ => Ok(None),
            };
        }
        if let Some(folder) = file.path.parent().filter(|folder| *folder != Path::new("")) {
            std::fs::create_dir_all(folder)
                .map_err(|error| Error::Database(format!("cannot make the folder {}: {error}", folder.display())))?;
        }
    }
    let mut options = options("sqlite:", link, purpose);
    sqlite_file(&mut options, file, creates, purpose != Purpose::Structure, link.wait);
    let cannot = || Error::database(format!("cannot open {}", file.path.display()));
    let db = Database::connect(options).await.map_err(cannot())?;
    // SQLite opens whatever it is given; the first read tells whether it is a database.
    db.execute_unprepared("SELECT count(*) FROM sqlite_schema").await.map_err(cannot())?;
    Ok(Some(Opened::new(db, "main")))
}

async fn open_postgres(server: &Server, link: &Link, purpose: Purpose) -> Result<Option<Opened>, Error> {
    let db = connect(server, link, purpose).await?;
    let Some(namespace) = &server.namespace else {
        let failed = || Error::database("reading the search path");
        let transaction = begin(&db, None).await.map_err(failed())?;
        let namespace = catalog::current_namespace(&transaction).await.map_err(failed())?;
        transaction.rollback().await.map_err(failed())?;
        let none = || {
            Error::Refused(
                "the search path of this connection names no PostgreSQL schema that is there; give --database-schema"
                    .to_owned(),
            )
        };
        return Ok(Some(Opened::new(db, namespace.ok_or_else(none)?)));
    };
    let quoted = Dialect::Postgres.quote(namespace);
    if purpose == Purpose::Structure {
        let failed = Error::database(format!("cannot make the schema {namespace}"));
        // Asked first: CREATE SCHEMA wants a privilege even where there is nothing to create.
        if !exists(&db, "SELECT 1 FROM pg_namespace WHERE nspname = $1", namespace).await? {
            db.execute_unprepared(&format!("CREATE SCHEMA IF NOT EXISTS {quoted}")).await.map_err(failed)?;
        }
    } else if !exists(&db, "SELECT 1 FROM pg_namespace WHERE nspname = $1", namespace).await? {
        return Ok(None);
    } else if !exists(&db, "SELECT 1 WHERE has_schema_privilege($1, 'USAGE')", namespace).await? {
        return Err(Error::Database(format!(
            "the role may not look into the PostgreSQL schema {namespace}: GRANT USAGE ON SCHEMA {quoted} to it"
        )));
    }
    let search_path = Some(search_path(server)).filter(|_| purpose.sets_per_transaction());
    Ok(Some(Opened { search_path, ..Opened::new(db, namespace) }))
}

async fn open_mariadb(server: &Server, link: &Link, purpose: Purpose) -> Result<Option<Opened>, Error> {
    let database = server.database();
    // Without a database first: connecting to one that is not there fails.
    let (lobby, shown) = (server.with_database(""), Place::Server(server.clone()));
    let lobby = Box::pin(server::connect(&lobby, &shown, link, Purpose::Look)).await?;
    if !exists(&lobby, "SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", &database).await? {
        if purpose != Purpose::Structure {
            return Ok(None);
        }
        let sql = create_mariadb_database(&database);
        lobby
            .execute_unprepared(&sql)
            .await
            .map_err(Error::database(format!("cannot make the database {database}")))?;
    }
    lobby.close().await.map_err(Error::database("closing a connection"))?;
    let db = connect(server, link, purpose).await?;
    Ok(Some(Opened::new(db, database)))
}

/// The statement that makes a database in which keys and CHECKs compare exactly: letter case counts,
/// and so do spaces at the end.
pub(crate) fn create_mariadb_database(name: &str) -> String {
    format!(
        "CREATE DATABASE IF NOT EXISTS {} CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
        Dialect::MariaDb.quote(name)
    )
}

/// Connects to a server's database as it is, creating nothing.
pub(crate) async fn connect(server: &Server, link: &Link, purpose: Purpose) -> Result<DatabaseConnection, Error> {
    Box::pin(server::connect(server, &Place::Server(server.clone()), link, purpose)).await
}

/// The namespace and those that names are looked up in after it, as SQL writes them.
fn search_path(server: &Server) -> String {
    let path = server.namespace.iter().chain(&server.beyond).map(|name| server.dialect.quote(name));
    path.collect::<Vec<_>>().join(",")
}

fn options(url: &str, link: &Link, purpose: Purpose) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        // Rows, ledger and verification share a transaction; a second connection would only wait.
        .max_connections(if purpose == Purpose::Serve { link.max_connections } else { 1 })
        .connect_timeout(link.timeout)
        .acquire_timeout(link.timeout)
        // A connection may hold a lock: it is neither renewed nor given up by its pool.
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging(link.logs_statements)
        .sqlx_logging_level(log::LevelFilter::Debug)
        .sqlx_slow_statements_logging_settings(log::LevelFilter::Debug, Duration::from_secs(1));
    options
}

async fn exists(db: &DatabaseConnection, sql: &str, name: &str) -> Result<bool, Error> {
    let failed = || Error::database(format!("looking for {name}"));
    let transaction = begin(db, None).await.map_err(failed())?;
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()]);
    let row = transaction.query_one_raw(statement).await.map_err(failed())?;
    transaction.rollback().await.map_err(failed())?;
    Ok(row.is_some())
}

fn refuse_missing_driver(dialect: Dialect) -> Result<(), Error> {
    let (is_here, feature) = match dialect {
        Dialect::Sqlite => (cfg!(feature = "sqlite"), "sqlite"),
        Dialect::Postgres => (cfg!(feature = "postgres"), "postgres"),
        Dialect::MariaDb => (cfg!(feature = "mysql"), "mysql"),
    };
    if is_here {
        return Ok(());
    }
    Err(Error::Usage(format!("this build has no driver for {dialect}; build it with the feature `{feature}`")))
}

#[cfg(feature = "sqlite")]
fn sqlite_file(options: &mut ConnectOptions, file: &File, creates: bool, enforces_keys: bool, wait: Duration) {
    let (path, access) = (file.path.clone(), file.access);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite.filename(&path).foreign_keys(enforces_keys).busy_timeout(wait);
        match access {
            Access::Memory => sqlite.vfs("memdb").create_if_missing(true),
            access => sqlite.read_only(access == Access::Read).create_if_missing(creates),
        }
    });
}

#[cfg(not(feature = "sqlite"))]
fn sqlite_file(_: &mut ConnectOptions, _: &File, _: bool, _: bool, _: Duration) {}
