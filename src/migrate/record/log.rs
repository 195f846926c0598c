//! The plain tap: every statement runs as it is, and is noted.

use catalog::Dialect;
use sea_orm::{ConnectionTrait, DatabaseExecutor, DbErr, Statement};

use super::{Answer, Asked, Bound, Tap, size};
use crate::migrate::history::own::{Text, Texts};
use crate::migrate::statement::{self, Kind};

/// Something that a migration did.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// It ran a statement.
    Said(Said),
    /// It began or ended a transaction of its own.
    Bound(Bound),
}

/// A statement that ran, and how often in a row.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// With its values if the log keeps them.
    pub(crate) statement: Statement,
    /// Whether rows were wanted of it.
    pub(crate) wants_rows: bool,
    /// More than once only in a log that keeps no values.
    pub(crate) times: usize,
}

impl Said {
    /// Whether it only looks at what structure there is, or compares with it: no part of what the migration does.
    pub(crate) fn is_look(&self, dialect: Dialect) -> bool {
        is_look(dialect, &self.statement.sql)
    }
}

/// Whether a text only looks at what structure there is, or compares with it.
pub(super) fn is_look(dialect: Dialect, sql: &str) -> bool {
    sql.starts_with(catalog::TWIN) || statement::looks_at_structure(dialect, sql)
}

/// What a migration did, in order.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    keeps_values: bool,
    /// Whether all of it is one transaction, which is not the migration's to end.
    is_transaction: bool,
    events: Vec<Event>,
    /// How many statements of its own the migration has run, looks at what structure there is left out.
    statements: usize,
    /// The number of the statement that runs, or of the first in a text with several.
    number: usize,
    /// The statement of a text with several that runs, where each runs by itself.
    part: Option<String>,
    /// Whether the last statement failed.
    is_failed: bool,
    /// A namespace that no statement may name.
    fence: Option<String>,
    /// The statements that clear away what it left in its session.
    leftovers: Vec<String>,
}

impl Log {
    /// A log of texts: of a statement that runs a million times in a row it keeps one.
    pub(crate) fn of_texts() -> Self {
        Self {
            keeps_values: false,
            is_transaction: false,
            events: Vec::new(),
            statements: 0,
            number: 0,
            part: None,
            is_failed: false,
            fence: None,
            leftovers: Vec::new(),
        }
    }

    /// A log of statements with their values.
    pub(crate) fn of_statements() -> Self {
        Self { keeps_values: true, ..Self::of_texts() }
    }

    /// A log of what is one transaction as a whole.
    pub(crate) fn in_transaction(self) -> Self {
        Self { is_transaction: true, ..self }
    }

    /// A log that refuses statements which name this namespace, or make one: they would reach what is live.
    pub(crate) fn fenced(self, namespace: &str) -> Self {
        Self { fence: Some(namespace.to_owned()), ..self }
    }

    /// With the statements that clear away what the migration left in its session.
    pub(crate) fn leaving(self, leftovers: Vec<String>) -> Self {
        Self { leftovers, ..self }
    }

    /// The statements that clear away what the migration left in its session, where only such can.
    pub(crate) fn leftovers(&self) -> &[String] {
        &self.leftovers
    }

    /// Whether it changes its session: settings, or temporary tables, which hide others of their names.
    pub(crate) fn changes_session(&self, dialect: Dialect) -> bool {
        let changes = |said: &Said| {
            let texts = statement::split(dialect, &said.statement.sql);
            let changes =
                |text: &str| statement::kind(dialect, text) == Kind::Session || statement::is_temporary(dialect, text);
            texts.into_iter().any(changes)
        };
        self.said().any(changes)
    }

    /// What happened, in order.
    pub(crate) fn events(&self) -> &[Event] {
        &self.events
    }

    /// The statements, in order.
    pub(crate) fn said(&self) -> impl Iterator<Item = &Said> {
        self.events.iter().filter_map(|event| match event {
            Event::Said(said) => Some(said),
            Event::Bound(_) => None,
        })
    }

    /// The number and the text of the last statement, if it failed and is the migration's own.
    pub(crate) fn failed(&self) -> Option<(usize, String)> {
        let last = self.said().last().filter(|_| self.is_failed)?;
        let text = self.part.as_ref().unwrap_or(&last.statement.sql);
        (!text.starts_with(catalog::TWIN)).then(|| (self.number, text.clone()))
    }

    /// The number of the statement that runs among the migration's own.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// Counts a statement, or those of a text that runs as one, before it runs.
    pub(super) fn count(&mut self, dialect: Dialect, text: &str) {
        (self.number, self.part) = (self.statements + 1, None);
        self.statements += statement::split(dialect, text).iter().filter(|one| !is_look(dialect, one)).count();
    }

    /// Counts one statement of a text whose statements run one by one.
    pub(super) fn count_part(&mut self, dialect: Dialect, text: &str) {
        self.count(dialect, text);
        self.part = Some(text.to_owned());
    }

    /// What the migration emits, less its looks at what structure there is.
    pub(crate) fn texts(&self, dialect: Dialect) -> Texts {
        let mut texts: Vec<Text> = Vec::new();
        for said in self.said().filter(|said| !said.is_look(dialect)) {
            match texts.last_mut() {
                Some(text) if text.sql == said.statement.sql => text.times += said.times,
                _ => texts.push(Text { sql: said.statement.sql.clone(), times: said.times }),
            }
        }
        Texts(texts)
    }

    /// Whether it reads rows, so that what it does may depend on them.
    pub(crate) fn reads_rows(&self, dialect: Dialect) -> bool {
        let is_read = |said: &Said| statement::kind(dialect, &said.statement.sql) == Kind::Read;
        self.said().any(|said| is_read(said) && !said.is_look(dialect))
    }

    /// Refuses a text that would end the transaction in which the migration and its record are.
    fn refuse_end(&self, asked: &Asked, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        let dialect = Dialect::of(db.get_database_backend());
        let texts = statement::split(dialect, &asked.statement.sql);
        let ends = |text: &&&str| {
            statement::kind(dialect, text) == Kind::Transaction && !statement::is_savepoint(dialect, text)
        };
        match texts.iter().find(ends).filter(|_| self.is_transaction) {
            None => Ok(()),
            Some(text) => Err(DbErr::Migration(format!(
                "it says {text}, and is one transaction with its history row; leave that out, or let the migration say \
                 `use_transaction() -> Some(false)`"
            ))),
        }
    }

    /// Refuses a text that reaches beyond the namespace in which it is tried.
    fn refuse_beyond(&self, asked: &Asked) -> Result<(), DbErr> {
        let Some(fence) = &self.fence else { return Ok(()) };
        let texts = statement::split(Dialect::Postgres, &asked.statement.sql);
        let makes_one = texts.iter().any(|text| text.trim_start().to_ascii_lowercase().starts_with("create schema"));
        if makes_one || statement::reaches_into(Dialect::Postgres, &asked.statement.sql, fence) {
            return Err(DbErr::Migration(format!("it does not stay in the namespace {fence}")));
        }
        Ok(())
    }

    /// Notes a statement.
    pub(super) fn add(&mut self, asked: &Asked) {
        let statement = &asked.statement;
        if self.keeps_values {
            let said = Said { statement: statement.clone(), wants_rows: asked.wants_rows, times: 1 };
            self.events.push(Event::Said(said));
            return;
        }
        match self.events.last_mut() {
            Some(Event::Said(said)) if said.statement.sql == statement.sql => said.times += 1,
            _ => {
                let statement = Statement::from_string(statement.db_backend, statement.sql.clone());
                self.events.push(Event::Said(Said { statement, wants_rows: asked.wants_rows, times: 1 }));
            }
        }
    }

    /// Notes whether the last statement failed.
    pub(super) fn end(&mut self, is_failed: bool) {
        self.is_failed = is_failed;
    }

    /// Notes that a transaction begins or ends.
    pub(super) fn add_bound(&mut self, bound: Bound) {
        self.events.push(Event::Bound(bound));
    }
}

#[async_trait::async_trait]
impl Tap for Log {
    async fn pass(&mut self, asked: Asked, _: usize, db: &DatabaseExecutor<'_>) -> Result<Answer, DbErr> {
        self.add(&asked);
        if !asked.statement.sql.starts_with(catalog::TWIN) {
            self.count(Dialect::of(db.get_database_backend()), &asked.statement.sql);
        }
        let answer = match self.refuse_end(&asked, db).and_then(|()| self.refuse_beyond(&asked)) {
            Ok(()) => match size::refuse_too_long(&asked.statement, db).await {
                Ok(()) => asked.run(db).await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        self.end(answer.is_err());
        answer
    }

    fn bound(&mut self, bound: Bound) {
        self.add_bound(bound);
    }
}
