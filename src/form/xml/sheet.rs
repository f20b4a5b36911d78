use roxmltree::Document;
use roxmltree::Node;

use crate::form::error::Error;
use crate::form::error::LanguageFault;
use crate::form::language::Block;
use crate::form::language::Borders;
use crate::form::language::Cell;
use crate::form::language::ColumnWidth;
use crate::form::language::FilledForm;
use crate::form::language::Inline;
use crate::form::language::Lang;
use crate::form::language::Orientation;
use crate::form::language::Paragraph;
use crate::form::language::Row;
use crate::form::language::Scope;
use crate::form::language::Sheet;
use crate::form::language::Style;
use crate::form::language::Table;
use crate::form::options::Language;
use crate::form::xml::element::Element;
use crate::form::xml::element::millimetres;
use crate::form::xml::paragraph::bilingual;
use crate::form::xml::paragraph::inlines;
use crate::form::xml::paragraph::paragraphs;

/// A filled template, in the languages asked for.
pub(in crate::form) fn parse(text: &str, language: Language) -> Result<FilledForm, Error> {
    let document = Document::parse(text)?;
    let form = Element::new(document.root_element(), &[])?;
    let langs = language.langs();
    let (mut title, mut watermark, mut sheets) = (None, None, Vec::new());
    for child in form.elements()? {
        match child.tag_name().name() {
            "title" => title = Some(title_of(child, language)?),
            "watermark" => watermark = Some(watermark_of(child)?),
            "sheet" => sheets_of(child, langs, &mut sheets)?,
            _ => return Err(form.unknown(child)),
        }
    }
    let missing = |element| {
        let parent = form.name().to_owned();
        form.fault(LanguageFault::MissingElement { parent, element })
    };
    let lang = sheets.first().map(|sheet| sheet.lang);
    Ok(FilledForm {
        title: title.ok_or_else(|| missing("title"))?,
        lang: lang.ok_or_else(|| missing("sheet"))?,
        watermark,
        sheets,
    })
}

fn title_of(node: Node<'_, '_>, language: Language) -> Result<String, Error> {
    let both = bilingual(Element::new(node, &[])?)?;
    let first = match language {
        Language::Kk | Language::KkRu => both.kk,
        Language::Ru => both.ru,
    };
    Ok(plain(&inlines(first)?))
}

fn watermark_of(node: Node<'_, '_>) -> Result<String, Error> {
    Ok(plain(&inlines(Element::new(node, &["src"])?)?))
}

fn plain(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .filter_map(|inline| match inline {
            Inline::Text { text, .. } => Some(text.as_str()),
            Inline::Break | Inline::Page | Inline::Pages => None,
        })
        .collect()
}

/// The sheet in each language apart, or once in all together.
fn sheets_of(
    node: Node<'_, '_>,
    langs: &'static [Lang],
    sheets: &mut Vec<Sheet>,
) -> Result<(), Error> {
    let element = Element::new(node, &["languages", "orientation"])?;
    let turns: Vec<&[Lang]> = element.require("languages", |value| match value {
        "apart" => Some(langs.chunks(1).collect()),
        "together" => Some(vec![langs]),
        _ => None,
    })?;
    let orientation = element.require("orientation", |value| match value {
        "landscape" => Some(Orientation::Landscape),
        "portrait" => Some(Orientation::Portrait),
        _ => None,
    })?;
    for langs in turns {
        let mut footer = Vec::new();
        let mut blocks = Vec::new();
        for child in element.elements()? {
            match child.tag_name().name() {
                "footer" => {
                    let parent = Element::new(child, &[])?;
                    for child in parent.elements()? {
                        paragraph(parent, child, langs, Style::Small, &mut footer)?;
                    }
                }
                _ => block(element, child, langs, &mut blocks)?,
            }
        }
        let lang = langs.first().copied().unwrap_or(Lang::Kk);
        sheets.push(Sheet {
            lang,
            orientation,
            header: Vec::new(),
            footer,
            qr: None,
            blocks,
        });
    }
    Ok(())
}

fn block(
    parent: Element<'_, '_>,
    node: Node<'_, '_>,
    langs: &[Lang],
    blocks: &mut Vec<Block>,
) -> Result<(), Error> {
    match node.tag_name().name() {
        "group" => {
            let element = Element::new(node, &[])?;
            let mut group = Vec::new();
            for child in element.elements()? {
                block(element, child, langs, &mut group)?;
            }
            blocks.push(Block::Group(group));
        }
        "space" => {
            let mm = Element::new(node, &["mm"])?.require("mm", millimetres)?;
            blocks.push(Block::Space(mm));
        }
        "table" => blocks.push(Block::Table(table(node, langs)?)),
        _ => {
            let mut lines = Vec::new();
            paragraph(parent, node, langs, Style::Body, &mut lines)?;
            blocks.extend(lines.into_iter().map(Block::Paragraph));
        }
    }
    Ok(())
}

fn paragraph(
    parent: Element<'_, '_>,
    node: Node<'_, '_>,
    langs: &[Lang],
    style: Style,
    lines: &mut Vec<Paragraph>,
) -> Result<(), Error> {
    match node.tag_name().name() {
        "p" => paragraphs(node, langs, style, lines),
        _ => Err(parent.unknown(node)),
    }
}

fn table(node: Node<'_, '_>, langs: &[Lang]) -> Result<Table, Error> {
    let element = Element::new(node, &["borders", "columns"])?;
    let borders = element.require("borders", |value| match value {
        "grid" => Some(Borders::Grid),
        "none" => Some(Borders::None),
        _ => None,
    })?;
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
        match child.tag_name().name() {
            "head" => rows(child, langs, head_style, &mut table.head)?,
            "body" => rows(child, langs, body_style, &mut table.body)?,
            _ => return Err(element.unknown(child)),
        }
    }
    Ok(table)
}

fn rows(
    node: Node<'_, '_>,
    langs: &[Lang],
    style: Style,
    rows: &mut Vec<Row>,
) -> Result<(), Error> {
    let element = Element::new(node, &[])?;
    for child in element.elements()? {
        if child.tag_name().name() != "row" {
            return Err(element.unknown(child));
        }
        let row = Element::new(child, &[])?;
        let cells = row.elements()?;
        let cells = cells
            .into_iter()
            .map(|child| cell(row, child, langs, style));
        rows.push(Row {
            cells: cells.collect::<Result<_, _>>()?,
        });
    }
    Ok(())
}

fn cell(
    row: Element<'_, '_>,
    node: Node<'_, '_>,
    langs: &[Lang],
    style: Style,
) -> Result<Cell, Error> {
    if node.tag_name().name() != "cell" {
        return Err(row.unknown(node));
    }
    let element = Element::new(node, &["columns", "rows"])?;
    let scope = (style == Style::TableHead).then_some(Scope::Column);
    let span = |value: &str| value.parse().ok().filter(|span| *span > 0);
    let mut cell = Cell {
        column_span: element.read("columns", 1, span)?,
        row_span: element.read("rows", 1, span)?,
        scope,
        paragraphs: Vec::new(),
    };
    for child in element.elements()? {
        paragraph(element, child, langs, style, &mut cell.paragraphs)?;
    }
    Ok(cell)
}

/// `10 2* *`: millimetres, or shares of what these leave.
fn columns(value: &str) -> Option<Vec<ColumnWidth>> {
    value
        .split_ascii_whitespace()
        .map(|width| match width.strip_suffix('*') {
            Some("") => Some(ColumnWidth::Share(1.0)),
            Some(share) => millimetres(share).map(ColumnWidth::Share),
            None => millimetres(width).map(ColumnWidth::Fixed),
        })
        .collect()
}
