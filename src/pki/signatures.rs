use std::collections::HashMap;

use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::AlgorithmPolicy;
use crate::crypto::Obsolete;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::crypto::SubjectPublicKey;
use crate::pki::Budget;
use crate::pki::BudgetExceeded;
use crate::pki::Unit;
use crate::x509::Certificate;

/// The key that a certificate below must be signed with: working_public_key and
/// working_public_key_parameters (RFC 5280 §6.1.2 g, h).
#[derive(Clone, Copy, Debug)]
pub(super) struct WorkingKey<'a> {
    issuer: &'a Certificate,
    inherited: Option<&'a [u8]>,
}

impl<'a> WorkingKey<'a> {
    /// The key of a trust anchor, or of an issuer of whom nothing above is known.
    pub(super) fn of(issuer: &'a Certificate) -> Self {
        Self {
            issuer,
            inherited: None,
        }
    }

    /// The key of the next certificate of the path (§6.1.4 d–f). Only a DSA key can lack parameters
    /// and have them from the key that signed its certificate (RFC 3279 §2.3.2).
    pub(super) fn next(self, certificate: &'a Certificate) -> Self {
        let inherited = match (self.key(), certificate.subject_public_key()) {
            (Ok(above), Ok(own)) if is_incomplete(&own) && above.algorithm == own.algorithm => {
                above.parameters
            }
            _ => None,
        };
        Self {
            issuer: certificate,
            inherited,
        }
    }

    /// The key with the parameters that it has or inherits.
    pub(super) fn key(self) -> Result<SubjectPublicKey<'a>, crypto::Error> {
        let key = self.issuer.subject_public_key()?;
        Ok(if is_incomplete(&key) {
            SubjectPublicKey {
                parameters: self.inherited,
                ..key
            }
        } else {
            key
        })
    }

    /// Whether the parameters are still to be inherited.
    pub(super) fn is_incomplete(self) -> bool {
        self.key().is_ok_and(|key| is_incomplete(&key))
    }
}

fn is_incomplete(key: &SubjectPublicKey<'_>) -> bool {
    key.algorithm == PublicKeyAlgorithm::Dsa && key.parameters.is_none()
}

/// The signatures of certificates, each verified once for one key.
pub(super) struct Signatures<'a> {
    verifier: &'a dyn SignatureVerifier,
    algorithms: AlgorithmPolicy,
    time: OffsetDateTime,
    known: HashMap<Question<'a>, Result<(), Unproven>>,
}

/// Why a signature proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unproven {
    /// Its algorithm or key no longer protected at the time.
    Obsolete(Obsolete),
    /// It is wrong, or could not be judged.
    Crypto(crypto::Error),
}

/// A certificate by its place in memory, since equal signatures may stand under other bytes; the
/// key with its inherited parameters.
type Question<'a> = (usize, &'a [u8], Option<&'a [u8]>);

impl<'a> Signatures<'a> {
    pub(super) fn new(
        verifier: &'a dyn SignatureVerifier,
        algorithms: AlgorithmPolicy,
        time: OffsetDateTime,
    ) -> Self {
        Self {
            verifier,
            algorithms,
            time,
            known: HashMap::new(),
        }
    }

    /// What comes of verifying the signature of `subject` with the key.
    pub(super) fn verify(
        &mut self,
        subject: &'a Certificate,
        working: WorkingKey<'a>,
        budget: &mut Budget,
    ) -> Result<Result<(), Unproven>, BudgetExceeded> {
        let place = subject.as_der().as_ptr().addr();
        let question = (place, working.issuer.spki(), working.inherited);
        if let Some(known) = self.known.get(&question) {
            return Ok(*known);
        }
        let answer = self.answer(subject, working, budget)?;
        self.known.insert(question, answer);
        Ok(answer)
    }

    fn answer(
        &self,
        subject: &Certificate,
        working: WorkingKey<'_>,
        budget: &mut Budget,
    ) -> Result<Result<(), Unproven>, BudgetExceeded> {
        let (algorithm, key) = match (subject.signature_algorithm(), working.key()) {
            (Ok(algorithm), Ok(key)) => (algorithm, key),
            (Err(error), _) | (_, Err(error)) => return Ok(Err(Unproven::Crypto(error))),
        };
        if let Err(obsolete) = self.algorithms.check(algorithm, &key, self.time) {
            return Ok(Err(Unproven::Obsolete(obsolete)));
        }
        budget.spend(Unit::Signatures, 1)?;
        budget.spend(Unit::Bytes, subject.tbs().len())?;
        let verified = subject.verify_signature(&key, self.verifier);
        Ok(verified.map_err(Unproven::Crypto))
    }
}
