use serde::Serialize;
use time::Date;

use crate::model::bilingual::Bilingual;
use crate::model::date;
use crate::model::document::canonical_json;
use crate::model::error::Error;
use crate::model::json;
use crate::model::party::Developer;
use crate::model::party::Party;
use crate::model::party::Provider;
use crate::model::permit::Category;
use crate::model::permit::Signatory;

/// A conclusion of the state ecological expertise (мемлекеттік экологиялық сараптама қорытындысы /
/// заключение государственной экологической экспертизы).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conclusion {
    /// Name of the edition of forms it is printed on.
    pub edition: String,
    /// Its number.
    pub number: String,
    /// Day of issue.
    #[serde(serialize_with = "date::serialize")]
    pub issue_date: Date,
    /// The body that made the expertise.
    pub provider: Provider,
    /// What was looked at.
    pub object: ExpertiseObject,
    /// Who ordered the materials.
    pub customer: Party,
    /// Who worked them out.
    pub developer: Developer,
    /// What was handed in; at least one.
    pub submitted: Vec<Bilingual>,
    /// When it came in, which begins the term of thirty days.
    pub received: Receipt,
    /// Category of the object.
    pub category: Category,
    /// General information.
    pub general_info: Bilingual,
    /// Assessment of the impact on air, water, soil, and of waste.
    pub assessment: Bilingual,
    /// Remarks and proposals; at least one when the expertise did not agree.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Bilingual>,
    /// What the expertise decided.
    pub decision: ExpertiseDecision,
    /// Who signs it: the head of the department.
    pub signatory: Signatory,
}

impl Conclusion {
    /// Reads and checks the data of a conclusion.
    ///
    /// # Errors
    ///
    /// When the bytes are no UTF-8 or no JSON, and with all problems at once when the data breaks
    /// the rules of the form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        json::read(bytes, json::conclusion)
    }

    /// The data in its one canonical form.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        canonical_json(self)
    }
}

/// What the expertise looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpertiseObject {
    /// Its name.
    pub name: Bilingual,
    /// What kind of materials it is.
    pub kind: ObjectKind,
}

/// Kinds of materials that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// Draft standards of emissions.
    EmissionStandards,
    /// Materials of the assessment of impact on the environment.
    ImpactAssessment,
    /// A working design.
    WorkingProject,
}

impl ObjectKind {
    pub(super) const WORDS: &'static [&'static str] =
        &["emission_standards", "impact_assessment", "working_project"];
    pub(super) const ALL: [Self; 3] = [
        Self::EmissionStandards,
        Self::ImpactAssessment,
        Self::WorkingProject,
    ];
}

/// How materials came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The day.
    #[serde(serialize_with = "date::serialize")]
    pub date: Date,
    /// Incoming number.
    pub no: String,
}

/// What the expertise decides; without the first no project may be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpertiseDecision {
    /// Келісіледі / согласовывается.
    Agreed,
    /// Келісілмейді / не согласовывается.
    NotAgreed,
}

impl ExpertiseDecision {
    pub(super) const WORDS: &'static [&'static str] = &["agreed", "not_agreed"];
    pub(super) const ALL: [Self; 2] = [Self::Agreed, Self::NotAgreed];
}
