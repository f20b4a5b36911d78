use roxmltree::Node;

use crate::form::error::LanguageFault;
use crate::form::language::Align;
use crate::form::language::Inline;
use crate::form::language::Lang;
use crate::form::language::Paragraph;
use crate::form::language::Style;
use crate::form::options::Wording;
use crate::form::xml::element::Element;
use crate::form::xml::element::fault_in_text;
use crate::form::xml::element::millimetres;
use crate::form::xml::element::yes;
use crate::form::xml::provenance;
use crate::form::xml::reading::Fault;
use crate::form::xml::reading::Reader;
use crate::form::xml::text::Face;
use crate::form::xml::text::Text;
use crate::form::xml::text::source;

/// One paragraph in each language of the sheet, or one where it is the same in all.
pub(super) fn paragraphs(
    reader: &Reader<'_>,
    node: Node<'_, '_>,
    default_style: Style,
    paragraphs: &mut Vec<Paragraph>,
) -> Result<(), Fault> {
    let element = Element::new(node, &ATTRIBUTES)?;
    let style = element.read("style", default_style, style)?;
    let template = Paragraph {
        style,
        align: element.read("align", default_align(style), align)?,
        lang: reader.first_lang(),
        indent: element.read("indent", 0.0, millimetres)?,
        ruled: element.read("ruled", false, yes)?,
        keep_with_next: element.read("keep", false, yes)?,
        inlines: Vec::new(),
    };
    let verbatim_only = element.read("verbatim-only", false, yes)?;
    let mut printed = Vec::new();
    if !is_bilingual(element) {
        let inlines = inlines(reader, element)?;
        printed.push(Paragraph {
            inlines,
            ..template
        });
    } else {
        let Sides { kk, ru } = sides(element)?;
        if !verbatim_only {
            bilingual(element)?;
        }
        for lang in reader.langs.iter().copied() {
            let side = match lang {
                Lang::Kk => kk,
                Lang::Ru => ru,
            };
            if let Some(side) = side {
                printed.push(Paragraph {
                    lang,
                    inlines: inlines(reader, side)?,
                    ..template.clone()
                });
            }
        }
    }
    if !verbatim_only || reader.reading.wording == Wording::Verbatim {
        paragraphs.extend(printed);
    }
    Ok(())
}

/// The two languages of an element.
pub(super) struct Both<'a, 'input> {
    pub(super) kk: Element<'a, 'input>,
    pub(super) ru: Element<'a, 'input>,
}

struct Sides<'a, 'input> {
    kk: Option<Element<'a, 'input>>,
    ru: Option<Element<'a, 'input>>,
}

/// The `kk` and the `ru` of an element that holds nothing else.
pub(super) fn bilingual<'a, 'input>(
    element: Element<'a, 'input>,
) -> Result<Both<'a, 'input>, Fault> {
    let Sides { kk, ru } = sides(element)?;
    let missing = |lang| element.fault(LanguageFault::MissingLanguage { lang });
    Ok(Both {
        kk: kk.ok_or_else(|| missing(Lang::Kk))?,
        ru: ru.ok_or_else(|| missing(Lang::Ru))?,
    })
}

fn sides<'a, 'input>(element: Element<'a, 'input>) -> Result<Sides<'a, 'input>, Fault> {
    let (mut kk, mut ru) = (None, None);
    for child in element.children() {
        let slot = match child.tag_name().name() {
            "kk" => &mut kk,
            "ru" => &mut ru,
            _ if is_blank(child) => continue,
            _ => return Err(fault_in_text(child, LanguageFault::MixedLanguages)),
        };
        if slot.replace(Element::new(child, &["src"])?).is_some() {
            return Err(element.unknown(child));
        }
    }
    Ok(Sides { kk, ru })
}

/// The text of `p`, `kk` or `ru`.
pub(super) fn inlines(reader: &Reader<'_>, element: Element<'_, '_>) -> Result<Vec<Inline>, Fault> {
    element.read("src", (), source)?;
    let src = element.attribute("src");
    let mut text = Text::new(reader.reading.provenance);
    let face = Face {
        bold: false,
        italic: false,
        has_provenance: src.is_some(),
    };
    text.read(element, face)?;
    if let Some(src) = src {
        text.mark(src);
    }
    let mut inlines = text
        .finish()
        .ok_or_else(|| element.fault(LanguageFault::EmptyParagraph))?;
    for correction in reader.reading.regulation {
        if provenance::names(src.unwrap_or_default(), &correction.line) {
            restore(&mut inlines, &correction.printed, &correction.regulation);
        }
    }
    Ok(inlines)
}

/// Puts the regulation's wording in the place of the printed one.
fn restore(inlines: &mut [Inline], printed: &str, regulation: &str) {
    for inline in inlines {
        if let Inline::Text { text, .. } = inline
            && text.contains(printed)
        {
            *text = text.replace(printed, regulation);
        }
    }
}

fn is_blank(node: Node<'_, '_>) -> bool {
    node.is_text() && node.text().is_none_or(|text| text.trim_ascii().is_empty())
}

fn is_bilingual(element: Element<'_, '_>) -> bool {
    element
        .children()
        .any(|child| matches!(child.tag_name().name(), "kk" | "ru"))
}

fn style(value: &str) -> Option<Style> {
    Some(match value {
        "body" => Style::Body,
        "caption" => Style::Caption,
        "small" => Style::Small,
        "table-body" => Style::TableBody,
        "table-head" => Style::TableHead,
        _ => return None,
    })
}

fn align(value: &str) -> Option<Align> {
    Some(match value {
        "center" => Align::Center,
        "decimal" => Align::Decimal,
        "justify" => Align::Justify,
        "left" => Align::Left,
        "right" => Align::Right,
        _ => return None,
    })
}

fn default_align(style: Style) -> Align {
    match style {
        Style::Caption | Style::Heading | Style::TableHead | Style::Title => Align::Center,
        Style::Body | Style::Small | Style::Subheading | Style::TableBody => Align::Left,
    }
}

const ATTRIBUTES: [&str; 7] = [
    "align",
    "indent",
    "keep",
    "ruled",
    "src",
    "style",
    "verbatim-only",
];
