-- ## a column added
ALTER TABLE customer ADD COLUMN middle_name varchar(60);

-- ## a column added, not null with a default
ALTER TABLE product ADD COLUMN is_fragile boolean NOT NULL DEFAULT false;

-- ## a column removed
ALTER TABLE store DROP COLUMN manager_name;

-- ## a column renamed
ALTER TABLE store RENAME COLUMN manager_name TO manager;

-- ## a column's name: letter case
ALTER TABLE store RENAME COLUMN manager_name TO "Manager_name";

-- ## a column's order: moved to the end
-- note
ALTER TABLE customer DROP COLUMN scores;
ALTER TABLE customer ADD COLUMN scores integer[];

-- ## a column's type: integer to bigint
ALTER TABLE order_line ALTER COLUMN quantity TYPE bigint;

-- ## a column's type: smallint to integer
ALTER TABLE region ALTER COLUMN sort_key TYPE integer;

-- ## a column's type: varchar to text
ALTER TABLE store ALTER COLUMN manager_name TYPE text;

-- ## a column's type: text to varchar without a length
ALTER TABLE orders ALTER COLUMN note TYPE varchar;

-- ## a column's type: char to varchar of the same length
ALTER TABLE product ALTER COLUMN barcode TYPE varchar(13);

-- ## a column's type: jsonb to json
ALTER TABLE cart_session ALTER COLUMN content TYPE json;

-- ## a column's type: json to jsonb
ALTER TABLE product ALTER COLUMN settings TYPE jsonb;

-- ## a column's type: real to double precision
ALTER TABLE product ALTER COLUMN weight TYPE double precision;

-- ## a column's type: numeric to double precision
ALTER TABLE order_line ALTER COLUMN unit_price TYPE double precision;

-- ## a column's type: citext to text
ALTER TABLE customer ALTER COLUMN email TYPE text;

-- ## a column's type: a domain to its base type
ALTER TABLE customer ALTER COLUMN phone TYPE text;

-- ## a column's type: a plain type to a domain
ALTER TABLE customer ALTER COLUMN postcode TYPE postcode;

-- ## a column's type: an enum to text
ALTER TABLE orders ALTER COLUMN paid_with TYPE text;

-- ## a column's type: date to timestamp
ALTER TABLE invoice_document ALTER COLUMN due_on TYPE timestamp;

-- ## a column's type: a composite type to text
ALTER TABLE store ALTER COLUMN address TYPE text;

-- ## a varchar's length: shorter
ALTER TABLE customer ALTER COLUMN tax_number TYPE varchar(12);

-- ## a varchar's length: longer by one
ALTER TABLE customer ALTER COLUMN tax_number TYPE varchar(21);

-- ## a varchar's length: removed
ALTER TABLE customer ALTER COLUMN tax_number TYPE varchar;

-- ## a char's length
ALTER TABLE product ALTER COLUMN barcode TYPE char(14);

-- ## a bit string's length
ALTER TABLE product ALTER COLUMN flags TYPE bit(16);

-- ## a bit varying's length
ALTER TABLE product ALTER COLUMN marks TYPE bit varying(32);

-- ## a bit string's kind: varying to fixed
ALTER TABLE product ALTER COLUMN marks TYPE bit(16);

-- ## a numeric's precision
ALTER TABLE store ALTER COLUMN area TYPE numeric(9,2);

-- ## a numeric's scale
ALTER TABLE product ALTER COLUMN cost TYPE numeric(12,3);

-- ## a numeric's precision and scale removed
ALTER TABLE product ALTER COLUMN cost TYPE numeric;

-- ## a timestamp's precision
ALTER TABLE store ALTER COLUMN created_at TYPE timestamp(6) with time zone;

-- ## a timestamp's precision removed
ALTER TABLE store ALTER COLUMN created_at TYPE timestamp with time zone;

-- ## a timestamp's time zone removed
ALTER TABLE orders ALTER COLUMN updated_at TYPE timestamp without time zone;

-- ## a timestamp's time zone added
ALTER TABLE store ALTER COLUMN updated_at TYPE timestamp(0) with time zone;

-- ## a time's precision
ALTER TABLE store ALTER COLUMN opens_at TYPE time(3);

-- ## a time's time zone removed
ALTER TABLE store ALTER COLUMN closes_at TYPE time without time zone;

-- ## an interval's precision
ALTER TABLE product ALTER COLUMN lead_time TYPE interval(3);

-- ## an interval's fields
ALTER TABLE product ALTER COLUMN shelf_life TYPE interval day to hour;

-- ## an array's element type
ALTER TABLE customer ALTER COLUMN scores TYPE bigint[];

-- ## an array's element type: text to varchar of a length
ALTER TABLE customer ALTER COLUMN tags TYPE varchar(30)[];

-- ## an array made a plain column
ALTER TABLE customer ALTER COLUMN scores TYPE integer USING scores[1];

-- ## a plain column made an array
ALTER TABLE receipt_document ALTER COLUMN till_no TYPE integer[] USING ARRAY[till_no];

-- ## a range's type
ALTER TABLE price_history DROP CONSTRAINT price_history_no_overlap;
ALTER TABLE price_history ALTER COLUMN valid TYPE tsrange USING tsrange(lower(valid), upper(valid));
ALTER TABLE price_history ADD CONSTRAINT price_history_no_overlap EXCLUDE USING gist (int4range(product_id, product_id, '[]') WITH =, valid WITH &&) WHERE (NOT cancelled);

-- ## not null removed
ALTER TABLE order_line ALTER COLUMN unit_price DROP NOT NULL;

-- ## not null added
ALTER TABLE customer ALTER COLUMN born_on SET NOT NULL;

-- ## not null added to a partition alone
-- data: its row has no note yet
UPDATE sale_2025 SET note = '';
ALTER TABLE sale_2025 ALTER COLUMN note SET NOT NULL;

-- ## a domain's default taken from a column: null in its place
ALTER TABLE order_line ALTER COLUMN discount SET DEFAULT NULL;

-- ## a default removed
ALTER TABLE orders ALTER COLUMN total DROP DEFAULT;

-- ## a default added
ALTER TABLE store ALTER COLUMN updated_at SET DEFAULT now();

-- ## a default's number
ALTER TABLE inventory ALTER COLUMN quantity SET DEFAULT 1;

-- ## a default's scale: 0.00 to 0.01
ALTER TABLE product ALTER COLUMN price SET DEFAULT 0.01;

-- ## a default's string: letter case only
ALTER TABLE product ALTER COLUMN brand SET DEFAULT 'house';

-- ## a default's string: a space at its end
ALTER TABLE customer ALTER COLUMN full_name SET DEFAULT 'Unknown ';

-- ## a default's string: null to the word null
ALTER TABLE store ALTER COLUMN manager_name SET DEFAULT 'NULL';

-- ## a default's string: null to the empty string
ALTER TABLE orders ALTER COLUMN note SET DEFAULT '';

-- ## a default's boolean
ALTER TABLE store ALTER COLUMN is_open SET DEFAULT false;

-- ## a default's enum value
ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'placed';

-- ## a default's json
ALTER TABLE product ALTER COLUMN attributes SET DEFAULT '[]';

-- ## a default's array
ALTER TABLE customer ALTER COLUMN tags SET DEFAULT '{new}';

-- ## a default's time
ALTER TABLE store ALTER COLUMN opens_at SET DEFAULT '09:30:00';

-- ## a default's function: current date to a fixed day
ALTER TABLE store ALTER COLUMN opened_on SET DEFAULT '2024-01-01';

-- ## a default's function: now to clock_timestamp
ALTER TABLE cart_session ALTER COLUMN touched_at SET DEFAULT clock_timestamp();

-- ## a default over a domain's default: changed
ALTER TABLE customer ALTER COLUMN loyalty SET DEFAULT 6;

-- ## a default over a domain's default: removed
ALTER TABLE customer ALTER COLUMN loyalty DROP DEFAULT;

-- ## a default's sequence exchanged for another
ALTER TABLE orders ALTER COLUMN number SET DEFAULT nextval('return_number_seq');

-- ## a default changed on a partition alone
ALTER TABLE sale_2024 ALTER COLUMN amount SET DEFAULT 0;

-- ## a serial's default removed, its sequence kept
ALTER TABLE product ALTER COLUMN id DROP DEFAULT;

-- ## a serial's sequence no longer owned by its column
ALTER SEQUENCE product_id_seq OWNED BY NONE;

-- ## a serial's sequence renamed
ALTER SEQUENCE product_id_seq RENAME TO product_number_seq;

-- ## a serial's sequence: its type
ALTER SEQUENCE product_id_seq AS bigint;

-- ## a serial made an identity
ALTER TABLE orders ALTER COLUMN id DROP DEFAULT;
DROP SEQUENCE orders_id_seq;
ALTER TABLE orders ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME orders_id_seq);
SELECT setval('orders_id_seq', 3);

-- ## a serial made an identity, its sequence with it
ALTER TABLE product ALTER COLUMN id DROP DEFAULT;
DROP SEQUENCE product_id_seq;
ALTER TABLE product ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
SELECT setval('product_id_seq', 3);

-- ## an identity made a serial
ALTER TABLE price_history ALTER COLUMN id DROP IDENTITY;
CREATE SEQUENCE price_history_id_seq AS integer OWNED BY price_history.id;
ALTER TABLE price_history ALTER COLUMN id SET DEFAULT nextval('price_history_id_seq');
SELECT setval('price_history_id_seq', 3);

-- ## an identity's kind: always to by default
ALTER TABLE audit_log ALTER COLUMN id SET GENERATED BY DEFAULT;

-- ## an identity's kind: by default to always
ALTER TABLE customer ALTER COLUMN id SET GENERATED ALWAYS;

-- ## an identity removed
ALTER TABLE price_history ALTER COLUMN id DROP IDENTITY;

-- ## an identity added
ALTER TABLE document ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;

-- ## an identity's increment
ALTER TABLE store ALTER COLUMN id SET INCREMENT BY 5;

-- ## an identity's start
ALTER TABLE store ALTER COLUMN id SET START WITH 200;

-- ## an identity's greatest value
ALTER TABLE audit_log ALTER COLUMN id SET MAXVALUE 1000000;

-- ## a generated column's expression: one constant
-- data: the stored values are made anew
ALTER TABLE product DROP COLUMN gross_price;
ALTER TABLE product ADD COLUMN gross_price numeric(10,2) GENERATED ALWAYS AS (round(price * 1.21, 2)) STORED;

-- ## a generated column made a plain one
ALTER TABLE product ALTER COLUMN gross_price DROP EXPRESSION;

-- ## a plain column made a generated one
-- data: the rows' values of the column go
ALTER TABLE region DROP COLUMN sort_key;
ALTER TABLE region ADD COLUMN sort_key smallint GENERATED ALWAYS AS (length(name)) STORED;

-- ## a generated column made a plain one with a default
-- data: the rows' values of the column go
ALTER TABLE product DROP COLUMN gross_price;
ALTER TABLE product ADD COLUMN gross_price numeric(10,2) DEFAULT 0;

-- ## a column's collation changed
ALTER TABLE store ALTER COLUMN name TYPE text COLLATE "POSIX";

-- ## a column's collation removed
ALTER TABLE store ALTER COLUMN name TYPE text COLLATE "default";

-- ## a column's collation added
ALTER TABLE product ALTER COLUMN brand TYPE varchar(40) COLLATE "C";

-- ## a column's comment added
-- note
COMMENT ON COLUMN product.sku IS 'The code on the shelf';

-- ## a column's comment changed
-- note
COMMENT ON COLUMN store.area IS 'Sales floor in square feet';

-- ## a column's comment removed
-- note
COMMENT ON COLUMN store.area IS NULL;

-- ## a column's storage changed
-- note
ALTER TABLE product ALTER COLUMN photo SET STORAGE MAIN;

-- ## a column's compression set
-- note
ALTER TABLE orders ALTER COLUMN note SET COMPRESSION pglz;

-- ## a column's statistics target changed
-- note
ALTER TABLE product ALTER COLUMN brand SET STATISTICS 100;

-- ## a column's statistics target removed
-- note
ALTER TABLE product ALTER COLUMN brand SET STATISTICS -1;

-- ## a column's statistics option set
-- note
ALTER TABLE customer ALTER COLUMN postcode SET (n_distinct = -0.5);

-- ## a table added
CREATE TABLE supplier (
    id integer PRIMARY KEY,
    name text NOT NULL
);

-- ## a table added, without a column
CREATE TABLE placeholder ();

-- ## a table removed
DROP TABLE cart_session;

-- ## a table removed, its rule and its index with it
DROP TABLE audit_log;

-- ## a table renamed
ALTER TABLE cart_session RENAME TO basket_session;

-- ## a table's kind: a view made a table
DROP VIEW customer_spend;
CREATE TABLE customer_spend (
    id bigint,
    full_name varchar(120),
    order_count bigint,
    spent numeric
);
COMMENT ON TABLE customer_spend IS 'What each customer has spent';

-- ## a table's kind: a table made a partitioned one
DROP TABLE letter_document;
CREATE TABLE letter_document (
    id integer NOT NULL,
    title text NOT NULL,
    pages integer,
    sent_on date,
    CONSTRAINT document_pages_check CHECK (pages > 0)
) PARTITION BY HASH (id);

-- ## a table's persistence: logged made unlogged
ALTER TABLE order_line SET UNLOGGED;

-- ## a table's persistence: unlogged made logged
ALTER TABLE cart_session SET LOGGED;

-- ## a sequence's persistence
ALTER SEQUENCE return_number_seq SET UNLOGGED;

-- ## a table's fillfactor changed
-- note
ALTER TABLE store SET (fillfactor = 90);

-- ## a table's fillfactor removed
-- note
ALTER TABLE store RESET (fillfactor);

-- ## a table's autovacuum turned on
-- note
ALTER TABLE cart_session SET (autovacuum_enabled = true);

-- ## a table's storage option added
-- note
ALTER TABLE product SET (autovacuum_vacuum_scale_factor = 0.05);

-- ## a table's toast option added
-- note
ALTER TABLE product SET (toast.autovacuum_enabled = false);

-- ## a table's owner
-- note
ALTER TABLE inventory OWNER TO pg_monitor;

-- ## a view's owner
-- note
ALTER VIEW open_store OWNER TO pg_monitor;

-- ## a function's owner
-- note
ALTER FUNCTION net_price(numeric, numeric) OWNER TO pg_read_all_data;

-- ## a type's owner
-- note
ALTER TYPE order_status OWNER TO pg_monitor;

-- ## a sequence's owner
-- note
ALTER SEQUENCE return_number_seq OWNER TO pg_monitor;

-- ## a domain's owner
-- note
ALTER DOMAIN percentage OWNER TO pg_read_all_data;

-- ## a grant on a table added
-- note
GRANT SELECT ON product TO pg_monitor;

-- ## a grant on a table added, with grant option
-- note
GRANT INSERT ON product TO pg_monitor WITH GRANT OPTION;

-- ## a grant on a table to everyone
-- note
GRANT SELECT ON region TO PUBLIC;

-- ## a grant on one column added
-- note
GRANT UPDATE (price) ON product TO pg_read_all_data;

-- ## a grant on a sequence added
-- note
GRANT USAGE ON SEQUENCE order_number_seq TO pg_monitor;

-- ## a grant on a view added
-- note
GRANT SELECT ON customer_spend TO pg_monitor;

-- ## a grant on a function added
-- note
GRANT EXECUTE ON FUNCTION stock_of(integer) TO pg_monitor;

-- ## a function's grant to everyone removed
-- note
REVOKE EXECUTE ON FUNCTION net_price(numeric, numeric) FROM PUBLIC;

-- ## a type's grant to everyone removed
-- note
REVOKE USAGE ON TYPE order_status FROM PUBLIC;

-- ## a table's comment added
-- note
COMMENT ON TABLE product IS 'What the shop sells';

-- ## a table's comment changed: one letter's case
-- note
COMMENT ON TABLE store IS 'A shop with a Street door';

-- ## a table's comment removed
-- note
COMMENT ON TABLE store IS NULL;

-- ## an index's comment removed
-- note
COMMENT ON INDEX orders_open_idx IS NULL;

-- ## a function's comment changed
-- note
COMMENT ON FUNCTION net_price(numeric, numeric) IS 'A price with its tax';

-- ## a type's comment changed
-- note
COMMENT ON TYPE order_status IS 'Where an order is';

-- ## a view's comment removed
-- note
COMMENT ON VIEW customer_spend IS NULL;

-- ## a constraint's comment added
-- note
COMMENT ON CONSTRAINT product_price_check ON product IS 'Nothing is sold below zero';

-- ## a trigger's comment added
-- note
COMMENT ON TRIGGER product_audit ON product IS 'Writes the audit log';

-- ## a sequence's comment added
-- note
COMMENT ON SEQUENCE order_number_seq IS 'Numbers on the paper';

-- ## row security turned off
ALTER TABLE customer DISABLE ROW LEVEL SECURITY;

-- ## row security turned on
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;

-- ## row security forced for the owner
ALTER TABLE customer FORCE ROW LEVEL SECURITY;

-- ## a policy added
CREATE POLICY customer_remove ON customer FOR DELETE TO PUBLIC USING (loyalty = 0);

-- ## a policy removed
DROP POLICY customer_write ON customer;

-- ## a policy renamed
ALTER POLICY customer_read ON customer RENAME TO customer_view;

-- ## a policy's condition for reading: one operator
ALTER POLICY customer_read ON customer USING (loyalty > 0);

-- ## a policy's condition for writing
ALTER POLICY customer_write ON customer WITH CHECK (true);

-- ## a policy's condition for writing, its condition for reading the same
ALTER POLICY customer_adult ON customer WITH CHECK (born_on < '2011-01-01');

-- ## a policy's role
ALTER POLICY customer_adult ON customer TO pg_read_all_data;

-- ## a policy's role: one more
ALTER POLICY customer_adult ON customer TO pg_monitor, pg_read_all_data;

-- ## a policy's command
DROP POLICY customer_read ON customer;
CREATE POLICY customer_read ON customer FOR ALL TO PUBLIC USING (loyalty >= 0);

-- ## a policy's kind: restrictive made permissive
DROP POLICY customer_adult ON customer;
CREATE POLICY customer_adult ON customer AS PERMISSIVE FOR UPDATE TO pg_monitor USING (born_on < '2010-01-01') WITH CHECK (born_on < '2010-01-01');

-- ## a partitioned table's primary key removed
ALTER TABLE sale DROP CONSTRAINT sale_pkey;

-- ## a primary key removed
ALTER TABLE cart_session DROP CONSTRAINT cart_session_pkey;

-- ## a primary key added
ALTER TABLE document ADD CONSTRAINT document_pkey PRIMARY KEY (id);

-- ## a primary key renamed
ALTER TABLE store RENAME CONSTRAINT store_pkey TO pk_store;

-- ## a primary key's columns: order
ALTER TABLE order_line DROP CONSTRAINT order_line_pkey;
ALTER TABLE order_line ADD CONSTRAINT order_line_pkey PRIMARY KEY (line_no, order_id);

-- ## a primary key's columns: one less
-- data: only one line an order can stay
DELETE FROM order_line WHERE line_no > 1;
ALTER TABLE order_line DROP CONSTRAINT order_line_pkey;
ALTER TABLE order_line ADD CONSTRAINT order_line_pkey PRIMARY KEY (order_id);

-- ## a primary key made deferrable
ALTER TABLE price_history DROP CONSTRAINT price_history_pkey;
ALTER TABLE price_history ADD CONSTRAINT price_history_pkey PRIMARY KEY (id) DEFERRABLE;

-- ## a primary key made a unique constraint
ALTER TABLE audit_log DROP CONSTRAINT audit_log_pkey;
ALTER TABLE audit_log ADD CONSTRAINT audit_log_pkey UNIQUE (id);

-- ## a primary key's included column added
ALTER TABLE audit_log DROP CONSTRAINT audit_log_pkey;
ALTER TABLE audit_log ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id) INCLUDE (at);

-- ## a unique constraint removed
ALTER TABLE product DROP CONSTRAINT product_sku_key;

-- ## a unique constraint added
ALTER TABLE store ADD CONSTRAINT store_name_key UNIQUE (name);

-- ## a unique constraint renamed
ALTER TABLE store RENAME CONSTRAINT store_code_key TO store_code_unique;

-- ## a unique constraint's columns: one more
ALTER TABLE store DROP CONSTRAINT store_code_key;
ALTER TABLE store ADD CONSTRAINT store_code_key UNIQUE (code, region_code);

-- ## a unique constraint's columns: order
ALTER TABLE customer DROP CONSTRAINT customer_tax_number_key;
ALTER TABLE customer ADD CONSTRAINT customer_tax_number_key UNIQUE NULLS NOT DISTINCT (postcode, tax_number);

-- ## a unique constraint made a unique index of its name
ALTER TABLE product DROP CONSTRAINT product_sku_key;
CREATE UNIQUE INDEX product_sku_key ON product (sku);

-- ## a unique index made a unique constraint of its name
ALTER TABLE product ADD CONSTRAINT product_brand_name_idx UNIQUE USING INDEX product_brand_name_idx;

-- ## a unique constraint made deferrable
ALTER TABLE product DROP CONSTRAINT product_sku_key;
ALTER TABLE product ADD CONSTRAINT product_sku_key UNIQUE (sku) DEFERRABLE;

-- ## a unique constraint no longer deferrable
ALTER TABLE orders DROP CONSTRAINT orders_number_key;
ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE (number);

-- ## a unique constraint's deferral: deferred to immediate
ALTER TABLE orders DROP CONSTRAINT orders_number_key;
ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE (number) DEFERRABLE INITIALLY IMMEDIATE;

-- ## a unique constraint's nulls not distinct removed
ALTER TABLE customer DROP CONSTRAINT customer_tax_number_key;
ALTER TABLE customer ADD CONSTRAINT customer_tax_number_key UNIQUE (tax_number, postcode);

-- ## a unique constraint's nulls not distinct added
ALTER TABLE product DROP CONSTRAINT product_sku_key;
ALTER TABLE product ADD CONSTRAINT product_sku_key UNIQUE NULLS NOT DISTINCT (sku);

-- ## a check removed
ALTER TABLE product DROP CONSTRAINT product_price_check;

-- ## a check added
ALTER TABLE inventory ADD CONSTRAINT inventory_quantity_check CHECK (quantity >= 0);

-- ## a check renamed
ALTER TABLE product RENAME CONSTRAINT product_price_check TO product_price_positive;

-- ## a check's constant
ALTER TABLE store DROP CONSTRAINT store_area_check;
ALTER TABLE store ADD CONSTRAINT store_area_check CHECK (area > 0 AND area < 10000);

-- ## a check's operator
ALTER TABLE product DROP CONSTRAINT product_price_check;
ALTER TABLE product ADD CONSTRAINT product_price_check CHECK (price > 0);

-- ## a check's list: one word less
ALTER TABLE product DROP CONSTRAINT product_status_check;
ALTER TABLE product ADD CONSTRAINT product_status_check CHECK (status IN ('active', 'seasonal'));

-- ## a check's list: a word's letter case
ALTER TABLE product DROP CONSTRAINT product_status_check;
ALTER TABLE product ADD CONSTRAINT product_status_check CHECK (status IN ('active', 'seasonal', 'Discontinued'));

-- ## a check's logic: and made or
ALTER TABLE store DROP CONSTRAINT store_area_check;
ALTER TABLE store ADD CONSTRAINT store_area_check CHECK (area > 0 OR area < 100000);

-- ## a check's column exchanged for another
ALTER TABLE product DROP CONSTRAINT product_price_check;
ALTER TABLE product ADD CONSTRAINT product_price_check CHECK (cost >= 0);

-- ## a check's bounds: between
ALTER TABLE order_line DROP CONSTRAINT order_line_quantity_check;
ALTER TABLE order_line ADD CONSTRAINT order_line_quantity_check CHECK (quantity BETWEEN 0 AND 999);

-- ## a check no longer validated
ALTER TABLE product DROP CONSTRAINT product_price_check;
ALTER TABLE product ADD CONSTRAINT product_price_check CHECK (price >= 0) NOT VALID;

-- ## a check validated
ALTER TABLE customer VALIDATE CONSTRAINT customer_name_check;

-- ## a check no longer inherited
ALTER TABLE product DROP CONSTRAINT product_price_check;
ALTER TABLE product ADD CONSTRAINT product_price_check CHECK (price >= 0) NO INHERIT;

-- ## a check inherited by the children
ALTER TABLE document DROP CONSTRAINT document_title_check;
ALTER TABLE document ADD CONSTRAINT document_title_check CHECK (title <> '');

-- ## a check added to a partition alone
ALTER TABLE sale_2024 ADD CONSTRAINT sale_2024_amount_check CHECK (amount > 0);

-- ## a foreign key removed
ALTER TABLE inventory DROP CONSTRAINT inventory_store_fk;

-- ## a foreign key added
ALTER TABLE sale ADD CONSTRAINT sale_store_fk FOREIGN KEY (store_id) REFERENCES store (id);

-- ## a foreign key renamed
ALTER TABLE orders RENAME CONSTRAINT orders_store_fk TO orders_shop_fk;

-- ## a foreign key's columns exchanged for others
ALTER TABLE order_line DROP CONSTRAINT order_line_order_fk;
ALTER TABLE order_line ADD CONSTRAINT order_line_order_fk FOREIGN KEY (line_no) REFERENCES orders (id) ON UPDATE RESTRICT ON DELETE CASCADE;

-- ## a foreign key's target table
ALTER TABLE orders DROP CONSTRAINT orders_customer_fk;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES product (id) DEFERRABLE INITIALLY DEFERRED;

-- ## a foreign key's target column
ALTER TABLE customer DROP CONSTRAINT customer_referred_by_fk;
ALTER TABLE customer ADD CONSTRAINT customer_referred_by_fk FOREIGN KEY (referred_by) REFERENCES customer (legacy_id) ON DELETE SET NULL;

-- ## a foreign key's delete action: cascade to no action
ALTER TABLE inventory DROP CONSTRAINT inventory_product_fk;
ALTER TABLE inventory ADD CONSTRAINT inventory_product_fk FOREIGN KEY (product_id) REFERENCES product (id);

-- ## a foreign key's delete action: set null to set default
ALTER TABLE orders DROP CONSTRAINT orders_store_fk;
ALTER TABLE orders ADD CONSTRAINT orders_store_fk FOREIGN KEY (store_id) REFERENCES store (id) ON DELETE SET DEFAULT;

-- ## a foreign key's delete action: restrict to no action
ALTER TABLE store DROP CONSTRAINT store_region_fk;
ALTER TABLE store ADD CONSTRAINT store_region_fk FOREIGN KEY (region_code) REFERENCES region (code) ON UPDATE CASCADE;

-- ## a foreign key's delete action: set null of one named column
ALTER TABLE order_line DROP CONSTRAINT order_line_stock_fk;
ALTER TABLE order_line ADD CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id) MATCH FULL ON DELETE SET NULL (product_id);

-- ## a foreign key's update action
ALTER TABLE store DROP CONSTRAINT store_region_fk;
ALTER TABLE store ADD CONSTRAINT store_region_fk FOREIGN KEY (region_code) REFERENCES region (code) ON DELETE RESTRICT;

-- ## a foreign key's match: full to simple
ALTER TABLE order_line DROP CONSTRAINT order_line_stock_fk;
ALTER TABLE order_line ADD CONSTRAINT order_line_stock_fk FOREIGN KEY (store_id, product_id) REFERENCES inventory (store_id, product_id);

-- ## a foreign key's columns paired the other way
-- data: the lines' stock does not fit the turned key
UPDATE order_line SET store_id = NULL, product_id = NULL;
ALTER TABLE order_line DROP CONSTRAINT order_line_stock_fk;
ALTER TABLE order_line ADD CONSTRAINT order_line_stock_fk FOREIGN KEY (product_id, store_id) REFERENCES inventory (store_id, product_id) MATCH FULL;

-- ## a foreign key no longer deferrable
ALTER TABLE orders ALTER CONSTRAINT orders_customer_fk NOT DEFERRABLE;

-- ## a foreign key made deferrable
ALTER TABLE orders ALTER CONSTRAINT orders_store_fk DEFERRABLE;

-- ## a foreign key's deferral: deferred to immediate
ALTER TABLE orders ALTER CONSTRAINT orders_customer_fk DEFERRABLE INITIALLY IMMEDIATE;

-- ## a foreign key no longer validated
ALTER TABLE inventory DROP CONSTRAINT inventory_store_fk;
ALTER TABLE inventory ADD CONSTRAINT inventory_store_fk FOREIGN KEY (store_id) REFERENCES store (id) NOT VALID;

-- ## a foreign key validated
ALTER TABLE price_history VALIDATE CONSTRAINT price_history_product_fk;

-- ## a foreign key not enforced: its table's triggers disabled
ALTER TABLE price_history DISABLE TRIGGER ALL;

-- ## a foreign key not enforced: its two triggers on the target table disabled
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT tgname FROM pg_trigger
        WHERE tgrelid = 'inventory'::regclass AND tgisinternal
        AND tgconstraint = (SELECT oid FROM pg_constraint WHERE conname = 'order_line_stock_fk' AND conrelid = 'order_line'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE inventory DISABLE TRIGGER %I', t.tgname);
    END LOOP;
END
$$;

-- ## a foreign key enforced in replication only
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT tgname FROM pg_trigger
        WHERE tgrelid = 'price_history'::regclass AND tgisinternal
    LOOP
        EXECUTE format('ALTER TABLE price_history ENABLE REPLICA TRIGGER %I', t.tgname);
    END LOOP;
END
$$;

-- ## an exclusion constraint removed
ALTER TABLE price_history DROP CONSTRAINT price_history_no_overlap;

-- ## an exclusion constraint added
ALTER TABLE price_history ADD CONSTRAINT price_history_one_a_day EXCLUDE USING btree (valid WITH =);

-- ## an exclusion constraint renamed
ALTER TABLE price_history RENAME CONSTRAINT price_history_no_overlap TO price_history_apart;

-- ## an exclusion constraint's operator
ALTER TABLE price_history DROP CONSTRAINT price_history_no_overlap;
ALTER TABLE price_history ADD CONSTRAINT price_history_no_overlap EXCLUDE USING gist (int4range(product_id, product_id, '[]') WITH =, valid WITH =) WHERE (NOT cancelled);

-- ## an exclusion constraint's predicate removed
ALTER TABLE price_history DROP CONSTRAINT price_history_no_overlap;
ALTER TABLE price_history ADD CONSTRAINT price_history_no_overlap EXCLUDE USING gist (int4range(product_id, product_id, '[]') WITH =, valid WITH &&);

-- ## an exclusion constraint's bounds
ALTER TABLE price_history DROP CONSTRAINT price_history_no_overlap;
ALTER TABLE price_history ADD CONSTRAINT price_history_no_overlap EXCLUDE USING gist (int4range(product_id, product_id + 1, '[)') WITH =, valid WITH &&) WHERE (NOT cancelled);

-- ## an exclusion constraint made deferrable
ALTER TABLE price_history DROP CONSTRAINT price_history_no_overlap;
ALTER TABLE price_history ADD CONSTRAINT price_history_no_overlap EXCLUDE USING gist (int4range(product_id, product_id, '[]') WITH =, valid WITH &&) WHERE (NOT cancelled) DEFERRABLE;

-- ## an index added
CREATE INDEX order_line_product_idx ON order_line (product_id);

-- ## an index added to a partition alone
CREATE INDEX sale_2025_amount_idx ON sale_2025 (amount);

-- ## an index removed
DROP INDEX customer_born_idx;

-- ## an index of a partitioned table removed
DROP INDEX sale_store_idx;

-- ## an index renamed
ALTER INDEX customer_name_idx RENAME TO customer_full_name_idx;

-- ## a partition's index renamed
ALTER INDEX sale_2024_store_id_idx RENAME TO sale_2024_store_idx;

-- ## an index's columns: one more
DROP INDEX orders_store_idx;
CREATE INDEX orders_store_idx ON orders (store_id, status) WITH (fillfactor = 70);

-- ## an index's columns: order
DROP INDEX store_region_idx;
CREATE INDEX store_region_idx ON store (name, region_code);

-- ## an index's direction: descending made ascending
DROP INDEX customer_born_idx;
CREATE INDEX customer_born_idx ON customer (born_on NULLS LAST);

-- ## an index's direction: ascending made descending, nulls where they were
DROP INDEX orders_placed_idx;
CREATE INDEX orders_placed_idx ON orders (placed_at DESC NULLS FIRST);

-- ## an index's nulls: last made first
DROP INDEX customer_born_idx;
CREATE INDEX customer_born_idx ON customer (born_on DESC NULLS FIRST);

-- ## an index's nulls: first made last
DROP INDEX orders_placed_idx;
CREATE INDEX orders_placed_idx ON orders (placed_at);

-- ## an index's uniqueness removed
DROP INDEX product_barcode_idx;
CREATE INDEX product_barcode_idx ON product (barcode) WHERE barcode IS NOT NULL;

-- ## an index's uniqueness added
DROP INDEX customer_lower_name_idx;
CREATE UNIQUE INDEX customer_lower_name_idx ON customer (lower(full_name));

-- ## an index's predicate: one operator
DROP INDEX product_cheap_idx;
CREATE INDEX product_cheap_idx ON product (price) WHERE price <= 10;

-- ## an index's predicate: a string
DROP INDEX orders_open_idx;
CREATE INDEX orders_open_idx ON orders (customer_id, placed_at) INCLUDE (total) WHERE status <> 'shipped';
COMMENT ON INDEX orders_open_idx IS 'Orders a customer may still ask about';

-- ## an index's predicate removed
DROP INDEX product_barcode_idx;
CREATE UNIQUE INDEX product_barcode_idx ON product (barcode);

-- ## an index's predicate added
DROP INDEX customer_lower_name_idx;
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name)) WHERE phone IS NOT NULL;

-- ## an index's method: btree to hash
DROP INDEX product_cheap_idx;
CREATE INDEX product_cheap_idx ON product USING hash (price) WHERE price < 10;

-- ## an index's method: hash to btree
DROP INDEX product_token_idx;
CREATE INDEX product_token_idx ON product (token);

-- ## an index's included column removed
DROP INDEX orders_open_idx;
CREATE INDEX orders_open_idx ON orders (customer_id, placed_at) WHERE status <> 'cancelled';
COMMENT ON INDEX orders_open_idx IS 'Orders a customer may still ask about';

-- ## an index's included column added
DROP INDEX product_cheap_idx;
CREATE INDEX product_cheap_idx ON product (price) INCLUDE (sku) WHERE price < 10;

-- ## an index's included column made a key column
DROP INDEX orders_open_idx;
CREATE INDEX orders_open_idx ON orders (customer_id, placed_at, total) WHERE status <> 'cancelled';
COMMENT ON INDEX orders_open_idx IS 'Orders a customer may still ask about';

-- ## an index's expression
DROP INDEX customer_lower_name_idx;
CREATE INDEX customer_lower_name_idx ON customer (upper(full_name));

-- ## an index's expression made a plain column
DROP INDEX customer_lower_name_idx;
CREATE INDEX customer_lower_name_idx ON customer (full_name);

-- ## an index's operator class removed
DROP INDEX customer_name_idx;
CREATE INDEX customer_name_idx ON customer (full_name);

-- ## an index's operator class: gin jsonb_path_ops to jsonb_ops
DROP INDEX product_attributes_idx;
CREATE INDEX product_attributes_idx ON product USING gin (attributes);

-- ## an index's operator class parameter
DROP INDEX product_sku_trgm_idx;
CREATE INDEX product_sku_trgm_idx ON product USING gist (sku gist_trgm_ops (siglen = 32));

-- ## an index's collation removed
DROP INDEX product_category_idx;
CREATE INDEX product_category_idx ON product (category, price DESC);

-- ## an index's collation changed
DROP INDEX product_category_idx;
CREATE INDEX product_category_idx ON product (category COLLATE "POSIX", price DESC);

-- ## an index's collation added
DROP INDEX customer_lower_name_idx;
CREATE INDEX customer_lower_name_idx ON customer (lower(full_name) COLLATE "C");

-- ## an index's nulls not distinct removed
DROP INDEX product_brand_name_idx;
CREATE UNIQUE INDEX product_brand_name_idx ON product (brand, name);

-- ## an index no longer valid
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'customer_lower_name_idx'::regclass;

-- ## a unique index no longer valid
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'product_barcode_idx'::regclass;

-- ## an index not ready for writing
UPDATE pg_index SET indisready = false, indisvalid = false WHERE indexrelid = 'orders_placed_idx'::regclass;

-- ## an index's fillfactor
-- note
ALTER INDEX orders_store_idx SET (fillfactor = 90);

-- ## an index's storage option removed
-- note
ALTER INDEX audit_log_at_idx RESET (pages_per_range);

-- ## an index of a table by which it is clustered
-- note
ALTER TABLE store CLUSTER ON store_region_idx;

-- ## an index's statistics target
-- note
ALTER INDEX customer_lower_name_idx ALTER COLUMN 1 SET STATISTICS 300;

-- ## a table's replica identity: full
ALTER TABLE product REPLICA IDENTITY FULL;

-- ## a table's replica identity: an index
ALTER TABLE store REPLICA IDENTITY USING INDEX store_code_key;

-- ## a partition detached
ALTER TABLE sale DETACH PARTITION sale_2024;

-- ## a partition added
CREATE TABLE sale_2023 PARTITION OF sale FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');

-- ## a partition removed
DROP TABLE sale_2024;

-- ## a default partition removed
-- data: its row goes with it
DROP TABLE sale_rest;

-- ## a partition's bound
ALTER TABLE sale DETACH PARTITION sale_2024;
ALTER TABLE sale ATTACH PARTITION sale_2024 FOR VALUES FROM ('2024-01-01') TO ('2024-12-31');

-- ## a partition's list of values: one less
ALTER TABLE stock_move DETACH PARTITION stock_move_in;
ALTER TABLE stock_move ATTACH PARTITION stock_move_in FOR VALUES IN ('delivery');

-- ## a default partition given a bound
ALTER TABLE sale DETACH PARTITION sale_rest;
ALTER TABLE sale ATTACH PARTITION sale_rest FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- ## a partition key's method: list to hash
DROP TABLE stock_move;
CREATE TABLE stock_move (
    id bigint NOT NULL,
    kind text NOT NULL,
    quantity integer NOT NULL
) PARTITION BY HASH (kind);
CREATE TABLE stock_move_in PARTITION OF stock_move FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE stock_move_out PARTITION OF stock_move FOR VALUES WITH (MODULUS 2, REMAINDER 1);

-- ## a partition key's expression
DROP TABLE stock_move;
CREATE TABLE stock_move (
    id bigint NOT NULL,
    kind text NOT NULL,
    quantity integer NOT NULL
) PARTITION BY LIST (lower(kind));
CREATE TABLE stock_move_in PARTITION OF stock_move FOR VALUES IN ('delivery', 'return');
CREATE TABLE stock_move_out PARTITION OF stock_move FOR VALUES IN ('sale', 'loss');

-- ## a table's inheritance removed
ALTER TABLE receipt_document NO INHERIT document;

-- ## a table's inherited column made its own
DROP TABLE receipt_document;
CREATE TABLE receipt_document (id integer NOT NULL, till_no integer) INHERITS (document);

-- ## a table's inherited check made its own
ALTER TABLE receipt_document ADD CONSTRAINT document_pages_check CHECK (pages > 0);

-- ## a table's own check made its parents' alone
DROP TABLE memo_document;
CREATE TABLE memo_document () INHERITS (document);

-- ## an inheriting table removed
DROP TABLE receipt_document;

-- ## a partitioned table's foreign key removed
ALTER TABLE sale DROP CONSTRAINT sale_shop_fk;

-- ## a foreign key to a partitioned table removed
ALTER TABLE refund DROP CONSTRAINT refund_voucher_fk;

-- ## a partitioned table without partitions removed
DROP TABLE refund;

-- ## a composite type's attribute added, while a column has it
ALTER TYPE postal_address ADD ATTRIBUTE unit text;

-- ## a default's text: the words of the time
ALTER TABLE price_history ALTER COLUMN remark SET DEFAULT 'CURRENT_TIMESTAMP';

-- ## a column's type, which a generated column reads
ALTER TABLE refund DROP COLUMN net;
ALTER TABLE refund ALTER COLUMN amount TYPE numeric(11,2);
ALTER TABLE refund ADD COLUMN net numeric(10,2) GENERATED ALWAYS AS (round(amount / 1.20, 2)) STORED;

-- ## a column's type, which a policy reads
DROP POLICY customer_adult ON customer;
ALTER TABLE customer ALTER COLUMN born_on TYPE timestamp;
CREATE POLICY customer_adult ON customer AS RESTRICTIVE FOR UPDATE TO pg_monitor USING (born_on < '2010-01-01') WITH CHECK (born_on < '2010-01-01');

-- ## a column's type, which a rule reads
DROP RULE audit_log_keep ON audit_log;
ALTER TABLE audit_log ALTER COLUMN action TYPE char(2);
CREATE RULE audit_log_keep AS ON UPDATE TO audit_log WHERE OLD.action = 'D' DO INSTEAD NOTHING;

-- ## a foreign table removed
DROP FOREIGN TABLE supplier_price;

-- ## a foreign table added
CREATE FOREIGN TABLE supplier_stock (sku text) SERVER supplier OPTIONS (path 'stock');

-- ## a foreign table's options
ALTER FOREIGN TABLE supplier_price OPTIONS (SET path 'old prices', DROP header);

-- ## a foreign table's server
DROP FOREIGN TABLE supplier_price;
CREATE FOREIGN TABLE supplier_price (sku text OPTIONS (heading 'Article no.', trim 'yes') NOT NULL, price numeric(10,2))
    SERVER supplier_archive OPTIONS (path 'prices, today''s', header 'yes');
COMMENT ON FOREIGN TABLE supplier_price IS 'What suppliers ask for';

-- ## a foreign table's comment
-- note
COMMENT ON FOREIGN TABLE supplier_price IS 'What suppliers asked for';

-- ## a foreign column's options
ALTER FOREIGN TABLE supplier_price ALTER COLUMN sku OPTIONS (SET heading 'No.', DROP trim, ADD width '20');

-- ## a foreign column's type
ALTER FOREIGN TABLE supplier_price ALTER COLUMN price TYPE numeric(12,2);

-- ## a table's inheritance added
ALTER TABLE letter_document INHERIT document;

-- ## an enum's value added at its end
ALTER TYPE payment_method ADD VALUE 'transfer';

-- ## an enum's value added between two
ALTER TYPE order_status ADD VALUE 'packed' BEFORE 'shipped';

-- ## an enum's value renamed
ALTER TYPE order_status RENAME VALUE 'cancelled' TO 'canceled';

-- ## an enum's value removed
ALTER TABLE orders ALTER COLUMN paid_with TYPE text;
DROP TYPE payment_method;
CREATE TYPE payment_method AS ENUM ('cash', 'card');
ALTER TABLE orders ALTER COLUMN paid_with TYPE payment_method USING paid_with::payment_method;

-- ## an enum's order of values
ALTER TABLE orders ALTER COLUMN paid_with TYPE text;
DROP TYPE payment_method;
CREATE TYPE payment_method AS ENUM ('card', 'cash', 'voucher');
ALTER TABLE orders ALTER COLUMN paid_with TYPE payment_method USING paid_with::payment_method;

-- ## an enum renamed
ALTER TYPE payment_method RENAME TO payment_kind;

-- ## an enum added
CREATE TYPE shelf_kind AS ENUM ('floor', 'wall');

-- ## a domain added
CREATE DOMAIN quantity AS integer CHECK (VALUE > 0);

-- ## a domain removed
DROP DOMAIN postcode;

-- ## a domain's default changed
ALTER DOMAIN percentage SET DEFAULT 1;

-- ## a domain's default removed
ALTER DOMAIN percentage DROP DEFAULT;

-- ## a domain's not null removed
ALTER DOMAIN postcode DROP NOT NULL;

-- ## a domain's not null added
ALTER DOMAIN percentage SET NOT NULL;

-- ## a domain's check removed
ALTER DOMAIN phone_number DROP CONSTRAINT phone_number_digits;

-- ## a domain's check added
ALTER DOMAIN phone_number ADD CONSTRAINT phone_number_length CHECK (length(VALUE) < 20);

-- ## a domain's check: its constant
ALTER DOMAIN percentage DROP CONSTRAINT percentage_range;
ALTER DOMAIN percentage ADD CONSTRAINT percentage_range CHECK (VALUE >= 0 AND VALUE <= 99);

-- ## a domain's check: one character of a pattern
ALTER DOMAIN phone_number DROP CONSTRAINT phone_number_digits;
ALTER DOMAIN phone_number ADD CONSTRAINT phone_number_digits CHECK (VALUE ~ '^[0-9+ ]*$');

-- ## a domain's check renamed
ALTER DOMAIN percentage RENAME CONSTRAINT percentage_range TO percentage_bounds;

-- ## a domain's check no longer validated
ALTER DOMAIN percentage DROP CONSTRAINT percentage_range;
ALTER DOMAIN percentage ADD CONSTRAINT percentage_range CHECK (VALUE >= 0 AND VALUE <= 100) NOT VALID;

-- ## a domain's type
DROP DOMAIN postcode;
CREATE DOMAIN postcode AS varchar(12) COLLATE "C" NOT NULL CONSTRAINT postcode_not_blank CHECK (VALUE <> '');

-- ## a domain's collation removed
DROP DOMAIN postcode;
CREATE DOMAIN postcode AS varchar(10) NOT NULL CONSTRAINT postcode_not_blank CHECK (VALUE <> '');

-- ## a composite type's attribute added
ALTER TYPE postal_address ADD ATTRIBUTE house_no text;

-- ## a composite type's attribute removed
ALTER TYPE postal_address DROP ATTRIBUTE country;

-- ## a composite type's attribute renamed
ALTER TYPE postal_address RENAME ATTRIBUTE street TO street_line;

-- ## a composite type's attribute: its type
ALTER TABLE store ALTER COLUMN address TYPE text;
ALTER TYPE postal_address ALTER ATTRIBUTE city TYPE varchar(80);
ALTER TABLE store ALTER COLUMN address TYPE postal_address USING NULL;

-- ## a range type's subtype
DROP TYPE price_range;
CREATE TYPE price_range AS RANGE (subtype = double precision);

-- ## a range type's subtype difference
DROP TYPE price_range;
CREATE TYPE price_range AS RANGE (subtype = numeric, subtype_diff = numrange_subdiff);

-- ## a range type removed
DROP TYPE price_range;

-- ## a sequence added
CREATE SEQUENCE coupon_number_seq;

-- ## a sequence removed
DROP SEQUENCE return_number_seq;

-- ## a sequence's increment
ALTER SEQUENCE order_number_seq INCREMENT BY 1;

-- ## a sequence's direction
ALTER SEQUENCE till_ticket_seq INCREMENT BY -1;

-- ## a sequence's least value
ALTER SEQUENCE order_number_seq MINVALUE 1;

-- ## a sequence's greatest value
ALTER SEQUENCE order_number_seq MAXVALUE 9999999;

-- ## a sequence's start
ALTER SEQUENCE order_number_seq START WITH 2000;

-- ## a sequence's cache
ALTER SEQUENCE order_number_seq CACHE 1;

-- ## a sequence's cycle removed
ALTER SEQUENCE till_ticket_seq NO CYCLE;

-- ## a sequence's cycle added
ALTER SEQUENCE order_number_seq CYCLE;

-- ## a sequence's type
ALTER SEQUENCE till_ticket_seq AS smallint MAXVALUE 9999;

-- ## a sequence's owning column removed
ALTER SEQUENCE order_number_seq OWNED BY NONE;

-- ## a sequence's owning column added
ALTER SEQUENCE return_number_seq OWNED BY orders.id;

-- ## a sequence's owning column changed
ALTER SEQUENCE order_number_seq OWNED BY orders.customer_id;

-- ## a sequence's position
-- note
SELECT setval('till_ticket_seq', 4000);

-- ## an identity's position
-- note
ALTER TABLE audit_log ALTER COLUMN id RESTART WITH 7000;

-- ## an extension removed
DROP EXTENSION unaccent;

-- ## an extension added
CREATE EXTENSION fuzzystrmatch;

-- ## a view added
CREATE VIEW big_store AS SELECT id, code FROM store WHERE area > 300;

-- ## a view removed
DROP VIEW customer_spend;

-- ## a view renamed
ALTER VIEW customer_spend RENAME TO customer_total;

-- ## a view's column: its expression
CREATE OR REPLACE VIEW customer_spend AS
    SELECT c.id, c.full_name, count(o.id) AS order_count, max(o.total) AS spent
    FROM customer c LEFT JOIN orders o ON o.customer_id = c.id
    GROUP BY c.id, c.full_name;

-- ## a view's column renamed
ALTER VIEW customer_spend RENAME COLUMN spent TO spent_total;

-- ## a view's column added
CREATE OR REPLACE VIEW open_store AS
    SELECT id, code, is_open, area FROM store WHERE is_open
    WITH LOCAL CHECK OPTION;

-- ## a view's condition: one word
CREATE OR REPLACE VIEW active_product WITH (security_barrier = true) AS
    SELECT id, sku, name, price FROM product WHERE status = 'seasonal';

-- ## a view's join: left to inner
CREATE OR REPLACE VIEW customer_spend AS
    SELECT c.id, c.full_name, count(o.id) AS order_count, sum(o.total) AS spent
    FROM customer c JOIN orders o ON o.customer_id = c.id
    GROUP BY c.id, c.full_name;

-- ## a view's check option: local to cascaded
ALTER VIEW open_store SET (check_option = cascaded);

-- ## a view's check option removed
ALTER VIEW open_store RESET (check_option);

-- ## a view's security barrier removed
ALTER VIEW active_product RESET (security_barrier);

-- ## a view made to run with its caller's rights
ALTER VIEW customer_spend SET (security_invoker = true);

-- ## a view's column given a default
ALTER VIEW open_store ALTER COLUMN is_open SET DEFAULT true;

-- ## a materialized view removed
DROP MATERIALIZED VIEW store_stock;

-- ## a materialized view's definition
DROP MATERIALIZED VIEW store_stock;
CREATE MATERIALIZED VIEW store_stock AS
    SELECT store_id, sum(quantity) AS pieces FROM inventory WHERE quantity > 0 GROUP BY store_id
    WITH DATA;
CREATE UNIQUE INDEX store_stock_store_idx ON store_stock (store_id);

-- ## a materialized view made a plain view
DROP MATERIALIZED VIEW store_stock;
CREATE VIEW store_stock AS
    SELECT store_id, sum(quantity) AS pieces FROM inventory GROUP BY store_id;

-- ## a materialized view's index removed
DROP INDEX store_stock_store_idx;

-- ## a materialized view no longer filled
REFRESH MATERIALIZED VIEW store_stock WITH NO DATA;

-- ## a materialized view's fillfactor
-- note
ALTER MATERIALIZED VIEW store_stock SET (fillfactor = 60);

-- ## a function added
CREATE FUNCTION tax_of(price numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT price * 0.2 $$;

-- ## a function added under a name that is there, with other arguments
CREATE FUNCTION stock_of(wanted_sku text) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT sum(quantity) FROM inventory i JOIN product p ON p.id = i.product_id WHERE p.sku = wanted_sku $$;

-- ## a function renamed
ALTER FUNCTION stock_of(integer) RENAME TO stock_of_product;

-- ## a function removed
DROP FUNCTION stock_of(integer);

-- ## a function's body: one character
CREATE OR REPLACE FUNCTION net_price(gross numeric, rate numeric DEFAULT 0.20) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT round(gross / (1 + rate), 3) $$;

-- ## a function's body: one call exchanged for another
CREATE OR REPLACE FUNCTION stock_of(wanted integer) RETURNS bigint
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN (SELECT max(quantity) FROM inventory WHERE product_id = wanted);
END
$$;

-- ## a function's body: letter case in a string
CREATE OR REPLACE FUNCTION day_name(day date) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN CASE extract(dow FROM day) WHEN 0 THEN 'Sunday' WHEN 6 THEN 'saturday' ELSE 'weekday' END;

-- ## a trigger function's body
CREATE OR REPLACE FUNCTION touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END
$$;

-- ## a function's argument default
CREATE OR REPLACE FUNCTION net_price(gross numeric, rate numeric DEFAULT 0.25) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT round(gross / (1 + rate), 2) $$;

-- ## a function's argument name
DROP FUNCTION stock_of(integer);
CREATE FUNCTION stock_of(product integer) RETURNS bigint
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN (SELECT sum(quantity) FROM inventory WHERE product_id = wanted);
END
$$;

-- ## a function's argument type
DROP FUNCTION stock_of(integer);
CREATE FUNCTION stock_of(wanted bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN (SELECT sum(quantity) FROM inventory WHERE product_id = wanted);
END
$$;

-- ## a function's return type
DROP FUNCTION stock_of(integer);
CREATE FUNCTION stock_of(wanted integer) RETURNS numeric
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN (SELECT sum(quantity) FROM inventory WHERE product_id = wanted);
END
$$;

-- ## a function's return table: a column's type
DROP FUNCTION cheap_products(numeric);
CREATE FUNCTION cheap_products(below numeric) RETURNS TABLE (sku text, price numeric)
    LANGUAGE sql STABLE SECURITY DEFINER SET work_mem = '8MB'
    AS $$ SELECT p.sku, p.price FROM product p WHERE p.price < below $$;

-- ## a function's volatility
ALTER FUNCTION stock_of(integer) VOLATILE;

-- ## a function's strictness
ALTER FUNCTION net_price(numeric, numeric) CALLED ON NULL INPUT;

-- ## a function's parameter renamed
DROP FUNCTION stock_of(integer);
CREATE FUNCTION stock_of(chosen integer) RETURNS bigint
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN (SELECT sum(quantity) FROM inventory WHERE product_id = chosen);
END
$$;

-- ## a function's security
ALTER FUNCTION cheap_products(numeric) SECURITY INVOKER;

-- ## a function's parallel safety
ALTER FUNCTION net_price(numeric, numeric) PARALLEL UNSAFE;

-- ## a function's leakproofness
ALTER FUNCTION net_price(numeric, numeric) LEAKPROOF;

-- ## a function's cost
ALTER FUNCTION stock_of(integer) COST 5000;

-- ## a function's expected rows
ALTER FUNCTION cheap_products(numeric) ROWS 50;

-- ## a function's setting changed
ALTER FUNCTION cheap_products(numeric) SET work_mem = '16MB';

-- ## a function's setting removed
ALTER FUNCTION cheap_products(numeric) RESET work_mem;

-- ## a function's language
SELECT set_config('check_function_bodies', 'off', true);
CREATE OR REPLACE FUNCTION net_price(gross numeric, rate numeric DEFAULT 0.20) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT round(gross / (1 + rate), 2) $$;

-- ## a procedure removed
DROP PROCEDURE close_store(integer);

-- ## a procedure's body
CREATE OR REPLACE PROCEDURE close_store(wanted integer)
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE store SET is_open = false WHERE id <> wanted;
END
$$;

-- ## an aggregate removed
DROP AGGREGATE longest(text);

-- ## an aggregate's state function
DROP AGGREGATE longest(text);
CREATE AGGREGATE longest(text) (SFUNC = shorter_of, STYPE = text, INITCOND = '');

-- ## an aggregate's first state
DROP AGGREGATE longest(text);
CREATE AGGREGATE longest(text) (SFUNC = longer_of, STYPE = text, INITCOND = 'none');

-- ## an aggregate's space for a moving state
DROP AGGREGATE moving_sum(integer);
CREATE AGGREGATE moving_sum(integer) (SFUNC = int4pl, STYPE = integer, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MSSPACE = 128);

-- ## an aggregate's last function of a moving state: what it modifies
DROP AGGREGATE moving_sum(integer);
CREATE AGGREGATE moving_sum(integer) (SFUNC = int4pl, STYPE = integer, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MSSPACE = 64, MFINALFUNC_MODIFY = SHAREABLE);

-- ## a trigger added
CREATE TRIGGER sale_audit AFTER INSERT ON sale FOR EACH ROW EXECUTE FUNCTION write_audit();

-- ## a trigger removed
DROP TRIGGER orders_touch ON orders;

-- ## a trigger renamed
ALTER TRIGGER store_touch ON store RENAME TO store_touched;

-- ## a trigger's timing: before to after
DROP TRIGGER store_touch ON store;
CREATE TRIGGER store_touch AFTER UPDATE ON store FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- ## a trigger's events: one less
CREATE OR REPLACE TRIGGER product_audit AFTER INSERT ON product FOR EACH STATEMENT EXECUTE FUNCTION write_audit();

-- ## a trigger's events: truncate added
CREATE OR REPLACE TRIGGER product_audit AFTER INSERT OR UPDATE OR TRUNCATE ON product FOR EACH STATEMENT EXECUTE FUNCTION write_audit();

-- ## a trigger's level: statement to row
CREATE OR REPLACE TRIGGER product_audit AFTER INSERT OR UPDATE ON product FOR EACH ROW EXECUTE FUNCTION write_audit();

-- ## a trigger's condition
CREATE OR REPLACE TRIGGER orders_touch BEFORE UPDATE OF status, total ON orders FOR EACH ROW WHEN (OLD.total IS DISTINCT FROM NEW.total) EXECUTE FUNCTION touch_updated_at();

-- ## a trigger's condition removed
CREATE OR REPLACE TRIGGER orders_touch BEFORE UPDATE OF status, total ON orders FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- ## a trigger's columns: one less
CREATE OR REPLACE TRIGGER orders_touch BEFORE UPDATE OF status ON orders FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION touch_updated_at();

-- ## a trigger's function
CREATE OR REPLACE TRIGGER product_audit AFTER INSERT OR UPDATE ON product FOR EACH STATEMENT EXECUTE FUNCTION check_order_total();

-- ## a trigger's arguments
CREATE OR REPLACE TRIGGER product_audit AFTER INSERT OR UPDATE ON product FOR EACH STATEMENT EXECUTE FUNCTION write_audit('product');

-- ## a trigger's transition table
DROP TRIGGER customer_audit ON customer;
CREATE TRIGGER customer_audit AFTER DELETE ON customer REFERENCING OLD TABLE AS gone FOR EACH ROW EXECUTE FUNCTION write_audit();
ALTER TABLE customer DISABLE TRIGGER customer_audit;

-- ## a trigger disabled
ALTER TABLE product DISABLE TRIGGER product_audit;

-- ## a trigger enabled
ALTER TABLE customer ENABLE TRIGGER customer_audit;

-- ## a trigger enabled always made plainly enabled
ALTER TABLE region ENABLE TRIGGER region_audit;

-- ## a trigger enabled for replication only
ALTER TABLE store ENABLE REPLICA TRIGGER store_touch;

-- ## a constraint trigger's deferral
DROP TRIGGER orders_total_guard ON orders;
CREATE CONSTRAINT TRIGGER orders_total_guard AFTER INSERT OR UPDATE ON orders DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION check_order_total();

-- ## a constraint trigger made a plain one
DROP TRIGGER orders_total_guard ON orders;
CREATE TRIGGER orders_total_guard AFTER INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION check_order_total();

-- ## a view's trigger removed
DROP TRIGGER active_product_insert ON active_product;

-- ## a rule added
CREATE RULE sale_keep AS ON DELETE TO sale DO INSTEAD NOTHING;

-- ## a rule removed
DROP RULE price_history_keep ON price_history;

-- ## a rule's condition
CREATE OR REPLACE RULE audit_log_keep AS ON UPDATE TO audit_log WHERE OLD.action = 'I' DO INSTEAD NOTHING;

-- ## a rule's event
DROP RULE price_history_keep ON price_history;
CREATE RULE price_history_keep AS ON UPDATE TO price_history DO INSTEAD NOTHING;

-- ## a rule disabled
ALTER TABLE price_history DISABLE RULE price_history_keep;

-- ## extended statistics removed
DROP STATISTICS product_brand_stats;

-- ## extended statistics added
CREATE STATISTICS orders_stats ON customer_id, store_id FROM orders;

-- ## extended statistics: their kinds
DROP STATISTICS product_brand_stats;
CREATE STATISTICS product_brand_stats (ndistinct) ON brand, category FROM product;

-- ## extended statistics: their columns
DROP STATISTICS product_brand_stats;
CREATE STATISTICS product_brand_stats (ndistinct, dependencies) ON brand, status FROM product;

-- ## extended statistics: their target
-- note
ALTER STATISTICS product_brand_stats SET STATISTICS 1000;
