//! Whether a live database is what its migrations make and what its entities promise.

use catalog::{Catalog, Drift, FixScript, Kind, Severity, counted};
use serde::Serialize;

use crate::connect::{Link, Opened};
use crate::error::Error;
use crate::migrate::edit::{self, Edit};
use crate::migrate::history::History;
use crate::migrate::plan::{Half, State};
use crate::place::{Place, Server};
use crate::probe::{self, Probe};
use crate::replay::{Replay, structure};
use crate::schema::{Migrator, Schema};

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
    /// The statements that fix these differences.
    #[serde(skip_serializing_if = "FixScript::is_empty")]
    pub(crate) script: FixScript,
    /// Promises of the entities that the database does not keep.
    pub(crate) promises: Vec<Drift>,
    /// What a row through every entity showed, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) probe: Option<Probe>,
    /// How much was compared, in words.
    pub(crate) compared: String,
    /// Why the structure could not be compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_compared: Option<String>,
}

impl Findings {
    /// Every difference, of structure, promises and probe.
    pub(crate) fn drifts(&self) -> impl Iterator<Item = &Drift> {
        let probe = self.probe.iter().flat_map(|probe| &probe.findings);
        self.structure.iter().chain(&self.promises).chain(probe)
    }

    /// Whether the check fails; with `strict`, notes count too.
    pub(crate) fn fails(&self, strict: bool) -> bool {
        let counts = |drift: &Drift| strict || drift.severity == Severity::Drift;
        let is_whole =
            self.pending.is_empty() && self.missing.is_empty() && self.edited.is_empty() && self.half.is_none();
        !is_whole || self.drifts().any(counts)
    }
}

/// A database to be checked against the migrations in its history and the entities.
pub(crate) struct Check<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) place: &'a Place,
    pub(crate) opened: &'a Opened,
    pub(crate) link: &'a Link,
    /// The server on which empty places are made; none where that of the place serves.
    pub(crate) elsewhere: Option<&'a Server>,
    pub(crate) state: &'a State<'a>,
    pub(crate) history: &'a History,
    /// Whether a row is sent through every entity, too.
    pub(crate) probes: bool,
}

impl Check<'_> {
    /// What is found.
    pub(crate) async fn run(&self) -> Result<Findings, Error> {
        let Self { schema, place, opened, state, .. } = *self;
        let promises = schema.promises(place.dialect());
        let actual = structure(opened, schema.own_migrator(), schema.owned_beside(place.dialect())).await?;
        let mut findings = Findings {
            pending: state.pending(),
            missing: state.missing(),
            edited: Vec::new(),
            half: state.half.cloned(),
            structure: Vec::new(),
            script: FixScript::default(),
            promises: catalog::promise(&promises, &actual, &opened.namespace),
            compared: counted(promises.len(), "entity"),
            not_compared: None,
            probe: None,
        };
        if let Some(migrator) = schema.own_migrator() {
            self.compare_structure(migrator, &actual, &mut findings).await?;
        }
        findings.structure.extend(self.dangling().await?);
        if self.probes {
            let probe = probe::probe(&promises, &findings.promises, &actual, opened).await?;
            findings.compared = format!("{}, probed {}", findings.compared, counted(probe.probed, "table"));
            findings.probe = Some(probe);
        }
        Ok(findings)
    }

    /// What points to what is not there: migrations that make the same do not make it right.
    async fn dangling(&self) -> Result<Vec<Drift>, Error> {
        let failed = || Error::database("looking for what points to nothing");
        let transaction = self.opened.begin().await.map_err(failed())?;
        let references = catalog::references(&transaction, &self.opened.namespace).await.map_err(failed())?;
        transaction.rollback().await.map_err(failed())?;
        Ok(catalog::dangling(&references))
    }

    async fn compare_structure(
        &self,
        migrator: Migrator,
        actual: &Catalog,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let Self { schema, place, opened, link, elsewhere, .. } = *self;
        let beside = schema.owned_beside(place.dialect());
        let replay = Replay { migrator, beside, place, live: Some(opened), link, elsewhere };
        let done = self.state.done();
        match replay.recorded_and_declared(&done).await {
            Ok((recording, declared)) => {
                let grants = recording.texts.values().any(|texts| texts.grants(actual.dialect));
                findings.edited = edit::of(recording, &replay, &done, self.history).await.edited;
                (findings.structure, findings.script) = compare(&declared, actual, &opened.namespace, grants);
                findings.compared = format!("{}, {}", declared.counts(), findings.compared);
            }
            Err(error @ Error::Usage(_)) => return Err(error),
            // History and promises need no scratch place.
            Err(error) => findings.not_compared = Some(error.or_elsewhere().to_string()),
        }
        Ok(())
    }
}

/// What differs from what the migrations make, and how it is mended.
///
/// Whose the objects are as a whole, and what the namespace itself allows, is the place's own business. With
/// `grants`, the migrations say who may do what, and it has to hold.
pub(crate) fn compare(declared: &Catalog, actual: &Catalog, namespace: &str, grants: bool) -> (Vec<Drift>, FixScript) {
    let (declared, actual) = comparable(declared, actual, grants);
    let mut found = catalog::diff(&declared, &actual);
    for drift in found.iter_mut().filter(|drift| grants && drift.kind == Kind::GrantsDiffer) {
        drift.severity = Severity::Drift;
    }
    let script = catalog::mend(&declared, &actual, namespace, &mut found);
    (found, script)
}

/// The drift alone, without a fix for any.
pub(crate) fn drift(declared: &Catalog, actual: &Catalog) -> Vec<Drift> {
    let (declared, actual) = comparable(declared, actual, false);
    let mut found = catalog::diff(&declared, &actual);
    found.retain(|drift| drift.severity == Severity::Drift);
    found
}

/// Both sides without what is the place's own business.
fn comparable(declared: &Catalog, actual: &Catalog, grants: bool) -> (Catalog, Catalog) {
    let actual = actual.clone();
    let declared = Catalog { owner: actual.owner.clone(), ..declared.clone() };
    if grants { (declared, actual) } else { (declared.with_bare_namespaces(), actual.with_bare_namespaces()) }
}
