//! Every outcome in text and JSON, and findings as SARIF and annotations. The only room that prints.
#![expect(clippy::print_stderr, reason = "this is the place")]

pub(crate) mod ask;
pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod finding;
pub(crate) mod fixes;
pub(crate) mod found;
mod github;
pub(crate) mod log;
pub(crate) mod migrate;
pub(crate) mod paint;
pub(crate) mod plot;
pub(crate) mod progress;
mod sarif;
pub(crate) mod schemas;
pub(crate) mod seed;
mod table;
pub(crate) mod verify;
pub(crate) mod views;

use std::process::ExitCode;

use catalog::Severity;
use clap::ColorChoice;
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::{Error, Exit};
use crate::redact;
use found::Found;
use paint::Paint;
use progress::Progress;

/// The version of the JSON documents: one more whenever a field changes its meaning or goes.
const VERSION: u32 = 1;

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON document.
    Json,
    /// One SARIF 2.1.0 document, for programs that collect findings.
    Sarif,
    /// Workflow commands, which GitHub Actions shows as annotations.
    Github,
}

impl Format {
    /// Whether it lists findings, so that only a command that has some can print it.
    pub(crate) fn lists_findings(self) -> bool {
        matches!(self, Self::Sarif | Self::Github)
    }
}

/// A result that can be read and parsed.
pub(crate) trait Report: Serialize {
    /// The result for people, without a line end.
    fn text(&self, paint: Paint) -> String;

    /// The result as findings, of a command that looks for some.
    fn found(&self) -> Found {
        Found::default()
    }
}

/// Prints a command's results as they come, or at the end as one document.
pub(crate) struct Printer {
    command: String,
    format: Format,
    colour: ColorChoice,
    results: Vec<Value>,
    found: Vec<Found>,
    progress: Progress,
}

impl Printer {
    /// A printer for the command of these words: `migrate up`.
    pub(crate) fn new(command: impl Into<String>, format: Format, colour: ColorChoice) -> Self {
        let (results, found) = (Vec::new(), Vec::new());
        Self { command: command.into(), format, colour, results, found, progress: Progress::new() }
    }

    /// The line of the terminal that says what is being done; what is printed stands beside it.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Colour for results.
    fn paint(&self) -> Paint {
        Paint::of(&std::io::stdout(), self.colour)
    }

    /// Adds a result.
    pub(crate) fn add(&mut self, report: &impl Report) {
        match self.format {
            Format::Text => self.print(&report.text(self.paint())),
            Format::Json => {
                self.results.push(serde_json::to_value(report).expect("a report is plain data"));
            }
            Format::Sarif => self.found.push(report.found()),
            Format::Github => {
                let found = report.found();
                for command in github::commands(&found) {
                    self.print(&command);
                }
                self.found.push(found);
            }
        }
    }

    /// Prints how the command ended, and gives its code.
    pub(crate) fn finish(self, outcome: &Result<Exit, Error>) -> ExitCode {
        let exit = match outcome {
            Ok(exit) => *exit,
            Err(error) => error.exit(),
        };
        let error = outcome.as_ref().err().map(|error| redact::urls(&error.to_string()));
        match self.format {
            Format::Text => {}
            Format::Json => {
                let mut document = json!({
                    "version": VERSION, "command": self.command, "exit_code": exit as u8, "results": self.results,
                });
                if let Some(error) = &error {
                    document["error"] = json!(error);
                }
                print_document(&document);
            }
            Format::Sarif => print_document(&sarif::document(&self.found, exit, error.as_deref())),
            Format::Github => {
                if let Some(error) = &error {
                    print(&github::failure(error));
                }
                if !self.found.is_empty() {
                    print(&github::counts(&self.found));
                }
            }
        }
        if let Some(error) = error {
            self.say(Severity::Drift, "error:", &error);
        }
        exit.into()
    }

    fn print(&self, text: &str) {
        self.progress.beside(|| print(text));
    }

    /// Says something under a word that people look for.
    fn say(&self, severity: Severity, word: &str, text: &str) {
        let word = Paint::of(&std::io::stderr(), self.colour).code(severity, word);
        self.progress.beside(|| eprintln!("{word} {text}"));
    }

    /// Says something that a person waits for, and that is no result.
    pub(crate) fn tell(&self, text: &str) {
        self.progress.beside(|| eprintln!("{}", redact::urls(text)));
    }

    /// Refuses a format beside `--sql`, which prints a script.
    pub(crate) fn refuse_format_of_sql(&self, prints_sql: bool) -> Result<(), Error> {
        if prints_sql && self.format != Format::Text {
            let words = "--sql prints a script for the engine's client; leave out --format, or leave out --sql: with \
                         --format json the same statements are in `script`";
            return Err(Error::Usage(words.to_owned()));
        }
        Ok(())
    }

    /// Whether results are for people.
    pub(crate) fn is_for_people(&self) -> bool {
        self.format == Format::Text
    }

    /// Says something that is no result.
    pub(crate) fn warn(&self, text: &str) {
        self.say(Severity::Note, "warning:", &redact::urls(text));
    }
}

fn print_document(document: &Value) {
    print(&serde_json::to_string_pretty(document).expect("a document of values is JSON"));
}

/// A line to standard output; a reader that has gone away changes nothing of what was done, and a
/// full disk is said.
fn print(text: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("error: cannot write the result: {error}");
        }
        _ => {}
    }
}

/// Prints raw text, such as a completion script.
pub(crate) fn raw(text: &str) {
    print(text.trim_end());
}

/// Prints what is wrong with the command line, as clap words it.
pub(crate) fn complaint(text: &str) {
    eprintln!("{}", text.trim_end());
}
