//! The audit log of seeding: what was done, with which parameters, to how many rows.
//!
//! The names of the events are a list that others may rely on; `docs/seeding.md` has it.

use std::time::Instant;

use seeder::{Request, Seeder};

use super::Seeded;
use crate::error::Error;

/// A run that is being logged.
pub(crate) struct Audit {
    schema: &'static str,
    operation: &'static str,
    began: Instant,
}

impl Audit {
    /// Logs that a run begins, and with what.
    pub(crate) fn started(seeder: &dyn Seeder, request: &Request) -> Self {
        let options: Vec<String> =
            request.settings.options.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let (schema, operation) = (seeder.name(), request.operation.name());
        tracing::info!(
            target: "kiln::audit",
            schema,
            operation,
            seed = request.settings.rng_seed,
            options = options.join(" "),
            "seed.started"
        );
        Self { schema, operation, began: Instant::now() }
    }

    /// Logs each table, and the end of the run.
    pub(crate) fn done(&self, seeded: &Seeded) {
        for (now, planned) in seeded.tables.iter().zip(&seeded.plan.tables) {
            tracing::info!(
                target: "kiln::audit",
                schema = self.schema,
                table = now.table,
                inserted = planned.insert,
                changed = planned.replace,
                deleted = planned.delete,
                rows = now.rows,
                sha256 = now.digest,
                "seed.table.done"
            );
        }
        tracing::info!(
            target: "kiln::audit",
            schema = self.schema,
            operation = self.operation,
            seed = seeded.plan.seed,
            changed = seeded.changed,
            milliseconds = self.milliseconds(),
            peak_memory_kib = peak_memory(),
            "seed.done"
        );
    }

    /// Logs that a run failed; the database is as it was.
    pub(crate) fn failed(&self, error: &Error) {
        tracing::warn!(
            target: "kiln::audit",
            schema = self.schema,
            operation = self.operation,
            milliseconds = self.milliseconds(),
            peak_memory_kib = peak_memory(),
            error = error.to_string(),
            "seed.failed"
        );
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The most memory that this process has had, in KiB, where the system says it: Linux does.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
