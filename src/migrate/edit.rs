//! Whether an applied migration still says what it said when it was applied.

mod shown;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use catalog::Dialect;
use serde::Serialize;

use super::history::History;
use super::history::own::{Text, Texts};
use super::statement;
use crate::error::{Error, words};
use crate::replay::{Recording, Replay};

/// An applied migration whose SQL has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Edit {
    pub(crate) version: String,
    /// Statements that it had when it was applied and has no more.
    pub(crate) was: Vec<Text>,
    /// Statements that it has instead.
    pub(crate) now: Vec<Text>,
    /// Both for people: what differs of each, in lines.
    #[serde(skip)]
    shown: Vec<String>,
}

impl Edit {
    /// The statements before and after, a line each, for people.
    pub(crate) fn lines(&self) -> String {
        self.shown.join("\n")
    }
}

/// What a replay says about the migrations of a history.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edits {
    /// What each migration emits now, less those of which two replays differ.
    pub(crate) texts: BTreeMap<String, Texts>,
    /// Applied migrations that have changed.
    pub(crate) edited: Vec<Edit>,
    /// Applied migrations of which two replays differ: they have no checksum.
    pub(crate) unsteady: Vec<String>,
    /// Why some or all could not be looked at.
    pub(crate) not_seen: Option<String>,
}

/// Replays `versions` and compares those that are applied with what was recorded of them.
///
/// A place without room for a replay is no error: `not_seen` says why nothing was compared.
pub(crate) async fn look(replay: &Replay<'_>, versions: &[String], history: &History) -> Edits {
    let recording = match replay.recording(versions).await {
        Ok(recording) => recording,
        Err(error) => return Edits { not_seen: Some(error.to_string()), ..Edits::default() },
    };
    of(recording, replay, versions, history).await
}

/// As [`look`], from a recording that was made of `versions` already.
pub(crate) async fn of(recording: Recording, replay: &Replay<'_>, versions: &[String], history: &History) -> Edits {
    let dialect = replay.place.dialect();
    let mut edits = Edits { edited: compare(&recording, history, dialect), ..Edits::default() };
    edits.not_seen = not_seen(&recording, history);
    if !edits.edited.is_empty() {
        // What is other each time it is run was not edited; a clock in it shows whole seconds.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        let again = replay.recording(versions).await.unwrap_or_default();
        let unsteady: BTreeSet<&String> = recording
            .texts
            .iter()
            .filter(|(version, texts)| again.texts.get(*version) != Some(texts))
            .map(|(version, _)| version)
            .collect();
        edits.edited.retain(|edit| !unsteady.contains(&edit.version));
        edits.unsteady = unsteady.into_iter().cloned().collect();
    }
    edits.texts = recording.texts;
    edits.texts.retain(|version, _| !edits.unsteady.contains(version));
    edits
}

/// Why an applied migration with a checksum was not looked at.
fn not_seen(recording: &Recording, history: &History) -> Option<String> {
    let stumbled = recording.stumbled.as_ref()?;
    let has_checksum = |version: &&String| history.own.get(*version).is_some_and(|known| known.checksum.is_some());
    let first =
        history.applied.keys().find(|version| has_checksum(version) && !recording.texts.contains_key(*version))?;
    Some(format!(
        "{} cannot be replayed on an empty database ({}), so whether {first} was edited is not seen",
        stumbled.version,
        words(&stumbled.source)
    ))
}

/// The applied migrations of which `recording` has another checksum than `history`. Pure.
fn compare(recording: &Recording, history: &History, dialect: Dialect) -> Vec<Edit> {
    let applied = history.own.iter().filter(|(version, _)| history.applied.contains_key(*version));
    let edited = applied.filter_map(|(version, known)| {
        let now = recording.texts.get(version)?;
        let is_edited = known.checksum.as_ref().is_some_and(|checksum| *checksum != now.checksum(dialect));
        is_edited.then(|| difference(version, &known.texts, now, dialect))
    });
    edited.collect()
}

/// The statements of two lists that differ, in their order.
fn difference(version: &str, was: &Texts, now: &Texts, dialect: Dialect) -> Edit {
    let forms = |texts: &Texts| -> Vec<(usize, String)> {
        texts.0.iter().map(|text| (text.times, statement::normal_form(dialect, &text.sql))).collect()
    };
    let mut edit = Edit { version: version.to_owned(), was: Vec::new(), now: Vec::new(), shown: Vec::new() };
    for change in similar::capture_diff_slices(similar::Algorithm::Myers, &forms(was), &forms(now)) {
        if matches!(change, similar::DiffOp::Equal { .. }) {
            continue;
        }
        let (was, now) = (&was.0[change.old_range()], &now.0[change.new_range()]);
        for at in 0..was.len().max(now.len()) {
            edit.shown.extend(shown::lines(dialect, was.get(at), now.get(at)));
        }
        edit.was.extend_from_slice(was);
        edit.now.extend_from_slice(now);
    }
    edit
}

/// Refuses to go on over migrations that were edited.
pub(crate) fn refuse(schema: &str, edited: &[Edit]) -> Result<(), Error> {
    if edited.is_empty() {
        return Ok(());
    }
    let each = edited
        .iter()
        .map(|edit| format!("{} was edited after it was applied to {schema}\n{}\n", edit.version, edit.lines()));
    Err(Error::Refused(format!(
        "{}put it back and write a new migration instead; or accept it as it is now with `kiln migrate repair {schema}`",
        each.collect::<String>()
    )))
}

#[cfg(test)]
mod tests {
    use catalog::Dialect;

    use super::{Edit, compare};
    use crate::migrate::history::History;
    use crate::migrate::history::own::{Known, Origin, Text, Texts};
    use crate::replay::Recording;

    fn texts(sqls: &[&str]) -> Texts {
        Texts(sqls.iter().map(|sql| Text { sql: (*sql).to_owned(), times: 1 }).collect())
    }

    /// What is found when a migration said `was` and says `now`.
    fn found(was: &[&str], now: &[&str]) -> Vec<Edit> {
        let known = Known::new(Origin::Applied, Dialect::Sqlite, Some(&texts(was)), None);
        let history = History { applied: [("m1".to_owned(), 0)].into(), own: [("m1".to_owned(), known)].into() };
        let recording = Recording { texts: [("m1".to_owned(), texts(now))].into(), stumbled: None };
        compare(&recording, &history, Dialect::Sqlite)
    }

    #[test]
    fn white_space_line_ends_and_comments_are_no_edit() {
        assert!(found(&["CREATE TABLE t (a int)"], &["CREATE  TABLE t(\r\n  a int -- why\n)"]).is_empty());
    }

    #[test]
    fn one_word_is_an_edit_and_only_its_statement_is_shown() {
        let edits = found(
            &["CREATE TABLE t (a int)", "CREATE TABLE u (b int)"],
            &["CREATE TABLE t (a text)", "CREATE TABLE u (b int)"],
        );
        assert_eq!(edits[0].lines(), "  - CREATE TABLE t (a int)\n  + CREATE TABLE t (a text)");
    }

    #[test]
    fn a_statement_more_or_less_is_an_edit() {
        assert_eq!(found(&["A", "B"], &["A"])[0].lines(), "  - B");
        assert_eq!(found(&["A", "C"], &["A", "B", "C"])[0].lines(), "  + B");
    }

    #[test]
    fn what_stands_between_two_edits_is_not_shown() {
        let edits = found(&["A", "CREATE TABLE b (c)", "D"], &["E", "CREATE  TABLE b(c)", "F"]);
        assert_eq!(edits[0].lines(), "  - A\n  + E\n  - D\n  + F");
    }

    #[test]
    fn what_has_no_checksum_is_not_compared() {
        let known = Known::new(Origin::External, Dialect::Sqlite, None, None);
        let history = History { applied: [("m1".to_owned(), 0)].into(), own: [("m1".to_owned(), known)].into() };
        let recording = Recording { texts: [("m1".to_owned(), texts(&["A"]))].into(), stumbled: None };
        assert!(compare(&recording, &history, Dialect::Sqlite).is_empty());
    }
}
