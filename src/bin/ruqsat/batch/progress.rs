//! How far a batch is: a bar on a terminal, a line now and then elsewhere.

use std::io;
use std::io::IsTerminal as _;
use std::time::Duration;
use std::time::Instant;

use indicatif::ProgressBar;
use indicatif::ProgressStyle;

use crate::files;

/// Tells how far a batch is.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    is_hidden: bool,
    told: Instant,
}

impl Progress {
    /// `length` is the input's, in bytes, where it is known: its lines are not counted beforehand.
    pub(crate) fn new(length: Option<u64>, is_hidden: bool) -> Self {
        let has_bar = io::stderr().is_terminal() && !is_hidden;
        let bar = has_bar.then(|| {
            let (bar, template) = match length {
                Some(length) => (ProgressBar::new(length), BAR),
                None => (ProgressBar::new_spinner(), SPINNER),
            };
            match ProgressStyle::with_template(template) {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        Self {
            bar,
            is_hidden,
            told: Instant::now(),
        }
    }

    /// So far.
    pub(crate) fn tell(&mut self, bytes: u64, done: usize, failed: usize) {
        let text = format!("{done} done, {failed} failed");
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
            bar.set_message(text);
        } else if !self.is_hidden && self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            files::tell(&text);
        }
    }

    /// Prints a line without spoiling the bar.
    pub(crate) fn print(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| files::tell(text)),
            None => files::tell(text),
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

const BAR: &str = "[{elapsed_precise}] {bar:30} {percent}% {msg}, {eta} to go";
const SPINNER: &str = "[{elapsed_precise}] {spinner} {msg}";
/// Where nobody watches, a line a minute is a log that can be read; ten seconds show that it runs.
const EVERY: Duration = Duration::from_secs(10);
