use roxmltree::Node;

use crate::form::error::LanguageFault;
use crate::form::language::Block;
use crate::form::language::Borders;
use crate::form::language::Cell;
use crate::form::language::ColumnWidth;
use crate::form::language::Item;
use crate::form::language::Lang;
use crate::form::language::List;
use crate::form::language::Marks;
use crate::form::language::Row;
use crate::form::language::Scope;
use crate::form::language::Style;
use crate::form::language::Table;
use crate::form::xml::element::Element;
use crate::form::xml::element::millimetres;
use crate::form::xml::paragraph::paragraphs;
use crate::form::xml::reading::BOTH;
use crate::form::xml::reading::Fault;
use crate::form::xml::reading::Reader;
use crate::form::xml::table;

pub(super) fn block(
    reader: &mut Reader<'_>,
    parent: Element<'_, '_>,
    node: Node<'_, '_>,
    blocks: &mut Vec<Block>,
) -> Result<(), Fault> {
    if node.ancestors().take(DEEPEST + 1).count() > DEEPEST {
        return Err(parent.fault(LanguageFault::TooDeep { most: DEEPEST }));
    }
    let style = match node.tag_name().name() {
        "bar" => {
            let share = Element::new(node, &["percent"])?.require("percent", share)?;
            blocks.push(Block::Bar(share));
            return Ok(());
        }
        "grid" => {
            blocks.push(Block::Table(grid(reader, node)?));
            return Ok(());
        }
        "group" => return group(reader, node, blocks),
        "list" => {
            blocks.push(Block::List(list(reader, node)?));
            return Ok(());
        }
        "signature" => {
            let mut inside = Vec::new();
            inner(reader, Element::new(node, &[])?, &mut inside)?;
            blocks.push(Block::Signature(inside));
            return Ok(());
        }
        "space" => {
            let mm = Element::new(node, &["mm"])?.require("mm", millimetres)?;
            blocks.push(Block::Space(mm));
            return Ok(());
        }
        "table" => {
            blocks.push(Block::Table(table::table(reader, node)?));
            return Ok(());
        }
        "twin" => {
            blocks.push(Block::Table(twin(reader, node)?));
            return Ok(());
        }
        "p" => Style::Body,
        "h1" => Style::Title,
        "h2" => Style::Heading,
        "h3" => Style::Subheading,
        "caption" => Style::Caption,
        _ => return Err(parent.unknown(node)),
    };
    let mut lines = Vec::new();
    paragraphs(reader, node, style, &mut lines)?;
    blocks.extend(lines.into_iter().map(Block::Paragraph));
    Ok(())
}

fn inner(
    reader: &mut Reader<'_>,
    element: Element<'_, '_>,
    blocks: &mut Vec<Block>,
) -> Result<(), Fault> {
    for child in element.elements()? {
        let read = block(reader, element, child, blocks);
        reader.note(read);
    }
    Ok(())
}

/// A group once, or once in each language.
fn group(
    reader: &mut Reader<'_>,
    node: Node<'_, '_>,
    blocks: &mut Vec<Block>,
) -> Result<(), Fault> {
    let element = Element::new(node, &["languages"])?;
    let langs = reader.langs;
    let turns: Vec<&'static [Lang]> =
        element.read("languages", vec![langs], |value| match value {
            "apart" => Some(langs.chunks(1).collect()),
            "both" => Some(vec![BOTH]),
            _ => None,
        })?;
    for langs in turns {
        let mut group = Vec::new();
        let mut read = Ok(());
        reader.in_langs(langs, |reader| read = inner(reader, element, &mut group));
        read?;
        blocks.push(Block::Group(group));
    }
    Ok(())
}

fn list(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Result<List, Fault> {
    let element = Element::new(node, &["marks"])?;
    let marks = element.require("marks", |value| match value {
        "1." => Some(Marks::Number),
        "1)" => Some(Marks::Parenthesis),
        "dash" => Some(Marks::Dash),
        "none" => Some(Marks::None),
        _ => None,
    })?;
    let mut items = Vec::new();
    for (child, number) in element.elements()?.into_iter().zip(1u32..) {
        let mut lines = Vec::new();
        let read = item(reader, element, child, &mut lines);
        reader.note(read);
        items.push(Item {
            mark: match marks {
                Marks::Dash => "–".to_owned(),
                Marks::None => String::new(),
                Marks::Number => format!("{number}."),
                Marks::Parenthesis => format!("{number})"),
            },
            paragraphs: lines,
        });
    }
    Ok(List { marks, items })
}

fn item(
    reader: &mut Reader<'_>,
    list: Element<'_, '_>,
    node: Node<'_, '_>,
    lines: &mut Vec<crate::form::language::Paragraph>,
) -> Result<(), Fault> {
    if node.tag_name().name() != "item" {
        return Err(list.unknown(node));
    }
    let element = Element::new(node, &[])?;
    for child in element.elements()? {
        let read = match child.tag_name().name() {
            "p" => paragraphs(reader, child, Style::Body, lines),
            _ => Err(element.unknown(child)),
        };
        reader.note(read);
    }
    Ok(())
}

/// Names on the left and values on the right: a table whose rows have heads.
fn grid(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Result<Table, Fault> {
    let element = Element::new(node, &["borders", "columns"])?;
    let borders = element.read("borders", Borders::None, table::borders)?;
    let columns = element.require("columns", |value| {
        table::columns(value).filter(|columns| columns.len() == 2)
    })?;
    let mut body = Vec::new();
    for child in element.elements()? {
        let read = entry(reader, element, child);
        body.extend(reader.note(read));
    }
    Ok(Table {
        columns,
        borders,
        head: Vec::new(),
        body,
        keep_with_next: false,
    })
}

fn entry(reader: &mut Reader<'_>, grid: Element<'_, '_>, node: Node<'_, '_>) -> Result<Row, Fault> {
    if node.tag_name().name() != "entry" {
        return Err(grid.unknown(node));
    }
    let element = Element::new(node, &[])?;
    let (mut key, mut values) = (Vec::new(), Vec::new());
    for child in element.elements()? {
        let read = match child.tag_name().name() {
            "key" if key.is_empty() => paragraphs(reader, child, Style::Body, &mut key),
            "p" => paragraphs(reader, child, Style::Body, &mut values),
            _ => Err(element.unknown(child)),
        };
        reader.note(read);
    }
    let missing = |element_name| {
        element.fault(LanguageFault::MissingElement {
            parent: "entry".to_owned(),
            element: element_name,
        })
    };
    if key.is_empty() && reader.faults.is_empty() {
        return Err(missing("key"));
    }
    if values.is_empty() && reader.faults.is_empty() {
        return Err(missing("p"));
    }
    let cell = |paragraphs, scope| Cell {
        column_span: 1,
        row_span: 1,
        scope,
        paragraphs,
    };
    Ok(Row {
        cells: vec![cell(key, Some(Scope::Row)), cell(values, None)],
    })
}

/// The two languages in columns side by side.
fn twin(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Result<Table, Fault> {
    let element = Element::new(node, &[])?;
    let children = element.elements()?;
    let mut lines = Vec::new();
    reader.in_langs(BOTH, |reader| {
        for child in children {
            let read = match child.tag_name().name() {
                "p" => paragraphs(reader, child, Style::Body, &mut lines),
                "h1" => paragraphs(reader, child, Style::Title, &mut lines),
                "caption" => paragraphs(reader, child, Style::Caption, &mut lines),
                _ => Err(element.unknown(child)),
            };
            reader.note(read);
        }
    });
    let (kk, ru) = lines
        .into_iter()
        .partition(|paragraph| paragraph.lang == Lang::Kk);
    let cell = |paragraphs| Cell {
        column_span: 1,
        row_span: 1,
        scope: None,
        paragraphs,
    };
    Ok(Table {
        columns: vec![
            ColumnWidth::Share(1.0),
            ColumnWidth::Fixed(GUTTER),
            ColumnWidth::Share(1.0),
        ],
        borders: Borders::None,
        head: Vec::new(),
        body: vec![Row {
            cells: vec![cell(kk), cell(Vec::new()), cell(ru)],
        }],
        keep_with_next: false,
    })
}

/// Millimetres between the two columns of a letterhead: less, and readers of the text take its lines
/// across both.
const GUTTER: f32 = 12.0;

/// A percentage as a share; a decimal comma is as good as a point.
fn share(value: &str) -> Option<f32> {
    let percent: f32 = value.replace(',', ".").parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent / 100.0)
}

/// Elements inside one another.
const DEEPEST: usize = 24;
