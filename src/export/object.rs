//! Words for the objects of a file (ISO 32000-1, 7.3).

use lopdf::Dictionary;
use lopdf::Object;
use lopdf::StringFormat;
use time::OffsetDateTime;

pub(super) fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

/// A count.
pub(super) fn integer(value: usize) -> Object {
    Object::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

/// Appends a number in its digits.
pub(super) fn digits(out: &mut Vec<u8>, mut value: usize) {
    let start = out.len();
    loop {
        out.push(b'0' + (value % 10) as u8);
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out[start..].reverse();
}

/// Appends the number of an object that is referred to.
pub(super) fn reference(out: &mut Vec<u8>, number: u32) {
    digits(out, number as usize);
    out.extend(b" 0 R");
}

/// Appends an object as it stands in a file.
pub(super) fn write(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend(b"null"),
        Object::Boolean(value) => out.extend(value.to_string().bytes()),
        Object::Integer(value) => out.extend(value.to_string().bytes()),
        Object::Real(value) => out.extend(value.to_string().bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(bytes, StringFormat::Literal) => write_literal(out, bytes),
        Object::String(bytes, StringFormat::Hexadecimal) => {
            out.push(b'<');
            for byte in bytes {
                out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
            out.push(b'>');
        }
        Object::Array(objects) => {
            out.push(b'[');
            for (place, object) in objects.iter().enumerate() {
                if place > 0 {
                    out.push(b' ');
                }
                write(out, object);
            }
            out.push(b']');
        }
        Object::Dictionary(dict) => write_dictionary(out, dict),
        Object::Stream(stream) => {
            write_dictionary(out, &stream.dict);
            out.extend(b"\nstream\n");
            out.extend(&stream.content);
            out.extend(b"\nendstream");
        }
        Object::Reference((number, generation)) => {
            out.extend(format!("{number} {generation} R").bytes());
        }
    }
}

fn write_dictionary(out: &mut Vec<u8>, dict: &Dictionary) {
    out.extend(b"<<");
    for (key, value) in dict {
        write_name(out, key);
        let begins_itself = matches!(
            value,
            Object::Array(_) | Object::Dictionary(_) | Object::Name(_) | Object::String(..)
        );
        if !begins_itself {
            out.push(b' ');
        }
        write(out, value);
    }
    out.extend(b">>");
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        match byte {
            b'!'..=b'~' if !b"()<>[]{}/%#".contains(byte) => out.push(*byte),
            _ => out.extend([
                b'#',
                HEX[usize::from(byte >> 4)],
                HEX[usize::from(byte & 15)],
            ]),
        }
    }
}

fn write_literal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    for byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend([b'\\', *byte]),
            b'\r' => out.extend(b"\\r"),
            _ => out.push(*byte),
        }
    }
    out.push(b')');
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

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

    /// 7.3.4.2: a bare parenthesis would end the string, and a carriage return be read as a line feed.
    #[test]
    fn what_would_end_or_change_a_literal_string_is_escaped() {
        let mut written = Vec::new();
        write(&mut written, &text("a (b\\) c"));
        assert_eq!(written, br"(a \(b\\\) c)");
        written.clear();
        let literal = Object::String(b"a\rb\n".to_vec(), StringFormat::Literal);
        write(&mut written, &literal);
        assert_eq!(written, b"(a\\rb\n)");
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
