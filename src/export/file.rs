use std::io::Write;

use lopdf::Dictionary;
use lopdf::Document;
use lopdf::Object;

use crate::export::deflate;
use crate::export::error::Error;
use crate::export::object;

/// Objects that are written packed into streams, numbered one after the other.
pub(super) struct Packed {
    /// Number of the first.
    pub(super) first: u32,
    /// In order.
    pub(super) objects: Vec<Vec<u8>>,
}

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
pub(super) fn write(document: &Document, packed: &Packed) -> Result<Vec<u8>, Error> {
    let last = packed.first + u32::try_from(packed.objects.len()).unwrap_or(u32::MAX);
    let streams = u32::try_from(packed.objects.len().div_ceil(AT_ONCE)).unwrap_or(u32::MAX);
    let size = last + streams + 1;
    let mut file = File {
        bytes: Vec::with_capacity(SIZE),
        entries: vec![Entry::Free; size as usize],
    };
    write!(file.bytes, "%PDF-{}\n%", document.version)?;
    file.bytes.extend(&document.binary_mark);
    file.bytes.push(b'\n');
    for ((number, _), object) in &document.objects {
        file.object(*number, object)?;
    }
    for (stream, objects) in (last..).zip(packed.objects.chunks(AT_ONCE)) {
        let first = packed.first + (stream - last) * AT_ONCE as u32;
        file.pack(stream, first, objects)?;
    }
    file.references(last + streams, &document.trailer)?;
    Ok(file.bytes)
}

struct File {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

impl File {
    fn object(&mut self, number: u32, object: &Object) -> Result<(), Error> {
        if let Some(entry) = self.entries.get_mut(number as usize) {
            *entry = Entry::At(self.bytes.len());
        }
        writeln!(self.bytes, "{number} 0 obj")?;
        object::write(&mut self.bytes, object);
        self.bytes.extend(b"\nendobj\n");
        Ok(())
    }

    fn pack(&mut self, stream: u32, first: u32, objects: &[Vec<u8>]) -> Result<(), Error> {
        let mut index = Vec::with_capacity(objects.len() * 12);
        let mut data = Vec::with_capacity(objects.iter().map(|object| object.len() + 1).sum());
        for (place, (number, object)) in (first..).zip(objects).enumerate() {
            write!(index, "{number} {} ", data.len())?;
            data.extend(object);
            data.push(b'\n');
            if let Some(entry) = self.entries.get_mut(number as usize) {
                *entry = Entry::In(stream, place);
            }
        }
        let mut dict = Dictionary::new();
        dict.set("Type", object::name("ObjStm"));
        dict.set("N", object::integer(objects.len()));
        dict.set("First", object::integer(index.len()));
        index.extend(data);
        self.object(stream, &Object::Stream(deflate::stream(dict, &index)))
    }

    fn references(&mut self, number: u32, trailer: &Dictionary) -> Result<(), Error> {
        let start = self.bytes.len();
        if let Some(entry) = self.entries.get_mut(number as usize) {
            *entry = Entry::At(start);
        }
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
        self.object(number, &Object::Stream(deflate::stream(dict, &rows)))?;
        // A signature covers the end of line too, whatever is appended later.
        writeln!(self.bytes, "startxref\n{start}\n%%EOF")?;
        Ok(())
    }
}

/// Objects of one stream, at most.
const AT_ONCE: usize = 1000;
/// Of a usual document, in bytes.
const SIZE: usize = 128 * 1024;
