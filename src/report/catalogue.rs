//! The sentences of a report, in three languages.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::report::instant;
use crate::verify::Note;
use crate::verify::Param;
use crate::verify::Params;
use crate::verify::Reason;
use crate::verify::Report;
use crate::verify::Status;

/// The languages of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
}

impl Language {
    /// Its code: `kk`, `ru` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Kk => "kk",
            Self::Ru => "ru",
        }
    }
}

/// All sentences and labels, read from the catalogue inside the program.
#[derive(Debug)]
pub struct Catalogue {
    sentences: Sentences,
    labels: Labels,
}

impl Catalogue {
    /// The catalogue of this version.
    ///
    /// # Panics
    ///
    /// Never: a test reads the same files.
    #[must_use]
    pub fn builtin() -> Self {
        Self {
            sentences: serde_json::from_str(include_str!("catalogue.json"))
                .expect("the catalogue is part of the program, and a test reads it"),
            labels: serde_json::from_str(include_str!("labels.json"))
                .expect("the labels are part of the program, and a test reads them"),
        }
    }

    /// The verdict in one or two words, as on a badge.
    #[must_use]
    pub fn badge(&self, report: &Report, language: Language) -> &str {
        self.labels
            .badges
            .get(verdict_key(report))
            .map_or("", |badge| badge.of(language))
    }

    /// The verdict as a sentence, and what it means for the reader (may be empty).
    #[must_use]
    pub fn heading(&self, report: &Report, language: Language) -> [&str; 2] {
        self.heading_of(verdict_key(report), language)
    }

    /// The heading above an error: the check was not carried out.
    #[must_use]
    pub fn error_heading(&self, language: Language) -> &str {
        self.heading_of("error", language)[0]
    }

    /// The sentence of a reason with its values.
    #[must_use]
    pub fn reason(&self, reason: &Reason, language: Language) -> String {
        let sentence = self
            .sentences
            .reasons
            .iter()
            .find(|entry| entry.code == reason.code.as_str())
            .map_or("", |entry| entry.text.of(language));
        self.fill(sentence, &reason.params, language)
    }

    /// What to do about a reason: one sentence or several.
    #[must_use]
    pub fn actions(&self, reason: &Reason, language: Language) -> Vec<&str> {
        let ids = self
            .sentences
            .reasons
            .iter()
            .find(|entry| entry.code == reason.code.as_str())
            .map_or(&[][..], |entry| &entry.actions);
        ids.iter()
            .filter_map(|id| {
                self.sentences
                    .actions
                    .iter()
                    .find(|action| action.id == *id)
            })
            .map(|action| action.text.of(language).as_str())
            .collect()
    }

    /// The sentence of a note with its values.
    #[must_use]
    pub fn note(&self, note: &Note, language: Language) -> String {
        let sentence = self
            .sentences
            .notes
            .iter()
            .find(|entry| entry.code == note.code.as_str())
            .map_or("", |entry| entry.text.of(language));
        self.fill(sentence, &note.params, language)
    }

    pub(super) fn label(&self, key: &str, language: Language) -> &str {
        self.labels
            .labels
            .get(key)
            .map_or("", |label| label.of(language))
    }

    pub(super) fn role<'a>(&'a self, role: &'a str, language: Language) -> &'a str {
        self.labels
            .roles
            .get(role)
            .map_or(role, |name| name.of(language))
    }

    pub(super) fn kind<'a>(&'a self, kind: &'a str, language: Language) -> &'a str {
        self.labels
            .kinds
            .get(kind)
            .map_or(kind, |name| name.of(language))
    }

    pub(super) fn month(&self, month: time::Month, language: Language) -> &str {
        let index = usize::from(u8::from(month)) - 1;
        self.labels
            .months
            .of(language)
            .get(index)
            .map_or("", String::as_str)
    }

    pub(super) fn date_pattern(&self, language: Language) -> &DatePattern {
        self.labels.dates.of(language)
    }

    fn heading_of(&self, key: &str, language: Language) -> [&str; 2] {
        self.labels.headings.get(key).map_or(["", ""], |heading| {
            let [sentence, meaning] = heading.of(language);
            [sentence.as_str(), meaning.as_str()]
        })
    }

    fn fill(&self, sentence: &str, params: &Params, language: Language) -> String {
        params
            .iter()
            .fold(sentence.to_owned(), |text, (name, value)| {
                let value = match value {
                    Param::Count(count) => count.to_string(),
                    Param::Day(day) => instant::day(self, *day, language),
                    Param::Text(text) => text.clone(),
                    Param::Time(time) => instant::time(self, *time, language),
                };
                text.replace(&format!("{{{name}}}"), &value)
            })
    }
}

fn verdict_key(report: &Report) -> &'static str {
    if report.is_unsigned() {
        return "not-signed";
    }
    match report.status() {
        Status::Valid => "valid",
        Status::Indeterminate => "indeterminate",
        Status::Invalid => "invalid",
    }
}

/// One thing in three languages.
#[derive(Debug, Deserialize)]
struct Trilingual<T = String> {
    en: T,
    kk: T,
    ru: T,
}

impl<T> Trilingual<T> {
    fn of(&self, language: Language) -> &T {
        match language {
            Language::En => &self.en,
            Language::Kk => &self.kk,
            Language::Ru => &self.ru,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Sentences {
    reasons: Vec<ReasonEntry>,
    notes: Vec<NoteEntry>,
    actions: Vec<ActionEntry>,
}

#[derive(Debug, Deserialize)]
struct ReasonEntry {
    code: String,
    #[cfg(test)]
    status: String,
    #[serde(flatten)]
    text: Trilingual,
    actions: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct NoteEntry {
    code: String,
    #[serde(flatten)]
    text: Trilingual,
}

#[derive(Debug, Deserialize)]
struct ActionEntry {
    id: String,
    #[serde(flatten)]
    text: Trilingual,
}

#[derive(Debug, Deserialize)]
struct Labels {
    headings: BTreeMap<String, Trilingual<[String; 2]>>,
    badges: BTreeMap<String, Trilingual>,
    labels: BTreeMap<String, Trilingual>,
    roles: BTreeMap<String, Trilingual>,
    kinds: BTreeMap<String, Trilingual>,
    months: Trilingual<Vec<String>>,
    dates: Trilingual<DatePattern>,
}

/// How a language writes a day, and a time of day.
#[derive(Debug, Deserialize)]
pub(super) struct DatePattern {
    pub(super) day: String,
    pub(super) time: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::NoteCode;
    use crate::verify::ReasonCode;

    #[test]
    fn every_reason_has_its_sentence_in_the_catalogue_with_the_same_status_and_order() {
        let catalogue = Catalogue::builtin();
        let entries: Vec<_> = catalogue
            .sentences
            .reasons
            .iter()
            .map(|entry| (entry.code.as_str(), entry.status.as_str()))
            .collect();
        let mut place = 0;
        for code in ReasonCode::all() {
            let found = entries.iter().position(|(name, _)| *name == code.as_str());
            let found = found.unwrap_or_else(|| panic!("{} has no sentence", code.as_str()));
            assert!(found >= place, "{} stands out of order", code.as_str());
            place = found;
            // The one code whose catalogue status depends on a proven time, which B-B lacks.
            if code != ReasonCode::WeakAlgorithm {
                assert_eq!(
                    entries[found].1,
                    code.status().as_str(),
                    "{}",
                    code.as_str()
                );
            }
        }
    }

    #[test]
    fn every_note_has_its_sentence_in_the_catalogue() {
        let catalogue = Catalogue::builtin();
        for code in NoteCode::ALL {
            assert!(!catalogue.note(&Note::new(code), Language::Kk).is_empty());
        }
    }

    #[test]
    fn a_sentence_names_the_same_values_in_three_languages_and_no_suffix_follows_one() {
        let catalogue = Catalogue::builtin();
        let sentences = &catalogue.sentences;
        let texts = (sentences.reasons.iter().map(|entry| &entry.text))
            .chain(sentences.notes.iter().map(|entry| &entry.text))
            .chain(sentences.actions.iter().map(|entry| &entry.text));
        for text in texts {
            let names: Vec<_> = [&text.en, &text.ru, &text.kk]
                .into_iter()
                .map(|text| placeholders(text))
                .collect();
            assert_eq!(names[0], names[1], "{}", text.en);
            assert_eq!(names[0], names[2], "{}", text.en);
            for sentence in [&text.ru, &text.kk] {
                for rest in sentence.split('}').skip(1) {
                    let next = rest.chars().next().unwrap_or(' ');
                    assert!(!next.is_alphabetic() && next != '-', "{sentence}");
                }
            }
        }
    }

    #[test]
    fn russian_sentences_have_no_kazakh_letter_and_neither_has_latin_ones() {
        let catalogue = Catalogue::builtin();
        for entry in &catalogue.sentences.reasons {
            let bare = |text: &str| {
                let mut bare = text.replace("PDF", "").replace("QR", "");
                for name in placeholders(text) {
                    bare = bare.replace(&name, "");
                }
                bare
            };
            let russian = bare(&entry.text.ru);
            assert!(
                !russian.contains(|c: char| "әғқңөұүһіӘҒҚҢӨҰҮҺІ".contains(c)),
                "{russian}"
            );
            for text in [russian, bare(&entry.text.kk)] {
                assert!(!text.contains(|c: char| c.is_ascii_alphabetic()), "{text}");
            }
        }
    }

    fn placeholders(text: &str) -> Vec<String> {
        let mut names: Vec<String> = text
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}').map(|(name, _)| name.to_owned()))
            .collect();
        names.sort();
        names
    }
}
