//! `kiln migrate`

use super::args::{Down, Fresh, Migrate, Status, Up};
use super::seed;
use super::session::{Chosen, Seen, Session};
use crate::connect::{self, Opened, Purpose};
use crate::error::{Error, Exit};
use crate::guard;
use crate::migrate::apply::{Record, apply};
use crate::migrate::plan::{Direction, Plan, State, Target};
use crate::migrate::{clear, history, loss};
use crate::replay::{Replay, structure};
use crate::report::migrate::{Cleared, Migrated, Migration, MigrationState, Standing};
use crate::schema::Migrator;

pub(super) async fn run(session: &mut Session, verb: Migrate) -> Result<Exit, Error> {
    match verb {
        Migrate::Up(arguments) => up(session, arguments).await,
        Migrate::Down(arguments) => down(session, arguments).await,
        Migrate::Fresh(arguments) => fresh(session, arguments).await,
        Migrate::Status(arguments) => status(session, &arguments).await,
    }
}

/// How far the flags say.
fn target(count: Option<usize>, to: Option<String>, otherwise: Target) -> Target {
    match (count, to) {
        (_, Some(version)) => Target::Version(version),
        (Some(count), None) => Target::Count(count),
        (None, None) => otherwise,
    }
}

/// The schemas that have a migrator; naming one that has none is a mistake.
fn with_migrator(session: &Session, names: &[String]) -> Result<Vec<(Chosen, Migrator)>, Error> {
    let mut chosen = Vec::new();
    for one in session.chosen(names)? {
        match one.schema.own_migrator() {
            Some(migrator) => chosen.push((one, migrator)),
            None if names.is_empty() => {}
            None => return Err(Error::Usage(format!("{} has no migrator", one.schema.name()))),
        }
    }
    Ok(chosen)
}

async fn up(session: &mut Session, arguments: Up) -> Result<Exit, Error> {
    if arguments.seed {
        guard::production(&session.settings, "`--seed`", arguments.confirm)?;
    }
    let target = target(arguments.count, arguments.to, Target::All);
    let mut exit = Exit::Done;
    let is_named = !arguments.schemas.is_empty();
    for (chosen, migrator) in with_migrator(session, &arguments.schemas)? {
        let Some(seen) = session.look_or_tell(&chosen, is_named).await? else {
            exit = Exit::Refused;
            continue;
        };
        let schema = chosen.schema.name();
        // Planned on what was seen first, so that a wrong version creates nothing.
        let plan = State { schema, known: &seen.known, applied: &seen.applied }.up(&target)?;
        let (known, before) = (seen.known.clone(), seen.applied.len());
        seen.close().await?;
        run_plan(session, &chosen, migrator, &plan, Standpoint { before, known: known.len() }).await?;
        if arguments.seed {
            exit = exit.max(seed_after(session, &chosen, arguments.confirm, is_named).await?);
        }
    }
    Ok(exit)
}

/// Seeds a schema that was just migrated; one that was asked for by name and has no seeder is told so.
async fn seed_after(session: &mut Session, chosen: &Chosen, is_confirmed: bool, is_named: bool) -> Result<Exit, Error> {
    if chosen.schema.own_seeder().is_some() {
        return seed::fill(session, chosen, is_confirmed).await;
    }
    if is_named {
        session.printer.warn(&format!("{} has no seeder, so it is not seeded", chosen.schema.name()));
    }
    Ok(Exit::Done)
}

async fn down(session: &mut Session, arguments: Down) -> Result<Exit, Error> {
    guard::production(&session.settings, "`kiln migrate down`", arguments.confirm)?;
    let otherwise = if arguments.all { Target::All } else { Target::Count(1) };
    let target = target(arguments.count, arguments.to, otherwise);
    for (chosen, migrator) in with_migrator(session, &[arguments.schema])? {
        let seen = session.look(&chosen).await?;
        let schema = chosen.schema.name();
        let plan = State { schema, known: &seen.known, applied: &seen.applied }.down(&target)?;
        if !plan.versions.is_empty() && !arguments.confirm {
            refuse_loss(session, &chosen, migrator, &seen, &plan).await?;
        }
        let (known, before) = (seen.known.len(), seen.applied.len());
        seen.close().await?;
        run_plan(session, &chosen, migrator, &plan, Standpoint { before, known }).await?;
    }
    Ok(Exit::Done)
}

/// Refuses a rollback that would lose values.
async fn refuse_loss(
    session: &Session,
    chosen: &Chosen,
    migrator: Migrator,
    seen: &Seen,
    plan: &Plan,
) -> Result<(), Error> {
    let Some(opened) = &seen.opened else { return Ok(()) };
    let schema = chosen.schema.name();
    let now = State { schema, known: &seen.known, applied: &seen.applied }.done();
    let mut remaining = now.clone();
    remaining.retain(|version| !plan.versions.contains(version));
    let link = session.link();
    let beside = chosen.schema.owned_beside(chosen.place.dialect());
    let replay = Replay { schema, migrator, beside, place: &chosen.place, live: opened, link: &link };
    let unknown = |error: Error| match error {
        Error::Database(said) => {
            Error::Database(format!("{said}; or give --confirm to roll back without knowing what is lost"))
        }
        error => error,
    };
    let before = replay.declared(&now).await.map_err(unknown)?;
    let after = replay.declared(&remaining).await.map_err(unknown)?;
    let live = structure(opened, Some(migrator), beside).await?;
    let losses = loss::of(&opened.db, &live, &before, &after, beside).await?;
    if losses.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "rolling back {} would lose {}; give --confirm to do it",
        plan.versions.join(", "),
        loss::in_words(&losses)
    )))
}

async fn fresh(session: &mut Session, arguments: Fresh) -> Result<Exit, Error> {
    guard::production(&session.settings, "`kiln migrate fresh`", arguments.confirm)?;
    let mut exit = Exit::Done;
    for (chosen, migrator) in with_migrator(session, &[arguments.schema])? {
        let seen = session.look(&chosen).await?;
        let schema = chosen.schema.name();
        let beside = chosen.schema.owned_beside(chosen.place.dialect());
        if let Some(opened) = &seen.opened {
            clear::refuse_dependents(opened, beside).await?;
            if !arguments.confirm {
                refuse_clearing(&chosen, migrator, &seen, opened).await?;
            }
        }
        let (known, is_there) = (seen.known.clone(), seen.opened.is_some());
        seen.close().await?;
        if is_there {
            let opened = connect::open(&chosen.place, &session.link(), Purpose::Structure).await?;
            let opened = opened.expect("a place that is created is there");
            let dropped = clear::clear(&opened, beside).await?;
            opened.db.close().await.map_err(Error::database("closing the connection"))?;
            session.printer.add(&Cleared { schema: schema.to_owned(), place: chosen.place.to_string(), dropped });
        }
        let plan = State { schema, known: &known, applied: &[] }.up(&Target::All)?;
        run_plan(session, &chosen, migrator, &plan, Standpoint { before: 0, known: known.len() }).await?;
        if arguments.seed {
            exit = exit.max(seed_after(session, &chosen, arguments.confirm, true).await?);
        }
    }
    Ok(exit)
}

/// Refuses to drop what holds rows, what a newer build has made, and what the schema has not made at all.
async fn refuse_clearing(chosen: &Chosen, migrator: Migrator, seen: &Seen, opened: &Opened) -> Result<(), Error> {
    let schema = chosen.schema.name();
    let beside = chosen.schema.owned_beside(chosen.place.dialect());
    let missing = State { schema, known: &seen.known, applied: &seen.applied }.missing();
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
    let losses = loss::of_all(&opened.db, &live, beside).await?;
    if losses.is_empty() {
        return Ok(());
    }
    let losses = loss::in_words(&losses);
    Err(Error::Refused(format!("making {schema} anew would lose {losses}; give --confirm to do it")))
}

async fn status(session: &mut Session, arguments: &Status) -> Result<Exit, Error> {
    let mut exit = Exit::Done;
    let is_named = !arguments.schemas.is_empty();
    for (chosen, _) in with_migrator(session, &arguments.schemas)? {
        let Some(seen) = session.look_or_tell(&chosen, is_named).await? else {
            exit = Exit::Refused;
            continue;
        };
        let schema = chosen.schema.name();
        let missing = State { schema, known: &seen.known, applied: &seen.applied }.missing();
        let known = seen.known.iter().map(|version| {
            let is_applied = seen.applied.contains(version);
            let state = if is_applied { MigrationState::Applied } else { MigrationState::Pending };
            Migration { version: version.clone(), state }
        });
        let missing = missing.into_iter().map(|version| Migration { version, state: MigrationState::Missing });
        let migrations: Vec<Migration> = known.chain(missing).collect();
        seen.close().await?;
        let standing = Standing { schema: schema.to_owned(), place: chosen.place.to_string(), migrations };
        if arguments.exit_code && standing.count(MigrationState::Applied) < standing.migrations.len() {
            exit = exit.max(Exit::Found);
        }
        session.printer.add(&standing);
    }
    Ok(exit)
}

/// Where a schema stands before a plan runs.
#[derive(Clone, Copy)]
struct Standpoint {
    /// Versions in the history.
    before: usize,
    /// Versions of the migrator.
    known: usize,
}

/// Runs a plan and reports its steps, also those before one that failed.
async fn run_plan(
    session: &mut Session,
    chosen: &Chosen,
    migrator: Migrator,
    plan: &Plan,
    standpoint: Standpoint,
) -> Result<(), Error> {
    let schema = chosen.schema.name();
    let (steps, failed) = if plan.versions.is_empty() {
        (Vec::new(), None)
    } else {
        let opened = connect::open(&chosen.place, &session.link(), Purpose::Structure).await?;
        let opened = opened.expect("a place that is created is there");
        if plan.direction == Direction::Up {
            history::install(&opened.db, migrator).await.map_err(Error::database("making the history table"))?;
        }
        let outcome = match apply(&opened.db, schema, migrator, plan, Record::History).await {
            Ok(steps) => (steps, None),
            Err(failed) => (failed.done.clone(), Some(failed)),
        };
        opened.db.close().await.map_err(Error::database("closing the connection"))?;
        outcome
    };
    let applied = match plan.direction {
        Direction::Up => standpoint.before + steps.len(),
        Direction::Down => standpoint.before - steps.len(),
    };
    if failed.is_none() || !steps.is_empty() {
        session.printer.add(&Migrated {
            schema: schema.to_owned(),
            place: chosen.place.to_string(),
            direction: plan.direction,
            steps,
            applied,
            known: standpoint.known,
        });
    }
    failed.map_or(Ok(()), |failed| Err(Error::Migration(failed)))
}
