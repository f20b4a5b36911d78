//! The outcome of comparing a signed document with what it became.

use crate::pdf::changes::comparison::compare;
use crate::pdf::coverage::Coverage;
use crate::pdf::error::Error;
use crate::pdf::reader::Pdf;
use crate::pdf::signature::Signature;

/// What was added to a file after a signature; of several, the gravest.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Changes {
    /// Nothing.
    None,
    /// Only what helps to prove the signature: certificates, revocation data, document time-stamps.
    /// Whether these are genuine is not said.
    Evidence,
    /// Further signatures, in new fields without appearance or in fields that were empty.
    Signed,
    /// Something that a reader could see, or that cannot be told from it.
    Content(ContentChange),
}

/// The first change found that is neither evidence nor a signature.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentChange {
    /// Bytes that belong to no object and no cross-reference section of an update.
    #[error("bytes at {offset} belong to no update")]
    Bytes {
        /// The first of them.
        offset: usize,
    },
    /// An object that serves no permitted purpose.
    #[error("object {object} was added")]
    ObjectAdded {
        /// Its number.
        object: u32,
    },
    /// An object has another value than when it was signed.
    #[error("object {object} was changed{}", key.as_ref().map(|key| format!(" in /{key}")).unwrap_or_default())]
    ObjectChanged {
        /// Its number.
        object: u32,
        /// The key, where only one value differs.
        key: Option<String>,
    },
    /// An object is gone.
    #[error("object {object} was removed")]
    ObjectRemoved {
        /// Its number.
        object: u32,
    },
    /// The signed document refers to an object, for another purpose, that a later revision added
    /// or changed.
    #[error("object {object} was changed where the signed document refers to it")]
    ReferredObject {
        /// Its number.
        object: u32,
    },
    /// The signature does not account for the bytes before its end, so that nothing can be said.
    #[error("the signature does not cover its revision")]
    NotCovered,
    /// A trailer names another catalog or other document information.
    #[error("/{key} of the trailer was changed")]
    Trailer {
        /// The key.
        key: &'static str,
    },
}

/// Why a comparison stops.
pub(super) enum Stop {
    Change(ContentChange),
    Unreadable(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Unreadable(error)
    }
}

impl From<ContentChange> for Stop {
    fn from(change: ContentChange) -> Self {
        Self::Change(change)
    }
}

/// One value of an object differs.
pub(super) fn changed_key(object: u32, key: &[u8]) -> Stop {
    Stop::Change(ContentChange::ObjectChanged {
        object,
        key: Some(String::from_utf8_lossy(key).into_owned()),
    })
}

/// An object as a whole differs.
pub(super) fn changed(object: u32) -> Stop {
    Stop::Change(ContentChange::ObjectChanged { object, key: None })
}

impl Signature {
    /// What was added to the file after this signature. `pdf` is what it was read from.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] when an object of either document cannot be read: then nothing can be
    /// said about the change; [`Error::LimitReached`].
    pub fn changes_after(&self, pdf: &Pdf<'_>) -> Result<Changes, Error> {
        let end = match self.coverage() {
            Coverage::Whole => return Ok(Changes::None),
            Coverage::Broken(_) => return Ok(Changes::Content(ContentChange::NotCovered)),
            Coverage::Revision { end } => end,
        };
        match compare(pdf, end) {
            Ok(changes) => Ok(changes),
            Err(Stop::Change(change)) => Ok(Changes::Content(change)),
            Err(Stop::Unreadable(error)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::limits::Limits;
    use crate::pdf::object::ObjectId;
    use crate::pdf::prepare::SignatureDictionary;
    use crate::pdf::prepare::prepare_signature;
    use crate::pdf::signature::SignatureEntry;
    use crate::pdf::signature::signatures;
    use crate::pdf::test_file::TestFile;
    use crate::pdf::test_file::dictionary;
    use crate::pdf::test_file::replaced;
    use crate::pdf::test_file::signed;

    // In `signed()`: 1 catalog, 2 page tree, 3 page, 4 its content, 5 signature, 6 its field.

    fn outcome(bytes: &[u8]) -> Result<Changes, Error> {
        let pdf = Pdf::open(bytes, &Limits::default())?;
        match signatures(&pdf)?.into_iter().next() {
            Some(SignatureEntry::Signature(signature)) => signature.changes_after(&pdf),
            other => panic!("{other:?}"),
        }
    }

    fn content(file: &TestFile) -> ContentChange {
        match outcome(&file.bytes) {
            Ok(Changes::Content(change)) => change,
            other => panic!("{other:?}"),
        }
    }

    fn in_key(object: u32, key: &str) -> ContentChange {
        ContentChange::ObjectChanged {
            object,
            key: Some(key.to_owned()),
        }
    }

    /// An object as the newest revision has it, with `more` at its end.
    fn with(bytes: &[u8], number: u32, more: &str) -> String {
        let pdf = Pdf::open(bytes, &Limits::default()).unwrap();
        let object = pdf
            .object(ObjectId {
                number,
                generation: 0,
            })
            .unwrap();
        let text = String::from_utf8_lossy(object.raw().unwrap().0).into_owned();
        let close = text.len() - if text.ends_with(']') { 1 } else { 2 };
        format!("{} {more} {}", &text[..close], &text[close..])
    }

    const STAMP: &str =
        "<< /Type /DocTimeStamp /SubFilter /ETSI.RFC3161 /ByteRange [0 1 2 3] /Contents <00> >>";

    fn field(more: &str) -> String {
        format!("<< /Type /Annot /Subtype /Widget /FT /Sig /P 3 0 R /F 132 /V 9 0 R {more} >>")
    }

    /// A new field, 8, with a value, 9, in form and page.
    fn with_field(bytes: Vec<u8>, field: &str, value: &str) -> TestFile {
        let catalog = with(&bytes, 1, "").replace("/Fields [6 0 R]", "/Fields [6 0 R 8 0 R]");
        let page = with(&bytes, 3, "").replace("/Annots [6 0 R]", "/Annots [6 0 R 8 0 R]");
        TestFile::after(bytes)
            .object(1, &catalog)
            .object(3, &page)
            .object(8, field)
            .object(9, value)
    }

    /// The signed file with a store of one certificate, 8.
    fn with_store() -> TestFile {
        let catalog = with(&signed(), 1, "/DSS 7 0 R");
        TestFile::after(signed())
            .object(1, &catalog)
            .object(
                7,
                "<< /Certs [8 0 R] /VRI << /0A << /Cert [8 0 R] /TU (D:2026) >> >> >>",
            )
            .stream(8, "", b"certificate")
            .table()
    }

    #[test]
    fn nothing_after_the_signature() {
        assert_eq!(outcome(&signed()), Ok(Changes::None));
    }

    #[test]
    fn a_store_is_evidence() {
        assert_eq!(outcome(&with_store().bytes), Ok(Changes::Evidence));
        // Extended by a revision that replaces the store and leaves the old one unused.
        let more = with_store()
            .object(7, "<< /Certs 10 0 R /CRLs [9 0 R] >>")
            .stream(9, "", b"list")
            .object(10, "[8 0 R 11 0 R]")
            .stream(11, "", b"another")
            .table();
        assert_eq!(outcome(&more.bytes), Ok(Changes::Evidence));
    }

    #[test]
    fn a_document_time_stamp_is_evidence() {
        let file = with_field(signed(), &field("/T (Stamp) /Rect [0 0 0 0]"), STAMP).table();
        assert_eq!(outcome(&file.bytes), Ok(Changes::Evidence));
    }

    #[test]
    fn an_update_may_be_compressed() {
        let catalog = with(&signed(), 1, "/DSS 7 0 R");
        let objects = [(1, catalog.as_str()), (7, "<< /Certs [8 0 R] >>")];
        let file = TestFile::after(signed())
            .stream(8, "", b"certificate")
            .object_stream(9, &objects)
            .xref_stream(10);
        assert_eq!(outcome(&file.bytes), Ok(Changes::Evidence));
    }

    #[test]
    fn further_signatures_are_told_apart() {
        let approval = SignatureDictionary {
            doc_mdp: None,
            ..dictionary()
        };
        let sign = |bytes: &[u8]| {
            prepare_signature(bytes, &approval)
                .unwrap()
                .embed(b"CMS")
                .unwrap()
        };
        let first = sign(&TestFile::one_page().table().bytes);
        let second = sign(&first);
        assert_eq!(outcome(&second), Ok(Changes::Signed));
        let empty =
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (b) /Rect [9 9 20 20] /P 3 0 R >>";
        let with_empty = TestFile::new()
            .object(1, "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R 5 0 R] /SigFlags 3 >> >>")
            .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
            .object(3, "<< /Type /Page /Parent 2 0 R /Annots [4 0 R 5 0 R] >>")
            .object(4, &empty.replace("(b)", "(a)"))
            .object(5, empty)
            .table();
        assert_eq!(
            outcome(&sign(&sign(&with_empty.bytes))),
            Ok(Changes::Signed)
        );
    }

    #[test]
    fn time_and_program_of_the_last_change_may_differ() {
        let packet = |date: &str, title: &str| {
            format!(
                "<x xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmp:ModifyDate=\"{date}\">\
                 <title>{title}</title></x>"
            )
        };
        let base = TestFile::one_page()
            .object(5, "<< /Title (a) /ModDate (D:2026) >>")
            .stream(
                7,
                "/Type /Metadata /Subtype /XML",
                packet("2026", "a").as_bytes(),
            );
        let base = TestFile::after(base.table_with("/Info 5 0 R").bytes)
            .object(1, "<< /Type /Catalog /Pages 2 0 R /Metadata 7 0 R >>")
            .table_with("/Info 5 0 R");
        let bytes = prepare_signature(&base.bytes, &dictionary())
            .unwrap()
            .embed(b"CMS")
            .unwrap();
        let update = |information: &str, packet: &str| {
            TestFile::after(bytes.clone())
                .object(5, information)
                .stream(7, "/Type /Metadata /Subtype /XML", packet.as_bytes())
                .table_with("/Info 5 0 R")
        };
        let good = update(
            "<< /Title (a) /ModDate (D:2027) /Producer (p) >>",
            &packet("2027", "a"),
        );
        assert_eq!(outcome(&good.bytes), Ok(Changes::Evidence));
        let title = update("<< /Title (b) /ModDate (D:2027) >>", &packet("2027", "a"));
        assert_eq!(content(&title), ContentChange::Trailer { key: "Info" });
        let title = update("<< /Title (a) /ModDate (D:2027) >>", &packet("2027", "b"));
        assert_eq!(content(&title), in_key(1, "Metadata"));
    }

    #[test]
    fn bytes_that_belong_to_no_update() {
        let bytes = signed();
        let end = bytes.len();
        for more in ["\n", " ", "9 0 obj\n(hidden)\nendobj\n"] {
            let file = TestFile::after(bytes.clone()).raw(more);
            assert_eq!(
                content(&file),
                ContentChange::Bytes { offset: end },
                "{more:?}"
            );
        }
        let unlisted = TestFile::after(bytes.clone())
            .raw("9 0 obj (hidden) endobj\n")
            .object(7, "null")
            .table();
        assert_eq!(content(&unlisted), ContentChange::Bytes { offset: end });
        let comment = TestFile::after(bytes.clone())
            .raw("% hidden\n")
            .object(7, "null")
            .table();
        assert_eq!(content(&comment), ContentChange::Bytes { offset: end });
        let within = TestFile::after(bytes)
            .object(7, "(x)")
            .entry(9, end + 8)
            .table();
        assert!(matches!(
            outcome(&within.bytes),
            Ok(Changes::Content(_)) | Err(_)
        ));
    }

    #[test]
    fn an_entry_that_leads_back_into_the_signed_bytes() {
        let draft = TestFile::one_page().table().stream(4, "", b"other").table();
        let bytes = prepare_signature(&draft.bytes, &dictionary())
            .unwrap()
            .embed(b"CMS")
            .unwrap();
        let old = String::from_utf8_lossy(&bytes).find("4 0 obj").unwrap();
        let file = TestFile::after(bytes).entry(4, old).table();
        assert_eq!(content(&file), ContentChange::Bytes { offset: old });
    }

    #[test]
    fn changed_content() {
        let page = |more| with(&signed(), 3, more);
        let catalog = |more| with(&signed(), 1, more);
        for (number, text, expected) in [
            (
                2,
                "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>".to_owned(),
                ContentChange::ObjectChanged {
                    object: 2,
                    key: None,
                },
            ),
            (3, page("/Rotate 90"), in_key(3, "Rotate")),
            (3, page("").replace("[6 0 R]", "[]"), in_key(3, "Annots")),
            (
                3,
                page("").replace("[6 0 R]", "[6 0 R 4 0 R]"),
                in_key(3, "Annots"),
            ),
            (
                1,
                catalog("/OpenAction [3 0 R /Fit]"),
                in_key(1, "OpenAction"),
            ),
            (
                1,
                catalog("").replace("/DocMDP", "/UR3"),
                in_key(1, "Perms"),
            ),
            (
                1,
                catalog("").replace("/SigFlags 3", "/NeedAppearances true"),
                in_key(1, "SigFlags"),
            ),
            (
                1,
                catalog("").replace("[6 0 R]", "[6 0 R 4 0 R]"),
                ContentChange::ObjectChanged {
                    object: 4,
                    key: None,
                },
            ),
            (6, with(&signed(), 6, "/AP << /N 4 0 R >>"), in_key(6, "AP")),
            (
                7,
                "(unused)".to_owned(),
                ContentChange::ObjectAdded { object: 7 },
            ),
        ] {
            let file = TestFile::after(signed()).object(number, &text).table();
            assert_eq!(content(&file), expected, "{text}");
        }
        let stream = TestFile::after(signed())
            .stream(4, "", b"0 0 m 9 9 l S 1")
            .table();
        assert_eq!(
            content(&stream),
            ContentChange::ObjectChanged {
                object: 4,
                key: None
            }
        );
    }

    #[test]
    fn a_removed_object() {
        let bytes = signed();
        let start = bytes.len();
        let previous = String::from_utf8_lossy(&bytes).rfind("\nxref\n").unwrap() + 1;
        let text = format!(
            "xref\n4 1\n0000000000 00001 f \ntrailer\n<< /Size 7 /Root 1 0 R /Prev {previous} >>\nstartxref\n{start}\n%%EOF\n"
        );
        let file = [bytes, text.into_bytes()].concat();
        assert_eq!(
            outcome(&file),
            Ok(Changes::Content(ContentChange::ObjectRemoved { object: 4 }))
        );
    }

    #[test]
    fn another_catalog() {
        let file = TestFile::after(signed())
            .object(7, &with(&signed(), 1, ""))
            .table();
        let at = file.bytes.len() - 100;
        let tail = replaced(&file.bytes[at..], "/Root 1 0 R", "/Root 7 0 R");
        let bytes = [&file.bytes[..at], &tail].concat();
        assert_eq!(
            outcome(&bytes),
            Ok(Changes::Content(ContentChange::Trailer { key: "Root" }))
        );
    }

    #[test]
    fn fields_that_show_something_or_pose_as_others() {
        for odd in [
            "/T (Stamp) /Rect [0 0 100 100]",
            "/T (Stamp) /Rect [0 0 0 0] /AP << /N 4 0 R >>",
            "/T (Stamp) /Rect [0 0 0 0] /MK << /CA (x) >>",
            "/T (Stamp) /Rect [0 0 0 0] /AA << >>",
            "/T (Signature1) /Rect [0 0 0 0]",
            "/Rect [0 0 0 0]",
        ] {
            let file = with_field(signed(), &field(odd), STAMP).table();
            assert_eq!(
                content(&file),
                ContentChange::ObjectAdded { object: 8 },
                "{odd}"
            );
        }
        for odd in [
            "<< /Type /Sig >>",
            "(no dictionary)",
            "<< /ByteRange [] /Contents <00> /SubFilter /x /Type /DocTimeStamp >>",
        ] {
            let file = with_field(signed(), &field("/T (Stamp) /Rect [0 0 0 0]"), odd).table();
            assert_eq!(
                content(&file),
                ContentChange::ObjectAdded { object: 9 },
                "{odd}"
            );
        }
    }

    #[test]
    fn an_empty_appearance_is_no_appearance() {
        let invisible = field("/T (Stamp) /Rect [0 0 0 0] /AP << /N 10 0 R >>");
        let empty = with_field(signed(), &invisible, STAMP)
            .stream(10, "/Subtype /Form /BBox [0 0 0 0]", b"")
            .table();
        assert_eq!(outcome(&empty.bytes), Ok(Changes::Evidence));
        let drawn = with_field(signed(), &invisible, STAMP)
            .stream(10, "/Subtype /Form /BBox [0 0 0 0]", b"f")
            .table();
        assert_eq!(content(&drawn), ContentChange::ObjectAdded { object: 8 });
    }

    #[test]
    fn evidence_that_is_more_than_evidence() {
        let catalog = with(&signed(), 1, "/DSS 7 0 R");
        for (store, entries) in [
            ("<< /Certs [8 0 R] >>", "/Type /XObject"),
            ("<< /Certs [8 0 R] /X 8 0 R >>", ""),
            ("<< /VRI << /0A << /X [8 0 R] >> >> >>", ""),
            ("[8 0 R]", ""),
        ] {
            let file = TestFile::after(signed())
                .object(1, &catalog)
                .object(7, store)
                .stream(8, entries, b"x")
                .table();
            assert_eq!(content(&file), in_key(1, "DSS"), "{store} {entries}");
        }
    }

    #[test]
    fn content_cannot_become_evidence() {
        let catalog = with(&signed(), 1, "/DSS 7 0 R");
        let file = TestFile::after(signed())
            .object(1, &catalog)
            .object(7, "<< /Certs [4 0 R] >>")
            .stream(4, "", b"x")
            .table();
        assert_eq!(
            content(&file),
            ContentChange::ObjectChanged {
                object: 4,
                key: None
            }
        );
        // In two steps: first only named, then changed.
        let named = TestFile::after(signed())
            .object(1, &catalog)
            .object(7, "<< /Certs [4 0 R] >>")
            .table();
        assert_eq!(outcome(&named.bytes), Ok(Changes::Evidence));
        assert_eq!(
            content(&named.stream(4, "", b"x").table()),
            ContentChange::ObjectChanged {
                object: 4,
                key: None
            }
        );
    }

    #[test]
    fn evidence_cannot_become_content() {
        // The page was prepared: it already refers to the number that the certificate will have.
        let mut base = TestFile::one_page();
        base.bytes = replaced(&base.bytes, "/Resources << >>", "/X 7 0 R        ");
        let base = base.table();
        let bytes = prepare_signature(&base.bytes, &dictionary())
            .unwrap()
            .embed(b"CMS")
            .unwrap();
        let catalog = with(&bytes, 1, "/DSS 8 0 R");
        let file = TestFile::after(bytes)
            .object(1, &catalog)
            .object(8, "<< /Certs [7 0 R] >>")
            .stream(7, "", b"x")
            .table();
        assert_eq!(content(&file), ContentChange::ReferredObject { object: 7 });
    }

    #[test]
    fn a_store_that_is_also_content_may_not_change() {
        // The page draws what the store lists.
        let base = TestFile::new()
            .object(
                1,
                "<< /Type /Catalog /Pages 2 0 R /DSS << /Certs 4 0 R >> >>",
            )
            .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
            .object(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>")
            .object(4, "[]")
            .table();
        let bytes = prepare_signature(&base.bytes, &dictionary())
            .unwrap()
            .embed(b"CMS")
            .unwrap();
        let file = TestFile::after(bytes)
            .object(4, "[7 0 R]")
            .stream(7, "", b"x")
            .table();
        assert_eq!(content(&file), ContentChange::ReferredObject { object: 4 });
    }

    #[test]
    fn an_object_stream_may_not_be_another() {
        let objects = |page: &'static str| {
            [
                (1, "<< /Type /Catalog /Pages 2 0 R >>"),
                (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
                (3, page),
                (4, "(x)"),
            ]
        };
        let base = TestFile::new()
            .object_stream(7, &objects("<< /Type /Page /Parent 2 0 R >>"))
            .xref_stream(8);
        let bytes = prepare_signature(&base.bytes, &dictionary())
            .unwrap()
            .embed(b"CMS")
            .unwrap();
        let data = objects("<< /Type /Page /Parent 2 0 R /Rotate 90 >>");
        let file = TestFile::after(bytes)
            .object_stream(7, &data)
            .without_compressed()
            .xref_stream(20);
        assert_eq!(
            content(&file),
            ContentChange::ObjectChanged {
                object: 7,
                key: None
            }
        );
    }

    #[test]
    fn document_information_may_tell_of_a_later_change_beside_a_cross_reference_stream() {
        // Each cross-reference stream names the information as a trailer does.
        let base = TestFile::one_page()
            .object(5, "<< /ModDate (D:2026) >>")
            .trailer("/Info 5 0 R")
            .xref_stream(7);
        let bytes = prepare_signature(&base.bytes, &dictionary())
            .unwrap()
            .embed(b"CMS")
            .unwrap();
        let later = TestFile::after(bytes)
            .object(5, "<< /ModDate (D:2027) >>")
            .trailer("/Info 5 0 R")
            .xref_stream(20);
        assert_eq!(outcome(&later.bytes), Ok(Changes::Evidence));
    }

    #[test]
    fn changes_of_an_uncovered_signature_cannot_be_told() {
        let file = TestFile::after(replaced(&signed(), "/ByteRange [0", "/ByteRange [1"));
        assert_eq!(content(&file), ContentChange::NotCovered);
    }
}
