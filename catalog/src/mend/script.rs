//! All fixes as one script, in an order in which each finds what it needs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::obstacle::{self, Obstacle};
use super::{Mend, Sides, effect, mentions, order, qualified, rename, waits};
use crate::{Catalog, Dialect, Drift, Kind, Severity, diff};

/// The statements that fix everything that was found, in order and without repetition.
///
/// Statements are numbered from 1; [`Mend::numbers`] are those of one finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FixScript {
    /// The steps in order.
    pub steps: Vec<FixStep>,
}

/// Statements of a script that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FixStep {
    /// The number of its first statement.
    pub first: usize,
    /// Its statements, without a semicolon at their ends.
    pub statements: Vec<String>,
    /// What they may cost: `loses the values of the column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hazard: Option<String>,
}

impl FixScript {
    /// How many statements it has.
    pub fn len(&self) -> usize {
        self.steps.iter().map(|step| step.statements.len()).sum()
    }

    /// Whether it has no statement.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// How often one difference may be fixed before it is given up: a fix that changes nothing would never end.
const ATTEMPTS: usize = 3;

/// A plan under way.
struct Planner<'a> {
    declared: &'a Catalog,
    home: &'a str,
    /// What is there after the steps so far.
    current: Catalog,
    /// What differs then.
    left: Vec<Drift>,
    script: FixScript,
    /// The steps of each finding.
    steps: Vec<Vec<usize>>,
    /// What cannot be fixed by a statement, and why; it may be possible after another fix.
    manual: BTreeMap<Key, String>,
    attempts: BTreeMap<Key, usize>,
    /// The findings for whose sake something was dropped that has to be made again.
    because: BTreeMap<(String, String), Vec<usize>>,
}

/// What tells one difference from another.
type Key = (Kind, String, String);

fn key(drift: &Drift) -> Key {
    (drift.kind, drift.spot.owner.clone(), drift.spot.part.clone())
}

/// Plans the script for `found`, and says in each finding which statements are its own.
///
/// Each fix is planned on the catalog as the fixes before it leave it. So a table that is made anew takes
/// all its findings with it, and a view that is dropped for the sake of a column is made again.
pub(super) fn plan(declared: &Catalog, actual: &Catalog, home: &str, found: &mut [Drift]) -> FixScript {
    let mut given_up = BTreeMap::new();
    let planner = loop {
        let planner = Planner::run(declared, actual, home, found, &given_up);
        let broken = planner.broken(found);
        // Each round gives up one finding more.
        if broken.is_empty() {
            break planner;
        }
        given_up.extend(broken);
    };
    let remains = planner.remains(found);
    let Planner { script, steps, manual, .. } = planner;
    for ((drift, steps), remains) in found.iter_mut().zip(steps).zip(remains) {
        let mut mend = of_finding(&script, &steps, manual.get(&key(drift)));
        let said = mend.caution.into_iter().chain(remains).collect::<Vec<_>>().join("; ");
        mend.caution = Some(said).filter(|said| !said.is_empty());
        drift.mend = Some(mend);
    }
    script
}

/// How one finding is fixed: its steps of the script, or the reason why there are none.
fn of_finding(script: &FixScript, steps: &[usize], manual: Option<&String>) -> Mend {
    if let Some(reason) = manual {
        return Mend::by_hand(reason.clone());
    }
    let mut mend = Mend::default();
    let mut hazards: Vec<&str> = Vec::new();
    for step in steps.iter().map(|step| &script.steps[*step]) {
        mend.numbers.extend(step.first..step.first + step.statements.len());
        mend.statements.extend(step.statements.iter().cloned());
        hazards.extend(step.hazard.as_deref().filter(|hazard| !hazards.contains(hazard)));
    }
    mend.caution = Some(hazards.join("; ")).filter(|hazards| !hazards.is_empty());
    mend
}

impl<'a> Planner<'a> {
    /// A plan to its end, without those differences that are given up.
    fn run(
        declared: &'a Catalog,
        actual: &Catalog,
        home: &'a str,
        found: &[Drift],
        given_up: &BTreeMap<Key, String>,
    ) -> Self {
        let mut planner = Self {
            declared,
            home,
            current: actual.clone(),
            left: Vec::new(),
            script: FixScript::default(),
            steps: vec![Vec::new(); found.len()],
            manual: given_up.clone(),
            attempts: given_up.keys().map(|key| (key.clone(), ATTEMPTS + 1)).collect(),
            because: BTreeMap::new(),
        };
        planner.left = planner.differences(found);
        while planner.advance(found) {}
        planner
    }

    /// The findings for whose sake something is dropped that no statement can make again, and why not.
    fn broken(&self, found: &[Drift]) -> BTreeMap<Key, String> {
        let mut broken = BTreeMap::new();
        for drift in &self.left {
            let spot = (drift.spot.owner.clone(), drift.spot.part.clone());
            let (Some(reason), Some(causes)) = (self.manual.get(&key(drift)), self.because.get(&spot)) else {
                continue;
            };
            if found.iter().any(|known| key(known) == key(drift)) {
                continue;
            }
            for cause in causes.iter().filter_map(|cause| found.get(*cause)) {
                let words = format!("{} is in its way, and cannot be made again: {reason}", drift.object);
                if self.attempts.get(&key(cause)).is_none_or(|attempts| *attempts <= ATTEMPTS) {
                    broken.insert(key(cause), words);
                }
            }
        }
        broken
    }

    /// Adds the next step; false when there is none.
    fn advance(&mut self, found: &[Drift]) -> bool {
        let open: Vec<Drift> =
            self.left.iter().filter(|drift| !self.manual.contains_key(&key(drift))).cloned().collect();
        let sides = Sides { declared: self.declared, actual: &self.current, home: self.home };
        let Some(next) = order::first(sides, &open).cloned() else { return false };
        let mut mend = match waits::reason(sides, &next) {
            Some(reason) => Mend::by_hand(reason),
            None => rename::fix(sides, &next).unwrap_or_else(|| super::one(sides, &next)),
        };
        if let Some(name) = self.manual_name(&mend) {
            mend = Mend::by_hand(format!("{name} has to be fixed by hand first"));
        }
        if mend.is_by_hand() {
            let reason = mend.caution.unwrap_or_else(|| "no statement of kiln's does it".to_owned());
            self.manual.insert(key(&next), reason);
            return true;
        }
        let obstacles = obstacle::of(sides, &next, &mend);
        let attempts = self.attempts.entry(key(&next)).or_default();
        *attempts += 1;
        if *attempts > ATTEMPTS {
            self.manual.insert(key(&next), "the statements for it do not settle it".to_owned());
            return true;
        }
        let owners = self.findings(found, &next);
        if !obstacles.is_empty() {
            let again =
                "what is dropped first is made again as it is declared: grants that no migration gives are lost";
            mend.caution = Some(mend.caution.map_or_else(|| again.to_owned(), |caution| format!("{caution}; {again}")));
        }
        for (position, Obstacle { statement, also }) in obstacles.into_iter().enumerate() {
            self.because.entry(also.spot()).or_default().extend(&owners);
            mend.statements.insert(position, statement);
            mend.also.insert(position, also);
        }
        effect::apply(&mut self.current, self.declared, &next, &mend);
        let after = self.differences(found);
        let before = std::mem::replace(&mut self.left, after);
        self.credit(found, &before, owners);
        self.script.steps.push(FixStep {
            first: self.script.len() + 1,
            statements: mend.statements,
            hazard: mend.caution,
        });
        // What could not be done before may be possible now, except what was given up. No drift waits for a note.
        if next.severity == Severity::Drift {
            let is_given_up = |one: &Key| self.attempts.get(one).is_some_and(|attempts| *attempts > ATTEMPTS);
            self.manual.retain(|one, _| is_given_up(one));
        }
        true
    }

    /// The name of what has to be made by hand, where statements of PostgreSQL need it: the server looks it up.
    fn manual_name(&self, mend: &Mend) -> Option<&str> {
        let names = self.manual.keys().filter(|(kind, ..)| {
            let is_needed =
                matches!(kind, Kind::TypeDiffers | Kind::MissingTable | Kind::MissingRoutine | Kind::MissingObject);
            is_needed && self.declared.dialect == Dialect::Postgres
        });
        let mut names = names.map(|(_, owner, _)| owner.as_str());
        let sides = Sides { declared: self.declared, actual: &self.current, home: self.home };
        // The server writes every name with its namespace, in quotes where it needs them.
        names.find(|name| {
            let quoted = qualified(sides, name.split('(').next().unwrap_or(name));
            let plain = quoted.replace('"', "");
            let is_in = |statement: &String| statement.contains(&quoted) || mentions(statement, &plain);
            mend.statements.iter().any(is_in)
        })
    }

    /// What each finding's steps leave to be done by hand, where that differs only after them.
    fn remains(&self, found: &[Drift]) -> Vec<Vec<String>> {
        let mut remains = vec![Vec::new(); found.len()];
        for drift in self.left.iter().filter(|drift| !found.iter().any(|known| key(known) == key(drift))) {
            let Some(reason) = self.manual.get(&key(drift)) else { continue };
            for position in self.findings(found, drift) {
                remains[position].push(format!("{} {} is left to be done by hand: {reason}", drift.kind, drift.object));
            }
        }
        remains
    }

    /// What differs after the steps so far, with the severities that the findings have.
    fn differences(&self, found: &[Drift]) -> Vec<Drift> {
        let mut left = diff(self.declared, &self.current);
        for drift in &mut left {
            if let Some(known) = found.iter().find(|known| key(known) == key(drift)) {
                drift.severity = known.severity;
            }
        }
        // A note that comes with a fix, such as another order of columns, is not worth a statement.
        left.retain(|drift| drift.severity == Severity::Drift || found.iter().any(|known| key(known) == key(drift)));
        left
    }

    /// The findings that a difference belongs to: itself, or those that its place was in before.
    fn findings(&self, found: &[Drift], drift: &Drift) -> Vec<usize> {
        let positions = |is_it: &dyn Fn(&Drift) -> bool| -> Vec<usize> {
            found.iter().enumerate().filter(|(_, known)| is_it(known)).map(|(position, _)| position).collect()
        };
        let mut findings = positions(&|known| key(known) == key(drift));
        if findings.is_empty() {
            let spot = (drift.spot.owner.clone(), drift.spot.part.clone());
            let for_owner = || self.because.get(&(spot.0.clone(), String::new()));
            findings.extend(self.because.get(&spot).or_else(for_owner).into_iter().flatten());
        }
        if findings.is_empty() {
            findings = positions(&|known| known.spot == drift.spot);
        }
        if findings.is_empty() {
            findings = positions(&|known| known.spot.owner == drift.spot.owner);
        }
        findings
    }

    /// Gives the step that is about to be added to its findings, and to those that are gone with it.
    fn credit(&mut self, found: &[Drift], before: &[Drift], owners: Vec<usize>) {
        let after = &self.left;
        let is_in = |list: &[Drift], drift: &Drift| list.iter().any(|other| key(other) == key(drift));
        let gone = found.iter().enumerate().filter(|(_, drift)| is_in(before, drift) && !is_in(after, drift));
        let step = self.script.steps.len();
        let gone: Vec<usize> = gone.map(|(position, _)| position).collect();
        for position in owners.into_iter().chain(gone) {
            if !self.steps[position].contains(&step) {
                self.steps[position].push(step);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Catalog, Check, Column, Dialect, FixScript, ForeignKey, Index, Key, Kind, Rendered, Table, View};

    fn column(name: &str, data_type: &str) -> Column {
        Column { name: name.to_owned(), data_type: data_type.to_owned(), nullable: true, ..Column::default() }
    }

    fn named(name: &str, sql: &str) -> (Option<String>, Rendered) {
        (Some(name.to_owned()), Rendered(sql.to_owned()))
    }

    /// Sales with an index, a key to shops, a check, and a view over them.
    fn shop(dialect: Dialect) -> Catalog {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let (name, sql) = named("sales_shop_fk", "FOREIGN KEY (shop) REFERENCES shops(id)");
        let key = ForeignKey {
            name,
            columns: texts(&["shop"]),
            target: "shops".to_owned(),
            target_columns: texts(&["id"]),
            sql,
            ..ForeignKey::default()
        };
        let (name, sql) = named("positive", "CHECK ((total > 0))");
        let check = Check { name, expression: "total > 0".to_owned(), sql, ..Check::default() };
        let index = Index {
            name: "by_total".to_owned(),
            keys: texts(&["total"]),
            sql: Rendered("CREATE INDEX by_total ON public.sales USING btree (total)".to_owned()),
            ..Index::default()
        };
        let (name, sql) = named("shops_pkey", "PRIMARY KEY (id)");
        let shops = Table {
            columns: vec![column("id", "integer")],
            primary_key: Some(Key { name, columns: texts(&["id"]), sql, ..Key::default() }),
            ..Table::default()
        };
        let sales = Table {
            columns: vec![column("id", "integer"), column("shop", "integer"), column("total", "integer")],
            foreign_keys: vec![key],
            checks: vec![check],
            indexes: vec![index],
            sql: Rendered(
                "CREATE TABLE sales (id integer, shop integer REFERENCES shops (id), total integer)".to_owned(),
            ),
            ..Table::default()
        };
        let view = View { definition: "SELECT sales.total FROM public.sales".to_owned(), ..View::default() };
        Catalog {
            tables: [("sales".to_owned(), sales), ("shops".to_owned(), shops)].into(),
            views: [("totals".to_owned(), view)].into(),
            ..Catalog::empty(dialect)
        }
    }

    fn sales(catalog: &mut Catalog) -> &mut Table {
        catalog.tables.get_mut("sales").expect("the table is there")
    }

    /// The kinds that are found with the numbers of their statements, and the statements.
    fn script(declared: &Catalog, actual: &Catalog) -> (Vec<(Kind, Vec<usize>)>, Vec<String>) {
        let mut found = crate::diff(declared, actual);
        let script: FixScript = crate::mend(declared, actual, "public", &mut found);
        let numbers = found.into_iter().map(|drift| (drift.kind, drift.mend.expect("every one has a fix").numbers));
        (numbers.collect(), script.steps.into_iter().flat_map(|step| step.statements).collect())
    }

    #[test]
    fn what_is_dropped_for_a_fix_is_made_again() {
        let declared = shop(Dialect::Postgres);
        let mut actual = declared.clone();
        sales(&mut actual).columns[2].data_type = "bigint".to_owned();
        let (found, statements) = script(&declared, &actual);
        assert_eq!(
            statements,
            [
                r#"DROP VIEW "public"."totals""#,
                r#"ALTER TABLE "public"."sales" ALTER COLUMN "total" TYPE integer USING "total"::integer"#,
                r#"CREATE VIEW "public"."totals" AS SELECT sales.total FROM public.sales"#,
            ]
        );
        assert_eq!(found, [(Kind::ColumnType, vec![1, 2, 3])]);
    }

    #[test]
    fn what_goes_with_a_column_is_made_again_once_the_column_is_there() {
        let declared = shop(Dialect::Postgres);
        let mut actual = declared.clone();
        let table = sales(&mut actual);
        table.columns.remove(2);
        table.indexes.clear();
        table.checks.clear();
        actual.views.clear();
        let (found, statements) = script(&declared, &actual);
        let begins = ["ALTER TABLE", "CREATE INDEX", "ALTER TABLE", "CREATE VIEW"];
        assert!(statements.iter().zip(begins).all(|(one, begin)| one.starts_with(begin)), "{statements:#?}");
        assert_eq!(statements.len(), begins.len());
        let numbers: Vec<usize> = found.iter().flat_map(|(_, numbers)| numbers.clone()).collect();
        assert_eq!(numbers.len(), 4, "each is of one finding: {found:?}");
    }

    #[test]
    fn a_child_is_made_after_its_parent_and_dropped_before_it() {
        let (whole, empty) = (shop(Dialect::Postgres), Catalog::empty(Dialect::Postgres));
        let (_, statements) = script(&whole, &empty);
        let place = |statements: &[String], text: &str| statements.iter().position(|one| one.contains(text));
        assert!(place(&statements, r#"TABLE "public"."shops""#) < place(&statements, r#"TABLE "public"."sales""#));
        assert!(place(&statements, "FOREIGN KEY").is_some());
        let (_, statements) = script(&empty, &whole);
        assert_eq!(
            statements,
            [r#"DROP VIEW "public"."totals""#, r#"DROP TABLE "public"."sales""#, r#"DROP TABLE "public"."shops""#]
        );
    }

    #[test]
    fn a_column_is_renamed_before_its_table_is_made_anew() {
        for dialect in Dialect::ALL {
            let declared = shop(dialect);
            let mut actual = declared.clone();
            actual.views.clear();
            let table = sales(&mut actual);
            table.columns[1].name = "store".to_owned();
            table.foreign_keys.clear();
            table.sql = Rendered("CREATE TABLE sales (id integer, store integer, total integer)".to_owned());
            let (found, statements) = script(&declared, &actual);
            assert!(statements[0].contains("RENAME COLUMN"), "{dialect}: {statements:#?}");
            assert!(!statements.iter().any(|one| one.contains("DROP COLUMN")), "{dialect}: {statements:#?}");
            let of = |kind: Kind| found.iter().find(|(other, _)| *other == kind).map(|(_, numbers)| numbers.clone());
            assert_eq!(of(Kind::MissingColumn), of(Kind::ExtraColumn), "{dialect}: both go with one statement");
        }
    }

    #[test]
    fn a_table_that_is_made_anew_is_made_anew_once() {
        let declared = shop(Dialect::Sqlite);
        let mut actual = declared.clone();
        let table = sales(&mut actual);
        table.columns[0].nullable = false;
        table.columns[1].default = Some("1".to_owned());
        table.checks.clear();
        let (found, statements) = script(&declared, &actual);
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|(_, numbers)| *numbers == found[0].1), "{found:?}");
        assert_eq!(statements.iter().filter(|one| one.starts_with("CREATE TABLE")).count(), 1);
    }

    #[test]
    fn what_waits_for_something_that_is_done_by_hand_says_so() {
        let declared = shop(Dialect::Sqlite);
        let mut declared = declared;
        sales(&mut declared).columns[2].nullable = false;
        let mut actual = declared.clone();
        let table = sales(&mut actual);
        table.columns.remove(2);
        table.indexes.clear();
        let mut found = crate::diff(&declared, &actual);
        crate::mend(&declared, &actual, "main", &mut found);
        let index = found.iter().find(|drift| drift.kind == Kind::MissingIndex).expect("it is found");
        let mend = index.mend.as_ref().expect("every one has a fix");
        assert_eq!(mend.caution.as_deref(), Some("sales.total has to be there first"));
        assert!(mend.is_by_hand());
    }
}
