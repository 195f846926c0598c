//! What can be said on the command line.

use std::time::Duration;

use catalog::Dialect;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{
    Arg, ArgAction, ArgGroup, ArgMatches, Args, ColorChoice, CommandFactory as _, Parser, Subcommand, ValueEnum as _,
    ValueHint,
};
use clap_complete::Shell;
use seeder::{COMMON, OptionSpec, Seeder};

use super::complete::{self, offered};
use super::session::versions;
use crate::config::{Flags, duration};
use crate::report::Format;
use crate::schema::Schema;

/// Versioned migrations, drift detection and reproducible data for SeaORM projects.
///
/// Without any configuration every schema lives in an SQLite file under data/.
#[derive(Parser)]
#[command(name = "kiln", version, max_term_width = 100, subcommand_required = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) flags: Flags,
    /// How to print the result
    #[arg(long, global = true, value_parser = formats(false), default_value = "text")]
    pub(super) format: Format,
    /// Colour text: on a terminal, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorChoice,
    /// Log each step; twice: each statement
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(super) verbose: u8,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// List what this binary knows, where each schema lives and how far it is
    Schemas,
    /// Apply migrations and roll them back
    Migrate {
        #[command(subcommand)]
        verb: Migrate,
    },
    /// Say whether the database is what migrations and entities say
    Check(Check),
    /// Say how two places differ, and how the second becomes what the first is
    Diff(Diff),
    /// Fill tables with data that is the same every time
    Seed,
    /// Refresh the materialized views of a schema
    RefreshViews {
        /// The schema
        schema: String,
    },
    /// Print a completion script
    Completions {
        /// The shell to complete for
        shell: Shell,
    },
}

impl Command {
    /// Words of it that may be URLs with a password in them.
    pub(super) fn urls(&self) -> Vec<&str> {
        match self {
            Self::Check(check) => check.scratch_url.iter().map(String::as_str).collect(),
            Self::Diff(diff) => {
                [&diff.from, &diff.to].into_iter().chain(&diff.scratch_url).map(String::as_str).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether it leaves every place as it is, whatever it makes on scratch places.
    pub(super) fn only_looks(&self, matches: &ArgMatches) -> bool {
        match self {
            Self::Schemas | Self::Diff(_) | Self::Completions { .. } => true,
            Self::Check(check) => !check.probe,
            Self::Migrate { verb } => match verb {
                Migrate::Up(up) => up.dry_run,
                Migrate::Down(down) => down.dry_run,
                Migrate::Status(_) | Migrate::Verify(_) => true,
                _ => false,
            },
            // A schema without a seeder has none of these flags.
            Self::Seed => ["dry-run", "verify", "status"]
                .iter()
                .any(|flag| seed_of(matches).1.try_get_one(flag).is_ok_and(|given| given == Some(&true))),
            Self::RefreshViews { .. } => false,
        }
    }

    /// Whether it looks for findings.
    pub(super) fn has_findings(&self) -> bool {
        match self {
            Self::Check(check) => !check.fingerprint,
            Self::Diff(_) => true,
            _ => false,
        }
    }
}

#[derive(Subcommand)]
pub(super) enum Migrate {
    /// Apply pending migrations
    Up(Up),
    /// Roll back applied migrations: the last one, unless told otherwise
    Down(Down),
    /// Show which migrations are applied, and which were edited since
    Status(Status),
    /// Roll the last migration back and apply it again
    Redo(Again),
    /// Roll back all migrations, then apply all
    Refresh(Refresh),
    /// Roll back all migrations
    Reset(Again),
    /// Drop everything that the schema's namespace holds, then apply all migrations
    Fresh(Refresh),
    /// Adopt a database that was made by other means, if it is what the migrations make
    Baseline(Baseline),
    /// Prove on a scratch place that every migration can be rolled back and applied again
    Verify(Verify),
    /// Accept edited migrations, and forget what a half-applied one has done
    Repair(Repair),
}

/// How to run, for every command that runs migrations.
#[derive(Args, Clone, Copy)]
#[command(next_help_heading = "Run")]
pub(super) struct Run {
    /// Wait so long for another runner in the same place: 60s, 500ms
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "60s")]
    pub(super) wait: Duration,
    /// Let a statement wait so long for a lock; what waits in vain is rolled back and tried again
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(super) lock_timeout: Option<Duration>,
    /// Let a statement work so long
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(super) statement_timeout: Option<Duration>,
}

#[expect(clippy::doc_markdown, reason = "help is read in a terminal, where backticks are noise")]
#[derive(Args)]
pub(super) struct Up {
    /// The schemas; all of them when none is named
    #[arg(value_name = "SCHEMA")]
    pub(super) schemas: Vec<String>,
    /// Apply at most so many migrations; all, unless told otherwise
    #[arg(short = 'n', value_name = "N", conflicts_with = "to", value_parser = at_least_one)]
    pub(super) count: Option<usize>,
    /// Apply up to this version, which is included; a unique prefix will do
    #[arg(long, value_name = "VERSION")]
    pub(super) to: Option<String>,
    /// Print the SQL as a script for the engine's client, and write nothing
    #[arg(long, conflicts_with = "seed")]
    pub(super) dry_run: bool,
    /// With --dry-run, print the statements of the migrations alone, to be read
    #[arg(long, requires = "dry_run")]
    pub(super) sql: bool,
    /// Apply pending migrations that are older than an applied one, too
    #[arg(long)]
    pub(super) out_of_order: bool,
    /// Seed the schemas afterwards, with the default options of `kiln seed`
    #[arg(long)]
    pub(super) seed: bool,
    /// Seed in production too, if SEEDER_ALLOW_PRODUCTION allows it
    #[arg(long, requires = "seed")]
    pub(super) confirm: bool,
    #[command(flatten)]
    pub(super) run: Run,
}

#[derive(Args)]
pub(super) struct Down {
    /// The schema
    pub(super) schema: String,
    /// Roll back so many migrations; one, unless told otherwise
    #[arg(short = 'n', value_name = "N", conflicts_with_all = ["to", "all"], value_parser = at_least_one)]
    pub(super) count: Option<usize>,
    /// Roll back to this version, which is kept; a unique prefix will do
    #[arg(long, value_name = "VERSION", conflicts_with = "all")]
    pub(super) to: Option<String>,
    /// Roll back everything
    #[arg(long)]
    pub(super) all: bool,
    /// Print the SQL as a script for the engine's client, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// With --dry-run, print the statements of the migrations alone, to be read
    #[arg(long, requires = "dry_run")]
    pub(super) sql: bool,
    /// Do it though tables and columns that hold values are lost
    #[arg(long)]
    pub(super) confirm: bool,
    #[command(flatten)]
    pub(super) run: Run,
}

#[derive(Args)]
pub(super) struct Again {
    /// The schema
    pub(super) schema: String,
    /// Do it though tables and columns that hold values are lost
    #[arg(long)]
    pub(super) confirm: bool,
    #[command(flatten)]
    pub(super) run: Run,
}

#[derive(Args)]
pub(super) struct Refresh {
    /// The schema
    pub(super) schema: String,
    /// Seed it afterwards, with the default options of `kiln seed`
    #[arg(long)]
    pub(super) seed: bool,
    /// Do it though tables and columns that hold values are lost
    #[arg(long)]
    pub(super) confirm: bool,
    #[command(flatten)]
    pub(super) run: Run,
}

#[derive(Args)]
pub(super) struct Status {
    /// The schemas; all of them when none is named
    #[arg(value_name = "SCHEMA")]
    pub(super) schemas: Vec<String>,
    /// Exit 1 unless every migration is applied, whole and as it was
    #[arg(long)]
    pub(super) exit_code: bool,
}

#[derive(Args)]
pub(super) struct Baseline {
    /// The schema
    pub(super) schema: String,
    /// The version whose structure the database has: a unique prefix of it, or `head` for the last
    #[arg(long, value_name = "VERSION")]
    pub(super) to: String,
    /// Record it though the database is not what the migrations make
    #[arg(long)]
    pub(super) force_record: bool,
    #[command(flatten)]
    pub(super) run: Run,
}

#[derive(Args)]
pub(super) struct Verify {
    /// The schemas; all of them when none is named
    #[arg(value_name = "SCHEMA")]
    pub(super) schemas: Vec<String>,
}

#[derive(Args)]
pub(super) struct Repair {
    /// The schema
    pub(super) schema: String,
    #[command(flatten)]
    pub(super) run: Run,
}

#[expect(clippy::doc_markdown, reason = "help is read in a terminal, where backticks are noise")]
#[derive(Args)]
pub(super) struct Check {
    /// The schemas; all of them when none is named
    #[arg(value_name = "SCHEMA")]
    pub(super) schemas: Vec<String>,
    /// Let notes fail the check too
    #[arg(long)]
    pub(super) strict: bool,
    /// Make scratch databases on this server, of the same engine and major version [env: KILN_SCRATCH_URL]
    #[arg(long, value_name = "URL")]
    pub(super) scratch_url: Option<String>,
    /// Print the structure's fingerprint and compare nothing: equal fingerprints, equal structure
    #[arg(long, conflicts_with_all = ["probe", "strict", "scratch_url"])]
    pub(super) fingerprint: bool,
    /// Print the SQL that fixes what differs from the migrations, as a script for the engine's client
    #[arg(long, conflicts_with_all = ["probe", "fingerprint"])]
    pub(super) sql: bool,
    /// Send a row through every entity, into the database and back, and roll it back
    #[arg(long)]
    pub(super) probe: bool,
}

#[expect(clippy::doc_markdown, reason = "help is read in a terminal, where backticks are noise")]
#[derive(Args)]
pub(super) struct Diff {
    /// What is declared: a database URL, an SQLite file, an .sql script, or a schema (its migrations)
    #[arg(value_hint = ValueHint::AnyPath)]
    pub(super) from: String,
    /// What is there, likewise; the statements that are shown would change it. In a URL of PostgreSQL ?schema=
    /// names the PostgreSQL schema; without it all of the database's are compared
    #[arg(value_hint = ValueHint::AnyPath)]
    pub(super) to: String,
    /// Let notes count too
    #[arg(long)]
    pub(super) strict: bool,
    /// Print the SQL that makes TO what FROM is, as a script for the engine's client
    #[arg(long)]
    pub(super) sql: bool,
    /// Compare two schemas or scripts on this engine: sqlite, postgres or mariadb [default: sqlite]
    #[arg(long, value_name = "ENGINE", value_parser = offered(ENGINES).try_map(|text: String| engine(&text)), hide_possible_values = true)]
    pub(super) engine: Option<Dialect>,
    /// Make scratch databases on this server, of the same engine and major version [env: KILN_SCRATCH_URL]
    #[arg(long, value_name = "URL")]
    pub(super) scratch_url: Option<String>,
}

/// The words for an engine that completions offer.
const ENGINES: [&str; 3] = ["sqlite", "postgres", "mariadb"];

fn engine(text: &str) -> Result<Dialect, String> {
    match text.to_ascii_lowercase().as_str() {
        "sqlite" => Ok(Dialect::Sqlite),
        "postgres" | "postgresql" => Ok(Dialect::Postgres),
        "mariadb" | "mysql" => Ok(Dialect::MariaDb),
        _ => Err("give sqlite, postgres or mariadb".to_owned()),
    }
}

/// The words for a format. Those that list findings are taken everywhere, since `--format` may stand before
/// the command, and shown where they are of use.
fn formats(of_findings: bool) -> impl TypedValueParser<Value = Format> {
    let words = Format::value_variants()
        .iter()
        .filter_map(move |format| Some(format.to_possible_value()?.hide(format.lists_findings() && !of_findings)));
    PossibleValuesParser::new(words).map(|word| Format::from_str(&word, false).expect("a word of the list"))
}

/// `--format` of a command that looks for findings, in place of the global one.
fn format_of_findings() -> Arg {
    Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .value_parser(formats(true))
        .default_value("text")
        .help("How to print the result")
}

/// A number of migrations: none of them is nothing to do.
fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..) => Ok(count),
        _ => Err("give 1 or more".to_owned()),
    }
}

/// The command line over `schemas`: their names are its values, their seeders its subcommands.
pub(super) fn command(schemas: &[Schema]) -> clap::Command {
    let names: Vec<&'static str> = schemas.iter().map(Schema::name).collect();
    let named = |argument: Arg| argument.value_parser(PossibleValuesParser::new(names.clone()));
    // A program with one schema need not be told which.
    let the_one = |argument: Arg| match names.as_slice() {
        [only] => named(argument).required(false).default_value(*only),
        _ => named(argument),
    };
    let versions: Vec<String> = schemas.iter().flat_map(|schema| versions(schema.own_migrator())).collect();
    let version = |argument: Arg, more: &[&str]| {
        let all = versions.iter().map(String::as_str).chain(more.iter().copied());
        argument.value_parser(offered(all)).hide_possible_values(true)
    };
    let command = Arguments::command()
        .mut_subcommand("migrate", |migrate| {
            let migrate = [("up", &[][..]), ("down", &[]), ("baseline", &["head"])].into_iter().fold(
                migrate,
                |migrate, (verb, more)| {
                    migrate.mut_subcommand(verb, |verb| verb.mut_arg("to", |argument| version(argument, more)))
                },
            );
            let several = ["up", "status", "verify"].map(|verb| (verb, "schemas"));
            let one = ["down", "redo", "refresh", "reset", "fresh", "baseline", "repair"].map(|verb| (verb, "schema"));
            let migrate = several.into_iter().fold(migrate, |migrate, (verb, argument)| {
                migrate.mut_subcommand(verb, |verb| verb.mut_arg(argument, named))
            });
            one.into_iter().fold(migrate, |migrate, (verb, argument)| {
                migrate.mut_subcommand(verb, |verb| verb.mut_arg(argument, the_one))
            })
        })
        .mut_subcommand("check", |check| check.mut_arg("schemas", named).arg(format_of_findings()))
        .mut_subcommand("diff", |diff| diff.arg(format_of_findings()))
        .mut_subcommand("refresh-views", |refresh| refresh.mut_arg("schema", named))
        .mut_subcommand("seed", |seed| {
            // A program that brings no seeder has nothing to show under it.
            let seed = seed.hide(!schemas.iter().any(|schema| schema.own_seeder().is_some()));
            let seed = seed.subcommand_required(true).arg_required_else_help(true);
            schemas.iter().fold(seed, |seed, schema| match schema.own_seeder() {
                Some(seeder) => seed.subcommand(seed_command(seeder)),
                None => seed.subcommand(without_seeder(schema.name())),
            })
        });
    complete::without_files(command)
}

/// `kiln seed SCHEMA` of a schema without a seeder: taken, so that it can be told so, and not shown.
fn without_seeder(schema: &'static str) -> clap::Command {
    let rest = Arg::new("rest").num_args(0..).trailing_var_arg(true).allow_hyphen_values(true).hide(true);
    clap::Command::new(schema).hide(true).disable_help_flag(true).arg(rest)
}

/// `kiln seed SCHEMA`, from the seeder's own list of options.
fn seed_command(seeder: &dyn Seeder) -> clap::Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let value = |name: &'static str, value_name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value_name).help(help)
    };
    let operations = [
        flag("full-new", "Replace every row"),
        flag("append", "Add dates to what is there"),
        flag("delete", "Delete rows"),
        flag("verify", "Check the data that is there"),
        flag("status", "Show rows and the last runs"),
    ];
    let group = ArgGroup::new("operation").args(["full-new", "append", "delete", "verify", "status"]);
    clap::Command::new(seeder.name())
        .about(format!("Fill the tables of {}; without an operation: if they are empty", seeder.name()))
        .next_help_heading("Operations")
        .args(operations)
        .group(group)
        .arg(
            value("scope", "SCOPE", "What to delete; all, unless told otherwise")
                .value_parser(["all", "facts", "dimensions"])
                .requires("delete"),
        )
        .next_help_heading("Data")
        .args(COMMON.iter().chain(seeder.options()).filter(|spec| spec.is_flag).map(option))
        .arg(value("config", "FILE", "Read options from a YAML file").value_hint(ValueHint::FilePath))
        .arg(
            value("set", "KEY=VALUE", "Set any key of a configuration file, VALUE as YAML; may be repeated")
                .action(ArgAction::Append),
        )
        .arg(
            value("scenario", "NAME", "Start from a named set of options; `list` prints them")
                .value_parser(offered(seeder.scenarios().iter().map(|scenario| scenario.name).chain(["list"]))),
        )
        .next_help_heading("Run")
        .arg(flag("dry-run", "Print what would be done and write nothing"))
        .arg(flag("confirm", "Do it though rows are removed, or an append leaves days out"))
        .arg(
            value("backup", "FILE", "Write a copy of what is there before rows are removed")
                .value_hint(ValueHint::FilePath),
        )
        .arg(value("plot", "FILE.svg", "Draw the data that is there afterwards").value_hint(ValueHint::FilePath))
        .arg(flag("no-progress", "Show no progress"))
        .after_help(keys(seeder.options()))
}

/// The options that have no flag, for the end of the help; empty where every option has one.
fn keys(specs: &[OptionSpec]) -> String {
    let keys: Vec<&OptionSpec> = specs.iter().filter(|spec| !spec.is_flag).collect();
    if keys.is_empty() {
        return String::new();
    }
    let lines = keys.iter().map(|spec| {
        format!("\n  {}: {}\n          {} [default: {}]", spec.key, spec.kind.placeholder(), spec.help, spec.default)
    });
    format!("Keys of a configuration file, and of --set:{}", lines.collect::<String>())
}

fn option(spec: &'static OptionSpec) -> Arg {
    Arg::new(spec.name)
        .long(spec.name)
        .value_name(spec.kind.placeholder())
        .allow_negative_numbers(true)
        .help(format!("{} [default: {}]", spec.help, spec.default))
        .value_parser(
            offered(spec.kind.words().iter().copied())
                .try_map(move |text: String| spec.parse_text(&text).map(|_| text)),
        )
}

/// The schema's name and the arguments of `kiln seed SCHEMA`.
pub(super) fn seed_of(matches: &ArgMatches) -> (&str, &ArgMatches) {
    let seed = matches.subcommand_matches("seed");
    seed.and_then(ArgMatches::subcommand).expect("clap requires a schema after seed")
}

/// The command's words: `migrate up`, `seed market`.
pub(super) fn words(matches: &ArgMatches) -> String {
    let mut words = Vec::new();
    let mut matches = matches;
    while let Some((word, inner)) = matches.subcommand() {
        words.push(word);
        matches = inner;
    }
    words.join(" ")
}
