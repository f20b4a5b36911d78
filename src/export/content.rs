use std::collections::BTreeMap;

use printpdf::Color;
use printpdf::DictItem;
use printpdf::Greyscale;
use printpdf::LinePoint;
use printpdf::Mm;
use printpdf::Op;
use printpdf::PaintMode;
use printpdf::PdfDocument;
use printpdf::PdfFontHandle;
use printpdf::PdfPage;
use printpdf::PdfSaveOptions;
use printpdf::Point;
use printpdf::Polygon;
use printpdf::PolygonRing;
use printpdf::Pt;
use printpdf::TextMatrix;
use printpdf::WindingOrder;
use printpdf::XObjectTransform;

use crate::export::code;
use crate::export::error::Error;
use crate::export::font::Subset;
use crate::layout::Artifact;
use crate::layout::Direction;
use crate::layout::Face;
use crate::layout::Figure;
use crate::layout::Mark;
use crate::layout::Owner;
use crate::layout::Page;
use crate::layout::Piece;
use crate::layout::Rule;
use crate::layout::Run;
use crate::layout::Watermark;

/// A page in printpdf's words: watermark, rules, then one text section; and the mark of each of its
/// pieces of marked content, by number.
pub(super) fn operations(
    page: &Page,
    subsets: &[Subset],
    names: &[&'static str],
    sides: &[usize],
) -> (Vec<Op>, Vec<Mark>) {
    let mut content = Content {
        height: page.height,
        subsets,
        names,
        sides,
        marks: Vec::new(),
        ops: Vec::new(),
    };
    if let Some(watermark) = &page.watermark {
        content.watermark(watermark);
    }
    content.rules(&page.rules);
    content.runs(&page.runs);
    content.figures(&page.figures);
    (content.ops, content.marks)
}

/// Operations as they stand in a file.
///
/// One page at a time, and without the fonts: printpdf holds all that it is given, and copies the
/// fonts for every document.
pub(super) fn written(operations: Vec<Op>) -> Result<Vec<u8>, Error> {
    let mut document = PdfDocument::new("");
    document
        .pages
        .push(PdfPage::new(Mm(0.0), Mm(0.0), operations));
    // It takes an operator that it has no word for only so.
    let options = PdfSaveOptions {
        secure: false,
        ..PdfSaveOptions::default()
    };
    let mut warnings = Vec::new();
    let mut document = document.to_lopdf_document(&options, &mut warnings);
    Error::of_warnings(warnings)?;
    let page = document.page_iter().next().ok_or(Error::NoPages)?;
    let content = document.get_dictionary(page)?.get(b"Contents")?;
    let content = content.as_reference()?;
    let stream = document.get_object_mut(content)?.as_stream_mut()?;
    Ok(std::mem::take(&mut stream.content))
}

struct Content<'a> {
    /// Of the page: the file counts from the bottom.
    height: f32,
    subsets: &'a [Subset],
    /// The structure type of each mark's element.
    names: &'a [&'static str],
    /// Modules of the side of each code.
    sides: &'a [usize],
    marks: Vec<Mark>,
    ops: Vec<Op>,
}

impl Content<'_> {
    fn watermark(&mut self, watermark: &Watermark) {
        let run = &watermark.run;
        self.ops.push(artifact(Artifact::Watermark));
        self.ops.push(fill(watermark.grey));
        self.ops.push(Op::StartTextSection);
        self.font(run);
        let matrix =
            TextMatrix::TranslateRotate(Pt(run.x), Pt(self.height - run.y), watermark.degrees);
        self.ops.push(Op::SetTextMatrix { matrix });
        self.ops.push(read_as(&run.text()));
        self.show(run);
        self.ops.push(Op::EndMarkedContentWithProperties);
        self.ops.push(Op::EndTextSection);
        self.ops.push(fill(0.0));
        self.ops.push(Op::EndMarkedContent);
    }

    /// All rules of one thickness are one path.
    fn rules(&mut self, rules: &[Rule]) {
        if rules.is_empty() {
            return;
        }
        self.ops.push(Op::BeginMarkedContent {
            tag: "Artifact".to_owned(),
        });
        for rules in rules.chunk_by(|a, b| a.thickness == b.thickness) {
            let rings = rules
                .iter()
                .map(|rule| PolygonRing {
                    points: self.ends(rule),
                })
                .collect();
            let polygon = Polygon {
                rings,
                mode: PaintMode::Stroke,
                winding_order: WindingOrder::NonZero,
            };
            self.ops.push(Op::SetOutlineThickness {
                pt: Pt(rules[0].thickness),
            });
            self.ops.push(Op::DrawPolygon { polygon });
        }
        self.ops.push(Op::EndMarkedContent);
    }

    fn ends(&self, rule: &Rule) -> Vec<LinePoint> {
        let (x, y) = match rule.direction {
            Direction::Horizontal => (rule.x + rule.length, rule.y),
            Direction::Vertical => (rule.x, rule.y + rule.length),
        };
        [(rule.x, rule.y), (x, y)]
            .map(|(x, y)| LinePoint {
                p: point(x, self.height - y),
                bezier: false,
            })
            .to_vec()
    }

    fn runs(&mut self, runs: &[Run]) {
        self.ops.push(Op::StartTextSection);
        let mut font: Option<(Face, f32)> = None;
        let (mut x, mut y) = (0.0, 0.0);
        let mut owner = None;
        for run in runs {
            if owner != Some(run.owner) {
                if owner.replace(run.owner).is_some() {
                    self.ops.push(Op::EndMarkedContent);
                }
                self.begin(run.owner);
            }
            if font != Some((run.face, run.size)) {
                self.font(run);
                font = Some((run.face, run.size));
            }
            let (next_x, next_y) = (run.x, self.height - run.y);
            // From the beginning of the run before.
            self.ops.push(Op::SetTextCursor {
                pos: point(next_x - x, next_y - y),
            });
            (x, y) = (next_x, next_y);
            self.show(run);
        }
        if owner.is_some() {
            self.ops.push(Op::EndMarkedContent);
        }
        self.ops.push(Op::EndTextSection);
    }

    fn figures(&mut self, figures: &[Figure]) {
        for figure in figures {
            let Some(side) = self.sides.get(figure.code) else {
                continue;
            };
            self.begin(figure.owner);
            let scale = figure.size / *side as f32;
            self.ops.push(Op::UseXobject {
                id: code::id(figure.code),
                transform: XObjectTransform {
                    translate_x: Some(Pt(figure.x)),
                    translate_y: Some(Pt(self.height - figure.y - figure.size)),
                    scale_x: Some(scale),
                    scale_y: Some(scale),
                    no_auto_scale: true,
                    ..XObjectTransform::default()
                },
            });
            self.ops.push(Op::EndMarkedContent);
        }
    }

    /// What follows belongs to an element, or is furniture.
    fn begin(&mut self, owner: Owner) {
        let mark = match owner {
            Owner::Artifact(kind) => return self.ops.push(artifact(kind)),
            Owner::Element(mark) => mark,
        };
        let number = i64::try_from(self.marks.len()).unwrap_or(i64::MAX);
        self.marks.push(mark);
        let name = self.names.get(mark.index()).copied().unwrap_or("P");
        self.ops
            .push(begin(name, [("MCID", DictItem::Int(number))]));
    }

    fn font(&mut self, run: &Run) {
        if let Some(subset) = self.subset(run.face) {
            let font = PdfFontHandle::External(subset.id());
            self.ops.push(Op::SetFont {
                font,
                size: Pt(run.size),
            });
        }
    }

    fn show(&mut self, run: &Run) {
        let subsets = self.subsets;
        let Some(subset) = subsets.iter().find(|subset| subset.face == run.face) else {
            return;
        };
        let mut text = Text::default();
        for piece in &run.pieces {
            match piece {
                // Thousandths of the size of type, towards the left.
                Piece::Gap(width) => text.gap((-width * 1000.0 / run.size).round()),
                Piece::Glyph { id, .. } => text.glyph(subset.glyph(*id)),
                Piece::ReadAs { shown, read } => {
                    self.show_text(std::mem::take(&mut text));
                    self.ops.push(read_as(read));
                    let mut part = Text::default();
                    part.characters(subset, shown);
                    self.show_text(part);
                    self.ops.push(Op::EndMarkedContent);
                }
                Piece::Text(characters) => text.characters(subset, characters),
            }
        }
        self.show_text(text);
    }

    /// By the operators themselves: printpdf's own word for them looks up every character again
    /// and writes the glyphs in hexadecimal, twice as long.
    fn show_text(&mut self, mut text: Text) {
        text.end();
        let (key, value) = match text.parts.as_slice() {
            [] => return,
            [DictItem::String { .. }] => ("Tj", text.parts.swap_remove(0)),
            _ => ("TJ", DictItem::Array(text.parts)),
        };
        self.ops.push(Op::Unknown {
            key: key.to_owned(),
            value: vec![value],
        });
    }

    fn subset(&self, face: Face) -> Option<&Subset> {
        self.subsets.iter().find(|subset| subset.face == face)
    }
}

/// Strings of glyphs, two bytes each, and the gaps between them (ISO 32000-1, 9.4.3).
#[derive(Default)]
struct Text {
    parts: Vec<DictItem>,
    /// Behind them.
    string: Vec<u8>,
}

impl Text {
    fn gap(&mut self, width: f32) {
        self.end();
        self.parts.push(DictItem::Real(width));
    }

    fn glyph(&mut self, glyph: u16) {
        self.string.extend(glyph.to_be_bytes());
    }

    fn characters(&mut self, subset: &Subset, text: &str) {
        self.string.reserve(text.len());
        for character in text.chars() {
            self.glyph(subset.glyph_of(character));
        }
    }

    fn end(&mut self) {
        if !self.string.is_empty() {
            self.parts.push(DictItem::String {
                data: std::mem::take(&mut self.string),
                literal: true,
            });
        }
    }
}

fn fill(grey: f32) -> Op {
    Op::SetFillColor {
        col: Color::Greyscale(Greyscale {
            percent: grey,
            icc_profile: None,
        }),
    }
}

/// What follows is read as one text: readers take slanted letters one by one otherwise.
fn read_as(text: &str) -> Op {
    let mut data = vec![0xfe, 0xff];
    data.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    let text = DictItem::String {
        data,
        literal: false,
    };
    begin("Span", [("ActualText", text)])
}

/// Furniture of a page (ISO 32000-1, 14.8.2.2.2).
fn artifact(kind: Artifact) -> Op {
    let kind = match kind {
        Artifact::Footer => "Footer",
        Artifact::Header | Artifact::Repeated => "Header",
        Artifact::Watermark => "Watermark",
    };
    let name = |name: &str| DictItem::Name(name.into());
    begin(
        "Artifact",
        [("Type", name("Pagination")), ("Subtype", name(kind))],
    )
}

fn begin<const N: usize>(tag: &str, properties: [(&str, DictItem); N]) -> Op {
    let map = BTreeMap::from(properties.map(|(key, value)| (key.to_owned(), value)));
    Op::BeginMarkedContentWithProperties {
        tag: tag.to_owned(),
        properties: DictItem::Dict { map },
    }
}

/// To a hundredth of a point, as the layout gives coordinates.
fn point(x: f32, y: f32) -> Point {
    let rounded = |value: f32| (value * 100.0).round() / 100.0;
    Point {
        x: Pt(rounded(x)),
        y: Pt(rounded(y)),
    }
}
