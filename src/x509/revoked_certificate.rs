use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;

use crate::x509::Error;

/// One entry of revokedCertificates (RFC 5280 §5.1.2.6, §5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// revocationDate, in UTC.
    pub revocation_date: OffsetDateTime,
    /// reasonCode, `None` when absent.
    pub reason: Option<CrlReason>,
    /// invalidityDate: since when the key is known or suspected to be compromised.
    pub invalidity_date: Option<OffsetDateTime>,
}

impl RevokedCertificate {
    /// How much the entry says against the certificate.
    pub(super) fn gravity(&self) -> u8 {
        match self.reason {
            Some(CrlReason::RemoveFromCrl) => 0,
            Some(CrlReason::CertificateHold) => 1,
            _ => 2,
        }
    }
}

/// Why a certificate was revoked (RFC 5280 §5.3.1). Text is that of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CrlReason {
    /// No reason is given.
    Unspecified = 0,
    /// The private key of the subject may be in other hands.
    KeyCompromise = 1,
    /// The private key of the CA may be in other hands.
    CaCompromise = 2,
    /// The subject's name or other information has changed.
    AffiliationChanged = 3,
    /// Another certificate has taken its place.
    Superseded = 4,
    /// The certificate is not needed any more.
    CessationOfOperation = 5,
    /// The certificate is suspended.
    CertificateHold = 6,
    /// The certificate is no longer suspended: in delta lists only.
    RemoveFromCrl = 8,
    /// A privilege named in the certificate has been withdrawn.
    PrivilegeWithdrawn = 9,
    /// The key of the attribute authority may be in other hands.
    AaCompromise = 10,
}

impl CrlReason {
    /// The value of the ENUMERATED.
    pub const fn code(self) -> u8 {
        self as u8
    }

    pub(super) const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => return None,
        })
    }

    /// Whether the reason says that a key may be in other hands.
    pub const fn is_compromise(self) -> bool {
        matches!(
            self,
            Self::KeyCompromise | Self::CaCompromise | Self::AaCompromise
        )
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }
}

impl TryFrom<u64> for CrlReason {
    type Error = Error;

    fn try_from(code: u64) -> Result<Self, Error> {
        u8::try_from(code)
            .ok()
            .and_then(Self::from_code)
            .ok_or(Error::UnknownReasonCode { code })
    }
}

impl fmt::Display for CrlReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for CrlReason {
    type Err = NotACrlReason;

    /// Reads the name of the standard, or the same words in the way of command lines:
    /// `key-compromise`.
    fn from_str(text: &str) -> Result<Self, NotACrlReason> {
        let plain: String = text.chars().filter(|&character| character != '-').collect();
        REASONS
            .into_iter()
            .find(|reason| reason.name().eq_ignore_ascii_case(&plain))
            .ok_or(NotACrlReason)
    }
}

/// The text is no reason of RFC 5280.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a reason for revocation")]
pub struct NotACrlReason;

const REASONS: [CrlReason; 10] = [
    CrlReason::Unspecified,
    CrlReason::KeyCompromise,
    CrlReason::CaCompromise,
    CrlReason::AffiliationChanged,
    CrlReason::Superseded,
    CrlReason::CessationOfOperation,
    CrlReason::CertificateHold,
    CrlReason::RemoveFromCrl,
    CrlReason::PrivilegeWithdrawn,
    CrlReason::AaCompromise,
];
