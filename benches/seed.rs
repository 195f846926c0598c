//! How fast `seed` writes, as a ratio to what the server does alone, within one run.
//!
//! Absolute times are noise on a shared machine; neighbouring rounds of the same run are not.
//! `cargo bench` prints the medians and their ratio.
#![allow(clippy::print_stdout, reason = "a bench shows its figures")]

use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr};
use sea_orm_migration::MigratorTrait;
use seeder::market::Market;
use seeder::{Layer, Observer, Operation, Request, Seeder, Settings};

const SALES: u64 = 100_000;
const ROUNDS: usize = 5;

struct Silent;

impl Observer for Silent {
    fn started(&self, _: &str, _: u64) {}
    fn advanced(&self, _: &str, _: u64) {}
    fn finished(&self, _: &str) {}
}

/// The server's own work on the same rows, with the same keys and indexes.
const SERVER: &str = "DELETE FROM sales; INSERT INTO sales SELECT * FROM kept";

async fn empty(folder: &tempfile::TempDir, round: usize) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(format!("sqlite:{}/{round}.db?mode=rwc", folder.path().display()));
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    migration::market::Migrator::up(&db, None).await?;
    Ok(db)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sales = ("sales".to_owned(), SALES.to_string().into());
    let layer = Layer { source: "the bench".to_owned(), values: [sales].into() };
    let settings = Settings::resolve(Market.options(), &[layer])?;
    let request = Request { operation: Operation::Fill, settings, agreed: None, clock: || NaiveDateTime::default() };
    let folder = tempfile::tempdir()?;
    let (mut seeding, mut copying) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let db = empty(&folder, round).await?;
        let start = Instant::now();
        seeder::run(&db, &Market, &request, &Silent).await?;
        seeding.push(start.elapsed());

        db.execute_unprepared("CREATE TABLE kept AS SELECT * FROM sales").await?;
        let start = Instant::now();
        db.execute_unprepared(&format!("BEGIN; {SERVER}; COMMIT")).await?;
        copying.push(start.elapsed());
        db.close().await?;
    }
    let (seeding, copying) = (median(seeding), median(copying));
    println!("{SALES} sales on SQLite, median of {ROUNDS} rounds");
    println!("  kiln seed, verified and digested  {seeding:.2?}");
    println!("  DELETE and INSERT ... SELECT      {copying:.2?}");
    println!("  ratio                             {:.2}", seeding.as_secs_f64() / copying.as_secs_f64());
    Ok(())
}
