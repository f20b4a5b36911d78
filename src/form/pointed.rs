//! Values that know where they stand in the data, on their way through the template engine.
//!
//! A printed value goes in as text between noncharacters, which no data has: its JSON pointer, then
//! itself. So a template prints it like any other value and cannot name the wrong place.

/// A value with its JSON pointer.
pub(super) fn pointed(pointer: &str, value: &str) -> String {
    format!("{BEGIN}{pointer}{VALUE}{value}{END}")
}

/// The value without its pointer.
pub(super) fn plain(text: &str) -> &str {
    match text.split_once(VALUE) {
        Some((_, value)) => value.trim_end_matches(END),
        None => text,
    }
}

/// The value printed otherwise, with the same pointer.
pub(super) fn mapped<E>(
    text: &str,
    print: impl FnOnce(&str) -> Result<String, E>,
) -> Result<String, E> {
    let pointer = text
        .strip_prefix(BEGIN)
        .and_then(|text| text.split_once(VALUE));
    match pointer {
        Some((pointer, value)) => Ok(pointed(pointer, &print(value.trim_end_matches(END))?)),
        None => print(text),
    }
}

/// Whether a character is one of those that no data may have.
pub(super) fn is_reserved(character: char) -> bool {
    matches!(character, BEGIN | VALUE | END)
}

/// The parts of a text: plain ones, and values with their pointers.
pub(super) fn parts(text: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    text.split(END).flat_map(|part| {
        let (plain, value) = match part.split_once(BEGIN) {
            Some((plain, value)) => (plain, value.split_once(VALUE)),
            None => (part, None),
        };
        let plain = (None, plain);
        let value = value.map(|(pointer, value)| (Some(pointer), value));
        std::iter::once(plain).chain(value)
    })
}

const BEGIN: char = '\u{fdd0}';
const VALUE: char = '\u{fdd1}';
const END: char = '\u{fdd2}';
