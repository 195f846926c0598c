//! Foreign keys.

use std::collections::BTreeSet;

use super::place::{Place, quoted};
use super::{Mend, key};
use crate::ForeignKey;
use crate::mend::effect::{Also, Part};

pub(super) fn mend(place: &Place<'_>, name: &str) -> Option<Mend> {
    let (declared, actual) = place.tables()?;
    let is_it = |key: &&ForeignKey| key.name.as_deref() == Some(name);
    let (wanted, live) = (declared.foreign_keys.iter().find(is_it), actual.foreign_keys.iter().find(is_it));
    // In two statements: in one, the server takes the new one for a second one of the name.
    let drop = live.map(|_| place.alter(&[format!("DROP FOREIGN KEY {}", quoted(name))]));
    let add = wanted.map(|wanted| {
        let backing = key::backing(declared, actual, &wanted.columns).map(|(_, clause)| clause);
        place.alter(&backing.into_iter().chain([clause(place, wanted)]).collect::<Vec<_>>())
    });
    let backing = wanted.and_then(|wanted| key::backing(declared, actual, &wanted.columns));
    let there = wanted.and_then(|wanted| target(place, wanted));
    let also = backing.map(|(key, _)| Also::made(place.owner, key::part_of(key))).into_iter();
    let also: Vec<Also> = also.chain(there.iter().map(|(also, _)| also.clone())).collect();
    let mend = Mend::by(there.map(|(_, statement)| statement).into_iter().chain(drop).chain(add)).changing(also);
    Some(if wanted.is_some() { mend.with("fails where rows point nowhere") } else { mend })
}

/// The fix that gives a column its declared type without the foreign keys that hold it to its own, with
/// the columns that those tie it to; none where nothing ties it.
pub(super) fn untied(place: &Place<'_>, column: &str) -> Option<Mend> {
    let tables = &place.sides.actual.tables;
    let all: Vec<(&str, &ForeignKey)> = tables
        .iter()
        .flat_map(|(table, one)| one.foreign_keys.iter().map(move |key| (table.as_str(), key)))
        .filter(|(_, key)| tables.contains_key(&key.target))
        .collect();
    let mut columns = BTreeSet::from([(place.owner, column)]);
    let mut keys = BTreeSet::new();
    // What is tied to something tied is tied.
    loop {
        let before = (columns.len(), keys.len());
        for (at, (table, key)) in all.iter().enumerate() {
            let ends = || key.columns.iter().zip(&key.target_columns);
            let pairs = || ends().map(|(here, there)| ((*table, here.as_str()), (key.target.as_str(), there.as_str())));
            if pairs().any(|(here, there)| columns.contains(&here) || columns.contains(&there)) {
                keys.insert(at);
                columns.extend(pairs().flat_map(|(here, there)| [here, there]));
            }
        }
        if before == (columns.len(), keys.len()) {
            break;
        }
    }
    let tied: Vec<(Place<'_>, &ForeignKey)> =
        keys.into_iter().map(|at| (Place::of(place.sides, all[at].0), all[at].1)).collect();
    let name = |key: &ForeignKey| quoted(key.name.as_deref().unwrap_or_default());
    let drop = tied.iter().map(|(there, key)| there.alter(&[format!("DROP FOREIGN KEY {}", name(key))]));
    let modified = columns.iter().filter_map(|(table, column)| {
        let there = Place::of(place.sides, table);
        let (declared, actual) = there.tables()?;
        let wanted = declared.column(column)?;
        let is_other = actual.column(column)?.data_type != wanted.data_type;
        let also = Also::made(table, Part::Column((*column).to_owned()));
        is_other.then(|| (also, there.alter(&[format!("MODIFY COLUMN {}", there.definition(declared, wanted))])))
    });
    let (also, modify): (Vec<Also>, Vec<String>) = modified.unzip();
    let add = tied.iter().map(|(there, key)| there.alter(&[clause(there, key)]));
    (!tied.is_empty()).then(|| Mend::by(drop.chain(modify).chain(add)).changing(also))
}

/// The statement that adds the key which a foreign key points to, where it is declared and not there.
fn target(place: &Place<'_>, wanted: &ForeignKey) -> Option<(Also, String)> {
    let there = Place::of(place.sides, &wanted.target);
    let (declared, actual) = there.tables()?;
    let columns = &wanted.target_columns;
    if columns.iter().any(|column| actual.column(column).is_none()) {
        return None;
    }
    let (key, clause) = key::backing(declared, actual, columns)?;
    Some((Also::made(&wanted.target, key::part_of(key)), there.alter(&[clause])))
}

fn clause(place: &Place<'_>, key: &ForeignKey) -> String {
    let list = |columns: &[String]| columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ");
    let target = match key.target.split_once('.') {
        Some((database, table)) => format!("{}.{}", quoted(database), quoted(table)),
        None => place.qualified(&key.target),
    };
    let name = key.name.as_ref().map(|name| format!("CONSTRAINT {} ", quoted(name))).unwrap_or_default();
    format!(
        "ADD {name}FOREIGN KEY ({}) REFERENCES {target} ({}) ON DELETE {} ON UPDATE {}",
        list(&key.columns),
        list(&key.target_columns),
        key.on_delete.sql(),
        key.on_update.sql(),
    )
}
