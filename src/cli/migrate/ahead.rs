//! What is refused before a run begins, for it would end half-way.

use super::super::session::{Chosen, Seen, Session};
use super::replay;
use crate::connect::Link;
use crate::error::Error;
use crate::migrate::history;
use crate::migrate::plan::{Direction, Plan};
use crate::migrate::unrecorded::{self, Unrecorded};
use crate::schema::Migrator;

/// Refuses to apply migrations whose tables are there already, with no history of them.
pub(super) async fn refuse_unrecorded(
    link: &Link,
    chosen: &Chosen,
    migrator: Migrator,
    seen: &Seen,
    plan: &Plan,
) -> Result<(), Error> {
    let rolls_back = plan.clears || !plan.versions(Direction::Down).is_empty();
    if rolls_back || plan.steps.is_empty() {
        return Ok(());
    }
    match unrecorded(link, chosen, migrator, seen, &plan.versions(Direction::Up)).await? {
        None => Ok(()),
        Some(unrecorded) => Err(Error::Refused(format!(
            "{} that pending migrations of {} would make {} already at {}, with no history of {}; {}",
            unrecorded.tables.join(", "),
            chosen.schema.name(),
            if unrecorded.tables.len() == 1 { "is there" } else { "are there" },
            chosen.place,
            if unrecorded.tables.len() == 1 { "it" } else { "them" },
            unrecorded.advice(chosen.schema.name()),
        ))),
    }
}

/// The tables that `pending` would make and that are there already, compared with what the migrations make.
pub(in crate::cli) async fn unrecorded(
    link: &Link,
    chosen: &Chosen,
    migrator: Migrator,
    seen: &Seen,
    pending: &[String],
) -> Result<Option<Unrecorded>, Error> {
    let Some(opened) = seen.opened.as_ref().filter(|_| seen.half.is_none()) else { return Ok(None) };
    let failed = || Error::database("listing the tables");
    let transaction = opened.begin().await.map_err(failed())?;
    let live = catalog::table_names_in(&transaction, &opened.namespace).await.map_err(failed())?;
    transaction.rollback().await.map_err(failed())?;
    if live.is_empty() {
        return Ok(None);
    }
    let replay = replay(chosen, migrator, seen, link);
    let texts = replay.offline(&seen.known).await;
    let of = |versions: &[String]| versions.iter().filter_map(|version| texts.get(version)).collect::<Vec<_>>();
    let done = seen.state(chosen.schema.name()).done();
    let (applied, pending) = (of(&done), of(pending));
    let dialect = chosen.place.dialect();
    let tables = unrecorded::tables(dialect, applied.iter().copied(), pending.into_iter(), &live);
    if tables.is_empty() {
        return Ok(None);
    }
    // Another runner may have made them since the history was read: it records them as it makes them.
    let now = history::look(opened, migrator).await?;
    if now.versions() != seen.applied || now.half().is_some() {
        return Ok(None);
    }
    unrecorded::compare(&replay, opened, &seen.known, done.len(), tables).await.map(Some)
}

/// Refuses to drop what could not be made again: the plan is run on an empty database first.
pub(super) async fn refuse_what_fails(
    session: &mut Session,
    link: &Link,
    chosen: &Chosen,
    migrator: Migrator,
    seen: &Seen,
    plan: &Plan,
) -> Result<(), Error> {
    let makes_again = plan.clears || !plan.versions(Direction::Down).is_empty();
    if seen.opened.is_none() || !makes_again || plan.versions(Direction::Up).is_empty() {
        return Ok(());
    }
    let schema = chosen.schema.name();
    let done = if plan.clears { Vec::new() } else { seen.state(schema).done() };
    match replay(chosen, migrator, seen, link).try_plan(&done, plan).await {
        Ok(()) => Ok(()),
        Err(Error::NoScratch(said)) => {
            session.printer.warn(&format!("{schema}: whether its migrations can be run is not tried first: {said}"));
            Ok(())
        }
        Err(error) => Err(Error::Refused(format!("{error}; nothing was dropped or rolled back"))),
    }
}
