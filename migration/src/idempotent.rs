//! Additions that may already be there: what is missing is added, what differs is refused.
//!
//! A migration cannot always know what it finds: a table made by hand before the project had
//! migrations, or, on MariaDB, which commits each change by itself, the first half of its own run.
//! Each function here compares what is there with what is wanted, both as the server renders them:
//! equal is left alone and logged, missing is added and logged, different is an error that shows
//! both sides. Nothing is skipped in silence.
//!
//! All that a table has goes into its form in [`ensure_table`], its plain indexes apart.
//! [`ensure_column`], [`ensure_unique`] and [`ensure_foreign_key`] are for tables of an earlier
//! migration: a form that lacks what they add would refuse the table when it is run again.
//!
//! What [`catalog`] does not read yet is not compared: comments and storage; on SQLite collations,
//! `WITHOUT ROWID`, conflict clauses, deferral and generated expressions; on MariaDB the engine.
//!
//! ```no_run
//! # use kiln_migration::idempotent::{ensure_index, ensure_table, require_tables};
//! # use sea_orm_migration::prelude::*;
//! # async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
//! require_tables(manager, &["stores"], "shop migrate up").await?;
//! let visits = Table::create()
//!     .table("visits")
//!     .col(ColumnDef::new("id").integer().not_null().auto_increment().primary_key())
//!     .col(ColumnDef::new("store_id").integer().not_null())
//!     .foreign_key(ForeignKey::create().from("visits", "store_id").to("stores", "id"))
//!     .take();
//! ensure_table(manager, &[visits]).await?;
//! ensure_index(manager, "visits", &Index::create().name("ix_visits_store_id").col("store_id").take()).await?;
//! # Ok(())
//! # }
//! ```

use catalog::{Action, Catalog, Column, Dialect, Drift, ForeignKey as Live, Kind, Severity, Table as LiveTable};
use sea_orm_migration::prelude::*;

/// What became of something that was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ensured {
    /// It was missing and has been added.
    Added,
    /// It was there as wanted.
    There,
}

impl Ensured {
    fn log(self, what: &str, name: &str) -> Self {
        match self {
            Self::Added => tracing::info!("{what} {name} was missing: added"),
            Self::There => tracing::info!("{what} {name} is there as wanted: left alone"),
        }
        self
    }
}

/// Refuses to go on without `tables`, naming each that is missing and `command`, which makes them.
pub async fn require_tables(manager: &SchemaManager<'_>, tables: &[&str], command: &str) -> Result<(), DbErr> {
    let there = catalog::table_names(manager.get_connection()).await?;
    let is_there = |table: &str| there.iter().any(|name| is_named(manager, name, table));
    let missing: Vec<&str> = tables.iter().copied().filter(|table| !is_there(table)).collect();
    if !missing.is_empty() {
        let (noun, verb) = if missing.len() == 1 { ("table", "is") } else { ("tables", "are") };
        let missing = missing.join(", ");
        return Err(DbErr::Migration(format!("the {noun} {missing} {verb} required and missing; run `{command}`")));
    }
    tracing::info!("required tables are there: {}", tables.join(", "));
    Ok(())
}

/// Makes the table in the first of `forms`, unless it is there in any of them.
///
/// Most callers have one form; more of them say what counts as equal, such as the spelling of an
/// older document. Foreign keys without a name are compared by their columns. Indexes that are
/// there beside the table's own are left to [`ensure_index`]; a column, key or CHECK beside those
/// of a form makes the table a different one. The error shows the form that it is nearest to.
pub async fn ensure_table(manager: &SchemaManager<'_>, forms: &[TableCreateStatement]) -> Result<Ensured, DbErr> {
    let db = manager.get_connection();
    let first = forms.first().ok_or_else(|| DbErr::Migration("a table has at least one form".to_owned()))?;
    for form in forms {
        refuse_equal_names(manager, form)?;
    }
    let (object, name) = (object(manager, &name_of(first)?), stored(manager, &name_of(first)?));
    let Some(live) = live(manager, &name).await? else {
        refuse_view(manager, &name).await?;
        manager.create_table(first.clone()).await?;
        return Ok(Ensured::Added.log("table", &object));
    };
    let mut nearest: Option<Vec<Drift>> = None;
    for form in forms {
        let mut wanted = catalog::render_table(db, &name, form).await?;
        let keys = form.get_foreign_key_create_stmts().iter();
        wanted.foreign_keys = keys.map(|key| foreign_key(manager, key.get_foreign_key(), &live)).collect();
        let found = compare(manager, &name, wanted, live.clone());
        if found.is_empty() {
            return Ok(Ensured::There.log("table", &object));
        }
        if nearest.as_ref().is_none_or(|nearest| found.len() < nearest.len()) {
            nearest = Some(found);
        }
    }
    Err(differs(&format!("table {object}"), &nearest.unwrap_or_default()))
}

/// Adds `column` to `table` unless the table has it as wanted.
///
/// MariaDB cannot put a schema change and its history record in one transaction. A crash between
/// the two leaves the column there and the version unrecorded, so the next `up` runs this again.
/// A column that exists and differs is an error that shows both: skipping it would hide drift.
/// Uniqueness is [`ensure_unique`]'s; a CHECK, a key, a generated column or SQL of its own is refused:
/// it stands beside the column or needs others, and could not be compared alone.
pub async fn ensure_column(manager: &SchemaManager<'_>, table: &str, column: &ColumnDef) -> Result<Ensured, DbErr> {
    let (table, name) = (&stored(manager, table), stored(manager, &column.get_column_name()));
    let object = format!("{table}.{}", object(manager, &column.get_column_name()));
    let spec = column.get_column_spec();
    let has_more = spec.check.is_some() || spec.extra.is_some() || spec.generated.is_some();
    if has_more || spec.unique || spec.primary_key {
        return Err(DbErr::Migration(format!(
            "{object} is wanted with more than a column has: leave out CHECK, UNIQUE, PRIMARY KEY, GENERATED and extra \
             SQL, and add what is unique with ensure_unique"
        )));
    }
    let there = required(manager, table).await?;
    let is_it = |live: &&Column| dialect(manager).is_same_column(&live.name, &name);
    let Some(live) = there.columns.iter().find(is_it) else {
        manager.alter_table(Table::alter().table(table.to_owned()).add_column(column.clone()).take()).await?;
        return Ok(Ensured::Added.log("column", &object));
    };
    let alone = Table::create().table(table.to_owned()).col(column.clone()).take();
    let wanted = catalog::render_table(manager.get_connection(), table, &alone).await?;
    let only = |columns: Vec<Column>| LiveTable { columns, ..LiveTable::default() };
    let found = compare(manager, table, only(wanted.columns), only(vec![live.clone()]));
    if found.is_empty() {
        Ok(Ensured::There.log("column", &object))
    } else {
        Err(differs(&format!("column {object}"), &found))
    }
}

/// Adds `index` to `table` unless the table has it, by its name, as wanted.
pub async fn ensure_index(
    manager: &SchemaManager<'_>,
    table: &str,
    index: &IndexCreateStatement,
) -> Result<Ensured, DbErr> {
    let name = index.get_index_spec().get_name().map(str::to_owned);
    let name = name.ok_or_else(|| DbErr::Migration(format!("an index on {table} needs a name to be looked for")))?;
    let (table, object, name) = (&stored(manager, table), object(manager, &name), stored(manager, &name));
    let Some(live) = required(manager, table).await?.index(&name) else {
        manager.create_index(index.clone().table(table.to_owned()).take()).await?;
        return Ok(Ensured::Added.log("index", &object));
    };
    let wanted = catalog::render_index(manager.get_connection(), table, index).await?;
    let only = |index| LiveTable { indexes: vec![index], ..LiveTable::default() };
    let found = compare(manager, table, only(wanted), only(live));
    if found.is_empty() {
        Ok(Ensured::There.log("index", &object))
    } else {
        Err(differs(&format!("index {object}"), &found))
    }
}

/// Makes `columns` of `table` unique together under `name`, unless they are.
///
/// On SQLite, which cannot add a constraint to a table, as a unique index; a constraint of the
/// table's own over the same columns counts as equal there, for SQLite keeps no name of it.
pub async fn ensure_unique(
    manager: &SchemaManager<'_>,
    table: &str,
    name: &str,
    columns: &[&str],
) -> Result<Ensured, DbErr> {
    let dialect = dialect(manager);
    let (table, object, name) = (&stored(manager, table), object(manager, name), &*stored(manager, name));
    let there = required(manager, table).await?;
    let kept: Vec<&str> = columns.iter().map(|column| dialect.stored_name(column)).collect();
    let is_same = |there: &[String]| there == kept;
    if dialect == Dialect::Sqlite && there.uniques.iter().any(|key| is_same(&key.columns)) {
        return Ok(Ensured::There.log("unique", &object));
    }
    let is_constraint = there.uniques.iter().any(|key| key.name.as_deref() == Some(name));
    if let Some(index) = there.index(name) {
        let is_whole = index.unique && index.predicate.is_none() && index.modifiers.is_empty() && is_same(&index.keys);
        if is_whole && (is_constraint || dialect == Dialect::Sqlite) {
            return Ok(Ensured::There.log("unique", &object));
        }
        let kind = match (index.unique, is_constraint) {
            (_, true) => "unique",
            (true, false) => "a unique index over",
            (false, false) => "an index over",
        };
        let mut there = format!("{kind} ({})", index.keys.join(", "));
        let condition = index.predicate.map(|predicate| format!("where {predicate}"));
        for more in condition.into_iter().chain([index.modifiers]).filter(|more| !more.is_empty()) {
            there.push(' ');
            there.push_str(&more);
        }
        return Err(DbErr::Migration(format!(
            "{object} of {table} is there and differs: wanted unique ({}), there is {there}; {MEND}",
            columns.join(", "),
        )));
    }
    if dialect == Dialect::Sqlite {
        let mut index = Index::create().name(name).table(table.to_owned()).unique().take();
        for column in columns {
            index.col((*column).to_owned());
        }
        manager.create_index(index).await?;
    } else {
        let quoted: Vec<String> = columns.iter().map(|column| dialect.quote(column)).collect();
        let (table, constraint) = (dialect.quote(table), dialect.quote(name));
        let sql = format!("ALTER TABLE {table} ADD CONSTRAINT {constraint} UNIQUE ({})", quoted.join(", "));
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(Ensured::Added.log("unique", &object))
}

/// Adds `key` to its table unless the table has it as wanted: by its name, or by its columns. One over
/// the same columns under another name differs.
///
/// SQLite cannot add a foreign key to a table that is there: a missing one is an error that says
/// so. Make it with the table, in [`ensure_table`].
pub async fn ensure_foreign_key(
    manager: &SchemaManager<'_>,
    key: &ForeignKeyCreateStatement,
) -> Result<Ensured, DbErr> {
    let spec = key.get_foreign_key();
    let table = spec.get_table().map(plain_name).transpose()?;
    let table = table.ok_or_else(|| DbErr::Migration("a foreign key needs the table that it is of".to_owned()))?;
    let table = stored(manager, &table);
    let there = required(manager, &table).await?;
    let wanted = foreign_key(manager, spec, &there);
    let object = format!("{table} ({})", wanted.columns.join(", "));
    let by_name = |live: &&Live| live.name.is_some() && live.name == wanted.name;
    let by_columns = |live: &&Live| live.columns == wanted.columns;
    let keys = &there.foreign_keys;
    match keys.iter().find(by_name).or_else(|| keys.iter().find(by_columns)).cloned() {
        Some(live) => {
            let only = |key| LiveTable { foreign_keys: vec![key], ..LiveTable::default() };
            let found = compare(manager, &table, only(wanted), only(live));
            if found.is_empty() {
                Ok(Ensured::There.log("foreign key", &object))
            } else {
                Err(differs(&format!("foreign key {object}"), &found))
            }
        }
        None if dialect(manager) == Dialect::Sqlite => Err(DbErr::Migration(format!(
            "the foreign key {object} is missing, and SQLite cannot add one to a table that is there; \
             make the table anew with it: create, copy, drop, rename"
        ))),
        None => {
            manager.create_foreign_key(key.clone()).await?;
            Ok(Ensured::Added.log("foreign key", &object))
        }
    }
}

/// What to do about something that differs.
const MEND: &str = "make it the wanted one by hand, or drop it if nothing needs it";

/// The refusal of something that is there and differs, with both sides.
fn differs(what: &str, differences: &[Drift]) -> DbErr {
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
    let each = differences.iter().map(|drift| {
        let (wanted, live) = (side(&drift.declared), side(&drift.actual));
        format!("  {}  {}\n      wanted    {wanted}\n      there is  {live}\n", drift.kind, drift.object)
    });
    let is_extra = |drift: &Drift| matches!(drift.kind, Kind::ExtraColumn | Kind::ExtraUnique | Kind::ExtraForeignKey);
    let hint = if differences.iter().all(is_extra) {
        "; if later migrations added that, it is their history which is missing, and the database is as it should be"
    } else {
        ""
    };
    DbErr::Migration(format!("{what} is there and differs\n{}{MEND}{hint}", each.collect::<String>()))
}

/// Every difference, less indexes that are there beside the wanted ones. MariaDB cannot tell a
/// unique index from a unique constraint, so one beside the wanted ones is an index there.
fn compare(manager: &SchemaManager<'_>, table: &str, wanted: LiveTable, live: LiveTable) -> Vec<Drift> {
    let catalog =
        |side: LiveTable| Catalog { tables: [(table.to_owned(), side)].into(), ..Catalog::empty(dialect(manager)) };
    let mut found = catalog::diff(&catalog(wanted), &catalog(live));
    let is_index = |kind| kind == Kind::ExtraIndex || kind == Kind::ExtraUnique && dialect(manager) == Dialect::MariaDb;
    for drift in found.iter().filter(|drift| is_index(drift.kind)) {
        tracing::info!("{} is there beside what is wanted: left alone", drift.object);
    }
    // A statement that makes a table says nothing of these, and a twin of it has none of them.
    let is_beside =
        |kind| matches!(kind, Kind::ExtraTrigger | Kind::ExtraPolicy | Kind::ExtraRule | Kind::TableDiffers);
    found.retain(|drift| drift.severity == Severity::Drift && !is_beside(drift.kind) && !is_index(drift.kind));
    found
}

fn dialect(manager: &SchemaManager<'_>) -> Dialect {
    Dialect::of(manager.get_database_backend())
}

/// A name as the server keeps it: PostgreSQL cuts a long one.
fn stored(manager: &SchemaManager<'_>, name: &str) -> String {
    dialect(manager).stored_name(name).to_owned()
}

/// Whether the server's name of a table or view is that of the wanted one.
fn is_named(manager: &SchemaManager<'_>, there: &str, wanted: &str) -> bool {
    let dialect = dialect(manager);
    dialect.is_same_name(there, dialect.stored_name(wanted))
}

/// A name for messages: with what is kept of it, where that may be another one's name too.
fn object(manager: &SchemaManager<'_>, name: &str) -> String {
    let stored = stored(manager, name);
    if stored == name {
        return stored;
    }
    let whose = "which every name with this beginning is to it: shorten it";
    format!("{name} (PostgreSQL keeps the first {} bytes of it, {stored}, {whose})", stored.len())
}

/// Refuses a table of which two columns, indexes or foreign keys would have one name.
fn refuse_equal_names(manager: &SchemaManager<'_>, table: &TableCreateStatement) -> Result<(), DbErr> {
    let columns: Vec<String> = table.get_columns().iter().map(ColumnDef::get_column_name).collect();
    let indexes = table.get_indexes().iter().filter_map(|index| index.get_index_spec().get_name().map(str::to_owned));
    let keys = table.get_foreign_key_create_stmts().iter();
    let keys = keys.filter_map(|key| key.get_foreign_key().get_name().map(str::to_owned));
    for names in [columns, indexes.chain(keys).collect()] {
        for (at, name) in names.iter().enumerate() {
            let is_equal = |other: &&String| stored(manager, other) == stored(manager, name);
            if let Some(other) = names[..at].iter().filter(|other| *other != name).find(is_equal) {
                return Err(DbErr::Migration(format!(
                    "{other} and {name} are one name to PostgreSQL, which keeps the first 63 bytes of a name: shorten one"
                )));
            }
        }
    }
    Ok(())
}

/// What is in the connection's own namespace.
async fn namespace(manager: &SchemaManager<'_>) -> Result<Catalog, DbErr> {
    let db = manager.get_connection();
    match catalog::current_namespace(db).await? {
        Some(namespace) => catalog::introspect(db, &namespace).await,
        None => Ok(Catalog::empty(dialect(manager))),
    }
}

/// The table of this name, if it is there.
async fn live(manager: &SchemaManager<'_>, table: &str) -> Result<Option<LiveTable>, DbErr> {
    let mut tables = namespace(manager).await?.tables;
    let name = tables.keys().find(|name| is_named(manager, name, table)).cloned();
    Ok(name.and_then(|name| tables.remove(&name)))
}

/// Refuses a view where a table is wanted: they share their names.
async fn refuse_view(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let views = namespace(manager).await?.views;
    if views.keys().any(|name| is_named(manager, name, table)) {
        return Err(DbErr::Migration(format!(
            "{table} is there as a view, and wanted as a table; rename or drop the view"
        )));
    }
    Ok(())
}

async fn required(manager: &SchemaManager<'_>, table: &str) -> Result<LiveTable, DbErr> {
    let there = live(manager, table).await?;
    there.ok_or_else(|| DbErr::Migration(format!("the table {table} is required and missing; make it before")))
}

/// A foreign key as the server would render it; without a name of its own it takes that of the one
/// over the same columns.
fn foreign_key(manager: &SchemaManager<'_>, key: &TableForeignKey, live: &LiveTable) -> Live {
    let dialect = dialect(manager);
    let stored = |names: Vec<String>| -> Vec<String> { names.iter().map(|name| stored(manager, name)).collect() };
    let columns = stored(key.get_columns());
    let same = live.foreign_keys.iter().find(|live| live.columns == columns);
    let own = key.get_name().filter(|_| dialect != Dialect::Sqlite).map(|name| dialect.stored_name(name).to_owned());
    let action = |action: Option<ForeignKeyAction>| {
        dialect.action(match action {
            Some(ForeignKeyAction::Restrict) => Action::Restrict,
            Some(ForeignKeyAction::Cascade) => Action::Cascade,
            Some(ForeignKeyAction::SetNull) => Action::SetNull,
            Some(ForeignKeyAction::SetDefault) => Action::SetDefault,
            _ => Action::NoAction,
        })
    };
    Live {
        name: own.or_else(|| same.and_then(|live| live.name.clone())),
        target: key.get_ref_table().map(|table| target_name(dialect, table)).unwrap_or_default(),
        target_columns: stored(key.get_ref_columns()),
        on_delete: action(key.get_on_delete()),
        on_update: action(key.get_on_update()),
        columns,
        ..Live::default()
    }
}

fn name_of(statement: &TableCreateStatement) -> Result<String, DbErr> {
    let name = statement.get_table_name().ok_or_else(|| DbErr::Migration("a table needs a name".to_owned()))?;
    plain_name(name)
}

/// The name of a foreign key's target as a catalog has it: qualified in another namespace.
fn target_name(dialect: Dialect, table: &TableRef) -> String {
    let stored = |name: &DynIden| dialect.stored_name(&name.to_string()).to_owned();
    match table {
        TableRef::Table(TableName(Some(SchemaName(_, schema)), name), _) => {
            format!("{}.{}", stored(schema), stored(name))
        }
        TableRef::Table(TableName(None, name), _) => stored(name),
        _ => String::new(),
    }
}

/// The name of a table in the connection's own namespace, the one that these functions look at.
fn plain_name(table: &TableRef) -> Result<String, DbErr> {
    match table {
        TableRef::Table(TableName(None, name), None) => Ok(name.to_string()),
        _ => Err(DbErr::Migration(
            "name the table alone, without its schema: it is looked for where the connection's own tables are"
                .to_owned(),
        )),
    }
}
