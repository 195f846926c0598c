//! Connections to places, one function a driver behind its feature.

use std::path::Path;
use std::time::Duration;

use catalog::Dialect;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};

use crate::error::{Error, words};
use crate::place::{Access, File, Place, Server};

/// How to connect, wherever.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) max_connections: u32,
    pub(crate) timeout: Duration,
    /// Whether each statement goes to the log.
    pub(crate) logs_statements: bool,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Only reading; creates nothing, not even a file.
    Look,
    /// Rows: foreign keys are enforced; creates nothing.
    Rows,
    /// A program's own work: as rows, with as many connections as it may hold.
    Serve,
    /// Structure: creates the place, and leaves SQLite's foreign keys unenforced, as its own
    /// procedure for changing tables asks.
    Structure,
}

/// A connection to a place that is there.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) db: DatabaseConnection,
    /// The PostgreSQL schema, MariaDB database, or `main`.
    pub(crate) namespace: String,
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

/// A connection to an SQLite database in memory, with foreign keys unenforced.
pub(crate) async fn open_memory(link: &Link) -> Result<DatabaseConnection, Error> {
    refuse_missing_driver(Dialect::Sqlite)?;
    let mut options = options("sqlite::memory:", link, Purpose::Structure);
    sqlite_file(&mut options, None, false);
    Database::connect(options).await.map_err(Error::database("cannot make a database in memory"))
}

async fn open_file(file: &File, link: &Link, purpose: Purpose) -> Result<Option<Opened>, Error> {
    let creates = purpose == Purpose::Structure && file.access == Access::Create;
    if !file.path.exists() {
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
    sqlite_file(&mut options, Some((file, creates)), purpose != Purpose::Structure);
    let cannot = || Error::database(format!("cannot open {}", file.path.display()));
    let db = Database::connect(options).await.map_err(cannot())?;
    // SQLite opens whatever it is given; the first read tells whether it is a database.
    db.execute_unprepared("SELECT count(*) FROM sqlite_schema").await.map_err(cannot())?;
    Ok(Some(Opened { db, namespace: "main".to_owned() }))
}

async fn open_postgres(server: &Server, link: &Link, purpose: Purpose) -> Result<Option<Opened>, Error> {
    let db = connect(server, link, purpose).await?;
    let Some(namespace) = &server.namespace else {
        let namespace = catalog::current_namespace(&db).await.map_err(Error::database("reading the search path"))?;
        let none = || {
            Error::Refused(
                "the search path of this connection names no PostgreSQL schema that is there; give --database-schema"
                    .to_owned(),
            )
        };
        return Ok(Some(Opened { namespace: namespace.ok_or_else(none)?, db }));
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
    }
    Ok(Some(Opened { db, namespace: namespace.clone() }))
}

async fn open_mariadb(server: &Server, link: &Link, purpose: Purpose) -> Result<Option<Opened>, Error> {
    let database = server.database();
    // Without a database first: connecting to one that is not there fails.
    let lobby = connect_as(&server.with_database(""), &Place::Server(server.clone()), link, Purpose::Look).await?;
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
    Ok(Some(Opened { db, namespace: database }))
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
    connect_as(server, &Place::Server(server.clone()), link, purpose).await
}

/// Connects to a server's database and calls it `shown` where that fails.
async fn connect_as(
    server: &Server,
    shown: &Place,
    link: &Link,
    purpose: Purpose,
) -> Result<DatabaseConnection, Error> {
    let cannot = |said: &str| Error::Database(format!("cannot connect to {shown}: {said}"));
    let mut options = options(server.url.as_str(), link, purpose);
    if let Some(namespace) = server.namespace.as_ref().filter(|_| server.dialect == Dialect::Postgres) {
        let path = std::iter::once(namespace).chain(&server.beyond).map(|name| server.dialect.quote(name));
        options.set_schema_search_path(path.collect::<Vec<_>>().join(","));
    }
    // The pool tries a refused connection again until its time is up; one try of its own says why.
    match tokio::time::timeout(link.timeout, knock(server)).await {
        Ok(Ok(())) => {}
        Ok(Err(said)) => return Err(cannot(&said)),
        Err(_) => return Err(cannot(&format!("no answer within {}", humantime::format_duration(link.timeout)))),
    }
    Database::connect(options).await.map_err(|error| cannot(&words(&error)))
}

fn options(url: &str, link: &Link, purpose: Purpose) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        // Rows, ledger and verification share a transaction; a second connection would only wait.
        .max_connections(if purpose == Purpose::Serve { link.max_connections } else { 1 })
        .connect_timeout(link.timeout)
        .acquire_timeout(link.timeout)
        .sqlx_logging(link.logs_statements)
        .sqlx_logging_level(log::LevelFilter::Debug)
        .sqlx_slow_statements_logging_settings(log::LevelFilter::Debug, Duration::from_secs(1));
    options
}

async fn exists(db: &DatabaseConnection, sql: &str, name: &str) -> Result<bool, Error> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()]);
    let row = db.query_one_raw(statement).await.map_err(Error::database(format!("looking for {name}")))?;
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
fn sqlite_file(options: &mut ConnectOptions, file: Option<(&File, bool)>, enforces_keys: bool) {
    let file = file.map(|(file, creates)| (file.path.clone(), file.access == Access::Read, creates));
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite.foreign_keys(enforces_keys).busy_timeout(Duration::from_mins(1));
        match &file {
            Some((path, is_read_only, creates)) => {
                sqlite.filename(path).read_only(*is_read_only).create_if_missing(*creates)
            }
            None => sqlite,
        }
    });
}

#[cfg(not(feature = "sqlite"))]
fn sqlite_file(_: &mut ConnectOptions, _: Option<(&File, bool)>, _: bool) {}

/// One try to connect, and what the server or the driver says when it fails.
#[cfg_attr(
    not(any(feature = "postgres", feature = "mysql")),
    expect(clippy::unused_async, reason = "a build without a server has nobody to wait for")
)]
async fn knock(server: &Server) -> Result<(), String> {
    match server.dialect {
        #[cfg(feature = "postgres")]
        Dialect::Postgres => knock_with::<sea_orm::sqlx::PgConnection>(server).await,
        #[cfg(feature = "mysql")]
        Dialect::MariaDb => knock_with::<sea_orm::sqlx::MySqlConnection>(server).await,
        _ => Ok(()),
    }
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
async fn knock_with<C: sea_orm::sqlx::Connection>(server: &Server) -> Result<(), String> {
    let connection = C::connect(server.url.as_str()).await.map_err(|error| match error {
        sea_orm::sqlx::Error::Database(error) => error.message().to_owned(),
        sea_orm::sqlx::Error::Io(error) => error.to_string(),
        error => error.to_string(),
    })?;
    // A server that drops the farewell has let the connection in all the same.
    connection.close().await.ok();
    Ok(())
}
