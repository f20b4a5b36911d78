//! Signature fields that nobody can see, and what they hold.

use crate::pdf::changes::finding::Changes;
use crate::pdf::error::Error;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::reader::View;

/// A new signature field without appearance.
pub(super) struct InvisibleField {
    pub(super) name: String,
    /// What `/V` names.
    pub(super) value: ObjectId,
    /// Its empty appearance stream, where it has one.
    pub(super) appearance: Option<ObjectId>,
}

/// None unless the dictionary is a field and its own widget, of no extent, with nothing drawn and
/// nothing to run.
pub(super) fn invisible_field<'p>(
    view: View<'p, '_>,
    field: &Dictionary<'p>,
) -> Result<Option<InvisibleField>, Error> {
    const KEYS: [&[u8]; 11] = [
        b"AP", b"F", b"FT", b"Ff", b"P", b"Rect", b"Subtype", b"T", b"TU", b"Type", b"V",
    ];
    let only_known = field
        .entries()
        .iter()
        .all(|entry| KEYS.contains(&entry.key.as_bytes()));
    if !only_known
        || !field.is("FT", "Sig")
        || !field.is("Subtype", "Widget")
        || !has_no_extent(field)
    {
        return Ok(None);
    }
    if field.get("Type").is_some() && !field.is("Type", "Annot") {
        return Ok(None);
    }
    let (Some(name), Some(value)) = (
        field.get("T").and_then(Object::as_string),
        field.get("V").and_then(Object::as_reference),
    ) else {
        return Ok(None);
    };
    let name = name.text();
    let Some(appearances) = field.get("AP") else {
        return Ok(Some(InvisibleField {
            name,
            value,
            appearance: None,
        }));
    };
    let appearance = empty_appearance(view, appearances)?;
    Ok(appearance.map(|appearance| InvisibleField {
        name,
        value,
        appearance: Some(appearance),
    }))
}

/// Whether a value has only the keys of a signature dictionary (table 252), and what it is.
pub(super) fn signature_kind(value: &Dictionary<'_>) -> Option<Changes> {
    const KEYS: [&[u8]; 18] = [
        b"ByteRange",
        b"Cert",
        b"Changes",
        b"ContactInfo",
        b"Contents",
        b"Filter",
        b"Location",
        b"M",
        b"Name",
        b"Prop_AuthTime",
        b"Prop_AuthType",
        b"Prop_Build",
        b"R",
        b"Reason",
        b"Reference",
        b"SubFilter",
        b"Type",
        b"V",
    ];
    let known = value
        .entries()
        .iter()
        .all(|entry| KEYS.contains(&entry.key.as_bytes()));
    if !known || value.get("ByteRange").is_none() || value.get("Contents").is_none() {
        return None;
    }
    if value.is("SubFilter", "ETSI.RFC3161") {
        return value
            .is("Type", "DocTimeStamp")
            .then_some(Changes::Evidence);
    }
    (value.get("Type").is_none() || value.is("Type", "Sig")).then_some(Changes::Signed)
}

fn has_no_extent(field: &Dictionary<'_>) -> bool {
    let Some(items) = field.get("Rect").and_then(Object::as_array) else {
        return false;
    };
    let corners: Vec<f64> = items.items().iter().filter_map(Object::as_number).collect();
    let [left, bottom, right, top] = corners[..] else {
        return false;
    };
    items.items().len() == 4
        && left.to_bits() == right.to_bits()
        && bottom.to_bits() == top.to_bits()
}

/// `<< /N 12 0 R >>` with a form that draws nothing.
fn empty_appearance<'p>(
    view: View<'p, '_>,
    appearances: &Object<'p>,
) -> Result<Option<ObjectId>, Error> {
    const KEYS: [&[u8]; 7] = [
        b"BBox",
        b"FormType",
        b"Length",
        b"Matrix",
        b"Resources",
        b"Subtype",
        b"Type",
    ];
    let Object::Dictionary(appearances) = appearances else {
        return Ok(None);
    };
    let [only] = appearances.entries() else {
        return Ok(None);
    };
    let Some(id) = only
        .value
        .as_reference()
        .filter(|_| only.key.as_bytes() == b"N")
    else {
        return Ok(None);
    };
    let object = view.object(id)?;
    let Some(form) = object.as_stream().filter(|form| form.raw_data().is_empty()) else {
        return Ok(None);
    };
    let only_known = form
        .dictionary()
        .entries()
        .iter()
        .all(|entry| KEYS.contains(&entry.key.as_bytes()));
    let resources = form.dictionary().get("Resources");
    let no_resources = resources.is_none_or(|resources| matches!(resources, Object::Dictionary(dictionary) if dictionary.entries().is_empty()));
    Ok((only_known && no_resources).then_some(id))
}
