//! Words that a line break must not part.

/// Whether two words that a space parts stay on one line: № and its number, a word and the dash
/// behind it, initials and the surname beside them, the day and its month, the year and its word,
/// a figure and its unit, the thousands of a figure, an abbreviation and what it stands before.
pub(super) fn binds(before: &str, after: &str) -> bool {
    let after_word = after.trim_end_matches([',', '.', ';', ':', ')', '»']);
    before.ends_with(['№', '§'])
        || matches!(after, "—" | "–" | "/")
        || (are_initials(before) && begins_with_capital(after))
        || (begins_with_capital(before)
            && are_initials(after)
            && !before.ends_with(['.', ',', ';', ':']))
        || (is_number(before, 1..=2) && MONTHS.contains(&after_word))
        || ((is_number(before, 4..=4) || is_date(before)) && YEARS.contains(&after_word))
        || (ends_in_digit(before) && UNITS.contains(&after_word))
        || (is_number(before, 1..=3) && are_thousands(after_word))
        || (SIGNS.contains(&before) && begins_with_digit(after))
        || (ABBREVIATIONS.contains(&before.trim_start_matches(['(', '«']))
            && (begins_with_capital(after) || begins_with_digit(after)))
}

/// «А.», «А.Б.»: one or two capitals, each with its point.
fn are_initials(word: &str) -> bool {
    let word = word.trim_end_matches([',', ';', ')']);
    let mut characters = word.chars();
    let mut count = 0;
    while let Some(letter) = characters.next() {
        if !letter.is_uppercase() || characters.next() != Some('.') {
            return false;
        }
        count += 1;
    }
    (1..=2).contains(&count)
}

fn begins_with_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

fn begins_with_digit(word: &str) -> bool {
    word.starts_with(|character: char| character.is_ascii_digit())
}

fn ends_in_digit(word: &str) -> bool {
    word.ends_with(|character: char| character.is_ascii_digit())
}

/// «000», «663,39».
fn are_thousands(word: &str) -> bool {
    let (whole, fraction) = word.split_once(',').unwrap_or((word, "0"));
    is_number(whole, 3..=3) && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// «31.12.2017».
fn is_date(word: &str) -> bool {
    let mut parts = word.split('.');
    let mut part = |digits| {
        parts
            .next()
            .is_some_and(|part| is_number(part, digits..=digits))
    };
    part(2) && part(2) && part(4) && parts.next().is_none()
}

fn is_number(word: &str, digits: std::ops::RangeInclusive<usize>) -> bool {
    let word = word.trim_start_matches(['(', '«']);
    digits.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

const MONTHS: [&str; 24] = [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const YEARS: [&str; 10] = [
    "года",
    "год",
    "году",
    "г",
    "жыл",
    "жылы",
    "жылғы",
    "жылдан",
    "жылға",
    "ж",
];

const UNITS: [&str; 30] = [
    "%",
    "‰",
    "°C",
    "°С",
    "т",
    "тонн",
    "тонна",
    "тонны",
    "кг",
    "г",
    "мг",
    "г/с",
    "г/сек",
    "г/ч",
    "г/сағ",
    "т/год",
    "т/жыл",
    "м",
    "м²",
    "м³",
    "м³/ч",
    "м³/сағ",
    "мг/дм³",
    "мг/м³",
    "км",
    "га",
    "кВт",
    "МВт",
    "тенге",
    "теңге",
];
const SIGNS: [&str; 6] = ["<", ">", "±", "≈", "≤", "≥"];
/// Of places, and of the parts of an act.
const ABBREVIATIONS: [&str; 7] = ["г.", "ул.", "д.", "кв.", "п.", "пп.", "ст."];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_dates_years_and_initials_bind() {
        for (before, after) in [
            ("№", "5"),
            ("(№", "5/1-2013"),
            ("т", "—"),
            ("4", "декабря"),
            ("7", "қаңтар,"),
            ("(2013", "года)"),
            ("2013", "жылғы"),
            ("31.12.2017", "года."),
            ("Қ.С.", "Жанұзақов"),
            ("Жанұзақов", "Қ.С."),
            ("К.", "Жанузаков"),
            ("12", "м³/ч,"),
            ("43,8", "т"),
            ("20", "°C"),
            ("99,5", "%;"),
            ("12", "000,000"),
            ("000", "663"),
            ("≤", "0,5"),
            ("ст.", "72"),
            ("г.", "Атырау"),
        ] {
            assert!(binds(before, after), "{before} {after}");
        }
    }

    #[test]
    fn other_words_do_not() {
        for (before, after) in [
            ("в", "2013"),
            ("декабря", "2013"),
            ("2013", "декабря"),
            ("123", "мая"),
            ("слово", "А.Б."),
            ("А.Б.В.", "Слово"),
            ("Конец.", "А."),
            ("по", "приказу"),
            ("т", "43,8"),
            ("5", "1234"),
            ("2013", "000"),
            ("ст.", "закона"),
            ("и", "т."),
        ] {
            assert!(!binds(before, after), "{before} {after}");
        }
    }
}
