//! Checks of the generated data, by SQL on the database and not on what was generated.

use catalog::Dialect;
use sea_orm::{ConnectionTrait, DbErr, Statement};
use serde::Serialize;

use crate::error::Error;
use crate::plan::Survey;
use crate::seeder::Observer;
use crate::table::Seeded;

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The number of rows.
    Rows,
    /// Rows that point to other rows.
    ForeignKey,
    /// What the values say.
    Values,
}

/// Something that must hold of the rows in the database.
#[derive(Clone, Debug)]
pub struct Check {
    /// What it is about.
    pub subject: Subject,
    /// What holds, in words: "every sale is of its client's own product".
    pub name: String,
    /// Queries, each with one row and one whole number `n`; these add up.
    pub sql: Vec<String>,
    /// What the sum must be.
    pub expect: Expect,
}

/// What the figure of a check must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// None: the query counts violations.
    NoViolation,
    /// Exactly this many.
    Exactly(u64),
    /// So many at least, and so many at most.
    Between(u64, u64),
}

/// A check with its figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// What it is about.
    pub subject: Subject,
    /// What must hold.
    pub name: String,
    /// The figure in words.
    pub figure: String,
    /// Whether it holds.
    pub holds: bool,
}

/// The checks that hold for every seeder: each foreign key has its row, and, where a ledger entry
/// counts, each table has the rows it counted.
pub(crate) fn common(dialect: Dialect, tables: &[Box<dyn Seeded>], planned: &[(String, u64)]) -> Vec<Check> {
    let quote = |name: &str| dialect.quote(name);
    let counts = planned.iter().map(|(table, rows)| Check {
        subject: Subject::Rows,
        name: format!("{table} has the planned rows"),
        sql: vec![format!("SELECT count(*) AS n FROM {}", quote(table))],
        expect: Expect::Exactly(*rows),
    });
    let references = tables.iter().flat_map(|table| {
        table.references(dialect).into_iter().map(move |reference| {
            let columns: Vec<&str> = reference.columns.iter().map(|(column, _)| column.as_str()).collect();
            let on = reference.columns.iter().map(|(here, there)| format!("p.{} = c.{}", quote(there), quote(here)));
            let given = columns.iter().map(|column| format!("c.{} IS NOT NULL", quote(column)));
            let there = quote(&reference.columns.first().expect("a foreign key has a column").1);
            Check {
                subject: Subject::ForeignKey,
                name: format!("every {}.{} is in {}", table.name(), columns.join(", "), reference.target),
                sql: vec![format!(
                    "SELECT count(*) AS n FROM {} c{} LEFT JOIN {} p ON {} WHERE {} AND p.{there} IS NULL",
                    quote(table.name()),
                    dialect.in_row_order(),
                    reference.target_sql(dialect),
                    on.collect::<Vec<_>>().join(" AND "),
                    given.collect::<Vec<_>>().join(" AND "),
                )],
                expect: Expect::NoViolation,
            }
        })
    });
    counts.chain(references).collect()
}

/// Whether each table is what the last run left, by its digest; nothing where no run counts.
pub fn as_left(survey: &Survey, digests: &[(String, String)]) -> Vec<Checked> {
    let Some(last) = survey.open().last() else { return Vec::new() };
    let left = crate::ledger::tables(last);
    let compared = digests.iter().filter_map(|(table, digest)| {
        let holds = left.get(table)?.digest == *digest;
        Some(Checked {
            subject: Subject::Values,
            name: format!("{table} is as run {} left it", last.id),
            figure: if holds { "the same digest" } else { "another digest" }.to_owned(),
            holds,
        })
    });
    compared.collect()
}

/// Runs the checks.
pub(crate) async fn run(
    db: &impl ConnectionTrait,
    checks: &[Check],
    observer: &dyn Observer,
) -> Result<Vec<Checked>, Error> {
    let mut results = Vec::new();
    for check in checks {
        observer.working(&format!("checking that {}", check.name));
        let mut figure = 0;
        for sql in &check.sql {
            figure += number(db, sql).await.map_err(Error::database(format!("checking that {}", check.name)))?;
        }
        let (figure, holds) = match check.expect {
            Expect::NoViolation if figure == 1 => ("1 violation".to_owned(), false),
            Expect::NoViolation => (format!("{figure} violations"), figure == 0),
            Expect::Exactly(rows) if u64::try_from(figure) == Ok(rows) => (format!("{figure}"), true),
            Expect::Exactly(rows) => (format!("{figure}, planned {rows}"), false),
            Expect::Between(least, most)
                if u64::try_from(figure).is_ok_and(|count| (least..=most).contains(&count)) =>
            {
                (format!("{figure}"), true)
            }
            Expect::Between(least, most) => (format!("{figure}, planned {least} to {most}"), false),
        };
        results.push(Checked { subject: check.subject, name: check.name.clone(), figure, holds });
    }
    Ok(results)
}

/// The whole number `n` of a query with one row.
pub(crate) async fn number(db: &impl ConnectionTrait, sql: &str) -> Result<i64, DbErr> {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    row.ok_or_else(|| DbErr::RecordNotFound(sql.to_owned()))?.try_get("", "n")
}

/// The rows that the last open entry of the ledger left in each table.
pub(crate) fn planned(survey: &Survey) -> Vec<(String, u64)> {
    let Some(last) = survey.open().last() else { return Vec::new() };
    crate::ledger::tables(last).into_iter().map(|(table, entry)| (table, entry.rows)).collect()
}
