//! `kiln seed`

mod consent;

use std::path::Path;

use catalog::{Kind, Promise, counted};
use chrono::Utc;
use clap::ArgMatches;
use seeder::{COMMON, Layer, Live, Operation, Request, Scope, Seeder, Settings as SeedSettings};

use self::consent::Consent;
use super::session::{Chosen, Session};
use crate::connect::{self, Opened, Purpose};
use crate::error::{Error, Exit};
use crate::guard;
use crate::replay::structure;
use crate::report::seed::{Filled, Planned, Run, ScenarioLine, Scenarios, Status, Verified};
use crate::report::{plot, progress};
use crate::schema::Schema;
use crate::seed;
use crate::seed::audit::Audit;

pub(super) async fn run(session: &mut Session, schema: &str, matches: &ArgMatches) -> Result<Exit, Error> {
    refuse_without_seeder(session, schema)?;
    let chosen = session.one(schema)?;
    let seeder = chosen.schema.own_seeder().expect("one without was refused");
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    if text("scenario").as_deref() == Some("list") {
        let lines = seeder.scenarios().iter().map(|scenario| ScenarioLine::new(scenario, seeder.options()));
        let scenarios = lines.collect();
        session.printer.add(&Scenarios { schema: schema.to_owned(), scenarios });
        return Ok(Exit::Done);
    }
    if let Some(file) = text("plot") {
        plot::refuse_unwritable(Path::new(&file))?;
        if seeder.plots().is_empty() {
            return Err(Error::Usage(format!(
                "{} has nothing that --plot could draw; leave it out",
                chosen.schema.name()
            )));
        }
    }
    // clap lets a requirement go where it conflicts with another operation.
    if matches.contains_id("scope") && !matches.get_flag("delete") {
        return Err(Error::Usage("--scope says what to delete; it goes with --delete alone".to_owned()));
    }
    let settings = SeedSettings::resolve(seeder.options(), &layers(session, seeder, matches)?)?;
    let shows_progress = session.settings.shows_progress && !matches.get_flag("no-progress");
    let exit = if matches.get_flag("verify") {
        verify(session, &chosen, seeder, shows_progress).await?
    } else if matches.get_flag("status") {
        status(session, &chosen, seeder).await?
    } else {
        let request =
            Request { operation: operation(matches), settings, agreed: None, clock: || Utc::now().naive_utc() };
        if matches.get_flag("dry-run") {
            dry_run(session, &chosen, seeder, &request, shows_progress).await?
        } else {
            let consent = Consent { is_confirmed: matches.get_flag("confirm"), backup: text("backup") };
            write(session, &chosen, seeder, request, &consent, shows_progress).await?
        }
    };
    if let Some(file) = text("plot") {
        let opened = rows(session, &chosen).await?;
        plot::write(Path::new(&file), &seed::plots(&opened.db, seeder.plots()).await?)?;
        opened.db.close().await.map_err(Error::database("closing the connection"))?;
    }
    Ok(exit)
}

/// Refuses a schema without a seeder, naming those that have one.
fn refuse_without_seeder(session: &Session, schema: &str) -> Result<(), Error> {
    let with: Vec<&str> = session.schemas.iter().filter_map(Schema::own_seeder).map(Seeder::name).collect();
    if with.contains(&schema) {
        return Ok(());
    }
    let others = if with.is_empty() { String::new() } else { format!("; those that have one: {}", with.join(", ")) };
    Err(Error::Usage(format!("{schema} has no seeder{others}")))
}

/// Fills a schema that `migrate up --seed` has just migrated, with default options.
pub(super) async fn fill(session: &mut Session, chosen: &Chosen, is_confirmed: bool) -> Result<Exit, Error> {
    let Some(seeder) = chosen.schema.own_seeder() else { return Ok(Exit::Done) };
    let layers: Vec<Layer> = session.settings.of_seeder(seeder.name()).cloned().collect();
    let settings = SeedSettings::resolve(seeder.options(), &layers)?;
    let request = Request { operation: Operation::Fill, settings, agreed: None, clock: || Utc::now().naive_utc() };
    let consent = Consent { is_confirmed, backup: None };
    let shows_progress = session.settings.shows_progress;
    write(session, chosen, seeder, request, &consent, shows_progress).await
}

fn operation(matches: &ArgMatches) -> Operation {
    let scope = match matches.get_one::<String>("scope").map(String::as_str) {
        Some("facts") => Scope::Facts,
        Some("dimensions") => Scope::Dimensions,
        _ => Scope::All,
    };
    match () {
        () if matches.get_flag("full-new") => Operation::FullNew,
        () if matches.get_flag("append") => Operation::Append,
        () if matches.get_flag("delete") => Operation::Delete(scope),
        () => Operation::Fill,
    }
}

/// Every source of options, strongest first: the command line, configuration file, scenario, environment.
fn layers(session: &Session, seeder: &dyn Seeder, matches: &ArgMatches) -> Result<Vec<Layer>, Error> {
    let mut layers = vec![command_line(seeder, matches)?];
    if let Some(file) = matches.get_one::<String>("config") {
        let text =
            std::fs::read_to_string(file).map_err(|error| Error::Usage(format!("cannot read {file}: {error}")))?;
        layers.push(seeder::from_yaml(file, &text, seeder.options())?);
    }
    if let Some(name) = matches.get_one::<String>("scenario") {
        layers.push(seeder::of_scenario(seeder, name)?);
    }
    layers.extend(session.settings.of_seeder(seeder.name()).cloned());
    Ok(layers)
}

/// What flags and `--set` give; one option by both is a mistake.
fn command_line(seeder: &dyn Seeder, matches: &ArgMatches) -> Result<Layer, Error> {
    let assignments: Vec<String> = matches.get_many("set").into_iter().flatten().cloned().collect();
    let mut layer = seeder::of_assignments(&assignments, seeder.options())?;
    for spec in COMMON.iter().chain(seeder.options()).filter(|spec| spec.is_flag) {
        let Some(text) = matches.get_one::<String>(spec.name) else { continue };
        if layer.values.insert(spec.name.to_owned(), text.as_str().into()).is_some() {
            return Err(Error::Usage(format!("--{} and --set {} give the same option; give one", spec.name, spec.key)));
        }
    }
    Ok(layer)
}

/// A connection to the schema's rows, once every migration is applied.
async fn rows(session: &Session, chosen: &Chosen) -> Result<Opened, Error> {
    let seen = session.look(chosen).await?;
    let schema = chosen.schema.name();
    let state = seen.state(schema);
    let pending = state.pending();
    let missing = state.missing();
    let is_there = seen.opened.is_some();
    seen.close().await?;
    let next = format!("run `kiln migrate up {schema} --seed`");
    if !missing.is_empty() {
        return Err(Error::Refused(format!(
            "the history of {schema} has {}, which this build does not know; run the build that has it",
            missing.join(", ")
        )));
    }
    if !is_there || !pending.is_empty() {
        return Err(Error::Refused(format!("{schema} has pending migrations: {}; {next}", pending.join(", "))));
    }
    let opened = connect::open(&chosen.place, &session.link(), Purpose::Rows).await?;
    opened.ok_or_else(|| chosen.place.not_there(schema))
}

/// Refuses tables whose rows the seeder's entities can neither write nor read, before any row is made: a schema may
/// have been adopted with what differs in it.
async fn refuse_unreadable(session: &Session, chosen: &Chosen, seeder: &dyn Seeder) -> Result<(), Error> {
    // On a connection of its own: one for rows keeps its statements, which a look at the structure forgets.
    let Some(opened) = connect::open(&chosen.place, &session.link(), Purpose::Look).await? else { return Ok(()) };
    let (schema, dialect) = (&chosen.schema, chosen.place.dialect());
    let tables = seeder.tables();
    let is_seeded = |promise: &Promise| tables.iter().any(|table| table.name() == promise.table);
    let promises: Vec<Promise> = schema.promises(dialect).into_iter().filter(is_seeded).collect();
    let actual = structure(&opened, schema.own_migrator(), schema.owned_beside(dialect)).await?;
    opened.db.close().await.map_err(Error::database("closing a connection"))?;
    let found = catalog::promise(&promises, &actual, &opened.namespace);
    let broken: Vec<String> = found
        .iter()
        .filter(|drift| drift.kind != Kind::PromisedTable && drift.breaks_every_row())
        .map(|drift| {
            let actual = drift.actual.as_deref().unwrap_or("not there");
            let field = drift.field.as_deref().unwrap_or("the entity");
            format!("{} is {actual}, and {}: {field}", drift.object, drift.consequence.as_deref().unwrap_or_default())
        })
        .collect();
    if broken.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "{} cannot be seeded: {}; `kiln check {}` shows what differs",
        schema.name(),
        broken.join("; "),
        schema.name()
    )))
}

async fn write(
    session: &mut Session,
    chosen: &Chosen,
    seeder: &dyn Seeder,
    request: Request,
    consent: &Consent,
    shows_progress: bool,
) -> Result<Exit, Error> {
    let what = format!("`kiln seed {}`", seeder.name());
    guard::production(&session.settings, &what, consent.is_confirmed)?;
    if !matches!(request.operation, Operation::Delete(_)) {
        refuse_unreadable(session, chosen, seeder).await?;
    }
    let opened = rows(session, chosen).await?;
    let observer = progress::observer(session.printer.progress(), shows_progress);
    let place = &chosen.place;
    let audit = Audit::started(seeder, &request);
    let seeded = async {
        let plan = seeder::plan(&opened.db, seeder, &request, observer.as_ref()).await?;
        consent::ask(session, &plan, consent.is_confirmed)?;
        seed::seed(&opened.db, place, seeder, request, plan, consent.backup.as_deref(), observer.as_ref()).await
    };
    let seeded = seeded.await.inspect_err(|error| audit.failed(error))?;
    drop(observer);
    audit.done(&seeded);
    opened.db.close().await.map_err(Error::database("closing the connection"))?;
    // Rows that were there already may have been changed since.
    let holds = seeded.checks.iter().all(|check| check.holds);
    session.printer.add(&Filled { schema: seeder.name().to_owned(), place: place.to_string(), seeded });
    Ok(if holds { Exit::Done } else { Exit::Found })
}

async fn dry_run(
    session: &mut Session,
    chosen: &Chosen,
    seeder: &dyn Seeder,
    request: &Request,
    shows_progress: bool,
) -> Result<Exit, Error> {
    if !matches!(request.operation, Operation::Delete(_)) {
        refuse_unreadable(session, chosen, seeder).await?;
    }
    let opened = rows(session, chosen).await?;
    let observer = progress::observer(session.printer.progress(), shows_progress);
    let plan = seeder::plan(&opened.db, seeder, request, observer.as_ref()).await?;
    let tables = seeder.tables();
    let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
    let role = catalog::role(&opened.db, &names).await.map_err(Error::database("reading what the role may do"))?;
    let method = format!(
        "rows enter by INSERT statements of {}, generated on {}, in one transaction with their ledger entry",
        counted(request.settings.batch_size, "row"),
        counted(request.settings.jobs, "thread"),
    );
    session.printer.add(&Planned {
        schema: seeder.name().to_owned(),
        server: role.server,
        place: chosen.place.to_string(),
        namespace: opened.namespace,
        role: if role.name.is_empty() { "whoever may write the file".to_owned() } else { role.name },
        lacks: role.lacks,
        plan,
        method,
    });
    opened.db.close().await.map_err(Error::database("closing the connection"))?;
    Ok(Exit::Done)
}

async fn verify(
    session: &mut Session,
    chosen: &Chosen,
    seeder: &dyn Seeder,
    shows_progress: bool,
) -> Result<Exit, Error> {
    let opened = rows(session, chosen).await?;
    let observer = progress::observer(session.printer.progress(), shows_progress);
    let Live { survey, mut checks, digests } = seeder::verify_live(&opened.db, seeder, observer.as_ref()).await?;
    drop(observer);
    checks.extend(seeder::as_left(&survey, &digests));
    let verified = Verified {
        schema: seeder.name().to_owned(),
        place: chosen.place.to_string(),
        checks,
        figures: seed::figures(&opened.db, seeder.figures()).await?,
        digests,
    };
    opened.db.close().await.map_err(Error::database("closing the connection"))?;
    let exit = if verified.holds() { Exit::Done } else { Exit::Found };
    session.printer.add(&verified);
    Ok(exit)
}

async fn status(session: &mut Session, chosen: &Chosen, seeder: &dyn Seeder) -> Result<Exit, Error> {
    let opened = rows(session, chosen).await?;
    let survey = seeder::survey(&opened.db, seeder).await?;
    let counting: Vec<i32> = survey.counting().iter().map(|entry| entry.id).collect();
    let runs = survey.ledger.iter().rev().take(LAST_RUNS).map(|entry| Run {
        id: entry.id,
        operation: entry.operation.clone(),
        finished_at: entry.finished_at.format("%Y-%m-%d %H:%M:%S").to_string(),
        rows: match (counting.contains(&entry.id), entry.closed_at) {
            (true, _) => "there",
            (false, None) => "changed",
            (false, Some(_)) => "gone",
        },
        command: seeder::command_of(seeder, entry),
        plan: entry.plan.clone(),
    });
    let runs = runs.collect();
    let tables = survey.tables.iter().map(|found| (found.table.clone(), found.rows)).collect();
    session.printer.add(&Status { schema: seeder.name().to_owned(), place: chosen.place.to_string(), tables, runs });
    opened.db.close().await.map_err(Error::database("closing the connection"))?;
    Ok(Exit::Done)
}

/// How many runs `--status` shows.
const LAST_RUNS: usize = 10;
