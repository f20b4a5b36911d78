//! What later revisions changed after a signature (the difference policy of EN 319 102-1 5.2.9 and
//! ISO 32000-2 12.8.2.2.2, as narrow as it can be).
//!
//! The document as it was signed is compared with the document as it is, object by object; first
//! every byte after the signed ones must belong to a well-formed update. Permitted is what has a
//! named role, everything else is a change of content:
//!
//! - evidence: `/DSS` of the catalog with its arrays, dictionaries and plain streams;
//! - a new signature field without any appearance, appended to form and page, or an empty field
//!   that got its value; a document time-stamp counts as evidence;
//! - `/Extensions` and `/Version` of the catalog, `/SigFlags` of the form;
//! - the time and the program of the last change in document information and metadata;
//! - cross-reference and object streams.
//!
//! A new object must not be one that the signed document already referred to: a document can be
//! prepared so that evidence added later becomes its content.

mod accounting;
mod catalog;
mod comparison;
mod dss;
mod field;
mod finding;
mod form;
mod metadata;
mod references;

pub use self::finding::Changes;
pub use self::finding::ContentChange;
