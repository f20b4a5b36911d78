//! [`Pages`](crate::layout::Pages) to a PDF/A-3a and PDF/UA-1 file: printpdf writes pages and
//! fonts, lopdf's objects carry what printpdf has no word for (structure, attachments, metadata,
//! the signature field).
//!
//! The same pages, options and time give the same bytes. A file claims its conformance only after
//! its finished structure was walked from the root (`conformance`).

mod attachment;
mod catalog;
mod code;
mod colour;
mod conformance;
mod content;
mod deflate;
mod error;
mod file;
mod font;
mod object;
mod packed;
mod skeleton;
mod to_unicode;
mod tree;
mod write;
mod xmp;

pub use attachment::Attachment;
pub use attachment::Relationship;
pub use catalog::SignatureField;
pub use conformance::TreeFault;
pub use error::Error;
pub use write::ExportOptions;
pub use write::export;
