//! Every byte behind the signed ones belongs to a well-formed update.

use std::ops::Range;

use crate::pdf::changes::finding::ContentChange;
use crate::pdf::changes::finding::Stop;
use crate::pdf::object::ObjectId;
use crate::pdf::parser::is_white_space;
use crate::pdf::reader::Pdf;
use crate::pdf::revision::Revision;
use crate::pdf::xref::Location;
use crate::pdf::xref::Section;
use crate::pdf::xref::SectionKind;

/// `later` are the revisions behind the signed bytes, oldest first.
pub(super) fn account(pdf: &Pdf<'_>, mut end: usize, later: &[Revision]) -> Result<(), Stop> {
    for revision in later {
        end = account_revision(pdf, end, revision)?;
    }
    if end != pdf.data.len() {
        return Err(ContentChange::Bytes { offset: end }.into());
    }
    Ok(())
}

/// Returns where the revision ends.
fn account_revision(pdf: &Pdf<'_>, start: usize, revision: &Revision) -> Result<usize, Stop> {
    let at = revision.sections.start;
    let section = pdf
        .sections
        .get(at)
        .ok_or(ContentChange::Bytes { offset: start })?;
    let (Some(marker_end), Some(line_end)) = (revision.marker_end, revision.line_end) else {
        return Err(ContentChange::Bytes {
            offset: section.end,
        }
        .into());
    };
    // Two sections in one revision, or a table beside a stream, are nothing that an update needs.
    if revision.sections.len() != 1 || section.kind == SectionKind::Hybrid || section.offset < start
    {
        return Err(ContentChange::Bytes {
            offset: section.offset,
        }
        .into());
    }
    let mut spans = object_spans(pdf, start, at, section)?;
    spans.push(section.offset..section.end);
    spans.push(tail_start(pdf.data, section.end)..marker_end);
    spans.sort_by_key(|span| span.start);
    let mut done = start;
    for span in spans {
        let gap = pdf
            .data
            .get(done..span.start)
            .ok_or(ContentChange::Bytes { offset: span.start })?;
        if let Some(at) = gap.iter().position(|byte| !is_white_space(*byte)) {
            return Err(ContentChange::Bytes { offset: done + at }.into());
        }
        done = span.end;
    }
    Ok(line_end)
}

/// Where the objects stand that a section, the one at `at` of the chain, enters.
fn object_spans(
    pdf: &Pdf<'_>,
    start: usize,
    at: usize,
    section: &Section<'_>,
) -> Result<Vec<Range<usize>>, Stop> {
    let (before, after) = (pdf.view_from(at + 1), pdf.view_from(at));
    let mut spans = Vec::with_capacity(section.entries.len() + 2);
    for (number, location) in &section.entries {
        pdf.budget.spend_objects(1 + pdf.sections.len() / 16)?;
        if *location == before.location(*number) {
            continue;
        }
        match *location {
            Location::Free => return Err(ContentChange::ObjectRemoved { object: *number }.into()),
            // A cross-reference stream enters itself.
            Location::At { offset, .. } if offset == section.offset => {}
            Location::At { offset, .. } if offset < start || offset >= section.offset => {
                return Err(ContentChange::Bytes { offset }.into());
            }
            Location::At { offset, generation } => {
                spans.push(
                    after
                        .indirect(
                            offset,
                            ObjectId {
                                number: *number,
                                generation,
                            },
                        )?
                        .span,
                );
            }
            Location::InStream { container, .. } => match section.location(container) {
                Some(Location::At { offset, .. }) if offset >= start => {}
                _ => return Err(ContentChange::ObjectAdded { object: *number }.into()),
            },
        }
    }
    Ok(spans)
}

/// Where `startxref` stands, provided that only white space lies before it: a comment there would
/// be a gap.
fn tail_start(data: &[u8], section_end: usize) -> usize {
    let rest = data.get(section_end..).unwrap_or_default();
    let spaces = rest
        .iter()
        .take_while(|byte| is_white_space(**byte))
        .count();
    if rest
        .get(spaces..)
        .is_some_and(|rest| rest.starts_with(b"startxref"))
    {
        section_end + spaces
    } else {
        data.len()
    }
}
