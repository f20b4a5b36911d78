//! Objects (ISO 32000-1 7.3), as they stand in the file: nothing is copied, nothing re-encoded.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use crate::pdf::text::decode_text;

/// An object, with its place wherever that matters.
#[derive(Clone, Debug)]
pub enum Object<'d> {
    /// `[ … ]`
    Array(Array<'d>),
    /// `true`, `false`
    Boolean(bool),
    /// `<< … >>`
    Dictionary(Dictionary<'d>),
    /// A number without a decimal point.
    Integer(i64),
    /// `/Name`
    Name(Name<'d>),
    /// `null`
    Null,
    /// A number with a decimal point.
    Real(f64),
    /// `12 0 R`
    Reference(ObjectId),
    /// A dictionary with data.
    Stream(Stream<'d>),
    /// `( … )` or `< … >`
    String(StringObject<'d>),
}

/// The number and generation under which an indirect object is known (7.3.10).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ObjectId {
    /// The object number.
    pub number: u32,
    /// The generation number.
    pub generation: u16,
}

/// A name (7.3.5), `#` escapes resolved.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Name<'d>(pub(crate) Cow<'d, [u8]>);

/// A string (7.3.4) as written.
#[derive(Clone, Debug)]
pub struct StringObject<'d> {
    /// As written, delimiters included.
    pub(crate) raw: &'d [u8],
    /// Where it stands in its buffer, delimiters included.
    pub(crate) span: Range<usize>,
}

/// An array (7.3.6).
#[derive(Clone, Debug)]
pub struct Array<'d> {
    pub(crate) items: Vec<Object<'d>>,
    pub(crate) raw: &'d [u8],
    pub(crate) span: Range<usize>,
}

/// A dictionary (7.3.7). No key stands in it twice.
#[derive(Clone, Debug)]
pub struct Dictionary<'d> {
    pub(crate) entries: Vec<Entry<'d>>,
    pub(crate) raw: &'d [u8],
    pub(crate) span: Range<usize>,
}

/// A key of a dictionary and its value.
#[derive(Clone, Debug)]
pub struct Entry<'d> {
    /// The key.
    pub key: Name<'d>,
    /// The value.
    pub value: Object<'d>,
    /// Where the key ends and the value stands, in the buffer of the dictionary.
    pub(crate) key_end: usize,
    pub(crate) value_span: Range<usize>,
}

/// A stream (7.3.8), its data not yet decoded.
#[derive(Clone, Debug)]
pub struct Stream<'d> {
    pub(crate) dictionary: Dictionary<'d>,
    pub(crate) data: &'d [u8],
    /// Where its data begins in the file.
    pub(crate) offset: usize,
}

impl<'d> Object<'d> {
    /// The array, when it is one.
    pub fn as_array(&self) -> Option<&Array<'d>> {
        if let Self::Array(array) = self {
            Some(array)
        } else {
            None
        }
    }

    /// The dictionary, that of a stream included.
    pub fn as_dictionary(&self) -> Option<&Dictionary<'d>> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            Self::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    /// The integer, when it is one.
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(integer) = self {
            Some(*integer)
        } else {
            None
        }
    }

    /// The integer, when it is one that can count bytes or objects.
    pub fn as_unsigned<T: TryFrom<i64>>(&self) -> Option<T> {
        self.as_integer()
            .filter(|integer| *integer >= 0)
            .and_then(|integer| T::try_from(integer).ok())
    }

    /// The name without its solidus, when it is one.
    pub fn as_name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self {
            Some(&name.0)
        } else {
            None
        }
    }

    /// The number, integer or real.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            // Coordinates: what an f64 cannot hold lies on no page.
            Self::Integer(integer) => Some(*integer as f64),
            Self::Real(real) => Some(*real),
            _ => None,
        }
    }

    /// The reference, when it is one.
    pub fn as_reference(&self) -> Option<ObjectId> {
        if let Self::Reference(id) = self {
            Some(*id)
        } else {
            None
        }
    }

    /// The stream, when it is one.
    pub fn as_stream(&self) -> Option<&Stream<'d>> {
        if let Self::Stream(stream) = self {
            Some(stream)
        } else {
            None
        }
    }

    /// The string, when it is one.
    pub fn as_string(&self) -> Option<&StringObject<'d>> {
        if let Self::String(string) = self {
            Some(string)
        } else {
            None
        }
    }

    /// As it stands in the file; for arrays, dictionaries and strings, which alone are edited.
    pub(crate) fn raw(&self) -> Option<(&'d [u8], Range<usize>)> {
        match self {
            Self::Array(array) => Some((array.raw, array.span.clone())),
            Self::Dictionary(dictionary) => Some((dictionary.raw, dictionary.span.clone())),
            _ => None,
        }
    }

    /// Whether both say the same, wherever and however they are written. References are the same
    /// when they name the same object, whatever that holds.
    pub(crate) fn says_the_same(&self, other: &Object<'_>) -> bool {
        match (self, other) {
            (Self::Array(one), Object::Array(two)) => one.says_the_same(two),
            (Self::Boolean(one), Object::Boolean(two)) => one == two,
            (Self::Dictionary(one), Object::Dictionary(two)) => one.says_the_same(two),
            (Self::Integer(one), Object::Integer(two)) => one == two,
            (Self::Name(one), Object::Name(two)) => one == two,
            (Self::Null, Object::Null) => true,
            (Self::Real(one), Object::Real(two)) => one.to_bits() == two.to_bits(),
            (Self::Reference(one), Object::Reference(two)) => one == two,
            (Self::Stream(one), Object::Stream(two)) => {
                one.dictionary.says_the_same(&two.dictionary) && one.data == two.data
            }
            (Self::String(one), Object::String(two)) => one.bytes() == two.bytes(),
            _ => false,
        }
    }
}

impl<'d> Array<'d> {
    /// Its elements.
    pub fn items(&self) -> &[Object<'d>] {
        &self.items
    }

    pub(crate) fn says_the_same(&self, other: &Array<'_>) -> bool {
        self.items.len() == other.items.len()
            && self
                .items
                .iter()
                .zip(&other.items)
                .all(|(one, two)| one.says_the_same(two))
    }
}

impl<'d> Dictionary<'d> {
    /// The value of a key. `null` is absence (7.3.7).
    pub fn get(&self, key: &str) -> Option<&Object<'d>> {
        self.entry(key)
            .map(|entry| &entry.value)
            .filter(|value| !matches!(value, Object::Null))
    }

    /// Its entries as they stand.
    pub fn entries(&self) -> &[Entry<'d>] {
        &self.entries
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry<'d>> {
        self.entries
            .iter()
            .find(|entry| *entry.key.0 == *key.as_bytes())
    }

    /// Whether the value of a key is this name.
    pub(crate) fn is(&self, key: &str, name: &str) -> bool {
        self.get(key).and_then(Object::as_name) == Some(name.as_bytes())
    }

    pub(crate) fn says_the_same(&self, other: &Dictionary<'_>) -> bool {
        self.differing_keys(other).is_empty()
    }

    /// The keys whose values differ, those that one of the two lacks included.
    pub(crate) fn differing_keys(&self, other: &Dictionary<'_>) -> Vec<Vec<u8>> {
        let mut others: BTreeMap<&[u8], &Object<'_>> = other.values().collect();
        let mut keys: Vec<Vec<u8>> = self
            .values()
            .filter(|(key, value)| {
                !others
                    .remove(key)
                    .is_some_and(|other| other.says_the_same(value))
            })
            .map(|(key, _)| key.to_vec())
            .collect();
        keys.extend(others.into_keys().map(<[u8]>::to_vec));
        keys
    }

    /// Keys and values, without what is absent by being null.
    fn values<'o>(&'o self) -> impl Iterator<Item = (&'o [u8], &'o Object<'d>)> {
        let present = self
            .entries
            .iter()
            .filter(|entry| !matches!(entry.value, Object::Null));
        present.map(|entry| (entry.key.as_bytes(), &entry.value))
    }
}

impl Name<'_> {
    /// The name without its solidus.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<'d> Stream<'d> {
    /// Its dictionary.
    pub fn dictionary(&self) -> &Dictionary<'d> {
        &self.dictionary
    }

    /// Its data before decoding.
    pub fn raw_data(&self) -> &'d [u8] {
        self.data
    }
}

impl StringObject<'_> {
    /// The bytes it stands for.
    pub fn bytes(&self) -> Vec<u8> {
        let inner = self
            .raw
            .get(1..self.raw.len().saturating_sub(1))
            .unwrap_or_default();
        if self.is_hexadecimal() {
            unescape_hexadecimal(inner)
        } else {
            unescape_literal(inner)
        }
    }

    /// The characters it stands for, as a text string (7.9.2.2).
    pub fn text(&self) -> String {
        decode_text(&self.bytes())
    }

    /// Whether it is written as `< … >`.
    pub(crate) fn is_hexadecimal(&self) -> bool {
        self.raw.first() == Some(&b'<')
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.number, self.generation)
    }
}

/// The value of a hexadecimal digit.
pub(crate) fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// An odd number of digits counts as if a 0 followed (7.3.4.3).
fn unescape_hexadecimal(inner: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inner.len() / 2 + 1);
    let mut half = None;
    for digit in inner.iter().filter_map(|byte| hex_digit(*byte)) {
        half = match half {
            None => Some(digit << 4),
            Some(high) => {
                out.push(high | digit);
                None
            }
        };
    }
    out.extend(half);
    out
}

/// Escapes and line ends of 7.3.4.2.
fn unescape_literal(inner: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'\\' => rest = unescape_one(tail, &mut out),
            b'\r' => {
                rest = tail.strip_prefix(b"\n").unwrap_or(tail);
                out.push(b'\n');
            }
            _ => out.push(*byte),
        }
    }
    out
}

/// What follows a backslash; returns what follows that.
fn unescape_one<'r>(tail: &'r [u8], out: &mut Vec<u8>) -> &'r [u8] {
    let Some((byte, rest)) = tail.split_first() else {
        return tail;
    };
    match byte {
        b'n' => out.push(b'\n'),
        b'r' => out.push(b'\r'),
        b't' => out.push(b'\t'),
        b'b' => out.push(8),
        b'f' => out.push(12),
        b'\n' => {}
        b'\r' => return rest.strip_prefix(b"\n").unwrap_or(rest),
        b'0'..=b'7' => {
            let length = tail
                .iter()
                .take(3)
                .take_while(|byte| matches!(byte, b'0'..=b'7'))
                .count();
            let (octal, rest) = tail.split_at(length);
            // High-order overflow is ignored (7.3.4.2).
            out.push(
                octal
                    .iter()
                    .fold(0_u8, |value, byte| (value << 3) | (byte - b'0')),
            );
            return rest;
        }
        _ => out.push(*byte),
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(raw: &[u8]) -> Vec<u8> {
        StringObject {
            raw,
            span: 0..raw.len(),
        }
        .bytes()
    }

    #[test]
    fn escapes_of_a_literal_string() {
        assert_eq!(bytes(br"(a\(b\)\\\101\0532\n\q)"), b"a(b)\\A+2\nq");
        assert_eq!(
            bytes(b"(one\\\r\ntwo\r\nthree\rfour)"),
            b"onetwo\nthree\nfour"
        );
        assert_eq!(bytes(br"(\777\)"), b"\xff");
    }

    #[test]
    fn an_odd_hexadecimal_string_ends_in_a_zero() {
        assert_eq!(bytes(b"<4 1\n4>"), b"A@");
    }
}
