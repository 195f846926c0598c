//! Keys of SQLite: primary, unique and foreign.

use std::collections::BTreeMap;

use sea_orm::{DbErr, QueryResult};

use super::Tables;
use super::sql_text::{WrittenKey, WrittenReference};
use crate::{Action, Dialect, ForeignKey, Key, Table};

/// One key of an index.
#[derive(Clone)]
pub(super) struct Part {
    /// Its column; none where it is an expression.
    pub(super) column: Option<String>,
    /// The collation of that column.
    pub(super) own_collation: String,
    pub(super) collation: String,
    pub(super) descending: bool,
}

impl Part {
    /// It in words: `region COLLATE nocase DESC`, with what is said where it is an expression.
    pub(super) fn words(&self, expression: &str) -> String {
        let mut words = self.column.as_deref().unwrap_or(expression).to_owned();
        if self.collation != self.own_collation {
            words.extend([" COLLATE ", &self.collation]);
        }
        if self.descending {
            words.push_str(" DESC");
        }
        words
    }

    /// Whether it is this column of a constraint, with the collation that it has there.
    fn is_written(&self, (column, collation): &(String, Option<String>)) -> bool {
        let collation = collation.as_ref().unwrap_or(&self.own_collation);
        self.column.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(column))
            && self.collation.eq_ignore_ascii_case(collation)
    }
}

/// What happens to a row that breaks a key, where it is not the statement that fails.
pub(super) fn conflict(action: Option<&String>) -> String {
    action.map(|action| format!("ON CONFLICT {action}")).unwrap_or_default()
}

/// The unique constraints that these indexes back. SQLite makes one index for all that are alike.
pub(super) fn uniques(indexes: Vec<(String, Vec<Part>)>, written: &[WrittenKey]) -> Vec<Key> {
    let unique = |(_, parts): (String, Vec<Part>)| {
        let is_it = |key: &&WrittenKey| {
            key.columns.len() == parts.len()
                && parts.iter().zip(&key.columns).all(|(part, column)| part.is_written(column))
        };
        let alike: Vec<&WrittenKey> = written.iter().filter(is_it).collect();
        Key {
            name: alike.iter().find_map(|key| key.name.clone()),
            columns: parts.iter().map(|part| part.words("")).collect(),
            modifiers: conflict(alike.iter().find_map(|key| key.on_conflict.as_ref())),
            ..Key::default()
        }
    };
    indexes.into_iter().map(unique).collect()
}

/// The foreign key that starts with a row, without its columns.
pub(super) fn foreign_key(row: &QueryResult) -> Result<ForeignKey, DbErr> {
    let (on_delete, on_update): (String, String) = (row.try_get("", "on_delete")?, row.try_get("", "on_update")?);
    Ok(ForeignKey {
        target: row.try_get("", "target")?,
        on_delete: Action::of(&on_delete),
        on_update: Action::of(&on_update),
        ..ForeignKey::default()
    })
}

/// Gives foreign keys what only the text says of them: names, MATCH and when they are looked at.
pub(super) fn settle_foreign_keys(foreign_keys: &mut [ForeignKey], written: &[WrittenReference]) {
    let mut left: Vec<&WrittenReference> = written.iter().collect();
    for key in foreign_keys {
        let is_it = |reference: &&WrittenReference| {
            reference.target.eq_ignore_ascii_case(&key.target)
                && reference.columns.len() == key.columns.len()
                && reference.columns.iter().zip(&key.columns).all(|(one, other)| one.eq_ignore_ascii_case(other))
        };
        let Some(position) = left.iter().position(is_it) else { continue };
        let reference = left.remove(position);
        key.name.clone_from(&reference.name);
        // SQLite takes any word here and matches as SIMPLE does.
        let matching = reference.matching.as_ref().filter(|kind| !kind.eq_ignore_ascii_case("SIMPLE"));
        let matching = matching.map(|kind| format!("MATCH {}", kind.to_ascii_uppercase()));
        let deferred = reference.is_deferred.then(|| "DEFERRABLE INITIALLY DEFERRED".to_owned());
        key.modifiers = matching.into_iter().chain(deferred).collect::<Vec<_>>().join(" ");
    }
}

/// A table that a foreign key can point to.
struct Target {
    name: String,
    key: Vec<String>,
    columns: Vec<String>,
}

impl Target {
    fn of(name: &str, table: &Table) -> Self {
        let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        let key = table.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
        let key = key.iter().filter_map(|key| columns.iter().find(|column| is_key(key, column)).cloned()).collect();
        Self { name: name.to_owned(), key, columns }
    }
}

/// Gives targets the letter case that they have, and those that name no column the columns of their primary key.
pub(super) fn settle_targets(tables: &mut Tables) {
    let target = |(name, table): (&String, &Table)| (name.to_ascii_lowercase(), Target::of(name, table));
    let targets: BTreeMap<String, Target> = tables.iter().map(target).collect();
    for key in tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
        let Some(target) = targets.get(&key.target.to_ascii_lowercase()) else { continue };
        key.target.clone_from(&target.name);
        if key.target_columns.is_empty() {
            key.target_columns.clone_from(&target.key);
        }
        for column in &mut key.target_columns {
            if let Some(spelt) = target.columns.iter().find(|name| Dialect::Sqlite.is_same_column(name, column)) {
                column.clone_from(spelt);
            }
        }
    }
}

/// Whether a key of an index, with its collation and direction, is this column.
fn is_key(key: &str, column: &str) -> bool {
    key.strip_prefix(column)
        .is_some_and(|rest| rest.is_empty() || [" COLLATE ", " DESC"].iter().any(|more| rest.starts_with(more)))
}
