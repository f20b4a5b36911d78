use serde::Serialize;
use time::Date;

use crate::model::bilingual::Bilingual;
use crate::model::bin::Bin;
use crate::model::date;
use crate::model::digits::PostalIndex;
use crate::model::document::canonical_json;
use crate::model::error::Error;
use crate::model::iin::Iin;
use crate::model::json;
use crate::model::limits::Limits;
use crate::model::permit_number::PermitNumber;
use crate::model::validity::Validity;

/// A permit for emissions into the environment: all that its form and appendices say.
///
/// Fields are named and ordered as in the data (`permit.json`). A value that came from
/// [`Permit::from_json`] keeps every rule of the form that needs no outside world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Permit {
    /// Name of the edition of forms it is printed on (`atyrau-2013`).
    pub edition: String,
    /// Series and number.
    #[serde(flatten)]
    pub number: PermitNumber,
    /// Day of issue.
    #[serde(serialize_with = "date::serialize")]
    pub issue_date: Date,
    /// Place of issue.
    pub issue_place: Bilingual,
    /// Name of the body that issues it.
    pub issuing_body: Bilingual,
    /// Its BIN, unprinted; that of the signer's certificate must be the same.
    pub issuing_body_bin: Bin,
    /// Whom it is given to.
    pub nature_user: NatureUser,
    /// What it is given for.
    pub facility: Facility,
    /// How long it holds.
    pub validity: Validity,
    /// The expertise conclusion it rests on; there for categories II and III.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Limits of each kind by year, with appendices 1 to 4.
    #[serde(flatten)]
    pub limits: Limits,
    /// Appendix 5, conditions of nature use; at least one.
    pub annex5: Vec<Condition>,
    /// Programmes that belong to it.
    #[serde(skip_serializing_if = "Attachments::is_empty")]
    pub attachments: Attachments,
    /// Who signs it.
    pub signatory: Signatory,
}

impl Permit {
    /// Reads and checks the data of a permit.
    ///
    /// # Errors
    ///
    /// When the bytes are no UTF-8 or no JSON, and with all problems at once when the data breaks
    /// the rules of the form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        json::read(bytes, json::permit)
    }

    /// The data in its one canonical form: the same permit always gives the same bytes, and these
    /// read back to the same permit.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        canonical_json(self)
    }
}

/// The nature user a permit is given to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NatureUser {
    /// Full name.
    pub name: Bilingual,
    /// Postal address.
    pub address: Address,
    /// Number of the person.
    pub id: PersonId,
    /// Account number of the nature user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_number: Option<String>,
}

/// A postal address in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Address {
    /// Postal index.
    pub index: PostalIndex,
    /// The rest of the address.
    #[serde(flatten)]
    pub text: Bilingual,
}

/// The number of a natural or a legal person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "lowercase")]
pub enum PersonId {
    /// A legal person's or joint entrepreneurship's.
    Bin(Bin),
    /// An individual's.
    Iin(Iin),
}

impl PersonId {
    /// The twelve digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Bin(bin) => bin.as_str(),
            Self::Iin(iin) => iin.as_str(),
        }
    }
}

/// The production facility that emits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facility {
    /// Its name.
    pub name: Bilingual,
    /// Where it stands.
    pub location: Bilingual,
    /// Category of the object; unprinted, it decides on documents, term and authority.
    pub category: Category,
}

/// Category of an object by its danger, Environmental Code of 2007, article 71. For category I
/// another authority issues permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Category {
    /// Hazard class 3.
    Ii,
    /// Hazard class 4.
    Iii,
    /// Hazard class 5.
    Iv,
}

/// The conclusion of the state ecological expertise, which agreed to the limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// What the conclusion is called.
    pub conclusion_name: Bilingual,
    /// Its number.
    pub conclusion_no: String,
    /// Its date.
    #[serde(serialize_with = "date::serialize")]
    pub conclusion_date: Date,
    /// What it decided.
    pub decision: Decision,
}

/// Outcome of the expertise that a permit can rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The draft limits are agreed to (келісіледі / согласовывается).
    Agreed,
}

/// One condition of nature use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// What to do or not to do.
    #[serde(flatten)]
    pub text: Bilingual,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
    /// The body to report to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_to: Option<Bilingual>,
}

/// When a condition must have been met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Deadline {
    /// On a day: a string in the data.
    Date(#[serde(serialize_with = "date::serialize")] Date),
    /// Again and again, in words: an object `kk`, `ru` in the data.
    Rule(Bilingual),
}

/// Programmes that belong to a permit; there for categories II and III.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Attachments {
    /// The agreed plan of environmental protection measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_plan: Option<Reference>,
    /// The programme of industrial environmental control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monitoring: Option<Reference>,
}

impl Attachments {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A document named by number and date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Its number.
    pub no: String,
    /// Its date.
    #[serde(serialize_with = "date::serialize")]
    pub date: Date,
}

/// The person who signs for the issuing body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// Position held.
    pub position: Bilingual,
    /// Surname, name, and patronymic where there is one.
    pub name: Bilingual,
    /// IIN, unprinted; that of the signer's certificate must be the same.
    pub iin: Iin,
}
