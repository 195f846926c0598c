-- A retail shop: stores, customers, products, stock, orders and sales.

CREATE TABLE region (
    code TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    sort_key INTEGER DEFAULT 0,
    CONSTRAINT region_pk PRIMARY KEY (code),
    CONSTRAINT region_name_unique UNIQUE (name)
) WITHOUT ROWID;

CREATE TABLE store (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT IGNORE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES region (code) ON UPDATE CASCADE ON DELETE RESTRICT,
    area NUMERIC(8,2),
    is_open BOOLEAN NOT NULL DEFAULT 1,
    opened_on DATE DEFAULT CURRENT_DATE,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note,
    CONSTRAINT store_code_unique UNIQUE (code) ON CONFLICT REPLACE,
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);

CREATE TABLE customer (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    full_name VARCHAR(120) NOT NULL DEFAULT 'Unknown',
    phone TEXT,
    tax_number VARCHAR(20),
    postcode TEXT COLLATE RTRIM,
    legacy_id INTEGER UNIQUE,
    referred_by INTEGER CONSTRAINT customer_referred_by_fk REFERENCES customer (id) ON DELETE SET NULL,
    born_on TEXT,
    UNIQUE (tax_number, postcode)
);

CREATE TABLE product (
    id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    brand TEXT DEFAULT 'House',
    category TEXT NOT NULL DEFAULT 'general',
    price REAL NOT NULL DEFAULT 0.00,
    cost REAL,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'seasonal', 'discontinued')),
    photo BLOB,
    extra ANY,
    token TEXT DEFAULT (lower(hex(randomblob(16)))),
    gross_price REAL GENERATED ALWAYS AS (round(price * 1.20, 2)) STORED,
    label TEXT GENERATED ALWAYS AS (sku || ' ' || name) VIRTUAL,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;

CREATE TABLE inventory (
    store_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 0,
    counted_at TEXT,
    PRIMARY KEY (store_id, product_id) ON CONFLICT REPLACE,
    FOREIGN KEY (store_id) REFERENCES store (id),
    FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    store_id INTEGER,
    status TEXT NOT NULL DEFAULT 'draft',
    total DECIMAL(12,2) NOT NULL DEFAULT 0,
    placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT,
    CONSTRAINT orders_number_unique UNIQUE (number),
    CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL,
    CONSTRAINT orders_status_check CHECK (status <> '')
);

CREATE TABLE order_line (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2) NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);

CREATE TABLE price_history (
    product_id INTEGER NOT NULL REFERENCES product,
    valid_from TEXT NOT NULL,
    price REAL NOT NULL,
    UNIQUE (product_id, valid_from)
);

CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY,
    table_name TEXT NOT NULL,
    action TEXT NOT NULL,
    at TEXT DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT
);

CREATE INDEX store_region_idx ON store (region_code, name);
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE INDEX audit_log_at_idx ON audit_log (at);

CREATE VIEW active_product AS
    SELECT id, sku, name, price FROM product WHERE status = 'active';
CREATE VIEW open_store (store_id, store_code) AS
    SELECT id, code FROM store WHERE is_open = 1;
CREATE VIEW customer_spend AS
    SELECT c.id, c.full_name, count(o.id) AS order_count, sum(o.total) AS spent
    FROM customer c LEFT JOIN orders o ON o.customer_id = c.id
    GROUP BY c.id, c.full_name;

CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;
CREATE TRIGGER audit_log_keep BEFORE DELETE ON audit_log
BEGIN
    SELECT raise(ABORT, 'the audit log is kept');
END;
CREATE TRIGGER active_product_insert INSTEAD OF INSERT ON active_product
BEGIN
    INSERT INTO product (sku, name, price) VALUES (new.sku, new.name, new.price);
END;

CREATE VIRTUAL TABLE product_search USING fts5 (name, category, sku UNINDEXED, tokenize = 'porter unicode61', prefix = '2 3');

INSERT INTO region (code, name, sort_key) VALUES ('NO', 'North', 1), ('SO', 'South', 2), ('WE', 'West', 3);
INSERT INTO store (code, name, region_code, area) VALUES ('S-001', 'Harbour', 'NO', 420.50), ('S-002', 'Market Square', 'SO', 310.00), ('S-003', 'Station', 'WE', 95.25);
INSERT INTO customer (email, full_name, postcode, tax_number, born_on) VALUES ('ada@example.com', 'Ada Berg', '1000', 'T-1', '1980-02-03'), ('ben@example.com', 'Ben Dale', '2000', 'T-2', '1991-05-06'), ('cleo@example.com', 'Cleo Frost', '3000', NULL, '1975-11-12');
INSERT INTO product (sku, name, price, cost) VALUES ('TEA-01', 'Green tea', 4.50, 2.10), ('CUP-01', 'Tea cup', 12.00, 5.25), ('POT-01', 'Tea pot', 39.90, 18.00);
INSERT INTO inventory (store_id, product_id, quantity) VALUES (1, 1, 40), (1, 2, 12), (2, 3, 5);
INSERT INTO orders (id, number, customer_id, store_id, status, total) VALUES (1, 1000, 1, 1, 'paid', 16.50), (2, 1010, 2, 2, 'placed', 39.90), (3, 1020, 3, NULL, 'draft', 0);
INSERT INTO order_line (order_id, line_no, store_id, product_id, quantity, unit_price) VALUES (1, 1, 1, 1, 1, 4.50), (1, 2, 1, 2, 1, 12.00), (2, 1, 2, 3, 1, 39.90);
INSERT INTO price_history (product_id, valid_from, price) VALUES (1, '2024-01-01', 4.20), (1, '2025-01-01', 4.50), (2, '2024-01-01', 12.00);
INSERT INTO setting (key, value) VALUES ('currency', 'EUR'), ('tax', '0.20');
INSERT INTO product_search (name, category, sku) VALUES ('Green tea', 'general', 'TEA-01'), ('Tea cup', 'general', 'CUP-01'), ('Tea pot', 'general', 'POT-01');
