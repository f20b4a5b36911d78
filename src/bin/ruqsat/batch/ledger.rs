//! What became of a batch: the manifest, the names of the files, the count.

use std::collections::BTreeMap;
use std::path::Path;
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
use crate::files;

/// Writes down what became of each line, gives files their names, and counts.
pub(super) struct Ledger {
    manifest: Option<Manifest>,
    pub(super) progress: Progress,
    done: usize,
    known: usize,
    left_out: usize,
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
            left_out: 0,
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
                    .filter(|outcome| match outcome.file {
                        FileOutcome::Known => batch.copies_known,
                        FileOutcome::LeftOut | FileOutcome::Misplaced(_) => false,
                        _ => true,
                    })
                    .map(|outcome| outcome.entry.clone())
                    .collect();
                manifest.append(&entries)?;
            }
            for outcome in together {
                self.settle(outcome)?;
            }
            let done = self.done + self.known;
            self.progress.tell(batch.feed.bytes(), done, self.failed);
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
            FileOutcome::LeftOut => {
                self.left_out += 1;
                return Ok(());
            }
            FileOutcome::Failed(failure) | FileOutcome::Misplaced(failure) => Some(*failure),
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

    /// Says how it went; `broken_off` when it could not go on.
    pub(super) fn conclude(
        &self,
        batch: &Batch,
        data: &Path,
        broken_off: bool,
    ) -> Result<Exit, Failure> {
        let all = self.done + self.known + self.left_out + self.failed;
        let request = batch.feed.request();
        if all == 0 && request.is_none() && !broken_off {
            let message = format!("{} holds no document", data.display());
            return Err(Failure::new(Exit::Unreadable, "EMPTY_BATCH", message));
        }
        for (remark, count) in &self.remarks {
            match count {
                1 => files::tell(remark),
                _ => files::tell(&format!("{remark} ({count} documents)")),
            }
        }
        if all > 0 || request.is_some() {
            self.tell_counts(batch, data, all);
        }
        self.tell_failed();
        if let Some(request) = request {
            let go_on = match (batch.dry_run, &self.manifest) {
                (true, _) => String::new(),
                (false, Some(manifest)) => {
                    format!("; go on with --resume {}", manifest.path().display())
                }
                (false, None) => "; give the same batch again with --force, or with --manifest \
                                  next time to go on with --resume"
                    .to_owned(),
            };
            files::tell(&format!(
                "interrupted: the lines behind were not begun{go_on}"
            ));
            return Ok(request.exit());
        }
        Ok(match self.failed {
            0 => Exit::Success,
            _ => Exit::Partly,
        })
    }

    fn tell_counts(&self, batch: &Batch, data: &Path, all: usize) {
        let failed = self.failed;
        let kind = batch.issuer.kind();
        let left_out = match self.left_out {
            0 => String::new(),
            count => format!(", {count} left out that the manifest does not know"),
        };
        files::tell(&match batch.dry_run {
            true => format!(
                "{}: {} of {all} documents can be issued ({kind}), {failed} cannot{left_out}; \
                 nothing was written",
                data.display(),
                self.done + self.known,
            ),
            false => format!(
                "{}: {all} documents, {} written ({kind}), {} there already, {failed} \
                 failed{left_out}",
                batch.folder.display(),
                self.done,
                self.known,
            ),
        });
    }

    fn tell_failed(&self) {
        if self.failed == 0 {
            return;
        }
        let examples = self.examples.iter();
        let examples: Vec<_> = examples
            .map(|(line, code)| format!("line {line} ({code})"))
            .collect();
        let mut named = examples.join(", ");
        if self.failed > self.examples.len() {
            named.push_str(&format!(" and {} more", self.failed - self.examples.len()));
        }
        files::tell(&format!("failed: {named}"));
    }
}

/// Lines that the last sentence names; the manifest has all.
const MOST_EXAMPLES: usize = 20;
/// Different remarks that are shown.
const MOST_REMARKS: usize = 20;
