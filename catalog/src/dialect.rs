//! The facts in which the three databases differ, one table of them.

use std::fmt;
use std::time::Duration;

use sea_orm::{DbBackend, DbErr};
use serde::{Deserialize, Serialize};

use crate::Action;

/// A database engine that kiln talks to, and what is particular about its SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// SQLite, one file a namespace.
    Sqlite,
    /// PostgreSQL, one PostgreSQL schema a namespace.
    Postgres,
    /// MariaDB, one database a namespace.
    MariaDb,
}

impl Dialect {
    /// Every dialect, in the order in which reports list them.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::MariaDb];

    /// The dialect that a SeaORM connection speaks.
    pub fn of(backend: DbBackend) -> Self {
        match backend {
            DbBackend::Postgres => Self::Postgres,
            DbBackend::MySql => Self::MariaDb,
            _ => Self::Sqlite,
        }
    }

    /// SeaORM's name for this dialect.
    pub fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
            Self::MariaDb => DbBackend::MySql,
        }
    }

    /// The product's name, as its makers write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MariaDb => "MariaDB",
        }
    }

    /// How many values one statement may bind.
    ///
    /// SQLite is compiled with 32,766; the wire protocols of the other two count them in 16 bits.
    pub fn max_binds(self) -> usize {
        match self {
            Self::Sqlite => 32_766,
            Self::Postgres | Self::MariaDb => 65_535,
        }
    }

    /// The longest text of a statement in bytes; none where it is a setting of the server (MariaDB).
    ///
    /// SQLite is compiled with 1,000,000,000 (`SQLITE_MAX_SQL_LENGTH`); PostgreSQL allocates 1 GiB less one byte at most.
    pub fn longest_statement(self) -> Option<u64> {
        match self {
            Self::Sqlite => Some(1_000_000_000),
            Self::Postgres => Some(0x3fff_ffff),
            Self::MariaDb => None,
        }
    }

    /// The part of a name that the engine keeps: PostgreSQL cuts it after 63 bytes (`NAMEDATALEN` less one),
    /// before the letter that would be split. The others take it whole or refuse it.
    pub fn stored_name(self, name: &str) -> &str {
        const POSTGRES: usize = 63;
        if self == Self::Postgres { &name[..name.floor_char_boundary(POSTGRES)] } else { name }
    }

    /// Whether a schema change can be rolled back. MariaDB commits before and after each one.
    pub fn transactional_ddl(self) -> bool {
        self != Self::MariaDb
    }

    /// Whether an engine's foreign keys have to be switched off while tables are rebuilt.
    pub fn rebuilds_tables(self) -> bool {
        self == Self::Sqlite
    }

    /// Whether namespaces stand side by side in one database, so that a schema can own several.
    pub fn has_neighbours(self) -> bool {
        self == Self::Postgres
    }

    /// The statement that switches foreign keys on or off for this connection, where dropping tables
    /// that point to each other needs it.
    pub fn foreign_keys(self, are_on: bool) -> Option<&'static str> {
        match (self, are_on) {
            (Self::MariaDb, false) => Some("SET foreign_key_checks = 0"),
            (Self::MariaDb, true) => Some("SET foreign_key_checks = 1"),
            (Self::Sqlite | Self::Postgres, _) => None,
        }
    }

    /// The statements that make a session like a new one within a transaction, where a pooler may have given it
    /// to others before: what `DISCARD ALL` does, which PostgreSQL refuses there.
    pub fn reset_in_transaction(self) -> Option<&'static str> {
        (self == Self::Postgres).then_some(
            "CLOSE ALL; UNLISTEN *; SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD PLANS; DISCARD SEQUENCES; \
             DISCARD TEMP",
        )
    }

    /// The statements that give a session, within a transaction, the role and the settings that its driver
    /// began it with, whatever was set since.
    ///
    /// Behind a pooler PostgreSQL's own defaults are not those of the driver: it asks for the last three.
    pub fn own_settings(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => {
                &["SET SESSION AUTHORIZATION DEFAULT; RESET ROLE; RESET ALL; SET LOCAL DateStyle TO 'ISO, MDY'; \
                 SET LOCAL client_encoding TO 'UTF8'; SET LOCAL TimeZone TO 'UTC'"]
            }
            Self::Sqlite => &["PRAGMA query_only = OFF"],
            Self::MariaDb => &[],
        }
    }

    /// The statements that limit a MariaDB connection's waits for locks, in whole seconds, and its work
    /// on one statement; PostgreSQL's limits are each transaction's, and SQLite has none.
    pub fn limits(self, lock: Option<Duration>, statement: Option<Duration>) -> Vec<String> {
        if self != Self::MariaDb {
            return Vec::new();
        }
        let whole = |lock: Duration| lock.as_secs() + u64::from(lock.subsec_nanos() > 0);
        let lock = lock.map(|lock| {
            format!("SET SESSION lock_wait_timeout = {0}, SESSION innodb_lock_wait_timeout = {0}", whole(lock))
        });
        let statement =
            statement.map(|statement| format!("SET SESSION max_statement_time = {:.3}", statement.as_secs_f64()));
        lock.into_iter().chain(statement).collect()
    }

    /// What a script for the engine's own client begins with: it stops at the first error, which MariaDB's does
    /// by itself, and reads UTF-8, which the other two do by themselves.
    pub fn script_head(self) -> &'static str {
        match self {
            Self::Sqlite => ".bail on",
            Self::Postgres => "\\set ON_ERROR_STOP on",
            Self::MariaDb => "SET NAMES utf8mb4;",
        }
    }

    /// The line with which a script for the engine's own client goes on in a session like a new one; none for
    /// SQLite, whose shell keeps its connection for as long as its file.
    pub fn script_session(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("DISCARD ALL;"),
            Self::MariaDb => Some("connect"),
        }
    }

    /// An action by its one name in this dialect: to MariaDB, NO ACTION is another word for RESTRICT.
    pub fn action(self, action: Action) -> Action {
        match (self, action) {
            (Self::MariaDb, Action::NoAction) => Action::Restrict,
            (_, action) => action,
        }
    }

    /// Whether two names of columns are one: PostgreSQL alone looks at letter case.
    pub fn is_same_column(self, one: &str, other: &str) -> bool {
        if self == Self::Postgres { one == other } else { one.eq_ignore_ascii_case(other) }
    }

    /// Whether two names of tables are one: SQLite does not look at letter case.
    pub fn is_same_name(self, one: &str, other: &str) -> bool {
        if self == Self::Sqlite { one.eq_ignore_ascii_case(other) } else { one == other }
    }

    /// `name` as an identifier of this dialect.
    pub fn quote(self, name: &str) -> String {
        match self {
            Self::MariaDb => format!("`{}`", name.replace('`', "``")),
            Self::Sqlite | Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// A text column such that it orders byte by byte, whatever its collation.
    pub fn bytewise(self, column: &str) -> String {
        let column = self.quote(column);
        match self {
            Self::Sqlite => format!("{column} COLLATE BINARY"),
            Self::Postgres => format!("{column} COLLATE \"C\""),
            Self::MariaDb => format!("CAST(CONVERT({column} USING utf8mb4) AS BINARY)"),
        }
    }

    /// The statement that keeps other writers out of a table until the transaction ends, or fails at once,
    /// where one is needed: a file has one writer, and MariaDB's runners hold a lock of their connection.
    pub fn lock_table(self, namespace: &str, table: &str) -> Option<String> {
        let (namespace, table) = (self.quote(namespace), self.quote(table));
        (self == Self::Postgres).then(|| format!("LOCK TABLE {namespace}.{table} IN SHARE ROW EXCLUSIVE MODE NOWAIT"))
    }

    /// The quarter of a day column, 1 to 4, as a whole number.
    pub fn quarter(self, column: &str) -> String {
        let column = self.quote(column);
        match self {
            Self::Sqlite => format!("((CAST(strftime('%m', {column}) AS INTEGER) + 2) / 3)"),
            Self::Postgres => format!("CAST(EXTRACT(QUARTER FROM {column}) AS INTEGER)"),
            Self::MariaDb => format!("QUARTER({column})"),
        }
    }

    /// The year and month of a day column, as the text `2024-02`.
    pub fn year_month(self, column: &str) -> String {
        let column = self.quote(column);
        match self {
            Self::Sqlite => format!("strftime('%Y-%m', {column})"),
            Self::Postgres => format!("to_char({column}, 'YYYY-MM')"),
            Self::MariaDb => format!("DATE_FORMAT({column}, '%Y-%m')"),
        }
    }

    /// The day of the week of a day, any expression, 0 for Monday to 6, as a whole number.
    pub fn weekday(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("((CAST(strftime('%w', {column}) AS INTEGER) + 6) % 7)"),
            Self::Postgres => format!("(CAST(EXTRACT(ISODOW FROM {column}) AS INTEGER) - 1)"),
            Self::MariaDb => format!("WEEKDAY({column})"),
        }
    }

    /// The month of a day, any expression, 1 to 12, as a whole number.
    pub fn month(self, column: &str) -> String {
        self.part_of_day(column, "%m", "MONTH")
    }

    /// The year of a day, any expression, as a whole number.
    pub fn year(self, column: &str) -> String {
        self.part_of_day(column, "%Y", "YEAR")
    }

    fn part_of_day(self, column: &str, sqlite: &str, name: &str) -> String {
        match self {
            Self::Sqlite => format!("CAST(strftime('{sqlite}', {column}) AS INTEGER)"),
            Self::Postgres => format!("CAST(EXTRACT({name} FROM {column}) AS INTEGER)"),
            Self::MariaDb => format!("{name}({column})"),
        }
    }

    /// A number rounded to a 64-bit whole number.
    pub fn whole(self, number: &str) -> String {
        match self {
            Self::Sqlite => format!("CAST(round({number}) AS INTEGER)"),
            Self::Postgres => format!("CAST(round({number}) AS BIGINT)"),
            Self::MariaDb => format!("CAST(round({number}) AS SIGNED)"),
        }
    }

    /// A number as a 64-bit floating point one.
    pub fn double(self, number: &str) -> String {
        match self {
            Self::Sqlite => format!("CAST({number} AS REAL)"),
            Self::Postgres => format!("CAST({number} AS DOUBLE PRECISION)"),
            Self::MariaDb => format!("CAST({number} AS DOUBLE)"),
        }
    }

    /// A day, any expression, as the text `2024-02-29`.
    pub fn text(self, column: &str) -> String {
        match self {
            Self::Sqlite => column.to_owned(),
            Self::Postgres => format!("to_char({column}, 'YYYY-MM-DD')"),
            Self::MariaDb => format!("DATE_FORMAT({column}, '%Y-%m-%d')"),
        }
    }

    /// A whole number divided by another, the rest left.
    pub fn divided(self, number: &str, by: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("({number} / {by})"),
            Self::MariaDb => format!("({number} DIV {by})"),
        }
    }

    /// Whether a query was refused because its table is newer than all that its transaction reads: made since
    /// the first read, or built anew.
    pub fn is_newer_than_snapshot(self, error: &DbErr) -> bool {
        self == Self::MariaDb && error.to_string().contains("1412 (HY000)")
    }

    /// What stands behind a table's name to have its rows read in their own order. In an index that the
    /// transaction itself has changed, `InnoDB` looks up the row of each entry: a seek a row.
    pub fn in_row_order(self) -> &'static str {
        match self {
            Self::MariaDb => " USE INDEX ()",
            Self::Sqlite | Self::Postgres => "",
        }
    }

    /// The statement that renews the planner's statistics of `table`.
    pub fn analyze(self, table: &str) -> String {
        let table = self.quote(table);
        match self {
            Self::MariaDb => format!("ANALYZE TABLE {table}"),
            Self::Sqlite | Self::Postgres => format!("ANALYZE {table}"),
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
