//! The characters of a table, and what its cells mean.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1251;

/// How the bytes of a table were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Windows1251,
}

/// The text of a table: UTF-8 with or without its mark, else Windows-1251. `None` for UTF-16.
pub(super) fn decoded(bytes: &[u8]) -> Option<(Cow<'_, str>, Encoding)> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return None;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some((Cow::Borrowed(text), Encoding::Utf8));
    }
    let (text, _) = WINDOWS_1251.decode_without_bom_handling(bytes);
    Some((text, Encoding::Windows1251))
}

/// A letter of Windows-1251 that neither Kazakh nor Russian has: where one stands, the file is
/// written in KZ-1048, which has Kazakh letters in those places.
pub(super) fn foreign_letter(text: &str) -> Option<char> {
    let is_foreign = |letter: &char| "ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЄЇґєјЅѕї".contains(*letter);
    text.chars().find(is_foreign)
}

/// Whether a question mark stands before a letter: spreadsheets write it for what Windows-1251 does
/// not have, which is most Kazakh letters.
pub(super) fn has_lost_letter(text: &str) -> bool {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '?' && characters.peek().is_some_and(|next| next.is_alphabetic()) {
            return true;
        }
    }
    false
}

/// Whether a cell is the first of a column of ordinal numbers: `1`, `1.`, `1)` or `1.1`.
pub(super) fn counts_from_one(cell: &str) -> bool {
    cell.split(['.', ')']).next() == Some("1")
}

/// A number as the data writes it: with a point, and without spaces between groups of three digits.
/// What is no number stays as it is, for the reader of the data to refuse.
pub(super) fn decimal(text: &str) -> String {
    let marks = text.matches([',', '.']).count();
    let (whole, fraction) = text
        .split_once([',', '.'])
        .map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let groups: Vec<_> = whole.split([' ', '\u{a0}', '\u{202f}']).collect();
    let is_grouped = groups.iter().enumerate().all(|(index, group)| {
        let length = match index {
            0 => (1..=3).contains(&group.len()),
            _ => group.len() == 3,
        };
        length && group.bytes().all(|byte| byte.is_ascii_digit())
    });
    if marks > 1 || (groups.len() > 1 && !is_grouped) {
        return text.to_owned();
    }
    let whole = groups.concat();
    match fraction {
        None => whole,
        Some(fraction) => format!("{whole}.{fraction}"),
    }
}

/// A day as the data writes it: `31.12.2014` becomes `2014-12-31`.
pub(super) fn day(text: &str) -> String {
    let parts: Vec<_> = text.split('.').collect();
    let digits =
        |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [day, month, year] if digits(day, 2) && digits(month, 2) && digits(year, 4) => {
            format!("{year}-{month}-{day}")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_data_writes_them() {
        for (cell, number) in [
            ("0,104100", "0.104100"),
            ("0.104100", "0.104100"),
            ("12 000,000", "12000.000"),
            ("1\u{a0}234\u{a0}567,5", "1234567.5"),
            ("12000", "12000"),
            // Left for the reader of the data to refuse.
            ("1,234.5", "1,234.5"),
            ("1.234,5", "1.234,5"),
            ("12 00,5", "12 00,5"),
            ("1 2345", "1 2345"),
            ("-1,5", "-1.5"),
            ("1,", "1."),
            ("n/a", "n/a"),
        ] {
            assert_eq!(decimal(cell), number, "{cell}");
        }
    }

    #[test]
    fn days_are_written_as_the_data_writes_them() {
        assert_eq!(day("31.12.2014"), "2014-12-31");
        for text in ["2014-12-31", "1.2.2014", "тоқсан сайын", "aa.bb.cccc"] {
            assert_eq!(day(text), text);
        }
    }

    #[test]
    fn both_encodings_are_read_and_a_third_is_told_apart() {
        let (text, encoding) = decoded("\u{feff}ЛЗ коды;Қ".as_bytes()).unwrap();
        assert_eq!((&*text, encoding), ("ЛЗ коды;Қ", Encoding::Utf8));
        // «Код ЗВ» in Windows-1251.
        let (text, encoding) = decoded(b"\xca\xee\xe4 \xc7\xc2").unwrap();
        assert_eq!((&*text, encoding), ("Код ЗВ", Encoding::Windows1251));
        assert_eq!(foreign_letter(&text), None);
        // «Қала» in KZ-1048.
        let (text, _) = decoded(b"\x8d\xe0\xeb\xe0").unwrap();
        assert_eq!(foreign_letter(&text), Some('Ќ'));
        assert!(has_lost_letter("Ке?ес ауданы"));
        assert!(!has_lost_letter("Кім? Не?"));
        assert_eq!(decoded(b"\xff\xfea\0"), None);
        for letter in "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁё".chars() {
            assert_eq!(foreign_letter(&letter.to_string()), None);
        }
    }
}
