//! A question at a terminal, before something is lost or left out.
#![expect(clippy::print_stderr, reason = "a question is for standard error")]

use std::io::{self, BufRead as _, IsTerminal as _};

use super::Printer;
use crate::error::Error;
use crate::migrate::loss::{self, Loss};

/// What somebody at a terminal answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Yes,
    /// Yes, after a copy has been written.
    BackUp,
    No,
}

/// Asks whether `what` may lose `losses`; none where nobody is there to answer.
pub(crate) fn whether(printer: &Printer, what: &str, losses: &[Loss]) -> Result<Option<Choice>, Error> {
    if !is_anybody_there(printer) {
        return Ok(None);
    }
    eprintln!("{what} would lose");
    for loss in losses {
        eprintln!("  {}", loss::in_words(std::slice::from_ref(loss)));
    }
    answer("Go on? [y]es, [b]ack up first, [N]o: ", |word| match word {
        "y" | "yes" => Some(Choice::Yes),
        "b" | "backup" | "back up" => Some(Choice::BackUp),
        "" | "n" | "no" => Some(Choice::No),
        _ => None,
    })
    .map(Some)
}

/// Asks whether to go on though `what`; none where nobody is there to answer.
pub(crate) fn go_on(printer: &Printer, what: &str) -> Result<Option<bool>, Error> {
    if !is_anybody_there(printer) {
        return Ok(None);
    }
    eprintln!("{what}");
    answer("Go on? [y]es, [N]o: ", |word| match word {
        "y" | "yes" => Some(true),
        "" | "n" | "no" => Some(false),
        _ => None,
    })
    .map(Some)
}

fn is_anybody_there(printer: &Printer) -> bool {
    printer.is_for_people() && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks until the answer is one that `meaning` knows; the end of the input is an empty answer.
fn answer<T>(question: &str, meaning: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
    loop {
        eprint!("{question}");
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        let read = read.map_err(|error| Error::Usage(format!("the answer cannot be read: {error}")))?;
        let word = if read == 0 { String::new() } else { line.trim().to_ascii_lowercase() };
        if let Some(meant) = meaning(&word) {
            return Ok(meant);
        }
    }
}
