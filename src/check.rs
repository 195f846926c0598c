//! Whether a live database is what its migrations make and what its entities promise.

use catalog::{Catalog, Dialect, Drift, Severity};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde::Serialize;

use crate::connect::{Link, Opened};
use crate::error::{Error, words};
use crate::migrate::apply::{Record, apply};
use crate::migrate::plan::{Direction, Plan, State};
use crate::place::Place;
use crate::schema::{Migrator, Schema};
use crate::scratch::{Extensions, Scratch};

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
    /// Why the structure could not be compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_compared: Option<String>,
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
            not_compared: None,
        });
    };
    let actual = live(opened, migrator).await?;
    let declared = declared(schema.name(), migrator, place, opened, link, &state.done()).await;
    let (structure, compared, not_compared) = match &declared {
        Ok(declared) => (catalog::diff(declared, &actual), format!("{}, {entities}", declared.counts()), None),
        // History and promises need no scratch place.
        Err(error) => (Vec::new(), entities, Some(error.to_string())),
    };
    Ok(Findings {
        pending: state.pending(),
        missing: state.missing(),
        structure,
        promises: catalog::promise(&promises, &actual),
        compared,
        not_compared,
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

/// What the migrations of `versions` make on an empty place of the same kind as `live`.
pub(crate) async fn declared(
    schema: &str,
    migrator: Migrator,
    place: &Place,
    live: &Opened,
    link: &Link,
    versions: &[String],
) -> Result<Catalog, Error> {
    let replayed = replay(schema, migrator, place, live, link, versions, Extensions::None).await;
    match replayed {
        // They may use extensions that somebody else has made.
        Err(_) if has_extensions(&live.db).await? => {
            replay(schema, migrator, place, live, link, versions, Extensions::Live).await.or(replayed)
        }
        replayed => replayed,
    }
}

/// Whether a PostgreSQL database has extensions besides the one that is always there.
async fn has_extensions(db: &DatabaseConnection) -> Result<bool, Error> {
    if Dialect::of(db.get_database_backend()) != Dialect::Postgres {
        return Ok(false);
    }
    let sql = "SELECT 1 FROM pg_extension WHERE extname <> 'plpgsql'";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    rows.map(|rows| !rows.is_empty()).map_err(Error::database("listing the extensions"))
}

async fn replay(
    schema: &str,
    migrator: Migrator,
    place: &Place,
    live: &Opened,
    link: &Link,
    versions: &[String],
    extensions: Extensions,
) -> Result<Catalog, Error> {
    let scratch = Scratch::make(place, live, link, extensions).await?;
    let plan = Plan { direction: Direction::Up, versions: versions.to_vec() };
    let replayed = async {
        apply(&scratch.opened.db, schema, migrator, &plan, Record::Nothing).await.map_err(|failed| {
            let said = words(&failed.source);
            Error::Database(format!("{} cannot be replayed on an empty database: {said}", failed.version))
        })?;
        self::live(&scratch.opened, migrator).await
    };
    let catalog = replayed.await;
    scratch.remove().await?;
    catalog
}
