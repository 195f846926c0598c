-- A retail shop: stores, customers, products, stock, orders and sales.

CREATE SEQUENCE order_number START WITH 1000 MINVALUE 1000 MAXVALUE 99999999 INCREMENT BY 10 CACHE 5 NOCYCLE;
CREATE SEQUENCE till_ticket START WITH 1 MINVALUE 1 MAXVALUE 9999 INCREMENT BY 1 CACHE 100 CYCLE;

CREATE TABLE region (
    code char(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name varchar(60) NOT NULL,
    sort_key smallint unsigned DEFAULT 0,
    PRIMARY KEY (code),
    UNIQUE KEY region_name_key (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='Where the stores are';

CREATE TABLE store (
    id int unsigned NOT NULL AUTO_INCREMENT,
    code varchar(10) NOT NULL,
    name varchar(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    region_code char(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    area decimal(8,2) unsigned DEFAULT NULL COMMENT 'Sales floor in square metres',
    floor_no smallint(4) unsigned zerofill DEFAULT NULL,
    is_open boolean NOT NULL DEFAULT true,
    opens_at time DEFAULT '09:00:00',
    opened_on date DEFAULT NULL,
    created_at timestamp(3) NOT NULL DEFAULT current_timestamp(3),
    updated_at datetime DEFAULT NULL ON UPDATE current_timestamp(),
    location point NOT NULL,
    internal_note varchar(200) INVISIBLE DEFAULT NULL,
    manager_name varchar(80) DEFAULT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY store_code_key (code),
    KEY store_region_idx (region_code, name),
    SPATIAL KEY store_location_idx (location),
    CONSTRAINT store_region_fk FOREIGN KEY (region_code) REFERENCES region (code) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT store_area_check CHECK (area > 0 AND area < 100000)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC COMMENT='A shop with a street door';

CREATE TABLE customer (
    id bigint unsigned NOT NULL AUTO_INCREMENT,
    email varchar(190) NOT NULL,
    full_name varchar(120) NOT NULL DEFAULT 'Unknown',
    phone varchar(30) DEFAULT NULL,
    tax_number varchar(20) DEFAULT NULL,
    kind enum('private','company','staff') NOT NULL DEFAULT 'private',
    interests set('tea','coffee','cocoa') DEFAULT NULL,
    preferences json DEFAULT NULL,
    loyalty decimal(5,2) NOT NULL DEFAULT 5.00 CHECK (loyalty BETWEEN 0 AND 100),
    legacy_id bigint unsigned DEFAULT NULL,
    referred_by bigint unsigned DEFAULT NULL,
    born_on date DEFAULT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY customer_email_key (email),
    UNIQUE KEY customer_legacy_key (legacy_id),
    KEY customer_name_idx (full_name(20)),
    KEY customer_born_idx (born_on DESC),
    KEY customer_phone_idx (phone) IGNORED,
    KEY customer_referred_idx (referred_by) COMMENT 'For the key on itself',
    CONSTRAINT customer_referred_by_fk FOREIGN KEY (referred_by) REFERENCES customer (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE product (
    id int NOT NULL AUTO_INCREMENT,
    sku varchar(20) NOT NULL,
    name varchar(150) NOT NULL,
    brand varchar(40) DEFAULT 'House',
    category varchar(30) NOT NULL DEFAULT 'general',
    price decimal(10,2) NOT NULL DEFAULT 0.00,
    cost decimal(12,4) DEFAULT NULL,
    weight float DEFAULT NULL,
    volume double DEFAULT NULL,
    status varchar(20) NOT NULL DEFAULT 'active',
    description text DEFAULT NULL,
    photo mediumblob DEFAULT NULL,
    digest binary(16) DEFAULT NULL,
    flags bit(8) DEFAULT b'0',
    made_in year DEFAULT NULL,
    token uuid DEFAULT uuid(),
    barcode char(13) DEFAULT NULL,
    label varchar(200) GENERATED ALWAYS AS (concat(sku, ' ', name)) VIRTUAL,
    gross_price decimal(10,2) GENERATED ALWAYS AS (round(price * 1.20, 2)) STORED,
    PRIMARY KEY (id),
    UNIQUE KEY product_sku_key (sku),
    UNIQUE KEY product_brand_name_key (brand, name),
    KEY product_category_idx (category, price),
    KEY product_label_idx (label),
    FULLTEXT KEY product_text_idx (name, description),
    CONSTRAINT product_price_check CHECK (price >= 0),
    CONSTRAINT product_status_check CHECK (status IN ('active', 'seasonal', 'discontinued')),
    CONSTRAINT product_margin_check CHECK (cost IS NULL OR cost <= price)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE inventory (
    store_id int unsigned NOT NULL,
    product_id int NOT NULL,
    quantity int NOT NULL DEFAULT 0,
    counted_at datetime(6) DEFAULT NULL,
    PRIMARY KEY (store_id, product_id),
    KEY inventory_product_idx (product_id),
    CONSTRAINT inventory_store_fk FOREIGN KEY (store_id) REFERENCES store (id),
    CONSTRAINT inventory_product_fk FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE orders (
    id bigint unsigned NOT NULL AUTO_INCREMENT,
    number bigint NOT NULL DEFAULT nextval(order_number),
    customer_id bigint unsigned NOT NULL,
    store_id int unsigned DEFAULT NULL,
    status enum('draft','placed','paid','shipped','cancelled') NOT NULL DEFAULT 'draft',
    total decimal(12,2) NOT NULL DEFAULT 0.00,
    placed_at datetime(3) NOT NULL DEFAULT current_timestamp(3),
    updated_at timestamp NULL DEFAULT NULL ON UPDATE current_timestamp(),
    note text DEFAULT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY orders_number_key (number),
    KEY orders_customer_idx (customer_id, placed_at DESC),
    KEY orders_store_idx (store_id),
    CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (id),
    CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE order_line (
    order_id bigint unsigned NOT NULL,
    line_no smallint unsigned NOT NULL,
    store_id int unsigned DEFAULT NULL,
    product_id int DEFAULT NULL,
    quantity int NOT NULL DEFAULT 1,
    unit_price decimal(10,2) NOT NULL,
    PRIMARY KEY (order_id, line_no),
    KEY order_line_stock_idx (store_id, product_id),
    CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE,
    CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id),
    CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 1 AND 999)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE price_history (
    product_id int NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    price decimal(10,2) NOT NULL,
    reason varchar(100) DEFAULT NULL WITHOUT SYSTEM VERSIONING,
    PERIOD FOR validity (valid_from, valid_to),
    UNIQUE KEY price_history_no_overlap (product_id, validity WITHOUT OVERLAPS)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci WITH SYSTEM VERSIONING;

CREATE TABLE sale (
    id bigint NOT NULL,
    sold_on date NOT NULL,
    store_id int unsigned NOT NULL,
    amount decimal(12,2) NOT NULL,
    PRIMARY KEY (id, sold_on),
    KEY sale_store_idx (store_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
PARTITION BY RANGE (year(sold_on)) (
    PARTITION sale_2024 VALUES LESS THAN (2025),
    PARTITION sale_2025 VALUES LESS THAN (2026),
    PARTITION sale_rest VALUES LESS THAN MAXVALUE
);

CREATE TABLE stock_move (
    id bigint NOT NULL,
    kind varchar(20) NOT NULL,
    quantity int NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
PARTITION BY LIST COLUMNS (kind) (
    PARTITION stock_move_in VALUES IN ('delivery', 'return'),
    PARTITION stock_move_out VALUES IN ('sale', 'loss')
);

CREATE TABLE document (
    id int NOT NULL,
    title varchar(200) NOT NULL,
    body mediumtext DEFAULT NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8;

CREATE TABLE audit_log (
    id bigint NOT NULL AUTO_INCREMENT,
    table_name varchar(64) NOT NULL,
    action char(1) NOT NULL,
    at timestamp NOT NULL DEFAULT current_timestamp(),
    PRIMARY KEY (id)
) ENGINE=Aria DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci TRANSACTIONAL=1;

CREATE TABLE cart_session (
    token char(36) NOT NULL,
    content varchar(1000) DEFAULT NULL,
    PRIMARY KEY (token) USING HASH,
    KEY cart_session_content_idx (content(10)) USING BTREE
) ENGINE=MEMORY DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE ALGORITHM=MERGE SQL SECURITY DEFINER VIEW active_product AS
    SELECT id, sku, name, price FROM product WHERE status = 'active';
CREATE ALGORITHM=UNDEFINED SQL SECURITY INVOKER VIEW open_store AS
    SELECT id, code, is_open FROM store WHERE is_open = 1
    WITH LOCAL CHECK OPTION;
CREATE ALGORITHM=TEMPTABLE SQL SECURITY DEFINER VIEW customer_spend AS
    SELECT c.id, c.full_name, count(o.id) AS order_count, sum(o.total) AS spent
    FROM customer c LEFT JOIN orders o ON o.customer_id = c.id
    GROUP BY c.id, c.full_name;

CREATE FUNCTION net_price(gross decimal(10,2), rate decimal(5,4)) RETURNS decimal(10,2)
    DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'A price without its tax'
    RETURN round(gross / (1 + rate), 2);

CREATE FUNCTION stock_of(wanted int) RETURNS bigint
    READS SQL DATA
BEGIN
    DECLARE pieces bigint DEFAULT 0;
    SELECT sum(quantity) INTO pieces FROM inventory WHERE product_id = wanted;
    RETURN pieces;
END;

CREATE AGGREGATE FUNCTION product_of(x double) RETURNS double
    DETERMINISTIC
BEGIN
    DECLARE total double DEFAULT 1;
    DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN total;
    LOOP
        FETCH GROUP NEXT ROW;
        SET total = total * x;
    END LOOP;
END;

CREATE PROCEDURE close_store(IN wanted int unsigned, OUT closed int)
    MODIFIES SQL DATA
BEGIN
    UPDATE store SET is_open = false WHERE id = wanted;
    SET closed = row_count();
END;

CREATE TRIGGER product_trim BEFORE INSERT ON product FOR EACH ROW SET NEW.sku = trim(NEW.sku);
CREATE TRIGGER product_upper BEFORE INSERT ON product FOR EACH ROW FOLLOWS product_trim SET NEW.sku = upper(NEW.sku);
CREATE TRIGGER product_audit AFTER UPDATE ON product FOR EACH ROW
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'U');
END;
CREATE TRIGGER customer_audit AFTER DELETE ON customer FOR EACH ROW
    INSERT INTO audit_log (table_name, action) VALUES ('customer', 'D');

CREATE EVENT clear_carts
    ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 03:00:00'
    ON COMPLETION PRESERVE ENABLE COMMENT 'Carts live one day'
    DO DELETE FROM cart_session;
CREATE EVENT close_year
    ON SCHEDULE AT '2036-01-01 00:00:00'
    ON COMPLETION NOT PRESERVE DISABLE
    DO UPDATE store SET internal_note = NULL;

INSERT INTO region (code, name, sort_key) VALUES ('NO', 'North', 1), ('SO', 'South', 2), ('WE', 'West', 3);
INSERT INTO store (code, name, region_code, area, location) VALUES
    ('S-001', 'Harbour', 'NO', 420.50, point(1, 2)),
    ('S-002', 'Market Square', 'SO', 310.00, point(3, 4)),
    ('S-003', 'Station', 'WE', 95.25, point(5, 6));
INSERT INTO customer (email, full_name, tax_number, interests, preferences, born_on) VALUES
    ('ada@example.com', 'Ada Berg', 'T-1', 'tea', '{"news": true}', '1980-02-03'),
    ('ben@example.com', 'Ben Dale', 'T-2', 'tea,coffee', NULL, '1991-05-06'),
    ('cleo@example.com', 'Cleo Frost', NULL, NULL, '{}', '1975-11-12');
INSERT INTO product (sku, name, price, cost) VALUES ('TEA-01', 'Green tea', 4.50, 2.1000), ('CUP-01', 'Tea cup', 12.00, 5.2500), ('POT-01', 'Tea pot', 39.90, 18.0000);
INSERT INTO inventory (store_id, product_id, quantity) VALUES (1, 1, 40), (1, 2, 12), (2, 3, 5);
INSERT INTO orders (customer_id, store_id, status, total) VALUES (1, 1, 'paid', 16.50), (2, 2, 'placed', 39.90), (3, NULL, 'draft', 0);
INSERT INTO order_line (order_id, line_no, store_id, product_id, quantity, unit_price) VALUES (1, 1, 1, 1, 1, 4.50), (1, 2, 1, 2, 1, 12.00), (2, 1, 2, 3, 1, 39.90);
INSERT INTO price_history (product_id, valid_from, valid_to, price) VALUES (1, '2024-01-01', '2025-01-01', 4.20), (1, '2025-01-01', '2030-01-01', 4.50), (2, '2024-01-01', '2030-01-01', 12.00);
INSERT INTO sale (id, sold_on, store_id, amount) VALUES (1, '2024-05-01', 1, 16.50), (2, '2025-02-01', 2, 39.90), (3, '2026-02-01', 2, 4.50);
INSERT INTO document (id, title) VALUES (1, 'House rules');
