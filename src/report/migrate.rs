//! What `migrate` did and found.

use std::collections::BTreeMap;

use catalog::{Drift, Object, Severity, counted, is_or_are};
use serde::Serialize;

use super::finding;
use super::paint::{Paint, Tone};
use super::{Report, table};
use crate::migrate::amend::Repairs;
use crate::migrate::apply::Step;
use crate::migrate::edit::Edit;
use crate::migrate::plan::{Direction, Half, Plan};

/// A schema after `up` or `down`.
#[derive(Debug, Serialize)]
pub(crate) struct Migrated {
    pub(crate) schema: String,
    pub(crate) place: String,
    pub(crate) direction: Direction,
    pub(crate) steps: Vec<Step>,
    pub(crate) applied: usize,
    pub(crate) known: usize,
}

impl Report for Migrated {
    fn text(&self, paint: Paint) -> String {
        let Self { schema, place, steps, applied, known, .. } = self;
        let rows = steps.iter().map(|step| {
            let (tone, verb) = match step.direction {
                Direction::Up => (Tone::Good, "applied"),
                Direction::Down => (Tone::Notable, "rolled back"),
            };
            let resumed = match step.resumed {
                0 => String::new(),
                done => format!("resumed after statement {done}"),
            };
            (tone, vec![verb.to_owned(), step.version.clone(), table::took(step.milliseconds), resumed])
        });
        let nothing = match (steps.is_empty(), self.direction) {
            (true, Direction::Up) => "nothing to apply, ",
            (true, Direction::Down) => "nothing to roll back, ",
            (false, _) => "",
        };
        let end = format!("{schema}: {nothing}{} applied", table::of_all(*applied, *known, "migration"));
        let mut lines = vec![format!("{schema}  {place}")];
        if !steps.is_empty() {
            lines.push(table::of_words(paint, rows, 2));
        }
        lines.push(end);
        lines.join("\n")
    }
}

/// A plan as SQL.
#[derive(Debug, Serialize)]
pub(crate) struct Sql {
    pub(crate) schema: String,
    pub(crate) place: String,
    pub(crate) plan: Plan,
    pub(crate) script: String,
}

impl Report for Sql {
    fn text(&self, _: Paint) -> String {
        self.script.clone()
    }
}

/// What `repair` changed.
#[derive(Debug, Serialize)]
pub(crate) struct Repaired {
    pub(crate) schema: String,
    pub(crate) place: String,
    /// Migrations that are accepted as they are now.
    pub(crate) edited: Vec<Edit>,
    #[serde(flatten)]
    pub(crate) repairs: Repairs,
}

impl Report for Repaired {
    fn text(&self, paint: Paint) -> String {
        let schema = &self.schema;
        let word = |word: &str| paint.word(Tone::Notable, word);
        let mut lines = vec![format!("{schema}  {}", self.place)];
        for edit in &self.edited {
            lines.push(format!("  {}  {} as it is now\n{}", word("accepted"), edit.version, indented(&edit.lines())));
        }
        if let Some(half) = &self.repairs.cleared {
            let (verb, stands) = match half.direction {
                Direction::Up => ("applied", "pending"),
                Direction::Down => ("rolled back", "applied"),
            };
            let count = self.repairs.statements;
            let stay = if count == 1 { "stays" } else { "stay" };
            lines.push(format!(
                "  {}   {}, which was half {verb} ({} of it {} done, and {stay}); it is {stands} now",
                word("cleared"),
                half.version,
                counted(count, "statement"),
                is_or_are(count),
            ));
        }
        let adopted = self.repairs.adopted.iter();
        lines
            .extend(adopted.map(|version| format!("  {}   {version}, which another program applied", word("adopted"))));
        let forgotten = self.repairs.forgotten.iter();
        lines.extend(
            forgotten.map(|version| format!("  {}    {version}, which another program rolled back", word("forgot"))),
        );
        if lines.len() == 1 {
            return format!("{schema}: nothing to repair ({})", self.place);
        }
        lines.join("\n")
    }
}

/// `text` with each line indented once more.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("          {line}")).collect::<Vec<_>>().join("\n")
}

/// What `baseline` compared and recorded.
#[derive(Debug, Serialize)]
pub(crate) struct Adopted {
    pub(crate) schema: String,
    pub(crate) place: String,
    /// How much was compared, in words.
    pub(crate) compared: String,
    /// The versions that are in the history now.
    pub(crate) recorded: Vec<String>,
    /// Where the database is not what they make.
    pub(crate) drift: Vec<Drift>,
}

impl Report for Adopted {
    fn text(&self, paint: Paint) -> String {
        let Self { schema, place, compared, recorded, drift } = self;
        let mut lines = vec![format!("{schema}  {place}")];
        lines.extend(finding::of_drifts(drift.iter()).iter().map(|finding| finding.text(paint)));
        let differing = drift.iter().filter(|drift| drift.severity == Severity::Drift).count();
        let findings = counted(differing, "difference");
        let migrations = |count: usize| format!("{} {} recorded", counted(count, "migration"), is_or_are(count));
        lines.push(match (differing == 0, recorded.len()) {
            (true, count) => format!("{schema}: adopted, {} ({compared})", migrations(count)),
            (false, 0) => {
                format!("{schema}: not adopted, {findings}; fix them and run this again, or record it all the same with --force-record")
            }
            (false, count) => format!("{schema}: adopted with {findings}, {}", migrations(count)),
        });
        lines.join("\n")
    }
}

/// A schema whose namespace was emptied.
#[derive(Debug, Serialize)]
pub(crate) struct Cleared {
    pub(crate) schema: String,
    pub(crate) place: String,
    pub(crate) dropped: Vec<Object>,
}

impl Report for Cleared {
    fn text(&self, _: Paint) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for object in &self.dropped {
            *counts.entry(object.kind.as_str()).or_default() += 1;
        }
        let counts = counts.iter().map(|(kind, count)| counted(*count, kind)).collect::<Vec<_>>().join(", ");
        let dropped =
            if counts.is_empty() { "nothing was there to drop".to_owned() } else { format!("dropped {counts}") };
        format!("{}: {dropped} ({})", self.schema, self.place)
    }
}

/// Where a schema's history stands.
#[derive(Debug, Serialize)]
pub(crate) struct Standing {
    pub(crate) schema: String,
    pub(crate) place: String,
    pub(crate) migrations: Vec<Migration>,
    /// What was edited after it was applied.
    pub(crate) edited: Vec<Edit>,
    /// The migration that is half done, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) half: Option<Half>,
    /// Whether this build knows it.
    #[serde(skip)]
    pub(crate) is_half_known: bool,
    /// Why edits were not looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_seen: Option<String>,
}

/// One migration in `status`.
#[derive(Debug, Serialize)]
pub(crate) struct Migration {
    pub(crate) version: String,
    pub(crate) state: MigrationState,
    /// When, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) applied_at: Option<String>,
    /// How long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) milliseconds: Option<u64>,
    /// Who recorded it, if kiln did not run it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<&'static str>,
    /// Whether two replays of it differ, so that an edit of it is not seen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) unsteady: bool,
}

/// Where a migration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MigrationState {
    /// Known and applied.
    Applied,
    /// Known and not applied.
    Pending,
    /// Applied and not known to this build.
    Missing,
    /// Applied, and other SQL since.
    Edited,
    /// Its run ended before it did.
    HalfApplied,
    /// Its rollback's run ended before it did.
    HalfRolledBack,
}

impl MigrationState {
    const ALL: [Self; 6] =
        [Self::Applied, Self::Pending, Self::Missing, Self::Edited, Self::HalfApplied, Self::HalfRolledBack];

    /// The state of a migration that is half done.
    pub(crate) fn half(direction: Direction) -> Self {
        match direction {
            Direction::Up => Self::HalfApplied,
            Direction::Down => Self::HalfRolledBack,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Missing => "missing",
            Self::Edited => "edited",
            Self::HalfApplied => "half applied",
            Self::HalfRolledBack => "half rolled back",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Applied => Tone::Good,
            Self::Pending => Tone::Notable,
            Self::Missing | Self::Edited | Self::HalfApplied | Self::HalfRolledBack => Tone::Bad,
        }
    }

    /// Whether it is counted where there are none.
    fn is_usual(self) -> bool {
        matches!(self, Self::Applied | Self::Pending | Self::Missing)
    }
}

impl Standing {
    /// Whether every migration is applied, whole and as it was.
    pub(crate) fn is_whole(&self) -> bool {
        self.count(MigrationState::Applied) == self.migrations.len()
    }

    fn count(&self, state: MigrationState) -> usize {
        self.migrations.iter().filter(|migration| migration.state == state).count()
    }
}

impl Report for Standing {
    fn text(&self, paint: Paint) -> String {
        let rows = self.migrations.iter().map(|migration| {
            let when = migration.applied_at.as_ref().map(|at| at.replace('T', " ").replace('Z', " UTC"));
            let took = migration.milliseconds.map(table::took);
            let notes = [
                took,
                migration.by.map(|by| format!("by {by}")),
                migration.unsteady.then(|| "not checksummable: two replays differ".to_owned()),
            ];
            let notes = notes.into_iter().flatten().collect::<Vec<_>>().join(", ");
            let words =
                vec![migration.state.word().to_owned(), migration.version.clone(), when.unwrap_or_default(), notes];
            (migration.state.tone(), words)
        });
        let states = MigrationState::ALL.into_iter().filter(|state| state.is_usual() || self.count(*state) > 0);
        let counts =
            states.map(|state| format!("{} {}", self.count(state), state.word())).collect::<Vec<_>>().join(", ");
        let mut lines = vec![format!("{}  {}", self.schema, self.place)];
        if !self.migrations.is_empty() {
            lines.push(table::of_words(paint, rows, 4));
        }
        for edit in &self.edited {
            lines.push(format!("{} was edited after it was applied\n{}", edit.version, edit.lines()));
        }
        if let Some(half) = &self.half {
            let verb = match half.direction {
                Direction::Up => "up",
                Direction::Down => "down",
            };
            lines.push(if self.is_half_known {
                let schema = &self.schema;
                format!("{} was interrupted; `kiln migrate {verb} {schema}` goes on where it stopped", half.version)
            } else {
                format!("{} was interrupted, and this build does not know it; run the build that has it", half.version)
            });
        }
        lines.extend(self.not_seen.iter().map(|reason| format!("edits were not looked for: {reason}")));
        lines.push(format!("{}: {counts}", self.schema));
        lines.join("\n")
    }
}
