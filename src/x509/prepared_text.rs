use std::iter::Peekable;

use stringprep::tables;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Prepares a text for comparison (RFC 4518 §2, which RFC 5280 §7.1 demands): case folded, in
/// normalisation form NFKC, without characters that mean nothing, with single spaces inside only.
/// `None` when it has a character that makes every comparison undefined.
///
/// Characters that are younger than the tables of the standard are taken as they are.
pub(super) fn prepare(text: &str) -> Option<String> {
    if text.chars().all(is_plain) {
        return Some(squeeze(text.chars().map(to_plain_lowercase), text.len()));
    }
    let mapped = text.chars().filter_map(map);
    let normal: String = mapped.flat_map(tables::case_fold_for_nfkc).nfkc().collect();
    if normal.chars().any(is_prohibited) {
        return None;
    }
    Some(squeeze(normal.chars(), normal.len()))
}

/// Whether a character needs its case folded at most: ASCII, and the letters of Kazakh and Russian.
/// Nothing here composes with what stands beside it.
fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~' | 'Ѐ'..='џ' | 'Ґ'..='ҿ' | 'Ӑ'..='ӵ' | '«' | '»' | '–' | '—')
}

fn to_plain_lowercase(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    match character {
        'Ѐ'..='Џ' => char::from_u32(character as u32 + 0x50),
        'А'..='Я' => char::from_u32(character as u32 + 0x20),
        // In the other blocks an even number is the capital of the odd one behind it.
        'Ґ'..='ҿ' | 'Ӑ'..='ӵ' => char::from_u32(character as u32 | 1),
        _ => None,
    }
    .unwrap_or(character)
}

/// RFC 4518 §2.2: a space for what separates, nothing for what only controls.
fn map(character: char) -> Option<char> {
    match character {
        '\u{9}'..='\u{d}'
        | '\u{85}'
        | '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => Some(' '),
        '\u{ad}'
        | '\u{34f}'
        | '\u{6dd}'
        | '\u{70f}'
        | '\u{1806}'
        | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2063}'
        | '\u{206a}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffc}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0001}'
        | '\u{e0020}'..='\u{e007f}' => None,
        _ if character.is_control() => None,
        _ => Some(character),
    }
}

/// RFC 4518 §2.4: of private use, no character at all, or the mark of a lost one.
fn is_prohibited(character: char) -> bool {
    character == char::REPLACEMENT_CHARACTER
        || tables::private_use(character)
        || tables::non_character_code_point(character)
}

/// RFC 4518 §2.6.1. A space that carries a combining mark is no space.
fn squeeze(text: impl Iterator<Item = char>, capacity: usize) -> String {
    let mut out = String::with_capacity(capacity);
    let mut text = text.peekable();
    let mut pending = false;
    while let Some(character) = text.next() {
        if character == ' ' && !carries_mark(&mut text) {
            pending = !out.is_empty();
            continue;
        }
        if pending {
            out.push(' ');
            pending = false;
        }
        out.push(character);
    }
    out
}

fn carries_mark(text: &mut Peekable<impl Iterator<Item = char>>) -> bool {
    text.peek()
        .is_some_and(|&next| !next.is_ascii() && is_combining_mark(next))
}

#[cfg(test)]
mod tests {
    use stringprep::tables;
    use unicode_normalization::UnicodeNormalization;

    use super::is_plain;
    use super::prepare;
    use super::to_plain_lowercase;

    #[test]
    fn texts_that_say_the_same_are_prepared_alike() {
        for (one, other) in [
            ("Good CA", "  gOOD \t\r\n ca "),
            ("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ", "ұлттық куәландырушы"),
            ("Straße", "STRASSE"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("é", "e\u{301}"),
            ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"),
            ("ﬁle №1", "FILE no1"),
            ("co\u{ad}op\u{200b}\u{feff}er\u{0}ate", "cooperate"),
            ("a\u{a0}\u{2003}b", "a b"),
            ("", " \u{200b} "),
            ("ℂ", "c"),
        ] {
            assert_eq!(prepare(one), prepare(other), "{one:?} {other:?}");
            assert!(prepare(one).is_some());
        }
    }

    #[test]
    fn texts_that_say_something_else_are_not() {
        for (one, other) in [
            ("a b", "ab"),
            ("е", "e"),
            ("ı", "i"),
            ("и", "й"),
            ("a \u{301}b", "a b"),
            ("a-b", "a b"),
        ] {
            assert_ne!(prepare(one), prepare(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_has_no_meaning_to_all_compares_with_nothing() {
        for text in ["\u{fffd}", "a\u{e000}", "\u{fdd0}", "\u{10fffe}"] {
            assert_eq!(prepare(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_short_way_says_what_the_tables_say() {
        for character in (' '..='\u{ffff}').filter(|&character| is_plain(character)) {
            let by_tables: String = tables::case_fold_for_nfkc(character).nfkc().collect();
            assert_eq!(by_tables, to_plain_lowercase(character).to_string());
        }
    }
}
