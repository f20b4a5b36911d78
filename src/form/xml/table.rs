use roxmltree::Node;

use crate::form::error::LanguageFault;
use crate::form::language::Borders;
use crate::form::language::Cell;
use crate::form::language::ColumnWidth;
use crate::form::language::Row;
use crate::form::language::Scope;
use crate::form::language::Style;
use crate::form::language::Table;
use crate::form::xml::element::Element;
use crate::form::xml::element::millimetres;
use crate::form::xml::element::yes;
use crate::form::xml::paragraph::paragraphs;
use crate::form::xml::reading::Fault;
use crate::form::xml::reading::Reader;

pub(super) fn table(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Result<Table, Fault> {
    let element = Element::new(node, &["borders", "columns", "keep"])?;
    let borders = element.require("borders", borders)?;
    let (head_style, body_style) = match borders {
        Borders::Grid => (Style::TableHead, Style::TableBody),
        Borders::None => (Style::Body, Style::Body),
    };
    let mut table = Table {
        columns: element.require("columns", columns)?,
        borders,
        head: Vec::new(),
        body: Vec::new(),
        keep_with_next: element.read("keep", false, yes)?,
    };
    let columns = table.columns.len();
    for child in element.elements()? {
        let read = match child.tag_name().name() {
            "head" => rows(
                reader,
                child,
                columns,
                head_style,
                Some(Scope::Column),
                &mut table.head,
            ),
            "body" => rows(reader, child, columns, body_style, None, &mut table.body),
            _ => Err(element.unknown(child)),
        };
        reader.note(read);
    }
    Ok(table)
}

/// Whether the cells of a row, and those that reach into it from above, fill its columns.
struct Filling {
    columns: usize,
    /// How many rows each column is covered from above.
    covered: Vec<usize>,
}

impl Filling {
    fn new(columns: usize) -> Self {
        Self {
            columns,
            covered: vec![0; columns],
        }
    }

    /// How many columns the row fills; more than there are when it has too many.
    fn row(&mut self, cells: &[Cell]) -> usize {
        let mut column = 0;
        let mut next: Vec<usize> = self
            .covered
            .iter()
            .map(|rows| rows.saturating_sub(1))
            .collect();
        let mut filled = self.covered.iter().filter(|rows| **rows > 0).count();
        for cell in cells {
            while self.covered.get(column).is_some_and(|rows| *rows > 0) {
                column += 1;
            }
            filled = filled.saturating_add(cell.column_span);
            for _ in 0..cell.column_span.min(self.columns) {
                if let Some(rows) = next.get_mut(column) {
                    *rows = cell.row_span - 1;
                }
                column += 1;
            }
        }
        self.covered = next;
        filled
    }

    /// Whether cells reach below the last row.
    fn reaches_below(&self) -> bool {
        self.covered.iter().any(|rows| *rows > 0)
    }
}

fn rows(
    reader: &mut Reader<'_>,
    node: Node<'_, '_>,
    columns: usize,
    style: Style,
    scope: Option<Scope>,
    rows: &mut Vec<Row>,
) -> Result<(), Fault> {
    let element = Element::new(node, &[])?;
    let mut filling = Filling::new(columns);
    for child in element.elements()? {
        if child.tag_name().name() != "row" {
            reader.faults.push(element.unknown(child));
            continue;
        }
        let before = reader.faults.len();
        let row = Element::new(child, &[])?;
        let mut cells = Vec::new();
        for child in row.elements()? {
            let read = cell(reader, row, child, style, scope);
            cells.extend(reader.note(read));
        }
        let filled = filling.row(&cells);
        if filled != columns && reader.faults.len() == before {
            reader
                .faults
                .push(row.fault(LanguageFault::Columns { filled, columns }));
        }
        rows.push(Row { cells });
    }
    if filling.reaches_below() {
        let element_name = element.name().to_owned();
        return Err(element.fault(LanguageFault::RowsBelow {
            element: element_name,
        }));
    }
    Ok(())
}

fn cell(
    reader: &mut Reader<'_>,
    row: Element<'_, '_>,
    node: Node<'_, '_>,
    style: Style,
    scope: Option<Scope>,
) -> Result<Cell, Fault> {
    if node.tag_name().name() != "cell" {
        return Err(row.unknown(node));
    }
    let element = Element::new(node, &["columns", "rows", "scope"])?;
    let span = |value: &str| value.parse().ok().filter(|span| *span > 0);
    let mut cell = Cell {
        column_span: element.read("columns", 1, span)?,
        row_span: element.read("rows", 1, span)?,
        scope: element.read("scope", scope, |value| {
            (value == "row").then_some(Some(Scope::Row))
        })?,
        paragraphs: Vec::new(),
    };
    for child in element.elements()? {
        let read = match child.tag_name().name() {
            "p" => paragraphs(reader, child, style, &mut cell.paragraphs),
            "caption" => paragraphs(reader, child, Style::Caption, &mut cell.paragraphs),
            _ => Err(element.unknown(child)),
        };
        reader.note(read);
    }
    Ok(cell)
}

pub(super) fn borders(value: &str) -> Option<Borders> {
    match value {
        "grid" => Some(Borders::Grid),
        "none" => Some(Borders::None),
        _ => None,
    }
}

/// `10 2* *`: millimetres, or shares of what these leave.
pub(super) fn columns(value: &str) -> Option<Vec<ColumnWidth>> {
    let widths = value.split_ascii_whitespace();
    let columns: Option<Vec<_>> = widths
        .take(MOST_COLUMNS + 1)
        .map(|width| match width.strip_suffix('*') {
            Some("") => Some(ColumnWidth::Share(1.0)),
            Some(share) => millimetres(share).map(ColumnWidth::Share),
            None => millimetres(width).map(ColumnWidth::Fixed),
        })
        .collect();
    columns.filter(|columns| columns.len() <= MOST_COLUMNS)
}

/// Columns of a table: more than a sheet has room for.
const MOST_COLUMNS: usize = 100;
