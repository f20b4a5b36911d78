//! [`Pages`](crate::layout::Pages) to a PDF 1.7 file: printpdf writes pages and fonts, lopdf
//! finishes what printpdf has no word for (attachments, metadata, the signature field).
//!
//! The same pages, options and time give the same bytes. The file claims no PDF/A or PDF/UA
//! conformance.

mod attachment;
mod catalog;
mod content;
mod deflate;
mod error;
mod font;
mod object;
mod skeleton;
mod to_unicode;
mod write;
mod xmp;

pub use attachment::Attachment;
pub use attachment::Relationship;
pub use catalog::SignatureField;
pub use error::Error;
pub use write::ExportOptions;
pub use write::export;
