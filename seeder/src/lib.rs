//! Rows from numbers, and the way into tables.
//!
//! A [`Seeder`] says which rows a schema gets; the engine plans, generates on several threads,
//! writes them with their ledger entry in one transaction, and verifies by SQL what the database
//! then holds. Every value is a function of its address (see [`rng`]), so a seed and a set of
//! options give the same bytes on every machine, thread count and database.

pub mod calendar;
mod config;
mod digest;
pub mod dist;
mod engine;
mod error;
mod generate;
pub mod ledger;
#[cfg(feature = "retail")]
pub mod market;
mod option;
mod plan;
pub mod rng;
mod seeder;
mod sink;
mod table;
mod verify;

pub use config::{Layer, from_yaml, of_scenario};
pub use engine::{Applied, Outcome, digests, plan, run, verify_live};
pub use error::Error;
pub use generate::Load;
pub use option::{COMMON, OptionKind, OptionSpec, OptionValue, Options, Scenario, Settings};
pub use plan::{Found, Operation, Plan, Scope, Survey, TablePlan, command_of, survey};
pub use seeder::{Figure, Made, Measure, Observer, Request, Seeder};
pub use table::{Reference, Seeded, SeededTable};
pub use verify::{Check, Checked, Expect, Subject};
