use crate::form::error::LanguageFault as Fault;
use crate::form::language::Align;
use crate::form::language::Block;
use crate::form::language::ColumnWidth;
use crate::form::language::FilledForm;
use crate::form::language::Inline;
use crate::form::language::Lang;
use crate::form::language::Paragraph;
use crate::form::language::Scope;
use crate::form::language::Style;
use crate::form::options::Language;
use crate::form::options::Provenance;
use crate::form::options::Wording;
use crate::form::pointed::pointed;
use crate::form::settings::Correction;
use crate::form::settings::CorrectionClass;
use crate::form::xml::Reading;
use crate::form::xml::parse;

/// A form with these blocks on one sheet, in the third line.
fn form(blocks: &str) -> String {
    format!(
        "<form>\n<title><kk src=\"P\">Нысан</kk><ru src=\"P\">Форма</ru></title>\n\
         <sheet languages=\"together\" orientation=\"portrait\">{blocks}</sheet>\n</form>"
    )
}

const fn reading(language: Language) -> Reading<'static> {
    Reading {
        language,
        wording: Wording::Corrected,
        provenance: Provenance::Hidden,
        regulation: &[],
    }
}

fn parsed(blocks: &str) -> FilledForm {
    parse(&form(blocks), reading(Language::KkRu)).unwrap()
}

/// The lines and faults of a text.
fn faults(text: &str) -> Vec<(usize, Fault)> {
    let faults = parse(text, reading(Language::KkRu)).unwrap_err();
    let line = |at: usize| text[..at].bytes().filter(|byte| *byte == b'\n').count() + 1;
    let faults = faults.into_iter();
    faults.map(|fault| (line(fault.at), fault.fault)).collect()
}

#[track_caller]
fn assert_fault(blocks: &str, fault: &Fault) {
    assert_eq!(faults(&form(blocks)), [(3, fault.clone())], "{blocks}");
}

fn text(text: &str, bold: bool) -> Inline {
    Inline::Text {
        text: text.to_owned(),
        bold,
        italic: false,
        pointer: None,
    }
}

fn paragraphs(blocks: &str) -> Vec<Paragraph> {
    let blocks = parsed(blocks).sheets.remove(0).blocks;
    let paragraph = |block| match block {
        Block::Paragraph(paragraph) => paragraph,
        other => panic!("no paragraph: {other:?}"),
    };
    blocks.into_iter().map(paragraph).collect()
}

#[test]
fn white_space_is_folded_and_like_text_joined() {
    let blocks = "<p src='P'>  a <v>b</v>\n\t<b> c</b>d<br/>\n e <page/> / <pages/>  </p>";
    let expected = vec![
        text("a b", false),
        text(" c", true),
        text("d", false),
        Inline::Break,
        text("e ", false),
        Inline::Page,
        text(" / ", false),
        Inline::Pages,
    ];
    assert_eq!(paragraphs(blocks)[0].inlines, expected);
}

#[test]
fn a_value_knows_where_it_stands_in_the_data() {
    let (mass, name) = (pointed("/a/0", "1 2"), pointed("/b", "к"));
    let blocks = format!("<p src='P'>a <v>{mass}, {name}</v>b<b> <v>{mass}</v></b></p>");
    let value = |words: &str, bold, pointer: &str| Inline::Text {
        text: words.to_owned(),
        bold,
        italic: false,
        pointer: Some(pointer.into()),
    };
    let expected = vec![
        text("a ", false),
        value("1 2", false, "/a/0"),
        text(", ", false),
        value("к", false, "/b"),
        text("b", false),
        text(" ", true),
        value("1 2", true, "/a/0"),
    ];
    assert_eq!(paragraphs(&blocks)[0].inlines, expected);
}

#[test]
fn a_space_that_does_not_break_stays() {
    let inlines = &paragraphs("<p><v>12\u{a0}000 \u{a0} t</v></p>")[0].inlines;
    assert_eq!(inlines, &[text("12\u{a0}000 \u{a0} t", false)]);
}

#[test]
fn a_paragraph_in_two_languages_is_two_on_a_sheet_of_both() {
    let both = paragraphs("<p style='caption' indent='2'><kk><v>к</v></kk> <ru><v>р</v></ru></p>");
    let langs: Vec<_> = both.iter().map(|paragraph| paragraph.lang).collect();
    assert_eq!(langs, [Lang::Kk, Lang::Ru]);
    for paragraph in both {
        assert_eq!(
            (paragraph.style, paragraph.align),
            (Style::Caption, Align::Center)
        );
        assert!((paragraph.indent - 2.0).abs() < f32::EPSILON);
    }
}

#[test]
fn columns_are_millimetres_or_shares() {
    let table = "<table borders='grid' columns='10.5 * 2*'/>";
    let mut form = parsed(table);
    let Some(Block::Table(table)) = form.sheets.remove(0).blocks.pop() else {
        panic!("no table");
    };
    let expected = [
        ColumnWidth::Fixed(10.5),
        ColumnWidth::Share(1.0),
        ColumnWidth::Share(2.0),
    ];
    assert_eq!(table.columns, expected);
}

#[test]
fn unknown_elements_are_refused_where_they_stand() {
    let unknown = |element: &str, parent: &str| Fault::UnknownElement {
        element: element.to_owned(),
        parent: parent.to_owned(),
    };
    for (blocks, element, parent) in [
        ("<h4/>", "h4", "sheet"),
        ("<group><kk/></group>", "kk", "group"),
        ("<p src='P'>a<u>b</u></p>", "u", "p"),
        ("<p src='P'><b><p/></b></p>", "p", "b"),
        (
            "<table borders='grid' columns='*'><row/></table>",
            "row",
            "table",
        ),
        (
            "<table borders='grid' columns='*'><body><cell/></body></table>",
            "cell",
            "body",
        ),
        (
            "<table borders='grid' columns='*'><body><row><p/></row></body></table>",
            "p",
            "row",
        ),
        ("<footer><table/></footer>", "table", "footer"),
        (
            "<p><kk><v>a</v></kk><ru><v>b</v></ru><ru><v>c</v></ru></p>",
            "ru",
            "p",
        ),
    ] {
        assert_fault(blocks, &unknown(element, parent));
    }
}

#[test]
fn unknown_attributes_are_refused() {
    for (blocks, element, name, known) in [
        (
            "<p size='9' src='P'>a</p>",
            "p",
            "size",
            "align, indent, keep, ruled, src, style, verbatim-only",
        ),
        ("<p><v src='P'>a</v></p>", "v", "src", ""),
        ("<space mm='3' cm='1'/>", "space", "cm", "mm"),
        (
            "<table borders='grid' columns='*' width='9'/>",
            "table",
            "width",
            "borders, columns, keep",
        ),
        ("<group keep='yes'/>", "group", "keep", "languages"),
    ] {
        let fault = Fault::UnknownAttribute {
            element: element.to_owned(),
            name: name.to_owned(),
            known: known.to_owned(),
        };
        assert_fault(blocks, &fault);
    }
}

#[test]
fn values_without_meaning_are_refused() {
    for (blocks, element, name, value) in [
        ("<p style='big' src='P'>a</p>", "p", "style", "big"),
        ("<p align='middle' src='P'>a</p>", "p", "align", "middle"),
        ("<p ruled='no' src='P'>a</p>", "p", "ruled", "no"),
        ("<p indent='-1' src='P'>a</p>", "p", "indent", "-1"),
        ("<p src='K'>a</p>", "p", "src", "K"),
        ("<p><t src='123'>a</t></p>", "t", "src", "123"),
        ("<space mm='wide'/>", "space", "mm", "wide"),
        ("<space mm='inf'/>", "space", "mm", "inf"),
        (
            "<table borders='thin' columns='*'/>",
            "table",
            "borders",
            "thin",
        ),
        (
            "<table borders='grid' columns='3mm'/>",
            "table",
            "columns",
            "3mm",
        ),
    ] {
        let fault = Fault::AttributeValue {
            element: element.to_owned(),
            name,
            value: value.to_owned(),
        };
        assert_fault(blocks, &fault);
    }
}

#[test]
fn attributes_that_must_be_there_are_missed() {
    for (blocks, element, name) in [
        ("<space/>", "space", "mm"),
        ("<table columns='*'/>", "table", "borders"),
        ("<table borders='grid'/>", "table", "columns"),
        ("<p><t>a</t></p>", "t", "src"),
    ] {
        assert_fault(
            blocks,
            &Fault::MissingAttribute {
                element: element.to_owned(),
                name,
            },
        );
    }
}

#[test]
fn fixed_text_says_where_it_comes_from() {
    for blocks in [
        "<p>a</p>",
        "<p><b>a</b></p>",
        "<p><v>1</v>a</p>",
        "<p><kk>a</kk><ru src='P'>b</ru></p>",
        "<p><t src='P'>b</t>a</p>",
    ] {
        assert_fault(
            blocks,
            &Fault::NoProvenance {
                text: "a".to_owned(),
            },
        );
    }
}

#[test]
fn a_text_stands_in_both_languages() {
    assert_fault(
        "<p><kk src='P'>a</kk></p>",
        &Fault::MissingLanguage { lang: Lang::Ru },
    );
    assert_fault(
        "<p><ru src='P'>a</ru></p>",
        &Fault::MissingLanguage { lang: Lang::Kk },
    );
    let mixed = "<p>1. <kk src='P'>a</kk><ru src='P'>b</ru></p>";
    assert_fault(mixed, &Fault::MixedLanguages);
    let mixed = "<p><b> </b><kk src='P'>a</kk><ru src='P'>b</ru></p>";
    assert_fault(mixed, &Fault::MixedLanguages);
}

#[test]
fn a_paragraph_prints_something() {
    for blocks in ["<p/>", "<p> </p>", "<p><v></v></p>"] {
        assert_fault(blocks, &Fault::EmptyParagraph);
    }
}

#[test]
fn text_between_blocks_is_refused() {
    let fault = Fault::StrayText {
        element: "sheet".to_owned(),
        text: "a".to_owned(),
    };
    assert_fault("<space mm='1'/> a ", &fault);
}

#[test]
fn a_form_has_a_title_and_a_sheet() {
    let title = "<title><kk src='P'>а</kk><ru src='P'>а</ru></title>";
    for (text, element) in [
        ("<form/>".to_owned(), "title"),
        (format!("<form>{title}</form>"), "sheet"),
    ] {
        let found = faults(&text);
        assert!(
            matches!(&found[..], [(1, Fault::MissingElement { element: found, .. })] if *found == element),
            "{found:?}"
        );
    }
    assert_eq!(
        parse(&form("<space mm='1'/>"), reading(Language::Ru))
            .unwrap()
            .title,
        "Форма"
    );
}

#[test]
fn what_is_no_xml_is_refused() {
    for text in ["", "<form>", "<form>&nbsp;</form>", "<form>\u{1}</form>"] {
        assert!(
            matches!(&faults(text)[..], [(1, Fault::NotXml { .. })]),
            "{text}"
        );
    }
}

#[test]
fn all_faults_are_told_at_once_and_in_order() {
    let text = form(
        "<h4/>\n<p>a</p>\n<table borders='grid' columns='*'><body><row><cell><p>\n\
         <kk src='P'>a</kk></p></cell></row></body></table>\n<p src='P'>good</p><u/>",
    );
    let lines: Vec<_> = faults(&text).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [3, 4, 5, 7]);
    // Once, though it is read in each language.
    let apart = text.replace("together", "apart");
    assert_eq!(faults(&apart).len(), 4);
}

#[test]
fn headings_and_captions_are_paragraphs_of_their_style() {
    let styles: Vec<_> = paragraphs(
        "<h1 src='P'>a</h1><h2 src='P'>a</h2><h3 src='P'>a</h3><caption src='P'>a</caption>",
    )
    .into_iter()
    .map(|paragraph| paragraph.style)
    .collect();
    let expected = [
        Style::Title,
        Style::Heading,
        Style::Subheading,
        Style::Caption,
    ];
    assert_eq!(styles, expected);
}

fn blocks(text: &str) -> Vec<Block> {
    parsed(text).sheets.remove(0).blocks
}

#[test]
fn the_items_of_a_list_have_marks() {
    let item = "<item><p src='P'>a</p></item>";
    for (marks, expected) in [
        ("1.", ["1.", "2."]),
        ("1)", ["1)", "2)"]),
        ("dash", ["–", "–"]),
        ("none", ["", ""]),
    ] {
        let text = format!("<list marks='{marks}'>{item}{item}</list>");
        let Some(Block::List(list)) = blocks(&text).pop() else {
            panic!("no list");
        };
        let found: Vec<_> = list.items.iter().map(|item| item.mark.as_str()).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_grid_is_a_table_whose_rows_have_heads() {
    let text = "<grid columns='60 *'><entry><key><kk src='P'>a</kk><ru src='P'>b</ru></key>\
                <p><v>1</v></p></entry></grid>";
    let Some(Block::Table(table)) = blocks(text).pop() else {
        panic!("no table");
    };
    let cells = &table.body[0].cells;
    assert_eq!((cells[0].scope, cells[1].scope), (Some(Scope::Row), None));
    assert_eq!(cells[0].paragraphs.len(), 2);
    for (text, element) in [
        (
            "<grid columns='*  *'><entry><p src='P'>a</p></entry></grid>",
            "key",
        ),
        (
            "<grid columns='* *'><entry><key src='P'>a</key></entry></grid>",
            "p",
        ),
    ] {
        assert_fault(
            text,
            &Fault::MissingElement {
                parent: "entry".to_owned(),
                element,
            },
        );
    }
}

#[test]
fn what_is_bilingual_stays_so_in_a_document_of_one_language() {
    let pair = "<p><kk src='P'>к</kk><ru src='P'>р</ru></p>";
    let text = form(&format!(
        "<footer languages='both'>{pair}<qr mm='20'/></footer><twin>{pair}</twin>\
         <group languages='both'>{pair}</group>{pair}"
    ));
    let mut form = parse(&text, reading(Language::Kk)).unwrap();
    let sheet = form.sheets.remove(0);
    assert_eq!(sheet.footer.len(), 2);
    assert!((sheet.qr.unwrap().size - 20.0).abs() < f32::EPSILON);
    let Some((Block::Table(twin), rest)) = sheet.blocks.split_first() else {
        panic!("no table");
    };
    let langs: Vec<_> = twin.body[0]
        .cells
        .iter()
        .flat_map(|cell| &cell.paragraphs)
        .map(|paragraph| paragraph.lang)
        .collect();
    assert_eq!(langs, [Lang::Kk, Lang::Ru]);
    assert!(matches!(&rest[0], Block::Group(both) if both.len() == 2));
    assert_eq!(rest.len(), 2);
}

#[test]
fn a_group_apart_stands_once_in_each_language() {
    let pair = "<p><kk src='P'>к</kk><ru src='P'>р</ru></p>";
    let groups = blocks(&format!("<group languages='apart'>{pair}{pair}</group>"));
    let langs: Vec<Vec<_>> = groups
        .into_iter()
        .map(|block| match block {
            Block::Group(blocks) => blocks
                .into_iter()
                .map(|block| match block {
                    Block::Paragraph(paragraph) => paragraph.lang,
                    other => panic!("{other:?}"),
                })
                .collect(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(langs, [vec![Lang::Kk; 2], vec![Lang::Ru; 2]]);
}

#[test]
fn verbatim_texts_are_printed_where_the_regulation_is_wanted() {
    let correction = Correction {
        line: "K1".to_owned(),
        class: CorrectionClass::W,
        source: "P".to_owned(),
        regulation: "старо".to_owned(),
        printed: "ново".to_owned(),
    };
    let text = form(
        "<p src='K1*'>так ново</p><p src='K2*'>так ново</p>\
         <p verbatim-only='yes'><ru src='K3'>одно</ru></p>",
    );
    let printed = |wording, regulation| {
        let reading = Reading {
            wording,
            regulation,
            ..reading(Language::KkRu)
        };
        let sheet = parse(&text, reading).unwrap().sheets.remove(0);
        let lines = sheet.blocks.into_iter().map(|block| match block {
            Block::Paragraph(paragraph) => match &paragraph.inlines[0] {
                Inline::Text { text, .. } => text.clone(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        });
        lines.collect::<Vec<_>>()
    };
    assert_eq!(printed(Wording::Corrected, &[]), ["так ново", "так ново"]);
    assert_eq!(
        printed(Wording::Verbatim, &[&correction]),
        ["так старо", "так ново", "одно"]
    );
}

#[test]
fn provenance_is_printed_behind_each_text() {
    let reading = Reading {
        provenance: Provenance::Printed,
        ..reading(Language::KkRu)
    };
    let text = form(
        "<p>A<v>1</v> <t src='T'>b</t></p>"
            .replace('A', "")
            .as_str(),
    );
    let text = text.replace("<sheet", "<watermark src='P'>ЖОБА</watermark><sheet");
    let mut form = parse(&text, reading).unwrap();
    assert_eq!(
        (form.title.as_str(), form.watermark.as_deref()),
        ("Нысан", Some("ЖОБА"))
    );
    let Some(Block::Paragraph(paragraph)) = form.sheets.remove(0).blocks.pop() else {
        panic!("no paragraph");
    };
    let printed: String = paragraph
        .inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text { text, .. } => text.as_str(),
            _ => "",
        })
        .collect();
    assert_eq!(printed, "1 b [T]");
}

#[test]
fn elements_too_deep_inside_one_another_are_refused() {
    let text = format!(
        "{}<space mm='1'/>{}",
        "<group>".repeat(40),
        "</group>".repeat(40)
    );
    assert_fault(&text, &Fault::TooDeep { most: 24 });
}

#[test]
fn faces_too_deep_inside_one_another_are_refused() {
    for depth in [60, 100_000] {
        let (open, close) = ("<b>".repeat(depth), "</b>".repeat(depth));
        let text = format!("<p><kk src='P'>{open}x{close}</kk><ru src='P'>x</ru></p>");
        assert_fault(&text, &Fault::TooDeep { most: 48 });
    }
}
