//! A catalog under another name of its namespace.

use std::collections::BTreeSet;

use crate::{Catalog, Dialect, texts};

impl Catalog {
    /// This catalog as if its namespace were called `to`, wherever a text of it names `from`.
    ///
    /// A replay makes a schema in a place of another name, and the server writes that name into what it
    /// renders: the tables of a view, the sequence of a default. What somebody wrote by hand is left alone:
    /// comments, grants. On MariaDB a name counts in backticks, as the server writes it; on PostgreSQL
    /// also without quotes.
    pub fn renamed(mut self, from: &str, to: &str) -> Self {
        let rename = Rename { columns: columns_alone(&self), ..Rename::of(self.dialect, from, to) };
        if from == to || rename.forms.is_empty() {
            return self;
        }
        texts::change(&mut self, &|text| rename.text(text), true);
        self
    }
}

/// The names of columns that are no object's: behind an alias that is called like the namespace.
fn columns_alone(catalog: &Catalog) -> BTreeSet<String> {
    let of_tables = catalog.tables.values().flat_map(|table| &table.columns).map(|column| column.name.as_str());
    let of_views = catalog.views.values().flat_map(|view| &view.columns).filter_map(|column| column.split(' ').next());
    let is_object = |name: &str| {
        catalog.tables.contains_key(name)
            || catalog.views.contains_key(name)
            || catalog.types.contains_key(name)
            || catalog.sequences.contains_key(name)
            || catalog.routines.keys().any(|routine| routine.split('(').next() == Some(name))
            || catalog.others.keys().any(|other| other.rsplit(' ').next() == Some(name))
    };
    of_tables.chain(of_views).filter(|name| !is_object(name)).map(str::to_owned).collect()
}

/// The forms in which a server writes a name before a dot, and what takes their place.
struct Rename {
    forms: Vec<(String, String)>,
    /// What is no object: before it the name is that of an alias.
    columns: BTreeSet<String>,
}

impl Rename {
    fn of(dialect: Dialect, from: &str, to: &str) -> Self {
        let quoted = |name: &str| format!("{}.", dialect.quote(name));
        let bare = |name: &str| if is_bare(name) { format!("{name}.") } else { quoted(name) };
        let forms = match dialect {
            Dialect::Sqlite => Vec::new(),
            Dialect::MariaDb => vec![(quoted(from), quoted(to))],
            Dialect::Postgres if is_bare(from) => vec![(quoted(from), bare(to)), (format!("{from}."), bare(to))],
            Dialect::Postgres => vec![(quoted(from), bare(to))],
        };
        Self { forms, columns: BTreeSet::new() }
    }

    fn text(&self, text: &mut String) {
        for (from, to) in &self.forms {
            if text.contains(from.as_str()) {
                *text = self.replaced(text, from, to);
            }
        }
    }

    /// `text` with `from` replaced where a name begins: not at the end of a longer one, nor behind a dot, nor before
    /// a column.
    fn replaced(&self, text: &str, from: &str, to: &str) -> String {
        let is_inside = |before: char| before.is_alphanumeric() || matches!(before, '_' | '$' | '.' | '"' | '`');
        let mut replaced = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(from) {
            let (before, after) = rest.split_at(at);
            replaced.push_str(before);
            let (done, behind) = (text.len() - after.len(), &after[from.len()..]);
            let is_name = !replaced.ends_with(is_inside) && !is_data(text, done) && !self.is_before_column(behind);
            replaced.push_str(if is_name { to } else { from });
            rest = behind;
        }
        replaced + rest
    }

    fn is_before_column(&self, behind: &str) -> bool {
        let name = match behind.strip_prefix(['"', '`']) {
            Some(quoted) => quoted.split(['"', '`']).next(),
            None => behind.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next(),
        };
        name.is_some_and(|name| self.columns.contains(name))
    }
}

/// Whether the place `at` is in a string that is no name: one that is cast to `regclass` or its kin is.
fn is_data(text: &str, at: usize) -> bool {
    let is_in_string = text[..at].matches('\'').count() % 2 == 1;
    let behind = text[at..].split_once('\'').map_or("", |(_, behind)| behind);
    is_in_string && !behind.starts_with("::reg")
}

/// Whether PostgreSQL writes a name without quotes, its own words aside.
fn is_bare(name: &str) -> bool {
    let is_inside = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '_');
    name.chars().all(is_inside) && !name.starts_with(|first: char| first.is_ascii_digit()) && !name.is_empty()
}

#[cfg(test)]
mod tests {
    use super::Rename;
    use crate::{Catalog, Column, Definition, Dialect, Rendered, Table, View};

    fn renamed(dialect: Dialect, from: &str, to: &str, text: &str) -> String {
        let mut text = text.to_owned();
        Rename::of(dialect, from, to).text(&mut text);
        text
    }

    #[test]
    fn mariadb_names_a_database_in_backticks() {
        let renamed = |text| renamed(Dialect::MariaDb, "a", "b`c", text);
        assert_eq!(renamed("select `a`.`t`.`x` from `a`.`t`"), "select `b``c`.`t`.`x` from `b``c`.`t`");
        assert_eq!(renamed("select `t`.`a`.`x`, `xa`.`y`, a.b, '`a`'"), "select `t`.`a`.`x`, `xa`.`y`, a.b, '`a`'");
    }

    #[test]
    fn postgresql_names_a_schema_with_quotes_where_it_has_to() {
        let bare = |text| renamed(Dialect::Postgres, "a", "b", text);
        assert_eq!(
            bare("nextval('a.seq'::regclass) + ba.c + x.a.y + a"),
            "nextval('b.seq'::regclass) + ba.c + x.a.y + a"
        );
        let quoted = |text| renamed(Dialect::Postgres, "A b", "c-d", text);
        assert_eq!(quoted("select 1 from \"A b\".t, A b.t"), "select 1 from \"c-d\".t, A b.t");
        assert_eq!(renamed(Dialect::Postgres, "a", "C", "(a.t)"), "(\"C\".t)");
        assert_eq!(
            bare("'a.x'::text || 'it''s a.x' || a.f('a.y'::regclass)"),
            "'a.x'::text || 'it''s a.x' || b.f('b.y'::regclass)"
        );
    }

    #[test]
    fn an_alias_that_is_called_like_the_namespace_is_none() {
        let mut catalog = Catalog::empty(Dialect::Postgres);
        let column = Column { name: "id".to_owned(), ..Column::default() };
        catalog.tables.insert("t".to_owned(), Table { columns: vec![column], ..Table::default() });
        let view = View { definition: "SELECT a.id FROM a.t a".to_owned(), ..View::default() };
        catalog.views.insert("v".to_owned(), view);
        assert_eq!(catalog.renamed("a", "b").views["v"].definition, "SELECT a.id FROM b.t a");
    }

    #[test]
    fn every_text_of_a_catalog_is_renamed() {
        let text = || "`a`.`t`".to_owned();
        let definition = || Definition { definition: text(), sql: Rendered(text()), ..Definition::default() };
        let mut catalog = Catalog::empty(Dialect::MariaDb);
        let table = Table {
            columns: vec![Column { default: Some(text()), ..Column::default() }],
            triggers: [("touch".to_owned(), definition())].into(),
            ..Table::default()
        };
        catalog.tables.insert("t".to_owned(), table);
        catalog.views.insert("v".to_owned(), View { definition: text(), ..View::default() });
        catalog.others.insert("event e".to_owned(), definition());
        let renamed = catalog.renamed("a", "b");
        let found = serde_json::to_string(&renamed).expect("a catalog is plain data");
        assert_eq!((found.matches("`b`.`t`").count(), found.matches("`a`.").count()), (4, 0));
        assert_eq!(renamed.others["event e"].sql.0, "`b`.`t`");
    }
}
