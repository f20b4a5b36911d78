use crate::form::Inline;
use crate::form::Lang;
use crate::form::Paragraph;
use crate::layout::structure::Artifact;
use crate::layout::structure::Element;
use crate::layout::structure::ElementId;
use crate::layout::structure::Owner;
use crate::layout::structure::Role;
use crate::layout::structure::Structure;

/// Builds the structure of a document while its pieces are set.
#[derive(Debug)]
pub(super) struct Tags {
    structure: Structure,
    /// Elements at work and the language inside each, the innermost last.
    open: Vec<(ElementId, Lang)>,
    lang: Lang,
    /// Level of the last heading.
    level: u8,
    signature: Option<ElementId>,
}

/// What each inline of a paragraph belongs to.
#[derive(Debug, Clone)]
pub(super) enum Owners {
    /// All of them to one.
    All(Owner),
    /// Each to its own.
    Each(Vec<Owner>),
}

impl Tags {
    pub(super) fn new(lang: Lang) -> Self {
        Self {
            structure: Structure::new(lang),
            open: Vec::new(),
            lang,
            level: 0,
            signature: None,
        }
    }

    /// The structure, and where it has a place for the signature: at the first one that a sheet
    /// asks for, or at the end.
    pub(super) fn finish(mut self) -> (Structure, ElementId) {
        self.open.clear();
        let signature = match self.signature {
            Some(signature) => signature,
            None => self.form(),
        };
        (self.structure, signature)
    }

    /// Puts what `build` makes into an element in the language around it.
    pub(super) fn part<T>(&mut self, role: Role, build: impl FnOnce(&mut Self) -> T) -> T {
        let id = self.open_part(role);
        let built = build(self);
        self.close(id);
        built
    }

    /// Begins an element, to be closed.
    pub(super) fn open(&mut self, role: Role, lang: Lang) -> ElementId {
        let id = self.add(role, lang);
        self.open.push((id, lang));
        id
    }

    /// [`Tags::open`] of an element in the language around it.
    pub(super) fn open_part(&mut self, role: Role) -> ElementId {
        let (_, lang) = self.innermost();
        self.open(role, lang)
    }

    /// Ends an element and those inside it.
    pub(super) fn close(&mut self, id: ElementId) {
        while let Some((closed, _)) = self.open.pop() {
            if closed == id {
                break;
            }
        }
    }

    /// A figure with what it says.
    pub(super) fn figure(&mut self, alt: String) -> Owner {
        let (parent, _) = self.innermost();
        let figure = Element {
            alt: Some(alt),
            ..Element::new(Role::Figure, None)
        };
        let id = self.structure.add(parent, figure);
        Owner::Element(self.structure.mark(id))
    }

    /// The place of the signature, if there is none yet.
    pub(super) fn signature(&mut self) {
        if self.signature.is_none() {
            self.signature = Some(self.form());
        }
    }

    /// A paragraph as an element of its own.
    pub(super) fn paragraph(&mut self, paragraph: &Paragraph) -> Owners {
        let role = match paragraph.style.heading_level() {
            // No level is left out, whatever the form begins with.
            Some(level) => {
                self.level = level.min(self.level + 1);
                Role::Heading(self.level)
            }
            None => Role::P,
        };
        let id = self.add(role, paragraph.lang);
        self.text(id, paragraph)
    }

    /// A paragraph as the text of the innermost element, whose only one it is.
    pub(super) fn sole_paragraph(&mut self, paragraph: &Paragraph) -> Owners {
        let (id, lang) = self.innermost();
        if lang != paragraph.lang {
            self.structure.set_lang(id, paragraph.lang);
        }
        self.text(id, paragraph)
    }

    /// A value that is all of its paragraph makes its element the value's; beside other text it
    /// has an element of its own.
    fn text(&mut self, id: ElementId, paragraph: &Paragraph) -> Owners {
        let mut texts = paragraph.inlines.iter().filter_map(pointer);
        let first = texts.next().flatten();
        if let (Some(value), true) = (first, texts.all(|other| other == first)) {
            self.structure.set_value(id, value);
            return Owners::All(Owner::Element(self.structure.mark(id)));
        }
        let mut owners: Vec<Owner> = Vec::with_capacity(paragraph.inlines.len());
        let mut before = None;
        for inline in &paragraph.inlines {
            let value = pointer(inline).unwrap_or_else(|| before.flatten());
            let owner = match owners.last() {
                Some(owner) if before == Some(value) => *owner,
                _ => Owner::Element(match value {
                    None => self.structure.mark(id),
                    Some(value) => {
                        let span = self.structure.add(id, Element::new(Role::Span, None));
                        self.structure.set_value(span, value);
                        self.structure.mark(span)
                    }
                }),
            };
            before = Some(value);
            owners.push(owner);
        }
        Owners::Each(owners)
    }

    fn form(&mut self) -> ElementId {
        let (parent, _) = self.innermost();
        self.structure.add(parent, Element::new(Role::Form, None))
    }

    fn add(&mut self, role: Role, lang: Lang) -> ElementId {
        let (parent, around) = self.innermost();
        let lang = (lang != around).then_some(lang);
        self.structure.add(parent, Element::new(role, lang))
    }

    fn innermost(&self) -> (ElementId, Lang) {
        let document = (ElementId::DOCUMENT, self.lang);
        self.open.last().copied().unwrap_or(document)
    }
}

impl Owners {
    /// All of a footer's paragraph.
    pub(super) fn artifact(artifact: Artifact) -> Self {
        Self::All(Owner::Artifact(artifact))
    }

    /// What the inline in a place belongs to.
    pub(super) fn of(&self, place: usize) -> Owner {
        match self {
            Self::All(owner) => *owner,
            Self::Each(owners) => owners
                .get(place)
                .copied()
                .unwrap_or(Owner::Artifact(Artifact::Repeated)),
        }
    }
}

/// Of a text, the pointer of the value that it prints, if any; nothing of a line break.
fn pointer(inline: &Inline) -> Option<Option<&std::sync::Arc<str>>> {
    match inline {
        Inline::Break => None,
        Inline::Page | Inline::Pages => Some(None),
        Inline::Text { pointer, .. } => Some(pointer.as_ref()),
    }
}
