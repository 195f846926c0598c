//! MariaDB: foreign keys unchecked while rows are inserted, under locks of what they point to, and then counted.
//!
//! Schema changes would commit, so keys and indexes stay in place.

use async_trait::async_trait;
use catalog::Dialect;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, Statement, TransactionTrait};

use super::{Changed, Sink};
use crate::error::Error;
use crate::generate::Load;
use crate::option::Settings;
use crate::plan::Operation;
use crate::seeder::Observer;
use crate::table::Seeded;
use crate::verify;

/// Takes the lock of a run, which goes with the connection; `n` is 1 when it got it within a minute.
const LOCK: &str = "SELECT GET_LOCK(concat('kiln.seed.', database()), 60) AS n";

/// Whether this connection checks foreign keys.
const CHECKED: &str = "SELECT @@SESSION.foreign_key_checks AS n";

/// Whether the role sees triggers, and there are none: what one writes elsewhere nobody counts afterwards.
const NO_TRIGGERS: &str = "
SELECT EXISTS (SELECT 1 FROM (
    SELECT grantee FROM information_schema.user_privileges WHERE privilege_type = 'TRIGGER'
    UNION ALL SELECT grantee FROM information_schema.schema_privileges
    WHERE privilege_type = 'TRIGGER' AND database() LIKE table_schema) p
  WHERE p.grantee = concat('''', replace(current_user(), '@', '''@'''), ''''))
 AND NOT EXISTS (SELECT 1 FROM information_schema.triggers WHERE event_object_schema = database()) AS n";

/// The foreign keys of table ?, a row a column.
const KEYS: &str = "
SELECT constraint_name AS name, column_name AS here, referenced_table_schema AS namespace,
       referenced_table_name AS target, referenced_column_name AS there
FROM information_schema.key_column_usage
WHERE table_schema = database() AND table_name = ? AND referenced_table_name IS NOT NULL
ORDER BY constraint_name, ordinal_position";

/// The foreign keys of any database that point to table ?: the table, its database, and which of its rows do.
const POINTING: &str = "
SELECT table_schema = database() AS is_here, table_name AS name,
       concat('`', replace(table_schema, '`', '``'), '`.`', replace(table_name, '`', '``'), '`') AS qualified,
       group_concat(concat('`', replace(column_name, '`', '``'), '` IS NOT NULL') SEPARATOR ' AND ') AS given
FROM information_schema.key_column_usage
WHERE referenced_table_schema = database() AND referenced_table_name = ?
GROUP BY table_schema, table_name, constraint_name";

pub(super) struct MariaDb {
    transaction: DatabaseTransaction,
    db: DatabaseConnection,
    unchecked: Option<Changed>,
    keys: Vec<Key>,
}

/// A foreign key of a table that gets many rows.
struct Key {
    table: String,
    name: String,
    /// The table that it points to, qualified and quoted.
    target: String,
    /// The columns here and there, quoted.
    columns: Vec<(String, String)>,
}

impl MariaDb {
    /// Begins once no other run is at work in the database. A run that removes rows first reads them all for
    /// update, before it has a snapshot: nobody adds a row that it would remove and has not counted.
    pub(super) async fn open(db: &DatabaseConnection, tables: &[&str], operation: Operation) -> Result<Self, Error> {
        let failed = || Error::database("waiting for another run of `kiln seed`");
        if verify::number(db, LOCK).await.map_err(failed())? != 1 {
            let late = "it has not ended within a minute; run this again when it has";
            return Err(failed()(DbErr::Custom(late.to_owned())));
        }
        let transaction = db.begin().await.map_err(Error::database("beginning the transaction"))?;
        let removes = matches!(operation, Operation::FullNew | Operation::Delete(_));
        for table in tables.iter().filter(|_| removes) {
            let sql = format!("SELECT count(*) AS n FROM {} FOR UPDATE", Dialect::MariaDb.quote(table));
            let failed = Error::database("waiting for other writers of these tables");
            verify::number(&transaction, &sql).await.map_err(failed)?;
        }
        Ok(Self { transaction, db: db.clone(), unchecked: None, keys: Vec::new() })
    }

    /// Switches checks off for the connection.
    async fn uncheck(&mut self) -> Result<(), DbErr> {
        let sql = Dialect::MariaDb.foreign_keys(false).expect("MariaDB has a switch");
        let back = Dialect::MariaDb.foreign_keys(true).expect("MariaDB has a switch");
        self.unchecked = Some(Changed::new(&self.db, back));
        self.transaction.execute_unprepared(sql).await.map(drop)
    }

    /// Switches them on again, while the transaction goes on.
    async fn check_again(&mut self) -> Result<(), DbErr> {
        if let Some(back) = self.unchecked.as_ref().and_then(|unchecked| unchecked.back) {
            self.transaction.execute_unprepared(back).await?;
        }
        if let Some(unchecked) = self.unchecked.take() {
            unchecked.forget();
        }
        Ok(())
    }
}

#[async_trait]
impl Sink for MariaDb {
    fn db(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    async fn prepare(&mut self, tables: &[&str]) -> Result<(), Error> {
        let failed = || Error::database("readying the foreign keys");
        let number = async |sql| verify::number(&self.transaction, sql).await.map_err(failed());
        if tables.is_empty() || number(CHECKED).await? == 0 || number(NO_TRIGGERS).await? == 0 {
            return Ok(());
        }
        let is_ready = |keys: &[Key], table: &str| keys.iter().any(|key| key.table == table);
        for table in tables {
            if is_ready(&self.keys, table) {
                continue;
            }
            self.keys.extend(keys(&self.transaction, table).await.map_err(failed())?);
        }
        for target in targets(&self.keys) {
            let failed = Error::database(format!("locking the rows of {target}"));
            let sql = format!("SELECT count(*) AS n FROM {target} LOCK IN SHARE MODE");
            verify::number(&self.transaction, &sql).await.map_err(failed)?;
        }
        Ok(())
    }

    /// A row that points into its own table cannot go before that one, and MariaDB checks row by row: where keys lead
    /// in a circle they are off meanwhile, once no other table is known to point to a row.
    async fn clear(&mut self, table: &dyn Seeded, rows: u64, cyclic: &[&str]) -> Result<(), Error> {
        if !cyclic.contains(&table.name()) {
            return super::clear(&self.transaction, table, rows).await;
        }
        let failed = || Error::database(format!("deleting the rows of {}", table.name()));
        let is_so = async |sql| Ok::<bool, Error>(verify::number(&self.transaction, sql).await.map_err(failed())? != 0);
        // A connection that checks nothing needs no switch; what a trigger writes elsewhere has to be checked.
        if !is_so(CHECKED).await? || !is_so(NO_TRIGGERS).await? {
            return super::clear(&self.transaction, table, rows).await;
        }
        for (outside, count) in pointing(&self.transaction, table.name(), cyclic).await.map_err(failed())? {
            let number = verify::number(&self.transaction, &count).await.map_err(failed())?;
            if number > 0 {
                let told = format!("rows of {outside} point to them: {number}; delete those first");
                return Err(failed()(DbErr::Custom(told)));
            }
        }
        self.uncheck().await.map_err(Error::database("switching foreign keys off"))?;
        super::clear(&self.transaction, table, rows).await?;
        self.check_again().await.map_err(Error::database("switching foreign keys on"))
    }

    async fn load(&mut self, load: &Load, settings: &Settings, observer: &dyn Observer) -> Result<(), Error> {
        let is_unchecked = self.keys.iter().any(|key| key.table == load.table());
        if is_unchecked {
            self.uncheck().await.map_err(Error::database("switching foreign keys off"))?;
        }
        super::insert(&self.transaction, load, settings.jobs, settings.batch_size, observer).await?;
        self.check_again().await.map_err(Error::database("switching foreign keys on"))
    }

    async fn settle(&mut self, observer: &dyn Observer) -> Result<(), Error> {
        for key in self.keys.drain(..) {
            observer.working(&format!("checking the foreign key {}", key.name));
            let failed = || Error::database(format!("checking the foreign key {} of {}", key.name, key.table));
            let orphans = verify::number(&self.transaction, &key.orphans()).await.map_err(failed())?;
            if orphans > 0 {
                let told = format!(
                    "values that point to no row of {}: {orphans}; nothing is kept; run this again if others delete \
                     rows meanwhile",
                    key.target
                );
                return Err(failed()(DbErr::Custom(told)));
            }
        }
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<(), Error> {
        super::commit(self.transaction, self.unchecked).await
    }

    async fn abandon(self: Box<Self>) -> Result<(), Error> {
        super::roll_back(self.transaction, self.unchecked).await
    }
}

impl Key {
    /// Counts the values that point to no row. Of the table pointed to it reads what is there and not what was
    /// when the transaction began: a row may have gone before it was locked. The inner query locks nothing and
    /// reads what was, with values that may have gone together with their row.
    fn orphans(&self) -> String {
        let here: Vec<&str> = self.columns.iter().map(|(here, _)| here.as_str()).collect();
        let on: Vec<String> = self.columns.iter().map(|(here, there)| format!("p.{there} = c.{here}")).collect();
        let given: Vec<String> = here.iter().map(|here| format!("{here} IS NOT NULL")).collect();
        let there = &self.columns.first().expect("a foreign key has a column").1;
        format!(
            "SELECT count(*) AS n FROM (SELECT DISTINCT {} FROM {}{} WHERE {}) c LEFT JOIN {} p ON {} \
             WHERE p.{there} IS NULL LOCK IN SHARE MODE",
            here.join(", "),
            Dialect::MariaDb.quote(&self.table),
            Dialect::MariaDb.in_row_order(),
            given.join(" AND "),
            self.target,
            on.join(" AND "),
        )
    }
}

/// The tables that `keys` point to, each once, in one order for all.
fn targets(keys: &[Key]) -> Vec<&str> {
    let mut targets: Vec<&str> = keys.iter().map(|key| key.target.as_str()).collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// The tables but those of the circle that point to `target`, each with the query that counts its rows which do.
async fn pointing(db: &DatabaseTransaction, target: &str, circle: &[&str]) -> Result<Vec<(String, String)>, DbErr> {
    let query = Statement::from_sql_and_values(db.get_database_backend(), POINTING, [target.into()]);
    let mut pointing = Vec::new();
    for row in db.query_all_raw(query).await? {
        let text = |column: &str| row.try_get::<String>("", column);
        let name = text("name")?;
        if row.try_get::<i32>("", "is_here")? != 0 && circle.contains(&name.as_str()) {
            continue;
        }
        let (table, given) = (text("qualified")?, text("given")?);
        pointing.push((name, format!("SELECT count(*) AS n FROM {table} WHERE {given} LOCK IN SHARE MODE")));
    }
    Ok(pointing)
}

async fn keys(db: &DatabaseTransaction, table: &str) -> Result<Vec<Key>, DbErr> {
    let query = Statement::from_sql_and_values(db.get_database_backend(), KEYS, [table.into()]);
    let quote = |name: &str| Dialect::MariaDb.quote(name);
    let mut keys: Vec<Key> = Vec::new();
    for row in db.query_all_raw(query).await? {
        let text = |column: &str| row.try_get::<String>("", column);
        let (name, columns) = (text("name")?, (quote(&text("here")?), quote(&text("there")?)));
        if let Some(key) = keys.last_mut().filter(|key| key.name == name) {
            key.columns.push(columns);
            continue;
        }
        let target = format!("{}.{}", quote(&text("namespace")?), quote(&text("target")?));
        keys.push(Key { table: table.to_owned(), name, target, columns: vec![columns] });
    }
    Ok(keys)
}
