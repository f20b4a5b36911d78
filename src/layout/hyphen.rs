use hypher::Lang;

/// Where a Russian word may be parted, in bytes from its begin: between syllables, with two letters
/// before and three behind at the least. Nowhere in a word with other signs than Russian letters
/// inside, or with capitals behind the first letter.
pub(super) fn points(token: &str) -> Vec<usize> {
    let is_letter = char::is_alphabetic;
    let (Some(start), Some(last)) = (token.find(is_letter), token.rfind(is_letter)) else {
        return Vec::new();
    };
    let end = last + token[last..].chars().next().map_or(0, char::len_utf8);
    let word = &token[start..end];
    let mut letters = word.chars();
    let is_russian = |letter: char| matches!(letter, 'а'..='я' | 'ё');
    let first = letters
        .next()
        .is_some_and(|c| is_russian(c) || matches!(c, 'А'..='Я' | 'Ё'));
    if !first || !letters.all(is_russian) || word.chars().count() < SHORTEST {
        return Vec::new();
    }
    let mut points = Vec::new();
    let mut place = start;
    for syllable in hypher::hyphenate_bounded(word, Lang::Russian, BEFORE, BEHIND) {
        place += syllable.len();
        points.push(place);
    }
    // The last one ends the word.
    points.pop();
    points
}

const SHORTEST: usize = 6;
const BEFORE: usize = 2;
const BEHIND: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_words_are_parted_between_syllables() {
        let parted = |token: &str| {
            let mut text = String::new();
            let mut from = 0;
            for point in points(token) {
                text.push_str(&token[from..point]);
                text.push('-');
                from = point;
            }
            text + &token[from..]
        };
        assert_eq!(parted("природопользования"), "при-ро-до-поль-зо-ва-ния");
        assert_eq!(parted("«Разрешению»,"), "«Раз-ре-ше-нию»,");
        for whole in [
            "эмиссияға",
            "ИИН/БИН",
            "АЗОТА",
            "А-W",
            "1,5",
            "",
            "№",
            "года",
            "рұқсат",
        ] {
            assert_eq!(parted(whole), whole);
        }
    }

    #[test]
    fn a_word_of_any_length_is_parted_and_none_panics() {
        assert!(points(&"переосвидетельствование".repeat(20)).len() > 100);
    }
}
