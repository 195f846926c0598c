//! Whether a live database is what its migrations make and what its entities promise.

use catalog::{Drift, Severity};
use serde::Serialize;

use crate::connect::{Link, Opened};
use crate::error::Error;
use crate::migrate::edit::{self, Edit};
use crate::migrate::history::History;
use crate::migrate::plan::{Half, State};
use crate::place::Place;
use crate::replay::{Replay, structure};
use crate::schema::Schema;

/// What a check found.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Findings {
    /// Migrations that are known and not applied.
    pub(crate) pending: Vec<String>,
    /// Migrations that are applied and not known.
    pub(crate) missing: Vec<String>,
    /// Migrations that were edited after they were applied.
    pub(crate) edited: Vec<Edit>,
    /// The migration that is half done, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) half: Option<Half>,
    /// Differences between what the applied migrations make and what is there.
    pub(crate) structure: Vec<Drift>,
    /// Promises of the entities that the database does not keep.
    pub(crate) promises: Vec<Drift>,
    /// How much was compared, in words.
    pub(crate) compared: String,
    /// Why the structure could not be compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_compared: Option<String>,
}

impl Findings {
    /// Whether the check fails; with `strict`, notes count too.
    pub(crate) fn fails(&self, strict: bool) -> bool {
        let counts = |drift: &Drift| strict || drift.severity == Severity::Drift;
        let is_whole =
            self.pending.is_empty() && self.missing.is_empty() && self.edited.is_empty() && self.half.is_none();
        !is_whole || self.structure.iter().chain(&self.promises).any(counts)
    }
}

/// Checks the database behind `opened` against the migrations in its history and the entities.
pub(crate) async fn check(
    schema: &Schema,
    place: &Place,
    opened: &Opened,
    link: &Link,
    state: &State<'_>,
    history: &History,
) -> Result<Findings, Error> {
    let promises = schema.promises(place.dialect());
    let beside = schema.owned_beside(place.dialect());
    let actual = structure(opened, schema.own_migrator(), beside).await?;
    let mut findings = Findings {
        pending: state.pending(),
        missing: state.missing(),
        edited: Vec::new(),
        half: state.half.cloned(),
        structure: Vec::new(),
        promises: catalog::promise(&promises, &actual),
        compared: format!("{} entities", promises.len()),
        not_compared: None,
    };
    if let Some(migrator) = schema.own_migrator() {
        let replay = Replay { migrator, beside, place, live: Some(opened), link };
        let done = state.done();
        match replay.recorded_and_declared(&done).await {
            Ok((recording, declared)) => {
                findings.edited = edit::of(recording, &replay, &done, history).await.edited;
                findings.structure = catalog::diff(&declared, &actual);
                findings.compared = format!("{}, {}", declared.counts(), findings.compared);
            }
            // History and promises need no scratch place.
            Err(error) => findings.not_compared = Some(error.to_string()),
        }
    }
    Ok(findings)
}
