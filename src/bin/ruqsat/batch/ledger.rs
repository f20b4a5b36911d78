//! What became of a batch: the manifest, the names of the files, the count.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;

use crate::batch::Batch;
use crate::batch::FileOutcome;
use crate::batch::Outcome;
use crate::batch::manifest::Entry;
use crate::batch::manifest::EntryError;
use crate::batch::manifest::Manifest;
use crate::batch::manifest::Status;
use crate::batch::progress::Progress;
use crate::failure::Exit;
use crate::failure::Failure;

/// Writes down what became of each line, gives files their names, and counts.
pub(super) struct Ledger {
    manifest: Option<Manifest>,
    pub(super) progress: Progress,
    done: usize,
    known: usize,
    failed: usize,
    /// The first of the lines that failed, with their codes.
    examples: BTreeMap<usize, &'static str>,
    remarks: BTreeMap<String, usize>,
}

impl Ledger {
    pub(super) fn new(manifest: Option<Manifest>, progress: Progress) -> Self {
        Self {
            manifest,
            progress,
            done: 0,
            known: 0,
            failed: 0,
            examples: BTreeMap::new(),
            remarks: BTreeMap::new(),
        }
    }

    /// Takes outcomes until there are no more. Those that came in meanwhile are written together:
    /// waiting for the disk is most of the work here.
    pub(super) fn keep(
        &mut self,
        batch: &Batch,
        outcomes: &Receiver<Outcome>,
        jobs: usize,
    ) -> Result<(), Failure> {
        while let Ok(first) = outcomes.recv() {
            let mut together = vec![first];
            together.extend(outcomes.try_iter().take(jobs));
            if let Some(manifest) = &mut self.manifest {
                let entries: Vec<Entry> = together
                    .iter()
                    .filter(|outcome| {
                        batch.copies_known || !matches!(outcome.file, FileOutcome::Known)
                    })
                    .map(|outcome| outcome.entry.clone())
                    .collect();
                manifest.append(&entries)?;
            }
            for outcome in together {
                self.settle(outcome)?;
            }
            let bytes = batch.bytes.load(Ordering::Relaxed);
            let done = self.done + self.known;
            self.progress.tell(bytes, done, self.failed);
        }
        Ok(())
    }

    fn settle(&mut self, outcome: Outcome) -> Result<(), Failure> {
        let mut entry = outcome.entry;
        let failure = match outcome.file {
            FileOutcome::Checked => None,
            FileOutcome::Known => {
                self.known += 1;
                return Ok(());
            }
            FileOutcome::Failed(failure) => Some(*failure),
            FileOutcome::Staged(staged) => match staged.publish() {
                Ok(()) => None,
                // Its name was taken meanwhile: the line that is written already no longer holds.
                Err(failure) => {
                    entry.status = Status::Failed;
                    entry.sha256 = None;
                    entry.error = Some(EntryError::from(&failure));
                    if let Some(manifest) = &mut self.manifest {
                        manifest.append(std::slice::from_ref(&entry))?;
                    }
                    Some(failure)
                }
            },
        };
        let Some(failure) = failure else {
            self.done += 1;
            for remark in outcome.remarks {
                if self.remarks.len() < MOST_REMARKS || self.remarks.contains_key(&remark) {
                    *self.remarks.entry(remark).or_default() += 1;
                }
            }
            return Ok(());
        };
        self.failed += 1;
        self.examples.insert(entry.line, failure.code);
        if self.examples.len() > MOST_EXAMPLES {
            self.examples.pop_last();
        }
        let place = format!("line {}: ", entry.line);
        let text = match failure.message.starts_with(&place) {
            true => failure.to_string(),
            false => format!("{place}{failure}"),
        };
        self.progress.print(&text);
        Ok(())
    }

    /// Says how it went.
    pub(super) fn conclude(&self, batch: &Batch, data: &Path) -> Result<Exit, Failure> {
        let all = self.done + self.known + self.failed;
        if all == 0 {
            let message = format!("{} holds no document", data.display());
            return Err(Failure::new(Exit::Unreadable, "EMPTY_BATCH", message));
        }
        for (remark, count) in &self.remarks {
            match count {
                1 => eprintln!("{remark}"),
                _ => eprintln!("{remark} ({count} documents)"),
            }
        }
        let failed = self.failed;
        match batch.dry_run {
            true => eprintln!(
                "{}: {} of {all} documents can be issued ({}), {failed} cannot; nothing was \
                 written",
                data.display(),
                self.done + self.known,
                batch.issuer.kind(),
            ),
            false => eprintln!(
                "{}: {all} documents, {} written ({}), {} there already, {failed} failed",
                batch.folder.display(),
                self.done,
                batch.issuer.kind(),
                self.known,
            ),
        }
        if failed == 0 {
            return Ok(Exit::Success);
        }
        let examples = self.examples.iter();
        let examples: Vec<_> = examples
            .map(|(line, code)| format!("line {line} ({code})"))
            .collect();
        let mut named = examples.join(", ");
        if failed > self.examples.len() {
            named.push_str(&format!(" and {} more", failed - self.examples.len()));
        }
        eprintln!("failed: {named}");
        Ok(Exit::Partly)
    }
}

/// Lines that the last sentence names; the manifest has all.
const MOST_EXAMPLES: usize = 20;
/// Different remarks that are shown.
const MOST_REMARKS: usize = 20;
