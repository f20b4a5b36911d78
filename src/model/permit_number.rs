use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeStruct;

use crate::model::digits::Digits;

/// Series and number of a permit, unique within its issuing body: `А-W № 00017`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PermitNumber {
    digits: Digits<5>,
}

/// Why a text is no series and number of a permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PermitNumberError {
    /// Not five digits.
    #[error("the number is not five digits")]
    Number,
    /// Not the series А-W.
    #[error("the series is not А-W")]
    Series,
}

impl PermitNumber {
    /// The series of all permits: Cyrillic А, Latin W.
    pub const SERIES: &str = "А-W";

    /// Puts a number together.
    ///
    /// # Errors
    ///
    /// When the series is not `А-W` (a Latin A is taken for the Cyrillic А), or the number is not
    /// five digits.
    pub fn new(series: &str, number: &str) -> Result<Self, PermitNumberError> {
        Self::series_of(series)?;
        let digits = number.parse().map_err(|_| PermitNumberError::Number)?;
        Ok(Self { digits })
    }

    /// The series that a text writes.
    pub(super) fn series_of(text: &str) -> Result<&'static str, PermitNumberError> {
        match text {
            Self::SERIES | LATIN_SERIES => Ok(Self::SERIES),
            _ => Err(PermitNumberError::Series),
        }
    }

    /// The series, with Cyrillic А.
    #[must_use]
    pub fn series(&self) -> &'static str {
        Self::SERIES
    }

    /// The five digits.
    #[must_use]
    pub fn number(&self) -> &str {
        self.digits.as_str()
    }
}

impl FromStr for PermitNumber {
    type Err = PermitNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (series, number) = text.split_once('№').ok_or(PermitNumberError::Number)?;
        Self::new(series.trim(), number.trim())
    }
}

impl fmt::Display for PermitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} № {}", Self::SERIES, self.digits)
    }
}

impl Serialize for PermitNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("PermitNumber", 2)?;
        fields.serialize_field("series", self.series())?;
        fields.serialize_field("number", self.number())?;
        fields.end()
    }
}

/// The series as people without a Cyrillic keyboard type it.
const LATIN_SERIES: &str = "A-W";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_begins_with_a_cyrillic_letter() {
        let mut series = PermitNumber::SERIES.chars();
        assert_eq!(series.next(), Some('\u{410}'));
        assert_eq!(series.last(), Some('\u{57}'));
    }

    #[test]
    fn a_latin_series_is_taken_for_the_cyrillic_one() {
        let latin = PermitNumber::new("\u{41}-W", "00017").unwrap();
        assert_eq!(latin, PermitNumber::new("\u{410}-W", "00017").unwrap());
        assert_eq!(latin.to_string(), "\u{410}-W № 00017");
        assert_eq!(latin.to_string().parse(), Ok(latin));
    }

    #[test]
    fn another_series_or_length_is_refused() {
        // The last W is Cyrillic Ԝ.
        for series in ["Б-W", "А-В", "АW", "", "А-Ԝ"] {
            assert_eq!(
                PermitNumber::new(series, "00017"),
                Err(PermitNumberError::Series)
            );
        }
        for number in ["17", "000017", "0001a", "", "٠٠٠١٧"] {
            assert_eq!(
                PermitNumber::new("А-W", number),
                Err(PermitNumberError::Number)
            );
        }
    }
}
