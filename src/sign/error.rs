//! Why nothing was signed.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cms;
use crate::crypto;
use crate::eds::Role;
use crate::model::Bin;
use crate::model::Iin;
use crate::pdf;

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The message around the signature could not be built.
    #[error(transparent)]
    Cms(#[from] cms::Error),
    /// The key failed.
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    /// The file cannot be read or has no place for a signature.
    #[error(transparent)]
    Pdf(pdf::Error),
    /// We could sign, and will not.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The given revocation lists do not tell whether the certificate is revoked.
    #[error("the revocation list cannot be used: {0}")]
    RevocationList(ListDefect),
}

/// Why a revocation list does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListDefect {
    /// Its validity is over, or has not begun.
    #[error("it is not in force at the signing time")]
    Stale,
    /// None is of the authority that issued the certificate, or fit for use.
    #[error("none is of the authority that issued the certificate")]
    Unavailable,
    /// Its signature is not its authority's.
    #[error("it is not signed by the authority that it names")]
    Untrusted,
}

impl ListDefect {
    /// The code that a verification would give.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Stale => "REVOCATION_STALE",
            Self::Unavailable => "REVOCATION_UNAVAILABLE",
            Self::Untrusted => "REVOCATION_UNTRUSTED",
        }
    }
}

/// Why we will not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The file has a signature; a certification comes first.
    #[error("the document is signed already")]
    AlreadySigned,
    /// The certificate belongs to another organisation.
    #[error("the certificate is of BIN {}, the document of BIN {document}", certificate.as_deref().unwrap_or("—"))]
    BinMismatch {
        /// The BIN in the certificate.
        certificate: Option<String>,
        /// The BIN in the document.
        document: Bin,
    },
    /// The certificate of the issuer, or of a root at hand, is outside its validity at the signing
    /// time.
    #[error("the certificate of the issuer is not in force at the signing time: {issuer}")]
    CaCertExpired {
        /// Its name.
        issuer: String,
    },
    /// The certificate of the issuer is revoked.
    #[error(
        "the certificate of the issuer was revoked at {}: {issuer}",
        rfc3339(at)
    )]
    CaCertRevoked {
        /// Its name.
        issuer: String,
        /// When.
        at: OffsetDateTime,
    },
    /// The certificate has expired at the signing time.
    #[error(
        "the certificate ended at {}, before the signing time",
        rfc3339(not_after)
    )]
    CertExpiredAtSigning {
        /// End of its validity.
        not_after: OffsetDateTime,
    },
    /// The certificate is not yet valid at the signing time.
    #[error(
        "the certificate begins at {}, after the signing time",
        rfc3339(not_before)
    )]
    CertNotYetValid {
        /// Start of its validity.
        not_before: OffsetDateTime,
    },
    /// The certificate is suspended.
    #[error("the certificate is suspended since {}", rfc3339(at))]
    CertOnHold {
        /// Since when.
        at: OffsetDateTime,
    },
    /// The certificate is revoked.
    #[error("the certificate was revoked at {}", rfc3339(at))]
    CertRevokedBeforeSigning {
        /// When.
        at: OffsetDateTime,
    },
    /// The certificate is revoked because its key may be in other hands.
    #[error(
        "the certificate was revoked at {}: its key may be in other hands",
        rfc3339(at)
    )]
    CertRevokedCompromise {
        /// When.
        at: OffsetDateTime,
    },
    /// The certificate will have been revoked: its list says so for a time after the signing time.
    #[error("the certificate is revoked as of {}", rfc3339(at))]
    CertRevokedTimeUnproven {
        /// When.
        at: OffsetDateTime,
    },
    /// The issuer's certificate is not at hand.
    #[error("the certificate of the issuer is missing: {issuer}")]
    ChainIncomplete {
        /// Its name.
        issuer: String,
    },
    /// The issuer of the certificate is no authority.
    #[error("the issuer of the certificate is no certification authority: {issuer}")]
    ChainInvalid {
        /// Its name.
        issuer: String,
    },
    /// The embedded data cannot be read, so nobody can say who may sign it.
    #[error("the permit data in the document cannot be read")]
    DataMismatch,
    /// A draft.
    #[error("the document is a draft")]
    Draft,
    /// A sheet that is signed by hand, or a form that nobody signs.
    #[error("the document is finished without an electronic signature")]
    FinishedUnsigned,
    /// The certificate belongs to another person.
    // Their number is nobody's business who reads a log.
    #[error("the certificate is not of the person that the document names as its signatory")]
    IinMismatch {
        /// The IIN in the document.
        document: Iin,
    },
    /// The role in the certificate may not sign this form.
    #[error("the role in the certificate may not sign this document: {}", certificate.map_or("none", Role::as_str))]
    SignerNoAuthority {
        /// The role in the certificate.
        certificate: Option<Role>,
    },
    /// The certificate is not meant for signing documents.
    #[error("the certificate is not meant for signing documents")]
    WrongKeyUsage,
}

impl Refusal {
    /// The code: where a verification has one for the same fact, it is the same.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadySigned => "ALREADY_SIGNED",
            Self::BinMismatch { .. } => "BIN_MISMATCH",
            Self::CaCertExpired { .. } => "CA_CERT_EXPIRED",
            Self::CaCertRevoked { .. } => "CA_CERT_REVOKED",
            Self::CertExpiredAtSigning { .. } => "CERT_EXPIRED_AT_SIGNING",
            Self::CertNotYetValid { .. } => "CERT_NOT_YET_VALID",
            Self::CertOnHold { .. } => "CERT_ON_HOLD",
            Self::CertRevokedBeforeSigning { .. } => "CERT_REVOKED_BEFORE_SIGNING",
            Self::CertRevokedCompromise { .. } => "CERT_REVOKED_COMPROMISE",
            Self::CertRevokedTimeUnproven { .. } => "CERT_REVOKED_TIME_UNPROVEN",
            Self::ChainIncomplete { .. } => "CHAIN_INCOMPLETE",
            Self::ChainInvalid { .. } => "CHAIN_INVALID",
            Self::DataMismatch => "DATA_MISMATCH",
            Self::Draft => "DRAFT",
            Self::FinishedUnsigned => "FINISHED_UNSIGNED",
            Self::IinMismatch { .. } => "IIN_MISMATCH",
            Self::SignerNoAuthority { .. } => "SIGNER_NO_AUTHORITY",
            Self::WrongKeyUsage => "WRONG_KEY_USAGE",
        }
    }
}

impl From<pdf::Error> for Error {
    fn from(error: pdf::Error) -> Self {
        match error {
            pdf::Error::AlreadySigned { .. } | pdf::Error::CertifiedWithoutChanges => {
                Self::Refused(Refusal::AlreadySigned)
            }
            other => Self::Pdf(other),
        }
    }
}

fn rfc3339(time: &OffsetDateTime) -> String {
    time.format(&Rfc3339).unwrap_or_default()
}
