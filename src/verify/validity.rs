//! Was the signer's certificate in force, as far as the signature itself can tell?

use time::Duration;
use time::OffsetDateTime;

use crate::verify::reason::Reason;
use crate::verify::reason::ReasonCode;
use crate::x509::Certificate;

/// Proof that the certificate was in force at the time of checking, and that the time which the
/// signer claims does not contradict it.
///
/// ```compile_fail,E0451
/// let proof = ruqsat::verify::InForce { at: time::OffsetDateTime::UNIX_EPOCH };
/// ```
#[derive(Debug, Clone)]
pub struct InForce {
    at: OffsetDateTime,
}

impl InForce {
    /// Compares the certificate's validity with the time of checking and the claimed times.
    ///
    /// Without a time-stamp nothing proves an earlier signature: a certificate that has expired by
    /// the time of checking leaves the signature unconfirmed (OUT_OF_BOUNDS_NO_POE). The signer's
    /// own word counts only against them.
    pub(crate) fn check(
        certificate: &Certificate,
        claims: &[OffsetDateTime],
        at: OffsetDateTime,
    ) -> Result<Self, Reason> {
        let (start, end) = (certificate.not_before(), certificate.not_after());
        if claims
            .iter()
            .any(|claimed| certificate.has_expired(*claimed))
        {
            return Err(Reason::new(ReasonCode::CertExpiredAtSigning).with("date", end));
        }
        let mut times = std::iter::once(&at).chain(claims);
        if times.any(|time| certificate.is_not_yet_valid(*time)) {
            return Err(Reason::new(ReasonCode::CertNotYetValid).with("date", start));
        }
        if certificate.has_expired(at) {
            return Err(Reason::new(ReasonCode::CertExpiredNoProof));
        }
        if claims.iter().any(|claimed| *claimed - at > CLOCK_TOLERANCE) {
            return Err(Reason::new(ReasonCode::ProofOfTimeMissing));
        }
        Ok(Self { at })
    }

    /// The time for which this holds.
    #[must_use]
    pub fn at(&self) -> OffsetDateTime {
        self.at
    }
}

/// How far the signer's clock may run ahead of ours.
const CLOCK_TOLERANCE: Duration = Duration::minutes(5);
