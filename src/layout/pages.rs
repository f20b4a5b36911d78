use crate::form::Lang;
use crate::layout::code::Code;
use crate::layout::fonts::Face;
use crate::layout::structure::ElementId;
use crate::layout::structure::Owner;
use crate::layout::structure::Structure;

/// A document ready to be written: what stands where on each page.
#[derive(Debug, Clone, PartialEq)]
pub struct Pages {
    /// Title of the document, not printed.
    pub title: String,
    /// Language of the document as a whole.
    pub lang: Lang,
    /// In order.
    pub pages: Vec<Page>,
    /// The codes of its figures.
    pub codes: Vec<Code>,
    /// What the pieces of the pages are.
    pub structure: Structure,
    /// The element that holds the place of the signature.
    pub signature: ElementId,
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Points.
    pub width: f32,
    /// Points.
    pub height: f32,
    /// Lies under everything else.
    pub watermark: Option<Watermark>,
    /// Lines of the page.
    pub rules: Vec<Rule>,
    /// Texts in reading order.
    pub runs: Vec<Run>,
    /// Pictures.
    pub figures: Vec<Figure>,
}

/// A code on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Length of a side, with the quiet zone.
    pub size: f32,
    /// Its place among [`Pages::codes`].
    pub code: usize,
    /// What it belongs to.
    pub owner: Owner,
}

/// A stretch of text in one face, on one baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Left end, in points from the left edge of the page.
    pub x: f32,
    /// Baseline, in points from the top of the page.
    pub y: f32,
    /// Font.
    pub face: Face,
    /// Size of type in points.
    pub size: f32,
    /// What it belongs to.
    pub owner: Owner,
    /// From left to right.
    pub pieces: Vec<Piece>,
}

/// A part of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// White space in points, beyond that of the characters.
    Gap(f32),
    /// A glyph that is not the font's own for one character: a letter composed with its mark.
    Glyph {
        /// Its number in the font.
        id: u16,
        /// The characters it stands for.
        text: String,
    },
    /// A part of a word that a hyphen parts.
    ReadAs {
        /// The characters set, as in [`Piece::Text`].
        shown: String,
        /// What they are read as: the whole word, or nothing where it was read before.
        read: String,
    },
    /// Characters set with the font's own glyph for each, at its own width.
    Text(String),
}

/// A straight line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Left or upper end.
    pub x: f32,
    /// Left or upper end.
    pub y: f32,
    /// Towards the right or the bottom.
    pub length: f32,
    /// Its thickness, half on either side.
    pub thickness: f32,
    /// Where it runs.
    pub direction: Direction,
}

/// Where a rule runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the right.
    Horizontal,
    /// Down.
    Vertical,
}

/// Large grey text across a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Watermark {
    /// Its position is where the baseline begins.
    pub run: Run,
    /// Angle of the baseline, counter-clockwise from the horizontal.
    pub degrees: f32,
    /// 0 is black, 1 is white.
    pub grey: f32,
}

impl Run {
    /// The words of the run, as they are read.
    #[must_use]
    pub fn text(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Gap(_) => "",
                Piece::Glyph { text, .. }
                | Piece::ReadAs { read: text, .. }
                | Piece::Text(text) => text.as_str(),
            })
            .collect()
    }
}
