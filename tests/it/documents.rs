//! What data becomes a document, what does not and why, and what of it can be read back.

use std::collections::BTreeSet;

use ruqsat::document;
use ruqsat::document::Document;
use ruqsat::document::Embedded;
use ruqsat::document::RenderOptions;
use ruqsat::form::Edition;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::model;
use ruqsat::model::Fact;
use ruqsat::model::Permit;
use ruqsat::model::Problem;
use ruqsat::pdf::Limits;
use ruqsat::pdf::ObjectId;
use ruqsat::pdf::Pdf;
use ruqsat::verify::Status;
use serde_json::Value;
use serde_json::json;

use crate::support::SAMPLE;
use crate::support::SIGNING;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::unsigned;

#[test]
fn all_that_is_missing_is_told_at_once_with_its_name_in_the_form() {
    let edition = Edition::builtin("atyrau-2013").unwrap();
    let data =
        json!({"nature_user": {}, "facility": {}, "annex1": [{}], "signatory": {"name": {}}});
    let problems = problems(data.to_string().as_bytes());
    assert!(problems.len() > 20, "{problems:?}");
    for problem in &problems {
        assert_eq!(problem.fact, Fact::Missing, "{problem}");
        let name = edition.field_name("permit", &problem.pointer);
        assert!(name.is_some(), "{problem}");
    }
    let pointers: Vec<_> = problems
        .iter()
        .map(|problem| problem.pointer.as_str())
        .collect();
    for pointer in [
        "/issue_date",
        "/nature_user/address",
        "/facility/category",
        "/annex1/0/tonnes",
        "/signatory/name/kk",
        "/signatory/iin",
    ] {
        assert!(pointers.contains(&pointer), "{pointer}: {pointers:?}");
    }
}

#[test]
fn each_fault_is_told_with_its_place_and_its_values() {
    for (pointer, value, message) in [
        (
            "/signatory/iin",
            json!("691007390019"),
            "/signatory/iin: no IIN: the control digit is 9, the others give 8",
        ),
        (
            "/issuing_body_bin",
            json!("101140900014"),
            "/issuing_body_bin: no BIN: the control digit is 4, the others give 3",
        ),
        (
            "/totals/air/2014",
            json!("327.663390401"),
            "/totals/air/2014: the total of 2014 is 327.663390401 t, \
             the appendix rows sum to 327.663390400 t",
        ),
        (
            "/issue_place/ru",
            json!("город\u{7} Атырау"),
            "/issue_place/ru: character 6 is the unprintable U+0007",
        ),
        (
            "/facility/category",
            json!("I"),
            "/facility/category: permits of category I are issued by another authority",
        ),
        (
            "/facility/colour",
            json!("green"),
            "/facility/colour: the form has no such field",
        ),
        (
            "/totals/air/2014",
            json!(327.663),
            "/totals/air/2014: it is a number, not a string",
        ),
        ("/totals/air/2014", json!("3e2"), "/totals/air/2014: "),
        (
            "/validity/to_year",
            json!(2013),
            "/validity: it ends before it begins",
        ),
    ] {
        let found: Vec<String> = problems(&changed(pointer, value))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(
            found.iter().any(|problem| problem.starts_with(message)),
            "{message} is not in {found:?}"
        );
    }
}

#[test]
fn year_outside_the_validity_is_told_at_each_of_its_places() {
    let found = problems(&changed("/validity/to_year", json!(2017)));
    let outside = Fact::YearOutsideValidity {
        year: 2018,
        from: 2014,
        to: Some(2017),
    };
    let places: Vec<_> = found
        .iter()
        .filter(|problem| problem.fact == outside)
        .map(|problem| problem.pointer.as_str())
        .collect();
    for kind in ["air", "discharge", "waste", "sulfur"] {
        let pointer = format!("/totals/{kind}/2018");
        assert!(places.contains(&pointer.as_str()), "{pointer}: {places:?}");
    }
}

#[test]
fn key_that_stands_twice_is_told() {
    let text = String::from_utf8_lossy(SAMPLE);
    let twice = text.replacen("\"series\"", "\"series\": \"А-W\", \"series\"", 1);
    let found = problems(twice.as_bytes());
    let expected = Problem {
        pointer: "/series".to_owned(),
        fact: Fact::DuplicateKey,
    };
    assert_eq!(found, [expected]);
}

#[test]
fn what_is_no_json_is_told_with_line_and_column() {
    let cut = &SAMPLE[..60];
    match Permit::from_json(cut) {
        Err(model::Error::NotJson { line: 4, .. }) => {}
        other => panic!("{other:?}"),
    }
    let pdf = Permit::from_json(&unsigned());
    assert!(matches!(pdf, Err(model::Error::NotUtf8 { .. })));
}

#[test]
fn character_that_no_font_has_is_told_with_its_word_and_its_place() {
    let permit = permit(&changed("/nature_user/name/ru", json!("ТОО «Рога ☃снег»")));
    match try_render(&permit, Language::KkRu, Medium::Draft) {
        Err(document::Error::Layout(error)) => assert_eq!(
            error.to_string(),
            "no glyph for «☃» (U+2603) in the text «☃снег»» of /nature_user/name/ru"
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_kazakh_letter_is_there_for_those_who_copy_and_search() {
    let letters = "ӘәҒғҚқҢңӨөҰұҮүҺһІі";
    assert_eq!(letters.chars().count(), 18);
    let name = json!(format!("«{letters}» ЖШС"));
    let permit = permit(&changed("/nature_user/name/kk", name.clone()));
    let file = try_render(&permit, Language::Kk, Medium::Electronic).unwrap();
    let characters = characters_of_fonts(&file.pdf);
    for letter in letters.chars() {
        assert!(characters.contains(&letter), "{letter}");
    }
    let pdf = Pdf::open(&file.pdf, &Limits::default()).unwrap();
    let embedded = Embedded::read(&pdf).unwrap().unwrap();
    assert_eq!(json!(permit_in(&embedded).nature_user.name.kk), name);
}

#[test]
fn other_data_makes_another_document_with_another_identifier() {
    let sample = permit(SAMPLE);
    let other = permit(&changed("/number", json!("00018")));
    let one = try_render(&sample, Language::KkRu, Medium::Electronic).unwrap();
    let two = try_render(&other, Language::KkRu, Medium::Electronic).unwrap();
    let again = try_render(&sample, Language::KkRu, Medium::Electronic).unwrap();
    assert_eq!(one.pdf, again.pdf);
    assert_eq!(identifier(&one.pdf), identifier(&again.pdf));
    assert_ne!(identifier(&one.pdf), identifier(&two.pdf));
}

#[test]
fn every_language_and_medium_is_set() {
    let fixtures = [
        SAMPLE,
        include_bytes!("../../fixtures/permits/atyrau-2013-open-ended.json"),
    ];
    for data in fixtures {
        let permit = permit(data);
        for language in [Language::KkRu, Language::Kk, Language::Ru] {
            for medium in [Medium::Draft, Medium::Electronic] {
                let document = try_render(&permit, language, medium).unwrap();
                let pdf = Pdf::open(&document.pdf, &Limits::default()).unwrap();
                assert_eq!(pdf.page_count(), Ok(document.pages));
                let embedded = Embedded::read(&pdf).unwrap().unwrap();
                assert_eq!(permit_in(&embedded), &permit);
                assert_eq!(embedded.is_draft(), medium == Medium::Draft);
            }
        }
    }
}

#[test]
fn permit_for_one_kind_alone_is_set() {
    for (kind, annex) in [
        ("air", "annex1"),
        ("discharge", "annex2"),
        ("waste", "annex3"),
        ("sulfur", "annex4"),
    ] {
        let mut data: Value = serde_json::from_slice(SAMPLE).unwrap();
        let totals = data["totals"].as_object_mut().unwrap();
        totals.retain(|key, _| key == kind);
        let members = data.as_object_mut().unwrap();
        members.retain(|key, _| !ANNEXES.contains(&key.as_str()) || key == annex);
        let permit = permit(data.to_string().as_bytes());
        let document = try_render(&permit, Language::KkRu, Medium::Electronic).unwrap();
        assert!(document.pages >= 3, "{kind}: {} pages", document.pages);
    }
}

/// The largest permit there is in practice is issued, signed and verified like any other.
#[test]
fn four_hundred_substances_in_ten_years_are_set_and_signed() {
    let mut data: Value = serde_json::from_slice(SAMPLE).unwrap();
    data["validity"] = json!({"from_year": 2014, "to_year": 2023});
    let years = |value: &str| -> Value {
        let years = 2014..=2023;
        let lines = years.map(|year| (year.to_string(), json!(value)));
        Value::Object(lines.collect())
    };
    data["totals"] = json!({"air": years("400.0000004")});
    let row = |number: u32| {
        json!({
            "code": format!("{number:04}"),
            "name": {"kk": format!("Зат {number}"), "ru": format!("Вещество {number}")},
            "gps": "0.0000001",
            "tonnes": years("1.000000001"),
        })
    };
    data["annex1"] = (1..=400).map(row).collect();
    let members = data.as_object_mut().unwrap();
    members.retain(|key, _| !["annex2", "annex3", "annex4"].contains(&key.as_str()));
    let permit = permit(data.to_string().as_bytes());
    let document = try_render(&permit, Language::KkRu, Medium::Electronic).unwrap();
    assert!(document.pages > 10, "{} pages", document.pages);

    let mut world = World::new();
    let head = world.head();
    let signed = world.sign(&document.pdf, &head).unwrap();
    assert_verdict(&check(&signed, &world.evidence()), Status::Valid, &[]);
}

/// The sample with one value put in place.
fn changed(pointer: &str, value: Value) -> Vec<u8> {
    let mut data: Value = serde_json::from_slice(SAMPLE).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    data.pointer_mut(parent).unwrap()[name] = value;
    data.to_string().into_bytes()
}

#[track_caller]
fn problems(data: &[u8]) -> Vec<Problem> {
    match Permit::from_json(data) {
        Err(model::Error::Invalid(problems)) => problems,
        other => panic!("no list of problems: {other:?}"),
    }
}

#[track_caller]
fn permit(data: &[u8]) -> Permit {
    Permit::from_json(data).unwrap()
}

fn permit_in(embedded: &Embedded) -> &Permit {
    match &embedded.document {
        model::Document::Permit(permit) => permit,
        other => panic!("{other:?}"),
    }
}

fn try_render(
    permit: &Permit,
    language: Language,
    medium: Medium,
) -> Result<Document, document::Error> {
    let edition = Edition::builtin(&permit.edition).unwrap();
    let options = RenderOptions::new(language, medium, SIGNING);
    document::render(&edition, permit, &options)
}

/// Every character that a font of the file gives to those who extract its text (ISO 32000-1 9.10.3).
fn characters_of_fonts(file: &[u8]) -> BTreeSet<char> {
    let pdf = Pdf::open(file, &Limits::default()).unwrap();
    let size: u32 = pdf.trailer().get("Size").unwrap().as_unsigned().unwrap();
    let mut characters = BTreeSet::new();
    for number in 1..size {
        let id = ObjectId {
            number,
            generation: 0,
        };
        let object = pdf.object(id).unwrap();
        let data = object
            .as_stream()
            .and_then(|stream| pdf.stream_data(stream).ok());
        let text = data.and_then(|data| String::from_utf8(data).ok());
        let map = text.filter(|text| text.contains("beginbfchar"));
        for line in map.iter().flat_map(|text| text.lines()) {
            let codes = line
                .strip_prefix('<')
                .and_then(|line| line.strip_suffix('>'))
                .and_then(|line| line.split_once("> <"));
            let character = codes.and_then(|(_, unicode)| u32::from_str_radix(unicode, 16).ok());
            characters.extend(character.and_then(char::from_u32));
        }
    }
    characters
}

/// The first of the two identifiers in the trailer.
fn identifier(file: &[u8]) -> Vec<u8> {
    let pdf = Pdf::open(file, &Limits::default()).unwrap();
    let identifiers = pdf.trailer().get("ID").unwrap().as_array().unwrap();
    identifiers.items()[0].as_string().unwrap().bytes()
}

const ANNEXES: [&str; 4] = ["annex1", "annex2", "annex3", "annex4"];
