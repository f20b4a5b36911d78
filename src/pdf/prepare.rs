//! A revision with a signature dictionary that waits for its value (ISO 32000-1 12.8,
//! EN 319 142-1).

use std::ops::Range;

use time::OffsetDateTime;

use crate::pdf::date::format_date;
use crate::pdf::error::Error;
use crate::pdf::error::Fault;
use crate::pdf::error::Limit;
use crate::pdf::fields::SignatureField;
use crate::pdf::fields::SignatureFields;
use crate::pdf::fields::signature_fields;
use crate::pdf::limits::Limits;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::reader::Pdf;
use crate::pdf::reader::View;
use crate::pdf::signature::SignatureEntry;
use crate::pdf::signature::signatures;
use crate::pdf::text::encode_text;
use crate::pdf::update::Holder;
use crate::pdf::update::Update;
use crate::pdf::update::header_version;

/// What the signature dictionary will say.
#[derive(Clone, Debug)]
pub struct SignatureDictionary {
    /// `/M`, written in UTC with whole seconds.
    pub signing_time: OffsetDateTime,
    /// `/Reason`
    pub reason: Option<String>,
    /// `/Name`
    pub name: Option<String>,
    /// Makes it a certification signature: 1 permits no changes, 2 form filling and signing, 3 also
    /// annotations (12.8.2.2). Other values count as 1.
    pub doc_mdp: Option<u8>,
    /// Bytes kept for the signature value.
    pub capacity: usize,
}

/// A file whose signature value is still all zeros.
#[derive(Clone, Debug)]
pub struct PreparedSignature {
    bytes: Vec<u8>,
    /// From `<` to behind `>`.
    contents: Range<usize>,
}

/// Appends a revision with a signature dictionary to a file: in its first empty signature field,
/// or in a new invisible one on its first page. Earlier bytes stay as they are.
///
/// # Errors
///
/// What [`Pdf::open`] fails with, and [`Error::Damaged`] when the form or the first page is;
/// [`Error::AlreadySigned`] when a certification is asked for and the file has a signature;
/// [`Error::CertifiedWithoutChanges`] when its author permits none.
pub fn prepare_signature(
    pdf: &[u8],
    dictionary: &SignatureDictionary,
) -> Result<PreparedSignature, Error> {
    if dictionary.capacity > MAX_CAPACITY {
        return Err(Error::LimitReached(Limit::FileSize));
    }
    let pdf = Pdf::open(pdf, &Limits::default())?;
    let view = pdf.view();
    let fields = signature_fields(view)?;
    check_permitted(&pdf, &fields, dictionary)?;
    let mut update = Update::new(&pdf);
    let value = update.reserve()?;
    let catalog_id = view.catalog_id()?;
    let catalog_object = Object::Dictionary(view.catalog()?);
    let (Some(holder), Object::Dictionary(catalog)) =
        (Holder::new(catalog_id, &catalog_object), &catalog_object)
    else {
        return Err(view.damaged(Fault::Key("Root")));
    };
    let place = Place {
        view,
        holder,
        dictionary: catalog.clone(),
    };
    let field = match fields.fields.iter().find_map(empty_field) {
        Some((id, field)) => fill_field(&mut update, view, id, field, value)?,
        None => Some(add_field(&mut update, view, &fields, value)?),
    };
    update_form(&mut update, &place, field)?;
    update_catalog(&mut update, &place, dictionary, value)?;
    let (content, byte_range, contents) = signature_dictionary(dictionary);
    update.put(value, content);
    let file = update.write()?;
    let start = file
        .contents
        .get(&value.number)
        .copied()
        .unwrap_or_default();
    let contents = start + contents.start..start + contents.end;
    let mut bytes = file.bytes;
    write_byte_range(&mut bytes, start + byte_range, &contents);
    Ok(PreparedSignature { bytes, contents })
}

impl PreparedSignature {
    /// The bytes to be signed: all but `/Contents`.
    pub fn signed_bytes(&self) -> [&[u8]; 2] {
        [
            &self.bytes[..self.contents.start],
            &self.bytes[self.contents.end..],
        ]
    }

    /// Bytes kept for the signature value.
    pub fn capacity(&self) -> usize {
        (self.contents.len() - 2) / 2
    }

    /// The signed file: the signature value (a DER ContentInfo) in its place, zeros behind it.
    ///
    /// # Errors
    ///
    /// [`Error::ContentsTooSmall`].
    pub fn embed(mut self, cms: &[u8]) -> Result<Vec<u8>, Error> {
        if cms.len() > self.capacity() {
            return Err(Error::ContentsTooSmall {
                need: cms.len(),
                have: self.capacity(),
            });
        }
        let place = &mut self.bytes[self.contents.start + 1..self.contents.end - 1];
        for (digits, byte) in place.chunks_exact_mut(2).zip(cms) {
            digits[0] = HEX_LOWER[usize::from(byte >> 4)];
            digits[1] = HEX_LOWER[usize::from(byte & 15)];
        }
        Ok(self.bytes)
    }
}

/// A dictionary and the indirect object that holds it.
struct Place<'p, 'a> {
    view: View<'p, 'a>,
    holder: Holder<'p>,
    dictionary: Dictionary<'p>,
}

impl<'p, 'a> Place<'p, 'a> {
    /// The dictionary under a key, within this one or an object of its own.
    fn inner(&self, key: &'static str) -> Result<Option<Self>, Error> {
        let Some(object) = self.view.value(&self.dictionary, key)? else {
            return Ok(None);
        };
        let own = self
            .dictionary
            .get(key)
            .and_then(Object::as_reference)
            .and_then(|id| Holder::new(id, &object));
        let Object::Dictionary(dictionary) = object else {
            return Err(self.view.damaged(Fault::Key(key)));
        };
        let holder = own.unwrap_or_else(|| self.holder.clone());
        Ok(Some(Self {
            view: self.view,
            holder,
            dictionary,
        }))
    }

    fn set(&self, update: &mut Update<'p, 'a>, key: &str, value: &str) {
        update.set(&self.holder, &self.dictionary, key, value);
    }
}

fn check_permitted(
    pdf: &Pdf<'_>,
    fields: &SignatureFields<'_>,
    dictionary: &SignatureDictionary,
) -> Result<(), Error> {
    if let Some((_, error)) = fields.unreadable.first() {
        return Err(error.clone());
    }
    let Some(signed) = fields
        .fields
        .iter()
        .find(|field| field.dictionary.get("V").is_some())
    else {
        return Ok(());
    };
    if dictionary.doc_mdp.is_some() {
        return Err(Error::AlreadySigned {
            field_name: signed.name.clone(),
        });
    }
    let locks = |entry: &SignatureEntry| matches!(entry, SignatureEntry::Signature(signature) if signature.doc_mdp == Some(1));
    if signatures(pdf)?.iter().any(locks) {
        return Err(Error::CertifiedWithoutChanges);
    }
    Ok(())
}

fn empty_field<'f, 'p>(
    field: &'f SignatureField<'p>,
) -> Option<(ObjectId, &'f SignatureField<'p>)> {
    field
        .id
        .filter(|_| field.dictionary.get("V").is_none())
        .map(|id| (id, field))
}

/// Nothing is added to the form.
fn fill_field<'p, 'a>(
    update: &mut Update<'p, 'a>,
    view: View<'p, 'a>,
    id: ObjectId,
    field: &SignatureField<'p>,
    value: ObjectId,
) -> Result<Option<ObjectId>, Error> {
    let holder = Holder::new(id, &Object::Dictionary(field.dictionary.clone()));
    let holder = holder.ok_or_else(|| view.damaged(Fault::Key("Fields")))?;
    update.set(&holder, &field.dictionary, "V", &format!("{value} R"));
    Ok(None)
}

/// A field that is its own widget, outside the page: invisible, and not part of the tagged content
/// (ISO 14289-1 7.18.1).
fn add_field<'p, 'a>(
    update: &mut Update<'p, 'a>,
    view: View<'p, 'a>,
    fields: &SignatureFields<'p>,
    value: ObjectId,
) -> Result<ObjectId, Error> {
    let (page_id, page) = view
        .first_page()?
        .ok_or_else(|| view.damaged(Fault::Key("Pages")))?;
    let name = (1_usize..)
        .map(|number| format!("Signature{number}"))
        .find(|name| !fields.root_names.contains(name));
    let name = name.expect("finitely many names are taken");
    let field = update.reserve()?;
    let holder = Holder::new(page_id, &Object::Dictionary(page.clone()));
    let holder = holder.ok_or_else(|| view.damaged(Fault::Key("Pages")))?;
    update.append(view, &holder, &page, "Annots", field)?;
    let content = format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T ({name}) /F 132 /Rect [-1 -1 -1 -1] /P {page_id} R /V {value} R >>"
    );
    update.put(field, content.into_bytes());
    Ok(field)
}

/// `/SigFlags` (table 219): signatures exist, append only.
fn update_form<'p, 'a>(
    update: &mut Update<'p, 'a>,
    catalog: &Place<'p, 'a>,
    field: Option<ObjectId>,
) -> Result<(), Error> {
    let Some(form) = catalog.inner("AcroForm")? else {
        if let Some(field) = field {
            catalog.set(
                update,
                "AcroForm",
                &format!("<< /Fields [{field} R] /SigFlags 3 >>"),
            );
        }
        return Ok(());
    };
    if let Some(field) = field {
        update.append(
            catalog.view,
            &form.holder,
            &form.dictionary,
            "Fields",
            field,
        )?;
    }
    let flags = catalog
        .view
        .value(&form.dictionary, "SigFlags")?
        .and_then(|flags| flags.as_integer())
        .unwrap_or(0);
    if flags & 3 != 3 {
        form.set(update, "SigFlags", &(flags | 3).to_string());
    }
    Ok(())
}

fn update_catalog<'p, 'a>(
    update: &mut Update<'p, 'a>,
    catalog: &Place<'p, 'a>,
    dictionary: &SignatureDictionary,
    value: ObjectId,
) -> Result<(), Error> {
    if dictionary.doc_mdp.is_some() {
        match catalog.inner("Perms")? {
            Some(permissions) => permissions.set(update, "DocMDP", &format!("{value} R")),
            None => catalog.set(update, "Perms", &format!("<< /DocMDP {value} R >>")),
        }
    }
    let header = header_version(catalog.view.pdf.data).unwrap_or([b'1', b'0']);
    let in_catalog = catalog.view.value(&catalog.dictionary, "Version")?;
    let in_catalog = in_catalog.as_ref().and_then(Object::as_name);
    let version = match in_catalog {
        Some([major, b'.', minor]) => header.max([*major, *minor]),
        _ => header,
    };
    if version < [b'1', b'7'] {
        catalog.set(update, "Version", "/1.7");
    }
    // The sub-filter is not part of PDF before 2.0 (EN 319 142-1 5.6).
    if version < [b'2', b'0'] {
        const LEVEL: &str = "<< /BaseVersion /1.7 /ExtensionLevel 1 >>";
        match catalog.inner("Extensions")? {
            Some(extensions) if extensions.dictionary.get("ESIC").is_some() => {}
            Some(extensions) => extensions.set(update, "ESIC", LEVEL),
            None => catalog.set(update, "Extensions", &format!("<< /ESIC {LEVEL} >>")),
        }
    }
    Ok(())
}

/// The dictionary, the place of its `/ByteRange` value and that of its `/Contents` value.
fn signature_dictionary(dictionary: &SignatureDictionary) -> (Vec<u8>, usize, Range<usize>) {
    let mut out = Vec::with_capacity(dictionary.capacity * 2 + 1024);
    out.extend_from_slice(
        b"<<\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached\n/ByteRange ",
    );
    let byte_range = out.len();
    out.extend_from_slice(BYTE_RANGE);
    out.extend_from_slice(b"\n/Contents ");
    let contents = out.len();
    out.push(b'<');
    out.resize(out.len() + dictionary.capacity * 2, b'0');
    out.push(b'>');
    let contents = contents..out.len();
    out.extend_from_slice(format!("\n/M {}", format_date(dictionary.signing_time)).as_bytes());
    for (key, text) in [("Reason", &dictionary.reason), ("Name", &dictionary.name)] {
        if let Some(text) = text {
            out.extend_from_slice(format!("\n/{key} ").as_bytes());
            out.extend_from_slice(&encode_text(text));
        }
    }
    if let Some(permission) = dictionary.doc_mdp {
        let permission = if matches!(permission, 2 | 3) {
            permission
        } else {
            1
        };
        out.extend_from_slice(
            b"\n/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams ",
        );
        out.extend_from_slice(
            format!("<< /Type /TransformParams /P {permission} /V /1.2 >> >>]").as_bytes(),
        );
    }
    out.extend_from_slice(b"\n>>");
    (out, byte_range, contents)
}

/// As wide as the placeholder, spaces behind it.
fn write_byte_range(bytes: &mut [u8], at: usize, contents: &Range<usize>) {
    let text = format!(
        "[0 {} {} {}]",
        contents.start,
        contents.end,
        bytes.len() - contents.end
    );
    let place = &mut bytes[at..at + BYTE_RANGE.len()];
    place.fill(b' ');
    place[..text.len()].copy_from_slice(text.as_bytes());
}

const HEX_LOWER: &[u8; 16] = b"0123456789abcdef";
/// A signature value with all its evidence stays below a tenth of this.
const MAX_CAPACITY: usize = 16 << 20;
const BYTE_RANGE: &[u8] = b"[0 0000000000 0000000000 0000000000]";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::coverage::Coverage;
    use crate::pdf::signature::Signature;
    use crate::pdf::test_file::TestFile;
    use crate::pdf::test_file::dictionary;
    use crate::pdf::test_file::signed;

    const EMPTY_FIELD: &str = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /Rect [-1 -1 -1 -1] /P 3 0 R >>";

    fn sign(file: &TestFile, dictionary: &SignatureDictionary) -> Vec<u8> {
        let prepared = prepare_signature(&file.bytes, dictionary).unwrap();
        let signed = prepared.embed(b"CMS").unwrap();
        assert!(signed.starts_with(&file.bytes));
        assert!(signed.ends_with(b"%%EOF\n"));
        signed
    }

    fn read(bytes: &[u8]) -> Vec<Signature> {
        let pdf = Pdf::open(bytes, &Limits::default()).unwrap();
        assert_eq!(pdf.page_count(), Ok(1));
        let entries = signatures(&pdf).unwrap();
        entries
            .into_iter()
            .map(|entry| match entry {
                SignatureEntry::Signature(signature) => signature,
                unreadable => panic!("{unreadable:?}"),
            })
            .collect()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let bytes = signed();
        let [signature] = &read(&bytes)[..] else {
            panic!("one signature")
        };
        assert_eq!(signature.coverage(), Coverage::Whole);
        assert_eq!(signature.field_name, "Signature1");
        assert_eq!(signature.sub_filter, "ETSI.CAdES.detached");
        assert_eq!(signature.contents[..5], *b"CMS\0\0");
        assert_eq!(signature.contents.len(), 64);
        assert_eq!(signature.signing_time, Some(dictionary().signing_time));
        assert_eq!(signature.reason.as_deref(), Some("Рұқсат беру"));
        assert_eq!(
            (signature.doc_mdp, signature.certification),
            (Some(1), true)
        );
    }

    #[test]
    fn signed_bytes_are_those_of_the_reader() {
        let prepared =
            prepare_signature(&TestFile::one_page().table().bytes, &dictionary()).unwrap();
        let signed_bytes = prepared.signed_bytes().map(<[u8]>::to_vec);
        let bytes = prepared.embed(b"CMS").unwrap();
        assert_eq!(
            read(&bytes)[0]
                .signed_bytes(&bytes)
                .unwrap()
                .map(<[u8]>::to_vec),
            signed_bytes
        );
    }

    #[test]
    fn the_empty_field_is_filled() {
        let file = TestFile::new()
            .object(1, "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R >>")
            .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
            .object(3, "<< /Type /Page /Parent 2 0 R /Annots [6 0 R] >>")
            .object(5, "<< /Fields [6 0 R] /SigFlags 3 >>")
            .object(6, EMPTY_FIELD)
            .table();
        let bytes = sign(&file, &dictionary());
        assert_eq!(read(&bytes).len(), 1);
        let increment = String::from_utf8_lossy(&bytes[file.bytes.len()..]).into_owned();
        assert!(
            increment.contains("6 0 obj") && increment.contains("1 0 obj"),
            "{increment}"
        );
        assert!(
            !increment.contains("5 0 obj") && !increment.contains("3 0 obj"),
            "{increment}"
        );
    }

    #[test]
    fn a_field_is_added_wherever_the_arrays_stand() {
        for (catalog, annotations) in [
            ("", ""),
            ("/AcroForm << >>", "/Annots []"),
            ("/AcroForm << /Fields [] /SigFlags 1 >>", "/Annots [6 0 R]"),
            ("/AcroForm << /Fields 7 0 R >>", "/Annots 8 0 R"),
            ("/AcroForm 9 0 R", "/Annots null"),
            ("/AcroForm 10 0 R", "/Annots 99 0 R"),
        ] {
            let file = TestFile::new()
                .object(1, &format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"))
                .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
                .object(
                    3,
                    &format!("<< /Type /Page /Parent 2 0 R {annotations} % a comment\n>>"),
                )
                .object(6, "<< /Subtype /Text >>")
                .object(7, "[ ]")
                .object(8, "[6 0 R]")
                .object(9, "<< /Fields [11 0 R] >>")
                .object(10, "<< /Fields 7 0 R /SigFlags 0 >>")
                .object(11, "<< /FT /Tx /T (Signature1) >>")
                .table();
            let bytes = sign(&file, &dictionary());
            let signatures = read(&bytes);
            assert_eq!(signatures.len(), 1, "{catalog}");
            let name = if catalog.contains('9') {
                "Signature2"
            } else {
                "Signature1"
            };
            assert_eq!(signatures[0].field_name, name, "{catalog}");
            let pdf = Pdf::open(&bytes, &Limits::default()).unwrap();
            let (_, page) = pdf.view().first_page().unwrap().unwrap();
            let annotations = pdf.view().value(&page, "Annots").unwrap().unwrap();
            assert!(annotations.as_array().unwrap().items().len() <= 2);
        }
    }

    #[test]
    fn the_cross_reference_stays_of_its_kind() {
        let compressed = [
            (1, "<< /Type /Catalog /Pages 2 0 R >>"),
            (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
            (3, "<< /Type /Page /Parent 2 0 R >>"),
        ];
        let file = TestFile::new().object_stream(7, &compressed).xref_stream(8);
        let bytes = sign(&file, &dictionary());
        assert_eq!(read(&bytes)[0].coverage(), Coverage::Whole);
        assert!(!bytes.windows(8).any(|window| window == b"trailer\n"));
    }

    #[test]
    fn identifiers_follow_from_the_bytes() {
        let file = TestFile::one_page().table_with("/ID [<0102> <0102>]");
        let one = sign(&file, &dictionary());
        assert_eq!(one, sign(&file, &dictionary()));
        let other = sign(
            &file,
            &SignatureDictionary {
                reason: None,
                ..dictionary()
            },
        );
        let ids = |bytes: &[u8]| {
            let pdf = Pdf::open(bytes, &Limits::default()).unwrap();
            let ids = pdf
                .trailer()
                .get("ID")
                .and_then(Object::as_array)
                .unwrap()
                .items()
                .to_vec();
            ids.iter()
                .map(|id| id.as_string().unwrap().bytes())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(&one)[0], [1, 2]);
        assert_eq!(ids(&one)[1].len(), 16);
        assert_ne!(ids(&one)[1], ids(&other)[1]);
    }

    #[test]
    fn older_headers_get_a_version() {
        let mut file = TestFile::one_page().table();
        file.bytes[7] = b'4';
        let text = String::from_utf8_lossy(&sign(&file, &dictionary())).into_owned();
        assert!(text.contains("/Version /1.7") && text.contains("/ESIC"));
    }

    #[test]
    fn a_certification_must_be_the_first_signature() {
        let again = prepare_signature(&signed(), &dictionary());
        assert_eq!(
            again.unwrap_err(),
            Error::AlreadySigned {
                field_name: "Signature1".to_owned()
            }
        );
    }

    #[test]
    fn a_document_that_permits_no_changes_gets_no_second_signature() {
        let approval = SignatureDictionary {
            doc_mdp: None,
            ..dictionary()
        };
        assert_eq!(
            prepare_signature(&signed(), &approval).unwrap_err(),
            Error::CertifiedWithoutChanges
        );
    }

    #[test]
    fn approvals_follow_each_other() {
        let approval = SignatureDictionary {
            doc_mdp: None,
            ..dictionary()
        };
        let first = sign(&TestFile::one_page().table(), &approval);
        let both = prepare_signature(&first, &approval)
            .unwrap()
            .embed(b"CMS")
            .unwrap();
        let signatures = read(&both);
        assert_eq!(
            signatures[0].coverage(),
            Coverage::Revision { end: first.len() }
        );
        assert_eq!(signatures[1].coverage(), Coverage::Whole);
        assert_eq!(signatures[1].field_name, "Signature2");
    }

    #[test]
    fn a_value_that_does_not_fit_is_refused() {
        let prepared =
            prepare_signature(&TestFile::one_page().table().bytes, &dictionary()).unwrap();
        assert_eq!(prepared.capacity(), 64);
        assert_eq!(
            prepared.embed(&[1; 65]),
            Err(Error::ContentsTooSmall { need: 65, have: 64 })
        );
    }

    #[test]
    fn a_file_without_last_line_end_gets_one() {
        let mut file = TestFile::one_page().table();
        file.bytes.pop();
        assert_eq!(read(&sign(&file, &dictionary())).len(), 1);
    }
}
