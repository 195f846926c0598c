//! The stock entry point of sea-orm-migration, so that `sea-orm-cli migrate -d migration` works.
//!
//! `-s` or `DATABASE_SCHEMA` chooses the schema; on SQLite and MariaDB the name of the file or of
//! the database does.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::process::ExitCode;

use kiln_migration::{brickhouse, demand, fashion, market};
use sea_orm_migration::cli::run_cli;

/// A schema that this program can migrate.
struct Known {
    name: &'static str,
    /// The stem of the SQLite file that kiln gives it by default.
    file: &'static str,
    run: fn() -> Pin<Box<dyn Future<Output = ()>>>,
}

/// One line a schema.
const SCHEMAS: &[Known] = &[
    Known { name: "market", file: "text_to_sql_poc", run: || Box::pin(run_cli(market::Migrator)) },
    Known { name: "demand", file: "demand", run: || Box::pin(run_cli(demand::Migrator)) },
    Known { name: "brickhouse", file: "brickhouse", run: || Box::pin(run_cli(brickhouse::Migrator)) },
    Known { name: "fashion", file: "fashion_forecast", run: || Box::pin(run_cli(fashion::Migrator)) },
];

#[tokio::main]
async fn main() -> ExitCode {
    dotenvy::dotenv().ok();
    let Some(schema) = chosen() else {
        let names = SCHEMAS.iter().map(|schema| schema.name).collect::<Vec<_>>().join(", ");
        #[expect(clippy::print_stderr, reason = "a program of its own, with nothing else to print with")]
        {
            eprintln!("which schema? give -s SCHEMA or set DATABASE_SCHEMA; this build has {names}");
        }
        return ExitCode::from(2);
    };
    (schema.run)().await;
    ExitCode::SUCCESS
}

/// The schema that the arguments or the environment name.
fn chosen() -> Option<&'static Known> {
    let by_name = given(["-s", "--database-schema"], "DATABASE_SCHEMA");
    let url = given(["-u", "--database-url"], "DATABASE_URL");
    let place = url.as_deref().and_then(|url| url.split('?').next());
    let by_place = place.and_then(|path| Path::new(path).file_stem()?.to_str());
    let find = |name: &str| SCHEMAS.iter().find(|schema| schema.name == name || schema.file == name);
    by_name.as_deref().and_then(find).or_else(|| by_place.and_then(find))
}

/// The value behind a flag, or of a variable: sea-orm-cli hands everything over in the environment.
#[expect(clippy::disallowed_methods, reason = "this program has no configuration of its own")]
fn given(flags: [&str; 2], variable: &str) -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| !flags.contains(&argument.as_str()));
    arguments.nth(1).or_else(|| std::env::var(variable).ok())
}
