use serde::Serialize;

use crate::form::annex::part::Part;
use crate::form::annex::part::printed;
use crate::form::annex::part::year_width;
use crate::form::columns::Columns;
use crate::form::settings::TableWidths;
use crate::form::settings::Words;
use crate::model::Bilingual;
use crate::model::DangerLevel;
use crate::model::Permit;
use crate::model::WastePlacement;

/// Appendix 3.
#[derive(Serialize)]
pub(in crate::form) struct Annex3<'p> {
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
    pub(in crate::form) fn new(
        permit: &'p Permit,
        widths: TableWidths,
        words: &'p Words,
    ) -> Option<Self> {
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
