use lopdf::Dictionary;
use lopdf::Stream;

use crate::export::deflate::Deflate;
use crate::export::deflate::Effort;
use crate::export::error::Error;
use crate::export::object;

/// Objects packed into streams, numbered one after the other (ISO 32000-1, 7.5.7).
pub(super) struct Packed {
    /// Number of the first.
    pub(super) first: u32,
    /// How many.
    pub(super) count: u32,
    /// The streams; each but the last holds [`AT_ONCE`].
    pub(super) streams: Vec<Stream>,
}

/// Packs objects as they come, so that no more than those of one stream are held.
pub(super) struct Packer<'d> {
    packed: Packed,
    deflate: &'d mut Deflate,
    /// Objects of the stream at work.
    count: usize,
    /// Their numbers and places.
    index: Vec<u8>,
    data: Vec<u8>,
}

impl Packed {
    /// Number of the object behind the last.
    pub(super) fn end(&self) -> u32 {
        self.first + self.count
    }
}

impl<'d> Packer<'d> {
    /// The first object gets a number.
    pub(super) fn new(first: u32, deflate: &'d mut Deflate) -> Self {
        Self {
            packed: Packed {
                first,
                count: 0,
                streams: Vec::new(),
            },
            deflate,
            count: 0,
            index: Vec::new(),
            data: Vec::new(),
        }
    }

    /// Number of the first object.
    pub(super) fn first(&self) -> u32 {
        self.packed.first
    }

    /// Adds an object.
    ///
    /// # Errors
    ///
    /// Never, short of a defect of the encoder.
    pub(super) fn add(&mut self, object: &[u8]) -> Result<(), Error> {
        object::digits(&mut self.index, self.packed.end() as usize);
        self.index.push(b' ');
        object::digits(&mut self.index, self.data.len());
        self.index.push(b' ');
        self.data.extend(object);
        self.data.push(b'\n');
        self.packed.count += 1;
        self.count += 1;
        if self.count == AT_ONCE {
            self.end_stream()?;
        }
        Ok(())
    }

    /// The streams.
    ///
    /// # Errors
    ///
    /// Never, short of a defect of the encoder.
    pub(super) fn finish(mut self) -> Result<Packed, Error> {
        if self.count > 0 {
            self.end_stream()?;
        }
        Ok(self.packed)
    }

    fn end_stream(&mut self) -> Result<(), Error> {
        let mut dict = Dictionary::new();
        dict.set("Type", object::name("ObjStm"));
        dict.set("N", object::integer(self.count));
        dict.set("First", object::integer(self.index.len()));
        self.index.append(&mut self.data);
        let stream = self.deflate.stream(dict, &self.index, Effort::Usual)?;
        self.packed.streams.push(stream);
        self.index.clear();
        self.count = 0;
        Ok(())
    }
}

/// Objects of one stream, at most.
pub(super) const AT_ONCE: usize = 1000;
