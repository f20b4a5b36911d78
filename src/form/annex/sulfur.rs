use serde::Serialize;

use crate::form::annex::part::Part;
use crate::form::annex::part::printed;
use crate::form::annex::part::year_width;
use crate::form::columns::Columns;
use crate::form::settings::TableWidths;
use crate::form::settings::Words;
use crate::model::Bilingual;
use crate::model::Permit;
use crate::model::SulfurForm;
use crate::model::SulfurPlacement;

/// Appendix 4.
#[derive(Serialize)]
pub(in crate::form) struct Annex4<'p> {
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
    pub(in crate::form) fn new(
        permit: &'p Permit,
        widths: TableWidths,
        words: &'p Words,
    ) -> Option<Self> {
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
