//! PDF files (ISO 32000): reading untrusted ones, appending revisions, signature fields.
//!
//! [`Pdf`] reads a file lazily and within [`Limits`]; [`signatures`] lists what signatures it
//! carries and how much of the file each accounts for; [`prepare_signature`] appends a revision
//! with a signature dictionary that waits for its value.
//!
//! A damaged file is refused, never repaired: a reader that searches for objects where the
//! cross-reference says nothing gives one of several possible readings, and a document before a
//! court needs exactly one.

mod attachments;
mod changes;
mod coverage;
mod date;
mod error;
mod fields;
mod filter;
mod indirect;
mod limits;
mod object;
mod pages;
mod parser;
mod prepare;
mod reader;
mod revision;
mod signature;
mod text;
mod update;
mod xref;

#[cfg(test)]
mod robustness;
#[cfg(test)]
mod test_file;

pub use self::attachments::EmbeddedFile;
pub use self::changes::Changes;
pub use self::changes::ContentChange;
pub use self::coverage::Coverage;
pub use self::coverage::CoverageFault;
pub use self::error::Error;
pub use self::error::Fault;
pub use self::error::Limit;
pub use self::limits::Limits;
pub use self::object::Array;
pub use self::object::Dictionary;
pub use self::object::Entry;
pub use self::object::Name;
pub use self::object::Object;
pub use self::object::ObjectId;
pub use self::object::Stream;
pub use self::object::StringObject;
pub use self::prepare::PreparedSignature;
pub use self::prepare::SignatureDictionary;
pub use self::prepare::prepare_signature;
pub use self::reader::Pdf;
pub use self::revision::Revision;
pub use self::signature::Signature;
pub use self::signature::SignatureEntry;
pub use self::signature::SignatureFault;
pub use self::signature::signatures;
