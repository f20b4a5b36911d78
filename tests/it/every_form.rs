//! Every form of every edition is filled with every fixture, in each language and medium, and names
//! each field of its data.

use ruqsat::document;
use ruqsat::document::Embedded;
use ruqsat::document::RenderOptions;
use ruqsat::form;
use ruqsat::form::Edition;
use ruqsat::form::FillOptions;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::model::Document;
use ruqsat::model::Error;
use ruqsat::model::FormName;
use ruqsat::pdf::Limits;
use ruqsat::pdf::Pdf;
use serde_json::Value;
use time::macros::datetime;

use crate::fixtures::documents;

#[test]
fn every_fixture_fills_its_form_in_each_language_and_medium() {
    let mut wrong = Vec::new();
    for (path, document) in documents() {
        let edition = Edition::builtin(document.edition()).unwrap();
        for language in [Language::KkRu, Language::Kk, Language::Ru] {
            for medium in [Medium::Draft, Medium::Electronic, Medium::Paper] {
                let options = FillOptions::new(language, medium);
                if let Err(error) = edition.fill(&document, &options) {
                    wrong.push(format!("{}: {error}", path.display()));
                    break;
                }
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_motive_that_ends_in_a_point_is_not_given_a_second_one() {
    let refusals = documents()
        .into_iter()
        .map(|(_, document)| document)
        .filter(|document| document.form() == FormName::Refusal);
    for refusal in refusals {
        let mut data: Value = serde_json::from_slice(&refusal.to_json()).unwrap();
        for lang in ["kk", "ru"] {
            data["motive"][lang] = "т.д.".into();
        }
        let refusal = Document::from_json(FormName::Refusal, data.to_string().as_bytes()).unwrap();
        let options = FillOptions::new(Language::KkRu, Medium::Electronic);
        let edition = Edition::builtin(refusal.edition()).unwrap();
        let filled = format!("{:?}", edition.fill(&refusal, &options).unwrap().0);
        assert_eq!(filled.matches("\"т.д\"").count(), 2, "{filled}");
        assert!(!filled.contains(".."), "{filled}");
    }
}

#[test]
fn every_field_of_every_form_has_a_name() {
    let mut unnamed = Vec::new();
    for (_, document) in documents() {
        let edition = Edition::builtin(document.edition()).unwrap();
        let form = document.form();
        let mut pointers = Vec::new();
        let data: Value = serde_json::from_slice(&document.to_json()).unwrap();
        collect(&data, "", &mut pointers);
        if let Err(Error::Invalid(problems)) = Document::from_json(form, b"{}") {
            pointers.extend(problems.into_iter().map(|problem| problem.pointer));
        }
        for pointer in pointers {
            if edition.field_name(form.as_str(), &pointer).is_none() {
                unnamed.push(format!("{} {form} {pointer}", edition.id()));
            }
        }
    }
    unnamed.sort();
    unnamed.dedup();
    assert!(unnamed.is_empty(), "{}", unnamed.join("\n"));
}

#[test]
fn an_edition_has_the_forms_of_its_regulation() {
    for (edition, without) in [
        (
            "atyrau-2013",
            &[
                FormName::Reissue,
                FormName::Conclusion,
                FormName::ApplicationExpertise,
            ][..],
        ),
        ("zhambyl-2014", &[]),
    ] {
        let edition = Edition::builtin(edition).unwrap();
        let mut found: Vec<FormName> = edition.forms().map(|form| form.parse().unwrap()).collect();
        found.sort();
        let wanted = FormName::ALL
            .into_iter()
            .filter(|form| !without.contains(form));
        assert!(found.into_iter().eq(wanted), "{}", edition.id());
    }
}

fn collect(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    if !pointer.is_empty() {
        pointers.push(pointer.to_owned());
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                collect(member, &format!("{pointer}/{name}"), pointers);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                collect(element, &format!("{pointer}/{index}"), pointers);
            }
        }
        _ => {}
    }
}

#[test]
fn every_form_is_made_into_a_file_that_gives_its_data_back() {
    let time = datetime!(2013-12-04 09:00 +5);
    let mut made = 0;
    for (path, document) in documents() {
        let edition = Edition::builtin(document.edition()).unwrap();
        for language in [Language::KkRu, Language::Kk, Language::Ru] {
            for medium in [Medium::Draft, Medium::Electronic, Medium::Paper] {
                let options = RenderOptions::new(language, medium, time);
                let made_file = document::render(&edition, &document, &options)
                    .unwrap_or_else(|error| panic!("{}: {error:?}", path.display()));
                assert_eq!(made_file.notices, [], "{}", path.display());
                let pdf = Pdf::open(&made_file.pdf, &Limits::default()).unwrap();
                let embedded = Embedded::read(&pdf).unwrap().unwrap();
                assert_eq!(embedded.document, document, "{}", path.display());
                made += 1;
            }
        }
    }
    println!("{made} files made");
    assert_eq!(made, 504);
}

/// Table 0.4 of the forms: each regulation knows its own messages, grounds and services.
#[test]
fn a_value_that_an_edition_does_not_have_is_refused_with_those_that_it_has() {
    for (form, edition, pointer, value) in [
        (
            FormName::Notice,
            "atyrau-2013",
            "/code",
            "NO_POWER_OF_ATTORNEY",
        ),
        (
            FormName::Notice,
            "atyrau-2013",
            "/code",
            "DOCUMENT_VIOLATIONS",
        ),
        (FormName::Notice, "zhambyl-2014", "/code", "PAYMENT_MISSING"),
        (FormName::Notice, "zhambyl-2014", "/code", "ACTION_DONE"),
        (FormName::Refusal, "atyrau-2013", "/service", "expertise"),
        (
            FormName::Refusal,
            "atyrau-2013",
            "/ground",
            "DOCUMENT_VIOLATIONS",
        ),
        (FormName::Refusal, "zhambyl-2014", "/ground", "NO_DATA"),
    ] {
        let mut found = documents().into_iter().map(|(_, document)| document);
        let document = found
            .rfind(|document| document.form() == form && document.edition() == edition)
            .unwrap();
        let mut data: Value = serde_json::from_slice(&document.to_json()).unwrap();
        data.as_object_mut().unwrap().remove("params");
        *data.pointer_mut(pointer).unwrap() = value.into();
        let document = Document::from_json(form, data.to_string().as_bytes()).unwrap();
        let options = FillOptions::new(Language::KkRu, Medium::Electronic);
        let filled = Edition::builtin(edition).unwrap().fill(&document, &options);
        match filled.unwrap_err() {
            form::Error::ValueNotInEdition {
                pointer: at,
                value: found,
                values,
                ..
            } => {
                assert_eq!((at.as_str(), found.as_str()), (pointer, value));
                assert!(!values.contains(&found), "{values:?}");
            }
            other => panic!("{edition} {value}: {other}"),
        }
    }
}
