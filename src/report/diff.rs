//! What `diff` found.

use catalog::{Drift, FixScript};
use serde::Serialize;

use super::Report;
use super::finding;
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
    /// The statements that make the actual side what the declared one is.
    #[serde(skip_serializing_if = "FixScript::is_empty")]
    pub(crate) script: FixScript,
}

impl Report for Differs {
    fn text(&self, paint: Paint) -> String {
        self.found().text(paint)
    }

    fn found(&self) -> Found {
        let findings = finding::of_drifts(self.found.iter());
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
