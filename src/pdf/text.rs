//! Text strings (ISO 32000-2 7.9.2.2).

/// The characters of a text string: UTF-16BE or UTF-8 with its mark, else PDFDocEncoding.
/// What is not valid in its encoding becomes U+FFFD.
pub(crate) fn decode_text(bytes: &[u8]) -> String {
    if let Some(utf16) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let units = utf16.chunks(2).map(|pair| match pair {
            [high, low] => u16::from_be_bytes([*high, *low]),
            _ => 0xfffd,
        });
        return char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
    }
    if let Some(utf8) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return String::from_utf8_lossy(utf8).into_owned();
    }
    bytes.iter().map(|byte| pdf_doc_encoding(*byte)).collect()
}

/// A text string as UTF-16BE in hexadecimal, delimiters included: safe in any place, whatever the
/// letters.
pub(crate) fn encode_text(text: &str) -> Vec<u8> {
    let mut out = b"<FEFF".to_vec();
    for unit in text.encode_utf16() {
        for byte in unit.to_be_bytes() {
            out.push(HEX_UPPER[usize::from(byte >> 4)]);
            out.push(HEX_UPPER[usize::from(byte & 15)]);
        }
    }
    out.push(b'>');
    out
}

fn pdf_doc_encoding(byte: u8) -> char {
    match byte {
        0x18..=0x1f => LOW[usize::from(byte - 0x18)],
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        0xa0 => '\u{20ac}',
        0x7f | 0xad => char::REPLACEMENT_CHARACTER,
        _ => char::from(byte),
    }
}

const HEX_UPPER: &[u8; 16] = b"0123456789ABCDEF";

// ISO 32000-2 table D.2
const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
const HIGH: [char; 32] = [
    '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™',
    'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kazakh_letters_survive() {
        let text = "Рұқсат: ӘҒҚҢӨҰҮҺІ";
        let hex = String::from_utf8(encode_text(text)).unwrap();
        let digits = hex.trim_start_matches('<').trim_end_matches('>');
        let bytes: Vec<u8> = (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
            .collect();
        assert_eq!(decode_text(&bytes), text);
    }

    #[test]
    fn each_encoding_is_told_by_its_mark() {
        assert_eq!(decode_text(b"\xef\xbb\xbf\xd2\x9b"), "қ");
        assert_eq!(decode_text(b"caf\xe9 \x84"), "café —");
        assert_eq!(decode_text(b"\xfe\xff\x04"), "\u{fffd}");
    }
}
