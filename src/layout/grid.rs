use std::ops::Range;

use crate::form::Cell;
use crate::form::Row;
use crate::layout::error::Error;

/// What a cell covers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Area {
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
}

/// What each cell of a head or a body covers, row by row.
///
/// # Errors
///
/// When the cells of a row do not fill the columns exactly, or one reaches beyond the last row.
pub(super) fn areas(rows: &[Row], columns: usize) -> Result<Vec<Vec<Area>>, Error> {
    // For each column, the first row that no cell from above covers.
    let mut free = vec![0; columns];
    let mut areas = Vec::with_capacity(rows.len());
    for (row, cells) in rows.iter().enumerate() {
        let mut placed: Vec<Area> = Vec::with_capacity(cells.cells.len());
        for cell in &cells.cells {
            let from = placed.last().map_or(0, |area| area.columns.end);
            let area = area(&free, row, from, cell);
            let fits = |covered: &&mut [usize]| covered.iter().all(|free| *free <= row);
            let Some(covered) = free.get_mut(area.columns.clone()).filter(fits) else {
                return Err(shape(row, area.columns.end, columns));
            };
            covered.fill(area.rows.end);
            if area.rows.end > rows.len() {
                return Err(Error::RowSpan { row: row + 1 });
            }
            placed.push(area);
        }
        let filled = free.iter().filter(|free| **free > row).count();
        if filled != columns {
            return Err(shape(row, filled, columns));
        }
        areas.push(placed);
    }
    Ok(areas)
}

/// Where a cell goes: to the first columns from one on that no cell from above covers.
fn area(free: &[usize], row: usize, from: usize, cell: &Cell) -> Area {
    let rest = free.get(from..).unwrap_or(&[]);
    let start = from + rest.iter().take_while(|free| **free > row).count();
    Area {
        rows: row..row.saturating_add(cell.row_span.max(1)),
        columns: start..start.saturating_add(cell.column_span.max(1)),
    }
}

fn shape(row: usize, filled: usize, columns: usize) -> Error {
    Error::RowShape {
        row: row + 1,
        filled,
        columns,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Align;
    use crate::layout::samples::text_cell;

    #[test]
    fn cells_go_round_those_that_reach_down_from_above() {
        let rows = [row(&[(1, 2), (2, 1)]), row(&[(1, 1), (1, 1)])];
        let areas = areas(&rows, 3).unwrap();
        assert_eq!(areas[0][0].rows, 0..2);
        assert_eq!(areas[0][1].columns, 1..3);
        assert_eq!(areas[1][0].columns, 1..2);
        assert_eq!(areas[1][1].columns, 2..3);
    }

    #[test]
    fn cells_that_lie_over_one_another_rejected() {
        let rows = [row(&[(1, 1), (1, 2), (1, 1)]), row(&[(2, 1), (1, 1)])];
        let error = areas(&rows, 3).unwrap_err();
        assert!(matches!(error, Error::RowShape { row: 2, .. }), "{error}");
    }

    #[test]
    fn span_beyond_all_counting_rejected() {
        let error = areas(&[row(&[(usize::MAX, 1), (usize::MAX, 1)])], 3).unwrap_err();
        assert!(matches!(error, Error::RowShape { row: 1, .. }), "{error}");
        let error = areas(&[row(&[(1, usize::MAX)])], 1).unwrap_err();
        assert_eq!(error, Error::RowSpan { row: 1 });
    }

    /// Cells that cover so many columns and rows.
    fn row(spans: &[(usize, usize)]) -> Row {
        let cell = |&(column_span, row_span): &(usize, usize)| Cell {
            column_span,
            row_span,
            ..text_cell(Align::Left, "")
        };
        Row {
            cells: spans.iter().map(cell).collect(),
        }
    }
}
