//! What is longer than an engine takes: texts, statements, names.

use migration::idempotent::{
    Ensured, ensure_column, ensure_foreign_key, ensure_index, ensure_table, ensure_unique, require_tables,
};
use sea_orm_migration::SchemaManager;
use sea_orm_migration::prelude::*;

use crate::OnBackend;
use crate::backend::{Backend, Home, runtime};
use crate::script::{self, Do, Migration, migration};

pub const TESTS: &[OnBackend] = &[
    (
        "a_migration_whose_texts_do_not_fit_a_packet_is_applied_and_known",
        a_migration_whose_texts_do_not_fit_a_packet_is_applied_and_known,
    ),
    ("a_journal_of_long_texts_is_resumed", a_journal_of_long_texts_is_resumed),
    ("a_statement_that_is_too_long_is_named", a_statement_that_is_too_long_is_named),
    ("a_long_name_is_found_again", a_long_name_is_found_again),
    ("names_that_are_one_to_the_server_are_refused", names_that_are_one_to_the_server_are_refused),
];

/// Three fifths of MariaDB's usual limit of 16 MiB: two of them are over it.
const LONG: usize = 10 << 20;

fn long(sql: &str, letters: usize) -> Do {
    Do::Long(sql.to_owned(), letters)
}

/// A migration with two long texts, each of which fits.
fn two_long(letters: usize, end: &str) -> Vec<Migration> {
    let data_type = "CREATE TABLE a (id bigint, t TEXT)";
    let mut both = migration("m1", &[], &["DROP TABLE a"]);
    let create = data_type.replace("TEXT", "LONGTEXT");
    both.up = vec![
        Do::Sql(create),
        long("INSERT INTO a VALUES (1, 'LONG')", letters),
        long(&format!("INSERT INTO a VALUES (2, 'LONG{end}')"), letters),
    ];
    vec![both]
}

/// On the other engines, whose limits are no settings, what is in pieces is shorter.
fn letters(home: &Home) -> usize {
    if home.backend == Backend::MariaDb { LONG } else { 300 << 10 }
}

fn on_engine(home: &Home, mut migrations: Vec<Migration>) -> Vec<Migration> {
    if home.backend != Backend::MariaDb {
        for step in &mut migrations[0].up {
            if let Do::Sql(text) = step {
                *text = text.replace("LONGTEXT", "text");
            }
        }
    }
    migrations
}

fn a_migration_whose_texts_do_not_fit_a_packet_is_applied_and_known(home: &Home) {
    let letters = letters(home);
    let all = on_engine(home, two_long(letters, ""));
    script::run(home, &all, "migrate up", 0);
    assert_eq!(home.number("SELECT count(*) AS n FROM a"), 2);
    script::run(home, &all, "migrate status --exit-code", 0);
    let longest = "SELECT CAST(max(length(kiln_history.sql)) AS CHAR(20)) AS t FROM kiln_history";
    let longest: usize = home.texts(longest)[0].trim().parse().expect("a number");
    assert!(longest <= 256 << 10, "{longest}");
    // What was there is known to the letter.
    let edited = on_engine(home, two_long(letters, "!"));
    let said = script::run(home, &edited, "migrate up", 3);
    assert!(said.err.contains("  - ... INTO a VALUES (2, "), "{}", said.err);
    assert!(said.err.len() < 3_000, "{}", said.err.len());
    script::run(home, &edited, "migrate repair script", 0);
    script::run(home, &edited, "migrate status --exit-code", 0);
    script::run(home, &edited, "migrate down script --confirm", 0);
    assert!(home.catalog().tables.is_empty() || !home.catalog().tables.contains_key("a"));
}

/// Killed between two long statements, and after reading a long row.
fn a_journal_of_long_texts_is_resumed(home: &Home) {
    let mut all = on_engine(home, two_long(300 << 10, ""));
    all[0].transaction = Some(false);
    all[0]
        .up
        .insert(2, Do::Read("SELECT count(*) AS n, max(t) AS t FROM a".to_owned(), "UPDATE a SET id = ?".to_owned()));
    all[0].up.push(Do::Sql("INSERT INTO gone VALUES (1)".to_owned()));
    script::run(home, &all, "migrate up", 4);
    assert!(home.number("SELECT count(*) AS n FROM kiln_history WHERE position < 0") > 3);
    let mut edited = all.clone();
    edited[0].up[1] = long("INSERT INTO a VALUES (1, 'LONGER')", 300 << 10);
    let said = script::run(home, &edited, "migrate up", 3);
    assert!(
        said.err.contains("its statement 2 was run before it was interrupted, and now reads otherwise"),
        "{}",
        said.err
    );
    home.sql(&["CREATE TABLE gone (id integer)"]);
    let said = script::run(home, &all, "migrate up", 0);
    assert!(said.out.contains("resumed after statement 5"), "{}", said.out);
    assert_eq!(home.number("SELECT count(*) AS n FROM a"), 2);
    assert_eq!(home.number("SELECT count(*) AS n FROM kiln_history WHERE position > 0 OR position < -4096"), 0);
    script::run(home, &all, "migrate status --exit-code", 0);
}

fn a_statement_that_is_too_long_is_named(home: &Home) {
    if home.backend != Backend::MariaDb {
        return;
    }
    let mut all = on_engine(home, two_long(10, ""));
    all[0].up[2] = long("INSERT INTO a VALUES (2, 'LONG')", 17 << 20);
    let said = script::run(home, &all, "migrate up", 4);
    let length = (17 << 20) + "INSERT INTO a VALUES (2, '')".len();
    let told = format!("the statement is {length} bytes long, and MariaDB takes 16777216 (max_allowed_packet) at once");
    assert!(said.err.contains(&told), "{}", said.err);
    assert!(said.err.contains("`SET GLOBAL max_allowed_packet = 33554432`"), "{}", said.err);
    assert!(said.err.contains("its statement 3: INSERT INTO a VALUES (2, 'xxx"), "{}", said.err);
    assert!(said.err.contains("2 statements of m1 are done and stay; fix the cause"), "{}", said.err);
    let said = script::run(home, &on_engine(home, two_long(10, "")), "migrate up", 0);
    assert!(said.out.contains("resumed after statement 2"), "{}", said.out);
}

/// Runs `body` on a home with a table of shops.
fn on(home: &Home, body: impl AsyncFnOnce(&SchemaManager<'_>)) {
    home.sql(&["CREATE TABLE shops (id integer PRIMARY KEY, code varchar(20) NOT NULL)"]);
    runtime().block_on(async {
        let db = home.connect().await;
        body(&SchemaManager::new(&db)).await;
        db.close().await.expect("a connection closes");
    });
}

/// Names of 64 letters and of 64 letters of two bytes: MariaDB's most, and cut by PostgreSQL.
fn a_long_name_is_found_again(home: &Home) {
    on(home, async |manager| {
        for letter in ["x", "ä"] {
            let name = |kind: &str| format!("{kind}_{}", letter.repeat(63 - kind.len()));
            let visits = Table::create()
                .table(name("visits"))
                .col(ColumnDef::new(name("id")).integer().not_null().primary_key())
                .col(ColumnDef::new(name("shop")).integer().not_null())
                .index(Index::create().name(name("uq")).unique().col(name("shop")).col(name("id")))
                .check((name("ck"), Expr::col(name("id")).gt(0)))
                .foreign_key(ForeignKey::create().name(name("fk")).from(name("visits"), name("shop")).to("shops", "id"))
                .take();
            let column = ColumnDef::new(name("more")).integer().take();
            let index = Index::create().name(name("ix")).col(name("shop")).take();
            let key =
                ForeignKey::create().name(name("fk2")).from(name("visits"), name("more")).to("shops", "id").take();
            for wanted in [Ensured::Added, Ensured::There] {
                // Later additions make the table another one than its form.
                if wanted == Ensured::Added {
                    let table = std::slice::from_ref(&visits);
                    assert_eq!(ensure_table(manager, table).await, Ok(Ensured::Added));
                    assert_eq!(ensure_table(manager, table).await, Ok(Ensured::There));
                    require_tables(manager, &[&name("visits")], "make visits").await.expect("it is there");
                }
                assert_eq!(ensure_column(manager, &name("visits"), &column).await, Ok(wanted));
                assert_eq!(ensure_index(manager, &name("visits"), &index).await, Ok(wanted));
                let more = [name("id"), name("more")];
                let columns: Vec<&str> = more.iter().map(String::as_str).collect();
                assert_eq!(ensure_unique(manager, &name("visits"), &name("uq2"), &columns).await, Ok(wanted));
                if home.backend != Backend::Sqlite {
                    assert_eq!(ensure_foreign_key(manager, &key).await, Ok(wanted));
                }
            }
        }
    });
}

fn names_that_are_one_to_the_server_are_refused(home: &Home) {
    if home.backend != Backend::Postgres {
        return;
    }
    on(home, async |manager| {
        let name = |end: &str| format!("{}{end}", "x".repeat(63));
        let two = Table::create()
            .table("visits")
            .col(ColumnDef::new(name("a")).integer())
            .col(ColumnDef::new(name("b")).integer())
            .take();
        let said = ensure_table(manager, &[two]).await.expect_err("two columns of one name").to_string();
        let told = format!("{} and {} are one name to PostgreSQL", name("a"), name("b"));
        assert!(said.contains(&told), "{said}");
        let index = |end: &str, column: &'static str| Index::create().name(name(end)).col(column).take();
        assert_eq!(ensure_index(manager, "shops", &index("a", "code")).await, Ok(Ensured::Added));
        let said = ensure_index(manager, "shops", &index("b", "id")).await.expect_err("another index").to_string();
        assert!(said.contains("PostgreSQL keeps the first 63 bytes of it") && said.contains("shorten it"), "{said}");
    });
}
