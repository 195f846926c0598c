//! `kiln refresh-views`

use std::time::Instant;

use sea_orm::{ConnectionTrait, Statement};

use super::session::Session;
use crate::connect::{self, Opened, Purpose};
use crate::error::{Error, Exit};
use crate::report::views::{Refreshed, View};

pub(super) async fn run(session: &mut Session, schema: &str) -> Result<Exit, Error> {
    let chosen = session.one(schema)?;
    let seen = session.look(&chosen).await?;
    let pending = seen.state(schema).pending();
    seen.close().await?;
    if !pending.is_empty() {
        return Err(Error::Refused(format!(
            "{schema} has migrations to apply first: {}; run `kiln migrate up {schema}`",
            pending.join(", ")
        )));
    }
    let opened = connect::open(&chosen.place, &session.link(), Purpose::Rows).await?;
    let opened = opened.ok_or_else(|| chosen.place.not_there(schema))?;
    let beside = chosen.schema.owned_beside(chosen.place.dialect());
    let views = refresh(&opened, beside).await?;
    if views.is_empty() && !beside.is_empty() {
        return Err(Error::Refused(format!(
            "{schema} has no materialized view here, though it owns {}; `kiln check {schema}` says what is missing",
            beside.join(" and ")
        )));
    }
    opened.db.close().await.map_err(Error::database("closing the connection"))?;
    session.printer.add(&Refreshed { schema: schema.to_owned(), place: chosen.place.to_string(), views });
    Ok(Exit::Done)
}

/// Refreshes one after the other, so that those done before one that fails stay fresh.
async fn refresh(opened: &Opened, beside: &[&str]) -> Result<Vec<View>, Error> {
    let namespaces: Vec<&str> = std::iter::once(opened.namespace.as_str()).chain(beside.iter().copied()).collect();
    let names = catalog::materialized_views(&opened.db, &namespaces).await;
    let mut views = Vec::new();
    for name in names.map_err(Error::database("listing the materialized views"))? {
        let before: Vec<&str> = views.iter().map(|view: &View| view.name.as_str()).collect();
        let before = if before.is_empty() { "none".to_owned() } else { before.join(", ") };
        let failed = || Error::database(format!("refreshing {name} (refreshed before it: {before})"));
        let start = Instant::now();
        opened.db.execute_unprepared(&format!("REFRESH MATERIALIZED VIEW {name}")).await.map_err(failed())?;
        let elapsed = start.elapsed();
        tracing::info!(name, ?elapsed, "view.refreshed");
        let count =
            Statement::from_string(opened.db.get_database_backend(), format!("SELECT count(*) AS n FROM {name}"));
        let row = opened.db.query_one_raw(count).await.map_err(failed())?;
        let rows: i64 = row.map_or(Ok(0), |row| row.try_get("", "n")).map_err(failed())?;
        let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        views.push(View { name, rows: rows.unsigned_abs(), milliseconds });
    }
    Ok(views)
}
