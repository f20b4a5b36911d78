use crate::crypto::AlgorithmPolicy;
use crate::pki::Unit;
use crate::pki::ocsp::OcspPolicy;
use crate::x509::GeneralName;
use crate::x509::KeyUsage;
use crate::x509::Oid;

/// How strictly a path is judged, what it is wanted for, and how long it is searched for.
///
/// The inputs of RFC 5280 §6.1.1 that are no certificates, no time and no anchors are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPolicy {
    /// Whether the anchor's own certificate is judged.
    pub anchor_rules: AnchorRules,
    /// Whether the certificates must keep the profile of RFC 5280 §4, beyond what §6 asks of a path.
    pub profile_rules: ProfileRules,
    /// user-initial-policy-set (§6.1.1 c): one of these policies is wanted. `None` is any-policy,
    /// as is a set that holds it.
    pub initial_policies: Option<Vec<Oid>>,
    /// initial-policy-mapping-inhibit (§6.1.1 e): mappings of policies are not allowed.
    pub initial_policy_mapping_inhibit: bool,
    /// initial-explicit-policy (§6.1.1 f): the path must be valid for one of the wanted policies.
    pub initial_explicit_policy: bool,
    /// initial-any-policy-inhibit (§6.1.1 g): anyPolicy in a certificate stands for no other policy.
    pub initial_any_policy_inhibit: bool,
    /// initial-permitted-subtrees (§6.1.1 h): a form of name that has no entry here is not bound.
    pub initial_permitted_subtrees: Vec<GeneralName>,
    /// initial-excluded-subtrees (§6.1.1 i).
    pub initial_excluded_subtrees: Vec<GeneralName>,
    /// What the key of the end entity must be allowed to do. A certificate without keyUsage allows
    /// everything.
    pub key_usage: KeyUsage,
    /// Purposes for which the key of the end entity must be allowed, every one. A certificate
    /// without extKeyUsage allows all, and so does anyExtendedKeyUsage.
    pub extended_key_usage: Vec<Oid>,
    /// How many intermediate certificates, self-issued ones not counted, may stand between the
    /// anchor and the end entity. `None`: as many as [`Limits::path_certificates`] leaves room for.
    pub max_path_len: Option<u32>,
    /// Until when algorithms and keys protect.
    pub algorithms: AlgorithmPolicy,
    /// How old and how exact an OCSP response must be.
    pub ocsp: OcspPolicy,
    /// How much work one validation may cost.
    pub limits: Limits,
}

/// Whether validity and extensions of a trust anchor's certificate bind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnchorRules {
    /// They bind like those of any certificate of the path.
    Apply,
    /// An anchor is a name and a key (RFC 5280 §6.1.1 d).
    Ignore,
}

/// Whether what RFC 5280 §4 demands of those who issue certificates is asked of the certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileRules {
    /// It is: a certificate that no conforming authority may have issued is refused.
    Strict,
    /// It is not: §6.1 alone decides.
    None,
}

/// How much work one validation may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many certificates a path may have, end entity and anchor included.
    pub path_certificates: usize,
    /// How many signatures may be verified.
    pub signatures: usize,
    /// How many certificates and lists may be looked at, and nodes and edges of policy graphs made.
    pub steps: usize,
    /// How many times a name may be compared with a constraint.
    pub names: usize,
    /// How many octets may be hashed or searched.
    pub bytes: usize,
}

impl Limits {
    /// What documents are verified with.
    pub const fn strict() -> Self {
        Self {
            // National paths have three certificates; bridges between authorities may have eight.
            path_certificates: 16,
            // webpki allows 100 for one chain; a year's lists of an authority need more.
            signatures: 200,
            steps: 100_000,
            // Some milliseconds; webpki allows 250 000.
            names: 250_000,
            // The largest national list has 22 MB, and there may be several.
            bytes: 512 << 20,
        }
    }

    pub(super) const fn of(&self, unit: Unit) -> usize {
        match unit {
            Unit::Signatures => self.signatures,
            Unit::Steps => self.steps,
            Unit::Names => self.names,
            Unit::Bytes => self.bytes,
        }
    }
}

impl PathPolicy {
    /// What documents are verified by: the anchor's own validity and constraints bind too, and every
    /// certificate must keep the profile.
    pub fn strict() -> Self {
        Self {
            anchor_rules: AnchorRules::Apply,
            profile_rules: ProfileRules::Strict,
            initial_policies: None,
            initial_policy_mapping_inhibit: false,
            initial_explicit_policy: false,
            initial_any_policy_inhibit: false,
            initial_permitted_subtrees: Vec::new(),
            initial_excluded_subtrees: Vec::new(),
            key_usage: KeyUsage::from_bits(0),
            extended_key_usage: Vec::new(),
            max_path_len: None,
            algorithms: AlgorithmPolicy::builtin(),
            ocsp: OcspPolicy::strict(),
            limits: Limits::strict(),
        }
    }

    /// RFC 5280 §6 to the letter, for its test suites.
    pub fn rfc5280() -> Self {
        Self {
            anchor_rules: AnchorRules::Ignore,
            profile_rules: ProfileRules::None,
            algorithms: AlgorithmPolicy::off(),
            ..Self::strict()
        }
    }
}

impl Default for PathPolicy {
    fn default() -> Self {
        Self::strict()
    }
}
