//! The schemas that come with kiln, one block a schema.

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
        Schema::new("demand")
            .namespace("demand")
            .entities::<entity::demand::All>()
            .migrator::<migration::demand::Migrator>()
            .seeder(seeder::demand::Demand),
        Schema::new("brickhouse")
            .namespace("brickhouse")
            .also_owns("analytics")
            .entities::<entity::brickhouse::All>()
            .enums::<entity::brickhouse::Enums>()
            .migrator::<migration::brickhouse::Migrator>(),
        Schema::new("fashion")
            .namespace("fashion")
            .sqlite_file("data/fashion_forecast.db")
            .entities::<entity::fashion::All>()
            .enums::<entity::fashion::Enums>()
            .migrator::<migration::fashion::Migrator>(),
    ]
}
