//! The tables of the appendices, divided into parts that fit a sheet.

use std::ops::Range;

use serde::Serialize;

use crate::form::columns::Columns;
use crate::form::columns::width_of;
use crate::form::context::printed_date;
use crate::form::error::Error;
use crate::form::settings::TableWidths;
use crate::form::settings::Words;
use crate::model::AirEmission;
use crate::model::Bilingual;
use crate::model::Condition;
use crate::model::DangerLevel;
use crate::model::Deadline;
use crate::model::Discharge;
use crate::model::Outlet;
use crate::model::Permit;
use crate::model::Quantity;
use crate::model::SulfurForm;
use crate::model::SulfurPlacement;
use crate::model::WastePlacement;
use crate::model::Yearly;

/// One table of some consecutive years.
#[derive(Serialize)]
struct Part<R> {
    years: Vec<u16>,
    years_count: usize,
    year_width: f32,
    rows: Vec<R>,
    totals: Vec<String>,
}

impl<R> Part<R> {
    fn new(total: &Yearly, range: &Range<usize>, year_width: f32, rows: Vec<R>) -> Self {
        Self {
            years: total.years().skip(range.start).take(range.len()).collect(),
            years_count: range.len(),
            year_width,
            rows,
            totals: printed(total, range),
        }
    }
}

/// Appendix 1.
#[derive(Serialize)]
pub(super) struct Annex1<'p> {
    orientation: &'static str,
    parts: Vec<AirPart<'p>>,
}

#[derive(Serialize)]
struct AirPart<'p> {
    #[serde(flatten)]
    part: Part<AirRow<'p>>,
    gps_width: f32,
    gps_total: String,
}

#[derive(Serialize)]
struct AirRow<'p> {
    number: usize,
    source_no: Option<&'p str>,
    code: &'p str,
    name: &'p Bilingual,
    gps: String,
    tonnes: Vec<String>,
}

impl<'p> Annex1<'p> {
    pub(super) fn new(permit: &'p Permit, widths: TableWidths) -> Result<Option<Self>, Error> {
        let Some(total) = &permit.totals.air else {
            return Ok(None);
        };
        let rows = &permit.annex1;
        let gps_total = sum(rows.iter().map(|row| row.gps), "/annex1")?.printed();
        let gps_width = width_of_all(
            rows.iter()
                .map(|row| row.gps.printed())
                .chain([gps_total.clone()]),
        );
        let year_width = year_width(total, rows.iter().map(|row| &row.tonnes));
        let columns = Columns::new(widths, gps_width, year_width, total.years().len());
        let part = |range: &Range<usize>| AirPart {
            part: Part::new(total, range, year_width, air_rows(rows, range)),
            gps_width,
            gps_total: gps_total.clone(),
        };
        Ok(Some(Self {
            orientation: columns.orientation,
            parts: columns.parts.iter().map(part).collect(),
        }))
    }
}

fn air_rows<'p>(rows: &'p [AirEmission], range: &Range<usize>) -> Vec<AirRow<'p>> {
    rows.iter()
        .zip(1..)
        .map(|(row, number)| AirRow {
            number,
            source_no: row.source_no.as_deref(),
            code: row.code.as_str(),
            name: &row.name,
            gps: row.gps.printed(),
            tonnes: printed(&row.tonnes, range),
        })
        .collect()
}

/// Appendix 2.
#[derive(Serialize)]
pub(super) struct Annex2<'p> {
    orientation: &'static str,
    outlets: Vec<OutletContext<'p>>,
    /// What all outlets sum to, when there are several.
    sums: Vec<Part<()>>,
}

#[derive(Serialize)]
struct OutletContext<'p> {
    outlet: &'p str,
    receiver: &'p Bilingual,
    m3_h: String,
    thousand_m3_year: String,
    parts: Vec<DischargePart<'p>>,
}

#[derive(Serialize)]
struct DischargePart<'p> {
    #[serde(flatten)]
    part: Part<DischargeRow<'p>>,
    mg_dm3_width: f32,
    g_h_width: f32,
}

#[derive(Serialize)]
struct DischargeRow<'p> {
    name: &'p Bilingual,
    mg_dm3: String,
    g_h: String,
    tonnes: Vec<String>,
}

impl<'p> Annex2<'p> {
    pub(super) fn new(permit: &'p Permit, widths: TableWidths) -> Result<Option<Self>, Error> {
        let Some(total) = &permit.totals.discharge else {
            return Ok(None);
        };
        let outlets = &permit.annex2;
        let rows = || outlets.iter().flat_map(|outlet| &outlet.rows);
        let year_width = year_width(total, rows().map(|row| &row.tonnes));
        let mg_dm3_width = width_of_all(rows().map(|row| row.mg_dm3.printed())).max(MG_DM3_HEAD);
        let g_h_width = width_of_all(rows().map(|row| row.g_h.printed()));
        let years = total.years().len();
        let columns = Columns::new(widths, mg_dm3_width + g_h_width, year_width, years);
        let context = |outlet: &'p Outlet| -> Result<OutletContext<'p>, Error> {
            let total = match outlets.len() {
                1 => total.clone(),
                _ => outlet_total(outlet, total)?,
            };
            let part = |range: &Range<usize>| DischargePart {
                part: Part::new(
                    &total,
                    range,
                    year_width,
                    discharge_rows(&outlet.rows, range),
                ),
                mg_dm3_width,
                g_h_width,
            };
            Ok(OutletContext {
                outlet: &outlet.outlet,
                receiver: &outlet.receiver,
                m3_h: outlet.m3_h.printed(),
                thousand_m3_year: outlet.thousand_m3_year.printed(),
                parts: columns.parts.iter().map(part).collect(),
            })
        };
        let sums = match outlets.len() {
            1 => Vec::new(),
            _ => columns
                .parts
                .iter()
                .map(|range| Part::new(total, range, year_width, Vec::new()))
                .collect(),
        };
        Ok(Some(Self {
            orientation: columns.orientation,
            outlets: outlets.iter().map(context).collect::<Result<_, _>>()?,
            sums,
        }))
    }
}

/// Sum of one outlet's rows by year.
fn outlet_total(outlet: &Outlet, years: &Yearly) -> Result<Yearly, Error> {
    let by_year = years
        .years()
        .enumerate()
        .map(|(index, year)| {
            let amounts = outlet
                .rows
                .iter()
                .filter_map(|row| row.tonnes.iter().nth(index))
                .map(|(_, amount)| amount);
            Ok((year, sum(amounts, "/annex2")?))
        })
        .collect::<Result<_, Error>>()?;
    Ok(Yearly::new(&by_year).expect("the years of another Yearly"))
}

fn discharge_rows<'p>(rows: &'p [Discharge], range: &Range<usize>) -> Vec<DischargeRow<'p>> {
    rows.iter()
        .map(|row| DischargeRow {
            name: &row.name,
            mg_dm3: row.mg_dm3.printed(),
            g_h: row.g_h.printed(),
            tonnes: printed(&row.tonnes, range),
        })
        .collect()
}

/// Appendix 3.
#[derive(Serialize)]
pub(super) struct Annex3<'p> {
    orientation: &'static str,
    parts: Vec<Part<WasteRow<'p>>>,
}

#[derive(Serialize)]
struct WasteRow<'p> {
    name: &'p Bilingual,
    code: &'p str,
    level: &'p Bilingual,
    place: &'p Bilingual,
    tonnes: Vec<String>,
}

impl<'p> Annex3<'p> {
    pub(super) fn new(permit: &'p Permit, widths: TableWidths, words: &'p Words) -> Option<Self> {
        let total = permit.totals.waste.as_ref()?;
        let year_width = year_width(total, permit.annex3.iter().map(|row| &row.tonnes));
        let columns = Columns::new(widths, 0.0, year_width, total.years().len());
        let row = |row: &'p WastePlacement, range| WasteRow {
            name: &row.name,
            code: &row.code,
            level: match row.level {
                DangerLevel::Amber => &words.amber,
                DangerLevel::Green => &words.green,
                DangerLevel::Red => &words.red,
            },
            place: &row.place,
            tonnes: printed(&row.tonnes, range),
        };
        let part = |range| {
            let rows = permit
                .annex3
                .iter()
                .map(|waste| row(waste, range))
                .collect();
            Part::new(total, range, year_width, rows)
        };
        Some(Self {
            orientation: columns.orientation,
            parts: columns.parts.iter().map(part).collect(),
        })
    }
}

/// Appendix 4.
#[derive(Serialize)]
pub(super) struct Annex4<'p> {
    orientation: &'static str,
    parts: Vec<Part<SulfurRow<'p>>>,
}

#[derive(Serialize)]
struct SulfurRow<'p> {
    map: &'p str,
    place: &'p Bilingual,
    form: Option<&'p Bilingual>,
    tonnes: Vec<String>,
}

impl<'p> Annex4<'p> {
    pub(super) fn new(permit: &'p Permit, widths: TableWidths, words: &'p Words) -> Option<Self> {
        let total = permit.totals.sulfur.as_ref()?;
        let year_width = year_width(total, permit.annex4.iter().map(|row| &row.tonnes));
        let columns = Columns::new(widths, 0.0, year_width, total.years().len());
        let row = |row: &'p SulfurPlacement, range| SulfurRow {
            map: &row.map,
            place: &row.place,
            form: row.form.map(|form| match form {
                SulfurForm::Closed => &words.sulfur_closed,
                SulfurForm::Open => &words.sulfur_open,
            }),
            tonnes: printed(&row.tonnes, range),
        };
        let part = |range| {
            let rows = permit
                .annex4
                .iter()
                .map(|sulfur| row(sulfur, range))
                .collect();
            Part::new(total, range, year_width, rows)
        };
        Some(Self {
            orientation: columns.orientation,
            parts: columns.parts.iter().map(part).collect(),
        })
    }
}

/// A row of appendix 5.
#[derive(Serialize)]
pub(super) struct ConditionRow<'p> {
    number: usize,
    text: &'p Bilingual,
    deadline_date: Option<String>,
    deadline_rule: Option<&'p Bilingual>,
    has_deadline: bool,
    report_to: Option<&'p Bilingual>,
}

impl<'p> ConditionRow<'p> {
    pub(super) fn all(permit: &'p Permit) -> Vec<Self> {
        let row = |(condition, number): (&'p Condition, usize)| {
            let (deadline_date, deadline_rule) = match &condition.deadline {
                Some(Deadline::Date(date)) => (Some(printed_date(*date)), None),
                Some(Deadline::Rule(rule)) => (None, Some(rule)),
                None => (None, None),
            };
            Self {
                number,
                text: &condition.text,
                deadline_date,
                deadline_rule,
                has_deadline: condition.deadline.is_some(),
                report_to: condition.report_to.as_ref(),
            }
        };
        permit.annex5.iter().zip(1..).map(row).collect()
    }
}

fn printed(yearly: &Yearly, range: &Range<usize>) -> Vec<String> {
    yearly
        .iter()
        .skip(range.start)
        .take(range.len())
        .map(|(_, amount)| amount.printed())
        .collect()
}

fn year_width<'p>(total: &'p Yearly, rows: impl Iterator<Item = &'p Yearly>) -> f32 {
    width_of_all(
        rows.chain([total])
            .flat_map(Yearly::iter)
            .map(|(_, amount)| amount.printed()),
    )
}

fn width_of_all(figures: impl Iterator<Item = String>) -> f32 {
    figures
        .map(|figure| width_of([figure.as_str()]))
        .fold(0.0, f32::max)
}

fn sum<U: Copy>(
    amounts: impl Iterator<Item = Quantity<U>>,
    annex: &'static str,
) -> Result<Quantity<U>, Error> {
    amounts
        .into_iter()
        .try_fold(Quantity::ZERO, Quantity::checked_add)
        .ok_or(Error::SumTooLarge { annex })
}

/// Millimetres for the head «Концентрациясы».
const MG_DM3_HEAD: f32 = 29.0;
