//! A file as a whole: its cross-reference chain and the objects that it leads to.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::pdf::error::Error;
use crate::pdf::error::Fault;
use crate::pdf::filter::decode;
use crate::pdf::indirect::Indirect;
use crate::pdf::indirect::read_indirect;
use crate::pdf::indirect::read_integer;
use crate::pdf::limits::Budget;
use crate::pdf::limits::Limits;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::object::Stream;
use crate::pdf::parser::Parser;
use crate::pdf::revision::Revision;
use crate::pdf::revision::revisions;
use crate::pdf::xref::Location;
use crate::pdf::xref::Section;
use crate::pdf::xref::read_sections;

/// A PDF file, read lazily: opening follows the cross-reference chain, nothing else.
///
/// There is one reading of a file or none. Where the cross-reference leads to another object than
/// it says, where a key stands twice in a dictionary or an object number lies beyond `/Size`, the
/// file is [`Error::Damaged`]; the bytes are never searched for objects. Offsets count from the
/// first byte, also where the header does not stand there.
#[derive(Debug)]
pub struct Pdf<'a> {
    pub(crate) data: &'a [u8],
    /// Newest first.
    pub(crate) sections: Vec<Section<'a>>,
    pub(crate) budget: Budget,
    /// By offset, ascending: every object that the cross-reference names as an object stream.
    object_streams: Vec<(usize, OnceCell<Result<ObjectStream, Error>>)>,
}

/// The file as it was before the newest sections.
#[derive(Clone, Copy)]
pub(crate) struct View<'p, 'a> {
    pub(crate) pdf: &'p Pdf<'a>,
    /// How many of the newest sections do not count.
    pub(crate) from: usize,
}

/// A decoded object stream (7.5.7).
#[derive(Debug)]
struct ObjectStream {
    data: Vec<u8>,
    /// Number and place of each object.
    index: Vec<(u32, usize)>,
}

impl<'a> Pdf<'a> {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`], [`Error::NotAPdf`], [`Error::Encrypted`]; [`Error::Damaged`] when the
    /// cross-reference chain cannot be followed; [`Error::LimitReached`].
    pub fn open(data: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        if data.is_empty() {
            return Err(Error::Empty);
        }
        let head = &data[..data.len().min(1024)];
        if !head.windows(5).any(|window| window == b"%PDF-") {
            return Err(Error::NotAPdf);
        }
        let budget = Budget::new(limits);
        let sections = read_sections(data, &budget)?;
        let object_streams = object_streams(&sections);
        let pdf = Self {
            data,
            sections,
            budget,
            object_streams,
        };
        if pdf
            .trailer()
            .get("Root")
            .and_then(Object::as_reference)
            .is_none()
        {
            return Err(Error::Damaged {
                offset: pdf.newest().offset,
                fault: Fault::Key("Root"),
            });
        }
        Ok(pdf)
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> &'a [u8] {
        self.data
    }

    /// The newest trailer (7.5.5).
    pub fn trailer(&self) -> &Dictionary<'a> {
        &self.newest().trailer
    }

    /// The document catalog (7.7.2).
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] when it is not a dictionary.
    pub fn catalog(&self) -> Result<Dictionary<'_>, Error> {
        self.view().catalog()
    }

    /// The object of that number and generation; `Null` when there is none (7.3.10).
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] when something else stands where the cross-reference says;
    /// [`Error::LimitReached`].
    pub fn object(&self, id: ObjectId) -> Result<Object<'_>, Error> {
        self.view().object(id)
    }

    /// The object itself, or what it refers to.
    ///
    /// # Errors
    ///
    /// As [`Pdf::object`].
    pub fn resolve<'o, 'p: 'o>(
        &'p self,
        object: &'o Object<'p>,
    ) -> Result<Cow<'o, Object<'p>>, Error> {
        self.view().resolve(object)
    }

    /// The decoded data of a stream.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedFilter`]; [`Error::Damaged`] when the data is; [`Error::LimitReached`].
    pub fn stream_data(&self, stream: &Stream<'_>) -> Result<Vec<u8>, Error> {
        decode(stream, usize::MAX, &self.budget)
    }

    /// The revisions, oldest first.
    pub fn revisions(&self) -> Vec<Revision> {
        revisions(self.data, &self.sections, &self.budget)
    }

    pub(crate) fn view(&self) -> View<'_, 'a> {
        View { pdf: self, from: 0 }
    }

    pub(crate) fn view_from(&self, from: usize) -> View<'_, 'a> {
        View { pdf: self, from }
    }

    pub(crate) fn newest(&self) -> &Section<'a> {
        self.sections
            .first()
            .expect("read_sections returns at least one section or fails")
    }
}

impl<'p, 'a> View<'p, 'a> {
    pub(crate) fn sections(self) -> &'p [Section<'a>] {
        self.pdf.sections.get(self.from..).unwrap_or_default()
    }

    pub(crate) fn location(self, number: u32) -> Location {
        self.sections()
            .iter()
            .find_map(|section| section.location(number))
            .unwrap_or(Location::Free)
    }

    pub(crate) fn catalog_id(self) -> Result<ObjectId, Error> {
        let section = self.sections().first().unwrap_or_else(|| self.pdf.newest());
        let root = section.trailer.get("Root").and_then(Object::as_reference);
        root.ok_or(Error::Damaged {
            offset: section.offset,
            fault: Fault::Key("Root"),
        })
    }

    pub(crate) fn catalog(self) -> Result<Dictionary<'p>, Error> {
        match self.object(self.catalog_id()?)? {
            Object::Dictionary(dictionary) => Ok(dictionary),
            _ => Err(self.damaged(Fault::Key("Root"))),
        }
    }

    pub(crate) fn object(self, id: ObjectId) -> Result<Object<'p>, Error> {
        // Long chains make each look-up dear.
        self.pdf.budget.spend_objects(self.sections().len() / 16)?;
        match self.location(id.number) {
            Location::Free => Ok(Object::Null),
            Location::At { generation, .. } if generation != id.generation => Ok(Object::Null),
            Location::At { offset, .. } => Ok(self.indirect(offset, id)?.object),
            Location::InStream { .. } if id.generation != 0 => Ok(Object::Null),
            Location::InStream { container, index } => {
                self.object_in_stream(id.number, container, index)
            }
        }
    }

    pub(crate) fn resolve<'o>(self, object: &'o Object<'p>) -> Result<Cow<'o, Object<'p>>, Error> {
        let Object::Reference(id) = object else {
            return Ok(Cow::Borrowed(object));
        };
        match self.object(*id)? {
            // 7.3.10 leaves no room for an indirect object that is a reference.
            Object::Reference(_) => Err(self.damaged(Fault::ReferenceLoop)),
            object => Ok(Cow::Owned(object)),
        }
    }

    /// The resolved value of a key.
    pub(crate) fn value(
        self,
        dictionary: &Dictionary<'p>,
        key: &str,
    ) -> Result<Option<Object<'p>>, Error> {
        let Some(value) = dictionary.get(key) else {
            return Ok(None);
        };
        Ok(Some(self.resolve(value)?.into_owned()).filter(|value| !matches!(value, Object::Null)))
    }

    /// The indirect object at `offset`, which must be `id`.
    pub(crate) fn indirect(self, offset: usize, id: ObjectId) -> Result<Indirect<'p>, Error> {
        self.indirect_with(offset, id, &|length| self.length(length))
    }

    /// A fault of the cross-reference as this view sees it.
    pub(crate) fn damaged(self, fault: Fault) -> Error {
        Error::Damaged {
            offset: self.sections().first().map_or(0, |section| section.offset),
            fault,
        }
    }

    fn indirect_with(
        self,
        offset: usize,
        id: ObjectId,
        length: &dyn Fn(ObjectId) -> Result<usize, Error>,
    ) -> Result<Indirect<'p>, Error> {
        let indirect = read_indirect(self.pdf.data, offset, &self.pdf.budget, length)?;
        if indirect.id != id {
            return Err(Error::Damaged {
                offset,
                fault: Fault::OtherObject,
            });
        }
        Ok(indirect)
    }

    fn length(self, id: ObjectId) -> Result<usize, Error> {
        let Location::InStream { container, index } = self.location(id.number) else {
            return self.plain_length(id);
        };
        let length = self.object_in_stream(id.number, container, index)?;
        length
            .as_unsigned()
            .ok_or_else(|| self.damaged(Fault::Key("Length")))
    }

    /// The length of an object stream, which no object stream may hold (7.5.7).
    fn plain_length(self, id: ObjectId) -> Result<usize, Error> {
        match self.location(id.number) {
            Location::At { offset, generation } if generation == id.generation => {
                read_integer(self.pdf.data, offset, id, &self.pdf.budget)
            }
            _ => Err(self.damaged(Fault::Key("Length"))),
        }
    }

    fn object_in_stream(
        self,
        number: u32,
        container: u32,
        index: u32,
    ) -> Result<Object<'p>, Error> {
        let fault = self.damaged(Fault::Key("ObjStm"));
        let Location::At { offset, generation } = self.location(container) else {
            return Err(fault);
        };
        let id = ObjectId {
            number: container,
            generation,
        };
        let streams = &self.pdf.object_streams;
        let at = streams
            .binary_search_by_key(&offset, |(offset, _)| *offset)
            .map_err(|_| fault.clone())?;
        let stream = streams[at]
            .1
            .get_or_init(|| self.read_object_stream(offset, id))
            .as_ref()
            .map_err(Clone::clone)?;
        let entry = usize::try_from(index)
            .ok()
            .and_then(|index| stream.index.get(index));
        let (found, place) = *entry.ok_or(fault)?;
        if found != number {
            return Err(Error::Damaged {
                offset,
                fault: Fault::OtherObject,
            });
        }
        let mut parser = Parser::within(&stream.data, place, offset, &self.pdf.budget);
        let object = parser.object()?;
        self.pdf
            .budget
            .spend_objects((parser.position() - place) / 64)?;
        Ok(object)
    }

    fn read_object_stream(self, offset: usize, id: ObjectId) -> Result<ObjectStream, Error> {
        let fault = |key| Error::Damaged {
            offset,
            fault: Fault::Key(key),
        };
        let indirect = self.indirect_with(offset, id, &|length| self.plain_length(length))?;
        let Object::Stream(stream) = indirect.object else {
            return Err(fault("ObjStm"));
        };
        if !stream.dictionary.is("Type", "ObjStm") {
            return Err(fault("ObjStm"));
        }
        let number = |key: &'static str| {
            stream
                .dictionary
                .get(key)
                .and_then(Object::as_unsigned::<usize>)
                .ok_or_else(|| fault(key))
        };
        let (count, first) = (number("N")?, number("First")?);
        let data = self.pdf.stream_data(&stream)?;
        let mut index = Vec::new();
        let mut parser = Parser::within(
            data.get(..first).ok_or_else(|| fault("First"))?,
            0,
            offset,
            &self.pdf.budget,
        );
        for _ in 0..count {
            self.pdf.budget.spend_objects(1)?;
            let number = parser.expect_unsigned()?;
            let place = parser
                .expect_unsigned::<usize>()?
                .checked_add(first)
                .ok_or_else(|| fault("First"))?;
            index.push((number, place));
        }
        Ok(ObjectStream { data, index })
    }
}

fn object_streams(sections: &[Section<'_>]) -> Vec<(usize, OnceCell<Result<ObjectStream, Error>>)> {
    let entries = || sections.iter().flat_map(|section| &section.entries);
    let mut containers: Vec<u32> = entries()
        .filter_map(|(_, location)| {
            if let Location::InStream { container, .. } = location {
                Some(*container)
            } else {
                None
            }
        })
        .collect();
    containers.sort_unstable();
    containers.dedup();
    if containers.is_empty() {
        return Vec::new();
    }
    let mut offsets: Vec<usize> = entries()
        .filter_map(|(number, location)| match location {
            Location::At { offset, .. } if containers.binary_search(number).is_ok() => {
                Some(*offset)
            }
            _ => None,
        })
        .collect();
    offsets.sort_unstable();
    offsets.dedup();
    offsets
        .into_iter()
        .map(|offset| (offset, OnceCell::new()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::error::Limit;
    use crate::pdf::test_file::TestFile;
    use crate::pdf::test_file::replaced;

    fn open(data: &[u8]) -> Result<Pdf<'_>, Error> {
        Pdf::open(data, &Limits::default())
    }

    fn fault<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Fault {
        match outcome {
            Err(Error::Damaged { fault, .. }) => fault,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn no_pdf_at_all() {
        assert_eq!(open(b"").unwrap_err(), Error::Empty);
        assert_eq!(
            open(b"PK\x03\x04 not a document").unwrap_err(),
            Error::NotAPdf
        );
        let late = [vec![b' '; 1024], TestFile::one_page().table().bytes].concat();
        assert_eq!(open(&late).unwrap_err(), Error::NotAPdf);
    }

    #[test]
    fn encryption_is_told_apart_from_damage() {
        let file = TestFile::one_page().table_with("/Encrypt << /Filter /Standard >>");
        assert_eq!(open(&file.bytes).unwrap_err(), Error::Encrypted);
        let later = TestFile::one_page()
            .table_with("/Encrypt 9 0 R")
            .object(5, "null")
            .table();
        assert_eq!(open(&later.bytes).unwrap_err(), Error::Encrypted);
    }

    #[test]
    fn tables_streams_and_hybrids_are_followed() {
        let table = TestFile::one_page().table().object(4, "(new)").table();
        let stream = TestFile::new()
            .object_stream(
                7,
                &[
                    (1, "<< /Pages 2 0 R >>"),
                    (2, "<< /Kids [3 0 R] >>"),
                    (3, "<< /Type /Page >>"),
                    (4, "(new)"),
                ],
            )
            .xref_stream(8);
        let hybrid = TestFile::new()
            .object(1, "<< /Pages 2 0 R >>")
            .object(2, "<< /Kids [3 0 R] >>")
            .object_stream(7, &[(3, "<< /Type /Page >>"), (4, "(new)")])
            .hybrid(8);
        for file in [table, stream, hybrid] {
            let pdf = open(&file.bytes).unwrap();
            assert_eq!(pdf.page_count(), Ok(1));
            let object = pdf
                .object(ObjectId {
                    number: 4,
                    generation: 0,
                })
                .unwrap();
            assert_eq!(
                object.as_string().map(|string| string.text()).as_deref(),
                Some("new")
            );
        }
    }

    #[test]
    fn an_object_that_is_not_there_is_null() {
        let file = TestFile::one_page().table();
        let pdf = open(&file.bytes).unwrap();
        for id in [
            ObjectId {
                number: 99,
                generation: 0,
            },
            ObjectId {
                number: 1,
                generation: 1,
            },
            ObjectId {
                number: 0,
                generation: 65535,
            },
        ] {
            assert!(matches!(pdf.object(id), Ok(Object::Null)));
        }
    }

    #[test]
    fn an_entry_that_leads_to_another_object_is_damage() {
        let file = TestFile::one_page().table();
        let bytes = replaced(&file.bytes, "3 0 obj", "9 0 obj");
        assert_eq!(
            fault(open(&bytes).unwrap().page_count()),
            Fault::OtherObject
        );
    }

    #[test]
    fn numbers_at_or_above_size_are_damage() {
        let bytes = replaced(&TestFile::one_page().table().bytes, "/Size 5", "/Size 4");
        assert_eq!(fault(open(&bytes)), Fault::ObjectNumber);
        let huge = replaced(
            &TestFile::one_page().table().bytes,
            "/Size 5 /Root",
            "/Size 9999999",
        );
        assert!(open(&huge).is_err());
    }

    #[test]
    fn an_object_in_one_table_twice_is_damage() {
        let file = TestFile::one_page().object(4, "(again)").table();
        assert_eq!(fault(open(&file.bytes)), Fault::DuplicateObject);
    }

    #[test]
    fn entries_that_are_not_twenty_bytes_are_damage() {
        let bytes = TestFile::one_page().table().bytes;
        assert_eq!(
            fault(open(&replaced(&bytes, " 00000 n \n", " 0000 n  \n"))),
            Fault::XrefEntry
        );
        assert_eq!(
            fault(open(&replaced(&bytes, " 00000 n \n", " 00000 x \n"))),
            Fault::XrefEntry
        );
        assert_eq!(
            fault(open(&replaced(&bytes, " 00000 n \n", " 00000 n\t\n"))),
            Fault::XrefEntry
        );
    }

    #[test]
    fn chains_that_lead_in_a_circle_are_damage() {
        let file = TestFile::one_page().table();
        let start = String::from_utf8_lossy(&file.bytes)
            .rfind("xref\n0")
            .unwrap();
        let itself = TestFile::one_page().table_with(&format!("/Prev {start}"));
        assert_eq!(fault(open(&itself.bytes)), Fault::PrevLoop);
        let later = TestFile::one_page()
            .table_with("/Prev 600")
            .object(5, "null")
            .table()
            .raw(&" ".repeat(900));
        let again = open(&later.bytes);
        assert!(matches!(again, Err(Error::Damaged { .. })), "{again:?}");
    }

    #[test]
    fn a_missing_or_wrong_startxref_is_damage() {
        let bytes = TestFile::one_page().table().bytes;
        assert_eq!(
            fault(open(&replaced(&bytes, "startxref", "startxxxx"))),
            Fault::Keyword("startxref")
        );
        assert_eq!(
            fault(open(&replaced(&bytes, "%%EOF", "%EOF%"))),
            Fault::Keyword("%%EOF")
        );
        let far = [bytes, vec![b' '; 2000]].concat();
        assert_eq!(fault(open(&far)), Fault::Keyword("startxref"));
    }

    #[test]
    fn a_wrong_length_is_not_repaired() {
        let bytes = replaced(
            &TestFile::one_page().table().bytes,
            "/Length 13",
            "/Length 11",
        );
        let pdf = open(&bytes).unwrap();
        assert_eq!(
            fault(pdf.object(ObjectId {
                number: 4,
                generation: 0
            })),
            Fault::Keyword("endstream")
        );
    }

    #[test]
    fn a_hybrid_whose_parts_disagree_is_damage() {
        let file = TestFile::one_page()
            .object_stream(7, &[(4, "(other)")])
            .hybrid(8);
        assert_eq!(fault(open(&file.bytes)), Fault::DuplicateObject);
    }

    #[test]
    fn a_length_may_be_an_object_but_not_its_own_stream() {
        let file = TestFile::one_page()
            .object(5, "3")
            .stream_with_length(6, "", "5 0 R", b"abc")
            .stream_with_length(7, "", "7 0 R", b"abc")
            .table();
        let pdf = open(&file.bytes).unwrap();
        let object = pdf
            .object(ObjectId {
                number: 6,
                generation: 0,
            })
            .unwrap();
        assert_eq!(object.as_stream().map(Stream::raw_data), Some(&b"abc"[..]));
        assert_eq!(
            fault(pdf.object(ObjectId {
                number: 7,
                generation: 0
            })),
            Fault::BadNumber
        );
    }

    #[test]
    fn an_object_stream_that_holds_its_own_length_is_damage() {
        let file = TestFile::new()
            .object(1, "<< /Pages 2 0 R >>")
            .object_stream_with_length(7, "5 0 R", &[(2, "<< >>"), (5, "18")])
            .xref_stream(8);
        assert_eq!(
            fault(open(&file.bytes).unwrap().page_count()),
            Fault::Key("Length")
        );
    }

    #[test]
    fn duplicate_keys_are_damage() {
        let file = TestFile::new()
            .object(1, "<< /Pages 2 0 R /Pages 3 0 R >>")
            .object(2, "<< >>")
            .table();
        assert_eq!(
            fault(open(&file.bytes).unwrap().catalog()),
            Fault::DuplicateKey
        );
    }

    #[test]
    fn page_trees_in_a_circle_are_damage() {
        let file = TestFile::new()
            .object(1, "<< /Pages 2 0 R >>")
            .object(2, "<< /Kids [3 0 R] /Parent 3 0 R >>")
            .object(3, "<< /Kids [2 0 R] /Parent 2 0 R >>")
            .table();
        assert_eq!(
            fault(open(&file.bytes).unwrap().page_count()),
            Fault::PageTreeLoop
        );
    }

    #[test]
    fn each_limit_holds() {
        let bytes = TestFile::one_page()
            .table()
            .object(4, "(new)")
            .table()
            .bytes;
        let limit = |limits: Limits| Pdf::open(&bytes, &limits).map(|_| ()).unwrap_err();
        assert_eq!(
            limit(Limits {
                revisions: 1,
                ..Limits::default()
            }),
            Error::LimitReached(Limit::Revisions)
        );
        assert_eq!(
            limit(Limits {
                objects: 3,
                ..Limits::default()
            }),
            Error::LimitReached(Limit::Objects)
        );
        assert_eq!(
            limit(Limits {
                depth: 0,
                ..Limits::default()
            }),
            Error::LimitReached(Limit::Depth)
        );
    }

    #[test]
    fn a_bomb_in_a_cross_reference_stream_is_not_decoded() {
        let bomb = miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; 8 << 20], 6);
        let file = TestFile::one_page();
        let start = file.bytes.len();
        let entries =
            "/Type /XRef /W [1 4 1] /Index [0 4] /Size 9 /Root 1 0 R /Filter /FlateDecode";
        let file = file
            .stream(8, entries, &bomb)
            .raw(&format!("startxref\n{start}\n%%EOF\n"));
        assert_eq!(
            open(&file.bytes).unwrap_err(),
            Error::LimitReached(Limit::DecodedBytes)
        );
    }

    #[test]
    fn revisions_end_behind_their_marker() {
        let first = TestFile::one_page().table();
        let second = first.clone().object(4, "(new)").table();
        let pdf = open(&second.bytes).unwrap();
        let ends: Vec<_> = pdf.revisions().iter().map(Revision::end).collect();
        assert_eq!(ends, [Some(first.bytes.len()), Some(second.bytes.len())]);
    }
}
