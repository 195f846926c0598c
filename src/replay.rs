//! What migrations make on an empty place of the same kind as the live one, and what they emit there.

mod rehearsal;

use std::collections::BTreeMap;

use catalog::{Catalog, Dialect};
use sea_orm::{ConnectionTrait, DbErr, Statement};
use sea_orm_migration::{MigrationTrait, SchemaManager};

use crate::connect::{Link, Opened, settings};
use crate::error::{Error, not_in_transaction, words};
use crate::migrate::history::own::{TABLE, Texts};
use crate::migrate::one::{body, is_one_transaction};
use crate::migrate::plan::{Direction, Plan};
use crate::migrate::record::{Ground, Log, Recorder, offline};
use crate::migrate::reference::Pointing;
use crate::place::{Place, Server};
use crate::schema::Migrator;
use crate::scratch::{Extensions, Scratch};

/// Whose migrations are replayed, and like what.
#[derive(Clone, Copy)]
pub(crate) struct Replay<'a> {
    pub(crate) migrator: Migrator,
    /// The namespaces beside the place's own that the schema owns.
    pub(crate) beside: &'a [&'static str],
    pub(crate) place: &'a Place,
    /// What is live there; none while nothing is there yet.
    pub(crate) live: Option<&'a Opened>,
    pub(crate) link: &'a Link,
    /// The server on which empty places are made; none where that of the place serves.
    pub(crate) elsewhere: Option<&'a Server>,
}

/// What migrations emit on an empty place, each after those before it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recording {
    pub(crate) texts: BTreeMap<String, Texts>,
    /// The first that cannot be run there, and why; those after it are not recorded either.
    pub(crate) stumbled: Option<Stumbled>,
}

/// A migration that cannot be run on an empty place.
#[derive(Clone, Debug)]
pub(crate) struct Stumbled {
    pub(crate) version: String,
    pub(crate) direction: Direction,
    pub(crate) source: DbErr,
}

impl From<Stumbled> for Error {
    fn from(stumbled: Stumbled) -> Self {
        let said = words(&stumbled.source);
        let what = match stumbled.direction {
            Direction::Up => "replayed",
            Direction::Down => "rolled back",
        };
        let way_out =
            not_in_transaction(&stumbled.source).map_or_else(String::new, |why| format!("; {}", why.way_out()));
        Self::Database(format!("{} cannot be {what} on an empty database: {said}{way_out}", stumbled.version))
    }
}

/// An empty place with migrations to run on it.
pub(crate) struct Stage<'a> {
    replay: &'a Replay<'a>,
    scratch: &'a Scratch,
    pub(crate) opened: &'a Opened,
    migrations: Vec<Box<dyn MigrationTrait>>,
}

impl Stage<'_> {
    /// The migration of this version.
    pub(crate) fn migration(&self, version: &str) -> &dyn MigrationTrait {
        let migration = self.migrations.iter().find(|migration| migration.name() == version);
        migration.expect("versions are those of the migrator").as_ref()
    }

    /// Runs one side of a migration in a session of its own, and gives what it did.
    pub(crate) async fn run(&self, version: &str, direction: Direction) -> Result<Log, Stumbled> {
        let migration = self.migration(version);
        let stumbled = |source| Stumbled { version: version.to_owned(), direction, source };
        let session = self.session().await.map_err(|error| stumbled(DbErr::Custom(error.to_string())))?;
        let before = Pointing::read(&session.db, &session.namespace).await.map_err(stumbled)?;
        let (ground, log) = if is_one_transaction(&session, migration) {
            let transaction = session.begin_fresh().await.map_err(stumbled)?;
            (Ground::Transaction(transaction), Log::of_statements().in_transaction())
        } else {
            (Ground::Place(session.clone()), Log::of_statements())
        };
        let recorder = Recorder::start(ground, log);
        let outcome = body(&SchemaManager::new(recorder.front()), migration, direction).await;
        let left = recorder.finish().await;
        let mut outcome = left.failed.map_or(outcome, Err);
        if let Ground::Transaction(transaction) = left.ground {
            if outcome.is_ok() {
                outcome = before.refuse_broken(&transaction, &session.namespace).await;
            }
            match &outcome {
                Ok(()) => transaction.commit().await.map_err(stumbled)?,
                Err(_) => transaction.rollback().await.map_err(stumbled)?,
            }
        } else if outcome.is_ok() {
            outcome = before.refuse_broken(&self.opened.db, &session.namespace).await;
        }
        let leftovers = leftovers(&session).await.map_err(stumbled)?;
        session.db.close().await.map_err(stumbled)?;
        outcome.map(|()| left.tap.leaving(leftovers)).map_err(stumbled)
    }

    /// The statements that give another client's session the settings that migrations find.
    pub(crate) async fn settings(&self) -> Result<Vec<String>, Error> {
        let failed = || Error::database("reading the settings of a session");
        let session = self.session().await?;
        let settings = settings::of_session(&session).await.map_err(failed())?;
        session.db.close().await.map_err(failed())?;
        Ok(settings)
    }

    /// A session that nothing has touched.
    async fn session(&self) -> Result<Opened, Error> {
        Box::pin(self.scratch.session(self.replay.link)).await
    }

    /// What is there, less what is kiln's and the migrator's own, as if it were live.
    pub(crate) async fn catalog(&self) -> Result<Catalog, Error> {
        let catalog = structure(self.opened, Some(self.replay.migrator), self.replay.beside).await?;
        Ok(match self.replay.live {
            Some(live) => catalog.renamed(&self.opened.namespace, &live.namespace),
            None => catalog,
        })
    }

    /// What is there after each of `versions`, run up in order.
    pub(crate) async fn snapshots(&self, versions: &[String]) -> Result<Vec<Catalog>, Error> {
        let mut snapshots = Vec::new();
        for version in versions {
            self.run(version, Direction::Up).await?;
            snapshots.push(self.catalog().await?);
        }
        Ok(snapshots)
    }

    /// Runs `versions` up, in order, as far as they can be run here.
    pub(crate) async fn record(&self, versions: &[String]) -> Recording {
        let dialect = Dialect::of(self.opened.db.get_database_backend());
        let mut recording = Recording::default();
        for version in versions {
            match self.run(version, Direction::Up).await {
                Ok(log) => {
                    recording.texts.insert(version.clone(), log.texts(dialect));
                }
                Err(stumbled) => {
                    recording.stumbled = Some(stumbled);
                    break;
                }
            }
        }
        recording
    }
}

impl Replay<'_> {
    /// What the migrations of `versions` emit, and what they make, less what is kiln's and the migrator's own.
    pub(crate) async fn recorded_and_declared(&self, versions: &[String]) -> Result<(Recording, Catalog), Error> {
        let declared = self.on_stage(async |stage: &Stage<'_>| {
            let recording = stage.record(versions).await;
            match recording.stumbled {
                Some(stumbled) => Err(stumbled.into()),
                None => Ok((recording, stage.catalog().await?)),
            }
        });
        match (declared.await, self.live) {
            (Err(Error::NoScratch(said)), Some(live)) if self.can_be_rehearsed() => {
                rehearsal::rehearse(self, live, versions)
                    .await
                    .map_err(|error| Error::NoScratch(format!("{said}; nor inside the database: {error}")))
            }
            (declared, _) => declared,
        }
    }

    /// What the migrations of `versions` make, and the namespace that it is made in.
    pub(crate) async fn declared(&self, versions: &[String]) -> Result<(Catalog, String), Error> {
        self.on_stage(async |stage: &Stage<'_>| match stage.record(versions).await.stumbled {
            Some(stumbled) => Err(stumbled.into()),
            None => Ok((stage.catalog().await?, self.live.unwrap_or(stage.opened).namespace.clone())),
        })
        .await
    }

    /// Whether the migrations stay in one PostgreSQL schema, as far as the program says.
    fn can_be_rehearsed(&self) -> bool {
        self.place.dialect() == Dialect::Postgres && self.beside.is_empty() && self.elsewhere.is_none()
    }

    /// What the migrations of `versions` emit, as far as they can be run on an empty place.
    pub(crate) async fn recording(&self, versions: &[String]) -> Result<Recording, Error> {
        let texts = self.offline(versions).await;
        if texts.len() == versions.len() {
            return Ok(Recording { texts, stumbled: None });
        }
        let mut recording = self.recording_on_stage(versions).await?;
        // One way to record a migration, whatever the others ask.
        recording.texts.extend(texts);
        Ok(recording)
    }

    /// As [`Self::recording`], with every migration run.
    pub(crate) async fn recording_on_stage(&self, versions: &[String]) -> Result<Recording, Error> {
        let record = async |stage: &Stage<'_>| Ok(stage.record(versions).await);
        let mut recording = self.with(Extensions::None, &record).await?;
        if recording.stumbled.is_some() && self.has_extensions().await? {
            let other = self.with(Extensions::Live, &record).await?;
            if other.texts.len() > recording.texts.len() {
                recording = other;
            }
        }
        Ok(recording)
    }

    /// The first of `versions` that says that it has no way down, and its words.
    pub(crate) async fn irreversible(&self, versions: &[String]) -> Option<(String, String)> {
        let migrations = (self.migrator.migrations)();
        for version in versions {
            let migration = migrations.iter().find(|migration| migration.name() == version)?;
            let down = offline(self.place.dialect().backend(), migration.as_ref(), Direction::Down).await;
            if let Some(Err(error @ DbErr::Migration(_))) = down {
                return Some((version.clone(), words(&error)));
            }
        }
        None
    }

    /// Runs `plan` on an empty place where `done` are applied; an error says which of its own cannot be run.
    ///
    /// Where those that it leaves alone cannot be run there, it may work all the same where they have been, and
    /// is let pass.
    pub(crate) async fn try_plan(&self, done: &[String], plan: &Plan) -> Result<(), Error> {
        let gone = plan.versions(Direction::Down);
        let (gone, kept): (Vec<String>, Vec<String>) = done.iter().cloned().partition(|one| gone.contains(one));
        self.on_stage(async |stage: &Stage<'_>| {
            if stage.record(&kept).await.stumbled.is_some() {
                return Ok(());
            }
            for version in &gone {
                stage.run(version, Direction::Up).await?;
            }
            for step in &plan.steps {
                stage.run(&step.version, step.direction).await?;
            }
            Ok(())
        })
        .await
    }

    /// What those of `versions` emit that ask nothing of the database: the same as on an empty place.
    pub(crate) async fn offline(&self, versions: &[String]) -> BTreeMap<String, Texts> {
        let (dialect, mut texts) = (self.place.dialect(), BTreeMap::new());
        for migration in (self.migrator.migrations)() {
            let version = migration.name().to_owned();
            if versions.contains(&version)
                && let Some(Ok(log)) = offline(dialect.backend(), migration.as_ref(), Direction::Up).await
            {
                texts.insert(version, log.texts(dialect));
            }
        }
        texts
    }

    /// What `versions` make, and what the first `kept` of them make.
    pub(crate) async fn before_and_after(&self, versions: &[String], kept: usize) -> Result<(Catalog, Catalog), Error> {
        self.on_stage(async |stage: &Stage<'_>| {
            let (kept, gone) = versions.split_at(kept);
            if let Some(stumbled) = stage.record(kept).await.stumbled {
                return Err(stumbled.into());
            }
            let after = stage.catalog().await?;
            match stage.record(gone).await.stumbled {
                Some(stumbled) => Err(stumbled.into()),
                None => Ok((stage.catalog().await?, after)),
            }
        })
        .await
    }

    /// Does `work` on an empty place, which is gone afterwards.
    pub(crate) async fn on_stage<T>(&self, work: impl AsyncFn(&Stage<'_>) -> Result<T, Error>) -> Result<T, Error> {
        match self.with(Extensions::None, &work).await {
            // They may use extensions that somebody else has made.
            Err(error) if self.has_extensions().await? => self.with(Extensions::Live, &work).await.map_err(|_| error),
            done => done,
        }
    }

    async fn with<T>(
        &self,
        extensions: Extensions,
        work: &impl AsyncFn(&Stage<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let scratch = Box::pin(Scratch::make(self.place, self.elsewhere, self.live, self.link, extensions)).await?;
        let stage = Stage {
            replay: self,
            scratch: &scratch,
            opened: &scratch.opened,
            migrations: (self.migrator.migrations)(),
        };
        let done = work(&stage).await;
        scratch.remove().await?;
        done
    }

    /// Whether a PostgreSQL database has extensions besides the one that is always there.
    async fn has_extensions(&self) -> Result<bool, Error> {
        let Some(live) = self.live.filter(|_| self.place.dialect() == Dialect::Postgres) else { return Ok(false) };
        extensions(live).await.map_err(Error::database("listing the extensions"))
    }
}

/// The statements that drop what is temporary in an SQLite session, and detach its other files.
async fn leftovers(session: &Opened) -> Result<Vec<String>, DbErr> {
    let backend = session.db.get_database_backend();
    if Dialect::of(backend) != Dialect::Sqlite {
        return Ok(Vec::new());
    }
    let temporary = "SELECT type AS kind, name FROM sqlite_temp_schema WHERE type IN ('table', 'view', 'trigger') \
                     AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY type = 'table', name";
    let attached = "SELECT 'detach' AS kind, name FROM pragma_database_list WHERE name NOT IN ('main', 'temp')";
    let mut statements = Vec::new();
    for sql in [temporary, attached] {
        for row in session.db.query_all_raw(Statement::from_string(backend, sql)).await? {
            let (kind, name): (String, String) = (row.try_get("", "kind")?, row.try_get("", "name")?);
            let name = Dialect::Sqlite.quote(&name);
            statements.push(match kind.as_str() {
                "detach" => format!("DETACH {name}"),
                kind => format!("DROP {} IF EXISTS temp.{name}", kind.to_ascii_uppercase()),
            });
        }
    }
    Ok(statements)
}

async fn extensions(live: &Opened) -> Result<bool, DbErr> {
    let transaction = live.begin().await?;
    let sql = "SELECT 1 FROM pg_extension WHERE extname <> 'plpgsql'";
    let rows = transaction.query_all_raw(Statement::from_string(transaction.get_database_backend(), sql)).await?;
    transaction.rollback().await?;
    Ok(!rows.is_empty())
}

/// What is there and in the namespaces beside it, less what is kiln's and the migrator's own, and how far
/// generators of numbers have come: that is life.
pub(crate) async fn structure(opened: &Opened, migrator: Option<Migrator>, beside: &[&str]) -> Result<Catalog, Error> {
    let failed = || Error::database("reading the structure of the database");
    let transaction = opened.begin().await.map_err(failed())?;
    catalog::pin_rendering(&transaction).await.map_err(failed())?;
    let catalog = catalog::introspect_all(&transaction, &opened.namespace, beside).await.map_err(failed())?;
    transaction.rollback().await.map_err(failed())?;
    let history = migrator.map(Migrator::history_table).unwrap_or_default();
    Ok(catalog.without(&[&history, TABLE, seeder::ledger::TABLE]).without_positions())
}
