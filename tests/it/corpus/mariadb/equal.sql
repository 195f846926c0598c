-- ## integers with and without a display width
CREATE TABLE p01_item (a int, b bigint, c smallint, d tinyint, e mediumint, f int unsigned);
-- ==
CREATE TABLE p01_item (a int(11), b bigint(20), c smallint(6), d tinyint(4), e mediumint(9), f int(10) unsigned);

-- ## integer types by their other names
CREATE TABLE p02_item (a integer, b int1, c int2, d int3, e int4, f int8, g middleint);
-- ==
CREATE TABLE p02_item (a int, b tinyint, c smallint, d mediumint, e int, f bigint, g mediumint);

-- ## decimal types by their other names
CREATE TABLE p03_item (a dec(10,2), b numeric(8), c fixed(6,3), d decimal);
-- ==
CREATE TABLE p03_item (a decimal(10,2), b decimal(8,0), c decimal(6,3), d numeric(10,0));

-- ## boolean and tinyint
CREATE TABLE p04_item (a bool NOT NULL DEFAULT true, b boolean DEFAULT false);
-- ==
CREATE TABLE p04_item (a tinyint(1) NOT NULL DEFAULT 1, b tinyint(1) DEFAULT 0);

-- ## character types by their other names
CREATE TABLE p05_item (a character varying(20), b varcharacter(30), c character(5), d char);
-- ==
CREATE TABLE p05_item (a varchar(20), b varchar(30), c char(5), d char(1));

-- ## floating types by their other names
CREATE TABLE p06_item (a double precision, b real, c float4, d float8, e float(24), f float(25));
-- ==
CREATE TABLE p06_item (a double, b double, c float, d double, e float, f double);

-- ## text and blob types by their lengths
CREATE TABLE p07_item (a text(60), b text(70000), c blob(100), d blob(70000), e long varchar, f long varbinary);
-- ==
CREATE TABLE p07_item (a tinytext, b mediumtext, c tinyblob, d mediumblob, e mediumtext, f mediumblob);

-- ## current_timestamp, now and localtime
CREATE TABLE p08_item (a datetime DEFAULT current_timestamp(), b datetime DEFAULT now(), c timestamp DEFAULT CURRENT_TIMESTAMP, d datetime(3) DEFAULT now(3));
-- ==
CREATE TABLE p08_item (a datetime DEFAULT CURRENT_TIMESTAMP, b datetime DEFAULT localtime(), c timestamp DEFAULT localtimestamp, d datetime(3) DEFAULT current_timestamp(3));

-- ## on update now and on update current_timestamp
CREATE TABLE p09_item (a datetime DEFAULT NULL ON UPDATE now(), b timestamp NULL ON UPDATE CURRENT_TIMESTAMP);
-- ==
CREATE TABLE p09_item (a datetime ON UPDATE current_timestamp(), b timestamp NULL DEFAULT NULL ON UPDATE current_timestamp());

-- ## json and longtext with its check
CREATE TABLE p10_item (a json, b json NOT NULL);
-- ==
CREATE TABLE p10_item (a longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(a)), b longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL CHECK (json_valid(`b`)));

-- ## null and its default spelled out
CREATE TABLE p11_item (a int, b varchar(20), c datetime, d text);
-- ==
CREATE TABLE p11_item (a int NULL DEFAULT NULL, b varchar(20) DEFAULT NULL, c datetime NULL, d text DEFAULT NULL);

-- ## a number's default in quotes
CREATE TABLE p12_item (a int DEFAULT '5', b decimal(10,2) DEFAULT '0', c int DEFAULT 7);
-- ==
CREATE TABLE p12_item (a int DEFAULT 5, b decimal(10,2) DEFAULT 0.00, c int DEFAULT '7');

-- ## a default in brackets
CREATE TABLE p13_item (a int DEFAULT 5, b varchar(20) DEFAULT 'x');
-- ==
CREATE TABLE p13_item (a int DEFAULT (5), b varchar(20) DEFAULT ('x'));

-- ## a primary key inline and at the table
CREATE TABLE p14_item (id int PRIMARY KEY);
-- ==
CREATE TABLE p14_item (id int NOT NULL, PRIMARY KEY (id));

-- ## a primary key with a name
CREATE TABLE p15_item (id int NOT NULL, CONSTRAINT p15_item_pkey PRIMARY KEY (id));
-- ==
CREATE TABLE p15_item (id int KEY);

-- ## a unique key inline and at the table
CREATE TABLE p16_item (sku varchar(20) UNIQUE, ean varchar(20) UNIQUE KEY);
-- ==
CREATE TABLE p16_item (sku varchar(20), ean varchar(20), UNIQUE KEY sku (sku), CONSTRAINT ean UNIQUE (ean));

-- ## key and index, unique in three ways
CREATE TABLE p17_item (a int, b int, c int, KEY a_idx (a), UNIQUE KEY b_idx (b), UNIQUE INDEX c_idx (c));
-- ==
CREATE TABLE p17_item (a int, b int, c int, INDEX a_idx (a), CONSTRAINT b_idx UNIQUE (b), UNIQUE c_idx (c));

-- ## an index named by the server
CREATE TABLE p18_item (a int, b int, KEY (a), KEY (a, b));
-- ==
CREATE TABLE p18_item (a int, b int, KEY a (a), KEY a_2 (a, b));

-- ## an index inside and one made later
CREATE TABLE p19_item (a int, b varchar(50), KEY p19_idx (b(10), a DESC));
-- ==
CREATE TABLE p19_item (a int, b varchar(50));
CREATE INDEX p19_idx ON p19_item (b(10) ASC, a DESC);

-- ## a foreign key inline and at the table
CREATE TABLE p20_item (id int PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE p20_line (item_id int, KEY p20_fk (item_id), CONSTRAINT p20_fk FOREIGN KEY (item_id) REFERENCES p20_item (id) ON DELETE CASCADE) ENGINE=InnoDB;
-- ==
CREATE TABLE p20_item (id int PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE p20_line (item_id int CONSTRAINT p20_fk REFERENCES p20_item (id) ON DELETE CASCADE) ENGINE=InnoDB;

-- ## a foreign key and the index the server makes for it
CREATE TABLE p21_item (id int PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE p21_line (item_id int, CONSTRAINT p21_fk FOREIGN KEY (item_id) REFERENCES p21_item (id)) ENGINE=InnoDB;
-- ==
CREATE TABLE p21_item (id int PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE p21_line (item_id int, KEY p21_fk (item_id)) ENGINE=InnoDB;
ALTER TABLE p21_line ADD CONSTRAINT p21_fk FOREIGN KEY (item_id) REFERENCES p21_item (id);

-- ## a foreign key's restrict spelled out
CREATE TABLE p22_item (id int PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE p22_line (item_id int, CONSTRAINT p22_fk FOREIGN KEY (item_id) REFERENCES p22_item (id)) ENGINE=InnoDB;
-- ==
CREATE TABLE p22_item (id int PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE p22_line (item_id int, CONSTRAINT p22_fk FOREIGN KEY (item_id) REFERENCES p22_item (id) ON DELETE RESTRICT ON UPDATE RESTRICT) ENGINE=InnoDB;

-- ## a check's spelling
CREATE TABLE p23_item (price decimal(10,2), CONSTRAINT p23_check CHECK (price BETWEEN 0 AND 100 AND price <> 50));
-- ==
CREATE TABLE p23_item (price decimal(10,2), CONSTRAINT p23_check CHECK (((`price` between 0 and 100) and (`price` != 50))));

-- ## an IN list's spelling
CREATE TABLE p24_item (status varchar(10), CONSTRAINT p24_check CHECK (status IN ('new', 'old')));
-- ==
CREATE TABLE p24_item (status varchar(10), CONSTRAINT p24_check CHECK ((`status`) in ('new','old')));

-- ## a check inside and one added later
CREATE TABLE p25_item (a int, CONSTRAINT p25_check CHECK (a > 0));
-- ==
CREATE TABLE p25_item (a int);
ALTER TABLE p25_item ADD CONSTRAINT p25_check CHECK (a > 0);

-- ## letter case of keywords and types
create table p26_item (id INT not null auto_increment, name VARCHAR(20) default 'A', primary key (id)) engine=innodb;
-- ==
CREATE TABLE p26_item (id int NOT NULL AUTO_INCREMENT, name varchar(20) DEFAULT 'A', PRIMARY KEY (id)) ENGINE=InnoDB;

-- ## white space and comments
CREATE TABLE p27_item (id int NOT NULL, price decimal(10,2) CHECK (price > 0));
-- ==
CREATE  TABLE
    p27_item   /* the things we sell */
(
    id      int   NOT NULL,  -- the number
    price   decimal ( 10 , 2 )  # what it costs
            CHECK(price>0)
)
;

-- ## quoted names
CREATE TABLE p28_item (id int, name varchar(20), KEY p28_idx (name));
-- ==
CREATE TABLE `p28_item` (`id` int, `name` varchar(20), KEY `p28_idx` (`name`));

-- ## the engine spelled out
CREATE TABLE p29_item (id int) ENGINE=InnoDB;
-- ==
CREATE TABLE p29_item (id int) ENGINE INNODB;

-- ## the character set's own collation spelled out
CREATE TABLE p30_item (a varchar(20), b text) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
-- ==
CREATE TABLE p30_item (a varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, b text COLLATE utf8mb4_general_ci) CHARACTER SET = utf8mb4 COLLATE utf8mb4_general_ci;

-- ## a column's collation and the table's
CREATE TABLE p31_item (a varchar(20), b varchar(20) COLLATE utf8mb4_bin) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
-- ==
CREATE TABLE p31_item (a varchar(20) COLLATE utf8mb4_unicode_ci, b varchar(20)) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
ALTER TABLE p31_item DEFAULT COLLATE utf8mb4_unicode_ci;

-- ## a column added later, in its place
CREATE TABLE p32_item (id int, name varchar(20) NOT NULL DEFAULT '', n int);
-- ==
CREATE TABLE p32_item (id int, n int);
ALTER TABLE p32_item ADD COLUMN name varchar(20) NOT NULL DEFAULT '' AFTER id;

-- ## a column renamed
CREATE TABLE p33_item (id int, title varchar(20), KEY p33_idx (title));
-- ==
CREATE TABLE p33_item (id int, name varchar(20), KEY p33_idx (name));
ALTER TABLE p33_item RENAME COLUMN name TO title;

-- ## a column modified into its last shape
CREATE TABLE p34_item (id bigint unsigned NOT NULL, name varchar(50) DEFAULT 'x');
-- ==
CREATE TABLE p34_item (id int, name char(5));
ALTER TABLE p34_item MODIFY COLUMN id bigint unsigned NOT NULL, CHANGE COLUMN name name varchar(50);
ALTER TABLE p34_item ALTER COLUMN name SET DEFAULT 'x';

-- ## a column dropped
CREATE TABLE p35_item (id int, name varchar(20));
-- ==
CREATE TABLE p35_item (id int, old_name varchar(20), name varchar(20));
ALTER TABLE p35_item DROP COLUMN old_name;

-- ## an index dropped and made again
CREATE TABLE p36_item (a int, b int, KEY p36_idx (a, b));
-- ==
CREATE TABLE p36_item (a int, b int, KEY p36_idx (a, b));
DROP INDEX p36_idx ON p36_item;
ALTER TABLE p36_item ADD INDEX p36_idx (a, b) USING BTREE;
ALTER TABLE p36_item DROP INDEX p36_idx;
CREATE INDEX p36_idx ON p36_item (a, b);

-- ## a table renamed
CREATE TABLE p37_item (id int PRIMARY KEY);
-- ==
CREATE TABLE p37_thing (id int PRIMARY KEY);
RENAME TABLE p37_thing TO p37_item;

-- ## a table made like another
CREATE TABLE p38_item (id int NOT NULL AUTO_INCREMENT, name varchar(20) DEFAULT 'x', PRIMARY KEY (id), KEY p38_idx (name));
CREATE TABLE p38_copy (id int NOT NULL AUTO_INCREMENT, name varchar(20) DEFAULT 'x', PRIMARY KEY (id), KEY p38_idx (name));
-- ==
CREATE TABLE p38_item (id int NOT NULL AUTO_INCREMENT, name varchar(20) DEFAULT 'x', PRIMARY KEY (id), KEY p38_idx (name));
CREATE TABLE p38_copy LIKE p38_item;

-- ## two tables made in the other order
CREATE TABLE p39_item (id int PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE p39_line (item_id int, CONSTRAINT p39_fk FOREIGN KEY (item_id) REFERENCES p39_item (id)) ENGINE=InnoDB;
-- ==
CREATE TABLE p39_line (item_id int) ENGINE=InnoDB;
CREATE TABLE p39_item (id int PRIMARY KEY) ENGINE=InnoDB;
ALTER TABLE p39_line ADD CONSTRAINT p39_fk FOREIGN KEY (item_id) REFERENCES p39_item (id);

-- ## a generated column's words
CREATE TABLE p40_item (a int, b int AS (a * 2), c int AS (a * 3) PERSISTENT);
-- ==
CREATE TABLE p40_item (a int, b int GENERATED ALWAYS AS (a*2) VIRTUAL, c int GENERATED ALWAYS AS ((`a` * 3)) STORED);

-- ## a view's spelling
CREATE TABLE p41_item (id int, n int);
CREATE VIEW p41_view AS SELECT id, n * 2 AS twice FROM p41_item WHERE n > 0;
-- ==
CREATE TABLE p41_item (id int, n int);
create or replace algorithm=undefined sql security definer view p41_view (id, twice) as
    select `p41_item`.`id`, (p41_item.n*2)  /* two times */
    from `p41_item`
    where (n > 0);

-- ## a view's star and its columns
CREATE TABLE p42_item (id int, n int);
CREATE VIEW p42_view AS SELECT * FROM p42_item;
-- ==
CREATE TABLE p42_item (id int, n int);
CREATE VIEW p42_view AS SELECT id, n FROM p42_item;

-- ## a view's check option spelled out
CREATE TABLE p43_item (id int);
CREATE VIEW p43_view AS SELECT id FROM p43_item WHERE id > 0 WITH CHECK OPTION;
-- ==
CREATE TABLE p43_item (id int);
CREATE VIEW p43_view AS SELECT id FROM p43_item WHERE id > 0 WITH CASCADED CHECK OPTION;

-- ## a sequence's options spelled out
CREATE SEQUENCE p44_seq;
-- ==
CREATE SEQUENCE p44_seq START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775806 CACHE 1000 NOCYCLE;

-- ## a sequence altered there and back
CREATE SEQUENCE p45_seq INCREMENT BY 5 CACHE 10;
-- ==
CREATE SEQUENCE p45_seq INCREMENT BY 2 CACHE 10 CYCLE;
ALTER SEQUENCE p45_seq INCREMENT BY 5 NOCYCLE;

-- ## a function's implied words spelled out
CREATE FUNCTION p46_twice(n int) RETURNS int RETURN n * 2;
-- ==
CREATE OR REPLACE FUNCTION p46_twice(n int) RETURNS int LANGUAGE SQL NOT DETERMINISTIC CONTAINS SQL SQL SECURITY DEFINER RETURN n * 2;

-- ## a procedure altered there and back
CREATE PROCEDURE p47_do(n int) SELECT n;
-- ==
CREATE PROCEDURE p47_do(n int) SQL SECURITY INVOKER COMMENT 'x' SELECT n;
ALTER PROCEDURE p47_do SQL SECURITY DEFINER COMMENT '';

-- ## a partitioned table's spelling
CREATE TABLE p48_item (id int NOT NULL) ENGINE=InnoDB PARTITION BY RANGE (id) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN MAXVALUE);
-- ==
CREATE TABLE p48_item (id int NOT NULL) ENGINE=InnoDB PARTITION BY RANGE (`id`) (PARTITION `a` VALUES LESS THAN (10) ENGINE=InnoDB, PARTITION b VALUES LESS THAN (MAXVALUE));

-- ## partitions added to a table later
CREATE TABLE p49_item (id int NOT NULL) ENGINE=InnoDB PARTITION BY RANGE (id) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20));
-- ==
CREATE TABLE p49_item (id int NOT NULL) ENGINE=InnoDB;
ALTER TABLE p49_item PARTITION BY RANGE (id) (PARTITION a VALUES LESS THAN (10));
ALTER TABLE p49_item ADD PARTITION (PARTITION b VALUES LESS THAN (20));

-- ## a column made invisible later, an index ignored later
CREATE TABLE p50_item (a int, b int INVISIBLE, KEY p50_idx (a) IGNORED);
-- ==
CREATE TABLE p50_item (a int, b int, KEY p50_idx (a));
ALTER TABLE p50_item MODIFY COLUMN b int INVISIBLE, ALTER INDEX p50_idx IGNORED;

-- ## system versioning added later
CREATE TABLE p51_item (a int) ENGINE=InnoDB WITH SYSTEM VERSIONING;
-- ==
CREATE TABLE p51_item (a int) ENGINE=InnoDB;
ALTER TABLE p51_item ADD SYSTEM VERSIONING;

-- ## serial and what it means
CREATE TABLE p52_item (id serial);
-- ==
CREATE TABLE p52_item (id bigint unsigned NOT NULL AUTO_INCREMENT, UNIQUE KEY id (id));

-- ## auto_increment's start spelled out
CREATE TABLE p53_item (id int NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;
-- ==
CREATE TABLE p53_item (id int NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB AUTO_INCREMENT=1;

-- ## an enum's spelling
CREATE TABLE p54_item (a enum('x','y') DEFAULT 'x', b set('x','y'));
-- ==
CREATE TABLE p54_item (a ENUM ( 'x' , "y" ) DEFAULT "x", b SET('x',  'y'));

-- ## a string's spelling
CREATE TABLE p55_item (a varchar(20) DEFAULT 'it''s', b varchar(20) COMMENT 'a "b"');
-- ==
CREATE TABLE p55_item (a varchar(20) DEFAULT 'it\'s', b varchar(20) COMMENT "a ""b""");

-- ## a comment set later, and one taken back
CREATE TABLE p56_item (a int COMMENT 'x') COMMENT 'y';
-- ==
CREATE TABLE p56_item (a int) COMMENT='z';
ALTER TABLE p56_item COMMENT='y', MODIFY COLUMN a int COMMENT 'x';

-- ## zerofill and its unsigned
CREATE TABLE p57_item (a int(5) zerofill, b tinyint zerofill);
-- ==
CREATE TABLE p57_item (a int(5) unsigned zerofill, b tinyint(3) unsigned zerofill);

-- ## year, bit and binary with their lengths
CREATE TABLE p58_item (a year, b bit, c binary, d time, e datetime);
-- ==
CREATE TABLE p58_item (a year(4), b bit(1), c binary(1), d time(0), e datetime(0));

-- ## an ordered pair of triggers, made in the other order
CREATE TABLE p59_item (a int);
CREATE TRIGGER p59_one BEFORE INSERT ON p59_item FOR EACH ROW SET NEW.a = NEW.a + 1;
CREATE TRIGGER p59_two BEFORE INSERT ON p59_item FOR EACH ROW SET NEW.a = NEW.a * 2;
-- ==
CREATE TABLE p59_item (a int);
CREATE TRIGGER p59_two BEFORE INSERT ON p59_item FOR EACH ROW SET NEW.a = NEW.a * 2;
CREATE TRIGGER p59_one BEFORE INSERT ON p59_item FOR EACH ROW PRECEDES p59_two SET NEW.a = NEW.a + 1;

-- ## an event's implied words spelled out
CREATE EVENT p60_event ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 00:00:00' DO SELECT 1;
-- ==
CREATE EVENT p60_event ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 00:00:00' ON COMPLETION NOT PRESERVE ENABLE COMMENT '' DO SELECT 1;

-- ## a table's engine changed there and back
CREATE TABLE p61_item (a int, KEY p61_idx (a)) ENGINE=InnoDB;
-- ==
CREATE TABLE p61_item (a int, KEY p61_idx (a)) ENGINE=MyISAM;
ALTER TABLE p61_item ENGINE=InnoDB;

-- ## the same letters in a national type
CREATE TABLE p62_item (a national varchar(20), b nchar(5));
-- ==
CREATE TABLE p62_item (a varchar(20) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci, b char(5) CHARACTER SET utf8mb3);

-- ## utf8 and utf8mb3
CREATE TABLE p63_item (a varchar(20)) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;
-- ==
CREATE TABLE p63_item (a varchar(20)) DEFAULT CHARSET=utf8 COLLATE=utf8_bin;
