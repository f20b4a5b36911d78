use serde::Serialize;
use time::Date;

use crate::model::application::Attachment;
use crate::model::application::NoticeLanguage;
use crate::model::application::Registration;
use crate::model::application::Representative;
use crate::model::application::Submission;
use crate::model::bilingual::Bilingual;
use crate::model::conclusion::ExpertiseObject;
use crate::model::date;
use crate::model::document::canonical_json;
use crate::model::error::Error;
use crate::model::json;
use crate::model::party::Applicant;
use crate::model::party::Developer;
use crate::model::party::Person;
use crate::model::permit::Category;

/// An application for a conclusion of the state ecological expertise (өтініш / заявление).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpertiseApplication {
    /// Name of the edition of forms it is printed on.
    pub edition: String,
    /// By which way it comes.
    #[serde(flatten)]
    pub submission: Submission,
    /// The day on which it is signed.
    #[serde(serialize_with = "date::serialize")]
    pub date: Date,
    /// Name of the body that makes the expertise.
    pub provider: Bilingual,
    /// Who applies.
    pub applicant: Applicant,
    /// Who acts for the applicant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representative: Option<Representative>,
    /// What is to be looked at.
    pub object: ExpertiseObject,
    /// Category of the object.
    pub category: Category,
    /// Who worked out the materials.
    pub developer: Developer,
    /// Where the object is.
    pub location: Bilingual,
    /// The materials; the power of attorney is among them when a representative acts.
    pub attachments: Vec<Attachment>,
    /// The language of notices.
    pub language: NoticeLanguage,
    /// Who signs for the applicant.
    pub signatory: Person,
    /// Number and time of registration, once it is registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
}

impl ExpertiseApplication {
    /// Reads and checks the data of an application for a conclusion.
    ///
    /// # Errors
    ///
    /// When the bytes are no UTF-8 or no JSON, and with all problems at once when the data breaks
    /// the rules of the form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        json::read(bytes, json::expertise_application)
    }

    /// The data in its one canonical form.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        canonical_json(self)
    }
}
