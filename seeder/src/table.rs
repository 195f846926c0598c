//! A table that a seeder fills: what the engine has to know of its entity.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use async_trait::async_trait;
use catalog::Dialect;
use sea_orm::sea_query::{SchemaName, TableName, TableRef};
use sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IdenStatic, Iterable,
    PrimaryKeyToColumn, PrimaryKeyTrait, Schema as Ddl,
};

use crate::canonical;
use crate::digest::{self, Digested, OrderedBy};
use crate::plan::Scope;

/// A foreign key, as far as verification needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The columns here and there, in pairs.
    pub columns: Vec<(String, String)>,
    /// The PostgreSQL schema or MariaDB database of the table there, where the entity names one.
    pub namespace: Option<String>,
    /// The table there.
    pub target: String,
}

impl Reference {
    /// The table there as SQL writes it.
    pub(crate) fn target_sql(&self, dialect: Dialect) -> String {
        let namespace = self.namespace.as_ref().map(|namespace| format!("{}.", dialect.quote(namespace)));
        format!("{}{}", namespace.unwrap_or_default(), dialect.quote(&self.target))
    }
}

/// The names of those of `tables` whose foreign keys lead back to them, over others or at once.
pub(crate) fn cyclic(tables: &[Box<dyn Seeded>], dialect: Dialect) -> Vec<&'static str> {
    let targets: BTreeMap<&str, Vec<String>> = tables
        .iter()
        .map(|table| (table.name(), table.references(dialect).into_iter().map(|reference| reference.target).collect()))
        .collect();
    let leads_back = |start: &str| {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = vec![start];
        while let Some(table) = open.pop() {
            for target in targets.get(table).into_iter().flatten() {
                if target == start {
                    return true;
                }
                if reached.insert(target.as_str()) {
                    open.push(target);
                }
            }
        }
        false
    };
    tables.iter().map(|table| table.name()).filter(|name| leads_back(name)).collect()
}

/// A table of a seeder, whatever its entity.
#[async_trait]
pub trait Seeded: Send + Sync {
    /// The table's name.
    fn name(&self) -> &'static str;
    /// Whether it holds events or the rest.
    fn scope(&self) -> Scope;
    /// The column that the database numbers when a row brings no id.
    fn numbered(&self) -> Option<&'static str>;
    /// Its foreign keys.
    fn references(&self, dialect: Dialect) -> Vec<Reference>;
    /// The digest of its rows; `read` is told of every so many that are read.
    async fn digest(&self, db: &DatabaseTransaction, read: &(dyn Fn(u64) + Sync)) -> Result<String, DbErr>;
}

/// The table of entity `E`.
pub struct SeededTable<E: EntityTrait> {
    entity: PhantomData<E>,
    scope: Scope,
    /// Columns left out of the digest: surrogate ids of facts, columns the database's clock fills.
    left_out: Vec<E::Column>,
    /// The columns that tell rows apart; empty: all that are digested.
    natural_key: Vec<E::Column>,
}

impl<E: EntityTrait + Default> SeededTable<E> {
    /// A table of dimensions, digested in the order of its primary key, which is part of the plan.
    pub fn dimension() -> Self {
        let natural_key = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
        Self { entity: PhantomData, scope: Scope::Dimensions, left_out: Vec::new(), natural_key }
    }

    /// A table of events, digested without its surrogate key, in the order of all other columns.
    pub fn fact() -> Self {
        let left_out = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
        Self { entity: PhantomData, scope: Scope::Facts, left_out, natural_key: Vec::new() }
    }

    /// The same with columns that the database's clock fills, which are not digested.
    pub fn by_clock(mut self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        self.left_out.extend(columns);
        self
    }

    /// The same in the order of these columns, which tell its rows apart and hold no nulls.
    pub fn grain(mut self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        self.natural_key = columns.into_iter().collect();
        self
    }

    fn digested(&self) -> Vec<E::Column> {
        E::Column::iter().filter(|column| !self.left_out.iter().any(|left| left.as_str() == column.as_str())).collect()
    }

    /// What rows are digested by, ordered by those columns of the natural key that every database orders alike.
    fn digested_by(&self, dialect: Dialect) -> Digested<E::Column> {
        let digested = self.digested();
        let columns = if self.natural_key.is_empty() { &digested } else { &self.natural_key };
        let ordered = columns.iter().filter(|column| canonical::is_ordered(*column)).map(|column| {
            let sql = match column.def().get_column_type() {
                ColumnType::String(_) | ColumnType::Text | ColumnType::Char(_) => dialect.bytewise(column.as_str()),
                _ => dialect.quote(column.as_str()),
            };
            OrderedBy { column: *column, sql, is_nullable: column.def().is_null() }
        });
        let order: Vec<_> = ordered.collect();
        Digested { is_total: order.len() == columns.len(), order, columns: digested }
    }
}

#[async_trait]
impl<E> Seeded for SeededTable<E>
where
    E: EntityTrait + Default,
    E::Column: Send + Sync,
    E::Model: Send + Sync,
{
    fn name(&self) -> &'static str {
        E::default().as_str()
    }

    fn scope(&self) -> Scope {
        self.scope
    }

    fn numbered(&self) -> Option<&'static str> {
        if !E::PrimaryKey::auto_increment() {
            return None;
        }
        let mut keys = E::PrimaryKey::iter();
        let key = keys.next().map(|key| key.into_column().as_str());
        key.filter(|_| keys.next().is_none())
    }

    fn references(&self, dialect: Dialect) -> Vec<Reference> {
        let statement = Ddl::new(dialect.backend()).create_table_from_entity(E::default());
        let references = statement.get_foreign_key_create_stmts().iter().filter_map(|statement| {
            let key = statement.get_foreign_key();
            let TableRef::Table(TableName(namespace, target), _) = key.get_ref_table()? else { return None };
            let columns = key.get_columns().into_iter().zip(key.get_ref_columns()).collect();
            let namespace = namespace.as_ref().map(|SchemaName(_, namespace)| namespace.to_string());
            Some(Reference { columns, namespace, target: target.to_string() })
        });
        references.collect()
    }

    async fn digest(&self, db: &DatabaseTransaction, read: &(dyn Fn(u64) + Sync)) -> Result<String, DbErr> {
        let dialect = Dialect::of(db.get_database_backend());
        digest::of_table::<E>(db, &self.digested_by(dialect), read).await
    }
}
