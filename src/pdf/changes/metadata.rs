//! Document metadata (XMP, ISO 32000-1 14.3.2) that tells of its last change.

use crate::pdf::error::Error;
use crate::pdf::object::Object;
use crate::pdf::object::Stream;
use crate::pdf::reader::View;

/// Whether two metadata streams say the same but for the time and the program of the last change.
/// The text around these must be the same byte for byte: a program that writes the whole packet
/// anew in another form is not recognised.
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
    Ok(without_last_change(before) == without_last_change(after))
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

fn without_last_change(packet: &str) -> String {
    let mut out = String::with_capacity(packet.len());
    let mut rest = packet;
    // Each search costs the length of the packet: more values than these are compared as they are.
    for _ in 0..32 {
        let first = HEADS
            .iter()
            .filter_map(|head| Some((rest.find(head)?, *head)))
            .min();
        let Some((at, head)) = first else { break };
        let (before, value) = rest.split_at(at + head.len());
        out.push_str(before);
        // Whatever could end the value, or begin markup, stays to be compared.
        rest = value.trim_start_matches(|character: char| {
            character.is_ascii_alphanumeric() || " .:+-;,()/_".contains(character)
        });
    }
    out + rest
}

const HEADS: [&str; 8] = [
    "<pdf:Producer>",
    "<xmp:MetadataDate>",
    "<xmp:ModifyDate>",
    " pdf:Producer=\"",
    " x:xmptk=\"",
    " xmp:MetadataDate=\"",
    " xmp:ModifyDate=\"",
    "\npdf:Producer=\"",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_of_the_last_change_are_left_out() {
        let packet = |date: &str, title: &str| {
            format!("<a xmp:ModifyDate=\"{date}\" b=\"1\"><dc:title>{title}</dc:title></a>")
        };
        assert_eq!(
            without_last_change(&packet("2026-01-01T00:00:00Z", "x")),
            without_last_change(&packet("2027", "x"))
        );
        assert_ne!(
            without_last_change(&packet("2026", "x")),
            without_last_change(&packet("2026", "y"))
        );
        assert_ne!(
            without_last_change(&packet("2026", "x")),
            without_last_change(&packet("2026\" c=\"2", "x"))
        );
        assert_ne!(
            without_last_change(&packet("2026", "x")),
            without_last_change(&packet("2026<dc:title>y", "x"))
        );
    }
}
