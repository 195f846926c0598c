//! MariaDB's default collation, written at everything that has it from its database.

use crate::{Catalog, Dialect};

/// The part of a namespace's storage that is its default collation.
pub(crate) const COLLATION: &str = "collation";

/// The types of MariaDB's that have a collation.
const TEXTS: [&str; 8] = ["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"];

impl Catalog {
    /// The collation of whatever names none, where the database has one for that: on MariaDB.
    pub fn default_collation(&self) -> Option<&str> {
        let about = self.namespaces.get("").filter(|_| self.dialect == Dialect::MariaDb)?;
        about.storage.get(COLLATION).map(String::as_str)
    }

    /// This catalog with its default collation written at each table and column that has it.
    ///
    /// A catalog says what differs from its own database. Beside one of another default, that is not enough.
    #[must_use]
    pub fn with_collations_written(mut self) -> Self {
        let Some(default) = self.default_collation().map(str::to_owned) else { return self };
        for table in self.tables.values_mut() {
            // What a table says is for its columns too.
            if !table.properties.iter().any(|property| property.starts_with("COLLATE=")) {
                table.properties.push(format!("COLLATE={default}"));
            }
            for column in &mut table.columns {
                let name = column.data_type.split(['(', ' ']).next().unwrap_or_default();
                if TEXTS.contains(&name) && !column.data_type.contains(" collate ") {
                    column.data_type = format!("{} collate {default}", column.data_type);
                }
            }
        }
        self
    }
}
