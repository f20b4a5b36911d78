//! How much of the file a signature accounts for (ISO 32000-1 12.8.1).

use std::ops::Range;

use crate::pdf::object::StringObject;
use crate::pdf::object::hex_digit;
use crate::pdf::reader::Pdf;

/// How much of the file a byte range accounts for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Coverage {
    /// It does not account for the bytes before its end.
    Broken(CoverageFault),
    /// Everything up to the end of a revision; the file goes on. See
    /// [`Signature::changes_after`](super::Signature::changes_after).
    Revision {
        /// The length of the file when it was signed.
        end: usize,
    },
    /// The whole file, but for its own `/Contents`.
    Whole,
}

/// Why a byte range does not account for the bytes before its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CoverageFault {
    /// The second range ends beyond the end of the file, or its bounds overflow.
    #[error("the byte range reaches beyond the file")]
    BeyondFile,
    /// `/Contents` has white space, an odd number of digits, or is no hexadecimal string: bytes
    /// outside the signature that can change without a trace.
    #[error("/Contents is not a plain hexadecimal string")]
    ContentsForm,
    /// What lies between the two ranges is not exactly the `/Contents` of this signature.
    #[error("the gap in the byte range is not exactly /Contents")]
    Gap,
    /// The second range ends within the file, but not where a revision ends.
    #[error("the byte range does not end where a revision ends")]
    NotRevisionEnd,
    /// The first range does not begin at 0.
    #[error("the byte range does not begin at the start of the file")]
    Start,
    /// The signature dictionary lies outside the bytes that it signs, or is another one there.
    #[error("the signature dictionary is not the one that was signed")]
    SignatureOutside,
}

/// `dictionary` is the place of the whole indirect object that holds the signature dictionary.
pub(crate) fn coverage(
    pdf: &Pdf<'_>,
    number: u32,
    dictionary: &Range<usize>,
    byte_range: [usize; 4],
    contents: &StringObject<'_>,
) -> Coverage {
    match covered_end(pdf, number, dictionary, byte_range, contents) {
        Ok(end) if end == pdf.data.len() => Coverage::Whole,
        Ok(end) => Coverage::Revision { end },
        Err(fault) => Coverage::Broken(fault),
    }
}

fn covered_end(
    pdf: &Pdf<'_>,
    number: u32,
    dictionary: &Range<usize>,
    [start, length, second_start, second_length]: [usize; 4],
    contents: &StringObject<'_>,
) -> Result<usize, CoverageFault> {
    let end = second_start
        .checked_add(second_length)
        .filter(|end| *end <= pdf.data.len());
    let end = end.ok_or(CoverageFault::BeyondFile)?;
    if start != 0 {
        return Err(CoverageFault::Start);
    }
    if contents.span != (length..second_start) {
        return Err(CoverageFault::Gap);
    }
    let digits = contents
        .raw
        .get(1..contents.raw.len().saturating_sub(1))
        .unwrap_or_default();
    let plain = contents.is_hexadecimal() && digits.len().is_multiple_of(2);
    if !plain || digits.iter().any(|byte| hex_digit(*byte).is_none()) {
        return Err(CoverageFault::ContentsForm);
    }
    if dictionary.end > end {
        return Err(CoverageFault::SignatureOutside);
    }
    if end == pdf.data.len() {
        return Ok(end);
    }
    let revisions = pdf.revisions();
    let Some(revision) = revisions.iter().find(|revision| revision.ends_at(end)) else {
        return Err(CoverageFault::NotRevisionEnd);
    };
    // The same object as when it was signed: a later entry may lead elsewhere.
    let signed = pdf.view_from(revision.sections.start);
    if signed.location(number) != pdf.view().location(number) {
        return Err(CoverageFault::SignatureOutside);
    }
    Ok(end)
}
