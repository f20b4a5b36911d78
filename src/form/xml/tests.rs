use crate::form::error::Error;
use crate::form::error::LanguageFault as Fault;
use crate::form::language::Align;
use crate::form::language::Block;
use crate::form::language::ColumnWidth;
use crate::form::language::FilledForm;
use crate::form::language::Inline;
use crate::form::language::Lang;
use crate::form::language::Paragraph;
use crate::form::language::Style;
use crate::form::options::Language;
use crate::form::pointed::pointed;
use crate::form::xml::parse;

/// A form with these blocks on one sheet, in the third line.
fn form(blocks: &str) -> String {
    format!(
        "<form>\n<title><kk src=\"P\">Нысан</kk><ru src=\"P\">Форма</ru></title>\n\
         <sheet languages=\"together\" orientation=\"portrait\">{blocks}</sheet>\n</form>"
    )
}

fn parsed(blocks: &str) -> FilledForm {
    parse(&form(blocks), Language::KkRu).unwrap()
}

#[track_caller]
fn assert_fault(blocks: &str, fault: &Fault) {
    match parse(&form(blocks), Language::KkRu) {
        Err(Error::Language {
            line: 3,
            fault: found,
        }) => assert_eq!(&found, fault),
        other => panic!("{blocks}: {other:?}"),
    }
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
        ("<h1/>", "h1", "sheet"),
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
    for (blocks, element, name) in [
        ("<p size='9' src='P'>a</p>", "p", "size"),
        ("<p><v src='P'>a</v></p>", "v", "src"),
        ("<space mm='3' cm='1'/>", "space", "cm"),
        (
            "<table borders='grid' columns='*' width='9'/>",
            "table",
            "width",
        ),
        ("<group keep='yes'/>", "group", "keep"),
    ] {
        let fault = Fault::UnknownAttribute {
            element: element.to_owned(),
            name: name.to_owned(),
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
        match parse(&text, Language::Kk) {
            Err(Error::Language {
                line: 1,
                fault: Fault::MissingElement { element: found, .. },
            }) => {
                assert_eq!(found, element);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        parse(&form("<space mm='1'/>"), Language::Ru).unwrap().title,
        "Форма"
    );
}

#[test]
fn what_is_no_xml_is_refused() {
    for text in ["", "<form>", "<form>&nbsp;</form>", "<form>\u{1}</form>"] {
        assert!(
            matches!(parse(text, Language::Kk), Err(Error::NotXml(_))),
            "{text}"
        );
    }
}
