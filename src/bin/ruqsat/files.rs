//! Files and standard streams: read whole, written whole or not at all.

use std::fs;
use std::io;
use std::io::IsTerminal as _;
use std::io::Read as _;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

use crate::failure::Exit;
use crate::failure::Failure;

/// Reads a file, or standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let result = if is_stream(path) {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    result.map_err(|error| {
        Failure::new(
            Exit::Unreadable,
            "INPUT_UNREADABLE",
            format!("{} cannot be read: {error}", path.display()),
        )
    })
}

/// Writes a line to standard output. A reader that has gone away (`| head`) is no failure.
pub(crate) fn print_line(line: &str) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

/// Writes a line for people to standard error. Nobody being there to read it is no failure.
pub(crate) fn tell(line: &str) {
    let mut stderr = io::stderr().lock();
    let _ = writeln!(stderr, "{line}");
}

/// Reads the first line of a password file, without its line end.
pub(crate) fn read_password(path: &Path) -> Result<String, Failure> {
    let bytes = read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::usage(
            "PASSWORD_FILE",
            format!("{} is not UTF-8 text", path.display()),
        )
    })?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// The files of a folder in the order of their names, or the file itself.
pub(crate) fn list(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).and_then(|entries| {
        entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<_>>>()
    });
    let mut files = entries.map_err(|error| {
        Failure::new(
            Exit::Unreadable,
            "INPUT_UNREADABLE",
            format!("{} cannot be listed: {error}", path.display()),
        )
    })?;
    files.retain(|path| path.is_file());
    files.sort();
    Ok(files)
}

/// Where output goes, checked before any work is done for it.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    path: PathBuf,
    overwrite: Overwrite,
}

/// Whether an existing file may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overwrite {
    /// No: the file is somebody's.
    Refuse,
    /// Yes, as `--force` asked.
    Replace,
}

impl Overwrite {
    /// As the flag `--force` says.
    pub(crate) fn forced(force: bool) -> Self {
        if force { Self::Replace } else { Self::Refuse }
    }
}

impl Output {
    /// Checks that the place can be written to: its folder exists, and it is free or may be
    /// replaced.
    pub(crate) fn new(path: &Path, overwrite: Overwrite) -> Result<Self, Failure> {
        let output = Self {
            path: path.to_owned(),
            overwrite,
        };
        if is_stream(path) {
            if io::stdout().is_terminal() {
                return Err(Failure::usage(
                    "BINARY_TO_TERMINAL",
                    "a PDF is not written to a terminal",
                )
                .hint("name a file with -o, or pipe the output"));
            }
            return Ok(output);
        }
        if !output.folder().is_dir() {
            return Err(Failure::usage(
                "OUTPUT_FOLDER",
                format!("the folder {} does not exist", output.folder().display()),
            ));
        }
        if overwrite == Overwrite::Refuse && path.exists() {
            return Err(output.exists());
        }
        Ok(output)
    }

    /// Writes the bytes beside the place and moves them there, so that nobody sees half a file.
    pub(crate) fn write(&self, bytes: &[u8], secrecy: Secrecy) -> Result<(), Failure> {
        if is_stream(&self.path) {
            let mut stdout = io::stdout().lock();
            return stdout
                .write_all(bytes)
                .and_then(|()| stdout.flush())
                .map_err(|error| self.failed(&error));
        }
        self.stage(bytes, secrecy, "tmp")?.publish()
    }

    /// Writes the bytes beside the place, under a hidden name that ends in `.PID.SUFFIX`.
    pub(crate) fn stage(
        &self,
        bytes: &[u8],
        secrecy: Secrecy,
        suffix: &str,
    ) -> Result<Staged, Failure> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let process = std::process::id();
        // From here on it is removed again, also when it cannot be written.
        let staged = Staged {
            temporary: self.folder().join(format!(".{name}.{process}.{suffix}")),
            output: self.clone(),
        };
        write_new(&staged.temporary, bytes, secrecy).map_err(|error| self.failed(&error))?;
        Ok(staged)
    }

    /// Gives the finished file its name. A hard link, unlike a rename, cannot replace a file that
    /// came into being since [`Output::new`] looked.
    fn publish(&self, temporary: &Path) -> io::Result<()> {
        if self.overwrite == Overwrite::Replace {
            return fs::rename(temporary, &self.path);
        }
        match fs::hard_link(temporary, &self.path) {
            Ok(()) => fs::remove_file(temporary),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            // A file system without hard links.
            Err(_) => fs::rename(temporary, &self.path),
        }
    }

    /// The place.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        }
    }

    fn exists(&self) -> Failure {
        Failure::usage(
            "OUTPUT_EXISTS",
            format!("{} exists and was left as it is", self.path.display()),
        )
        .hint("give another name with -o, or --force to replace it")
    }

    fn failed(&self, error: &io::Error) -> Failure {
        Failure::usage(
            "OUTPUT_FAILED",
            format!("{} cannot be written: {error}", self.path.display()),
        )
    }
}

/// A file that is complete and has no name yet; dropped, it is gone.
#[derive(Debug)]
pub(crate) struct Staged {
    output: Output,
    temporary: PathBuf,
}

impl Staged {
    /// Gives the file its name, so that nobody sees half of it.
    pub(crate) fn publish(self) -> Result<(), Failure> {
        match self.output.publish(&self.temporary) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(self.output.exists()),
            Err(error) => Err(self.output.failed(&error)),
            Ok(()) => Ok(()),
        }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Published by renaming, it is no longer there.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Who may read a written file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrecy {
    /// As the system's default says.
    Public,
    /// The owner alone: it holds a private key.
    Private,
}

fn write_new(path: &Path, bytes: &[u8], secrecy: Secrecy) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if secrecy == Secrecy::Private {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = secrecy;
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}
