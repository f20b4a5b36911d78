use std::io::Write;

use lopdf::ObjectId;

use crate::export::catalog::SignatureField;
use crate::export::error::Error;
use crate::export::object;
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
    /// Where the content of each mark stands, in reading order.
    places: Vec<Vec<Place>>,
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
    page: usize,
    number: usize,
}

impl<'p> Tree<'p> {
    pub(super) fn new(pages: &'p Pages, shown: Vec<Vec<Mark>>, field: SignatureField) -> Self {
        let mut places = vec![Vec::new(); pages.structure.marks()];
        for (page, marks) in shown.iter().enumerate() {
            for (number, mark) in marks.iter().enumerate() {
                if let Some(places) = places.get_mut(mark.index()) {
                    places.push(Place { page, number });
                }
            }
        }
        let mut tree = Self {
            pages,
            shown,
            places,
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

    /// The objects of the tree, numbered from `first`: its root, its parent tree, the rows of that
    /// tree, the elements.
    pub(super) fn objects(
        &self,
        first: u32,
        pages: &[ObjectId],
        field: Option<ObjectId>,
    ) -> Result<Vec<Vec<u8>>, Error> {
        let rows = u32::try_from(self.shown.len()).unwrap_or(u32::MAX);
        let numbering = Numbers {
            root: first,
            parents: first + 1,
            rows: first + 2,
            elements: first + 2 + rows,
        };
        let mut objects = Vec::with_capacity(self.shown.len() + self.numbers.len() + 2);
        objects.push(self.root(&numbering)?);
        objects.push(self.parents(&numbering)?);
        let owners = self.owners();
        for marks in &self.shown {
            objects.push(self.row(marks, &owners, &numbering)?);
        }
        let mut around = vec![numbering.root; self.numbers.len()];
        for (index, element) in self.pages.structure.elements().iter().enumerate() {
            let Some(number) = self.numbers[index] else {
                continue;
            };
            for kid in &element.kids {
                if let Kid::Element(kid) = kid {
                    around[kid.index()] = numbering.elements + number;
                }
            }
            let writing = Writing {
                tree: self,
                numbering: &numbering,
                pages,
                field,
                out: Vec::with_capacity(96),
            };
            objects.push(writing.element(index, element, around[index])?);
        }
        Ok(objects)
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
        self.places.get(mark.index()).map_or(&[], Vec::as_slice)
    }

    /// The element of each mark.
    fn owners(&self) -> Vec<usize> {
        let mut owners = vec![0; self.places.len()];
        for (index, element) in self.pages.structure.elements().iter().enumerate() {
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

    fn parents(&self, numbering: &Numbers) -> Result<Vec<u8>, Error> {
        let mut out = b"<</Nums[".to_vec();
        for page in 0..self.shown.len() {
            write!(out, "{page} {} 0 R ", numbering.rows as usize + page)?;
        }
        let holder = self.numbers.get(self.pages.signature.index());
        if let (true, Some(Some(number))) = (self.field, holder) {
            let number = numbering.elements + number;
            write!(out, "{} {number} 0 R", self.key_of_field())?;
        }
        out.extend(b"]>>");
        Ok(out)
    }

    fn row(&self, marks: &[Mark], owners: &[usize], numbering: &Numbers) -> Result<Vec<u8>, Error> {
        let mut out = Vec::with_capacity(marks.len() * 9 + 2);
        out.push(b'[');
        for mark in marks {
            let element = owners.get(mark.index()).copied().unwrap_or(0);
            let number = self.numbers[element].unwrap_or(0) + numbering.elements;
            write!(out, "{number} 0 R ")?;
        }
        out.push(b']');
        Ok(out)
    }
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
    fn element(mut self, index: usize, element: &Element, parent: u32) -> Result<Vec<u8>, Error> {
        write!(self.out, "<</S/{}/P {parent} 0 R", name(element.role))?;
        if let Some(lang) = element.lang {
            write!(self.out, "/Lang({})", lang.tag())?;
        }
        if let Some(alt) = &element.alt {
            self.out.extend(b"/Alt");
            object::write(&mut self.out, &object::text(alt));
        }
        self.attributes(element)?;
        self.kids(index, element)?;
        self.out.extend(b">>");
        Ok(self.out)
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

    fn kids(&mut self, index: usize, element: &Element) -> Result<(), Error> {
        let places = |kid: &Kid| match kid {
            Kid::Content(mark) => self.tree.places(*mark).first().map(|place| place.page),
            Kid::Element(_) => None,
        };
        let page = element.kids.iter().find_map(places);
        if let Some(page) = page {
            write!(self.out, "/Pg {} 0 R", self.page(page))?;
        }
        self.out.extend(b"/K[");
        for kid in &element.kids {
            match kid {
                Kid::Content(mark) => {
                    for place in self.tree.places(*mark) {
                        self.content(*place, page)?;
                    }
                }
                Kid::Element(id) => {
                    if let Some(Some(number)) = self.tree.numbers.get(id.index()) {
                        write!(self.out, "{} 0 R ", self.numbering.elements + number)?;
                    }
                }
            }
        }
        if let (true, Some((field, _))) = (index == self.tree.pages.signature.index(), self.field) {
            let page = self.page(0);
            write!(self.out, "<</Type/OBJR/Pg {page} 0 R/Obj {field} 0 R>>")?;
        }
        self.out.push(b']');
        Ok(())
    }

    /// Content on the element's own page goes by its number alone.
    fn content(&mut self, place: Place, page: Option<usize>) -> Result<(), Error> {
        if page == Some(place.page) {
            write!(self.out, "{} ", place.number)?;
        } else {
            let page = self.page(place.page);
            write!(
                self.out,
                "<</Type/MCR/Pg {page} 0 R/MCID {}>>",
                place.number
            )?;
        }
        Ok(())
    }

    fn page(&self, page: usize) -> u32 {
        self.pages.get(page).map_or(0, |(number, _)| *number)
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
