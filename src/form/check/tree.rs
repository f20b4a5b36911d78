//! A form's template with its includes, as a tree of text, values and blocks.

use crate::form::check::Finding;
use crate::form::check::at;
use crate::form::error::Place;
use crate::form::template::Files;

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

/// Reads the template of a form; it has been found to compile.
pub(super) fn read(form: &str, files: &Files) -> Result<Tree, Finding> {
    let mut reader = Reader {
        files,
        tree: Tree::default(),
        open: Vec::new(),
        nodes: Vec::new(),
    };
    reader.include(form, 0)?;
    if let Some(open) = reader.open.pop() {
        let text = format!("the block {} has no end", open.call.name);
        return Err(reader.tree.finding(open.spot, text));
    }
    reader.tree.nodes = reader.nodes;
    Ok(reader.tree)
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
}

impl Reader<'_> {
    fn include(&mut self, name: &str, depth: usize) -> Result<(), Finding> {
        let name = format!("{name}.hbs");
        let Some(mut rest) = self.files.get(&name).map(String::as_str) else {
            return Err(at(&name, 1, "there is no such template"));
        };
        let known = self.tree.files.iter().position(|file| *file == name);
        let file = known.unwrap_or(self.tree.files.len());
        if known.is_none() {
            self.tree.files.push(name);
        }
        let mut spot = Spot { file, line: 1 };
        while let Some((text, tag)) = rest.split_once("{{") {
            self.nodes.push(Node::Text(text.to_owned(), spot));
            spot = spot.below(newlines(text));
            let end = match tag.starts_with("!--") {
                true => "--}}",
                false => "}}",
            };
            let (tag, after) = tag.split_once(end).unwrap_or((tag, ""));
            self.tag(tag.trim(), spot, depth)?;
            spot = spot.below(newlines(tag));
            rest = after;
        }
        self.nodes.push(Node::Text(rest.to_owned(), spot));
        Ok(())
    }

    fn tag(&mut self, tag: &str, spot: Spot, depth: usize) -> Result<(), Finding> {
        if tag.starts_with('!') {
            return Ok(());
        }
        if let Some(name) = tag.strip_prefix('>') {
            return match depth < DEEPEST {
                true => self.include(name.trim(), depth + 1),
                false => Err(self
                    .tree
                    .finding(spot, "templates include each other".to_owned())),
            };
        }
        if let Some(call) = tag.strip_prefix('#') {
            let call = self.call(call, spot)?;
            self.begin(call, spot, false);
        } else if tag.starts_with('/') {
            self.end(spot)?;
        } else if tag == "else" {
            self.otherwise(spot)?;
        } else if let Some(call) = tag.strip_prefix("else ") {
            let call = self.call(call, spot)?;
            self.otherwise(spot)?;
            self.begin(call, spot, true);
        } else {
            let call = self.call(tag, spot)?;
            self.nodes.push(Node::Value(call, spot));
        }
        Ok(())
    }

    fn begin(&mut self, call: Call, spot: Spot, chained: bool) {
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

    fn otherwise(&mut self, spot: Spot) -> Result<(), Finding> {
        let nodes = std::mem::take(&mut self.nodes);
        match self.open.last_mut() {
            Some(open) if open.body.is_none() => {
                open.body = Some(nodes);
                Ok(())
            }
            _ => Err(self
                .tree
                .finding(spot, "else belongs to no block".to_owned())),
        }
    }

    fn end(&mut self, spot: Spot) -> Result<(), Finding> {
        loop {
            let Some(open) = self.open.pop() else {
                let text = "the end belongs to no block".to_owned();
                return Err(self.tree.finding(spot, text));
            };
            let nodes = std::mem::replace(&mut self.nodes, open.before);
            let (body, otherwise) = match open.body {
                Some(body) => (body, nodes),
                None => (nodes, Vec::new()),
            };
            self.nodes.push(Node::Block(Block {
                call: open.call,
                spot: open.spot,
                number: open.number,
                body,
                otherwise,
            }));
            if !open.chained {
                return Ok(());
            }
        }
    }

    fn call(&self, text: &str, spot: Spot) -> Result<Call, Finding> {
        let mut tokens = tokens(text).into_iter().peekable();
        let mut arguments = arguments(&mut tokens, 0).into_iter();
        match arguments.next() {
            Some(Argument::Path(name) | Argument::Literal(name)) => Ok(Call {
                name,
                arguments: arguments.collect(),
            }),
            _ => Err(self
                .tree
                .finding(spot, format!("the tag {text:?} says nothing"))),
        }
    }
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

/// Templates and parentheses inside one another.
const DEEPEST: usize = 8;
