//! A connection that shows each statement on its way to the database.
//!
//! A migration gets the front of it, a SeaORM connection like any other. Behind it a task hands each
//! statement to a [`Tap`], which runs it, or answers from what it knows. SeaORM lets a program put a
//! connection of its own in place through `MockDatabaseTrait` alone.

mod journal;
mod log;
mod offline;
mod refused;
mod row;
mod settle;
mod size;

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use crate::connect::Opened;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseConnectionType, DatabaseExecutor, DatabaseTransaction, DbBackend,
    DbErr, ExecResult, MockDatabaseConnection, MockDatabaseTrait, QueryResult, Statement, Transaction,
    TransactionTrait,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

pub(crate) use journal::{Course, Journal};
pub(crate) use log::{Event, Log};
pub(crate) use offline::offline;

/// What a statement gives.
#[derive(Debug)]
pub(crate) enum Answer {
    /// How many rows it changed.
    Done(ExecResult),
    /// The rows that it reads.
    Rows(Vec<QueryResult>),
}

/// A statement on its way, and whether rows are wanted of it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) statement: Statement,
    pub(crate) wants_rows: bool,
}

impl Asked {
    /// Runs it as SeaORM would: what binds nothing as it is, so that it may be several statements.
    pub(crate) async fn run(&self, db: &impl ConnectionTrait) -> Result<Answer, DbErr> {
        if self.wants_rows {
            db.query_all_raw(self.statement.clone()).await.map(Answer::Rows)
        } else if self.statement.values.is_none() {
            db.execute_unprepared(&self.statement.sql).await.map(Answer::Done)
        } else {
            db.execute_raw(self.statement.clone()).await.map(Answer::Done)
        }
    }
}

/// Where a transaction of the migration's own stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Begin,
    Commit,
    Rollback,
}

/// What stands between a migration and its database.
#[async_trait::async_trait]
pub(crate) trait Tap: Send + 'static {
    /// Answers a statement; `depth` counts the transactions that the migration has open.
    async fn pass(&mut self, asked: Asked, depth: usize, db: &DatabaseExecutor<'_>) -> Result<Answer, DbErr>;

    /// Notes that a transaction of the migration's own begins or ends.
    fn bound(&mut self, bound: Bound);
}

/// What the statements run on.
pub(crate) enum Ground {
    /// A place: each statement by itself, or in transactions of the migration's own.
    Place(Opened),
    /// A transaction; those of the migration's own are savepoints in it.
    Transaction(DatabaseTransaction),
}

/// A connection with a tap behind it.
pub(crate) struct Recorder<T> {
    front: DatabaseConnection,
    ops: UnboundedSender<Op>,
    task: JoinHandle<Back<T>>,
}

/// What a recorder leaves when it is done with.
pub(crate) struct Left<T> {
    pub(crate) ground: Ground,
    pub(crate) tap: T,
    /// What failed where SeaORM's interface has no room for an error: a COMMIT.
    pub(crate) failed: Option<DbErr>,
}

impl<T: Tap> Recorder<T> {
    /// Puts `tap` before `ground`. Needs a runtime of several threads: the front blocks the one it is on.
    pub(crate) fn start(ground: Ground, tap: T) -> Self {
        let backend = match &ground {
            Ground::Place(opened) => opened.db.get_database_backend(),
            Ground::Transaction(transaction) => transaction.get_database_backend(),
        };
        let (ops, inbox) = unbounded_channel();
        let task = tokio::spawn(Back { ground, tap, open: Vec::new(), failed: None }.serve(inbox));
        let front = MockDatabaseConnection::new(Front { backend, ops: ops.clone() });
        let front = DatabaseConnectionType::MockDatabaseConnection(Arc::new(front)).into();
        Self { front, ops, task }
    }

    /// The connection to give to a migration.
    pub(crate) fn front(&self) -> &DatabaseConnection {
        &self.front
    }

    /// Ends it: transactions that are still open roll back.
    pub(crate) async fn finish(self) -> Left<T> {
        // The task ends by itself only when every copy of the front is gone.
        self.ops.send(Op::Finish).ok();
        drop(self.front);
        let mut back = self.task.await.expect("the recorder's task neither panics nor is cancelled");
        while let Some(transaction) = back.open.pop() {
            if let Err(error) = transaction.rollback().await {
                back.failed.get_or_insert(error);
            }
        }
        Left { ground: back.ground, tap: back.tap, failed: back.failed }
    }
}

type Reply = Result<Option<Answer>, DbErr>;

enum Op {
    Statement(Asked, SyncSender<Reply>),
    Bound(Bound, SyncSender<Reply>),
    Finish,
}

/// The side that a migration sees. Never panics: SeaORM calls it while it holds a lock.
#[derive(Debug)]
struct Front {
    backend: DbBackend,
    ops: UnboundedSender<Op>,
}

impl Front {
    fn ask(&self, op: impl FnOnce(SyncSender<Reply>) -> Op) -> Reply {
        let (reply, answer) = sync_channel(1);
        self.ops.send(op(reply)).map_err(|_| gone())?;
        tokio::task::block_in_place(|| answer.recv()).map_err(|_| gone())?
    }

    fn statement(&self, statement: Statement, wants_rows: bool) -> Reply {
        self.ask(|reply| Op::Statement(Asked { statement, wants_rows }, reply))
    }

    /// What fails here is kept behind, and fails the next statement.
    fn bound(&self, bound: Bound) {
        self.ask(|reply| Op::Bound(bound, reply)).ok();
    }
}

fn gone() -> DbErr {
    DbErr::Custom("the migration used its connection after its end".to_owned())
}

impl MockDatabaseTrait for Front {
    fn execute(&mut self, _: usize, statement: Statement) -> Result<ExecResult, DbErr> {
        match self.statement(statement, false)? {
            Some(Answer::Done(result)) => Ok(result),
            _ => Err(gone()),
        }
    }

    fn query(&mut self, _: usize, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self.statement(statement, true)? {
            Some(Answer::Rows(rows)) => Ok(rows),
            _ => Err(gone()),
        }
    }

    fn begin(&mut self) {
        self.bound(Bound::Begin);
    }

    fn commit(&mut self) {
        self.bound(Bound::Commit);
    }

    fn rollback(&mut self) {
        self.bound(Bound::Rollback);
    }

    fn drain_transaction_log(&mut self) -> Vec<Transaction> {
        Vec::new()
    }

    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    fn ping(&self) -> Result<(), DbErr> {
        Ok(())
    }
}

/// The side that talks to the database.
struct Back<T> {
    ground: Ground,
    tap: T,
    /// Transactions of the migration's own, outermost first.
    open: Vec<DatabaseTransaction>,
    failed: Option<DbErr>,
}

impl<T: Tap> Back<T> {
    async fn serve(mut self, mut inbox: UnboundedReceiver<Op>) -> Self {
        while let Some(op) = inbox.recv().await {
            let (answer, reply) = match op {
                Op::Statement(asked, reply) => {
                    // The migration's own thread waits for the answer, so Ctrl-C is heard here.
                    let answer = tokio::select! {
                        answer = self.statement(asked) => answer.map(Some),
                        _ = tokio::signal::ctrl_c() => Err(DbErr::Custom("interrupted".to_owned())),
                    };
                    (answer, reply)
                }
                Op::Bound(bound, reply) => (self.bound(bound).await.map(|()| None), reply),
                Op::Finish => break,
            };
            reply.send(answer).ok();
        }
        self
    }

    async fn statement(&mut self, asked: Asked) -> Result<Answer, DbErr> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let db = match (self.open.last(), &self.ground) {
            (Some(transaction), _) | (None, Ground::Transaction(transaction)) => transaction.into(),
            (None, Ground::Place(opened)) => (&opened.db).into(),
        };
        self.tap.pass(asked, self.open.len(), &db).await
    }

    async fn bound(&mut self, bound: Bound) -> Result<(), DbErr> {
        let outcome = match (bound, &self.failed) {
            (Bound::Begin, Some(error)) => Err(error.clone()),
            (Bound::Begin, None) => {
                let begun = match (self.open.last(), &self.ground) {
                    (Some(transaction), _) | (None, Ground::Transaction(transaction)) => transaction.begin().await,
                    (None, Ground::Place(opened)) => opened.begin().await,
                };
                begun.map(|transaction| self.open.push(transaction))
            }
            (Bound::Commit, None) => match self.open.pop() {
                Some(transaction) => transaction.commit().await,
                None => Ok(()),
            },
            (Bound::Rollback, _) | (Bound::Commit, Some(_)) => match self.open.pop() {
                Some(transaction) => transaction.rollback().await,
                None => Ok(()),
            },
        };
        match &outcome {
            Ok(()) => self.tap.bound(bound),
            Err(error) => {
                self.failed.get_or_insert(error.clone());
            }
        }
        outcome
    }
}
