//! The characters of a table, and what its cells mean.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1251;

/// How the bytes of a table were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Windows1251,
}

/// What a file is, where it is no CSV at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoText {
    /// What spreadsheets call Unicode text.
    #[error("it is UTF-16, not UTF-8")]
    Utf16,
    /// An .xlsx, .ods or .xls file.
    #[error("it is a workbook, not CSV")]
    Workbook,
}

/// The text of a table: UTF-8 with or without its mark, else Windows-1251.
pub(super) fn decoded(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), NoText> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(NoText::Workbook);
    }
    // In UTF-16 every character of the head row's ASCII has a zero beside it.
    let has_zero = bytes.iter().take(FIRST).any(|byte| *byte == 0);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || has_zero {
        return Err(NoText::Utf16);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((Cow::Borrowed(text), Encoding::Utf8));
    }
    let (text, _) = WINDOWS_1251.decode_without_bom_handling(bytes);
    Ok((text, Encoding::Windows1251))
}

/// A letter of Windows-1251 that neither Kazakh nor Russian has: where one stands, the file is
/// written in KZ-1048, which has Kazakh letters in those places.
pub(super) fn foreign_letter(text: &str) -> Option<char> {
    let is_foreign = |letter: &char| "ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЄЇґєјЅѕї".contains(*letter);
    text.chars().find(is_foreign)
}

/// The sign in a text that stands where a letter was lost. Spreadsheets write «?» for what
/// Windows-1251 does not have, which is most Kazakh letters, at any place of a word; U+FFFD is what
/// other programs write.
pub(super) fn lost_letter(text: &str, encoding: Encoding) -> Option<char> {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_lost = match (character, encoding) {
            (char::REPLACEMENT_CHARACTER, _) | ('?', Encoding::Windows1251) => true,
            // In an address or at the end of a question it is one.
            ('?', Encoding::Utf8) => characters.peek().is_some_and(|next| is_cyrillic(*next)),
            _ => false,
        };
        if is_lost {
            return Some(character);
        }
    }
    None
}

fn is_cyrillic(character: char) -> bool {
    ('\u{400}'..='\u{52f}').contains(&character)
}

/// A cell on one line: what a spreadsheet breaks within a cell is one text.
pub(super) fn on_one_line(cell: &str) -> String {
    let lines = cell.split(['\r', '\n']).map(str::trim);
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}

/// Where the quotes of a text break the rules, and how (RFC 4180 §2): a parser that reads on would
/// take the rows up to the next quote for one cell.
pub(super) fn broken_quotes(text: &str, delimiter: u8) -> Option<(u64, BrokenQuotes)> {
    let mut line = 1;
    let mut opened = 1;
    let mut state = State::Start;
    for byte in text.bytes() {
        let is_end = byte == delimiter || byte == b'\n' || byte == b'\r';
        state = match (state, byte) {
            (State::Start, b'"') => {
                opened = line;
                State::Quoted
            }
            (State::Quoted, b'"') => State::Closed,
            (State::Quoted, _) => State::Quoted,
            // Two are one of the text.
            (State::Closed, b'"') => State::Quoted,
            (State::Closed, _) if !is_end => return Some((opened, BrokenQuotes::TextBehind)),
            _ if is_end => State::Start,
            _ => State::Bare,
        };
        line += u64::from(byte == b'\n');
    }
    (state == State::Quoted).then_some((opened, BrokenQuotes::Open))
}

/// What is wrong with quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BrokenQuotes {
    /// There is no second one.
    #[error("a quote opens here and is never closed")]
    Open,
    /// A cell does not end behind them.
    #[error("text follows a quoted cell: within quotes, a quote is written twice")]
    TextBehind,
}

/// Where in a cell the reader of quotes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Bare,
    Quoted,
    Closed,
}

/// Whether a cell is the first of a column of ordinal numbers: `1`, `1.`, `1)` or `1.1`.
pub(super) fn counts_from_one(cell: &str) -> bool {
    cell.split(['.', ')']).next() == Some("1")
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

/// Bytes in which a head row is looked for.
const FIRST: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

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
        for letter in "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁё".chars() {
            assert_eq!(foreign_letter(&letter.to_string()), None);
        }
    }

    #[test]
    fn a_sign_for_a_lost_letter_is_found_at_any_place_of_a_word() {
        for text in ["Ке?ес", "?ала", "аудан?", "а ? б"] {
            assert_eq!(
                lost_letter(text, Encoding::Windows1251),
                Some('?'),
                "{text}"
            );
        }
        assert_eq!(lost_letter("Ке?ес", Encoding::Utf8), Some('?'));
        assert_eq!(
            lost_letter("Ке\u{fffd}ес", Encoding::Utf8),
            Some('\u{fffd}')
        );
        for text in ["Кім? Не?", "https://ruqsat.example/?n=1", "Кеңес"] {
            assert_eq!(lost_letter(text, Encoding::Utf8), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_text_is_told_apart() {
        for bytes in [
            &b"\xff\xfec\0"[..],
            b"\xfe\xff\0c",
            b"c\0o\0d\0e\0",
            b"\0c\0o",
        ] {
            assert_eq!(decoded(bytes), Err(NoText::Utf16));
        }
        for bytes in [&b"PK\x03\x04\x14\0"[..], b"\xd0\xcf\x11\xe0\xa1\xb1"] {
            assert_eq!(decoded(bytes), Err(NoText::Workbook));
        }
    }

    #[test]
    fn a_broken_line_in_a_cell_is_one_text() {
        assert_eq!(on_one_line(" Азот\r\n диоксиді \n"), "Азот диоксиді");
        assert_eq!(on_one_line("\u{a0}12\u{a0}000 "), "12\u{a0}000");
    }

    #[test]
    fn quotes_that_would_swallow_rows_are_found_with_their_line() {
        let (open, behind) = (BrokenQuotes::Open, BrokenQuotes::TextBehind);
        for (text, expected) in [
            ("a;b\n1;2\n", None),
            ("\"a\";\"b;\"\n\"1\n\"\"2\"\"\";2\r\n", None),
            ("a;b\nЦех \"Юг\";2\n", None),
            ("\"\"", None),
            ("a;b\n1;\"2\n3;4\n", Some((2, open))),
            ("\"", Some((1, open))),
            ("a;b\n\"Цех;1\n\"Юг;2\n", Some((2, behind))),
            ("a\n\"1\" \n", Some((2, behind))),
        ] {
            assert_eq!(broken_quotes(text, b';'), expected, "{text}");
        }
    }
}
