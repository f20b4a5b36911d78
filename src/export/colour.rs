use std::sync::LazyLock;

use lopdf::Dictionary;
use lopdf::Document;
use lopdf::Object;

use crate::export::deflate::Deflate;
use crate::export::deflate::Effort;
use crate::export::error::Error;
use crate::export::object;

/// Says that the colours of the document are sRGB (ISO 19005-3, 6.2.3).
///
/// # Errors
///
/// Never, short of a defect of the encoder.
pub(super) fn output_intent(
    document: &mut Document,
    deflate: &mut Deflate,
) -> Result<Object, Error> {
    let mut dict = Dictionary::new();
    dict.set("N", 3);
    let profile = document.add_object(deflate.stream(dict, &SRGB, Effort::Least)?);
    let mut intent = Dictionary::new();
    intent.set("Type", object::name("OutputIntent"));
    intent.set("S", object::name("GTS_PDFA1"));
    intent.set("OutputConditionIdentifier", object::text(NAME));
    intent.set("Info", object::text(NAME));
    intent.set("DestOutputProfile", profile);
    Ok(Object::Array(vec![Object::Dictionary(intent)]))
}

static SRGB: LazyLock<Vec<u8>> = LazyLock::new(srgb);

/// A profile of sRGB (IEC 61966-2-1) as ICC.1:2001 describes one, made from its definition.
fn srgb() -> Vec<u8> {
    let curve = curve();
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", description()),
        (b"cprt", tagged(b"text", b"No copyright, use freely\0")),
        (b"wtpt", xyz([0.950_45, 1.0, 1.089_05])),
        (b"rXYZ", xyz([0.436_07, 0.222_49, 0.013_92])),
        (b"gXYZ", xyz([0.385_15, 0.716_87, 0.097_08])),
        (b"bXYZ", xyz([0.143_07, 0.060_61, 0.714_10])),
        (b"rTRC", curve),
        (b"gTRC", Vec::new()),
        (b"bTRC", Vec::new()),
    ];
    let mut offset = HEADER + 4 + 12 * tags.len();
    let mut table = u32_of(tags.len()).to_vec();
    let mut data = Vec::new();
    let mut last = (0, 0);
    for (name, tag) in &tags {
        // The three colours have one curve.
        if !tag.is_empty() {
            last = (offset, tag.len());
            data.extend(tag);
            data.resize(data.len().next_multiple_of(4), 0);
            offset = HEADER + 4 + 12 * tags.len() + data.len();
        }
        table.extend(*name);
        table.extend(u32_of(last.0));
        table.extend(u32_of(last.1));
    }
    let mut profile = header(HEADER + table.len() + data.len());
    profile.extend(table);
    profile.extend(data);
    profile
}

fn header(size: usize) -> Vec<u8> {
    let mut header = vec![0; HEADER];
    header[..4].copy_from_slice(&u32_of(size));
    header[8..12].copy_from_slice(&[2, 0x10, 0, 0]);
    header[12..24].copy_from_slice(b"mntrRGB XYZ ");
    // The day its definition was published; the bytes of a document do not depend on the day.
    for (place, number) in [1999_u16, 10, 1].into_iter().enumerate() {
        header[24 + 2 * place..26 + 2 * place].copy_from_slice(&number.to_be_bytes());
    }
    header[36..40].copy_from_slice(b"acsp");
    header[68..80].copy_from_slice(&xyz([0.964_2, 1.0, 0.824_9])[8..]);
    header
}

/// From a value of the file to light, by the formula of the standard.
fn curve() -> Vec<u8> {
    let mut curve = u32_of(STEPS).to_vec();
    for step in 0..STEPS {
        let value = step as f64 / (STEPS - 1) as f64;
        let light = if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        };
        curve.extend(((light * f64::from(u16::MAX)).round() as u16).to_be_bytes());
    }
    tagged(b"curv", &curve)
}

fn description() -> Vec<u8> {
    let mut text = u32_of(NAME.len() + 1).to_vec();
    text.extend(NAME.bytes());
    // No name in Unicode and none for the Macintosh: two codes, two lengths, 67 bytes.
    text.resize(text.len() + 1 + 4 + 4 + 2 + 1 + 67, 0);
    tagged(b"desc", &text)
}

fn xyz(values: [f64; 3]) -> Vec<u8> {
    let fixed = |value: f64| ((value * 65536.0).round() as i32).to_be_bytes();
    tagged(b"XYZ ", &values.map(fixed).concat())
}

fn tagged(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [kind.as_slice(), &[0; 4], data].concat()
}

fn u32_of(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes()
}

const NAME: &str = "sRGB IEC61966-2.1";
const HEADER: usize = 128;
/// Enough for the steep begin of the curve.
const STEPS: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profile_says_its_own_length_and_where_its_tags_are() {
        let profile = srgb();
        let number =
            |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(number(0), profile.len());
        assert_eq!(number(HEADER), 9);
        for tag in 0..9 {
            let at = HEADER + 4 + 12 * tag;
            assert!(number(at + 4) + number(at + 8) <= profile.len());
            assert_eq!(number(at + 4) % 4, 0);
        }
        assert_eq!(
            number(HEADER + 4 + 12 * 6 + 4),
            number(HEADER + 4 + 12 * 8 + 4)
        );
    }

    #[test]
    fn curve_rises_from_black_to_white() {
        let curve = curve();
        let values: Vec<u16> = curve[12..]
            .chunks(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
            .collect();
        assert_eq!((values[0], values[1023]), (0, u16::MAX));
        assert!(values.is_sorted());
    }
}
