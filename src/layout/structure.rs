//! What the pieces of a document are to a reader who does not see them (ISO 32000-1, 14.7).

use std::sync::Arc;

use crate::form::Lang;

/// The elements of a document in reading order; the first one is the document itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    elements: Vec<Element>,
    marks: usize,
}

/// An element of the structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// What it is.
    pub role: Role,
    /// Its language, where it is not that of the element around it.
    pub lang: Option<Lang>,
    /// The value of the data that it prints, as a JSON pointer.
    pub pointer: Option<Arc<str>>,
    /// What it says to someone who cannot see it: of a figure or a field.
    pub alt: Option<String>,
    /// What it holds, in reading order.
    pub kids: Vec<Kid>,
}

/// What an element is (ISO 32000-1, 14.8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The whole document.
    Document,
    /// A sheet.
    Sect,
    /// A heading, from level 1.
    Heading(u8),
    /// A paragraph.
    P,
    /// A stretch of text inside a paragraph.
    Span,
    /// A table.
    Table,
    /// The head of a table.
    THead,
    /// The body of a table.
    TBody,
    /// A row of a table.
    TR,
    /// A head cell of a table.
    TH(Scope, Spans),
    /// A cell of a table.
    TD(Spans),
    /// A list.
    L(Numbering),
    /// An item of a list.
    LI,
    /// The mark of an item.
    Lbl,
    /// The text of an item.
    LBody,
    /// A picture.
    Figure,
    /// The place of a signature.
    Form,
}

/// What the marks of a list are (ISO 32000-1, table 347).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// Numbers.
    Decimal,
    /// The same sign for each.
    Disc,
    /// None.
    None,
}

/// What a head cell of a table is the head of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The cells below it.
    Column,
    /// The cells beside it.
    Row,
}

/// What a cell of a table covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spans {
    /// Columns, at least 1.
    pub columns: usize,
    /// Rows, at least 1.
    pub rows: usize,
}

/// What an element holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kid {
    /// Another element, by its place.
    Element(ElementId),
    /// The runs of a mark, on whichever pages they stand.
    Content(Mark),
}

/// The place of an element in its structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ElementId(usize);

/// Joins what stands on pages to its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(usize);

/// What a piece of a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Furniture, which is not read out.
    Artifact(Artifact),
    /// An element.
    Element(Mark),
}

/// Furniture of a page (ISO 32000-1, 14.8.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Artifact {
    /// Foot of a page.
    Footer,
    /// Head of a page.
    Header,
    /// What was read on an earlier page already: the head of a table.
    Repeated,
    /// Under everything else.
    Watermark,
}

impl ElementId {
    /// The document.
    pub const DOCUMENT: Self = Self(0);

    /// Counted from the document, which is 0, in reading order.
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

impl Mark {
    /// Counted from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

impl Structure {
    pub(super) fn new(lang: Lang) -> Self {
        Self {
            elements: vec![Element::new(Role::Document, Some(lang))],
            marks: 0,
        }
    }

    /// The elements, each behind the one that holds it.
    #[must_use]
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// How many marks there are.
    #[must_use]
    pub fn marks(&self) -> usize {
        self.marks
    }

    fn element(&mut self, id: ElementId) -> Option<&mut Element> {
        self.elements.get_mut(id.0)
    }

    pub(super) fn add(&mut self, parent: ElementId, element: Element) -> ElementId {
        let id = ElementId(self.elements.len());
        self.elements.push(element);
        if let Some(parent) = self.element(parent) {
            parent.kids.push(Kid::Element(id));
        }
        id
    }

    pub(super) fn mark(&mut self, parent: ElementId) -> Mark {
        let mark = Mark(self.marks);
        self.marks += 1;
        if let Some(parent) = self.element(parent) {
            parent.kids.push(Kid::Content(mark));
        }
        mark
    }

    pub(super) fn set_value(&mut self, id: ElementId, pointer: &Arc<str>) {
        if let Some(element) = self.element(id) {
            element.pointer = Some(Arc::clone(pointer));
        }
    }

    pub(super) fn set_lang(&mut self, id: ElementId, lang: Lang) {
        if let Some(element) = self.element(id) {
            element.lang = Some(lang);
        }
    }
}

impl Element {
    pub(super) fn new(role: Role, lang: Option<Lang>) -> Self {
        Self {
            role,
            lang,
            pointer: None,
            alt: None,
            kids: Vec::new(),
        }
    }
}
