//! `kiln migrate`

use super::args::{Down, Migrate, Status, Up};
use super::seed;
use super::session::{Chosen, Seen, Session};
use crate::check;
use crate::connect::{self, Opened, Purpose};
use crate::error::{Error, Exit};
use crate::guard;
use crate::migrate::apply::{Record, Step, apply};
use crate::migrate::plan::{Direction, Plan, State, Target};
use crate::migrate::{history, loss};
use crate::report::migrate::{Migrated, Migration, MigrationState, Standing};
use crate::schema::Migrator;

pub(super) async fn run(session: &mut Session, verb: Migrate) -> Result<Exit, Error> {
    match verb {
        Migrate::Up(arguments) => up(session, arguments).await,
        Migrate::Down(arguments) => down(session, arguments).await,
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
    for (chosen, migrator) in with_migrator(session, &arguments.schemas)? {
        let seen = session.look(&chosen).await?;
        let schema = chosen.schema.name();
        // Planned on what was seen first, so that a wrong version creates nothing.
        let plan = State { schema, known: &seen.known, applied: &seen.applied }.up(&target)?;
        let (known, before) = (seen.known.clone(), seen.applied.len());
        seen.close().await?;
        let steps = if plan.versions.is_empty() {
            Vec::new()
        } else {
            let opened = open(session, &chosen).await?;
            history::install(&opened.db, migrator).await.map_err(Error::database("making the history table"))?;
            run_plan(opened, schema, migrator, &plan).await?
        };
        let applied = before + steps.len();
        report(session, &chosen, Direction::Up, steps, applied, known.len());
        if arguments.seed && chosen.schema.own_seeder().is_some() {
            seed::fill(session, &chosen, arguments.confirm).await?;
        }
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
        let steps = if plan.versions.is_empty() {
            Vec::new()
        } else {
            let opened = open(session, &chosen).await?;
            run_plan(opened, schema, migrator, &plan).await?
        };
        let applied = before - steps.len();
        report(session, &chosen, Direction::Down, steps, applied, known);
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
    let mut remaining = State { schema, known: &seen.known, applied: &seen.applied }.done();
    remaining.retain(|version| !plan.versions.contains(version));
    let live = check::live(opened, migrator).await?;
    let after =
        check::declared(schema, migrator, &chosen.place, &opened.namespace, &session.link(), &remaining).await?;
    let losses = loss::of(&opened.db, &live, &after).await?;
    if losses.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "rolling back {} would lose {}; give --confirm to do it",
        plan.versions.join(", "),
        loss::in_words(&losses)
    )))
}

async fn status(session: &mut Session, arguments: &Status) -> Result<Exit, Error> {
    let mut exit = Exit::Done;
    for (chosen, _) in with_migrator(session, &arguments.schemas)? {
        let seen = session.look(&chosen).await?;
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
            exit = Exit::Found;
        }
        session.printer.add(&standing);
    }
    Ok(exit)
}

async fn open(session: &Session, chosen: &Chosen) -> Result<Opened, Error> {
    let opened = connect::open(&chosen.place, &session.link(), Purpose::Structure).await?;
    Ok(opened.expect("a place that is created is there"))
}

async fn run_plan(opened: Opened, schema: &str, migrator: Migrator, plan: &Plan) -> Result<Vec<Step>, Error> {
    let steps = apply(&opened.db, schema, migrator, plan, Record::History).await.map_err(Error::Migration)?;
    opened.db.close().await.map_err(Error::database("closing the connection"))?;
    Ok(steps)
}

fn report(
    session: &mut Session,
    chosen: &Chosen,
    direction: Direction,
    steps: Vec<Step>,
    applied: usize,
    known: usize,
) {
    session.printer.add(&Migrated {
        schema: chosen.schema.name().to_owned(),
        place: chosen.place.to_string(),
        direction,
        steps,
        applied,
        known,
    });
}
