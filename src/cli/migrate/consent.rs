//! What would be lost is said first: `--confirm` agrees to it, a terminal is asked.

use std::path::PathBuf;

use chrono::Utc;

use super::super::session::{Chosen, Seen, Session};
use super::replay;
use crate::connect::{self, Opened, Purpose};
use crate::error::Error;
use crate::migrate::clear;
use crate::migrate::loss::{self, Loss};
use crate::migrate::plan::{Direction, Plan};
use crate::replay::structure;
use crate::report::ask::{self, Choice};
use crate::schema::Migrator;
use crate::seed;

/// Refuses what would lose values, unless somebody at a terminal agrees.
pub(super) async fn ask(
    session: &Session,
    chosen: &Chosen,
    migrator: Migrator,
    seen: &Seen,
    plan: &Plan,
) -> Result<(), Error> {
    let Some(opened) = &seen.opened else { return Ok(()) };
    let losses = if plan.clears {
        of_clearing(chosen, migrator, seen, opened).await?
    } else {
        of_rollback(session, chosen, migrator, seen, opened, plan).await?
    };
    if losses.is_empty() {
        return Ok(());
    }
    let what = what(chosen.schema.name(), plan);
    match ask::whether(&session.printer, &what, &losses)? {
        None => Err(Error::Refused(format!("{what} would lose {}; give --confirm to do it", loss::in_words(&losses)))),
        Some(Choice::Yes) => Ok(()),
        Some(Choice::No) => Err(Error::Refused("nothing is changed".to_owned())),
        Some(Choice::BackUp) => back_up(session, chosen).await,
    }
}

/// The plan in words, as the beginning of a sentence.
fn what(schema: &str, plan: &Plan) -> String {
    if plan.clears {
        return format!("making {schema} anew");
    }
    format!("rolling back {}", plan.versions(Direction::Down).join(", "))
}

/// Refuses to drop what something outside hangs on.
pub(super) async fn refuse_dependents(chosen: &Chosen, seen: &Seen) -> Result<(), Error> {
    match &seen.opened {
        Some(opened) => clear::refuse_dependents(opened, chosen.schema.owned_beside(chosen.place.dialect())).await,
        None => Ok(()),
    }
}

async fn of_rollback(
    session: &Session,
    chosen: &Chosen,
    migrator: Migrator,
    seen: &Seen,
    opened: &Opened,
    plan: &Plan,
) -> Result<Vec<Loss>, Error> {
    let gone = plan.versions(Direction::Down);
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    let done = seen.state(chosen.schema.name()).done();
    let link = session.link();
    let replay = replay(chosen, migrator, seen, &link);
    let (before, after) =
        replay.before_and_after(&done, done.len() - gone.len()).await.map_err(|error| match error {
            Error::Database(said) | Error::NoScratch(said) => {
                Error::Database(format!("{said}; or give --confirm to roll back without knowing what is lost"))
            }
            error => error,
        })?;
    let live = structure(opened, Some(migrator), replay.beside).await?;
    loss::of(opened, &live, &before, &after, replay.beside).await
}

/// What clearing would lose; refuses what a newer build has made, and what the schema has not made at all.
async fn of_clearing(chosen: &Chosen, migrator: Migrator, seen: &Seen, opened: &Opened) -> Result<Vec<Loss>, Error> {
    let schema = chosen.schema.name();
    let beside = chosen.schema.owned_beside(chosen.place.dialect());
    clear::refuse_dependents(opened, beside).await?;
    let missing = seen.state(schema).missing();
    if !missing.is_empty() {
        return Err(Error::Refused(format!(
            "the history at {} has {}, which this build does not know; give --confirm to drop what they made",
            chosen.place,
            missing.join(", ")
        )));
    }
    if seen.applied.is_empty() {
        clear::refuse_others(opened, schema, beside).await?;
    }
    let live = structure(opened, Some(migrator), beside).await?;
    loss::of_all(opened, &live, beside).await
}

/// Writes a copy beside the program, and says how to put it back.
async fn back_up(session: &Session, chosen: &Chosen) -> Result<(), Error> {
    let extension = if chosen.place.is_file() { "db" } else { "sql" };
    let file = format!("{}-{}.{extension}", chosen.schema.name(), Utc::now().format("%Y%m%d-%H%M%S"));
    let opened = connect::open(&chosen.place, &session.link(), Purpose::Rows).await?;
    let opened = opened.ok_or_else(|| chosen.place.not_there(chosen.schema.name()))?;
    let restore = seed::back_up_to(&opened.db, &chosen.place, &PathBuf::from(&file)).await?;
    opened.db.close().await.map_err(Error::database("closing a connection"))?;
    session.printer.tell(&format!("a copy is in {file}; `{restore}` puts it back"));
    Ok(())
}
