//! What became of each document of a batch, one line of JSON each.
//!
//! A line is on the disk before the file that it tells of has its name: where a batch is broken off,
//! no file stands there that no line knows.

use std::collections::HashMap;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::BufReader;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use crate::batch::lines::Content;
use crate::batch::lines::End;
use crate::batch::lines::Lines;
use crate::batch::names::NameKey;
use crate::batch::names::key_of;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::files::Overwrite;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Number of the line in the batch, from 1.
    pub(crate) line: usize,
    /// Number of the document, where it could be read.
    #[serde(default)]
    pub(crate) number: Option<String>,
    /// Name of the file in the folder of the batch.
    #[serde(default)]
    pub(crate) file: Option<String>,
    /// SHA-256 of the file, lower-case hex.
    #[serde(default)]
    pub(crate) sha256: Option<String>,
    /// What became of it.
    pub(crate) status: Status,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<EntryError>,
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// Its file is written.
    Ok,
    /// It has none.
    Failed,
}

/// Why a document failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EntryError {
    /// The code, as the program prints it.
    pub(crate) code: String,
    /// JSON pointer to the first value that is wrong, where it is the data.
    #[serde(default)]
    pub(crate) pointer: Option<String>,
    /// What is wrong.
    pub(crate) message: String,
    /// What else is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) more: Vec<Place>,
}

/// Another fault in the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// JSON pointer to the value.
    pub(crate) pointer: String,
    /// What is wrong with it.
    pub(crate) message: String,
}

impl From<&Failure> for EntryError {
    fn from(failure: &Failure) -> Self {
        let mut places = failure.problems.iter().map(|problem| Place {
            pointer: problem.pointer.clone(),
            message: problem.fact.to_string(),
        });
        let first = places.next();
        Self {
            code: failure.code.to_owned(),
            pointer: first.as_ref().map(|place| place.pointer.clone()),
            message: first.map_or_else(|| failure.message.clone(), |place| place.message),
            more: places.collect(),
        }
    }
}

/// A manifest that is being written.
pub(crate) struct Manifest {
    path: PathBuf,
    file: File,
}

impl Manifest {
    /// A new one.
    pub(crate) fn create(path: &Path, overwrite: Overwrite) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.write(true);
        match overwrite {
            Overwrite::Refuse => options.create_new(true),
            Overwrite::Replace => options.create(true).truncate(true),
        };
        match options.open(path) {
            Ok(file) => Ok(Self::of(path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Failure::usage(
                "OUTPUT_EXISTS",
                format!("{} exists and was left as it is", path.display()),
            )
            .hint("go on with it by --resume, name another one, or replace it by --force")),
            Err(error) => Err(failed(path, &error)),
        }
    }

    /// One that is there, to go on with; what a kill left of its last line is cut off.
    pub(crate) fn open(path: &Path, whole: u64) -> Result<Self, Failure> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.and_then(|file| {
            file.set_len(whole)?;
            Ok(file)
        });
        match file {
            Ok(file) => Ok(Self::of(path, file)),
            Err(error) => Err(failed(path, &error)),
        }
    }

    fn of(path: &Path, file: File) -> Self {
        let path = path.to_owned();
        Self { path, file }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes lines, which are on the disk when it returns.
    pub(crate) fn append(&mut self, entries: &[Entry]) -> Result<(), Failure> {
        let mut text = Vec::with_capacity(entries.len() * 256);
        for entry in entries {
            serde_json::to_writer(&mut text, entry)
                .map_err(|error| failed(&self.path, &error.into()))?;
            text.push(b'\n');
        }
        let written = self.file.write_all(&text);
        written
            .and_then(|()| self.file.sync_data())
            .map_err(|error| failed(&self.path, &error))
    }
}

/// What a manifest says: the last entry about a line counts.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// The digests of the files that were written. What failed later takes none away: a file of
    /// another digest is nobody's, whatever stands here.
    files: HashMap<NameKey, [u8; 32]>,
    /// The file of each line; none where it failed.
    lines: HashMap<usize, Option<NameKey>>,
    /// How many bytes of it are whole lines.
    pub(crate) whole: u64,
}

impl Written {
    /// Reads a manifest; none is one without lines.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let mut written = Self::default();
        let unreadable = |error: &dyn std::fmt::Display| {
            let message = format!("{} cannot be read: {error}", path.display());
            Failure::new(Exit::Unreadable, "INPUT_UNREADABLE", message)
        };
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(written),
            file => file.map_err(|error| unreadable(&error))?,
        };
        let mut lines = Lines::new(BufReader::new(file), MAX_LINE);
        while let Some(line) = lines.next().map_err(|error| unreadable(&error))? {
            let entry = match &line.content {
                // What a kill left of a line that nothing was done for yet.
                Content::Bytes(_, End::Input) => break,
                Content::Bytes(bytes, End::Newline) => serde_json::from_slice::<Entry>(bytes).ok(),
                Content::TooLong => None,
            };
            let Some(entry) = entry else {
                let message = format!("line {} is no line of a manifest", line.number);
                return Err(unreadable(&message));
            };
            written.whole = lines.bytes();
            written.add(&entry);
        }
        Ok(written)
    }

    fn add(&mut self, entry: &Entry) {
        let file = entry.file.as_deref().map(key_of);
        let sum = entry.sha256.as_deref().and_then(sum_of_hex);
        let written = match (entry.status, file, sum) {
            (Status::Ok, Some(file), Some(sum)) => {
                self.files.insert(file, sum);
                Some(file)
            }
            _ => None,
        };
        self.lines.insert(entry.line, written);
    }

    /// The digest of a file that is written.
    pub(crate) fn sum(&self, file: &str) -> Option<&[u8; 32]> {
        self.files.get(&key_of(file))
    }

    /// What became of a line whose file has this name.
    pub(crate) fn told(&self, line: usize, file: &str) -> Told {
        match self.lines.get(&line) {
            None => Told::Nothing,
            Some(None) => Told::Failed,
            Some(Some(key)) if *key == key_of(file) => Told::Written,
            Some(Some(_)) => Told::Other,
        }
    }
}

/// What a manifest tells of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// It does not know it.
    Nothing,
    /// That it failed.
    Failed,
    /// That its file is written.
    Written,
    /// That the file of another document is written: the batch has other lines now.
    Other,
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sum_of_hex(text: &str) -> Option<[u8; 32]> {
    let mut sum = [0; 32];
    let is_sum = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    for (place, pair) in sum.iter_mut().zip(text.as_bytes().chunks(2)) {
        *place = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    is_sum.then_some(sum)
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    let message = format!("{} cannot be written: {error}", path.display());
    Failure::usage("OUTPUT_FAILED", message)
}

/// The most bytes of a line: a document has at most some thousand faults to tell of.
const MAX_LINE: usize = 16 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(line: usize, file: &str, status: Status) -> Entry {
        Entry {
            line,
            number: None,
            file: Some(file.to_owned()),
            sha256: (status == Status::Ok).then(|| "0f".repeat(32)),
            status,
            error: None,
        }
    }

    #[test]
    fn a_second_line_of_a_number_takes_nothing_from_the_first() {
        for order in [[0, 1], [1, 0]] {
            let entries = [
                entry(5, "a.pdf", Status::Ok),
                entry(6, "a.pdf", Status::Failed),
            ];
            let mut written = Written::default();
            for index in order {
                written.add(&entries[index]);
            }
            assert_eq!(written.sum("a.pdf"), Some(&[0x0f; 32]));
            assert_eq!(written.told(5, "a.pdf"), Told::Written);
            assert_eq!(written.told(6, "a.pdf"), Told::Failed);
            assert_eq!(written.told(7, "a.pdf"), Told::Nothing);
            assert_eq!(written.told(5, "b.pdf"), Told::Other);
        }
    }
}
