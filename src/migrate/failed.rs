//! A migration that failed: what was done before it, at which statement, and what is left of it.

use std::fmt;

use catalog::{counted, is_or_are};
use sea_orm::DbErr;

use super::apply::Step;
use super::plan::Direction;
use crate::error::{NotInTransaction, not_in_transaction, words};

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
    /// As `Half`, and the statement at which it ended may be done.
    Begun {
        /// How many statements are done besides.
        statements: usize,
        /// Whether the next run can tell from the structure, and goes on.
        can_be_told: bool,
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
    ///
    /// Numbers count from 1 what the migration runs, less its looks at what structure there is.
    pub statement: Option<(usize, String)>,
    /// What it leaves.
    pub remains: Remains,
    /// What the database said.
    pub source: DbErr,
    pub(crate) direction: Direction,
    /// The verb that goes on, with its flags, where nothing of the migration stays: `up`, `redo`.
    pub(crate) verb: &'static str,
}

/// How much of a statement a message shows, in letters.
const SHOWN: usize = 400;

impl Failed {
    /// Whether the migration itself refused to go on, and not the database.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self.source, DbErr::Migration(_))
    }

    /// What ran before it.
    fn before(&self) -> String {
        let count = |direction| self.done.iter().filter(|step| step.direction == direction).count();
        let were =
            |count: usize| format!("{} {}", counted(count, "migration"), if count == 1 { "was" } else { "were" });
        let stay = |count: usize| if count == 1 { "stays" } else { "stay" };
        let is_own = |step: &Step| step.version == self.version;
        match (count(Direction::Down), count(Direction::Up)) {
            (0, 0) => String::new(),
            // The first half of a redo.
            (1, 0) if self.done.iter().all(is_own) => format!("{} was rolled back first; ", self.version),
            (0, up) => format!("{} applied before it and {} applied; ", were(up), stay(up)),
            (down, 0) => format!("{} rolled back before it and {} rolled back; ", were(down), stay(down)),
            (down, up) => {
                format!("{} rolled back and {up} applied again before it, and that stays; ", were(down))
            }
        }
    }

    /// What is left of it.
    fn left(&self) -> String {
        let version = &self.version;
        let what = match self.direction {
            Direction::Up => version.clone(),
            Direction::Down => format!("the rollback of {version}"),
        };
        let done = |count: usize| {
            let stay = if count == 1 { "stays" } else { "stay" };
            format!("{} of {what} {} done and {stay}", counted(count, "statement"), is_or_are(count))
        };
        match (self.remains, self.direction) {
            (Remains::RolledBack, Direction::Up) => format!("nothing of {version} stays, it is pending"),
            (Remains::RolledBack, Direction::Down) => format!("the rollback of {version} is undone, it stays applied"),
            (Remains::Nothing, Direction::Up) => format!("nothing of {what} is done, it is pending"),
            (Remains::Nothing, Direction::Down) => format!("nothing of {what} is done, it stays applied"),
            (Remains::Half { statements }, _) => done(statements),
            (Remains::Begun { statements: 0, can_be_told: true }, _) => {
                "whether this statement was done is looked up by the next run".to_owned()
            }
            (Remains::Begun { statements, can_be_told: true }, _) => {
                format!("{}; whether this one was done is looked up by the next run", done(statements))
            }
            (Remains::Begun { statements: 0, can_be_told: false }, _) => {
                "how much of this statement was done cannot be told".to_owned()
            }
            (Remains::Begun { statements, can_be_told: false }, _) => {
                format!("{}; how much of this one was done cannot be told", done(statements))
            }
            (Remains::Unknown, _) => format!("what is left of {what} is not known"),
        }
    }

    /// What to do about the cause.
    fn cause(&self) -> &'static str {
        match (not_in_transaction(&self.source), self.remains) {
            (Some(why), Remains::RolledBack) => why.way_out(),
            (Some(NotInTransaction::Statement), _) => "run the statement outside of the migration's own transaction",
            _ => "fix the cause",
        }
    }

    /// The verb that does the rest once a half-done rollback has come to its end.
    fn rest(&self) -> Option<&'static str> {
        match (self.direction, self.verb) {
            (Direction::Down, "redo") => Some("up"),
            (Direction::Down, verb @ ("refresh" | "reset")) => Some(verb),
            _ => None,
        }
    }

    /// What to do next.
    fn next(&self) -> String {
        let schema = &self.schema;
        let half = match self.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        };
        let stands = match self.direction {
            Direction::Up => "pending",
            Direction::Down => "applied",
        };
        match self.remains {
            Remains::RolledBack | Remains::Nothing => {
                let (verb, flag) = self.verb.split_once(' ').unwrap_or((self.verb, ""));
                let flag = if flag.is_empty() { String::new() } else { format!(" {flag}") };
                format!("{} and run `kiln migrate {verb} {schema}{flag}` again", self.cause())
            }
            Remains::Half { .. } | Remains::Begun { can_be_told: true, .. } => format!(
                "{} and run `kiln migrate {half} {schema}` again, which goes on from there{}; or undo by hand what is \
                 done, and run `kiln migrate repair {schema}`, after which {} is {stands}",
                self.cause(),
                self.rest().map(|verb| format!(", and then `kiln migrate {verb} {schema}`")).unwrap_or_default(),
                self.version
            ),
            Remains::Begun { can_be_told: false, .. } => format!(
                "look at what it has changed, undo by hand all that is done, and run `kiln migrate repair {schema}`, \
                 after which {} is {stands}",
                self.version
            ),
            Remains::Unknown => format!("look at it with `kiln migrate status {schema}`"),
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.direction {
            Direction::Up => "applied",
            Direction::Down => "rolled back",
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
        write!(f, "{}{}; {}", self.before(), self.left(), self.next())
    }
}
