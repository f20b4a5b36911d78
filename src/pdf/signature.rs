//! Signature dictionaries (ISO 32000-1 12.8.1), as read from a file.

use std::collections::BTreeSet;
use std::ops::Range;

use time::OffsetDateTime;

use crate::pdf::coverage::Coverage;
use crate::pdf::coverage::coverage;
use crate::pdf::date::parse_date;
use crate::pdf::error::Error;
use crate::pdf::error::Fault;
use crate::pdf::fields::SignatureField;
use crate::pdf::fields::signature_fields;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::reader::Pdf;
use crate::pdf::reader::View;
use crate::pdf::xref::Location;

/// What a signed field of the form holds.
#[expect(clippy::large_enum_variant, reason = "a file has a handful of them")]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignatureEntry {
    /// A signature, or a document time-stamp, that can be examined.
    Signature(Signature),
    /// Something that claims to be one and cannot. The file is not unsigned because of that.
    Unreadable {
        /// The fully qualified name of the field, as far as it is known.
        field_name: String,
        /// Why.
        reason: SignatureFault,
    },
}

/// Why a signature dictionary cannot be examined.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureFault {
    /// `/ByteRange` is missing, or is not four direct integers, none negative.
    #[error("/ByteRange is missing or malformed")]
    ByteRange,
    /// `/Contents` is missing, or is not a string within the signature dictionary.
    #[error("/Contents is missing or not a direct string")]
    Contents,
    /// `/SubFilter` is missing or not a name.
    #[error("/SubFilter is missing or malformed")]
    SubFilter,
    /// Another key has a value of a wrong type.
    #[error("/{0} is malformed")]
    Key(&'static str),
    /// `/V` does not lead to a dictionary that is an object of its own outside object streams.
    #[error("/V does not lead to a signature dictionary")]
    Value,
    /// Another field has the same signature dictionary.
    #[error("another field carries the same signature")]
    Shared,
    /// The file is damaged there.
    #[error(transparent)]
    File(Error),
}

/// A signature dictionary (table 252) and its place in the file.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The fully qualified name of its field.
    pub field_name: String,
    /// The object that the signature dictionary is.
    pub object: ObjectId,
    /// `/Type`: `Sig`, `DocTimeStamp`, or none.
    pub signature_type: Option<String>,
    /// `/SubFilter`, for example `ETSI.CAdES.detached`.
    pub sub_filter: String,
    /// `/ByteRange`: offset and length, twice.
    pub byte_range: [usize; 4],
    /// `/Contents` decoded, the padding behind the signature value included.
    pub contents: Vec<u8>,
    /// Where `/Contents` stands, from `<` to behind `>`.
    pub contents_span: Range<usize>,
    /// `/M` as written, decoded.
    pub signing_time_text: Option<String>,
    /// `/M`, when it is a date: what the signer claims.
    pub signing_time: Option<OffsetDateTime>,
    /// `/Reason`
    pub reason: Option<String>,
    /// `/Name`
    pub name: Option<String>,
    /// `/P` of a DocMDP transform in `/Reference`: 1 no changes, 2 form filling and signing, 3 also
    /// annotations (12.8.2.2).
    pub doc_mdp: Option<u8>,
    /// Whether a FieldMDP transform in `/Reference` locks fields (12.8.2.4).
    pub field_mdp: bool,
    /// Whether `/Perms /DocMDP` of the catalog names this signature: the author's certification.
    pub certification: bool,
    coverage: Coverage,
}

impl Signature {
    /// How much of the file the byte range accounts for.
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// The two ranges of signed bytes; none when they do not lie in the file. `file` is what the
    /// signature was read from.
    pub fn signed_bytes<'f>(&self, file: &'f [u8]) -> Option<[&'f [u8]; 2]> {
        let [start, length, second_start, second_length] = self.byte_range;
        let first = file.get(start..start.checked_add(length)?)?;
        let second = file.get(second_start..second_start.checked_add(second_length)?)?;
        Some([first, second])
    }

    /// Whether it is a document time-stamp (ISO 32000-2 12.8.5).
    pub fn is_document_timestamp(&self) -> bool {
        self.sub_filter == "ETSI.RFC3161"
    }
}

/// The signatures of a file, in the order in which they stand in it; those that cannot be read
/// come last.
///
/// # Errors
///
/// [`Error::Damaged`] when catalog or form cannot be read at all; [`Error::LimitReached`].
pub fn signatures(pdf: &Pdf<'_>) -> Result<Vec<SignatureEntry>, Error> {
    let view = pdf.view();
    let found = signature_fields(view)?;
    let certification = certification(view)?;
    let mut seen = BTreeSet::new();
    let mut readable = Vec::new();
    let mut unreadable = Vec::new();
    for field in &found.fields {
        let Some(value) = field.dictionary.get("V") else {
            continue;
        };
        match read_signature(view, field, value, &mut seen, certification) {
            Ok(signature) => {
                readable.push(signature);
                view.pdf.budget.check_signatures(readable.len())?;
            }
            Err(SignatureFault::File(limit @ Error::LimitReached(_))) => return Err(limit),
            Err(reason) => unreadable.push(SignatureEntry::Unreadable {
                field_name: field.name.clone(),
                reason,
            }),
        }
    }
    for (field_name, error) in found.unreadable {
        unreadable.push(SignatureEntry::Unreadable {
            field_name,
            reason: SignatureFault::File(error),
        });
    }
    readable.sort_by_key(|signature| signature.contents_span.start);
    Ok(readable
        .into_iter()
        .map(SignatureEntry::Signature)
        .chain(unreadable)
        .collect())
}

/// What `/Perms /DocMDP` names.
pub(crate) fn certification(view: View<'_, '_>) -> Result<Option<ObjectId>, Error> {
    let Some(permissions) = view.value(&view.catalog()?, "Perms")? else {
        return Ok(None);
    };
    let permissions = permissions
        .as_dictionary()
        .ok_or_else(|| view.damaged(Fault::Key("Perms")))?;
    Ok(permissions.get("DocMDP").and_then(Object::as_reference))
}

fn read_signature(
    view: View<'_, '_>,
    field: &SignatureField<'_>,
    value: &Object<'_>,
    seen: &mut BTreeSet<ObjectId>,
    certification: Option<ObjectId>,
) -> Result<Signature, SignatureFault> {
    let id = value.as_reference().ok_or(SignatureFault::Value)?;
    let (dictionary, span) = dictionary_in_file(view, id)?;
    if !seen.insert(id) {
        return Err(SignatureFault::Shared);
    }
    let byte_range = dictionary
        .get("ByteRange")
        .and_then(byte_range)
        .ok_or(SignatureFault::ByteRange)?;
    let contents = dictionary
        .get("Contents")
        .and_then(Object::as_string)
        .ok_or(SignatureFault::Contents)?;
    let sub_filter = name(view, &dictionary, "SubFilter")?.ok_or(SignatureFault::SubFilter)?;
    let signing_time = text(view, &dictionary, "M")?;
    let transforms = transforms(view, &dictionary)?;
    Ok(Signature {
        field_name: field.name.clone(),
        object: id,
        signature_type: name(view, &dictionary, "Type")?,
        sub_filter,
        byte_range,
        contents: contents.bytes(),
        contents_span: contents.span.clone(),
        signing_time: signing_time
            .as_deref()
            .and_then(|text| parse_date(text.as_bytes())),
        signing_time_text: signing_time,
        reason: text(view, &dictionary, "Reason")?,
        name: text(view, &dictionary, "Name")?,
        doc_mdp: transforms.doc_mdp,
        field_mdp: transforms.field_mdp,
        certification: certification == Some(id),
        coverage: coverage(view.pdf, id.number, &span, byte_range, contents),
    })
}

/// The signature dictionary and the place of its object. Within an object stream its `/Contents`
/// would have no place in the file.
fn dictionary_in_file<'p>(
    view: View<'p, '_>,
    id: ObjectId,
) -> Result<(Dictionary<'p>, Range<usize>), SignatureFault> {
    let Location::At { offset, generation } = view.location(id.number) else {
        return Err(SignatureFault::Value);
    };
    if generation != id.generation {
        return Err(SignatureFault::Value);
    }
    let indirect = view.indirect(offset, id).map_err(SignatureFault::File)?;
    let Object::Dictionary(dictionary) = indirect.object else {
        return Err(SignatureFault::Value);
    };
    Ok((dictionary, indirect.span))
}

fn byte_range(object: &Object<'_>) -> Option<[usize; 4]> {
    let [start, length, second_start, second_length] = object.as_array()?.items() else {
        return None;
    };
    Some([
        start.as_unsigned()?,
        length.as_unsigned()?,
        second_start.as_unsigned()?,
        second_length.as_unsigned()?,
    ])
}

fn name<'p>(
    view: View<'p, '_>,
    dictionary: &Dictionary<'p>,
    key: &'static str,
) -> Result<Option<String>, SignatureFault> {
    match view.value(dictionary, key).map_err(SignatureFault::File)? {
        None => Ok(None),
        Some(Object::Name(name)) => Ok(Some(String::from_utf8_lossy(name.as_bytes()).into_owned())),
        Some(_) => Err(SignatureFault::Key(key)),
    }
}

fn text<'p>(
    view: View<'p, '_>,
    dictionary: &Dictionary<'p>,
    key: &'static str,
) -> Result<Option<String>, SignatureFault> {
    match view.value(dictionary, key).map_err(SignatureFault::File)? {
        None => Ok(None),
        Some(Object::String(string)) => Ok(Some(string.text())),
        Some(_) => Err(SignatureFault::Key(key)),
    }
}

/// What `/Reference` (table 253) holds.
#[derive(Default)]
struct Transforms {
    doc_mdp: Option<u8>,
    field_mdp: bool,
}

fn transforms<'p>(
    view: View<'p, '_>,
    dictionary: &Dictionary<'p>,
) -> Result<Transforms, SignatureFault> {
    const MALFORMED: SignatureFault = SignatureFault::Key("Reference");
    let mut transforms = Transforms::default();
    let Some(references) = view
        .value(dictionary, "Reference")
        .map_err(SignatureFault::File)?
    else {
        return Ok(transforms);
    };
    for reference in references.as_array().ok_or(MALFORMED)?.items() {
        let reference = view.resolve(reference).map_err(SignatureFault::File)?;
        let reference = reference.as_dictionary().ok_or(MALFORMED)?;
        let method = name(view, reference, "TransformMethod")?.ok_or(MALFORMED)?;
        match method.as_str() {
            "DocMDP" if transforms.doc_mdp.is_some() => return Err(MALFORMED),
            "DocMDP" => transforms.doc_mdp = Some(permission(view, reference)?),
            "FieldMDP" => transforms.field_mdp = true,
            _ => {}
        }
    }
    Ok(transforms)
}

/// `/P` of `/TransformParams` (table 254), 2 when absent.
fn permission<'p>(view: View<'p, '_>, reference: &Dictionary<'p>) -> Result<u8, SignatureFault> {
    const MALFORMED: SignatureFault = SignatureFault::Key("TransformParams");
    let Some(parameters) = view
        .value(reference, "TransformParams")
        .map_err(SignatureFault::File)?
    else {
        return Ok(2);
    };
    let parameters = parameters.as_dictionary().ok_or(MALFORMED)?;
    match view.value(parameters, "P").map_err(SignatureFault::File)? {
        None => Ok(2),
        Some(permission) => permission
            .as_unsigned()
            .filter(|permission| matches!(permission, 1..=3))
            .ok_or(MALFORMED),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::pdf::coverage::CoverageFault;
    use crate::pdf::limits::Limits;
    use crate::pdf::prepare::SignatureDictionary;
    use crate::pdf::prepare::prepare_signature;
    use crate::pdf::test_file::TestFile;
    use crate::pdf::test_file::dictionary;
    use crate::pdf::test_file::replaced;
    use crate::pdf::test_file::signed;

    fn read(bytes: &[u8]) -> Vec<SignatureEntry> {
        signatures(&Pdf::open(bytes, &Limits::default()).unwrap()).unwrap()
    }

    fn only(bytes: &[u8]) -> Signature {
        match &read(bytes)[..] {
            [SignatureEntry::Signature(signature)] => signature.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn unreadable(bytes: &[u8]) -> SignatureFault {
        match &read(bytes)[..] {
            [SignatureEntry::Unreadable { reason, .. }] => reason.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// The signed file with another byte range, as wide as the old one.
    fn with_byte_range(change: impl Fn([usize; 4]) -> [usize; 4]) -> Vec<u8> {
        let bytes = signed();
        let [a, b, c, d] = change(only(&bytes).byte_range);
        let at = bytes
            .windows(11)
            .position(|window| window == b"/ByteRange ")
            .unwrap()
            + 11;
        let mut out = bytes;
        out[at..at + 36].copy_from_slice(format!("{:36}", format!("[{a} {b} {c} {d}]")).as_bytes());
        out
    }

    fn fault(bytes: &[u8]) -> CoverageFault {
        match only(bytes).coverage() {
            Coverage::Broken(fault) => fault,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_byte_range_that_leaves_the_start_out_is_broken() {
        assert_eq!(
            fault(&with_byte_range(|[_, b, c, d]| [1, b - 1, c, d])),
            CoverageFault::Start
        );
    }

    #[test]
    fn a_gap_that_is_not_exactly_the_contents_is_broken() {
        for (left, right) in [(1, 0), (0, 1), (1, 1)] {
            assert_eq!(
                fault(&with_byte_range(|[a, b, c, d]| [
                    a,
                    b - left,
                    c + right,
                    d - right
                ])),
                CoverageFault::Gap
            );
            assert_eq!(
                fault(&with_byte_range(|[a, b, c, d]| [
                    a,
                    b + left,
                    c - right,
                    d + right
                ])),
                CoverageFault::Gap
            );
        }
    }

    #[test]
    fn a_second_range_that_begins_before_the_gap_ends_is_broken() {
        // `[0 b c-8 d]`: as long as it should be, the last bytes of the file unsigned.
        assert_eq!(
            fault(&with_byte_range(|[a, b, c, d]| [a, b, c - 8, d])),
            CoverageFault::Gap
        );
        assert_eq!(
            fault(&with_byte_range(|[a, b, _, d]| [a, b, 0, d])),
            CoverageFault::Gap
        );
    }

    #[test]
    fn a_range_beyond_the_file_is_broken() {
        let bytes = with_byte_range(|[a, b, c, d]| [a, b, c, d + 1]);
        assert_eq!(fault(&bytes), CoverageFault::BeyondFile);
        assert_eq!(only(&bytes).signed_bytes(&bytes), None);
        let huge = usize::try_from(i64::MAX).unwrap();
        let bytes = with_byte_range(|[_, b, _, _]| [0, b, 9, huge]);
        assert_eq!(fault(&bytes), CoverageFault::BeyondFile);
    }

    #[test]
    fn an_end_within_a_revision_is_broken() {
        for missing in 1..30 {
            let bytes = with_byte_range(|[a, b, c, d]| [a, b, c, d - missing]);
            match missing {
                // Without the last line end the revision is complete, but not the file.
                1 => assert_eq!(
                    only(&bytes).coverage(),
                    Coverage::Revision {
                        end: bytes.len() - 1
                    }
                ),
                _ => assert_eq!(fault(&bytes), CoverageFault::NotRevisionEnd),
            }
        }
    }

    #[test]
    fn contents_with_room_for_other_bytes_are_broken() {
        let bytes = signed();
        for odd in ["/Contents <43 d53", "/Contents <434\n53"] {
            assert_eq!(
                fault(&replaced(&bytes, "/Contents <434d53", odd)),
                CoverageFault::ContentsForm,
                "{odd}"
            );
        }
        // One digit fewer: the last of the padding becomes part of what follows.
        let odd = replaced(&bytes, "0>\n/M", ">\n /M");
        let odd = with_gap_of(&odd);
        assert_eq!(fault(&odd), CoverageFault::ContentsForm);
    }

    /// The byte range again exactly around the contents.
    fn with_gap_of(bytes: &[u8]) -> Vec<u8> {
        let span = only(bytes).contents_span;
        let at = bytes
            .windows(11)
            .position(|window| window == b"/ByteRange ")
            .unwrap()
            + 11;
        let mut out = bytes.to_vec();
        let range = format!("[0 {} {} {}]", span.start, span.end, bytes.len() - span.end);
        out[at..at + 36].copy_from_slice(format!("{range:36}").as_bytes());
        out
    }

    #[test]
    fn a_literal_string_as_contents_is_broken() {
        let bytes = replaced(&signed(), "/Contents <43", "/Contents (43");
        let bytes = replaced(&bytes, "00>\n/M", "00)\n/M");
        assert_eq!(fault(&bytes), CoverageFault::ContentsForm);
    }

    #[test]
    fn contents_in_another_object_are_unreadable() {
        let bytes = replaced(&signed(), "/Contents <434d530000", "/Contents 9 0 R /x <0");
        assert_eq!(unreadable(&bytes), SignatureFault::Contents);
    }

    #[test]
    fn a_gap_around_foreign_contents_is_broken() {
        // A second string of the same form stands in the dictionary, and the byte range leaves out
        // both of them.
        let bytes = replaced(
            &signed(),
            "/Contents <434d530000000000",
            "/Contents <43> /xxxxx <0000",
        );
        let span = only(&bytes).contents_span;
        assert_eq!(span.len(), 4);
        assert_eq!(fault(&bytes), CoverageFault::Gap);
    }

    #[test]
    fn byte_ranges_that_are_none_are_unreadable() {
        let bytes = signed();
        for odd in ["/ByteRange [/0", "/ByteRange [.0", "/ByteRange [-2"] {
            assert_eq!(
                unreadable(&replaced(&bytes, "/ByteRange [0 ", odd)),
                SignatureFault::ByteRange,
                "{odd}"
            );
        }
        assert_eq!(
            unreadable(&replaced(&bytes, "/ByteRange", "/ByteRango")),
            SignatureFault::ByteRange
        );
    }

    #[test]
    fn one_unreadable_signature_does_not_hide_the_other() {
        let approval = SignatureDictionary {
            doc_mdp: None,
            ..dictionary()
        };
        let first = prepare_signature(&TestFile::one_page().table().bytes, &approval)
            .unwrap()
            .embed(b"CMS")
            .unwrap();
        let both = prepare_signature(&first, &approval)
            .unwrap()
            .embed(b"CMS")
            .unwrap();
        let broken = replaced(&both, "/SubFilter /ETSI", "/SubFolter /ETSI");
        let entries = read(&broken);
        assert!(
            matches!(&entries[0], SignatureEntry::Signature(signature) if signature.field_name == "Signature2")
        );
        let SignatureEntry::Unreadable { field_name, reason } = &entries[1] else {
            panic!("{entries:?}")
        };
        assert_eq!(
            (field_name.as_str(), reason),
            ("Signature1", &SignatureFault::SubFilter)
        );
    }

    #[test]
    fn a_signature_redefined_later_is_not_the_signed_one() {
        let bytes = signed();
        let object = only(&bytes).object.number;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let start = text.find(&format!("{object} 0 obj\n")).unwrap();
        let dictionary = &text[start..]
            [text[start..].find("<<").unwrap()..text[start..].find("\nendobj").unwrap()];
        let later = TestFile::after(bytes).object(object, dictionary).table();
        assert_eq!(fault(&later.bytes), CoverageFault::Gap);
    }

    #[test]
    fn a_field_in_a_circle_is_unreadable() {
        let file = TestFile::new()
            .object(1, "<< /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>")
            .object(2, "<< >>")
            .object(3, "<< /T (a) /Kids [4 0 R] >>")
            .object(4, "<< /T (b) /Kids [3 0 R] >>")
            .table();
        assert!(matches!(
            unreadable(&file.bytes),
            SignatureFault::File(Error::Damaged {
                fault: Fault::FieldLoop,
                ..
            })
        ));
    }

    #[test]
    fn the_field_type_may_be_inherited() {
        let bytes = TestFile::new()
            .object(1, "<< /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>")
            .object(2, "<< >>")
            .object(3, "<< /T (a) /FT /Sig /Kids [4 0 R] >>")
            .object(4, "<< /T (b) /V 5 0 R >>")
            .object(5, "<< /SubFilter /x /ByteRange [0 1 2 3] /Contents <00> /M (D:20260102030405+05'00') >>")
            .table()
            .bytes;
        let signature = only(&bytes);
        assert_eq!(signature.field_name, "a.b");
        assert_eq!(
            signature.signing_time,
            Some(datetime!(2026-01-01 22:04:05 UTC))
        );
        assert_eq!(signature.coverage(), Coverage::Broken(CoverageFault::Gap));
    }

    #[test]
    fn two_fields_cannot_share_a_signature() {
        let bytes = TestFile::new()
            .object(
                1,
                "<< /Pages 2 0 R /AcroForm << /Fields [3 0 R 4 0 R] >> >>",
            )
            .object(2, "<< >>")
            .object(3, "<< /T (a) /FT /Sig /V 5 0 R >>")
            .object(4, "<< /T (b) /FT /Sig /V 5 0 R >>")
            .object(5, "<< /SubFilter /x /ByteRange [0 1 2 3] /Contents <00> >>")
            .table()
            .bytes;
        let entries = read(&bytes);
        assert!(
            matches!(
                &entries[1],
                SignatureEntry::Unreadable {
                    reason: SignatureFault::Shared,
                    ..
                }
            ),
            "{entries:?}"
        );
    }
}
