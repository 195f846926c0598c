-- ## a column added
ALTER TABLE customer ADD COLUMN middle_name varchar(60) DEFAULT NULL;

-- ## a column added, not null with a default
ALTER TABLE product ADD COLUMN is_fragile tinyint(1) NOT NULL DEFAULT 0;

-- ## a generated column added
ALTER TABLE store ADD COLUMN title varchar(100) GENERATED ALWAYS AS (concat(code, ' ', name)) VIRTUAL;

-- ## a column removed
ALTER TABLE store DROP COLUMN manager_name;

-- ## a column renamed
ALTER TABLE store RENAME COLUMN manager_name TO manager;

-- ## a column's name: letter case
ALTER TABLE store CHANGE COLUMN manager_name Manager_name varchar(80) DEFAULT NULL;

-- ## a column's order: moved to the front
-- note
ALTER TABLE customer MODIFY COLUMN tax_number varchar(20) DEFAULT NULL FIRST;

-- ## a column's order: two neighbours exchanged
-- note
ALTER TABLE product MODIFY COLUMN volume double DEFAULT NULL AFTER cost;

-- ## a column's type: int to bigint
ALTER TABLE order_line MODIFY COLUMN quantity bigint NOT NULL DEFAULT 1;

-- ## a column's type: smallint to int
ALTER TABLE region MODIFY COLUMN sort_key int unsigned DEFAULT 0;

-- ## a column's type: varchar to text
ALTER TABLE store MODIFY COLUMN manager_name text DEFAULT NULL;

-- ## a column's type: text to mediumtext
ALTER TABLE orders MODIFY COLUMN note mediumtext DEFAULT NULL;

-- ## a column's type: mediumblob to longblob
ALTER TABLE product MODIFY COLUMN photo longblob DEFAULT NULL;

-- ## a column's type: char to varchar of the same length
ALTER TABLE product MODIFY COLUMN barcode varchar(13) DEFAULT NULL;

-- ## a column's type: binary to varbinary
ALTER TABLE product MODIFY COLUMN digest varbinary(16) DEFAULT NULL;

-- ## a column's type: float to double
ALTER TABLE product MODIFY COLUMN weight double DEFAULT NULL;

-- ## a column's type: decimal to double
ALTER TABLE order_line MODIFY COLUMN unit_price double NOT NULL;

-- ## a column's type: enum to varchar
ALTER TABLE customer MODIFY COLUMN kind varchar(10) NOT NULL DEFAULT 'private';

-- ## a column's type: uuid to char
ALTER TABLE product MODIFY COLUMN token char(36) DEFAULT uuid();

-- ## a column's type: year to smallint
ALTER TABLE product MODIFY COLUMN made_in smallint DEFAULT NULL;

-- ## a column's type: date to datetime
ALTER TABLE store MODIFY COLUMN opened_on datetime DEFAULT NULL;

-- ## a column's type: datetime to timestamp
ALTER TABLE store MODIFY COLUMN updated_at timestamp NULL DEFAULT NULL ON UPDATE current_timestamp();

-- ## a column's type: boolean to tinyint of the full width
ALTER TABLE store MODIFY COLUMN is_open tinyint(4) NOT NULL DEFAULT 1;

-- ## a column's type: point to geometry
ALTER TABLE store MODIFY COLUMN location geometry NOT NULL;

-- ## a json column made plain text: its check gone
ALTER TABLE customer MODIFY COLUMN preferences longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL;

-- ## an integer's unsigned removed
ALTER TABLE region MODIFY COLUMN sort_key smallint DEFAULT 0;

-- ## an integer's unsigned added
ALTER TABLE order_line MODIFY COLUMN quantity int unsigned NOT NULL DEFAULT 1;

-- ## a decimal's unsigned removed
ALTER TABLE store MODIFY COLUMN area decimal(8,2) DEFAULT NULL COMMENT 'Sales floor in square metres';

-- ## an integer's zerofill removed
ALTER TABLE store MODIFY COLUMN floor_no smallint(4) unsigned DEFAULT NULL;

-- ## an integer's display width under zerofill
ALTER TABLE store MODIFY COLUMN floor_no smallint(5) unsigned zerofill DEFAULT NULL;

-- ## a varchar's length: shorter
ALTER TABLE customer MODIFY COLUMN tax_number varchar(12) DEFAULT NULL;

-- ## a varchar's length: longer by one
ALTER TABLE customer MODIFY COLUMN tax_number varchar(21) DEFAULT NULL;

-- ## a char's length
ALTER TABLE product MODIFY COLUMN barcode char(14) DEFAULT NULL;

-- ## a binary's length
ALTER TABLE product MODIFY COLUMN digest binary(32) DEFAULT NULL;

-- ## a bit column's length
ALTER TABLE product MODIFY COLUMN flags bit(16) DEFAULT b'0';

-- ## a decimal's precision
ALTER TABLE order_line MODIFY COLUMN unit_price decimal(12,2) NOT NULL;

-- ## a decimal's scale
ALTER TABLE product MODIFY COLUMN cost decimal(12,3) DEFAULT NULL;

-- ## a float's precision and scale added
ALTER TABLE product MODIFY COLUMN weight float(8,3) DEFAULT NULL;

-- ## a timestamp's precision
ALTER TABLE store MODIFY COLUMN created_at timestamp(6) NOT NULL DEFAULT current_timestamp(6);

-- ## a datetime's precision removed
ALTER TABLE inventory MODIFY COLUMN counted_at datetime DEFAULT NULL;

-- ## a time's precision added
ALTER TABLE store MODIFY COLUMN opens_at time(3) DEFAULT '09:00:00.000';

-- ## not null removed
ALTER TABLE order_line MODIFY COLUMN unit_price decimal(10,2) DEFAULT NULL;

-- ## not null added
ALTER TABLE product MODIFY COLUMN cost decimal(12,4) NOT NULL;

-- ## an enum's value added at its end
ALTER TABLE customer MODIFY COLUMN kind enum('private','company','staff','school') NOT NULL DEFAULT 'private';

-- ## an enum's value added between two
ALTER TABLE orders MODIFY COLUMN status enum('draft','placed','paid','packed','shipped','cancelled') NOT NULL DEFAULT 'draft';

-- ## an enum's value removed
ALTER TABLE customer MODIFY COLUMN kind enum('private','company') NOT NULL DEFAULT 'private';

-- ## an enum's value: letter case
ALTER TABLE customer MODIFY COLUMN kind enum('private','company','Staff') NOT NULL DEFAULT 'private';

-- ## an enum's order of values
ALTER TABLE customer MODIFY COLUMN kind enum('company','private','staff') NOT NULL DEFAULT 'private';

-- ## a set's value added
ALTER TABLE customer MODIFY COLUMN interests set('tea','coffee','cocoa','milk') DEFAULT NULL;

-- ## a set's order of values
ALTER TABLE customer MODIFY COLUMN interests set('coffee','tea','cocoa') DEFAULT NULL;

-- ## a default removed
ALTER TABLE orders ALTER COLUMN total DROP DEFAULT;

-- ## a default added
ALTER TABLE customer ALTER COLUMN phone SET DEFAULT '';

-- ## a default added to a column that is not null
ALTER TABLE sale ALTER COLUMN amount SET DEFAULT 0;

-- ## a default's number
ALTER TABLE inventory ALTER COLUMN quantity SET DEFAULT 1;

-- ## a default's string: letter case only
ALTER TABLE product ALTER COLUMN brand SET DEFAULT 'house';

-- ## a default's string: a space at its end
ALTER TABLE customer ALTER COLUMN full_name SET DEFAULT 'Unknown ';

-- ## a default's string: null to the word null
ALTER TABLE store ALTER COLUMN manager_name SET DEFAULT 'NULL';

-- ## a default's string: a function to its name as a word
ALTER TABLE store ALTER COLUMN internal_note SET DEFAULT 'current_timestamp()';

-- ## a default's boolean
ALTER TABLE store ALTER COLUMN is_open SET DEFAULT 0;

-- ## a default's enum value
ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'placed';

-- ## a default's time
ALTER TABLE store ALTER COLUMN opens_at SET DEFAULT '09:30:00';

-- ## a default's bits
ALTER TABLE product ALTER COLUMN flags SET DEFAULT b'1';

-- ## a default's function: current timestamp to a fixed moment
ALTER TABLE audit_log ALTER COLUMN at SET DEFAULT '2024-01-01 00:00:00';

-- ## a default's function: uuid removed
ALTER TABLE product ALTER COLUMN token DROP DEFAULT;

-- ## a default's sequence exchanged for another
ALTER TABLE orders ALTER COLUMN number SET DEFAULT nextval(till_ticket);

-- ## on update removed from a datetime
ALTER TABLE store MODIFY COLUMN updated_at datetime DEFAULT NULL;

-- ## on update removed from a timestamp
ALTER TABLE orders MODIFY COLUMN updated_at timestamp NULL DEFAULT NULL;

-- ## on update added
ALTER TABLE audit_log MODIFY COLUMN at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp();

-- ## auto_increment removed
ALTER TABLE audit_log MODIFY COLUMN id bigint NOT NULL;

-- ## auto_increment added
ALTER TABLE document MODIFY COLUMN id int NOT NULL AUTO_INCREMENT;

-- ## auto_increment's position
-- note
ALTER TABLE audit_log AUTO_INCREMENT = 5000;

-- ## a generated column's expression: one constant
ALTER TABLE product MODIFY COLUMN gross_price decimal(10,2) GENERATED ALWAYS AS (round(price * 1.21, 2)) STORED;

-- ## a generated column's expression: a string
ALTER TABLE product MODIFY COLUMN label varchar(200) GENERATED ALWAYS AS (concat(sku, '-', name)) VIRTUAL;

-- ## a generated column's kind: virtual to stored
ALTER TABLE product DROP KEY product_label_idx, DROP COLUMN label, ADD COLUMN label varchar(200) GENERATED ALWAYS AS (concat(sku, ' ', name)) STORED AFTER barcode, ADD KEY product_label_idx (label);

-- ## a generated column's kind: stored to virtual
ALTER TABLE product DROP COLUMN gross_price, ADD COLUMN gross_price decimal(10,2) GENERATED ALWAYS AS (round(price * 1.20, 2)) VIRTUAL;

-- ## a generated column made a plain one
ALTER TABLE product MODIFY COLUMN gross_price decimal(10,2) DEFAULT NULL;

-- ## a plain column made a generated one
-- data: the rows' values of the column go
ALTER TABLE region DROP COLUMN sort_key, ADD COLUMN sort_key smallint unsigned GENERATED ALWAYS AS (char_length(name)) STORED;

-- ## a column's collation changed
ALTER TABLE store MODIFY COLUMN name varchar(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL;

-- ## a column's collation made the table's
ALTER TABLE store MODIFY COLUMN name varchar(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL;

-- ## a column's collation added
ALTER TABLE customer MODIFY COLUMN tax_number varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL;

-- ## a column's character set
ALTER TABLE product MODIFY COLUMN barcode char(13) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL;

-- ## a column's comment added
-- note
ALTER TABLE product MODIFY COLUMN sku varchar(20) NOT NULL COMMENT 'The code on the shelf';

-- ## a column's comment changed
-- note
ALTER TABLE store MODIFY COLUMN area decimal(8,2) unsigned DEFAULT NULL COMMENT 'Sales floor in square feet';

-- ## a column's comment removed
-- note
ALTER TABLE store MODIFY COLUMN area decimal(8,2) unsigned DEFAULT NULL;

-- ## a column made visible
ALTER TABLE store MODIFY COLUMN internal_note varchar(200) DEFAULT NULL;

-- ## a column made invisible
ALTER TABLE store MODIFY COLUMN manager_name varchar(80) INVISIBLE DEFAULT NULL;

-- ## a column made a compressed one
-- note
ALTER TABLE orders MODIFY COLUMN note text COMPRESSED DEFAULT NULL;

-- ## a column put under system versioning
SET @@system_versioning_alter_history = 'KEEP';
ALTER TABLE price_history MODIFY COLUMN reason varchar(100) DEFAULT NULL WITH SYSTEM VERSIONING;
SET @@system_versioning_alter_history = DEFAULT;

-- ## a table added
CREATE TABLE supplier (
    id int NOT NULL,
    name varchar(100) NOT NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ## a table removed
DROP TABLE cart_session;

-- ## a table renamed
RENAME TABLE document TO paper;

-- ## a table's kind: a view made a table
DROP VIEW open_store;
CREATE TABLE open_store (
    id int unsigned NOT NULL,
    code varchar(10) NOT NULL,
    is_open tinyint(1) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ## a table's engine: aria to innodb
ALTER TABLE audit_log ENGINE=InnoDB TRANSACTIONAL=DEFAULT;

-- ## a table's engine: memory to aria
ALTER TABLE cart_session ENGINE=Aria;

-- ## a table's engine: innodb to myisam
ALTER TABLE stock_move ENGINE=MyISAM;

-- ## a table's character set
ALTER TABLE audit_log CONVERT TO CHARACTER SET latin1 COLLATE latin1_swedish_ci;

-- ## a table's collation, its columns with it
ALTER TABLE cart_session CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- ## a table's default collation alone
ALTER TABLE price_history DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- ## a table's row format: dynamic to compact
-- note
ALTER TABLE store ROW_FORMAT=COMPACT;

-- ## a table's row format removed
-- note
ALTER TABLE document ROW_FORMAT=DEFAULT KEY_BLOCK_SIZE=0;

-- ## a table's key block size
-- note
ALTER TABLE document KEY_BLOCK_SIZE=4;

-- ## a table's page compression added
-- note
ALTER TABLE inventory PAGE_COMPRESSED=1;

-- ## a table's persistent statistics turned off
-- note
ALTER TABLE orders STATS_PERSISTENT=0;

-- ## a table's checksum option added
-- note
ALTER TABLE region CHECKSUM=1;

-- ## a table's transactional option
-- note
ALTER TABLE audit_log TRANSACTIONAL=0;

-- ## a table's comment added
-- note
ALTER TABLE product COMMENT='What the shop sells';

-- ## a table's comment changed: one letter's case
-- note
ALTER TABLE store COMMENT='A shop with a Street door';

-- ## a table's comment removed
-- note
ALTER TABLE region COMMENT='';

-- ## system versioning removed
ALTER TABLE price_history DROP SYSTEM VERSIONING;

-- ## system versioning added
ALTER TABLE inventory ADD SYSTEM VERSIONING;

-- ## an application period removed, its unique key plain
SET @@system_versioning_alter_history = 'KEEP';
ALTER TABLE price_history DROP KEY price_history_no_overlap, DROP PERIOD FOR validity, ADD UNIQUE KEY price_history_no_overlap (product_id, valid_to, valid_from);
SET @@system_versioning_alter_history = DEFAULT;

-- ## a unique key's without overlaps removed
SET @@system_versioning_alter_history = 'KEEP';
ALTER TABLE price_history DROP KEY price_history_no_overlap, ADD UNIQUE KEY price_history_no_overlap (product_id, valid_to, valid_from);
SET @@system_versioning_alter_history = DEFAULT;

-- ## a primary key removed
ALTER TABLE document DROP PRIMARY KEY;

-- ## a primary key added
ALTER TABLE stock_move ADD PRIMARY KEY (id, kind);

-- ## a primary key's columns: order
ALTER TABLE order_line DROP FOREIGN KEY order_line_order_fk;
ALTER TABLE order_line DROP PRIMARY KEY, ADD PRIMARY KEY (line_no, order_id), ADD KEY order_line_order_fk (order_id);
ALTER TABLE order_line ADD CONSTRAINT order_line_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE;

-- ## a primary key's columns: one more
ALTER TABLE sale DROP PRIMARY KEY, ADD PRIMARY KEY (id, sold_on, store_id);

-- ## a primary key made a unique key
ALTER TABLE document DROP PRIMARY KEY, ADD UNIQUE KEY document_id_key (id);

-- ## a primary key's method: hash to btree
ALTER TABLE cart_session DROP PRIMARY KEY, ADD PRIMARY KEY (token) USING BTREE;

-- ## a unique key removed
ALTER TABLE product DROP KEY product_sku_key;

-- ## a unique key added
ALTER TABLE store ADD UNIQUE KEY store_name_key (name);

-- ## a unique key renamed
ALTER TABLE store RENAME KEY store_code_key TO store_code_unique;

-- ## a unique key made a plain one
ALTER TABLE store DROP KEY store_code_key, ADD KEY store_code_key (code);

-- ## a unique key's columns: one more
ALTER TABLE product DROP KEY product_sku_key, ADD UNIQUE KEY product_sku_key (sku, category);

-- ## a unique key's columns: order
ALTER TABLE product DROP KEY product_brand_name_key, ADD UNIQUE KEY product_brand_name_key (name, brand);

-- ## a unique key's prefix
ALTER TABLE customer DROP KEY customer_email_key, ADD UNIQUE KEY customer_email_key (email(100));

-- ## a check removed
ALTER TABLE product DROP CONSTRAINT product_price_check;

-- ## a check added
ALTER TABLE inventory ADD CONSTRAINT inventory_quantity_check CHECK (quantity >= 0);

-- ## a check renamed
ALTER TABLE product DROP CONSTRAINT product_margin_check, ADD CONSTRAINT product_cost_check CHECK (cost IS NULL OR cost <= price);

-- ## a check's constant
ALTER TABLE store DROP CONSTRAINT store_area_check, ADD CONSTRAINT store_area_check CHECK (area > 0 AND area < 10000);

-- ## a check's operator
ALTER TABLE product DROP CONSTRAINT product_price_check, ADD CONSTRAINT product_price_check CHECK (price > 0);

-- ## a check's bounds: between
ALTER TABLE order_line DROP CONSTRAINT order_line_quantity_check, ADD CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 0 AND 999);

-- ## a check's list: one word less
ALTER TABLE product DROP CONSTRAINT product_status_check, ADD CONSTRAINT product_status_check CHECK (status IN ('active', 'seasonal'));

-- ## a check's list: a word's letter case
ALTER TABLE product DROP CONSTRAINT product_status_check, ADD CONSTRAINT product_status_check CHECK (status IN ('active', 'seasonal', 'Discontinued'));

-- ## a check's logic: and made or
ALTER TABLE store DROP CONSTRAINT store_area_check, ADD CONSTRAINT store_area_check CHECK (area > 0 OR area < 100000);

-- ## a check on a column removed
ALTER TABLE customer MODIFY COLUMN loyalty decimal(5,2) NOT NULL DEFAULT 5.00;

-- ## a check on a column: its constant
ALTER TABLE customer MODIFY COLUMN loyalty decimal(5,2) NOT NULL DEFAULT 5.00 CHECK (loyalty BETWEEN 0 AND 99);

-- ## a check on a column added
ALTER TABLE audit_log MODIFY COLUMN action char(1) NOT NULL CHECK (action IN ('I', 'U', 'D'));

-- ## a check on a column moved to the table
ALTER TABLE customer MODIFY COLUMN loyalty decimal(5,2) NOT NULL DEFAULT 5.00, ADD CONSTRAINT customer_loyalty_check CHECK (loyalty BETWEEN 0 AND 100);

-- ## a foreign key removed, its index kept
ALTER TABLE orders DROP FOREIGN KEY orders_store_fk;

-- ## a foreign key added
ALTER TABLE price_history ADD CONSTRAINT price_history_product_fk FOREIGN KEY (product_id) REFERENCES product (id);

-- ## a foreign key renamed
ALTER TABLE orders DROP FOREIGN KEY orders_store_fk;
ALTER TABLE orders ADD CONSTRAINT orders_shop_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET NULL;

-- ## a foreign key's columns exchanged for others
ALTER TABLE orders DROP FOREIGN KEY orders_customer_fk;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (id) REFERENCES customer (id);

-- ## a foreign key's target table
ALTER TABLE orders DROP FOREIGN KEY orders_store_fk;
ALTER TABLE orders ADD CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES inventory (store_id) ON DELETE SET NULL;

-- ## a foreign key's target column
ALTER TABLE customer DROP FOREIGN KEY customer_referred_by_fk;
ALTER TABLE customer ADD CONSTRAINT customer_referred_by_fk FOREIGN KEY (referred_by) REFERENCES customer (legacy_id) ON DELETE SET NULL;

-- ## a foreign key's delete action: cascade removed
ALTER TABLE inventory DROP FOREIGN KEY inventory_product_fk;
ALTER TABLE inventory ADD CONSTRAINT inventory_product_fk FOREIGN KEY (product_id) REFERENCES product (id);

-- ## a foreign key's delete action: set null to cascade
ALTER TABLE orders DROP FOREIGN KEY orders_store_fk;
ALTER TABLE orders ADD CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE CASCADE;

-- ## a foreign key's delete action: added
ALTER TABLE orders DROP FOREIGN KEY orders_customer_fk;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE CASCADE;

-- ## a foreign key's update action removed
ALTER TABLE store DROP FOREIGN KEY store_region_fk;
ALTER TABLE store ADD CONSTRAINT store_region_fk FOREIGN KEY (region_code) REFERENCES region (code);

-- ## a foreign key's update action added
ALTER TABLE inventory DROP FOREIGN KEY inventory_store_fk;
ALTER TABLE inventory ADD CONSTRAINT inventory_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON UPDATE CASCADE;

-- ## an index added
ALTER TABLE sale ADD KEY sale_amount_idx (amount);

-- ## an index removed
ALTER TABLE customer DROP KEY customer_born_idx;

-- ## an index renamed
ALTER TABLE customer RENAME KEY customer_name_idx TO customer_full_name_idx;

-- ## an index's columns: one more
ALTER TABLE customer DROP KEY customer_name_idx, ADD KEY customer_name_idx (full_name(20), born_on);

-- ## an index's columns: order
ALTER TABLE product DROP KEY product_category_idx, ADD KEY product_category_idx (price, category);

-- ## an index's direction: descending made ascending
ALTER TABLE customer DROP KEY customer_born_idx, ADD KEY customer_born_idx (born_on);

-- ## an index's direction: ascending made descending
ALTER TABLE product DROP KEY product_category_idx, ADD KEY product_category_idx (category, price DESC);

-- ## an index's prefix: its length
ALTER TABLE customer DROP KEY customer_name_idx, ADD KEY customer_name_idx (full_name(30));

-- ## an index's prefix removed
ALTER TABLE customer DROP KEY customer_name_idx, ADD KEY customer_name_idx (full_name);

-- ## an index's uniqueness added
ALTER TABLE customer DROP KEY customer_born_idx, ADD UNIQUE KEY customer_born_idx (born_on DESC);

-- ## an index's method: btree to hash
ALTER TABLE cart_session DROP KEY cart_session_content_idx, ADD KEY cart_session_content_idx (content(10)) USING HASH;

-- ## an index no longer ignored
ALTER TABLE customer ALTER INDEX customer_phone_idx NOT IGNORED;

-- ## an index ignored
ALTER TABLE product ALTER INDEX product_category_idx IGNORED;

-- ## an index's comment removed
-- note
ALTER TABLE customer DROP FOREIGN KEY customer_referred_by_fk;
ALTER TABLE customer DROP KEY customer_referred_idx, ADD KEY customer_referred_idx (referred_by);
ALTER TABLE customer ADD CONSTRAINT customer_referred_by_fk FOREIGN KEY (referred_by) REFERENCES customer (id) ON DELETE SET NULL;

-- ## an index's comment added
-- note
ALTER TABLE sale DROP KEY sale_store_idx, ADD KEY sale_store_idx (store_id) COMMENT 'Sales of one store';

-- ## an index's key block size
-- note
ALTER TABLE sale DROP KEY sale_store_idx, ADD KEY sale_store_idx (store_id) KEY_BLOCK_SIZE=8;

-- ## a fulltext index removed
ALTER TABLE product DROP KEY product_text_idx;

-- ## a fulltext index's columns
ALTER TABLE product DROP KEY product_text_idx, ADD FULLTEXT KEY product_text_idx (name);

-- ## a fulltext index made a plain one
ALTER TABLE product DROP KEY product_text_idx, ADD KEY product_text_idx (name, description(50));

-- ## a spatial index removed
ALTER TABLE store DROP KEY store_location_idx;

-- ## a spatial index made a plain one
ALTER TABLE store DROP KEY store_location_idx, ADD KEY store_location_idx (location(25));

-- ## a partition added
ALTER TABLE stock_move ADD PARTITION (PARTITION stock_move_lost VALUES IN ('theft'));

-- ## a partition removed
ALTER TABLE stock_move DROP PARTITION stock_move_out;

-- ## a partition's bound
ALTER TABLE sale REORGANIZE PARTITION sale_2025, sale_rest INTO (PARTITION sale_2025 VALUES LESS THAN (2027), PARTITION sale_rest VALUES LESS THAN MAXVALUE);

-- ## a partition's list of values: one less
ALTER TABLE stock_move REORGANIZE PARTITION stock_move_in INTO (PARTITION stock_move_in VALUES IN ('delivery'));

-- ## a partition renamed
ALTER TABLE sale REORGANIZE PARTITION sale_2024 INTO (PARTITION sale_of_2024 VALUES LESS THAN (2025));

-- ## a partition split in two
ALTER TABLE sale REORGANIZE PARTITION sale_rest INTO (PARTITION sale_2026 VALUES LESS THAN (2027), PARTITION sale_rest VALUES LESS THAN MAXVALUE);

-- ## a partition key's expression
ALTER TABLE sale PARTITION BY RANGE (year(sold_on) + 0) (
    PARTITION sale_2024 VALUES LESS THAN (2025),
    PARTITION sale_2025 VALUES LESS THAN (2026),
    PARTITION sale_rest VALUES LESS THAN MAXVALUE
);

-- ## a partition key's method
ALTER TABLE stock_move PARTITION BY KEY (kind) PARTITIONS 2;

-- ## a table's partitions removed
ALTER TABLE sale REMOVE PARTITIONING;

-- ## a table's partitions added
ALTER TABLE document PARTITION BY HASH (id) PARTITIONS 4;

-- ## a sequence added
CREATE SEQUENCE coupon_number;

-- ## a sequence removed
DROP SEQUENCE till_ticket;

-- ## a sequence renamed
RENAME TABLE till_ticket TO till_number;

-- ## a sequence's increment
ALTER SEQUENCE order_number INCREMENT BY 1;

-- ## a sequence's least value
ALTER SEQUENCE order_number MINVALUE 1;

-- ## a sequence's greatest value
ALTER SEQUENCE order_number MAXVALUE 9999999;

-- ## a sequence's start
ALTER SEQUENCE till_ticket START WITH 100;

-- ## a sequence's cache
ALTER SEQUENCE order_number CACHE 50;

-- ## a sequence's cycle removed
ALTER SEQUENCE till_ticket NOCYCLE;

-- ## a sequence's cycle added
ALTER SEQUENCE order_number CYCLE;

-- ## a sequence's position
-- note
DO setval(till_ticket, 4000);

-- ## a view added
CREATE VIEW big_store AS SELECT id, code FROM store WHERE area > 300;

-- ## a view removed
DROP VIEW customer_spend;

-- ## a view renamed
RENAME TABLE customer_spend TO customer_total;

-- ## a view's column: its expression
CREATE OR REPLACE ALGORITHM=TEMPTABLE SQL SECURITY DEFINER VIEW customer_spend AS
    SELECT c.id, c.full_name, count(o.id) AS order_count, max(o.total) AS spent
    FROM customer c LEFT JOIN orders o ON o.customer_id = c.id
    GROUP BY c.id, c.full_name;

-- ## a view's column: its name
CREATE OR REPLACE ALGORITHM=TEMPTABLE SQL SECURITY DEFINER VIEW customer_spend AS
    SELECT c.id, c.full_name, count(o.id) AS order_count, sum(o.total) AS spent_total
    FROM customer c LEFT JOIN orders o ON o.customer_id = c.id
    GROUP BY c.id, c.full_name;

-- ## a view's condition: one word
CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY DEFINER VIEW active_product AS
    SELECT id, sku, name, price FROM product WHERE status = 'seasonal';

-- ## a view's join: left to inner
CREATE OR REPLACE ALGORITHM=TEMPTABLE SQL SECURITY DEFINER VIEW customer_spend AS
    SELECT c.id, c.full_name, count(o.id) AS order_count, sum(o.total) AS spent
    FROM customer c JOIN orders o ON o.customer_id = c.id
    GROUP BY c.id, c.full_name;

-- ## a view's check option: local to cascaded
ALTER ALGORITHM=UNDEFINED SQL SECURITY INVOKER VIEW open_store AS
    SELECT id, code, is_open FROM store WHERE is_open = 1
    WITH CASCADED CHECK OPTION;

-- ## a view's check option removed
ALTER ALGORITHM=UNDEFINED SQL SECURITY INVOKER VIEW open_store AS
    SELECT id, code, is_open FROM store WHERE is_open = 1;

-- ## a view's algorithm
ALTER ALGORITHM=TEMPTABLE SQL SECURITY DEFINER VIEW active_product AS
    SELECT id, sku, name, price FROM product WHERE status = 'active';

-- ## a view's security
ALTER ALGORITHM=MERGE SQL SECURITY INVOKER VIEW active_product AS
    SELECT id, sku, name, price FROM product WHERE status = 'active';

-- ## a view's definer
-- note
ALTER ALGORITHM=UNDEFINED DEFINER='mariadb.sys'@'localhost' SQL SECURITY INVOKER VIEW open_store AS
    SELECT id, code, is_open FROM store WHERE is_open = 1
    WITH LOCAL CHECK OPTION;

-- ## a function added
CREATE FUNCTION tax_of(price decimal(10,2)) RETURNS decimal(10,2) DETERMINISTIC RETURN price * 0.2;

-- ## a function removed
DROP FUNCTION stock_of;

-- ## a function's body: one character
CREATE OR REPLACE FUNCTION net_price(gross decimal(10,2), rate decimal(5,4)) RETURNS decimal(10,2)
    DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'A price without its tax'
    RETURN round(gross / (1 + rate), 1);

-- ## a function's body: one call exchanged for another
CREATE OR REPLACE FUNCTION stock_of(wanted int) RETURNS bigint
    READS SQL DATA
BEGIN
    DECLARE pieces bigint DEFAULT 0;
    SELECT max(quantity) INTO pieces FROM inventory WHERE product_id = wanted;
    RETURN pieces;
END;

-- ## a function's argument type
CREATE OR REPLACE FUNCTION net_price(gross decimal(12,2), rate decimal(5,4)) RETURNS decimal(10,2)
    DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'A price without its tax'
    RETURN round(gross / (1 + rate), 2);

-- ## a function's argument added
CREATE OR REPLACE FUNCTION net_price(gross decimal(10,2), rate decimal(5,4), digits int) RETURNS decimal(10,2)
    DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'A price without its tax'
    RETURN round(gross / (1 + rate), 2);

-- ## a function's return type
CREATE OR REPLACE FUNCTION net_price(gross decimal(10,2), rate decimal(5,4)) RETURNS decimal(12,2)
    DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'A price without its tax'
    RETURN round(gross / (1 + rate), 2);

-- ## a function no longer deterministic
CREATE OR REPLACE FUNCTION net_price(gross decimal(10,2), rate decimal(5,4)) RETURNS decimal(10,2)
    NOT DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'A price without its tax'
    RETURN round(gross / (1 + rate), 2);

-- ## a function's data access
ALTER FUNCTION stock_of CONTAINS SQL;

-- ## a function's security
ALTER FUNCTION net_price SQL SECURITY DEFINER;

-- ## a function's comment
-- note
ALTER FUNCTION net_price COMMENT 'A price with its tax';

-- ## a function's sql mode
SET @kept = @@sql_mode;
SET sql_mode = 'ANSI';
CREATE OR REPLACE FUNCTION stock_of(wanted int) RETURNS bigint
    READS SQL DATA
BEGIN
    DECLARE pieces bigint DEFAULT 0;
    SELECT sum(quantity) INTO pieces FROM inventory WHERE product_id = wanted;
    RETURN pieces;
END;
SET sql_mode = @kept;

-- ## a function's definer
-- note
CREATE OR REPLACE DEFINER='mariadb.sys'@'localhost' FUNCTION stock_of(wanted int) RETURNS bigint
    READS SQL DATA
BEGIN
    DECLARE pieces bigint DEFAULT 0;
    SELECT sum(quantity) INTO pieces FROM inventory WHERE product_id = wanted;
    RETURN pieces;
END;

-- ## an aggregate function's body
CREATE OR REPLACE AGGREGATE FUNCTION product_of(x double) RETURNS double
    DETERMINISTIC
BEGIN
    DECLARE total double DEFAULT 1;
    DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN total;
    LOOP
        FETCH GROUP NEXT ROW;
        SET total = total + x;
    END LOOP;
END;

-- ## an aggregate function removed
DROP FUNCTION product_of;

-- ## a procedure added
CREATE PROCEDURE open_all() MODIFIES SQL DATA UPDATE store SET is_open = true;

-- ## a procedure removed
DROP PROCEDURE close_store;

-- ## a procedure's body
CREATE OR REPLACE PROCEDURE close_store(IN wanted int unsigned, OUT closed int)
    MODIFIES SQL DATA
BEGIN
    UPDATE store SET is_open = false WHERE id <> wanted;
    SET closed = row_count();
END;

-- ## a procedure's argument: out to inout
CREATE OR REPLACE PROCEDURE close_store(IN wanted int unsigned, INOUT closed int)
    MODIFIES SQL DATA
BEGIN
    UPDATE store SET is_open = false WHERE id = wanted;
    SET closed = row_count();
END;

-- ## a procedure's security
ALTER PROCEDURE close_store SQL SECURITY INVOKER;

-- ## a trigger added
CREATE TRIGGER sale_audit AFTER INSERT ON sale FOR EACH ROW INSERT INTO audit_log (table_name, action) VALUES ('sale', 'I');

-- ## a trigger removed
DROP TRIGGER customer_audit;

-- ## a trigger renamed
DROP TRIGGER customer_audit;
CREATE TRIGGER customer_log AFTER DELETE ON customer FOR EACH ROW
    INSERT INTO audit_log (table_name, action) VALUES ('customer', 'D');

-- ## a trigger's timing: after to before
CREATE OR REPLACE TRIGGER customer_audit BEFORE DELETE ON customer FOR EACH ROW
    INSERT INTO audit_log (table_name, action) VALUES ('customer', 'D');

-- ## a trigger's event
CREATE OR REPLACE TRIGGER customer_audit AFTER INSERT ON customer FOR EACH ROW
    INSERT INTO audit_log (table_name, action) VALUES ('customer', 'D');

-- ## a trigger's body: one character of a string
CREATE OR REPLACE TRIGGER customer_audit AFTER DELETE ON customer FOR EACH ROW
    INSERT INTO audit_log (table_name, action) VALUES ('customer', 'd');

-- ## a trigger's body: one letter of a string in a block
CREATE OR REPLACE TRIGGER product_audit AFTER UPDATE ON product FOR EACH ROW
BEGIN
    INSERT INTO audit_log (table_name, action) VALUES ('product', 'V');
END;

-- ## a trigger's order among its fellows
DROP TRIGGER product_trim;
CREATE TRIGGER product_trim BEFORE INSERT ON product FOR EACH ROW FOLLOWS product_upper SET NEW.sku = trim(NEW.sku);

-- ## a trigger's sql mode
SET @kept = @@sql_mode;
SET sql_mode = '';
CREATE OR REPLACE TRIGGER customer_audit AFTER DELETE ON customer FOR EACH ROW
    INSERT INTO audit_log (table_name, action) VALUES ('customer', 'D');
SET sql_mode = @kept;

-- ## a trigger's definer
-- note
CREATE OR REPLACE DEFINER='mariadb.sys'@'localhost' TRIGGER customer_audit AFTER DELETE ON customer FOR EACH ROW
    INSERT INTO audit_log (table_name, action) VALUES ('customer', 'D');

-- ## a trigger's table exchanged for another
DROP TRIGGER customer_audit;
CREATE TRIGGER customer_audit AFTER DELETE ON store FOR EACH ROW
    INSERT INTO audit_log (table_name, action) VALUES ('customer', 'D');

-- ## an event added
CREATE EVENT count_stock ON SCHEDULE EVERY 1 WEEK STARTS '2035-01-01 04:00:00' DO UPDATE inventory SET counted_at = now();

-- ## an event removed
DROP EVENT close_year;

-- ## an event renamed
ALTER EVENT clear_carts RENAME TO empty_carts;

-- ## an event's schedule: its interval
ALTER EVENT clear_carts ON SCHEDULE EVERY 2 DAY STARTS '2035-01-01 03:00:00';

-- ## an event's schedule: its unit
ALTER EVENT clear_carts ON SCHEDULE EVERY 1 HOUR STARTS '2035-01-01 03:00:00';

-- ## an event's schedule: its start
ALTER EVENT clear_carts ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 04:00:00';

-- ## an event's schedule: its end
ALTER EVENT clear_carts ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 03:00:00' ENDS '2036-01-01 00:00:00';

-- ## an event's schedule: its moment
ALTER EVENT close_year ON SCHEDULE AT '2037-01-01 00:00:00';

-- ## an event disabled
ALTER EVENT clear_carts DISABLE;

-- ## an event enabled
ALTER EVENT close_year ENABLE;

-- ## an event's body
ALTER EVENT clear_carts DO DELETE FROM cart_session WHERE content IS NULL;

-- ## an event no longer preserved
ALTER EVENT clear_carts ON COMPLETION NOT PRESERVE;

-- ## an event's comment
-- note
ALTER EVENT clear_carts COMMENT 'Carts live two days';

-- ## an event's definer
-- note
ALTER DEFINER='mariadb.sys'@'localhost' EVENT clear_carts COMMENT 'Carts live one day';

-- ## a grant on a table added
-- note
GRANT SELECT ON product TO PUBLIC;

-- ## a grant on one column added
-- note
GRANT UPDATE (price) ON product TO PUBLIC;

-- ## a grant on a view added
-- note
GRANT SELECT ON customer_spend TO PUBLIC;

-- ## a grant on a function added
-- note
GRANT EXECUTE ON FUNCTION stock_of TO PUBLIC;
