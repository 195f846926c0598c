//! How far a long run is: one line at the end of a terminal, a line every few seconds otherwise.
#![expect(clippy::print_stderr, reason = "progress is for standard error")]

use std::sync::Mutex;
use std::time::{Duration, Instant};

use catalog::thousands;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use seeder::{Observer, counted_rows};

use crate::migrate::apply::Observer as MigrationObserver;
use crate::migrate::plan::{Direction, Planned};

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(5);

/// How often the line of a terminal moves while nothing else happens.
const TICK: Duration = Duration::from_millis(100);

/// How many cells the bar of a table's rows has.
const CELLS: u64 = 10;

/// The one line of a terminal that says what is being done. It is cut to the terminal's width and cleared in
/// the end; where standard error is no terminal, it is never drawn.
///
/// Clones are the same line. Whatever else is written to the terminal goes through [`Progress::beside`].
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    line: ProgressBar,
}

impl Progress {
    /// A line that is not shown yet.
    pub(crate) fn new() -> Self {
        let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        line.set_style(ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}").expect("a template that parses"));
        line.finish_and_clear();
        line.set_draw_target(ProgressDrawTarget::stderr());
        Self { line }
    }

    /// Whether standard error is a terminal that can draw it: one that names itself, and not as `dumb`.
    fn is_drawn(&self) -> bool {
        !self.line.is_hidden()
    }

    /// Writes to the terminal while the line is out of the way.
    pub(crate) fn beside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.line.suspend(write)
    }

    /// Says what is done from now on.
    fn begin(&self, what: String) {
        self.line.set_message(what);
        if self.line.is_finished() {
            self.line.reset();
            self.line.enable_steady_tick(TICK);
        } else {
            self.line.reset_elapsed();
        }
    }

    /// Says more of what is being done.
    fn go_on(&self, what: String) {
        self.line.set_message(what);
    }

    /// Clears the line.
    fn end(&self) {
        self.line.disable_steady_tick();
        self.line.finish_and_clear();
    }
}

/// The observer that suits the terminal and the user.
pub(crate) fn observer(progress: &Progress, is_wanted: bool) -> Box<dyn Observer> {
    match (is_wanted, progress.is_drawn()) {
        (false, _) => Box::new(Silent),
        (true, true) => Box::new(Line { progress: progress.clone(), at: Mutex::new(None) }),
        (true, false) => Box::new(Lines { at: Mutex::new(None), said: Mutex::new(Instant::now()) }),
    }
}

/// The observer of a run of migrations that suits the terminal and the user.
pub(crate) fn of_migrations(progress: &Progress, schema: &str, is_wanted: bool) -> Box<dyn MigrationObserver> {
    Box::new(Migrations { schema: schema.to_owned(), progress: progress.clone(), is_wanted })
}

/// Names each migration while it runs.
struct Migrations {
    schema: String,
    progress: Progress,
    is_wanted: bool,
}

impl MigrationObserver for Migrations {
    fn waits(&self, holder: &str) {
        self.progress.beside(|| eprintln!("{}: waiting for another runner: {holder}", self.schema));
    }

    fn starts(&self, step: &Planned, number: usize, count: usize) {
        if !self.is_wanted {
            return;
        }
        let verb = match step.direction {
            Direction::Up => "applying",
            Direction::Down => "rolling back",
        };
        self.progress.begin(format!("{} {number}/{count}: {verb} {}", self.schema, step.version));
    }

    fn ends(&self) {
        self.progress.end();
    }
}

impl Drop for Migrations {
    fn drop(&mut self) {
        self.progress.end();
    }
}

struct Silent;

impl Observer for Silent {
    fn started(&self, _: &str, _: u64) {}
    fn advanced(&self, _: &str, _: u64) {}
    fn finished(&self, _: &str) {}
}

/// The rows of a table on their way.
#[derive(Clone, Copy)]
struct Rows {
    written: u64,
    planned: u64,
    began: Instant,
}

impl Rows {
    fn new(planned: u64) -> Self {
        Self { written: 0, planned, began: Instant::now() }
    }

    /// `sales: 400 of 2,000 rows, 86,058 rows/s, 12s left`
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate for people"
    )]
    fn text(self, table: &str) -> String {
        let Self { written, planned, began } = self;
        let text = format!("{table}: {} of {}", thousands(written), counted_rows(planned));
        let rate = written as f64 / began.elapsed().as_secs_f64();
        if written == 0 || !rate.is_finite() {
            return text;
        }
        let left = Duration::from_secs((planned.saturating_sub(written) as f64 / rate).ceil() as u64);
        format!("{text}, {} rows/s, {} left", thousands(rate as u64), humantime::format_duration(left))
    }

    /// Its share as a bar.
    fn bar(self) -> String {
        let full = (self.written * CELLS).checked_div(self.planned).unwrap_or(CELLS).min(CELLS);
        (0..CELLS).map(|cell| if cell < full { '█' } else { '░' }).collect()
    }
}

/// A run on a terminal.
struct Line {
    progress: Progress,
    at: Mutex<Option<Rows>>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.progress.end();
    }
}

impl Observer for Line {
    fn started(&self, table: &str, rows: u64) {
        let rows = Rows::new(rows);
        *self.at.lock().expect("no observer panics") = Some(rows);
        self.progress.begin(format!("{} {}", rows.bar(), rows.text(table)));
    }

    fn advanced(&self, table: &str, count: u64) {
        let mut at = self.at.lock().expect("no observer panics");
        let Some(rows) = at.as_mut() else { return };
        rows.written += count;
        self.progress.go_on(format!("{} {}", rows.bar(), rows.text(table)));
    }

    fn finished(&self, _: &str) {}

    fn working(&self, what: &str) {
        self.progress.begin(what.to_owned());
    }
}

/// A run whose standard error is no terminal.
struct Lines {
    /// The rows of the table, and when the last line was written.
    at: Mutex<Option<(Rows, Instant)>>,
    /// When something was last said of work without rows.
    said: Mutex<Instant>,
}

impl Observer for Lines {
    fn started(&self, _: &str, rows: u64) {
        *self.at.lock().expect("no observer panics") = Some((Rows::new(rows), Instant::now()));
    }

    fn advanced(&self, table: &str, count: u64) {
        let mut at = self.at.lock().expect("no observer panics");
        let Some((rows, last)) = at.as_mut() else { return };
        rows.written += count;
        if last.elapsed() >= EVERY {
            *last = Instant::now();
            eprintln!("{}", rows.text(table));
        }
    }

    fn finished(&self, _: &str) {}

    fn working(&self, what: &str) {
        let mut said = self.said.lock().expect("no observer panics");
        if said.elapsed() >= EVERY {
            *said = Instant::now();
            eprintln!("{what}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Rows;

    #[test]
    fn rates_are_whole_and_a_bar_is_full_when_every_row_is_written() {
        let began = Instant::now().checked_sub(Duration::from_secs(10)).expect("the clock is older");
        let rows = Rows { written: 250_000, planned: 1_000_000, began };
        let text = rows.text("sales");
        assert!(text.starts_with("sales: 250,000 of 1,000,000 rows, 24,99"), "{text}");
        assert!(text.ends_with("30s left") || text.ends_with("31s left"), "{text}");
        assert_eq!(rows.bar(), "██░░░░░░░░");
        assert_eq!(Rows { written: 1_000_000, ..rows }.bar(), "██████████");
        assert_eq!(Rows::new(0).bar(), "██████████");
        assert_eq!(Rows::new(1).text("sales"), "sales: 0 of 1 row");
    }
}
