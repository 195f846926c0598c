//! Triggers.

use sea_orm::{ConnectionTrait, DbErr};

use super::right::Rights;
use super::{Source, literal, names};
use crate::{Catalog, Definition, Dialect, Rendered};

const TRIGGERS: &str = "
SELECT TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS table_name, ACTION_TIMING AS timing, EVENT_MANIPULATION AS event,
       ACTION_STATEMENT AS body, ACTION_ORDER > 1 AS follows, SQL_MODE AS mode, DEFINER AS definer,
       CHARACTER_SET_CLIENT AS client, COLLATION_CONNECTION AS connection
FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ?
ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER";

pub(super) async fn read(
    source: &Source<'_, impl ConnectionTrait>,
    rights: &Rights,
    catalog: &mut Catalog,
) -> Result<(), DbErr> {
    let is_hidden = |table: &&String| !rights.has(&["TRIGGER"], source.namespace, table);
    let hidden: Vec<&String> = catalog.tables.keys().filter(is_hidden).collect();
    if !hidden.is_empty() && hidden.len() == catalog.tables.len() {
        catalog.unseen.push("the triggers: need TRIGGER on the database".to_owned());
    } else {
        let lines = hidden.iter().map(|table| format!("the triggers of {table}: need TRIGGER on it"));
        catalog.unseen.extend(lines.collect::<Vec<_>>());
    }
    let mut last = String::new();
    for row in source.all(TRIGGERS).await? {
        let name: String = row.try_get("", "name")?;
        let table_name: String = row.try_get("", "table_name")?;
        let Some(table) = catalog.tables.get_mut(&table_name) else { continue };
        let (timing, event): (String, String) = (row.try_get("", "timing")?, row.try_get("", "event")?);
        let body: String = row.try_get("", "body")?;
        let follows: bool = row.try_get("", "follows")?;
        let order = if follows { format!(" FOLLOWS {}", Dialect::MariaDb.quote(&last)) } else { String::new() };
        let mode: String = row.try_get("", "mode")?;
        let definition = Definition {
            definition: format!("{timing} {event} FOR EACH ROW{order} {body}"),
            modifiers: format!("SQL_MODE={}", literal(&mode)),
            sql: Rendered(format!(
                "CREATE OR REPLACE TRIGGER {} {timing} {event} ON {} FOR EACH ROW{order} {body}",
                source.qualified(&name),
                source.qualified(&table_name),
            )),
            ..Definition::default()
        };
        table.about.owners.insert(format!("trigger {name}"), row.try_get("", "definer")?);
        table.about.storage.insert(format!("trigger {name}"), names(&row)?);
        table.triggers.insert(name.clone(), definition);
        last = name;
    }
    Ok(())
}
