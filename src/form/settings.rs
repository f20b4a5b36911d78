use std::collections::HashMap;

use serde::Deserialize;
use serde::Deserializer;
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::model::Bilingual;

/// What `form.toml` of an edition says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    pub(super) id: String,
    pub(super) in_force: Period,
    pub(super) permit: PermitSettings,
    pub(super) clauses: Vec<Clause>,
    pub(super) corrections: Vec<Correction>,
    pub(super) words: Words,
    pub(super) fields: HashMap<String, Bilingual>,
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PermitSettings {
    pub(super) signer_roles: Vec<String>,
    pub(super) annex1: TableWidths,
    pub(super) annex2: TableWidths,
    pub(super) annex3: TableWidths,
    pub(super) annex4: TableWidths,
}

/// Millimetres of an appendix's table beside its columns of figures.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableWidths {
    /// Columns of fixed width together.
    pub(super) fixed: f32,
    /// The least that columns of text must get.
    pub(super) text: f32,
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

/// A wording of the regulation that is not printed as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Line of the regulation (`K323`).
    pub line: String,
    /// Class of the correction: `W`, a better wording.
    pub class: String,
    /// Where the printed wording comes from.
    pub source: String,
    /// What the regulation says.
    pub regulation: String,
    /// What is printed.
    pub printed: String,
}

/// Words that stand for a value of the data.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) amber: Bilingual,
    pub(super) green: Bilingual,
    pub(super) red: Bilingual,
    pub(super) sulfur_closed: Bilingual,
    pub(super) sulfur_open: Bilingual,
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    Date::parse(&text, ISO).map_err(serde::de::Error::custom)
}

const ISO: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
