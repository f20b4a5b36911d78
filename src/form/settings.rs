use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Deserializer;
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::form::language::Lang;
use crate::form::options::Wording;
use crate::model::Bilingual;

mod faults;
mod reading;

pub(super) use faults::Fault;
pub(super) use reading::Lines;
pub(super) use reading::read;

/// What `form.toml` of an edition says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    pub(super) id: String,
    /// What the edition is called.
    pub(super) name: Bilingual,
    pub(super) in_force: Period,
    /// Classes of corrections that are printed unless the regulation is wanted verbatim.
    #[serde(default)]
    pub(super) correct: Vec<CorrectionClass>,
    /// What is printed on documents that are dated outside the time of the edition.
    pub(super) repeal_note: Option<Note>,
    /// The footnote that the asterisk of the account number leads to; without it there is none.
    pub(super) account_note: Option<Note>,
    #[serde(default)]
    pub(super) clauses: Vec<Clause>,
    #[serde(default)]
    pub(super) corrections: Vec<Correction>,
    /// Groups of words that stand for a value of the data.
    #[serde(default)]
    pub(super) words: BTreeMap<String, BTreeMap<String, Word>>,
    pub(super) forms: BTreeMap<String, FormSettings>,
}

/// Days from the first to the last, both included.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Period {
    #[serde(deserialize_with = "date")]
    pub(super) from: Date,
    #[serde(deserialize_with = "date")]
    pub(super) to: Date,
}

impl Period {
    pub(super) fn contains(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// One form of the edition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormSettings {
    /// What the form is called.
    pub(super) name: Bilingual,
    /// JSON pointer of the day on which edition and clause depend.
    pub(super) date: Option<String>,
    /// Whether somebody signs it.
    #[serde(default = "yes")]
    pub(super) signed: bool,
    /// Roles, one of which the signer must have, by the names of the national profile.
    #[serde(default)]
    pub(super) signer_roles: Vec<String>,
    /// The form whose fields and tables it has too.
    pub(super) like: Option<String>,
    #[serde(default)]
    pub(super) tables: BTreeMap<String, TableSettings>,
    /// Values of a field, by its JSON pointer, where this edition knows fewer than the data allows.
    #[serde(default)]
    pub(super) values: BTreeMap<String, Vec<String>>,
    /// What the form calls each field of its data.
    #[serde(default)]
    pub(super) fields: BTreeMap<String, Bilingual>,
}

/// A table with a column for each year.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableSettings {
    /// JSON pointer of its rows; with one `*`, of the rows in each element of a list.
    pub(super) rows: String,
    /// JSON pointer of the amounts by year that the rows sum to.
    pub(super) total: String,
    /// Fields of a row with other figures.
    #[serde(default)]
    pub(super) figures: Vec<Figure>,
    /// Millimetres of the columns of fixed width together.
    pub(super) fixed: f32,
    /// The least that columns of text must get.
    pub(super) text: f32,
}

/// A column of figures as wide as its widest one asks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Figure {
    pub(super) field: String,
    /// Whether the figures of all rows are added up.
    #[serde(default)]
    pub(super) sum: bool,
    /// Millimetres that its head asks for.
    #[serde(default)]
    pub(super) least: f32,
}

/// A clause printed on documents that were issued in its time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Clause {
    pub(super) source: String,
    #[serde(deserialize_with = "date")]
    pub(super) from: Date,
    #[serde(deserialize_with = "date")]
    pub(super) to: Date,
    pub(super) kk: String,
    pub(super) ru: String,
}

/// A text in each language, with its source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Note {
    pub(super) kk: SourcedText,
    pub(super) ru: SourcedText,
}

/// A text and where it comes from.
#[derive(Debug, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourcedText {
    pub(super) text: String,
    pub(super) src: String,
}

/// A wording of the regulation that is not printed as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Correction {
    /// Line of the regulation (`K323`).
    pub line: String,
    /// Class of the correction.
    pub class: CorrectionClass,
    /// Where the printed wording comes from.
    pub source: String,
    /// What the regulation says.
    pub regulation: String,
    /// What is printed.
    pub printed: String,
}

/// Classes of corrections that an edition switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum CorrectionClass {
    /// The text of a law.
    L,
    /// A better wording.
    W,
}

/// A word that stands for a value of the data.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Word {
    pub(super) kk: String,
    pub(super) ru: String,
    pub(super) src: String,
}

impl Word {
    pub(super) fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Kk => &self.kk,
            Lang::Ru => &self.ru,
        }
    }
}

impl Settings {
    /// Whether the form that it says it is like is there.
    pub(super) fn is_like_one(&self, name: &str) -> bool {
        let like = self.forms.get(name).and_then(|form| form.like.as_ref());
        like.is_none_or(|like| self.forms.contains_key(like))
    }

    /// A form, and the one that it is like.
    pub(super) fn forms_of(&self, name: &str) -> impl Iterator<Item = &FormSettings> {
        let form = self.forms.get(name);
        let like = form
            .and_then(|form| form.like.as_ref())
            .and_then(|like| self.forms.get(like));
        form.into_iter().chain(like)
    }

    /// Whether the text of laws is the regulation's: as asked for, or since the edition does not
    /// correct it.
    pub(super) fn law(&self, wording: Wording) -> Wording {
        match self.correct.contains(&CorrectionClass::L) {
            true => wording,
            false => Wording::Verbatim,
        }
    }

    /// The tables of a form, by their names.
    pub(super) fn tables(&self, form: &str) -> BTreeMap<&str, &TableSettings> {
        let mut tables = BTreeMap::new();
        for settings in self.forms_of(form) {
            for (name, table) in &settings.tables {
                tables.entry(name.as_str()).or_insert(table);
            }
        }
        tables
    }

    /// What a form calls the field of a pattern.
    pub(super) fn field(&self, form: &str, pattern: &str) -> Option<&Bilingual> {
        self.forms_of(form)
            .find_map(|settings| settings.fields.get(pattern))
    }
}

/// A calendar date as the data writes it.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    Date::parse(text, ISO).ok()
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_date(&text).ok_or_else(|| {
        let fact = format!("{text:?} is no day: write year-month-day, as 2027-01-31");
        serde::de::Error::custom(fact)
    })
}

fn yes() -> bool {
    true
}

const ISO: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
