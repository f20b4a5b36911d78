use thiserror::Error;

use crate::x509::Oid;
use crate::x509::der;

/// Why bytes are no certificate, request, revocation list or name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The ASN.1 structure is not that of RFC 5280.
    #[error(transparent)]
    Der(#[from] der::Error),
    /// The same extension stands twice (RFC 5280 §4.2).
    #[error("extension {oid} stands twice")]
    DuplicateExtension {
        /// The extension.
        oid: Oid,
    },
    /// The content of an extension is not what its definition prescribes.
    #[error("extension {oid} is malformed")]
    MalformedExtension {
        /// The extension.
        oid: Oid,
    },
    /// The text between the lines of a PEM block is not base64, or the block has no end.
    #[error("malformed PEM block {label}")]
    MalformedPem {
        /// What the block says it holds.
        label: String,
    },
    /// A reason code that RFC 5280 §5.3.1 does not define.
    #[error("unknown reason code {code}")]
    UnknownReasonCode {
        /// The code.
        code: u64,
    },
    /// The input holds no PEM block of the wanted kind.
    #[error("no {label} in the input")]
    NoPemBlock {
        /// The wanted kind.
        label: &'static str,
    },
    /// The input holds more than the one PEM block of the wanted kind.
    #[error("more than one {label} in the input")]
    SeveralPemBlocks {
        /// The wanted kind.
        label: &'static str,
    },
    /// The signature algorithm inside the signed part differs from the one outside (RFC 5280
    /// §4.1.1.2, §5.1.1.2).
    #[error("the signature algorithms inside and outside the signed part differ")]
    SignatureAlgorithmMismatch,
    /// Extensions in a version that has none.
    #[error("extensions in version {version}")]
    UnexpectedExtensions {
        /// The version, counted from 1.
        version: u64,
    },
    /// A version that does not exist.
    #[error("unknown version {version}")]
    UnknownVersion {
        /// The version, counted from 1.
        version: u64,
    },
}
