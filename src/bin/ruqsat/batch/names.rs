//! The names of a batch's files.

use ruqsat::crypto::DigestAlgorithm;
use ruqsat::model::Document;
use unicode_normalization::UnicodeNormalization as _;

use crate::failure::Exit;
use crate::failure::Failure;

/// Series and number of a permit, else the form with its number or its line; what file names may not
/// hold becomes `_`. A form or a series stands before every number, so that no name is hidden or one
/// that a system keeps for itself (`CON`), and `.pdf` behind it.
pub(super) fn file_name(data: &Document, line: usize) -> Result<String, Failure> {
    let name = match (data, data.number()) {
        (Document::Permit(permit), _) => {
            format!("{}-{}", permit.number.series(), permit.number.number())
        }
        (_, Some(number)) => format!("{}-{number}", data.form()),
        (_, None) => format!("{}-{line}", data.form()),
    };
    let name = format!("{}.pdf", safe(&name));
    match name.len() <= LONGEST {
        true => Ok(name),
        false => {
            let length = name.len();
            let message =
                format!("its number makes a file name of {length} bytes, more than {LONGEST}");
            Err(Failure::new(Exit::Refused, "NAME_TOO_LONG", message)
                .hint("issue it by itself, and name the file with -o"))
        }
    }
}

/// The letters composed, as most systems write them, and without what no file name may hold.
fn safe(name: &str) -> String {
    let characters = name.nfc().map(|character| match character {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        _ if character.is_control() || character.is_whitespace() => '_',
        // Invisible, or turning the direction of what follows (Unicode, category Cf).
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' => '_',
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => '_',
        _ => character,
    });
    characters.collect()
}

/// A file name, as short as it can be and still never another's: a batch may have any number.
pub(super) type NameKey = [u8; 16];

/// The key of a file name as it is spelt.
pub(super) fn key_of(name: &str) -> NameKey {
    let digest = DigestAlgorithm::Sha256.digest(name.as_bytes());
    let mut key = NameKey::default();
    key.iter_mut()
        .zip(digest)
        .for_each(|(place, byte)| *place = byte);
    key
}

/// The key of all names that some file system takes for the same: NTFS and APFS make no difference
/// between upper and lower case, APFS none between a letter with its mark and one composed of both.
pub(super) fn folded_key_of(name: &str) -> NameKey {
    let decomposed: String = name.nfd().collect();
    // Both ways, since some letters have several small ones (σ and ς).
    key_of(&decomposed.to_uppercase().to_lowercase())
}

/// The most bytes of a name: file systems allow 255, and while it is written a file has a dot before
/// its name and the number of the process behind it.
const LONGEST: usize = 228;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_nothing_that_a_file_system_refuses() {
        for (number, name) in [
            ("07/214", "07_214"),
            ("../..\\1:2*?\"<>|", ".._.._1_2______"),
            ("1\u{a0}2\t3\u{7}", "1_2_3_"),
            ("fdp.\u{202e}1\u{200b}\u{feff}", "fdp._1__"),
            ("Ә-1", "Ә-1"),
            // й of two characters becomes that of one.
            ("и\u{306}", "й"),
        ] {
            assert_eq!(safe(number), name);
        }
    }

    #[test]
    fn names_that_some_file_system_takes_for_one_have_one_key() {
        for (one, other) in [
            ("refusal-a.pdf", "refusal-A.pdf"),
            ("refusal-ә.pdf", "refusal-Ә.pdf"),
            ("refusal-й.pdf", "refusal-и\u{306}.pdf"),
            ("refusal-ς.pdf", "refusal-Σ.pdf"),
        ] {
            assert_eq!(folded_key_of(one), folded_key_of(other), "{one}");
            assert_ne!(key_of(one), key_of(other), "{one}");
        }
        assert_ne!(
            folded_key_of("refusal-а.pdf"),
            folded_key_of("refusal-a.pdf")
        );
    }
}
