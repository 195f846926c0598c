//! What a rollback would lose: tables and columns that go and hold values.

use catalog::{Catalog, Dialect, Table};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde::Serialize;

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
    db: &DatabaseConnection,
    live: &Catalog,
    before: &Catalog,
    after: &Catalog,
    beside: &[&str],
) -> Result<Vec<Loss>, Error> {
    let mut losses = Vec::new();
    for (name, table) in &before.tables {
        let Some(there) = live.tables.get(name) else { continue };
        let gone: Vec<Option<&str>> = match after.tables.get(name) {
            None => vec![None],
            Some(kept) => columns_gone(table, kept).into_iter().map(Some).collect(),
        };
        for column in gone.into_iter().filter(|column| column.is_none_or(|column| there.column(column).is_some())) {
            let count = count(db, name, column, beside).await?;
            if count > 0 {
                losses.push(Loss { table: name.clone(), column: column.map(str::to_owned), count });
            }
        }
    }
    Ok(losses)
}

/// Every table of `live` that holds rows.
pub(crate) async fn of_all(db: &DatabaseConnection, live: &Catalog, beside: &[&str]) -> Result<Vec<Loss>, Error> {
    of(db, live, live, &Catalog::empty(live.dialect), beside).await
}

fn columns_gone<'a>(table: &'a Table, kept: &Table) -> Vec<&'a str> {
    let gone = table.columns.iter().filter(|column| kept.column(&column.name).is_none());
    gone.map(|column| column.name.as_str()).collect()
}

async fn count(db: &DatabaseConnection, table: &str, column: Option<&str>, beside: &[&str]) -> Result<i64, Error> {
    let dialect = Dialect::of(db.get_database_backend());
    let counted = column.map_or_else(|| "*".to_owned(), |column| dialect.quote(column));
    let neighbour =
        beside.iter().find_map(|namespace| Some((namespace, table.strip_prefix(namespace)?.strip_prefix('.')?)));
    let quoted = match neighbour {
        Some((namespace, name)) => format!("{}.{}", dialect.quote(namespace), dialect.quote(name)),
        None => dialect.quote(table),
    };
    let sql = format!("SELECT count({counted}) AS n FROM {quoted}");
    let failed = || Error::database(format!("counting what {table} holds"));
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.map_err(failed())?;
    row.map_or(Ok(0), |row| row.try_get("", "n")).map_err(failed())
}

/// The losses in words: "table sales (2000 rows), column clients.industry (10 values)".
pub(crate) fn in_words(losses: &[Loss]) -> String {
    let plural = |count, noun: &str| if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") };
    let words = losses.iter().map(|loss| match &loss.column {
        None => format!("table {} ({})", loss.table, plural(loss.count, "row")),
        Some(column) => format!("column {}.{column} ({})", loss.table, plural(loss.count, "value")),
    });
    words.collect::<Vec<_>>().join(", ")
}
