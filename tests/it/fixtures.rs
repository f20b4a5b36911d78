//! The sample data: each form of each edition is there, is read, and is written back byte for byte.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use ruqsat::model::Document;
use ruqsat::model::FormName;

#[test]
fn every_fixture_is_read_and_written_back_byte_for_byte() {
    let fixtures = fixtures();
    assert_eq!(
        fixtures.len(),
        COUNT,
        "fixtures/ has other files than before"
    );
    for (form, path) in fixtures {
        let json = fs::read(&path).unwrap();
        let document = Document::from_json(form, &json)
            .unwrap_or_else(|error| panic!("{}: {error:?}", path.display()));
        let written = String::from_utf8(document.to_json()).unwrap();
        assert_eq!(
            written,
            String::from_utf8(json).unwrap(),
            "{}",
            path.display()
        );
        assert_eq!(document.form(), form);
    }
}

#[test]
fn every_form_of_each_edition_has_a_fixture() {
    let found: BTreeSet<_> = fixtures()
        .into_iter()
        .map(|(form, path)| {
            let document = Document::from_json(form, &fs::read(path).unwrap()).unwrap();
            (document.edition().to_owned(), form)
        })
        .collect();
    let wanted = FormName::ALL.into_iter().flat_map(|form| {
        let editions: &[&str] = match form {
            FormName::Reissue | FormName::Conclusion | FormName::ApplicationExpertise => {
                &["zhambyl-2014"]
            }
            _ => &["atyrau-2013", "zhambyl-2014"],
        };
        editions
            .iter()
            .map(move |edition| ((*edition).to_owned(), form))
    });
    assert_eq!(found, wanted.collect());
}

#[test]
fn no_figure_of_a_fixture_is_doubted() {
    for (path, document) in documents() {
        assert_eq!(document.doubts(), [], "{}", path.display());
    }
}

/// Each message of the process is printed by one edition or by both.
#[test]
fn every_notice_has_a_fixture() {
    let codes: BTreeSet<_> = fixtures()
        .into_iter()
        .filter(|(form, _)| *form == FormName::Notice)
        .map(
            |(form, path)| match Document::from_json(form, &fs::read(path).unwrap()).unwrap() {
                Document::Notice(notice) => notice.message.code(),
                other => panic!("{other:?}"),
            },
        )
        .collect();
    assert_eq!(codes.len(), 13);
}

/// Every fixture as the document that it is, with its path.
pub(crate) fn documents() -> Vec<(PathBuf, Document)> {
    fixtures()
        .into_iter()
        .map(|(form, path)| {
            let document = Document::from_json(form, &fs::read(&path).unwrap()).unwrap();
            (path, document)
        })
        .collect()
}

fn fixtures() -> Vec<(FormName, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found = Vec::new();
    for (folder, form) in FOLDERS {
        let mut paths: Vec<_> = fs::read_dir(root.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        found.extend(paths.into_iter().map(|path| (form, path)));
    }
    found
}

const FOLDERS: [(&str, FormName); 9] = [
    ("permits", FormName::Permit),
    ("reissues", FormName::Reissue),
    ("refusals", FormName::Refusal),
    ("conclusions", FormName::Conclusion),
    ("applications-permit", FormName::ApplicationPermit),
    ("applications-expertise", FormName::ApplicationExpertise),
    ("notices", FormName::Notice),
    ("questionnaires", FormName::Questionnaire),
    ("questionnaire-summaries", FormName::QuestionnaireSummary),
];

const COUNT: usize = 56;
