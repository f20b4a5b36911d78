//! What stands in the data is printed as it stands: no field of any form can bring in markup, a tag
//! of the template, or characters that print otherwise than they read.

use std::collections::BTreeSet;

use ruqsat::form;
use ruqsat::form::Block;
use ruqsat::form::Edition;
use ruqsat::form::FillOptions;
use ruqsat::form::FilledForm;
use ruqsat::form::Inline;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::form::Paragraph;
use ruqsat::form::Sample;
use ruqsat::model;
use ruqsat::model::Document;
use ruqsat::model::FormName;
use serde_json::Value;

use crate::fixtures::documents;

/// Markup of the form language, XML's own characters, and tags of the template engine.
const MARKUP: &str = "</v></p></kk><p>&amp;<!--{{number}}{{{series}}}{{>main}}]]>\"'`=\\";
/// A text of no meaning to anybody.
const PLAIN: &str = "zzz";

#[test]
fn markup_in_any_field_of_any_form_is_text() {
    let (mut printed, mut refused) = (0, 0);
    for field in fields() {
        let plain = field.filled_with(PLAIN);
        let marked = field.filled_with(MARKUP);
        match (plain, marked) {
            (Ok(plain), Ok(marked)) => {
                let texts = texts(&marked).replace(MARKUP, PLAIN);
                assert_eq!(texts, self::texts(&plain), "{}", field.name());
                printed += 1;
            }
            // A date, a figure, a code.
            (Err(_), Err(_)) => refused += 1,
            (plain, marked) => panic!("{}: {plain:?} {marked:?}", field.name()),
        }
    }
    assert!(printed > 250 && refused > 50, "{printed} {refused}");
}

#[test]
fn characters_that_print_otherwise_than_they_read_are_in_no_field() {
    for field in fields() {
        for character in [
            '\0', '\u{1}', '\u{8}', '\u{1b}', '\u{7f}', '\u{85}', '\u{200f}', '\u{202e}',
            '\u{2066}', '\u{fdd0}', '\u{fdd1}', '\u{feff}',
        ] {
            match field.filled_with(&format!("a{character}b")) {
                Err(form::Error::Character {
                    pointer,
                    character: found,
                }) => assert_eq!(
                    (pointer.as_str(), found),
                    (field.pointer.as_str(), character)
                ),
                // A code of which the edition has a list.
                Err(form::Error::ValueNotInEdition { pointer, .. }) => {
                    assert_eq!(pointer, field.pointer);
                }
                other => panic!("{}: {other:?}", field.name()),
            }
        }
    }
}

#[test]
fn no_field_of_the_data_takes_such_characters() {
    for field in fields() {
        for character in ['\u{1}', '\u{202e}', '\u{fdd0}'] {
            let data = field.with(&format!("a{character}b")).to_string();
            let read = Document::from_json(field.form, data.as_bytes());
            let is_refused = matches!(read, Err(model::Error::Invalid(_)));
            assert!(is_refused, "{} {character:?}", field.name());
        }
    }
}

/// A text of the data of one form.
struct Field {
    form: FormName,
    edition: String,
    data: Value,
    pointer: String,
}

impl Field {
    fn name(&self) -> String {
        format!("{} {} {}", self.edition, self.form, self.pointer)
    }

    fn with(&self, text: &str) -> Value {
        let mut data = self.data.clone();
        *data.pointer_mut(&self.pointer).unwrap() = text.into();
        data
    }

    fn filled_with(&self, text: &str) -> Result<FilledForm, form::Error> {
        thread_local! {
            static EDITIONS: Vec<Edition> =
                Edition::builtin_ids().map(|id| Edition::builtin(id).unwrap()).collect();
        }
        let sample = Sample {
            form: self.form.to_string(),
            value: self.with(text),
        };
        EDITIONS.with(|editions| {
            let mut editions = editions.iter();
            let edition = editions.find(|edition| edition.id() == self.edition);
            let options = FillOptions::new(Language::KkRu, Medium::Electronic);
            Ok(edition.unwrap().fill(&sample, &options)?.0)
        })
    }
}

/// One field for each place of a form: what is true of a row is true of the next.
fn fields() -> Vec<Field> {
    let mut seen = BTreeSet::new();
    let mut fields = Vec::new();
    for (_, document) in documents() {
        let data: Value = serde_json::from_slice(&document.to_json()).unwrap();
        let mut pointers = Vec::new();
        texts_of(&data, String::new(), &mut pointers);
        for pointer in pointers {
            let steps = pointer.split('/').map(|step| match step.parse::<usize>() {
                Ok(_) => "*",
                Err(_) => step,
            });
            let pattern: Vec<_> = steps.collect();
            let place = (
                document.edition().to_owned(),
                document.form(),
                pattern.join("/"),
            );
            if pointer != "/edition" && seen.insert(place) {
                fields.push(Field {
                    form: document.form(),
                    edition: document.edition().to_owned(),
                    data: data.clone(),
                    pointer,
                });
            }
        }
    }
    fields
}

fn texts_of(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::String(_) => pointers.push(pointer),
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                texts_of(element, format!("{pointer}/{index}"), pointers);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                texts_of(member, format!("{pointer}/{name}"), pointers);
            }
        }
        _ => {}
    }
}

/// The texts of a form with its structure.
fn texts(form: &FilledForm) -> String {
    let mut texts = format!("{}\n{:?}\n", form.title, form.watermark);
    for sheet in &form.sheets {
        texts.push_str("sheet\n");
        let furniture = sheet.header.iter().chain(&sheet.footer);
        furniture.for_each(|paragraph| line(paragraph, &mut texts));
        sheet
            .blocks
            .iter()
            .for_each(|block| block_texts(block, &mut texts));
    }
    texts
}

fn block_texts(block: &Block, texts: &mut String) {
    match block {
        Block::Group(blocks) | Block::Signature(blocks) => {
            texts.push_str("group\n");
            blocks.iter().for_each(|block| block_texts(block, texts));
        }
        Block::List(list) => {
            texts.push_str("list\n");
            let paragraphs = list.items.iter().flat_map(|item| &item.paragraphs);
            paragraphs.for_each(|paragraph| line(paragraph, texts));
        }
        Block::Paragraph(paragraph) => line(paragraph, texts),
        Block::Bar(_) | Block::Space(_) => texts.push_str("space\n"),
        Block::Table(table) => {
            for row in table.head.iter().chain(&table.body) {
                texts.push_str("row\n");
                for cell in &row.cells {
                    texts.push_str("cell\n");
                    cell.paragraphs
                        .iter()
                        .for_each(|paragraph| line(paragraph, texts));
                }
            }
        }
    }
}

fn line(paragraph: &Paragraph, texts: &mut String) {
    for inline in &paragraph.inlines {
        match inline {
            Inline::Text { text, .. } => texts.push_str(text),
            other => texts.push_str(&format!("{other:?}")),
        }
        texts.push('|');
    }
    texts.push('\n');
}
