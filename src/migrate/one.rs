//! One migration of a run: in one transaction with what is recorded of it, or statement by statement
//! with a journal.

use std::time::Instant;

use catalog::Dialect;
use chrono::Utc;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, TransactionTrait};
use sea_orm_migration::{MigrationTrait, SchemaManager};

use super::apply::Runner;
use super::failed::Remains;
use super::history;
use super::history::own::{self, Known, Origin, Texts};
use super::lock::Patience;
use super::panicked::guarded;
use super::plan::{Direction, Planned};
use super::record::{Course, Ground, Journal, Log, Recorder};
use super::reference::Pointing;
use super::statement::{self, Kind};
use crate::connect::Opened;
use crate::error::{Fault, fault, is_of_server};

/// Whether a migration and its history rows are one transaction: what the migration says, or else
/// whether the engine can roll its changes back.
pub(crate) fn is_one_transaction(opened: &Opened, migration: &dyn MigrationTrait) -> bool {
    let can = Dialect::of(opened.db.get_database_backend()).transactional_ddl();
    can && migration.use_transaction().unwrap_or(true)
}

/// Runs one side of a migration. A panic of its own is a failure like any other.
pub(crate) async fn body(
    manager: &SchemaManager<'_>,
    migration: &dyn MigrationTrait,
    direction: Direction,
) -> Result<(), DbErr> {
    let side = async {
        match direction {
            Direction::Up => migration.up(manager).await,
            Direction::Down => migration.down(manager).await,
        }
    };
    guarded(side).await
}

/// Who writes the history while nobody holds the lock.
pub(super) const BUSY: &str = "the server is at work for one that is gone, or another program writes the history";

/// How a migration ended that did not come to its end.
pub(super) enum Ended {
    /// The history is not what it was.
    Overtaken,
    /// Somebody else writes the history.
    Busy(Patience),
    Failed {
        source: DbErr,
        statement: Option<(usize, String)>,
        remains: Remains,
    },
}

impl Ended {
    fn before(source: DbErr) -> Self {
        Self::Failed { source, statement: None, remains: Remains::Nothing }
    }
}

/// A migration that came to its end.
pub(super) struct Whole {
    /// What it ran.
    pub(super) texts: Texts,
    /// How many of its statements an earlier run had done.
    pub(super) resumed: usize,
    /// How long it took: what is recorded is what is reported.
    pub(super) milliseconds: u64,
}

/// One migration of a run.
pub(super) struct One<'a> {
    pub(super) runner: &'a Runner<'a>,
    pub(super) opened: &'a mut Opened,
    pub(super) planned: &'a Planned,
    pub(super) migration: &'a dyn MigrationTrait,
}

impl One<'_> {
    /// Runs it; none where it had been run. `expected` is what the history is believed to have.
    pub(super) async fn run(&mut self, expected: &mut Vec<String>) -> Result<Option<Whole>, Ended> {
        if is_one_transaction(self.opened, self.migration) {
            self.in_transaction(expected).await
        } else {
            self.by_statements(expected).await
        }
    }

    fn namespace(&self) -> &str {
        &self.opened.namespace
    }

    fn dialect(&self) -> Dialect {
        Dialect::of(self.opened.db.get_database_backend())
    }

    /// Everything in one transaction, again from its start while it loses to a lock.
    async fn in_transaction(&self, expected: &mut Vec<String>) -> Result<Option<Whole>, Ended> {
        let (mut tries, mut patience) = (0, None);
        loop {
            let start = Instant::now();
            let transaction = self.turn().await?;
            let ended = match self.may_go_on(&transaction, expected).await {
                Ok(true) => self.whole(transaction, start).await,
                Ok(false) => return Ok(None),
                Err(ended) => Err(ended),
            };
            match ended {
                Err(Ended::Failed { source, statement, remains }) if fault(&source) == Some(Fault::LockTimeout) => {
                    tracing::warn!(
                        version = self.planned.version,
                        "waited for a lock in vain: rolled back, tried again"
                    );
                    let ended = Ended::Failed { source, statement, remains };
                    let patience = patience.get_or_insert_with(|| Patience::new(self.runner.link.wait));
                    patience.after(tries, ended).await?;
                    tries += 1;
                }
                ended => return ended.map(Some),
            }
        }
    }

    async fn whole(&self, transaction: DatabaseTransaction, start: Instant) -> Result<Whole, Ended> {
        let before = Pointing::read(&transaction, self.namespace()).await.map_err(Ended::before)?;
        let recorder = Recorder::start(Ground::Transaction(transaction), Log::of_texts().in_transaction());
        let outcome = body(&SchemaManager::new(recorder.front()), self.migration, self.planned.direction).await;
        let left = recorder.finish().await;
        let Ground::Transaction(transaction) = left.ground else { unreachable!("the ground stays what it was") };
        let statement = left.tap.failed();
        let outcome = match left.failed {
            Some(error) => Err(error),
            None => outcome,
        };
        let outcome = match outcome {
            Ok(()) => match self.opened.take_back(&transaction).await {
                Ok(()) => self.record(&transaction, &before, start).await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        let failed = |source, statement| Ended::Failed { source, statement, remains: Remains::RolledBack };
        match outcome {
            Ok(milliseconds) => {
                let unknown = |source| Ended::Failed { source, statement: None, remains: Remains::Unknown };
                let commit = transaction.commit().await;
                commit.map_err(|error| if is_of_server(&error) { failed(error, None) } else { unknown(error) })?;
                Ok(Whole { texts: left.tap.texts(self.dialect()), resumed: 0, milliseconds })
            }
            Err(error) => {
                // What cannot be rolled back any more, such as after a lost connection, the server rolls back.
                transaction.rollback().await.ok();
                Err(failed(error, statement))
            }
        }
    }

    /// Statement by statement, with a journal.
    async fn by_statements(&mut self, expected: &mut Vec<String>) -> Result<Option<Whole>, Ended> {
        let start = Instant::now();
        let (version, direction) = (&self.planned.version, self.planned.direction);
        if self.keeps_file() {
            // Between two of its statements nobody else may write, up to the end of the session.
            self.opened.db.execute_unprepared("PRAGMA locking_mode = EXCLUSIVE").await.map_err(Ended::before)?;
        }
        let transaction = self.turn().await?;
        if !self.may_go_on(&transaction, expected).await? {
            return Ok(None);
        }
        let token = token();
        own::mark(&transaction, self.namespace(), version, direction, &token).await.map_err(Ended::before)?;
        let course = Course {
            version: version.clone(),
            opened: self.opened.clone(),
            beside: self.runner.beside.to_vec(),
            wait: self.runner.link.wait,
            token: token.clone(),
            session: self.session(&transaction).await.map_err(Ended::before)?,
        };
        let before = Pointing::read(&transaction, self.namespace()).await.map_err(Ended::before)?;
        let journal = Journal::resume(course, &transaction).await.map_err(Ended::before)?;
        transaction.commit().await.map_err(Ended::before)?;

        let recorder = Recorder::start(Ground::Place(self.opened.clone()), journal);
        let outcome = self.body_on(&recorder).await;
        let left = recorder.finish().await;
        let outcome = match left.failed {
            Some(error) => Err(error),
            None => outcome,
        };
        let outcome = match outcome {
            Ok(()) if left.tap.is_open_by_text() => Err(left_open()),
            outcome => outcome,
        };
        let is_renewed = self.leave_session(left.tap.is_open_by_text()).await;
        let outcome = match outcome.and(is_renewed) {
            Ok(()) => self.record_alone(&before, start, &token).await,
            Err(error) => Err(error),
        };
        match outcome {
            Ok(milliseconds) => {
                let (texts, resumed) = (left.tap.log().texts(self.dialect()), left.tap.skipped());
                Ok(Some(Whole { texts, resumed, milliseconds }))
            }
            Err(source) => {
                let remains = self.remains(&token).await.unwrap_or(Remains::Unknown);
                Err(Ended::Failed { source, statement: left.tap.log().failed(), remains })
            }
        }
    }

    /// The number of a MariaDB session.
    async fn session(&self, db: &impl ConnectionTrait) -> Result<Option<u64>, DbErr> {
        if self.dialect() != Dialect::MariaDb {
            return Ok(None);
        }
        let row = db.query_one_raw(Statement::from_string(DbBackend::MySql, "SELECT CONNECTION_ID() AS id")).await?;
        row.map(|row| row.try_get("", "id")).transpose()
    }

    /// Whether a session of this migration has the SQLite file to itself.
    fn keeps_file(&self) -> bool {
        self.dialect() == Dialect::Sqlite
    }

    /// Ends the migration's session, so that what is recorded of it is written in another one: whatever was set
    /// in it, also a transaction that is open still, goes with it. A session that keeps the file is kept.
    async fn leave_session(&mut self, is_open: bool) -> Result<(), DbErr> {
        if self.keeps_file() {
            if is_open {
                // What it left open is not to be committed with what is written next.
                self.opened.db.execute_unprepared("ROLLBACK").await.ok();
            }
            // Before a transaction begins: one that writes does not in a session that only reads.
            return self.opened.take_back(&self.opened.db).await;
        }
        self.runner.renew(self.opened).await.map_err(|error| DbErr::Custom(error.to_string()))
    }

    /// The migration on its recorder, in a transaction where it asks for one that the engine cannot keep.
    async fn body_on(&self, recorder: &Recorder<Journal>) -> Result<(), DbErr> {
        if self.migration.use_transaction() != Some(true) {
            return body(&SchemaManager::new(recorder.front()), self.migration, self.planned.direction).await;
        }
        let transaction = recorder.front().begin().await?;
        body(&SchemaManager::new(&transaction), self.migration, self.planned.direction).await?;
        transaction.commit().await
    }

    /// What a failed migration leaves; where it has done nothing, the mark goes too.
    ///
    /// What it read after its last change it reads again next time: the cause may lie there.
    async fn remains(&self, token: &str) -> Result<Remains, DbErr> {
        let version = &self.planned.version;
        let transaction = self.opened.begin_writing().await?;
        if !own::holds(&transaction, self.namespace(), version, token, None).await? {
            // The journal is that of the runner which has taken over.
            return Ok(Remains::Unknown);
        }
        let journal = own::journal(&transaction, self.namespace(), version).await?;
        let changes = journal
            .iter()
            .filter(|(_, entry)| !entry.is_done || statement::kind(self.dialect(), &entry.sql) != Kind::Read);
        let last = changes.map(|(position, _)| *position).max();
        let begun = journal.values().find(|entry| !entry.is_done);
        let can_be_told = begun.map(|entry| statement::shows_in_structure(self.dialect(), &entry.sql));
        match (last, self.planned.direction) {
            (Some(last), _) => own::strike_after(&transaction, self.namespace(), version, last).await?,
            (None, Direction::Up) => own::remove(&transaction, self.namespace(), version).await?,
            (None, Direction::Down) => own::forget_journal(&transaction, self.namespace(), version).await?,
        }
        transaction.commit().await?;
        Ok(match (own::changes(self.dialect(), &journal), can_be_told) {
            (0, None) => Remains::Nothing,
            (statements, None) => Remains::Half { statements },
            (statements, Some(can_be_told)) => Remains::Begun { statements, can_be_told },
        })
    }

    /// A transaction in which nobody else writes the history.
    ///
    /// On PostgreSQL the server may be at work still for a runner that is gone: its statement ends
    /// before anything else begins, and so does a commit that it has sent.
    async fn turn(&self) -> Result<DatabaseTransaction, Ended> {
        let (mut tries, patience) = (0, Patience::new(self.runner.link.wait));
        loop {
            let transaction = self.opened.begin_fresh().await.map_err(Ended::before)?;
            let history = self.runner.migrator.history_table();
            let Some(lock) = self.dialect().lock_table(self.namespace(), &history) else {
                return Ok(transaction);
            };
            match transaction.execute_unprepared(&lock).await {
                Ok(_) => return Ok(transaction),
                Err(error) if fault(&error) == Some(Fault::LockTimeout) => {
                    transaction.rollback().await.map_err(Ended::before)?;
                    if tries == 0 {
                        self.runner.observer.waits(BUSY);
                    }
                    patience.after(tries, Ended::Busy(patience)).await?;
                    tries += 1;
                }
                Err(error) => return Err(Ended::before(error)),
            }
        }
    }

    /// Whether it is still this migration's turn; false where another runner has had it.
    async fn may_go_on(&self, transaction: &DatabaseTransaction, expected: &mut Vec<String>) -> Result<bool, Ended> {
        let history =
            history::read(transaction, self.namespace(), self.runner.migrator).await.map_err(Ended::before)?;
        let now = history.versions();
        if self.planned.direction == Direction::Up && now.contains(&self.planned.version) {
            *expected = now;
            return Ok(false);
        }
        expected.sort();
        if now == *expected { Ok(true) } else { Err(Ended::Overtaken) }
    }

    /// What is recorded of a migration that has come to its end, in a transaction of its own.
    async fn record_alone(&self, before: &Pointing, start: Instant, token: &str) -> Result<u64, DbErr> {
        let transaction = self.opened.begin_writing().await?;
        if !own::holds(&transaction, self.namespace(), &self.planned.version, token, None).await? {
            return Err(overtaken());
        }
        let milliseconds = self.record(&transaction, before, start).await?;
        transaction.commit().await?;
        Ok(milliseconds)
    }

    /// Records a migration that has come to its end, and gives how long it took until then.
    async fn record(&self, db: &DatabaseTransaction, before: &Pointing, start: Instant) -> Result<u64, DbErr> {
        let (version, migrator) = (&self.planned.version, self.runner.migrator);
        before.refuse_broken(db, self.namespace()).await?;
        let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        match self.planned.direction {
            Direction::Up => {
                db.execute(&history::addition(self.namespace(), migrator, version)).await?;
                let texts = self.runner.texts.get(version);
                let known = Known::new(Origin::Applied, self.dialect(), texts, Some(milliseconds));
                own::write(db, self.namespace(), version, &known).await?;
            }
            Direction::Down => {
                db.execute(&history::removal(self.namespace(), migrator, version)).await?;
                own::remove(db, self.namespace(), version).await?;
                close_ledger(db, self.namespace()).await?;
            }
        }
        Ok(milliseconds)
    }
}

/// What a migration is told that leaves a transaction open which it began by a text of its own.
fn left_open() -> DbErr {
    DbErr::Migration(
        "it begins a transaction and does not end it: what it changed there is rolled back; add the COMMIT, or leave \
         the BEGIN out"
            .to_owned(),
    )
}

/// What a runner is told that has lost its connection, and perhaps its migration to another one.
pub(crate) fn overtaken() -> DbErr {
    DbErr::Custom("its connection was lost, and another runner may have taken over".to_owned())
}

/// What no other run has: it tells this one from whoever takes over.
fn token() -> String {
    let now = Utc::now().timestamp_nanos_opt().unwrap_or_default();
    format!("{} {now}", std::process::id())
}

/// Closes the ledger's entries when a table that they counted is gone.
async fn close_ledger(db: &impl ConnectionTrait, namespace: &str) -> Result<(), DbErr> {
    let tables = catalog::table_names_in(db, namespace).await?;
    if !tables.iter().any(|name| name == seeder::ledger::TABLE) {
        return Ok(());
    }
    let entries = seeder::ledger::open(db).await?;
    let is_gone = |name: &String| !tables.contains(name);
    if entries.iter().any(|entry| seeder::ledger::tables(entry).keys().any(is_gone)) {
        seeder::ledger::close(db, Utc::now().naive_utc()).await?;
    }
    Ok(())
}
