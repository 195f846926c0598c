//! What `migrate` did and found.

use std::collections::BTreeMap;

use catalog::Object;
use serde::Serialize;

use super::{Report, table};
use crate::migrate::apply::Step;
use crate::migrate::plan::Direction;

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
    fn text(&self) -> String {
        let Self { schema, place, steps, applied, known, .. } = self;
        let verb = match self.direction {
            Direction::Up => "applied",
            Direction::Down => "rolled back",
        };
        let rows = steps
            .iter()
            .map(|step| vec![verb.to_owned(), step.version.clone(), format!("{} ms", step.duration.as_millis())]);
        let end = match (steps.is_empty(), self.direction) {
            (true, Direction::Up) => format!("{schema}: nothing to apply, {applied} of {known} migrations are applied"),
            (true, Direction::Down) => {
                format!("{schema}: nothing to roll back, {applied} of {known} migrations are applied")
            }
            (false, _) => format!("{schema}: {applied} of {known} migrations are applied"),
        };
        let mut lines = vec![format!("{schema}  {place}")];
        if !steps.is_empty() {
            lines.push(table::of(&[], rows, 2));
        }
        lines.push(end);
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
    fn text(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for object in &self.dropped {
            *counts.entry(object.kind.as_str()).or_default() += 1;
        }
        let counts = counts.iter().map(|(kind, count)| match count {
            1 => format!("1 {kind}"),
            count => match kind.strip_suffix('y') {
                Some(kind) => format!("{count} {kind}ies"),
                None => format!("{count} {kind}s"),
            },
        });
        let counts = counts.collect::<Vec<_>>().join(", ");
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
}

/// One migration in `status`.
#[derive(Debug, Serialize)]
pub(crate) struct Migration {
    pub(crate) version: String,
    pub(crate) state: MigrationState,
}

/// Whether a migration is known and applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MigrationState {
    /// Known and applied.
    Applied,
    /// Known and not applied.
    Pending,
    /// Applied and not known to this build.
    Missing,
}

impl MigrationState {
    fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Missing => "missing",
        }
    }
}

impl Standing {
    /// How many migrations are in this state.
    pub(crate) fn count(&self, state: MigrationState) -> usize {
        self.migrations.iter().filter(|migration| migration.state == state).count()
    }
}

impl Report for Standing {
    fn text(&self) -> String {
        let rows =
            self.migrations.iter().map(|migration| vec![migration.state.word().to_owned(), migration.version.clone()]);
        let counts = [MigrationState::Applied, MigrationState::Pending, MigrationState::Missing]
            .map(|state| format!("{} {}", self.count(state), state.word()))
            .join(", ");
        let mut lines = vec![format!("{}  {}", self.schema, self.place)];
        if !self.migrations.is_empty() {
            lines.push(table::of(&[], rows, 2));
        }
        lines.push(format!("{}: {counts}", self.schema));
        lines.join("\n")
    }
}
