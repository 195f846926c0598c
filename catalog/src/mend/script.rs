//! All fixes as one script, in an order in which each finds what it needs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::obstacle::{self, Obstacle};
use super::{Mend, Sides, effect, mentions, order, rename};
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
    let mut planner = Planner {
        declared,
        home,
        current: actual.clone(),
        script: FixScript::default(),
        steps: vec![Vec::new(); found.len()],
        manual: BTreeMap::new(),
        attempts: BTreeMap::new(),
        because: BTreeMap::new(),
    };
    while planner.advance(found) {}
    let Planner { script, steps, manual, .. } = planner;
    for (drift, steps) in found.iter_mut().zip(steps) {
        drift.mend = Some(of_finding(&script, &steps, manual.get(&key(drift))));
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

impl Planner<'_> {
    /// Adds the next step; false when there is none.
    fn advance(&mut self, found: &[Drift]) -> bool {
        let before = self.left(found);
        let open: Vec<Drift> = before.iter().filter(|drift| !self.manual.contains_key(&key(drift))).cloned().collect();
        let sides = Sides { declared: self.declared, actual: &self.current, home: self.home };
        let Some(next) = order::first(sides, &open).cloned() else { return false };
        let mut mend = match effect::waits(sides, &next) {
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
        for (position, Obstacle { statement, also }) in obstacles.into_iter().enumerate() {
            self.because.entry(also.spot()).or_default().extend(&owners);
            mend.statements.insert(position, statement);
            mend.also.insert(position, also);
        }
        effect::apply(&mut self.current, self.declared, &next, &mend);
        self.credit(found, &before, owners);
        self.script.steps.push(FixStep {
            first: self.script.len() + 1,
            statements: mend.statements,
            hazard: mend.caution,
        });
        // What could not be done before may be possible now, except what was given up.
        let is_given_up = |one: &Key| self.attempts.get(one).is_some_and(|attempts| *attempts > ATTEMPTS);
        self.manual.retain(|one, _| is_given_up(one));
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
        names.find(|name| {
            let bare = name.split('(').next().unwrap_or(name).rsplit(['.', ' ']).next().unwrap_or(name);
            mend.statements.iter().any(|statement| mentions(statement, bare))
        })
    }

    /// What differs after the steps so far, with the severities that the findings have.
    fn left(&self, found: &[Drift]) -> Vec<Drift> {
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
        let after = self.left(found);
        let is_in = |list: &[Drift], drift: &Drift| list.iter().any(|other| key(other) == key(drift));
        let gone = found.iter().enumerate().filter(|(_, drift)| is_in(before, drift) && !is_in(&after, drift));
        let step = self.script.steps.len();
        let gone: Vec<usize> = gone.map(|(position, _)| position).collect();
        for position in owners.into_iter().chain(gone) {
            if !self.steps[position].contains(&step) {
                self.steps[position].push(step);
            }
        }
    }
}
