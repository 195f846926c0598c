//! The statements that fix what was found, as a script for the engine's own client.

use catalog::{Dialect, Drift, FixScript, FixStep, Severity};
use serde::Serialize;

use super::Report;
use super::finding::Finding;
use super::paint::Paint;
use crate::migrate::statement;

/// Everything that fixes what was found in one place.
#[derive(Debug, Serialize)]
pub(crate) struct Fixes {
    #[serde(skip)]
    pub(crate) dialect: Dialect,
    /// What the script does, in words.
    #[serde(skip)]
    pub(crate) about: String,
    /// The namespace that the statements are for.
    #[serde(skip)]
    pub(crate) namespace: String,
    /// What gives the client's session the settings of kiln's own.
    #[serde(skip)]
    pub(crate) settings: Vec<String>,
    pub(crate) script: FixScript,
    /// Whether notes are fixed too.
    #[serde(skip)]
    pub(crate) strict: bool,
    /// What was found and has no statement: the history, promises of entities.
    #[serde(skip)]
    pub(crate) findings: Vec<Finding>,
    /// The differences that the script is for.
    #[serde(skip)]
    pub(crate) drifts: Vec<Drift>,
}

impl Report for Fixes {
    /// Plain: a client reads it.
    fn text(&self, _: Paint) -> String {
        let mut lines = vec![comment(&self.about)];
        lines.extend(self.findings.iter().flat_map(|finding| {
            let named = [finding.rule.code.to_owned(), finding.objects.join(", ")].join("  ");
            [comment(&format!("not fixed here: {}", named.trim_end()))]
        }));
        lines.extend(self.drifts.iter().filter(|drift| self.counts(drift)).filter_map(by_hand));
        let steps: Vec<&FixStep> = self.script.steps.iter().filter(|step| self.is_wanted(step)).collect();
        if steps.is_empty() {
            lines.push("-- nothing that a statement fixes".to_owned());
            return lines.join("\n");
        }
        lines.push(self.dialect.script_head().to_owned());
        lines.extend(self.session().iter().map(|setting| statement::ended(self.dialect, setting)));
        // PostgreSQL does not let a new value of an enum be used in the transaction that adds it.
        let (alone, together): (Vec<&FixStep>, Vec<&FixStep>) =
            steps.into_iter().partition(|step| self.dialect == Dialect::Postgres && adds_values(step));
        for step in alone {
            self.add(&mut lines, step);
        }
        let is_one_transaction = self.dialect == Dialect::Postgres && !together.is_empty();
        if is_one_transaction {
            lines.extend([String::new(), "BEGIN;".to_owned()]);
        }
        for step in together {
            self.add(&mut lines, step);
        }
        if is_one_transaction {
            lines.extend([String::new(), "COMMIT;".to_owned()]);
        }
        lines.join("\n")
    }
}

impl Fixes {
    fn counts(&self, drift: &Drift) -> bool {
        self.strict || drift.severity == Severity::Drift
    }

    /// Whether a step is for something that counts, or for what a step for it takes along.
    fn is_wanted(&self, step: &FixStep) -> bool {
        let mut of_step = self.of(step).peekable();
        of_step.peek().is_none() || of_step.any(|drift| self.counts(drift))
    }

    /// The differences that a step is for.
    fn of<'a>(&'a self, step: &'a FixStep) -> impl Iterator<Item = &'a Drift> {
        let is_of = |drift: &&Drift| drift.mend.as_ref().is_some_and(|mend| mend.numbers.contains(&step.first));
        self.drifts.iter().filter(is_of)
    }

    /// What the statements need of a session.
    fn session(&self) -> Vec<String> {
        let own: Vec<String> = match self.dialect {
            // A body may name what is made after it.
            Dialect::Postgres => {
                vec!["SET search_path TO ''".to_owned(), "SET check_function_bodies TO off".to_owned()]
            }
            Dialect::MariaDb => vec![
                format!("USE {}", self.dialect.quote(&self.namespace)),
                // A value that does not fit is an error, and not cut.
                "SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', \
                 time_zone = '+00:00'"
                    .to_owned(),
            ],
            Dialect::Sqlite => vec!["PRAGMA foreign_keys = ON".to_owned()],
        };
        self.settings.iter().cloned().chain(own).collect()
    }

    fn add(&self, lines: &mut Vec<String>, step: &FixStep) {
        let objects: Vec<String> = self.of(step).map(|drift| format!("{} {}", drift.kind, drift.object)).collect();
        lines.push(String::new());
        lines.push(comment(&objects.join(", ")));
        lines.extend(step.hazard.as_ref().map(|hazard| comment(&format!("caution: {hazard}"))));
        lines.extend(step.statements.iter().map(|statement| statement::ended(self.dialect, statement)));
    }
}

fn adds_values(step: &FixStep) -> bool {
    step.statements.iter().all(|statement| statement.starts_with("ALTER TYPE ") && statement.contains(" ADD VALUE "))
}

/// What has to be done by hand, and why.
fn by_hand(drift: &Drift) -> Option<String> {
    let mend = drift.mend.as_ref().filter(|mend| mend.is_by_hand())?;
    let why = mend.caution.as_deref().unwrap_or("no statement of kiln's does it");
    Some(comment(&format!("by hand: {} {}: {why}", drift.kind, drift.object)))
}

/// A comment in one line, whatever is in a name.
fn comment(text: &str) -> String {
    format!("-- {}", text.split_whitespace().collect::<Vec<_>>().join(" "))
}
