//! The ledger of a namespace, `kiln_seed_runs`: which run made the rows, and how to make them again.
//!
//! An entry is written in the transaction of its rows. It counts only while the tables hold the
//! rows it counted; one whose rows were replaced, deleted or dropped is closed.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, Schema as Ddl, Set};
use serde::{Deserialize, Serialize};

use crate::plan::Plan;

/// The name of the ledger's table.
pub const TABLE: &str = "kiln_seed_runs";

/// One run.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kiln_seed_runs")]
pub struct Model {
    /// Runs are numbered in the order in which they finished.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The seeder's name.
    #[sea_orm(column_type = "String(StringLen::N(100))")]
    pub generator: String,
    /// The version of its generator: another one may give other values.
    pub generator_version: i32,
    /// `fill`, `full-new`, `append` or `delete`.
    #[sea_orm(column_type = "String(StringLen::N(20))")]
    pub operation: String,
    /// The plan as JSON.
    pub plan: Json,
    /// The hash of what the rows follow from: generator, version, seed, options.
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub plan_hash: String,
    /// The number that every random value follows from.
    pub seed: i64,
    /// The first day of the run's events.
    pub range_start: Option<Date>,
    /// The last day of the run's events.
    pub range_end: Option<Date>,
    /// What each table got and held afterwards: see [`TableEntry`].
    pub tables: Json,
    /// When the run started, in UTC.
    pub started_at: DateTime,
    /// When its rows were verified, in UTC.
    pub finished_at: DateTime,
    /// When its rows were replaced, deleted or dropped, in UTC.
    pub closed_at: Option<DateTime>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The run's plan; none where the JSON is not ours.
    pub fn plan(&self) -> Option<Plan> {
        serde_json::from_value(self.plan.clone()).ok()
    }
}

/// What a run did to one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Rows it inserted.
    pub inserted: u64,
    /// Rows it deleted.
    pub deleted: u64,
    /// Rows that the table held afterwards.
    pub rows: u64,
    /// The digest of those rows.
    pub digest: String,
}

/// The tables of an entry by name; empty where the JSON is not ours.
pub fn tables(entry: &Model) -> BTreeMap<String, TableEntry> {
    serde_json::from_value(entry.tables.clone()).unwrap_or_default()
}

/// Makes the ledger unless it is there.
pub(crate) async fn install(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let mut statement = Ddl::new(db.get_database_backend()).create_table_from_entity(Entity);
    db.execute(statement.if_not_exists()).await.map(drop)
}

/// Every entry of a generator, oldest first. The ledger must be there.
pub(crate) async fn read(db: &impl ConnectionTrait, generator: &str) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Generator.eq(generator)).order_by_asc(Column::Id).all(db).await
}

/// The entries that nothing has closed, oldest first. The ledger must be there.
pub async fn open(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::ClosedAt.is_null()).order_by_asc(Column::Id).all(db).await
}

/// Writes the entry of a finished run, and closes those before it unless it `adds` to their rows.
pub(crate) async fn record(
    db: &impl ConnectionTrait,
    plan: &Plan,
    tables: &BTreeMap<String, TableEntry>,
    adds: bool,
    (started_at, finished_at): (NaiveDateTime, NaiveDateTime),
) -> Result<(), DbErr> {
    if !adds {
        close(db, finished_at).await?;
    }
    let json = |value: Result<Json, serde_json::Error>| value.map_err(|error| DbErr::Json(error.to_string()));
    let entry = ActiveModel {
        generator: Set(plan.generator.clone()),
        generator_version: Set(i32::try_from(plan.generator_version).expect("generator versions are small")),
        operation: Set(plan.operation.name().to_owned()),
        plan: Set(json(serde_json::to_value(plan))?),
        plan_hash: Set(plan.hash()),
        seed: Set(i64::try_from(plan.seed).expect("a seed is bounded by its option")),
        range_start: Set(plan.range.map(|range| range.0)),
        range_end: Set(plan.range.map(|range| range.1)),
        tables: Set(json(serde_json::to_value(tables))?),
        started_at: Set(started_at),
        finished_at: Set(finished_at),
        closed_at: Set(None),
        ..Default::default()
    };
    Entity::insert(entry).exec_without_returning(db).await.map(drop)
}

/// Closes every open entry: the rows they counted are gone. The ledger must be there.
pub async fn close(db: &impl ConnectionTrait, now: NaiveDateTime) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ClosedAt, Expr::value(now))
        .filter(Column::ClosedAt.is_null())
        .exec(db)
        .await
        .map(drop)
}
