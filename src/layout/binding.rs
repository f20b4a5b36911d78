//! Words that a line break must not part.

/// Whether two words that a space parts stay on one line: № and its number, a word and the dash
/// behind it, initials and the surname beside them, the day and its month, the year and its word.
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
        ] {
            assert!(!binds(before, after), "{before} {after}");
        }
    }
}
