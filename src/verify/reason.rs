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
    pub const ALL: [Self; 34] = [
        Self::DocAltered,
        Self::SignatureBroken,
        Self::PartialCoverage,
        Self::UnsignedChanges,
        Self::DataMismatch,
        Self::CertExpiredAtSigning,
        Self::CertNotYetValid,
        Self::CertExpiredNoProof,
        Self::CertRevokedBeforeSigning,
        Self::CertRevokedCompromise,
        Self::CertRevokedTimeUnproven,
        Self::CertOnHold,
        Self::RevocationUnavailable,
        Self::RevocationStale,
        Self::RevocationUntrusted,
        Self::IssuerUnknown,
        Self::RootUntrusted,
        Self::TestCertificate,
        Self::WrongKeyUsage,
        Self::SignerNoAuthority,
        Self::BinMismatch,
        Self::IinMismatch,
        Self::WeakAlgorithm,
        Self::AlgorithmUnsupported,
        Self::NoSignature,
        Self::SignatureUnreadable,
        Self::OneOfSeveralInvalid,
        Self::SignerCertUnidentified,
        Self::ChainInvalid,
        Self::CaCertRevoked,
        Self::CaCertExpired,
        Self::ProofOfTimeMissing,
        Self::CheckLimitReached,
        Self::RootImpostor,
    ];

    /// The code as reports write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.facts().0
    }

    /// What the code makes of a signature.
    #[must_use]
    pub fn status(self) -> Status {
        self.facts().1
    }

    /// What EN 319 102-1 calls it.
    #[must_use]
    pub fn sub_indication(self) -> SubIndication {
        self.facts().2
    }

    fn facts(self) -> (&'static str, Status, SubIndication) {
        use Status::Indeterminate;
        use Status::Invalid;
        use SubIndication as Sub;
        match self {
            Self::DocAltered => ("DOC_ALTERED", Invalid, Sub::HashFailure),
            Self::SignatureBroken => ("SIGNATURE_BROKEN", Invalid, Sub::SigCryptoFailure),
            Self::PartialCoverage => ("PARTIAL_COVERAGE", Invalid, Sub::FormatFailure),
            Self::UnsignedChanges => ("UNSIGNED_CHANGES", Invalid, Sub::FormatFailure),
            Self::DataMismatch => ("DATA_MISMATCH", Invalid, Sub::SigConstraintsFailure),
            Self::CertExpiredAtSigning => ("CERT_EXPIRED_AT_SIGNING", Invalid, Sub::Expired),
            Self::CertNotYetValid => ("CERT_NOT_YET_VALID", Invalid, Sub::NotYetValid),
            Self::CertExpiredNoProof => (
                "CERT_EXPIRED_NO_PROOF",
                Indeterminate,
                Sub::OutOfBoundsNoPoe,
            ),
            Self::CertRevokedBeforeSigning => {
                ("CERT_REVOKED_BEFORE_SIGNING", Invalid, Sub::Revoked)
            }
            Self::CertRevokedCompromise => ("CERT_REVOKED_COMPROMISE", Invalid, Sub::Revoked),
            Self::CertRevokedTimeUnproven => (
                "CERT_REVOKED_TIME_UNPROVEN",
                Indeterminate,
                Sub::RevokedNoPoe,
            ),
            Self::CertOnHold => ("CERT_ON_HOLD", Indeterminate, Sub::TryLater),
            Self::RevocationUnavailable => ("REVOCATION_UNAVAILABLE", Indeterminate, Sub::TryLater),
            Self::RevocationStale => ("REVOCATION_STALE", Indeterminate, Sub::TryLater),
            Self::RevocationUntrusted => (
                "REVOCATION_UNTRUSTED",
                Indeterminate,
                Sub::CertificateChainGeneralFailure,
            ),
            Self::IssuerUnknown => (
                "ISSUER_UNKNOWN",
                Indeterminate,
                Sub::NoCertificateChainFound,
            ),
            Self::RootUntrusted => (
                "ROOT_UNTRUSTED",
                Indeterminate,
                Sub::NoCertificateChainFound,
            ),
            Self::TestCertificate => ("TEST_CERTIFICATE", Invalid, Sub::ChainConstraintsFailure),
            Self::WrongKeyUsage => ("WRONG_KEY_USAGE", Invalid, Sub::ChainConstraintsFailure),
            Self::SignerNoAuthority => {
                ("SIGNER_NO_AUTHORITY", Invalid, Sub::ChainConstraintsFailure)
            }
            Self::BinMismatch => ("BIN_MISMATCH", Invalid, Sub::SigConstraintsFailure),
            Self::IinMismatch => ("IIN_MISMATCH", Invalid, Sub::SigConstraintsFailure),
            Self::WeakAlgorithm => (
                "WEAK_ALGORITHM",
                Indeterminate,
                Sub::CryptoConstraintsFailureNoPoe,
            ),
            Self::AlgorithmUnsupported => (
                "ALGORITHM_UNSUPPORTED",
                Indeterminate,
                Sub::CryptoConstraintsFailureNoPoe,
            ),
            Self::NoSignature => ("NO_SIGNATURE", Invalid, Sub::NoSignatureFound),
            Self::SignatureUnreadable => ("SIGNATURE_UNREADABLE", Invalid, Sub::FormatFailure),
            Self::OneOfSeveralInvalid => (
                "ONE_OF_SEVERAL_INVALID",
                Invalid,
                Sub::SigConstraintsFailure,
            ),
            Self::SignerCertUnidentified => (
                "SIGNER_CERT_UNIDENTIFIED",
                Invalid,
                Sub::NoSigningCertificateFound,
            ),
            Self::ChainInvalid => (
                "CHAIN_INVALID",
                Invalid,
                Sub::CertificateChainGeneralFailure,
            ),
            Self::CaCertRevoked => ("CA_CERT_REVOKED", Indeterminate, Sub::RevokedCaNoPoe),
            Self::CaCertExpired => ("CA_CERT_EXPIRED", Indeterminate, Sub::OutOfBoundsNoPoe),
            Self::ProofOfTimeMissing => ("PROOF_OF_TIME_MISSING", Indeterminate, Sub::NoPoe),
            Self::CheckLimitReached => ("CHECK_LIMIT_REACHED", Indeterminate, Sub::TryLater),
            Self::RootImpostor => ("ROOT_IMPOSTOR", Invalid, Sub::NoCertificateChainFound),
        }
    }
}

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

/// A reason with the values its sentence names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Which.
    pub code: ReasonCode,
    /// Values of the sentence's placeholders, by their names.
    pub params: Params,
}

impl Reason {
    /// A reason whose sentence has no placeholder.
    #[must_use]
    pub fn new(code: ReasonCode) -> Self {
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

/// A remark that leaves the verdict as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which.
    pub code: NoteCode,
    /// Values of the sentence's placeholders.
    pub params: Params,
}

impl Note {
    /// A note whose sentence has no placeholder.
    #[must_use]
    pub fn new(code: NoteCode) -> Self {
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
