use serde::Serialize;
use time::Date;

use crate::model::date;
use crate::model::document::canonical_json;
use crate::model::error::Error;
use crate::model::json;
use crate::model::limits::Totals;
use crate::model::permit::Permit;
use crate::model::permit_number::PermitNumber;
use crate::model::validity::Validity;

/// A re-issued permit: the permit as it holds from now on, and the one that it replaces.
///
/// Re-issue changes whom a permit is given to, never what is permitted: a value that came from
/// [`Reissue::from_json`] holds no longer than the permit that it replaces and has no higher limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reissue {
    /// The permit that is given out.
    #[serde(flatten)]
    pub permit: Permit,
    /// The permit that ends with it.
    pub replaces: ReplacedPermit,
    /// Why it is re-issued.
    pub reason: ReissueReason,
}

impl Reissue {
    /// Reads and checks the data of a re-issued permit.
    ///
    /// # Errors
    ///
    /// As [`Permit::from_json`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        json::read(bytes, json::reissue)
    }

    /// The data in its one canonical form.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        canonical_json(self)
    }
}

/// The permit that a re-issued one replaces, with what it permitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplacedPermit {
    /// Its series and number.
    #[serde(flatten)]
    pub number: PermitNumber,
    /// Its day of issue.
    #[serde(serialize_with = "date::serialize")]
    pub date: Date,
    /// How long it held.
    pub validity: Validity,
    /// Its limits by kind and year.
    pub totals: Totals,
}

/// Why a permit is re-issued. The wording was found in an act of 2025; what the acts of 2013 and
/// 2014 allowed is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReissueReason {
    /// Its holder has another name.
    NameChanged,
    /// Its holder has another legal form.
    LegalFormChanged,
    /// Its holder was reorganised.
    Reorganised,
    /// It has another holder.
    OperatorReplaced,
}

impl ReissueReason {
    pub(super) const WORDS: &'static [&'static str] = &[
        "name_changed",
        "legal_form_changed",
        "reorganised",
        "operator_replaced",
    ];
    pub(super) const ALL: [Self; 4] = [
        Self::NameChanged,
        Self::LegalFormChanged,
        Self::Reorganised,
        Self::OperatorReplaced,
    ];
}
