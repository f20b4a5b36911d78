use std::io::Write;

use lopdf::ObjectId;

use crate::export::catalog::SignatureField;
use crate::export::error::Error;
use crate::export::object;
use crate::export::packed::Packer;
use crate::layout::Element;
use crate::layout::ElementId;
use crate::layout::Kid;
use crate::layout::Mark;
use crate::layout::Numbering;
use crate::layout::Owner;
use crate::layout::Pages;
use crate::layout::Role;
use crate::layout::Scope;
use crate::layout::Spans;
use crate::layout::Structure;

/// The structure of a document as it goes into the file: joined to what stands on the pages, and
/// without elements that hold nothing.
pub(super) struct Tree<'p> {
    pages: &'p Pages,
    /// What each page shows, by the number of its marked content.
    shown: Vec<Vec<Mark>>,
    /// Where the content of the marks stands, mark by mark, in reading order.
    places: Vec<Place>,
    /// Where the places of each mark begin, and where the last ones end.
    starts: Vec<u32>,
    /// The place of each element among those that are written.
    numbers: Vec<Option<u32>>,
    /// How many are written.
    written: u32,
    /// Whether the place of the signature has a field.
    field: bool,
}

/// Marked content: its page and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    page: u32,
    number: u32,
}

impl<'p> Tree<'p> {
    pub(super) fn new(pages: &'p Pages, shown: Vec<Vec<Mark>>, field: SignatureField) -> Self {
        let (places, starts) = places(&shown, pages.structure.marks());
        let mut tree = Self {
            pages,
            shown,
            places,
            starts,
            numbers: vec![None; pages.structure.elements().len()],
            written: 0,
            field: field == SignatureField::Empty,
        };
        tree.number();
        tree
    }

    pub(super) fn element(&self, id: ElementId) -> Option<&'p Element> {
        self.pages.structure.elements().get(id.index())
    }

    /// What an element holds in the file.
    pub(super) fn kids(&self, id: ElementId) -> impl Iterator<Item = Kid> {
        let kids = self.element(id).map_or(&[][..], |element| &element.kids);
        kids.iter().copied().filter(|kid| match kid {
            Kid::Content(mark) => !self.places(*mark).is_empty(),
            Kid::Element(id) => self.is_written(*id),
        })
    }

    /// Everything that the pages show beside furniture.
    pub(super) fn shown(&self) -> impl Iterator<Item = Mark> {
        self.shown.iter().flatten().copied()
    }

    /// Key of a page in the parent tree.
    pub(super) fn key_of_page(page: usize) -> i64 {
        i64::try_from(page).unwrap_or(i64::MAX)
    }

    /// Key of the signature field in the parent tree.
    pub(super) fn key_of_field(&self) -> i64 {
        Self::key_of_page(self.shown.len())
    }

    /// Packs the objects of the tree: its root, its parent tree, the rows of that tree, the
    /// elements.
    pub(super) fn pack(
        &self,
        packer: &mut Packer<'_>,
        pages: &[ObjectId],
        field: Option<ObjectId>,
    ) -> Result<(), Error> {
        let rows = u32::try_from(self.shown.len()).unwrap_or(u32::MAX);
        let first = packer.first();
        let numbering = Numbers {
            root: first,
            parents: first + 1,
            rows: first + 2,
            elements: first + 2 + rows,
        };
        packer.add(&self.root(&numbering)?)?;
        packer.add(&self.parents(&numbering))?;
        let owners = self.owners();
        for marks in &self.shown {
            packer.add(&self.row(marks, &owners, &numbering))?;
        }
        drop(owners);
        let mut around = vec![numbering.root; self.numbers.len()];
        let mut writing = Writing {
            tree: self,
            numbering: &numbering,
            pages,
            field,
            out: Vec::with_capacity(256),
        };
        for (index, element) in self.pages.structure.elements().iter().enumerate() {
            let Some(number) = self.numbers[index] else {
                continue;
            };
            for kid in &element.kids {
                if let Kid::Element(kid) = kid {
                    around[kid.index()] = numbering.elements + number;
                }
            }
            writing.out.clear();
            writing.element(index, element, around[index])?;
            packer.add(&writing.out)?;
        }
        Ok(())
    }

    /// Elements that hold something, and every cell: a table has no holes.
    fn number(&mut self) {
        let elements = self.pages.structure.elements();
        let mut written = vec![false; elements.len()];
        for (index, element) in elements.iter().enumerate().rev() {
            let holds = |kid: &Kid| match kid {
                Kid::Content(mark) => !self.places(*mark).is_empty(),
                Kid::Element(id) => written.get(id.index()).copied().unwrap_or(false),
            };
            written[index] = matches!(element.role, Role::TD(_) | Role::TH(..))
                || (self.field && index == self.pages.signature.index())
                || element.kids.iter().any(holds);
        }
        for (number, written) in self.numbers.iter_mut().zip(written) {
            if written {
                *number = Some(self.written);
                self.written += 1;
            }
        }
    }

    fn is_written(&self, id: ElementId) -> bool {
        self.numbers.get(id.index()).is_some_and(Option::is_some)
    }

    /// Where a figure stands on its page.
    fn bounds(&self, element: &Element) -> Option<[f32; 4]> {
        let owner = element.kids.iter().find_map(|kid| match kid {
            Kid::Content(mark) => Some(Owner::Element(*mark)),
            Kid::Element(_) => None,
        })?;
        self.pages.pages.iter().find_map(|page| {
            let figure = page.figures.iter().find(|figure| figure.owner == owner)?;
            let bottom = page.height - figure.y - figure.size;
            let corners = [
                figure.x,
                bottom,
                figure.x + figure.size,
                bottom + figure.size,
            ];
            Some(corners.map(|corner| (corner * 100.0).round() / 100.0))
        })
    }

    fn places(&self, mark: Mark) -> &[Place] {
        let start = |mark: usize| self.starts.get(mark).map(|start| *start as usize);
        match (start(mark.index()), start(mark.index() + 1)) {
            (Some(start), Some(end)) => &self.places[start..end],
            _ => &[],
        }
    }

    /// The element of each mark.
    fn owners(&self) -> Vec<u32> {
        let mut owners = vec![0; self.pages.structure.marks()];
        for (index, element) in (0..).zip(self.pages.structure.elements()) {
            for kid in &element.kids {
                if let Kid::Content(mark) = kid {
                    owners[mark.index()] = index;
                }
            }
        }
        owners
    }

    fn root(&self, numbering: &Numbers) -> Result<Vec<u8>, Error> {
        let mut out = Vec::new();
        write!(
            out,
            "<</Type/StructTreeRoot/K {} 0 R/ParentTree {} 0 R/ParentTreeNextKey {}>>",
            numbering.elements,
            numbering.parents,
            self.key_of_field() + 1
        )?;
        Ok(out)
    }

    fn parents(&self, numbering: &Numbers) -> Vec<u8> {
        let mut out = b"<</Nums[".to_vec();
        for (page, row) in (numbering.rows..).enumerate().take(self.shown.len()) {
            object::digits(&mut out, page);
            out.push(b' ');
            object::reference(&mut out, row);
            out.push(b' ');
        }
        let holder = self.numbers.get(self.pages.signature.index());
        if let (true, Some(Some(number))) = (self.field, holder) {
            object::digits(&mut out, self.shown.len());
            out.push(b' ');
            object::reference(&mut out, numbering.elements + number);
        }
        out.extend(b"]>>");
        out
    }

    fn row(&self, marks: &[Mark], owners: &[u32], numbering: &Numbers) -> Vec<u8> {
        let mut out = Vec::with_capacity(marks.len() * 9 + 2);
        out.push(b'[');
        for mark in marks {
            let element = owners.get(mark.index()).copied().unwrap_or(0);
            let number = self.numbers[element as usize].unwrap_or(0);
            object::reference(&mut out, number + numbering.elements);
            out.push(b' ');
        }
        out.push(b']');
        out
    }
}

/// Where the content of each mark stands, in order, and where the places of each begin.
fn places(shown: &[Vec<Mark>], marks: usize) -> (Vec<Place>, Vec<u32>) {
    let known = |mark: &Mark| mark.index() < marks;
    let mut starts = vec![0_u32; marks + 1];
    for mark in shown.iter().flatten().filter(|mark| known(mark)) {
        starts[mark.index() + 1] += 1;
    }
    for mark in 0..marks {
        starts[mark + 1] += starts[mark];
    }
    let mut next = starts.clone();
    let nowhere = Place { page: 0, number: 0 };
    let mut places = vec![nowhere; starts[marks] as usize];
    for (page, marks) in (0..).zip(shown) {
        for (number, mark) in (0..).zip(marks).filter(|(_, mark)| known(mark)) {
            let next = &mut next[mark.index()];
            places[*next as usize] = Place { page, number };
            *next += 1;
        }
    }
    (places, starts)
}

/// Where the numbers of the tree's objects begin.
struct Numbers {
    root: u32,
    parents: u32,
    rows: u32,
    elements: u32,
}

/// An element on its way into the file.
struct Writing<'w> {
    tree: &'w Tree<'w>,
    numbering: &'w Numbers,
    pages: &'w [ObjectId],
    field: Option<ObjectId>,
    out: Vec<u8>,
}

impl Writing<'_> {
    fn element(&mut self, index: usize, element: &Element, parent: u32) -> Result<(), Error> {
        self.out.extend(b"<</S/");
        self.out.extend(name(element.role).bytes());
        self.out.extend(b"/P ");
        object::reference(&mut self.out, parent);
        if let Some(lang) = element.lang {
            write!(self.out, "/Lang({})", lang.tag())?;
        }
        if let Some(alt) = &element.alt {
            self.out.extend(b"/Alt");
            object::write(&mut self.out, &object::text(alt));
        }
        self.attributes(element)?;
        self.kids(index, element);
        self.out.extend(b">>");
        Ok(())
    }

    fn attributes(&mut self, element: &Element) -> Result<(), Error> {
        let mut attributes = Vec::new();
        match element.role {
            Role::TH(scope, spans) => {
                let scope = match scope {
                    Scope::Column => "Column",
                    Scope::Row => "Row",
                };
                write!(attributes, "<</O/Table/Scope/{scope}")?;
                write_spans(&mut attributes, spans)?;
                attributes.extend(b">>");
            }
            Role::L(numbering) => {
                let numbering = match numbering {
                    Numbering::Decimal => "Decimal",
                    Numbering::Disc => "Disc",
                    Numbering::None => "None",
                };
                write!(attributes, "<</O/List/ListNumbering/{numbering}>>")?;
            }
            Role::Figure => {
                if let Some([left, bottom, right, top]) = self.tree.bounds(element) {
                    write!(
                        attributes,
                        "<</O/Layout/Placement/Block/BBox[{left} {bottom} {right} {top}]>>"
                    )?;
                }
            }
            Role::TD(spans) if spans != ONE => {
                attributes.extend(b"<</O/Table");
                write_spans(&mut attributes, spans)?;
                attributes.extend(b">>");
            }
            _ => {}
        }
        if let Some(pointer) = &element.pointer {
            attributes.extend(b"<</O/UserProperties/P[<</N(pointer)/V");
            object::write(&mut attributes, &object::text(pointer));
            attributes.extend(b">>]>>");
        }
        if !attributes.is_empty() {
            self.out.extend(b"/A[");
            self.out.extend(attributes);
            self.out.push(b']');
        }
        Ok(())
    }

    fn kids(&mut self, index: usize, element: &Element) {
        let places = |kid: &Kid| match kid {
            Kid::Content(mark) => self.tree.places(*mark).first().map(|place| place.page),
            Kid::Element(_) => None,
        };
        let page = element.kids.iter().find_map(places);
        if let Some(page) = page {
            self.page(page);
        }
        self.out.extend(b"/K[");
        for kid in &element.kids {
            match kid {
                Kid::Content(mark) => {
                    for place in self.tree.places(*mark) {
                        self.content(*place, page);
                    }
                }
                Kid::Element(id) => {
                    if let Some(Some(number)) = self.tree.numbers.get(id.index()) {
                        object::reference(&mut self.out, self.numbering.elements + number);
                        self.out.push(b' ');
                    }
                }
            }
        }
        if let (true, Some((field, _))) = (index == self.tree.pages.signature.index(), self.field) {
            self.out.extend(b"<</Type/OBJR");
            self.page(0);
            self.out.extend(b"/Obj ");
            object::reference(&mut self.out, field);
            self.out.extend(b">>");
        }
        self.out.push(b']');
    }

    /// Content on the element's own page goes by its number alone.
    fn content(&mut self, place: Place, page: Option<u32>) {
        if page == Some(place.page) {
            object::digits(&mut self.out, place.number as usize);
            self.out.push(b' ');
        } else {
            self.out.extend(b"<</Type/MCR");
            self.page(place.page);
            self.out.extend(b"/MCID ");
            object::digits(&mut self.out, place.number as usize);
            self.out.extend(b">>");
        }
    }

    fn page(&mut self, page: u32) {
        let page = self.pages.get(page as usize);
        self.out.extend(b"/Pg ");
        object::reference(&mut self.out, page.map_or(0, |(number, _)| *number));
    }
}

fn write_spans(out: &mut Vec<u8>, spans: Spans) -> Result<(), Error> {
    if spans.columns > 1 {
        write!(out, "/ColSpan {}", spans.columns)?;
    }
    if spans.rows > 1 {
        write!(out, "/RowSpan {}", spans.rows)?;
    }
    Ok(())
}

/// The structure type of each mark's element.
pub(super) fn names_of_marks(structure: &Structure) -> Vec<&'static str> {
    let mut names = vec!["P"; structure.marks()];
    for element in structure.elements() {
        for kid in &element.kids {
            if let Kid::Content(mark) = kid {
                names[mark.index()] = name(element.role);
            }
        }
    }
    names
}

/// The name of a structure type.
pub(super) fn name(role: Role) -> &'static str {
    match role {
        Role::Document => "Document",
        Role::Sect => "Sect",
        Role::Heading(1) => "H1",
        Role::Heading(2) => "H2",
        Role::Heading(3) => "H3",
        Role::Heading(4) => "H4",
        Role::Heading(5) => "H5",
        Role::Heading(_) => "H6",
        Role::P => "P",
        Role::Span => "Span",
        Role::Table => "Table",
        Role::THead => "THead",
        Role::TBody => "TBody",
        Role::TR => "TR",
        Role::TH(..) => "TH",
        Role::TD(_) => "TD",
        Role::L(_) => "L",
        Role::LI => "LI",
        Role::Lbl => "Lbl",
        Role::LBody => "LBody",
        Role::Figure => "Figure",
        Role::Form => "Form",
    }
}

const ONE: Spans = Spans {
    columns: 1,
    rows: 1,
};
