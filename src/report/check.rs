//! What `check` found.

use catalog::is_or_are;
use serde::Serialize;

use catalog::Dialect;

use super::Report;
use super::finding::{
    self, EDITED_MIGRATION, Finding, HALF_DONE_MIGRATION, MISSING_MIGRATION, NOT_COMPARED, NOT_MIGRATED,
    PENDING_MIGRATIONS, UNRECORDED,
};
use super::fixes::Fixes;
use super::found::Found;
use super::paint::{Paint, Tone};
use crate::check::Findings;
use crate::migrate::unrecorded::Unrecorded;

/// A schema after a check.
#[derive(Debug, Serialize)]
pub(crate) struct Checked {
    pub(crate) schema: String,
    pub(crate) place: String,
    /// Whether it has ever been migrated; nothing is compared otherwise.
    pub(crate) migrated: bool,
    /// Tables of its entities that are there although its history is empty.
    pub(crate) unrecorded: usize,
    /// What a baseline would say of them, where its migrations would make them.
    #[serde(rename = "baseline", skip_serializing_if = "Option::is_none")]
    pub(crate) advice: Option<Unrecorded>,
    /// Whether everything holds.
    pub(crate) holds: bool,
    /// Whether notes count too.
    #[serde(skip)]
    pub(crate) strict: bool,
    #[serde(flatten)]
    pub(crate) findings: Option<Findings>,
}

/// A schema's structure as one value.
#[derive(Debug, Serialize)]
pub(crate) struct Taken {
    pub(crate) schema: String,
    pub(crate) place: String,
    /// SHA-256 in hex; none where nothing is there.
    pub(crate) fingerprint: Option<String>,
}

impl Report for Taken {
    fn text(&self, _: Paint) -> String {
        match &self.fingerprint {
            Some(fingerprint) => format!("{}: {fingerprint}", self.schema),
            None => format!("{0}: not migrated yet ({1}); run `kiln migrate up {0}`", self.schema, self.place),
        }
    }
}

impl Report for Checked {
    fn text(&self, paint: Paint) -> String {
        match &self.findings {
            Some(_) => self.found().text(paint),
            None => self.nothing_to_compare(paint),
        }
    }

    fn found(&self) -> Found {
        Found {
            subject: self.schema.clone(),
            place: self.place.clone(),
            findings: match &self.findings {
                Some(findings) => listed(&self.schema, findings),
                None => vec![self.not_migrated()],
            },
            compared: self.findings.as_ref().map(|findings| findings.compared.clone()).unwrap_or_default(),
            remarks: self.not_probed().collect(),
            strict: self.strict,
            left_out: None,
        }
    }
}

impl Checked {
    /// The script that fixes what differs from the migrations.
    pub(crate) fn fixes(&self, dialect: Dialect, namespace: &str, settings: Vec<String>) -> Fixes {
        let has_no_statement = |finding: &Finding| finding.details.iter().all(|detail| detail.label != "mend");
        let (script, drifts) = match &self.findings {
            Some(findings) => (findings.script.clone(), findings.structure.clone()),
            None => Default::default(),
        };
        let fixed: Vec<Finding> = finding::of_drifts(drifts.iter());
        let others = self.found().findings.into_iter().filter(|finding| {
            has_no_statement(finding)
                && !fixed.iter().any(|other| other.rule == finding.rule && other.objects == finding.objects)
        });
        Fixes {
            dialect,
            about: format!("makes {} what its migrations make", self.place),
            namespace: namespace.to_owned(),
            settings,
            script,
            strict: self.strict,
            findings: others.collect(),
            drifts,
        }
    }

    /// What to do about tables without a history.
    fn adopt(&self) -> String {
        match &self.advice {
            Some(advice) => advice.advice(&self.schema),
            None => {
                format!("put its history back, or adopt them with `kiln migrate baseline {} --to head`", self.schema)
            }
        }
    }

    fn nothing_to_compare(&self, paint: Paint) -> String {
        let Self { schema, place, unrecorded, .. } = self;
        if *unrecorded == 0 {
            let word = paint.word(Tone::Notable, "not migrated yet");
            return format!("{schema}: {word} ({place}); run `kiln migrate up {schema}`");
        }
        let (are, adopt) = (is_or_are(*unrecorded), self.adopt());
        format!("{schema}: {unrecorded} of its tables {are} there, and no history of them ({place}); {adopt}")
    }

    /// What the probe had to leave out, and why: no failure, and no secret either.
    fn not_probed(&self) -> impl Iterator<Item = String> {
        let probe = self.findings.iter().filter_map(|findings| findings.probe.as_ref());
        probe.flat_map(|probe| &probe.not_probed).map(|table| format!("not probed  {}: {}", table.table, table.reason))
    }

    fn not_migrated(&self) -> Finding {
        let Self { schema, place, unrecorded, holds, .. } = self;
        if *unrecorded > 0 {
            return Finding::new(UNRECORDED, Vec::new())
                .saying("tables", unrecorded.to_string())
                .saying("", format!("{} (at {place})", self.adopt()));
        }
        let mut finding =
            Finding::new(NOT_MIGRATED, Vec::new()).saying("", format!("run `kiln migrate up {schema}` at {place}"));
        if *holds {
            finding.severity = catalog::Severity::Note;
        }
        finding
    }
}

/// The findings in the order in which they are read: history, drift, notes, what was not done.
fn listed(schema: &str, findings: &Findings) -> Vec<Finding> {
    let one = |version: &String| vec![version.clone()];
    let mut listed: Vec<Finding> = findings
        .missing
        .iter()
        .map(|version| {
            Finding::new(MISSING_MIGRATION, one(version))
                .saying("", "applied, and not known to this build; run the build that has it")
        })
        .collect();
    if !findings.pending.is_empty() {
        let run = format!("run `kiln migrate up {schema}`");
        listed.push(Finding::new(PENDING_MIGRATIONS, findings.pending.clone()).saying("", run));
    }
    listed.extend(findings.edited.iter().map(|edit| {
        let lines = edit.lines();
        let lines = lines.lines().map(str::trim_start).collect::<Vec<_>>().join("\n");
        let accept = format!("put it back, or accept it with `kiln migrate repair {schema}`");
        Finding::new(EDITED_MIGRATION, one(&edit.version)).saying("", lines).saying("", accept)
    }));
    listed.extend(findings.half.iter().map(|half| {
        let next = format!("its run ended before it did; `kiln migrate status {schema}` says how to go on");
        Finding::new(HALF_DONE_MIGRATION, one(&half.version)).saying("", next)
    }));
    listed.extend(finding::of_drifts(findings.drifts()));
    listed.extend(
        findings.not_compared.iter().map(|reason| {
            Finding::new(NOT_COMPARED, Vec::new()).saying("", format!("structure not compared: {reason}"))
        }),
    );
    listed
}
