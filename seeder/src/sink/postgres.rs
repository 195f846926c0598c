//! PostgreSQL: foreign keys off before the rows and on again after them, which validates them as one join.
//!
//! Primary keys, uniques and indexes stay. A key that cannot be put back exactly as it was stays too,
//! and its rows are validated one by one.

use async_trait::async_trait;
use catalog::Dialect;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, Statement, TransactionTrait};

use super::Sink;
use crate::error::Error;
use crate::generate::Load;
use crate::option::Settings;
use crate::plan::Operation;
use crate::seeder::Observer;
use crate::table::Seeded;

/// The foreign keys of table $1 that the role may take off and put back, and that come back as they were: no
/// comment is lost, no disabled trigger is enabled, no row that was never validated becomes an error. A deferred
/// trigger that waits for the commit forbids to change its table.
const KEYS: &str = "
SELECT k.conname::text AS name, format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, t.relname, k.conname) AS off,
       format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, t.relname, k.conname, pg_get_constraintdef(k.oid)) AS back
FROM pg_constraint k
JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_class p ON p.oid = k.confrelid
WHERE n.nspname = current_schema() AND t.relname = $1
  AND k.contype = 'f' AND k.convalidated AND k.conparentid = 0
  AND t.relkind = 'r' AND p.relkind = 'r' AND pg_has_role(t.relowner, 'USAGE') AND has_table_privilege(p.oid, 'REFERENCES')
  AND NOT EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhrelid = t.oid OR i.inhparent = t.oid)
  AND NOT EXISTS (SELECT 1 FROM pg_description d WHERE d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid)
  AND NOT EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgconstraint = k.oid AND g.tgenabled <> 'O')
  AND NOT EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgrelid IN (t.oid, p.oid) AND g.tgdeferrable)
ORDER BY k.oid";

pub(super) struct Postgres {
    transaction: DatabaseTransaction,
    keys: Vec<Key>,
}

/// A foreign key of a table that gets many rows.
struct Key {
    table: String,
    name: String,
    off: String,
    back: String,
}

impl Postgres {
    /// Begins once no other run is at work in the namespace.
    pub(super) async fn open(db: &DatabaseConnection, tables: &[&str], operation: Operation) -> Result<Self, Error> {
        let transaction = db.begin().await.map_err(Error::database("beginning the transaction"))?;
        exclude_others(&transaction, tables, operation)
            .await
            .map_err(Error::database("waiting for other writers of these tables"))?;
        Ok(Self { transaction, keys: Vec::new() })
    }
}

#[async_trait]
impl Sink for Postgres {
    fn db(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    async fn prepare(&mut self, tables: &[&str]) -> Result<(), Error> {
        let is_ready = |table: &&&str| self.keys.iter().any(|key| key.table == **table);
        let tables: Vec<&str> = tables.iter().filter(|table| !is_ready(table)).copied().collect();
        for table in tables {
            let failed = || Error::database(format!("taking off the foreign keys of {table}"));
            let keys = keys(&self.transaction, table).await.map_err(failed())?;
            if take_off(&self.transaction, &keys).await.map_err(failed())? {
                self.keys.extend(keys);
            }
        }
        Ok(())
    }

    /// Where keys lead in a circle they are off meanwhile: a key is checked as soon as a statement has ended.
    async fn clear(&mut self, table: &dyn Seeded, rows: u64, cyclic: &[&str]) -> Result<(), Error> {
        if cyclic.contains(&table.name()) {
            self.prepare(cyclic).await?;
        }
        super::clear(&self.transaction, table, rows).await
    }

    async fn load(&mut self, load: &Load, settings: &Settings, observer: &dyn Observer) -> Result<(), Error> {
        super::insert(&self.transaction, load, settings.jobs, settings.batch_size, observer).await
    }

    async fn settle(&mut self, observer: &dyn Observer) -> Result<(), Error> {
        for key in self.keys.drain(..) {
            observer.working(&format!("validating the foreign key {}", key.name));
            let failed = Error::database(format!("putting the foreign key {} of {} back", key.name, key.table));
            self.transaction.execute_unprepared(&key.back).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<(), Error> {
        super::commit(self.transaction, None).await
    }

    async fn abandon(self: Box<Self>) -> Result<(), Error> {
        super::roll_back(self.transaction, None).await
    }
}

/// Waits a minute at most. Filling asks for no right but to insert; removing asks for the right to delete.
async fn exclude_others(transaction: &DatabaseTransaction, tables: &[&str], operation: Operation) -> Result<(), DbErr> {
    let run = "SELECT pg_advisory_xact_lock(hashtext('kiln.seed'), hashtext(current_schema()))";
    within(transaction, "60s", run).await?;
    if matches!(operation, Operation::FullNew | Operation::Delete(_)) {
        let names: Vec<String> = tables.iter().map(|table| Dialect::Postgres.quote(table)).collect();
        let others = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", names.join(", "));
        within(transaction, "60s", &others).await?;
    }
    Ok(())
}

/// Runs a statement that waits so long for a lock.
async fn within(transaction: &DatabaseTransaction, wait: &str, statement: &str) -> Result<(), DbErr> {
    let sql = format!("SET LOCAL lock_timeout = '{wait}'; {statement}; SET LOCAL lock_timeout = DEFAULT");
    transaction.execute_unprepared(&sql).await.map(drop)
}

async fn keys(db: &DatabaseTransaction, table: &str) -> Result<Vec<Key>, DbErr> {
    let query = Statement::from_sql_and_values(db.get_database_backend(), KEYS, [table.into()]);
    let rows = db.query_all_raw(query).await?;
    let key = |row: &sea_orm::QueryResult| {
        Ok(Key {
            table: table.to_owned(),
            name: row.try_get("", "name")?,
            off: row.try_get("", "off")?,
            back: row.try_get("", "back")?,
        })
    };
    rows.iter().map(key).collect()
}

/// Takes `keys` off, all or none; none where somebody is at work on the tables that they join.
///
/// Half a second is shorter than PostgreSQL waits before it looks for a deadlock.
async fn take_off(transaction: &DatabaseTransaction, keys: &[Key]) -> Result<bool, DbErr> {
    let savepoint = transaction.begin().await?;
    for key in keys {
        if let Err(error) = within(&savepoint, "500ms", &key.off).await {
            tracing::info!(%error, key = key.name, "seed.key_stays_on");
            savepoint.rollback().await?;
            return Ok(false);
        }
    }
    savepoint.commit().await?;
    Ok(true)
}
