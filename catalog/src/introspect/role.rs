//! Who is connected, to what, and what that role may not do.

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;

use super::select;
use crate::Dialect;

/// A server and the role of a connection to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Role {
    /// Product and version: `PostgreSQL 15.3`.
    pub server: String,
    /// The role's name; SQLite has none.
    pub name: String,
    /// What it may not do and writing rows needs: `INSERT on sales`.
    pub lacks: Vec<String>,
}

// A name is looked up as the search path sees it. The ledger may have to be made.
const POSTGRES_LACKS: &str = "
SELECT format('%s on %s', p.privilege, t.name) AS lacking
FROM json_array_elements_text($1::json) t(name), (VALUES ('SELECT'), ('INSERT'), ('DELETE')) p(privilege)
WHERE to_regclass(quote_ident(t.name)) IS NOT NULL
  AND NOT has_table_privilege(to_regclass(quote_ident(t.name)), p.privilege)
UNION ALL
SELECT format('CREATE on schema %s', current_schema()) WHERE NOT has_schema_privilege(current_schema(), 'CREATE')";

// A grantee is written 'user'@'host', each half in quotes.
const MARIADB_LACKS: &str = "
SELECT concat(p.privilege, ' on ', database()) AS lacking
FROM (SELECT 'SELECT' AS privilege UNION SELECT 'INSERT' UNION SELECT 'DELETE' UNION SELECT 'CREATE') p
WHERE p.privilege NOT IN (
  SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES WHERE replace(GRANTEE, '''', '') = current_user()
  UNION SELECT PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES
        WHERE replace(GRANTEE, '''', '') = current_user() AND database() LIKE TABLE_SCHEMA
  UNION SELECT PRIVILEGE_TYPE FROM information_schema.TABLE_PRIVILEGES
        WHERE replace(GRANTEE, '''', '') = current_user() AND TABLE_SCHEMA = database())";

/// The server and role of `db`, and what the role lacks to write rows into `tables`.
pub async fn role(db: &impl ConnectionTrait, tables: &[&str]) -> Result<Role, DbErr> {
    let dialect = Dialect::of(db.get_database_backend());
    let names = serde_json::to_string(tables).map_err(|error| DbErr::Json(error.to_string()))?;
    let (identity, lacking) = match dialect {
        Dialect::Sqlite => ("SELECT sqlite_version() AS version, '' AS role", Vec::new()),
        Dialect::Postgres => (
            "SELECT current_setting('server_version') AS version, current_user::text AS role",
            select(db, POSTGRES_LACKS, [&names]).await?,
        ),
        Dialect::MariaDb => {
            ("SELECT version() AS version, current_user() AS role", select(db, MARIADB_LACKS, []).await?)
        }
    };
    let rows = select(db, identity, []).await?;
    let row = rows.first().ok_or_else(|| DbErr::RecordNotFound(identity.to_owned()))?;
    let (version, name): (String, String) = (row.try_get("", "version")?, row.try_get("", "role")?);
    let lacks: Result<Vec<String>, _> = lacking.iter().map(|row| row.try_get("", "lacking")).collect();
    Ok(Role { server: format!("{dialect} {version}"), name, lacks: lacks? })
}
