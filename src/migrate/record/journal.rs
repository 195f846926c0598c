//! The tap of a migration whose statements the engine commits one by one: it can be killed after any
//! of them, and be resumed at the next.
//!
//! Rows that a statement changes share a transaction with the statement's entry. What cannot be in a
//! transaction has an intent first, with a fingerprint of what is there; one without its end is
//! settled by looking whether that has changed. Reads are kept, so that a resumed migration sees
//! what it saw; settings of the connection are made again.

use std::collections::BTreeMap;
use std::time::Duration;

use catalog::Dialect;
use sea_orm::{
    ConnectionTrait, DatabaseExecutor, DbBackend, DbErr, ExecResult, MockDatabase, MockDatabaseTrait as _,
    MockExecResult, Statement,
};
use serde::{Deserialize, Serialize};

use super::{Answer, Asked, Bound, Log, Tap, log, refused, row, size};
use crate::connect::Opened;
use crate::error::{Fault, fault};
use crate::migrate::history::own::{self, Entry};
use crate::migrate::lock::Patience;
use crate::migrate::one::overtaken;
use crate::migrate::statement::{self, Kind};

/// What a journal is of.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(crate) version: String,
    pub(crate) opened: Opened,
    /// The namespaces beside the place's own that the schema owns.
    pub(crate) beside: Vec<&'static str>,
    /// How long a statement that loses to a lock is tried again.
    pub(crate) wait: Duration,
    /// What the migration's mark says as long as no other runner has taken over.
    pub(crate) token: String,
    /// The number of its session on MariaDB.
    pub(crate) session: Option<u64>,
}

/// The journal of one migration, one way.
pub(crate) struct Journal {
    pub(super) course: Course,
    pub(super) dialect: Dialect,
    /// What runs before this one have left.
    entries: BTreeMap<usize, Entry>,
    /// The number of the last statement.
    pub(super) at: usize,
    pub(super) log: Log,
    /// Whether the migration has sent a BEGIN of its own as text.
    is_open_by_text: bool,
    /// The id that the last skipped statement gave, which the connection has forgotten.
    forgotten_id: Option<u64>,
    /// The number of the last statement that was done already.
    skipped: usize,
    /// Where names are looked up unless the migration says otherwise: in transactions, and in a new session.
    own_path: Option<String>,
    session_path: Option<String>,
}

/// Where PostgreSQL looks names up now.
async fn search_path(db: &impl ConnectionTrait) -> Result<String, DbErr> {
    let sql = "SELECT pg_catalog.current_setting('search_path') AS path";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    row.map_or_else(|| Ok(String::new()), |row| row.try_get("", "path"))
}

/// What a statement without rows gave.
#[derive(Debug, Serialize, Deserialize)]
struct Counts {
    rows_affected: u64,
    last_insert_id: u64,
    /// What `LAST_INSERT_ID()` gives after it: not an id that the statement itself has chosen.
    of_connection: u64,
}

impl Journal {
    /// The journal of `course`, from what runs before it have left.
    pub(crate) async fn resume(course: Course, db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let entries = own::journal(db, &course.opened.namespace, &course.version).await?;
        Ok(Self {
            dialect: Dialect::of(course.opened.db.get_database_backend()),
            own_path: course.opened.search_path.clone(),
            session_path: None,
            course,
            entries,
            at: 0,
            log: Log::of_texts(),
            is_open_by_text: false,
            forgotten_id: None,
            skipped: 0,
        })
    }

    /// What the migration did, also what was done already.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// Where kiln's own table is, whatever the session looks names up in.
    fn namespace(&self) -> &str {
        &self.course.opened.namespace
    }

    /// The number of the last statement that was done already; 0 where none was.
    pub(crate) fn skipped(&self) -> usize {
        self.skipped
    }

    /// One statement at its place in the journal.
    async fn step(&mut self, asked: Asked, is_open: bool, db: &DatabaseExecutor<'_>) -> Result<Answer, DbErr> {
        size::refuse_too_long(&asked.statement, db).await?;
        let kind = statement::kind(self.dialect, &asked.statement.sql);
        let is_run = kind == Kind::Session || !self.entries.contains_key(&(self.at + 1));
        if kind != Kind::Transaction && is_run {
            self.remember_id(db).await?;
        }
        match kind {
            Kind::Session => {
                if self.was_here() && statement::reads_into_setting(self.dialect, &asked.statement.sql) {
                    return Err(lost(&asked.statement.sql));
                }
                return self.set(&asked, is_open, db).await;
            }
            Kind::Transaction => {
                let answer = asked.run(db).await?;
                self.is_open_by_text = statement::opens_transaction(self.dialect, &asked.statement.sql);
                if self.is_open_by_text {
                    self.course.opened.set_up(db).await?;
                }
                return Ok(answer);
            }
            Kind::Read | Kind::Rows | Kind::Structure => {}
        }
        self.at += 1;
        if let Some(entry) = self.entries.remove(&self.at) {
            self.refuse_another(&entry, &asked)?;
            if entry.is_done {
                self.skip(&entry);
                return self.known(&entry, &asked, db).await;
            }
            if self.is_done_after_all(&entry, db).await? {
                self.skip(&entry);
                let entry = Entry { is_done: true, fingerprint: None, result: None, ..entry };
                self.note(Some(&entry), db).await?;
                return self.known(&entry, &asked, db).await;
            }
        }
        if kind == Kind::Read && self.was_here() {
            return Err(lost(&asked.statement.sql));
        }
        let is_temporary = statement::is_temporary(self.dialect, &asked.statement.sql);
        let commits_by_itself = kind == Kind::Structure && !self.dialect.transactional_ddl() && !is_temporary;
        match (is_open, commits_by_itself) {
            (true, false) => self.within(&asked, db).await,
            (true, true) => {
                let answer = self.by_itself(&asked, db).await;
                self.reopen(is_open, db).await.and(answer)
            }
            (false, true) => self.by_itself(&asked, db).await,
            (false, false) => match self.in_one_transaction(&asked).await {
                Err(error) if fault(&error) == Some(Fault::NotInTransaction) => self.by_itself(&asked, db).await,
                answer => answer,
            },
        }
    }

    /// Runs a statement about the session.
    ///
    /// Where PostgreSQL looks names up is given anew to each transaction: from here on as the migration says.
    async fn set(&mut self, asked: &Asked, is_open: bool, db: &DatabaseExecutor<'_>) -> Result<Answer, DbErr> {
        if self.dialect != Dialect::Postgres || is_open {
            return asked.run(db).await;
        }
        if self.session_path.is_none() {
            self.session_path = Some(search_path(db).await?);
        }
        let before = search_path(db).await?;
        let answer = asked.run(db).await?;
        let after = search_path(db).await?;
        if self.session_path.as_ref() == Some(&after) {
            self.course.opened.search_path.clone_from(&self.own_path);
        } else if before != after {
            // Nothing at all, as a dump sets it, is written as a name that nothing has.
            let path = if after.is_empty() { "\"\"".to_owned() } else { after };
            self.course.opened.search_path = Some(path);
        }
        Ok(answer)
    }

    /// Notes that a statement is not run again.
    fn skip(&mut self, entry: &Entry) {
        if !log::is_look(self.dialect, &entry.sql) {
            self.skipped = self.log.number();
        }
    }

    /// Begins a transaction anew where the engine has ended the one that the migration believes itself in.
    async fn reopen(&self, is_open: bool, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        if is_open && !self.dialect.transactional_ddl() {
            db.execute_unprepared("START TRANSACTION").await?;
        }
        Ok(())
    }

    /// Tells the connection the id that a skipped statement gave.
    async fn remember_id(&mut self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        if let Some(id) = self.forgotten_id.take() {
            db.execute_unprepared(&format!("SELECT LAST_INSERT_ID({id})")).await?;
        }
        Ok(())
    }

    /// Refuses to go on when another runner has taken over: a connection that was lost has lost its lock.
    async fn refuse_overtaken(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        if own::holds(db, self.namespace(), &self.course.version, &self.course.token, self.course.session).await? {
            return Ok(());
        }
        Err(overtaken())
    }

    /// Runs a statement, and again while it loses to a lock.
    async fn run(&self, asked: &Asked, db: &impl ConnectionTrait) -> Result<Answer, DbErr> {
        let (mut tries, mut patience) = (0, None);
        loop {
            match asked.run(db).await {
                Err(error) if fault(&error) == Some(Fault::LockTimeout) => {
                    let patience = patience.get_or_insert_with(|| Patience::new(self.course.wait));
                    patience.after(tries, error).await?;
                    tries += 1;
                }
                answer => return answer,
            }
        }
    }

    /// In a transaction that is open: the entry goes in or out with it.
    async fn within(&self, asked: &Asked, db: &impl ConnectionTrait) -> Result<Answer, DbErr> {
        self.refuse_overtaken(db).await?;
        let answer = asked.run(db).await?;
        self.done(asked, &answer, db).await?;
        Ok(answer)
    }

    /// In a transaction with its entry.
    async fn in_one_transaction(&self, asked: &Asked) -> Result<Answer, DbErr> {
        let (mut tries, mut patience) = (0, None);
        loop {
            let transaction = self.course.opened.begin_writing().await?;
            match self.within(asked, &transaction).await {
                Ok(answer) => return transaction.commit().await.map(|()| answer),
                Err(error) if fault(&error) == Some(Fault::LockTimeout) => {
                    transaction.rollback().await?;
                    let patience = patience.get_or_insert_with(|| Patience::new(self.course.wait));
                    patience.after(tries, error).await?;
                    tries += 1;
                }
                Err(error) => {
                    transaction.rollback().await?;
                    return Err(error);
                }
            }
        }
    }

    /// Outside of any transaction: an intent before it, its end after it.
    async fn by_itself(&self, asked: &Asked, db: &impl ConnectionTrait) -> Result<Answer, DbErr> {
        let intent = Entry {
            sql: asked.statement.sql.clone(),
            is_done: false,
            fingerprint: Some(self.fingerprint(db).await?),
            result: self.backend_process().await?,
        };
        self.note(Some(&intent), db).await?;
        let path = self.course.opened.search_path.as_ref();
        if let Some(path) = path {
            db.execute_unprepared(&format!("SET search_path TO {path}")).await?;
        }
        let answer = self.run(asked, db).await;
        if path.is_some() {
            db.execute_unprepared("RESET search_path").await?;
        }
        match answer {
            Ok(answer) => {
                let entry = self.entry(asked, &answer, db).await?;
                self.note(entry.as_ref(), db).await?;
                Ok(answer)
            }
            // The server may have done it all the same, or half of what is not one thing: the next run looks.
            Err(error) if !refused::did_nothing(self.dialect, &intent.sql, &error) => Err(error),
            Err(error) => {
                // It has left nothing, but for half an index.
                if self.dialect == Dialect::Postgres {
                    self.drop_invalid_index(&asked.statement.sql).await?;
                }
                self.note(None, db).await?;
                Err(error)
            }
        }
    }

    /// Writes the entry of the statement at hand outside of the migration's own transactions, or strikes it.
    async fn note(&self, entry: Option<&Entry>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        let (version, at) = (&self.course.version, self.at);
        if self.dialect != Dialect::Postgres {
            self.refuse_overtaken(db).await?;
            return match entry {
                Some(entry) => own::note(db, self.namespace(), version, at, entry).await,
                None => own::strike(db, self.namespace(), version, at).await,
            };
        }
        // Names are looked up in the namespace in transactions alone.
        let transaction = self.course.opened.begin().await?;
        self.refuse_overtaken(&transaction).await?;
        match entry {
            Some(entry) => own::note(&transaction, self.namespace(), version, at, entry).await?,
            None => own::strike(&transaction, self.namespace(), version, at).await?,
        }
        transaction.commit().await
    }

    /// Notes that a statement is done, and what it gave.
    async fn done(&self, asked: &Asked, answer: &Answer, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        match self.entry(asked, answer, db).await? {
            Some(entry) => own::note(db, self.namespace(), &self.course.version, self.at, &entry).await,
            None => Ok(()),
        }
    }

    /// The entry of a statement that is done; none for a read whose rows cannot be kept: it reads again.
    async fn entry(&self, asked: &Asked, answer: &Answer, db: &impl ConnectionTrait) -> Result<Option<Entry>, DbErr> {
        let sql = asked.statement.sql.clone();
        let result = match answer {
            Answer::Rows(rows) => row::freeze(rows),
            Answer::Done(result) => Some(self.counts(result, db).await?),
        };
        let is_read_again = result.is_none() && statement::kind(self.dialect, &sql) == Kind::Read;
        Ok((!is_read_again).then_some(Entry { sql, is_done: true, fingerprint: None, result }))
    }

    /// What a statement without rows gave, as text.
    async fn counts(&self, result: &ExecResult, db: &impl ConnectionTrait) -> Result<String, DbErr> {
        let mut counts = Counts { rows_affected: result.rows_affected(), last_insert_id: 0, of_connection: 0 };
        // SeaORM panics when asked for it on PostgreSQL; SQLite cannot be told it again.
        if self.dialect == Dialect::MariaDb && result.last_insert_id() > 0 {
            counts.last_insert_id = result.last_insert_id();
            let sql = "SELECT CAST(LAST_INSERT_ID() AS UNSIGNED) AS id";
            let row = db.query_one_raw(Statement::from_string(DbBackend::MySql, sql)).await?;
            counts.of_connection = row.map_or(Ok(0), |row| row.try_get("", "id"))?;
        }
        Ok(serde_json::to_string(&counts).expect("numbers are plain data"))
    }

    /// What a statement gave when it was run.
    async fn known(&mut self, entry: &Entry, asked: &Asked, db: &impl ConnectionTrait) -> Result<Answer, DbErr> {
        let is_lost = statement::is_temporary(self.dialect, &entry.sql) || asked.wants_rows && entry.result.is_none();
        if is_lost {
            return Err(lost(&entry.sql));
        }
        if asked.wants_rows {
            let rows = entry.result.as_deref().unwrap_or("[]");
            return row::thaw(db, rows).await.map(Answer::Rows);
        }
        let counts = entry.result.as_deref().and_then(|json| serde_json::from_str(json).ok());
        let counts = counts.unwrap_or(Counts { rows_affected: 0, last_insert_id: 0, of_connection: 0 });
        self.forgotten_id = Some(counts.of_connection).filter(|id| *id > 0).or(self.forgotten_id);
        made_up(asked.statement.db_backend, counts.rows_affected, counts.last_insert_id).map(Answer::Done)
    }

    /// Whether the run that was interrupted has gone on after the statement at hand.
    fn was_here(&self) -> bool {
        self.entries.keys().any(|position| *position > self.at)
    }

    /// Whether the migration has left open a transaction that it began as text.
    pub(crate) fn is_open_by_text(&self) -> bool {
        self.is_open_by_text
    }

    /// Refuses a statement that is not the one which was run at its place.
    fn refuse_another(&self, entry: &Entry, asked: &Asked) -> Result<(), DbErr> {
        let form = |sql: &str| statement::normal_form(self.dialect, sql);
        if form(&entry.sql) == form(&asked.statement.sql) {
            return Ok(());
        }
        Err(DbErr::Migration(format!(
            "its statement {} was run before it was interrupted, and now reads otherwise\n  was   {}\n  now   {}\n",
            self.log.number(),
            entry.sql,
            asked.statement.sql
        )))
    }
}

/// Says that the migration cannot be resumed, for it would go on with something else than it had.
fn lost(sql: &str) -> DbErr {
    DbErr::Migration(format!(
        "it cannot be resumed: what it had from here went with the connection of the run that was interrupted: {sql}"
    ))
}

/// SeaORM's result with these counts: its mock is the one public way to make one.
pub(super) fn made_up(backend: DbBackend, rows_affected: u64, last_insert_id: u64) -> Result<ExecResult, DbErr> {
    let result = MockExecResult { rows_affected, last_insert_id };
    MockDatabase::new(backend).append_exec_results([result]).execute(0, Statement::from_string(backend, ""))
}

#[async_trait::async_trait]
impl Tap for Journal {
    async fn pass(&mut self, asked: Asked, depth: usize, db: &DatabaseExecutor<'_>) -> Result<Answer, DbErr> {
        self.log.add(&asked);
        let answer = self.each(asked, depth, db).await;
        self.log.end(answer.is_err());
        answer
    }

    fn bound(&mut self, bound: Bound) {
        self.log.add_bound(bound);
    }
}

impl Journal {
    /// The statements of a text, each at its own place in the journal where each commits by itself.
    async fn each(&mut self, asked: Asked, depth: usize, db: &DatabaseExecutor<'_>) -> Result<Answer, DbErr> {
        // A comparison is made again, like settings are, and finds what it found.
        if asked.statement.sql.starts_with(catalog::TWIN) {
            let answer = asked.run(db).await;
            return self.reopen(depth > 0 || self.is_open_by_text, db).await.and(answer);
        }
        let is_several = !asked.wants_rows && asked.statement.values.is_none();
        if !is_several {
            let is_open = depth > 0 || self.is_open_by_text;
            self.log.count(self.dialect, &asked.statement.sql);
            return self.step(asked, is_open, db).await;
        }
        let mut answer = None;
        let backend = asked.statement.db_backend;
        for text in statement::split(self.dialect, &asked.statement.sql) {
            let one = Asked { statement: Statement::from_string(backend, text), wants_rows: false };
            let is_open = depth > 0 || self.is_open_by_text;
            self.log.count_part(self.dialect, text);
            answer = Some(self.step(one, is_open, db).await?);
        }
        match answer {
            Some(answer) => Ok(answer),
            None => made_up(backend, 0, 0).map(Answer::Done),
        }
    }
}
