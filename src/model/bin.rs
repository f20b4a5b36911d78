use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::model::identifier;
use crate::model::identifier::IdentifierError;

/// Business identification number (БСН / БИН): month of registration YYMM, kind of person, kind
/// of unit, five digits of a serial, control digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Bin(String);

impl Bin {
    /// The twelve digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Bin {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let d = identifier::digits(text)?;
        if !(1..=12).contains(&identifier::pair(d[2], d[3])) {
            return Err(IdentifierError::Date);
        }
        // Resident, non-resident, joint entrepreneurship
        if !(4..=6).contains(&d[4]) {
            return Err(IdentifierError::Kind { digit: d[4] });
        }
        // Head unit, branch, representative office, peasant farm
        if !(0..=3).contains(&d[5]) {
            return Err(IdentifierError::Unit { digit: d[5] });
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Bin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_right_structure_and_control_digit_are_accepted() {
        for number in [
            "120440001234",
            "230141004563",
            "191042007894",
            "150550003214",
            "210860006545",
            "210140000707",
            // The parties of the sample permit, and one of each kind
            "120540900019",
            "120541900014",
            "101140900013",
            "091240900012",
            "080540900019",
            "120540901804",
            "071250900013",
            "110660900013",
            // A changed 11th digit weighs 11: the control digit cannot see it
            "120540900029",
        ] {
            let bin: Bin = number.parse().unwrap();
            assert_eq!(bin.as_str(), number);
            assert_eq!(bin.to_string(), number);
        }
    }

    #[test]
    fn each_fault_is_named() {
        use IdentifierError as E;
        for (number, error) in [
            (
                "120440001235",
                E::ControlDigit {
                    expected: 4,
                    found: 5,
                },
            ),
            (
                "120440001243",
                E::ControlDigit {
                    expected: 4,
                    found: 3,
                },
            ),
            (
                "123456789021",
                E::ControlDigit {
                    expected: 5,
                    found: 1,
                },
            ),
            (
                "120540900010",
                E::ControlDigit {
                    expected: 9,
                    found: 0,
                },
            ),
            ("121340001233", E::Date),
            ("131340900016", E::Date),
            ("000000000000", E::Date),
            ("120490001237", E::Kind { digit: 9 }),
            ("12054090001", E::Length { found: 11 }),
            (
                "120O40900019",
                E::NonDigit {
                    character: 'O',
                    position: 4,
                },
            ),
        ] {
            assert_eq!(number.parse::<Bin>(), Err(error), "{number}");
        }
        assert!(matches!(
            "125040900019".parse::<Bin>(),
            Err(E::ControlDigit { found: 9, .. })
        ));
    }

    #[test]
    fn a_serial_without_control_digit_is_refused_whatever_the_last_digit() {
        for eleven in ["21014000077", "12054090183"] {
            for last in 0..10 {
                let number = format!("{eleven}{last}");
                assert_eq!(number.parse::<Bin>(), Err(IdentifierError::NoControlDigit));
            }
        }
    }

    #[test]
    fn an_iin_is_no_bin() {
        // Digit 5 is the tens of a day in one, the kind of person in the other.
        assert_eq!(
            "691007390018".parse::<Bin>(),
            Err(IdentifierError::Kind { digit: 0 })
        );
    }
}
