//! What is wrong with an edition, all of it at once, and what in it is not official.
//!
//! A form is filled with one document at a time, and a fault in a branch that this document does not
//! take stays hidden. So the templates are also read without any data: every name is held against the
//! fields of the form, and every branch is put together once and read as the form language.

mod expand;
mod paths;
mod schema;
mod sources;
mod tree;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::form::data::Sample;
use crate::form::edition::Edition;
use crate::form::error::Error;
use crate::form::error::Place;
use crate::form::options::FillOptions;
use crate::form::options::Language;
use crate::form::options::Medium;
use crate::form::options::Wording;
use crate::form::template::FORM_TOML;

/// What a check of an edition found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Findings {
    /// What is wrong, by file and line.
    pub faults: Vec<Finding>,
    /// Texts that are no regulation's: translations and proposals, to be checked by a lawyer.
    pub unofficial: Vec<Finding>,
    /// How many texts say where they come from.
    pub sourced: usize,
}

/// A line of a file and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What.
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// Checks the files of an edition; `samples` are filled into its forms as well.
#[must_use]
pub fn check(files: BTreeMap<String, String>, samples: &[Sample]) -> Findings {
    let mut findings = Findings::default();
    sources::collect(&files, &mut findings);
    match Edition::from_files(files) {
        Ok(edition) => check_edition(&edition, samples, &mut findings.faults),
        Err(error) => findings.faults.push(finding(&error)),
    }
    findings.faults.sort();
    findings.faults.dedup();
    findings
}

fn check_edition(edition: &Edition, samples: &[Sample], faults: &mut Vec<Finding>) {
    let mut reached = BTreeSet::from([FORM_TOML.to_owned()]);
    for form in edition.forms() {
        match edition.template(form) {
            Ok(_) => check_form(edition, form, &mut reached, faults),
            Err(error) => {
                reached.insert(format!("{form}.hbs"));
                faults.push(finding(&error));
            }
        }
    }
    // Where a template cannot be read, nobody knows what it would include.
    if faults.is_empty() {
        for file in edition.files().filter(|file| !reached.contains(*file)) {
            faults.push(at(file, 1, "no form includes this template"));
        }
    }
    sources::corrections(edition, faults);
    for sample in samples {
        check_sample(edition, sample, faults);
    }
}

fn check_form(
    edition: &Edition,
    form: &str,
    reached: &mut BTreeSet<String>,
    faults: &mut Vec<Finding>,
) {
    let tree = match tree::read(form, &edition.files) {
        Ok(tree) => tree,
        Err(fault) => {
            faults.push(fault);
            return;
        }
    };
    reached.extend(tree.files.iter().cloned());
    let schema = schema::of_form(&edition.settings, form);
    paths::check(&tree, &schema, &edition.settings, faults);
    expand::check(&tree, faults);
}

fn check_sample(edition: &Edition, sample: &Sample, faults: &mut Vec<Finding>) {
    unnamed(edition, sample, &sample.value, &mut String::new(), faults);
    for language in [Language::KkRu, Language::Kk, Language::Ru] {
        for medium in [Medium::Draft, Medium::Electronic, Medium::Paper] {
            for wording in [Wording::Corrected, Wording::Verbatim] {
                let mut options = FillOptions::new(language, medium);
                options.wording = wording;
                if let Err(error) = edition.fill(sample, &options) {
                    faults.push(finding(&error));
                }
            }
        }
    }
}

/// Fields of a sample that the form has no name for.
fn unnamed(
    edition: &Edition,
    sample: &Sample,
    value: &Value,
    pointer: &mut String,
    faults: &mut Vec<Finding>,
) {
    if !pointer.is_empty() && edition.field_name(&sample.form, pointer).is_none() {
        let form = &sample.form;
        let text = format!("the form {form} has no name for the field {pointer} of its sample");
        faults.push(at(FORM_TOML, 1, &text));
        return;
    }
    let before = pointer.len();
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (name, value) in members {
        if pointer.len() < LONGEST_POINTER {
            pointer.push('/');
            pointer.push_str(&name);
            unnamed(edition, sample, value, pointer, faults);
            pointer.truncate(before);
        }
    }
}

/// An error with its place, which is the head of `form.toml` where it has none.
fn finding(error: &Error) -> Finding {
    let (place, text) = match error {
        Error::Fill { place, reason }
        | Error::Settings { place, reason }
        | Error::Template { place, reason } => (place, reason.clone()),
        Error::Language { place, fault } => (place, fault.to_string()),
        Error::UnknownPartial { place, name } => {
            (place, format!("there is no template {name:?} to include"))
        }
        error => return at(FORM_TOML, 1, &error.to_string()),
    };
    Finding {
        place: place.clone(),
        text,
    }
}

fn at(file: &str, line: usize, text: &str) -> Finding {
    Finding {
        place: Place {
            file: file.to_owned(),
            line,
        },
        text: text.to_owned(),
    }
}

/// Bytes of a pointer: deeper than any form.
const LONGEST_POINTER: usize = 1000;

#[cfg(test)]
mod tests;
