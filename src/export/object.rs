//! Words for the objects of a file (ISO 32000-1, 7.3).

use lopdf::Object;
use lopdf::StringFormat;
use time::OffsetDateTime;

pub(super) fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

/// Bytes in hexadecimal.
pub(super) fn bytes(bytes: &[u8]) -> Object {
    Object::String(bytes.to_vec(), StringFormat::Hexadecimal)
}

/// A text string: UTF-16BE with its mark, in hexadecimal, unless it is plain ASCII (7.9.2.2).
pub(super) fn text(text: &str) -> Object {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Object::String(text.as_bytes().to_vec(), StringFormat::Literal);
    }
    let mut units = vec![0xfe, 0xff];
    units.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    bytes(&units)
}

/// A date, in UTC (7.9.4).
pub(super) fn date(time: OffsetDateTime) -> Object {
    let time = time.to_offset(time::UtcOffset::UTC);
    let (date, (hour, minute, second)) = (time.date(), time.to_hms());
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    text(&format!(
        "D:{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_beyond_ascii_is_utf_16() {
        let Object::String(bytes, StringFormat::Hexadecimal) = text("Ә") else {
            panic!("no string")
        };
        assert_eq!(bytes, [0xfe, 0xff, 0x04, 0xd8]);
    }

    #[test]
    fn date_is_in_utc() {
        let time = time::macros::datetime!(2013-12-04 05:01:09 +6);
        let Object::String(bytes, StringFormat::Literal) = date(time) else {
            panic!("no string")
        };
        assert_eq!(bytes, b"D:20131203230109Z");
    }
}
