use printpdf::PdfWarnMsg;

use crate::export::conformance::TreeFault;
use crate::layout::Face;

/// Why pages cannot be written as a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The font cannot be cut down to the glyphs in use.
    #[error("the font {} cannot be subset", .face.name())]
    Font {
        /// Which.
        face: Face,
        /// The subsetter's reason.
        source: subsetter::Error,
    },
    /// The document has no page: PDF needs one.
    #[error("a document without pages")]
    NoPages,
    /// printpdf left out something of a page.
    #[error("operation {operation} was not written: {message}")]
    Operation {
        /// Its place on its page.
        operation: usize,
        /// printpdf's words.
        message: String,
    },
    /// printpdf's document lacks an object that every document has.
    #[error("the written document has no sound structure")]
    Structure(#[from] lopdf::Error),
    /// What the pages show would not be read out as it is seen, so that the file would be neither
    /// PDF/A-3a nor PDF/UA-1.
    #[error("the document is not accessible: {0}")]
    Tree(#[from] TreeFault),
    /// The bytes could not be put together.
    #[error("the file was not written")]
    Write(#[from] std::io::Error),
}

impl Error {
    /// The first of printpdf's warnings: each means that something is missing.
    pub(super) fn of_warnings(warnings: Vec<PdfWarnMsg>) -> Result<(), Self> {
        match warnings.into_iter().next() {
            None => Ok(()),
            Some(warning) => Err(Self::Operation {
                operation: warning.op_id,
                message: warning.msg,
            }),
        }
    }
}
