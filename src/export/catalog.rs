use lopdf::Dictionary;
use lopdf::Document;
use lopdf::Object;
use lopdf::ObjectId;
use lopdf::Stream;
use time::OffsetDateTime;

use crate::export::attachment;
use crate::export::error::Error;
use crate::export::object;
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
/// attachments, the signature field.
pub(super) fn finish(
    document: &mut Document,
    pages: &Pages,
    options: &ExportOptions,
) -> Result<(), Error> {
    let first = document.page_iter().next().ok_or(Error::NoPages)?;
    let mut catalog = document.catalog()?.clone();
    viewing(document, &mut catalog, pages, options.time);
    attachment::attach(document, &mut catalog, &options.attachments, options.time);
    if options.signature_field == SignatureField::Empty {
        signature_field(document, &mut catalog, first)?;
    }
    *document.catalog_mut()? = catalog;
    describe(document, pages, options);
    Ok(())
}

fn viewing(document: &mut Document, catalog: &mut Dictionary, pages: &Pages, time: OffsetDateTime) {
    let mut dict = Dictionary::new();
    dict.set("Type", object::name("Metadata"));
    dict.set("Subtype", object::name("XML"));
    // In the clear, for programs that search files for it.
    let packet = xmp::packet(&pages.title, pages.lang.tag(), PRODUCER, time);
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
    page: ObjectId,
) -> Result<(), Error> {
    let mut field = Dictionary::new();
    field.set("Type", object::name("Annot"));
    field.set("Subtype", object::name("Widget"));
    field.set("FT", object::name("Sig"));
    field.set("T", object::text("Signature1"));
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
    Ok(())
}

/// The information dictionary, the same as the metadata, and the identifier of the file: the
/// digest of all that it holds.
fn describe(document: &mut Document, pages: &Pages, options: &ExportOptions) {
    let mut info = Dictionary::new();
    info.set("Title", object::text(&pages.title));
    info.set("Producer", object::text(PRODUCER));
    info.set("CreationDate", object::date(options.time));
    info.set("ModDate", object::date(options.time));
    let info = document.add_object(info);
    document.trailer.set("Info", info);

    let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
    for stream in document
        .objects
        .values()
        .filter_map(|object| object.as_stream().ok())
    {
        digest.update(&stream.content.len().to_be_bytes());
        digest.update(&stream.content);
    }
    let digest = digest.finish();
    let id = object::bytes(&digest.as_ref()[..ID_LENGTH]);
    document.trailer.set("ID", vec![id.clone(), id]);
}

const PRODUCER: &str = concat!("ruqsat ", env!("CARGO_PKG_VERSION"));

/// Flags of an annotation: 3 (print) and 8 (locked).
const PRINT_AND_LOCKED: i64 = 4 | 128;

/// Flag of a form with a signature field; that changes must be appended is true once it is signed.
const SIGNATURES_EXIST: i64 = 1;

/// Bytes of an identifier, as those that MD5 gives (ISO 32000-1, 14.4).
const ID_LENGTH: usize = 16;
