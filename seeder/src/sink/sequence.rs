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

    /// The ids that it will give from here on, from the lowest to the highest.
    fn reach(self) -> (i128, i128) {
        if self.step > 0 { (self.next, self.most) } else { (self.least, self.next) }
    }

    /// The value after which it is past `furthest`, the last id in its way; none where nothing is in its way.
    ///
    /// Where the last of all its values is taken it cannot get past, and stays: what it gives next may be free.
    fn past(self, furthest: Option<i128>) -> Option<i128> {
        let bound = if self.step > 0 { self.most } else { self.least };
        furthest.filter(|furthest| *furthest != bound)
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
    for name in names {
        let sequence = match dialect {
            Dialect::Postgres => postgres(db, &name).await?,
            _ => mariadb(db, &name).await?,
        };
        let furthest = furthest(db, dialect, table, column, sequence).await?;
        if let Some(last) = sequence.past(furthest) {
            let set = match dialect {
                Dialect::Postgres => format!("SELECT setval({}, {last}, true)", literal(&name)),
                // One that is past this already stays where it is.
                _ => format!("SELECT SETVAL({name}, {last}, 1)"),
            };
            db.execute_unprepared(&set).await?;
        }
    }
    Ok(())
}

/// The last of the ids that a sequence would come to.
async fn furthest(
    db: &DatabaseTransaction,
    dialect: Dialect,
    table: &str,
    column: &str,
    sequence: Sequence,
) -> Result<Option<i128>, DbErr> {
    let (table, column) = (dialect.quote(table), dialect.quote(column));
    let (lowest, highest) = sequence.reach();
    let last = if sequence.step > 0 { "max" } else { "min" };
    let kind = if dialect == Dialect::MariaDb { "CHAR" } else { "TEXT" };
    let sql = format!(
        "SELECT CAST({last}({column}) AS {kind}) AS id FROM {table} WHERE {column} BETWEEN {lowest} AND {highest}"
    );
    let id: Option<String> = one(db, sql).await?.map_or(Ok(None), |row| row.try_get("", "id"))?;
    id.as_deref().map(number).transpose()
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

/// A sequence as if it were new: how far one with a cache has come is known to its server alone.
async fn mariadb(db: &DatabaseTransaction, name: &str) -> Result<Sequence, DbErr> {
    let sql = format!(
        "SELECT CAST(if(increment < 0, maximum_value, minimum_value) AS CHAR) AS next, CAST(increment AS CHAR) AS step, \
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
    fn what_a_sequence_has_passed_is_not_in_its_way() {
        assert_eq!(UP.reach(), (1, 1_000));
        assert_eq!(Sequence { next: 700, ..UP }.reach(), (700, 1_000));
        assert_eq!(Sequence { next: -20, ..DOWN }.reach(), (-1_000, -20));
        assert_eq!(UP.past(None), None);
    }

    #[test]
    fn a_sequence_is_moved_to_the_last_id_in_its_way() {
        assert_eq!(UP.past(Some(10)), Some(10));
        assert_eq!(DOWN.past(Some(-10)), Some(-10));
    }

    #[test]
    fn a_sequence_that_cannot_get_past_the_ids_stays() {
        assert_eq!(UP.past(Some(1_000)), None);
        assert_eq!(DOWN.past(Some(-1_000)), None);
    }

    #[test]
    fn a_sequence_that_cycles_begins_anew_after_its_bound() {
        assert_eq!(Sequence { next: 1_001, cycles: true, ..UP }.wrapped().reach(), (1, 1_000));
        assert_eq!(Sequence { next: -1_001, cycles: true, ..DOWN }.wrapped().reach(), (-1_000, -1));
    }
}
