//! What a rollback does not take back.

use sea_orm::{ConnectionTrait, DbErr, Statement};

use crate::Dialect;

/// MariaDB's tables whose engine knows no transactions: those of this database, and those elsewhere by name.
const LASTING: &str = "
SELECT CONVERT(t.TABLE_NAME USING utf8mb4) AS name, CONVERT(t.ENGINE USING utf8mb4) AS engine,
       t.TABLE_SCHEMA = database() AS is_here
FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
WHERE e.TRANSACTIONS = 'NO' AND t.TABLE_TYPE = 'BASE TABLE'
  AND t.TABLE_SCHEMA NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')";

/// The texts of this database's triggers and routines: what an insert can set in motion.
const PROGRAMS: &str = "
SELECT EVENT_OBJECT_TABLE AS table_name, ACTION_STATEMENT AS body FROM information_schema.TRIGGERS
WHERE EVENT_OBJECT_SCHEMA = database()
UNION ALL
SELECT NULL, ROUTINE_DEFINITION FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = database() AND ROUTINE_DEFINITION IS NOT NULL";

/// What a rollback would leave in this database; nothing on engines whose tables all know transactions.
#[derive(Clone, Debug, Default)]
pub struct Lasting {
    tables: Vec<Lost>,
    /// Programs in small letters, each with the table that sets it in motion.
    programs: Vec<(Option<String>, String)>,
}

/// A table that keeps what is rolled back.
#[derive(Clone, Debug)]
struct Lost {
    name: String,
    engine: String,
    is_here: bool,
}

/// Reads what a rollback would leave.
pub async fn lasting(db: &impl ConnectionTrait) -> Result<Lasting, DbErr> {
    let mut lasting = Lasting::default();
    if Dialect::of(db.get_database_backend()) != Dialect::MariaDb {
        return Ok(lasting);
    }
    let rows = |sql: &'static str| db.query_all_raw(Statement::from_string(db.get_database_backend(), sql));
    for row in rows(LASTING).await? {
        let (name, engine) = (row.try_get("", "name")?, row.try_get("", "engine")?);
        lasting.tables.push(Lost { name, engine, is_here: row.try_get("", "is_here")? });
    }
    if !lasting.tables.is_empty() {
        for row in rows(PROGRAMS).await? {
            let body: String = row.try_get("", "body")?;
            lasting.programs.push((row.try_get("", "table_name")?, body.to_lowercase()));
        }
    }
    Ok(lasting)
}

impl Lasting {
    /// Why rows that an insert into `table` makes would outlast a rollback; none where everything goes.
    ///
    /// A table with triggers counts as one that keeps them when any program of the database names such a table.
    pub fn why(&self, table: &str) -> Option<String> {
        if let Some(lost) = self.tables.iter().find(|lost| lost.is_here && lost.name == table) {
            return Some(format!("its engine {} keeps what is rolled back", lost.engine));
        }
        if !self.programs.iter().any(|(of, _)| of.as_deref() == Some(table)) {
            return None;
        }
        let is_named = |lost: &&Lost| {
            let name = lost.name.to_lowercase();
            self.programs.iter().any(|(_, body)| words(body).any(|word| word == name))
        };
        let Lost { name, engine, .. } = self.tables.iter().find(is_named)?;
        Some(format!("its triggers may write to {name}, whose engine {engine} keeps what is rolled back"))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '$')
}

#[cfg(test)]
mod tests {
    use super::{Lasting, Lost};

    #[test]
    fn a_trigger_lasts_where_a_program_names_a_table_that_does() {
        let lost = |name: &str, is_here| Lost { name: name.to_owned(), engine: "MyISAM".to_owned(), is_here };
        let program = |table: Option<&str>, body: &str| (table.map(str::to_owned), body.to_owned());
        let lasting = Lasting {
            tables: vec![lost("Log", true), lost("far_log", false)],
            programs: vec![program(Some("sales"), "call note()"), program(None, "insert into `log` values (1)")],
        };
        assert_eq!(lasting.why("Log").as_deref(), Some("its engine MyISAM keeps what is rolled back"));
        assert!(lasting.why("sales").is_some_and(|why| why.contains("may write to Log")));
        assert_eq!(lasting.why("clients"), None);
        assert_eq!(lasting.why("far_log"), None);
    }
}
