//! What a rollback would lose: tables and columns that go and hold values.

use std::collections::BTreeMap;

use catalog::{Catalog, Dialect, Table};
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;

use crate::connect::Opened;
use crate::error::Error;

/// A table, or a column of one, that goes with its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Loss {
    /// The table's name.
    pub(crate) table: String,
    /// The column's name; none when the whole table goes.
    pub(crate) column: Option<String>,
    /// Rows of the table, or values of the column that are not null.
    pub(crate) count: i64,
}

/// What `before` has and `after` has not, as the migrations make both, and what holds values in
/// `live`: a table or column that no migration made is not a rollback's to lose. Tables of the
/// namespaces `beside` go by qualified names.
pub(crate) async fn of(
    opened: &Opened,
    live: &Catalog,
    before: &Catalog,
    after: &Catalog,
    beside: &[&str],
) -> Result<Vec<Loss>, Error> {
    let failed = || Error::database("counting what would be lost");
    let transaction = opened.begin().await.map_err(failed())?;
    let mut losses = Vec::new();
    for (name, table) in &before.tables {
        let Some(there) = live.tables.get(name) else { continue };
        let gone = match after.tables.get(name) {
            None => Vec::new(),
            Some(kept) => columns_gone(table, kept),
        };
        let gone: Vec<&str> = gone.into_iter().filter(|column| there.column(column).is_some()).collect();
        let is_whole = !after.tables.contains_key(name);
        if gone.is_empty() && !is_whole {
            continue;
        }
        let counts = counts(&transaction, name, gone.iter().copied(), beside).await?;
        let of = |column: Option<&str>, count| Loss { table: name.clone(), column: column.map(str::to_owned), count };
        if is_whole {
            losses.push(of(None, counts[0]));
        } else {
            losses.extend(gone.iter().zip(&counts[1..]).map(|(column, count)| of(Some(*column), *count)));
        }
    }
    losses.retain(|loss| loss.count > 0);
    transaction.rollback().await.map_err(failed())?;
    Ok(losses)
}

/// Every table of `live` that holds rows.
pub(crate) async fn of_all(opened: &Opened, live: &Catalog, beside: &[&str]) -> Result<Vec<Loss>, Error> {
    of(opened, live, live, &Catalog::empty(live.dialect), beside).await
}

fn columns_gone<'a>(table: &'a Table, kept: &Table) -> Vec<&'a str> {
    let gone = table.columns.iter().filter(|column| kept.column(&column.name).is_none());
    gone.map(|column| column.name.as_str()).collect()
}

/// How many rows `table` holds, and how many values that are not null each of `columns`: in one query.
async fn counts<'a>(
    db: &impl ConnectionTrait,
    table: &str,
    columns: impl Iterator<Item = &'a str>,
    beside: &[&str],
) -> Result<Vec<i64>, Error> {
    let dialect = Dialect::of(db.get_database_backend());
    let columns: Vec<String> = columns.map(|column| format!("count({})", dialect.quote(column))).collect();
    let counted: Vec<String> = std::iter::once("count(*)".to_owned()).chain(columns).collect();
    let neighbour =
        beside.iter().find_map(|namespace| Some((namespace, table.strip_prefix(namespace)?.strip_prefix('.')?)));
    let quoted = match neighbour {
        Some((namespace, name)) => format!("{}.{}", dialect.quote(namespace), dialect.quote(name)),
        None => dialect.quote(table),
    };
    let sql = format!("SELECT {} FROM {quoted}", counted.join(", "));
    let failed = || Error::database(format!("counting what {table} holds"));
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.map_err(failed())?;
    let Some(row) = row else { return Ok(vec![0; counted.len()]) };
    (0..counted.len()).map(|at| row.try_get_by(at).map_err(failed())).collect()
}

/// How many rows each table of `catalog` holds, and how many values each of its columns.
pub(crate) async fn values(
    opened: &Opened,
    catalog: &Catalog,
    beside: &[&str],
) -> Result<BTreeMap<(String, Option<String>), i64>, Error> {
    let failed = || Error::database("counting what is there");
    let transaction = opened.begin().await.map_err(failed())?;
    let mut values = BTreeMap::new();
    for (name, table) in &catalog.tables {
        let columns = table.columns.iter().map(|column| column.name.as_str());
        let counts = counts(&transaction, name, columns.clone(), beside).await?;
        let counted = std::iter::once(None).chain(columns.map(|column| Some(column.to_owned())));
        values.extend(counted.map(|column| (name.clone(), column)).zip(counts));
    }
    transaction.rollback().await.map_err(failed())?;
    Ok(values)
}

/// What there was and is no more: of a table that lost rows the rows, of others the columns' values.
pub(crate) fn between(
    before: &BTreeMap<(String, Option<String>), i64>,
    after: &BTreeMap<(String, Option<String>), i64>,
) -> Vec<Loss> {
    let lost =
        |key: &(String, Option<String>)| before.get(key).copied().unwrap_or(0) - after.get(key).copied().unwrap_or(0);
    let lost_rows = |table: &String| lost(&(table.clone(), None)) > 0;
    let keys = before.keys().filter(|(table, column)| column.is_none() || !lost_rows(table));
    let losses = keys.map(|key| Loss { table: key.0.clone(), column: key.1.clone(), count: lost(key) });
    losses.filter(|loss| loss.count > 0).collect()
}

/// The losses in words: "table sales (2,000 rows), column clients.industry (10 values)".
pub(crate) fn in_words(losses: &[Loss]) -> String {
    let counted = |loss: &Loss, noun| catalog::counted(loss.count.unsigned_abs(), noun);
    let words = losses.iter().map(|loss| match &loss.column {
        None => format!("table {} ({})", loss.table, counted(loss, "row")),
        Some(column) => format!("column {}.{column} ({})", loss.table, counted(loss, "value")),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{between, in_words};

    #[test]
    fn a_column_that_goes_is_a_loss_and_a_table_that_goes_is_one_loss() {
        let before =
            [(("t", None), 3), (("t", Some("a")), 3), (("t", Some("b")), 2), (("u", None), 1), (("u", Some("c")), 1)];
        let after = [(("t", None), 3), (("t", Some("a")), 3)];
        let values = |list: &[((&str, Option<&str>), i64)]| {
            list.iter()
                .map(|((table, column), count)| (((*table).to_owned(), column.map(str::to_owned)), *count))
                .collect()
        };
        let losses = between(&values(&before), &values(&after));
        assert_eq!(in_words(&losses), "column t.b (2 values), table u (1 row)");
    }
}
