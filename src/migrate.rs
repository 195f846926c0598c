//! Applying and rolling back: plan, lock, record, history, and what a rollback would lose.

pub(crate) mod amend;
pub(crate) mod apply;
pub(crate) mod clear;
pub(crate) mod edit;
pub(crate) mod failed;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod lock;
pub(crate) mod loss;
pub(crate) mod one;
mod panicked;
pub(crate) mod plan;
pub(crate) mod record;
pub(crate) mod reference;
pub(crate) mod script;
pub(crate) mod statement;
pub(crate) mod unrecorded;
pub(crate) mod verify;

pub use apply::Step;
pub use failed::{Failed, Remains};
