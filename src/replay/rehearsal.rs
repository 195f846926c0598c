//! A replay inside the live PostgreSQL database, in a transaction that is rolled back.
//!
//! For a role that may make no database: the migrations run in a PostgreSQL schema of their own, and
//! a statement that names the live one is refused before it runs. Nothing of it outlives the
//! connection, however it ends.

use catalog::{Catalog, Dialect};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use sea_orm_migration::{MigrationTrait, SchemaManager};

use super::{Recording, Replay, Stumbled};
use crate::connect::{self, Opened, Purpose};
use crate::error::Error;
use crate::migrate::history::own::Texts;
use crate::migrate::one::body;
use crate::migrate::plan::Direction;
use crate::migrate::record::{Ground, Log, Recorder};
use crate::place::{Place, Server};
use crate::scratch;

/// What the migrations of `versions` emit, and what they make, as if it were live.
pub(super) async fn rehearse(
    replay: &Replay<'_>,
    live: &Opened,
    versions: &[String],
) -> Result<(Recording, Catalog), Error> {
    let Place::Server(server) = replay.place else {
        unreachable!("only a server's roles may lack the right to make a database")
    };
    let failed = || Error::database("rehearsing the migrations in a schema of their own");
    let here = Server { namespace: None, ..server.clone() };
    let db = connect::connect(&here, replay.link, Purpose::Look).await?;
    let beyond = scratch::beyond(live).await.map_err(failed())?;
    let transaction = connect::begin(&db, None).await.map_err(failed())?;
    let home = scratch::new_name("");
    let rehearsal = Rehearsal { replay, live, home, beyond };
    let outcome = match rehearsal.set_up(&transaction).await {
        Ok(()) => rehearsal.run(transaction, versions).await,
        Err(error) => {
            // A pool waits for its connections when it is closed.
            transaction.rollback().await.map_err(failed())?;
            Err(failed()(error))
        }
    };
    // The connection ends, and with it the transaction, whatever became of it.
    db.close().await.map_err(failed())?;
    outcome
}

struct Rehearsal<'a> {
    replay: &'a Replay<'a>,
    live: &'a Opened,
    /// The PostgreSQL schema that stands for the live one.
    home: String,
    /// Where names are looked up after it.
    beyond: Vec<String>,
}

impl Rehearsal<'_> {
    async fn set_up(&self, transaction: &DatabaseTransaction) -> Result<(), DbErr> {
        let create = format!("CREATE SCHEMA {}", Dialect::Postgres.quote(&self.home));
        transaction.execute_unprepared(&create).await.map(drop)
    }

    /// Makes the session like a new one in which names are looked up in the schema that stands for the live one.
    async fn refresh(&self, transaction: &DatabaseTransaction) -> Result<(), DbErr> {
        if let Some(reset) = Dialect::Postgres.reset_in_transaction() {
            transaction.execute_unprepared(reset).await?;
        }
        let path: Vec<String> =
            std::iter::once(&self.home).chain(&self.beyond).map(|name| Dialect::Postgres.quote(name)).collect();
        let opened = Opened { search_path: Some(path.join(",")), ..self.live.clone() };
        opened.take_back(transaction).await
    }

    async fn run(
        &self,
        mut transaction: DatabaseTransaction,
        versions: &[String],
    ) -> Result<(Recording, Catalog), Error> {
        let migrations = (self.replay.migrator.migrations)();
        let mut recording = Recording::default();
        for version in versions {
            let migration = migrations.iter().find(|migration| migration.name() == version);
            let migration = migration.expect("versions are those of the migrator").as_ref();
            let (texts, after) = self.one(transaction, migration).await.map_err(|source| {
                Error::from(Stumbled { version: version.clone(), direction: Direction::Up, source })
            })?;
            recording.texts.insert(version.clone(), texts);
            transaction = after;
        }
        let failed = || Error::database("reading what the migrations make");
        self.refresh(&transaction).await.map_err(failed())?;
        catalog::pin_rendering(&transaction).await.map_err(failed())?;
        let declared = catalog::introspect(&transaction, &self.home).await.map_err(failed())?;
        transaction.rollback().await.map_err(failed())?;
        Ok((recording, declared.renamed(&self.home, &self.live.namespace)))
    }

    async fn one(
        &self,
        transaction: DatabaseTransaction,
        migration: &dyn MigrationTrait,
    ) -> Result<(Texts, DatabaseTransaction), DbErr> {
        self.refresh(&transaction).await?;
        let log = Log::of_texts().in_transaction().fenced(&self.live.namespace);
        let recorder = Recorder::start(Ground::Transaction(transaction), log);
        let outcome = body(&SchemaManager::new(recorder.front()), migration, Direction::Up).await;
        let left = recorder.finish().await;
        left.failed.map_or(outcome, Err)?;
        match left.ground {
            Ground::Transaction(transaction) => Ok((left.tap.texts(Dialect::Postgres), transaction)),
            Ground::Place(_) => unreachable!("a recorder gives back the ground that it was given"),
        }
    }
}
