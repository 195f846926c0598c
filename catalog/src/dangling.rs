//! References between the objects of a namespace, and which of them point to nothing.
//!
//! SQLite and MariaDB let a table go to which others point: a foreign key, a view or a trigger stays and fails
//! when it is used. PostgreSQL refuses that, so nothing is looked for there.

mod mysql;
mod sqlite;

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};

use crate::{Dialect, Drift, Kind};

/// What points to something else, by its name in words, and what it misses; none where nothing is missing.
///
/// The name of a foreign key is that of its columns: SQLite renames its target along with the table.
pub type References = BTreeMap<String, Option<String>>;

/// Every foreign key, view and trigger of `namespace` that points to something.
pub async fn references(db: &impl ConnectionTrait, namespace: &str) -> Result<References, DbErr> {
    match Dialect::of(db.get_database_backend()) {
        Dialect::Sqlite => sqlite::references(db, namespace).await,
        Dialect::MariaDb => mysql::references(db, namespace).await,
        Dialect::Postgres => Ok(References::new()),
    }
}

/// The references that point to nothing, as findings.
pub fn dangling(references: &References) -> Vec<Drift> {
    let missed = references.iter().filter_map(|(name, missed)| Some((name, missed.as_ref()?)));
    let finding = |(name, missed): (&String, &String)| Drift {
        consequence: Some("whatever uses it fails".to_owned()),
        ..Drift::new(Kind::DanglingReference, name.clone(), None, Some(missed.clone()))
    };
    missed.map(finding).collect()
}

/// What pointed to something in `before` and points to nothing in `after`, with what each misses.
///
/// What is new may point to what comes later; what was broken already is nobody's doing.
pub fn broken_references(before: &References, after: &References) -> Vec<(String, String)> {
    let held = |name: &String| before.get(name).is_some_and(Option::is_none);
    let missed = after.iter().filter(|(name, _)| held(name));
    missed.filter_map(|(name, missed)| Some((name.clone(), missed.clone()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::{References, broken_references, dangling};

    fn references(entries: &[(&str, Option<&str>)]) -> References {
        entries.iter().map(|(name, missed)| ((*name).to_owned(), missed.map(str::to_owned))).collect()
    }

    #[test]
    fn only_what_held_before_is_broken_now() {
        let before = references(&[("held", None), ("broken", Some("a")), ("gone", None)]);
        let after =
            references(&[("held", Some("no table p")), ("broken", Some("a")), ("new", Some("b")), ("other", None)]);
        assert_eq!(broken_references(&before, &after), [("held".to_owned(), "no table p".to_owned())]);
        assert_eq!(broken_references(&before, &before), []);
    }

    #[test]
    fn a_finding_names_what_points_and_what_it_misses() {
        let found = dangling(&references(&[("child (p_id)", Some("no table p")), ("view v", None)]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].object.as_str(), found[0].actual.as_deref()), ("child (p_id)", Some("no table p")));
    }
}
