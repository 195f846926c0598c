//! How fast `seed` writes, as a ratio to what the server does alone, within one run.
//!
//! Absolute times are noise on a shared machine; neighbouring rounds of the same run are not.
//! `cargo bench` prints the medians and their ratios. The servers are those of the tests:
//! `TEST_POSTGRES_URL`, `TEST_MARIADB_URL`; what is not set is left out. `cargo bench --bench seed -- postgresql`
//! measures on that database alone.
#![allow(clippy::print_stdout, reason = "a bench shows its figures")]

use std::sync::Mutex;
use std::time::{Duration, Instant};

use catalog::Dialect;
use chrono::NaiveDateTime;
use entity::demand::{inventory_snapshot_daily, sales_daily};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, Iterable, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use seeder::demand::Demand;
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

/// A whole run against the server's own copy of the same rows.
async fn against_server() -> Result<(), Box<dyn std::error::Error>> {
    let sales = ("sales".to_owned(), SALES.to_string().into());
    let layer = Layer { source: "the bench".to_owned(), values: [sales].into(), ..Layer::default() };
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

/// The facts of demand that the comparison with `insert_many` loads, some 100,000 rows each.
const FACTS: [&str; 2] = ["sales_daily", "inventory_snapshot_daily"];

/// When the load of the facts began, and when everything was loaded and the checks of values began.
#[derive(Default)]
struct Stopwatch(Mutex<(Option<Instant>, Option<Instant>)>);

impl Stopwatch {
    fn elapsed(&self) -> Duration {
        let (from, to) = *self.0.lock().expect("nobody panics with it");
        to.expect("the checks began").duration_since(from.expect("the load began"))
    }
}

impl Observer for Stopwatch {
    fn started(&self, table: &str, _: u64) {
        if table == FACTS[0] {
            self.0.lock().expect("nobody panics with it").0 = Some(Instant::now());
        }
    }
    fn advanced(&self, _: &str, _: u64) {}
    fn finished(&self, _: &str) {}
    fn working(&self, what: &str) {
        let mut times = self.0.lock().expect("nobody panics with it");
        if times.1.is_none() && what.starts_with("checking that ") {
            times.1 = Some(Instant::now());
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench has an environment of its own")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

async fn connect(url: String) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await
}

/// Inserts `models` as SeaORM does, as many a statement as it may bind values for.
async fn insert_many<E>(db: &DatabaseTransaction, models: Vec<E::Model>) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + Clone,
    E::ActiveModel: Send,
{
    let rows = Dialect::of(db.get_database_backend()).max_binds() / E::Column::iter().count();
    for rows in models.chunks(rows) {
        let rows = rows.iter().map(|model| model.clone().into_active_model());
        E::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

async fn empty_facts(db: &DatabaseConnection) -> Result<(), DbErr> {
    let word = if Dialect::of(db.get_database_backend()) == Dialect::Sqlite { "DELETE FROM" } else { "TRUNCATE TABLE" };
    for table in FACTS {
        db.execute_unprepared(&format!("{word} {table}")).await?;
    }
    Ok(())
}

/// kiln's load of the facts against `insert_many` of the same models with every constraint on, neither
/// verified nor committed.
async fn against_insert_many(db: &DatabaseConnection) -> Result<(), Box<dyn std::error::Error>> {
    migration::demand::Migrator::up(db, None).await?;
    let words = [("stores", "10"), ("products", "50"), ("start-date", "2024-01-01"), ("end-date", "2024-07-18")];
    let values = words.map(|(name, value)| (name.to_owned(), value.to_owned().into())).into();
    let settings =
        Settings::resolve(Demand.options(), &[Layer { source: "the bench".to_owned(), values, ..Layer::default() }])?;
    let request = Request { operation: Operation::FullNew, settings, agreed: None, clock: NaiveDateTime::default };
    let (mut ours, mut theirs, mut rows) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let watch = Stopwatch::default();
        seeder::run(db, &Demand, &request, &watch).await?;
        ours.push(watch.elapsed());

        let sales = sales_daily::Entity::find().all(db).await?;
        let stock = inventory_snapshot_daily::Entity::find().all(db).await?;
        rows = sales.len() + stock.len();
        empty_facts(db).await?;
        let transaction = db.begin().await?;
        let start = Instant::now();
        insert_many::<sales_daily::Entity>(&transaction, sales).await?;
        insert_many::<inventory_snapshot_daily::Entity>(&transaction, stock).await?;
        theirs.push(start.elapsed());
        transaction.rollback().await?;
        empty_facts(db).await?;
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("{rows} facts of demand on {}, median of {ROUNDS} rounds", Dialect::of(db.get_database_backend()));
    println!("  kiln, generated and validated     {ours:.2?}");
    println!("  insert_many of the same models    {theirs:.2?}");
    println!("  rows a second over insert_many    {:.2}", theirs.as_secs_f64() / ours.as_secs_f64());
    Ok(())
}

/// The same on a database of its own, which is gone afterwards. Unless told otherwise, kiln asks a server on its
/// own machine for no encryption, and so does this.
async fn on_server(variable_name: &str, scheme: &str, lobby: &str) -> Result<(), Box<dyn std::error::Error>> {
    let Some(server) = variable(variable_name) else {
        println!("left out: {variable_name} is not set");
        return Ok(());
    };
    let mut url = url::Url::parse(&server.replacen("mariadb:", "mysql:", 1))?;
    assert!(url.scheme().starts_with(scheme), "{variable_name} is the URL of another server");
    let is_at_home = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if scheme == "postgres" && is_at_home && url.query_pairs().all(|(name, _)| name != "sslmode") {
        url.query_pairs_mut().append_pair("sslmode", "disable");
    }
    let name = format!("kiln_bench_{}", std::process::id());
    url.set_path(lobby);
    let lobby = connect(url.to_string()).await?;
    lobby.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    url.set_path(&name);
    let db = connect(url.to_string()).await?;
    let measured = against_insert_many(&db).await;
    db.close().await?;
    lobby.execute_unprepared(&format!("DROP DATABASE {name}")).await?;
    lobby.close().await?;
    measured
}

/// The same on a file, and a whole run.
async fn on_sqlite() -> Result<(), Box<dyn std::error::Error>> {
    against_server().await?;
    let folder = tempfile::tempdir()?;
    let db = connect(format!("sqlite:{}/demand.db?mode=rwc", folder.path().display())).await?;
    against_insert_many(&db).await?;
    Ok(db.close().await?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo adds `--bench`.
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let is_named = |name: &String, dialect: Dialect| name.eq_ignore_ascii_case(dialect.name());
    if let Some(unknown) = named.iter().find(|name| !Dialect::ALL.iter().any(|dialect| is_named(name, *dialect))) {
        return Err(format!("{unknown} is none of {}", Dialect::ALL.map(Dialect::name).join(", ")).into());
    }
    let is_asked = |dialect: Dialect| named.is_empty() || named.iter().any(|name| is_named(name, dialect));
    if is_asked(Dialect::Sqlite) {
        on_sqlite().await?;
    }
    if is_asked(Dialect::Postgres) {
        on_server("TEST_POSTGRES_URL", "postgres", "postgres").await?;
    }
    if is_asked(Dialect::MariaDb) {
        on_server("TEST_MARIADB_URL", "mysql", "").await?;
    }
    Ok(())
}
