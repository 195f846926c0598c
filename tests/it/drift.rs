//! Changes that somebody makes by hand, and that a check must name.

use std::collections::BTreeSet;

use crate::OnBackend;
use crate::backend::{Backend, Home};

pub const TESTS: &[OnBackend] = &[
    ("a_fresh_schema_has_no_finding", a_fresh_schema_has_no_finding),
    ("a_seeded_schema_has_no_finding", a_seeded_schema_has_no_finding),
    (
        "every_change_by_hand_is_found_and_goes_when_it_is_put_back",
        every_change_by_hand_is_found_and_goes_when_it_is_put_back,
    ),
    ("every_change_of_a_view_is_found", every_change_of_a_view_is_found),
    ("a_finding_has_both_sides_in_json", a_finding_has_both_sides_in_json),
    ("another_order_of_columns_is_a_note", another_order_of_columns_is_a_note),
    ("pending_migrations_are_one_finding_and_no_drift", pending_migrations_are_one_finding_and_no_drift),
    (
        "a_broken_promise_names_the_field_and_what_the_program_suffers",
        a_broken_promise_names_the_field_and_what_the_program_suffers,
    ),
];

fn a_fresh_schema_has_no_finding(home: &Home) {
    let said = home.migrated().kiln("check market --strict", 0);
    assert!(said.out.starts_with("market: no drift (4 tables, 20 columns, "), "{}", said.out);
}

fn a_seeded_schema_has_no_finding(home: &Home) {
    home.migrated().kiln("seed market --scenario smoke", 0);
    home.kiln("check market --strict", 0);
}

/// A change by hand: what is found, the statements that make it, and those that take it back.
struct Change {
    found: &'static [&'static str],
    make: &'static [&'static str],
    undo: &'static [&'static str],
}

/// SQLite's own procedure: a new table, the rows moved, the old one dropped, the new one renamed.
const SQLITE_NULLABLE_REGION: &[&str] = &[
    "PRAGMA foreign_keys = OFF",
    "CREATE TABLE new_sales (sale_id integer NOT NULL PRIMARY KEY AUTOINCREMENT, client_id integer NOT NULL, \
     product_id integer NOT NULL, region text, date date_text NOT NULL, quantity integer NOT NULL, \
     revenue double NOT NULL, FOREIGN KEY (client_id) REFERENCES clients (client_id), \
     FOREIGN KEY (product_id) REFERENCES products (product_id))",
    "INSERT INTO new_sales SELECT * FROM sales",
    "DROP TABLE sales",
    "ALTER TABLE new_sales RENAME TO sales",
    "CREATE INDEX idx_sales_client_date ON sales (client_id, date)",
];

const SQLITE_REGION_AS_IT_WAS: &[&str] = &[
    "PRAGMA foreign_keys = OFF",
    "CREATE TABLE new_sales (sale_id integer NOT NULL PRIMARY KEY AUTOINCREMENT, client_id integer NOT NULL, \
     product_id integer NOT NULL, region text NOT NULL, date date_text NOT NULL, quantity integer NOT NULL, \
     revenue double NOT NULL, FOREIGN KEY (client_id) REFERENCES clients (client_id), \
     FOREIGN KEY (product_id) REFERENCES products (product_id))",
    "INSERT INTO new_sales SELECT * FROM sales",
    "DROP TABLE sales",
    "ALTER TABLE new_sales RENAME TO sales",
    "CREATE INDEX idx_sales_client_date ON sales (client_id, date)",
];

/// Changes that every backend can make.
const EVERYWHERE: &[Change] = &[
    Change {
        found: &[
            "missing-column  customer_segments.demographics",
            "promised-column  customer_segments.demographics  market::CustomerSegment::demographics",
        ],
        make: &["ALTER TABLE customer_segments DROP COLUMN demographics"],
        undo: &["ALTER TABLE customer_segments ADD COLUMN demographics text"],
    },
    Change { found: &["extra-table  notes"], make: &["CREATE TABLE notes (id integer)"], undo: &["DROP TABLE notes"] },
    Change {
        found: &["extra-column  clients.remark"],
        make: &["ALTER TABLE clients ADD COLUMN remark text"],
        undo: &["ALTER TABLE clients DROP COLUMN remark"],
    },
    Change {
        found: &["extra-view  names"],
        make: &["CREATE VIEW names AS SELECT client_name FROM clients"],
        undo: &["DROP VIEW names"],
    },
];

/// Changes of brickhouse's views where they are plain ones.
const VIEWS: &[Change] = &[
    Change {
        found: &["missing-view  analytics_low_stock_alerts"],
        make: &["DROP VIEW analytics_low_stock_alerts"],
        undo: &[],
    },
    Change {
        found: &["view-differs  analytics_low_stock_alerts"],
        make: &["DROP VIEW analytics_low_stock_alerts", "CREATE VIEW analytics_low_stock_alerts AS SELECT 1 AS one"],
        undo: &[],
    },
];

/// Changes of what brickhouse also owns on PostgreSQL.
const ANALYTICS: &[Change] = &[
    Change {
        found: &["missing-view  analytics.low_stock_alerts"],
        make: &["DROP MATERIALIZED VIEW analytics.low_stock_alerts"],
        undo: &[],
    },
    Change {
        found: &["view-differs  analytics.order_trends", "missing-index  analytics.order_trends.idx_order_trends_day"],
        make: &[
            "DROP MATERIALIZED VIEW analytics.order_trends",
            "CREATE VIEW analytics.order_trends AS SELECT 1 AS one",
        ],
        undo: &[],
    },
    Change {
        found: &["index-differs  analytics.inventory_summary.idx_inventory_summary_region"],
        make: &[
            "DROP INDEX analytics.idx_inventory_summary_region",
            "CREATE INDEX idx_inventory_summary_region ON analytics.inventory_summary (brand)",
        ],
        undo: &[],
    },
    Change {
        found: &["extra-table  analytics.notes", "extra-view  analytics.odd"],
        make: &["CREATE TABLE analytics.notes (id integer)", "CREATE VIEW analytics.odd AS SELECT 1 AS one"],
        undo: &[],
    },
];

/// Changes of an index where it is dropped by its name alone.
const INDEXES: &[Change] = &[
    Change {
        found: &["missing-index  sales.idx_sales_client_date"],
        make: &["DROP INDEX idx_sales_client_date"],
        undo: &["CREATE INDEX idx_sales_client_date ON sales (client_id, date)"],
    },
    Change {
        found: &["index-differs  sales.idx_sales_client_date"],
        make: &[
            "DROP INDEX idx_sales_client_date",
            "CREATE INDEX idx_sales_client_date ON sales (client_id, date DESC) WHERE quantity > 1",
        ],
        undo: &["DROP INDEX idx_sales_client_date", "CREATE INDEX idx_sales_client_date ON sales (client_id, date)"],
    },
];

const SQLITE: &[Change] = &[
    Change {
        found: &["extra-index  clients.ix_lower"],
        make: &["CREATE INDEX ix_lower ON clients (lower(client_name))"],
        undo: &["DROP INDEX ix_lower"],
    },
    Change {
        found: &["extra-unique  clients.unique (code)"],
        make: &[
            "CREATE TABLE new_clients (client_id integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
             client_name text NOT NULL, industry text NOT NULL, code text, UNIQUE (code))",
            "PRAGMA foreign_keys = OFF",
            "DROP TABLE clients",
            "ALTER TABLE new_clients RENAME TO clients",
        ],
        undo: &[
            "PRAGMA foreign_keys = OFF",
            "DROP TABLE clients",
            "CREATE TABLE clients (client_id integer NOT NULL PRIMARY KEY AUTOINCREMENT, client_name text NOT NULL, \
             industry text NOT NULL)",
        ],
    },
    Change {
        found: &["extra-column  clients.shout", "column-type  clients.client_name", "column-default  clients.industry"],
        make: &[
            "PRAGMA foreign_keys = OFF",
            "DROP TABLE clients",
            "CREATE TABLE clients (client_id integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
             client_name varchar(20) NOT NULL, industry text NOT NULL DEFAULT 'x', \
             shout text GENERATED ALWAYS AS (upper(client_name)) VIRTUAL)",
        ],
        undo: &[
            "PRAGMA foreign_keys = OFF",
            "DROP TABLE clients",
            "CREATE TABLE clients (client_id integer NOT NULL PRIMARY KEY AUTOINCREMENT, client_name text NOT NULL, \
             industry text NOT NULL)",
        ],
    },
    Change {
        found: &["column-nullability  sales.region", "promised-nullability  sales.region  market::Sale::region"],
        make: SQLITE_NULLABLE_REGION,
        undo: SQLITE_REGION_AS_IT_WAS,
    },
    Change {
        found: &["extra-check  clients.check (remark <> '')"],
        make: &["ALTER TABLE clients ADD COLUMN remark text CHECK (remark <> '')"],
        undo: &["ALTER TABLE clients DROP COLUMN remark"],
    },
];

const POSTGRES: &[Change] = &[
    Change {
        found: &["missing-table  customer_segments", "promised-table  customer_segments  market::CustomerSegment"],
        make: &["DROP TABLE customer_segments"],
        undo: &[
            "CREATE TABLE customer_segments (segment_id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY, \
                 client_id integer NOT NULL REFERENCES clients (client_id), segment_name text NOT NULL, demographics text)",
        ],
    },
    Change {
        found: &["missing-foreign-key  products.products_client_id_fkey", "extra-foreign-key  sales.odd"],
        make: &[
            "ALTER TABLE products DROP CONSTRAINT products_client_id_fkey",
            "ALTER TABLE sales ADD CONSTRAINT odd FOREIGN KEY (quantity) REFERENCES clients (client_id)",
        ],
        undo: &[
            "ALTER TABLE products ADD CONSTRAINT products_client_id_fkey FOREIGN KEY (client_id) \
             REFERENCES clients (client_id)",
            "ALTER TABLE sales DROP CONSTRAINT odd",
        ],
    },
    Change {
        found: &["extra-index  sales.ix_lower"],
        make: &["CREATE INDEX ix_lower ON sales (lower(region) DESC) WHERE quantity > 1"],
        undo: &["DROP INDEX ix_lower"],
    },
    Change {
        found: &["primary-key-differs  customer_segments.primary key"],
        make: &[
            "ALTER TABLE customer_segments DROP CONSTRAINT customer_segments_pkey",
            "ALTER TABLE customer_segments ADD PRIMARY KEY (segment_id, client_id)",
        ],
        undo: &[
            "ALTER TABLE customer_segments DROP CONSTRAINT customer_segments_pkey",
            "ALTER TABLE customer_segments ADD PRIMARY KEY (segment_id)",
        ],
    },
    Change {
        found: &["unpromised-column  clients.tier  market::Client"],
        make: &["ALTER TABLE clients ADD COLUMN tier integer NOT NULL"],
        undo: &["ALTER TABLE clients DROP COLUMN tier"],
    },
    Change {
        found: &["column-generated  sales.revenue"],
        make: &[
            "ALTER TABLE sales DROP COLUMN revenue",
            "ALTER TABLE sales ADD COLUMN revenue double precision NOT NULL GENERATED ALWAYS AS (quantity * 2.0) STORED",
        ],
        undo: &[
            "ALTER TABLE sales DROP COLUMN revenue",
            "ALTER TABLE sales ADD COLUMN revenue double precision NOT NULL",
        ],
    },
    Change {
        found: &["column-nullability  sales.region", "promised-nullability  sales.region  market::Sale::region"],
        make: &["ALTER TABLE sales ALTER COLUMN region DROP NOT NULL"],
        undo: &["ALTER TABLE sales ALTER COLUMN region SET NOT NULL"],
    },
    Change {
        found: &["column-type  sales.quantity", "promised-type  sales.quantity  market::Sale::quantity"],
        make: &["ALTER TABLE sales ALTER COLUMN quantity TYPE bigint"],
        undo: &["ALTER TABLE sales ALTER COLUMN quantity TYPE integer"],
    },
    Change {
        found: &["column-default  sales.quantity"],
        make: &["ALTER TABLE sales ALTER COLUMN quantity SET DEFAULT 1"],
        undo: &["ALTER TABLE sales ALTER COLUMN quantity DROP DEFAULT"],
    },
    Change {
        found: &["column-identity  sales.sale_id"],
        make: &["ALTER TABLE sales ALTER COLUMN sale_id SET GENERATED ALWAYS"],
        undo: &["ALTER TABLE sales ALTER COLUMN sale_id SET GENERATED BY DEFAULT"],
    },
    Change {
        found: &["foreign-key-differs  sales.sales_client_id_fkey"],
        make: &[
            "ALTER TABLE sales DROP CONSTRAINT sales_client_id_fkey",
            "ALTER TABLE sales ADD CONSTRAINT sales_client_id_fkey FOREIGN KEY (client_id) \
                     REFERENCES clients (client_id) ON DELETE CASCADE",
        ],
        undo: &[
            "ALTER TABLE sales DROP CONSTRAINT sales_client_id_fkey",
            "ALTER TABLE sales ADD CONSTRAINT sales_client_id_fkey FOREIGN KEY (client_id) \
                     REFERENCES clients (client_id)",
        ],
    },
    Change {
        found: &["missing-primary-key  customer_segments.primary key"],
        make: &["ALTER TABLE customer_segments DROP CONSTRAINT customer_segments_pkey"],
        undo: &["ALTER TABLE customer_segments ADD PRIMARY KEY (segment_id)"],
    },
    Change {
        found: &["extra-unique  clients.one_name", "extra-check  sales.positive"],
        make: &[
            "ALTER TABLE clients ADD CONSTRAINT one_name UNIQUE (client_name)",
            "ALTER TABLE sales ADD CONSTRAINT positive CHECK (quantity > 0)",
        ],
        undo: &["ALTER TABLE clients DROP CONSTRAINT one_name", "ALTER TABLE sales DROP CONSTRAINT positive"],
    },
];

const POSTGRES_MODIFIERS: &[Change] = &[
    Change {
        found: &["foreign-key-differs  sales.sales_client_id_fkey", "DEFERRABLE INITIALLY DEFERRED"],
        make: &["ALTER TABLE sales ALTER CONSTRAINT sales_client_id_fkey DEFERRABLE INITIALLY DEFERRED"],
        undo: &["ALTER TABLE sales ALTER CONSTRAINT sales_client_id_fkey NOT DEFERRABLE"],
    },
    Change {
        found: &["extra-check  sales.positive", "NOT VALID"],
        make: &["ALTER TABLE sales ADD CONSTRAINT positive CHECK (quantity > 0) NOT VALID"],
        undo: &["ALTER TABLE sales DROP CONSTRAINT positive"],
    },
    Change {
        found: &["index-differs  sales.idx_sales_client_date", "INCLUDE (region)"],
        make: &[
            "DROP INDEX idx_sales_client_date",
            "CREATE INDEX idx_sales_client_date ON sales (client_id, date) INCLUDE (region)",
        ],
        undo: &["DROP INDEX idx_sales_client_date", "CREATE INDEX idx_sales_client_date ON sales (client_id, date)"],
    },
    Change {
        found: &["extra-index  sales.by_region", "region COLLATE \"C\" text_pattern_ops"],
        make: &["CREATE INDEX by_region ON sales (region COLLATE \"C\" text_pattern_ops)"],
        undo: &["DROP INDEX by_region"],
    },
    Change {
        found: &["extra-unique  clients.once", "NULLS NOT DISTINCT INCLUDE (industry)"],
        make: &["ALTER TABLE clients ADD CONSTRAINT once UNIQUE NULLS NOT DISTINCT (client_name) INCLUDE (industry)"],
        undo: &["ALTER TABLE clients DROP CONSTRAINT once"],
    },
    Change {
        found: &["column-type  clients.client_name", "text collate \"C\""],
        make: &["ALTER TABLE clients ALTER COLUMN client_name TYPE text COLLATE \"C\""],
        undo: &["ALTER TABLE clients ALTER COLUMN client_name TYPE text COLLATE \"default\""],
    },
];

const MARIADB: &[Change] = &[
    Change {
        found: &["column-type  clients.client_name", "text collate latin1_swedish_ci"],
        make: &["ALTER TABLE clients MODIFY client_name text CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL"],
        undo: &["ALTER TABLE clients MODIFY client_name text CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL"],
    },
    Change {
        found: &["column-type  sales.quantity", "promised-type  sales.quantity  market::Sale::quantity"],
        make: &["ALTER TABLE sales MODIFY quantity int unsigned NOT NULL"],
        undo: &["ALTER TABLE sales MODIFY quantity int NOT NULL"],
    },
    Change {
        found: &["column-generated  sales.revenue"],
        make: &["ALTER TABLE sales DROP COLUMN revenue, ADD COLUMN revenue double AS (quantity * 2) STORED"],
        undo: &["ALTER TABLE sales DROP COLUMN revenue, ADD COLUMN revenue double NOT NULL"],
    },
    Change {
        found: &["extra-index  sales.ix_region"],
        make: &["CREATE INDEX ix_region ON sales (region(20))"],
        undo: &["DROP INDEX ix_region ON sales"],
    },
    Change {
        found: &["missing-index  sales.idx_sales_client_date"],
        // The foreign key needs an index that starts with its column.
        make: &["ALTER TABLE sales ADD INDEX stand_in (client_id), DROP INDEX idx_sales_client_date"],
        undo: &["ALTER TABLE sales ADD INDEX idx_sales_client_date (client_id, date), DROP INDEX stand_in"],
    },
    Change {
        found: &["column-nullability  sales.region", "promised-nullability  sales.region  market::Sale::region"],
        make: &["ALTER TABLE sales MODIFY region text NULL"],
        undo: &["ALTER TABLE sales MODIFY region text NOT NULL"],
    },
    Change {
        found: &["column-type  sales.revenue", "promised-type  sales.revenue  market::Sale::revenue"],
        make: &["ALTER TABLE sales MODIFY revenue float NOT NULL"],
        undo: &["ALTER TABLE sales MODIFY revenue double NOT NULL"],
    },
    Change {
        found: &["column-default  sales.quantity"],
        make: &["ALTER TABLE sales ALTER COLUMN quantity SET DEFAULT 1"],
        undo: &["ALTER TABLE sales ALTER COLUMN quantity DROP DEFAULT"],
    },
    Change {
        found: &["column-identity  sales.sale_id"],
        make: &["ALTER TABLE sales MODIFY sale_id int NOT NULL"],
        undo: &["ALTER TABLE sales MODIFY sale_id int NOT NULL AUTO_INCREMENT"],
    },
    Change {
        found: &["extra-unique  sales.once", "extra-check  sales.positive"],
        make: &[
            "ALTER TABLE sales ADD UNIQUE once (client_id, product_id, date), ADD CONSTRAINT positive CHECK (quantity > 0)",
        ],
        undo: &["ALTER TABLE sales DROP INDEX once, DROP CONSTRAINT positive"],
    },
    Change {
        found: &["foreign-key-differs  sales.sales_ibfk_1"],
        make: &[
            "ALTER TABLE sales DROP FOREIGN KEY sales_ibfk_1",
            "ALTER TABLE sales ADD CONSTRAINT sales_ibfk_1 FOREIGN KEY (client_id) \
                     REFERENCES clients (client_id) ON DELETE CASCADE",
        ],
        undo: &[
            "ALTER TABLE sales DROP FOREIGN KEY sales_ibfk_1",
            "ALTER TABLE sales ADD CONSTRAINT sales_ibfk_1 FOREIGN KEY (client_id) REFERENCES clients (client_id)",
        ],
    },
];

fn changes(backend: Backend) -> impl Iterator<Item = &'static Change> {
    let (shared, own): (&[Change], _) = match backend {
        Backend::Sqlite => (INDEXES, SQLITE),
        Backend::Postgres => (INDEXES, POSTGRES),
        Backend::MariaDb => (&[], MARIADB),
    };
    let modifiers = if backend == Backend::Postgres { POSTGRES_MODIFIERS } else { &[] };
    EVERYWHERE.iter().chain(shared).chain(own).chain(modifiers)
}

fn every_change_by_hand_is_found_and_goes_when_it_is_put_back(home: &Home) {
    home.migrated();
    assert!(changes(home.backend).count() >= 7, "few changes say little");
    for Change { found, make, undo } in changes(home.backend) {
        home.sql(make);
        let said = home.kiln("check market", 1);
        for finding in *found {
            assert!(said.out.contains(finding), "{make:?} should give {finding}:\n{}", said.out);
        }
        home.sql(undo);
        home.kiln("check market", 0);
    }
}

/// Each change in a home of its own, and gone when the schema is made anew.
fn every_change_of_a_view_is_found(home: &Home) {
    let changes = if home.backend == Backend::Postgres { ANALYTICS } else { VIEWS };
    for Change { found, make, .. } in changes {
        let home = Home::of(home.backend, "brickhouse");
        home.migrated().sql(make);
        let said = home.kiln("check brickhouse", 1);
        for finding in *found {
            assert!(said.out.contains(finding), "{make:?} should give {finding}:\n{}", said.out);
        }
        home.kiln("migrate fresh brickhouse", 0);
        home.kiln("check brickhouse", 0);
    }
}

/// The kinds that a change by hand shows on some backend.
pub fn provoked() -> BTreeSet<&'static str> {
    let changes = Backend::ALL.into_iter().flat_map(changes).chain(VIEWS).chain(ANALYTICS);
    let changes = changes.flat_map(|change| change.found);
    changes.filter_map(|found| found.split("  ").next()).collect()
}

/// Shown, and no failure unless asked for: a query by name does not care.
fn another_order_of_columns_is_a_note(home: &Home) {
    home.migrated();
    home.sql(match home.backend {
        Backend::Sqlite => &[
            "PRAGMA foreign_keys = OFF",
            "DROP TABLE customer_segments",
            "CREATE TABLE customer_segments (segment_id integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
             client_id integer NOT NULL, demographics text, segment_name text NOT NULL, \
             FOREIGN KEY (client_id) REFERENCES clients (client_id))",
        ],
        Backend::Postgres => &[
            "ALTER TABLE customer_segments DROP COLUMN segment_name",
            "ALTER TABLE customer_segments ADD COLUMN segment_name text NOT NULL",
        ],
        Backend::MariaDb => &["ALTER TABLE customer_segments MODIFY segment_name text NOT NULL AFTER demographics"],
    });
    let said = home.kiln("check market", 0);
    assert!(said.out.contains("column-order  customer_segments  (note)"), "{}", said.out);
    home.kiln("check market --strict", 1);
}

fn a_finding_has_both_sides_in_json(home: &Home) {
    home.migrated().sql(&["ALTER TABLE clients ADD COLUMN remark text"]);
    let json = home.kiln("check market --format json", 1).json();
    let finding = &json["results"][0]["structure"][0];
    assert_eq!(finding["code"], "extra-column");
    assert_eq!(finding["severity"], "drift");
    assert_eq!(finding["object"], "clients.remark");
    assert!(finding["declared"].is_null());
    assert_eq!(finding["actual"].as_str().expect("a side").to_lowercase(), "text null");
    assert_eq!(json["results"][0]["holds"], false);
}

fn pending_migrations_are_one_finding_and_no_drift(home: &Home) {
    home.kiln("migrate up market -n 1", 0);
    let json = home.kiln("check market --format json", 1).json();
    let result = &json["results"][0];
    assert_eq!(result["pending"].as_array().map(Vec::len), Some(1));
    assert_eq!(result["structure"].as_array().map(Vec::len), Some(0), "what is applied is as declared: {result}");
}

fn a_broken_promise_names_the_field_and_what_the_program_suffers(home: &Home) {
    home.migrated().sql(&[
        "DELETE FROM customer_segments",
        "ALTER TABLE customer_segments ADD COLUMN tier integer NOT NULL DEFAULT 1",
        "ALTER TABLE customer_segments DROP COLUMN demographics",
    ]);
    let said = home.kiln("check market", 1);
    let promise = "promised-column  customer_segments.demographics  market::CustomerSegment::demographics";
    assert!(said.out.contains(promise), "{}", said.out);
    assert!(said.out.contains("so        every query through the entity fails"), "{}", said.out);
    // A default is there, so inserts through the entity still work.
    assert!(!said.out.contains("unpromised-column"), "{}", said.out);
}
