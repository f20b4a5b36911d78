use std::fmt;

use crate::model::error::Fact;
use crate::model::error::Problem;

/// Place of a value in the data, a link for each step from the root.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'p> {
    parent: Option<&'p Self>,
    step: Step<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Index(usize),
    Key(&'p str),
    Root,
}

impl<'p> Place<'p> {
    pub(super) const ROOT: Self = Self {
        parent: None,
        step: Step::Root,
    };

    pub(super) fn key(&'p self, key: &'p str) -> Self {
        Self {
            parent: Some(self),
            step: Step::Key(key),
        }
    }

    pub(super) fn index(&'p self, index: usize) -> Self {
        Self {
            parent: Some(self),
            step: Step::Index(index),
        }
    }
}

/// JSON pointer, RFC 6901.
impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Index(index) => write!(f, "/{index}"),
            Step::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Root => Ok(()),
        }
    }
}

/// The problems found so far.
#[derive(Debug, Default)]
pub(in crate::model) struct Problems {
    pub(super) list: Vec<Problem>,
}

impl Problems {
    pub(super) fn add(&mut self, place: Place<'_>, fact: Fact) {
        self.list.push(Problem {
            pointer: place.to_string(),
            fact,
        });
    }

    /// The value, or `None` and its problem.
    pub(super) fn ok<T>(&mut self, place: Place<'_>, value: Result<T, Fact>) -> Option<T> {
        value.map_err(|fact| self.add(place, fact)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_tilde_and_slash() {
        let list = Place::ROOT.key("a/b");
        let item = list.index(3);
        assert_eq!(item.key("c~d").to_string(), "/a~1b/3/c~0d");
        assert_eq!(Place::ROOT.to_string(), "");
    }
}
