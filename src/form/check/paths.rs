//! Every name that a template asks for is held against the fields of the form: the engine takes a
//! misspelt one in a condition for false without a word.

use crate::form::check::Finding;
use crate::form::check::schema::Schema;
use crate::form::check::tree::Argument;
use crate::form::check::tree::Block;
use crate::form::check::tree::Call;
use crate::form::check::tree::Node;
use crate::form::check::tree::Spot;
use crate::form::check::tree::Tree;
use crate::form::helpers;
use crate::form::settings::Settings;

pub(super) fn check(tree: &Tree, schema: &Schema, settings: &Settings, faults: &mut Vec<Finding>) {
    let mut walk = Walk {
        tree,
        settings,
        scopes: vec![Scope {
            schema: Some(schema),
            is_list: false,
        }],
        faults,
    };
    walk.nodes(&tree.nodes, 0);
}

/// What the names in a block are members of; `None` below a name that is not known.
#[derive(Clone, Copy)]
struct Scope<'s> {
    schema: Option<&'s Schema>,
    /// It is an element, which has a number.
    is_list: bool,
}

struct Walk<'w> {
    tree: &'w Tree,
    settings: &'w Settings,
    scopes: Vec<Scope<'w>>,
    faults: &'w mut Vec<Finding>,
}

impl<'w> Walk<'w> {
    fn nodes(&mut self, nodes: &[Node], depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for node in nodes {
            match node {
                Node::Text(..) => {}
                Node::Value(call, spot) => {
                    let printed = self.call(call, *spot);
                    if printed.is_some_and(|schema| !schema.is_value()) {
                        self.fault(*spot, format!("{} is not one value", call.name));
                    }
                }
                Node::Block(block) => self.block(block, depth),
            }
        }
    }

    fn block(&mut self, block: &Block, depth: usize) {
        let name = block.call.name.as_str();
        let subject = match block.call.arguments.as_slice() {
            [subject] => self.argument(subject, block.spot),
            _ => {
                self.fault(block.spot, format!("{name} takes one argument"));
                None
            }
        };
        let inner = match name {
            "each" => {
                let each = subject.and_then(Schema::each);
                if subject.is_some() && each.is_none() {
                    self.fault(block.spot, "each takes a list".to_owned());
                }
                Some(Scope {
                    schema: each,
                    is_list: true,
                })
            }
            "with" => Some(Scope {
                schema: subject,
                is_list: false,
            }),
            "if" | "unless" => None,
            _ => {
                self.fault(block.spot, format!("there is no block {name}"));
                None
            }
        };
        self.scopes.extend(inner);
        self.nodes(&block.body, depth + 1);
        if inner.is_some() {
            self.scopes.pop();
        }
        self.nodes(&block.otherwise, depth + 1);
    }

    /// A value alone, or a function of values.
    fn call(&mut self, call: &Call, spot: Spot) -> Option<&'w Schema> {
        if !helpers::NAMES.contains(&call.name.as_str()) {
            if !call.arguments.is_empty() {
                self.fault(spot, format!("there is no function {}", call.name));
            }
            return self.path(&call.name, spot);
        }
        for argument in &call.arguments {
            self.argument(argument, spot);
        }
        if let ("word_kk" | "word_ru", [Argument::Literal(group), _]) =
            (call.name.as_str(), call.arguments.as_slice())
            && !self.settings.words.contains_key(group)
        {
            self.fault(spot, format!("form.toml has no words.{group}"));
        }
        None
    }

    fn argument(&mut self, argument: &Argument, spot: Spot) -> Option<&'w Schema> {
        match argument {
            Argument::Literal(_) => None,
            Argument::Path(path) => self.path(path, spot),
            Argument::Call(call) => {
                if !helpers::NAMES.contains(&call.name.as_str()) {
                    self.fault(spot, format!("there is no function {}", call.name));
                }
                self.call(call, spot)
            }
        }
    }

    fn path(&mut self, path: &str, spot: Spot) -> Option<&'w Schema> {
        let mut rest = path;
        let mut up = 0;
        while let Some(outer) = rest.strip_prefix("../") {
            up += 1;
            rest = outer;
        }
        let at = self.scopes.len().checked_sub(up + 1);
        let Some(mut scope) = at.and_then(|at| self.scopes.get(at)).copied() else {
            self.fault(spot, format!("{path} goes out of the form"));
            return None;
        };
        if let Some(rest_of_root) = rest.strip_prefix("@root") {
            scope = *self.scopes.first()?;
            rest = rest_of_root.trim_start_matches(['.', '/']);
        }
        if let Some(local) = rest.strip_prefix('@') {
            let known = matches!(local, "first" | "index" | "key" | "last");
            if !known || !self.scopes.iter().any(|scope| scope.is_list) {
                self.fault(spot, format!("there is no {path} here"));
            }
            return None;
        }
        let mut place = scope.schema?;
        let steps = rest
            .split(['.', '/'])
            .filter(|step| !matches!(*step, "" | "this"));
        for step in steps {
            match place.member(step) {
                Some(member) => place = member,
                None => {
                    self.fault(spot, format!("the form has no field {path}"));
                    return None;
                }
            }
        }
        Some(place)
    }

    fn fault(&mut self, spot: Spot, text: String) {
        self.faults.push(self.tree.finding(spot, text));
    }
}

/// Blocks inside one another.
const DEEPEST: usize = 50;
