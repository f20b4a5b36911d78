use std::borrow::Cow;
use std::fmt;

use crate::crypto::AlgorithmIdentifier;
use crate::x509::Oid;
use crate::x509::der::Error;

/// An identifier octet: class, form and a number below 31 (X.690 §8.1.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(pub u8);

impl Tag {
    /// BOOLEAN.
    pub const BOOLEAN: Self = Self(0x01);
    /// INTEGER.
    pub const INTEGER: Self = Self(0x02);
    /// BIT STRING.
    pub const BIT_STRING: Self = Self(0x03);
    /// OCTET STRING.
    pub const OCTET_STRING: Self = Self(0x04);
    /// NULL.
    pub const NULL: Self = Self(0x05);
    /// OBJECT IDENTIFIER.
    pub const OBJECT_IDENTIFIER: Self = Self(0x06);
    /// ENUMERATED.
    pub const ENUMERATED: Self = Self(0x0a);
    /// UTF8String.
    pub const UTF8_STRING: Self = Self(0x0c);
    /// NumericString.
    pub const NUMERIC_STRING: Self = Self(0x12);
    /// PrintableString.
    pub const PRINTABLE_STRING: Self = Self(0x13);
    /// TeletexString, also T61String.
    pub const TELETEX_STRING: Self = Self(0x14);
    /// IA5String.
    pub const IA5_STRING: Self = Self(0x16);
    /// UTCTime.
    pub const UTC_TIME: Self = Self(0x17);
    /// GeneralizedTime.
    pub const GENERALIZED_TIME: Self = Self(0x18);
    /// VisibleString.
    pub const VISIBLE_STRING: Self = Self(0x1a);
    /// UniversalString.
    pub const UNIVERSAL_STRING: Self = Self(0x1c);
    /// BMPString.
    pub const BMP_STRING: Self = Self(0x1e);
    /// SEQUENCE and SEQUENCE OF.
    pub const SEQUENCE: Self = Self(0x30);
    /// SET and SET OF.
    pub const SET: Self = Self(0x31);

    /// `[number]`, constructed: EXPLICIT, or IMPLICIT of a constructed type.
    pub const fn context(number: u8) -> Self {
        Self(0xa0 | number)
    }

    /// `[number]`, primitive: IMPLICIT of a primitive type.
    pub const fn context_primitive(number: u8) -> Self {
        Self(0x80 | number)
    }

    /// Whether the content is made of elements.
    pub const fn is_constructed(self) -> bool {
        self.0 & 0x20 != 0
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({self})")
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:02x}", self.0)
    }
}

/// One element: its tag, its content and the whole of it, all inside the input.
#[derive(Clone, Copy, Debug)]
pub struct Tlv<'a> {
    /// The identifier octet.
    pub tag: Tag,
    /// The content; for an indefinite length without the end-of-contents octets.
    pub content: &'a [u8],
    /// The whole element as it stands in the input, to be hashed or kept.
    pub raw: &'a [u8],
    rules: Rules,
    depth: u8,
}

impl<'a> Tlv<'a> {
    /// A reader of the elements inside.
    ///
    /// # Errors
    ///
    /// [`Error::TooDeep`] at the limit of nesting, [`Error::InvalidValue`] when the element is
    /// primitive.
    pub fn reader(&self) -> Result<Reader<'a>, Error> {
        if !self.tag.is_constructed() {
            return Err(Error::InvalidValue { tag: self.tag });
        }
        Ok(Reader {
            rest: self.content,
            rules: self.rules,
            depth: self.depth.checked_sub(1).ok_or(Error::TooDeep)?,
        })
    }

    /// The value of an OCTET STRING, whatever its tag: pieces of a constructed one (BER) are joined.
    ///
    /// # Errors
    ///
    /// In DER a constructed string is [`Error::InvalidValue`].
    pub fn octets(&self) -> Result<Cow<'a, [u8]>, Error> {
        if !self.tag.is_constructed() {
            return Ok(Cow::Borrowed(self.content));
        }
        if self.rules == Rules::Der {
            return Err(Error::InvalidValue { tag: self.tag });
        }
        let mut joined = Vec::with_capacity(self.content.len());
        let mut pieces = self.reader()?;
        while let Some(piece) = pieces.next()? {
            if Tag(piece.tag.0 & !0x20) != Tag::OCTET_STRING {
                return Err(Error::UnexpectedTag {
                    expected: Tag::OCTET_STRING,
                    found: piece.tag,
                });
            }
            joined.extend_from_slice(&piece.octets()?);
        }
        Ok(Cow::Owned(joined))
    }

    /// The content octets of an INTEGER, whatever its tag: two's complement, in the fewest octets.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidValue`] when it is empty or padded.
    pub fn integer(&self) -> Result<&'a [u8], Error> {
        match self.content {
            [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => {
                Err(Error::InvalidValue { tag: self.tag })
            }
            content => Ok(content),
        }
    }

    /// An INTEGER that counts, whatever its tag; what exceeds 32 bits counts as their maximum.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidValue`] when it is negative, else as [`Tlv::integer`].
    pub fn count(&self) -> Result<u32, Error> {
        match self.integer()? {
            [0x80..=0xff, ..] => Err(Error::InvalidValue { tag: self.tag }),
            [0, digits @ ..] | digits if digits.len() <= 4 => Ok(digits
                .iter()
                .fold(0, |sum, &digit| (sum << 8) | u32::from(digit))),
            _ => Ok(u32::MAX),
        }
    }

    /// A BIT STRING, primitive, whatever its tag.
    ///
    /// # Errors
    ///
    /// As [`Reader::bit_string`].
    pub fn bit_string(&self) -> Result<BitString<'a>, Error> {
        bit_string(self.content).map_err(|_| Error::InvalidValue { tag: self.tag })
    }
}

/// A BIT STRING (X.690 §8.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitString<'a> {
    /// How many bits at the end of the last octet do not count, 0 to 7.
    pub unused_bits: u8,
    /// The octets.
    pub octets: &'a [u8],
}

impl BitString<'_> {
    /// The first 16 named bits (X.690 §11.2): bit `n` of the standard is bit `n` of the number.
    pub fn named_bits(&self) -> u16 {
        let octet = |index| {
            self.octets
                .get(index)
                .map_or(0, |octet: &u8| octet.reverse_bits())
        };
        u16::from_le_bytes([octet(0), octet(1)])
    }
}

/// Reads elements one after another from a slice.
///
/// Strict DER by [`Reader::der`]; BER, with indefinite and padded lengths and constructed strings,
/// by [`Reader::ber`]. Readers of inner elements keep the rules of the outer one.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    rules: Rules,
    depth: u8,
}

impl<'a> Reader<'a> {
    /// A reader by the Distinguished Encoding Rules.
    pub const fn der(input: &'a [u8]) -> Self {
        Self {
            rest: input,
            rules: Rules::Der,
            depth: MAX_DEPTH,
        }
    }

    /// A reader by the Basic Encoding Rules.
    pub const fn ber(input: &'a [u8]) -> Self {
        Self {
            rest: input,
            rules: Rules::Ber,
            depth: MAX_DEPTH,
        }
    }

    /// What has not been read yet.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Whether everything has been read.
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag of the next element, `None` at the end.
    pub fn peek(&self) -> Option<Tag> {
        self.rest.first().map(|&octet| Tag(octet))
    }

    /// The next element of any type, `None` at the end.
    ///
    /// # Errors
    ///
    /// When what follows is no element by the rules of this reader.
    #[allow(clippy::should_implement_trait, reason = "an error ends the reading")]
    pub fn next(&mut self) -> Result<Option<Tlv<'a>>, Error> {
        if self.is_empty() {
            return Ok(None);
        }
        self.any().map(Some)
    }

    /// The next element of any type.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`] at the end, else as [`Reader::next`].
    pub fn any(&mut self) -> Result<Tlv<'a>, Error> {
        let input = self.rest;
        let header = Header::read(input, self.rules)?;
        let body = input.get(header.length..).ok_or(Error::Truncated)?;
        let (content, whole) = match header.content {
            Some(length) => {
                let content = body.get(..length).ok_or(Error::Truncated)?;
                (content, header.length + length)
            }
            None => {
                let length = indefinite_length(body)?;
                let content = body.get(..length).ok_or(Error::Truncated)?;
                (content, header.length + length + END_OF_CONTENTS)
            }
        };
        let (raw, rest) = input.split_at_checked(whole).ok_or(Error::Truncated)?;
        self.rest = rest;
        Ok(Tlv {
            tag: header.tag,
            content,
            raw,
            rules: self.rules,
            depth: self.depth,
        })
    }

    /// The next element, which must have this tag.
    ///
    /// # Errors
    ///
    /// [`Error::UnexpectedTag`] when it has another, else as [`Reader::any`].
    pub fn expect(&mut self, expected: Tag) -> Result<Tlv<'a>, Error> {
        match self.peek() {
            Some(found) if found != expected => Err(Error::UnexpectedTag { expected, found }),
            _ => self.any(),
        }
    }

    /// The next element when it has this tag, for OPTIONAL and DEFAULT.
    ///
    /// # Errors
    ///
    /// As [`Reader::any`].
    pub fn optional(&mut self, tag: Tag) -> Result<Option<Tlv<'a>>, Error> {
        if self.peek() == Some(tag) {
            self.any().map(Some)
        } else {
            Ok(None)
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    ///
    /// [`Error::TrailingData`] when something is left.
    pub fn finish(&self) -> Result<(), Error> {
        match self.rest.len() {
            0 => Ok(()),
            length => Err(Error::TrailingData { length }),
        }
    }

    /// A reader inside the next element, a SEQUENCE.
    ///
    /// # Errors
    ///
    /// As [`Reader::expect`] and [`Tlv::reader`]; so for the following.
    pub fn sequence(&mut self) -> Result<Self, Error> {
        self.expect(Tag::SEQUENCE)?.reader()
    }

    /// A reader inside the next element, a SET.
    ///
    /// # Errors
    ///
    /// As [`Reader::sequence`].
    pub fn set(&mut self) -> Result<Self, Error> {
        self.expect(Tag::SET)?.reader()
    }

    /// A reader inside `[number]` when it comes next: EXPLICIT, or IMPLICIT of a constructed type.
    ///
    /// # Errors
    ///
    /// As [`Reader::sequence`].
    pub fn context(&mut self, number: u8) -> Result<Option<Self>, Error> {
        self.optional(Tag::context(number))?
            .map(|element| element.reader())
            .transpose()
    }

    /// An OBJECT IDENTIFIER.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidValue`] when its octets are none.
    pub fn oid(&mut self) -> Result<Oid, Error> {
        let element = self.expect(Tag::OBJECT_IDENTIFIER)?;
        Oid::from_octets(element.content).map_err(|_| Error::InvalidValue { tag: element.tag })
    }

    /// The content octets of an INTEGER: two's complement, in the fewest octets.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidValue`] when it is empty or padded.
    pub fn integer(&mut self) -> Result<&'a [u8], Error> {
        self.expect(Tag::INTEGER)?.integer()
    }

    /// An INTEGER that is a small number: a version, a path length.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidValue`] when it is negative or exceeds 64 bits.
    pub fn unsigned(&mut self) -> Result<u64, Error> {
        unsigned(self.integer()?, Tag::INTEGER)
    }

    /// An ENUMERATED.
    ///
    /// # Errors
    ///
    /// As [`Reader::unsigned`].
    pub fn enumerated(&mut self) -> Result<u64, Error> {
        unsigned(self.expect(Tag::ENUMERATED)?.integer()?, Tag::ENUMERATED)
    }

    /// A BOOLEAN; in DER true is 0xff.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidValue`] for other octets.
    pub fn boolean(&mut self) -> Result<bool, Error> {
        match self.expect(Tag::BOOLEAN)?.content {
            [0] => Ok(false),
            [0xff] => Ok(true),
            [_] if self.rules == Rules::Ber => Ok(true),
            _ => Err(Error::InvalidValue { tag: Tag::BOOLEAN }),
        }
    }

    /// A NULL.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidValue`] when it has content.
    pub fn null(&mut self) -> Result<(), Error> {
        match self.expect(Tag::NULL)?.content {
            [] => Ok(()),
            _ => Err(Error::InvalidValue { tag: Tag::NULL }),
        }
    }

    /// An OCTET STRING; in BER its pieces are joined.
    ///
    /// # Errors
    ///
    /// As [`Tlv::octets`].
    pub fn octet_string(&mut self) -> Result<Cow<'a, [u8]>, Error> {
        let constructed = Tag(Tag::OCTET_STRING.0 | 0x20);
        let expected = match self.peek() {
            Some(found) if found == constructed => constructed,
            _ => Tag::OCTET_STRING,
        };
        self.expect(expected)?.octets()
    }

    /// A BIT STRING, primitive in both rules.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidValue`] for an impossible number of unused bits, or unused bits that are set.
    pub fn bit_string(&mut self) -> Result<BitString<'a>, Error> {
        bit_string(self.expect(Tag::BIT_STRING)?.content)
    }

    /// An AlgorithmIdentifier (RFC 5280 §4.1.1.2).
    ///
    /// # Errors
    ///
    /// As the readings of its parts.
    pub fn algorithm_identifier(&mut self) -> Result<AlgorithmIdentifier<'a>, Error> {
        let mut fields = self.sequence()?;
        let oid = fields.oid()?;
        let parameters = fields.next()?.map(|parameters| parameters.raw);
        fields.finish()?;
        Ok(AlgorithmIdentifier { oid, parameters })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rules {
    Ber,
    Der,
}

/// Tag and length octets.
struct Header {
    tag: Tag,
    /// How many octets the header has.
    length: usize,
    /// How many octets the content has, `None` when the length is indefinite.
    content: Option<usize>,
}

impl Header {
    fn read(input: &[u8], rules: Rules) -> Result<Self, Error> {
        let [tag, first, following @ ..] = input else {
            return Err(Error::Truncated);
        };
        if tag & 0x1f == 0x1f {
            return Err(Error::UnsupportedTag);
        }
        let tag = Tag(*tag);
        let octets = match first {
            0..=0x7f => {
                return Ok(Self {
                    tag,
                    length: 2,
                    content: Some(usize::from(*first)),
                });
            }
            0x80 if rules == Rules::Ber && tag.is_constructed() => {
                return Ok(Self {
                    tag,
                    length: 2,
                    content: None,
                });
            }
            0x81..=0x84 => usize::from(first & 0x7f),
            _ => return Err(Error::InvalidLength),
        };
        let digits = following.get(..octets).ok_or(Error::Truncated)?;
        let content = digits
            .iter()
            .fold(0, |sum, &digit| (sum << 8) | u64::from(digit));
        let minimal = content > 0x7f && digits.first() != Some(&0);
        if rules == Rules::Der && !minimal {
            return Err(Error::InvalidLength);
        }
        Ok(Self {
            tag,
            length: 2 + octets,
            content: Some(usize::try_from(content).map_err(|_| Error::InvalidLength)?),
        })
    }
}

/// How many octets stand before the end-of-contents octets that close an indefinite length.
fn indefinite_length(body: &[u8]) -> Result<usize, Error> {
    let mut at = 0_usize;
    let mut open = 1_u8;
    loop {
        let rest = body.get(at..).ok_or(Error::Truncated)?;
        if let [0, 0, ..] = rest {
            open -= 1;
            if open == 0 {
                return Ok(at);
            }
            at += END_OF_CONTENTS;
            continue;
        }
        let header = Header::read(rest, Rules::Ber)?;
        at += header.length;
        match header.content {
            Some(length) => at = at.checked_add(length).ok_or(Error::InvalidLength)?,
            None if open == MAX_DEPTH => return Err(Error::TooDeep),
            None => open += 1,
        }
    }
}

fn unsigned(integer: &[u8], tag: Tag) -> Result<u64, Error> {
    let digits = match integer {
        [0x80..=0xff, ..] => return Err(Error::InvalidValue { tag }),
        [0, digits @ ..] => digits,
        digits => digits,
    };
    if digits.len() > 8 {
        return Err(Error::InvalidValue { tag });
    }
    Ok(digits
        .iter()
        .fold(0, |sum, &digit| (sum << 8) | u64::from(digit)))
}

pub(in crate::x509) fn bit_string(content: &[u8]) -> Result<BitString<'_>, Error> {
    let invalid = Error::InvalidValue {
        tag: Tag::BIT_STRING,
    };
    let (&unused_bits, octets) = content.split_first().ok_or(invalid)?;
    let unused = match octets.last() {
        Some(last) if unused_bits < 8 => last & ((1 << unused_bits) - 1),
        None if unused_bits == 0 => 0,
        _ => return Err(invalid),
    };
    if unused != 0 {
        return Err(invalid);
    }
    Ok(BitString {
        unused_bits,
        octets,
    })
}

/// Deeper than any structure of RFC 5280 or 5652, shallow enough for the stack.
const MAX_DEPTH: u8 = 64;
const END_OF_CONTENTS: usize = 2;

#[cfg(test)]
mod tests {
    use super::BitString;
    use super::Error;
    use super::Reader;
    use super::Tag;

    #[test]
    fn der_elements_are_read_in_order_and_the_end_is_asked_for() {
        let mut reader = Reader::der(&[0x30, 6, 2, 1, 5, 1, 1, 0xff, 5, 0]);
        let mut inner = reader.sequence().unwrap();
        assert_eq!(inner.unsigned(), Ok(5));
        assert_eq!(inner.boolean(), Ok(true));
        assert_eq!(inner.finish(), Ok(()));
        assert_eq!(reader.finish(), Err(Error::TrailingData { length: 2 }));
        assert_eq!(reader.null(), Ok(()));
        assert_eq!(reader.any().err(), Some(Error::Truncated));
        assert!(reader.next().unwrap().is_none());
    }

    #[test]
    fn der_refuses_padded_and_indefinite_lengths_that_ber_reads() {
        for input in [
            &[0x30, 0x81, 0][..],
            &[0x30, 0x82, 0, 0],
            &[0x30, 0x80, 0, 0],
        ] {
            assert_eq!(Reader::der(input).any().err(), Some(Error::InvalidLength));
            let element = Reader::ber(input).any().unwrap();
            assert_eq!((element.content, element.raw), (&[][..], input));
        }
    }

    #[test]
    fn an_indefinite_length_ends_at_its_own_end_of_contents() {
        let input = [
            0x30, 0x80, 0x30, 0x80, 4, 2, 0, 0, 0, 0, 2, 1, 7, 0, 0, 5, 0,
        ];
        let mut reader = Reader::ber(&input);
        let outer = reader.any().unwrap();
        assert_eq!(outer.content, &input[2..13]);
        assert_eq!(outer.raw, &input[..15]);
        assert_eq!(reader.null(), Ok(()));
        let mut inner = outer.reader().unwrap();
        let mut innermost = inner.sequence().unwrap();
        assert_eq!(innermost.octet_string().unwrap(), &[0, 0][..]);
        assert_eq!(inner.unsigned(), Ok(7));
        assert_eq!(inner.finish(), Ok(()));
    }

    #[test]
    fn pieces_of_a_constructed_octet_string_are_joined_in_ber_and_refused_in_der() {
        let input = [0x24, 7, 4, 1, 1, 4, 2, 2, 3];
        assert_eq!(Reader::ber(&input).octet_string().unwrap(), &[1, 2, 3][..]);
        let constructed = Tag(0x24);
        assert_eq!(
            Reader::der(&input).octet_string(),
            Err(Error::InvalidValue { tag: constructed })
        );
    }

    #[test]
    fn an_element_beyond_the_end_is_truncated() {
        for input in [
            &[0x30][..],
            &[4, 2, 0],
            &[4, 0x82, 1],
            &[4, 0x84, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert_eq!(Reader::der(input).any().err(), Some(Error::Truncated));
        }
        let open = [0x30, 0x80, 5, 0];
        assert_eq!(Reader::ber(&open).any().err(), Some(Error::Truncated));
    }

    #[test]
    fn nesting_beyond_the_limit_is_too_deep() {
        let indefinite = [0x30, 0x80].repeat(1000);
        assert_eq!(Reader::ber(&indefinite).any().err(), Some(Error::TooDeep));

        let mut definite = Vec::new();
        for _ in 0..50 {
            definite = super::super::tlv(Tag::SEQUENCE, &definite);
            definite = super::super::tlv(Tag::SEQUENCE, &definite);
        }
        let mut reader = Reader::der(&definite);
        let error = loop {
            match reader.sequence() {
                Ok(inner) => reader = inner,
                Err(error) => break error,
            }
        };
        assert_eq!(error, Error::TooDeep);
    }

    #[test]
    fn values_that_are_not_der_are_refused() {
        let refused = |tag| Some(Error::InvalidValue { tag });
        for input in [&[2, 0][..], &[2, 2, 0, 0x7f], &[2, 2, 0xff, 0x80]] {
            assert_eq!(Reader::der(input).integer().err(), refused(Tag::INTEGER));
        }
        for input in [&[2, 1, 0x80][..], &[2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0]] {
            assert_eq!(Reader::der(input).unsigned().err(), refused(Tag::INTEGER));
        }
        for input in [&[3, 0][..], &[3, 1, 1], &[3, 2, 8, 0], &[3, 2, 1, 1]] {
            assert_eq!(
                Reader::der(input).bit_string().err(),
                refused(Tag::BIT_STRING)
            );
        }
        assert_eq!(
            Reader::der(&[1, 1, 1]).boolean().err(),
            refused(Tag::BOOLEAN)
        );
        assert_eq!(Reader::der(&[5, 1, 0]).null().err(), refused(Tag::NULL));
        assert_eq!(
            Reader::der(&[6, 0]).oid().err(),
            refused(Tag::OBJECT_IDENTIFIER)
        );
        assert_eq!(
            Reader::der(&[0x1f, 0x81, 1, 0]).any().err(),
            Some(Error::UnsupportedTag)
        );
    }

    #[test]
    fn a_bit_string_keeps_its_unused_bits() {
        let read = Reader::der(&[3, 2, 5, 0xe0]).bit_string();
        assert_eq!(
            read,
            Ok(BitString {
                unused_bits: 5,
                octets: &[0xe0]
            })
        );
    }

    #[test]
    fn another_tag_is_named() {
        assert_eq!(
            Reader::der(&[5, 0]).sequence().err(),
            Some(Error::UnexpectedTag {
                expected: Tag::SEQUENCE,
                found: Tag::NULL
            })
        );
    }
}
