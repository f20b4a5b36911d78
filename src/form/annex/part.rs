use std::ops::Range;

use serde::Serialize;

use crate::form::columns::width_of;
use crate::form::error::Error;
use crate::model::Quantity;
use crate::model::Yearly;

/// One table of some consecutive years.
#[derive(Serialize)]
pub(super) struct Part<R> {
    years: Vec<u16>,
    years_count: usize,
    year_width: f32,
    rows: Vec<R>,
    totals: Vec<String>,
}

impl<R> Part<R> {
    pub(super) fn new(total: &Yearly, range: &Range<usize>, year_width: f32, rows: Vec<R>) -> Self {
        Self {
            years: total.years().skip(range.start).take(range.len()).collect(),
            years_count: range.len(),
            year_width,
            rows,
            totals: printed(total, range),
        }
    }
}

pub(super) fn printed(yearly: &Yearly, range: &Range<usize>) -> Vec<String> {
    yearly
        .iter()
        .skip(range.start)
        .take(range.len())
        .map(|(_, amount)| amount.printed())
        .collect()
}

pub(super) fn year_width<'p>(total: &'p Yearly, rows: impl Iterator<Item = &'p Yearly>) -> f32 {
    width_of_all(
        rows.chain([total])
            .flat_map(Yearly::iter)
            .map(|(_, amount)| amount.printed()),
    )
}

pub(super) fn width_of_all(figures: impl Iterator<Item = String>) -> f32 {
    figures
        .map(|figure| width_of([figure.as_str()]))
        .fold(0.0, f32::max)
}

pub(super) fn sum<U: Copy>(
    amounts: impl Iterator<Item = Quantity<U>>,
    annex: &'static str,
) -> Result<Quantity<U>, Error> {
    amounts
        .into_iter()
        .try_fold(Quantity::ZERO, Quantity::checked_add)
        .ok_or(Error::SumTooLarge { annex })
}
