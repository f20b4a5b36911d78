use std::fmt;

use time::Date;

use crate::form::language::Lang;

/// What shapes a form beside its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FillOptions {
    /// The languages printed.
    pub language: Language,
    /// What the document is to be.
    pub medium: Medium,
    /// The corrected wording, or the regulation's.
    pub wording: Wording,
    /// Whether a document dated outside its edition's time says so.
    pub repeal_note: RepealNote,
    /// Whether each text shows where it comes from.
    pub provenance: Provenance,
}

impl FillOptions {
    /// A document as it is issued: corrected, with its repeal note, without marks of provenance.
    #[must_use]
    pub const fn new(language: Language, medium: Medium) -> Self {
        Self {
            language,
            medium,
            wording: Wording::Corrected,
            repeal_note: RepealNote::Printed,
            provenance: Provenance::Hidden,
        }
    }
}

/// The languages of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Kazakh alone.
    Kk,
    /// The whole main sheet in Kazakh, then in Russian; appendices once, in both.
    KkRu,
    /// Russian alone.
    Ru,
}

impl Language {
    /// Its languages, the state language first.
    #[must_use]
    pub fn langs(self) -> &'static [Lang] {
        match self {
            Self::Kk => &[Lang::Kk],
            Self::KkRu => &[Lang::Kk, Lang::Ru],
            Self::Ru => &[Lang::Ru],
        }
    }
}

/// What a document is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// For reading before issue: marked on every page, never signed.
    Draft,
    /// An electronic document, valid with its signature.
    Electronic,
    /// A sheet for ink and seal.
    Paper,
}

/// Which words of a regulation are printed where its wording is corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// The corrected ones, as far as the edition says.
    Corrected,
    /// The regulation's.
    Verbatim,
}

/// Whether a document dated outside its edition's time says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepealNote {
    /// It does not.
    Hidden,
    /// It does.
    Printed,
}

/// Whether each text of the form shows where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// It does not.
    Hidden,
    /// Marks stand behind the texts, for those who edit the form.
    Printed,
}

/// Something the person who fills a form should know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The clause on electronic documents is not printed: none holds for the day of issue.
    ClauseNotPrinted {
        /// The day of issue.
        issue_date: Date,
    },
    /// The edition of forms was not in force on the day of issue; the sheet says so.
    EditionNotInForce {
        /// The day of issue.
        issue_date: Date,
        /// First day of the edition.
        from: Date,
        /// Its last day.
        to: Date,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClauseNotPrinted { issue_date } => write!(
                f,
                "the clause on electronic documents is not printed: none holds for {issue_date}"
            ),
            Self::EditionNotInForce {
                issue_date,
                from,
                to,
            } => write!(
                f,
                "the edition was in force from {from} to {to}, not on {issue_date}"
            ),
        }
    }
}
