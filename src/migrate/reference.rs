//! Whether a migration leaves what points to nothing: rows, and foreign keys, views and triggers.
//!
//! What is there is read before it and after it, so that it answers for its own work alone.

use std::collections::BTreeMap;

use catalog::{Dialect, References, counted};
use sea_orm::{ConnectionTrait, DbErr, Statement};

/// Tables and their parents, and how many rows of the first point to no row of the second.
type Orphans = BTreeMap<(String, String), i64>;

/// What pointed where before a migration.
#[derive(Debug)]
pub(crate) struct Pointing {
    references: References,
    orphans: Orphans,
}

impl Pointing {
    /// Reads what is there.
    pub(crate) async fn read(db: &impl ConnectionTrait, namespace: &str) -> Result<Self, DbErr> {
        let is_unenforced = Dialect::of(db.get_database_backend()).rebuilds_tables();
        let orphans = if is_unenforced { orphans(db, namespace).await? } else { Orphans::new() };
        Ok(Self { references: catalog::references(db, namespace).await?, orphans })
    }

    /// Refuses what a migration has broken since.
    pub(crate) async fn refuse_broken(&self, db: &impl ConnectionTrait, namespace: &str) -> Result<(), DbErr> {
        let after = Self::read(db, namespace).await?;
        let broken = catalog::broken_references(&self.references, &after.references);
        if !broken.is_empty() {
            let each: Vec<String> = broken.iter().map(|(name, missed)| format!("{name}: {missed}")).collect();
            return Err(DbErr::Migration(format!(
                "it leaves what points to nothing: {}; change or drop that in the same migration, and where a table is \
                 rebuilt, make the new one under another name and rename it last",
                each.join("; ")
            )));
        }
        let is_new = |(between, count): &(&(String, String), &i64)| {
            **count > self.orphans.get(*between).copied().unwrap_or_default()
        };
        match after.orphans.iter().find(is_new) {
            None => Ok(()),
            Some(((table, parent), count)) => {
                let count = count - self.orphans.get(&(table.clone(), parent.clone())).copied().unwrap_or_default();
                let (rows, point) = (counted(count, "row"), if count == 1 { "points" } else { "point" });
                Err(DbErr::Migration(format!(
                    "it leaves {rows} of {table} that {point} to no row of {parent}; delete them or give them a \
                     parent in the same migration"
                )))
            }
        }
    }
}

/// The rows of SQLite that point nowhere: it does not look while enforcement is off.
async fn orphans(db: &impl ConnectionTrait, namespace: &str) -> Result<Orphans, DbErr> {
    let backend = db.get_database_backend();
    let children = format!(
        "SELECT DISTINCT m.name FROM {}.sqlite_schema m, pragma_foreign_key_list(m.name, '{namespace}') \
         WHERE m.type = 'table'",
        Dialect::Sqlite.quote(namespace)
    );
    let mut orphans = Orphans::new();
    for row in db.query_all_raw(Statement::from_string(backend, children)).await? {
        let child: String = row.try_get("", "name")?;
        let sql =
            format!("SELECT parent, count(*) AS n FROM pragma_foreign_key_check(?, '{namespace}') GROUP BY parent");
        // A target without a key fails here, and is a reference that points to nothing.
        let Ok(rows) = db.query_all_raw(Statement::from_sql_and_values(backend, sql, [child.as_str().into()])).await
        else {
            continue;
        };
        for row in rows {
            orphans.insert((child.clone(), row.try_get("", "parent")?), row.try_get("", "n")?);
        }
    }
    Ok(orphans)
}
