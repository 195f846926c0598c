//! Events.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::right::Rights;
use super::{Source, literal, names, text};
use crate::{About, Catalog, Definition, Rendered};

const EVENTS: &str = "
SELECT EVENT_NAME AS name, DEFINER AS definer, TIME_ZONE AS zone, EVENT_DEFINITION AS body, SQL_MODE AS mode,
       cast(EXECUTE_AT AS char) AS at, INTERVAL_VALUE AS number, INTERVAL_FIELD AS unit, cast(STARTS AS char) AS starts,
       cast(ENDS AS char) AS ends, STATUS AS status, ON_COMPLETION AS completion, EVENT_COMMENT AS comment,
       CHARACTER_SET_CLIENT AS client, COLLATION_CONNECTION AS connection,
       cast(CREATED AS char) AS created, cast(LAST_ALTERED AS char) AS altered
FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?";

pub(super) async fn read(
    source: &Source<'_, impl ConnectionTrait>,
    rights: &Rights,
    catalog: &mut Catalog,
) -> Result<(), DbErr> {
    if !rights.has(&["EVENT"], source.namespace, "*") {
        catalog.unseen.push("the events: need EVENT on the database".to_owned());
    }
    for row in source.all(EVENTS).await? {
        let name: String = row.try_get("", "name")?;
        catalog.others.insert(format!("event {name}"), event(&row, &source.qualified(&name))?);
    }
    Ok(())
}

fn event(row: &QueryResult, name: &str) -> Result<Definition, DbErr> {
    let body: String = row.try_get("", "body")?;
    let completion: String = row.try_get("", "completion")?;
    let (mode, zone): (String, String) = (row.try_get("", "mode")?, row.try_get("", "zone")?);
    let status: String = row.try_get("", "status")?;
    let status = match status.as_str() {
        "ENABLED" => "ENABLE",
        "DISABLED" => "DISABLE",
        _ => "DISABLE ON SLAVE",
    };
    let comment = text(row, "comment")?;
    let said = comment.as_ref().map(|comment| format!(" COMMENT {}", literal(comment))).unwrap_or_default();
    let rest = |said: &str| format!("ON COMPLETION {completion} {status}{said} DO {body}");
    let mut about = About::default();
    about.owners.insert(String::new(), row.try_get("", "definer")?);
    about.storage.insert(String::new(), names(row)?);
    about.comments.extend(comment.map(|comment| (String::new(), comment)));
    Ok(Definition {
        definition: format!("ON SCHEDULE {} {}", schedule(row, is_given)?, rest("")),
        modifiers: format!("TIME_ZONE={}, SQL_MODE={}", literal(&zone), literal(&mode)),
        sql: Rendered(format!(
            "CREATE OR REPLACE EVENT {name} ON SCHEDULE {} {}",
            schedule(row, |moment, made| !made.contains(&moment))?,
            rest(&said)
        )),
        about,
    })
}

/// When it happens, as far as its moments are to be told.
fn schedule(row: &QueryResult, is_told: impl Fn(&str, &[&str]) -> bool) -> Result<String, DbErr> {
    let (created, altered): (String, String) = (row.try_get("", "created")?, row.try_get("", "altered")?);
    let made = [created.as_str(), altered.as_str()];
    let moment = |column: &str| text(row, column).map(|moment| moment.filter(|moment| is_told(moment, &made)));
    let Some(number) = text(row, "number")? else {
        return Ok(moment("at")?.map_or("AT a moment".to_owned(), |at| format!("AT {}", literal(&at))));
    };
    let unit = text(row, "unit")?.unwrap_or_default();
    let bound = |column, word: &str| {
        moment(column).map(|moment| moment.map(|moment| format!(" {word} {}", literal(&moment))).unwrap_or_default())
    };
    Ok(format!("EVERY {number} {unit}{}{}", bound("starts", "STARTS")?, bound("ends", "ENDS")?))
}

/// Whether a moment of an event was given, and not computed by the server from the time of a statement.
///
/// Nothing tells the two apart: a moment on a whole minute is taken for one that somebody chose, unless it
/// is that of the event's own making. So two runs of the same migration compare equal.
fn is_given(moment: &str, made: &[&str]) -> bool {
    moment.get(17..19) == Some("00") && !made.contains(&moment)
}

#[cfg(test)]
mod tests {
    use super::is_given;

    #[test]
    fn a_moment_that_the_server_computed_is_not_compared() {
        let made = ["2026-11-21 17:00:57", "2026-11-21 17:02:00"];
        assert!(is_given("2035-01-01 03:00:00", &made));
        assert!(!is_given("2026-11-21 17:00:57", &made));
        assert!(!is_given("2026-11-21 17:02:00", &made));
        assert!(!is_given("2026-11-22 17:00:57", &made), "a day later than something");
    }
}
