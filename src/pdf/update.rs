//! Appending a revision (ISO 32000-1 7.5.6): the bytes before stay as they are.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use crate::pdf::error::Error;
use crate::pdf::error::Limit;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::parser::is_white_space;
use crate::pdf::reader::Pdf;
use crate::pdf::reader::View;
use crate::pdf::xref::MAX_OBJECT_NUMBER;
use crate::pdf::xref::SectionKind;

/// A revision in the making.
pub(crate) struct Update<'p, 'a> {
    pdf: &'p Pdf<'a>,
    edited: BTreeMap<u32, EditedObject<'p>>,
    new: BTreeMap<u32, Vec<u8>>,
    next_number: u32,
}

/// An indirect object whose bytes can be edited: an array or a dictionary.
#[derive(Clone)]
pub(crate) struct Holder<'p> {
    id: ObjectId,
    raw: &'p [u8],
    /// Where `raw` begins in the buffer that the spans of its parts refer to.
    base: usize,
}

struct EditedObject<'p> {
    holder: Holder<'p>,
    splices: Vec<(Range<usize>, Vec<u8>)>,
}

/// The file with its new revision.
pub(crate) struct UpdatedFile {
    pub(crate) bytes: Vec<u8>,
    /// Where the content of each written object begins, behind `obj` and its line end.
    pub(crate) contents: BTreeMap<u32, usize>,
}

impl<'p> Holder<'p> {
    /// None for an object that is neither array nor dictionary.
    pub(crate) fn new(id: ObjectId, object: &Object<'p>) -> Option<Self> {
        let (raw, span) = object.raw()?;
        Some(Self {
            id,
            raw,
            base: span.start,
        })
    }
}

impl<'p, 'a> Update<'p, 'a> {
    pub(crate) fn new(pdf: &'p Pdf<'a>) -> Self {
        // Not the highest number in use: one that is only referred to must not come to life.
        let next_number = pdf
            .sections
            .iter()
            .map(|section| section.size)
            .max()
            .unwrap_or(1);
        Self {
            pdf,
            edited: BTreeMap::new(),
            new: BTreeMap::new(),
            next_number,
        }
    }

    /// A number for a new object.
    pub(crate) fn reserve(&mut self) -> Result<ObjectId, Error> {
        let number = self.next_number;
        if number > MAX_OBJECT_NUMBER {
            return Err(Error::LimitReached(Limit::ObjectNumbers));
        }
        self.next_number += 1;
        Ok(ObjectId {
            number,
            generation: 0,
        })
    }

    /// A new object under a reserved number.
    pub(crate) fn put(&mut self, id: ObjectId, content: Vec<u8>) {
        self.new.insert(id.number, content);
    }

    /// Sets a key of a dictionary that `holder` is or contains.
    pub(crate) fn set(
        &mut self,
        holder: &Holder<'p>,
        dictionary: &Dictionary<'p>,
        key: &str,
        value: &str,
    ) {
        match dictionary.entry(key) {
            Some(entry) => self.splice(
                holder,
                entry.key_end..entry.value_span.end,
                format!(" {value}").into_bytes(),
            ),
            None => {
                let end = dictionary.span.end.saturating_sub(2);
                self.splice(holder, end..end, format!(" /{key} {value} ").into_bytes());
            }
        }
    }

    /// Appends a reference to the array under a key, which may be absent, direct or an object of
    /// its own.
    pub(crate) fn append(
        &mut self,
        view: View<'p, 'a>,
        holder: &Holder<'p>,
        dictionary: &Dictionary<'p>,
        key: &'static str,
        item: ObjectId,
    ) -> Result<(), Error> {
        match view.value(dictionary, key)? {
            None => self.set(holder, dictionary, key, &format!("[{item} R]")),
            Some(object @ Object::Array(_)) => {
                let own = dictionary
                    .get(key)
                    .and_then(Object::as_reference)
                    .and_then(|id| Holder::new(id, &object));
                let holder = own.as_ref().unwrap_or(holder);
                let end = object
                    .raw()
                    .map_or(holder.base, |(_, span)| span.end.saturating_sub(1));
                self.splice(holder, end..end, format!(" {item} R").into_bytes());
            }
            Some(_) => return Err(view.damaged(crate::pdf::error::Fault::Key(key))),
        }
        Ok(())
    }

    fn splice(&mut self, holder: &Holder<'p>, span: Range<usize>, bytes: Vec<u8>) {
        let object = self.edited.entry(holder.id.number);
        let object = object.or_insert_with(|| EditedObject {
            holder: holder.clone(),
            splices: Vec::new(),
        });
        object.splices.push((
            span.start - object.holder.base..span.end - object.holder.base,
            bytes,
        ));
    }

    /// The old bytes, the objects, a cross-reference section of the kind that the file has.
    pub(crate) fn write(mut self) -> Result<UpdatedFile, Error> {
        let new_length: usize = self.new.values().map(Vec::len).sum();
        let edited_length: usize = self
            .edited
            .values()
            .map(|object| object.holder.raw.len())
            .sum();
        let mut bytes = Vec::with_capacity(self.pdf.data.len() + new_length + edited_length + 2048);
        bytes.extend_from_slice(self.pdf.data);
        if bytes.last() != Some(&b'\n') {
            bytes.push(b'\n');
        }
        let mut objects: BTreeMap<u32, (u16, Vec<u8>)> = BTreeMap::new();
        for (number, object) in std::mem::take(&mut self.edited) {
            objects.insert(number, (object.holder.id.generation, object.content()));
        }
        for (number, content) in std::mem::take(&mut self.new) {
            objects.insert(number, (0, content));
        }
        let mut places = BTreeMap::new();
        let mut contents = BTreeMap::new();
        for (number, (generation, content)) in objects {
            places.insert(number, (bytes.len(), generation));
            append(&mut bytes, format_args!("{number} {generation} obj\n"));
            contents.insert(number, bytes.len());
            bytes.extend_from_slice(&content);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        match self.pdf.newest().kind {
            SectionKind::Stream => self.write_xref_stream(&mut bytes, places)?,
            SectionKind::Hybrid | SectionKind::Table => self.write_table(&mut bytes, &places),
        }
        if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_OFFSET) {
            return Err(Error::LimitReached(Limit::FileSize));
        }
        Ok(UpdatedFile { bytes, contents })
    }

    fn write_table(&self, bytes: &mut Vec<u8>, places: &BTreeMap<u32, (usize, u16)>) {
        let start = bytes.len();
        append(bytes, format_args!("xref\n"));
        for run in runs(places) {
            append(bytes, format_args!("{} {}\n", run.start, run.len()));
            for (offset, generation) in run.filter_map(|number| places.get(&number)) {
                append(bytes, format_args!("{offset:010} {generation:05} n\r\n"));
            }
        }
        append(bytes, format_args!("trailer\n<<"));
        self.write_trailer_entries(bytes, start);
        append(bytes, format_args!(" >>\nstartxref\n{start}\n%%EOF\n"));
    }

    fn write_xref_stream(
        &mut self,
        bytes: &mut Vec<u8>,
        mut places: BTreeMap<u32, (usize, u16)>,
    ) -> Result<(), Error> {
        let start = bytes.len();
        let own = self.reserve()?;
        places.insert(own.number, (start, 0));
        append(
            bytes,
            format_args!(
                "{own} obj\n<< /Type /XRef /W [1 5 2] /Length {} /Index [",
                places.len() * 8
            ),
        );
        for run in runs(&places) {
            append(bytes, format_args!(" {} {}", run.start, run.len()));
        }
        append(bytes, format_args!(" ]"));
        self.write_trailer_entries(bytes, start);
        append(bytes, format_args!(" >>\nstream\n"));
        for (offset, generation) in places.values() {
            bytes.push(1);
            bytes.extend_from_slice(&u64::try_from(*offset).unwrap_or(u64::MAX).to_be_bytes()[3..]);
            bytes.extend_from_slice(&generation.to_be_bytes());
        }
        append(
            bytes,
            format_args!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n"),
        );
        Ok(())
    }

    /// `/ID`: the first part stays, the second follows from the new bytes (14.4).
    fn write_trailer_entries(&self, bytes: &mut Vec<u8>, end: usize) {
        let trailer = self.pdf.trailer();
        append(
            bytes,
            format_args!(
                " /Size {} /Prev {}",
                self.next_number,
                self.pdf.newest().offset
            ),
        );
        for key in ["Root", "Info"] {
            if let Some(id) = trailer.get(key).and_then(Object::as_reference) {
                append(bytes, format_args!(" /{key} {id} R"));
            }
        }
        let ids = trailer
            .get("ID")
            .and_then(Object::as_array)
            .map(crate::pdf::object::Array::items);
        let first = ids
            .and_then(|ids| ids.first())
            .and_then(Object::as_string)
            .map(crate::pdf::object::StringObject::bytes);
        let revision = bytes.get(self.pdf.data.len()..end).unwrap_or_default();
        let second = fingerprint(
            &[first.as_deref().unwrap_or_default(), revision],
            self.pdf.data.len(),
        );
        let first = first.unwrap_or_else(|| second.to_vec());
        append(
            bytes,
            format_args!(
                " /ID [<{}> <{}>]",
                hexadecimal(&first),
                hexadecimal(&second)
            ),
        );
    }
}

impl EditedObject<'_> {
    fn content(mut self) -> Vec<u8> {
        // Stable: what was inserted at one place stays in order.
        self.splices.sort_by_key(|(span, _)| span.start);
        let raw = self.holder.raw;
        let mut content = Vec::with_capacity(raw.len() + 256);
        let mut done = 0;
        for (span, bytes) in &self.splices {
            content.extend_from_slice(raw.get(done..span.start).unwrap_or_default());
            content.extend_from_slice(bytes);
            done = span.end;
        }
        content.extend_from_slice(raw.get(done..).unwrap_or_default());
        content
    }
}

fn append(bytes: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    bytes.write_fmt(text).expect("a Vec takes every write");
}

/// Numbers that follow each other.
fn runs(places: &BTreeMap<u32, (usize, u16)>) -> Vec<Range<u32>> {
    let mut runs: Vec<Range<u32>> = Vec::new();
    for number in places.keys() {
        match runs.last_mut() {
            Some(run) if run.end == *number => run.end += 1,
            _ => runs.push(*number..*number + 1),
        }
    }
    runs
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from(HEX_LOWER[usize::from(digit)]));
            }
            text
        })
}

/// Sixteen bytes that differ when the input does: an identifier, not a digest.
fn fingerprint(parts: &[&[u8]], length: usize) -> [u8; 16] {
    let mut lanes = [
        0x6a09_e667_f3bc_c908_u64,
        u64::try_from(length).unwrap_or(0),
    ];
    for chunk in parts.iter().flat_map(|part| part.chunks(8)) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        let word = u64::from_le_bytes(word);
        lanes[0] = (lanes[0] ^ word)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29);
        lanes[1] = (lanes[1] ^ word.rotate_left(32))
            .wrapping_mul(0xc2b2_ae3d_27d4_eb4f)
            .rotate_left(31)
            ^ lanes[0];
    }
    let mut out = [0; 16];
    out[..8].copy_from_slice(&lanes[0].to_be_bytes());
    out[8..].copy_from_slice(&lanes[1].to_be_bytes());
    out
}

/// The first bytes of the header are `%PDF-`, a digit, a point and a digit.
pub(crate) fn header_version(data: &[u8]) -> Option<[u8; 2]> {
    let at = data
        .windows(5)
        .take(1024)
        .position(|window| window == b"%PDF-")?;
    match data.get(at + 5..at + 9)? {
        [major, b'.', minor, after] if is_white_space(*after) => Some([*major, *minor]),
        _ => None,
    }
}

const HEX_LOWER: &[u8; 16] = b"0123456789abcdef";

/// Ten digits, in the cross-reference table as in `/ByteRange`.
const MAX_OFFSET: u64 = 9_999_999_999;
