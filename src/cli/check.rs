//! `kiln check`

use catalog::Dialect;

use super::args::Check;
use super::session::Session;
use crate::check;
use crate::connect::Opened;
use crate::error::{Error, Exit};
use crate::report::check::Checked;
use crate::schema::Schema;

pub(super) async fn run(session: &mut Session, arguments: &Check) -> Result<Exit, Error> {
    let mut exit = Exit::Done;
    for chosen in session.chosen(&arguments.schemas)? {
        let Some(seen) = session.look_or_tell(&chosen, !arguments.schemas.is_empty()).await? else {
            exit = exit.max(Exit::Refused);
            continue;
        };
        let schema = &chosen.schema;
        let state = seen.state(schema.name());
        let is_migrated = !seen.applied.is_empty() || seen.half.is_some() || schema.own_migrator().is_none();
        let findings = match &seen.opened {
            Some(opened) if is_migrated => {
                Some(check::check(schema, &chosen.place, opened, &session.link(), &state, &seen.history).await?)
            }
            _ => None,
        };
        let unrecorded = match &seen.opened {
            Some(opened) if findings.is_none() => unrecorded(opened, schema).await?,
            _ => 0,
        };
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
        session.printer.add(&Checked {
            schema: schema.name().to_owned(),
            place: chosen.place.to_string(),
            migrated: findings.is_some(),
            unrecorded,
            holds,
            findings,
        });
        seen.close().await?;
    }
    Ok(exit)
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
