//! Findings as one SARIF 2.1.0 document.
//!
//! A database object lies in no file, so a finding has logical locations and no physical one, as the
//! standard wants it where there is none (3.28.3). GitHub's code scanning takes no such document: there,
//! annotations say the same (`--format github`).

use std::collections::BTreeMap;

use catalog::Severity;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::finding::{Finding, NOT_COMPARED, Rule};
use super::found::Found;
use crate::error::Exit;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The document of a run that found `found` and ended so.
pub(super) fn document(found: &[Found], exit: Exit, error: Option<&str>) -> Value {
    let rules: Vec<Rule> = Rule::all().collect();
    let mut locations = Locations::default();
    let results: Vec<Value> = found
        .iter()
        .flat_map(|found| found.findings.iter().map(move |finding| (found, finding)))
        .map(|(found, finding)| result(&rules, &mut locations, found, finding))
        .collect();
    let mut driver = json!({
        "name": "kiln",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules.iter().map(reporting_descriptor).collect::<Vec<_>>(),
    });
    let repository = env!("CARGO_PKG_REPOSITORY");
    if !repository.is_empty() {
        driver["informationUri"] = json!(repository);
    }
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "invocations": [{
                "executionSuccessful": matches!(exit, Exit::Done | Exit::Found),
                "exitCode": exit as u8,
                "toolExecutionNotifications": notifications(&rules, found, error),
            }],
            "logicalLocations": locations.all,
            "results": results,
        }],
    })
}

fn reporting_descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": { "text": escaped(rule.about) },
        "defaultConfiguration": { "level": level(rule.severity, false) },
    })
}

fn result(rules: &[Rule], locations: &mut Locations, found: &Found, finding: &Finding) -> Value {
    let Found { subject, strict, .. } = found;
    json!({
        "ruleId": finding.rule.code,
        "ruleIndex": index(rules, finding.rule),
        "level": level(finding.severity, *strict),
        "message": { "text": escaped(&finding.message(subject)) },
        "locations": locations.of(subject, finding),
        "partialFingerprints": { "object/v1": fingerprint(subject, finding) },
    })
}

/// What kept the run from being whole, and what it left out.
fn notifications(rules: &[Rule], found: &[Found], error: Option<&str>) -> Vec<Value> {
    let left_out = found.iter().filter_map(|found| {
        let reason = found.left_out.as_ref()?;
        Some(json!({ "level": "error", "message": { "text": escaped(&format!("{}: {reason}", found.subject)) } }))
    });
    let not_compared = found.iter().flat_map(|found| {
        let not_compared = found.findings.iter().filter(|finding| finding.rule == NOT_COMPARED);
        not_compared.map(|finding| {
            json!({
                "level": "error",
                "message": { "text": escaped(&finding.message(&found.subject)) },
                "associatedRule": { "id": NOT_COMPARED.code, "index": index(rules, NOT_COMPARED) },
            })
        })
    });
    let remarks = found.iter().flat_map(|found| {
        let texts = found.remarks.iter().map(|remark| escaped(&format!("{}: {remark}", found.subject)));
        texts.map(|text| json!({ "level": "note", "message": { "text": text } }))
    });
    let error = error.iter().map(|error| json!({ "level": "error", "message": { "text": escaped(error) } }));
    left_out.chain(not_compared).chain(remarks).chain(error).collect()
}

fn index(rules: &[Rule], rule: Rule) -> usize {
    rules.iter().position(|other| *other == rule).expect("a finding is of a rule of the list")
}

/// An error for drift, a note for a note, which is a warning where notes count.
fn level(severity: Severity, strict: bool) -> &'static str {
    match severity {
        Severity::Drift => "error",
        Severity::Note if strict => "warning",
        Severity::Note => "note",
    }
}

/// Braces stand for arguments in a message, and for themselves when doubled (3.11.5).
fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// The same in each run that finds the same, whatever else it finds.
fn fingerprint(subject: &str, finding: &Finding) -> String {
    let parts = [subject, finding.rule.code, &finding.objects.join(", ")];
    format!("{:x}", Sha256::digest(parts.join("\0")))
}

/// Every logical location of the run, each once: a schema, then what lies in it.
#[derive(Default)]
struct Locations {
    all: Vec<Value>,
    indexes: BTreeMap<(String, Option<&'static str>), usize>,
}

impl Locations {
    /// The locations of one finding.
    fn of(&mut self, subject: &str, finding: &Finding) -> Vec<Value> {
        let schema = self.add(subject, subject, Some("namespace"), None);
        if finding.objects.is_empty() {
            return vec![self.location(schema)];
        }
        let objects = finding.objects.iter().map(|object| {
            let place = self.add(&format!("{subject}.{object}"), object, kind(finding.rule, object), Some(schema));
            self.location(place)
        });
        objects.collect()
    }

    fn add(&mut self, full_name: &str, object: &str, kind: Option<&'static str>, parent: Option<usize>) -> usize {
        let next = self.all.len();
        let place = *self.indexes.entry((full_name.to_owned(), kind)).or_insert(next);
        if place == next {
            let name = if parent.is_some() { last_part(object) } else { object };
            let mut location = json!({ "name": name, "fullyQualifiedName": full_name, "index": place });
            if let Some(kind) = kind {
                location["kind"] = json!(kind);
            }
            if let Some(parent) = parent {
                location["parentIndex"] = json!(parent);
            }
            self.all.push(location);
        }
        place
    }

    fn location(&self, place: usize) -> Value {
        json!({ "logicalLocations": [self.all[place]] })
    }
}

/// `quantity` of `sales.quantity`; what is in brackets is one part.
fn last_part(object: &str) -> &str {
    let names = &object[..object.find('(').unwrap_or(object.len())];
    names.rfind('.').map_or(object, |dot| &object[dot + 1..])
}

/// What sort of thing the object of a rule's finding is; none where the rule is about things of any sort.
fn kind(rule: Rule, object: &str) -> Option<&'static str> {
    let code = rule.code;
    if code.ends_with("-migration") || code.ends_with("-migrations") {
        return Some("migration");
    }
    if let Some((_, sort)) = code.split_once("promised-") {
        return Some(if ["table", "key", "unique", "foreign-key"].contains(&sort) { sort } else { "column" });
    }
    if code.starts_with("probe-") {
        return Some(if object.contains('.') { "column" } else { "table" });
    }
    let sort = code.strip_prefix("missing-").or(code.strip_prefix("extra-")).or(code.strip_suffix("-differs"));
    let sort = sort.unwrap_or_else(|| code.split_once('-').map_or(code, |(sort, _)| sort));
    Some(sort).filter(|sort| !ASPECTS.contains(sort))
}

/// What things of any sort have.
const ASPECTS: &[&str] = &["owner", "comment", "grants", "storage"];

#[cfg(test)]
mod tests {
    use catalog::Kind;

    use super::{kind, last_part};

    #[test]
    fn a_name_is_what_follows_the_last_dot_outside_brackets() {
        let names = ["sales", "sales.quantity", "orders.foreign key (a.b) #2"].map(last_part);
        assert_eq!(names, ["sales", "quantity", "foreign key (a.b) #2"]);
    }

    #[test]
    fn an_objects_sort_follows_from_the_rule() {
        for (rule, object, sort) in [
            (Kind::ColumnType, "sales.quantity", "column"),
            (Kind::ForeignKeyDiffers, "sales.fk", "foreign-key"),
            (Kind::ExtraTable, "notes", "table"),
            (Kind::PromisedTable, "sales", "table"),
            (Kind::PromisedType, "sales.quantity", "column"),
            (Kind::UnpromisedColumn, "sales.tier", "column"),
            (Kind::PromisedForeignKey, "sales.foreign key (client_id)", "foreign-key"),
            (Kind::ProbeDiffers, "sales.region", "column"),
            (Kind::ProbeRefused, "sales", "table"),
        ] {
            assert_eq!(kind(rule.into(), object), Some(sort), "{rule}");
        }
    }
}
