/// How strictly a path is judged and how long it is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPolicy {
    /// Whether the anchor's own certificate is judged.
    pub anchor_rules: AnchorRules,
    /// How many certificates a path may have, end entity and anchor included.
    pub max_path_certificates: usize,
    /// How many signatures may be verified in one search.
    pub max_signatures: usize,
    /// How many certificates may be looked at as possible issuers in one search.
    pub max_candidates: usize,
}

/// Whether validity and extensions of a trust anchor's certificate bind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnchorRules {
    /// They bind like those of any certificate of the path.
    Apply,
    /// An anchor is a name and a key (RFC 5280 §6.1.1 d).
    Ignore,
}

impl PathPolicy {
    /// What documents are verified by: the anchor's own validity and constraints bind too.
    pub const fn strict() -> Self {
        Self {
            anchor_rules: AnchorRules::Apply,
            // National paths have three certificates; bridges between authorities may have eight.
            max_path_certificates: 16,
            // As much as webpki allows for one chain.
            max_signatures: 100,
            max_candidates: 100_000,
        }
    }

    /// RFC 5280 to the letter, for its test suites.
    pub const fn rfc5280() -> Self {
        Self {
            anchor_rules: AnchorRules::Ignore,
            ..Self::strict()
        }
    }
}

impl Default for PathPolicy {
    fn default() -> Self {
        Self::strict()
    }
}
