//! Which migrations a command runs, in which order. Pure: from what is known and what is applied.

use serde::Serialize;

use crate::error::Error;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    /// Apply.
    Up,
    /// Roll back.
    Down,
}

/// How much a version has to be like a word to be offered in its place, from 0 to 1.
const ALIKE: f64 = 0.5;

/// The word for the last version, wherever one is asked for.
const HEAD: &str = "head";

/// How far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// As far as there is anything.
    All,
    /// So many migrations.
    Count(usize),
    /// Up: this version included. Down: this version kept. A unique prefix of one will do.
    Version(String),
}

/// A migration that is half done: its run ended before it did, and the engine could not roll it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Half {
    pub(crate) version: String,
    pub(crate) direction: Direction,
}

/// One migration to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Planned {
    pub(crate) direction: Direction,
    pub(crate) version: String,
}

/// What to do, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Plan {
    /// Whether everything in the namespace is dropped first.
    pub(crate) clears: bool,
    pub(crate) steps: Vec<Planned>,
}

/// What a command wants of a schema's migrations. Every verb is one of these, and all have one plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Apply what is pending.
    Up {
        target: Target,
        /// Whether a pending migration may be older than an applied one.
        out_of_order: bool,
    },
    /// Roll back what is applied.
    Down(Target),
    /// The last one down and up again.
    Redo,
    /// All down, all up.
    Refresh,
    /// All down.
    Reset,
    /// Everything dropped, all up.
    Fresh,
}

impl Wish {
    /// Which way it goes at its end.
    pub(crate) fn direction(&self) -> Direction {
        match self {
            Self::Up { .. } | Self::Redo | Self::Refresh | Self::Fresh => Direction::Up,
            Self::Down(_) | Self::Reset => Direction::Down,
        }
    }

    /// The verb, with its flags, that does what is left after a migration on the way has failed and left nothing.
    pub(crate) fn verb(&self, failed: Direction) -> &'static str {
        match (failed, self) {
            (Direction::Up, Self::Up { out_of_order: true, .. }) => "up --out-of-order",
            (Direction::Up, _) => "up",
            (Direction::Down, Self::Redo) => "redo",
            (Direction::Down, Self::Refresh) => "refresh",
            (Direction::Down, Self::Reset) => "reset",
            (Direction::Down, _) => "down",
        }
    }
}

/// What a schema's migrations are and which of them its history has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State<'a> {
    /// The schema's name, for messages.
    pub(crate) schema: &'a str,
    /// Versions in the order of the migrator.
    pub(crate) known: &'a [String],
    /// Versions in the history.
    pub(crate) applied: &'a [String],
    /// The migration that is half done, if one is.
    pub(crate) half: Option<&'a Half>,
}

impl Plan {
    /// The versions that go this way, in order.
    pub(crate) fn versions(&self, direction: Direction) -> Vec<String> {
        let steps = self.steps.iter().filter(|step| step.direction == direction);
        steps.map(|step| step.version.clone()).collect()
    }
}

fn steps(direction: Direction, versions: impl IntoIterator<Item = String>) -> Vec<Planned> {
    versions.into_iter().map(|version| Planned { direction, version }).collect()
}

impl State<'_> {
    /// Known versions that the history lacks, in order.
    pub(crate) fn pending(&self) -> Vec<String> {
        self.known.iter().filter(|version| !self.applied.contains(version)).cloned().collect()
    }

    /// Known versions that the history has, in order.
    pub(crate) fn done(&self) -> Vec<String> {
        self.known.iter().filter(|version| self.applied.contains(version)).cloned().collect()
    }

    /// Versions in the history that this build does not know.
    pub(crate) fn missing(&self) -> Vec<String> {
        self.applied.iter().filter(|version| !self.known.contains(version)).cloned().collect()
    }

    /// What `wish` comes to.
    pub(crate) fn plan(&self, wish: &Wish) -> Result<Plan, Error> {
        let mut plan = Plan::default();
        match wish {
            Wish::Up { target, out_of_order } => {
                self.refuse_missing()?;
                let versions = self.up(target)?;
                if !out_of_order {
                    self.refuse_older(&versions)?;
                }
                plan.steps = steps(Direction::Up, versions);
            }
            Wish::Down(target) => plan.steps = steps(Direction::Down, self.down(target)?),
            Wish::Redo => {
                let last = self.down(&Target::Count(1))?;
                plan.steps = steps(Direction::Down, last.clone());
                plan.steps.extend(steps(Direction::Up, last));
            }
            Wish::Reset => plan.steps = steps(Direction::Down, self.down(&Target::All)?),
            Wish::Refresh => {
                plan.steps = steps(Direction::Down, self.down(&Target::All)?);
                plan.steps.extend(steps(Direction::Up, self.known.iter().cloned()));
            }
            // Whatever is there goes, a migration that is half done with it.
            Wish::Fresh => {
                return Ok(Plan { clears: true, steps: steps(Direction::Up, self.known.iter().cloned()) });
            }
        }
        self.refuse_half(&plan)?;
        Ok(plan)
    }

    fn up(&self, target: &Target) -> Result<Vec<String>, Error> {
        let mut versions = self.pending();
        match target {
            Target::All => {}
            Target::Count(count) => versions.truncate(*count),
            Target::Version(prefix) => {
                let last = self.position(prefix)?;
                versions.retain(|version| self.known[..=last].contains(version));
            }
        }
        Ok(versions)
    }

    fn down(&self, target: &Target) -> Result<Vec<String>, Error> {
        let mut versions = self.done();
        versions.reverse();
        match target {
            Target::All => {}
            Target::Count(count) => versions.truncate(*count),
            Target::Version(prefix) => {
                let kept = self.position(prefix)?;
                if !self.applied.contains(&self.known[kept]) {
                    return Err(Error::Usage(format!(
                        "{} is not applied to {}, so nothing can be rolled back to it",
                        self.known[kept], self.schema
                    )));
                }
                versions.retain(|version| !self.known[..=kept].contains(version));
            }
        }
        self.refuse_past_missing(&versions)?;
        Ok(versions)
    }

    /// The order guard: what is applied late runs on what it was not written for.
    fn refuse_older(&self, versions: &[String]) -> Result<(), Error> {
        let position = |version: &String| self.known.iter().position(|known| known == version);
        let Some(newest) = self.done().pop() else { return Ok(()) };
        match versions.iter().find(|version| position(version) < position(&newest)) {
            None => Ok(()),
            Some(older) => Err(Error::Refused(format!(
                "{older} is pending and comes before {newest} in the migrator, which is applied to {}; put it after that, or \
                 apply it late with `kiln migrate up {} --out-of-order`",
                self.schema, self.schema
            ))),
        }
    }

    pub(crate) fn refuse_missing(&self) -> Result<(), Error> {
        let missing = self.missing();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::Refused(format!(
            "the history of {} has {}, which this build does not know; run the build that has it, or roll it back there",
            self.schema,
            missing.join(", ")
        )))
    }

    /// Refuses to roll back what may lie under a migration that this build does not know.
    fn refuse_past_missing(&self, versions: &[String]) -> Result<(), Error> {
        let Some(lowest) = versions.iter().min() else { return Ok(()) };
        let above: Vec<String> = self.missing().into_iter().filter(|version| version > lowest).collect();
        if above.is_empty() {
            return Ok(());
        }
        Err(Error::Refused(format!(
            "{lowest} of {} lies under {}, which this build does not know; run the build that has it, and roll it back \
             there first",
            self.schema,
            above.join(", ")
        )))
    }

    /// Refuses whatever does not begin with ending what is half done.
    fn refuse_half(&self, plan: &Plan) -> Result<(), Error> {
        let Some(half) = self.half else { return Ok(()) };
        let is_first =
            plan.steps.first().is_some_and(|step| step.version == half.version && step.direction == half.direction);
        if is_first {
            return Ok(());
        }
        let (verb, command) = match half.direction {
            Direction::Up => ("applied", "up"),
            Direction::Down => ("rolled back", "down"),
        };
        if !self.known.contains(&half.version) {
            return Err(Error::Database(format!(
                "{} is half {verb} to {}, and this build does not know it; run the build that has it, which goes on where \
                 it stopped",
                half.version, self.schema
            )));
        }
        Err(Error::Database(format!(
            "{} is half {verb}; run `kiln migrate {command} {}` first, which goes on where it stopped; or undo by hand \
             what it has done, and forget that with `kiln migrate repair {}`",
            half.version, self.schema, self.schema
        )))
    }

    /// The position of the version that `prefix` means.
    pub(crate) fn position(&self, prefix: &str) -> Result<usize, Error> {
        let matches: Vec<usize> = match self.known.iter().position(|version| version == prefix) {
            Some(exact) => vec![exact],
            None if prefix == HEAD && !self.known.is_empty() => vec![self.known.len() - 1],
            None => (0..self.known.len()).filter(|at| self.known[*at].starts_with(prefix)).collect(),
        };
        match matches.as_slice() {
            [one] => Ok(*one),
            [] => {
                let likeness = |version: &&String| strsim::jaro_winkler(prefix, version);
                let alike = self.known.iter().filter(|version| likeness(version) > ALIKE);
                let nearest = alike.max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
                let hint = nearest.map_or_else(
                    || format!("`kiln migrate status {}` lists them", self.schema),
                    |version| format!("did you mean {version}?"),
                );
                Err(Error::Usage(format!("{} has no migration {prefix}; {hint}", self.schema)))
            }
            several => {
                let versions: Vec<&str> = several.iter().map(|at| self.known[*at].as_str()).collect();
                Err(Error::Usage(format!("{prefix} may be any of {}; write more of it", versions.join(", "))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, Half, Plan, State, Target, Wish};
    use crate::error::Exit;

    fn versions(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// What a wish comes to over `m1_a`, `m2_b` and `m3_c`: `+m1_a -m2_b`, or the exit code and message.
    fn plan_with(wish: &Wish, applied: &[&str], half: Option<&Half>) -> Result<String, (Exit, String)> {
        let (known, applied) = (versions(&["m1_a", "m2_b", "m3_c"]), versions(applied));
        let state = State { schema: "shop", known: &known, applied: &applied, half };
        state.plan(wish).map(|plan| in_short(&plan)).map_err(|error| (error.exit(), error.to_string()))
    }

    fn plan(wish: &Wish, applied: &[&str]) -> Result<String, (Exit, String)> {
        plan_with(wish, applied, None)
    }

    fn in_short(plan: &Plan) -> String {
        let steps = plan.steps.iter().map(|step| match step.direction {
            Direction::Up => format!("+{}", step.version),
            Direction::Down => format!("-{}", step.version),
        });
        plan.clears.then(|| "clear".to_owned()).into_iter().chain(steps).collect::<Vec<_>>().join(" ")
    }

    fn up(target: Target) -> Wish {
        Wish::Up { target, out_of_order: false }
    }

    fn to(version: &str) -> Target {
        Target::Version(version.to_owned())
    }

    #[test]
    fn up_applies_what_is_pending_in_order() {
        assert_eq!(plan(&up(Target::All), &[]).unwrap(), "+m1_a +m2_b +m3_c");
        assert_eq!(plan(&up(Target::Count(1)), &["m1_a"]).unwrap(), "+m2_b");
        assert_eq!(plan(&up(Target::All), &["m1_a", "m2_b", "m3_c"]).unwrap(), "");
    }

    #[test]
    fn up_to_a_version_includes_it_and_down_to_a_version_keeps_it() {
        assert_eq!(plan(&up(to("m2_b")), &[]).unwrap(), "+m1_a +m2_b");
        assert_eq!(plan(&Wish::Down(to("m1")), &["m1_a", "m2_b", "m3_c"]).unwrap(), "-m3_c -m2_b");
        assert_eq!(plan(&up(to("m1_a")), &["m1_a", "m2_b"]).unwrap(), "");
    }

    #[test]
    fn down_goes_backwards_and_stops_at_nothing() {
        assert_eq!(plan(&Wish::Down(Target::Count(1)), &["m1_a", "m2_b"]).unwrap(), "-m2_b");
        assert_eq!(plan(&Wish::Down(Target::Count(9)), &["m1_a", "m2_b"]).unwrap(), "-m2_b -m1_a");
        assert_eq!(plan(&Wish::Down(Target::All), &[]).unwrap(), "");
    }

    #[test]
    fn redo_refresh_reset_and_fresh_are_plans_like_any_other() {
        let applied = ["m1_a", "m2_b"];
        assert_eq!(plan(&Wish::Redo, &applied).unwrap(), "-m2_b +m2_b");
        assert_eq!(plan(&Wish::Refresh, &applied).unwrap(), "-m2_b -m1_a +m1_a +m2_b +m3_c");
        assert_eq!(plan(&Wish::Reset, &applied).unwrap(), "-m2_b -m1_a");
        assert_eq!(plan(&Wish::Fresh, &applied).unwrap(), "clear +m1_a +m2_b +m3_c");
        assert_eq!(plan(&Wish::Redo, &[]).unwrap(), "");
    }

    #[test]
    fn a_version_that_nobody_knows_is_refused_with_the_nearest() {
        let (exit, message) = plan(&up(to("m4")), &[]).unwrap_err();
        assert_eq!(exit, Exit::Usage);
        assert!(message.starts_with("shop has no migration m4; did you mean m"), "{message}");
        let (_, message) = plan(&up(to("zzz")), &[]).unwrap_err();
        assert_eq!(message, "shop has no migration zzz; `kiln migrate status shop` lists them");
    }

    #[test]
    fn a_prefix_of_several_versions_is_refused_with_all_of_them() {
        let (exit, message) = plan(&up(to("m")), &[]).unwrap_err();
        assert_eq!((exit, message.as_str()), (Exit::Usage, "m may be any of m1_a, m2_b, m3_c; write more of it"));
    }

    #[test]
    fn rolling_back_to_what_is_not_applied_is_refused() {
        let (exit, message) = plan(&Wish::Down(to("m2_b")), &["m1_a"]).unwrap_err();
        assert_eq!(exit, Exit::Usage);
        assert!(message.starts_with("m2_b is not applied to shop"), "{message}");
    }

    #[test]
    fn a_pending_migration_before_an_applied_one_is_refused_with_both_names() {
        let (exit, message) = plan(&up(Target::All), &["m1_a", "m3_c"]).unwrap_err();
        assert_eq!(exit, Exit::Refused);
        assert!(message.starts_with("m2_b is pending and comes before m3_c in the migrator, which"), "{message}");
        let late = Wish::Up { target: Target::All, out_of_order: true };
        assert_eq!(plan(&late, &["m1_a", "m3_c"]).unwrap(), "+m2_b");
    }

    #[test]
    fn what_is_not_asked_for_is_not_out_of_order() {
        assert_eq!(plan(&up(to("m1_a")), &["m1_a", "m3_c"]).unwrap(), "");
    }

    #[test]
    fn a_version_of_another_build_refuses_up_and_whatever_lies_under_it() {
        let refused = [up(Target::All), Wish::Down(Target::Count(1)), Wish::Redo, Wish::Refresh, Wish::Reset];
        for wish in refused {
            let (exit, message) = plan(&wish, &["m1_a", "m9_z"]).unwrap_err();
            assert_eq!(exit, Exit::Refused);
            assert!(message.contains("m9_z"), "{message}");
        }
        assert_eq!(plan(&Wish::Down(Target::Count(1)), &["m0_y", "m1_a", "m2_b"]).unwrap(), "-m2_b");
    }

    #[test]
    fn what_is_half_done_is_ended_before_anything_else() {
        let half = |version: &str, direction| Half { version: version.to_owned(), direction };
        let applying = half("m2_b", Direction::Up);
        assert_eq!(plan_with(&up(Target::All), &["m1_a"], Some(&applying)).unwrap(), "+m2_b +m3_c");
        let (exit, message) = plan_with(&Wish::Down(Target::All), &["m1_a"], Some(&applying)).unwrap_err();
        assert_eq!(exit, Exit::Database);
        assert!(message.starts_with("m2_b is half applied; run `kiln migrate up shop` first"), "{message}");
        let rolling_back = half("m2_b", Direction::Down);
        assert_eq!(plan_with(&Wish::Reset, &["m1_a", "m2_b"], Some(&rolling_back)).unwrap(), "-m2_b -m1_a");
        let (_, message) = plan_with(&up(Target::All), &["m1_a", "m2_b"], Some(&rolling_back)).unwrap_err();
        assert!(message.contains("`kiln migrate down shop`"), "{message}");
        let unknown = half("m9_z", Direction::Up);
        let (_, message) = plan_with(&up(Target::All), &["m1_a"], Some(&unknown)).unwrap_err();
        assert!(message.starts_with("m9_z is half applied to shop, and this build does not know it"), "{message}");
        assert_eq!(plan_with(&Wish::Fresh, &["m1_a"], Some(&applying)).unwrap(), "clear +m1_a +m2_b +m3_c");
    }
}
