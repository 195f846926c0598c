//! Whether a semicolon ends a statement: what is open in it where it stands.

use super::token::{Form, Token};

/// How much of a statement has been read.
#[derive(Debug, Default)]
pub(super) struct Extent<'a> {
    head: Head,
    open: Vec<Open>,
    parentheses: usize,
    /// The token before, hints left out.
    before: &'a str,
}

/// What the first words of a statement make of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Head {
    /// There has been no word.
    #[default]
    Nothing,
    /// CREATE or ALTER, and what may stand between it and the name of a thing.
    Create,
    /// BEGIN, of a transaction or of MariaDB's BEGIN NOT ATOMIC.
    Begin,
    /// It has a body, which may hold statements.
    Routine,
    /// It ends at the next semicolon.
    Plain,
}

/// What an END closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// Statements: BEGIN, IF, LOOP, WHILE, REPEAT, FOR, or CASE as a statement.
    Block,
    /// A CASE that is an expression.
    Case,
}

impl<'a> Extent<'a> {
    /// Whether nothing is open, so that a semicolon ends the statement.
    pub(super) fn is_whole(&self) -> bool {
        self.open.is_empty() && self.parentheses == 0
    }

    /// Reads one more token.
    pub(super) fn take(&mut self, token: Token<'a>) {
        match (token.form, token.text) {
            (Form::Hint, _) => return,
            (Form::Symbol, "(") => self.parentheses += 1,
            (Form::Symbol, ")") => self.parentheses = self.parentheses.saturating_sub(1),
            (Form::Word, word) => self.read(&word.to_ascii_uppercase()),
            _ => {}
        }
        self.before = token.text;
    }

    fn read(&mut self, word: &str) {
        self.head = match (self.head, word) {
            (Head::Nothing, "CREATE" | "ALTER") => Head::Create,
            (Head::Nothing, "BEGIN") => Head::Begin,
            (Head::Create, "TRIGGER" | "PROCEDURE" | "FUNCTION" | "EVENT") => Head::Routine,
            (Head::Create, "PACKAGE") | (Head::Begin, "NOT") => {
                self.open.push(Open::Block);
                Head::Routine
            }
            (Head::Create, "OR" | "REPLACE" | "TEMP" | "TEMPORARY" | "AGGREGATE" | "CONSTRAINT" | "DEFINER") => {
                Head::Create
            }
            // Whoever follows DEFINER.
            (Head::Create, _) if matches!(self.before, "=" | "@" | "." | "-") => Head::Create,
            (Head::Routine, _) => {
                self.read_body(word);
                Head::Routine
            }
            _ => Head::Plain,
        };
    }

    fn read_body(&mut self, word: &str) {
        let is_name = matches!(self.before, "." | "@");
        match word {
            _ if is_name => {}
            "IF" | "CASE" | "LOOP" | "WHILE" | "REPEAT" | "FOR" if self.before.eq_ignore_ascii_case("END") => {}
            "BEGIN" => self.open.push(Open::Block),
            "IF" | "CASE" | "LOOP" | "WHILE" | "REPEAT" | "FOR" if self.begins_statement(word) => {
                self.open.push(Open::Block);
            }
            "CASE" => self.open.push(Open::Case),
            "END" => drop(self.open.pop()),
            _ => {}
        }
    }

    /// Whether `word`, which comes next, is the first of a statement in a body. IF and REPEAT are functions elsewhere,
    /// and FOR has many uses.
    fn begins_statement(&self, word: &str) -> bool {
        match self.before.to_ascii_uppercase().as_str() {
            ";" | ":" | "BEGIN" | "ATOMIC" | "LOOP" | "REPEAT" | "DO" | "ROW" => true,
            "THEN" | "ELSE" => self.open.last() != Some(&Open::Case),
            // The end of a routine's head.
            ")" | "DETERMINISTIC" | "DATA" | "SQL" | "INVOKER" => self.open.is_empty() && word != "FOR",
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use catalog::Dialect;

    use super::super::split;

    /// Refuses a statement that is not kept whole between two others.
    #[track_caller]
    fn is_one(dialect: Dialect, statement: &str) {
        let text = format!("SELECT 1; {statement}; SELECT CASE a WHEN 1 THEN 2 END; SELECT 2");
        assert_eq!(split(dialect, &text), ["SELECT 1", statement, "SELECT CASE a WHEN 1 THEN 2 END", "SELECT 2"]);
    }

    #[test]
    fn a_trigger_with_a_block_ends_with_its_block() {
        is_one(
            Dialect::Sqlite,
            "CREATE TEMP TRIGGER IF NOT EXISTS t AFTER UPDATE ON a FOR EACH ROW WHEN new.end > 1 BEGIN \
             UPDATE b SET c = CASE WHEN d THEN CASE e WHEN 1 THEN 2 END ELSE 3 END; DELETE FROM f; END",
        );
    }

    #[test]
    fn a_trigger_or_routine_without_a_block_ends_at_a_semicolon() {
        is_one(Dialect::MariaDb, "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET new.b = IF(new.c, 1, 2)");
        is_one(Dialect::Postgres, "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()");
        is_one(
            Dialect::Postgres,
            "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; SELECT 2 $$",
        );
        is_one(Dialect::MariaDb, "ALTER EVENT e ON SCHEDULE EVERY 1 DAY DO DROP TABLE IF EXISTS a");
    }

    #[test]
    fn blocks_loops_and_conditions_close_with_their_own_ends() {
        is_one(
            Dialect::MariaDb,
            "CREATE OR REPLACE DEFINER=root@my-host.example PROCEDURE p(IN a INT) BEGIN \
             DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN SET @d = 1; END; \
             one: LOOP IF a THEN LEAVE one; ELSEIF b THEN SET c = IF(d, REPEAT('x', 2), 3); \
             ELSE IF e THEN SET f = 1; END IF; END IF; END LOOP one; \
             WHILE a DO REPEAT SET a = 1; UNTIL b END REPEAT; END WHILE; \
             FOR i IN 1..3 DO CASE i WHEN 1 THEN SELECT 1; ELSE IF a THEN SELECT 2; END IF; END CASE; END FOR; \
             SELECT CASE WHEN a THEN IF(b, 1, 2) ELSE 3 END FROM c FOR UPDATE; DROP TABLE IF EXISTS x; END",
        );
    }

    #[test]
    fn a_body_may_be_one_condition_or_loop() {
        is_one(Dialect::MariaDb, "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW IF new.b THEN SET @c = 1; END IF");
        is_one(Dialect::MariaDb, "CREATE PROCEDURE p() WHILE a DO SET a = 1; END WHILE");
        is_one(Dialect::MariaDb, "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN SELECT 1; END");
    }

    #[test]
    fn blocks_without_a_name_and_of_the_standard_are_kept_whole() {
        is_one(Dialect::MariaDb, "BEGIN NOT ATOMIC SELECT 1; SELECT 2; END");
        is_one(Dialect::MariaDb, "CREATE PACKAGE p FUNCTION f() RETURNS int; PROCEDURE q(); END");
        is_one(Dialect::Postgres, "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END");
        is_one(
            Dialect::MariaDb,
            "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEGIN SELECT 1; END */",
        );
    }

    #[test]
    fn words_of_routines_elsewhere_open_nothing() {
        is_one(Dialect::Sqlite, "CREATE TABLE event (\"trigger\" text, begin text)");
        is_one(Dialect::MariaDb, "CREATE TABLE procedure_log (function int)");
        is_one(Dialect::Postgres, "BEGIN");
    }
}
