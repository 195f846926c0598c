//! The source documents, held against what the migrations make.

mod brickhouse;
mod demand;
mod expected;
mod fashion;
mod market;

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Action, Dialect, Family};
use sea_orm::ConnectionTrait as _;

use crate::backend::{Backend, Home, runtime};
use crate::{OnBackend, OnSchema};
use expected::{Column, Row, Table, Type};

pub const OF_SCHEMAS: &[OnSchema] = &[
    ("tables_and_columns_are_the_documents_in_their_order", tables_and_columns_are_the_documents_in_their_order),
    (
        "keys_checks_and_indexes_are_the_documents_and_no_others",
        keys_checks_and_indexes_are_the_documents_and_no_others,
    ),
    ("every_row_that_the_documents_forbid_is_refused", every_row_that_the_documents_forbid_is_refused),
    ("every_word_that_the_documents_allow_is_taken", every_word_that_the_documents_allow_is_taken),
];

pub const TESTS: &[OnBackend] = &[
    ("queries_of_the_documents_run_unchanged", queries_of_the_documents_run_unchanged),
    ("a_space_at_the_end_makes_another_value", a_space_at_the_end_makes_another_value),
];

fn of(schema: &str) -> (&'static [Table], &'static [Row]) {
    match schema {
        "market" => (market::TABLES, market::ROWS),
        "demand" => (demand::TABLES, demand::ROWS),
        "brickhouse" => (brickhouse::TABLES, brickhouse::ROWS),
        "fashion" => (fashion::TABLES, fashion::ROWS),
        other => panic!("no document says anything about {other}"),
    }
}

/// Whether a column holds what the document's type holds; FLOAT and REAL are 64-bit everywhere.
fn is_of(dialect: Dialect, document: &Type, data_type: &str) -> bool {
    let is_mariadb = dialect == Dialect::MariaDb;
    match (document, Family::of_column(dialect, data_type)) {
        (Type::Integer, Family::Integer(bits)) => bits.is_none_or(|bits| bits == 32),
        (Type::BigInteger, Family::Integer(bits)) => bits.is_none_or(|bits| bits == 64),
        (Type::Float, Family::Float(bits)) => bits.is_none_or(|bits| bits == 64),
        (Type::Decimal(precision, scale), Family::Decimal(digits)) => digits == Some((*precision, *scale)),
        // MariaDB cannot index text without a length.
        (Type::Text, Family::Text(length)) => length.is_none() || is_mariadb && length == Some(255),
        (Type::Varchar(length), Family::Text(actual)) => actual == Some(*length),
        (Type::Json, Family::Text(None)) => is_mariadb,
        (Type::Boolean, Family::Boolean)
        | (Type::Date, Family::Date)
        | (Type::Timestamp, Family::DateTime)
        | (Type::Json, Family::Json) => true,
        _ => false,
    }
}

/// Whether a default as the engine renders it is the document's.
fn is_default(document: &Column, actual: Option<&str>) -> bool {
    let (Some(wanted), Some(actual)) = (document.default, actual) else { return document.default == actual };
    let actual = actual.split("::").next().unwrap_or_default().to_lowercase();
    match (wanted.parse::<f64>(), actual.parse::<f64>()) {
        (Ok(wanted), Ok(actual)) => (wanted - actual).abs() < f64::EPSILON,
        _ => match wanted {
            "now" => actual.starts_with("current_timestamp"),
            "false" => actual == "false" || actual == "0",
            literal => actual == literal.to_lowercase(),
        },
    }
}

fn tables_and_columns_are_the_documents_in_their_order(home: &Home) {
    let (tables, _) = of(home.schema);
    let catalog = home.migrated().catalog().without(&["seaql_migrations"]);
    let names: BTreeSet<&str> = tables.iter().map(|table| table.name).collect();
    assert_eq!(catalog.tables.keys().map(String::as_str).collect::<BTreeSet<_>>(), names);
    for document in tables {
        let (name, table) = (document.name, &catalog.tables[document.name]);
        let order: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(order, document.columns.iter().map(|column| column.name).collect::<Vec<_>>(), "{name}");
        for (wanted, column) in document.columns.iter().zip(&table.columns) {
            let shown = format!("{name}: {column:?}");
            assert!(is_of(catalog.dialect, &wanted.of, &column.data_type), "{shown}");
            assert_eq!(column.nullable, wanted.nullable, "{shown}");
            let numbers =
                column.identity.is_some() || column.default.as_ref().is_some_and(|text| text.starts_with("nextval"));
            assert_eq!(numbers, document.numbered && document.primary_key == [wanted.name], "{shown}");
            assert!(numbers || is_default(wanted, column.default.as_deref()), "{shown}");
        }
    }
}

fn keys_checks_and_indexes_are_the_documents_and_no_others(home: &Home) {
    let (tables, _) = of(home.schema);
    let catalog = home.migrated().catalog();
    let is_mariadb = home.backend == Backend::MariaDb;
    for document in tables {
        let (name, table) = (document.name, &catalog.tables[document.name]);
        assert_eq!(
            table.primary_key.as_ref().map(|key| key.columns.clone()),
            Some(owned(document.primary_key)),
            "{name}"
        );

        let uniques: BTreeSet<_> = table.uniques.iter().map(|key| key.columns.clone()).collect();
        assert_eq!(uniques, document.uniques.iter().map(|(_, columns)| owned(columns)).collect(), "{name}");
        for (wanted, _) in
            document.uniques.iter().filter(|(wanted, _)| wanted.is_some() && home.backend != Backend::Sqlite)
        {
            assert!(table.uniques.iter().any(|key| key.name.as_deref() == *wanted), "{name} has no {wanted:?}");
        }

        // NO ACTION and RESTRICT are one to MariaDB.
        let action = |action| if is_mariadb && action == Action::Restrict { Action::NoAction } else { action };
        let keys: BTreeSet<_> = table
            .foreign_keys
            .iter()
            .map(|key| {
                (key.columns.clone(), key.target.clone(), key.target_columns.clone(), action(key.on_delete).sql())
            })
            .collect();
        let wanted = document.foreign_keys.iter().map(|(columns, target, target_columns, on_delete)| {
            (owned(columns), (*target).to_owned(), owned(target_columns), on_delete.sql())
        });
        assert_eq!(keys, wanted.collect(), "{name}");

        // What MariaDB knows JSON by is no CHECK of a document.
        let checks: Vec<_> = table.checks.iter().filter(|check| !check.expression.starts_with("json_valid(")).collect();
        assert_eq!(checks.len(), document.checks.len(), "{name}: {checks:?}");
        for wanted in document.checks.iter().filter(|wanted| wanted.is_some()) {
            assert!(checks.iter().any(|check| check.name.as_deref() == *wanted), "{name} has no {wanted:?}");
        }

        // MariaDB adds an index for each foreign key that has none to use.
        let is_own = |index: &&str| !is_mariadb || document.indexes.iter().any(|(wanted, _)| wanted == index);
        let indexes: BTreeMap<_, _> =
            table.indexes.iter().map(|index| (index.name.as_str(), index.keys.clone())).collect();
        let indexes: BTreeMap<_, _> = indexes.into_iter().filter(|(index, _)| is_own(index)).collect();
        assert_eq!(indexes, document.indexes.iter().map(|(index, keys)| (*index, owned(keys))).collect(), "{name}");
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A row's statement: the later of two values for one column counts.
fn insert(dialect: Dialect, row: &Row, changes: &[&[(&str, &str)]]) -> String {
    let mut values: BTreeMap<&str, &str> = row.good.iter().copied().collect();
    values.extend(changes.iter().flat_map(|changes| changes.iter().copied()));
    let columns: Vec<_> = values.keys().map(|column| dialect.quote(column)).collect();
    let values: Vec<_> = values.into_values().collect();
    format!("INSERT INTO {} ({}) VALUES ({})", dialect.quote(row.table), columns.join(", "), values.join(", "))
}

/// Each bad row differs in one thing from one that the database takes.
fn every_row_that_the_documents_forbid_is_refused(home: &Home) {
    let (tables, rows) = of(home.schema);
    assert_eq!(rows.len(), tables.len());
    home.migrated();
    let dialect = home.backend.dialect();
    runtime().block_on(async {
        let db = home.connect().await;
        for row in rows {
            let good = insert(dialect, row, &[]);
            db.execute_unprepared(&good).await.unwrap_or_else(|error| panic!("{good}: {error}"));
            assert!(!row.bad.is_empty());
            for (reason, change) in row.bad {
                let bad = insert(dialect, row, &[row.second, change]);
                assert!(db.execute_unprepared(&bad).await.is_err(), "{reason} lets through {bad}");
            }
            let second = insert(dialect, row, &[row.second]);
            db.execute_unprepared(&second).await.unwrap_or_else(|error| panic!("{second}: {error}"));
        }
        db.close().await.expect("a connection closes");
    });
}

/// A misspelt word in a CHECK would be refused where the document allows it.
fn every_word_that_the_documents_allow_is_taken(home: &Home) {
    let (_, rows) = of(home.schema);
    home.migrated();
    let dialect = home.backend.dialect();
    runtime().block_on(async {
        let db = home.connect().await;
        for row in rows {
            let good = insert(dialect, row, &[]);
            db.execute_unprepared(&good).await.unwrap_or_else(|error| panic!("{good}: {error}"));
            for (_, column, words) in allowed(home.schema).iter().filter(|(table, ..)| *table == row.table) {
                for word in *words {
                    let update = format!("UPDATE {} SET {column} = '{word}'", dialect.quote(row.table));
                    db.execute_unprepared(&update).await.unwrap_or_else(|error| panic!("{update}: {error}"));
                }
            }
        }
        db.close().await.expect("a connection closes");
    });
}

/// Table, column, and the words that the documents allow there.
pub type Allowed = (&'static str, &'static str, &'static [&'static str]);

pub fn allowed(schema: &str) -> &'static [Allowed] {
    match schema {
        "brickhouse" => &[
            ("users", "role", &["store_manager", "regional_manager"]),
            ("orders", "order_status", &["pending_review", "approved", "fulfilled", "cancelled"]),
        ],
        "fashion" => &[
            ("categories", "archetype", &["FASHION_RETAIL", "STABLE_CATALOG", "CONTINUOUS"]),
            ("store_clusters", "fashion_tier", &["PREMIUM", "MAINSTREAM", "VALUE"]),
            ("stores", "location_tier", &["A", "B", "C"]),
            ("stores", "store_format", &["MALL", "STANDALONE", "SHOPPING_CENTER", "OUTLET"]),
            ("stores", "region", &["NORTHEAST", "SOUTHEAST", "MIDWEST", "WEST"]),
            ("markdowns", "status", &["pending", "approved", "applied"]),
            ("workflow_logs", "status", &["started", "completed", "failed"]),
            ("season_parameters", "replenishment_strategy", &["none", "weekly", "bi-weekly"]),
            ("season_parameters", "extraction_confidence", &["high", "medium", "low"]),
            ("workflows", "workflow_type", &["forecast", "reforecast"]),
            ("workflows", "status", &["pending", "running", "completed", "failed", "awaiting_approval"]),
        ],
        _ => &[],
    }
}

/// MariaDB's usual collations take `VALUE` and `VALUE ` for one; the databases that kiln makes do not.
fn a_space_at_the_end_makes_another_value(home: &Home) {
    let home = Home::of(home.backend, "fashion");
    home.migrated();
    let insert = |id: &str, tier: &str| {
        home.takes(&format!(
            "INSERT INTO store_clusters (cluster_id, cluster_name, fashion_tier) VALUES ('{id}', 'x', '{tier}')"
        ))
    };
    assert!(insert("a", "VALUE") && insert("a ", "VALUE"));
    assert!(!insert("b", "VALUE "));
}

/// What the demo asks of the database, in the words of plain SQL.
fn queries_of_the_documents_run_unchanged(home: &Home) {
    home.migrated().kiln("seed market", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM clients"), 10);
    let categories =
        "SELECT count(DISTINCT category) AS n FROM products WHERE category IN ('Electronics', 'Apparel', 'Home Goods')";
    assert_eq!(home.number(categories), 3);
    let fourth = "SELECT count(*) AS n FROM sales WHERE (date >= '2023-10-01' AND date <= '2023-12-31') \
                  OR (date >= '2024-10-01' AND date <= '2024-12-31')";
    assert!(home.number(fourth) > 500);
    let top = "SELECT count(*) AS n FROM (SELECT p.brand, sum(s.revenue) AS revenue FROM sales s \
               JOIN products p ON s.product_id = p.product_id GROUP BY p.brand ORDER BY revenue DESC LIMIT 5) t";
    assert_eq!(home.number(top), 5);
}
