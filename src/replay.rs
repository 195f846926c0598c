//! What migrations make on an empty place of the same kind as the live one.

use catalog::{Catalog, Dialect};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use crate::connect::{Link, Opened};
use crate::error::{Error, words};
use crate::migrate::apply::{Record, apply};
use crate::migrate::plan::{Direction, Plan};
use crate::place::Place;
use crate::schema::Migrator;
use crate::scratch::{Extensions, Scratch};

/// Whose migrations are replayed, and like what.
#[derive(Clone, Copy)]
pub(crate) struct Replay<'a> {
    /// The schema's name.
    pub(crate) schema: &'a str,
    pub(crate) migrator: Migrator,
    /// The namespaces beside the place's own that the schema owns.
    pub(crate) beside: &'a [&'static str],
    pub(crate) place: &'a Place,
    /// What is live there.
    pub(crate) live: &'a Opened,
    pub(crate) link: &'a Link,
}

impl Replay<'_> {
    /// What the migrations of `versions` make, less what is kiln's and the migrator's own.
    pub(crate) async fn declared(&self, versions: &[String]) -> Result<Catalog, Error> {
        match self.with(Extensions::None, versions).await {
            // They may use extensions that somebody else has made.
            Err(error) if has_extensions(&self.live.db).await? => {
                self.with(Extensions::Live, versions).await.map_err(|_| error)
            }
            replayed => replayed,
        }
    }

    async fn with(&self, extensions: Extensions, versions: &[String]) -> Result<Catalog, Error> {
        let scratch = Scratch::make(self.place, self.live, self.link, extensions).await?;
        let catalog = self.on(&scratch.opened, versions).await;
        scratch.remove().await?;
        catalog
    }

    async fn on(&self, scratch: &Opened, versions: &[String]) -> Result<Catalog, Error> {
        let plan = Plan { direction: Direction::Up, versions: versions.to_vec() };
        apply(&scratch.db, self.schema, self.migrator, &plan, Record::Nothing).await.map_err(|failed| {
            let said = words(&failed.source);
            Error::Database(format!("{} cannot be replayed on an empty database: {said}", failed.version))
        })?;
        let mut catalog = structure(scratch, Some(self.migrator), self.beside).await?;
        // MariaDB's views name the database of each table. The scratch one's name occurs nowhere else.
        let quoted = |opened: &Opened| catalog.dialect.quote(&opened.namespace);
        let (here, there) = (quoted(scratch), quoted(self.live));
        for view in catalog.views.values_mut() {
            view.definition = view.definition.replace(&here, &there);
        }
        Ok(catalog)
    }
}

/// What is there and in the namespaces beside it, less what is kiln's and the migrator's own.
pub(crate) async fn structure(opened: &Opened, migrator: Option<Migrator>, beside: &[&str]) -> Result<Catalog, Error> {
    let failed = Error::database("reading the structure of the database");
    let catalog = catalog::introspect_all(&opened.db, &opened.namespace, beside).await.map_err(failed)?;
    let history = migrator.map(Migrator::history_table).unwrap_or_default();
    Ok(catalog.without(&[&history, "kiln_history", seeder::ledger::TABLE]))
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
