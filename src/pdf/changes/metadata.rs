//! Document metadata (XMP, ISO 32000-1 14.3.2) that tells of its last change.

use std::collections::BTreeMap;

use roxmltree::Document;
use roxmltree::Node;
use roxmltree::ParsingOptions;

use crate::pdf::error::Error;
use crate::pdf::object::Object;
use crate::pdf::object::Stream;
use crate::pdf::reader::View;

/// Whether two metadata streams say the same but for the time and the program of the last change.
pub(super) fn only_last_change_differs<'p>(
    signed: View<'p, '_>,
    before: &Object<'p>,
    current: View<'p, '_>,
    after: &Object<'p>,
) -> Result<bool, Error> {
    let (before, after) = (signed.resolve(before)?, current.resolve(after)?);
    let (Some(before), Some(after)) = (before.as_stream(), after.as_stream()) else {
        return Ok(false);
    };
    if !is_metadata(before) || !is_metadata(after) {
        return Ok(false);
    }
    let (before, after) = (
        signed.pdf.stream_data(before)?,
        current.pdf.stream_data(after)?,
    );
    let (Ok(before), Ok(after)) = (str::from_utf8(&before), str::from_utf8(&after)) else {
        return Ok(false);
    };
    Ok(same_but_last_change(before, after))
}

fn is_metadata(stream: &Stream<'_>) -> bool {
    let dictionary = stream.dictionary();
    let only_known = dictionary.entries().iter().all(|entry| {
        matches!(
            entry.key.as_bytes(),
            b"Filter" | b"Length" | b"Subtype" | b"Type"
        )
    });
    only_known && dictionary.is("Type", "Metadata") && dictionary.is("Subtype", "XML")
}

/// Whether two packets are the same XML but for what tells of the last change. Declarations of
/// namespaces are no part of that: a program that writes the packet anew may repeat them.
fn same_but_last_change(before: &str, after: &str) -> bool {
    let options = || ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let (Ok(before), Ok(after)) = (
        Document::parse_with_options(before, options()),
        Document::parse_with_options(after, options()),
    ) else {
        return false;
    };
    let (mut before, mut after) = (before.descendants(), after.descendants());
    loop {
        match (before.next(), after.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if same_node(one, other) => {}
            _ => return false,
        }
    }
}

/// In document order, whether a node has children and whether one follows it determine the tree.
fn same_node(one: Node<'_, '_>, other: Node<'_, '_>) -> bool {
    one.node_type() == other.node_type()
        && one.tag_name() == other.tag_name()
        && one.has_children() == other.has_children()
        && one.next_sibling().is_some() == other.next_sibling().is_some()
        && one.pi() == other.pi()
        && attributes(one) == attributes(other)
        && (one.is_element() || tells_of_last_change(one.parent()) || one.text() == other.text())
}

/// The attributes in the order of their names, which XML leaves open, without the last change.
fn attributes<'a>(node: Node<'a, '_>) -> BTreeMap<(Option<&'a str>, &'a str), Option<&'a str>> {
    let attributes = node.attributes().map(|attribute| {
        let name = (attribute.namespace(), attribute.name());
        let value = (!LAST_CHANGE.contains(&name)).then_some(attribute.value());
        (name, value)
    });
    attributes.collect()
}

fn tells_of_last_change(element: Option<Node<'_, '_>>) -> bool {
    element.is_some_and(|element| {
        let name = element.tag_name();
        LAST_CHANGE.contains(&(name.namespace(), name.name()))
    })
}

/// What a program that appends to a file may write anew.
const LAST_CHANGE: [(Option<&str>, &str); 4] = [
    (Some("http://ns.adobe.com/pdf/1.3/"), "Producer"),
    (Some("http://ns.adobe.com/xap/1.0/"), "MetadataDate"),
    (Some("http://ns.adobe.com/xap/1.0/"), "ModifyDate"),
    (Some("adobe:ns:meta/"), "xmptk"),
];

const MAX_NODES: u32 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "<?xpacket begin=\"\u{feff}\" id=\"x\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\" \
        xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
        xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"";

    fn packet(attributes: &str, content: &str) -> String {
        format!("{HEAD} {attributes}>{content}</x:xmpmeta><?xpacket end=\"r\"?>")
    }

    fn same(one: (&str, &str), other: (&str, &str)) -> bool {
        same_but_last_change(&packet(one.0, one.1), &packet(other.0, other.1))
    }

    #[test]
    fn another_time_and_program_of_the_last_change_are_the_same() {
        let title = "<dc:title>x</dc:title>";
        assert!(same(
            ("xmp:ModifyDate=\"2026-01-01T00:00:00Z\"", title),
            ("xmp:ModifyDate=\"2027\"", title)
        ));
        assert!(same(
            ("", "<pdf:Producer>a</pdf:Producer>"),
            ("", "<pdf:Producer>a; b</pdf:Producer>")
        ));
    }

    #[test]
    fn a_namespace_declared_again_and_attributes_in_another_order_are_the_same() {
        let again = "<dc:title xmlns:dc=\"http://purl.org/dc/elements/1.1/\">x</dc:title>";
        assert!(same(
            ("dc:a=\"1\" dc:b=\"2\"", "<dc:title>x</dc:title>"),
            ("dc:b=\"2\" dc:a=\"1\"", again)
        ));
    }

    #[test]
    fn another_title_is_a_change() {
        assert!(!same(
            ("", "<dc:title>x</dc:title>"),
            ("", "<dc:title>y</dc:title>")
        ));
    }

    #[test]
    fn another_attribute_is_a_change() {
        let title = "<dc:title>x</dc:title>";
        assert!(!same(("dc:a=\"1\"", title), ("dc:a=\"2\"", title)));
        assert!(!same(("", title), ("xmp:ModifyDate=\"2026\"", title)));
    }

    #[test]
    fn an_element_more_or_nested_otherwise_is_a_change() {
        let title = "<dc:title>x</dc:title>";
        assert!(!same(("", title), ("", &title.repeat(2))));
        assert!(!same(("", "<dc:a/><dc:b/>"), ("", "<dc:a><dc:b/></dc:a>")));
        assert!(!same(
            ("", "<pdf:Producer>a</pdf:Producer>"),
            ("", "<pdf:Producer><dc:title/></pdf:Producer>")
        ));
    }

    #[test]
    fn the_same_name_in_another_namespace_is_a_change() {
        let other = "<dc:title xmlns:dc=\"http://example.com/\">x</dc:title>";
        assert!(!same(("", "<dc:title>x</dc:title>"), ("", other)));
    }

    #[test]
    fn what_is_no_xml_is_a_change() {
        assert!(!same_but_last_change("<a>", "<a>"));
    }
}
