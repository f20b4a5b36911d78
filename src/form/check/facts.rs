//! What is known of the data where a template stands: which fields are there, and what they are.
//!
//! A field that a document may lack can be printed only where a condition says that it is there, or
//! says something from which the schema of the data lets that follow (a re-issue has a reason).

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::form::check::schema::Schema;
use crate::form::check::schema::list_of;
use crate::form::check::schema::resolve;
use crate::form::check::schema::text_of;

/// What a part of a schema demands, by pointers from where it stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Facet {
    present: Vec<String>,
    absent: Vec<String>,
    /// Where it is there, it is one of these.
    equal: Vec<(String, Vec<String>)>,
    /// It has no members.
    is_scalar: bool,
}

/// What follows from what.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) when: Facet,
    pub(super) then: Facet,
    pub(super) otherwise: Facet,
}

impl Facet {
    pub(super) fn present(pointer: &str) -> Self {
        Self {
            present: vec![pointer.to_owned()],
            ..Self::default()
        }
    }

    /// That of a part of a JSON Schema.
    pub(super) fn of(json: &Value, definitions: Option<&Value>) -> Self {
        let mut facet = Self::default();
        facet.read(json, definitions, "", 0);
        facet
    }

    fn read(&mut self, json: &Value, definitions: Option<&Value>, at: &str, depth: usize) {
        let Some(json) = json.as_object().filter(|_| depth < DEEPEST) else {
            return;
        };
        if let Some(target) = resolve(json.get("$ref"), definitions) {
            self.read(target, definitions, at, depth + 1);
        }
        for part in list_of(json.get("allOf")) {
            self.read(part, definitions, at, depth + 1);
        }
        let kind = json.get("type").and_then(Value::as_str);
        self.is_scalar |= at.is_empty() && matches!(kind, Some("string" | "integer" | "number"));
        let required = list_of(json.get("required")).iter();
        let required = required.filter_map(Value::as_str);
        self.present
            .extend(required.map(|name| format!("{at}/{name}")));
        let members = json.get("properties").and_then(Value::as_object);
        for (name, member) in members.into_iter().flatten() {
            let at = format!("{at}/{name}");
            if *member == Value::Bool(false) {
                self.absent.push(at);
                continue;
            }
            let constant = member.get("const").map(std::slice::from_ref);
            let values = constant.unwrap_or_else(|| list_of(member.get("enum")));
            if values.is_empty() {
                self.read(member, definitions, &at, depth + 1);
            } else {
                let values = values.iter().map(text_of).collect();
                self.equal.push((at, values));
            }
        }
    }
}

/// Facts by the places they are of.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    present: BTreeSet<String>,
    absent: BTreeSet<String>,
    /// One of these.
    equal: BTreeMap<String, BTreeSet<String>>,
    different: BTreeMap<String, BTreeSet<String>>,
}

impl Facts {
    pub(super) fn is_present(&self, place: &str) -> bool {
        self.present.contains(place)
    }

    pub(super) fn is_absent(&self, place: &str) -> bool {
        self.absent.contains(place)
    }

    /// Whether a place may have a value.
    pub(super) fn may_be(&self, place: &str, value: &str) -> bool {
        let equal = self.equal.get(place);
        let different = self.different.get(place);
        equal.is_none_or(|values| values.contains(value))
            && different.is_none_or(|values| !values.contains(value))
    }

    /// It is there, and so is all that it is a part of.
    pub(super) fn set_present(&mut self, place: &str) {
        let mut place = place;
        while !place.is_empty() && self.present.insert(place.to_owned()) {
            place = place.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
    }

    pub(super) fn set_absent(&mut self, place: &str) {
        self.absent.insert(place.to_owned());
    }

    pub(super) fn set_equal(&mut self, place: &str, value: &str) {
        self.set_present(place);
        self.equal
            .insert(place.to_owned(), [value.to_owned()].into());
    }

    pub(super) fn set_different(&mut self, place: &str, value: &str) {
        let values = self.different.entry(place.to_owned()).or_default();
        values.insert(value.to_owned());
    }

    /// What is true in both.
    pub(super) fn common(&self, other: &Self) -> Self {
        let equal = self.equal.iter().filter_map(|(place, values)| {
            let others = other.equal.get(place)?;
            Some((place.clone(), values | others))
        });
        let different = self.different.iter().filter_map(|(place, values)| {
            let others = other.different.get(place)?;
            Some((place.clone(), values & others))
        });
        Self {
            present: &self.present & &other.present,
            absent: &self.absent & &other.absent,
            equal: equal.collect(),
            different: different.collect(),
        }
    }

    /// Adds all that follows by the schema of what stands at a place.
    pub(super) fn settle(&mut self, base: &str, schema: &Schema) {
        for _ in 0..MOST_STEPS {
            let before = self.clone();
            self.follow(base, schema, 0);
            if *self == before {
                break;
            }
        }
    }

    fn follow(&mut self, base: &str, schema: &Schema, depth: usize) {
        for rule in schema.rules() {
            match self.holds(&rule.when, base) {
                Some(true) => self.assume(&rule.then, base),
                Some(false) => self.assume(&rule.otherwise, base),
                // What would follow is not so.
                None if self.holds(&rule.then, base) == Some(false) => self.deny(&rule.when, base),
                None if self.holds(&rule.otherwise, base) == Some(false) => {
                    self.assume(&rule.when, base);
                }
                None => {}
            }
        }
        for choices in schema.choices() {
            let open = choices
                .iter()
                .filter(|choice| self.holds(choice, base) != Some(false));
            let assumed = open.map(|choice| {
                let mut facts = self.clone();
                facts.assume(choice, base);
                facts
            });
            if let Some(common) = assumed.reduce(|facts, other| facts.common(&other)) {
                *self = common;
            }
        }
        for (name, member) in schema.members() {
            let place = format!("{base}/{name}");
            if member.always {
                self.set_present(&place);
            }
            if depth < DEEPEST && self.is_present(&place) {
                self.follow(&place, &member.schema, depth + 1);
            }
        }
    }

    fn assume(&mut self, facet: &Facet, base: &str) {
        for pointer in &facet.present {
            // Its parent may be one that the document lacks.
            let (parent, _) = pointer.rsplit_once('/').unwrap_or_default();
            if parent.is_empty() || self.is_present(&format!("{base}{parent}")) {
                self.set_present(&format!("{base}{pointer}"));
            }
        }
        for pointer in &facet.absent {
            self.set_absent(&format!("{base}{pointer}"));
        }
        for (pointer, values) in &facet.equal {
            let known = self.equal.entry(format!("{base}{pointer}"));
            let known = known.or_insert_with(|| values.iter().cloned().collect());
            known.retain(|value| values.contains(value));
        }
    }

    /// It is not so: where all but one word is known to be, that is another.
    fn deny(&mut self, facet: &Facet, base: &str) {
        let place = |pointer: &String| format!("{base}{pointer}");
        let are_there = facet.present.iter().map(place);
        if let ([(pointer, values)], true) = (
            facet.equal.as_slice(),
            are_there.into_iter().all(|place| self.is_present(&place)),
        ) {
            for value in values {
                self.set_different(&format!("{base}{pointer}"), value);
            }
        }
    }

    /// Whether the facts say that it is so, or that it is not.
    fn holds(&self, facet: &Facet, base: &str) -> Option<bool> {
        let place = |pointer: &String| format!("{base}{pointer}");
        let present = facet.present.iter().map(place).map(|place| {
            let is_absent = self.is_absent(&place);
            self.is_present(&place)
                .then_some(true)
                .or_else(|| is_absent.then_some(false))
        });
        let absent = facet.absent.iter().map(place).map(|place| {
            let is_absent = self.is_absent(&place);
            self.is_present(&place)
                .then_some(false)
                .or_else(|| is_absent.then_some(true))
        });
        let equal = facet.equal.iter().map(|(pointer, values)| {
            let place = format!("{base}{pointer}");
            if !values.iter().any(|value| self.may_be(&place, value)) {
                return Some(false);
            }
            let known = self.equal.get(&place)?;
            known
                .iter()
                .all(|known| values.contains(known))
                .then_some(true)
        });
        let below = format!("{base}/");
        let has_members = self.present.iter().any(|place| place.starts_with(&below));
        let scalar = facet
            .is_scalar
            .then_some(if has_members { Some(false) } else { None });
        let mut all = Some(true);
        for one in present.chain(absent).chain(equal).chain(scalar) {
            match one {
                Some(false) => return Some(false),
                None => all = None,
                Some(true) => {}
            }
        }
        all
    }
}

/// Rules that follow from one another.
const MOST_STEPS: usize = 8;
/// Levels of a schema.
const DEEPEST: usize = 32;
