use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::pki::Budget;
use crate::pki::BudgetExceeded;
use crate::pki::Unit;
use crate::x509::Oid;
use crate::x509::PolicyMapping;
use crate::x509::oids;

/// The policies for which a path is valid so far: valid_policy_tree of RFC 5280 §6.1.2 a, kept as
/// the graph of RFC 9618.
///
/// The tree has a node for every way by which a policy is reached, and mappings make their number
/// grow exponentially with the length of the path. The graph has one node for each policy of a
/// certificate, with all its parents, and says the same about every path. Its work is in proportion
/// to the size of the extensions.
#[derive(Clone, Debug)]
pub(super) struct PolicyGraph {
    /// One level for each certificate, that of the trust anchor first.
    levels: Vec<Level>,
    /// The tree is NULL: no policy is valid for the path.
    null: bool,
}

/// Nodes by valid_policy.
type Level = BTreeMap<Oid, Node>;

#[derive(Clone, Debug, Default)]
struct Node {
    /// expected_policy_set: the policies that the next certificate may name to continue this one.
    expected: BTreeSet<Oid>,
    /// The nodes of the level above that this one continues.
    parents: BTreeSet<Oid>,
}

/// Whether anyPolicy of a certificate counts (RFC 5280 §6.1.3 d 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AnyPolicy {
    /// It stands for every policy expected.
    Counts,
    /// It stands for none.
    Inhibited,
}

/// Whether policies may be mapped (RFC 5280 §6.1.4 b).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mapping {
    /// They may.
    Allowed,
    /// They may not: who maps a policy ends it.
    Inhibited,
}

impl PolicyGraph {
    /// The graph of the trust anchor: every policy (§6.1.2 a).
    pub(super) fn new() -> Self {
        let root = Node {
            expected: BTreeSet::from([oids::ANY_POLICY]),
            parents: BTreeSet::new(),
        };
        Self {
            levels: vec![BTreeMap::from([(oids::ANY_POLICY, root)])],
            null: false,
        }
    }

    /// Whether no policy is left.
    pub(super) fn is_null(&self) -> bool {
        self.null
    }

    /// The certificate has no policies (§6.1.3 e).
    pub(super) fn clear(&mut self) {
        self.null = true;
        self.levels.clear();
    }

    /// Goes on to a certificate with these policies (§6.1.3 d).
    pub(super) fn extend(
        &mut self,
        policies: &[Oid],
        any: AnyPolicy,
        budget: &mut Budget,
    ) -> Result<(), BudgetExceeded> {
        let Some(above) = self.levels.last() else {
            return Ok(());
        };
        let mut expecting: BTreeMap<Oid, BTreeSet<Oid>> = BTreeMap::new();
        for (policy, node) in above {
            budget.spend(Unit::Steps, 1 + node.expected.len())?;
            for expected in &node.expected {
                expecting.entry(*expected).or_default().insert(*policy);
            }
        }
        budget.spend(Unit::Steps, policies.len())?;
        let mut level = Level::new();
        let any_above = above.contains_key(&oids::ANY_POLICY);
        // (d)(1)
        for policy in policies.iter().filter(|policy| !is_any(policy)) {
            let parents = match expecting.get(policy) {
                Some(parents) => parents.clone(),
                None if any_above => BTreeSet::from([oids::ANY_POLICY]),
                None => continue,
            };
            level.insert(*policy, Node::new(*policy, parents));
        }
        // (d)(2)
        if any == AnyPolicy::Counts && policies.iter().any(is_any) {
            for (policy, parents) in expecting {
                level
                    .entry(policy)
                    .or_insert_with(|| Node::new(policy, parents));
            }
        }
        // (d)(3): nodes without children are left where they are; nothing leads to them any more.
        self.push(level);
        Ok(())
    }

    /// Applies the mappings of a certificate that is not the last (§6.1.4 b). None of them may
    /// speak of anyPolicy (§6.1.4 a).
    pub(super) fn map(
        &mut self,
        mappings: &[PolicyMapping],
        mapping: Mapping,
        budget: &mut Budget,
    ) -> Result<(), BudgetExceeded> {
        budget.spend(Unit::Steps, mappings.len())?;
        let Some(mut level) = self.levels.pop() else {
            return Ok(());
        };
        let mut equal: BTreeMap<Oid, BTreeSet<Oid>> = BTreeMap::new();
        for mapping in mappings {
            let subject = equal.entry(mapping.issuer_domain_policy).or_default();
            subject.insert(mapping.subject_domain_policy);
        }
        let any_here = level.contains_key(&oids::ANY_POLICY);
        for (issuer, subject) in equal {
            match (mapping, level.get_mut(&issuer)) {
                // (b)(1)
                (Mapping::Allowed, Some(node)) => node.expected = subject,
                (Mapping::Allowed, None) if any_here => {
                    let mut node = Node::new(issuer, BTreeSet::from([oids::ANY_POLICY]));
                    node.expected = subject;
                    level.insert(issuer, node);
                }
                (Mapping::Allowed, None) => {}
                // (b)(2)
                (Mapping::Inhibited, _) => {
                    level.remove(&issuer);
                }
            }
        }
        self.push(level);
        Ok(())
    }

    /// The policies of the anchor's domain for which the whole path is valid, anyPolicy for all:
    /// authority-constrained-policy-set (§6.1.5 g, RFC 9618 §5.5).
    pub(super) fn valid_policies(&self) -> BTreeSet<Oid> {
        let mut valid = BTreeSet::new();
        let Some(last) = self.levels.last() else {
            return valid;
        };
        if last.contains_key(&oids::ANY_POLICY) {
            valid.insert(oids::ANY_POLICY);
        }
        // From the end entity up: what leads to it, until a policy was first named under anyPolicy.
        let mut alive: BTreeSet<Oid> = last.keys().copied().collect();
        for level in self.levels.iter().rev() {
            let mut above = BTreeSet::new();
            let nodes = alive
                .iter()
                .filter_map(|policy| level.get_key_value(policy));
            for (policy, node) in nodes {
                if !is_any(policy) && node.parents.contains(&oids::ANY_POLICY) {
                    valid.insert(*policy);
                }
                above.extend(&node.parents);
            }
            alive = above;
        }
        valid
    }

    fn push(&mut self, level: Level) {
        if level.is_empty() {
            self.clear();
        } else {
            self.levels.push(level);
        }
    }
}

impl Node {
    /// A node that expects its own policy of the next certificate.
    fn new(policy: Oid, parents: BTreeSet<Oid>) -> Self {
        Self {
            expected: BTreeSet::from([policy]),
            parents,
        }
    }
}

fn is_any(policy: &Oid) -> bool {
    *policy == oids::ANY_POLICY
}

#[cfg(test)]
#[path = "policy_graph_tests.rs"]
mod tests;
