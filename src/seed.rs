//! Seeding a schema: what is copied before the engine runs, and what there is afterwards.

pub(crate) mod audit;

use std::borrow::Cow;
use std::path::Path;

use catalog::Dialect;
use chrono::Utc;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use seeder::{Checked, Figure, Measure, Observer, Operation, Outcome, Plan, Plot, Request, Seeder, Style};
use serde::Serialize;
use tokio::process::Command;

use crate::error::Error;
use crate::place::{Place, Server};

/// How a run ended, and what the data is like now.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Seeded {
    pub(crate) plan: Plan,
    /// False when the tables held the rows already.
    pub(crate) changed: bool,
    /// Rows and digest of each table.
    pub(crate) tables: Vec<TableNow>,
    pub(crate) checks: Vec<Checked>,
    pub(crate) figures: Vec<FigureNow>,
    /// Where a copy of what was there before is.
    pub(crate) backup: Option<String>,
    /// The command that puts that copy back.
    #[serde(skip)]
    pub(crate) restore: String,
}

/// A table after a run.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TableNow {
    pub(crate) table: String,
    pub(crate) rows: u64,
    pub(crate) digest: String,
}

/// A figure with its numbers.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FigureNow {
    pub(crate) title: String,
    pub(crate) label: String,
    pub(crate) measures: Vec<String>,
    pub(crate) rows: Vec<(String, Vec<f64>)>,
    #[serde(skip)]
    pub(crate) kinds: Vec<Measure>,
}

/// A plot with its numbers.
#[derive(Clone, Debug)]
pub(crate) struct PlotNow {
    pub(crate) figure: FigureNow,
    pub(crate) style: Style,
    /// What its numbers count.
    pub(crate) unit: &'static str,
}

/// Runs `request` on the rows behind `db`, as far as its plan was `agreed` to; what it removes is first
/// copied to the file `backup`.
pub(crate) async fn seed(
    db: &DatabaseConnection,
    place: &Place,
    seeder: &dyn Seeder,
    mut request: Request,
    agreed: Plan,
    backup: Option<&str>,
    observer: &dyn Observer,
) -> Result<Seeded, Error> {
    let removed: u64 = agreed.tables.iter().map(|table| table.delete).sum();
    let backup = match backup {
        Some(file) if removed > 0 => {
            back_up(db, place, Path::new(file)).await?;
            Some(file.to_owned())
        }
        Some(_) => {
            tracing::warn!("no backup is written: nothing would be removed");
            None
        }
        None => None,
    };
    request.agreed = Some(agreed);
    let (plan, changed, checks, tables) = match seeder::run(db, seeder, &request, observer).await? {
        Outcome::Applied(mut applied) => {
            let entries = applied.plan.tables.iter().filter_map(|planned| applied.tables.remove_entry(&planned.table));
            let tables = entries.map(|(table, entry)| TableNow { table, rows: entry.rows, digest: entry.digest });
            let tables: Vec<TableNow> = tables.collect();
            (applied.plan, true, applied.checks, tables)
        }
        Outcome::Unchanged(plan) => {
            let live = seeder::verify_live(db, seeder, observer).await?;
            let tables = live.survey.tables.iter().zip(live.digests);
            let tables = tables.map(|(found, (table, digest))| TableNow { table, rows: found.rows, digest });
            (plan, false, live.checks, tables.collect())
        }
    };
    Ok(Seeded {
        tables,
        changed,
        checks,
        figures: figures(db, seeder.figures()).await?,
        restore: backup.as_deref().map(|file| restore(place, file)).unwrap_or_default(),
        backup,
        plan,
    })
}

/// Fills empty tables with a little of everything: the seeder's scenario `smoke`, or else its defaults.
pub(crate) async fn sample(db: &DatabaseConnection, seeder: &dyn Seeder) -> Result<(), Error> {
    let has_smoke = seeder.scenarios().iter().any(|scenario| scenario.name == "smoke");
    let layers = if has_smoke { vec![seeder::of_scenario(seeder, "smoke")?] } else { Vec::new() };
    let settings = seeder::Settings::resolve(seeder.options(), &layers)?;
    let clock = || Utc::now().naive_utc();
    let request = Request { operation: Operation::Fill, settings, agreed: None, clock };
    seeder::run(db, seeder, &request, &Unwatched).await.map(drop).map_err(Error::from)
}

/// Nobody waits for a sample.
struct Unwatched;

impl Observer for Unwatched {
    fn started(&self, _: &str, _: u64) {}
    fn advanced(&self, _: &str, _: u64) {}
    fn finished(&self, _: &str) {}
}

/// The numbers of `figures` as the database has them.
pub(crate) async fn figures(db: &DatabaseConnection, figures: &[Figure]) -> Result<Vec<FigureNow>, Error> {
    let mut shown = Vec::new();
    for figure in figures {
        let failed = || Error::database(format!("reading the figure {}", figure.title));
        let sql = (figure.sql)(Dialect::of(db.get_database_backend()));
        let mut rows = Vec::new();
        for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.map_err(failed())? {
            let label: String = row.try_get("", figure.label).map_err(failed())?;
            let mut numbers = Vec::new();
            for (name, measure) in figure.measures {
                #[expect(clippy::cast_precision_loss, reason = "counts of rows stay far below 2^53")]
                let number = match measure {
                    Measure::Count | Measure::Flag => row.try_get::<i64>("", name).map_err(failed())? as f64,
                    Measure::Dollars | Measure::Percent => row.try_get("", name).map_err(failed())?,
                };
                numbers.push(number);
            }
            rows.push((label, numbers));
        }
        shown.push(FigureNow {
            title: figure.title.to_owned(),
            label: figure.label.to_owned(),
            measures: figure.measures.iter().map(|(name, _)| (*name).to_owned()).collect(),
            rows,
            kinds: figure.measures.iter().map(|(_, measure)| *measure).collect(),
        });
    }
    Ok(shown)
}

/// The numbers of `plots` as the database has them, under titles that name what they are of.
pub(crate) async fn plots(db: &DatabaseConnection, plots: &[Plot]) -> Result<Vec<PlotNow>, Error> {
    let mut drawn = Vec::new();
    for plot in plots {
        let mut figure = figures(db, &[plot.figure]).await?.remove(0);
        if let Some(names) = &plot.names {
            let failed = || Error::database("reading the names of what is drawn");
            let sql = (names.sql)(Dialect::of(db.get_database_backend()));
            let query = Statement::from_string(db.get_database_backend(), sql);
            if let Some(row) = db.query_one_raw(query).await.map_err(failed())? {
                for column in names.columns {
                    let name: String = row.try_get("", column).map_err(failed())?;
                    figure.title = figure.title.replace(&format!("{{{column}}}"), &name);
                }
            }
        }
        drawn.push(PlotNow { figure, style: plot.style, unit: plot.unit });
    }
    Ok(drawn)
}

/// Writes a copy of what is at `place` to `file`, and gives the command that puts it back.
pub(crate) async fn back_up_to(db: &DatabaseConnection, place: &Place, file: &Path) -> Result<String, Error> {
    back_up(db, place, file).await?;
    Ok(restore(place, &file.display().to_string()))
}

/// Writes a copy of what is at `place` to `file`, by the engine's own means.
async fn back_up(db: &DatabaseConnection, place: &Place, file: &Path) -> Result<(), Error> {
    if file.exists() {
        return Err(Error::Usage(format!("{} is there already; name another file for the backup", file.display())));
    }
    tracing::info!(file = %file.display(), "seed.backup");
    match place {
        Place::File(_) => {
            let path = file.to_str().ok_or_else(|| Error::Usage("the backup's path is no text".to_owned()))?;
            let statement = Statement::from_sql_and_values(db.get_database_backend(), "VACUUM INTO ?", [path.into()]);
            let failed = Error::database(format!("cannot write the backup to {path}"));
            db.execute_raw(statement).await.map(drop).map_err(failed)
        }
        Place::Server(server) => dump(server, file).await,
    }
}

/// The command that puts a copy back where it came from, for a shell; its client asks for the password.
fn restore(place: &Place, file: &str) -> String {
    let quoted = |word: &str| shlex::try_quote(word).map_or_else(|_| word.to_owned(), Cow::into_owned);
    match place {
        Place::File(there) => {
            let path = there.path.display().to_string();
            let copy = format!("cp {} {}", quoted(file), quoted(&path));
            let log = format!("{path}-wal");
            // What is in the log of the database that is there belongs to no other.
            if !Path::new(&log).exists() {
                return copy;
            }
            format!("rm -f {} {} && {copy}", quoted(&log), quoted(&format!("{path}-shm")))
        }
        Place::Server(server) if server.dialect == Dialect::Postgres => {
            format!("psql -1 -v ON_ERROR_STOP=1 -f {} {}", quoted(file), quoted(server.public_url().as_str()))
        }
        Place::Server(server) => {
            let mut words = vec!["mariadb".to_owned()];
            words.extend(mariadb_server(server));
            words.extend(server.password().map(|_| "--password".to_owned()));
            words.push(server.database());
            let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            format!("{} < {}", words.join(" "), quoted(file))
        }
    }
}

/// The arguments that lead a client of MariaDB to its server.
fn mariadb_server(server: &Server) -> Vec<String> {
    let host = format!("--host={}", server.url.host_str().unwrap_or("localhost"));
    let port = server.url.port().map(|port| format!("--port={port}"));
    let user = server.user().map(|user| format!("--user={user}"));
    [Some(host), port, user].into_iter().flatten().collect()
}

/// Runs the server's own dump client; a password goes by the environment, never by the arguments.
async fn dump(server: &Server, file: &Path) -> Result<(), Error> {
    let clients: &[&str] = match server.dialect {
        Dialect::Postgres => &["pg_dump"],
        _ => &["mariadb-dump", "mysqldump"],
    };
    for client in clients {
        let mut command = match server.dialect {
            Dialect::Postgres => pg_dump(client, server, file),
            _ => mariadb_dump(client, server, file),
        };
        match command.output().await {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => {
                return Err(Error::Database(format!(
                    "{client} could not write the backup: {}",
                    String::from_utf8_lossy(&output.stderr).trim()
                )));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::Database(format!("{client} could not be run: {error}"))),
        }
    }
    Err(Error::Usage(format!(
        "a backup of {} needs the program {}, which is not on the path",
        server.dialect, clients[0]
    )))
}

fn pg_dump(client: &str, server: &Server, file: &Path) -> Command {
    let mut command = Command::new(client);
    if let Some(password) = server.password() {
        command.env("PGPASSWORD", password);
    }
    command.args(["--clean", "--if-exists"]);
    command.arg(format!("--file={}", file.display())).arg(format!("--dbname={}", server.public_url()));
    command.args(server.namespace.iter().map(|namespace| format!("--schema=\"{namespace}\"")));
    command
}

fn mariadb_dump(client: &str, server: &Server, file: &Path) -> Command {
    let mut command = Command::new(client);
    if let Some(password) = server.password() {
        command.env("MYSQL_PWD", password);
    }
    command
        .args(mariadb_server(server))
        .arg(format!("--result-file={}", file.display()))
        .args(["--single-transaction", "--"])
        .arg(server.database());
    command
}
