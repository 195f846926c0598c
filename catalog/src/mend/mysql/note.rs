//! What is said of an object: comment, definer, grants, storage, position.

use std::collections::{BTreeMap, BTreeSet};

use super::place::{Place, default_collation, literal, quoted};
use super::{COPIES, Mend, column, key, stored};
use crate::mend::effect::{Also, Part};
use crate::{About, Catalog, Definition, Kind};

/// What is said of the object, wherever it stands.
fn about<'a>(catalog: &'a Catalog, owner: &str) -> Option<&'a About> {
    let table = catalog.tables.get(owner).map(|table| &table.about);
    let view = || catalog.views.get(owner).map(|view| &view.about);
    let sequence = || catalog.sequences.get(owner).map(|sequence| &sequence.about);
    let namespace = || catalog.namespaces.get(owner);
    table.or_else(view).or_else(sequence).or_else(|| one(catalog, owner).map(|one| &one.about)).or_else(namespace)
}

fn one<'a>(catalog: &'a Catalog, owner: &str) -> Option<&'a Definition> {
    catalog.routines.get(owner).or_else(|| catalog.others.get(owner))
}

/// The settings and statement that make what a part names: a trigger of a table, or the object itself.
fn statement<'a>(place: &Place<'a>, part: &str) -> Option<(&'a str, String)> {
    let catalog = place.sides.declared;
    if let Some(name) = part.strip_prefix("trigger ") {
        let trigger = place.declared?.triggers.get(name)?;
        return Some((&trigger.modifiers, stored::ordered(place, trigger, name)));
    }
    let view = catalog.views.get(place.owner).map(|view| ("", &view.sql.0));
    let found = view.or_else(|| one(catalog, place.owner).map(|one| (one.modifiers.as_str(), &one.sql.0)));
    found.filter(|(_, sql)| !sql.is_empty() && !sql.ends_with(' ')).map(|(settings, sql)| (settings, sql.clone()))
}

pub(super) fn owner(place: &Place<'_>, part: &str) -> Option<Mend> {
    let (settings, sql) = statement(place, part)?;
    let owner = about(place.sides.declared, place.owner)?.owners.get(part);
    let mend = Mend::by(stored::under(settings, &stored::owned(&sql, owner)));
    Some(match owner {
        Some(_) => mend.with("needs SET USER, unless it is run as the definer"),
        None => mend.with("to be run as the definer of the others: it becomes the runner's"),
    })
}

pub(super) fn comment(place: &Place<'_>, part: &str) -> Option<Mend> {
    let comment = about(place.sides.declared, place.owner)?.comments.get(part);
    let words = literal(comment.map_or("", String::as_str));
    if place.declared.is_some() && part.is_empty() {
        return Some(Mend::by([place.alter(&[format!("COMMENT={words}")])]));
    }
    if let Some(column) = part.strip_prefix("column ") {
        return column::modify(place, column, Kind::ColumnModifiers);
    }
    if place.sides.declared.sequences.contains_key(place.owner) {
        return Some(Mend::by([format!("ALTER TABLE {} COMMENT={words}", place.name())]));
    }
    match one(place.sides.declared, place.owner) {
        Some(definition) => Some(Mend::by(stored::made(definition))),
        None => rebuilt(place, part),
    }
}

/// The statement that makes an index or the primary key anew, with what is said of it.
fn rebuilt(place: &Place<'_>, part: &str) -> Option<Mend> {
    let name = part.strip_prefix("index ");
    let clauses = [key::remove(name), key::add(place.declared?, name)?];
    Some(Mend::by([place.alter(&clauses)]))
}

pub(super) fn storage(place: &Place<'_>, part: &str) -> Option<Mend> {
    let [declared, actual] = [place.sides.declared, place.sides.actual].map(|side| about(side, place.owner));
    let [declared, actual] = [declared?, actual?].map(|about| about.storage.get(part).map_or("", String::as_str));
    if place.owner.is_empty() {
        return collation(place).map(|(_, statement)| Mend::by([statement]).with("tables that are there keep theirs"));
    }
    if let Some((settings, sql)) = statement(place, part) {
        let statements = [format!("SET {declared}")].into_iter().chain(stored::under(settings, &sql));
        return Some(Mend::by(statements).with("the connection keeps the character set"));
    }
    if let Some(column) = part.strip_prefix("column ") {
        return column::modify(place, column, Kind::ColumnModifiers).map(|mend| mend.with(COPIES));
    }
    if !part.is_empty() {
        return rebuilt(place, part);
    }
    if [declared, actual].iter().any(|storage| storage.contains(" DIRECTORY=")) {
        return Some(Mend::by_hand("the files of a table are moved on the server"));
    }
    let options = |storage: &str| -> BTreeMap<String, String> {
        let pairs = storage.split(' ').filter_map(|option| option.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    let (declared, actual) = (options(declared), options(actual));
    let wanted = declared.iter().filter(|(name, value)| actual.get(*name) != Some(*value));
    let wanted = wanted.map(|(name, value)| format!("{name}={value}"));
    let gone = actual.keys().filter(|name| !declared.contains_key(*name));
    let gone = gone.map(|name| format!("{name}={}", unset(name)));
    Some(Mend::by([place.alter(&gone.chain(wanted).collect::<Vec<_>>())]).with(COPIES))
}

/// The statement that mends the collation of the database, where it is another one.
pub(super) fn collation(place: &Place<'_>) -> Option<(Also, String)> {
    let [declared, actual] = [place.sides.declared, place.sides.actual].map(default_collation);
    let collation = declared.filter(|_| declared != actual)?;
    let statement = format!("ALTER DATABASE {} COLLATE = {collation}", quoted(place.sides.home));
    Some((Also::made("", Part::DatabaseCollation), statement))
}

/// The value of an option that is as if it were not given.
fn unset(option: &str) -> &'static str {
    match option {
        "KEY_BLOCK_SIZE" | "CHECKSUM" | "DELAY_KEY_WRITE" | "AVG_ROW_LENGTH" | "MAX_ROWS" | "MIN_ROWS" => "0",
        _ => "DEFAULT",
    }
}

pub(super) fn position(place: &Place<'_>) -> Option<Mend> {
    if let Some(declared) = place.declared {
        let statement = place.alter(&[format!("AUTO_INCREMENT = {}", declared.position.unwrap_or(1))]);
        return Some(Mend::by([statement]).with("stays above the highest number that the table holds"));
    }
    let sequence = place.sides.declared.sequences.get(place.owner)?;
    let restart = sequence.position.map(|position| format!(" WITH {position}")).unwrap_or_default();
    let statement = format!("ALTER SEQUENCE {} RESTART{restart}", place.name());
    Some(Mend::by([statement]).with("going back gives numbers a second time"))
}

pub(super) fn grants(place: &Place<'_>, part: &str) -> Option<Mend> {
    let [declared, actual] = [place.sides.declared, place.sides.actual].map(|side| about(side, place.owner));
    let [declared, actual] = [declared?, actual?].map(|about| about.grants.get(part).map(|words| granted(words)));
    let [declared, actual] = [declared, actual].map(Option::unwrap_or_default);
    let column = part.strip_prefix("column ").map(|column| format!(" ({})", quoted(column))).unwrap_or_default();
    let target = match one(place.sides.declared, place.owner) {
        Some(definition) => stored::head(definition).map(|(kind, name)| format!("{kind} {name}"))?,
        None => place.name(),
    };
    let less = |one: &Granted, other: &Granted| -> Vec<(String, Vec<String>)> {
        let less = one.iter().map(|(grantee, held)| {
            let other = other.get(grantee).cloned().unwrap_or_default();
            (grantee.clone(), held.difference(&other).cloned().collect::<Vec<_>>())
        });
        less.filter(|(_, privileges)| !privileges.is_empty()).collect()
    };
    let list = |privileges: Vec<String>| {
        let is_option = |privilege: &String| privilege == "GRANT OPTION";
        let named = privileges.into_iter().map(|one| if is_option(&one) { one } else { format!("{one}{column}") });
        named.collect::<Vec<_>>().join(", ")
    };
    let revoked = less(&actual, &declared).into_iter();
    let revoked = revoked.map(|(grantee, held)| format!("REVOKE {} ON {target} FROM {grantee}", list(held)));
    let given = less(&declared, &actual).into_iter();
    let given = given.map(|(grantee, held)| format!("GRANT {} ON {target} TO {grantee}", list(held)));
    Some(Mend::by(revoked.chain(given)))
}

type Granted = BTreeMap<String, BTreeSet<String>>;

/// What each grantee may do, from the words of a catalog: `'a'@'%': INSERT, SELECT; 'b'@'%': SELECT`.
fn granted(words: &str) -> Granted {
    let one = |words: &str| {
        let (grantee, privileges) = words.rsplit_once(": ")?;
        Some((grantee.to_owned(), privileges.split(", ").map(str::to_owned).collect()))
    };
    words.split("; ").filter_map(one).collect()
}
