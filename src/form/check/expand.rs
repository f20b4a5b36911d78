//! Every branch of a template is put together once, with stand-ins for the values, and read as the
//! form language.

use std::collections::BTreeMap;

use crate::form::check::Finding;
use crate::form::check::tree::Block;
use crate::form::check::tree::Node;
use crate::form::check::tree::Spot;
use crate::form::check::tree::Tree;
use crate::form::check::tree::newlines;
use crate::form::options::Language;
use crate::form::options::Provenance;
use crate::form::options::Wording;
use crate::form::xml;
use crate::form::xml::Reading;

pub(super) fn check(tree: &Tree, faults: &mut Vec<Finding>) {
    let mut seen = vec![false; tree.branches];
    for _ in 0..MOST_TURNS {
        let before = count(&seen);
        let mut turn = Turn {
            seen: &mut seen,
            chosen: BTreeMap::new(),
            text: String::new(),
            starts: Vec::new(),
        };
        turn.nodes(&tree.nodes, 0);
        let Turn { text, starts, .. } = turn;
        let reading = Reading {
            language: Language::KkRu,
            wording: Wording::Verbatim,
            provenance: Provenance::Hidden,
            regulation: &[],
        };
        for fault in xml::parse(&text, reading).err().into_iter().flatten() {
            let spot = spot_at(&text, &starts, fault.at);
            faults.extend(spot.map(|spot| tree.finding(spot, fault.fault.to_string())));
        }
        if count(&seen) == before {
            break;
        }
    }
}

/// Where a byte of the text comes from.
fn spot_at(text: &str, starts: &[(usize, Spot)], byte: usize) -> Option<Spot> {
    let after = starts.partition_point(|(at, _)| *at <= byte);
    let (at, spot) = starts.get(after.checked_sub(1)?)?;
    Some(spot.below(newlines(text.get(*at..byte).unwrap_or_default())))
}

fn count(seen: &[bool]) -> usize {
    seen.iter().filter(|seen| **seen).count()
}

/// One way through the template.
struct Turn<'t> {
    /// The branches taken so far, in all turns.
    seen: &'t mut Vec<bool>,
    /// One condition is answered alike all through a turn.
    chosen: BTreeMap<String, bool>,
    text: String,
    starts: Vec<(usize, Spot)>,
}

impl Turn<'_> {
    fn nodes(&mut self, nodes: &[Node], depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for node in nodes {
            match node {
                Node::Text(text, spot) => {
                    self.starts.push((self.text.len(), *spot));
                    self.text.push_str(text);
                }
                Node::Value(_, spot) => {
                    let value = stand_in(&self.text);
                    self.starts.push((self.text.len(), *spot));
                    self.text.push_str(value);
                }
                Node::Block(block) => {
                    let number = block.number;
                    let (branch, nodes) = match self.choose(block) {
                        true => (number, &block.body),
                        false => (number + 1, &block.otherwise),
                    };
                    if let Some(seen) = self.seen.get_mut(branch) {
                        *seen = true;
                    }
                    self.nodes(nodes, depth + 1);
                }
            }
        }
    }

    /// Whether the body is taken: that branch in which there is more to see.
    fn choose(&mut self, block: &Block) -> bool {
        let is_unless = block.call.name == "unless";
        let key = format!("{:?}", block.call.arguments);
        if let Some(answer) = self.chosen.get(&key) {
            // A list that is filled is so everywhere.
            return *answer != is_unless;
        }
        let body = self.has_unseen(block.number, &block.body, 0);
        let otherwise =
            !block.otherwise.is_empty() && self.has_unseen(block.number + 1, &block.otherwise, 0);
        let body = body || !otherwise;
        self.chosen.insert(key, body != is_unless);
        body
    }

    fn has_unseen(&self, branch: usize, nodes: &[Node], depth: usize) -> bool {
        let is_seen = self.seen.get(branch).copied().unwrap_or(true);
        !is_seen
            || depth < DEEPEST
                && nodes.iter().any(|node| match node {
                    Node::Text(..) | Node::Value(..) => false,
                    Node::Block(block) => {
                        self.has_unseen(block.number, &block.body, depth + 1)
                            || !block.otherwise.is_empty()
                                && self.has_unseen(block.number + 1, &block.otherwise, depth + 1)
                    }
                })
    }
}

/// What stands for a value behind this text: some word, or what the attribute takes.
fn stand_in(before: &str) -> &'static str {
    let tag = before.rfind('<').unwrap_or_default();
    let tag = before.get(tag..).unwrap_or_default();
    if tag.contains('>') {
        return "x";
    }
    let attribute = tag.rsplit_once('=').map_or("", |(name, _)| name);
    let name = attribute.rsplit(|c: char| c.is_ascii_whitespace()).next();
    match name.unwrap_or_default() {
        "orientation" => "portrait",
        "src" => "P",
        _ => "1",
    }
}

/// Ways through one template: each of them takes a branch that none before took.
const MOST_TURNS: usize = 500;
/// Blocks inside one another.
const DEEPEST: usize = 50;
