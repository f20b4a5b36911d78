//! Forms for the tests of this module and of those above it.

use crate::form::Align;
use crate::form::Block;
use crate::form::Borders;
use crate::form::Cell;
use crate::form::ColumnWidth;
use crate::form::FilledForm;
use crate::form::Inline;
use crate::form::Lang;
use crate::form::Orientation;
use crate::form::Paragraph;
use crate::form::Row;
use crate::form::Sheet;
use crate::form::Style;
use crate::form::Table;
use crate::layout::Fonts;
use crate::layout::Piece;
use crate::layout::Run;

pub(crate) fn paragraph(text: &str) -> Paragraph {
    Paragraph {
        style: Style::Body,
        align: Align::Left,
        lang: Lang::Ru,
        indent: 0.0,
        ruled: false,
        keep_with_next: false,
        inlines: vec![Inline::Text {
            text: text.to_owned(),
            bold: false,
            italic: false,
            pointer: None,
        }],
    }
}

pub(crate) fn styled(style: Style, align: Align, text: &str) -> Paragraph {
    Paragraph {
        style,
        align,
        ..paragraph(text)
    }
}

pub(crate) fn cell(paragraphs: Vec<Paragraph>) -> Cell {
    Cell {
        column_span: 1,
        row_span: 1,
        scope: None,
        paragraphs,
    }
}

pub(crate) fn text_cell(align: Align, text: &str) -> Cell {
    cell(vec![styled(Style::TableBody, align, text)])
}

pub(crate) fn head_cell(text: &str) -> Cell {
    cell(vec![styled(Style::TableHead, Align::Center, text)])
}

/// A table of so many rows: number, name in both languages, two figures.
pub(crate) fn table(rows: usize) -> Table {
    let body = (1..=rows)
        .map(|row| Row {
            cells: vec![
                text_cell(Align::Center, &row.to_string()),
                cell(vec![
                    styled(
                        Style::TableBody,
                        Align::Left,
                        &format!("Күкірт диоксиді {row} /күкіртті ангидрид/"),
                    ),
                    styled(
                        Style::TableBody,
                        Align::Left,
                        &format!("Сера диоксид {row} (Ангидрид сернистый)"),
                    ),
                ]),
                text_cell(Align::Right, &format!("{row},0041262")),
                text_cell(Align::Right, &format!("{row}2,104100")),
            ],
        })
        .collect();
    Table {
        columns: vec![
            ColumnWidth::Fixed(16.0),
            ColumnWidth::Share(1.0),
            ColumnWidth::Fixed(22.0),
            ColumnWidth::Fixed(25.0),
        ],
        borders: Borders::Grid,
        head: vec![
            Row {
                cells: vec![
                    Cell {
                        row_span: 2,
                        ..head_cell("№ п/п")
                    },
                    Cell {
                        row_span: 2,
                        ..head_cell("Наименование ЗВ")
                    },
                    Cell {
                        column_span: 2,
                        ..head_cell("Выбросы")
                    },
                ],
            },
            Row {
                cells: vec![head_cell("г/сек"), head_cell("т/год")],
            },
        ],
        body,
        keep_with_next: false,
    }
}

pub(crate) fn sheet(blocks: Vec<Block>) -> Sheet {
    Sheet {
        lang: Lang::Kk,
        orientation: Orientation::Portrait,
        header: Vec::new(),
        qr: None,
        footer: vec![Paragraph {
            inlines: vec![
                Inline::Text {
                    text: "бет ".to_owned(),
                    bold: false,
                    italic: false,
                    pointer: None,
                },
                Inline::Page,
                Inline::Text {
                    text: " / ".to_owned(),
                    bold: false,
                    italic: false,
                    pointer: None,
                },
                Inline::Pages,
            ],
            ..styled(Style::Small, Align::Center, "")
        }],
        blocks,
    }
}

pub(crate) fn form(sheets: Vec<Sheet>) -> FilledForm {
    FilledForm {
        title: "Рұқсат <№ 1 & 2>".to_owned(),
        lang: Lang::Kk,
        watermark: None,
        sheets,
    }
}

/// Where a run ends, from where it begins, without the space at its end.
pub(crate) fn width(fonts: &Fonts, run: &Run) -> f32 {
    let glyph =
        |id| f32::from(fonts.advance(run.face, id)) * run.size / fonts.units_per_em(run.face);
    let text_width = |text: &str| -> f32 {
        text.chars()
            .filter_map(|c| fonts.glyph(run.face, c))
            .map(glyph)
            .sum()
    };
    let last = run.pieces.len().saturating_sub(1);
    run.pieces
        .iter()
        .enumerate()
        .map(|(place, piece)| match piece {
            Piece::Gap(width) => *width,
            Piece::Glyph { id, .. } => glyph(*id),
            Piece::ReadAs { shown, .. } => text_width(shown),
            Piece::Text(text) if place == last => text_width(text.trim_end_matches(' ')),
            Piece::Text(text) => text_width(text),
        })
        .sum()
}
