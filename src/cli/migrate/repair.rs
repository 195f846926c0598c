//! `kiln migrate repair`

use super::super::args::Repair;
use super::super::session::Session;
use super::{one_with_migrator, replay, runner};
use crate::connect::Link;
use crate::error::{Error, Exit};
use crate::migrate::edit;
use crate::report::migrate::Repaired;
use crate::report::progress;

pub(super) async fn run(session: &mut Session, arguments: Repair) -> Result<Exit, Error> {
    let (chosen, migrator) = one_with_migrator(session, arguments.schema)?;
    let seen = session.look(&chosen).await?;
    let (schema, link) = (chosen.schema.name(), Link { wait: arguments.run.wait, ..session.link() });
    if seen.opened.is_none() || (seen.applied.is_empty() && seen.history.own.is_empty()) {
        return Err(Error::Refused(format!(
            "{schema} is not migrated at {}, so there is nothing to repair",
            chosen.place
        )));
    }
    let done = seen.state(schema).done();
    let edits = edit::look(&replay(&chosen, migrator, &seen, &link), &done, &seen.history).await;
    if let Some(reason) = &edits.not_seen {
        session.printer.warn(&format!("{schema}: whether migrations were edited is not looked at: {reason}"));
    }
    let namespace = seen.namespace.clone();
    seen.close().await?;
    let observer = progress::of_migrations(session.printer.progress(), schema, false);
    let runner = runner(&chosen, migrator, &namespace, arguments.run, &link, &edits.texts, observer.as_ref());
    let repairs = runner.repair(&edits).await?;
    session.printer.add(&Repaired {
        schema: schema.to_owned(),
        place: chosen.place.to_string(),
        edited: edits.edited,
        repairs,
    });
    Ok(Exit::Done)
}
