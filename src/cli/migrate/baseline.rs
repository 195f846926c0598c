//! `kiln migrate baseline`

use catalog::Severity;

use super::super::args::Baseline;
use super::super::session::Session;
use super::{one_with_migrator, replay, runner};
use crate::check;
use crate::connect::Link;
use crate::error::{Error, Exit};
use crate::replay::structure;
use crate::report::migrate::Adopted;
use crate::report::progress;

pub(super) async fn run(session: &mut Session, arguments: Baseline) -> Result<Exit, Error> {
    let (chosen, migrator) = one_with_migrator(session, arguments.schema)?;
    let seen = session.look(&chosen).await?;
    let (schema, link) = (chosen.schema.name(), Link { wait: arguments.run.wait, ..session.link() });
    let state = seen.state(schema);
    let versions = seen.known[..=state.position(&arguments.to)?].to_vec();
    let Some(opened) = &seen.opened else { return Err(chosen.place.not_there(schema)) };
    if let Some(half) = &seen.half {
        return Err(Error::Refused(format!(
            "{} is half done at {}; `kiln migrate up {schema}` goes on with it, and `kiln migrate repair {schema}` forgets \
             what it did once that is undone by hand",
            half.version, chosen.place
        )));
    }
    state.refuse_missing()?;
    if versions.iter().all(|version| seen.applied.contains(version)) {
        return Err(Error::Refused(format!(
            "{schema} has a history at {} already; `kiln migrate status {schema}` shows it, `kiln migrate up {schema}` goes on",
            chosen.place
        )));
    }
    let beside = chosen.schema.owned_beside(chosen.place.dialect());
    let (recording, declared) = replay(&chosen, migrator, &seen, &link).recorded_and_declared(&versions).await?;
    let actual = structure(opened, Some(migrator), beside).await?;
    let grants = recording.texts.values().any(|texts| texts.grants(actual.dialect));
    let (drift, _) = check::compare(&declared, &actual, &opened.namespace, grants);
    // A note stands in nobody's way, as in a check.
    let is_equal = drift.iter().all(|drift| drift.severity == Severity::Note);
    let is_recorded = is_equal || arguments.force_record;
    let (namespace, applied) = (seen.namespace.clone(), seen.applied.clone());
    seen.close().await?;
    if is_recorded {
        let observer = progress::of_migrations(session.printer.progress(), schema, false);
        let runner = runner(&chosen, migrator, &namespace, arguments.run, &link, &recording.texts, observer.as_ref());
        runner.baseline(&versions, &applied).await?;
    }
    session.printer.add(&Adopted {
        schema: schema.to_owned(),
        place: chosen.place.to_string(),
        compared: declared.counts(),
        recorded: if is_recorded { versions } else { Vec::new() },
        drift,
    });
    Ok(if is_recorded { Exit::Done } else { Exit::Found })
}
