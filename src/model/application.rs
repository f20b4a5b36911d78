//! What the two applications have in common.

use serde::Serialize;
use time::OffsetDateTime;

use crate::model::bilingual::Bilingual;
use crate::model::date;
use crate::model::iin::Iin;
use crate::model::party::Organisation;
use crate::model::party::Person;
use crate::model::permit::Reference;

/// By which way an application comes, and who signs it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "channel", rename_all = "snake_case")]
pub enum Submission {
    /// By the portal of electronic government; the applicant signs.
    Portal,
    /// Through the provider's chancery; the applicant signs.
    Provider,
    /// At a public service centre; its operator signs.
    Centre {
        /// The centre.
        centre: Organisation,
        /// Its operator.
        operator: Person,
    },
}

/// Who acts for the applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Representative {
    /// Surname, name, and patronymic where there is one.
    pub name: Bilingual,
    /// IIN.
    pub iin: Iin,
    /// The power of attorney, which the notaries' register must know.
    pub power_of_attorney: Reference,
}

/// A document handed in with an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// What it is.
    #[serde(flatten)]
    pub document: AttachedDocument,
    /// Its number and date, where it has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// Whether it was handed in on paper and is attached as a scan. There at the provider and at a
    /// centre; on the portal it may be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper: Option<bool>,
}

/// What is attached: the form has its own name for most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AttachedDocument {
    /// The conclusion of the expertise on the draft standards of emissions.
    Conclusion,
    /// The plan of environmental protection measures.
    ActionPlan,
    /// Standards of emissions that were calculated or measured.
    EmissionStandards,
    /// The protocol of public hearings.
    HearingsProtocol,
    /// The power of attorney.
    PowerOfAttorney,
    /// Another document.
    Other {
        /// What it is called.
        name: Bilingual,
    },
}

impl AttachedDocument {
    /// The name of its kind in the data.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Conclusion => "conclusion",
            Self::ActionPlan => "action_plan",
            Self::EmissionStandards => "emission_standards",
            Self::HearingsProtocol => "hearings_protocol",
            Self::PowerOfAttorney => "power_of_attorney",
            Self::Other { .. } => "other",
        }
    }
}

/// How an application was registered, after it had been signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Registration {
    /// The number given to it.
    pub number: String,
    /// When.
    #[serde(serialize_with = "date::serialize_time")]
    pub time: OffsetDateTime,
}

/// The language in which notices go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeLanguage {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
}

impl NoticeLanguage {
    pub(super) const WORDS: &'static [&'static str] = &["kk", "ru"];
    pub(super) const ALL: [Self; 2] = [Self::Kk, Self::Ru];
}
