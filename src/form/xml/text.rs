use roxmltree::Node;

use crate::form::error::Error;
use crate::form::error::LanguageFault;
use crate::form::language::Inline;
use crate::form::xml::element::Element;
use crate::form::xml::element::fault_at;
use crate::form::xml::provenance;

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
#[derive(Default)]
pub(super) struct Text {
    inlines: Vec<Inline>,
    space: bool,
}

impl Text {
    /// Reads all that stands in an element.
    pub(super) fn read(&mut self, element: Element<'_, '_>, face: Face) -> Result<(), Error> {
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
    ) -> Result<(), Error> {
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
                self.read(element, known(true))
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

    fn number(&mut self, node: Node<'_, '_>, number: Inline, face: Face) -> Result<(), Error> {
        Element::new(node, &[])?;
        if self.space {
            self.word("", face);
        }
        self.inlines.push(number);
        Ok(())
    }

    fn characters(&mut self, node: Node<'_, '_>, text: &str, face: Face) -> Result<(), Error> {
        let is_space = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
        if is_space(text.as_bytes().first()) {
            self.note_space();
        }
        let mut words = text.split_ascii_whitespace().peekable();
        if words.peek().is_some() && !face.has_provenance {
            let text = text.trim_ascii().to_owned();
            return Err(fault_at(node, LanguageFault::NoProvenance { text }));
        }
        while let Some(word) = words.next() {
            self.word(word, face);
            self.space = words.peek().is_some();
        }
        if is_space(text.as_bytes().last()) {
            self.note_space();
        }
        Ok(())
    }

    /// White space counts between things, not at the begin of a line.
    fn note_space(&mut self) {
        self.space = !matches!(self.inlines.last(), None | Some(Inline::Break));
    }

    fn word(&mut self, word: &str, face: Face) {
        if !matches!(
            self.inlines.last(),
            Some(Inline::Text { bold, italic, .. }) if *bold == face.bold && *italic == face.italic
        ) {
            self.inlines.push(Inline::Text {
                text: String::new(),
                bold: face.bold,
                italic: face.italic,
            });
        }
        if let Some(Inline::Text { text, .. }) = self.inlines.last_mut() {
            if self.space {
                text.push(' ');
            }
            text.push_str(word);
        }
        self.space = false;
    }
}

/// The value of a `src`.
pub(super) fn source(value: &str) -> Option<()> {
    provenance::is_valid(value).then_some(())
}
