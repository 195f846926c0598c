//! MariaDB: what its information schema says of foreign keys and views.

use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::References;
use crate::Dialect;

/// A foreign key with its target, which may not be there: foreign keys can be switched off while it is dropped.
const FOREIGN_KEYS: &str = "SELECT concat(k.TABLE_NAME, ' (', group_concat(k.COLUMN_NAME ORDER BY k.ORDINAL_POSITION \
        SEPARATOR ', '), ')') AS name, \
        max(if(t.TABLE_NAME IS NULL, concat('no table ', k.REFERENCED_TABLE_NAME), NULL)) AS missed \
    FROM information_schema.KEY_COLUMN_USAGE k \
    LEFT JOIN information_schema.TABLES t \
        ON t.TABLE_SCHEMA = k.REFERENCED_TABLE_SCHEMA AND t.TABLE_NAME = k.REFERENCED_TABLE_NAME \
    WHERE k.TABLE_SCHEMA = ? AND k.REFERENCED_TABLE_NAME IS NOT NULL \
    GROUP BY k.TABLE_NAME, k.CONSTRAINT_NAME";

const VIEWS: &str = "SELECT TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ? ORDER BY 1";

pub(super) async fn references(db: &impl ConnectionTrait, namespace: &str) -> Result<References, DbErr> {
    let mut references = References::new();
    let bound = |sql: &str| Statement::from_sql_and_values(db.get_database_backend(), sql, [namespace.into()]);
    for row in db.query_all_raw(bound(FOREIGN_KEYS)).await? {
        references.insert(row.try_get("", "name")?, row.try_get("", "missed")?);
    }
    for row in db.query_all_raw(bound(VIEWS)).await? {
        let name: String = row.try_get("", "name")?;
        let quoted = format!("{}.{}", Dialect::MariaDb.quote(namespace), Dialect::MariaDb.quote(&name));
        // Its comment in the information schema is that of a whole view until somebody opens it.
        let opened = db.execute_unprepared(&format!("EXPLAIN SELECT * FROM {quoted}")).await;
        let is_invalid = opened.is_err_and(|error| error.to_string().contains(INVALID_VIEW));
        let missed = is_invalid.then(|| "no table, column or function that it names, or no right to it".to_owned());
        references.insert(format!("view {name}"), missed);
    }
    Ok(references)
}

/// What the server says of a view that names what is not there.
const INVALID_VIEW: &str = "1356";
