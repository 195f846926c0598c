-- ## integer types by their short names
CREATE TABLE p01_item (a int2, b int4, c int8, d int);
-- ==
CREATE TABLE p01_item (a smallint, b integer, c bigint, d integer);

-- ## decimal and numeric
CREATE TABLE p02_item (a decimal, b decimal(10), c dec(10, 2), d decimal(8,0));
-- ==
CREATE TABLE p02_item (a numeric, b numeric(10,0), c numeric(10,2), d numeric(8));

-- ## varchar and character varying
CREATE TABLE p03_item (a varchar, b varchar(20), c char, d char(3), e national character varying(30), f bpchar(4));
-- ==
CREATE TABLE p03_item (a character varying, b character varying(20), c character(1), d character(3), e character varying(30), f char(4));

-- ## bool and boolean
CREATE TABLE p04_item (a bool NOT NULL DEFAULT 't', b bool DEFAULT 'no');
-- ==
CREATE TABLE p04_item (a boolean NOT NULL DEFAULT true, b boolean DEFAULT false);

-- ## float types
CREATE TABLE p05_item (a float, b float(24), c float(25), d float8, e float4);
-- ==
CREATE TABLE p05_item (a double precision, b real, c double precision, d double precision, e real);

-- ## timestamptz and timestamp with time zone
CREATE TABLE p06_item (a timestamptz, b timestamptz(3), c timestamp, d timetz, e time(2));
-- ==
CREATE TABLE p06_item (a timestamp with time zone, b timestamp(3) with time zone, c timestamp without time zone, d time with time zone, e time(2) without time zone);

-- ## now() and CURRENT_TIMESTAMP
-- differs in text: the server keeps CURRENT_TIMESTAMP as a word of its own, with the value of now()
CREATE TABLE p07_item (at timestamp with time zone DEFAULT now());
-- ==
CREATE TABLE p07_item (at timestamp with time zone DEFAULT CURRENT_TIMESTAMP);

-- ## an IN list as the server rewrites it
CREATE TABLE p08_item (status text, CONSTRAINT p08_status CHECK (status IN ('new', 'old', 'worn')));
-- ==
CREATE TABLE p08_item (status text, CONSTRAINT p08_status CHECK (status = ANY (ARRAY['new'::text, 'old'::text, 'worn'::text])));

-- ## an IN list on a varchar and an array
CREATE TABLE p09_item (status varchar(10), CONSTRAINT p09_status CHECK (status IN ('new', 'old')));
-- ==
CREATE TABLE p09_item (status character varying(10), CONSTRAINT p09_status CHECK (status = ANY (ARRAY['new'::character varying, 'old'::character varying])));

-- ## between and two comparisons
CREATE TABLE p10_item (rate numeric(5,2), CONSTRAINT p10_rate CHECK (rate BETWEEN 0 AND 100));
-- ==
CREATE TABLE p10_item (rate numeric(5,2), CONSTRAINT p10_rate CHECK ((rate >= (0)::numeric) AND (rate <= (100)::numeric)));

-- ## a default's cast
CREATE TABLE p11_item (a text DEFAULT 'x', b varchar(9) DEFAULT 'y', c date DEFAULT '2024-01-01', d jsonb DEFAULT '{}', e text[] DEFAULT '{}');
-- ==
CREATE TABLE p11_item (a text DEFAULT 'x'::text, b varchar(9) DEFAULT 'y'::character varying, c date DEFAULT CAST('2024-01-01' AS date), d jsonb DEFAULT '{}'::jsonb, e text[] DEFAULT '{}'::text[]);

-- ## a number's default in quotes
CREATE TABLE p12_item (a integer DEFAULT '5', b integer DEFAULT 7);
-- ==
CREATE TABLE p12_item (a integer DEFAULT 5, b integer DEFAULT '7');

-- ## serial and a sequence made by hand
CREATE TABLE p13_item (id serial, name text);
-- ==
CREATE SEQUENCE p13_item_id_seq AS integer;
CREATE TABLE p13_item (id integer NOT NULL DEFAULT nextval('p13_item_id_seq'::regclass), name text);
ALTER SEQUENCE p13_item_id_seq OWNED BY p13_item.id;

-- ## bigserial and a sequence made by hand
CREATE TABLE p14_item (id bigserial PRIMARY KEY);
-- ==
CREATE TABLE p14_item (id bigint NOT NULL, CONSTRAINT p14_item_pkey PRIMARY KEY (id));
CREATE SEQUENCE p14_item_id_seq OWNED BY p14_item.id;
ALTER TABLE p14_item ALTER COLUMN id SET DEFAULT nextval('p14_item_id_seq');

-- ## smallserial and serial2
CREATE TABLE p15_item (id smallserial, n serial4, big serial8);
-- ==
CREATE TABLE p15_item (id serial2, n serial, big bigserial);

-- ## a primary key inline, at the table, and added later
CREATE TABLE p16_item (id integer PRIMARY KEY);
CREATE TABLE p16_part (id integer NOT NULL);
ALTER TABLE p16_part ADD PRIMARY KEY (id);
-- ==
CREATE TABLE p16_item (id integer, CONSTRAINT p16_item_pkey PRIMARY KEY (id));
CREATE TABLE p16_part (id integer CONSTRAINT p16_part_pkey PRIMARY KEY);

-- ## a unique constraint inline and at the table
CREATE TABLE p17_item (sku text UNIQUE, ean text CONSTRAINT p17_ean UNIQUE);
-- ==
CREATE TABLE p17_item (sku text, ean text, CONSTRAINT p17_ean UNIQUE (ean), UNIQUE (sku));

-- ## a foreign key inline, at the table, and added later
CREATE TABLE p18_item (id integer PRIMARY KEY);
CREATE TABLE p18_line (item_id integer REFERENCES p18_item, other_id integer REFERENCES p18_item (id));
-- ==
CREATE TABLE p18_item (id integer PRIMARY KEY);
CREATE TABLE p18_line (item_id integer, other_id integer, FOREIGN KEY (item_id) REFERENCES p18_item (id));
ALTER TABLE p18_line ADD CONSTRAINT p18_line_other_id_fkey FOREIGN KEY (other_id) REFERENCES p18_item;

-- ## a check inline and at the table
CREATE TABLE p19_item (price numeric(10,2) CHECK (price >= 0), n integer CONSTRAINT p19_n CHECK (n > 0));
-- ==
CREATE TABLE p19_item (price numeric(10,2), n integer, CONSTRAINT p19_n CHECK (n > 0), CHECK (price >= 0));

-- ## a foreign key's implied words spelled out
CREATE TABLE p20_item (id integer PRIMARY KEY);
CREATE TABLE p20_line (item_id integer REFERENCES p20_item (id));
-- ==
CREATE TABLE p20_item (id integer PRIMARY KEY);
CREATE TABLE p20_line (item_id integer REFERENCES p20_item (id) MATCH SIMPLE ON DELETE NO ACTION ON UPDATE NO ACTION NOT DEFERRABLE INITIALLY IMMEDIATE);

-- ## an index's implied words spelled out
CREATE TABLE p21_item (a integer, b text, c date);
CREATE INDEX p21_item_idx ON p21_item (a, b, c DESC);
-- ==
CREATE TABLE p21_item (a integer, b text, c date);
CREATE INDEX p21_item_idx ON p21_item USING btree (a int4_ops ASC NULLS LAST, b COLLATE "default" text_ops ASC, c DESC NULLS FIRST);

-- ## an index named by the server
CREATE TABLE p22_item (a integer, b text);
CREATE INDEX ON p22_item (a, b);
CREATE INDEX ON p22_item (lower(b));
-- ==
CREATE TABLE p22_item (a integer, b text);
CREATE INDEX p22_item_a_b_idx ON p22_item (a, b);
CREATE INDEX p22_item_lower_idx ON p22_item (lower(b));

-- ## letter case of keywords and names
create table P23_ITEM (Id INTEGER not null, Name Text default 'A');
-- ==
CREATE TABLE p23_item (id integer NOT NULL, name text DEFAULT 'A');

-- ## white space and comments
CREATE TABLE p24_item (id integer NOT NULL, price numeric(10,2) CHECK (price > 0));
-- ==
CREATE  TABLE
    p24_item   /* the things we sell */
(
    id      integer   NOT NULL,  -- the number
    price   numeric ( 10 , 2 )
            CHECK(price>0)
)
;

-- ## quoted names
CREATE TABLE p25_item (id integer, "name" text, CONSTRAINT p25_item_name CHECK (name <> ''));
-- ==
CREATE TABLE "p25_item" ("id" integer, name text, CONSTRAINT "p25_item_name" CHECK ("name" <> ''));

-- ## null and its default spelled out
CREATE TABLE p26_item (a integer, b varchar(20), c timestamp with time zone);
-- ==
CREATE TABLE p26_item (a integer NULL DEFAULT NULL, b varchar(20) NULL, c timestamp with time zone NULL);

-- ## a column added later
CREATE TABLE p27_item (id integer, name text NOT NULL DEFAULT '');
-- ==
CREATE TABLE p27_item (id integer);
ALTER TABLE p27_item ADD COLUMN name text NOT NULL DEFAULT '';

-- ## a column renamed
CREATE TABLE p28_item (id integer, title text, CONSTRAINT p28_title CHECK (title <> ''));
CREATE INDEX p28_title_idx ON p28_item (lower(title));
-- ==
CREATE TABLE p28_item (id integer, name text, CONSTRAINT p28_title CHECK (name <> ''));
CREATE INDEX p28_title_idx ON p28_item (lower(name));
ALTER TABLE p28_item RENAME COLUMN name TO title;

-- ## a column's type altered
CREATE TABLE p29_item (id bigint, name varchar(50), n numeric(12,4));
-- ==
CREATE TABLE p29_item (id integer, name varchar(20), n numeric(10,2));
ALTER TABLE p29_item ALTER COLUMN id TYPE bigint, ALTER COLUMN name TYPE varchar(50), ALTER COLUMN n TYPE numeric(12,4);

-- ## not null and a default set later
CREATE TABLE p30_item (id integer NOT NULL, n integer DEFAULT 3, m integer);
-- ==
CREATE TABLE p30_item (id integer, n integer, m integer NOT NULL DEFAULT 9);
ALTER TABLE p30_item ALTER COLUMN id SET NOT NULL;
ALTER TABLE p30_item ALTER COLUMN n SET DEFAULT 3;
ALTER TABLE p30_item ALTER COLUMN m DROP NOT NULL, ALTER COLUMN m DROP DEFAULT;

-- ## a constraint not valid at first, validated later
CREATE TABLE p31_item (id integer PRIMARY KEY, n integer CONSTRAINT p31_n CHECK (n > 0));
CREATE TABLE p31_line (item_id integer, CONSTRAINT p31_fk FOREIGN KEY (item_id) REFERENCES p31_item (id));
-- ==
CREATE TABLE p31_item (id integer PRIMARY KEY, n integer);
ALTER TABLE p31_item ADD CONSTRAINT p31_n CHECK (n > 0) NOT VALID;
ALTER TABLE p31_item VALIDATE CONSTRAINT p31_n;
CREATE TABLE p31_line (item_id integer);
ALTER TABLE p31_line ADD CONSTRAINT p31_fk FOREIGN KEY (item_id) REFERENCES p31_item (id) NOT VALID;
ALTER TABLE p31_line VALIDATE CONSTRAINT p31_fk;

-- ## constraints and indexes renamed
CREATE TABLE p32_item (id integer CONSTRAINT p32_pk PRIMARY KEY, n integer CONSTRAINT p32_n CHECK (n > 0));
CREATE INDEX p32_idx ON p32_item (n);
-- ==
CREATE TABLE p32_item (id integer PRIMARY KEY, n integer CHECK (n > 0));
CREATE INDEX ON p32_item (n);
ALTER TABLE p32_item RENAME CONSTRAINT p32_item_pkey TO p32_pk;
ALTER TABLE p32_item RENAME CONSTRAINT p32_item_n_check TO p32_n;
ALTER INDEX p32_item_n_idx RENAME TO p32_idx;

-- ## a column dropped in the middle
CREATE TABLE p33_item (id integer, name text, CONSTRAINT p33_name UNIQUE (name));
CREATE INDEX p33_idx ON p33_item (name, id);
-- ==
CREATE TABLE p33_item (id integer, old_name text, name text, CONSTRAINT p33_name UNIQUE (name));
CREATE INDEX p33_idx ON p33_item (name, id);
ALTER TABLE p33_item DROP COLUMN old_name;

-- ## the last column dropped and made again
CREATE TABLE p34_item (id integer, name text DEFAULT 'x');
-- ==
CREATE TABLE p34_item (id integer, name text DEFAULT 'x');
ALTER TABLE p34_item DROP COLUMN name;
ALTER TABLE p34_item ADD COLUMN name text DEFAULT 'x';

-- ## an index dropped and made again
CREATE TABLE p35_item (a integer, b integer);
CREATE INDEX p35_a ON p35_item (a) WHERE b > 0;
CREATE INDEX p35_b ON p35_item (b);
-- ==
CREATE TABLE p35_item (a integer, b integer);
CREATE INDEX p35_a ON p35_item (a) WHERE (b > 0);
CREATE INDEX p35_b ON p35_item (b);
DROP INDEX p35_a;
CREATE INDEX p35_a ON p35_item (a) WHERE b>0;

-- ## an enum's values added one by one
CREATE TYPE p36_size AS ENUM ('small', 'medium', 'large', 'huge');
-- ==
CREATE TYPE p36_size AS ENUM ('small', 'big');
ALTER TYPE p36_size RENAME VALUE 'big' TO 'large';
ALTER TYPE p36_size ADD VALUE 'huge';
ALTER TYPE p36_size ADD VALUE 'medium' BEFORE 'large';

-- ## a domain altered step by step
CREATE DOMAIN p37_rate AS numeric(5,2) DEFAULT 1 NOT NULL CONSTRAINT p37_rate_check CHECK (VALUE >= 0);
-- ==
CREATE DOMAIN p37_rate AS decimal(5,2);
ALTER DOMAIN p37_rate ADD CHECK (value >= 0);
ALTER DOMAIN p37_rate SET DEFAULT 1;
ALTER DOMAIN p37_rate SET NOT NULL;

-- ## a view with its columns named in two ways
CREATE TABLE p38_item (id integer, price numeric);
CREATE VIEW p38_view AS SELECT id AS item_id, price * 2 AS twice FROM p38_item;
-- ==
CREATE TABLE p38_item (id integer, price numeric);
CREATE VIEW p38_view (item_id, twice) AS SELECT p38_item.id, (p38_item.price * 2::numeric) FROM p38_item;

-- ## a view replaced
CREATE TABLE p39_item (id integer, price numeric);
CREATE VIEW p39_view AS SELECT id FROM p39_item WHERE price > 1;
-- ==
CREATE TABLE p39_item (id integer, price numeric);
CREATE VIEW p39_view AS SELECT id FROM p39_item;
CREATE OR REPLACE VIEW p39_view AS
    SELECT   id
    FROM     p39_item  -- dear ones
    WHERE    price > 1;

-- ## a view's star and its columns
CREATE TABLE p40_item (id integer, price numeric);
CREATE VIEW p40_view AS SELECT * FROM p40_item;
-- ==
CREATE TABLE p40_item (id integer, price numeric);
CREATE VIEW p40_view AS SELECT id, price FROM p40_item;

-- ## a function's quoting, order of options and implied words
CREATE FUNCTION p41_twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT n * 2 $$;
-- ==
CREATE OR REPLACE FUNCTION p41_twice(IN n int4) RETURNS int AS ' SELECT n * 2 ' IMMUTABLE CALLED ON NULL INPUT SECURITY INVOKER PARALLEL UNSAFE COST 100 LANGUAGE 'sql';

-- ## a function replaced
CREATE FUNCTION p42_note() RETURNS text LANGUAGE plpgsql STRICT AS $body$ BEGIN RETURN 'it''s'; END $body$;
-- ==
CREATE FUNCTION p42_note() RETURNS text LANGUAGE sql AS $$ SELECT 'x'::text $$;
CREATE OR REPLACE FUNCTION p42_note() RETURNS text LANGUAGE plpgsql AS ' BEGIN RETURN ''it''''s''; END ' RETURNS NULL ON NULL INPUT;

-- ## a trigger's old word and order of events
CREATE TABLE p43_item (id integer);
CREATE FUNCTION p43_do() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER p43_trigger AFTER INSERT OR UPDATE ON p43_item EXECUTE FUNCTION p43_do();
-- ==
CREATE TABLE p43_item (id integer);
CREATE FUNCTION p43_do() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER p43_trigger AFTER UPDATE OR INSERT ON p43_item FOR EACH STATEMENT EXECUTE PROCEDURE p43_do();

-- ## a trigger disabled and enabled again
CREATE TABLE p44_item (id integer);
CREATE FUNCTION p44_do() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER p44_trigger BEFORE INSERT ON p44_item FOR EACH ROW EXECUTE FUNCTION p44_do();
-- ==
CREATE TABLE p44_item (id integer);
CREATE FUNCTION p44_do() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER p44_trigger BEFORE INSERT ON p44_item FOR EACH ROW EXECUTE FUNCTION p44_do();
ALTER TABLE p44_item DISABLE TRIGGER p44_trigger;
ALTER TABLE p44_item ENABLE TRIGGER p44_trigger;

-- ## an identity's options spelled out
CREATE TABLE p45_item (id integer GENERATED ALWAYS AS IDENTITY);
-- ==
CREATE TABLE p45_item (id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME p45_item_id_seq START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 CACHE 1 NO CYCLE));

-- ## an identity added later
CREATE TABLE p46_item (id bigint GENERATED BY DEFAULT AS IDENTITY);
-- ==
CREATE TABLE p46_item (id bigint NOT NULL);
ALTER TABLE p46_item ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE p46_item ALTER COLUMN id SET GENERATED BY DEFAULT;

-- ## a sequence's options spelled out
CREATE SEQUENCE p47_seq;
-- ==
CREATE SEQUENCE p47_seq AS bigint INCREMENT 1 MINVALUE 1 NO MAXVALUE START 1 CACHE 1 NO CYCLE OWNED BY NONE;

-- ## a sequence altered there and back
CREATE SEQUENCE p48_seq INCREMENT BY 5 CACHE 10;
-- ==
CREATE SEQUENCE p48_seq INCREMENT BY 2 CYCLE;
ALTER SEQUENCE p48_seq INCREMENT BY 5 CACHE 10 NO CYCLE;

-- ## a partition attached and one made in place
CREATE TABLE p49_sale (id integer NOT NULL, sold_on date NOT NULL) PARTITION BY RANGE (sold_on);
CREATE TABLE p49_sale_2024 PARTITION OF p49_sale FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX p49_idx ON p49_sale (id);
-- ==
CREATE TABLE p49_sale (id integer NOT NULL, sold_on date NOT NULL) PARTITION BY RANGE (sold_on);
CREATE INDEX p49_idx ON p49_sale (id);
CREATE TABLE p49_sale_2024 (id integer NOT NULL, sold_on date NOT NULL);
ALTER TABLE p49_sale ATTACH PARTITION p49_sale_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

-- ## two tables made in the other order
CREATE TABLE p50_item (id integer PRIMARY KEY);
CREATE TABLE p50_line (item_id integer, CONSTRAINT p50_fk FOREIGN KEY (item_id) REFERENCES p50_item (id));
CREATE INDEX p50_a ON p50_line (item_id);
CREATE INDEX p50_b ON p50_item (id DESC);
-- ==
CREATE TABLE p50_line (item_id integer);
CREATE TABLE p50_item (id integer);
CREATE INDEX p50_b ON p50_item (id DESC);
CREATE INDEX p50_a ON p50_line (item_id);
ALTER TABLE p50_item ADD PRIMARY KEY (id);
ALTER TABLE p50_line ADD CONSTRAINT p50_fk FOREIGN KEY (item_id) REFERENCES p50_item (id);

-- ## an array's spellings
CREATE TABLE p51_item (a integer[], b text[], c varchar(5)[]);
-- ==
CREATE TABLE p51_item (a int ARRAY, b text ARRAY[4], c character varying(5)[3]);

-- ## needless brackets in a check
CREATE TABLE p52_item (a integer, b integer, CONSTRAINT p52_check CHECK (a > 0 AND b > 0 OR a = b));
-- ==
CREATE TABLE p52_item (a integer, b integer, CONSTRAINT p52_check CHECK ((((a > 0) AND (b > 0)) OR ((a = b)))));

-- ## two spellings of not equal, like and cast
CREATE TABLE p53_item (a text, b integer, CONSTRAINT p53_check CHECK (a <> 'x' AND a LIKE 'y%' AND CAST(b AS text) <> ''));
-- ==
CREATE TABLE p53_item (a text, b integer, CONSTRAINT p53_check CHECK (a != 'x' AND a ~~ 'y%' AND b::text != ''));

-- ## an interval's spellings
CREATE TABLE p54_item (a interval DEFAULT interval '1 day', b timestamp with time zone DEFAULT now() + interval '2 hours');
-- ==
CREATE TABLE p54_item (a interval DEFAULT '1 day'::interval, b timestamp with time zone DEFAULT (now() + '02:00:00'::interval));

-- ## a table like another and one written out
CREATE TABLE p55_item (id integer NOT NULL, name text DEFAULT 'x', CONSTRAINT p55_check CHECK (name <> ''));
CREATE TABLE p55_copy (LIKE p55_item INCLUDING ALL);
-- ==
CREATE TABLE p55_item (id integer NOT NULL, name text DEFAULT 'x', CONSTRAINT p55_check CHECK (name <> ''));
CREATE TABLE p55_copy (id integer NOT NULL, name text DEFAULT 'x', CONSTRAINT p55_check CHECK (name <> ''));

-- ## a table made from a query
CREATE TABLE p56_item (id integer, name varchar(10));
CREATE TABLE p56_copy (id integer, name varchar(10));
-- ==
CREATE TABLE p56_item (id integer, name varchar(10));
CREATE TABLE p56_copy AS SELECT id, name FROM p56_item;

-- ## a unique constraint and one made of an index
CREATE TABLE p57_item (id integer NOT NULL, sku text, CONSTRAINT p57_sku UNIQUE (sku), CONSTRAINT p57_pk PRIMARY KEY (id));
-- ==
CREATE TABLE p57_item (id integer, sku text);
CREATE UNIQUE INDEX p57_sku_index ON p57_item (sku);
CREATE UNIQUE INDEX p57_pk ON p57_item (id);
ALTER TABLE p57_item ADD CONSTRAINT p57_sku UNIQUE USING INDEX p57_sku_index;
ALTER TABLE p57_item ADD CONSTRAINT p57_pk PRIMARY KEY USING INDEX p57_pk;

-- ## a column's storage and statistics at their defaults
CREATE TABLE p58_item (a text, b numeric);
-- ==
CREATE TABLE p58_item (a text, b numeric);
ALTER TABLE p58_item ALTER COLUMN a SET STORAGE EXTENDED, ALTER COLUMN b SET STORAGE MAIN, ALTER COLUMN a SET STATISTICS 50, ALTER COLUMN a SET STATISTICS -1;

-- ## a policy's implied words spelled out
CREATE TABLE p59_item (a integer);
ALTER TABLE p59_item ENABLE ROW LEVEL SECURITY;
CREATE POLICY p59_policy ON p59_item USING (a > 0);
-- ==
CREATE TABLE p59_item (a integer);
CREATE POLICY p59_policy ON p59_item AS PERMISSIVE FOR ALL TO PUBLIC USING ((a > 0));
ALTER TABLE p59_item FORCE ROW LEVEL SECURITY;
ALTER TABLE p59_item NO FORCE ROW LEVEL SECURITY, ENABLE ROW LEVEL SECURITY;

-- ## a table logged, unlogged and logged again
CREATE TABLE p60_item (id integer PRIMARY KEY);
-- ==
CREATE UNLOGGED TABLE p60_item (id integer PRIMARY KEY);
ALTER TABLE p60_item SET LOGGED;

-- ## nulls distinct spelled out
CREATE TABLE p61_item (a integer, CONSTRAINT p61_a UNIQUE (a));
CREATE UNIQUE INDEX p61_idx ON p61_item (a) WHERE a > 1;
-- ==
CREATE TABLE p61_item (a integer, CONSTRAINT p61_a UNIQUE NULLS DISTINCT (a));
CREATE UNIQUE INDEX p61_idx ON p61_item (a) NULLS DISTINCT WHERE a > 1;

-- ## an exclusion's implied words spelled out
CREATE TABLE p62_item (during daterange, CONSTRAINT p62_x EXCLUDE USING gist (during WITH &&));
-- ==
CREATE TABLE p62_item (during daterange, CONSTRAINT p62_x EXCLUDE USING gist (during range_ops WITH OPERATOR(pg_catalog.&&)) NOT DEFERRABLE);

-- ## a generated column's brackets
CREATE TABLE p63_item (a numeric, b numeric GENERATED ALWAYS AS (a * 2) STORED);
-- ==
CREATE TABLE p63_item (a numeric, b numeric GENERATED ALWAYS AS (((a * 2))) STORED);

-- ## the default collation spelled out
CREATE TABLE p64_item (a text, b varchar(5));
-- ==
CREATE TABLE p64_item (a text COLLATE "default", b varchar(5) COLLATE "default");

-- ## an aggregate's old syntax
CREATE AGGREGATE p65_sum(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
-- ==
CREATE AGGREGATE p65_sum (BASETYPE = integer, SFUNC = int4pl, STYPE = integer, INITCOND = '0');

-- ## extended statistics' order of columns and kinds
CREATE TABLE p66_item (a integer, b integer, c integer);
CREATE STATISTICS p66_stats (ndistinct, dependencies) ON a, b FROM p66_item;
-- ==
CREATE TABLE p66_item (a integer, b integer, c integer);
CREATE STATISTICS p66_stats (dependencies, ndistinct) ON b, a FROM p66_item;

-- ## a grant given and taken back
CREATE TABLE p67_item (a integer);
CREATE FUNCTION p67_one() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
-- ==
CREATE TABLE p67_item (a integer);
CREATE FUNCTION p67_one() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
GRANT SELECT ON p67_item TO PUBLIC;
REVOKE SELECT ON p67_item FROM PUBLIC;
GRANT EXECUTE ON FUNCTION p67_one() TO PUBLIC;

-- ## a comment set twice, and one taken back
CREATE TABLE p68_item (a integer);
COMMENT ON TABLE p68_item IS 'It''s a thing';
-- ==
CREATE TABLE p68_item (a integer);
COMMENT ON TABLE p68_item IS 'first';
COMMENT ON TABLE p68_item IS E'It\'s a thing';
COMMENT ON COLUMN p68_item.a IS 'a number';
COMMENT ON COLUMN p68_item.a IS NULL;

-- ## a table renamed, its parts with it
CREATE TABLE p69_item (id serial PRIMARY KEY);
-- ==
CREATE TABLE p69_thing (id serial PRIMARY KEY);
ALTER TABLE p69_thing RENAME TO p69_item;
ALTER SEQUENCE p69_thing_id_seq RENAME TO p69_item_id_seq;
ALTER INDEX p69_thing_pkey RENAME TO p69_item_pkey;

-- ## a materialized view's words
CREATE TABLE p70_item (a integer, b integer);
CREATE MATERIALIZED VIEW p70_view AS SELECT a, sum(b) AS total FROM p70_item GROUP BY a;
-- ==
CREATE TABLE p70_item (a integer, b integer);
CREATE MATERIALIZED VIEW p70_view (a, total) AS SELECT p.a, sum(p.b) FROM p70_item AS p GROUP BY p.a WITH DATA;
DROP MATERIALIZED VIEW p70_view;
CREATE MATERIALIZED VIEW p70_view AS select A, SUM(B) TOTAL from p70_item group by A;

-- ## a storage option set and reset
CREATE TABLE p71_item (a integer);
-- ==
CREATE TABLE p71_item (a integer) WITH (fillfactor = 70);
ALTER TABLE p71_item RESET (fillfactor);

-- ## a partial index's IN list
CREATE TABLE p72_item (a integer, kind text);
CREATE INDEX p72_idx ON p72_item (a) WHERE kind IN ('x', 'y');
-- ==
CREATE TABLE p72_item (a integer, kind text);
CREATE INDEX p72_idx ON p72_item USING btree (a) WHERE (kind = ANY (ARRAY['x'::text, 'y'::text]));

-- ## bit types
CREATE TABLE p73_item (a bit, b varbit(8), c varbit);
-- ==
CREATE TABLE p73_item (a bit(1), b bit varying(8), c bit varying);

-- ## a view's options spelled in two ways
CREATE TABLE p74_item (a integer);
CREATE VIEW p74_view AS SELECT a FROM p74_item WHERE a > 0 WITH CHECK OPTION;
CREATE VIEW p74_safe WITH (security_barrier) AS SELECT a FROM p74_item;
-- ==
CREATE TABLE p74_item (a integer);
CREATE VIEW p74_view WITH (check_option = 'cascaded') AS SELECT a FROM p74_item WHERE a > 0;
CREATE VIEW p74_safe AS SELECT a FROM p74_item;
ALTER VIEW p74_safe SET (security_barrier = true);

-- ## a composite type altered step by step
CREATE TYPE p75_pair AS (a integer, b text);
-- ==
CREATE TYPE p75_pair AS (a smallint, c text, x date);
ALTER TYPE p75_pair ALTER ATTRIBUTE a TYPE int;
ALTER TYPE p75_pair RENAME ATTRIBUTE c TO b;
ALTER TYPE p75_pair DROP ATTRIBUTE x;

-- ## a trigger's condition and columns in other spellings
CREATE TABLE p76_item (a integer, b integer);
CREATE FUNCTION p76_do() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER p76_trigger BEFORE UPDATE OF a, b ON p76_item FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION p76_do();
-- ==
CREATE TABLE p76_item (a integer, b integer);
CREATE FUNCTION p76_do() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER p76_trigger BEFORE UPDATE OF a, b ON p76_item FOR ROW WHEN ((old.a IS DISTINCT FROM new.a)) EXECUTE FUNCTION p76_do();

-- ## a list of strings over a varchar, as the server reads back what it wrote
CREATE TABLE p80_item (s varchar(20) CONSTRAINT p80_c CHECK (s IN ('a', 'it''s, b')));
CREATE VIEW p80_v AS SELECT 1 AS one FROM p80_item WHERE s IN ('a', 'b');
-- ==
CREATE TABLE p80_item (s varchar(20) CONSTRAINT p80_c CHECK (s::text = ANY (ARRAY['a'::character varying::text, 'it''s, b'::character varying::text])));
CREATE VIEW p80_v AS SELECT 1 AS one FROM p80_item WHERE s::text = ANY (ARRAY['a'::character varying::text, 'b'::character varying::text]);

-- ## storage options in another order and spelling
CREATE TABLE p77_item (a integer, b text[]) WITH (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = no);
CREATE INDEX p77_idx ON p77_item USING gin (b) WITH (fastupdate = off, gin_pending_list_limit = 128);
CREATE VIEW p77_view WITH (security_barrier = yes, security_invoker) AS SELECT a FROM p77_item;
-- ==
CREATE TABLE p77_item (a integer, b text[]) WITH (toast.autovacuum_enabled = 0, autovacuum_enabled = false, fillfactor = 70);
CREATE INDEX p77_idx ON p77_item USING gin (b) WITH (gin_pending_list_limit = 128, fastupdate = FALSE);
CREATE VIEW p77_view WITH (security_invoker = 1, security_barrier) AS SELECT a FROM p77_item;

-- ## a policy's roles in another order
CREATE TABLE p78_item (a integer);
CREATE POLICY p78_policy ON p78_item TO pg_read_all_data, pg_monitor USING (a > 0);
-- ==
CREATE TABLE p78_item (a integer);
CREATE POLICY p78_policy ON p78_item TO pg_monitor, pg_read_all_data USING (a > 0);

-- ## the time under both of its names within expressions
CREATE DOMAIN p79_time AS timestamp with time zone DEFAULT now() - interval '1 hour' CHECK (VALUE <= now());
CREATE TABLE p79_item (a timestamp with time zone DEFAULT now() + interval '1 day', b text DEFAULT 'now()', "now()" integer, c p79_time, CHECK (a > now()));
CREATE VIEW p79_view AS SELECT a FROM p79_item WHERE a < now() AND b <> 'now()' AND "now()" = 1;
CREATE POLICY p79_policy ON p79_item USING (a > now());
-- ==
CREATE DOMAIN p79_time AS timestamp with time zone DEFAULT CURRENT_TIMESTAMP - interval '1 hour' CHECK (VALUE <= CURRENT_TIMESTAMP);
CREATE TABLE p79_item (a timestamp with time zone DEFAULT CURRENT_TIMESTAMP + interval '1 day', b text DEFAULT 'now()', "now()" integer, c p79_time, CHECK (a > CURRENT_TIMESTAMP));
CREATE VIEW p79_view AS SELECT a FROM p79_item WHERE a < CURRENT_TIMESTAMP AND b <> 'now()' AND "now()" = 1;
CREATE POLICY p79_policy ON p79_item USING (a > CURRENT_TIMESTAMP);
