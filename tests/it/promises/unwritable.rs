//! Columns that take no value from outside, under entities that write them, and under those that only read.

use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _};

use super::{findings, run};
use crate::OnBackend;
use crate::backend::{Backend, Home, runtime};

pub const TESTS: &[OnBackend] = &[
    ("a_field_that_is_written_over_a_computed_column_is_found", {
        a_field_that_is_written_over_a_computed_column_is_found
    }),
    ("the_writes_fail_as_the_finding_says", the_writes_fail_as_the_finding_says),
    ("fields_that_are_only_read_are_no_finding", fields_that_are_only_read_are_no_finding),
    ("a_number_that_only_the_database_gives_is_found_under_a_key_that_the_program_gives", {
        a_number_that_only_the_database_gives_is_found_under_a_key_that_the_program_gives
    }),
    ("the_time_columns_of_a_versioned_table_are_not_written", the_time_columns_of_a_versioned_table_are_not_written),
];

/// Writes every field.
pub mod writes {
    entity! { (table_name = "sums") {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub quantity: i32,
        pub doubled: Option<i32>,
        pub tripled: Option<i32>,
        pub hidden: i32,
    } [] }
}

/// Says of each computed column that it is one, in a way of its own.
pub mod reads {
    entity! { (table_name = "sums") {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub quantity: i32,
        #[sea_orm(extra = "GENERATED ALWAYS AS (quantity * 2) STORED")]
        pub doubled: Option<i32>,
        #[sea_orm(column_type = "Integer", select_as = "char(10)")]
        pub tripled: Option<String>,
        pub hidden: i32,
    } [] }
}

/// Knows one of them, and not as a field of the table.
pub mod ignores {
    entity! { (table_name = "sums") {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub quantity: i32,
        #[sea_orm(ignore)]
        pub doubled: Option<i32>,
        pub hidden: i32,
    } [] }
}

/// Gives its keys itself, and a number beside.
pub mod gives {
    entity! { (table_name = "numbered") {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub serial: i64,
        pub note: Option<String>,
    } [] }
}

/// Leaves both to the database.
pub mod leaves {
    entity! { (table_name = "numbered") {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(extra = "GENERATED ALWAYS AS IDENTITY")]
        pub serial: i64,
        pub note: Option<String>,
    } [] }
}

pub mod versions {
    entity! { (table_name = "versions") {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub since: DateTimeUtc,
        pub until: DateTimeUtc,
    } [] }
}

/// The table of the sums, with a column that `SELECT *` leaves out where the engine has such.
fn made(home: &Home) {
    let id = super::id(home.backend);
    let (virtual_one, hidden, end) = match home.backend {
        Backend::Sqlite => ("AS (quantity * 3) VIRTUAL", "DEFAULT 7", " STRICT"),
        Backend::Postgres => ("GENERATED ALWAYS AS (quantity * 3) STORED", "DEFAULT 7", ""),
        Backend::MariaDb => ("AS (quantity * 3) VIRTUAL", "INVISIBLE DEFAULT 7", ""),
    };
    home.sql(&[&format!(
        "CREATE TABLE sums ({id}, quantity integer NOT NULL, doubled integer GENERATED ALWAYS AS (quantity * 2) STORED, \
         tripled integer {virtual_one}, hidden integer NOT NULL {hidden}){end}"
    )]);
}

fn unwritable(found: &[serde_json::Value]) -> Vec<(&str, &str)> {
    let of_kind = found.iter().filter(|finding| finding["code"] == "promised-writable");
    of_kind
        .map(|finding| (finding["field"].as_str().expect("a field"), finding["consequence"].as_str().expect("a text")))
        .collect()
}

const COMPUTES: &str = "an insert or update that sets it fails: the database computes the column";

fn a_field_that_is_written_over_a_computed_column_is_found(home: &Home) {
    made(home);
    let found = findings(home, "writes", 1);
    let doubled = ("unwritable::Writes::doubled", COMPUTES);
    let tripled = ("unwritable::Writes::tripled", COMPUTES);
    assert_eq!(unwritable(&found), [doubled, tripled], "{found:#?}");
    // What SeaORM writes otherwise, the hidden column too, is taken.
    assert_eq!(found.len(), 2, "{found:#?}");
    let said = run(home, "writes", "check --probe", 1);
    assert!(said.out.contains("promised-writable  sums.doubled"), "{}", said.out);
    assert!(said.out.contains("probed 1 table"), "the other columns are probed: {}", said.out);
}

fn the_writes_fail_as_the_finding_says(home: &Home) {
    made(home);
    runtime().block_on(async {
        let db = home.connect().await;
        let row = |doubled| writes::ActiveModel { quantity: Set(1), hidden: Set(1), doubled, ..Default::default() };
        let left_out = row(sea_orm::NotSet).insert(&db).await.expect("a row without what is computed");
        assert_eq!((left_out.doubled, left_out.tripled), (Some(2), Some(3)));
        assert!(row(Set(Some(5))).insert(&db).await.is_err(), "an insert");
        let update = writes::ActiveModel { id: Set(left_out.id), doubled: Set(Some(5)), ..Default::default() };
        assert!(update.update(&db).await.is_err(), "an update");
        db.close().await.expect("a connection closes");
    });
}

fn fields_that_are_only_read_are_no_finding(home: &Home) {
    made(home);
    for which in ["reads", "ignores"] {
        let said = run(home, which, "check --strict --probe", 0);
        assert_eq!(said.out, "promises: no drift (1 entity, probed 1 table)\n", "{which}");
    }
    // A column that is computed and never NULL takes no None: nothing inserts one.
    if home.backend != Backend::MariaDb {
        let id = super::id(home.backend);
        home.sql(&[
            "DROP TABLE sums",
            &format!(
                "CREATE TABLE sums ({id}, quantity integer NOT NULL, tripled integer, hidden integer NOT NULL, \
                 doubled integer NOT NULL GENERATED ALWAYS AS (quantity * 2) STORED)"
            ),
        ]);
        assert_eq!(findings(home, "reads", 0), [] as [serde_json::Value; 0]);
    }
}

fn a_number_that_only_the_database_gives_is_found_under_a_key_that_the_program_gives(home: &Home) {
    if home.backend != Backend::Postgres {
        return;
    }
    let numbered = |how: &str| {
        home.sql(&[
            "DROP TABLE IF EXISTS numbered",
            &format!(
                "CREATE TABLE numbered (id bigint GENERATED {how} AS IDENTITY PRIMARY KEY, \
                 serial bigint GENERATED {how} AS IDENTITY, note text)"
            ),
        ]);
    };
    numbered("ALWAYS");
    let found = findings(home, "gives", 1);
    let key = ("unwritable::Gives::id", "an insert that sets it fails: the database numbers the column");
    let serial =
        ("unwritable::Gives::serial", "an insert or update that sets it fails: the database numbers the column");
    assert_eq!(unwritable(&found), [key, serial], "{found:#?}");
    runtime().block_on(async {
        let db = home.connect().await;
        let row = gives::ActiveModel { id: Set(5), ..Default::default() };
        assert!(gives::Entity::insert(row).exec(&db).await.is_err());
        db.close().await.expect("a connection closes");
    });
    assert_eq!(findings(home, "leaves", 0), [] as [serde_json::Value; 0]);
    // A number that an insert may give is none.
    numbered("BY DEFAULT");
    assert_eq!(findings(home, "gives", 0), [] as [serde_json::Value; 0]);
}

fn the_time_columns_of_a_versioned_table_are_not_written(home: &Home) {
    if home.backend != Backend::MariaDb {
        return;
    }
    home.sql(&["CREATE TABLE versions (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, \
         since timestamp(6) GENERATED ALWAYS AS ROW START, until timestamp(6) GENERATED ALWAYS AS ROW END, \
         PERIOD FOR SYSTEM_TIME (since, until)) WITH SYSTEM VERSIONING"]);
    let found = findings(home, "versions", 1);
    let fields: Vec<_> = unwritable(&found).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["unwritable::Versions::since", "unwritable::Versions::until"], "{found:#?}");
}
