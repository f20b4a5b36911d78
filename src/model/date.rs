//! Calendar dates as the data writes them: `2013-12-04`.

use serde::Serialize;
use serde::Serializer;
use time::Date;
use time::OffsetDateTime;
use time::UtcOffset;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// A real calendar date, `None` for anything else.
pub(super) fn parse(text: &str) -> Option<Date> {
    // The format alone would take a sign before the year.
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (text.len() == 10 && digits == 8)
        .then(|| Date::parse(text, ISO).ok())
        .flatten()
}

/// Year of a date; dates of the data have four digits of it.
pub(super) fn year(date: Date) -> u16 {
    u16::try_from(date.year()).unwrap_or_default()
}

/// A date that serialises as the data writes it.
pub(super) struct Iso(pub(super) Date);

impl Serialize for Iso {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(&self.0, serializer)
    }
}

/// For `#[serde(serialize_with)]`.
pub(super) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    let text = date.format(ISO).map_err(serde::ser::Error::custom)?;
    serializer.serialize_str(&text)
}

/// A moment with its offset, whole seconds: `2013-11-04T10:05:00+05:00`. `None` for anything else.
pub(super) fn parse_time(text: &str) -> Option<OffsetDateTime> {
    // The format alone would take fractions and other separators.
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    (printed_time(time)? == text).then_some(time)
}

/// For `#[serde(serialize_with)]`.
pub(super) fn serialize_time<S: Serializer>(
    time: &OffsetDateTime,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = time.format(&Rfc3339).map_err(serde::ser::Error::custom)?;
    serializer.serialize_str(&text)
}

fn printed_time(time: OffsetDateTime) -> Option<String> {
    let whole_seconds = time.nanosecond() == 0;
    whole_seconds.then(|| time.format(&Rfc3339).ok())?
}

/// The offset at which days begin and end: Atyrau has kept UTC+5 since 2004, the whole country since
/// 1 March 2024.
pub const KAZAKHSTAN: UtcOffset = match UtcOffset::from_hms(5, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

const ISO: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_moments_of_whole_seconds_with_an_offset() {
        for text in ["2013-11-04T10:05:00+05:00", "2014-02-03T00:00:00Z"] {
            assert_eq!(printed_time(parse_time(text).unwrap()).unwrap(), text);
        }
        for text in [
            "2013-11-04T10:05:00",
            "2013-11-04 10:05:00+05:00",
            "2013-11-04T10:05:00.5+05:00",
            "2013-11-04T25:05:00+05:00",
            "2013-11-04",
            "",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn only_dates_of_the_calendar() {
        assert!(parse("2016-02-29").is_some());
        for text in [
            "2014-02-29",
            "2014-13-01",
            "2014-1-01",
            "04.12.2013",
            "+201-01-01",
            "-013-12-04",
            "",
            "2013-12-04T00:00",
            "2013-12-0٤",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
