//! Sequences.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::{Source, text};
use crate::{Catalog, Sequence};

const SEQUENCES: &str = "
SELECT TABLE_NAME AS name, ENGINE AS engine, TABLE_COMMENT AS comment
FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'SEQUENCE'";

/// Asked for itself: joined to the other, the server looks into every database.
const TYPES: &str = "
SELECT TABLE_NAME AS name, COLUMN_TYPE AS data_type
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND COLUMN_NAME = 'next_not_cached_value'";

struct Named {
    name: String,
    engine: String,
    comment: Option<String>,
    data_type: String,
}

pub(super) async fn read(source: &Source<'_, impl ConnectionTrait>, catalog: &mut Catalog) -> Result<(), DbErr> {
    let mut all = Vec::new();
    for row in source.all(SEQUENCES).await? {
        all.push(Named {
            name: row.try_get("", "name")?,
            engine: text(&row, "engine")?.unwrap_or_default(),
            comment: text(&row, "comment")?,
            data_type: String::new(),
        });
    }
    if all.is_empty() {
        return Ok(());
    }
    for row in source.all(TYPES).await? {
        let name: String = row.try_get("", "name")?;
        if let Some(named) = all.iter_mut().find(|named| named.name == name) {
            named.data_type = row.try_get("", "data_type")?;
        }
    }
    let one = |named: &Named| {
        let name = super::literal(&named.name);
        format!("SELECT {name} AS name, s.* FROM {} s", source.qualified(&named.name))
    };
    let together = all.iter().map(&one).collect::<Vec<_>>().join(" UNION ALL ");
    let rows = source.compared(&cast(&together)).await.unwrap_or_default();
    for named in all {
        let is_it = |row: &&QueryResult| row.try_get::<String>("", "name").is_ok_and(|name| name == named.name);
        let mut row = rows.iter().find(is_it);
        // One that may not be read hides the others.
        let alone = if row.is_none() { source.compared(&cast(&one(&named))).await.ok() } else { None };
        row = row.or(alone.as_ref().and_then(|rows| rows.first()));
        if row.is_none() {
            catalog.unseen.push(format!("the definition of {}: needs SELECT on it", named.name));
        }
        let mut sequence = row.map(|row| sequence(row, &named)).transpose()?.unwrap_or_default();
        sequence.about.comments.extend(named.comment.map(|comment| (String::new(), comment)));
        catalog.sequences.insert(named.name, sequence);
    }
    Ok(())
}

/// A query of sequences with their numbers as text: one may be beyond 63 bits.
fn cast(query: &str) -> String {
    let numbers = ["next_not_cached_value", "start_value", "minimum_value", "maximum_value", "increment", "cache_size"];
    let numbers = numbers.map(|number| format!("cast({number} AS char) AS {number}")).join(", ");
    format!("SELECT name, cycle_option = 1 AS cycles, {numbers} FROM ({query}) q")
}

fn sequence(row: &QueryResult, named: &Named) -> Result<Sequence, DbErr> {
    let number = |column: &str| row.try_get::<String>("", column);
    let data_type = match named.data_type.as_str() {
        "bigint(21)" | "bigint(20)" => String::new(),
        // The server adds a digit for the sign to the width that it shows.
        other => {
            let (name, rest) = other.split_once('(').unwrap_or((other, ""));
            let unsigned = if rest.ends_with("unsigned") { " unsigned" } else { "" };
            format!("AS {name}{unsigned} ")
        }
    };
    let cache = match number("cache_size")?.as_str() {
        "0" => "NOCACHE".to_owned(),
        size => format!("CACHE {size}"),
    };
    let cycles: bool = row.try_get("", "cycles")?;
    let engine = if named.engine == "InnoDB" { String::new() } else { format!(" ENGINE={}", named.engine) };
    let (start, next) = (number("start_value")?, number("next_not_cached_value")?);
    Ok(Sequence {
        definition: format!(
            "{data_type}START WITH {start} MINVALUE {} MAXVALUE {} INCREMENT BY {} {cache} {}{engine}",
            number("minimum_value")?,
            number("maximum_value")?,
            number("increment")?,
            if cycles { "CYCLE" } else { "NOCYCLE" },
        ),
        // What lies below it has been given, or is lost with the cache of a connection.
        position: next.parse().ok().filter(|_| next != start),
        ..Sequence::default()
    })
}
