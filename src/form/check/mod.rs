//! What is wrong with an edition, all of it at once, and what in it is not official.
//!
//! A form is filled with one document at a time, and a fault in a branch that this document does not
//! take stays hidden. So the templates are also read without any data: every name is held against the
//! fields of the form, and every branch is put together once and read as the form language.

mod expand;
mod facts;
mod fields;
mod nearest;
mod paths;
mod schema;
mod sources;
mod tree;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::form::check::schema::Schema;
use crate::form::context::is_printable;
use crate::form::data::Sample;
use crate::form::edition::Edition;
use crate::form::error::Error;
use crate::form::error::Place;
use crate::form::options::FillOptions;
use crate::form::options::Language;
use crate::form::options::Medium;
use crate::form::options::Wording;
use crate::form::template::FORM_TOML;
use crate::model;
use crate::model::FormName;

/// What a check of an edition found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Findings {
    /// What is wrong, by file and line.
    pub faults: Vec<Finding>,
    /// Texts that are no regulation's: translations and proposals, to be checked by a lawyer.
    pub unofficial: Vec<Finding>,
    /// Fields that every document has and that no template of the form asks for.
    pub unprinted: Vec<Finding>,
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
pub fn check(files: &BTreeMap<String, String>, samples: &[Sample]) -> Findings {
    check_with(files, samples, &|form| {
        let form: FormName = form.parse().ok()?;
        Some(Schema::of_data(&model::schema(form)))
    })
}

/// What the data of a form is; none for a form that the program does not know.
type DataSchema<'a> = &'a dyn Fn(&str) -> Option<Schema>;

fn check_with(
    files: &BTreeMap<String, String>,
    samples: &[Sample],
    data: DataSchema<'_>,
) -> Findings {
    let mut findings = Findings::default();
    sources::collect(files, &mut findings);
    let faults = &mut findings.faults;
    characters(files, faults);
    // Where form.toml cannot be read nobody knows the forms, and tags are tags in any of them.
    let stems: Vec<_> = files
        .keys()
        .filter_map(|file| file.strip_suffix(".hbs"))
        .map(str::to_owned)
        .collect();
    let (edition, settings) = Edition::with_faults(files.clone());
    faults.extend(settings.iter().map(finding));
    match edition {
        Some(edition) => {
            let unprinted = &mut findings.unprinted;
            check_edition(&edition, samples, data, faults, unprinted);
        }
        None => {
            for stem in stems {
                tree::read(&stem, files, faults);
            }
        }
    }
    findings.faults.sort();
    findings.faults.dedup();
    findings
}

/// Characters that come from another encoding, or print otherwise than they read.
fn characters(files: &BTreeMap<String, String>, faults: &mut Vec<Finding>) {
    for (file, text) in files {
        let mut is_garbled = false;
        for (line, number) in text.lines().zip(1usize..) {
            for character in line.chars() {
                let fact = match character {
                    '\t' => continue,
                    '\u{fffd}' if is_garbled => continue,
                    '\u{fffd}' => {
                        is_garbled = true;
                        "a character cannot be read: save the file as UTF-8".to_owned()
                    }
                    '\u{ad}' => "a soft hyphen (U+00AD) stands here: leave it out".to_owned(),
                    character if is_printable(character) => continue,
                    character => format!(
                        "the character U+{:04X}, which nobody sees, stands here: leave it out",
                        u32::from(character)
                    ),
                };
                faults.push(at(file, number, &fact));
            }
        }
    }
}

fn check_edition(
    edition: &Edition,
    samples: &[Sample],
    data: DataSchema<'_>,
    faults: &mut Vec<Finding>,
    unprinted: &mut Vec<Finding>,
) {
    let mut reached = BTreeSet::from([FORM_TOML.to_owned()]);
    fields::check(edition, data, faults);
    let before = faults.len();
    for form in edition.forms() {
        let used = check_form(edition, form, data, &mut reached, faults);
        if let Some(schema) = data(form) {
            fields::unprinted(edition, form, &schema, &used, unprinted);
        }
    }
    // Where a template cannot be read, nobody knows what it would include.
    if faults.len() == before {
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
    data: DataSchema<'_>,
    reached: &mut BTreeSet<String>,
    faults: &mut Vec<Finding>,
) -> BTreeSet<String> {
    let mut own = Vec::new();
    let tree = tree::read(form, &edition.files, &mut own);
    reached.extend(tree.files.iter().cloned());
    let has_tags = own.is_empty();
    let data = data(form);
    let schema = schema::of_form(&edition.settings, form, data.as_ref());
    // A form that is like none has no tables, which is told once.
    let used = match edition.settings.is_like_one(form) {
        true => paths::check(form, &tree, &schema, &edition.settings, &mut own),
        false => BTreeSet::new(),
    };
    if has_tags {
        expand::check(&tree, &mut own);
    }
    if own.is_empty() {
        // What the engine itself has against it.
        own.extend(edition.template(form).err().iter().map(finding));
    }
    faults.extend(own);
    used
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
