//! Whether a statement that a killed run had begun was done: what the server says of it afterwards.

use catalog::Dialect;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::journal::Journal;
use crate::migrate::history::own::Entry;
use crate::migrate::lock::Patience;
use crate::migrate::statement;

impl Journal {
    /// Whether a statement without its end was done all the same.
    pub(super) async fn is_done_after_all(&self, entry: &Entry, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
        if self.dialect == Dialect::Postgres {
            self.await_end(entry.result.as_deref()).await?;
            self.drop_invalid_index(&entry.sql).await?;
        }
        let is_changed = entry.fingerprint.is_some() && entry.fingerprint != Some(self.fingerprint(db).await?);
        // What may do anything may have done half of it: a changed structure proves nothing.
        if !statement::shows_in_structure(self.dialect, &entry.sql) {
            return Err(DbErr::Migration(format!(
                "whether its statement {} was done when it was interrupted cannot be told: {}",
                self.log.number(),
                entry.sql
            )));
        }
        Ok(is_changed)
    }

    pub(super) async fn fingerprint(&self, db: &impl ConnectionTrait) -> Result<String, DbErr> {
        let (namespace, beside) = (&self.course.opened.namespace, &self.course.beside);
        if self.dialect != Dialect::Postgres {
            return catalog::fingerprint(db, namespace, beside).await;
        }
        // Names are looked up in the namespace in transactions alone.
        let transaction = self.course.opened.begin().await?;
        let fingerprint = catalog::fingerprint(&transaction, namespace, beside).await?;
        transaction.rollback().await?;
        Ok(fingerprint)
    }

    /// Which process of a PostgreSQL server works for this connection: it may outlive ours.
    pub(super) async fn backend_process(&self) -> Result<Option<String>, DbErr> {
        if self.dialect != Dialect::Postgres {
            return Ok(None);
        }
        let transaction = self.course.opened.begin().await?;
        let sql =
            "SELECT format('%s %s', pid, backend_start) AS process FROM pg_stat_activity WHERE pid = pg_backend_pid()";
        let row = transaction.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        transaction.rollback().await?;
        row.map_or(Ok(None), |row| row.try_get("", "process"))
    }

    /// Waits until the server's process that ran the statement for a killed run has ended it.
    async fn await_end(&self, process: Option<&str>) -> Result<(), DbErr> {
        let Some(process) = process else { return Ok(()) };
        let sql = "SELECT pid FROM pg_stat_activity \
                   WHERE format('%s %s', pid, backend_start) = $1 AND pid <> pg_backend_pid() AND state <> 'idle'";
        let (mut tries, patience) = (0, Patience::new(self.course.wait));
        loop {
            let transaction = self.course.opened.begin().await?;
            let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [process.into()]);
            let is_running = transaction.query_one_raw(statement).await?.is_some();
            transaction.rollback().await?;
            if !is_running {
                return Ok(());
            }
            let running = DbErr::Custom("the server is still at it for a run that was killed".to_owned());
            patience.after(tries, running).await?;
            tries += 1;
        }
    }

    /// Drops the index that a CREATE INDEX CONCURRENTLY has left half made.
    pub(super) async fn drop_invalid_index(&self, sql: &str) -> Result<(), DbErr> {
        let query = "SELECT c.relname::text AS name, format('DROP INDEX %s', c.oid::regclass) AS sql FROM pg_index i \
                     JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
                     WHERE NOT i.indisvalid AND n.nspname = $1";
        let namespace = self.course.opened.namespace.as_str();
        let transaction = self.course.opened.begin().await?;
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, query, [namespace.into()]);
        for row in transaction.query_all_raw(statement).await? {
            let (name, drop): (String, String) = (row.try_get("", "name")?, row.try_get("", "sql")?);
            if statement::names(self.dialect, sql, &name) {
                tracing::info!("index {name} was left half made: dropped");
                transaction.execute_unprepared(&drop).await?;
            }
        }
        transaction.commit().await
    }
}
