use std::io::Write;

use lopdf::Dictionary;
use lopdf::Document;
use lopdf::Object;

use crate::export::deflate::Deflate;
use crate::export::deflate::Effort;
use crate::export::error::Error;
use crate::export::object;
use crate::export::packed::AT_ONCE;
use crate::export::packed::Packed;

/// Where an object stands (ISO 32000-1, 7.5.8.3).
#[derive(Debug, Clone, Copy)]
enum Entry {
    Free,
    /// From the begin of the file.
    At(usize),
    /// In an object stream: its number, and the place in it.
    In(u32, usize),
}

/// A file with object streams and a cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8).
///
/// Catalog, pages and the form stay outside the object streams, so that a signature changes few
/// bytes and simple tools find them.
pub(super) fn write(
    document: Document,
    packed: Packed,
    deflate: &mut Deflate,
) -> Result<Vec<u8>, Error> {
    let end = packed.end();
    let streams = u32::try_from(packed.streams.len()).unwrap_or(u32::MAX);
    let mut file = File {
        bytes: Vec::with_capacity(SIZE),
        entries: vec![Entry::Free; (end + streams + 1) as usize],
    };
    write!(file.bytes, "%PDF-{}\n%", document.version)?;
    file.bytes.extend(&document.binary_mark);
    file.bytes.push(b'\n');
    for ((number, _), object) in document.objects {
        file.object(number, &object)?;
    }
    for (place, number) in (packed.first..end).enumerate() {
        let stream = end + u32::try_from(place / AT_ONCE).unwrap_or(u32::MAX);
        file.entry(number, Entry::In(stream, place % AT_ONCE));
    }
    for (number, stream) in (end..).zip(packed.streams) {
        file.object(number, &Object::Stream(stream))?;
    }
    file.references(end + streams, &document.trailer, deflate)?;
    Ok(file.bytes)
}

struct File {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

impl File {
    fn entry(&mut self, number: u32, entry: Entry) {
        if let Some(place) = self.entries.get_mut(number as usize) {
            *place = entry;
        }
    }

    fn object(&mut self, number: u32, object: &Object) -> Result<(), Error> {
        self.entry(number, Entry::At(self.bytes.len()));
        writeln!(self.bytes, "{number} 0 obj")?;
        object::write(&mut self.bytes, object);
        self.bytes.extend(b"\nendobj\n");
        Ok(())
    }

    fn references(
        &mut self,
        number: u32,
        trailer: &Dictionary,
        deflate: &mut Deflate,
    ) -> Result<(), Error> {
        let start = self.bytes.len();
        self.entry(number, Entry::At(start));
        let mut rows = Vec::with_capacity(self.entries.len() * 7);
        for entry in &self.entries {
            let (kind, second, third) = match *entry {
                Entry::Free => (0, 0, u16::MAX),
                Entry::At(offset) => (1, u32::try_from(offset).unwrap_or(u32::MAX), 0),
                Entry::In(stream, place) => (2, stream, u16::try_from(place).unwrap_or(u16::MAX)),
            };
            rows.push(kind);
            rows.extend(second.to_be_bytes());
            rows.extend(third.to_be_bytes());
        }
        let mut dict = Dictionary::new();
        dict.set("Type", object::name("XRef"));
        dict.set("Size", object::integer(self.entries.len()));
        dict.set("W", [1, 4, 2].map(Object::Integer).to_vec());
        for key in [b"Root".as_slice(), b"Info", b"ID"] {
            if let Ok(value) = trailer.get(key) {
                dict.set(key, value.clone());
            }
        }
        let stream = deflate.stream(dict, &rows, Effort::Usual)?;
        self.object(number, &Object::Stream(stream))?;
        // A signature covers the end of line too, whatever is appended later.
        writeln!(self.bytes, "startxref\n{start}\n%%EOF")?;
        Ok(())
    }
}

/// Of a usual document, in bytes.
const SIZE: usize = 128 * 1024;
