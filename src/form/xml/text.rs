use std::sync::Arc;

use roxmltree::Node;

use crate::form::error::LanguageFault;
use crate::form::language::Inline;
use crate::form::options::Provenance;
use crate::form::pointed;
use crate::form::xml::element::Element;
use crate::form::xml::element::fault_in_text;
use crate::form::xml::provenance;
use crate::form::xml::reading::Fault;

/// What text looks like, and whether it may be fixed text.
#[derive(Clone, Copy)]
pub(super) struct Face {
    pub(super) bold: bool,
    pub(super) italic: bool,
    /// Under a `src`, or in a value.
    pub(super) has_provenance: bool,
}

/// The inlines of a paragraph: white space folded, none at the ends, neighbours of one face
/// joined.
pub(super) struct Text {
    inlines: Vec<Inline>,
    space: bool,
    provenance: Provenance,
}

impl Text {
    pub(super) fn new(provenance: Provenance) -> Self {
        Self {
            inlines: Vec::new(),
            space: false,
            provenance,
        }
    }

    /// Prints where the words before come from, when that is asked for.
    pub(super) fn mark(&mut self, source: &str) {
        if self.provenance == Provenance::Printed && !self.inlines.is_empty() {
            self.space = false;
            // It may stand on a line of its own: cells are narrow.
            self.inlines.push(Inline::Text {
                text: format!(" [{source}]"),
                bold: false,
                italic: true,
                pointer: None,
            });
        }
    }

    /// Reads all that stands in an element.
    pub(super) fn read(&mut self, element: Element<'_, '_>, face: Face) -> Result<(), Fault> {
        for child in element.children() {
            match child.text().filter(|_| child.is_text()) {
                Some(text) => self.characters(child, text, face)?,
                None => self.element(element, child, face)?,
            }
        }
        Ok(())
    }

    /// What has been read, `None` when that is nothing.
    pub(super) fn finish(self) -> Option<Vec<Inline>> {
        (!self.inlines.is_empty()).then_some(self.inlines)
    }

    fn element(
        &mut self,
        parent: Element<'_, '_>,
        node: Node<'_, '_>,
        face: Face,
    ) -> Result<(), Fault> {
        if node.ancestors().take(DEEPEST + 1).count() > DEEPEST {
            return Err(parent.fault(LanguageFault::TooDeep { most: DEEPEST }));
        }
        let known = |has_provenance| Face {
            has_provenance,
            ..face
        };
        match node.tag_name().name() {
            "b" => self.read(Element::new(node, &[])?, Face { bold: true, ..face }),
            "i" => self.read(
                Element::new(node, &[])?,
                Face {
                    italic: true,
                    ..face
                },
            ),
            "t" => {
                let element = Element::new(node, &["src"])?;
                element.require("src", source)?;
                self.read(element, known(true))?;
                self.mark(element.attribute("src").unwrap_or_default());
                Ok(())
            }
            "v" => self.read(Element::new(node, &[])?, known(true)),
            "br" => {
                Element::new(node, &[])?;
                self.space = false;
                self.inlines.push(Inline::Break);
                Ok(())
            }
            "page" => self.number(node, Inline::Page, face),
            "pages" => self.number(node, Inline::Pages, face),
            _ => Err(parent.unknown(node)),
        }
    }

    fn number(&mut self, node: Node<'_, '_>, number: Inline, face: Face) -> Result<(), Fault> {
        Element::new(node, &[])?;
        if self.space {
            self.word("", face, None);
        }
        self.inlines.push(number);
        Ok(())
    }

    fn characters(&mut self, node: Node<'_, '_>, text: &str, face: Face) -> Result<(), Fault> {
        for (pointer, text) in pointed::parts(text) {
            let words = text.trim_ascii();
            if !words.is_empty() && !face.has_provenance {
                let text = words.to_owned();
                return Err(fault_in_text(node, LanguageFault::NoProvenance { text }));
            }
            self.words(text, face, pointer);
        }
        Ok(())
    }

    fn words(&mut self, text: &str, face: Face, pointer: Option<&str>) {
        let is_space = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
        if is_space(text.as_bytes().first()) {
            self.note_space();
        }
        let mut words = text.split_ascii_whitespace().peekable();
        while let Some(word) = words.next() {
            self.word(word, face, pointer);
            self.space = words.peek().is_some();
        }
        if is_space(text.as_bytes().last()) {
            self.note_space();
        }
    }

    /// White space counts between things, not at the begin of a line.
    fn note_space(&mut self) {
        self.space = !matches!(self.inlines.last(), None | Some(Inline::Break));
    }

    fn word(&mut self, word: &str, face: Face, pointer: Option<&str>) {
        // A value begins with its own first character: the space before it belongs to the text.
        if self.space && pointer.is_some() && !self.goes_on(face, pointer) {
            self.push(" ", face, None);
            self.space = false;
        }
        if self.space {
            self.push(" ", face, pointer);
        }
        self.push(word, face, pointer);
        self.space = false;
    }

    fn push(&mut self, text: &str, face: Face, pointer: Option<&str>) {
        if !self.goes_on(face, pointer) {
            self.inlines.push(Inline::Text {
                text: String::new(),
                bold: face.bold,
                italic: face.italic,
                pointer: pointer.map(Arc::from),
            });
        }
        if let Some(Inline::Text { text: before, .. }) = self.inlines.last_mut() {
            before.push_str(text);
        }
    }

    /// Whether the last inline is of the same look and the same value.
    fn goes_on(&self, face: Face, value: Option<&str>) -> bool {
        matches!(
            self.inlines.last(),
            Some(Inline::Text { bold, italic, pointer, .. })
                if *bold == face.bold && *italic == face.italic && pointer.as_deref() == value
        )
    }
}

/// Elements inside one another; blocks end sooner.
const DEEPEST: usize = 48;

/// The value of a `src`.
pub(super) fn source(value: &str) -> Option<()> {
    provenance::is_valid(value).then_some(())
}
