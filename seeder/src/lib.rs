//! Rows from numbers, and the way into tables.
//!
//! A [`Seeder`] says which rows a schema gets; the engine plans, generates on several threads,
//! writes them with their ledger entry in one transaction, and verifies by SQL what the database
//! then holds. Every value is a function of its address (see [`rng`]), so a seed and a set of
//! options give the same bytes on every machine, thread count and database.

mod append;
pub mod calendar;
mod canonical;
mod config;
#[cfg(feature = "retail")]
pub mod demand;
mod digest;
pub mod dist;
mod engine;
mod error;
mod generate;
mod kind;
pub mod ledger;
#[cfg(feature = "retail")]
pub mod market;
mod node;
mod option;
mod plan;
pub mod rng;
mod seeder;
mod sink;
mod table;
mod value;
mod verify;
mod words;

pub use config::{Layer, from_yaml, of_assignments, of_scenario};
pub use engine::{Applied, Live, Outcome, plan, run, survey, verify_live};
pub use error::Error;
pub use generate::Load;
pub use kind::OptionKind;
pub use node::{Key, Node, Place, Tree, Wrong};
pub use option::{COMMON, OptionSpec, Options, Scenario, Settings};
pub use plan::{Found, Gap, Operation, Plan, Scope, Survey, TablePlan, command_of, refuse_unsaid_days};
pub use seeder::{Addition, Edit, Figure, Made, Measure, Names, Observer, Plot, Request, Seeder, Style};
pub use table::{Reference, Seeded, SeededTable};
pub use value::{Holiday, OptionValue};
pub use verify::{Check, Checked, Expect, Subject, as_left};
pub use words::counted_rows;
