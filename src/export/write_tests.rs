use lopdf::Dictionary;
use lopdf::Document;
use lopdf::Object;

use super::*;
use crate::export::Relationship;
use crate::export::TreeFault;
use crate::form::Align;
use crate::form::Block;
use crate::form::Style;
use crate::layout;
use crate::layout::Owner;
use crate::layout::samples::form;
use crate::layout::samples::paragraph;
use crate::layout::samples::sheet;
use crate::layout::samples::styled;
use crate::layout::samples::table;

#[test]
fn same_pages_and_time_give_the_same_bytes() {
    let first = file(&options());
    assert_eq!(digest(&first), digest(&file(&options())));
    let later = ExportOptions {
        time: options().time + time::Duration::SECOND,
        ..options()
    };
    assert_ne!(digest(&first), digest(&file(&later)));
}

#[test]
fn file_begins_and_ends_as_a_pdf_1_7() {
    let file = file(&options());
    assert!(file.starts_with(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"));
    assert!(file.ends_with(b"%%EOF\n"));
    let text = String::from_utf8_lossy(&file);
    assert!(text.contains("/Type/XRef") && !text.contains("\ntrailer\n"));
    for claim in ["<pdfaid:conformance>A<", "<pdfuaid:part>1<", "GTS_PDFA1"] {
        assert!(text.contains(claim), "{claim}");
    }
}

#[test]
fn every_mark_on_the_pages_has_its_element_in_the_parent_tree() {
    let document = Document::load_mem(&file(&options())).unwrap();
    let root = dict(
        &document,
        document.catalog().unwrap().get(b"StructTreeRoot").unwrap(),
    );
    let parents = dict(&document, root.get(b"ParentTree").unwrap());
    let parents = parents.get(b"Nums").unwrap().as_array().unwrap();
    for (key, page) in document.page_iter().enumerate() {
        let content = document.get_page_content(page);
        let marks = String::from_utf8_lossy(&content).matches("/MCID").count();
        let row = document.dereference(&parents[2 * key + 1]).unwrap().1;
        let row = row.as_array().unwrap();
        assert_eq!(row.len(), marks);
        for element in row {
            dict(&document, element).get(b"S").unwrap();
        }
    }
}

#[test]
fn field_stands_in_a_form_element() {
    let document = Document::load_mem(&file(&options())).unwrap();
    let form = dict(
        &document,
        document.catalog().unwrap().get(b"AcroForm").unwrap(),
    );
    let field = &form.get(b"Fields").unwrap().as_array().unwrap()[0];
    let key = dict(&document, field).get(b"StructParent").unwrap();
    let root = document.catalog().unwrap().get(b"StructTreeRoot").unwrap();
    let parents = dict(&document, dict(&document, root).get(b"ParentTree").unwrap());
    let parents = parents.get(b"Nums").unwrap().as_array().unwrap();
    let place = parents.iter().step_by(2).position(|number| number == key);
    let element = dict(&document, &parents[2 * place.unwrap() + 1]);
    assert_eq!(element.get(b"S").unwrap().as_name().unwrap(), b"Form");
    let kid = &element.get(b"K").unwrap().as_array().unwrap()[0];
    assert_eq!(kid.as_dict().unwrap().get(b"Obj").unwrap(), field);
}

#[test]
fn what_is_shown_and_not_read_is_not_claimed() {
    let mut pages = pages();
    let shown = |run: &&mut crate::layout::Run| matches!(run.owner, Owner::Element(_));
    let again = pages.pages[0].runs.iter_mut().find(shown).unwrap().clone();
    let other = lay_out_again();
    let Owner::Element(mark) = other.pages[0].runs.last().unwrap().owner else {
        panic!("the last text is the other document's own");
    };
    pages.pages[0].runs.push(crate::layout::Run {
        owner: Owner::Element(mark),
        ..again
    });
    let error = export(&pages, Fonts::builtin(), &options()).unwrap_err();
    assert!(
        matches!(error, Error::Tree(TreeFault::Reading { .. })),
        "{error}"
    );
}

/// A document with more marks than that of the tests, and no footer.
fn lay_out_again() -> Pages {
    let mut sheet = sheet(vec![Block::Table(table(30))]);
    sheet.footer.clear();
    layout::lay_out(&form(vec![sheet]), Fonts::builtin()).unwrap()
}

#[test]
fn identifier_differs_with_the_content() {
    let id = |file: &[u8]| {
        let document = Document::load_mem(file).unwrap();
        document.trailer.get(b"ID").unwrap().as_array().unwrap()[0]
            .as_str()
            .unwrap()
            .to_vec()
    };
    let mut other = options();
    other.attachments[1].data.push(b' ');
    let (one, other) = (id(&file(&options())), id(&file(&other)));
    assert_eq!(one.len(), 16);
    assert_ne!(one, other);
}

#[test]
fn attachments_are_named_associated_and_whole() {
    let document = Document::load_mem(&file(&options())).unwrap();
    let catalog = document.catalog().unwrap();
    let associated = catalog.get(b"AF").unwrap().as_array().unwrap();
    let tree = dict(&document, catalog.get(b"Names").unwrap())
        .get(b"EmbeddedFiles")
        .unwrap();
    let names = dict(&document, tree)
        .get(b"Names")
        .unwrap()
        .as_array()
        .unwrap();
    assert_eq!(names.len(), 4);
    let expected = [
        ("permit.json", "Data", "{\"a\":1}"),
        ("render.json", "Supplement", "{}"),
    ];
    for (place, (name, relationship, data)) in expected.into_iter().enumerate() {
        assert_eq!(names[2 * place].as_str().unwrap(), name.as_bytes());
        assert_eq!(names[2 * place + 1], associated[place]);
        let specification = dict(&document, &associated[place]);
        assert_eq!(
            specification
                .get(b"AFRelationship")
                .unwrap()
                .as_name()
                .unwrap(),
            relationship.as_bytes()
        );
        assert_eq!(
            specification.get(b"UF").unwrap().as_str().unwrap(),
            name.as_bytes()
        );
        let file = dict(&document, specification.get(b"EF").unwrap())
            .get(b"F")
            .unwrap();
        let stream = document.dereference(file).unwrap().1.as_stream().unwrap();
        assert_eq!(
            stream.dict.get(b"Subtype").unwrap().as_name().unwrap(),
            b"application/json"
        );
        assert_eq!(stream.decompressed_content().unwrap(), data.as_bytes());
        let parameters = dict(&document, stream.dict.get(b"Params").unwrap());
        assert_eq!(
            parameters.get(b"Size").unwrap().as_i64().unwrap(),
            data.len() as i64
        );
        assert_eq!(
            parameters.get(b"ModDate").unwrap().as_str().unwrap(),
            b"D:20131204090000Z"
        );
    }
}

#[test]
fn empty_signature_field_is_one_with_its_widget_on_the_first_page() {
    let document = Document::load_mem(&file(&options())).unwrap();
    let form = dict(
        &document,
        document.catalog().unwrap().get(b"AcroForm").unwrap(),
    );
    let fields = form.get(b"Fields").unwrap().as_array().unwrap();
    let first = document.page_iter().next().unwrap();
    let page = document.get_dictionary(first).unwrap();
    assert_eq!(page.get(b"Annots").unwrap().as_array().unwrap(), fields);
    let field = dict(&document, &fields[0]);
    assert_eq!(field.get(b"FT").unwrap().as_name().unwrap(), b"Sig");
    assert_eq!(field.get(b"F").unwrap().as_i64().unwrap(), 132);
    assert_eq!(field.get(b"P").unwrap().as_reference().unwrap(), first);
    assert_eq!(
        field.get(b"Rect").unwrap().as_array().unwrap(),
        &vec![Object::Integer(-1); 4]
    );
    assert!(!field.has(b"V"));
}

#[test]
fn draft_has_no_form() {
    let draft = ExportOptions {
        signature_field: SignatureField::Absent,
        ..options()
    };
    let document = Document::load_mem(&file(&draft)).unwrap();
    assert!(!document.catalog().unwrap().has(b"AcroForm"));
}

#[test]
fn every_stream_is_compressed_but_the_metadata() {
    let document = Document::load_mem(&file(&options())).unwrap();
    for stream in document
        .objects
        .values()
        .filter_map(|object| object.as_stream().ok())
    {
        let kind = stream.dict.get(b"Type").and_then(Object::as_name);
        // The reader has undone those already.
        if kind
            .as_ref()
            .is_ok_and(|kind| matches!(*kind, b"XRef" | b"ObjStm"))
        {
            continue;
        }
        let metadata = kind.is_ok_and(|kind| kind == b"Metadata");
        assert_eq!(stream.dict.has(b"Filter"), !metadata);
    }
}

#[test]
fn title_and_language_are_those_of_the_form() {
    let document = Document::load_mem(&file(&options())).unwrap();
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"kk-KZ");
    let preferences = dict(&document, catalog.get(b"ViewerPreferences").unwrap());
    assert!(
        preferences
            .get(b"DisplayDocTitle")
            .unwrap()
            .as_bool()
            .unwrap()
    );
    let metadata = document
        .dereference(catalog.get(b"Metadata").unwrap())
        .unwrap()
        .1
        .as_stream()
        .unwrap();
    let packet = String::from_utf8(metadata.content.clone()).unwrap();
    assert!(packet.contains("Рұқсат &lt;№ 1 &amp; 2&gt;"), "{packet}");
}

#[test]
fn glyphs_are_read_back_as_the_characters_of_the_pages() {
    let document = Document::load_mem(&file(&options())).unwrap();
    let text = document.extract_text(&[1]).unwrap();
    for word in [
        "ӘҒҚҢӨҰҮҺІ",
        "әғқңөұүһі",
        "Сера диоксид 2 (Ангидрид",
        "22,104100",
        "бет 1 / 1",
    ] {
        assert!(text.contains(word), "{word} in {text}");
    }
}

#[test]
fn document_without_pages_rejected() {
    let pages = Pages {
        pages: Vec::new(),
        ..pages()
    };
    let error = export(&pages, Fonts::builtin(), &options()).unwrap_err();
    assert!(matches!(error, Error::NoPages), "{error}");
}

fn pages() -> Pages {
    let mut form = form(vec![sheet(vec![
        Block::Paragraph(styled(Style::Title, Align::Center, "ӘҒҚҢӨҰҮҺІ әғқңөұүһі")),
        Block::Paragraph(paragraph("Мои\u{306} 1\u{a0}000,5 тонн")),
        Block::Table(table(3)),
    ])]);
    form.watermark = Some("ЖОБА / ПРОЕКТ".to_owned());
    layout::lay_out(&form, Fonts::builtin()).unwrap()
}

fn file(options: &ExportOptions) -> Vec<u8> {
    export(&pages(), Fonts::builtin(), options).unwrap()
}

fn options() -> ExportOptions {
    let attachment = |name: &str, relationship, data: &str| Attachment {
        name: name.to_owned(),
        description: "деректер".to_owned(),
        relationship,
        media_type: "application/json".to_owned(),
        data: data.as_bytes().to_vec(),
    };
    ExportOptions {
        time: time::macros::datetime!(2013-12-04 09:00 UTC),
        // The name tree sorts them.
        attachments: vec![
            attachment("render.json", Relationship::Supplement, "{}"),
            attachment("permit.json", Relationship::Data, "{\"a\":1}"),
        ],
        signature_field: SignatureField::Empty,
    }
}

fn dict<'a>(document: &'a Document, object: &'a Object) -> &'a Dictionary {
    document.dereference(object).unwrap().1.as_dict().unwrap()
}

fn digest(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
