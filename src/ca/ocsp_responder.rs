//! The answers of the authority about its certificates (RFC 6960), as the national one gives them.

use time::Duration;
use time::OffsetDateTime;

use crate::ca::Authority;
use crate::ca::Error;
use crate::ca::OcspFault;
use crate::ca::fault::broken_off;
use crate::ca::fault::spoilt;
use crate::ca::specification;
use crate::ca::unit::Unit;
use crate::pki::ocsp::CertId;
use crate::pki::ocsp::CertStatus;
use crate::pki::ocsp::ExtendedRevoke;
use crate::pki::ocsp::Nonce;
use crate::pki::ocsp::OcspRequest;
use crate::pki::ocsp::ResponderId;
use crate::pki::ocsp::ResponseStatus;
use crate::pki::ocsp::SingleResponse;
use crate::pki::ocsp::ToBeSigned;
use crate::x509::Certificate;
use crate::x509::CrlReason;
use crate::x509::SerialNumber;

/// How the OCSP responder answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OcspConduct {
    /// Who signs.
    pub signed_by: OcspSigner,
    /// From thisUpdate to nextUpdate. Without it there is no nextUpdate, as the national responder
    /// has none: news is there all the time.
    pub validity: Option<Duration>,
    /// What is wrong on demand.
    pub fault: Option<OcspFault>,
}

/// Whose key signs answers about the certificates of the issuing authority. Both occur in the
/// national practice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OcspSigner {
    /// The OCSP responder, whose certificate is in the answer.
    #[default]
    Delegate,
    /// The issuing authority itself.
    Authority,
}

/// Whose certificates are asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Issuer {
    Root,
    Issuing,
}

impl Authority {
    /// The answer to a request in DER, an `OCSPResponse` in DER.
    ///
    /// One who signs can speak for one issuer only. That is the issuer that the first known identifier
    /// of the request names; certificates of any other are `unknown`. For the root its own key signs:
    /// it has no delegate, and neither the issuing authority nor that one's delegate may speak for it.
    ///
    /// A number that its issuer never gave is `revoked`, on hold since 1970-01-01, as the national
    /// responder says it; every answer carries the extension extended-revoke (§4.4.8). A revocation
    /// after `now` is not told yet. The nonce comes back as it was sent.
    ///
    /// What is no request, or asks for nothing, or has a nonce of no or more than 128 octets
    /// (RFC 9654 §2.1), or a critical extension unknown here, is answered by malformedRequest.
    ///
    /// ```
    /// use ruqsat::ca::Authority;
    /// use ruqsat::ca::OcspConduct;
    /// use ruqsat::crypto::DigestAlgorithm;
    /// use ruqsat::pki::ocsp::CertId;
    /// use ruqsat::pki::ocsp::OcspRequest;
    /// use ruqsat::pki::ocsp::OcspResponse;
    /// use time::macros::datetime;
    ///
    /// let now = datetime!(2026-11-24 09:00 UTC);
    /// let authority = Authority::in_memory(1, now)?;
    /// let (asked, issuer) = (authority.time_stamping(), authority.issuing());
    /// let id = CertId::new(asked, issuer, DigestAlgorithm::Sha256);
    /// let request = OcspRequest::new([id], None).to_der();
    /// let answer = authority.answer_ocsp(&request, now, &OcspConduct::default())?;
    /// assert!(OcspResponse::from_der(&answer).is_ok());
    /// # Ok::<(), ruqsat::ca::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::DateOutOfRange`] when no answer can hold `now`; when signing fails.
    pub fn answer_ocsp(
        &self,
        request: &[u8],
        now: OffsetDateTime,
        conduct: &OcspConduct,
    ) -> Result<Vec<u8>, Error> {
        match conduct.fault {
            Some(OcspFault::TryLater) => return Ok(ResponseStatus::TryLater.to_der()),
            Some(OcspFault::Unauthorized) => return Ok(ResponseStatus::Unauthorized.to_der()),
            _ => {}
        }
        let Some(request) = readable(request) else {
            return Ok(ResponseStatus::MalformedRequest.to_der());
        };
        let now = specification::dated(now)?;
        let issuer = request.cert_ids().iter().find_map(|id| self.issuer_of(id));
        let issuer = issuer.unwrap_or(Issuer::Issuing);
        let times = Times::new(now, conduct);
        let answer = |id: &CertId| {
            let status = match conduct.fault {
                Some(OcspFault::Unknown) => CertStatus::Unknown,
                _ if self.issuer_of(id) != Some(issuer) => CertStatus::Unknown,
                _ => self.status_of(issuer, id.serial(), now),
            };
            SingleResponse::new(id.clone(), status, times.this_update, times.next_update)
        };
        let answers: Vec<_> = request.cert_ids().iter().map(answer).collect();
        let nonce = match conduct.fault {
            Some(OcspFault::WrongNonce) => other_nonce(request.nonce()),
            _ => request.nonce().cloned(),
        };
        let (unit, certificates) = self.signing_unit(issuer, conduct.signed_by);
        let content = ToBeSigned::new(
            &ResponderId::by_key(&unit.certificate),
            now,
            &answers,
            nonce.as_ref(),
            ExtendedRevoke::Said,
        );
        let mut signature = unit.signer().sign(content.as_bytes())?;
        if conduct.fault == Some(OcspFault::BadSignature) {
            signature = spoilt(signature);
        }
        let response = content.assemble(unit.signer().algorithm(), &signature, certificates);
        Ok(match conduct.fault {
            Some(OcspFault::Malformed) => broken_off(response),
            _ => response,
        })
    }

    /// Who signs for an issuer, and the certificates that prove that it may.
    fn signing_unit(&self, issuer: Issuer, signed_by: OcspSigner) -> (&Unit, &[Certificate]) {
        let units = self.units();
        match (issuer, signed_by) {
            (Issuer::Root, _) => (&units.root, &[]),
            (Issuer::Issuing, OcspSigner::Authority) => (&units.issuing, &[]),
            (Issuer::Issuing, OcspSigner::Delegate) => {
                let responder = &units.responder;
                (responder, std::slice::from_ref(&responder.certificate))
            }
        }
    }

    /// The issuer that an identifier names by digests of its name and key.
    fn issuer_of(&self, id: &CertId) -> Option<Issuer> {
        let is_of = |issuer: &Certificate| id.check(id.serial(), issuer.subject(), issuer).is_ok();
        if is_of(self.issuing()) {
            Some(Issuer::Issuing)
        } else if is_of(self.root()) {
            Some(Issuer::Root)
        } else {
            None
        }
    }

    fn status_of(&self, issuer: Issuer, serial: &SerialNumber, now: OffsetDateTime) -> CertStatus {
        let is_issuing = self.issuing().serial() == serial;
        let revocation = match issuer {
            Issuer::Root if self.root().serial() == serial => return CertStatus::Good,
            Issuer::Root if !is_issuing => return NEVER_ISSUED,
            // The register holds the numbers of both; one number is not given twice.
            Issuer::Issuing if is_issuing => return NEVER_ISSUED,
            Issuer::Root | Issuer::Issuing => self.revocation(serial),
        };
        match revocation {
            Err(_) => NEVER_ISSUED,
            Ok(Some(revocation)) if revocation.at <= now => CertStatus::Revoked {
                time: revocation.at,
                // As in a list, nothing is said rather than `unspecified` (RFC 5280 §5.3.1).
                reason: Some(revocation.reason).filter(|one| *one != CrlReason::Unspecified),
            },
            Ok(_) => CertStatus::Good,
        }
    }
}

/// The request, if it can be answered.
fn readable(request: &[u8]) -> Option<OcspRequest> {
    let request = OcspRequest::from_der(request).ok()?;
    let is_answerable =
        request.unknown_critical_extension().is_none() && !request.cert_ids().is_empty();
    is_answerable.then_some(request)
}

struct Times {
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
}

impl Times {
    fn new(now: OffsetDateTime, conduct: &OcspConduct) -> Self {
        let after = |time: OffsetDateTime, by| time.checked_add(by).unwrap_or(time);
        match conduct.fault {
            Some(OcspFault::Stale) => Self {
                this_update: after(now, Duration::days(-2)),
                next_update: Some(after(now, Duration::days(-1))),
            },
            _ => Self {
                this_update: now,
                next_update: conduct.validity.map(|validity| after(now, validity)),
            },
        }
    }
}

/// A nonce that is not the one sent.
fn other_nonce(sent: Option<&Nonce>) -> Option<Nonce> {
    let mut octets = sent.map_or_else(|| vec![0; 32], |nonce| nonce.as_bytes().to_vec());
    if let Some(last) = octets.last_mut() {
        *last ^= 1;
    }
    Nonce::new(octets).ok()
}

/// What RFC 6960 §2.2 has for a certificate that was never issued.
const NEVER_ISSUED: CertStatus = CertStatus::Revoked {
    time: OffsetDateTime::UNIX_EPOCH,
    reason: Some(CrlReason::CertificateHold),
};

#[cfg(test)]
#[path = "ocsp_responder_tests.rs"]
mod tests;
