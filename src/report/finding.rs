//! What a check or a comparison found, as values that every format prints in its own way.

use std::collections::BTreeMap;

use catalog::{Drift, Kind, Severity};

use super::paint::Paint;

/// What a finding can be of: a kind of difference, or one of those of [`RULES_OF_CHECK`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The code that scripts may rely on; it never changes its meaning.
    pub(crate) code: &'static str,
    /// What it is, in a sentence of its own.
    pub(crate) about: &'static str,
    /// Whether a finding of it makes a check fail, unless the finding says otherwise.
    pub(crate) severity: Severity,
}

impl Rule {
    const fn drift(code: &'static str, about: &'static str) -> Self {
        Self { code, about, severity: Severity::Drift }
    }

    /// Every rule there is.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        RULES_OF_CHECK.iter().copied().chain(Kind::ALL.iter().copied().map(Self::from))
    }
}

impl From<Kind> for Rule {
    fn from(kind: Kind) -> Self {
        Self { code: kind.code(), about: kind.about(), severity: kind.severity() }
    }
}

pub(crate) const MISSING_MIGRATION: Rule =
    Rule::drift("missing-migration", "A migration is applied, and this build does not know it.");
pub(crate) const PENDING_MIGRATIONS: Rule =
    Rule::drift("pending-migrations", "Migrations of this build are not applied.");
pub(crate) const EDITED_MIGRATION: Rule =
    Rule::drift("edited-migration", "A migration was edited after it was applied.");
pub(crate) const HALF_DONE_MIGRATION: Rule =
    Rule::drift("half-done-migration", "A migration is half done, for its run ended before it did.");
pub(crate) const NOT_COMPARED: Rule = Rule::drift("not-compared", "The structure could not be looked at.");
pub(crate) const NOT_MIGRATED: Rule = Rule::drift("not-migrated", "The schema was never migrated.");
pub(crate) const UNRECORDED: Rule =
    Rule::drift("unrecorded", "Tables of the schema are there, and no history of them.");

/// What a check finds beside differences of structure.
pub(crate) const RULES_OF_CHECK: &[Rule] = &[
    MISSING_MIGRATION,
    PENDING_MIGRATIONS,
    EDITED_MIGRATION,
    HALF_DONE_MIGRATION,
    NOT_COMPARED,
    NOT_MIGRATED,
    UNRECORDED,
];

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: Rule,
    /// Whether it makes a check fail.
    pub(crate) severity: Severity,
    /// What it is about, within the schema: objects from their table inwards, or versions; none where it is
    /// the schema itself.
    pub(crate) objects: Vec<String>,
    /// The entity field that the object breaks a promise to.
    pub(crate) field: Option<String>,
    pub(crate) details: Vec<Detail>,
}

/// Something that a finding says, under a word for it or under none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Detail {
    pub(crate) label: &'static str,
    pub(crate) text: String,
    /// What it says in its place in a list, where a finding before it has said a part of the text.
    pub(crate) in_list: Option<String>,
}

impl Detail {
    /// Its lines for people, those after the first under the text of the first.
    fn lines(&self, paint: Paint) -> Vec<String> {
        let Self { label, text, in_list } = self;
        let text = in_list.as_ref().unwrap_or(text);
        let (first, rest) = match *label {
            "" => (" ".repeat(6), 6),
            label => (format!("      {} ", paint.label(&format!("{label:<9}"))), 16),
        };
        let lines = text.trim().lines().enumerate();
        lines
            .map(|(number, line)| if number == 0 { format!("{first}{line}") } else { format!("{:rest$}{line}", "") })
            .map(|line| line.trim_end().to_owned())
            .collect()
    }
}

impl Finding {
    /// A finding that says nothing yet.
    pub(crate) fn new(rule: Rule, objects: Vec<String>) -> Self {
        Self { rule, severity: rule.severity, objects, field: None, details: Vec::new() }
    }

    /// With something more to say, unless there is nothing in it.
    pub(crate) fn saying(mut self, label: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.details.push(Detail { label, text, in_list: None });
        }
        self
    }

    /// The full names of what it is about: `market.sales.quantity`, or the schema.
    pub(crate) fn names(&self, subject: &str) -> Vec<String> {
        if self.objects.is_empty() {
            return vec![subject.to_owned()];
        }
        self.objects.iter().map(|object| format!("{subject}.{object}")).collect()
    }

    /// For people: code and object, then what there is to say, each under its word.
    pub(crate) fn text(&self, paint: Paint) -> String {
        let about = self.objects.join(", ");
        let note = if self.severity == Severity::Note { "(note)" } else { "" };
        let head =
            [paint.code(self.severity, self.rule.code), about, self.field.clone().unwrap_or_default(), note.into()];
        let head = head.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ");
        let details = self.details.iter().filter(|detail| detail.in_list.as_deref() != Some(""));
        let details = details.flat_map(|detail| detail.lines(paint));
        std::iter::once(format!("  {head}")).chain(details).collect::<Vec<_>>().join("\n")
    }

    /// The whole of it in words that need nothing around them; the first line is the summary.
    pub(crate) fn message(&self, subject: &str) -> String {
        let field = self.field.as_ref().map(|field| format!(" ({field})")).unwrap_or_default();
        let summary = format!("{}{field}: {}", self.names(subject).join(", "), uncapitalised(self.rule.about));
        let details = self.details.iter().map(|Detail { label, text, .. }| match *label {
            "" => text.clone(),
            label => format!("{label}: {text}"),
        });
        std::iter::once(summary).chain(details).collect::<Vec<_>>().join("\n")
    }
}

/// `A column.` as `a column.`
fn uncapitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// The findings of differences, drift before notes, each statement with the first one that it is of.
pub(crate) fn of_drifts<'a>(drifts: impl Iterator<Item = &'a Drift>) -> Vec<Finding> {
    let mut drifts: Vec<&Drift> = drifts.collect();
    drifts.sort_by_key(|drift| drift.severity);
    let numbers = drifts.iter().filter_map(|drift| drift.mend.as_ref()).flat_map(|mend| &mend.numbers);
    let of = numbers.copied().max().unwrap_or_default();
    let mut shown = BTreeMap::new();
    drifts.into_iter().map(|drift| Finding::of(drift, of, &mut shown)).collect()
}

impl Finding {
    /// A difference among others, whose fix is a part of a script of `of` statements. Those that are `shown`
    /// already, each with an object, are not shown again.
    fn of<'a>(drift: &'a Drift, of: usize, shown: &mut BTreeMap<usize, &'a str>) -> Self {
        let declared = if drift.field.is_some() { "promised" } else { "declared" };
        let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        let mut finding = Self::new(drift.kind.into(), vec![drift.object.clone()])
            .saying(declared, side(&drift.declared))
            .saying("actual", side(&drift.actual))
            .saying("so", drift.consequence.clone().unwrap_or_default());
        finding.severity = drift.severity;
        finding.field.clone_from(&drift.field);
        let Some(mend) = &drift.mend else { return finding };
        let caution = mend.caution.clone().unwrap_or_default();
        if mend.is_by_hand() {
            let why = if caution.is_empty() { "no statement of kiln's does it".to_owned() } else { caution };
            return finding.saying("by hand", why);
        }
        let whole: Vec<String> =
            mend.statements.iter().map(|statement| format!("{};", statement.trim().trim_end_matches(';'))).collect();
        let mut lines = Vec::new();
        let (mut new, mut known) = (Vec::new(), Vec::new());
        for (number, statement) in mend.numbers.iter().zip(&whole) {
            if let Some(object) = shown.get(number) {
                known.push((*number, *object));
            } else {
                new.push(*number);
                lines.push(statement.clone());
                shown.insert(*number, &drift.object);
            }
        }
        if let Some((_, object)) = known.first() {
            let numbers: Vec<usize> = known.iter().map(|(number, _)| *number).collect();
            lines.insert(0, format!("-- {}, with {object}", place_in(&numbers, of)));
        }
        if new.len() < of && !new.is_empty() {
            lines.insert(lines.len() - new.len(), format!("-- {}", place_in(&new, of)));
        }
        let is_said = new.is_empty();
        finding.details.push(Detail { label: "mend", text: whole.join("\n"), in_list: Some(lines.join("\n")) });
        if !caution.is_empty() {
            let in_list = is_said.then(String::new);
            finding.details.push(Detail { label: "caution", text: caution, in_list });
        }
        finding
    }
}

/// Which statements of a script of `of` these are, in words: `statements 3 to 5 and 9 of 12`.
fn place_in(numbers: &[usize], of: usize) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let words = runs.iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    });
    let noun = if numbers.len() == 1 { "statement" } else { "statements" };
    format!("{noun} {} of {of}", words.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use catalog::{Catalog, Dialect, Drift, Mend, Table};

    use super::{Finding, Rule, of_drifts, place_in};
    use crate::report::paint::Paint;

    /// An extra table, mended so.
    fn extra_table(statements: &[&str], caution: Option<&str>) -> Finding {
        let mut actual = Catalog::empty(Dialect::Sqlite);
        actual.tables.insert("notes".to_owned(), Table::default());
        let mut found: Vec<Drift> = catalog::diff(&Catalog::empty(Dialect::Sqlite), &actual);
        let mut mend = Mend::default();
        mend.statements = statements.iter().map(|statement| (*statement).to_owned()).collect();
        mend.caution = caution.map(str::to_owned);
        mend.numbers = (1..=statements.len()).collect();
        found[0].mend = Some(mend);
        of_drifts(found.iter()).remove(0)
    }

    #[test]
    fn statements_that_mend_stand_under_each_other_and_can_be_pasted() {
        let text = extra_table(&["CREATE VIEW v AS\n  SELECT 1", "DROP TABLE notes;"], Some("loses its rows"));
        let text = text.text(Paint::Plain);
        let mend = "\n      mend      CREATE VIEW v AS\n                  SELECT 1;\n                DROP TABLE notes;\
                    \n      caution   loses its rows";
        assert!(text.ends_with(mend), "{text}");
    }

    #[test]
    fn the_place_of_statements_in_a_script_is_said_in_few_words() {
        assert_eq!(place_in(&[3], 12), "statement 3 of 12");
        assert_eq!(place_in(&[3, 4], 12), "statements 3, 4 of 12");
        assert_eq!(place_in(&[2, 4, 5, 6, 9], 12), "statements 2, 4 to 6, 9 of 12");
    }

    #[test]
    fn what_no_statement_mends_says_so_and_why() {
        let text = extra_table(&[], Some("its rows are needed")).text(Paint::Plain);
        assert!(text.ends_with("\n      by hand   its rows are needed"), "{text}");
        let text = extra_table(&[], None).text(Paint::Plain);
        assert!(text.ends_with("\n      by hand   no statement of kiln's does it"), "{text}");
    }

    #[test]
    fn every_rule_has_a_code_of_its_own_and_a_sentence() {
        let rules: Vec<Rule> = Rule::all().collect();
        let codes: BTreeSet<&str> = rules.iter().map(|rule| rule.code).collect();
        assert_eq!(codes.len(), rules.len());
        for rule in rules {
            assert!(rule.about.starts_with(char::is_uppercase) && rule.about.ends_with('.'), "{}", rule.code);
        }
    }
}
