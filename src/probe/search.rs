//! A row that a table takes, tried out: when a condition refuses it, what it is about is changed.

use std::collections::BTreeMap;

use catalog::{Catalog, Family, Promise, Row, Table, Trip, allowed_values, domain_checks, mentions, value_of_text};
use sea_orm::{DatabaseTransaction, DbErr, TransactionTrait, Value};

use super::candidate::{Draw, Target, shown};
use super::refusal::{self, Refusal};
use crate::error::words;

/// How many rows are tried before a table is given up.
const TRIES: usize = 300;

/// How many rows may meet one like them.
const DUPLICATES: usize = 5;

/// How a search ended.
pub(super) enum End {
    /// A row was taken, or refused for what the program would suffer too.
    Trip(Row, Trip),
    /// Nothing could be tried that says anything, and why.
    Nowhere(String),
}

/// A row to be, and what else each of its values can be.
pub(super) struct Search<'a> {
    slots: Vec<Slot<'a>>,
    /// Columns that take the value of another of the same row, which points to itself.
    copies: Vec<(String, String)>,
    table: &'a Table,
    catalog: &'a Catalog,
    /// How far each set of slots has been turned.
    turns: BTreeMap<Vec<usize>, usize>,
}

struct Slot<'a> {
    target: Target<'a>,
    values: Vec<Value>,
    at: usize,
    /// Whether it points to a parent, and may only stop pointing.
    is_parents: bool,
}

/// Rows that were made, by the names of their tables; why not where none was.
type Made = BTreeMap<String, Result<Row, String>>;

impl<'a> Search<'a> {
    /// A search for a row of `table`, whose parents are among those `made`; why none can be made.
    pub(super) fn of(
        promise: &'a Promise,
        name: &str,
        table: &'a Table,
        catalog: &'a Catalog,
        namespace: &str,
        made: &Made,
        draw: &mut Draw,
    ) -> Result<Self, String> {
        let mut search = Self { slots: Vec::new(), copies: Vec::new(), table, catalog, turns: BTreeMap::new() };
        let parents = search.parents(promise, name, namespace, made)?;
        for field in promise.fields().iter().filter(|field| !field.is_numbered()) {
            let is_same = |column: &&catalog::Column| catalog.dialect.is_same_column(&column.name, &field.column);
            let Some(column) = table.columns.iter().find(is_same) else { continue };
            if column.generated.is_some() || column.identity.as_deref().is_some_and(|how| how.contains("ALWAYS")) {
                continue;
            }
            let target = Target { promise, field, column, table, catalog };
            let mut slot = Slot { target, values: Vec::new(), at: 0, is_parents: false };
            match parents.iter().find(|(column, _)| *column == field.column) {
                Some((_, Some(value))) => {
                    let value = slot.fitting(value)?;
                    let null = value.as_null();
                    slot.values.push(value);
                    if field.nullable && column.nullable {
                        slot.values.push(null);
                    }
                    slot.is_parents = true;
                }
                Some((_, None)) => {
                    let null = target.values(draw).map_or_else(|_| Value::String(None), |values| values[0].as_null());
                    slot.values.push(null);
                    slot.is_parents = true;
                }
                None => slot.values = target.values(draw)?,
            }
            search.slots.push(slot);
        }
        Ok(search)
    }

    /// The values of columns that point to parents: none where they point nowhere.
    fn parents(
        &mut self,
        promise: &Promise,
        name: &str,
        namespace: &str,
        made: &Made,
    ) -> Result<Vec<(String, Option<Value>)>, String> {
        let mut values = Vec::new();
        for link in links(promise, name, self.table, self.catalog, namespace) {
            let fields: Vec<_> = promise
                .fields()
                .iter()
                .filter(|field| link.pairs.iter().any(|(column, _)| *column == field.column))
                .collect();
            let can_be_null = fields.iter().any(|field| field.nullable);
            if link.target == name && !can_be_null {
                let is_numbered =
                    |column: &str| promise.fields().iter().any(|field| field.is_numbered() && field.column == column);
                if link.pairs.iter().any(|(_, of)| is_numbered(of)) {
                    return Err("each of its rows needs another one before it".to_owned());
                }
                self.copies.extend(link.pairs);
                continue;
            }
            match made.get(&link.target).filter(|_| link.target != name) {
                Some(Ok(row)) => {
                    for (column, of) in link.pairs {
                        let value = row.iter().find(|(other, _)| self.catalog.dialect.is_same_column(other, &of));
                        values.push((column, value.map(|(_, value)| value.clone())));
                    }
                }
                _ if can_be_null => {
                    let nullable = fields.iter().filter(|field| field.nullable);
                    values.extend(nullable.map(|field| (field.column.clone(), None)));
                }
                Some(Err(reason)) => {
                    return Err(format!("it needs a row of {}, and there is none: {reason}", link.target));
                }
                None => return Err(format!("it needs a row of {}, which no entity can make before it", link.target)),
            }
        }
        Ok(values)
    }

    /// Tries rows until one is taken, each in a savepoint of its own.
    pub(super) async fn run(
        mut self,
        promise: &Promise,
        transaction: &DatabaseTransaction,
        draw: &mut Draw,
    ) -> Result<End, DbErr> {
        let mut duplicates = 0;
        for _ in 0..TRIES {
            let row = self.row();
            let savepoint = transaction.begin().await?;
            let error = match promise.round_trip(&savepoint, row.clone()).await {
                trip @ Trip::Back(_) => {
                    savepoint.commit().await?;
                    return Ok(End::Trip(row, trip));
                }
                Trip::Refused(error) => error,
                trip => {
                    savepoint.rollback().await?;
                    return Ok(End::Trip(row, trip));
                }
            };
            // Fails where the server has ended the transaction: nothing more is inserted then.
            savepoint.rollback().await?;
            let said = words(&error);
            match refusal::of(&error) {
                Refusal::Condition if self.turn(&said) => {}
                Refusal::Condition => return Ok(End::Nowhere(format!("no row that was tried satisfies it: {said}"))),
                Refusal::Duplicate if duplicates < DUPLICATES => {
                    duplicates += 1;
                    self.draw_again(draw);
                }
                Refusal::Duplicate => return Ok(End::Nowhere(format!("rows like those tried are there: {said}"))),
                Refusal::Forbidden => return Ok(End::Nowhere(format!("nothing may be inserted: {said}"))),
                Refusal::Locked => return Ok(End::Nowhere(format!("somebody else is at work in it: {said}"))),
                Refusal::Value if self.strange().is_some() => {
                    let strange = self.strange().unwrap_or_default();
                    return Ok(End::Nowhere(format!("no value of the type {strange} is known: {said}")));
                }
                Refusal::Value | Refusal::Other => return Ok(End::Trip(row, Trip::Refused(error))),
            }
        }
        Ok(End::Nowhere(format!("none of {TRIES} rows that were tried satisfies its conditions")))
    }

    /// A type among the columns' of which nobody here knows the values.
    fn strange(&self) -> Option<&str> {
        let is_strange = |slot: &&Slot| {
            let family = Family::of_column(self.catalog.dialect, &slot.target.column.data_type);
            let listed = allowed_values(self.catalog, self.table, slot.target.column);
            matches!(family, Family::Other(_)) && listed.is_none() && !slot.is_parents
        };
        self.slots.iter().find(is_strange).map(|slot| slot.target.column.data_type.as_str())
    }

    fn row(&self) -> Row {
        let mut row: Row =
            self.slots.iter().map(|slot| (slot.target.field.column.clone(), slot.values[slot.at].clone())).collect();
        for (column, of) in &self.copies {
            let value = row.iter().find(|(other, _)| other == of).map(|(_, value)| value.clone());
            if let (Some(value), Some(at)) = (value, row.iter().position(|(other, _)| other == column)) {
                row[at].1 = value;
            }
        }
        row
    }

    /// Changes what a refused condition is about, and then what any is; whether anything is left to change.
    fn turn(&mut self, said: &str) -> bool {
        let sets = [self.refused(said), self.refused("")];
        sets.iter().any(|slots| self.turn_all(slots))
    }

    fn turn_all(&mut self, slots: &[usize]) -> bool {
        let turn = self.turns.entry(slots.to_vec()).or_default();
        *turn += 1;
        let mut left = *turn;
        for at in slots {
            let slot = &mut self.slots[*at];
            slot.at = left % slot.values.len();
            left /= slot.values.len();
        }
        !slots.is_empty() && left == 0
    }

    /// The slots that a refused condition is about: of the CHECK that the server names, or of all of them.
    fn refused(&self, said: &str) -> Vec<usize> {
        let squeezed = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
        let is_named =
            |name: &str| said.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == name);
        let named: Vec<_> = self
            .table
            .checks
            .iter()
            .filter(|check| match &check.name {
                Some(name) => {
                    is_named(name) || said.contains(&format!("\"{name}\"")) || said.contains(&format!("`{name}`"))
                }
                None => squeezed(said).contains(&squeezed(&check.expression)),
            })
            .collect();
        let is_unnamed = named.is_empty();
        let checks = if is_unnamed { self.table.checks.iter().collect() } else { named };
        let is_about = |slot: &Slot| {
            let column = &slot.target.column.name;
            let has_domain = !domain_checks(self.catalog, slot.target.column).is_empty();
            (is_unnamed && has_domain)
                || checks.iter().any(|check| mentions(self.catalog.dialect, &check.expression, column))
        };
        let about: Vec<usize> = self
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.values.len() > 1 && is_about(slot))
            .map(|(at, _)| at)
            .collect();
        if !about.is_empty() {
            return about;
        }
        // A trigger's condition stands nowhere: whatever is not somebody else's row is tried.
        let free = |slot: &Slot| slot.values.len() > 1 && !slot.is_parents;
        self.slots.iter().enumerate().filter(|(_, slot)| free(slot)).map(|(at, _)| at).collect()
    }

    /// Draws other values in the place of those that met one like them.
    fn draw_again(&mut self, draw: &mut Draw) {
        for slot in self.slots.iter_mut().filter(|slot| !slot.is_parents) {
            if let Ok(values) = slot.target.values(draw)
                && values.len() == slot.values.len()
            {
                slot.values = values;
            }
            // An enum has nothing to draw from, and other words.
            if slot.target.promise.is_unique(&slot.target.field.column) && slot.values.len() < 8 {
                slot.at = (slot.at + 1) % slot.values.len();
            }
        }
    }
}

impl Slot<'_> {
    /// A parent's value as the field binds it.
    fn fitting(&self, value: &Value) -> Result<Value, String> {
        let field = self.target.field;
        let takes = |value: &Value| self.target.promise.takes(&field.column, value.clone());
        if takes(value) {
            return Ok(value.clone());
        }
        let shown = shown(value);
        let other = value_of_text(&field.kind, shown.trim_matches('\'')).filter(takes);
        other.ok_or_else(|| {
            format!("{} does not take the key {shown} of its parent", self.target.promise.field_name(&field.column))
        })
    }
}

/// Columns that point to a row of another table.
struct Link {
    /// Each column and the one it points to.
    pairs: Vec<(String, String)>,
    /// The target's name in the catalog.
    target: String,
}

/// What the entity and the database say of parents.
fn links(promise: &Promise, name: &str, table: &Table, catalog: &Catalog, namespace: &str) -> Vec<Link> {
    let promised = promise.references().iter().map(|reference| Link {
        pairs: reference.columns.iter().cloned().zip(reference.target_columns.iter().cloned()).collect(),
        target: reference.target_in(catalog, namespace),
    });
    // A table of another namespace writes the names there bare, and those of this one in full.
    let home = name.strip_suffix(&format!(".{}", promise.table));
    let target = |written: &str| match (written.strip_prefix(&format!("{namespace}.")), home) {
        (Some(bare), _) => bare.to_owned(),
        (None, Some(home)) if !written.contains('.') => format!("{home}.{written}"),
        (None, _) => written.to_owned(),
    };
    let there = table.foreign_keys.iter().map(|key| Link {
        pairs: key.columns.iter().cloned().zip(key.target_columns.iter().cloned()).collect(),
        target: target(&key.target),
    });
    let mut links: Vec<Link> = Vec::new();
    for link in there.chain(promised) {
        if !links.iter().any(|known| known.pairs == link.pairs && known.target == link.target) {
            links.push(link);
        }
    }
    links
}
