//! What this binary knows.

use catalog::thousands;
use serde::Serialize;

use super::found::Found;
use super::paint::{Paint, Tone};
use super::{Report, table};
use crate::place::Place;
use crate::schema::Schema;

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
    /// Why nothing was looked at there, if nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<String>,
}

impl Known {
    /// A schema of which nothing is known but what the program brings.
    pub(crate) fn new(schema: &Schema, place: &Place, migrations: usize) -> Self {
        Self {
            schema: schema.name().to_owned(),
            place: place.to_string(),
            applied: None,
            missing: Vec::new(),
            migrations: schema.own_migrator().map(|_| migrations),
            rows: None,
            seeder: schema.own_seeder().is_some(),
            refused: None,
        }
    }
}

/// A schema that a command over all of them left out, and why.
#[derive(Debug, Serialize)]
pub(crate) struct LeftOut {
    pub(crate) schema: String,
    pub(crate) refused: String,
}

impl Report for LeftOut {
    fn text(&self, paint: Paint) -> String {
        format!("{}: {}: {}", self.schema, paint.word(Tone::Notable, "left out"), self.refused)
    }

    fn found(&self) -> Found {
        Found { subject: self.schema.clone(), left_out: Some(self.refused.clone()), ..Found::default() }
    }
}

impl Report for Schemas {
    fn text(&self, paint: Paint) -> String {
        let rows = self.0.iter().map(|known| {
            let migrations = match (known.applied, known.migrations) {
                (_, None) => "no migrator".to_owned(),
                (applied, Some(all)) => match known.missing.len() {
                    0 => format!("{} of {all}", applied.unwrap_or(0)),
                    missing => format!("{} of {all}, {missing} unknown", applied.unwrap_or(0)),
                },
            };
            let rows = known.rows.map_or_else(|| "-".to_owned(), thousands);
            let seeder = if known.seeder { "yes" } else { "no" };
            vec![known.schema.clone(), known.place.clone(), seeder.to_owned(), migrations, rows]
        });
        let refused = self.0.iter().filter_map(|known| Some(format!("{}: {}", known.schema, known.refused.as_ref()?)));
        let refused: Vec<String> = refused.collect();
        let table = table::of(paint, &["schema", "place", "seeder", "applied", "rows"], rows, 3);
        [&[table], refused.as_slice()].concat().join("\n")
    }
}
