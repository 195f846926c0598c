-- ## a column added
ALTER TABLE customer ADD COLUMN middle_name TEXT;

-- ## a column added, not null with a default
ALTER TABLE region ADD COLUMN is_active INTEGER NOT NULL DEFAULT 1;

-- ## a column added to a strict table
ALTER TABLE product ADD COLUMN weight REAL;

-- ## a generated column added
ALTER TABLE store ADD COLUMN title TEXT GENERATED ALWAYS AS (code || ' ' || name) VIRTUAL;

-- ## a column removed
ALTER TABLE customer DROP COLUMN phone;

-- ## a generated column removed
ALTER TABLE product DROP COLUMN label;

-- ## a column renamed
ALTER TABLE customer RENAME COLUMN phone TO telephone;

-- ## a column's name: letter case
ALTER TABLE customer RENAME COLUMN phone TO Phone;

-- ## a column's order: moved to the end
-- note
PRAGMA legacy_alter_table = ON;
CREATE TABLE audit_log_new (
    id INTEGER PRIMARY KEY,
    action TEXT NOT NULL,
    at TEXT DEFAULT CURRENT_TIMESTAMP,
    table_name TEXT NOT NULL
);
INSERT INTO audit_log_new (id, table_name, action, at) SELECT id, table_name, action, at FROM audit_log;
DROP TABLE audit_log;
ALTER TABLE audit_log_new RENAME TO audit_log;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX audit_log_at_idx ON audit_log (at);
CREATE TRIGGER audit_log_keep BEFORE DELETE ON audit_log
BEGIN
    SELECT raise(ABORT, 'the audit log is kept');
END;

-- ## a column's type: integer to text
PRAGMA legacy_alter_table = ON;
CREATE TABLE customer_new (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    full_name VARCHAR(120) NOT NULL DEFAULT 'Unknown',
    phone TEXT,
    tax_number VARCHAR(20),
    postcode TEXT COLLATE RTRIM,
    legacy_id TEXT UNIQUE,
    referred_by INTEGER CONSTRAINT customer_referred_by_fk REFERENCES customer (id) ON DELETE SET NULL,
    born_on TEXT,
    UNIQUE (tax_number, postcode)
);
INSERT INTO customer_new (id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on) SELECT id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on FROM customer;
DROP TABLE customer;
ALTER TABLE customer_new RENAME TO customer;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);

-- ## a column's type: integer to int
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INT NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2) NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## a column's type: text to blob
PRAGMA legacy_alter_table = ON;
CREATE TABLE setting_new (
    key TEXT PRIMARY KEY,
    value BLOB
);
INSERT INTO setting_new (key, value) SELECT key, value FROM setting;
DROP TABLE setting;
ALTER TABLE setting_new RENAME TO setting;
PRAGMA legacy_alter_table = OFF;

-- ## a column's type: removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE setting_new (
    key TEXT PRIMARY KEY,
    value
);
INSERT INTO setting_new (key, value) SELECT key, value FROM setting;
DROP TABLE setting;
ALTER TABLE setting_new RENAME TO setting;
PRAGMA legacy_alter_table = OFF;

-- ## a column's type: added
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT IGNORE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES region (code) ON UPDATE CASCADE ON DELETE RESTRICT,
    area NUMERIC(8,2),
    is_open BOOLEAN NOT NULL DEFAULT 1,
    opened_on DATE DEFAULT CURRENT_DATE,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note TEXT,
    CONSTRAINT store_code_unique UNIQUE (code) ON CONFLICT REPLACE,
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a column's type: boolean to integer
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT IGNORE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES region (code) ON UPDATE CASCADE ON DELETE RESTRICT,
    area NUMERIC(8,2),
    is_open INTEGER NOT NULL DEFAULT 1,
    opened_on DATE DEFAULT CURRENT_DATE,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note,
    CONSTRAINT store_code_unique UNIQUE (code) ON CONFLICT REPLACE,
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a column's type: timestamp to text
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT IGNORE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES region (code) ON UPDATE CASCADE ON DELETE RESTRICT,
    area NUMERIC(8,2),
    is_open BOOLEAN NOT NULL DEFAULT 1,
    opened_on DATE DEFAULT CURRENT_DATE,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note,
    CONSTRAINT store_code_unique UNIQUE (code) ON CONFLICT REPLACE,
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a column's type: date to datetime
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT IGNORE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES region (code) ON UPDATE CASCADE ON DELETE RESTRICT,
    area NUMERIC(8,2),
    is_open BOOLEAN NOT NULL DEFAULT 1,
    opened_on DATETIME DEFAULT CURRENT_DATE,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note,
    CONSTRAINT store_code_unique UNIQUE (code) ON CONFLICT REPLACE,
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a strict column's type: any to text
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
    id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    brand TEXT DEFAULT 'House',
    category TEXT NOT NULL DEFAULT 'general',
    price REAL NOT NULL DEFAULT 0.00,
    cost REAL,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'seasonal', 'discontinued')),
    photo BLOB,
    extra TEXT,
    token TEXT DEFAULT (lower(hex(randomblob(16)))),
    gross_price REAL GENERATED ALWAYS AS (round(price * 1.20, 2)) STORED,
    label TEXT GENERATED ALWAYS AS (sku || ' ' || name) VIRTUAL,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a strict column's type: real to integer
-- data: a strict table takes whole numbers only
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
    id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    brand TEXT DEFAULT 'House',
    category TEXT NOT NULL DEFAULT 'general',
    price REAL NOT NULL DEFAULT 0.00,
    cost INTEGER,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'seasonal', 'discontinued')),
    photo BLOB,
    extra ANY,
    token TEXT DEFAULT (lower(hex(randomblob(16)))),
    gross_price REAL GENERATED ALWAYS AS (round(price * 1.20, 2)) STORED,
    label TEXT GENERATED ALWAYS AS (sku || ' ' || name) VIRTUAL,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, CAST(cost AS INTEGER), status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a varchar's length
PRAGMA legacy_alter_table = ON;
CREATE TABLE customer_new (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    full_name VARCHAR(60) NOT NULL DEFAULT 'Unknown',
    phone TEXT,
    tax_number VARCHAR(20),
    postcode TEXT COLLATE RTRIM,
    legacy_id INTEGER UNIQUE,
    referred_by INTEGER CONSTRAINT customer_referred_by_fk REFERENCES customer (id) ON DELETE SET NULL,
    born_on TEXT,
    UNIQUE (tax_number, postcode)
);
INSERT INTO customer_new (id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on) SELECT id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on FROM customer;
DROP TABLE customer;
ALTER TABLE customer_new RENAME TO customer;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);

-- ## a numeric's precision
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT IGNORE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES region (code) ON UPDATE CASCADE ON DELETE RESTRICT,
    area NUMERIC(10,2),
    is_open BOOLEAN NOT NULL DEFAULT 1,
    opened_on DATE DEFAULT CURRENT_DATE,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note,
    CONSTRAINT store_code_unique UNIQUE (code) ON CONFLICT REPLACE,
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a numeric's scale
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,3) NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## a numeric's precision and scale removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    store_id INTEGER,
    status TEXT NOT NULL DEFAULT 'draft',
    total DECIMAL NOT NULL DEFAULT 0,
    placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT,
    CONSTRAINT orders_number_unique UNIQUE (number),
    CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL,
    CONSTRAINT orders_status_check CHECK (status <> '')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## not null removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2),
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## not null added
PRAGMA legacy_alter_table = ON;
CREATE TABLE customer_new (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    full_name VARCHAR(120) NOT NULL DEFAULT 'Unknown',
    phone TEXT,
    tax_number VARCHAR(20),
    postcode TEXT COLLATE RTRIM,
    legacy_id INTEGER UNIQUE,
    referred_by INTEGER CONSTRAINT customer_referred_by_fk REFERENCES customer (id) ON DELETE SET NULL,
    born_on TEXT NOT NULL,
    UNIQUE (tax_number, postcode)
);
INSERT INTO customer_new (id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on) SELECT id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on FROM customer;
DROP TABLE customer;
ALTER TABLE customer_new RENAME TO customer;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);

-- ## not null added to a primary key of text
PRAGMA legacy_alter_table = ON;
CREATE TABLE setting_new (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT
);
INSERT INTO setting_new (key, value) SELECT key, value FROM setting;
DROP TABLE setting;
ALTER TABLE setting_new RENAME TO setting;
PRAGMA legacy_alter_table = OFF;

-- ## not null's conflict clause removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL,
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
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## not null's conflict clause changed
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT FAIL,
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
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a default removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    store_id INTEGER,
    status TEXT NOT NULL DEFAULT 'draft',
    total DECIMAL(12,2) NOT NULL,
    placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT,
    CONSTRAINT orders_number_unique UNIQUE (number),
    CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL,
    CONSTRAINT orders_status_check CHECK (status <> '')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a default added
PRAGMA legacy_alter_table = ON;
CREATE TABLE customer_new (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    full_name VARCHAR(120) NOT NULL DEFAULT 'Unknown',
    phone TEXT DEFAULT '',
    tax_number VARCHAR(20),
    postcode TEXT COLLATE RTRIM,
    legacy_id INTEGER UNIQUE,
    referred_by INTEGER CONSTRAINT customer_referred_by_fk REFERENCES customer (id) ON DELETE SET NULL,
    born_on TEXT,
    UNIQUE (tax_number, postcode)
);
INSERT INTO customer_new (id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on) SELECT id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on FROM customer;
DROP TABLE customer;
ALTER TABLE customer_new RENAME TO customer;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);

-- ## a default's number
PRAGMA legacy_alter_table = ON;
CREATE TABLE inventory_new (
    store_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 1,
    counted_at TEXT,
    PRIMARY KEY (store_id, product_id) ON CONFLICT REPLACE,
    FOREIGN KEY (store_id) REFERENCES store (id),
    FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
INSERT INTO inventory_new (store_id, product_id, quantity, counted_at) SELECT store_id, product_id, quantity, counted_at FROM inventory;
DROP TABLE inventory;
ALTER TABLE inventory_new RENAME TO inventory;
PRAGMA legacy_alter_table = OFF;

-- ## a default's number made a string
PRAGMA legacy_alter_table = ON;
CREATE TABLE region_new (
    code TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    sort_key INTEGER DEFAULT '0',
    CONSTRAINT region_pk PRIMARY KEY (code),
    CONSTRAINT region_name_unique UNIQUE (name)
) WITHOUT ROWID;
INSERT INTO region_new (code, name, sort_key) SELECT code, name, sort_key FROM region;
DROP TABLE region;
ALTER TABLE region_new RENAME TO region;
PRAGMA legacy_alter_table = OFF;

-- ## a default's string: letter case only
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
    id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    brand TEXT DEFAULT 'house',
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
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a default's string: a space at its end
PRAGMA legacy_alter_table = ON;
CREATE TABLE customer_new (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    full_name VARCHAR(120) NOT NULL DEFAULT 'Unknown ',
    phone TEXT,
    tax_number VARCHAR(20),
    postcode TEXT COLLATE RTRIM,
    legacy_id INTEGER UNIQUE,
    referred_by INTEGER CONSTRAINT customer_referred_by_fk REFERENCES customer (id) ON DELETE SET NULL,
    born_on TEXT,
    UNIQUE (tax_number, postcode)
);
INSERT INTO customer_new (id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on) SELECT id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on FROM customer;
DROP TABLE customer;
ALTER TABLE customer_new RENAME TO customer;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);

-- ## a default's string: none to the word null
PRAGMA legacy_alter_table = ON;
CREATE TABLE setting_new (
    key TEXT PRIMARY KEY,
    value TEXT DEFAULT 'NULL'
);
INSERT INTO setting_new (key, value) SELECT key, value FROM setting;
DROP TABLE setting;
ALTER TABLE setting_new RENAME TO setting;
PRAGMA legacy_alter_table = OFF;

-- ## a default's time: day to moment
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT IGNORE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES region (code) ON UPDATE CASCADE ON DELETE RESTRICT,
    area NUMERIC(8,2),
    is_open BOOLEAN NOT NULL DEFAULT 1,
    opened_on DATE DEFAULT CURRENT_TIMESTAMP,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note,
    CONSTRAINT store_code_unique UNIQUE (code) ON CONFLICT REPLACE,
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a default's function: one letter of its format
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    store_id INTEGER,
    status TEXT NOT NULL DEFAULT 'draft',
    total DECIMAL(12,2) NOT NULL DEFAULT 0,
    placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    updated_at TEXT,
    CONSTRAINT orders_number_unique UNIQUE (number),
    CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL,
    CONSTRAINT orders_status_check CHECK (status <> '')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a default's function: its number
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
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
    token TEXT DEFAULT (lower(hex(randomblob(8)))),
    gross_price REAL GENERATED ALWAYS AS (round(price * 1.20, 2)) STORED,
    label TEXT GENERATED ALWAYS AS (sku || ' ' || name) VIRTUAL,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a generated column's expression: one constant
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
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
    gross_price REAL GENERATED ALWAYS AS (round(price * 1.21, 2)) STORED,
    label TEXT GENERATED ALWAYS AS (sku || ' ' || name) VIRTUAL,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a generated column's expression: a string
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
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
    label TEXT GENERATED ALWAYS AS (sku || '-' || name) VIRTUAL,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a generated column's kind: stored to virtual
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
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
    gross_price REAL GENERATED ALWAYS AS (round(price * 1.20, 2)) VIRTUAL,
    label TEXT GENERATED ALWAYS AS (sku || ' ' || name) VIRTUAL,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a generated column's kind: virtual to stored
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
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
    label TEXT GENERATED ALWAYS AS (sku || ' ' || name) STORED,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a generated column made a plain one
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
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
    gross_price REAL,
    label TEXT GENERATED ALWAYS AS (sku || ' ' || name) VIRTUAL,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a plain column made a generated one
-- data: the rows' values of the column go
PRAGMA legacy_alter_table = ON;
CREATE TABLE region_new (
    code TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    sort_key INTEGER GENERATED ALWAYS AS (length(name)) STORED,
    CONSTRAINT region_pk PRIMARY KEY (code),
    CONSTRAINT region_name_unique UNIQUE (name)
) WITHOUT ROWID;
INSERT INTO region_new (code, name) SELECT code, name FROM region;
DROP TABLE region;
ALTER TABLE region_new RENAME TO region;
PRAGMA legacy_alter_table = OFF;

-- ## a column's collation changed
PRAGMA legacy_alter_table = ON;
CREATE TABLE customer_new (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE RTRIM,
    full_name VARCHAR(120) NOT NULL DEFAULT 'Unknown',
    phone TEXT,
    tax_number VARCHAR(20),
    postcode TEXT COLLATE RTRIM,
    legacy_id INTEGER UNIQUE,
    referred_by INTEGER CONSTRAINT customer_referred_by_fk REFERENCES customer (id) ON DELETE SET NULL,
    born_on TEXT,
    UNIQUE (tax_number, postcode)
);
INSERT INTO customer_new (id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on) SELECT id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on FROM customer;
DROP TABLE customer;
ALTER TABLE customer_new RENAME TO customer;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);

-- ## a column's collation removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE customer_new (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    full_name VARCHAR(120) NOT NULL DEFAULT 'Unknown',
    phone TEXT,
    tax_number VARCHAR(20),
    postcode TEXT,
    legacy_id INTEGER UNIQUE,
    referred_by INTEGER CONSTRAINT customer_referred_by_fk REFERENCES customer (id) ON DELETE SET NULL,
    born_on TEXT,
    UNIQUE (tax_number, postcode)
);
INSERT INTO customer_new (id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on) SELECT id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on FROM customer;
DROP TABLE customer;
ALTER TABLE customer_new RENAME TO customer;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);

-- ## a column's collation added
PRAGMA legacy_alter_table = ON;
CREATE TABLE audit_log_new (
    id INTEGER PRIMARY KEY,
    table_name TEXT NOT NULL COLLATE NOCASE,
    action TEXT NOT NULL,
    at TEXT DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO audit_log_new (id, table_name, action, at) SELECT id, table_name, action, at FROM audit_log;
DROP TABLE audit_log;
ALTER TABLE audit_log_new RENAME TO audit_log;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX audit_log_at_idx ON audit_log (at);
CREATE TRIGGER audit_log_keep BEFORE DELETE ON audit_log
BEGIN
    SELECT raise(ABORT, 'the audit log is kept');
END;

-- ## a table added
CREATE TABLE supplier (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL
);

-- ## a table removed
DROP TABLE setting;

-- ## a table renamed
ALTER TABLE setting RENAME TO shop_setting;

-- ## a table made a view
DROP TABLE setting;
CREATE VIEW setting AS SELECT 'currency' AS key, 'EUR' AS value;

-- ## a table no longer strict
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
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
);
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a table made strict
PRAGMA legacy_alter_table = ON;
CREATE TABLE audit_log_new (
    id INTEGER PRIMARY KEY,
    table_name TEXT NOT NULL,
    action TEXT NOT NULL,
    at TEXT DEFAULT CURRENT_TIMESTAMP
) STRICT;
INSERT INTO audit_log_new (id, table_name, action, at) SELECT id, table_name, action, at FROM audit_log;
DROP TABLE audit_log;
ALTER TABLE audit_log_new RENAME TO audit_log;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX audit_log_at_idx ON audit_log (at);
CREATE TRIGGER audit_log_keep BEFORE DELETE ON audit_log
BEGIN
    SELECT raise(ABORT, 'the audit log is kept');
END;

-- ## a table with its rowid kept
PRAGMA legacy_alter_table = ON;
CREATE TABLE region_new (
    code TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    sort_key INTEGER DEFAULT 0,
    CONSTRAINT region_pk PRIMARY KEY (code),
    CONSTRAINT region_name_unique UNIQUE (name)
);
INSERT INTO region_new (code, name, sort_key) SELECT code, name, sort_key FROM region;
DROP TABLE region;
ALTER TABLE region_new RENAME TO region;
PRAGMA legacy_alter_table = OFF;

-- ## a table with its rowid given up
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
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
) WITHOUT ROWID;
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## a strict table with its rowid kept
PRAGMA legacy_alter_table = ON;
CREATE TABLE inventory_new (
    store_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 0,
    counted_at TEXT,
    PRIMARY KEY (store_id, product_id) ON CONFLICT REPLACE,
    FOREIGN KEY (store_id) REFERENCES store (id),
    FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE
) STRICT;
INSERT INTO inventory_new (store_id, product_id, quantity, counted_at) SELECT store_id, product_id, quantity, counted_at FROM inventory;
DROP TABLE inventory;
ALTER TABLE inventory_new RENAME TO inventory;
PRAGMA legacy_alter_table = OFF;

-- ## a table without rowid no longer strict
PRAGMA legacy_alter_table = ON;
CREATE TABLE inventory_new (
    store_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 0,
    counted_at TEXT,
    PRIMARY KEY (store_id, product_id) ON CONFLICT REPLACE,
    FOREIGN KEY (store_id) REFERENCES store (id),
    FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO inventory_new (store_id, product_id, quantity, counted_at) SELECT store_id, product_id, quantity, counted_at FROM inventory;
DROP TABLE inventory;
ALTER TABLE inventory_new RENAME TO inventory;
PRAGMA legacy_alter_table = OFF;

-- ## autoincrement removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY,
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
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## autoincrement added
PRAGMA legacy_alter_table = ON;
CREATE TABLE customer_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
INSERT INTO customer_new (id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on) SELECT id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on FROM customer;
DROP TABLE customer;
ALTER TABLE customer_new RENAME TO customer;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);

-- ## an autoincrement's position
-- note
UPDATE sqlite_sequence SET seq = 5000 WHERE name = 'store';

-- ## a primary key removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE setting_new (
    key TEXT,
    value TEXT
);
INSERT INTO setting_new (key, value) SELECT key, value FROM setting;
DROP TABLE setting;
ALTER TABLE setting_new RENAME TO setting;
PRAGMA legacy_alter_table = OFF;

-- ## a primary key added
PRAGMA legacy_alter_table = ON;
CREATE TABLE price_history_new (
    product_id INTEGER NOT NULL REFERENCES product,
    valid_from TEXT NOT NULL,
    price REAL NOT NULL,
    UNIQUE (product_id, valid_from),
    PRIMARY KEY (product_id, price)
);
INSERT INTO price_history_new (product_id, valid_from, price) SELECT product_id, valid_from, price FROM price_history;
DROP TABLE price_history;
ALTER TABLE price_history_new RENAME TO price_history;
PRAGMA legacy_alter_table = OFF;

-- ## a rowid primary key made a plain one: integer to int
PRAGMA legacy_alter_table = ON;
CREATE TABLE audit_log_new (
    id INT PRIMARY KEY,
    table_name TEXT NOT NULL,
    action TEXT NOT NULL,
    at TEXT DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO audit_log_new (id, table_name, action, at) SELECT id, table_name, action, at FROM audit_log;
DROP TABLE audit_log;
ALTER TABLE audit_log_new RENAME TO audit_log;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX audit_log_at_idx ON audit_log (at);
CREATE TRIGGER audit_log_keep BEFORE DELETE ON audit_log
BEGIN
    SELECT raise(ABORT, 'the audit log is kept');
END;

-- ## a rowid primary key made a plain one: descending
PRAGMA legacy_alter_table = ON;
CREATE TABLE audit_log_new (
    id INTEGER PRIMARY KEY DESC,
    table_name TEXT NOT NULL,
    action TEXT NOT NULL,
    at TEXT DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO audit_log_new (id, table_name, action, at) SELECT id, table_name, action, at FROM audit_log;
DROP TABLE audit_log;
ALTER TABLE audit_log_new RENAME TO audit_log;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX audit_log_at_idx ON audit_log (at);
CREATE TRIGGER audit_log_keep BEFORE DELETE ON audit_log
BEGIN
    SELECT raise(ABORT, 'the audit log is kept');
END;

-- ## a rowid primary key made a unique column
PRAGMA legacy_alter_table = ON;
CREATE TABLE audit_log_new (
    id INTEGER UNIQUE,
    table_name TEXT NOT NULL,
    action TEXT NOT NULL,
    at TEXT DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO audit_log_new (id, table_name, action, at) SELECT id, table_name, action, at FROM audit_log;
DROP TABLE audit_log;
ALTER TABLE audit_log_new RENAME TO audit_log;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX audit_log_at_idx ON audit_log (at);
CREATE TRIGGER audit_log_keep BEFORE DELETE ON audit_log
BEGIN
    SELECT raise(ABORT, 'the audit log is kept');
END;

-- ## a primary key's columns: order
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2) NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (line_no, order_id),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## a primary key's columns: one more
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2) NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no, quantity),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## a primary key's direction
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2) NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no DESC),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## a primary key's collation
PRAGMA legacy_alter_table = ON;
CREATE TABLE region_new (
    code TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    sort_key INTEGER DEFAULT 0,
    CONSTRAINT region_pk PRIMARY KEY (code COLLATE NOCASE),
    CONSTRAINT region_name_unique UNIQUE (name)
) WITHOUT ROWID;
INSERT INTO region_new (code, name, sort_key) SELECT code, name, sort_key FROM region;
DROP TABLE region;
ALTER TABLE region_new RENAME TO region;
PRAGMA legacy_alter_table = OFF;

-- ## a primary key renamed
PRAGMA legacy_alter_table = ON;
CREATE TABLE region_new (
    code TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    sort_key INTEGER DEFAULT 0,
    CONSTRAINT pk_region PRIMARY KEY (code),
    CONSTRAINT region_name_unique UNIQUE (name)
) WITHOUT ROWID;
INSERT INTO region_new (code, name, sort_key) SELECT code, name, sort_key FROM region;
DROP TABLE region;
ALTER TABLE region_new RENAME TO region;
PRAGMA legacy_alter_table = OFF;

-- ## a primary key's name removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2) NOT NULL,
    PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## a primary key's conflict clause removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE inventory_new (
    store_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 0,
    counted_at TEXT,
    PRIMARY KEY (store_id, product_id),
    FOREIGN KEY (store_id) REFERENCES store (id),
    FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
INSERT INTO inventory_new (store_id, product_id, quantity, counted_at) SELECT store_id, product_id, quantity, counted_at FROM inventory;
DROP TABLE inventory;
ALTER TABLE inventory_new RENAME TO inventory;
PRAGMA legacy_alter_table = OFF;

-- ## a primary key's conflict clause added
PRAGMA legacy_alter_table = ON;
CREATE TABLE setting_new (
    key TEXT PRIMARY KEY ON CONFLICT REPLACE,
    value TEXT
);
INSERT INTO setting_new (key, value) SELECT key, value FROM setting;
DROP TABLE setting;
ALTER TABLE setting_new RENAME TO setting;
PRAGMA legacy_alter_table = OFF;

-- ## a unique constraint removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
    id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL,
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
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a unique constraint added
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
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
    CONSTRAINT store_name_unique UNIQUE (name),
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a unique constraint renamed
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    store_id INTEGER,
    status TEXT NOT NULL DEFAULT 'draft',
    total DECIMAL(12,2) NOT NULL DEFAULT 0,
    placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT,
    CONSTRAINT orders_number_key UNIQUE (number),
    CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL,
    CONSTRAINT orders_status_check CHECK (status <> '')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a unique constraint's columns: one less
PRAGMA legacy_alter_table = ON;
CREATE TABLE customer_new (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    full_name VARCHAR(120) NOT NULL DEFAULT 'Unknown',
    phone TEXT,
    tax_number VARCHAR(20),
    postcode TEXT COLLATE RTRIM,
    legacy_id INTEGER UNIQUE,
    referred_by INTEGER CONSTRAINT customer_referred_by_fk REFERENCES customer (id) ON DELETE SET NULL,
    born_on TEXT,
    UNIQUE (tax_number)
);
INSERT INTO customer_new (id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on) SELECT id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on FROM customer;
DROP TABLE customer;
ALTER TABLE customer_new RENAME TO customer;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);

-- ## a unique constraint's columns: order
PRAGMA legacy_alter_table = ON;
CREATE TABLE customer_new (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    full_name VARCHAR(120) NOT NULL DEFAULT 'Unknown',
    phone TEXT,
    tax_number VARCHAR(20),
    postcode TEXT COLLATE RTRIM,
    legacy_id INTEGER UNIQUE,
    referred_by INTEGER CONSTRAINT customer_referred_by_fk REFERENCES customer (id) ON DELETE SET NULL,
    born_on TEXT,
    UNIQUE (postcode, tax_number)
);
INSERT INTO customer_new (id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on) SELECT id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on FROM customer;
DROP TABLE customer;
ALTER TABLE customer_new RENAME TO customer;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);

-- ## a unique constraint's conflict clause removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT IGNORE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES region (code) ON UPDATE CASCADE ON DELETE RESTRICT,
    area NUMERIC(8,2),
    is_open BOOLEAN NOT NULL DEFAULT 1,
    opened_on DATE DEFAULT CURRENT_DATE,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note,
    CONSTRAINT store_code_unique UNIQUE (code),
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a unique constraint's conflict clause changed
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT IGNORE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES region (code) ON UPDATE CASCADE ON DELETE RESTRICT,
    area NUMERIC(8,2),
    is_open BOOLEAN NOT NULL DEFAULT 1,
    opened_on DATE DEFAULT CURRENT_DATE,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note,
    CONSTRAINT store_code_unique UNIQUE (code) ON CONFLICT ROLLBACK,
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a unique constraint's collation
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    store_id INTEGER,
    status TEXT NOT NULL DEFAULT 'draft',
    total DECIMAL(12,2) NOT NULL DEFAULT 0,
    placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT,
    CONSTRAINT orders_number_unique UNIQUE (number COLLATE NOCASE),
    CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL,
    CONSTRAINT orders_status_check CHECK (status <> '')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a unique constraint made a unique index
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    store_id INTEGER,
    status TEXT NOT NULL DEFAULT 'draft',
    total DECIMAL(12,2) NOT NULL DEFAULT 0,
    placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT,
    CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL,
    CONSTRAINT orders_status_check CHECK (status <> '')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;
CREATE UNIQUE INDEX orders_number_unique ON orders (number);

-- ## a check removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
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
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a check on a column removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
    id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    brand TEXT DEFAULT 'House',
    category TEXT NOT NULL DEFAULT 'general',
    price REAL NOT NULL DEFAULT 0.00,
    cost REAL,
    status TEXT NOT NULL DEFAULT 'active',
    photo BLOB,
    extra ANY,
    token TEXT DEFAULT (lower(hex(randomblob(16)))),
    gross_price REAL GENERATED ALWAYS AS (round(price * 1.20, 2)) STORED,
    label TEXT GENERATED ALWAYS AS (sku || ' ' || name) VIRTUAL,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a check added
PRAGMA legacy_alter_table = ON;
CREATE TABLE inventory_new (
    store_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 0,
    counted_at TEXT,
    PRIMARY KEY (store_id, product_id) ON CONFLICT REPLACE,
    CHECK (quantity >= 0),
    FOREIGN KEY (store_id) REFERENCES store (id),
    FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
INSERT INTO inventory_new (store_id, product_id, quantity, counted_at) SELECT store_id, product_id, quantity, counted_at FROM inventory;
DROP TABLE inventory;
ALTER TABLE inventory_new RENAME TO inventory;
PRAGMA legacy_alter_table = OFF;

-- ## a check renamed
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
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
    CONSTRAINT product_price_positive CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a check's constant
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
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
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 10000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a check's operator
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
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
    CONSTRAINT product_price_check CHECK (price > 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a check's list: one word less
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
    id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    brand TEXT DEFAULT 'House',
    category TEXT NOT NULL DEFAULT 'general',
    price REAL NOT NULL DEFAULT 0.00,
    cost REAL,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'seasonal')),
    photo BLOB,
    extra ANY,
    token TEXT DEFAULT (lower(hex(randomblob(16)))),
    gross_price REAL GENERATED ALWAYS AS (round(price * 1.20, 2)) STORED,
    label TEXT GENERATED ALWAYS AS (sku || ' ' || name) VIRTUAL,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a check's list: a word's letter case
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
    id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    brand TEXT DEFAULT 'House',
    category TEXT NOT NULL DEFAULT 'general',
    price REAL NOT NULL DEFAULT 0.00,
    cost REAL,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'seasonal', 'Discontinued')),
    photo BLOB,
    extra ANY,
    token TEXT DEFAULT (lower(hex(randomblob(16)))),
    gross_price REAL GENERATED ALWAYS AS (round(price * 1.20, 2)) STORED,
    label TEXT GENERATED ALWAYS AS (sku || ' ' || name) VIRTUAL,
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a check's logic: and made or
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
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
    CONSTRAINT store_area_check CHECK (area > 0 OR area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a check's bounds: between
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2) NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 0 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## a check's column exchanged for another
PRAGMA legacy_alter_table = ON;
CREATE TABLE product_new (
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
    CONSTRAINT product_price_check CHECK (cost >= 0),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) STRICT;
INSERT INTO product_new (id, sku, name, brand, category, price, cost, status, photo, extra, token) SELECT id, sku, name, brand, category, price, cost, status, photo, extra, token FROM product;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);
CREATE INDEX product_cheap_idx ON product (price) WHERE price < 10;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a check's string: a space
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
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
    CONSTRAINT orders_status_check CHECK (status <> ' ')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a foreign key removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE inventory_new (
    store_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 0,
    counted_at TEXT,
    PRIMARY KEY (store_id, product_id) ON CONFLICT REPLACE,
    FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
INSERT INTO inventory_new (store_id, product_id, quantity, counted_at) SELECT store_id, product_id, quantity, counted_at FROM inventory;
DROP TABLE inventory;
ALTER TABLE inventory_new RENAME TO inventory;
PRAGMA legacy_alter_table = OFF;

-- ## a foreign key added
PRAGMA legacy_alter_table = ON;
CREATE TABLE audit_log_new (
    id INTEGER PRIMARY KEY,
    table_name TEXT NOT NULL,
    action TEXT NOT NULL,
    at TEXT DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (table_name) REFERENCES setting (key)
);
INSERT INTO audit_log_new (id, table_name, action, at) SELECT id, table_name, action, at FROM audit_log;
DROP TABLE audit_log;
ALTER TABLE audit_log_new RENAME TO audit_log;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX audit_log_at_idx ON audit_log (at);
CREATE TRIGGER audit_log_keep BEFORE DELETE ON audit_log
BEGIN
    SELECT raise(ABORT, 'the audit log is kept');
END;

-- ## a foreign key renamed
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
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
    CONSTRAINT orders_shop_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL,
    CONSTRAINT orders_status_check CHECK (status <> '')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a foreign key's columns exchanged for others
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2) NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_line_order_fk FOREIGN KEY (line_no) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## a foreign key's columns paired the other way
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2) NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (product_id, store_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## a foreign key's target table
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    store_id INTEGER,
    status TEXT NOT NULL DEFAULT 'draft',
    total DECIMAL(12,2) NOT NULL DEFAULT 0,
    placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT,
    CONSTRAINT orders_number_unique UNIQUE (number),
    CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES product (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL,
    CONSTRAINT orders_status_check CHECK (status <> '')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a foreign key's target column
PRAGMA legacy_alter_table = ON;
CREATE TABLE customer_new (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    full_name VARCHAR(120) NOT NULL DEFAULT 'Unknown',
    phone TEXT,
    tax_number VARCHAR(20),
    postcode TEXT COLLATE RTRIM,
    legacy_id INTEGER UNIQUE,
    referred_by INTEGER CONSTRAINT customer_referred_by_fk REFERENCES customer (legacy_id) ON DELETE SET NULL,
    born_on TEXT,
    UNIQUE (tax_number, postcode)
);
INSERT INTO customer_new (id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on) SELECT id, email, full_name, phone, tax_number, postcode, legacy_id, referred_by, born_on FROM customer;
DROP TABLE customer;
ALTER TABLE customer_new RENAME TO customer;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE NOCASE);
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name));
CREATE INDEX customer_born_idx ON customer (born_on DESC);

-- ## a foreign key's delete action: cascade to none
PRAGMA legacy_alter_table = ON;
CREATE TABLE inventory_new (
    store_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 0,
    counted_at TEXT,
    PRIMARY KEY (store_id, product_id) ON CONFLICT REPLACE,
    FOREIGN KEY (store_id) REFERENCES store (id),
    FOREIGN KEY (product_id) REFERENCES product (id)
) WITHOUT ROWID, STRICT;
INSERT INTO inventory_new (store_id, product_id, quantity, counted_at) SELECT store_id, product_id, quantity, counted_at FROM inventory;
DROP TABLE inventory;
ALTER TABLE inventory_new RENAME TO inventory;
PRAGMA legacy_alter_table = OFF;

-- ## a foreign key's delete action: set null to set default
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
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
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET DEFAULT,
    CONSTRAINT orders_status_check CHECK (status <> '')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a foreign key's delete action: restrict to no action
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT IGNORE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES region (code) ON UPDATE CASCADE ON DELETE NO ACTION,
    area NUMERIC(8,2),
    is_open BOOLEAN NOT NULL DEFAULT 1,
    opened_on DATE DEFAULT CURRENT_DATE,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note,
    CONSTRAINT store_code_unique UNIQUE (code) ON CONFLICT REPLACE,
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a foreign key's delete action: added
PRAGMA legacy_alter_table = ON;
CREATE TABLE price_history_new (
    product_id INTEGER NOT NULL REFERENCES product ON DELETE CASCADE,
    valid_from TEXT NOT NULL,
    price REAL NOT NULL,
    UNIQUE (product_id, valid_from)
);
INSERT INTO price_history_new (product_id, valid_from, price) SELECT product_id, valid_from, price FROM price_history;
DROP TABLE price_history;
ALTER TABLE price_history_new RENAME TO price_history;
PRAGMA legacy_alter_table = OFF;

-- ## a foreign key's update action
PRAGMA legacy_alter_table = ON;
CREATE TABLE store_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(10) NOT NULL ON CONFLICT IGNORE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES region (code) ON DELETE RESTRICT,
    area NUMERIC(8,2),
    is_open BOOLEAN NOT NULL DEFAULT 1,
    opened_on DATE DEFAULT CURRENT_DATE,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note,
    CONSTRAINT store_code_unique UNIQUE (code) ON CONFLICT REPLACE,
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
);
INSERT INTO store_new (id, code, name, region_code, area, is_open, opened_on, created_at, note) SELECT id, code, name, region_code, area, is_open, opened_on, created_at, note FROM store;
DROP TABLE store;
ALTER TABLE store_new RENAME TO store;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX store_region_idx ON store (region_code, name);

-- ## a foreign key no longer deferrable
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    store_id INTEGER,
    status TEXT NOT NULL DEFAULT 'draft',
    total DECIMAL(12,2) NOT NULL DEFAULT 0,
    placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT,
    CONSTRAINT orders_number_unique UNIQUE (number),
    CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (id),
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL,
    CONSTRAINT orders_status_check CHECK (status <> '')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a foreign key's deferral: deferred to immediate
PRAGMA legacy_alter_table = ON;
CREATE TABLE orders_new (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    store_id INTEGER,
    status TEXT NOT NULL DEFAULT 'draft',
    total DECIMAL(12,2) NOT NULL DEFAULT 0,
    placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT,
    CONSTRAINT orders_number_unique UNIQUE (number),
    CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (id) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL,
    CONSTRAINT orders_status_check CHECK (status <> '')
);
INSERT INTO orders_new (id, number, customer_id, store_id, status, total, placed_at, updated_at) SELECT id, number, customer_id, store_id, status, total, placed_at, updated_at FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'draft';
CREATE INDEX orders_placed_idx ON orders (placed_at, store_id DESC);
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a foreign key made deferrable
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2) NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL,
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## a foreign key's match removed
PRAGMA legacy_alter_table = ON;
CREATE TABLE order_line_new (
    order_id INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    store_id INTEGER,
    product_id INTEGER,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price DECIMAL(10,2) NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id),
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
);
INSERT INTO order_line_new (order_id, line_no, store_id, product_id, quantity, unit_price) SELECT order_id, line_no, store_id, product_id, quantity, unit_price FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_new RENAME TO order_line;
PRAGMA legacy_alter_table = OFF;

-- ## an index added
CREATE INDEX order_line_product_idx ON order_line (product_id);

-- ## an index removed
DROP INDEX customer_born_idx;

-- ## an index renamed
DROP INDEX audit_log_at_idx;
CREATE INDEX audit_log_time_idx ON audit_log (at);

-- ## an index's columns: one more
DROP INDEX audit_log_at_idx;
CREATE INDEX audit_log_at_idx ON audit_log (at, action);

-- ## an index's columns: order
DROP INDEX store_region_idx;
CREATE INDEX store_region_idx ON store (name, region_code);

-- ## an index's direction: descending made ascending
DROP INDEX customer_born_idx;
CREATE INDEX customer_born_idx ON customer (born_on);

-- ## an index's direction: ascending made descending
DROP INDEX orders_placed_idx;
CREATE INDEX orders_placed_idx ON orders (placed_at DESC, store_id DESC);

-- ## an index's collation removed
DROP INDEX customer_name_idx;
CREATE INDEX customer_name_idx ON customer (full_name);

-- ## an index's collation changed
DROP INDEX customer_name_idx;
CREATE INDEX customer_name_idx ON customer (full_name COLLATE RTRIM);

-- ## an index's collation added
DROP INDEX store_region_idx;
CREATE INDEX store_region_idx ON store (region_code, name COLLATE NOCASE);

-- ## an index's uniqueness removed
DROP INDEX product_brand_name_idx;
CREATE INDEX product_brand_name_idx ON product (brand, name);

-- ## an index's uniqueness added
DROP INDEX store_region_idx;
CREATE UNIQUE INDEX store_region_idx ON store (region_code, name);

-- ## an index's predicate: one operator
DROP INDEX product_cheap_idx;
CREATE INDEX product_cheap_idx ON product (price) WHERE price <= 10;

-- ## an index's predicate: a string
DROP INDEX orders_draft_idx;
CREATE UNIQUE INDEX orders_draft_idx ON orders (customer_id) WHERE status = 'placed';

-- ## an index's predicate removed
DROP INDEX product_cheap_idx;
CREATE INDEX product_cheap_idx ON product (price);

-- ## an index's predicate added
DROP INDEX audit_log_at_idx;
CREATE INDEX audit_log_at_idx ON audit_log (at) WHERE action = 'I';

-- ## an index's expression
DROP INDEX customer_lower_name_idx;
CREATE INDEX customer_lower_name_idx ON customer (upper(full_name));

-- ## an index's expression made a plain column
DROP INDEX customer_lower_name_idx;
CREATE INDEX customer_lower_name_idx ON customer (full_name);

-- ## an index's table exchanged for another
DROP INDEX customer_lower_name_idx;
CREATE INDEX customer_lower_name_idx ON store (lower(name));

-- ## a view added
CREATE VIEW big_store AS SELECT id, code FROM store WHERE area > 300;

-- ## a view removed
DROP VIEW customer_spend;

-- ## a view renamed
DROP VIEW customer_spend;
CREATE VIEW customer_total AS
    SELECT c.id, c.full_name, count(o.id) AS order_count, sum(o.total) AS spent
    FROM customer c LEFT JOIN orders o ON o.customer_id = c.id
    GROUP BY c.id, c.full_name;

-- ## a view's column: its expression
DROP VIEW customer_spend;
CREATE VIEW customer_spend AS
    SELECT c.id, c.full_name, count(o.id) AS order_count, max(o.total) AS spent
    FROM customer c LEFT JOIN orders o ON o.customer_id = c.id
    GROUP BY c.id, c.full_name;

-- ## a view's column: its name
DROP VIEW customer_spend;
CREATE VIEW customer_spend AS
    SELECT c.id, c.full_name, count(o.id) AS order_count, sum(o.total) AS spent_total
    FROM customer c LEFT JOIN orders o ON o.customer_id = c.id
    GROUP BY c.id, c.full_name;

-- ## a view's column: its name in the list
DROP VIEW open_store;
CREATE VIEW open_store (store_id, store_number) AS
    SELECT id, code FROM store WHERE is_open = 1;

-- ## a view's column added
DROP VIEW active_product;
CREATE VIEW active_product AS
    SELECT id, sku, name, price, brand FROM product WHERE status = 'active';
CREATE TRIGGER active_product_insert INSTEAD OF INSERT ON active_product
BEGIN
    INSERT INTO product (sku, name, price) VALUES (new.sku, new.name, new.price);
END;

-- ## a view's condition: one word
DROP VIEW active_product;
CREATE VIEW active_product AS
    SELECT id, sku, name, price FROM product WHERE status = 'seasonal';
CREATE TRIGGER active_product_insert INSTEAD OF INSERT ON active_product
BEGIN
    INSERT INTO product (sku, name, price) VALUES (new.sku, new.name, new.price);
END;

-- ## a view's condition: one operator
DROP VIEW open_store;
CREATE VIEW open_store (store_id, store_code) AS
    SELECT id, code FROM store WHERE is_open <> 1;

-- ## a view's join: left to inner
DROP VIEW customer_spend;
CREATE VIEW customer_spend AS
    SELECT c.id, c.full_name, count(o.id) AS order_count, sum(o.total) AS spent
    FROM customer c JOIN orders o ON o.customer_id = c.id
    GROUP BY c.id, c.full_name;

-- ## a view made a table
DROP VIEW open_store;
CREATE TABLE open_store (store_id INTEGER, store_code VARCHAR(10));

-- ## a trigger added
CREATE TRIGGER product_audit_delete AFTER DELETE ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'D');
END;

-- ## a trigger removed
DROP TRIGGER audit_log_keep;

-- ## a trigger renamed
DROP TRIGGER product_audit;
CREATE TRIGGER product_log AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a trigger's timing: after to before
DROP TRIGGER product_audit;
CREATE TRIGGER product_audit BEFORE INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a trigger's event
DROP TRIGGER product_audit;
CREATE TRIGGER product_audit AFTER UPDATE ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
END;

-- ## a trigger's columns: one less
DROP TRIGGER orders_touch;
CREATE TRIGGER orders_touch AFTER UPDATE OF status ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a trigger's columns removed
DROP TRIGGER orders_touch;
CREATE TRIGGER orders_touch AFTER UPDATE ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a trigger's condition
DROP TRIGGER orders_touch;
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.total IS NOT new.total
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a trigger's condition removed
DROP TRIGGER orders_touch;
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW
BEGIN
    UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id;
END;

-- ## a trigger's body: one character of a string
DROP TRIGGER product_audit;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'i');
END;

-- ## a trigger's body: one function
DROP TRIGGER orders_touch;
CREATE TRIGGER orders_touch AFTER UPDATE OF status, total ON orders FOR EACH ROW WHEN old.status IS NOT new.status
BEGIN
    UPDATE orders SET updated_at = CURRENT_DATE WHERE id = new.id;
END;

-- ## a trigger's body: a statement more
DROP TRIGGER product_audit;
CREATE TRIGGER product_audit AFTER INSERT ON product
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'I');
    UPDATE setting SET value = value WHERE key = 'tax';
END;

-- ## a trigger's body: raise abort to ignore
DROP TRIGGER audit_log_keep;
CREATE TRIGGER audit_log_keep BEFORE DELETE ON audit_log
BEGIN
    SELECT raise(IGNORE);
END;

-- ## a trigger's body: raise's message
DROP TRIGGER audit_log_keep;
CREATE TRIGGER audit_log_keep BEFORE DELETE ON audit_log
BEGIN
    SELECT raise(ABORT, 'The audit log is kept');
END;

-- ## a trigger's table exchanged for another
DROP TRIGGER audit_log_keep;
CREATE TRIGGER audit_log_keep BEFORE DELETE ON setting
BEGIN
    SELECT raise(ABORT, 'the audit log is kept');
END;

-- ## a view's trigger removed
DROP TRIGGER active_product_insert;

-- ## a view's trigger: its event
DROP TRIGGER active_product_insert;
CREATE TRIGGER active_product_insert INSTEAD OF UPDATE ON active_product
BEGIN
    INSERT INTO product (sku, name, price) VALUES (new.sku, new.name, new.price);
END;

-- ## a virtual table removed
DROP TABLE product_search;

-- ## a virtual table added
CREATE VIRTUAL TABLE customer_search USING fts5 (full_name, email);

-- ## a virtual table's tokenizer
DROP TABLE product_search;
CREATE VIRTUAL TABLE product_search USING fts5 (name, category, sku UNINDEXED, tokenize = 'unicode61', prefix = '2 3');
INSERT INTO product_search (name, category, sku) SELECT name, category, sku FROM product;

-- ## a virtual table's tokenizer: its option
DROP TABLE product_search;
CREATE VIRTUAL TABLE product_search USING fts5 (name, category, sku UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3');
INSERT INTO product_search (name, category, sku) SELECT name, category, sku FROM product;

-- ## a virtual table's prefix option
DROP TABLE product_search;
CREATE VIRTUAL TABLE product_search USING fts5 (name, category, sku UNINDEXED, tokenize = 'porter unicode61', prefix = '2 4');
INSERT INTO product_search (name, category, sku) SELECT name, category, sku FROM product;

-- ## a virtual table's prefix option removed
DROP TABLE product_search;
CREATE VIRTUAL TABLE product_search USING fts5 (name, category, sku UNINDEXED, tokenize = 'porter unicode61');
INSERT INTO product_search (name, category, sku) SELECT name, category, sku FROM product;

-- ## a virtual table's detail option added
DROP TABLE product_search;
CREATE VIRTUAL TABLE product_search USING fts5 (name, category, sku UNINDEXED, tokenize = 'porter unicode61', detail = column, prefix = '2 3');
INSERT INTO product_search (name, category, sku) SELECT name, category, sku FROM product;

-- ## a virtual table's column added
DROP TABLE product_search;
CREATE VIRTUAL TABLE product_search USING fts5 (name, brand, category, sku UNINDEXED, tokenize = 'porter unicode61', prefix = '2 3');
INSERT INTO product_search (name, category, sku) SELECT name, category, sku FROM product;

-- ## a virtual table's column removed
DROP TABLE product_search;
CREATE VIRTUAL TABLE product_search USING fts5 (name, sku UNINDEXED, tokenize = 'porter unicode61', prefix = '2 3');
INSERT INTO product_search (name, sku) SELECT name, sku FROM product;

-- ## a virtual table's column: unindexed removed
DROP TABLE product_search;
CREATE VIRTUAL TABLE product_search USING fts5 (name, category, sku, tokenize = 'porter unicode61', prefix = '2 3');
INSERT INTO product_search (name, category, sku) SELECT name, category, sku FROM product;

-- ## a virtual table's content options
DROP TABLE product_search;
CREATE VIRTUAL TABLE product_search USING fts5 (name, category, sku UNINDEXED, content = 'product', content_rowid = 'id', tokenize = 'porter unicode61', prefix = '2 3');
INSERT INTO product_search (name, category, sku) SELECT name, category, sku FROM product;

-- ## a virtual table made a plain one
DROP TABLE product_search;
CREATE TABLE product_search (name, category, sku);
INSERT INTO product_search (name, category, sku) SELECT name, category, sku FROM product;
