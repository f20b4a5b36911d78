//! Dates as the forms print them.

use time::Date;
use time::Month;
use time::OffsetDateTime;

use crate::form::language::Lang;

/// A date as both languages of the forms write it: `04.12.2013`.
pub(super) fn day(date: Date) -> String {
    let (year, month, day) = date.to_calendar_date();
    format!("{day:02}.{:02}.{year:04}", u8::from(month))
}

/// A date with its month in words: `2013 жылғы «04» желтоқсан`, `«04» декабря 2013 года`.
pub(super) fn in_words(date: Date, lang: Lang) -> String {
    let (year, month, day) = date.to_calendar_date();
    match lang {
        Lang::Kk => format!("{year:04} жылғы «{day:02}» {}", kazakh(month)),
        Lang::Ru => format!("«{day:02}» {} {year:04} года", russian_genitive(month)),
    }
}

/// A moment on the clock of its offset: `04.12.2013 09:00`.
pub(super) fn moment(time: OffsetDateTime) -> String {
    format!(
        "{} {:02}:{:02}",
        day(time.date()),
        time.hour(),
        time.minute()
    )
}

/// A month of the data (`2014-03`): `2014 жылғы наурыз`, `март 2014 года`.
pub(super) fn month(text: &str, lang: Lang) -> Option<String> {
    let (year, number) = text.split_once('-')?;
    let is_digits =
        |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(year, 4) || !is_digits(number, 2) {
        return None;
    }
    let month = Month::try_from(number.parse::<u8>().ok()?).ok()?;
    Some(match lang {
        Lang::Kk => format!("{year} жылғы {}", kazakh(month)),
        Lang::Ru => format!("{} {year} года", russian(month)),
    })
}

fn kazakh(month: Month) -> &'static str {
    match month {
        Month::January => "қаңтар",
        Month::February => "ақпан",
        Month::March => "наурыз",
        Month::April => "сәуір",
        Month::May => "мамыр",
        Month::June => "маусым",
        Month::July => "шілде",
        Month::August => "тамыз",
        Month::September => "қыркүйек",
        Month::October => "қазан",
        Month::November => "қараша",
        Month::December => "желтоқсан",
    }
}

fn russian(month: Month) -> &'static str {
    match month {
        Month::January => "январь",
        Month::February => "февраль",
        Month::March => "март",
        Month::April => "апрель",
        Month::May => "май",
        Month::June => "июнь",
        Month::July => "июль",
        Month::August => "август",
        Month::September => "сентябрь",
        Month::October => "октябрь",
        Month::November => "ноябрь",
        Month::December => "декабрь",
    }
}

fn russian_genitive(month: Month) -> &'static str {
    match month {
        Month::January => "января",
        Month::February => "февраля",
        Month::March => "марта",
        Month::April => "апреля",
        Month::May => "мая",
        Month::June => "июня",
        Month::July => "июля",
        Month::August => "августа",
        Month::September => "сентября",
        Month::October => "октября",
        Month::November => "ноября",
        Month::December => "декабря",
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn dates_are_printed_as_the_forms_write_them() {
        let date = date!(2013 - 12 - 04);
        assert_eq!(day(date), "04.12.2013");
        assert_eq!(in_words(date, Lang::Kk), "2013 жылғы «04» желтоқсан");
        assert_eq!(in_words(date, Lang::Ru), "«04» декабря 2013 года");
        assert_eq!(moment(datetime!(2013-12-04 09:05 +6)), "04.12.2013 09:05");
        assert_eq!(month("2014-03", Lang::Kk).unwrap(), "2014 жылғы наурыз");
        assert_eq!(month("2014-03", Lang::Ru).unwrap(), "март 2014 года");
    }

    #[test]
    fn what_is_no_month_prints_nothing() {
        for text in [
            "2014-13", "2014-00", "2014-3", "14-03", "2014", "", "2014-+3",
        ] {
            assert_eq!(month(text, Lang::Kk), None, "{text}");
        }
    }
}
