//! Keys that an entity promises: primary, unique, foreign.

use super::Reference;
use super::compare::{Compared, broken};
use crate::{Action, Dialect, Drift, ForeignKey, Kind};

/// Compares every key whose columns are there; a missing column is a finding of its own.
pub(super) fn compare(compared: Compared<'_>, found: &mut Vec<Drift>) {
    let is_there = |columns: &[String]| columns.iter().all(|column| compared.column(column).is_some());
    let promise = compared.promise;
    if is_there(&promise.primary_key) {
        primary_key(compared, found);
    }
    for columns in promise.uniques.iter().filter(|columns| is_there(columns)) {
        unique(compared, columns, found);
    }
    for reference in promise.references.iter().filter(|reference| is_there(&reference.columns)) {
        foreign_key(compared, reference, found);
    }
}

/// Columns as a key lists them: `(a, b)`.
fn listed(columns: &[String]) -> String {
    format!("({})", columns.join(", "))
}

impl Compared<'_> {
    /// A key's place: its column, or the table and all of them.
    fn object(self, columns: &[String]) -> String {
        match columns {
            [column] => format!("{}.{column}", self.name),
            _ => format!("{} {}", self.name, listed(columns)),
        }
    }

    /// The fields over a key's columns, as the program knows them.
    fn fields(self, columns: &[String]) -> String {
        columns.iter().map(|column| self.promise.field_name(column)).collect::<Vec<_>>().join(", ")
    }

    /// Whether the database lets no two rows have the same values in these columns.
    fn is_unique(self, columns: &[String]) -> bool {
        let keys = self.table.primary_key.iter().chain(&self.table.uniques);
        let keys = keys.map(|key| (&key.columns, &key.modifiers));
        let indexes = self.table.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
        let mut all = keys.chain(indexes.map(|index| (&index.keys, &index.modifiers)));
        all.any(|(keys, modifiers)| {
            let names: Vec<String> = keys.iter().map(|key| column_of(self.dialect(), key)).collect();
            !modifiers.contains("INVALID") && self.is_same_set(&names, columns)
        })
    }
}

/// The column of an index's key, without its direction, collation or length; an expression stays what it is.
fn column_of(dialect: Dialect, key: &str) -> String {
    let quote = if dialect == Dialect::MariaDb { '`' } else { '"' };
    if let Some(rest) = key.strip_prefix(quote) {
        // A quote in a name is written twice.
        let doubled = format!("{quote}{quote}");
        let end = rest.replace(&doubled, "\0\0").find(quote).unwrap_or(rest.len());
        return rest[..end].replace(&doubled, &quote.to_string());
    }
    let name = key.split(' ').next().unwrap_or(key);
    // A unique over the first letters keeps the whole unique, too.
    match name.split_once('(') {
        Some((name, length)) if length.trim_end_matches(')').parse::<u32>().is_ok() => name.to_owned(),
        _ => name.to_owned(),
    }
}

fn primary_key(compared: Compared<'_>, found: &mut Vec<Drift>) {
    let promised = &compared.promise.primary_key;
    let actual = compared.table.primary_key.as_ref().map(|key| key.columns.as_slice());
    let is_kept = actual.is_some_and(|actual| compared.is_same_set(actual, promised));
    if !is_kept && !compared.is_unique(promised) {
        found.push(broken(
            Kind::PromisedKey,
            format!("{}.primary key", compared.name),
            compared.fields(promised),
            (Some(listed(promised)), actual.map(listed)),
            "several rows can have one key: finding, updating or deleting a row by it meets others too",
        ));
    }
}

fn unique(compared: Compared<'_>, columns: &[String], found: &mut Vec<Drift>) {
    if !compared.is_unique(columns) {
        let values = if columns.len() == 1 { "one value" } else { "the same values" };
        found.push(broken(
            Kind::PromisedUnique,
            compared.object(columns),
            compared.fields(columns),
            (Some(format!("unique {}", listed(columns))), None),
            &format!("an insert of a duplicate is not refused: several rows can have {values}"),
        ));
    }
}

fn foreign_key(compared: Compared<'_>, reference: &Reference, found: &mut Vec<Drift>) {
    let in_catalog = compared.place.name(reference.namespace.as_deref(), &reference.target);
    let target = target_as_written(compared, reference);
    let keys: Vec<&ForeignKey> =
        compared.table.foreign_keys.iter().filter(|key| is_of(compared, reference, &target, key)).collect();
    let kept = |key: &&&ForeignKey| actions(compared.dialect(), reference, key).is_empty();
    if keys.iter().find(kept).is_some() || (keys.is_empty() && compared.is_missing_too(&in_catalog)) {
        return;
    }
    let promised = format!("{} references {target} {}", listed(&reference.columns), listed(&reference.target_columns));
    let (sides, consequence) = match keys.first() {
        None => {
            let consequence =
                format!("a row is taken that points to no row of {target}: finding its parent gives None");
            ((Some(promised), None), consequence)
        }
        Some(key) => {
            let broken = actions(compared.dialect(), reference, key);
            let side = |side: fn(&Broken) -> Action| {
                let actions = broken.iter().map(|action| format!("{} {}", action.event.sql(), side(action).sql()));
                Some(actions.collect::<Vec<_>>().join(" "))
            };
            let consequences: Vec<String> =
                broken.iter().map(|action| action.consequence(compared.name, &target)).collect();
            ((side(|action| action.promised), side(|action| action.actual)), consequences.join("; "))
        }
    };
    let (object, fields) = (compared.object(&reference.columns), compared.fields(&reference.columns));
    found.push(broken(Kind::PromisedForeignKey, object, fields, sides, &consequence));
}

/// A target's name as a foreign key of the table has it: bare within one namespace.
fn target_as_written(compared: Compared<'_>, reference: &Reference) -> String {
    let own = compared.place.namespace;
    let here = compared.promise.namespace.as_deref().unwrap_or(own);
    let there = reference.namespace.as_deref().unwrap_or(own);
    if here == there { reference.target.clone() } else { format!("{there}.{}", reference.target) }
}

fn is_of(compared: Compared<'_>, reference: &Reference, target: &str, key: &ForeignKey) -> bool {
    let dialect = compared.dialect();
    let promised: Vec<_> = reference.columns.iter().zip(&reference.target_columns).collect();
    let is_pair = |column: &String, of: &String| {
        promised.iter().any(|(one, other)| dialect.is_same_column(one, column) && dialect.is_same_column(other, of))
    };
    dialect.is_same_name(&key.target, target)
        && key.columns.len() == promised.len()
        && key.columns.iter().zip(&key.target_columns).all(|(column, of)| is_pair(column, of))
}

#[derive(Clone, Copy)]
enum Event {
    Delete,
    Update,
}

impl Event {
    fn sql(self) -> &'static str {
        match self {
            Self::Delete => "ON DELETE",
            Self::Update => "ON UPDATE",
        }
    }
}

/// An action that is another than promised.
struct Broken {
    event: Event,
    promised: Action,
    actual: Action,
}

impl Broken {
    fn consequence(&self, table: &str, target: &str) -> String {
        let doing = match self.event {
            Event::Delete => "deleting a row",
            Event::Update => "changing the key of a row",
        };
        let does = match (self.actual, self.event) {
            (Action::NoAction | Action::Restrict, _) => format!("is refused while rows of {table} point to it"),
            (Action::Cascade, Event::Delete) => format!("deletes the rows of {table} that point to it"),
            (Action::Cascade, Event::Update) => format!("changes the rows of {table} that point to it"),
            (Action::SetNull, _) => format!("takes their parent from the rows of {table} that point to it"),
            (Action::SetDefault, _) => format!("gives the rows of {table} that point to it another parent"),
        };
        format!("{doing} of {target} {does}")
    }
}

/// The actions that are others than promised; an entity that names none promises nothing about it.
fn actions(dialect: Dialect, reference: &Reference, key: &ForeignKey) -> Vec<Broken> {
    let events =
        [(Event::Delete, reference.on_delete, key.on_delete), (Event::Update, reference.on_update, key.on_update)];
    let broken = events.into_iter().filter_map(|(event, promised, actual)| {
        let (promised, actual) = (dialect.action(promised?), dialect.action(actual));
        (promised != actual).then_some(Broken { event, promised, actual })
    });
    broken.collect()
}

#[cfg(test)]
mod tests {
    use super::column_of;
    use crate::Dialect;

    #[test]
    fn a_key_of_an_index_is_a_column_whatever_stands_behind_it() {
        for (dialect, key, column) in [
            (Dialect::Postgres, "code", "code"),
            (Dialect::Postgres, "code COLLATE \"C\" DESC NULLS LAST", "code"),
            (Dialect::Postgres, "\"a \"\"b\"\"\" DESC", "a \"b\""),
            (Dialect::Postgres, "lower(code)", "lower(code)"),
            (Dialect::Sqlite, "code DESC", "code"),
            (Dialect::MariaDb, "name(10)", "name"),
        ] {
            assert_eq!(column_of(dialect, key), column, "{key}");
        }
    }
}
