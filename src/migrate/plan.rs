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

/// The migrations to run, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Plan {
    pub(crate) direction: Direction,
    pub(crate) versions: Vec<String>,
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

    /// The migrations that `up` applies.
    pub(crate) fn up(&self, target: &Target) -> Result<Plan, Error> {
        self.refuse_missing()?;
        let mut versions = self.pending();
        match target {
            Target::All => {}
            Target::Count(count) => versions.truncate(*count),
            Target::Version(prefix) => {
                let last = self.position(prefix)?;
                versions.retain(|version| self.known[..=last].contains(version));
            }
        }
        Ok(Plan { direction: Direction::Up, versions })
    }

    /// The migrations that `down` rolls back.
    pub(crate) fn down(&self, target: &Target) -> Result<Plan, Error> {
        self.refuse_missing()?;
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
        Ok(Plan { direction: Direction::Down, versions })
    }

    fn refuse_missing(&self) -> Result<(), Error> {
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

    /// The position of the version that `prefix` means.
    fn position(&self, prefix: &str) -> Result<usize, Error> {
        let matches: Vec<usize> = match self.known.iter().position(|version| version == prefix) {
            Some(exact) => vec![exact],
            None => (0..self.known.len()).filter(|at| self.known[*at].starts_with(prefix)).collect(),
        };
        match matches.as_slice() {
            [one] => Ok(*one),
            [] => {
                let likeness = |version: &&String| strsim::jaro_winkler(prefix, version);
                let nearest = self.known.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
                let hint = nearest.map(|version| format!("; did you mean {version}?")).unwrap_or_default();
                Err(Error::Usage(format!("{} has no migration {prefix}{hint}", self.schema)))
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
    use super::{State, Target};
    use crate::error::Exit;

    fn versions(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// The plan of `up` or `down` over `m1_a`, `m2_b` and `m3_c`, or the exit code and message.
    fn plan(is_up: bool, applied: &[&str], target: &Target) -> Result<Vec<String>, (Exit, String)> {
        let (known, applied) = (versions(&["m1_a", "m2_b", "m3_c"]), versions(applied));
        let state = State { schema: "shop", known: &known, applied: &applied };
        let plan = if is_up { state.up(target) } else { state.down(target) };
        plan.map(|plan| plan.versions).map_err(|error| (error.exit(), error.to_string()))
    }

    fn to(version: &str) -> Target {
        Target::Version(version.to_owned())
    }

    #[test]
    fn up_applies_what_is_pending_in_order() {
        assert_eq!(plan(true, &[], &Target::All).unwrap(), ["m1_a", "m2_b", "m3_c"]);
        assert_eq!(plan(true, &["m1_a"], &Target::Count(1)).unwrap(), ["m2_b"]);
        assert!(plan(true, &["m1_a", "m2_b", "m3_c"], &Target::All).unwrap().is_empty());
    }

    #[test]
    fn up_to_a_version_includes_it_and_down_to_a_version_keeps_it() {
        assert_eq!(plan(true, &[], &to("m2_b")).unwrap(), ["m1_a", "m2_b"]);
        assert_eq!(plan(false, &["m1_a", "m2_b", "m3_c"], &to("m1")).unwrap(), ["m3_c", "m2_b"]);
        assert!(plan(true, &["m1_a", "m2_b"], &to("m1_a")).unwrap().is_empty());
    }

    #[test]
    fn down_goes_backwards_and_stops_at_nothing() {
        assert_eq!(plan(false, &["m1_a", "m2_b"], &Target::Count(1)).unwrap(), ["m2_b"]);
        assert_eq!(plan(false, &["m1_a", "m2_b"], &Target::Count(9)).unwrap(), ["m2_b", "m1_a"]);
        assert!(plan(false, &[], &Target::All).unwrap().is_empty());
    }

    #[test]
    fn a_version_that_nobody_knows_is_refused_with_the_nearest() {
        let (exit, message) = plan(true, &[], &to("m4")).unwrap_err();
        assert_eq!(exit, Exit::Usage);
        assert!(message.starts_with("shop has no migration m4; did you mean m"), "{message}");
    }

    #[test]
    fn a_prefix_of_several_versions_is_refused_with_all_of_them() {
        let (exit, message) = plan(true, &[], &to("m")).unwrap_err();
        assert_eq!((exit, message.as_str()), (Exit::Usage, "m may be any of m1_a, m2_b, m3_c; write more of it"));
    }

    #[test]
    fn rolling_back_to_what_is_not_applied_is_refused() {
        let (exit, message) = plan(false, &["m1_a"], &to("m2_b")).unwrap_err();
        assert_eq!(exit, Exit::Usage);
        assert!(message.starts_with("m2_b is not applied to shop"), "{message}");
    }

    #[test]
    fn a_history_with_a_version_of_another_build_refuses_both_ways() {
        for is_up in [true, false] {
            let (exit, message) = plan(is_up, &["m1_a", "m9_z"], &Target::All).unwrap_err();
            assert_eq!(exit, Exit::Refused);
            assert!(message.contains("m9_z"), "{message}");
        }
    }
}
