use serde::Serialize;
use time::OffsetDateTime;

use crate::model::bilingual::Bilingual;
use crate::model::bin::Bin;
use crate::model::date;
use crate::model::document::canonical_json;
use crate::model::error::Error;
use crate::model::json;
use crate::model::service::Service;

/// A message of the process (хабарлама / уведомление).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Name of the edition of forms it is printed on.
    pub edition: String,
    /// The service that it is about.
    pub service: Service,
    /// The system that sends it.
    pub system: NoticeSystem,
    /// BIN of the organisation that seals it, unprinted; that of the certificate must be the same.
    pub issuing_body_bin: Bin,
    /// Whom it is sent to.
    pub recipient: Bilingual,
    /// When it is sent.
    #[serde(serialize_with = "date::serialize_time")]
    pub time: OffsetDateTime,
    /// Number of the request that it answers, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_number: Option<String>,
    /// What it says.
    #[serde(flatten)]
    pub message: NoticeMessage,
}

impl Notice {
    /// Reads and checks the data of a notice.
    ///
    /// # Errors
    ///
    /// When the bytes are no UTF-8 or no JSON, and with all problems at once when the data breaks
    /// the rules of the form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        json::read(bytes, json::notice)
    }

    /// The data in its one canonical form.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        canonical_json(self)
    }
}

/// The systems that send notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeSystem {
    /// The portal of electronic government (ЭҮП / ПЭП).
    Portal,
    /// The E-licensing state database (МДҚ АЖ / ИС ГБД).
    ELicensing,
    /// The public service centres' system (ХҚКО АЖ / ИС ЦОН).
    Centre,
}

impl NoticeSystem {
    pub(super) const WORDS: &'static [&'static str] = &["portal", "e_licensing", "centre"];
    pub(super) const ALL: [Self; 3] = [Self::Portal, Self::ELicensing, Self::Centre];
}

/// The thirteen messages, with the values that they print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", content = "params", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoticeMessage {
    /// The applicant is not let into the portal.
    AuthDeniedApplicant,
    /// The provider's employee is not let into the system.
    AuthDeniedEmployee,
    /// The signature of the request is not confirmed.
    EdsNotConfirmed {
        /// Why not.
        reason: EdsFailure,
    },
    /// A state register does not know the applicant.
    NoData {
        /// Which one.
        register: Register,
    },
    /// The notaries' register does not know the power of attorney.
    NoPowerOfAttorney,
    /// The applicant's data has violations.
    DataViolations,
    /// The applicant's documents have violations.
    DocumentViolations,
    /// The service was not paid for.
    PaymentMissing,
    /// The request was formed.
    RequestFormed,
    /// The action was done.
    ActionDone,
    /// The request was sent on.
    RequestRouted,
    /// The service is refused.
    ServiceDenied,
    /// The application was registered.
    RequestRegistered {
        /// Under which number.
        number: String,
    },
}

impl NoticeMessage {
    pub(super) const CODES: &'static [&'static str] = &[
        "AUTH_DENIED_APPLICANT",
        "AUTH_DENIED_EMPLOYEE",
        "EDS_NOT_CONFIRMED",
        "NO_DATA",
        "NO_POWER_OF_ATTORNEY",
        "DATA_VIOLATIONS",
        "DOCUMENT_VIOLATIONS",
        "PAYMENT_MISSING",
        "REQUEST_FORMED",
        "ACTION_DONE",
        "REQUEST_ROUTED",
        "SERVICE_DENIED",
        "REQUEST_REGISTERED",
    ];

    /// Its code: `EDS_NOT_CONFIRMED`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AuthDeniedApplicant => "AUTH_DENIED_APPLICANT",
            Self::AuthDeniedEmployee => "AUTH_DENIED_EMPLOYEE",
            Self::EdsNotConfirmed { .. } => "EDS_NOT_CONFIRMED",
            Self::NoData { .. } => "NO_DATA",
            Self::NoPowerOfAttorney => "NO_POWER_OF_ATTORNEY",
            Self::DataViolations => "DATA_VIOLATIONS",
            Self::DocumentViolations => "DOCUMENT_VIOLATIONS",
            Self::PaymentMissing => "PAYMENT_MISSING",
            Self::RequestFormed => "REQUEST_FORMED",
            Self::ActionDone => "ACTION_DONE",
            Self::RequestRouted => "REQUEST_ROUTED",
            Self::ServiceDenied => "SERVICE_DENIED",
            Self::RequestRegistered { .. } => "REQUEST_REGISTERED",
        }
    }
}

/// Why a signature is not confirmed: the three things that the portal checks, the first of which
/// fails in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EdsFailure {
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate is not valid any more.
    Expired,
    /// The certificate is revoked.
    Revoked,
    /// The IIN or BIN in the certificate is not that of the request.
    IinBinMismatch,
}

impl EdsFailure {
    pub(super) const WORDS: &'static [&'static str] =
        &["not_yet_valid", "expired", "revoked", "iin_bin_mismatch"];
    pub(super) const ALL: [Self; 4] = [
        Self::NotYetValid,
        Self::Expired,
        Self::Revoked,
        Self::IinBinMismatch,
    ];
}

/// State registers of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Register {
    /// Natural persons (ЖТ МДҚ / ГБД ФЛ).
    Individuals,
    /// Legal entities (ЗТ МДҚ / ГБД ЮЛ).
    LegalEntities,
}

impl Register {
    pub(super) const WORDS: &'static [&'static str] = &["individuals", "legal_entities"];
    pub(super) const ALL: [Self; 2] = [Self::Individuals, Self::LegalEntities];
}
