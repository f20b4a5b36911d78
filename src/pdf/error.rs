//! Why a file cannot be read or signed.

/// Why a PDF cannot be read, or no signature added to it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A certification signature must be the first one (ISO 32000-1 12.8.2.2.1).
    #[error("field `{field_name}` already carries a signature")]
    AlreadySigned {
        /// The fully qualified name of the field.
        field_name: String,
    },
    /// The author certified the document with no changes permitted (DocMDP P=1): a further
    /// signature would make the first one invalid.
    #[error("the document is certified and permits no changes")]
    CertifiedWithoutChanges,
    /// The signature value does not fit into the space kept for it.
    #[error("the signature needs {need} bytes, /Contents holds {have}")]
    ContentsTooSmall {
        /// Bytes of the signature value.
        need: usize,
        /// Bytes kept.
        have: usize,
    },
    /// The file breaks a rule of ISO 32000 that has no second reading.
    #[error("damaged at byte {offset}: {fault}")]
    Damaged {
        /// Where, counted from the start of the file. Inside an object stream: where the stream
        /// stands.
        offset: usize,
        /// The rule.
        fault: Fault,
    },
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file is encrypted (7.6).
    #[error("the file is encrypted")]
    Encrypted,
    /// Reading would cost more than the caller's [`Limits`](super::Limits) allow.
    #[error("the limit of {0} is reached")]
    LimitReached(Limit),
    /// No `%PDF-` within the first 1024 bytes.
    #[error("not a PDF file")]
    NotAPdf,
    /// A stream that must be decoded uses a filter other than FlateDecode.
    #[error("unsupported stream filter at byte {offset}")]
    UnsupportedFilter {
        /// Where the stream stands.
        offset: usize,
    },
}

/// The rule that a damaged file breaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// An embedded file stands under two streams, so that readers may take either.
    #[error("an embedded file has two different streams")]
    AmbiguousEmbeddedFile,
    /// A hexadecimal string holds something other than digits and white space.
    #[error("a hexadecimal string holds other characters")]
    BadHexString,
    /// A `#` in a name is not followed by two hexadecimal digits.
    #[error("a name holds an incomplete escape")]
    BadName,
    /// Neither an integer nor a real number.
    #[error("not a number")]
    BadNumber,
    /// Compressed data cannot be decoded.
    #[error("compressed data cannot be decoded")]
    BadStreamData,
    /// A key stands twice in one dictionary.
    #[error("a key stands twice in one dictionary")]
    DuplicateKey,
    /// An object stands twice in one cross-reference section, or in both parts of a hybrid one.
    #[error("an object stands twice in one cross-reference section")]
    DuplicateObject,
    /// Fields of a form refer to each other in a circle.
    #[error("the form fields refer to each other in a circle")]
    FieldLoop,
    /// A value has another type than its place demands.
    #[error("`{0}` is missing or has the wrong type")]
    Key(&'static str),
    /// A word that must stand here does not.
    #[error("`{0}` is missing")]
    Keyword(&'static str),
    /// The name tree refers to itself.
    #[error("a name tree refers to itself")]
    NameTreeLoop,
    /// No object begins here.
    #[error("no object stands here")]
    NotAnObject,
    /// The object there has another number or generation than the cross-reference says.
    #[error("another object stands here")]
    OtherObject,
    /// An object number is not below `/Size`.
    #[error("an object number is not below /Size")]
    ObjectNumber,
    /// The page tree refers to itself, or to a page twice.
    #[error("the page tree refers to itself")]
    PageTreeLoop,
    /// The chain of cross-reference sections refers to itself or forward.
    #[error("the chain of cross-reference sections refers to itself")]
    PrevLoop,
    /// A reference leads to another reference in a circle.
    #[error("references lead to each other in a circle")]
    ReferenceLoop,
    /// A cross-reference entry is not 20 bytes of the prescribed form.
    #[error("a cross-reference entry is malformed")]
    XrefEntry,
    /// The bytes end within an object.
    #[error("the bytes end here")]
    UnexpectedEnd,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// Bytes decoded from streams.
    #[error("decoded bytes")]
    DecodedBytes,
    /// Bytes of a file: ten digits must count them.
    #[error("file size")]
    FileSize,
    /// Objects within objects.
    #[error("nesting")]
    Depth,
    /// Object numbers (ISO 32000-1 annex C: 8 388 607).
    #[error("object numbers")]
    ObjectNumbers,
    /// Objects read, cross-reference entries included.
    #[error("objects")]
    Objects,
    /// Revisions of the file.
    #[error("revisions")]
    Revisions,
    /// Signatures of the file.
    #[error("signatures")]
    Signatures,
}
