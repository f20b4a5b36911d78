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
mod tests {
    use super::AnyPolicy;
    use super::Mapping;
    use super::PolicyGraph;
    use crate::pki::Budget;
    use crate::pki::BudgetExceeded;
    use crate::pki::Limits;
    use crate::pki::Unit;
    use crate::x509::Oid;
    use crate::x509::PolicyMapping;
    use crate::x509::oids;

    #[test]
    fn policies_that_all_certificates_name_are_valid() {
        assert_eq!(valid(&[&[A, B], &[B, C], &[B]]), [B]);
        assert_eq!(valid(&[&[A], &[B]]), []);
        assert_eq!(valid(&[&[A], &[]]), []);
    }

    #[test]
    fn any_policy_stands_for_those_above_and_below_it() {
        assert_eq!(valid(&[&[ANY], &[ANY]]), [ANY]);
        assert_eq!(valid(&[&[ANY], &[A]]), [A]);
        assert_eq!(valid(&[&[A], &[ANY]]), [A]);
        assert_eq!(valid(&[&[ANY], &[A, ANY]]), [ANY, A]);
    }

    #[test]
    fn any_policy_that_is_inhibited_stands_for_nothing() {
        let mut graph = graph(&[&[A, B]]);
        let policies = [ANY, B];
        graph
            .extend(&policies, AnyPolicy::Inhibited, &mut budget())
            .unwrap();
        assert_eq!(all(&graph), [B]);
    }

    #[test]
    fn a_mapped_policy_is_valid_by_the_name_that_the_anchor_gives_it() {
        let mut graph = graph(&[&[A]]);
        map(&mut graph, &[(A, B)], Mapping::Allowed);
        extend(&mut graph, &[B]);
        assert_eq!(all(&graph), [A]);
        extend(&mut graph, &[A]);
        assert!(graph.is_null());
    }

    #[test]
    fn a_policy_under_any_policy_can_be_mapped() {
        let mut graph = graph(&[&[ANY]]);
        map(&mut graph, &[(A, B)], Mapping::Allowed);
        extend(&mut graph, &[B]);
        assert_eq!(all(&graph), [A]);
    }

    #[test]
    fn a_mapping_that_is_inhibited_ends_the_policy() {
        let mut graph = graph(&[&[A, B]]);
        map(&mut graph, &[(A, C)], Mapping::Inhibited);
        extend(&mut graph, &[A, B, C]);
        assert_eq!(all(&graph), [B]);
        map(&mut graph, &[(B, C)], Mapping::Inhibited);
        assert!(graph.is_null());
    }

    #[test]
    fn a_policy_mapped_to_several_is_continued_by_each() {
        for next in [B, C] {
            let mut graph = graph(&[&[A]]);
            map(&mut graph, &[(A, B), (A, C)], Mapping::Allowed);
            extend(&mut graph, &[next]);
            assert_eq!(all(&graph), [A]);
        }
    }

    #[test]
    fn what_once_was_null_stays_null() {
        let mut graph = graph(&[&[A]]);
        graph.clear();
        extend(&mut graph, &[A, ANY]);
        map(&mut graph, &[(A, B)], Mapping::Allowed);
        assert!(graph.is_null() && all(&graph).is_empty());
    }

    /// Ten policies, each mapped to all ten: the tree of RFC 5280 would have 10^14 nodes.
    #[test]
    fn a_path_made_to_grow_costs_no_more_than_its_size() {
        let policies: Vec<Oid> = POLICIES.iter().copied().map(Oid::new).collect();
        let pairs: Vec<(Oid, Oid)> = policies
            .iter()
            .flat_map(|one| policies.iter().map(|other| (*one, *other)))
            .collect();
        let mut graph = PolicyGraph::new();
        let mut budget = budget();
        for _ in 0..14 {
            graph
                .extend(&policies, AnyPolicy::Counts, &mut budget)
                .unwrap();
            graph
                .map(&mappings(&pairs), Mapping::Allowed, &mut budget)
                .unwrap();
        }
        assert_eq!(all(&graph), policies);
        assert!(budget.spent(Unit::Steps) < 5_000);
    }

    #[test]
    fn the_work_is_limited() {
        let limits = Limits {
            steps: 3,
            ..Limits::strict()
        };
        let exceeded = BudgetExceeded {
            unit: Unit::Steps,
            limit: 3,
        };
        let mut budget = Budget::new(&limits);
        let mut graph = PolicyGraph::new();
        let result = graph.extend(&[A, B], AnyPolicy::Counts, &mut budget);
        assert_eq!(result, Err(exceeded));
    }

    fn valid(path: &[&[Oid]]) -> Vec<Oid> {
        all(&graph(path))
    }

    fn graph(path: &[&[Oid]]) -> PolicyGraph {
        let mut graph = PolicyGraph::new();
        for policies in path {
            extend(&mut graph, policies);
        }
        graph
    }

    fn extend(graph: &mut PolicyGraph, policies: &[Oid]) {
        graph
            .extend(policies, AnyPolicy::Counts, &mut budget())
            .unwrap();
    }

    fn map(graph: &mut PolicyGraph, pairs: &[(Oid, Oid)], mapping: Mapping) {
        graph.map(&mappings(pairs), mapping, &mut budget()).unwrap();
    }

    fn mappings(pairs: &[(Oid, Oid)]) -> Vec<PolicyMapping> {
        pairs
            .iter()
            .map(|(issuer, subject)| PolicyMapping {
                issuer_domain_policy: *issuer,
                subject_domain_policy: *subject,
            })
            .collect()
    }

    fn all(graph: &PolicyGraph) -> Vec<Oid> {
        graph.valid_policies().into_iter().collect()
    }

    fn budget() -> Budget {
        Budget::new(&Limits::strict())
    }

    const ANY: Oid = oids::ANY_POLICY;
    const A: Oid = Oid::new("2.999.1");
    const B: Oid = Oid::new("2.999.2");
    const C: Oid = Oid::new("2.999.3");
    const POLICIES: [&str; 10] = [
        "2.999.10", "2.999.11", "2.999.12", "2.999.13", "2.999.14", "2.999.15", "2.999.16",
        "2.999.17", "2.999.18", "2.999.19",
    ];
}
