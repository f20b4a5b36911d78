use roxmltree::Node;

use crate::form::error::LanguageFault;
use crate::form::xml::reading::Fault;

/// An element whose attributes are all known ones.
#[derive(Clone, Copy)]
pub(super) struct Element<'a, 'input> {
    node: Node<'a, 'input>,
}

impl<'a, 'input> Element<'a, 'input> {
    /// The element, when it has no attributes but these.
    pub(super) fn new(node: Node<'a, 'input>, attributes: &[&str]) -> Result<Self, Fault> {
        let element = Self { node };
        for attribute in node.attributes() {
            if !attributes.contains(&attribute.name()) {
                return Err(element.fault(LanguageFault::UnknownAttribute {
                    element: element.name().to_owned(),
                    name: attribute.name().to_owned(),
                    known: attributes.join(", "),
                }));
            }
        }
        Ok(element)
    }

    pub(super) fn name(self) -> &'a str {
        self.node.tag_name().name()
    }

    pub(super) fn children(self) -> impl Iterator<Item = Node<'a, 'input>> {
        self.node.children().filter(|child| !child.is_comment())
    }

    /// The elements inside, where nothing but white space may stand between them.
    pub(super) fn elements(self) -> Result<Vec<Node<'a, 'input>>, Fault> {
        let mut elements = Vec::new();
        for child in self.children() {
            match child.text().filter(|_| child.is_text()) {
                None => elements.push(child),
                Some(text) if text.trim_ascii().is_empty() => {}
                Some(text) => {
                    return Err(fault_in_text(
                        child,
                        LanguageFault::StrayText {
                            element: self.name().to_owned(),
                            text: text.trim_ascii().to_owned(),
                        },
                    ));
                }
            }
        }
        Ok(elements)
    }

    pub(super) fn attribute(self, name: &str) -> Option<&'a str> {
        self.node.attribute(name)
    }

    /// The value of an attribute, read; `default` when it is absent.
    pub(super) fn read<T>(
        self,
        name: &'static str,
        default: T,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Fault> {
        let Some(value) = self.attribute(name) else {
            return Ok(default);
        };
        read(value).ok_or_else(|| self.meaningless(name, value))
    }

    /// The value of an attribute that must be there.
    pub(super) fn require<T>(
        self,
        name: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Fault> {
        let Some(value) = self.attribute(name) else {
            return Err(self.fault(LanguageFault::MissingAttribute {
                element: self.name().to_owned(),
                name,
            }));
        };
        read(value).ok_or_else(|| self.meaningless(name, value))
    }

    pub(super) fn fault(self, fault: LanguageFault) -> Fault {
        fault_at(self.node, fault)
    }

    /// An element that may not stand in this one.
    pub(super) fn unknown(self, child: Node<'_, '_>) -> Fault {
        fault_at(
            child,
            LanguageFault::UnknownElement {
                element: child.tag_name().name().to_owned(),
                parent: self.name().to_owned(),
            },
        )
    }

    fn meaningless(self, name: &'static str, value: &str) -> Fault {
        self.fault(LanguageFault::AttributeValue {
            element: self.name().to_owned(),
            name,
            value: value.to_owned(),
        })
    }
}

pub(super) fn fault_at(node: Node<'_, '_>, fault: LanguageFault) -> Fault {
    Fault {
        at: node.range().start,
        fault,
    }
}

/// At the first word of a text.
pub(super) fn fault_in_text(node: Node<'_, '_>, fault: LanguageFault) -> Fault {
    let range = node.range();
    let text = node.document().input_text().get(range.clone());
    let blank = text.map_or(0, |text| text.len() - text.trim_ascii_start().len());
    Fault {
        at: range.start + blank,
        fault,
    }
}

/// `yes`, the one value of a switch.
pub(super) fn yes(value: &str) -> Option<bool> {
    (value == "yes").then_some(true)
}

/// Millimetres, none of them negative.
pub(super) fn millimetres(value: &str) -> Option<f32> {
    value
        .parse()
        .ok()
        .filter(|number: &f32| number.is_finite() && *number >= 0.0)
}
