use roxmltree::Node;

use crate::form::language::Borders;
use crate::form::language::Cell;
use crate::form::language::ColumnWidth;
use crate::form::language::Row;
use crate::form::language::Scope;
use crate::form::language::Style;
use crate::form::language::Table;
use crate::form::xml::element::Element;
use crate::form::xml::element::millimetres;
use crate::form::xml::paragraph::paragraphs;
use crate::form::xml::reading::Fault;
use crate::form::xml::reading::Reader;

pub(super) fn table(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Result<Table, Fault> {
    let element = Element::new(node, &["borders", "columns"])?;
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
    };
    for child in element.elements()? {
        let read = match child.tag_name().name() {
            "head" => rows(
                reader,
                child,
                head_style,
                Some(Scope::Column),
                &mut table.head,
            ),
            "body" => rows(reader, child, body_style, None, &mut table.body),
            _ => Err(element.unknown(child)),
        };
        reader.note(read);
    }
    Ok(table)
}

fn rows(
    reader: &mut Reader<'_>,
    node: Node<'_, '_>,
    style: Style,
    scope: Option<Scope>,
    rows: &mut Vec<Row>,
) -> Result<(), Fault> {
    let element = Element::new(node, &[])?;
    for child in element.elements()? {
        if child.tag_name().name() != "row" {
            reader.faults.push(element.unknown(child));
            continue;
        }
        let row = Element::new(child, &[])?;
        let mut cells = Vec::new();
        for child in row.elements()? {
            let read = cell(reader, row, child, style, scope);
            cells.extend(reader.note(read));
        }
        rows.push(Row { cells });
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
    value
        .split_ascii_whitespace()
        .map(|width| match width.strip_suffix('*') {
            Some("") => Some(ColumnWidth::Share(1.0)),
            Some(share) => millimetres(share).map(ColumnWidth::Share),
            None => millimetres(width).map(ColumnWidth::Fixed),
        })
        .collect()
}
