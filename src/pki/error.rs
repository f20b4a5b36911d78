use thiserror::Error;
use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::SignatureAlgorithm;
use crate::pki::BudgetExceeded;
use crate::pki::ProfileViolation;
use crate::x509::Certificate;
use crate::x509::Oid;

/// Why no valid path leads from a certificate to a trust anchor.
///
/// `depth` counts from the end entity, which is 0.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// A certificate that its issuer's key did not sign.
    #[error("the signature in the certificate of {} does not verify", .certificate.subject())]
    BadSignature {
        /// Where it stands.
        depth: usize,
        /// The certificate with the wrong signature.
        certificate: Certificate,
    },
    /// The search was ended by a limit of the policy.
    #[error(transparent)]
    BudgetExceeded(#[from] BudgetExceeded),
    /// A certificate had expired.
    #[error("the certificate of {} expired at {not_after}", .certificate.subject())]
    CertExpired {
        /// Where it stands.
        depth: usize,
        /// The time for which the path was asked.
        time: OffsetDateTime,
        /// The end of validity.
        not_after: OffsetDateTime,
        /// The expired certificate.
        certificate: Certificate,
    },
    /// A certificate was not yet valid.
    #[error("the certificate of {} is not valid before {not_before}", .certificate.subject())]
    CertNotYetValid {
        /// Where it stands.
        depth: usize,
        /// The time for which the path was asked.
        time: OffsetDateTime,
        /// The beginning of validity.
        not_before: OffsetDateTime,
        /// The certificate.
        certificate: Certificate,
    },
    /// A CA certificate of a version without extensions.
    #[error("the CA certificate of {} has version {version}", .certificate.subject())]
    CaVersion {
        /// Where it stands.
        depth: usize,
        /// Its version.
        version: u64,
        /// The certificate.
        certificate: Certificate,
    },
    /// An authority bears the name of a trust anchor but has another key.
    #[error("{} bears the name of a trusted authority, or was issued under it, with another key", .certificate.subject())]
    Impostor {
        /// Where it stands.
        depth: usize,
        /// The false authority, or the certificate that it issued when it is not at hand itself.
        certificate: Certificate,
    },
    /// The key usage of an issuer does not include keyCertSign (RFC 5280 §6.1.4 n).
    #[error("the key of {} may not sign certificates", .certificate.subject())]
    MissingKeyCertSign {
        /// Where it stands.
        depth: usize,
        /// The issuer.
        certificate: Certificate,
    },
    /// Nobody at hand can have issued the certificate.
    #[error("the issuer {} is unknown", .certificate.issuer())]
    NoIssuer {
        /// Where the certificate stands.
        depth: usize,
        /// The certificate whose issuer is missing.
        certificate: Certificate,
    },
    /// An issuer is no CA (RFC 5280 §6.1.4 k).
    #[error("{} is no certification authority", .certificate.subject())]
    NotCa {
        /// Where it stands.
        depth: usize,
        /// The issuer.
        certificate: Certificate,
    },
    /// More intermediate certificates than pathLenConstraint allows (RFC 5280 §6.1.4 l, m).
    #[error("{} allows {allowed} intermediate certificates below it, not {found}", .certificate.subject())]
    PathLenExceeded {
        /// Where the CA stands.
        depth: usize,
        /// pathLenConstraint.
        allowed: u32,
        /// How many follow, self-issued ones not counted.
        found: usize,
        /// The CA with the constraint.
        certificate: Certificate,
    },
    /// Every path that was found is longer than the policy allows.
    #[error("the path has more than {limit} certificates")]
    PathTooLong {
        /// How many certificates are allowed, end entity and anchor included.
        limit: usize,
    },
    /// A certificate that no conforming authority may have issued (RFC 5280 §4).
    #[error("the certificate of {} breaks the rules of issuing: {violation}", .certificate.subject())]
    ProfileViolated {
        /// Where it stands.
        depth: usize,
        /// The rule that it breaks.
        violation: ProfileViolation,
        /// The certificate.
        certificate: Certificate,
    },
    /// A critical extension that nobody here knows (RFC 5280 §4.2).
    #[error("the certificate of {} has the unknown critical extension {oid}", .certificate.subject())]
    UnknownCriticalExtension {
        /// Where it stands.
        depth: usize,
        /// The extension.
        oid: Oid,
        /// The certificate.
        certificate: Certificate,
    },
    /// The algorithm or key of a signature in the path is not supported.
    #[error("the signature in the certificate of {} cannot be checked", .certificate.subject())]
    UnsupportedAlgorithm {
        /// Where it stands.
        depth: usize,
        /// What is not supported.
        source: crypto::Error,
        /// The certificate that bears the signature.
        certificate: Certificate,
    },
    /// A constraint that is known but cannot be checked here.
    #[error("the certificate of {} has the extension {oid}, which is not supported", .certificate.subject())]
    UnsupportedExtension {
        /// Where it stands.
        depth: usize,
        /// The extension.
        oid: Oid,
        /// The certificate.
        certificate: Certificate,
    },
    /// The path ends in a self-issued certificate that is no trust anchor.
    #[error("the root {} is not trusted", .root.subject())]
    UntrustedRoot {
        /// Where it stands.
        depth: usize,
        /// The root.
        root: Certificate,
    },
    /// A signature in the path is made with an algorithm that can be forged.
    #[error("the signature in the certificate of {} uses a weak algorithm", .certificate.subject())]
    WeakAlgorithm {
        /// Where it stands.
        depth: usize,
        /// The algorithm.
        algorithm: SignatureAlgorithm,
        /// The certificate that bears the signature.
        certificate: Certificate,
    },
}

impl Error {
    /// Which certificate the failure is about, counted from the end entity; `None` for a limit.
    pub fn depth(&self) -> Option<usize> {
        match self {
            Self::BudgetExceeded(_) | Self::PathTooLong { .. } => None,
            Self::BadSignature { depth, .. }
            | Self::CaVersion { depth, .. }
            | Self::CertExpired { depth, .. }
            | Self::CertNotYetValid { depth, .. }
            | Self::Impostor { depth, .. }
            | Self::MissingKeyCertSign { depth, .. }
            | Self::NoIssuer { depth, .. }
            | Self::NotCa { depth, .. }
            | Self::PathLenExceeded { depth, .. }
            | Self::ProfileViolated { depth, .. }
            | Self::UnknownCriticalExtension { depth, .. }
            | Self::UnsupportedAlgorithm { depth, .. }
            | Self::UnsupportedExtension { depth, .. }
            | Self::UntrustedRoot { depth, .. }
            | Self::WeakAlgorithm { depth, .. } => Some(*depth),
        }
    }

    /// How much the failure tells about the certificate: of several the greatest is reported, and
    /// among equals the first.
    ///
    /// A path that reaches an anchor and breaks a rule tells more than one that reaches none, and
    /// of those the one that came farthest.
    pub(super) fn rank(&self) -> (u8, usize) {
        let kind = match self {
            Self::Impostor { .. } => 4,
            Self::PathTooLong { .. }
            | Self::UnsupportedAlgorithm { .. }
            | Self::WeakAlgorithm { .. } => 3,
            Self::UntrustedRoot { .. } => 2,
            Self::BadSignature { .. } => 1,
            Self::NoIssuer { .. } => 0,
            _ => return (5, 0),
        };
        (kind, self.depth().unwrap_or(0))
    }
}
