//! Cross-reference tables, cross-reference streams and their chain (ISO 32000-1 7.5.4–7.5.8).

use crate::pdf::error::Error;
use crate::pdf::error::Fault;
use crate::pdf::error::Limit;
use crate::pdf::filter::decode;
use crate::pdf::indirect::Indirect;
use crate::pdf::indirect::read_indirect;
use crate::pdf::limits::Budget;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::object::Stream;
use crate::pdf::parser::Parser;
use crate::pdf::parser::is_white_space;

/// One cross-reference section with its trailer.
#[derive(Debug)]
pub(crate) struct Section<'d> {
    /// Where it begins, as `startxref` or `/Prev` says.
    pub(crate) offset: usize,
    /// Where its trailer, or its stream object, ends.
    pub(crate) end: usize,
    pub(crate) kind: SectionKind,
    /// Ascending object numbers, none twice.
    pub(crate) entries: Vec<(u32, Location)>,
    pub(crate) trailer: Dictionary<'d>,
    pub(crate) size: u32,
    pub(crate) previous: Option<usize>,
}

/// How a section is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum SectionKind {
    /// A table with `/XRefStm` (7.5.8.4).
    Hybrid,
    Stream,
    Table,
}

/// Where an object stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Location {
    At { offset: usize, generation: u16 },
    Free,
    InStream { container: u32, index: u32 },
}

impl Section<'_> {
    pub(crate) fn location(&self, number: u32) -> Option<Location> {
        let at = self
            .entries
            .binary_search_by_key(&number, |(number, _)| *number)
            .ok()?;
        Some(self.entries[at].1)
    }

    fn highest_in_use(&self) -> Option<u32> {
        let in_use = self
            .entries
            .iter()
            .rev()
            .find(|(_, location)| *location != Location::Free);
        in_use.map(|(number, _)| *number)
    }
}

/// The sections, newest first.
pub(crate) fn read_sections<'d>(
    data: &'d [u8],
    budget: &Budget,
) -> Result<Vec<Section<'d>>, Error> {
    let mut sections: Vec<Section<'d>> = Vec::new();
    let mut next = Some(last_startxref(data, budget)?);
    let mut jumped_forward = false;
    while let Some(offset) = next {
        budget.check_revisions(sections.len() + 1)?;
        let section = read_section(data, offset, budget)?;
        if section.trailer.get("Encrypt").is_some() {
            return Err(Error::Encrypted);
        }
        next = section.previous;
        if let Some(previous) = next {
            // Only the first section of a linearized file points forward, to the last of the chain.
            if jumped_forward || previous == offset {
                return Err(Error::Damaged {
                    offset,
                    fault: Fault::PrevLoop,
                });
            }
            jumped_forward = previous > offset;
        }
        // What the newest /Size excludes, a strict reader takes for missing.
        let newest_size = sections.first().map_or(section.size, |newest| newest.size);
        if section
            .highest_in_use()
            .is_some_and(|number| number >= newest_size)
        {
            return Err(Error::Damaged {
                offset,
                fault: Fault::ObjectNumber,
            });
        }
        sections.push(section);
    }
    Ok(sections)
}

/// What stands behind the last `startxref` (7.5.5), which must lie within the last 1024 bytes.
fn last_startxref(data: &[u8], budget: &Budget) -> Result<usize, Error> {
    const WORD: &[u8] = b"startxref";
    let tail_start = data.len().saturating_sub(1024);
    let tail = &data[tail_start..];
    let at = tail.windows(WORD.len()).rposition(|window| window == WORD);
    let at = tail_start
        + at.ok_or(Error::Damaged {
            offset: data.len(),
            fault: Fault::Keyword("startxref"),
        })?;
    let mut parser = Parser::new(data, at + WORD.len(), budget);
    let offset = parser.expect_unsigned()?;
    if after_end_of_file_marker(data, parser.position()).is_none() {
        return Err(parser.fail(Fault::Keyword("%%EOF")));
    }
    Ok(offset)
}

/// Passes over white space and `%%EOF`.
pub(crate) fn after_end_of_file_marker(data: &[u8], position: usize) -> Option<usize> {
    const MARKER: &[u8] = b"%%EOF";
    let rest = data.get(position..)?;
    let skipped = rest
        .iter()
        .take_while(|byte| is_white_space(**byte))
        .count();
    rest.get(skipped..)?
        .starts_with(MARKER)
        .then_some(position + skipped + MARKER.len())
}

fn read_section<'d>(data: &'d [u8], offset: usize, budget: &Budget) -> Result<Section<'d>, Error> {
    let mut parser = Parser::new(data, offset, budget);
    parser.skip_white_space();
    let mut section = if parser.take_keyword("xref") {
        read_table(data, offset, parser, budget)?
    } else {
        read_xref_stream(data, offset, budget)?
    };
    check_entries(&mut section)?;
    Ok(section)
}

fn read_table<'d, 'b>(
    data: &'d [u8],
    offset: usize,
    mut parser: Parser<'d, 'b>,
    budget: &'b Budget,
) -> Result<Section<'d>, Error> {
    let mut entries = Vec::new();
    loop {
        parser.skip_white_space();
        if parser.take_keyword("trailer") {
            break;
        }
        parser = read_subsection(data, parser, budget, &mut entries)?;
    }
    let at = parser.position();
    let Object::Dictionary(trailer) = parser.object()? else {
        return Err(Error::Damaged {
            offset: at,
            fault: Fault::Key("trailer"),
        });
    };
    let mut section = section(
        offset,
        parser.position(),
        SectionKind::Table,
        entries,
        trailer,
    )?;
    if let Some(hidden) = section.trailer.get("XRefStm") {
        let hidden = hidden.as_unsigned().ok_or(Error::Damaged {
            offset: at,
            fault: Fault::Key("XRefStm"),
        })?;
        section.kind = SectionKind::Hybrid;
        add_hidden(&mut section, read_xref_stream(data, hidden, budget)?)?;
    }
    Ok(section)
}

/// Objects that the table calls free, or does not name, come from the stream (7.5.8.4). Where both
/// name one, old and new readers would see different objects.
fn add_hidden(section: &mut Section<'_>, mut hidden: Section<'_>) -> Result<(), Error> {
    check_entries(&mut hidden)?;
    section.entries.sort_unstable_by_key(|(number, _)| *number);
    let mut added = Vec::new();
    for (number, location) in hidden.entries {
        match section
            .entries
            .binary_search_by_key(&number, |(number, _)| *number)
        {
            Err(_) => added.push((number, location)),
            Ok(at) if section.entries[at].1 == Location::Free => section.entries[at].1 = location,
            Ok(at) if section.entries[at].1 == location || location == Location::Free => {}
            Ok(_) => {
                return Err(Error::Damaged {
                    offset: section.offset,
                    fault: Fault::DuplicateObject,
                });
            }
        }
    }
    section.entries.extend(added);
    Ok(())
}

/// `first count` and as many lines of exactly 20 bytes: a reader that counts bytes and one that
/// reads words must agree.
fn read_subsection<'d, 'b>(
    data: &'d [u8],
    mut parser: Parser<'d, 'b>,
    budget: &'b Budget,
    entries: &mut Vec<(u32, Location)>,
) -> Result<Parser<'d, 'b>, Error> {
    let first: u32 = parser.expect_unsigned()?;
    let count: u32 = parser.expect_unsigned()?;
    let start =
        lines_start(data, parser.position()).ok_or_else(|| parser.fail(Fault::XrefEntry))?;
    let length = usize::try_from(count)
        .ok()
        .and_then(|count| count.checked_mul(20));
    let end = length
        .and_then(|length| start.checked_add(length))
        .unwrap_or(usize::MAX);
    let lines = data
        .get(start..end)
        .ok_or_else(|| parser.fail(Fault::UnexpectedEnd))?;
    budget.spend_objects(lines.len() / 20)?;
    entries.reserve(lines.len() / 20);
    for (number, (at, line)) in (u64::from(first)..).zip(lines.chunks_exact(20).enumerate()) {
        let fault = |fault| Error::Damaged {
            offset: start + at * 20,
            fault,
        };
        let number = u32::try_from(number).map_err(|_| fault(Fault::ObjectNumber))?;
        entries.push((
            number,
            table_entry(line).ok_or_else(|| fault(Fault::XrefEntry))?,
        ));
    }
    Ok(Parser::new(data, end, budget))
}

/// Behind the line end of `first count`.
fn lines_start(data: &[u8], position: usize) -> Option<usize> {
    let rest = data.get(position..)?;
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    match rest.get(spaces..)? {
        [b'\r', b'\n', ..] => Some(position + spaces + 2),
        [b'\r' | b'\n', ..] => Some(position + spaces + 1),
        _ => None,
    }
}

/// `nnnnnnnnnn ggggg n` and two bytes of line end.
fn table_entry(line: &[u8]) -> Option<Location> {
    if line.get(10) != Some(&b' ') || line.get(16) != Some(&b' ') {
        return None;
    }
    if !matches!(line.get(18..20)?, b" \r" | b" \n" | b"\r\n") {
        return None;
    }
    let offset = digits(line.get(..10)?)?;
    let generation = digits(line.get(11..16)?)?;
    match line.get(17)? {
        b'f' => Some(Location::Free),
        b'n' => Some(Location::At {
            offset: usize::try_from(offset).ok()?,
            generation: u16::try_from(generation).ok()?,
        }),
        _ => None,
    }
}

fn digits(bytes: &[u8]) -> Option<u64> {
    bytes.iter().try_fold(0_u64, |value, byte| {
        byte.is_ascii_digit()
            .then(|| value * 10 + u64::from(byte - b'0'))
    })
}

fn read_xref_stream<'d>(
    data: &'d [u8],
    offset: usize,
    budget: &Budget,
) -> Result<Section<'d>, Error> {
    let no_length = |_: ObjectId| {
        Err(Error::Damaged {
            offset,
            fault: Fault::Key("Length"),
        })
    };
    let Indirect { object, span, .. } = read_indirect(data, offset, budget, &no_length)?;
    let Object::Stream(stream) = object else {
        return Err(Error::Damaged {
            offset,
            fault: Fault::Keyword("xref"),
        });
    };
    if !stream.dictionary.is("Type", "XRef") {
        return Err(Error::Damaged {
            offset,
            fault: Fault::Key("Type"),
        });
    }
    let entries = stream_entries(&stream, offset, budget)?;
    section(
        offset,
        span.end,
        SectionKind::Stream,
        entries,
        stream.dictionary,
    )
}

fn stream_entries(
    stream: &Stream<'_>,
    offset: usize,
    budget: &Budget,
) -> Result<Vec<(u32, Location)>, Error> {
    let fault = |fault| Error::Damaged { offset, fault };
    let index_fault = || fault(Fault::Key("Index"));
    let widths = widths(&stream.dictionary).ok_or_else(|| fault(Fault::Key("W")))?;
    let runs = runs(&stream.dictionary).ok_or_else(index_fault)?;
    let width: usize = widths.iter().sum();
    let rows = runs.iter().try_fold(0_usize, |sum, (_, count)| {
        sum.checked_add(usize::try_from(*count).ok()?)
    });
    let rows = rows.ok_or_else(index_fault)?;
    budget.spend_objects(rows)?;
    // A predictor adds one byte a row; what the declared rows cannot need is not decoded.
    let most = (width + 1)
        .checked_mul(rows)
        .and_then(|most| most.checked_add(1024));
    let bytes = decode(stream, most.ok_or_else(index_fault)?, budget)?;
    if bytes.len() != width * rows {
        return Err(index_fault());
    }
    let numbers = runs
        .iter()
        .flat_map(|(first, count)| (*first..).take(usize::try_from(*count).unwrap_or(usize::MAX)));
    let mut entries = Vec::with_capacity(rows);
    for (number, row) in numbers.zip(bytes.chunks_exact(width)) {
        let number = u32::try_from(number).map_err(|_| fault(Fault::ObjectNumber))?;
        entries.push((
            number,
            stream_entry(row, widths).ok_or_else(|| fault(Fault::XrefEntry))?,
        ));
    }
    Ok(entries)
}

fn widths(dictionary: &Dictionary<'_>) -> Option<[usize; 3]> {
    let [one, two, three] = dictionary.get("W")?.as_array()?.items() else {
        return None;
    };
    let widths = [one.as_unsigned()?, two.as_unsigned()?, three.as_unsigned()?];
    (widths.iter().all(|width| *width <= 8) && widths[1] > 0).then_some(widths)
}

fn runs(dictionary: &Dictionary<'_>) -> Option<Vec<(u64, u64)>> {
    let Some(index) = dictionary.get("Index") else {
        return Some(vec![(0, dictionary.get("Size")?.as_unsigned()?)]);
    };
    let items = index.as_array()?.items();
    if items.len() % 2 != 0 {
        return None;
    }
    items
        .chunks_exact(2)
        .map(|run| Some((run[0].as_unsigned()?, run[1].as_unsigned()?)))
        .collect()
}

/// Table 18 of 7.5.8.3. A type that nobody knows means null.
fn stream_entry(row: &[u8], widths: [usize; 3]) -> Option<Location> {
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0_u64, |value, byte| value << 8 | u64::from(*byte))
    };
    let (kind, rest) = row.split_at_checked(widths[0])?;
    let (second, third) = rest.split_at_checked(widths[1])?;
    match if widths[0] == 0 { 1 } else { number(kind) } {
        1 => Some(Location::At {
            offset: number(second).try_into().ok()?,
            generation: number(third).try_into().ok()?,
        }),
        2 => Some(Location::InStream {
            container: number(second).try_into().ok()?,
            index: number(third).try_into().ok()?,
        }),
        _ => Some(Location::Free),
    }
}

fn section(
    offset: usize,
    end: usize,
    kind: SectionKind,
    entries: Vec<(u32, Location)>,
    trailer: Dictionary<'_>,
) -> Result<Section<'_>, Error> {
    let fault = |key| Error::Damaged {
        offset,
        fault: Fault::Key(key),
    };
    let size = trailer
        .get("Size")
        .and_then(Object::as_unsigned::<u32>)
        .ok_or_else(|| fault("Size"))?;
    let previous = match trailer.get("Prev") {
        None => None,
        Some(previous) => Some(previous.as_unsigned().ok_or_else(|| fault("Prev"))?),
    };
    Ok(Section {
        offset,
        end,
        kind,
        entries,
        trailer,
        size,
        previous,
    })
}

/// Sorts the entries. A number that stands twice, or that `/Size` excludes (so that some readers
/// take the object for missing), has two readings.
fn check_entries(section: &mut Section<'_>) -> Result<(), Error> {
    let fault = |fault| Error::Damaged {
        offset: section.offset,
        fault,
    };
    section.entries.sort_by_key(|(number, _)| *number);
    if section
        .entries
        .windows(2)
        .any(|pair| pair[0].0 == pair[1].0)
    {
        return Err(fault(Fault::DuplicateObject));
    }
    match section.highest_in_use() {
        Some(number) if number > MAX_OBJECT_NUMBER => {
            Err(Error::LimitReached(Limit::ObjectNumbers))
        }
        Some(number) if number >= section.size => Err(fault(Fault::ObjectNumber)),
        _ => Ok(()),
    }
}

/// ISO 32000-1 annex C.
pub(crate) const MAX_OBJECT_NUMBER: u32 = 8_388_607;
