use serde::Serialize;
use time::Date;

use crate::model::application::Attachment;
use crate::model::application::NoticeLanguage;
use crate::model::application::Registration;
use crate::model::application::Representative;
use crate::model::application::Submission;
use crate::model::bilingual::Bilingual;
use crate::model::date;
use crate::model::document::canonical_json;
use crate::model::error::Error;
use crate::model::json;
use crate::model::limits::Limits;
use crate::model::party::Applicant;
use crate::model::party::Person;
use crate::model::permit::Facility;
use crate::model::permit_number::PermitNumber;
use crate::model::reissue::ReissueReason;
use crate::model::validity::Validity;

/// An application for a permit (өтінім / заявка): the mirror of the permit that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PermitApplication {
    /// Name of the edition of forms it is printed on.
    pub edition: String,
    /// By which way it comes.
    #[serde(flatten)]
    pub submission: Submission,
    /// A first permit, or a re-issue.
    #[serde(flatten)]
    pub kind: ApplicationKind,
    /// The day on which it is signed.
    #[serde(serialize_with = "date::serialize")]
    pub date: Date,
    /// The body that issues permits.
    pub issuing_body: Bilingual,
    /// Who applies.
    pub nature_user: Applicant,
    /// Name of the head; there for a legal person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<Bilingual>,
    /// Who acts for the applicant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representative: Option<Representative>,
    /// What the permit is asked for.
    pub facility: Facility,
    /// The applicant's economic and other activity.
    pub activity: Bilingual,
    /// The term asked for.
    pub validity: Validity,
    /// The limits asked for, with the tables of the permit's appendices 1 to 4.
    #[serde(flatten)]
    pub limits: Limits,
    /// Documents handed in with it: what its category asks for is among them.
    pub attachments: Vec<Attachment>,
    /// The language of notices.
    pub language: NoticeLanguage,
    /// Who signs for the applicant.
    pub signatory: Person,
    /// Number and time of registration, once it is registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
}

impl PermitApplication {
    /// Reads and checks the data of an application for a permit.
    ///
    /// # Errors
    ///
    /// When the bytes are no UTF-8 or no JSON, and with all problems at once when the data breaks
    /// the rules of the form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        json::read(bytes, json::permit_application)
    }

    /// The data in its one canonical form.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        canonical_json(self)
    }
}

/// What an application asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ApplicationKind {
    /// A permit where there was none.
    Initial,
    /// A permit in the place of another.
    Reissue {
        /// The permit to be replaced.
        replaces: PermitReference,
        /// Why.
        reason: ReissueReason,
    },
}

/// A permit named by series, number and date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PermitReference {
    /// Its series and number.
    #[serde(flatten)]
    pub number: PermitNumber,
    /// Its day of issue.
    #[serde(serialize_with = "date::serialize")]
    pub date: Date,
}
