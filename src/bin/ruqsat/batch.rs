//! `ruqsat issue` of a batch: one document a line, any number of lines.

mod ledger;
mod lines;
mod manifest;
mod progress;
mod turns;

use std::fs;
use std::fs::File;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::SyncSender;

use ruqsat::crypto::DigestAlgorithm;
use ruqsat::document::Embedded;
use ruqsat::model::Document;
use ruqsat::pdf::Limits;
use ruqsat::pdf::Pdf;

use crate::args::IssueArgs;
use crate::batch::ledger::Ledger;
use crate::batch::lines::Content;
use crate::batch::lines::Line;
use crate::batch::lines::Lines;
use crate::batch::manifest::Entry;
use crate::batch::manifest::EntryError;
use crate::batch::manifest::Manifest;
use crate::batch::manifest::Status;
use crate::batch::manifest::Written;
use crate::batch::manifest::hex;
use crate::batch::progress::Progress;
use crate::batch::turns::Turn;
use crate::batch::turns::Turns;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::files;
use crate::files::Output;
use crate::files::Overwrite;
use crate::files::Secrecy;
use crate::files::Staged;
use crate::issue::Issuer;

/// Whether the name of the data is that of a batch.
pub(crate) fn is_batch(data: &Path) -> bool {
    let extension = data.extension().unwrap_or_default();
    extension == "ndjson" || extension == "jsonl"
}

/// Issues every document of a batch that can be issued.
pub(crate) fn run(args: &IssueArgs) -> Result<Exit, Failure> {
    if !args.table.is_empty() {
        let message = "a table belongs to one document, not to a batch";
        return Err(Failure::usage("TABLE", message)
            .hint("put its rows into the data, or issue the document by itself"));
    }
    let folder = match (&args.batch.out_dir, args.batch.dry_run) {
        (folder, true) => folder.clone().unwrap_or_default(),
        (Some(folder), false) => folder.clone(),
        (None, false) => {
            return Err(
                Failure::usage("NO_OUTPUT", "no folder for the PDFs was named")
                    .hint("a batch needs --out-dir DIR"),
            );
        }
    };
    // Held until the end: it keeps other batches out of the folder.
    let mut lock = lock_of(&folder, args.batch.dry_run)?;
    let _held = lock.as_mut().map(|lock| hold(lock, &folder)).transpose()?;
    let issuer = Issuer::new(args)?;
    let written = match &args.batch.resume {
        None => Written::default(),
        Some(path) => Written::read(path)?,
    };
    let (input, length) = open(&args.data)?;
    if !args.batch.dry_run {
        sweep(&folder)?;
    }
    let manifest = match args.batch.dry_run {
        true => None,
        false => manifest(args, &written)?,
    };
    let batch = Batch {
        issuer,
        folder,
        overwrite: Overwrite::forced(args.force),
        copies_known: args.batch.manifest.is_some() && args.batch.manifest != args.batch.resume,
        written,
        dry_run: args.batch.dry_run,
        lines: Mutex::new((Lines::new(input, MAX_LINE), 0)),
        turns: Turns::default(),
        bytes: AtomicU64::new(0),
        stop: AtomicBool::new(false),
        unreadable: Mutex::default(),
    };
    let jobs = args.batch.jobs.map_or_else(
        || {
            std::thread::available_parallelism()
                .map_or(1, usize::from)
                .min(64)
        },
        usize::from,
    );
    let mut ledger = Ledger::new(manifest, Progress::new(length));
    batch.work(jobs, &mut ledger)?;
    ledger.progress.finish();
    ledger.conclude(&batch, &args.data)
}

/// What the workers share.
struct Batch {
    issuer: Issuer,
    folder: PathBuf,
    overwrite: Overwrite,
    written: Written,
    /// The new manifest is another than the old one, so that it needs the old lines too.
    copies_known: bool,
    dry_run: bool,
    /// The lines, and how many were given out.
    lines: Mutex<(Lines<Box<dyn BufRead + Send>>, u64)>,
    turns: Turns,
    bytes: AtomicU64,
    /// The outcome of no further line can be written down.
    stop: AtomicBool,
    unreadable: Mutex<Option<io::Error>>,
}

/// What became of a line.
struct Outcome {
    entry: Entry,
    file: FileOutcome,
    remarks: Vec<String>,
}

enum FileOutcome {
    /// It is made, and has no name yet.
    Staged(Staged),
    /// It stood there already, as the manifest says.
    Known,
    /// It could be made.
    Checked,
    Failed(Box<Failure>),
}

impl Batch {
    /// Makes every document, at most `jobs` at a time.
    fn work(&self, jobs: usize, ledger: &mut Ledger) -> Result<(), Failure> {
        std::thread::scope(|scope| {
            let (sender, receiver) = mpsc::sync_channel(jobs);
            for _ in 0..jobs {
                let sender = sender.clone();
                scope.spawn(move || self.worker(&sender));
            }
            drop(sender);
            let result = ledger.keep(self, &receiver, jobs);
            if result.is_err() {
                self.stop.store(true, Ordering::Relaxed);
            }
            result
        })?;
        let mut unreadable = lock(&self.unreadable);
        match unreadable.take() {
            None => Ok(()),
            Some(error) => Err(Failure::new(
                Exit::Unreadable,
                "INPUT_UNREADABLE",
                format!("the batch cannot be read on: {error}"),
            )),
        }
    }

    fn worker(&self, outcomes: &SyncSender<Outcome>) {
        while !self.stop.load(Ordering::Relaxed) {
            let Some((line, place)) = self.next() else {
                return;
            };
            let outcome = self.outcome(&line, self.turns.turn(place));
            if outcomes.send(outcome).is_err() {
                return;
            }
        }
    }

    fn next(&self) -> Option<(Line, u64)> {
        let mut lines = lock(&self.lines);
        let (lines, given) = &mut *lines;
        match lines.next() {
            Ok(line) => {
                self.bytes.store(lines.bytes(), Ordering::Relaxed);
                let place = *given;
                *given += u64::from(line.is_some());
                Some((line?, place))
            }
            Err(error) => {
                *lock(&self.unreadable) = Some(error);
                self.stop.store(true, Ordering::Relaxed);
                None
            }
        }
    }

    fn outcome(&self, line: &Line, turn: Turn<'_>) -> Outcome {
        let mut entry = Entry {
            line: line.number,
            number: None,
            file: None,
            sha256: None,
            status: Status::Ok,
            error: None,
        };
        let mut remarks = Vec::new();
        // A bug that one document meets must not take the others with it.
        let made = std::panic::catch_unwind(AssertUnwindSafe(|| {
            self.document(line, turn, &mut entry, &mut remarks)
        }));
        let made = made.unwrap_or_else(|_| {
            let message = "this is a bug of the program; please report it";
            Err(Failure::new(Exit::Internal, "INTERNAL", message))
        });
        let file = made.unwrap_or_else(|failure| {
            entry.status = Status::Failed;
            entry.sha256 = None;
            entry.error = Some(EntryError::from(&failure));
            FileOutcome::Failed(Box::new(failure))
        });
        Outcome {
            entry,
            file,
            remarks,
        }
    }

    fn document(
        &self,
        line: &Line,
        turn: Turn<'_>,
        entry: &mut Entry,
        remarks: &mut Vec<String>,
    ) -> Result<FileOutcome, Failure> {
        let data = self.read(line)?;
        let file = file_name(&data, line.number);
        entry.number = data.number();
        entry.file = Some(file.clone());
        if !turn.take(&file) {
            let message = format!("a line before it is {file} already");
            return Err(Failure::new(Exit::Refused, "NUMBER_TWICE", message));
        }
        let path = self.folder.join(&file);
        if let Some(known) = self.known(&path, &file, &data)? {
            entry.sha256 = Some(known);
            return Ok(FileOutcome::Known);
        }
        let output = match self.dry_run && self.folder.as_os_str().is_empty() {
            true => None,
            false => Some(Output::new(&path, self.overwrite)?),
        };
        let issued = self.issuer.issue(&data, &path)?;
        *remarks = issued.remarks;
        match output {
            Some(output) if !self.dry_run => {
                let digest = DigestAlgorithm::Sha256.digest(&issued.pdf);
                entry.sha256 = Some(hex(&digest));
                let staged = output.stage(&issued.pdf, Secrecy::Public, PART)?;
                Ok(FileOutcome::Staged(staged))
            }
            _ => Ok(FileOutcome::Checked),
        }
    }

    /// The data of a line.
    fn read(&self, line: &Line) -> Result<Document, Failure> {
        let name = format!("line {}", line.number);
        let Content::Bytes(bytes, _) = &line.content else {
            let message = format!("{name}: it has more than {MAX_LINE} bytes");
            return Err(Failure::new(Exit::Unreadable, "LINE_TOO_LONG", message)
                .hint("a batch holds one document a line; end each with a line feed"));
        };
        let bytes = match line.number {
            1 => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes),
            _ => bytes,
        };
        self.issuer
            .read(bytes, Path::new(&name))
            .map_err(|failure| match failure.code {
                "NOT_JSON" => failure.hint("a batch holds one document a line, each on one line"),
                _ => failure,
            })
    }

    /// The digest of a file that the manifest knows and that is still what it was: the document of
    /// this data, and not another of the same number.
    fn known(&self, path: &Path, file: &str, data: &Document) -> Result<Option<String>, Failure> {
        let Some(sum) = self.written.sum(file) else {
            return Ok(None);
        };
        if !path.exists() {
            return Ok(None);
        }
        let bytes = files::read(path)?;
        if DigestAlgorithm::Sha256.digest(&bytes) != sum {
            return Ok(None);
        }
        let embedded = Pdf::open(&bytes, &Limits::default()).map(|pdf| Embedded::read(&pdf));
        match embedded {
            Ok(Ok(Some(embedded))) if embedded.document == *data => Ok(Some(hex(sum))),
            _ if self.overwrite == Overwrite::Replace => Ok(None),
            _ => {
                let message = format!("{file} was issued with other data than this line has");
                Err(Failure::new(Exit::Refused, "OTHER_DATA", message)
                    .hint("put the file aside, or replace it by --force"))
            }
        }
    }
}

/// Series and number of a permit, else the form with its number or its line; what file names may not
/// hold becomes `_`.
fn file_name(data: &Document, line: usize) -> String {
    let name = match (data, data.number()) {
        (Document::Permit(permit), _) => {
            format!("{}-{}", permit.number.series(), permit.number.number())
        }
        (_, Some(number)) => format!("{}-{number}", data.form()),
        (_, None) => format!("{}-{line}", data.form()),
    };
    let mut name: String = name
        .chars()
        .map(|character| match character {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            _ if character.is_control() || character.is_whitespace() => '_',
            _ => character,
        })
        .collect();
    name.push_str(".pdf");
    name
}

/// The manifest to write, where one is wanted.
fn manifest(args: &IssueArgs, written: &Written) -> Result<Option<Manifest>, Failure> {
    match (&args.batch.manifest, &args.batch.resume) {
        (None, None) => Ok(None),
        (Some(new), old) if old.as_ref() != Some(new) => {
            Manifest::create(new, Overwrite::forced(args.force)).map(Some)
        }
        (_, Some(old)) => Manifest::open(old, written.whole).map(Some),
        (Some(new), None) => Manifest::create(new, Overwrite::Refuse).map(Some),
    }
}

/// The input, and its length where it has one.
fn open(data: &Path) -> Result<(Box<dyn BufRead + Send>, Option<u64>), Failure> {
    if data.as_os_str() == "-" {
        return Ok((Box::new(BufReader::new(io::stdin())), None));
    }
    let opened = File::open(data).and_then(|file| {
        let metadata = file.metadata()?;
        Ok((file, metadata.is_file().then_some(metadata.len())))
    });
    let (file, length) = opened.map_err(|error| {
        let message = format!("{} cannot be read: {error}", data.display());
        Failure::new(Exit::Unreadable, "INPUT_UNREADABLE", message)
    })?;
    Ok((Box::new(BufReader::with_capacity(BUFFER, file)), length))
}

/// The folder's own lock; none where the system has no such thing, or nothing is written.
fn lock_of(folder: &Path, dry_run: bool) -> Result<Option<fd_lock::RwLock<File>>, Failure> {
    if dry_run {
        return Ok(None);
    }
    if !folder.is_dir() {
        let message = format!("the folder {} does not exist", folder.display());
        return Err(Failure::usage("OUTPUT_FOLDER", message));
    }
    Ok(File::open(folder).ok().map(fd_lock::RwLock::new))
}

fn hold<'l>(
    lock: &'l mut fd_lock::RwLock<File>,
    folder: &Path,
) -> Result<fd_lock::RwLockWriteGuard<'l, File>, Failure> {
    lock.try_write().map_err(|_| {
        let message = format!("another batch is writing to {}", folder.display());
        Failure::usage("FOLDER_IN_USE", message).hint("wait for its end, or name another folder")
    })
}

/// Removes what a batch that was killed left behind: files that were never given their name.
fn sweep(folder: &Path) -> Result<(), Failure> {
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

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The most bytes of a line: some forty times what a permit with 400 substances takes.
const MAX_LINE: usize = 16 * 1024 * 1024;
/// Bytes that are read at a time.
const BUFFER: usize = 64 * 1024;
/// Ends the names of files that are not complete.
const PART: &str = "part";

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
