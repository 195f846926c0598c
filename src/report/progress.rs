//! How far a long run is: a bar a table on a terminal, a line every few seconds otherwise.
#![expect(clippy::print_stderr, reason = "progress is for standard error")]

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use seeder::Observer;

use crate::migrate::apply::Observer as MigrationObserver;
use crate::migrate::plan::{Direction, Planned};

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(5);

/// The observer that suits the terminal and the user.
pub(crate) fn observer(is_wanted: bool) -> Box<dyn Observer> {
    match (is_wanted, std::io::stderr().is_terminal()) {
        (false, _) => Box::new(Silent),
        (true, true) => Box::new(Bars { bar: Mutex::new(ProgressBar::hidden()) }),
        (true, false) => Box::new(Lines { at: Mutex::new(None), said: Mutex::new(Instant::now()) }),
    }
}

/// The observer of a run of migrations that suits the terminal and the user.
pub(crate) fn of_migrations(schema: &str, is_wanted: bool) -> Box<dyn MigrationObserver> {
    let is_shown = is_wanted && std::io::stderr().is_terminal();
    Box::new(Migrations { schema: schema.to_owned(), is_shown, bar: Mutex::new(ProgressBar::hidden()) })
}

/// A line a migration, while it runs.
struct Migrations {
    schema: String,
    is_shown: bool,
    bar: Mutex<ProgressBar>,
}

impl MigrationObserver for Migrations {
    fn waits(&self, holder: &str) {
        eprintln!("{}: waiting for another runner: {holder}", self.schema);
    }

    fn starts(&self, step: &Planned, number: usize, count: usize) {
        if !self.is_shown {
            return;
        }
        let verb = match step.direction {
            Direction::Up => "applying",
            Direction::Down => "rolling back",
        };
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg}  {elapsed}").expect("a template that parses");
        bar.set_style(style);
        bar.set_message(format!("{} {number}/{count}: {verb} {}", self.schema, step.version));
        bar.enable_steady_tick(Duration::from_millis(100));
        std::mem::replace(&mut *self.bar.lock().expect("no observer panics"), bar).finish_and_clear();
    }

    fn ends(&self) {
        self.bar.lock().expect("no observer panics").finish_and_clear();
    }
}

struct Silent;

impl Observer for Silent {
    fn started(&self, _: &str, _: u64) {}
    fn advanced(&self, _: &str, _: u64) {}
    fn finished(&self, _: &str) {}
}

struct Bars {
    bar: Mutex<ProgressBar>,
}

impl Bars {
    fn show(&self, bar: ProgressBar) {
        std::mem::replace(&mut *self.bar.lock().expect("no observer panics"), bar).finish_and_clear();
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.show(ProgressBar::hidden());
    }
}

impl Observer for Bars {
    fn started(&self, table: &str, rows: u64) {
        let style = "{prefix:<37} {wide_bar} {human_pos}/{human_len} rows  {per_sec}  {eta} left";
        let bar = ProgressBar::new(rows);
        bar.set_style(ProgressStyle::with_template(style).expect("a template that parses"));
        bar.set_prefix(table.to_owned());
        self.show(bar);
    }

    fn advanced(&self, _: &str, rows: u64) {
        self.bar.lock().expect("no observer panics").inc(rows);
    }

    fn finished(&self, _: &str) {
        self.show(ProgressBar::hidden());
    }

    fn working(&self, what: &str) {
        let bar = ProgressBar::new_spinner();
        bar.set_style(ProgressStyle::with_template("{spinner} {msg}  {elapsed}").expect("a template that parses"));
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        self.show(bar);
    }
}

struct Lines {
    /// Rows written of rows planned, when the table began, when the last line was written.
    at: Mutex<Option<(u64, u64, Instant, Instant)>>,
    /// When something was last said of work without rows.
    said: Mutex<Instant>,
}

impl Observer for Lines {
    fn started(&self, _: &str, rows: u64) {
        *self.at.lock().expect("no observer panics") = Some((0, rows, Instant::now(), Instant::now()));
    }

    fn advanced(&self, table: &str, rows: u64) {
        let mut at = self.at.lock().expect("no observer panics");
        let Some((written, planned, began, last)) = at.as_mut() else { return };
        *written += rows;
        if last.elapsed() >= EVERY {
            *last = Instant::now();
            #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
            let rate = *written as f64 / began.elapsed().as_secs_f64();
            eprintln!("{table}: {written} of {planned} rows, {rate:.0} rows/s");
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
