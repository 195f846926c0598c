//! The words of SQLite's language, as far as expressions, queries and triggers have them.

/// Words that name nothing unless they are quoted, or mean something else then.
#[rustfmt::skip]
pub(super) const RESERVED: &[&str] = &[
    "ADD", "ALL", "ALTER", "AND", "AS", "ASC", "AUTOINCREMENT", "BEGIN", "BETWEEN", "CASE", "CAST", "CHECK",
    "COLLATE", "COMMIT", "CONSTRAINT", "CREATE", "CROSS", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP",
    "DEFAULT", "DEFERRABLE", "DELETE", "DESC", "DISTINCT", "DROP", "ELSE", "END", "ESCAPE", "EXCEPT", "EXISTS",
    "FALSE", "FILTER", "FOREIGN", "FROM", "FULL", "GLOB", "GROUP", "HAVING", "IN", "INDEX", "INDEXED", "INNER",
    "INSERT", "INTERSECT", "INTO", "IS", "ISNULL", "JOIN", "LEFT", "LIKE", "LIMIT", "MATCH", "MATERIALIZED",
    "NATURAL", "NOT", "NOTHING", "NOTNULL", "NULL", "ON", "OR", "ORDER", "OUTER", "OVER", "PRIMARY", "RAISE",
    "REFERENCES", "REGEXP", "RETURNING", "RIGHT", "SELECT", "SET", "TABLE", "THEN", "TO", "TRANSACTION", "TRUE",
    "UNION", "UNIQUE", "UPDATE", "USING", "VALUES", "WHEN", "WHERE", "WINDOW", "WITH",
];

/// Words that are keywords in their place and can be names without quotes in another.
#[rustfmt::skip]
pub(super) const KEYWORDS: &[&str] = &[
    "ABORT", "AFTER", "BEFORE", "BY", "CONFLICT", "CURRENT", "DO", "EACH", "EXCLUDE", "FAIL", "FIRST", "FOLLOWING",
    "FOR", "GROUPS", "IGNORE", "INSTEAD", "LAST", "NO", "NULLS", "OF", "OFFSET", "OTHERS", "PARTITION", "PRECEDING",
    "RANGE", "RECURSIVE", "REPLACE", "ROLLBACK", "ROW", "ROWS", "TIES", "TRIGGER", "UNBOUNDED", "VIEW",
];

/// Words after which a sign stands between two values, and does not belong to the one after it.
#[rustfmt::skip]
pub(super) const VALUES: &[&str] = &[
    "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "END", "FALSE", "NULL", "TRUE",
];

/// Whether `words` have this one, whatever its letter case.
pub(super) fn is_in(words: &[&str], word: &str) -> bool {
    words.iter().any(|one| one.eq_ignore_ascii_case(word))
}
