//! Scratch folders: where SQLite's empty place has to be a file, because a client works on it.

use std::fs::{self, File};
use std::path::Path;

use tempfile::TempDir;

use super::PREFIX;
use crate::error::Error;

/// The file that is locked for as long as the folder is in use.
const LOCK: &str = "lock";

/// An empty folder that nobody else uses, gone when it is dropped.
pub(crate) struct Folder {
    folder: TempDir,
    /// Open, and so locked, until the program ends, however it ends.
    _lock: File,
}

impl Folder {
    /// Makes one; sweeps before that what killed runs left.
    pub(crate) fn make() -> Result<Self, Error> {
        let cannot =
            |error: std::io::Error| Error::NoScratch(format!("cannot make a folder for a scratch file: {error}"));
        sweep();
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir().map_err(cannot)?;
        let lock = File::create(folder.path().join(LOCK)).map_err(cannot)?;
        lock.lock().map_err(cannot)?;
        Ok(Self { folder, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders whose lock nobody holds. One that cannot be looked into or removed is not in the way.
fn sweep() {
    let entries = fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        let lock = File::open(entry.path().join(LOCK));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok()) && fs::remove_dir_all(entry.path()).is_ok() {
            tracing::info!(folder = %entry.path().display(), "swept a scratch folder that a killed run left");
        }
    }
}
