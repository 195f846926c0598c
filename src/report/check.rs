//! What `check` found.

use catalog::{Drift, Severity};
use serde::Serialize;

use super::Report;
use crate::check::Findings;

/// A schema after a check.
#[derive(Debug, Serialize)]
pub(crate) struct Checked {
    pub(crate) schema: String,
    pub(crate) place: String,
    /// Whether it has ever been migrated; nothing is compared otherwise.
    pub(crate) migrated: bool,
    /// Tables of its entities that are there although its history is empty.
    pub(crate) unrecorded: usize,
    /// Whether everything holds.
    pub(crate) holds: bool,
    #[serde(flatten)]
    pub(crate) findings: Option<Findings>,
}

impl Report for Checked {
    fn text(&self) -> String {
        let Self { schema, place, .. } = self;
        let Some(findings) = &self.findings else {
            if self.unrecorded > 0 {
                let tables = if self.unrecorded == 1 { "table is" } else { "tables are" };
                return format!(
                    "{schema}: {} of its {tables} there, and no history of them ({place}); put its history back, \
                     or make everything anew with `kiln migrate fresh {schema}`",
                    self.unrecorded
                );
            }
            return format!("{schema}: not migrated yet ({place}); run `kiln migrate up {schema}`");
        };
        let mut lines = Vec::new();
        for version in &findings.missing {
            lines.push(format!("  missing-migration  {version}\n      applied, and not known to this build"));
        }
        if !findings.pending.is_empty() {
            let versions = findings.pending.join(", ");
            lines.push(format!("  pending-migrations  {versions}\n      run `kiln migrate up {schema}`"));
        }
        for edit in &findings.edited {
            lines.push(format!(
                "  edited-migration  {}\n{}\n      put it back, or accept it with `kiln migrate repair {schema}`",
                edit.version,
                edit.lines()
            ));
        }
        if let Some(half) = &findings.half {
            lines.push(format!(
                "  half-done-migration  {}\n      its run ended before it did; `kiln migrate status {schema}` says how to go on",
                half.version
            ));
        }
        lines.extend(findings.structure.iter().chain(&findings.promises).map(finding));
        let found = lines.len();
        if let Some(reason) = &findings.not_compared {
            lines.push(format!("  structure not compared: {reason}"));
        } else if found == 0 {
            return format!("{schema}: no drift ({})", findings.compared);
        }
        let noun = if found == 1 { "finding" } else { "findings" };
        lines.insert(0, format!("{schema}  {place}"));
        lines.push(format!("{schema}: {found} {noun} ({})", findings.compared));
        lines.join("\n")
    }
}

/// One finding: code and object, then both sides, then what it means.
pub(super) fn finding(drift: &Drift) -> String {
    let note = if drift.severity == Severity::Note { "  (note)" } else { "" };
    let field = drift.field.as_ref().map(|field| format!("  {field}")).unwrap_or_default();
    let declared_word = if drift.field.is_some() { "promised" } else { "declared" };
    let side = |word: &str, side: Option<&str>| format!("\n      {word:<9} {}", side.unwrap_or("nothing"));
    let mut text = format!("  {}  {}{field}{note}", drift.kind, drift.object);
    text.push_str(&side(declared_word, drift.declared.as_deref()));
    text.push_str(&side("actual", drift.actual.as_deref()));
    if let Some(consequence) = &drift.consequence {
        text.push_str("\n      so        ");
        text.push_str(consequence);
    }
    text
}
