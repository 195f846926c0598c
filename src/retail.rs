//! The schemas that come with kiln: one line a schema.

use crate::Schema;

/// Every retail schema, as the binary `kiln` registers them.
pub fn schemas() -> Vec<Schema> {
    vec![
        Schema::new("market")
            .namespace("market")
            .sqlite_file("data/text_to_sql_poc.db")
            .entities::<entity::market::All>()
            .migrator::<migration::market::Migrator>()
            .seeder(seeder::market::Market),
    ]
}
