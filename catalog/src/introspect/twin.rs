//! How the server at hand renders a table or an index that is wanted: made for a moment, read, dropped.
//!
//! So what is wanted and what is there are two readings of one server, and nothing here needs to
//! understand SQL. The twin is a temporary table; on MariaDB, whose catalogs do not show those, a
//! table of a name of its own. Foreign keys are left out: a temporary table may not have them.

use sea_orm::sea_query::{Expr, IndexCreateStatement, Table as Ddl, TableCreateStatement};
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::sql_text::{self, Quotes};
use super::{current_namespace, introspect, select};
use crate::{Dialect, Index, Table};

/// What every statement of this crate begins with: it reads or compares, and is no part of what a migration does.
pub const TWIN: &str = "/* kiln compares */ ";

/// What every twin on MariaDB says of itself: only a table with this comment is swept.
const COMMENT: &str = "made by kiln for a comparison, and dropped after it";

/// How the server renders `wanted` under the name of `table`, its foreign keys left out.
pub async fn render_table(
    db: &impl ConnectionTrait,
    table: &str,
    wanted: &TableCreateStatement,
) -> Result<Table, DbErr> {
    let twin = Twin::of(db, table).await?;
    let mut statement = Ddl::create().table(twin.name.clone()).take();
    if twin.dialect == Dialect::MariaDb {
        statement.comment(COMMENT);
    } else {
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
    run(db, &twin.dialect.backend().build(&statement).sql).await?;
    twin.read(db, async { Ok(()) }).await
}

/// How the server renders `wanted` on `table`, which is there.
pub async fn render_index(
    db: &impl ConnectionTrait,
    table: &str,
    wanted: &IndexCreateStatement,
) -> Result<Index, DbErr> {
    let twin = Twin::of(db, table).await?;
    let (name, live) = (twin.dialect.quote(&twin.name), twin.dialect.quote(table));
    let like = match twin.dialect {
        Dialect::Sqlite => format!("CREATE TEMPORARY TABLE {name} AS SELECT * FROM main.{live} LIMIT 0"),
        Dialect::Postgres => format!("CREATE TEMPORARY TABLE {name} (LIKE {live})"),
        Dialect::MariaDb => format!("CREATE TABLE {name} LIKE {live}"),
    };
    let index_name = wanted.get_index_spec().get_name().unwrap_or_default().to_owned();
    let mut statement = wanted.clone();
    match twin.dialect {
        Dialect::Postgres => statement.table(("pg_temp", twin.name.clone())),
        _ => statement.table(twin.name.clone()),
    };
    run(db, &like).await?;
    let make = async {
        if twin.dialect == Dialect::MariaDb {
            // The copy has the index too, where there is one of this name.
            let drop = format!("DROP INDEX IF EXISTS {} ON {name}", twin.dialect.quote(&index_name));
            run(db, &format!("ALTER TABLE {name} COMMENT '{COMMENT}'")).await?;
            run(db, &drop).await?;
        }
        run(db, &twin.dialect.backend().build(&statement).sql).await
    };
    let rendered = twin.read(db, make).await?;
    let index = rendered.index(twin.dialect.stored_name(&index_name));
    index.ok_or_else(|| DbErr::Migration(format!("the index on {table} has no name that could be looked for")))
}

/// Runs a statement about a twin.
async fn run(db: &impl ConnectionTrait, sql: &str) -> Result<(), DbErr> {
    db.execute_unprepared(&format!("{TWIN}{sql}")).await.map(drop)
}

/// Where a twin stands.
struct Twin {
    dialect: Dialect,
    name: String,
}

impl Twin {
    /// The place of a twin of `table`; on MariaDB swept of what killed runs left.
    async fn of(db: &impl ConnectionTrait, table: &str) -> Result<Self, DbErr> {
        let dialect = Dialect::of(db.get_database_backend());
        if dialect != Dialect::MariaDb {
            return Ok(Self { dialect, name: dialect.stored_name(table).to_owned() });
        }
        sweep(db).await?;
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), "SELECT connection_id() AS id"));
        let row = row.await?.ok_or_else(|| DbErr::RecordNotFound("the connection's number".to_owned()))?;
        let id: u64 = row.try_get("", "id")?;
        Ok(Self { dialect, name: format!("kiln_twin_{id}") })
    }

    /// Finishes it with `make`, reads it, and drops it, also where finishing it failed.
    async fn read(
        &self,
        db: &impl ConnectionTrait,
        make: impl Future<Output = Result<(), DbErr>>,
    ) -> Result<Table, DbErr> {
        let read = async {
            make.await?;
            let namespace = self.namespace(db).await?;
            let table = introspect(db, &namespace).await?.tables.remove(&self.name);
            table.ok_or_else(|| DbErr::RecordNotFound(format!("the twin {}", self.name)))
        };
        let read = read.await;
        let dropped = run(db, &format!("DROP TABLE {}", self.qualified())).await;
        // Why it failed says more than that nothing more can be done after it.
        let table = read?;
        dropped.map(|()| table)
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

/// Drops the twins that killed runs left on MariaDB. One of a run under way is younger than a minute.
async fn sweep(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let sql = "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = database() \
               AND TABLE_NAME LIKE 'kiln\\_twin\\_%' AND TABLE_COMMENT = ? AND CREATE_TIME < now() - INTERVAL 1 MINUTE";
    for row in select(db, sql, [COMMENT]).await? {
        let name: String = row.try_get("", "name")?;
        run(db, &format!("DROP TABLE IF EXISTS {}", Dialect::MariaDb.quote(&name))).await?;
    }
    Ok(())
}

/// The CHECKs that `wanted` holds beside those of its columns, which sea-query does not give back:
/// read from the statement it writes, where they follow the columns.
fn table_checks(dialect: Dialect, wanted: &TableCreateStatement) -> Vec<(Option<String>, String)> {
    let mut columns = Ddl::create().table("t").take();
    for column in wanted.get_columns() {
        columns.col(column.clone());
    }
    let quotes = if dialect == Dialect::MariaDb { Quotes::Escaped } else { Quotes::Doubled };
    let of_columns = sql_text::written_checks(&dialect.backend().build(&columns).sql, quotes).len();
    let all = dialect.backend().build(wanted).sql;
    let all = sql_text::written_checks(&all, quotes).into_iter().skip(of_columns);
    all.map(|(name, condition)| (name, condition.to_owned())).collect()
}
