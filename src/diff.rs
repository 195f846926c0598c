//! The difference of any two places: databases, SQL scripts, or what a schema's migrations make.

mod fence;
mod script;

use std::path::{Path, PathBuf};

use catalog::{Catalog, Dialect, Drift, FixScript};

use crate::connect::{self, Link, Opened, Purpose};
use crate::error::Error;
use crate::migrate::history::own;
use crate::place::{Place, Server};
use crate::replay::Replay;
use crate::schema::Schema;
use crate::scratch::{self, Extensions, Folder, Scratch};

/// One of the two places.
pub(crate) enum Side {
    /// A live database.
    Database(Place),
    /// An SQL script, as the engine's own client runs it.
    Script(PathBuf),
    /// What all migrations of a schema make.
    Schema(Box<Schema>),
}

impl Side {
    /// The engine that it is of, where it is of one.
    pub(crate) fn dialect(&self) -> Option<Dialect> {
        match self {
            Self::Database(place) => Some(place.dialect()),
            Self::Script(_) | Self::Schema(_) => None,
        }
    }

    /// In words, without a password.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Database(place) => place.to_string(),
            Self::Script(path) => path.display().to_string(),
            Self::Schema(schema) => format!("the migrations of {}", schema.name()),
        }
    }
}

/// Where and how both sides are read.
pub(crate) struct Ground<'a> {
    pub(crate) dialect: Dialect,
    /// The server on which empty places are made; none on SQLite.
    pub(crate) server: Option<&'a Server>,
    pub(crate) link: &'a Link,
    /// The history tables of the program's migrators.
    pub(crate) histories: &'a [String],
}

/// What was found between two sides.
pub(crate) struct Compared {
    pub(crate) found: Vec<Drift>,
    /// The statements that make the actual side what the declared one is.
    pub(crate) script: FixScript,
    /// The namespace of the actual side that names without one stand in.
    pub(crate) home: String,
    /// How much was compared, in words.
    pub(crate) counts: String,
}

/// What one side holds, and which namespaces of it are meant.
struct Read {
    catalog: Catalog,
    /// The one namespace of names that have none; none where every name has its own.
    home: Option<String>,
}

/// Compares two sides, the declared one first.
pub(crate) async fn compare(declared: &Side, actual: &Side, ground: &Ground<'_>) -> Result<Compared, Error> {
    let scope = Scope::of(declared, actual, ground);
    let is_replayed = [declared, actual].iter().any(|side| matches!(side, Side::Schema(_)));
    let live = ground.live([declared, actual]).await?;
    let actual = ground.read(actual, live.as_ref(), &scope).await?;
    let declared = ground.read(declared, live.as_ref(), &scope).await?;
    if let Some(live) = live {
        live.db.close().await.map_err(Error::database("closing a connection"))?;
    }
    let home = actual.home.clone().unwrap_or_default();
    // Two namespaces of two names are each its own place's.
    let is_renamed = declared.home != actual.home;
    let mut declared = match &declared.home {
        Some(other) => declared.catalog.renamed(other, &home),
        None => declared.catalog,
    };
    let mut actual = actual.catalog;
    if declared.default_collation() != actual.default_collation() {
        (declared, actual) = (declared.with_collations_written(), actual.with_collations_written());
    }
    // What migrations make has given no number yet.
    if is_replayed {
        (declared, actual) = (declared.without_positions(), actual.without_positions());
    }
    if is_replayed || is_renamed {
        (declared, actual) = (declared.with_bare_namespaces(), actual.with_bare_namespaces());
    }
    let mut found = catalog::diff(&declared, &actual);
    let script = catalog::mend(&declared, &actual, &home, &mut found);
    Ok(Compared { found, script, home, counts: declared.counts() })
}

/// Which PostgreSQL schemas are compared.
enum Scope {
    /// One of each side, and those `beside` it.
    One {
        /// Its name, where a side says it.
        named: Option<String>,
        beside: Vec<&'static str>,
    },
    /// All of each database but the system's.
    All,
}

impl Scope {
    fn of(declared: &Side, actual: &Side, ground: &Ground<'_>) -> Self {
        let is_postgres = ground.dialect == Dialect::Postgres;
        let sides = [declared, actual];
        let schema = sides.iter().find_map(|side| match side {
            Side::Schema(schema) => Some(schema),
            _ => None,
        });
        let of_database = sides.iter().find_map(|side| match side {
            Side::Database(Place::Server(server)) => server.namespace.clone(),
            _ => None,
        });
        let of_schema = || schema.and_then(|schema| schema.own_namespace()).map(str::to_owned);
        let named = of_database.or_else(of_schema).filter(|_| is_postgres);
        match schema {
            None if is_postgres && named.is_none() => Self::All,
            None => Self::One { named, beside: Vec::new() },
            Some(schema) => Self::One { named, beside: schema.owned_beside(ground.dialect).to_vec() },
        }
    }
}

impl Ground<'_> {
    /// The database on one side that the empty place for the other is made like; none where each side is one.
    async fn live(&self, sides: [&Side; 2]) -> Result<Option<Opened>, Error> {
        match sides {
            [Side::Database(_), Side::Database(_)] => Ok(None),
            [Side::Database(place), _] | [_, Side::Database(place)] => self.open(place).await.map(Some),
            _ => Ok(None),
        }
    }

    async fn open(&self, place: &Place) -> Result<Opened, Error> {
        let opened = connect::open(place, self.link, Purpose::Look).await?;
        opened.ok_or_else(|| Error::Database(format!("{place} is not there")))
    }

    async fn read(&self, side: &Side, live: Option<&Opened>, scope: &Scope) -> Result<Read, Error> {
        match side {
            Side::Database(place) => {
                let opened = self.open(place).await?;
                let read = self.catalog(&opened, scope).await;
                opened.db.close().await.map_err(Error::database("closing a connection"))?;
                read
            }
            Side::Script(path) => self.script(path, live, scope).await,
            Side::Schema(schema) => self.schema(schema, live).await,
        }
    }

    /// What is at a place, less the histories and what else is kiln's own.
    async fn catalog(&self, opened: &Opened, scope: &Scope) -> Result<Read, Error> {
        let failed = || Error::database("reading the structure of a database");
        let transaction = opened.begin().await.map_err(failed())?;
        catalog::pin_rendering(&transaction).await.map_err(failed())?;
        let (catalog, home) = match scope {
            Scope::One { beside, .. } => {
                let catalog = catalog::introspect_all(&transaction, &opened.namespace, beside).await;
                (catalog, Some(opened.namespace.clone()))
            }
            Scope::All => {
                let namespaces = catalog::namespaces(&transaction).await.map_err(failed())?;
                (catalog::introspect_each(&transaction, &namespaces).await, None)
            }
        };
        let catalog = catalog.map_err(failed())?;
        transaction.rollback().await.map_err(failed())?;
        let own = self.histories.iter().map(String::as_str).chain([own::TABLE, seeder::ledger::TABLE]);
        let namespaces: Vec<String> = catalog.namespaces.keys().cloned().collect();
        let names: Vec<String> = own
            .flat_map(|name| {
                let qualified = namespaces.iter().filter(|one| !one.is_empty()).map(move |one| format!("{one}.{name}"));
                qualified.chain([name.to_owned()])
            })
            .collect();
        Ok(Read { catalog: catalog.without(&names.iter().map(String::as_str).collect::<Vec<_>>()), home })
    }

    async fn script(&self, path: &Path, live: Option<&Opened>, scope: &Scope) -> Result<Read, Error> {
        if self.dialect == Dialect::Sqlite {
            let folder = Folder::make()?;
            let place = Place::embedded(&folder.path().join("script.db").display().to_string());
            script::run(path, &place).await?;
            return Box::pin(self.read(&Side::Database(place), None, scope)).await;
        }
        let (scratch, there) = self.scratch(live).await?;
        let read = async {
            self.refuse_reaching_out(path, &scratch).await?;
            script::run(path, &Place::Server(there)).await?;
            let Read { catalog, home } = self.made_by_script(&scratch, scope).await?;
            Ok(Read { catalog: catalog.with_views_filled(), home })
        };
        let read = read.await;
        scratch.remove().await?;
        read
    }

    /// Refuses a script that would do something elsewhere than in the scratch database.
    async fn refuse_reaching_out(&self, path: &Path, scratch: &Scratch) -> Result<(), Error> {
        let others = match self.dialect {
            Dialect::MariaDb => scratch::other_databases(scratch).await?,
            _ => Vec::new(),
        };
        let text = std::fs::read(path).map_err(|error| script::cannot_read(path, &error))?;
        let Some(said) = fence::reaches_out(self.dialect, &String::from_utf8_lossy(&text), &others) else {
            return Ok(());
        };
        Err(Error::Usage(format!(
            "{} says `{said}`, which reaches out of the scratch database that it is run on; give a dump of one \
             database that neither makes nor names it",
            path.display()
        )))
    }

    /// What a script made in an empty database: in the namespace that is compared, where it makes that.
    async fn made_by_script(&self, scratch: &Scratch, scope: &Scope) -> Result<Read, Error> {
        let mut opened = scratch.opened.clone();
        if let Scope::One { named: Some(named), .. } = scope {
            let failed = || Error::database("listing the schemas that a script makes");
            let transaction = opened.begin().await.map_err(failed())?;
            let made = catalog::namespaces(&transaction).await.map_err(failed())?;
            transaction.rollback().await.map_err(failed())?;
            if made.contains(named) {
                opened.namespace.clone_from(named);
            }
        }
        self.catalog(&opened, scope).await
    }

    /// An empty database of the ground's server, and the way to it for a client.
    async fn scratch(&self, live: Option<&Opened>) -> Result<(Scratch, Server), Error> {
        let server = self.server.ok_or_else(|| Error::NoScratch("there is no server to make it on".to_owned()))?;
        let server = Server { namespace: None, beyond: Vec::new(), ..server.clone() };
        // A script of PostgreSQL makes its namespaces for itself.
        let live = live.filter(|_| self.dialect == Dialect::MariaDb);
        let place = Place::Server(server.clone());
        let scratch = Box::pin(Scratch::make(&place, Some(&server), live, self.link, Extensions::None)).await?;
        let there = server.with_database(&scratch.name().unwrap_or_default());
        Ok((scratch, there))
    }

    async fn schema(&self, schema: &Schema, live: Option<&Opened>) -> Result<Read, Error> {
        let migrator = schema
            .own_migrator()
            .ok_or_else(|| Error::Usage(format!("{} has no migrations that could be compared", schema.name())))?;
        let place = match self.server {
            Some(server) => {
                let namespace = schema.own_namespace().unwrap_or(schema.name()).to_owned();
                let namespace = Some(namespace).filter(|_| self.dialect == Dialect::Postgres);
                Place::Server(Server { namespace: server.namespace.clone().or(namespace), ..server.clone() })
            }
            None => Place::embedded(&schema.embedded_file()),
        };
        let versions: Vec<String> =
            (migrator.migrations)().iter().map(|migration| migration.name().to_owned()).collect();
        let beside = schema.owned_beside(self.dialect);
        let replay = Replay { migrator, beside, place: &place, live, link: self.link, elsewhere: self.server };
        let (catalog, home) = replay.declared(&versions).await?;
        Ok(Read { catalog, home: Some(home) })
    }
}

/// Refuses two sides of different engines.
pub(crate) fn refuse_two_engines(declared: &Side, actual: &Side) -> Result<(), Error> {
    match (declared.dialect(), actual.dialect()) {
        (Some(one), Some(other)) if one != other => Err(Error::Usage(format!(
            "{} is {one} and {} is {other}: two engines cannot be compared; give two places of one",
            declared.words(),
            actual.words()
        ))),
        _ => Ok(()),
    }
}
