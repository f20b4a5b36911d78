use crate::cms;
use crate::crypto;
use crate::crypto::Obsolete;
use crate::crypto::ObsoleteDigest;
use crate::pki;
use crate::pki::RevocationError;
use crate::x509::GeneralName;
use crate::x509::Oid;

/// Why a time-stamp proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeStampError {
    /// The stamp has a critical extension that nobody here knows.
    #[error("the time-stamp has the unknown critical extension {oid}")]
    UnknownCriticalExtension {
        /// The extension.
        oid: Oid,
    },
    /// Something else was stamped, or it was changed since.
    #[error("the time-stamp is of other data")]
    ImprintMismatch,
    /// The digest that stands for what was stamped could be forged.
    #[error("the imprint of the time-stamp: {0}")]
    ObsoleteImprint(#[source] ObsoleteDigest),
    /// The signature of the authority does not hold, or does not name its certificate.
    #[error("the signature of the time-stamp is wrong")]
    Signature(#[from] cms::Error),
    /// The signature, or one in the path, could be forged.
    #[error("the time-stamp: {0}")]
    Obsolete(#[source] Obsolete),
    /// The key or algorithm of the authority is not known.
    #[error("the signature of the time-stamp cannot be checked")]
    Unjudged(#[source] crypto::Error),
    /// The certificate of the authority is not for time-stamping (RFC 3161 §2.3).
    #[error("the certificate of the authority is not for time-stamping")]
    NotForTimeStamping,
    /// The certificate of the authority is for other purposes, too (RFC 3161 §2.3).
    #[error("the certificate of the authority is for {purpose}, too")]
    OtherPurpose {
        /// One of them.
        purpose: Oid,
    },
    /// The purpose stands in an extension that is not critical (RFC 3161 §2.3).
    #[error("the purpose in the certificate of the authority is not critical")]
    PurposeNotCritical,
    /// keyUsage allows neither digitalSignature nor nonRepudiation.
    #[error("the key of the authority may not sign")]
    KeyUsage,
    /// No valid path leads from the authority to an anchor at the time of the stamp.
    #[error("the authority is not trusted")]
    Path(#[source] Box<pki::Error>),
    /// The authority named certificates, and the path has others (RFC 5035 §3).
    #[error("the authority named other certificates than those of its path")]
    PathNotNamed,
    /// It is not proven that the authority was not revoked at the time of the stamp.
    #[error("the authority may be revoked")]
    Revocation(#[from] RevocationError),
    /// The name in the stamp is none of the authority's certificate (RFC 3161 §2.4.2).
    #[error("the time-stamp names another authority")]
    NameMismatch {
        /// The name in the stamp.
        tsa: GeneralName,
    },
    /// A nonce was sent and none came back.
    #[error("the time-stamp has no nonce")]
    NonceMissing,
    /// Another nonce came back than was sent.
    #[error("the nonce of the time-stamp is another one")]
    NonceMismatch,
    /// The stamp was made by another policy than was asked for.
    #[error("the time-stamp was made by policy {found}, not {wanted}")]
    PolicyMismatch {
        /// The policy asked for.
        wanted: Oid,
        /// That of the stamp.
        found: Oid,
    },
}

impl From<pki::Error> for TimeStampError {
    fn from(error: pki::Error) -> Self {
        Self::Path(Box::new(error))
    }
}
