//! What was found in one place, counted and laid out.

use catalog::{Severity, counted};

use super::finding::{Finding, NOT_COMPARED, NOT_MIGRATED, RULES_OF_CHECK, Rule, UNRECORDED};
use super::paint::{Paint, Tone};

/// What was found in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// What was looked at: a schema, or the actual side of a comparison.
    pub(crate) subject: String,
    /// Where it is, in words.
    pub(crate) place: String,
    pub(crate) findings: Vec<Finding>,
    /// What was left out, and is no finding.
    pub(crate) remarks: Vec<String>,
    /// How much was compared, in words.
    pub(crate) compared: String,
    /// Whether notes count too.
    pub(crate) strict: bool,
    /// Why nothing was looked at, if nothing was.
    pub(crate) left_out: Option<String>,
}

impl Found {
    /// How many findings there are of each sort: `3 drift findings, 1 note`.
    pub(crate) fn counts(&self) -> String {
        let has = |rule: Rule| self.findings.iter().any(|finding| finding.rule == rule);
        for (is_so, words) in [
            (self.left_out.is_some(), "left out"),
            (has(NOT_MIGRATED), "not migrated"),
            (has(UNRECORDED), "tables without their history"),
        ] {
            if is_so {
                return words.to_owned();
            }
        }
        let of_history = |finding: &&Finding| RULES_OF_CHECK.contains(&finding.rule) && finding.rule != NOT_COMPARED;
        let of_structure = |severity: Severity| {
            let findings = self.findings.iter().filter(|finding| !RULES_OF_CHECK.contains(&finding.rule));
            findings.filter(|finding| finding.severity == severity).count()
        };
        let mut parts = Vec::new();
        match self.findings.iter().filter(of_history).count() {
            0 => {}
            count => parts.push(counted(count, "history finding")),
        }
        match of_structure(Severity::Drift) {
            0 if has(NOT_COMPARED) => {}
            // What fails the run is not introduced by what does not.
            0 if self.strict && of_structure(Severity::Note) > 0 => {}
            0 => parts.push("no drift".to_owned()),
            count => parts.push(counted(count, "drift finding")),
        }
        let counting = if self.strict { ", counted by --strict" } else { "" };
        match of_structure(Severity::Note) {
            0 => {}
            count => parts.push(format!("{}{counting}", counted(count, "note"))),
        }
        if has(NOT_COMPARED) {
            parts.push("structure not compared".to_owned());
        }
        parts.join(", ")
    }

    /// For people: the place, each finding, and the counts.
    pub(crate) fn text(&self, paint: Paint) -> String {
        let Self { subject, place, compared, .. } = self;
        let has = |severity: Severity| self.findings.iter().any(|finding| finding.severity == severity);
        let tone = match (has(Severity::Drift), has(Severity::Note)) {
            (true, _) => Tone::Bad,
            (false, true) => Tone::Notable,
            (false, false) => Tone::Good,
        };
        let counts = format!("{subject}: {} ({compared})", paint.word(tone, &self.counts()));
        if self.findings.is_empty() && self.remarks.is_empty() {
            return counts;
        }
        let findings = self.findings.iter().map(|finding| finding.text(paint));
        let remarks = self.remarks.iter().map(|remark| format!("  {remark}"));
        let head = std::iter::once(format!("{subject}  {place}"));
        head.chain(findings).chain(remarks).chain([counts]).collect::<Vec<_>>().join("\n")
    }
}
