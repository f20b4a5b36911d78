use thiserror::Error;

use crate::x509::der::Tag;

/// Why bytes could not be read as the expected element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// An element goes beyond the end of what holds it, or is missing there.
    #[error("the data ends inside an element")]
    Truncated,
    /// Elements are nested deeper than 64, or more than 64 of indefinite length are open at once.
    #[error("elements are nested too deeply")]
    TooDeep,
    /// Bytes follow the last element.
    #[error("{length} bytes follow the last element")]
    TrailingData {
        /// How many bytes.
        length: usize,
    },
    /// Another element stands where `expected` should.
    #[error("tag {expected} expected, {found} found")]
    UnexpectedTag {
        /// The tag that the standard prescribes.
        expected: Tag,
        /// The tag that stands there.
        found: Tag,
    },
    /// A tag number above 30; no structure read here uses one.
    #[error("unsupported tag")]
    UnsupportedTag,
    /// The length is not encoded as DER prescribes, or exceeds 32 bits.
    #[error("invalid length")]
    InvalidLength,
    /// The content is not a valid value of the type.
    #[error("invalid value with tag {tag}")]
    InvalidValue {
        /// The type.
        tag: Tag,
    },
}
