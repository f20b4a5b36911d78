//! Why a file could not be examined.

use crate::pdf;

/// There is no verdict, because there was nothing that could be examined.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is not a PDF that can be read.
    #[error(transparent)]
    Unreadable(#[from] pdf::Error),
}
