//! The stock entry point of sea-orm-migration, so that `sea-orm-cli migrate -d migration` works.
//!
//! `-s` or `DATABASE_SCHEMA` chooses the schema; on SQLite and MariaDB the name of the file or of
//! the database does.

use std::path::Path;
use std::process::ExitCode;

use kiln_migration::market;
use sea_orm_migration::cli::run_cli;

/// Schemas with the stem of the SQLite file that kiln gives each by default.
const SCHEMAS: &[(&str, &str)] = &[("market", "text_to_sql_poc")];

#[tokio::main]
async fn main() -> ExitCode {
    dotenvy::dotenv().ok();
    match chosen() {
        Some("market") => run_cli(market::Migrator).await,
        _ => {
            let names = SCHEMAS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            #[expect(clippy::print_stderr, reason = "a program of its own, with nothing else to print with")]
            {
                eprintln!("which schema? give -s SCHEMA or set DATABASE_SCHEMA; this build has {names}");
            }
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// The schema that the arguments or the environment name.
#[expect(clippy::disallowed_methods, reason = "sea-orm-cli hands everything over in the environment")]
fn chosen() -> Option<&'static str> {
    let arguments: Vec<String> = std::env::args().collect();
    let flag = arguments.iter().position(|argument| argument == "-s" || argument == "--database-schema");
    let named = flag.and_then(|at| arguments.get(at + 1).cloned()).or_else(|| std::env::var("DATABASE_SCHEMA").ok());
    let flag = arguments.iter().position(|argument| argument == "-u" || argument == "--database-url");
    let url = flag.and_then(|at| arguments.get(at + 1).cloned()).or_else(|| std::env::var("DATABASE_URL").ok());
    let place = url.as_deref().map(|url| url.split('?').next().unwrap_or_default());
    let place = place.and_then(|path| Path::new(path).file_stem()?.to_str());
    let is = |name: Option<&str>, schema: &(&str, &str)| name == Some(schema.0) || name == Some(schema.1);
    SCHEMAS.iter().find(|schema| is(named.as_deref(), schema)).or_else(|| SCHEMAS.iter().find(|schema| is(place, schema))).map(|schema| schema.0)
}
