//! `kiln_history`: what kiln knows of a migration beyond its version.
//!
//! One row a migration, at position 0. While a migration is under way whose statements the engine
//! commits one by one, each of them has a row too, at its own position: the journal. Long texts are
//! kept in pieces, at positions below 0.

use std::collections::BTreeMap;

use catalog::Dialect;
use chrono::Utc;
use sea_orm::sea_query::{
    Alias, ColumnDef, ColumnType, Expr, ExprTrait, Index, IntoIden, IntoTableRef, Order, Query, Table, TableRef,
};
use sea_orm::{ConnectionTrait, DbErr, DeriveIden, QueryResult, Value};
use serde::{Deserialize, Serialize};

use super::super::plan::Direction;
use super::super::statement;
use super::pieces::{self, Field, Pieces};

/// The name of the table.
pub(crate) const TABLE: &str = "kiln_history";

#[derive(Clone, Copy, DeriveIden)]
pub(super) enum Own {
    Version,
    Position,
    State,
    Sql,
    Checksum,
    Result,
    Milliseconds,
    Tool,
    RecordedAt,
}

const COLUMNS: [Own; 9] = [
    Own::Version,
    Own::Position,
    Own::State,
    Own::Sql,
    Own::Checksum,
    Own::Result,
    Own::Milliseconds,
    Own::Tool,
    Own::RecordedAt,
];

/// How a migration came to be in the history, or how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Origin {
    /// kiln ran it.
    Applied,
    /// Its structure was there, and `baseline` recorded it.
    Baseline,
    /// Another program recorded it.
    External,
    /// It is being applied, or was when its run ended.
    Applying,
    /// It is being rolled back, or was when its run ended.
    RollingBack,
}

impl Origin {
    const ALL: [Self; 5] = [Self::Applied, Self::Baseline, Self::External, Self::Applying, Self::RollingBack];

    /// The word for it in the table.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Baseline => "baseline",
            Self::External => "external",
            Self::Applying => "applying",
            Self::RollingBack => "rolling back",
        }
    }

    /// Which way the migration was going, if it is half done.
    pub(crate) fn half(self) -> Option<Direction> {
        match self {
            Self::Applying => Some(Direction::Up),
            Self::RollingBack => Some(Direction::Down),
            Self::Applied | Self::Baseline | Self::External => None,
        }
    }

    /// The state of a migration that is on its way.
    pub(crate) fn under_way(direction: Direction) -> Self {
        match direction {
            Direction::Up => Self::Applying,
            Direction::Down => Self::RollingBack,
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.word() == word)
    }
}

/// An SQL text of a migration and how often it runs in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Text {
    pub(crate) sql: String,
    pub(crate) times: usize,
}

/// What a migration emits on an empty place, less its looks at what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Texts(pub(crate) Vec<Text>);

impl Texts {
    /// The checksum: white space, line ends, comments and bound values left out.
    pub(crate) fn checksum(&self, dialect: Dialect) -> String {
        let each = self.0.iter().map(|text| format!("{} {}", text.times, text.sql));
        statement::checksum(dialect, &each.collect::<Vec<_>>())
    }

    /// Whether they say who may do what.
    pub(crate) fn grants(&self, dialect: Dialect) -> bool {
        let texts = self.0.iter().flat_map(|text| statement::split(dialect, &text.sql));
        let mut words = texts.filter_map(|text| text.split_whitespace().next().map(str::to_ascii_uppercase));
        words.any(|word| matches!(word.as_str(), "GRANT" | "REVOKE"))
    }
}

/// What is known of one migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) origin: Origin,
    /// None where nothing was recorded, or where two replays differ.
    pub(crate) checksum: Option<String>,
    pub(crate) texts: Texts,
    pub(crate) milliseconds: Option<u64>,
    /// The version of kiln that recorded it.
    pub(crate) tool: String,
}

impl Known {
    /// What this build records of a migration now.
    pub(crate) fn new(origin: Origin, dialect: Dialect, texts: Option<&Texts>, milliseconds: Option<u64>) -> Self {
        Self {
            origin,
            checksum: texts.map(|texts| texts.checksum(dialect)),
            texts: texts.cloned().unwrap_or_default(),
            milliseconds,
            tool: concat!("kiln ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// A statement of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) sql: String,
    /// Whether it is done; one that is not may have been under way.
    pub(crate) is_done: bool,
    /// Of what was there before it, where its end is not in its own transaction.
    pub(crate) fingerprint: Option<String>,
    /// What it gave.
    pub(crate) result: Option<String>,
}

/// How many statements of a journal are done that changed something.
pub(crate) fn changes(dialect: Dialect, journal: &BTreeMap<usize, Entry>) -> usize {
    let is_change = |entry: &&Entry| entry.is_done && statement::kind(dialect, &entry.sql) != statement::Kind::Read;
    journal.values().filter(is_change).count()
}

const INTENT: &str = "intent";
const DONE: &str = "done";

/// The statement that makes the table unless it is there.
pub(crate) fn create(dialect: Dialect, namespace: &str) -> String {
    let long = || match dialect {
        // TEXT ends at 64 KiB there.
        Dialect::MariaDb => ColumnType::custom("longtext"),
        Dialect::Sqlite | Dialect::Postgres => ColumnType::Text,
    };
    let table = Table::create()
        .table(table(namespace))
        .if_not_exists()
        .col(ColumnDef::new(Own::Version).string_len(255).not_null())
        .col(ColumnDef::new(Own::Position).integer().not_null())
        .col(ColumnDef::new(Own::State).string_len(20).not_null())
        .col(ColumnDef::new_with_type(Own::Sql, long()))
        .col(ColumnDef::new(Own::Checksum).string_len(64))
        .col(ColumnDef::new_with_type(Own::Result, long()))
        .col(ColumnDef::new(Own::Milliseconds).big_integer())
        .col(ColumnDef::new(Own::Tool).string_len(40).not_null())
        .col(ColumnDef::new(Own::RecordedAt).big_integer().not_null())
        .primary_key(Index::create().col(Own::Version).col(Own::Position))
        .take();
    let backend = dialect.backend();
    let sql = backend.build(&table).sql;
    // A migration may ask for last_insert_rowid() after a statement: the journal must not move it.
    if dialect == Dialect::Sqlite { format!("{sql} WITHOUT ROWID") } else { sql }
}

/// The statement that drops the table.
pub(crate) fn drop(dialect: Dialect, namespace: &str) -> String {
    format!("DROP TABLE {}.{}", dialect.quote(namespace), dialect.quote(TABLE))
}

/// What is known of every migration, by version. The table must be there.
pub(crate) async fn read(db: &impl ConnectionTrait, namespace: &str) -> Result<BTreeMap<String, Known>, DbErr> {
    let select = Query::select()
        .columns(COLUMNS)
        .from(table(namespace))
        .and_where(Expr::col(Own::Position).eq(0))
        .order_by(Own::Version, Order::Asc)
        .take();
    let pieces = pieces::read(db, namespace, None, (0, 0)).await?;
    let mut known = BTreeMap::new();
    for row in db.query_all(&select).await? {
        let word: String = row.try_get("", "state")?;
        let unknown = || DbErr::Custom(format!("{TABLE} has the state {word}, which this build does not know"));
        known.insert(
            row.try_get("", "version")?,
            Known {
                origin: Origin::of(&word).ok_or_else(unknown)?,
                checksum: row.try_get("", "checksum")?,
                texts: texts(&row, &pieces)?,
                milliseconds: row
                    .try_get::<Option<i64>>("", "milliseconds")?
                    .and_then(|milliseconds| u64::try_from(milliseconds).ok()),
                tool: row.try_get("", "tool")?,
            },
        );
    }
    Ok(known)
}

fn texts(row: &QueryResult, pieces: &Pieces) -> Result<Texts, DbErr> {
    let kept: Option<String> = row.try_get("", "sql")?;
    let version: String = row.try_get("", "version")?;
    let json = kept.and_then(|kept| pieces::whole(pieces, &version, 0, Field::Sql, kept));
    // What another version of kiln wrote otherwise is as good as nothing.
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

/// Writes what is known of a migration, in place of what was, and ends its journal.
pub(crate) async fn write(
    db: &impl ConnectionTrait,
    namespace: &str,
    version: &str,
    known: &Known,
) -> Result<(), DbErr> {
    remove(db, namespace, version).await?;
    for row in inserts(namespace, version, known) {
        db.execute(&row).await?;
    }
    Ok(())
}

/// The statements that add what is known of a migration: its row, and before it the pieces of long texts.
pub(crate) fn inserts(namespace: &str, version: &str, known: &Known) -> Vec<sea_orm::sea_query::InsertStatement> {
    let texts = serde_json::to_string(&known.texts).expect("texts are plain data");
    let is_kept = known.checksum.is_some() && !known.texts.0.is_empty();
    let texts = is_kept.then(|| pieces::keep(namespace, version, 0, Field::Sql, texts)).flatten();
    // Of texts that are too long for all pieces the checksum alone is kept.
    let (texts, mut rows) = texts.map_or((None, Vec::new()), |(texts, pieces)| (Some(texts), pieces));
    rows.push(row(
        namespace,
        version,
        0,
        [
            known.origin.word().into(),
            texts.into(),
            known.checksum.clone().into(),
            Value::String(None),
            known.milliseconds.map(|milliseconds| i64::try_from(milliseconds).unwrap_or(i64::MAX)).into(),
        ],
    ));
    rows
}

/// Forgets a migration and its journal.
pub(crate) async fn remove(db: &impl ConnectionTrait, namespace: &str, version: &str) -> Result<(), DbErr> {
    db.execute(&removal(namespace, version)).await.map(std::mem::drop)
}

/// The statement that forgets a migration.
pub(crate) fn removal(namespace: &str, version: &str) -> sea_orm::sea_query::DeleteStatement {
    Query::delete().from_table(table(namespace)).and_where(Expr::col(Own::Version).eq(version)).take()
}

/// Marks a migration as under way by the runner of this token, keeping what else is known of it.
pub(crate) async fn mark(
    db: &impl ConnectionTrait,
    namespace: &str,
    version: &str,
    direction: Direction,
    token: &str,
) -> Result<(), DbErr> {
    let origin = Origin::under_way(direction).word();
    let update = Query::update()
        .table(table(namespace))
        .value(Own::State, origin)
        .value(Own::Result, token)
        .and_where(Expr::col(Own::Version).eq(version))
        .and_where(Expr::col(Own::Position).eq(0))
        .take();
    if db.execute(&update).await?.rows_affected() == 0 {
        let nothing = Value::String(None);
        let values = [origin.into(), nothing.clone(), nothing, token.into(), Value::BigInt(None)];
        db.execute(&row(namespace, version, 0, values)).await?;
    }
    Ok(())
}

/// Whether the runner of this token still has the migration; if so, keeps it until the transaction ends.
///
/// With the number of a MariaDB `session`, only as long as it is that one: a pool opens another in silence when
/// its connection is lost, and what the migration has set is gone with it.
pub(crate) async fn holds(
    db: &impl ConnectionTrait,
    namespace: &str,
    version: &str,
    token: &str,
    session: Option<u64>,
) -> Result<bool, DbErr> {
    let update = Query::update()
        .table(table(namespace))
        .value(Own::RecordedAt, Utc::now().timestamp())
        .and_where(Expr::col(Own::Version).eq(version))
        .and_where(Expr::col(Own::Position).eq(0))
        .and_where(Expr::col(Own::Result).eq(token))
        .and_where_option(session.map(|session| Expr::cust("CONNECTION_ID()").eq(session)))
        .take();
    Ok(db.execute(&update).await?.rows_affected() > 0)
}

/// Takes the statements after this one out of the journal.
pub(crate) async fn strike_after(
    db: &impl ConnectionTrait,
    namespace: &str,
    version: &str,
    position: usize,
) -> Result<(), DbErr> {
    let delete = Query::delete()
        .from_table(table(namespace))
        .and_where(Expr::col(Own::Version).eq(version))
        .and_where(
            Expr::col(Own::Position)
                .gt(number(position))
                .or(Expr::col(Own::Position).lt(pieces::lowest(number(position)))),
        )
        .take();
    db.execute(&delete).await.map(std::mem::drop)
}

/// Ends the journal of a rollback that does not go on: the migration is applied, as far as it is.
pub(crate) async fn forget_journal(db: &impl ConnectionTrait, namespace: &str, version: &str) -> Result<(), DbErr> {
    strike_after(db, namespace, version, 0).await?;
    let update = Query::update()
        .table(table(namespace))
        .value(Own::State, Origin::Applied.word())
        .value(Own::Result, Option::<String>::None)
        .and_where(Expr::col(Own::Version).eq(version))
        .and_where(Expr::col(Own::Position).eq(0))
        .take();
    db.execute(&update).await.map(std::mem::drop)
}

/// The journal of a migration, by position.
pub(crate) async fn journal(
    db: &impl ConnectionTrait,
    namespace: &str,
    version: &str,
) -> Result<BTreeMap<usize, Entry>, DbErr> {
    let select = Query::select()
        .columns(COLUMNS)
        .from(table(namespace))
        .and_where(Expr::col(Own::Version).eq(version))
        .and_where(Expr::col(Own::Position).gt(0))
        .take();
    let pieces = pieces::read(db, namespace, Some(version), (1, i32::MAX)).await?;
    let mut entries = BTreeMap::new();
    for row in db.query_all(&select).await? {
        let position: i32 = row.try_get("", "position")?;
        let state: String = row.try_get("", "state")?;
        let text = |column, field| -> Result<Option<String>, DbErr> {
            let kept: Option<String> = row.try_get("", column)?;
            Ok(kept.and_then(|kept| pieces::whole(&pieces, version, position, field, kept)))
        };
        let entry = Entry {
            sql: text("sql", Field::Sql)?.unwrap_or_default(),
            is_done: state == DONE,
            fingerprint: row.try_get("", "checksum")?,
            result: text("result", Field::Result)?,
        };
        entries.insert(position.unsigned_abs() as usize, entry);
    }
    Ok(entries)
}

/// Adds a statement to the journal, or says of one that it is done: in one statement after the pieces of
/// long texts, for a run may be killed between two.
pub(crate) async fn note(
    db: &impl ConnectionTrait,
    namespace: &str,
    version: &str,
    position: usize,
    entry: &Entry,
) -> Result<(), DbErr> {
    let state = if entry.is_done { DONE } else { INTENT };
    let result = match entry.result.clone() {
        Some(result) => Some(pieces::write(db, namespace, version, number(position), Field::Result, result).await?),
        None => None,
    };
    let update = Query::update()
        .table(table(namespace))
        .values([
            (Own::State, state.into()),
            (Own::Checksum, entry.fingerprint.clone().into()),
            (Own::Result, result.clone().into()),
            (Own::RecordedAt, Utc::now().timestamp().into()),
        ])
        .and_where(Expr::col(Own::Version).eq(version))
        .and_where(Expr::col(Own::Position).eq(number(position)))
        .take();
    if db.execute(&update).await?.rows_affected() > 0 {
        return Ok(());
    }
    let sql = pieces::write(db, namespace, version, number(position), Field::Sql, entry.sql.clone()).await?;
    let values = [state.into(), sql.into(), entry.fingerprint.clone().into(), result.into(), Value::BigInt(None)];
    db.execute(&row(namespace, version, number(position), values)).await.map(std::mem::drop)
}

/// Takes a statement out of the journal.
pub(crate) async fn strike(
    db: &impl ConnectionTrait,
    namespace: &str,
    version: &str,
    position: usize,
) -> Result<(), DbErr> {
    let delete = Query::delete()
        .from_table(table(namespace))
        .and_where(Expr::col(Own::Version).eq(version))
        .and_where(Expr::col(Own::Position).eq(number(position)).or(pieces_of(position)))
        .take();
    db.execute(&delete).await.map(std::mem::drop)
}

/// The positions of the pieces of a statement's texts.
fn pieces_of(position: usize) -> Expr {
    let position = number(position);
    let above = pieces::lowest(position.saturating_sub(1));
    Expr::col(Own::Position).gte(pieces::lowest(position)).and(Expr::col(Own::Position).lt(above))
}

pub(super) fn row(
    namespace: &str,
    version: &str,
    position: i32,
    values: [Value; 5],
) -> sea_orm::sea_query::InsertStatement {
    let [state, sql, checksum, result, milliseconds] = values;
    let tool = concat!("kiln ", env!("CARGO_PKG_VERSION"));
    let now = Utc::now().timestamp();
    let values: [Value; 9] =
        [version.into(), position.into(), state, sql, checksum, result, milliseconds, tool.into(), now.into()];
    Query::insert()
        .into_table(table(namespace))
        .columns(COLUMNS.map(IntoIden::into_iden))
        .values_panic(values.map(Expr::value))
        .take()
}

fn number(position: usize) -> i32 {
    i32::try_from(position).expect("a migration has fewer statements than 2^31")
}

/// The table by its qualified name: what the session looks names up in has no say.
pub(super) fn table(namespace: &str) -> TableRef {
    (Alias::new(namespace), Alias::new(TABLE)).into_table_ref()
}
