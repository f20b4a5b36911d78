use roxmltree::Node;

use crate::form::error::Error;
use crate::form::error::LanguageFault;
use crate::form::language::Align;
use crate::form::language::Inline;
use crate::form::language::Lang;
use crate::form::language::Paragraph;
use crate::form::language::Style;
use crate::form::xml::element::Element;
use crate::form::xml::element::millimetres;
use crate::form::xml::element::yes;
use crate::form::xml::text::Face;
use crate::form::xml::text::Text;
use crate::form::xml::text::source;

/// One paragraph in each language of the sheet, or one where it is the same in all.
pub(super) fn paragraphs(
    node: Node<'_, '_>,
    langs: &[Lang],
    default_style: Style,
    paragraphs: &mut Vec<Paragraph>,
) -> Result<(), Error> {
    let attributes = ["align", "indent", "keep", "ruled", "src", "style"];
    let element = Element::new(node, &attributes)?;
    let style = element.read("style", default_style, style)?;
    let template = Paragraph {
        style,
        align: element.read("align", default_align(style), align)?,
        lang: langs.first().copied().unwrap_or(Lang::Kk),
        indent: element.read("indent", 0.0, millimetres)?,
        ruled: element.read("ruled", false, yes)?,
        keep_with_next: element.read("keep", false, yes)?,
        inlines: Vec::new(),
    };
    if !is_bilingual(element) {
        let inlines = inlines(element)?;
        paragraphs.push(Paragraph {
            inlines,
            ..template
        });
        return Ok(());
    }
    let both = bilingual(element)?;
    for lang in langs.iter().copied() {
        let inlines = match lang {
            Lang::Kk => inlines(both.kk)?,
            Lang::Ru => inlines(both.ru)?,
        };
        paragraphs.push(Paragraph {
            lang,
            inlines,
            ..template.clone()
        });
    }
    Ok(())
}

/// The two languages of an element.
pub(super) struct Both<'a, 'input> {
    pub(super) kk: Element<'a, 'input>,
    pub(super) ru: Element<'a, 'input>,
}

/// The `kk` and the `ru` of an element that holds nothing else.
pub(super) fn bilingual<'a, 'input>(
    element: Element<'a, 'input>,
) -> Result<Both<'a, 'input>, Error> {
    let (mut kk, mut ru) = (None, None);
    for child in element.children() {
        let slot = match child.tag_name().name() {
            "kk" => &mut kk,
            "ru" => &mut ru,
            _ if is_blank(child) => continue,
            _ => return Err(element.fault(LanguageFault::MixedLanguages)),
        };
        if slot.replace(Element::new(child, &["src"])?).is_some() {
            return Err(element.unknown(child));
        }
    }
    let missing = |lang| element.fault(LanguageFault::MissingLanguage { lang });
    Ok(Both {
        kk: kk.ok_or_else(|| missing(Lang::Kk))?,
        ru: ru.ok_or_else(|| missing(Lang::Ru))?,
    })
}

/// The text of `p`, `kk` or `ru`.
pub(super) fn inlines(element: Element<'_, '_>) -> Result<Vec<Inline>, Error> {
    element.read("src", (), source)?;
    let mut text = Text::default();
    let face = Face {
        bold: false,
        italic: false,
        has_provenance: element.attribute("src").is_some(),
    };
    text.read(element, face)?;
    text.finish()
        .ok_or_else(|| element.fault(LanguageFault::EmptyParagraph))
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
        "heading" => Style::Heading,
        "small" => Style::Small,
        "table-body" => Style::TableBody,
        "table-head" => Style::TableHead,
        "title" => Style::Title,
        _ => return None,
    })
}

fn align(value: &str) -> Option<Align> {
    Some(match value {
        "center" => Align::Center,
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
