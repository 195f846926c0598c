//! A connection to a server's database: the first answer counts, and what refuses it is told at once.

use std::future;
use std::time::Duration;

use catalog::Dialect;
use sea_orm::sqlx;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr};

use super::{Link, Purpose, options, search_path};
use crate::error::{Error, words};
use crate::place::{Place, Server};
use crate::redact::{Secrets, passwords_of};

/// How long a server that is there takes to answer, as a rule; one that takes longer is asked why.
const PATIENCE: Duration = Duration::from_millis(250);

/// What PostgreSQL answers to whom it lets in with TLS alone, or not at all.
const NOT_SO: &str = "28000";

/// Whether the wire is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wire {
    /// Not where both ends are on this machine, unless the URL asks for it: a handshake takes longer than most
    /// statements, and nobody listens.
    PlainAtHome,
    /// As the URL has it; where it says nothing, if the server can.
    AsAsked,
}

/// Connects to a server's database and calls it `shown` where that fails.
pub(super) async fn connect(
    server: &Server,
    shown: &Place,
    link: &Link,
    purpose: Purpose,
) -> Result<DatabaseConnection, Error> {
    let mut connected = reach(server, Wire::PlainAtHome, link, purpose).await;
    if let Err(Refusal::Driver(error)) = &connected
        && code(error).as_deref() == Some(NOT_SO)
    {
        connected = reach(server, Wire::AsAsked, link, purpose).await;
    }
    connected.map_err(|refusal| {
        let said = match refusal {
            Refusal::Driver(error) if is_timeout(&error) => {
                format!("no answer within {}", humantime::format_duration(link.timeout))
            }
            Refusal::Driver(error) => words(&error),
            Refusal::Knock(said) => said,
        };
        let said = Secrets::new(passwords_of(server.url.as_str()), &server.names()).redact(&said);
        Error::Database(format!("cannot connect to {shown}: {said}"))
    })
}

/// Why there is no connection.
enum Refusal {
    /// What connecting gave.
    Driver(DbErr),
    /// What a try beside it was told, while connecting goes on trying.
    Knock(String),
}

async fn reach(server: &Server, wire: Wire, link: &Link, purpose: Purpose) -> Result<DatabaseConnection, Refusal> {
    let mut options = options(server.url.as_str(), link, purpose);
    if server.dialect == Dialect::Postgres {
        if server.namespace.is_some() && !purpose.sets_per_transaction() {
            options.set_schema_search_path(search_path(server));
        }
        postgres(&mut options, wire, purpose);
    } else {
        mariadb(&mut options);
    }
    // The pool tries a refused connection again until its time is up; one try of its own says why.
    let refused = async {
        tokio::time::sleep(PATIENCE).await;
        match knock(server).await {
            Ok(()) => future::pending().await,
            Err(said) => said,
        }
    };
    tokio::select! {
        connected = Database::connect(options) => connected.map_err(Refusal::Driver),
        said = refused => Err(Refusal::Knock(said)),
    }
}

fn driver(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

fn code(error: &DbErr) -> Option<String> {
    driver(error)?.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}

fn is_timeout(error: &DbErr) -> bool {
    matches!(error, DbErr::ConnectionAcquire(_)) || matches!(driver(error), Some(sqlx::Error::PoolTimedOut))
}

/// Asks a PostgreSQL server for nothing that a transaction pooler refuses.
#[cfg(feature = "postgres")]
fn postgres(options: &mut ConnectOptions, wire: Wire, purpose: Purpose) {
    use sqlx::postgres::PgSslMode;

    options.set_application_name("kiln").map_sqlx_postgres_opts(move |postgres| {
        let postgres = postgres.extra_float_digits(None);
        let is_asked = !matches!(postgres.get_ssl_mode(), PgSslMode::Prefer) || wire == Wire::AsAsked;
        let is_plain = !is_asked && is_at_home(postgres.get_host());
        let postgres = if is_plain { postgres.ssl_mode(PgSslMode::Disable) } else { postgres };
        if purpose.sets_per_transaction() { postgres.statement_cache_capacity(0) } else { postgres }
    });
}

#[cfg(not(feature = "postgres"))]
fn postgres(_: &mut ConnectOptions, _: Wire, _: Purpose) {}

/// Keeps more prepared statements than the driver's 100: once its cache is full, each new statement waits for a
/// delayed acknowledgement of the one that is closed for it, some 40 ms.
#[cfg(feature = "mysql")]
fn mariadb(options: &mut ConnectOptions) {
    // A server keeps 16,382 for all of its connections.
    options.map_sqlx_mysql_opts(|mariadb| mariadb.statement_cache_capacity(1_000));
}

#[cfg(not(feature = "mysql"))]
fn mariadb(_: &mut ConnectOptions) {}

#[cfg(feature = "postgres")]
fn is_at_home(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// One try to connect, and what the server or the driver says when it fails.
#[cfg_attr(
    not(any(feature = "postgres", feature = "mysql")),
    expect(clippy::unused_async, reason = "a build without a server has nobody to wait for")
)]
async fn knock(server: &Server) -> Result<(), String> {
    match server.dialect {
        #[cfg(feature = "postgres")]
        Dialect::Postgres => {
            let options = server.url.as_str().parse::<sqlx::postgres::PgConnectOptions>();
            // A transaction pooler refuses to be asked for it.
            knock_with::<sqlx::PgConnection>(options.map(|options| options.extra_float_digits(None))).await
        }
        #[cfg(feature = "mysql")]
        Dialect::MariaDb => knock_with::<sqlx::MySqlConnection>(server.url.as_str().parse()).await,
        _ => Ok(()),
    }
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
async fn knock_with<C: sqlx::Connection>(options: Result<C::Options, sqlx::Error>) -> Result<(), String> {
    let in_words = |error| match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        error => error.to_string(),
    };
    let connection = C::connect_with(&options.map_err(in_words)?).await.map_err(in_words)?;
    // A server that drops the farewell has let the connection in all the same.
    connection.close().await.ok();
    Ok(())
}
