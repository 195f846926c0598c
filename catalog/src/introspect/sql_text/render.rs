//! Expressions and statements of SQLite in one spelling, so that two of one meaning read equal.
//!
//! Keywords come in capitals, names in small letters and without quotes where they need none.
//! `"a"` is a name to SQLite where there is one, and a string otherwise: a [`Scope`] tells.

use std::collections::BTreeSet;

use super::token::{Form, Token, is_plain};
use super::word::{KEYWORDS, RESERVED, VALUES, is_in};

/// What the words of an expression or statement can mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope<'a> {
    /// Every name that a column or table can go by, in small letters.
    pub(crate) names: BTreeSet<String>,
    /// The table that an expression is of, in small letters: it adds nothing before a column's name.
    pub(crate) own: Option<String>,
    /// Whether `names` are all that there are, so that another one in double quotes is a string.
    pub(crate) is_closed: bool,
    /// What else they can mean.
    around: Option<&'a Scope<'a>>,
}

impl<'a> Scope<'a> {
    /// The scope of an expression of a table with these columns.
    pub(crate) fn of_table<'n>(table: &str, columns: impl IntoIterator<Item = &'n str>) -> Self {
        let rowid = ["rowid", "oid", "_rowid_"];
        let names = columns.into_iter().chain(rowid).map(str::to_ascii_lowercase).collect();
        Self { names, own: Some(table.to_ascii_lowercase()), is_closed: true, around: None }
    }

    /// The scope of an expression that can name no column.
    pub(crate) fn of_default() -> Self {
        Self { is_closed: true, ..Self::default() }
    }

    /// The scope of statements that can mean these names and others.
    #[cfg(test)]
    pub(super) fn of_names(names: &[&str]) -> Self {
        Self { names: names.iter().map(|name| (*name).to_owned()).collect(), ..Self::default() }
    }

    /// The scope of a statement in a larger one.
    pub(crate) fn of_statement(statement: &[Token<'_>], around: &'a Scope<'a>) -> Self {
        let mut scope = Self { around: Some(around), ..Self::default() };
        scope.learn(statement);
        scope
    }

    /// Takes in the names that a statement gives by itself: `total` in `sum(a) AS total`, `WITH total AS (...)`.
    pub(crate) fn learn(&mut self, statement: &[Token<'_>]) {
        for (position, _) in statement.iter().enumerate().filter(|(_, token)| token.is("AS")) {
            let before = position.checked_sub(1).and_then(|before| statement.get(before));
            let after = statement.get(position + 1);
            let is_query = after.is_some_and(|after| after.is_sign("(") || after.is_any(&["NOT", "MATERIALIZED"]));
            let named = if is_query { before } else { after };
            self.names.extend(named.filter(|token| token.can_name()).map(|token| token.name().to_ascii_lowercase()));
        }
    }

    fn has(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let mut scopes = std::iter::successors(Some(self), |scope| scope.around);
        scopes.any(|scope| scope.names.contains(&name))
    }

    /// Whether tokens from here on are the own table and the dot after it.
    fn is_own(&self, tokens: &[Token<'_>]) -> bool {
        let [table, dot, ..] = tokens else { return false };
        dot.is_sign(".")
            && matches!(table.form, Form::Word | Form::Name)
            && self.own.as_ref().is_some_and(|own| table.name().eq_ignore_ascii_case(own))
    }
}

/// `tokens` in one spelling.
pub(crate) fn render(tokens: &[Token<'_>], scope: &Scope<'_>) -> String {
    let mut line = Line::default();
    // What each open parenthesis stands behind: `AS` in a CAST is followed by a type.
    let mut casts = Vec::new();
    let mut position = 0;
    while let Some(token) = tokens.get(position).copied() {
        if scope.is_own(&tokens[position..]) {
            position += 2;
            continue;
        }
        let before = position.checked_sub(1).map(|before| tokens[before]);
        let after = tokens.get(position + 1).copied();
        let is_alias = before.is_some_and(|before| before.is("AS")) && casts.last() != Some(&true);
        match token.text {
            "(" => casts.push(before.is_some_and(|before| before.is("CAST"))),
            ")" => drop(casts.pop()),
            _ => {}
        }
        line.add(token, &spell(token, before, after, is_alias, scope));
        position += 1;
    }
    line.text
}

/// The one spelling of a token between two others.
fn spell(
    token: Token<'_>,
    before: Option<Token<'_>>,
    after: Option<Token<'_>>,
    is_alias: bool,
    scope: &Scope<'_>,
) -> String {
    let is_beside = |one: Option<Token<'_>>, sign: &str| one.is_some_and(|one| one.is_sign(sign));
    match token.form {
        Form::Text | Form::Name if is_alias => quoted_where_needed(&token.name()),
        Form::Literal => token.text.to_ascii_lowercase(),
        Form::Sign if token.text == "==" => "=".to_owned(),
        Form::Sign if token.text == "!=" => "<>".to_owned(),
        Form::Text | Form::Sign => token.text.to_owned(),
        Form::Word if is_in(RESERVED, token.text) => token.text.to_ascii_uppercase(),
        // A name that is given keeps its letter case: programs read columns by it.
        Form::Word if is_alias => token.text.to_owned(),
        Form::Word if is_beside(after, "(") => token.text.to_ascii_lowercase(),
        Form::Word => in_its_case(token.text),
        Form::Name => {
            let name = token.name();
            let is_name = !token.text.starts_with('"')
                || scope.has(&name)
                || is_beside(before, ".")
                || is_beside(after, ".")
                || is_beside(after, "(")
                || before.is_some_and(|before| before.is("COLLATE"));
            match (is_name, scope.is_closed) {
                (true, _) if is_beside(after, "(") => quoted_where_needed(&name.to_ascii_lowercase()),
                (true, _) if is_plain(&name) && !is_in(RESERVED, &name) => in_its_case(&name),
                (true, _) => quoted_where_needed(&name.to_ascii_lowercase()),
                (false, true) => format!("'{}'", name.replace('\'', "''")),
                (false, false) => quoted(&name),
            }
        }
    }
}

/// A word that is not reserved: a keyword in capitals, a name in small letters.
fn in_its_case(word: &str) -> String {
    if is_in(KEYWORDS, word) { word.to_ascii_uppercase() } else { word.to_ascii_lowercase() }
}

/// A name as it has to be written, in its letter case.
pub(crate) fn quoted_where_needed(name: &str) -> String {
    if is_plain(name) && !is_in(RESERVED, name) { name.to_owned() } else { quoted(name) }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `tokens` as they are written but for quotes, for what only a module of SQLite's understands.
pub(crate) fn verbatim(tokens: &[Token<'_>]) -> String {
    let mut line = Line::default();
    for token in tokens {
        let spelt = match token.form {
            Form::Name | Form::Text if is_plain(&token.name()) => token.name(),
            Form::Name | Form::Text => format!("'{}'", token.name().replace('\'', "''")),
            _ => token.text.to_owned(),
        };
        line.add(*token, &spelt);
    }
    line.text
}

/// A text that grows token by token, with spaces where a reader wants them.
#[derive(Default)]
struct Line<'a> {
    text: String,
    last: Option<Token<'a>>,
    /// Whether the last token is a sign that belongs to the value after it: the minus of `-1`.
    is_sign_of_value: bool,
}

impl<'a> Line<'a> {
    fn add(&mut self, token: Token<'a>, spelt: &str) {
        if !self.joins(token) {
            self.text.push(' ');
        }
        self.text.push_str(spelt);
        self.is_sign_of_value = token.form == Form::Sign && ["-", "+", "~"].contains(&token.text) && !self.is_value();
        self.last = Some(token);
    }

    /// Whether a token stands next to the one before it without a space.
    fn joins(&self, token: Token<'_>) -> bool {
        let Some(last) = self.last else { return true };
        let is_call = |last: Token<'_>| {
            let is_function = !is_in(RESERVED, last.text) || last.is_any(&["CAST", "RAISE", "EXISTS"]);
            last.form == Form::Name || last.form == Form::Word && is_function
        };
        self.is_sign_of_value
            || ["(", "."].iter().any(|sign| last.is_sign(sign))
            || [")", ",", ".", ";"].iter().any(|sign| token.is_sign(sign))
            || token.is_sign("(") && is_call(last)
    }

    /// Whether the last token ends a value.
    fn is_value(&self) -> bool {
        self.last.is_some_and(|last| match last.form {
            Form::Sign => last.text == ")",
            Form::Word => !is_in(RESERVED, last.text) || last.is_any(VALUES),
            _ => true,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Scope, render, verbatim};
    use crate::introspect::sql_text::bracket::bare;
    use crate::introspect::sql_text::token::tokens;

    fn expression(sql: &str) -> String {
        render(&bare(&tokens(sql)), &Scope::of_table("Sales", ["Region", "total sum", "order"]))
    }

    fn statement(sql: &str) -> String {
        let tokens = tokens(sql);
        let around = Scope::of_names(&["sales", "region"]);
        render(&tokens, &Scope::of_statement(&tokens, &around))
    }

    #[test]
    fn letter_case_white_space_quotes_and_comments_of_an_expression_make_no_difference() {
        for spelling in [
            "region IN ('a', 'B') AND coalesce(qty, -1) <> 0x1f",
            "((REGION in('a','B')and/* c */Coalesce ( QTY,- 1 )!=0X1F))",
            "\"region\" IN ('a', 'B') AND \"COALESCE\"([qty], -1) <> 0x1F",
            "sales.`Region` in ('a', 'B') AND COALESCE(\"Sales\".\"qty\", -1) <> 0x1F",
        ] {
            assert_eq!(expression(spelling), "region IN ('a', 'B') AND coalesce(qty, -1) <> 0x1f");
        }
    }

    #[test]
    fn what_no_column_is_called_in_double_quotes_is_a_string() {
        assert_eq!(expression("\"region\" = \"North's\""), "region = 'North''s'");
        assert_eq!(expression("[region] = [North]"), "region = north");
        assert_eq!(statement("SELECT \"Region\" = \"North\" FROM sales"), "SELECT region = \"North\" FROM sales");
    }

    #[test]
    fn a_name_that_would_be_a_keyword_keeps_its_quotes() {
        assert_eq!(expression("[ORDER] > `Total Sum`"), "\"order\" > \"total sum\"");
        assert_eq!(expression("region IS \"null\""), "region IS 'null'");
        assert_eq!(expression("region IS NULL"), "region IS NULL");
    }

    #[test]
    fn letter_case_of_strings_and_of_given_names_stays() {
        assert_eq!(statement("select 'A' as \"Total\", 'a' As total"), "SELECT 'A' AS Total, 'a' AS total");
        assert_eq!(statement("SELECT cast(Region AS INTEGER)"), "SELECT CAST(region AS integer)");
        assert_eq!(
            statement("with T as (select 1) select \"x\".n from \"t\" as x"),
            "WITH t AS (SELECT 1) SELECT x.n FROM t AS x"
        );
    }

    #[test]
    fn a_sign_belongs_to_the_value_after_it_unless_there_is_one_before() {
        assert_eq!(expression("a-1<-1+(-2)-NULL*-b"), "a - 1 < -1 + (-2) - NULL * -b");
    }

    #[test]
    fn what_a_module_reads_stays_as_it_is() {
        assert_eq!(verbatim(&tokens("fts5( 'Title',content = \"X Y\" )")), "fts5(Title, content = 'X Y')");
    }

    proptest! {
        #[test]
        fn white_space_between_tokens_never_matters(words in prop::collection::vec("[a-zA-Z(),<>=.\"]{1,6}", 0..9)) {
            let words: Vec<String> = words.iter().map(|word| word.replace('"', "\"\"")).collect();
            let (one, many) = (words.join(" "), words.join(" \n\t -- remark\n /* more */ "));
            prop_assert_eq!(expression(&one), expression(&many));
            prop_assert_eq!(statement(&one), statement(&many));
        }

        #[test]
        fn letter_case_outside_of_strings_never_matters(sql in "[a-z0-9 ()+.,<=-]{0,40}") {
            prop_assert_eq!(expression(&sql), expression(&sql.to_ascii_uppercase()));
        }

        #[test]
        fn no_text_is_too_odd(sql in "[ -~\\n]{0,80}") {
            let _ = (expression(&sql), statement(&sql));
        }
    }
}
