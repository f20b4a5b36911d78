use thiserror::Error;
use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::SignatureAlgorithm;
use crate::pki::BudgetExceeded;
use crate::pki::ProfileViolation;
use crate::x509::Certificate;
use crate::x509::GeneralName;
use crate::x509::KeyUsage;
use crate::x509::Name;
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
    /// A mapping of policies speaks of anyPolicy (RFC 5280 §6.1.4 a).
    #[error("the certificate of {} maps anyPolicy", .certificate.subject())]
    MappingOfAnyPolicy {
        /// Where it stands.
        depth: usize,
        /// The certificate.
        certificate: Certificate,
    },
    /// The end entity's key may not be used for a purpose that the policy wants.
    #[error("the key of {} is not for the purpose {purpose}", .certificate.subject())]
    MissingExtendedKeyUsage {
        /// The purpose that extKeyUsage does not name.
        purpose: Oid,
        /// The end entity.
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
    /// The end entity's key may not be used as the policy wants.
    #[error("the key of {} may not be used so", .certificate.subject())]
    MissingKeyUsage {
        /// What was wanted.
        wanted: KeyUsage,
        /// The end entity.
        certificate: Certificate,
    },
    /// A name lies outside of the name space of an authority (RFC 5280 §6.1.3 b, c).
    #[error("the name {name:?} of {} breaks a name constraint", .certificate.subject())]
    NameConstraintViolated {
        /// Where the certificate with the name stands.
        depth: usize,
        /// The name.
        name: Box<GeneralName>,
        /// The excluded subtree in which it lies, `None` when it lies in no permitted one.
        subtree: Option<Box<GeneralName>>,
        /// Where the authority stands that set the constraint, `None` when the policy did.
        authority: Option<usize>,
        /// The certificate with the name.
        certificate: Certificate,
    },
    /// The issuer of a certificate is not the subject of the one above it (RFC 5280 §6.1.3 a 4).
    #[error("{} was not issued by {expected}", .certificate.subject())]
    NameMismatch {
        /// Where the certificate stands.
        depth: usize,
        /// The subject of the certificate above it.
        expected: Box<Name>,
        /// The certificate.
        certificate: Certificate,
    },
    /// A name constraint binds names of this form, but this name cannot be compared with it: the
    /// form is one whose constraints are not supported, or the name or the constraint is malformed
    /// (RFC 5280 §4.2.1.10).
    #[error("the name {name:?} of {} cannot be held against a name constraint", .certificate.subject())]
    NameNotJudged {
        /// Where the certificate with the name stands.
        depth: usize,
        /// The name.
        name: Box<GeneralName>,
        /// Where the authority stands that set the constraint, `None` when the policy did.
        authority: Option<usize>,
        /// The certificate with the name.
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
    /// No policy is valid for the whole path, and one is demanded (RFC 5280 §6.1.3 f, §6.1.5 g).
    #[error("no policy is valid for the path from {} on", .certificate.subject())]
    NoValidPolicy {
        /// Where the certificate stands with which the last policy ended.
        depth: usize,
        /// Where the certificate stands at which one had to be valid.
        demanded_at: usize,
        /// The certificate with which the last policy ended.
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
    /// The path is valid for other policies than those wanted (RFC 5280 §6.1.5 g iii).
    #[error("the path is valid for none of the policies that are wanted")]
    PolicyNotWanted {
        /// user-initial-policy-set.
        wanted: Vec<Oid>,
        /// The policies for which it is valid.
        valid: Vec<Oid>,
    },
    /// More intermediate certificates than the policy allows.
    #[error("the path has {found} intermediate certificates, {allowed} are allowed")]
    TooManyIntermediates {
        /// How many are allowed.
        allowed: u32,
        /// How many there are, self-issued ones not counted.
        found: usize,
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
    /// The path ends in a self-issued certificate that is no trust anchor.
    #[error("the root {} is not trusted", .root.subject())]
    UntrustedRoot {
        /// Where it stands.
        depth: usize,
        /// The root.
        root: Certificate,
    },
    /// A signature in the path is made with an algorithm or a key that no longer protected at the
    /// time.
    #[error("the signature in the certificate of {} with {algorithm} has not protected since {since}", .certificate.subject())]
    WeakAlgorithm {
        /// Where it stands.
        depth: usize,
        /// The algorithm.
        algorithm: SignatureAlgorithm,
        /// The size of the key in bits where it is the reason, `None` where the digest is.
        bits: Option<usize>,
        /// The first moment at which it did not protect.
        since: OffsetDateTime,
        /// The certificate that bears the signature.
        certificate: Certificate,
    },
}

impl Error {
    /// Which certificate the failure is about, counted from the end entity; `None` for a limit.
    pub fn depth(&self) -> Option<usize> {
        match self {
            Self::BudgetExceeded(_)
            | Self::PathTooLong { .. }
            | Self::TooManyIntermediates { .. } => None,
            Self::MissingExtendedKeyUsage { .. }
            | Self::MissingKeyUsage { .. }
            | Self::PolicyNotWanted { .. } => Some(0),
            Self::BadSignature { depth, .. }
            | Self::CaVersion { depth, .. }
            | Self::CertExpired { depth, .. }
            | Self::CertNotYetValid { depth, .. }
            | Self::Impostor { depth, .. }
            | Self::MappingOfAnyPolicy { depth, .. }
            | Self::MissingKeyCertSign { depth, .. }
            | Self::NameConstraintViolated { depth, .. }
            | Self::NameMismatch { depth, .. }
            | Self::NameNotJudged { depth, .. }
            | Self::NoIssuer { depth, .. }
            | Self::NotCa { depth, .. }
            | Self::NoValidPolicy { depth, .. }
            | Self::PathLenExceeded { depth, .. }
            | Self::ProfileViolated { depth, .. }
            | Self::UnknownCriticalExtension { depth, .. }
            | Self::UnsupportedAlgorithm { depth, .. }
            | Self::UntrustedRoot { depth, .. }
            | Self::WeakAlgorithm { depth, .. } => Some(*depth),
        }
    }
}
