//! The command line: one thin file a command.

mod args;
mod check;
mod migrate;
mod schemas;
mod seed;
mod session;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::config::{Environment, Settings};
use crate::error::{Error, Exit};
use crate::redact::Secrets;
use crate::report::{self, Printer};
use crate::schema::Schema;
use args::{Arguments, Command};
use session::Session;

/// Runs one command and says how it ended.
pub(crate) fn run(schemas: Vec<Schema>, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = args::command(&schemas).try_get_matches_from(arguments).and_then(|matches| {
        let arguments = Arguments::from_arg_matches(&matches)?;
        Ok((arguments, matches))
    });
    let (arguments, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return usage(&error),
    };
    let words = args::words(&matches);
    let settings = Environment::read().and_then(|environment| Settings::resolve(&arguments.flags, &environment));
    let settings = match settings {
        Ok(settings) => settings,
        Err(error) => return Printer::new(words, arguments.format, Secrets::default()).finish(&Err(error)),
    };
    report::log::start(arguments.verbose, settings.logs_json, settings.secrets.clone());
    let printer = Printer::new(words, arguments.format, settings.secrets.clone());
    for warning in &settings.warnings {
        printer.warn(warning);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return printer.finish(&Err(Error::Database(format!("no threads to run on: {error}")))),
    };
    let mut session = Session { schemas, settings, verbosity: arguments.verbose, printer };
    let outcome = runtime.block_on(async {
        tokio::select! {
            outcome = dispatch(&mut session, arguments.command, &matches) => outcome,
            _ = tokio::signal::ctrl_c() => Err(Error::Interrupted),
        }
    });
    // Connections that are still open are closed by the drop: their transactions roll back.
    drop(runtime);
    session.printer.finish(&outcome)
}

async fn dispatch(session: &mut Session, command: Command, matches: &clap::ArgMatches) -> Result<Exit, Error> {
    match command {
        Command::Schemas => schemas::run(session).await,
        Command::Migrate { verb } => migrate::run(session, verb).await,
        Command::Check(arguments) => check::run(session, &arguments).await,
        Command::Seed => {
            let (schema, matches) = args::seed_of(matches);
            seed::run(session, schema, matches).await
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            let mut command = args::command(&session.schemas);
            clap_complete::generate(shell, &mut command, Arguments::command().get_name(), &mut script);
            report::raw(&String::from_utf8_lossy(&script));
            Ok(Exit::Done)
        }
    }
}

/// Shows clap's own message, without the password that a misplaced URL in it may hold.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        report::raw(&error.render().to_string());
        return Exit::Done.into();
    }
    report::complaint(&Secrets::default().redact(&error.render().to_string()));
    Exit::Usage.into()
}
