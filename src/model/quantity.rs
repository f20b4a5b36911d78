use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Serialize;
use serde::Serializer;

/// An exact amount of one unit: a count of 10⁻¹², and as many decimal places as were given.
///
/// Amounts that differ in nothing but trailing zeros are unequal, since they print differently;
/// [`Quantity::is_same_amount`] compares what they measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quantity<U> {
    count: u128,
    places: u8,
    unit: PhantomData<U>,
}

/// Units of the quantities in a permit.
pub mod unit {
    /// Cubic metres an hour, m³/h.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum CubicMetrePerHour {}

    /// Grams an hour, g/h.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum GramPerHour {}

    /// Grams a second, g/s.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum GramPerSecond {}

    /// Milligrams in a cubic decimetre, mg/dm³.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum MilligramPerCubicDecimetre {}

    /// Thousands of cubic metres a year, 10³ m³/year.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum ThousandCubicMetresPerYear {}

    /// Tonnes, t.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Tonne {}
}

/// A mass, or a mass a year.
pub type Tonnes = Quantity<unit::Tonne>;
/// Power of an emission into the air.
pub type Gps = Quantity<unit::GramPerSecond>;
/// Concentration in discharged water.
pub type MgPerDm3 = Quantity<unit::MilligramPerCubicDecimetre>;
/// Mass discharged an hour.
pub type GramsPerHour = Quantity<unit::GramPerHour>;
/// Flow of discharged water.
pub type CubicMetresPerHour = Quantity<unit::CubicMetrePerHour>;
/// Volume of discharged water a year.
pub type ThousandCubicMetresPerYear = Quantity<unit::ThousandCubicMetresPerYear>;

/// Why a text is no quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantityError {
    /// A zero before other digits of the whole part.
    #[error("the number begins with a zero that counts nothing")]
    LeadingZero,
    /// Anything but digits with at most one decimal point between them.
    #[error("it is no plain decimal number such as 0.104100")]
    NotDecimal,
    /// More digits than the 20 before and the 12 after the point.
    #[error("it has {whole} + {fraction} digits, more than 20 + 12")]
    TooLong {
        /// Digits before the point.
        whole: usize,
        /// Digits after the point.
        fraction: usize,
    },
}

impl<U: Copy> Quantity<U> {
    /// Nothing, without decimal places.
    pub const ZERO: Self = Self {
        count: 0,
        places: 0,
        unit: PhantomData,
    };

    /// The exact sum with the places of the more precise one, `None` beyond what can be counted.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            count: self.count.checked_add(other.count)?,
            places: self.places.max(other.places),
            unit: PhantomData,
        })
    }

    /// Whether both measure the same, however many zeros they end in.
    #[must_use]
    pub fn is_same_amount(self, other: Self) -> bool {
        self.count == other.count
    }

    /// Whether it measures more than the other.
    #[must_use]
    pub fn is_more_than(self, other: Self) -> bool {
        self.count > other.count
    }

    /// The least that it can stand for, in halves of 10⁻¹²: it may be rounded in its last place.
    pub(super) fn least(self) -> u128 {
        (self.count * 2).saturating_sub(self.last_place())
    }

    /// The most that it can stand for, in halves of 10⁻¹².
    pub(super) fn most(self) -> u128 {
        self.count * 2 + self.last_place()
    }

    fn last_place(self) -> u128 {
        10u128.pow(MAX_PLACES as u32 - u32::from(self.places))
    }

    /// As the forms print it: decimal comma, as many places as given, whole digits in threes
    /// with U+00A0 between (`12 000,000`).
    #[must_use]
    pub fn printed(self) -> String {
        let whole = (self.count / UNIT).to_string();
        let mut text = String::with_capacity(whole.len() * 2 + 13);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push('\u{a0}');
            }
            text.push(digit);
        }
        if self.places > 0 {
            text.push(',');
            text.push_str(&self.fraction());
        }
        text
    }

    /// The digits after the point, as many as were given.
    fn fraction(self) -> String {
        let places = usize::from(self.places);
        let mut digits = format!("{:0width$}", self.count % UNIT, width = MAX_PLACES);
        digits.truncate(places);
        digits
    }
}

impl<U> FromStr for Quantity<U> {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (whole, fraction) = match text.split_once('.') {
            Some((_, "")) => return Err(QuantityError::NotDecimal),
            Some(parts) => parts,
            None => (text, ""),
        };
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
            return Err(QuantityError::NotDecimal);
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err(QuantityError::LeadingZero);
        }
        if whole.len() > MAX_WHOLE || fraction.len() > MAX_PLACES {
            return Err(QuantityError::TooLong {
                whole: whole.len(),
                fraction: fraction.len(),
            });
        }
        let count = whole
            .bytes()
            .chain(fraction.bytes())
            .chain(std::iter::repeat_n(b'0', MAX_PLACES - fraction.len()))
            .fold(0, |count, byte| count * 10 + u128::from(byte - b'0'));
        Ok(Self {
            count,
            places: u8::try_from(fraction.len()).expect("at most 12, checked above"),
            unit: PhantomData,
        })
    }
}

/// The plain decimal as the data gives it.
impl<U: Copy> fmt::Display for Quantity<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.count / UNIT)?;
        if self.places > 0 {
            write!(f, ".{}", self.fraction())?;
        }
        Ok(())
    }
}

impl<U: Copy> Serialize for Quantity<U> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Halves of 10⁻¹² in one whole unit.
pub(super) const HALVES: u128 = 2 * UNIT;
const MAX_WHOLE: usize = 20;
const MAX_PLACES: usize = 12;
/// Counts in one whole unit: 10¹².
const UNIT: u128 = 1_000_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn tonnes(text: &str) -> Tonnes {
        text.parse().unwrap()
    }

    #[test]
    fn a_number_is_kept_as_given() {
        for text in [
            "0",
            "5",
            "350",
            "15.0",
            "0.000012400",
            "12000.000",
            "0.000000000001",
        ] {
            assert_eq!(tonnes(text).to_string(), text);
        }
    }

    #[test]
    fn thirty_two_digits_are_exact() {
        let text = "12345678901234567890.123456789012";
        assert_eq!(tonnes(text).to_string(), text);
        assert_eq!(
            tonnes(text).printed(),
            "12\u{a0}345\u{a0}678\u{a0}901\u{a0}234\u{a0}567\u{a0}890,123456789012"
        );
        let most = tonnes("99999999999999999999.999999999999");
        let sum = most.checked_add(tonnes("0.000000000001")).unwrap();
        assert_eq!(sum.to_string(), "100000000000000000000.000000000000");
    }

    #[test]
    fn a_sum_wrong_in_its_last_place_is_another_amount() {
        let sum = tonnes("12345678901234567890.123456789012")
            .checked_add(tonnes("1.000000000001"))
            .unwrap();
        assert!(sum.is_same_amount(tonnes("12345678901234567891.123456789013")));
        assert!(!sum.is_same_amount(tonnes("12345678901234567891.123456789014")));
        assert!(sum.is_more_than(tonnes("12345678901234567891.123456789012")));
        assert!(!sum.is_more_than(sum));
    }

    #[test]
    fn a_sum_has_the_places_of_the_most_precise_part() {
        let sum = tonnes("0.1").checked_add(tonnes("0.20000")).unwrap();
        assert_eq!(sum.to_string(), "0.30000");
        assert!(sum.is_same_amount(tonnes("0.3")));
        assert_ne!(sum, tonnes("0.3"));
    }

    #[test]
    fn printed_with_comma_and_grouped_in_threes() {
        for (given, printed) in [
            ("327.663390400", "327,663390400"),
            ("12000.000", "12\u{a0}000,000"),
            ("1750.000", "1\u{a0}750,000"),
            ("100", "100"),
            ("1000000", "1\u{a0}000\u{a0}000"),
        ] {
            assert_eq!(tonnes(given).printed(), printed);
        }
    }

    #[test]
    fn all_but_plain_decimals_is_refused() {
        for text in [
            "", ".", ".5", "5.", "-1", "+1", "1e3", "1,5", "1.2.3", " 1", "1 000", "٣", "NaN",
        ] {
            assert_eq!(
                text.parse::<Tonnes>(),
                Err(QuantityError::NotDecimal),
                "{text}"
            );
        }
        assert_eq!("007".parse::<Tonnes>(), Err(QuantityError::LeadingZero));
        assert_eq!(
            "123456789012345678901".parse::<Tonnes>(),
            Err(QuantityError::TooLong {
                whole: 21,
                fraction: 0
            })
        );
        assert_eq!(
            "0.1234567890123".parse::<Tonnes>(),
            Err(QuantityError::TooLong {
                whole: 1,
                fraction: 13
            })
        );
    }
}
