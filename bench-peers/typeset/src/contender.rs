//! What each contender makes of one document.

use std::error::Error;

use ruqsat::document;
use ruqsat::document::QrText;
use ruqsat::document::RenderOptions;
use ruqsat::form::Edition;
use ruqsat::form::FillOptions;
use ruqsat::form::FilledForm;
use ruqsat::form::FormData;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::layout;
use ruqsat::layout::Fonts;
use ruqsat::layout::Pages;
use ruqsat::model::Permit;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::with_krilla::Krilla;
#[cfg(feature = "typst")]
use crate::with_typst::Typst;

/// Everything that a process keeps from one document to the next.
pub enum Contender {
    /// This crate.
    Ruqsat(Edition),
    /// Our pages, written by krilla.
    Krilla(Edition, Box<Krilla>),
    /// Our words and tables, set and written by typst.
    #[cfg(feature = "typst")]
    Typst(Box<Typst>),
}

/// What a document is made of: the data for ours and krilla, the filled form for the others.
pub struct Input {
    /// As it is attached.
    pub data: String,
    /// See [`crate::filled`].
    pub filled: String,
}

impl Contender {
    /// The contender of a name.
    pub fn new(name: &str) -> Option<Self> {
        let edition = || Edition::builtin("atyrau-2013").expect("a built-in edition");
        match name {
            "ruqsat" => Some(Self::Ruqsat(edition())),
            "krilla" => Some(Self::Krilla(edition(), Box::new(Krilla::new()))),
            #[cfg(feature = "typst")]
            "typst" => Some(Self::Typst(Box::new(Typst::new()))),
            _ => None,
        }
    }

    /// A file from its data.
    pub fn set(&mut self, input: Input, language: Language) -> Result<Vec<u8>, Box<dyn Error>> {
        match self {
            Self::Ruqsat(edition) => {
                let permit = Permit::from_json(input.data.as_bytes())?;
                let options = RenderOptions::new(language, Medium::Electronic, TIME);
                Ok(document::render(edition, &permit, &options)?.pdf)
            }
            Self::Krilla(edition, krilla) => {
                let (_, pages) = laid_out(edition, &input.data, language)?;
                krilla.write(&pages, input.data)
            }
            #[cfg(feature = "typst")]
            Self::Typst(typst) => typst.set(input),
        }
    }
}

/// A permit up to its pages, as `document::render` makes them.
pub fn laid_out(
    edition: &Edition,
    data: &str,
    language: Language,
) -> Result<(FilledForm, Pages), Box<dyn Error>> {
    let permit = Permit::from_json(data.as_bytes())?;
    let options = FillOptions::new(language, Medium::Electronic);
    let (mut form, _) = edition.fill(&permit, &options)?;
    let code = QrText::new(
        edition.id(),
        permit.form(),
        permit.number(),
        permit.issue_date(),
        &permit.to_json(),
    );
    for qr in form.sheets.iter_mut().filter_map(|sheet| sheet.qr.as_mut()) {
        qr.content = code.to_string();
    }
    let pages = layout::lay_out(&form, Fonts::builtin())?;
    Ok((form, pages))
}

/// When every document says that it was made.
const TIME: OffsetDateTime = datetime!(2014-02-03 09:00 UTC);
