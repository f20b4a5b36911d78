use crate::crypto;
use crate::crypto::SubjectPublicKey;
use crate::pki::ListDistrust;
use crate::pki::PathPolicy;
use crate::pki::ProfileRules;
use crate::pki::RevocationError;
use crate::pki::TrustStore;
use crate::pki::Unit;
use crate::pki::VerifiedCertificateList;
use crate::pki::path::build_path_within;
use crate::pki::revocation_check::Check;
use crate::pki::signatures::WorkingKey;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::GeneralName;
use crate::x509::KeyUsage;

/// A certificate and those above it in its path: its issuer first, the anchor last.
#[derive(Clone, Copy)]
pub(super) struct Asked<'p> {
    pub(super) certificate: &'p Certificate,
    pub(super) above: &'p [Certificate],
}

/// Why nothing is heard of a list: its signer is not believed, or the budget is spent.
pub(super) type Refusal = Result<ListDistrust, RevocationError>;

impl Check<'_> {
    /// Who signed a list and may speak for the issuer of the certificate (RFC 5280 §6.3.3 f, g): the
    /// issuer with its own key, or another certificate of the name of the list's issuer whose path
    /// ends in the same anchor and which is not revoked itself.
    pub(super) fn signer(
        &mut self,
        list: &CertificateList,
        asked: Asked<'_>,
    ) -> Result<Certificate, Refusal> {
        let mut failure = ListDistrust::SignerUnknown;
        for candidate in self.candidates(list, asked).map_err(Err)? {
            match self.try_signer(list, asked, &candidate) {
                Ok(()) => return Ok(candidate),
                Err(Ok(distrust)) if distrust.rank() > failure.rank() => failure = distrust,
                Err(Ok(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Ok(failure))
    }

    /// All that have the name of the list's issuer: first those whose key the list names, among
    /// them those of the path.
    fn candidates(
        &mut self,
        list: &CertificateList,
        asked: Asked<'_>,
    ) -> Result<Vec<Certificate>, RevocationError> {
        let others = self.store.intermediates().iter();
        let others = others.chain(self.evidence.certificates);
        let mut found: Vec<Certificate> = Vec::new();
        for candidate in asked.above.iter().chain(others) {
            self.budget.spend(Unit::Steps, 1 + found.len())?;
            if candidate.subject() == list.issuer() && !found.contains(candidate) {
                found.push(candidate.clone());
            }
        }
        found.sort_by_key(|candidate| !is_named(list, candidate));
        Ok(found)
    }

    fn try_signer(
        &mut self,
        list: &CertificateList,
        asked: Asked<'_>,
        candidate: &Certificate,
    ) -> Result<(), Refusal> {
        let place = asked.above.iter().position(|above| above == candidate);
        let strict = self.policy.profile_rules == ProfileRules::Strict;
        match candidate.key_usage() {
            Some(usage) if !usage.crl_sign() => return Err(Ok(ListDistrust::NoCrlSign)),
            // Whoever is no authority of the path is one by this extension only.
            None if strict && place.is_none() => return Err(Ok(ListDistrust::NoCrlSign)),
            _ => {}
        }
        let key = match place {
            Some(place) => working_key(&asked.above[place..]),
            None => candidate.subject_public_key(),
        };
        let key = key.map_err(|error| Ok(ListDistrust::Signature(error)))?;
        self.verify(list, &key)?;
        match place {
            // Whether it is revoked is asked where the path is.
            Some(_) => Ok(()),
            None => self.accept(candidate, asked),
        }
    }

    /// The signature, verified once for a key.
    fn verify(
        &mut self,
        list: &CertificateList,
        key: &SubjectPublicKey<'_>,
    ) -> Result<(), Refusal> {
        let distrust = |error| Ok(ListDistrust::Signature(error));
        let algorithm = list.signature_algorithm().map_err(distrust)?;
        self.policy
            .algorithms
            .check(algorithm, key, self.time)
            .map_err(|obsolete| Ok(ListDistrust::Obsolete(obsolete)))?;
        let mut known = self.evidence.verified_lists.iter().chain(&self.verified);
        if known.any(|known| known.key() == *key && known.list() == list) {
            return Ok(());
        }
        if let Some(error) = self.known_failure(list, key) {
            return Err(distrust(error));
        }
        let spent = self
            .budget
            .spend(Unit::Signatures, 1)
            .and_then(|()| self.budget.spend(Unit::Bytes, list.tbs().len()));
        spent.map_err(|exceeded| Err(exceeded.into()))?;
        match VerifiedCertificateList::verify(list, key, self.verifier) {
            Ok(proof) => {
                self.verified.push(proof);
                Ok(())
            }
            Err(error) => {
                self.failed.push((list.clone(), key.octets.to_vec(), error));
                Err(distrust(error))
            }
        }
    }

    fn known_failure(
        &self,
        list: &CertificateList,
        key: &SubjectPublicKey<'_>,
    ) -> Option<crypto::Error> {
        self.failed
            .iter()
            .find(|(failed, octets, _)| octets == key.octets && failed == list)
            .map(|(_, _, error)| *error)
    }

    /// Whether a separate signer of lists has a path to the anchor of the certificate in question,
    /// and whether anything on that path is revoked.
    fn accept(&mut self, signer: &Certificate, asked: Asked<'_>) -> Result<(), Refusal> {
        let known = |(accepted, above): &(Certificate, Vec<Certificate>)| {
            accepted == signer && above == asked.above
        };
        if self.accepted.iter().any(known) {
            return Ok(());
        }
        if self.asking.contains(signer) {
            return match asked.certificate == signer && speaks_for_itself(signer) {
                true => Ok(()),
                false => Err(Ok(ListDistrust::Circle)),
            };
        }
        let Some(anchor) = asked
            .above
            .last()
            .filter(|_| self.asking.len() < MOST_SIGNERS)
        else {
            return Err(Ok(ListDistrust::Circle));
        };
        // By its name alone another authority of the same anchor could speak for this one.
        let strict = self.policy.profile_rules == ProfileRules::Strict;
        let mut names = asked.above.iter().map(Certificate::subject);
        if strict && names.all(|name| name != signer.issuer()) {
            return Err(Ok(ListDistrust::OtherAuthority));
        }
        let path = self.path_to(anchor, signer, asked)?;
        self.asking.push(signer.clone());
        let judged = self.path(&path);
        self.asking.pop();
        match judged {
            Ok(_) => {
                self.accepted.push((signer.clone(), asked.above.to_vec()));
                Ok(())
            }
            Err(error @ RevocationError::BudgetExceeded(_)) => Err(Err(error)),
            Err(error) => Err(Ok(ListDistrust::SignerRevocation(Box::new(error)))),
        }
    }

    fn path_to(
        &mut self,
        anchor: &Certificate,
        signer: &Certificate,
        asked: Asked<'_>,
    ) -> Result<Vec<Certificate>, Refusal> {
        // Also an authority of the same name, certified by another one, would be a stranger.
        let strict = self.policy.profile_rules == ProfileRules::Strict;
        let is_of_path = |certificate: &&Certificate| {
            let mut names = asked.above.iter().map(Certificate::subject);
            !strict || names.any(|name| name == certificate.subject())
        };
        let known = self.store.intermediates().iter().chain(asked.above);
        let known = known.filter(is_of_path).cloned();
        let store = TrustStore::from_anchors([anchor.clone()], known);
        let others = self.evidence.certificates.iter();
        let others: Vec<_> = others.filter(is_of_path).cloned().collect();
        let built = build_path_within(
            signer,
            &store,
            &others,
            self.time,
            &for_signers(self.policy),
            self.verifier,
            &mut self.budget,
        );
        match built {
            Ok(path) => Ok(path.certificates().to_vec()),
            Err(crate::pki::Error::BudgetExceeded(exceeded)) => Err(Err(exceeded.into())),
            Err(error) => Err(Ok(ListDistrust::Path(Box::new(error)))),
        }
    }
}

/// Whether the list says that this certificate's key signed it.
fn is_named(list: &CertificateList, candidate: &Certificate) -> bool {
    let named = list
        .authority_key_identifier()
        .and_then(|aki| aki.key_identifier.as_deref());
    named.is_some() && named == candidate.subject_key_identifier()
}

/// Whether the authority itself wrote into the signer's certificate that the signer's own lists tell
/// of it.
fn speaks_for_itself(signer: &Certificate) -> bool {
    let own = GeneralName::DirectoryName(signer.subject().clone());
    let mut points = signer.crl_distribution_points().iter();
    points.any(|point| {
        let issuers = point.crl_issuer.as_deref().unwrap_or_default();
        issuers.contains(&own)
    })
}

/// The key of the first of these certificates, each issued by the next.
fn working_key(chain: &[Certificate]) -> Result<SubjectPublicKey<'_>, crypto::Error> {
    let mut above = chain.iter().rev();
    let first = above.next().map(WorkingKey::of);
    let key = first.map(|anchor| above.fold(anchor, WorkingKey::next));
    key.ok_or(crypto::Error::BadSignature)?.key()
}

/// What is wanted of the end entity is not wanted of who signs its lists.
fn for_signers(policy: &PathPolicy) -> PathPolicy {
    PathPolicy {
        initial_policies: None,
        initial_explicit_policy: false,
        key_usage: KeyUsage::from_bits(0),
        extended_key_usage: Vec::new(),
        max_path_len: None,
        ..policy.clone()
    }
}

/// How many signers may wait for each other's revocation.
pub(super) const MOST_SIGNERS: usize = 4;

#[cfg(test)]
#[path = "crl_signer_tests.rs"]
mod tests;
