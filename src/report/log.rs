//! The log: standard error, without passwords.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use super::progress::Progress;
use crate::redact::Secrets;

/// Starts logging: warnings, with `-v` each step, with `-vv` each statement. Whoever asks for JSON reads it
/// with a program, and gets the audit log without asking for more; without it a failure is told once, as
/// the error that it is.
pub(crate) fn start(verbosity: u8, is_json: bool, secrets: Secrets, progress: Progress) {
    // That a connection which nobody uses any more is gone, as after Ctrl-C, is nobody's concern.
    let filter = match verbosity {
        0 if is_json => "warn,sqlx_core::pool=error,kiln::audit=info",
        0 => "warn,sqlx_core::pool=error,kiln::audit=error",
        1 => "warn,sqlx_core::pool=error,kiln=info,kiln_migration=info,kiln_seeder=info",
        _ => "info,kiln=debug,kiln_migration=debug,kiln_seeder=debug,sqlx=debug",
    };
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_ansi(false)
        .with_writer(Redacted { secrets, progress });
    // A second start in one process, as a test may do, keeps the first.
    let _ = if is_json { subscriber.json().try_init() } else { subscriber.with_target(false).try_init() };
}

/// Standard error, each line redacted and beside the line of progress.
struct Redacted {
    secrets: Secrets,
    progress: Progress,
}

impl<'a> MakeWriter<'a> for Redacted {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { to: self }
    }
}

/// One event; the subscriber writes it in one call.
struct Line<'a> {
    to: &'a Redacted,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = self.to.secrets.redact_words(&String::from_utf8_lossy(bytes));
        self.to.progress.beside(|| io::stderr().write_all(text.as_bytes()))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
