//! `kiln migrate`

pub(super) mod ahead;
mod baseline;
mod consent;
mod dry_run;
mod repair;
mod status;
mod verify;

use std::collections::BTreeMap;

use super::args::{Migrate, Run};
use super::seed;
use super::session::{Chosen, Seen, Session};
use crate::connect::{Limits, Link};
use crate::error::{Error, Exit};
use crate::guard;
use crate::migrate::apply::{Observer, Ran, Runner};
use crate::migrate::edit::{self, Edits};
use crate::migrate::history::own::Texts;
use crate::migrate::plan::{Direction, Plan, Target, Wish};
use crate::replay::Replay;
use crate::report::migrate::{Cleared, Migrated};
use crate::report::progress;
use crate::schema::Migrator;

pub(super) async fn run(session: &mut Session, verb: Migrate) -> Result<Exit, Error> {
    match verb {
        Migrate::Up(arguments) => {
            if arguments.seed {
                guard::production(&session.settings, "`--seed`", arguments.confirm)?;
            }
            let target = target(arguments.count, arguments.to, Target::All);
            let wish = Wish::Up { target, out_of_order: arguments.out_of_order };
            let manner = Manner { seeds: arguments.seed, ..Manner::new(arguments.confirm, arguments.run) };
            let manner = Manner { is_dry_run: arguments.dry_run, prints_statements_alone: arguments.sql, ..manner };
            each(session, &arguments.schemas, &wish, manner).await
        }
        Migrate::Down(arguments) => {
            let otherwise = if arguments.all { Target::All } else { Target::Count(1) };
            let wish = Wish::Down(target(arguments.count, arguments.to, otherwise));
            let manner = Manner::new(arguments.confirm, arguments.run);
            let manner = Manner { is_dry_run: arguments.dry_run, prints_statements_alone: arguments.sql, ..manner };
            destructive(session, "down", arguments.schema, &wish, manner).await
        }
        Migrate::Redo(arguments) => {
            let manner = Manner::new(arguments.confirm, arguments.run);
            destructive(session, "redo", arguments.schema, &Wish::Redo, manner).await
        }
        Migrate::Reset(arguments) => {
            let manner = Manner::new(arguments.confirm, arguments.run);
            destructive(session, "reset", arguments.schema, &Wish::Reset, manner).await
        }
        Migrate::Refresh(arguments) => {
            let manner = Manner { seeds: arguments.seed, ..Manner::new(arguments.confirm, arguments.run) };
            destructive(session, "refresh", arguments.schema, &Wish::Refresh, manner).await
        }
        Migrate::Fresh(arguments) => {
            let manner = Manner { seeds: arguments.seed, ..Manner::new(arguments.confirm, arguments.run) };
            destructive(session, "fresh", arguments.schema, &Wish::Fresh, manner).await
        }
        Migrate::Status(arguments) => status::run(session, &arguments).await,
        Migrate::Baseline(arguments) => baseline::run(session, arguments).await,
        Migrate::Verify(arguments) => verify::run(session, &arguments).await,
        Migrate::Repair(arguments) => repair::run(session, arguments).await,
    }
}

/// How a wish is carried out.
#[derive(Clone, Copy)]
struct Manner {
    is_confirmed: bool,
    is_dry_run: bool,
    prints_statements_alone: bool,
    seeds: bool,
    run: Run,
}

impl Manner {
    fn new(is_confirmed: bool, run: Run) -> Self {
        Self { is_confirmed, is_dry_run: false, prints_statements_alone: false, seeds: false, run }
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

/// The schema of this name, which must have a migrator.
fn one_with_migrator(session: &Session, name: String) -> Result<(Chosen, Migrator), Error> {
    let mut chosen = with_migrator(session, &[name])?;
    Ok(chosen.remove(0))
}

/// A verb that can lose values, on one schema.
async fn destructive(
    session: &mut Session,
    verb: &str,
    schema: String,
    wish: &Wish,
    manner: Manner,
) -> Result<Exit, Error> {
    if !manner.is_dry_run {
        guard::production(&session.settings, &format!("`kiln migrate {verb}`"), manner.is_confirmed)?;
    }
    each(session, &[schema], wish, manner).await
}

async fn each(session: &mut Session, names: &[String], wish: &Wish, manner: Manner) -> Result<Exit, Error> {
    let mut exit = Exit::Done;
    let is_named = !names.is_empty();
    for (chosen, migrator) in with_migrator(session, names)? {
        let Some(seen) = session.look_or_tell(&chosen, is_named).await? else {
            exit = Exit::Refused;
            continue;
        };
        // Planned on what is seen first, so that a wrong version creates nothing.
        let plan = seen.state(chosen.schema.name()).plan(wish)?;
        if manner.is_dry_run {
            dry_run::print(session, &chosen, migrator, &seen, &plan, wish, manner.prints_statements_alone).await?;
            seen.close().await?;
            continue;
        }
        carry_out(session, &chosen, migrator, seen, wish, plan, manner).await?;
        if manner.seeds {
            exit = exit.max(seed_after(session, &chosen, manner.is_confirmed, is_named).await?);
        }
    }
    Ok(exit)
}

/// Guards, runs and reports a plan.
async fn carry_out(
    session: &mut Session,
    chosen: &Chosen,
    migrator: Migrator,
    seen: Seen,
    wish: &Wish,
    plan: Plan,
    manner: Manner,
) -> Result<(), Error> {
    let schema = chosen.schema.name();
    let link = Link { wait: manner.run.wait, ..session.link() };
    let has_limits = manner.run.lock_timeout.is_some() || manner.run.statement_timeout.is_some();
    if chosen.place.is_file() && has_limits {
        session
            .printer
            .warn("SQLite knows no --lock-timeout and --statement-timeout; --wait bounds the wait for another writer");
    }
    refuse_irreversible(&link, chosen, migrator, &seen, &plan).await?;
    ahead::refuse_unrecorded(&link, chosen, migrator, &seen, &plan).await?;
    ahead::refuse_what_fails(session, &link, chosen, migrator, &seen, &plan).await?;
    if !manner.is_confirmed {
        consent::ask(session, chosen, migrator, &seen, &plan).await?;
    }
    if plan.clears {
        consent::refuse_dependents(chosen, &seen).await?;
    }
    let edits = edits(&link, chosen, migrator, &seen, wish, &plan).await?;
    if let Some(reason) = &edits.not_seen {
        session.printer.warn(&format!("{schema}: whether migrations were edited is not looked at: {reason}"));
    }
    let (namespace, known, before) = (seen.namespace.clone(), seen.known.len(), seen.applied.len());
    let is_there = seen.opened.is_some();
    seen.close().await?;
    // What was not looked at is not cleared.
    let plan = Plan { clears: plan.clears && is_there, ..plan };
    let (ran, outcome) = if plan.steps.is_empty() && !plan.clears {
        (Ran { applied: before, ..Ran::default() }, Ok(()))
    } else {
        let observer = progress::of_migrations(session.printer.progress(), schema, session.settings.shows_progress);
        let runner = runner(chosen, migrator, &namespace, manner.run, &link, &edits.texts, observer.as_ref());
        runner.run(wish, &plan).await
    };
    if let Some(dropped) = ran.dropped {
        session.printer.add(&Cleared { schema: schema.to_owned(), place: chosen.place.to_string(), dropped });
    }
    if outcome.is_ok() || !ran.steps.is_empty() {
        let towards = if plan.steps.is_empty() { wish.direction() } else { plan.steps[plan.steps.len() - 1].direction };
        session.printer.add(&Migrated {
            schema: schema.to_owned(),
            place: chosen.place.to_string(),
            direction: towards,
            steps: ran.steps,
            applied: ran.applied,
            known,
        });
    }
    outcome
}

/// Refuses to begin a way down that a migration on it says it has not.
async fn refuse_irreversible(
    link: &Link,
    chosen: &Chosen,
    migrator: Migrator,
    seen: &Seen,
    plan: &Plan,
) -> Result<(), Error> {
    let gone = plan.versions(Direction::Down);
    let schema = chosen.schema.name();
    match replay(chosen, migrator, seen, link).irreversible(&gone).await {
        None => Ok(()),
        Some((version, said)) => Err(Error::Refused(format!(
            "{version} cannot be rolled back: {said}; give it a down, roll back no further than to it, or make {schema} \
             anew with `kiln migrate fresh {schema}`"
        ))),
    }
}

/// What the migrations emit on an empty place; refuses edited ones, but for those that are run again.
async fn edits(
    link: &Link,
    chosen: &Chosen,
    migrator: Migrator,
    seen: &Seen,
    wish: &Wish,
    plan: &Plan,
) -> Result<Edits, Error> {
    let planned = plan.versions(Direction::Up);
    let checks = matches!(wish, Wish::Up { .. });
    if planned.is_empty() && !(checks && seen.opened.is_some()) {
        return Ok(Edits::default());
    }
    let is_wanted = |version: &&String| seen.applied.contains(version) || planned.contains(version);
    let versions: Vec<String> = seen.known.iter().filter(is_wanted).cloned().collect();
    let replay = replay(chosen, migrator, seen, link);
    let mut edits = edit::look(&replay, &versions, &seen.history).await;
    let again = plan.versions(Direction::Down);
    edits.edited.retain(|edit| !plan.clears && !again.contains(&edit.version));
    edit::refuse(chosen.schema.name(), &edits.edited)?;
    Ok(edits)
}

/// The schema's migrations on places like the one that is seen.
fn replay<'a>(chosen: &'a Chosen, migrator: Migrator, seen: &'a Seen, link: &'a Link) -> Replay<'a> {
    Replay {
        migrator,
        beside: chosen.schema.owned_beside(chosen.place.dialect()),
        place: &chosen.place,
        live: seen.opened.as_ref(),
        link,
        elsewhere: None,
    }
}

/// What runs the schema's migrations in its place.
fn runner<'a>(
    chosen: &'a Chosen,
    migrator: Migrator,
    namespace: &'a str,
    run: Run,
    link: &'a Link,
    texts: &'a BTreeMap<String, Texts>,
    observer: &'a dyn Observer,
) -> Runner<'a> {
    Runner {
        schema: chosen.schema.name(),
        migrator,
        place: &chosen.place,
        namespace,
        beside: chosen.schema.owned_beside(chosen.place.dialect()),
        link,
        limits: Limits { lock: run.lock_timeout, statement: run.statement_timeout },
        texts,
        observer,
    }
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
