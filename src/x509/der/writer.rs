use ::time::OffsetDateTime;

use crate::crypto::SignatureAlgorithm;
use crate::x509::Oid;
use crate::x509::der::Tag;

/// One element: tag, definite length, content.
pub fn tlv(tag: Tag, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    out.push(tag.0);
    match content.len() {
        length @ 0..=0x7f => out.push(length as u8),
        length => {
            let digits = length.to_be_bytes();
            let leading = (length.leading_zeros() / 8) as usize;
            out.push(0x80 | (digits.len() - leading) as u8);
            out.extend_from_slice(&digits[leading..]);
        }
    }
    out.extend_from_slice(content);
    out
}

/// SEQUENCE or SEQUENCE OF of elements in this order.
pub fn sequence<T: AsRef<[u8]>>(elements: &[T]) -> Vec<u8> {
    tlv(Tag::SEQUENCE, &joined(elements))
}

/// SET OF, its elements in the order of DER (X.690 §11.6).
pub fn set_of<T: AsRef<[u8]>>(elements: &[T]) -> Vec<u8> {
    let mut sorted: Vec<&[u8]> = elements.iter().map(AsRef::as_ref).collect();
    sorted.sort_unstable();
    tlv(Tag::SET, &joined(&sorted))
}

/// `[number] EXPLICIT`, or `[number] IMPLICIT` of a constructed type when `content` is its content.
pub fn context(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(Tag::context(number), content)
}

/// `[number] IMPLICIT` of a primitive type.
pub fn context_primitive(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(Tag::context_primitive(number), content)
}

/// AlgorithmIdentifier with raw parameters, `None` for absent ones.
pub fn algorithm_identifier(algorithm: &Oid, parameters: Option<&[u8]>) -> Vec<u8> {
    sequence(&[&oid(algorithm)[..], parameters.unwrap_or_default()])
}

/// AlgorithmIdentifier of a signature: parameters NULL for RSA PKCS#1 v1.5, absent for ECDSA and
/// Ed25519 (RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3).
pub fn signature_algorithm(algorithm: SignatureAlgorithm) -> Vec<u8> {
    let null = null();
    let parameters = algorithm.is_rsa_pkcs1().then_some(null.as_slice());
    algorithm_identifier(&algorithm.oid(), parameters)
}

/// BIT STRING of whole octets.
pub fn bit_string(octets: &[u8]) -> Vec<u8> {
    tlv(Tag::BIT_STRING, &[&[0], octets].concat())
}

/// BOOLEAN.
pub fn boolean(value: bool) -> Vec<u8> {
    tlv(Tag::BOOLEAN, &[if value { 0xff } else { 0 }])
}

/// ENUMERATED of one octet.
pub fn enumerated(value: u8) -> Vec<u8> {
    tlv(Tag::ENUMERATED, integer_content(&[value]).as_slice())
}

/// INTEGER of a non-negative number in big-endian octets, leading zeros allowed.
pub fn integer(magnitude: &[u8]) -> Vec<u8> {
    tlv(Tag::INTEGER, &integer_content(magnitude))
}

/// INTEGER of a small number.
pub fn unsigned(value: u64) -> Vec<u8> {
    integer(&value.to_be_bytes())
}

/// NULL.
pub fn null() -> Vec<u8> {
    tlv(Tag::NULL, &[])
}

/// OBJECT IDENTIFIER.
pub fn oid(oid: &Oid) -> Vec<u8> {
    tlv(Tag::OBJECT_IDENTIFIER, oid.octets())
}

/// OCTET STRING.
pub fn octet_string(octets: &[u8]) -> Vec<u8> {
    tlv(Tag::OCTET_STRING, octets)
}

/// UTF8String.
pub fn utf8_string(text: &str) -> Vec<u8> {
    tlv(Tag::UTF8_STRING, text.as_bytes())
}

/// PrintableString; the caller keeps to its characters (X.680 §41.4).
pub fn printable_string(text: &str) -> Vec<u8> {
    tlv(Tag::PRINTABLE_STRING, text.as_bytes())
}

/// IA5String; the caller keeps to ASCII.
pub fn ia5_string(text: &str) -> Vec<u8> {
    tlv(Tag::IA5_STRING, text.as_bytes())
}

/// Time of RFC 5280 §4.1.2.5: UTCTime for the years 1950 to 2049, else GeneralizedTime. Whole
/// seconds; a fraction is dropped.
pub fn time(instant: OffsetDateTime) -> Vec<u8> {
    match utc(instant).year() {
        1950..=2049 => utc_time(instant),
        _ => generalized_time(instant),
    }
}

/// UTCTime, for the years 1950 to 2049.
pub fn utc_time(instant: OffsetDateTime) -> Vec<u8> {
    let text = digits(instant);
    tlv(Tag::UTC_TIME, &text.as_bytes()[2..])
}

/// GeneralizedTime in whole seconds, for the years 0 to 9999.
pub fn generalized_time(instant: OffsetDateTime) -> Vec<u8> {
    tlv(Tag::GENERALIZED_TIME, digits(instant).as_bytes())
}

fn joined<T: AsRef<[u8]>>(elements: &[T]) -> Vec<u8> {
    elements.iter().flat_map(AsRef::as_ref).copied().collect()
}

fn integer_content(magnitude: &[u8]) -> Vec<u8> {
    let zeros = magnitude.iter().take_while(|&&octet| octet == 0).count();
    match &magnitude[zeros..] {
        [] => vec![0],
        number @ [0x80..=0xff, ..] => [&[0], number].concat(),
        number => number.to_vec(),
    }
}

fn utc(instant: OffsetDateTime) -> OffsetDateTime {
    instant.to_offset(::time::UtcOffset::UTC)
}

fn digits(instant: OffsetDateTime) -> String {
    let instant = utc(instant);
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        instant.year().clamp(0, 9999),
        u8::from(instant.month()),
        instant.day(),
        instant.hour(),
        instant.minute(),
        instant.second()
    )
}

#[cfg(test)]
mod tests {
    use ::time::macros::datetime;

    use super::Tag;

    #[test]
    fn lengths_take_the_fewest_octets() {
        for (length, head) in [
            (0x7f, &[4, 0x7f][..]),
            (0x80, &[4, 0x81, 0x80]),
            (0x100, &[4, 0x82, 1, 0]),
            (0x10000, &[4, 0x83, 1, 0, 0]),
        ] {
            let written = super::tlv(Tag::OCTET_STRING, &vec![0; length]);
            assert_eq!(&written[..head.len()], head);
            assert_eq!(written.len(), head.len() + length);
        }
    }

    #[test]
    fn integers_are_minimal_and_never_negative() {
        assert_eq!(super::unsigned(0), [2, 1, 0]);
        assert_eq!(super::unsigned(127), [2, 1, 127]);
        assert_eq!(super::unsigned(128), [2, 2, 0, 128]);
        assert_eq!(super::integer(&[0, 0, 0xff, 1]), [2, 3, 0, 0xff, 1]);
    }

    #[test]
    fn elements_of_a_set_are_sorted() {
        assert_eq!(
            super::set_of(&[[2, 1, 9], [1, 1, 0], [2, 1, 3]]),
            [0x31, 9, 1, 1, 0, 2, 1, 3, 2, 1, 9]
        );
    }

    #[test]
    fn times_are_utc_time_until_2049() {
        assert_eq!(
            super::time(datetime!(2049-12-31 23:59:59.5 UTC)),
            b"\x17\x0d491231235959Z"
        );
        assert_eq!(
            super::time(datetime!(2050-01-01 05:00 +5)),
            b"\x18\x0f20500101000000Z"
        );
    }
}
