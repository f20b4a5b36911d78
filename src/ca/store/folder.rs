//! Files that appear whole or not at all, and the lock of their folder.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use fd_lock::RwLock;

use crate::ca::Error;

/// The folder of an authority, its files named relative to it.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub(super) fn root_path(&self) -> &Path {
        &self.0
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Creates the folder and those in it; what is in `private` is for its owner only.
    pub(super) fn create(&self, inner: &[&str]) -> Result<(), Error> {
        for name in inner {
            let path = self.path(name);
            fs::create_dir_all(&path).map_err(at(&path))?;
        }
        let path = self.path(PRIVATE);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(at(&path))
    }

    /// Does something while no other process works on the folder. The system drops the lock when
    /// its process ends, however it ends.
    pub(super) fn locked<T>(&self, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let path = self.path(LOCK);
        let file = private(OpenOptions::new().create(true).truncate(false).write(true)).open(&path);
        let mut lock = RwLock::new(file.map_err(at(&path))?);
        let _guard = lock.write().map_err(at(&path))?;
        work()
    }

    pub(super) fn exists(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    pub(super) fn names(&self, inner: &str) -> Result<Vec<String>, Error> {
        let folder = self.path(inner);
        let mut names = Vec::new();
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let name = entry.map_err(at(&folder))?.file_name();
            names.extend(name.into_string());
        }
        Ok(names)
    }

    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>, Error> {
        let path = self.path(name);
        fs::read(&path).map_err(at(&path))
    }

    pub(super) fn remove(&self, name: &str) -> Result<(), Error> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(&path)(error)),
            _ => Ok(()),
        }
    }

    /// Writes a file beside its place, makes it durable and moves it there.
    pub(super) fn write(&self, name: &str, content: &[u8]) -> Result<(), Error> {
        let path = self.path(name);
        // One name a folder: what a crash leaves there, the next writing takes.
        let beside = path.with_file_name(".new");
        let write = || {
            let mut file = open_new(&beside)?;
            file.write_all(content)?;
            file.sync_all()?;
            fs::rename(&beside, &path)?;
            sync_folder(&path)
        };
        write().map_err(at(&path))
    }
}

pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io {
        path: path.clone(),
        source,
    }
}

/// A new or emptied file that only its owner may read: the certificates lose nothing by it.
fn open_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    if path
        .parent()
        .is_some_and(|folder| folder.ends_with(PRIVATE))
    {
        private(&mut options);
    }
    options.open(path)
}

/// For its owner only, where files have modes.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Makes the renaming itself durable; elsewhere than on Unix a folder cannot be opened.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

const LOCK: &str = "private/lock";
pub(super) const PRIVATE: &str = "private";
