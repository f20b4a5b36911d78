//! How the columns of an appendix's table share a sheet.

use std::ops::Range;

use crate::form::settings::TableSettings;

/// Where the years of a table go.
pub(super) struct Columns {
    /// `portrait` or `landscape`.
    pub(super) orientation: &'static str,
    /// Years of each table by their place: one table, or several when one sheet is too narrow.
    pub(super) parts: Vec<Range<usize>>,
}

impl Columns {
    /// Divides `years` columns of `year_width` beside `figures` millimetres of other figures.
    pub(super) fn new(widths: &TableSettings, figures: f32, year_width: f32, years: usize) -> Self {
        let fit = |sheet: f32| {
            let room = sheet - widths.fixed - widths.text - figures;
            // The cast saturates: no room is no year.
            (room / year_width) as usize
        };
        let (orientation, parts) = match years <= fit(PORTRAIT) {
            true => ("portrait", 1),
            false => ("landscape", years.div_ceil(fit(LANDSCAPE).max(1))),
        };
        let each = years.div_ceil(parts.max(1)).max(1);
        Self {
            orientation,
            parts: (0..years)
                .step_by(each)
                .map(|first| first..(first + each).min(years))
                .collect(),
        }
    }
}

/// Millimetres that a column must have for its widest figure to stand on one line.
pub(super) fn width_of<'f>(figures: impl IntoIterator<Item = &'f str>) -> f32 {
    figures
        .into_iter()
        .map(|figure| {
            let digits = figure.bytes().filter(u8::is_ascii_digit).count();
            let others = figure.chars().count() - digits;
            digits as f32 * DIGIT + others as f32 * OTHER
        })
        .fold(LEAST_FIGURE, f32::max)
        .ceil()
        + PADDING
}

/// Text area of a sheet set upright, millimetres.
const PORTRAIT: f32 = 175.0;
/// Text area of a sheet set across, millimetres.
const LANDSCAPE: f32 = 262.0;
/// A digit of Liberation Serif at 9 points, regular and bold alike: half its size.
const DIGIT: f32 = 1.6;
/// A comma or a space: a quarter of the size.
const OTHER: f32 = 0.8;
/// Four digits, the year in the head.
const LEAST_FIGURE: f32 = 8.0;
/// White space on both sides of a cell.
const PADDING: f32 = 3.0;

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTHS: &TableSettings = &TableSettings {
        rows: String::new(),
        total: String::new(),
        figures: Vec::new(),
        fixed: 37.0,
        text: 56.0,
    };

    #[test]
    fn narrow_years_stand_upright_and_wide_ones_lie_across() {
        for (year_width, orientation) in [(13.0, "portrait"), (23.0, "landscape")] {
            let columns = Columns::new(WIDTHS, 15.0, year_width, 5);
            assert_eq!(columns.orientation, orientation);
            assert_eq!((columns.parts.len(), &columns.parts[0]), (1, &(0..5)));
        }
    }

    #[test]
    fn too_many_years_go_into_tables_of_like_size() {
        let columns = Columns::new(WIDTHS, 22.0, 23.0, 10);
        assert_eq!(columns.parts, [0..5, 5..10]);
    }

    #[test]
    fn years_wider_than_a_sheet_get_a_table_each() {
        let columns = Columns::new(WIDTHS, 58.0, 400.0, 3);
        assert_eq!(columns.parts, [0..1, 1..2, 2..3]);
    }

    #[test]
    fn the_widest_figure_counts() {
        assert_eq!(width_of(["1,5", "327,663390400"]), 23.0);
        assert_eq!(width_of([]), 11.0);
    }
}
