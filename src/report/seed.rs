//! What `seed` is going to do, did, and found.

use catalog::{counted, thousands};
use seeder::{COMMON, Checked, Measure, Operation, OptionSpec, Plan, Scenario, Subject};
use serde::Serialize;
use serde_json::Value;

use super::paint::{Paint, Tone};
use super::{Report, table};
use crate::seed::{FigureNow, Seeded};

/// A schema after a run.
#[derive(Debug, Serialize)]
pub(crate) struct Filled {
    pub(crate) schema: String,
    pub(crate) place: String,
    #[serde(flatten)]
    pub(crate) seeded: Seeded,
}

impl Report for Filled {
    fn text(&self, paint: Paint) -> String {
        let Self { schema, place, seeded } = self;
        let mut parts = Vec::new();
        let happened = match (seeded.changed, seeded.plan.operation) {
            (false, Operation::Delete(_)) => format!("{schema}: there is nothing to delete, nothing changed"),
            (false, Operation::Append) => format!("{schema}: every one of these days is filled, nothing changed"),
            (false, _) => format!("{schema}: these rows are there already, nothing changed"),
            (true, Operation::Delete(_)) => format!("{schema}: rows deleted"),
            (true, Operation::Append) => format!("{schema}: rows appended with seed {}", seeded.plan.seed),
            (true, Operation::Fill | Operation::FullNew) => format!("{schema}: seeded with seed {}", seeded.plan.seed),
        };
        parts.push(happened);
        let rows = seeded.tables.iter().map(|now| vec![now.table.clone(), now.digest.clone(), thousands(now.rows)]);
        parts.push(table::of(paint, &["table", "sha-256", "rows"], rows, 2));
        parts.extend(seeded.figures.iter().filter(|figure| !figure.rows.is_empty()).map(|now| figure(paint, now)));
        parts.push(checks_in_short(paint, &seeded.checks));
        if let Some(backup) = &seeded.backup {
            parts.push(format!("what was there before is in {backup}; put it back with `{}`", seeded.restore));
        }
        parts.push(format!("{schema} is at {place}"));
        parts.join("\n\n")
    }
}

/// One line where everything holds, the failures otherwise.
fn checks_in_short(paint: Paint, checks: &[Checked]) -> String {
    let failed: Vec<_> = checks.iter().filter(|check| !check.holds).collect();
    let references = checks.iter().filter(|check| check.subject == Subject::ForeignKey).count();
    if failed.is_empty() {
        let hold = if checks.len() == 1 { "holds" } else { "hold" };
        return format!(
            "{} {hold}; foreign-key integrity: {references} of {} without an orphan",
            counted(checks.len(), "check"),
            counted(references, "key"),
        );
    }
    let lines = failed.iter().map(|check| format!("  {}: {}", check.name, check.figure));
    let fail = paint.word(Tone::Bad, &checks_fail(failed.len(), checks.len()));
    format!("{fail}:\n{}", lines.collect::<Vec<_>>().join("\n"))
}

/// How many of the checks fail.
fn checks_fail(failed: usize, all: usize) -> String {
    format!("{failed} of {} {}", counted(all, "check"), if failed == 1 { "fails" } else { "fail" })
}

fn figure(paint: Paint, figure: &FigureNow) -> String {
    let mut header = vec![figure.label.as_str()];
    header.extend(figure.measures.iter().map(String::as_str));
    let rows = figure.rows.iter().map(|(label, numbers)| {
        let numbers = numbers.iter().zip(&figure.kinds).map(|(number, kind)| number_in_words(*number, *kind));
        std::iter::once(label.clone()).chain(numbers).collect()
    });
    format!("{}\n{}", figure.title, table::of(paint, &header, rows, 1))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts and amounts are not negative")]
fn number_in_words(number: f64, kind: Measure) -> String {
    match kind {
        Measure::Count => thousands(number.round() as u64),
        Measure::Percent => format!("{number:.1} %"),
        Measure::Flag => if number > 0.0 { "yes" } else { "no" }.to_owned(),
        // Engines add in different orders; in cents the sums are equal.
        Measure::Dollars => {
            let cents = (number * 100.0).round() as u64;
            format!("${}.{:02}", thousands(cents / 100), cents % 100)
        }
    }
}

/// What a run would do.
#[derive(Debug, Serialize)]
pub(crate) struct Planned {
    pub(crate) schema: String,
    pub(crate) server: String,
    pub(crate) place: String,
    pub(crate) namespace: String,
    pub(crate) role: String,
    /// What the role may not do and the run would need.
    pub(crate) lacks: Vec<String>,
    pub(crate) plan: Plan,
    /// How rows enter.
    pub(crate) method: String,
}

impl Report for Planned {
    fn text(&self, paint: Paint) -> String {
        let Self { schema, plan, .. } = self;
        let rows = plan.tables.iter().map(|planned| {
            let counts = [planned.before, planned.delete, planned.replace, planned.insert, planned.after()];
            std::iter::once(planned.table.clone()).chain(counts.map(thousands)).collect()
        });
        let lacks = if self.lacks.is_empty() { "nothing".to_owned() } else { self.lacks.join(", ") };
        let options = plan.options.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ");
        let left_out = plan.gap.map(|gap| format!("\n  left out   {gap}")).unwrap_or_default();
        [
            format!("{schema}: dry run of {}, nothing is written", plan.operation.name()),
            format!(
                "  server     {}\n  place      {}\n  namespace  {}\n  role       {}\n  it lacks   {lacks}",
                self.server, self.place, self.namespace, self.role
            ),
            format!("  seed       {}\n  options    {options}{left_out}", plan.seed),
            table::of(paint, &["table", "rows now", "deleted", "changed", "inserted", "rows then"], rows, 1),
            format!("  {}", self.method),
        ]
        .join("\n\n")
    }
}

/// The checks of the generated data.
#[derive(Debug, Serialize)]
pub(crate) struct Verified {
    pub(crate) schema: String,
    pub(crate) place: String,
    pub(crate) checks: Vec<Checked>,
    pub(crate) figures: Vec<FigureNow>,
    /// The digest of each table, by name.
    pub(crate) digests: Vec<(String, String)>,
}

impl Verified {
    /// Whether every check holds.
    pub(crate) fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.holds)
    }
}

impl Report for Verified {
    fn text(&self, paint: Paint) -> String {
        let rows = self.checks.iter().map(|check| {
            let (tone, word) = if check.holds { (Tone::Good, "holds") } else { (Tone::Bad, "FAILS") };
            (tone, vec![word.to_owned(), check.name.clone(), check.figure.clone()])
        });
        let failed = self.checks.iter().filter(|check| !check.holds).count();
        let end = match failed {
            0 => format!("{}: all {} hold", self.schema, counted(self.checks.len(), "check")),
            _ => format!("{}: {}", self.schema, checks_fail(failed, self.checks.len())),
        };
        let digests = self.digests.iter().map(|(table, digest)| vec![table.clone(), digest.clone()]);
        let mut parts = vec![format!("{}  {}", self.schema, self.place), table::of_words(paint, rows, 3)];
        parts.push(table::of(paint, &["table", "sha-256"], digests, 2));
        parts.extend(self.figures.iter().filter(|figure| !figure.rows.is_empty()).map(|now| figure(paint, now)));
        parts.push(end);
        parts.join("\n\n")
    }
}

/// Rows per table and the last runs.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    pub(crate) schema: String,
    pub(crate) place: String,
    pub(crate) tables: Vec<(String, u64)>,
    pub(crate) runs: Vec<Run>,
}

/// A run of the ledger.
#[derive(Debug, Serialize)]
pub(crate) struct Run {
    pub(crate) id: i32,
    pub(crate) operation: String,
    pub(crate) finished_at: String,
    /// Whether its rows are `there`, `changed` since, or `gone`: replaced, deleted or dropped.
    pub(crate) rows: &'static str,
    /// The command that makes its rows again.
    pub(crate) command: String,
    /// Its plan, as the ledger keeps it.
    pub(crate) plan: Value,
}

impl Report for Status {
    fn text(&self, paint: Paint) -> String {
        let tables = self.tables.iter().map(|(name, rows)| vec![name.clone(), thousands(*rows)]);
        let mut parts =
            vec![format!("{}  {}", self.schema, self.place), table::of(paint, &["table", "rows"], tables, 1)];
        if self.runs.is_empty() {
            parts.push(format!("{}: no run of `kiln seed` is recorded", self.schema));
        } else {
            let runs = self
                .runs
                .iter()
                .map(|run| vec![run.id.to_string(), run.finished_at.clone(), run.rows.to_owned(), run.command.clone()]);
            parts.push(table::of(paint, &["run", "finished (UTC)", "rows are", "command"], runs, 4));
        }
        parts.join("\n\n")
    }
}

/// The scenarios of a schema.
#[derive(Debug, Serialize)]
pub(crate) struct Scenarios {
    pub(crate) schema: String,
    pub(crate) scenarios: Vec<ScenarioLine>,
}

/// One scenario.
#[derive(Debug, Serialize)]
pub(crate) struct ScenarioLine {
    pub(crate) name: String,
    pub(crate) help: String,
    pub(crate) options: Vec<(String, String)>,
    /// The same as the command line and a configuration file say it.
    #[serde(skip)]
    sets: String,
}

impl ScenarioLine {
    /// The line of `scenario`, whose options are of `specs`.
    pub(crate) fn new(scenario: &Scenario, specs: &[OptionSpec]) -> Self {
        let is_flag = |name: &str| specs.iter().chain(COMMON).any(|spec| spec.name == name && spec.is_flag);
        let sets = scenario
            .options
            .iter()
            .map(|(name, value)| if is_flag(name) { format!("--{name} {value}") } else { format!("{name}={value}") });
        let options = scenario.options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            name: scenario.name.to_owned(),
            help: scenario.help.to_owned(),
            options: options.collect(),
            sets: sets.collect::<Vec<_>>().join(" "),
        }
    }
}

impl Report for Scenarios {
    fn text(&self, paint: Paint) -> String {
        let rows = self
            .scenarios
            .iter()
            .map(|scenario| vec![scenario.name.clone(), scenario.help.clone(), scenario.sets.clone()]);
        table::of(paint, &["scenario", "what for", "sets"], rows, 3)
    }
}
