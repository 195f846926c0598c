//! market as the DDL of document 000 has it, its dates as dates.

use super::expected::{Row, Table, Type, column, nullable};
use catalog::Action;

pub const TABLES: &[Table] = &[
    Table {
        name: "clients",
        columns: &[
            column("client_id", Type::Integer),
            column("client_name", Type::Text),
            column("industry", Type::Text),
        ],
        primary_key: &["client_id"],
        numbered: true,
        uniques: &[],
        foreign_keys: &[],
        checks: &[],
        indexes: &[],
    },
    Table {
        name: "products",
        columns: &[
            column("product_id", Type::Integer),
            column("client_id", Type::Integer),
            column("product_name", Type::Text),
            column("category", Type::Text),
            column("brand", Type::Text),
            column("price", Type::Float),
        ],
        primary_key: &["product_id"],
        numbered: true,
        uniques: &[],
        foreign_keys: &[(&["client_id"], "clients", &["client_id"], Action::NoAction)],
        checks: &[],
        indexes: &[("idx_products_client_category", &["client_id", "category"])],
    },
    Table {
        name: "sales",
        columns: &[
            column("sale_id", Type::Integer),
            column("client_id", Type::Integer),
            column("product_id", Type::Integer),
            column("region", Type::Text),
            column("date", Type::Date),
            column("quantity", Type::Integer),
            column("revenue", Type::Float),
        ],
        primary_key: &["sale_id"],
        numbered: true,
        uniques: &[],
        foreign_keys: &[
            (&["client_id"], "clients", &["client_id"], Action::NoAction),
            (&["product_id"], "products", &["product_id"], Action::NoAction),
        ],
        checks: &[],
        indexes: &[("idx_sales_client_date", &["client_id", "date"])],
    },
    Table {
        name: "customer_segments",
        columns: &[
            column("segment_id", Type::Integer),
            column("client_id", Type::Integer),
            column("segment_name", Type::Text),
            nullable("demographics", Type::Text),
        ],
        primary_key: &["segment_id"],
        numbered: true,
        uniques: &[],
        foreign_keys: &[(&["client_id"], "clients", &["client_id"], Action::NoAction)],
        checks: &[],
        indexes: &[],
    },
];

pub const ROWS: &[Row] = &[
    Row {
        table: "clients",
        good: &[("client_id", "1"), ("client_name", "'Alder Goods'"), ("industry", "'Apparel'")],
        second: &[("client_id", "2")],
        bad: &[
            ("primary key", &[("client_id", "1")]),
            ("not null client_name", &[("client_name", "NULL")]),
            ("not null industry", &[("industry", "NULL")]),
        ],
    },
    Row {
        table: "products",
        good: &[
            ("product_id", "1"),
            ("client_id", "1"),
            ("product_name", "'Lamp'"),
            ("category", "'Home Goods'"),
            ("brand", "'Dyson'"),
            ("price", "39.5"),
        ],
        second: &[("product_id", "2")],
        bad: &[
            ("primary key", &[("product_id", "1")]),
            ("foreign key (client_id)", &[("client_id", "99")]),
            ("not null client_id", &[("client_id", "NULL")]),
            ("not null product_name", &[("product_name", "NULL")]),
            ("not null category", &[("category", "NULL")]),
            ("not null brand", &[("brand", "NULL")]),
            ("not null price", &[("price", "NULL")]),
        ],
    },
    Row {
        table: "sales",
        good: &[
            ("sale_id", "1"),
            ("client_id", "1"),
            ("product_id", "1"),
            ("region", "'North'"),
            ("date", "'2024-01-01'"),
            ("quantity", "2"),
            ("revenue", "79"),
        ],
        second: &[("sale_id", "2")],
        bad: &[
            ("primary key", &[("sale_id", "1")]),
            ("foreign key (client_id)", &[("client_id", "99")]),
            ("foreign key (product_id)", &[("product_id", "99")]),
            ("not null client_id", &[("client_id", "NULL")]),
            ("not null product_id", &[("product_id", "NULL")]),
            ("not null region", &[("region", "NULL")]),
            ("not null date", &[("date", "NULL")]),
            ("not null quantity", &[("quantity", "NULL")]),
            ("not null revenue", &[("revenue", "NULL")]),
        ],
    },
    Row {
        table: "customer_segments",
        good: &[("segment_id", "1"), ("client_id", "1"), ("segment_name", "'Premium'")],
        second: &[("segment_id", "2")],
        bad: &[
            ("primary key", &[("segment_id", "1")]),
            ("foreign key (client_id)", &[("client_id", "99")]),
            ("not null client_id", &[("client_id", "NULL")]),
            ("not null segment_name", &[("segment_name", "NULL")]),
        ],
    },
];
