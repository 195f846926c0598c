//! The additions that may already be there, each on each backend: missing, there as wanted, different.

use migration::idempotent::{
    Ensured, ensure_column, ensure_foreign_key, ensure_index, ensure_table, ensure_unique, require_tables,
};
use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::SchemaManager;
use sea_orm_migration::prelude::*;

use crate::OnBackend;
use crate::backend::{Backend, Home, runtime};

pub const TESTS: &[OnBackend] = &[
    ("a_table_is_compared_in_every_part", a_table_is_compared_in_every_part),
    ("a_table_in_any_of_its_forms_is_the_wanted_one", a_table_in_any_of_its_forms_is_the_wanted_one),
    ("a_column_is_added_once_and_never_changed", a_column_is_added_once_and_never_changed),
    ("an_index_is_added_once_and_never_changed", an_index_is_added_once_and_never_changed),
    ("a_unique_is_added_once_and_never_changed", a_unique_is_added_once_and_never_changed),
    ("a_foreign_key_is_added_where_the_engine_can", a_foreign_key_is_added_where_the_engine_can),
    ("a_check_is_compared_however_it_is_written", a_check_is_compared_however_it_is_written),
    ("a_column_with_more_than_a_column_has_is_refused", a_column_with_more_than_a_column_has_is_refused),
    ("a_comparison_touches_nothing_of_others", a_comparison_touches_nothing_of_others),
    ("a_foreign_key_of_another_name_is_no_second_one", a_foreign_key_of_another_name_is_no_second_one),
    ("names_are_compared_as_the_engine_does", names_are_compared_as_the_engine_does),
    ("a_target_is_found_however_it_is_named", a_target_is_found_however_it_is_named),
    ("a_qualified_name_is_refused", a_qualified_name_is_refused),
    (
        "what_is_required_and_missing_is_named_with_what_makes_it",
        what_is_required_and_missing_is_named_with_what_makes_it,
    ),
    ("nothing_is_left_of_a_comparison", nothing_is_left_of_a_comparison),
];

/// Runs `body` on a home with a shop in it: an empty table of stores.
fn on(home: &Home, body: impl AsyncFnOnce(&SchemaManager<'_>)) {
    if home.backend == Backend::Postgres {
        home.sql(&["CREATE SCHEMA market"]);
    }
    home.sql(&["CREATE TABLE shops (id integer PRIMARY KEY, code varchar(20) NOT NULL, region varchar(20))"]);
    runtime().block_on(async {
        let db = home.connect().await;
        body(&SchemaManager::new(&db)).await;
        db.close().await.expect("a connection closes");
    });
}

fn visits() -> TableCreateStatement {
    Table::create()
        .table("visits")
        .col(ColumnDef::new("id").integer().not_null().auto_increment().primary_key())
        .col(ColumnDef::new("shop_id").integer().not_null())
        .col(ColumnDef::new("day").date().not_null().default(Expr::current_date()))
        .col(ColumnDef::new("kind").string_len(20).not_null().default("walk-in"))
        .col(ColumnDef::new("count").integer().not_null().default(1))
        .col(ColumnDef::new("note").string_len(20).check(Expr::col("note").ne("it's")))
        .check(("ck_visits_count", Expr::col("count").gt(0)))
        .check(("ck_visits_kind", Expr::col("kind").is_in(["walk-in", "it's an order"])))
        .index(Index::create().name("uq_visits").unique().col("shop_id").col("day"))
        .foreign_key(
            ForeignKey::create().from("visits", "shop_id").to("shops", "id").on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

/// What an error says; a success is a mistake.
fn refusal(outcome: Result<Ensured, DbErr>) -> String {
    match outcome {
        Err(DbErr::Migration(text)) => text,
        other => panic!("not refused: {other:?}"),
    }
}

async fn execute(manager: &SchemaManager<'_>, statement: &str) {
    let db = manager.get_connection();
    db.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
}

fn a_table_is_compared_in_every_part(home: &Home) {
    on(home, async |manager| {
        let ensure = async |wanted: TableCreateStatement| ensure_table(manager, &[wanted]).await;
        assert_eq!(ensure(visits()).await, Ok(Ensured::Added));
        assert_eq!(ensure(visits()).await, Ok(Ensured::There));

        let mut wanted = visits();
        wanted.col(ColumnDef::new("remark").text());
        assert!(refusal(ensure(wanted).await).contains("missing-column  visits.remark"));

        let mut wanted = visits();
        wanted.check(("ck_visits_more", Expr::col("count").lt(1000)));
        assert!(refusal(ensure(wanted).await).contains("missing-check  visits.ck_visits_more"));

        let mut wanted = visits();
        wanted.index(Index::create().name("uq_other").unique().col("kind").col("day"));
        assert!(refusal(ensure(wanted).await).contains("missing-unique"));

        let mut wanted = visits();
        wanted.foreign_key(ForeignKey::create().from("visits", "count").to("shops", "id"));
        let said = refusal(ensure(wanted).await);
        assert!(said.contains("missing-foreign-key") && said.contains("wanted    (count) -> shops(id)"), "{said}");
    });
}

fn a_table_in_any_of_its_forms_is_the_wanted_one(home: &Home) {
    on(home, async |manager| {
        let form = |length| Table::create().table("notes").col(ColumnDef::new("body").string_len(length)).take();
        assert_eq!(ensure_table(manager, &[form(10)]).await, Ok(Ensured::Added));
        let said = refusal(ensure_table(manager, &[form(20), form(30)]).await);
        assert!(said.contains("(20)") && said.contains("(10)") && !said.contains("(30)"), "the first is shown: {said}");
        assert_eq!(ensure_table(manager, &[form(20), form(10)]).await, Ok(Ensured::There));
    });
}

fn a_column_is_added_once_and_never_changed(home: &Home) {
    on(home, async |manager| {
        let tier = |length| ColumnDef::new("tier").string_len(length).not_null().default("basic").take();
        assert_eq!(ensure_column(manager, "shops", &tier(20)).await, Ok(Ensured::Added));
        assert_eq!(ensure_column(manager, "shops", &tier(20)).await, Ok(Ensured::There));
        let said = refusal(ensure_column(manager, "shops", &tier(30)).await);
        assert!(
            said.contains("column-type  shops.tier\n      wanted    ") && said.contains("(30)\n      there is  "),
            "{said}"
        );
        let nullable = ColumnDef::new("tier").string_len(20).default("basic").take();
        assert!(
            refusal(ensure_column(manager, "shops", &nullable).await)
                .contains("wanted    NULL\n      there is  NOT NULL")
        );
        assert!(
            refusal(ensure_column(manager, "nowhere", &nullable).await).contains("nowhere is required and missing")
        );
    });
}

fn an_index_is_added_once_and_never_changed(home: &Home) {
    on(home, async |manager| {
        let index = |columns: &[&'static str]| {
            let mut index = Index::create().name("ix_shops").take();
            for column in columns {
                index.col(*column);
            }
            index
        };
        let ensure = async |columns: &[&'static str]| ensure_index(manager, "shops", &index(columns)).await;
        assert_eq!(ensure(&["region", "code"]).await, Ok(Ensured::Added));
        assert_eq!(ensure(&["region", "code"]).await, Ok(Ensured::There));
        let said = refusal(ensure(&["code", "region"]).await);
        assert!(said.contains("wanted    (code, region)") && said.contains("there is  (region, code)"), "{said}");
        let unique = index(&["region", "code"]).unique().take();
        assert!(refusal(ensure_index(manager, "shops", &unique).await).contains("unique"));
        let descending = Index::create().name("ix_shops").col(("region", IndexOrder::Desc)).col("code").take();
        assert!(refusal(ensure_index(manager, "shops", &descending).await).contains("region DESC"));
        let nameless = Index::create().col("code").take();
        assert!(refusal(ensure_index(manager, "shops", &nameless).await).contains("needs a name"));
    });
}

fn a_unique_is_added_once_and_never_changed(home: &Home) {
    on(home, async |manager| {
        assert_eq!(ensure_unique(manager, "shops", "uq_shops", &["region", "code"]).await, Ok(Ensured::Added));
        assert_eq!(ensure_unique(manager, "shops", "uq_shops", &["region", "code"]).await, Ok(Ensured::There));
        let said = refusal(ensure_unique(manager, "shops", "uq_shops", &["code"]).await);
        let there = if home.backend == Backend::Sqlite { "a unique index over" } else { "unique" };
        assert!(said.contains(&format!("wanted unique (code), there is {there} (region, code)")), "{said}");
        execute(manager, "INSERT INTO shops (id, code, region) VALUES (1, 'a', 'west')").await;
        let twice = "INSERT INTO shops (id, code, region) VALUES (2, 'a', 'west')";
        assert!(manager.get_connection().execute_unprepared(twice).await.is_err());
        if home.backend == Backend::Postgres {
            execute(manager, "ALTER TABLE shops ADD CONSTRAINT late UNIQUE (id, code) DEFERRABLE").await;
            let said = refusal(ensure_unique(manager, "shops", "late", &["id", "code"]).await);
            assert!(said.contains("there is unique (id, code) DEFERRABLE"), "{said}");
        }
        execute(manager, "CREATE INDEX ix_code ON shops (code)").await;
        let said = refusal(ensure_unique(manager, "shops", "ix_code", &["code"]).await);
        assert!(said.contains("there is an index over (code)"), "{said}");
        execute(manager, "CREATE UNIQUE INDEX ux_code ON shops (code)").await;
        let outcome = ensure_unique(manager, "shops", "ux_code", &["code"]).await;
        match home.backend {
            // PostgreSQL alone tells an index from the constraint that it stands for.
            Backend::Postgres => assert!(refusal(outcome).contains("there is a unique index over (code)")),
            _ => assert_eq!(outcome, Ok(Ensured::There)),
        }
    });
}

fn a_foreign_key_is_added_where_the_engine_can(home: &Home) {
    on(home, async |manager| {
        execute(manager, "CREATE TABLE calls (id integer PRIMARY KEY, shop_id integer)").await;
        let key = |action| {
            let mut key = ForeignKey::create().name("fk_calls_shop").from("calls", "shop_id").to("shops", "id").take();
            key.on_delete(action).take()
        };
        let cascade = key(ForeignKeyAction::Cascade);
        if home.backend == Backend::Sqlite {
            let said = refusal(ensure_foreign_key(manager, &cascade).await);
            assert!(said.contains("SQLite cannot add one to a table that is there"), "{said}");
            execute(manager, "DROP TABLE calls").await;
            execute(
                manager,
                "CREATE TABLE calls (id integer PRIMARY KEY, shop_id integer REFERENCES shops (id) ON DELETE CASCADE)",
            )
            .await;
        } else {
            assert_eq!(ensure_foreign_key(manager, &cascade).await, Ok(Ensured::Added));
        }
        assert_eq!(ensure_foreign_key(manager, &cascade).await, Ok(Ensured::There));
        let said = refusal(ensure_foreign_key(manager, &key(ForeignKeyAction::SetNull)).await);
        assert!(said.contains("on delete SET NULL") && said.contains("on delete CASCADE"), "{said}");
        // Without a name it is the one over the same columns.
        let nameless =
            ForeignKey::create().from("calls", "shop_id").to("shops", "id").on_delete(ForeignKeyAction::Cascade).take();
        assert_eq!(ensure_foreign_key(manager, &nameless).await, Ok(Ensured::There));
    });
}

/// Conditions that are more than words and single signs, each twice: made, and there.
fn a_check_is_compared_however_it_is_written(home: &Home) {
    let conditions: &[&str] = match home.backend {
        Backend::Sqlite => &["code ->> '$.a' <> 'x'", "code <> x'41'", "length(code) > 1e-5", "code NOT LIKE 'it''s%'"],
        Backend::Postgres => {
            &["code ~* '^[a-z]+$'", "code::text <> 'x'", "code !~ 'x'", "length(code) > 1e-5", "code <> E'it\\'s'"]
        }
        Backend::MariaDb => &["code <> x'41'", "length(code) > 1e-5", "code REGEXP '^[a-z]+$'", "code <> 'it\\'s'"],
    };
    on(home, async |manager| {
        for (number, condition) in conditions.iter().enumerate() {
            let table = Table::create()
                .table(format!("checked_{number}"))
                .col(ColumnDef::new("code").string_len(20))
                .check(("ck_code", Expr::cust(*condition)))
                .take();
            assert_eq!(ensure_table(manager, std::slice::from_ref(&table)).await, Ok(Ensured::Added), "{condition}");
            assert_eq!(ensure_table(manager, &[table]).await, Ok(Ensured::There), "{condition}");
        }
    });
}

/// What a server does not count to the column could not be compared with it, so it is never promised.
fn a_column_with_more_than_a_column_has_is_refused(home: &Home) {
    on(home, async |manager| {
        for wanted in [
            ColumnDef::new("code").string_len(20).not_null().check(Expr::col("code").ne("")).take(),
            ColumnDef::new("code").string_len(20).not_null().unique_key().take(),
            ColumnDef::new("new").integer().extra("CHECK (new > 0)").take(),
            ColumnDef::new("new").integer().generated(Expr::col("id").add(1), true).take(),
        ] {
            let said = refusal(ensure_column(manager, "shops", &wanted).await);
            assert!(said.contains("is wanted with more than a column has"), "{said}");
        }
    });
}

/// A table of anybody's that is called like a twin stays what it is.
fn a_comparison_touches_nothing_of_others(home: &Home) {
    on(home, async |manager| {
        ensure_table(manager, &[visits()]).await.expect("it is made");
        execute(manager, "CREATE TABLE kiln_twin (precious integer)").await;
        execute(manager, "CREATE TABLE kiln_twin_1 (precious integer)").await;
        assert_eq!(ensure_table(manager, &[visits()]).await, Ok(Ensured::There));
        execute(manager, "INSERT INTO kiln_twin VALUES (1)").await;
        execute(manager, "INSERT INTO kiln_twin_1 VALUES (1)").await;
        if home.backend != Backend::MariaDb {
            execute(manager, "CREATE TEMPORARY TABLE visits (mine integer)").await;
            ensure_table(manager, &[visits()]).await.expect_err("a temporary table is in the way");
            execute(manager, "INSERT INTO visits (mine) VALUES (1)").await;
        }
    });
}

fn a_foreign_key_of_another_name_is_no_second_one(home: &Home) {
    on(home, async |manager| {
        let by_hand = "CREATE TABLE calls (id integer PRIMARY KEY, shop_id integer, \
                       CONSTRAINT by_hand FOREIGN KEY (shop_id) REFERENCES shops (id))";
        execute(manager, by_hand).await;
        let mut key = ForeignKey::create().name("fk_calls").from("calls", "shop_id").to("shops", "id").take();
        let outcome = ensure_foreign_key(manager, &key).await;
        match home.backend {
            // SQLite keeps no names.
            Backend::Sqlite => assert_eq!(outcome, Ok(Ensured::There)),
            _ => assert!(refusal(outcome).contains("calls.by_hand")),
        }
        let said = refusal(ensure_foreign_key(manager, &key.on_delete(ForeignKeyAction::Cascade).take()).await);
        assert!(said.contains("on delete CASCADE"), "{said}");
    });
}

fn names_are_compared_as_the_engine_does(home: &Home) {
    on(home, async |manager| {
        execute(manager, "CREATE TABLE Calls (ID integer PRIMARY KEY, Remark varchar(20))").await;
        let remark = ColumnDef::new("remark").string_len(20).take();
        match home.backend {
            Backend::Sqlite => {
                require_tables(manager, &["calls"], "make calls").await.expect("it is there");
                let said = refusal(ensure_column(manager, "calls", &remark).await);
                assert!(said.contains("calls.Remark") && said.contains("calls.remark"), "{said}");
            }
            Backend::MariaDb => {
                let said = refusal(ensure_column(manager, "Calls", &remark).await);
                assert!(said.contains("missing-column") && said.contains("Calls.Remark"), "{said}");
            }
            Backend::Postgres => assert_eq!(ensure_column(manager, "calls", &remark).await, Ok(Ensured::There)),
        }
        execute(manager, "CREATE VIEW visits AS SELECT 1 AS one").await;
        let said = refusal(ensure_table(manager, &[visits()]).await);
        assert!(said.contains("visits is there as a view"), "{said}");
    });
}

fn a_target_is_found_however_it_is_named(home: &Home) {
    on(home, async |manager| {
        let calls = Table::create()
            .table("calls")
            .col(ColumnDef::new("shop_id").integer())
            .foreign_key(ForeignKey::create().from("calls", "shop_id").to("shops", "id"))
            .take();
        match home.backend {
            Backend::Sqlite => execute(manager, "CREATE TABLE calls (shop_id integer REFERENCES shops)").await,
            Backend::Postgres => {
                execute(manager, "CREATE SCHEMA elsewhere").await;
                execute(manager, "CREATE TABLE elsewhere.far (id integer PRIMARY KEY)").await;
                let mut far = Table::create().table("trips").col(ColumnDef::new("far_id").integer()).take();
                far.foreign_key(ForeignKey::create().from("trips", "far_id").to(("elsewhere", "far"), "id"));
                assert_eq!(ensure_table(manager, std::slice::from_ref(&far)).await, Ok(Ensured::Added));
                assert_eq!(ensure_table(manager, &[far]).await, Ok(Ensured::There));
                return;
            }
            Backend::MariaDb => {
                let no_action = "CREATE TABLE calls (shop_id integer, FOREIGN KEY (shop_id) REFERENCES shops (id) ON DELETE NO ACTION)";
                execute(manager, no_action).await;
            }
        }
        assert_eq!(ensure_table(manager, &[calls]).await, Ok(Ensured::There));
    });
}

fn a_qualified_name_is_refused(home: &Home) {
    on(home, async |manager| {
        let elsewhere = Table::create().table(("other", "shops")).col(ColumnDef::new("id").integer()).take();
        assert!(
            refusal(ensure_table(manager, &[elsewhere]).await).contains("name the table alone, without its schema")
        );
    });
}

fn what_is_required_and_missing_is_named_with_what_makes_it(home: &Home) {
    on(home, async |manager| {
        require_tables(manager, &["shops"], "make shops").await.expect("it is there");
        let said = require_tables(manager, &["shops", "staff", "shifts"], "make shifts").await;
        let expected = "the tables staff, shifts are required and missing; run `make shifts`";
        assert_eq!(said, Err(DbErr::Migration(expected.to_owned())));
    });
}

/// Also of one that failed half-way: the twin is gone, and nothing else is.
fn nothing_is_left_of_a_comparison(home: &Home) {
    on(home, async |manager| {
        ensure_table(manager, &[visits()]).await.expect("it is made");
        let before = catalog::table_names(manager.get_connection()).await.expect("names");
        let mut wrong = visits();
        wrong.check(("ck_wrong", Expr::col("nowhere").gt(0)));
        ensure_table(manager, &[wrong]).await.expect_err("a CHECK over a column that is nowhere");
        ensure_table(manager, &[visits()]).await.expect("it is there");
        let index = |column: &'static str| Index::create().name("ix_visits").col(column).take();
        ensure_index(manager, "visits", &index("kind")).await.expect("it is made");
        ensure_index(manager, "visits", &index("count")).await.expect_err("another");
        assert_eq!(catalog::table_names(manager.get_connection()).await.expect("names"), before);
        let twins = match home.backend {
            Backend::Sqlite => "SELECT name FROM temp.sqlite_schema WHERE name <> 'sqlite_sequence'",
            Backend::Postgres => "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()",
            Backend::MariaDb => {
                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_NAME LIKE 'kiln\\_twin%' AND TABLE_SCHEMA = database()"
            }
        };
        let statement = sea_orm::Statement::from_string(manager.get_database_backend(), twins);
        assert_eq!(manager.get_connection().query_all_raw(statement).await.expect("twins").len(), 0);
    });
}
