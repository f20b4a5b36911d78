//! The limits of a permit: the totals of its main sheet and the rows of appendices 1–4.

use serde::Serialize;

use crate::model::bilingual::Bilingual;
use crate::model::digits::SubstanceCode;
use crate::model::quantity::CubicMetresPerHour;
use crate::model::quantity::Gps;
use crate::model::quantity::GramsPerHour;
use crate::model::quantity::MgPerDm3;
use crate::model::quantity::ThousandCubicMetresPerYear;
use crate::model::yearly::Yearly;

/// What a permit allows: the amounts of its main sheet, and the rows of appendices 1 to 4 that they
/// sum up. An application asks for the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Amounts by kind and year; at least one kind.
    pub totals: Totals,
    /// Appendix 1, emissions into the air; empty when `totals.air` is absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annex1: Vec<AirEmission>,
    /// Appendix 2, discharges; empty when `totals.discharge` is absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annex2: Vec<Outlet>,
    /// Appendix 3, placement of waste; empty when `totals.waste` is absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annex3: Vec<WastePlacement>,
    /// Appendix 4, placement of sulfur; empty when `totals.sulfur` is absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annex4: Vec<SulfurPlacement>,
}

/// Limits of each kind by year. A year's total equals the sum of its appendix rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Emissions into the air.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub air: Option<Yearly>,
    /// Discharges of waste water.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discharge: Option<Yearly>,
    /// Placement of production and consumption waste.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waste: Option<Yearly>,
    /// Placement of sulfur.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sulfur: Option<Yearly>,
}

/// A row of appendix 1: one substance emitted into the air.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AirEmission {
    /// Number of the source; without it the row stands for the whole plant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_no: Option<String>,
    /// Code of the substance.
    pub code: SubstanceCode,
    /// Name of the substance.
    pub name: Bilingual,
    /// Power of the emission.
    pub gps: Gps,
    /// Limit of each year.
    pub tonnes: Yearly,
}

/// One outlet of appendix 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outlet {
    /// Number of the outlet.
    pub outlet: String,
    /// What receives the waste water.
    pub receiver: Bilingual,
    /// Flow of waste water an hour.
    pub m3_h: CubicMetresPerHour,
    /// Volume of waste water a year.
    pub thousand_m3_year: ThousandCubicMetresPerYear,
    /// What is discharged.
    pub rows: Vec<Discharge>,
}

/// A row of appendix 2: one substance discharged through an outlet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Discharge {
    /// Name of the substance.
    pub name: Bilingual,
    /// Its concentration.
    pub mg_dm3: MgPerDm3,
    /// Mass an hour.
    pub g_h: GramsPerHour,
    /// Limit of each year.
    pub tonnes: Yearly,
}

/// A row of appendix 3: one waste.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WastePlacement {
    /// Name of the waste.
    pub name: Bilingual,
    /// Code in the waste classifier.
    pub code: String,
    /// Level of danger.
    pub level: DangerLevel,
    /// Limit of each year.
    pub tonnes: Yearly,
    /// Where it is placed.
    pub place: Bilingual,
}

/// Level of danger of a waste.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DangerLevel {
    /// Жасыл / зеленый.
    Green,
    /// Янтарь / янтарный.
    Amber,
    /// Қызыл / красный.
    Red,
}

/// A row of appendix 4: one sulfur map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SulfurPlacement {
    /// Number of the sulfur map.
    pub map: String,
    /// How the sulfur lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<SulfurForm>,
    /// Limit of each year.
    pub tonnes: Yearly,
    /// Where the map is.
    pub place: Bilingual,
}

/// How sulfur is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SulfurForm {
    /// In the open.
    Open,
    /// Under cover.
    Closed,
}
