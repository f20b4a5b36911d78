//! A filled form as JSON: the words, tables and measures that the templates of the peers set.

use ruqsat::form::Align;
use ruqsat::form::Block;
use ruqsat::form::Borders;
use ruqsat::form::Cell;
use ruqsat::form::ColumnWidth;
use ruqsat::form::FilledForm;
use ruqsat::form::Inline;
use ruqsat::form::Lang;
use ruqsat::form::Orientation;
use ruqsat::form::Paragraph;
use ruqsat::form::Row;
use ruqsat::form::Sheet;
use ruqsat::form::Style;
use ruqsat::form::Table;
use ruqsat::layout::Pages;
use serde_json::Value;
use serde_json::json;

/// The form, with its code drawn.
pub fn json(form: &FilledForm, pages: &Pages) -> Value {
    let figure = pages.pages.iter().find_map(|page| page.figures.first());
    let code = figure.map(|figure| {
        let code = &pages.codes[figure.code];
        // The light modules on the right and below lie in the margin of the page.
        let side = code.side - QUIET;
        let dark = || code.dark.iter().map(|dark| (dark.x, dark.y, dark.length));
        let path: String = dark().map(|(x, y, length)| format!("M{x} {y}h{length}v1h-{length}z")).collect();
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\"><path d=\"{path}\"/></svg>");
        json!({
            "side": side,
            "mm": figure.size * side as f32 / code.side as f32 * 25.4 / 72.0,
            "dark": dark().map(|(x, y, length)| [x, y, length]).collect::<Vec<_>>(),
            "svg": svg,
            "says": code.content,
        })
    });
    json!({
        "title": form.title,
        "lang": lang(form.lang),
        "code": code,
        "sheets": form.sheets.iter().map(sheet).collect::<Vec<_>>(),
    })
}

fn sheet(sheet: &Sheet) -> Value {
    json!({
        "lang": lang(sheet.lang),
        "wide": sheet.orientation == Orientation::Landscape,
        "header": paragraphs(&sheet.header),
        "footer": paragraphs(&sheet.footer),
        "code": sheet.qr.is_some(),
        "blocks": blocks(&sheet.blocks),
    })
}

fn blocks(blocks: &[Block]) -> Vec<Value> {
    blocks.iter().map(block).collect()
}

fn block(block: &Block) -> Value {
    match block {
        Block::Bar(share) => json!({ "kind": "bar", "share": share }),
        Block::Group(inside) => json!({ "kind": "group", "blocks": blocks(inside) }),
        Block::List(list) => {
            let item = |item: &ruqsat::form::Item| json!({ "mark": item.mark, "paragraphs": paragraphs(&item.paragraphs) });
            json!({ "kind": "list", "items": list.items.iter().map(item).collect::<Vec<_>>() })
        }
        Block::Paragraph(inside) => paragraph(inside),
        Block::Signature(inside) => json!({ "kind": "group", "blocks": blocks(inside) }),
        Block::Space(millimetres) => json!({ "kind": "space", "mm": millimetres }),
        Block::Table(inside) => table(inside),
    }
}

fn table(table: &Table) -> Value {
    let columns = table.columns.iter().map(|width| match width {
        ColumnWidth::Fixed(millimetres) => json!([millimetres, "mm"]),
        ColumnWidth::Share(share) => json!([share, "fr"]),
    });
    let rows = |rows: &[Row]| -> Vec<Vec<Value>> {
        rows.iter()
            .map(|row| row.cells.iter().map(cell).collect())
            .collect()
    };
    json!({
        "kind": "table",
        "columns": columns.collect::<Vec<_>>(),
        "grid": table.borders == Borders::Grid,
        "head": rows(&table.head),
        "body": rows(&table.body),
    })
}

fn cell(cell: &Cell) -> Value {
    json!({ "columns": cell.column_span, "rows": cell.row_span, "paragraphs": paragraphs(&cell.paragraphs) })
}

fn paragraphs(paragraphs: &[Paragraph]) -> Vec<Value> {
    paragraphs.iter().map(paragraph).collect()
}

fn paragraph(paragraph: &Paragraph) -> Value {
    json!({
        "kind": "p",
        "style": style(paragraph.style),
        "level": paragraph.style.heading_level(),
        "align": match paragraph.align {
            Align::Center => "center",
            Align::Decimal | Align::Right => "right",
            Align::Justify => "justify",
            Align::Left => "left",
        },
        "lang": lang(paragraph.lang),
        "indent": paragraph.indent,
        "ruled": paragraph.ruled,
        "keep": paragraph.keep_with_next,
        "runs": runs(&paragraph.inlines),
    })
}

/// Texts of one face are one.
fn runs(inlines: &[Inline]) -> Vec<Value> {
    let mut runs: Vec<Value> = Vec::new();
    let mut last = None;
    for inline in inlines {
        let face = match inline {
            Inline::Text { bold, italic, .. } => Some((*bold, *italic)),
            _ => None,
        };
        match inline {
            Inline::Break => runs.push(json!({ "is": "break" })),
            Inline::Page => runs.push(json!({ "is": "page" })),
            Inline::Pages => runs.push(json!({ "is": "pages" })),
            Inline::Text {
                text, bold, italic, ..
            } => match runs.last_mut() {
                Some(run) if last == face => {
                    let joined = format!("{}{text}", run["text"].as_str().unwrap_or_default());
                    run["text"] = joined.into();
                }
                _ => {
                    runs.push(json!({ "is": "text", "text": text, "bold": bold, "italic": italic }))
                }
            },
        }
        last = face;
    }
    runs
}

fn style(style: Style) -> &'static str {
    match style {
        Style::Body => "body",
        Style::Caption => "caption",
        Style::Heading => "heading",
        Style::Small => "small",
        Style::Subheading => "subheading",
        Style::TableBody => "table-body",
        Style::TableHead => "table-head",
        Style::Title => "title",
    }
}

fn lang(lang: Lang) -> &'static str {
    match lang {
        Lang::Kk => "kk",
        Lang::Ru => "ru",
    }
}

/// Light modules around a code.
const QUIET: usize = 4;
