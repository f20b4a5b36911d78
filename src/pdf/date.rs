//! Dates (ISO 32000-2 7.9.4).

use time::Date;
use time::Month;
use time::OffsetDateTime;
use time::PrimitiveDateTime;
use time::Time;
use time::UtcOffset;

/// The instant of a date string, in UTC; none when it is not a date. Without an offset it counts as
/// UTC, as 7.9.4 says.
pub(crate) fn parse_date(bytes: &[u8]) -> Option<OffsetDateTime> {
    let mut rest = bytes.strip_prefix(b"D:").unwrap_or(bytes);
    let year = digits(&mut rest, 4)?;
    let month = part(&mut rest, 1)?;
    let day = part(&mut rest, 1)?;
    let hour = part(&mut rest, 0)?;
    let minute = part(&mut rest, 0)?;
    let second = part(&mut rest, 0)?;
    let date = Date::from_calendar_date(i32::from(year), Month::try_from(month).ok()?, day).ok()?;
    let time = Time::from_hms(hour, minute, second).ok()?;
    PrimitiveDateTime::new(date, time)
        .assume_offset(offset(rest)?)
        .checked_to_offset(UtcOffset::UTC)
}

/// An instant as a date string in UTC, delimiters included.
pub(crate) fn format_date(instant: OffsetDateTime) -> String {
    let utc = instant.to_offset(UtcOffset::UTC);
    format!(
        "(D:{:04}{:02}{:02}{:02}{:02}{:02}Z)",
        utc.year(),
        u8::from(utc.month()),
        utc.day(),
        utc.hour(),
        utc.minute(),
        utc.second()
    )
}

fn digits(rest: &mut &[u8], count: usize) -> Option<u16> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    head.iter().try_fold(0, |value, byte| {
        byte.is_ascii_digit()
            .then(|| value * 10 + u16::from(byte - b'0'))
    })
}

/// Two digits, or what counts when the string ends before them.
fn part(rest: &mut &[u8], absent: u8) -> Option<u8> {
    match rest.first() {
        Some(byte) if byte.is_ascii_digit() => digits(rest, 2)?.try_into().ok(),
        _ => Some(absent),
    }
}

fn offset(mut rest: &[u8]) -> Option<UtcOffset> {
    let Some((sign, tail)) = rest.split_first() else {
        return Some(UtcOffset::UTC);
    };
    rest = tail;
    let hours = part(&mut rest, 0)?;
    rest = rest.strip_prefix(b"'").unwrap_or(rest);
    let minutes = part(&mut rest, 0)?;
    if !matches!(rest, b"" | b"'") {
        return None;
    }
    let (hours, minutes) = (i8::try_from(hours).ok()?, i8::try_from(minutes).ok()?);
    match sign {
        b'+' => UtcOffset::from_hms(hours, minutes, 0).ok(),
        b'-' => UtcOffset::from_hms(-hours, -minutes, 0).ok(),
        b'Z' if hours == 0 && minutes == 0 => Some(UtcOffset::UTC),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn every_form_of_offset_is_read() {
        let instant = datetime!(2026-03-04 07:08:09 UTC);
        for text in [
            "D:20260304070809Z",
            "D:20260304070809Z00'00'",
            "D:20260304120809+05'00'",
            "D:20260304120809+05'00",
            "D:20260304020809-0500",
            "20260304070809",
        ] {
            assert_eq!(parse_date(text.as_bytes()), Some(instant), "{text}");
        }
        assert_eq!(parse_date(b"D:2026"), Some(datetime!(2026-01-01 0:00 UTC)));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "D:",
            "D:20261304070809Z",
            "D:2026030407080",
            "D:20260304070809+05'00'x",
            "D:20260304070809Q",
            "D:20260304250000Z",
            "D:00000000000000-99'99'",
        ] {
            assert_eq!(parse_date(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn written_dates_are_read_back() {
        let instant = datetime!(2026-03-04 12:08:09 +5);
        assert_eq!(format_date(instant), "(D:20260304070809Z)");
        assert_eq!(parse_date(b"D:20260304070809Z"), Some(instant));
    }
}
