//! A program with one schema whose migrations are data: each test writes those that it needs.
//!
//! The test binary is that program when `KILN_TEST_MIGRATIONS` is set, so nothing more is built.

use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sea_orm_migration::MigrationTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, Statement, Value};
use serde::{Deserialize, Serialize};

use crate::backend::{Backend, Home, Said};

const MIGRATIONS: &str = "KILN_TEST_MIGRATIONS";
const KILLED_AT: &str = "KILN_TEST_KILLED_AT";

/// A migration as data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Migration {
    pub version: String,
    pub up: Vec<Do>,
    /// None is a migration without a down.
    pub down: Option<Vec<Do>>,
    /// What it says of transactions.
    pub transaction: Option<bool>,
}

/// A step of a migration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Do {
    /// A text, which may be several statements.
    Sql(String),
    /// A statement with whole numbers bound.
    Bound(String, Vec<i32>),
    /// A statement with the number n bound that a query gives.
    Read(String, String),
    /// Steps unless a table is there.
    Unless(String, Vec<Self>),
    /// Steps in a transaction of the migration's own.
    Within(Vec<Self>),
    /// A statement, and a wait of so many milliseconds if it changes rows: without a database none.
    Sleep(String, u64),
    /// A refusal of the migration itself.
    Refuse(String),
    /// A text in which NOW is the time of day in seconds.
    Stamped(String),
    /// A text in which LONG is so many letters.
    Long(String, usize),
    /// A mistake of the migration's own.
    Panic,
}

/// A migration with these statements, in the transaction that is the engine's default.
pub fn migration(version: &str, up: &[&str], down: &[&str]) -> Migration {
    let sql = |texts: &[&str]| texts.iter().map(|text| Do::Sql((*text).to_owned())).collect();
    Migration { version: version.to_owned(), up: sql(up), down: Some(sql(down)), transaction: None }
}

/// The program over these migrations in a home, ready to be changed or run.
pub fn command(home: &Home, migrations: &[Migration], arguments: &str) -> Command {
    let program = std::env::current_exe().expect("a test has a path");
    let mut command = home.program(program, arguments);
    command.env(MIGRATIONS, serde_json::to_string(migrations).expect("migrations are data"));
    command
}

/// Runs the program and expects this exit code.
pub fn run(home: &Home, migrations: &[Migration], arguments: &str, code: i32) -> Said {
    Said::by(&mut command(home, migrations, arguments), code)
}

/// The program, killed with -9 before its step of this number, those of replays counted too; whether it was.
pub fn is_killed_at(home: &Home, migrations: &[Migration], arguments: &str, step: usize) -> bool {
    let mut command = command(home, migrations, arguments);
    let output = command.env(KILLED_AT, step.to_string()).output().expect("the program runs");
    match output.status.code() {
        None => true,
        Some(0) => false,
        Some(code) => panic!("exit {code} at step {step}: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

#[expect(clippy::disallowed_methods, reason = "a program of the tests has an environment of its own")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Whether this process is the program.
pub fn is_this() -> bool {
    variable(MIGRATIONS).is_some()
}

/// The program.
pub fn main() -> ExitCode {
    kiln::main([kiln::Schema::new("script").migrator::<Migrator>()])
}

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let json = variable(MIGRATIONS).expect("the program is started with migrations");
        let migrations: Vec<Migration> = serde_json::from_str(&json).expect("migrations are data");
        migrations.into_iter().map(|migration| Box::new(migration) as Box<dyn MigrationTrait>).collect()
    }
}

impl MigrationName for Migration {
    fn name(&self) -> &str {
        &self.version
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        all(manager, &self.up).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match &self.down {
            Some(steps) => all(manager, steps).await,
            None => Err(DbErr::Migration("We Don't Do That Here".to_owned())),
        }
    }

    fn use_transaction(&self) -> Option<bool> {
        self.transaction
    }
}

async fn all(manager: &SchemaManager<'_>, steps: &[Do]) -> Result<(), DbErr> {
    for step in steps {
        die_if_it_is_time();
        Box::pin(one(manager, step)).await?;
    }
    die_if_it_is_time();
    Ok(())
}

async fn one(manager: &SchemaManager<'_>, step: &Do) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let bound = |sql: &str, values: Vec<Value>| {
        Statement::from_sql_and_values(db.get_database_backend(), placed(db.get_database_backend(), sql), values)
    };
    match step {
        Do::Sql(text) => db.execute_unprepared(text).await.map(drop),
        Do::Bound(sql, values) => {
            let values = values.iter().map(|value| Value::from(*value)).collect();
            db.execute_raw(bound(sql, values)).await.map(drop)
        }
        Do::Read(query, sql) => {
            let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), query)).await?;
            let number: i64 = row.expect("a query with a row").try_get("", "n")?;
            db.execute_raw(bound(sql, vec![number.into()])).await.map(drop)
        }
        Do::Unless(table, steps) => {
            if manager.has_table(table).await? {
                Ok(())
            } else {
                all(manager, steps).await
            }
        }
        Do::Within(steps) => {
            let inner = manager.begin().await?;
            all(&inner, steps).await?;
            inner.commit().await
        }
        Do::Sleep(sql, milliseconds) => {
            if db.execute_unprepared(sql).await?.rows_affected() > 0 {
                tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            }
            Ok(())
        }
        Do::Refuse(why) => Err(DbErr::Migration(why.clone())),
        Do::Stamped(text) => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs();
            db.execute_unprepared(&text.replace("NOW", &now.to_string())).await.map(drop)
        }
        Do::Long(text, letters) => db.execute_unprepared(&text.replace("LONG", &"x".repeat(*letters))).await.map(drop),
        Do::Panic => panic!("a mistake of the migration's own"),
    }
}

/// A statement with `?` for its values, as the engine writes it.
fn placed(backend: sea_orm_migration::sea_orm::DbBackend, sql: &str) -> String {
    if backend != Backend::Postgres.dialect().backend() {
        return sql.to_owned();
    }
    let mut parts = sql.split('?');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.enumerate().fold(first, |sql, (at, part)| format!("{sql}${}{part}", at + 1))
}

/// Kills this process as `kill -9` does, at the step that it was told.
fn die_if_it_is_time() {
    static STEP: AtomicUsize = AtomicUsize::new(0);
    let Some(last) = variable(KILLED_AT) else { return };
    if STEP.fetch_add(1, Ordering::Relaxed) + 1 == last.parse::<usize>().expect("a number of steps") {
        let own = std::process::id().to_string();
        Command::new("kill").args(["-9", &own]).status().expect("a process can be killed");
        loop {
            std::thread::park();
        }
    }
}
