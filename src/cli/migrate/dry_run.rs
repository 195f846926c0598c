//! `--dry-run`: the plan as an SQL script, recorded on a scratch place.

use super::super::session::{Chosen, Seen, Session};
use super::replay;
use crate::connect;
use crate::error::Error;
use crate::migrate::edit;
use crate::migrate::history::own::{Known, Origin};
use crate::migrate::one::is_one_transaction;
use crate::migrate::plan::{Direction, Plan, Wish};
use crate::migrate::script::Script;
use crate::place::Place;
use crate::replay::Stage;
use crate::report::migrate::Sql;
use crate::schema::Migrator;
use catalog::{Dialect, counted};

pub(super) async fn print(
    session: &mut Session,
    chosen: &Chosen,
    migrator: Migrator,
    seen: &Seen,
    plan: &Plan,
    wish: &Wish,
    statements_alone: bool,
) -> Result<(), Error> {
    let (schema, dialect) = (chosen.schema.name(), chosen.place.dialect());
    if let Some(half) = &seen.half {
        return Err(Error::Database(format!(
            "{} is half done, and a script would begin it anew; `kiln migrate status {schema}` says how far it is",
            half.version
        )));
    }
    let link = session.link();
    let replay = replay(chosen, migrator, seen, &link);
    let done = seen.state(schema).done();
    if matches!(wish, Wish::Up { .. }) && !done.is_empty() {
        edit::refuse(schema, &edit::look(&replay, &done, &seen.history).await.edited)?;
    }
    let about = format!("{schema} at {}: {}", chosen.place, counted(plan.steps.len(), "migration"));
    let script = replay
        .on_stage(async |stage: &Stage<'_>| {
            let recording = stage.record(&done).await;
            if let Some(stumbled) = recording.stumbled {
                return Err(stumbled.into());
            }
            if statements_alone {
                let mut script = Script::to_read(dialect, migrator, &about);
                for planned in &plan.steps {
                    script.statements(planned, &stage.run(&planned.version, planned.direction).await?);
                }
                return Ok(script);
            }
            let settings = stage.settings().await?.into_iter().chain(home(chosen, seen)).collect();
            let mut script = Script::new(dialect, migrator, &about, opening(chosen, seen), &seen.namespace, settings);
            for version in seen.history.applied.keys().filter(|version| !seen.history.own.contains_key(*version)) {
                let known = Known::new(Origin::External, dialect, recording.texts.get(version), None);
                script.adopt(version, Some(&known));
            }
            for version in seen.history.own.keys().filter(|version| !seen.history.applied.contains_key(*version)) {
                script.adopt(version, None);
            }
            for planned in &plan.steps {
                let log = stage.run(&planned.version, planned.direction).await?;
                let known = Known::new(Origin::Applied, dialect, Some(&log.texts(dialect)), None);
                let is_one = is_one_transaction(stage.opened, stage.migration(&planned.version));
                script.migration(planned, &log, is_one, &known);
            }
            if plan.versions(Direction::Down).len() == seen.applied.len() && plan.versions(Direction::Up).is_empty() {
                script.end_empty();
            }
            Ok(script)
        })
        .await?;
    let script = if plan.steps.is_empty() { format!("-- {schema}: nothing to do") } else { script.text() };
    session.printer.add(&Sql {
        schema: schema.to_owned(),
        place: chosen.place.to_string(),
        plan: plan.clone(),
        script,
    });
    Ok(())
}

/// What makes the place where it is not there yet.
fn opening(chosen: &Chosen, seen: &Seen) -> Option<String> {
    let Place::Server(server) = &chosen.place else { return None };
    let is_missing = seen.opened.is_none();
    match server.dialect {
        Dialect::MariaDb => is_missing.then(|| connect::create_mariadb_database(&seen.namespace)),
        dialect => (is_missing && server.namespace.is_some())
            .then(|| format!("CREATE SCHEMA IF NOT EXISTS {}", dialect.quote(&seen.namespace))),
    }
}

/// What leads the engine's client to the place: where it makes what has no namespace, and looks for it.
fn home(chosen: &Chosen, seen: &Seen) -> Option<String> {
    let Place::Server(server) = &chosen.place else { return None };
    let quoted = server.dialect.quote(&seen.namespace);
    match server.dialect {
        Dialect::MariaDb => Some(format!("USE {quoted}")),
        _ => server.namespace.is_some().then(|| format!("SET search_path TO {quoted}")),
    }
}
