use std::ops::Range;

use serde::Serialize;

use crate::form::annex::part::Part;
use crate::form::annex::part::printed;
use crate::form::annex::part::sum;
use crate::form::annex::part::width_of_all;
use crate::form::annex::part::year_width;
use crate::form::columns::Columns;
use crate::form::error::Error;
use crate::form::settings::TableWidths;
use crate::model::Bilingual;
use crate::model::Discharge;
use crate::model::Outlet;
use crate::model::Permit;
use crate::model::Yearly;

/// Appendix 2.
#[derive(Serialize)]
pub(in crate::form) struct Annex2<'p> {
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
    pub(in crate::form) fn new(
        permit: &'p Permit,
        widths: TableWidths,
    ) -> Result<Option<Self>, Error> {
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

/// Millimetres for the head «Концентрациясы».
const MG_DM3_HEAD: f32 = 29.0;
