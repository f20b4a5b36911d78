use ::time::Date;
use ::time::Duration;
use ::time::Month;
use ::time::OffsetDateTime;
use ::time::Time;

use crate::x509::der::Error;
use crate::x509::der::Tag;
use crate::x509::der::Tlv;

/// Whether a GeneralizedTime may have a fraction of a second: yes in time-stamps (RFC 3161
/// §2.4.2), no in certificates (RFC 5280 §4.1.2.5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fraction {
    /// A fraction, without zeros at its end, is read.
    Allowed,
    /// A fraction is refused.
    Refused,
}

/// Reads Time of RFC 5280 §4.1.2.5: UTCTime or GeneralizedTime, with seconds, in UTC. Either form
/// is read for every year that it can express, as older certificates have it.
///
/// # Errors
///
/// [`Error::InvalidValue`] for another type or spelling, or a day that does not exist.
pub fn time_from(element: &Tlv<'_>) -> Result<OffsetDateTime, Error> {
    match element.tag {
        Tag::UTC_TIME => utc_time_from(element.content),
        Tag::GENERALIZED_TIME => generalized_time_from(element.content, Fraction::Refused),
        tag => Err(Error::InvalidValue { tag }),
    }
}

/// Reads the content of a UTCTime, `YYMMDDHHMMSSZ`: years 50 to 99 are of the twentieth century.
///
/// # Errors
///
/// [`Error::InvalidValue`] for another spelling or a day that does not exist.
pub fn utc_time_from(content: &[u8]) -> Result<OffsetDateTime, Error> {
    read_utc_time(content).ok_or(Error::InvalidValue { tag: Tag::UTC_TIME })
}

/// Reads the content of a GeneralizedTime, `YYYYMMDDHHMMSS[.f]Z` (X.690 §11.7).
///
/// # Errors
///
/// [`Error::InvalidValue`] for another spelling or a day that does not exist.
pub fn generalized_time_from(content: &[u8], fraction: Fraction) -> Result<OffsetDateTime, Error> {
    read_generalized_time(content, fraction).ok_or(Error::InvalidValue {
        tag: Tag::GENERALIZED_TIME,
    })
}

fn read_utc_time(content: &[u8]) -> Option<OffsetDateTime> {
    let (year, rest) = number(content, 2)?;
    let century = if year >= 50 { 1900 } else { 2000 };
    let (instant, rest) = month_to_second(century + i32::from(year), rest)?;
    (rest == b"Z").then_some(instant)
}

fn read_generalized_time(content: &[u8], fraction: Fraction) -> Option<OffsetDateTime> {
    let (century, rest) = number(content, 2)?;
    let (year, rest) = number(rest, 2)?;
    let (instant, rest) = month_to_second(i32::from(century) * 100 + i32::from(year), rest)?;
    match (rest, fraction) {
        (b"Z", _) => Some(instant),
        ([b'.', digits @ .., b'Z'], Fraction::Allowed) => {
            instant.checked_add(Duration::nanoseconds(nanoseconds(digits)?))
        }
        _ => None,
    }
}

fn month_to_second(year: i32, input: &[u8]) -> Option<(OffsetDateTime, &[u8])> {
    let (month, rest) = number(input, 2)?;
    let (day, rest) = number(rest, 2)?;
    let (hour, rest) = number(rest, 2)?;
    let (minute, rest) = number(rest, 2)?;
    let (second, rest) = number(rest, 2)?;
    let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
    let time = Time::from_hms(hour, minute, second).ok()?;
    Some((date.with_time(time).assume_utc(), rest))
}

fn number(input: &[u8], length: usize) -> Option<(u8, &[u8])> {
    let (digits, rest) = input.split_at_checked(length)?;
    let mut value: u8 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(digit - b'0')?;
    }
    Some((value, rest))
}

/// What a fraction is worth; digits below a nanosecond are dropped.
fn nanoseconds(digits: &[u8]) -> Option<i64> {
    if digits.last().is_none_or(|&last| last == b'0') || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let padded = digits.iter().chain(std::iter::repeat(&b'0')).take(9);
    Some(padded.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use ::time::macros::datetime;

    use super::Fraction;
    use super::generalized_time_from;
    use super::utc_time_from;

    #[test]
    fn two_digit_years_turn_at_fifty() {
        assert_eq!(
            utc_time_from(b"500101000000Z"),
            Ok(datetime!(1950-01-01 0:00 UTC))
        );
        assert_eq!(
            utc_time_from(b"491231235959Z"),
            Ok(datetime!(2049-12-31 23:59:59 UTC))
        );
    }

    #[test]
    fn a_fraction_is_read_where_it_is_allowed() {
        let content = b"20260102030405.25Z";
        assert_eq!(
            generalized_time_from(content, Fraction::Allowed),
            Ok(datetime!(2026-01-02 3:04:05.25 UTC))
        );
        assert!(generalized_time_from(content, Fraction::Refused).is_err());
    }

    #[test]
    fn other_spellings_and_days_that_do_not_exist_are_refused() {
        for content in [
            &b""[..],
            b"2601020304Z",
            b"260102030405",
            b"260102030405+0500",
            b"260230030405Z",
            b"261302030405Z",
            b"260102240405Z",
            b"26010203040xZ",
            b"260102030405Z ",
        ] {
            assert!(utc_time_from(content).is_err(), "{content:?}");
        }
        for content in [
            &b"20260102030405.Z"[..],
            b"20260102030405.50Z",
            b"20260102030405,5Z",
            b"20260102030405",
        ] {
            assert!(
                generalized_time_from(content, Fraction::Allowed).is_err(),
                "{content:?}"
            );
        }
    }
}
