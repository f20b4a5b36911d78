//! Whether the folder has changed.

use std::fs;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::time::Duration;
use std::time::SystemTime;

/// What tells one state of the folder from another, without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Revision {
    marks: Vec<Mark>,
    /// When the newest of the files was changed.
    changed: SystemTime,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    changed: SystemTime,
    length: u64,
    /// Files are replaced, never written over: each has an inode of its own.
    inode: u64,
}

impl Revision {
    /// The revision of the folder as it stands.
    pub(super) fn of(folder: &Path) -> io::Result<Self> {
        let mark = |name| fs::metadata(folder.join(name)).and_then(|file| Mark::of(&file));
        let marks = WATCHED
            .map(mark)
            .into_iter()
            .collect::<io::Result<Vec<_>>>()?;
        let changed = marks.iter().map(|mark| mark.changed).max();
        Ok(Self {
            marks,
            changed: changed.unwrap_or(SystemTime::UNIX_EPOCH),
        })
    }

    /// Whether a later change would have another revision: times of files are only as fine as the
    /// system's tick.
    pub(super) fn is_settled(&self) -> bool {
        let age = SystemTime::now().duration_since(self.changed);
        age.map_or(true, |age| age > TICK)
    }
}

impl Mark {
    fn of(file: &Metadata) -> io::Result<Self> {
        Ok(Self {
            changed: file.modified()?,
            length: file.len(),
            inode: inode(file),
        })
    }
}

#[cfg(unix)]
fn inode(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(file)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

/// Longer than the tick of any system.
const TICK: Duration = Duration::from_millis(50);
/// What was revoked, what was issued, and whether it is the same authority at all.
const WATCHED: [&str; 3] = ["state.json", "issued", "root.pem"];

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("ruqsat-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("issued")).unwrap();
        fs::write(folder.join("root.pem"), "root").unwrap();
        fs::write(folder.join("state.json"), "one").unwrap();
        folder
    }

    #[test]
    fn state_that_is_replaced_and_a_new_certificate_make_another_revision() {
        let folder = folder("revision");
        let first = Revision::of(&folder).unwrap();
        assert_eq!(Revision::of(&folder).unwrap(), first);
        fs::write(folder.join(".new"), "two").unwrap();
        fs::rename(folder.join(".new"), folder.join("state.json")).unwrap();
        let second = Revision::of(&folder).unwrap();
        assert_ne!(second, first);
        assert_ne!(second.marks[0], first.marks[0]);
        fs::remove_dir_all(&folder).unwrap();
        assert!(Revision::of(&folder).is_err());
    }

    #[test]
    fn revision_is_settled_when_its_files_are_older_than_a_tick() {
        let folder = folder("settled");
        let mut revision = Revision::of(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        revision.changed = SystemTime::now();
        assert!(!revision.is_settled());
        revision.changed -= 2 * TICK;
        assert!(revision.is_settled());
        // A file from the future would never become old enough.
        revision.changed += Duration::from_secs(3600);
        assert!(revision.is_settled());
    }
}
