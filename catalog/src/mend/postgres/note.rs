//! Comments, owners, grants and storage.

use std::collections::BTreeSet;

use super::{gone, literal, name, namespace, quote, split};
use crate::mend::{Mend, Sides};
use crate::{About, Catalog, Form};

/// What is said of an object of this key, and the words for it in ALTER, COMMENT and GRANT: `TABLE a.b`.
fn object<'a>(sides: Sides<'a>, catalog: &'a Catalog, key: &str) -> Option<(&'a About, String)> {
    let words = |kind: &str| format!("{kind} {}", name(sides, key));
    if key.is_empty() {
        return Some((catalog.namespaces.get("")?, format!("SCHEMA {}", quote(sides.home))));
    }
    if let Some(table) = catalog.tables.get(key) {
        return Some((&table.about, words(super::table::kind(table))));
    }
    if let Some(view) = catalog.views.get(key) {
        return Some((&view.about, words(if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" })));
    }
    if let Some(sequence) = catalog.sequences.get(key) {
        return Some((&sequence.about, words("SEQUENCE")));
    }
    if let Some(one) = catalog.types.get(key) {
        return Some((&one.about, words(if matches!(one.form, Form::Domain { .. }) { "DOMAIN" } else { "TYPE" })));
    }
    if let Some(routine) = catalog.routines.get(key) {
        let (namespace, signature) = split(sides, key);
        let (name, arguments) = signature.split_once('(').unwrap_or((signature, ")"));
        return Some((&routine.about, format!("ROUTINE {}.{}({arguments}", quote(namespace), quote(name))));
    }
    if let Some(extension) = catalog.extensions.get(key) {
        return Some((&extension.about, format!("EXTENSION {}", quote(split(sides, key).1))));
    }
    if let Some(other) = catalog.others.get(key) {
        let (kind, named) = split(sides, key).1.split_once(' ')?;
        let qualified = format!("{}.{}", quote(namespace(sides, key)), quote(named));
        return Some((&other.about, format!("{} {qualified}", kind.to_uppercase())));
    }
    Some((catalog.namespaces.get(key)?, format!("SCHEMA {}", quote(key))))
}

/// A part of an object in the words of COMMENT ON: `COLUMN a.b.c`.
fn part_of(sides: Sides<'_>, key: &str, words: &str, part: &str) -> String {
    let qualified =
        words.split_once(' ').map_or(words, |(_, name)| name.trim_start_matches("VIEW ").trim_start_matches("TABLE "));
    match part.split_once(' ') {
        Some(("column" | "attribute", column)) => format!("COLUMN {qualified}.{}", quote(column)),
        Some(("index", index)) => format!("INDEX {}.{}", quote(namespace(sides, key)), quote(index)),
        Some((kind, named)) => {
            let domain = if words.starts_with("DOMAIN") { "DOMAIN " } else { "" };
            format!("{} {} ON {domain}{qualified}", kind.to_uppercase(), quote(named))
        }
        None => words.to_owned(),
    }
}

/// The statements that say everything of a new object that is declared: comments, storage, grants.
pub(super) fn all_of(sides: Sides<'_>, key: &str, about: &About) -> Vec<String> {
    let Some((_, words)) = object(sides, sides.declared, key) else { return Vec::new() };
    let comments = about.comments.iter();
    let comments = comments.map(|(part, text)| said(&part_of(sides, key, &words, part), Some(text)));
    let grants = about.grants.iter().flat_map(|(part, grants)| changed(&words, part, "", grants));
    let storage = about
        .storage
        .iter()
        .flat_map(|(part, storage)| stored(sides, key, &words, part, "", storage).unwrap_or_default());
    comments.chain(grants).chain(storage).collect()
}

fn said(object: &str, text: Option<&String>) -> String {
    format!("COMMENT ON {object} IS {}", text.map_or_else(|| "NULL".to_owned(), |text| literal(text)))
}

pub(super) fn comment(sides: Sides<'_>, key: &str, part: &str) -> Mend {
    let Some((about, words)) = object(sides, sides.declared, key) else { return gone() };
    Mend::by([said(&part_of(sides, key, &words, part), about.comments.get(part))])
}

pub(super) fn owner(sides: Sides<'_>, key: &str) -> Mend {
    if key.is_empty() && sides.declared.owner != sides.actual.owner {
        return Mend::by_hand("whose the objects are is the deployment's to say: REASSIGN OWNED");
    }
    let Some((about, words)) = object(sides, sides.declared, key) else { return gone() };
    // Without a word of its own it belongs to whom most live objects belong.
    match about.owners.get("").or(sides.actual.owner.as_ref()) {
        Some(owner) => Mend::by([format!("ALTER {words} OWNER TO {}", quote(owner))]),
        None => gone(),
    }
}

pub(super) fn grants(sides: Sides<'_>, key: &str, part: &str) -> Mend {
    let (Some((declared, words)), Some((actual, _))) =
        (object(sides, sides.declared, key), object(sides, sides.actual, key))
    else {
        return gone();
    };
    if part.starts_with("default ") {
        return Mend::by_hand("default privileges are the deployment's to say: ALTER DEFAULT PRIVILEGES");
    }
    let [wanted, live] = [declared, actual].map(|about| about.grants.get(part).map_or("", String::as_str));
    Mend::by(changed(&words, part, live, wanted))
}

/// A privilege that somebody has beyond the default, or lacks of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Privilege<'a> {
    grantee: &'a str,
    is_lacking: bool,
    name: &'a str,
}

fn privileges(grants: &str) -> BTreeSet<Privilege<'_>> {
    grants
        .split("; ")
        .filter_map(|piece| piece.rsplit_once(": "))
        .flat_map(|(grantee, names)| {
            let (is_lacking, names) = names.strip_prefix("not ").map_or((false, names), |names| (true, names));
            names.split(", ").map(move |name| Privilege { grantee, is_lacking, name })
        })
        .collect()
}

/// The statements that make grants, in the words of the catalog, those that are wanted.
fn changed(words: &str, part: &str, live: &str, wanted: &str) -> Vec<String> {
    // Views and foreign tables are granted as tables are.
    let words = words.replacen("FOREIGN TABLE ", "TABLE ", 1);
    let words = words.replacen("MATERIALIZED VIEW ", "TABLE ", 1).replacen("VIEW ", "TABLE ", 1);
    let column = part.strip_prefix("column ").map(|column| format!(" ({})", quote(column))).unwrap_or_default();
    let (live, wanted) = (privileges(live), privileges(wanted));
    let statement = |privilege: &Privilege<'_>, is_given: bool| {
        let Privilege { grantee, name, .. } = privilege;
        let (plain, option) = match name.strip_suffix(" WITH GRANT OPTION") {
            Some(plain) => (plain, " WITH GRANT OPTION"),
            None => (*name, ""),
        };
        if is_given {
            format!("GRANT {plain}{column} ON {words} TO {grantee}{option}")
        } else {
            format!("REVOKE {plain}{column} ON {words} FROM {grantee}")
        }
    };
    let undone = live.difference(&wanted).map(|privilege| statement(privilege, privilege.is_lacking));
    let done = wanted.difference(&live).map(|privilege| statement(privilege, !privilege.is_lacking));
    undone.chain(done).collect()
}

pub(super) fn storage(sides: Sides<'_>, key: &str, part: &str) -> Mend {
    let (Some((declared, words)), Some((actual, _))) =
        (object(sides, sides.declared, key), object(sides, sides.actual, key))
    else {
        return gone();
    };
    let [wanted, live] = [declared, actual].map(|about| about.storage.get(part).map_or("", String::as_str));
    match stored(sides, key, &words, part, live, wanted) {
        Some(statements) => Mend::by(statements).with("for rows that are written from then on"),
        None => Mend::by_hand("the server does not tell what its default is here"),
    }
}

/// The statements that make storage, in the words of the catalog, what is wanted; none where nobody knows.
fn stored(sides: Sides<'_>, key: &str, words: &str, part: &str, live: &str, wanted: &str) -> Option<Vec<String>> {
    let pieces =
        |words: &str| words.split(", ").filter(|word| !word.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>();
    let (live, wanted) = (pieces(live), pieces(wanted));
    let subject = match part.split_once(' ') {
        Some(("column", column)) => format!("{words} ALTER COLUMN {}", quote(column)),
        Some(_) => part_of(sides, key, words, part),
        None => words.to_owned(),
    };
    let mut statements = Vec::new();
    for piece in live.difference(&wanted) {
        let name = piece.split_once('=').map(|(name, _)| name);
        let word = piece.split(' ').next().unwrap_or_default();
        if wanted.iter().any(|other| {
            name.is_some_and(|name| other.starts_with(&format!("{name}=")))
                || name.is_none() && other.starts_with(&format!("{word} "))
        }) {
            continue;
        }
        statements.push(match (name, word) {
            (Some(name), _) => format!("ALTER {subject} RESET ({name})"),
            (None, "STATISTICS") if piece.contains(" FOR COLUMN ") => {
                format!(
                    "ALTER {subject} ALTER COLUMN {} SET STATISTICS -1",
                    piece.rsplit(' ').next().unwrap_or_default()
                )
            }
            (None, "STATISTICS") => format!("ALTER {subject} SET STATISTICS -1"),
            (None, "COMPRESSION") => format!("ALTER {subject} SET COMPRESSION DEFAULT"),
            (None, "TABLESPACE") => format!("ALTER {subject} SET TABLESPACE pg_default"),
            (None, "USING") => format!("ALTER {subject} SET ACCESS METHOD heap"),
            (None, "CLUSTER") => format!("ALTER {words} SET WITHOUT CLUSTER"),
            // The default is the type's own, which a catalog does not hold.
            _ => return None,
        });
    }
    for piece in wanted.difference(&live) {
        statements.push(match piece.as_str() {
            option if option.contains('=') => format!("ALTER {subject} SET ({option})"),
            "CLUSTER" => format!("ALTER {words} CLUSTER ON {}", quote(part.trim_start_matches("index "))),
            target if target.contains(" FOR COLUMN ") => {
                let (target, column) = target.split_once(" FOR COLUMN ").unwrap_or_default();
                format!("ALTER {subject} ALTER COLUMN {column} SET {target}")
            }
            method if method.starts_with("USING ") => format!("ALTER {subject} SET ACCESS METHOD {}", &method[6..]),
            other => format!("ALTER {subject} SET {other}"),
        });
    }
    Some(statements)
}
