//! What IIN and BIN have in common: twelve digits, the last of them a control digit.

/// Why a text is no IIN or BIN. The first fault found, from the outside in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentifierError {
    /// An IIN's digit 7 names no century and sex.
    #[error("digit 7 is {digit}, which names no century (1 to 6)")]
    Century {
        /// The digit found.
        digit: u8,
    },
    /// The control digit is not the one the other eleven give.
    #[error("the control digit is {found}, the others give {expected}")]
    ControlDigit {
        /// What the eleven digits give.
        expected: u8,
        /// What stands at the end.
        found: u8,
    },
    /// The leading digits are no date: of birth in an IIN, the month of registration in a BIN.
    #[error("the leading digits are no date")]
    Date,
    /// A BIN's digit 5 names no kind of person.
    #[error("digit 5 is {digit}, which names no kind of person (4 to 6)")]
    Kind {
        /// The digit found.
        digit: u8,
    },
    /// Not twelve characters.
    #[error("it has {found} characters, not 12")]
    Length {
        /// How many there are.
        found: usize,
    },
    /// The first eleven digits have no control digit: such numbers are never given out.
    #[error("no control digit exists for the first eleven digits")]
    NoControlDigit,
    /// A character that is no digit 0–9.
    #[error("character {position} is no digit: {character:?}")]
    NonDigit {
        /// The character found.
        character: char,
        /// Its place, counted from 1.
        position: usize,
    },
    /// A BIN's digit 6 names no kind of unit.
    #[error("digit 6 is {digit}, which names no kind of unit (0 to 3)")]
    Unit {
        /// The digit found.
        digit: u8,
    },
}

/// The twelve digits of `text`, with the right control digit.
pub(super) fn digits(text: &str) -> Result<[u8; 12], IdentifierError> {
    let found = text.chars().count();
    let mut digits = [0; 12];
    if found != digits.len() {
        return Err(IdentifierError::Length { found });
    }
    for (index, (digit, character)) in digits.iter_mut().zip(text.chars()).enumerate() {
        *digit = character
            .to_digit(10)
            .and_then(|value| u8::try_from(value).ok())
            .ok_or(IdentifierError::NonDigit {
                character,
                position: index + 1,
            })?;
    }
    let expected = control_digit(&digits).ok_or(IdentifierError::NoControlDigit)?;
    let found = digits[11];
    if found != expected {
        return Err(IdentifierError::ControlDigit { expected, found });
    }
    Ok(digits)
}

/// The number that two digits write.
pub(super) fn pair(tens: u8, units: u8) -> u8 {
    tens * 10 + units
}

/// Control digit of the first eleven, `None` where both rounds leave 10.
fn control_digit(digits: &[u8; 12]) -> Option<u8> {
    [FIRST_WEIGHTS, SECOND_WEIGHTS]
        .into_iter()
        .map(|weights| {
            let sum: u16 = digits
                .iter()
                .zip(weights)
                .map(|(digit, weight)| u16::from(*digit) * weight)
                .sum();
            sum % 11
        })
        .find(|remainder| *remainder != 10)
        .and_then(|remainder| u8::try_from(remainder).ok())
}

const FIRST_WEIGHTS: [u16; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const SECOND_WEIGHTS: [u16; 11] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];
