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
use crate::model::AirEmission;
use crate::model::Bilingual;
use crate::model::Permit;

/// Appendix 1.
#[derive(Serialize)]
pub(in crate::form) struct Annex1<'p> {
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
    pub(in crate::form) fn new(
        permit: &'p Permit,
        widths: TableWidths,
    ) -> Result<Option<Self>, Error> {
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
