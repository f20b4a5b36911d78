//! What a response is worth (RFC 6960 §3.2).

use time::Duration;
use time::OffsetDateTime;

use crate::crypto::SignatureVerifier;
use crate::pki::Budget;
use crate::pki::PathPolicy;
use crate::pki::ocsp::BasicOcspResponse;
use crate::pki::ocsp::CertStatus;
use crate::pki::ocsp::Error;
use crate::pki::ocsp::OcspResponse;
use crate::pki::ocsp::Question;
use crate::pki::ocsp::Responder;
use crate::pki::ocsp::SingleResponse;
use crate::x509::Certificate;
use crate::x509::CrlReason;

/// What an authority says about a certificate of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not revoked. It need not have been issued, nor be within its validity.
    Good,
    /// Revoked or on hold.
    Revoked {
        /// Since when.
        time: OffsetDateTime,
        /// Why, `None` when the response does not say.
        reason: Option<CrlReason>,
    },
    /// Never issued. On the wire that is a hold since 1970-01-01 beside the extension
    /// extended-revoke (RFC 6960 §2.2); it says nothing of a suspension.
    NeverIssued,
    /// The responder knows nothing of the certificate.
    Unknown,
}

/// Proof that an authority, or its delegate, said something about a certificate, be it current or
/// not.
///
/// It comes only from [`verify_response`]:
///
/// ```compile_fail,E0451
/// # use ruqsat::pki::ocsp::{BasicOcspResponse, Responder, Status, VerifiedResponse};
/// # use ruqsat::x509::Certificate;
/// fn forged(basic: BasicOcspResponse, issuer: Certificate) -> VerifiedResponse {
///     let (single, responder) = (basic.responses()[0].clone(), Responder::Issuer);
///     VerifiedResponse { status: Status::Good, single, basic, issuer, responder }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedResponse {
    status: Status,
    single: SingleResponse,
    basic: BasicOcspResponse,
    issuer: Certificate,
    responder: Responder,
}

/// Proof that what an authority said about a certificate was current at a time.
///
/// It comes only from [`check_response`] and [`VerifiedResponse::at`]:
///
/// ```compile_fail,E0451
/// # use ruqsat::pki::ocsp::{CurrentResponse, VerifiedResponse};
/// fn forged(response: VerifiedResponse, time: time::OffsetDateTime) -> CurrentResponse {
///     CurrentResponse { response, time }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentResponse {
    response: VerifiedResponse,
    time: OffsetDateTime,
}

/// Verifies that a response is what the issuer of a certificate, or its delegate, says about it.
///
/// `others` are certificates at hand among which the responder's may be when the response does not
/// bring it. How old the response is is not asked: see [`VerifiedResponse::at`].
///
/// # Errors
///
/// In this order: [`Error::Unsuccessful`]; [`Error::NoAnswer`], [`Error::IssuerNameHashMismatch`]
/// and the like when the response speaks of other certificates; [`Error::ResponderUnknown`];
/// [`Error::BadSignature`] and [`Error::Unjudged`]; [`Error::ResponderUntrusted`], also when the
/// delegate's certificate was not valid when the response was made;
/// [`Error::UnknownCriticalExtension`]; [`Error::NonceMissing`] and [`Error::NonceMismatch`]; and
/// [`Error::BudgetExceeded`] at any time.
pub fn verify_response(
    question: &Question<'_>,
    response: &OcspResponse,
    others: &[Certificate],
    budget: &mut Budget,
    verifier: &dyn SignatureVerifier,
) -> Result<VerifiedResponse, Error> {
    let basic = response.basic()?;
    let single = find_single(question, basic)?;
    let responder = Responder::find(basic, question.issuer(), others, budget, verifier)?;
    let unknown = basic.unknown_critical_extension();
    if let Some(oid) = unknown.or_else(|| single.unknown_critical_extension()) {
        return Err(Error::UnknownCriticalExtension { oid });
    }
    match (question.nonce(), basic.nonce()) {
        (Some(_), None) => return Err(Error::NonceMissing),
        (Some(sent), Some(found)) if sent != found => return Err(Error::NonceMismatch),
        _ => {}
    }
    Ok(VerifiedResponse {
        status: status(basic, single),
        single: single.clone(),
        basic: basic.clone(),
        issuer: question.issuer().clone(),
        responder,
    })
}

/// Verifies that a response is what the issuer of a certificate, or its delegate, says about it, and
/// that it was current at `time`.
///
/// # Errors
///
/// As [`verify_response`], then as [`VerifiedResponse::at`].
pub fn check_response(
    question: &Question<'_>,
    response: &OcspResponse,
    others: &[Certificate],
    time: OffsetDateTime,
    policy: &PathPolicy,
    budget: &mut Budget,
    verifier: &dyn SignatureVerifier,
) -> Result<CurrentResponse, Error> {
    verify_response(question, response, others, budget, verifier)?.at(time, policy)
}

impl VerifiedResponse {
    /// What the authority says.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The latest time at which that was known to be right.
    pub fn this_update(&self) -> OffsetDateTime {
        self.single.this_update()
    }

    /// Until when there will be news, `None` when news is there all the time.
    pub fn next_update(&self) -> Option<OffsetDateTime> {
        self.single.next_update()
    }

    /// When the response was made.
    pub fn produced_at(&self) -> OffsetDateTime {
        self.basic.produced_at()
    }

    /// All that the response says about the certificate.
    pub fn single(&self) -> &SingleResponse {
        &self.single
    }

    /// Who says so; whether the responder itself is revoked remains to be asked where
    /// [`Responder::unchecked`] says so.
    pub fn responder(&self) -> &Responder {
        &self.responder
    }

    /// The proof that the response was current at a time.
    ///
    /// # Errors
    ///
    /// [`Error::ProducedBeforeUpdate`] for a response inconsistent in itself;
    /// [`Error::NotYetCurrent`], [`Error::NotYetProduced`] and [`Error::Stale`];
    /// [`Error::ResponderUntrusted`] when the delegate's certificate was not valid at the time, and
    /// it or [`Error::Obsolete`] when an algorithm did not protect any more.
    pub fn at(self, time: OffsetDateTime, policy: &PathPolicy) -> Result<CurrentResponse, Error> {
        let algorithms = &policy.algorithms;
        let policy = &policy.ocsp;
        let (this_update, produced_at) = (self.this_update(), self.produced_at());
        if this_update > later(produced_at, policy.tolerance) {
            return Err(Error::ProducedBeforeUpdate {
                produced_at,
                this_update,
            });
        }
        let latest = later(time, policy.tolerance);
        if this_update > latest {
            return Err(Error::NotYetCurrent { this_update, time });
        }
        if produced_at > latest {
            return Err(Error::NotYetProduced { produced_at, time });
        }
        let next_update = self.next_update();
        let end = next_update.unwrap_or_else(|| later(this_update, policy.max_age));
        // Whole seconds are written, each valid to its end.
        if time.replace_nanosecond(0).unwrap_or(time) > later(end, policy.tolerance) {
            return Err(Error::Stale {
                this_update,
                next_update,
                time,
            });
        }
        self.responder.check_validity(time)?;
        self.responder
            .check_algorithms(&self.basic, &self.issuer, algorithms, time)?;
        Ok(CurrentResponse {
            response: self,
            time,
        })
    }
}

impl CurrentResponse {
    /// What the authority says.
    pub fn status(&self) -> Status {
        self.response.status
    }

    /// The response, its responder and times.
    pub fn response(&self) -> &VerifiedResponse {
        &self.response
    }

    /// The time at which it was current.
    pub fn time(&self) -> OffsetDateTime {
        self.time
    }
}

/// What is said about the certificate; where it is said twice the worst, and then the newest.
fn find_single<'a>(
    question: &Question<'_>,
    basic: &'a BasicOcspResponse,
) -> Result<&'a SingleResponse, Error> {
    let mut failure = Error::NoAnswer {
        serial: question.serial().clone(),
    };
    let mut found: Option<&SingleResponse> = None;
    for single in basic.responses() {
        match question.is_about(single.cert_id()) {
            Ok(()) if found.is_none_or(|found| weight(single) > weight(found)) => {
                found = Some(single);
            }
            // The same number from another authority tells more than another number.
            Err(error) if matches!(failure, Error::NoAnswer { .. }) => failure = error,
            Ok(()) | Err(_) => {}
        }
    }
    found.ok_or(failure)
}

fn weight(single: &SingleResponse) -> (u8, OffsetDateTime) {
    let badness = match single.status() {
        CertStatus::Good => 0,
        CertStatus::Unknown => 1,
        CertStatus::Revoked { .. } => 2,
    };
    (badness, single.this_update())
}

fn status(basic: &BasicOcspResponse, single: &SingleResponse) -> Status {
    match single.status() {
        CertStatus::Good => Status::Good,
        CertStatus::Unknown => Status::Unknown,
        CertStatus::Revoked {
            time,
            reason: Some(CrlReason::CertificateHold),
        } if basic.has_extended_revoke() && time == OffsetDateTime::UNIX_EPOCH => {
            Status::NeverIssued
        }
        CertStatus::Revoked { time, reason } => Status::Revoked { time, reason },
    }
}

/// The time after this one; at the end of all times this one.
fn later(time: OffsetDateTime, by: Duration) -> OffsetDateTime {
    time.checked_add(by).unwrap_or(time)
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
