//! The statements that make a database what was declared, from what its own server renders. Pure.

mod children;
mod effect;
mod mysql;
mod obstacle;
mod order;
mod postgres;
mod rename;
mod script;
mod sqlite;
mod waits;

use serde::Serialize;

use crate::{Catalog, Dialect, Drift};

use effect::Also;
pub use script::{FixScript, FixStep};

/// How a difference is mended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mend {
    /// The statements that make the difference go, in order; none where it can only be mended by hand.
    pub statements: Vec<String>,
    /// What to know before they are run, or why it has to be done by hand: `loses the values of the column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caution: Option<String>,
    /// The numbers of the statements in the script that fixes everything which was found, from 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<usize>,
    /// What the statements change beyond the difference.
    #[serde(skip)]
    also: Vec<Also>,
    /// Whether the statements leave the difference itself, for another fix to end it.
    #[serde(skip)]
    is_partial: bool,
}

impl Mend {
    /// Whether no statement of ours can do it.
    pub fn is_by_hand(&self) -> bool {
        self.statements.is_empty()
    }

    fn by(statements: impl IntoIterator<Item = String>) -> Self {
        Self { statements: statements.into_iter().collect(), ..Self::default() }
    }

    fn by_hand(why: impl Into<String>) -> Self {
        Self { caution: Some(why.into()), ..Self::default() }
    }

    fn with(self, caution: impl Into<String>) -> Self {
        Self { caution: Some(caution.into()), ..self }
    }

    fn changing(mut self, also: impl IntoIterator<Item = Also>) -> Self {
        self.also.extend(also);
        self
    }

    /// The same, of statements that leave the difference itself.
    fn partly(self) -> Self {
        Self { is_partial: true, ..self }
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

/// Plans one script that fixes every difference in `found`, which [`diff`](crate::diff) found between the two,
/// and says of each difference which statements of the script are its own.
///
/// `home` is the namespace that the actual names without one stand in. Names are qualified, so that the
/// statements do the same whatever a connection's search path is, if the catalogs were read with an empty one.
pub fn mend(declared: &Catalog, actual: &Catalog, home: &str, found: &mut [Drift]) -> FixScript {
    script::plan(declared, actual, home, found)
}

/// How one difference is fixed on the catalogs as they are.
fn one(sides: Sides<'_>, drift: &Drift) -> Mend {
    match sides.declared.dialect {
        Dialect::Sqlite => sqlite::mend(sides, drift),
        Dialect::Postgres => postgres::mend(sides, drift),
        Dialect::MariaDb => mysql::mend(sides, drift),
    }
}

/// A key of a catalog as SQL writes the name, with its namespace where the engine has them.
fn qualified(sides: Sides<'_>, key: &str) -> String {
    let quote = |name: &str| sides.declared.dialect.quote(name);
    match sides.declared.dialect {
        Dialect::Sqlite => quote(key),
        Dialect::Postgres => postgres::name(sides, key),
        Dialect::MariaDb => format!("{}.{}", quote(sides.home), quote(key)),
    }
}

/// Where `word` stands in `text` as a whole name.
fn places_of<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = text[..*at].chars().next_back().is_some_and(is_name);
        let after = text[at + word.len()..].chars().next().is_some_and(is_name);
        !word.is_empty() && !before && !after
    })
}

/// Whether `text` has `word` in it as a whole name.
fn mentions(text: &str, word: &str) -> bool {
    places_of(text, word).next().is_some()
}

/// `text` with another name in each place of `word`, except within string literals.
fn replaced(text: &str, word: &str, name: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for at in places_of(text, word) {
        let is_literal = text[..at].matches('\'').count() % 2 == 1;
        result.push_str(&text[done..at]);
        result.push_str(if is_literal { word } else { name });
        done = at + word.len();
    }
    result + &text[done..]
}
