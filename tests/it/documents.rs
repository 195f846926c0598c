//! The source documents' DDL, held against what the migrations make.

use catalog::{Dialect, Family, ForeignKey, Table};

use crate::OnBackend;
use crate::backend::Home;

pub const TESTS: &[OnBackend] = &[
    ("market_has_the_documents_tables_and_columns_in_order", market_has_the_documents_tables_and_columns_in_order),
    (
        "market_has_the_documents_keys_and_indexes_and_no_others",
        market_has_the_documents_keys_and_indexes_and_no_others,
    ),
    ("a_dangling_foreign_key_is_refused", a_dangling_foreign_key_is_refused),
    ("queries_of_the_documents_run_unchanged", queries_of_the_documents_run_unchanged),
];

/// A column of the document: name, its type there, whether it is NOT NULL.
type Column = (&'static str, &'static str, bool);

const TABLES: &[(&str, &[Column])] = &[
    ("clients", &[("client_id", "INTEGER", true), ("client_name", "TEXT", true), ("industry", "TEXT", true)]),
    (
        "products",
        &[
            ("product_id", "INTEGER", true),
            ("client_id", "INTEGER", true),
            ("product_name", "TEXT", true),
            ("category", "TEXT", true),
            ("brand", "TEXT", true),
            ("price", "REAL", true),
        ],
    ),
    (
        "sales",
        &[
            ("sale_id", "INTEGER", true),
            ("client_id", "INTEGER", true),
            ("product_id", "INTEGER", true),
            ("region", "TEXT", true),
            ("date", "DATE", true),
            ("quantity", "INTEGER", true),
            ("revenue", "REAL", true),
        ],
    ),
    (
        "customer_segments",
        &[
            ("segment_id", "INTEGER", true),
            ("client_id", "INTEGER", true),
            ("segment_name", "TEXT", true),
            ("demographics", "TEXT", false),
        ],
    ),
];

/// Whether a column holds what the document's type holds; REAL is 64-bit everywhere.
fn is_of(dialect: Dialect, document: &str, data_type: &str) -> bool {
    match (document, Family::of_column(dialect, data_type)) {
        ("INTEGER", Family::Integer(bits)) => bits.is_none_or(|bits| bits == 32),
        ("REAL", Family::Float(bits)) => bits.is_none_or(|bits| bits == 64),
        ("TEXT", Family::Text(_)) | ("DATE", Family::Date) => true,
        _ => false,
    }
}

fn market_has_the_documents_tables_and_columns_in_order(home: &Home) {
    let catalog = home.migrated().catalog().without(&["seaql_migrations"]);
    let mut names: Vec<_> = TABLES.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    assert_eq!(catalog.tables.keys().collect::<Vec<_>>(), names);
    for (name, columns) in TABLES {
        let table = &catalog.tables[*name];
        let order: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(order, columns.iter().map(|(name, ..)| *name).collect::<Vec<_>>(), "{name}");
        for ((name, document, is_not_null), column) in columns.iter().zip(&table.columns) {
            assert!(is_of(catalog.dialect, document, &column.data_type), "{name}: {document} is {}", column.data_type);
            assert_eq!(!column.nullable, *is_not_null, "{name}");
            assert_eq!(column.default, None, "{name}");
        }
    }
}

fn market_has_the_documents_keys_and_indexes_and_no_others(home: &Home) {
    let catalog = home.migrated().catalog();
    let table = |name: &str| &catalog.tables[name];
    for (name, columns) in TABLES {
        let key = table(name).primary_key.as_ref().expect("a primary key");
        assert_eq!(key.columns, [columns[0].0]);
        assert!(table(name).column(columns[0].0).expect("its column").identity.is_some(), "{name} numbers its rows");
        assert!(table(name).uniques.is_empty() && table(name).checks.is_empty());
    }
    let keys = |table: &Table| -> Vec<(String, String, String)> {
        let plain = |key: &ForeignKey| (key.columns.join(","), key.target.clone(), key.target_columns.join(","));
        table.foreign_keys.iter().map(plain).collect()
    };
    let key = |column: &str, target: &str| (column.to_owned(), target.to_owned(), column.to_owned());
    assert_eq!(keys(table("products")), [key("client_id", "clients")]);
    assert_eq!(keys(table("sales")), [key("client_id", "clients"), key("product_id", "products")]);
    assert_eq!(keys(table("customer_segments")), [key("client_id", "clients")]);

    let index = |table: &str, name: &str| {
        let found = catalog.tables[table].indexes.iter().find(|index| index.name == name);
        found.unwrap_or_else(|| panic!("{table} has no {name}")).keys.clone()
    };
    assert_eq!(index("sales", "idx_sales_client_date"), ["client_id", "date"]);
    assert_eq!(index("products", "idx_products_client_category"), ["client_id", "category"]);
    // MariaDB adds one for each foreign key that has none to use.
    let own = catalog.tables.values().flat_map(|table| &table.indexes).filter(|index| index.name.starts_with("idx_"));
    assert_eq!(own.count(), 2);
}

fn a_dangling_foreign_key_is_refused(home: &Home) {
    home.migrated();
    crate::backend::runtime().block_on(async {
        use sea_orm::ConnectionTrait as _;
        let db = home.connect().await;
        for statement in [
            "INSERT INTO products (client_id, product_name, category, brand, price) VALUES (1, 'p', 'c', 'b', 1)",
            "INSERT INTO customer_segments (client_id, segment_name) VALUES (1, 'Premium')",
            "INSERT INTO sales (client_id, product_id, region, date, quantity, revenue) VALUES (1, 1, 'North', '2024-01-01', 1, 1)",
        ] {
            db.execute_unprepared(statement).await.expect_err(statement);
        }
        db.close().await.expect("a connection closes");
    });
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
