use lopdf::Dictionary;
use lopdf::Document;
use lopdf::Object;
use lopdf::ObjectId;
use lopdf::Stream;
use time::OffsetDateTime;

use crate::export::attachment;
use crate::export::colour;
use crate::export::conformance;
use crate::export::conformance::Claim;
use crate::export::deflate::Deflate;
use crate::export::error::Error;
use crate::export::object;
use crate::export::packed::Packed;
use crate::export::packed::Packer;
use crate::export::tree::Tree;
use crate::export::write::ExportOptions;
use crate::export::xmp;
use crate::layout::Pages;

/// Whether a file has a place for a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureField {
    /// None.
    Absent,
    /// An empty field `Signature1` without appearance, so that signing only adds to the file.
    Empty,
}

/// Adds to the catalog what printpdf has no word for: how the document is shown, metadata,
/// attachments, the signature field, the structure; gives back the objects of the structure.
pub(super) fn finish(
    document: &mut Document,
    tree: &Tree<'_>,
    pages: &Pages,
    options: &ExportOptions,
    deflate: &mut Deflate,
) -> Result<Packed, Error> {
    let ids: Vec<ObjectId> = document.page_iter().collect();
    let first = *ids.first().ok_or(Error::NoPages)?;
    for (key, id) in ids.iter().enumerate() {
        let page = document.get_dictionary_mut(*id)?;
        page.set("StructParents", object::integer(key));
        // The order of the structure.
        page.set("Tabs", object::name("S"));
    }
    let mut catalog = document.catalog()?.clone();
    let claim = conformance::claim(tree)?;
    viewing(document, &mut catalog, pages, options.time, &claim);
    let intent = colour::output_intent(document, deflate)?;
    catalog.set("OutputIntents", intent);
    attachment::attach(
        document,
        &mut catalog,
        &options.attachments,
        options.time,
        deflate,
    )?;
    let field = match options.signature_field {
        SignatureField::Absent => None,
        SignatureField::Empty => Some(signature_field(document, &mut catalog, tree, first)?),
    };
    information(document, pages, options.time);
    let root = document.max_id + 1;
    catalog.set("StructTreeRoot", Object::Reference((root, 0)));
    let mut marked = Dictionary::new();
    marked.set("Marked", true);
    // The JSON pointers of the values.
    marked.set("UserProperties", true);
    catalog.set("MarkInfo", marked);
    *document.catalog_mut()? = catalog;
    let mut packer = Packer::new(root, deflate);
    tree.pack(&mut packer, &ids, field)?;
    let packed = packer.finish()?;
    identify(document, &packed);
    Ok(packed)
}

fn viewing(
    document: &mut Document,
    catalog: &mut Dictionary,
    pages: &Pages,
    time: OffsetDateTime,
    claim: &Claim,
) {
    let mut dict = Dictionary::new();
    dict.set("Type", object::name("Metadata"));
    dict.set("Subtype", object::name("XML"));
    // In the clear, for programs that search files for it.
    let packet = xmp::packet(&pages.title, pages.lang.tag(), PRODUCER, time, claim);
    let metadata =
        document.add_object(Stream::new(dict, packet.into_bytes()).with_compression(false));
    catalog.set("Metadata", metadata);
    catalog.set("Lang", object::text(pages.lang.tag()));
    let mut preferences = Dictionary::new();
    preferences.set("DisplayDocTitle", true);
    catalog.set("ViewerPreferences", preferences);
}

/// A field and its widget in one, outside the page since it shows nothing (ISO 32000-1, 12.7.4.5).
fn signature_field(
    document: &mut Document,
    catalog: &mut Dictionary,
    tree: &Tree<'_>,
    page: ObjectId,
) -> Result<ObjectId, Error> {
    let mut field = Dictionary::new();
    field.set("Type", object::name("Annot"));
    field.set("Subtype", object::name("Widget"));
    field.set("FT", object::name("Sig"));
    field.set("T", object::text("Signature1"));
    field.set("TU", object::text(FIELD_NAME));
    field.set("StructParent", tree.key_of_field());
    field.set("F", PRINT_AND_LOCKED);
    field.set("Rect", vec![Object::Integer(-1); 4]);
    field.set("P", page);
    let field = document.add_object(field);
    document
        .get_dictionary_mut(page)?
        .set("Annots", vec![Object::Reference(field)]);

    let mut form = Dictionary::new();
    form.set("Fields", vec![Object::Reference(field)]);
    form.set("SigFlags", SIGNATURES_EXIST);
    let form = document.add_object(form);
    catalog.set("AcroForm", form);
    Ok(field)
}

/// The information dictionary, which says the same as the metadata.
fn information(document: &mut Document, pages: &Pages, time: OffsetDateTime) {
    let mut info = Dictionary::new();
    info.set("Title", object::text(&pages.title));
    info.set("Producer", object::text(PRODUCER));
    info.set("CreationDate", object::date(time));
    info.set("ModDate", object::date(time));
    let info = document.add_object(info);
    document.trailer.set("Info", info);
}

/// The identifier of the file: the digest of all that it holds.
fn identify(document: &mut Document, packed: &Packed) {
    let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
    let streams = document.objects.values();
    let streams = streams.filter_map(|object| object.as_stream().ok());
    for stream in streams.chain(&packed.streams) {
        digest.update(&stream.content.len().to_be_bytes());
        digest.update(&stream.content);
    }
    let digest = digest.finish();
    let id = object::bytes(&digest.as_ref()[..ID_LENGTH]);
    document.trailer.set("ID", vec![id.clone(), id]);
}

/// Said by a screen reader for the field.
const FIELD_NAME: &str = "Электрондық цифрлық қолтаңба / Электронная цифровая подпись";

const PRODUCER: &str = concat!("ruqsat ", env!("CARGO_PKG_VERSION"));

/// Flags of an annotation: 3 (print) and 8 (locked).
const PRINT_AND_LOCKED: i64 = 4 | 128;

/// Flag of a form with a signature field; that changes must be appended is true once it is signed.
const SIGNATURES_EXIST: i64 = 1;

/// Bytes of an identifier, as those that MD5 gives (ISO 32000-1, 14.4).
const ID_LENGTH: usize = 16;
