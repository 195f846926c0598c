//! One runner at a time for a place, on a server: whoever waits says for whom, and a runner that is
//! killed frees it.
//!
//! PostgreSQL: a transaction that holds an advisory lock and does nothing else. It is polled for,
//! each try in a transaction of its own, for a waiter inside of one statement would hold a snapshot
//! that CREATE INDEX CONCURRENTLY waits for. MariaDB: `GET_LOCK` on a connection that does nothing else, and
//! another one on each session that migrates, so that it is held for as long as the server is at the last
//! statement of a runner that is gone. SQLite: each migration's own `BEGIN IMMEDIATE`.

use std::time::{Duration, Instant};

use catalog::Dialect;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement};

use crate::connect::{self, Link, Opened, Purpose};
use crate::error::Error;
use crate::place::{Place, Server};

/// The first half of the lock's key on PostgreSQL: "kilm" in ASCII, so that it is not that of scratch databases.
const LOCK_CLASS: i32 = 0x6b69_6c6d;

/// How long to go on trying, and the pauses between two tries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    ends: Instant,
    whole: Duration,
}

impl Patience {
    /// Patience of this length, from now.
    pub(crate) fn new(whole: Duration) -> Self {
        let now = Instant::now();
        // A wait that no clock can hold is one without an end: a year.
        Self { ends: now.checked_add(whole).unwrap_or_else(|| now + Duration::from_hours(24 * 365)), whole }
    }

    /// Pauses after a failed try, each time longer, up to two seconds; at the end of it gives `error`.
    pub(crate) async fn after<E>(&self, tries: u32, error: E) -> Result<(), E> {
        let left = self.ends.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(error);
        }
        let pause = Duration::from_millis(25 << tries.min(6)).min(Duration::from_secs(2));
        tokio::time::sleep(pause.min(left)).await;
        Ok(())
    }

    /// Its length.
    pub(crate) fn whole(&self) -> Duration {
        self.whole
    }
}

/// The lock of a place, for as long as it lives.
pub(crate) enum Lock {
    /// PostgreSQL: a connection and the transaction that holds it.
    Transaction(DatabaseConnection, DatabaseTransaction),
    /// MariaDB: a connection that holds it.
    Connection(DatabaseConnection),
    /// SQLite: each migration's transaction is one.
    Each,
}

impl Lock {
    /// Takes the lock of a server's place, before its namespace is there; of a file nothing.
    pub(crate) async fn of_place(
        place: &Place,
        namespace: Option<&str>,
        link: &Link,
        patience: Patience,
        waits: impl Fn(&str),
    ) -> Result<Self, Error> {
        match (place, namespace) {
            (Place::Server(server), Some(namespace)) if server.dialect == Dialect::Postgres => {
                postgres(server, namespace, link, patience, waits).await
            }
            (Place::Server(server), _) if server.dialect == Dialect::MariaDb => {
                mariadb(server, link, patience, waits).await
            }
            _ => Ok(Self::Each),
        }
    }

    /// Frees it.
    pub(crate) async fn free(self) -> Result<(), Error> {
        let failed = || Error::database("freeing the lock");
        match self {
            Self::Transaction(db, transaction) => {
                transaction.rollback().await.map_err(failed())?;
                db.close().await.map_err(failed())
            }
            Self::Connection(db) => db.close().await.map_err(failed()),
            Self::Each => Ok(()),
        }
    }
}

/// Waits until a MariaDB server has ended the last statement of a runner that is gone, or of a session of this
/// one that was closed, and keeps others out for as long as `session` is open.
pub(crate) async fn on_session(session: &Opened, patience: Patience, waits: impl Fn(&str)) -> Result<(), Error> {
    if Dialect::of(session.db.get_database_backend()) != Dialect::MariaDb {
        return Ok(());
    }
    // A session that was just closed is gone in an instant: the server waits for that.
    get_lock(&session.db, &name_on_mariadb("session", &session.namespace), 1, patience, waits).await
}

/// What to say when the wait is over.
pub(crate) fn gave_up(holder: &str, patience: Patience) -> Error {
    let whole = humantime::format_duration(patience.whole());
    Error::Database(format!(
        "another runner migrates here, and did not end within {whole}: {holder}; wait for it, or give a longer --wait"
    ))
}

async fn postgres(
    server: &Server,
    namespace: &str,
    link: &Link,
    patience: Patience,
    waits: impl Fn(&str),
) -> Result<Lock, Error> {
    let failed = || Error::database("taking the lock");
    let lobby = Server { namespace: None, ..server.clone() };
    let keeper = connect::connect(&lobby, link, Purpose::Look).await?;
    let mut tries = 0;
    loop {
        let transaction = connect::begin(&keeper, None).await.map_err(failed())?;
        // A server that ends idle transactions would free the lock while its runner is at work.
        let settings = "SELECT set_config(name, '0', true) FROM pg_settings \
                        WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')";
        transaction.execute_unprepared(settings).await.map_err(failed())?;
        let sql = format!("SELECT pg_try_advisory_xact_lock({LOCK_CLASS}, hashtext($1)) AS got");
        let row =
            transaction.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [namespace.into()]));
        let got: bool =
            row.await.and_then(|row| row.map_or(Ok(false), |row| row.try_get("", "got"))).map_err(failed())?;
        if got {
            return Ok(Lock::Transaction(keeper, transaction));
        }
        let holder = postgres_holder(&transaction, namespace).await.map_err(failed())?;
        transaction.rollback().await.map_err(failed())?;
        if tries == 0 {
            waits(&holder);
        }
        patience.after(tries, gave_up(&holder, patience)).await?;
        tries += 1;
    }
}

/// Who holds the lock, as far as the server tells this role.
async fn postgres_holder(db: &impl ConnectionTrait, namespace: &str) -> Result<String, DbErr> {
    let sql = format!(
        "SELECT format('%s process %s of role %s from %s, since %s', coalesce(nullif(a.application_name, ''), 'a program'), \
         a.pid, coalesce(a.usename, '?'), coalesce(host(a.client_addr), 'the server itself'), \
         date_trunc('second', a.xact_start)) AS holder \
         FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
         WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = {LOCK_CLASS} \
         AND l.objid = (hashtext($1)::bigint & 4294967295)::oid \
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    );
    let row = db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [namespace.into()])).await?;
    let holder: Option<String> = row.map_or(Ok(None), |row| row.try_get("", "holder"))?;
    Ok(holder.unwrap_or_else(|| "one that the server does not show".to_owned()))
}

/// Names of locks are the server's, and 64 letters long at most, as names of databases are.
fn name_on_mariadb(of: &str, namespace: &str) -> String {
    let name = format!("kiln.{of}.{namespace}");
    if name.chars().count() <= 64 { name } else { crate::migrate::statement::checksum(Dialect::MariaDb, &[name]) }
}

async fn mariadb(server: &Server, link: &Link, patience: Patience, waits: impl Fn(&str)) -> Result<Lock, Error> {
    let db = connect::connect(&server.with_database(""), link, Purpose::Look).await?;
    // A server that ends idle connections would free the lock while its runner is at work. Its longest is a year.
    db.execute_unprepared("SET SESSION wait_timeout = 31536000").await.map_err(Error::database("taking the lock"))?;
    get_lock(&db, &name_on_mariadb("migrate", &server.database()), 0, patience, waits).await?;
    Ok(Lock::Connection(db))
}

/// Takes a lock of a MariaDB server; each try may wait for so many `seconds`.
async fn get_lock(
    db: &DatabaseConnection,
    name: &str,
    seconds: u32,
    patience: Patience,
    waits: impl Fn(&str),
) -> Result<(), Error> {
    let failed = || Error::database("taking the lock");
    let ask = |sql: &str| Statement::from_sql_and_values(DbBackend::MySql, sql, [name.into()]);
    let get = format!("SELECT GET_LOCK(?, {seconds}) AS got");
    let mut tries = 0;
    loop {
        let row = db.query_one_raw(ask(&get)).await.map_err(failed())?;
        let got: Option<i64> = row.map_or(Ok(None), |row| row.try_get("", "got")).map_err(failed())?;
        if got == Some(1) {
            return Ok(());
        }
        let row = db.query_one_raw(ask(MARIADB_HOLDER)).await.map_err(failed())?;
        let holder: Option<String> = row.map_or(Ok(None), |row| row.try_get("", "holder")).map_err(failed())?;
        let holder = holder.unwrap_or_else(|| "one that the server does not show".to_owned());
        if tries == 0 {
            waits(&holder);
        }
        patience.after(tries, gave_up(&holder, patience)).await?;
        tries += 1;
    }
}

const MARIADB_HOLDER: &str = "SELECT concat('connection ', ID, ' of user ', USER, ' from ', HOST) AS holder \
                              FROM information_schema.PROCESSLIST WHERE ID = IS_USED_LOCK(?)";
