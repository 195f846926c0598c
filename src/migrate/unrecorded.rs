//! Tables that pending migrations would make and that are there already, with no history of them.
//!
//! `up` would fail on them half-way, or take them for its own unseen (`IF NOT EXISTS`). They are adopted with a
//! baseline instead. A migration that asks the database what is there decides for itself, as `ensure_table` does.

use catalog::{Dialect, Drift, Kind, Severity};
use serde::Serialize;

use super::history::own::Texts;
use super::statement;
use crate::check;
use crate::connect::Opened;
use crate::error::Error;
use crate::replay::{Replay, Stage, structure};

/// Tables without a history, and what a baseline would say of them.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Unrecorded {
    /// Their names.
    pub(crate) tables: Vec<String>,
    /// The version whose structure the database is nearest to; none where no migration could be replayed.
    pub(crate) version: Option<String>,
    /// Where it differs from that.
    pub(crate) drift: Vec<Drift>,
}

/// How many differences a message tells.
const TOLD: usize = 3;

impl Unrecorded {
    /// What to do about them, in words.
    pub(crate) fn advice(&self, schema: &str) -> String {
        let Some(version) = &self.version else {
            return format!("adopt them with `kiln migrate baseline {schema} --to head`, which compares them first");
        };
        let command = format!("`kiln migrate baseline {schema} --to {version}`");
        if self.drift.is_empty() {
            return format!("they are what the migrations up to {version} make: adopt them with {command}");
        }
        let told = self.drift.iter().take(TOLD).map(|drift| format!("{} {}", drift.kind, drift.object));
        let more = self.drift.len().saturating_sub(TOLD);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let told = told.collect::<Vec<_>>().join(", ");
        format!(
            "they are nearest to what the migrations up to {version} make, but for {told}{more}; {command} shows how \
             each is fixed, and adopts them once they are"
        )
    }
}

/// The tables of `live` that `pending` would make anew, and that `applied` have nothing to do with. Pure.
pub(crate) fn tables<'a>(
    dialect: Dialect,
    applied: impl Iterator<Item = &'a Texts> + Clone,
    pending: impl Iterator<Item = &'a Texts>,
    live: &[String],
) -> Vec<String> {
    let statements = |texts: &'a Texts| texts.0.iter().flat_map(move |text| statement::split(dialect, &text.sql));
    let mut before: Vec<&str> = applied.flat_map(statements).collect();
    let mut found = Vec::new();
    for text in pending.flat_map(statements) {
        let made = statement::made_table(dialect, text);
        let there = made.and_then(|made| live.iter().find(|table| dialect.is_same_name(table, &made)));
        // A statement before it may have made, renamed or dropped the table.
        if let Some(table) = there.filter(|table| !before.iter().any(|text| statement::names(dialect, text, table)))
            && !found.contains(table)
        {
            found.push(table.clone());
        }
        before.push(text);
    }
    found
}

/// What a baseline of `versions` would say of `tables`: the nearest of them that is not older than `applied`.
pub(crate) async fn compare(
    replay: &Replay<'_>,
    opened: &Opened,
    versions: &[String],
    applied: usize,
    tables: Vec<String>,
) -> Result<Unrecorded, Error> {
    let actual = structure(opened, Some(replay.migrator), replay.beside).await?;
    let snapshots = replay.on_stage(async |stage: &Stage<'_>| stage.snapshots(versions).await).await;
    let Ok(snapshots) = snapshots else {
        return Ok(Unrecorded { tables, version: None, drift: Vec::new() });
    };
    let each = versions.iter().zip(&snapshots).skip(applied);
    let each = each.map(|(version, declared)| (version, declared, check::drift(declared, &actual)));
    let whole_tables = |drift: &[Drift]| {
        drift.iter().filter(|drift| matches!(drift.kind, Kind::MissingTable | Kind::ExtraTable)).count()
    };
    // The tables count first, so that none has to go. Of two that are as near, the later: a migration of rows
    // alone has run where its tables are there.
    let nearest = each.rev().min_by_key(|(_, _, drift)| (whole_tables(drift), drift.len()));
    let Some((version, declared, _)) = nearest else {
        return Ok(Unrecorded { tables, version: None, drift: Vec::new() });
    };
    let (mut drift, _) = check::compare(declared, &actual, &opened.namespace, false);
    drift.retain(|drift| drift.severity == Severity::Drift);
    Ok(Unrecorded { tables, version: Some(version.clone()), drift })
}

#[cfg(test)]
mod tests {
    use catalog::Dialect::{self, MariaDb, Postgres, Sqlite};

    use super::tables;
    use crate::migrate::history::own::{Text, Texts};

    fn texts(statements: &[&str]) -> Vec<Texts> {
        statements.iter().map(|sql| Texts(vec![Text { sql: (*sql).to_owned(), times: 1 }])).collect()
    }

    fn found(dialect: Dialect, applied: &[&str], pending: &[&str], live: &[&str]) -> Vec<String> {
        let live: Vec<String> = live.iter().map(|table| (*table).to_owned()).collect();
        tables(dialect, texts(applied).iter(), texts(pending).iter(), &live)
    }

    #[test]
    fn a_table_that_would_be_made_and_is_there_is_unrecorded() {
        for dialect in Dialect::ALL {
            let pending = ["CREATE TABLE IF NOT EXISTS a (id int); CREATE TABLE b (id int)", "CREATE TABLE c (id int)"];
            assert_eq!(found(dialect, &[], &pending, &["b", "a", "other"]), ["a", "b"]);
            assert_eq!(found(dialect, &[], &pending, &["other"]), [""; 0]);
        }
        assert_eq!(found(Postgres, &[], &["CREATE TABLE \"shop\".\"A b\" (id int)"], &["A b"]), ["A b"]);
        assert_eq!(found(Postgres, &[], &["CREATE TABLE Shop (id int)"], &["shop"]), ["shop"]);
        assert_eq!(found(MariaDb, &[], &["CREATE TABLE `a``b` (id int)"], &["a`b"]), ["a`b"]);
        assert_eq!(found(Sqlite, &[], &["CREATE TABLE [a] (id int)"], &["A"]), ["A"]);
    }

    #[test]
    fn what_migrations_themselves_have_to_do_with_is_not() {
        let create = "CREATE TABLE a (id int)";
        assert_eq!(found(Sqlite, &[create], &["DROP TABLE a", create], &["a"]), [""; 0]);
        assert_eq!(found(Sqlite, &[], &["DROP TABLE IF EXISTS a", create], &["a"]), [""; 0]);
        assert_eq!(found(Sqlite, &["ALTER TABLE z RENAME TO a"], &[create], &["a"]), [""; 0]);
        assert_eq!(found(Sqlite, &[], &["CREATE TEMP TABLE a (id int)"], &["a"]), [""; 0]);
    }
}
