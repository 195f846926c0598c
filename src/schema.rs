//! What a project brings: a name, and whichever of entities, migrator and seeder it has.

use std::sync::Arc;

use catalog::{Dialect, Enums, Promise, Promises};
use sea_orm::{DynIden, Value};
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use seeder::Seeder;

/// A schema: its entities, its migrations and its seeder, under one name.
#[derive(Clone)]
pub struct Schema {
    name: &'static str,
    namespace: Option<&'static str>,
    sqlite_file: Option<&'static str>,
    also_owns: Vec<&'static str>,
    promises: Vec<fn(Dialect) -> Vec<Promise>>,
    enums: Vec<fn() -> Vec<Value>>,
    migrator: Option<Migrator>,
    seeder: Option<Arc<dyn Seeder>>,
}

/// A migrator as data: its type would be a parameter of everything that touches a schema.
#[derive(Clone, Copy)]
pub(crate) struct Migrator {
    pub(crate) migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
    pub(crate) history_table: fn() -> DynIden,
}

impl Schema {
    /// A schema of this name, with nothing in it yet.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            namespace: None,
            sqlite_file: None,
            also_owns: Vec::new(),
            promises: Vec::new(),
            enums: Vec::new(),
            migrator: None,
            seeder: None,
        }
    }

    /// The entities, as a tuple of up to sixteen, and once more for those beyond: `check` compares
    /// what they promise with what the database has.
    pub fn entities<E: Promises>(mut self) -> Self {
        self.promises.push(E::promises);
        self
    }

    /// The enums that entities store as text, as a tuple of up to sixteen, and once more for those beyond.
    ///
    /// SeaORM shows the values of a native enum and those of numbers can be tried; of these, `check` knows
    /// without their names only the values that the database has, and not which others the program writes.
    pub fn enums<E: Enums>(mut self) -> Self {
        self.enums.push(E::values);
        self
    }

    /// The migrator: any of sea-orm-migration's, unchanged.
    pub fn migrator<M: MigratorTrait>(mut self) -> Self {
        self.migrator = Some(Migrator { migrations: M::migrations, history_table: M::migration_table_name });
        self
    }

    /// The seeder.
    pub fn seeder(mut self, seeder: impl Seeder + 'static) -> Self {
        self.seeder = Some(Arc::new(seeder));
        self
    }

    /// The PostgreSQL schema that it lives in.
    ///
    /// Without it: the one of its own name, or, in a program with a single schema, the one that
    /// the connection's search path gives.
    pub fn namespace(mut self, namespace: &'static str) -> Self {
        self.namespace = Some(namespace);
        self
    }

    /// A PostgreSQL schema beside its namespace that its migrations make and it alone fills.
    ///
    /// `check` compares what is in it, `fresh` drops it, and a second copy of this schema in the
    /// same database is refused: both would own it.
    pub fn also_owns(mut self, namespace: &'static str) -> Self {
        self.also_owns.push(namespace);
        self
    }

    /// The SQLite file of the embedded default. Without it: `data/` and the schema's name.
    pub fn sqlite_file(mut self, file: &'static str) -> Self {
        self.sqlite_file = Some(file);
        self
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn own_namespace(&self) -> Option<&'static str> {
        self.namespace
    }

    /// The namespaces beside its own that it owns in this dialect.
    pub(crate) fn owned_beside(&self, dialect: Dialect) -> &[&'static str] {
        if dialect.has_neighbours() { &self.also_owns } else { &[] }
    }

    pub(crate) fn embedded_file(&self) -> String {
        self.sqlite_file.map_or_else(|| format!("data/{}.db", self.name), str::to_owned)
    }

    pub(crate) fn promises(&self, dialect: Dialect) -> Vec<Promise> {
        let named: Vec<Value> = self.enums.iter().flat_map(|values| values()).collect();
        let promises = self.promises.iter().flat_map(|promises| promises(dialect));
        promises.map(|promise| promise.knowing(named.clone())).collect()
    }

    pub(crate) fn own_migrator(&self) -> Option<Migrator> {
        self.migrator
    }

    pub(crate) fn own_seeder(&self) -> Option<&dyn Seeder> {
        self.seeder.as_deref()
    }
}

impl Migrator {
    /// The name of its history table.
    pub(crate) fn history_table(self) -> String {
        (self.history_table)().to_string()
    }
}
