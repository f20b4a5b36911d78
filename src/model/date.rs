//! Calendar dates as the data writes them: `2013-12-04`.

use serde::Serialize;
use serde::Serializer;
use time::Date;
use time::UtcOffset;
use time::format_description::BorrowedFormatItem;
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
