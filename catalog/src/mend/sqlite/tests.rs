use crate::introspect::sql_text::data_type;
use crate::{Action, Catalog, Column, Definition, Dialect, ForeignKey, Index, Key, Kind, Mend, Rendered, Table, View};

fn sql(sql: &str) -> Rendered {
    Rendered(sql.to_owned())
}

fn column(name: &str, of_type: &str) -> Column {
    Column { name: name.to_owned(), data_type: data_type(of_type), nullable: true, ..Column::default() }
}

fn index(name: &str, text: &str) -> Index {
    Index { name: name.to_owned(), keys: vec!["region".to_owned()], sql: sql(text), ..Index::default() }
}

fn trigger(text: &str) -> Definition {
    Definition { definition: text.to_owned(), sql: sql(text), ..Definition::default() }
}

const SALES: &str = "CREATE TABLE sales (id integer PRIMARY KEY AUTOINCREMENT, region text, note text DEFAULT 'x', \
                     made text DEFAULT (datetime('now')), shop integer REFERENCES shops (id), CHECK (region <> ''))";

fn declared() -> Catalog {
    let mut id = column("id", "integer");
    id.identity = Some("AUTOINCREMENT".to_owned());
    id.nullable = false;
    let mut note = column("note", "text");
    note.default = Some("'x'".to_owned());
    let mut made = column("made", "text");
    made.default = Some("datetime('now')".to_owned());
    let names = |name: &str| vec![name.to_owned()];
    let sales = Table {
        columns: vec![id, column("region", "text"), note, made, column("shop", "integer")],
        primary_key: Some(Key { columns: names("id"), ..Key::default() }),
        foreign_keys: vec![ForeignKey {
            columns: names("shop"),
            target: "shops".to_owned(),
            target_columns: names("id"),
            on_delete: Action::NoAction,
            ..ForeignKey::default()
        }],
        indexes: vec![index("by_region", "CREATE INDEX by_region ON sales (region)")],
        triggers: [("touch".to_owned(), trigger("CREATE TRIGGER touch ..."))].into(),
        sql: sql(SALES),
        ..Table::default()
    };
    let shops = Table {
        columns: vec![column("id", "integer")],
        sql: sql("CREATE TABLE shops (id integer)"),
        ..Table::default()
    };
    let view = View {
        definition: "AS SELECT 1".to_owned(),
        triggers: [("instead".to_owned(), trigger("CREATE TRIGGER instead ..."))].into(),
        sql: sql("CREATE VIEW totals AS SELECT 1"),
        ..View::default()
    };
    Catalog {
        tables: [("sales".to_owned(), sales), ("shops".to_owned(), shops)].into(),
        views: [("totals".to_owned(), view)].into(),
        others: [("virtual table words".to_owned(), trigger("CREATE VIRTUAL TABLE words USING fts5(a)"))].into(),
        ..Catalog::empty(Dialect::Sqlite)
    }
}

fn sales(catalog: &mut Catalog) -> &mut Table {
    catalog.tables.get_mut("sales").expect("the table is there")
}

/// What mends each difference once the database is changed so.
fn mends(change: impl FnOnce(&mut Catalog)) -> Vec<(Kind, Mend)> {
    let declared = declared();
    let mut actual = declared.clone();
    change(&mut actual);
    let mut found = crate::diff(&declared, &actual);
    crate::mend(&declared, &actual, "main", &mut found);
    found.into_iter().map(|drift| (drift.kind, drift.mend.expect("every difference says how it is mended"))).collect()
}

/// The statements of the one difference that there is.
fn statements(kind: Kind, change: impl FnOnce(&mut Catalog)) -> Vec<String> {
    let mends = mends(change);
    assert_eq!(mends.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [kind]);
    mends.into_iter().flat_map(|(_, mend)| mend.statements).collect()
}

#[test]
fn what_stands_by_itself_is_dropped_and_made_from_its_text() {
    for (expected, found) in [
        (
            vec!["CREATE INDEX by_region ON sales (region)"],
            statements(Kind::MissingIndex, |actual| sales(actual).indexes.clear()),
        ),
        (
            vec!["DROP INDEX IF EXISTS \"by_region\"", "CREATE INDEX by_region ON sales (region)"],
            statements(Kind::IndexDiffers, |actual| sales(actual).indexes[0].unique = true),
        ),
        (
            vec!["DROP INDEX IF EXISTS \"odd\""],
            statements(Kind::ExtraIndex, |actual| sales(actual).indexes.push(index("odd", "CREATE INDEX odd ..."))),
        ),
        (vec!["CREATE TRIGGER touch ..."], statements(Kind::MissingTrigger, |actual| sales(actual).triggers.clear())),
        (
            vec!["DROP VIEW IF EXISTS \"totals\"", "CREATE VIEW totals AS SELECT 1", "CREATE TRIGGER instead ..."],
            statements(Kind::ViewDiffers, |actual| {
                actual.views.values_mut().for_each(|view| view.definition.push('1'));
            }),
        ),
        (
            vec!["CREATE VIRTUAL TABLE words USING fts5(a)"],
            statements(Kind::MissingObject, |actual| actual.others.clear()),
        ),
        (
            vec![SALES, "CREATE INDEX by_region ON sales (region)", "CREATE TRIGGER touch ..."],
            statements(Kind::MissingTable, |actual| drop(actual.tables.remove("sales"))),
        ),
        (
            vec!["DROP TABLE IF EXISTS \"odd\""],
            statements(Kind::ExtraTable, |actual| drop(actual.tables.insert("odd".to_owned(), Table::default()))),
        ),
        (vec!["INSERT INTO sqlite_sequence (name, seq) VALUES ('sales', 6)"], {
            let mut declared = declared();
            sales(&mut declared).position = Some(7);
            let actual = self::declared();
            let mut found = crate::diff(&declared, &actual);
            crate::mend(&declared, &actual, "main", &mut found);
            found.into_iter().filter_map(|drift| drift.mend).flat_map(|mend| mend.statements).collect()
        }),
    ] {
        assert_eq!(found, expected);
    }
}

#[test]
fn an_index_on_the_wrong_table_is_put_right_whichever_of_its_two_findings_comes_last() {
    let found = mends(|actual| {
        let index = sales(actual).indexes.pop().expect("there is one");
        actual.tables.get_mut("shops").expect("the table is there").indexes.push(index);
    });
    let expected = ["DROP INDEX IF EXISTS \"by_region\"", "CREATE INDEX by_region ON sales (region)"];
    assert_eq!(found.len(), 2);
    for (kind, mend) in found {
        assert_eq!(mend.statements, expected, "{kind}");
    }
}

#[test]
fn a_column_is_added_where_sqlite_can_and_else_the_table_is_made_anew() {
    let without = |name: &'static str| move |actual: &mut Catalog| sales(actual).columns.retain(|one| one.name != name);
    assert_eq!(
        statements(Kind::MissingColumn, without("note")),
        ["ALTER TABLE \"sales\" ADD COLUMN note text DEFAULT 'x'"]
    );
    assert_eq!(
        statements(Kind::MissingColumn, without("shop")),
        ["ALTER TABLE \"sales\" ADD COLUMN shop integer REFERENCES shops (id)"]
    );
    for rebuilt in ["made", "id"] {
        assert!(statements(Kind::MissingColumn, without(rebuilt)).contains(&"BEGIN IMMEDIATE".to_owned()), "{rebuilt}");
    }
}

#[test]
fn a_column_that_rows_cannot_have_a_value_for_is_added_by_hand() {
    let mut declared = declared();
    sales(&mut declared).columns[1].nullable = false;
    let mut actual = declared.clone();
    sales(&mut actual).columns.remove(1);
    let mut found = crate::diff(&declared, &actual);
    crate::mend(&declared, &actual, "main", &mut found);
    let mend = found[0].mend.clone().expect("every difference says how it is mended");
    assert!(mend.is_by_hand());
    assert!(mend.caution.expect("it says why").contains("region"));
}

#[test]
fn a_column_is_dropped_alone_where_nothing_else_means_it() {
    let with = |text: &'static str, name: &'static str| {
        move |actual: &mut Catalog| {
            sales(actual).columns.push(column(name, "text"));
            sales(actual).sql = sql(text);
        }
    };
    let alone = "CREATE TABLE sales (region text, odd text CHECK (odd <> ''))";
    assert_eq!(statements(Kind::ExtraColumn, with(alone, "odd")), ["ALTER TABLE \"sales\" DROP COLUMN \"odd\""]);
    for meant in ["region text, odd text UNIQUE", "region text, odd text, CHECK (\"Odd\" <> region)"] {
        let text: &'static str = Box::leak(format!("CREATE TABLE sales ({meant})").into_boxed_str());
        assert!(statements(Kind::ExtraColumn, with(text, "odd")).len() > 5, "{meant}");
    }
    let renamed = mends(|actual| sales(actual).columns[1].name = "Region".to_owned());
    for (_, mend) in renamed {
        assert_eq!(mend.statements, ["ALTER TABLE \"sales\" RENAME COLUMN \"Region\" TO \"region\""]);
    }
}

#[test]
fn all_else_of_a_table_is_mended_by_making_it_anew_with_its_rows_and_its_number() {
    let found = mends(|actual| {
        sales(actual).columns[1].nullable = false;
        sales(actual).columns[2].generated = Some("(region) STORED".to_owned());
        sales(actual).columns.push(column("extra", "text"));
    });
    let (_, mend) = found.iter().find(|(kind, _)| *kind == Kind::ColumnNullability).expect("it is found");
    assert_eq!(
        mend.statements,
        [
            "PRAGMA foreign_keys = OFF",
            "PRAGMA legacy_alter_table = ON",
            "BEGIN IMMEDIATE",
            "ALTER TABLE \"sales\" RENAME TO \"kiln_old_sales\"",
            &SALES.replacen("sales", "\"sales\"", 1),
            "INSERT OR ROLLBACK INTO \"sales\" (\"id\", \"region\", \"note\", \"made\", \"shop\") \
             SELECT \"id\", \"region\", \"note\", \"made\", \"shop\" FROM \"kiln_old_sales\"",
            "DELETE FROM sqlite_sequence WHERE name = 'sales' AND EXISTS \
             (SELECT 1 FROM sqlite_sequence WHERE name = 'kiln_old_sales')",
            "INSERT INTO sqlite_sequence (name, seq) SELECT 'sales', seq FROM sqlite_sequence \
             WHERE name = 'kiln_old_sales'",
            "CREATE TEMP TABLE kiln_check (problems INTEGER NOT NULL CHECK (problems = 0))",
            "INSERT OR ROLLBACK INTO temp.kiln_check SELECT count(*) - 1 FROM sqlite_schema \
             WHERE type = 'table' AND lower(name) = lower('sales')",
            "INSERT OR ROLLBACK INTO temp.kiln_check \
             SELECT (SELECT count(*) FROM \"kiln_old_sales\") - (SELECT count(*) FROM \"sales\")",
            "INSERT OR ROLLBACK INTO temp.kiln_check SELECT count(*) FROM pragma_foreign_key_check('sales')",
            "DROP TABLE temp.kiln_check",
            "DROP TABLE \"kiln_old_sales\"",
            "CREATE INDEX by_region ON sales (region)",
            "CREATE TRIGGER touch ...",
            "COMMIT",
            "PRAGMA legacy_alter_table = OFF",
            "PRAGMA foreign_keys = ON",
        ]
    );
    assert!(mend.caution.as_ref().is_some_and(|caution| caution.ends_with("loses the values of extra")));
}

#[test]
fn a_table_that_names_itself_cannot_be_set_aside() {
    let found = mends(|actual| {
        sales(actual).columns[1].nullable = false;
        sales(actual).sql = sql(&SALES.replace("region <>", "sales.region <>"));
    });
    let (_, mend) = found.iter().find(|(kind, _)| *kind == Kind::ColumnNullability).expect("it is found");
    assert!(mend.is_by_hand());
}

#[test]
fn a_table_without_a_column_for_its_rowid_keeps_its_rowids() {
    let mut declared = declared();
    sales(&mut declared).primary_key = None;
    let mut actual = declared.clone();
    sales(&mut actual).properties.push("STRICT".to_owned());
    let copy = |declared: &Catalog, actual: &Catalog| {
        let mut found = crate::diff(declared, actual);
        crate::mend(declared, actual, "main", &mut found);
        found[0].mend.clone().expect("every difference says how it is mended").statements[5].clone()
    };
    assert!(copy(&declared, &actual).contains("(rowid, \"id\", "));
    sales(&mut declared).columns.push(column("RowID", "text"));
    assert!(copy(&declared, &actual).contains("(_rowid_, \"id\", "));
    sales(&mut actual).properties.push("WITHOUT ROWID".to_owned());
    assert!(copy(&declared, &actual).contains("(\"id\", "));
}

#[test]
fn what_has_no_text_is_mended_by_hand() {
    let catalog: Catalog = serde_json::from_str(&serde_json::to_string(&declared()).expect("it is plain data"))
        .expect("it reads what it wrote");
    let mut found = crate::diff(&catalog, &Catalog::empty(Dialect::Sqlite));
    crate::mend(&catalog, &Catalog::empty(Dialect::Sqlite), "main", &mut found);
    assert!(found.len() >= 4);
    for drift in found {
        assert!(drift.mend.expect("every difference says how it is mended").is_by_hand(), "{}", drift.object);
    }
}
