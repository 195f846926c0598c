//! What a migration emits, without a database: most ask nothing of it, so nothing has to be there.

use std::sync::{Arc, Mutex};

use sea_orm::{
    DatabaseConnection, DatabaseConnectionType, DbBackend, DbErr, ExecResult, MockDatabaseConnection,
    MockDatabaseTrait, QueryResult, Statement, Transaction,
};
use sea_orm_migration::{MigrationTrait, SchemaManager};

use super::journal::made_up;
use super::{Asked, Bound, Log};
use crate::migrate::one::body;
use crate::migrate::plan::Direction;

/// What one side of `migration` does, or how it fails; none where it asks the database something.
pub(crate) async fn offline(
    backend: DbBackend,
    migration: &dyn MigrationTrait,
    direction: Direction,
) -> Option<Result<Log, DbErr>> {
    let log = Arc::new(Mutex::new(Some(Log::of_texts())));
    let paper = MockDatabaseConnection::new(Paper { backend, log: Arc::clone(&log) });
    let db: DatabaseConnection = DatabaseConnectionType::MockDatabaseConnection(Arc::new(paper)).into();
    let outcome = body(&SchemaManager::new(&db), migration, direction).await;
    let log = log.lock().ok()?.take()?;
    Some(outcome.map(|()| log))
}

/// A database that takes every statement and answers no question. Never panics: SeaORM calls it while it holds a lock.
#[derive(Debug)]
struct Paper {
    backend: DbBackend,
    /// None once something was asked.
    log: Arc<Mutex<Option<Log>>>,
}

impl Paper {
    fn note(&self, note: impl FnOnce(&mut Log)) {
        if let Ok(mut log) = self.log.lock()
            && let Some(log) = log.as_mut()
        {
            note(log);
        }
    }
}

impl MockDatabaseTrait for Paper {
    fn execute(&mut self, _: usize, statement: Statement) -> Result<ExecResult, DbErr> {
        self.note(|log| log.add(&Asked { statement, wants_rows: false }));
        made_up(self.backend, 0, 0)
    }

    fn query(&mut self, _: usize, _: Statement) -> Result<Vec<QueryResult>, DbErr> {
        if let Ok(mut log) = self.log.lock() {
            *log = None;
        }
        Err(DbErr::Custom("there is no database to ask".to_owned()))
    }

    fn begin(&mut self) {
        self.note(|log| log.add_bound(Bound::Begin));
    }

    fn commit(&mut self) {
        self.note(|log| log.add_bound(Bound::Commit));
    }

    fn rollback(&mut self) {
        self.note(|log| log.add_bound(Bound::Rollback));
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
