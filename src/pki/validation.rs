use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::Obsolete;
use crate::pki::AnchorRules;
use crate::pki::Budget;
use crate::pki::Error;
use crate::pki::PathPolicy;
use crate::pki::name_constraints::NameSpaces;
use crate::pki::policy_graph::AnyPolicy;
use crate::pki::policy_graph::Mapping;
use crate::pki::policy_graph::PolicyGraph;
use crate::pki::signatures::Signatures;
use crate::pki::signatures::Unproven;
use crate::pki::signatures::WorkingKey;
use crate::x509::Certificate;
use crate::x509::Oid;
use crate::x509::oids;

/// Validates a path, the end entity first and the trust anchor last (RFC 5280 §6.1), and returns
/// the policies for which it is valid: user-constrained-policy-set.
///
/// Revocation (§6.1.3 a 3) is asked elsewhere, of the path that comes out of this.
pub(super) fn validate<'a>(
    path: &[&'a Certificate],
    time: OffsetDateTime,
    policy: &'a PathPolicy,
    signatures: &mut Signatures<'a>,
    budget: &mut Budget,
) -> Result<Vec<Oid>, Error> {
    let Some((anchor, below)) = path.split_last() else {
        return Ok(Vec::new());
    };
    let mut state = State::new(path, anchor, time, policy);
    let judges_anchor = policy.anchor_rules == AnchorRules::Apply;
    if judges_anchor {
        state.judge_anchor(anchor, budget)?;
    }
    for (depth, certificate) in below.iter().enumerate().rev() {
        state.check_signature(certificate, depth, signatures, budget)?;
        state.process(certificate, depth, budget)?;
        if depth > 0 {
            state.prepare_for_next(certificate, depth, budget)?;
        }
    }
    let policies = match (below.first(), judges_anchor) {
        (Some(end_entity), _) => state.wrap_up(end_entity)?,
        (None, true) => state.wrap_up(anchor)?,
        // The anchor itself is asked for, and it is a name and a key.
        (None, false) => {
            state.usage(anchor)?;
            state.wanted_policies()?
        }
    };
    if judges_anchor {
        // At last, so that what RFC 5280 asks is told before what goes beyond it.
        state.check_validity(anchor, below.len())?;
    }
    Ok(policies)
}

/// The state variables of §6.1.2. A number that counts certificates down ends at 0.
struct State<'p, 'a> {
    path: &'p [&'a Certificate],
    time: OffsetDateTime,
    policy: &'a PathPolicy,
    /// valid_policy_tree.
    policies: PolicyGraph,
    /// Where the last policy ended.
    policies_ended: Option<usize>,
    /// permitted_subtrees and excluded_subtrees.
    names: NameSpaces<'a>,
    explicit_policy: usize,
    inhibit_any_policy: usize,
    policy_mapping: usize,
    /// working_public_key with its algorithm and parameters; its certificate has working_issuer_name.
    working_key: WorkingKey<'a>,
    working_issuer: &'a Certificate,
    /// max_path_length.
    max_path_len: usize,
    /// Where the authority stands that set it, `None` for the policy.
    max_path_len_of: Option<usize>,
}

impl<'p, 'a> State<'p, 'a> {
    /// §6.1.2, for a path of n certificates below the anchor.
    fn new(
        path: &'p [&'a Certificate],
        anchor: &'a Certificate,
        time: OffsetDateTime,
        policy: &'a PathPolicy,
    ) -> Self {
        // An anchor that is asked for itself counts as the one certificate of its path.
        let n = (path.len() - 1).max(1);
        let unless = |at_once: bool| if at_once { 0 } else { n + 1 };
        Self {
            path,
            time,
            policy,
            // (a)
            policies: PolicyGraph::new(),
            policies_ended: None,
            // (b), (c)
            names: NameSpaces::new(
                &policy.initial_permitted_subtrees,
                &policy.initial_excluded_subtrees,
            ),
            // (d), (e), (f)
            explicit_policy: unless(policy.initial_explicit_policy),
            inhibit_any_policy: unless(policy.initial_any_policy_inhibit),
            policy_mapping: unless(policy.initial_policy_mapping_inhibit),
            // (g), (h), (i), (j)
            working_key: WorkingKey::of(anchor),
            working_issuer: anchor,
            // (k)
            max_path_len: policy.max_path_len.map_or(n, |limit| n.min(limit as usize)),
            max_path_len_of: None,
        }
    }

    /// Holds the path against the anchor's own certificate, as if it stood above the path: beyond
    /// RFC 5280, in the way of RFC 5937. One without policies binds to none. Its validity is judged
    /// when the path is known to hold.
    fn judge_anchor(&mut self, anchor: &'a Certificate, budget: &mut Budget) -> Result<(), Error> {
        let depth = self.path.len() - 1;
        if anchor.certificate_policies().is_some() {
            self.process_policies(anchor, depth, budget)?;
        }
        if depth == 0 {
            return Ok(());
        }
        self.prepare_policies(anchor, depth, budget)?;
        self.prepare_constraints(anchor, depth);
        check_is_ca(anchor, depth)?;
        self.prepare_path_len(anchor, depth);
        check_may_certify(anchor, depth)?;
        check_critical(anchor, depth)
    }

    /// §6.1.3 (a)(1).
    fn check_signature(
        &self,
        certificate: &'a Certificate,
        depth: usize,
        signatures: &mut Signatures<'a>,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        signatures
            .verify(certificate, self.working_key, budget)?
            .map_err(|error| signature_error(error, depth, certificate))
    }

    /// §6.1.3, from (a)(2) on.
    fn process(
        &mut self,
        certificate: &'a Certificate,
        depth: usize,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        // (a)(2)
        self.check_validity(certificate, depth)?;
        // (a)(4)
        let expected = self.working_issuer.subject();
        if certificate.issuer() != expected {
            return Err(Error::NameMismatch {
                depth,
                expected: Box::new(expected.clone()),
                certificate: certificate.clone(),
            });
        }
        // (b), (c)
        if depth == 0 || !certificate.is_self_issued() {
            self.names.check(certificate, depth, budget)?;
        }
        // (d), (e)
        self.process_policies(certificate, depth, budget)?;
        // (f)
        if self.explicit_policy == 0 && self.policies.is_null() {
            return Err(self.no_valid_policy(depth));
        }
        Ok(())
    }

    fn check_validity(&self, certificate: &Certificate, depth: usize) -> Result<(), Error> {
        let time = self.time;
        let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
        if certificate.is_not_yet_valid(time) {
            return Err(Error::CertNotYetValid {
                depth,
                time,
                not_before,
                certificate: certificate.clone(),
            });
        }
        if certificate.has_expired(time) {
            return Err(Error::CertExpired {
                depth,
                time,
                not_after,
                certificate: certificate.clone(),
            });
        }
        Ok(())
    }

    /// §6.1.3 (d) and (e).
    fn process_policies(
        &mut self,
        certificate: &Certificate,
        depth: usize,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        match certificate.certificate_policies() {
            Some(policies) => {
                let new_key = depth > 0 && certificate.is_self_issued();
                let any = match self.inhibit_any_policy > 0 || new_key {
                    true => AnyPolicy::Counts,
                    false => AnyPolicy::Inhibited,
                };
                self.policies.extend(policies, any, budget)?;
            }
            None => self.policies.clear(),
        }
        self.note_end_of_policies(depth);
        Ok(())
    }

    /// §6.1.4.
    fn prepare_for_next(
        &mut self,
        certificate: &'a Certificate,
        depth: usize,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        // (a), (b)
        self.prepare_policies(certificate, depth, budget)?;
        // (c)
        self.working_issuer = certificate;
        // (d), (e), (f)
        self.working_key = self.working_key.next(certificate);
        // (h), before (g), which has nothing to do with it
        let self_issued = certificate.is_self_issued();
        if !self_issued {
            self.explicit_policy = self.explicit_policy.saturating_sub(1);
            self.policy_mapping = self.policy_mapping.saturating_sub(1);
            self.inhibit_any_policy = self.inhibit_any_policy.saturating_sub(1);
        }
        // (g), (i), (j)
        self.prepare_constraints(certificate, depth);
        // (k)
        check_is_ca(certificate, depth)?;
        // (l)
        if !self_issued {
            self.max_path_len = match self.max_path_len.checked_sub(1) {
                Some(left) => left,
                None => return Err(self.path_len_exceeded()),
            };
        }
        // (m)
        self.prepare_path_len(certificate, depth);
        // (n)
        check_may_certify(certificate, depth)?;
        // (o)
        check_critical(certificate, depth)
    }

    /// §6.1.4 (a) and (b).
    fn prepare_policies(
        &mut self,
        certificate: &Certificate,
        depth: usize,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        let mappings = certificate.policy_mappings();
        if mappings.is_empty() {
            return Ok(());
        }
        let is_any = |policy: Oid| policy == oids::ANY_POLICY;
        if mappings
            .iter()
            .any(|map| is_any(map.issuer_domain_policy) || is_any(map.subject_domain_policy))
        {
            return Err(Error::MappingOfAnyPolicy {
                depth,
                certificate: certificate.clone(),
            });
        }
        let mapping = match self.policy_mapping {
            0 => Mapping::Inhibited,
            _ => Mapping::Allowed,
        };
        self.policies.map(mappings, mapping, budget)?;
        self.note_end_of_policies(depth);
        Ok(())
    }

    /// §6.1.4 (g), (i) and (j).
    fn prepare_constraints(&mut self, certificate: &'a Certificate, depth: usize) {
        let lower = |counter: &mut usize, skip_certs: Option<u32>| {
            if let Some(skip_certs) = skip_certs {
                *counter = (*counter).min(skip_certs as usize);
            }
        };
        if let Some(constraints) = certificate.name_constraints() {
            self.names.narrow(depth, constraints);
        }
        if let Some(constraints) = certificate.policy_constraints() {
            lower(
                &mut self.explicit_policy,
                constraints.require_explicit_policy,
            );
            lower(&mut self.policy_mapping, constraints.inhibit_policy_mapping);
        }
        lower(
            &mut self.inhibit_any_policy,
            certificate.inhibit_any_policy(),
        );
    }

    /// §6.1.4 (m).
    fn prepare_path_len(&mut self, certificate: &Certificate, depth: usize) {
        let constraint = certificate
            .basic_constraints()
            .and_then(|constraints| constraints.path_len_constraint);
        if let Some(allowed) = constraint
            && (allowed as usize) < self.max_path_len
        {
            self.max_path_len = allowed as usize;
            self.max_path_len_of = Some(depth);
        }
    }

    /// §6.1.5.
    fn wrap_up(&mut self, end_entity: &Certificate) -> Result<Vec<Oid>, Error> {
        // (a)
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        // (b)
        let constraints = end_entity.policy_constraints();
        if constraints.is_some_and(|constraints| constraints.require_explicit_policy == Some(0)) {
            self.explicit_policy = 0;
        }
        // (c), (d), (e): the key of the end entity is had from the path.
        // (f)
        check_critical(end_entity, 0)?;
        self.usage(end_entity)?;
        self.wanted_policies()
    }

    /// §6.1.5 (g).
    fn wanted_policies(&self) -> Result<Vec<Oid>, Error> {
        let of_authority = self.policies.valid_policies();
        let of_user: Vec<Oid> = match &self.policy.initial_policies {
            None => of_authority.iter().copied().collect(),
            // One of these policies may be any-policy (§6.1.1 c).
            Some(wanted) if wanted.contains(&oids::ANY_POLICY) => {
                of_authority.iter().copied().collect()
            }
            Some(wanted) if of_authority.contains(&oids::ANY_POLICY) => wanted.clone(),
            Some(wanted) => wanted
                .iter()
                .copied()
                .filter(|policy| of_authority.contains(policy))
                .collect(),
        };
        if self.explicit_policy > 0 || !of_user.is_empty() {
            return Ok(of_user);
        }
        if of_authority.is_empty() {
            return Err(self.no_valid_policy(0));
        }
        Err(Error::PolicyNotWanted {
            wanted: self.policy.initial_policies.clone().unwrap_or_default(),
            valid: of_authority.into_iter().collect(),
        })
    }

    /// What the policy wants the key of the end entity for (§4.2.1.3, §4.2.1.12).
    fn usage(&self, end_entity: &Certificate) -> Result<(), Error> {
        let wanted = self.policy.key_usage;
        if end_entity
            .key_usage()
            .is_some_and(|usage| !usage.includes(wanted))
        {
            return Err(Error::MissingKeyUsage {
                wanted,
                certificate: end_entity.clone(),
            });
        }
        let Some(purposes) = end_entity.extended_key_usage() else {
            return Ok(());
        };
        let missing = self.policy.extended_key_usage.iter().find(|wanted| {
            !purposes.contains(wanted) && !purposes.contains(&oids::ANY_EXTENDED_KEY_USAGE)
        });
        match missing {
            None => Ok(()),
            Some(purpose) => Err(Error::MissingExtendedKeyUsage {
                purpose: *purpose,
                certificate: end_entity.clone(),
            }),
        }
    }

    fn note_end_of_policies(&mut self, depth: usize) {
        if self.policies.is_null() {
            self.policies_ended.get_or_insert(depth);
        }
    }

    fn no_valid_policy(&self, demanded_at: usize) -> Error {
        let depth = self.policies_ended.unwrap_or(demanded_at);
        Error::NoValidPolicy {
            depth,
            demanded_at,
            certificate: self.at(depth).clone(),
        }
    }

    /// That there are more intermediate certificates than allowed, all of them counted.
    fn path_len_exceeded(&self) -> Error {
        let top = self.max_path_len_of.unwrap_or(self.path.len() - 1);
        let below = self.path.get(1..top).unwrap_or_default();
        let found = below
            .iter()
            .filter(|certificate| !certificate.is_self_issued())
            .count();
        let allowed_by = self.at(top);
        let constraint = allowed_by
            .basic_constraints()
            .and_then(|constraints| constraints.path_len_constraint);
        match (self.max_path_len_of, constraint, self.policy.max_path_len) {
            (None, _, Some(allowed)) => Error::TooManyIntermediates { allowed, found },
            (depth, allowed, _) => Error::PathLenExceeded {
                depth: depth.unwrap_or(top),
                allowed: allowed.unwrap_or_default(),
                found,
                certificate: allowed_by.clone(),
            },
        }
    }

    fn at(&self, depth: usize) -> &'a Certificate {
        self.path.get(depth).unwrap_or(&self.working_issuer)
    }
}

/// What it means for the path that a signature was not verified.
pub(super) fn signature_error(
    unproven: Unproven,
    depth: usize,
    certificate: &Certificate,
) -> Error {
    let certificate = certificate.clone();
    match unproven {
        Unproven::Obsolete(Obsolete {
            algorithm,
            bits,
            since,
        }) => Error::WeakAlgorithm {
            depth,
            algorithm,
            bits,
            since,
            certificate,
        },
        Unproven::Crypto(
            crypto::Error::BadSignature | crypto::Error::KeyAlgorithmMismatch { .. },
        ) => Error::BadSignature { depth, certificate },
        Unproven::Crypto(source) => Error::UnsupportedAlgorithm {
            depth,
            source,
            certificate,
        },
    }
}

/// §6.1.4 (k). Of a certificate without extensions nobody here knows otherwise that it is a CA's.
fn check_is_ca(certificate: &Certificate, depth: usize) -> Result<(), Error> {
    let is_ca = certificate
        .basic_constraints()
        .is_some_and(|constraints| constraints.ca);
    let certificate = certificate.clone();
    match certificate.version() {
        3 if is_ca => Ok(()),
        3 => Err(Error::NotCa { depth, certificate }),
        version => Err(Error::CaVersion {
            depth,
            version,
            certificate,
        }),
    }
}

/// §6.1.4 (n).
fn check_may_certify(certificate: &Certificate, depth: usize) -> Result<(), Error> {
    match certificate.key_usage() {
        Some(usage) if !usage.key_cert_sign() => Err(Error::MissingKeyCertSign {
            depth,
            certificate: certificate.clone(),
        }),
        _ => Ok(()),
    }
}

/// §6.1.4 (o), §6.1.5 (f).
fn check_critical(certificate: &Certificate, depth: usize) -> Result<(), Error> {
    match certificate.unknown_critical_extensions().next() {
        None => Ok(()),
        Some(oid) => Err(Error::UnknownCriticalExtension {
            depth,
            oid,
            certificate: certificate.clone(),
        }),
    }
}

#[cfg(test)]
#[path = "validation_tests.rs"]
mod tests;
