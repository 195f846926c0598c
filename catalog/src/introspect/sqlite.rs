//! SQLite, read through its PRAGMA functions, and from the text that it keeps where those are silent.

mod draft;
mod key;
mod query;

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::{Tables, Views, select, sql_text};
use crate::{Catalog, Definition, Dialect, Rendered, View};
use draft::Draft;
pub(super) use query::base_tables;
use sql_text::Scope;

/// An object as `sqlite_schema` has it.
struct Entry {
    kind: String,
    name: String,
    /// The table or view that it is on; its own name where it is one.
    owner: String,
    sql: String,
}

/// What SQLite says of a table or view as a whole.
struct Listed {
    kind: String,
    without_rowid: bool,
    strict: bool,
}

/// Tables while they are read.
type Drafts<'a> = BTreeMap<String, Draft<'a>>;

pub(super) async fn catalog(db: &impl ConnectionTrait, namespace: &str) -> Result<Catalog, DbErr> {
    let entries = entries(db, namespace).await?;
    let listed = listed(db, namespace).await?;
    let mut drafts = Drafts::new();
    let mut others = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.kind == "table" && !entry.name.starts_with("sqlite_")) {
        let listed = listed.get(&entry.name);
        if is_virtual(entry) {
            let definition = sql_text::virtual_table(&entry.sql);
            others.insert(format!("virtual table {}", entry.name), defined(definition, entry));
        } else if listed.is_none_or(|listed| listed.kind != "shadow") {
            drafts.insert(entry.name.clone(), Draft::new(entry, listed));
        }
    }
    read(db, namespace, &mut drafts).await?;
    if entries.iter().any(|entry| entry.name == "sqlite_sequence") {
        for row in select(db, &query::positions(namespace), []).await? {
            if let Some(draft) = owner(&mut drafts, &row)? {
                let last: i64 = row.try_get("", "last")?;
                draft.table.position = Some(last.saturating_add(1));
            }
        }
    }
    let mut tables: Tables = drafts.into_iter().map(|(name, draft)| (name, draft.finished())).collect();
    key::settle_targets(&mut tables);
    let scope = scope(&entries, &tables);
    let mut views = views(&entries, &scope);
    add_triggers(&entries, &scope, &mut tables, &mut views);
    Ok(Catalog { tables, views, others, ..Catalog::empty(Dialect::Sqlite) })
}

async fn entries(db: &impl ConnectionTrait, namespace: &str) -> Result<Vec<Entry>, DbErr> {
    let entry = |row: &QueryResult| {
        Ok(Entry {
            kind: row.try_get("", "kind")?,
            name: row.try_get("", "name")?,
            owner: row.try_get("", "owner")?,
            sql: row.try_get("", "sql")?,
        })
    };
    select(db, &query::entries(namespace), []).await?.iter().map(entry).collect()
}

async fn listed(db: &impl ConnectionTrait, namespace: &str) -> Result<BTreeMap<String, Listed>, DbErr> {
    let listed = |row: &QueryResult| {
        let listed = Listed {
            kind: row.try_get("", "kind")?,
            without_rowid: row.try_get("", "without_rowid")?,
            strict: row.try_get("", "strict")?,
        };
        Ok((row.try_get("", "name")?, listed))
    };
    select(db, &query::listed(namespace), []).await?.iter().map(listed).collect()
}

/// Reads the columns, indexes and foreign keys of all tables.
async fn read(db: &impl ConnectionTrait, namespace: &str, drafts: &mut Drafts<'_>) -> Result<(), DbErr> {
    for row in select(db, &query::columns(namespace), []).await? {
        if let Some(draft) = owner(drafts, &row)? {
            draft.add_column(&row)?;
        }
    }
    for draft in drafts.values_mut() {
        draft.settle_scope();
    }
    for row in select(db, &query::indexes(namespace), []).await? {
        if let Some(draft) = owner(drafts, &row)? {
            draft.add_index_key(&row)?;
        }
    }
    for row in select(db, &query::foreign_keys(namespace), []).await? {
        if let Some(draft) = owner(drafts, &row)? {
            draft.add_foreign_key_column(&row)?;
        }
    }
    Ok(())
}

/// The table that a row belongs to; none where it is of a kind that is not read, or came into being just now.
fn owner<'t, 'a>(drafts: &'t mut Drafts<'a>, row: &QueryResult) -> Result<Option<&'t mut Draft<'a>>, DbErr> {
    let name: String = row.try_get("", "table_name")?;
    Ok(drafts.get_mut(&name))
}

/// Whether a table is its module's business. SQLite itself starts each statement that it keeps.
fn is_virtual(entry: &Entry) -> bool {
    entry.kind == "table" && entry.sql.starts_with("CREATE VIRTUAL TABLE")
}

/// Every name that a view or trigger can mean: those of tables, views and columns, and those that views give.
fn scope(entries: &[Entry], tables: &Tables) -> Scope<'static> {
    let mut scope = Scope::default();
    let columns = tables.values().flat_map(|table| &table.columns).map(|column| column.name.to_ascii_lowercase());
    scope.names.extend(columns);
    for entry in entries {
        scope.names.insert(entry.name.to_ascii_lowercase());
        if entry.kind == "view" {
            scope.learn(&sql_text::tokens(&entry.sql));
        } else if is_virtual(entry) {
            scope.names.extend(sql_text::names_of_virtual_table(&entry.sql));
        }
    }
    scope
}

fn views(entries: &[Entry], scope: &Scope<'_>) -> Views {
    let view = |entry: &Entry| {
        let definition = sql_text::view(&entry.sql, scope);
        (entry.name.clone(), View { definition, sql: Rendered(entry.sql.clone()), ..View::default() })
    };
    entries.iter().filter(|entry| entry.kind == "view").map(view).collect()
}

/// Gives each trigger to the table or view that it is on, which SQLite names as it was written.
fn add_triggers(entries: &[Entry], scope: &Scope<'_>, tables: &mut Tables, views: &mut Views) {
    let names = tables.keys().chain(views.keys());
    let names: BTreeMap<String, String> = names.map(|name| (name.to_ascii_lowercase(), name.clone())).collect();
    for entry in entries.iter().filter(|entry| entry.kind == "trigger") {
        let Some(owner) = names.get(&entry.owner.to_ascii_lowercase()) else { continue };
        let table = tables.get_mut(owner).map(|table| &mut table.triggers);
        let triggers = table.or_else(|| views.get_mut(owner).map(|view| &mut view.triggers));
        if let Some(triggers) = triggers {
            triggers.insert(entry.name.clone(), defined(sql_text::trigger(&entry.sql, scope), entry));
        }
    }
}

fn defined(definition: String, entry: &Entry) -> Definition {
    Definition { definition, sql: Rendered(entry.sql.clone()), ..Definition::default() }
}
