//! The few DER elements inside keys. Certificates and messages are read by `x509::der`, which
//! stands above this module.

/// Takes one element with a definite, minimal length: its content, and what follows it.
pub(super) fn take(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = input.split_first()?;
    if first != tag {
        return None;
    }
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81 => match rest.split_first()? {
            (&length @ 0x80.., rest) => (usize::from(length), rest),
            _ => return None,
        },
        0x82 => match rest {
            [high @ 1..=0xff, low, rest @ ..] => {
                (usize::from(*high) << 8 | usize::from(*low), rest)
            }
            _ => return None,
        },
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// The magnitude of a positive INTEGER in its shortest form, without the leading zero octet.
pub(super) fn positive(integer: &[u8]) -> Option<&[u8]> {
    match integer {
        [0, 0x80..=0xff, ..] => Some(&integer[1..]),
        [1..=0x7f, ..] => Some(integer),
        _ => None,
    }
}

/// One element of at most 127 octets.
pub(super) fn short(tag: u8, content: &[u8]) -> Vec<u8> {
    debug_assert!(content.len() <= 0x7f);
    [&[tag, content.len() as u8], content].concat()
}

/// INTEGER of a non-negative number of at most 126 octets in big-endian order.
pub(super) fn unsigned(magnitude: &[u8]) -> Vec<u8> {
    let zeros = magnitude.iter().take_while(|&&octet| octet == 0).count();
    match &magnitude[zeros..] {
        [] => short(INTEGER, &[0]),
        number @ [0x80..=0xff, ..] => short(INTEGER, &[&[0], number].concat()),
        number => short(INTEGER, number),
    }
}

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const SEQUENCE: u8 = 0x30;
