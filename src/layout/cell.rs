use crate::form::Align;
use crate::form::Inline;
use crate::form::Paragraph;
use crate::layout::error::Error;
use crate::layout::flow::Art;
use crate::layout::fonts::Face;
use crate::layout::line;
use crate::layout::line::Line;
use crate::layout::shape::Shaper;
use crate::layout::style;
use crate::layout::style::Above;
use crate::layout::tags::Tags;

/// What a column of paragraphs is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A cell of a table, and the innermost element.
    Cell,
    /// Paragraphs that only stand side by side with others.
    Plain,
}

/// Paragraphs one below the other in a column of their own.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    /// Each with the space above it.
    lines: Vec<(f32, Line)>,
    pub(super) height: f32,
    /// What follows the decimal comma of a figure, in points; none of other text.
    pub(super) fraction: Option<f32>,
}

impl Column {
    pub(super) fn set(
        shaper: &mut Shaper<'_>,
        tags: &mut Tags,
        paragraphs: &[Paragraph],
        width: f32,
        kind: Kind,
    ) -> Result<Self, Error> {
        let mut column = Self {
            fraction: fraction(shaper, paragraphs)?,
            ..Self::default()
        };
        let mut above = Above::Top;
        for paragraph in paragraphs {
            let owners = match paragraphs {
                [_] if kind == Kind::Cell => tags.sole_paragraph(paragraph),
                _ => tags.paragraph(paragraph),
            };
            let mut gap = above.space_to(paragraph.style);
            for line in line::lines(shaper, paragraph, &owners, width, None)? {
                let top = column.is_empty();
                column.push(if top { 0.0 } else { gap }, line);
                gap = 0.0;
                above = Above::paragraph(paragraph);
            }
        }
        Ok(column)
    }

    /// Moves the lines to the left, none of them out of the column.
    pub(super) fn move_left(&mut self, points: f32) {
        for run in self.lines.iter_mut().flat_map(|(_, line)| &mut line.runs) {
            run.x = style::rounded((run.x - points).max(0.0));
        }
    }

    /// Takes off the lines that fit into a height, one at least.
    pub(super) fn take(&mut self, height: f32) -> Self {
        let mut taken = Self::default();
        let mut rest = Self::default();
        for (gap, line) in self.lines.drain(..) {
            let fits = taken.lines.is_empty() || taken.height + gap + line.height <= height;
            if rest.lines.is_empty() && fits {
                let gap = if taken.lines.is_empty() { 0.0 } else { gap };
                taken.push(gap, line);
            } else {
                rest.push(gap, line);
            }
        }
        *self = rest;
        taken
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Moves the lines into a picture, the first one's top at a place.
    pub(super) fn draw(self, art: &mut Art, x: f32, y: f32) {
        let mut y = y;
        for (gap, line) in self.lines {
            y += gap;
            let height = line.height;
            art.line(line, x, y);
            y += height;
        }
    }

    fn push(&mut self, gap: f32, line: Line) {
        self.height += gap + line.height;
        self.lines.push((gap, line));
    }
}

/// Of a lone figure to be aligned by its comma, what the comma and the digits behind it take.
fn fraction(shaper: &mut Shaper<'_>, paragraphs: &[Paragraph]) -> Result<Option<f32>, Error> {
    let [figure] = paragraphs else {
        return Ok(None);
    };
    let [Inline::Text { text, bold, .. }] = figure.inlines.as_slice() else {
        return Ok(None);
    };
    if figure.align != Align::Decimal {
        return Ok(None);
    }
    let style = style::type_of(figure.style);
    let face = if *bold { Face::Bold } else { style.face };
    let (_, behind) = text.split_at(text.rfind(',').unwrap_or(text.len()));
    let units = shaper.word(face, behind)?.width;
    Ok(Some(shaper.points(face, units, style.size)))
}
