use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::SignatureVerifier;
use crate::pki::Budget;
use crate::pki::Error;
use crate::pki::PathPolicy;
use crate::pki::ProfileRules;
use crate::pki::TrustStore;
use crate::pki::Unit;
use crate::pki::profile;
use crate::pki::rules;
use crate::x509::Certificate;

/// A search for issuers, depth first, over names and signatures. What else a path must keep is
/// judged once it reaches an anchor, so that an untrusted path is reported as untrusted, whatever
/// rules it breaks besides.
pub(super) struct Search<'a> {
    store: &'a TrustStore,
    extra: &'a [Certificate],
    time: OffsetDateTime,
    policy: &'a PathPolicy,
    verifier: &'a dyn SignatureVerifier,
    budget: Budget,
    failure: Option<Error>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        store: &'a TrustStore,
        extra: &'a [Certificate],
        time: OffsetDateTime,
        policy: &'a PathPolicy,
        verifier: &'a dyn SignatureVerifier,
    ) -> Self {
        Self {
            store,
            extra,
            time,
            policy,
            verifier,
            budget: Budget::new(&policy.limits),
            failure: None,
        }
    }

    /// The certificates of a valid path, or the failure that tells most.
    pub(super) fn run(mut self, leaf: &'a Certificate) -> Result<Vec<Certificate>, Error> {
        let mut path = vec![leaf];
        let found = if self.store.is_anchor(leaf) {
            self.judge(&path)
        } else {
            self.extend(&mut path)?
        };
        if found {
            return Ok(path.into_iter().cloned().collect());
        }
        Err(self.failure.unwrap_or_else(|| Error::NoIssuer {
            depth: 0,
            certificate: leaf.clone(),
        }))
    }

    /// Completes `path` to an anchor, or leaves it as it was. Fails only at a limit.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> Result<bool, Error> {
        let Some(&subject) = path.last() else {
            return Ok(false);
        };
        let depth = path.len() - 1;
        let issuers = self.issuers(path, subject)?;
        if issuers.is_empty() {
            self.dead_end(subject, depth);
            return Ok(false);
        }
        let limit = self.policy.limits.path_certificates;
        if path.len() >= limit {
            self.fail(Error::PathTooLong { limit });
            return Ok(false);
        }
        for issuer in issuers {
            if !self.is_signed(subject, issuer, depth)? {
                continue;
            }
            path.push(issuer);
            let found = if self.store.is_anchor(issuer) {
                self.judge(path)
            } else {
                self.extend(path)?
            };
            if found {
                return Ok(true);
            }
            path.pop();
        }
        Ok(false)
    }

    /// Who may have issued the last certificate by name: anchors first, then those whose key
    /// identifier fits. A name and key that the path already has is a loop.
    fn issuers(
        &mut self,
        path: &[&Certificate],
        subject: &Certificate,
    ) -> Result<Vec<&'a Certificate>, Error> {
        let (store, extra) = (self.store, self.extra);
        let known = store.anchors().iter().chain(store.intermediates());
        let mut issuers = Vec::new();
        for candidate in known.chain(extra) {
            self.budget.spend(Unit::Steps, 1)?;
            let is_in = |path: &[&Certificate]| {
                path.iter().any(|other| {
                    other.spki() == candidate.spki() && other.subject() == candidate.subject()
                })
            };
            if candidate.subject() == subject.issuer()
                && !candidate.subject().is_empty()
                && !is_in(path)
                && !issuers.contains(&candidate)
            {
                issuers.push(candidate);
            }
        }
        issuers.sort_by_key(|issuer| (!store.is_anchor(issuer), fit(subject, issuer)));
        Ok(issuers)
    }

    /// Whether the issuer's key made the subject's signature.
    fn is_signed(
        &mut self,
        subject: &Certificate,
        issuer: &Certificate,
        depth: usize,
    ) -> Result<bool, Error> {
        let verified = match subject.signature_algorithm() {
            Ok(algorithm) if algorithm.is_weak() => {
                let certificate = subject.clone();
                self.fail(Error::WeakAlgorithm {
                    depth,
                    algorithm,
                    certificate,
                });
                return Ok(false);
            }
            Ok(_) => issuer.subject_public_key(),
            Err(error) => Err(error),
        };
        let verified = match verified {
            Ok(key) => {
                self.budget.spend(Unit::Signatures, 1)?;
                self.budget.spend(Unit::Bytes, subject.tbs().len())?;
                subject.verify_signature(&key, self.verifier)
            }
            Err(error) => Err(error),
        };
        let certificate = subject.clone();
        match verified {
            Ok(()) => return Ok(true),
            Err(crypto::Error::BadSignature | crypto::Error::KeyAlgorithmMismatch { .. }) => {
                self.fail(match fit(subject, issuer) {
                    // The subject says itself that it comes from another key.
                    Fit::Differs if self.store.is_anchor(issuer) => {
                        Error::Impostor { depth, certificate }
                    }
                    Fit::Differs => Error::NoIssuer { depth, certificate },
                    Fit::Same | Fit::Unknown => Error::BadSignature { depth, certificate },
                });
            }
            Err(source) => self.fail(Error::UnsupportedAlgorithm {
                depth,
                source,
                certificate,
            }),
        }
        Ok(false)
    }

    /// Judges a path that has reached an anchor.
    fn judge(&mut self, path: &[&Certificate]) -> bool {
        let anchor_rules = self.policy.anchor_rules;
        let judged = rules::check(path, self.time, anchor_rules).and_then(|()| {
            match self.policy.profile_rules {
                ProfileRules::Strict => profile::check(path, anchor_rules),
                ProfileRules::None => Ok(()),
            }
        });
        match judged {
            Ok(()) => true,
            Err(error) => {
                self.fail(error);
                false
            }
        }
    }

    fn dead_end(&mut self, last: &Certificate, depth: usize) {
        let certificate = last.clone();
        self.fail(if !last.is_self_issued() {
            Error::NoIssuer { depth, certificate }
        } else if self.store.is_impostor(last) {
            Error::Impostor { depth, certificate }
        } else {
            Error::UntrustedRoot {
                depth,
                root: certificate,
            }
        });
    }

    fn fail(&mut self, error: Error) {
        if self
            .failure
            .as_ref()
            .is_none_or(|failure| failure.rank() < error.rank())
        {
            self.failure = Some(error);
        }
    }
}

/// How the subject's authorityKeyIdentifier fits the issuer's subjectKeyIdentifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Same,
    Unknown,
    Differs,
}

fn fit(subject: &Certificate, issuer: &Certificate) -> Fit {
    let wanted = subject
        .authority_key_identifier()
        .and_then(|aki| aki.key_identifier.as_deref());
    match (wanted, issuer.subject_key_identifier()) {
        (Some(wanted), Some(own)) if wanted == own => Fit::Same,
        (Some(_), Some(_)) => Fit::Differs,
        _ => Fit::Unknown,
    }
}
