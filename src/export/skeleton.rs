use lopdf::Dictionary;
use lopdf::Document;
use lopdf::Object;
use lopdf::ObjectId;
use lopdf::Stream;
use printpdf::Codepoint;
use printpdf::Mm;
use printpdf::Op;
use printpdf::PdfDocument;
use printpdf::PdfFontHandle;
use printpdf::PdfPage;
use printpdf::PdfSaveOptions;
use printpdf::Pt;
use printpdf::Rect;
use printpdf::TextItem;

use crate::export::code;
use crate::export::deflate::Deflate;
use crate::export::deflate::Effort;
use crate::export::error::Error;
use crate::export::font::Subset;
use crate::export::to_unicode;
use crate::layout::Fonts;
use crate::layout::Page;
use crate::layout::Pages;

/// The objects of a document as printpdf makes them, with the content of its pages, and with what
/// it writes loosely put right: version, widths and texts of the glyphs, empty resources. Every
/// stream is compressed.
pub(super) fn document(
    pages: &Pages,
    contents: Vec<Stream>,
    subsets: &[Subset],
    fonts: &Fonts,
    deflate: &mut Deflate,
) -> Result<Document, Error> {
    let mut document = blank(pages, subsets, fonts)?;
    fill(&mut document, contents)?;
    document.version = "1.7".to_owned();
    document.binary_mark = vec![0xe2, 0xe3, 0xcf, 0xd3];
    resources(&mut document, subsets, fonts, !pages.codes.is_empty())?;
    document.trailer.remove(b"Info");
    document.prune_objects();
    document.renumber_objects();
    for object in document.objects.values_mut() {
        if let Object::Stream(stream) = object
            && !stream.dict.has(b"Filter")
        {
            let dict = std::mem::take(&mut stream.dict);
            let effort = match dict.has(b"Length1") {
                true => Effort::Least,
                false => Effort::Usual,
            };
            *stream = deflate.stream(dict, &stream.content, effort)?;
        }
    }
    Ok(document)
}

/// A document of pages without content.
fn blank(pages: &Pages, subsets: &[Subset], fonts: &Fonts) -> Result<Document, Error> {
    let mut document = PdfDocument::new(&pages.title);
    for subset in subsets {
        let font = subset.to_font(fonts)?;
        document.resources.fonts.map.insert(subset.id(), font);
    }
    for (place, code) in pages.codes.iter().enumerate() {
        let picture = code::picture(code);
        let pictures = &mut document.resources.xobjects.map;
        pictures.insert(code::id(place), picture);
    }
    document.pages = pages.pages.iter().map(page).collect();
    if let Some(first) = document.pages.first_mut() {
        first.ops = specimen(subsets);
    }
    let mut warnings = Vec::new();
    let document = document.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
    Error::of_warnings(warnings)?;
    Ok(document)
}

fn page(page: &Page) -> PdfPage {
    let bounds = Rect::from_wh(Pt(page.width), Pt(page.height));
    let mut blank = PdfPage::new(Mm(0.0), Mm(0.0), Vec::new());
    blank.media_box = bounds.clone();
    blank.trim_box = bounds.clone();
    blank.crop_box = bounds;
    blank
}

/// A glyph of each font: printpdf leaves out a font that no page shows.
fn specimen(subsets: &[Subset]) -> Vec<Op> {
    let mut ops = vec![Op::StartTextSection];
    for subset in subsets {
        let glyph = Codepoint::with_cid(0, 0.0, String::new());
        ops.push(Op::SetFont {
            font: PdfFontHandle::External(subset.id()),
            size: Pt(1.0),
        });
        ops.push(Op::ShowText {
            items: vec![TextItem::GlyphIds(vec![glyph])],
        });
    }
    ops.push(Op::EndTextSection);
    ops
}

/// Puts the contents in place of those of the blank pages.
fn fill(document: &mut Document, contents: Vec<Stream>) -> Result<(), Error> {
    let pages: Vec<ObjectId> = document.page_iter().collect();
    for (page, content) in pages.into_iter().zip(contents) {
        let id = document.get_dictionary(page)?.get(b"Contents")?;
        document.set_object(id.as_reference()?, content);
    }
    Ok(())
}

fn resources(
    document: &mut Document,
    subsets: &[Subset],
    fonts: &Fonts,
    has_pictures: bool,
) -> Result<(), Error> {
    let pages: Vec<ObjectId> = document.page_iter().collect();
    let first = *pages.first().ok_or(Error::NoPages)?;
    let shared = document.get_dictionary(first)?.get(b"Resources")?.clone();
    let resources = document.get_dictionary_mut(shared.as_reference()?)?;
    for unused in [b"ExtGState".as_slice(), b"Shading"] {
        resources.remove(unused);
    }
    if !has_pictures {
        resources.remove(b"XObject");
    }
    let names = resources.get(b"Font")?.as_reference()?;
    for page in pages {
        let page = document.get_dictionary_mut(page)?;
        page.set("Resources", shared.clone());
        page.remove(b"Annots");
    }
    let names = document.get_dictionary(names)?.clone();
    for subset in subsets {
        let id = names.get(subset.id().0.as_bytes())?.as_reference()?;
        font(document, id, subset, fonts)?;
    }
    Ok(())
}

fn font(
    document: &mut Document,
    id: ObjectId,
    subset: &Subset,
    fonts: &Fonts,
) -> Result<(), Error> {
    let dict = document.get_dictionary_mut(id)?;
    let texts = dict.get(b"ToUnicode")?.as_reference()?;
    let descendants = dict.get_mut(b"DescendantFonts")?.as_array_mut()?;
    let descendant = descendants
        .first_mut()
        .ok_or_else(|| lopdf::Error::DictKey("DescendantFonts".to_owned()))?
        .as_dict_mut()?;
    let widths = subset.widths(fonts).into_iter().map(number).collect();
    descendant.set("W", vec![Object::Integer(0), Object::Array(widths)]);
    let descriptor = descendant.get(b"FontDescriptor")?.as_reference()?;
    let map = to_unicode::map(&subset.texts());
    document.set_object(texts, Stream::new(Dictionary::new(), map.into_bytes()));

    describe(document.get_dictionary_mut(descriptor)?, subset, fonts);
    Ok(())
}

/// What printpdf guesses of a font's looks.
fn describe(descriptor: &mut Dictionary, subset: &Subset, fonts: &Fonts) {
    let tables = fonts.tables(subset.face);
    let capitals = tables.capital_height().unwrap_or_else(|| tables.ascender());
    let height = f32::from(capitals) * 1000.0 / fonts.units_per_em(subset.face);
    descriptor.set("CapHeight", number(height.round()));
    let angle = (tables.italic_angle() * 10.0).round() / 10.0;
    descriptor.set("ItalicAngle", number(angle));
    let slant = if tables.is_italic() { ITALIC } else { 0 };
    descriptor.set("Flags", SERIF | SYMBOLIC | slant);
}

fn number(value: f32) -> Object {
    if value.fract() == 0.0 {
        Object::Integer(value as i64)
    } else {
        Object::Real(value)
    }
}

// Flags of a font descriptor (ISO 32000-1, table 123): most glyphs of the forms are outside the
// standard Latin set.
const SERIF: i64 = 1 << 1;
const SYMBOLIC: i64 = 1 << 2;
const ITALIC: i64 = 1 << 6;
