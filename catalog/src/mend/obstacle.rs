//! What stands in the way of a fix and is made again after it.
//!
//! PostgreSQL changes no column that a view, trigger or policy reads, and drops no table that a foreign
//! key points to. They are dropped before; the comparison after the fix finds them missing.

use super::children::is_partition;
use super::effect::{Also, Part};
use super::{Mend, Sides, mentions, postgres, qualified};
use crate::{Dialect, Drift, Kind, Table, View};

/// Something to drop before a fix.
#[derive(Clone)]
pub(super) struct Obstacle {
    pub(super) statement: String,
    pub(super) also: Also,
}

/// What stands in the way of a fix, in the order in which it can be dropped.
pub(super) fn of(sides: Sides<'_>, drift: &Drift, mend: &Mend) -> Vec<Obstacle> {
    let (owner, part) = (drift.spot.owner.as_str(), drift.spot.part.as_str());
    let is_postgres = sides.declared.dialect == Dialect::Postgres;
    match drift.kind {
        Kind::ExtraTable if is_postgres => [readers(sides, owner, None), pointing(sides, owner, None)].concat(),
        Kind::ExtraTable if sides.declared.dialect == Dialect::MariaDb => pointing(sides, owner, None),
        Kind::ExtraColumn if sides.declared.dialect == Dialect::MariaDb && !mend.is_partial => {
            pointing(sides, owner, Some(part))
        }
        // One that is made anew, and not renamed.
        Kind::ExtraColumn | Kind::ColumnGenerated if is_postgres && !mend.is_partial => {
            let is_dropped = mend.statements.iter().any(|statement| statement.contains(" DROP COLUMN "));
            let all =
                [readers(sides, owner, Some(part)), bound(sides, owner, part), pointing(sides, owner, Some(part))];
            if is_dropped { all.concat() } else { Vec::new() }
        }
        Kind::ExtraColumn | Kind::MissingColumn if is_postgres && mend.is_partial => {
            let renamed = mend.also.iter().find_map(|also| match &also.part {
                Part::Renamed { from, .. } => Some(from.as_str()),
                _ => None,
            });
            renamed.map(|from| readers(sides, owner, Some(from))).unwrap_or_default()
        }
        Kind::ColumnType if is_postgres => [readers(sides, owner, Some(part)), bound(sides, owner, part)].concat(),
        Kind::ExtraView | Kind::ViewDiffers if is_postgres && drops(mend) => readers(sides, owner, None),
        Kind::ExtraRoutine | Kind::RoutineDiffers if is_postgres && drops(mend) => callers(sides, owner),
        _ => Vec::new(),
    }
}

fn drops(mend: &Mend) -> bool {
    mend.statements.first().is_some_and(|statement| statement.starts_with("DROP "))
}

/// The name of a key without its namespace.
fn bare(key: &str) -> &str {
    key.split('(').next().unwrap_or(key).rsplit('.').next().unwrap_or(key)
}

/// The views that read a table or view, or one column of it, and those that read these: the last ones first.
fn readers(sides: Sides<'_>, owner: &str, column: Option<&str>) -> Vec<Obstacle> {
    let views = &sides.actual.views;
    let reads = |view: &View, name: &str| mentions(&view.definition, bare(name));
    let is_reader = |(name, view): &(&String, &View)| {
        *name != owner && reads(view, owner) && column.is_none_or(|column| mentions(&view.definition, column))
    };
    let mut found: Vec<&String> = views.iter().filter(is_reader).map(|(name, _)| name).collect();
    let mut position = 0;
    while let Some(name) = found.get(position).copied() {
        let more = views.iter().filter(|(other, view)| *other != owner && *other != name && reads(view, name));
        let more: Vec<&String> = more.map(|(other, _)| other).filter(|other| !found.contains(other)).collect();
        found.extend(more);
        position += 1;
    }
    let mut drops = Vec::new();
    // First one that no other one reads; of two that name each other, whichever comes first.
    while !found.is_empty() {
        let is_free = |name: &String| !found.iter().any(|other| *other != name && reads(&views[*other], name));
        let position = found.iter().position(|name| is_free(name)).unwrap_or_default();
        drops.push(drop_view(sides, found.remove(position)));
    }
    drops
}

fn drop_view(sides: Sides<'_>, name: &str) -> Obstacle {
    let kind = if sides.actual.views[name].materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    let statement = format!("DROP {kind} {}", qualified(sides, name));
    Obstacle { statement, also: Also::dropped(name, Part::View) }
}

/// The foreign keys of other tables that point to a table, or to a key over one column of it.
fn pointing(sides: Sides<'_>, owner: &str, column: Option<&str>) -> Vec<Obstacle> {
    let is_it = |target: &[String]| column.is_none_or(|column| target.iter().any(|one| one == column));
    let dialect = sides.declared.dialect;
    let word = if dialect == Dialect::MariaDb { "FOREIGN KEY" } else { "CONSTRAINT" };
    // Those of a partition go with those of its table.
    let is_other = |(name, table): &(&String, &Table)| *name != owner && !is_partition(table);
    let tables = sides.actual.tables.iter().filter(is_other);
    let keys = tables.flat_map(|(name, table)| table.foreign_keys.iter().map(move |key| (name, key)));
    let keys = keys.filter(|(_, key)| key.target == owner && is_it(&key.target_columns));
    keys.filter_map(|(name, key)| {
        let constraint = key.name.as_ref()?;
        let statement = format!("ALTER TABLE {} DROP {word} {}", qualified(sides, name), dialect.quote(constraint));
        Some(Obstacle { statement, also: Also::dropped(name, Part::ForeignKey(constraint.clone())) })
    })
    .collect()
}

/// The triggers, policies and rules that PostgreSQL binds to a column.
fn bound(sides: Sides<'_>, owner: &str, column: &str) -> Vec<Obstacle> {
    let quote = |name: &str| Dialect::Postgres.quote(name);
    let mut found = Vec::new();
    for (name, table) in &sides.actual.tables {
        let is_own = name == owner;
        let target = qualified(sides, name);
        let is_read = |definition: &str| mentions(definition, column) && (is_own || mentions(definition, bare(owner)));
        let mut add = |kind: &str, part: &String, also: Part| {
            let statement = format!("DROP {kind} {} ON {target}", quote(part));
            found.push(Obstacle { statement, also: Also::dropped(name, also) });
        };
        for (trigger, one) in table.triggers.iter().filter(|_| is_own) {
            if postgres::binds(&one.definition, column) {
                add("TRIGGER", trigger, Part::Trigger(trigger.clone()));
            }
        }
        for (policy, _) in table.policies.iter().filter(|(_, one)| is_read(&one.definition)) {
            add("POLICY", policy, Part::Policy(policy.clone()));
        }
        for (rule, _) in table.rules.iter().filter(|(_, one)| is_read(&one.definition)) {
            add("RULE", rule, Part::Rule(rule.clone()));
        }
    }
    found
}

/// The triggers and views that call a routine.
fn callers(sides: Sides<'_>, routine: &str) -> Vec<Obstacle> {
    let name = bare(routine);
    let tables = sides.actual.tables.iter().map(|(owner, table)| (owner, &table.triggers));
    let views = sides.actual.views.iter().map(|(owner, view)| (owner, &view.triggers));
    let triggers = tables.chain(views).flat_map(|(owner, triggers)| triggers.iter().map(move |one| (owner, one)));
    let triggers = triggers.filter(|(_, (_, trigger))| mentions(&trigger.definition, name));
    let triggers = triggers.map(|(owner, (trigger, _))| Obstacle {
        statement: format!("DROP TRIGGER {} ON {}", Dialect::Postgres.quote(trigger), qualified(sides, owner)),
        also: Also::dropped(owner, Part::Trigger(trigger.clone())),
    });
    triggers.chain(readers(sides, routine, None)).collect()
}
