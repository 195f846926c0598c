//! Changing what is recorded, and nothing else: a baseline, a repair.

use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::apply::Runner;
use super::edit::Edits;
use super::history;
use super::history::own::{self, Known, Origin};
use super::plan::{Direction, Half};
use crate::error::Error;

/// What a repair did besides accepting edited migrations.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Repairs {
    /// The migration that is not half done any more.
    pub(crate) cleared: Option<Half>,
    /// How many of its statements are done.
    pub(crate) statements: usize,
    /// Versions that another program applied, recorded now.
    pub(crate) adopted: Vec<String>,
    /// Versions that another program rolled back, forgotten now.
    pub(crate) forgotten: Vec<String>,
}

impl Runner<'_> {
    /// Records those of `versions` as applied, without running them, that a history with `applied` lacks.
    pub(crate) async fn baseline(&self, versions: &[String], applied: &[String]) -> Result<(), Error> {
        let failed = || Error::database("recording the baseline");
        let (lock, opened) = self.lock().await?;
        let namespace = opened.namespace.as_str();
        let history = self.prepare(&opened).await?;
        if history.versions() != applied {
            return Err(self.overtaken());
        }
        let transaction = opened.begin_writing().await.map_err(failed())?;
        for version in versions.iter().filter(|version| !applied.contains(version)) {
            transaction.execute(&history::addition(namespace, self.migrator, version)).await.map_err(failed())?;
            let known = Known::new(Origin::Baseline, self.place.dialect(), self.texts.get(version), None);
            own::write(&transaction, namespace, version, &known).await.map_err(failed())?;
        }
        transaction.commit().await.map_err(failed())?;
        self.free(lock, opened).await
    }

    /// Takes the edited migrations as they are now, and clears a migration that is half done.
    pub(crate) async fn repair(&self, edits: &Edits) -> Result<Repairs, Error> {
        let failed = || Error::database("repairing the history");
        let (lock, opened) = self.lock().await?;
        let namespace = opened.namespace.as_str();
        let transaction = opened.begin_writing().await.map_err(failed())?;
        history::install(&transaction, namespace, self.migrator).await.map_err(failed())?;
        let mut history = history::read(&transaction, namespace, self.migrator).await.map_err(failed())?;
        let mut repairs = Repairs { cleared: history.half(), ..Repairs::default() };
        if let Some(half) = &repairs.cleared {
            let journal = own::journal(&transaction, namespace, &half.version).await.map_err(failed())?;
            repairs.statements = own::changes(self.place.dialect(), &journal);
            let cleared = match half.direction {
                Direction::Up => own::remove(&transaction, namespace, &half.version).await,
                Direction::Down => own::forget_journal(&transaction, namespace, &half.version).await,
            };
            cleared.map_err(failed())?;
            history = history::read(&transaction, namespace, self.migrator).await.map_err(failed())?;
        }
        for edit in &edits.edited {
            if let Some(known) = history.own.get(&edit.version) {
                let texts = self.texts.get(&edit.version);
                let known = Known {
                    origin: known.origin,
                    milliseconds: known.milliseconds,
                    ..Known::new(Origin::Applied, self.place.dialect(), texts, None)
                };
                own::write(&transaction, namespace, &edit.version, &known).await.map_err(failed())?;
            }
        }
        (repairs.adopted, repairs.forgotten) =
            self.adopt(&transaction, namespace, &mut history).await.map_err(failed())?;
        transaction.commit().await.map_err(failed())?;
        self.tidy(&opened).await?;
        self.free(lock, opened).await?;
        Ok(repairs)
    }
}
