//! The statements that make a database what was declared, from what its own server renders. Pure.

mod mysql;
mod postgres;
mod sqlite;

use serde::Serialize;

use crate::{Catalog, Dialect, Drift};

/// How a difference is mended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mend {
    /// The statements that make the difference go, in order; none where it can only be mended by hand.
    pub statements: Vec<String>,
    /// What to know before they are run, or why it has to be done by hand: `loses the values of the column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caution: Option<String>,
}

impl Mend {
    /// Whether no statement of ours can do it.
    pub fn is_by_hand(&self) -> bool {
        self.statements.is_empty()
    }

    fn by(statements: impl IntoIterator<Item = String>) -> Self {
        Self { statements: statements.into_iter().collect(), caution: None }
    }

    fn by_hand(why: impl Into<String>) -> Self {
        Self { statements: Vec::new(), caution: Some(why.into()) }
    }

    fn with(self, caution: impl Into<String>) -> Self {
        Self { caution: Some(caution.into()), ..self }
    }
}

/// Two catalogs and the namespace that is to become what the first of them says.
#[derive(Clone, Copy)]
struct Sides<'a> {
    declared: &'a Catalog,
    actual: &'a Catalog,
    /// The PostgreSQL schema or MariaDB database of names without a namespace.
    home: &'a str,
}

/// Says of every difference in `found`, which [`diff`](crate::diff) found between the two, how it is mended
/// in `home`, the namespace that the first of the actual names stand in.
///
/// Each by itself: a difference may go with the statements of another. Names are qualified, so that the
/// statements do the same whatever a connection's search path is, if the catalogs were read with an empty one.
pub fn mend(declared: &Catalog, actual: &Catalog, home: &str, found: &mut [Drift]) {
    let sides = Sides { declared, actual, home };
    for drift in found.iter_mut() {
        drift.mend = Some(match declared.dialect {
            Dialect::Sqlite => sqlite::mend(sides, drift),
            Dialect::Postgres => postgres::mend(sides, drift),
            Dialect::MariaDb => mysql::mend(sides, drift),
        });
    }
}
