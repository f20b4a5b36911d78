use crate::export;
use crate::form;
use crate::layout;

/// Why a document cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The pages cannot be written as a file.
    #[error("the document was not written")]
    Export(#[from] export::Error),
    /// The form cannot be filled.
    #[error("the form was not filled")]
    Fill(#[from] form::Error),
    /// The form cannot be set on pages.
    #[error("the form was not laid out")]
    Layout(#[from] layout::Error),
}
