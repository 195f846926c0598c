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
    let by_name = given(["-s", "--database-schema"], "DATABASE_SCHEMA");
    let place = given(["-u", "--database-url"], "DATABASE_URL");
    let Some(schema) = chosen(by_name.as_deref(), place.as_deref()) else {
        let names = SCHEMAS.iter().map(|schema| schema.name).collect::<Vec<_>>().join(", ");
        let unknown = by_name.map_or_else(String::new, |name| format!("{name} is none of them; "));
        #[expect(clippy::print_stderr, reason = "a program of its own, with nothing else to print with")]
        {
            eprintln!("{unknown}which schema? give -s SCHEMA or set DATABASE_SCHEMA; this build has {names}");
        }
        return ExitCode::from(2);
    };
    (schema.run)().await;
    ExitCode::SUCCESS
}

/// The schema of this name, or, where none is given, the one that the file or database is called after.
fn chosen(name: Option<&str>, url: Option<&str>) -> Option<&'static Known> {
    let place = url.and_then(|url| {
        let path = url.split('?').next()?;
        Path::new(path.strip_prefix("sqlite:").unwrap_or(path)).file_stem()?.to_str()
    });
    let name = name.or(place)?;
    SCHEMAS.iter().find(|schema| schema.name == name || schema.file == name)
}

/// The value behind a flag, or of a variable: sea-orm-cli hands everything over in the environment.
#[expect(clippy::disallowed_methods, reason = "this program has no configuration of its own")]
fn given(flags: [&str; 2], variable: &str) -> Option<String> {
    let arguments: Vec<String> = std::env::args().collect();
    let spaced = arguments.windows(2).find(|pair| flags.contains(&pair[0].as_str())).map(|pair| pair[1].clone());
    let joined = || arguments.iter().find_map(|argument| attached(argument, flags));
    spaced.or_else(joined).or_else(|| std::env::var(variable).ok())
}

/// The value that an argument brings with its flag: `--flag=value`, `-f=value`, `-fvalue`, `-vfvalue`.
fn attached(argument: &str, [short, long]: [&str; 2]) -> Option<String> {
    if let Some(rest) = argument.strip_prefix(long) {
        return rest.strip_prefix('=').map(str::to_owned);
    }
    let letters = argument.strip_prefix('-').filter(|letters| !letters.starts_with('-'))?;
    let value = letters.trim_start_matches('v').strip_prefix(short.trim_start_matches('-'))?;
    let value = value.strip_prefix('=').unwrap_or(value);
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{attached, chosen};

    #[test]
    fn a_value_is_found_however_it_is_attached() {
        let value = |argument| attached(argument, ["-s", "--database-schema"]);
        for argument in ["-sdemand", "-s=demand", "-vsdemand", "--database-schema=demand"] {
            assert_eq!(value(argument).as_deref(), Some("demand"), "{argument}");
        }
        for argument in ["-s", "-v", "status", "--database-schema", "--steps=1", "-n1"] {
            assert_eq!(value(argument), None, "{argument}");
        }
    }

    #[test]
    fn a_name_that_is_given_is_never_replaced_by_the_places() {
        let name_of = |name, url| chosen(name, url).map(|schema| schema.name);
        assert_eq!(name_of(None, Some("sqlite:///x/text_to_sql_poc.db?mode=rwc")), Some("market"));
        assert_eq!(name_of(None, Some("mysql://root@127.0.0.1:3306/demand")), Some("demand"));
        assert_eq!(name_of(None, Some("sqlite:demand.db?mode=rwc")), Some("demand"));
        assert_eq!(name_of(Some("fashion"), Some("sqlite:demand.db")), Some("fashion"));
        assert_eq!(name_of(Some("fashoin"), Some("sqlite:demand.db")), None);
        assert_eq!(name_of(None, None), None);
    }
}
