//! The same data and time give the same bytes, whatever features the library is built with.

use ruqsat::crypto::DigestAlgorithm;
use ruqsat::document;
use ruqsat::document::RenderOptions;
use ruqsat::form::Edition;
use ruqsat::form::Language;
use ruqsat::form::Medium;

use crate::fixtures::documents;
use crate::support::SIGNING;
use crate::support::render;
use crate::support::unsigned;

/// CI runs this with all and with no features, so that no feature of a dependency changes a byte.
/// After an intended change of the form or the layout, put the new digest here.
#[test]
fn the_sample_has_the_bytes_that_it_had() {
    assert_eq!(hex(&unsigned()), SAMPLE_SHA256);
}

/// The same for every form of every edition in each language and medium.
#[test]
fn every_form_has_the_bytes_that_it_had() {
    let mut all = Vec::new();
    for (_, document) in documents() {
        let edition = Edition::builtin(document.edition()).unwrap();
        for language in [Language::KkRu, Language::Kk, Language::Ru] {
            for medium in [Medium::Draft, Medium::Electronic, Medium::Paper] {
                let options = RenderOptions::new(language, medium, SIGNING);
                let made = document::render(&edition, &document, &options).unwrap();
                all.extend(DigestAlgorithm::Sha256.digest(&made.pdf));
            }
        }
    }
    assert_eq!(hex(&all), ALL_SHA256);
}

#[test]
fn two_runs_give_the_same_bytes() {
    for medium in [Medium::Draft, Medium::Electronic] {
        assert_eq!(render(medium), render(medium));
    }
}

fn hex(file: &[u8]) -> String {
    let digest = DigestAlgorithm::Sha256.digest(file);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

const SAMPLE_SHA256: &str = "164638a2b1df7ca96bf0d74adfcb2b4da92b282c78035be7a44572e146248273";
const ALL_SHA256: &str = "6795c428370ed300acbdee3f90a59fed10de47c8ee28a683114b005fe229958d";
