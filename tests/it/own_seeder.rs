//! Seeders of a project's own: every type that a field can have, and foreign keys that lead in circles.
//!
//! The test binary is a program over them when `KILN_TEST_SEEDER` says which.

mod entity;

use std::process::ExitCode;

use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use kiln::seeder::{
    Addition, Check, Error, Figure, Load, Made, OptionKind, OptionSpec, Plot, Scenario, Seeded, SeededTable, Seeder,
    Settings, Survey,
};
use sea_orm::prelude::{Decimal, TimeDate, TimeDateTime, TimeTime, Uuid};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use serde_json::{Value, json};

use crate::OnBackend;
use crate::backend::{Backend, Home, Said, runtime};
use entity::{circle, every, list, member, number, outside, tree};

pub const TESTS: &[OnBackend] = &[
    ("every_type_of_a_field_is_seeded_digested_and_verified", every_type_of_a_field_is_seeded_digested_and_verified),
    ("numbers_without_a_sign_are_seeded_digested_and_verified", {
        numbers_without_a_sign_are_seeded_digested_and_verified
    }),
    ("arrays_are_seeded_digested_and_verified", arrays_are_seeded_digested_and_verified),
    ("rows_that_point_into_their_own_table_are_filled_and_emptied", {
        rows_that_point_into_their_own_table_are_filled_and_emptied
    }),
    ("tables_that_point_to_each_other_are_filled_and_emptied", tables_that_point_to_each_other_are_filled_and_emptied),
    ("rows_that_others_point_to_are_not_deleted", rows_that_others_point_to_are_not_deleted),
    ("a_key_into_another_schema_is_checked_there", a_key_into_another_schema_is_checked_there),
];

const WHICH: &str = "KILN_TEST_SEEDER";

#[expect(clippy::disallowed_methods, reason = "a program of the tests has an environment of its own")]
fn which() -> Option<String> {
    std::env::var(WHICH).ok()
}

/// Whether this process is the program.
pub fn is_this() -> bool {
    which().is_some()
}

/// The program.
pub fn main() -> ExitCode {
    let data = match which().as_deref() {
        Some("every") => Data::Every,
        Some("numbers") => Data::Numbers,
        Some("arrays") => Data::Arrays,
        Some("tree") => Data::Tree,
        Some("circle") => Data::Circle,
        _ => Data::Abroad,
    };
    kiln::main([kiln::Schema::new("own").seeder(data)])
}

fn run(home: &Home, which: &str, arguments: &str, code: i32) -> Said {
    let mut command = home.program(std::env::current_exe().expect("a test has a path"), arguments);
    Said::by(command.env(WHICH, which), code)
}

/// What is made.
#[derive(Clone, Copy)]
enum Data {
    Every,
    /// Numbers that PostgreSQL does not have.
    Numbers,
    Arrays,
    Tree,
    Circle,
    /// Rows that point into another PostgreSQL schema.
    Abroad,
}

const OPTIONS: &[OptionSpec] =
    &[OptionSpec::flag("rows", "rows", OptionKind::Count { min: 0, max: 100_000 }, "300", "Rows of each table")];

const SCENARIOS: &[Scenario] = &[Scenario { name: "standard", help: "The rows", options: &[] }];

#[async_trait]
impl Seeder for Data {
    fn name(&self) -> &'static str {
        "own"
    }

    fn version(&self) -> u32 {
        1
    }

    fn options(&self) -> &'static [OptionSpec] {
        OPTIONS
    }

    fn scenarios(&self) -> &'static [Scenario] {
        SCENARIOS
    }

    fn tables(&self) -> Vec<Box<dyn Seeded>> {
        match self {
            Self::Every => vec![Box::new(SeededTable::<every::Entity>::fact())],
            Self::Numbers => vec![Box::new(SeededTable::<number::Entity>::fact())],
            Self::Arrays => vec![Box::new(SeededTable::<list::Entity>::fact())],
            Self::Tree => vec![Box::new(SeededTable::<tree::Entity>::dimension())],
            Self::Circle => vec![
                Box::new(SeededTable::<circle::Entity>::dimension()),
                Box::new(SeededTable::<member::Entity>::dimension()),
            ],
            Self::Abroad => vec![Box::new(SeededTable::<outside::Entity>::dimension())],
        }
    }

    fn range(&self, _: &Settings) -> Result<Option<(NaiveDate, NaiveDate)>, Error> {
        Ok(None)
    }

    fn fill(&self, settings: &Settings) -> Result<Vec<Load>, Error> {
        let rows = settings.options.count("rows");
        let id = |number: u64| i32::try_from(number).expect("there are few") + 1;
        let last = i32::try_from(rows).expect("there are few");
        // Rows that come later are pointed to, too.
        let next = move |number: u64| if id(number) == last { 1 } else { id(number) + 1 };
        Ok(match self {
            Self::Every => vec![Load::of::<every::Entity>(rows, every_kind)],
            Self::Numbers => vec![Load::of::<number::Entity>(rows, numbers)],
            Self::Arrays => vec![Load::of::<list::Entity>(rows, lists)],
            Self::Tree => {
                vec![Load::of::<tree::Entity>(rows, move |number| tree::Model {
                    id: id(number),
                    parent_id: next(number),
                })]
            }
            Self::Circle => vec![
                Load::of::<circle::Entity>(rows, move |number| circle::Model { id: id(number), head_id: id(number) }),
                Load::of::<member::Entity>(rows, move |number| member::Model {
                    id: id(number),
                    circle_id: next(number),
                }),
            ],
            Self::Abroad => {
                vec![Load::of::<outside::Entity>(rows, move |number| outside::Model { id: id(number), country_id: 1 })]
            }
        })
    }

    async fn append(&self, _: &Settings, _: &DatabaseTransaction, _: &Survey) -> Result<Addition, Error> {
        Ok(Addition::default())
    }

    fn checks(&self, _: catalog::Dialect, _: &Made) -> Vec<Check> {
        Vec::new()
    }

    fn figures(&self) -> &'static [Figure] {
        &[]
    }

    fn plots(&self) -> &'static [Plot] {
        &[]
    }
}

/// A row with a value of every kind, each third one with nulls; rows repeat in what an engine can order.
fn every_kind(number: u64) -> every::Model {
    let small = i16::try_from(number % 7).expect("it is small");
    let day = NaiveDate::from_ymd_opt(2024, 2, 28).expect("a day") + TimeDelta::days(i64::from(small));
    let second = u32::try_from(number % 60).expect("it is small");
    let at = day.and_hms_opt(23, 59, second).expect("a time");
    let east = chrono::FixedOffset::east_opt(3_600 * i32::from(small)).expect("an offset");
    let clock = TimeTime::from_hms(1, 2, u8::try_from(second).expect("it is small")).expect("a time");
    let date = TimeDate::from_ordinal_date(2024, 60).expect("a day");
    let is_given = !number.is_multiple_of(3);
    every::Model {
        id: i32::try_from(number).expect("there are few") + 1,
        is_so: number.is_multiple_of(2),
        small: small - 3,
        whole: i32::MIN + i32::from(small),
        big: i64::MIN + i64::from(small),
        half: f32::from(small) / 10.0,
        double: f64::from(small) / 3.0,
        exact: Decimal::new(i64::from(small) * 12_345, 4),
        plain: Decimal::from(small),
        text: format!("a\ttab, a \\ and\n'quotes' {small} é"),
        code: Some(format!("C{small}")).filter(|_| is_given),
        bytes: vec![0, 255, u8::try_from(small).expect("it is small"), b'\\', b'\''],
        json: json!({ "b": [1, 2.5, null], "a": { "n": number % 5, "is": true } }),
        jsonb: Some(json!({ "z": 100.0, "a": small })).filter(|_| is_given),
        uuid: Uuid::from_u128(u128::from(number % 11)),
        maybe_uuid: Some(Uuid::from_u128(u128::MAX - u128::from(number))).filter(|_| is_given),
        day,
        time: at.time(),
        at,
        moment: at.and_utc(),
        zoned: at.and_utc().with_timezone(&east),
        maybe_at: Some(at).filter(|_| is_given),
        other_day: date,
        other_time: clock,
        other_at: TimeDateTime::new(date, clock),
        other_moment: TimeDateTime::new(date, clock).assume_utc(),
        word: if is_given { every::Word::Clear } else { every::Word::Grey },
        level: if is_given { every::Level::Low } else { every::Level::High },
        sky: Some(if number.is_multiple_of(2) { every::Sky::Clear } else { every::Sky::Grey }).filter(|_| is_given),
    }
}

fn numbers(number: u64) -> number::Model {
    number::Model {
        id: i32::try_from(number).expect("there are few") + 1,
        tiny: i8::try_from(number % 256).unwrap_or(i8::MIN),
        byte: u8::try_from(number % 256).expect("it is a byte"),
        short: u16::MAX,
        whole: Some(u32::MAX).filter(|_| number.is_multiple_of(2)),
    }
}

fn lists(number: u64) -> list::Model {
    let number = i32::try_from(number).expect("there are few");
    list::Model {
        id: number + 1,
        numbers: vec![number % 5, -1],
        words: Some(vec!["a,b".to_owned(), "[c]".to_owned(), String::new()]).filter(|_| number % 2 == 0),
        uuids: vec![Uuid::from_u128(7)],
    }
}

/// The statement with which SeaORM makes the table of an entity.
async fn make<E: sea_orm::EntityTrait + Default>(home: &Home) {
    let db = home.connect().await;
    let statement = catalog::Promise::of::<E>(home.backend.dialect()).statement;
    db.execute(&statement).await.expect("SeaORM's own statement");
    db.close().await.expect("a connection closes");
}

fn digests(said: &Said) -> Vec<(String, String)> {
    let json: Value = said.json();
    let tables = json["results"][0]["tables"].as_array().expect("tables");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    tables.iter().map(|table| (text(&table["table"]), text(&table["digest"]))).collect()
}

/// The digest of the rows on every database.
const EVERY: &str = "82c7852bb5d01b67a29b4d4f2351c1418c44c0102073545057fd8d73b9ed1d87";

fn every_type_of_a_field_is_seeded_digested_and_verified(home: &Home) {
    if home.backend == Backend::Postgres {
        home.sql(&["CREATE TYPE sky AS ENUM ('grey', 'clear')"]);
    }
    runtime().block_on(make::<every::Entity>(home));
    let said = run(home, "every", "seed own --format json", 0);
    assert_eq!(digests(&said), [("every".to_owned(), EVERY.to_owned())]);
    run(home, "every", "seed own --verify", 0);
    // A value that is another in one column alone is seen.
    for (column, value) in [("uuid", "x"), ("json", "'[]'"), ("half", "9"), ("moment", "'2020-01-01 00:00:00'")] {
        let value = match (column, home.backend) {
            ("uuid", Backend::Postgres) => "'00000000-0000-0000-0000-0000000000ff'",
            ("uuid", _) => "X'000000000000000000000000000000FF'",
            _ => value,
        };
        home.sql(&[&format!("UPDATE every SET {column} = {value} WHERE id = 5")]);
        run(home, "every", "seed own --verify", 1);
        run(home, "every", "seed own --full-new --confirm", 0);
    }
}

/// The digest of the other numbers.
const NUMBERS: &str = "5012f1a4292fc3b1333de7b03f34c0617fe6bfdb5e4c4f9413812c92cfc400d4";

fn numbers_without_a_sign_are_seeded_digested_and_verified(home: &Home) {
    if home.backend == Backend::Postgres {
        return;
    }
    runtime().block_on(make::<number::Entity>(home));
    let said = run(home, "numbers", "seed own --format json", 0);
    assert_eq!(digests(&said), [("numbers".to_owned(), NUMBERS.to_owned())]);
    run(home, "numbers", "seed own --verify", 0);
    home.sql(&["UPDATE numbers SET whole = 1 WHERE id = 5"]);
    run(home, "numbers", "seed own --verify", 1);
}

fn arrays_are_seeded_digested_and_verified(home: &Home) {
    if home.backend != Backend::Postgres {
        return;
    }
    runtime().block_on(make::<list::Entity>(home));
    let said = run(home, "arrays", "seed own --format json", 0);
    assert_eq!(digests(&said)[0].1.len(), 64);
    run(home, "arrays", "seed own --verify", 0);
    home.sql(&["UPDATE lists SET words = ARRAY['a', 'b,[c]', ''] WHERE id = 1"]);
    run(home, "arrays", "seed own --verify", 1);
}

/// Below and above the number of rows from which keys are off while they are loaded.
const COUNTS: [u64; 3] = [1, 20, 1_500];

fn rows_that_point_into_their_own_table_are_filled_and_emptied(home: &Home) {
    runtime().block_on(make::<tree::Entity>(home));
    filled_and_emptied(home, "tree", "trees");
}

fn tables_that_point_to_each_other_are_filled_and_emptied(home: &Home) {
    let key = |table: &str, column: &str, target: &str| {
        format!("ALTER TABLE {table} ADD CONSTRAINT {table}_fk FOREIGN KEY ({column}) REFERENCES {target} (id)")
    };
    let inline = |target: &str| match home.backend {
        Backend::Sqlite => format!(" REFERENCES {target} (id)"),
        _ => String::new(),
    };
    home.sql(&[
        &format!("CREATE TABLE circles (id integer PRIMARY KEY, head_id integer NOT NULL{})", inline("members")),
        &format!("CREATE TABLE members (id integer PRIMARY KEY, circle_id integer NOT NULL{})", inline("circles")),
    ]);
    if home.backend != Backend::Sqlite {
        home.sql(&[&key("circles", "head_id", "members"), &key("members", "circle_id", "circles")]);
    }
    filled_and_emptied(home, "circle", "members");
}

fn filled_and_emptied(home: &Home, which: &str, table: &str) {
    for rows in COUNTS {
        run(home, which, &format!("seed own --rows {rows} --full-new --confirm"), 0);
        let count = home.number(&format!("SELECT count(*) AS n FROM {table}"));
        assert_eq!(u64::try_from(count).expect("a count"), rows);
    }
    run(home, which, "seed own --delete --confirm", 0);
    assert_eq!(home.number(&format!("SELECT count(*) AS n FROM {table}")), 0);
    // The keys are as they were.
    assert!(!home.takes(&match table {
        "trees" => "INSERT INTO trees (id, parent_id) VALUES (1, 99)".to_owned(),
        table => format!("INSERT INTO {table} (id, circle_id) VALUES (1, 99)"),
    }));
}

fn rows_that_others_point_to_are_not_deleted(home: &Home) {
    runtime().block_on(make::<tree::Entity>(home));
    run(home, "tree", "seed own --rows 20", 0);
    home.sql(&[
        "CREATE TABLE leaves (id integer PRIMARY KEY, tree_id integer, FOREIGN KEY (tree_id) REFERENCES trees (id))",
        "INSERT INTO leaves VALUES (1, NULL), (2, 3)",
    ]);
    run(home, "tree", "seed own --delete --confirm", 4);
    assert_eq!(home.number("SELECT count(*) AS n FROM trees"), 20);
    home.sql(&["DELETE FROM leaves WHERE id = 2"]);
    run(home, "tree", "seed own --delete --confirm", 0);
}

fn a_key_into_another_schema_is_checked_there(home: &Home) {
    if home.backend != Backend::Postgres {
        return;
    }
    home.sql(&[
        "CREATE SCHEMA geo",
        "CREATE TABLE geo.countries (id integer PRIMARY KEY)",
        "INSERT INTO geo.countries VALUES (1)",
    ]);
    runtime().block_on(make::<outside::Entity>(home));
    run(home, "abroad", "seed own", 0);
    let said = run(home, "abroad", "seed own --verify", 0);
    assert!(said.out.contains("every shops.country_id is in countries"), "{}", said.out);
}
