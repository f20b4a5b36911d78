use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::Strategy;
use proptest::prelude::any;
use proptest::prop_assert_eq;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;

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
    "2.999.10", "2.999.11", "2.999.12", "2.999.13", "2.999.14", "2.999.15", "2.999.16", "2.999.17",
    "2.999.18", "2.999.19",
];

/// The graph says of every path what the tree of RFC 5280 says.
#[test]
fn the_graph_agrees_with_the_tree() {
    let policy = || (0..POOL.len()).prop_map(|index| POOL[index]);
    let named = || (1..POOL.len()).prop_map(|index| POOL[index]);
    let certificate = || {
        (
            vec(policy(), 0..4),
            any::<bool>(),
            vec((named(), named()), 0..4),
            any::<bool>(),
        )
    };
    let mut runner = TestRunner::new(Config::with_cases(2_000));
    runner
        .run(&vec(certificate(), 1..6), |path| {
            let mut graph = PolicyGraph::new();
            let mut tree = Tree::new();
            for (policies, counts, pairs, allowed) in path {
                let any = match counts {
                    true => AnyPolicy::Counts,
                    false => AnyPolicy::Inhibited,
                };
                let mapping = match allowed {
                    true => Mapping::Allowed,
                    false => Mapping::Inhibited,
                };
                let policies: BTreeSet<Oid> = policies.into_iter().collect();
                let policies: Vec<Oid> = policies.into_iter().collect();
                graph.extend(&policies, any, &mut budget()).unwrap();
                tree.extend(&policies, any);
                prop_assert_eq!(graph.is_null(), tree.is_null());
                prop_assert_eq!(graph.valid_policies(), tree.valid_policies());
                let maps = mappings(&pairs);
                if !maps.is_empty() {
                    graph.map(&maps, mapping, &mut budget()).unwrap();
                    tree.map(&pairs, mapping);
                }
                prop_assert_eq!(graph.is_null(), tree.is_null());
            }
            Ok(())
        })
        .unwrap();
}

/// valid_policy_tree as RFC 5280 has it.
struct Tree {
    nodes: Vec<TreeNode>,
    depth: usize,
}

#[derive(Clone)]
struct TreeNode {
    policy: Oid,
    expected: BTreeSet<Oid>,
    parent: Option<usize>,
    depth: usize,
    deleted: bool,
}

impl Tree {
    fn new() -> Self {
        let root = TreeNode {
            policy: ANY,
            expected: BTreeSet::from([ANY]),
            parent: None,
            depth: 0,
            deleted: false,
        };
        Self {
            nodes: vec![root],
            depth: 0,
        }
    }

    fn at(&self, depth: usize) -> Vec<usize> {
        (0..self.nodes.len())
            .filter(|index| self.nodes[*index].depth == depth && !self.nodes[*index].deleted)
            .collect()
    }

    fn add(&mut self, parent: usize, policy: Oid, expected: BTreeSet<Oid>, depth: usize) {
        self.nodes.push(TreeNode {
            policy,
            expected,
            parent: Some(parent),
            depth,
            deleted: false,
        });
    }

    fn extend(&mut self, policies: &[Oid], any: AnyPolicy) {
        self.depth += 1;
        let above = self.at(self.depth - 1);
        for policy in policies.iter().filter(|policy| **policy != ANY) {
            let expecting: Vec<usize> = above
                .iter()
                .copied()
                .filter(|index| self.nodes[*index].expected.contains(policy))
                .collect();
            let any_above = above
                .iter()
                .copied()
                .filter(|index| self.nodes[*index].policy == ANY);
            let parents = match expecting.is_empty() {
                true => any_above.collect(),
                false => expecting,
            };
            for parent in parents {
                self.add(parent, *policy, BTreeSet::from([*policy]), self.depth);
            }
        }
        if policies.contains(&ANY) && any == AnyPolicy::Counts {
            for parent in above {
                for expected in self.nodes[parent].expected.clone() {
                    let has_child = self.at(self.depth).iter().any(|child| {
                        let child = &self.nodes[*child];
                        child.parent == Some(parent) && child.policy == expected
                    });
                    if !has_child {
                        self.add(parent, expected, BTreeSet::from([expected]), self.depth);
                    }
                }
            }
        }
        self.prune();
    }

    fn map(&mut self, pairs: &[(Oid, Oid)], mapping: Mapping) {
        let issuers: BTreeSet<Oid> = pairs.iter().map(|(issuer, _)| *issuer).collect();
        for issuer in issuers {
            let equal = pairs.iter().filter(|(from, _)| *from == issuer);
            let equal: BTreeSet<Oid> = equal.map(|(_, to)| *to).collect();
            let of_policy = |tree: &Self, policy| -> Vec<usize> {
                let nodes = tree.at(tree.depth).into_iter();
                nodes
                    .filter(|index| tree.nodes[*index].policy == policy)
                    .collect()
            };
            let own = of_policy(self, issuer);
            match mapping {
                Mapping::Inhibited => own
                    .into_iter()
                    .for_each(|index| self.nodes[index].deleted = true),
                Mapping::Allowed if own.is_empty() => {
                    if let Some(any_here) = of_policy(self, ANY).first() {
                        let parent = self.nodes[*any_here].parent.unwrap();
                        self.add(parent, issuer, equal, self.depth);
                    }
                }
                Mapping::Allowed => own
                    .into_iter()
                    .for_each(|index| self.nodes[index].expected.clone_from(&equal)),
            }
        }
        self.prune();
    }

    /// Deletes what has no children, from the level above the last up.
    fn prune(&mut self) {
        for depth in (0..self.depth).rev() {
            for index in self.at(depth) {
                let children = self.at(depth + 1);
                let has_children = children
                    .iter()
                    .any(|child| self.nodes[*child].parent == Some(index));
                self.nodes[index].deleted = !has_children;
            }
        }
    }

    fn is_null(&self) -> bool {
        self.at(0).is_empty()
    }

    /// valid_policy_node_set, and anyPolicy where the end entity has it.
    fn valid_policies(&self) -> BTreeSet<Oid> {
        let under_any = self.nodes.iter().filter(|node| {
            !node.deleted
                && node
                    .parent
                    .is_some_and(|parent| self.nodes[parent].policy == ANY)
                && (node.policy != ANY || node.depth == self.depth)
        });
        under_any.map(|node| node.policy).collect()
    }
}

const POOL: [Oid; 4] = [ANY, A, B, C];
