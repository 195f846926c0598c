//! A stranger's project through every command: `examples/bring_your_own.rs`, and a program that
//! takes its connection from kiln.

use crate::OnBackend;
use crate::backend::{Backend, Home, Said, example};

pub const TESTS: &[OnBackend] = &[
    ("every_command_works_on_it", every_command_works_on_it),
    ("its_drift_is_found_and_named_by_its_own_fields", its_drift_is_found_and_named_by_its_own_fields),
    ("a_program_gets_its_connection_from_kiln", a_program_gets_its_connection_from_kiln),
];

fn blog(home: &Home, arguments: &str, code: i32) -> Said {
    Said::by(&mut home.program(example("bring_your_own"), arguments), code)
}

fn every_command_works_on_it(home: &Home) {
    assert!(blog(home, "schemas", 0).out.contains("0 of 2"));
    blog(home, "check blog", 1);
    blog(home, "migrate up --seed", 0);
    let said = blog(home, "check --strict", 0);
    assert!(said.out.starts_with("blog: no drift (2 tables, 7 columns"), "{}", said.out);
    assert!(blog(home, "schemas", 0).out.contains("2 of 2"));
    assert!(blog(home, "migrate status --exit-code", 0).out.contains("blog: 2 applied, 0 pending, 0 missing"));
    blog(home, "migrate down blog --all", 0);
    assert!(blog(home, "schemas", 0).out.contains("0 of 2"));
    blog(home, "migrate up blog --to m20260101", 0);
    blog(home, "migrate up", 0);
    blog(home, "check", 0);
    assert!(blog(home, "completions bash", 0).out.contains("blog"));
}

fn its_drift_is_found_and_named_by_its_own_fields(home: &Home) {
    blog(home, "migrate up", 0);
    let namespace = if home.backend == Backend::Postgres { "public." } else { "" };
    home.sql(&[
        &format!("ALTER TABLE {namespace}posts DROP COLUMN body"),
        &format!("INSERT INTO {namespace}authors (name) VALUES ('Ann')"),
    ]);
    let said = blog(home, "check", 1);
    assert!(said.out.contains("missing-column  posts.body"), "{}", said.out);
    assert!(said.out.contains("promised-column  posts.body  bring_your_own::Post::body"), "{}", said.out);
    let said = blog(home, "migrate down blog --all", 3);
    assert!(said.err.contains("table authors (1 row)"), "{}", said.err);
}

fn a_program_gets_its_connection_from_kiln(home: &Home) {
    let connect = |code| Said::by(&mut home.program(example("connect"), ""), code);
    if home.backend == Backend::MariaDb {
        home.sql(&[&format!("DROP DATABASE {}", home.database)]);
    }
    let said = connect(1);
    assert!(said.err.contains("market is not there yet"), "{}", said.err);
    home.kiln("migrate up market --seed", 0);
    assert!(connect(0).out.starts_with("10 clients, the first of them "), "{}", connect(0).out);
}
