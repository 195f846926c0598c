//! A statement with line breaks, to be read.

use catalog::Dialect;

use super::token::{Form, Tokens};

/// What a column or constraint of a table stands behind.
const INDENT: &str = "\n    ";

/// `text` with each column and constraint of a table that it makes on a line of its own.
///
/// Only white space is changed, and none in quotes. Other statements are left as they are, as are those that have
/// line breaks already.
pub(crate) fn laid_out(dialect: Dialect, text: &str) -> String {
    if super::made_table(dialect, text).is_none() || text.contains('\n') {
        return text.to_owned();
    }
    let (mut lines, mut depth) = (String::with_capacity(text.len() + 64), 0_usize);
    // Space after a line break is left out.
    let mut begins = false;
    for token in Tokens::of(dialect, text) {
        if token.form == Form::Space && begins {
            continue;
        }
        begins = false;
        match (token.form, token.text, depth) {
            (Form::Symbol, "(", _) => {
                depth += 1;
                lines.push('(');
                begins = depth == 1;
            }
            (Form::Symbol, ")", _) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    lines.truncate(lines.trim_end().len());
                    lines.push('\n');
                }
                lines.push(')');
            }
            (Form::Symbol, ",", 1) => {
                lines.truncate(lines.trim_end().len());
                lines.push(',');
                begins = true;
            }
            (_, text, _) => lines.push_str(text),
        }
        if begins {
            lines.push_str(INDENT);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use catalog::Dialect::{MariaDb, Postgres, Sqlite};

    use super::laid_out;

    #[test]
    fn each_column_of_a_table_has_a_line() {
        let text = "CREATE TABLE \"a\" ( \"id\" integer NOT NULL, \"n\" decimal(10, 2) DEFAULT (1 + 2), CHECK (\"n\" IN (1, 2)) ) WITHOUT ROWID";
        let expected = "CREATE TABLE \"a\" (\n    \"id\" integer NOT NULL,\n    \"n\" decimal(10, 2) DEFAULT (1 + 2),\n    \
                        CHECK (\"n\" IN (1, 2))\n) WITHOUT ROWID";
        for dialect in [Sqlite, Postgres] {
            assert_eq!(laid_out(dialect, text), expected);
        }
        assert_eq!(
            laid_out(MariaDb, "CREATE TABLE a(b varchar(9) DEFAULT 'x, (y',c int) ENGINE=InnoDB"),
            "CREATE TABLE a(\n    b varchar(9) DEFAULT 'x, (y',\n    c int\n) ENGINE=InnoDB"
        );
    }

    #[test]
    fn other_statements_are_left_as_they_are() {
        for text in [
            "INSERT INTO a (b, c) VALUES (1, 2)",
            "CREATE TABLE a (\n  b int, c int)",
            "",
            "CREATE VIEW v AS SELECT (1), 2",
        ] {
            assert_eq!(laid_out(Sqlite, text), text);
        }
    }
}
