//! `kiln schemas`

use sea_orm::{ConnectionTrait, Statement};

use super::session::{Session, versions};
use crate::connect::Opened;
use crate::error::{Error, Exit};
use crate::report::schemas::{Known, Schemas};

pub(super) async fn run(session: &mut Session) -> Result<Exit, Error> {
    let mut known = Vec::new();
    for chosen in session.chosen(&[])? {
        let seen = match session.look(&chosen).await {
            Ok(seen) => seen,
            // One schema that is elsewhere does not hide the others.
            Err(Error::Refused(reason)) => {
                known.push(Known {
                    refused: Some(reason),
                    ..Known::new(&chosen.schema, &chosen.place, versions(chosen.schema.own_migrator()).len())
                });
                continue;
            }
            Err(error) => return Err(error),
        };
        let rows = match &seen.opened {
            Some(opened) => Some(rows(opened, &chosen.schema).await?),
            None => None,
        };
        let state = seen.state(chosen.schema.name());
        known.push(Known {
            applied: seen.opened.is_some().then(|| state.done().len()),
            missing: state.missing(),
            rows,
            ..Known::new(&chosen.schema, &chosen.place, seen.known.len())
        });
        seen.close().await?;
    }
    session.printer.add(&Schemas(known));
    Ok(Exit::Done)
}

/// The rows of all tables that the entities map.
async fn rows(opened: &Opened, schema: &crate::Schema) -> Result<u64, Error> {
    let dialect = catalog::Dialect::of(opened.db.get_database_backend());
    let failed = || Error::database(format!("counting the rows of {}", schema.name()));
    let transaction = opened.begin().await.map_err(failed())?;
    let tables = catalog::table_names(&transaction).await.map_err(failed())?;
    let mut rows = 0;
    for promise in schema.promises(dialect).iter().filter(|promise| tables.contains(&promise.table)) {
        let sql = format!("SELECT count(*) AS n FROM {}", dialect.quote(&promise.table));
        let row = transaction.query_one_raw(Statement::from_string(dialect.backend(), sql)).await.map_err(failed())?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n")).map_err(failed())?;
        rows += count.unsigned_abs();
    }
    transaction.rollback().await.map_err(failed())?;
    Ok(rows)
}
