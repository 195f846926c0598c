//! Running a plan: under the lock, each migration together with what is recorded of it.

use std::collections::BTreeMap;

use catalog::Object;
use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;

use super::clear;
use super::failed::Failed;
use super::history::own::{self, Known, Origin, Text, Texts};
use super::history::{self, History};
use super::lock::{self, Lock, Patience};
use super::one::{BUSY, Ended, One, Whole};
use super::plan::{Direction, Plan, Planned, State, Target, Wish};
use crate::connect::{self, Limits, Link, Opened, Purpose};
use crate::error::{Error, Fault, fault};
use crate::place::Place;
use crate::schema::Migrator;

/// A migration that ran.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Its version.
    pub version: String,
    /// Which way.
    pub(crate) direction: Direction,
    /// How long it took, as it is recorded.
    pub milliseconds: u64,
    /// How many of its statements an earlier run had done.
    pub(crate) resumed: usize,
    /// What it ran, less its looks at what was there.
    pub(crate) statements: Vec<Text>,
}

/// Who hears of what is going on.
pub(crate) trait Observer {
    /// Another runner holds the lock.
    fn waits(&self, holder: &str);
    /// A migration begins, the `number`-th of `count`.
    fn starts(&self, step: &Planned, number: usize, count: usize);
    /// It has ended, one way or the other.
    fn ends(&self);
}

/// Whose migrations run, where, and how patiently.
#[derive(Clone, Copy)]
pub(crate) struct Runner<'a> {
    /// The schema's name.
    pub(crate) schema: &'a str,
    pub(crate) migrator: Migrator,
    pub(crate) place: &'a Place,
    /// The PostgreSQL schema, MariaDB database, or `main`.
    pub(crate) namespace: &'a str,
    /// The namespaces beside it that the schema owns.
    pub(crate) beside: &'a [&'static str],
    pub(crate) link: &'a Link,
    pub(crate) limits: Limits,
    /// What each migration emits on an empty place, as far as that is known.
    pub(crate) texts: &'a BTreeMap<String, Texts>,
    pub(crate) observer: &'a dyn Observer,
}

/// What a run did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ran {
    /// What was dropped first; none unless the plan says so.
    pub(crate) dropped: Option<Vec<Object>>,
    pub(crate) steps: Vec<Step>,
    /// Versions in the history afterwards.
    pub(crate) applied: usize,
}

/// How a run ended, and what it did by then.
pub(crate) type Outcome = (Ran, Result<(), Error>);

impl Runner<'_> {
    /// Runs what `wish` comes to under the lock; `agreed` is what was seen, and consented to, before it.
    pub(crate) async fn run(&self, wish: &Wish, agreed: &Plan) -> Outcome {
        let mut ran = Ran::default();
        let outcome = self.locked(wish, agreed, &mut ran).await;
        self.observer.ends();
        (ran, outcome)
    }

    async fn locked(&self, wish: &Wish, agreed: &Plan, ran: &mut Ran) -> Result<(), Error> {
        let (lock, mut opened) = self.lock().await?;
        let outcome = self.planned(&mut opened, wish, agreed, ran).await;
        // Why the run failed says more than that the lock of a lost connection cannot be freed.
        let freed = self.free(lock, opened).await;
        outcome.and(freed)
    }

    /// Takes the lock, and makes the place if it is not there.
    pub(super) async fn lock(&self) -> Result<(Lock, Opened), Error> {
        let patience = Patience::new(self.link.wait);
        let waits = |holder: &str| self.observer.waits(holder);
        let lock = Lock::of_place(self.place, Some(self.namespace), self.link, patience, waits).await?;
        let opened = connect::open(self.place, self.link, Purpose::Structure).await?;
        let mut opened = opened.expect("a place that is created is there");
        opened.limit(self.limits).await.map_err(Error::database("setting the limits of the run"))?;
        lock::on_session(&opened, patience, waits).await?;
        Ok((lock, opened))
    }

    /// A session that nothing has touched, in place of the last one.
    pub(super) async fn renew(&self, opened: &mut Opened) -> Result<(), Error> {
        opened.renew(self.place, self.link).await?;
        let waits = |holder: &str| self.observer.waits(holder);
        lock::on_session(opened, Patience::new(self.link.wait), waits).await
    }

    pub(super) async fn free(&self, lock: Lock, opened: Opened) -> Result<(), Error> {
        opened.db.close().await.map_err(Error::database("closing the connection"))?;
        lock.free().await
    }

    async fn planned(&self, opened: &mut Opened, wish: &Wish, agreed: &Plan, ran: &mut Ran) -> Result<(), Error> {
        let known: Vec<String> = self.known();
        if agreed.clears {
            ran.dropped = Some(clear::clear(opened, self.beside).await?);
        }
        let history = self.prepare(opened).await?;
        let applied = history.versions();
        let half = history.half();
        let state = State { schema: self.schema, known: &known, applied: &applied, half: half.as_ref() };
        let plan = state.plan(wish)?;
        let rolls_back = |plan: &Plan| plan.versions(Direction::Down);
        if rolls_back(&plan) != rolls_back(agreed) {
            return Err(self.overtaken());
        }
        ran.applied = applied.len();
        let mut expected = applied;
        let count = plan.steps.len();
        for (at, planned) in plan.steps.iter().enumerate() {
            self.observer.starts(planned, at + 1, count);
            let step = self.step(opened, planned, &mut expected, &ran.steps).await;
            let step = step.map_err(|error| error.with_verb(wish.verb(planned.direction)))?;
            ran.steps.extend(step);
            ran.applied = expected.len();
        }
        self.tidy(opened).await
    }

    /// The versions of the migrator, in order.
    fn known(&self) -> Vec<String> {
        (self.migrator.migrations)().iter().map(|migration| migration.name().to_owned()).collect()
    }

    pub(super) fn overtaken(&self) -> Error {
        Error::Refused(format!(
            "another program has changed the history of {} meanwhile; look at it with `kiln migrate status {}`, and run \
             this again",
            self.schema, self.schema
        ))
    }

    /// Makes the history tables, and makes what kiln knows agree with what is applied.
    pub(super) async fn prepare(&self, opened: &Opened) -> Result<History, Error> {
        let failed = || Error::database("making the history table");
        let transaction = opened.begin_writing().await.map_err(|error| self.in_words(error, "taking the lock"))?;
        history::install(&transaction, &opened.namespace, self.migrator).await.map_err(failed())?;
        let mut history = history::read(&transaction, &opened.namespace, self.migrator).await.map_err(failed())?;
        self.adopt(&transaction, &opened.namespace, &mut history).await.map_err(failed())?;
        transaction.commit().await.map_err(failed())?;
        Ok(history)
    }

    /// Takes over what other programs have applied, and forgets what they have rolled back; gives the versions of both.
    pub(super) async fn adopt(
        &self,
        db: &impl ConnectionTrait,
        namespace: &str,
        history: &mut History,
    ) -> Result<(Vec<String>, Vec<String>), DbErr> {
        let is_gone = |(version, known): &(&String, &Known)| {
            known.origin.half().is_none() && !history.applied.contains_key(*version)
        };
        let forgotten: Vec<String> = history.own.iter().filter(is_gone).map(|(version, _)| version.clone()).collect();
        for version in &forgotten {
            own::remove(db, namespace, version).await?;
            history.own.remove(version);
        }
        let mut adopted = Vec::new();
        for version in history.applied.keys() {
            let texts = self.texts.get(version);
            let known = match history.own.get(version) {
                None => {
                    adopted.push(version.clone());
                    Known::new(Origin::External, self.place.dialect(), texts, None)
                }
                Some(known) if self.can_be_completed(known, texts) => {
                    Known::new(known.origin, self.place.dialect(), texts, known.milliseconds)
                }
                Some(_) => continue,
            };
            own::write(db, namespace, version, &known).await?;
            history.own.insert(version.clone(), known);
        }
        Ok((adopted, forgotten))
    }

    /// Whether a row lacks what is known now: its checksum, or the texts, which a printed script leaves out.
    fn can_be_completed(&self, known: &Known, texts: Option<&Texts>) -> bool {
        let Some(texts) = texts.filter(|_| known.origin.half().is_none()) else { return false };
        let lacks_texts = || known.texts.0.is_empty() && !texts.0.is_empty();
        match &known.checksum {
            None => true,
            Some(checksum) => lacks_texts() && *checksum == texts.checksum(self.place.dialect()),
        }
    }

    /// Drops kiln's own table when nothing is in it any more.
    pub(super) async fn tidy(&self, opened: &Opened) -> Result<(), Error> {
        let failed = || Error::database("tidying up");
        let transaction = opened.begin_writing().await.map_err(failed())?;
        if own::read(&transaction, &opened.namespace).await.map_err(failed())?.is_empty() {
            let drop = own::drop(self.place.dialect(), &opened.namespace);
            transaction.execute_unprepared(&drop).await.map_err(failed())?;
        }
        transaction.commit().await.map_err(failed())
    }

    /// Runs one migration; none where another runner has done it meanwhile.
    async fn step(
        &self,
        opened: &mut Opened,
        planned: &Planned,
        expected: &mut Vec<String>,
        done: &[Step],
    ) -> Result<Option<Step>, Error> {
        let migrations = (self.migrator.migrations)();
        let migration = migrations.iter().find(|migration| migration.name() == planned.version);
        let migration = migration.expect("a plan holds versions of its own migrator");
        let (schema, version) = (self.schema, &planned.version);
        tracing::info!(schema, version, direction = ?planned.direction, "migrate.started");
        self.renew(opened).await?;
        let mut one = One { runner: self, opened, planned, migration: migration.as_ref() };
        let Whole { texts, resumed, milliseconds } = match one.run(expected).await {
            Ok(Some(whole)) => whole,
            Ok(None) => return Ok(None),
            Err(Ended::Overtaken) => return Err(self.overtaken()),
            Err(Ended::Busy(patience)) => return Err(lock::gave_up(BUSY, patience)),
            Err(Ended::Failed { source, statement, remains }) => {
                if fault(&source) == Some(Fault::LockTimeout) && statement.is_none() {
                    return Err(self.in_words(source, "taking the lock"));
                }
                return Err(Error::Migration(Box::new(Failed {
                    schema: schema.to_owned(),
                    done: done.to_vec(),
                    version: version.clone(),
                    direction: planned.direction,
                    verb: Wish::Down(Target::All).verb(planned.direction),
                    statement,
                    remains,
                    source,
                })));
            }
        };
        match planned.direction {
            Direction::Up => expected.push(version.clone()),
            Direction::Down => expected.retain(|applied| applied != version),
        }
        tracing::info!(schema, version, milliseconds, "migrate.done");
        Ok(Some(Step {
            version: version.clone(),
            direction: planned.direction,
            milliseconds,
            resumed,
            statements: texts.0,
        }))
    }

    /// SQLite's way to say that another one is writing.
    fn in_words(&self, error: DbErr, doing: &str) -> Error {
        if fault(&error) == Some(Fault::LockTimeout) && matches!(self.place, Place::File(_)) {
            return lock::gave_up("SQLite does not tell which", Patience::new(self.link.wait));
        }
        Error::database(doing)(error)
    }
}
