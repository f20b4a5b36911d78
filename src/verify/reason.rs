//! Why a verdict is what it is: the catalogue's codes in the order of their weight.

use std::collections::BTreeMap;

use time::Date;
use time::OffsetDateTime;

/// One of the three outcomes of ETSI EN 319 102-1 §5.1.3; never a boolean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// TOTAL-PASSED.
    Valid,
    /// INDETERMINATE: neither confirmed nor refuted.
    Indeterminate,
    /// TOTAL-FAILED, or a rule of our own is broken.
    Invalid,
}

impl Status {
    /// As the JSON report writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Indeterminate => "indeterminate",
            Self::Invalid => "invalid",
        }
    }
}

/// A code of the catalogue, in its order: the first one found is the sentence a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ReasonCode {
    /// A signed byte differs from what was signed.
    DocAltered,
    /// The signature value does not verify with the certificate's key.
    SignatureBroken,
    /// A part of the file lies outside the ByteRange and is no permitted update.
    PartialCoverage,
    /// A later revision changes more than evidence.
    UnsignedChanges,
    /// The embedded data cannot be what was filled in.
    DataMismatch,
    /// The claimed signing time lies after the certificate's notAfter.
    CertExpiredAtSigning,
    /// The claimed signing time or the time of checking lies before notBefore.
    CertNotYetValid,
    /// The certificate has expired and nothing proves an earlier signature.
    CertExpiredNoProof,
    /// Revoked, and the claimed signing time does not lie before the revocation.
    CertRevokedBeforeSigning,
    /// Revoked because the key may be in other hands.
    CertRevokedCompromise,
    /// Revoked, and only the signer's own word says that the signature is older.
    CertRevokedTimeUnproven,
    /// Suspended at present.
    CertOnHold,
    /// No usable revocation list.
    RevocationUnavailable,
    /// The revocation list has expired.
    RevocationStale,
    /// The revocation list is not signed by its authority.
    RevocationUntrusted,
    /// Nobody known issued the certificate.
    IssuerUnknown,
    /// The path ends in a root that the caller does not trust.
    RootUntrusted,
    /// The path ends in a TEST root that the caller did not name.
    TestCertificate,
    /// The certificate is not meant for signing documents.
    WrongKeyUsage,
    /// The role in the certificate may not sign this document.
    SignerNoAuthority,
    /// The certificate belongs to another organisation.
    BinMismatch,
    /// The certificate belongs to another person.
    IinMismatch,
    /// An algorithm that no longer protects.
    WeakAlgorithm,
    /// An algorithm that this version does not know: neither valid nor forged.
    AlgorithmUnsupported,
    /// The file has no signature.
    NoSignature,
    /// The signature cannot be parsed.
    SignatureUnreadable,
    /// Some of several signatures are not valid.
    OneOfSeveralInvalid,
    /// The signature does not name its certificate reliably.
    SignerCertUnidentified,
    /// A rule of RFC 5280 is broken in the path.
    ChainInvalid,
    /// A CA certificate of the path is revoked.
    CaCertRevoked,
    /// A CA certificate of the path, or the anchor, is outside its validity.
    CaCertExpired,
    /// The claimed signing time lies after the time of checking.
    ProofOfTimeMissing,
    /// The file is too complex to be checked safely.
    CheckLimitReached,
    /// An authority bears the name of a trusted one but has another key.
    RootImpostor,
}

impl ReasonCode {
    /// Every code, in the order of weight.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|facts| facts.0)
    }

    /// The code as reports write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.facts().1
    }

    /// What the code makes of a signature.
    #[must_use]
    pub fn status(self) -> Status {
        self.facts().2
    }

    /// What EN 319 102-1 calls it.
    #[must_use]
    pub fn sub_indication(self) -> SubIndication {
        self.facts().3
    }

    fn facts(self) -> &'static Facts {
        &TABLE[self as usize]
    }
}

/// A code, its name, what it makes of a signature, and the standard's word for it.
struct Facts(ReasonCode, &'static str, Status, SubIndication);

/// A sub-indication of ETSI EN 319 102-1 table 4 (and DSS's word for "no signature").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the standard's own names")]
pub enum SubIndication {
    CertificateChainGeneralFailure,
    ChainConstraintsFailure,
    CryptoConstraintsFailureNoPoe,
    Expired,
    FormatFailure,
    HashFailure,
    NoCertificateChainFound,
    NoPoe,
    NoSignatureFound,
    NoSigningCertificateFound,
    NotYetValid,
    OutOfBoundsNoPoe,
    Revoked,
    RevokedCaNoPoe,
    RevokedNoPoe,
    SigConstraintsFailure,
    SigCryptoFailure,
    TryLater,
}

impl SubIndication {
    /// The standard's spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CertificateChainGeneralFailure => "CERTIFICATE_CHAIN_GENERAL_FAILURE",
            Self::ChainConstraintsFailure => "CHAIN_CONSTRAINTS_FAILURE",
            Self::CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            Self::Expired => "EXPIRED",
            Self::FormatFailure => "FORMAT_FAILURE",
            Self::HashFailure => "HASH_FAILURE",
            Self::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::NoPoe => "NO_POE",
            Self::NoSignatureFound => "NO_SIGNATURE_FOUND",
            Self::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
            Self::Revoked => "REVOKED",
            Self::RevokedCaNoPoe => "REVOKED_CA_NO_POE",
            Self::RevokedNoPoe => "REVOKED_NO_POE",
            Self::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
            Self::SigCryptoFailure => "SIG_CRYPTO_FAILURE",
            Self::TryLater => "TRY_LATER",
        }
    }

    /// The main indication that the standard pairs it with. Where our policy is stricter than the
    /// standard, a reason is `invalid` while this still says INDETERMINATE.
    #[must_use]
    pub fn indication(self) -> &'static str {
        match self {
            Self::HashFailure
            | Self::SigCryptoFailure
            | Self::FormatFailure
            | Self::Expired
            | Self::NotYetValid
            | Self::Revoked => "TOTAL-FAILED",
            Self::NoSignatureFound => "NO_SIGNATURE_FOUND",
            _ => "INDETERMINATE",
        }
    }
}

/// Why a verdict is not another, with the values its sentence names.
pub type Reason = Remark<ReasonCode>;

/// What leaves the verdict as it is, with the values its sentence names.
pub type Note = Remark<NoteCode>;

/// A code of the catalogue with the values that its sentence names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark<C> {
    /// Which.
    pub code: C,
    /// Values of the sentence's placeholders, by their names.
    pub params: Params,
}

impl<C> Remark<C> {
    /// A remark whose sentence has no placeholder.
    #[must_use]
    pub fn new(code: C) -> Self {
        Self {
            code,
            params: Params::default(),
        }
    }

    /// Adds the value of a placeholder.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.params.insert(name, value.into());
        self
    }
}

/// Values by placeholder.
pub type Params = BTreeMap<&'static str, Param>;

/// A value that a sentence names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Param {
    /// A number of things.
    Count(usize),
    /// A day, written in the reader's language.
    Day(Date),
    /// Text as it stands.
    Text(String),
    /// An instant, written in the reader's language.
    Time(OffsetDateTime),
}

impl From<usize> for Param {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Date> for Param {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl From<OffsetDateTime> for Param {
    fn from(time: OffsetDateTime) -> Self {
        Self::Time(time)
    }
}

/// A note's code, in the order in which notes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoteCode {
    /// The path ends in a TEST root that the caller named.
    TestAuthority,
    /// The file has no permit data.
    AuthorityNotChecked,
    /// The edition that the data names is not known here.
    TextNotCompared,
    /// The time of signing is only the signer's word.
    TimeClaimedOnly,
    /// The position is the document's word.
    PositionFromText,
    /// The permit's own term is over.
    PermitTermOver,
    /// Whether the permit still stands was not asked.
    PermitStatusNotChecked,
}

impl NoteCode {
    /// Every code, in the order in which notes are shown.
    pub const ALL: [Self; 7] = [
        Self::TestAuthority,
        Self::AuthorityNotChecked,
        Self::TextNotCompared,
        Self::TimeClaimedOnly,
        Self::PositionFromText,
        Self::PermitTermOver,
        Self::PermitStatusNotChecked,
    ];

    /// The code as reports write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TestAuthority => "TEST_AUTHORITY",
            Self::AuthorityNotChecked => "AUTHORITY_NOT_CHECKED",
            Self::TextNotCompared => "TEXT_NOT_COMPARED",
            Self::TimeClaimedOnly => "TIME_CLAIMED_ONLY",
            Self::PositionFromText => "POSITION_FROM_TEXT",
            Self::PermitTermOver => "PERMIT_TERM_OVER",
            Self::PermitStatusNotChecked => "PERMIT_STATUS_NOT_CHECKED",
        }
    }
}

/// One row a code, in the order of the enum (a test holds that), so that a code is its row's index.
#[rustfmt::skip]
const TABLE: [Facts; 34] = [
    Facts(ReasonCode::DocAltered, "DOC_ALTERED", Status::Invalid, SubIndication::HashFailure),
    Facts(ReasonCode::SignatureBroken, "SIGNATURE_BROKEN", Status::Invalid, SubIndication::SigCryptoFailure),
    Facts(ReasonCode::PartialCoverage, "PARTIAL_COVERAGE", Status::Invalid, SubIndication::FormatFailure),
    Facts(ReasonCode::UnsignedChanges, "UNSIGNED_CHANGES", Status::Invalid, SubIndication::FormatFailure),
    Facts(ReasonCode::DataMismatch, "DATA_MISMATCH", Status::Invalid, SubIndication::SigConstraintsFailure),
    Facts(ReasonCode::CertExpiredAtSigning, "CERT_EXPIRED_AT_SIGNING", Status::Invalid, SubIndication::Expired),
    Facts(ReasonCode::CertNotYetValid, "CERT_NOT_YET_VALID", Status::Invalid, SubIndication::NotYetValid),
    Facts(ReasonCode::CertExpiredNoProof, "CERT_EXPIRED_NO_PROOF", Status::Indeterminate, SubIndication::OutOfBoundsNoPoe),
    Facts(ReasonCode::CertRevokedBeforeSigning, "CERT_REVOKED_BEFORE_SIGNING", Status::Invalid, SubIndication::Revoked),
    Facts(ReasonCode::CertRevokedCompromise, "CERT_REVOKED_COMPROMISE", Status::Invalid, SubIndication::Revoked),
    Facts(ReasonCode::CertRevokedTimeUnproven, "CERT_REVOKED_TIME_UNPROVEN", Status::Indeterminate, SubIndication::RevokedNoPoe),
    Facts(ReasonCode::CertOnHold, "CERT_ON_HOLD", Status::Indeterminate, SubIndication::TryLater),
    Facts(ReasonCode::RevocationUnavailable, "REVOCATION_UNAVAILABLE", Status::Indeterminate, SubIndication::TryLater),
    Facts(ReasonCode::RevocationStale, "REVOCATION_STALE", Status::Indeterminate, SubIndication::TryLater),
    Facts(ReasonCode::RevocationUntrusted, "REVOCATION_UNTRUSTED", Status::Indeterminate, SubIndication::CertificateChainGeneralFailure),
    Facts(ReasonCode::IssuerUnknown, "ISSUER_UNKNOWN", Status::Indeterminate, SubIndication::NoCertificateChainFound),
    Facts(ReasonCode::RootUntrusted, "ROOT_UNTRUSTED", Status::Indeterminate, SubIndication::NoCertificateChainFound),
    Facts(ReasonCode::TestCertificate, "TEST_CERTIFICATE", Status::Invalid, SubIndication::ChainConstraintsFailure),
    Facts(ReasonCode::WrongKeyUsage, "WRONG_KEY_USAGE", Status::Invalid, SubIndication::ChainConstraintsFailure),
    Facts(ReasonCode::SignerNoAuthority, "SIGNER_NO_AUTHORITY", Status::Invalid, SubIndication::ChainConstraintsFailure),
    Facts(ReasonCode::BinMismatch, "BIN_MISMATCH", Status::Invalid, SubIndication::SigConstraintsFailure),
    Facts(ReasonCode::IinMismatch, "IIN_MISMATCH", Status::Invalid, SubIndication::SigConstraintsFailure),
    Facts(ReasonCode::WeakAlgorithm, "WEAK_ALGORITHM", Status::Indeterminate, SubIndication::CryptoConstraintsFailureNoPoe),
    Facts(ReasonCode::AlgorithmUnsupported, "ALGORITHM_UNSUPPORTED", Status::Indeterminate, SubIndication::CryptoConstraintsFailureNoPoe),
    Facts(ReasonCode::NoSignature, "NO_SIGNATURE", Status::Invalid, SubIndication::NoSignatureFound),
    Facts(ReasonCode::SignatureUnreadable, "SIGNATURE_UNREADABLE", Status::Invalid, SubIndication::FormatFailure),
    Facts(ReasonCode::OneOfSeveralInvalid, "ONE_OF_SEVERAL_INVALID", Status::Invalid, SubIndication::SigConstraintsFailure),
    Facts(ReasonCode::SignerCertUnidentified, "SIGNER_CERT_UNIDENTIFIED", Status::Invalid, SubIndication::NoSigningCertificateFound),
    Facts(ReasonCode::ChainInvalid, "CHAIN_INVALID", Status::Invalid, SubIndication::CertificateChainGeneralFailure),
    Facts(ReasonCode::CaCertRevoked, "CA_CERT_REVOKED", Status::Indeterminate, SubIndication::RevokedCaNoPoe),
    Facts(ReasonCode::CaCertExpired, "CA_CERT_EXPIRED", Status::Indeterminate, SubIndication::OutOfBoundsNoPoe),
    Facts(ReasonCode::ProofOfTimeMissing, "PROOF_OF_TIME_MISSING", Status::Indeterminate, SubIndication::NoPoe),
    Facts(ReasonCode::CheckLimitReached, "CHECK_LIMIT_REACHED", Status::Indeterminate, SubIndication::TryLater),
    Facts(ReasonCode::RootImpostor, "ROOT_IMPOSTOR", Status::Invalid, SubIndication::NoCertificateChainFound),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_the_row_of_its_own_number() {
        for (row, code) in ReasonCode::all().enumerate() {
            assert_eq!(code as usize, row, "{}", code.as_str());
        }
    }
}
