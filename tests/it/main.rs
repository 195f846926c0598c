//! The integration tests: one binary, one list of trials.
//!
//! SQLite always runs. PostgreSQL and MariaDB run when `TEST_POSTGRES_URL` and `TEST_MARIADB_URL`
//! name servers on which databases may be created; otherwise their trials are listed as ignored
//! and the last lines say so.

#![allow(unreachable_pub, reason = "a test binary has no outside")]
#![allow(clippy::expect_used, clippy::needless_pass_by_value, reason = "a test that cannot go on stops")]

mod analytics;
mod backend;
mod cli;
mod conformance;
mod diagrams;
mod documents;
mod drift;
mod entities;
mod generated;
mod house;
mod idempotent;
mod own_project;
mod registry;
mod retail;
mod seeding;
mod servers;
mod weekly_actuals;

use std::io::Write as _;
use std::process::ExitCode;

use backend::{Backend, Home};
use libtest_mimic::{Arguments, Failed, Trial};

/// A test that runs on every backend, each time in a fresh home.
type OnBackend = (&'static str, fn(&Home));

/// A test that runs on every backend for every schema that comes with kiln, each in a home of its own.
type OnSchema = (&'static str, fn(&Home));

/// A test that runs once.
type Alone = (&'static str, fn());

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for (module, tests) in [
        ("analytics", analytics::TESTS),
        ("conformance", conformance::TESTS),
        ("documents", documents::TESTS),
        ("drift", drift::TESTS),
        ("entities", entities::TESTS),
        ("idempotent", idempotent::TESTS),
        ("own_project", own_project::TESTS),
        ("seeding", seeding::TESTS),
        ("weekly_actuals", weekly_actuals::TESTS),
    ] {
        for (name, test) in tests {
            for backend in Backend::ALL {
                let run = move || {
                    let home = Home::new(backend);
                    test(&home);
                    Ok::<(), Failed>(())
                };
                let trial = Trial::test(format!("{module}::{backend}::{name}"), run);
                trials.push(trial.with_ignored_flag(!backend.is_here()));
            }
        }
    }
    for (module, tests, backends) in [
        ("documents", documents::OF_SCHEMAS, &Backend::ALL[..]),
        ("generated", generated::OF_SCHEMAS, &[Backend::Postgres]),
        ("retail", retail::OF_SCHEMAS, &Backend::ALL),
    ] {
        let has_tools = module != "generated" || generated::is_here();
        for (name, test) in tests {
            for backend in backends.iter().copied() {
                for schema in kiln::retail::schemas() {
                    let schema = schema.name();
                    let run = move || {
                        let home = Home::of(backend, schema);
                        test(&home);
                        Ok::<(), Failed>(())
                    };
                    let trial = Trial::test(format!("{module}::{backend}::{schema}::{name}"), run);
                    trials.push(trial.with_ignored_flag(!backend.is_here() || !has_tools));
                }
            }
        }
    }
    for (module, tests) in [
        ("cli", cli::TESTS),
        ("diagrams", diagrams::TESTS),
        ("entities", entities::ALONE),
        ("house", house::TESTS),
        ("registry", registry::TESTS),
    ] {
        for (name, test) in tests {
            let run = move || {
                test();
                Ok::<(), Failed>(())
            };
            trials.push(Trial::test(format!("{module}::{name}"), run));
        }
    }
    for (name, backend, test) in servers::TESTS.iter().chain(analytics::ON_POSTGRES) {
        let run = move || {
            test();
            Ok::<(), Failed>(())
        };
        trials.push(Trial::test(format!("servers::{backend}::{name}"), run).with_ignored_flag(!backend.is_here()));
    }

    let lists = arguments.list;
    let conclusion = libtest_mimic::run(&arguments, trials);
    backend::sweep_own();
    if !lists {
        for backend in Backend::ALL.into_iter().filter(|backend| !backend.is_here()) {
            let line = format!("left out: {backend}, because {} is not set\n", backend.variable());
            std::io::stdout().write_all(line.as_bytes()).expect("a test can say what it left out");
        }
        if !generated::is_here() {
            let line = "left out: generated entities, because .ci/sea-orm-cli has not installed sea-orm-cli here\n";
            std::io::stdout().write_all(line.as_bytes()).expect("a test can say what it left out");
        }
    }
    conclusion.exit_code()
}
