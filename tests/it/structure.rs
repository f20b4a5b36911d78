//! What a document says to machines: the place of each printed value in the data.

use std::collections::BTreeSet;

use lopdf::Dictionary;
use lopdf::Object;
use ruqsat::document::RenderOptions;
use ruqsat::document::render;
use ruqsat::form::Edition;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::model::Document;
use serde_json::Value;

use crate::fixtures::documents;
use crate::support::SIGNING;

#[test]
fn every_pointer_in_a_document_leads_to_a_value_of_its_data() {
    for (path, document) in documents() {
        let data: Value = serde_json::from_slice(&document.to_json()).unwrap();
        let pointers = pointers(&document);
        assert!(!pointers.is_empty(), "{}", path.display());
        for pointer in pointers {
            let value = data.pointer(&pointer);
            assert!(value.is_some(), "{}: {pointer}", path.display());
        }
    }
}

#[test]
fn each_value_that_a_permit_prints_has_its_pointer() {
    let permit = documents()
        .into_iter()
        .find(|(path, _)| path.ends_with("permits/atyrau-2013.json"))
        .unwrap()
        .1;
    let pointers = pointers(&permit);
    for expected in [
        "/number",
        "/issue_date",
        "/issuing_body/kk",
        "/issuing_body/ru",
        "/nature_user/id/value",
        "/facility/location/ru",
        "/totals/air/2014",
        "/annex1/0/code",
        "/annex1/0/gps",
        "/annex1/11/tonnes/2018",
        "/annex2/0/rows/0/mg_dm3",
        "/annex3/3/name/kk",
        "/annex4/1/tonnes/2016",
        "/annex5/0/kk",
        "/signatory/name/ru",
    ] {
        assert!(pointers.contains(expected), "{expected}");
    }
}

/// Those in the attributes of the structure (ISO 32000-1, 14.7.5.4).
fn pointers(document: &Document) -> BTreeSet<String> {
    let edition = Edition::builtin(document.edition()).unwrap();
    let options = RenderOptions::new(Language::KkRu, Medium::Electronic, SIGNING);
    let pdf = render(&edition, document, &options).unwrap().pdf;
    let pdf = lopdf::Document::load_mem(&pdf).unwrap();
    let elements = pdf
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok());
    elements
        .filter_map(|element| element.get(b"A").ok()?.as_array().ok())
        .flatten()
        .filter_map(|attributes| pointer(attributes.as_dict().ok()?))
        .collect()
}

fn pointer(attributes: &Dictionary) -> Option<String> {
    let properties = attributes.get(b"P").ok()?.as_array().ok()?;
    let property = properties.first()?.as_dict().ok()?;
    assert_eq!(
        property.get(b"N").and_then(Object::as_str).ok(),
        Some(&b"pointer"[..])
    );
    let value = property.get(b"V").and_then(Object::as_str).ok()?;
    String::from_utf8(value.to_vec()).ok()
}
