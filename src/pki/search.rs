use std::collections::HashMap;
use std::collections::HashSet;

use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::SignatureVerifier;
use crate::pki::Budget;
use crate::pki::BudgetExceeded;
use crate::pki::Error;
use crate::pki::PathPolicy;
use crate::pki::ProfileRules;
use crate::pki::TrustStore;
use crate::pki::Unit;
use crate::pki::profile;
use crate::pki::signatures::Signatures;
use crate::pki::signatures::Unproven;
use crate::pki::signatures::WorkingKey;
use crate::pki::validation;
use crate::x509::Certificate;
use crate::x509::Name;
use crate::x509::Oid;

/// A search for issuers, depth first, over names and signatures. What else a path must keep is
/// judged once it reaches an anchor, so that an untrusted path is reported as untrusted, whatever
/// rules it breaks besides. It ends with the first path that keeps every rule.
pub(super) struct Search<'a> {
    store: &'a TrustStore,
    extra: &'a [Certificate],
    /// Those of `extra` with their place there.
    extra_by_subject: HashMap<&'a Name, Vec<&'a Certificate>>,
    time: OffsetDateTime,
    policy: &'a PathPolicy,
    signatures: Signatures<'a>,
    budget: &'a mut Budget,
    /// Certificates, by their place in memory, that break a rule by themselves: no path through them
    /// is valid.
    refused: HashSet<usize>,
    failure: Option<((u8, usize), Error)>,
}

/// What the search has found.
pub(super) struct Found {
    /// The end entity first, the anchor last.
    pub(super) certificates: Vec<Certificate>,
    /// The policies for which the path is valid.
    pub(super) policies: Vec<Oid>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        store: &'a TrustStore,
        extra: &'a [Certificate],
        time: OffsetDateTime,
        policy: &'a PathPolicy,
        verifier: &'a dyn SignatureVerifier,
        budget: &'a mut Budget,
    ) -> Self {
        Self {
            store,
            extra,
            extra_by_subject: HashMap::new(),
            time,
            policy,
            signatures: Signatures::new(verifier, policy.algorithms, time),
            budget,
            refused: HashSet::new(),
            failure: None,
        }
    }

    /// A valid path, or the failure that tells most.
    pub(super) fn run(mut self, leaf: &'a Certificate) -> Result<Found, Error> {
        self.budget.spend(Unit::Steps, self.extra.len())?;
        for certificate in self.extra {
            let namesakes = self.extra_by_subject.entry(certificate.subject());
            namesakes.or_default().push(certificate);
        }
        let mut path = vec![leaf];
        let mut policies = None;
        if self.store.is_anchor(leaf) {
            policies = self.judge(&path)?;
        }
        if policies.is_none() {
            policies = self.extend(&mut path)?;
        }
        match policies {
            Some(policies) => Ok(Found {
                certificates: path.into_iter().cloned().collect(),
                policies,
            }),
            None => Err(match self.failure {
                Some((_, error)) => error,
                None => Error::NoIssuer {
                    depth: 0,
                    certificate: leaf.clone(),
                },
            }),
        }
    }

    /// Completes `path` to an anchor and returns its valid policies, or leaves it as it was. Fails
    /// only at a limit. The depth of the recursion is limited by that of the path.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> Result<Option<Vec<Oid>>, Error> {
        let Some(&subject) = path.last() else {
            return Ok(None);
        };
        let depth = path.len() - 1;
        let issuers = self.issuers(path, subject)?;
        if issuers.is_empty() {
            self.dead_end(subject, depth);
            return Ok(None);
        }
        let limit = self.policy.limits.path_certificates;
        if path.len() >= limit {
            self.fail(Error::PathTooLong { limit });
            return Ok(None);
        }
        for issuer in issuers {
            if !self.is_signed(subject, issuer, depth)? {
                continue;
            }
            path.push(issuer);
            if self.store.is_anchor(issuer)
                && let Some(policies) = self.judge(path)?
            {
                return Ok(Some(policies));
            }
            // An anchor that does not do may have been certified by one that does.
            if let Some(policies) = self.extend(path)? {
                return Ok(Some(policies));
            }
            path.pop();
            if path.iter().any(|certificate| self.is_refused(certificate)) {
                break;
            }
        }
        Ok(None)
    }

    /// Who may have issued the last certificate by name, the most promising first: anchors, those
    /// whose key identifier fits, those that are valid. A name and key that the path already has is
    /// a loop.
    fn issuers(
        &mut self,
        path: &[&Certificate],
        subject: &Certificate,
    ) -> Result<Vec<&'a Certificate>, BudgetExceeded> {
        let name = subject.issuer();
        if name.is_empty() {
            return Ok(Vec::new());
        }
        let of_message = self.extra_by_subject.get(name);
        let of_message = of_message.map_or(&[][..], Vec::as_slice);
        let mut issuers: Vec<&Certificate> = self.store.named(name).collect();
        issuers.extend(of_message);
        self.budget.spend(Unit::Steps, issuers.len())?;
        if issuers.len() > 1 {
            // Equal ones stand together, the first of them first.
            issuers.sort_by_key(|issuer| issuer.as_der());
            issuers.dedup();
        }
        issuers.retain(|issuer| {
            let is_same =
                |other: &&Certificate| other.spki() == issuer.spki() && other.subject() == name;
            // As an anchor it may do all the same.
            let refused = self.is_refused(issuer) && !self.store.is_anchor(issuer);
            !refused && !path.iter().any(is_same)
        });
        issuers.sort_by_cached_key(|issuer| {
            (
                !self.store.is_anchor(issuer),
                fit(subject, issuer),
                issuer.is_not_yet_valid(self.time) || issuer.has_expired(self.time),
            )
        });
        Ok(issuers)
    }

    /// Whether the issuer's key made the subject's signature, as far as it can be told without the
    /// path above.
    fn is_signed(
        &mut self,
        subject: &'a Certificate,
        issuer: &'a Certificate,
        depth: usize,
    ) -> Result<bool, BudgetExceeded> {
        let key = WorkingKey::of(issuer);
        if key.is_incomplete() {
            // Its parameters come from above: validation verifies with them.
            return Ok(true);
        }
        let verified = self.signatures.verify(subject, key, self.budget)?;
        let Err(error) = verified else {
            return Ok(true);
        };
        let of_other_key = matches!(
            error,
            Unproven::Crypto(
                crypto::Error::BadSignature | crypto::Error::KeyAlgorithmMismatch { .. }
            )
        ) && fit(subject, issuer) == Fit::Differs;
        let certificate = || subject.clone();
        self.fail(match of_other_key {
            // The subject says itself that it comes from another key.
            true if self.store.is_anchor(issuer) => Error::Impostor {
                depth,
                certificate: certificate(),
            },
            true => Error::NoIssuer {
                depth,
                certificate: certificate(),
            },
            false => validation::signature_error(error, depth, subject),
        });
        Ok(false)
    }

    /// Judges a path that has reached an anchor. Fails only at a limit.
    fn judge(&mut self, path: &[&'a Certificate]) -> Result<Option<Vec<Oid>>, Error> {
        self.budget.spend(Unit::Steps, path.len())?;
        let result = validation::validate(
            path,
            self.time,
            self.policy,
            &mut self.signatures,
            self.budget,
        );
        let result = result.and_then(|policies| {
            if self.policy.profile_rules == ProfileRules::Strict {
                profile::check(path, self.policy.anchor_rules)?;
            }
            Ok(policies)
        });
        match result {
            Ok(policies) => Ok(Some(policies)),
            Err(error @ Error::BudgetExceeded(_)) => Err(error),
            Err(error) => {
                if let Some(certificate) = broken_by_itself(&error, path) {
                    self.refused.insert(place(certificate));
                }
                self.keep(error, Reach::Anchor);
                Ok(None)
            }
        }
    }

    fn is_refused(&self, certificate: &Certificate) -> bool {
        !self.refused.is_empty() && self.refused.contains(&place(certificate))
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
        self.keep(error, Reach::Nothing);
    }

    /// Keeps the failure that tells most, and among equals the first.
    fn keep(&mut self, error: Error, reach: Reach) {
        let told = self.failure.as_ref().map(|(rank, _)| *rank);
        let rank = rank(&error, reach);
        if told.is_none_or(|told| told < rank) {
            self.failure = Some((rank, error));
        }
    }
}

/// The certificate below the anchor that breaks a rule in any path, `None` for a failure that is one
/// of this path.
fn broken_by_itself<'a>(error: &Error, path: &[&'a Certificate]) -> Option<&'a Certificate> {
    let (_, below) = path.split_last()?;
    match error {
        Error::CaVersion { depth, .. }
        | Error::CertExpired { depth, .. }
        | Error::CertNotYetValid { depth, .. }
        | Error::MappingOfAnyPolicy { depth, .. }
        | Error::MissingKeyCertSign { depth, .. }
        | Error::NotCa { depth, .. }
        | Error::UnknownCriticalExtension { depth, .. } => below.get(*depth).copied(),
        Error::MissingExtendedKeyUsage { .. } | Error::MissingKeyUsage { .. } => {
            below.first().copied()
        }
        _ => None,
    }
}

fn place(certificate: &Certificate) -> usize {
    certificate.as_der().as_ptr().addr()
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

/// How far the path had come that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// To no anchor.
    Nothing,
    /// To an anchor, so that only the rules are against it.
    Anchor,
}

/// How much a failure tells about the end entity.
///
/// A path that reaches an anchor and breaks a rule tells more than one that reaches none. Of the
/// former that one tells most that keeps the rules farthest down from the anchor, of the latter the
/// one that came farthest up.
fn rank(error: &Error, reach: Reach) -> (u8, usize) {
    let depth = error.depth().unwrap_or(0);
    if reach == Reach::Anchor {
        return (5, usize::MAX - depth);
    }
    let kind = match error {
        Error::Impostor { .. } => 4,
        Error::PathTooLong { .. }
        | Error::UnsupportedAlgorithm { .. }
        | Error::WeakAlgorithm { .. } => 3,
        Error::UntrustedRoot { .. } => 2,
        Error::BadSignature { .. } => 1,
        _ => 0,
    };
    (kind, depth)
}
