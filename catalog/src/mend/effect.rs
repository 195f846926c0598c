//! What the statements of a fix change in a catalog.
//!
//! A script is planned one fix at a time, each on the catalog as the fixes before it leave it. Nothing
//! is run: an effect here says what the server would do. What it leaves out is found again by the next
//! comparison and fixed once more: one that has been dropped, and is thought to be there, is dropped in vain, so
//! what a statement makes has to be whole, and what it drops not more than the server drops.

use std::collections::BTreeSet;

use super::children::{is_child, is_partition};
use super::{Mend, rename};
use crate::diff::Spot;
use crate::{About, Catalog, Column, Dialect, Drift, ForeignKey, Index, Key, Kind, Table};

/// Something that a fix changes beyond the difference that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Also {
    pub(super) owner: String,
    pub(super) part: Part,
    /// Whether it is dropped; otherwise it becomes what is declared, and goes where nothing is.
    pub(super) is_dropped: bool,
}

/// A table, a view, or a part of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Table,
    View,
    Column(String),
    /// A column that gets another name.
    Renamed {
        from: String,
        to: String,
    },
    /// A table that gets this name.
    RenamedTable(String),
    PrimaryKey,
    /// A unique constraint, of PostgreSQL.
    Unique(String),
    /// An index; on MariaDB also a unique one.
    Index(String),
    ForeignKey(String),
    Check(String),
    Trigger(String),
    Policy(String),
    Rule(String),
    /// The default collation of the database.
    DatabaseCollation,
}

impl Also {
    pub(super) fn made(owner: &str, part: Part) -> Self {
        Self { owner: owner.to_owned(), part, is_dropped: false }
    }

    pub(super) fn dropped(owner: &str, part: Part) -> Self {
        Self { owner: owner.to_owned(), part, is_dropped: true }
    }

    /// The owner, and the name of the part as a difference has it.
    pub(super) fn spot(&self) -> (String, String) {
        let part = match &self.part {
            Part::Table | Part::View | Part::DatabaseCollation | Part::RenamedTable(_) => "",
            Part::PrimaryKey => "primary key",
            Part::Renamed { to: name, .. }
            | Part::Column(name)
            | Part::Unique(name)
            | Part::Index(name)
            | Part::ForeignKey(name)
            | Part::Check(name)
            | Part::Trigger(name)
            | Part::Policy(name)
            | Part::Rule(name) => name,
        };
        (self.owner.clone(), part.to_owned())
    }
}

/// Changes `current` as the statements of a fix change the database.
pub(super) fn apply(current: &mut Catalog, declared: &Catalog, drift: &Drift, mend: &Mend) {
    // First what is dropped or made anew on the way; the difference itself is gone after it.
    for one in &mend.also {
        apply_part(current, declared, one);
    }
    if !mend.is_partial {
        apply_drift(current, declared, drift);
        if current.dialect == Dialect::Postgres {
            inherit(current, declared, drift, &mut BTreeSet::new());
        }
    }
}

/// Gives the partitions and children of a PostgreSQL table what a fix of theirs gives them too.
fn inherit(current: &mut Catalog, declared: &Catalog, drift: &Drift, seen: &mut BTreeSet<String>) {
    let is_of_partitions = matches!(
        drift.kind,
        Kind::MissingPrimaryKey
            | Kind::ExtraPrimaryKey
            | Kind::PrimaryKeyDiffers
            | Kind::MissingUnique
            | Kind::ExtraUnique
            | Kind::UniqueDiffers
            | Kind::MissingIndex
            | Kind::ExtraIndex
            | Kind::IndexDiffers
            | Kind::MissingForeignKey
            | Kind::ExtraForeignKey
            | Kind::ForeignKeyDiffers
            | Kind::MissingTrigger
            | Kind::ExtraTrigger
            | Kind::TriggerDiffers
    );
    let is_child = |child: &&String| {
        is_child(current, child, &drift.spot.owner)
            && (!is_of_partitions || is_partition(&current.tables[*child]))
            && !seen.contains(*child)
    };
    let children: Vec<String> = current.tables.keys().filter(is_child).cloned().collect();
    for child in children {
        seen.insert(child.clone());
        let spot = Spot { owner: child, ..drift.spot.clone() };
        let (Some(wanted), Some(live)) = (declared.tables.get(&spot.owner), current.tables.get_mut(&spot.owner)) else {
            continue;
        };
        let of_child = Drift { spot, ..drift.clone() };
        match drift.kind {
            // Those of a partition have names of their own.
            Kind::MissingPrimaryKey | Kind::ExtraPrimaryKey | Kind::PrimaryKeyDiffers => {
                live.primary_key.clone_from(&wanted.primary_key);
            }
            Kind::MissingUnique | Kind::ExtraUnique | Kind::UniqueDiffers => live.uniques.clone_from(&wanted.uniques),
            Kind::MissingIndex | Kind::ExtraIndex | Kind::IndexDiffers => live.indexes.clone_from(&wanted.indexes),
            Kind::MissingForeignKey | Kind::ExtraForeignKey | Kind::ForeignKeyDiffers => {
                live.foreign_keys.clone_from(&wanted.foreign_keys);
            }
            Kind::MissingColumn
            | Kind::ExtraColumn
            | Kind::ColumnType
            | Kind::ColumnDefault
            | Kind::ColumnNullability
            | Kind::MissingTrigger
            | Kind::ExtraTrigger
            | Kind::TriggerDiffers
            | Kind::MissingCheck
            | Kind::ExtraCheck
            | Kind::CheckDiffers => apply_drift(current, declared, &of_child),
            _ => continue,
        }
        inherit(current, declared, &of_child, seen);
    }
}

fn apply_drift(current: &mut Catalog, declared: &Catalog, drift: &Drift) {
    let (owner, part) = (drift.spot.owner.as_str(), drift.spot.part.as_str());
    let of_part = |part: Part| Also::made(owner, part);
    match drift.kind {
        Kind::MissingTable | Kind::ExtraTable => apply_part(current, declared, &of_part(Part::Table)),
        Kind::MissingColumn | Kind::ExtraColumn => {
            apply_part(current, declared, &of_part(Part::Column(part.to_owned())));
        }
        Kind::ColumnType
        | Kind::ColumnNullability
        | Kind::ColumnDefault
        | Kind::ColumnIdentity
        | Kind::ColumnModifiers
        | Kind::ColumnGenerated => change_column(current, declared, drift),
        Kind::MissingPrimaryKey | Kind::ExtraPrimaryKey | Kind::PrimaryKeyDiffers => {
            apply_part(current, declared, &of_part(Part::PrimaryKey));
        }
        // Only MariaDB does not tell a unique constraint from an index.
        Kind::MissingUnique | Kind::ExtraUnique | Kind::UniqueDiffers if current.dialect == Dialect::Postgres => {
            apply_part(current, declared, &of_part(Part::Unique(part.to_owned())));
        }
        Kind::MissingUnique
        | Kind::ExtraUnique
        | Kind::UniqueDiffers
        | Kind::MissingIndex
        | Kind::ExtraIndex
        | Kind::IndexDiffers => apply_part(current, declared, &of_part(Part::Index(part.to_owned()))),
        Kind::MissingForeignKey | Kind::ExtraForeignKey | Kind::ForeignKeyDiffers => {
            apply_part(current, declared, &of_part(Part::ForeignKey(part.to_owned())));
        }
        Kind::MissingCheck | Kind::ExtraCheck | Kind::CheckDiffers => {
            apply_part(current, declared, &of_part(Part::Check(part.to_owned())));
        }
        Kind::MissingTrigger | Kind::ExtraTrigger | Kind::TriggerDiffers => {
            apply_part(current, declared, &of_part(Part::Trigger(part.to_owned())));
        }
        Kind::MissingPolicy | Kind::ExtraPolicy | Kind::PolicyDiffers => {
            apply_part(current, declared, &of_part(Part::Policy(part.to_owned())));
        }
        Kind::MissingRule | Kind::ExtraRule | Kind::RuleDiffers => {
            apply_part(current, declared, &of_part(Part::Rule(part.to_owned())));
        }
        Kind::MissingView | Kind::ExtraView => apply_part(current, declared, &of_part(Part::View)),
        Kind::ViewDiffers => {
            if let (Some(view), Some(wanted)) = (current.views.get_mut(owner), declared.views.get(owner)) {
                view.materialized = wanted.materialized;
                view.definition.clone_from(&wanted.definition);
                view.columns.clone_from(&wanted.columns);
                view.modifiers.clone_from(&wanted.modifiers);
                view.sql.clone_from(&wanted.sql);
            }
        }
        Kind::MissingExclusion
        | Kind::ExtraExclusion
        | Kind::ExclusionDiffers
        | Kind::TableDiffers
        | Kind::ColumnOrder
        | Kind::SequencePosition => change_table(current, declared, drift),
        Kind::OwnerDiffers | Kind::CommentDiffers | Kind::GrantsDiffer | Kind::StorageDiffers => {
            change_note(current, declared, drift);
        }
        _ => {}
    }
    apply_whole(current, declared, drift);
}

/// What stands by itself and is neither a table nor a view.
fn apply_whole(current: &mut Catalog, declared: &Catalog, drift: &Drift) {
    let owner = &drift.spot.owner;
    match drift.kind {
        Kind::MissingType | Kind::ExtraType | Kind::TypeDiffers => put(&mut current.types, &declared.types, owner),
        Kind::MissingSequence | Kind::ExtraSequence | Kind::SequenceDiffers => {
            put(&mut current.sequences, &declared.sequences, owner);
        }
        Kind::MissingRoutine | Kind::ExtraRoutine | Kind::RoutineDiffers => {
            put(&mut current.routines, &declared.routines, owner);
        }
        Kind::MissingExtension | Kind::ExtraExtension | Kind::ExtensionDiffers => {
            put(&mut current.extensions, &declared.extensions, owner);
        }
        Kind::MissingObject | Kind::ExtraObject | Kind::ObjectDiffers => {
            put(&mut current.others, &declared.others, owner);
        }
        Kind::MissingNamespace | Kind::ExtraNamespace => put(&mut current.namespaces, &declared.namespaces, owner),
        _ => {}
    }
}

type Map<T> = std::collections::BTreeMap<String, T>;

/// Makes what stands under a name what is declared there, which may be nothing.
fn put<T: Clone>(current: &mut Map<T>, declared: &Map<T>, name: &str) {
    match declared.get(name) {
        Some(one) => drop(current.insert(name.to_owned(), one.clone())),
        None => drop(current.remove(name)),
    }
}

/// The same for what stands in a list under a name.
fn put_named<T: Clone>(current: &mut Vec<T>, declared: &[T], is_it: impl Fn(&T) -> bool) {
    current.retain(|one| !is_it(one));
    current.extend(declared.iter().filter(|one| is_it(one)).cloned());
}

fn apply_part(current: &mut Catalog, declared: &Catalog, also: &Also) {
    let Also { owner, part, is_dropped } = also;
    let nothing = Table::default();
    let wanted = declared.tables.get(owner).filter(|_| !is_dropped).unwrap_or(&nothing);
    match part {
        Part::Table if *is_dropped => drop_table(current, owner),
        Part::Table => make_table(current, declared, owner),
        Part::View if *is_dropped => drop(current.views.remove(owner)),
        Part::View => put(&mut current.views, &declared.views, owner),
        Part::Column(name) => match wanted.column(name) {
            Some(column) => add_column(current, declared, owner, column),
            None => drop_column(current, owner, name),
        },
        Part::Renamed { from, to } => rename::apply(current, owner, from, to),
        Part::RenamedTable(to) => {
            if let Some(table) = current.tables.remove(owner) {
                current.tables.insert(to.clone(), table);
            }
        }
        Part::Index(name) => put_index(current, declared, owner, name, *is_dropped),
        Part::Trigger(name) => put_trigger(current, declared, owner, name, *is_dropped),
        Part::Rule(name) => {
            if let Some(view) = current.views.get_mut(owner) {
                let rules = declared.views.get(owner).filter(|_| !is_dropped).map(|view| view.rules.clone());
                put(&mut view.rules, &rules.unwrap_or_default(), name);
            }
            if let Some(table) = current.tables.get_mut(owner) {
                put(&mut table.rules, &wanted.rules, name);
            }
        }
        Part::DatabaseCollation => {
            let collation = declared.namespaces.get("").and_then(|about| about.storage.get("collation"));
            if let (Some(about), Some(collation)) = (current.namespaces.get_mut(""), collation) {
                about.storage.insert("collation".to_owned(), collation.clone());
            }
        }
        Part::PrimaryKey | Part::Unique(_) | Part::ForeignKey(_) | Part::Check(_) | Part::Policy(_) => {
            let Some(table) = current.tables.get_mut(owner) else { return };
            match part {
                Part::PrimaryKey => table.primary_key.clone_from(&wanted.primary_key),
                Part::Unique(name) => {
                    put_named(&mut table.uniques, &wanted.uniques, |key| key.name.as_ref() == Some(name));
                }
                Part::ForeignKey(name) => {
                    put_named(&mut table.foreign_keys, &wanted.foreign_keys, |key| key.name.as_ref() == Some(name));
                }
                Part::Check(name) => {
                    put_named(&mut table.checks, &wanted.checks, |check| check.name.as_ref() == Some(name));
                }
                Part::Policy(name) => put(&mut table.policies, &wanted.policies, name),
                _ => {}
            }
        }
    }
}

fn make_table(current: &mut Catalog, declared: &Catalog, name: &str) {
    let Some(table) = declared.tables.get(name) else { return drop_table(current, name) };
    let mut table = table.clone();
    // Indexes and triggers share their names on some engines: those that are elsewhere go there.
    for index in &table.indexes {
        drop_elsewhere(current, name, &Part::Index(index.name.clone()));
    }
    for trigger in table.triggers.keys() {
        drop_elsewhere(current, name, &Part::Trigger(trigger.clone()));
    }
    if current.dialect == Dialect::Postgres {
        table.foreign_keys.retain(|key| can_point(current, declared, name, key));
    }
    if current.dialect != Dialect::Postgres {
        current.views.remove(name);
    }
    current.tables.insert(name.to_owned(), table);
    own_sequences(current, declared, name, None);
}

fn drop_table(current: &mut Catalog, name: &str) {
    current.tables.remove(name);
    let owned = format!("{name}.");
    current.sequences.retain(|_, sequence| {
        let column = sequence.owned_by.as_ref().and_then(|column| column.strip_prefix(&owned));
        column.is_none_or(|column| column.contains('.'))
    });
}

/// Whether a declared foreign key of `table` can be added: the key that it points to is there.
pub(super) fn can_point(current: &Catalog, declared: &Catalog, table: &str, key: &ForeignKey) -> bool {
    // What no catalog tells of is another namespace's, and a table can always point to itself.
    if key.target == table || !declared.tables.contains_key(&key.target) {
        return true;
    }
    let sorted = |columns: &[String]| {
        let mut columns = columns.to_vec();
        columns.sort();
        columns
    };
    let is_key = |other: &Key| sorted(&other.columns) == sorted(&key.target_columns);
    let is_index = |index: &Index| index.unique && sorted(&index.keys) == sorted(&key.target_columns);
    current.tables.get(&key.target).is_some_and(|target| {
        target.primary_key.iter().chain(&target.uniques).any(is_key) || target.indexes.iter().any(is_index)
    })
}

/// Makes the sequences of a table's columns, or of one column, those that are declared.
fn own_sequences(current: &mut Catalog, declared: &Catalog, table: &str, column: Option<&str>) {
    let is_own = |owner: &Option<String>| {
        let owner = owner.as_ref().and_then(|owner| owner.rsplit_once('.'));
        owner.is_some_and(|(of, name)| of == table && column.is_none_or(|column| column == name))
    };
    current.sequences.retain(|_, sequence| !is_own(&sequence.owned_by));
    let own = declared.sequences.iter().filter(|(_, sequence)| is_own(&sequence.owned_by));
    current.sequences.extend(own.map(|(name, sequence)| (name.clone(), sequence.clone())));
}

fn add_column(current: &mut Catalog, declared: &Catalog, owner: &str, column: &Column) {
    let dialect = current.dialect;
    let Some(table) = current.tables.get_mut(owner) else { return };
    let wanted = &declared.tables[owner];
    match table.columns.iter_mut().find(|other| dialect.is_same_column(&other.name, &column.name)) {
        Some(other) => *other = column.clone(),
        // MariaDB puts it where it is declared to be; the others put it last.
        None if dialect == Dialect::MariaDb => {
            let before = wanted.columns.iter().take_while(|other| other.name != column.name);
            let before =
                before.filter_map(|before| table.columns.iter().position(|one| one.name == before.name)).last();
            table.columns.insert(before.map_or(0, |before| before + 1), column.clone());
        }
        None => table.columns.push(column.clone()),
    }
    told_with(table, wanted, dialect, &column.name);
    own_sequences(current, declared, owner, Some(&column.name));
}

/// What the definition of a column says beside the column itself: its comment, and on MariaDB its storage and CHECK.
fn told_with(table: &mut Table, wanted: &Table, dialect: Dialect, column: &str) {
    let part = format!("column {column}");
    put(&mut table.about.comments, &wanted.about.comments, &part);
    if dialect == Dialect::MariaDb {
        put(&mut table.about.storage, &wanted.about.storage, &part);
        let is_own = |check: &crate::Check| check.name.as_deref() == Some(column) && check.sql.0.starts_with("CHECK ");
        put_named(&mut table.checks, &wanted.checks, is_own);
    }
}

fn drop_column(current: &mut Catalog, owner: &str, name: &str) {
    let dialect = current.dialect;
    let Some(table) = current.tables.get_mut(owner) else { return };
    table.columns.retain(|column| column.name != name);
    let is_over = |columns: &[String]| columns.iter().any(|column| column == name);
    if dialect == Dialect::Postgres {
        // Whatever is over the column goes with it.
        table.primary_key.take_if(|key| is_over(&key.columns));
        table.uniques.retain(|key| !is_over(&key.columns) && !reads(&key.modifiers, name));
        table.foreign_keys.retain(|key| !is_over(&key.columns));
        table.indexes.retain(|index| {
            let predicate = index.predicate.as_deref().unwrap_or_default();
            !index.keys.iter().any(|key| reads(key, name)) && !reads(predicate, name) && !reads(&index.modifiers, name)
        });
        table.checks.retain(|check| !reads(&check.expression, name));
        table.exclusions.retain(|check| !reads(&check.expression, name));
        own_sequences(current, &Catalog::empty(dialect), owner, Some(name));
    } else if dialect == Dialect::MariaDb {
        // A key loses the column, and goes with its last one.
        let is_part =
            |part: &String| part != name && !part.strip_prefix(name).is_some_and(|rest| rest.starts_with(['(', ' ']));
        let keys = table.primary_key.iter_mut().chain(&mut table.uniques).map(|key| &mut key.columns);
        keys.chain(table.indexes.iter_mut().map(|index| &mut index.keys)).for_each(|parts| parts.retain(is_part));
        table.primary_key.take_if(|key| key.columns.is_empty());
        table.uniques.retain(|key| !key.columns.is_empty());
        table.indexes.retain(|index| !index.keys.is_empty());
    }
}

/// Whether an expression of PostgreSQL reads a column: a type after `::` and what is in a literal are no column.
fn reads(expression: &str, column: &str) -> bool {
    super::places_of(expression, column).any(|at| {
        let before = &expression[..at];
        !before.ends_with("::") && before.matches('\'').count().is_multiple_of(2)
    })
}

fn change_column(current: &mut Catalog, declared: &Catalog, drift: &Drift) {
    let (owner, name) = (drift.spot.owner.as_str(), drift.spot.part.as_str());
    let dialect = current.dialect;
    let Some(wanted) = declared.tables.get(owner).and_then(|table| table.column(name)) else { return };
    let Some(table) = current.tables.get_mut(owner) else { return };
    let Some(column) = table.columns.iter_mut().find(|column| column.name == name) else { return };
    if dialect != Dialect::Postgres {
        *column = wanted.clone();
        told_with(table, &declared.tables[owner], dialect, name);
        return;
    }
    match drift.kind {
        Kind::ColumnType => {
            column.data_type.clone_from(&wanted.data_type);
            column.default.clone_from(&wanted.default);
        }
        Kind::ColumnNullability => column.nullable = wanted.nullable,
        Kind::ColumnDefault => column.default.clone_from(&wanted.default),
        Kind::ColumnModifiers => column.modifiers.clone_from(&wanted.modifiers),
        Kind::ColumnIdentity => {
            column.identity.clone_from(&wanted.identity);
            column.default.clone_from(&wanted.default);
            own_sequences(current, declared, owner, Some(name));
        }
        Kind::ColumnGenerated if wanted.generated.is_none() => column.generated = None,
        _ => {
            let wanted = wanted.clone();
            drop_column(current, owner, name);
            add_column(current, declared, owner, &wanted);
        }
    }
}

fn change_table(current: &mut Catalog, declared: &Catalog, drift: &Drift) {
    let (owner, part) = (&drift.spot.owner, &drift.spot.part);
    if drift.kind == Kind::SequencePosition
        && let (Some(sequence), Some(wanted)) = (current.sequences.get_mut(owner), declared.sequences.get(owner))
    {
        sequence.position = wanted.position;
    }
    let (Some(table), Some(wanted)) = (current.tables.get_mut(owner), declared.tables.get(owner)) else { return };
    match drift.kind {
        Kind::TableDiffers => table.properties.clone_from(&wanted.properties),
        Kind::SequencePosition => table.position = wanted.position,
        Kind::ColumnOrder => {
            let place = |column: &Column| wanted.columns.iter().position(|other| other.name == column.name);
            table.columns.sort_by_key(|column| place(column).unwrap_or(usize::MAX));
        }
        _ => put_named(&mut table.exclusions, &wanted.exclusions, |check| check.name.as_ref() == Some(part)),
    }
}

/// What is said of an object that is on both sides.
fn change_note(current: &mut Catalog, declared: &Catalog, drift: &Drift) {
    let (owner, part) = (&drift.spot.owner, &drift.spot.part);
    if owner.is_empty() && drift.kind == Kind::OwnerDiffers && current.owner != declared.owner {
        current.owner.clone_from(&declared.owner);
        return;
    }
    let wanted = about_mut(&mut declared.clone(), owner).cloned();
    let (Some(about), Some(wanted)) = (about_mut(current, owner), wanted) else { return };
    match drift.kind {
        Kind::OwnerDiffers => put(&mut about.owners, &wanted.owners, part),
        Kind::CommentDiffers => put(&mut about.comments, &wanted.comments, part),
        Kind::GrantsDiffer => put(&mut about.grants, &wanted.grants, part),
        _ => put(&mut about.storage, &wanted.storage, part),
    }
}

fn about_mut<'a>(catalog: &'a mut Catalog, owner: &str) -> Option<&'a mut About> {
    let Catalog { tables, views, types, sequences, routines, extensions, others, namespaces, .. } = catalog;
    None.or_else(|| tables.get_mut(owner).map(|one| &mut one.about))
        .or_else(|| views.get_mut(owner).map(|one| &mut one.about))
        .or_else(|| types.get_mut(owner).map(|one| &mut one.about))
        .or_else(|| sequences.get_mut(owner).map(|one| &mut one.about))
        .or_else(|| routines.get_mut(owner).map(|one| &mut one.about))
        .or_else(|| extensions.get_mut(owner).map(|one| &mut one.about))
        .or_else(|| others.get_mut(owner).map(|one| &mut one.about))
        .or_else(|| namespaces.get_mut(owner))
}

fn put_index(current: &mut Catalog, declared: &Catalog, owner: &str, name: &str, is_dropped: bool) {
    if !is_dropped {
        drop_elsewhere(current, owner, &Part::Index(name.to_owned()));
    }
    let dialect = current.dialect;
    let wanted = |key: &Key| key.name.as_deref() == Some(name);
    if let Some(table) = current.tables.get_mut(owner) {
        let nothing = Table::default();
        let of = declared.tables.get(owner).filter(|_| !is_dropped).unwrap_or(&nothing);
        if dialect != Dialect::Postgres {
            put_named(&mut table.uniques, &of.uniques, wanted);
        }
        put_named(&mut table.indexes, &of.indexes, |index| index.name == name);
        if let Some(part) = of.index(name).map(|_| format!("index {name}")) {
            put(&mut table.about.comments, &of.about.comments, &part);
            put(&mut table.about.storage, &of.about.storage, &part);
        }
    }
    if let Some(view) = current.views.get_mut(owner) {
        let indexes = declared.views.get(owner).filter(|_| !is_dropped).map(|view| view.indexes.clone());
        put_named(&mut view.indexes, &indexes.unwrap_or_default(), |index| index.name == name);
    }
    // An extra one of a shared name that another table should have is put there.
    if current.dialect == Dialect::Sqlite {
        let home = declared.tables.iter().find(|(table, one)| *table != owner && one.index(name).is_some());
        if let Some((home, index)) = home.and_then(|(home, table)| Some((home, table.index(name)?)))
            && let Some(table) = current.tables.get_mut(home)
        {
            put_named(&mut table.indexes, &[index], |index| index.name == name);
        }
    }
}

fn put_trigger(current: &mut Catalog, declared: &Catalog, owner: &str, name: &str, is_dropped: bool) {
    if !is_dropped {
        drop_elsewhere(current, owner, &Part::Trigger(name.to_owned()));
    }
    let of = |catalog: &Catalog, owner: &str| {
        let of_table = catalog.tables.get(owner).and_then(|table| table.triggers.get(name));
        of_table.or_else(|| catalog.views.get(owner)?.triggers.get(name)).cloned()
    };
    let set = |current: &mut Catalog, owner: &str| {
        let wanted: Map<_> =
            of(declared, owner).filter(|_| !is_dropped).map(|one| (name.to_owned(), one)).into_iter().collect();
        if let Some(table) = current.tables.get_mut(owner) {
            put(&mut table.triggers, &wanted, name);
        }
        if let Some(view) = current.views.get_mut(owner) {
            put(&mut view.triggers, &wanted, name);
        }
    };
    set(current, owner);
    if current.dialect != Dialect::Postgres && of(declared, owner).is_none() && !is_dropped {
        let home = declared.tables.iter().find(|(table, one)| *table != owner && one.triggers.contains_key(name));
        if let Some((home, _)) = home {
            set(current, home);
        }
    }
}

/// Drops an index or a trigger from every other table, where its name is one in the whole database.
fn drop_elsewhere(current: &mut Catalog, owner: &str, part: &Part) {
    let others = current.tables.iter_mut().filter(|(name, _)| *name != owner).map(|(_, table)| table);
    match (current.dialect, part) {
        (Dialect::Sqlite, Part::Index(name)) => {
            others.for_each(|table| table.indexes.retain(|index| index.name != *name));
        }
        (Dialect::Sqlite | Dialect::MariaDb, Part::Trigger(name)) => {
            others.for_each(|table| drop(table.triggers.remove(name)));
        }
        _ => {}
    }
}
