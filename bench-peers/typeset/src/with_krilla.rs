//! Our pages written by krilla: the same glyphs in the same places with the same structure.
//! What krilla cannot say is missing: JSON pointers, the signature field.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::error::Error;
use std::num::NonZeroU16;
use std::num::NonZeroU32;

use krilla::Data;
use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::configure::Accessibility;
use krilla::configure::Archival;
use krilla::configure::ConfigurationBuilder;
use krilla::destination::XyzDestination;
use krilla::embed::AssociationKind;
use krilla::embed::EmbeddedFile;
use krilla::embed::MimeType;
use krilla::geom::PathBuilder;
use krilla::geom::Point;
use krilla::geom::Rect;
use krilla::geom::Transform;
use krilla::graphic::Graphic;
use krilla::metadata::DateTime;
use krilla::metadata::Metadata;
use krilla::outline::Outline;
use krilla::outline::OutlineNode;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::tagging::Artifact;
use krilla::tagging::ArtifactType;
use krilla::tagging::BBox;
use krilla::tagging::ContentTag;
use krilla::tagging::Identifier;
use krilla::tagging::ListNumbering;
use krilla::tagging::Node;
use krilla::tagging::Placement;
use krilla::tagging::SpanTag;
use krilla::tagging::TableHeaderScope;
use krilla::tagging::Tag;
use krilla::tagging::TagGroup;
use krilla::tagging::TagKind;
use krilla::tagging::TagTree;
use krilla::text::Font;
use krilla::text::GlyphId;
use krilla::text::KrillaGlyph;
use ruqsat::layout::Code;
use ruqsat::layout::Direction;
use ruqsat::layout::Element;
use ruqsat::layout::Face;
use ruqsat::layout::Figure;
use ruqsat::layout::Fonts;
use ruqsat::layout::Kid;
use ruqsat::layout::Numbering;
use ruqsat::layout::Owner;
use ruqsat::layout::Page;
use ruqsat::layout::Pages;
use ruqsat::layout::Piece;
use ruqsat::layout::Role;
use ruqsat::layout::Rule;
use ruqsat::layout::Run;
use ruqsat::layout::Scope;
use ruqsat::layout::Spans;

/// Fonts parsed once, and the glyphs of their characters.
pub struct Krilla {
    fonts: &'static Fonts,
    faces: Vec<Font>,
    known: Vec<HashMap<char, (u16, f32)>>,
}

impl Krilla {
    pub fn new() -> Self {
        let fonts = Fonts::builtin();
        let face = |face: &Face| Font::new(Data::from(fonts.data(*face)), 0).expect("a font");
        Self {
            faces: Face::ALL.iter().map(face).collect(),
            known: Face::ALL.iter().map(|_| HashMap::new()).collect(),
            fonts,
        }
    }

    pub fn write(&mut self, pages: &Pages, data: String) -> Result<Vec<u8>, Box<dyn Error>> {
        let configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A3_A)
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|error| format!("{error:?}"))?;
        let settings = SerializeSettings {
            configuration,
            ..SerializeSettings::default()
        };
        let mut document = Document::new_with(settings);
        let mut marks: Vec<Vec<Identifier>> = vec![Vec::new(); pages.structure.marks()];
        let mut codes: Vec<Option<Graphic>> = vec![None; pages.codes.len()];
        let mut bounds = HashMap::new();
        for (number, page) in pages.pages.iter().enumerate() {
            let settings =
                PageSettings::from_wh(page.width, page.height).ok_or("a page without area")?;
            let mut written = document.start_page_with(settings);
            let mut surface = written.surface();
            let mut painter = Painter {
                krilla: self,
                surface: &mut surface,
                marks: &mut marks,
            };
            painter.rules(page);
            painter.runs(&page.runs);
            for figure in &page.figures {
                painter.figure(figure, &pages.codes[figure.code], &mut codes[figure.code]);
                if let (Owner::Element(mark), Some(rect)) = (
                    figure.owner,
                    Rect::from_xywh(figure.x, figure.y, figure.size, figure.size),
                ) {
                    bounds.insert(mark.index(), BBox::new(number, rect));
                }
            }
            surface.finish();
            written.finish();
        }
        let headings = headings(pages);
        let tree = Tree {
            elements: pages.structure.elements(),
            headings: &headings,
            marks: &marks,
            bounds: &bounds,
        };
        document.set_tag_tree(tree.whole(pages.lang.tag()));
        let mut outline = Outline::new();
        for heading in headings.values() {
            let point = Point::from_xy(0.0, heading.y);
            outline.push_child(OutlineNode::new(
                heading.title.clone(),
                XyzDestination::new(heading.page, point),
            ));
        }
        document.set_outline(outline);
        document.set_metadata(
            Metadata::new()
                .title(pages.title.clone())
                .language(pages.lang.tag().to_owned())
                .creation_date(
                    DateTime::new(2014)
                        .month(2)
                        .day(3)
                        .hour(9)
                        .minute(0)
                        .second(0),
                )
                .document_id(pages.title.clone()),
        );
        document.embed_file(EmbeddedFile {
            path: "permit.json".to_owned(),
            mime_type: MimeType::new("application/json"),
            description: Some("Data of the permit".to_owned()),
            association_kind: AssociationKind::Data,
            data: Data::from(data.into_bytes()),
            modification_date: Some(DateTime::new(2014).month(2).day(3)),
            compress: Some(true),
            location: None,
        });
        let pdf = document.finish().map_err(|error| format!("{error:?}"))?;
        // Beside typst krilla remembers too: as there, what the last document used.
        #[cfg(feature = "typst")]
        comemo::evict(1);
        Ok(pdf)
    }
}

/// Puts one page on its surface.
struct Painter<'p, 's> {
    krilla: &'p mut Krilla,
    surface: &'p mut Surface<'s>,
    marks: &'p mut Vec<Vec<Identifier>>,
}

impl Painter<'_, '_> {
    fn rules(&mut self, page: &Page) {
        if page.rules.is_empty() {
            return;
        }
        self.surface
            .start_tagged(ContentTag::Artifact(Artifact::with_kind(
                ArtifactType::Other,
            )));
        self.surface.set_fill(None);
        for rules in page.rules.chunk_by(|a, b| a.thickness == b.thickness) {
            let mut path = PathBuilder::new();
            for rule in rules {
                let (x, y) = end(rule);
                path.move_to(rule.x, rule.y);
                path.line_to(x, y);
            }
            self.surface.set_stroke(Some(Stroke {
                paint: luma::Color::black().into(),
                width: rules[0].thickness,
                ..Stroke::default()
            }));
            if let Some(path) = path.finish() {
                self.surface.draw_path(&path);
            }
        }
        self.surface.set_stroke(None);
        self.surface.end_tagged();
    }

    fn runs(&mut self, runs: &[Run]) {
        self.surface.set_fill(Some(black()));
        for runs in runs.chunk_by(|a, b| a.owner == b.owner) {
            self.begin(runs[0].owner, None);
            for run in runs {
                self.run(run);
            }
            self.surface.end_tagged();
        }
    }

    fn begin(&mut self, owner: Owner, read: Option<&str>) {
        let tag = match (owner, read) {
            (Owner::Artifact(kind), _) => ContentTag::Artifact(Artifact::with_kind(match kind {
                ruqsat::layout::Artifact::Footer => ArtifactType::Footer,
                ruqsat::layout::Artifact::Header | ruqsat::layout::Artifact::Repeated => {
                    ArtifactType::Header
                }
                ruqsat::layout::Artifact::Watermark => ArtifactType::Watermark,
            })),
            (Owner::Element(_), None) => ContentTag::Other,
            (Owner::Element(_), Some(read)) => {
                ContentTag::Span(SpanTag::empty().with_actual_text(Some(read)))
            }
        };
        let identifier = self.surface.start_tagged(tag);
        if let Owner::Element(mark) = owner {
            self.marks[mark.index()].push(identifier);
        }
    }

    fn run(&mut self, run: &Run) {
        let mut line = Line {
            x: run.x,
            ..Line::default()
        };
        for piece in &run.pieces {
            match piece {
                Piece::Gap(width) => line.gap(*width, run.size),
                Piece::Glyph { id, text } => {
                    let units = self.krilla.fonts.units_per_em(run.face);
                    let advance = f32::from(self.krilla.fonts.advance(run.face, *id)) / units;
                    line.glyph(*id, advance, text);
                }
                Piece::ReadAs { shown, read } => {
                    self.show(run, &mut line);
                    self.surface.end_tagged();
                    self.begin(run.owner, Some(read));
                    self.text(run.face, shown, &mut line);
                    self.show(run, &mut line);
                    self.surface.end_tagged();
                    self.begin(run.owner, None);
                }
                Piece::Text(text) => self.text(run.face, text, &mut line),
            }
        }
        self.show(run, &mut line);
    }

    fn text(&mut self, face: Face, text: &str, line: &mut Line) {
        let Krilla { fonts, known, .. } = &mut *self.krilla;
        for character in text.chars() {
            let (glyph, advance) = *known[face.index()].entry(character).or_insert_with(|| {
                let glyph = fonts.glyph(face, character).unwrap_or(0);
                (
                    glyph,
                    f32::from(fonts.advance(face, glyph)) / fonts.units_per_em(face),
                )
            });
            line.glyph(glyph, advance, character.encode_utf8(&mut [0; 4]));
        }
    }

    fn show(&mut self, run: &Run, line: &mut Line) {
        if !line.glyphs.is_empty() {
            let font = self.krilla.faces[run.face.index()].clone();
            let start = Point::from_xy(line.x, run.y);
            self.surface
                .draw_glyphs(start, &line.glyphs, font, &line.text, run.size, false);
        }
        let width: f32 = line.glyphs.iter().map(|glyph| glyph.x_advance).sum();
        line.x += width * run.size;
        line.glyphs.clear();
        line.text.clear();
    }

    /// The code is one drawing, shown on every page.
    fn figure(&mut self, figure: &Figure, code: &Code, drawn: &mut Option<Graphic>) {
        self.begin(figure.owner, None);
        let graphic = drawn.get_or_insert_with(|| {
            let mut builder = self.surface.stream_builder();
            let mut surface = builder.surface();
            let mut path = PathBuilder::new();
            for dark in &code.dark {
                if let Some(rect) =
                    Rect::from_xywh(dark.x as f32, dark.y as f32, dark.length as f32, 1.0)
                {
                    path.push_rect(rect);
                }
            }
            surface.set_fill(Some(black()));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
            surface.finish();
            Graphic::new(builder.finish(), false)
        });
        let scale = figure.size / code.side as f32;
        self.surface.push_transform(&Transform::from_row(
            scale, 0.0, 0.0, scale, figure.x, figure.y,
        ));
        self.surface.draw_graphic(graphic.clone());
        self.surface.pop();
        self.surface.end_tagged();
    }
}

/// Glyphs that are shown together.
#[derive(Default)]
struct Line {
    x: f32,
    glyphs: Vec<KrillaGlyph>,
    text: String,
}

impl Line {
    fn glyph(&mut self, id: u16, advance: f32, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        let range = start..self.text.len();
        self.glyphs.push(KrillaGlyph::new(
            GlyphId::new(id.into()),
            advance,
            0.0,
            0.0,
            0.0,
            range,
            None,
        ));
    }

    fn gap(&mut self, width: f32, size: f32) {
        match self.glyphs.last_mut() {
            Some(glyph) => glyph.x_advance += width / size,
            None => self.x += width,
        }
    }
}

/// The structure, without elements that hold nothing.
struct Tree<'t> {
    elements: &'t [Element],
    headings: &'t BTreeMap<usize, Heading>,
    marks: &'t [Vec<Identifier>],
    bounds: &'t HashMap<usize, BBox>,
}

impl Tree<'_> {
    fn whole(&self, lang: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(lang.to_owned()));
        for node in self.nodes(0) {
            tree.push(node);
        }
        tree
    }

    fn nodes(&self, element: usize) -> Vec<Node> {
        let mut nodes = Vec::with_capacity(self.elements[element].kids.len());
        for kid in &self.elements[element].kids {
            match kid {
                Kid::Content(mark) => {
                    nodes.extend(self.marks[mark.index()].iter().map(|id| Node::Leaf(*id)))
                }
                Kid::Element(id) => {
                    let kids = self.nodes(id.index());
                    let element = &self.elements[id.index()];
                    if !kids.is_empty() || matches!(element.role, Role::TD(_) | Role::TH(..)) {
                        let tag = self
                            .tag(id.index())
                            .with_lang(element.lang.map(|lang| lang.tag().to_owned()));
                        nodes.push(TagGroup::with_children(tag, kids).into());
                    }
                }
            }
        }
        nodes
    }

    fn tag(&self, place: usize) -> TagKind {
        let element = &self.elements[place];
        match element.role {
            Role::Document | Role::Sect => Tag::Section.into(),
            Role::Heading(level) => {
                let level = NonZeroU16::new(level.into()).unwrap_or(NonZeroU16::MIN);
                Tag::Hn(
                    level,
                    self.headings
                        .get(&place)
                        .map(|heading| heading.title.clone()),
                )
                .into()
            }
            Role::P => Tag::P.into(),
            Role::Span => Tag::Span.into(),
            Role::Table => Tag::Table.into(),
            Role::THead => Tag::THead.into(),
            Role::TBody => Tag::TBody.into(),
            Role::TR => Tag::TR.into(),
            Role::TH(scope, spans) => {
                let scope = match scope {
                    Scope::Column => TableHeaderScope::Column,
                    Scope::Row => TableHeaderScope::Row,
                };
                Tag::TH(scope)
                    .with_col_span(columns(spans))
                    .with_row_span(rows(spans))
                    .into()
            }
            Role::TD(spans) => Tag::TD
                .with_col_span(columns(spans))
                .with_row_span(rows(spans))
                .into(),
            Role::L(numbering) => Tag::L(match numbering {
                Numbering::Decimal => ListNumbering::Decimal,
                Numbering::Disc => ListNumbering::Disc,
                Numbering::None => ListNumbering::None,
            })
            .into(),
            Role::LI => Tag::LI.into(),
            Role::Lbl => Tag::Lbl.into(),
            Role::LBody => Tag::LBody.into(),
            Role::Figure => {
                let bounds = element.kids.iter().find_map(|kid| match kid {
                    Kid::Content(mark) => self.bounds.get(&mark.index()).copied(),
                    Kid::Element(_) => None,
                });
                Tag::Figure(element.alt.clone())
                    .with_bbox(bounds)
                    .with_placement(Some(Placement::Block))
                    .into()
            }
            Role::Form => Tag::Form.into(),
        }
    }
}

/// What a heading says and where: krilla asks for it, and for an outline.
struct Heading {
    title: String,
    page: usize,
    y: f32,
}

/// The headings by their places among the elements.
fn headings(pages: &Pages) -> BTreeMap<usize, Heading> {
    let elements = pages.structure.elements();
    let mut owners: HashMap<usize, usize> = HashMap::new();
    for (place, element) in elements.iter().enumerate() {
        if matches!(element.role, Role::Heading(_)) {
            let mut ahead = vec![place];
            while let Some(next) = ahead.pop() {
                for kid in &elements[next].kids {
                    match kid {
                        Kid::Content(mark) => _ = owners.insert(mark.index(), place),
                        Kid::Element(id) => ahead.push(id.index()),
                    }
                }
            }
        }
    }
    let mut headings: BTreeMap<usize, Heading> = BTreeMap::new();
    for (page, run) in pages
        .pages
        .iter()
        .enumerate()
        .flat_map(|(place, page)| page.runs.iter().map(move |run| (place, run)))
    {
        let Owner::Element(mark) = run.owner else {
            continue;
        };
        if let Some(place) = owners.get(&mark.index()) {
            let first = || Heading {
                title: String::new(),
                page,
                y: run.y - run.size,
            };
            headings
                .entry(*place)
                .or_insert_with(first)
                .title
                .push_str(&run.text());
        }
    }
    headings
}

fn columns(spans: Spans) -> Option<NonZeroU32> {
    u32::try_from(spans.columns)
        .ok()
        .filter(|span| *span > 1)
        .and_then(NonZeroU32::new)
}

fn rows(spans: Spans) -> Option<NonZeroU32> {
    u32::try_from(spans.rows)
        .ok()
        .filter(|span| *span > 1)
        .and_then(NonZeroU32::new)
}

fn end(rule: &Rule) -> (f32, f32) {
    match rule.direction {
        Direction::Horizontal => (rule.x + rule.length, rule.y),
        Direction::Vertical => (rule.x, rule.y + rule.length),
    }
}

fn black() -> Fill {
    Fill {
        paint: luma::Color::black().into(),
        ..Fill::default()
    }
}
