use crate::form::Borders;
use crate::form::Orientation;
use crate::form::Paragraph;
use crate::form::Style;
use crate::layout::fonts::Face;

/// What a style means on paper; points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Type {
    pub(super) size: f32,
    /// From one baseline to the next.
    pub(super) leading: f32,
    /// Of the text that does not ask for another.
    pub(super) face: Face,
    before: f32,
    after: f32,
    pub(super) keep_with_next: bool,
}

pub(super) fn type_of(style: Style) -> Type {
    let (size, leading, before, after) = match style {
        Style::Body => (12.0, 14.2, 0.0, 3.0),
        Style::Caption => (8.5, 9.6, 1.0, 4.0),
        Style::Heading => (12.0, 14.4, 8.0, 6.0),
        Style::Small => (8.5, 10.2, 1.0, 2.0),
        Style::Subheading => (12.0, 14.4, 6.0, 3.0),
        Style::TableBody => (9.0, 10.6, 0.0, 1.0),
        Style::TableHead => (8.5, 10.0, 0.0, 1.0),
        Style::Title => (15.0, 18.5, 6.0, 8.0),
    };
    Type {
        size,
        leading,
        face: match style {
            Style::Heading | Style::Subheading | Style::TableHead | Style::Title => Face::Bold,
            Style::Body | Style::Caption | Style::Small | Style::TableBody => Face::Regular,
        },
        before,
        after,
        keep_with_next: style.heading_level().is_some(),
    }
}

/// What stands above a block: of two neighbours the larger space counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Above {
    /// The rule of a blank.
    Blank,
    /// Text of a style.
    Lines(Style),
    /// A table.
    Table,
    /// The top of a page or of a cell.
    Top,
}

impl Above {
    /// What a paragraph is to the block below it.
    pub(super) fn paragraph(paragraph: &Paragraph) -> Self {
        match paragraph.ruled {
            true => Self::Blank,
            false => Self::Lines(paragraph.style),
        }
    }

    /// Space between this and a paragraph of a style below it.
    pub(super) fn space_to(self, style: Style) -> f32 {
        match self {
            // The two languages of one heading.
            Self::Lines(above)
                if above == style && matches!(style, Style::Heading | Style::Small) =>
            {
                TOGETHER
            }
            _ => self.space_below().max(type_of(style).before),
        }
    }

    /// Space below this, whatever follows.
    pub(super) fn space_below(self) -> f32 {
        match self {
            Self::Blank => 1.0,
            Self::Lines(style) => type_of(style).after,
            Self::Table => 4.0,
            Self::Top => 0.0,
        }
    }
}

/// The measures of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Paper {
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Paper {
    pub(super) fn a4(orientation: Orientation) -> Self {
        let (width, height) = match orientation {
            Orientation::Portrait => (210.0, 297.0),
            Orientation::Landscape => (297.0, 210.0),
        };
        Self {
            width: points(width),
            height: points(height),
        }
    }

    pub(super) fn text_width(self) -> f32 {
        self.width - points(MARGIN_LEFT) - points(MARGIN_RIGHT)
    }

    /// Where the last footer line ends.
    pub(super) fn foot(self) -> f32 {
        self.height - points(MARGIN_FOOT)
    }
}

/// Millimetres in points, to a hundredth: the coordinates of a file stay short.
pub(super) fn points(millimetres: f32) -> f32 {
    rounded(millimetres * 72.0 / 25.4)
}

/// A coordinate to a hundredth of a point.
pub(super) fn rounded(points: f32) -> f32 {
    (points * 100.0).round() / 100.0
}

/// White space between the edge of a cell and its text: at the sides, above and below.
pub(super) fn padding(borders: Borders) -> (f32, f32) {
    match borders {
        Borders::Grid => (3.5, 2.2),
        Borders::None => (4.0, 0.8),
    }
}

// Millimetres: the left margin is wider, for the binding.
pub(super) const MARGIN_LEFT: f32 = 20.0;
pub(super) const MARGIN_RIGHT: f32 = 15.0;
pub(super) const MARGIN_TOP: f32 = 15.0;
const MARGIN_FOOT: f32 = 10.0;
/// A side of a module of a code: at 150 dots an inch it is more than two dots wide.
pub(super) const SMALLEST_MODULE: f32 = 0.45;
/// From the mark of an item to its text.
pub(super) const LIST_INDENT: f32 = 7.0;

// Points
/// Between the text and the footer, at the least.
pub(super) const FOOTER_GAP: f32 = 10.0;
/// Between the header and the text.
pub(super) const HEADER_GAP: f32 = 10.0;
/// Between a code and the lines beside it, at the least.
pub(super) const CODE_GAP: f32 = 6.0;
/// Thickness of the lines of tables and blanks.
pub(super) const RULE: f32 = 0.5;
/// Thickness of a bar of a chart.
pub(super) const BAR: f32 = 6.0;
/// Thickness of the line above a footer.
pub(super) const FOOTER_RULE: f32 = 0.35;
/// From the last line of a blank down to its rule.
pub(super) const BLANK_DROP: f32 = 0.6;
/// Between the line above a footer and its first line.
pub(super) const FOOTER_RULE_GAP: f32 = 3.0;
/// Points between paragraphs that belong together.
const TOGETHER: f32 = 1.0;
