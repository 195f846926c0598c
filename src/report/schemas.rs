//! What this binary knows.

use serde::Serialize;

use super::{Report, table};

/// Every registered schema.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Schemas(pub(crate) Vec<Known>);

/// A registered schema and how far it is.
#[derive(Debug, Serialize)]
pub(crate) struct Known {
    pub(crate) schema: String,
    pub(crate) place: String,
    /// Migrations of this build that are in the history; none when nothing is there yet.
    pub(crate) applied: Option<usize>,
    /// Versions in the history that this build does not know.
    pub(crate) missing: Vec<String>,
    /// Migrations of this build; none without a migrator.
    pub(crate) migrations: Option<usize>,
    /// Rows of all its tables; none when nothing is there yet.
    pub(crate) rows: Option<u64>,
    /// Whether it can be seeded.
    pub(crate) seeder: bool,
}

impl Report for Schemas {
    fn text(&self) -> String {
        let rows = self.0.iter().map(|known| {
            let migrations = match (known.applied, known.migrations) {
                (_, None) => "no migrator".to_owned(),
                (applied, Some(all)) => match known.missing.len() {
                    0 => format!("{} of {all}", applied.unwrap_or(0)),
                    missing => format!("{} of {all}, {missing} unknown", applied.unwrap_or(0)),
                },
            };
            let rows = known.rows.map_or_else(|| "-".to_owned(), table::thousands);
            let seeder = if known.seeder { "yes" } else { "no" };
            vec![known.schema.clone(), known.place.clone(), seeder.to_owned(), migrations, rows]
        });
        table::of(&["schema", "place", "seeder", "applied", "rows"], rows, 3)
    }
}
