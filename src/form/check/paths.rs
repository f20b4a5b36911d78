//! Every name that a template asks for is held against the fields of the form: the engine takes a
//! misspelt one in a condition for false without a word, and finds that a field is missing only when
//! a document comes that lacks it.

use std::collections::BTreeSet;

use crate::form::check::Finding;
use crate::form::check::facts::Facts;
use crate::form::check::nearest;
use crate::form::check::schema::Schema;
use crate::form::check::tree::Argument;
use crate::form::check::tree::Block;
use crate::form::check::tree::Call;
use crate::form::check::tree::Node;
use crate::form::check::tree::Spot;
use crate::form::check::tree::Tree;
use crate::form::helpers;
use crate::form::settings::Settings;

/// Finds the names that are none, and the fields that a document may lack where they are printed.
pub(super) fn check(
    form: &str,
    tree: &Tree,
    schema: &Schema,
    settings: &Settings,
    faults: &mut Vec<Finding>,
) -> BTreeSet<String> {
    // Nor where a block has no end.
    let knows_facts = faults.is_empty();
    let mut facts = Facts::default();
    facts.settle("", schema);
    let mut walk = Walk {
        form,
        tree,
        settings,
        scopes: vec![Scope {
            schema: Some(schema),
            place: String::new(),
            is_list: false,
        }],
        facts,
        in_tag: false,
        knows_facts,
        used: BTreeSet::new(),
        faults,
    };
    walk.nodes(&tree.nodes, 0);
    walk.used
}

/// What the names in a block are members of; no schema below a name that is not known.
#[derive(Clone)]
struct Scope<'s> {
    schema: Option<&'s Schema>,
    /// Where it stands in the data; an element of a list has the number of its block.
    place: String,
    /// It is an element, which has a number.
    is_list: bool,
}

/// A field and where it stands.
#[derive(Clone)]
struct Found<'s> {
    schema: &'s Schema,
    place: String,
}

/// Whether something is needed, or only asked for.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    Asked,
    Needed,
}

struct Walk<'w> {
    form: &'w str,
    tree: &'w Tree,
    settings: &'w Settings,
    scopes: Vec<Scope<'w>>,
    facts: Facts,
    /// Between `<` and `>`.
    in_tag: bool,
    /// Where a condition is wrong, nobody knows what holds in its branches.
    knows_facts: bool,
    used: BTreeSet<String>,
    faults: &'w mut Vec<Finding>,
}

impl<'w> Walk<'w> {
    fn nodes(&mut self, nodes: &[Node], depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for node in nodes {
            match node {
                Node::Text(text, _) => {
                    if let Some(last) = text.rfind(['<', '>']) {
                        self.in_tag = text[last..].starts_with('<');
                    }
                }
                Node::Value(call, spot) => self.value(call, *spot),
                Node::Block(block) => self.block(block, depth),
            }
        }
    }

    fn value(&mut self, call: &Call, spot: Spot) {
        if matches!(call.name.as_str(), "each" | "if" | "unless" | "with") {
            let name = &call.name;
            let text = format!("{name} begins a block: write {{{{#{name} …}}}} … {{{{/{name}}}}}");
            self.fault(spot, text);
            return;
        }
        let printed = self.call(call, spot, Use::Needed);
        if let Some(found) = &printed {
            let mut parts = found.schema.members().map(|(name, _)| name).peekable();
            let has_no_parts = parts.peek().is_none();
            let is_whole = |name| self.facts.is_absent(&format!("{}/{name}", found.place));
            // A date or words: where it is no words, it is a date.
            let is_printed = found.schema.is_value() && (has_no_parts || parts.any(is_whole));
            if !is_printed {
                let name = &call.name;
                let parts: Vec<_> = found.schema.members().map(|(name, _)| name).collect();
                let hint = match (found.schema.each().is_some(), parts.is_empty()) {
                    (true, _) => {
                        format!(": go through it with {{{{#each {name}}}}} … {{{{/each}}}}")
                    }
                    (_, false) => format!(": it has {}", with_prefix(name, &parts)),
                    _ => String::new(),
                };
                self.fault(spot, format!("{name} is not one value{hint}"));
            }
        }
        let is_function = helpers::FUNCTIONS
            .iter()
            .any(|known| known.name == call.name);
        let is_own = match &printed {
            Some(found) => found.schema.is_of_edition(),
            None if is_function => call.name == "percent",
            // A name that is none is told already.
            None => !call.name.ends_with("@key"),
        };
        if self.in_tag && !is_own {
            let text = format!(
                "the value {} stands in an attribute, where only figures of the edition may stand",
                call.name
            );
            self.fault(spot, text);
        }
    }

    fn block(&mut self, block: &Block, depth: usize) {
        let name = block.call.name.as_str();
        let is_list = match name {
            "each" => true,
            "with" => false,
            "if" | "unless" => return self.condition(block, depth),
            _ => {
                let text =
                    format!("there is no block {name}: blocks are each, if, unless and with");
                self.fault(block.spot, text);
                self.nodes(&block.body, depth + 1);
                self.nodes(&block.otherwise, depth + 1);
                return;
            }
        };
        // What is missing is empty where there is an `else`, and a fault where there is none.
        let usage = match block.has_else {
            true => Use::Asked,
            false => Use::Needed,
        };
        let subject = self.only_argument(block, usage);
        let before = self.facts.clone();
        let mut scope = Scope {
            schema: None,
            place: format!("?{}", block.number),
            is_list,
        };
        if let Some(found) = subject {
            self.facts.set_present(&found.place);
            scope = Scope {
                schema: Some(found.schema),
                place: found.place.clone(),
                is_list,
            };
            if is_list {
                scope.schema = found.schema.each();
                scope.place = format!("{}/*{}", found.place, block.number);
                self.facts.set_present(&scope.place);
                if scope.schema.is_none() {
                    let text = format!("each takes a list, which {} is not", argument_text(block));
                    self.fault(block.spot, text);
                }
            }
        }
        self.scopes.push(scope);
        self.settle();
        self.nodes(&block.body, depth + 1);
        self.scopes.pop();
        self.facts = before;
        self.nodes(&block.otherwise, depth + 1);
    }

    fn condition(&mut self, block: &Block, depth: usize) {
        let (faults, knew_facts) = (self.faults.len(), self.knows_facts);
        self.only_argument(block, Use::Asked);
        self.knows_facts &= self.faults.len() == faults;
        let before = self.facts.clone();
        let is_true = block.call.name == "if";
        for (branch, nodes) in [(is_true, &block.body), (!is_true, &block.otherwise)] {
            if let Some(argument) = block.call.arguments.first() {
                self.facts = self.assumed(&before, argument, branch, 0);
                self.settle();
            }
            self.nodes(nodes, depth + 1);
        }
        self.facts = before;
        self.knows_facts = knew_facts;
    }

    fn only_argument(&mut self, block: &Block, usage: Use) -> Option<Found<'w>> {
        match block.call.arguments.as_slice() {
            [subject] => self.argument(subject, block.spot, usage),
            _ => {
                let name = &block.call.name;
                self.fault(block.spot, format!("{name} takes one value"));
                None
            }
        }
    }

    fn settle(&mut self) {
        for scope in &self.scopes {
            if let Some(schema) = scope.schema {
                self.facts.settle(&scope.place, schema);
            }
        }
    }

    /// What is known where a condition is true, or where it is not.
    fn assumed(&self, facts: &Facts, argument: &Argument, truth: bool, depth: usize) -> Facts {
        let mut assumed = facts.clone();
        match argument {
            Argument::Path(path) => {
                let Some(found) = self.find(path).ok().flatten() else {
                    return assumed;
                };
                match (truth, found.schema.is_switch()) {
                    (true, false) => assumed.set_present(&found.place),
                    (true, true) => assumed.set_equal(&found.place, "true"),
                    (false, true) => assumed.set_different(&found.place, "true"),
                    (false, false) => assumed.set_absent(&found.place),
                }
            }
            Argument::Call(call) if depth < DEEPEST => {
                let all = |truth| {
                    let arguments = call.arguments.iter();
                    arguments.fold(facts.clone(), |facts, argument| {
                        self.assumed(&facts, argument, truth, depth + 1)
                    })
                };
                let any = |truth| {
                    let arguments = call.arguments.iter();
                    let each = arguments.map(|argument| {
                        let mut facts = self.assumed(facts, argument, truth, depth + 1);
                        for scope in &self.scopes {
                            if let Some(schema) = scope.schema {
                                facts.settle(&scope.place, schema);
                            }
                        }
                        facts
                    });
                    each.reduce(|facts, other| facts.common(&other))
                };
                match (call.name.as_str(), truth) {
                    ("and", true) | ("or", false) => assumed = all(truth),
                    ("and", false) | ("or", true) => {
                        assumed = any(truth).unwrap_or(assumed);
                    }
                    ("not", _) => assumed = all(!truth),
                    ("len", true) => assumed = all(true),
                    ("eq" | "ne", _) => {
                        if let Some((found, value)) = self.compared(call) {
                            match (call.name == "eq") == truth {
                                true => assumed.set_equal(&found.place, value),
                                false => assumed.set_different(&found.place, value),
                            }
                        }
                    }
                    _ => {}
                }
            }
            Argument::Call(_) | Argument::Literal(_) => {}
        }
        assumed
    }

    /// The field and the word that `eq` or `ne` compares.
    fn compared<'c>(&self, call: &'c Call) -> Option<(Found<'w>, &'c str)> {
        match call.arguments.as_slice() {
            [Argument::Path(path), Argument::Literal(value)]
            | [Argument::Literal(value), Argument::Path(path)] => {
                Some((self.find(path).ok().flatten()?, value))
            }
            _ => None,
        }
    }

    /// A value alone, or a function of values.
    fn call(&mut self, call: &Call, spot: Spot, usage: Use) -> Option<Found<'w>> {
        let name = call.name.as_str();
        let Some(function) = helpers::FUNCTIONS.iter().find(|known| known.name == name) else {
            if !call.arguments.is_empty() {
                let names = helpers::FUNCTIONS.iter().map(|known| known.name);
                let hint = nearest::hint(name, names);
                self.fault(spot, format!("there is no function {name}{hint}"));
                return None;
            }
            return self.path(name, spot, usage);
        };
        let count = call.arguments.len();
        if !function.arguments.contains(&count) {
            let (least, most) = (function.arguments.start(), function.arguments.end());
            let wanted = match (least == most, least) {
                (true, 1) => "one value".to_owned(),
                (true, count) => format!("{count} values"),
                (false, least) => format!("{least} values or more"),
            };
            self.fault(spot, format!("{name} takes {wanted} and has {count}"));
        }
        let usage = match function.may_lack {
            true => Use::Asked,
            false => Use::Needed,
        };
        let mut found = Vec::with_capacity(count);
        for argument in &call.arguments {
            found.push(self.argument(argument, spot, usage));
        }
        match (name, call.arguments.as_slice()) {
            ("word_kk" | "word_ru", [Argument::Literal(group), _]) => {
                let of = found.into_iter().nth(1).flatten();
                self.words(group, of.as_ref(), spot);
            }
            ("eq" | "ne", _) => {
                if let Some((found, value)) = self.compared(call) {
                    self.is_a_value(&found, value, spot);
                }
            }
            ("count" | "percent", [_, Argument::Literal(field), value]) => {
                let list = found.into_iter().next().flatten();
                self.counted(list.as_ref(), field, value, spot);
            }
            _ => {}
        }
        None
    }

    /// Every value of the field has a word.
    fn words(&mut self, group: &str, of: Option<&Found<'_>>, spot: Spot) {
        let Some(words) = self.settings.words.get(group) else {
            let groups = self.settings.words.keys().map(String::as_str);
            let hint = nearest::hint(group, groups);
            self.fault(spot, format!("form.toml has no words.{group}{hint}"));
            return;
        };
        let Some(of) = of else { return };
        let pointer = without_numbers(&of.place);
        let listed = self.settings.forms.get(self.form);
        let listed = listed.and_then(|form| form.values.get(&pointer));
        let missing: Vec<&str> = of
            .schema
            .values()
            .iter()
            .filter(|value| listed.is_none_or(|listed| listed.contains(value)))
            .filter(|_| self.knows_facts)
            .filter(|value| self.facts.may_be(&of.place, value) && !words.contains_key(*value))
            .map(String::as_str)
            .collect();
        if !missing.is_empty() {
            let text = format!(
                "words.{group} of form.toml has no word for {}, which {} may be",
                missing.join(", "),
                pointer.rsplit('/').next().unwrap_or_default()
            );
            self.fault(spot, text);
        }
    }

    fn is_a_value(&mut self, found: &Found<'_>, value: &str, spot: Spot) {
        let values = found.schema.values();
        if !values.is_empty() && !values.iter().any(|known| known == value) {
            let text = format!(
                "{} is never {value:?}: it is one of {}",
                without_numbers(&found.place),
                values.join(", ")
            );
            self.fault(spot, text);
        }
    }

    /// The field of the elements that are counted, and its value.
    fn counted(&mut self, list: Option<&Found<'_>>, field: &str, value: &Argument, spot: Spot) {
        let Some(list) = list else { return };
        let Some(each) = list.schema.each() else {
            let place = without_numbers(&list.place);
            self.fault(spot, format!("{place} is no list that can be counted"));
            return;
        };
        match each.member(field) {
            None => {
                let hint = nearest::hint(field, each.members().map(|(name, _)| name));
                let place = without_numbers(&list.place);
                self.fault(spot, format!("{place} has no field {field}{hint}"));
            }
            Some(schema) => {
                let place = format!("{}/*/{field}", list.place);
                self.used.insert(without_numbers(&place));
                if let Argument::Literal(value) = value {
                    self.is_a_value(&Found { schema, place }, value, spot);
                }
            }
        }
    }

    fn argument(&mut self, argument: &Argument, spot: Spot, usage: Use) -> Option<Found<'w>> {
        match argument {
            Argument::Literal(_) => None,
            Argument::Path(path) => self.path(path, spot, usage),
            Argument::Call(call) => {
                if !helpers::FUNCTIONS
                    .iter()
                    .any(|known| known.name == call.name)
                {
                    let names = helpers::FUNCTIONS.iter().map(|known| known.name);
                    let hint = nearest::hint(&call.name, names);
                    self.fault(spot, format!("there is no function {}{hint}", call.name));
                    return None;
                }
                self.call(call, spot, usage)
            }
        }
    }

    fn path(&mut self, path: &str, spot: Spot, usage: Use) -> Option<Found<'w>> {
        match self.find(path) {
            Err(text) => {
                self.fault(spot, text);
                None
            }
            Ok(None) => None,
            Ok(Some(found)) => {
                self.used.insert(without_numbers(&found.place));
                if usage == Use::Needed && self.knows_facts && !found.schema.is_unknown() {
                    self.needs(path, &found, spot);
                }
                Some(found)
            }
        }
    }

    /// A document without the field would not be made.
    fn needs(&mut self, path: &str, found: &Found<'_>, spot: Spot) {
        let steps: Vec<usize> = found.place.match_indices('/').map(|(at, _)| at).collect();
        let ends = steps.into_iter().skip(1).chain([found.place.len()]);
        let mut places = ends.filter_map(|end| found.place.get(..end));
        let missing = places.find(|place| !place.is_empty() && !self.facts.is_present(place));
        if let Some(missing) = missing {
            // As much of the name as names the part that may be missing.
            let more = found.place.matches('/').count() - missing.matches('/').count();
            let mut guard = path;
            for _ in 0..more {
                guard = guard.rsplit_once('.').map_or(guard, |(front, _)| front);
            }
            let text = format!(
                "a document may lack {guard}: put {{{{#if {guard}}}}} … {{{{/if}}}} around it"
            );
            self.fault(spot, text);
        }
    }

    /// The field of a name; none for what has no place in the data, or is below what is not known.
    fn find(&self, path: &str) -> Result<Option<Found<'w>>, String> {
        let mut rest = path;
        let mut up = 0;
        while let Some(outer) = rest.strip_prefix("../") {
            up += 1;
            rest = outer;
        }
        let at = self.scopes.len().checked_sub(up + 1);
        let Some(mut scope) = at.and_then(|at| self.scopes.get(at)) else {
            return Err(format!(
                "{path} goes out of the form: there is no block around it"
            ));
        };
        if let Some(rest_of_root) = rest.strip_prefix("@root") {
            let Some(root) = self.scopes.first() else {
                return Ok(None);
            };
            scope = root;
            rest = rest_of_root.trim_start_matches(['.', '/']);
        }
        if let Some(local) = rest.strip_prefix('@') {
            let known = matches!(local, "first" | "index" | "key" | "last");
            return match known && self.scopes.iter().any(|scope| scope.is_list) {
                true => Ok(None),
                false => Err(format!(
                    "there is no {path} here: it is known inside of each"
                )),
            };
        }
        let Some(mut schema) = scope.schema else {
            return Ok(None);
        };
        let mut place = scope.place.clone();
        let steps = rest
            .split(['.', '/'])
            .filter(|step| !matches!(*step, "" | "this"));
        for step in steps {
            let Some(member) = schema.member(step) else {
                let hint = nearest::hint(step, schema.members().map(|(name, _)| name));
                return Err(format!("the form has no field {path}{hint}"));
            };
            schema = member;
            place.push('/');
            place.push_str(step);
        }
        Ok(Some(Found { schema, place }))
    }

    fn fault(&mut self, spot: Spot, text: String) {
        self.faults.push(self.tree.finding(spot, text));
    }
}

fn argument_text(block: &Block) -> &str {
    match block.call.arguments.first() {
        Some(Argument::Path(path)) => path,
        _ => "it",
    }
}

fn with_prefix(name: &str, parts: &[&str]) -> String {
    let parts: Vec<_> = parts.iter().map(|part| format!("{name}.{part}")).collect();
    parts.join(", ")
}

/// A place as a JSON pointer, `*` being any element.
fn without_numbers(place: &str) -> String {
    let steps = place.split('/').map(|step| match step.starts_with('*') {
        true => "*",
        false => step,
    });
    steps.collect::<Vec<_>>().join("/")
}

/// Blocks inside one another.
const DEEPEST: usize = 50;
