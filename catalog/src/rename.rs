//! A catalog under another name of its namespace.

use crate::{Catalog, Dialect, texts};

impl Catalog {
    /// This catalog as if its namespace were called `to`, wherever a text of it names `from`.
    ///
    /// A replay makes a schema in a place of another name, and the server writes that name into what it
    /// renders: the tables of a view, the sequence of a default. What somebody wrote by hand is left alone:
    /// comments, grants. On MariaDB a name counts in backticks, as the server writes it; on PostgreSQL
    /// also without quotes.
    pub fn renamed(mut self, from: &str, to: &str) -> Self {
        let rename = Rename::of(self.dialect, from, to);
        if from == to || rename.forms.is_empty() {
            return self;
        }
        texts::change(&mut self, &|text| rename.text(text), true);
        self
    }
}

/// The forms in which a server writes a name before a dot, and what takes their place.
struct Rename {
    forms: Vec<(String, String)>,
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
        Self { forms }
    }

    fn text(&self, text: &mut String) {
        for (from, to) in &self.forms {
            if text.contains(from.as_str()) {
                *text = replaced(text, from, to);
            }
        }
    }
}

/// Whether PostgreSQL writes a name without quotes, its own words aside.
fn is_bare(name: &str) -> bool {
    let is_inside = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '_');
    name.chars().all(is_inside) && !name.starts_with(|first: char| first.is_ascii_digit()) && !name.is_empty()
}

/// `text` with `from` replaced where a name begins: not at the end of a longer one, nor behind a dot.
fn replaced(text: &str, from: &str, to: &str) -> String {
    let is_inside = |before: char| before.is_alphanumeric() || matches!(before, '_' | '$' | '.' | '"' | '`');
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = rest.split_at(at);
        replaced.push_str(before);
        replaced.push_str(if replaced.ends_with(is_inside) { from } else { to });
        rest = &after[from.len()..];
    }
    replaced + rest
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
