//! Flags, environment and `.env`, resolved into settings. The only reader of the environment.

use std::collections::BTreeMap;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use seeder::Layer;

use crate::connect::Link;
use crate::error::Error;
use crate::place::{Place, Server, Template};
use crate::redact::{Secrets, passwords_of};
use crate::schema::Schema;

/// The variables that kiln knows, each with what it is for: `.env.example` follows the list.
pub(crate) const VARIABLES: &[(&str, &str)] = &[
    ("DATABASE_URL", "where the schemas live; may hold {schema}"),
    ("DATABASE_SCHEMA", "the PostgreSQL schema, for one schema of kiln; DB_SCHEMA is the same"),
    ("DB_SCHEMA", "the same as DATABASE_SCHEMA"),
    ("DB_HOST", "PostgreSQL's host, when there is no DATABASE_URL (localhost)"),
    ("DB_PORT", "its port (5432)"),
    ("DB_NAME", "its database (postgres)"),
    ("DB_USER", "the role (postgres)"),
    ("DB_PASSWORD", "the role's password"),
    ("DB_MAX_CONNECTIONS", "connections that a program using kiln::connect may hold (10)"),
    ("DB_CONNECT_TIMEOUT", "how long to wait for the server to answer (10s)"),
    ("KILN_SCRATCH_URL", "a server on which kiln check may make scratch databases"),
    ("APP_ENV", "`production` refuses whatever removes or invents rows"),
    ("SEEDER_ALLOW_PRODUCTION", "`true`, with --confirm, lifts that refusal"),
    ("SEEDER_REQUIRE_CONFIRM", "`false` waives --confirm for seeding, never in production"),
    ("SEEDER_DEFAULT_SEED", "the seed of every run that names none (42)"),
    ("SEEDER_DEFAULT_STORES", "the stores of demand, where nothing else says how many (10)"),
    ("SEEDER_DEFAULT_PRODUCTS", "the products of demand, likewise (50)"),
    ("SEEDER_BATCH_SIZE", "rows to generate and write at a time (1000)"),
    ("SEEDER_ENABLE_PROGRESS", "`false` shows no progress"),
    ("KILN_LOG_FORMAT", "`json` logs one JSON object a line"),
];

/// The variables that set options of seeders: the option, and the schema where it is for one alone.
const OF_SEEDERS: &[(&str, &str, Option<&str>)] = &[
    ("SEEDER_DEFAULT_SEED", "seed", None),
    ("SEEDER_BATCH_SIZE", "batch-size", None),
    ("SEEDER_DEFAULT_STORES", "stores", Some("demand")),
    ("SEEDER_DEFAULT_PRODUCTS", "products", Some("demand")),
];

/// What the command line says about the place, the same for every command.
#[expect(clippy::doc_markdown, reason = "help is read in a terminal, where backticks are noise")]
#[derive(Clone, Default, clap::Args)]
#[command(next_help_heading = "Where the schemas live")]
pub(crate) struct Flags {
    /// Where the schemas live: sqlite:FILE, postgres://... or mysql://...; may hold {schema} [env: DATABASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// The PostgreSQL schema, for one schema of kiln [env: DATABASE_SCHEMA, DB_SCHEMA]
    #[arg(long, global = true, value_name = "NAME")]
    database_schema: Option<String>,
    /// PostgreSQL's host, when there is no URL [env: DB_HOST]
    #[arg(long, global = true)]
    host: Option<String>,
    /// Its port [env: DB_PORT]
    #[arg(long, global = true)]
    port: Option<u16>,
    /// Its database [env: DB_NAME]
    #[arg(long, global = true, value_name = "NAME")]
    database: Option<String>,
    /// The role [env: DB_USER]
    #[arg(long, global = true, value_name = "ROLE")]
    user: Option<String>,
    /// The role's password; better kept in the environment [env: DB_PASSWORD]
    #[arg(long, global = true)]
    password: Option<String>,
    /// Connections that a program using kiln::connect may hold; a command needs one at a time [env: DB_MAX_CONNECTIONS]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_connections: Option<u32>,
    /// How long to wait for the server to answer: 10s, 500ms [env: DB_CONNECT_TIMEOUT]
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration)]
    connect_timeout: Option<Duration>,
}

/// A duration as the command line writes it.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|error| format!("{error}; write it as 60s or 500ms"))
}

/// The environment over `.env`; an empty variable is none.
#[derive(Clone, Default)]
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Reads the process's environment and the nearest `.env`.
    pub(crate) fn read() -> Result<Self, Error> {
        let mut variables = BTreeMap::new();
        match dotenvy::dotenv_iter() {
            Ok(entries) => {
                for entry in entries {
                    let (name, value) =
                        entry.map_err(|error| Error::Usage(format!(".env cannot be read: {}", in_words(&error))))?;
                    if !value.is_empty() {
                        variables.insert(name, value);
                    }
                }
            }
            Err(error) if error.not_found() => {}
            Err(error) => return Err(Error::Usage(format!(".env cannot be read: {}", in_words(&error)))),
        }
        // An empty variable is none, so it hides nothing of the file.
        #[expect(clippy::disallowed_methods, reason = "this is the place")]
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) if value.is_empty() => {}
                Ok(value) => {
                    variables.insert(name, value);
                }
                Err(_) if VARIABLES.iter().any(|(known, _)| *known == name) => {
                    return Err(Error::Usage(format!("{name} is not UTF-8")));
                }
                Err(_) => {}
            }
        }
        Ok(Self(variables))
    }

    #[cfg(test)]
    fn of(variables: &[(&str, &str)]) -> Self {
        let given = variables.iter().filter(|(_, value)| !value.is_empty());
        Self(given.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        debug_assert!(VARIABLES.iter().any(|(known, _)| *known == name), "{name} is not in the list");
        self.0.get(name).map(String::as_str)
    }

    /// Yes or no; anything else is a mistake that would go unnoticed.
    fn flag(&self, name: &str) -> Result<Option<bool>, Error> {
        self.parsed(name, |text| match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Ok(true),
            "false" | "0" | "no" => Ok(false),
            _ => Err(format!("`{text}` is neither true nor false")),
        })
    }

    fn parsed<T>(&self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, Error> {
        self.get(name).map(|text| parse(text).map_err(|error| Error::Usage(format!("{name}: {error}")))).transpose()
    }
}

/// What is wrong with a `.env`, without the line: it may hold a password.
fn in_words(error: &dotenvy::Error) -> String {
    match error {
        dotenvy::Error::LineParse(_, at) => format!("a line is no NAME=value (character {at} of it)"),
        other => other.to_string(),
    }
}

/// What a run goes by.
#[derive(Clone)]
pub(crate) struct Settings {
    /// The URL; none is the embedded default.
    template: Option<Template>,
    database_schema: Option<String>,
    database_schema_by_flag: bool,
    max_connections: u32,
    connect_timeout: Duration,
    pub(crate) secrets: Secrets,
    /// `APP_ENV=production`.
    pub(crate) is_production: bool,
    pub(crate) allows_production: bool,
    pub(crate) requires_confirm: bool,
    pub(crate) shows_progress: bool,
    pub(crate) logs_json: bool,
    /// `KILN_SCRATCH_URL`.
    scratch: Option<String>,
    /// What `SEEDER_*` says about options, of one schema or of all.
    seeder: Vec<(Option<&'static str>, Layer)>,
    /// What the user should know before anything runs.
    pub(crate) warnings: Vec<String>,
}

impl Settings {
    /// The settings of a program without flags of kiln's.
    pub(crate) fn from_environment() -> Result<Self, Error> {
        Self::resolve(&Flags::default(), &Environment::read()?)
    }

    /// What the environment says about the options of a schema's seeder.
    pub(crate) fn of_seeder(&self, schema: &str) -> impl Iterator<Item = &Layer> {
        let own = self.seeder.iter().filter(move |(only, _)| only.is_none_or(|only| only == schema));
        own.map(|(_, layer)| layer)
    }

    /// Resolves `flags` over `environment`.
    pub(crate) fn resolve(flags: &Flags, environment: &Environment) -> Result<Self, Error> {
        let parts = parts(flags, environment)?;
        let mut warnings = Vec::new();
        let (source, url) = match (&flags.database_url, environment.get("DATABASE_URL"), parts) {
            (Some(url), ..) => ("--database-url", Some(url.clone())),
            (None, Some(url), _) => ("DATABASE_URL", Some(url.to_owned())),
            (None, None, Some(url)) => ("the parts of the place", Some(url)),
            (None, None, None) => ("", None),
        };
        if source != "the parts of the place" && !flags.given_parts().is_empty() {
            warnings.push(format!("{} changes nothing: {source} comes first", flags.given_parts().join(", ")));
        }
        let template = url.as_deref().map(Template::new).transpose()?;
        if flags.database_schema.as_deref() == Some("") {
            return Err(Error::Usage("--database-schema is empty; give the PostgreSQL schema's name".to_owned()));
        }
        let (mut passwords, names) = template.as_ref().map(Template::secrets).unwrap_or_default();
        passwords.extend(flags.password.clone());
        passwords.extend(environment.get("DB_PASSWORD").map(str::to_owned));
        let scratch = environment.get("KILN_SCRATCH_URL").map(str::to_owned);
        passwords.extend(scratch.iter().flat_map(|url| passwords_of(url)));
        let of_environment = environment.get("DATABASE_SCHEMA").or_else(|| environment.get("DB_SCHEMA"));
        let count = |text: &str| match text.parse::<u32>() {
            Ok(count @ 1..) => Ok(count),
            _ => Err(format!("`{text}` is no number of connections")),
        };
        let seeder = OF_SEEDERS.iter().filter_map(|(variable, option, schema)| {
            let values = [((*option).to_owned(), environment.get(variable)?.into())].into();
            Some((*schema, Layer { source: (*variable).to_owned(), values, is_default: true }))
        });
        let seeder = seeder.collect();
        Ok(Self {
            template,
            database_schema: flags.database_schema.clone().or_else(|| of_environment.map(str::to_owned)),
            database_schema_by_flag: flags.database_schema.is_some(),
            max_connections: match flags.max_connections {
                Some(count) => count,
                None => environment.parsed("DB_MAX_CONNECTIONS", count)?.unwrap_or(10),
            },
            connect_timeout: match flags.connect_timeout {
                Some(timeout) => timeout,
                None => environment.parsed("DB_CONNECT_TIMEOUT", duration)?.unwrap_or(Duration::from_secs(10)),
            },
            secrets: Secrets::new(passwords, &names),
            is_production: environment
                .get("APP_ENV")
                .is_some_and(|name| ["production", "prod"].contains(&name.trim().to_ascii_lowercase().as_str())),
            allows_production: environment.flag("SEEDER_ALLOW_PRODUCTION")?.unwrap_or(false),
            requires_confirm: environment.flag("SEEDER_REQUIRE_CONFIRM")?.unwrap_or(true),
            shows_progress: environment.flag("SEEDER_ENABLE_PROGRESS")?.unwrap_or(true),
            logs_json: environment
                .parsed("KILN_LOG_FORMAT", |text| match text {
                    "json" => Ok(true),
                    "text" => Ok(false),
                    _ => Err(format!("`{text}` is neither text nor json")),
                })?
                .unwrap_or(false),
            scratch,
            seeder,
            warnings,
        })
    }

    /// Where `schema` lives; `is_only` when its program registers no other.
    pub(crate) fn place(&self, schema: &Schema, is_only: bool) -> Result<Place, Error> {
        let Some(template) = &self.template else {
            self.refuse_database_schema("SQLite")?;
            return Ok(Place::embedded(&schema.embedded_file()));
        };
        let own = || match schema.own_namespace() {
            _ if template.has_placeholder() => None,
            Some(namespace) => Some(namespace),
            None if is_only => None,
            None => Some(schema.name()),
        };
        let mut place = template.at(schema.name(), self.database_schema.as_deref().or_else(own))?;
        if let Place::Server(server) = &mut place
            && server.dialect == catalog::Dialect::MariaDb
        {
            server.namespace = None;
        }
        if place.dialect() != catalog::Dialect::Postgres {
            self.refuse_database_schema(place.dialect().name())?;
        }
        Ok(place)
    }

    /// The server on which scratch places of `dialect` are made: `flag`, or `KILN_SCRATCH_URL`; none where the
    /// place's own serves.
    pub(crate) fn scratch(&self, flag: Option<&str>, dialect: catalog::Dialect) -> Result<Option<Server>, Error> {
        let Some(url) = flag.or(self.scratch.as_deref()) else { return Ok(None) };
        match Template::new(url)?.at("schema", None)? {
            Place::Server(server) if server.dialect == dialect => Ok(Some(server)),
            // A variable may be there for another place.
            _ if flag.is_none() => Ok(None),
            other => Err(Error::Usage(format!("--scratch-url is of {}, and the place is {dialect}", other.dialect()))),
        }
    }

    /// The server of the URL, if it is of this dialect.
    pub(crate) fn server(&self, dialect: catalog::Dialect) -> Option<Server> {
        match self.template.as_ref()?.at("schema", None) {
            Ok(Place::Server(server)) if server.dialect == dialect => Some(server),
            _ => None,
        }
    }

    /// A flag that would do nothing is refused; a variable may be there for other programs.
    fn refuse_database_schema(&self, engine: &str) -> Result<(), Error> {
        if self.database_schema_by_flag {
            return Err(Error::Usage(format!("--database-schema is for PostgreSQL; here the place is {engine}")));
        }
        Ok(())
    }

    /// Refuses a command over several schemas where the place has room for one.
    pub(crate) fn refuse_shared(&self, schemas: usize) -> Result<(), Error> {
        let Some(template) = &self.template else { return Ok(()) };
        if schemas > 1 && template.is_shared() {
            return Err(Error::Usage(format!(
                "this URL is one place and the command is over {schemas} schemas; name one, or write {}",
                template.with_placeholder()
            )));
        }
        if schemas > 1 && self.database_schema.is_some() {
            return Err(Error::Usage(format!(
                "--database-schema is the place of one schema and the command is over {schemas}; name one"
            )));
        }
        Ok(())
    }

    /// Whether every schema lives on a MariaDB server.
    pub(crate) fn is_mariadb(&self) -> bool {
        let place = self.template.as_ref().and_then(|template| template.at("schema", None).ok());
        place.is_some_and(|place| place.dialect() == catalog::Dialect::MariaDb)
    }

    /// How to connect.
    pub(crate) fn link(&self) -> Link {
        Link {
            max_connections: self.max_connections,
            timeout: self.connect_timeout,
            logs_statements: false,
            wait: Duration::from_mins(1),
        }
    }
}

impl Flags {
    fn given_parts(&self) -> Vec<&'static str> {
        let parts = [
            ("--host", self.host.is_some()),
            ("--port", self.port.is_some()),
            ("--database", self.database.is_some()),
            ("--user", self.user.is_some()),
            ("--password", self.password.is_some()),
        ];
        parts.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name).collect()
    }
}

/// The PostgreSQL URL that the parts make, if there is any of them.
fn parts(flags: &Flags, environment: &Environment) -> Result<Option<String>, Error> {
    let part =
        |flag: &Option<String>, variable: &str| flag.clone().or_else(|| environment.get(variable).map(str::to_owned));
    let port_of = |text: &str| text.parse::<u16>().map_err(|_| format!("`{text}` is no port"));
    let host = part(&flags.host, "DB_HOST");
    let port = match flags.port {
        Some(port) => Some(port),
        None => environment.parsed("DB_PORT", port_of)?,
    };
    let database = part(&flags.database, "DB_NAME");
    let user = part(&flags.user, "DB_USER");
    let password = part(&flags.password, "DB_PASSWORD");
    if host.is_none() && port.is_none() && database.is_none() && user.is_none() && password.is_none() {
        return Ok(None);
    }
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let user = encode(user.as_deref().unwrap_or("postgres"));
    let password = password.map(|password| format!(":{}", encode(&password))).unwrap_or_default();
    let database = encode(database.as_deref().unwrap_or("postgres"));
    let port = port.unwrap_or(5432);
    Ok(Some(match host.as_deref().unwrap_or("localhost") {
        // A folder is where the server's socket is.
        folder if folder.starts_with('/') => {
            format!("postgres://{user}{password}@localhost:{port}/{database}?host={}", encode(folder))
        }
        address if address.contains(':') && !address.starts_with('[') => {
            format!("postgres://{user}{password}@[{address}]:{port}/{database}")
        }
        name => format!("postgres://{user}{password}@{name}:{port}/{database}"),
    }))
}

#[cfg(test)]
mod tests {
    use super::{Environment, Flags, Settings, VARIABLES};
    use crate::schema::Schema;

    fn place(flags: &Flags, variables: &[(&str, &str)]) -> String {
        let settings = Settings::resolve(flags, &Environment::of(variables)).unwrap();
        settings.place(&Schema::new("shop").namespace("shop"), true).unwrap().to_string()
    }

    #[test]
    fn the_flag_comes_before_the_variable_before_the_parts_before_the_embedded_file() {
        let url = Flags { database_url: Some("sqlite:flag.db".to_owned()), ..Flags::default() };
        let host = Flags { host: Some("flag".to_owned()), ..Flags::default() };
        let none = Flags::default();
        for (flags, variables, expected) in [
            (&url, &[("DATABASE_URL", "sqlite:variable.db"), ("DB_HOST", "db")][..], "SQLite flag.db"),
            (&none, &[("DATABASE_URL", "sqlite:variable.db"), ("DB_HOST", "db")], "SQLite variable.db"),
            (&host, &[("DATABASE_URL", "sqlite:variable.db")], "SQLite variable.db"),
            (&host, &[("DB_HOST", "db"), ("DB_NAME", "x")], "PostgreSQL flag:5432/x, schema shop"),
            (&none, &[("DB_PASSWORD", "secret")], "PostgreSQL localhost:5432/postgres, schema shop"),
            (&none, &[("DATABASE_URL", "")], "SQLite data/shop.db"),
            (&none, &[], "SQLite data/shop.db"),
        ] {
            assert_eq!(place(flags, variables), expected);
        }
    }

    #[test]
    fn every_letter_of_a_part_arrives_as_it_is() {
        let variables = [("DB_HOST", "::1"), ("DB_USER", "a%b@c"), ("DB_PASSWORD", "p%41s/s@:?#"), ("DB_NAME", "x y")];
        let url = super::parts(&Flags::default(), &Environment::of(&variables)).unwrap().unwrap();
        let url = url::Url::parse(&url).unwrap();
        let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
        assert_eq!(url.host_str(), Some("[::1]"));
        assert_eq!(decode(url.username()), "a%b@c");
        assert_eq!(url.password().map(decode).as_deref(), Some("p%41s/s@:?#"));
        assert_eq!(decode(url.path()), "/x y");
        let socket = super::parts(&Flags::default(), &Environment::of(&[("DB_HOST", "/var/run/postgresql")]));
        assert!(socket.unwrap().unwrap().ends_with("?host=%2Fvar%2Frun%2Fpostgresql"));
    }

    #[test]
    fn one_place_takes_one_schema_and_the_message_shows_the_url_to_write() {
        for (url, expected) in [
            ("sqlite:data/shop.db", Some("sqlite:data/{schema}.db")),
            ("mysql://me:secret@db/shop", Some("mysql://me:***@db/{schema}")),
            ("mysql://me@db/{schema}", None),
            ("postgres://me@db/shop", None),
        ] {
            let settings = Settings::resolve(&Flags::default(), &Environment::of(&[("DATABASE_URL", url)])).unwrap();
            settings.refuse_shared(1).unwrap();
            let refusal = settings.refuse_shared(2).map_err(|error| error.to_string());
            match expected {
                Some(expected) => assert!(refusal.unwrap_err().ends_with(expected), "{url}"),
                None => refusal.unwrap(),
            }
        }
        let one_namespace = [("DATABASE_URL", "postgres://me@db/shop"), ("DATABASE_SCHEMA", "public")];
        let settings = Settings::resolve(&Flags::default(), &Environment::of(&one_namespace)).unwrap();
        settings.refuse_shared(2).unwrap_err();
    }

    #[test]
    fn a_part_that_does_nothing_is_said() {
        let host = Flags { host: Some("flag".to_owned()), ..Flags::default() };
        let settings = Settings::resolve(&host, &Environment::of(&[("DATABASE_URL", "sqlite:x.db")])).unwrap();
        assert_eq!(settings.warnings, ["--host changes nothing: DATABASE_URL comes first"]);
    }

    #[test]
    fn a_single_schema_without_a_namespace_uses_the_connections_own_search_path() {
        let environment = Environment::of(&[("DATABASE_URL", "postgres://db/x")]);
        let settings = Settings::resolve(&Flags::default(), &environment).unwrap();
        let shown = |schema: Schema, is_only| settings.place(&schema, is_only).unwrap().to_string();
        assert_eq!(shown(Schema::new("shop"), true), "PostgreSQL db/x");
        assert_eq!(shown(Schema::new("shop"), false), "PostgreSQL db/x, schema shop");
        assert_eq!(shown(Schema::new("shop").namespace("s"), true), "PostgreSQL db/x, schema s");
    }

    #[test]
    fn every_variable_is_in_the_example_with_its_comment() {
        let example = include_str!("../.env.example");
        for (name, about) in VARIABLES {
            let comment = format!("# {about}\n");
            assert!(example.contains(&comment), "{name}: {comment}");
            assert!(example.contains(&format!("#{name}=")), "{name}");
        }
        let lines = example.lines().filter(|line| line.starts_with('#') && !line.starts_with("# "));
        assert_eq!(lines.count(), VARIABLES.len());
    }
}
