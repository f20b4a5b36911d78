//! The revisions of a file (ISO 32000-1 7.5.6).

use std::ops::Range;

use crate::pdf::limits::Budget;
use crate::pdf::parser::Parser;
use crate::pdf::xref::Section;
use crate::pdf::xref::after_end_of_file_marker;

/// One state of the file: what was written at once.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Revision {
    /// Its cross-reference sections, in the chain that runs newest first: two when it is
    /// linearized.
    pub(crate) sections: Range<usize>,
    /// Where its `%%EOF` ends.
    pub(crate) marker_end: Option<usize>,
    /// Where the line end behind that ends.
    pub(crate) line_end: Option<usize>,
}

impl Revision {
    /// The number of bytes from the start of the file to the line end behind the `%%EOF` of this
    /// revision; none when no `startxref` and `%%EOF` of its own stand behind its trailer.
    pub fn end(&self) -> Option<usize> {
        self.line_end
    }

    /// Whether the file was complete with this many bytes: with or without the last line end,
    /// which a later revision may have added.
    pub(crate) fn ends_at(&self, offset: usize) -> bool {
        self.marker_end == Some(offset) || self.line_end == Some(offset)
    }
}

/// The revisions, oldest first.
pub(crate) fn revisions(data: &[u8], sections: &[Section<'_>], budget: &Budget) -> Vec<Revision> {
    let mut revisions = Vec::with_capacity(sections.len());
    let mut after = sections.len();
    while after > 0 {
        let last = &sections[after - 1];
        let linearized = after >= 2 && sections[after - 2].offset < last.offset;
        let first = after - if linearized { 2 } else { 1 };
        let marker_end = marker_end(data, last.end, sections[first].offset, budget);
        let line_end =
            marker_end.map(|end| end + line_end_length(data.get(end..).unwrap_or_default()));
        revisions.push(Revision {
            sections: first..after,
            marker_end,
            line_end,
        });
        after = first;
    }
    revisions
}

/// Behind `startxref`, the offset that it must give, and `%%EOF`.
fn marker_end(data: &[u8], section_end: usize, offset: usize, budget: &Budget) -> Option<usize> {
    let mut parser = Parser::new(data, section_end, budget);
    parser.expect_keyword("startxref").ok()?;
    if parser.expect_unsigned::<usize>().ok()? != offset {
        return None;
    }
    after_end_of_file_marker(data, parser.position())
}

fn line_end_length(rest: &[u8]) -> usize {
    match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}
