//! Whether every migration can be rolled back to what was there before it, and applied again.

use catalog::{Catalog, Drift};
use sea_orm::DbErr;
use seeder::Seeder;
use serde::Serialize;

use super::loss::{self, Loss};
use super::plan::Direction;
use crate::error::{Error, words};
use crate::replay::{Replay, Stage, Stumbled};
use crate::seed;

/// A migration and what became of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Proven {
    pub(crate) version: String,
    pub(crate) verdict: Verdict,
    /// What the migration or the database said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) said: Option<String>,
    /// What was there before, as declared, against what a way back or forth left.
    pub(crate) differences: Vec<Drift>,
    /// Values that its down loses.
    pub(crate) lost: Vec<Loss>,
}

/// What is to be said of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    /// Its down leaves what was there before, and its up makes again what it made.
    Reversible,
    /// It has no down.
    Irreversible,
    /// Its down leaves something else than what was there before it.
    Unfaithful,
    /// After its down, its up makes something else than before.
    Unrepeatable,
    /// Its down, or its up, fails.
    Failing,
    /// It comes after one whose up fails.
    Unreached,
}

impl Verdict {
    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Reversible => "reversible",
            Self::Irreversible => "irreversible",
            Self::Unfaithful => "unfaithful",
            Self::Unrepeatable => "unrepeatable",
            Self::Failing => "failing",
            Self::Unreached => "unreached",
        }
    }
}

impl Proven {
    fn reversible(version: &str, lost: Vec<Loss>) -> Self {
        let version = version.to_owned();
        Self { version, verdict: Verdict::Reversible, said: None, differences: Vec::new(), lost }
    }

    fn stumbled(stumbled: &Stumbled) -> Self {
        // The default of sea-orm-migration for a migration without a down refuses like this.
        let is_refusal = matches!(stumbled.source, DbErr::Migration(_)) && stumbled.direction == Direction::Down;
        let verdict = if is_refusal { Verdict::Irreversible } else { Verdict::Failing };
        let said = Some(words(&stumbled.source));
        Self { verdict, said, ..Self::reversible(&stumbled.version, Vec::new()) }
    }
}

/// Takes `versions` down one by one, and up again, on scratch places.
///
/// Below a migration that cannot be taken down it begins anew, so that each has its verdict.
pub(crate) async fn verify(
    replay: &Replay<'_>,
    versions: &[String],
    seeder: Option<&dyn Seeder>,
) -> Result<Vec<Proven>, Error> {
    let (mut proven, mut top) = unreachable_from(replay, versions).await?;
    while top > 0 {
        // Data is that of today's tables, so it can be made at the head alone.
        let seeder = seeder.filter(|_| top == versions.len());
        let round =
            replay.on_stage(async |stage: &Stage<'_>| round(stage, replay.beside, &versions[..top], seeder).await);
        let round = round.await?;
        top -= round.len();
        proven.extend(round);
    }
    proven.reverse();
    Ok(proven)
}

/// Verdicts on what cannot be applied on an empty place, the last first, and how many come before it.
async fn unreachable_from(replay: &Replay<'_>, versions: &[String]) -> Result<(Vec<Proven>, usize), Error> {
    let Some(stumbled) = replay.recording_on_stage(versions).await?.stumbled else {
        return Ok((Vec::new(), versions.len()));
    };
    let top = versions.iter().position(|version| *version == stumbled.version).unwrap_or(0);
    let unreached =
        |version: &String| Proven { verdict: Verdict::Unreached, ..Proven::reversible(version, Vec::new()) };
    let after = versions[top + 1..].iter().rev().map(unreached);
    Ok((after.chain([Proven::stumbled(&stumbled)]).collect(), top))
}

/// Verdicts from the last of `versions` downwards, up to one that is not reversible.
async fn round(
    stage: &Stage<'_>,
    beside: &[&str],
    versions: &[String],
    seeder: Option<&dyn Seeder>,
) -> Result<Vec<Proven>, Error> {
    let mut snapshots = vec![stage.catalog().await?];
    for version in versions {
        stage.run(version, Direction::Up).await?;
        snapshots.push(stage.catalog().await?);
    }
    if let Some(seeder) = seeder {
        seed::sample(&stage.opened.db, seeder).await?;
    }
    let mut round = Vec::new();
    for (at, version) in versions.iter().enumerate().rev() {
        let proof = down(stage, beside, version, &snapshots[at], &snapshots[at + 1]).await?;
        let is_reversible = proof.verdict == Verdict::Reversible;
        round.push(proof);
        if !is_reversible {
            return Ok(round);
        }
    }
    for (at, version) in versions.iter().enumerate() {
        let verdict = &mut round[versions.len() - 1 - at];
        match stage.run(version, Direction::Up).await {
            Ok(_) => {
                let differences = catalog::diff(&snapshots[at + 1], &stage.catalog().await?);
                if !differences.is_empty() {
                    verdict.verdict = Verdict::Unrepeatable;
                    verdict.differences = differences;
                    break;
                }
            }
            Err(stumbled) => {
                let lost = std::mem::take(&mut verdict.lost);
                *verdict = Proven { lost, ..Proven::stumbled(&stumbled) };
                break;
            }
        }
    }
    Ok(round)
}

/// Takes one migration down.
async fn down(
    stage: &Stage<'_>,
    beside: &[&str],
    version: &str,
    before: &Catalog,
    after: &Catalog,
) -> Result<Proven, Error> {
    let held = loss::values(stage.opened, after, beside).await?;
    if let Err(stumbled) = stage.run(version, Direction::Down).await {
        return Ok(Proven::stumbled(&stumbled));
    }
    let there = stage.catalog().await?;
    let lost = loss::between(&held, &loss::values(stage.opened, &there, beside).await?);
    let differences = catalog::diff(before, &there);
    let verdict = if differences.is_empty() { Verdict::Reversible } else { Verdict::Unfaithful };
    Ok(Proven { verdict, differences, ..Proven::reversible(version, lost) })
}
