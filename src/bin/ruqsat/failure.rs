//! What the program says when it cannot do what was asked, and the exit code that goes with it.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use ruqsat::model::Problem;

/// The exit codes of the program; their meaning never changes within 1.x.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; for `verify`: valid.
    Success = 0,
    /// `verify`: not valid.
    NotValid = 1,
    /// Wrong usage.
    Usage = 2,
    /// `verify`: could not be determined.
    Undetermined = 3,
    /// `verify`: no signature in the file.
    NotSigned = 4,
    /// The input cannot be read.
    Unreadable = 5,
    /// Key or password.
    Credential = 6,
    /// Something from outside is unusable: a revocation list.
    Outside = 7,
    /// A batch is done, and some of its documents failed.
    Partly = 8,
    /// Refused: we could, and will not.
    Refused = 9,
    /// A bug of the program.
    Internal = 70,
    /// A batch that Ctrl-C ended before its last line.
    Interrupted = 130,
    /// A batch that SIGTERM ended before its last line.
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A failure with its place and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// A stable code for scripts.
    pub(crate) code: &'static str,
    /// The fact.
    pub(crate) message: String,
    /// Facts that belong to it, one a line.
    pub(crate) details: Vec<String>,
    /// What is wrong with the data, for machines.
    pub(crate) problems: Vec<Problem>,
    /// What to do.
    pub(crate) hint: Option<String>,
}

impl Failure {
    /// A failure without details and hint.
    pub(crate) fn new(exit: Exit, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            exit,
            code,
            message: message.into(),
            details: Vec::new(),
            problems: Vec::new(),
            hint: None,
        }
    }

    /// Wrong usage.
    pub(crate) fn usage(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, code, message)
    }

    /// Adds what to do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the facts, one a line.
    pub(crate) fn details(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }

    /// Adds what is wrong with the data.
    pub(crate) fn problems(mut self, problems: &[Problem]) -> Self {
        self.problems = problems.to_vec();
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.code, self.message)?;
        for detail in &self.details {
            write!(f, "\n  {detail}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  help: {hint}")?;
        }
        Ok(())
    }
}

/// An error with what caused it, outermost first: the library never repeats one in the other.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
