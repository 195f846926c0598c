//! How long a comparison takes, as ratios within one run: to `pg_dump`, and to making the schema.
//!
//! Absolute times are noise on a shared machine; neighbouring rounds of the same run are not. The
//! servers are those of the tests: `TEST_POSTGRES_URL`, `TEST_MARIADB_URL`; what is not set is left out.
#![allow(clippy::print_stdout, reason = "a bench shows its figures")]

use std::error::Error;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Database, DbErr};
use sea_orm_migration::prelude::*;

const TABLES: usize = 1_000;
const ROUNDS: usize = 5;

/// Set in the environment of this program when it is the one that is measured.
const IS_PROGRAM: &str = "KILN_BENCH_PROGRAM";

#[expect(clippy::disallowed_methods, reason = "a bench has an environment of its own")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Twenty tables, each with ten columns, a key, a unique, a CHECK, an index and a foreign key.
struct Twenty;

impl MigratorTrait for Twenty {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        (1..=20)
            .map(|number| Box::new(Numbered { number, name: format!("m{number:02}") }) as Box<dyn MigrationTrait>)
            .collect()
    }
}

struct Numbered {
    number: u32,
    name: String,
}

impl MigrationName for Numbered {
    fn name(&self) -> &str {
        &self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Numbered {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = format!("t{:02}", self.number);
        let mut create = Table::create().table(table.clone()).take();
        create.col(ColumnDef::new("id").integer().not_null().primary_key());
        create.col(ColumnDef::new("parent").integer());
        create.col(ColumnDef::new("code").string_len(20).not_null().unique_key());
        for column in ["a", "b", "c", "d", "e", "f", "g"] {
            create.col(ColumnDef::new(column).integer().not_null().default(0));
        }
        create.check(Expr::col("a").gte(0));
        if self.number > 1 {
            let before = format!("t{:02}", self.number - 1);
            let name = format!("fk_{table}");
            create.foreign_key(ForeignKey::create().name(name).from(table.clone(), "parent").to(before, "id"));
        }
        manager.create_table(create).await?;
        let index = Index::create().name(format!("ix_{table}")).table(table).col("a").col("b").take();
        manager.create_index(index).await
    }
}

fn timed(command: &mut Command) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
    let elapsed = start.elapsed();
    if output.status.success() { Ok(elapsed) } else { Err(String::from_utf8_lossy(&output.stderr).into()) }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn show(what: &str, ours: Vec<Duration>, than: &str, theirs: Vec<Duration>, bound: f64) {
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("{what}: {ours:.2?}, {than}: {theirs:.2?}, ratio {ratio:.2} (wanted: at most {bound})");
}

async fn on(url: &str, statements: &[String]) -> Result<(), DbErr> {
    let db = Database::connect(url.replacen("mariadb:", "mysql:", 1)).await?;
    for statement in statements {
        db.execute_unprepared(statement).await?;
    }
    db.close().await
}

/// `kiln diff` of two databases of a thousand tables against `pg_dump` of one.
async fn against_pg_dump(server: &str) -> Result<(), Box<dyn Error>> {
    let lobby = format!("{server}/postgres");
    let make = format!(
        "DO $$ BEGIN FOR n IN 1..{TABLES} LOOP EXECUTE format('CREATE TABLE t%s (id integer PRIMARY KEY, b text NOT NULL, \
         c integer DEFAULT 0, d numeric(10,2), e date, f boolean, g varchar(20), h bigint, i timestamp, j text)', n); \
         END LOOP; END $$"
    );
    let (mut diffs, mut dumps) = (Vec::new(), Vec::new());
    let names = ["kiln_bench_a", "kiln_bench_b"];
    for name in names {
        on(&lobby, &[format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")]).await?;
        on(&format!("{server}/{name}"), std::slice::from_ref(&make)).await?;
    }
    let [one, other] = names.map(|name| format!("{server}/{name}"));
    for _ in 0..ROUNDS {
        dumps.push(timed(Command::new("pg_dump").args(["--schema-only", "--dbname", &one]))?);
        diffs.push(timed(Command::new(env!("CARGO_BIN_EXE_kiln")).args(["diff", &one, &other]))?);
    }
    for name in names {
        on(&lobby, &[format!("DROP DATABASE {name}")]).await?;
    }
    show(&format!("kiln diff of {TABLES} tables"), diffs, "pg_dump --schema-only", dumps, 5.0);
    Ok(())
}

/// `check` of twenty tables against `migrate up` of them on an empty database.
async fn against_up(server: Option<&str>, what: &str) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (mut checks, mut ups) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let name = format!("kiln_bench_{round}");
        let url = match server {
            Some(server) => format!("{server}/{name}"),
            None => format!("sqlite:{}", folder.path().join(&name).display()),
        };
        let lobby =
            server.map(|server| format!("{server}/{}", if server.starts_with("postgres") { "postgres" } else { "" }));
        if let Some(lobby) = &lobby {
            on(lobby, &[format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")]).await?;
        }
        let run = |arguments: &[&str]| {
            let mut command = Command::new(std::env::current_exe()?);
            timed(command.args(arguments).env(IS_PROGRAM, "1").env("DATABASE_URL", &url).current_dir(folder.path()))
        };
        ups.push(run(&["migrate", "up"])?);
        checks.push(run(&["check"])?);
        if let Some(lobby) = &lobby {
            on(lobby, &[format!("DROP DATABASE {name}")]).await?;
        }
    }
    show(&format!("kiln check of 20 tables on {what}"), checks, "kiln migrate up", ups, 3.0);
    Ok(())
}

async fn measure() -> Result<(), Box<dyn Error>> {
    let server = |name: &str| variable(name).map(|url| url.trim_end_matches('/').to_owned());
    against_up(None, "SQLite").await?;
    match server("TEST_POSTGRES_URL") {
        Some(server) => {
            against_up(Some(&server), "PostgreSQL").await?;
            against_pg_dump(&server).await?;
        }
        None => println!("left out: PostgreSQL, because TEST_POSTGRES_URL is not set"),
    }
    match server("TEST_MARIADB_URL") {
        Some(server) => against_up(Some(&server), "MariaDB").await?,
        None => println!("left out: MariaDB, because TEST_MARIADB_URL is not set"),
    }
    Ok(())
}

fn main() -> ExitCode {
    if variable(IS_PROGRAM).is_some() {
        return kiln::main([kiln::Schema::new("twenty").migrator::<Twenty>()]);
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    match runtime.block_on(measure()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("failed: {error}");
            ExitCode::FAILURE
        }
    }
}
