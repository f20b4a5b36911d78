use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// Exactly `N` decimal digits, leading zeros kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Digits<const N: usize>(String);

/// Postal index of Kazakhstan.
pub type PostalIndex = Digits<6>;
/// Code of a substance (ЛЗ коды / код ЗВ).
pub type SubstanceCode = Digits<4>;

/// A text is not the digits it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not {expected} digits")]
pub struct DigitsError {
    /// How many digits it should be.
    pub expected: usize,
}

impl<const N: usize> Digits<N> {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> FromStr for Digits<N> {
    type Err = DigitsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == N && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(DigitsError { expected: N })
        }
    }
}

impl<const N: usize> fmt::Display for Digits<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_are_kept() {
        assert_eq!("0301".parse::<SubstanceCode>().unwrap().to_string(), "0301");
    }

    #[test]
    fn another_count_or_character_is_refused() {
        for text in ["06000", "0600000", "06000О", ""] {
            assert_eq!(
                text.parse::<PostalIndex>(),
                Err(DigitsError { expected: 6 })
            );
        }
    }
}
