use std::cmp::Reverse;

use time::OffsetDateTime;

use crate::pki::RevocationError;
use crate::pki::Unit;
use crate::pki::crl_signer::Asked;
use crate::pki::crl_signer::MOST_SIGNERS;
use crate::pki::ocsp;
use crate::pki::ocsp::CurrentResponse;
use crate::pki::ocsp::OcspResponse;
use crate::pki::ocsp::Question;
use crate::pki::ocsp::Responder;
use crate::pki::ocsp::Status;
use crate::pki::ocsp::VerifiedResponse;
use crate::pki::ocsp::verify_response;
use crate::pki::revocation_check::Check;
use crate::x509::Certificate;
use crate::x509::CrlReason;

/// What OCSP responses say about a certificate at a time.
pub(super) enum Answer {
    Revoked {
        date: OffsetDateTime,
        reason: Option<CrlReason>,
    },
    NeverIssued,
    Good(Box<CurrentResponse>),
    Unknown,
    /// Nothing: why the most telling of them proves nothing, `None` when none is about the
    /// certificate.
    None(Option<Refused>),
}

/// Why a response about a certificate proves nothing.
pub(super) enum Refused {
    Response(ocsp::Error),
    /// Its responder is revoked, or nothing says that it is not.
    Responder(RevocationError),
}

impl Check<'_> {
    /// Asks the responses about one certificate. A response that it was revoked is believed whatever
    /// its age; only a hold is lifted, by a newer response.
    pub(super) fn responses(&mut self, asked: Asked<'_>) -> Result<Answer, RevocationError> {
        let Some(issuer) = asked.above.first() else {
            return Ok(Answer::None(None));
        };
        let question = Question::about(asked.certificate, issuer);
        let mut sound = Vec::new();
        let mut refused = None;
        for response in self.evidence.responses {
            let singles = response.basic().map_or(0, |basic| basic.responses().len());
            self.budget.spend(Unit::Steps, 1 + singles)?;
            match self.response(&question, response, asked)? {
                Ok(verified) => sound.push(verified),
                Err(Some(why)) => refused = refused.or(Some(why)),
                Err(None) => {}
            }
        }
        sound.sort_by_key(|verified| Reverse(verified.this_update()));
        let mut current = None;
        for verified in &sound {
            match verified.clone().at(self.time, self.policy) {
                Ok(found) => {
                    current = Some(found);
                    break;
                }
                Err(error) => refused = refused.or(Some(Refused::Response(error))),
            }
        }
        Ok(answer(&sound, current, refused))
    }

    /// One response: verified, or why it proves nothing, `None` when it is about others.
    fn response(
        &mut self,
        question: &Question<'_>,
        response: &OcspResponse,
        asked: Asked<'_>,
    ) -> Result<Result<VerifiedResponse, Option<Refused>>, RevocationError> {
        let others = self.evidence.certificates;
        let verified = verify_response(question, response, others, &mut self.budget, self.verifier);
        let verified = match verified {
            Ok(verified) => verified,
            Err(ocsp::Error::BudgetExceeded(exceeded)) => return Err(exceeded.into()),
            Err(
                ocsp::Error::NoAnswer { .. }
                | ocsp::Error::IssuerNameHashMismatch
                | ocsp::Error::IssuerKeyHashMismatch
                | ocsp::Error::Unsuccessful { .. },
            ) => return Ok(Err(None)),
            Err(error) => return Ok(Err(Some(Refused::Response(error)))),
        };
        let Responder::Delegate(delegate) = verified.responder() else {
            return Ok(Ok(verified));
        };
        // Nobody need show that an exempt one is not revoked, but who shows that it is counts.
        let exempt = verified.responder().unchecked().is_none();
        Ok(match self.accept_responder(delegate, asked)? {
            Some(
                error @ (RevocationError::Revoked { .. } | RevocationError::NeverIssued { .. }),
            ) => Err(Some(Refused::Responder(error))),
            Some(error) if !exempt => Err(Some(Refused::Responder(error))),
            _ => Ok(verified),
        })
    }

    /// Why a delegate of the issuer may not be believed: it is revoked, or nobody else says that it
    /// is not.
    fn accept_responder(
        &mut self,
        delegate: &Certificate,
        asked: Asked<'_>,
    ) -> Result<Option<RevocationError>, RevocationError> {
        if self.accepted_responders.contains(delegate) {
            return Ok(None);
        }
        if self.asking.contains(delegate) || self.asking.len() >= MOST_SIGNERS {
            return Ok(Some(RevocationError::Unavailable { depth: 0 }));
        }
        self.asking.push(delegate.clone());
        let above = asked.above;
        let judged = self.certificate(
            Asked {
                certificate: delegate,
                above,
            },
            0,
        );
        self.asking.pop();
        match judged {
            Ok(_) => {
                self.accepted_responders.push(delegate.clone());
                Ok(None)
            }
            Err(error @ RevocationError::BudgetExceeded(_)) => Err(error),
            Err(error) => Ok(Some(error)),
        }
    }
}

/// What sound responses, newest first, say together.
fn answer(
    sound: &[VerifiedResponse],
    current: Option<CurrentResponse>,
    refused: Option<Refused>,
) -> Answer {
    for verified in sound {
        match verified.status() {
            Status::Revoked {
                reason: Some(CrlReason::CertificateHold),
                ..
            } if is_lifted(verified, sound, current.as_ref()) => {}
            Status::Revoked { time, reason } => return Answer::Revoked { date: time, reason },
            Status::NeverIssued => return Answer::NeverIssued,
            Status::Good | Status::Unknown => {}
        }
    }
    match current {
        Some(current) if current.status() == Status::Good => Answer::Good(Box::new(current)),
        Some(current) if current.status() == Status::Unknown => Answer::Unknown,
        _ => Answer::None(refused),
    }
}

/// Whether a hold is over: a newer response does not have it, unless what was current at the time is
/// no newer than the hold.
fn is_lifted(
    holding: &VerifiedResponse,
    sound: &[VerifiedResponse],
    current: Option<&CurrentResponse>,
) -> bool {
    let newer = sound
        .iter()
        .any(|other| other.this_update() > holding.this_update() && other.status() == Status::Good);
    newer && current.is_none_or(|current| current.response().this_update() > holding.this_update())
}

#[cfg(test)]
#[path = "revocation_responses_tests.rs"]
mod tests;
