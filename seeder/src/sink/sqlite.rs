//! SQLite: foreign keys checked and secondary indexes built after the rows.
//!
//! Enforcement is the connection's and cannot change inside a transaction, so it is off for the
//! whole run, before the plan is known; the check before the commit comes with it.

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

use super::{Changed, Sink};
use crate::error::Error;
use crate::generate::Load;
use crate::option::Settings;
use crate::plan::Operation;
use crate::seeder::Observer;
use crate::table::Seeded;
use crate::verify;

/// The most rows of a statement: SQLite takes longer over wider ones.
const STATEMENT_ROWS: usize = 200;

/// Whether this connection enforces foreign keys.
const ENFORCED: &str = "SELECT foreign_keys AS n FROM pragma_foreign_keys";

/// Triggers: what one writes elsewhere nobody checks afterwards.
const TRIGGERS: &str = "SELECT count(*) AS n FROM sqlite_master WHERE type = 'trigger'";

/// The tables that point to table ?1, which deleting there would change or forbid.
const REFERRING: &str = "
SELECT DISTINCT m.name AS name FROM sqlite_master m, pragma_foreign_key_list(m.name) k
WHERE m.type = 'table' AND lower(k.\"table\") = lower(?1)";

/// The indexes of table ?1 that CREATE INDEX has made and that allow equal rows.
const INDEXES: &str = "
SELECT m.name AS name, m.sql AS sql FROM sqlite_master m JOIN pragma_index_list(?1) l ON l.name = m.name
WHERE m.type = 'index' AND m.sql IS NOT NULL AND l.origin = 'c' AND NOT l.\"unique\" ORDER BY m.rowid";

pub(super) struct Sqlite {
    transaction: DatabaseTransaction,
    unenforced: Option<Changed>,
    tables: Vec<String>,
    indexes: Vec<Index>,
}

/// An index that is off.
struct Index {
    name: String,
    sql: String,
}

impl Sqlite {
    /// Begins to write; a file has one writer, so nobody else does until the end.
    pub(super) async fn open(db: &DatabaseConnection, tables: &[&str], operation: Operation) -> Result<Self, Error> {
        let unenforced = unenforce(db, tables, operation).await.map_err(Error::database("reading the foreign keys"))?;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let begun = db.begin_with_options(options).await.map_err(Error::database("beginning the transaction"));
        match begun {
            Ok(transaction) => Ok(Self {
                transaction,
                unenforced,
                tables: tables.iter().map(|table| (*table).to_owned()).collect(),
                indexes: Vec::new(),
            }),
            Err(error) => {
                super::restore(unenforced, "putting the connection's foreign keys back").await?;
                Err(error)
            }
        }
    }
}

#[async_trait]
impl Sink for Sqlite {
    fn db(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    async fn prepare(&mut self, tables: &[&str]) -> Result<(), Error> {
        // Where keys are enforced they are checked at the commit: rows may point to rows that come after them.
        if self.unenforced.is_none() && !tables.is_empty() {
            defer(&self.transaction).await?;
        }
        for table in tables {
            let failed = || Error::database(format!("taking off the indexes of {table}"));
            for index in indexes(&self.transaction, table).await.map_err(failed())? {
                let sql = format!("DROP INDEX {}", catalog::Dialect::Sqlite.quote(&index.name));
                self.transaction.execute_unprepared(&sql).await.map_err(failed())?;
                self.indexes.push(index);
            }
        }
        Ok(())
    }

    /// Where keys lead in a circle they are checked at the commit, and not after each statement.
    async fn clear(&mut self, table: &dyn Seeded, rows: u64, cyclic: &[&str]) -> Result<(), Error> {
        if cyclic.contains(&table.name()) {
            defer(&self.transaction).await?;
        }
        super::clear(&self.transaction, table, rows).await
    }

    async fn load(&mut self, load: &Load, settings: &Settings, observer: &dyn Observer) -> Result<(), Error> {
        let most_rows = settings.batch_size.min(STATEMENT_ROWS);
        super::insert(&self.transaction, load, settings.jobs, most_rows, observer).await
    }

    async fn settle(&mut self, observer: &dyn Observer) -> Result<(), Error> {
        for index in self.indexes.drain(..) {
            observer.working(&format!("building the index {}", index.name));
            let failed = Error::database(format!("putting the index {} back", index.name));
            self.transaction.execute_unprepared(&index.sql).await.map_err(failed)?;
        }
        if self.unenforced.is_some() {
            for table in &self.tables {
                observer.working(&format!("checking the foreign keys of {table}"));
                check(&self.transaction, table).await?;
            }
        }
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<(), Error> {
        super::commit(self.transaction, self.unenforced).await
    }

    async fn abandon(self: Box<Self>) -> Result<(), Error> {
        super::roll_back(self.transaction, self.unenforced).await
    }
}

/// Has foreign keys checked at the commit, and not after each statement.
async fn defer(transaction: &DatabaseTransaction) -> Result<(), Error> {
    let failed = Error::database("deferring the foreign keys");
    transaction.execute_unprepared("PRAGMA defer_foreign_keys = ON").await.map_err(failed)?;
    Ok(())
}

/// Switches enforcement off where the run loads and the check of its own tables makes up for it.
async fn unenforce(db: &DatabaseConnection, tables: &[&str], operation: Operation) -> Result<Option<Changed>, DbErr> {
    let loads = !matches!(operation, Operation::Delete(_));
    if !loads || verify::number(db, ENFORCED).await? == 0 || verify::number(db, TRIGGERS).await? > 0 {
        return Ok(None);
    }
    if operation == Operation::FullNew && others_refer(db, tables).await? {
        return Ok(None);
    }
    let changed = Changed::new(db, "PRAGMA foreign_keys = ON");
    db.execute_unprepared("PRAGMA foreign_keys = OFF").await?;
    Ok(Some(changed))
}

/// Whether a table that is not the run's points to one that is.
async fn others_refer(db: &DatabaseConnection, tables: &[&str]) -> Result<bool, DbErr> {
    let is_ours = |name: &str| tables.iter().any(|table| table.eq_ignore_ascii_case(name));
    for table in tables {
        let query = Statement::from_sql_and_values(db.get_database_backend(), REFERRING, [(*table).into()]);
        for row in db.query_all_raw(query).await? {
            if !is_ours(&row.try_get::<String>("", "name")?) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

async fn indexes(db: &DatabaseTransaction, table: &str) -> Result<Vec<Index>, DbErr> {
    let query = Statement::from_sql_and_values(db.get_database_backend(), INDEXES, [table.into()]);
    let rows = db.query_all_raw(query).await?;
    rows.iter().map(|row| Ok(Index { name: row.try_get("", "name")?, sql: row.try_get("", "sql")? })).collect()
}

/// Has the database check every foreign key of `table`.
async fn check(db: &DatabaseTransaction, table: &str) -> Result<(), Error> {
    let failed = || Error::database(format!("checking the foreign keys of {table}"));
    let sql = "SELECT c.parent AS parent, count(*) AS n FROM pragma_foreign_key_check(?1) c GROUP BY c.parent";
    let query = Statement::from_sql_and_values(db.get_database_backend(), sql, [table.into()]);
    let Some(row) = db.query_one_raw(query).await.map_err(failed())? else { return Ok(()) };
    let parent: String = row.try_get("", "parent").map_err(failed())?;
    let rows: i64 = row.try_get("", "n").map_err(failed())?;
    Err(failed()(DbErr::Custom(format!("rows that point to no row of {parent}: {rows}; nothing is kept"))))
}
