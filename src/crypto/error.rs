use thiserror::Error;

use crate::crypto::Oid;

/// Why a signature was not made or not verified.
///
/// Only [`Error::BadSignature`] says that a signature is wrong; every other case says that it could
/// not be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The signature does not verify with this key over this message.
    #[error("the signature does not verify")]
    BadSignature,
    /// The algorithm identifier has other parameters than its standard prescribes.
    #[error("algorithm {algorithm} has wrong parameters")]
    BadParameters {
        /// The algorithm whose parameters are wrong.
        algorithm: Oid,
    },
    /// The key is of another kind than the signature algorithm needs.
    #[error("a key for {key} cannot verify a signature with {algorithm}")]
    KeyAlgorithmMismatch {
        /// The signature algorithm.
        algorithm: Oid,
        /// The algorithm of the key.
        key: Oid,
    },
    /// The private key does not belong to the public key given with it.
    #[error("the private key does not belong to the public key")]
    KeyMismatch,
    /// The content octets are not an object identifier, or one longer than 39 octets.
    #[error("malformed object identifier")]
    MalformedOid,
    /// The bytes are not a private key in PKCS#8 (RFC 5958), or the key is inconsistent in itself.
    #[error("malformed private key")]
    MalformedPrivateKey,
    /// The random source failed.
    #[error("the random source failed")]
    Randomness,
    /// No provider at hand knows the algorithm.
    #[error("algorithm {algorithm} is not supported")]
    UnsupportedAlgorithm {
        /// The unknown algorithm.
        algorithm: Oid,
    },
    /// The algorithm is supported, this key is not: its size, exponent or encoding.
    #[error("a key of {bits} bits for {algorithm} is not supported, or its encoding is not")]
    UnsupportedKey {
        /// The algorithm of the key.
        algorithm: Oid,
        /// The size of the key, 0 when its encoding could not be read.
        bits: usize,
    },
}

impl Error {
    /// Whether the signature could not be judged for want of the algorithm, rather than being wrong.
    pub fn is_unsupported(&self) -> bool {
        matches!(
            self,
            Self::UnsupportedAlgorithm { .. } | Self::UnsupportedKey { .. }
        )
    }
}
