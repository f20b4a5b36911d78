//! Every form of every edition is filled with every fixture, in each language and medium.

use ruqsat::form::Edition;
use ruqsat::form::FillOptions;
use ruqsat::form::Language;
use ruqsat::form::Medium;

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
