use std::fmt;
use std::str::FromStr;

/// The serial number of a certificate (RFC 5280 §4.1.2.2): the content octets of its INTEGER.
///
/// Written and read in hexadecimal, without the zero octet that only marks the sign.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SerialNumber(Box<[u8]>);

impl SerialNumber {
    /// The number with these content octets.
    pub(crate) fn from_content(content: &[u8]) -> Self {
        Self(content.into())
    }

    /// The number with this magnitude in big-endian octets.
    pub fn from_magnitude(magnitude: &[u8]) -> Self {
        let zeros = magnitude.iter().take_while(|&&octet| octet == 0).count();
        match &magnitude[zeros..] {
            [] => Self([0].into()),
            number @ [0x80..=0xff, ..] => Self([&[0], number].concat().into()),
            number => Self(number.into()),
        }
    }

    /// The content octets of the INTEGER: two's complement, in the fewest octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match &*self.0 {
            [0, digits @ ..] if !digits.is_empty() => digits,
            digits => digits,
        };
        digits.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl fmt::Debug for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SerialNumber({self})")
    }
}

impl FromStr for SerialNumber {
    type Err = NotASerialNumber;

    fn from_str(text: &str) -> Result<Self, NotASerialNumber> {
        let digits: Vec<u8> = text
            .chars()
            .filter(|&character| character != ':')
            .map(|character| character.to_digit(16).map(|digit| digit as u8))
            .collect::<Option<_>>()
            .ok_or(NotASerialNumber)?;
        if digits.is_empty() {
            return Err(NotASerialNumber);
        }
        // The first octet of an odd number of digits has one digit.
        let octets: Vec<u8> = digits
            .rchunks(2)
            .rev()
            .map(|pair| pair.iter().fold(0, |octet, digit| octet << 4 | digit))
            .collect();
        Ok(Self::from_magnitude(&octets))
    }
}

/// The text is no hexadecimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a serial number in hexadecimal")]
pub struct NotASerialNumber;

#[cfg(test)]
mod tests {
    use super::SerialNumber;

    #[test]
    fn hexadecimal_text_and_content_octets_are_the_same_number() {
        for (text, content, shown) in [
            ("0", &[0][..], "00"),
            ("7f", &[0x7f], "7f"),
            ("80", &[0, 0x80], "80"),
            ("00:1A:2b", &[0x1a, 0x2b], "1a2b"),
            ("123", &[1, 0x23], "0123"),
        ] {
            let serial: SerialNumber = text.parse().unwrap();
            assert_eq!(serial.as_bytes(), content, "{text}");
            assert_eq!(serial.to_string(), shown);
        }
    }

    #[test]
    fn other_text_is_no_serial_number() {
        for text in ["", ":", "0x12", "g", "-1", "1 2"] {
            assert!(text.parse::<SerialNumber>().is_err(), "{text:?}");
        }
    }
}
