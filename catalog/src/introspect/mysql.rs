//! MariaDB, read from `information_schema` and from `SHOW CREATE`, one statement a kind of object.

mod binary;
mod column;
mod event;
mod grant;
mod key;
mod reference;
mod right;
mod routine;
mod sequence;
mod shown;
mod table;
mod trigger;
mod view;

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::twin::TWIN;
use super::{owner, select};
use crate::{About, Catalog, Dialect};
use right::Rights;

pub(super) const TABLES: &str = "
SELECT TABLE_NAME AS table_name FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')";

// In some modes the server writes names and texts in other quotes.
const DATABASE: &str = "
SELECT DEFAULT_COLLATION_NAME AS collation,
       find_in_set('ANSI_QUOTES', @@sql_mode) + find_in_set('NO_BACKSLASH_ESCAPES', @@sql_mode) > 0 AS is_foreign
FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?";

/// What a query begins with where the session's mode would change how the server writes.
const PLAIN: &str = "/* kiln compares */ SET STATEMENT sql_mode = '' FOR ";

/// The database that is read, and how.
struct Source<'a, C> {
    db: &'a C,
    namespace: &'a str,
    /// What a query begins with.
    start: &'static str,
}

impl<C: ConnectionTrait> Source<'_, C> {
    /// The rows of a query of the server's own tables, whose one value is the name of the database.
    async fn all(&self, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
        select(self.db, &format!("{}{sql}", self.start), [self.namespace]).await
    }

    /// The rows of a statement that does not look like a query of the server's own tables, and is no more.
    async fn compared(&self, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
        let start = if self.start.is_empty() { TWIN } else { self.start };
        select(self.db, &format!("{start}{sql}"), []).await
    }

    /// A name in the database, as SQL writes it.
    fn qualified(&self, name: &str) -> String {
        format!("{}.{}", Dialect::MariaDb.quote(self.namespace), Dialect::MariaDb.quote(name))
    }
}

pub(super) async fn catalog(db: &impl ConnectionTrait, namespace: &str) -> Result<Catalog, DbErr> {
    let mut catalog = Catalog::empty(Dialect::MariaDb);
    let mut source = Source { db, namespace, start: "" };
    let mut about = About::default();
    if let Some(row) = source.all(DATABASE).await?.first() {
        about.storage.insert(crate::collation::COLLATION.to_owned(), row.try_get("", "collation")?);
        let is_foreign: bool = row.try_get("", "is_foreign")?;
        source.start = if is_foreign { PLAIN } else { "" };
    }
    catalog.namespaces.insert(String::new(), about);
    let rights = Rights::of(db).await?;
    if !rights.has_any(namespace) {
        catalog.unseen.push("other objects: this role has rights on some tables alone".to_owned());
    }
    table::read(&source, &mut catalog).await?;
    view::read(&source, &mut catalog).await?;
    column::read(&source, &mut catalog).await?;
    key::read(&source, &mut catalog).await?;
    shown::read(&source, &mut catalog).await?;
    trigger::read(&source, &rights, &mut catalog).await?;
    routine::read(&source, &rights, &mut catalog).await?;
    event::read(&source, &rights, &mut catalog).await?;
    sequence::read(&source, &mut catalog).await?;
    grant::read(&source, &rights, &mut catalog).await?;
    keep_exceptions(&mut catalog);
    Ok(catalog)
}

/// Leaves the definers that are not the commonest one; of two as common, the first by name.
fn keep_exceptions(catalog: &mut Catalog) {
    let mut counts = BTreeMap::<String, usize>::new();
    for definer in abouts(catalog).flat_map(|about| about.owners.values()) {
        *counts.entry(definer.clone()).or_default() += 1;
    }
    let commonest = counts.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
    if let Some((commonest, _)) = commonest {
        abouts(catalog).for_each(|about| about.owners.retain(|_, definer| *definer != commonest));
    }
}

fn abouts(catalog: &mut Catalog) -> impl Iterator<Item = &mut About> {
    let tables = catalog.tables.values_mut().map(|table| &mut table.about);
    let views = catalog.views.values_mut().map(|view| &mut view.about);
    let others = catalog.routines.values_mut().chain(catalog.others.values_mut());
    tables.chain(views).chain(others.map(|one| &mut one.about))
}

/// The text of a row's column, where it has one.
fn text(row: &QueryResult, column: &str) -> Result<Option<String>, DbErr> {
    Ok(row.try_get::<Option<String>>("", column)?.filter(|text| !text.is_empty()))
}

/// `words` as a string of SQL.
fn literal(words: &str) -> String {
    format!("'{}'", words.replace('\\', "\\\\").replace('\'', "''"))
}

/// The character set of the connection that made something, as `SET NAMES` takes it.
fn names(row: &QueryResult) -> Result<String, DbErr> {
    let (set, collation): (String, String) = (row.try_get("", "client")?, row.try_get("", "connection")?);
    Ok(format!("NAMES {set} COLLATE {collation}"))
}

#[cfg(test)]
mod tests {
    use super::{PLAIN, TWIN, keep_exceptions};
    use crate::{About, Catalog, Definition, Dialect};

    #[test]
    fn what_reads_in_another_mode_is_no_part_of_a_migration() {
        assert!(PLAIN.starts_with(TWIN));
    }

    #[test]
    fn the_commonest_definer_is_not_said() {
        let owned = |owner: &str| Definition {
            about: About { owners: [(String::new(), owner.to_owned())].into(), ..About::default() },
            ..Definition::default()
        };
        let mut catalog = Catalog::empty(Dialect::MariaDb);
        for (name, owner) in [("a()", "root@%"), ("b()", "app@%"), ("c()", "root@%")] {
            catalog.routines.insert(name.to_owned(), owned(owner));
        }
        keep_exceptions(&mut catalog);
        let owners: Vec<usize> = catalog.routines.values().map(|routine| routine.about.owners.len()).collect();
        assert_eq!(owners, [0, 1, 0]);
    }
}
