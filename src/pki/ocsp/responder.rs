//! Who may answer for an authority (RFC 6960 §4.2.2.2).

use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::AlgorithmPolicy;
use crate::crypto::SignatureVerifier;
use crate::pki::Budget;
use crate::pki::Unit;
use crate::pki::ocsp::BasicOcspResponse;
use crate::pki::ocsp::Distrust;
use crate::pki::ocsp::Error;
use crate::pki::ocsp::oids;
use crate::x509::Certificate;
use crate::x509::KeyUsage;

/// Who made a response, proven by its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Responder {
    /// The authority itself, with the key that signed the certificate in question.
    Issuer,
    /// The holder of a certificate for OCSP, signed by that same key.
    Delegate(Certificate),
}

impl Responder {
    /// Whose revocation remains to be asked: that of a delegate, unless the authority exempted it by
    /// id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1).
    pub fn unchecked(&self) -> Option<&Certificate> {
        match self {
            Self::Issuer => None,
            Self::Delegate(certificate) => {
                let exempt = certificate.extension(oids::NO_CHECK).is_some();
                (!exempt).then_some(certificate)
            }
        }
    }

    /// Finds who signed the response among the issuer, the embedded certificates and others at
    /// hand.
    pub(super) fn find(
        response: &BasicOcspResponse,
        issuer: &Certificate,
        others: &[Certificate],
        budget: &mut Budget,
        verifier: &dyn SignatureVerifier,
    ) -> Result<Self, Error> {
        let embedded = response.parsed_certificates();
        let mut failure = Error::ResponderUnknown {
            responder: response.responder_id().clone(),
        };
        let candidates = std::iter::once(issuer).chain(&embedded).chain(others);
        let named = candidates.filter(|candidate| response.responder_id().names(candidate));
        for candidate in named {
            match prove(response, candidate, issuer, budget, verifier) {
                Ok(responder) => return Ok(responder),
                Err(error @ Error::BudgetExceeded(_)) => return Err(error),
                Err(error) if error.rank() > failure.rank() => failure = error,
                Err(_) => {}
            }
        }
        Err(failure)
    }

    /// Whether a delegate's certificate was valid at a time.
    pub(super) fn check_validity(&self, time: OffsetDateTime) -> Result<(), Error> {
        let Self::Delegate(certificate) = self else {
            return Ok(());
        };
        validity(certificate, time).map_err(|distrust| untrusted(certificate, distrust))
    }

    /// Whether the signatures of the response and in a delegate's certificate protected at a time.
    pub(super) fn check_algorithms(
        &self,
        response: &BasicOcspResponse,
        issuer: &Certificate,
        algorithms: &AlgorithmPolicy,
        time: OffsetDateTime,
    ) -> Result<(), Error> {
        let signer = match self {
            Self::Issuer => issuer,
            Self::Delegate(delegate) => delegate,
        };
        let algorithm = response.signature_algorithm().map_err(Error::Unjudged)?;
        let key = signer.subject_public_key().map_err(Error::Unjudged)?;
        algorithms
            .check(algorithm, &key, time)
            .map_err(Error::Obsolete)?;
        let Self::Delegate(delegate) = self else {
            return Ok(());
        };
        let algorithm = delegate.signature_algorithm().map_err(Error::Unjudged)?;
        let key = issuer.subject_public_key().map_err(Error::Unjudged)?;
        algorithms
            .check(algorithm, &key, time)
            .map_err(|obsolete| untrusted(delegate, Distrust::Obsolete(obsolete)))
    }
}

fn prove(
    response: &BasicOcspResponse,
    candidate: &Certificate,
    issuer: &Certificate,
    budget: &mut Budget,
    verifier: &dyn SignatureVerifier,
) -> Result<Responder, Error> {
    budget.spend(Unit::Signatures, 1)?;
    budget.spend(Unit::Bytes, response.tbs().len())?;
    response
        .signature_algorithm()
        .and_then(|_| candidate.subject_public_key())
        .and_then(|key| response.verify_signature(&key, verifier))
        .map_err(|error| match is_wrong(error) {
            true => Error::BadSignature,
            false => Error::Unjudged(error),
        })?;
    if candidate.spki() == issuer.spki() {
        return Ok(Responder::Issuer);
    }
    budget.spend(Unit::Signatures, 1)?;
    budget.spend(Unit::Bytes, candidate.tbs().len())?;
    authorized(candidate, issuer, verifier)
        .and_then(|()| validity(candidate, response.produced_at()))
        .map_err(|distrust| untrusted(candidate, distrust))?;
    Ok(Responder::Delegate(candidate.clone()))
}

/// Whether the issuer's own key delegated to the holder of the certificate.
fn authorized(
    delegate: &Certificate,
    issuer: &Certificate,
    verifier: &dyn SignatureVerifier,
) -> Result<(), Distrust> {
    if delegate.issuer() != issuer.subject() {
        return Err(Distrust::OtherIssuer);
    }
    issuer
        .subject_public_key()
        .and_then(|key| delegate.verify_signature(&key, verifier))
        .map_err(|error| match is_wrong(error) {
            true => Distrust::BadSignature,
            false => Distrust::Unjudged(error),
        })?;
    let purposes = delegate.extended_key_usage().unwrap_or_default();
    if !purposes.contains(&oids::OCSP_SIGNING) {
        return Err(Distrust::NoOcspSigning);
    }
    let may_sign = |usage: KeyUsage| usage.digital_signature() || usage.non_repudiation();
    if !delegate.key_usage().is_none_or(may_sign) {
        return Err(Distrust::KeyUsage);
    }
    let mut unknown = delegate.unknown_critical_extensions();
    match unknown.find(|oid| *oid != oids::NO_CHECK) {
        Some(oid) => Err(Distrust::UnknownCriticalExtension { oid }),
        None => Ok(()),
    }
}

fn validity(certificate: &Certificate, time: OffsetDateTime) -> Result<(), Distrust> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if certificate.is_not_yet_valid(time) {
        return Err(Distrust::NotYetValid { not_before, time });
    }
    if certificate.has_expired(time) {
        return Err(Distrust::Expired { not_after, time });
    }
    Ok(())
}

fn untrusted(certificate: &Certificate, distrust: Distrust) -> Error {
    Error::ResponderUntrusted {
        certificate: certificate.clone(),
        distrust,
    }
}

/// Whether the signature is wrong, rather than that it cannot be judged.
fn is_wrong(error: crypto::Error) -> bool {
    matches!(
        error,
        crypto::Error::BadSignature | crypto::Error::KeyAlgorithmMismatch { .. }
    )
}
