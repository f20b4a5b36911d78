use lopdf::Dictionary;
use lopdf::Document;
use lopdf::Object;
use lopdf::ObjectId;
use lopdf::Stream;

use crate::export::deflate;
use crate::export::error::Error;
use crate::export::font::Subset;
use crate::export::to_unicode;
use crate::layout::Fonts;

/// Puts right what printpdf writes loosely: version, widths and texts of the glyphs, empty
/// resources; and compresses every stream.
pub(super) fn finish(
    document: &mut Document,
    subsets: &[Subset],
    fonts: &Fonts,
    has_pictures: bool,
) -> Result<(), Error> {
    document.version = "1.7".to_owned();
    document.binary_mark = vec![0xe2, 0xe3, 0xcf, 0xd3];
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
    document.trailer.remove(b"Info");
    document.prune_objects();
    document.renumber_objects();
    for object in document.objects.values_mut() {
        if let Object::Stream(stream) = object {
            let dict = std::mem::take(&mut stream.dict);
            *stream = deflate::stream(dict, &stream.content);
        }
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
