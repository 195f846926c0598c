//! A question at a terminal, before something is lost.
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
    if !printer.is_for_people() || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(None);
    }
    eprintln!("{what} would lose");
    for loss in losses {
        eprintln!("  {}", loss::in_words(std::slice::from_ref(loss)));
    }
    loop {
        eprint!("Go on? [y]es, [b]ack up first, [N]o: ");
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer);
        let read = read.map_err(|error| Error::Usage(format!("the answer cannot be read: {error}")))?;
        match answer.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => return Ok(Some(Choice::Yes)),
            "b" | "backup" | "back up" => return Ok(Some(Choice::BackUp)),
            "" | "n" | "no" => return Ok(Some(Choice::No)),
            _ if read == 0 => return Ok(Some(Choice::No)),
            _ => {}
        }
    }
}
