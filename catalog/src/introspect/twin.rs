//! How the server at hand renders a table or an index that is wanted: made for a moment, read, dropped.
//!
//! So what is wanted and what is there are two readings of one server, and nothing here needs to
//! understand SQL. The twin is a temporary table; on MariaDB, whose catalogs do not show those, a
//! table of a name of its own. Foreign keys are left out: a temporary table may not have them.

use sea_orm::sea_query::{Expr, IndexCreateStatement, Table as Ddl, TableCreateStatement};
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::sqlite_sql::{self, Quotes};
use super::{current_namespace, introspect};
use crate::{Catalog, Dialect, Index, Table};

/// The name of a twin on MariaDB.
const NAME: &str = "kiln_twin";

/// How the server renders `wanted` under the name of `table`, its foreign keys left out.
pub async fn render_table(
    db: &impl ConnectionTrait,
    table: &str,
    wanted: &TableCreateStatement,
) -> Result<Table, DbErr> {
    let twin = Twin::of(db, table);
    let mut statement = Ddl::create().table(twin.name.clone()).take();
    if twin.dialect != Dialect::MariaDb {
        statement.temporary();
    }
    for column in wanted.get_columns() {
        statement.col(column.clone());
    }
    for index in wanted.get_indexes() {
        statement.index(&mut index.clone());
    }
    for (name, condition) in table_checks(twin.dialect, wanted) {
        match name {
            Some(name) => statement.check((name, Expr::cust(condition))),
            None => statement.check(Expr::cust(condition)),
        };
    }
    twin.around(db, async { db.execute(&statement).await.map(drop) }).await
}

/// How the server renders `wanted` on `table`, which is there.
pub async fn render_index(
    db: &impl ConnectionTrait,
    table: &str,
    wanted: &IndexCreateStatement,
) -> Result<Index, DbErr> {
    let twin = Twin::of(db, table);
    let (name, live) = (twin.dialect.quote(&twin.name), twin.dialect.quote(table));
    let like = match twin.dialect {
        Dialect::Sqlite => format!("CREATE TEMPORARY TABLE {name} AS SELECT * FROM main.{live} LIMIT 0"),
        Dialect::Postgres => format!("CREATE TEMPORARY TABLE {name} (LIKE {live})"),
        Dialect::MariaDb => format!("CREATE TABLE {name} LIKE {live}"),
    };
    let index_name = wanted.get_index_spec().get_name().unwrap_or_default().to_owned();
    let mut statement = wanted.clone();
    statement.table(twin.name.clone());
    let make = async {
        db.execute_unprepared(&like).await?;
        if twin.dialect == Dialect::MariaDb {
            // The copy has the index too, where there is one of this name.
            db.execute_unprepared(&format!("DROP INDEX IF EXISTS {} ON {name}", twin.dialect.quote(&index_name)))
                .await?;
        }
        db.execute(&statement).await.map(drop)
    };
    let rendered = twin.around(db, make).await?;
    let index = rendered.index(&index_name);
    index.ok_or_else(|| DbErr::Migration(format!("the index on {table} has no name that could be looked for")))
}

/// Where a twin stands.
struct Twin {
    dialect: Dialect,
    name: String,
}

impl Twin {
    fn of(db: &impl ConnectionTrait, table: &str) -> Self {
        let dialect = Dialect::of(db.get_database_backend());
        let name = if dialect == Dialect::MariaDb { NAME } else { table };
        Self { dialect, name: name.to_owned() }
    }

    /// Lets `make` make it, reads it and drops it, also where making it failed half-way.
    async fn around(
        &self,
        db: &impl ConnectionTrait,
        make: impl Future<Output = Result<(), DbErr>>,
    ) -> Result<Table, DbErr> {
        let drop = format!("DROP TABLE IF EXISTS {}", self.qualified());
        if self.dialect == Dialect::MariaDb {
            // What a killed run left.
            db.execute_unprepared(&drop).await?;
        }
        let read = async {
            make.await?;
            let namespace = self.namespace(db).await?;
            let mut catalog: Catalog = introspect(db, &namespace).await?;
            let table = catalog.tables.remove(&self.name);
            table.ok_or_else(|| DbErr::RecordNotFound(format!("the twin {}", self.name)))
        };
        let read = read.await;
        let dropped = db.execute_unprepared(&drop).await;
        // Why it failed says more than that nothing more can be done after it.
        let table = read?;
        dropped.map(|_| table)
    }

    /// Its name such that it can mean nothing else: an unqualified one could be the live table.
    fn qualified(&self) -> String {
        let name = self.dialect.quote(&self.name);
        match self.dialect {
            Dialect::Sqlite => format!("temp.{name}"),
            Dialect::Postgres => format!("pg_temp.{name}"),
            Dialect::MariaDb => name,
        }
    }

    async fn namespace(&self, db: &impl ConnectionTrait) -> Result<String, DbErr> {
        match self.dialect {
            Dialect::Sqlite => Ok("temp".to_owned()),
            Dialect::Postgres => {
                let sql = "SELECT nspname::text AS namespace FROM pg_namespace WHERE oid = pg_my_temp_schema()";
                let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
                row.ok_or_else(|| DbErr::RecordNotFound("the schema of temporary tables".to_owned()))?
                    .try_get("", "namespace")
            }
            Dialect::MariaDb => current_namespace(db).await.map(Option::unwrap_or_default),
        }
    }
}

/// The CHECKs that `wanted` holds beside those of its columns, which sea-query does not give back:
/// read from the statement it writes, where they follow the columns.
fn table_checks(dialect: Dialect, wanted: &TableCreateStatement) -> Vec<(Option<String>, String)> {
    let mut columns = Ddl::create().table("t").take();
    for column in wanted.get_columns() {
        columns.col(column.clone());
    }
    let quotes = if dialect == Dialect::MariaDb { Quotes::Escaped } else { Quotes::Doubled };
    let checks = |statement: &TableCreateStatement| sqlite_sql::checks(&dialect.backend().build(statement).sql, quotes);
    checks(wanted).split_off(checks(&columns).len())
}
