//! What `diff` found.

use catalog::Drift;
use serde::Serialize;

use super::Report;
use super::finding::Finding;
use super::found::Found;
use super::paint::Paint;

/// Two places after they were compared.
#[derive(Debug, Serialize)]
pub(crate) struct Differs {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Whether they are the same.
    pub(crate) holds: bool,
    /// Whether notes count too.
    #[serde(skip)]
    pub(crate) strict: bool,
    /// How much was compared, in words.
    pub(crate) compared: String,
    pub(crate) found: Vec<Drift>,
}

impl Report for Differs {
    fn text(&self, paint: Paint) -> String {
        self.found().text(paint)
    }

    fn found(&self) -> Found {
        let mut findings: Vec<Finding> = self.found.iter().map(Finding::from).collect();
        findings.sort_by_key(|finding| finding.severity);
        Found {
            subject: self.to.clone(),
            place: format!("compared with {}", self.from),
            findings,
            compared: self.compared.clone(),
            strict: self.strict,
            ..Found::default()
        }
    }
}
