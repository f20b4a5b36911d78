//! Revoked certificates, as an authority remembers them.

use time::OffsetDateTime;

use crate::x509::CrlReason;
use crate::x509::SerialNumber;

/// A revoked certificate, as the next list will name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Its serial number.
    pub serial: SerialNumber,
    /// When it was revoked, in whole seconds.
    pub at: OffsetDateTime,
    /// Why.
    pub reason: CrlReason,
}

/// The reason as a list writes it; a list leaves `unspecified` out (RFC 5280 §5.3.1).
pub(super) fn reason_code(reason: CrlReason) -> Option<rcgen::RevocationReason> {
    match reason {
        CrlReason::KeyCompromise => Some(rcgen::RevocationReason::KeyCompromise),
        CrlReason::CaCompromise => Some(rcgen::RevocationReason::CaCompromise),
        CrlReason::AffiliationChanged => Some(rcgen::RevocationReason::AffiliationChanged),
        CrlReason::Superseded => Some(rcgen::RevocationReason::Superseded),
        CrlReason::CessationOfOperation => Some(rcgen::RevocationReason::CessationOfOperation),
        CrlReason::CertificateHold => Some(rcgen::RevocationReason::CertificateHold),
        CrlReason::PrivilegeWithdrawn => Some(rcgen::RevocationReason::PrivilegeWithdrawn),
        CrlReason::AaCompromise => Some(rcgen::RevocationReason::AaCompromise),
        _ => None,
    }
}
