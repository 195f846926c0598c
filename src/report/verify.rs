//! What `migrate verify` proved.

use serde::Serialize;

use super::finding;
use super::paint::{Paint, Tone};
use super::{Report, table};
use crate::migrate::loss;
use crate::migrate::verify::{Proven, Verdict};

/// A schema's migrations, each with its verdict.
#[derive(Debug, Serialize)]
pub(crate) struct Proof {
    pub(crate) schema: String,
    pub(crate) place: String,
    pub(crate) migrations: Vec<Proven>,
}

impl Proof {
    /// Whether every migration can be rolled back to what was there before it, and applied again.
    pub(crate) fn holds(&self) -> bool {
        self.migrations.iter().all(|proven| proven.verdict == Verdict::Reversible)
    }
}

impl Report for Proof {
    fn text(&self, paint: Paint) -> String {
        let rows = self.migrations.iter().map(|proven| {
            let lost = if proven.lost.is_empty() {
                String::new()
            } else {
                format!("down loses {}", loss::in_words(&proven.lost))
            };
            let tone = if proven.verdict == Verdict::Reversible { Tone::Good } else { Tone::Bad };
            (tone, vec![proven.verdict.word().to_owned(), proven.version.clone(), lost])
        });
        let mut lines = vec![format!("{}  on a scratch place like {}", self.schema, self.place)];
        if !self.migrations.is_empty() {
            lines.push(table::of_words(paint, rows, 3));
        }
        for proven in self.migrations.iter().filter(|proven| proven.verdict != Verdict::Reversible) {
            let said = proven.said.as_deref().map(|said| format!(": {said}")).unwrap_or_default();
            lines.push(format!("{} is {}{said}", proven.version, proven.verdict.word()));
            lines.extend(finding::of_drifts(proven.differences.iter()).iter().map(|one| one.text(paint)));
        }
        let reversible = self.migrations.iter().filter(|proven| proven.verdict == Verdict::Reversible).count();
        lines.push(format!(
            "{}: {} reversible",
            self.schema,
            table::of_all(reversible, self.migrations.len(), "migration")
        ));
        lines.join("\n")
    }
}
