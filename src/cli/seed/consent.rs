//! What a run would remove or leave out is said first: `--confirm` agrees to it.

use seeder::{Gap, Plan};

use super::super::session::Session;
use crate::error::Error;
use crate::report::ask;

/// What a run may do besides what its request says.
#[derive(Clone, Debug, Default)]
pub(super) struct Consent {
    /// `--confirm`.
    pub(super) is_confirmed: bool,
    /// `--backup FILE`.
    pub(super) backup: Option<String>,
}

/// Refuses a plan that removes rows or leaves days out, unless `--confirm` agrees to it. Somebody at a
/// terminal is asked whether days may be left out.
pub(super) fn ask(session: &Session, plan: &Plan, is_confirmed: bool) -> Result<(), Error> {
    let settings = &session.settings;
    let is_agreed = is_confirmed || !(settings.requires_confirm || settings.is_production);
    refuse_removal(plan, is_agreed)?;
    match &plan.gap {
        Some(gap) if is_agreed => session.printer.warn(&gap.to_string()),
        Some(gap) => ask_for_gap(session, gap)?,
        None => {}
    }
    Ok(())
}

fn refuse_removal(plan: &Plan, is_agreed: bool) -> Result<(), Error> {
    let removed = plan.tables.iter().filter(|table| table.delete > 0);
    let removed: Vec<_> =
        removed.map(|table| format!("{} ({})", table.table, seeder::counted_rows(table.delete))).collect();
    if removed.is_empty() || is_agreed {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "this deletes what is in {}; give --confirm to do it, --backup FILE to keep a copy, --dry-run to see it first",
        removed.join(", ")
    )))
}

fn ask_for_gap(session: &Session, gap: &Gap) -> Result<(), Error> {
    match ask::go_on(&session.printer, &gap.to_string())? {
        Some(true) => Ok(()),
        Some(false) => Err(Error::Refused("nothing is changed".to_owned())),
        None => Err(Error::Refused(format!("{gap}; append these days first, or give --confirm to leave them out"))),
    }
}
