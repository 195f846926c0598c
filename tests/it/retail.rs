//! What each schema that comes with kiln does on each backend.

use std::collections::BTreeSet;

use catalog::{Catalog, Family, Promise, Table};
use sea_orm::ConnectionTrait as _;

use crate::OnSchema;
use crate::backend::{Backend, Home, runtime};

pub const OF_SCHEMAS: &[OnSchema] = &[
    (
        "up_down_up_leaves_nothing_in_between_and_the_same_after",
        up_down_up_leaves_nothing_in_between_and_the_same_after,
    ),
    ("fresh_makes_the_same_schema_anew", fresh_makes_the_same_schema_anew),
    ("migrated_equals_promised", migrated_equals_promised),
    ("every_migration_is_proven_reversible", every_migration_is_proven_reversible),
];

/// What the schema's entities promise.
pub fn promises(schema: &str, backend: Backend) -> Vec<Promise> {
    use catalog::Promises;
    let promises = match schema {
        "market" => entity::market::All::promises,
        "demand" => entity::demand::All::promises,
        "brickhouse" => entity::brickhouse::All::promises,
        "fashion" => entity::fashion::All::promises,
        other => panic!("{other} has no entities"),
    };
    promises(backend.dialect())
}

fn up_down_up_leaves_nothing_in_between_and_the_same_after(home: &Home) {
    let schema = home.schema;
    assert_eq!(home.objects(), [] as [&str; 0]);
    home.kiln(&format!("migrate up {schema}"), 0);
    let before = home.catalog();
    assert!(before.tables.len() > 4, "the tables and the history: {:?}", before.tables.keys());
    let said = home.kiln(&format!("check {schema} --strict"), 0);
    assert!(said.out.starts_with(&format!("{schema}: no drift ({} tables", before.tables.len() - 1)), "{}", said.out);
    home.kiln(&format!("migrate down {schema} --all"), 0);
    assert_eq!(home.objects(), ["table seaql_migrations"]);
    home.kiln(&format!("migrate up {schema}"), 0);
    assert_eq!(home.catalog(), before);
}

fn fresh_makes_the_same_schema_anew(home: &Home) {
    let schema = home.schema;
    // On a place where nothing is, it is `up`.
    home.kiln(&format!("migrate fresh {schema}"), 0);
    let before = home.catalog();
    home.sql(&["CREATE TABLE of_nobody (id integer)", "CREATE VIEW seen AS SELECT id FROM of_nobody"]);
    let said = home.kiln(&format!("migrate fresh {schema}"), 0);
    assert!(said.out.contains(&format!("{schema}: dropped ")), "{}", said.out);
    assert_eq!(home.catalog(), before);
    home.kiln(&format!("check {schema}"), 0);
}

fn every_migration_is_proven_reversible(home: &Home) {
    let schema = home.schema;
    let said = home.kiln(&format!("migrate verify {schema}"), 0);
    assert!(!said.out.contains("irreversible") && said.out.contains("migrations are reversible"), "{}", said.out);
    assert_eq!(home.objects(), [] as [&str; 0]);
}

/// What an entity can say about its table, in values that compare across spellings.
#[derive(Debug, PartialEq)]
struct Said {
    columns: Vec<(String, Family, bool, Option<String>)>,
    numbered: BTreeSet<String>,
    primary_key: Vec<String>,
    uniques: BTreeSet<Vec<String>>,
    foreign_keys: BTreeSet<Reference>,
}

/// Columns, target table, its columns, and what happens on delete and on update.
type Reference = (Vec<String>, String, Vec<String>, &'static str, &'static str);

fn said(catalog: &Catalog, table: &Table) -> Said {
    let numbers = |default: &Option<String>| default.as_ref().is_some_and(|text| text.starts_with("nextval("));
    let columns = table.columns.iter().map(|column| {
        let default = column.default.clone().filter(|_| !numbers(&column.default));
        (column.name.clone(), Family::of_column(catalog.dialect, &column.data_type), column.nullable, default)
    });
    let numbered = table.columns.iter().filter(|column| column.identity.is_some() || numbers(&column.default));
    let unique_indexes = table.indexes.iter().filter(|index| index.unique).map(|index| index.keys.clone());
    let keys = table.foreign_keys.iter().map(|key| {
        (key.columns.clone(), key.target.clone(), key.target_columns.clone(), key.on_delete.sql(), key.on_update.sql())
    });
    Said {
        columns: columns.collect(),
        numbered: numbered.map(|column| column.name.clone()).collect(),
        primary_key: table.primary_key.clone().map(|key| key.columns).unwrap_or_default(),
        uniques: table.uniques.iter().map(|key| key.columns.clone()).chain(unique_indexes).collect(),
        foreign_keys: keys.collect(),
    }
}

/// The tables that SeaORM makes from the entities, beside those that the migrations make.
fn migrated_equals_promised(home: &Home) {
    let migrated = home.migrated().catalog().without(&["seaql_migrations"]);
    let promised = Home::of(home.backend, home.schema);
    let promises = promises(home.schema, home.backend);
    if home.backend == Backend::Postgres {
        promised.sql(&[&format!("CREATE SCHEMA {}", home.schema)]);
    }
    runtime().block_on(async {
        let db = promised.connect().await;
        for promise in &promises {
            db.execute(&promise.statement).await.unwrap_or_else(|error| panic!("{}: {error}", promise.table));
            for index in &promise.indexes {
                db.execute(index).await.unwrap_or_else(|error| panic!("{}: {error}", promise.table));
            }
        }
        db.close().await.expect("a connection closes");
    });
    let promised = promised.catalog();
    assert_eq!(promised.tables.keys().collect::<Vec<_>>(), migrated.tables.keys().collect::<Vec<_>>());
    for (name, table) in &promised.tables {
        assert_eq!(said(&promised, table), said(&migrated, &migrated.tables[name]), "{name}: promised and migrated");
    }
}
