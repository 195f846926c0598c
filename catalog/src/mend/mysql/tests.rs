use crate::{
    About, Action, Catalog, Check, Column, Definition, Dialect, ForeignKey, Index, Key, Kind, Mend, Rendered, Table,
    View, diff, mend,
};

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn column(name: &str, data_type: &str) -> Column {
    Column { name: name.to_owned(), data_type: data_type.to_owned(), nullable: true, ..Column::default() }
}

fn index(name: &str, keys: &[&str]) -> Index {
    Index { name: name.to_owned(), method: Some("BTREE".to_owned()), keys: texts(keys), ..Index::default() }
}

fn sale() -> Table {
    let number = Column { nullable: false, identity: Some("AUTO_INCREMENT".to_owned()), ..column("id", "int(11)") };
    Table {
        columns: vec![number, column("shop", "int(11)"), column("note", "varchar(20)")],
        primary_key: Some(Key { columns: texts(&["id"]), ..Key::default() }),
        foreign_keys: vec![ForeignKey {
            name: Some("fk".to_owned()),
            columns: texts(&["shop"]),
            target: "shop".to_owned(),
            target_columns: texts(&["id"]),
            on_delete: Action::Cascade,
            on_update: Action::Restrict,
            ..ForeignKey::default()
        }],
        indexes: vec![index("ix", &["shop"])],
        properties: texts(&["ENGINE=InnoDB"]),
        ..Table::default()
    }
}

fn catalog(table: Table) -> Catalog {
    let about = About { storage: [("collation".to_owned(), "utf8mb4_bin".to_owned())].into(), ..About::default() };
    Catalog {
        tables: [("sale".to_owned(), table)].into(),
        namespaces: [(String::new(), about)].into(),
        ..Catalog::empty(Dialect::MariaDb)
    }
}

fn mends(declared: &Catalog, actual: &Catalog) -> Vec<(Kind, Mend)> {
    let mut found = diff(declared, actual);
    mend(declared, actual, "live", &mut found);
    found.into_iter().map(|drift| (drift.kind, drift.mend.expect("each difference says how it is mended"))).collect()
}

/// How the one difference is mended when tables are changed so: its kind, its statements.
fn one(declare: impl FnOnce(&mut Table), change: impl FnOnce(&mut Table)) -> (Kind, Vec<String>) {
    let (mut declared, mut actual) = (sale(), sale());
    declare(&mut declared);
    change(&mut actual);
    let mut mends = mends(&catalog(declared), &catalog(actual));
    assert_eq!(mends.len(), 1, "{mends:?}");
    let (kind, mend) = mends.remove(0);
    (kind, mend.statements)
}

#[test]
fn a_column_is_given_its_whole_definition() {
    let declare = |table: &mut Table| {
        table.columns[2] = Column {
            nullable: false,
            default: Some("'x'".to_owned()),
            modifiers: "INVISIBLE".to_owned(),
            ..column("note", "varchar(20) collate latin1_bin")
        };
        table.about.comments.insert("column note".to_owned(), "it's".to_owned());
        table.checks.push(Check {
            name: Some("note".to_owned()),
            expression: "`note` <> ''".to_owned(),
            sql: Rendered("CHECK (`note` <> '')".to_owned()),
            ..Check::default()
        });
    };
    let (kind, statements) = one(declare, |table| {
        declare(table);
        table.columns[2].data_type = "varchar(10) collate latin1_bin".to_owned();
    });
    assert_eq!(kind, Kind::ColumnType);
    let expected = "ALTER TABLE `live`.`sale` MODIFY COLUMN `note` varchar(20) COLLATE latin1_bin NOT NULL DEFAULT 'x' \
                    INVISIBLE COMMENT 'it''s' CHECK (`note` <> '')";
    assert_eq!(statements, [expected]);
}

#[test]
fn a_text_is_given_the_collation_of_the_database_where_the_table_has_another() {
    let other = |table: &mut Table| table.properties.push("COLLATE=latin1_bin".to_owned());
    let (_, statements) = one(other, |table| {
        other(table);
        table.columns[2].data_type = "text".to_owned();
    });
    assert_eq!(statements, ["ALTER TABLE `live`.`sale` MODIFY COLUMN `note` varchar(20) COLLATE utf8mb4_bin NULL"]);
}

#[test]
fn a_missing_column_comes_after_the_one_before_it() {
    let (kind, statements) = one(|_| {}, |table| drop(table.columns.remove(2)));
    assert_eq!(kind, Kind::MissingColumn);
    assert_eq!(statements, ["ALTER TABLE `live`.`sale` ADD COLUMN `note` varchar(20) NULL AFTER `shop`"]);
}

#[test]
fn a_name_in_other_letters_is_a_change_of_the_column() {
    let (mut declared, actual) = (sale(), sale());
    declared.columns[2].name = "Note".to_owned();
    for (_, mend) in mends(&catalog(declared), &catalog(actual)) {
        assert_eq!(mend.statements, ["ALTER TABLE `live`.`sale` CHANGE COLUMN `note` `Note` varchar(20) NULL"]);
    }
}

#[test]
fn only_columns_that_stand_elsewhere_are_moved() {
    let (kind, statements) = one(|_| {}, |table| table.columns.rotate_right(1));
    assert_eq!(kind, Kind::ColumnOrder);
    assert_eq!(statements, ["ALTER TABLE `live`.`sale` MODIFY COLUMN `note` varchar(20) NULL AFTER `shop`"]);
}

#[test]
fn a_column_of_a_foreign_key_is_changed_without_it() {
    let (_, statements) = one(|_| {}, |table| table.columns[1].data_type = "bigint(20)".to_owned());
    assert_eq!(statements.len(), 1, "nothing ties it to a table that is not there");
    let shop = Table { columns: vec![column("id", "int(11)")], ..Table::default() };
    let (mut declared, mut actual) = (catalog(sale()), catalog(sale()));
    declared.tables.insert("shop".to_owned(), shop.clone());
    actual.tables.insert("shop".to_owned(), shop);
    for (table, column) in [("sale", 1), ("shop", 0)] {
        actual.tables.get_mut(table).expect("it was put there").columns[column].data_type = "bigint(20)".to_owned();
    }
    let expected = [
        "ALTER TABLE `live`.`sale` DROP FOREIGN KEY `fk`",
        "ALTER TABLE `live`.`sale` MODIFY COLUMN `shop` int(11) NULL",
        "ALTER TABLE `live`.`shop` MODIFY COLUMN `id` int(11) NULL",
        "ALTER TABLE `live`.`sale` ADD CONSTRAINT `fk` FOREIGN KEY (`shop`) REFERENCES `live`.`shop` (`id`) \
         ON DELETE CASCADE ON UPDATE RESTRICT",
    ];
    assert_eq!(mends(&declared, &actual)[0].1.statements, expected);
}

#[test]
fn the_key_of_a_numbered_column_comes_with_the_numbers() {
    let (mut declared, mut actual) = (sale(), sale());
    declared.foreign_keys.clear();
    actual.foreign_keys.clear();
    actual.primary_key = None;
    actual.columns[0].identity = None;
    let mends = mends(&catalog(declared), &catalog(actual));
    let modify = "MODIFY COLUMN `id` int(11) NOT NULL AUTO_INCREMENT";
    let both = format!("ALTER TABLE `live`.`sale` ADD PRIMARY KEY (`id`), {modify}");
    assert_eq!(mends.len(), 2);
    assert!(mends.iter().all(|(_, mend)| mend.statements == [both.clone()]), "{mends:?}");
}

#[test]
fn an_index_is_made_anew_in_one_statement() {
    let declare = |table: &mut Table| table.columns.push(column("odd (3)", "int(11)"));
    let (kind, statements) = one(
        |table| {
            declare(table);
            table.indexes[0] = index("ix", &["shop", "note(5) DESC", "odd (3)"]);
        },
        declare,
    );
    assert_eq!(kind, Kind::IndexDiffers);
    let expected = "ALTER TABLE `live`.`sale` DROP INDEX `ix`, \
                    ADD INDEX `ix` (`shop`, `note`(5) DESC, `odd (3)`) USING BTREE";
    assert_eq!(statements, [expected]);
    let (_, statements) = one(|_| {}, |table| table.indexes[0].modifiers = "IGNORED".to_owned());
    assert_eq!(statements, ["ALTER TABLE `live`.`sale` ALTER INDEX `ix` NOT IGNORED"]);
}

#[test]
fn an_index_that_a_foreign_key_needs_goes_with_the_one_in_its_place() {
    let (declared, mut actual) = (sale(), sale());
    actual.indexes[0] = index("other", &["shop", "id"]);
    let mends = mends(&catalog(declared), &catalog(actual));
    let (kind, mend) = mends.last().expect("an index more");
    assert_eq!(*kind, Kind::ExtraIndex);
    assert_eq!(mend.statements, ["ALTER TABLE `live`.`sale` DROP INDEX `other`, ADD INDEX `ix` (`shop`) USING BTREE"]);
}

#[test]
fn a_foreign_key_changes_in_two_statements() {
    let (_, statements) = one(|_| {}, |table| table.foreign_keys[0].on_delete = Action::SetNull);
    let expected = [
        "ALTER TABLE `live`.`sale` DROP FOREIGN KEY `fk`",
        "ALTER TABLE `live`.`sale` ADD CONSTRAINT `fk` FOREIGN KEY (`shop`) REFERENCES `live`.`shop` (`id`) \
         ON DELETE CASCADE ON UPDATE RESTRICT",
    ];
    assert_eq!(statements, expected);
}

#[test]
fn a_table_with_a_history_keeps_it() {
    let versioned = |table: &mut Table| table.properties.push("WITH SYSTEM VERSIONING".to_owned());
    let (_, statements) = one(versioned, |table| {
        versioned(table);
        table.columns[1].nullable = false;
    });
    assert!(statements[0].starts_with("SET STATEMENT system_versioning_alter_history = 'KEEP' FOR ALTER TABLE "));
}

fn trigger(definition: &str, mode: &str) -> Definition {
    let (moment, body) = definition.split_once(" FOR EACH ROW ").expect("a trigger says so");
    Definition {
        definition: definition.to_owned(),
        modifiers: format!("SQL_MODE='{mode}'"),
        sql: Rendered(format!("CREATE OR REPLACE TRIGGER `live`.`t` {moment} ON `live`.`sale` FOR EACH ROW {body}")),
        ..Definition::default()
    }
}

#[test]
fn a_trigger_comes_before_those_that_are_there_unless_it_follows_one() {
    let declare = |table: &mut Table| {
        table.triggers.insert("t".to_owned(), trigger("BEFORE INSERT FOR EACH ROW SET @a = 1", ""));
        table.triggers.insert("u".to_owned(), trigger("BEFORE INSERT FOR EACH ROW FOLLOWS `t` SET @a = 2", ""));
    };
    let (kind, statements) = one(declare, |table| {
        declare(table);
        table.triggers.remove("t");
    });
    assert_eq!(kind, Kind::MissingTrigger);
    let expected = "SET STATEMENT SQL_MODE='' FOR CREATE OR REPLACE TRIGGER `live`.`t` BEFORE INSERT ON `live`.`sale` \
                    FOR EACH ROW PRECEDES `u` SET @a = 1";
    assert_eq!(statements, [expected]);
}

#[test]
fn a_mode_that_changes_how_a_statement_is_read_stands_before_it() {
    let (_, statements) = one(
        |table| {
            table.triggers.insert("t".to_owned(), trigger("AFTER DELETE FOR EACH ROW SET @a = 1", "ANSI_QUOTES"));
        },
        |_| {},
    );
    assert_eq!(statements.len(), 4);
    assert_eq!(statements[1], "SET SQL_MODE='ANSI_QUOTES'");
    assert!(statements[2].starts_with("CREATE OR REPLACE TRIGGER "));
}

#[test]
fn a_table_is_made_from_what_the_server_shows_without_its_position() {
    let text =
        "CREATE TABLE `sale` (\n  `id` int(11) NOT NULL AUTO_INCREMENT\n) ENGINE=InnoDB AUTO_INCREMENT=7 COMMENT='x'";
    let declared = catalog(Table { sql: Rendered(text.to_owned()), ..sale() });
    let mends = mends(&declared, &Catalog { tables: [].into(), ..declared.clone() });
    let expected = "SET STATEMENT foreign_key_checks = 0 FOR CREATE TABLE `live`.`sale` (   `id` int(11) NOT NULL \
                    AUTO_INCREMENT ) ENGINE=InnoDB COMMENT='x'";
    assert_eq!(mends[0].1.statements, [expected]);
}

#[test]
fn a_routine_of_other_arguments_is_replaced_and_not_dropped() {
    let routine = |name: &str, arguments: &str| {
        let sql = Rendered(format!("CREATE OR REPLACE FUNCTION `live`.`net`({arguments}) RETURN 1"));
        (name.to_owned(), Definition { definition: arguments.to_owned(), sql, ..Definition::default() })
    };
    let with = |one: (String, Definition)| Catalog { routines: [one].into(), ..Catalog::empty(Dialect::MariaDb) };
    let mends = mends(&with(routine("net(int)", "`a` int")), &with(routine("net(text)", "`a` text")));
    let create = "CREATE OR REPLACE FUNCTION `live`.`net`(`a` int) RETURN 1";
    assert_eq!(mends.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [Kind::MissingRoutine, Kind::ExtraRoutine]);
    assert!(mends.iter().all(|(_, mend)| mend.statements == [create]), "{mends:?}");
}

#[test]
fn grants_are_given_and_taken_one_by_one() {
    let granted = |words: &str| {
        let grants = [("column note".to_owned(), words.to_owned())].into();
        catalog(Table { about: About { grants, ..About::default() }, ..sale() })
    };
    let mends = mends(&granted("'a'@'%': INSERT, SELECT"), &granted("'a'@'%': SELECT; 'b'@'%': UPDATE"));
    let expected =
        ["REVOKE UPDATE (`note`) ON `live`.`sale` FROM 'b'@'%'", "GRANT INSERT (`note`) ON `live`.`sale` TO 'a'@'%'"];
    assert_eq!(mends[0].1.statements, expected);
}

#[test]
fn a_view_over_a_changed_table_goes_with_the_table() {
    let view = |columns: &[&str]| {
        let view = View { definition: "select 1".to_owned(), columns: texts(columns), ..View::default() };
        Catalog { views: [("v".to_owned(), view)].into(), ..Catalog::empty(Dialect::MariaDb) }
    };
    let mends = mends(&view(&["a int(11)"]), &view(&["a bigint(20)"]));
    assert!(mends[0].1.is_by_hand() && mends[0].1.caution.is_some());
}

#[test]
fn options_that_nothing_declares_are_unset() {
    let stored = |words: &str| {
        let storage = [(String::new(), words.to_owned())].into();
        catalog(Table { about: About { storage, ..About::default() }, ..sale() })
    };
    let mends = mends(&stored("STATS_PERSISTENT=1"), &stored("ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8"));
    let expected = "ALTER TABLE `live`.`sale` KEY_BLOCK_SIZE=0, ROW_FORMAT=DEFAULT, STATS_PERSISTENT=1";
    assert_eq!(mends[0].1.statements, [expected]);
}
