//! `ruqsat issue` of a batch: one document a line, any number of lines.

mod feed;
mod folder;
mod ledger;
mod lines;
mod manifest;
mod names;
mod progress;
mod signals;
mod turns;

use std::fs::File;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::mpsc::SyncSender;

use ruqsat::crypto::DigestAlgorithm;
use ruqsat::document::Embedded;
use ruqsat::model::Document;
use ruqsat::pdf::Limits;
use ruqsat::pdf::Pdf;

use crate::args::IssueArgs;
use crate::batch::feed::Feed;
use crate::batch::folder::PART;
use crate::batch::ledger::Ledger;
use crate::batch::lines::Content;
use crate::batch::lines::Line;
use crate::batch::lines::Lines;
use crate::batch::manifest::Entry;
use crate::batch::manifest::EntryError;
use crate::batch::manifest::Manifest;
use crate::batch::manifest::Status;
use crate::batch::manifest::Told;
use crate::batch::manifest::Written;
use crate::batch::manifest::hex;
use crate::batch::progress::Progress;
use crate::batch::turns::Taken;
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
    extension.eq_ignore_ascii_case("ndjson") || extension.eq_ignore_ascii_case("jsonl")
}

/// Issues every document of a batch that can be issued.
pub(crate) fn run(args: &IssueArgs) -> Result<Exit, Failure> {
    if !args.table.is_empty() {
        let message = "a table belongs to one document, not to a batch";
        return Err(Failure::usage("TABLE", message)
            .hint("put its rows into the data, or issue the document by itself"));
    }
    let dry_run = args.batch.dry_run;
    let folder = match (&args.batch.out_dir, dry_run) {
        (folder, true) => folder.clone().unwrap_or_default(),
        (Some(folder), false) => folder.clone(),
        (None, false) => {
            return Err(
                Failure::usage("NO_OUTPUT", "no folder for the PDFs was named")
                    .hint("a batch needs --out-dir DIR"),
            );
        }
    };
    // Held until the end.
    let mut lock = match dry_run {
        true => None,
        false => folder::lock_of(&folder)?,
    };
    let held = lock.as_mut().map(|lock| folder::hold(lock, &folder));
    let _held = held.transpose()?;
    let issuer = Issuer::new(args)?;
    let written = match &args.batch.resume {
        None => Written::default(),
        Some(path) if args.batch.only_failed && !path.exists() => {
            let message = format!("{} does not exist: no line has failed yet", path.display());
            return Err(Failure::new(Exit::Unreadable, "INPUT_UNREADABLE", message));
        }
        Some(path) => Written::read(path)?,
    };
    let (input, length) = open(&args.data)?;
    if !dry_run {
        folder::sweep(&folder)?;
    }
    let manifest = match dry_run {
        true => None,
        false => manifest(args, &written)?,
    };
    let feed = Feed::start(Lines::new(input, MAX_LINE)).map_err(|error| {
        let message = format!("signals and threads cannot be had: {error}");
        Failure::new(Exit::Outside, "SYSTEM", message)
    })?;
    let batch = Batch {
        issuer,
        folder,
        overwrite: Overwrite::forced(args.force),
        copies_known: args.batch.manifest.is_some() && args.batch.manifest != args.batch.resume,
        written,
        scope: match args.batch.only_failed {
            true => Scope::Failed,
            false => Scope::All,
        },
        dry_run,
        feed,
        turns: Turns::default(),
    };
    let jobs = args.batch.jobs.map_or_else(jobs, usize::from);
    let progress = Progress::new(length, args.batch.no_progress);
    let mut ledger = Ledger::new(manifest, progress);
    let worked = batch.work(jobs, &mut ledger);
    ledger.progress.finish();
    let exit = ledger.conclude(&batch, &args.data, worked.is_err())?;
    worked.map(|()| exit)
}

/// How many documents are made at a time where nobody says so.
fn jobs() -> usize {
    let processors = std::thread::available_parallelism();
    processors.map_or(1, usize::from).min(MOST_JOBS)
}

/// What the workers share.
struct Batch {
    issuer: Issuer,
    folder: PathBuf,
    overwrite: Overwrite,
    written: Written,
    /// The new manifest is another than the old one, so that it needs the old lines too.
    copies_known: bool,
    scope: Scope,
    dry_run: bool,
    feed: Feed,
    turns: Turns,
}

/// Which lines are issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// All whose file is not there yet.
    All,
    /// Those that failed, as the manifest says.
    Failed,
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
    /// Nobody asked for it: the manifest does not say that it failed.
    LeftOut,
    Failed(Box<Failure>),
    /// The manifest has another document in this line: it says nothing about this one.
    Misplaced(Box<Failure>),
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
                // The outcome of no further line can be written down.
                self.feed.stop();
            }
            result
        })?;
        match self.feed.unreadable() {
            None => Ok(()),
            Some(error) => Err(Failure::new(
                Exit::Unreadable,
                "INPUT_UNREADABLE",
                format!("the batch cannot be read on: {error}"),
            )),
        }
    }

    fn worker(&self, outcomes: &SyncSender<Outcome>) {
        while let Some((line, place)) = self.feed.next() {
            let outcome = self.outcome(&line, self.turns.turn(place));
            if outcomes.send(outcome).is_err() {
                return;
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
            match failure.code {
                OTHER_LINES => FileOutcome::Misplaced(Box::new(failure)),
                _ => FileOutcome::Failed(Box::new(failure)),
            }
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
        entry.number = data.number();
        let file = names::file_name(&data, line.number)?;
        entry.file = Some(file.clone());
        taken(turn.take(&file), &file)?;
        if self.scope == Scope::Failed {
            match self.written.told(line.number, &file) {
                Told::Failed => {}
                Told::Nothing => return Ok(FileOutcome::LeftOut),
                Told::Written => {
                    entry.sha256 = self.written.sum(&file).map(|sum| hex(sum));
                    return Ok(FileOutcome::Known);
                }
                Told::Other => {
                    let message =
                        format!("the manifest has another document in this line than {file}");
                    return Err(Failure::new(Exit::Refused, OTHER_LINES, message)
                        .hint("the batch has other lines than then: leave out --only-failed"));
                }
            }
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
        let refused = match self.difference(&bytes, data)? {
            None => return Ok(Some(hex(sum))),
            Some(_) if self.overwrite == Overwrite::Replace => return Ok(None),
            Some(Difference::Data) => {
                let message = format!("{file} was issued with other data than this line has");
                Failure::new(Exit::Refused, "OTHER_DATA", message)
            }
            Some(Difference::Options) => {
                let kind = self.issuer.kind();
                let message = format!("{file} was issued in another way than now ({kind})");
                Failure::new(Exit::Refused, "OTHER_OPTIONS", message)
            }
        };
        Err(refused.hint("put the file aside, or replace it by --force"))
    }

    /// In what a file that is there differs from the one that this run would make.
    fn difference(&self, file: &[u8], data: &Document) -> Result<Option<Difference>, Failure> {
        let Ok(pdf) = Pdf::open(file, &Limits::default()) else {
            return Ok(Some(Difference::Data));
        };
        match Embedded::read(&pdf) {
            Ok(Some(there)) if there.document == *data => {
                let is_it = self.issuer.would_make(&pdf, &there)?;
                Ok((!is_it).then_some(Difference::Options))
            }
            _ => Ok(Some(Difference::Data)),
        }
    }
}

/// In what a file differs from the one that would be made.
enum Difference {
    /// Its line has changed since, or is another document's.
    Data,
    /// The document is the same, and it is a draft, in another language, not signed …
    Options,
}

/// Refuses the name of a line before it.
fn taken(taken: Taken, file: &str) -> Result<(), Failure> {
    let message = match taken {
        Taken::Now => return Ok(()),
        Taken::Before => format!("a line before it is {file} already"),
        Taken::Alike => format!(
            "a line before it has a name that differs from {file} in upper and lower case or in \
             the spelling of a letter only: some file systems take both for one"
        ),
    };
    Err(Failure::new(Exit::Refused, "NUMBER_TWICE", message))
}

/// The manifest to write, where one is wanted.
fn manifest(args: &IssueArgs, written: &Written) -> Result<Option<Manifest>, Failure> {
    let new = args.batch.manifest.as_ref().or(args.batch.resume.as_ref());
    let place = |path: &Path| path.canonicalize().ok();
    if new.is_some_and(|new| place(new).is_some() && place(new) == place(&args.data)) {
        let message = format!("{} is the batch itself", args.data.display());
        return Err(Failure::usage("MANIFEST", message).hint("name another file for the manifest"));
    }
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

/// The most bytes of a line: some forty times what a permit with 400 substances takes.
const MAX_LINE: usize = 16 * 1024 * 1024;
/// A manifest that is that of other lines.
const OTHER_LINES: &str = "OTHER_LINES";
/// Documents that are made at a time, at most.
const MOST_JOBS: usize = 64;
/// Bytes that are read at a time.
const BUFFER: usize = 64 * 1024;
