//! A row through every entity, into the database and back, in a transaction that is rolled back.
//!
//! What the structure cannot tell shows here: triggers that change values, conditions that refuse
//! them, values that do not decode. Nothing stays, also when the program is killed.

mod candidate;
mod order;
mod refusal;
mod search;

use std::collections::BTreeMap;
use std::time::Duration;

use catalog::{Catalog, Drift, Kind, Lasting, Promise, Row, Table, Trip};
use sea_orm::{DatabaseTransaction, DbErr};
use serde::Serialize;

use crate::connect::{Limits, Opened};
use crate::error::{Error, words};
use candidate::Draw;
use search::{End, Search};

/// How long an insert waits for a lock of somebody else's.
const LOCK: Duration = Duration::from_secs(5);

/// What a probe found.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Probe {
    /// Through how many tables a row went, well or not.
    pub(crate) probed: usize,
    /// Tables through which none could go.
    pub(crate) not_probed: Vec<NotProbed>,
    /// What went wrong.
    pub(crate) findings: Vec<Drift>,
}

/// A table that was not probed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NotProbed {
    pub(crate) table: String,
    /// Why, in words.
    pub(crate) reason: String,
}

/// Sends a row through every entity; `broken` are the promises that are known to be broken.
pub(crate) async fn probe(
    promises: &[Promise],
    broken: &[Drift],
    actual: &Catalog,
    opened: &Opened,
) -> Result<Probe, Error> {
    let failed = || Error::database("probing");
    let mut opened = opened.clone();
    opened.limit(Limits { lock: Some(LOCK), statement: None }).await.map_err(failed())?;
    let transaction = opened.begin_writing().await.map_err(failed())?;
    let lasting = catalog::lasting(&transaction).await.map_err(failed())?;
    let mut run =
        Run { actual, lasting, broken, namespace: &opened.namespace, made: BTreeMap::new(), draw: Draw::new() };
    let mut probe = Probe::default();
    let mut order = order::parents_first(promises).into_iter();
    while let Some(promise) = order.next() {
        if let Err(error) = run.one(promise, &transaction, &mut probe).await {
            // The server has ended the transaction, or is gone: whatever was in it is undone.
            let reason = format!("the probe was stopped: {}", words(&error));
            let left = std::iter::once(promise).chain(order);
            probe.not_probed.extend(left.map(|left| NotProbed { table: left.table.clone(), reason: reason.clone() }));
            break;
        }
    }
    // Where this fails the connection is closed, and nothing of it stays either.
    transaction.rollback().await.unwrap_or_else(|error| log_stop(&error));
    Ok(probe)
}

fn log_stop(error: &DbErr) {
    tracing::debug!("the transaction of the probe was gone before its end: {}", words(error));
}

/// One probe under way.
struct Run<'a> {
    actual: &'a Catalog,
    lasting: Lasting,
    broken: &'a [Drift],
    namespace: &'a str,
    /// The rows that came back by the names of their tables, for others to point to; why not where none did.
    made: BTreeMap<String, Result<Row, String>>,
    draw: Draw,
}

impl<'a> Run<'a> {
    async fn one(
        &mut self,
        promise: &'a Promise,
        transaction: &DatabaseTransaction,
        probe: &mut Probe,
    ) -> Result<(), DbErr> {
        let name = promise.name_in(self.actual, self.namespace);
        let outcome = match self.obstacle(promise, &name) {
            Some(reason) => Err(reason),
            None => self.sent(promise, &name, transaction).await?,
        };
        let row = match outcome {
            Ok((sent, trip)) => {
                probe.probed += 1;
                back(promise, &name, &sent, trip, &mut probe.findings)
            }
            Err(reason) => {
                probe.not_probed.push(NotProbed { table: name.clone(), reason: reason.clone() });
                Err(reason)
            }
        };
        self.made.entry(name).or_insert(row);
        Ok(())
    }

    /// Why no row can be sent to a table, as far as that is known before it is tried.
    fn obstacle(&self, promise: &Promise, name: &str) -> Option<String> {
        if self.actual.views.contains_key(name) {
            return Some("it is a view".to_owned());
        }
        let is_of_it = |drift: &&Drift| {
            let field = drift.field.as_deref().unwrap_or_default();
            field == promise.entity || field.strip_prefix(&promise.entity).is_some_and(|rest| rest.starts_with("::"))
        };
        let stops = |kind| {
            use Kind::{PromisedColumn, PromisedIdentity, PromisedTable, PromisedType, UnpromisedColumn};
            matches!(kind, PromisedColumn | PromisedIdentity | PromisedTable | PromisedType | UnpromisedColumn)
        };
        if let Some(drift) = self.broken.iter().filter(is_of_it).find(|drift| stops(drift.kind)) {
            return Some(format!("{} of {} comes first", drift.kind, drift.object));
        }
        if !self.actual.tables.contains_key(name) {
            return Some("it is not there".to_owned());
        }
        self.lasting.why(&promise.table)
    }

    /// A row on its way until it is taken, or why none could be made that is.
    async fn sent(
        &mut self,
        promise: &Promise,
        name: &str,
        transaction: &DatabaseTransaction,
    ) -> Result<Result<(Row, Trip), String>, DbErr> {
        let table: &Table = &self.actual.tables[name];
        let search = match Search::of(promise, name, table, self.actual, self.namespace, &self.made, &mut self.draw) {
            Ok(search) => search,
            Err(reason) => return Ok(Err(reason)),
        };
        match search.run(promise, transaction, &mut self.draw).await? {
            End::Trip(row, trip) => Ok(Ok((row, trip))),
            End::Nowhere(reason) => Ok(Err(reason)),
        }
    }
}

/// Compares what came back with what was sent; the row, if others can point to it.
fn back(promise: &Promise, name: &str, sent: &Row, trip: Trip, found: &mut Vec<Drift>) -> Result<Row, String> {
    let mut lost = |kind, said: Option<String>, consequence: &str| {
        let (object, field) = candidate::named_by(promise, name, said.as_deref().unwrap_or_default());
        found.push(catalog::broken(kind, object, field, (Some("a row".to_owned()), said), consequence));
    };
    match trip {
        Trip::Back(row) => {
            found.extend(changed(promise, name, sent, &row));
            return Ok(row);
        }
        Trip::Refused(error) => {
            lost(Kind::ProbeRefused, Some(words(&error)), "an insert through the entity fails");
            return Err(format!("no row of {name} could be made"));
        }
        Trip::Unreadable(error) => {
            let consequence = "a row that the program has inserted cannot be read";
            lost(Kind::ProbeUnreadable, Some(words(&error)), consequence);
        }
        Trip::Gone => {
            let consequence = "a row that the program has inserted is not found by the key it was given";
            lost(Kind::ProbeUnreadable, None, consequence);
        }
    }
    Err(format!("no row of {name} could be read"))
}

/// The values that came back other than they were sent.
fn changed(promise: &Promise, name: &str, sent: &Row, row: &Row) -> Vec<Drift> {
    let changed = sent.iter().filter_map(|(column, value)| {
        let (_, back) = row.iter().find(|(other, _)| other == column)?;
        (back != value).then(|| {
            catalog::broken(
                Kind::ProbeDiffers,
                format!("{name}.{column}"),
                promise.field_name(column),
                (Some(candidate::shown(value)), Some(candidate::shown(back))),
                "what the program writes is not what it reads: the database changes it on the way",
            )
        })
    });
    changed.collect()
}
