use crate::export::error::Error;
use crate::export::tree::Tree;
use crate::export::tree::name;
use crate::layout::ElementId;
use crate::layout::Kid;
use crate::layout::Role;

/// That a file is PDF/A-3a and PDF/UA-1: to be had only by walking the tree that it gets.
#[derive(Debug)]
pub(super) struct Claim(());

#[cfg(test)]
impl Claim {
    pub(super) fn for_tests() -> Self {
        Self(())
    }
}

/// Why a document may not be called accessible: a defect of its form or of the layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeFault {
    /// A heading lies more than one level below the one before it (ISO 14289-1, 7.4.2).
    #[error("a heading of level {level} follows one of level {after}")]
    Heading {
        /// Its level.
        level: u8,
        /// Level of the one before it, 0 for none.
        after: u8,
    },
    /// A figure says nothing to those who cannot see it.
    #[error("a {role} without alternative text")]
    NoAlternative {
        /// Its type.
        role: &'static str,
    },
    /// An element stands where its type may not (ISO 32000-1, 14.8.4).
    #[error("a {role} in a {parent}")]
    Nesting {
        /// Its type.
        role: &'static str,
        /// The type of the element around it.
        parent: &'static str,
    },
    /// Elements or marked content that the tree does not lead to, or leads to twice.
    #[error("{shown} pieces of content on the pages, {read} in the tree")]
    Reading {
        /// On the pages.
        shown: usize,
        /// In the tree.
        read: usize,
    },
}

/// Walks the finished tree from its root, and says what it is when it is sound.
///
/// # Errors
///
/// When something shown is not read exactly once, or an element has no place or no words.
pub(super) fn claim(tree: &Tree<'_>) -> Result<Claim, Error> {
    let mut read = vec![0_usize; tree.shown().map(|mark| mark.index() + 1).max().unwrap_or(0)];
    let mut level = 0;
    let mut ahead = vec![ElementId::DOCUMENT];
    while let Some(id) = ahead.pop() {
        let Some(element) = tree.element(id) else {
            continue;
        };
        if let Role::Heading(this) = element.role {
            if this > level + 1 {
                return Err(TreeFault::Heading {
                    level: this,
                    after: level,
                }
                .into());
            }
            level = this;
        }
        if element.role == Role::Figure && element.alt.is_none() {
            let role = name(element.role);
            return Err(TreeFault::NoAlternative { role }.into());
        }
        let start = ahead.len();
        for kid in tree.kids(id) {
            match kid {
                Kid::Content(mark) => {
                    if let Some(times) = read.get_mut(mark.index()) {
                        *times += 1;
                    }
                }
                Kid::Element(kid) => {
                    nesting(tree, element.role, kid)?;
                    ahead.push(kid);
                }
            }
        }
        // The last one is taken first.
        ahead[start..].reverse();
    }
    let mut shown: Vec<bool> = vec![false; read.len()];
    for mark in tree.shown() {
        shown[mark.index()] = true;
    }
    if read
        .iter()
        .zip(&shown)
        .any(|(read, shown)| *read != usize::from(*shown))
    {
        let shown = shown.iter().filter(|shown| **shown).count();
        let read = read.iter().sum();
        return Err(TreeFault::Reading { shown, read }.into());
    }
    Ok(Claim(()))
}

fn nesting(tree: &Tree<'_>, parent: Role, kid: ElementId) -> Result<(), Error> {
    let Some(kid) = tree.element(kid) else {
        return Ok(());
    };
    let fits = match kid.role {
        Role::THead | Role::TBody => parent == Role::Table,
        Role::TR => matches!(parent, Role::THead | Role::TBody),
        Role::TH(..) | Role::TD(_) => parent == Role::TR,
        Role::LI => matches!(parent, Role::L(_)),
        Role::Lbl | Role::LBody => parent == Role::LI,
        Role::Document => false,
        _ => !matches!(
            parent,
            Role::Table | Role::THead | Role::TBody | Role::TR | Role::L(_) | Role::LI
        ),
    };
    match fits {
        true => Ok(()),
        false => Err(TreeFault::Nesting {
            role: name(kid.role),
            parent: name(parent),
        }
        .into()),
    }
}
