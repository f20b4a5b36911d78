//! A form's template with its includes, as a tree of text, values and blocks.

use crate::form::check::Finding;
use crate::form::check::at;
use crate::form::check::nearest;
use crate::form::error::Place;
use crate::form::template::DEEPEST as DEEPEST_BLOCKS;
use crate::form::template::Files;
use crate::form::template::LONGEST;
use crate::form::template::MAX_DEPTH;

/// A template, read whole.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// The files that it is made of.
    pub(super) files: Vec<String>,
    /// How many branches its blocks have together.
    pub(super) branches: usize,
}

#[derive(Debug)]
pub(super) enum Node {
    Text(String, Spot),
    /// `{{name}}`, `{{day date}}`
    Value(Call, Spot),
    Block(Block),
}

#[derive(Debug)]
pub(super) struct Block {
    pub(super) call: Call,
    pub(super) spot: Spot,
    /// Its number among the branches, and the next one's is that of what stands after `else`.
    pub(super) number: usize,
    pub(super) has_else: bool,
    pub(super) body: Vec<Node>,
    pub(super) otherwise: Vec<Node>,
}

/// A line of one of the files.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    file: usize,
    line: usize,
}

/// A function with its arguments, or a value alone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) arguments: Vec<Argument>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Argument {
    /// A text, a number, `true`.
    Literal(String),
    Path(String),
    Call(Call),
}

impl Tree {
    pub(super) fn place(&self, spot: Spot) -> Place {
        Place {
            file: self.files.get(spot.file).cloned().unwrap_or_default(),
            line: spot.line,
        }
    }

    pub(super) fn finding(&self, spot: Spot, text: String) -> Finding {
        let place = self.place(spot);
        Finding { place, text }
    }
}

impl Spot {
    pub(super) fn below(self, lines: usize) -> Self {
        Self {
            line: self.line + lines,
            ..self
        }
    }
}

/// Reads the template of a form. What is wrong with its tags goes to `faults`; the tree is what can be
/// made of the rest.
pub(super) fn read(form: &str, files: &Files, faults: &mut Vec<Finding>) -> Tree {
    let mut reader = Reader {
        files,
        tree: Tree::default(),
        open: Vec::new(),
        nodes: Vec::new(),
        length: 0,
        faults,
    };
    reader.include(form, None, 0);
    reader.tree.nodes = reader.nodes;
    reader.tree
}

/// A block whose end has not been seen.
struct Open {
    call: Call,
    spot: Spot,
    number: usize,
    /// What stood before it.
    before: Vec<Node>,
    /// What stands before its `else`.
    body: Option<Vec<Node>>,
    /// It goes on behind an `else` and ends with the block around it.
    chained: bool,
}

struct Reader<'f> {
    files: &'f Files,
    tree: Tree,
    open: Vec<Open>,
    nodes: Vec<Node>,
    /// Bytes read so far, those of a file that is included twice counted twice.
    length: usize,
    faults: &'f mut Vec<Finding>,
}

impl Reader<'_> {
    fn include(&mut self, name: &str, from: Option<Spot>, depth: usize) {
        let file_name = format!("{name}.hbs");
        let Some(mut rest) = self.files.get(&file_name).map(String::as_str) else {
            match from {
                None => self.faults.push(at(
                    &file_name,
                    1,
                    "the folder has no such file, and form.toml has a form of that name",
                )),
                Some(spot) => {
                    let files = self
                        .files
                        .keys()
                        .filter_map(|file| file.strip_suffix(".hbs"));
                    let hint = nearest::hint(name, files);
                    let text = format!("the folder has no {file_name} to include{hint}");
                    self.fault(spot, text);
                }
            }
            return;
        };
        let known = self.tree.files.iter().position(|file| *file == file_name);
        let file = known.unwrap_or(self.tree.files.len());
        if known.is_none() {
            self.tree.files.push(file_name);
        }
        let mut spot = Spot { file, line: 1 };
        self.length += rest.len() + 1;
        if depth >= MAX_DEPTH || self.length > LONGEST {
            let text = match depth >= MAX_DEPTH {
                true => format!("templates include one another more than {MAX_DEPTH} deep"),
                false => {
                    format!("with all that it includes, the form has more than {LONGEST} bytes")
                }
            };
            self.fault(from.unwrap_or(spot), text);
            return;
        }
        let outside = self.open.len();
        while let Some((text, tag)) = rest.split_once("{{") {
            self.text(text, spot);
            spot = spot.below(newlines(text));
            let (end, what) = match tag.starts_with("!--") {
                true => ("--}}", "remark"),
                false => ("}}", "tag"),
            };
            let Some((inside, after)) = tag.split_once(end) else {
                self.fault(spot, format!("the {what} has no end: {end}"));
                rest = "";
                break;
            };
            if !inside.starts_with('!') && inside.contains('<') || inside.contains("{{") {
                let inside = inside.lines().next().unwrap_or_default();
                let text = format!("the {what} has no end: {{{{{}", shortened(inside, 40));
                self.fault(spot, text);
                // Reading goes on behind what was meant for its end.
                let skipped = inside.find('<').unwrap_or(inside.len());
                rest = tag.get(skipped..).unwrap_or_default();
                continue;
            }
            self.tag(inside, spot, depth);
            spot = spot.below(newlines(inside));
            // What is told of {{{x}}} is told once.
            rest = match inside.starts_with('{') {
                true => after.strip_prefix('}').unwrap_or(after),
                false => after,
            };
        }
        self.text(rest, spot);
        while self.open.len() > outside {
            self.without_end();
            self.close();
        }
    }

    fn text(&mut self, text: &str, spot: Spot) {
        for (mark, reason) in [
            (
                "<!",
                "the language has no <!: a remark is written {{!-- … --}}",
            ),
            ("<?", "the language has no <?: leave it out"),
            ("{", "a { stands alone: a tag is written {{…}}"),
            ("}", "a } stands alone: a tag is written {{…}}"),
        ] {
            if let Some(found) = text.find(mark) {
                let before = text.get(..found).unwrap_or_default();
                self.fault(spot.below(newlines(before)), reason.to_owned());
            }
        }
        self.nodes.push(Node::Text(text.to_owned(), spot));
    }

    fn tag(&mut self, tag: &str, spot: Spot, depth: usize) {
        let trimmed = tag.trim();
        if let Some(name) = tag.strip_prefix('>') {
            self.include(name.trim(), Some(spot), depth + 1);
        } else if tag.starts_with('!') {
        } else if tag.starts_with(['{', '&']) {
            let name = trimmed.trim_matches(['{', '&', '}', ' ']);
            let text = format!("a value is always printed as it reads: write {{{{{name}}}}}");
            self.fault(spot, text);
        } else if tag.starts_with(['~', '^', '*']) || tag.starts_with("#>") || tag.ends_with('~') {
            self.fault(
                spot,
                format!("the tag {{{{{tag}}}}} is none of this language"),
            );
        } else if let Some(call) = tag.strip_prefix('#') {
            if let Some(call) = self.call(call, spot) {
                self.begin(call, spot, false);
            }
        } else if let Some(name) = tag.strip_prefix('/') {
            self.end(name.trim(), spot);
        } else if trimmed == "else" {
            self.otherwise(spot);
        } else if let Some(call) = trimmed.strip_prefix("else ") {
            if let Some(call) = self.call(call, spot)
                && self.otherwise(spot)
            {
                self.begin(call, spot, true);
            }
        } else if let Some(call) = self.call(tag, spot) {
            self.nodes.push(Node::Value(call, spot));
        }
    }

    fn begin(&mut self, call: Call, spot: Spot, chained: bool) {
        if self.open.len() == DEEPEST_BLOCKS {
            let text = format!("blocks stand more than {DEEPEST_BLOCKS} deep inside one another");
            self.fault(spot, text);
            return;
        }
        self.open.push(Open {
            call,
            spot,
            number: self.tree.branches,
            before: std::mem::take(&mut self.nodes),
            body: None,
            chained,
        });
        self.tree.branches += 2;
    }

    /// Whether the `else` belongs to a block.
    fn otherwise(&mut self, spot: Spot) -> bool {
        match self.open.last_mut() {
            Some(open) if open.body.is_none() && open.spot.file == spot.file => {
                open.body = Some(std::mem::take(&mut self.nodes));
                true
            }
            _ => {
                self.fault(spot, "else belongs to no block".to_owned());
                false
            }
        }
    }

    fn end(&mut self, name: &str, spot: Spot) {
        // Blocks that go on behind an `else` end with the one that they began with.
        let begun = |reader: &Self| {
            let open = reader.open.iter().rev();
            let mut open = open.take_while(|open| open.spot.file == spot.file);
            let first = open.find(|open| !open.chained);
            first.map(|open| (open.call.name.clone(), open.spot.line))
        };
        let in_file = self.open.iter().rev();
        let mut in_file = in_file.take_while(|open| open.spot.file == spot.file);
        let is_open = in_file.any(|open| !open.chained && open.call.name == name);
        match begun(self) {
            Some((begun, _)) if begun == name => self.close(),
            Some((begun, line)) => {
                let text = format!(
                    "{{{{/{name}}}}} stands where {{{{#{begun}}}}} of line {line} is to end"
                );
                self.fault(spot, text);
                if is_open {
                    while self::begun_name(&self.open).is_some_and(|begun| begun != name) {
                        self.close();
                    }
                }
                self.close();
            }
            None => self.fault(spot, format!("{{{{/{name}}}}} ends no block of this file")),
        }
    }

    /// Ends the last block, and what it goes on from.
    fn close(&mut self) {
        while let Some(open) = self.open.pop() {
            let nodes = std::mem::replace(&mut self.nodes, open.before);
            let has_else = open.body.is_some();
            let (body, otherwise) = match open.body {
                Some(body) => (body, nodes),
                None => (nodes, Vec::new()),
            };
            self.nodes.push(Node::Block(Block {
                call: open.call,
                spot: open.spot,
                number: open.number,
                has_else,
                body,
                otherwise,
            }));
            if !open.chained {
                break;
            }
        }
    }

    fn without_end(&mut self) {
        let first = self.open.iter().rev().find(|open| !open.chained);
        if let Some((name, spot)) = first.map(|open| (open.call.name.clone(), open.spot)) {
            self.fault(
                spot,
                format!("{{{{#{name}}}}} has no end in this file: {{{{/{name}}}}}"),
            );
        }
    }

    fn call(&mut self, text: &str, spot: Spot) -> Option<Call> {
        if let Some(mark) = ['"', '\'']
            .iter()
            .find(|mark| text.matches(**mark).count() % 2 == 1)
        {
            self.fault(
                spot,
                format!("the tag {{{{{text}}}}} has one {mark} without its other"),
            );
            return None;
        }
        if text.matches('(').count() != text.matches(')').count() {
            self.fault(
                spot,
                format!("the tag {{{{{text}}}}} has a parenthesis without its other"),
            );
            return None;
        }
        let mut tokens = tokens(text).into_iter().peekable();
        let mut arguments = arguments(&mut tokens, 0).into_iter();
        match arguments.next() {
            Some(Argument::Path(name)) => Some(Call {
                name,
                arguments: arguments.collect(),
            }),
            _ => {
                self.fault(
                    spot,
                    format!("the tag {{{{{text}}}}} names no field and no function"),
                );
                None
            }
        }
    }

    fn fault(&mut self, spot: Spot, text: String) {
        let finding = self.tree.finding(spot, text);
        self.faults.push(finding);
    }
}

/// The name that the end of the last block has.
fn begun_name(open: &[Open]) -> Option<&str> {
    let first = open.iter().rev().find(|open| !open.chained);
    first.map(|open| open.call.name.as_str())
}

fn shortened(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most).map(|(at, _)| at);
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// Words, texts in quotation marks, and parentheses.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_ascii_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '(' | ')' => 1,
            '"' | '\'' => rest
                .char_indices()
                .skip(1)
                .find(|(_, character)| *character == first)
                .map_or(rest.len(), |(at, _)| at + 1),
            _ => rest
                .find(|c: char| c.is_ascii_whitespace() || matches!(c, '(' | ')'))
                .unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token.to_owned());
        rest = after.trim_ascii_start();
    }
    tokens
}

fn arguments(
    tokens: &mut std::iter::Peekable<std::vec::IntoIter<String>>,
    depth: usize,
) -> Vec<Argument> {
    let mut arguments = Vec::new();
    while let Some(token) = tokens.next() {
        match token.as_str() {
            ")" => break,
            "(" if depth < DEEPEST => {
                let mut inside = self::arguments(tokens, depth + 1).into_iter();
                if let Some(Argument::Path(name)) = inside.next() {
                    let arguments_inside = inside.collect();
                    arguments.push(Argument::Call(Call {
                        name,
                        arguments: arguments_inside,
                    }));
                }
            }
            "true" | "false" | "null" => arguments.push(Argument::Literal(token)),
            text if text.starts_with(['"', '\'']) => {
                arguments.push(Argument::Literal(text.trim_matches(['"', '\'']).to_owned()));
            }
            text if text.parse::<f64>().is_ok() => arguments.push(Argument::Literal(token)),
            _ => arguments.push(Argument::Path(token)),
        }
    }
    arguments
}

pub(super) fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// Parentheses inside one another.
const DEEPEST: usize = 8;
