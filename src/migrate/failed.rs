//! A migration that failed: what was done before it, at which statement, and what is left of it.

use std::fmt;

use sea_orm::DbErr;

use super::apply::Step;
use super::plan::Direction;
use crate::error::words;

/// What a failed migration leaves in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remains {
    /// It was rolled back.
    RolledBack,
    /// It had done nothing.
    Nothing,
    /// So many statements are done and journaled: the next run goes on after them.
    Half {
        /// How many.
        statements: usize,
    },
    /// The database could not be asked any more.
    Unknown,
}

/// A migration that failed, with what was done before it.
#[derive(Debug)]
pub struct Failed {
    /// The schema's name.
    pub schema: String,
    /// What ran before it, and stays.
    pub done: Vec<Step>,
    /// The version that failed.
    pub version: String,
    /// The number and the text of the statement that failed; none where the migration itself gave up.
    pub statement: Option<(usize, String)>,
    /// What it leaves.
    pub remains: Remains,
    /// What the database said.
    pub source: DbErr,
    pub(crate) direction: Direction,
}

/// How much of a statement a message shows, in letters.
const SHOWN: usize = 400;

impl Failed {
    /// Whether the migration itself refused to go on, and not the database.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self.source, DbErr::Migration(_))
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, command) = match self.direction {
            Direction::Up => ("applied", "up"),
            Direction::Down => ("rolled back", "down"),
        };
        write!(f, "{} could not be {verb}: {}", self.version, words(&self.source))?;
        if let Some((number, text)) = self.statement.as_ref().filter(|_| !self.is_refusal()) {
            let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let shown: String = text.chars().take(SHOWN).collect();
            let more = if shown.len() < text.len() { " ..." } else { "" };
            write!(f, "\n  its statement {number}: {shown}{more}\n")?;
        } else {
            f.write_str("; ")?;
        }
        match self.done.len() {
            0 => {}
            1 => f.write_str("1 migration was done before it; ")?,
            count => write!(f, "{count} migrations were done before it; ")?,
        }
        let schema = &self.schema;
        match self.remains {
            Remains::RolledBack => f.write_str("nothing of it stays")?,
            Remains::Nothing => f.write_str("nothing of it is done")?,
            Remains::Half { statements: 1 } => f.write_str("its first statement is done and stays")?,
            Remains::Half { statements } => write!(f, "its first {statements} statements are done and stay")?,
            Remains::Unknown => {
                return write!(f, "look with `kiln migrate status {schema}` at what is left of it");
            }
        }
        write!(f, "; mend the cause and run `kiln migrate {command} {schema}` again")?;
        if matches!(self.remains, Remains::Half { .. }) {
            write!(
                f,
                ", which goes on from there; or undo by hand what is done, and run `kiln migrate repair {schema}`"
            )?;
        }
        Ok(())
    }
}
