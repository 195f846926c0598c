//! `kiln check`

use catalog::Dialect;

use super::args;
use super::migrate::ahead;
use super::session::{Chosen, Seen, Session};
use crate::check::Check;
use crate::connect::{Opened, settings};
use crate::error::{Error, Exit};
use crate::guard;
use crate::replay::structure;
use crate::report::check::{Checked, Taken};
use crate::schema::Schema;

pub(super) async fn run(session: &mut Session, arguments: &args::Check) -> Result<Exit, Error> {
    guard::probe(&session.settings, arguments.probe)?;
    let mut exit = Exit::Done;
    session.printer.refuse_format_of_sql(arguments.sql)?;
    let all_chosen = session.chosen(&arguments.schemas)?;
    if arguments.sql && all_chosen.len() > 1 {
        let names: Vec<&str> = all_chosen.iter().map(|chosen| chosen.schema.name()).collect();
        return Err(Error::Usage(format!(
            "check --sql prints the script of one schema: name one of {}",
            names.join(", ")
        )));
    }
    for chosen in all_chosen {
        let Some(seen) = session.look_or_tell(&chosen, !arguments.schemas.is_empty()).await? else {
            exit = exit.max(Exit::Refused);
            continue;
        };
        let schema = &chosen.schema;
        if arguments.fingerprint {
            let taken = fingerprint(&chosen, &seen).await?;
            // Nothing there is a finding where it was asked for by name.
            if taken.fingerprint.is_none() && !arguments.schemas.is_empty() {
                exit = exit.max(Exit::Found);
            }
            session.printer.add(&taken);
            seen.close().await?;
            continue;
        }
        let elsewhere = session.settings.scratch(arguments.scratch_url.as_deref(), chosen.place.dialect())?;
        let state = seen.state(schema.name());
        let is_migrated = !seen.applied.is_empty() || seen.half.is_some() || schema.own_migrator().is_none();
        let findings = match &seen.opened {
            Some(opened) if is_migrated => {
                let check = Check {
                    schema,
                    place: &chosen.place,
                    opened,
                    link: &session.link(),
                    elsewhere: elsewhere.as_ref(),
                    state: &state,
                    history: &seen.history,
                    probes: arguments.probe,
                };
                Some(check.run().await?)
            }
            _ => None,
        };
        let unrecorded = match &seen.opened {
            Some(opened) if findings.is_none() => unrecorded(opened, schema).await?,
            _ => 0,
        };
        let advice = match schema.own_migrator().filter(|_| findings.is_none()) {
            Some(migrator) => ahead::unrecorded(&session.link(), &chosen, migrator, &seen, &seen.known).await?,
            None => None,
        };
        let unrecorded = unrecorded.max(advice.as_ref().map_or(0, |advice| advice.tables.len()));
        let holds = match &findings {
            Some(findings) => !findings.fails(arguments.strict) && findings.not_compared.is_none(),
            // Not migrated yet is a finding where it was asked for by name.
            None => arguments.schemas.is_empty() && unrecorded == 0,
        };
        if !holds {
            exit = exit.max(Exit::Found);
        }
        if findings.as_ref().is_some_and(|findings| findings.not_compared.is_some()) {
            exit = Exit::Database;
        }
        let checked = Checked {
            schema: schema.name().to_owned(),
            place: chosen.place.to_string(),
            migrated: findings.is_some(),
            unrecorded,
            advice,
            holds,
            strict: arguments.strict,
            findings,
        };
        if arguments.sql {
            let settings = match &seen.opened {
                Some(opened) => settings::of_session(opened).await,
                None => Ok(Vec::new()),
            };
            let settings = settings.map_err(Error::database("reading the settings of a session"))?;
            session.printer.add(&checked.fixes(chosen.place.dialect(), &seen.namespace, settings));
        } else {
            session.printer.add(&checked);
        }
        seen.close().await?;
    }
    Ok(exit)
}

/// The structure that is there, as one value.
async fn fingerprint(chosen: &Chosen, seen: &Seen) -> Result<Taken, Error> {
    let (schema, place) = (chosen.schema.name().to_owned(), chosen.place.to_string());
    let is_migrated = !seen.applied.is_empty() || chosen.schema.own_migrator().is_none();
    let Some(opened) = seen.opened.as_ref().filter(|_| is_migrated) else {
        return Ok(Taken { schema, place, fingerprint: None });
    };
    let beside = chosen.schema.owned_beside(chosen.place.dialect());
    let structure = structure(opened, chosen.schema.own_migrator(), beside).await?;
    Ok(Taken { schema, place, fingerprint: Some(structure.fingerprint(&opened.namespace)) })
}

/// How many of the entities' tables are there.
async fn unrecorded(opened: &Opened, schema: &Schema) -> Result<usize, Error> {
    let failed = || Error::database("listing the tables");
    let transaction = opened.begin().await.map_err(failed())?;
    let there = catalog::table_names(&transaction).await.map_err(failed())?;
    transaction.rollback().await.map_err(failed())?;
    let dialect = Dialect::of(opened.db.get_database_backend());
    Ok(schema.promises(dialect).iter().filter(|promise| there.contains(&promise.table)).count())
}
