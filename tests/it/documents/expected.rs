//! What a document says about tables and rows, as plain lists.

use catalog::Action;

/// A column as a document writes it.
pub struct Column {
    pub name: &'static str,
    pub of: Type,
    pub nullable: bool,
    /// The default as the document writes it: `0`, `'pending_review'`, `now`, `false`.
    pub default: Option<&'static str>,
}

/// What a column holds.
pub enum Type {
    Integer,
    BigInteger,
    Float,
    Decimal(u32, u32),
    Text,
    Varchar(u32),
    Boolean,
    Date,
    Timestamp,
    Json,
}

/// A table as a document has it.
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
    pub primary_key: &'static [&'static str],
    /// Whether the database numbers the rows (SERIAL, AUTOINCREMENT, "id PK" of an integer).
    pub numbered: bool,
    /// Name where the document gives one, and columns in order.
    pub uniques: &'static [(Option<&'static str>, &'static [&'static str])],
    /// Columns, target table, target columns, on delete.
    pub foreign_keys: &'static [(&'static [&'static str], &'static str, &'static [&'static str], Action)],
    /// Names of CHECKs; `None` for one that the document leaves unnamed.
    pub checks: &'static [Option<&'static str>],
    /// Name and columns of indexes that back no constraint.
    pub indexes: &'static [(&'static str, &'static [&'static str])],
}

/// A row that every constraint accepts, and what makes it a bad one.
pub struct Row {
    pub table: &'static str,
    /// Every column that has to be given (and others that help), with its SQL literal. Refers only to good rows of
    /// tables before it.
    pub good: &'static [(&'static str, &'static str)],
    /// Overrides that make a second acceptable row beside the good one: another key, another unique value.
    pub second: &'static [(&'static str, &'static str)],
    /// What is forbidden (the name of the CHECK, or "unique (a, b)", "foreign key (a)", "not null a", "primary key"), and
    /// the overrides on top of good and second that break exactly that and nothing else.
    pub bad: &'static [(&'static str, &'static [(&'static str, &'static str)])],
}

/// A column that is not null and has no default.
pub const fn column(name: &'static str, of: Type) -> Column {
    Column { name, of, nullable: false, default: None }
}

pub const fn nullable(name: &'static str, of: Type) -> Column {
    Column { name, of, nullable: true, default: None }
}

pub const fn with_default(column: Column, default: &'static str) -> Column {
    Column { default: Some(default), ..column }
}
