//! The integration tests: one binary, one list of trials.
//!
//! SQLite always runs. PostgreSQL and MariaDB run when `TEST_POSTGRES_URL` and `TEST_MARIADB_URL`
//! name servers on which databases may be created; otherwise their trials are listed as ignored
//! and the last lines say so.

#![allow(unreachable_pub, reason = "a test binary has no outside")]
#![allow(clippy::expect_used, clippy::needless_pass_by_value, reason = "a test that cannot go on stops")]

mod adoption;
mod analytics;
mod backend;
mod cli;
mod conformance;
mod corpus;
mod crash;
mod demand;
mod diagrams;
mod differences;
mod documents;
mod drift;
mod edits;
mod entities;
mod formats;
mod generated;
mod house;
mod idempotent;
mod interrupts;
mod limits;
mod loading;
mod messages;
mod own_project;
mod own_seeder;
mod pooler;
mod probe;
mod progress;
mod promises;
mod proxy;
mod references;
mod registry;
mod retail;
mod runners;
mod script;
mod secrets;
mod seeding;
mod sequences;
mod servers;
mod session;
mod settings;
mod terminal;
mod verbs;
mod weekly_actuals;

use std::io::Write as _;
use std::process::ExitCode;

use backend::{Backend, Home};
use libtest_mimic::{Arguments, Failed, Trial};

/// A test that runs on every backend, each time in a fresh home.
type OnBackend = (&'static str, fn(&Home));

/// A test that runs on every backend for every schema that comes with kiln, each in a home of its own.
type OnSchema = (&'static str, fn(&Home));

/// A test of one server.
type OnServer = (&'static str, Backend, fn());

/// A test that runs once.
type Alone = (&'static str, fn());

fn main() -> ExitCode {
    if script::is_this() {
        return script::main();
    }
    if promises::is_this() {
        return promises::main();
    }
    if own_seeder::is_this() {
        return own_seeder::main();
    }
    let arguments = Arguments::from_args();
    let lists = arguments.list;
    let trials = [on_backends(), on_schemas(), alone(), on_servers()].into_iter().flatten().collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    backend::sweep_own();
    if !lists {
        left_out();
    }
    conclusion.exit_code()
}

/// A trial of this name; ignored where what it needs is not here.
fn trial(name: String, is_here: bool, test: impl FnOnce() + Send + 'static) -> Trial {
    let run = move || {
        test();
        Ok::<(), Failed>(())
    };
    Trial::test(name, run).with_ignored_flag(!is_here)
}

fn on_backends() -> Vec<Trial> {
    // The PostgreSQL schema that the home's connections look names up in.
    let modules = [
        ("public", "adoption", adoption::TESTS),
        ("market", "analytics", analytics::TESTS),
        ("market", "conformance", conformance::TESTS),
        ("public", "corpus", corpus::TESTS),
        ("public", "crash", crash::TESTS),
        ("demand", "demand", demand::TESTS),
        ("market", "differences", differences::TESTS),
        ("market", "documents", documents::TESTS),
        ("market", "drift", drift::TESTS),
        ("public", "edits", edits::TESTS),
        ("market", "entities", entities::TESTS),
        ("market", "idempotent", idempotent::TESTS),
        ("public", "interrupts", interrupts::TESTS),
        ("public", "limits", limits::TESTS),
        ("demand", "loading", loading::TESTS),
        ("public", "messages", messages::TESTS),
        ("market", "own_project", own_project::TESTS),
        ("public", "own_seeder", own_seeder::TESTS),
        ("market", "probe", probe::ON_MARKET),
        ("public", "probe", probe::TESTS),
        ("public", "promises", promises::TESTS),
        ("public", "promises::unwritable", promises::unwritable::TESTS),
        ("public", "references", references::TESTS),
        ("public", "runners", runners::TESTS),
        ("market", "secrets", secrets::TESTS),
        ("market", "seeding", seeding::TESTS),
        ("market", "sequences", sequences::TESTS),
        ("public", "session", session::TESTS),
        ("public", "verbs", verbs::TESTS),
        ("market", "weekly_actuals", weekly_actuals::TESTS),
    ];
    let mut trials = Vec::new();
    for (schema, module, tests) in modules {
        for (name, test) in tests {
            for backend in Backend::ALL {
                let run = move || test(&Home::of(backend, schema));
                trials.push(trial(format!("{module}::{backend}::{name}"), backend.is_here(), run));
            }
        }
    }
    trials
}

fn on_schemas() -> Vec<Trial> {
    let modules = [
        ("documents", documents::OF_SCHEMAS, &Backend::ALL[..], true),
        ("generated", generated::OF_SCHEMAS, &[Backend::Postgres], generated::is_here()),
        ("probe", probe::OF_SCHEMAS, &Backend::ALL, true),
        ("retail", retail::OF_SCHEMAS, &Backend::ALL, true),
    ];
    let mut trials = Vec::new();
    for (module, tests, backends, has_tools) in modules {
        for (name, test) in tests {
            for backend in backends.iter().copied() {
                for schema in kiln::retail::schemas() {
                    let schema = schema.name();
                    let name = format!("{module}::{backend}::{schema}::{name}");
                    let run = move || test(&Home::of(backend, schema));
                    trials.push(trial(name, backend.is_here() && has_tools, run));
                }
            }
        }
    }
    trials
}

fn alone() -> Vec<Trial> {
    let modules = [
        ("cli", cli::TESTS),
        ("corpus", corpus::ALONE),
        ("diagrams", diagrams::TESTS),
        ("demand", demand::ALONE),
        ("differences", differences::ALONE),
        ("entities", entities::ALONE),
        ("formats", formats::TESTS),
        ("house", house::TESTS),
        ("progress", progress::TESTS),
        ("registry", registry::TESTS),
    ];
    let tests = modules.into_iter().flat_map(|(module, tests)| tests.iter().map(move |test| (module, test)));
    tests.map(|(module, (name, test))| trial(format!("{module}::{name}"), true, test)).collect()
}

fn on_servers() -> Vec<Trial> {
    let tests = servers::TESTS
        .iter()
        .chain(differences::ON_SERVERS)
        .chain(loading::ON_POSTGRES)
        .chain(analytics::ON_POSTGRES)
        .chain(corpus::ON_POSTGRES)
        .chain(settings::ON_POSTGRES)
        .chain(interrupts::ON_SERVERS)
        .chain(runners::ON_SERVERS)
        .chain(seeding::ON_SERVERS)
        .chain(verbs::ON_SERVERS);
    let pooled = runners::POOLED.iter().map(|test| (test, pooler::is_here()));
    let own = settings::ON_OWN_MARIADB.iter().map(|test| (test, settings::is_mariadbd_here()));
    let tests = tests.map(|test| (test, true)).chain(pooled).chain(own);
    tests
        .map(|((name, backend, test), has_tools)| {
            trial(format!("servers::{backend}::{name}"), backend.is_here() && has_tools, test)
        })
        .collect()
}

/// Says what did not run, and why.
fn left_out() {
    let backends = Backend::ALL.into_iter().filter(|backend| !backend.is_here());
    let mut lines: Vec<String> =
        backends.map(|backend| format!("left out: {backend}, because {} is not set\n", backend.variable())).collect();
    if Backend::Postgres.is_here() && !pooler::is_here() {
        lines.push("left out: what runs behind a pooler, because pgbouncer is not installed\n".to_owned());
    }
    if Backend::MariaDb.is_here() && !settings::is_mariadbd_here() {
        lines.push("left out: a MariaDB that is set otherwise, because mariadbd is not installed\n".to_owned());
    }
    if !generated::is_here() {
        lines.push(
            "left out: generated entities, because .ci/sea-orm-cli has not installed sea-orm-cli here\n".to_owned(),
        );
    }
    let mut out = std::io::stdout();
    out.write_all(lines.concat().as_bytes()).expect("a test can say what it left out");
}
