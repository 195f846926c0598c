//! The queries, one a kind of object.

/// The base tables of a database of the connection: `main`, or `temp`.
///
/// A virtual table is its module's business, and so are the tables in which that keeps its rows; asking
/// about one whose module is not here fails.
pub(in crate::introspect) fn base_tables(namespace: &str) -> String {
    format!(
        "SELECT name AS table_name, sql FROM {namespace}.sqlite_schema WHERE type = 'table' \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL TABLE%' \
         AND name NOT IN (SELECT name FROM pragma_table_list WHERE schema = '{namespace}' AND type = 'shadow')"
    )
}

// The indexes of constraints have no text.
pub(super) fn entries(namespace: &str) -> String {
    format!(
        "SELECT type AS kind, name, tbl_name AS owner, coalesce(sql, '') AS sql FROM {namespace}.sqlite_schema \
         WHERE type <> 'index' ORDER BY type, name"
    )
}

pub(super) fn listed(namespace: &str) -> String {
    format!(
        "SELECT name, type AS kind, wr AS without_rowid, strict FROM pragma_table_list WHERE schema = '{namespace}'"
    )
}

// hidden: 1 is a column that only a module sees, 2 a virtual and 3 a stored generated column.
pub(super) fn columns(namespace: &str) -> String {
    format!(
        "SELECT m.table_name, c.name AS name, c.type AS data_type, c.\"notnull\" AS not_null, \
         c.dflt_value AS default_value, c.pk AS key_position, c.hidden AS hidden \
         FROM ({}) m JOIN pragma_table_xinfo(m.table_name, '{namespace}') c \
         WHERE c.hidden <> 1 ORDER BY m.table_name, c.cid",
        base_tables(namespace)
    )
}

// origin: c is CREATE INDEX, u a unique constraint, pk the primary key.
pub(super) fn indexes(namespace: &str) -> String {
    format!(
        "SELECT m.table_name, l.name AS name, l.\"unique\" AS is_unique, l.origin AS origin, \
         i.seqno AS position, i.name AS column_name, i.\"desc\" AS descending, i.coll AS collation, x.sql AS sql \
         FROM ({}) m JOIN pragma_index_list(m.table_name, '{namespace}') l \
         JOIN pragma_index_xinfo(l.name, '{namespace}') i \
         LEFT JOIN {namespace}.sqlite_schema x ON x.type = 'index' AND x.name = l.name \
         WHERE i.key = 1 ORDER BY m.table_name, l.name, i.seqno",
        base_tables(namespace)
    )
}

// The first one declared has the highest number.
pub(super) fn foreign_keys(namespace: &str) -> String {
    format!(
        "SELECT m.table_name, f.seq AS position, f.\"from\" AS column_name, f.\"table\" AS target, \
         f.\"to\" AS target_column, f.on_delete AS on_delete, f.on_update AS on_update \
         FROM ({}) m JOIN pragma_foreign_key_list(m.table_name, '{namespace}') f \
         ORDER BY m.table_name, f.id DESC, f.seq",
        base_tables(namespace)
    )
}

// The last number that each table gave: none where it is 0. There is such a table once one asks for AUTOINCREMENT.
pub(super) fn positions(namespace: &str) -> String {
    format!(
        "SELECT name AS table_name, max(CAST(seq AS INTEGER)) AS last FROM {namespace}.sqlite_sequence \
         WHERE CAST(seq AS INTEGER) > 0 GROUP BY name"
    )
}
