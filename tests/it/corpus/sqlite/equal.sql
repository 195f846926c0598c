-- ## white space and line breaks
CREATE TABLE p01_item (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'a b', price NUMERIC(10,2));
-- ==
CREATE   TABLE
p01_item
(
    id      INTEGER   PRIMARY KEY ,
    name    TEXT      NOT NULL   DEFAULT   'a b',
	price   NUMERIC ( 10 , 2 )
)
;

-- ## comments
CREATE TABLE p02_item (id INTEGER PRIMARY KEY, name TEXT CHECK (name <> '-- x'));
-- ==
CREATE TABLE p02_item ( -- what we sell
    id INTEGER PRIMARY KEY, /* the number,
                               of course */
    name TEXT CHECK (name <> '-- x') -- never empty
);

-- ## letter case of keywords
CREATE TABLE p03_item (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'A' COLLATE NOCASE, CHECK (name IN ('A', 'b')));
CREATE INDEX p03_idx ON p03_item (name DESC) WHERE name IS NOT NULL;
-- ==
create table p03_item (id integer primary key, name text not null default 'A' collate nocase, check (name in ('A', 'b')));
create index p03_idx on p03_item (name desc) where name is not null;

-- ## letter case of types
CREATE TABLE p04_item (a INTEGER, b VARCHAR(20), c TIMESTAMP, d REAL);
-- ==
CREATE TABLE p04_item (a integer, b varchar(20), c Timestamp, d real);

-- ## quoted names
CREATE TABLE p05_item (id INTEGER PRIMARY KEY, name TEXT, CONSTRAINT p05_name CHECK (name <> ''));
CREATE INDEX p05_idx ON p05_item (name);
-- ==
CREATE TABLE "p05_item" ("id" INTEGER PRIMARY KEY, [name] TEXT, CONSTRAINT `p05_name` CHECK ("name" <> ''));
CREATE INDEX "p05_idx" ON `p05_item` ([name]);

-- ## a primary key inline and at the table
CREATE TABLE p06_item (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE p06_part (code TEXT PRIMARY KEY, n INTEGER);
-- ==
CREATE TABLE p06_item (id INTEGER, name TEXT, PRIMARY KEY (id));
CREATE TABLE p06_part (code TEXT, n INTEGER, PRIMARY KEY (code));

-- ## a unique constraint inline and at the table
CREATE TABLE p07_item (id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE);
-- ==
CREATE TABLE p07_item (id INTEGER PRIMARY KEY, sku TEXT NOT NULL, UNIQUE (sku));

-- ## a foreign key inline and at the table
CREATE TABLE p08_item (id INTEGER PRIMARY KEY);
CREATE TABLE p08_line (item_id INTEGER NOT NULL REFERENCES p08_item (id) ON DELETE CASCADE);
-- ==
CREATE TABLE p08_item (id INTEGER PRIMARY KEY);
CREATE TABLE p08_line (item_id INTEGER NOT NULL, FOREIGN KEY (item_id) REFERENCES p08_item (id) ON DELETE CASCADE);

-- ## a check inline and at the table
CREATE TABLE p09_item (price REAL CHECK (price >= 0), n INTEGER CONSTRAINT p09_n CHECK (n > 0));
-- ==
CREATE TABLE p09_item (price REAL, n INTEGER, CHECK (price >= 0), CONSTRAINT p09_n CHECK (n > 0));

-- ## null and its default spelled out
CREATE TABLE p10_item (a INTEGER, b TEXT);
-- ==
CREATE TABLE p10_item (a INTEGER DEFAULT NULL, b TEXT NULL);

-- ## a default in brackets
CREATE TABLE p11_item (a INTEGER DEFAULT 5, b TEXT DEFAULT 'x', c INTEGER DEFAULT -1);
-- ==
CREATE TABLE p11_item (a INTEGER DEFAULT (5), b TEXT DEFAULT ('x'), c INTEGER DEFAULT (-1));

-- ## a column added later
CREATE TABLE p12_item (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '');
-- ==
CREATE TABLE p12_item (id INTEGER PRIMARY KEY);
ALTER TABLE p12_item ADD COLUMN name TEXT NOT NULL DEFAULT '';

-- ## a column renamed
CREATE TABLE p13_item (id INTEGER PRIMARY KEY, title TEXT CHECK (title <> ''));
CREATE INDEX p13_idx ON p13_item (lower(title));
-- ==
CREATE TABLE p13_item (id INTEGER PRIMARY KEY, name TEXT CHECK (name <> ''));
CREATE INDEX p13_idx ON p13_item (lower(name));
ALTER TABLE p13_item RENAME COLUMN name TO title;

-- ## a column dropped
CREATE TABLE p14_item (id INTEGER PRIMARY KEY, name TEXT);
-- ==
CREATE TABLE p14_item (id INTEGER PRIMARY KEY, old_name TEXT, name TEXT, older_name TEXT);
ALTER TABLE p14_item DROP COLUMN old_name;
ALTER TABLE p14_item DROP COLUMN older_name;

-- ## a table renamed
CREATE TABLE p15_item (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES p15_item (id));
CREATE INDEX p15_idx ON p15_item (parent_id);
-- ==
CREATE TABLE p15_thing (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES p15_thing (id));
CREATE INDEX p15_idx ON p15_thing (parent_id);
ALTER TABLE p15_thing RENAME TO p15_item;

-- ## a table rebuilt and one made at once
CREATE TABLE p16_item (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL COLLATE NOCASE, n INTEGER CHECK (n > 0));
CREATE INDEX p16_idx ON p16_item (name);
-- ==
CREATE TABLE p16_item (id INTEGER PRIMARY KEY, name TEXT, n INTEGER);
CREATE INDEX p16_idx ON p16_item (name);
PRAGMA legacy_alter_table = ON;
CREATE TABLE p16_item_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL COLLATE NOCASE, n INTEGER CHECK (n > 0));
INSERT INTO p16_item_new (id, name, n) SELECT id, name, n FROM p16_item;
DROP TABLE p16_item;
ALTER TABLE p16_item_new RENAME TO p16_item;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX p16_idx ON p16_item (name);

-- ## an index's implied words spelled out
CREATE TABLE p17_item (a INTEGER, b TEXT);
CREATE INDEX p17_idx ON p17_item (a, b);
-- ==
CREATE TABLE p17_item (a INTEGER, b TEXT);
CREATE INDEX IF NOT EXISTS main.p17_idx ON p17_item (a ASC, b COLLATE BINARY ASC);

-- ## a column's implied collation spelled out
CREATE TABLE p18_item (a TEXT, b TEXT PRIMARY KEY);
-- ==
CREATE TABLE p18_item (a TEXT COLLATE BINARY, b TEXT COLLATE BINARY PRIMARY KEY ASC);

-- ## a foreign key's implied words spelled out
CREATE TABLE p19_item (id INTEGER PRIMARY KEY);
CREATE TABLE p19_line (item_id INTEGER REFERENCES p19_item (id));
-- ==
CREATE TABLE p19_item (id INTEGER PRIMARY KEY);
CREATE TABLE p19_line (item_id INTEGER REFERENCES p19_item (id) ON DELETE NO ACTION ON UPDATE NO ACTION NOT DEFERRABLE);

-- ## a generated column's implied words spelled out
CREATE TABLE p20_item (a INTEGER, b INTEGER AS (a * 2), c INTEGER AS (a * 3) STORED);
-- ==
CREATE TABLE p20_item (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) VIRTUAL, c INTEGER GENERATED ALWAYS AS (a * 3) STORED);

-- ## a conflict clause's implied word spelled out
CREATE TABLE p21_item (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT UNIQUE);
-- ==
CREATE TABLE p21_item (id INTEGER PRIMARY KEY ON CONFLICT ABORT, a TEXT NOT NULL ON CONFLICT ABORT, b TEXT UNIQUE ON CONFLICT ABORT);

-- ## made if not there, in its schema by name
CREATE TABLE p22_item (id INTEGER PRIMARY KEY);
CREATE VIEW p22_view AS SELECT id FROM p22_item;
-- ==
CREATE TABLE IF NOT EXISTS main.p22_item (id INTEGER PRIMARY KEY);
CREATE VIEW IF NOT EXISTS main.p22_view AS SELECT id FROM p22_item;

-- ## a trigger's implied words spelled out
CREATE TABLE p23_item (id INTEGER PRIMARY KEY, n INTEGER);
CREATE TRIGGER p23_trigger INSERT ON p23_item BEGIN UPDATE p23_item SET n = 1; END;
-- ==
CREATE TABLE p23_item (id INTEGER PRIMARY KEY, n INTEGER);
CREATE TRIGGER p23_trigger BEFORE INSERT ON p23_item FOR EACH ROW BEGIN UPDATE p23_item SET n = 1; END;

-- ## a trigger's white space, comments and letter case
CREATE TABLE p24_item (id INTEGER PRIMARY KEY, n INTEGER);
CREATE TRIGGER p24_trigger AFTER UPDATE OF n ON p24_item WHEN new.n > 0 BEGIN DELETE FROM p24_item WHERE n = 0; END;
-- ==
CREATE TABLE p24_item (id INTEGER PRIMARY KEY, n INTEGER);
create trigger p24_trigger
    after update of n on p24_item
    when NEW.n > 0
begin
    -- the empty ones go
    delete from p24_item where n = 0;
end;

-- ## a view's white space, comments and letter case
CREATE TABLE p25_item (id INTEGER PRIMARY KEY, n INTEGER);
CREATE VIEW p25_view AS SELECT id, n * 2 AS twice FROM p25_item WHERE n > 0;
-- ==
CREATE TABLE p25_item (id INTEGER PRIMARY KEY, n INTEGER);
create view p25_view as
    select id,
           n * 2 as twice  -- two times
    from   p25_item
    where  n > 0;

-- ## two tables made in the other order
CREATE TABLE p26_item (id INTEGER PRIMARY KEY);
CREATE TABLE p26_line (item_id INTEGER REFERENCES p26_item (id));
CREATE INDEX p26_a ON p26_line (item_id);
CREATE INDEX p26_b ON p26_item (id DESC);
-- ==
CREATE TABLE p26_line (item_id INTEGER REFERENCES p26_item (id));
CREATE TABLE p26_item (id INTEGER PRIMARY KEY);
CREATE INDEX p26_b ON p26_item (id DESC);
CREATE INDEX p26_a ON p26_line (item_id);

-- ## an index dropped and made again
CREATE TABLE p27_item (a INTEGER, b INTEGER);
CREATE INDEX p27_a ON p27_item (a);
CREATE INDEX p27_b ON p27_item (b);
-- ==
CREATE TABLE p27_item (a INTEGER, b INTEGER);
CREATE INDEX p27_a ON p27_item (a);
CREATE INDEX p27_b ON p27_item (b);
DROP INDEX p27_a;
CREATE INDEX p27_a ON p27_item (a);
REINDEX p27_b;

-- ## statistics gathered
CREATE TABLE p28_item (a INTEGER, b INTEGER);
CREATE INDEX p28_a ON p28_item (a);
-- ==
CREATE TABLE p28_item (a INTEGER, b INTEGER);
CREATE INDEX p28_a ON p28_item (a);
ANALYZE p28_item;

-- ## table constraints in another order
CREATE TABLE p29_item (a INTEGER, b INTEGER, PRIMARY KEY (a), CONSTRAINT p29_x CHECK (a > b), CONSTRAINT p29_y CHECK (b > 0));
-- ==
CREATE TABLE p29_item (a INTEGER, b INTEGER, CONSTRAINT p29_y CHECK (b > 0), PRIMARY KEY (a), CONSTRAINT p29_x CHECK (a > b));

-- ## a column's constraints in another order
CREATE TABLE p30_item (a TEXT NOT NULL DEFAULT 'x' UNIQUE COLLATE NOCASE CHECK (a <> ''));
-- ==
CREATE TABLE p30_item (a TEXT CHECK (a <> '') COLLATE NOCASE UNIQUE DEFAULT 'x' NOT NULL);

-- ## table options' letter case and order
CREATE TABLE p31_item (a TEXT PRIMARY KEY, b INTEGER) STRICT, WITHOUT ROWID;
-- ==
CREATE TABLE p31_item (a TEXT PRIMARY KEY, b INTEGER) without rowid, strict;

-- ## letter case of names where they are used
CREATE TABLE p33_item (id INTEGER PRIMARY KEY, name TEXT, CHECK (name <> ''));
CREATE INDEX p33_idx ON p33_item (name);
-- ==
CREATE TABLE p33_item (id INTEGER PRIMARY KEY, name TEXT, CHECK (NAME <> ''));
CREATE INDEX p33_idx ON P33_ITEM (Name);

-- ## a virtual table's white space and quoting
CREATE VIRTUAL TABLE p34_search USING fts5 (name, body, tokenize = 'porter');
-- ==
CREATE VIRTUAL TABLE "p34_search" USING FTS5(name,  body,  tokenize="porter");

-- ## a view dropped and made again
CREATE TABLE p36_item (a INTEGER);
CREATE VIEW p36_view (x) AS SELECT a FROM p36_item;
-- ==
CREATE TABLE p36_item (a INTEGER);
CREATE VIEW p36_view AS SELECT a AS y FROM p36_item;
DROP VIEW p36_view;
CREATE VIEW p36_view (x) AS SELECT a FROM p36_item;
