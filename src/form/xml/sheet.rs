use roxmltree::Document;
use roxmltree::Node;

use crate::form::error::LanguageFault;
use crate::form::language::FilledForm;
use crate::form::language::Inline;
use crate::form::language::Lang;
use crate::form::language::Orientation;
use crate::form::language::Paragraph;
use crate::form::language::Qr;
use crate::form::language::Sheet;
use crate::form::language::Style;
use crate::form::options::Language;
use crate::form::options::Provenance;
use crate::form::xml::block;
use crate::form::xml::element::Element;
use crate::form::xml::element::millimetres;
use crate::form::xml::paragraph;
use crate::form::xml::paragraph::bilingual;
use crate::form::xml::paragraph::inlines;
use crate::form::xml::reading::BOTH;
use crate::form::xml::reading::Fault;
use crate::form::xml::reading::Reader;
use crate::form::xml::reading::Reading;
use crate::form::xml::well_formed;

/// A filled template, in the languages asked for.
///
/// # Errors
///
/// All faults at once, in the order of the text.
pub(in crate::form) fn parse(text: &str, reading: Reading<'_>) -> Result<FilledForm, Vec<Fault>> {
    let document = Document::parse(text).map_err(|error| {
        let faults = well_formed::faults(text);
        match faults.is_empty() {
            true => vec![not_xml(text, &error)],
            false => faults,
        }
    })?;
    let mut reader = Reader {
        reading,
        langs: reading.language.langs(),
        faults: Vec::new(),
    };
    let form = form(&mut reader, document.root_element());
    match reader.note(form) {
        Some(form) if reader.faults.is_empty() => Ok(form),
        _ => {
            // A sheet that is printed once in each language is read as often.
            let mut faults = reader.faults;
            faults.sort_by_key(|fault| fault.at);
            faults.dedup();
            Err(faults)
        }
    }
}

fn not_xml(text: &str, error: &roxmltree::Error) -> Fault {
    let at = error.pos();
    let line_start = text
        .split_inclusive('\n')
        .take((at.row as usize).saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    let line = text.get(line_start..).unwrap_or_default();
    let before: usize = line
        .chars()
        .take((at.col as usize).saturating_sub(1))
        .map(char::len_utf8)
        .sum();
    Fault {
        at: line_start + before,
        fault: LanguageFault::NotXml {
            reason: format!("the form is no XML: {error}"),
        },
    }
}

fn form(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Result<FilledForm, Fault> {
    let form = Element::new(node, &[])?;
    if form.name() != "form" {
        return Err(form.fault(LanguageFault::UnknownElement {
            element: form.name().to_owned(),
            parent: "the template".to_owned(),
        }));
    }
    let (mut title, mut watermark, mut sheets) = (None, None, Vec::new());
    for child in form.elements()? {
        match child.tag_name().name() {
            "title" => {
                let read = title_of(reader, child);
                title = reader.note(read);
            }
            "watermark" => {
                let read = watermark_of(reader, child);
                watermark = reader.note(read);
            }
            "sheet" => {
                let read = sheets_of(reader, child, &mut sheets);
                reader.note(read);
            }
            _ => reader.faults.push(form.unknown(child)),
        }
    }
    if !reader.faults.is_empty() {
        // What is missing may be what is faulty.
        return Err(reader.faults.remove(0));
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

/// Neither the title nor the watermark has room for marks of provenance.
fn unmarked<'r>(reader: &Reader<'r>) -> Reader<'r> {
    Reader {
        reading: Reading {
            provenance: Provenance::Hidden,
            ..reader.reading
        },
        langs: reader.langs,
        faults: Vec::new(),
    }
}

fn title_of(reader: &Reader<'_>, node: Node<'_, '_>) -> Result<String, Fault> {
    let both = bilingual(Element::new(node, &[])?)?;
    let first = match reader.reading.language {
        Language::Kk | Language::KkRu => both.kk,
        Language::Ru => both.ru,
    };
    Ok(plain(&inlines(&unmarked(reader), first)?))
}

fn watermark_of(reader: &Reader<'_>, node: Node<'_, '_>) -> Result<String, Fault> {
    let element = Element::new(node, &["src"])?;
    Ok(plain(&inlines(&unmarked(reader), element)?))
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
    reader: &mut Reader<'_>,
    node: Node<'_, '_>,
    sheets: &mut Vec<Sheet>,
) -> Result<(), Fault> {
    let element = Element::new(node, &["languages", "orientation"])?;
    let langs = reader.langs;
    let turns: Vec<&'static [Lang]> = element.require("languages", |value| match value {
        "apart" => Some(langs.chunks(1).collect()),
        "together" => Some(vec![langs]),
        _ => None,
    })?;
    let orientation = element.require("orientation", |value| match value {
        "landscape" => Some(Orientation::Landscape),
        "portrait" => Some(Orientation::Portrait),
        _ => None,
    })?;
    let children = element.elements()?;
    for langs in turns {
        let mut sheet = Sheet {
            lang: langs.first().copied().unwrap_or(Lang::Kk),
            orientation,
            header: Vec::new(),
            footer: Vec::new(),
            qr: None,
            blocks: Vec::new(),
        };
        reader.in_langs(langs, |reader| {
            for child in &children {
                let read = match child.tag_name().name() {
                    "header" => furniture(reader, *child, &mut sheet.header).map(|_| ()),
                    "footer" => furniture(reader, *child, &mut sheet.footer).map(|qr| {
                        sheet.qr = qr;
                    }),
                    _ => block::block(reader, element, *child, &mut sheet.blocks),
                };
                reader.note(read);
            }
        });
        sheets.push(sheet);
    }
    Ok(())
}

/// The head or the foot of every page, and the code beside it.
fn furniture(
    reader: &mut Reader<'_>,
    node: Node<'_, '_>,
    lines: &mut Vec<Paragraph>,
) -> Result<Option<Qr>, Fault> {
    let element = Element::new(node, &["languages"])?;
    let both = |value: &str| (value == "both").then_some(BOTH);
    let langs = element.read("languages", reader.langs, both)?;
    let children = element.elements()?;
    let mut qr = None;
    reader.in_langs(langs, |reader| {
        for child in children {
            let read = match child.tag_name().name() {
                "p" => paragraph::paragraphs(reader, child, Style::Small, lines),
                "qr" if element.name() == "footer" => code(child).map(|code| qr = Some(code)),
                _ => Err(element.unknown(child)),
            };
            reader.note(read);
        }
    });
    Ok(qr)
}

/// What it says is known only when the file is made.
fn code(node: Node<'_, '_>) -> Result<Qr, Fault> {
    let size = Element::new(node, &["mm"])?.require("mm", millimetres)?;
    Ok(Qr {
        content: String::new(),
        size,
    })
}
