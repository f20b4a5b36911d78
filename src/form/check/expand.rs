//! Every branch of a template is put together once, with stand-ins for the values, and read as the
//! form language.

use std::collections::BTreeMap;

use crate::form::check::Finding;
use crate::form::check::tree::Argument;
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
    let mut ways = Ways::default();
    ways.nodes(&tree.nodes, 0);
    let mut seen = vec![false; tree.branches];
    // What is true of documents that have all comes first, then what they lack one by one.
    turn(tree, BTreeMap::new(), &mut seen, faults);
    for way in ways.found.into_iter().take(MOST_TURNS) {
        if seen.get(way.branch) == Some(&false) {
            turn(tree, way.answers, &mut seen, faults);
        }
    }
}

/// Reads the template where some conditions are answered.
fn turn(
    tree: &Tree,
    answers: BTreeMap<String, bool>,
    seen: &mut [bool],
    faults: &mut Vec<Finding>,
) {
    let mut turn = Turn {
        seen,
        answers,
        scopes: Scopes::default(),
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
}

/// Where a byte of the text comes from.
fn spot_at(text: &str, starts: &[(usize, Spot)], byte: usize) -> Option<Spot> {
    let after = starts.partition_point(|(at, _)| *at <= byte);
    let (at, spot) = starts.get(after.checked_sub(1)?)?;
    Some(spot.below(newlines(text.get(*at..byte).unwrap_or_default())))
}

/// A branch, and what has to be so that it is taken.
struct Way {
    branch: usize,
    answers: BTreeMap<String, bool>,
}

/// The ways to all branches of a template.
#[derive(Default)]
struct Ways {
    found: Vec<Way>,
    scopes: Scopes,
    /// The answers on the way to where it is.
    answers: BTreeMap<String, bool>,
}

impl Ways {
    fn nodes(&mut self, nodes: &[Node], depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for node in nodes {
            let Node::Block(block) = node else { continue };
            let key = self.scopes.key_of(block);
            self.branch(block, true, &key, depth);
            // A list with nothing in it is no document: the data has at least one.
            if !block.otherwise.is_empty() || block.call.name != "each" {
                self.branch(block, false, &key, depth);
            }
        }
    }

    fn branch(&mut self, block: &Block, is_body: bool, key: &str, depth: usize) {
        let (branch, nodes) = match is_body {
            true => (block.number, &block.body),
            false => (block.number + 1, &block.otherwise),
        };
        let answer = is_body != (block.call.name == "unless");
        // Where the same was asked before, with another answer, nobody comes.
        if self.answers.get(key) == Some(&!answer) {
            return;
        }
        let before = self.answers.clone();
        self.answers.insert(key.to_owned(), answer);
        self.found.push(Way {
            branch,
            answers: self.answers.clone(),
        });
        let is_scope = is_body && self.scopes.enter(block);
        self.nodes(nodes, depth + 1);
        if is_scope {
            self.scopes.leave();
        }
        self.answers = before;
    }
}

/// What the names in each block around are members of.
struct Scopes(Vec<String>);

impl Default for Scopes {
    fn default() -> Self {
        Self(vec![String::new()])
    }
}

impl Scopes {
    /// Whether the block has names of its own.
    fn enter(&mut self, block: &Block) -> bool {
        let is_scope = matches!(block.call.name.as_str(), "each" | "with");
        if is_scope {
            let scope = match block.call.arguments.first() {
                Some(Argument::Path(path)) => self.place(path),
                _ => block.number.to_string(),
            };
            self.0.push(scope);
        }
        is_scope
    }

    fn leave(&mut self) {
        self.0.pop();
    }

    /// A name as it reads at the top of the form.
    fn place(&self, path: &str) -> String {
        let mut rest = path;
        let mut up = 0;
        while let Some(outer) = rest.strip_prefix("../") {
            up += 1;
            rest = outer;
        }
        let at = self.0.len().saturating_sub(up + 1);
        let scope = self.0.get(at).map_or("", String::as_str);
        match rest.strip_prefix("@root") {
            Some(rest) => format!("/{}", rest.trim_start_matches(['.', '/'])),
            None => format!("{scope}/{rest}"),
        }
    }

    /// What a block asks for.
    fn key_of(&self, block: &Block) -> String {
        let arguments = block.call.arguments.iter();
        let keys: Vec<_> = arguments.map(|argument| self.key(argument, 0)).collect();
        keys.join(" ")
    }

    fn key(&self, argument: &Argument, depth: usize) -> String {
        match argument {
            Argument::Literal(text) => format!("{text:?}"),
            Argument::Path(path) => self.place(path),
            Argument::Call(call) if depth < DEEPEST => {
                let arguments = call.arguments.iter();
                let keys: Vec<_> = arguments
                    .map(|argument| self.key(argument, depth + 1))
                    .collect();
                format!("({} {})", call.name, keys.join(" "))
            }
            Argument::Call(_) => String::new(),
        }
    }
}

/// One way through the template.
struct Turn<'t> {
    /// The branches taken so far, in all turns.
    seen: &'t mut [bool],
    /// One condition is answered alike all through a turn.
    answers: BTreeMap<String, bool>,
    scopes: Scopes,
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
                Node::Block(block) => self.block(block, depth),
            }
        }
    }

    fn block(&mut self, block: &Block, depth: usize) {
        let key = self.scopes.key_of(block);
        let answer = self.answer(&key);
        let (branch, nodes) = match answer != (block.call.name == "unless") {
            true => (block.number, &block.body),
            false => (block.number + 1, &block.otherwise),
        };
        if let Some(seen) = self.seen.get_mut(branch) {
            *seen = true;
        }
        let is_scope = branch == block.number && self.scopes.enter(block);
        self.nodes(nodes, depth + 1);
        if is_scope {
            self.scopes.leave();
        }
    }

    /// What is not answered is there; a document is of one medium.
    fn answer(&self, key: &str) -> bool {
        let given = |key: &str| self.answers.get(key).copied();
        let is_other = |keys: &[&str]| keys.iter().any(|key| given(key) == Some(true));
        given(key).unwrap_or_else(|| match key {
            ELECTRONIC => !is_other(&[DRAFT, PAPER]),
            PAPER => given(ELECTRONIC) == Some(false) && !is_other(&[DRAFT]),
            DRAFT => {
                let is_none = given(ELECTRONIC) == Some(false) && given(PAPER) == Some(false);
                is_none && !is_other(&[ELECTRONIC])
            }
            _ => true,
        })
    }
}

const DRAFT: &str = "/draft";
const ELECTRONIC: &str = "/electronic";
const PAPER: &str = "/paper";

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
