//! Applying and rolling back: plan, apply, history, and what a rollback would lose.

pub(crate) mod apply;
pub(crate) mod clear;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod loss;
pub(crate) mod plan;

pub use apply::Failed;
