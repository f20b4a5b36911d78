use serde::Serialize;
use time::Date;

use crate::model::bilingual::Bilingual;
use crate::model::date;
use crate::model::document::canonical_json;
use crate::model::error::Error;
use crate::model::json;
use crate::model::party::Provider;
use crate::model::permit::Signatory;
use crate::model::service::Service;

/// A motivated refusal (дәлелді бас тарту / мотивированный отказ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Name of the edition of forms it is printed on.
    pub edition: String,
    /// The service that is refused.
    pub service: Service,
    /// Its number.
    pub number: String,
    /// Day of issue.
    #[serde(serialize_with = "date::serialize")]
    pub issue_date: Date,
    /// The body that refuses.
    pub provider: Provider,
    /// The application that it answers.
    pub application: ApplicationReference,
    /// Why; for the expertise, incomplete documents alone.
    pub ground: Ground,
    /// What exactly, in words: a refusal without its motive is no motivated refusal.
    pub motive: Bilingual,
    /// Who signs it.
    pub signatory: Signatory,
}

impl Refusal {
    /// Reads and checks the data of a refusal.
    ///
    /// # Errors
    ///
    /// When the bytes are no UTF-8 or no JSON, and with all problems at once when the data breaks
    /// the rules of the form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        json::read(bytes, json::refusal)
    }

    /// The data in its one canonical form.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        canonical_json(self)
    }
}

/// An application named by its number and date of registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApplicationReference {
    /// Number of registration.
    pub number: String,
    /// Its date.
    #[serde(serialize_with = "date::serialize")]
    pub date: Date,
}

/// The grounds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Ground {
    /// Documents are lacking.
    DocumentsIncomplete,
    /// Documents say what is not true.
    DocumentsUnreliable,
    /// The application is filled in wrongly.
    ApplicationErrors,
    /// The applicant does not meet the requirements or grounds for a permit.
    NotQualified,
    /// The applicant's data has violations.
    DataViolations,
    /// The applicant's documents have violations.
    DocumentViolations,
    /// The state registers do not know the applicant.
    NoData,
}

impl Ground {
    pub(super) const WORDS: &'static [&'static str] = &[
        "DOCUMENTS_INCOMPLETE",
        "DOCUMENTS_UNRELIABLE",
        "APPLICATION_ERRORS",
        "NOT_QUALIFIED",
        "DATA_VIOLATIONS",
        "DOCUMENT_VIOLATIONS",
        "NO_DATA",
    ];
    pub(super) const ALL: [Self; 7] = [
        Self::DocumentsIncomplete,
        Self::DocumentsUnreliable,
        Self::ApplicationErrors,
        Self::NotQualified,
        Self::DataViolations,
        Self::DocumentViolations,
        Self::NoData,
    ];

    /// Whether a service may be refused on this ground: the expertise answers with its conclusion,
    /// and refuses incomplete documents only.
    #[must_use]
    pub fn is_of(self, service: Service) -> bool {
        match service {
            Service::Permit => true,
            Service::Expertise => self == Self::DocumentsIncomplete,
        }
    }
}
