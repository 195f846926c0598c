//! A plan as an SQL script: what a dry run prints, for the engine's own client.

use catalog::Dialect;
use sea_orm::DbBackend;
use sea_orm::sea_query::{MysqlQueryBuilder, PostgresQueryBuilder, QueryStatementWriter, SqliteQueryBuilder};

use super::history;
use super::history::own::{self, Known, Texts};
use super::plan::{Direction, Planned};
use super::record::{Bound, Event, Log};
use super::statement::{self, Kind};
use crate::schema::Migrator;

/// A script under way.
pub(crate) struct Script {
    dialect: Dialect,
    migrator: Migrator,
    /// The namespace that the history is in.
    namespace: String,
    /// What gives the client's session the settings of a run.
    settings: Vec<String>,
    /// What clears away what the migration before left in the session.
    leftovers: Vec<String>,
    /// Whether a migration has used the session.
    is_used: bool,
    lines: Vec<String>,
}

impl Script {
    /// A script of statements alone, which says first what it is of.
    pub(crate) fn to_read(dialect: Dialect, migrator: Migrator, about: &str) -> Self {
        let lines = vec![format!("-- {}", in_one_line(about))];
        let (namespace, settings, leftovers) = (String::new(), Vec::new(), Vec::new());
        Self { dialect, migrator, namespace, settings, leftovers, is_used: false, lines }
    }

    /// A script that says first what it is of, and makes the history tables in `namespace`.
    ///
    /// `settings` are the statements that give the client's session what a run has.
    pub(crate) fn new(
        dialect: Dialect,
        migrator: Migrator,
        about: &str,
        opening: Option<String>,
        namespace: &str,
        settings: Vec<String>,
    ) -> Self {
        let lines = vec![format!("-- {}", in_one_line(about)), dialect.script_head().to_owned()];
        let namespace = namespace.to_owned();
        let (leftovers, is_used) = (Vec::new(), false);
        let mut script = Self { dialect, migrator, namespace, settings, leftovers, is_used, lines };
        if let Some(statement) = opening {
            script.add(&statement);
        }
        script.set();
        let creation = history::creation(dialect.backend(), &script.namespace, migrator);
        script.add(&dialect.backend().build(&creation).sql);
        script.add(&own::create(dialect, &script.namespace));
        script
    }

    /// Gives the session the settings of a run.
    fn set(&mut self) {
        let settings: Vec<String> = self.settings.iter().map(|setting| format!("{setting};")).collect();
        self.lines.extend(settings);
    }

    /// Goes on in a session that no migration has touched, as a run does.
    fn renew_session(&mut self) {
        for statement in std::mem::take(&mut self.leftovers) {
            self.add(&statement);
        }
        self.lines.extend(self.dialect.script_session().map(str::to_owned));
        self.set();
    }

    /// Records what another program has applied, and forgets what it has rolled back.
    pub(crate) fn adopt(&mut self, version: &str, known: Option<&Known>) {
        self.add(&written(self.dialect, &own::removal(&self.namespace, version)));
        if let Some(known) = known {
            self.record(version, known);
        }
    }

    /// Adds what is known of a migration, less its texts: they stand in the script already, and the next run adds them.
    fn record(&mut self, version: &str, known: &Known) {
        let known = Known { texts: Texts::default(), ..known.clone() };
        for row in own::inserts(&self.namespace, version, &known) {
            self.add(&written(self.dialect, &row));
        }
    }

    /// A migration with what is recorded of it.
    pub(crate) fn migration(&mut self, planned: &Planned, log: &Log, is_one_transaction: bool, known: &Known) {
        let Planned { direction, version } = planned;
        self.lines.push(String::new());
        self.lines.push(heading(planned));
        if log.reads_rows(self.dialect) {
            self.lines.push("-- depends on data: it reads rows, and was recorded where there are none".to_owned());
        }
        if std::mem::replace(&mut self.is_used, true) {
            self.renew_session();
        }
        if is_one_transaction {
            self.add("BEGIN");
        }
        self.events(log, is_one_transaction);
        self.leftovers = log.leftovers().to_vec();
        if log.changes_session(self.dialect) {
            self.take_back(is_one_transaction);
        }
        if !is_one_transaction {
            self.add("BEGIN");
        }
        match direction {
            Direction::Up => {
                self.add(&written(self.dialect, &history::addition(&self.namespace, self.migrator, version)));
                self.add(&written(self.dialect, &own::removal(&self.namespace, version)));
                self.record(version, known);
            }
            Direction::Down => {
                self.add(&written(self.dialect, &history::removal(&self.namespace, self.migrator, version)));
                self.add(&written(self.dialect, &own::removal(&self.namespace, version)));
            }
        }
        self.add("COMMIT");
    }

    /// Takes the session back from a migration that changed it, before what is recorded of it.
    fn take_back(&mut self, is_in_transaction: bool) {
        if is_in_transaction {
            for setting in self.dialect.own_settings() {
                self.add(setting);
            }
            return;
        }
        if self.dialect == Dialect::MariaDb {
            // It may have switched off that each statement is committed by itself.
            self.add("COMMIT");
        }
        self.renew_session();
    }

    /// The statements of a migration alone, to be read: no transaction, no settings, nothing that is recorded.
    pub(crate) fn statements(&mut self, planned: &Planned, log: &Log) {
        self.lines.push(String::new());
        self.lines.push(heading(planned));
        for event in log.events() {
            let Event::Said(said) = event else { continue };
            let is_read = said.wants_rows && statement::kind(self.dialect, &said.statement.sql) == Kind::Read;
            if is_read || said.is_look(self.dialect) {
                continue;
            }
            let text = said.statement.to_string();
            for one in statement::split(self.dialect, &text) {
                self.lines.push(format!("{};", statement::laid_out(self.dialect, one)));
            }
        }
    }

    fn events(&mut self, log: &Log, is_in_transaction: bool) {
        let mut depth = 0_usize;
        for event in log.events() {
            match event {
                Event::Said(said) if said.is_look(self.dialect) => {}
                // What is run for its effect is run, whatever it begins with: SELECT setval(..).
                Event::Said(said)
                    if said.wants_rows && statement::kind(self.dialect, &said.statement.sql) == Kind::Read => {}
                Event::Said(said) => {
                    let text = said.statement.to_string();
                    for one in statement::split(self.dialect, &text) {
                        self.add(one);
                    }
                }
                Event::Bound(bound) => {
                    let is_inner = is_in_transaction || depth > usize::from(*bound != Bound::Begin);
                    if *bound != Bound::Begin {
                        depth = depth.saturating_sub(1);
                    }
                    self.add(&match (bound, is_inner) {
                        (Bound::Begin, true) => format!("SAVEPOINT kiln_{depth}"),
                        (Bound::Commit, true) => format!("RELEASE SAVEPOINT kiln_{depth}"),
                        (Bound::Rollback, true) => format!("ROLLBACK TO SAVEPOINT kiln_{depth}"),
                        (Bound::Begin, false) => "BEGIN".to_owned(),
                        (Bound::Commit, false) => "COMMIT".to_owned(),
                        (Bound::Rollback, false) => "ROLLBACK".to_owned(),
                    });
                    depth += usize::from(*bound == Bound::Begin);
                }
            }
        }
    }

    /// Drops kiln's own table, as a run does that leaves nothing in it.
    pub(crate) fn end_empty(&mut self) {
        self.add(&own::drop(self.dialect, &self.namespace));
    }

    fn add(&mut self, statement: &str) {
        self.lines.push(statement::ended(self.dialect, statement));
    }

    /// The whole script.
    pub(crate) fn text(&self) -> String {
        self.lines.join("\n")
    }
}

/// A migration as a comment.
fn heading(planned: &Planned) -> String {
    let version = in_one_line(&planned.version);
    match planned.direction {
        Direction::Up => format!("-- {version}"),
        Direction::Down => format!("-- {version}, rolled back"),
    }
}

/// A statement with its values in it.
fn written(dialect: Dialect, statement: &impl QueryStatementWriter) -> String {
    match dialect.backend() {
        DbBackend::Postgres => statement.to_string(PostgresQueryBuilder),
        DbBackend::MySql => statement.to_string(MysqlQueryBuilder),
        _ => statement.to_string(SqliteQueryBuilder),
    }
}

/// A name as a comment may hold it.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
