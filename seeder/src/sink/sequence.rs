//! The generators of ids, moved past the ids that a run has brought itself.
//!
//! A generator is never moved back against its own direction, and one that is past the ids already stays where
//! it is. SQLite and MariaDB move the counters of their numbered columns by themselves; sequences are told.

use catalog::Dialect;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, Statement};

/// Where a sequence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sequence {
    /// The value that it gives next.
    next: i128,
    /// What it adds each time; negative where it descends.
    step: i128,
    least: i128,
    most: i128,
    /// Whether it begins anew at its other end.
    cycles: bool,
}

impl Sequence {
    /// With the value that it gives next after its last one, when it cycles.
    fn wrapped(self) -> Self {
        let next = match self.next {
            next if self.cycles && next > self.most => self.least,
            next if self.cycles && next < self.least => self.most,
            next => next,
        };
        Self { next, ..self }
    }

    /// The last value that it has to have given so that its next one is none of the ids between `lowest` and
    /// `highest`; none where it is past them already. Beyond its bounds it cannot go.
    fn past(self, lowest: i128, highest: i128) -> Option<i128> {
        let (is_past, last) = if self.step > 0 {
            (self.next > highest, highest.max(self.next))
        } else {
            (self.next < lowest, lowest.min(self.next))
        };
        (!is_past).then_some(last.clamp(self.least, self.most))
    }
}

/// Moves the generator behind `column` of `table` past the ids that are there, where it has to be told.
pub(super) async fn advance(db: &DatabaseTransaction, table: &str, column: &str) -> Result<(), DbErr> {
    let dialect = Dialect::of(db.get_database_backend());
    let names = match dialect {
        Dialect::Sqlite => return Ok(()),
        Dialect::Postgres => postgres_sequences(db, table, column).await?,
        Dialect::MariaDb => mariadb_sequence(db, table, column).await?.into_iter().collect(),
    };
    let Some((lowest, highest)) = ids(db, dialect, table, column).await? else { return Ok(()) };
    for name in names {
        let sequence = match dialect {
            Dialect::Postgres => postgres(db, &name).await?,
            _ => mariadb(db, &name).await?,
        };
        if let Some(last) = sequence.past(lowest, highest) {
            let set = match dialect {
                Dialect::Postgres => format!("SELECT setval({}, {last}, true)", literal(&name)),
                _ => format!("SELECT SETVAL({name}, {last}, 1)"),
            };
            db.execute_unprepared(&set).await?;
        }
    }
    Ok(())
}

/// The lowest and the highest id; none in an empty table.
async fn ids(
    db: &DatabaseTransaction,
    dialect: Dialect,
    table: &str,
    column: &str,
) -> Result<Option<(i128, i128)>, DbErr> {
    let (table, column) = (dialect.quote(table), dialect.quote(column));
    let kind = if dialect == Dialect::MariaDb { "CHAR" } else { "TEXT" };
    let sql = format!(
        "SELECT CAST(min({column}) AS {kind}) AS lowest, CAST(max({column}) AS {kind}) AS highest FROM {table}"
    );
    let Some(row) = one(db, sql).await? else { return Ok(None) };
    let (lowest, highest): (Option<String>, Option<String>) = (row.try_get("", "lowest")?, row.try_get("", "highest")?);
    lowest.zip(highest).map(|(lowest, highest)| Ok((number(&lowest)?, number(&highest)?))).transpose()
}

/// The sequences that number a column: its identity's, or those that its default asks.
async fn postgres_sequences(db: &DatabaseTransaction, table: &str, column: &str) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT DISTINCT format('%I.%I', n.nspname, s.relname) AS name \
        FROM pg_attribute a \
        LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum \
        JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_class'::regclass \
                AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype = 'i' \
            OR d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass \
        JOIN pg_class s ON s.oid = CASE WHEN d.classid = 'pg_class'::regclass THEN d.objid ELSE d.refobjid END \
            AND s.relkind = 'S' \
        JOIN pg_namespace n ON n.oid = s.relnamespace \
        WHERE a.attrelid = $1::regclass AND a.attname = $2 ORDER BY 1";
    let values = [Dialect::Postgres.quote(table).into(), column.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.query_all_raw(statement).await?.iter().map(|row| row.try_get("", "name")).collect()
}

async fn postgres(db: &DatabaseTransaction, name: &str) -> Result<Sequence, DbErr> {
    let sql = format!(
        "SELECT (CASE WHEN q.is_called THEN q.last_value::numeric + s.seqincrement ELSE q.last_value END)::text AS next, \
         s.seqincrement::text AS step, s.seqmin::text AS least, s.seqmax::text AS most, \
         s.seqcycle::int::text AS cycles \
         FROM {name} q, pg_sequence s WHERE s.seqrelid = {}::regclass",
        literal(name)
    );
    sequence(one(db, sql).await?, name)
}

/// The sequence that a column's default asks, by its qualified name in quotes.
async fn mariadb_sequence(db: &DatabaseTransaction, table: &str, column: &str) -> Result<Option<String>, DbErr> {
    let sql = "SELECT COLUMN_DEFAULT AS text FROM information_schema.COLUMNS \
               WHERE TABLE_SCHEMA = database() AND TABLE_NAME = ? AND COLUMN_NAME = ?";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [table.into(), column.into()]);
    let text: Option<String> = db.query_one_raw(statement).await?.map_or(Ok(None), |row| row.try_get("", "text"))?;
    // The server shows it so: nextval(`shop`.`numbers`).
    Ok(text.and_then(|text| Some(text.strip_prefix("nextval(")?.strip_suffix(')')?.to_owned())))
}

async fn mariadb(db: &DatabaseTransaction, name: &str) -> Result<Sequence, DbErr> {
    let sql = format!(
        "SELECT CAST(next_not_cached_value AS CHAR) AS next, CAST(increment AS CHAR) AS step, \
         CAST(minimum_value AS CHAR) AS least, CAST(maximum_value AS CHAR) AS most, \
         CAST(cycle_option AS CHAR) AS cycles FROM {name}"
    );
    sequence(one(db, sql).await?, name)
}

fn sequence(row: Option<QueryResult>, name: &str) -> Result<Sequence, DbErr> {
    let row = row.ok_or_else(|| DbErr::RecordNotFound(format!("the sequence {name}")))?;
    let value = |column: &str| number(&row.try_get::<String>("", column)?);
    let step = value("step")?;
    // MariaDB's 0 stands for the server's own increment, which ascends.
    let step = if step == 0 { 1 } else { step };
    let cycles = value("cycles")? != 0;
    Ok(Sequence { next: value("next")?, step, least: value("least")?, most: value("most")?, cycles }.wrapped())
}

fn number(text: &str) -> Result<i128, DbErr> {
    text.parse().map_err(|_| DbErr::Type(format!("{text} is no whole number")))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

async fn one(db: &DatabaseTransaction, sql: String) -> Result<Option<QueryResult>, DbErr> {
    db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await
}

#[cfg(test)]
mod tests {
    use super::Sequence;

    const UP: Sequence = Sequence { next: 1, step: 1, least: 1, most: 1_000, cycles: false };
    const DOWN: Sequence = Sequence { next: -1, step: -1, least: -1_000, most: -1, cycles: false };

    #[test]
    fn a_sequence_is_moved_past_the_ids_and_never_back() {
        assert_eq!(UP.past(1, 10), Some(10));
        assert_eq!(Sequence { next: 1_000, most: 9_999, ..UP }.past(1, 10), None, "START WITH 1000 stays");
        assert_eq!(Sequence { next: 11, ..UP }.past(1, 10), None);
        assert_eq!(Sequence { next: 10, ..UP }.past(1, 10), Some(10));
        assert_eq!(Sequence { step: 10, ..UP }.past(1, 25), Some(25));
        assert_eq!(UP.past(1, 5_000), Some(1_000), "no further than its bound");
    }

    #[test]
    fn a_sequence_that_cycles_goes_past_the_ids_at_its_other_end() {
        let ended = Sequence { next: 1_001, cycles: true, ..UP };
        assert_eq!(ended.wrapped().past(1, 10), Some(10));
        assert_eq!(Sequence { cycles: false, ..ended }.wrapped().past(1, 10), None);
        assert_eq!(Sequence { next: -1_001, cycles: true, ..DOWN }.wrapped().past(-10, -1), Some(-10));
    }

    #[test]
    fn a_descending_sequence_goes_below_the_ids() {
        assert_eq!(DOWN.past(-10, -1), Some(-10));
        assert_eq!(DOWN.past(1, 10), None, "ids above are not in its way");
        assert_eq!(Sequence { next: -11, ..DOWN }.past(-10, -1), None);
        assert_eq!(DOWN.past(-5_000, -1), Some(-1_000), "no further than its bound");
    }
}
