//! Views, types, sequences, routines, extensions and the rarer kinds.

use super::{gone, literal, mentions, name, namespace, note, part, quote, split};
use crate::mend::effect::{Also, Part};
use crate::mend::{Mend, Sides};
use crate::{Check, Form, View};

pub(super) fn view(sides: Sides<'_>, key: &str) -> Mend {
    let [declared, actual] = [sides.declared, sides.actual].map(|catalog| catalog.views.get(key));
    let target = name(sides, key);
    let kind = |view: &View| if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    let drop = |view: &View| format!("DROP {} {target}", kind(view));
    let whole = Also::made(key, Part::View);
    match (declared, actual) {
        (Some(declared), Some(actual)) if !declared.materialized && !actual.materialized => {
            if declared.columns.starts_with(&actual.columns) {
                let unset = (declared.modifiers != actual.modifiers).then(|| options_off(&target, actual)).flatten();
                return Mend::by(unset.into_iter().chain([create(&target, declared, "CREATE OR REPLACE VIEW")]));
            }
            let made = made(sides, key, declared);
            Mend::by([drop(actual)].into_iter().chain(made)).changing([whole])
        }
        (Some(declared), Some(actual))
            if declared.definition == actual.definition && declared.materialized == actual.materialized =>
        {
            Mend::by([format!("REFRESH MATERIALIZED VIEW {target}")])
        }
        (Some(declared), Some(actual)) => {
            Mend::by([drop(actual)].into_iter().chain(made(sides, key, declared))).changing([whole])
        }
        (Some(declared), None) => Mend::by(made(sides, key, declared)),
        (None, Some(actual)) => Mend::by([drop(actual)]),
        (None, None) => gone(),
    }
}

fn create(target: &str, view: &View, verb: &str) -> String {
    let query = view.definition.trim().trim_end_matches(';');
    match view.modifiers.as_str() {
        "" => format!("{verb} {target} AS {query}"),
        no_data if view.materialized => format!("{verb} {target} AS {query} {no_data}"),
        options => format!("{verb} {target} WITH ({options}) AS {query}"),
    }
}

fn options_off(target: &str, view: &View) -> Option<String> {
    let names = view.modifiers.split(", ").filter_map(|option| Some(option.split_once('=')?.0));
    let names: Vec<&str> = names.collect();
    (!names.is_empty()).then(|| format!("ALTER VIEW {target} RESET ({})", names.join(", ")))
}

/// The statements that make a view with all that belongs to it.
fn made(sides: Sides<'_>, key: &str, view: &View) -> Vec<String> {
    let target = name(sides, key);
    let verb = if view.materialized { "CREATE MATERIALIZED VIEW" } else { "CREATE VIEW" };
    let indexes = view.indexes.iter().map(|index| index.sql.0.clone());
    let triggers = view.triggers.iter().flat_map(|(trigger, made)| part::made_trigger(&target, trigger, made));
    let rules = view.rules.values().map(|rule| rule.sql.0.clone());
    let notes = note::all_of(sides, key, &view.about);
    [create(&target, view, verb)].into_iter().chain(indexes).chain(triggers).chain(rules).chain(notes).collect()
}

pub(super) fn type_of(sides: Sides<'_>, key: &str) -> Mend {
    let target = name(sides, key);
    let [declared, actual] = [sides.declared, sides.actual].map(|catalog| catalog.types.get(key).map(|one| &one.form));
    match (declared, actual) {
        (Some(Form::Enum(declared)), Some(Form::Enum(actual))) => values(&target, declared, actual),
        (Some(declared @ Form::Domain { .. }), Some(actual @ Form::Domain { .. })) => domain(&target, declared, actual),
        (Some(Form::Composite(declared)), Some(Form::Composite(actual))) => {
            let mut columns = sides.actual.tables.values().flat_map(|table| &table.columns);
            let is_used = columns.any(|column| mentions(&column.data_type, split(sides, key).1));
            attributes(&target, declared, actual, is_used)
        }
        (Some(declared), None) => Mend::by([create_type(&target, declared)]),
        (None, Some(Form::Domain { .. })) => {
            Mend::by([format!("DROP DOMAIN {target}")]).with("fails where a column has it")
        }
        (None, Some(_)) => Mend::by([format!("DROP TYPE {target}")]).with("fails where a column has it"),
        _ => Mend::by_hand("make a type of another name, and move the columns to it"),
    }
}

fn create_type(target: &str, form: &Form) -> String {
    match form {
        Form::Enum(values) => {
            let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
            format!("CREATE TYPE {target} AS ENUM ({})", values.join(", "))
        }
        Form::Domain { base, nullable, default, checks } => {
            let base = base.replacen(" collate ", " COLLATE ", 1);
            let default = default.as_ref().map(|default| format!(" DEFAULT {default}")).unwrap_or_default();
            let not_null = if *nullable { "" } else { " NOT NULL" };
            let head = format!("CREATE DOMAIN {target} AS {base}{default}{not_null}");
            std::iter::once(head).chain(checks.iter().map(condition)).collect::<Vec<_>>().join(" ")
        }
        Form::Composite(attributes) => {
            let attributes: Vec<String> = attributes.iter().map(|attribute| quoted(attribute)).collect();
            format!("CREATE TYPE {target} AS ({})", attributes.join(", "))
        }
        Form::Range(words) => {
            // Its type of several ranges stands in the same namespace.
            let namespace = target.rsplit_once(".\"").map_or("", |(namespace, _)| namespace);
            let words = words.replacen("multirange_type_name = ", &format!("multirange_type_name = {namespace}."), 1);
            format!("CREATE TYPE {target} AS RANGE ({words})")
        }
    }
}

fn condition(check: &Check) -> String {
    let name = check.name.as_ref().map(|name| format!("CONSTRAINT {} ", quote(name))).unwrap_or_default();
    crate::diff::with(format!("{name}CHECK ({})", check.expression), &check.modifiers)
}

/// An attribute with its name quoted and its collation in the words of SQL.
fn quoted(attribute: &str) -> String {
    let (name, data_type) = attribute.split_once(' ').unwrap_or((attribute, ""));
    format!("{} {}", quote(name), data_type.replacen(" collate ", " COLLATE ", 1))
}

/// Values can be added to an enum anywhere; none can go, and none can move.
fn values(target: &str, declared: &[String], actual: &[String]) -> Mend {
    let differing: Vec<(&String, &String)> = declared.iter().zip(actual).filter(|(one, other)| one != other).collect();
    if let ([(wanted, live)], true) = (differing.as_slice(), declared.len() == actual.len())
        && !declared.contains(live)
        && !actual.contains(wanted)
    {
        return Mend::by([format!("ALTER TYPE {target} RENAME VALUE {} TO {}", literal(live), literal(wanted))]).with(
            format!(
                "takes {live} and {wanted} for one value, since they stand in one place; rows that have it keep it"
            ),
        );
    }
    let kept: Vec<&String> = declared.iter().filter(|value| actual.contains(value)).collect();
    if kept.len() != actual.len() || !kept.iter().zip(actual).all(|(one, other)| *one == other) {
        return Mend::by_hand(
            "an enum neither loses a value nor moves one: make a new type, and move the columns to it",
        );
    }
    let add = |(at, value): (usize, &String)| {
        let place = match declared[..at].last() {
            Some(before) => format!("AFTER {}", literal(before)),
            None => format!("BEFORE {}", literal(&actual[0])),
        };
        format!("ALTER TYPE {target} ADD VALUE {} {place}", literal(value))
    };
    let new = declared.iter().enumerate().filter(|(_, value)| !actual.contains(value));
    if actual.is_empty() {
        Mend::by_hand("an enum without a value: drop it and make it again")
    } else {
        Mend::by(new.map(add))
    }
}

fn domain(target: &str, declared: &Form, actual: &Form) -> Mend {
    let (
        Form::Domain { base, nullable, default, checks },
        Form::Domain { base: live_base, nullable: live_nullable, default: live_default, checks: live_checks },
    ) = (declared, actual)
    else {
        return gone();
    };
    if base != live_base {
        return Mend::by_hand("a domain keeps its type: make another, and move the columns to it");
    }
    let alter = |change: &str| format!("ALTER DOMAIN {target} {change}");
    let default = (default != live_default).then(|| match default {
        Some(default) => alter(&format!("SET DEFAULT {default}")),
        None => alter("DROP DEFAULT"),
    });
    let nullability =
        (nullable != live_nullable).then(|| alter(if *nullable { "DROP NOT NULL" } else { "SET NOT NULL" }));
    let is_replaced = |check: &Check| checks.iter().any(|one| one.name == check.name && one != check);
    let caution = if live_checks.iter().any(is_replaced) {
        "fails where a value breaks it, and then the old check is gone: in one transaction"
    } else {
        "fails where a value breaks it"
    };
    let drop = live_checks.iter().filter(|check| !checks.contains(check));
    let drop =
        drop.map(|check| alter(&format!("DROP CONSTRAINT {}", quote(check.name.as_deref().unwrap_or_default()))));
    let add = checks
        .iter()
        .filter(|check| !live_checks.contains(check))
        .map(|check| alter(&format!("ADD {}", condition(check))));
    Mend::by(default.into_iter().chain(nullability).chain(drop).chain(add)).with(caution)
}

/// Attributes can be dropped and changed anywhere, and added at the end.
fn attributes(target: &str, declared: &[String], actual: &[String], is_used: bool) -> Mend {
    let name_of = |attribute: &str| attribute.split_once(' ').map_or(attribute, |(name, _)| name).to_owned();
    let (names, live): (Vec<String>, Vec<String>) =
        (declared.iter().map(|one| name_of(one)).collect(), actual.iter().map(|one| name_of(one)).collect());
    let kept: Vec<&String> = live.iter().filter(|name| names.contains(name)).collect();
    if !names.iter().zip(&kept).all(|(one, other)| one == *other) {
        return Mend::by_hand("a type's attributes keep their order: make another type, and move the columns to it");
    }
    if is_used && declared.iter().any(|one| live.contains(&name_of(one)) && !actual.contains(one)) {
        return Mend::by_hand("a column has the type: an attribute keeps its own type until none does");
    }
    let drop = live.iter().filter(|name| !names.contains(name)).map(|name| format!("DROP ATTRIBUTE {}", quote(name)));
    let change = declared.iter().filter(|one| live.contains(&name_of(one)) && !actual.contains(one)).map(|one| {
        let quoted = quoted(one);
        let at = quoted.find("\" ").map_or(quoted.len(), |at| at + 1);
        format!("ALTER ATTRIBUTE {} TYPE{}", &quoted[..at], &quoted[at..])
    });
    let add =
        declared.iter().filter(|one| !live.contains(&name_of(one))).map(|one| format!("ADD ATTRIBUTE {}", quoted(one)));
    let loses = live.iter().any(|name| !names.contains(name));
    let changes = drop.chain(change).chain(add).map(|change| format!("ALTER TYPE {target} {change}"));
    let mend = Mend::by(changes);
    if loses { mend.with("columns that have the type lose the attribute's values") } else { mend }
}

pub(super) fn sequence(sides: Sides<'_>, key: &str) -> Mend {
    let target = name(sides, key);
    let [declared, actual] = [sides.declared, sides.actual].map(|catalog| catalog.sequences.get(key));
    let owned = |by: Option<&String>| {
        let column = by.and_then(|column| column.rsplit_once('.'));
        let words = column.map(|(table, column)| format!("{}.{}", name(sides, table), quote(column)));
        format!("ALTER SEQUENCE {target} OWNED BY {}", words.unwrap_or_else(|| "NONE".to_owned()))
    };
    match (declared, actual) {
        (Some(declared), None) => {
            let (unlogged, words) = logging(&declared.definition);
            let make = format!("CREATE {unlogged}SEQUENCE {target} {words}");
            Mend::by([make].into_iter().chain(declared.owned_by.as_ref().map(|by| owned(Some(by)))))
        }
        (None, Some(_)) => Mend::by([format!("DROP SEQUENCE {target}")]).with("fails where a default uses it"),
        (Some(declared), Some(actual)) => {
            let ((unlogged, words), (live_unlogged, _)) = (logging(&declared.definition), logging(&actual.definition));
            let logged = if unlogged.is_empty() { "LOGGED" } else { "UNLOGGED" };
            let persistence = (unlogged != live_unlogged).then(|| format!("ALTER SEQUENCE {target} SET {logged}"));
            let owner = (declared.owned_by != actual.owned_by).then(|| owned(declared.owned_by.as_ref()));
            let change = format!("ALTER SEQUENCE {target} {words}");
            Mend::by([change].into_iter().chain(persistence).chain(owner))
        }
        (None, None) => gone(),
    }
}

/// A sequence's definition as persistence and the rest.
fn logging(definition: &str) -> (&str, &str) {
    definition.strip_prefix("UNLOGGED ").map_or(("", definition), |words| ("UNLOGGED ", words))
}

pub(super) fn position(sides: Sides<'_>, key: &str) -> Mend {
    let Some(declared) = sides.declared.sequences.get(key) else { return gone() };
    let target = name(sides, key);
    let statement = match declared.position {
        Some(position) => format!("SELECT setval({}, {position})", literal(&target)),
        None => format!("ALTER SEQUENCE {target} RESTART"),
    };
    Mend::by([statement]).with("numbers that were given since would be given again")
}

pub(super) fn routine(sides: Sides<'_>, key: &str) -> Mend {
    let [declared, actual] = [sides.declared, sides.actual].map(|catalog| catalog.routines.get(key));
    let (namespace, signature) = split(sides, key);
    let (name, arguments) = signature.split_once('(').unwrap_or((signature, ")"));
    let drop = format!("DROP ROUTINE {}.{}({arguments}", quote(namespace), quote(name));
    match (declared, actual) {
        (Some(declared), Some(actual)) if can_be_replaced(&declared.definition, &actual.definition) => {
            Mend::by([declared.sql.0.trim_end().to_owned()])
        }
        (Some(declared), Some(_)) => Mend::by([drop, declared.sql.0.trim_end().to_owned()])
            .with("fails where a trigger, default or view uses it"),
        (Some(declared), None) => Mend::by([declared.sql.0.trim_end().to_owned()]),
        (None, Some(_)) => Mend::by([drop]).with("fails where a trigger, default or view uses it"),
        (None, None) => gone(),
    }
}

/// Whether CREATE OR REPLACE can do it: the kind, the name, the arguments with their names, and the result stay.
fn can_be_replaced(declared: &str, actual: &str) -> bool {
    let head = |definition: &str| definition.lines().take(2).map(str::to_owned).collect::<Vec<_>>();
    declared.starts_with("CREATE OR REPLACE") && head(declared) == head(actual)
}

pub(super) fn extension(sides: Sides<'_>, key: &str) -> Mend {
    let [declared, actual] = [sides.declared, sides.actual].map(|catalog| catalog.extensions.get(key));
    let quoted = quote(split(sides, key).1);
    match (declared, actual) {
        (Some(declared), None) => Mend::by([declared.sql.0.clone()]),
        (None, Some(_)) => Mend::by([format!("DROP EXTENSION {quoted}")]).with("fails where something uses it"),
        (Some(declared), Some(_)) => {
            let version = declared.definition.trim_start_matches("version ");
            Mend::by([format!("ALTER EXTENSION {quoted} UPDATE TO {}", literal(version))])
                .with("only where the server has the way to that version")
        }
        (None, None) => gone(),
    }
}

pub(super) fn other(sides: Sides<'_>, key: &str) -> Mend {
    let [declared, actual] = [sides.declared, sides.actual].map(|catalog| catalog.others.get(key));
    let words = split(sides, key).1;
    let known = ["statistics", "collation"].into_iter().find(|kind| mentions(words, kind));
    let Some((kind, named)) = known.and_then(|_| words.split_once(' ')) else {
        return Mend::by_hand("kiln knows of it only that it is there, or is not");
    };
    let drop = format!("DROP {} {}.{}", kind.to_uppercase(), quote(namespace(sides, key)), quote(named));
    let make = declared.map(|declared| declared.sql.0.clone());
    Mend::by(actual.map(|_| drop).into_iter().chain(make))
}
