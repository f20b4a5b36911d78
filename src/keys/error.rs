use crate::crypto;
use crate::crypto::Oid;
use crate::x509;

/// Why a key cannot be had from what was given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A password or name that PKCS#12 cannot hold: it knows characters of 16 bits.
    #[error("the password or the name for a PKCS#12 file holds a character beyond 16 bits")]
    BeyondBmp,
    /// The PEM text or a certificate beside the key cannot be read.
    #[error("the PEM text or a certificate beside the key cannot be read")]
    Malformed(#[from] x509::Error),
    /// Using the key failed.
    #[error("the key cannot be used")]
    Crypto(#[source] crypto::Error),
    /// The private key is encrypted in a way that only containers (PKCS#12) are read for.
    #[error("the private key in the PEM text is encrypted")]
    EncryptedPem,
    /// The key belongs to none of the certificates beside it.
    #[error("the private key belongs to none of the certificates beside it")]
    KeyMismatch,
    /// The private key is damaged.
    #[error("the private key is damaged")]
    MalformedKey,
    /// This is no PKCS#12 file, it is damaged, or it uses what is not supported.
    #[error("no PKCS#12 file, or damaged")]
    MalformedPkcs12(#[source] p12_keystore::error::Error),
    /// There is no certificate.
    #[error("there is no certificate")]
    NoCertificate,
    /// There is no private key.
    #[error("there is no private key")]
    NoPrivateKey,
    /// The container holds more certificates or keys than a signer's ever does.
    #[error("there are {count} keys and certificates, more than {limit}")]
    TooMany {
        /// How many there are.
        count: usize,
        /// How many are read.
        limit: usize,
    },
    /// The encryption or integrity algorithm of the container is not supported.
    #[error("the PKCS#12 file uses an algorithm that is not supported")]
    UnsupportedContainer,
    /// The key is of a kind or size that this crate does not sign with.
    #[error("keys of the algorithm {algorithm} are not supported for signing")]
    UnsupportedKey {
        /// Its algorithm; for elliptic curves the curve.
        algorithm: Oid,
        /// Its size, where it is the size that is not supported.
        bits: Option<usize>,
    },
    /// The password does not open the container.
    #[error("the password is wrong")]
    WrongPassword,
}

impl From<crypto::Error> for Error {
    fn from(error: crypto::Error) -> Self {
        match error {
            crypto::Error::KeyMismatch => Self::KeyMismatch,
            crypto::Error::MalformedPrivateKey => Self::MalformedKey,
            crypto::Error::UnsupportedAlgorithm { algorithm } => Self::UnsupportedKey {
                algorithm,
                bits: None,
            },
            crypto::Error::UnsupportedKey { algorithm, bits } => Self::UnsupportedKey {
                algorithm,
                bits: Some(bits),
            },
            other => Self::Crypto(other),
        }
    }
}
