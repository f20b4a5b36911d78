use proptest::prelude::*;

use super::*;
use crate::form::Align;
use crate::form::Borders;
use crate::form::Cell;
use crate::form::ColumnWidth;
use crate::form::Inline;
use crate::form::Orientation;
use crate::form::Row;
use crate::layout::Page;
use crate::layout::Run;
use crate::layout::samples;
use crate::layout::samples::cell;
use crate::layout::samples::form;
use crate::layout::samples::paragraph;
use crate::layout::samples::sheet;
use crate::layout::samples::styled;
use crate::layout::samples::table;
use crate::layout::samples::text_cell;

#[test]
fn head_is_repeated_on_every_page_of_a_table() {
    let pages = set(vec![Block::Table(table(400))]);
    assert!(pages.len() > 10, "{}", pages.len());
    for page in &pages {
        let texts = texts(page);
        assert_eq!(
            texts[..5],
            ["№ п/п", "Наименование ЗВ", "Выбросы", "г/сек", "т/год"]
        );
    }
    let all: Vec<String> = pages.iter().flat_map(texts).collect();
    let numbers = all.iter().filter_map(|text| text.parse::<usize>().ok());
    assert!(numbers.eq(1..=400), "every row once, in order");
}

#[test]
fn heading_is_never_the_last_of_a_page() {
    for filler in 40..60 {
        let mut blocks = fill(filler);
        blocks.push(Block::Paragraph(styled(
            Style::Heading,
            Align::Center,
            "ГЛАВА",
        )));
        blocks.push(Block::Table(table(3)));
        for page in set(blocks) {
            let texts = texts(&page);
            if let Some(place) = texts.iter().position(|text| text == "ГЛАВА") {
                assert_eq!(
                    texts[place + 6],
                    "1",
                    "the first row follows the heading and the head"
                );
            }
        }
    }
}

#[test]
fn last_row_of_a_table_never_stands_alone() {
    for filler in 20..45 {
        let mut blocks = fill(filler);
        blocks.push(Block::Table(table(12)));
        for page in set(blocks) {
            let texts = texts(&page);
            if texts.iter().any(|text| text == "12") {
                assert!(texts.iter().any(|text| text == "11"));
            }
        }
    }
}

#[test]
fn group_stays_on_one_page() {
    for filler in 40..60 {
        let mut blocks = fill(filler);
        let group = ["А", "Б", "В", "Г"].map(|text| Block::Paragraph(paragraph(text)));
        blocks.push(Block::Group(group.to_vec()));
        let holders = set(blocks)
            .iter()
            .filter(|page| texts(page).iter().any(|t| "АБВГ".contains(t)))
            .count();
        assert_eq!(holders, 1);
    }
}

#[test]
fn group_longer_than_a_page_is_parted_where_it_is_loosest() {
    let inner = Block::Group(fill(30));
    let pages = set(vec![Block::Group(vec![
        inner.clone(),
        inner.clone(),
        inner,
    ])]);
    let counts: Vec<usize> = pages.iter().map(|page| texts(page).len() - 1).collect();
    assert_eq!(counts, [30, 30, 30]);
}

#[test]
fn first_and_last_line_of_a_paragraph_are_not_left_alone() {
    let long = paragraph(&"слово ".repeat(80));
    for filler in 40..60 {
        let mut blocks = fill(filler);
        blocks.push(Block::Paragraph(long.clone()));
        for page in set(blocks) {
            let lines = texts(&page)
                .iter()
                .filter(|text| text.starts_with("слово"))
                .count();
            assert_ne!(lines, 1);
        }
    }
}

#[test]
fn row_taller_than_a_page_is_split() {
    let words: Vec<String> = (0..3000).map(|word| word.to_string()).collect();
    let row = Row {
        cells: vec![
            text_cell(Align::Left, "а"),
            text_cell(Align::Left, &words.join(" ")),
        ],
    };
    let columns = vec![ColumnWidth::Fixed(50.0), ColumnWidth::Share(1.0)];
    let mut table = Table {
        columns,
        borders: Borders::Grid,
        head: Vec::new(),
        body: vec![row],
        keep_with_next: false,
    };
    let pages = set(vec![Block::Table(table.clone())]);
    let all: Vec<String> = pages
        .iter()
        .flat_map(texts)
        .filter(|text| !text.starts_with("бет"))
        .collect();
    assert!(pages.len() > 1);
    assert_eq!(all[0], "а");
    assert_eq!(all[1..].join(" "), words.join(" "));

    let mut spanning = table.body[0].clone();
    spanning.cells[0].row_span = 2;
    table.body = vec![
        spanning,
        Row {
            cells: vec![text_cell(Align::Left, "б")],
        },
    ];
    let error = lay_out(
        &form(vec![sheet(vec![Block::Table(table)])]),
        Fonts::builtin(),
    )
    .unwrap_err();
    assert!(matches!(error, Error::RowsTooTall { .. }), "{error}");
}

#[test]
fn footers_count_the_pages_of_the_document() {
    let two = fill(80);
    let form = form(vec![sheet(two), sheet(fill(1))]);
    let pages = lay_out(&form, Fonts::builtin()).unwrap().pages;
    let footers: Vec<String> = pages.iter().filter_map(|page| texts(page).pop()).collect();
    assert_eq!(footers, ["бет 1 / 3", "бет 2 / 3", "бет 3 / 3"]);
}

#[test]
fn orientation_is_that_of_the_sheet_and_the_watermark_on_every_page() {
    let mut form = form(vec![
        sheet(fill(1)),
        Sheet {
            orientation: Orientation::Landscape,
            ..sheet(fill(1))
        },
    ]);
    form.watermark = Some("ЖОБА / ПРОЕКТ".to_owned());
    let pages = lay_out(&form, Fonts::builtin()).unwrap().pages;
    assert_eq!((pages[0].width, pages[0].height), (595.28, 841.89));
    assert_eq!((pages[1].width, pages[1].height), (841.89, 595.28));
    for page in &pages {
        assert_eq!(page.watermark.as_ref().unwrap().run.text(), "ЖОБА / ПРОЕКТ");
    }
}

#[test]
fn space_is_dropped_at_the_top_of_a_page() {
    let with = set(vec![Block::Space(50.0), Block::Paragraph(paragraph("а"))]);
    let without = set(vec![Block::Paragraph(paragraph("а"))]);
    assert_eq!(with, without);
}

#[test]
fn tables_without_a_sound_shape_rejected() {
    let reject = |change: &dyn Fn(&mut Table)| {
        let mut table = table(2);
        change(&mut table);
        lay_out(
            &form(vec![sheet(vec![Block::Table(table)])]),
            Fonts::builtin(),
        )
        .unwrap_err()
    };
    let error = reject(&|table| drop(table.body[1].cells.pop()));
    assert_eq!(
        error,
        Error::RowShape {
            row: 2,
            filled: 3,
            columns: 4
        }
    );
    let error = reject(&|table| table.body[0].cells.push(text_cell(Align::Left, "")));
    assert_eq!(
        error,
        Error::RowShape {
            row: 1,
            filled: 5,
            columns: 4
        }
    );
    let error = reject(&|table| table.body[0].cells[0].row_span = 2);
    assert_eq!(
        error,
        Error::RowShape {
            row: 2,
            filled: 5,
            columns: 4
        }
    );
    let error = reject(&|table| table.body[1].cells[0].row_span = 2);
    assert_eq!(error, Error::RowSpan { row: 2 });
    let error = reject(&|table| table.columns[1] = ColumnWidth::Fixed(150.0));
    assert!(matches!(error, Error::TableTooWide { .. }));
}

#[test]
fn missing_glyph_stops_the_document() {
    let error = lay_out(
        &form(vec![sheet(vec![Block::Paragraph(paragraph("сто ₸"))])]),
        Fonts::builtin(),
    );
    assert_eq!(
        error.unwrap_err(),
        Error::MissingGlyph {
            character: '₸',
            text: "₸".to_owned(),
            pointer: None
        }
    );
}

/// Columns without lines: blanks, and below them what goes in.
fn captioned(position: &str) -> Table {
    let blank = |text: &str| {
        cell(vec![Paragraph {
            ruled: true,
            ..paragraph(text)
        }])
    };
    let caption = |text: &str| cell(vec![styled(Style::Caption, Align::Left, text)]);
    Table {
        columns: vec![ColumnWidth::Share(1.0), ColumnWidth::Share(1.0)],
        borders: Borders::None,
        head: Vec::new(),
        body: vec![
            Row {
                cells: vec![blank(position), blank("имя")],
            },
            Row {
                cells: vec![caption("(должность)"), caption("(фамилия, имя)")],
            },
        ],
        keep_with_next: false,
    }
}

#[test]
fn blank_stands_above_its_caption_however_high_its_neighbour_is() {
    let page = &set(vec![Block::Table(captioned(&"слово ".repeat(60)))])[0];
    assert!(page.runs.len() > 6);
    let rules: Vec<f32> = page.rules.iter().map(|rule| rule.y).collect();
    // That of the footer is thinner, and comes first.
    assert_eq!(rules[1], rules[2], "{rules:?}");
    let name = page.runs.iter().find(|run| run.text() == "имя").unwrap();
    assert!((rules[1] - name.y).abs() < 6.0);
}

#[test]
fn table_that_keeps_with_the_next_is_not_left_at_the_foot_of_a_page() {
    let mut outlet = table(1);
    outlet.keep_with_next = true;
    let mut pushed = false;
    for filler in 30..60 {
        let mut blocks = fill(filler);
        blocks.push(Block::Table(outlet.clone()));
        blocks.push(Block::Space(3.0));
        blocks.push(Block::Table(table(3)));
        let pages: Vec<usize> = set(blocks)
            .iter()
            .map(|page| texts(page).iter().filter(|text| *text == "1").count())
            .collect();
        assert!(pages.contains(&2), "both first rows on one page: {pages:?}");
        pushed |= pages[0] == 0;
    }
    assert!(pushed);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_character_comes_out_in_order_and_inside_the_margins(
        paragraphs in prop::collection::vec(any_paragraph(), 1..12),
        cells in prop::collection::vec(any_paragraph(), 3..30),
    ) {
        let fonts = Fonts::builtin();
        let rows = cells.chunks_exact(3).map(|row| Row { cells: row.iter().map(|p| cell(vec![p.clone()])).collect() });
        let table = Table {
            columns: vec![ColumnWidth::Share(1.0), ColumnWidth::Fixed(30.0), ColumnWidth::Fixed(60.0)],
            borders: Borders::Grid,
            head: Vec::new(),
            body: rows.collect(),
            keep_with_next: false,
        };
        let count = cells.len() / 3 * 3;
        let given: String = paragraphs.iter().chain(&cells[..count]).map(written).collect();
        let mut blocks: Vec<Block> = paragraphs.into_iter().map(Block::Paragraph).collect();
        blocks.push(Block::Table(table));
        let form = form(vec![Sheet { footer: Vec::new(), ..sheet(blocks) }]);
        let pages = lay_out(&form, fonts).unwrap();
        let printed: String = pages.pages.iter().flat_map(|page| &page.runs).map(Run::text).collect();
        // A row that is split goes on in all its columns, page by page.
        if pages.pages.len() == 1 {
            prop_assert_eq!(bare(&printed), bare(&given));
        }
        let mut letters = [bare(&printed), bare(&given)].map(|text| text.chars().collect::<Vec<_>>());
        letters.iter_mut().for_each(|letters| letters.sort_unstable());
        prop_assert_eq!(&letters[0], &letters[1]);
        for page in &pages.pages {
            for run in &page.runs {
                let end = run.x + samples::width(fonts, run);
                prop_assert!(run.x >= style::points(style::MARGIN_LEFT) - 0.02);
                prop_assert!(end <= page.width - style::points(style::MARGIN_RIGHT) + 0.1, "{} ends at {}", run.text(), end);
                prop_assert!(run.y > style::points(style::MARGIN_TOP) && run.y < page.height - style::points(10.0));
            }
        }
    }
}

fn any_paragraph() -> impl Strategy<Value = Paragraph> {
    let align = prop_oneof![
        Just(Align::Left),
        Just(Align::Right),
        Just(Align::Center),
        Just(Align::Justify)
    ];
    let words = "([А-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі0-9№«»(),./—-]{1,14}[ \u{a0}\n]{1,2}){0,60}[а-я]{0,90}";
    (words, align, any::<bool>(), any::<bool>()).prop_map(|(text, align, ruled, bold)| Paragraph {
        align,
        ruled,
        inlines: vec![
            Inline::Text {
                text,
                bold,
                italic: false,
                pointer: None,
            },
            Inline::Text {
                text: "и\u{306}".to_owned(),
                bold: !bold,
                italic: false,
                pointer: None,
            },
        ],
        ..paragraph("")
    })
}

fn written(paragraph: &Paragraph) -> String {
    let text = |inline: &Inline| match inline {
        Inline::Text { text, .. } => text.clone(),
        Inline::Break | Inline::Page | Inline::Pages => String::new(),
    };
    paragraph.inlines.iter().map(text).collect()
}

/// Without the white space at which lines end.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .collect()
}

fn set(blocks: Vec<Block>) -> Vec<Page> {
    lay_out(&form(vec![sheet(blocks)]), Fonts::builtin())
        .unwrap()
        .pages
}

/// So many paragraphs of a line.
fn fill(lines: usize) -> Vec<Block> {
    (0..lines)
        .map(|line| Block::Paragraph(paragraph(&format!("строка {line}"))))
        .collect()
}

fn texts(page: &Page) -> Vec<String> {
    page.runs
        .iter()
        .map(|run| run.text().trim_end().to_owned())
        .collect()
}

#[test]
fn cell_may_cover_rows_and_columns() {
    let mut table = table(2);
    table.body[0].cells = vec![
        Cell {
            row_span: 2,
            ..text_cell(Align::Left, "оба")
        },
        Cell {
            column_span: 3,
            ..text_cell(Align::Left, "три")
        },
    ];
    table.body[1].cells.remove(0);
    let pages = set(vec![Block::Table(table)]);
    let texts = texts(&pages[0]);
    assert_eq!(texts[5..7], ["оба", "три"]);
    assert_eq!(texts.len(), 5 + 2 + 4 + 1);
}

#[test]
fn commas_of_a_column_of_figures_stand_one_below_the_other() {
    let figures = ["1,5", "12\u{a0}000,25", "7", "0,1234567"];
    let mut table = table(0);
    table.body = figures
        .iter()
        .map(|figure| Row {
            cells: ["1", "2", "3", figure]
                .map(|text| text_cell(Align::Decimal, text))
                .to_vec(),
        })
        .collect();
    let fonts = Fonts::builtin();
    let pages = set(vec![Block::Table(table)]);
    let comma = |figure: &str| {
        let run = pages[0]
            .runs
            .iter()
            .find(|run| run.text() == figure)
            .unwrap();
        let whole = figure.split(',').next().unwrap();
        let before = crate::layout::Run {
            pieces: vec![crate::layout::Piece::Text(whole.to_owned())],
            ..run.clone()
        };
        run.x + crate::layout::samples::width(fonts, &before)
    };
    for figure in figures {
        assert!((comma(figure) - comma(figures[0])).abs() < 0.05, "{figure}");
    }
}

#[test]
fn what_is_read_stands_in_the_order_of_the_form_whatever_pages_it_takes() {
    let pages = lay_out(
        &form(vec![sheet(vec![Block::Table(table(400))])]),
        Fonts::builtin(),
    )
    .unwrap();
    assert!(pages.pages.len() > 12);
    let marks: Vec<usize> = pages
        .pages
        .iter()
        .flat_map(|page| &page.runs)
        .filter_map(|run| match run.owner {
            crate::layout::Owner::Element(mark) => Some(mark.index()),
            crate::layout::Owner::Artifact(_) => None,
        })
        .collect();
    assert!(marks.is_sorted());
    assert_eq!(marks.last(), Some(&(pages.structure.marks() - 1)));
}
