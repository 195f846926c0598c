//! `kiln migrate status`

use chrono::DateTime;

use super::super::args::Status;
use super::super::session::{Seen, Session};
use super::{replay, with_migrator};
use crate::error::{Error, Exit};
use crate::migrate::edit::{self, Edits};
use crate::migrate::history::own::Origin;
use crate::report::migrate::{Migration, MigrationState, Standing};

pub(super) async fn run(session: &mut Session, arguments: &Status) -> Result<Exit, Error> {
    let mut exit = Exit::Done;
    let is_named = !arguments.schemas.is_empty();
    for (chosen, migrator) in with_migrator(session, &arguments.schemas)? {
        let Some(seen) = session.look_or_tell(&chosen, is_named).await? else {
            exit = Exit::Refused;
            continue;
        };
        let schema = chosen.schema.name();
        let done = seen.state(schema).done();
        let has_checksums = done.iter().any(|version| seen.history.own.contains_key(version));
        let edits = if has_checksums {
            let link = session.link();
            edit::look(&replay(&chosen, migrator, &seen, &link), &done, &seen.history).await
        } else {
            Edits::default()
        };
        let mut missing = seen.state(schema).missing();
        let is_listed = |version: &String| seen.known.contains(version) || missing.contains(version);
        let half = seen.half.iter().map(|half| half.version.clone()).find(|version| !is_listed(version));
        missing.extend(half);
        let migrations = seen.known.iter().chain(&missing).map(|version| standing(version, &seen, &edits)).collect();
        let standing = Standing {
            schema: schema.to_owned(),
            place: chosen.place.to_string(),
            migrations,
            edited: edits.edited,
            not_seen: edits.not_seen,
            half: seen.half.clone(),
            is_half_known: seen.half.as_ref().is_some_and(|half| seen.known.contains(&half.version)),
        };
        seen.close().await?;
        if arguments.exit_code && !standing.is_whole() {
            exit = exit.max(Exit::Found);
        }
        session.printer.add(&standing);
    }
    Ok(exit)
}

/// Where one migration stands.
fn standing(version: &String, seen: &Seen, edits: &Edits) -> Migration {
    let own = seen.history.own.get(version);
    let half = seen.half.as_ref().filter(|half| half.version == *version);
    let state = match (half, seen.history.applied.contains_key(version)) {
        (Some(half), _) => MigrationState::half(half.direction),
        (None, false) => MigrationState::Pending,
        (None, true) if !seen.known.contains(version) => MigrationState::Missing,
        (None, true) if edits.edited.iter().any(|edit| edit.version == *version) => MigrationState::Edited,
        (None, true) => MigrationState::Applied,
    };
    let at = seen.history.applied.get(version).copied();
    let by = match own.map(|known| known.origin) {
        _ if at.is_none() => None,
        Some(Origin::Baseline) => Some("baseline"),
        None | Some(Origin::External) => Some("another program"),
        Some(_) => None,
    };
    Migration {
        version: version.clone(),
        state,
        applied_at: at
            .and_then(|at| DateTime::from_timestamp(at, 0))
            .map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        milliseconds: own.filter(|_| at.is_some()).and_then(|known| known.milliseconds),
        by,
        unsteady: edits.unsteady.contains(version),
    }
}
