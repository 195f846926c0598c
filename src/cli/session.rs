//! What every command needs: the schemas that it is about, and the way to each.

use catalog::Dialect;

use crate::config::Settings;
use crate::connect::{self, Link, Opened, Purpose};
use crate::error::Error;
use crate::migrate::history::{self, History};
use crate::migrate::home;
use crate::migrate::plan::{Half, State};
use crate::place::Place;
use crate::report::Printer;
use crate::report::schemas::LeftOut;
use crate::schema::{Migrator, Schema};

/// One run of the program.
pub(super) struct Session {
    pub(super) schemas: Vec<Schema>,
    pub(super) settings: Settings,
    pub(super) verbosity: u8,
    pub(super) printer: Printer,
}

/// A schema with the place where it lives.
pub(super) struct Chosen {
    pub(super) schema: Schema,
    pub(super) place: Place,
}

/// What is at a place before a command changes it.
pub(super) struct Seen {
    /// The connection; none when nothing is there yet.
    pub(super) opened: Option<Opened>,
    /// The namespace that the schema's tables are in, or will be.
    pub(super) namespace: String,
    /// What is recorded there.
    pub(super) history: History,
    /// Versions in the history.
    pub(super) applied: Vec<String>,
    /// The migration that is half done, if one is.
    pub(super) half: Option<Half>,
    /// Versions of the migrator, in order.
    pub(super) known: Vec<String>,
}

impl Session {
    /// The schemas of these names, or all of them.
    pub(super) fn chosen(&self, names: &[String]) -> Result<Vec<Chosen>, Error> {
        let is_chosen = |schema: &&Schema| names.is_empty() || names.iter().any(|name| name == schema.name());
        let schemas: Vec<&Schema> = self.schemas.iter().filter(is_chosen).collect();
        self.settings.refuse_shared(schemas.len())?;
        let is_only = self.schemas.len() == 1;
        let chosen = schemas
            .into_iter()
            .map(|schema| Ok(Chosen { place: self.settings.place(schema, is_only)?, schema: schema.clone() }));
        chosen.collect()
    }

    /// The schema of this name.
    pub(super) fn one(&self, name: &str) -> Result<Chosen, Error> {
        let mut chosen = self.chosen(&[name.to_owned()])?;
        Ok(chosen.remove(0))
    }

    /// How to connect.
    pub(super) fn link(&self) -> Link {
        Link { logs_statements: self.verbosity > 1, ..self.settings.link() }
    }

    /// Looks at a place, creating nothing, and refuses one that would be a second home.
    pub(super) async fn look(&self, chosen: &Chosen) -> Result<Seen, Error> {
        let known = versions(chosen.schema.own_migrator());
        let Some(migrator) = chosen.schema.own_migrator() else {
            let opened = connect::open(&chosen.place, &self.link(), Purpose::Look).await?;
            return Ok(Seen::new(opened, &chosen.place, History::default(), known));
        };
        if let Place::Server(server) = &chosen.place
            && server.dialect == Dialect::Postgres
        {
            let (schema, beside) = (chosen.schema.name(), chosen.schema.owned_beside(server.dialect));
            home::refuse_second(server, &self.link(), schema, migrator, &known, beside).await?;
        }
        let opened = connect::open(&chosen.place, &self.link(), Purpose::Look).await?;
        let history = match &opened {
            Some(opened) => history::look(opened, migrator).await?,
            None => History::default(),
        };
        let seen = Seen::new(opened, &chosen.place, history, known);
        self.refuse_anothers_place(chosen, &seen.applied, &seen.known)?;
        Ok(seen)
    }

    /// Refuses a place whose history is that of another schema of this program.
    fn refuse_anothers_place(&self, chosen: &Chosen, applied: &[String], known: &[String]) -> Result<(), Error> {
        if applied.iter().any(|version| known.contains(version)) {
            return Ok(());
        }
        let is_owner =
            |schema: &&Schema| versions(schema.own_migrator()).iter().any(|version| applied.contains(version));
        match self.schemas.iter().find(is_owner) {
            Some(other) => Err(Error::Refused(format!(
                "{} is the place of {}, as its history says, and not of {}; give {} a place of its own",
                chosen.place,
                other.name(),
                chosen.schema.name(),
                chosen.schema.name(),
            ))),
            None => Ok(()),
        }
    }

    /// As [`Self::look`]; in a command over all schemas one that is refused is told and left out.
    pub(super) async fn look_or_tell(&mut self, chosen: &Chosen, is_named: bool) -> Result<Option<Seen>, Error> {
        match self.look(chosen).await {
            Err(Error::Refused(refused)) if !is_named && self.schemas.len() > 1 => {
                self.printer.add(&LeftOut { schema: chosen.schema.name().to_owned(), refused });
                Ok(None)
            }
            seen => seen.map(Some),
        }
    }
}

impl Seen {
    fn new(opened: Option<Opened>, place: &Place, history: History, known: Vec<String>) -> Self {
        let namespace = match (&opened, place) {
            (Some(opened), _) => opened.namespace.clone(),
            (None, Place::Server(server)) => server.namespace.clone().unwrap_or_else(|| server.database()),
            (None, Place::File(_)) => "main".to_owned(),
        };
        Self { opened, namespace, applied: history.versions(), half: history.half(), history, known }
    }

    /// The migrations and which of them are applied, for a plan.
    pub(super) fn state<'a>(&'a self, schema: &'a str) -> State<'a> {
        State { schema, known: &self.known, applied: &self.applied, half: self.half.as_ref() }
    }

    /// Closes the connection.
    pub(super) async fn close(self) -> Result<(), Error> {
        match self.opened {
            Some(opened) => opened.db.close().await.map_err(Error::database("closing a connection")),
            None => Ok(()),
        }
    }
}

/// The versions of a migrator, in order.
pub(super) fn versions(migrator: Option<Migrator>) -> Vec<String> {
    let migrations = migrator.map(|migrator| (migrator.migrations)()).unwrap_or_default();
    migrations.iter().map(|migration| migration.name().to_owned()).collect()
}
