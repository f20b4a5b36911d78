//! The folder of a batch: one batch at a time, and nothing left of one that was killed.

use std::fs;
use std::fs::File;
use std::io;
use std::path::Path;

use fd_lock::RwLock;
use fd_lock::RwLockWriteGuard;

use crate::failure::Failure;

/// The folder's own lock; none where the system has no such thing.
pub(super) fn lock_of(folder: &Path) -> Result<Option<RwLock<File>>, Failure> {
    if !folder.is_dir() {
        let message = format!("the folder {} does not exist", folder.display());
        return Err(Failure::usage("OUTPUT_FOLDER", message));
    }
    Ok(File::open(folder).ok().map(RwLock::new))
}

/// Keeps other batches out of the folder.
pub(super) fn hold<'l>(
    lock: &'l mut RwLock<File>,
    folder: &Path,
) -> Result<RwLockWriteGuard<'l, File>, Failure> {
    lock.try_write().map_err(|_| {
        let message = format!("another batch is writing to {}", folder.display());
        Failure::usage("FOLDER_IN_USE", message).hint("wait for its end, or name another folder")
    })
}

/// Removes what a batch that was killed left behind: files that were never given their name.
pub(super) fn sweep(folder: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| {
        let message = format!("{} cannot be listed: {error}", folder.display());
        Failure::usage("OUTPUT_FOLDER", message)
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if is_leftover(&entry.file_name().to_string_lossy()) {
            // One that cannot be removed is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// `.NAME.pdf.PID.part`
fn is_leftover(name: &str) -> bool {
    let inner = name
        .strip_prefix('.')
        .and_then(|name| name.strip_suffix(PART)?.strip_suffix('.'));
    inner
        .and_then(|inner| inner.rsplit_once('.'))
        .is_some_and(|(name, process)| {
            name.ends_with(".pdf") && process.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// Ends the names of files that are not complete.
pub(super) const PART: &str = "part";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unfinished_files_of_a_batch_are_swept() {
        assert!(is_leftover(".А-W-00017.pdf.4711.part"));
        for name in [
            "А-W-00017.pdf",
            ".А-W-00017.pdf.4711.tmp",
            ".А-W-00017.pdf.part",
            ".А-W-00017.pdf.x.part",
            "А-W-00017.pdf.4711.part",
            ".notes.4711.part",
        ] {
            assert!(!is_leftover(name), "{name}");
        }
    }
}
