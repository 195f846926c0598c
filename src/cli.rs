//! The command line: one thin file a command.

mod args;
mod check;
mod complete;
mod diff;
mod migrate;
mod refresh_views;
mod schemas;
mod seed;
mod session;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{ColorChoice, FromArgMatches as _};

use crate::config::{Environment, Settings};
use crate::error::{Error, Exit};
use crate::redact::{self, Secrets, passwords_of};
use crate::report::{self, Printer};
use crate::schema::Schema;
use args::{Arguments, Command};
use session::Session;

/// Runs one command and says how it ended.
pub(crate) fn run(schemas: Vec<Schema>, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    // First of all: clap takes two subcommands of one name for a mistake of its own.
    if let Err(error) = refuse_twins(&schemas) {
        return Printer::new("", report::Format::Text, ColorChoice::Auto).finish(&Err(error));
    }
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // A URL in the wrong place comes back in clap's message.
    let misplaced = arguments.iter().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let parsed = args::command(&schemas).try_get_matches_from(arguments).and_then(|matches| {
        let arguments = Arguments::from_arg_matches(&matches)?;
        Ok((arguments, matches))
    });
    let (arguments, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return usage(&error, misplaced),
    };
    let words = args::words(&matches);
    if arguments.format.lists_findings() && !arguments.command.has_findings() {
        let words = if matches!(arguments.command, Command::Check(_)) { "check --fingerprint" } else { &words };
        return Printer::new("", report::Format::Text, arguments.color).finish(&Err(no_findings(words)));
    }
    if let Command::Completions { shell } = arguments.command {
        return completions(&schemas, shell);
    }
    let settings = Environment::read().and_then(|environment| Settings::resolve(&arguments.flags, &environment));
    let settings = match settings {
        Ok(mut settings) => {
            settings.secrets = settings.secrets.and_of(&arguments.command.urls());
            settings
        }
        Err(error) => return Printer::new(words, arguments.format, arguments.color).finish(&Err(error)),
    };
    let printer = Printer::new(words, arguments.format, arguments.color);
    report::log::start(arguments.verbose, settings.logs_json, settings.secrets.clone(), printer.progress().clone());
    for warning in &settings.warnings {
        printer.warn(warning);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return printer.finish(&Err(Error::Database(format!("no threads to run on: {error}")))),
    };
    let what_becomes = what_becomes(&arguments.command, &matches, &settings);
    let mut session = Session { schemas, settings, verbosity: arguments.verbose, printer };
    let outcome = runtime.block_on(async {
        tokio::select! {
            outcome = dispatch(&mut session, arguments.command, &matches) => outcome,
            _ = tokio::signal::ctrl_c() => Err(Error::Interrupted(what_becomes)),
        }
    });
    // Connections that are still open are closed by the drop: their transactions roll back.
    drop(runtime);
    session.printer.finish(&outcome)
}

/// What to say of a command that is interrupted: what becomes of what it was doing.
fn what_becomes(command: &Command, matches: &clap::ArgMatches, settings: &Settings) -> &'static str {
    match command {
        command if command.only_looks(matches) => "nothing is changed",
        // It commits each change of structure by itself.
        Command::Migrate { .. } if settings.is_mariadb() => {
            "the migration under way may be half applied, for MariaDB commits each change by itself; \
             `kiln migrate status` shows it, and the same command goes on"
        }
        Command::Migrate { .. } => {
            "what was under way is rolled back; a migration that runs outside of a transaction may be half applied, \
             which `kiln migrate status` shows, and the same command goes on"
        }
        _ => "what was under way is rolled back",
    }
}

async fn dispatch(session: &mut Session, command: Command, matches: &clap::ArgMatches) -> Result<Exit, Error> {
    match command {
        Command::Schemas => schemas::run(session).await,
        Command::Migrate { verb } => migrate::run(session, verb).await,
        Command::Check(arguments) => check::run(session, &arguments).await,
        Command::Diff(arguments) => diff::run(session, &arguments).await,
        Command::Seed => {
            let (schema, matches) = args::seed_of(matches);
            seed::run(session, schema, matches).await
        }
        Command::RefreshViews { schema } => refresh_views::run(session, &schema).await,
        Command::Completions { .. } => unreachable!("completions need no session"),
    }
}

/// Prints a completion script; asks nothing of the environment, since shells run it at their start.
fn completions(schemas: &[Schema], shell: clap_complete::Shell) -> ExitCode {
    let mut script = Vec::new();
    let mut command = args::command(schemas);
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut script);
    report::raw(&String::from_utf8_lossy(&script));
    Exit::Done.into()
}

/// A format that lists findings was asked of a command that has none.
fn no_findings(words: &str) -> Error {
    Error::Usage(format!(
        "--format sarif and github are lists of findings, and `kiln {words}` looks for none; give text or json"
    ))
}

/// Refuses schemas of one name, migrations of one version, and a seeder that calls its schema otherwise.
fn refuse_twins(schemas: &[Schema]) -> Result<(), Error> {
    for (at, schema) in schemas.iter().enumerate() {
        let name = schema.name();
        if schemas[..at].iter().any(|other| other.name() == name) {
            return Err(Error::Usage(format!("two schemas of this program are called {name}")));
        }
        let versions = session::versions(schema.own_migrator());
        if let Some(version) =
            versions.iter().find(|version| versions.iter().filter(|other| other == version).count() > 1)
        {
            return Err(Error::Usage(format!("two migrations of {name} are called {version}")));
        }
        if let Some(seeder) = schema.own_seeder().filter(|seeder| seeder.name() != name) {
            return Err(Error::Usage(format!("the seeder of {name} calls its schema {}", seeder.name())));
        }
    }
    Ok(())
}

/// Shows clap's own message, without the password that a misplaced URL in it may hold.
fn usage(error: &clap::Error, arguments: Vec<String>) -> ExitCode {
    let mut message = error.render().to_string();
    if !error.use_stderr() {
        report::raw(&message);
        return Exit::Done.into();
    }
    for argument in arguments {
        let value = argument
            .split_once('=')
            .map_or(argument.as_str(), |(flag, value)| if flag.starts_with('-') { value } else { &argument });
        let hidden = Secrets::new(passwords_of(value), &[]).redact(value);
        if hidden != value {
            message = message.replace(value, &hidden);
        }
    }
    report::complaint(&redact::urls(&message));
    Exit::Usage.into()
}
