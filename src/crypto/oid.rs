use std::fmt;
use std::str::FromStr;

use crate::crypto::Error;

/// An object identifier (X.660), held as its DER content octets (X.690 §8.19).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid {
    octets: [u8; MAX_OCTETS],
    length: u8,
}

impl Oid {
    /// The identifier of a dotted text, for constants: `Oid::new("2.5.29.15")`.
    ///
    /// # Panics
    ///
    /// When the text is not an object identifier; in a constant this is an error of compilation.
    /// Use [`str::parse`] for text that is not in the source.
    pub const fn new(dotted: &str) -> Self {
        Self::encode(dotted.as_bytes()).expect("the text is an object identifier")
    }

    /// The identifier with these DER content octets.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedOid`] when an arc is not minimally encoded, is cut short or exceeds 128
    /// bits, or there are more than 39 octets.
    pub fn from_octets(octets: &[u8]) -> Result<Self, Error> {
        if octets.is_empty() || octets.len() > MAX_OCTETS {
            return Err(Error::MalformedOid);
        }
        let mut arc: u128 = 0;
        let mut first = true;
        for &octet in octets {
            if (first && octet == 0x80) || arc > u128::MAX >> 7 {
                return Err(Error::MalformedOid);
            }
            first = octet & 0x80 == 0;
            arc = if first {
                0
            } else {
                (arc << 7) | u128::from(octet & 0x7f)
            };
        }
        if !first {
            return Err(Error::MalformedOid);
        }
        let mut held = [0; MAX_OCTETS];
        held[..octets.len()].copy_from_slice(octets);
        Ok(Self {
            octets: held,
            length: octets.len() as u8,
        })
    }

    /// The DER content octets, without tag and length.
    pub fn octets(&self) -> &[u8] {
        &self.octets[..usize::from(self.length)]
    }

    const fn encode(dotted: &[u8]) -> Option<Self> {
        let mut oid = Self {
            octets: [0; MAX_OCTETS],
            length: 0,
        };
        let mut at = 0;
        let mut index = 0;
        let mut root = 0;
        while at <= dotted.len() {
            let Some((arc, end)) = decimal(dotted, at) else {
                return None;
            };
            at = end + 1;
            match index {
                0 if arc > 2 => return None,
                0 => root = arc,
                1 if root < 2 && arc > 39 => return None,
                1 => {
                    let Some(joined) = arc.checked_add(root * 40) else {
                        return None;
                    };
                    if !oid.push(joined) {
                        return None;
                    }
                }
                _ => {
                    if !oid.push(arc) {
                        return None;
                    }
                }
            }
            index += 1;
        }
        if index < 2 {
            return None;
        }
        Some(oid)
    }

    const fn push(&mut self, arc: u128) -> bool {
        let mut septets = 1;
        while septets < 19 && arc >> (7 * septets) != 0 {
            septets += 1;
        }
        while septets > 0 {
            septets -= 1;
            if self.length as usize == MAX_OCTETS {
                return false;
            }
            let more = if septets > 0 { 0x80 } else { 0 };
            self.octets[self.length as usize] = ((arc >> (7 * septets)) & 0x7f) as u8 | more;
            self.length += 1;
        }
        true
    }
}

impl FromStr for Oid {
    type Err = Error;

    fn from_str(dotted: &str) -> Result<Self, Error> {
        Self::encode(dotted.as_bytes()).ok_or(Error::MalformedOid)
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arc: u128 = 0;
        let mut first = true;
        for octet in self.octets() {
            arc = (arc << 7) | u128::from(octet & 0x7f);
            if octet & 0x80 != 0 {
                continue;
            }
            if first {
                let root = (arc / 40).min(2);
                write!(f, "{root}.{}", arc - root * 40)?;
            } else {
                write!(f, ".{arc}")?;
            }
            first = false;
            arc = 0;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

/// The decimal number that starts at `at`, and where it ends (at a dot or at the end).
const fn decimal(text: &[u8], at: usize) -> Option<(u128, usize)> {
    let mut value: u128 = 0;
    let mut end = at;
    while end < text.len() && text[end] != b'.' {
        if !text[end].is_ascii_digit() || (end > at && text[at] == b'0') {
            return None;
        }
        let Some(tens) = value.checked_mul(10) else {
            return None;
        };
        let Some(sum) = tens.checked_add((text[end] - b'0') as u128) else {
            return None;
        };
        value = sum;
        end += 1;
    }
    if end == at {
        return None;
    }
    Some((value, end))
}

/// As long as the longest that `const-oid` of RustCrypto holds; a UUID arc takes 20 octets.
const MAX_OCTETS: usize = 39;

#[cfg(test)]
mod tests {
    use super::Oid;
    use crate::crypto::Error;

    #[test]
    fn dotted_text_and_octets_are_the_same_identifier() {
        for (dotted, octets) in [
            ("2.5.29.15", &[0x55, 0x1d, 0x0f][..]),
            (
                "1.2.840.113549.1.1.11",
                &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11],
            ),
            ("2.999.370.1", &[0x88, 0x37, 0x82, 0x72, 1]),
            ("0.9.2342", &[9, 0x92, 0x26]),
        ] {
            let oid: Oid = dotted.parse().unwrap();
            assert_eq!(oid.octets(), octets, "{dotted}");
            assert_eq!(oid.to_string(), dotted);
            assert_eq!(Oid::from_octets(octets), Ok(oid));
        }
    }

    #[test]
    fn a_uuid_arc_of_128_bits_is_kept() {
        let dotted = "2.25.329800735698586629295641978511506172918";
        let oid: Oid = dotted.parse().unwrap();
        assert_eq!(oid.to_string(), dotted);
    }

    #[test]
    fn text_that_is_no_identifier_is_refused() {
        for text in [
            "", "1", "1.", ".1", "3.1", "1.40", "1.02", "1.a", "1..2", "1.2 ",
        ] {
            assert_eq!(text.parse::<Oid>(), Err(Error::MalformedOid), "{text:?}");
        }
    }

    #[test]
    fn octets_that_are_no_identifier_are_refused() {
        for octets in [
            &[][..],
            &[0x80, 1],
            &[0x2a, 0x80, 1],
            &[0x2a, 0x86],
            &[0x2a; 40],
        ] {
            assert_eq!(
                Oid::from_octets(octets),
                Err(Error::MalformedOid),
                "{octets:?}"
            );
        }
    }
}
