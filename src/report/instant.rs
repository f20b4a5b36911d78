//! Days and times as a reader in Kazakhstan writes them.

use time::Date;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::model::KAZAKHSTAN;
use crate::report::Catalogue;
use crate::report::Language;

/// A day in words.
pub(super) fn day(catalogue: &Catalogue, date: Date, language: Language) -> String {
    catalogue
        .date_pattern(language)
        .day
        .replace("{d}", &date.day().to_string())
        .replace("{month}", catalogue.month(date.month(), language))
        .replace("{y}", &date.year().to_string())
}

/// An instant in words, at the time of Kazakhstan and with its offset.
pub(super) fn time(catalogue: &Catalogue, time: OffsetDateTime, language: Language) -> String {
    let local = local(time);
    let hms = format!(
        "{:02}:{:02}:{:02}",
        local.hour(),
        local.minute(),
        local.second()
    );
    catalogue
        .date_pattern(language)
        .time
        .replace("{day}", &day(catalogue, local.date(), language))
        .replace("{hms}", &hms)
        .replace("{offset}", "+5")
}

/// An instant for machines: RFC 3339 with the offset of Kazakhstan.
pub(super) fn rfc3339(time: OffsetDateTime) -> String {
    local(time).format(&Rfc3339).unwrap_or_default()
}

fn local(time: OffsetDateTime) -> OffsetDateTime {
    time.checked_to_offset(KAZAKHSTAN).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn an_instant_is_written_with_its_offset_in_three_languages() {
        let catalogue = Catalogue::builtin();
        let instant = datetime!(2026-03-12 10:04:09 UTC);
        let written = |language| time(&catalogue, instant, language);
        assert_eq!(written(Language::En), "12 March 2026, 15:04:09 (UTC+5)");
        assert_eq!(written(Language::Ru), "12 марта 2026 г., 15:04:09 (UTC+5)");
        assert_eq!(written(Language::Kk), "2026 ж. 12 наурыз, 15:04:09 (UTC+5)");
        assert_eq!(rfc3339(instant), "2026-03-12T15:04:09+05:00");
    }
}
