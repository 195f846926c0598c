//! The structure of a namespace, as plain, ordered, comparable data.
//!
//! Types, defaults and expressions are the engine's own rendering, so two catalogs read from the
//! same engine compare exactly and nothing here needs to understand SQL.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Dialect, counted};

/// What one namespace holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// The engine that rendered the types and expressions.
    pub dialect: Dialect,
    /// Base tables by name; one of another namespace by its qualified name: `analytics.visits`.
    pub tables: BTreeMap<String, Table>,
    /// Views and materialized views by name, likewise.
    pub views: BTreeMap<String, View>,
    /// Enums, domains, composite and range types by name, likewise.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub types: BTreeMap<String, Type>,
    /// Sequences by name, those of columns too, likewise.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sequences: BTreeMap<String, Sequence>,
    /// Functions, procedures and aggregates by name and argument types: `touch(integer)`, likewise.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub routines: BTreeMap<String, Definition>,
    /// Extensions that stand in the namespaces, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extensions: BTreeMap<String, Definition>,
    /// Whatever else stands there, by kind and name: `event nightly`, `statistics object s`, `collation german`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<String, Definition>,
    /// What is said of the namespaces themselves: comment, owner, grants. The first one has no name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub namespaces: BTreeMap<String, About>,
    /// The role that most objects belong to, where they belong to roles: [`About::owners`] tells the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What the role could not read, and the right that it lacks: `the triggers of sales: need TRIGGER on it`.
    /// What stands before the colon is left out of a comparison.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<String>,
}

/// What PostgreSQL says of a materialized view that cannot be read yet.
pub(crate) const NO_DATA: &str = "WITH NO DATA";

impl Catalog {
    /// A catalog without anything in it.
    pub fn empty(dialect: Dialect) -> Self {
        Self {
            dialect,
            tables: BTreeMap::new(),
            views: BTreeMap::new(),
            types: BTreeMap::new(),
            sequences: BTreeMap::new(),
            routines: BTreeMap::new(),
            extensions: BTreeMap::new(),
            others: BTreeMap::new(),
            namespaces: BTreeMap::new(),
            owner: None,
            unseen: Vec::new(),
        }
    }

    /// This catalog without the tables of these names, and without the sequences of their columns.
    pub fn without(mut self, tables: &[&str]) -> Self {
        self.tables.retain(|name, _| !tables.contains(&name.as_str()));
        self.sequences.retain(|_, sequence| {
            let owner = sequence.owned_by.as_ref().and_then(|column| column.rsplit_once('.'));
            owner.is_none_or(|(table, _)| !tables.contains(&table))
        });
        self
    }

    /// This catalog without how far its generators of numbers have come.
    pub fn without_positions(mut self) -> Self {
        self.sequences.values_mut().for_each(|sequence| sequence.position = None);
        self.tables.values_mut().for_each(|table| table.position = None);
        self
    }

    /// This catalog without what is said of its namespaces themselves: that is of the place they are in.
    pub fn with_bare_namespaces(mut self) -> Self {
        self.namespaces.values_mut().for_each(|about| *about = About::default());
        self
    }

    /// This catalog with materialized views that can be read: a script that was made without rows fills none.
    #[must_use]
    pub fn with_views_filled(mut self) -> Self {
        self.views.values_mut().filter(|view| view.modifiers == NO_DATA).for_each(|view| view.modifiers.clear());
        self
    }

    /// This catalog with what another namespace holds, under qualified names.
    pub(crate) fn and(mut self, namespace: &str, other: Self) -> Self {
        fn extend<T>(all: &mut BTreeMap<String, T>, namespace: &str, more: BTreeMap<String, T>) {
            all.extend(more.into_iter().map(|(name, one)| (format!("{namespace}.{name}"), one)));
        }
        extend(&mut self.tables, namespace, other.tables);
        extend(&mut self.views, namespace, other.views);
        extend(&mut self.types, namespace, other.types);
        extend(&mut self.routines, namespace, other.routines);
        extend(&mut self.others, namespace, other.others);
        extend(&mut self.extensions, namespace, other.extensions);
        self.sequences.extend(other.sequences.into_iter().map(|(name, mut sequence)| {
            sequence.owned_by = sequence.owned_by.map(|column| format!("{namespace}.{column}"));
            (format!("{namespace}.{name}"), sequence)
        }));
        self.unseen.extend(other.unseen);
        self.namespaces.extend(other.namespaces.into_values().map(|about| (namespace.to_owned(), about)));
        self
    }

    /// How many objects of each kind there are, in words: "4 tables, 21 columns, ...".
    pub fn counts(&self) -> String {
        let sum = |count: fn(&Table) -> usize| self.tables.values().map(count).sum::<usize>();
        [
            ("table", self.tables.len()),
            ("column", sum(|table| table.columns.len())),
            ("key", sum(|table| usize::from(table.primary_key.is_some()) + table.uniques.len())),
            ("foreign key", sum(|table| table.foreign_keys.len())),
            ("index", sum(|table| table.indexes.len())),
            ("check", sum(|table| table.checks.len())),
            ("view", self.views.len()),
        ]
        .map(|(noun, count)| counted(count, noun))
        .into_iter()
        .chain(self.further_counts())
        .collect::<Vec<_>>()
        .join(", ")
    }

    /// The counts of kinds that most namespaces have none of, where there is any.
    fn further_counts(&self) -> impl Iterator<Item = String> {
        let triggers = self.tables.values().map(|table| table.triggers.len()).sum::<usize>()
            + self.views.values().map(|view| view.triggers.len()).sum::<usize>();
        let policies = self.tables.values().map(|table| table.policies.len()).sum();
        let others = self.extensions.len() + self.others.len();
        [
            ("type", self.types.len()),
            ("sequence", self.sequences.len()),
            ("routine", self.routines.len()),
            ("trigger", triggers),
            ("policy", policies),
            ("other object", others),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(noun, count)| counted(count, noun))
    }
}

/// The statement that makes something, as its server writes it.
///
/// What it says stands in the fields beside it, so two of them are never compared, and it is not
/// serialised: SQLite keeps white space and letter case as they were typed.
#[derive(Clone, Debug, Default, Eq)]
pub struct Rendered(pub String);

impl PartialEq for Rendered {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What is said of an object and its parts, and is no structure: differences in it are notes.
///
/// Each map goes from a part to a text; the object itself is the part without a name, others are
/// a kind and a name: `column region`, `index ix_region`, `constraint ck_region`, `trigger touch`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Whose they are, where that is not the role that most objects of the namespace belong to; on
    /// MariaDB, whose tables belong to nobody, the definer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub owners: BTreeMap<String, String>,
    /// Their comments.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub comments: BTreeMap<String, String>,
    /// Who but the owner may do what with them: `reader: SELECT; writer: INSERT, SELECT`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grants: BTreeMap<String, String>,
    /// How they are stored: `fillfactor=70`, `ROW_FORMAT=COMPRESSED`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub storage: BTreeMap<String, String>,
}

impl About {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        [&self.owners, &self.comments, &self.grants, &self.storage].into_iter().all(BTreeMap::is_empty)
    }
}

/// Something that is compared by its definition as a whole: a trigger, a policy, a function, an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Its definition as the engine renders it; on PostgreSQL the statement that makes it.
    pub definition: String,
    /// What else the engine says of it: `DISABLED`; empty where nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub modifiers: String,
    /// The statement that makes it.
    #[serde(skip)]
    pub sql: Rendered,
    /// What is said of it, where it stands by itself and is no part of a table.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
}

/// A base table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Columns in the order of the table.
    pub columns: Vec<Column>,
    /// The primary key, if there is one.
    pub primary_key: Option<Key>,
    /// Unique constraints; on MariaDB, which does not tell them apart, unique indexes too.
    pub uniques: Vec<Key>,
    /// Foreign keys that this table holds.
    pub foreign_keys: Vec<ForeignKey>,
    /// Indexes that back no constraint.
    pub indexes: Vec<Index>,
    /// CHECK constraints of the table and of its columns.
    pub checks: Vec<Check>,
    /// Exclusion constraints, their definition in place of an expression.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Check>,
    /// Triggers by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub triggers: BTreeMap<String, Definition>,
    /// Policies of row security by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub policies: BTreeMap<String, Definition>,
    /// Rewrite rules by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, Definition>,
    /// What the engine says of the table as a whole, in its own words: `UNLOGGED`, `STRICT`,
    /// `ENGINE=InnoDB`, `PARTITION BY RANGE (day)`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<String>,
    /// What is said of it and its parts.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
    /// The number that its own generator gives next, on engines where a table has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
    /// The statement that makes it, where the engine keeps or shows one.
    #[serde(skip)]
    pub sql: Rendered,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The index of this name, also where it is a unique one that MariaDB calls a key.
    pub fn index(&self, name: &str) -> Option<Index> {
        let unique = |key: &Key| key.name.as_deref() == Some(name);
        self.indexes.iter().find(|index| index.name == name).cloned().or_else(|| {
            self.uniques.iter().find(|key| unique(key)).map(|key| Index {
                name: name.to_owned(),
                unique: true,
                keys: key.columns.clone(),
                modifiers: key.modifiers.clone(),
                ..Index::default()
            })
        })
    }
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type with every modifier, as the engine writes it, and its collation where that is not the
    /// default: `character varying(20)`, `text collate "C"`.
    pub data_type: String,
    /// Whether it accepts NULL.
    pub nullable: bool,
    /// Its default as the engine renders it; none where the default is NULL.
    pub default: Option<String>,
    /// How the engine numbers it, in the engine's words: `AUTOINCREMENT`, `AUTO_INCREMENT`,
    /// `GENERATED BY DEFAULT AS IDENTITY`.
    pub identity: Option<String>,
    /// How it is computed from others, expression and kind: `(quantity * 2) STORED`.
    pub generated: Option<String>,
    /// What else the engine says of it: `ON UPDATE current_timestamp()`, `INVISIBLE`; empty where nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub modifiers: String,
}

/// A primary key or a unique constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its name, where the engine keeps one.
    pub name: Option<String>,
    /// Its columns in order.
    pub columns: Vec<String>,
    /// What else the engine says of it: `DEFERRABLE`, `NOT VALID`, `INVALID`; empty where nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub modifiers: String,
    /// The constraint, or the statement that makes the index, as the server writes it.
    #[serde(skip)]
    pub sql: Rendered,
}

/// A foreign key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Its name, where the engine keeps one.
    pub name: Option<String>,
    /// Its columns in order.
    pub columns: Vec<String>,
    /// The table it points to, qualified when that table is in another namespace.
    pub target: String,
    /// The columns it points to, in order.
    pub target_columns: Vec<String>,
    /// What happens to the rows here when the row there is deleted.
    pub on_delete: Action,
    /// What happens to the rows here when the key there changes.
    pub on_update: Action,
    /// What else the engine says of it: `DEFERRABLE`, `NOT VALID`, `INVALID`; empty where nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub modifiers: String,
    /// The constraint, or the statement that makes the index, as the server writes it.
    #[serde(skip)]
    pub sql: Rendered,
}

/// What a foreign key does when its target goes or changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are those of the SQL standard")]
pub enum Action {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

impl Action {
    /// The action in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }

    /// The action that `sql` names; anything else is the standard's default, NO ACTION.
    pub fn of(sql: &str) -> Self {
        [Self::Restrict, Self::Cascade, Self::SetNull, Self::SetDefault]
            .into_iter()
            .find(|action| action.sql().eq_ignore_ascii_case(sql))
            .unwrap_or(Self::NoAction)
    }
}

/// An index that backs no constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether it forbids duplicates.
    pub unique: bool,
    /// Its access method, as the engine writes it; none on SQLite, which has one.
    pub method: Option<String>,
    /// Its columns and expressions in order, each with its direction unless that is the default.
    pub keys: Vec<String>,
    /// The condition of a partial index.
    pub predicate: Option<String>,
    /// What else the engine says of it: `DEFERRABLE`, `NOT VALID`, `INVALID`; empty where nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub modifiers: String,
    /// The constraint, or the statement that makes the index, as the server writes it.
    #[serde(skip)]
    pub sql: Rendered,
}

/// A view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Whether it keeps its rows until it is refreshed.
    pub materialized: bool,
    /// Its query as the engine renders it; on SQLite its whole statement.
    pub definition: String,
    /// Its columns, each with its type, where the engine tells: `total numeric(10,2)`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// What else the engine says of it: `security_barrier=true`, `SQL SECURITY INVOKER`; empty where nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub modifiers: String,
    /// The indexes of a materialized view.
    pub indexes: Vec<Index>,
    /// Triggers by name, which do what writing to it means.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub triggers: BTreeMap<String, Definition>,
    /// Rewrite rules by name, besides the one that is its query.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, Definition>,
    /// What is said of it and its parts.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
    /// The statement that makes it.
    #[serde(skip)]
    pub sql: Rendered,
}

/// A type that somebody made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Type {
    /// What kind of type it is, and what it is made of.
    pub form: Form,
    /// What is said of it.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
}

/// What a type is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Words in an order.
    Enum(Vec<String>),
    /// Another type, with conditions.
    Domain {
        /// The type beneath, and its collation where that is not the default.
        base: String,
        /// Whether it accepts NULL.
        nullable: bool,
        /// Its default as the engine renders it.
        default: Option<String>,
        /// Its CHECK constraints.
        checks: Vec<Check>,
    },
    /// Attributes in order, each with its type: `street text`.
    Composite(Vec<String>),
    /// A range over another type, in the words that make it: `subtype = numeric`.
    Range(String),
}

/// A generator of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Everything but where it stands, in the words that make it: `AS bigint INCREMENT BY 1 ...`.
    pub definition: String,
    /// The column that it belongs to, in its table's namespace: `sales.sale_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<String>,
    /// Whether it is a column's identity, made and dropped with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_identity: bool,
    /// The last number that it gave; none where it has given none, or the engine does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
    /// What is said of it.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
}

/// A CHECK constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its condition as the engine renders it.
    pub expression: String,
    /// What else the engine says of it: `DEFERRABLE`, `NOT VALID`, `INVALID`; empty where nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub modifiers: String,
    /// The constraint, or the statement that makes the index, as the server writes it.
    #[serde(skip)]
    pub sql: Rendered,
}
