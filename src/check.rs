//! Whether a live database is what its migrations make and what its entities promise.

use std::time::Duration;

use catalog::{Catalog, Drift, Severity};
use serde::Serialize;

use crate::connect::{Link, Opened};
use crate::error::Error;
use crate::migrate::apply::{Record, apply};
use crate::migrate::plan::{Direction, Plan, State};
use crate::place::Place;
use crate::schema::{Migrator, Schema};
use crate::scratch::Scratch;

/// What a check found.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Findings {
    /// Migrations that are known and not applied.
    pub(crate) pending: Vec<String>,
    /// Migrations that are applied and not known.
    pub(crate) missing: Vec<String>,
    /// Differences between what the applied migrations make and what is there.
    pub(crate) structure: Vec<Drift>,
    /// Promises of the entities that the database does not keep.
    pub(crate) promises: Vec<Drift>,
    /// How much was compared, in words.
    pub(crate) compared: String,
}

impl Findings {
    /// Whether the check fails; with `strict`, notes count too.
    pub(crate) fn fails(&self, strict: bool) -> bool {
        let counts = |drift: &Drift| strict || drift.severity == Severity::Drift;
        !self.pending.is_empty() || !self.missing.is_empty() || self.structure.iter().chain(&self.promises).any(counts)
    }
}

/// Checks the database behind `opened` against the migrations in its history and the entities.
pub(crate) async fn check(
    schema: &Schema,
    place: &Place,
    opened: &Opened,
    link: &Link,
    state: &State<'_>,
) -> Result<Findings, Error> {
    let promises = schema.promises(place.dialect());
    let entities = format!("{} entities", promises.len());
    let Some(migrator) = schema.own_migrator() else {
        let actual = introspect(opened).await?;
        let promises = catalog::promise(&promises, &actual);
        return Ok(Findings {
            pending: Vec::new(),
            missing: Vec::new(),
            structure: Vec::new(),
            promises,
            compared: entities,
        });
    };
    let actual = live(opened, migrator).await?;
    let declared = declared(schema.name(), migrator, place, &opened.namespace, link, &state.done()).await?;
    Ok(Findings {
        pending: state.pending(),
        missing: state.missing(),
        structure: catalog::diff(&declared, &actual),
        promises: catalog::promise(&promises, &actual),
        compared: format!("{}, {entities}", declared.counts()),
    })
}

/// What is live, less what is kiln's and the migrator's own.
pub(crate) async fn live(opened: &Opened, migrator: Migrator) -> Result<Catalog, Error> {
    let catalog = introspect(opened).await?;
    Ok(catalog.without(&[&migrator.history_table(), "kiln_history", seeder::ledger::TABLE]))
}

async fn introspect(opened: &Opened) -> Result<Catalog, Error> {
    let failed = Error::database("reading the structure of the database");
    catalog::introspect(&opened.db, &opened.namespace).await.map_err(failed)
}

/// What the migrations of `versions` make on an empty place of the same kind.
pub(crate) async fn declared(
    schema: &str,
    migrator: Migrator,
    place: &Place,
    namespace: &str,
    link: &Link,
    versions: &[String],
) -> Result<Catalog, Error> {
    // A replay is as long as its migrations are, and nobody waits for a lock in it.
    let link = Link { timeout: link.timeout.max(Duration::from_secs(10)), ..*link };
    let scratch = Scratch::make(place, namespace, &link).await?;
    let plan = Plan { direction: Direction::Up, versions: versions.to_vec() };
    let replayed = async {
        apply(&scratch.opened.db, schema, migrator, &plan, Record::Nothing)
            .await
            .map_err(|failed| Error::Database(format!("replaying the migrations on a scratch place: {failed}")))?;
        live(&scratch.opened, migrator).await
    };
    let catalog = replayed.await;
    scratch.remove().await?;
    catalog
}
