//! Scratch places: an empty namespace of the live database's kind, to replay migrations in.
//!
//! SQLite gets one in memory; PostgreSQL and MariaDB a database of its own. Whoever makes one holds
//! a lock of its name until it is gone, so the next run knows which of them nobody uses any more.

mod folder;

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use catalog::Dialect;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, QueryResult, Statement};
use tokio::runtime::Handle;

use crate::connect::{self, Link, Opened, Purpose};
use crate::error::{Error, words};
use crate::place::{Place, Server};

pub(crate) use folder::Folder;

/// What the name of every scratch database and folder starts with.
const PREFIX: &str = "kiln_scratch_";

/// What [`new_name`] puts after that and an owner, as a regular expression: whatever else begins so is not kiln's.
const MADE: &str = "[0-9a-f]+_[0-9a-f]+_[0-9]+";

/// How long an interrupted run waits for its scratch database to be dropped.
const DROPPED_WITHIN: Duration = Duration::from_secs(5);

/// The first half of the lock's key on PostgreSQL: "kiln" in ASCII.
const LOCK_CLASS: i32 = 0x6b69_6c6e;

/// Which of PostgreSQL's extensions are there before the first migration is replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extensions {
    /// None: the migrations make those that they use.
    None,
    /// Those of the live database: somebody else made what the migrations use.
    Live,
}

/// An empty namespace that nobody else uses.
pub(crate) struct Scratch {
    /// The way in.
    pub(crate) opened: Opened,
    /// Where it is.
    place: Place,
    database: Option<Database>,
}

/// A scratch database of a server, and what keeps others from sweeping it.
struct Database {
    name: String,
    dialect: Dialect,
    /// The connection that makes and drops it.
    maker: DatabaseConnection,
    keeper: Option<Keeper>,
    /// Whether it may be there; one that is dropped while it is takes the database with it.
    is_there: bool,
}

/// What holds the lock of a name, for as long as it lives.
enum Keeper {
    /// PostgreSQL: a transaction, so that it works behind a pooler too.
    Transaction(DatabaseConnection, DatabaseTransaction),
    /// MariaDB: a connection.
    Connection(DatabaseConnection),
}

impl Scratch {
    /// Makes one of the kind of `place`, where `live` is what is there, if anything is; on `elsewhere` where
    /// that is given. Sweeps before that what killed runs left.
    pub(crate) async fn make(
        place: &Place,
        elsewhere: Option<&Server>,
        live: Option<&Opened>,
        link: &Link,
        extensions: Extensions,
    ) -> Result<Self, Error> {
        if let (Some(elsewhere), Some(live)) = (elsewhere, live) {
            refuse_other_version(elsewhere, live, link).await?;
        }
        match place {
            Place::File(_) => {
                let (place, opened) = connect::open_memory(&new_name(""), link).await?;
                Ok(Self { opened, place, database: None })
            }
            Place::Server(server) if server.dialect == Dialect::MariaDb => {
                mariadb(elsewhere.unwrap_or(server), live, link).await
            }
            Place::Server(server) => {
                let elsewhere =
                    elsewhere.map(|elsewhere| Server { namespace: server.namespace.clone(), ..elsewhere.clone() });
                postgres(elsewhere.as_ref().unwrap_or(server), live, link, extensions).await
            }
        }
    }

    /// The name of its database, where it is one of a server.
    pub(crate) fn name(&self) -> Option<String> {
        self.database.as_ref().map(|database| database.name.clone())
    }

    /// A session in it that nothing has touched.
    pub(crate) async fn session(&self, link: &Link) -> Result<Opened, Error> {
        self.opened.again(&self.place, link).await
    }

    /// Drops it.
    pub(crate) async fn remove(self) -> Result<(), Error> {
        let cannot = || Error::database("cannot drop the scratch database; the next check sweeps it");
        self.opened.db.close().await.map_err(cannot())?;
        if let Some(database) = self.database {
            database.remove().await.map_err(cannot())?;
        }
        Ok(())
    }
}

impl Database {
    /// Makes it by this statement.
    async fn make(&mut self, create: &str) -> Result<(), Error> {
        // From now on: a run that is interrupted does not learn whether the server has come to it.
        self.is_there = true;
        let made = self.maker.execute_unprepared(create).await;
        self.is_there = made.is_ok();
        made.map(drop).map_err(|error| no_place(&error))
    }

    /// Drops it, and frees its name.
    async fn remove(mut self) -> Result<(), DbErr> {
        drop_database(&self.maker, self.dialect, &self.name).await?;
        self.is_there = false;
        match self.keeper.take() {
            Some(Keeper::Transaction(db, transaction)) => {
                transaction.rollback().await?;
                db.close().await?;
            }
            Some(Keeper::Connection(db)) => db.close().await?,
            None => {}
        }
        self.maker.clone().close().await
    }
}

impl Drop for Database {
    /// Drops the database of a run that was interrupted before it could. The statement waits for what its
    /// connection is doing, and its end is waited for, since the program ends next.
    fn drop(&mut self) {
        let (true, Ok(runtime)) = (self.is_there, Handle::try_current()) else { return };
        let (maker, dialect, name) = (self.maker.clone(), self.dialect, self.name.clone());
        let (done, is_done) = mpsc::channel();
        runtime.spawn(async move { done.send(drop_database(&maker, dialect, &name).await).ok() });
        let failed = match is_done.recv_timeout(DROPPED_WITHIN) {
            Ok(Ok(())) => return,
            Ok(Err(error)) => words(&error),
            Err(_) => format!("the server has not answered within {DROPPED_WITHIN:?}"),
        };
        tracing::warn!(name = self.name, error = failed, "a scratch database stays; the next check sweeps it");
    }
}

/// Refuses a server of another major version than the live one's: it may render the same in other words.
async fn refuse_other_version(elsewhere: &Server, live: &Opened, link: &Link) -> Result<(), Error> {
    let failed = || Error::database("asking a server for its version");
    let lobby = if elsewhere.dialect == Dialect::MariaDb { elsewhere.with_database("") } else { elsewhere.clone() };
    let there = connect::connect(&Server { namespace: None, ..lobby }, link, Purpose::Look).await?;
    let (here, other) = (version(&live.db).await.map_err(failed())?, version(&there).await.map_err(failed())?);
    there.close().await.map_err(failed())?;
    let dialect = elsewhere.dialect;
    if major(dialect, &here) == major(dialect, &other) {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "the scratch server is {dialect} {other} and the database's {dialect} {here}; give one of the same major version"
    )))
}

async fn version(db: &DatabaseConnection) -> Result<String, DbErr> {
    let transaction = connect::begin(db, None).await?;
    let role = catalog::role(&transaction, &[]).await?;
    transaction.rollback().await?;
    Ok(role.server.split(' ').nth(1).unwrap_or_default().to_owned())
}

/// The major version: PostgreSQL's first number, MariaDB's first two.
fn major(dialect: Dialect, version: &str) -> Vec<&str> {
    version.split('.').take(if dialect == Dialect::MariaDb { 2 } else { 1 }).collect()
}

/// A name that no other scratch database has, now or since long.
pub(crate) fn new_name(owner: &str) -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_nanos());
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{owner}{:x}_{:x}_{number}", process::id(), now & 0xff_ffff_ffff_ffff)
}

async fn drop_database(maker: &DatabaseConnection, dialect: Dialect, name: &str) -> Result<(), DbErr> {
    let force = if dialect == Dialect::Postgres { " WITH (FORCE)" } else { "" };
    maker.execute_unprepared(&format!("DROP DATABASE IF EXISTS {}{force}", dialect.quote(name))).await.map(drop)
}

/// What to say when no scratch place can be made: a failure of the database, not of the check.
fn no_place(said: &DbErr) -> Error {
    Error::NoScratch(format!("no scratch database can be made to replay the migrations in: {}", words(said)))
}

/// How a PostgreSQL database keeps text, in the words of CREATE DATABASE, and what its new tables get unasked.
///
/// The columns of the ICU locale have other names from one major version to the next.
const POSTGRES_OPTIONS: &str = "SELECT format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', \
        pg_encoding_to_char(d.encoding), d.datcollate, d.datctype) || CASE to_jsonb(d) ->> 'datlocprovider' \
        WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', l.name) \
        WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', l.name) ELSE '' END AS options, \
        (SELECT string_agg(format('SET %I TO %L', s.name, s.setting), E'\\n') FROM pg_settings s \
         WHERE s.name IN ('default_tablespace', 'default_table_access_method', 'default_toast_compression')) AS defaults \
    FROM pg_database d, LATERAL (SELECT coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS name) l \
    WHERE d.datname = current_database()";

async fn postgres(
    server: &Server,
    live: Option<&Opened>,
    link: &Link,
    extensions: Extensions,
) -> Result<Scratch, Error> {
    let here = Server { namespace: None, ..server.clone() };
    let maker = connect::connect(&here, link, Purpose::Look).await?;
    let keeper = connect::connect(&here, link, Purpose::Look).await?;
    let failed = || Error::database("preparing a scratch database");
    let transaction = connect::begin(&keeper, None).await.map_err(failed())?;
    // Locks are of one database: the name says of which, so that its own runs sweep it.
    let row = one(&maker, "SELECT oid::text AS oid FROM pg_database WHERE datname = current_database()")
        .await
        .map_err(failed())?;
    let owner: String = row.try_get("", "oid").map_err(failed())?;
    sweep_postgres(&maker, &transaction, &owner).await.map_err(failed())?;

    let name = new_name(&format!("{owner}_"));
    lock_postgres(&transaction, &name).await.map_err(failed())?;
    let like = live.map_or(&maker, |live| &live.db);
    let row = one(like, POSTGRES_OPTIONS).await.map_err(failed())?;
    let options: String = row.try_get("", "options").map_err(failed())?;
    let defaults: String = row.try_get("", "defaults").map_err(failed())?;

    // Names are looked up as they are live: after the namespace, in what else the search path has. The
    // path is the database's own, so that it holds outside of transactions too.
    let (namespace, beyond) = match live {
        Some(live) => (Some(live.namespace.clone()), beyond(live).await.map_err(failed())?),
        None => (server.namespace.clone(), Vec::new()),
    };
    let path: Vec<String> = namespace.iter().chain(&beyond).map(|name| Dialect::Postgres.quote(name)).collect();
    let path = (!path.is_empty()).then(|| format!("SET search_path TO {}", path.join(",")));
    let settings: Vec<String> = defaults.lines().map(str::to_owned).chain(path).collect();
    let there = Server { namespace, beyond, ..server.with_database(&name) };
    let create = format!("CREATE DATABASE {} TEMPLATE template0 {options}", Dialect::Postgres.quote(&name));
    let keeper = Some(Keeper::Transaction(keeper, transaction));
    let mut database = Database { name, dialect: Dialect::Postgres, keeper, maker, is_there: false };
    database.make(&create).await?;
    let like = live.map_or(&database.maker, |live| &live.db);
    let opened = match set_up(&database, &settings).await {
        Ok(()) => open_postgres(there.clone(), link, like, extensions).await,
        Err(error) => Err(failed()(error)),
    };
    finish(database, there, opened).await
}

/// Gives a new database the settings that its connections find.
async fn set_up(database: &Database, settings: &[String]) -> Result<(), DbErr> {
    for setting in settings {
        let alter = format!("ALTER DATABASE {} {setting}", Dialect::Postgres.quote(&database.name));
        database.maker.execute_unprepared(&alter).await?;
    }
    Ok(())
}

/// Where names are looked up in a live place after its namespace.
pub(crate) async fn beyond(live: &Opened) -> Result<Vec<String>, DbErr> {
    let transaction = live.begin().await?;
    let sql = "SELECT array_to_json(current_schemas(false))::text AS path";
    let row = transaction.query_one_raw(Statement::from_string(transaction.get_database_backend(), sql)).await?;
    let path: String = row.map_or_else(|| Ok("[]".to_owned()), |row| row.try_get("", "path"))?;
    transaction.rollback().await?;
    let path: Vec<String> = serde_json::from_str(&path).unwrap_or_default();
    Ok(path.into_iter().filter(|name| *name != live.namespace).collect())
}

async fn open_postgres(
    there: Server,
    link: &Link,
    live: &DatabaseConnection,
    extensions: Extensions,
) -> Result<Opened, Error> {
    let beyond = there.beyond.clone();
    let opened = connect::open(&Place::Server(there), link, Purpose::Structure).await?;
    let opened = opened.expect("a place that is created is there");
    for name in beyond {
        let create = format!("CREATE SCHEMA IF NOT EXISTS {}", Dialect::Postgres.quote(&name));
        opened.db.execute_unprepared(&create).await.map_err(Error::database("preparing a scratch database"))?;
    }
    if extensions == Extensions::Live {
        copy_extensions(live, &opened.db).await?;
    }
    Ok(opened)
}

/// Installs in `scratch` the extensions that `live` has: migrations may use their types.
async fn copy_extensions(live: &DatabaseConnection, scratch: &DatabaseConnection) -> Result<(), Error> {
    let failed = || Error::database("copying the database's extensions to the scratch database");
    let sql = "SELECT format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) AS home, \
                      format('CREATE EXTENSION IF NOT EXISTS %I SCHEMA %I CASCADE', e.extname, n.nspname) AS extension \
               FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
               WHERE e.extname <> 'plpgsql' ORDER BY e.oid";
    for row in all(live, sql).await.map_err(failed())? {
        for column in ["home", "extension"] {
            let sql: String = row.try_get("", column).map_err(failed())?;
            scratch.execute_unprepared(&sql).await.map_err(failed())?;
        }
    }
    Ok(())
}

async fn sweep_postgres(maker: &DatabaseConnection, keeper: &DatabaseTransaction, owner: &str) -> Result<(), DbErr> {
    // Left by a run on this database, or on one that is gone itself.
    let sql = format!(
        "SELECT d.datname::text AS name FROM pg_database d WHERE d.datname ~ '^{PREFIX}[0-9]+_{MADE}$' \
         AND (split_part(d.datname, '_', 3) = '{owner}' OR NOT EXISTS \
              (SELECT 1 FROM pg_database o WHERE o.oid::text = split_part(d.datname, '_', 3)))"
    );
    for row in all(maker, &sql).await? {
        let name: String = row.try_get("", "name")?;
        if lock_postgres(keeper, &name).await? {
            tracing::info!(name, "sweeping a scratch database that a killed run left");
            // Another role's leftover is not ours to drop, and not in the way.
            if let Err(error) = drop_database(maker, Dialect::Postgres, &name).await {
                tracing::warn!(name, error = words(&error), "a scratch database stays");
            }
        }
    }
    Ok(())
}

async fn lock_postgres(keeper: &DatabaseTransaction, name: &str) -> Result<bool, DbErr> {
    let sql = format!("SELECT pg_try_advisory_xact_lock({LOCK_CLASS}, hashtext($1)) AS got");
    let statement = Statement::from_sql_and_values(keeper.get_database_backend(), sql, [name.into()]);
    let row = keeper.query_one_raw(statement).await?;
    row.map_or(Ok(false), |row| row.try_get("", "got"))
}

async fn mariadb(server: &Server, live: Option<&Opened>, link: &Link) -> Result<Scratch, Error> {
    let lobby = server.with_database("");
    let maker = connect::connect(&lobby, link, Purpose::Look).await?;
    let keeper = connect::connect(&lobby, link, Purpose::Look).await?;
    let failed = || Error::database("preparing a scratch database");
    sweep_mariadb(&maker, &keeper).await.map_err(failed())?;

    let name = new_name("");
    lock_mariadb(&keeper, &name).await.map_err(failed())?;
    let create = match live {
        Some(live) => {
            let options = character_set(&live.db, &live.namespace).await.map_err(failed())?;
            format!("CREATE DATABASE {} {options}", Dialect::MariaDb.quote(&name))
        }
        None => connect::create_mariadb_database(&name),
    };
    let keeper = Some(Keeper::Connection(keeper));
    let mut database = Database { name: name.clone(), dialect: Dialect::MariaDb, keeper, maker, is_there: false };
    database.make(&create).await?;

    let there = server.with_database(&name);
    let db = connect::connect(&there, link, Purpose::Structure).await;
    finish(database, there, db.map(|db| Opened::new(db, name))).await
}

/// How the live database makes text columns that have no character set of their own.
async fn character_set(maker: &DatabaseConnection, namespace: &str) -> Result<String, DbErr> {
    let sql = "SELECT DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation \
               FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?";
    let statement = Statement::from_sql_and_values(maker.get_database_backend(), sql, [namespace.into()]);
    let Some(row) = maker.query_one_raw(statement).await? else { return Ok(String::new()) };
    let (charset, collation): (String, String) = (row.try_get("", "charset")?, row.try_get("", "collation")?);
    Ok(format!("CHARACTER SET {charset} COLLATE {collation}"))
}

async fn sweep_mariadb(maker: &DatabaseConnection, keeper: &DatabaseConnection) -> Result<(), DbErr> {
    let sql = format!(
        "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME REGEXP '^{PREFIX}{MADE}$'"
    );
    for row in all(maker, &sql).await? {
        let name: String = row.try_get("", "name")?;
        if lock_mariadb(keeper, &name).await? {
            tracing::info!(name, "sweeping a scratch database that a killed run left");
            if let Err(error) = drop_database(maker, Dialect::MariaDb, &name).await {
                tracing::warn!(name, error = words(&error), "a scratch database stays");
            }
        }
    }
    Ok(())
}

/// The databases beside a scratch database that are somebody's.
pub(crate) async fn other_databases(scratch: &Scratch) -> Result<Vec<String>, Error> {
    let failed = || Error::database("listing the databases");
    let sql = "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME <> database()";
    let rows = all(&scratch.opened.db, sql).await.map_err(failed())?;
    rows.iter().map(|row| row.try_get("", "name").map_err(failed())).collect()
}

async fn lock_mariadb(keeper: &DatabaseConnection, name: &str) -> Result<bool, DbErr> {
    let statement =
        Statement::from_sql_and_values(keeper.get_database_backend(), "SELECT GET_LOCK(?, 0) AS got", [name.into()]);
    let row = keeper.query_one_raw(statement).await?;
    let got: Option<i64> = row.map_or(Ok(None), |row| row.try_get("", "got"))?;
    Ok(got == Some(1))
}

/// The scratch place, or, when the way into it failed, that failure after dropping it again.
async fn finish(database: Database, there: Server, opened: Result<Opened, Error>) -> Result<Scratch, Error> {
    match opened {
        Ok(opened) => Ok(Scratch { opened, place: Place::Server(there), database: Some(database) }),
        Err(error) => {
            let cannot = Error::database("cannot drop the scratch database; the next check sweeps it");
            database.remove().await.map_err(cannot)?;
            Err(error)
        }
    }
}

async fn one(db: &DatabaseConnection, sql: &str) -> Result<QueryResult, DbErr> {
    all(db, sql).await?.pop().ok_or_else(|| DbErr::RecordNotFound(sql.to_owned()))
}

async fn all(db: &DatabaseConnection, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    let transaction = connect::begin(db, None).await?;
    let rows = transaction.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    transaction.rollback().await?;
    Ok(rows)
}
