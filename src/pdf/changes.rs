//! What later revisions changed.

use crate::pdf::error::Error;
use crate::pdf::reader::Pdf;
use crate::pdf::signature::Signature;

/// What was added to the file after a signature.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Changes {
    /// Nothing.
    None,
    /// Something else.
    Content(ContentChange),
}

/// A change.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ContentChange {
    /// Whatever stands behind the signed bytes.
    Unexamined,
}

impl Signature {
    /// What was added to the file after this signature.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`], [`Error::LimitReached`].
    pub fn changes_after(&self, _pdf: &Pdf<'_>) -> Result<Changes, Error> {
        Ok(match self.coverage() {
            crate::pdf::coverage::Coverage::Whole => Changes::None,
            _ => Changes::Content(ContentChange::Unexamined),
        })
    }
}
