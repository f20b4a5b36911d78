use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use time::Date;
use time::Month;

use crate::model::identifier;
use crate::model::identifier::IdentifierError;

/// Individual identification number (ЖСН / ИИН): birth date YYMMDD, a digit of century and sex,
/// four digits of a serial, control digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Iin(String);

impl Iin {
    /// The twelve digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Iin {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let d = identifier::digits(text)?;
        let month = identifier::pair(d[2], d[3]);
        let day = identifier::pair(d[4], d[5]);
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return Err(IdentifierError::Date);
        }
        let century = match d[6] {
            1 | 2 => 1800,
            3 | 4 => 1900,
            5 | 6 => 2000,
            digit => return Err(IdentifierError::Century { digit }),
        };
        let year = century + i32::from(identifier::pair(d[0], d[1]));
        Month::try_from(month)
            .and_then(|month| Date::from_calendar_date(year, month, day))
            .map_err(|_| IdentifierError::Date)?;
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Iin {
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
            // 14.02.1985, 31.12.1999, 07.06.2005, 01.01.2001, 15.01.1990, 07.07.1970
            "850214300129",
            "991231400347",
            "050607501015",
            "010101600018",
            "900115300401",
            "700707305000",
            // The persons of the sample permit; the fourth needs the second weights
            "780315390019",
            "851122490014",
            "691007390018",
            "920401490411",
            "030712690010",
        ] {
            let iin: Iin = number.parse().unwrap();
            assert_eq!(iin.as_str(), number);
            assert_eq!(iin.to_string(), number);
        }
    }

    #[test]
    fn each_fault_is_named() {
        use IdentifierError as E;
        for (number, error) in [
            (
                "850214300128",
                E::ControlDigit {
                    expected: 9,
                    found: 8,
                },
            ),
            (
                "850241300129",
                E::ControlDigit {
                    expected: 6,
                    found: 9,
                },
            ),
            (
                "850214300219",
                E::ControlDigit {
                    expected: 8,
                    found: 9,
                },
            ),
            (
                "123456789011",
                E::ControlDigit {
                    expected: 3,
                    found: 1,
                },
            ),
            ("850230300126", E::Date),
            ("991331400340", E::Date),
            ("000000000000", E::Date),
            ("850214900127", E::Century { digit: 9 }),
            ("85021430012", E::Length { found: 11 }),
            ("", E::Length { found: 0 }),
            (
                "85021430012A",
                E::NonDigit {
                    character: 'A',
                    position: 12,
                },
            ),
            // Arabic-Indic nine: a digit elsewhere, not here
            (
                "85021430012٩",
                E::NonDigit {
                    character: '٩',
                    position: 12,
                },
            ),
        ] {
            assert_eq!(number.parse::<Iin>(), Err(error), "{number}");
        }
    }

    #[test]
    fn a_serial_without_control_digit_is_refused_whatever_the_last_digit() {
        for eleven in ["90011530120", "69100739090"] {
            for last in 0..10 {
                let number = format!("{eleven}{last}");
                assert_eq!(number.parse::<Iin>(), Err(IdentifierError::NoControlDigit));
            }
        }
    }

    #[test]
    fn the_29th_of_february_follows_the_century() {
        // 1900 was no leap year, 2000 was one.
        assert_eq!(
            with_control_digit("00022930001").parse::<Iin>(),
            Err(IdentifierError::Date)
        );
        assert!(with_control_digit("00022950001").parse::<Iin>().is_ok());
        // 1800 was none, 1804 was.
        assert_eq!(
            with_control_digit("00022920001").parse::<Iin>(),
            Err(IdentifierError::Date)
        );
        assert!(with_control_digit("04022910001").parse::<Iin>().is_ok());
    }

    #[test]
    fn a_bin_is_no_iin() {
        assert_eq!("120540900019".parse::<Iin>(), Err(IdentifierError::Date));
    }

    fn with_control_digit(eleven: &str) -> String {
        (0..10)
            .map(|last| format!("{eleven}{last}"))
            .find(|number| identifier::digits(number).is_ok())
            .unwrap()
    }
}
