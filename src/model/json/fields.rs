use std::collections::HashSet;

use crate::model::error::Fact;
use crate::model::error::JsonType;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::tree::Text;
use crate::model::json::tree::Tree;

/// Reads one value: `None` when it has problems, which are then in the list.
pub(super) type Reader<T> = fn(&Tree<'_>, Place<'_>, &mut Problems) -> Option<T>;

/// The members of an object, taken one by one; [`Fields::finish`] reports what is left over.
pub(super) struct Fields<'t, 'p> {
    members: &'t [(Text<'t>, Tree<'t>)],
    known: Vec<&'static str>,
    place: Place<'p>,
    problems: &'p mut Problems,
}

impl<'t, 'p> Fields<'t, 'p> {
    /// The members of `tree`, `None` when it is no object.
    pub(super) fn of(
        tree: &'t Tree<'t>,
        place: Place<'p>,
        problems: &'p mut Problems,
    ) -> Option<Self> {
        let Tree::Object(members) = tree else {
            problems.add(place, wrong_type(JsonType::Object, tree));
            return None;
        };
        for name in duplicates(members) {
            problems.add(place.key(name), Fact::DuplicateKey);
        }
        Some(Self {
            members,
            known: Vec::with_capacity(members.len()),
            place,
            problems,
        })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(key, _)| **key == *name)
    }

    /// A mandatory member.
    pub(super) fn required<T>(&mut self, name: &'static str, read: Reader<T>) -> Option<T> {
        if !self.has(name) {
            self.known.push(name);
            self.problems.add(self.place.key(name), Fact::Missing);
            return None;
        }
        self.optional(name, read)?
    }

    /// A member that may be absent: `Some(None)`. `None` when it is there and has problems.
    #[expect(
        clippy::option_option,
        reason = "absent and faulty are different answers"
    )]
    pub(super) fn optional<T>(&mut self, name: &'static str, read: Reader<T>) -> Option<Option<T>> {
        self.known.push(name);
        let Some((_, value)) = self.members.iter().find(|(key, _)| **key == *name) else {
            return Some(None);
        };
        read(value, self.place.key(name), self.problems).map(Some)
    }

    /// A fact about the object as a whole, or about a member that is not there.
    pub(super) fn problem(&mut self, name: Option<&'static str>, fact: Fact) {
        let place = match name {
            Some(name) => self.place.key(name),
            None => self.place,
        };
        self.problems.add(place, fact);
    }

    /// Reports every member that nobody asked for.
    pub(super) fn finish(self) {
        for (name, _) in self.members {
            if !self.known.contains(&&**name) {
                self.problems.add(self.place.key(name), Fact::UnknownField);
            }
        }
    }
}

/// Every name that stood before already. Objects of the form have few names: comparing them is
/// quicker than hashing them, but a foreign object may have any number.
fn duplicates<'t>(members: &'t [(Text<'t>, Tree<'t>)]) -> Vec<&'t str> {
    let mut duplicates = Vec::new();
    if members.len() <= FEW {
        for (index, (name, _)) in members.iter().enumerate() {
            let mut before = members.iter().take(index);
            if before.any(|(other, _)| **other == **name) {
                duplicates.push(&**name);
            }
        }
        return duplicates;
    }
    let mut names = HashSet::with_capacity(members.len());
    for (name, _) in members {
        if !names.insert(&**name) {
            duplicates.push(&**name);
        }
    }
    duplicates
}

/// The elements of a list that has at least one.
pub(super) fn list<T>(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
    read: Reader<T>,
) -> Option<Vec<T>> {
    let Tree::Array(elements) = tree else {
        problems.add(place, wrong_type(JsonType::Array, tree));
        return None;
    };
    if elements.is_empty() {
        problems.add(place, Fact::EmptyList);
        return None;
    }
    // Read all before giving up on one: each may have problems of its own.
    let values: Vec<Option<T>> = elements
        .iter()
        .enumerate()
        .map(|(index, element)| read(element, place.index(index), problems))
        .collect();
    values.into_iter().collect()
}

pub(super) fn wrong_type(expected: JsonType, found: &Tree<'_>) -> Fact {
    Fact::WrongType {
        expected,
        found: found.json_type(),
    }
}

/// The permit itself, the largest object of the form, has 21 names.
const FEW: usize = 24;
